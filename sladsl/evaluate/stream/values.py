"""Cells read in the kind that their use gives them.

Takes:  a value as an event carries it: text, or a Python value from a source with kinds of its own.
Gives:  int or Fraction, bool, text, microseconds.
Never:  guesses: what cannot be read raises Fault with words for the author.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from sladsl.clock import iso, read_instant
from sladsl.events import Instant

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_INTEGER = re.compile(r"[+-]?\d{1,400}")
_YES, _NO = ("yes", "true", "1", "sí", "si", "verdadero"), ("no", "false", "0", "falso")
_TRUTHS = {word: truth for words, truth in ((_YES, True), (_NO, False)) for word in words}
_CACHE_LIMIT = 100_000  # texts remembered per kind; beyond it the cache starts anew
_SHOWN = 60


class Fault(Exception):
    """A run-time error in a condition: `reason` says in the author's words why it cannot be decided."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def shown(value: object) -> str:
    """A cell for a message: in backticks, shortened."""
    text = str(value)
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"


def exact(value: Fraction) -> int | Fraction:
    """The same number, as an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def _number_of_text(text: str) -> int | Fraction:
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and len(text) <= 400:
        return exact(Fraction(text))
    raise Fault(f"{shown(text)} is not a number")


_numbers: dict[str, int | Fraction] = {}


def number(value: object) -> int | Fraction:
    """The exact number of a cell; a float is taken by its shortest text.

    >>> number("1.50") == Fraction(3, 2), number(7)
    (True, 7)
    """
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[return-value]
    if kind is str:
        known = _numbers.get(value)  # type: ignore[call-overload]
        if known is None:
            known = _number_of_text(value)  # type: ignore[arg-type]
            if len(_numbers) >= _CACHE_LIMIT:
                _numbers.clear()
            _numbers[value] = known  # type: ignore[index]
        return known  # type: ignore[no-any-return]
    if isinstance(value, Instant):
        raise Fault(f"{shown(text(value))} is an instant, not a number")
    if isinstance(value, bool):
        raise Fault(f"{shown(text(value))} is not a number")
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Fraction):
        return exact(value)
    if isinstance(value, Decimal) and value.is_finite() and -400 < value.adjusted() < 400:
        return exact(Fraction(value))
    return _number_of_text(repr(value) if isinstance(value, float) else str(value))


def truth(value: object) -> bool:
    """The truth of a cell: yes, no, true, false, 1, 0, and `sí`, `verdadero`, `falso`, in any case."""
    if value is True or value is False:
        return value
    known = _TRUTHS.get(str(value).strip().lower())
    if known is None:
        raise Fault(f"{shown(value)} is neither yes nor no")
    return known


def text(value: object) -> str:
    """The text of a cell, exactly; values with a kind of their own as they are usually written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Instant):
        return iso(value, "UTC")
    return str(value)


def instants(zone: str, end_of_day: bool) -> Callable[[object], int]:
    """A reader of cells as instants (microseconds UTC), for times without an offset in this zone."""
    known: dict[str, int] = {}

    def instant(value: object) -> int:
        if isinstance(value, Instant):
            return int(value)
        if isinstance(value, str):
            us = known.get(value)
            if us is not None:
                return us
            reading = read_instant(value, zone, end_of_day=end_of_day)
            if reading.us is not None:
                if len(known) >= _CACHE_LIMIT:
                    known.clear()
                known[value] = reading.us
                return reading.us
        raise Fault(f"{shown(value)} is not an instant")

    return instant


def glob(subject: str, pattern: str) -> bool:
    """Whether the whole subject matches a pattern of literal characters, `*` and `?`; time grows with the product of their lengths at most.

    >>> glob("high value", "high*"), glob("abc", "a?d")
    (True, False)
    """
    i = j = 0
    star, mark = -1, 0
    while i < len(subject):
        if j < len(pattern) and (pattern[j] == "?" or (pattern[j] != "*" and pattern[j] == subject[i])):
            i += 1
            j += 1
        elif j < len(pattern) and pattern[j] == "*":
            star, mark = j, i
            j += 1
        elif star >= 0:
            mark += 1
            i, j = mark, star + 1
        else:
            return False
    return all(character == "*" for character in pattern[j:])
