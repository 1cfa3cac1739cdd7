"""The details of clauses: pauses, rows, alerts, reopening and the rest (section 6).

Takes:  the details of one clause.
Gives:  Details: its fields as program.Clause has them.
Never:  lets a detail pass that its form cannot have: it would say nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import define, field

from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.kinds import ERROR
from sladsl.checked.money import penalty_of
from sladsl.checked.program import Alert, Pause, Penalty, Row, Target
from sladsl.checked.targets import Targets
from sladsl.checked.typed import And, Expr
from sladsl.syntax import tree
from sladsl.text import Span

_TIMELESS = ("must not before", "must not while", "at most")
_FORM_WORDS = {
    "by": "a point in time",
    "must not before": "`must not … before`",
    "must not while": "`must not … while`",
    "at most": "`at most … per case`",
}


@define
class Details:
    """What the details of one clause say."""

    overrides: bool = False
    when: Expr | None = None
    rows: list[Row] = field(factory=list)
    pauses: list[Pause] = field(factory=list)
    cancels: list[Expr] = field(factory=list)
    excuses: list[Expr] = field(factory=list)
    cancel_after_paused: Target | None = None
    changes: dict[str, str] = field(factory=dict)
    reopen: str = "new"
    reopen_within: Target | None = None
    one_for_one: bool = False
    alerts: list[Alert] = field(factory=list)
    penalties: list[Penalty] = field(factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields of program.Clause that details fill."""
        either = self.changes.get("any", "carry")
        return {
            "overrides": self.overrides,
            "when": self.when,
            "rows": tuple(self.rows),
            "pauses": tuple(self.pauses),
            "cancels": tuple(self.cancels),
            "excuses": tuple(self.excuses),
            "cancel_after_paused": self.cancel_after_paused,
            "tighter": self.changes.get("tighter", either),
            "looser": self.changes.get("looser", either),
            "reopen": self.reopen,
            "reopen_within": self.reopen_within,
            "one_for_one": self.one_for_one,
            "alerts": tuple(self.alerts),
            "penalties": tuple(self.penalties),
        }


def read_details(context: Context, x: Expressions, targets: Targets, node: tree.Clause, form: str) -> Details | None:
    """The details of a clause; None where a complaint has been made about any of them."""
    reader = _Reader(context, x, targets, node, form)
    for detail in node.details:
        reader.read(detail)
    reader.finish()
    return None if reader.failed else reader.details


class _Reader:
    def __init__(self, context: Context, x: Expressions, targets: Targets, node: tree.Clause, form: str) -> None:
        self.context = context
        self.x = x
        self.targets = targets
        self.node = node
        self.form = form
        self.details = Details()
        self.failed = False
        self.once: dict[str, Span] = {}
        self.whens: list[Expr] = []

    def read(self, detail: tree.ClauseDetail) -> None:
        """Take in one detail."""
        match detail:
            case tree.When():
                self._condition(detail.condition, self.whens)
            case tree.PausedWhile():
                self._pause(detail)
            case tree.CancelledWhen():
                self._condition(detail.condition, self.details.cancels)
            case tree.CancelledAfterPaused():
                if self._first("cancelled after", detail.span):
                    self.details.cancel_after_paused = self._amount(detail.after)
            case tree.ExcusedWhen():
                self._condition(detail.condition, self.details.excuses)
            case tree.Row():
                self._row(detail)
            case tree.OnChange():
                if self._first(f"on {detail.direction}", detail.span):
                    self.details.changes[detail.direction] = detail.action
            case tree.OnReopen():
                self._reopen(detail)
            case tree.Warn():
                self._warn(detail)
            case tree.Escalate():
                self._escalate(detail)
            case tree.OneForOne():
                self._one_for_one(detail)
            case tree.Overrides():
                self.details.overrides = True
            case tree.Penalty():
                self._penalty(detail)
            case tree.Credit() | tree.Alert():
                self._consequence_of_many(detail)

    def finish(self) -> None:
        """What can be said only once all details are known."""
        details = self.details
        if self.whens:
            span = self.whens[0].span
            details.when = self.whens[0] if len(self.whens) == 1 else And(tuple(self.whens), span=span)
        if details.cancel_after_paused is not None and not details.pauses and not self.failed:
            self._no_effect("cancelled after", "the clause is never paused")
        if details.changes and not details.rows and not self.failed:
            self._no_effect(f"on {next(iter(details.changes))}", "the clause has no rows to change between")

    # --- one detail each -----------------------------------------------------------------------------------------------

    def _pause(self, detail: tree.PausedWhile) -> None:
        if not self._has_place(detail.span, "`paused while`", (*_TIMELESS, "by")):
            return
        state = self.x.state(detail.condition, "paused while")
        at_most = self._amount(detail.at_most, detail.calendar) if detail.at_most else None
        if detail.calendar is not None and detail.at_most is None:
            message = f"`in {detail.calendar.text}` belongs to the bound of the pause, and the pause has none"
            help = "if it is the calendar of the clause, write it before the pause, or on a line of its own"
            self.context.findings.add("SLA0703", message, detail.calendar.span, help=help)
            self.failed = True
        if state.kind == ERROR:
            self.failed = True
            return
        self.details.pauses.append(Pause(state, at_most, span=detail.span))

    def _row(self, detail: tree.Row) -> None:
        if not self._has_place(detail.span, "a row with a target", _TIMELESS):
            return
        target = self.targets.headline(detail.target, detail.calendar)
        condition = self.x.condition(detail.condition)
        if target is None or condition.kind == ERROR:
            self.failed = True
            return
        self.details.rows.append(Row(target, condition, span=detail.span))

    def _reopen(self, detail: tree.OnReopen) -> None:
        if not self._first("on reopen", detail.span):
            return
        self.details.reopen = detail.action
        if detail.within is None:
            return
        if detail.action != "resume":
            message = f"`within {detail.within.written}` says nothing with `on reopen {detail.action}`"
            self.context.findings.add("SLA0308", message, detail.within.span, help="it bounds `on reopen resume`")
            self.failed = True
            return
        self.details.reopen_within = self._amount(detail.within)

    def _warn(self, detail: tree.Warn) -> None:
        if not self._has_place(detail.span, "a warning before the due", _TIMELESS):
            return
        share = self._share(detail.at) if detail.at is not None else None
        before = self._amount(detail.before) if detail.before is not None else None
        if not self.failed:
            written = self.context.text(detail.span)
            self.details.alerts.append(Alert("warn", "", share, before, None, written, span=detail.span))

    def _escalate(self, detail: tree.Escalate) -> None:
        to = detail.to.value if isinstance(detail.to, tree.Text) else detail.to.text
        if detail.at is not None and not self._has_place(
            detail.span, "an escalation at a share of the target", _TIMELESS
        ):
            return
        share = self._share(detail.at) if detail.at is not None else None
        after = self._amount(detail.after) if detail.after is not None else None
        if not self.failed:
            written = self.context.text(detail.span)
            self.details.alerts.append(Alert("escalate", to, share, None, after, written, span=detail.span))

    def _one_for_one(self, detail: tree.OneForOne) -> None:
        start = self.node.start
        if start is None or start.often != "each":
            message = "`one for one` answers each start with an action of its own, and here not each one starts a clock"
            self.context.findings.add("SLA0308", message, detail.span, help="write `of each …`")
            self.failed = True
            return
        self.details.one_for_one = True

    def _penalty(self, detail: tree.Penalty) -> None:
        if detail.per_started is not None and self.form in _TIMELESS:
            message = f"{_FORM_WORDS[self.form]} has no due, so nothing is ever late by some time"
            self.context.findings.add("SLA0505", message, detail.span, help="write `per miss`")
            self.failed = True
            return
        penalty = penalty_of(self.context, self.targets, detail)
        if penalty is None:
            self.failed = True
            return
        self.details.penalties.append(penalty)

    def _consequence_of_many(self, detail: tree.Credit | tree.Alert) -> None:
        what = "a credit" if isinstance(detail, tree.Credit) else "an alert about a burn rate or missed windows"
        message = f"{what} follows from a promise about many cases, and this clause is about one"
        help = "put it under an objective, e.g. `attainment: at least 95% of … met per month`"
        self.context.findings.add("SLA0505", message, detail.span, help=help)
        self.failed = True

    # --- what they have in common ----------------------------------------------------------------------------------------

    def _condition(self, e: tree.Expression, found: list[Expr]) -> None:
        condition = self.x.condition(e)
        if condition.kind == ERROR:
            self.failed = True
            return
        found.append(condition)

    def _amount(self, duration: tree.Duration, own: tree.Name | None = None) -> Target | None:
        target = self.targets.amount(duration, own)
        self.failed = self.failed or target is None
        return target

    def _share(self, share: tree.Share) -> tuple[int, int]:
        value = Fraction(share.value)
        return (value.numerator, 100) if value.denominator == 1 else (value.numerator, 100 * value.denominator)

    def _first(self, what: str, span: Span) -> bool:
        """Whether this is the first detail of its sort; a second one is told."""
        earlier = self.once.setdefault(what, span)
        if earlier is span:
            return True
        message = f"`{what.removesuffix(' any')}` is said twice" if what != "on any" else "`on change` is said twice"
        self.context.findings.add("SLA0307", message, span, labels=((earlier, "said here before"),))
        self.failed = True
        return False

    def _has_place(self, span: Span, what: str, not_in: tuple[str, ...]) -> bool:
        if self.form not in not_in:
            return True
        words = _FORM_WORDS[self.form]
        message = f"{words} has no running time, so {what} has no place in it"
        if self.form == "by":
            message = f"{words} does not move, so {what} has no place in it"
        self.context.findings.add(
            "SLA0308", message, span, help="leave it out, or say `within …`" if self.form == "by" else "leave it out"
        )
        self.failed = True
        return False

    def _no_effect(self, what: str, why: str) -> None:
        shown = "on change" if what == "on any" else what
        self.context.findings.add("SLA0316", f"`{shown}` has no effect: {why}", self.once[what])
