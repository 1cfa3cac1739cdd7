"""Texts as instants.

Takes:  buffers of UTF-8 bytes, where texts begin in them and how long they are.
Gives:  `read_times`, what most logs write; `read_iso`, `read_counts`, `read_formatted`; `program_of`, a format as numbers.
Never:  decides what it does not know for sure: such a text stays UNREAD, and `sladsl.clock` reads it.

Each pattern is followed without ever going back: what a text gives then is what a regular expression finds first.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sladsl.evaluate.columnar.loops.addresses import byte_at

UNREAD, WALL, INSTANT = 0, 1, 2

_LONGEST = 64  # a text that is longer has blanks or digits to no end
_LAST_US = 253_402_300_799_999_999  # the end of the year 9999
_DAY_US = 86_400_000_000
_LITERAL, _SPACE, _YEAR, _SHORT_YEAR, _MONTH, _DATE, _HOUR, _MINUTE, _SECOND, _FRACTION, _HALF, _OFFSET, _NAME = range(
    13
)
_DIRECTIVES = {
    "Y": _YEAR, "y": _SHORT_YEAR, "m": _MONTH, "d": _DATE, "e": _DATE, "H": _HOUR, "k": _HOUR, "I": _HOUR, "l": _HOUR,
    "M": _MINUTE, "S": _SECOND, "f": _FRACTION, "p": _HALF, "z": _OFFSET, "b": _NAME, "B": _NAME, "h": _NAME,
}  # fmt: skip
_SHORTHANDS = {"T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "F": "%Y-%m-%d"}
_NAMES = np.array(
    [
        int.from_bytes(name.encode(), "big")
        for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    ],
    np.int64,
)
_FAILED = -1


def program_of(format: str) -> tuple[Any, bool, bool] | None:
    """A format as pairs of numbers, whether its hours are counted to 12, and whether it has a time of day.

    None where it holds what is read text by text: the name of a zone or of a weekday, the day of the year.
    """
    steps: list[tuple[int, int]] = []
    text = format.strip()
    at = 0
    twelve = has_time = False
    while at < len(text):
        letter = text[at]
        if letter == "%":
            flag = text[at + 1 : at + 2] in tuple("-_0^#")
            name = text[at + 1 + flag : at + 2 + flag]
            at += 2 + flag
            if name in _SHORTHANDS:
                text, at = _SHORTHANDS[name] + text[at:], 0
            elif name == "%" and not flag:
                steps.append((_LITERAL, ord(name)))
            elif name in _DIRECTIVES:
                twelve |= name in "Il"
                has_time |= _DIRECTIVES[name] in (_HOUR, _MINUTE, _SECOND, _FRACTION, _HALF, _OFFSET)
                steps.append((_DIRECTIVES[name], 0))
            else:
                return None
        elif letter.isspace():
            while at < len(text) and text[at].isspace():
                at += 1
            steps.append((_SPACE, 0))
        elif letter.isascii():
            steps.append((_LITERAL, ord(letter)))
            at += 1
        else:
            return None
    return np.array(steps, np.int64).reshape(-1, 2), twelve, has_time


@njit("i8(i8,i8)")
def _digits(at: int, count: int) -> int:
    """So many digits as a number, -1 where there is something else."""
    value = 0
    for i in range(count):
        digit = byte_at(at + i) - 48
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
        between = byte_at(at + 10)
        if (
            byte_at(at + 4) != 45
            or byte_at(at + 7) != 45
            or byte_at(at + 13) != 58
            or (between != 84 and between != 32)
        ):
            continue
        if year < 1 or month < 1 or month > 12 or day < 1 or hour < 0 or hour > 23 or minute < 0 or minute > 59:
            continue
        if day > _month_length(year, month):
            continue
        us = ((_day(year, month, day) * 24 + hour) * 60 + minute) * 60_000_000
        k = 16
        if k < size and byte_at(at + k) == 58:
            second = _digits(at + 17, 2) if size >= 19 else -1
            if second < 0 or second > 59:
                continue
            us += second * 1_000_000
            k = 19
            if k < size and byte_at(at + k) == 46:
                k += 1
                scale, fraction, count = 100_000, 0, 0
                while k < size and 48 <= byte_at(at + k) <= 57:
                    fraction += (byte_at(at + k) - 48) * scale
                    scale //= 10
                    count += 1
                    k += 1
                if count == 0:
                    continue
                us += fraction
        if k == size:
            times[i] = us
            kinds[i] = WALL
        elif k + 1 == size and byte_at(at + k) == 90:
            times[i] = us
            kinds[i] = INSTANT
        elif k + 6 == size and (byte_at(at + k) == 43 or byte_at(at + k) == 45) and byte_at(at + k + 3) == 58:
            hours, minutes = _digits(at + k + 1, 2), _digits(at + k + 4, 2)
            if 0 <= hours <= 18 and 0 <= minutes <= 59:
                offset = (hours * 60 + minutes) * 60_000_000
                times[i] = us - offset if byte_at(at + k) == 43 else us + offset
                kinds[i] = INSTANT


@njit("i8(i8,i8,i8)")
def _run(at: int, end: int, most: int) -> int:
    """How many digits stand here, up to so many."""
    count = 0
    while at + count < end and count < most and 48 <= byte_at(at + count) <= 57:
        count += 1
    return count


@njit("i8(i8,i8)")
def _micros(at: int, count: int) -> int:
    """The fraction that so many digits are, cut to microseconds."""
    found, scale = 0, 100_000
    for i in range(min(count, 6)):
        found += (byte_at(at + i) - 48) * scale
        scale //= 10
    return found


@njit("i8(i8,i8,i8[::1])")
def _sixties(at: int, end: int, found: Any) -> int:
    """Where minutes and seconds end, with colons or without; _FAILED where one is beyond 59.

    `found` becomes their microseconds, and how many of the two stand here.
    """
    found[0] = found[1] = 0
    while found[1] < 2:
        k = at + 1 if at < end and byte_at(at) == 58 else at
        if _run(k, end, 2) < 2:
            break
        value = _digits(k, 2)
        if value > 59:
            return _FAILED
        found[0] += value * (60_000_000 if found[1] == 0 else 1_000_000)
        found[1] += 1
        at = k + 2
    return at


@njit("i8(i8,i8,i8[::1])")
def _offset(at: int, end: int, found: Any) -> int:
    """Where an offset ends, whose microseconds become `found[0]`; _FAILED where there is none."""
    if at >= end:
        return _FAILED
    sign = byte_at(at)
    if sign == 90 or sign == 122:
        found[0] = 0
        return at + 1
    if (sign != 43 and sign != 45) or _run(at + 1, end, 2) < 2:
        return _FAILED
    offset = _digits(at + 1, 2) * 3_600_000_000
    at = _sixties(at + 3, end, found)
    if at == _FAILED:
        return _FAILED
    offset += found[0]
    if offset >= _DAY_US:
        return _FAILED
    found[0] = -offset if sign == 45 else offset
    return at


@njit("void(i8,i8[::1],i4[::1],b1,i8[::1],u1[::1])", nogil=True, cache=True)
def read_iso(buffer: int, starts: Any, sizes: Any, dates: Any, times: Any, kinds: Any) -> None:
    """Read ISO 8601 in its usual variants, those of `kinds` that are UNREAD; a date alone only where `dates` says so."""
    found = np.zeros(2, np.int64)
    for i in range(len(starts)):
        size = np.int64(sizes[i])
        if kinds[i] != UNREAD or size < 8 or size > _LONGEST:
            continue
        at = buffer + starts[i]
        end = at + size
        if _run(at, end, 8) == 8:
            year, month, day = _digits(at, 4), _digits(at + 4, 2), _digits(at + 6, 2)
            at += 8
        else:
            if _run(at, end, 5) != 4:
                continue
            year = _digits(at, 4)
            at += 4
            mark = byte_at(at)
            count = _run(at + 1, end, 2)
            if (mark != 45 and mark != 47) or count == 0 or at + 1 + count >= end or byte_at(at + 1 + count) != mark:
                continue
            month = _digits(at + 1, count)
            at += 2 + count
            count = _run(at, end, 2)
            if count == 0:
                continue
            day = _digits(at, count)
            at += count
        if year < 1 or month < 1 or month > 12 or day < 1 or day > _month_length(year, month):
            continue
        us = _day(year, month, day) * _DAY_US
        if at == end:
            if dates:
                times[i], kinds[i] = us, WALL
            continue
        mark = byte_at(at)
        if mark == 84 or mark == 116:
            at += 1
        elif mark == 32:
            while at < end and byte_at(at) == 32:
                at += 1
        else:
            continue
        count = _run(at, end, 2)
        if count == 0 or _digits(at, count) > 23:
            continue
        us += _digits(at, count) * 3_600_000_000
        at += count
        at = _sixties(at, end, found)
        if at == _FAILED:
            continue
        us += found[0]
        if found[1] == 2 and at < end and (byte_at(at) == 46 or byte_at(at) == 44):
            count = _run(at + 1, end, _LONGEST)
            if count == 0:
                continue
            us += _micros(at + 1, count)
            at += 1 + count
        while at < end and byte_at(at) == 32:
            at += 1
        if at == end:
            if byte_at(end - 1) != 32:
                times[i], kinds[i] = us, WALL
            continue
        if at + 3 == end and (
            (byte_at(at) == 85 and byte_at(at + 1) == 84 and byte_at(at + 2) == 67)
            or (byte_at(at) == 71 and byte_at(at + 1) == 77 and byte_at(at + 2) == 84)
        ):
            times[i], kinds[i] = us, INSTANT
            continue
        if _offset(at, end, found) == end:
            times[i], kinds[i] = us - found[0], INSTANT


@njit("void(i8,i8[::1],i4[::1],i8,i8,i8[::1],u1[::1])", nogil=True, cache=True)
def read_counts(buffer: int, starts: Any, sizes: Any, by: int, over: int, times: Any, kinds: Any) -> None:
    """Read whole numbers of a unit since 1970, of which one is `by / over` microseconds."""
    for i in range(len(starts)):
        size = np.int64(sizes[i])
        at = buffer + starts[i]
        if size < 1 or size > 18 or _run(at, at + size, 18) != size:
            continue
        value = _digits(at, size)
        if value // over > _LAST_US // by:
            continue
        us = value * by // over
        if us <= _LAST_US:
            times[i], kinds[i] = us, INSTANT


@njit("void(i8,i8[::1],i4[::1],i8[:,::1],b1,i8[::1],u1[::1])", nogil=True, cache=True)
def read_formatted(buffer: int, starts: Any, sizes: Any, steps: Any, twelve: Any, times: Any, kinds: Any) -> None:
    """Read what is written in a format, see `program_of`."""
    found = np.zeros(2, np.int64)
    for i in range(len(starts)):
        size = np.int64(sizes[i])
        if size < 1 or size > _LONGEST:
            continue
        at = buffer + starts[i]
        end = at + size
        year, month, day, hour, us, half, kind = 0, 1, 1, 0, 0, 0, WALL
        fine = True
        for j in range(len(steps)):
            step = steps[j, 0]
            if step == _LITERAL:
                fine = at < end and byte_at(at) == steps[j, 1]
                at += 1
            elif step == _SPACE:
                fine = at < end and byte_at(at) == 32
                while at < end and byte_at(at) == 32:
                    at += 1
            elif step == _YEAR:
                fine = _run(at, end, 4) == 4
                if fine:
                    year = _digits(at, 4)
                at += 4
            elif step == _SHORT_YEAR:
                fine = _run(at, end, 2) == 2
                if fine:
                    year = _digits(at, 2)
                    year += 1900 if year >= 69 else 2000
                at += 2
            elif step == _FRACTION:
                count = _run(at, end, _LONGEST)
                fine = count > 0
                us += _micros(at, count)
                at += count
            elif step == _HALF:
                fine = at < end
                if fine:
                    letter = byte_at(at) | 32
                    half = 1 if letter == 97 else 2 if letter == 112 else 0
                    at += 1
                    if at < end and byte_at(at) == 46:
                        at += 1
                    if at < end and byte_at(at) == 32:
                        at += 1
                    fine = half > 0 and at < end and (byte_at(at) | 32) == 109
                    at += 1
                    if at < end and byte_at(at) == 46:
                        at += 1
            elif step == _OFFSET:
                at = _offset(at, end, found)
                fine = at != _FAILED
                kind = INSTANT
            elif step == _NAME:
                letters, word = 0, 0
                while at + letters < end and letters < 4 and 97 <= (byte_at(at + letters) | 32) <= 122:
                    word = word << 8 | (byte_at(at + letters) | 32)
                    letters += 1
                month = 0
                for k in range(12):
                    if letters == 3 and word == _NAMES[k]:
                        month = k + 1
                fine = month > 0
                at += letters
            else:
                count = _run(at, end, 2)
                fine = count > 0
                if fine:
                    value = _digits(at, count)
                    at += count
                    if step == _MONTH:
                        month = value
                    elif step == _DATE:
                        day = value
                    elif step == _HOUR:
                        hour = value
                        fine = value <= 23 and (value <= 12 or not twelve)
                    else:
                        fine = value <= 59
                        us += value * (60_000_000 if step == _MINUTE else 1_000_000)
            if not fine:
                break
        if not fine or at != end or year < 1 or month < 1 or month > 12 or day < 1 or day > _month_length(year, month):
            continue
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == 2 else 0)
        us += (_day(year, month, day) * 24 + hour) * 3_600_000_000
        if kind == INSTANT:
            us -= found[0]
        times[i], kinds[i] = us, kind
