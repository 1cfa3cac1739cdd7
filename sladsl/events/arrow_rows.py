"""The rows of a Parquet file and of any Arrow table.

Takes:  Opened, of format `parquet`; or whatever can be read as Arrow (a pyarrow or polars table, a DuckDB relation).
Gives:  ArrowRows: the column names, then a list of cells a row.
Never:  loads pyarrow before it is needed, or holds more than a batch as Python values.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from sladsl.events.event import Instant
from sladsl.events.lines import BROKEN
from sladsl.events.log import LogError
from sladsl.events.opened import Opened
from sladsl.events.row_source import BrokenRow, RowSource
from sladsl.events.values import as_json
from sladsl.text import Diagnostic

_BATCH = 16_384


class ArrowRows(RowSource):
    """Record batches as rows.

    Instants with an offset come as Instant, those without as ISO text, to be read in the agreement's zone; finer
    fractions than microseconds are cut.

    Attributes:
        batches: that are still to come; whoever needs only some of their rows may put others in their place.
    """

    def __init__(self, headings: list[str], batches: Iterator[Any], format: str) -> None:
        super().__init__(format)
        self.headings = headings
        self.batches = batches
        self._cells: list[Any] = []
        self._trouble = ""

    @property
    def trouble(self) -> str:
        return self._trouble

    def record(self) -> str:
        return as_json(dict(zip(self.headings, self._cells, strict=False)))

    def __iter__(self) -> Iterator[list[Any]]:
        import pyarrow

        batches = iter(self.batches)
        while True:
            try:
                batch = next(batches, None)
                columns = [] if batch is None else [_cells(column) for column in batch.columns]
            except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
                self._trouble = first_line(error)
                self._cells = []
                yield BrokenRow(f"the data breaks off here: {self._trouble}")
                return
            if batch is None:
                return
            for cells in map(list, zip(*columns, strict=True)):
                self._cells = cells
                yield cells


def parquet_rows(opened: Opened) -> ArrowRows:
    """The rows of a Parquet file. Raises LogError where it is damaged."""
    import pyarrow
    from pyarrow import parquet

    try:
        # Standard input and what was compressed once more cannot be read from the end, where Parquet keeps its table.
        plain = opened.source.path != "-" and not opened.is_compressed
        file = parquet.ParquetFile(opened.source.path if plain else io.BytesIO(opened.bytes.read()))
        return ArrowRows([str(name) for name in file.schema_arrow.names], file.iter_batches(_BATCH), "parquet")
    except (pyarrow.ArrowException, ValueError, *BROKEN) as error:
        message = f"{opened.source.shown} is damaged: {first_line(error)}"
        raise LogError([Diagnostic("SLA0602", message, None)]) from None


def table_rows(table: Any) -> ArrowRows | None:
    """The rows of anything that speaks Arrow, or None where this does not."""
    if not hasattr(table, "__arrow_c_stream__"):
        return None
    import pyarrow

    try:
        reader = pyarrow.RecordBatchReader.from_stream(table)
    except (pyarrow.ArrowException, TypeError, ValueError, NotImplementedError):
        return None  # columns that mix kinds, or two of one name: rows can still be read one by one
    return ArrowRows([str(name) for name in reader.schema.names], reader, "arrow")


def first_line(error: BaseException) -> str:
    """What a library says is wrong, as far as it fits a message."""
    lines = str(error).splitlines()
    text = lines[0].strip().rstrip(".") if lines else type(error).__name__
    return text[:1].lower() + text[1:200]


def _cells(column: Any) -> list[Any]:
    """A column as Python values."""
    import pyarrow
    from pyarrow import compute, types

    if types.is_dictionary(column.type):
        if str(column.type.value_type) == "string_view":  # categories of polars, which pyarrow cannot decode
            texts = column.dictionary.to_pylist()
            return [None if code is None else texts[code] for code in column.indices.to_pylist()]
        column = column.dictionary_decode()
    kind = column.type
    values: list[Any]
    if types.is_timestamp(kind) and kind.tz is not None:
        try:
            to_micros = compute.CastOptions(pyarrow.timestamp("us", kind.tz), allow_time_truncate=True)
            values = compute.cast(column, options=to_micros).cast(pyarrow.int64()).to_pylist()
            return [None if us is None else Instant(us) for us in values]
        except pyarrow.ArrowInvalid:  # beyond what microseconds can count: as text it is refused row by row
            pass
    if types.is_temporal(kind) and not types.is_duration(kind) and not types.is_interval(kind):
        column = column.cast(pyarrow.string())
    values = column.to_pylist()
    return values
