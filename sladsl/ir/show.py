"""The plan as text that a developer reads and a test compares.

Takes:  a Plan.
Gives:  `show`: a line for each condition, a block for each clause, always the same text for the same plan; and
        `show_expression`, one condition as the machine sees it.
Never:  hides what differs from a default, or depends on anything but the plan. It is no input format; see wire.py.

Conditions are printed as `c3`, histories as `h0`, calendars as `k1`, groups as `g2`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs

from sladsl.clock import Amount
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
    Trigger,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.plan import Plan

_INDEXED = {"guard", "when", "subject", "start_while", "party", "condition"}
_LISTS_OF_CONDITIONS = {"cancels", "excuses"}
_HEADER = (
    "edition",
    "language",
    "zone",
    "case_word",
    "effective",
    "lateness_us",
    "between",
    "case_until",
    "credit_cap",
)


def show(plan: Plan) -> str:
    """The whole plan as text, ending in a line end."""
    return "\n".join(_lines(plan)) + "\n"


def show_expression(expr: Expr) -> str:
    """An expression on one line, every operation in brackets that stands in another.

    >>> from sladsl.ir.expression import Attribute, Compare, Literal, ValueKind
    >>> number = ValueKind.NUMBER
    >>> show_expression(Compare(">=", Attribute("score", number), Literal(60, number), number))
    'score:number >= 60'
    """
    return _SHOWN[type(expr)](expr)


def _lines(plan: Plan) -> Iterator[str]:
    yield f"plan {_text(plan.name)} (version {plan.version})"
    for name in _HEADER:
        value = getattr(plan, name)
        if value not in (None, (), (None, None)):
            yield f"  {name} {_value(value, name)}"
    for spec in plan.inputs:
        yield f"input {_text(spec.name)}"
        yield from _fields(spec, {"name"})
    for index, calendar in enumerate(plan.calendars):
        yield f"calendar k{index} {_text(calendar.name)}"
        yield from _fields(calendar, {"name"})
    for index, condition in enumerate(plan.conditions):
        yield _condition(index, condition)
    for index, history in enumerate(plan.histories):
        yield f"history h{index} {_node(history)}"
    for party in plan.parties:
        yield f"party {_text(party.name)} {_node(party, {'name'})}"
    for clause in plan.clauses:
        form = clause.form.value
        yield f"clause {clause.index} {_text(clause.label)} g{clause.group} at {_text(clause.level.name)}: {form}"
        yield from _fields(clause, {"index", "group", "label", "form"})
    yield f"order {' '.join(map(str, plan.order))}"
    for objective in plan.objectives:
        yield f"objective {_text(objective.label)}"
        yield from _fields(objective, {"label"})
    for lifecycle in plan.lifecycles:
        stages = ", ".join(f"{_text(name)} c{index}" for name, index in lifecycle.stages)
        yield f"lifecycle {_text(lifecycle.name)}: {stages}"
    for protocol in plan.protocols:
        yield f"protocol {_text(protocol.name)}: {' '.join(f'g{group}' for group in protocol.groups)}"
    for phrase in plan.phrases:
        yield f"phrase {_text(phrase.written)} ({phrase.role}) c{phrase.condition}"
    if plan.attributes:
        yield f"attributes {', '.join(map(_text, plan.attributes))}"


def _condition(index: int, condition: Condition) -> str:
    way = "action" if condition.action else "state"
    kind = "" if condition.kind is ValueKind.TRUTH else f" {condition.kind.value}"
    name = f" {_text(condition.name)}" if condition.name else ""
    reads = [*condition.reads, *(["the event"] if condition.reads_event else [])]
    return f"c{index} {way}{kind}{name} = {show_expression(condition.expr)}  reads {', '.join(reads) or 'nothing'}"


def _fields(node: Any, left_out: set[str]) -> Iterator[str]:
    """A line for each field that differs from its default; one for each entry of a tuple of nodes."""
    for f in attrs.fields(type(node)):
        value = getattr(node, f.name)
        if f.name in left_out or not f.eq or value == f.default:
            continue
        if isinstance(value, tuple) and any(attrs.has(type(item)) for item in value):
            yield from (f"  {f.name} {_value(item, f.name)}" for item in value)
        else:
            yield f"  {f.name} {_value(value, f.name)}"


def _node(node: Any, left_out: set[str] | None = None) -> str:
    shown = [
        f"{f.name} {_value(getattr(node, f.name), f.name)}"
        for f in attrs.fields(type(node))
        if f.name not in (left_out or ()) and f.eq and getattr(node, f.name) != f.default
    ]
    return ", ".join(shown) or "as usual"


def _value(value: Any, name: str) -> str:
    if isinstance(value, Amount):
        return f"{value.ticks} ticks of {value.kind.value}"
    if isinstance(value, Trigger):
        return _trigger(value)
    if isinstance(value, Expr):
        return show_expression(value)
    if attrs.has(type(value)):
        inside = _node(value)
        return f"{type(value).__name__.lower()}({inside})" if name in ("left", "right", "measure") else f"({inside})"
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item, name) for item in value)}]"
    if isinstance(value, Enum):
        return str(value.value)
    if name in _INDEXED | _LISTS_OF_CONDITIONS and isinstance(value, int):
        return f"c{value}"
    if name == "calendar" and isinstance(value, int):
        return f"k{value}"
    if name == "group" and isinstance(value, int):
        return f"g{value}"
    return _text(value) if isinstance(value, str) else _plain(value)


def _trigger(trigger: Trigger) -> str:
    if trigger.kind == "first event":
        return trigger.kind
    mark = "g" if trigger.kind in ("breach", "fulfilment") else "c"
    party = "" if trigger.party is None else f" at an event of c{trigger.party}"
    return f"{trigger.kind} {mark}{trigger.condition}{party}"


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _literal(value: int | Fraction | str | bool) -> str:
    return _text(value) if isinstance(value, str) else _plain(value)


def _inside(expr: Expr) -> str:
    """An operand: in brackets where it is an operation itself."""
    shown = show_expression(expr)
    return f"({shown})" if isinstance(expr, _OPERATIONS) else shown


def _joined(word: str) -> Callable[[Any], str]:
    return lambda node: f" {word} ".join(_inside(operand) for operand in node.operands)


def _infix(node: Any) -> str:
    return f"{_inside(node.left)} {node.op} {_inside(node.right)}"


def _in_list(node: InList) -> str:
    word = "not in" if node.negated else "in"
    return f"{_inside(node.operand)} {word} ({', '.join(map(_literal, node.values))})"


def _between(node: Between) -> str:
    word = "not in" if node.negated else "in"
    return f"{_inside(node.operand)} {word} {_inside(node.low)}..{_inside(node.high)}"


def _type_matches(node: TypeMatches) -> str:
    allowed = "" if node.required == node.allowed else f", allowed {' '.join(node.allowed)}"
    return f"event has stems {' '.join(node.required)}{allowed}"


_OPERATIONS = (And, Or, Not, Compare, InList, Between, TextTest, Arithmetic, Known, TypeMatches, ActorIs, During)
_SHOWN: dict[type, Callable[[Any], str]] = {
    Literal: lambda node: _literal(node.value),
    Attribute: lambda node: f"{node.name}:{node.kind.value}",
    EventAttribute: lambda node: f"event.{node.name}:{node.kind.value}",
    EventType: lambda _: "event",
    Actor: lambda _: "actor",
    CaseId: lambda _: "case",
    Now: lambda _: "time",
    Ref: lambda node: f"c{node.condition}",
    Not: lambda node: f"not {_inside(node.operand)}",
    And: _joined("and"),
    Or: _joined("or"),
    Compare: _infix,
    InList: _in_list,
    Between: _between,
    Known: lambda node: f"{_inside(node.operand)} is known",
    TextTest: _infix,
    Arithmetic: _infix,
    During: lambda node: f"during k{node.calendar}",
    TypeMatches: _type_matches,
    ActorIs: lambda node: f"actor is {_text(node.name)}",
    History: lambda node: f"h{node.index}:{node.kind.value}",
    InstantPart: lambda node: f"{node.part} of {_inside(node.operand)}",
}
