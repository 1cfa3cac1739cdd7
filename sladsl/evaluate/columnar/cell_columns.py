"""The cells of one column in a batch of rows, each kind as its source has it.

Takes:  Arrow arrays, or texts cut out of a file.
Gives:  SpanColumn, CodedColumn, NumberColumn; `arrow_column`, `time_column`, `taken`.
Never:  reads a cell otherwise than `sladsl.events` does; what is not plain is handed to its readers cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from attrs import define, frozen

from sladsl.clock import format_problem
from sladsl.clock.offsets import offsets_of
from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.texts import Spans
from sladsl.events.arrow_rows import ArrowRows
from sladsl.events.columns import Timed
from sladsl.events.times import CellReader, cell_reader
from sladsl.ir.expression import ValueKind

DAY_US = 86_400_000_000
_DAYS_AT_MOST = 200_000
_LAST_US = 253_402_300_799_999_999  # the end of the year 9999
_UNITS = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}


@frozen
class SpanColumn:
    """Texts in a buffer."""

    spans: Spans

    def cell(self, row: int) -> Any:
        """The raw cell."""
        return self.spans.text(row)


@define(slots=False)
class CodedColumn:
    """Few different cells: `codes` are their places in `cells`, whose last entry is None.

    words  an Arrow array of the cells, but for the last
    """

    codes: Array
    words: Any

    @cached_property
    def cells(self) -> list[Any]:
        """The different cells as the reader of tables gives them, and None."""
        return [*_python(self.words), None]

    @cached_property
    def spans(self) -> Spans | None:
        """The different cells, but for None, where they are texts in a buffer."""
        kind = str(self.words.type)
        return spans_of_array(self.words) if kind in ("string", "large_string") else None

    def cell(self, row: int) -> Any:
        """The raw cell."""
        return self.cells[self.codes[row]]


@frozen
class NumberColumn:
    """Numbers, or instants in microseconds; `there` is where there is one.

    kind   NUMBER or INSTANT
    naive  instants of the wall clock, to be read in the agreement's zone
    coded  the same column as different cells, for what must see them one by one
    """

    values: Array
    there: Array
    kind: ValueKind
    naive: bool
    coded: Callable[[], CodedColumn]

    def cell(self, row: int) -> Any:
        """The raw cell."""
        column = self.coded()
        return column.cells[column.codes[row]]


Column: TypeAlias = SpanColumn | CodedColumn | NumberColumn


@define
class TimeColumn:
    """Instants read off a column: microseconds UTC, where they could be read, and how many a clock change had moved."""

    us: Array
    read: Array
    skipped: Array
    repeated: Array


# --- from Arrow -------------------------------------------------------------------------------------------------------


def arrow_column(array: Any) -> Column:
    """The column of an Arrow array."""
    from pyarrow import types

    kind = array.type
    if types.is_dictionary(kind):
        return _coded(array)
    if types.is_string(kind) or types.is_large_string(kind):
        return SpanColumn(spans_of_array(array))
    if types.is_integer(kind) and not types.is_uint64(kind):
        return _numbers(array, ValueKind.NUMBER, "int64")
    if types.is_floating(kind):
        return _numbers(array, ValueKind.NUMBER, "float64")
    if types.is_timestamp(kind):
        return _instants(array)
    return _coded(_encoded(array))


def _encoded(array: Any) -> Any:
    """Any array as a dictionary of its different cells."""
    import pyarrow
    from pyarrow import compute, types

    if types.is_nested(array.type) or str(array.type).endswith("_view"):
        if str(array.type) == "string_view":
            return array.cast(pyarrow.string()).dictionary_encode()
        places: dict[str, int] = {}
        firsts: list[int] = []
        codes: list[int] = []
        for row, cell in enumerate(_python(array)):
            code = places.setdefault(cell if isinstance(cell, str) else repr(cell), len(places))
            if code == len(firsts):
                firsts.append(row)
            codes.append(code)
        different = array.take(pyarrow.array(firsts, pyarrow.int64()))
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(codes, pyarrow.int32()), different)
    return compute.dictionary_encode(array)


def _coded(array: Any) -> CodedColumn:
    from sladsl.evaluate.columnar.loops.cells import codes_of

    indices, words = array.indices, array.dictionary
    if str(indices.type) != "int32":
        indices = indices.cast("int32")
    codes = _buffer(indices, np.int32)
    if indices.null_count:
        valid, data = indices.buffers()
        codes = np.empty(len(indices), np.int32)
        codes_of(data.address + 4 * indices.offset, valid.address, indices.offset, len(words), codes)
    return CodedColumn(codes, words)


def _python(array: Any) -> list[Any]:
    """Cells as the reader of tables gives them."""
    import pyarrow

    batch = pyarrow.RecordBatch.from_arrays([array], ["cells"])
    return [row[0] for row in ArrowRows(["cells"], iter([batch]), "arrow")]


def spans_of_array(array: Any) -> Spans:
    """The texts of an Arrow array."""
    from pyarrow import types

    width: Any = np.int64 if types.is_large_string(array.type) else np.int32
    _, offsets, data = array.buffers()
    if offsets is None or len(array) == 0:
        return Spans(0, np.zeros(0, np.int64), np.zeros(0, np.int32), None)
    places = np.frombuffer(offsets, width)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    sizes = np.diff(places).astype(np.int32)
    if array.null_count:
        sizes[~_valid(array)] = 0
    return Spans(data.address if data is not None else 0, places[:-1].copy(), sizes, array)


def _numbers(array: Any, kind: ValueKind, type: str) -> NumberColumn:
    values = _buffer(array.cast(type), np.dtype(type).type)
    there = _valid(array)
    if type == "float64":
        there &= ~np.isnan(values)
        if np.isinf(values[there]).any():
            return _as_cells(array)  # type: ignore[return-value]
        values = np.where(there, values, 0.0)
    return NumberColumn(values, there, kind, False, lambda: _coded(_encoded(array)))


def _as_cells(array: Any) -> Column:
    return _coded(_encoded(array))


def _instants(array: Any) -> Column:
    import pyarrow
    from pyarrow import compute

    to_micros = compute.CastOptions(pyarrow.timestamp("us", array.type.tz), allow_time_truncate=True)
    try:
        values = _buffer(compute.cast(array, options=to_micros).cast("int64"), np.int64)
    except pyarrow.ArrowInvalid:  # beyond what microseconds can count
        return _as_cells(array)
    there = _valid(array)
    naive = array.type.tz is None
    odd = there & ((values < -62_135_596_800_000_000) | (values > _LAST_US)) if naive else np.zeros(0, np.bool_)
    if odd.any() or (naive and array.type.unit == "ns" and (values[there] < 0).any()):
        return _as_cells(array)
    return NumberColumn(values, there, ValueKind.INSTANT, naive, lambda: _coded(_encoded(array)))


def _buffer(array: Any, kind: Any) -> Array:
    """The numbers of an array without nulls in mind."""
    data = array.buffers()[1]
    if data is None or len(array) == 0:
        return np.zeros(len(array), kind)
    return np.frombuffer(data, kind)[array.offset : array.offset + len(array)]


def _valid(array: Any) -> Array:
    if array.null_count == 0:
        return np.ones(len(array), np.bool_)
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    first = array.offset
    found: Array = np.unpackbits(bits[first >> 3 : (first + len(array) + 7) >> 3], bitorder="little")
    return found[first & 7 : (first & 7) + len(array)].view(np.bool_)


def taken(numbers: Array, codes: Array) -> Array:
    """The numbers of codes."""
    from sladsl.evaluate.columnar.loops.cells import take_numbers

    found = np.empty(len(codes), np.int32)
    # compiled loops take no array that is not to be written to
    take_numbers(np.require(numbers, np.int32, ["C", "W"]), np.require(codes, np.int32, ["C", "W"]), found)
    return found


# --- times ------------------------------------------------------------------------------------------------------------


def time_column(column: Column, zone: str, times: Timed, end_of_day: bool, typed: bool) -> TimeColumn:
    """The instants of a column, as `sladsl.events` reads them."""
    read = cell_reader(zone, times, end_of_day, typed)
    if isinstance(column, NumberColumn):
        if column.kind is ValueKind.INSTANT:
            found = TimeColumn(column.values, column.there, *_none(len(column.values)))
            # an instant is one whatever the format says; the wall clock's is read as its text is
            if not column.naive:
                return found
            if times.format is None and times.unit is None:
                return _of_wall(column.values, column.there, zone, lambda row: column.cell(row), read)
        elif times.unit in _UNITS and column.values.dtype == np.int64:
            by, over = _UNITS[times.unit]
            fits = column.there & (column.values >= 0) & (column.values <= _LAST_US // by * over)
            if (fits == column.there).all():
                return TimeColumn(np.where(fits, column.values, 0) * by // over, fits, *_none(len(fits)))
        column = column.coded()
    if isinstance(column, CodedColumn):
        readings = [read(cell) for cell in column.cells]
        us = np.array([0 if reading.us is None else reading.us for reading in readings], np.int64)
        flags = [np.array([test(r) for r in readings], np.bool_)[column.codes] for test in _READING_TESTS]
        return TimeColumn(us[column.codes], *flags)
    return _of_texts(column.spans, zone, times, end_of_day, read)


_READING_TESTS: tuple[Callable[[Any], bool], ...] = (
    lambda reading: reading.us is not None,
    lambda reading: reading.note == "skipped",
    lambda reading: reading.note == "repeated",
)


def _of_texts(spans: Spans, zone: str, times: Timed, end_of_day: bool, read: CellReader) -> TimeColumn:
    from sladsl.evaluate.columnar.loops.times import (
        INSTANT,
        UNREAD,
        WALL,
        program_of,
        read_counts,
        read_formatted,
        read_iso,
        read_times,
    )

    count = len(spans)
    us, kinds = np.zeros(count, np.int64), np.zeros(count, np.uint8)
    if times.unit is not None:
        if times.unit in _UNITS:
            read_counts(spans.address, spans.starts, spans.sizes, *_UNITS[times.unit], us, kinds)
    elif times.format is None:
        read_times(spans.address, spans.starts, spans.sizes, us, kinds)
        if not kinds.all():
            read_iso(spans.address, spans.starts, spans.sizes, not end_of_day, us, kinds)
    elif not format_problem(times.format) and (program := program_of(times.format)) is not None:
        steps, counts_to_twelve, has_time = program
        if has_time or not end_of_day:
            read_formatted(spans.address, spans.starts, spans.sizes, steps, counts_to_twelve, us, kinds)
    found = _of_wall(us, kinds == WALL, zone, spans.text, read)
    found.us = np.where(kinds == INSTANT, us, found.us)
    found.read |= kinds == INSTANT
    for row in np.flatnonzero(kinds == UNREAD).tolist():
        _read_one(found, row, spans.text(row), read)
    return found


def _of_wall(walls: Array, asked: Array, zone: str, cell: Callable[[int], Any], read: CellReader) -> TimeColumn:
    """Readings of the wall clock; those of dates that a clock change touches are read one by one."""
    found = TimeColumn(walls.copy(), asked.copy(), *_none(len(walls)))
    if not asked.any():
        return found
    offsets = offsets_of(zone)
    days = np.where(asked, walls // DAY_US, walls[asked][0] // DAY_US)
    first = int(days.min())
    if int(days.max()) - first > _DAYS_AT_MOST:
        uneven = asked
    else:
        there = np.bincount(days - first) > 0
        by_day = np.zeros(len(there), np.int64)
        uneven_days = np.zeros(len(there), np.bool_)
        for day in np.flatnonzero(there).tolist():
            offset = offsets.day_offset(first + day)
            by_day[day], uneven_days[day] = offset or 0, offset is None
        found.us -= by_day[days - first]
        uneven = asked & uneven_days[days - first]
    for row in np.flatnonzero(uneven).tolist():
        _read_one(found, row, cell(row), read)
    return found


def _read_one(found: TimeColumn, row: int, cell: Any, read: CellReader) -> None:
    reading = read(cell)
    found.read[row] = reading.us is not None
    found.us[row] = reading.us or 0
    found.skipped[row] = reading.note == "skipped"
    found.repeated[row] = reading.note == "repeated"


def _none(count: int) -> tuple[Array, Array]:
    return np.zeros(count, np.bool_), np.zeros(count, np.bool_)
