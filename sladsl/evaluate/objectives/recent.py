"""How many cases of the last W were decided, and how many of them badly, minute by minute.

Takes:  from when to when a case is known to be decided, how, and the instant that it belongs to.
Gives:  `Recent`, and the minutes at which its burn rate comes to be exceeded.
Never:  keeps more than the changes of a minute, or uses at a minute what only became known later.
"""

from collections.abc import Iterable
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from sladsl.ir.objective import BurnAlert, Objective

MINUTE_US = 60_000_000
Changes = dict[int, list[int]]  # minute to, for each W, the change of bad and of all


def allowed(objective: Objective) -> Fraction:
    """The share that may be bad: what a lower bound leaves, or an upper bound itself."""
    return 1 - objective.target if counts_good(objective) else objective.target


def counts_good(objective: Objective) -> bool:
    """Whether what the measure counts is good: it is bounded from below."""
    return objective.op in (">=", ">")


def limit(alert: BurnAlert, objective: Objective) -> tuple[int, int]:
    """The share of bad that must be exceeded, as a pair."""
    share = (alert.rate or Fraction(0)) * allowed(objective)
    return share.numerator, share.denominator


class Recent:
    """The cases of the last W, for each W that an objective's burn-rate alerts name."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        amounts = [amount.ticks for alert in objective.alerts if alert.rate is not None for amount in alert.over]
        self.lengths = tuple(dict.fromkeys(amounts))
        self._bad_is_counted = not counts_good(objective)

    def __bool__(self) -> bool:
        return bool(self.lengths)

    def add(
        self,
        changes: "Changes | Unfolding",
        member_us: int,
        since_us: int,
        until_us: int | None,
        counted: bool,
        by: int = 1,
    ) -> None:
        """A case that belongs to the instant `member_us` is known as decided from one instant on until before another.

        It is in the window [minute - W, minute) of each minute after `member_us` up to W after it. `counted`: the measure
        counts it.
        """
        bad = by if counted is self._bad_is_counted else 0
        first = -(-max(member_us + 1, since_us) // MINUTE_US)
        for place, length in enumerate(self.lengths):
            last = member_us + length if until_us is None else min(member_us + length, until_us - 1)
            last //= MINUTE_US
            if first <= last:
                self._change(changes, first, place, bad, by)
                self._change(changes, last + 1, place, -bad, -by)

    def _change(self, changes: "Changes | Unfolding", minute: int, place: int, bad: int, total: int) -> None:
        if isinstance(changes, Unfolding):
            changes.change(minute, place, bad, total)
            return
        counts = changes.get(minute)
        if counts is None:
            counts = changes[minute] = [0] * (2 * len(self.lengths))
        counts[2 * place] += bad
        counts[2 * place + 1] += total

    def exceeded(self, alert: BurnAlert, parts: Iterable[Changes], as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the rate comes to be exceeded over every W of the alert."""
        parts = list(parts)
        now = [0] * (2 * len(self.lengths))
        places = [self.lengths.index(amount.ticks) for amount in alert.over]
        above, below = limit(alert, self.objective)
        found: list[int] = []
        state = False
        for minute in sorted({minute for part in parts for minute in part}):
            if minute * MINUTE_US > as_of_us:
                break
            for part in parts:
                for place, change in enumerate(part.get(minute, ())):
                    now[place] += change
            burning = all(now[2 * place] * below > above * now[2 * place + 1] for place in places)
            if burning and not state:
                found.append(minute * MINUTE_US)
            state = burning
        return found


class Unfolding:
    """The same while the log is still being read: the counts of the last minute, and what later minutes will change.

    What is changed of a minute that has passed counts from now on: of a case that is told anew it cancels out.
    """

    def __init__(self, recent: Recent) -> None:
        self.recent = recent
        self.now = [0] * (2 * len(recent.lengths))
        self.alerts = [alert for alert in recent.objective.alerts if alert.rate is not None]
        self.burning = [False] * len(self.alerts)
        self.minute = -(1 << 60)  # the last one that was read
        self._later: Changes = {}
        self._order: list[int] = []

    def change(self, minute: int, place: int, bad: int, total: int) -> None:
        """From a minute on the counts are different."""
        if minute <= self.minute:
            counts = self.now
        else:
            found = self._later.get(minute)
            if found is None:
                found = self._later[minute] = [0] * len(self.now)
                heappush(self._order, minute)
            counts = found
        counts[2 * place] += bad
        counts[2 * place + 1] += total

    @property
    def next_us(self) -> int | None:
        """The next minute that changes something."""
        return self._order[0] * MINUTE_US if self._order else None

    def read(self, us: int) -> list[BurnAlert]:
        """The alerts that come to be exceeded at the minutes up to an instant, up to and including which all is known."""
        found = []
        while self._order and self._order[0] * MINUTE_US <= us:
            minute = heappop(self._order)
            for place, change in enumerate(self._later.pop(minute)):
                self.now[place] += change
            for place, alert in enumerate(self.alerts):
                places = [self.recent.lengths.index(amount.ticks) for amount in alert.over]
                above, below = limit(alert, self.recent.objective)
                burning = all(self.now[2 * at] * below > above * self.now[2 * at + 1] for at in places)
                if burning and not self.burning[place]:
                    found.append(alert)
                self.burning[place] = burning
        self.minute = max(self.minute, us // MINUTE_US)
        return found

    def save(self) -> Any:
        """All of it, as JSON can hold it."""
        later = [[minute, counts] for minute, counts in sorted(self._later.items()) if any(counts)]
        return [self.now, self.burning, self.minute, later]

    @classmethod
    def load(cls, recent: Recent, state: Any) -> "Unfolding":
        """The same, back."""
        self = cls(recent)
        now, burning, self.minute, later = state
        self.now, self.burning = list(now), list(burning)
        self._later = {minute: list(counts) for minute, counts in later}
        self._order = sorted(self._later)
        return self
