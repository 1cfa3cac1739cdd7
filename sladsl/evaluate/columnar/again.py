"""The events of a large log, read once more.

Takes:  a plan, and the files or tables that hold a log.
Gives:  `EventsAgain`: its events one by one, as often as they are asked for.
Never:  keeps an event, or sorts: events come in the order of the inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sladsl.evaluate.columnar.inputs import Input, inputs_of
from sladsl.events import Event, ReadOptions
from sladsl.events.arrow_rows import table_rows
from sladsl.events.opened import open_source
from sladsl.events.reader import open_rows
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker, Seen
from sladsl.ir.plan import Plan


class EventsAgain:
    """The events of a log up to an instant.

    Args:
        plan, inputs, options: as for `judge_files`.
        as_of_us: later events are not seen.
        keep: the cases whose events are given; None: all.
    """

    def __init__(
        self, plan: Plan, inputs: Any, options: ReadOptions, as_of_us: int, keep: frozenset[str] | None = None
    ) -> None:
        self._plan = plan
        self._given = inputs
        self._options = options
        self._as_of_us = as_of_us
        self._keep = keep

    def __iter__(self) -> Iterator[Event]:
        seen: dict[int, Seen] = {}
        position = 0
        for number, one in enumerate(inputs_of(self._plan, self._given, self._options)):
            before = seen.setdefault(one.source.argument, Seen())
            for rows in _rows(one):
                maker = EventMaker(rows, one.roles, one.block, self._options, number, position, before)
                for event in maker:
                    if event.time_us <= self._as_of_us and (self._keep is None or event.case in self._keep):
                        yield event
                position = maker.position


def _rows(one: Input) -> Iterator[RowSource]:
    if one.table is not None:
        rows = table_rows(one.table)
        if rows is not None:
            yield rows
        return
    with open_source(one.source) as opened:
        yield open_rows(opened, one.block)
