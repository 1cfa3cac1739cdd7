"""One instance: what is known of it, and the times that follow from its stretches.

Takes:  the clause, the start, and the stretches for which it ran and was paused.
Gives:  elapsed times, dues and the instants of alerts, each computed anew from the stretches.
Never:  decides what happens; `case.py` does.
"""

from attrs import define, field

from sladsl.clock import Amount
from sladsl.evaluate.reference import walk
from sladsl.evaluate.verdict import BREACHED, OPEN, PAUSED, Cause
from sladsl.ir.plan import Alert, Clause, Plan, Target

Stretches = list[tuple[int, int]]


@define(eq=False)
class Instance:
    """(clause, case, number). All instants are in microseconds UTC.

    calendars  for each calendar which is meant, and the zone in which it is read; read at the start and kept
    first      index of the start's event in the case; where time alone started it, that of the next event
    used       actions of the start's instant that do not fulfil it, for they brought its start about
    fresh      it started in the instant that is being looked at, and may not yet be cancelled, excused or paused
    ran        finished stretches for which the clock ran, since elapsed was last set to zero; `runs_since` the present one
    paused     finished pauses; `paused_since` the present one
    spent      for each of the clause's pauses, the ticks of its bound that were used before `of latest` moved it; -1: of all pauses, for `cancelled after`
    settled    how many of `paused` those are
    held       for each of the clause's pauses, the stretches for which its condition held it back; `held_since` the present ones
    acts       indices of the events that counted, `ends` how many ends an inverse clause has seen
    alerted    indices of the alerts that fired
    """

    plan: Plan
    clause: Clause
    number: int
    opened: int
    opened_by: Cause | None
    first: int
    calendars: dict[int, tuple[int, str]]
    zone: str
    used: frozenset[int]
    status: str = OPEN
    row: int = -1
    due: int | None = None
    fresh: bool = True
    ran: Stretches = field(factory=list)
    runs_since: int | None = None
    paused: Stretches = field(factory=list)
    paused_since: int | None = None
    spent: dict[int, int] = field(factory=dict)
    settled: int = 0
    held: dict[int, Stretches] = field(factory=dict)
    held_since: dict[int, int] = field(factory=dict)
    acts: list[int] = field(factory=list)
    ends: int = 0
    alerted: set[int] = field(factory=set)
    closed: int | None = None
    closed_by: Cause | None = None
    notes: list[str] = field(factory=list)

    @property
    def target(self) -> Target | None:
        """The target of the present row."""
        return self.clause.rows[self.row].target if self.row >= 0 else None

    def note(self, words: str) -> None:
        """Add to the note, once."""
        if words not in self.notes:
            self.notes.append(words)

    # clocks

    def measure(self, target: Target | None, a: int, b: int) -> int:
        """The ticks from a to b on the clock of a target; exact where it is no amount."""
        if target is None or target.amount is None:
            return b - a
        return walk.measure(target.amount.kind, self._calendar(target), self.plan.zone, a, b)

    def after(self, target: Target, us: int, ticks: int) -> int:
        """The least instant at which so many ticks have passed since `us`. Raises NeverReached."""
        return walk.due(_amount(target).kind, self._calendar(target), self.plan.zone, us, ticks)

    def _calendar(self, target: Target) -> walk.WalkedCalendar | None:
        if target.calendar is None:
            return None
        place, zone = self.calendars[target.calendar]
        return walk.walked(self.plan.calendars[place], zone)

    # sums over stretches

    def elapsed(self, target: Target | None, until: int) -> int:
        """What has elapsed on the clock of a target, pauses left out."""
        running = [] if self.runs_since is None else [(self.runs_since, until)]
        return sum(self.measure(target, a, b) for a, b in [*self.ran, *running])

    def paused_time(self, until: int) -> int:
        """The exact time paused."""
        return sum(b - a for a, b in self.paused) + (0 if self.paused_since is None else until - self.paused_since)

    def bound_used(self, pause: int) -> int:
        """The ticks of a pause's bound that its finished stretches have used."""
        bound = self.clause.pauses[pause].at_most
        return self.spent.get(pause, 0) + sum(self.measure(bound, a, b) for a, b in self.held.get(pause, []))

    def spend(self) -> None:
        """What was used of the bounds on pauses is counted for good, before calendars are read anew."""
        bound, of_all = self.clause.cancel_after_paused, self.paused[self.settled :]
        used = {pause: self.bound_used(pause) for pause in self.held if self.clause.pauses[pause].at_most is not None}
        used[-1] = self.spent.get(-1, 0) + sum(self.measure(bound, a, b) for a, b in of_all)
        self.spent.update(used)
        self.held, self.settled = {}, len(self.paused)

    def used_up(self, pause: int) -> bool:
        """Whether nothing is left of a pause's bound."""
        bound = self.clause.pauses[pause].at_most
        return bound is not None and self.bound_used(pause) >= _amount(bound).ticks

    # dues

    def due_of_row(self, row: int, running_since: int, value: int | None) -> int | None:
        """The due under a row, running since then. Where the target is below what had elapsed before, the instant at which it was reached.

        `value` is what the attribute holds, for targets that are an attribute.
        """
        target = self.clause.rows[row].target
        if target.point is not None:
            return walk.point_due(target.point, self._calendar(target), self.plan.zone, self.opened)
        if target.attribute:
            return value
        left = _amount(target).ticks
        for a, b in self.ran:
            passed = self.measure(target, a, b)
            if passed > left:
                return self.after(target, a, left)
            left -= passed
        return self.after(target, running_since, left)

    def due_on_resuming(self, us: int, value: int | None) -> int | None:
        """The due of the present row for a clock that runs again: due(r, target - e)."""
        target = self.target
        if target is None or target.amount is None:
            return None if target is None else self.due_of_row(self.row, us, value)
        return self.after(target, us, target.amount.ticks - self.elapsed(target, us))

    # timers

    def bound_ends(self) -> int | None:
        """When the first bound of a pause that holds it back is used up."""
        ends = [self.bound_end(pause) for pause in self.held_since]
        return min((end for end in ends if end is not None), default=None)

    def bound_end(self, pause: int) -> int | None:
        """When the bound of a pause that holds it back now is used up."""
        bound = self.clause.pauses[pause].at_most
        if bound is None:
            return None
        return self._or_never(bound, self.held_since[pause], _amount(bound).ticks - self.bound_used(pause))

    def cancelled_at(self) -> int | None:
        """When the sum of its pauses reaches the bound of `cancelled after … paused`."""
        bound = self.clause.cancel_after_paused
        if bound is None or self.status == BREACHED:
            return None
        left, since = _amount(bound).ticks - self.spent.get(-1, 0), self.paused_since
        if left <= 0 < _amount(bound).ticks and since is None:
            return self.opened  # its pauses had come to the bound when it was moved
        stretches = walk.merged(self.paused[self.settled :])
        if stretches and stretches[-1][1] == since:
            since = stretches.pop()[0]
        for a, b in stretches:
            passed = self.measure(bound, a, b)
            if passed >= left:
                return min(b, self.after(bound, a, left))
            left -= passed
        return None if since is None else self._or_never(bound, since, left)

    def alert_at(self, alert: Alert) -> int | None:
        """When an alert comes as things stand, maybe in the past; None for one at breach, and where it does not come."""
        if self.status == PAUSED:
            return None
        if alert.after is not None:
            return self._or_never(alert.after, self.opened, _amount(alert.after).ticks)
        if alert.before is not None and self.due is not None:
            amount = _amount(alert.before)
            try:
                return walk.latest(amount.kind, self._calendar(alert.before), self.plan.zone, self.due, amount.ticks)
            except walk.NeverReached:
                return None
        if alert.share is not None and self.target is not None:
            return self._share_at(self.target, *alert.share)
        return None

    def _share_at(self, target: Target, numerator: int, denominator: int) -> int | None:
        if target.amount is None:  # of the exact time from opened to due
            if self.due is None:
                return None
            return self.opened - (-(self.due - self.opened) * numerator // denominator)
        left = -(-target.amount.ticks * numerator // denominator)
        for a, b in self.ran:
            passed = self.measure(target, a, b)
            if passed > left:
                return self._or_never(target, a, left)
            left -= passed
        return None if self.runs_since is None else self._or_never(target, self.runs_since, left)

    def _or_never(self, target: Target, us: int, ticks: int) -> int | None:
        try:
            return self.after(target, us, ticks)
        except walk.NeverReached:
            return None


def _amount(target: Target) -> Amount:
    assert target.amount is not None
    return target.amount
