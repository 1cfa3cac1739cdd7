"""Burn rates in bulk: how many cases of the last W were decided, and how many badly, minute by minute.

Takes:  from when to when many cases are known to be decided, how, and the instants that they belong to.
Gives:  `Burning`: the minutes at which a rate comes to be exceeded, the same as `objectives/recent.py` finds.
Never:  keeps more than the changes of a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sladsl.evaluate.objectives.bulk.cells import Scattered
from sladsl.evaluate.objectives.bulk.ticks import NONE
from sladsl.evaluate.objectives.leaf import Key
from sladsl.evaluate.objectives.recent import MINUTE_US, counts_good, limit
from sladsl.ir.objective import BurnAlert, Objective

Array = np.ndarray[Any, Any]


class Burning:
    """The cases of the last W, for each W that an objective's burn-rate alerts name."""

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        amounts = [amount.ticks for alert in objective.alerts if alert.rate is not None for amount in alert.over]
        self._bad, self._all = Scattered(), Scattered()  # by group and W
        self._lengths = tuple(dict.fromkeys(amounts))
        self._groups: dict[Key, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._lengths)

    def add(self, groups: Array, member: Array, since: Array, until: Array | None, counted: Array) -> None:
        """Cases that belong to `member` are known as decided from `since` on until before `until` (NONE: for good).

        Each is in the window [minute - W, minute) of each minute after `member` up to W after it. `counted`: the measure
        counts it.
        """
        bad = (counted != counts_good(self._objective)).astype(np.int64)
        first = -(-np.maximum(member + 1, since) // MINUTE_US)
        width = len(self._lengths)
        for place, length in enumerate(self._lengths):
            last = member + length
            if until is not None:
                last = np.where(until == NONE, last, np.minimum(last, until - 1))
            last //= MINUTE_US
            here = first <= last
            codes = groups[here] * width + place
            for tally, by in ((self._bad, bad[here]), (self._all, np.ones(int(here.sum()), np.int64))):
                tally.add(codes, first[here], by)
                tally.add(codes, last[here] + 1, -by)

    def end(self, keys: Sequence[Key]) -> None:
        """There are no more; the groups by their numbers."""
        for number, key in enumerate(keys):
            if any(len(self._all.of(number * len(self._lengths) + i)[0]) for i in range(len(self._lengths))):
                self._groups.setdefault(key, []).append(number)

    def groups(self) -> list[Key]:
        """The groups that have any, in order."""
        return sorted(self._groups)

    def exceeded(self, alert: BurnAlert, key: Key, as_of_us: int) -> list[int]:
        """The instants, up to as-of, at which the rate comes to be exceeded over every W of the alert."""
        places = [self._lengths.index(amount.ticks) for amount in alert.over]
        tallies = [(tally, place) for place in places for tally in (self._bad, self._all)]
        numbers = self._groups.get(key, [])
        changes = [[tally.of(n * len(self._lengths) + place) for n in numbers] for tally, place in tallies]
        minutes = [cells for found in changes for cells, _ in found]
        if not minutes:
            return []
        every = np.unique(np.concatenate(minutes))
        every = every[every * MINUTE_US <= as_of_us]
        counts = [
            sum((_running(every, *change) for change in found), np.zeros(len(every), np.int64)) for found in changes
        ]
        above, below = limit(alert, self._objective)
        burning = np.ones(len(every), np.bool_)
        for bad, total in zip(counts[::2], counts[1::2], strict=True):
            if max(above, below) < 1 << 31:
                burning &= bad * below > total * above
            else:  # beyond 64 bits
                burning &= np.array([b * below > t * above for b, t in zip(bad.tolist(), total.tolist(), strict=True)])
        begins = burning.copy()
        begins[1:] &= ~burning[:-1]
        found: list[int] = (every[begins] * MINUTE_US).tolist()
        return found


def _running(minutes: Array, cells: Array, by: Array) -> Array:
    """The sum of all changes up to each of some minutes."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(by)])
    found: Array = sums[np.searchsorted(cells, minutes, side="right")]
    return found
