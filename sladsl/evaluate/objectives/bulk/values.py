"""Very many values of which a statistic is taken, by group and cell.

Takes:  arrays of whole numbers, all of them multiples of one fraction.
Gives:  `Values`: their count, their sum, and what stands at a rank, in any of their cells together.
Never:  rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from sladsl.evaluate.objectives.bulk.cells import split, total
from sladsl.evaluate.objectives.leaf import Key
from sladsl.evaluate.objectives.sample import keeps_values, place, rank_of

Array = np.ndarray[Any, Any]


class Values:
    """Values by group and cell; each is a whole number over `below`.

    Args:
        function, rank: the statistic, as the measure has it.
    """

    def __init__(self, function: str, rank: int) -> None:
        self.function = function
        self._percent = rank_of(function, rank)
        self._keeps = keeps_values(function)
        self.below = 1
        self._counts: dict[Key, dict[int, int]] = {}
        self._sums: dict[Key, dict[int, Fraction]] = {}
        self._arrays: dict[Key, dict[int, list[Array]]] = {}

    def add(self, keys: Sequence[Key], groups: Array, cells: Array, values: Array) -> None:
        """Add values of groups, by their numbers in `keys`."""
        for group, cell, places in split(groups, cells):
            held = values[places]
            self.put(keys[group], cell, len(held), Fraction(0) if self._keeps else Fraction(total(held), self.below))
            if self._keeps:
                self._arrays.setdefault(keys[group], {}).setdefault(cell, []).append(held)

    def put(self, key: Key, cell: int, count: int, sum: Fraction) -> None:
        """Add so many values with this sum."""
        counts, sums = self._counts.setdefault(key, {}), self._sums.setdefault(key, {})
        counts[cell] = counts.get(cell, 0) + count
        sums[cell] = sums.get(cell, Fraction(0)) + sum

    def keys(self) -> Iterable[Key]:
        """The groups that have any."""
        return self._counts

    def cells(self) -> Iterable[int]:
        """The cells that hold any."""
        return {cell for cells in self._counts.values() for cell in cells}

    def count(self, key: Key, cells: Iterable[int]) -> int:
        """How many of a group stand in some cells."""
        held = self._counts.get(key)
        return sum(held.get(cell, 0) for cell in cells) if held else 0

    def statistic(self, key: Key, cells: range, more: Values | None = None) -> Fraction | None:
        """min, max, average, median, total or pN, of these and of `more`; None of no values."""
        parts = [self] if more is None else [self, more]
        count = sum(part.count(key, cells) for part in parts)
        if not count:
            return None
        if not self._keeps:
            sums = [part._sums.get(key, {}).get(cell, Fraction(0)) for part in parts for cell in cells]
            all_of_them = sum(sums, Fraction(0))
            return all_of_them / count if self.function == "average" else all_of_them
        at = 0 if self.function == "min" else count - 1 if self.function == "max" else place(self._percent, count)
        return self._at(key, cells, at, parts)

    def ceiling(self, key: Key, cells: range, waiting: int) -> Fraction | None:
        """The statistic where so many further values may be as large as one likes; None where it may be so too."""
        if not waiting:
            return self.statistic(key, cells)
        count = self.count(key, cells)
        if not count or self.function in ("average", "total", "max"):
            return None
        at = 0 if self.function == "min" else place(self._percent, count + waiting)
        return self._at(key, cells, at, [self]) if at < count else None

    def _at(self, key: Key, cells: range, at: int, parts: Sequence[Values]) -> Fraction:
        """The value that stands at a place when all are sorted."""
        held = [part._arrays.get(key, {}) for part in parts]
        arrays = [array for by_cell in held for cell in cells for array in by_cell.get(cell, ())]
        every = arrays[0].copy() if len(arrays) == 1 else np.concatenate(arrays)
        every.partition(at)
        return Fraction(int(every[at]), self.below)
