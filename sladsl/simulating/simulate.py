"""A log for a policy, from a seed.

Takes:  a plan and Settings.
Gives:  `simulate`: a Log of rows with their headings, and `Log.lines`, the log as CSV or JSON lines.
Never:  reads a clock, or gives other bytes for the same plan and settings.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import Counter
from collections.abc import Iterator

from attrs import field, frozen

from sladsl.clock import local_to_us
from sladsl.clock.amounts import DAY_US
from sladsl.events import InputSpec
from sladsl.ir.plan import Plan
from sladsl.simulating.asked import seldom_states
from sladsl.simulating.draws import Draws
from sladsl.simulating.faults import Faults, spoil
from sladsl.simulating.hours import Work
from sladsl.simulating.life import Lives
from sladsl.simulating.rows import Row, Sheet, is_wide, plain, wide
from sladsl.simulating.solving import Solver, speaks_only_of
from sladsl.simulating.values import pools_of
from sladsl.text import fold

START = "2026-01-05"
FORMS = ("csv", "ndjson")
_BLOCK = 2_000  # lines written at once


class NoSuchInputError(ValueError):
    """The policy has no `events` block of that name."""


@frozen
class Settings:
    """What is simulated.

    cases   how many
    days    how long the log is: cases come all through it, and what would happen after it is not in it
    seed    the same seed, the same log
    start   the date on which it begins, YYYY-MM-DD; "" for the usual one, or the first of the policy's period
    faults  what is wrong with it
    input   which `events` block it is for; "" for the first that reads an event a row, else the first
    """

    cases: int = 100
    days: int = 60
    seed: int = 1
    start: str = ""
    faults: Faults = field(factory=Faults)
    input: str = ""


@frozen
class Log:
    """A simulated log.

    input     the name of the block that reads it, or ""
    headings  of its columns
    faults    how many rows have each fault
    """

    input: str
    sheet: Sheet
    rows: list[Row]
    faults: Counter[str]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of its columns."""
        return self.sheet.headings

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return len({row.case for row in self.rows})

    def lines(self, form: str = "csv") -> Iterator[str]:
        """The log as text, some thousand lines at a time; `form` is one of FORMS."""
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n").writerow
        if form == "csv":
            write(self.headings)
        for number, row in enumerate(self.rows, 1):
            cells = self.sheet.cells(row)
            if form == "csv":
                write(cells)
            else:
                said = {h: plain(c) for h, c in zip(self.headings, cells, strict=True) if c is not None}
                out.write(json.dumps(said, ensure_ascii=False) + "\n")
            if number % _BLOCK == 0:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        yield out.getvalue()


def simulate(plan: Plan, settings: Settings | None = None) -> Log:
    """A plausible log for a policy: most promises are kept, some late, some never.

    Raises NoSuchInputError, and ValueError for a start that is no date.
    """
    settings = settings or Settings()
    spec = _input(plan, settings.input)
    draws = Draws(settings.seed)
    pools = pools_of(plan)
    steps = spec.steps if spec and is_wide(spec) and speaks_only_of(plan, [s.event for s in spec.steps]) else ()
    solver = Solver(plan, pools, draws, [step.event for step in steps], seldom_states(plan))
    lives = Lives(plan, pools, solver, work := Work(plan, draws), draws)
    start_us = _start(plan, settings.start)
    end_us = start_us + settings.days * DAY_US
    arrivals = sorted(work.arrival(start_us, end_us) for _ in range(settings.cases))
    width = len(str(settings.cases))
    letter = (plan.case_word[:1].upper() or "C") if plan.case_word.isascii() else "C"
    events: list[Row] = []
    for number, arrival_us in enumerate(arrivals, 1):
        name = f"{letter}{number:0{width}d}"
        events += [Row(h.time_us, name, h.type, h.actor, h.carries) for h in lives.life(arrival_us)]
    # the sort is stable: what happens to a case in one second stays as it was made, but for its first event
    rows = sorted((row for row in events if row.time_us < end_us), key=lambda row: row.time_us)
    if steps:
        rows = wide(rows, steps)
    else:
        digits = len(str(len(rows)))
        rows = [Row(r.time_us, r.case, r.type, r.actor, r.carries, f"E{n:0{digits}d}") for n, r in enumerate(rows, 1)]
    arrived, told = spoil(rows, settings.faults, plan.lateness_us, draws)
    attributes = [*plan.attributes, *(name for name in pools if name not in plan.attributes)]
    return Log(spec.name if spec else "", Sheet(spec, attributes, plan.zone, bool(steps)), arrived, told)


def _input(plan: Plan, name: str) -> InputSpec | None:
    """The block that the log is for."""
    if name:
        for spec in plan.inputs:
            if fold(spec.name) == fold(name):
                return spec
        known = ", ".join(f"`{spec.name}`" for spec in plan.inputs) or "none"
        raise NoSuchInputError(f"the policy has no `events {name}`; there is {known}")
    rows = [spec for spec in plan.inputs if not is_wide(spec)]
    return rows[0] if rows else plan.inputs[0] if plan.inputs else None


def _start(plan: Plan, date: str) -> int:
    """The instant at which the log begins."""
    day = datetime.date.fromisoformat(date or START)
    start_us, _ = local_to_us(day.year, day.month, day.day, zone=plan.zone)
    since, until = plan.effective
    if not date and ((since is not None and start_us < since) or (until is not None and start_us >= until)):
        return since if since is not None else (until or start_us) - 60 * DAY_US
    return start_us
