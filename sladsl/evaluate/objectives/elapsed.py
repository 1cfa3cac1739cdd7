"""The elapsed time of a cycle on the clock of an objective's bound.

Takes:  a verdict, the plan that judged it, and a clock.
Gives:  `BoundClock`, which finds the ticks, and `running`, the stretches in which a cycle ran.
Never:  measures what stood still: pauses, and the time between a close and a reopening.
"""

from collections.abc import Callable

from sladsl.clock import Clock, ClockKind, clock_for
from sladsl.evaluate.verdict import Step, Verdict
from sladsl.ir.calendars import calendar_read, reading_of, told_by
from sladsl.ir.plan import Clause, Plan

Stretches = tuple[tuple[int, int], ...]


class BoundClock:
    """The clock on which an objective counts time.

    Args:
        plan: whose calendar `calendar` is, or None for clocks without one.
        kind: which clock.
        calendar: index of the calendar of business clocks.
    """

    def __init__(self, plan: Plan, kind: str, calendar: int | None) -> None:
        self.plan = plan
        self.kind = ClockKind(kind)
        self.calendar = calendar
        self.told_by = () if calendar is None else told_by(plan.calendars, calendar)
        self._clocks: dict[str, Clock] = {}

    def reading(self, value: Callable[[str], str | None]) -> str:
        """How the calendar is read where attributes hold these values; "" where none tells it."""
        if self.calendar is None or not self.told_by:
            return ""
        return reading_of(self.plan.calendars, self.calendar, value, self.plan.zone)[0]

    def clock(self, reading: str = "") -> Clock:
        """The clock where its calendar is read so."""
        found = self._clocks.get(reading)
        if found is None:
            found = self._clocks[reading] = self._clock(reading)
        return found

    def _clock(self, reading: str) -> Clock:
        if self.calendar is None:
            return clock_for(self.kind, None, self.plan.zone)
        calendar = calendar_read(self.plan.calendars, self.calendar, reading, self.plan.zone)
        return clock_for(self.kind, calendar, calendar.zone)

    def elapsed(self, verdict: Verdict, clause: Clause, plan: Plan, as_of_us: int, reading: str = "") -> int:
        """The ticks for which a cycle has run by its close, or by as-of where it has none."""
        if self.same_clock(verdict.row, clause, plan):
            return verdict.elapsed
        clock = self.clock(reading)
        return sum(clock.measure(a, b) for a, b in running(verdict, as_of_us))

    def same_clock(self, row: int, clause: Clause, plan: Plan) -> bool:
        """Whether the elapsed time of a verdict with this row is already counted on this clock."""
        target = clause.rows[row].target if row >= 0 else None
        if target is None or target.amount is None:
            return self.kind is ClockKind.EXACT
        if target.amount.kind is not self.kind:
            return False
        if self.kind is ClockKind.EXACT:
            return True
        if target.calendar is None or self.calendar is None:
            return target.calendar is self.calendar and plan.zone == self.plan.zone
        return plan.zone == self.plan.zone and _hours(plan, target.calendar) == _hours(self.plan, self.calendar)


def _hours(plan: Plan, calendar: int) -> object:
    """What a calendar says, whatever its place in the plan."""
    spec = plan.calendars[calendar]
    if not spec.named_by:
        return spec
    return spec.name, spec.named_by, [(name, plan.calendars[place]) for name, place in spec.choices], spec.otherwise


def running(verdict: Verdict, as_of_us: int) -> Stretches:
    """The stretches in which a cycle ran, up to its close or as-of."""
    if verdict.running:
        return verdict.running
    end = as_of_us if verdict.closed_us is None else verdict.closed_us
    if verdict.steps:
        return _told(verdict.steps, verdict.opened_us, end)
    return ((verdict.opened_us, end),)


def _told(steps: tuple[Step, ...], opened_us: int, end_us: int) -> Stretches:
    """The same, from the story of the cycle."""
    found: list[tuple[int, int]] = []
    since: int | None = opened_us
    for step in steps:
        if step.kind == "restarted":
            found, since = [], step.at_us if since is not None else None
        elif step.kind in ("paused", "closed"):
            if since is not None:
                found.append((since, step.at_us))
            since = None
        elif step.kind in ("resumed", "reopened", "breached") and since is None:
            since = step.at_us
    if since is not None:
        found.append((since, end_us))
    return tuple(stretch for stretch in found if stretch[0] < stretch[1])
