"""Texts and numbers as small numbers, and what was seen before: tables by hash.

Takes:  buffers of UTF-8 bytes, where texts begin in them and how long they are; or whole numbers.
Gives:  `intern_spans`, `intern_whole`, `rehash_spans`, `rehash_whole`, `mark_new`.
Never:  decides what it does not know for sure: such a text gets the number ODD, and Python reads it.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sladsl.evaluate.columnar.loops.addresses import byte_at, word_at

MISSING, ODD = -1, -2

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


@njit("u8(u8)")
def _mixed(h: Any) -> Any:
    """Every bit of the result depends on every bit given: the places in a table are its lowest ones."""
    h ^= h >> _SHIFT
    h *= _MIX
    h ^= h >> np.uint64(29)
    h *= _MIX
    return h ^ (h >> _SHIFT)


@njit("u8(i8,i8)")
def _hash(at: int, size: int) -> int:
    h = np.uint64(size) * _MIX
    if size >= 8:
        for i in range(0, size - 7, 8):
            h = (h ^ word_at(at + i)) * _MIX
            h ^= h >> _SHIFT
        h = (h ^ word_at(at + size - 8)) * _MIX
    else:
        word = np.uint64(0)
        for i in range(size):
            word = (word << np.uint64(8)) | np.uint64(byte_at(at + i))
        h = (h ^ word) * _MIX
    return _mixed(h)


@njit("b1(i8,i8,i8)")
def _same(a: int, b: int, size: int) -> bool:
    if size < 8:
        for i in range(size):
            if byte_at(a + i) != byte_at(b + i):
                return False
        return True
    for i in range(0, size - 7, 8):
        if word_at(a + i) != word_at(b + i):
            return False
    return word_at(a + size - 8) == word_at(b + size - 8)


@njit("b1(i8,i8)")
def _is_odd(at: int, size: int) -> bool:
    """Whether a text may begin or end with a blank, of whatever kind."""
    first, last = byte_at(at), byte_at(at + size - 1)
    if first <= 0x20 or last <= 0x20 or first == 0x7F or last == 0x7F:
        return True
    if first >= 0x80 and (first == 0xC2 or 0xE1 <= first <= 0xE3):
        return True
    if last >= 0x80:
        i = size - 1
        while i > 0 and 0x80 <= byte_at(at + i) < 0xC0:
            i -= 1
        lead = byte_at(at + i)
        return lead == 0xC2 or 0xE1 <= lead <= 0xE3
    return False


@njit("i8(i8,i8[::1],i4[::1],i4[::1],i8,u1[::1],i8[::1],i4[::1],i8[::1])", nogil=True, cache=True)
def intern_spans(
    buffer: int,
    starts: Any,
    sizes: Any,
    numbers: Any,
    first: int,
    arena: Any,
    places: Any,
    table: Any,
    state: Any,
) -> int:
    """Number the texts from `first` on: equal texts have one number, new ones the next.

    Args:
        buffer: its address.
        starts, sizes: of the texts in it; a size of 0 is MISSING.
        numbers: where the numbers go.
        arena: the bytes of the texts known, one after the other; `places[n]` is where text n begins.
        table: by hash, 1 + the number of a text; its length is a power of two.
        state: how many texts are known.

    Returns the row to go on with: where arena or table are full, they must grow.
    """
    known = state[0]
    mask = len(table) - 1
    memory = arena.ctypes.data
    for i in range(first, len(starts)):
        size = sizes[i]
        if size == 0:
            numbers[i] = MISSING
            continue
        at = buffer + starts[i]
        if _is_odd(at, size):
            numbers[i] = ODD
            continue
        place = np.int64(_hash(at, size)) & mask
        while True:
            found = table[place] - 1
            if found < 0:
                begin = places[known]
                if begin + size > len(arena) or 2 * known >= len(table) or known + 2 > len(places):
                    state[0] = known
                    return i
                for k in range(size):
                    arena[begin + k] = byte_at(at + k)
                places[known + 1] = begin + size
                table[place] = known + 1
                numbers[i] = known
                known += 1
                break
            begin = places[found]
            if places[found + 1] - begin == size and _same(memory + begin, at, size):
                numbers[i] = found
                break
            place = (place + 1) & mask
    state[0] = known
    return len(starts)


@njit("void(u1[::1],i8[::1],i4[::1],i8)", nogil=True, cache=True)
def rehash_spans(arena: Any, places: Any, table: Any, known: int) -> None:
    """Fill a new, larger table."""
    mask = len(table) - 1
    memory = arena.ctypes.data
    for i in range(known):
        place = np.int64(_hash(memory + places[i], places[i + 1] - places[i])) & mask
        while table[place]:
            place = (place + 1) & mask
        table[place] = i + 1


@njit("i8(i8[::1],i4[::1],i8,i8[::1],i4[::1],i8[::1])", nogil=True, cache=True)
def intern_whole(given: Any, numbers: Any, first: int, known_values: Any, table: Any, state: Any) -> int:
    """The same for whole numbers."""
    known = state[0]
    mask = len(table) - 1
    for i in range(first, len(given)):
        value = given[i]
        place = np.int64(_mixed(np.uint64(value))) & mask
        while True:
            found = table[place] - 1
            if found < 0:
                if 2 * known >= len(table) or known >= len(known_values):
                    state[0] = known
                    return i
                known_values[known] = value
                table[place] = known + 1
                numbers[i] = known
                known += 1
                break
            if known_values[found] == value:
                numbers[i] = found
                break
            place = (place + 1) & mask
    state[0] = known
    return len(given)


@njit("void(i8[::1],i4[::1],i8)", nogil=True, cache=True)
def rehash_whole(known_values: Any, table: Any, known: int) -> None:
    """Fill a new, larger table."""
    mask = len(table) - 1
    for i in range(known):
        place = np.int64(_mixed(np.uint64(known_values[i]))) & mask
        while table[place]:
            place = (place + 1) & mask
        table[place] = i + 1


@njit("i8(i8[::1],i8[::1],i8,u1[::1],i8[:,::1],i8[::1])", nogil=True, cache=True)
def mark_new(left: Any, right: Any, first: int, new: Any, table: Any, state: Any) -> int:
    """Which pairs were not seen before. Returns the row to go on with, where the table must grow first."""
    mask = len(table) - 1
    for i in range(first, len(left)):
        if 2 * state[0] >= len(table):
            return i
        place = np.int64(_mixed((np.uint64(left[i]) * _MIX) ^ np.uint64(right[i]))) & mask
        new[i] = 1
        while table[place, 2]:
            if table[place, 0] == left[i] and table[place, 1] == right[i]:
                new[i] = 0
                break
            place = (place + 1) & mask
        if new[i]:
            table[place, 0], table[place, 1], table[place, 2] = left[i], right[i], 1
            state[0] += 1
    return len(left)
