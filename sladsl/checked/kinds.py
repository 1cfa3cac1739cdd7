"""Kinds: what a value is, and which kinds go together.

Takes:  nothing but plain data.
Gives:  Kind, the kinds there are, and `common`: the kind in which two can be compared.
Never:  looks at a log; a cell takes the kind that its use gives it.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Kind:
    """A kind of value. `words` is how a message names it; money carries its currency, for two never mix."""

    words: str
    currency: str = ""

    def __str__(self) -> str:
        return f"money in {self.currency}" if self.currency else self.words


NUMBER = Kind("a number")
TEXT = Kind("text")
NAME = Kind("a name")  # event types and actors: folded before they are compared
TRUTH = Kind("yes or no")
INSTANT = Kind("an instant")
DATE = Kind("a date")
TIME_OF_DAY = Kind("a time of day")
DURATION = Kind("a duration")
BUSINESS_TIME = Kind("business time")
BUSINESS_DAYS = Kind("business days")
CALENDAR_DAYS = Kind("calendar days")
LIST = Kind("a list")
RANGE = Kind("a range")
ERROR = Kind("an error")  # something already complained about: it silences what depends on it

ORDERED = (NUMBER, TEXT, INSTANT, DATE, DURATION)
# What a cell of a log can be read as.
CELL = (NUMBER, TEXT, NAME, TRUTH, INSTANT)
# The parts of an instant (`month of time`).
PARTS = {"month": NUMBER, "hour": NUMBER, "weekday": TEXT, "date": DATE}


def money(currency: str) -> Kind:
    """Money of one currency."""
    return Kind("money", currency)


def is_money(kind: Kind) -> bool:
    """Whether it is money of some currency."""
    return bool(kind.currency)


def is_numeric(kind: Kind) -> bool:
    """Whether an evaluator holds it as a plain number: numbers, shares and money."""
    return kind == NUMBER or is_money(kind)


def is_ordered(kind: Kind) -> bool:
    """Whether `<` makes sense of it."""
    return kind in ORDERED or is_money(kind)


def common(left: Kind, right: Kind) -> Kind | None:
    """The kind in which two values are compared, None where they do not mix.

    >>> common(INSTANT, DATE) is INSTANT
    True
    """
    if ERROR in (left, right):
        return ERROR
    if left == right:
        return left if left not in (LIST, RANGE) else None
    pair = {left, right}
    if pair == {INSTANT, DATE}:
        return INSTANT
    if pair == {NAME, TEXT}:
        return NAME
    return None
