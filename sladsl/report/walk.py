"""One more walk over the events, for what a report tells beside the verdicts.

Takes:  a plan, events in order of (time, position), the attributes by which it is asked who.
Gives:  `Walk`: its life cycles, what was known at each start, who held each case when, and the time that objectives leave out.
Never:  judges, or keeps an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.events import Event
from sladsl.ir.plan import Plan
from sladsl.report.excluded import ExcludedTime
from sladsl.report.held import ACTOR, Held
from sladsl.report.lifecycle import Journeys
from sladsl.report.period import Period


class Walk:
    """What the events tell.

    Args:
        plan: the policy.
        actors: whether the log names actors.
        attributes: folded names; `held.ACTOR` is the actor.
        period: what the report is about; None for all.
        lifecycles: whether to follow those of the plan.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        actors: bool,
        attributes: Sequence[str] = (),
        period: Period | None = None,
        lifecycles: bool = True,
    ) -> None:
        self.journeys = [Journeys(each, period) for each in plan.lifecycles] if lifecycles else []
        self.excluded = [
            ExcludedTime(plan, place, period) for place, each in enumerate(plan.objectives) if each.exclusions
        ]
        self.held = Held(attributes)
        self._adds_actor = ACTOR in attributes
        masks: dict[int, int] = {}
        needed: set[int] = set()
        self._journeys_by_bit = [(1 << place, each) for place, each in enumerate(self.journeys)]
        first = len(self.journeys)
        self._excluded_by_bit = [(1 << place, each) for place, each in enumerate(self.excluded, first)]
        followed = [(bit, each.conditions) for bit, each in self._journeys_by_bit]
        followed += [(bit, each.conditions) for bit, each in self._excluded_by_bit]
        for bit, conditions in followed:
            needed.update(conditions)
            for condition in conditions:
                masks[condition] = masks.get(condition, 0) | bit
        self._end = plan.case_until if self.journeys else None
        self._end_bit = 1 << first + len(self.excluded)
        if self._end is not None and self._end.condition >= 0:
            masks[self._end.condition] = masks.get(self._end.condition, 0) | self._end_bit
            needed.update(c for c in (self._end.condition, self._end.party) if c is not None)
        for excluded in self.excluded:
            needed.update(excluded.needs)
        names = {*attributes, *(name for excluded in self.excluded for name in excluded.attributes)}
        self._observer = Observer(plan, sorted(needed), masks, sorted(names), actors=actors)
        self._observer.first_hot = sum(bit for bit, _ in self._excluded_by_bit)
        self.held.bind(self._observer)
        self._idle = not masks and not names

    def over(self, events: Iterable[Event], as_of_us: int) -> None:
        """All events up to an instant, up to and including which all is known."""
        if not self._idle:
            for event in events:
                self._observe(event)
        for excluded in self.excluded:
            excluded.settle(as_of_us)

    def _observe(self, event: Event) -> None:
        observer = self._observer
        if self._adds_actor and event.actor:
            event = with_actor(event)
        cs = observer.observe(event)
        if observer.hot:
            self._tell(cs, event.time_us)
        if self.held:
            self.held.observe(observer, cs, event)
        observer.clear()

    def _tell(self, cs: CaseState, us: int) -> None:
        observer = self._observer
        hot = observer.hot
        ends = bool(hot & self._end_bit) and self._end is not None and observer.happened(cs, self._end) is True
        for bit, journeys in self._journeys_by_bit:
            if ends or hot & bit:
                journeys.event(observer, cs, us, ends)
        for bit, excluded in self._excluded_by_bit:
            if hot & bit:
                excluded.event(observer, cs, us)


def with_actor(event: Event) -> Event:
    """The event, its actor standing among its attributes."""
    attributes = {**event.attributes, ACTOR: event.actor}
    return Event(
        event.case,
        event.time_us,
        event.type,
        event.actor,
        attributes,
        event.position,
        event.input,
        event.row,
        event.id,
    )
