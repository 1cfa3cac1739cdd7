"""One evaluation: batches go in, verdicts come out.

Takes:  a plan, batches of events in order, as-of.
Gives:  `Run`: its verdicts and alerts as records, in the order in which they became certain.
Never:  reads a file or knows what a cell was; and never sorts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sladsl.evaluate.columnar.asked import Watch
from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.columns import source_tables
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.memory import Memory
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.ir.plan import Plan

_CASES_A_CALL = 1 << 16


class OutOfOrder(Exception):
    """A case has an event that is earlier than one before it: the batches must be sorted first."""


class Run:
    """One evaluation.

    Args:
        plan: what to judge.
        actors: whether the log names actors at all.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.
        take: is given each lot of verdicts, with the lot of stretches that belong to them.
        watch: asks for more than verdicts, and is told it as the events pass.

    Attributes:
        first_us: the instant of the first event so far.
        sources: how cells are read, a table for each source; whoever makes batches uses them.
    """

    def __init__(
        self,
        plan: Plan,
        actors: bool,
        take: Callable[[Array, Array], None],
        keeps_stretches: bool = True,
        watch: Watch | None = None,
    ) -> None:
        self.plan = plan
        self.tables = PlanTables(plan, actors, None if watch is None or watch.asked.nothing else watch.asked)
        self.first_us: int | None = None
        self._watch = watch
        if watch is not None:
            watch.begin(self.tables)
        self.sources = source_tables(self.tables)
        self.memory = Memory(self.tables, keeps_stretches)
        self.alerts: list[Array] = []
        self._take = take
        self._looks_from_attribute = any(
            alert.before is not None and row.target.attribute
            for clause in plan.clauses
            for alert in clause.alerts
            for row in clause.rows
        )

    def feed(self, batch: Batch, case_count: int) -> None:
        """Judge a batch. Raises OutOfOrder, and BeyondReach where a number does not fit."""
        if not len(batch):
            return
        first_us = int(batch.time.min())
        self.first_us = first_us if self.first_us is None else min(self.first_us, first_us)
        from sladsl.evaluate.columnar.kernel.entry import entry

        link, walk, _ = entry()
        memory = self.memory
        memory.ensure_cases(case_count)
        self._cover(batch)
        memory.load(batch)
        link(memory.address, memory.array("lasts"))
        while True:
            walk(memory.address)
            stopped = memory.get("stopped")
            self._put_out()
            if stopped == layout.DONE:
                return
            if stopped == layout.UNORDERED:
                raise OutOfOrder
            if stopped == layout.TOO_LARGE:
                raise BeyondReach("arithmetic in a condition goes beyond 64 bits")
            memory.grow()

    def finish(self, case_count: int, as_of_us: int) -> None:
        """All up to and including as-of is known: what is due by then, and what still stands."""
        from sladsl.evaluate.columnar.kernel.entry import entry

        _, _, finish = entry()
        memory = self.memory
        memory.ensure_cases(case_count)
        self._cover_span(as_of_us, as_of_us)
        case = 0
        while case < case_count:
            end = min(case_count, case + _CASES_A_CALL)
            case = finish(memory.address, case, end, as_of_us)
            self._put_out()
            if memory.get("stopped") == layout.GROW:
                memory.grow()

    @property
    def later(self) -> dict[int, int]:
        """Starts, by group, at which a deciding attribute was missing that came later."""
        counts = self.memory.array("later")
        return {group: int(count) for group, count in enumerate(counts) if count}

    @property
    def unknown_zones(self) -> dict[str, int]:
        """How often a calendar's zone attribute held no known zone at a start."""
        counts = self.memory.array("unknown_zones")
        return {spec.name: int(n) for spec, n in zip(self.plan.calendars, counts, strict=False) if n}

    def _put_out(self) -> None:
        memory = self.memory
        if memory.get("verdicts_next"):
            stretches = memory.take("stretches")
            self._take(memory.take("verdicts"), stretches)
        if self._watch is not None and memory.get("seen_next"):
            self._watch.take(memory.take_seen())
        if memory.get("alerts_next"):
            self.alerts.append(memory.take("alerts_given"))
        if memory.get("stopped") == layout.GROW:
            for name in ("verdicts", "stretches", "alerts_given"):
                memory.take(name)

    def _cover(self, batch: Batch) -> None:
        lo, hi = int(batch.time.min()), int(batch.time.max())
        if self._looks_from_attribute:
            for column, (numbers, _, flags) in zip(self.tables.values, batch.values, strict=True):
                there = numbers[flags == 1] if column.what == "attribute" else np.zeros(0, np.int64)
                if len(there):
                    lo, hi = min(lo, int(there.min())), max(hi, int(there.max()))
        self._cover_span(lo, hi)

    def _cover_span(self, lo: int, hi: int) -> None:
        if self.tables.clocks.cover(lo, hi):
            for name, table in self.tables.clocks.tables.items():
                self.memory.put(name, table)
