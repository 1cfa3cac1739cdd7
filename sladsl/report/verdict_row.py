"""One verdict as a program reads it.

Takes:  a Plan and a Verdict.
Gives:  VerdictRow: labels in place of numbers, datetimes and timedeltas in place of microseconds.
Never:  converts before it is asked: a monitor makes many that are looked at but once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from sladsl.clock import zone as zone_of
from sladsl.evaluate.verdict import BREACHED, LATE, Cause, Verdict
from sladsl.ir.plan import Clause, Plan
from sladsl.report.result import clock_of
from sladsl.report.words import elapsed_text, target_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(us: int | None, zone: str) -> datetime | None:
    """An instant as a datetime in a zone; None stays None, and instants that a datetime cannot hold take its ends."""
    if us is None:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=us)).astimezone(zone_of(zone))
    except OverflowError:
        return (datetime.max if us > 0 else datetime.min).replace(tzinfo=UTC)


@frozen
class VerdictRow:
    """The outcome of one instance: one running of a clause in a case.

    Args:
        plan: the policy that judged it.
        verdict: the outcome as evaluators give it.
    """

    plan: Plan = field(repr=False)
    verdict: Verdict

    @property
    def _clause(self) -> Clause:
        return self.plan.clauses[self.verdict.clause]

    @property
    def clause(self) -> str:
        """The label of the clause."""
        return self._clause.label

    @property
    def case(self) -> str:
        """The case."""
        return self.verdict.case

    @property
    def number(self) -> int:
        """Which instance of the label in the case, from 1."""
        return self.verdict.number

    @property
    def party(self) -> str:
        """Who owes it; "" where nobody is named."""
        return self._clause.party

    @property
    def level(self) -> str:
        """`corporate`, `service hosting` …"""
        return self._clause.level.name

    @property
    def status(self) -> str:
        """met, late, breached, open, paused, cancelled, excused or undetermined."""
        return self.verdict.status

    @property
    def missed(self) -> bool:
        """Whether the promise is broken: late or breached."""
        return self.verdict.status in (LATE, BREACHED)

    @property
    def opened(self) -> datetime:
        """When the clock started, in the agreement's zone."""
        opened = moment(self.verdict.opened_us, self.plan.zone)
        assert opened is not None
        return opened

    @property
    def due(self) -> datetime | None:
        """The instant that is judged; None while paused and without a time limit."""
        return moment(self.verdict.due_us, self.plan.zone)

    @property
    def closed(self) -> datetime | None:
        """When it ended; None while it is open, or breached without its action."""
        return moment(self.verdict.closed_us, self.plan.zone)

    @property
    def elapsed(self) -> timedelta:
        """The time that counted, on the clock of the target; a business day is 24 hours of it."""
        return timedelta(microseconds=self.verdict.elapsed)

    @property
    def elapsed_text(self) -> str:
        """The same as a person reads it: `3h 12m`."""
        row = self.verdict.row
        return elapsed_text(self.verdict.elapsed, clock_of(self._clause.rows[row].target if row >= 0 else None))

    @property
    def target(self) -> str:
        """The target as written; "" without one."""
        row = self.verdict.row
        return target_text(self._clause.rows[row].target if row >= 0 else None)

    @property
    def paused(self) -> timedelta:
        """How long it was paused, in exact time."""
        return timedelta(microseconds=self.verdict.paused_us)

    @property
    def late_by(self) -> timedelta | None:
        """How late the action came, in exact time; None unless it was late."""
        late_us = self.verdict.late_by_us
        return None if late_us is None else timedelta(microseconds=late_us)

    @property
    def opened_by(self) -> Cause | None:
        """The event that started the clock; None where time alone did."""
        return self.verdict.opened_by

    @property
    def closed_by(self) -> Cause | None:
        """The event that ended it; None where time alone did."""
        return self.verdict.closed_by

    @property
    def note(self) -> str:
        """Why it is undetermined, `born breached`, `revised` …"""
        return self.verdict.note

    def __repr__(self) -> str:
        number = f" {self.number}" if self.number > 1 else ""
        return f"VerdictRow({self.clause}, {self.case}{number}: {self.status})"
