"""One walker: it judges the cases that are its own, in a memory of its own.

Takes:  the tables of a plan, rows that `kernel/arranged.py` has put case by case.
Gives:  `Walker`: what its cases gave, lot by lot.
Never:  looks at a case of another walker, so that several may walk at once.
"""

from __future__ import annotations

from collections.abc import Callable

from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.memory import Memory
from sladsl.evaluate.columnar.plan_tables import PlanTables

_CASES_A_CALL = 1 << 16


class OutOfOrder(Exception):
    """A case has an event that is earlier than one before it: the batches must be sorted first."""


class Walker:
    """A walker: its cases are those whose number ends in its own, in the bits that `walkers`, a power of two, needs.

    Lots of verdicts it hands on at once, with the stretches that belong to them and its number.

    Attributes, what it gave since `forget`:
        alerts, seen: lots of alerts, and of what a Watch is told.
    """

    def __init__(
        self,
        tables: PlanTables,
        keeps_stretches: bool,
        number: int,
        walkers: int,
        take: Callable[[Array, Array, int], None],
    ) -> None:
        self.memory = Memory(tables, keeps_stretches)
        self.memory.set("walkers_log2", walkers.bit_length() - 1)
        self.memory.set("walker", number)
        self._number = number
        self._walkers = walkers
        self._take = take
        self.forget()

    def forget(self) -> None:
        """What it gave has been taken."""
        self.alerts: list[Array] = []
        self.seen: list[Array] = []

    def walk(self, batch: Batch, case_count: int, rows: Array, width: int, first: int, end: int) -> None:
        """Judge rows of a batch. Raises OutOfOrder, and BeyondReach where a number does not fit."""
        from sladsl.evaluate.columnar.kernel.entry import entry

        judge = entry()
        memory = self.memory
        memory.ensure_cases(self._own(case_count))
        memory.load(batch, rows, width, first, end)
        while True:
            judge(memory.address, 0, -1, 0)
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
        """All up to and including as-of is known."""
        from sladsl.evaluate.columnar.kernel.entry import entry

        judge = entry()
        memory = self.memory
        count = self._own(case_count)
        memory.ensure_cases(count)
        case = forgotten = 0
        while case < count:
            end = min(count, case + _CASES_A_CALL)
            case = judge(memory.address, case, end, as_of_us)
            self._put_out()
            memory.forget_cases(forgotten, case)
            forgotten = case
            if memory.get("stopped") == layout.GROW:
                memory.grow()

    def _own(self, case_count: int) -> int:
        """How many of so many cases are its own."""
        return max(0, case_count - self._number + self._walkers - 1) // self._walkers

    def _put_out(self) -> None:
        memory = self.memory
        if memory.get("verdicts_next"):
            stretches = memory.take("stretches")
            self._take(memory.take("verdicts"), stretches, self._number)
        if memory.get("seen_next"):
            self.seen.append(memory.take_seen())
        if memory.get("alerts_next"):
            self.alerts.append(memory.take("alerts_given"))
        if memory.get("stopped") == layout.GROW:
            for name in ("verdicts", "stretches", "alerts_given"):
                memory.take(name)
