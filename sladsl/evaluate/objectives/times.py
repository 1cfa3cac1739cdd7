"""Measures of time: how long a state holds, and what share that is of all time.

Takes:  events, after the observer has seen them.
Gives:  `StateTimeLeaf`, for `share of time while` and `time while`.
Never:  counts time before a case's first event or after as-of.

Every case runs from its first event on; a stretch between two events at which nothing changed that matters is never looked at.
"""

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate
from typing import Any

from attrs import define

from sladsl.clock import ClockKind, clock_for
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.exclusions import Exclusions, Used
from sladsl.evaluate.objectives.frames import Frame, Frames, Grid, Spread
from sladsl.evaluate.objectives.leaf import Key, Leaf, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.values import Fault, text
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import ShareTime, TimeWhile
from sladsl.ir.plan import Clause, Plan

_EXACT = clock_for(ClockKind.EXACT, None, "UTC")


@define
class Running:
    """A case whose time counts: what has held since when."""

    key: Key
    read_as: str  # how the calendar of the measure's own clock is read, where attributes tell it
    readings: tuple[str, ...]  # how those of the exclusions are
    since: int
    inside: Any  # True, False or a Fault
    held: tuple[Any, ...]
    used: Used


class Pool:
    """Time inside and all time, by group, in the cells of some frames; inside time also by how the calendar is read."""

    def __init__(self, frames: Frames | Grid, clock: BoundClock | None) -> None:
        self.frames = frames
        self.clock = clock
        self.total: dict[Key, Spread] = {}
        self.inside: dict[Key, dict[str, Spread]] = {}

    def add(self, key: Key, read_as: str, a: int, b: int, inside: bool) -> None:
        """Add a stretch of a group."""
        total = self.total.get(key)
        if total is None:
            total = self.total[key] = Spread(self.frames, _EXACT)
        total.add(a, b)
        if inside:
            found = self.inside.setdefault(key, {})
            spread = found.get(read_as)
            if spread is None:
                clock = _EXACT if self.clock is None else self.clock.clock(read_as)
                spread = found[read_as] = Spread(self.frames, clock)
            spread.add(a, b)

    def total_in(self, key: Key, cells: Iterable[int]) -> int:
        """All time of a group in some cells."""
        spread = self.total.get(key)
        return sum(map(spread.amount, cells)) if spread is not None else 0

    def inside_in(self, key: Key, cells: Iterable[int]) -> int:
        """The time inside, on the measure's clock."""
        spreads = self.inside.get(key, {}).values()
        return sum(spread.amount(cell) for cell in cells for spread in spreads)


class StateTimeLeaf(Leaf):
    """`share of time while STATE`, or `time while STATE` on its clock."""

    at_first = True

    def __init__(self, scope: Scope, measure: ShareTime | TimeWhile, grid: Grid | None = None) -> None:
        super().__init__(scope)
        self.condition = measure.condition
        self.clock = BoundClock(scope.plan, measure.clock, measure.calendar) if isinstance(measure, TimeWhile) else None
        self.exclusions = Exclusions(scope.plan, scope.objective.exclusions)
        self.looks_at = (self.condition, *self.exclusions.conditions)
        own = self.clock.told_by if self.clock is not None else ()
        self.reads = (*own, *self.exclusions.attributes)
        frames: list[Frames | Grid] = [scope.frames] if grid is None else [scope.frames, grid]
        self._frames = frames
        self._past = [Pool(frame, self.clock) for frame in frames]
        self._present = [
            Pool(frame, self.clock) for frame in frames
        ]  # of the stretches under way, as of the last settling
        self._running: dict[str, Running | None] = {}  # None: not of this objective's level
        self._begun: dict[
            Key, dict[int, dict[str, int]]
        ] = {}  # cases by the cell of their first event and their reading
        self._known: dict[
            Key, tuple[list[int], list[int]]
        ] = {}  # these cells in order, and how many cases had begun by each

    def event(self, cs: CaseState, event: Event) -> None:
        t = event.time_us
        run = self._running.get(cs.case)
        observer = self.scope.observer
        if run is None:
            if cs.case not in self._running:
                self._running[cs.case] = self._begin(cs, t)
            return
        self._spend(self._past, run, t, run.used)
        run.since = t
        run.inside = self._inside(cs)
        run.held = self.exclusions.held(observer, cs)

    def _begin(self, cs: CaseState, t: int) -> Running | None:
        scope = self.scope
        observer = scope.observer
        if not scope.holds(cs, scope.guard):
            return None

        def told(attribute: str) -> str | None:
            raw = cs.attrs[observer.slots[attribute]]
            return None if raw is None else text(raw)

        read_as = self.clock.reading(told) if self.clock is not None else ""
        exclusions = self.exclusions
        held, readings = exclusions.held(observer, cs), exclusions.readings(observer, cs)
        run = Running(scope.key(cs), read_as, readings, t, self._inside(cs), held, exclusions.fresh())
        counts = self._begun.setdefault(run.key, {}).setdefault(scope.frames.cell(t), {})
        counts[read_as] = counts.get(read_as, 0) + 1
        return run

    def _inside(self, cs: CaseState) -> Any:
        held = self.scope.observer.get(cs, self.condition)
        if isinstance(held, Fault):
            self.scope.fault(held)
        return held

    def _spend(self, pools: list[Pool], run: Running, until: int, used: Used) -> None:
        """The stretch since the last change, up to an instant. Time in which the state cannot be decided counts nowhere."""
        if run.since >= until:
            return
        stretch = (run.since, until)
        left = self.exclusions.left_of(stretch, run.held, run.readings, used) if self.exclusions else [stretch]
        if isinstance(run.inside, Fault):
            return
        for a, b in left:
            for pool in pools:
                pool.add(run.key, run.read_as, a, b, run.inside is True)

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self._present = [Pool(frame, self.clock) for frame in self._frames]
        for run in self._running.values():
            if run is not None:
                self._spend(self._present, run, as_of_us, list(run.used))
        for key, cells in self._begun.items():
            order = sorted(cells)
            self._known[key] = order, list(accumulate(sum(cells[cell].values()) for cell in order))

    def groups(self) -> Iterable[Key]:
        return self._begun

    def _cases(self, key: Key, frame: Frame) -> int:
        """How many cases have begun by the end of a window."""
        cells, counts = self._known.get(key, ([], []))
        place = bisect_right(cells, frame.number)
        return counts[place - 1] if place else 0

    def _rest(self, key: Key, frame: Frame) -> int:
        """How much time the known cases still have in a window, on the measure's clock."""
        if frame.ended:
            return 0
        rest = 0
        for counts in self._begun.get(key, {}).values():
            for read_as, count in counts.items():
                clock = _EXACT if self.clock is None else self.clock.clock(read_as)
                rest += count * clock.measure(frame.as_of_us, frame.window.end_us)
        return rest

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        cases, rest = self._cases(key, frame), self._rest(key, frame)
        if not cases:
            return None
        inside = sum(pool.inside_in(key, frame.cells) for pool in (self._past[0], self._present[0]))
        if self.clock is not None:
            value, high = Fraction(inside), Fraction(inside + rest)
            return Reading(value, value, high, (value, high if frame.ended else None), cases)
        total = sum(pool.total_in(key, frame.cells) for pool in (self._past[0], self._present[0]))
        if not total:
            return None
        low, high = Fraction(inside, total + rest), Fraction(inside + rest, total + rest)
        sure = (low, high) if frame.ended else (None, None)
        return Reading(Fraction(inside, total), low, high, sure, cases, good=Fraction(inside), total=Fraction(total))

    def grid(self) -> list[Pool]:
        """The pools in equal cells, where a grid was asked for: what has passed, and what is under way."""
        return [self._past[1], self._present[1]]
