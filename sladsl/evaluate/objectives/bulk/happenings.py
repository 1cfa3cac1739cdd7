"""Measures of what happens, in bulk: counts, statistics of a field, and what becomes of cases.

Takes:  records of events, see `columnar/asked.py`.
Gives:  `CountColumns`, `StatisticColumns`, `BecomeColumns`: the same as the leaves of `objectives/happenings.py`.
Never:  keeps a record; of a case no more than what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from sladsl.evaluate.columnar.asked import (
    CASE,
    CAUSE,
    DENOMINATOR,
    FAULT,
    FLAG,
    NO,
    NUMBER,
    TIME,
    TYPE,
    YES,
    Asked,
    Value,
)
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.evaluate.objectives.bulk.burning import Burning
from sladsl.evaluate.objectives.bulk.cells import Edges, Sums, Tally
from sladsl.evaluate.objectives.bulk.columns import (
    Array,
    EventColumns,
    Occurrences,
    by_key,
    first_of,
    grown,
    text_numbers,
)
from sladsl.evaluate.objectives.bulk.ticks import NONE
from sladsl.evaluate.objectives.bulk.told_clock import ToldClock
from sladsl.evaluate.objectives.bulk.values import Values
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.happenings import share
from sladsl.evaluate.objectives.leaf import Key, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.sample import keeps_values
from sladsl.ir.expression import Trigger, ValueKind
from sladsl.ir.objective import BurnAlert, CountMeasure, ShareBecome, Statistic

Cells = dict[Key, dict[int, int]]


def _sum(cells: dict[int, int] | None, frame: Frame) -> int:
    return sum(cells.get(cell, 0) for cell in frame.cells) if cells else 0


class CountColumns(EventColumns):
    """`count of X`: events, or cases where X first begins."""

    def __init__(self, scope: Scope, measure: CountMeasure) -> None:
        super().__init__(scope)
        self._of = Occurrences(self, measure.of, measure.party, once=True)
        self.looks = self._of.looks
        self.facts = (*self._of.facts, *(() if scope.guard is None else (scope.guard,)))
        self._edges = Edges(scope.frames)
        self._tally = Tally()
        self._counts: Cells = {}

    def hear(self, told: Array) -> None:
        rows = self.holding(told, self._of.rows(told), self.scope.guard)
        self._tally.add(self.groups_of(told, rows), self._edges.cells(told[rows, TIME]))

    def end(self, as_of_us: int) -> None:
        self._counts = by_key(self.named(), self._tally.of)
        if not self.scope.objective.by:
            self._counts.setdefault((), {})

    def groups(self) -> Iterable[Key]:
        return self._counts

    def reading(self, key: Key, frame: Frame) -> Reading:
        count = _sum(self._counts.get(key), frame)
        value = Fraction(count)
        high = value if frame.ended else None
        return Reading(value, value, high, (value, high), count, counts=True)


class StatisticColumns(EventColumns):
    """`average of FIELD at EVENT`, and the like."""

    def __init__(self, scope: Scope, measure: Statistic) -> None:
        super().__init__(scope)
        self.measure = measure
        self._of = Occurrences(self, measure.at, once=False) if measure.at is not None else None
        guard: tuple[int | Trigger, ...] = () if scope.guard is None else (scope.guard,)
        self.looks = () if self._of is None else self._of.looks
        self.facts = (*(() if self._of is None else self._of.facts), *guard)
        self.values.append(Value(measure.attribute, ValueKind.NUMBER, at_carried=self._of is None))
        self._edges = Edges(scope.frames)
        self._zero = measure.function == "total"  # the total of nothing is 0, and listed as counts are
        self._values = Values(measure.function, measure.rank)
        self._keeps = keeps_values(measure.function)
        self._sums: dict[int, tuple[Tally, Sums]] = {}  # by denominator
        self._kept: list[tuple[Array, Array, Array, Array]] = []  # groups, cells, numerators, denominators

    def hear(self, told: Array) -> None:
        place = self.asked.value(self.measure.attribute, ValueKind.NUMBER)
        flags = told[:, place + FLAG]
        rows = np.flatnonzero(flags & 1) if self._of is None else self._of.rows(told)
        rows = self.holding(told, rows[flags[rows] >> 1 != 0], self.scope.guard)
        odd = rows[flags[rows] >> 1 >= FAULT]
        if len(odd):
            self.doubt(told, odd, (flags[odd] >> 1) - FAULT)
            rows = rows[flags[rows] >> 1 == 1]
        groups, cells = self.groups_of(told, rows), self._edges.cells(told[rows, TIME])
        numbers, below = told[rows, place + NUMBER], told[rows, place + DENOMINATOR]
        if self._keeps:
            self._kept.append((groups.astype(np.int32), cells.astype(np.int32), numbers, below.astype(np.int64)))
            return
        for denominator in np.unique(below).tolist():
            here = below == denominator
            tally, sums = self._sums.setdefault(denominator, (Tally(), Sums()))
            tally.add(groups[here], cells[here])
            sums.add(groups[here], cells[here], numbers[here])

    def end(self, as_of_us: int) -> None:
        keys = self.named()
        for denominator, (tally, sums) in self._sums.items():
            for group, key in enumerate(keys):
                added = sums.of(group)
                for cell, count in tally.of(group).items():
                    self._values.put(key, cell, count, Fraction(added.get(cell, 0), denominator))
        if self._kept:
            groups, cells, numbers, below = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
            self._kept = []
            self._values.below = lcm(*np.unique(below).tolist()) if len(below) else 1
            factors = self._values.below // below if self._values.below < 1 << 62 else np.zeros(0, np.int64)
            largest = max((abs(int(numbers.min())), abs(int(numbers.max())))) if len(numbers) else 0
            if len(factors) != len(numbers) or (len(factors) and largest * int(factors.max()) >= 1 << 62):
                raise BeyondReach(f"`{self.measure.attribute}` holds numbers that go beyond 64 bits together")
            self._values.add(keys, groups.astype(np.int64), cells.astype(np.int64), numbers * factors)

    def groups(self) -> Iterable[Key]:
        found = set(self._values.keys())
        return found | {()} if self._zero and not self.scope.objective.by else found

    def cells(self) -> Iterable[int] | None:
        return None if self._zero else self._values.cells()

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        value = self._values.statistic(key, frame.cells)
        if value is None:
            if not self._zero:
                return None
            value = Fraction(0)
        function = self.measure.function
        low = value if frame.ended or function == "max" else None
        high = value if frame.ended or function == "min" else None
        return Reading(value, value, value, (low, high), self._values.count(key, frame.cells))


_NOT_YET, _WAITS, _OVER = 0, 1, 2


class BecomeColumns(EventColumns):
    """`share of X that become Y within D`.

    A case is won where Y holds when X first begins, or begins up to and including D later; lost when that has passed.
    """

    def __init__(self, scope: Scope, measure: ShareBecome) -> None:
        super().__init__(scope)
        self._of = Occurrences(self, measure.of, once=True)
        self._of.always_once()
        self._becomes = measure.becomes
        self._own = Occurrences(self, measure.becomes, once=False)
        self._state = measure.becomes.condition if measure.becomes.kind == "begins" else None
        guard: tuple[int | Trigger, ...] = () if scope.guard is None else (scope.guard,)
        state: tuple[int | Trigger, ...] = () if self._state is None else (self._state,)
        self.looks = (*self._of.looks, *self._own.looks)
        self.facts = (*self._of.facts, *self._own.facts, *state, *guard)
        self._within = measure.within
        self._clock: ToldClock | None = None
        if measure.within is not None:
            self._clock = ToldClock(scope.plan, measure.within.kind, measure.within_calendar)
            self.values += [Value(name, ValueKind.TEXT) for name in self._clock.told_by]
        self._edges = Edges(scope.frames)
        # by case: how it stands, when X began, its group, the last instant that counts; what Y did last, and when
        self._stands = np.zeros(0, np.int8)
        self._start, self._last = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._group = np.zeros(0, np.int32)
        self._just_at, self._just = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._won, self._lost, self._open = Tally(), Tally(), Tally()
        self._burning = Burning(scope.objective)
        self._counts: tuple[Cells, Cells, Cells] = ({}, {}, {})

    def begin(self, asked: Asked, texts: Sequence[str]) -> None:
        super().begin(asked, texts)
        told_by = () if self._clock is None else self._clock.told_by
        self._told = [asked.value(name, ValueKind.TEXT) for name in told_by]

    def hear(self, told: Array) -> None:
        case = told[:, CASE]
        count = int(case.max()) + 1
        self._stands = grown(self._stands, count)
        self._start, self._last = grown(self._start, count), grown(self._last, count)
        self._group = grown(self._group, count)
        self._just_at, self._just = grown(self._just_at, count, NONE), grown(self._just, count)
        became = self._became(told)
        did = np.flatnonzero(became)
        self._decide_first(told, did, became)
        self._begin_cases(told, did, became, self._just_so_far(told, became))

    def _became(self, told: Array) -> Array:
        """What Y does at each row: NO, YES, or FAULT and the number of a note."""
        if self._becomes.kind == "first event":
            return (told[:, TYPE] & 1).astype(np.int64)
        held = told[:, self.asked.fact(self._own.trigger)]
        if self._becomes.party is not None:
            held = np.where(held == YES, told[:, self.asked.fact(self._becomes.party)], held)
        return held

    def _decide_first(self, told: Array, rows: Array, became: Array) -> None:
        """Cases that wait are decided at the first of these rows."""
        case = told[rows, CASE]
        first = first_of(case)
        rows, case = rows[first], case[first]
        waits = self._stands[case] == _WAITS
        self._decide(told, case[waits], rows[waits], became[rows[waits]])

    def _just_so_far(self, told: Array, became: Array) -> Array:
        """What Y has done in the case at the instant of each row, that row included: it did, else the last error."""
        case, time = told[:, CASE], told[:, TIME]
        of_case = first_of(case)
        new = of_case.copy()
        new[1:] |= time[1:] != time[:-1]
        begins = np.flatnonzero(new)
        segment = np.cumsum(new) - 1
        did = np.cumsum(became == YES)
        before = did[begins] - (became[begins] == YES)
        odd = np.maximum.accumulate(np.where(became >= FAULT, np.arange(len(told)), -1))
        found = np.where(odd >= begins[segment], became[odd], NO)
        found = np.where(did > before[segment], YES, found)
        # an instant that began in an earlier lot goes on
        on = of_case[begins[segment]] & (self._just_at[case] == time)
        earlier = np.where(on, self._just[case], NO)
        found = np.where((earlier == YES) | (found == NO), earlier, found)
        last = np.flatnonzero(np.append(of_case[1:], True))
        last = last[found[last] != NO]
        self._just_at[case[last]], self._just[case[last]] = time[last], found[last]
        return found

    def _begin_cases(self, told: Array, did: Array, became: Array, just: Array) -> None:
        rows = self.holding(told, self._of.rows(told), self.scope.guard)
        if not len(rows):
            return
        case = told[rows, CASE]
        self._stands[case], self._start[case] = _WAITS, told[rows, TIME]
        self._group[case] = self.groups_of(told, rows)
        self._last[case] = self._last_counting(told, rows)
        state = just[rows]
        if self._state is not None:
            held = told[rows, self.asked.fact(self._state)]
            state = np.where(held == NO, state, held)
        sure = state != NO
        self._decide(told, case[sure], rows[sure], state[sure])
        # of the others those that become so later in this lot
        runs = np.cumsum(first_of(told[:, CASE])) - 1
        began = np.full(int(runs[-1]) + 1, len(told), np.int64)
        began[runs[rows[~sure]]] = rows[~sure]
        self._decide_first(told, did[did > began[runs[did]]], became)

    def _last_counting(self, told: Array, rows: Array) -> Array:
        """The last instant at which Y still counts; NONE where there is none."""
        found = np.full(len(rows), NONE, np.int64)
        if self._clock is None or self._within is None:
            return found
        columns = [text_numbers(told, rows, place) for place in self._told]
        for clock, here in self._clock.clocks(columns, len(rows), self.texts):
            found[here] = clock.due(told[rows[here], TIME], self._within.ticks)
        return found

    def _decide(self, told: Array, case: Array, rows: Array, became: Array) -> None:
        if not len(case):
            return
        self._stands[case] = _OVER
        start, last, time = self._start[case], self._last[case], told[rows, TIME]
        passed = (last != NONE) & (time > last)
        odd = (became >= FAULT) & ~passed
        if odd.any():
            self.doubts.add(became[odd] - FAULT, told[rows[odd], TIME], told[rows[odd], CAUSE])
        cells, groups = self._edges.cells(start), self._group[case].astype(np.int64)
        won, lost = (became == YES) & ~passed, passed
        self._won.add(groups[won], cells[won])
        self._lost.add(groups[lost], cells[lost])
        if self._burning:
            sure = won | lost
            at = np.where(passed, last, time)
            self._burning.add(groups[sure], start[sure], at[sure], None, won[sure])

    def end(self, as_of_us: int) -> None:
        waits = np.flatnonzero(self._stands == _WAITS)
        start, last = self._start[waits], self._last[waits]
        cells, groups = self._edges.cells(start), self._group[waits].astype(np.int64)
        passed = (last != NONE) & (last <= as_of_us)
        self._lost.add(groups[passed], cells[passed])
        self._open.add(groups[~passed], cells[~passed])
        if self._burning:
            self._burning.add(groups[passed], start[passed], last[passed], None, np.zeros(int(passed.sum()), np.bool_))
        keys = self.named()
        self._counts = by_key(keys, self._won.of), by_key(keys, self._lost.of), by_key(keys, self._open.of)
        self._burning.end(keys)

    def groups(self) -> Iterable[Key]:
        return {key for counts in self._counts for key, cells in counts.items() if cells}

    def cells(self) -> Iterable[int]:
        return {cell for counts in self._counts for cells in counts.values() for cell in cells}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        won, lost, waiting = (_sum(counts.get(key), frame) for counts in self._counts)
        return share(won, won + lost, waiting, frame.ended)

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the burn rate comes to be exceeded over every W of the alert."""
        return self._burning.exceeded(alert, key, as_of_us)

    def burning(self) -> list[Key]:
        """The groups of which something is known, in order."""
        return sorted(self.groups())
