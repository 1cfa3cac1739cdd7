"""From verdicts to figures.

Takes:  a Result; or its verdicts one by one, however many they are.
Gives:  `clause_figures`, a row for each clause and level; `ClauseFold`, the same one by one; `summary`, whether the agreement was kept.
Never:  prints or uses a float, or keeps a verdict; shares are Fractions, times are ticks of their clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from fractions import Fraction

from attrs import define, field, frozen

from sladsl.clock import ClockKind
from sladsl.evaluate.many import ManyVerdicts
from sladsl.evaluate.objectives.outcome import ObjectiveRow
from sladsl.evaluate.verdict import BREACHED, LATE, MET, STATUSES, Verdict
from sladsl.ir.invariants import nodes
from sladsl.ir.objective import ShareMet
from sladsl.ir.plan import Clause
from sladsl.report.result import JudgedVersion, Result, clock_of
from sladsl.report.times import Times


@frozen
class ClauseFigures:
    """What became of the instances of one clause at one level.

    counts       status to number of instances; every status stands
    attainment   met / (met + late + breached), None where nothing is decided
    median, p95  of the elapsed time of met and late instances, by nearest rank, in ticks of `clock`; None without any,
                 for a clause that forbids something, and where the instances ran on different clocks
    clock        the one clock on which those instances ran, else None
    mixed        they ran on different clocks
    times        those elapsed times, by their clock

    >>> import sladsl
    >>> policy = sladsl.load(text="first contact: sales contacts within 24h of created")
    >>> created = {"case": "L1", "time": "2026-03-02T09:00:00Z", "event": "created"}
    >>> (row,) = sladsl.run(policy, [created, created | {"time": "2026-03-02T10:00:00Z", "event": "contact"}]).clauses
    >>> row.clause, row.opened, row.met, row.attainment
    ('first contact', 1, 1, Fraction(1, 1))
    """

    clause: str
    party: str
    level: str
    counts: dict[str, int]
    attainment: Fraction | None
    median: int | None
    p95: int | None
    clock: ClockKind | None
    mixed: bool = False
    times: Mapping[ClockKind, Times] = field(factory=dict, eq=False, repr=False)

    @property
    def label(self) -> str:
        """The clause's name, as rows of objectives have theirs: of any row of a result it is `label`."""
        return self.clause

    @property
    def opened(self) -> int:
        """How many instances there were; every status counts."""
        return sum(self.counts.values())

    @property
    def met(self) -> int:
        """How many were kept in time."""
        return self.counts[MET]

    @property
    def late(self) -> int:
        """How many were answered, but late."""
        return self.counts[LATE]

    @property
    def breached(self) -> int:
        """How many were broken and not answered."""
        return self.counts[BREACHED]

    @property
    def decided(self) -> int:
        """How many count in the attainment."""
        return self.counts[MET] + self.missed

    @property
    def missed(self) -> int:
        """How many promises were broken: answered late, or not at all."""
        return self.counts[LATE] + self.counts[BREACHED]


@define
class _Tally:
    clause: Clause
    counts: dict[str, int] = field(factory=lambda: dict.fromkeys(STATUSES, 0))
    elapsed: dict[ClockKind, Times] = field(factory=dict)

    def figures(self) -> ClauseFigures:
        decided = sum(self.counts[status] for status in (MET, LATE, BREACHED))
        elapsed = {kind: self.elapsed[kind] for kind in ClockKind if kind in self.elapsed}
        clocks = list(elapsed)
        clock = clocks[0] if len(clocks) == 1 else None
        times = elapsed[clock] if clock else Times()
        return ClauseFigures(
            clause=self.clause.label,
            party=self.clause.party,
            level=self.clause.level.name,
            counts=self.counts,
            attainment=Fraction(self.counts[MET], decided) if decided else None,
            median=times.rank(50),
            p95=times.rank(95),
            clock=clock,
            mixed=len(clocks) > 1,
            times=elapsed,
        )


class ClauseFold:
    """The figures of clauses, verdict by verdict: its memory does not grow with their number.

    Args:
        versions: whose verdicts are taken. Those of one label, party and level are summed.
    """

    def __init__(self, versions: Sequence[JudgedVersion]) -> None:
        labels = dict.fromkeys(label for version in versions for label in version.plan.groups)
        self._places = {label: place for place, label in enumerate(labels)}
        self._tallies: dict[tuple[str, str, str], _Tally] = {}
        self._of_clause: list[list[tuple[_Tally, list[ClockKind]]]] = []
        for version in versions:
            held = []
            for clause in version.plan.clauses:
                key = clause.label, clause.party, clause.level.name
                clocks = [clock_of(row.target) for row in clause.rows] + [clock_of(None)]
                held.append((self._tallies.setdefault(key, _Tally(clause)), clocks))
            self._of_clause.append(held)

    def take(self, place: int, verdict: Verdict) -> None:
        """One verdict of the version at a place among those given."""
        tally, clocks = self._of_clause[place][verdict.clause]
        status = verdict.status
        tally.counts[status] += 1
        if status in (MET, LATE) and not tally.clause.inverse:
            clock = clocks[verdict.row]
            times = tally.elapsed.get(clock)
            if times is None:
                times = tally.elapsed[clock] = Times()
            times.add(verdict.elapsed)

    def take_all(self, place: int, verdicts: Iterable[Verdict]) -> None:
        """All verdicts of the version at a place; those kept as columns are counted there."""
        if not isinstance(verdicts, ManyVerdicts):
            for verdict in verdicts:
                self.take(place, verdict)
            return
        for (clause, status), count in verdicts.tally().items():
            self._of_clause[place][clause][0].counts[status] += count
        for clause, row, ticks, counts in verdicts.elapsed((MET, LATE)):
            tally, clocks = self._of_clause[place][clause]
            if not tally.clause.inverse:
                tally.elapsed.setdefault(clocks[row], Times()).add_many(ticks, counts)

    def figures(self) -> list[ClauseFigures]:
        """A row for each clause and level, in the order of the policy, clauses without an instance included."""
        in_order = sorted(self._tallies.values(), key=lambda tally: self._places[tally.clause.label])
        return [tally.figures() for tally in in_order]


def clause_figures(result: Result) -> list[ClauseFigures]:
    """A row for each clause and level, in the order of the policy, clauses without an instance included.

    Versions of one agreement are summed where label, party and level are the same.
    """
    fold = ClauseFold(result.versions)
    for place, version in enumerate(result.versions):
        fold.take_all(place, version.verdicts)
    return fold.figures()


class Standing(Enum):
    """Whether the agreement was kept."""

    KEPT = "kept"
    NOT_KEPT = "not kept"
    SO_FAR = "kept so far"
    NOTHING = "nothing to judge"


@frozen
class Summary:
    """The agreement at a glance.

    kept, decided             instances met, and those that count
    waiting                   instances open or paused
    objectives_met, _missed, _undecided   windows of objectives
    tolerated                 misses of clauses whose share an objective bounds and keeps: they break no promise
    """

    standing: Standing
    kept: int
    decided: int
    waiting: int
    undetermined: int
    objectives_met: int
    objectives_missed: int
    objectives_undecided: int
    tolerated: int

    @property
    def missed(self) -> int:
        """Instances late or breached."""
        return self.decided - self.kept


def summary(result: Result, figures: Sequence[ClauseFigures]) -> Summary:
    """Whether the agreement was kept.

    A miss breaks it, unless an objective says which share of that clause must be met: then the objective decides.
    A missed window of any objective breaks it.
    """
    return summed(figures, result.objectives, bounded_labels(result.versions))


def summed(figures: Iterable[ClauseFigures], rows: Iterable[ObjectiveRow], bounded: set[str]) -> Summary:
    """The same of any figures and rows, where the labels are given of which an objective bounds the share."""
    counts = dict.fromkeys(STATUSES, 0)
    tolerated = 0
    for figure in figures:
        for status in STATUSES:
            counts[status] += figure.counts[status]
        if figure.clause in bounded:
            tolerated += figure.missed
    windows = Counter(row.status for row in rows)
    missed = counts[LATE] + counts[BREACHED]
    decided = counts[MET] + missed
    waiting = counts["open"] + counts["paused"]
    if windows["missed"] or missed > tolerated:
        standing = Standing.NOT_KEPT
    elif waiting or windows["undecided"]:
        standing = Standing.SO_FAR
    elif decided or windows["met"]:
        standing = Standing.KEPT
    else:
        standing = Standing.NOTHING
    return Summary(
        standing=standing,
        kept=counts[MET],
        decided=decided,
        waiting=waiting,
        undetermined=counts["undetermined"],
        objectives_met=windows["met"],
        objectives_missed=windows["missed"],
        objectives_undecided=windows["undecided"],
        tolerated=tolerated,
    )


def bounded_labels(versions: Iterable[JudgedVersion]) -> set[str]:
    """The labels of clauses of which an objective, judged in some window, says which share must be met."""
    return set(_bounded(versions))


def _bounded(versions: Iterable[JudgedVersion]) -> Iterator[str]:
    for version in versions:
        judged = {row.objective for row in version.objectives.rows}
        for place in judged:
            for node in nodes(version.plan.objectives[place].measure):
                if isinstance(node, ShareMet):
                    yield version.plan.groups[node.group]
