"""Events that have been read become batches.

Takes:  events in order.
Gives:  `event_batches`; `Names`, those behind the numbers of cases and types.
Never:  sorts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.batch import Array, Batch, pack_cause
from sladsl.evaluate.columnar.columns import SourceTable, empty_batch
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.events import Event

_ROWS = 1 << 17


class Names:
    """Texts as numbers, in the order in which they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of a name."""
        return self.numbers.setdefault(name, len(self.numbers))

    def all_numbers(self, names: list[str]) -> Array:
        """The numbers of many."""
        return np.array([self.number(name) for name in names], np.int32)

    def __len__(self) -> int:
        return len(self.numbers)

    def texts(self) -> list[str]:
        """All names, by number."""
        return list(self.numbers)


def event_batches(
    events: Iterable[Event],
    tables: PlanTables,
    sources: Sequence[SourceTable],
    cases: Callable[[list[str]], Array],
    types: Names,
) -> Iterator[Batch]:
    """The batches of events, in their order; `cases` numbers the names of cases."""
    waiting = iter(events)
    while part := list(islice(waiting, _ROWS)):
        batch = empty_batch(
            tables,
            cases([event.case for event in part]),
            np.array([event.time_us for event in part], np.int64),
            np.array([pack_cause(event.input, event.row) for event in part], np.int64),
            np.array([types.number(event.type) for event in part], np.int32),
        )
        for source in sources:
            cell = _cell_of(source.source.what, source.source.name)
            source.write(batch, source.number([cell(event) for event in part]))
        yield batch


def _cell_of(what: str, name: str) -> Callable[[Event], Any]:
    """What a source finds in an event; None where it is missing."""
    match what:
        case "attribute" | "carried":
            return lambda event: event.attributes.get(name)
        case "type":
            return lambda event: event.type
        case "actor":
            return lambda event: event.actor or None
    return lambda event: event.case
