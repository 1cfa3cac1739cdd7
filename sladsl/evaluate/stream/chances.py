"""Why a clause never applied to a case.

Takes:  a plan and the events of one case.
Gives:  `chances`: for each clause the occurrences of its start, and what kept each from opening an instance.
Never:  judges; it only asks the conditions that a start asks, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from sladsl.evaluate.stream.clause import ClauseMachine
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.verdict import Cause
from sladsl.events import Event
from sladsl.ir.plan import Plan


@frozen
class Chance:
    """A start that happened.

    lacking  "" where nothing was in its way; else `level`, `when`, `subject`, `state` (that of `every`) or `period`
    condition  what did not hold, an index into Plan.conditions; -1 for `period`
    """

    clause: int
    at_us: int
    cause: Cause
    lacking: str = ""
    condition: int = -1


def chances(plan: Plan, events: Sequence[Event], *, actors: bool) -> dict[int, list[Chance]]:
    """For each clause, by its index, the starts that happened in one case's events (in order); a clause that follows another has none here."""
    machine = Machine(plan, actors=actors)
    found: dict[int, list[Chance]] = {clause.index: [] for clause in plan.clauses}
    for event in sorted(events, key=lambda event: (event.time_us, event.position)):
        cs = machine.observer.observe(event)
        for clause in machine.machines:
            if any(_begun(machine, clause, cs, kind) for kind in range(len(clause.starts))):
                found[clause.index].append(_chance(machine, clause, cs, event))
        machine.observer.clear()
    return found


def _begun(machine: Machine, clause: ClauseMachine, cs: CaseState, place: int) -> bool:
    trigger = clause.starts[place]
    if trigger.kind == "first event":
        return cs is machine.observer.newcomer
    return trigger.kind not in ("breach", "fulfilment") and machine.happened(cs, trigger) is True


def _chance(machine: Machine, clause: ClauseMachine, cs: CaseState, event: Event) -> Chance:
    at, cause = event.time_us, Cause(event.input, event.row, event.type)
    since, until = machine.plan.effective
    if (since is not None and at < since) or (until is not None and at >= until):
        return Chance(clause.index, at, cause, "period")
    asked = {
        "level": clause.clause.guard,
        "when": clause.clause.when,
        "subject": clause.clause.subject,
        "state": clause.clause.start_while,
    }
    for name, condition in asked.items():
        if condition is not None and machine.get(cs, condition) is not True:
            return Chance(clause.index, at, cause, name, condition)
    return Chance(clause.index, at, cause)
