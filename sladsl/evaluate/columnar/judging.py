"""A finished log through the columnar evaluator.

Takes:  a plan and the events of a log, in any order.
Gives:  `judge`: the outcome as of an instant, the same as every other evaluator's.
Never:  reads a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.from_events import Names, event_batches
from sladsl.evaluate.columnar.outcome import alerts_of, verdicts_of
from sladsl.evaluate.columnar.run import Run
from sladsl.evaluate.verdict import Alert, Outcome, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan


def judge(plan: Plan, events: Sequence[Event], as_of_us: int | None = None, *, actors: bool | None = None) -> Outcome:
    """Judge a log.

    Args:
        plan: the compiled policy.
        events: the log, each event once; sorted here by (time, position).
        as_of_us: microseconds UTC; later events are not seen, and everything up to and including it is known. Default: the last event.
        actors: whether the log names actors; default: whether any of its events does.

    Returns the verdicts ordered by label, case and number, and the alerts by instant.
    Raises CannotJudge where the plan or the log holds something that only the stream evaluator does.
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
    lots: list[tuple[Array, Array]] = []
    run = Run(plan, actors, lambda records, stretches, _: lots.append((records.copy(), stretches)))
    cases, types = Names(), Names()
    for batch in event_batches(ordered, run.tables, run.sources, cases.all_numbers, types):
        run.feed(batch, len(cases))
    run.finish(len(cases), as_of_us)
    case_texts, type_texts = cases.texts(), types.texts()
    verdicts: list[Verdict] = []
    for records, stretches in lots:
        verdicts += verdicts_of(run.tables, records, stretches, case_texts, type_texts)
    verdicts.sort(key=Verdict.key)
    alerts: list[Alert] = []
    for lot in run.alerts:
        alerts += alerts_of(run.tables, lot, case_texts)
    alerts.sort(key=lambda alert: (alert.at_us, alert.clause, alert.case, alert.number))
    return Outcome(verdicts, alerts, run.later, run.unknown_zones)
