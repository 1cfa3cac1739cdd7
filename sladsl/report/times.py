"""Elapsed times of many instances, in bounded memory.

Takes:  ticks of one clock, one by one or many at once.
Gives:  `Times`: ranks, and how they spread over bins.
Never:  keeps a list of them: equal times are counted together, and where there are too many different ones, near ones too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

_LIMIT = 50_000  # different values that are told apart
_BITS = 11  # beyond that, values are kept to so many binary digits: to one part in two thousand


class Times:
    """Counts of elapsed times. `exact` until there are too many different ones.

    >>> times = Times()
    >>> for ticks in (1, 2, 3, 4): times.add(ticks)
    >>> times.count, times.rank(50), times.rank(95), Times().rank(50)
    (4, 2, 4, None)
    """

    __slots__ = ("_counts", "_order", "_upto", "count", "exact")

    def __init__(self) -> None:
        self.count = 0
        self.exact = True
        self._counts: dict[int, int] = {}
        self._order: list[int] = []  # the different values in order, and how many there are up to each
        self._upto: list[int] = []

    def add(self, ticks: int) -> None:
        """One more."""
        counts = self._counts
        if not self.exact:
            ticks = _near(ticks)
        self.count += 1
        counts[ticks] = counts.get(ticks, 0) + 1
        if len(counts) > _LIMIT and self.exact:
            self.exact = False
            self._counts = _together((_near(value), number) for value, number in counts.items())

    def add_many(self, ticks: Any, counts: Any) -> None:
        """Many more: the different ticks (a numpy array, in order) and how often each occurs."""
        import numpy as np

        if self.exact and len(ticks) + len(self._counts) > _LIMIT and len(ticks) > _LIMIT:
            self.exact = False
            self._counts = _together((_near(value), number) for value, number in self._counts.items())
        if not self.exact:
            # Like `_near`: the exponent of the nearest double is the number of bits, up to 53 of them.
            shift = np.maximum(np.frexp(ticks.astype(np.float64))[1].astype(np.int64) - _BITS, 0)
            near = np.where(shift > 0, (ticks >> shift << shift) + (np.int64(1) << shift >> 1), ticks)
            ticks, places = np.unique(near, return_inverse=True)
            counts = np.bincount(places.reshape(-1), counts).astype(np.int64)
        held = self._counts
        for value, number in zip(ticks.tolist(), counts.tolist(), strict=True):
            self.count += number
            held[value] = held.get(value, 0) + number
        if len(held) > _LIMIT and self.exact:
            self.exact = False
            self._counts = _together((_near(value), number) for value, number in held.items())

    def rank(self, percent: int) -> int | None:
        """The least value with at least `percent` of them at or below it (nearest rank); None of no values."""
        if not self.count:
            return None
        self._sort()
        wanted = -(-percent * self.count // 100)
        return self._order[bisect_right(self._upto, wanted - 1)]

    def below(self, edges: Sequence[int]) -> list[int]:
        """How many are at or below each edge."""
        self._sort()
        places = [bisect_right(self._order, edge) for edge in edges]
        return [self._upto[place - 1] if place else 0 for place in places]

    def _sort(self) -> None:
        if not self._upto or self._upto[-1] != self.count:
            self._order = sorted(self._counts)
            self._upto = list(accumulate(self._counts[value] for value in self._order))


def _together(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Values and how often each occurs, equal ones counted together."""
    counts: dict[int, int] = {}
    for value, number in pairs:
        counts[value] = counts.get(value, 0) + number
    return counts


def _near(ticks: int) -> int:
    """The middle of the values that share the first binary digits."""
    shift = ticks.bit_length() - _BITS
    return ticks if shift <= 0 else (ticks >> shift << shift) + (1 << shift >> 1)
