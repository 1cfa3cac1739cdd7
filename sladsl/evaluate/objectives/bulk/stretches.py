"""Very many stretches of time, spread over cells.

Takes:  arrays of beginnings and ends, with the groups that they belong to.
Gives:  `Stretches`, which become the Spreads of `objectives/frames.py`; `cut`, what is left of them between openings.
Never:  keeps a stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from sladsl.clock import Calendar
from sladsl.evaluate.objectives.bulk.cells import Edges, Scattered, Sums, Tally
from sladsl.evaluate.objectives.bulk.ticks import Ticks
from sladsl.evaluate.objectives.frames import Frames, Grid, Spread

Array = np.ndarray[Any, Any]
_AT_A_TIME = 1 << 14
_PIECES = 1 << 20


class Stretches:
    """An amount of time by group and cell, on one clock for each group.

    Args:
        frames: whose cells.
    """

    def __init__(self, frames: Frames | Grid) -> None:
        self._frames = frames
        self._edges = Edges(frames)
        # a grid has as many cells as minutes, and no more fits in one of them than 63 bits hold
        self._grid = isinstance(frames, Grid)
        self._part: Sums | Scattered = Scattered() if self._grid else Sums()
        self._cover: Tally | Scattered = Scattered() if self._grid else Tally()

    def add(self, groups: Array, a: Array, b: Array, ticks: Ticks) -> None:
        """Add [a, b) to each group; none is empty."""
        if not len(a):
            return
        i, j = self._edges.cells(a), self._edges.cells(b - 1)
        same = i == j
        self._part.add(groups[same], i[same], ticks.measure(a[same], b[same]))
        over = ~same
        groups, i, j, a, b = groups[over], i[over], j[over], a[over], b[over]
        self._part.add(groups, i, ticks.measure(a, self._edges.starts(i + 1)))
        self._part.add(groups, j, ticks.measure(self._edges.starts(j), b))
        far = j - i > 1
        ones = np.ones(int(far.sum()), np.int64)
        self._cover.add(groups[far], i[far] + 1, ones)
        self._cover.add(groups[far], j[far], -ones)

    def spread(self, groups: Iterable[int], ticks: Ticks) -> Spread:
        """What some groups that are on one clock have together."""
        part: dict[int, int] = {}
        cover: dict[int, int] = {}
        for group in groups:
            for sums, tally in ((part, self._part), (cover, self._cover)):
                for cell, amount in _items(tally.of(group)):
                    sums[cell] = sums.get(cell, 0) + amount
        return Spread.of(self._frames, ticks.clock, part, cover)


def _items(held: dict[int, int] | tuple[Array, Array]) -> Iterable[tuple[int, int]]:
    return held.items() if isinstance(held, dict) else zip(held[0].tolist(), held[1].tolist(), strict=True)


def cut(a: Array, b: Array, calendar: Calendar) -> Iterator[tuple[Array, Array, Array]]:
    """What is left of stretches outside the openings of a calendar, some at a time: (which stretch, beginnings, ends)."""
    if not len(a):
        return
    lo, hi = int(a.min()), int(b.max())
    openings = calendar.openings(lo, hi)
    closed_from = np.array([lo, *(end for _, end in openings)], np.int64)
    closed_until = np.array([*(start for start, _ in openings), hi], np.int64)
    first = np.searchsorted(closed_until, a, side="right")
    end = np.maximum(first, np.searchsorted(closed_from, b, side="left"))
    counts = end - first
    place = 0
    while place < len(a):
        step = min(len(a), place + _AT_A_TIME)
        while step > place + 1 and int(counts[place:step].sum()) > _PIECES:
            step = (place + step + 1) // 2 if step - place > 2 else place + 1
        rows = np.repeat(np.arange(place, step), counts[place:step])
        before = np.cumsum(counts[place:step]) - counts[place:step]
        gaps = np.arange(len(rows)) - np.repeat(before, counts[place:step]) + first[rows]
        begins, ends = np.maximum(a[rows], closed_from[gaps]), np.minimum(b[rows], closed_until[gaps])
        there = begins < ends
        yield rows[there], begins[there], ends[there]
        place = step
