"""How times spread, in bins that a person reads.

Takes:  the figures of clauses, with their folded times.
Gives:  `spreads_of`: a Spread for each clause, level and clock that has any.
Never:  moves a time over a target: an edge belongs to the bin below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from sladsl.clock import ClockKind
from sladsl.ir.plan import Clause, Target
from sladsl.report.account import Bin, Spread
from sladsl.report.figures import ClauseFigures
from sladsl.report.result import JudgedVersion
from sladsl.report.times import Times

_BINS = 14
_MOST_TARGETS = 4
_S, _M, _H, _D = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
_BELOW_AN_HOUR = [n * _S for n in (1, 2, 5, 10, 15, 30)] + [n * _M for n in (1, 2, 5, 10, 15, 30)]
_DAYS = [n * _D for n in (1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365)]
_STEPS = _BELOW_AN_HOUR + [n * _H for n in (1, 2, 3, 4, 6, 8, 12)] + _DAYS
_BUSINESS_STEPS = _BELOW_AN_HOUR + [n * _H for n in (1, 2, 3, 4, 5, 8, 10, 20, 40, 50, 100, 200, 400, 1000, 2000)]
_STEPS_OF = {ClockKind.BUSINESS_TIME: _BUSINESS_STEPS}


def spreads_of(versions: Sequence[JudgedVersion], figures: Iterable[ClauseFigures]) -> list[Spread]:
    """The distributions, in the order of the figures."""
    clauses: dict[tuple[str, str, str], list[Clause]] = {}
    for version in versions:
        for clause in version.plan.clauses:
            clauses.setdefault((clause.label, clause.party, clause.level.name), []).append(clause)
    found = []
    for row in figures:
        for clock, times in row.times.items():
            targets = _targets(clauses[row.clause, row.party, row.level], clock)
            median, p95 = times.rank(50), times.rank(95)
            assert median is not None
            assert p95 is not None
            bins = tuple(_bins(times, clock, [ticks for ticks, _ in targets]))
            found.append(Spread(row.clause, row.level, row.party, clock, times.count, median, p95, bins, targets))
    return found


def _targets(clauses: Iterable[Clause], clock: ClockKind) -> tuple[tuple[int, Target], ...]:
    found: dict[int, Target] = {}
    for clause in clauses:
        for row in clause.rows:
            amount = row.target.amount
            if amount is not None and amount.kind is clock:
                found.setdefault(amount.ticks, row.target)
    return tuple(sorted(found.items())[:_MOST_TARGETS])


def _bins(times: Times, clock: ClockKind, targets: Sequence[int]) -> Iterator[Bin]:
    """Equal steps over nearly all of the times, and over the targets that are not far away; then all others."""
    most = times.rank(98) or 0
    top = max([most, *(ticks for ticks in targets if ticks <= 3 * most)])
    step = _step(top, _STEPS_OF.get(clock, _STEPS))
    edges = [step * n for n in range(1, max(-(-top // step), 1) + 1)]
    below = [0, *times.below(edges)]
    yield from (Bin(edge, b - a) for edge, (a, b) in zip(edges, pairwise(below), strict=True))
    if below[-1] < times.count:
        yield Bin(None, times.count - below[-1])


def _step(top: int, steps: Sequence[int]) -> int:
    for step in steps:
        if step * _BINS >= top:
            return step
    step = steps[-1]
    while step * _BINS < top:
        step *= 2
    return step
