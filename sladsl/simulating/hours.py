"""When people work: the calendars of a plan, for arrivals and for what is done.

Takes:  a plan.
Gives:  Work: instants in opening hours, clocks and dues as they hold for most cases.
Never:  reads an attribute: a calendar that depends on one is taken as it is where the attribute is unknown.
"""

from __future__ import annotations

from sladsl.clock import Calendar, CalendarSpec, Clock, Hours, clock_for, compile_calendar, point_due
from sladsl.clock.amounts import HOUR_US
from sladsl.ir.calendars import calendar_read, reading_of
from sladsl.ir.plan import Plan, Target
from sladsl.simulating.draws import Draws

_OFFICE = CalendarSpec("office", weekly=(Hours((0, 1, 2, 3, 4), ((9 * HOUR_US, 18 * HOUR_US),)),))


class Work:
    """Opening hours and clocks."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self.plan = plan
        self.draws = draws
        self._calendars: dict[int, Calendar] = {}
        used = [row.target.calendar for clause in plan.clauses for row in clause.rows]
        first = next((index for index in used if index is not None), 0 if plan.calendars else None)
        self.usual = self.calendar(first) or compile_calendar(_OFFICE, plan.zone)

    def calendar(self, index: int | None) -> Calendar | None:
        """A calendar of the plan by its index."""
        if index is None:
            return None
        found = self._calendars.get(index)
        if found is None:
            reading, _ = reading_of(self.plan.calendars, index, lambda _: None, self.plan.zone)
            found = self._calendars[index] = calendar_read(self.plan.calendars, index, reading, self.plan.zone)
        return found

    def clock(self, target: Target) -> Clock | None:
        """The clock of a target that is an amount."""
        if target.amount is None:
            return None
        return clock_for(target.amount.kind, self.calendar(target.calendar), self.plan.zone)

    def due(self, target: Target, start_us: int, share: float = 1.0) -> int | None:
        """The due of a target, or the instant at which a share of it has passed; None where there is none."""
        clock = self.clock(target)
        if clock is not None and target.amount is not None:
            return clock.due(start_us, int(target.amount.ticks * share))
        if target.point is None:
            return None
        due = point_due(target.point, start_us, self.calendar(target.calendar), self.plan.zone)
        return None if due is None else start_us + int((due - start_us) * share)

    def arrival(self, start_us: int, end_us: int) -> int:
        """An instant in the period, most often in opening hours."""
        if self.draws.chance(0.85):
            clock = self.usual.business_time
            due = clock.due(start_us, self.draws.below(clock.measure(start_us, end_us)))
            if due is not None and start_us <= due < end_us:
                return due
        return start_us + self.draws.below(end_us - start_us)

    def open_from(self, us: int) -> int:
        """The instant itself where people work, else some minutes after they begin again."""
        if self.usual.open_at(us):
            return us
        opening = self.usual.next_opening(us)
        return us if opening is None else opening + self.draws.below(HOUR_US)
