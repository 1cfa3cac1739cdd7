"""Values as written: numbers, texts, money, durations, dates, ranges, lists.

Takes:  nothing.
Gives:  the value nodes; each docstring shows the text it comes from.
Never:  converts units, compares kinds or knows a calendar: that is the checker's work.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import field

from sladsl.syntax.tree.node import Node
from sladsl.text.record import frozen

if TYPE_CHECKING:
    from sladsl.syntax.tree.expressions import Expression

DurationKind = Literal["exact", "business", "calendar"]
Unit = Literal["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "m"]
"""A unit of time; `m` is the lone `m` of `90m`, which the checker refuses (minutes or months?)."""
Amount = int | Decimal
"""A written number: whole ones are int, others Decimal. Never a float."""


@frozen(eq=False, repr=False)
class Number(Node):
    """`60`, `1_000`, `0.5`. A leading `-` is a Negative around it."""

    value: Amount


@frozen(eq=False, repr=False)
class Text(Node):
    """`"cto"`: what stands between the quotes, escapes resolved (`\\"` and `\\\\`)."""

    value: str


@frozen(eq=False, repr=False)
class Truth(Node):
    """`yes` or `no`."""

    value: bool


@frozen(eq=False, repr=False)
class Share(Node):
    """`95%`: value 95."""

    value: Amount


@frozen(eq=False, repr=False)
class Money(Node):
    """`300_000 EUR`: value 300000, currency as written in capitals."""

    value: Amount
    currency: str


@frozen(eq=False, repr=False)
class DurationPart(Node):
    """One number with its unit, inside a duration: the `30 min` of `1h 30min`."""

    value: Amount
    unit: Unit


@frozen(eq=False, repr=False)
class Duration(Node):
    """`24h`, `1h30m`, `2 days` (exact); `24 business hours`, `3 business days` (business); `30 calendar days`.

    `written` is the text as written, for messages and for printing targets back.
    """

    parts: tuple[DurationPart, ...]
    kind: DurationKind
    written: str = field(eq=False)


@frozen(eq=False, repr=False)
class Instant(Node):
    """`2026-01-05 09:30` (naive: in the agreement's zone), `2026-01-05T09:30:00+01:00` (with its offset)."""

    value: datetime.datetime


@frozen(eq=False, repr=False)
class Date(Node):
    """`2026-01-05`."""

    value: datetime.date


@frozen(eq=False, repr=False)
class MonthDay(Node):
    """`06-15`, a date of every year (in calendars only). 02-29 is allowed."""

    month: int
    day: int


@frozen(eq=False, repr=False)
class TimeOfDay(Node):
    """`14:00`, `23:59:59`, and `24:00` for the end of a day."""

    hour: int
    minute: int
    second: int = 0


@frozen(eq=False, repr=False)
class Range(Node):
    """`50..500`, `11..12`, `2026-08-10..2026-08-21`: both ends are in. The ends are expressions or dates."""

    low: Expression
    high: Expression


@frozen(eq=False, repr=False)
class ListOf(Node):
    """`["cto", "cfo"]` or `("cto", "cfo")`; also `("cto")` right of `in`."""

    items: tuple[Expression, ...]
