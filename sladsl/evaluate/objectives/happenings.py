"""Measures of what happens: counts, statistics of a field, and what becomes of cases.

Takes:  events, after the observer has seen them.
Gives:  `CountLeaf`, `StatisticLeaf`, `BecomeLeaf`.
Never:  counts a case twice where it counts cases.
"""

from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve

from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.leaf import ZERO, Key, Leaf, Scope, gathered
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.recent import Changes, Recent
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
        self._seen: set[str] = set()

    def happens(self, cs: CaseState) -> bool:
        """Whether it counts at the present event: it happens, and by the party that must act."""
        if self.at_first:
            happened = not cs.started
        else:
            happened = self.scope.observer.happened(cs, self.trigger)
            if happened.__class__ is Fault:
                self.scope.fault(happened)
        if happened is not True:
            return False
        if self.once:
            if cs.case in self._seen:
                return False
            self._seen.add(cs.case)
        return all(self.scope.holds(cs, party) for party in self.parties)


class CountLeaf(Leaf):
    """`count of X`: events, or cases where X first begins."""

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
            cells = self._counts.setdefault(scope.key(cs), {})
            cell = scope.frames.cell(event.time_us)
            cells[cell] = cells.get(cell, 0) + 1

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
        cells = self._samples.setdefault(scope.key(cs), {})
        cell = scope.frames.cell(event.time_us)
        sample = cells.get(cell)
        if sample is None:
            sample = cells[cell] = Sample(keeps_values(self.measure.function))
        sample.add(value)

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
        self._waiting: dict[str, tuple[int, Key, int | None]] = {}  # start, group, last instant that counts
        self._open: dict[
            Key, dict[int, list[int]]
        ] = {}  # lost and open ones among those that wait, as of the last settling
        self._now = 0
        self.recent = Recent(scope.objective)
        self._decided: dict[Key, Changes] = {}  # what the decided ones change in the counts of the last W
        self._passed: dict[Key, Changes] = {}  # and those whose time has passed, as of the last settling
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
                del self._waiting[cs.case]
                self._decide(*waiting, t, became)
        elif self.of.happens(cs) and self.scope.holds(cs, self.scope.guard):
            key = self.scope.key(cs)
            state = self._holds(cs) or self._just.get(cs.case, False)
            last = self._last(cs, t)
            if state is not False:
                self._decide(t, key, last, t, state)
            else:
                self._waiting[cs.case] = (t, key, last)

    def _became(self, cs: CaseState) -> bool | Fault:
        """Whether Y begins or happens with this event."""
        if self.becomes.kind == "first event":
            return not cs.started
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
        if self.recent:
            self.recent.add(self._decided.setdefault(key, {}), start, t, None, became)

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
