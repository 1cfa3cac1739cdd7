"""What is to be told of events, beside verdicts: what happened at them, what holds after them, and values.

Takes:  nothing.
Gives:  `Asked`, what somebody asks for; `Watch`, who asks and is told; where the numbers of a record stand.
Never:  knows what it is asked for.

A record is a row of whole numbers: the case, the instant, the cause (input and data row), the type and whether it is the
case's first event; then the facts; then three numbers for each value.
"""

from __future__ import annotations

from typing import Any, Protocol

from attrs import field, frozen

from sladsl.evaluate.columnar.batch import Array
from sladsl.ir.expression import Trigger, ValueKind

CASE, TIME, CAUSE, TYPE, HEAD = 0, 1, 2, 3, 4  # TYPE: twice the type, and 1 more at a case's first event
NO, YES, FAULT = 0, 1, 2  # a fact; an error is FAULT and the number of its note
NUMBER, DENOMINATOR, FLAG, VALUE_WIDTH = 0, 1, 2, 3
# FLAG: twice 0 (missing), 1, or 2 and the number of a note (it cannot be read), and 1 more where the event carries it


@frozen
class Value:
    """An attribute's last value, told in a kind.

    at_change, at_carried  events are told at which it changes, or which carry it
    """

    name: str
    kind: ValueKind
    at_change: bool = False
    at_carried: bool = False


@frozen
class Asked:
    """What is to be told.

    facts   conditions (whether they hold after the event) and triggers (whether they happen at it, whoever the party)
    looks   events are told at which one of these conditions changes or happens
    values  of attributes
    firsts  whether each case's first event is told

    Every later event of an instant of which one was told is told as well.
    """

    facts: tuple[int | Trigger, ...] = ()
    looks: tuple[int, ...] = ()
    values: tuple[Value, ...] = field(default=())
    firsts: bool = True

    def conditions(self) -> list[int]:
        """All conditions that are looked at."""
        return [*(fact if isinstance(fact, int) else fact.condition for fact in self.facts), *self.looks]

    @property
    def nothing(self) -> bool:
        """Whether no event is to be told."""
        return not (self.facts or self.looks or self.values or self.firsts)

    @property
    def width(self) -> int:
        """How many numbers a record has."""
        return HEAD + len(self.facts) + VALUE_WIDTH * len(self.values)

    def fact(self, fact: int | Trigger) -> int:
        """Where a fact stands in a record."""
        return HEAD + self.facts.index(fact)

    def value(self, name: str, kind: ValueKind) -> int:
        """Where the numbers of a value begin in a record."""
        place = next(i for i, value in enumerate(self.values) if (value.name, value.kind) == (name, kind))
        return HEAD + len(self.facts) + VALUE_WIDTH * place


class Watch(Protocol):
    """Who asks."""

    asked: Asked

    def begin(self, tables: Any) -> None:
        """An evaluation begins; `tables` (PlanTables) know the texts behind numbers."""

    def take(self, told: Array) -> None:
        """Records, those of one case together and in order; what comes later of a case is later."""
