"""Measures of cycles: the share that is met, and statistics of their time.

Takes:  verdicts, and what was known at the starts of their cycles.
Gives:  `ShareMetLeaf`, `TimeLeaf`, and `member_us`, which window a cycle belongs to.
Never:  counts what was cancelled, excused or undetermined.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from attrs import frozen

from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.happenings import share
from sladsl.evaluate.objectives.leaf import ZERO, Key, Leaf, Scope, gathered
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.sample import Sample, ceiling, keeps_values, statistic
from sladsl.evaluate.objectives.starts import Known, Starts
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.values import Fault
from sladsl.evaluate.verdict import BREACHED, LATE, MET, OPEN, PAUSED, Verdict
from sladsl.ir.objective import ShareMet, TimeStatistic
from sladsl.ir.plan import Clause, Plan

COUNTED = (MET, LATE, BREACHED, OPEN, PAUSED)
AFLOAT = -(1 << 60)  # the cell of a cycle that is, counted by close, in the window of as-of for as long as it is open


def member_us(counted_by: str, verdict: Verdict, as_of_us: int) -> int | None:
    """The instant whose window a cycle belongs to; None where it belongs to none yet.

    An open cycle is counted by close in the window of as-of, a breached one that is not answered in that of its due.
    """
    if counted_by == "start":
        return verdict.opened_us
    if counted_by == "due":
        return verdict.closed_us if verdict.due_us is None else verdict.due_us
    if verdict.closed_us is not None:
        return verdict.closed_us
    return verdict.due_us if verdict.status == BREACHED and verdict.due_us is not None else as_of_us


class CycleLeaf(Leaf):
    """What the measures of cycles have in common: where a cycle belongs."""

    told_by: tuple[str, ...] = ()  # the attributes that tell how the calendar of its clock is read

    def __init__(self, scope: Scope, group: int) -> None:
        super().__init__(scope)
        self.label = group
        self.as_of_us = 0
        self._starts: Starts | None = None

    def at_starts(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        objective = self.scope.objective
        return (*objective.by, *self.told_by), () if objective.guard is None else (objective.guard,)

    def bind(self, observer: Observer, starts: Starts) -> None:
        names, guards = self.at_starts()
        self._starts = starts if names or guards else None
        self._by = [starts.place(name) for name in self.scope.objective.by]
        self._guard = starts.place_of_condition(guards[0]) if guards else -1
        self._told = {name: starts.place(name) for name in self.told_by}

    def known(self, verdict: Verdict) -> Known:
        """What was known at the start of a cycle."""
        if self._starts is None:
            return ()
        return self._starts.at(verdict.case, verdict.opened_us, verdict.opened_by)

    def key(self, known: Known) -> Key | None:
        """The group of a cycle; None where its case is not of the objective's level."""
        if self._guard >= 0:
            held = known[self._guard]
            if held is not True:
                if isinstance(held, Fault):
                    self.scope.fault(held)
                return None
        return tuple(known[place] for place in self._by)

    def cell(self, verdict: Verdict) -> int | None:
        """The cell of a cycle."""
        counted_by = self.scope.objective.counted_by
        if self.live and counted_by == "close" and verdict.status in (OPEN, PAUSED):
            return AFLOAT
        us = member_us(counted_by, verdict, self.as_of_us)
        return None if us is None else self.scope.frames.cell(us)

    def waiting(self, by_cell: dict[int, Any] | None, frame: Frame) -> list[Any]:
        """What stands in the cells of a window, with what is afloat where it is the window of as-of."""
        found = gathered(by_cell, frame)
        if by_cell and AFLOAT in by_cell and frame.number == self.scope.frames.cell(frame.as_of_us):
            found.append(by_cell[AFLOAT])
        return found


class _Counts:
    """How many cycles of one cell stand how; `unanswered` are those breached ones that may still become late."""

    __slots__ = ("breached", "late", "met", "open", "unanswered")

    def __init__(self) -> None:
        self.met = self.late = self.breached = self.unanswered = self.open = 0

    def add(self, verdict: Verdict, by: int) -> None:
        status = verdict.status
        if status == MET:
            self.met += by
        elif status == LATE:
            self.late += by
        elif status == BREACHED:
            self.breached += by
            if verdict.closed_us is None:
                self.unanswered += by
        else:
            self.open += by

    def save(self) -> list[int]:
        return [self.met, self.late, self.breached, self.open, self.unanswered]

    @classmethod
    def load(cls, state: list[int]) -> _Counts:
        self = cls()
        self.met, self.late, self.breached, self.open, self.unanswered = state
        return self


_Cells = dict[Key, dict[int, _Counts]]


class ShareMetLeaf(CycleLeaf):
    """`at least 95% of LABEL met`: met / (met + late + breached); or the share of late or of breached ones."""

    def __init__(self, scope: Scope, measure: ShareMet) -> None:
        super().__init__(scope, measure.group)
        self.status = measure.status
        self._closed: _Cells = {}
        self._standing: _Cells = {}

    def take(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        self._add(self._closed, verdict, 1)

    def drop(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        self._add(self._closed, verdict, -1)

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self.as_of_us = as_of_us
        self._standing = {}
        for verdict, _, _ in standing:
            self._add(self._standing, verdict, 1)

    def stand(self, verdict: Verdict, clause: Clause, plan: Plan, by: int, now_us: int) -> None:
        self._add(self._standing, verdict, by)

    def busy(self, key: Key, cell: int) -> bool:
        return cell in self._standing.get(key, {})

    def forget(self, key: Key, cell: int) -> None:
        self._closed.get(key, {}).pop(cell, None)

    def save(self, key: Key) -> Any:
        parts = (self._closed, self._standing)
        return [[[cell, counts.save()] for cell, counts in sorted(part.get(key, {}).items())] for part in parts]

    def load(self, key: Key, state: Any) -> None:
        for part, cells in zip((self._closed, self._standing), state, strict=True):
            if cells:
                part[key] = {cell: _Counts.load(counts) for cell, counts in cells}

    def _add(self, to: _Cells, verdict: Verdict, by: int) -> None:
        if verdict.status not in COUNTED:
            return
        cell = self.cell(verdict)
        key = self.key(self.known(verdict))
        if cell is None or key is None:
            return
        cells = to.setdefault(key, {})
        counts = cells.get(cell)
        if counts is None:
            counts = cells[cell] = _Counts()
        counts.add(verdict, by)
        if self.live:
            self.scope.touch(key, cell)
            if by < 0 and to is self._standing and not any(counts.save()):
                del cells[cell]
                if not cells:
                    del to[key]

    def groups(self) -> Iterable[Key]:
        return {*self._closed, *self._standing}

    def cells(self) -> Iterable[int]:
        return {cell for part in (self._closed, self._standing) for cells in part.values() for cell in cells}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        counts: list[_Counts] = gathered(self._closed.get(key), frame) + self.waiting(self._standing.get(key), frame)
        met, late = sum(c.met for c in counts), sum(c.late for c in counts)
        breached, waiting = sum(c.breached for c in counts), sum(c.open for c in counts)
        decided = met + late + breached
        if self.status == MET:
            return share(met, decided, waiting, frame.ended)
        # a breached cycle that may still be answered is no open case of a share that is met, but of these it is one
        unanswered = sum(c.unanswered for c in counts)
        good = late if self.status == LATE else breached
        found = share(good, decided, waiting, frame.ended)
        if found is None or not unanswered:
            return found
        cases = decided + waiting
        low = Fraction(good if self.status == LATE else good - unanswered, cases)
        high = Fraction(good + waiting + (unanswered if self.status == LATE else 0), cases)
        sure = (low, high) if frame.ended else (None, None)
        return Reading(found.value, low, high, sure, cases, good=found.good, total=found.total)


@frozen
class _Ticking:
    """The elapsed time of a cycle that stands: so many ticks, and running since an instant (None: standing still)."""

    ticks: int
    since_us: int | None
    read_as: str

    def at(self, us: int, clock: BoundClock) -> int:
        if self.since_us is None:
            return self.ticks
        return self.ticks + clock.clock(self.read_as).measure(self.since_us, max(us, self.since_us))


class TimeLeaf(CycleLeaf):
    """`p95 of time of LABEL`: of the elapsed time of met and late cycles, on the clock of the bound.

    Open and breached cycles are its open cases: their time is at least what has elapsed, and has no end.
    """

    def __init__(self, scope: Scope, measure: TimeStatistic) -> None:
        self.measure = measure
        self.clock = BoundClock(scope.plan, measure.clock, measure.calendar)
        self.told_by = self.clock.told_by
        super().__init__(scope, measure.group)
        # an extreme is final only where no cycle can be taken back
        clauses = (clause for clause in scope.plan.clauses if clause.group == measure.group)
        self._final = all(clause.reopen != "resume" for clause in clauses)
        self._sums = measure.function == "total"  # the total of nothing is 0, and listed as counts are
        self._done: dict[Key, dict[int, Sample]] = {(): {}} if self._sums and not scope.objective.by else {}
        self._unanswered: dict[Key, dict[int, array[int]]] = {}
        self._standing: dict[Key, dict[int, array[int]]] = {}
        self._live: dict[Key, dict[int, dict[tuple[str, int], _Ticking]]] = {}
        self._places: dict[str, set[tuple[Key, int, int]]] = {}  # where those of a case stand: group, cell, number
        self.early = measure.function in ("min", "max") and self._final
        self.moves = self.pins = True

    def take(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        self._add(verdict, clause, plan, self._unanswered)

    def drop(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        found = self._found(verdict, clause, plan)
        if found is not None and verdict.status in (MET, LATE):
            key, cell, ticks = found
            self._done[key][cell].remove(ticks)
            self.scope.touch(key, cell)

    def stand(self, verdict: Verdict, clause: Clause, plan: Plan, by: int, now_us: int) -> None:
        self.as_of_us = now_us
        if verdict.status not in COUNTED:
            return
        cell, known = self.cell(verdict), self.known(verdict)
        key = self.key(known)
        if cell is None or key is None:
            return
        self.scope.touch(key, cell)
        which = verdict.case, verdict.number
        if by > 0:
            read_as = self.clock.reading(lambda name: known[self._told[name]])
            ticks = self.clock.elapsed(verdict, clause, plan, now_us, read_as)
            since = None if verdict.status == PAUSED else now_us
            self._put(key, cell, which, _Ticking(ticks, since, read_as))
            return
        cells = self._live.get(key, {})
        standing = cells.get(cell, {})
        if standing.pop(which, None) is not None:
            places = self._places[verdict.case]
            places.discard((key, cell, verdict.number))
            if not places:
                del self._places[verdict.case]
        if not standing:
            cells.pop(cell, None)
            if not cells:
                self._live.pop(key, None)

    def _put(self, key: Key, cell: int, which: tuple[str, int], ticking: _Ticking) -> None:
        self._live.setdefault(key, {}).setdefault(cell, {})[which] = ticking
        case, number = which
        self._places.setdefault(case, set()).add((key, cell, number))

    def busy(self, key: Key, cell: int) -> bool:
        return cell in self._live.get(key, {})

    def forget(self, key: Key, cell: int) -> None:
        for part in (self._done, self._unanswered):
            part.get(key, {}).pop(cell, None)

    def save(self, key: Key) -> Any:
        done = [[cell, sample.save()] for cell, sample in sorted(self._done.get(key, {}).items())]
        waiting = [[cell, sorted(ticks)] for cell, ticks in sorted(self._unanswered.get(key, {}).items())]
        return [done, waiting, key in self._done]

    def load(self, key: Key, state: Any) -> None:
        done, waiting, seen = state
        keep = keeps_values(self.measure.function)
        if seen:
            self._done[key] = {cell: Sample.load(keep, sample) for cell, sample in done}
        if waiting:
            self._unanswered[key] = {cell: array("q", ticks) for cell, ticks in waiting}

    def save_case(self, case: str) -> Any:
        found = []
        for key, cell, number in sorted(self._places.get(case, ())):
            ticking = self._live[key][cell][case, number]
            found.append([list(key), cell, number, ticking.ticks, ticking.since_us, ticking.read_as])
        return found or None

    def load_case(self, case: str, state: Any) -> None:
        for key, cell, number, ticks, since, read_as in state:
            self._put(tuple(key), cell, (case, number), _Ticking(ticks, since, read_as))

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self.as_of_us = as_of_us
        self._standing = {}
        for verdict, clause, plan in standing:
            self._add(verdict, clause, plan, self._standing)

    def _found(self, verdict: Verdict, clause: Clause, plan: Plan) -> tuple[Key, int, int] | None:
        if verdict.status not in COUNTED:
            return None
        cell = self.cell(verdict)
        known = self.known(verdict)
        key = self.key(known)
        if cell is None or key is None:
            return None
        read_as = self.clock.reading(lambda name: known[self._told[name]])
        return key, cell, self.clock.elapsed(verdict, clause, plan, self.as_of_us, read_as)

    def _add(self, verdict: Verdict, clause: Clause, plan: Plan, waiting: dict[Key, dict[int, array[int]]]) -> None:
        found = self._found(verdict, clause, plan)
        if found is None:
            return
        key, cell, ticks = found
        if verdict.status in (MET, LATE):
            cells = self._done.setdefault(key, {})
            sample = cells.get(cell)
            if sample is None:
                sample = cells[cell] = Sample(keeps_values(self.measure.function))
            sample.add(ticks)
            self.scope.touch(key, cell)
        else:
            waiting.setdefault(key, {}).setdefault(cell, array("q")).append(ticks)
            self.scope.touch(key, cell)

    def groups(self) -> Iterable[Key]:
        return {*self._done, *self._unanswered, *self._standing, *self._live}

    def cells(self) -> Iterable[int] | None:
        if self._sums:
            return None
        parts = (self._done, self._unanswered, self._standing)
        return {cell for part in parts for cells in part.values() for cell in cells}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        samples = gathered(self._done.get(key), frame)
        waiting = gathered(self._unanswered.get(key), frame) + gathered(self._standing.get(key), frame)
        reached = [ticks for cell in waiting for ticks in cell]
        for standing in self.waiting(self._live.get(key), frame):
            reached += [ticking.at(frame.as_of_us, self.clock) for ticking in standing.values()]
        cases = sum(sample.count for sample in samples) + len(reached)
        function, rank = self.measure.function, self.measure.rank
        if not cases:
            bound = ZERO if frame.ended else None
            return Reading(ZERO, ZERO, ZERO, (bound, bound), 0) if self._sums else None
        value = statistic(function, rank, samples)
        if value is None and self._sums:
            value = ZERO
        low = statistic(function, rank, samples, reached)
        high = ceiling(function, rank, samples, len(reached))
        # an extreme that was reached can only be passed
        reached_low = value if function == "max" and self._final else None
        reached_high = value if function == "min" and self._final else None
        sure = (low, high) if frame.ended else (reached_low, reached_high)
        return Reading(value, low, high, sure, cases)
