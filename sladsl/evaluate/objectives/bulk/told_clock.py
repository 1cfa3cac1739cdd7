"""A clock whose calendar attributes may tell, for many cases at once.

Takes:  a plan's clock, and the numbers of the texts that attributes hold.
Gives:  `ToldClock`: which rows are on which clock.
Never:  measures anything itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sladsl.clock import ClockKind
from sladsl.evaluate.objectives.bulk.keys import Together
from sladsl.evaluate.objectives.bulk.ticks import Ticks
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.ir.calendars import calendar_read
from sladsl.ir.plan import Plan

Array = np.ndarray[Any, Any]
MISSING = -1  # in place of the number of a text


class ToldClock:
    """The clock on which an objective counts time, see BoundClock.

    Args:
        plan, kind, calendar: as for BoundClock.
        missing: what an attribute without a value holds.
    """

    def __init__(self, plan: Plan, kind: ClockKind | str, calendar: int | None, missing: str | None = None) -> None:
        self._bound = BoundClock(plan, kind, calendar)
        self._missing = missing
        self._ticks: dict[str, Ticks] = {}
        self._together = Together()
        self.told_by = self._bound.told_by

    def reading(self, numbers: Sequence[int], texts: Sequence[str]) -> str:
        """How the calendar is read where the attributes of `told_by` hold these texts."""
        held = dict(zip(self.told_by, numbers, strict=True))

        def text(name: str) -> str | None:
            return self._missing if held[name] == MISSING else texts[held[name]]

        return self._bound.reading(text)

    def ticks(self, reading: str) -> Ticks:
        """The clock where its calendar is read so."""
        found = self._ticks.get(reading)
        if found is None:
            bound, calendar = self._bound, None
            if bound.calendar is not None and bound.kind in (ClockKind.BUSINESS_TIME, ClockKind.BUSINESS_DAYS):
                calendar = calendar_read(bound.plan.calendars, bound.calendar, reading, bound.plan.zone)
            found = self._ticks[reading] = Ticks(bound.clock(reading), calendar)
        return found

    def clocks(self, columns: Sequence[Array], count: int, texts: Sequence[str]) -> Iterator[tuple[Ticks, Array]]:
        """Each clock that some of the rows are on, and which; `columns` are those of `told_by`."""
        numbers = self._together.number(columns, count)
        for number in np.unique(numbers).tolist():
            yield self.ticks(self.reading(self._together.tuples[number], texts)), np.flatnonzero(numbers == number)
