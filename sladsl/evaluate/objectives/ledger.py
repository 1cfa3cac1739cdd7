"""Objectives as their figures come in.

Takes:  events and verdicts one by one, in the order of time; for each question the instant up to which all is known.
Gives:  `Ledger`: rows, budgets, alerts and consequences as of an instant.
Never:  keeps an event or a verdict: each is added to the aggregates of its window and forgotten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from sladsl.evaluate.objectives.budgets import budget_of, has_budget
from sladsl.evaluate.objectives.burn import BurnCycleLeaf, Sums, exceeded_in_time, grid_for
from sladsl.evaluate.objectives.cycles import ShareMetLeaf, TimeLeaf
from sladsl.evaluate.objectives.frames import Frame
from sladsl.evaluate.objectives.happenings import BecomeLeaf, CountLeaf, StatisticLeaf
from sladsl.evaluate.objectives.leaf import Key, Leaf, Scope
from sladsl.evaluate.objectives.money import agreement_cap, all_capped, owed_for, payments
from sladsl.evaluate.objectives.outcome import (
    MISSED,
    Consequence,
    Group,
    ObjectiveAlert,
    ObjectiveRow,
    ObjectivesOutcome,
)
from sladsl.evaluate.objectives.penalties import PenaltyLedger
from sladsl.evaluate.objectives.reading import Reading, combine, constant, standing
from sladsl.evaluate.objectives.starts import Starts
from sladsl.evaluate.objectives.times import StateTimeLeaf
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import (
    BurnAlert,
    Combined,
    CountMeasure,
    Measure,
    Number,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    TimeStatistic,
    TimeWhile,
)
from sladsl.ir.plan import Clause, Plan
from sladsl.text import fold

Standing = tuple[Verdict, Clause, Plan]


@runtime_checkable
class BurnsItself(Protocol):
    """A leaf that knows by itself when its burn rate comes to be exceeded, and of which groups."""

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the rate comes to be exceeded over every W of the alert."""

    def burning(self) -> list[Key]:
        """The groups of which something is known, in order."""


Leaves = Mapping[type[Measure], Callable[..., Leaf]]
"""Makers of leaves by the kind of measure: of a scope and the measure, for measures of time also of the grid or None."""

_LEAVES: Leaves = {
    CountMeasure: CountLeaf,
    ShareMet: ShareMetLeaf,
    ShareBecome: BecomeLeaf,
    ShareTime: StateTimeLeaf,
    TimeWhile: StateTimeLeaf,
    Statistic: StatisticLeaf,
    TimeStatistic: TimeLeaf,
}


class Judged:
    """One objective: its leaves, and how a window of it is read.

    Args:
        plan, index: which objective of which plan.
        leaves: what makes the leaf of each kind of measure, in place of those that are fed event by event.
    """

    def __init__(self, plan: Plan, index: int, leaves: Leaves | None = None) -> None:
        self.index = index
        self.objective = plan.objectives[index]
        self.scope = Scope(plan, self.objective)
        self.leaves: list[Leaf] = []
        self.grid = grid_for(self.objective.alerts) if isinstance(self.objective.measure, ShareTime) else None
        self._makers = leaves or _LEAVES
        self._tree = self._grow(self.objective.measure)
        self.burn: BurnCycleLeaf | None = None
        own = leaves is None and isinstance(self.objective.measure, ShareMet)
        if own and grid_for(self.objective.alerts) is not None:
            assert isinstance(self.objective.measure, ShareMet)
            self.burn = BurnCycleLeaf(self.scope, self.objective.measure)
        self.alerting: list[Leaf] = [self.burn] if self.burn is not None else []

    def _grow(self, measure: Measure) -> Any:
        if isinstance(measure, Number):
            return constant(measure.value)
        if isinstance(measure, Combined):
            return measure.op, self._grow(measure.left), self._grow(measure.right)
        make = self._makers.get(type(measure))
        if make is None:
            raise NotImplementedError(f"no evaluator for the measure {type(measure).__name__}")
        grid = (self.grid,) if isinstance(measure, ShareTime | TimeWhile) else ()
        leaf = make(self.scope, measure, *grid)
        self.leaves.append(leaf)
        return leaf

    def groups(self) -> list[Key]:
        """The groups seen so far, in order."""
        return sorted({key for leaf in self.leaves for key in leaf.groups()})

    def read(self, key: Key, frame: Frame) -> Reading | None:
        """The measure in a window, None where there is no row."""
        return self._read(self._tree, key, frame)

    def _read(self, tree: Any, key: Key, frame: Frame) -> Reading | None:
        if isinstance(tree, Leaf):
            return tree.reading(key, frame)
        if isinstance(tree, Reading):
            return tree
        op, left, right = tree[0], self._read(tree[1], key, frame), self._read(tree[2], key, frame)
        return None if left is None or right is None else combine(op, left, right)

    def candidates(self) -> set[int] | None:
        """The windows in which there may be a case; None for all of them."""
        found: set[int] | None = None
        for leaf in self.leaves:
            cells = leaf.cells()
            if cells is not None:
                windows = {cell + ahead for cell in cells for ahead in range(self.scope.frames.days)}
                found = windows if found is None else found & windows
        return found

    def row(self, key: Key, frame: Frame, reading: Reading) -> ObjectiveRow:
        """The verdict on one window."""
        objective = self.objective
        return ObjectiveRow(
            self.index,
            objective.label,
            objective.level,
            objective.party,
            frame.window.name,
            frame.window.start_us,
            frame.window.end_us,
            self.named(key),
            standing(objective, reading, frame.ended),
            reading.value,
            reading.low,
            reading.high,
            objective.op,
            objective.target,
            objective.unit,
            objective.unit_ticks,
            reading.cases or 0,
            frame.ended,
            reading.good,
            reading.total,
        )

    def named(self, key: Key) -> Group:
        """The group with the attributes' names as written."""
        names = self.objective.by_written or self.objective.by
        return tuple(zip(names, key, strict=True))


class Ledger:
    """All objectives of a plan, and the penalties of its clauses.

    Feed it events in order of (time, position) with `observe`, and cycles with `take` once they have closed; every cycle's
    start must have been observed before. What is still open (or breached and not answered) is handed to each question as
    `standing`, because it may still change.

    Args:
        plan: the compiled policy.
        actors: whether the log names actors at all.
        live: the log is still being read, and rows are read window by window (see live.py): what stands is told by `stand`
            to the measures, and nothing is settled.
    """

    def __init__(self, plan: Plan, *, actors: bool = True, live: bool = False) -> None:
        self.plan = plan
        self.first_us: int | None = None
        self.judged = [Judged(plan, index) for index in range(len(plan.objectives))]
        self.penalties = PenaltyLedger(plan)
        self._groups = {fold(label): group for group, label in enumerate(plan.groups)}
        leaves = [(judged, leaf) for judged in self.judged for leaf in (*judged.leaves, *judged.alerting)]
        self.takes: dict[int, list[Leaf]] = {}
        for _, leaf in leaves:
            if leaf.label >= 0:
                self.takes.setdefault(leaf.label, []).append(leaf)
        names = [name for _, leaf in leaves for name in leaf.at_starts()[0]]
        self.starts = Starts(names, [guard for _, leaf in leaves for guard in leaf.at_starts()[1]])
        self._bind(leaves, actors)
        if live:
            self.starts.live = True
            for _, leaf in leaves:
                leaf.live = True

    def _bind(self, leaves: Sequence[tuple[Judged, Leaf]], actors: bool) -> None:
        masks: dict[int, int] = {}
        first = 0
        needed: set[int] = {*self.starts.conditions}
        names: set[str] = {*self.starts.attributes}
        self._by_bit: list[Leaf] = []
        self._carried: list[tuple[str, int]] = []
        for judged, leaf in leaves:
            if leaf.label >= 0:
                continue
            bit = 1 << len(self._by_bit)
            self._by_bit.append(leaf)
            for condition in leaf.looks_at:
                masks[condition] = masks.get(condition, 0) | bit
            if leaf.at_first:
                first |= bit
            if leaf.at_every:
                self._carried.append((leaf.at_every, bit))
            needed.update(leaf.looks_at)
            needed.update(leaf.needs)
            if judged.objective.guard is not None:
                needed.add(judged.objective.guard)
            names.update(leaf.reads)
            names.update(judged.objective.by)
        self.observer = Observer(self.plan, sorted(needed), masks, sorted(names), actors=actors)
        self.observer.first_hot = first
        self.starts.bind(self.observer)
        for judged in self.judged:
            judged.scope.bind(self.observer)
        for _, leaf in leaves:
            leaf.bind(self.observer, self.starts)
        self._idle = not self._by_bit and not self.starts

    # --- what comes in ----------------------------------------------------------------------------------------------

    def observe(self, event: Event) -> None:
        """The next event, in order of (time, position)."""
        if self.first_us is None:
            self.first_us = event.time_us
        if self._idle:
            return
        observer = self.observer
        cs = observer.observe(event)
        hot = observer.hot
        for name, bit in self._carried:
            if name in event.attributes:
                hot |= bit
        while hot:
            low = hot & -hot
            hot ^= low
            self._by_bit[low.bit_length() - 1].event(cs, event)
        if self.starts:
            self.starts.observe(observer, cs, event)
        observer.clear()

    def take(self, verdict: Verdict, plan: Plan | None = None) -> None:
        """A cycle that has closed. `plan` is the one that judged it, where that is another version of the agreement."""
        found = self._placed(verdict, plan)
        if found is None:
            return
        verdict, clause, plan = found
        for leaf in self.takes.get(verdict.group, ()):
            leaf.take(verdict, clause, plan)
        if plan is self.plan:
            self.penalties.take(verdict)

    def drop(self, verdict: Verdict, plan: Plan | None = None) -> None:
        """A cycle that was taken no longer stands as it was: it is open again, or revised."""
        found = self._placed(verdict, plan)
        if found is None:
            return
        verdict, clause, plan = found
        for leaf in self.takes.get(verdict.group, ()):
            leaf.drop(verdict, clause, plan)
        if plan is self.plan:
            self.penalties.take(verdict, -1)

    def _placed(self, verdict: Verdict, plan: Plan | None) -> Standing | None:
        """The verdict with its clause, its group being that of this plan; None where this plan has no such label."""
        if plan is None or plan is self.plan:
            return verdict, self.plan.clauses[verdict.clause], self.plan
        group = self._groups.get(fold(plan.groups[verdict.group]))
        if group is None:
            return None
        from attrs import evolve  # rare: only with several versions

        return evolve(verdict, group=group), plan.clauses[verdict.clause], plan

    # --- what is asked ----------------------------------------------------------------------------------------------

    def rows(self, as_of_us: int, standing: Iterable[Verdict | tuple[Verdict, Plan]] = ()) -> list[ObjectiveRow]:
        """The rows as of an instant up to and including which all is known, ordered by objective, window, group."""
        self._settle(as_of_us, standing)
        return [judged.row(key, frame, reading) for judged, key, frame, reading in self._readings(as_of_us)]

    def outcome(self, as_of_us: int, standing: Iterable[Verdict | tuple[Verdict, Plan]] = ()) -> ObjectivesOutcome:
        """Everything as of an instant up to and including which all is known."""
        self._settle(as_of_us, standing)
        return self._found(as_of_us)

    def _found(self, as_of_us: int) -> ObjectivesOutcome:
        found = ObjectivesOutcome()
        for judged, key, frame, reading in self._readings(as_of_us):
            row = judged.row(key, frame, reading)
            found.rows.append(row)
            if has_budget(judged.objective):
                assert self.first_us is not None
                budget = budget_of(judged.objective, row, self.first_us, as_of_us, row.cases)
                if budget is not None:
                    found.budgets.append(budget)
        found.alerts = self._alerts(found.rows, as_of_us)
        found.consequences = self._consequences(found.rows)
        found.payments = payments(found.consequences, agreement_cap(self.plan))
        for judged in self.judged:
            if judged.scope.faults:
                found.faults[judged.index] = (judged.scope.faults, judged.scope.reason)
            if self.first_us is not None:
                candidates = judged.candidates()
                left_out = judged.scope.frames.left_out(self.first_us, as_of_us, self.plan.effective, candidates)
                if left_out:
                    found.left_out[judged.index] = left_out
        return found

    def _settle(self, as_of_us: int, standing: Iterable[Verdict | tuple[Verdict, Plan]]) -> None:
        own: list[Verdict] = []
        by_group: dict[int, list[Standing]] = {}
        for item in standing:
            verdict, plan = item if isinstance(item, tuple) else (item, self.plan)
            placed = self._placed(verdict, plan)
            if placed is None:
                continue
            by_group.setdefault(placed[0].group, []).append(placed)
            if plan is self.plan:
                own.append(verdict)
        for judged in self.judged:
            for leaf in (*judged.leaves, *judged.alerting):
                leaf.settle(as_of_us, by_group.get(leaf.label, ()))
        self.penalties.settle(as_of_us, own)

    def _readings(self, as_of_us: int) -> Iterator[tuple[Judged, Key, Frame, Reading]]:
        if self.first_us is None:
            return
        for judged in self.judged:
            groups = judged.groups()
            candidates = judged.candidates()
            for frame in judged.scope.frames.listed(self.first_us, as_of_us, self.plan.effective, candidates):
                for key in groups:
                    reading = judged.read(key, frame)
                    if reading is not None:
                        yield judged, key, frame, reading

    # --- alerts and money -------------------------------------------------------------------------------------------

    def _alerts(self, rows: Sequence[ObjectiveRow], as_of_us: int) -> list[ObjectiveAlert]:
        found: list[ObjectiveAlert] = []
        for judged in self.judged:
            for alert in judged.objective.alerts:
                if alert.missed:
                    found += self._missed_in_a_row(judged, alert.missed, alert.written, rows)
                    continue
                # a cycle that was breached before it was excused has burnt, and counts in no window any more
                for key in self._burning(judged):
                    at = self._exceeded(judged, alert, key, as_of_us)
                    found += [self._alert("burn", judged, judged.named(key), us, alert.written) for us in at]
        since, until = self.plan.effective
        kept = [a for a in found if (since is None or a.at_us >= since) and (until is None or a.at_us <= until)]
        return sorted(kept, key=lambda alert: (alert.at_us, alert.objective, alert.group))

    @staticmethod
    def _burning(judged: Judged) -> list[Key]:
        leaf = judged.burn or judged.leaves[0]
        if isinstance(leaf, BurnsItself):
            return leaf.burning()
        return sorted(judged.burn.groups()) if judged.burn is not None else judged.groups()

    @staticmethod
    def _exceeded(judged: Judged, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        leaf = judged.burn or judged.leaves[0]
        if isinstance(leaf, BurnsItself):
            return leaf.exceeded(alert, key, as_of_us)
        if isinstance(leaf, BurnCycleLeaf | BecomeLeaf):
            return leaf.exceeded(alert, key, as_of_us)
        if isinstance(leaf, StateTimeLeaf) and judged.grid is not None:
            return exceeded_in_time(leaf, alert, Sums.of(leaf, key), judged.grid, as_of_us)
        return []

    @staticmethod
    def _alert(kind: str, judged: Judged, group: Group, at_us: int, written: str) -> ObjectiveAlert:
        return ObjectiveAlert(kind, judged.index, judged.objective.label, group, at_us, written)

    def _missed_in_a_row(
        self, judged: Judged, needed: int, written: str, rows: Sequence[ObjectiveRow]
    ) -> Iterator[ObjectiveAlert]:
        """A window without a row, not judged or undecided is none that was missed."""
        length: dict[Group, tuple[int, int]] = {}  # the end of the last window that was missed, and how many it is
        for row in rows:
            if row.objective != judged.index or row.status != MISSED or not row.ended:
                continue
            number = judged.scope.frames.cell(row.end_us - 1)
            last, count = length.get(row.group, (number, 0))
            count = count + 1 if self._follows(judged, last, number) else 1
            length[row.group] = (number, count)
            if count == needed:
                yield self._alert("missed", judged, row.group, row.end_us, written)

    @staticmethod
    def _follows(judged: Judged, last: int, number: int) -> bool:
        """Whether no window lies between two; a date that the zone skips is none."""
        frames = judged.scope.frames
        return all(frames.start(between) == frames.start(between + 1) for between in range(last + 1, number))

    def _consequences(self, rows: Sequence[ObjectiveRow]) -> list[Consequence]:
        found: list[Consequence] = []
        for row in rows:
            judged = self.judged[row.objective]
            objective = judged.objective
            if objective.credits or objective.penalties:
                found += owed_for(objective, row, isinstance(objective.measure, ShareTime), self.plan.language)
        found += self.penalties.consequences()
        found = all_capped(self.plan, found)
        return [owed for owed in found if owed.amount or owed.most != 0 or owed.capped]
