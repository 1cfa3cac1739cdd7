"""Clauses: promises about one case (sections 6 and 7).

Takes:  nothing.
Gives:  Clause, its forms (one class each), its start, and the details of clauses.
Never:  splits a phrase into party, verb and object: only the declared names can.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field

from sladsl.syntax.tree.consequences import Alert, Credit, Penalty
from sladsl.syntax.tree.expressions import Expression
from sladsl.syntax.tree.node import Name, Node, Word
from sladsl.syntax.tree.values import Date, Duration, Instant, Share, Text, TimeOfDay
from sladsl.text.record import frozen


@frozen(eq=False, repr=False)
class Phrase(Node):
    """Who does what: `sales accepts or rejects qualified lead`, `sales must not email lead`, `support must reply`.

    `runs` are the runs of words set apart by `or` (one, where there is none): here `sales accepts` and
    `rejects qualified lead`; the checker cuts them by the declared names, articles still in.
    `party` is the run before `must` and None without `must`, where the party is part of the first run.
    `must` says whether `must` was written; `must not` makes the form a MustNot….
    """

    runs: tuple[Name, ...]
    party: Name | None = None
    must: bool = False


# --- when the clock starts ---------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class BreachOf(Node):
    """`breach of first contact`, as what a clause starts from."""

    label: Name


@frozen(eq=False, repr=False)
class FulfilmentOf(Node):
    """`fulfilment of first contact`."""

    label: Name


@frozen(eq=False, repr=False)
class Start(Node):
    """`of handoff`, `of first message`, `of each message`, `of latest message`, `of breach of first contact`.

    `what` is an expression. A name after `first`, `each` or `latest` has lost that word; `often_word` keeps it, for
    where a name such as `first reply` is declared.
    """

    what: Expression | BreachOf | FulfilmentOf
    often: Literal["default", "first", "each", "latest"] = "default"
    often_word: Word | None = field(default=None, eq=False, repr=False)


# --- the forms ---------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Within(Node):
    """`PHRASE within 24 business hours`."""

    target: Duration


@frozen(eq=False, repr=False)
class DaySpec(Node):
    """`same business day`, `next business day`, `2nd business day`, `next calendar day`.

    `nth` is 0 for same, 1 for next, 2 for 2nd …; `kind` is business or calendar.
    """

    nth: int
    kind: Literal["business", "calendar"]


@frozen(eq=False, repr=False)
class ByTime(Node):
    """`PHRASE by 18:00 next business day cutoff 14:00`; `by 18:00` alone has no day."""

    time: TimeOfDay
    day: DaySpec | None = None
    cutoff: TimeOfDay | None = None


@frozen(eq=False, repr=False)
class ByEnd(Node):
    """`PHRASE by end of next business day cutoff 14:00`."""

    day: DaySpec
    cutoff: TimeOfDay | None = None


@frozen(eq=False, repr=False)
class ByPoint(Node):
    """`PHRASE by promised`: a Name (the value of an attribute), or a fixed Instant or Date as written."""

    point: Name | Instant | Date


@frozen(eq=False, repr=False)
class Every(Node):
    """`PHRASE every 24h while status = "open"`."""

    period: Duration
    state: Expression | None = None


@frozen(eq=False, repr=False)
class AtLeastTimes(Node):
    """`PHRASE at least 6 times over 2 distinct channel within 10 business days`.

    `times` and `distinct` are Numbers, or expressions where written in brackets or as a name.
    """

    times: Expression
    within: Duration
    distinct: Expression | None = None
    distinct_field: Name | None = None


@frozen(eq=False, repr=False)
class MustNotWithin(Node):
    """`PARTY must not PHRASE within 48h` (its `of opt out` is the clause's start)."""

    target: Duration


@frozen(eq=False, repr=False)
class MustNotBefore(Node):
    """`PARTY must not PHRASE before 6 attempts`. `before handoff` has no count."""

    count: Expression | None
    what: Expression


@frozen(eq=False, repr=False)
class MustNotWhile(Node):
    """`PARTY must not PHRASE while severity = 1`."""

    state: Expression


@frozen(eq=False, repr=False)
class AtMostPerCase(Node):
    """`at most 3 handovers per case`: the clause has no phrase."""

    count: Expression
    what: Name


@frozen(eq=False, repr=False)
class Lasts(Node):
    """`temperature > 8 lasts at most 30 min`: the clause has no phrase."""

    state: Expression
    target: Duration


@frozen(eq=False, repr=False)
class SumAtMost(Node):
    """`time while team = "L1" at most 2 business hours`: the clause has no phrase."""

    state: Expression
    target: Duration


Form: TypeAlias = (
    Within
    | ByTime
    | ByEnd
    | ByPoint
    | Every
    | AtLeastTimes
    | MustNotWithin
    | MustNotBefore
    | MustNotWhile
    | AtMostPerCase
    | Lasts
    | SumAtMost
)


# --- details -----------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class When(Node):
    """`when EXPR`."""

    condition: Expression


@frozen(eq=False, repr=False)
class PausedWhile(Node):
    """`paused while waiting, at most 10 business days`; `calendar` is that of its bound."""

    condition: Expression
    at_most: Duration | None = None
    calendar: Name | None = None


@frozen(eq=False, repr=False)
class CancelledWhen(Node):
    """`cancelled when status = "duplicate"`."""

    condition: Expression


@frozen(eq=False, repr=False)
class CancelledAfterPaused(Node):
    """`cancelled after 5 business days paused`."""

    after: Duration


@frozen(eq=False, repr=False)
class ExcusedWhen(Node):
    """`excused when waiver = "approved"`."""

    condition: Expression


@frozen(eq=False, repr=False)
class InCalendar(Node):
    """`in office`, as a detail of the clause (also where it stood at the end of the clause's own line)."""

    calendar: Name


@frozen(eq=False, repr=False)
class Row(Node):
    """`2 business hours when priority = "P2", in round the clock`."""

    target: Duration
    condition: Expression
    calendar: Name | None = None


@frozen(eq=False, repr=False)
class OnChange(Node):
    """`on change carry`; `on tighter restart, on looser carry` are two of them."""

    direction: Literal["any", "tighter", "looser"]
    action: Literal["carry", "restart", "keep"]


@frozen(eq=False, repr=False)
class OnReopen(Node):
    """`on reopen resume within 7 days`."""

    action: Literal["new", "resume", "ignore"]
    within: Duration | None = None


@frozen(eq=False, repr=False)
class Warn(Node):
    """`warn at 75%` (at is a Share), `warn 2h before` (before is a Duration)."""

    at: Share | None = None
    before: Duration | None = None


@frozen(eq=False, repr=False)
class Escalate(Node):
    """`escalate to "sales manager" at breach | at 150% | after 48h`: breach has neither `at` nor `after`."""

    to: Text | Name
    at: Share | None = None
    after: Duration | None = None


@frozen(eq=False, repr=False)
class OneForOne(Node):
    """`one for one`."""


@frozen(eq=False, repr=False)
class Overrides(Node):
    """`overrides`."""


ClauseDetail: TypeAlias = (
    When
    | PausedWhile
    | CancelledWhen
    | CancelledAfterPaused
    | ExcusedWhen
    | InCalendar
    | Row
    | OnChange
    | OnReopen
    | Warn
    | Escalate
    | OneForOne
    | Overrides
    | Credit
    | Penalty
    | Alert
)


@frozen(eq=False, repr=False)
class Clause(Node):
    """`first contact: sales contacts qualified lead within 24 business hours of handoff in office, warn at 75%`.

    Args:
        label: the name before the colon, or None.
        phrase: who does what; None in the forms AtMostPerCase, Lasts and SumAtMost.
        form: the promise and its target.
        start: the `of …` part, or None.
        until: the `until …` part, or None.
        calendar: the calendar of `in CALENDAR` on the clause's own line, or None. (`of handoff in office` is read
            as start `handoff` and calendar `office`; a condition with `in` after `of` stands in brackets.)
        details: what stands after commas and on the indented lines, in the order written.
    """

    label: Name | None
    phrase: Phrase | None
    form: Form
    start: Start | None = None
    until: Expression | None = None
    calendar: Name | None = None
    details: tuple[ClauseDetail, ...] = ()
