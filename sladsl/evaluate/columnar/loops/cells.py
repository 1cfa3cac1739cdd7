"""Cells of a batch of rows: codes, bits, and what is counted, each in one pass.

Takes:  numpy arrays of one length, and addresses of Arrow's buffers, which are not to be written to.
Gives:  `codes_of`, `take_numbers`, `mark_used`, `mark_held`, `count_rows`, `count_types`, `number_near`, `gather_one`, `gather_two`,
        `mark_seen`.
Never:  allocates anything.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic


def _loader(bits: int, kind: Any) -> Any:
    """A function that reads a whole number with a sign at an address."""

    @intrinsic
    def load(typing: Any, address: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            return builder.load(pointer, align=1)

        return kind(types.int64), write

    return load


_int32 = _loader(32, types.int32)
_int64 = _loader(64, types.int64)
_byte = _loader(8, types.uint8)


@njit("void(i8,i8,i8,i4,i4[::1])", nogil=True, cache=True)
def codes_of(indices: int, valid: int, first: int, missing: int, codes: Any) -> None:
    """The codes of a dictionary's column; `missing` where its bit of `valid` is not set, which begin with that of `first`.

    Args:
        indices, valid: addresses; of the index of the first row, of the bits of all.
    """
    for i in range(len(codes)):
        bit = first + i
        there = np.int32((_byte(valid + (bit >> 3)) >> np.uint8(bit & 7)) & np.uint8(1))
        # without a branch: which cells are there follows no pattern
        codes[i] = missing + (_int32(indices + 4 * i) - missing) * there


@njit("void(i4[::1],i4[::1],i4[::1])", nogil=True, cache=True)
def take_numbers(numbers: Any, codes: Any, found: Any) -> None:
    """found = numbers[codes]"""
    for i in range(len(codes)):
        found[i] = numbers[codes[i]]


@njit("void(i4[::1],u1[::1])", nogil=True, cache=True)
def mark_used(codes: Any, used: Any) -> None:
    """Mark the codes that occur."""
    for i in range(len(codes)):
        used[codes[i]] = 1


@njit("void(b1[::1],b1[::1],u8[::1],u8[::1],u8,u8)", nogil=True, cache=True)
def mark_held(held: Any, there: Any, bits: Any, mask: Any, bit: Any, masked: Any) -> None:
    """Set a bit where a condition holds of a cell that is there, and the bits of a mask where one is."""
    for i in range(len(held)):
        known = np.uint64(there[i])  # without a branch: which cells are there follows no pattern
        mask[i] |= masked * known
        bits[i] |= bit * (known & np.uint64(held[i]))


@njit("void(i4[::1],i8[::1],i8[::1],b1[::1])", nogil=True, cache=True)
def count_rows(case: Any, time: Any, span: Any, seen: Any) -> None:
    """Mark the cases that occur; `span` becomes the first and the last instant."""
    low = high = time[0]
    for i in range(len(case)):
        t = time[i]
        low = min(low, t)
        high = max(high, t)
        seen[case[i]] = True
    span[0], span[1] = low, high


@njit("void(i4[::1],i8[::1])", nogil=True, cache=True)
def count_types(type: Any, counts: Any) -> None:
    """Count the events of each type."""
    for i in range(len(type)):
        counts[type[i]] += 1


@njit("i8(i8,i8,i8,i8,i4[::1],i4[::1],i8[::1],i8[::1])", nogil=True, cache=True)
def number_near(
    values: int, count: int, first: int, least: int, table: Any, numbers: Any, known_values: Any, state: Any
) -> int:
    """Number whole numbers that lie close together, from `first` on: equal ones have one number, new ones the next.

    Args:
        values, count: their address, how many there are.
        least, table: the table has 1 + the number of `least` first, then that of `least` + 1, and so on.
        numbers: where the numbers go.
        known_values, state: by number; how many are known.

    Returns the row to go on with: one beyond the table, or for which there is no room.
    """
    known = state[0]
    size, room = np.uint64(len(table)), len(known_values)
    for i in range(first, count):
        value = _int64(values + 8 * i)
        place = np.uint64(value) - np.uint64(least)
        if place >= size:
            state[0] = known
            return i
        number = table[place]
        if number == 0:
            if known >= room:
                state[0] = known
                return i
            known_values[known] = value
            known += 1
            number = table[place] = known
        numbers[i] = number - 1
    state[0] = known
    return count


@njit("void(i4[::1],u8[::1],u8[::1])", nogil=True, cache=True)
def gather_one(numbers: Any, table: Any, into: Any) -> None:
    """into |= table[numbers]"""
    for i in range(len(numbers)):
        into[i] |= table[numbers[i]]


@njit("void(i4[::1],u8[::1],u8[::1],u8[::1],u8[::1])", nogil=True, cache=True)
def gather_two(numbers: Any, table: Any, other: Any, into: Any, into_other: Any) -> None:
    """The same for two tables at once."""
    for i in range(len(numbers)):
        number = numbers[i]
        into[i] |= table[number]
        into_other[i] |= other[number]


@njit("void(i4[::1],u1[::1],u1[::1],u1[::1])", nogil=True, cache=True)
def mark_seen(numbers: Any, asked: Any, seen: Any, again: Any) -> None:
    """Of the rows that are asked for, which have a number that was seen before; from now on it is."""
    for i in range(len(numbers)):
        again[i] = 0
        if asked[i] and numbers[i] >= 0:
            again[i] = seen[numbers[i]]
            seen[numbers[i]] = 1
