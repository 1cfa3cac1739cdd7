"""Durations as types: how long, and on which clock it is counted.

Takes:  a kind of clock and whole microseconds of it.
Gives:  `Amount`, and the words a person reads for amounts and for elapsed time.
Never:  mixes two kinds, rounds, or uses a float.
"""

from enum import StrEnum

from attrs import field, frozen

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


class ClockKind(StrEnum):
    """The four ways in which a promise can count time."""

    EXACT = "exact"
    BUSINESS_TIME = "business time"
    BUSINESS_DAYS = "business days"
    CALENDAR_DAYS = "calendar days"


@frozen
class Amount:
    """A duration on one kind of clock.

    `ticks` are microseconds of that clock: a business day and a calendar day are 86_400_000_000 ticks each.
    `written` is what the author wrote; it takes no part in equality.

    >>> Amount(ClockKind.EXACT, DAY_US, "24h") == Amount(ClockKind.EXACT, DAY_US, "1 day")
    True
    """

    kind: ClockKind
    ticks: int
    written: str = field(eq=False)

    def share(self, numerator: int, denominator: int) -> "Amount":
        """That share of the amount, on the same clock; a fraction of a tick counts as a whole one.

        Raises ValueError where the denominator is not positive.

        >>> Amount(ClockKind.EXACT, DAY_US, "24h").share(75, 100).ticks == 18 * HOUR_US
        True
        """
        if denominator <= 0:
            raise ValueError("a share needs a positive denominator")
        ticks = -(-self.ticks * numerator // denominator)
        part = f"{numerator}%" if denominator == 100 else f"{numerator}/{denominator}"
        return Amount(self.kind, ticks, f"{part} of {self.written}")


def duration_text(us: int) -> str:
    """Elapsed microseconds as a person reads them; nothing is left out and nothing is rounded. A day is 24 hours.

    >>> [duration_text(n) for n in (11_520_000_000, 187_200_000_000, 250_000, 1, 0)]
    ['3h 12m', '2d 4h', '0.25s', '1µs', '0s']
    """
    if us < 0:
        return f"-{duration_text(-us)}"
    days, rest = divmod(us, DAY_US)
    clock = _clock_text(rest)
    if days:
        return f"{days}d {clock}" if rest else f"{days}d"
    return clock


def amount_text(amount: Amount) -> str:
    """An amount in words, with its clock.

    >>> day = Amount(ClockKind.BUSINESS_DAYS, 2 * DAY_US, "")
    >>> amount_text(day), amount_text(Amount(ClockKind.BUSINESS_TIME, DAY_US, ""))
    ('2 business days', '24 business hours')
    """
    if amount.ticks < 0:
        return f"-{amount_text(Amount(amount.kind, -amount.ticks, amount.written))}"
    match amount.kind:
        case ClockKind.EXACT:
            return duration_text(amount.ticks)
        case ClockKind.BUSINESS_TIME:
            return _business_time_text(amount.ticks)
        case ClockKind.BUSINESS_DAYS:
            return _days_text(amount.ticks, "business day")
        case ClockKind.CALENDAR_DAYS:
            return _days_text(amount.ticks, "calendar day")


def _clock_text(us: int) -> str:
    """Less than a day, or hours without end: `3h 12m 5.5s`; whole microseconds below a millisecond."""
    if 0 < us < 1_000:
        return f"{us}µs"
    hours, rest = divmod(us, HOUR_US)
    minutes, rest = divmod(rest, MINUTE_US)
    seconds, fraction = divmod(rest, SECOND_US)
    parts = []
    if hours:
        parts.append(f"{hours}h")
    if minutes:
        parts.append(f"{minutes}m")
    if fraction:
        parts.append(f"{seconds}.{fraction:06d}".rstrip("0") + "s")
    elif seconds or not parts:
        parts.append(f"{seconds}s")
    return " ".join(parts)


def _business_time_text(us: int) -> str:
    if us % HOUR_US == 0:
        return _counted(us // HOUR_US, "business hour")
    if us % MINUTE_US == 0 and us < 3 * HOUR_US:
        return _counted(us // MINUTE_US, "business minute")
    return f"{_clock_text(us)} of business time"


def _days_text(us: int, unit: str) -> str:
    days, rest = divmod(us, DAY_US)
    if not rest:
        return _counted(days, unit)
    if not days:
        return f"{_clock_text(rest)} of a {unit}"
    return f"{_counted(days, unit)} {_clock_text(rest)}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
