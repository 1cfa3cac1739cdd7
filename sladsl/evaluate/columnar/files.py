"""Files and tables through the columnar evaluator.

Takes:  a plan, and the files or tables that hold a log.
Gives:  `judge_files`: a ColumnarOutcome; `sladsl.events` reads what is not plain, so that the events are the same.
Never:  holds a log that is in order. One that is not is read again and sorted, case by case.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import Queue
from threading import Event as Flag
from threading import Thread
from typing import Any, TypeVar

from attrs import define, field

from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.bulk import ColumnarOutcome
from sladsl.evaluate.columnar.chunks import NotPlain, delimited_chunks, parquet_chunks, table_chunks
from sladsl.evaluate.columnar.from_events import Names, event_batches
from sladsl.evaluate.columnar.ordering import ordered
from sladsl.evaluate.columnar.rows import Cases, Chunk, Rows, SeenBefore
from sladsl.evaluate.columnar.run import OutOfOrder, Run
from sladsl.events import Event, InputReport, InputSpec, LogError, ReadOptions
from sladsl.events.columns import Roles, resolve_columns
from sladsl.events.delimited import DelimitedRows
from sladsl.events.opened import Opened, open_source
from sladsl.events.reader import assign_blocks, open_rows
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker, Seen
from sladsl.events.sources import Source, find_sources
from sladsl.ir.expression import ActorIs
from sladsl.ir.plan import Plan

T = TypeVar("T")
_AHEAD = 2  # batches that wait while the kernel judges one


class _NoActor(Exception):
    """No event of the log names an actor, and a party asks for one: it is not checked then."""


@define
class _Input:
    """One input: where it is, what its columns are for, and how it is read."""

    source: Source
    block: InputSpec | None
    roles: Roles
    format: str
    table: Any = None  # what is in memory
    slow: bool = False
    whole_cases: bool = False
    delimiter: str = ","
    start: int = 0  # where the rows of a delimited file begin
    report: InputReport | None = field(default=None)


def judge_files(
    plan: Plan,
    inputs: Any,
    as_of_us: int | None = None,
    *,
    options: ReadOptions | None = None,
    keeps_stretches: bool = False,
) -> ColumnarOutcome:
    """Judge the log that files or tables hold.

    Args:
        plan: the compiled policy.
        inputs: a path or several (as `sladsl.events.read` takes them), a table of Arrow, polars, pandas or DuckDB, or a
            dictionary of tables by the names of their `events` blocks.
        as_of_us: microseconds UTC; default: the last event.
        options: how it is read; default: what the plan says.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.

    Raises CannotJudge where only the stream evaluator does it, LogError where the log cannot be read at all.
    """
    options = options or ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes))
    found = _inputs(plan, inputs, options)
    asks_for_actors = any(isinstance(node, ActorIs) for node in _nodes(plan))
    actors = any(one.slow or one.roles.actor is not None for one in found)
    attempt = _Attempt(plan, found, as_of_us, options, keeps_stretches)
    while True:
        try:
            return attempt.judge(actors, asks_for_actors)
        except _NotPlainInput as odd:
            argument = found[odd.input].source.argument
            for one in found:
                one.slow = one.slow or one.source.argument == argument
                one.whole_cases = False
        except OutOfOrder:
            attempt.sorts = True
        except _NoActor:
            actors = False


class _NotPlainInput(Exception):
    def __init__(self, input: int) -> None:
        super().__init__()
        self.input = input


class _Attempt:
    """One way through the inputs; another is tried where they turn out not to be as they seemed."""

    def __init__(
        self, plan: Plan, inputs: list[_Input], as_of_us: int | None, options: ReadOptions, keeps_stretches: bool
    ) -> None:
        self.plan = plan
        self.inputs = inputs
        self.as_of_us = as_of_us
        self.options = options
        self.keeps_stretches = keeps_stretches
        self.sorts = False

    def judge(self, actors: bool, asks_for_actors: bool) -> ColumnarOutcome:
        lots: list[tuple[Array, Array]] = []
        run = Run(self.plan, actors, lambda records, stretches: lots.append((records, stretches)), self.keeps_stretches)
        self.run = run
        self.cases = Cases(all(one.whole_cases for one in self.inputs))
        self.types = Names()
        self.rejects: list[Any] = []
        self.matched: Counter[str] = Counter()
        self.any_actor = False
        if self.sorts:
            held = list(self._batches())
            for batch in ordered([b for b in held if len(b)], len(self.cases)) if any(map(len, held)) else ():
                run.feed(batch, len(self.cases))
        else:
            for batch in ahead(self._batches()):
                run.feed(batch, len(self.cases))
        if actors and asks_for_actors and not self.any_actor:
            raise _NoActor
        lasts = [one.report.last_us for one in self.inputs if one.report is not None and one.report.last_us is not None]
        as_of = self.as_of_us if self.as_of_us is not None else max(lasts, default=None)
        if as_of is not None:
            run.finish(len(self.cases), as_of)
        return ColumnarOutcome(
            tables=run.tables,
            as_of_us=as_of,
            cases=self.cases,
            type_texts=self.types.texts(),
            lots=lots,
            alert_lots=run.alerts,
            inputs=[one.report for one in self.inputs if one.report is not None],
            rejects=self.rejects,
            has_actor=self.any_actor,
            matched=self.matched,
            later=run.later,
            unknown_zones=run.unknown_zones,
            sorted=self.sorts,
            slow=tuple(i for i, one in enumerate(self.inputs) if one.slow),
        )

    def _batches(self) -> Iterator[Batch]:
        seen: dict[int, SeenBefore] = {}
        slow_seen: dict[int, Seen] = {}
        for number, one in enumerate(self.inputs):
            if one.slow:
                yield from self._slow(number, one, slow_seen.setdefault(one.source.argument, Seen()))
            else:
                try:
                    yield from self._fast(number, one, seen.setdefault(one.source.argument, SeenBefore()))
                except NotPlain:
                    raise _NotPlainInput(number) from None

    def _fast(self, number: int, one: _Input, seen: SeenBefore) -> Iterator[Batch]:
        typed = one.format not in ("csv", "tsv")
        rows = Rows(self.run, one.roles, one.block, self.options, number, self.cases, self.types, seen, typed)
        for chunk in _chunks(one, self._places(one)):
            if chunk.count:
                yield rows.batch(chunk, self.as_of_us)
        self.rejects += rows.rejects
        self.any_actor = self.any_actor or rows.any_actor
        names = self.types.texts()
        for kind, count in enumerate(rows.of_type.tolist()):
            if count:
                self.matched[names[kind]] += count
        self._report(
            one,
            rows,
            rows.cases_seen,
            rows.events,
            rows.first_us,
            rows.last_us,
            rows.rejects,
            [a.name for a in one.roles.attributes],
        )

    def _places(self, one: _Input) -> list[int]:
        """The columns that are read."""
        roles = one.roles
        wanted = {source.source.name for source in self.run.sources if source.source.what in ("attribute", "carried")}
        places = {roles.case, *(step.times.index for step in roles.steps)}
        places |= {place for place in (roles.event, roles.actor, roles.id) if place is not None}
        if roles.time is not None:
            places.add(roles.time.index)
        return sorted(places | {a.index for a in roles.attributes if a.name in wanted})

    def _slow(self, number: int, one: _Input, seen: Seen) -> Iterator[Batch]:
        """An input by the reader of events."""
        with _opened(one) as (rows, _):
            maker = EventMaker(rows, one.roles, one.block, self.options, number, 0, seen)
            told = _Told()
            events = (event for event in told.of(maker) if self.as_of_us is None or event.time_us <= self.as_of_us)
            yield from event_batches(events, self.run.tables, self.run.sources, self.cases.of_texts, self.types)
        self.rejects += maker.rejects
        self.any_actor = self.any_actor or told.any_actor
        self.matched += told.types
        names = tuple(attribute.name for attribute in maker.attributes)
        self._report(one, maker, len(told.cases), told.count, told.first_us, told.last_us, maker.rejects, names)

    def _report(
        self,
        one: _Input,
        made: Any,
        cases: int,
        events: int,
        first: int | None,
        last: int | None,
        rejects: Any,
        names: Any,
    ) -> None:
        one.report = InputReport(
            name=one.source.name,
            path=one.source.path,
            format=one.format,
            rows=made.count,
            events=events,
            cases=cases,
            first_us=first,
            last_us=last,
            rejected=len(rejects),
            duplicates=made.duplicates,
            skipped_times=made.skipped,
            repeated_times=made.repeated,
            columns=one.roles.found,
            attributes=tuple(names),
            hash="",
        )


class _Told:
    """What is counted of events as they pass."""

    def __init__(self) -> None:
        self.count = 0
        self.cases: set[str] = set()
        self.types: Counter[str] = Counter()
        self.first_us: int | None = None
        self.last_us: int | None = None
        self.any_actor = False

    def of(self, events: Any) -> Iterator[Event]:
        for event in events:
            self.count += 1
            self.cases.add(event.case)
            self.types[event.type] += 1
            us = event.time_us
            self.first_us = us if self.first_us is None or us < self.first_us else self.first_us
            self.last_us = us if self.last_us is None or us > self.last_us else self.last_us
            self.any_actor = self.any_actor or bool(event.actor)
            yield event


# --- inputs -----------------------------------------------------------------------------------------------------------


def _inputs(plan: Plan, given: Any, options: ReadOptions) -> list[_Input]:
    if isinstance(given, str | Path):
        given = [given]
    if isinstance(given, Sequence) and all(isinstance(item, str | Path | tuple) for item in given):
        sources = find_sources(given)
        blocks = assign_blocks(sources, plan.inputs)
        return [_file(source, block, options) for source, block in zip(sources, blocks, strict=True)]
    named = dict(given) if isinstance(given, Mapping) else {"": given}
    sources = [Source(str(name), "", number) for number, name in enumerate(named)]
    blocks = assign_blocks(sources, plan.inputs)
    return [
        _table(source, block, options, table)
        for source, block, table in zip(sources, blocks, named.values(), strict=True)
    ]


def _roles(headings: Sequence[str], block: InputSpec | None, options: ReadOptions, source: Source) -> Roles:
    roles = resolve_columns(headings, block, options, source.shown)
    if isinstance(roles, list):
        raise LogError(roles)
    return roles


def _file(source: Source, block: InputSpec | None, options: ReadOptions) -> _Input:
    with open_source(source) as opened:
        rows = open_rows(opened, block)
        roles = _roles(rows.headings, block, options, source)
        one = _Input(source, block, roles, opened.format)
        plain = source.path != "-" and not opened.is_compressed
        if opened.format == "parquet" and plain:
            from pyarrow import parquet, types

            schema = parquet.read_schema(source.path)
            one.slow = len(set(schema.names)) < len(schema.names)
            one.whole_cases = types.is_integer(schema.types[roles.case]) and str(schema.types[roles.case]) != "uint64"
        elif isinstance(rows, DelimitedRows) and plain and opened.encoding in ("utf-8", "utf-8-sig"):
            one.delimiter = rows.delimiter
            one.start = _after_headings(opened, rows)
            one.slow = one.start < 0
        else:
            one.slow = True
    return one


def _after_headings(opened: Opened, rows: DelimitedRows) -> int:
    """Where the rows of a delimited file begin; -1 where its first line is not just its headings."""
    head = opened.head
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    end = head.find(b"\n") + 1
    first = head[mark:end]
    if end == 0 or first.count(b'"') % 2 or b"\r" in first.rstrip(b"\r\n"):
        return -1
    try:
        line = first.decode("utf-8")
    except UnicodeDecodeError:
        return -1
    cells = next(csv.reader([line], delimiter=rows.delimiter, skipinitialspace=True), [])
    return end if [cell.strip() for cell in cells] == rows.headings else -1


def _table(source: Source, block: InputSpec | None, options: ReadOptions, table: Any) -> _Input:
    import pyarrow
    from pyarrow import types

    if hasattr(table, "collect") and not hasattr(table, "__arrow_c_stream__"):
        table = table.collect()
    if isinstance(table, pyarrow.RecordBatchReader):
        table = table.read_all()  # it can be read only once
    if not hasattr(table, "__arrow_c_stream__"):
        from sladsl.evaluate.columnar.errors import CannotJudge

        raise CannotJudge(f"events are not read from `{type(table).__name__}` by the columnar evaluator")
    schema = pyarrow.RecordBatchReader.from_stream(table).schema
    headings = [str(name) for name in schema.names]
    one = _Input(source, block, _roles(headings, block, options, source), "arrow", table)
    kind = schema.types[one.roles.case]
    one.whole_cases = types.is_integer(kind) and str(kind) != "uint64"
    return one


def _chunks(one: _Input, places: list[int]) -> Iterator[Chunk]:
    headings = list(one.roles.headings)
    if one.table is not None:
        import pyarrow

        yield from table_chunks(pyarrow.RecordBatchReader.from_stream(one.table), headings)
    elif one.format == "parquet":
        few = frozenset(places) - {one.roles.case, one.roles.id}
        yield from parquet_chunks(one.source.path, headings, places, frozenset(p for p in few if p is not None))
    else:
        with open(one.source.path, "rb") as file:
            file.seek(one.start)
            yield from delimited_chunks(file, one.delimiter, headings, places, _check)


def _check(text: bytes) -> None:
    """Raises NotPlain for bytes that only a careful reader takes."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlain from None


class _opened:
    """The rows of an input for the reader of events."""

    def __init__(self, one: _Input) -> None:
        self._one = one
        self._opened: Opened | None = None

    def __enter__(self) -> tuple[RowSource, Opened | None]:
        self._opened = open_source(self._one.source)
        return open_rows(self._opened, self._one.block), self._opened

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.__exit__()


def _nodes(plan: Plan) -> Iterator[Any]:
    from sladsl.evaluate.columnar.leaves import walk

    for condition in plan.conditions:
        yield from walk(condition.expr)


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, made in a thread of their own while the ones before are used."""
    waiting: Queue[tuple[T | None, BaseException | None, bool]] = Queue(_AHEAD)
    stopped = Flag()

    def make() -> None:
        try:
            for item in items:
                waiting.put((item, None, False))
                if stopped.is_set():
                    return
            waiting.put((None, None, True))
        except BaseException as error:
            waiting.put((None, error, True))

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = waiting.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        while thread.is_alive():
            while not waiting.empty():
                waiting.get_nowait()
            thread.join(0.01)
