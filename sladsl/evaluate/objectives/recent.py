"""How many cases of the last W were decided, and how many of them badly, minute by minute.

Takes:  from when to when a case is known to be decided, how, and the instant that it belongs to.
Gives:  `Recent`, and the minutes at which its burn rate comes to be exceeded.
Never:  keeps more than the changes of a minute, or uses at a minute what only became known later.
"""

from collections.abc import Iterable
from fractions import Fraction

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
        self, changes: Changes, member_us: int, since_us: int, until_us: int | None, counted: bool, by: int = 1
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

    def _change(self, changes: Changes, minute: int, place: int, bad: int, total: int) -> None:
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
