"""A finished log through the stream evaluator.

Takes:  a plan and the events of a log, in any order.
Gives:  `judge`: the outcome as of an instant.
Never:  reads a file.
"""

from collections.abc import Sequence
from operator import attrgetter

from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.verdict import Alert, Outcome, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan


def alert_order(alert: Alert) -> tuple[int, int, str, int]:
    """The order in which alerts are listed: instant, clause, case, number."""
    return alert.at_us, alert.clause, alert.case, alert.number


def judge(
    plan: Plan,
    events: Sequence[Event],
    as_of_us: int | None = None,
    *,
    actors: bool | None = None,
    trace: bool = False,
) -> Outcome:
    """Judge a log.

    Args:
        plan: the compiled policy.
        events: the log, each event once; sorted here by (time, position).
        as_of_us: microseconds UTC; later events are not seen, and everything up to and including it is known. Default: the last event.
        actors: whether the log names actors; default: whether any of its events does.
        trace: keep each instance's story in its verdict.

    Returns the verdicts ordered by label, case and number, and the alerts by instant.
    """
    ordered = sorted(events, key=attrgetter("time_us", "position"))
    if actors is None:
        actors = any(event.actor for event in ordered)
    if as_of_us is None:
        if not ordered:
            return Outcome([], [])
        as_of_us = ordered[-1].time_us
    elif ordered and ordered[-1].time_us > as_of_us:
        ordered = [event for event in ordered if event.time_us <= as_of_us]
    machine = Machine(plan, actors=actors, trace=trace)
    machine.feed(ordered)
    machine.advance(as_of_us)
    verdicts = [v for v in machine.closed if v is not None]
    verdicts += machine.standing()
    verdicts.sort(key=Verdict.key)
    observer = machine.observer
    return Outcome(
        verdicts,
        sorted(machine.alerts, key=alert_order),
        dict(sorted(observer.later.items())),
        dict(sorted(observer.unknown_zones.items())),
    )
