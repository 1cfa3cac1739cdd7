"""Events that claim to be far in the future.

Takes:  events as they arrive, and how far ahead of the newest one is believed.
Gives:  `FutureGuard`: the events that may be judged now; the others are held back.
Never:  lets one bad clock breach everything, or holds back time that has really moved on.
"""

from __future__ import annotations

from typing import Any

from sladsl.events import Event
from sladsl.events.event import event_from_json, event_to_json
from sladsl.events.order import LatenessBuffer

WITNESSES = 3  # so many cases must have gone ahead before time is believed to have moved


class FutureGuard:
    """Holds back an event that lies more than `ahead_us` after the newest one that was let through.

    Held events go on once time comes within `ahead_us` of them, or once events of three cases are held: then it is the log
    that was silent for long. None lets everything through.
    """

    def __init__(self, ahead_us: int | None) -> None:
        self._ahead_us = ahead_us
        self._newest_us: int | None = None
        self._held: list[Event] = []

    @property
    def held(self) -> int:
        """How many events are held back."""
        return len(self._held)

    def take(self, event: Event, buffer: LatenessBuffer) -> list[Event]:
        """The events to judge now that this one has come, in the order in which they came."""
        if self._ahead_us is None:
            return [event]
        newest = self._newest_us
        if newest is not None and event.time_us > newest + self._ahead_us:
            self._held.append(event)
            if len({held.case for held in self._held}) < WITNESSES:
                return []
            return self.release()
        passed = [event]
        if newest is None or event.time_us > newest:
            self._newest_us = event.time_us
        if self._held:
            assert self._newest_us is not None
            near = [held for held in self._held if held.time_us <= self._newest_us + self._ahead_us]
            if near:
                self._held = [held for held in self._held if held.time_us > self._newest_us + self._ahead_us]
                passed += sorted(near, key=lambda held: (held.time_us, held.position))
                self._newest_us = max(self._newest_us, near[-1].time_us)
        return passed

    def release(self) -> list[Event]:
        """Everything held, in order of time; time has come to the last of them."""
        found = sorted(self._held, key=lambda held: (held.time_us, held.position))
        self._held = []
        if found:
            newest = found[-1].time_us
            self._newest_us = newest if self._newest_us is None else max(newest, self._newest_us)
        return found

    def state(self) -> dict[str, Any]:
        """All that it knows, as JSON can hold it."""
        return {"newest_us": self._newest_us, "held": [event_to_json(event) for event in self._held]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._newest_us = state["newest_us"]
        self._held = [event_from_json(data) for data in state["held"]]
