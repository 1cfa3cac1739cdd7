"""Events that claim to be far in the future.

Takes:  events as they arrive, how far ahead of the newest one is believed, and perhaps word of the time.
Gives:  `FutureGuard`: the events that may be judged now; the others are held back.
Never:  lets one bad clock breach everything, or holds back time that has really moved on.
"""

from __future__ import annotations

from typing import Any

from sladsl.events import Event
from sladsl.events.event import event_from_json, event_to_json

WITNESSES = 3  # so many cases must have gone ahead, one after the other, before time is believed to have moved
MOST_HELD = 500  # more are refused: they stand in every state that is kept


class FutureGuard:
    """Holds back an event that lies more than `ahead_us` after the newest one that was let through.

    Held events go on once time comes within `ahead_us` of them. Where nobody says what time it is, events of three cases
    that come ahead one after the other are believed, too: then it is the log that was silent for long, where a single bad
    clock has others between. None lets everything through.
    """

    def __init__(self, ahead_us: int | None) -> None:
        self._ahead_us = ahead_us
        self._newest_us: int | None = None
        self._held: list[Event] = []
        self._witnesses: list[str] = []  # the cases that came ahead since one did not
        self._told_time = False

    @property
    def held(self) -> int:
        """How many events are held back."""
        return len(self._held)

    @property
    def is_full(self) -> bool:
        """Whether no more can be held back."""
        return len(self._held) >= MOST_HELD

    def is_ahead(self, event: Event) -> bool:
        """Whether an event lies too far ahead to be believed by itself."""
        newest, ahead = self._newest_us, self._ahead_us
        return ahead is not None and newest is not None and event.time_us > newest + ahead

    def take(self, event: Event) -> list[Event]:
        """The events to judge now that this one has come, in order; none where it is held back, or was one too many for that."""
        if self._ahead_us is None:
            return [event]
        if self.is_ahead(event):
            if event.case not in self._witnesses:
                self._witnesses = [*self._witnesses, event.case][:WITNESSES]
            if not self._told_time and len(self._witnesses) == WITNESSES:
                self._held.append(event)
                return self._release()
            if not self.is_full:
                self._held.append(event)
            return []
        self._witnesses = []
        if self._newest_us is None or event.time_us > self._newest_us:
            self._newest_us = event.time_us
        return [event, *self._near()] if self._held else [event]

    def reached(self, us: int) -> list[Event]:
        """Time has come to an instant, says who knows: the held events that are near it. From now on only time is believed."""
        self._told_time = True
        if self._newest_us is None or us > self._newest_us:
            self._newest_us = us
        return self._near() if self._held else []

    def _near(self) -> list[Event]:
        """The held events that time has come near, and no longer held."""
        near = sorted((held for held in self._held if not self.is_ahead(held)), key=_in_order)
        if near:
            self._held = [held for held in self._held if self.is_ahead(held)]
            assert self._newest_us is not None
            self._newest_us = max(self._newest_us, near[-1].time_us)
        return near

    def _release(self) -> list[Event]:
        """Everything held, in order of time; time has come to the last of them."""
        found = sorted(self._held, key=_in_order)
        self._held, self._witnesses = [], []
        newest = found[-1].time_us
        self._newest_us = newest if self._newest_us is None else max(newest, self._newest_us)
        return found

    def state(self) -> dict[str, Any]:
        """All that it knows, as JSON can hold it."""
        return {
            "newest_us": self._newest_us,
            "held": [event_to_json(event) for event in self._held],
            "witnesses": self._witnesses,
            "told_time": self._told_time,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._newest_us = state["newest_us"]
        self._held = [event_from_json(data) for data in state["held"]]
        self._witnesses = state["witnesses"]
        self._told_time = state["told_time"]


def _in_order(event: Event) -> tuple[int, int]:
    return event.time_us, event.position
