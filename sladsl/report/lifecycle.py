"""Where cases stand, and where they fall out: life cycles by their stages, protocols by their steps.

Takes:  life cycles: the observer after each event; protocols: verdicts one by one.
Gives:  `Journeys` and `LifecycleFigures`, `Steps` and `ProtocolFigures`.
Never:  judges, or keeps an event or a verdict: of a case only where it is and how far it came.

A stage is a state. A case *entered* it once the state has held, and is *in* the last of the stages that hold. It stays
there until it is in another one, or in none; it *moved back* where it is then in an earlier one. The stage that it came to
last in the order is where it waits while it is in some stage and has not ended, and else where it fell out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import define, frozen

from sladsl.evaluate.many import ManyVerdicts
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.verdict import LATE, MET, OPEN, PAUSED, STATUSES, Verdict
from sladsl.ir.plan import Lifecycle, Plan, Protocol
from sladsl.report.period import Period
from sladsl.report.times import Times


@frozen
class StageFigures:
    """What became of one stage.

    entered      cases in which its state has held
    skipped      cases that entered a later stage and never this one
    waiting      came no further so far, and are in some stage still
    fell_out     came no further, and are in no stage any more or have ended
    moved_back   how often a case moved from here to an earlier stage
    stays        how often a case has left it; median and p95 of how long it was in it, in exact microseconds
    """

    name: str
    entered: int
    skipped: int
    waiting: int
    fell_out: int
    moved_back: int
    stays: int
    median_us: int | None
    p95_us: int | None


@frozen
class LifecycleFigures:
    """One life cycle: its stages in order, how many cases entered any, and how many of them moved back at some time.

    Of the last stage nobody waits or falls out: who entered it has arrived.
    """

    name: str
    stages: tuple[StageFigures, ...]
    cases: int
    moved_back: int


@define
class _Journey:
    stage: int  # the one it is in, -1 where it is in none
    since_us: int
    entered: int  # a bit for each stage that it has entered
    last: int  # the stage it was in last
    back: bool = False
    ended: bool = False


class Journeys:
    """The cases of one life cycle on their way through its stages.

    Args:
        lifecycle: the stages.
        period: only cases that enter their first stage in it; None for all.
    """

    def __init__(self, lifecycle: Lifecycle, period: Period | None) -> None:
        self.lifecycle = lifecycle
        self.conditions = tuple(condition for _, condition in lifecycle.stages)
        self._period = period
        self._journeys: dict[str, _Journey | None] = {}  # None: its first stage lies outside the period
        self._stays = [Times() for _ in lifecycle.stages]
        self._back = [0] * len(lifecycle.stages)

    def event(self, observer: Observer, cs: CaseState, us: int, ends: bool) -> None:
        """An event after which a stage has begun or ended, or which ends the case."""
        stage, held = -1, 0
        for place, condition in enumerate(self.conditions):
            if observer.get(cs, condition) is True:
                stage = place
                held |= 1 << place
        journey = self._journeys.get(cs.case)
        if journey is None:
            if stage >= 0 and cs.case not in self._journeys:
                inside = self._period is None or self._period.holds(us)
                self._journeys[cs.case] = _Journey(stage, us, held, stage, False, ends) if inside else None
            return
        goes_on = held.bit_length() > journey.entered.bit_length()
        journey.ended = ends or (journey.ended and not goes_on)
        journey.entered |= held
        if stage == journey.stage:
            return
        if journey.stage >= 0:
            self._stays[journey.stage].add(us - journey.since_us)
        if 0 <= stage < journey.last and not ends:
            self._back[journey.last] += 1
            journey.back = True
        if stage >= 0:
            journey.last = stage
        journey.stage, journey.since_us = stage, us

    def figures(self) -> LifecycleFigures:
        """What has become of them so far."""
        count = len(self.conditions)
        entered, skipped, waiting, fell_out = ([0] * count for _ in range(4))
        held = [journey for journey in self._journeys.values() if journey is not None]
        for journey in held:
            furthest = journey.entered.bit_length() - 1
            for place in range(furthest + 1):
                if journey.entered >> place & 1:
                    entered[place] += 1
                else:
                    skipped[place] += 1
            if furthest < count - 1:
                (waiting if journey.stage >= 0 and not journey.ended else fell_out)[furthest] += 1
        stages = tuple(
            StageFigures(
                name,
                entered[place],
                skipped[place],
                waiting[place],
                fell_out[place],
                self._back[place],
                self._stays[place].count,
                self._stays[place].rank(50),
                self._stays[place].rank(95),
            )
            for place, (name, _) in enumerate(self.lifecycle.stages)
        )
        return LifecycleFigures(self.lifecycle.name, stages, len(held), sum(journey.back for journey in held))


@frozen
class StepFigures:
    """What became of one step of a protocol.

    counts   status to number of instances; every status stands
    cases    cases in which it started
    done     cases in which it was met or late
    stopped  cases of which this is the last step done so far, and no step is under way (open or paused) any more
    waiting  the same, and some step is under way
    forbids  it says what must not happen: it is no step on the way, and stops nobody
    """

    label: str
    counts: dict[str, int]
    cases: int
    done: int
    stopped: int
    waiting: int
    forbids: bool

    @property
    def started(self) -> int:
        """How many instances there were."""
        return sum(self.counts.values())


@frozen
class ProtocolFigures:
    """One protocol: its steps in order; the cases in which any started, and those that have done none (under way, or not)."""

    name: str
    steps: tuple[StepFigures, ...]
    cases: int
    none_waiting: int
    none_stopped: int


class Steps:
    """The cases of one protocol on their way through its steps."""

    def __init__(self, plan: Plan, protocol: Protocol) -> None:
        self.protocol = protocol
        self._labels = [plan.groups[group] for group in protocol.groups]
        self._places = {label: place for place, label in enumerate(self._labels)}
        self._forbids = [
            all(clause.inverse for clause in plan.clauses if clause.group == group) for group in protocol.groups
        ]
        self._counts = [dict.fromkeys(STATUSES, 0) for _ in self._labels]
        # per case one number: a bit for each step that has started, one for each that is done, one if any is under way
        self._paths: dict[str, int] = {}
        self._same: dict[int, int] = {}
        self._many = Counter[int]()  # cases by their path, of verdicts that were counted together
        self._done = len(self._labels)
        self._under_way = 1 << 2 * len(self._labels)

    def take(self, label: str, verdict: Verdict) -> None:
        """One verdict on a clause of that label."""
        place = self._places.get(label)
        if place is None:
            return
        status = verdict.status
        self._counts[place][status] += 1
        path = self._paths.get(verdict.case, 0) | self._bits(place, status)
        self._paths[verdict.case] = self._same.setdefault(path, path)

    def _bits(self, place: int, status: str) -> int:
        """What a verdict says of its case's path."""
        bits = 1 << place
        if not self._forbids[place]:
            if status in (MET, LATE):
                bits |= 1 << place + self._done
            elif status in (OPEN, PAUSED):
                bits |= self._under_way
        return bits

    def take_many(self, plan: Plan, tally: Mapping[tuple[int, str], int], verdicts: ManyVerdicts) -> None:
        """All verdicts of the one version that there is, counted where they are kept; `tally` as they give it."""
        bits: dict[tuple[int, str], int] = {}
        for clause, status in tally:
            place = self._places.get(plan.groups[plan.clauses[clause].group])
            if place is not None:
                self._counts[place][status] += tally[clause, status]
                bits[plan.clauses[clause].group, status] = self._bits(place, status)
        for path, number in verdicts.paths(bits).items():
            self._many[path] += number

    def figures(self) -> ProtocolFigures:
        """What has become of them so far."""
        cases, done, ends = Counter[int](), Counter[int](), Counter[tuple[int, bool]]()
        on_the_way = sum(1 << place for place, forbids in enumerate(self._forbids) if not forbids)
        all_steps = (1 << self._done) - 1
        for path, number in (Counter(self._paths.values()) + self._many).items():
            finished = path >> self._done & all_steps
            for place in range(self._done):
                cases[place] += number * (path >> place & 1)
                done[place] += number * (finished >> place & 1)
            if path & on_the_way:
                ends[finished.bit_length() - 1, bool(path & self._under_way)] += number
        steps = tuple(
            StepFigures(
                label,
                self._counts[place],
                cases[place],
                done[place],
                ends[place, False],
                ends[place, True],
                self._forbids[place],
            )
            for place, label in enumerate(self._labels)
        )
        return ProtocolFigures(self.protocol.name, steps, sum(ends.values()), ends[-1, True], ends[-1, False])
