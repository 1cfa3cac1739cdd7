"""The objectives of a finished log.

Takes:  a plan, the events of a log, and the outcome of its clauses.
Gives:  `judge_objectives`.
Never:  judges a clause, or reads a file.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from sladsl.evaluate.objectives.ledger import Ledger
from sladsl.evaluate.objectives.outcome import ObjectivesOutcome
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan


def judge_objectives(
    plan: Plan,
    events: Sequence[Event],
    verdicts: Iterable[Verdict],
    as_of_us: int | None,
    *,
    actors: bool | None = None,
    others: Iterable[tuple[Plan, Iterable[Verdict]]] = (),
) -> ObjectivesOutcome:
    """Judge the objectives of a plan, and what follows from them.

    Args:
        plan: the compiled policy.
        events: the log, each event once, in any order.
        verdicts: the outcome of its clauses as of the same instant (an `Outcome` will do).
        as_of_us: microseconds UTC; later events are not seen, and everything up to and including it is known. None: the last event.
        actors: whether the log names actors; default: whether any of its events does.
        others: other versions of the agreement and what they judged: a window takes the cycles of all versions by their label.

    Returns rows, error budgets, alerts and consequences; nothing for a log without events.
    """
    ordered = sorted(events, key=attrgetter("time_us", "position"))
    if actors is None:
        actors = any(event.actor for event in ordered)
    if as_of_us is None:
        if not ordered:
            return ObjectivesOutcome()
        as_of_us = ordered[-1].time_us
    ledger = Ledger(plan, actors=actors)
    for event in ordered:
        if event.time_us > as_of_us:
            break
        ledger.observe(event)
    standing: list[tuple[Verdict, Plan]] = []
    for judge, found in ((plan, verdicts), *others):
        for verdict in found:
            if verdict.closed_us is None:
                standing.append((verdict, judge))
            else:
                ledger.take(verdict, judge)
    return ledger.outcome(as_of_us, standing)
