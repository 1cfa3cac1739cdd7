"""From verdicts to figures.

Takes:  a Result.
Gives:  `clause_figures`, a row for each clause and level; `standing`, whether the agreement was kept.
Never:  rounds, prints or uses a float; shares are Fractions, times are ticks of their clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction

from attrs import define, field, frozen

from sladsl.clock import ClockKind
from sladsl.evaluate.verdict import BREACHED, LATE, MET, STATUSES
from sladsl.ir.invariants import nodes
from sladsl.ir.objective import ShareMet
from sladsl.ir.plan import Clause
from sladsl.report.result import Result, clock_of


@frozen
class ClauseFigures:
    """What became of the instances of one clause at one level.

    counts       status to number of instances; every status stands
    attainment   met / (met + late + breached), None where nothing is decided
    median, p95  of the elapsed time of met and late instances, by nearest rank, in ticks of `clock`; None without any,
                 for a clause that forbids something, and where the instances ran on different clocks
    clock        the one clock on which those instances ran, else None
    mixed        they ran on different clocks
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

    @property
    def opened(self) -> int:
        """How many instances there were; every status counts."""
        return sum(self.counts.values())

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
    elapsed: dict[ClockKind, list[int]] = field(factory=dict)

    def figures(self) -> ClauseFigures:
        decided = sum(self.counts[status] for status in (MET, LATE, BREACHED))
        clocks = list(self.elapsed)
        clock = clocks[0] if len(clocks) == 1 else None
        times = sorted(self.elapsed[clock]) if clock else []
        return ClauseFigures(
            clause=self.clause.label,
            party=self.clause.party,
            level=self.clause.level.name,
            counts=self.counts,
            attainment=Fraction(self.counts[MET], decided) if decided else None,
            median=nearest_rank(times, 50),
            p95=nearest_rank(times, 95),
            clock=clock,
            mixed=len(clocks) > 1,
        )


def clause_figures(result: Result) -> list[ClauseFigures]:
    """A row for each clause and level, in the order of the policy, clauses without an instance included.

    Versions of one agreement are summed where label, party and level are the same.
    """
    places = {label: place for place, label in enumerate(result.labels)}
    tallies: dict[tuple[str, str, str], _Tally] = {}
    for version in result.versions:
        of_clause = []
        for clause in version.plan.clauses:
            key = clause.label, clause.party, clause.level.name
            of_clause.append(tallies.setdefault(key, _Tally(clause)))
        for verdict in version.verdicts:
            tally = of_clause[verdict.clause]
            tally.counts[verdict.status] += 1
            if verdict.status in (MET, LATE) and not tally.clause.inverse:
                tally.elapsed.setdefault(clock_of(version.target_of(verdict)), []).append(verdict.elapsed)
    in_order = sorted(tallies.values(), key=lambda tally: places[tally.clause.label])
    return [tally.figures() for tally in in_order]


def nearest_rank(times: list[int], rank: int) -> int | None:
    """The least of the sorted values with at least `rank` percent of them at or below it; None of no values.

    >>> nearest_rank([1, 2, 3, 4], 50), nearest_rank([1, 2, 3, 4], 95), nearest_rank([], 50)
    (2, 4, None)
    """
    return times[-(-rank * len(times) // 100) - 1] if times else None


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


def summary(result: Result, figures: list[ClauseFigures]) -> Summary:
    """Whether the agreement was kept.

    A miss breaks it, unless an objective says which share of that clause must be met: then the objective decides.
    A missed window of any objective breaks it.
    """
    counts = {status: sum(row.counts[status] for row in figures) for status in STATUSES}
    windows = Counter(row.status for row in result.objectives)
    bounded = set(_bounded_labels(result))
    tolerated = sum(row.missed for row in figures if row.clause in bounded)
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


def _bounded_labels(result: Result) -> Iterator[str]:
    """The labels of clauses of which an objective, judged in some window, says which share must be met."""
    for version in result.versions:
        judged = {row.objective for row in version.objectives.rows}
        for place in judged:
            for node in nodes(version.plan.objectives[place].measure):
                if isinstance(node, ShareMet):
                    yield version.plan.groups[node.group]
