"""Cells as instants.

Takes:  cells as a source has them, the agreement's zone, and how a column writes its times.
Gives:  a function from a cell to a Reading.
Never:  reads a time in its own way; that is the clock room's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sladsl.clock import Reading, instant_reader
from sladsl.events.columns import Timed
from sladsl.events.event import Instant
from sladsl.events.values import plain, text_of

CellReader: TypeAlias = Callable[[Any], Reading]


def cell_reader(zone: str, times: Timed, end_of_day: bool, typed: bool) -> CellReader:
    """How the cells of a column are read as times.

    Args:
        zone: for times without an offset.
        times: the format or the unit of the column.
        end_of_day: whether a date is its last microsecond.
        typed: whether cells may be instants or numbers already; else all are texts.
    """
    read = instant_reader(zone, times.format, times.unit, end_of_day)
    if not typed:
        return read

    def read_typed(cell: Any) -> Reading:
        if cell.__class__ is str:
            return read(cell)
        value = plain(cell)
        if isinstance(value, Instant):
            return Reading(int(value))
        if isinstance(value, bool):
            return Reading(None, problem="a truth value is no time")
        return read("" if value is None else text_of(value))

    return read_typed
