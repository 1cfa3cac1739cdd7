"""The referee: verdicts over a finished log, straight from the definitions.

Takes:  a plan and all events of a log.
Gives:  an Outcome, the same as every other evaluator's; where two differ, this one is looked at first.
Never:  shares timers, states or calendars with another evaluator, or is fast.

    walk.py      clocks, by walking the calendar
    read.py      what holds in a case after each of its events
    instance.py  one instance and the times that follow from its stretches
    case.py      the life of a case, instant by instant
"""

from collections.abc import Sequence

from sladsl.evaluate.reference.case import Case
from sladsl.evaluate.reference.instance import Instance
from sladsl.evaluate.reference.read import Past
from sladsl.evaluate.reference.walk import merged
from sladsl.evaluate.verdict import LATE, Outcome, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan

__all__ = ["judge"]


def judge(plan: Plan, events: Sequence[Event], as_of_us: int | None = None, *, actors: bool | None = None) -> Outcome:
    """Judge a whole log.

    Args:
        plan: the compiled policy.
        events: those of the log, in any order; they are sorted by time and position.
        as_of_us: the instant as of which it is judged, in microseconds UTC; that of the last event where it is None.
            All up to and including it is known, what comes later is not seen.
        actors: whether the log has actors at all; None: whether any event seen has one.

    Returns: the outcome, ordered as `Outcome` says.
    """
    ordered = sorted(events, key=lambda event: (event.time_us, event.position))
    as_of = as_of_us if as_of_us is not None else max((event.time_us for event in ordered), default=0)
    seen = [event for event in once(ordered) if event.time_us <= as_of]
    if actors is None:
        actors = any(event.actor for event in seen)
    outcome = Outcome([], [])
    for name in sorted({event.case for event in seen}):
        of_case = [event for event in seen if event.case == name]
        case = Case(plan, Past(plan, of_case, actors), name, outcome.later, outcome.unknown_zones)
        case.run(as_of)
        outcome.verdicts += [verdict_of(inst, name, as_of) for inst in case.instances]
        outcome.alerts += case.alerts
    outcome.verdicts.sort(key=Verdict.key)
    outcome.alerts.sort(key=lambda alert: (alert.at_us, alert.clause, alert.case, alert.number))
    return outcome


def once(ordered: list[Event]) -> list[Event]:
    """An event id of an input counts once, the first in input order."""
    first: dict[tuple[int, str], Event] = {}
    for event in sorted(ordered, key=lambda event: event.position):
        if event.id is not None:
            first.setdefault((event.input, event.id), event)
    return [event for event in ordered if event.id is None or first[event.input, event.id] is event]


def verdict_of(inst: Instance, case: str, as_of: int) -> Verdict:
    """What stands at as-of."""
    until = as_of if inst.closed is None else inst.closed
    late = inst.status == LATE and inst.due is not None and inst.closed is not None
    return Verdict(
        clause=inst.clause.index,
        group=inst.clause.group,
        case=case,
        number=inst.number,
        status=inst.status,
        opened_us=inst.opened,
        due_us=inst.due,
        closed_us=inst.closed,
        elapsed=inst.elapsed(inst.target, until),
        row=inst.row,
        paused_us=inst.paused_time(until),
        late_by_us=until - (inst.due or 0) if late else None,
        late_by_ticks=inst.measure(inst.target, inst.due or 0, until) if late else None,
        opened_by=inst.opened_by,
        closed_by=inst.closed_by,
        note="; ".join(inst.notes),
        zone=inst.zone,
        running=running(inst, until),
    )


def running(inst: Instance, until: int) -> tuple[tuple[int, int], ...]:
    """The stretches in which the clock ran; () where that is all of the time from opened on."""
    stretches = merged([*inst.ran, *([] if inst.runs_since is None else [(inst.runs_since, until)])])
    if stretches == merged([(inst.opened, until)]):
        return ()
    return tuple(stretches) or ((inst.opened, inst.opened),)
