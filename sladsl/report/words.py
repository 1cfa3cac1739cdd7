"""Figures as a person reads them.

Takes:  exact figures: ticks of a clock, Fractions, counts.
Gives:  short texts: `3h 12m`, `99.97%`, `1 lead`, `██████▋ `.
Never:  shows a share as 100% that is less, or as 0% that is more.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from sladsl.clock import ClockKind, amount_text, duration_text
from sladsl.ir.plan import Target

_HOUR_US = 3_600_000_000
_UNITS = ((86_400_000_000, "d"), (_HOUR_US, "h"), (60_000_000, "m"), (1_000_000, "s"))


def elapsed_text(ticks: int, clock: ClockKind) -> str:
    """Elapsed time, nothing left out; business time stays in hours, because its days are not days of 24 hours.

    >>> elapsed_text(95_400_000_000, ClockKind.BUSINESS_TIME), elapsed_text(95_400_000_000, ClockKind.EXACT)
    ('26h 30m', '1d 2h 30m')
    """
    hours, rest = divmod(ticks, _HOUR_US)
    if clock is not ClockKind.BUSINESS_TIME or hours < 24:
        return duration_text(ticks)
    return f"{hours}h {duration_text(rest)}" if rest else f"{hours}h"


def short_text(ticks: int, clock: ClockKind = ClockKind.EXACT) -> str:
    """Elapsed time in its two largest units, the rest cut off, for tables.

    >>> short_text(187_261_000_000), short_text(95_461_000_000, ClockKind.BUSINESS_TIME), short_text(0)
    ('2d 4h', '26h 31m', '0s')
    """
    if ticks < 1_000_000:
        return duration_text(ticks)
    units = _UNITS[1:] if clock is ClockKind.BUSINESS_TIME else _UNITS
    parts: list[str] = []
    for size, name in units:
        count, ticks = divmod(ticks, size)
        if count or parts:
            parts.append(f"{count}{name}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part)


def target_text(target: Target | None) -> str:
    """A target as the author wrote it, else in our words; empty without one."""
    if target is None:
        return ""
    if target.written:
        return target.written
    if target.amount is not None:
        return target.amount.written or amount_text(target.amount)
    return f"by {target.attribute}" if target.attribute else "a point in time"


def percent_text(share: Fraction, bound: Fraction | None = None) -> str:
    """A share with one digit, or as many as it takes to tell it from 100%, 0% and the bound it is held against.

    >>> [percent_text(Fraction(*pair)) for pair in ((2, 3), (1, 1), (9999, 10000), (1, 10000), (0, 1))]
    ['66.7%', '100%', '99.99%', '0.01%', '0%']
    >>> percent_text(Fraction(6984, 100000), Fraction(7, 100))
    '6.98%'
    """
    hundred = share * 100
    if hundred.denominator == 1:
        return f"{hundred.numerator}%"
    for digits in range(1, 7):
        rounded = _rounded(hundred, digits)
        if rounded not in (0, 100) and (bound is None or share == bound or Fraction(rounded) != bound * 100):
            return f"{rounded.normalize():f}%" if digits > 1 else f"{rounded}%"
    near = _rounded(hundred, 6).normalize()
    return f"{'just over' if hundred > Fraction(near) else 'just under'} {near:f}%"


def number_text(number: Fraction, bound: Fraction | None = None) -> str:
    """A number with two decimals at most, or as many as it takes to tell it from its bound; thousands set apart.

    >>> number_text(Fraction(120)), number_text(Fraction(12345678, 1000))
    ('120', '12,345.68')
    >>> number_text(Fraction(4199, 1000), Fraction(42, 10))
    '4.199'
    """
    if number.denominator == 1:
        return f"{number.numerator:,}"
    digits = 2
    while digits < 9 and number != bound and Fraction(_rounded(number, digits)) == bound:
        digits += 1
    text = f"{_rounded(number, digits):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(number: Fraction, digits: int) -> Decimal:
    with localcontext(prec=200):
        scaled = round(abs(number) * 10**digits)
        value = Decimal(scaled).scaleb(-digits)
        return -value if number < 0 else value


def counted(number: int, word: str, plural: str = "") -> str:
    """A number and its noun.

    >>> counted(1, "lead"), counted(1200, "lead"), counted(2, "entry", "entries")
    ('1 lead', '1,200 leads', '2 entries')
    """
    return f"1 {word}" if number == 1 else f"{number:,} {plural or word + 's'}"


def bar(share: Fraction, width: int, blocks: bool = True) -> str:
    """A bar of `width` characters; full only at 100%, empty only at 0%. Without `blocks`, of plain characters.

    >>> bar(Fraction(1, 2), 4), bar(Fraction(999, 1000), 4, blocks=False)
    ('██  ', '###.')
    """
    if not blocks:
        full = max(int(share * width), int(share > 0))
        return "#" * full + "." * (width - full)
    eighths = max(int(share * width * 8), int(share > 0))
    full, part = divmod(eighths, 8)
    text = "█" * full + (" ▏▎▍▌▋▊▉"[part] if part else "")
    return text.ljust(width)
