"""Inputs as chunks of columns.

Takes:  Parquet files, whatever speaks Arrow, delimited files.
Gives:  `ArrowChunk`, `parquet_chunks`, `table_chunks`, `DelimitedChunk`, `delimited_chunks`.
Never:  holds more of an input than a chunk of it. A delimited file that is not plain raises NotPlain: its reader takes it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.cell_columns import Column, SpanColumn, arrow_column
from sladsl.evaluate.columnar.texts import Spans
from sladsl.events.arrow_rows import ArrowRows
from sladsl.events.row_source import RowSource

_ROWS = 1 << 17
_BYTES = 1 << 24
_BYTES_OF_A_CODE = 6  # with its share of the dictionary; texts themselves take more


class NotPlain(Exception):
    """A file that only its own reader can take apart."""


class ArrowChunk:
    """A record batch.

    Args:
        headings: of the whole table.
        batch: the columns that are wanted, by their place in `wanted`.
        whole_row: gives one row with all its columns, for what must be looked at closely.
    """

    def __init__(
        self, headings: list[str], batch: Any, wanted: dict[int, int], whole_row: Callable[[int], Any]
    ) -> None:
        self.count: int = batch.num_rows
        self._headings = headings
        self._batch = batch
        self._wanted = wanted
        self._whole_row = whole_row
        self._columns: dict[int, Column] = {}

    def column(self, place: int) -> Column:
        """The cells of a column."""
        if place not in self._columns:
            self._columns[place] = arrow_column(self._batch.column(self._wanted[place]))
        return self._columns[place]

    def rows(self, row: int) -> RowSource:
        """One row alone, as the reader of tables has it."""
        return ArrowRows(list(self._headings), iter([self._whole_row(row)]), "arrow")


def parquet_chunks(path: str, headings: list[str], places: list[int], few: frozenset[int]) -> Iterator[ArrowChunk]:
    """The chunks of a Parquet file; `few` are the columns of texts that are worth a dictionary, whatever they hold."""
    from pyarrow import parquet

    schema, metadata = parquet.read_schema(path), parquet.read_metadata(path)
    texts = [
        headings[place]
        for place in places
        if str(schema.field(place).type) in ("string", "large_string")
        and (place in few or _repeats(metadata, headings[place]))
    ]
    file = parquet.ParquetFile(path, read_dictionary=texts, pre_buffer=False)
    names = [headings[place] for place in places]
    before = 0
    for batch in file.iter_batches(_ROWS, columns=names):
        wanted = {place: batch.schema.get_field_index(headings[place]) for place in places}
        yield ArrowChunk(headings, batch, wanted, _RowsOfFile(path, before))
        before += batch.num_rows


def _repeats(metadata: Any, heading: str) -> bool:
    """Whether texts repeat themselves so often that the file has each only once a row group, as their bytes tell."""
    size = rows = 0
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            if column.path_in_schema == heading:
                size += column.total_uncompressed_size
                rows += column.num_values
    return size < _BYTES_OF_A_CODE * rows


class _RowsOfFile:
    """Whole rows of a Parquet file, by their place after a row."""

    def __init__(self, path: str, before: int) -> None:
        self._path = path
        self._before = before
        self._group = -1
        self._first = 0
        self._table: Any = None

    def __call__(self, row: int) -> Any:
        from pyarrow import parquet

        place = self._before + row
        if self._table is None or not self._first <= place < self._first + self._table.num_rows:
            file = parquet.ParquetFile(self._path)
            self._first = group = 0
            while place >= self._first + file.metadata.row_group(group).num_rows:
                self._first += file.metadata.row_group(group).num_rows
                group += 1
            self._table = file.read_row_group(group)
        return self._table.slice(place - self._first, 1).combine_chunks().to_batches()[0]


def table_chunks(reader: Any, headings: list[str]) -> Iterator[ArrowChunk]:
    """The chunks of whatever speaks Arrow."""
    places = {place: place for place in range(len(headings))}
    for batch in reader:
        for first in range(0, batch.num_rows, _ROWS):
            part = batch.slice(first, _ROWS)
            yield ArrowChunk(headings, part, places, lambda row, part=part: part.slice(row, 1))  # type: ignore[misc]


# --- delimited files --------------------------------------------------------------------------------------------------


class DelimitedChunk:
    """Some rows of a delimited file: where their cells are among its bytes."""

    def __init__(self, data: Any, headings: list[str], delimiter: str, wanted: dict[int, int], cut: Any) -> None:
        self._starts, self._sizes, self._lines, self._kinds, self.count = cut
        self._data = data
        self._headings = headings
        self._delimiter = delimiter
        self._wanted = wanted

    def column(self, place: int) -> Column:
        """The cells of a column."""
        row = self._wanted[place]
        starts, sizes = self._starts[row, : self.count], self._sizes[row, : self.count]
        return SpanColumn(Spans(self._data.ctypes.data, starts, sizes, self._data))

    def rows(self, row: int) -> RowSource:
        """One row alone, as the reader of delimited files has it."""
        line = self._data[self._lines[row] : self._lines[row + 1]].tobytes().decode("utf-8")
        return _OneLine(line, self._delimiter, self._headings)


class _OneLine(RowSource):
    """A line of a delimited file."""

    typed = False

    def __init__(self, line: str, delimiter: str, headings: list[str]) -> None:
        super().__init__("csv")
        self.headings = headings
        self._line = line
        self._delimiter = delimiter

    def record(self) -> str:
        return self._line.rstrip("\r\n")

    def __iter__(self) -> Iterator[list[Any]]:
        import csv

        yield from csv.reader(io.StringIO(self._line, newline=""), delimiter=self._delimiter, skipinitialspace=True)


def delimited_chunks(
    file: Any, delimiter: str, headings: list[str], places: list[int], check: Callable[[bytes], None]
) -> Iterator[DelimitedChunk]:
    """The chunks of a delimited file after its headings.

    Raises NotPlain where its bytes, its quotes or the width of a row ask for its own reader.
    """
    from sladsl.evaluate.columnar.loops.delimited import FINE, cut_rows

    width = len(headings)
    wanted = {place: i for i, place in enumerate(places)}
    which = np.full(width, -1, np.int32)
    which[places] = np.arange(len(places))
    rest = b""
    while True:
        block = file.read(_BYTES)
        whole = rest + block
        end = whole.rfind(b"\n") + 1 if block else len(whole)
        text, rest = whole[:end], whole[end:]
        if text:
            if not text.endswith(b"\n"):
                text += b"\n"
            check(text)
            data = np.frombuffer(text, np.uint8)
            room = text.count(b"\n") + 1
            starts, sizes = np.zeros((len(places), room), np.int64), np.zeros((len(places), room), np.int32)
            lines, kinds, state = np.zeros(room + 1, np.int64), np.zeros(room, np.uint8), np.zeros(2, np.int64)
            count = cut_rows(
                data.ctypes.data, len(text), ord(delimiter), width, which, starts, sizes, lines, kinds, state
            )
            if state[1] != FINE or kinds[:count].any():
                raise NotPlain
            yield DelimitedChunk(data, headings, delimiter, wanted, (starts, sizes, lines, kinds, count))
        if not block:
            return
