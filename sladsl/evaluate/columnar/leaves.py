"""Conditions taken apart: leaves that are read off cells, and boolean programs over them.

Takes:  the conditions of a plan.
Gives:  `Leaves`: each comparison that occurs, once; where its truth stands among the bits; and for each condition the
        program that joins them.
Never:  evaluates anything; cells are read in `cells.py`, programs run in the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import attrs
from attrs import define, field, frozen

from sladsl.evaluate.columnar.kernel.instructions import AND, END_OF_CONDITION, ERROR, LEAF, NO, NOT, OR, REF, SAME, YES
from sladsl.evaluate.stream.values import Fault
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    And,
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
    Not,
    Now,
    Or,
    Ref,
    TextTest,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.needed import needed_conditions
from sladsl.ir.plan import Plan

_BITS = 64
_READ_IN_A_KIND = (ValueKind.NUMBER, ValueKind.TRUTH, ValueKind.INSTANT)
_READERS = (
    *(Attribute, EventAttribute, EventType, Actor, CaseId, Now),
    *(During, TypeMatches, ActorIs, History),
)
_TRUTHS = (And, Or, Not, Compare, InList, Between, Known, TextTest, During, TypeMatches, ActorIs)


@frozen
class Source:
    """Where a leaf finds its one cell.

    what  attribute (the last value), carried (what the event itself carries), type, actor, case
    name  of the attribute; else ""
    """

    what: str
    name: str = ""

    @property
    def of_event(self) -> bool:
        """Whether it is of the event, and gone with it."""
        return self.what in ("carried", "type", "actor")


@define(eq=False)
class Leaf:
    """A comparison, or anything else in a condition that is no and, or, not.

    expr     what it says, with the definitions of values that it reads put in
    source   the cell that decides it; None where it is derived from several, from time or from the past
    of_event it is true at an event only
    errs     whether it can be an error
    reason   why it always is one; else ""
    word, bit, fault  where its truth stands, and that it is an error; -1 where it cannot be
    """

    index: int
    expr: Expr
    source: Source | None
    of_event: bool
    errs: bool
    reason: str = ""
    word: int = -1
    bit: int = -1
    fault: int = -1


@define
class Leaves:
    """All leaves of the conditions that are needed.

    decide      the truth of what reads nothing; raises Fault
    needed      the conditions that are, in order
    programs    by condition
    case_words, event_words  how many words of 64 bits a case and an event need
    """

    plan: Plan
    decide: Callable[[Expr], bool]
    needed: tuple[int, ...] = ()
    leaves: list[Leaf] = field(factory=list)
    programs: dict[int, list[int]] = field(factory=dict)
    case_words: int = 0
    event_words: int = 0
    _by_expr: dict[Expr, Leaf] = field(factory=dict)

    def add(self, conditions: Iterable[int]) -> None:
        """Take apart these conditions and all that they refer to."""
        self.needed = tuple(sorted(needed_conditions(self.plan, conditions)))
        for index in self.needed:
            condition = self.plan.conditions[index]
            if condition.kind is ValueKind.TRUTH:
                code: list[int] = []
                self._truth(condition.expr, code)
                self.programs[index] = [*code, END_OF_CONDITION]

    def known(self, name: str) -> Leaf:
        """The leaf that says whether an attribute has a value."""
        return self._leaf(Known(Attribute(name, ValueKind.TEXT)))

    def place(self) -> None:
        """Give each leaf its bits; those of one cell stand together."""
        for of_event in (False, True):
            here = [leaf for leaf in self.leaves if leaf.of_event == of_event and not leaf.reason]
            here.sort(key=lambda leaf: (leaf.source is None, str(leaf.source), leaf.index))
            used = 0
            for leaf in here:
                wanted = 2 if leaf.errs else 1
                if used % _BITS + wanted > _BITS:
                    used = -(-used // _BITS) * _BITS
                leaf.word, leaf.bit = divmod(used, _BITS)
                leaf.fault = leaf.bit + 1 if leaf.errs else -1
                used += wanted
            words = max(1, -(-used // _BITS))
            if of_event:
                self.event_words = words
            else:
                self.case_words = words

    def speaks_of_silence(self) -> bool:
        """Whether an action can happen at an event of which no leaf is true: `not event = "x"`, `event = "x" or gold`."""
        possible: dict[int, set[bool]] = {}
        for index in self.needed:
            if index in self.programs:
                action = self.plan.conditions[index].action
                possible[index] = self._possible(self.programs[index], possible) if action else {True, False}
        return any(True in held and self.plan.conditions[index].action for index, held in possible.items())

    def _possible(self, program: list[int], known: dict[int, set[bool]]) -> set[bool]:
        """What a program can come to while all leaves of the event are false."""
        stack: list[set[bool]] = []
        for word in program:
            operation, argument = word & 15, word >> 4
            if operation in (YES, NO):
                stack.append({operation == YES})
            elif operation == LEAF:
                stack.append({False} if self.leaves[argument].of_event else {True, False})
            elif operation == REF:
                stack.append(known[argument])
            elif operation == NOT:
                stack.append({not held for held in stack.pop()})
            elif operation in (AND, OR):
                operands = [stack.pop() for _ in range(argument)]
                join = all if operation == AND else any
                stack.append({join(held) for held in product(*operands)} if argument < 12 else {True, False})
            elif operation == SAME:
                left, right = stack.pop(), stack.pop()
                stack.append({a == b for a in left for b in right})
            elif operation == ERROR:
                stack.append({True})  # an error is looked at as well
        return stack[-1]

    # --- programs ---------------------------------------------------------------------------------------------------

    def _truth(self, expr: Expr, code: list[int]) -> None:
        """Write the program of something that is true or false."""
        if isinstance(expr, Literal):
            code.append(YES if expr.value is True else NO)
        elif isinstance(expr, Not):
            self._truth(expr.operand, code)
            code.append(NOT)
        elif isinstance(expr, And | Or):
            for operand in expr.operands:
                self._truth(operand, code)
            code.append((AND if isinstance(expr, And) else OR) | len(expr.operands) << 4)
        elif isinstance(expr, Ref) and self._is_truth(expr):
            code.append(REF | expr.condition << 4)
        elif isinstance(expr, Known) and self._is_truth(expr.operand):
            self._truth(expr.operand, code)
            code += [YES, OR | 2 << 4]  # it has a value, unless it is an error
        elif isinstance(expr, Compare) and (self._is_truth(expr.left) or self._is_truth(expr.right)):
            self._same(expr, code)
        else:
            self._leaf_in(self._without_values(expr), code)

    def _leaf_in(self, expr: Expr, code: list[int]) -> None:
        """Write a leaf; one that reads nothing is decided now."""
        if _reads_nothing(expr):
            try:
                code.append(YES if self.decide(expr) else NO)
            except Fault as fault:
                leaf = self._leaf(expr)
                leaf.reason = fault.reason
                code.append(ERROR | leaf.index << 4)
        else:
            code.append(LEAF | self._leaf(expr).index << 4)

    def _same(self, expr: Compare, code: list[int]) -> None:
        """A truth compared with another: by what follows from them, never by their cells alone."""
        if expr.op not in ("=", "!="):
            raise NotImplementedError("truths are compared only for being the same")
        cells = [side for side in (expr.left, expr.right) if not self._is_truth(side) and not isinstance(side, Literal)]
        for side in cells:  # where its cell is missing the comparison is false
            self._leaf_in(self._without_values(Known(side)), code)
        # an error of another condition comes before that of a cell
        sides = (expr.right, expr.left) if cells and cells[0] is expr.left else (expr.left, expr.right)
        for side in sides:
            self._truth(side, code)
        code.append(SAME)
        if expr.op == "!=":
            code.append(NOT)
        if cells:
            code.append(AND | (len(cells) + 1) << 4)

    def _is_truth(self, expr: Expr) -> bool:
        if isinstance(expr, Ref):
            return self.plan.conditions[expr.condition].kind is ValueKind.TRUTH
        return isinstance(expr, _TRUTHS)

    def _without_values(self, expr: Expr) -> Expr:
        """The expression with the definitions of values put in place of their names."""
        if isinstance(expr, Ref):
            condition = self.plan.conditions[expr.condition]
            if condition.kind is ValueKind.TRUTH:
                raise NotImplementedError("a truth inside a value")
            return self._without_values(condition.expr)
        changed: dict[str, Any] = {}
        for name in attrs.fields_dict(_attrs_class(expr)):
            part = getattr(expr, name)
            if isinstance(part, Expr):
                changed[name] = self._without_values(part)
        return attrs.evolve(expr, **changed) if changed else expr  # type: ignore[misc]

    def _leaf(self, expr: Expr) -> Leaf:
        leaf = self._by_expr.get(expr)
        if leaf is None:
            source, of_event = _source(expr)
            leaf = Leaf(len(self.leaves), expr, source, of_event, _errs(expr))
            self.leaves.append(leaf)
            self._by_expr[expr] = leaf
        return leaf


def _attrs_class(expr: Expr) -> Any:
    return type(expr)


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and all below it."""
    todo = [expr]
    while todo:
        node = todo.pop()
        yield node
        for name in attrs.fields_dict(_attrs_class(node)):
            part = getattr(node, name)
            if isinstance(part, Expr):
                todo.append(part)
            elif isinstance(part, tuple):
                todo += [item for item in part if isinstance(item, Expr)]


def _reads_nothing(expr: Expr) -> bool:
    """Whether an expression is the same at every event of every log."""
    return not any(isinstance(node, _READERS) for node in walk(expr))


def _source(expr: Expr) -> tuple[Source | None, bool]:
    """The one cell that decides a leaf, or None; and whether it is of the event."""
    found: set[Source] = set()
    derived = False
    for node in walk(expr):
        if isinstance(node, Attribute):
            found.add(Source("attribute", node.name))
        elif isinstance(node, EventAttribute):
            found.add(Source("carried", node.name))
        elif isinstance(node, EventType | TypeMatches):
            found.add(Source("type"))
        elif isinstance(node, Actor | ActorIs):
            found.add(Source("actor"))
        elif isinstance(node, CaseId):
            found.add(Source("case"))
        elif isinstance(node, Now | History | During):
            derived = True
    of_event = any(source.of_event for source in found)
    if derived or len(found) != 1:
        return None, of_event
    return next(iter(found)), of_event


def _errs(expr: Expr) -> bool:
    """Whether a leaf can be an error: a cell is read in a kind, or numbers are counted with."""
    for node in walk(expr):
        if isinstance(node, Arithmetic | InstantPart | History):
            return True
        if isinstance(node, Attribute | EventAttribute) and node.kind in _READ_IN_A_KIND:
            return True
    return False
