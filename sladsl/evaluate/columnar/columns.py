"""What the cells of a column say to a plan, found once for each different cell.

Takes:  a source of cells (an attribute, the type, …), the leaves and the values that it decides.
Gives:  `SourceTable`: cells become numbers, numbers become bits and values.
Never:  reads a cell twice that it remembers.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from sladsl.clock import known_zone
from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.cell_columns import Column, NumberColumn, SpanColumn
from sladsl.evaluate.columnar.cells import reader_of
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.evaluate.columnar.leaves import Leaf, Source, walk
from sladsl.evaluate.columnar.numbers import Test, vector_test
from sladsl.evaluate.columnar.plan_tables import DUE, NAMED, ZONE, PlanTables
from sladsl.evaluate.columnar.texts import TextNumbers
from sladsl.evaluate.stream.values import Fault, text
from sladsl.events.values import TextCells, TypedCells
from sladsl.ir.expression import Attribute, EventAttribute, ValueKind
from sladsl.text import fold

_LARGEST = 1 << 62
_REMEMBERED = 1 << 20  # different cells of one column; beyond it they begin anew


class SourceTable:
    """All that one source of cells decides. The number of a missing cell is 0."""

    def __init__(self, source: Source, tables: PlanTables) -> None:
        self.source = source
        self.tables = tables
        self.leaves = [leaf for leaf in tables.leaves.leaves if leaf.source == source and not leaf.reason]
        self._readers = [reader_of(leaf.expr, tables.reading) for leaf in self.leaves]
        self.words = sorted({leaf.word for leaf in self.leaves})
        self.masks = dict.fromkeys(self.words, 0)
        for leaf in self.leaves:
            self.masks[leaf.word] |= 1 << leaf.bit | (1 << leaf.fault if leaf.fault >= 0 else 0)
        self.values = [
            (i, column.kind)
            for i, column in enumerate(tables.values)
            if column.name == source.name and column.what == source.what
        ]
        self._forget()

    def _forget(self) -> None:
        self._known: dict[Any, int] = {}
        self._texts: TextNumbers | None = None  # of columns of texts in a buffer
        self._markers: frozenset[str] = frozenset()  # what these take for missing
        self._of_text: Array = np.zeros(0, np.int32)
        self._bits = {word: np.zeros(64, np.uint64) for word in self.words}
        self._numbers = {i: np.zeros((3, 64), np.int64) for i, _ in self.values}
        self._reasons: dict[int, Array] = {}
        self._count = 0
        self._add(None)

    # --- cells ------------------------------------------------------------------------------------------------------

    def number(self, cells: Iterable[Any]) -> Array:
        """The numbers of cells, in their order."""
        known = self._known
        if len(known) > 2 * _REMEMBERED:
            self._forget()
            known = self._known
        found = []
        for cell in cells:
            if cell is None:
                found.append(0)
                continue
            key = cell if cell.__class__ is str else (cell.__class__, cell)
            number = known.get(key)
            if number is None:
                number = known[key] = self._add(cell)
            found.append(number)
        return np.array(found, np.int32)

    def _add(self, cell: Any) -> int:
        """Read a cell for all leaves and values."""
        number = self._count
        self._count += 1
        if self._count > self._room():
            self._enlarge()
        for leaf, reader in zip(self.leaves, self._readers, strict=True):
            if cell is None and self.source.what in ("type", "case"):
                break  # every event has them
            try:
                held = reader(cell)
            except Fault as fault:
                self._bits[leaf.word][number] |= np.uint64(1 << leaf.fault)
                if leaf.index not in self._reasons:
                    self._reasons[leaf.index] = np.zeros(self._room(), np.int32)
                self._reasons[leaf.index][number] = self.tables.note(self._named(leaf, cell, fault))
                continue
            if held:
                self._bits[leaf.word][number] |= np.uint64(1 << leaf.bit)
        for i, kind in self.values:
            self._numbers[i][:, number] = self._value(cell, kind)
        return number

    def _named(self, leaf: Leaf, cell: Any, fault: Fault) -> str:
        """The reason, told with the attribute whose cell it is about."""
        for node in walk(leaf.expr):
            if isinstance(node, Attribute | EventAttribute):
                try:
                    self.tables.reading.read(cell, node.kind)
                except Fault as again:
                    if again.reason == fault.reason:
                        return f"`{node.name}`: {fault.reason}"
        return fault.reason

    def _value(self, cell: Any, kind: ValueKind | str) -> tuple[int, int, int]:
        """Numerator, denominator and flag of a cell."""
        if cell is None:
            return 0, 1, 0
        tables = self.tables
        if kind == ZONE:
            name = text(cell).strip()
            return (tables.clocks.zone(name), 1, 1) if known_zone(name) else (0, 1, 2)
        if kind == DUE:
            return self._read_as(cell, ValueKind.INSTANT, "")
        if not isinstance(kind, ValueKind):  # NAMED and a calendar
            choices = dict(tables.plan.calendars[int(kind.removeprefix(NAMED))].choices)
            place = choices.get(fold(text(cell)))
            return (0, 1, 2) if place is None else (place, 1, 1)
        if kind is ValueKind.NAME:
            return tables.text(fold(text(cell))), 1, 1
        if kind is ValueKind.TEXT:
            return tables.text(text(cell)), 1, 1
        return self._read_as(cell, kind, f"`{self.source.name}`: ")

    def _read_as(self, cell: Any, kind: ValueKind, told: str) -> tuple[int, int, int]:
        try:
            read = self.tables.reading.read(cell, kind)
        except Fault as fault:
            return 0, 1, 2 + self.tables.note(f"{told}{fault.reason}")
        fraction = Fraction(read)
        if abs(fraction.numerator) >= _LARGEST or fraction.denominator >= _LARGEST:
            raise BeyondReach(f"`{self.source.name}` holds a number beyond 64 bits")
        return fraction.numerator, fraction.denominator, 1

    def _room(self) -> int:
        arrays: list[Array] = [*self._bits.values(), *self._reasons.values()]
        return min((array.shape[-1] for array in (*arrays, *self._numbers.values())), default=1 << 62)

    def _enlarge(self) -> None:
        self._bits = {word: _twice(array) for word, array in self._bits.items()}
        self._numbers = {i: _twice(array) for i, array in self._numbers.items()}
        self._reasons = {leaf: _twice(array) for leaf, array in self._reasons.items()}

    # --- columns of numbers -------------------------------------------------------------------------------------------

    def tests(self, kind: ValueKind, doubles: bool) -> list[Test] | None:
        """The tests of all leaves for cells of a kind; None where some leaf or value must see the cells one by one."""
        tests = [vector_test(leaf.expr, kind, doubles) for leaf in self.leaves]
        wanted = {ValueKind.INSTANT if of is DUE else of for _, of in self.values}
        if wanted - {kind} or (wanted and doubles):
            return None
        found = [test for test in tests if test is not None]
        return found if len(found) == len(tests) else None

    def write_column(self, batch: Batch, tests: list[Test], values: Array, there: Array) -> None:
        """Write what a column of numbers or instants says; `there` is where it has a value."""
        from sladsl.evaluate.columnar.loops.cells import mark_held

        there = np.require(there, np.bool_, ["C", "W"])  # compiled loops take no array that is not to be written to
        unmasked = {} if self.source.of_event else dict(self.masks)
        for leaf, test in zip(self.leaves, tests, strict=True):
            bits = batch.event if self.source.of_event else batch.bits
            mask = bits if self.source.of_event else batch.mask
            masked = unmasked.pop(leaf.word, 0)
            mark_held(
                test(values), there, bits[leaf.word], mask[leaf.word], np.uint64(1 << leaf.bit), np.uint64(masked)
            )
        for i, _ in self.values:
            if len(values) and max(abs(int(values.min())), abs(int(values.max()))) >= _LARGEST:
                raise BeyondReach(f"`{self.source.name}` holds a number beyond 64 bits")
            batch.values[i] = np.where(there, values, 0), None, there.astype(np.int64)

    # --- into a batch -------------------------------------------------------------------------------------------------

    def write_cells(self, batch: Batch, column: Column, texts: TextCells, typed: TypedCells | None) -> None:
        """Write what the cells of a column say, each different one read alone; `texts` and `typed` say what a cell is."""
        if isinstance(column, SpanColumn):
            if self._texts is None or self._markers != texts.markers:  # another input may call other cells missing
                self._texts, self._markers = TextNumbers(texts), texts.markers
                self._of_text = np.zeros(0, np.int32)
            codes = self._texts.number(column.spans)
            known = len(self._texts)
            if known > len(self._of_text):
                new = self._texts.texts(len(self._of_text))
                self._of_text = np.concatenate([self._of_text, self.number(new)])
            self.write(batch, np.append(self._of_text, np.int32(0))[codes])  # MISSING is the last
            if known > _REMEMBERED:
                self._texts = None
            return
        if isinstance(column, NumberColumn):
            column = column.coded()
        cell: TypedCells | TextCells = texts if typed is None else typed
        self.write(batch, self.number([cell[raw] for raw in column.cells]), column.codes)

    def write(self, batch: Batch, numbers: Array, codes: Array | None = None) -> None:
        """Write what the cells of a batch say, given as their numbers; with codes, `numbers` are those of the codes."""
        from sladsl.evaluate.columnar.loops.cells import gather_one, gather_two

        if codes is None:
            known = np.arange(self._count) if self._count < len(numbers) else None
            codes, numbers = (
                (numbers, known) if known is not None else (np.arange(len(numbers), dtype=np.int32), numbers)
            )
        codes = np.require(codes, np.int32, ["C", "W"])  # compiled loops take no array that is not to be written to
        of_event = self.source.of_event
        for word in self.words:
            bits = self._bits[word][numbers]
            if of_event:
                gather_one(codes, bits, batch.event[word])
            else:
                mask = np.where(numbers > 0, np.uint64(self.masks[word]), np.uint64(0))
                gather_two(codes, bits, mask, batch.bits[word], batch.mask[word])
        for i, _ in self.values:
            table = self._numbers[i][:, numbers]
            below = None if (self._numbers[i][1, : self._count] == 1).all() else table[1][codes]
            batch.values[i] = table[0][codes], below, table[2][codes]
        for leaf, reasons in self._reasons.items():
            why = reasons[numbers]
            if why.any():
                why = why[codes]
                if why.any():
                    batch.reasons[leaf] = why


def empty_batch(tables: PlanTables, case: Array, time: Array, cause: Array, type: Array) -> Batch:
    """A batch in which the events say nothing yet."""
    count = len(case)
    v = tables.variables
    nothing = np.zeros(count, np.int64)
    return Batch(
        case,
        time,
        cause,
        type,
        np.zeros((v["case_words"], count), np.uint64),
        np.zeros((v["case_words"], count), np.uint64),
        np.zeros((v["event_width"], count), np.uint64),
        [(nothing, None, nothing) for _ in tables.values],
    )


def source_tables(tables: PlanTables) -> list[SourceTable]:
    """A table for each source that the plan reads."""
    found = {leaf.source for leaf in tables.leaves.leaves if leaf.source is not None and not leaf.reason}
    found |= {Source(column.what, column.name) for column in tables.values}
    return [SourceTable(source, tables) for source in sorted(found, key=str)]


def _twice(array: Array) -> Array:
    new = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    new[..., : array.shape[-1]] = array
    return new
