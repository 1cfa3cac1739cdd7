"""How much time an objective left out, by its exclusions.

Takes:  the observer after the events that matter.
Gives:  `ExcludedTime`: per exclusion of one objective, the time of all its cases that was left out.
Never:  judges: it cuts the same stretches as the objective's own measure, and adds up what fell away.
"""

from __future__ import annotations

from attrs import frozen

from sladsl.evaluate.objectives.exclusions import Exclusions, Used
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.ir.objective import Exclusion
from sladsl.ir.plan import Plan
from sladsl.report.period import Period

_Since = tuple[int, tuple[object, ...]]  # the instant of the last change, and which exclusions have held since


@frozen
class ExcludedFigures:
    """What one exclusion of one objective took out, in exact microseconds, summed over the cases; and how many it touched."""

    objective: int
    label: str
    level: str
    exclusion: Exclusion
    time_us: int
    cases: int


class ExcludedTime:
    """The time that one objective leaves out."""

    def __init__(self, plan: Plan, place: int, period: Period | None) -> None:
        self._place = place
        self._objective = plan.objectives[place]
        self._period = period
        # each exclusion by itself: where two overlap, each is told with all that it covers
        self._exclusions = [Exclusions(plan, (each,)) for each in self._objective.exclusions]
        self.conditions = tuple(c for each in self._exclusions for c in each.conditions)
        self.attributes = tuple(name for each in self._exclusions for name in each.attributes if name)
        guard = self._objective.guard
        self.needs = (*self.conditions, *((guard,) if guard is not None else ()))
        self._since: dict[str, list[_Since] | None] = {}  # None: not of this level
        self._readings: dict[str, list[tuple[str, ...]]] = {}
        self._used: dict[str, list[Used]] = {}
        self._times = [0 for _ in self._exclusions]
        self._cases: list[set[str]] = [set() for _ in self._exclusions]

    def event(self, observer: Observer, cs: CaseState, us: int) -> None:
        """A case's first event, or one at which an exclusion has begun or ended."""
        if cs.case not in self._since:
            guard = self._objective.guard
            if guard is not None and observer.get(cs, guard) is not True:
                self._since[cs.case] = None
                return
            self._readings[cs.case] = [each.readings(observer, cs) for each in self._exclusions]
            self._used[cs.case] = [each.fresh() for each in self._exclusions]
        elif self._since[cs.case] is None:
            return
        else:
            self._spend(cs.case, us)
        self._since[cs.case] = [(us, each.held(observer, cs)) for each in self._exclusions]

    def settle(self, as_of_us: int) -> None:
        """All is known up to and including an instant."""
        for case, since in self._since.items():
            if since is not None:
                self._spend(case, as_of_us)

    def _spend(self, case: str, until: int) -> None:
        for place, (since, held) in enumerate(self._since[case] or ()):
            if since >= until:
                continue
            readings, used = self._readings[case][place], self._used[case][place]
            cursor, out = since, 0
            for a, b in self._exclusions[place].left_of((since, until), held, readings, used):
                out += self._within(cursor, a)
                cursor = b
            out += self._within(cursor, until)
            if out:
                self._times[place] += out
                self._cases[place].add(case)

    def _within(self, a: int, b: int) -> int:
        """How much of a stretch lies in the period."""
        if self._period is not None:
            a, b = max(a, self._period.start_us), min(b, self._period.end_us)
        return max(b - a, 0)

    def figures(self) -> list[ExcludedFigures]:
        """What each exclusion took out."""
        objective = self._objective
        return [
            ExcludedFigures(
                self._place, objective.label, objective.level, each, self._times[place], len(self._cases[place])
            )
            for place, each in enumerate(objective.exclusions)
        ]
