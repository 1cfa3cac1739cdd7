"""Events: what happened, and reading it from files, tables and feeds (a leaf)."""

from sladsl.events.event import Event, Instant, value_from_json, value_to_json
from sladsl.events.log import FoundColumn, InputReport, Log, LogError, Reject
from sladsl.events.spec import ColumnRule, InputSpec, ReadOptions, StepRule

__all__ = [
    "ColumnRule",
    "Event",
    "FoundColumn",
    "InputReport",
    "InputSpec",
    "Instant",
    "Log",
    "LogError",
    "ReadOptions",
    "Reject",
    "StepRule",
    "value_from_json",
    "value_to_json",
]
