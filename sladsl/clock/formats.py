"""Formats of instants: `%d/%m/%Y %H:%M`.

Takes:  a format in the usual directives, and texts written so.
Gives:  year, month, day, time of day and offset of a text, or in words why it is none.
Never:  depends on a locale: names of months and weekdays are English.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from attrs import frozen

from sladsl.clock.amounts import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from sladsl.clock.dates import civil, day_number
from sladsl.clock.zones import known_zone

LONGEST = 1000

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS = {name[:size]: i for i, name in enumerate(MONTHS, 1) for size in (3, 9)} | {"sept": 9}

# Shorthands stand for others; the rest are directive, pattern. Numbers may stand without their leading zeros.
_SHORTHANDS = {"T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "F": "%Y-%m-%d"}
_OFFSET = r"[Zz]|[+-]\d\d(?::?\d\d(?::?\d\d)?)?"
_PATTERNS = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{1,2}",
    "d": r"\d{1,2}",
    "j": r"\d{1,3}",
    "b": r"[A-Za-z]{3,9}",
    "a": r"[A-Za-z]{2,9}\.?",
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "f": r"\d+",
    "p": r"[AaPp]\.?\s?[Mm]\.?",
    "z": _OFFSET,
    "Z": r"[A-Za-z][A-Za-z0-9_+/-]*",
}
_SAME = {"B": "b", "h": "b", "A": "a", "e": "d", "k": "H", "l": "I"}
_DATE_DIRECTIVES = frozenset("Yymdjba")
_TIME_DIRECTIVES = frozenset("HIMSfpzZ")


class Parts(NamedTuple):
    """What a text says: a day number, microseconds of its day (None where it has no time), and where it is read.

    `offset_us` is the offset written, `zone` the zone written; without either the reader's zone decides.
    """

    day: int
    time_us: int | None
    offset_us: int | None
    zone: str | None


@frozen
class Format:
    """A format that was understood."""

    written: str
    pattern: re.Pattern[str]
    fields: tuple[str, ...]
    splits_at_space: bool

    @property
    def has_time(self) -> bool:
        """Whether it holds any time of day."""
        return bool(_TIME_DIRECTIVES.intersection(self.fields))

    def parse(self, text: str) -> Parts | str:
        """The parts of a text, or what is wrong with it, in words."""
        found = self.pattern.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            return f"{quoted(text)} is not written as `{self.written}`"
        said = dict(zip(self.fields, found.groups(), strict=True))
        day = _day(said)
        if isinstance(day, str):
            return f"{quoted(text)} is no date: {day}"
        time_us = _time(said) if self.has_time else None
        if isinstance(time_us, str):
            return f"{quoted(text)} is no time of day: {time_us}"
        offset_us = offset_of(said["z"]) if "z" in said else None
        if isinstance(offset_us, str):
            return f"{quoted(text)} is no time of day: {offset_us}"
        zone = said.get("Z")
        if zone is not None and zone.upper() in ("UTC", "GMT", "Z"):
            offset_us, zone = 0, None
        if zone is not None and not known_zone(zone):
            return f"{quoted(text)}: no zone is called {quoted(zone)}"
        return Parts(day, time_us, offset_us, zone)


@lru_cache(maxsize=256)
def format_of(written: str) -> Format | str:
    """The format of a text with directives, or what is wrong with it, in words for its author.

    >>> format_of("%d/%m %H:%M")
    'the format `%d/%m %H:%M` has no year'
    """
    tokens = _tokens(written.strip())
    fields: list[str] = []
    pattern: list[str] = []
    for kind, said in tokens:
        if kind == "wrong":
            return f"the format `{written}` holds `%{said}`, which is no directive"
        name = _SAME.get(said, said)
        if kind == "directive" and name in fields:
            return f"the format `{written}` says `%{said}` twice"
        if kind == "directive":
            fields.append(name)
            pattern.append(f"({_PATTERNS[name]})")
        else:
            pattern.append(r"\s+" if kind == "space" else re.escape(said))
    problem = _incomplete(frozenset(fields))
    if problem:
        return f"the format `{written}` {problem}"
    return Format(written, re.compile("".join(pattern), re.ASCII), tuple(fields), _splits_at_space(tokens))


def _tokens(text: str) -> list[tuple[str, str]]:
    """What a format is made of: (`directive`, letter), (`space`, …), (`literal`, …), (`wrong`, letter)."""
    found: list[tuple[str, str]] = []
    for flag, letter, space, literal in re.findall(r"%([-_0^#]?)(.?)|(\s+)|([^%\s]+)", text):
        if space:
            found.append(("space", " "))
        elif literal:
            found.append(("literal", literal))
        elif letter == "%" and not flag:
            found.append(("literal", "%"))
        elif letter in _SHORTHANDS:
            found += _tokens(_SHORTHANDS[letter])
        elif letter in _PATTERNS or letter in _SAME:
            found.append(("directive", letter))
        else:
            found.append(("wrong", letter))
    return found


def _splits_at_space(tokens: list[tuple[str, str]]) -> bool:
    """Whether all of the date stands before the first space and all of the time after it.

    A reader may then remember the two halves of a text each by itself. A zone of its own makes them hang together.
    """
    if ("space", " ") not in tokens:
        return False
    place = tokens.index(("space", " "))
    before, after = (
        {_SAME.get(said, said) for kind, said in side if kind == "directive"}
        for side in (tokens[:place], tokens[place:])
    )
    return before <= _DATE_DIRECTIVES and after <= _TIME_DIRECTIVES - {"Z"}


def _incomplete(fields: frozenset[str]) -> str:
    if not fields & {"Y", "y"}:
        return "has no year"
    if {"Y", "y"} <= fields or {"m", "b"} <= fields or {"H", "I"} <= fields:
        return "says one thing in two ways"
    if "j" in fields and fields & {"m", "b", "d"}:
        return "says one thing in two ways"
    if "d" in fields and not fields & {"m", "b"}:
        return "has a day but no month"
    if "I" in fields and "p" not in fields:
        return "counts hours to 12 without `%p` for am or pm"
    if fields & {"M", "S", "f", "p"} and not fields & {"H", "I"}:
        return "has a part of a time but no hour"
    if ("S" in fields and "M" not in fields) or ("f" in fields and "S" not in fields):
        return "leaves out a part of the time"
    return ""


def _day(said: dict[str, str]) -> int | str:
    if "Y" in said:
        year = int(said["Y"])
    else:
        year = int(said["y"])
        # as POSIX has it: 69 to 99 lie in the last century
        year += 1900 if year >= 69 else 2000
    if "j" in said:
        if year == 0:
            return "there is no year 0"
        day = day_number(year, 1, 1) + int(said["j"]) - 1
        return day if civil(day)[0] == year else f"{year} has no day {said['j']}"
    if "b" in said:
        month = _MONTH_NUMBERS.get(said["b"].lower(), 0)
        if not month:
            return f"{quoted(said['b'])} is no month"
    else:
        month = int(said.get("m", "1"))
    return day_or_problem(year, month, int(said.get("d", "1")))


def day_or_problem(year: int, month: int, day: int) -> int | str:
    """The day number of a date, or why there is no such date."""
    if not 1 <= year <= 9999:
        return f"there is no year {year}"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    try:
        return day_number(year, month, day)
    except ValueError:
        return f"{MONTHS[month - 1]} {year} has no day {day}"


def _time(said: dict[str, str]) -> int | str:
    hour = int(said.get("H") or said.get("I") or "0")
    if "I" in said and hour > 12:
        return f"hours before noon or after are counted to 12, not {hour}"
    if "p" in said and hour <= 12:
        hour = hour % 12 + (12 if said["p"][0] in "Pp" else 0)
    return time_or_problem(hour, int(said.get("M", "0")), int(said.get("S", "0")), said.get("f", ""))


def time_or_problem(hour: int, minute: int, second: int, fraction: str) -> int | str:
    """Microseconds of the day, or why there is no such time; finer fractions are cut.

    24:00 is the midnight at the day's end, and a leap second (60) is read as the second after.
    """
    if hour > 24 or (hour == 24 and (minute or second or fraction.strip("0"))):
        return f"there is no hour {hour}"
    if minute > 59:
        return f"there is no minute {minute}"
    if second > 60:
        return f"there is no second {second}"
    return hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + int(f"{fraction[:6]:0<6}")


def offset_of(written: str) -> int | str:
    """Microseconds east of UTC of `Z`, `+01`, `+0100`, `-03:30`, or why it is no offset."""
    if written in ("Z", "z"):
        return 0
    digits = f"{written[1:].replace(':', ''):0<6}"
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    offset = hours * HOUR_US + minutes * MINUTE_US + seconds * SECOND_US
    if minutes > 59 or seconds > 59 or offset >= DAY_US:
        return f"{quoted(written)} is no offset"
    return -offset if written[0] == "-" else offset


def quoted(text: str) -> str:
    """A text of the user's in backticks, cut and made printable."""
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    return f"`{''.join(letter if letter.isprintable() else '�' for letter in shown)}`"
