"""Batches of a log that is out of order, put in order.

Takes:  batches in the order of the input.
Gives:  `Sorter`: the same events case by case, each case by time, those of one instant in the order of the input.
Never:  holds many events in memory: beyond some millions they wait in a file. It never puts cases in an order among
        themselves either: they do not touch each other.

Cases are dealt out to parts as their events come; a part is small enough to be sorted at once.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from attrs import frozen

from sladsl.evaluate.columnar.batch import Array, Batch, joined
from sladsl.evaluate.columnar.hidden import Hidden

_PARTS_BITS = 6
_PARTS = 1 << _PARTS_BITS
# Neighbours stay together, so that all who share the cases by their numbers have something to do in each part.
_TOGETHER_BITS = 4
_DEAL = 1 << 20  # rows that are dealt out at once
_ROWS = 1 << 17  # of a batch that is given
HELD = 1 << 22  # rows in memory, about fifty bytes each


@frozen
class _Stored:
    """A batch in a file: where each of its arrays is, with its type and shape."""

    arrays: tuple[tuple[int, str, tuple[int, ...]], ...]
    denominators: tuple[bool, ...]
    reasons: tuple[int, ...]


class Sorter:
    """Puts events in order.

    Args:
        held: so many rows (HELD) are held in memory, before they go to a file that nobody sees and that is gone with this.
    """

    def __init__(self, held: int | None = None) -> None:
        self._most = HELD if held is None else held
        self._waiting: list[Batch] = []
        self._rows = 0  # that wait to be dealt out
        self._held = 0  # in memory
        self._parts: list[list[Batch | _Stored]] = [[] for _ in range(_PARTS)]
        self._file: Hidden | None = None

    def __enter__(self) -> Sorter:
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.clear()
        if self._file is not None:
            self._file.close()

    @property
    def spills(self) -> bool:
        """Whether events wait in a file."""
        return self._file is not None

    def add(self, batch: Batch) -> None:
        """A batch, the next in the order of the input."""
        if not len(batch):
            return
        self._waiting.append(batch)
        self._rows += len(batch)
        if self._rows >= _DEAL:
            self._deal()

    def batches(self) -> Generator[Batch, None, None]:
        """All events in order; it is asked once, when all have been added."""
        self._deal()
        for part in self._parts:
            found = [self._load(one) if isinstance(one, _Stored) else one for one in part]
            part.clear()
            if found:
                whole = joined(found)
                found.clear()
                order = _order(whole)
                for first in range(0, len(order), _ROWS):
                    yield whole.take(order[first : first + _ROWS])

    def _deal(self) -> None:
        """Deal what waits out to the parts."""
        from sladsl.evaluate.columnar.loops.packing import by_key

        if not self._waiting:
            return
        whole = joined(self._waiting)
        self._waiting, self._rows = [], 0
        keys = whole.case >> _TOGETHER_BITS & (_PARTS - 1)
        counts = np.bincount(keys, minlength=_PARTS)
        ends = np.cumsum(counts)
        order = np.empty(len(whole), np.int32)
        by_key(keys, np.arange(len(whole), dtype=np.int32), order, ends - counts)
        for part, (count, end) in enumerate(zip(counts.tolist(), ends.tolist(), strict=True)):
            if count:
                self._parts[part].append(whole.take(order[end - count : end]))
        self._held += len(whole)
        if self._held > self._most:
            self._spill()

    # --- the file ---------------------------------------------------------------------------------------------------

    def _spill(self) -> None:
        """Put what is in memory into the file; where there is no room for it, it stays."""
        try:
            if self._file is None:
                self._file = Hidden()
            for part in self._parts:
                for i, one in enumerate(part):
                    if isinstance(one, Batch):
                        part[i] = _store(one, self._file)
            self._held = 0
        except OSError:
            self._most = 1 << 62

    def _load(self, stored: _Stored) -> Batch:
        assert self._file is not None
        arrays = [self._file.read(place, kind, shape) for place, kind, shape in stored.arrays]
        left = iter(arrays)
        case, time, cause, type, bits, mask, event = (next(left) for _ in range(7))
        values = [(next(left), next(left) if below else None, next(left)) for below in stored.denominators]
        return Batch(case, time, cause, type, bits, mask, event, values, {leaf: next(left) for leaf in stored.reasons})


def _store(batch: Batch, file: Hidden) -> _Stored:
    """Write a batch into a file."""
    arrays: list[Array] = [batch.case, batch.time, batch.cause, batch.type, batch.bits, batch.mask, batch.event]
    for numbers, below, flags in batch.values:
        arrays += [numbers, flags] if below is None else [numbers, below, flags]
    arrays += batch.reasons.values()
    stored = tuple((file.put(array), array.dtype.str, array.shape) for array in arrays)
    return _Stored(stored, tuple(below is not None for _, below, _ in batch.values), tuple(batch.reasons))


def _order(batch: Batch) -> Array:
    """The order of the rows of a part."""
    from sladsl.evaluate.columnar.loops.grouping import group_rows, sort_within

    low = _TOGETHER_BITS
    case = (batch.case >> (low + _PARTS_BITS) << low) | (batch.case & ((1 << low) - 1))  # dense within the part
    counts = np.bincount(case)
    ends: Array = np.cumsum(counts) - counts
    order = np.empty(len(batch), np.int32)
    group_rows(case, ends, order)
    time = np.require(batch.time, np.int64, ["C", "W"])  # compiled loops take no array that is not to be written to
    sort_within(time, order, ends)
    return order
