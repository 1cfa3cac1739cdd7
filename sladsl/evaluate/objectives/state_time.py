"""What is read of time in a state, whoever has added it up.

Takes:  time inside and all time, by group and cell; how many cases run.
Gives:  `Spreads`; `time_reading`, a window's Reading; `rest_in`, what is still to come of it; `InGrid`.
Never:  looks at events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from sladsl.clock import Clock
from sladsl.evaluate.objectives.frames import Frame, Spread
from sladsl.evaluate.objectives.leaf import Key, Scope
from sladsl.evaluate.objectives.reading import Reading


class Spreads:
    """Time inside and all time, by group; inside time also by how the calendar is read."""

    def __init__(self) -> None:
        self.total: dict[Key, Spread] = {}
        self.inside: dict[Key, dict[str, Spread]] = {}

    def total_in(self, key: Key, cells: Iterable[int]) -> int:
        """All time of a group in some cells."""
        spread = self.total.get(key)
        return sum(map(spread.amount, cells)) if spread is not None else 0

    def inside_in(self, key: Key, cells: Iterable[int]) -> int:
        """The time inside, on the measure's clock."""
        spreads = self.inside.get(key, {}).values()
        return sum(spread.amount(cell) for cell in cells for spread in spreads)


class InGrid(Protocol):
    """A measure of time that burn rates are read of."""

    scope: Scope

    def grid(self) -> Sequence[Spreads]:
        """The time in equal cells."""


def rest_in(frame: Frame, begun: Mapping[int, Mapping[str, int]], clock_of: Callable[[str], Clock]) -> int:
    """How much time the cases that have begun still have in a window, on the measure's clock.

    Args:
        begun: the number of cases by the cell of their first event, and by how the calendar is read.
        clock_of: the clock for each way to read it.
    """
    if frame.ended:
        return 0
    return sum(
        count * clock_of(read_as).measure(frame.as_of_us, frame.window.end_us)
        for counts in begun.values()
        for read_as, count in counts.items()
    )


def time_reading(frame: Frame, cases: int, inside: int, total: int | None, rest: int) -> Reading | None:
    """A window of time: valued up to as-of, low and high being the rest all out or all in.

    Args:
        cases: how many have begun by the end of the window.
        inside, rest: ticks of the measure's clock.
        total: all time, of which the value is the share; None where the value is the time itself.
    """
    if not cases:
        return None
    if total is None:
        value, high = Fraction(inside), Fraction(inside + rest)
        return Reading(value, value, high, (value, high if frame.ended else None), cases)
    if not total:
        return None
    low, high = Fraction(inside, total + rest), Fraction(inside + rest, total + rest)
    sure = (low, high) if frame.ended else (None, None)
    return Reading(Fraction(inside, total), low, high, sure, cases, good=Fraction(inside), total=Fraction(total))
