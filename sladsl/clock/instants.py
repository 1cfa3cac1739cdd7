"""Instants as a person writes and names them, in a zone.

Takes:  microseconds UTC and a zone's name.
Gives:  ISO 8601 text, and the month, weekday, date and hour of an instant.
Never:  raises for an instant, however far away.
"""

from functools import lru_cache

from sladsl.clock.amounts import DAY_US, HOUR_US
from sladsl.clock.dates import WEEKDAYS, civil, date_text
from sladsl.clock.offsets import offsets_of


def iso(us: int, zone: str) -> str:
    """ISO 8601 with the zone's offset at that instant; microseconds only where there are any; `Z` for UTC.

    >>> iso(1772438400000000, "Europe/Madrid")
    '2026-03-02T09:00:00+01:00'
    """
    offset = offsets_of(zone).at(us)
    day, within = divmod(us + offset, DAY_US)
    seconds, fraction = divmod(within, 1_000_000)
    tail = f".{fraction:06d}" if fraction else ""
    return f"{_date(day)}T{_time(seconds)}{tail}{_offset_text(offset, zone)}"


def month_of(us: int, zone: str) -> int:
    """1 to 12."""
    return civil((us + offsets_of(zone).at(us)) // DAY_US)[1]


def weekday_of(us: int, zone: str) -> str:
    """`mon` to `sun`."""
    return WEEKDAYS[((us + offsets_of(zone).at(us)) // DAY_US + 3) % 7]


def date_of(us: int, zone: str) -> str:
    """The local date, `YYYY-MM-DD`."""
    return _date((us + offsets_of(zone).at(us)) // DAY_US)


def hour_of(us: int, zone: str) -> int:
    """0 to 23."""
    return (us + offsets_of(zone).at(us)) % DAY_US // HOUR_US


_date = lru_cache(maxsize=65_536)(date_text)


@lru_cache(maxsize=86_400)
def _time(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@lru_cache(maxsize=4096)
def _offset_text(offset: int, zone: str) -> str:
    if offset == 0 and zone in ("UTC", "Etc/UTC"):
        return "Z"
    sign, seconds = ("-", -offset // 1_000_000) if offset < 0 else ("+", offset // 1_000_000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
