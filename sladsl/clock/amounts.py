"""Durations as types: how long, and on which clock it is counted.

Takes:  a kind of clock and whole microseconds of it.
Gives:  `Amount`, and the words a person reads for amounts and for elapsed time.
Never:  mixes two kinds, rounds, or uses a float.
"""

from enum import Enum

from attrs import field, frozen

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


class ClockKind(str, Enum):
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
    """Elapsed microseconds as a person reads them: `2d 4h`, `3h 12m`, `45s`, `0.25s`, `1µs`; nothing is left out."""
    raise NotImplementedError


def amount_text(amount: Amount) -> str:
    """An amount in words, with its clock: `2 business days`, `24 business hours`, `1h 30m`."""
    raise NotImplementedError
