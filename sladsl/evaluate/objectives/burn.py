"""Burn-rate alerts.

Takes:  cycles as they end, or the pools of a measure of time.
Gives:  the whole minutes at which a burn rate comes to be exceeded over every stretch of time that an alert names.
Never:  looks at a minute in which nothing can change, or uses at a minute what only became known later.

A burn rate is the share that is bad over the last W, divided by the share that may be. Over the last W is the window
[minute - W, minute), as of the minute.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import gcd
from typing import Any

from attrs import frozen

from sladsl.evaluate.objectives.cycles import AFLOAT, CycleLeaf
from sladsl.evaluate.objectives.frames import Frame, Grid, Spread
from sladsl.evaluate.objectives.leaf import Key, Scope
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.recent import MINUTE_US, Changes, Recent, Unfolding, counts_good, limit
from sladsl.evaluate.objectives.state_time import InGrid
from sladsl.evaluate.verdict import BREACHED, EXCUSED, LATE, MET, UNDETERMINED, Verdict
from sladsl.ir.objective import BurnAlert, Objective, ShareMet
from sladsl.ir.plan import Clause, Plan


@frozen
class Phase:
    """What is known of a cycle from one instant on until before another (None: for good): its status, and the instant it belongs to."""

    since_us: int
    until_us: int | None
    status: str
    member_us: int


def phases(verdict: Verdict, counted_by: str) -> list[Phase]:
    """What was known of a cycle as time went on, but for the time in which it was open."""
    due, closed = verdict.due_us, verdict.closed_us
    breach = due if due is not None else closed

    def member(closing: int) -> int:
        if counted_by == "start":
            return verdict.opened_us
        if counted_by == "due":
            return closing if due is None else due
        return closing

    if verdict.status == MET and closed is not None:
        return [Phase(closed, None, MET, member(closed))]
    if verdict.status == LATE and closed is not None and breach is not None:
        return [Phase(breach, closed, BREACHED, member(breach)), Phase(closed, None, LATE, member(closed))]
    if verdict.status == BREACHED and breach is not None:
        if closed is None or breach == closed:
            return [Phase(breach, None, BREACHED, member(breach))]
        if breach < closed:
            return [Phase(breach, closed, BREACHED, member(breach)), Phase(closed, None, BREACHED, member(closed))]
        return [Phase(closed, None, BREACHED, member(closed))]  # by the act, before the due
    if verdict.status in (EXCUSED, UNDETERMINED) and due is not None and closed is not None and due < closed:
        return [Phase(due, closed, BREACHED, member(due))]
    return []


class BurnCycleLeaf(CycleLeaf):
    """The cycles of a label, as what they change in the counts of the last W."""

    def __init__(self, scope: Scope, measure: ShareMet) -> None:
        super().__init__(scope, measure.group)
        self.status = measure.status
        self.recent = Recent(scope.objective)
        self._closed: dict[Key, Changes] = {}
        self._standing: dict[Key, Changes] = {}
        self.unfolding: dict[Key, Unfolding] = {}  # in place of both, where the log is still being read

    def take(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        self._add(self._closed, verdict, 1)

    def drop(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        self._add(self._closed, verdict, -1)

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        self._standing = {}
        for verdict, _, _ in standing:
            self._add(self._standing, verdict, 1)

    def stand(self, verdict: Verdict, clause: Clause, plan: Plan, by: int, now_us: int) -> None:
        self._add(self._standing, verdict, by)

    def save(self, key: Key) -> Any:
        unfolding = self.unfolding.get(key)
        return None if unfolding is None else unfolding.save()

    def load(self, key: Key, state: Any) -> None:
        if state is not None:
            self.unfolding[key] = Unfolding.load(self.recent, state)

    def _add(self, to: dict[Key, Changes], verdict: Verdict, by: int) -> None:
        found = phases(verdict, self.scope.objective.counted_by)
        key = self.key(self.known(verdict)) if found else None
        if key is None:
            return
        changes: Changes | Unfolding
        if self.live:
            changes = self.unfolding.setdefault(key, Unfolding(self.recent))
            self.scope.touch(key, AFLOAT)
        else:
            changes = to.setdefault(key, {})
        for phase in found:
            counted = phase.status == self.status
            self.recent.add(changes, phase.member_us, phase.since_us, phase.until_us, counted, by)

    def groups(self) -> Iterable[Key]:
        return {*self._closed, *self._standing}

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        return None

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the rate comes to be exceeded over every W of the alert."""
        parts = [part[key] for part in (self._closed, self._standing) if key in part]
        return self.recent.exceeded(alert, parts, as_of_us)


def grid_for(alerts: Iterable[BurnAlert]) -> Grid | None:
    """Cells so fine that every whole minute, and W before it, is the edge of one; None where there is no such alert."""
    lengths = [amount.ticks for alert in alerts if alert.rate is not None for amount in alert.over]
    return Grid(gcd(MINUTE_US, *lengths)) if lengths else None


class _Sum:
    """The amount in all cells before a cell, of some spreads together: a line between its edges."""

    def __init__(self, spreads: Sequence[Spread]) -> None:
        self.edges = sorted({edge for spread in spreads for edge in spread.edges()})
        self._slopes = [sum(spread.amount(edge) for spread in spreads) for edge in self.edges]
        steps = ((b - a) * slope for (a, b), slope in zip(pairwise(self.edges), self._slopes, strict=False))
        self._before = list(accumulate(steps, initial=0))

    def at(self, cell: int) -> int:
        """In all cells before one."""
        place = bisect_right(self.edges, cell) - 1
        if place < 0:
            return 0
        return self._before[place] + (cell - self.edges[place]) * self._slopes[place]


@frozen
class Sums:
    """The time of a group, and how much of it is inside, added up."""

    total: _Sum
    inside: _Sum

    @classmethod
    def of(cls, leaf: InGrid, key: Key) -> Sums:
        """As the leaf has them now."""
        pools = leaf.grid()
        return cls(
            _Sum([pool.total[key] for pool in pools if key in pool.total]),
            _Sum([spread for pool in pools for spread in pool.inside.get(key, {}).values()]),
        )

    def cuts(self, lengths: Sequence[int], since: int | None, last: int) -> list[int]:
        """The cells between which the time of each last so many cells is a line, up to a cell."""
        found = {last + 1}
        for edges in (self.total.edges, self.inside.edges):
            for length in (0, *lengths):
                low = 0 if since is None else bisect_right(edges, since - length)
                found.update(edge + length for edge in edges[low : bisect_right(edges, last - length)])
        if since is not None:
            found.add(since)
        return sorted(found)


def exceeded_in_time(
    leaf: InGrid, alert: BurnAlert, sums: Sums, grid: Grid, as_of_us: int, since_us: int | None = None
) -> list[int]:
    """The same for a share of time.

    How far the bad time of the last W exceeds what is allowed is a straight line between the edges of the stretches (and
    those edges moved on by W), so the minutes at which a line crosses 0 are found without walking them. With `since_us`,
    a whole minute, those before it are left out; at itself, it is among them wherever the rate is exceeded there.
    """
    objective = leaf.scope.objective
    lengths = [amount.ticks // grid.step_us for amount in alert.over]
    if not lengths:
        return []
    lines = [_Excess(sums, length, limit(alert, objective), objective) for length in lengths]
    cuts = sums.cuts(lengths, None if since_us is None else grid.cell(since_us), grid.cell(as_of_us))
    per_minute = MINUTE_US // grid.step_us
    found: list[int] = []
    state = False
    for a, b in pairwise(cuts):
        first, final = -(-a // per_minute), -(-b // per_minute) - 1  # the minutes in [a, b)
        if first > final:
            continue
        low, high = first, final
        for line in lines:
            low, high = _above_zero(line.at(a), line.at(b), a, b, per_minute, low, high)
        if low > high:
            state = False
            continue
        if low > first or not state:
            found.append(low * MINUTE_US)
        state = high == final
    return found


class _Excess:
    """By how much the bad time of the last W exceeds what the alert allows, times a whole number."""

    def __init__(self, sums: Sums, cells: int, limit: tuple[int, int], objective: Objective) -> None:
        self._total, self._inside = sums.total, sums.inside
        self._cells = cells
        self._above, self._below = limit
        self._inside_is_good = counts_good(objective)

    def at(self, cell: int) -> int:
        """At the edge before a cell."""
        then = cell - self._cells
        total = self._total.at(cell) - self._total.at(then)
        inside = self._inside.at(cell) - self._inside.at(then)
        bad = total - inside if self._inside_is_good else inside
        return bad * self._below - total * self._above


def _above_zero(at_a: int, at_b: int, a: int, b: int, step: int, low: int, high: int) -> tuple[int, int]:
    """Of the numbers n from low to high, those where the line through (a, at_a) and (b, at_b) is above 0 at n * step."""
    slope, base = (at_b - at_a) * step, at_a * b - at_b * a  # (b - a) * line(n * step) = slope * n + base
    if slope > 0:
        return max(low, -base // slope + 1), high
    if slope < 0:
        return low, min(high, -(-base // -slope) - 1)
    return (low, high) if base > 0 else (1, 0)
