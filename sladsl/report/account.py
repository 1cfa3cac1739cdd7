"""The account of a cycle: everything that a report tells, before it has a form or a language.

Takes:  nothing but plain data, filled in by `closing.py`.
Gives:  Account and its parts. Every list is bounded, whatever was read; where one was cut, it says how many there are.
Never:  holds a word that is shown, or anything whose size grows with the log.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from sladsl.clock import ClockKind
from sladsl.evaluate.objectives.outcome import Consequence, ErrorBudget, ObjectiveRow, Payment
from sladsl.evaluate.verdict import Verdict
from sladsl.events import InputReport, Reject
from sladsl.ir.objective import Objective
from sladsl.ir.plan import Clause, Plan, Target
from sladsl.report.excluded import ExcludedFigures
from sladsl.report.figures import ClauseFigures, Summary
from sladsl.report.lifecycle import LifecycleFigures, ProtocolFigures
from sladsl.report.period import Period
from sladsl.report.story import Story
from sladsl.report.who import HolderTable, WhoTable
from sladsl.text import Diagnostic


@frozen
class Promise:
    """A clause or an objective of the agreement, to be told in words; exactly one stands."""

    plan: Plan
    clause: Clause | None = None
    objective: Objective | None = None


@frozen
class History:
    """One objective at one level and of one group, window after window.

    rows    the last windows up to the end of the period, oldest first; windows before the period stand there as history
    inside  of each row, whether it counts in the period
    counts  how many windows that count were met, missed …; `windows` is their number, those not among the rows included
    budget  of the last window that counts, where the objective has an error budget
    """

    plan: Plan
    objective: Objective
    rows: tuple[ObjectiveRow, ...]
    inside: tuple[bool, ...]
    counts: Mapping[str, int]
    windows: int
    budget: ErrorBudget | None

    @property
    def last(self) -> ObjectiveRow:
        """The row that stands for the period: of those that count the last one that has ended, else the last with a value, else the last."""
        counting = [row for row, inside in zip(self.rows, self.inside, strict=True) if inside]
        ended = [row for row in counting if row.ended and row.value is not None]
        return (ended or [row for row in counting if row.value is not None] or counting)[-1]


@frozen
class Bin:
    """How many times lay above the bin before and at or below `upto` (None: no bound)."""

    upto: int | None
    count: int


@frozen
class Spread:
    """How long the answered instances of one clause and level took, on one clock.

    targets  the different targets on that clock, least first, as ticks and as the Target
    """

    label: str
    level: str
    party: str
    clock: ClockKind
    count: int
    median: int
    p95: int
    bins: tuple[Bin, ...]
    targets: tuple[tuple[int, Target], ...]


@frozen
class Breach:
    """A broken promise.

    over_us  exact time from the due to the action, the close or as-of; 0 where there is no due
    story    its life as stretches; None where it could not be told
    """

    plan: Plan
    clause: Clause
    verdict: Verdict
    over_us: int
    story: Story | None


@frozen
class OpenInstance:
    """An instance that is still open or paused."""

    plan: Plan
    clause: Clause
    verdict: Verdict


@frozen
class Excused:
    """An instance that was excused, and so counts nowhere."""

    plan: Plan
    clause: Clause
    verdict: Verdict


@frozen
class LeftOut:
    """What does not count, and why.

    excused        the first excused instances in order of time; `excused_count` is how many there are
    clauses        per clause and level with anything cancelled, excused, paused or undetermined: see LeftOutClause
    undetermined   the most frequent reasons: label, reason, how often
    excluded       time that objectives left out
    not_judged     windows below their least number of cases, by objective label
    rejected       rows that could not be read, the first of them, and how many; duplicates: rows whose id came before
    """

    excused: tuple[Excused, ...]
    excused_count: int
    clauses: tuple[LeftOutClause, ...]
    undetermined: tuple[tuple[str, str, int], ...]
    excluded: tuple[ExcludedFigures, ...]
    not_judged: Mapping[str, int]
    rejects: tuple[Reject, ...]
    rejected: int
    duplicates: int


@frozen
class LeftOutClause:
    """Of one clause: how many instances were cancelled, excused and undetermined, in how many the clock stood still, and for how long in all."""

    plan: Plan
    clause: Clause
    cancelled: int
    excused: int
    undetermined: int
    paused: int
    paused_us: int


@frozen
class Owed:
    """What is owed for the period. `count` is how many consequences there are in all; payments are their sums."""

    consequences: tuple[Consequence, ...]
    count: int
    payments: tuple[Payment, ...]


@frozen
class Version:
    """One version of the agreement: where its text came from, and the hash of what it means."""

    path: str
    hash: str
    effective: tuple[int | None, int | None]


@frozen
class Account:
    """Everything that a report tells.

    span         instants of the first and the last event that was read, None without any
    period       what the report is limited to; None for all
    clauses      figures of every clause and level
    histories    of the objectives with a window in the period
    spreads      distributions of times
    open_first   the open instances that are due first
    alerts       kind (and whom they went to) to how many were given
    *_count(s)   how many there are in all, those that were cut included
    """

    name: str
    parties: tuple[str, ...]
    zone: str
    case_word: str
    as_of_us: int | None
    span: tuple[int, int] | None
    period: Period | None
    summary: Summary
    promises: tuple[Promise, ...]
    promises_count: int
    clauses: tuple[ClauseFigures, ...]
    clauses_count: int
    histories: tuple[History, ...]
    histories_count: int
    spreads: tuple[Spread, ...]
    lifecycles: tuple[LifecycleFigures, ...]
    protocols: tuple[ProtocolFigures, ...]
    who: tuple[WhoTable, ...]
    who_counts: tuple[int, ...]
    holders: tuple[HolderTable, ...]
    worst: tuple[Breach, ...]
    broken: int
    owed: Owed
    left_out: LeftOut
    open_first: tuple[OpenInstance, ...]
    alerts: Mapping[tuple[str, str], int]
    warnings: tuple[Diagnostic, ...]
    inputs: tuple[InputReport, ...]
    versions: tuple[Version, ...]
    parts: Mapping[str, str]
    engine: str = field(default="stream")
