"""What conditions can hold together: intervals and sets over typed comparisons.

Takes:  typed conditions, and what the definitions in them say.
Gives:  Logic: whether conditions may hold at once, whether some imply another; `cases_of` and `may_meet` for levels.
Never:  cries wolf: what it cannot follow may always hold; works without bound.

A condition becomes cases, of which one must be the case; a case is a fact about each of several cells. What is too much to
follow is taken to be anything, so that "cannot hold" is certain and "may hold" is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import eq, ge, gt, le, lt, ne

from sladsl.checked.facts import Fact, about, domain_of
from sladsl.checked.kinds import NAME, NUMBER, TRUTH, Kind
from sladsl.checked.sets import EVERYTHING, Values, above, below, point, points, union
from sladsl.checked.typed import (
    ActorIs,
    And,
    Between,
    Compare,
    DefRef,
    Expr,
    InList,
    Known,
    Lit,
    Not,
    Or,
    TypeMatches,
    Value,
)

Lookup = Callable[[int], Expr | None]
ValueLookup = Callable[[int, Kind], Expr | None]
Case = dict[object, Fact]  # by what the fact is about

_MOST_CASES = 64
_MOST_STEPS = 4_000  # a question
_MOST_STEPS_IN_ALL = 6_000_000  # a policy
_DEEPEST = 60
_ANY: tuple[Case, ...] = ({},)
_NEVER: tuple[Case, ...] = ()
_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HOLDS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ORDERS = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_ORDER = points((-1, 0, 1))


class Logic:
    """Questions about the conditions of one policy; all of them together do a bounded amount of work.

    Args:
        definitions: what a state or an action says.
        values: what another definition says, read as a kind.
        language: the policy's, for the stems of event names.
        opaque: conditions that have been complained about; nothing more is concluded from them.
    """

    def __init__(
        self,
        definitions: Lookup,
        values: ValueLookup | None = None,
        language: str = "en",
        opaque: Iterable[Expr] = (),
    ) -> None:
        self.definitions = definitions
        self.values = values
        self.language = language
        self.opaque = {id(e) for e in opaque}
        self.left_in_all = _MOST_STEPS_IN_ALL
        self.left = 0
        self.depth = 0
        self.rough = False
        # by the identity of a condition, which is kept beside its cases so that it stays the only one of that identity
        self.known: dict[tuple[int, bool], tuple[Expr, tuple[Case, ...], bool]] = {}

    # --- questions -----------------------------------------------------------------------------------------------------

    def may_hold(self, *conditions: Expr | None, but: Iterable[Expr | None] = ()) -> bool:
        """False where the conditions can certainly not hold at once, while none of `but` does. None counts as true.

        A condition None in `but` is true, too: then nothing holds.
        """
        return bool(self._together(conditions, but))

    def implies(self, conditions: Iterable[Expr | None], conclusion: Expr | None) -> bool:
        """Whether the conclusion certainly holds wherever all the conditions do."""
        return conclusion is None or not self.may_hold(*conditions, but=(conclusion,))

    def surely_meet(self, *conditions: Expr | None, but: Iterable[Expr | None] = ()) -> bool:
        """Whether the conditions can certainly hold at once: they speak of nothing but cells that have any value."""
        found = self._together(conditions, but)
        return not self.rough and any(
            all(isinstance(key, tuple) and key[0] in ("cell", "actor") for key in case) for case in found
        )

    def cases(self, condition: Expr, wanted: bool = True) -> tuple[Case, ...]:
        """The cases in which a condition is `wanted`."""
        self._begin()
        return self.of(condition, wanted)

    def _together(self, conditions: Iterable[Expr | None], but: Iterable[Expr | None]) -> tuple[Case, ...]:
        self._begin()
        parts = [self.of(each, True) for each in conditions if each is not None]
        parts += [_NEVER if each is None else self.of(each, False) for each in but]
        return self._all(parts)

    def _begin(self) -> None:
        self.left = min(_MOST_STEPS, self.left_in_all)
        self.depth = 0
        self.rough = False

    # --- conditions to cases ---------------------------------------------------------------------------------------------

    def of(self, e: Expr, wanted: bool) -> tuple[Case, ...]:
        """The cases in which a condition is `wanted`, without looking at one condition twice."""
        known = self.known.get((id(e), wanted))
        if known is not None:
            self.rough = self.rough or known[2]
            return known[1]
        if not self._step(1) or self.depth > _DEEPEST:
            self.rough = True
            return _ANY
        rough, self.rough = self.rough, False
        self.depth += 1
        found = self._atom(e, wanted) if id(e) in self.opaque else self._of(e, wanted)
        self.depth -= 1
        if self.left > 0:
            self.known[(id(e), wanted)] = e, found, self.rough
        self.rough = self.rough or rough
        return found

    def _of(self, e: Expr, wanted: bool) -> tuple[Case, ...]:
        match e:
            case Not():
                return self.of(e.operand, not wanted)
            case And() | Or():
                parts = [self.of(operand, wanted) for operand in e.operands]
                return self._all(parts) if isinstance(e, And) == wanted else self._any(parts)
            case DefRef() if e.of == TRUTH:
                said = self.definitions(e.definition)
                return self.of(said, wanted) if said is not None else self._atom(e, wanted)
            case Lit() if e.kind == TRUTH:
                return _ANY if e.value is wanted else _NEVER
            case Compare():
                return self._compare(e, wanted)
            case InList():
                inside = points(e.values)
                return self._among(e, e.operand, e.of, inside.complement() if e.negated else inside, wanted)
            case Between() if isinstance(e.low, Lit) and isinstance(e.high, Lit):
                inside = above(e.low.value, True).meet(below(e.high.value, True))
                return self._among(e, e.operand, e.of, inside.complement() if e.negated else inside, wanted)
            case Between() if not e.negated:
                sides = (
                    Compare(">=", e.operand, e.low, e.of, span=e.span),
                    Compare("<=", e.operand, e.high, e.of, span=e.span),
                )
                return self._of(And(sides, span=e.span), wanted)
            case Known():
                key = about(self.resolved(e.operand))
                return (
                    _case(key, Fact(missing=not wanted, present=wanted)) if key is not None else self._atom(e, wanted)
                )
            case TypeMatches():
                test = (frozenset(e.required), frozenset(e.allowed), wanted)
                return _case(("event",), Fact(False, types=frozenset([test]), language=self.language))
            case ActorIs():
                return self._fact(("actor",), NAME, point(e.name), wanted)
        return self._atom(e, wanted)

    def resolved(self, e: Expr) -> Expr:
        """A value, or what the definition that it names says."""
        for _ in range(_DEEPEST):
            if not isinstance(e, DefRef) or self.values is None:
                return e
            said = self.values(e.definition, e.of)
            if said is None:
                return e
            e = said
        return e

    def _compare(self, e: Compare, wanted: bool) -> tuple[Case, ...]:
        left, right, sign = self.resolved(e.left), self.resolved(e.right), e.sign
        if isinstance(left, Lit) and isinstance(right, Lit):
            return _ANY if _HOLDS[sign](left.value, right.value) == wanted else _NEVER
        if isinstance(left, Lit):
            left, right, sign = right, left, _MIRRORED[sign]
        if isinstance(right, Lit):
            return self._among(e, left, e.of, _side(sign, right.value), wanted)
        if left == right:  # a cell compared with itself: only a missing value makes it false
            return self._among(
                e, left, e.of, EVERYTHING if "=" in sign and sign != "!=" else EVERYTHING.complement(), wanted
            )
        if repr(left) > repr(right):
            left, right, sign = right, left, _MIRRORED[sign]
        return self._fact(("order", left, right, str(e.of)), NUMBER, points(_ORDERS[sign]), wanted, _ORDER)

    def _among(self, e: Expr, operand: Expr, kind: Kind, inside: Values, wanted: bool) -> tuple[Case, ...]:
        """The cases in which the operand has a value that is `inside`, or is missing or has another."""
        operand = self.resolved(operand)
        key = about(operand)
        if key is None:
            return self._atom(e, wanted)
        domain = domain_of(operand, kind)
        return self._fact(key, kind, inside, wanted, domain.values, domain.whole, domain.always)

    def _fact(
        self,
        key: object,
        kind: Kind,
        inside: Values,
        wanted: bool,
        domain: Values = EVERYTHING,
        whole: bool = False,
        always: bool = False,
    ) -> tuple[Case, ...]:
        values = (inside if wanted else inside.complement()).meet(domain)
        fact = Fact(not wanted and not always, True, {str(kind): values}, whole=whole, language=self.language)
        return _case(key, fact)

    def _atom(self, e: Expr, wanted: bool) -> tuple[Case, ...]:
        """A condition that nothing is known of but that it holds or does not."""
        return ({e: Fact(False, True, {str(TRUTH): point(wanted)})},)

    # --- cases together --------------------------------------------------------------------------------------------------

    def _all(self, parts: list[tuple[Case, ...]]) -> tuple[Case, ...]:
        """All parts at once; one that would be too much is left out, which only makes more possible."""
        found: tuple[Case, ...] = _ANY
        for part in sorted(parts, key=len):
            if not part:
                return _NEVER
            if part is _ANY:
                continue
            if len(found) * len(part) > 20 * _MOST_CASES or not self._step(len(found) * len(part)):
                self.rough = True
                continue
            met = tuple(both for a in found for b in part if (both := _meet(a, b)) is not None)
            if len(met) > _MOST_CASES:
                self.rough = True
                continue
            found = met
            if not found:
                return _NEVER
        return found

    def _any(self, parts: list[tuple[Case, ...]]) -> tuple[Case, ...]:
        """Any of the parts. Cases that speak of one and the same thing alone become one."""
        alone: dict[object, list[Fact]] = {}
        found: list[Case] = []
        for part in parts:
            for case in part:
                if not case:
                    return _ANY
                if len(case) == 1:
                    alone.setdefault(next(iter(case)), []).append(next(iter(case.values())))
                else:
                    found.append(case)
        for key, facts in alone.items():
            for fact in _joined(facts):
                if fact.says_nothing:
                    return _ANY
                found.append({key: fact})
        if len(found) > _MOST_CASES or not self._step(len(found)):
            self.rough = True
            return _ANY
        return tuple(found)

    def _step(self, steps: int) -> bool:
        """Take some of the work that is left; False where there is none."""
        self.left -= steps
        self.left_in_all -= steps
        return self.left > 0


def cases_of(condition: Expr, definitions: Lookup) -> tuple[Case, ...]:
    """The cases in which a condition is true."""
    return Logic(definitions).cases(condition)


def may_hold(condition: Expr, definitions: Lookup) -> bool:
    """False where a condition can certainly never be true."""
    return Logic(definitions).may_hold(condition)


def may_meet(one: tuple[Case, ...] | None, two: tuple[Case, ...] | None) -> bool:
    """False where the cases of two conditions certainly exclude one another; None is true in every case."""
    if one is None or two is None:
        return True
    return any(_meet(a, b) is not None for a in one for b in two)


def _case(key: object, fact: Fact) -> tuple[Case, ...]:
    return ({key: fact},) if fact.possible else _NEVER


def _meet(one: Case, two: Case) -> Case | None:
    """Both cases at once, None where they exclude each other."""
    met = dict(one)
    for key, fact in two.items():
        joined = met[key].meet(fact) if key in met else fact
        if not joined.possible:
            return None
        met[key] = joined
    return met


def _joined(facts: list[Fact]) -> list[Fact]:
    """Facts about one thing, any of which is the case; those that speak of one kind become one."""
    if len(facts) == 1:
        return facts
    by_kind: dict[str, list[Fact]] = {}
    rest: list[Fact] = []
    for fact in facts:
        if fact.types or len(fact.kinds) > 1 or (fact.present and not fact.kinds):
            rest.append(fact)
        else:
            by_kind.setdefault(next(iter(fact.kinds), ""), []).append(fact)
    missing = by_kind.pop("", [])
    for kind, held in by_kind.items():
        values = union([fact.kinds[kind] for fact in held if fact.present])
        may_miss = any(fact.missing for fact in [*held, *missing])
        rest.append(Fact(may_miss, True, {kind: values}, whole=held[0].whole, language=held[0].language))
        missing = []
    return [*rest, *missing[:1]]


def _side(sign: str, value: Value) -> Values:
    if sign == "=":
        return point(value)
    if sign == "!=":
        return point(value).complement()
    return above(value, "=" in sign) if sign[0] == ">" else below(value, "=" in sign)
