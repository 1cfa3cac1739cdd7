"""Verdicts as they are kept until all are known: packed.

Takes:  the kernel's records, lot by lot.
Gives:  `Kept`: the same records, some or all, with all of their fields or a few.
Never:  changes what was judged, or knows an order beside the one in which they came.

A record has a hundred bytes, most of which say little: instants lie close together in the order in which verdicts come, and
most are never paused, late or noted. Chunk by chunk each field takes the bytes that it needs there. Beyond some millions of
verdicts chunks wait in a file that nobody sees, which is gone with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from attrs import frozen

from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.hidden import Hidden
from sladsl.evaluate.columnar.kernel import layout

_BITS = 15
CHUNK = 1 << _BITS  # records that are packed together
IN_MEMORY = 1 << 25  # bytes of chunks, beyond which they go to a file
_NAMES = layout.VERDICT.names or ()
_NO_PLACES = np.zeros(0, np.int32)
_NO_STRETCHES = np.zeros(0, layout.STRETCH)


def _fields(kind: Any) -> tuple[Array, Array]:
    """Where the fields of a record are, with its size after the last, and their bytes."""
    offsets = [int(kind.fields[name][1]) for name in kind.names]
    widths = [int(kind.fields[name][0].itemsize) for name in kind.names]
    return np.array([*offsets, kind.itemsize], np.int64), np.array(widths, np.int64)


_OFFSETS, _WIDTHS = _fields(layout.VERDICT)


@frozen
class _Away:
    """A chunk in a file."""

    file: Hidden
    place: int
    nbytes: int

    @property
    def address(self) -> int:
        """Where it can be read."""
        return self.file.address(self.place)


class Kept:
    """Verdicts, in the order in which they became certain."""

    def __init__(self) -> None:
        self._chunks: list[Array | _Away] = []
        self._in_memory = 0  # bytes of chunks
        self._file: Hidden | None = None
        self._has_room = True
        self._least: list[Array] = []
        self._bytes: list[Array] = []
        self._open = np.zeros(0, layout.VERDICT)  # those that do not fill a chunk yet
        self._used = 0
        self._stretches: list[Array] = []
        self._tables: tuple[Array, Array, Array] | None = None

    def __len__(self) -> int:
        return len(self._chunks) * CHUNK + self._used

    @property
    def size(self) -> int:
        """The bytes that they take, in memory or not."""
        return sum(chunk.nbytes for chunk in self._chunks) + self._open.nbytes

    @property
    def is_away(self) -> bool:
        """Whether some of them wait in a file."""
        return any(isinstance(chunk, _Away) for chunk in self._chunks)

    # --- in ---------------------------------------------------------------------------------------------------------

    def add(self, records: Array, stretches: Array | None = None) -> None:
        """A lot of verdicts, and the stretches that belong to them."""
        if stretches is not None and len(stretches):
            self._stretches.append(stretches)
        first = 0
        while first < len(records):
            if not len(self._open):
                self._open = np.zeros(CHUNK + 1, layout.VERDICT)  # one more: what is read may reach beyond the last
            part = records[first : first + CHUNK - self._used]
            self._open[self._used : self._used + len(part)] = part
            self._used += len(part)
            first += len(part)
            if self._used == CHUNK:
                self._close()

    def join(self, others: Iterable[Kept]) -> None:
        """Those of others, which are then empty, after these."""
        rests: list[tuple[Array, Array]] = []
        ran: list[Array] = []
        for one in (self, *others):  # chunks are full but for the last: what does not fill one comes after all of them
            stretches = one.stretches
            held = one._open[: one._used]
            full = len(stretches) - int(held["stretches"].sum()) if len(stretches) else 0
            rests.append((held, stretches[full:]))
            ran.append(stretches[:full])
            if one is not self:
                self._chunks += one._chunks
                self._least += one._least
                self._bytes += one._bytes
                self._in_memory += one._in_memory
                one._chunks, one._least, one._bytes, one._stretches = [], [], [], []
            one._open, one._used, one._tables = one._open[:0], 0, None
        self._stretches = [lot for lot in ran if len(lot)]
        for held, stretches in rests:
            self.add(held, stretches)

    def _close(self) -> None:
        chunk, least, bytes = _packed(self._open, self._used)
        self._in_memory += chunk.nbytes
        self._chunks.append(chunk)
        if self._in_memory > IN_MEMORY and self._has_room:
            self._put_away()
        self._least.append(least)
        self._bytes.append(bytes)
        self._used = 0
        self._tables = None

    def _put_away(self) -> None:
        """Put the chunks that are in memory into the file; where there is no room for them, they stay."""
        try:
            if self._file is None:
                self._file = Hidden()
            for i, chunk in enumerate(self._chunks):
                if not isinstance(chunk, _Away):
                    self._chunks[i] = _Away(self._file, self._file.put(chunk), chunk.nbytes)
            self._in_memory = 0
        except OSError:
            self._has_room = False

    def renumber(self, numbers: Array) -> None:
        """Give each verdict another number."""
        for i, (first, records) in enumerate(self.chunks()):
            records["number"] = numbers[first : first + len(records)]
            if i < len(self._chunks):
                room = np.zeros(len(records) + 1, layout.VERDICT)
                room[: len(records)] = records
                self._chunks[i], self._least[i], self._bytes[i] = _packed(room, len(records))
            else:
                self._open[: self._used] = records
        self._tables = None

    # --- out --------------------------------------------------------------------------------------------------------

    def chunks(self, *names: str) -> Iterator[tuple[int, Array]]:
        """All of them, some at a time: the place of the first, and records with these fields (all of them, without names)."""
        for chunk in range(len(self._chunks)):
            yield chunk * CHUNK, self._taken(_NO_PLACES, chunk * CHUNK, CHUNK, names)
        if self._used:
            held = self._open[: self._used]
            yield len(self._chunks) * CHUNK, held[list(names)] if names else held.copy()

    def take(self, places: Array, *names: str) -> Array:
        """Those at some places, in this order."""
        if not len(places):
            return np.zeros(0, _kind(names))
        packed = len(self._chunks) * CHUNK
        places = np.require(places, np.int32, ["C", "W"])
        rest = places >= packed
        if not self._used or not rest.any():
            return self._taken(places, 0, 0, names)
        found = np.zeros(len(places), _kind(names))
        inner = np.flatnonzero(~rest)
        if len(inner):
            found[inner] = self._taken(places[inner], 0, 0, names)
        held = self._open[places[rest] - packed]
        found[rest] = held[list(names)] if names else held
        return found

    def column(self, name: str, kind: Any) -> Array:
        """One field of all, as numbers of a kind."""
        found = np.empty(len(self), kind)
        for first, records in self.chunks(name):
            found[first : first + len(records)] = records[name]
        return found

    def lots(self) -> Iterator[tuple[Array, Array]]:
        """All of them, some at a time, each with the stretches that belong to them."""
        ran = self.stretches
        first = 0
        for _, records in self.chunks():
            end = first + int(records["stretches"].sum()) if len(ran) else 0
            yield records, ran[first:end]
            first = end

    @property
    def stretches(self) -> Array:
        """The stretches of all, in their order."""
        if len(self._stretches) != 1:
            self._stretches = [np.concatenate(self._stretches)] if self._stretches else [_NO_STRETCHES]
        return self._stretches[0]

    def _taken(self, places: Array, first: int, count: int, names: tuple[str, ...]) -> Array:
        from sladsl.evaluate.columnar.loops.packing import PAD, unpack

        if self._tables is None:
            where = [chunk.address if isinstance(chunk, _Away) else chunk.ctypes.data for chunk in self._chunks]
            addresses = np.array(where, np.int64)
            self._tables = np.stack(self._least), np.stack(self._bytes), addresses
        kind = _kind(names)
        offsets, widths = (_OFFSETS, _WIDTHS) if not names else _fields(kind)
        fields = np.array([_NAMES.index(name) for name in kind.names], np.int64)
        room = (len(places) or count) * kind.itemsize
        found = np.empty(room + PAD, np.uint8)
        unpack(*self._tables, places, first, count, _BITS, fields, offsets, widths, found.ctypes.data)
        return found[:room].view(kind)


def _kind(names: tuple[str, ...]) -> Any:
    if not names:
        return layout.VERDICT
    return np.dtype([(name, layout.VERDICT.fields[name][0]) for name in names])  # type: ignore[index]


def _packed(records: Array, count: int) -> tuple[Array, Array, Array]:
    """So many records packed; there is one more at the end."""
    from sladsl.evaluate.columnar.loops.packing import PAD, measure, pack

    offsets = _OFFSETS[:-1].copy()
    least, bytes = np.zeros(len(offsets), np.int64), np.zeros(len(offsets), np.int64)
    size = layout.VERDICT.itemsize
    measure(records.ctypes.data, size, count, offsets, _WIDTHS, least, bytes)
    each = int(bytes.sum())
    chunk = np.zeros(count * each + PAD, np.uint8)
    pack(records.ctypes.data, size, count, offsets, _WIDTHS, least, bytes, chunk.ctypes.data, each)
    return chunk, least, bytes
