"""The evaluator left running: events as they come, verdicts as soon as they are certain.

Takes:  a plan, events (a little out of order, within the lateness), and word of how far time has come.
Gives:  `Monitor`: verdicts, alerts, what is open, when something is due next, and snapshots to go on from; of objectives
        each row, alert and amount of money when it has become certain.
Never:  reads the machine's clock, drops an event silently, or changes a verdict for an event that came too late.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.stream.snapshot import StateError, load, save
from sladsl.evaluate.verdict import Alert, Verdict
from sladsl.events import Event
from sladsl.events.order import LatenessBuffer
from sladsl.ir.plan import Plan

if TYPE_CHECKING:
    from sladsl.evaluate.objectives.live import LiveObjectives
    from sladsl.evaluate.objectives.outcome import Told


class Monitor:
    """One running evaluation; one thread, no clock of its own.

    A verdict is given when it becomes certain: `met` and the like with the event, `breached` with the first event or
    `advance` that passes the due. A verdict given again under the same clause, case and number replaces the earlier one:
    `late` or `excused` after `breached`, or what follows a reopening.

    Args:
        plan: the compiled policy.
        actors: whether events name actors; False leaves parties unchecked.
        lateness_us: how long out-of-order events are waited for; default: the policy's.
        state: a snapshot of a monitor of the same plan to go on from.

    Raises StateError where the snapshot does not fit.
    """

    def __init__(
        self, plan: Plan, *, actors: bool = True, lateness_us: int | None = None, state: dict[str, Any] | None = None
    ) -> None:
        self.plan = plan
        self._machine = Machine(plan, actors=actors, revisions=True)
        self._buffer = LatenessBuffer(plan.lateness_us if lateness_us is None else lateness_us)
        self.refused: list[Event] = []
        self._told: list[Told] = []
        self._objectives = live_objectives(plan, self._machine, actors=actors)
        self._driver: Machine | LiveObjectives = self._objectives or self._machine
        if state is not None:
            try:
                self._buffer = LatenessBuffer.restore(state["buffer"])
                load(self._machine, state["machine"])
                if self._objectives is not None:
                    self._objectives.load(state["objectives"])
            except StateError:
                raise
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise StateError(f"the snapshot cannot be read: {error}") from error

    def feed(self, events: Event | Iterable[Event]) -> list[Verdict]:
        """Take events as they came; give the verdicts that became certain, in the order in which they did.

        Events older than the newest by more than the lateness are not judged: they are added to `refused`.
        """
        buffer = self._buffer
        driver = self._driver
        released, refused = buffer.push_all((events,) if isinstance(events, Event) else events)
        self.refused += refused
        driver.feed(released)
        known = buffer.known_before_us
        if known is not None:
            driver.before(known)
        return self._news()

    def advance(self, us: int) -> list[Verdict]:
        """Time has come to this instant: everything up to and including it is known. Backwards or twice does nothing."""
        self._driver.feed(self._buffer.advance(us))
        self._driver.advance(us)
        return self._news()

    def _news(self) -> list[Verdict]:
        machine = self._machine
        news: list[Any] = machine.news or []
        machine.news = []
        if self._objectives is not None:
            self._told += [told for told in news if not isinstance(told, Verdict | Alert)]
        return [told for told in news if isinstance(told, Verdict)]

    def told(self) -> list[Told]:
        """What became certain of objectives, and of penalties, since the last call, in the order in which it did."""
        found, self._told = self._told, []
        return found

    def alerts(self) -> list[Alert]:
        """The warnings and escalations since the last call, in the order of their instants."""
        found = self._machine.alerts
        self._machine.alerts = []
        return found

    @property
    def duplicates(self) -> int:
        """How many events were repeats of an id and not counted."""
        return self._buffer.duplicates

    def next_due(self) -> int | None:
        """The next instant at which something will happen without an event (a due, a warning …), as things stand; None for never."""
        return self._machine.next_due() if self._objectives is None else self._objectives.next_us()

    def open(self) -> list[Verdict]:
        """All instances that are open, paused, or breached without their action, ordered by label, case and number."""
        return sorted(self._machine.standing(), key=Verdict.key)

    def snapshot(self) -> dict[str, Any]:
        """The whole state as data that JSON can hold; equal states give equal snapshots. Alerts and what was told, not yet asked for, are not kept."""
        found = {"machine": save(self._machine), "buffer": self._buffer.state()}
        return found if self._objectives is None else {**found, "objectives": self._objectives.save()}


def live_objectives(plan: Plan, machine: Machine, *, actors: bool) -> LiveObjectives | None:
    """What watches the objectives of a plan, and the penalties of its clauses; None where it has neither, and pays nothing."""
    if not plan.objectives and not any(clause.penalties for clause in plan.clauses):
        return None
    from sladsl.evaluate.objectives.live import LiveObjectives

    return LiveObjectives(plan, machine, actors=actors)
