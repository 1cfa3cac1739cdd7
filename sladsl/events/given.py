"""Read logs that are in memory.

Takes:  events, dictionaries, tables of pandas, polars, Arrow and DuckDB.
Gives:  as_log: the same Log as a file with the same rows gives.
Never:  loads a table library that its caller has not loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sladsl.events.event import Event
from sladsl.events.lines import encodable
from sladsl.events.log import InputReport, Log, LogError
from sladsl.events.objects import GivenObjects, ObjectRows
from sladsl.events.reader import Gathered, assign_blocks, late_headings
from sladsl.events.row_source import RowSource
from sladsl.events.rows import Seen
from sladsl.events.sources import Source
from sladsl.events.spec import InputSpec, ReadOptions
from sladsl.events.values import as_json
from sladsl.text import Diagnostic

_GIVE = "give events, dictionaries, or a table of pandas, polars, Arrow or DuckDB"
_MAKE_TABLE = "make a table of it (`pyarrow.table`); a dictionary gives tables by the names of their `events` blocks"


def as_log(data: Any, specs: Sequence[InputSpec] = (), options: ReadOptions | None = None) -> Log:
    """The log that data in memory is.

    Args:
        data: a Log; events; dictionaries (an event each, or a wide row); a table of pandas, polars, Arrow or DuckDB;
            or a dictionary of these by the names of their `events` blocks.
        specs: the `events` blocks of the policy.
        options: as for files.

    Raises LogError as `read` does.
    """
    if isinstance(data, Log):
        return data
    options = options or ReadOptions()
    if isinstance(data, Mapping) and data and all(map(_is_column, data.values())):
        raise _no_events("a dictionary of columns", _MAKE_TABLE)
    named = dict(data) if isinstance(data, Mapping) else {"": data}
    sources = [Source(str(name), "", number) for number, name in enumerate(named)]
    blocks = assign_blocks(sources, specs)
    gathered = Gathered(options)
    for source, block, table in zip(sources, blocks, named.values(), strict=True):
        try:
            rows = _rows(table, block)
            if isinstance(rows, list):
                _take_events(gathered, source, rows)
            else:
                gathered.take(source, rows, block, Seen())
        except LogError as error:
            gathered.wrong += error.diagnostics
    return gathered.log(blocks, specs)


def _rows(table: Any, block: InputSpec | None) -> RowSource | list[Any]:
    """The rows of a table, or the list of events that it is."""
    if hasattr(table, "collect") and not hasattr(table, "__arrow_c_stream__"):
        table = table.collect()  # a lazy table of polars
    if hasattr(table, "__arrow_c_stream__"):
        from sladsl.events.arrow_rows import table_rows

        if rows := table_rows(table):
            return rows
    if hasattr(table, "iloc") and hasattr(table, "columns"):
        return FrameRows(table)
    if isinstance(table, str | bytes) or not isinstance(table, Iterable):
        raise _no_events(f"`{type(table).__name__}`", _GIVE)
    items = list(table)
    if not items or isinstance(items[0], Event):
        return items
    if any(hasattr(item, "__arrow_c_stream__") or hasattr(item, "iloc") for item in items):
        raise _no_events(
            "several tables", "put them together in one, or give a dictionary of them by their `events` blocks"
        )
    if not any(isinstance(item, Mapping) for item in items):
        raise _no_events(f"`{type(table).__name__}` of `{type(items[0]).__name__}`", _GIVE)
    return ObjectRows(GivenObjects(items), "rows", late_headings(block))


def _is_column(values: Any) -> bool:
    """Whether this is a column of cells, where a table is expected."""
    if not isinstance(values, list | tuple) or not values:
        return False
    return not any(isinstance(value, Mapping | Event) for value in values)


def _no_events(what: str, help: str) -> LogError:
    return LogError([Diagnostic("SLA0601", f"events cannot be read from {what}", None, help=help)])


def _take_events(gathered: Gathered, source: Source, events: list[Any]) -> None:
    """Take events as they are, in the order given; of those with one id the first."""
    wanted = gathered.options.attributes
    number = len(gathered.reports)
    position = gathered.events[-1].position + 1 if gathered.events else 0
    ids: set[str] = set()
    taken: list[Event] = []
    names: dict[str, None] = {}
    for row, event in enumerate(events, 1):
        if not isinstance(event, Event):
            message = f"{source.shown} holds events and, as number {row}, `{type(event).__name__}`"
            raise LogError([Diagnostic("SLA0601", message, None)])
        if event.id is not None:
            if event.id in ids:
                continue
            ids.add(event.id)
        names.update(dict.fromkeys(event.attributes))
        carried = event.attributes
        if wanted is not None:
            carried = {name: value for name, value in carried.items() if name in wanted}
        taken.append(
            Event(event.case, event.time_us, event.type, event.actor, carried, position, number, row, event.id)
        )
        position += 1
    gathered.headings += names
    gathered.add(
        taken,
        InputReport(
            name=source.name,
            path="",
            format="events",
            rows=len(events),
            events=len(taken),
            cases=len({event.case for event in taken}),
            first_us=min((event.time_us for event in taken), default=None),
            last_us=max((event.time_us for event in taken), default=None),
            rejected=0,
            duplicates=len(events) - len(taken),
            skipped_times=0,
            repeated_times=0,
            columns={},
            attributes=tuple(name for name in names if wanted is None or name in wanted),
            hash="",
        ),
    )


class FrameRows(RowSource):
    """The rows of a pandas table that Arrow cannot take over, because its columns mix kinds."""

    def __init__(self, frame: Any) -> None:
        super().__init__("pandas")
        self.headings = [encodable(str(name)).strip() for name in frame.columns]
        self._columns = [frame.iloc[:, place].tolist() for place in range(len(self.headings))]
        self._cells: list[Any] = []

    def __iter__(self) -> Iterator[list[Any]]:
        for cells in map(list, zip(*self._columns, strict=True)):
            self._cells = cells
            yield cells

    def record(self) -> str:
        return as_json(dict(zip(self.headings, self._cells, strict=True)))
