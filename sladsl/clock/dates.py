"""Dates as day numbers, for any year whatever.

Takes:  year, month and day, or days since 1970-01-01.
Gives:  the one from the other, in the Gregorian calendar carried on in both directions.
Never:  raises for a far year: the calendar repeats every 400 years, so far ones are looked up in a near cycle.
"""

from datetime import date

CYCLE_YEARS = 400
CYCLE_DAYS = 146_097
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Raises ValueError where the month has no such day.

    >>> day_number(1970, 1, 2)
    1
    """
    cycles, within = divmod(year - 1, CYCLE_YEARS)
    return date(within + 1, month, day).toordinal() - _EPOCH_ORDINAL + cycles * CYCLE_DAYS


def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of a day number.

    >>> civil(-1)
    (1969, 12, 31)
    """
    cycles, within = divmod(day + _EPOCH_ORDINAL - 1, CYCLE_DAYS)
    found = date.fromordinal(within + 1)
    return found.year + cycles * CYCLE_YEARS, found.month, found.day


def weekday(day: int) -> int:
    """0 (monday) to 6 (sunday)."""
    return (day + 3) % 7


def day_of(iso_date: str) -> int:
    """The day number of `YYYY-MM-DD`. Raises ValueError where it is no date.

    >>> day_of("1970-01-11")
    10
    """
    sign, digits = (-1, iso_date[1:]) if iso_date[:1] == "-" else (1, iso_date.lstrip("+"))
    parts = digits.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"`{iso_date}` is no date")
    year, month, day = parts
    return day_number(sign * int(year), int(month), int(day))


def date_text(day: int) -> str:
    """A day number as `YYYY-MM-DD`; years before 0 and after 9999 carry a sign.

    >>> date_text(10)
    '1970-01-11'
    """
    year, month, number = civil(day)
    return f"{year_text(year)}-{month:02d}-{number:02d}"


def year_text(year: int) -> str:
    """A year in four digits, with a sign where four do not hold it."""
    if 0 <= year <= 9999:
        return f"{year:04d}"
    return f"{year:+05d}"
