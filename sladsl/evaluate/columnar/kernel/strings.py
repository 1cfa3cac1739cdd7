"""Texts as bytes: numbered, read as instants, and cut out of CSV, compiled by Numba.

Takes:  buffers of UTF-8 bytes, and where texts begin in them and how long they are.
Gives:  `intern_spans`, `intern_whole`, `read_times`, `cut_rows`.
Never:  decides what it does not know for sure: such a text gets the number ODD, and Python reads it.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

MISSING, ODD = -1, -2

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


@intrinsic
def _eight(typing: Any, address: Any) -> Any:
    """The eight bytes at an address as one number."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(types.int64), write


@intrinsic
def _one(typing: Any, address: Any) -> Any:
    """The byte at an address."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        return builder.zext(builder.load(pointer), ir.IntType(64))

    return types.int64(types.int64), write


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
            h = (h ^ _eight(at + i)) * _MIX
            h ^= h >> _SHIFT
        h = (h ^ _eight(at + size - 8)) * _MIX
    else:
        word = np.uint64(0)
        for i in range(size):
            word = (word << np.uint64(8)) | np.uint64(_one(at + i))
        h = (h ^ word) * _MIX
    return _mixed(h)


@njit("b1(i8,i8,i8)")
def _same(a: int, b: int, size: int) -> bool:
    if size < 8:
        for i in range(size):
            if _one(a + i) != _one(b + i):
                return False
        return True
    for i in range(0, size - 7, 8):
        if _eight(a + i) != _eight(b + i):
            return False
    return _eight(a + size - 8) == _eight(b + size - 8)


@njit("b1(i8,i8)")
def _is_odd(at: int, size: int) -> bool:
    """Whether a text may begin or end with a blank, of whatever kind."""
    first, last = _one(at), _one(at + size - 1)
    if first <= 0x20 or last <= 0x20 or first == 0x7F or last == 0x7F:
        return True
    if first >= 0x80 and (first == 0xC2 or 0xE1 <= first <= 0xE3):
        return True
    if last >= 0x80:
        i = size - 1
        while i > 0 and 0x80 <= _one(at + i) < 0xC0:
            i -= 1
        lead = _one(at + i)
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
                    arena[begin + k] = _one(at + k)
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


@njit("i8(i8,i8)")
def _digits(at: int, count: int) -> int:
    """So many digits as a number, -1 where there is something else."""
    value = 0
    for i in range(count):
        digit = _one(at + i) - 48
        if digit < 0 or digit > 9:
            return -1
        value = value * 10 + digit
    return value


@njit("i8(i8,i8,i8)")
def _day(year: int, month: int, day: int) -> int:
    """Days since 1970 of a date."""
    shifted = year - (1 if month <= 2 else 0)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@njit("i8(i8,i8)")
def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


UNREAD, WALL, INSTANT = 0, 1, 2


@njit("void(i8,i8[::1],i4[::1],i8[::1],u1[::1])", nogil=True, cache=True)
def read_times(buffer: int, starts: Any, sizes: Any, times: Any, kinds: Any) -> None:
    """Read texts as `2026-03-02T09:00[:00[.000000]]` and an offset or none.

    `kinds` become INSTANT (microseconds UTC), WALL (of the wall clock, to be read in a zone), or UNREAD: anything else.
    """
    for i in range(len(starts)):
        kinds[i] = UNREAD
        times[i] = 0
        at, size = buffer + starts[i], sizes[i]
        if size < 16 or size > 40:
            continue
        year, month, day = _digits(at, 4), _digits(at + 5, 2), _digits(at + 8, 2)
        hour, minute = _digits(at + 11, 2), _digits(at + 14, 2)
        between = _one(at + 10)
        if _one(at + 4) != 45 or _one(at + 7) != 45 or _one(at + 13) != 58 or (between != 84 and between != 32):
            continue
        if year < 1 or month < 1 or month > 12 or day < 1 or hour < 0 or hour > 23 or minute < 0 or minute > 59:
            continue
        if day > _month_length(year, month):
            continue
        us = ((_day(year, month, day) * 24 + hour) * 60 + minute) * 60_000_000
        k = 16
        if k < size and _one(at + k) == 58:
            second = _digits(at + 17, 2) if size >= 19 else -1
            if second < 0 or second > 59:
                continue
            us += second * 1_000_000
            k = 19
            if k < size and _one(at + k) == 46:
                k += 1
                scale, fraction, count = 100_000, 0, 0
                while k < size and 48 <= _one(at + k) <= 57:
                    fraction += (_one(at + k) - 48) * scale
                    scale //= 10
                    count += 1
                    k += 1
                if count == 0:
                    continue
                us += fraction
        if k == size:
            times[i] = us
            kinds[i] = WALL
        elif k + 1 == size and _one(at + k) == 90:
            times[i] = us
            kinds[i] = INSTANT
        elif k + 6 == size and (_one(at + k) == 43 or _one(at + k) == 45) and _one(at + k + 3) == 58:
            hours, minutes = _digits(at + k + 1, 2), _digits(at + k + 4, 2)
            if 0 <= hours <= 18 and 0 <= minutes <= 59:
                offset = (hours * 60 + minutes) * 60_000_000
                times[i] = us - offset if _one(at + k) == 43 else us + offset
                kinds[i] = INSTANT


FINE, ODD_ROW, ODD_FILE = 0, 1, 2


@njit("i8(i8,i8,i8,i8,i4[::1],i8[:,::1],i4[:,::1],i8[::1],u1[::1],i8[::1])", nogil=True, cache=True)
def cut_rows(
    buffer: int,
    size: int,
    delimiter: int,
    width: int,
    wanted: Any,
    starts: Any,
    sizes: Any,
    lines: Any,
    kinds: Any,
    state: Any,
) -> int:
    """Cut rows of CSV into the cells that are wanted.

    Args:
        buffer, size: whole lines, the last with its end.
        width: how many cells a row has.
        wanted: for each column its place among the wanted ones, or -1.
        starts, sizes: the cells, a row a wanted column.
        lines: where each row begins; one more than there are rows.
        kinds: FINE, or ODD_ROW where Python must look: another width, or quotes that are not plain.
        state: becomes where in the buffer it stopped, and ODD_FILE where no row can be trusted.

    Returns the number of rows, which stops short of the end where the arrays are full.
    """
    at, row, room = 0, 0, len(kinds)
    state[1] = FINE
    while at < size and row < room:
        lines[row] = at
        kinds[row] = FINE
        column = 0
        while True:  # a cell
            while at < size and _one(buffer + at) == 32 and delimiter != 32:
                at += 1
            begin = at
            byte = _one(buffer + at) if at < size else 10
            if byte == 34:
                begin = at + 1
                at += 1
                while at < size:
                    byte = _one(buffer + at)
                    if byte == 34 or byte == 10 or byte == 13 or byte == 0:
                        break
                    at += 1
                end = at
                if at >= size or byte != 34:
                    state[0], state[1] = lines[row], ODD_FILE  # quotes over several lines
                    return row
                at += 1
                byte = _one(buffer + at) if at < size else 10
                if byte != delimiter and byte != 10 and byte != 13:
                    kinds[row] = ODD_ROW
                    while at < size:
                        byte = _one(buffer + at)
                        if byte == delimiter or byte == 10 or byte == 13:
                            break
                        if byte == 34:
                            at += 1
                            while at < size and _one(buffer + at) != 34 and _one(buffer + at) != 10:
                                at += 1
                            if at >= size or _one(buffer + at) == 10:
                                state[0], state[1] = lines[row], ODD_FILE
                                return row
                        at += 1
            else:
                while at < size:
                    byte = _one(buffer + at)
                    if byte == delimiter or byte == 10 or byte == 13:
                        break
                    if byte == 0:
                        kinds[row] = ODD_ROW
                    at += 1
                end = at
            if column < width and wanted[column] >= 0:
                starts[wanted[column], row] = begin
                sizes[wanted[column], row] = end - begin
            column += 1
            if at < size and byte == delimiter:
                at += 1
                continue
            break
        if at < size and _one(buffer + at) == 13:
            at += 1
            if at >= size or _one(buffer + at) != 10:
                state[0], state[1] = lines[row], ODD_FILE  # line ends of another kind
                return row
        at += 1
        if column == 1 and end == begin and width > 1 and kinds[row] == FINE:
            continue  # a blank line
        if column != width:
            kinds[row] = ODD_ROW
        row += 1
    lines[row] = at
    state[0] = at
    return row


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


@njit("void(i4[::1],i8[::1],i4[::1])", nogil=True, cache=True)
def group_rows(case: Any, first: Any, order: Any) -> None:
    """Put the rows of each case together, in their order: `first[c]` is where case c begins; it is moved to its end."""
    for i in range(len(case)):
        c = case[i]
        order[first[c]] = i
        first[c] += 1


@njit("void(i8[::1],i4[::1],i8[::1])", nogil=True, cache=True)
def sort_within(time: Any, order: Any, ends: Any) -> None:
    """Sort the rows of each case by time; those of one instant keep their order."""
    begin = 0
    for c in range(len(ends)):
        end = ends[c]
        if end - begin < 64:
            for i in range(begin + 1, end):
                row = order[i]
                t = time[row]
                j = i
                while j > begin and time[order[j - 1]] > t:
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = row
        else:
            part = order[begin:end].copy()
            keys = np.empty(len(part), np.int64)
            for i in range(len(part)):
                keys[i] = time[part[i]]
            places = np.argsort(keys, kind="mergesort")
            for i in range(len(part)):
                order[begin + i] = part[places[i]]
        begin = end


@njit("void(i4[::1],u1[::1],u1[::1],u1[::1])", nogil=True, cache=True)
def mark_seen(numbers: Any, asked: Any, seen: Any, again: Any) -> None:
    """Of the rows that are asked for, which have a number that was seen before; from now on it is."""
    for i in range(len(numbers)):
        again[i] = 0
        if asked[i] and numbers[i] >= 0:
            again[i] = seen[numbers[i]]
            seen[numbers[i]] = 1


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
