"""The verdicts of a cycle, gone through once.

Takes:  a Result, the period, what the events tell of attributes.
Gives:  `Sifting`: the folds of figures, protocols and who; the few verdicts that are shown one by one. `told`: their stories.
Never:  keeps more verdicts than are shown, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Protocol, runtime_checkable

from attrs import evolve, frozen

from sladsl.evaluate.many import ManyVerdicts
from sladsl.evaluate.verdict import (
    BREACHED,
    CANCELLED,
    EXCUSED,
    LATE,
    OPEN,
    PAUSED,
    UNDETERMINED,
    Verdict,
)
from sladsl.events import Event
from sladsl.report.account import Breach, Excused, LeftOutClause, OpenInstance
from sladsl.report.figures import ClauseFold
from sladsl.report.held import Held
from sladsl.report.lifecycle import Steps
from sladsl.report.period import Period
from sladsl.report.result import JudgedVersion, Result
from sladsl.report.story import story_of
from sladsl.report.who import WhoFold

_FAR = 1 << 62
_MOST_EVENTS = 200_000  # of a case whose story is told
_MOST_REASONS = 1_000
_MOST_STEPS = 30  # two bits a step in a number of 63


@frozen
class Most:
    """How much of each thing a report shows: a file that opens on a phone, whatever the log."""

    promises: int = 150
    clauses: int = 100
    histories: int = 36
    windows: int = 60
    spreads: int = 18
    tables: int = 16
    values: int = 25
    holders: int = 8
    worst: int = 10
    open: int = 15
    excused: int = 15
    owed: int = 40
    warnings: int = 30
    inputs: int = 20
    rejects: int = 5
    reasons: int = 5


MOST = Most()


class _Least:
    """The `size` least of all that are put in, by their keys; of equal keys the first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []

    def put(self, key: tuple[Any, ...], *held: object) -> None:
        self._held.append((key, held))
        if len(self._held) > 50 * self._size:
            self._cut()

    def _cut(self) -> None:
        self._held.sort(key=itemgetter(0))
        del self._held[self._size :]

    def __iter__(self) -> Iterator[Any]:
        self._cut()
        return (held for _, held in self._held)


class Sifting:
    """Everything that is made of verdicts, verdict by verdict."""

    def __init__(self, result: Result, names: Sequence[str], held: Held, as_of_us: int, period: Period | None) -> None:
        self._versions = result.versions
        self._names = tuple(names)
        self._as_of_us = as_of_us
        self._period = period
        self.figures = ClauseFold(result.versions)
        self.who = WhoFold(result.versions, names, held, as_of_us)
        last = result.versions[-1].plan
        self.steps = [Steps(last, protocol) for protocol in last.protocols]
        self._paused: dict[tuple[int, int], tuple[int, int]] = {}  # version and clause: instances, microseconds
        self._counts: dict[tuple[int, int, str], int] = {}
        self._reasons: dict[tuple[str, str], int] = {}
        self._worst, self._open, self._excused = _Least(MOST.worst), _Least(MOST.open), _Least(MOST.excused)

    def sift(self) -> None:
        """Go through all verdicts of the period."""
        period = self._period
        for place, version in enumerate(self._versions):
            verdicts = version.verdicts
            if isinstance(verdicts, ManyVerdicts) and self._counts_together:
                self._take_many(
                    place, version, verdicts if period is None else verdicts.within(period.start_us, period.end_us)
                )
                continue
            for verdict in verdicts:
                if period is None or period.holds(verdict.opened_us):
                    self._take(place, version, verdict)

    def _take(self, place: int, version: JudgedVersion, verdict: Verdict) -> None:
        self.figures.take(place, verdict)
        self.who.take(place, verdict)
        label = version.plan.groups[verdict.group]
        for steps in self.steps:
            steps.take(label, verdict)
        status = verdict.status
        if verdict.paused_us:
            number, paused_us = self._paused.get((place, verdict.clause), (0, 0))
            self._paused[place, verdict.clause] = number + 1, paused_us + verdict.paused_us
        if status in (LATE, BREACHED):
            over_us = self._over(verdict)
            self._worst.put((-over_us, label, verdict.case, verdict.number), version, verdict, over_us)
        elif status in (OPEN, PAUSED):
            due = verdict.due_us if verdict.due_us is not None else _FAR
            self._open.put((due, label, verdict.case, verdict.number), version, verdict)
        elif status in (CANCELLED, EXCUSED, UNDETERMINED):
            key = place, verdict.clause, status
            self._counts[key] = self._counts.get(key, 0) + 1
            if status == EXCUSED:
                self._excused.put((verdict.closed_us, label, verdict.case, verdict.number), version, verdict)
            elif status == UNDETERMINED:
                reason = label, verdict.note
                if reason in self._reasons or len(self._reasons) < _MOST_REASONS:
                    self._reasons[reason] = self._reasons.get(reason, 0) + 1

    @property
    def _counts_together(self) -> bool:
        """Whether nothing is asked of verdicts one by one: what a case held, or how it went through several versions."""
        one_by_one = len(self._versions) > 1 or any(len(steps.protocol.groups) > _MOST_STEPS for steps in self.steps)
        return not self._names and not (self.steps and one_by_one)

    def _take_many(self, place: int, version: JudgedVersion, verdicts: ManyVerdicts) -> None:
        """All verdicts of a version, counted where they are kept."""
        labels = version.plan.groups
        tally = verdicts.tally()
        self.figures.take_all(place, verdicts)
        for (clause, status), count in tally.items():
            self.who.take_count(place, clause, status, count)
            if status in (CANCELLED, EXCUSED, UNDETERMINED):
                self._counts[place, clause, status] = count
        for steps in self.steps:
            steps.take_many(version.plan, tally, verdicts)
        self._paused |= {(place, clause): held for clause, held in verdicts.paused().items()}
        for over_us, verdict in verdicts.worst(MOST.worst, self._as_of_us):
            key = -over_us, labels[verdict.group], verdict.case, verdict.number
            self._worst.put(key, version, verdict, over_us)
        for verdict in verdicts.first((OPEN, PAUSED), "due", MOST.open):
            due = verdict.due_us if verdict.due_us is not None else _FAR
            self._open.put((due, labels[verdict.group], verdict.case, verdict.number), version, verdict)
        for verdict in verdicts.first((EXCUSED,), "closed", MOST.excused):
            key = verdict.closed_us or 0, labels[verdict.group], verdict.case, verdict.number
            self._excused.put(key, version, verdict)
        for (group, note), count in verdicts.notes(UNDETERMINED).items():
            reason = labels[group], note
            if reason in self._reasons or len(self._reasons) < _MOST_REASONS:
                self._reasons[reason] = self._reasons.get(reason, 0) + count

    def _over(self, verdict: Verdict) -> int:
        """Exact time from the due to the action, the close or as-of."""
        if verdict.status == LATE:
            return verdict.late_by_us or 0
        if verdict.due_us is None:
            return 0
        until = verdict.closed_us if verdict.closed_us is not None else self._as_of_us
        return max(until - verdict.due_us, 0)

    def worst(self) -> list[tuple[JudgedVersion, Verdict, int]]:
        """The broken promises with the most time over, and that time."""
        return list(self._worst)

    def open_first(self) -> tuple[OpenInstance, ...]:
        """The open instances that are due first."""
        return tuple(OpenInstance(version.plan, version.clause_of(v), v) for version, v in self._open)

    def excused_first(self) -> tuple[Excused, ...]:
        """The first excused instances."""
        return tuple(Excused(version.plan, version.clause_of(v), v) for version, v in self._excused)

    def left_out_clauses(self) -> tuple[LeftOutClause, ...]:
        """Per clause what does not count, in the order of the policy."""
        keys = {(place, clause) for place, clause, _ in self._counts} | set(self._paused)
        return tuple(self._left_out(place, clause) for place, clause in sorted(keys))

    def _left_out(self, place: int, clause: int) -> LeftOutClause:
        plan = self._versions[place].plan
        paused, paused_us = self._paused.get((place, clause), (0, 0))
        return LeftOutClause(
            plan=plan,
            clause=plan.clauses[clause],
            cancelled=self._counts.get((place, clause, CANCELLED), 0),
            excused=self._counts.get((place, clause, EXCUSED), 0),
            undetermined=self._counts.get((place, clause, UNDETERMINED), 0),
            paused=paused,
            paused_us=paused_us,
        )

    def undetermined(self) -> tuple[tuple[str, str, int], ...]:
        """The most frequent reasons why an instance could not be judged."""
        most = sorted(self._reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((label, note, count) for (label, note), count in most[: MOST.reasons])


@runtime_checkable
class ReadAgain(Protocol):
    """Events that are read once more, each time that they are asked for."""

    def __iter__(self) -> Iterator[Event]:
        """All of them."""

    def of_cases(self, cases: Collection[str]) -> Iterable[Event]:
        """Those of a few cases."""


def told(
    worst: Iterable[tuple[JudgedVersion, Verdict, int]], events: Iterable[Event], as_of_us: int, actors: bool
) -> tuple[Breach, ...]:
    """Broken promises with their stories: their cases alone are judged once more, with a trace. Cases do not touch."""
    from sladsl.evaluate.stream import judge

    shown = list(worst)
    of_case: dict[str, list[Event]] = {verdict.case: [] for _, verdict, _ in shown}
    for event in events.of_cases(of_case) if isinstance(events, ReadAgain) else events:
        held = of_case.get(event.case)
        if held is not None and len(held) <= _MOST_EVENTS:
            held.append(event)
    again: dict[tuple[int, str], list[Verdict]] = {}
    found = []
    for version, verdict, over_us in shown:
        own = of_case[verdict.case]
        story = None
        if own and len(own) <= _MOST_EVENTS:
            key = id(version), verdict.case
            if key not in again:
                again[key] = list(judge(version.plan, own, as_of_us, actors=actors, trace=True))
            traced = next(
                (v for v in again[key] if (v.clause, v.opened_us) == (verdict.clause, verdict.opened_us)), None
            )
            if traced is not None:
                story = story_of(version.plan, evolve(traced, number=verdict.number), as_of_us)
        found.append(Breach(version.plan, version.clause_of(verdict), verdict, over_us, story))
    return tuple(found)
