"""Read an instant from what stands in a log.

Takes:  a text, the zone for times without an offset, and where the author gave them a format or a unit.
Gives:  `Reading`: the instant, what was odd about it, or why it could not be read.
Never:  raises for a text, depends on a locale, or rounds: finer fractions than microseconds are cut.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from sladsl.clock.amounts import DAY_US
from sladsl.clock.dates import day_number
from sladsl.clock.formats import (
    LONGEST,
    Format,
    Parts,
    day_or_problem,
    format_of,
    offset_of,
    quoted,
    time_or_problem,
)
from sladsl.clock.offsets import Offsets, offsets_of


class Reading(NamedTuple):
    """What was read: `us` is None exactly where `problem` says why.

    `note` is empty, `skipped` or `repeated` (see `local_to_us`); `date_only` tells that no time of day stood there.
    """

    us: int | None
    note: str = ""
    date_only: bool = False
    problem: str = ""


Reader = Callable[[str], Reading]

UNITS = ("s", "ms", "us", "ns")

_LAST_US = day_number(10_000, 1, 1) * DAY_US - 1
_PER_SECOND = {"s": 0, "ms": -3, "us": -6, "ns": -9}
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ISO = re.compile(
    r"(?:(\d{4})([-/])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2}))"
    r"(?:(?:\s*[Tt]\s*|\s+)(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?"
    r"\s*([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?(?:\[[^\]]*\])?)?",
    re.ASCII,
)
# what a reader remembers of one column; beyond it forgets all and begins again
_REMEMBERED = 100_000

_new = tuple.__new__


def read_instant(
    text: str, zone: str, format: str | None = None, unit: str | None = None, end_of_day: bool = False
) -> Reading:
    """Read one instant; without `format` or `unit` it is ISO 8601 in its usual variants.

    `unit` is `s`, `ms`, `us` or `ns` since 1970. `end_of_day` makes a date without a time its last microsecond.
    Raises KeyError for an unknown zone; a text, format or unit that cannot be read is a `problem`.

    >>> read_instant("2026-03-02 09:00", "Europe/Madrid").us
    1772438400000000
    >>> read_instant("31/2/2026", "UTC", format="%d/%m/%Y").problem
    '`31/2/2026` is no date: february 2026 has no day 31'
    """
    return instant_reader(zone, format, unit, end_of_day)(text)


@lru_cache(maxsize=256)
def instant_reader(zone: str, format: str | None = None, unit: str | None = None, end_of_day: bool = False) -> Reader:
    """A function that reads as `read_instant` does, for hot loops: it remembers dates and times it has seen."""
    if unit is not None:
        return _number_reader(unit)
    understood = None if format is None else format_of(format)
    if isinstance(understood, str):
        refusal = Reading(None, problem=understood)
        return lambda text: refusal
    finish = _Finish(offsets_of(zone), end_of_day)
    if understood is None:
        return _iso_reader(finish)
    return _format_reader(understood, finish)


def format_problem(format: str) -> str:
    """What is wrong with a format (`%d/%m/%Y %H:%M`), in words for its author; empty where nothing is.

    >>> format_problem("%d/%m/%Y %Q")
    'the format `%d/%m/%Y %Q` holds `%Q`, which is no directive'
    """
    understood = format_of(format)
    return understood if isinstance(understood, str) else ""


class _Finish:
    """From parts to a reading, in the zone of times without an offset."""

    def __init__(self, offsets: Offsets, end_of_day: bool) -> None:
        self.offsets = offsets
        self._end_of_day = end_of_day

    def __call__(self, parts: Parts) -> Reading:
        wall = parts.day * DAY_US
        offsets = self.offsets if parts.zone is None else offsets_of(parts.zone)
        if parts.time_us is None:
            if self._end_of_day:
                # the next date begins at its midnight, or at the change of the clock that skips it
                return Reading(offsets.resolve(wall + DAY_US).first - 1, date_only=True)
            resolved = offsets.resolve(wall)
            return Reading(resolved.us, resolved.note, date_only=True)
        if parts.offset_us is not None:
            return Reading(wall + parts.time_us - parts.offset_us)
        resolved = offsets.resolve(wall + parts.time_us)
        return Reading(resolved.us, resolved.note)


class _Memory:
    """What one reader has seen: dates, times of day and offsets by their text.

    `walls` are midnights on the wall. `bases` are midnights as instants, for the dates that no clock change touches.
    """

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self.walls: dict[str, int] = {}
        self.bases: dict[str, int] = {}
        self.times: dict[str, int] = {}
        self.tails: dict[str, int] = {}
        self.whole: dict[str, Reading] = {}

    def date(self, text: str, day: int) -> None:
        if len(self.walls) >= _REMEMBERED:
            self.walls.clear()
            self.bases.clear()
        self.walls[text] = day * DAY_US
        offset = self._offsets.day_offset(day)
        if offset is not None:
            self.bases[text] = day * DAY_US - offset

    def time(self, text: str, time_us: int) -> None:
        if len(self.times) >= _REMEMBERED:
            self.times.clear()
        self.times[text] = time_us

    def tail(self, text: str, offset_us: int) -> None:
        if len(self.tails) < _REMEMBERED:
            self.tails[text] = offset_us

    def reading(self, text: str, reading: Reading) -> Reading:
        if len(self.whole) >= _REMEMBERED:
            self.whole.clear()
        self.whole[text] = reading
        return reading


def _iso_reader(finish: _Finish) -> Reader:
    memory = _Memory(finish.offsets)
    walls, bases, times, tails, whole = memory.walls, memory.bases, memory.times, memory.tails, memory.whole

    def read(text: str) -> Reading:
        # `2026-03-02T09:00:00`, then nothing, an offset, or a fraction and an offset: by far the most usual texts
        time_us = times.get(text[11:19])
        if time_us is not None and text[10] in "T ":
            tail = text[19:]
            if not tail:
                base = bases.get(text[:10])
                if base is not None:
                    return _new(Reading, (base + time_us, "", False, ""))
            else:
                if tail[0] == ".":
                    size = 7 if len(tail) > 6 and tail[4].isdigit() else 4
                    digits = tail[1:size]
                    if not (digits.isdigit() and digits.isascii()) or len(digits) < size - 1:
                        return slow(text)
                    time_us += int(digits) * (1 if size == 7 else 1000)
                    tail = tail[size:]
                    if not tail:
                        base = bases.get(text[:10])
                        return slow(text) if base is None else _new(Reading, (base + time_us, "", False, ""))
                offset_us = tails.get(tail)
                wall = walls.get(text[:10])
                if offset_us is not None and wall is not None:
                    return _new(Reading, (wall + time_us - offset_us, "", False, ""))
        elif len(text) == 10:
            reading = whole.get(text)
            if reading is not None:
                return reading
        return slow(text)

    def slow(text: str) -> Reading:
        stripped = text.strip()
        found = _ISO.fullmatch(stripped) if len(stripped) <= LONGEST else None
        if found is None:
            return Reading(None, problem=_not_iso(stripped))
        y1, _, m1, d1, y2, m2, d2, hour, minute, second, fraction, written = found.groups()
        day = day_or_problem(int(y1 or y2), int(m1 or m2), int(d1 or d2))
        if isinstance(day, str):
            return Reading(None, problem=f"{quoted(stripped)} is no date: {day}")
        if hour is None:
            reading = finish(Parts(day, None, None, None))
            return memory.reading(text, reading) if len(text) == 10 else reading
        time_us = time_or_problem(int(hour), int(minute or 0), int(second or 0), fraction or "")
        offset_us = _written_offset(written)
        for problem in (time_us, offset_us):
            if isinstance(problem, str):
                return Reading(None, problem=f"{quoted(stripped)} is no time of day: {problem}")
        assert not isinstance(time_us, str)
        assert not isinstance(offset_us, str)
        if stripped == text and y1 is not None and found.start(8) == 11 and text[10] in "T ":
            memory.date(text[:10], day)
            if found.end(10) == 19 or (second is None and found.end(9) == len(text) == 16):
                memory.time(text[11:19], time_us - int(f"{(fraction or '')[:6]:0<6}"))
            if written is not None and offset_us is not None:
                memory.tail(text[found.start(12) :], offset_us)
        return finish(Parts(day, time_us, offset_us, None))

    return read


def _written_offset(written: str | None) -> int | str | None:
    if written is None:
        return None
    return 0 if written in ("UTC", "GMT") else offset_of(written)


def _not_iso(text: str) -> str:
    if not text:
        return "an empty text is no instant"
    if _NUMBER.fullmatch(text[:LONGEST]):
        return f"{quoted(text)} is a number: whether of seconds or milliseconds, its unit has to be said"
    if re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text):
        return f"{quoted(text)} is not written as ISO 8601: its format has to be said"
    return f"{quoted(text)} is no instant"


def _format_reader(understood: Format, finish: _Finish) -> Reader:
    memory = _Memory(finish.offsets)
    bases, times, whole = memory.bases, memory.times, memory.whole

    def slow(text: str) -> Reading:
        stripped = text.strip()
        parts = understood.parse(stripped) if stripped else "an empty text is no instant"
        if isinstance(parts, str):
            return Reading(None, problem=parts)
        if understood.splits_at_space and parts.offset_us is None and parts.time_us is not None:
            date_text, space, time_text = text.partition(" ")
            # only what parses again from these two halves may be remembered by them
            if space and date_text and time_text.strip() == time_text:
                memory.date(date_text, parts.day)
                memory.time(time_text, parts.time_us)
        return finish(parts)

    if not understood.has_time:

        def read_date(text: str) -> Reading:
            reading = whole.get(text)
            return memory.reading(text, slow(text)) if reading is None else reading

        return read_date

    if not understood.splits_at_space:
        return slow

    def read(text: str) -> Reading:
        date_text, _, time_text = text.partition(" ")
        base = bases.get(date_text)
        if base is not None:
            time_us = times.get(time_text)
            if time_us is not None:
                return _new(Reading, (base + time_us, "", False, ""))
        return slow(text)

    return read


def _number_reader(unit: str) -> Reader:
    if unit not in UNITS:
        refusal = Reading(None, problem=f"{quoted(unit)} is no unit of time: known are {', '.join(UNITS)}")
        return lambda text: refusal
    times, over = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}[unit]

    def read(text: str) -> Reading:
        if text.isdigit() and text.isascii() and len(text) < 20:
            us: int | str = int(text) * times // over
        else:
            us = _from_decimal(text.strip(), _PER_SECOND[unit])
        if isinstance(us, str):
            return Reading(None, problem=us)
        if us > _LAST_US:
            return Reading(None, problem=f"{quoted(text.strip())} is after the year 9999, counted in {unit} since 1970")
        return _new(Reading, (us, "", False, ""))

    return read


def _from_decimal(text: str, per_second: int) -> int | str:
    """Microseconds of a decimal number of seconds · 10^per_second, cut; or why it is none."""
    if not text:
        return "an empty text is no instant"
    if len(text) > LONGEST or not _NUMBER.fullmatch(text):
        return f"{quoted(text)} is no number"
    from decimal import Decimal

    number = Decimal(text)
    if number < 0:
        return f"{quoted(text)} is a negative number of time since 1970"
    # checked before any power of ten is taken: an exponent of a user's choice must not grow into a number
    if number.adjusted() > 30:
        return _LAST_US + 1
    if number.adjusted() < -30:
        return 0
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)) or "0")
    scale = exponent + per_second + 6
    power: int = 10 ** abs(scale)
    return whole * power if scale >= 0 else whole // power
