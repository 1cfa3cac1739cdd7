"""One event of a case, and the values that it carries.

Takes:  nothing; plain data.
Gives:  Event, Instant, and the form in which a snapshot keeps them.
Never:  reads a file or a clock.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any


class Instant(int):
    """A known instant as the value of an attribute: microseconds UTC since 1970.

    A reader makes one where an `events` block gives the column a format or a unit, and where the source itself
    holds instants (a Parquet timestamp, a fed `datetime`). Being a class of its own, it is never taken for a number.

    >>> Instant(1_000_000)
    Instant(1000000)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Instant({int(self)})"


class Event:
    """What happened: one event of one case.

    Plain and cheap to make, for there are millions. Readers treat it, and its attributes, as frozen: rows that carry
    the same values may share one dictionary.

    Args:
        case: the case it belongs to, never empty.
        time_us: when, in microseconds UTC since 1970.
        type: what is said to have happened, as written, never empty.
        actor: who acted, as written; "" where nobody is named.
        attributes: what the event itself carries: folded name to value. A value is a text, an `int`, `float`, `bool`
            or `Decimal` (sources with kinds of their own), or an `Instant`. A missing value is absent; "" never occurs.
        position: its place in the order of the inputs; events of one instant follow in it.
        input: the index of its input among those given.
        row: the data row it stands in, counted from 1; 0 where it was fed.
        id: its id within its input, or None.
    """

    __slots__ = ("actor", "attributes", "case", "id", "input", "position", "row", "time_us", "type")

    def __init__(
        self,
        case: str,
        time_us: int,
        type: str,
        actor: str,
        attributes: dict[str, object],
        position: int = 0,
        input: int = 0,
        row: int = 0,
        id: str | None = None,
    ) -> None:
        self.case = case
        self.time_us = time_us
        self.type = type
        self.actor = actor
        self.attributes = attributes
        self.position = position
        self.input = input
        self.row = row
        self.id = id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Event):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Event.__slots__)

    __hash__ = None  # type: ignore[assignment]  # it holds a dictionary

    def __repr__(self) -> str:
        return (
            f"Event({self.case!r}, {self.time_us}, {self.type!r}, {self.actor!r}, {self.attributes!r},"
            f" position={self.position}, input={self.input}, row={self.row}, id={self.id!r})"
        )


def value_to_json(value: object) -> Any:
    """A value of an attribute as JSON can hold it, so that `value_from_json` gives it back with its kind.

    Text, whole numbers, floats and truth stay as they are; the others become an object of one entry.

    >>> value_to_json(Decimal("1.50")), value_to_json(Instant(7))
    ({'decimal': '1.50'}, {'instant': 7})
    """
    if isinstance(value, Instant):
        return {"instant": int(value)}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


def value_from_json(value: Any) -> object:
    """The value that `value_to_json` wrote.

    >>> value_from_json({"decimal": "1.50"})
    Decimal('1.50')
    """
    if isinstance(value, dict):
        if "instant" in value:
            return Instant(value["instant"])
        return Decimal(value["decimal"])
    return value


def event_to_json(event: Event) -> list[Any]:
    """An event as JSON can hold it, for a snapshot."""
    return [
        event.case,
        event.time_us,
        event.type,
        event.actor,
        {name: value_to_json(value) for name, value in event.attributes.items()},
        event.position,
        event.input,
        event.row,
        event.id,
    ]


def event_from_json(data: list[Any]) -> Event:
    """The event that `event_to_json` wrote."""
    case, time_us, type, actor, attributes, position, input, row, id = data
    kept = {name: value_from_json(value) for name, value in attributes.items()}
    return Event(case, time_us, type, actor, kept, position, input, row, id)
