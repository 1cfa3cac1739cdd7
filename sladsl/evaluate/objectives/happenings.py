"""Measures of what happens: counts, statistics of a field, and what becomes of cases.

Takes:  events, after the observer has seen them.
Gives:  `CountLeaf`, `StatisticLeaf`, `BecomeLeaf`.
Never:  counts a case twice where it counts cases.
"""

from collections.abc import Iterable
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from attrs import evolve

from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.leaf import ZERO, Key, Leaf, Scope, gathered
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.recent import Changes, Recent, Unfolding
from sladsl.evaluate.objectives.sample import Sample, keeps_values, statistic
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.values import Fault, number, text
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.expression import Trigger
from sladsl.ir.objective import BurnAlert, CountMeasure, ShareBecome, Statistic
from sladsl.ir.plan import Clause, Plan


class Occurrence:
    """A trigger, read after an event. Of a state, or of a case itself, only the first in a case counts where `once`."""

    def __init__(self, scope: Scope, trigger: Trigger, party: int | None = None, *, once: bool) -> None:
        self.scope = scope
        self.trigger = evolve(trigger, party=None)
        self.parties = tuple(p for p in (trigger.party, party) if p is not None)
        self.looks_at = () if trigger.kind == "first event" else (trigger.condition,)
        self.at_first = trigger.kind == "first event"
        self.once = once and trigger.kind not in ("happens", "ends")
        self.seen: set[str] = set()

    def happens(self, cs: CaseState) -> bool:
        """Whether it counts at the present event: it happens, and by the party that must act."""
        if self.once and cs.case in self.seen:
            return False
        if self.at_first:
            happened = cs is self.scope.observer.newcomer
        else:
            happened = self.scope.observer.happened(cs, self.trigger)
            if happened.__class__ is Fault:
                self.scope.fault(happened)
        if happened is not True:
            return False
        if self.once:
            self.seen.add(cs.case)
        return all(self.scope.holds(cs, party) for party in self.parties)


class CountLeaf(Leaf):
    """`count of X`: events, or cases where X first begins."""

    early = True

    def __init__(self, scope: Scope, measure: CountMeasure) -> None:
        super().__init__(scope)
        self.of = Occurrence(scope, measure.of, measure.party, once=True)
        self.looks_at = self.of.looks_at
        self.at_first = self.of.at_first
        self.needs = self.of.parties
        self._counts: dict[Key, dict[int, int]] = {} if scope.objective.by else {(): {}}

    def event(self, cs: CaseState, event: Event) -> None:
        scope = self.scope
        if self.of.happens(cs) and scope.holds(cs, scope.guard):
            key = scope.key(cs)
            cells = self._counts.setdefault(key, {})
            cell = scope.frames.cell(event.time_us)
            cells[cell] = cells.get(cell, 0) + 1
            scope.touch(key, cell)

    def forget(self, key: Key, cell: int) -> None:
        self._counts.get(key, {}).pop(cell, None)

    def save(self, key: Key) -> Any:
        return sorted(self._counts[key].items()) if key in self._counts else None

    def load(self, key: Key, state: Any) -> None:
        if state is not None:
            self._counts[key] = dict(state)

    def save_case(self, case: str) -> Any:
        return True if case in self.of.seen else None

    def load_case(self, case: str, state: Any) -> None:
        self.of.seen.add(case)

    def drop_case(self, case: str) -> None:
        self.of.seen.discard(case)

    def groups(self) -> Iterable[Key]:
        return self._counts

    def reading(self, key: Key, frame: Frame) -> Reading:
        count = sum(gathered(self._counts.get(key), frame))
        value = Fraction(count)
        high = value if frame.ended else None
        return Reading(value, value, high, (value, high), count, counts=True)


class StatisticLeaf(Leaf):
    """`average of FIELD at EVENT`, and the like."""

    def __init__(self, scope: Scope, measure: Statistic) -> None:
        super().__init__(scope)
        self.measure = measure
        self.of = Occurrence(scope, measure.at, once=False) if measure.at is not None else None
        if self.of is not None:
            self.looks_at, self.at_first, self.needs = self.of.looks_at, self.of.at_first, self.of.parties
        else:
            self.at_every = measure.attribute
        self.reads = (measure.attribute,)
        self.early = measure.function in ("min", "max")
        self._sums = measure.function == "total"  # the total of nothing is 0, and listed as counts are
        self._samples: dict[Key, dict[int, Sample]] = {(): {}} if self._sums and not scope.objective.by else {}

    def event(self, cs: CaseState, event: Event) -> None:
        scope = self.scope
        name = self.measure.attribute
        if self.of is None:
            raw = event.attributes.get(name)
        elif self.of.happens(cs):
            raw = cs.attrs[scope.observer.slots[name]]
        else:
            return
        if raw is None or not scope.holds(cs, scope.guard):
            return
        try:
            value = number(raw)
        except Fault as fault:
            scope.fault(Fault(f"`{name}`: {fault.reason}"))
            return
        key = scope.key(cs)
        cells = self._samples.setdefault(key, {})
        cell = scope.frames.cell(event.time_us)
        scope.touch(key, cell)
        sample = cells.get(cell)
        if sample is None:
            sample = cells[cell] = Sample(keeps_values(self.measure.function))
        sample.add(value)

    def forget(self, key: Key, cell: int) -> None:
        self._samples.get(key, {}).pop(cell, None)

    def save(self, key: Key) -> Any:
        if key not in self._samples:
            return None
        return [[cell, sample.save()] for cell, sample in sorted(self._samples[key].items())]

    def load(self, key: Key, state: Any) -> None:
        if state is not None:
            keep = keeps_values(self.measure.function)
            self._samples[key] = {cell: Sample.load(keep, sample) for cell, sample in state}

    def groups(self) -> Iterable[Key]:
        return self._samples

    def cells(self) -> Iterable[int] | None:
        return None if self._sums else {cell for cells in self._samples.values() for cell in cells}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        samples = gathered(self._samples.get(key), frame)
        function, rank = self.measure.function, self.measure.rank
        value = statistic(function, rank, samples)
        if value is None:
            if not self._sums:
                return None
            value = ZERO
        low = value if frame.ended or function == "max" else None
        high = value if frame.ended or function == "min" else None
        return Reading(value, value, value, (low, high), sum(sample.count for sample in samples))


_Waiting = tuple[int, Key, int | None]  # start, group, last instant that counts


class BecomeLeaf(Leaf):
    """`share of X that become Y within D`.

    A case is won where Y holds when X first begins, or begins up to and including D later; lost when that has passed.
    """

    def __init__(self, scope: Scope, measure: ShareBecome) -> None:
        super().__init__(scope)
        self.of = Occurrence(scope, measure.of, once=True)
        self.of.once = True  # cases, whatever X is
        self.becomes = measure.becomes
        self.looks_at = tuple(
            dict.fromkeys(
                (*self.of.looks_at, *(() if measure.becomes.kind == "first event" else (measure.becomes.condition,)))
            )
        )
        self.at_first = self.of.at_first or measure.becomes.kind == "first event"
        self.needs = (*self.of.parties, *((measure.becomes.party,) if measure.becomes.party is not None else ()))
        self._won: dict[Key, dict[int, int]] = {}
        self._lost: dict[Key, dict[int, int]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._open: dict[
            Key, dict[int, list[int]]
        ] = {}  # lost and open ones among those that wait, as of the last settling
        self._now = 0
        self.recent = Recent(scope.objective)
        self._decided: dict[Key, Changes] = {}  # what the decided ones change in the counts of the last W
        self._passed: dict[Key, Changes] = {}  # and those whose time has passed, as of the last settling
        self.unfolding: dict[Key, Unfolding] = {}  # in place of these two, where the log is still being read
        self._ends: list[tuple[int, str]] = []  # when the time of those that wait has passed; a heap
        self._just: dict[str, bool | Fault] = {}  # what Y did in the cases that have had an event at this instant
        self.within = measure.within
        self._clock = BoundClock(scope.plan, measure.within.kind, measure.within_calendar) if measure.within else None
        if self._clock is not None:
            self.reads = self._clock.told_by

    def event(self, cs: CaseState, event: Event) -> None:
        t = event.time_us
        if t != self._now:
            self._now = t
            self._just.clear()
        became = self._became(cs)
        if became is not False and self._just.get(cs.case) is not True:
            self._just[cs.case] = became
        waiting = self._waiting.get(cs.case)
        if waiting is not None:
            if became is not False:
                self._wait(cs.case, waiting, -1)
                self._decide(*waiting, t, became)
        elif self.of.happens(cs) and self.scope.holds(cs, self.scope.guard):
            key = self.scope.key(cs)
            state = self._holds(cs) or self._just.get(cs.case, False)
            last = self._last(cs, t)
            if state is not False:
                self._decide(t, key, last, t, state)
            else:
                self._wait(cs.case, (t, key, last), 1)

    def _wait(self, case: str, waiting: "_Waiting", by: int) -> None:
        """A case waits from now on (`by` 1), or no longer (-1)."""
        if by > 0:
            self._waiting[case] = waiting
        else:
            del self._waiting[case]
        if not self.live:
            return
        start, key, last = waiting
        cell = self.scope.frames.cell(start)
        cells = self._open.setdefault(key, {})
        counts = cells.setdefault(cell, [0, 0])
        counts[1] += by
        if not counts[1]:
            del cells[cell]
        if by > 0 and last is not None:
            heappush(self._ends, (last, case))
        self.scope.touch(key, cell)
        if self.scope.touched_cases is not None:
            self.scope.touched_cases.add(case)

    def pass_to(self, us: int) -> None:
        while self._ends and self._ends[0][0] <= us:
            last, case = heappop(self._ends)
            waiting = self._waiting.get(case)
            if waiting is not None and waiting[2] == last:
                self._wait(case, waiting, -1)
                self._decide(*waiting, last, False)

    def next_us(self) -> int | None:
        while self._ends and self._ends[0][1] not in self._waiting:
            heappop(self._ends)
        return self._ends[0][0] if self._ends else None

    def busy(self, key: Key, cell: int) -> bool:
        return cell in self._open.get(key, {})

    def forget(self, key: Key, cell: int) -> None:
        for part in (self._won, self._lost):
            part.get(key, {}).pop(cell, None)

    def save(self, key: Key) -> Any:
        counts = [sorted(part.get(key, {}).items()) for part in (self._won, self._lost, self._open)]
        unfolding = self.unfolding.get(key)
        return [*counts, None if unfolding is None else unfolding.save()]

    def load(self, key: Key, state: Any) -> None:
        *counts, unfolding = state
        won, lost, waiting = counts
        if won:
            self._won[key] = dict(won)
        if lost:
            self._lost[key] = dict(lost)
        if waiting:
            self._open[key] = dict(waiting)
        if unfolding is not None:
            self.unfolding[key] = Unfolding.load(self.recent, unfolding)

    def save_case(self, case: str) -> Any:
        waiting = self._waiting.get(case)
        if waiting is None:
            return [None] if case in self.of.seen else None
        return [[waiting[0], list(waiting[1]), waiting[2]]]

    def case_next_us(self, case: str) -> int | None:
        waiting = self._waiting.get(case)
        return None if waiting is None else waiting[2]

    def load_case(self, case: str, state: Any) -> None:
        self.of.seen.add(case)
        (waiting,) = state
        if waiting is not None:
            start, key, last = waiting
            self._waiting[case] = start, tuple(key), last
            if last is not None:
                heappush(self._ends, (last, case))

    def drop_case(self, case: str) -> None:
        self.of.seen.discard(case)
        self._waiting.pop(case, None)

    def _became(self, cs: CaseState) -> bool | Fault:
        """Whether Y begins or happens with this event."""
        if self.becomes.kind == "first event":
            return cs is self.scope.observer.newcomer
        return self.scope.observer.happened(cs, self.becomes)  # type: ignore[no-any-return]

    def _holds(self, cs: CaseState) -> bool | Fault:
        """Whether Y, a state, holds after this event."""
        return self.becomes.kind == "begins" and self.scope.observer.get(cs, self.becomes.condition)

    def _last(self, cs: CaseState, t: int) -> int | None:
        """The last instant at which Y still counts; None where there is none."""
        if self._clock is None or self.within is None:
            return None
        slots = self.scope.observer.slots

        def told(attribute: str) -> str | None:
            raw = cs.attrs[slots[attribute]]
            return None if raw is None else text(raw)

        return self._clock.clock(self._clock.reading(told)).due(t, self.within.ticks)

    def _decide(self, start: int, key: Key, last: int | None, t: int, became: bool | Fault) -> None:
        if last is not None and t > last:
            became, t = False, last
        if isinstance(became, Fault):
            self.scope.fault(became)  # it counts in no share
            return
        cell = self.scope.frames.cell(start)
        cells = (self._won if became else self._lost).setdefault(key, {})
        cells[cell] = cells.get(cell, 0) + 1
        self.scope.touch(key, cell)
        if self.recent:
            changes = (
                self.unfolding.setdefault(key, Unfolding(self.recent))
                if self.live
                else self._decided.setdefault(key, {})
            )
            self.recent.add(changes, start, t, None, became)

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self._open, self._passed = {}, {}
        for start, key, last in self._waiting.values():
            counts = self._open.setdefault(key, {}).setdefault(self.scope.frames.cell(start), [0, 0])
            passed = last is not None and last <= as_of_us
            counts[0 if passed else 1] += 1
            if last is not None and passed and self.recent:
                self.recent.add(self._passed.setdefault(key, {}), start, last, None, False)

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the burn rate comes to be exceeded over every W of the alert."""
        parts = [part[key] for part in (self._decided, self._passed) if key in part]
        return self.recent.exceeded(alert, parts, as_of_us)

    def groups(self) -> Iterable[Key]:
        return {*self._won, *self._lost, *self._open}

    def cells(self) -> Iterable[int]:
        return {cell for part in (self._won, self._lost, self._open) for cells in part.values() for cell in cells}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        won = sum(gathered(self._won.get(key), frame))
        waiting = gathered(self._open.get(key), frame)
        lost = sum(gathered(self._lost.get(key), frame)) + sum(counts[0] for counts in waiting)
        return share(won, won + lost, sum(counts[1] for counts in waiting), frame.ended)


def share(good: int, decided: int, undecided: int, ended: bool) -> Reading | None:
    """A share of cases of which some are still undecided."""
    cases = decided + undecided
    if not cases:
        return None
    low, high = Fraction(good, cases), Fraction(good + undecided, cases)
    sure = (low, high) if ended else (None, None)
    value = Fraction(good, decided) if decided else None
    return Reading(value, low, high, sure, cases, good=Fraction(good), total=Fraction(decided))
