"""Rows of a table become batches of events.

Takes:  chunks of columns, what each column is for.
Gives:  `Rows`: the batches of one input, and what was refused and counted on the way.
Never:  reads a row otherwise than `sladsl.events` does: a row that is not plain is handed to its EventMaker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from sladsl.evaluate.columnar.batch import Array, Batch, pack_cause
from sladsl.evaluate.columnar.cases import Cases, SeenBefore
from sladsl.evaluate.columnar.cell_columns import Column, NumberColumn, SpanColumn, TimeColumn, taken, time_column
from sladsl.evaluate.columnar.columns import SourceTable, empty_batch
from sladsl.evaluate.columnar.errors import CannotJudge
from sladsl.evaluate.columnar.from_events import Names
from sladsl.evaluate.columnar.run import Run
from sladsl.evaluate.columnar.texts import MISSING, Spans, TextNumbers, spans_of
from sladsl.events import InputSpec, Instant, ReadOptions, Reject
from sladsl.events.actors import Actors
from sladsl.events.columns import Roles, Timed
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker
from sladsl.events.times import cell_reader
from sladsl.events.values import TextCells, TypedCells, TypedNames

_TYPES_AT_MOST = 1 << 24


class Chunk(Protocol):
    """Some rows of a table."""

    @property
    def count(self) -> int:
        """How many rows."""

    def column(self, place: int) -> Column:
        """The cells of a column."""

    def rows(self, row: int) -> RowSource:
        """One row alone, as the reader of its format has it."""


class Rows:
    """The events of one input, batch by batch.

    Args:
        run: whose tables the batches are for.
        roles, spec, options: as for EventMaker.
        input: its index.
        cases, types: by number, shared with the other inputs.
        seen: shared with the other files of its argument.
        typed: whether cells have kinds.
        actors: is told who acts.

    Attributes, to be read when the batches have come to their end: those of EventMaker, and `events`, `cases_seen`,
    `first_us`, `last_us`, `of_type` (events up to as-of by the number of their type).
    """

    def __init__(
        self,
        run: Run,
        roles: Roles,
        spec: InputSpec | None,
        options: ReadOptions,
        input: int,
        cases: Cases,
        types: Names,
        seen: SeenBefore,
        typed: bool,
        actors: Actors,
    ) -> None:
        self._run = run
        self._roles = roles
        self._spec = spec or InputSpec()
        self._options = options
        self._input = input
        self._cases = cases
        self._types = types
        self._seen = seen
        self._typed = typed
        self._texts = TextCells(self._spec.missing)
        self._names: TypedNames | TextCells = TypedNames(self._texts) if typed else self._texts
        self._cells = TypedCells(self._texts) if typed else None
        self._type_texts = TextNumbers(self._texts)
        self._of_type_text = np.zeros(0, np.int32)
        self._places = {attribute.name: attribute for attribute in roles.attributes}
        self.rejects: list[Reject] = []
        self.count = self.events = self.duplicates = self.short = self.skipped = self.repeated = 0
        self.first_us: int | None = None
        self.last_us: int | None = None
        self._actors = actors
        self._actor_texts = TextNumbers(self._texts)
        self.of_type = np.zeros(0, np.int64)
        self._case_seen = np.zeros(0, np.bool_)

    @property
    def cases_seen(self) -> int:
        """How many different cases there were."""
        return int(self._case_seen.sum())

    def batch(self, chunk: Chunk, as_of_us: int | None) -> Batch:
        """The events of a chunk, those after as-of left out."""
        roles = self._roles
        case = self._cases.number(chunk.column(roles.case), self._names, self._texts.markers)
        fine = case != MISSING
        time = kind = None
        if roles.time is not None:
            time = self._time(chunk, roles.time)
            kind = self._type_numbers(chunk.column(roles.event or 0))
            fine &= time.read & (kind != MISSING)
        steps: list[tuple[Array, TimeColumn]] = []
        for step in roles.steps:
            there = self._there(chunk.column(step.times.index))
            found = self._time(chunk, step.times)
            steps.append((there, found))
            fine &= ~there | found.read
        row = self._count_rows(chunk, fine)
        plain = bool(fine.all())
        read = [(fine, time)] if time is not None else []
        for told, found in [*read, *((fine & there, found) for there, found in steps)]:
            self.skipped += int((found.skipped & told).sum())
            self.repeated += int((found.repeated & told).sum())
        if roles.id is not None:
            again = self._seen.again(self._id_numbers(chunk.column(roles.id)), fine)
            self.duplicates += int((again & fine).sum())
            fine &= ~again
        batch = self._of_rows(chunk, case, time, kind, row, plain)
        self._tell_actors(chunk, fine, [there for there, _ in steps] if time is None else None)
        if steps:
            batch, taken = self._with_steps(batch, fine, steps, own=time is not None)
        else:
            taken = batch if fine.all() else batch.take(np.flatnonzero(fine))
        self._tell(taken)
        if as_of_us is not None and len(taken) and int(taken.time.max()) > as_of_us:
            taken = taken.take(np.flatnonzero(taken.time <= as_of_us))
        if len(taken):
            from sladsl.evaluate.columnar.loops.cells import count_types

            if len(self._types) > len(self.of_type):
                more = np.zeros(len(self._types) - len(self.of_type), np.int64)
                self.of_type = np.append(self.of_type, more)
            count_types(np.ascontiguousarray(taken.type), self.of_type)
        return taken

    # --- roles ------------------------------------------------------------------------------------------------------

    def _time(self, chunk: Chunk, times: Timed) -> TimeColumn:
        return time_column(chunk.column(times.index), self._options.zone, times, self._spec.end_of_day, self._typed)

    def _type_numbers(self, column: Column) -> Array:
        if isinstance(column, SpanColumn):
            codes = self._type_texts.number(column.spans)
            known = len(self._of_type_text)
            if len(self._type_texts) > known:
                new = [self._types.number(text) for text in self._type_texts.texts(known)]
                self._of_type_text = np.concatenate([self._of_type_text, np.array(new, np.int32)])
            found = np.append(self._of_type_text, np.int32(MISSING))[codes]
        else:
            coded = column.coded() if isinstance(column, NumberColumn) else column
            used = _used(coded.codes, len(coded.cells))
            names = [
                self._names[cell] if asked else None for cell, asked in zip(coded.cells, used.tolist(), strict=True)
            ]
            numbers = [MISSING if name is None else self._types.number(name) for name in names]
            found = taken(np.array(numbers, np.int32), coded.codes)
        if len(self._types) >= _TYPES_AT_MOST:
            raise CannotJudge("the log has more different events than the columnar evaluator counts")
        return found

    def _id_numbers(self, column: Column) -> Array:
        if isinstance(column, SpanColumn) and not self._texts.markers:
            return self._seen.ids.number(column.spans)
        if isinstance(column, SpanColumn):
            texts = [self._texts[column.spans.text(row)] for row in range(len(column.spans))]
            return np.where(
                [text is None for text in texts], MISSING, self._seen.ids.number(spans_of([t or "" for t in texts]))
            )
        coded = column.coded() if isinstance(column, NumberColumn) else column
        texts = [self._names[cell] for cell in coded.cells]
        numbers = self._seen.ids.number(spans_of([text or "" for text in texts]))
        return np.where([text is None for text in texts], MISSING, numbers)[coded.codes].astype(np.int32)

    def _there(self, column: Column) -> Array:
        """Where a column has a value."""
        if isinstance(column, NumberColumn) and not self._texts.markers:
            return column.there
        if isinstance(column, SpanColumn):
            spans = column.spans
            found = spans.sizes > 0
            odd = np.flatnonzero(found & (spans.sizes < 40)) if self._texts.markers else self._blank(column)
            for row in odd.tolist():
                found[row] = self._texts[spans.text(row)] is not None
            return found
        coded = column.coded() if isinstance(column, NumberColumn) else column
        return np.array([self._names[cell] is not None for cell in coded.cells])[coded.codes]

    @staticmethod
    def _blank(column: SpanColumn) -> Array:
        """The rows whose text may be nothing but blanks: those too short for a time."""
        return np.flatnonzero((column.spans.sizes > 0) & (column.spans.sizes < 8))

    # --- rows that are not plain --------------------------------------------------------------------------------------

    def _count_rows(self, chunk: Chunk, fine: Array) -> Array:
        """The data row of each row; what cannot be read is refused, in the words of the reader of events."""
        row = np.arange(self.count + 1, self.count + 1 + chunk.count, dtype=np.int64)
        if fine.all():
            self.count += chunk.count
            return row
        odd = _OddRows(chunk, np.flatnonzero(~fine).tolist(), self.count, self._roles, self._typed)
        maker = odd.maker = EventMaker(odd, self._roles, self._spec, self._options, self._input)
        if any(True for _ in maker):
            raise CannotJudge("the log has rows that only the stream evaluator reads")
        self.rejects += maker.rejects
        self.short += maker.short
        self.skipped += maker.skipped
        self.repeated += maker.repeated
        for place in odd.blank:
            row[place:] -= 1
        self.count += chunk.count - len(odd.blank)
        return row

    # --- batches ------------------------------------------------------------------------------------------------------

    def _of_rows(
        self, chunk: Chunk, case: Array, time: TimeColumn | None, kind: Array | None, row: Array, fine: bool
    ) -> Batch:
        """A batch with an event a row; what the type and the case say is written later where there are steps.

        `fine` says that there are no rows without a case or a type.
        """
        count = chunk.count
        batch = empty_batch(
            self._run.tables,
            case if fine else np.maximum(case, 0).astype(np.int32),
            # compiled loops take no array that is not to be written to
            np.zeros(count, np.int64) if time is None else np.require(time.us, np.int64, ["C", "W"]),
            row + pack_cause(self._input, 0),
            np.zeros(count, np.int32) if kind is None else kind if fine else np.maximum(kind, 0).astype(np.int32),
        )
        for source in self._run.sources:
            what = source.source.what
            if what in ("attribute", "carried"):
                self._attribute(batch, source, chunk)
            elif what == "actor":
                self._actor(batch, source, chunk)
            elif not self._roles.steps:
                self._type_or_case(batch, source)
        return batch

    def _attribute(self, batch: Batch, source: SourceTable, chunk: Chunk) -> None:
        attribute = self._places.get(source.source.name)
        if attribute is None:
            source.write(batch, np.zeros(chunk.count, np.int32))
            return
        column = chunk.column(attribute.index)
        if attribute.times is not None:
            source.write(batch, self._timed(source, column, attribute.times))
            return
        if isinstance(column, NumberColumn) and not self._texts.markers:
            tests = source.tests(column.kind, column.values.dtype == np.float64)
            if tests is not None and not column.naive:
                source.write_column(batch, tests, column.values, column.there)
                return
        source.write_cells(batch, column, self._texts, self._cells)

    def _timed(self, source: SourceTable, column: Column, times: Timed) -> Array:
        """An attribute that a format or a unit makes an instant; what cannot be read stays as it is."""
        read = cell_reader(self._options.zone, times, self._spec.end_of_day, self._typed)
        cells = self._cells if self._cells is not None else self._texts

        def instant(raw: Any) -> Any:
            value = cells[raw]
            us = None if value is None else read(raw).us
            return value if us is None else Instant(us)

        if isinstance(column, SpanColumn):
            return source.number([instant(column.spans.text(row)) for row in range(len(column.spans))])
        coded = column.coded() if isinstance(column, NumberColumn) else column
        return source.number([instant(cell) for cell in coded.cells])[coded.codes]

    def _actor(self, batch: Batch, source: SourceTable, chunk: Chunk) -> None:
        if self._roles.actor is None:
            source.write(batch, np.zeros(chunk.count, np.int32))
            return
        column = chunk.column(self._roles.actor)
        if isinstance(column, SpanColumn):
            source.write_cells(batch, column, self._texts, None)
            return
        coded = column.coded() if isinstance(column, NumberColumn) else column
        source.write(batch, source.number([self._names[cell] for cell in coded.cells]), coded.codes)

    def _tell_actors(self, chunk: Chunk, fine: Array, steps: list[Array] | None) -> None:
        """Who acts in the rows that become events; where there are only steps, a row without any is none."""
        if self._roles.actor is None or self._actors.is_settled:
            return
        asked = fine if steps is None else fine & np.any(steps, axis=0)
        column = chunk.column(self._roles.actor)
        if isinstance(column, SpanColumn):
            known, spans = len(self._actor_texts), column.spans
            self._actor_texts.number(Spans(spans.address, spans.starts[asked], spans.sizes[asked], spans.kept))
            self._actors.add(self._texts[text] for text in self._actor_texts.texts(known))
        else:
            coded = column.coded() if isinstance(column, NumberColumn) else column
            used = _used(coded.codes[asked], len(coded.cells))
            self._actors.add(self._names[coded.cells[place]] for place in np.flatnonzero(used).tolist())

    def _type_or_case(self, batch: Batch, source: SourceTable) -> None:
        texts = list(self._types.numbers) if source.source.what == "type" else self._cases.texts()
        numbers = source.number(texts) if texts else np.zeros(1, np.int32)
        source.write(batch, numbers, batch.type if source.source.what == "type" else batch.case)

    def _with_steps(
        self, rows: Batch, fine: Array, steps: list[tuple[Array, TimeColumn]], own: bool
    ) -> tuple[Batch, Batch]:
        """Each step of a row as an event of its own, in the order of their lines, then the row's own event."""
        count, places = len(rows), len(steps) + own
        there = np.zeros((count, places), np.bool_)
        time = np.zeros((count, places), np.int64)
        kind = np.zeros((count, places), np.int32)
        for j, (asked, found) in enumerate(steps):
            there[:, j], time[:, j] = asked & fine, found.us
            kind[:, j] = self._types.number(self._roles.steps[j].event)
        if own:
            there[:, -1], time[:, -1], kind[:, -1] = fine, rows.time, rows.type
        row, place = np.nonzero(there)
        is_step = place < len(steps)
        new = np.ones(len(row), np.bool_)
        key = rows.case[row].astype(np.int64) * (len(steps) + 1) + place
        new[is_step] = self._seen.new_steps(key[is_step], time[there][is_step])
        row, place, is_step = row[new], place[new], is_step[new]
        batch = rows.take(row)
        batch.time, batch.type = time[row, place], kind[row, place]
        if own and is_step.any():
            self._say_nothing(batch, is_step)
        for source in self._run.sources:
            if source.source.what in ("type", "case"):
                self._type_or_case(batch, source)
        return rows, batch

    def _say_nothing(self, batch: Batch, rows: Array) -> None:
        """Beside an own event a step carries nothing but its time."""
        nothing = empty_batch(
            self._run.tables, *(np.zeros(1, kind) for kind in (np.int32, np.int64, np.int64, np.int32))
        )
        for source in self._run.sources:
            if source.source.what not in ("type", "case"):
                source.write(nothing, np.zeros(1, np.int32))
        batch.bits[:, rows], batch.mask[:, rows], batch.event[:, rows] = nothing.bits, nothing.mask, nothing.event
        for i, (_, _, flags) in enumerate(batch.values):
            numbers, below, _ = batch.values[i]
            kept = flags.copy()
            kept[rows] = 0
            batch.values[i] = numbers, below, kept
        for why in batch.reasons.values():
            why[rows] = 0

    def _tell(self, batch: Batch) -> None:
        """Count what was read."""
        if not len(batch):
            return
        self.events += len(batch)
        from sladsl.evaluate.columnar.loops.cells import count_rows

        if len(self._cases) > len(self._case_seen):
            more = np.zeros(max(len(self._cases), 2 * len(self._case_seen)), np.bool_)
            more[: len(self._case_seen)] = self._case_seen
            self._case_seen = more
        span = np.zeros(2, np.int64)
        count_rows(batch.case, batch.time, span, self._case_seen)
        first, last = span.tolist()
        self.first_us = first if self.first_us is None else min(self.first_us, first)
        self.last_us = last if self.last_us is None else max(self.last_us, last)


def _used(codes: Array, count: int) -> Array:
    """Which of so many codes occur."""
    from sladsl.evaluate.columnar.loops.cells import mark_used

    found = np.zeros(count, np.uint8)
    mark_used(np.require(codes, np.int32, ["C", "W"]), found)
    return found > 0


class _OddRows(RowSource):
    """The rows of a chunk that are not plain, for the reader of events.

    Args:
        chunk, places: where they are. before: how many data rows came before the chunk.

    Attributes:
        maker: who reads them; it is told the number of each. blank: the places of those that turned out to be no rows.
    """

    maker: EventMaker

    def __init__(self, chunk: Chunk, places: list[int], before: int, roles: Roles, typed: bool) -> None:
        super().__init__("")
        self.headings = list(roles.headings)
        self.typed = typed
        self.blank: list[int] = []
        self._chunk = chunk
        self._places = places
        self._before = before
        self._row: RowSource = self

    def record(self) -> str:
        return self._row.record()

    def __iter__(self) -> Iterator[list[Any]]:
        for place in self._places:
            number = self.maker.count = self._before + place - len(self.blank)
            self._row = self._chunk.rows(place)
            yield from self._row
            if self.maker.count == number:
                self.blank.append(place)
