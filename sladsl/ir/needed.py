"""What the promises of a policy need to know.

Takes:  a Plan.
Gives:  `clause_conditions`, `objective_conditions`; `needed_conditions`, all that they refer to; `compared_attributes`.
Never:  counts a condition that is declared and that no clause or objective comes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sladsl.ir.expression import Attribute, Between, Compare, History, InList, Known, Ref, TextTest, Trigger
from sladsl.ir.invariants import children, nodes
from sladsl.ir.objective import Measure
from sladsl.ir.plan import Plan

_OF_CONDITIONS = ("happens", "begins", "ends")


def clause_conditions(plan: Plan) -> Iterator[int]:
    """The conditions (indices) that the clauses of a plan read, and the end of a case."""
    triggers: list[Trigger | None] = [plan.case_until]
    for clause in plan.clauses:
        triggers += [clause.act, clause.end, *clause.starts]
        single = (clause.guard, clause.when, clause.subject, clause.start_while)
        yield from (condition for condition in single if condition is not None)
        yield from (*clause.cancels, *clause.excuses, *(pause.condition for pause in clause.pauses))
        yield from (row.when for row in clause.rows if row.when is not None)
    for trigger in triggers:
        if trigger is not None:
            yield from _of_trigger(trigger)


def objective_conditions(plan: Plan) -> Iterator[int]:
    """The conditions (indices) that the objectives of a plan read."""
    for objective in plan.objectives:
        if objective.guard is not None:
            yield objective.guard
        yield from (each.condition for each in objective.exclusions if each.condition is not None)
        for node in nodes(objective.measure):
            if isinstance(node, Trigger):
                yield from _of_trigger(node)
            elif isinstance(node, Measure):
                read = (getattr(node, name, None) for name in ("condition", "party"))
                yield from (condition for condition in read if condition is not None)


def _of_trigger(trigger: Trigger) -> Iterator[int]:
    if trigger.kind in _OF_CONDITIONS:
        yield trigger.condition
        if trigger.party is not None:
            yield trigger.party


def needed_conditions(plan: Plan, conditions: Iterable[int]) -> frozenset[int]:
    """These conditions and all to which they refer, also through what histories count."""
    found: set[int] = set()
    waiting = list(conditions)
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        for node in nodes(plan.conditions[index].expr):
            if isinstance(node, Ref):
                waiting.append(node.condition)
            elif isinstance(node, History):
                waiting.extend(_of_trigger(plan.histories[node.index].of))
    return frozenset(found)


def compared_attributes(plan: Plan) -> frozenset[str]:
    """The attributes whose last values clauses and objectives compare: where there is none, the comparison is false.

    >>> import sladsl
    >>> text = "first contact: sales contacts within 24h of created, when score >= 60 and vip is known"
    >>> sorted(compared_attributes(sladsl.load(text=text).plan))
    ['score']
    """
    found: set[str] = set()
    needed = needed_conditions(plan, [*clause_conditions(plan), *objective_conditions(plan)])
    waiting: list[tuple[object, bool]] = [(plan.conditions[index].expr, False) for index in needed]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, Known):
            continue
        if isinstance(node, Attribute) and inside:
            found.add(node.name)
        inside = inside or isinstance(node, Compare | InList | Between | TextTest)
        waiting.extend((child, inside) for child in children(node))
    return frozenset(found)
