"""Instants as a person writes and names them, in a zone.

Takes:  microseconds UTC and a zone's name.
Gives:  ISO 8601 text, and the month, weekday, date and hour of an instant.
Never:  raises for an instant, however far away.
"""


def iso(us: int, zone: str) -> str:
    """ISO 8601 with the zone's offset at that instant; microseconds only where there are any; `Z` for UTC.

    >>> iso(1772438400000000, "Europe/Madrid")
    '2026-03-02T09:00:00+01:00'
    """
    raise NotImplementedError


def month_of(us: int, zone: str) -> int:
    """1 to 12."""
    raise NotImplementedError


def weekday_of(us: int, zone: str) -> str:
    """`mon` to `sun`."""
    raise NotImplementedError


def date_of(us: int, zone: str) -> str:
    """The local date, `YYYY-MM-DD`."""
    raise NotImplementedError


def hour_of(us: int, zone: str) -> int:
    """0 to 23."""
    raise NotImplementedError
