"""Records packed into as few bytes as their numbers need, and taken out again.

Takes:  records at an address, and where their fields are in them.
Gives:  `measure`, `pack`, `unpack`; `by_key`, one pass of a sort.
Never:  knows what a field means; NONE is the only number that is special, as it is far from all others.

A field of a chunk is kept as its distance to the least of the chunk, plus one; 0 is NONE. Where all are alike it takes no
byte at all.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from sladsl.evaluate.columnar.kernel.layout import NONE
from sladsl.evaluate.columnar.loops.addresses import word_at

# Bytes beyond the last record that may be read or written, as fields are read and written eight bytes at a time.
PAD = 8
_ONE = np.uint64(1)


@intrinsic
def _store(typing: Any, address: Any, value: Any) -> Any:
    """Put eight bytes at an address."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.uint64), write


@njit("void(i8,i8,i8,i8[::1],i8[::1],i8[::1],i8[::1])", nogil=True, cache=True)
def measure(records: int, size: int, count: int, offsets: Any, widths: Any, least: Any, bytes: Any) -> None:
    """Find out how many bytes each field needs.

    Args:
        records, size, count: their address, the bytes of one, how many there are.
        offsets, widths: where each field is in a record, and its own bytes.
        least, bytes: become the least number of each field beside NONE, and the bytes that it needs.
    """
    for field in range(len(offsets)):
        shift = np.int64(64 - 8 * widths[field])
        at = records + offsets[field]
        low, high, nones = np.int64(0), np.int64(0), 0
        for i in range(count):
            value = (np.int64(word_at(at)) << shift) >> shift
            at += size
            if value == NONE:
                nones += 1
            elif i == nones:
                low = high = value
            elif value < low:
                low = value
            elif value > high:
                high = value
        if nones == count:
            least[field], bytes[field] = NONE, 0
            continue
        least[field], bytes[field] = low, 0
        if nones == 0 and low == high:
            continue
        most = np.uint64(high) - np.uint64(low) + _ONE
        while most:
            bytes[field] += 1
            most >>= np.uint64(8)


@njit("void(i8,i8,i8,i8[::1],i8[::1],i8[::1],i8[::1],i8,i8)", nogil=True, cache=True)
def pack(
    records: int, size: int, count: int, offsets: Any, widths: Any, least: Any, bytes: Any, packed: int, each: int
) -> None:
    """Pack records as `measure` found; `packed` is where to, and `each` the bytes of one then."""
    place = 0
    for field in range(len(offsets)):
        if bytes[field] == 0:
            continue
        shift, low = np.int64(64 - 8 * widths[field]), np.uint64(least[field]) - _ONE
        at, to = records + offsets[field], packed + place
        # Eight bytes are written for a field of fewer: what is beyond it stays as it was.
        ours = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * bytes[field])
        for _ in range(count):
            value = (np.int64(word_at(at)) << shift) >> shift
            kept = np.uint64(0) if value == NONE else np.uint64(value) - low
            _store(to, (word_at(to) & ~ours) | kept)
            at += size
            to += each
        place += bytes[field]


@njit("void(i8[:,::1],i8[:,::1],i8[::1],i4[::1],i8,i8,i8,i8[::1],i8[::1],i8[::1],i8)", nogil=True, cache=True)
def unpack(
    least: Any,
    bytes: Any,
    chunks: Any,
    places: Any,
    first: int,
    count: int,
    bits: int,
    fields: Any,
    offsets: Any,
    widths: Any,
    records: int,
) -> None:
    """Take records out, as a whole or some fields of them.

    Args:
        least, bytes: of each chunk, by field.
        chunks: their addresses.
        places: of the records among all; where there are none, so many as `count` from `first` on.
        bits: a chunk has two to the power of so many records.
        fields: which are wanted.
        offsets, widths: where they go in a record, and their bytes there; the last number is the bytes of a record.
        records: where the records go.
    """
    size = offsets[len(fields)]
    width = bytes.shape[1]
    total = len(places) if len(places) else count
    starts = np.empty(width + 1, np.int64)
    last: Any = np.int64(-1)
    mask = (np.int64(1) << bits) - 1
    for i in range(total):
        place = np.int64(places[i]) if len(places) else first + i
        chunk = place >> bits
        if chunk != last:
            starts[0] = 0
            for field in range(width):
                starts[field + 1] = starts[field] + bytes[chunk, field]
            last = chunk
        at = chunks[chunk] + (place & mask) * starts[width]
        to = records + i * size
        for j in range(len(fields)):
            field = fields[j]
            wide = bytes[chunk, field]
            value: Any = least[chunk, field]
            if wide:
                kept = word_at(at + starts[field]) & (np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * wide))
                value = np.int64(np.uint64(value) + kept - _ONE) if kept else np.int64(NONE)
            if widths[j] == 8:
                _store(to + offsets[j], np.uint64(value))
            else:
                ours = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * widths[j])
                old = word_at(to + offsets[j])
                _store(to + offsets[j], (old & ~ours) | (np.uint64(value) & ours))


@njit("void(i4[::1],i4[::1],i4[::1],i8[::1])", nogil=True, cache=True)
def by_key(keys: Any, before: Any, after: Any, first: Any) -> None:
    """Order places by their keys, those of one key as they were; `first[k]` is where those of key k begin, it is used up."""
    for i in range(len(before)):
        place = before[i]
        key = keys[place]
        after[first[key]] = place
        first[key] += 1
