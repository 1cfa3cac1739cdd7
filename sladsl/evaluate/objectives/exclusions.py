"""Time that is taken out of a measure of time.

Takes:  a stretch of one case in which its states stay the same.
Gives:  `Exclusions`: what is left of the stretch, and how much of each bound has been used.
Never:  uses more of a bound than it has in its own period, whatever the objective's window.
"""

from collections.abc import Sequence
from typing import Any

from sladsl.clock import Clock, Windows, clock_for
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.values import text
from sladsl.ir.calendars import calendar_read, reading_of, told_by
from sladsl.ir.objective import Exclusion
from sladsl.ir.plan import Plan

Stretch = tuple[int, int]
Used = list[tuple[int, int]]  # per exclusion: the period it was last used in, and the ticks used of it


class Exclusions:
    """The exclusions of an objective."""

    def __init__(self, plan: Plan, exclusions: Sequence[Exclusion]) -> None:
        self.plan = plan
        self.exclusions = tuple(exclusions)
        self.conditions = tuple(e.condition for e in exclusions if e.condition is not None)
        self.attributes = tuple(
            name for e in exclusions if e.calendar is not None for name in told_by(plan.calendars, e.calendar)
        )
        self._periods = [Windows(e.per, plan.zone) if e.per is not None else None for e in exclusions]
        self._bounds = [
            (clock_for(e.at_most.kind, None, plan.zone), e.at_most.ticks) if e.at_most else None for e in exclusions
        ]

    def __bool__(self) -> bool:
        return bool(self.exclusions)

    def fresh(self) -> Used:
        """Nothing used yet."""
        return [(0, 0)] * len(self.exclusions)

    def held(self, observer: Observer, cs: CaseState) -> tuple[Any, ...]:
        """After an event: per exclusion whether its state holds. One that cannot be decided does not."""
        return tuple(e.condition is not None and observer.get(cs, e.condition) is True for e in self.exclusions)

    def readings(self, observer: Observer, cs: CaseState) -> tuple[str, ...]:
        """At a case's first event: per exclusion how its calendar is read, "" without one. It is kept."""
        return tuple(self._reading(observer, cs, e) for e in self.exclusions)

    def _reading(self, observer: Observer, cs: CaseState, exclusion: Exclusion) -> str:
        def held(attribute: str) -> str | None:
            raw = cs.attrs[observer.slots[attribute]]
            return None if raw is None else text(raw)

        if exclusion.calendar is None or not told_by(self.plan.calendars, exclusion.calendar):
            return ""
        return reading_of(self.plan.calendars, exclusion.calendar, held, self.plan.zone)[0]

    def left_of(self, stretch: Stretch, held: Sequence[Any], readings: Sequence[str], used: Used) -> list[Stretch]:
        """What is left of a stretch when all that is excluded is taken out; `used` is brought up to its end."""
        kept = [stretch]
        for place, exclusion in enumerate(self.exclusions):
            if exclusion.condition is not None:
                out = [stretch] if held[place] else []
            else:
                assert exclusion.calendar is not None
                read = calendar_read(self.plan.calendars, exclusion.calendar, readings[place], self.plan.zone)
                out = read.openings(*stretch)
            bound = self._bounds[place]
            if bound is not None:
                out = self._within(out, place, *bound, used)
            kept = without(kept, out)
        return kept

    def _within(self, stretches: Sequence[Stretch], place: int, clock: Clock, ticks: int, used: Used) -> list[Stretch]:
        """The beginnings of the stretches for which the bound still reaches."""
        found = []
        periods = self._periods[place]
        for a, b in stretches:
            while a < b:
                number = periods.index(a) if periods is not None else 0
                end = min(b, periods.window(number).end_us) if periods is not None else b
                spent = used[place][1] if used[place][0] == number else 0
                if spent < ticks:
                    until = clock.due(a, ticks - spent)
                    cut = end if until is None else min(end, until)
                    found.append((a, cut))
                    used[place] = (number, spent + clock.measure(a, cut))
                a = end
        return found


def without(kept: Sequence[Stretch], out: Sequence[Stretch]) -> list[Stretch]:
    """The stretches minus others, both in order.

    >>> without([(0, 10)], [(2, 4), (8, 12)])
    [(0, 2), (4, 8)]
    """
    found: list[Stretch] = []
    for a, b in kept:
        for c, d in out:
            if d <= a or c >= b:
                continue
            if a < c:
                found.append((a, c))
            a = max(a, d)
        if a < b:
            found.append((a, b))
    return found
