"""Penalties of clauses in bulk.

Takes:  verdicts as records of the columnar evaluator.
Gives:  `owe`: adds what they owe to a PenaltyLedger.
Never:  makes an object of a verdict.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sladsl.clock import ClockKind
from sladsl.evaluate.columnar.kernel.layout import BREACHED, LATE, NONE, OPEN, PAUSED
from sladsl.evaluate.objectives.bulk.cells import Edges
from sladsl.evaluate.objectives.bulk.told_clock import ToldClock
from sladsl.evaluate.objectives.frames import Frames
from sladsl.evaluate.objectives.money import periods_of
from sladsl.evaluate.objectives.penalties import PenaltyLedger
from sladsl.ir.plan import Clause, Penalty, Plan

Array = np.ndarray[Any, Any]


class Penalties:
    """The penalties of all clauses of a plan."""

    def __init__(self, plan: Plan, ledger: PenaltyLedger) -> None:
        self._plan = plan
        self._ledger = ledger
        self._edges = {
            (clause.index, place): Edges(Frames(periods_of(plan, penalty.cap_per).spec, plan.zone))
            for clause in plan.clauses
            for place, penalty in enumerate(clause.penalties)
        }
        self._clocks: dict[tuple[int, int], ToldClock] = {}

    def __bool__(self) -> bool:
        return bool(self._edges)

    def count(self, records: Array, as_of_us: int) -> None:
        """Add a lot of verdicts."""
        for clause in self._plan.clauses:
            if not clause.penalties:
                continue
            status = records["status"]
            owes = (status == LATE) | (status == BREACHED) | (status == OPEN) | (status == PAUSED)
            rows = records[(records["clause"] == clause.index) & owes]
            if len(rows):
                for place, penalty in enumerate(clause.penalties):
                    self._count(clause, place, penalty, rows, as_of_us)

    def _count(self, clause: Clause, place: int, penalty: Penalty, rows: Array, as_of_us: int) -> None:
        standing = rows["closed"] == NONE
        until = np.where(standing, as_of_us, rows["closed"])
        at = np.where(rows["due"] == NONE, until, rows["due"])
        if clause.inverse:
            at = np.where((rows["status"] == BREACHED) & ~standing, rows["closed"], at)
        waits = (rows["status"] == OPEN) | (rows["status"] == PAUSED)
        periods = self._edges[clause.index, place].cells(at)
        misses = (~waits).astype(np.int64)
        waiting, unbounded = waits, np.zeros(len(rows), np.bool_)
        if penalty.per is not None:
            misses *= self._started(clause, place, penalty, at, until)
            waiting, unbounded = unbounded, standing
        for period in np.unique(periods).tolist():
            here = periods == period
            self._ledger.owe(
                clause.index,
                place,
                period,
                int(misses[here].sum()),
                int(waiting[here].sum()),
                bool(unbounded[here].any()),
            )

    def _started(self, clause: Clause, place: int, penalty: Penalty, due: Array, until: Array) -> Array:
        """How many periods late had started: each begun one counts whole."""
        target = penalty.per
        assert target is not None
        assert target.amount is not None
        key = clause.index, place
        if key not in self._clocks:
            self._clocks[key] = ToldClock(self._plan, ClockKind(target.amount.kind), target.calendar)
        late = self._clocks[key].ticks("").measure(due, np.maximum(due, until))
        found: Array = -(-late // max(1, target.amount.ticks))
        return found
