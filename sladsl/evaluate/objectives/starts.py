"""What is known of a case at the instants at which its cycles start.

Takes:  events in order, after the observer has seen each; later the instant and the cause of a start.
Gives:  `Starts`: the values that `by`, levels and zones read at a start, as they were after its event.
Never:  keeps an event; of each case only the changes of these values are kept.
"""

from collections.abc import Iterable
from typing import Any

from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.snapshot import pack, unpack
from sladsl.evaluate.stream.values import text
from sladsl.evaluate.verdict import Cause
from sladsl.events import Event

Known = tuple[Any, ...]


class Starts:
    """The history of a few attributes (as texts, "" where missing) and conditions (True, False or a Fault) of each case.

    `known` at a start holds the attributes in the order given, then the conditions.
    """

    def __init__(self, attributes: Iterable[str], conditions: Iterable[int]) -> None:
        self.attributes = tuple(dict.fromkeys(attributes))
        self.conditions = tuple(dict.fromkeys(conditions))
        self._slots: tuple[int, ...] = ()
        # per case: instant, values, causes, again and again. The causes are the events of that instant from the change
        # on, None for the case's first event
        self._past: dict[str, list[Any]] = {}
        self._same: dict[Known, Known] = {}
        self.live = False  # only starts at the present instant will be asked for
        self.given: Known | None = None  # the answer, where whoever asks next knows it already

    def __bool__(self) -> bool:
        return bool(self.attributes or self.conditions)

    def place(self, name: str) -> int:
        """Where an attribute stands in what is known."""
        return self.attributes.index(name)

    def place_of_condition(self, condition: int) -> int:
        """Where a condition stands in what is known."""
        return len(self.attributes) + self.conditions.index(condition)

    def bind(self, observer: Observer) -> None:
        """Learn where the observer keeps the attributes."""
        self._slots = tuple(observer.slots[name] for name in self.attributes)

    def observe(self, observer: Observer, cs: CaseState, event: Event) -> None:
        """Note what has changed with an event."""
        attrs = cs.attrs
        found: Known = (
            *("" if (raw := attrs[slot]) is None else text(raw) for slot in self._slots),
            *(observer.get(cs, condition) for condition in self.conditions),
        )
        found = self._same.setdefault(found, found) if len(self._same) < 100_000 else found
        past = self._past.get(cs.case)
        if past is None:
            self._past[cs.case] = [event.time_us, found, None]
            return
        if self.live and len(past) > 3 and past[-3] < event.time_us:
            del past[:-3]
        cause = (event.input, event.row, event.type)
        if past[-2] != found:
            past += (event.time_us, found, [cause])
        elif past[-1] is not None and past[-3] == event.time_us:
            past[-1].append(cause)

    def at(self, case: str, us: int, cause: Cause | None) -> Known:
        """What was known after the event `cause` at an instant; without one, after all events of the instant."""
        if self.given is not None:
            return self.given
        past = self._past.get(case)
        if past is None:
            return ("",) * len(self.attributes) + (False,) * len(self.conditions)
        key = None if cause is None else (cause.input, cause.row, cause.type)
        for place in range(len(past) - 3, -1, -3):
            since, causes = past[place], past[place + 2]
            if since < us or (since == us and (causes is None or key is None or key in causes)):
                return past[place + 1]  # type: ignore[no-any-return]
        return past[1]  # type: ignore[no-any-return]

    def save_case(self, case: str) -> Any:
        """What is kept of a case, as JSON can hold it; None for nothing."""
        past = self._past.get(case)
        if past is None:
            return None
        return [
            [us, [pack(value) for value in known], causes if causes is None else [list(cause) for cause in causes]]
            for us, known, causes in zip(past[::3], past[1::3], past[2::3], strict=True)
        ]

    def load_case(self, case: str, state: Any) -> None:
        """The same, back."""
        past: list[Any] = []
        for us, known, causes in state or ():
            kept = tuple(unpack(value) for value in known)
            past += (us, kept, causes if causes is None else [tuple(cause) for cause in causes])
        if past:
            self._past[case] = past

    def drop_case(self, case: str) -> None:
        """Let go of a case that is kept elsewhere."""
        self._past.pop(case, None)
