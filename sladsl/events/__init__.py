"""Events: what happened, and reading it from files, tables and feeds (a leaf).

The readers load what they need when they are first called: importing this room loads no file format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sladsl.events.columns import Roles, resolve_columns
from sladsl.events.event import Event, Instant, value_from_json, value_to_json
from sladsl.events.instants import instant_of
from sladsl.events.log import FoundColumn, InputReport, Log, LogError, Reject
from sladsl.events.order import LatenessBuffer
from sladsl.events.spec import ColumnRule, InputSpec, ReadOptions, StepRule

if TYPE_CHECKING:
    from sladsl.events.feed import Feed

__all__ = [
    "ColumnRule",
    "Event",
    "Feed",
    "FoundColumn",
    "InputReport",
    "InputSpec",
    "Instant",
    "LatenessBuffer",
    "Log",
    "LogError",
    "ReadOptions",
    "Reject",
    "Roles",
    "StepRule",
    "as_log",
    "instant_of",
    "read",
    "resolve_columns",
    "stream",
    "value_from_json",
    "value_to_json",
]


def read(
    inputs: Sequence[Path | str | tuple[str, Path | str]],
    specs: Sequence[InputSpec] = (),
    options: ReadOptions | None = None,
) -> Log:
    """Read the whole log from files; see `reader.read`. Raises LogError."""
    from sladsl.events import reader

    return reader.read(inputs, specs, options)


def stream(
    input: Path | str, specs: Sequence[InputSpec] = (), options: ReadOptions | None = None
) -> Iterator[Event | Reject]:
    """The events of one file in its own order, and what was refused; see `reader.stream`. Raises LogError."""
    from sladsl.events import reader

    return reader.stream(input, specs, options)


def as_log(data: Any, specs: Sequence[InputSpec] = (), options: ReadOptions | None = None) -> Log:
    """The log that events, dictionaries or a table in memory are; see `given.as_log`. Raises LogError."""
    from sladsl.events import given

    return given.as_log(data, specs, options)


def __getattr__(name: str) -> Any:
    if name == "Feed":
        from sladsl.events.feed import Feed

        return Feed
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
