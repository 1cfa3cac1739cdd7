"""Clauses and objectives: from the parser's rules to tree nodes.

Takes:  the lexemes and nodes that a rule matched.
Gives:  Clause and Objective without the lines indented under them.
Never:  splits a phrase into party, verb and object.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from attrs import evolve

from sladsl.syntax import mistakes, tree, value_mistakes
from sladsl.syntax.details import WINDOWS, Details
from sladsl.syntax.expressions import Part
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.tree import Node
from sladsl.text import Span


class _Head(NamedTuple):
    """`[PARTY] must PHRASE` or `[PARTY] must not PHRASE`, before its form is known; `start` is its first word."""

    party: Node | None
    phrase: Node
    start: Part


class Promises(Details):
    """The rules of promises."""

    # --- clauses -----------------------------------------------------------------------------------------------------

    def promise_statement(self, parts: list[Part]) -> Node:
        label, promise, *details = parts
        if label is not None:
            text = label.value[:-1].rstrip()
            words = tuple(self.split_words(text, label.start_pos))
            start = label.start_pos
            name = tree.Name(words, span=Span(self.source, start, start + len(text)))
            promise = evolve(promise, label=name, span=self.around((label, promise)))
        elif (isinstance(promise, tree.Clause) and isinstance(promise.form, tree.Lasts | tree.SumAtMost)) or (
            isinstance(promise, tree.Objective) and isinstance(promise.promise, tree.Bound)
        ):
            raise Mistake(mistakes.needs_label(promise.span, self.clipped(promise)))
        self.check_chains()
        attached = self.attached(details)
        for detail in attached:
            misfit = self.misfit(promise, detail)
            if misfit:
                raise Mistake(misfit)
        return self.with_details(promise, attached)

    def _clause(self, parts: list[Part], phrase: Node | None, form: Any, tail: list[Part]) -> Node:
        """A clause; `tail` is (calendar, OF, start) or (calendar, UNTIL, until), each None where absent."""
        calendar, of, start = (*tail, None, None, None)[:3]
        until = None
        span = self.around([parts[0].start if isinstance(parts[0], _Head) else parts[0], *parts[1:]])
        if of is not None and of.type == "UNTIL":
            until, start = start, None
            until, calendar = self._calendar_cut(until, calendar)
        elif start is not None:
            what, calendar = self._calendar_cut(start.what, calendar)
            start = evolve(start, what=what, span=self.around((start, what)))
        return tree.Clause(None, phrase, form, start, until, calendar, span=span)  # type: ignore[arg-type]

    def _calendar_cut(self, what: Node, calendar: Node | None) -> tuple[Node, Node | None]:
        """`of handoff in office` parses as a condition; its calendar is cut off here."""
        if (
            isinstance(what, tree.In)
            and not what.negated
            and isinstance(what.container, tree.Name)
            and id(what) not in self.bracketed
            and id(what.container) not in self.bracketed
        ):
            if calendar is not None:
                raise Mistake(mistakes.twice(what.container.span, "the calendar", calendar.span))
            return what.item, what.container
        return what, calendar

    def within(self, parts: list[Part]) -> Node:
        head, _, duration, *tail = parts
        return self._clause(
            parts, self.phrase(head), tree.Within(self.duration(duration), span=self.around(parts[1:3])), tail
        )

    def by_time(self, parts: list[Part]) -> Node:
        head, by, time, day, cutoff, *tail = parts
        form = tree.ByTime(self.value(time), day, cutoff, span=self.around((by, cutoff or day or time)))
        return self._clause(parts, self.phrase(head), form, tail)

    def by_end(self, parts: list[Part]) -> Node:
        head, by, day, cutoff, *tail = parts
        form = tree.ByEnd(day, cutoff, span=self.around((by, cutoff or day)))
        return self._clause(parts, self.phrase(head), form, tail)

    def by_value(self, parts: list[Part]) -> Node:
        head, by, point, *tail = parts
        form = tree.ByPoint(self.value(point), span=self.around((by, point)))
        return self._clause(parts, self.phrase(head), form, tail)

    def every(self, parts: list[Part]) -> Node:
        head, every, period, calendar, _, state = parts
        form = tree.Every(self.duration(period), state, span=self.around((every, state or calendar or period)))
        return self._clause(parts, self.phrase(head), form, [calendar])

    def at_least_times(self, parts: list[Part]) -> Node:
        head, at_least, times, _, _, distinct, _, field, _, within, *tail = parts
        form = tree.AtLeastTimes(
            self.value(times), self.duration(within), self.value(distinct), field, span=self.around((at_least, within))
        )
        return self._clause(parts, self.phrase(head), form, tail)

    def must_head(self, parts: list[Part]) -> _Head:
        party, must, phrase = parts
        return _Head(party, phrase, party or must)

    must_not_head = must_head

    def must_not_within(self, parts: list[Part]) -> Node:
        head, _, duration, *tail = parts
        form = tree.MustNotWithin(self.duration(duration), span=self.around(parts[1:3]))
        return self._clause(parts, self.phrase(head), form, tail)

    def must_not_before(self, parts: list[Part]) -> Node:
        head, before, count, what, until, end = parts
        form = tree.MustNotBefore(self.value(count), what, span=self.around((before, what)))
        return self._clause(parts, self.phrase(head), form, [None, until, end])

    def must_not_before_event(self, parts: list[Part]) -> Node:
        head, before, what, until, end = parts
        form = tree.MustNotBefore(None, what, span=self.around((before, what)))
        return self._clause(parts, self.phrase(head), form, [None, until, end])

    def must_not_while(self, parts: list[Part]) -> Node:
        head, _, state = parts
        form = tree.MustNotWhile(state, span=self.around(parts[1:]))
        return self._clause(parts, self.phrase(head), form, [])

    def at_most_per_case(self, parts: list[Part]) -> Node:
        _, count, what, per_case, until, end = parts
        form = tree.AtMostPerCase(self.value(count), what, span=self.around((parts[0], per_case)))
        return self._clause(parts, None, form, [None, until, end])

    def lasts(self, parts: list[Part]) -> Node:
        state, _, duration, calendar = parts
        form = tree.Lasts(state, self.duration(duration), span=self.around((state, duration)))
        return self._clause(parts, None, form, [calendar])

    def sum_at_most(self, parts: list[Part]) -> Node:
        first, state, _, duration, calendar, until, end = parts
        form = tree.SumAtMost(state, self.duration(duration), span=self.around((first, duration)))
        return self._clause(parts, None, form, [calendar, until, end])

    def day_spec(self, parts: list[Part]) -> Node:
        which, day = parts
        nth = 0
        if which is not None and which.type != "SAME":
            nth = 1 if which.type == "NEXT" else int("".join(filter(str.isdigit, which.value))[:6]) or -1
        kind = "business" if day.type == "BUSINESS_DAY" else "calendar"
        return tree.DaySpec(nth, kind, span=self.around(parts))  # type: ignore[arg-type]

    def cutoff(self, parts: list[Part]) -> Node:
        return self.value(parts[1])  # type: ignore[no-any-return]

    def place(self, parts: list[Part]) -> Node:
        return parts[1]  # type: ignore[no-any-return]

    def start(self, parts: list[Part]) -> Node:
        often, what = parts
        if often is None:
            return tree.Start(what, span=what.span)
        word = tree.Word(often.value, span=self.around((often,)))
        return tree.Start(what, often.type.lower(), word, span=self.around(parts))

    def breach_of(self, parts: list[Part]) -> Node:
        return tree.BreachOf(parts[1], span=self.around(parts))

    def fulfilment_of(self, parts: list[Part]) -> Node:
        return tree.FulfilmentOf(parts[1], span=self.around(parts))

    # --- phrases -----------------------------------------------------------------------------------------------------

    def phrase(self, head: Any) -> tree.Phrase:
        """The phrase that stands before `within`, `by` …; raise Mistake where it is an expression."""
        if isinstance(head, _Head):
            party = self._run(head.party) if head.party is not None else None
            runs = self._runs(head.phrase)
            return tree.Phrase(runs, party, True, span=self.around((head.start, runs[-1])))
        runs = self._runs(head)
        return tree.Phrase(runs, span=self.around(runs))

    def _runs(self, head: Node) -> tuple[tree.Name, ...]:
        if isinstance(head, tree.Or):
            return tuple(self._run(operand) for operand in head.operands)
        return (self._run(head),)

    def _run(self, head: Node) -> tree.Name:
        if isinstance(head, tree.Name):
            return head
        if isinstance(head, tree.TextTest) and isinstance(head.left, tree.Name) and isinstance(head.right, tree.Name):
            # `finance matches invoice within 2 days`: the verb looks like an operator
            start, end = head.left.span.end, head.right.span.start
            between = self.split_words(self.text[start:end], start)
            return tree.Name((*head.left.words, *between, *head.right.words), span=head.span)
        if isinstance(head, tree.And):
            raise Mistake(
                mistakes.no_phrase(
                    head.span,
                    "a clause promises one action, not two",
                    "write two clauses, or define one action for both: `both = … and …`",
                )
            )
        if isinstance(head, tree.In | tree.Known | tree.Compare | tree.TextTest):
            raise Mistake(
                mistakes.no_phrase(
                    head.span,
                    f"`{self.clipped(head)}` is a condition, where a clause says who does what",
                    "begin with the party and what it does: `sales contacts lead within 24h`; "
                    "put a name that holds a reserved word in backticks",
                )
            )
        raise Mistake(
            mistakes.no_phrase(
                head.span,
                f"`{self.clipped(head)}` does not say who does what",
                "begin with the party and what it does: `sales contacts lead within 24h`",
            )
        )

    # --- objectives --------------------------------------------------------------------------------------------------

    def attainment(self, parts: list[Part]) -> Node:
        first, at_least, _, label, met, *per = parts
        promise = tree.AttainmentOf(self.value(at_least), label, span=self.around((first, met)))
        return tree.Objective(None, promise, self._window(per), span=self.around(parts))

    def delivery(self, parts: list[Part]) -> Node:
        head, bound, count, what, *per = parts
        if isinstance(count, tree.Number) or getattr(count, "type", "") == "NUMBER":
            self._check_percent(count, what)
        phrase = None if head is None else self.phrase(head)
        sign: Any = ">=" if bound.type == "AT_LEAST" else "<="
        promise = tree.Delivery(
            phrase,
            sign,
            self.value(count),
            what,
            span=self.around((phrase, bound, what)),
        )
        return tree.Objective(None, promise, self._window(per), span=self.around((promise, *per)))

    def _check_percent(self, count: Part, what: Node) -> None:
        """`al menos 95 de primer contacto cumplido`: where `of` is not reserved, it would begin the name."""
        first = what.words[0] if isinstance(what, tree.Name) else None
        if first is not None and not first.quoted and first.key in self.keywords.spellings_of("OF"):
            raise Mistake(value_mistakes.no_percent(self.around((count,)), self.clipped(self.value(count))))

    def bound(self, parts: list[Part]) -> Node:
        measured, *per = parts
        whole = measured.span
        cut = self.cut_target(measured)
        if cut is None:
            raise Mistake(mistakes.no_target(whole, self.text[whole.start : whole.end]))
        measure, sign, target = cut
        if isinstance(measured, tree.ShareOfTime | tree.TimeWhile) and isinstance(target, tree.Text | tree.Truth):
            # `share of time while status = "up" per month`: that comparison is the state
            raise Mistake(mistakes.no_target(whole, self.text[whole.start : whole.end]))
        if isinstance(measured, tree.And | tree.Or | tree.Not):
            raise Mistake(
                mistakes.no_phrase(
                    whole, "an objective promises one thing", "write an objective of its own for each of them"
                )
            )
        promise = tree.Bound(measure, sign, target, span=whole)  # type: ignore[arg-type]
        return tree.Objective(None, promise, self._window(per), span=self.around((promise, *per)))

    def _window(self, per: list[Part]) -> Any:
        keyword, what = per
        if keyword.type == "PER_ROLLING":
            return tree.RollingWindow(self.duration(what), span=self.around(per))
        return tree.Window(WINDOWS[what.type], span=self.around(per))

    def window_unit(self, parts: list[Part]) -> Part:
        return parts[0]

    def per_unit(self, parts: list[Part]) -> Part:
        return parts[1]
