"""`alert when missed N windows in a row`, while the log is still being read.

Takes:  the windows of one objective that have ended, each once it is decided, in any order.
Gives:  `MissedInARow`: the alert of each row of missed windows, once.
Never:  counts a window that is undecided, not judged or without a row.
"""

from typing import Any

from attrs import define

from sladsl.evaluate.objectives.leaf import Key
from sladsl.evaluate.objectives.ledger import Judged
from sladsl.evaluate.objectives.outcome import ObjectiveAlert
from sladsl.ir.objective import BurnAlert


@define
class _Run:
    """Missed windows that follow one another: the first, the last, how many, and whether they were told."""

    first: int
    last: int
    count: int
    told: bool


class MissedInARow:
    """The rows of missed windows of an objective, by group."""

    def __init__(self, judged: Judged, alert: BurnAlert) -> None:
        self.judged = judged
        self.alert = alert
        self._runs: dict[Key, list[_Run]] = {}

    def take(self, key: Key, number: int, missed: bool) -> ObjectiveAlert | None:
        """A window is decided; gives the alert where enough are missed in a row with it."""
        runs = self._runs.setdefault(key, [])
        if any(run.first <= number <= run.last for run in runs):
            return None
        if missed:
            runs.append(_Run(number, number, 1, False))
            runs.sort(key=lambda run: run.first)
            for place in range(len(runs) - 1, 0, -1):
                before, after = runs[place - 1], runs[place]
                if self._follows(before.last, after.first):
                    told = before.told or after.told
                    runs[place - 1 : place + 1] = [_Run(before.first, after.last, before.count + after.count, told)]
        found = None
        for run in runs:
            if run.count >= self.alert.missed and not run.told:
                run.told = True
                found = self._alert_of(key, run)
        # a row that ends well before the last window cannot grow any more, unless one of long ago was left undecided
        self._runs[key] = runs[-8:]
        return found

    def _alert_of(self, key: Key, run: _Run) -> ObjectiveAlert:
        number, left = run.first, self.alert.missed - 1
        while left:
            number += 1
            left -= self._is_window(number)
        end_us = self.judged.scope.frames.windows.window(number).end_us
        objective = self.judged.objective
        group = self.judged.named(key)
        return ObjectiveAlert("missed", self.judged.index, objective.label, group, end_us, self.alert.written)

    def _is_window(self, number: int) -> bool:
        frames = self.judged.scope.frames
        return frames.start(number) != frames.start(number + 1)

    def _follows(self, last: int, number: int) -> bool:
        return not any(map(self._is_window, range(last + 1, number)))

    def save(self, key: Key) -> Any:
        """What is kept of a group, as JSON can hold it."""
        return [[run.first, run.last, run.count, run.told] for run in self._runs.get(key, ())]

    def load(self, key: Key, state: Any) -> None:
        """The same, back."""
        if state:
            self._runs[key] = [_Run(*run) for run in state]
