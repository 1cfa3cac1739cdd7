"""Consequences: credits, penalties, alerts (section 8).

Takes:  nothing.
Gives:  Credit, Penalty, Alert and their parts.
Never:  computes an amount.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sladsl.syntax.tree.expressions import Expression
from sladsl.syntax.tree.node import Name, Node
from sladsl.syntax.tree.values import Duration, Money, Number, Share
from sladsl.text.record import frozen

WindowUnit = Literal["day", "week", "month", "quarter", "year"]


@frozen(eq=False, repr=False)
class Cap(Node):
    """`at most 50%`, `at most 10% of monthly fee`, `at most 2_000 EUR per month`."""

    amount: Share | Money
    of: Expression | None = None
    per: WindowUnit | None = None


@frozen(eq=False, repr=False)
class Tier(Node):
    """`10% below 99.9%`: what is owed, and where. `above` is for objectives with an upper target."""

    amount: Share | Money
    side: Literal["below", "above"]
    bound: Expression


@frozen(eq=False, repr=False)
class Credit(Node):
    """`credit of monthly fee` with its tiers and caps indented under it (more than one cap is the checker's error)."""

    of: Expression
    tiers: tuple[Tier, ...] = ()
    caps: tuple[Cap, ...] = ()


@frozen(eq=False, repr=False)
class Penalty(Node):
    """`penalty 200 EUR per miss, at most 10% of monthly fee`; `penalty 50 EUR per started business hour late`.

    `per_started` is None for `per miss`, else the period, of one unit (`1 business hour`); `calendar` is its calendar.
    `of` is what a share is a share of: `penalty 1% of monthly fee per miss`.
    """

    amount: Share | Money
    per_started: Duration | None = None
    of: Expression | None = None
    cap: Cap | None = None
    calendar: Name | None = None


@frozen(eq=False, repr=False)
class BurnRate(Node):
    """`burn rate > 14.4 over 1h and 5 min`."""

    above: Number
    over: tuple[Duration, ...]


@frozen(eq=False, repr=False)
class MissedInARow(Node):
    """`missed 2 windows in a row`."""

    windows: Number


AlertCondition: TypeAlias = BurnRate | MissedInARow


@frozen(eq=False, repr=False)
class Alert(Node):
    """`alert when burn rate > 14.4 over 1h and 5 min`, `alert when missed 2 windows in a row`."""

    condition: AlertCondition
