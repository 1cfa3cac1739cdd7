"""Measures of time: how long a state holds, and what share that is of all time.

Takes:  events, after the observer has seen them.
Gives:  `StateTimeLeaf`, for `share of time while` and `time while`.
Never:  counts time before a case's first event or after as-of.

Every case runs from its first event on; a stretch between two events at which nothing changed that matters is never looked at.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from attrs import define

from sladsl.clock import Clock, ClockKind, clock_for
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.exclusions import Exclusions, Used
from sladsl.evaluate.objectives.frames import MOST_WINDOWS, Frame, Frames, Grid, Spread
from sladsl.evaluate.objectives.leaf import Key, Leaf, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.state_time import Spreads, rest_in, time_reading
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.snapshot import pack, unpack
from sladsl.evaluate.stream.values import Fault, text
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import ShareTime, TimeWhile
from sladsl.ir.plan import Clause, Plan

_EXACT = clock_for(ClockKind.EXACT, None, "UTC")
_DAY_US = 86_400_000_000
_AGES = 10_000 * _DAY_US  # a stretch that is shorter is looked at whole
_LONGEST_PERIOD = 400 * _DAY_US  # of the bounds of exclusions, which begin anew with it
_LONG_AGO = -(1 << 60)  # the cell of cases that began before any window that is still to be read


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


class Pool(Spreads):
    """Time inside and all time, by group, in the cells of some frames; inside time also by how the calendar is read."""

    def __init__(self, frames: Frames | Grid, clock: BoundClock | None) -> None:
        super().__init__()
        self.frames = frames
        self.clock = clock

    def add(self, key: Key, read_as: str, a: int, b: int, inside: bool) -> None:
        """Add a stretch of a group."""
        self._total_of(key).add(a, b)
        if inside:
            self._inside_of(key, read_as).add(a, b)

    def _total_of(self, key: Key) -> Spread:
        total = self.total.get(key)
        if total is None:
            total = self.total[key] = Spread(self.frames, _EXACT)
        return total

    def _inside_of(self, key: Key, read_as: str) -> Spread:
        found = self.inside.setdefault(key, {})
        spread = found.get(read_as)
        if spread is None:
            clock = _EXACT if self.clock is None else self.clock.clock(read_as)
            spread = found[read_as] = Spread(self.frames, clock)
        return spread

    def add_from(self, key: Key, read_as: str, a: int, inside: bool, by: int) -> None:
        """Add a stretch that has no end yet, or with `by` -1 take away what it has after an instant."""
        self._total_of(key).add_from(a, by)
        if inside:
            self._inside_of(key, read_as).add_from(a, by)

    def forget(self, key: Key, before: int) -> None:
        """Cells of a group before this one are not asked for any more."""
        if key in self.total:
            self.total[key].forget(before)
        for spread in self.inside.get(key, {}).values():
            spread.forget(before)

    def save(self, key: Key) -> Any:
        """A group, as JSON can hold it."""
        if key not in self.total:
            return None
        return [self.total[key].save(), [[r, spread.save()] for r, spread in sorted(self.inside.get(key, {}).items())]]

    def load(self, key: Key, state: Any) -> None:
        """The same, back."""
        if state is None:
            return
        total, inside = state
        self._total_of(key).load(total)
        for read_as, spread in inside:
            self._inside_of(key, read_as).load(spread)


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
        # cases by the cell of their first event and their reading
        self._begun: dict[Key, dict[int, dict[str, int]]] = {}
        # these cells in order, and how many cases had begun by each
        self._known: dict[Key, tuple[list[int], list[int]]] = {}
        # Where the log is still being read, a stretch is added without an end when it begins, and cut when it does end;
        # how many there are is counted, so that what lies after now can be taken off. What a calendar or a bound takes
        # out has edges that no event brings: then stretches are settled instead.
        self.flows = all(e.condition is not None and e.at_most is None for e in self.exclusions.exclusions)
        self.pins = not self.flows
        self._flowing: dict[Key, dict[str | None, int]] = {}  # None: of all time; else of the time inside, by reading
        self.early = self.clock is not None
        self.moves = self.early

    def event(self, cs: CaseState, event: Event) -> None:
        t = event.time_us
        run = self._running.get(cs.case)
        observer = self.scope.observer
        if run is None:
            if cs.case not in self._running:
                self._running[cs.case] = self._begin(cs, t)
            return
        if self.live and self.flows:
            self._flow(run, t, -1)
        else:
            self._spend(self._past, run, t, run.used)
        run.since = t
        run.inside = self._inside(cs, run.inside)
        run.held = self.exclusions.held(observer, cs)
        if self.live:
            if self.flows:
                self._flow(run, t, 1)
            self.scope.touch(run.key, self.scope.frames.cell(t))

    def _flow(self, run: Running, t: int, by: int) -> None:
        """From an instant on the time of a case counts (`by` 1), or no longer (-1)."""
        if any(run.held) or isinstance(run.inside, Fault):
            return
        inside = run.inside is True
        for pool in self._past:
            pool.add_from(run.key, run.read_as, t, inside, by)
        counts = self._flowing.setdefault(run.key, {})
        counts[None] = counts.get(None, 0) + by
        if inside:
            counts[run.read_as] = counts.get(run.read_as, 0) + by

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
        self._known.pop(run.key, None)
        if self.live:
            if self.flows:
                self._flow(run, t, 1)
            scope.touch(run.key, scope.frames.cell(t))
        return run

    def _inside(self, cs: CaseState, before: Any = None) -> Any:
        held = self.scope.observer.get(cs, self.condition)
        if isinstance(held, Fault) and not isinstance(before, Fault):
            self.scope.fault(held)
        return held

    def _spend(self, pools: list[Pool], run: Running, until: int, used: Used) -> None:
        """The stretch since the last change, up to an instant. Time in which the state cannot be decided counts nowhere."""
        if run.since >= until:
            return
        stretch = (run.since if until - run.since < _AGES else self._asked_for(run.since, until), until)
        left = self.exclusions.left_of(stretch, run.held, run.readings, used) if self.exclusions else [stretch]
        if isinstance(run.inside, Fault):
            return
        for a, b in left:
            for pool in pools:
                pool.add(run.key, run.read_as, a, b, run.inside is True)

    def _asked_for(self, since: int, until: int) -> int:
        """From where on a stretch can count in a window that is judged: a date in the year 1 has no end of nights."""
        frames = self.scope.frames
        cell = frames.cell(until - 1) - MOST_WINDOWS - frames.days
        return since if cell <= frames.cell(since) else max(since, frames.start(cell) - _LONGEST_PERIOD)

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self._present = [Pool(frame, self.clock) for frame in self._frames]
        for run in self._running.values():
            if run is not None:
                self._spend(self._present, run, as_of_us, list(run.used))

    def groups(self) -> Iterable[Key]:
        return self._begun

    def _cases(self, key: Key, frame: Frame) -> int:
        """How many cases have begun by the end of a window."""
        known = self._known.get(key)
        if known is None:
            begun = self._begun.get(key, {})
            order = sorted(begun)
            known = self._known[key] = order, list(accumulate(sum(begun[cell].values()) for cell in order))
        cells, counts = known
        place = bisect_right(cells, frame.number)
        return counts[place - 1] if place else 0

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        inside = sum(pool.inside_in(key, frame.cells) for pool in (self._past[0], self._present[0]))
        inside -= self._after_now(key, frame, inside=True)
        total = None
        if self.clock is None:
            total = sum(pool.total_in(key, frame.cells) for pool in (self._past[0], self._present[0]))
            total -= self._after_now(key, frame, inside=False)
        rest = rest_in(frame, self._begun.get(key, {}), self._clock_of)
        return time_reading(frame, self._cases(key, frame), inside, total, rest)

    def _after_now(self, key: Key, frame: Frame, *, inside: bool) -> int:
        """What stretches without an end have in a window after as-of."""
        counts = self._flowing.get(key)
        if not counts or frame.ended:
            return 0
        if not inside:
            return counts.get(None, 0) * _EXACT.measure(frame.as_of_us, frame.window.end_us)
        return sum(
            count * self._clock_of(read_as).measure(frame.as_of_us, frame.window.end_us)
            for read_as, count in counts.items()
            if read_as is not None
        )

    def _clock_of(self, read_as: str) -> Clock:
        return _EXACT if self.clock is None else self.clock.clock(read_as)

    def reaches_us(self, key: Key, frame: Frame) -> int | None:
        objective = self.scope.objective
        if not self.flows or objective.op in ("=", "!="):
            return None
        reading = self.reading(key, frame)
        running = {r: n for r, n in self._flowing.get(key, {}).items() if r is not None and n > 0}
        if reading is None or reading.value is None or not running:
            return frame.window.end_us
        least = objective.target.__floor__() + 1 if objective.op in ("<=", ">") else objective.target.__ceil__()
        need = max(1, -((reading.value.__floor__() - least) // sum(running.values())))
        found = [self._clock_of(r).due(frame.as_of_us, need) for r in running]
        return min((us for us in found if us is not None), default=frame.window.end_us)

    def forget(self, key: Key, cell: int) -> None:
        self._past[0].forget(key, cell + 1)
        begun = self._begun.get(key, {})
        for old in [place for place in begun if _LONG_AGO < place <= cell]:
            counts = begun.setdefault(_LONG_AGO, {})
            for read_as, count in begun.pop(old).items():
                counts[read_as] = counts.get(read_as, 0) + count
            self._known.pop(key, None)

    def forget_grid(self, key: Key, before: int) -> None:
        """No burn rate of a group is asked for that reaches back behind this cell of the grid."""
        self._past[1].forget(key, before)

    def save(self, key: Key) -> Any:
        begun = [[cell, sorted(counts.items())] for cell, counts in sorted(self._begun.get(key, {}).items())]
        flowing = sorted(((r is not None, r or ""), n) for r, n in self._flowing.get(key, {}).items() if n)
        return [begun, flowing, [pool.save(key) for pool in self._past]]

    def load(self, key: Key, state: Any) -> None:
        begun, flowing, pools = state
        if begun:
            self._begun[key] = {cell: dict(counts) for cell, counts in begun}
        if flowing:
            self._flowing[key] = {reading if inside else None: count for (inside, reading), count in flowing}
        for pool, kept in zip(self._past, pools, strict=True):
            pool.load(key, kept)

    def save_case(self, case: str) -> Any:
        if case not in self._running:
            return None
        run = self._running[case]
        if run is None:
            return []
        inside, used = pack(run.inside), [list(pair) for pair in run.used]
        return [list(run.key), run.read_as, list(run.readings), run.since, inside, list(run.held), used]

    def load_case(self, case: str, state: Any) -> None:
        if not state:
            self._running[case] = None
        elif self.flows or case not in self._running:
            key, read_as, readings, since, inside, held, used = state
            pairs = [(period, ticks) for period, ticks in used]
            self._running[case] = Running(
                tuple(key), read_as, tuple(readings), since, unpack(inside), tuple(held), pairs
            )

    def drop_case(self, case: str) -> None:
        if self.flows:
            self._running.pop(case, None)

    def grid(self) -> list[Pool]:
        """The pools in equal cells, where a grid was asked for: what has passed, and what is under way."""
        return [self._past[1], self._present[1]]
