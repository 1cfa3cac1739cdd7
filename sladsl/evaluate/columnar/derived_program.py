"""Conditions over several values, time and the past, as the program that the kernel runs at each event.

Takes:  the leaves that no single cell decides, the plan's histories, and where values and clocks stand.
Gives:  `derived_program`: numbers; `Refused` in words where there is something that the kernel does not do.
Never:  evaluates anything.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from attrs import define

from sladsl.clock import ClockKind
from sladsl.clock.dates import day_number
from sladsl.evaluate.columnar.clock_tables import ClockTables
from sladsl.evaluate.columnar.errors import Refused
from sladsl.evaluate.columnar.kernel.instructions import (
    ADD,
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    CARRIED,
    COMPARE,
    CONSTANT,
    COUNT,
    DATE,
    DERIVE,
    DISTINCT,
    DIVIDE,
    DONE,
    DURING,
    EQUAL,
    FIRST_TIME,
    HOUR,
    IN_LIST,
    IS_TRUE,
    KNOWN,
    LAST_TIME,
    LESS,
    MONTH,
    MORE,
    MULTIPLY,
    NOW,
    PART,
    PAST,
    REMEMBER,
    SINCE,
    STOP,
    SUBTRACT,
    SUM,
    TRUTH,
    UNEQUAL,
    VALUE,
    WEEKDAY,
)
from sladsl.evaluate.columnar.leaves import Leaf, Leaves, walk
from sladsl.ir.calendars import told_by
from sladsl.ir.expression import (
    Actor,
    Arithmetic,
    Attribute,
    Between,
    CaseId,
    Compare,
    During,
    EventAttribute,
    EventType,
    Expr,
    History,
    InList,
    InstantPart,
    Known,
    Literal,
    Now,
    Value,
    ValueKind,
)
from sladsl.ir.needed import needed_conditions
from sladsl.ir.plan import Plan

_OPERATIONS = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE}
_COMPARISONS = {"=": EQUAL, "!=": UNEQUAL, "<": LESS, "<=": AT_MOST, ">": MORE, ">=": AT_LEAST}
_PARTS = {"month": MONTH, "hour": HOUR, "weekday": WEEKDAY, "date": DATE}
FUNCTIONS = {
    "count": COUNT,
    "distinct": DISTINCT,
    "sum": SUM,
    "first": FIRST_TIME,
    "last": LAST_TIME,
    "since": SINCE,
}
_LARGEST = 1 << 62
_TEXTS = (ValueKind.TEXT, ValueKind.NAME)


@define
class Places:
    """Where the kernel finds what an expression reads.

    value  the number of the column of values for (what, name, kind); see `columns.py`
    text   the number of a text
    tell   asks for the rules by which a calendar is read that attributes tell
    """

    value: Callable[[str, str, ValueKind], int]
    text: Callable[[str], int]
    tell: Callable[[int], None]
    clocks: ClockTables


def derived_program(plan: Plan, leaves: Leaves, places: Places) -> list[int]:
    """The program; empty where all leaves are read off single cells. Raises Refused."""
    derived = [leaf for leaf in leaves.leaves if leaf.source is None and not leaf.reason]
    if not derived:
        return []
    used = {node.index for leaf in derived for node in walk(leaf.expr) if isinstance(node, History)}
    ready: dict[int, list[int]] = {}
    counted: list[int] = []
    for index in sorted(used):
        of = plan.histories[index].of
        triggers = [of.condition, *([of.party] if of.party is not None else [])]
        counted += triggers
        ready.setdefault(max(triggers), []).append(index)
    truths = set(needed_conditions(plan, counted))
    writer = _Writer(plan, places)
    code: list[int] = []
    waiting = {leaf.index: leaf for leaf in derived}
    for condition in leaves.needed:
        for word in leaves.programs.get(condition, ()):
            leaf = waiting.pop(word >> 4, None) if word & 15 == 2 else None
            if leaf is not None:
                code += [DERIVE, leaf.index, *writer.leaf(leaf)]
        if condition in truths and condition in leaves.programs:
            code += [TRUTH, condition << 1 | int(plan.conditions[condition].action)]
        for index in ready.get(condition, ()):
            code += [REMEMBER, index]
    return [*code, STOP, 0]


class _Writer:
    """Writes one leaf after the other."""

    def __init__(self, plan: Plan, places: Places) -> None:
        self.plan = plan
        self.places = places

    def leaf(self, leaf: Leaf) -> list[int]:
        return [*self.truth(leaf.expr), DONE]

    def truth(self, expr: Expr) -> list[int]:
        match expr:
            case Compare():
                kind = expr.kind
                if kind in _TEXTS and expr.op not in ("=", "!="):
                    raise Refused("texts of two attributes are compared only for being the same")
                both = [*self.value(expr.left, kind), *self.value(expr.right, kind)]
                return [*both, COMPARE, _COMPARISONS[expr.op]]
            case Between():
                if expr.kind in _TEXTS:
                    raise Refused("a range of texts between two attributes")
                three = [
                    part for operand in (expr.operand, expr.low, expr.high) for part in self.value(operand, expr.kind)
                ]
                return [*three, BETWEEN, int(expr.negated)]
            case InList():
                values = [part for value in expr.values for part in self.constant(value, expr.kind)]
                return [*self.value(expr.operand, expr.kind), IN_LIST, len(expr.values), int(expr.negated), *values]
            case Known():
                return [*self.value(expr.operand, None), KNOWN]
            case During():
                if not told_by(self.plan.calendars, expr.calendar):
                    return [DURING, self.places.clocks.clock(ClockKind.BUSINESS_TIME, expr.calendar), 0]
                self.places.tell(expr.calendar)
                return [DURING, -1 - self.places.clocks.family(("clock", ClockKind.BUSINESS_TIME)), expr.calendar]
            case Attribute() | EventAttribute() | History():
                return [*self.value(expr, ValueKind.TRUTH), IS_TRUE]
        raise Refused(f"{_words(expr)} over more than one value")

    def value(self, expr: Expr, wanted: ValueKind | None) -> list[int]:
        """An operand; `wanted` is the kind that it is compared in."""
        match expr:
            case Literal():
                return [CONSTANT, *self.constant(expr.value, expr.kind)]
            case Attribute():
                return [VALUE, self.places.value("attribute", expr.name, expr.kind)]
            case EventAttribute():
                return [CARRIED, self.places.value("carried", expr.name, expr.kind)]
            case EventType():
                return [CARRIED, self.places.value("type", "", ValueKind.NAME)]
            case Actor():
                return [CARRIED, self.places.value("actor", "", ValueKind.NAME)]
            case CaseId():
                return [CARRIED, self.places.value("case", "", ValueKind.TEXT)]
            case Now():
                return [NOW]
            case History():
                return [PAST, expr.index]
            case Arithmetic():
                left, right = self.value(expr.left, None), self.value(expr.right, None)
                return [*left, *right, _OPERATIONS[expr.op]]
            case InstantPart():
                operand = self.value(expr.operand, ValueKind.INSTANT)
                return [*operand, PART, _PARTS[expr.part], self.places.clocks.offset()]
        raise Refused(f"{_words(expr)} as a value over more than one value")

    def constant(self, value: Value, kind: ValueKind) -> list[int]:
        """Numerator and denominator of a constant."""
        if isinstance(value, str):
            if kind is ValueKind.DATE:
                year, month, day = (int(part) for part in value.split("-"))
                return [day_number(year, month, day), 1]
            return [self.places.text(value), 1]
        fraction = Fraction(value)
        if abs(fraction.numerator) >= _LARGEST or fraction.denominator >= _LARGEST:
            raise Refused("a number beyond 64 bits")
        return [fraction.numerator, fraction.denominator]


def _words(expr: Expr) -> str:
    """What a node is called."""
    names = {"TextTest": "a test of text", "TypeMatches": "a verb", "ActorIs": "a party"}
    return names.get(type(expr).__name__, f"`{type(expr).__name__}`")
