"""Levels: whom a clause binds, and which of several of one label decides (section 7).

Takes:  the blocks around clauses and objectives.
Gives:  a Level for each block; for each clause its guard: its own level applies, and no more specific one of the label.
Never:  lets two equally specific levels that could both apply pass, unless one says `overrides`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice, product
from math import prod
from typing import Generic, TypeVar

from attrs import frozen

from sladsl.checked.context import Context
from sladsl.checked.declare import Block
from sladsl.checked.expressions import Expressions
from sladsl.checked.kinds import ERROR, TEXT
from sladsl.checked.logic import Case, cases_of, may_meet
from sladsl.checked.program import Level, Objective
from sladsl.checked.scopes import Scope
from sladsl.checked.typed import And, Attr, Compare, Expr, InList, Lit, Not, Or
from sladsl.syntax import tree
from sladsl.text import Span

T = TypeVar("T")
_MOST_VALUES = 1000
# So many pairs of levels of one label are compared; past it, overlaps are no longer looked for.
_MOST_PAIRS = 100_000


def level_of(context: Context, blocks: tuple[Block, ...], scope: Scope) -> Level:
    """The level of a clause in these blocks; computed once a block."""
    conditions: list[Expr] = []
    words: dict[str, list[str]] = {"customer": [], "service": [], "for": []}
    place = blocks[0].span if blocks else Span(context.source.name, 0, 0)
    for block in blocks:
        if isinstance(block, tree.Level):
            words[block.kind].append(f"{block.kind} {block.value.value}")
            conditions.append(_is_text(context, block))
        elif isinstance(block, tree.ForLevel):
            words["for"].append(f"for {context.text(block.condition.span)}")
            around = context.scope_of[id(block)].around or scope
            conditions.append(Expressions(context, around).condition(block.condition))
    named = [*words["customer"], *words["service"], *words["for"]]
    if not named:
        return Level(span=place)
    condition = conditions[0] if len(conditions) == 1 else And(tuple(conditions), span=place)
    if any(each.kind == ERROR for each in conditions):
        condition = next(each for each in conditions if each.kind == ERROR)
    rank = (2 * bool(words["customer"]) + bool(words["service"]), len(words["for"]))
    return Level(", ".join(named), condition, rank, span=place)


def _is_text(context: Context, block: tree.Level) -> Expr:
    context.note_kind(block.attribute, TEXT)
    attribute = Attr(block.attribute, TEXT, span=block.span)
    return Compare("=", attribute, Lit(block.value.value, TEXT, span=block.value.span), TEXT, span=block.value.span)


@frozen
class Member(Generic[T]):
    """One clause or objective of a label: its level, whether it overrides, its place for messages."""

    item: T
    level: Level
    overrides: bool
    span: Span


def guards(
    context: Context, label: str, members: list[Member[T]], definitions: Callable[[int], Expr | None]
) -> list[Expr | None]:
    """The guard of each member of a label, in their order; complains where two that overlap are equally specific."""
    if len(members) == 1:
        return [members[0].level.condition]
    _tell_overlaps(context, label, members, definitions)
    ranks = sorted({(m.level.rank, m.overrides) for m in members}, reverse=True)
    # what no more specific member applies is the same for all of one rank, and is made once
    none_above: dict[tuple[tuple[int, int], bool], Expr | None] = {}
    above: list[Expr] = []
    for rank in ranks:
        here = [m for m in members if (m.level.rank, m.overrides) == rank]
        none_above[rank] = _none_of(above, here[0].span)
        above = above + [m.level.condition for m in here if m.level.condition is not None]
    result: list[Expr | None] = []
    for member in members:
        own, none = member.level.condition, none_above[(member.level.rank, member.overrides)]
        parts = tuple(part for part in (own, none) if part is not None)
        result.append(parts[0] if len(parts) == 1 else And(parts, span=member.span) if parts else None)
    return result


def _none_of(conditions: Iterable[Expr], span: Span) -> Expr | None:
    distinct = list(dict.fromkeys(conditions))
    if not distinct:
        return None
    any_of = distinct[0] if len(distinct) == 1 else Or(tuple(distinct), span=span)
    return Not(any_of, span=span)


def _tell_overlaps(
    context: Context, label: str, members: list[Member[T]], definitions: Callable[[int], Expr | None]
) -> None:
    by_rank: dict[tuple[tuple[int, int], bool], list[Member[T]]] = {}
    for member in members:
        by_rank.setdefault((member.level.rank, member.overrides), []).append(member)
    for rivals in by_rank.values():
        cases: dict[int, tuple[Case, ...] | None] = {}
        for one, two in islice(_candidates(rivals), _MOST_PAIRS):
            for level in (one.level, two.level):
                if id(level) not in cases:
                    condition = level.condition
                    cases[id(level)] = cases_of(condition, definitions) if condition is not None else None
            if not may_meet(cases[id(one.level)], cases[id(two.level)]):
                continue
            if one.level is two.level:
                continue  # two of one name in one block: that has been told
            message = f"`{label}` is promised twice, and both could apply: {_level(one)} and {_level(two)} are equally specific"
            help = "give the one that shall count the detail `overrides`, or make their conditions exclude each other"
            if isinstance(one.item, Objective):
                help = "make their conditions exclude each other"
            if one.overrides:
                message = f"`{label}` is overridden twice, and both could apply: {_level(one)} and {_level(two)}"
                help = "make their conditions exclude each other"
            context.findings.add("SLA0401", message, two.span, help=help, labels=((one.span, "the other one"),))


def _candidates(rivals: list[Member[T]]) -> Iterator[tuple[Member[T], Member[T]]]:
    """Pairs that could overlap: levels that ask one attribute for different values are set apart without looking further."""
    by_value: dict[Hashable, Member[T]] = {}
    plain: dict[Hashable, list[Member[T]]] = {}
    rest: list[Member[T]] = []
    for member in rivals:
        asked = _values_asked(member.level.condition)
        if asked is None:
            rest.append(member)
            continue
        names = tuple(name for name, _ in asked)
        plain.setdefault(names, []).append(member)
        for key in product(*(values for _, values in asked)):
            earlier = by_value.setdefault((names, key), member)
            if earlier is not member:
                yield earlier, member
                break
    groups = list(plain.values())
    for at, group in enumerate(groups):
        for other in groups[at + 1 :]:
            yield from ((a, b) for a in group for b in other)
    simple = [member for group in groups for member in group]
    for at, member in enumerate(rest):
        yield from ((member, other) for other in simple)
        yield from ((member, other) for other in rest[at + 1 :])


def _values_asked(condition: Expr | None) -> list[tuple[str, tuple[object, ...]]] | None:
    """What a level asks of attributes, where it asks nothing but values of text: sorted (attribute, values)."""
    parts = condition.operands if isinstance(condition, And) else (condition,)
    asked: dict[str, tuple[object, ...]] = {}
    values: tuple[object, ...]
    for part in parts:
        if (
            isinstance(part, Compare)
            and part.sign == "="
            and isinstance(part.left, Attr)
            and isinstance(part.right, Lit)
        ):
            name, values, kind, own = part.left.name, (part.right.value,), part.of, part.left.own
        elif isinstance(part, InList) and not part.negated and isinstance(part.operand, Attr):
            name, values, kind, own = part.operand.name, part.values, part.of, part.operand.own
        else:
            return None
        if name in asked or own or kind != TEXT:
            return None
        asked[name] = tuple(values)
    return sorted(asked.items()) if prod(map(len, asked.values())) <= _MOST_VALUES else None


def _level(member: Member[T]) -> str:
    return f"`{member.level.name}`"
