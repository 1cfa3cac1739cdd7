"""The events of a large log, read once more.

Takes:  a plan, and the files or tables that hold a log.
Gives:  `EventsAgain`: its events one by one, as often as they are asked for.
Never:  keeps an event, or sorts: events come in the order of the inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sladsl.evaluate.columnar.inputs import Input, inputs_of
from sladsl.events import Event, ReadOptions
from sladsl.events.arrow_rows import ArrowRows, table_rows
from sladsl.events.opened import open_source
from sladsl.events.reader import open_rows
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker, Seen
from sladsl.events.values import TextCells, TypedNames
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
        return self._read(self._keep)

    def of_cases(self, cases: Collection[str]) -> Iterator[Event]:
        """The events of a few cases; the rows of others are hardly looked at."""
        wanted = frozenset(cases)
        return self._read(wanted if self._keep is None else wanted & self._keep)

    def _read(self, wanted: frozenset[str] | None) -> Iterator[Event]:
        seen: dict[int, Seen] = {}
        position = 0
        for number, one in enumerate(inputs_of(self._plan, self._given, self._options)):
            before = seen.setdefault(one.source.argument, Seen())
            for rows in _rows(one):
                maker = EventMaker(rows, one.roles, one.block, self._options, number, position, before)
                if wanted is not None and one.roles.id is None:  # an id may have come before in another case
                    missing = () if one.block is None else one.block.missing
                    maker.rows = _OfCases(rows, wanted, maker, missing)
                    if isinstance(rows, ArrowRows):
                        rows.batches = _few(rows.batches, wanted, maker)
                for event in maker:
                    if event.time_us <= self._as_of_us and (wanted is None or event.case in wanted):
                        yield event
                position = maker.position


class _OfCases(RowSource):
    """The rows of a few cases; the maker of events counts the others, but does not see them."""

    def __init__(self, rows: RowSource, wanted: frozenset[str], maker: EventMaker, missing: tuple[str, ...]) -> None:
        super().__init__(rows.format)
        self.headings, self.typed = rows.headings, rows.typed
        self._all = rows
        self._seen: frozenset[str | None] = wanted | {None}  # what has no case is the maker's to refuse
        self._maker = maker
        texts = TextCells(missing)
        self._names: TypedNames | TextCells = TypedNames(texts) if rows.typed else texts

    def __iter__(self) -> Iterator[list[Any]]:
        maker, names, seen = self._maker, self._names, self._seen
        place, width = maker.roles.case, len(self.headings)
        for cells in self._all:
            if len(cells) == width and names[cells[place]] not in seen:
                maker.count += 1
            else:
                yield cells

    def record(self) -> str:
        return self._all.record()


def _few(batches: Iterable[Any], wanted: frozenset[str], maker: EventMaker) -> Iterator[Any]:
    """The batches with hardly more rows than those of a few cases; the maker of events counts the others."""
    import numpy as np
    import pyarrow
    from pyarrow import compute, types

    place = maker.roles.case
    whole = [int(name) for name in wanted if name.removeprefix("-").isdecimal() and abs(int(name)) < 1 << 63]
    for batch in batches:
        column = batch.column(place)
        if types.is_integer(column.type) and str(column.type) != "uint64":
            here = compute.is_in(column.cast(pyarrow.int64()), value_set=pyarrow.array(whole, pyarrow.int64()))
        elif types.is_string(column.type) or types.is_large_string(column.type):
            texts = compute.utf8_trim_whitespace(column)
            here = compute.is_in(texts, value_set=pyarrow.array(sorted(wanted), texts.type))
        else:
            yield batch
            continue
        first = 0
        for row in np.flatnonzero(here.to_numpy(zero_copy_only=False)).tolist():
            maker.count += row - first
            yield batch.slice(row, 1)
            first = row + 1
        maker.count += len(batch) - first


def _rows(one: Input) -> Iterator[RowSource]:
    if one.table is not None:
        rows = table_rows(one.table)
        if rows is not None:
            yield rows
        return
    with open_source(one.source) as opened:
        yield open_rows(opened, one.block)
