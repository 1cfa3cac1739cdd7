"""Conditions as Python functions, generated from the typed IR.

Takes:  the conditions of a plan and the functions of the machine that runs them.
Gives:  `compile_conditions`: one function a condition, of (case state, event), that does what the condition says with them, and
        `Possible`, which event types can make an action true.
Never:  puts a name or a literal of the policy into the generated text: these are reached by number only.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from sladsl.evaluate.stream.values import Fault, exact, glob, number, text, truth
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    And,
    Arithmetic,
    Attribute,
    Between,
    CaseId,
    Compare,
    Condition,
    During,
    EventAttribute,
    EventType,
    Expr,
    History,
    InList,
    InstantPart,
    Known,
    Literal,
    Not,
    Now,
    Or,
    Ref,
    TextTest,
    TypeMatches,
    ValueKind,
)
from sladsl.text import fold

Function = Callable[[Any, Any], Any]
_COMPARE = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_READERS = {
    ValueKind.NUMBER: "number",
    ValueKind.TEXT: "text",
    ValueKind.NAME: "name",
    ValueKind.TRUTH: "truth",
    ValueKind.INSTANT: "instant",
}
# Cells mostly have the kind already in which they are read.
_ALREADY = {ValueKind.NUMBER: "int", ValueKind.TEXT: "str"}
_MOST_TYPES = 20_000
_NEST = 12  # expressions nested deeper become functions of their own: Python limits its brackets


@lru_cache(maxsize=64)
def _fields(node: Any) -> tuple[str, ...]:
    return tuple(attrs.fields_dict(node))


def children(expr: Expr) -> Iterator[Expr]:
    """The direct operands of a node."""
    node: Any = type(expr)
    for name in _fields(node):
        part = getattr(expr, name)
        if isinstance(part, Expr):
            yield part
        elif isinstance(part, tuple):
            yield from (item for item in part if isinstance(item, Expr))


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and all below it."""
    todo = [expr]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(children(node))


def name_of(value: object) -> str:
    """The folded name in a cell."""
    return fold(value if isinstance(value, str) else text(value))


def divide(left: Any, right: Any) -> Any:
    """left / right, exact."""
    if right == 0:
        raise Fault("a division by zero")
    return exact(Fraction(left) / right)


def bounded(value: Any) -> Any:
    """The result of arithmetic, refused where it has grown beyond all use."""
    if value.__class__ is int:
        if value.bit_length() > 4096:
            raise Fault("a number too large to count with")
    elif value.numerator.bit_length() + value.denominator.bit_length() > 8192:
        raise Fault("a number too large to count with")
    return value


def known(value: Any) -> Any:
    """The value of another condition, or its fault again."""
    if value.__class__ is Fault:
        raise value
    return value


class _Matching(dict[str, bool]):
    """Whether the types of events match a phrase, remembered."""

    def __init__(self, matches: Callable[[tuple[frozenset[str], frozenset[str]], str], bool], of: TypeMatches) -> None:
        self.matches = matches
        self.words = (frozenset(of.required), frozenset(of.allowed))

    def __missing__(self, event_type: str) -> bool:
        if len(self) >= _MOST_TYPES:
            self.clear()
        found = self[event_type] = self.matches(self.words, event_type)
        return found


class _Writer:
    """Writes the functions of all conditions into one module text; `space` is what that text may reach."""

    def __init__(
        self,
        conditions: tuple[Condition, ...],
        lazy: frozenset[int],
        slots: Mapping[str, int],
        actors: bool,
        counted: Container[int],
        space: dict[str, Any],
    ) -> None:
        self.conditions = conditions
        self.lazy = lazy
        self.actors = actors
        self.counted = counted
        self.slots = slots
        self.space = space
        self.lines: list[str] = []
        self.constants = 0
        self.temporaries = 0
        self.functions = 0

    def constant(self, value: Any) -> str:
        name = f"K{self.constants}"
        self.constants += 1
        self.space[name] = value
        return name

    def temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def function(self, expr: Expr, truthy: bool) -> str:
        """A function of the case and the event that gives the truth or the value; its name."""
        name = f"f{self.functions}"
        self.functions += 1
        body = self.truth(expr, 0) if truthy else self.value(expr, 0)
        self.lines.append(f"def {name}(cs, ev):\n    return {body}\n")
        return name

    def step(self, index: int) -> str:
        """A function of the case and the event that finds the truth or the value of a condition, keeps it, and gives the
        mask of those that must look at it; its name."""
        condition = self.conditions[index]
        body = self.truth(condition.expr, 0) if condition.kind is ValueKind.TRUTH else self.value(condition.expr, 0)
        lines = [
            f"def s{index}(cs, ev):",
            "    try:",
            f"        value = {body}",
            "    except Fault as fault:",
            f"        value = named({index}, cs, ev, fault)",
        ]
        if condition.action:
            lines += ["    if value is False:", "        return 0"]
            if index not in self.counted:
                lines += [f"    ACT[{index}] = value", f"    happened({index})", f"    return MASKS[{index}]"]
            else:
                lines += [f"    return done({index}, value, cs, ev)"]
        else:
            lines += [
                f"    old = cs.v{index}",
                "    if value is old or value == old:",
                "        return 0",
                f"    cs.v{index} = value",
            ]
            if index not in self.counted:
                lines += ["    if value is True:", f"        EDGES[{index}] = 1", f"        return RISES[{index}]"]
            lines += [f"    return turned({index}, old, value, cs, ev)"]
        self.lines.append("\n".join([*lines, ""]))
        return f"s{index}"

    def operand(self, expr: Expr, depth: int) -> tuple[list[str], str]:
        """Guards that are false where the operand is missing, and its value once they have held."""
        if isinstance(expr, Literal):
            return [], self.constant(expr.value)
        if isinstance(expr, Attribute):
            name, slot = self.temporary(), self.slots[expr.name]
            return [f"({name} := cs.a{slot}) is not None"], self.read(expr.kind, name)
        if isinstance(expr, EventAttribute):
            name = self.temporary()
            key = self.constant(expr.name)
            return [f"({name} := ev.attributes.get({key})) is not None"], self.read(expr.kind, name)
        if isinstance(expr, EventType):
            return [], "fold(ev.type)"
        if isinstance(expr, Actor):
            return ["ev.actor != ''"], "fold(ev.actor)"
        if isinstance(expr, CaseId):
            return [], "ev.case"
        if isinstance(expr, Now):
            return [], "ev.time_us"
        name = self.temporary()
        return [f"({name} := {self.value(expr, depth + 1)}) is not None"], name

    @staticmethod
    def read(kind: ValueKind, name: str) -> str:
        reader = _READERS.get(kind)
        if reader is None:
            raise NotImplementedError(f"an attribute of kind {kind}")
        already = _ALREADY.get(kind)
        return (
            f"{reader}({name})"
            if already is None
            else f"({name} if {name}.__class__ is {already} else {reader}({name}))"
        )

    def truth(self, expr: Expr, depth: int) -> str:
        """A Python expression that is True or False, or raises Fault."""
        if depth >= _NEST and not isinstance(expr, Ref | Literal):
            return f"{self.function(expr, True)}(cs, ev)"
        down = depth + 1
        if isinstance(expr, And | Or):
            word = " and " if isinstance(expr, And) else " or "
            return "(" + word.join(self.truth(item, down) for item in expr.operands) + ")"
        if isinstance(expr, Not):
            return f"(not {self.truth(expr.operand, down)})"
        if isinstance(expr, Compare):
            guards, left = self.operand(expr.left, down)
            more, right = self.operand(expr.right, down)
            return "(" + " and ".join([*guards, *more, f"{left} {_COMPARE[expr.op]} {right}"]) + ")"
        if isinstance(expr, InList):
            guards, left = self.operand(expr.operand, down)
            values = self.constant(frozenset(expr.values))
            return "(" + " and ".join([*guards, f"{left} {'not in' if expr.negated else 'in'} {values}"]) + ")"
        if isinstance(expr, Between):
            guards, value = self.operand(expr.operand, down)
            more, low = self.operand(expr.low, down)
            most, high = self.operand(expr.high, down)
            test = f"{low} <= {value} <= {high}"
            return "(" + " and ".join([*guards, *more, *most, f"not ({test})" if expr.negated else test]) + ")"
        if isinstance(expr, Known):
            guards, _ = self.operand(expr.operand, down)
            plain = [guard.replace(" or miss(", " or skip(") for guard in guards]
            return "(" + " and ".join([*plain, "True"]) + ")" if guards else "True"
        if isinstance(expr, TextTest):
            guards, left = self.operand(expr.left, down)
            more, right = self.operand(expr.right, down)
            test = {
                "contains": f"{right} in {left}",
                "starts": f"{left}.startswith({right})",
                "ends": f"{left}.endswith({right})",
                "matches": f"glob({left}, {right})",
            }[expr.op]
            return "(" + " and ".join([*guards, *more, test]) + ")"
        if isinstance(expr, During):
            return f"during(cs, {expr.calendar}, ev.time_us)"
        if isinstance(expr, TypeMatches):
            return f"{self.constant(_Matching(self.space['matches'], expr))}[ev.type]"
        if isinstance(expr, ActorIs):
            return f"(fold(ev.actor) == {self.constant(expr.name)})" if self.actors else "True"
        if isinstance(expr, Literal):
            return "True" if expr.value is True else "False"
        if isinstance(expr, Ref) and expr.condition in self.lazy:
            of = self.conditions[expr.condition].expr
            if isinstance(of, ActorIs | TypeMatches):  # cheaper than to remember it
                return self.truth(of, down)
        elif isinstance(expr, Ref) and not self.conditions[expr.condition].action:
            return f"(cs.v{expr.condition} is True or known(cs.v{expr.condition}) is True)"
        return f"({self.value(expr, down)} is True)"

    def value(self, expr: Expr, depth: int) -> str:
        """A Python expression that is the value, None where it is missing, or raises Fault."""
        if depth >= _NEST and not isinstance(expr, Ref | Literal | Attribute):
            return f"{self.function(expr, False)}(cs, ev)"
        down = depth + 1
        if isinstance(expr, Ref):
            if expr.condition in self.lazy:
                return f"lazily({expr.condition}, cs, ev)"
            place = f"ACT[{expr.condition}]" if self.conditions[expr.condition].action else f"cs.v{expr.condition}"
            return f"known({place})"
        if isinstance(expr, Arithmetic):
            guards, left = self.operand(expr.left, down)
            more, right = self.operand(expr.right, down)
            result = f"divide({left}, {right})" if expr.op == "/" else f"bounded({left} {expr.op} {right})"
            both = [*guards, *more]
            return f"({result} if {' and '.join(both)} else None)" if both else result
        if isinstance(expr, History):
            return f"history(cs, {expr.index}, ev.time_us)"
        if isinstance(expr, InstantPart):
            guards, inner = self.operand(expr.operand, down)
            result = f"part({self.constant(expr.part)}, {inner})"
            return f"({result} if {' and '.join(guards)} else None)" if guards else result
        if isinstance(expr, Literal | Attribute | EventAttribute | EventType | Actor | CaseId | Now):
            guards, inner = self.operand(expr, down)
            return f"({inner} if {' and '.join(guards)} else None)" if guards else inner
        if isinstance(
            expr, And | Or | Not | Compare | InList | Between | Known | TextTest | During | TypeMatches | ActorIs
        ):
            return self.truth(expr, depth)
        raise NotImplementedError(f"the stream evaluator cannot do {type(expr).__name__}")


def compile_conditions(
    conditions: tuple[Condition, ...],
    needed: Iterable[int],
    lazy: frozenset[int],
    slots: Mapping[str, int],
    actors: bool,
    counted: Container[int],
    space: Mapping[str, Any],
) -> dict[int, Function]:
    """One function a needed condition, by its index, of the case's state and the event.

    That of a lazy one gives its truth or value (None where missing), or raises Fault. That of any other finds it, tells
    `done` (an action that is not false) or `turned` (a state that is another than before), and gives the mask that these
    give, else 0.

    Args:
        conditions: those of the plan.
        needed: which of them, and all to which these refer.
        lazy: those that are computed only where another asks for them, by `lazily` of the space.
        slots: where an attribute's last value stands: `cs.a0`, `cs.a1` …
        actors: whether the actors of events are known; else every event is of every party.
        counted: those of which history functions are told, by `done` and `turned`; the others tell themselves what
            they did, in ACT, EDGES and by `happened`.
        space: the machine's own functions and lists: ACT, EDGES, MASKS, RISES, happened, lazily, miss, during, history,
            matches, instant, part, done, turned, named.

    Raises NotImplementedError for a node it does not know.
    """
    names: dict[str, Any] = {
        **space,
        "Fault": Fault,
        "number": number,
        "text": text,
        "truth": truth,
        "name": name_of,
        "fold": fold,
        "glob": glob,
        "divide": divide,
        "bounded": bounded,
        "known": known,
        "skip": lambda slot: False,
    }
    writer = _Writer(conditions, lazy, slots, actors, counted, names)
    entries = {
        i: writer.function(conditions[i].expr, conditions[i].kind is ValueKind.TRUTH) if i in lazy else writer.step(i)
        for i in sorted(needed)
    }
    exec(compile("".join(writer.lines), "<conditions>", "exec"), names)  # generated from the IR: numbers only
    return {i: names[entry] for i, entry in entries.items()}


class Possible:
    """Which conditions an event's type alone decides.

    `of(type)` gives for each action: True where every event of this type makes it true, False where none can, None where the event must be asked.
    """

    def __init__(self, conditions: tuple[Condition, ...], matches: Callable[[Any, str], bool]) -> None:
        self.conditions = conditions
        self.matches = matches
        self.faulty: list[bool] = []
        for condition in conditions:
            self.faulty.append(self.may_fault(condition.expr))

    def of(self, event_type: str) -> dict[int, bool | None]:
        """The decisions for one type, by the index of the action."""
        found: dict[int, bool | None] = {}
        folded = fold(event_type)
        for index, condition in enumerate(self.conditions):
            if condition.action:
                found[index] = self.decide(condition.expr, event_type, folded, found)
        return found

    def may_fault(self, expr: Expr) -> bool:
        for node in walk(expr):
            if isinstance(node, Ref):
                if self.faulty[node.condition]:
                    return True
            elif isinstance(node, Arithmetic) or (
                isinstance(node, Attribute | EventAttribute) and node.kind not in (ValueKind.TEXT, ValueKind.NAME)
            ):
                return True
        return False

    def decide(self, expr: Expr, written: str, folded: str, found: Mapping[int, bool | None]) -> bool | None:
        """True or False where the type decides it without a fault, else None."""
        if isinstance(expr, TypeMatches):
            return self.matches((frozenset(expr.required), frozenset(expr.allowed)), written)
        if isinstance(expr, Ref):
            return found.get(expr.condition)
        if isinstance(expr, Not):
            inner = self.decide(expr.operand, written, folded, found)
            return None if inner is None else not inner
        if isinstance(expr, And | Or):
            stop = isinstance(expr, Or)  # the value that decides it
            sure = True
            for item in expr.operands:
                decided = self.decide(item, written, folded, found)
                if decided is stop:
                    return stop
                if decided is None:
                    sure = False
                    if self.may_fault(item):
                        return None
            return (not stop) if sure else None
        if isinstance(expr, Compare) and isinstance(expr.left, EventType) and isinstance(expr.right, Literal):
            if expr.op == "=":
                return folded == expr.right.value
            if expr.op == "!=":
                return folded != expr.right.value
        if isinstance(expr, InList) and isinstance(expr.operand, EventType):
            return (folded in expr.values) is not expr.negated
        return None
