"""What conditions can hold together: intervals and sets over typed comparisons.

Takes:  typed conditions, and what the definitions in them say.
Gives:  `may_hold`, `may_meet`: False only where it is certain that they cannot.
Never:  cries wolf: what it cannot follow may always hold; works without bound.

A condition becomes a disjunction of conjunctions of facts about single values, up to `_MOST_CASES`. A fact allows a value to
be missing, or to lie in a set: true comparisons exclude a missing value, negated ones allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import frozen

from sladsl.checked.kinds import TRUTH, Kind
from sladsl.checked.typed import (
    Actor,
    And,
    Attr,
    Between,
    CaseId,
    Compare,
    DefRef,
    EventType,
    Expr,
    History,
    InList,
    InstantPart,
    Known,
    Lit,
    Not,
    Now,
    Or,
    Value,
)

Lookup = Callable[[int], Expr | None]
_MOST_CASES = 64
_MOST_STEPS = 2000
_DEEPEST = 60
_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@frozen
class Fact:
    """What is said of one value: whether it may be missing, the values allowed (None: any) or refused, and its bounds.

    `low` and `high` are (bound, whether it is in); None where there is none.
    """

    missing: bool = True
    only: frozenset[Value] | None = None
    never: frozenset[Value] = frozenset()
    low: tuple[Value, bool] | None = None
    high: tuple[Value, bool] | None = None

    def meet(self, other: Fact) -> Fact:
        """Both facts at once."""
        only = self.only if other.only is None else other.only if self.only is None else self.only & other.only
        return Fact(
            self.missing and other.missing,
            only,
            self.never | other.never,
            _tighter(self.low, other.low, low=True),
            _tighter(self.high, other.high, low=False),
        )

    def possible(self) -> bool:
        """Whether any value, or none at all, does what the fact says."""
        if self.missing:
            return True
        if self.only is not None:
            return any(value not in self.never and self._within(value) for value in self.only)
        if self.low is None or self.high is None:
            return True
        (low, low_in), (high, high_in) = self.low, self.high
        if low == high:
            return low_in and high_in and low not in self.never
        return bool(low < high)  # type: ignore[operator]

    def _within(self, value: Value) -> bool:
        if self.low is not None:
            bound, inside = self.low
            if value < bound or (value == bound and not inside):  # type: ignore[operator]
                return False
        if self.high is not None:
            bound, inside = self.high
            if value > bound or (value == bound and not inside):  # type: ignore[operator]
                return False
        return True


Case = dict[object, Fact]  # by what the fact is about
_IMPOSSIBLE: list[Case] = []
_ANY: list[Case] = [{}]


class _TooMuch(Exception):
    """There are more cases than it pays to look at."""


def may_hold(condition: Expr, definitions: Lookup) -> bool:
    """False where a condition can certainly never be true."""
    cases = cases_of(condition, definitions)
    return cases is None or bool(cases)


def cases_of(condition: Expr, definitions: Lookup) -> list[Case] | None:
    """The cases in which a condition is true; None where there are too many to say."""
    try:
        return _Cases(definitions).of(condition, True)
    except _TooMuch:
        return None


def may_meet(one: list[Case] | None, two: list[Case] | None) -> bool:
    """False where the cases of two conditions certainly exclude one another."""
    if one is None or two is None:
        return True
    return any(_meet(a, b) is not None for a in one for b in two)


class _Cases:
    def __init__(self, definitions: Lookup) -> None:
        self.definitions = definitions
        self.steps = 0
        self.depth = 0

    def of(self, e: Expr, wanted: bool) -> list[Case]:
        """The cases in which a condition is `wanted`."""
        self.steps += 1
        if self.steps > _MOST_STEPS or self.depth > _DEEPEST:
            raise _TooMuch
        self.depth += 1
        try:
            return self._of(e, wanted)
        finally:
            self.depth -= 1

    def _of(self, e: Expr, wanted: bool) -> list[Case]:
        match e:
            case Not():
                return self.of(e.operand, not wanted)
            case And() | Or():
                if isinstance(e, And) == wanted:
                    return self._all(self.of(operand, wanted) for operand in e.operands)
                return self._any(self.of(operand, wanted) for operand in e.operands)
            case DefRef() if e.of == TRUTH:
                said = self.definitions(e.definition)
                return self.of(said, wanted) if said is not None else [{e: Fact(False, frozenset({wanted}))}]
            case Lit() if e.kind == TRUTH:
                return _ANY if e.value is wanted else _IMPOSSIBLE
            case Compare():
                return self._compare(e, wanted)
            case InList() if _about(e.operand, e.of) is not None:
                return self._in_list(e, wanted)
            case Between() if (
                isinstance(e.low, Lit) and isinstance(e.high, Lit) and _about(e.operand, e.of) is not None
            ):
                return self._between(e, e.low.value, e.high.value, wanted)
            case Known() if _about(e.operand, None) is not None:
                return [{_about(e.operand, None): Fact(False) if wanted else Fact(True, frozenset())}]
        return [{e: Fact(False, frozenset({wanted}))}]

    def _all(self, parts: Iterable[list[Case]]) -> list[Case]:
        found = _ANY
        for part in parts:
            found = [met for a in found for b in part if (met := _meet(a, b)) is not None]
            if len(found) > _MOST_CASES:
                raise _TooMuch
            if not found:
                return _IMPOSSIBLE
        return found

    @staticmethod
    def _any(parts: Iterable[list[Case]]) -> list[Case]:
        found: list[Case] = []
        for part in parts:
            found.extend(part)
            if len(found) > _MOST_CASES:
                raise _TooMuch
        return found

    @staticmethod
    def _compare(e: Compare, wanted: bool) -> list[Case]:
        left, right, sign = e.left, e.right, e.sign
        if isinstance(left, Lit) and not isinstance(right, Lit):
            left, right, sign = right, left, _MIRRORED[sign]
        about = _about(left, e.of)
        if about is None or not isinstance(right, Lit):
            return [{e: Fact(False, frozenset({wanted}))}]
        fact = _fact(sign if wanted else _NEGATED[sign], right.value, missing=not wanted)
        return [{about: fact}]

    @staticmethod
    def _in_list(e: InList, wanted: bool) -> list[Case]:
        inside = wanted != e.negated
        values = frozenset(e.values)
        fact = Fact(not wanted, values) if inside else Fact(not wanted, None, values)
        return [{_about(e.operand, e.of): fact}]

    @staticmethod
    def _between(e: Between, low: Value, high: Value, wanted: bool) -> list[Case]:
        about = _about(e.operand, e.of)
        if wanted != e.negated:
            return [{about: Fact(not wanted, low=(low, True), high=(high, True))}]
        return [{about: Fact(not wanted, high=(low, False))}, {about: Fact(not wanted, low=(high, False))}]


def _about(e: Expr, kind: Kind | None) -> object | None:
    """What a fact about an expression is kept under; None where nothing can be said of it.

    A cell read in two kinds counts as two values, except for whether it is there at all.
    """
    if isinstance(e, Attr):
        return (e.name, e.own, None if kind is None else str(kind))
    if isinstance(e, (History, InstantPart, CaseId, EventType, Actor, Now)):
        return (e, str(kind))
    return None


def _fact(sign: str, value: Value, missing: bool) -> Fact:
    if sign == "=":
        return Fact(missing, frozenset({value}))
    if sign == "!=":
        return Fact(missing, None, frozenset({value}))
    bound = (value, "=" in sign)
    return Fact(missing, low=bound) if sign[0] == ">" else Fact(missing, high=bound)


def _meet(one: Case, two: Case) -> Case | None:
    """Both cases at once, None where they exclude each other."""
    met = dict(one)
    for about, fact in two.items():
        joined = met[about].meet(fact) if about in met else fact
        if not joined.possible():
            return None
        met[about] = joined
    return met


def _tighter(one: tuple[Value, bool] | None, two: tuple[Value, bool] | None, low: bool) -> tuple[Value, bool] | None:
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        return one[0], one[1] and two[1]
    greater = one if one[0] > two[0] else two  # type: ignore[operator]
    lesser = two if greater is one else one
    return greater if low else lesser
