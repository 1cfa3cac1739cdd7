"""Expressions: what each name means and which kind each value has (section 4).

Takes:  an expression of the tree, the scope it stands in.
Gives:  a typed expression; Wrong where a diagnostic has been given.
Never:  recurses deeper than `MOST_DEPTH`, whatever the author wrote; guesses the kind of a column.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from math import floor

from sladsl.checked import kinds, typed
from sladsl.checked.context import Context
from sladsl.checked.kinds import (
    BUSINESS_DAYS,
    BUSINESS_TIME,
    CALENDAR_DAYS,
    CELL,
    DATE,
    DURATION,
    ERROR,
    INSTANT,
    LIST,
    NAME,
    NUMBER,
    RANGE,
    TEXT,
    TIME_OF_DAY,
    TRUTH,
    Kind,
    common,
    is_money,
    is_numeric,
    is_ordered,
)
from sladsl.checked.scopes import DefinitionEntry, ListEntry, Scope
from sladsl.checked.slips import holds_operator
from sladsl.checked.typed import Lit, Wrong
from sladsl.checked.values import (
    amount_of,
    end_of_date_us,
    exact,
    instant_us,
    out_of_range,
    share_of,
    simplest,
    time_of_day_us,
)
from sladsl.clock import ClockKind
from sladsl.syntax import tree
from sladsl.text import Span, fold

MOST_DEPTH = 80
_CLOCKS = {
    ClockKind.EXACT: DURATION,
    ClockKind.BUSINESS_TIME: BUSINESS_TIME,
    ClockKind.BUSINESS_DAYS: BUSINESS_DAYS,
    ClockKind.CALENDAR_DAYS: CALENDAR_DAYS,
}
_PART_KINDS = {"month": NUMBER, "hour": NUMBER, "weekday": TEXT, "date": DATE}
_BUILT_IN = {"event": NAME, "actor": NAME, "time": INSTANT, "case": TEXT}
_MEASURES = (tree.ShareMet, tree.ShareBecome, tree.ShareOfTime, tree.TimeWhile, tree.TimeOf, tree.Statistic)
_TRUTHS = (tree.And, tree.Or, tree.Not, tree.Compare, tree.In, tree.Known, tree.TextTest, tree.During, tree.Truth)
_LEAVES = (
    tree.Name,
    tree.Number,
    tree.Text,
    tree.Truth,
    tree.Share,
    tree.Money,
    tree.Duration,
    tree.Instant,
    tree.Date,
)


class Expressions:
    """The expressions of one scope.

    Args:
        context: what the check knows.
        scope: the names in sight.
        skip: a stage, which does not see itself.
        happening: bare names that nothing declares are events (`of opened or reopened`).
        role: of such an event in what `run` prints: verb, start, end, count.
    """

    def __init__(
        self,
        context: Context,
        scope: Scope,
        skip: DefinitionEntry | None = None,
        happening: bool = False,
        role: str = "count",
    ) -> None:
        self.context = context
        self.findings = context.findings
        self.scope = scope
        self.skip = skip
        self.happening = happening
        self.role = role

    # --- what other passes ask for ---------------------------------------------------------------------------------

    def condition(self, e: tree.Expression) -> typed.Expr:
        """An expression that must be true or false."""
        return Wrong(span=e.span) if self._too_deep(e) else self._condition(e)

    def value(self, e: tree.Expression, want: Kind | None = None) -> typed.Expr:
        """An expression read as a kind, where it has none of its own."""
        return Wrong(span=e.span) if self._too_deep(e) else self._value(e, want)

    def state(self, e: tree.Expression, where: str) -> typed.Expr:
        """A condition that must be a state; `where` is what it stands after, for the message."""
        condition = self.condition(e)
        if self.is_action(condition):
            message = f"`{self.text(e.span)}` happens at an event and does not last; `{where}` takes a state"
            help = 'write a condition on what the case has reached, e.g. `status = "open"`'
            self.findings.add("SLA0305", message, e.span, help=help)
            return Wrong(span=e.span)
        return condition

    def constant(self, e: tree.Expression, want: Kind | None = None) -> Lit | None:
        """A value that is the same for every case; None where a complaint has been made."""
        value = self.value(e, want)
        if isinstance(value, Lit):
            return value
        if value.kind != ERROR:
            message = f"`{self.text(e.span)}` is not the same for every case; a constant is needed here"
            self.findings.add("SLA0210", message, e.span)
        return None

    def kind_of(self, e: tree.Expression) -> Kind | None:
        """The kind that an expression has by itself; None where its use must give it."""
        return None if self._depth_reached(e) else self._kind_of(e)

    def is_action(self, expr: typed.Expr) -> bool:
        """Whether an expression reads the event itself, outside the functions of history."""
        waiting: list[typed.Typed] = [expr]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (typed.EventType, typed.Actor, typed.TypeMatches, typed.ActorIs)):
                return True
            if isinstance(node, typed.Attr) and node.own:
                return True
            if isinstance(node, typed.DefRef) and self.context.definitions[node.definition].action:
                return True
            if not isinstance(node, typed.History):
                waiting.extend(typed.children(node))
        return False

    def text(self, span: Span) -> str:
        """The author's words at a place."""
        return self.context.text(span)

    # --- depth -----------------------------------------------------------------------------------------------------

    def _depth_reached(self, e: tree.Expression) -> bool:
        if isinstance(e, _LEAVES) or e.span.end - e.span.start <= MOST_DEPTH:
            return False  # every level takes a character at least
        waiting: list[tuple[tree.Node, int]] = [(e, 1)]
        while waiting:
            node, depth = waiting.pop()
            if depth > MOST_DEPTH:
                return True
            waiting.extend((child, depth + 1) for child in tree.children(node) if not isinstance(child, _LEAVES))
        return False

    def _too_deep(self, e: tree.Expression) -> bool:
        if not self._depth_reached(e):
            return False
        message = f"this expression is nested more than {MOST_DEPTH} levels deep"
        self.findings.add("SLA0207", message, e.span, help="split it into definitions with names")
        return True

    # --- kinds -----------------------------------------------------------------------------------------------------

    def _kind_of(self, e: tree.Expression) -> Kind | None:
        match e:
            case tree.Name():
                return self._kind_of_name(e)
            case tree.Number() | tree.Share() | tree.CountOf() | tree.DistinctOf() | tree.SumOf():
                return NUMBER
            case tree.Text():
                return TEXT
            case tree.Money():
                return kinds.money(e.currency)
            case tree.Duration():
                return {"business": BUSINESS_TIME, "calendar": CALENDAR_DAYS}.get(e.kind, DURATION)
            case tree.Instant() | tree.TimeOfEvent():
                return INSTANT
            case tree.Date():
                return DATE
            case tree.TimeOfDay():
                return TIME_OF_DAY
            case tree.TimeSince():
                return DURATION
            case tree.PartOf():
                return _PART_KINDS[e.part]
            case tree.ListOf():
                return LIST
            case tree.Range():
                return RANGE
            case tree.EventField():
                return INSTANT if fold(e.field.text) in self.context.instants else None
            case tree.Negative():
                return self._kind_of(e.operand) or NUMBER
            case tree.Arithmetic():
                return self._kind_of_arithmetic(e)
        return TRUTH if isinstance(e, _TRUTHS) else ERROR

    def _kind_of_name(self, e: tree.Name) -> Kind | None:
        entry = self.scope.named(e.key, self.skip)
        if isinstance(entry, ListEntry):
            return LIST
        if entry is not None:
            return LIST if entry.items is not None else entry.kind
        if e.key in _BUILT_IN and not e.quoted:
            return _BUILT_IN[e.key]
        return INSTANT if e.key in self.context.instants else None

    def _kind_of_arithmetic(self, e: tree.Arithmetic) -> Kind | None:
        left, right = self._kind_of(e.left), self._kind_of(e.right)
        if ERROR in (left, right):
            return ERROR
        if e.sign in "*/":
            result = _result(e.sign, left or NUMBER, right or NUMBER)
            return result or ERROR
        if left is None and right is None:
            return None
        left, right = self._filled_in(e.sign, left, right)
        return _result(e.sign, left, right) or ERROR

    @staticmethod
    def _filled_in(sign: str, left: Kind | None, right: Kind | None) -> tuple[Kind, Kind]:
        """The kinds of both sides of `+` or `-` where one of them takes what the other leaves it."""
        if left is None and right is not None:
            return (INSTANT if right in (DURATION, INSTANT, DATE) else right), right
        if right is None and left is not None:
            fits = INSTANT if sign == "-" and left in (INSTANT, DATE) else left
            return left, fits
        return left or NUMBER, right or NUMBER

    # --- conditions ------------------------------------------------------------------------------------------------

    def _condition(self, e: tree.Expression) -> typed.Expr:
        if isinstance(e, tree.Name):
            return self._named_condition(e)
        kind = self._kind_of(e)
        if kind == TRUTH:
            return self._value(e, TRUTH)
        value = self._value(e, None)
        if value.kind != ERROR:
            message = f"`{self.text(e.span)}` is {value.kind}, and a condition is needed"
            self.findings.add("SLA0206", message, e.span, help="compare it with something")
        return Wrong(span=e.span)

    def _named_condition(self, e: tree.Name) -> typed.Expr:
        entry = self.scope.named(e.key, self.skip)
        if self.happening and entry is None:
            from sladsl.checked.happenings import condition_of_name

            return condition_of_name(self, e)
        if isinstance(entry, DefinitionEntry):
            if entry.kind == ERROR:
                return Wrong(span=e.span)
            if entry.kind == TRUTH:
                return self._definition(entry, e, TRUTH)
        if entry is not None:
            self.context.use(entry, e.span)
            what = self._what(entry)
            message = f"`{e.text}` is {what}, and a condition is needed"
            self.findings.add("SLA0206", message, e.span, labels=((entry.span, "declared here"),))
            return Wrong(span=e.span)
        if e.key in _BUILT_IN and not e.quoted:
            message = f"`{e.text}` is {_BUILT_IN[e.key]}, and a condition is needed"
            self.findings.add("SLA0206", message, e.span, help=f'compare it with something, e.g. `{e.text} = "…"`')
            return Wrong(span=e.span)
        if e.key in self.context.broken or holds_operator(self.context, e.words):
            return Wrong(span=e.span)
        near = self.findings.near(e.text, self.scope.definition_names())
        message = f"`{e.text}` is neither a state nor an action"
        help = f"did you mean `{near}`?" if near else f"where it is a column of yes and no, write `{e.text} = yes`"
        self.findings.add("SLA0101", message, e.span, help=help)
        return Wrong(span=e.span)

    def _what(self, entry: DefinitionEntry | ListEntry) -> str:
        if isinstance(entry, ListEntry) or entry.items is not None:
            return "a list"
        if entry.constant is not None:
            return f"a constant, {entry.constant.kind}"
        return f"a value, {entry.kind}" if entry.kind else "a value"

    def _definition(self, entry: DefinitionEntry, e: tree.Name, kind: Kind) -> typed.Expr:
        self.context.use(entry, e.span)
        if entry.constant is not None:
            lit = entry.constant
            read_as = kind if (lit.kind, kind) in ((TEXT, NAME), (DATE, INSTANT)) else lit.kind
            return Lit(self._as(lit, read_as), read_as, entry.name, span=e.span)
        entry.wanted.setdefault(kind, e.span)
        return typed.DefRef(entry.number, kind, span=e.span)

    # --- values ----------------------------------------------------------------------------------------------------

    def _value(self, e: tree.Expression, want: Kind | None) -> typed.Expr:
        match e:
            case tree.Name():
                return self._named_value(e, want)
            case tree.Number():
                return self._number(exact(e.value), NUMBER, e.span)
            case tree.Share():
                return self._number(simplest(share_of(e)), NUMBER, e.span)
            case tree.Money():
                return self._number(exact(e.value), kinds.money(e.currency), e.span)
            case tree.Text():
                return Lit(fold(e.value) if want == NAME else e.value, NAME if want == NAME else TEXT, span=e.span)
            case tree.Truth():
                return Lit(e.value, TRUTH, span=e.span)
            case tree.Duration():
                amount = amount_of(e, self.findings)
                return Lit(amount.ticks, _CLOCKS[amount.kind], span=e.span) if amount else Wrong(span=e.span)
            case tree.Instant():
                return Lit(instant_us(e, self.context.zone), INSTANT, span=e.span)
            case tree.Date():
                if want == INSTANT:
                    return Lit(instant_us(e, self.context.zone), INSTANT, span=e.span)
                return Lit(e.value.isoformat(), DATE, span=e.span)
            case tree.TimeOfDay():
                return Lit(time_of_day_us(e), TIME_OF_DAY, span=e.span)
            case tree.EventField():
                return self._cell(e.field, want, own=True, span=e.span)
            case tree.And():
                return typed.And(tuple(self._condition(o) for o in e.operands), span=e.span)
            case tree.Or():
                return typed.Or(tuple(self._condition(o) for o in e.operands), span=e.span)
            case tree.Not():
                return typed.Not(self._condition(e.operand), span=e.span)
            case tree.Compare():
                return self._compare(e)
            case tree.In():
                return self._in(e)
            case tree.Known():
                return self._known(e)
            case tree.TextTest():
                return self._text_test(e)
            case tree.Arithmetic():
                return self._arithmetic(e, want)
            case tree.Negative():
                zero = tree.Number(0, span=Span(e.span.source, e.span.start, e.span.start))
                return self._negative(e, zero)
            case tree.During():
                return self._during(e)
            case tree.ListOf() | tree.Range():
                what = "a list" if isinstance(e, tree.ListOf) else "a range"
                message = f"`{self.text(e.span)}` is {what}, and a single value is needed"
                self.findings.add("SLA0105", message, e.span, help="lists and ranges stand after `in`")
                return Wrong(span=e.span)
        if isinstance(e, _MEASURES):
            message = f"`{self.text(e.span)}` is measured over many cases; it cannot stand in a condition of one"
            self.findings.add("SLA0209", message, e.span, help="write it as an objective, with a window: `… per month`")
            return Wrong(span=e.span)
        from sladsl.checked.history import history_value

        return history_value(self, e)

    def _number(self, value: int | Fraction, kind: Kind, span: Span) -> typed.Expr:
        if out_of_range(value):
            self.findings.add("SLA0213", f"`{self.text(span)[:60]}` is a number beyond all bounds", span)
            return Wrong(span=span)
        return Lit(value, kind, span=span)

    def _named_value(self, e: tree.Name, want: Kind | None) -> typed.Expr:
        entry = self.scope.named(e.key, self.skip)
        if isinstance(entry, ListEntry) or (entry is not None and entry.items is not None):
            self.context.use(entry, e.span)
            message = f"`{e.text}` is a list, and a single value is needed"
            help = f"write `in {e.text}`"
            self.findings.add("SLA0105", message, e.span, help=help, labels=((entry.span, "declared here"),))
            return Wrong(span=e.span)
        if entry is not None:
            if entry.kind == ERROR:
                self.context.use(entry, e.span)
                return Wrong(span=e.span)
            own = entry.kind if entry.constant is None else want or entry.kind
            return self._definition(entry, e, own or want or self._default(entry.value))
        if not e.quoted:
            if e.key == "event":
                return typed.EventType(span=e.span)
            if e.key == "actor":
                return typed.Actor(span=e.span)
            if e.key == "time":
                return typed.Now(span=e.span)
            if e.key == "case":
                return typed.CaseId(span=e.span)
        return self._cell(e, want, own=False, span=e.span)

    def _default(self, value: tree.Expression) -> Kind:
        return NUMBER if isinstance(value, tree.Arithmetic) else TEXT

    def _cell(self, name: tree.Name, want: Kind | None, own: bool, span: Span) -> typed.Expr:
        key = fold(name.text)
        if not own and holds_operator(self.context, name.words):
            return Wrong(span=span)
        if want == DATE:
            self.context.note_kind(key, INSTANT)
            return typed.InstantPart("date", typed.Attr(key, INSTANT, own, span=span), DATE, span=span)
        declared = INSTANT if key in self.context.instants else None
        kind = declared or want or TEXT
        if kind not in CELL and not is_money(kind):
            message = f"`{name.text}` is a cell of the log and cannot be {kind}"
            help = "compare it with a number, a text, an instant, or yes and no"
            self.findings.add("SLA0201", message, span, help=help)
            return Wrong(span=span)
        if want is not None or declared:
            self.context.note_kind(key, NUMBER if is_money(kind) else kind)
        return typed.Attr(key, kind, own, span=span)

    # --- comparisons -----------------------------------------------------------------------------------------------

    def _compare(self, e: tree.Compare) -> typed.Expr:
        left, right = self._kind_of(e.left), self._kind_of(e.right)
        if ERROR in (left, right) or LIST in (left, right) or RANGE in (left, right):
            right = None if right in (LIST, RANGE) else right
            left = None if left in (LIST, RANGE) else left
            self._value(e.left, None if left == ERROR else right)
            self._value(e.right, None if right == ERROR else left)
            return Wrong(span=e.span)
        kind = self._compared(e, left, right)
        if kind is None:
            return Wrong(span=e.span)
        if e.sign not in ("=", "!=") and not is_ordered(kind):
            message = f"`{e.sign}` does not compare {kind} with {kind}"
            self.findings.add("SLA0205", message, e.span, help="use `=` or `!=`")
            return Wrong(span=e.span)
        # a default is no use of its own: it must not decide the kind of a cell elsewhere
        read_as = None if left is None and right is None and kind == TEXT else kind
        a, b = self._value(e.left, read_as), self._value(e.right, read_as)
        if ERROR in (a.kind, b.kind):
            return Wrong(span=e.span)
        if self._mixed(a, b):
            self._do_not_mix(e, a.kind, b.kind)
            return Wrong(span=e.span)
        return typed.Compare(e.sign, a, b, kind, span=e.span)

    @staticmethod
    def _mixed(a: typed.Expr, b: typed.Expr) -> bool:
        return common(a.kind, b.kind) is None

    def _compared(self, e: tree.Compare, left: Kind | None, right: Kind | None) -> Kind | None:
        """The kind in which the two sides are compared; None where a complaint has been made."""
        if left is None and right is None:
            return self._kind_of_pair(e)
        if left is not None and right is not None:
            kind = common(left, right)
            if kind is None:
                self._do_not_mix(e, left, right)
            return kind
        known = left if left is not None else right
        assert known is not None
        open_side, known_side = (e.right, e.left) if left is not None else (e.left, e.right)
        cell = isinstance(open_side, tree.EventField) or (
            isinstance(open_side, tree.Name) and self.scope.named(open_side.key, self.skip) is None
        )
        if known == DATE and cell and self._is_fixed(known_side):
            return INSTANT  # a date is its 00:00; `date of …` on the other side makes the cell a date instead
        if cell and known not in CELL and known != DATE and not is_money(known):
            message = f"`{self.text(open_side.span)}` is a cell of the log and cannot be compared with {known}"
            help = "compare instants, e.g. `time - opened_at > 2h`" if known == DURATION else ""
            self.findings.add("SLA0201", message, e.span, help=help)
            return None
        return known

    def _is_fixed(self, e: tree.Expression) -> bool:
        """Whether it is a date as written, or a constant for one."""
        entry = self.scope.named(e.key, self.skip) if isinstance(e, tree.Name) else None
        return isinstance(e, tree.Date) or (isinstance(entry, DefinitionEntry) and entry.constant is not None)

    def _kind_of_pair(self, e: tree.Compare) -> Kind:
        """Two cells take the kind that either has elsewhere, else text; what is counted with is a number."""
        names = [self._cell_name(side) for side in (e.left, e.right)]
        if None in names:
            return NUMBER
        found = [kind for name in names if name and (kind := self.context.kind_elsewhere(name)) is not None]
        if not found:
            self.context.undecided = True
            return TEXT
        return next((kind for kind in found if kind != TEXT), TEXT)

    def _cell_name(self, e: tree.Expression) -> str | None:
        if isinstance(e, tree.EventField):
            return fold(e.field.text)
        if isinstance(e, tree.Name):
            entry = self.scope.named(e.key, self.skip)
            if entry is None:
                return e.key
            if isinstance(entry, DefinitionEntry) and isinstance(entry.value, (tree.Name, tree.EventField)):
                value = entry.value  # another name for a column
                return value.key if isinstance(value, tree.Name) else fold(value.field.text)
        return None

    def _do_not_mix(self, e: tree.Compare | tree.Arithmetic, left: Kind, right: Kind) -> None:
        if is_money(left) and is_money(right):
            message = f"`{self.text(e.left.span)}` is {left} and `{self.text(e.right.span)}` is {right}: two currencies do not mix"
            self.findings.add("SLA0202", message, e.span)
            return
        left, right = self._clock_of(e.left, left), self._clock_of(e.right, right)
        message = f"`{self.text(e.left.span)}` is {left} and `{self.text(e.right.span)}` is {right}: these do not mix"
        self.findings.add("SLA0201", message, e.span, help=_mix_help(left, right, e))

    def _clock_of(self, e: tree.Expression, kind: Kind) -> Kind:
        if isinstance(e, tree.Duration) and e.kind == "business" and e.parts[-1].unit in ("day", "week"):
            return BUSINESS_DAYS
        return kind

    # --- lists and ranges ------------------------------------------------------------------------------------------

    def _in(self, e: tree.In) -> typed.Expr:
        container = e.container
        if isinstance(container, tree.Range):
            return self._between(e, container)
        if isinstance(container, tree.ListOf):
            ranges = [item for item in container.items if isinstance(item, tree.Range)]
            if ranges:
                return self._in_mixed(e, container, ranges)
            items = [self._constant_item(item) for item in container.items]
            return self._in_values(e, [item for item in items if item is not None], len(items))
        if isinstance(container, tree.Name):
            return self._in_named(e, container)
        message = f"`in` needs a list or a range, not `{self.text(container.span)}`"
        help = 'write the values in brackets, e.g. `in ("a", "b")`'
        self.findings.add("SLA0105", message, container.span, help=help)
        return Wrong(span=e.span)

    def _in_named(self, e: tree.In, name: tree.Name) -> typed.Expr:
        entry = self.scope.named(name.key, self.skip)
        if isinstance(entry, ListEntry) or (isinstance(entry, DefinitionEntry) and entry.items is not None):
            self.context.use(entry, name.span)
            if isinstance(entry, ListEntry) and not entry.sound:
                return Wrong(span=e.span)
            items = list(entry.items or ())
            return self._in_values(e, items, len(items), name.text)
        if isinstance(entry, DefinitionEntry):
            self.context.use(entry, name.span)
            if entry.kind != ERROR:
                message = f"`{name.text}` is no list"
                self.findings.add("SLA0105", message, name.span, labels=((entry.span, "declared here"),))
            return Wrong(span=e.span)
        if name.key in self.context.broken:
            return Wrong(span=e.span)
        if self.scope.parties_by_stems(self.context.words.stems(name.text)):
            message = f"`{name.text}` is a party, and no list"
            self.findings.add(
                "SLA0105", message, name.span, help=f"write `actor in (…)`, or declare `list {name.text} = …`"
            )
            return Wrong(span=e.span)
        near = self.findings.near(name.text, self.scope.list_names())
        shown = fold(name.text).replace(" ", "_")
        help = (
            f"did you mean `{near}`?" if near else f'declare it, `list {shown} = "…"`, or give it: `--list {shown}=a,b`'
        )
        self.findings.add("SLA0102", f"unknown list `{name.text}`", name.span, help=help)
        return Wrong(span=e.span)

    def _constant_item(self, e: tree.Expression) -> Lit | None:
        value = self._value(e, None)
        if isinstance(value, Lit):
            return value
        if value.kind != ERROR:
            message = f"`{self.text(e.span)}` is not the same for every case; a list holds constants"
            help = f'if it is a text, write `"{self.text(e.span)}"`' if isinstance(e, tree.Name) else ""
            self.findings.add("SLA0210", message, e.span, help=help)
        return None

    def _in_values(self, e: tree.In, items: list[Lit], written: int, name: str = "") -> typed.Expr:
        own = self._kind_of(e.item)
        if len(items) != written:
            self._value(e.item, None)
            return Wrong(span=e.span)
        if not items:
            self.findings.add("SLA0212", f"the list {f'`{name}` ' if name else ''}is empty", e.container.span)
            return Wrong(span=e.span)
        kind = self.kind_of_items(items, e.container.span)
        if kind is None or own == ERROR:
            self._value(e.item, None)
            return Wrong(span=e.span)
        if own is None:
            kind = INSTANT if kind == DATE else kind
        else:
            shared = common(own, kind)
            if shared is None:
                message = f"`{self.text(e.item.span)}` is {own} and `{self.text(e.container.span)}` holds {_plural(kind)}: these do not mix"
                self.findings.add("SLA0201", message, e.span)
                return Wrong(span=e.span)
            kind = shared
        item = self._value(e.item, kind)
        if item.kind == ERROR:
            return Wrong(span=e.span)
        values = tuple(dict.fromkeys(self._as(lit, kind) for lit in items))
        return typed.InList(item, values, kind, e.negated, span=e.span)

    def _as(self, lit: Lit, kind: Kind) -> typed.Value:
        """The value of a literal, read as a kind that goes with its own."""
        if kind == NAME:
            return fold(str(lit.value))
        if kind == INSTANT and lit.kind == DATE:
            return instant_us(self._date(lit), self.context.zone)
        return lit.value

    @staticmethod
    def _date(lit: Lit) -> tree.Date:
        return tree.Date(datetime.date.fromisoformat(str(lit.value)), span=lit.span)

    def kind_of_items(self, items: list[Lit], span: Span) -> Kind | None:
        """The one kind of the items of a list; None after a complaint."""
        kind = items[0].kind
        for item in items[1:]:
            shared = common(kind, item.kind)
            if shared is None:
                message = f"a list holds values of one kind; this one has {kind} and {item.kind}"
                self.findings.add("SLA0201", message, span)
                return None
            kind = shared
        return kind

    def _in_mixed(self, e: tree.In, container: tree.ListOf, ranges: list[tree.Range]) -> typed.Expr:
        """`in (1..3, 7)`: one of the values, or within one of the ranges."""
        rest = tuple(item for item in container.items if not isinstance(item, tree.Range))
        parts = [self._in(tree.In(e.item, part, e.negated, span=e.span)) for part in ranges]
        if rest:
            parts.append(self._in(tree.In(e.item, tree.ListOf(rest, span=container.span), e.negated, span=e.span)))
        if any(part.kind == ERROR for part in parts):
            return Wrong(span=e.span)
        if len(parts) == 1:
            return parts[0]
        joined: typed.Expr = typed.Or(tuple(parts), span=e.span)
        return typed.And(tuple(parts), span=e.span) if e.negated else joined

    def _between(self, e: tree.In, container: tree.Range) -> typed.Expr:
        own = self._kind_of(e.item)
        low_kind, high_kind = self._kind_of(container.low), self._kind_of(container.high)
        known = [kind for kind in (own, low_kind, high_kind) if kind is not None]
        kind: Kind | None = known[0] if known else NUMBER
        for other in known[1:]:
            kind = common(kind, other) if kind is not None else None
        if kind == DATE and own is None:
            kind = INSTANT
        if kind is None:
            words = " and ".join(dict.fromkeys(str(each) for each in known))
            self.findings.add("SLA0201", f"`{self.text(e.span)}` has {words}: these do not mix", e.span)
            return Wrong(span=e.span)
        item, low = self._value(e.item, kind), self._value(container.low, kind)
        high = self._value(container.high, kind)
        if kind == INSTANT and high_kind == DATE and isinstance(high, Lit):
            last = self._value(container.high, None)  # the date itself: both ends of a range are in
            if isinstance(last, Lit):
                high = Lit(end_of_date_us(self._date(last), self.context.zone), INSTANT, span=high.span)
        if ERROR in (item.kind, low.kind, high.kind):
            return Wrong(span=e.span)
        if not is_ordered(kind):
            self.findings.add("SLA0205", f"a range of {_plural(kind)} makes no sense", container.span)
            return Wrong(span=e.span)
        if isinstance(low, Lit) and isinstance(high, Lit) and low.value > high.value:  # type: ignore[operator]
            message = f"the range `{self.text(container.span)}` holds nothing: it begins after its end"
            self.findings.add("SLA0212", message, container.span)
            return Wrong(span=e.span)
        return typed.Between(item, low, high, kind, e.negated, span=e.span)

    # --- the rest --------------------------------------------------------------------------------------------------

    def _known(self, e: tree.Known) -> typed.Expr:
        kind = self._kind_of(e.operand)
        if kind == TRUTH:
            self._condition(e.operand)
            message = f"`{self.text(e.operand.span)}` is a condition: it is always known"
            self.findings.add("SLA0205", message, e.span)
            return Wrong(span=e.span)
        operand = self._value(e.operand, None)
        if operand.kind == ERROR:
            return Wrong(span=e.span)
        known = typed.Known(operand, span=e.span)
        return typed.Not(known, span=e.span) if e.missing else known

    def _text_test(self, e: tree.TextTest) -> typed.Expr:
        sides: list[typed.Expr] = []
        for side in (e.left, e.right):
            kind = self._kind_of(side)
            if kind not in (None, TEXT, NAME, ERROR):
                assert kind is not None
                message = f"`{self.text(side.span)}` is {kind}; `{e.kind}` is for texts"
                self.findings.add("SLA0205", message, side.span)
                sides.append(Wrong(span=side.span))
                continue
            sides.append(self._value(side, TEXT))
        if any(side.kind == ERROR for side in sides):
            return Wrong(span=e.span)
        return typed.TextTest(e.kind.split()[0], sides[0], sides[1], span=e.span)

    def _during(self, e: tree.During) -> typed.Expr:
        from sladsl.checked.calendars import calendar_named

        number = calendar_named(self.context, self.scope, e.calendar)
        return Wrong(span=e.span) if number is None else typed.During(number, span=e.span)

    def _negative(self, e: tree.Negative, zero: tree.Number) -> typed.Expr:
        operand = self._value(e.operand, self._kind_of(e.operand) or NUMBER)
        if operand.kind == ERROR:
            return Wrong(span=e.span)
        if not is_numeric(operand.kind) and operand.kind != DURATION:
            self.findings.add("SLA0205", f"`-` does not go with {operand.kind}", e.span)
            return Wrong(span=e.span)
        if isinstance(operand, Lit):
            assert isinstance(operand.value, (int, Fraction))
            return Lit(-operand.value, operand.kind, span=e.span)
        return typed.Arithmetic("-", Lit(0, operand.kind, span=zero.span), operand, operand.kind, span=e.span)

    def _arithmetic(self, e: tree.Arithmetic, want: Kind | None) -> typed.Expr:
        left, right = self._kind_of(e.left), self._kind_of(e.right)
        if left is None and right is None:
            instants = e.sign == "-" and want == DURATION
            left = right = INSTANT if instants else (want if want and is_money(want) and e.sign in "+-" else NUMBER)
        elif e.sign in "+-":
            left, right = self._filled_in(e.sign, left, right)
        a, b = self._value(e.left, left or NUMBER), self._value(e.right, right or NUMBER)
        if DATE in (a.kind, b.kind):  # a date is its 00:00
            a, b = (
                Lit(self._as(x, INSTANT), INSTANT, span=x.span) if isinstance(x, Lit) and x.kind == DATE else x
                for x in (a, b)
            )
        if ERROR in (a.kind, b.kind):
            return Wrong(span=e.span)
        kind = _result(e.sign, a.kind, b.kind)
        if kind is None:
            if e.sign in "+-":
                self._do_not_mix(e, a.kind, b.kind)
            else:
                words = "multiplied by" if e.sign == "*" else "divided by"
                message = f"`{self.text(e.left.span)}` is {a.kind}: it cannot be {words} `{self.text(e.right.span)}`, {b.kind}"
                self.findings.add("SLA0202" if is_money(a.kind) and is_money(b.kind) else "SLA0201", message, e.span)
            return Wrong(span=e.span)
        if isinstance(a, Lit) and isinstance(b, Lit):
            return self._computed(e, a, b, kind)
        return typed.Arithmetic(e.sign, a, b, kind, span=e.span)

    def _computed(self, e: tree.Arithmetic, a: Lit, b: Lit, kind: Kind) -> typed.Expr:
        """Arithmetic of constants, exactly."""
        x, y = Fraction(a.value), Fraction(b.value)
        if e.sign == "/":
            if y == 0:
                self.findings.add("SLA0208", f"`{self.text(e.span)}` divides by zero", e.span)
                return Wrong(span=e.span)
            result = x / y
        else:
            result = x + y if e.sign == "+" else x - y if e.sign == "-" else x * y
        if kind == INSTANT:  # whole microseconds; finer fractions are cut
            return Lit(floor(result), INSTANT, span=e.span)
        return self._number(simplest(result), kind, e.span)


def _result(sign: str, left: Kind, right: Kind) -> Kind | None:
    """The kind of `left sign right`, None where the two do not mix."""
    left, right = (INSTANT if kind == DATE else kind for kind in (left, right))
    if sign in "+-":
        if left == right:
            if left == INSTANT:
                return DURATION if sign == "-" else None
            return left if is_numeric(left) or left == DURATION else None
        if left == INSTANT and right == DURATION:
            return INSTANT
        return INSTANT if sign == "+" and left == DURATION and right == INSTANT else None
    if right == NUMBER:
        return left if is_numeric(left) or left == DURATION else None
    if sign == "*":
        return right if left == NUMBER and (is_money(right) or right == DURATION) else None
    return NUMBER if left == right and (is_money(left) or left == DURATION) else None


def _plural(kind: Kind) -> str:
    words = {NUMBER: "numbers", TEXT: "texts", NAME: "names", INSTANT: "instants", DATE: "dates", DURATION: "durations"}
    return words.get(kind, str(kind))


def _mix_help(left: Kind, right: Kind, e: tree.Compare | tree.Arithmetic) -> str:
    pair = {left, right}
    if TRUTH in pair and TEXT in pair:
        return "`yes` and `no` are written without quotes"
    if NUMBER in pair and TEXT in pair:
        return "numbers are written without quotes"
    if DATE in pair and TEXT in pair:
        return "dates are written without quotes, e.g. `2026-01-05`"
    if pair & {BUSINESS_TIME, BUSINESS_DAYS, CALENDAR_DAYS} and DURATION in pair:
        if any(isinstance(side, tree.TimeSince) for side in (e.left, e.right)):
            return "a history counts exact time: write it in `h` or `days`"
        return "each of them is counted on a clock of its own"
    if TIME_OF_DAY in pair:
        return "write `hour of time`, compared with a number"
    if DURATION in pair and NUMBER in pair:
        return "give the number a unit, e.g. `2h`"
    return ""
