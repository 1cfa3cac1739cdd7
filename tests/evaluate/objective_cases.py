"""Policies and logs for tests of objectives, and readings of what came out.

Instants are written `01-31 23:30` (2026, UTC) or as ISO 8601; logs one event a line, its parts two spaces apart.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from bulk_logs import assert_same, objectives_in_bulk

from sladsl.checked import check_source
from sladsl.evaluate.objectives import ObjectiveRow, ObjectivesOutcome, judge_objectives
from sladsl.evaluate.stream import judge
from sladsl.events import Event
from sladsl.ir.from_checked import lower
from sladsl.ir.plan import Plan
from sladsl.text import Source

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT = re.compile(r"\d\d-\d\d( \d\d:\d\d.*)?")


@lru_cache(maxsize=4096)
def plan_of(text: str) -> Plan:
    """The plan of a policy; what is wrong with it fails the test."""
    checked = check_source(Source("policy.sla", text))
    assert checked.program is not None, [f"{d.message} ({d.help})" for d in checked.diagnostics]
    return lower(checked.program)


def at(text: str) -> int:
    """Microseconds UTC of a written instant."""
    if _SHORT.fullmatch(text):
        text = f"2026-{text}"
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def log_of(text: str) -> list[Event]:
    """Events of lines such as `01-05 09:00  A  opened  actor = support, region = ES`."""
    events: list[Event] = []
    for line in text.strip().splitlines():
        instant, case, kind, *more = re.split(r"\s{2,}", line.strip())
        carried: dict[str, object] = {}
        actor = ""
        for part in ", ".join(more).split(", ") if more else ():
            name, _, value = part.partition(" = ")
            if name == "actor":
                actor = value
            else:
                carried[name] = value
        place = len(events)
        events.append(Event(case, at(instant), kind, actor, carried, position=place, row=place + 1))
    return events


def outcome_of(policy: str, log: str, as_of: str | None = None) -> ObjectivesOutcome:
    """What the objectives of a policy come to, over a log; in bulk they come to the same."""
    plan, events = plan_of(policy), log_of(log)
    as_of_us = None if as_of is None else at(as_of)
    found = judge_objectives(plan, events, judge(plan, events, as_of_us), as_of_us)
    assert_same(objectives_in_bulk(plan, events, as_of_us), found)
    return found


def number(value: Fraction | None) -> str:
    """A figure as tests write it: `3/4`, `13`, `-`."""
    return "-" if value is None else str(value)


def line(row: ObjectiveRow) -> str:
    """`attainment 2026-01 region=ES: met 3/4 [1/2, 1] of 4`; the bounds only where they are not the value."""
    group = "".join(f" {name}={value}" for name, value in row.group)
    value, low, high = (row.in_unit(part) for part in (row.value, row.low, row.high))
    bounds = "" if value == low == high else f" [{number(low)}, {number(high)}]"
    return f"{row.label} {row.window}{group}: {row.status} {number(value)}{bounds} of {row.cases}"


def rows_of(policy: str, log: str, as_of: str | None = None) -> list[str]:
    """The rows of a policy over a log, a line each."""
    return [line(row) for row in outcome_of(policy, log, as_of).rows]
