"""Details of clauses and objectives: from the parser's rules to tree nodes.

Takes:  the lexemes and nodes that a rule matched.
Gives:  lists of details, and promises with details.
Never:  lets a detail into a promise that does not take it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve, frozen

from sladsl.syntax import mistakes, tree
from sladsl.syntax.expressions import Expressions, Part
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.tree import Node
from sladsl.text import Diagnostic

WINDOWS: dict[str, tree.WindowUnit] = {
    "DAY": "day",
    "WEEK": "week",
    "MONTH": "month",
    "QUARTER": "quarter",
    "YEAR": "year",
}


@frozen(eq=False, repr=False)
class Cutoff(Node):
    """`cutoff 14:00` as a detail, until it is given to the form of its clause."""

    time: tree.TimeOfDay


_CLAUSE_ONLY = (
    tree.When, tree.PausedWhile, tree.CancelledWhen, tree.CancelledAfterPaused, tree.ExcusedWhen, tree.InCalendar,
    tree.Row, tree.OnChange, tree.OnReopen, tree.Warn, tree.Escalate, tree.OneForOne, tree.Overrides, Cutoff,
)  # fmt: skip
_OBJECTIVE_ONLY = (tree.GroupBy, tree.CountedBy, tree.AtLeastCases, tree.Excluding)


@frozen(eq=False, repr=False)
class _Bounded(Node):
    """`at most 10 business days`, until it is given to a pause or an exclusion."""

    duration: tree.Duration
    per: tree.WindowUnit | None = None


class Details(Expressions):
    """The rules of details."""

    def with_details(self, promise: Any, details: Iterable[Node]) -> Node:
        """A clause or objective with more details, all of which must fit (see `misfit`)."""
        details = tuple(details)
        if not details:
            return promise  # type: ignore[no-any-return]
        for cutoff in (detail for detail in details if isinstance(detail, Cutoff)):
            promise = self._with_cutoff(promise, cutoff)
        kept = tuple(detail for detail in details if not isinstance(detail, Cutoff))
        span = self.around((promise, details[-1]))
        return evolve(promise, details=(*promise.details, *kept), span=span)  # type: ignore[no-any-return]

    def _with_cutoff(self, promise: tree.Clause, cutoff: Cutoff) -> tree.Clause:
        """A clause with the cut-off of its point in time, which a detail of its own says."""
        form: Any = promise.form
        self._once(form.cutoff, cutoff, "the cut-off")
        time = evolve(cutoff.time, span=form.span)  # the part of a node lies inside it
        return evolve(promise, form=evolve(form, cutoff=time))

    def misfit(self, promise: Node, detail: Node) -> Diagnostic | None:
        """What is wrong with a detail that belongs to the other kind of promise."""
        if isinstance(promise, tree.Clause) and isinstance(detail, _OBJECTIVE_ONLY):
            where = "it belongs to an objective, which ends in `per …`"
        elif isinstance(promise, tree.Objective) and isinstance(detail, _CLAUSE_ONLY):
            where = "it belongs to a clause, not to an objective"
        elif isinstance(detail, Cutoff) and not isinstance(getattr(promise, "form", None), tree.ByTime | tree.ByEnd):
            where = "a cut-off belongs to a clause that says by when: `by 18:00 same business day`"
        else:
            return None
        return mistakes.misplaced(detail.span, self.clipped(detail), where)

    def detail_line(self, parts: list[Part]) -> list[Node]:
        self.check_chains()
        return self.attached(parts)

    def attached(self, details: list[Part]) -> list[Node]:
        """Details of one line, each `in CALENDAR`, `at most …` and tier given to the detail before it that takes it."""
        done: list[Node] = []
        for detail in details:
            if done and isinstance(detail, tree.Cap | tree.Tier | tree.InCalendar | _Bounded):
                owner = self._given(done[-1], detail)
                if owner is not None:
                    done[-1] = owner
                    continue
            if isinstance(detail, tree.Cap | _Bounded):
                raise Mistake(
                    mistakes.misplaced(
                        detail.span, self.clipped(detail), "it belongs on the line of a pause, an exclusion or a penalty, after a comma, "
                        "or under a credit"
                    )
                )  # fmt: skip
            if isinstance(detail, tree.Tier):
                raise Mistake(mistakes.misplaced(detail.span, self.clipped(detail), "it belongs under `credit of …`"))
            done.append(detail)
        return done

    def _given(self, owner: Node, detail: Node) -> Node | None:
        """`owner` with `detail` inside it, or None where it takes no such thing."""
        span = self.around((owner, detail))
        if isinstance(detail, tree.InCalendar):
            if isinstance(owner, tree.Row | tree.PausedWhile | tree.Penalty | tree.Excluding):
                self._once(owner.calendar, detail, "the calendar")
                return evolve(owner, calendar=detail.calendar, span=span)
        elif isinstance(detail, _Bounded):
            if isinstance(owner, tree.PausedWhile) and detail.per is None:
                self._once(owner.at_most, detail, "the bound")
                return evolve(owner, at_most=detail.duration, span=span)
            if isinstance(owner, tree.Excluding):
                self._once(owner.at_most, detail, "the bound")
                return evolve(owner, at_most=detail.duration, per=detail.per, span=span)
        elif isinstance(detail, tree.Tier):
            if isinstance(owner, tree.Credit):
                return evolve(owner, tiers=(*owner.tiers, detail), span=span)
        elif isinstance(detail, tree.Cap):
            if isinstance(owner, tree.Credit):
                return evolve(owner, caps=(*owner.caps, detail), span=span)
            if isinstance(owner, tree.Penalty):
                self._once(owner.cap, detail, "the cap")
                return evolve(owner, cap=detail, span=span)
        return None

    def _once(self, already: Node | None, again: Node, what: str) -> None:
        if already is not None:
            raise Mistake(mistakes.twice(again.span, what, already.span))

    def cutoff_line(self, parts: list[Part]) -> Node:
        return Cutoff(self.value(parts[1]), span=self.around(parts))

    def when(self, parts: list[Part]) -> Node:
        return tree.When(parts[1], span=self.around(parts))

    def paused_while(self, parts: list[Part]) -> Node:
        return tree.PausedWhile(parts[1], span=self.around(parts))

    def cancelled_when(self, parts: list[Part]) -> Node:
        return tree.CancelledWhen(parts[1], span=self.around(parts))

    def cancelled_after(self, parts: list[Part]) -> Node:
        return tree.CancelledAfterPaused(self.duration(parts[1]), span=self.around(parts))

    def excused_when(self, parts: list[Part]) -> Node:
        return tree.ExcusedWhen(parts[1], span=self.around(parts))

    def in_calendar(self, parts: list[Part]) -> Node:
        return tree.InCalendar(parts[1], span=self.around(parts))

    def row(self, parts: list[Part]) -> Node:
        return tree.Row(self.duration(parts[0]), parts[2], span=self.around(parts))

    def on_change(self, parts: list[Part]) -> Node:
        direction = {"ON_CHANGE": "any", "ON_TIGHTER": "tighter", "ON_LOOSER": "looser"}[parts[0].type]
        return tree.OnChange(direction, parts[1].type.lower(), span=self.around(parts))  # type: ignore[arg-type]

    def on_reopen(self, parts: list[Part]) -> Node:
        _, action, _, within = parts
        return tree.OnReopen(action.type.lower(), self.duration(within), span=self.around(parts))

    def warn(self, parts: list[Part]) -> Node:
        if parts[1].type == "SHARE":
            return tree.Warn(self.value(parts[1]), span=self.around(parts))
        return tree.Warn(None, self.duration(parts[1]), span=self.around(parts))

    def escalate(self, parts: list[Part]) -> Node:
        _, to, sign, *value = parts
        at = self.value(value[0]) if sign.type == "AT" else None
        after = self.duration(value[0]) if sign.type == "AFTER" else None
        return tree.Escalate(to, at, after, span=self.around(parts))

    def one_for_one(self, parts: list[Part]) -> Node:
        return tree.OneForOne(span=self.around(parts))

    def overrides(self, parts: list[Part]) -> Node:
        return tree.Overrides(span=self.around(parts))

    def by_field(self, parts: list[Part]) -> Node:
        return tree.GroupBy(tuple(parts[1::2]), span=self.around(parts))

    def counted_by(self, parts: list[Part]) -> Node:
        return tree.CountedBy(parts[1].type.lower(), span=self.around(parts))

    def at_least_cases(self, parts: list[Part]) -> Node:
        return tree.AtLeastCases(self.value(parts[1]), span=self.around(parts))

    def excluding(self, parts: list[Part]) -> Node:
        _, what, _, at_most, per = parts
        unit = per and WINDOWS[per.type]
        return tree.Excluding(what, self.duration(at_most), unit, span=self.around(parts))

    def credit(self, parts: list[Part]) -> Node:
        return tree.Credit(parts[1], span=self.around(parts))

    def credit_line(self, parts: list[Part]) -> list[Node]:
        self.check_chains()
        for part in parts:
            if isinstance(part, _Bounded):
                raise Mistake(
                    mistakes.misplaced(part.span, self.clipped(part), "it belongs to a pause or an exclusion")
                )
        return parts

    def share_or_money(self, parts: list[Part]) -> Node:
        return self.value(parts[0])  # type: ignore[no-any-return]

    def tier(self, parts: list[Part]) -> Node:
        return tree.Tier(parts[0], parts[1].type.lower(), parts[2], span=self.around(parts))

    def cap(self, parts: list[Part]) -> Node:
        _, amount, of, what, per = parts
        unit: Any = per and WINDOWS[per.type]
        if not isinstance(amount, Node):
            if of is not None:
                raise Mistake(
                    mistakes.misplaced(
                        self.around((of, what)), self.clipped(what), "it belongs to a share or an amount"
                    )
                )
            return _Bounded(self.duration(amount), unit, span=self.around(parts))
        return tree.Cap(amount, what, unit, span=self.around(parts))  # type: ignore[arg-type]

    def penalty(self, parts: list[Part]) -> Node:
        _, amount, _, of, per, *period = parts
        started = None
        if per.type == "PER_STARTED":
            written = period[0].value
            kind: tree.DurationKind
            unit: Any
            kind, unit = self.keywords.read_period(written)
            span = self.around((period[0],))
            started = tree.Duration(
                (tree.DurationPart(1, unit, span=span),), kind, " ".join(written.split()), span=span
            )
        return tree.Penalty(amount, started, of, span=self.around(parts))

    def burn_rate(self, parts: list[Part]) -> Node:
        first, above, _, *durations = parts
        windows = tuple(self.duration(d) for d in durations[::2])
        condition = tree.BurnRate(self.value(above), windows, span=self.around((first, durations[-1])))
        return tree.Alert(condition, span=self.around(parts))

    def missed_in_a_row(self, parts: list[Part]) -> Node:
        condition = tree.MissedInARow(self.value(parts[1]), span=self.around(parts))
        return tree.Alert(condition, span=self.around(parts))
