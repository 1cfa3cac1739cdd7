"""Measures of cycles in bulk: the share that is met, and statistics of their time.

Takes:  verdicts as records of the columnar evaluator, and what was known at their starts.
Gives:  `Cycles`, a lot of verdicts; `ShareMetColumns`, `TimeColumns`: the same as `objectives/cycles.py`.
Never:  makes an object of a verdict, or counts what was cancelled, excused or undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.asked import FAULT, YES
from sladsl.evaluate.columnar.errors import CannotJudge
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.kernel.layout import (
    BREACHED,
    EXCUSED,
    LATE,
    MET,
    NONE,
    OPEN,
    PAUSED,
    UNDETERMINED,
)
from sladsl.evaluate.objectives.bulk.burning import Burning
from sladsl.evaluate.objectives.bulk.cells import Edges, Sums, Tally
from sladsl.evaluate.objectives.bulk.columns import Doubts, by_key, key_of
from sladsl.evaluate.objectives.bulk.known import Known
from sladsl.evaluate.objectives.bulk.told_clock import ToldClock
from sladsl.evaluate.objectives.bulk.values import Values
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.happenings import share
from sladsl.evaluate.objectives.leaf import Key, Leaf, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.sample import keeps_values
from sladsl.ir.objective import BurnAlert, ShareMet, TimeStatistic
from sladsl.ir.plan import Plan

Array = np.ndarray[Any, Any]
_STATUSES = 9
_COUNTED = np.isin(np.arange(_STATUSES), (MET, LATE, BREACHED, OPEN, PAUSED))
_NOT_OURS = -1  # in place of a group
_CODES = {"met": MET, "late": LATE, "breached": BREACHED}


class Cycles:
    """A lot of verdicts.

    Args:
        plan: that judged them.
        records, stretches: as the columnar evaluator gives them; None where it was not to keep stretches.
        labels: by clause of the plan, the label's number among those of the plan whose objectives are judged, or -1.
        known: what is known at starts.
        as_of_us: up to and including which all is known.
    """

    def __init__(
        self,
        plan: Plan,
        records: Array,
        stretches: Array | None,
        labels: Array,
        known: Known,
        as_of_us: int,
    ) -> None:
        self.plan = plan
        self.records = records
        self.keeps_stretches = stretches is not None
        self.stretches = np.zeros(0, layout.STRETCH) if stretches is None else stretches
        self.as_of_us = as_of_us
        self._labels = labels
        self._known = known

    @cached_property
    def label(self) -> Array:
        """The label of each."""
        found: Array = self._labels[self.records["clause"]]
        return found

    @cached_property
    def known(self) -> Array:
        """The number of what was known at the start of each."""
        if not self._known:
            return self._known.together.number([], len(self.records))
        r = self.records
        return self._known.at(r["case"], r["opened"], r["cause"], r["type"])

    @cached_property
    def first_stretch(self) -> Array:
        """Where the stretches of each begin."""
        counts = self.records["stretches"].astype(np.int64)
        found: Array = np.cumsum(counts) - counts
        return found

    def member(self, rows: Array, counted_by: str) -> tuple[Array, Array]:
        """The instants whose windows they belong to, and whether they belong to any yet."""
        r = self.records[rows]
        if counted_by == "start":
            return r["opened"], np.ones(len(rows), np.bool_)
        due, closed = r["due"], r["closed"]
        if counted_by == "due":
            found = np.where(due == NONE, closed, due)
            return found, found != NONE
        answered = np.where((r["status"] == BREACHED) & (due != NONE), due, self.as_of_us)
        return np.where(closed == NONE, answered, closed), np.ones(len(rows), np.bool_)


class CycleColumns(Leaf):
    """What the measures of cycles have in common: where a cycle belongs."""

    told_by: tuple[str, ...] = ()  # the attributes that tell how the calendar of its clock is read

    def __init__(self, scope: Scope, group: int) -> None:
        super().__init__(scope)
        self.label = group
        self.doubts = Doubts()
        self._edges = Edges(scope.frames)
        self._numbers: dict[Key, int] = {}
        self._of_known = np.zeros(0, np.int64)
        self._odd = np.zeros(0, np.int64)
        self.texts: Sequence[str] = ()

    def at_starts(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        objective = self.scope.objective
        return (*objective.by, *self.told_by), () if objective.guard is None else (objective.guard,)

    def begin(self, known: Known, texts: Sequence[str]) -> None:
        """Learn what is known at starts, and the texts behind numbers."""
        self._known, self.texts = known, texts
        self._by = [known.attributes.index(name) for name in self.scope.objective.by]
        guard = self.scope.objective.guard
        self._guard = -1 if guard is None else len(known.attributes) + known.conditions.index(guard)

    def count(self, cycles: Cycles) -> None:
        """Add a lot of cycles."""
        raise NotImplementedError

    def end(self) -> None:
        """There are no more."""

    def groups_of(self, cycles: Cycles, rows: Array) -> tuple[Array, Array]:
        """The rows whose cases are of the objective's level, and the numbers of their groups."""
        known = cycles.known[rows]
        tuples = self._known.together.tuples
        if len(tuples) > len(self._of_known):
            more = [self._group(held) for held in tuples[len(self._of_known) :]]
            self._of_known = np.append(self._of_known, np.array([group for group, _ in more], np.int64))
            self._odd = np.append(self._odd, np.array([note for _, note in more], np.int64))
        groups = self._of_known[known]
        if self._guard < 0:
            return rows, groups
        odd = rows[self._odd[known] >= 0]
        if len(odd):
            notes = self._odd[cycles.known[odd]]
            self.doubts.add(notes, cycles.records["opened"][odd], cycles.records["cause"][odd])
        ours = groups != _NOT_OURS
        return rows[ours], groups[ours]

    def _group(self, held: tuple[int, ...]) -> tuple[int, int]:
        """The number of a group, and the note of an error in place of it."""
        if self._guard >= 0 and held[self._guard] != YES:
            return _NOT_OURS, held[self._guard] - FAULT if held[self._guard] >= FAULT else -1
        key = key_of((held[place] for place in self._by), self.texts)
        return self._numbers.setdefault(key, len(self._numbers)), -1

    def keys(self) -> list[Key]:
        """The groups by their numbers."""
        return list(self._numbers)

    def counted(self, cycles: Cycles) -> tuple[Array, Array, Array]:
        """The rows of a lot that count in a window, their groups and their cells."""
        rows = np.flatnonzero((cycles.label == self.label) & _COUNTED[cycles.records["status"]])
        rows, groups = self.groups_of(cycles, rows)
        us, there = cycles.member(rows, self.scope.objective.counted_by)
        return rows[there], groups[there], self._edges.cells(us[there])


class ShareMetColumns(CycleColumns):
    """`at least 95% of LABEL met`: met / (met + late + breached); or the share of late or of breached ones."""

    def __init__(self, scope: Scope, measure: ShareMet) -> None:
        super().__init__(scope, measure.group)
        self.status = measure.status
        self._tallies = {word: Tally() for word in ("met", "late", "breached", "unanswered", "open")}
        self._counts: dict[str, dict[Key, dict[int, int]]] = {}
        self._burning = Burning(scope.objective)

    def count(self, cycles: Cycles) -> None:
        rows, groups, cells = self.counted(cycles)
        status, closed = cycles.records["status"][rows], cycles.records["closed"][rows]
        breached = status == BREACHED
        kinds = {"met": status == MET, "late": status == LATE, "breached": breached}
        kinds |= {"unanswered": breached & (closed == NONE), "open": (status == OPEN) | (status == PAUSED)}
        for word, here in kinds.items():
            self._tallies[word].add(groups[here], cells[here])
        if self._burning:
            self._burn(cycles)

    def end(self) -> None:
        keys = self.keys()
        self._counts = {word: by_key(keys, tally.of) for word, tally in self._tallies.items()}
        self._burning.end(keys)

    def groups(self) -> Iterable[Key]:
        return {key for counts in self._counts.values() for key, cells in counts.items() if cells}

    def cells(self) -> Iterable[int]:
        return {cell for counts in self._counts.values() for cells in counts.values() for cell in cells}

    def _sum(self, word: str, key: Key, frame: Frame) -> int:
        cells = self._counts[word].get(key)
        return sum(cells.get(cell, 0) for cell in frame.cells) if cells else 0

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        met, late, breached, unanswered, waiting = (self._sum(word, key, frame) for word in self._tallies)
        decided = met + late + breached
        if self.status == "met":
            return share(met, decided, waiting, frame.ended)
        # a breached cycle that may still be answered is no open case of a share that is met, but of these it is one
        good = late if self.status == "late" else breached
        found = share(good, decided, waiting, frame.ended)
        if found is None or not unanswered:
            return found
        cases = decided + waiting
        low = Fraction(good if self.status == "late" else good - unanswered, cases)
        high = Fraction(good + waiting + (unanswered if self.status == "late" else 0), cases)
        sure = (low, high) if frame.ended else (None, None)
        return Reading(found.value, low, high, sure, cases, good=found.good, total=found.total)

    # --- burn rates: what was known of a cycle as time went on, see `phases` in `objectives/burn.py` ------------------------

    def _burn(self, cycles: Cycles) -> None:
        r = cycles.records
        status, due, closed = r["status"], r["due"], r["closed"]
        breach = np.where(due == NONE, closed, due)
        there = (cycles.label == self.label) & (breach != NONE)
        shut = closed != NONE
        breached = there & (status == BREACHED)
        before = there & shut & (due != NONE) & (due < closed)
        late = there & shut & (status == LATE)
        left = before & ((status == EXCUSED) | (status == UNDETERMINED))
        once = breached & (~shut | (breach == closed))
        twice = breached & shut & (breach < closed)
        by_act = breached & shut & (breach > closed)
        never = np.full(len(r), NONE, np.int64)
        self._phase(cycles, there & shut & (status == MET), closed, never, MET)
        self._phase(cycles, late | twice | left, breach, closed, BREACHED)
        self._phase(cycles, late, closed, never, LATE)
        self._phase(cycles, once, breach, never, BREACHED)
        self._phase(cycles, twice | by_act, closed, never, BREACHED)

    def _phase(self, cycles: Cycles, here: Array, since: Array, until: Array, status: int) -> None:
        rows, groups = self.groups_of(cycles, np.flatnonzero(here))
        r, counted_by = cycles.records[rows], self.scope.objective.counted_by
        member = since[rows]
        if counted_by == "start":
            member = r["opened"]
        elif counted_by == "due":
            member = np.where(r["due"] == NONE, member, r["due"])
        counted = np.full(len(rows), _CODES[self.status] == status)
        self._burning.add(groups, member, since[rows], until[rows], counted)

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the burn rate comes to be exceeded over every W of the alert."""
        return self._burning.exceeded(alert, key, as_of_us)

    def burning(self) -> list[Key]:
        """The groups of which something is known, in order."""
        return self._burning.groups()


class TimeColumns(CycleColumns):
    """`p95 of time of LABEL`: of the elapsed time of met and late cycles, on the clock of the bound.

    Open and breached cycles are its open cases: their time is at least what has elapsed, and has no end.
    """

    def __init__(self, scope: Scope, measure: TimeStatistic) -> None:
        self._clock = ToldClock(scope.plan, measure.clock, measure.calendar, missing="")
        self._bound = BoundClock(scope.plan, measure.clock, measure.calendar)
        self.told_by = self._clock.told_by
        super().__init__(scope, measure.group)
        self.function = measure.function
        clauses = (clause for clause in scope.plan.clauses if clause.group == measure.group)
        self._final = all(clause.reopen != "resume" for clause in clauses)
        self._zero = measure.function == "total"  # the total of nothing is 0, and listed as counts are
        self._keeps = keeps_values(measure.function)
        self._done, self._waiting = (Values(measure.function, measure.rank) for _ in range(2))
        self._tallies = {done: (Tally(), Sums()) for done in (True, False)}
        self._kept: list[tuple[Array, Array, Array, Array]] = []  # groups, cells, ticks, whether done
        self._same: dict[
            int, Array
        ] = {}  # by plan: where a verdict's own elapsed time is on this clock, by clause and row

    def begin(self, known: Known, texts: Sequence[str]) -> None:
        super().begin(known, texts)
        self._told = [known.attributes.index(name) for name in self.told_by]

    def needs_stretches(self) -> bool:
        """Whether some cycles run on another clock, so that it must be known when they ran."""
        same = self._same_clock(self.scope.plan)
        mine = [clause for clause in self.scope.plan.clauses if clause.group == self.label]
        return any(not same[clause.index, row] for clause in mine for row in (range(len(clause.rows)) or (-1,)))

    def _same_clock(self, plan: Plan) -> Array:
        found = self._same.get(id(plan))
        if found is None:
            width = 1 + max((len(clause.rows) for clause in plan.clauses), default=0)
            # the last place is that of row -1
            found = np.array(
                [
                    [
                        self._bound.same_clock(row if row < len(clause.rows) else -1, clause, plan)
                        for row in (*range(width - 1), -1)
                    ]
                    for clause in plan.clauses
                ]
                or np.zeros((0, width), np.bool_)
            )
            self._same[id(plan)] = found
        return found

    def count(self, cycles: Cycles) -> None:
        rows, groups, cells = self.counted(cycles)
        if not len(rows):
            return
        r = cycles.records[rows]
        ticks = r["elapsed"].copy()
        other = np.flatnonzero(~self._same_clock(cycles.plan)[r["clause"], r["row"]])
        if len(other):
            if not cycles.keeps_stretches:
                raise CannotJudge("another version of the agreement counts the time of cycles on another clock")
            ticks[other] = self._measure(cycles, rows[other])
        done = (r["status"] == MET) | (r["status"] == LATE)
        if self._keeps:
            self._kept.append((groups.astype(np.int32), cells.astype(np.int32), ticks, done))
            return
        for word, here in ((True, done), (False, ~done)):
            tally, sums = self._tallies[word]
            tally.add(groups[here], cells[here])
            sums.add(groups[here], cells[here], ticks[here])

    def _measure(self, cycles: Cycles, rows: Array) -> Array:
        """The ticks for which cycles ran."""
        r = cycles.records[rows]
        counts = r["stretches"].astype(np.int64)
        whole = counts == 0  # one stretch, from opened to the end
        sizes = np.maximum(counts, 1)
        owner = np.repeat(np.arange(len(rows)), sizes)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + cycles.first_stretch[rows][owner]
        a, b = np.empty(len(owner), np.int64), np.empty(len(owner), np.int64)
        closed = np.where(r["closed"] == layout.NONE, cycles.as_of_us, r["closed"])
        alone = whole[owner]
        a[alone], b[alone] = r["opened"][whole], closed[whole]
        a[~alone] = cycles.stretches["since"][place[~alone]]
        b[~alone] = cycles.stretches["until"][place[~alone]]
        ticks = np.zeros(len(rows), np.int64)
        known = self._known.together.tuples
        held = cycles.known[rows]
        columns = [np.array([row[told] for row in known], np.int64)[held] for told in self._told]
        for clock, here in self._clock.clocks([column[owner] for column in columns], len(owner), self.texts):
            np.add.at(ticks, owner[here], clock.measure(a[here], b[here]))
        return ticks

    def end(self) -> None:
        keys = self.keys()
        for done, values in ((True, self._done), (False, self._waiting)):
            tally, sums = self._tallies[done]
            for group, key in enumerate(keys):
                added = sums.of(group)
                for cell, count in tally.of(group).items():
                    values.put(key, cell, count, Fraction(added.get(cell, 0)))
        if self._kept:
            groups, cells, ticks, done_all = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
            self._kept = []
            for here, values in ((done_all, self._done), (~done_all, self._waiting)):
                values.add(keys, groups[here].astype(np.int64), cells[here].astype(np.int64), ticks[here])

    def groups(self) -> Iterable[Key]:
        found = {*self._done.keys(), *self._waiting.keys()}
        return found | {()} if self._zero and not self.scope.objective.by else found

    def cells(self) -> Iterable[int] | None:
        return None if self._zero else {*self._done.cells(), *self._waiting.cells()}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        done, waiting = self._done.count(key, frame.cells), self._waiting.count(key, frame.cells)
        zero = Fraction(0)
        if not done + waiting:
            bound = zero if frame.ended else None
            return Reading(zero, zero, zero, (bound, bound), 0) if self._zero else None
        value = self._done.statistic(key, frame.cells)
        if value is None and self._zero:
            value = zero
        low = self._done.statistic(key, frame.cells, self._waiting) if waiting else value
        high = self._done.ceiling(key, frame.cells, waiting)
        # an extreme that was reached can only be passed
        reached_low = value if self.function == "max" and self._final else None
        reached_high = value if self.function == "min" and self._final else None
        sure = (low, high) if frame.ended else (reached_low, reached_high)
        return Reading(value, low, high, sure, done + waiting)
