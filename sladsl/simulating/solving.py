"""Events that make a condition true, or false.

Takes:  a plan, the pools of its attributes.
Gives:  Solver: for a condition and a truth some events, each as what it must be called, who must act, what it must carry.
Never:  trusts its own guess: what is given has been tried on the stream's own conditions, where that can be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, field, frozen

from sladsl.evaluate.stream.conditions import walk
from sladsl.evaluate.stream.observer import Observer
from sladsl.events import Event
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    And,
    Attribute,
    Compare,
    EventAttribute,
    EventType,
    Expr,
    History,
    InList,
    Known,
    Literal,
    Not,
    Or,
    Ref,
    TypeMatches,
)
from sladsl.ir.plan import Plan
from sladsl.simulating.draws import Draws
from sladsl.simulating.values import Cell, Pool
from sladsl.text import fold
from sladsl.text.stem import stems

_WANTED = 16  # different events for one condition and truth
_TRIES = 160
_DEEPEST = 60
_MOST_TESTED = 100_000
# what events are called that no clause means: that something changes, and that a case comes; in the policy's language
_WORDS = {
    "en": (("changed", "recorded", "noted", "event"), ("created", "registered", "received", "started", "event")),
    "es": (("modificado", "anotado", "evento"), ("creado", "registrado", "recibido", "iniciado", "evento")),
}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@frozen
class Sketch:
    """What an event must be for a condition to hold at it: its type ("" for any), its actor, what it carries."""

    type: str = ""
    actor: str = ""
    carries: dict[str, Cell] = field(factory=dict)

    def over(self, other: Sketch) -> Sketch:
        """Both; where they differ, this one."""
        return Sketch(self.type or other.type, self.actor or other.actor, {**other.carries, **self.carries})


NOTHING = Sketch()


class Solver:
    """Finds sketches, each condition's once.

    Args:
        plan: the policy.
        pools: the values of attributes.
        draws: chance; what is found depends on the order of asking.
        types: event types that the log has besides (the steps of wide rows): a verb is one of them, if it can be.
        seldom: states that should hold only where they are asked for: what ends, excuses or stops the clocks.
    """

    def __init__(
        self,
        plan: Plan,
        pools: dict[str, Pool],
        draws: Draws,
        types: Sequence[str] = (),
        seldom: Sequence[int] = (),
    ) -> None:
        self.plan = plan
        self.pools = pools
        self.draws = draws
        self.types = tuple(types)
        self.seldom = tuple(seldom)
        self.actors = {fold(party.name): party.name for party in plan.parties}
        self._known: dict[tuple[int, bool], list[Sketch]] = {}
        self._tested: dict[tuple[object, ...], bool] = {}
        self._observer = Observer(plan, range(len(plan.conditions)), {}, actors=True)
        self._tried = 0
        self._timed = self._find_timed()
        words = _WORDS.get(plan.language, _WORDS["en"])
        self.neutral = self._neutral(words[0])
        self.first = self._neutral(words[1])

    def sketch(self, condition: int, truth: bool = True) -> Sketch:
        """An event at which a condition is as wanted; NOTHING where none was found.

        What it carries makes a state so, whatever the attributes were that it does not carry, as far as can be said.
        """
        found = self._known.get((condition, truth))
        if found is None:
            found = self._known[condition, truth] = self._find(condition, truth)
        return self.draws.pick(found) if found else NOTHING

    def holds(self, condition: int, sketch: Sketch) -> bool:
        """Whether a condition is true at an event that is the first of its case."""
        key = (
            condition,
            sketch.type,
            sketch.actor,
            *sorted((name, str(cell)) for name, cell in sketch.carries.items()),
        )
        found = self._tested.get(key)
        if found is None:
            if len(self._tested) > _MOST_TESTED:
                self._tested.clear()
            found = self._tested[key] = self._holds(condition, sketch)[0] is True
        return found

    def _find(self, condition: int, truth: bool) -> list[Sketch]:
        expr = self.plan.conditions[condition].expr
        found: list[Sketch] = []
        odd: list[Sketch] = []
        unsure: list[Sketch] = []
        for _ in range(_TRIES):
            wish = _Wish(self)
            wish.ask(expr, truth, 0)
            sketch = self._complete(wish.sketch())
            value, brings_more = self._holds(condition, sketch)
            into = unsure if value is not truth else odd if brings_more else found
            if sketch not in into:
                into.append(sketch)
            if len(found) == _WANTED:
                break
        # what a calendar or the history of a case decides cannot be tried on one event
        return found or odd[:_WANTED] or (unsure[:_WANTED] if condition in self._timed else [])

    def _complete(self, sketch: Sketch) -> Sketch:
        """The sketch with one of the types of wide rows in place of a verb, where one fits."""
        if self.types and sketch.type and fold(sketch.type) not in map(fold, self.types):
            return evolve(sketch, type="")
        return sketch

    def _holds(self, condition: int, sketch: Sketch) -> tuple[object, bool]:
        """The truth of a condition after an event that is the first of its case, None for a run-time error; and whether a state holds besides that seldom should."""
        self._tried += 1
        event = Event(f"c{self._tried}", 0, sketch.type or "\0", sketch.actor, dict(sketch.carries), self._tried)
        case = self._observer.observe(event)
        value = self._observer.get(case, condition)
        brings_more = any(self._observer.get(case, other) is True for other in self.seldom if other != condition)
        self._observer.clear()
        self._observer.cases.clear()
        return value if isinstance(value, bool) else None, brings_more

    def _find_timed(self) -> frozenset[int]:
        """The conditions that read more than one event and the attributes after it."""
        timed: set[int] = set()
        for number, condition in enumerate(self.plan.conditions):
            for node in walk(condition.expr):
                reads = isinstance(node, History) or type(node).__name__ in ("During", "Now", "InstantPart")
                if reads or (isinstance(node, Ref) and node.condition in timed):
                    timed.add(number)
        return frozenset(timed)

    def _neutral(self, names: Sequence[str]) -> str:
        """The first of some names that no verb and no condition of the policy means; the last where all are meant."""
        meant = {
            fold(str(value))
            for condition in self.plan.conditions
            for node in walk(condition.expr)
            for value in _types_named(node)
        }
        verbs = [node for c in self.plan.conditions for node in walk(c.expr) if isinstance(node, TypeMatches)]
        free = [name for name in names if name not in meant and not any(self.fits(verb, name) for verb in verbs)]
        return free[0] if free else names[-1]

    def fits(self, verb: TypeMatches, name: str) -> bool:
        """Whether an event of this type is what a verb means."""
        return self._observer.matches((frozenset(verb.required), frozenset(verb.allowed)), name)

    def named_types(self, verb: TypeMatches) -> list[str]:
        """The types of which a verb may be: those that the log has, else its own words."""
        known = [name for name in self.types if self.fits(verb, name)]
        if known:
            return known
        own = [name for name in (verb.written, " ".join(verb.required), " ".join(verb.allowed)) if name]
        return [name for name in own if self.fits(verb, name)][:1] or own[:1]


def speaks_only_of(plan: Plan, types: Sequence[str]) -> bool:
    """Whether every event that a policy means can be of one of these types: a log of steps then says all there is to say."""
    known = set(map(fold, types))
    for condition in plan.conditions:
        for node in walk(condition.expr):
            if not known.issuperset(fold(str(value)) for value in _types_named(node)):
                return False
            if isinstance(node, TypeMatches):
                required, allowed = frozenset(node.required), frozenset(node.allowed)
                if not any(required <= frozenset(stems(name, plan.language)) <= allowed for name in types):
                    return False
    return True


def _types_named(node: Expr) -> Iterator[object]:
    """The event types that a comparison names."""
    if isinstance(node, Compare):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, EventType) and isinstance(other, Literal):
                yield other.value
    elif isinstance(node, InList) and isinstance(node.operand, EventType):
        yield from node.values


class _Wish:
    """One guess at what an event must be."""

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self.draws = solver.draws
        self.type = self.actor = ""
        self.carries: dict[str, Cell] = {}

    def sketch(self) -> Sketch:
        return Sketch(self.type, self.actor, self.carries)

    def ask(self, expr: Expr, truth: bool, depth: int) -> None:
        """Choose what makes an expression as wanted."""
        if depth > _DEEPEST:
            return
        match expr:
            case Ref():
                self.ask(self.solver.plan.conditions[expr.condition].expr, truth, depth + 1)
            case Not():
                self.ask(expr.operand, not truth, depth + 1)
            case And() | Or():
                every = isinstance(expr, And) is truth
                chosen = expr.operands if every else (self.draws.pick(expr.operands),)
                for operand in chosen:
                    self.ask(operand, truth, depth + 1)
            case TypeMatches():
                names = self.solver.named_types(expr)
                if truth and names:
                    self.type = self.draws.pick(names)
            case ActorIs():
                self.actor = self.solver.actors.get(expr.name, expr.name) if truth else "somebody else"
            case Compare():
                self._compare(expr, truth)
            case InList():
                values = [str(value) for value in expr.values]
                self._choose(expr.operand, values, truth is not expr.negated)
            case Known():
                if truth:
                    self._any(expr.operand)
            case _:
                self._any(expr)

    def _compare(self, expr: Compare, truth: bool) -> None:
        op = expr.op if truth else _OPPOSITE[expr.op]
        for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(other, Literal) and op in ("=", "!="):
                if isinstance(other.value, bool):
                    self._choose(side, ["yes" if other.value else "no"], op == "=")
                    return
                if isinstance(side, EventType | Actor) or isinstance(other.value, str):
                    self._choose(side, [str(other.value)], op == "=")
                    return
        self._any(expr)

    def _choose(self, operand: Expr, values: Sequence[str], among: bool) -> None:
        """One of some values, or one that is none of them."""
        if isinstance(operand, EventType):
            if among:
                self.type = self.draws.pick(values)
        elif isinstance(operand, Actor):
            name = self.draws.pick(values) if among else "somebody else"
            self.actor = self.solver.actors.get(fold(name), name)
        elif isinstance(operand, Attribute | EventAttribute) and operand.name in self.solver.pools:
            pool = self.solver.pools[operand.name].values
            fitting = [cell for cell in pool if (str(cell) in values) is among]
            if fitting:
                self.carries[operand.name] = self.draws.pick(fitting)
        else:
            self._any(operand)

    def _any(self, expr: Expr) -> None:
        """Any values for the attributes in an expression: what fits is found by trying."""
        for node in walk(expr):
            if isinstance(node, Ref):
                self._any(self.solver.plan.conditions[node.condition].expr)
            elif isinstance(node, Attribute | EventAttribute):
                pool = self.solver.pools.get(node.name)
                if pool is not None and pool.values:
                    self.carries[node.name] = self.draws.pick(pool.values)
