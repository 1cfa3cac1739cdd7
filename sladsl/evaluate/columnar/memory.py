"""The memory that the kernel works in.

Takes:  the tables of a plan, batches of events.
Gives:  `Memory`: tables at fixed addresses for one call of the kernel, which grow between two calls.
Never:  judges anything.
"""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.batch import Batch
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.plan_tables import PlanTables

Array = np.ndarray[Any, Any]

_POOLS = {"instances": layout.INSTANCE, "extras": layout.EXTRA, "nodes": layout.NODE, "timers": layout.TIMER}
_SEEN = 1 << 15  # events that are told at a time
_OUTPUTS = {"verdicts": layout.VERDICT, "alerts_given": layout.ALERT_GIVEN, "stretches": layout.STRETCH}
_COUNTERS = {"verdicts": "verdicts", "alerts_given": "alerts", "stretches": "stretches"}
_REMEMBERED = 1 << 13  # rows of facts that are remembered; beyond it they begin anew
_REMEMBERED_FIRST = 1 << 9
_REMEMBERED_AT_LEAST, _BYTES_REMEMBERED = 1 << 6, 1 << 26
_STACK = 4096
_GROWTH = 8
_MOST = 1 << 24  # instances that one event may start or end
_LARGE = 1 << 22  # bytes from which on a table has pages of its own, which can be given back
_LINE = 64  # bytes that the processor fetches together


class Memory:
    """One evaluation's memory.

    Args:
        tables: of the plan.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.
    """

    def __init__(self, tables: PlanTables, keeps_stretches: bool = True) -> None:
        self._main = np.zeros(1, layout.MAIN)
        self._arrays: dict[str, Array] = {}
        self._case_cap = 0
        self._columns_kept: list[Any] = []
        self.tables = tables
        for name, value in tables.variables.items():
            self.set(name, int(value))
        self.set("keeps_stretches", int(keeps_stretches))
        for name, array in tables.tables.items():
            self.put(name, array)
        for name, kind in _POOLS.items():
            self.put(name, _zeros(1 << 10, kind))
            self.set(f"{name}_next", 1)
            self.set(f"{name}_cap", 1 << 10)
        for name, kind in _OUTPUTS.items():
            room = 1 << 13 if name == "verdicts" else 1 << 12
            self.put(name, _zeros(room, kind))
            self.set(f"{_COUNTERS[name]}_cap", room)
        self._scratch()
        self._case_tables = {
            "cases": (layout.CASE, 1),
            "words": (np.dtype("u8"), self.get("case_words")),
            "groups": (layout.GROUP, self.get("group_count")),
            "lasts": (np.dtype("i4"), self.get("group_count") * self.get("keeps_any")),
            "looks": (np.dtype("u8"), self.get("hot_words")),
            "firsts": (np.dtype("u8"), self.get("first_words")),
            "watches": (np.dtype("i4"), self.get("watch_count")),
            "values": (layout.VALUE, self.get("value_count")),
            "seen_at": (np.dtype("i8"), int(self.get("seen_width") > 0)),
            "histories": (layout.HISTORY, self.get("history_count")),
        }
        if tables.variables["derived_count"]:
            self.keep_reasons()

    def _scratch(self) -> None:
        v = self.tables.variables
        words, events, conditions = v["case_words"], v["event_width"], v["condition_count"]
        rows = _REMEMBERED
        while rows > _REMEMBERED_AT_LEAST and 4 * rows * v["fact_width"] > _BYTES_REMEMBERED:
            rows //= 2
        sizes: dict[str, tuple[int, Any]] = {
            "truth_now": (conditions, np.int32),
            "truth_before": (conditions, np.int32),
            "stack": (_STACK, np.int32),
            "numbers": (_STACK, np.int64),
            "now_words": (words, np.uint64),
            "old_words": (words, np.uint64),
            "event_words": (events, np.uint64),
            "keys": (2 * rows * v["key_width"], np.uint64),
            "facts": (rows * v["fact_width"], np.int32),
            "hot": (v["hot_words"], np.uint64),
            "fates": (2 * v["group_count"], np.int32),
            "acted": (v["clause_count"], np.int64),
            "later": (v["group_count"], np.int64),
            "unknown_zones": (len(self.tables.plan.calendars), np.int64),
            "leaf_reasons": (v["leaf_count"], np.int64),
            "columns": (v["value_count"], layout.COLUMN),
            "seen": (_SEEN * v["seen_width"], np.int64),
        }
        for name, (count, kind) in sizes.items():
            self.put(name, _zeros(max(1, count), kind))
        self.set("keys_most", rows)
        first = min(rows, _REMEMBERED_FIRST)
        self.set("keys_cap", first)
        self.set("keys_mask", 2 * first - 1)
        self.set("numbers_cap", _STACK)
        self.set("seen_cap", _SEEN)

    # --- reaching it ------------------------------------------------------------------------------------------------

    @property
    def address(self) -> int:
        """What the kernel is given."""
        return int(self._main.ctypes.data)

    def get(self, name: str) -> int:
        """A variable of the kernel."""
        return int(self._main[name][0])

    def set(self, name: str, value: int) -> None:
        """Set a variable of the kernel."""
        self._main[name][0] = value

    def array(self, name: str) -> Array:
        """A table."""
        return self._arrays[name]

    def put(self, name: str, array: Array) -> None:
        """Put a table in place of the one that was there."""
        assert array.flags.c_contiguous
        self._arrays[name] = array
        self._main[name][0] = array.ctypes.data

    # --- filling it -------------------------------------------------------------------------------------------------

    def ensure_cases(self, count: int) -> None:
        """Make room for so many cases."""
        if count <= self._case_cap:
            return
        # Rooms that are not used take no memory: the system gives it page by page.
        self._case_cap = max(count, _GROWTH * self._case_cap, 1 << 10)
        for name, (kind, each) in self._case_tables.items():
            self._enlarge(name, kind, self._case_cap * each)

    def forget_cases(self, first: int, end: int) -> None:
        """Give back the memory of cases of which nothing will be asked any more."""
        for name, (kind, each) in self._case_tables.items():
            table = self._arrays[name]
            size = kind.itemsize * each
            pages: Any = table.base
            while isinstance(pages, np.ndarray):
                pages = pages.base
            at, until = -(-first * size // mmap.PAGESIZE), end * size // mmap.PAGESIZE
            if isinstance(getattr(pages, "obj", pages), mmap.mmap) and at < until:
                room = getattr(pages, "obj", pages)
                room.madvise(mmap.MADV_DONTNEED, at * mmap.PAGESIZE, (until - at) * mmap.PAGESIZE)

    @property
    def size(self) -> int:
        """The bytes of all tables; what is not used of them takes no memory."""
        return sum(table.nbytes for table in self._arrays.values())

    def keep_reasons(self) -> None:
        """From here on, remember why a cell could not be read."""
        if not self.get("has_reasons"):
            self._case_tables["reasons"] = (np.dtype("i4"), self.get("leaf_count"))
            self._enlarge("reasons", np.dtype("i4"), self._case_cap * self.get("leaf_count"))
            self.set("has_reasons", 1)

    def _enlarge(self, name: str, kind: Any, count: int, used: int | None = None) -> None:
        """A larger table in place of one; only what is used of it is taken over, so that the rest takes no memory."""
        new = _zeros(max(1, count), kind)
        old = self._arrays.get(name)
        if old is not None:
            kept = len(old) if used is None else used
            new[:kept] = old[:kept]
        self.put(name, new)

    def load(self, batch: Batch, rows: Array, width: int, first: int, end: int) -> None:
        """Put a batch of events in place of the one before."""
        self.put("batch_rows", rows)
        self.set("row_width", width)
        self.set("row_at", first)
        self.set("row_end", end)
        columns = self._arrays["columns"]
        targets = self._arrays["targets"]
        followed = {int(target["value"]) for target in targets if target["kind"] == layout.FOLLOWED}
        for i, (numbers, denominators, flags) in enumerate(batch.values):
            kept = int(self.tables.values[i].what == "attribute")
            below = 0 if denominators is None else denominators.ctypes.data
            seen = self.tables.seen_values.get(i, 0)
            columns[i] = numbers.ctypes.data, below, flags.ctypes.data, kept, int(i in followed), seen
        told = self._arrays["leaf_reasons"]
        told[:] = 0
        for leaf, why in batch.reasons.items():
            told[leaf] = why.ctypes.data
        if batch.reasons:
            self.keep_reasons()
        self.set("known_reasons", len(batch.reasons))
        self._batch = batch  # its arrays must outlive the call

    def grow(self) -> None:
        """Make room in the pools for what the kernel asked for."""
        most = self._most()
        factors = {"instances": 1, "extras": 1, "nodes": self.get("nodes_an_instance")}
        factors["timers"] = self.get("timers_an_instance")
        for name, kind in _POOLS.items():
            used, spare = self.get(f"{name}_next"), self.get(f"{name}_spare")
            wanted = used - spare + most * factors[name] + 8
            cap = self.get(f"{name}_cap")
            if wanted >= cap - 8:
                cap = max(_GROWTH * cap, wanted + 64)
                self._enlarge(name, kind, cap, used)
                self.set(f"{name}_cap", cap)

    def _most(self) -> int:
        """How many instances one event may start or end. Raises BeyondReach where that is absurd."""
        most = self.get("most") + 1
        if most > _MOST:
            raise BeyondReach("so many clauses may start from one event that what they need does not fit into memory")
        return most

    def take_seen(self) -> Array:
        """What the kernel has told of events since the last time, see `asked.py`."""
        width, count = self.get("seen_width"), self.get("seen_next")
        self.set("seen_next", 0)
        return self._arrays["seen"][: count * width].reshape(count, width).copy()

    def take(self, name: str) -> Array:
        """The records that the kernel has put out since the last time; room is made for more.

        Verdicts are not a copy: they are there until the kernel goes on.
        """
        counter = _COUNTERS[name]
        count = self.get(f"{counter}_next")
        found: Array = self._arrays[name][:count]
        if name != "verdicts":
            found = found.copy()
        self.set(f"{counter}_next", 0)
        most = self._most()
        if name == "alerts_given":
            most *= self.get("timers_an_instance")
        elif name == "stretches":
            most += self.get("nodes_next") - self.get("nodes_spare")
        cap = self.get(f"{counter}_cap")
        if most + 8 > cap:
            cap = 2 * (most + 8)
            self.put(name, _zeros(cap, _OUTPUTS[name]))
            self.set(f"{counter}_cap", cap)
        return found


def _zeros(count: int, kind: Any) -> Array:
    """Room for so many records. Raises BeyondReach where there is none."""
    size = count * np.dtype(kind).itemsize
    try:
        if size >= _LARGE and hasattr(mmap, "MADV_DONTNEED") and hasattr(mmap, "MAP_ANONYMOUS"):
            pages = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            if hasattr(mmap, "MADV_HUGEPAGE"):
                pages.madvise(mmap.MADV_HUGEPAGE)
            large: Array = np.frombuffer(pages, kind)
            return large
        room = np.zeros(size + _LINE, np.uint8)
        first = -room.ctypes.data % _LINE  # so that no record of a line's size lies across two lines
        found: Array = room[first : first + size].view(kind)
        return found
    except (MemoryError, ValueError, OSError) as error:
        raise BeyondReach("what the columnar evaluator must remember does not fit into memory") from error
