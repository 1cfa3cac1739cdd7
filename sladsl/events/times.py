"""Cells as instants.

Takes:  cells as a source has them, the agreement's zone, and how a column writes its times.
Gives:  Times, TypedTimes: a cell's instant, or the reading where there is something to say about it.
Never:  reads a time in its own way; that is the clock room's.
"""

from __future__ import annotations

from sladsl.clock import Reading, read_instant
from sladsl.events.columns import Timed
from sladsl.events.event import Instant
from sladsl.events.values import plain, text_of

_REMEMBERED = 100_000


class Times(dict[str, "int | Reading"]):
    """Cell as written to its instant, or to the whole reading where there is something to say about it.

    A dictionary that fills itself, as TextCells is.
    """

    def __init__(self, zone: str, times: Timed, end_of_day: bool) -> None:
        super().__init__()
        self._how = (zone, times.format, times.unit, end_of_day)

    def __missing__(self, cell: str) -> int | Reading:
        reading = read_instant(cell.strip(), *self._how)
        known = reading if reading.us is None or reading.note else reading.us
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = known
        return known


class TypedTimes:
    """Times, of cells that may be instants or numbers already."""

    def __init__(self, times: Times) -> None:
        self._times = times

    def __getitem__(self, cell: object) -> int | Reading:
        if cell.__class__ is str:
            return self._times[cell]
        value = plain(cell)
        if isinstance(value, Instant):
            return int(value)
        if isinstance(value, bool):
            return Reading(None, problem="a truth value is no time")
        return self._times["" if value is None else text_of(value)]
