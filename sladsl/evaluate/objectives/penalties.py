"""Penalties of clauses: money for each miss, or for each started period late.

Takes:  verdicts.
Gives:  `PenaltyLedger`: what each clause owes by period of the agreement's caps, and what its open cycles may add.
Never:  owes for a cycle that is open, or for more than the periods that had started by as-of.

A miss falls in the period of its due; of an act that was forbidden, in that of the act.
"""

from collections.abc import Iterable
from fractions import Fraction

from attrs import define

from sladsl.clock import Clock, ClockKind
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.money import NOTHING, capped, customer_of, exact, penalty_cap, periods_of
from sladsl.evaluate.objectives.outcome import Consequence
from sladsl.evaluate.verdict import BREACHED, LATE, OPEN, PAUSED, Verdict
from sladsl.ir.plan import Clause, Penalty, Plan


@define
class _Owed:
    """Of one penalty in one period: what is owed for so far, what open cycles may add, and whether that has a bound."""

    misses: int = 0
    open: int = 0
    unbounded: bool = False


class PenaltyLedger:
    """The penalties of all clauses of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.owing = frozenset(clause.index for clause in plan.clauses if clause.penalties)
        self._periods = {
            (clause.index, place): periods_of(plan, penalty.cap_per)
            for clause in plan.clauses
            for place, penalty in enumerate(clause.penalties)
        }
        self._clocks: dict[tuple[int, int], BoundClock] = {}
        self._closed: dict[tuple[int, int], dict[int, _Owed]] = {}
        self._standing: dict[tuple[int, int], dict[int, _Owed]] = {}

    def take(self, verdict: Verdict, by: int = 1) -> None:
        """A cycle has come to its end; with `by` -1, it is open again."""
        if verdict.clause in self.owing:
            self._add(self._closed, verdict, 0, by)

    def settle(self, as_of_us: int, standing: Iterable[Verdict]) -> None:
        """Everything up to as-of is known: add what is still open, until the next time."""
        self._standing = {}
        for verdict in standing:
            if verdict.clause in self.owing:
                self._add(self._standing, verdict, as_of_us, 1)

    def _add(self, to: dict[tuple[int, int], dict[int, _Owed]], verdict: Verdict, as_of_us: int, by: int) -> None:
        if verdict.status not in (LATE, BREACHED, OPEN, PAUSED):
            return
        clause = self.plan.clauses[verdict.clause]
        until = as_of_us if verdict.closed_us is None else verdict.closed_us
        at = until if verdict.due_us is None else verdict.due_us
        if verdict.status == BREACHED and clause.inverse and verdict.closed_us is not None:
            at = verdict.closed_us
        for place, penalty in enumerate(clause.penalties):
            period = self._periods[clause.index, place].index(at)
            owed = to.setdefault((clause.index, place), {}).setdefault(period, _Owed())
            waiting = verdict.status in (OPEN, PAUSED)
            if penalty.per is None:
                if waiting:
                    owed.open += by
                else:
                    owed.misses += by
                continue
            if not waiting:
                owed.misses += by * self._started(clause, place, penalty, at, until)
            if verdict.closed_us is None:
                owed.unbounded = True

    def _started(self, clause: Clause, place: int, penalty: Penalty, due_us: int, until_us: int) -> int:
        """How many periods late had started: each begun one counts whole."""
        assert penalty.per is not None
        assert penalty.per.amount is not None
        late = self._clock(clause, place, penalty).measure(due_us, max(due_us, until_us))
        return -(-late // max(1, penalty.per.amount.ticks))

    def _clock(self, clause: Clause, place: int, penalty: Penalty) -> Clock:
        key = clause.index, place
        found = self._clocks.get(key)
        if found is None:
            target = penalty.per
            kind = target.amount.kind if target is not None and target.amount is not None else ClockKind.EXACT
            found = BoundClock(self.plan, kind, target.calendar if target is not None else None)
            self._clocks[key] = found
        return found.clock()

    def consequences(self) -> list[Consequence]:
        """One for each penalty and period in which something is owed or may be, each penalty's own cap applied."""
        found: list[Consequence] = []
        for clause in self.plan.clauses:
            for place, penalty in enumerate(clause.penalties):
                owed = self._of(clause, place, penalty)
                cap = penalty_cap(penalty)
                found += owed if cap is None else capped(owed, cap, self._periods[clause.index, place])
        return found

    def _of(self, clause: Clause, place: int, penalty: Penalty) -> list[Consequence]:
        closed = self._closed.get((clause.index, place), {})
        standing = self._standing.get((clause.index, place), {})
        each = exact(penalty.amount)
        found = []
        for period in sorted({*closed, *standing}):
            parts = [part[period] for part in (closed, standing) if period in part]
            misses, waiting = sum(part.misses for part in parts), sum(part.open for part in parts)
            most: Fraction | None = each * (misses + waiting)
            if any(part.unbounded for part in parts):
                most = None
            if most == NOTHING:
                continue
            window = self._periods[clause.index, place].window(period)
            found.append(
                Consequence(
                    "penalty",
                    None,
                    clause.index,
                    clause.label,
                    clause.level.name,
                    customer_of(clause.level.name, ()),
                    window.name,
                    window.end_us,
                    (),
                    misses,
                    each * misses,
                    most,
                    penalty.currency,
                    written=penalty.written,
                )
            )
        return found
