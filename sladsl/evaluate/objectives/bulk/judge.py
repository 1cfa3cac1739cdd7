"""The objectives of a log that was judged as columns.

Takes:  a ColumnarOutcome.
Gives:  `judge_objectives_bulk`: an ObjectivesOutcome, the same as `judge_objectives` finds; `bulk_refusals`.
Never:  reads an event or makes an object of a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sladsl.evaluate.columnar.bulk import ColumnarOutcome
from sladsl.evaluate.columnar.errors import CannotJudge, Refused
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.evaluate.objectives.bulk.columns import Doubts
from sladsl.evaluate.objectives.bulk.cycles import CycleColumns, Cycles
from sladsl.evaluate.objectives.bulk.penalties import Penalties
from sladsl.evaluate.objectives.bulk.watch import ObjectivesWatch
from sladsl.evaluate.objectives.ledger import Ledger
from sladsl.evaluate.objectives.outcome import ObjectivesOutcome
from sladsl.evaluate.objectives.penalties import PenaltyLedger
from sladsl.ir.plan import Plan
from sladsl.text import fold


def bulk_refusals(plan: Plan) -> list[str]:
    """What of a plan's objectives cannot be judged in bulk, in words for the author; empty where all can."""
    try:
        PlanTables(plan, True, ObjectivesWatch(plan).asked)
    except Refused as refused:
        return list(refused.reasons)
    except NotImplementedError as missing:
        return [str(missing)]
    return []


def judge_objectives_bulk(
    plan: Plan, outcome: ColumnarOutcome, others: Sequence[tuple[Plan, ColumnarOutcome]] = ()
) -> ObjectivesOutcome:
    """Judge the objectives of a plan, and what follows from them, as of the instant of the outcome.

    Args:
        plan: the compiled policy that gave the outcome.
        outcome: what `judge_files` gave for the plan; it can be asked once.
        others: other versions of the agreement and what they gave for the same log: a window takes the cycles of all
            versions by their label.

    Raises CannotJudge where the stream evaluator must do it; `bulk_refusals` tells before what follows from the plan alone.
    """
    as_of_us = outcome.as_of_us
    if as_of_us is None:
        return ObjectivesOutcome()
    watch = outcome.watch
    if watch is None:
        if plan.objectives:
            raise CannotJudge("what the objectives ask for was not looked for when the log was judged")
        watch = ObjectivesWatch(plan)  # only penalties
    for _, other in others:
        if len(other.cases) != len(outcome.cases):
            raise CannotJudge("two versions of the agreement number the cases of the log differently")
    ledger = _BulkLedger(plan, watch)
    ledger.first_us = outcome.first_us
    watch.known.end()
    for leaf in watch.of_events:
        leaf.end(as_of_us)
    penalties = Penalties(plan, ledger.penalties)
    for judge, found in ((plan, outcome), *others):
        labels = _labels(plan, judge)
        for records, stretches in found.kept.lots():
            if watch.of_cycles:
                kept = stretches if found.keeps_stretches else None
                cycles = Cycles(judge, records, kept, labels, watch.known, as_of_us)
                for by_cycle in watch.of_cycles:
                    by_cycle.count(cycles)
            if penalties and judge is plan:
                penalties.count(records, as_of_us)
    for by_cycle in watch.of_cycles:
        by_cycle.end()
    _tell_doubts(watch)
    return ledger.found(as_of_us)


def _labels(plan: Plan, judge: Plan) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By clause of a version, the label's number in the plan; -1 where it has none of that name."""
    groups = {fold(label): group for group, label in enumerate(plan.groups)}
    of_clause = [clause.group if judge is plan else groups.get(fold(clause.label), -1) for clause in judge.clauses]
    return np.array(of_clause or [-1], np.int64)


def _tell_doubts(watch: ObjectivesWatch) -> None:
    """What could not be decided, to whom the outcome asks."""
    notes = list(watch.tables.notes) if watch.tables is not None else []
    for judged in watch.judged:
        doubts: list[Doubts] = [leaf.doubts for leaf in watch.of_events if leaf.scope is judged.scope]
        doubts.sort(key=lambda doubt: doubt.first or (0, 0))
        doubts += [leaf.doubts for leaf in judged.leaves if isinstance(leaf, CycleColumns)]
        for doubt in doubts:
            if doubt.count:
                judged.scope.faults += doubt.count
                judged.scope.reason = judged.scope.reason or notes[doubt.note]


class _BulkLedger(Ledger):
    """A ledger whose measures have been fed in bulk."""

    def __init__(self, plan: Plan, watch: ObjectivesWatch) -> None:
        self.plan = plan
        self.first_us = None
        self.judged = watch.judged
        self.penalties = PenaltyLedger(plan)

    def found(self, as_of_us: int) -> ObjectivesOutcome:
        """Everything as of an instant up to and including which all is known."""
        return self._found(as_of_us)

    def missing(self) -> dict[str, int]:
        """Comparisons that a missing value decided are not counted in bulk."""
        return {}
