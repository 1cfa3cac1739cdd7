"""Who kept the promises, and who held the cases while their clocks ran.

Takes:  verdicts one by one, and what the events tell of attributes (`held.Held`).
Gives:  `WhoFold`: attainment by party, by level and by any attribute; time by holder, which adds up to what has elapsed.
Never:  judges, keeps a verdict, or lets the number of values grow without bound: those beyond a limit are counted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import define, field, frozen

from sladsl.clock import ClockKind
from sladsl.evaluate.verdict import BREACHED, LATE, MET, OPEN, PAUSED, STATUSES, Verdict
from sladsl.ir.plan import Clause, Plan
from sladsl.report.held import Held
from sladsl.report.result import JudgedVersion
from sladsl.report.story import clock_of, ran

OTHERS = None  # in place of a value: all beyond the limit
_LIMIT = 10_000
_COUNTED = (MET, LATE, BREACHED, OPEN, PAUSED)


@frozen
class WhoRow:
    """What became of the instances of one value.

    value       the party's name, the level's, or the attribute's value at the start ("" where it was missing); None: all others
    counts      status to number; every status stands
    """

    value: str | None
    counts: dict[str, int]

    @property
    def decided(self) -> int:
        """How many count in the attainment."""
        return self.counts[MET] + self.counts[LATE] + self.counts[BREACHED]

    @property
    def attainment(self) -> Fraction | None:
        """met / (met + late + breached), None where nothing is decided."""
        return Fraction(self.counts[MET], self.decided) if self.decided else None


@frozen
class WhoTable:
    """Attainment by one thing: `party`, `level`, or an attribute as it was asked for. Most decided ones first."""

    kind: str
    name: str
    rows: tuple[WhoRow, ...]


@frozen
class HolderRow:
    """How long one value of an attribute held the cases of a clause while their clocks ran.

    value   of the attribute, "" where it was missing; None: all others
    cycles  instances that it held for some time
    ticks   of the clause's clock
    """

    value: str | None
    cycles: int
    ticks: int


@frozen
class HolderTable:
    """Time by holder, of one clause and clock.

    elapsed  the sum of the elapsed times of its instances (decided, open and paused ones): the rows add up to it
    budget   the sum of their targets, in the same ticks; None where the clause has no amount of time as its target
    """

    name: str
    clause: str
    clock: ClockKind
    rows: tuple[HolderRow, ...]
    cycles: int
    elapsed: int
    budget: int | None


@define
class _Tally:
    """Values to what is counted of them, as many as there may be."""

    counts: dict[str | None, dict[str, int]] = field(factory=dict)

    def of(self, value: str | None) -> dict[str, int]:
        found = self.counts.get(value)
        if found is None:
            if len(self.counts) >= _LIMIT:
                value = OTHERS
            found = self.counts.setdefault(value, dict.fromkeys(STATUSES, 0))
        return found

    def table(self, kind: str, name: str) -> WhoTable:
        rows = [WhoRow(value, counts) for value, counts in self.counts.items()]
        rows.sort(key=lambda row: (row.value is None, -row.decided, -sum(row.counts.values()), row.value or ""))
        return WhoTable(kind, name, tuple(rows))


@define
class _Spent:
    rows: dict[str | None, list[int]] = field(factory=dict)  # value: cycles, ticks
    cycles: int = 0
    elapsed: int = 0
    budget: int = 0
    bounded: bool = True


class WhoFold:
    """Attainment by party, level and attributes, and time by holder.

    Args:
        versions: whose verdicts are taken.
        names: the attributes as they were asked for.
        held: their values, in that order.
        as_of_us: up to when the clocks of open instances have run.
    """

    def __init__(self, versions: Sequence[JudgedVersion], names: Sequence[str], held: Held, as_of_us: int) -> None:
        self._plans = [version.plan for version in versions]
        self._names = tuple(names)
        self._held = held
        self._as_of_us = as_of_us
        self._parties, self._levels = _Tally(), _Tally()
        self._by = [_Tally() for _ in names]
        self._spent: list[dict[tuple[str, ClockKind], _Spent]] = [{} for _ in names]

    def take(self, place: int, verdict: Verdict) -> None:
        """One verdict of the version at a place among those given."""
        plan = self._plans[place]
        clause = plan.clauses[verdict.clause]
        self._parties.of(clause.party)[verdict.status] += 1
        self._levels.of(clause.level.name)[verdict.status] += 1
        if not self._by:
            return
        values = self._held.at_start(verdict.case, verdict.opened_us, verdict.opened_by)
        for tally, value in zip(self._by, values, strict=True):
            tally.of(value)[verdict.status] += 1
        if verdict.status in _COUNTED and not clause.inverse and clause.rows:
            self._spend(plan, clause, verdict)

    def take_count(self, place: int, clause: int, status: str, count: int) -> None:
        """So many verdicts of a clause and a status, where it is not asked by an attribute."""
        of = self._plans[place].clauses[clause]
        self._parties.of(of.party)[status] += count
        self._levels.of(of.level.name)[status] += count

    def _spend(self, plan: Plan, clause: Clause, verdict: Verdict) -> None:
        clock, kind, _ = clock_of(plan, verdict)
        target = clause.rows[verdict.row].target if verdict.row >= 0 else None
        stretches = ran(verdict, self._as_of_us)
        for place, tables in enumerate(self._spent):
            spent = tables.setdefault((clause.label, kind), _Spent())
            ticks: dict[str, int] = {}
            for start, end in stretches:
                for holder, since, until in self._held.over(verdict.case, place, start, end):
                    ticks[holder] = ticks.get(holder, 0) + clock.measure(since, until)
            for holder, count in ticks.items():
                known = holder in spent.rows or len(spent.rows) < _LIMIT
                row = spent.rows.setdefault(holder if known else OTHERS, [0, 0])
                row[0] += count > 0
                row[1] += count
            spent.cycles += 1
            spent.elapsed += verdict.elapsed
            if target is not None and target.amount is not None:
                spent.budget += target.amount.ticks
            else:
                spent.bounded = False

    def tables(self) -> list[WhoTable]:
        """By party, by level, and by each attribute; the first two only where there is more than one."""
        found = []
        for kind, tally in (("party", self._parties), ("level", self._levels)):
            if len(tally.counts) > 1:
                found.append(tally.table(kind, kind))
        return found + [tally.table("attribute", name) for name, tally in zip(self._names, self._by, strict=True)]

    def holders(self) -> list[HolderTable]:
        """Time by holder: for each attribute, each clause and clock, in the order in which they first came."""
        return [
            HolderTable(name, label, kind, _rows(spent), spent.cycles, spent.elapsed, _budget(spent))
            for name, tables in zip(self._names, self._spent, strict=True)
            for (label, kind), spent in tables.items()
        ]


def _rows(spent: _Spent) -> tuple[HolderRow, ...]:
    rows = [HolderRow(value, cycles, ticks) for value, (cycles, ticks) in spent.rows.items()]
    return tuple(sorted(rows, key=lambda row: (row.value is None, -row.ticks, -row.cycles, row.value or "")))


def _budget(spent: _Spent) -> int | None:
    return spent.budget if spent.bounded and spent.cycles else None
