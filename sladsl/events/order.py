"""The order of a stream: late events, and events that come twice.

Takes:  events as they arrive, and how long out-of-order ones are waited for.
Gives:  LatenessBuffer: the events in the order of (time, position), and those that came too late.
Never:  drops an event silently, or keeps an id longer than its event could still be accepted.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any

from sladsl.events.event import Event, event_from_json, event_to_json

_FEW_IDS = 1024


class LatenessBuffer:
    """Events are held, and sorted, until the newest time seen is `lateness_us` ahead of them.

    An event strictly older than that is late, and so is one at or before an instant that `advance` has closed. Of
    events with one id in one input the first counts; a repeat is late where the first could not be accepted any more.

    Args:
        lateness_us: how long is waited, in microseconds; 0 lets every event through at once.

    Attributes:
        late: events refused. duplicates: repeats left out.

    >>> buffer = LatenessBuffer(10)
    >>> a, b, c = (Event("A", time_us, "x", "", {}) for time_us in (100, 95, 112))
    >>> buffer.push(a), buffer.push(b)
    (([], None), ([], None))
    >>> [event.time_us for event in buffer.push(c)[0]]
    [95, 100]
    """

    def __init__(self, lateness_us: int = 0) -> None:
        self.lateness_us = lateness_us
        self.late = 0
        self.duplicates = 0
        self._newest_us: int | None = None
        self._closed_us: int | None = None
        self._held: list[tuple[int, int, int, Event]] = []
        self._arrived = 0
        self._ids: dict[tuple[int, str], int] = {}
        self._sweep_at = _FEW_IDS

    def push(self, event: Event) -> tuple[list[Event], Event | None]:
        """Take one event; gives those that are due to be judged now, in order, and this one if it is refused."""
        released: list[Event] = []
        refused = self._take(event, released)
        return released, None if refused is None else refused

    def push_all(self, events: Iterable[Event]) -> tuple[list[Event], list[Event]]:
        """Take many events, as `push` one after another does: those due, in order, and those refused."""
        taken = events if isinstance(events, list) else list(events)
        if self._all_in_order(taken):
            return taken, []
        released: list[Event] = []
        refused: list[Event] = []
        for event in taken:
            if (late := self._take(event, released)) is not None:
                refused.append(late)
        return released, refused

    def advance(self, time_us: int) -> list[Event]:
        """Everything up to and including this instant is known: gives the events held until then, in order.

        What comes later for that time is refused. Backwards, or a second time, it does nothing.
        """
        if self._closed_us is None or time_us > self._closed_us:
            self._closed_us = time_us
        released: list[Event] = []
        self._release(time_us, released)
        return released

    @property
    def held(self) -> int:
        """How many events are held."""
        return len(self._held)

    @property
    def known_before_us(self) -> int | None:
        """Everything strictly before this instant is known: no event of that time is accepted any more. None at first."""
        return None if self._newest_us is None else self._newest_us - self.lateness_us

    def state(self) -> dict[str, Any]:
        """All that it knows, as JSON can hold it; equal buffers give equal states."""
        self._forget_ids()
        return {
            "lateness_us": self.lateness_us,
            "newest_us": self._newest_us,
            "closed_us": self._closed_us,
            "late": self.late,
            "duplicates": self.duplicates,
            "held": [event_to_json(event) for _, _, _, event in sorted(self._held, key=lambda entry: entry[:3])],
            "ids": sorted([input, id, time_us] for (input, id), time_us in self._ids.items()),
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> LatenessBuffer:
        """The buffer whose state this is."""
        buffer = cls(state["lateness_us"])
        buffer._newest_us = state["newest_us"]
        buffer._closed_us = state["closed_us"]
        buffer.late = state["late"]
        buffer.duplicates = state["duplicates"]
        for data in state["held"]:
            buffer._hold(event_from_json(data))
        buffer._ids = {(input, id): time_us for input, id, time_us in state["ids"]}
        buffer._sweep_at = max(_FEW_IDS, 2 * len(buffer._ids))
        return buffer

    def _all_in_order(self, events: list[Event]) -> bool:
        """Whether many events go through as they are, which is soon told: nothing is held or waited for, none is late, and
        none has an id."""
        if self._held or self.lateness_us or not events:
            return False
        latest_us = events[0].time_us
        if self._closed_us is not None and latest_us <= self._closed_us:
            return False
        if self._newest_us is not None and latest_us < self._newest_us:
            return False
        for event in events:
            if event.time_us < latest_us or event.id is not None:
                return False
            latest_us = event.time_us
        self._newest_us = latest_us
        return True

    def _take(self, event: Event, released: list[Event]) -> Event | None:
        time_us, newest_us = event.time_us, self._newest_us
        if newest_us is not None and time_us < newest_us:
            floor_us = newest_us - self.lateness_us
            if time_us < floor_us:
                self.late += 1
                return event
        if self._closed_us is not None and time_us <= self._closed_us:
            self.late += 1
            return event
        if event.id is not None and self._came_before(event.input, event.id, time_us):
            self.duplicates += 1
            return None
        if newest_us is None or time_us > newest_us:
            self._newest_us = newest_us = time_us
        until_us = newest_us - self.lateness_us
        if time_us <= until_us and not self._held:
            released.append(event)
        else:
            self._hold(event)
            self._release(until_us, released)
        return None

    def _hold(self, event: Event) -> None:
        # The count of arrivals settles equal positions, so that events themselves are never compared.
        heapq.heappush(self._held, (event.time_us, event.position, self._arrived, event))
        self._arrived += 1

    def _release(self, until_us: int, released: list[Event]) -> None:
        held = self._held
        while held and held[0][0] <= until_us:
            released.append(heapq.heappop(held)[3])

    def _came_before(self, input: int, id: str, time_us: int) -> bool:
        """Whether an event of this id is remembered; from now on one is."""
        key = (input, id)
        before_us = self._ids.get(key)
        if before_us is not None and self._is_acceptable(before_us):
            return True
        if len(self._ids) >= self._sweep_at:
            self._forget_ids()
            self._sweep_at = max(_FEW_IDS, 2 * len(self._ids))
        self._ids[key] = time_us
        return False

    def _forget_ids(self) -> None:
        self._ids = {key: time_us for key, time_us in self._ids.items() if self._is_acceptable(time_us)}

    def _is_acceptable(self, time_us: int) -> bool:
        if self._newest_us is not None and time_us < self._newest_us - self.lateness_us:
            return False
        return self._closed_us is None or time_us > self._closed_us
