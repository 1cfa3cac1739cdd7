"""The cells of many instants, and what is added up in them.

Takes:  arrays of instants and of groups.
Gives:  `Edges`, the cells of instants; `Tally`, `Scattered` and `Sums`, exact numbers by group and cell.
Never:  rounds or overflows: a sum of ticks is kept in two halves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_HALF = 31
_LOW = (1 << _HALF) - 1
_MANY = 1 << 21
_TABLE = 1 << 25


class Edges:
    """The cells of frames or of a grid (see `frames.py`), many at once."""

    def __init__(self, frames: Any) -> None:
        self._frames = frames
        self._step = int(getattr(frames, "step_us", 0))
        self._first = 0
        self._edges: Array = np.zeros(0, np.int64)

    def cells(self, us: Array) -> Array:
        """The cell of each instant."""
        if self._step:
            return us // self._step
        if not len(us):
            return us
        self._reach(int(us.min()), int(us.max()))
        found: Array = np.searchsorted(self._edges, us, side="right") - 1 + self._first
        return found

    def starts(self, cells: Array) -> Array:
        """The first instant of each cell; cells that were found, and those next to them."""
        if self._step:
            return cells * self._step
        found: Array = self._edges[cells - self._first]
        return found

    def _reach(self, lo: int, hi: int) -> None:
        """Know the edges from one instant to another, and one cell more on each side."""
        edges = self._edges
        if len(edges) and edges[1] <= lo and hi < edges[-2]:
            return
        first, last = self._frames.cell(lo), self._frames.cell(hi)
        if len(edges):
            first, last = min(first, self._first), max(last, self._first + len(edges) - 1)
        self._first = first - 1
        self._edges = np.array([self._frames.start(cell) for cell in range(first - 1, last + 3)], np.int64)


class Scattered:
    """Whole numbers by group and cell, where these are many and most numbers are 0: burn rates, minute by minute."""

    def __init__(self) -> None:
        self._parts: list[tuple[Array, Array, Array]] = []  # the first is pressed: in order, each group and cell once
        self._fresh = 0  # how many stand in the others

    def add(self, groups: Array, cells: Array, by: Array) -> None:
        """Add to many."""
        if not len(cells):
            return
        if not self._parts:
            self._parts.append((cells[:0], cells[:0], cells[:0]))
        self._parts.append((groups, cells, by))
        self._fresh += len(cells)
        if self._fresh > max(_MANY, len(self._parts[0][0])):
            self._press()

    def _press(self) -> None:
        groups, cells, by = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
        order = np.lexsort((cells, groups))
        groups, cells, by = groups[order], cells[order], by[order]
        begins = np.flatnonzero(np.append(True, (groups[1:] != groups[:-1]) | (cells[1:] != cells[:-1])))
        self._parts = [(groups[begins], cells[begins], np.add.reduceat(by, begins))]
        self._fresh = 0

    def of(self, group: int) -> tuple[Array, Array]:
        """The cells of a group in order, and what was added in each."""
        if not self._parts:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if self._fresh:
            self._press()
        groups, cells, by = self._parts[0]
        first, end = np.searchsorted(groups, [group, group + 1])
        return cells[first:end], by[first:end]


class Tally:
    """Whole numbers by group (from 0 on) and cell; no sum may pass 63 bits."""

    def __init__(self) -> None:
        self._base = 0
        self._counts: Array = np.zeros((0, 0), np.int64)
        self._scattered: Scattered | None = None  # where a table of all groups and cells would be too large

    def add(self, groups: Array, cells: Array, by: Array | int = 1) -> None:
        """Add to many."""
        if not len(cells):
            return
        if self._scattered is None:
            self._make_room(int(groups.max()) + 1, int(cells.min()), int(cells.max()) + 1)
        if self._scattered is not None:
            self._scattered.add(groups, cells, np.broadcast_to(np.asarray(by, np.int64), len(cells)))
            return
        width = self._counts.shape[1]
        np.add.at(self._counts.reshape(-1), groups * width + (cells - self._base), by)

    def _make_room(self, groups: int, first: int, end: int) -> None:
        height, width = self._counts.shape
        if groups <= height and self._base <= first and end <= self._base + width:
            return
        if width:
            # twice as far in the direction in which it grows
            first = self._base if self._base <= first else min(first, self._base - width)
            end = self._base + width if end <= self._base + width else max(end, self._base + 2 * width)
        groups = height if groups <= height else max(groups, 2 * height)
        if groups * (end - first) > _TABLE:
            self._scatter()
            return
        wider = np.zeros((groups, end - first), np.int64)
        if width:
            wider[:height, self._base - first : self._base - first + width] = self._counts
        self._base, self._counts = first, wider

    def _scatter(self) -> None:
        groups, cells = np.nonzero(self._counts)
        self._scattered = Scattered()
        self._scattered.add(groups, cells + self._base, self._counts[groups, cells])
        self._counts = np.zeros((0, 0), np.int64)

    def of(self, group: int) -> dict[int, int]:
        """What is not 0 of a group, by cell."""
        if self._scattered is not None:
            cells, row = self._scattered.of(group)
        elif group < len(self._counts):
            row = self._counts[group]
            cells = np.arange(self._base, self._base + len(row))
        else:
            return {}
        there = np.flatnonzero(row)
        return dict(zip(cells[there].tolist(), row[there].tolist(), strict=True))


class Sums:
    """A Tally for numbers of which a few millions may pass 63 bits together."""

    def __init__(self) -> None:
        self._high, self._low = Tally(), Tally()

    def add(self, groups: Array, cells: Array, by: Array) -> None:
        """Add to many."""
        self._high.add(groups, cells, by >> _HALF)
        self._low.add(groups, cells, by & _LOW)

    def of(self, group: int) -> dict[int, int]:
        """What is not 0 of a group, by cell."""
        found = self._low.of(group)
        for cell, high in self._high.of(group).items():
            found[cell] = found.get(cell, 0) + (high << _HALF)
        return found


def total(values: Array) -> int:
    """The exact sum of whole numbers."""
    return (int((values >> _HALF).sum()) << _HALF) + int((values & _LOW).sum())


def split(groups: Array, cells: Array) -> Iterator[tuple[int, int, Array]]:
    """(group, cell, the places of what is in it), for what is there, in order."""
    if not len(groups):
        return
    order = np.lexsort((cells, groups))
    g, c = groups[order], cells[order]
    cuts = np.flatnonzero((g[1:] != g[:-1]) | (c[1:] != c[:-1])) + 1
    begins = np.concatenate([[0], cuts])
    ends = np.concatenate([cuts, [len(order)]])
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        yield int(g[begin]), int(c[begin]), order[begin:end]
