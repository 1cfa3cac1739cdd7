"""What a policy asks a log to show.

Takes:  a plan.
Gives:  `triggers_of`: what objectives count and nothing else asks for; `rates_of`: what should be rare; `seldom_states`; `parts_of`.
Never:  draws.
"""

from __future__ import annotations

from collections.abc import Iterator

from sladsl.ir.expression import Trigger
from sladsl.ir.objective import Combined, CountMeasure, Measure, ShareBecome, Statistic
from sladsl.ir.plan import Form, Plan


def rates_of(plan: Plan) -> dict[int, float]:
    """How often what is bounded as a share of something else should happen in a case: about as often as is promised."""
    found: dict[int, float] = {}
    for objective in plan.objectives:
        ratio = objective.measure
        if isinstance(ratio, Combined) and ratio.op == "/" and objective.op in ("<", "<="):
            if isinstance(ratio.left, CountMeasure) and isinstance(ratio.right, CountMeasure) and objective.target < 1:
                found[ratio.left.of.condition] = float(objective.target)
        elif isinstance(ratio, ShareBecome) and objective.op in (">", ">="):
            found[ratio.becomes.condition] = min(1.0, float(objective.target) * 1.3)
    return found


def parts_of(measure: Measure) -> Iterator[Measure]:
    """A measure and all that it is made of."""
    waiting = [measure]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Combined):
            waiting += [part.left, part.right]


def triggers_of(plan: Plan) -> Iterator[Trigger]:
    """What objectives count and read, and what nothing else asks for but the log should show."""
    for objective in plan.objectives:
        for part in parts_of(objective.measure):
            if isinstance(part, CountMeasure):
                yield part.of if part.party is None else Trigger(part.of.kind, part.of.condition, party=part.party)
            elif isinstance(part, ShareBecome):
                yield from (part.of, part.becomes)
            elif isinstance(part, Statistic) and part.at is not None:
                yield part.at
    for history in plan.histories:
        yield history.of
    for lifecycle in plan.lifecycles:
        for _, stage in lifecycle.stages:
            yield Trigger("begins", stage)
    for phrase in plan.phrases:
        if phrase.role != "verb":
            yield Trigger("happens", phrase.condition)


def seldom_states(plan: Plan) -> tuple[int, ...]:
    """The states that end, excuse or stop the clocks of clauses, and those that may not last: what a case seldom begins with."""
    found: list[int] = []
    for clause in plan.clauses:
        if clause.form is not Form.TIME_WHILE:
            found += (*clause.cancels, *clause.excuses, *(pause.condition for pause in clause.pauses))
        if clause.form is Form.LASTS:
            found += (start.condition for start in clause.starts)
    return tuple(dict.fromkeys(each for each in found if each >= 0 and not plan.conditions[each].action))
