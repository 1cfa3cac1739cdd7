"""Values as written, made exact.

Takes:  value nodes of the tree, the agreement's zone.
Gives:  numbers, amounts on a clock, instants in microseconds; complaints about units.
Never:  uses a float.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from sladsl.checked.findings import Findings
from sladsl.checked.kinds import DATE, INSTANT, NAME, Kind
from sladsl.checked.typed import Lit, Value
from sladsl.clock import Amount, ClockKind, local_to_us
from sladsl.syntax import tree
from sladsl.text import Fix, fold

_SECOND_US = 1_000_000
_UNIT_US: dict[str, int] = {
    "millisecond": 1000,
    "second": _SECOND_US,
    "minute": 60 * _SECOND_US,
    "hour": 3600 * _SECOND_US,
    "day": 86_400 * _SECOND_US,
    "week": 7 * 86_400 * _SECOND_US,
}
DAY_US = _UNIT_US["day"]
# One century; past it no due is ever reached in a log.
MOST_TICKS = 100 * 366 * DAY_US
MOST_COUNT = 1_000_000_000
# Numbers of more bits come only from definitions that multiply one another up; no agreement needs them.
MOST_BITS = 1000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def exact(value: int | Decimal) -> int | Fraction:
    """A written number as an exact one; whole numbers are int."""
    return simplest(Fraction(value))


def simplest(value: Fraction) -> int | Fraction:
    """An int where the value is whole."""
    return value.numerator if value.denominator == 1 else value


def out_of_range(value: int | Fraction) -> bool:
    """Whether a number is too long to be worked with."""
    fraction = Fraction(value)
    return fraction.numerator.bit_length() > MOST_BITS or fraction.denominator.bit_length() > MOST_BITS


def decimal_text(value: int | Fraction) -> str | None:
    """An exact decimal as text (`1000`, `0.50` as `0.5`), None where it has no end or more than 12 places."""
    fraction = Fraction(value)
    rest = fraction.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 12:
        return None
    digits = str(abs(fraction.numerator) * (10**places // fraction.denominator)).rjust(places + 1, "0")
    sign = "-" if fraction < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def time_of_day_us(time: tree.TimeOfDay) -> int:
    """Microseconds of the wall-clock day."""
    return (time.hour * 3600 + time.minute * 60 + time.second) * _SECOND_US


def instant_us(value: tree.Instant | tree.Date, zone: str) -> int:
    """Microseconds UTC since 1970; what has no offset is in the zone, a date is its 00:00."""
    if isinstance(value, tree.Date):
        date = value.value
        return local_to_us(date.year, date.month, date.day, zone=zone)[0]
    when = value.value
    if when.tzinfo is None:
        parts = (when.year, when.month, when.day, when.hour, when.minute, when.second, when.microsecond)
        return local_to_us(*parts, zone=zone)[0]
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * _SECOND_US + since.microseconds


def end_of_date_us(value: tree.Date, zone: str) -> int:
    """The last microsecond of a date in the zone."""
    try:
        after = value.value + datetime.timedelta(days=1)
    except OverflowError:
        return instant_us(value, zone) + DAY_US - 1
    return local_to_us(after.year, after.month, after.day, zone=zone)[0] - 1


def amount_of(duration: tree.Duration, findings: Findings) -> Amount | None:
    """The amount of a written duration, on its clock; None where a complaint has been made."""
    written = duration.written
    if any(part.unit == "m" for part in duration.parts):
        minutes = _replaced(duration, "m", "min")
        message = f"`{written}` could be minutes or months"
        findings.add("SLA0203", message, duration.span, help=f"write `{minutes}`", fix=Fix(duration.span, minutes))
        return None
    long = next((part.unit for part in duration.parts if part.unit in ("month", "quarter", "year")), None)
    if long is not None:
        days = {"month": 30, "quarter": 90, "year": 365}[long]
        message = f"`{written}` has no fixed length"
        findings.add(
            "SLA0204", message, duration.span, help=f"write days, e.g. `{days} days` or `{days} calendar days`"
        )
        return None
    kind = _clock_kind(duration, findings)
    if kind is None:
        return None
    ticks = sum((Fraction(part.value) * _UNIT_US[part.unit] for part in duration.parts), Fraction(0))
    whole = kind in (ClockKind.EXACT, ClockKind.BUSINESS_TIME)
    if ticks.denominator != 1 or (not whole and ticks % DAY_US):
        message = f"`{written}` is no whole number of {'microseconds' if whole else 'days'}"
        findings.add("SLA0211", message, duration.span)
        return None
    if not 0 <= ticks <= MOST_TICKS:
        findings.add("SLA0211", f"`{written}` is longer than a century", duration.span)
        return None
    return Amount(kind, int(ticks), written)


def unit_ticks_of(duration: tree.Duration) -> tuple[str, int]:
    """The unit that a target was written in, with its clock, and its ticks: (`business days`, 86_400_000_000)."""
    unit = duration.parts[-1].unit
    words = {"exact": "", "business": "business ", "calendar": "calendar "}[duration.kind]
    names = {"millisecond": "ms", "second": "s", "minute": "min", "hour": "h", "day": "days", "week": "weeks"}
    if words:
        names = names | {"second": "seconds", "minute": "minutes", "hour": "hours"}
    return words + names.get(unit, unit), _UNIT_US.get(unit, 1)


def _clock_kind(duration: tree.Duration, findings: Findings) -> ClockKind | None:
    units = {part.unit for part in duration.parts}
    days = units & {"day", "week"}
    if duration.kind == "exact":
        return ClockKind.EXACT
    if duration.kind == "calendar":
        if units == days:
            return ClockKind.CALENDAR_DAYS
        message = f"`{duration.written}`: only days can be calendar days"
        findings.add("SLA0204", message, duration.span, help="hours and minutes are written without `calendar`")
        return None
    if "week" in units:
        message = f"`{duration.written}`: a week has no fixed number of business days"
        findings.add("SLA0204", message, duration.span, help="write the days, e.g. `5 business days`")
        return None
    if days and units != days:
        message = f"`{duration.written}` mixes business days with business time"
        findings.add("SLA0201", message, duration.span, help="write it in one of the two")
        return None
    return ClockKind.BUSINESS_DAYS if days else ClockKind.BUSINESS_TIME


def _replaced(duration: tree.Duration, unit: str, by: str) -> str:
    parts = (
        f"{part.value}{' ' if len(duration.parts) == 1 else ''}{by if part.unit == unit else part.unit[0]}"
        for part in duration.parts
    )
    return " ".join(parts) if len(duration.parts) == 1 else "".join(parts)


def share_of(value: tree.Share) -> Fraction:
    """`95%` as 19/20."""
    return Fraction(value.value) / 100


def date_of(lit: Lit) -> tree.Date:
    """The date that a literal of that kind holds."""
    return tree.Date(datetime.date.fromisoformat(str(lit.value)), span=lit.span)


def literal_as(lit: Lit, kind: Kind, zone: str) -> Value:
    """The value of a literal, read as a kind that goes with its own: texts as names, dates as their 00:00."""
    if kind == NAME:
        return fold(str(lit.value))
    if kind == INSTANT and lit.kind == DATE:
        return instant_us(date_of(lit), zone)
    return lit.value
