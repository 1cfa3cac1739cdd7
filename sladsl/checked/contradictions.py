"""Comparisons and conditions that never hold, or always do (section 11).

Takes:  every condition of the policy itself.
Gives:  a warning at the smallest condition that decides itself; what is told is opaque to the passes after this one.
Never:  looks at conditions of other files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from sladsl.checked.doubts import Doubts
from sladsl.checked.facts import WEEKDAYS, Domain, about, domain_of
from sladsl.checked.program import Clause
from sladsl.checked.sets import Values, above, below, point, points
from sladsl.checked.typed import (
    Actor,
    And,
    Attr,
    Between,
    Compare,
    DefRef,
    Expr,
    History,
    InList,
    InstantPart,
    Lit,
    Or,
    Typed,
    Value,
    walk,
)
from sladsl.text import fold

# Of a longer `and`, which two of its parts exclude each other is not looked for.
_MOST_PARTS = 20


def tell_of_contradictions(doubts: Doubts) -> None:
    """Warn where a condition decides itself."""
    parties = {fold(party.name) for party in doubts.program.parties}
    seen: set[int] = set()
    for root in roots_of(doubts):
        if id(root) in seen:
            continue
        seen.add(id(root))
        for node in reversed(list(walk(root))):  # the parts before the whole
            match node:
                case Compare():
                    _tell_of_party(doubts, node, parties)
                    _tell_of_domain(doubts, node)
                case InList() | Between():
                    _tell_of_domain(doubts, node)
                case And():
                    _tell_of_conjunction(doubts, node)
                case Or():
                    _tell_of_disjunction(doubts, node)


def roots_of(doubts: Doubts) -> Iterator[Typed]:
    """Every expression that the author of the policy itself wrote."""
    program = doubts.program
    for definition in program.definitions:
        if not definition.imported:
            yield from (expr for _, expr in definition.variants)
    yield from (party.condition for party in program.parties if not party.imported)
    for clause in program.clauses:
        yield from _of_clause(clause)
    for objective in program.objectives:
        yield from (part for part in (objective.level.condition, objective.measure, *objective.exclusions) if part)


def _of_clause(clause: Clause) -> Iterator[Typed]:
    """What the author wrote in a clause; not its guard, which is made of the levels of others."""
    parts = (clause.level.condition, clause.act, clause.start, clause.state, clause.counted, clause.until, clause.when)
    yield from (part for part in parts if part is not None)
    yield from (*clause.rows, *clause.pauses, *clause.cancels, *clause.excuses)


def _tell_of_conjunction(doubts: Doubts, node: And) -> None:
    logic = doubts.logic
    if logic.may_hold(node) or not all(logic.may_hold(operand) for operand in node.operands):
        return
    if not _is_written(node):
        return
    labels: tuple[tuple[object, str], ...] = ()
    message = f"`{_short(doubts, node)}` never holds: its parts exclude one another"
    if len(node.operands) <= _MOST_PARTS:
        for one, two in combinations(node.operands, 2):
            if not logic.may_hold(one, two):
                message = f"`{_short(doubts, one)}` and `{_short(doubts, two)}` exclude each other: never do both hold"
                labels = ((one.span, "this"), (two.span, "and this"))
                break
    doubts.tell("SLA0216", message, node.span, help="join them with `or`, or correct one of them", labels=labels)  # type: ignore[arg-type]
    _forget(doubts, node)


def _tell_of_disjunction(doubts: Doubts, node: Or) -> None:
    logic = doubts.logic
    if logic.may_hold(but=(node,)) or not all(logic.may_hold(but=(operand,)) for operand in node.operands):
        return
    if not _is_written(node):
        return
    message = f"`{_short(doubts, node)}` always holds: one of its parts does in any case"
    doubts.tell("SLA0216", message, node.span, help="leave the condition out, or join its parts with `and`")
    _forget(doubts, node)


def _forget(doubts: Doubts, node: Expr) -> None:
    """Nothing more is concluded from what has been told."""
    doubts.logic.opaque.add(id(node))
    doubts.logic.known.clear()


def _is_written(node: And | Or) -> bool:
    """Whether the author joined the parts, and not the checker (guards of levels, several `when`)."""
    return all(node.span.start <= operand.span.start and operand.span.end <= node.span.end for operand in node.operands)


def _short(doubts: Doubts, node: Expr) -> str:
    text = doubts.text(node.span)
    return text if len(text) <= 60 else f"{text[:59]}…"


# --- single comparisons -------------------------------------------------------------------------------------------------


def _tell_of_party(doubts: Doubts, node: Compare, parties: set[str]) -> None:
    for one, two in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, Actor) and isinstance(two, Attr) and not two.own and two.name in parties:
            name = doubts.text(two.span)
            message = f"`{name}` is a party, and is read here as a column of the log"
            help = f'write `actor = "{name}"` for the actor of that name'
            doubts.tell("SLA0111", message, two.span, help=help)


def _tell_of_domain(doubts: Doubts, node: Compare | InList | Between) -> None:
    if not any(isinstance(child, (InstantPart, History, DefRef, Lit)) for child in _sides(node)):
        return
    found = _asked(doubts, node)
    if found is None:
        return
    operand, inside, asked = found
    domain = domain_of(operand, node.of)
    if domain.values.is_everything:
        return
    shut_out = [value for value in asked if _is_empty(point(value), domain)]
    never, always = _is_empty(inside, domain), _is_empty(inside.complement(), domain)
    if not (never or always or shut_out):
        return
    why, help = _why(operand, shut_out)
    if 0 < len(shut_out) < len(asked):
        told = ", ".join(_shown(value) for value in shut_out[:3])
        message = f"`{_short(doubts, node)}` asks for what never is: {told}; {why}"
    else:
        message = f"`{_short(doubts, node)}` {'never' if never else 'always'} holds: {why}"
    doubts.tell("SLA0215", message, node.span, help=help)
    _forget(doubts, node)


def _sides(node: Compare | InList | Between) -> Iterable[Expr]:
    return (node.left, node.right) if isinstance(node, Compare) else (node.operand,)


def _asked(doubts: Doubts, node: Compare | InList | Between) -> tuple[Expr, Values, tuple[Value, ...]] | None:
    """What is compared, the values for which the comparison holds, and those it names one by one."""
    resolved = doubts.logic.resolved
    if isinstance(node, Compare):
        left, right, sign = resolved(node.left), resolved(node.right), node.sign
        if isinstance(left, Lit):
            left, right = right, left
            sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        if not isinstance(right, Lit) or about(left) is None:
            return None
        value = right.value
        if sign in ("=", "!="):
            single = point(value)
            return left, single if sign == "=" else single.complement(), (value,)
        return left, above(value, "=" in sign) if sign[0] == ">" else below(value, "=" in sign), ()
    operand = resolved(node.operand)
    if about(operand) is None:
        return None
    if isinstance(node, InList):
        inside = points(node.values)
        return operand, inside.complement() if node.negated else inside, node.values
    if not (isinstance(node.low, Lit) and isinstance(node.high, Lit)):
        return None
    inside = above(node.low.value, True).meet(below(node.high.value, True))
    return operand, inside.complement() if node.negated else inside, ()


def _is_empty(values: Values, domain: Domain) -> bool:
    held = values.meet(domain.values)
    return held.is_empty or (domain.whole and not held.holds_whole())


def _shown(value: Value) -> str:
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _why(operand: Expr, shut_out: list[Value]) -> tuple[str, str]:
    """Why a value is never asked for rightly, and what to write."""
    if isinstance(operand, InstantPart):
        if operand.part == "weekday":
            near = [_shown(day) for value in shut_out for day in WEEKDAYS if fold(str(value)).startswith(day)]
            help = f"write {', '.join(dict.fromkeys(near))}" if near else ""
            return "`weekday of` gives `mon` to `sun`", help
        low, high = {"hour": (0, 23), "month": (1, 12)}[operand.part]
        return f"`{operand.part} of` gives whole numbers from {low} to {high}", ""
    if isinstance(operand, History) and operand.function == "since":
        return "the time since something is never below 0", ""
    return "a count is a whole number, and never below 0", ""
