"""One evaluation: batches go in, verdicts come out.

Takes:  a plan, batches of events in order, as-of.
Gives:  `Run`: its verdicts and alerts as records, in the order in which they became certain.
Never:  reads a file or knows what a cell was; and never sorts.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np

from sladsl.evaluate.columnar.asked import Watch
from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.columns import source_tables
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.evaluate.columnar.walker import OutOfOrder, Walker
from sladsl.ir.plan import Plan

__all__ = ["OutOfOrder", "Run"]


class Run:
    """One evaluation.

    Args:
        plan: what to judge.
        actors: whether the log names actors at all.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.
        take: is given each lot of verdicts, with the lot of stretches that belong to them, and the number of the walker
            that found them, in whose thread it is called.
        watch: asks for more than verdicts, and is told it as the events pass.
        walkers: how many at most share the cases, each in a thread of its own.

    Attributes:
        first_us: the instant of the first event so far.
        sources: how cells are read, a table for each source; whoever makes batches uses them.
    """

    def __init__(
        self,
        plan: Plan,
        actors: bool,
        take: Callable[[Array, Array, int], None],
        keeps_stretches: bool = True,
        watch: Watch | None = None,
        walkers: int = 1,
    ) -> None:
        self.plan = plan
        self.tables = PlanTables(plan, actors, None if watch is None or watch.asked.nothing else watch.asked)
        self.first_us: int | None = None
        self._watch = watch
        if watch is not None:
            watch.begin(self.tables)
        self.sources = source_tables(self.tables)
        walkers = 1 << walkers.bit_length() - 1  # a power of two
        self.walkers = [Walker(self.tables, keeps_stretches, i, walkers, take) for i in range(walkers)]
        self._pool = ThreadPoolExecutor(walkers - 1, "walker") if walkers > 1 else None
        self._counts = np.zeros(1 << 10, np.int32)
        # room that batches use one after another
        self._rows, self._heads = np.empty(0, np.int64), np.empty(0, np.int32)
        self.alerts: list[Array] = []
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
        from sladsl.evaluate.columnar.kernel.arranged import arrange
        from sladsl.evaluate.columnar.kernel.entry import entry

        self._cover(batch)
        if case_count > len(self._counts):
            self._counts = np.zeros(max(case_count, 2 * len(self._counts)), np.int32)
        width = layout.ROW_HEAD + 2 * len(batch.bits) + len(batch.event)
        if len(batch) > len(self._heads):
            self._rows, self._heads = np.empty(len(batch) * width, np.int64), np.empty(len(batch), np.int32)
        rows, heads = self._rows, self._heads
        ends = np.zeros(len(self.walkers), np.int64)
        words = (part.view(np.int64) for part in (batch.bits, batch.mask, batch.event))
        time = np.require(batch.time, np.int64, ["C", "W"])  # compiled loops take no array that is not to be written to
        arrange(batch.case, time, batch.cause, batch.type, *words, self._counts, heads, ends, rows)
        begins = [0, *ends.tolist()]
        entry()  # compiled before threads ask for it
        self._each(lambda walker, i: walker.walk(batch, case_count, rows, width, begins[i], begins[i + 1]))

    def finish(self, case_count: int, as_of_us: int) -> None:
        """All up to and including as-of is known: what is due by then, and what still stands."""
        self._cover_span(as_of_us, as_of_us)
        self._each(lambda walker, _: walker.finish(case_count, as_of_us))

    def _each(self, do: Callable[[Walker, int], None]) -> None:
        """Let every walker do something, all at once; what they tell is taken in their order."""
        others = [self._pool.submit(do, walker, i) for i, walker in enumerate(self.walkers) if i] if self._pool else []
        try:
            do(self.walkers[0], 0)
        finally:
            wait(others)
        for other in others:
            other.result()
        for walker in self.walkers:
            for told in walker.seen:
                if self._watch is not None:
                    self._watch.take(told)
            self.alerts += walker.alerts
            walker.forget()

    @property
    def later(self) -> dict[int, int]:
        """Starts, by group, at which a deciding attribute was missing that came later."""
        return {group: int(count) for group, count in enumerate(self._counted("later")) if count}

    @property
    def unknown_zones(self) -> dict[str, int]:
        """How often a calendar's zone attribute held no known zone at a start."""
        counts = self._counted("unknown_zones")
        return {spec.name: int(n) for spec, n in zip(self.plan.calendars, counts, strict=False) if n}

    def _counted(self, name: str) -> Array:
        found: Array = sum(walker.memory.array(name) for walker in self.walkers)  # type: ignore[assignment]
        return found

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
                for walker in self.walkers:
                    walker.memory.put(name, table)
