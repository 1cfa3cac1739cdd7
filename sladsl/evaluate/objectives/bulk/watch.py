"""What the objectives of a plan ask to be told while the columnar evaluator passes the events.

Takes:  a plan; records of events as they pass.
Gives:  `ObjectivesWatch`: the measures of all objectives, each with what the events came to.
Never:  keeps an event.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sladsl.evaluate.columnar.asked import Asked, Value
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.evaluate.objectives.bulk.columns import EventColumns, Texts
from sladsl.evaluate.objectives.bulk.cycles import CycleColumns, ShareMetColumns, TimeColumns
from sladsl.evaluate.objectives.bulk.happenings import BecomeColumns, CountColumns, StatisticColumns
from sladsl.evaluate.objectives.bulk.known import Known
from sladsl.evaluate.objectives.bulk.times import StateTimeColumns
from sladsl.evaluate.objectives.ledger import Judged, Leaves
from sladsl.ir.expression import ValueKind
from sladsl.ir.objective import (
    CountMeasure,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    TimeStatistic,
    TimeWhile,
)
from sladsl.ir.plan import Plan

Array = np.ndarray[Any, Any]


_LEAVES: Leaves = {
    CountMeasure: CountColumns,
    ShareMet: ShareMetColumns,
    ShareBecome: BecomeColumns,
    ShareTime: StateTimeColumns,
    TimeWhile: StateTimeColumns,
    Statistic: StatisticColumns,
    TimeStatistic: TimeColumns,
}


class ObjectivesWatch:
    """The objectives of a plan.

    judged  the objectives, their measures in bulk
    asked   what the evaluator is to tell
    """

    def __init__(self, plan: Plan) -> None:
        self.judged = [Judged(plan, index, _LEAVES) for index in range(len(plan.objectives))]
        leaves = [leaf for judged in self.judged for leaf in judged.leaves]
        self.of_events = [leaf for leaf in leaves if isinstance(leaf, EventColumns)]
        self.of_cycles = [leaf for leaf in leaves if isinstance(leaf, CycleColumns)]
        at_starts = [leaf.at_starts() for leaf in self.of_cycles]
        self.known = Known(
            [name for names, _ in at_starts for name in names], [guard for _, guards in at_starts for guard in guards]
        )
        self.asked = self._asked()
        self.tables: PlanTables | None = None

    def _asked(self) -> Asked:
        facts = dict.fromkeys(fact for leaf in self.of_events for fact in leaf.facts)
        looks = dict.fromkeys(condition for leaf in self.of_events for condition in leaf.looks)
        values: dict[tuple[str, ValueKind], Value] = {}
        for value in [*(value for leaf in self.of_events for value in leaf.values), *self.known.values]:
            key = value.name, value.kind
            held = values.get(key, value)
            values[key] = Value(*key, held.at_change or value.at_change, held.at_carried or value.at_carried)
        return Asked(
            (*facts, *(condition for condition in self.known.conditions if condition not in facts)),
            (*looks, *(condition for condition in self.known.conditions if condition not in looks)),
            tuple(values.values()),
            firsts=bool(self.of_events or self.known),
        )

    @property
    def needs_stretches(self) -> bool:
        """Whether verdicts must carry the stretches in which their clock ran."""
        return any(isinstance(leaf, TimeColumns) and leaf.needs_stretches() for leaf in self.of_cycles)

    def begin(self, tables: PlanTables) -> None:
        """An evaluation begins."""
        self.tables = tables
        texts = Texts(tables.texts)
        for leaf in self.of_events:
            leaf.begin(self.asked, texts)
        self.known.begin(self.asked)
        for cycles in self.of_cycles:
            cycles.begin(self.known, texts)

    def take(self, told: Array) -> None:
        """Records, those of one case together and in order; what comes later of a case is later."""
        for leaf in self.of_events:
            leaf.hear(told)
        if self.known:
            self.known.hear(told)
