"""Measures of time in bulk: how long a state holds, and what share that is of all time.

Takes:  records of events, see `columnar/asked.py`.
Gives:  `StateTimeColumns`: the same as `objectives/times.py`.
Never:  counts time before a case's first event or after as-of, or keeps more of a case than what has held since when.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from sladsl.clock import Clock, ClockKind, clock_for
from sladsl.evaluate.columnar.asked import CASE, FAULT, TIME, TYPE, YES, Asked, Value
from sladsl.evaluate.objectives.bulk.cells import Edges, Tally
from sladsl.evaluate.objectives.bulk.columns import MISSING, EventColumns, first_of, grown, key_of, text_numbers
from sladsl.evaluate.objectives.bulk.stretches import Stretches, cut
from sladsl.evaluate.objectives.bulk.ticks import Ticks
from sladsl.evaluate.objectives.bulk.told_clock import ToldClock
from sladsl.evaluate.objectives.burn import Sums, exceeded_in_time
from sladsl.evaluate.objectives.exclusions import Exclusions, Used
from sladsl.evaluate.objectives.frames import Frame, Frames, Grid
from sladsl.evaluate.objectives.leaf import Key, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.state_time import Spreads, rest_in, time_reading
from sladsl.ir.calendars import calendar_read, reading_of, told_by
from sladsl.ir.expression import Trigger, ValueKind
from sladsl.ir.objective import BurnAlert, Exclusion, ShareTime, TimeWhile

Array = np.ndarray[Any, Any]
_EXACT = Ticks(clock_for(ClockKind.EXACT, None, "UTC"))
_NOT_BEGUN, _NOT_OURS = -2, -1  # in place of a group


class StateTimeColumns(EventColumns):
    """`share of time while STATE`, or `time while STATE` on its clock."""

    def __init__(self, scope: Scope, measure: ShareTime | TimeWhile, grid: Grid | None = None) -> None:
        super().__init__(scope)
        plan = scope.plan
        self._condition = measure.condition
        self._clock = ToldClock(plan, measure.clock, measure.calendar) if isinstance(measure, TimeWhile) else None
        self._exclusions = Exclusions(plan, scope.objective.exclusions)
        every = self._exclusions.exclusions
        self._states = [(place, e.condition) for place, e in enumerate(every) if e.condition is not None]
        self._calendars = [e.calendar for e in every if e.calendar is not None]
        self._bounded = [place for place, e in enumerate(every) if e.at_most is not None]
        # a bound on the openings of a calendar is used up whatever holds
        self._always_used = any(e.at_most is not None and e.calendar is not None for e in every)
        self.looks = (self._condition, *(condition for _, condition in self._states))
        guard: tuple[int | Trigger, ...] = () if scope.guard is None else (scope.guard,)
        self.facts = (*self.looks, *guard)
        own = () if self._clock is None else self._clock.told_by
        self._names = tuple(dict.fromkeys((*own, *self._exclusions.attributes)))
        self.values += [Value(name, ValueKind.TEXT) for name in self._names]
        self._grid = grid
        frames: list[Frames | Grid] = [scope.frames] if grid is None else [scope.frames, grid]
        self._pools = [(frame, Stretches(frame), Stretches(frame)) for frame in frames]  # all time, and that inside
        self._edges, self._begun = Edges(scope.frames), Tally()
        # by case: its group, and since when what has held
        self._group, self._since = np.zeros(0, np.int32), np.zeros(0, np.int64)
        self._inside, self._held = np.zeros(0, np.int8), np.zeros(0, np.int64)
        self._used: dict[int, Used] = {}
        self._spreads: list[Spreads] = []
        self._cells_begun: dict[Key, dict[int, dict[str, int]]] = {}
        self._known: dict[Key, tuple[list[int], list[int]]] = {}

    def begin(self, asked: Asked, texts: Sequence[str]) -> None:
        super().begin(asked, texts)
        self._told = [asked.value(name, ValueKind.TEXT) for name in self._names]

    # --- what comes in ----------------------------------------------------------------------------------------------

    def hear(self, told: Array) -> None:
        case, time = told[:, CASE], told[:, TIME]
        count = int(case.max()) + 1
        self._group, self._since = grown(self._group, count, _NOT_BEGUN), grown(self._since, count)
        self._inside, self._held = grown(self._inside, count), grown(self._held, count)
        first = (told[:, TYPE] & 1).astype(np.bool_)
        if first.any():
            self._begin_cases(told, np.flatnonzero(first))
        state = told[:, self.asked.fact(self._condition)]
        inside = np.minimum(state, FAULT).astype(np.int8)
        held = np.zeros(len(told), np.int64)
        for place, condition in self._states:
            held |= (told[:, self.asked.fact(condition)] == YES).astype(np.int64) << place
        ours = self._group[case] >= 0
        since, was, by = np.empty_like(time), np.empty_like(inside), np.empty_like(held)
        since[1:], was[1:], by[1:] = time[:-1], inside[:-1], held[:-1]
        new = first_of(case)
        since[new], was[new], by[new] = self._since[case[new]], self._inside[case[new]], self._held[case[new]]
        odd = np.flatnonzero((state >= FAULT) & ours & (first | (was != FAULT)))
        if len(odd):
            self.doubt(told, odd, state[odd] - FAULT)
        rows = np.flatnonzero(ours & ~first)
        self._spend(case[rows], since[rows], time[rows], was[rows], by[rows])
        last = np.flatnonzero(np.append(new[1:], True))
        self._since[case[last]], self._inside[case[last]] = time[last], inside[last]
        self._held[case[last]] = held[last]

    def _begin_cases(self, told: Array, rows: Array) -> None:
        self._group[told[rows, CASE]] = _NOT_OURS
        rows = self.holding(told, rows, self.scope.guard)
        columns = [text_numbers(told, rows, place) for place in (*self._by, *self._told)]
        groups = self.keys.number(columns, len(rows))
        self._group[told[rows, CASE]] = groups
        self._begun.add(groups, self._edges.cells(told[rows, TIME]))

    # --- stretches ----------------------------------------------------------------------------------------------------

    def _spend(self, case: Array, a: Array, b: Array, inside: Array, held: Array) -> None:
        """Stretches in which nothing changed. Time in which the state cannot be decided counts nowhere."""
        there = a < b
        if not there.all():
            case, a, b, inside, held = case[there], a[there], b[there], inside[there], held[there]
        if not len(a):
            return
        groups = self._group[case].astype(np.int64)
        if not self._exclusions:
            self._add(groups, a, b, inside)
            return
        bounded = sum(1 << place for place in self._bounded)
        one_by_one = np.full(len(a), self._always_used) | (held & bounded != 0)
        self._spend_one_by_one(np.flatnonzero(one_by_one), case, a, b, inside, held)
        rest = ~one_by_one & (held == 0) & (inside != FAULT)
        self._cut(groups[rest], a[rest], b[rest], inside[rest], 0)

    def _spend_one_by_one(self, rows: Array, case: Array, a: Array, b: Array, inside: Array, held: Array) -> None:
        """Where a bound is used up, in order of time."""
        found: list[tuple[int, int, int, int]] = []
        places = range(len(self._exclusions.exclusions))
        columns = (case[rows], a[rows], b[rows], inside[rows], held[rows])
        for of, begin, end, within, holds in zip(*(column.tolist() for column in columns), strict=True):
            used = self._used.get(of)
            if used is None:
                used = self._used[of] = self._exclusions.fresh()
            group = int(self._group[of])
            excluded = tuple(bool(holds >> place & 1) for place in places)
            left = self._exclusions.left_of((begin, end), excluded, self._readings(group), used)
            if within != FAULT:
                found += [(group, begin, end, within) for begin, end in left]
        if found:
            groups, begins, ends, within_all = (np.array(column, np.int64) for column in zip(*found, strict=True))
            self._add(groups, begins, ends, within_all)

    def _cut(self, groups: Array, a: Array, b: Array, inside: Array, place: int) -> None:
        """What is left when calendars are taken out, from one of them on."""
        if not len(a):
            return
        if place == len(self._exclusions.exclusions):
            self._add(groups, a, b, inside)
            return
        exclusion = self._exclusions.exclusions[place]
        if exclusion.calendar is None:
            self._cut(groups, a, b, inside, place + 1)
            return
        plan = self.scope.plan
        different, inverse = np.unique(groups, return_inverse=True)
        readings = [self._readings(int(group))[place] for group in different]
        for reading in dict.fromkeys(readings):
            here = np.flatnonzero(np.array([each == reading for each in readings])[inverse])
            calendar = calendar_read(plan.calendars, exclusion.calendar, reading, plan.zone)
            for rows, begins, ends in cut(a[here], b[here], calendar):
                self._cut(groups[here][rows], begins, ends, inside[here][rows], place + 1)

    def _add(self, groups: Array, a: Array, b: Array, inside: Array) -> None:
        known = inside != FAULT
        within = inside == YES
        for _, total, part in self._pools:
            total.add(groups[known], a[known], b[known], _EXACT)
            for ticks, rows in self._clocks(groups, np.flatnonzero(within)):
                part.add(groups[rows], a[rows], b[rows], ticks)

    def _clocks(self, groups: Array, rows: Array) -> Iterable[tuple[Ticks, Array]]:
        if self._clock is None:
            return [(_EXACT, rows)]
        if not self._clock.told_by:
            return [(self._clock.ticks(""), rows)]
        different, inverse = np.unique(groups[rows], return_inverse=True)
        readings = [self._read_as(int(group)) for group in different]
        return [
            (self._clock.ticks(reading), rows[np.array([each == reading for each in readings])[inverse]])
            for reading in dict.fromkeys(readings)
        ]

    # --- how calendars are read, by group -------------------------------------------------------------------------------

    def _read_as(self, group: int) -> str:
        """How the calendar of the measure's own clock is read."""
        if self._clock is None or not self._clock.told_by:
            return ""
        held = dict(zip(self._names, self.keys.tuples[group][len(self._by) :], strict=True))
        return self._clock.reading([held[name] for name in self._clock.told_by], self.texts)

    def _readings(self, group: int) -> tuple[str, ...]:
        """How those of the exclusions are."""
        return tuple(self._reading(group, exclusion) for exclusion in self._exclusions.exclusions)

    def _reading(self, group: int, exclusion: Exclusion) -> str:
        plan = self.scope.plan
        if exclusion.calendar is None or not told_by(plan.calendars, exclusion.calendar):
            return ""
        held = dict(zip(self._names, self.keys.tuples[group][len(self._by) :], strict=True))

        def text(name: str) -> str | None:
            return None if held[name] == MISSING else self.texts[held[name]]

        return reading_of(plan.calendars, exclusion.calendar, text, plan.zone)[0]

    # --- what comes out -------------------------------------------------------------------------------------------------

    def end(self, as_of_us: int) -> None:
        ours = np.flatnonzero(self._group >= 0)
        until = np.full(len(ours), as_of_us, np.int64)
        self._spend(ours, self._since[ours], until, self._inside[ours], self._held[ours])
        members: dict[Key, dict[str, list[int]]] = {}
        for group, row in enumerate(self.keys.tuples):
            key, read_as = key_of(row[: len(self._by)], self.texts), self._read_as(group)
            members.setdefault(key, {}).setdefault(read_as, []).append(group)
            counts = self._cells_begun.setdefault(key, {})
            for cell, count in self._begun.of(group).items():
                by_reading = counts.setdefault(cell, {})
                by_reading[read_as] = by_reading.get(read_as, 0) + count
        for _, total, inside in self._pools:
            spreads = Spreads()
            for key, readings in members.items():
                every = [group for groups in readings.values() for group in groups]
                spreads.total[key] = total.spread(every, _EXACT)
                spreads.inside[key] = {
                    reading: inside.spread(groups, _EXACT if self._clock is None else self._clock.ticks(reading))
                    for reading, groups in readings.items()
                }
            self._spreads.append(spreads)
        for key, cells in self._cells_begun.items():
            order = sorted(cells)
            self._known[key] = order, list(accumulate(sum(cells[cell].values()) for cell in order))

    def groups(self) -> Iterable[Key]:
        return self._cells_begun

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        order, counts = self._known.get(key, ([], []))
        place = bisect_right(order, frame.number)
        cases = counts[place - 1] if place else 0
        inside = self._spreads[0].inside_in(key, frame.cells)
        total = self._spreads[0].total_in(key, frame.cells) if self._clock is None else None
        rest = rest_in(frame, self._cells_begun.get(key, {}), self._clock_of)
        return time_reading(frame, cases, inside, total, rest)

    def _clock_of(self, read_as: str) -> Clock:
        return (_EXACT if self._clock is None else self._clock.ticks(read_as)).clock

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the burn rate comes to be exceeded over every W of the alert."""
        if self._grid is None or self._clock is not None:
            return []
        return exceeded_in_time(self, alert, Sums.of(self, key), self._grid, as_of_us)

    def burning(self) -> list[Key]:
        """The groups of which something is known, in order."""
        return sorted(self.groups())

    def grid(self) -> list[Spreads]:
        """The time in equal cells, where a grid was asked for."""
        return self._spreads[1:]
