"""Penalties of clauses: money for each miss, or for each started period late.

Takes:  verdicts.
Gives:  `PenaltyLedger`: what each clause owes by period of the agreement's caps, and what its open cycles may add.
Never:  owes for a cycle that is open, or for more than the periods that had started by as-of.

A miss falls in the period of its due; of an act that was forbidden, in that of the act.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from attrs import define

from sladsl.clock import Clock, ClockKind
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.objectives.money import NOTHING, capped, customer_of, exact, penalty_cap, periods_of
from sladsl.evaluate.objectives.outcome import Consequence
from sladsl.evaluate.verdict import BREACHED, LATE, OPEN, PAUSED, Verdict
from sladsl.ir.plan import Clause, Penalty, Plan


@define
class _Owed:
    """Of one penalty in one period: what is owed for so far, how many open cycles may add to it, and how many without a bound."""

    misses: int = 0
    open: int = 0
    unbounded: int = 0


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

    def stand(self, verdict: Verdict, by: int) -> None:
        """While the log is still being read: a breached cycle waits for its answer (`by` 1), or no longer (-1)."""
        if verdict.clause in self.owing and verdict.status == BREACHED:
            self._add(self._standing, verdict, verdict.opened_us if verdict.due_us is None else verdict.due_us, by)

    def ends_of(self, verdict: Verdict) -> Iterable[tuple[tuple[int, int], int, int]]:
        """For each penalty of a cycle's clause the place of the penalty, and the period that its miss falls in with its end."""
        for place in range(len(self.plan.clauses[verdict.clause].penalties)):
            periods = self._periods[verdict.clause, place]
            period = periods.index(self._missed_us(verdict, 0))
            yield (verdict.clause, place), period, periods.window(period).end_us

    def of_period(self, clause: int, place: int, period: int) -> tuple[list[Consequence], bool]:
        """What a penalty owes for one period before its cap, and whether open cycles may still change it."""
        waits = self._standing.get((clause, place), {}).get(period)
        found = self._of(self.plan.clauses[clause], place, self.plan.clauses[clause].penalties[place], {period})
        return found, waits is not None and waits.unbounded > 0

    def unanswered(self, clause: int, place: int, period: int) -> bool:
        """Whether there are breached cycles in a period that are not answered."""
        return self._standing.get((clause, place), {}).get(period, _Owed()) != _Owed()

    def forget(self, clause: int, place: int, period: int) -> None:
        """Nothing will be asked about a period any more."""
        self._closed.get((clause, place), {}).pop(period, None)

    def save(self) -> Any:
        """All of it, as JSON can hold it."""
        return [
            [
                [
                    clause,
                    place,
                    [[p, o.misses, o.open, o.unbounded] for p, o in sorted(periods.items()) if o != _Owed()],
                ]
                for (clause, place), periods in sorted(part.items())
            ]
            for part in (self._closed, self._standing)
        ]

    def load(self, state: Any) -> None:
        """The same, back."""
        self._closed, self._standing = (
            {(clause, place): {p: _Owed(*owed) for p, *owed in periods} for clause, place, periods in part}
            for part in state
        )

    def _missed_us(self, verdict: Verdict, as_of_us: int) -> int:
        """The instant of a miss: its due; of an act that was forbidden, that of the act."""
        closed = verdict.closed_us
        if verdict.status == BREACHED and closed is not None and self.plan.clauses[verdict.clause].inverse:
            return closed
        until = as_of_us if closed is None else closed
        return until if verdict.due_us is None else verdict.due_us

    def _add(self, to: dict[tuple[int, int], dict[int, _Owed]], verdict: Verdict, as_of_us: int, by: int) -> None:
        if verdict.status not in (LATE, BREACHED, OPEN, PAUSED):
            return
        clause = self.plan.clauses[verdict.clause]
        until = as_of_us if verdict.closed_us is None else verdict.closed_us
        at = self._missed_us(verdict, as_of_us)
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
                owed.unbounded += by

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

    def owe(self, clause: int, place: int, period: int, misses: int, waiting: int, unbounded: bool) -> None:
        """Add what was counted elsewhere: of a penalty of a clause in a period, misses and what may become one."""
        owed = self._closed.setdefault((clause, place), {}).setdefault(period, _Owed())
        owed.misses += misses
        owed.open += waiting
        owed.unbounded = owed.unbounded or unbounded

    def consequences(self) -> list[Consequence]:
        """One for each penalty and period in which something is owed or may be, each penalty's own cap applied."""
        found: list[Consequence] = []
        for clause in self.plan.clauses:
            for place, penalty in enumerate(clause.penalties):
                owed = self._of(clause, place, penalty)
                cap = penalty_cap(penalty)
                found += owed if cap is None else capped(owed, cap, self._periods[clause.index, place])
        return found

    def _of(
        self, clause: Clause, place: int, penalty: Penalty, wanted: Iterable[int] | None = None
    ) -> list[Consequence]:
        closed = self._closed.get((clause.index, place), {})
        standing = self._standing.get((clause.index, place), {})
        each = exact(penalty.amount)
        found = []
        for period in sorted({*closed, *standing} if wanted is None else wanted):
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
