"""The evaluator left running: events as they come, verdicts as soon as they are certain.

Takes:  a plan, events (a little out of order, within the lateness), and word of how far time has come.
Gives:  `Monitor`: verdicts, alerts, what is open, when something is due next, and snapshots to go on from.
Never:  reads the machine's clock, drops an event silently, or changes a verdict for an event that came too late.
"""

from collections.abc import Iterable
from typing import Any

from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.stream.snapshot import StateError, load, save
from sladsl.evaluate.verdict import Alert, Verdict
from sladsl.events import Event
from sladsl.events.order import LatenessBuffer
from sladsl.ir.plan import Plan


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
        if state is not None:
            try:
                self._buffer = LatenessBuffer.restore(state["buffer"])
                load(self._machine, state["machine"])
            except (KeyError, TypeError) as error:
                raise StateError(f"the snapshot cannot be read: {error}") from error

    def feed(self, events: Event | Iterable[Event]) -> list[Verdict]:
        """Take events as they came; give the verdicts that became certain, in the order in which they did.

        Events older than the newest by more than the lateness are not judged: they are added to `refused`.
        """
        buffer = self._buffer
        machine = self._machine
        released, refused = buffer.push_all((events,) if isinstance(events, Event) else events)
        self.refused += refused
        machine.feed(released)
        known = buffer.known_before_us
        if known is not None:
            machine.before(known)
        return self._news()

    def advance(self, us: int) -> list[Verdict]:
        """Time has come to this instant: everything up to and including it is known. Backwards or twice does nothing."""
        self._machine.feed(self._buffer.advance(us))
        self._machine.advance(us)
        return self._news()

    def _news(self) -> list[Verdict]:
        machine = self._machine
        news = machine.news or []
        machine.news = []
        return [told for told in news if isinstance(told, Verdict)]

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
        return self._machine.next_due()

    def open(self) -> list[Verdict]:
        """All instances that are open, paused, or breached without their action, ordered by label, case and number."""
        return sorted(self._machine.standing(), key=Verdict.key)

    def snapshot(self) -> dict[str, Any]:
        """The whole state as data that JSON can hold; equal states give equal snapshots. Alerts not yet asked for are not kept."""
        return {
            "machine": save(self._machine),
            "buffer": self._buffer.state(),
        }
