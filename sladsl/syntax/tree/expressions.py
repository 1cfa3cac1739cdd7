"""Expressions: comparisons, logic, arithmetic, the history of a case, and the measures of objectives.

Takes:  nothing.
Gives:  the expression nodes; `Expression` is their union.
Never:  decides what a name means (definition, list, constant, built-in or attribute) or which kind it has.

Brackets leave no node; the span of a bracketed expression includes its brackets.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sladsl.syntax.tree.node import Name, Node
from sladsl.syntax.tree.values import (
    Date,
    Duration,
    Instant,
    ListOf,
    Money,
    Number,
    Range,
    Share,
    Text,
    TimeOfDay,
    Truth,
)
from sladsl.text.record import frozen

ComparisonSign = Literal["=", "!=", "<", "<=", ">", ">="]
TextTestKind = Literal["contains", "starts with", "ends with", "matches"]
ArithmeticSign = Literal["+", "-", "*", "/"]
StatisticKind = Literal["min", "max", "average", "median", "total", "percentile"]


@frozen(eq=False, repr=False)
class EventField(Node):
    """`event.score`: what this event itself carries. (`event` and `actor` alone are Names.)"""

    field: Name


@frozen(eq=False, repr=False)
class And(Node):
    """`a and b and c`: two or more, from left to right."""

    operands: tuple[Expression, ...]


@frozen(eq=False, repr=False)
class Or(Node):
    """`a or b or c`: two or more, from left to right."""

    operands: tuple[Expression, ...]


@frozen(eq=False, repr=False)
class Not(Node):
    """`not a`."""

    operand: Expression


@frozen(eq=False, repr=False)
class Compare(Node):
    """`score >= 60`. `sign_span` is not kept: it lies between the spans of `left` and `right`."""

    sign: ComparisonSign
    left: Expression
    right: Expression


@frozen(eq=False, repr=False)
class In(Node):
    """`role in buyer_persona`, `size not in 50..500`, `event in ("call", "email")`.

    `container` is a ListOf, a Range, or a Name (a list, or text).
    """

    item: Expression
    container: Expression
    negated: bool = False


@frozen(eq=False, repr=False)
class Known(Node):
    """`score is known` (missing False), `score is missing` (missing True)."""

    operand: Expression
    missing: bool


@frozen(eq=False, repr=False)
class TextTest(Node):
    """`title contains "head"`, `mail ends with ".org"`, `title matches "chief*"`."""

    kind: TextTestKind
    left: Expression
    right: Expression


@frozen(eq=False, repr=False)
class Arithmetic(Node):
    """`revenue goal / average deal`."""

    sign: ArithmeticSign
    left: Expression
    right: Expression


@frozen(eq=False, repr=False)
class Negative(Node):
    """`-5`, `-(a + b)`."""

    operand: Expression


@frozen(eq=False, repr=False)
class During(Node):
    """`during office`: true at an event while that calendar is open."""

    calendar: Name


# --- the history of one case (section 9) -------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class CountOf(Node):
    """`count of high intent in last 14 days`, `count of rejected`. In an objective, a measure over all cases."""

    what: Expression
    last: Duration | None = None


@frozen(eq=False, repr=False)
class DistinctOf(Node):
    """`distinct channel of attempt`, with `in last 7 days` if wished."""

    field: Name
    what: Expression
    last: Duration | None = None


@frozen(eq=False, repr=False)
class SumOf(Node):
    """`sum of amount at order`, with `in last 7 days` if wished."""

    field: Expression
    at: Expression
    last: Duration | None = None


@frozen(eq=False, repr=False)
class TimeOfEvent(Node):
    """`first time of contact`, `last time of contact`: an instant."""

    which: Literal["first", "last"]
    what: Expression


@frozen(eq=False, repr=False)
class TimeSince(Node):
    """`time since handoff`: a duration; `what` is an event, a state or an instant."""

    what: Expression


@frozen(eq=False, repr=False)
class PartOf(Node):
    """`month of time`, `weekday of promised`, `date of time`, `hour of time`: of an instant."""

    part: Literal["month", "weekday", "date", "hour"]
    instant: Expression


# --- measures over many cases (section 8) ------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class ShareMet(Node):
    """`share of first contact met`. The form `at least 95% of first contact met` is tree.AttainmentOf."""

    label: Name


@frozen(eq=False, repr=False)
class ShareBecome(Node):
    """`share of qualified lead that become customer within 90 days`."""

    what: Expression
    become: Expression
    within: Duration | None


@frozen(eq=False, repr=False)
class ShareOfTime(Node):
    """`share of time while status = "up"`."""

    state: Expression


@frozen(eq=False, repr=False)
class TimeWhile(Node):
    """`time while down`, as a measure."""

    state: Expression


@frozen(eq=False, repr=False)
class TimeOf(Node):
    """`time of first contact`: the elapsed times of that clause; only inside a Statistic."""

    label: Name


@frozen(eq=False, repr=False)
class Statistic(Node):
    """`average of satisfaction at closed`, `p95 of time of first contact`, `total of fee`.

    `percentile` is the number of `pN`, else None; `of` is an attribute (or expression in brackets) or TimeOf.
    """

    kind: StatisticKind
    of: Expression
    at: Expression | None = None
    percentile: int | None = None


Expression: TypeAlias = (
    Name
    | Number
    | Text
    | Truth
    | Share
    | Money
    | Duration
    | Instant
    | Date
    | TimeOfDay
    | Range
    | ListOf
    | EventField
    | And
    | Or
    | Not
    | Compare
    | In
    | Known
    | TextTest
    | Arithmetic
    | Negative
    | During
    | CountOf
    | DistinctOf
    | SumOf
    | TimeOfEvent
    | TimeSince
    | PartOf
    | ShareMet
    | ShareBecome
    | ShareOfTime
    | TimeWhile
    | TimeOf
    | Statistic
)
