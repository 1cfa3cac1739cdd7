"""A monitor driven by hand, and what can be seen of it.

Takes:  a plan, and events as they arrive.
Gives:  Driven: what it has told, what stands, a restart from its snapshot as text.
Never:  judges by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from samples import told

from sladsl.evaluate.stream import Monitor
from sladsl.evaluate.verdict import Alert, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan

Key = tuple[int, str, int]


class Driven:
    """A monitor with everything that it has told so far.

    given   the last verdict told of each instance; news all of them, in order
    alerts  all warnings and escalations, in order
    """

    def __init__(self, plan: Plan, lateness_us: int = 0) -> None:
        self.plan = plan
        self.monitor = Monitor(plan, lateness_us=lateness_us)
        self.given: dict[Key, Verdict] = {}
        self.news: list[Verdict] = []
        self.alerts: list[Alert] = []
        self.refused: list[Event] = []

    def feed(self, events: Event | Iterable[Event]) -> list[Verdict]:
        """Feed, and remember what is told."""
        return self._told(self.monitor.feed(events))

    def advance(self, us: int) -> list[Verdict]:
        """Advance, and remember what is told."""
        return self._told(self.monitor.advance(us))

    def _told(self, news: list[Verdict]) -> list[Verdict]:
        self.news += news
        self.given |= {verdict.key(): verdict for verdict in news}
        self.alerts += self.monitor.alerts()
        return news

    def state(self) -> Any:
        """Its snapshot, through text."""
        return json.loads(json.dumps(self.monitor.snapshot()))

    def restart(self) -> None:
        """Go on from its snapshot in a new monitor, which has the same snapshot."""
        state = self.state()
        self.refused += self.monitor.refused
        self.monitor = Monitor(self.plan, state=state)
        assert self.state() == state

    def stands(self) -> dict[Key, Verdict]:
        """The last verdict of every instance: as told, or as it stands now."""
        return {**self.given, **{verdict.key(): verdict for verdict in self.monitor.open()}}

    def told(self) -> list[str]:
        """The same, one a line."""
        return told(self.plan, list(self.stands().values()))
