"""Expressions: what each name means and which kind each value has (section 4).

Takes:  an expression of the tree, the scope it stands in.
Gives:  a typed expression; Wrong where a diagnostic has been given.
Never:  recurses deeper than `MOST_DEPTH`, whatever the author wrote; guesses the kind of a column.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.checked import kinds, typed
from sladsl.checked.calendars import calendar_named
from sladsl.checked.comparing import compare, knownness, text_test
from sladsl.checked.computing import arithmetic, filled_in, negative, result_kind
from sladsl.checked.context import Context
from sladsl.checked.happenings import condition_of_name
from sladsl.checked.history import history_value
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
    PARTS,
    RANGE,
    TEXT,
    TIME_OF_DAY,
    TRUTH,
    Kind,
    is_money,
)
from sladsl.checked.membership import membership
from sladsl.checked.scopes import DefinitionEntry, ListEntry, Scope
from sladsl.checked.slips import holds_operator, tell_of_alternatives, tell_of_thousands
from sladsl.checked.typed import Lit, Wrong
from sladsl.checked.values import (
    amount_of,
    exact,
    instant_us,
    literal_as,
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

    def of_happenings(self, role: str) -> Expressions:
        """The same scope, where bare names that nothing declares are events."""
        return Expressions(self.context, self.scope, self.skip, happening=True, role=role)

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
            case tree.Number() | tree.Share() | tree.CountOf() | tree.DistinctOf():
                return NUMBER
            case tree.SumOf():
                return None  # of money where it is compared with money
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
                return PARTS[e.part]
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
            result = result_kind(e.sign, left or NUMBER, right or NUMBER)
            return result or ERROR
        if left is None and right is None:
            return None
        left, right = filled_in(e.sign, left, right)
        return result_kind(e.sign, left, right) or ERROR

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
        return str(entry.kind) if entry.kind else "a value"

    def _definition(self, entry: DefinitionEntry, e: tree.Name, kind: Kind) -> typed.Expr:
        self.context.use(entry, e.span)
        if entry.constant is not None:
            lit = entry.constant
            read_as = kind if (lit.kind, kind) in ((TEXT, NAME), (DATE, INSTANT)) else lit.kind
            return Lit(literal_as(lit, read_as, self.context.zone), read_as, entry.name, span=e.span)
        entry.wanted.setdefault(kind, e.span)
        return typed.DefRef(entry.number, kind, span=e.span)

    # --- values ----------------------------------------------------------------------------------------------------

    def _value(self, e: tree.Expression, want: Kind | None) -> typed.Expr:
        match e:
            case tree.Name():
                return self._named_value(e, want)
            case tree.Number():
                tell_of_thousands(self.context, e)
                return self.number(exact(e.value), NUMBER, e.span)
            case tree.Share():
                return self.number(simplest(share_of(e)), NUMBER, e.span)
            case tree.Money():
                tell_of_thousands(self.context, e)
                return self.number(exact(e.value), kinds.money(e.currency), e.span)
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
                tell_of_alternatives(self.context, e)
                return typed.Or(tuple(self._condition(o) for o in e.operands), span=e.span)
            case tree.Not():
                return typed.Not(self._condition(e.operand), span=e.span)
            case tree.Compare():
                return compare(self, e)
            case tree.In():
                return membership(self, e)
            case tree.Known():
                return knownness(self, e)
            case tree.TextTest():
                return text_test(self, e)
            case tree.Arithmetic():
                return arithmetic(self, e, want)
            case tree.Negative():
                return negative(self, e)
            case tree.During():
                number = calendar_named(self.context, self.scope, e.calendar)
                return Wrong(span=e.span) if number is None else typed.During(number, span=e.span)
            case tree.ListOf() | tree.Range():
                what = "a list" if isinstance(e, tree.ListOf) else "a range"
                message = f"`{self.text(e.span)}` is {what}, and a single value is needed"
                self.findings.add("SLA0105", message, e.span, help="lists and ranges stand after `in`")
                return Wrong(span=e.span)
        if isinstance(e, _MEASURES):
            message = f"`{self.text(e.span)}` is measured over many cases; it cannot stand in a condition of one"
            self.findings.add("SLA0209", message, e.span, help="write it as an objective, with a window: `… per month`")
            return Wrong(span=e.span)
        return history_value(self, e, want)

    def number(self, value: int | Fraction, kind: Kind, span: Span) -> typed.Expr:
        """A literal number; Wrong where it is too long to be worked with."""
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
