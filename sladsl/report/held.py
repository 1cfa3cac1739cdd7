"""Who held a case when: the values of a few attributes as they changed.

Takes:  events in order, after the observer has seen each.
Gives:  `Held`: what an attribute was at the start of an instance, and which values it had over a stretch of time.
Never:  keeps an event: of each case only the changes of these attributes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sladsl.evaluate.objectives.starts import Starts
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.values import text
from sladsl.evaluate.verdict import Cause
from sladsl.events import Event

ACTOR = "\0actor"  # the actor, as an attribute; no column can have that name


class Held:
    """The values of attributes, as texts, "" where missing."""

    def __init__(self, attributes: Sequence[str]) -> None:
        self.attributes = tuple(attributes)
        self._starts = Starts(attributes, ())
        self._slots: tuple[int, ...] = ()
        self._ids: dict[str, int] = {"": 0}
        self._values: list[str] = [""]
        # per case and attribute: the instants of its changes, and the values from then on
        self._changes: dict[str, tuple[tuple[array[int], array[int]], ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.attributes)

    def bind(self, observer: Observer) -> None:
        """Learn where the observer keeps the attributes."""
        self._starts.bind(observer)
        self._slots = tuple(observer.slots[name] for name in self.attributes)

    def observe(self, observer: Observer, cs: CaseState, event: Event) -> None:
        """Note what has changed with an event."""
        self._starts.observe(observer, cs, event)
        held = self._changes.get(cs.case)
        if held is None:
            held = self._changes[cs.case] = tuple((array("q"), array("q")) for _ in self._slots)
        for slot, (instants, values) in zip(self._slots, held, strict=True):
            raw = cs.attrs[slot]
            number = self._number("" if raw is None else text(raw))
            if values and values[-1] == number:
                continue
            if instants and instants[-1] == event.time_us:
                values[-1] = number
            else:
                instants.append(event.time_us)
                values.append(number)

    def _number(self, value: str) -> int:
        found = self._ids.get(value)
        if found is None:
            found = self._ids[value] = len(self._values)
            self._values.append(value)
        return found

    def at_start(self, case: str, us: int, cause: Cause | None) -> Sequence[str]:
        """The values after the event `cause` at an instant; without one, after all events of the instant."""
        return self._starts.at(case, us, cause)

    def over(self, case: str, place: int, start_us: int, end_us: int) -> Iterator[tuple[str, int, int]]:
        """The values of the attribute at `place` over [start, end), in order: value, from, until."""
        held = self._changes.get(case)
        if held is None:
            yield "", start_us, end_us
            return
        instants, values = held[place]
        number = bisect_right(instants, start_us) - 1
        cursor = start_us
        while cursor < end_us:
            until = instants[number + 1] if number + 1 < len(instants) else end_us
            until = min(until, end_us)
            yield self._values[values[number]] if number >= 0 else "", cursor, until
            cursor = until
            number += 1
