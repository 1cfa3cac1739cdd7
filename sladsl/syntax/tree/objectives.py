"""Objectives: promises about many cases (section 8).

Takes:  nothing.
Gives:  Objective, what it promises, its window and its details.
Never:  judges a window.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sladsl.syntax.tree.clauses import Phrase
from sladsl.syntax.tree.consequences import Alert, Credit, Penalty, WindowUnit
from sladsl.syntax.tree.expressions import ComparisonSign, Expression
from sladsl.syntax.tree.node import Name, Node
from sladsl.syntax.tree.values import Duration, Number, Share
from sladsl.text.record import frozen


@frozen(eq=False, repr=False)
class AttainmentOf(Node):
    """`at least 95% of first contact met`. `at_least` is a Share, or a name or bracketed expression for one."""

    at_least: Share | Expression
    label: Name


@frozen(eq=False, repr=False)
class Delivery(Node):
    """`marketing delivers at least 120 qualified leads`, `at most 2 outages`.

    Args:
        phrase: party and verb, uncut; None where the promise begins with its bound.
        sign: `>=` for at least, `<=` for at most.
        count: a Number, or an expression written in brackets; None where no number stands (`at least leads needed
            qualified leads`): then `what` begins with the name of a constant, which only the declared names can cut off.
        what: the run of words after the count.
    """

    phrase: Phrase | None
    sign: Literal[">=", "<="]
    count: Expression | None
    what: Name


@frozen(eq=False, repr=False)
class Bound(Node):
    """`p95 of time of first contact <= 3 business days`: a measure (or arithmetic of measures), a sign, a target."""

    measure: Expression
    sign: ComparisonSign
    target: Expression


Promise: TypeAlias = AttainmentOf | Delivery | Bound


@frozen(eq=False, repr=False)
class Window(Node):
    """`per month`."""

    unit: WindowUnit


@frozen(eq=False, repr=False)
class RollingWindow(Node):
    """`per rolling 28 days`."""

    length: Duration


@frozen(eq=False, repr=False)
class AtLeastCases(Node):
    """`at least 20 cases`."""

    count: Number


@frozen(eq=False, repr=False)
class CountedBy(Node):
    """`counted by due`."""

    which: Literal["start", "due", "close"]


@frozen(eq=False, repr=False)
class GroupBy(Node):
    """`by region`; `by region and product` has two fields."""

    fields: tuple[Name, ...]


@frozen(eq=False, repr=False)
class Excluding(Node):
    """`excluding maintenance at most 4h per quarter`: a state (any condition) or the name of a calendar.

    `calendar` (`, in office`) is that of its bound.
    """

    what: Expression
    at_most: Duration | None = None
    per: WindowUnit | None = None
    calendar: Name | None = None


ObjectiveDetail: TypeAlias = AtLeastCases | CountedBy | GroupBy | Excluding | Credit | Penalty | Alert


@frozen(eq=False, repr=False)
class Objective(Node):
    """`attainment: at least 95% of first contact met per month, by region`."""

    label: Name | None
    promise: Promise
    window: Window | RollingWindow
    details: tuple[ObjectiveDetail, ...] = ()
