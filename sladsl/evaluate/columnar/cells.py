"""Leaves read off one cell, exactly.

Takes:  the expression of a leaf, and the policy's language and zone.
Gives:  `reader_of`: a function from a cell (None where it is missing) to the leaf's truth; it raises Fault.
Never:  is called twice for the same cell of a column; see `columns.py`.

What is missing is seen before any cell is read in its kind, from left to right; arithmetic is an error as soon as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from attrs import frozen

from sladsl.clock import date_of, hour_of, month_of, weekday_of
from sladsl.evaluate.stream.values import Fault, exact, glob, instants, number, text, truth
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    Arithmetic,
    Attribute,
    Between,
    CaseId,
    Compare,
    EventAttribute,
    EventType,
    Expr,
    InList,
    InstantPart,
    Known,
    Literal,
    TextTest,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.plan import Plan
from sladsl.text import fold
from sladsl.text.stem import stems

Cell = Any
Value = Callable[[Cell], Any]
_PARTS = {"month": month_of, "hour": hour_of, "weekday": weekday_of, "date": date_of}
_CELLS = (Attribute, EventAttribute)


@frozen
class Reading:
    """How cells are read.

    zone      the agreement's, for times without an offset
    instant   a cell as microseconds; raises Fault
    language  of verbs
    actors    whether the log names actors at all
    """

    zone: str
    instant: Callable[[object], int]
    language: str
    actors: bool

    def read(self, cell: Cell, kind: ValueKind) -> Any:
        """A cell that is there, in its kind. Raises Fault."""
        match kind:
            case ValueKind.NUMBER:
                return number(cell)
            case ValueKind.TRUTH:
                return truth(cell)
            case ValueKind.INSTANT:
                return self.instant(cell)
            case ValueKind.NAME:
                return fold(text(cell))
            case ValueKind.TEXT:
                return text(cell)
        raise NotImplementedError(f"an attribute of kind {kind.value}")


def reading_of(plan: Plan, actors: bool) -> Reading:
    """How the cells of a plan's logs are read."""
    end_of_day = any(spec.end_of_day for spec in plan.inputs)
    return Reading(plan.zone, instants(plan.zone, end_of_day), plan.language, actors)


def reader_of(expr: Expr, how: Reading) -> Callable[[Cell], bool]:
    """The truth of a leaf for each cell of its one source."""
    match expr:
        case Compare():
            return _test(_operands(how, expr.left, expr.right), _compare(expr.op))
        case InList():
            values, negated = frozenset(expr.values), expr.negated
            return _test(_operands(how, expr.operand), lambda value: (value in values) is not negated)
        case Between():
            return _between(how, expr)
        case Known():
            (seen, *_), _ = _operands(how, expr.operand)
            return lambda cell: seen(cell) is not None
        case TextTest():
            return _test(_operands(how, expr.left, expr.right), _TEXT_TESTS[expr.op])
        case TypeMatches():
            required, allowed = frozenset(expr.required), frozenset(expr.allowed)
            return lambda cell: required <= frozenset(stems(cell, how.language)) <= allowed
        case ActorIs():
            return lambda cell: not how.actors or (cell is not None and fold(cell) == expr.name)
    value = _value(how, expr)
    return lambda cell: value(cell) is True


def _between(how: Reading, expr: Between) -> Callable[[Cell], bool]:
    seen, (middle, low, high) = _operands(how, expr.operand, expr.low, expr.high)
    negated = expr.negated

    def looked(cell: Cell) -> bool:
        held = _all_there(seen, cell)
        if held is None:
            return False
        # the low one is read first, and the high one only where it matters
        bottom, value = low(cell, held[1]), middle(cell, held[0])
        return (bottom <= value and value <= high(cell, held[2])) is not negated

    return looked


def _all_there(seen: list[Value], cell: Cell) -> list[Any] | None:
    """What is seen of each operand, or None where one is missing."""
    held = []
    for look in seen:
        value = look(cell)
        if value is None:
            return None
        held.append(value)
    return held


def _test(
    operands: tuple[list[Value], list[Callable[[Cell, Any], Any]]], test: Callable[..., bool]
) -> Callable[[Cell], bool]:
    seen, reads = operands

    def looked(cell: Cell) -> bool:
        held = _all_there(seen, cell)
        return held is not None and bool(test(*[read(cell, value) for read, value in zip(reads, held, strict=True)]))

    return looked


def _operands(how: Reading, *exprs: Expr) -> tuple[list[Value], list[Callable[[Cell, Any], Any]]]:
    """For each operand what it is as far as is needed to see that it is there, and then its value."""
    seen: list[Value] = []
    reads: list[Callable[[Cell, Any], Any]] = []
    for expr in exprs:
        if isinstance(expr, _CELLS):
            kind = expr.kind
            seen.append(lambda cell: cell)
            reads.append(lambda cell, found, kind=kind: how.read(found, kind))  # type: ignore[misc]
        else:
            seen.append(_value(how, expr))
            reads.append(lambda cell, found: found)
    return seen, reads


def _value(how: Reading, expr: Expr) -> Value:
    """The value for a cell, None where it is missing. Raises Fault."""
    match expr:
        case Literal():
            constant = expr.value
            return lambda cell: constant
        case Attribute() | EventAttribute():
            kind = expr.kind
            return lambda cell: None if cell is None else how.read(cell, kind)
        case EventType() | Actor():
            return lambda cell: None if cell is None else fold(cell)
        case CaseId():
            return lambda cell: cell
        case Arithmetic():
            return _arithmetic(how, expr)
        case InstantPart():
            part, operand = _PARTS[expr.part], _value(how, expr.operand)
            return lambda cell: None if (us := operand(cell)) is None else part(us, how.zone)
    return reader_of(expr, how)


def _arithmetic(how: Reading, expr: Arithmetic) -> Value:
    seen, (left, right) = _operands(how, expr.left, expr.right)
    op = expr.op

    def count(cell: Cell) -> Any:
        held = _all_there(seen, cell)
        if held is None:
            return None
        a, b = left(cell, held[0]), right(cell, held[1])
        if op == "+":
            return bounded(a + b)
        if op == "-":
            return bounded(a - b)
        if op == "*":
            return bounded(a * b)
        if b == 0:
            raise Fault("a division by zero")
        return exact(Fraction(a) / b)

    return count


def bounded(value: Any) -> Any:
    """The result of arithmetic, refused where it has grown beyond all use."""
    size = (
        value.bit_length() if isinstance(value, int) else value.numerator.bit_length() + value.denominator.bit_length()
    )
    if size > (4096 if isinstance(value, int) else 8192):
        raise Fault("a number too large to count with")
    return value


def _compare(op: str) -> Callable[[Any, Any], bool]:
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    return tests[op]


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda a, b: b in a,
    "starts": lambda a, b: a.startswith(b),
    "ends": lambda a, b: a.endswith(b),
    "matches": glob,
}
