"""An instant that a program or a command line gives.

Takes:  a datetime, a date, a text, or microseconds since 1970.
Gives:  `instant_of`: microseconds UTC since 1970.
Never:  takes anything else for an instant, or reads the machine's zone.
"""

from __future__ import annotations

from datetime import date, datetime

from sladsl.clock import read_instant
from sladsl.events.log import LogError
from sladsl.text import Diagnostic

_FIRST_US = -719_162 * 86_400_000_000  # of the year 1
_END_US = 2_932_897 * 86_400_000_000  # of the year 9999


def instant_of(moment: datetime | date | str | int, zone: str) -> int:
    """Microseconds since 1970 of an instant given in any of the usual ways; without an offset it is read in `zone`.

    A date is its first instant there. Raises LogError where the text is no instant, and where a number of microseconds
    lies outside the years 1 to 9999; TypeError for what is none of these.

    >>> instant_of("2026-01-05T10:00+01:00", "UTC"), instant_of(date(2026, 1, 5), "Europe/Madrid")
    (1767603600000000, 1767567600000000)
    """
    if isinstance(moment, bool) or not isinstance(moment, date | str | int):
        kind = type(moment).__name__
        raise TypeError(f"an instant is a datetime, a date, a text, or microseconds since 1970, not `{kind}`")
    if isinstance(moment, int):
        if not _FIRST_US <= moment < _END_US:
            message = "so many microseconds since 1970 lie outside the years 1 to 9999"
            raise LogError([Diagnostic("SLA0932", message, None, help="give microseconds, or a text with a date")])
        return moment
    text = moment.isoformat() if isinstance(moment, date) else moment
    reading = read_instant(text, zone)
    if reading.us is None:
        message = reading.problem if f"`{text}`" in reading.problem else f"`{text}` is no instant: {reading.problem}"
        raise LogError([Diagnostic("SLA0932", message, None, help="write it like `2026-03-02T09:00:00Z`")])
    return reading.us
