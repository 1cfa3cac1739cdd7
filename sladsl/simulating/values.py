"""What the attributes of a policy may hold: values on both sides of whatever it asks of them.

Takes:  a plan.
Gives:  `pools_of`: for each attribute that the policy reads its kind and some values.
Never:  draws; the same plan gives the same pools.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from attrs import define, field

from sladsl.clock.amounts import DAY_US, HOUR_US
from sladsl.evaluate.stream.conditions import walk
from sladsl.events import Instant
from sladsl.ir.expression import (
    Arithmetic,
    Attribute,
    Between,
    Compare,
    EventAttribute,
    Expr,
    InList,
    Literal,
    TextTest,
    Value,
    ValueKind,
)
from sladsl.ir.objective import Statistic
from sladsl.ir.plan import Plan

Cell = str | int | Decimal | Instant
"""A value of a log: a text, a number, an instant. The truth of a cell is `yes` or `no`."""

_ORDER = (ValueKind.INSTANT, ValueKind.NUMBER, ValueKind.TRUTH, ValueKind.TEXT)
_ZONES = ("Europe/Madrid", "America/New_York", "Asia/Tokyo", "Pacific/Auckland")
# how far from its case's first event an instant lies, where the policy compares it with nothing fixed
AHEAD_US = (-DAY_US, 6 * HOUR_US, DAY_US, 2 * DAY_US, 3 * DAY_US, 5 * DAY_US, 9 * DAY_US)


@define
class Pool:
    """The values of one attribute.

    kind    what the policy reads in it; an attribute read in several kinds has the narrowest
    values  in a fixed order, without doubles; of instants only those that the policy names
    """

    kind: ValueKind
    values: list[Cell] = field(factory=list)

    def add(self, values: Iterable[Cell]) -> None:
        """Add what is not there yet."""
        self.values += [value for value in dict.fromkeys(values) if value not in self.values]


def pools_of(plan: Plan) -> dict[str, Pool]:
    """The pools of all attributes that the plan reads, by folded name, in order of the names."""
    kinds: dict[str, set[ValueKind]] = {name: set() for name in plan.attributes}
    told: dict[str, list[tuple[ValueKind, list[Cell]]]] = {name: [] for name in plan.attributes}
    for name, kind, values in _said(plan):
        kinds.setdefault(name, set()).add(kind)
        told.setdefault(name, []).append((kind, values))
    pools = {}
    for name in sorted(kinds):
        kind = next((kind for kind in _ORDER if kind in kinds[name]), ValueKind.TEXT)
        pool = pools[name] = Pool(kind)
        for read_as, values in told[name]:
            if read_as is kind or kind is ValueKind.TEXT:
                pool.add(values)
        pool.add(_usual(name, kind, bool(pool.values), plan.language))
    for name in _divisors(plan):
        pools[name].values = [value for value in pools[name].values if value != 0] or [1]
    return pools


def _divisors(plan: Plan) -> set[str]:
    """The attributes that something is divided by: zero would decide nothing."""
    divisions = (
        node for c in plan.conditions for node in walk(c.expr) if isinstance(node, Arithmetic) and node.op == "/"
    )
    return {
        leaf.name for node in divisions for leaf in walk(node.right) if isinstance(leaf, Attribute | EventAttribute)
    }


def _said(plan: Plan) -> Iterator[tuple[str, ValueKind, list[Cell]]]:
    """Each attribute that something reads, with its kind there and the values near what it is compared with."""
    for condition in plan.conditions:
        for node in walk(condition.expr):
            if isinstance(node, Attribute | EventAttribute):
                yield node.name, node.kind, []
            yield from _compared(node)
    for clause in plan.clauses:
        for row in clause.rows:
            if row.target.attribute:
                yield row.target.attribute, ValueKind.INSTANT, []
    for calendar in plan.calendars:
        if calendar.zone_attribute:
            zones = [*_ZONES, calendar.zone_fallback or plan.zone]
            yield calendar.zone_attribute, ValueKind.TEXT, list(dict.fromkeys(zones))
        if calendar.named_by:
            yield calendar.named_by, ValueKind.TEXT, [name for name, _ in calendar.choices]
    for history in plan.histories:
        if history.function == "sum":
            yield history.attribute, ValueKind.NUMBER, []
    for objective in plan.objectives:
        measure = objective.measure
        if isinstance(measure, Statistic):
            near = [] if measure.function == "total" else around(objective.target)
            yield measure.attribute, ValueKind.NUMBER, near
        for statistic in _statistics(measure):
            yield statistic.attribute, ValueKind.NUMBER, []


def _statistics(measure: object) -> Iterator[Statistic]:
    waiting = [measure]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Statistic):
            yield node
        waiting += [part for name in ("left", "right") if (part := getattr(node, name, None)) is not None]


def _compared(node: Expr) -> Iterator[tuple[str, ValueKind, list[Cell]]]:
    """The attributes of a comparison, with values on both sides of it."""
    if isinstance(node, Compare):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, Literal):
                for leaf in walk(side):
                    if isinstance(leaf, Attribute | EventAttribute):
                        yield leaf.name, leaf.kind, near(other.value, leaf.kind)
    elif isinstance(node, InList) and isinstance(node.operand, Attribute | EventAttribute):
        values = [cell for value in node.values for cell in near(value, node.operand.kind)]
        yield node.operand.name, node.operand.kind, values
    elif isinstance(node, Between) and isinstance(node.operand, Attribute | EventAttribute):
        bounds = [end.value for end in (node.low, node.high) if isinstance(end, Literal)]
        cells = [cell for bound in bounds for cell in near(bound, node.operand.kind)]
        yield node.operand.name, node.operand.kind, cells
    elif isinstance(node, TextTest) and isinstance(node.right, Literal):
        for leaf in walk(node.left):
            if isinstance(leaf, Attribute | EventAttribute):
                yield leaf.name, ValueKind.TEXT, [_passing(node.op, str(node.right.value))]


def _passing(op: str, wanted: str) -> str:
    """A text that passes a test."""
    if op == "matches":
        return wanted.replace("*", " one").replace("?", "x").strip()
    return {"contains": f"a {wanted} one", "starts": f"{wanted} one", "ends": f"one {wanted}"}[op]


def near(value: Value, kind: ValueKind) -> list[Cell]:
    """The value itself and some near it, as cells of a kind; nothing where it is of another.

    >>> near(60, ValueKind.NUMBER), near("cto", ValueKind.TEXT)
    ([60, 59, 61, 42, 84], ['cto'])
    """
    if kind is ValueKind.TRUTH:
        return ["yes", "no"]
    if isinstance(value, bool):
        return []
    if kind is ValueKind.NUMBER and isinstance(value, int | Fraction):
        return around(Fraction(value))
    if kind is ValueKind.INSTANT and isinstance(value, int):
        return [Instant(value), Instant(value - DAY_US), Instant(value + DAY_US)]
    if kind in (ValueKind.TEXT, ValueKind.NAME) and isinstance(value, str):
        return [value]
    return []


def around(bound: Fraction) -> list[Cell]:
    """A number, the next ones on both sides, and some further away."""
    step = Fraction(1) if bound.denominator == 1 and abs(bound) >= 10 else Fraction(1, 10)
    if bound.denominator > 10:
        step = Fraction(1, 100)
    wanted = (bound, bound - step, bound + step, bound * Fraction(7, 10), bound * Fraction(14, 10))
    return list(dict.fromkeys(_number(each, step) for each in wanted))


def _number(value: Fraction, step: Fraction) -> int | Decimal:
    """A number written with the digits of a step."""
    steps = round(value / step)
    exact = steps * step
    if exact.denominator == 1:
        return exact.numerator
    digits = 1 if step == Fraction(1, 10) else 2
    return Decimal(int(exact * 10**digits)).scaleb(-digits)


def _usual(name: str, kind: ValueKind, some: bool, language: str) -> list[Cell]:
    """Values that the policy does not name: all there are where it names none, else one that is none of its own."""
    if kind is ValueKind.TRUTH:
        return ["yes", "no"]
    if kind is ValueKind.NUMBER:
        return [] if some else [1, 5, 20, 60, 150, 900]
    if kind is ValueKind.INSTANT:
        return []
    other = f"otro valor de {name}" if language == "es" else f"other {name}"
    return [other] if some else [f"{name} {letter}" for letter in "ABC"]
