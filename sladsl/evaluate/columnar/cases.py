"""The cases of a log as numbers, and what came before.

Takes:  columns of cases, of ids, of steps.
Gives:  `Cases`, `SeenBefore`.
Never:  refuses a row; that is `rows.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.cell_columns import Column, NumberColumn, SpanColumn, taken
from sladsl.evaluate.columnar.from_events import Names
from sladsl.evaluate.columnar.texts import MISSING, TextNumbers, WholeNumbers, spans_of
from sladsl.events.values import TextCells, TypedNames


class Cases:
    """The cases of all inputs, by number.

    Args:
        whole: whether they are whole numbers in every input.
    """

    def __init__(self, whole: bool) -> None:
        self.whole = WholeNumbers() if whole else None
        self._words: Any = None  # the dictionary of the column before, and its numbers
        self._of_words: Array = np.zeros(0, np.int32)
        self._texts = TextNumbers(TextCells(()))
        self._named: Names | None = None

    def __len__(self) -> int:
        return len(self._texts) if self.whole is None else len(self.whole)

    def number(self, column: Column, names: TypedNames | TextCells, markers: frozenset[str]) -> Array:
        """The numbers of a column of cases, MISSING where there is none."""
        if self.whole is not None and isinstance(column, NumberColumn):
            there = column.there
            for marker in markers:
                if marker.lstrip("-").isdigit() and str(int(marker)) == marker and abs(int(marker)) < 1 << 63:
                    there = there & (column.values != int(marker))
            numbers = self.whole.number(column.values if there.all() else column.values[there])
            if there.all():
                return numbers
            found = np.full(len(there), MISSING, np.int32)
            found[there] = numbers
            return found
        if isinstance(column, SpanColumn) and not markers:
            return self._texts.number(column.spans)
        if isinstance(column, SpanColumn):
            numbers = self._texts.number(column.spans)
            for number, text in enumerate(self._texts.texts()):
                if text in markers:
                    numbers[numbers == number] = MISSING
            return numbers
        if isinstance(column, NumberColumn):
            column = column.coded()
        if column.spans is not None and not markers:
            # The batches of one row group have the same words.
            if self._words is None or not self._words.equals(column.words):
                self._words = column.words
                self._of_words = np.append(self._texts.number(column.spans), np.int32(MISSING))
            return taken(self._of_words, column.codes)
        return self.of_texts([names[cell] for cell in column.cells])[column.codes]

    def of_texts(self, texts: Sequence[str | None]) -> Array:
        """The numbers of names that have been read."""
        numbers = self._texts.number(spans_of([text or "" for text in texts]))
        return np.where([text is None for text in texts], np.int32(MISSING), numbers).astype(np.int32)

    def texts(self, first: int = 0) -> list[str]:
        """Their names, by number, from a number on."""
        return self._texts.texts(first) if self.whole is None else self.whole.texts(first)

    def arrow(self) -> Any:
        """The same as an Arrow array."""
        return self._texts.arrow() if self.whole is None else self.whole.arrow()


class SeenBefore:
    """Event ids and steps that came before, in the files of one argument."""

    def __init__(self) -> None:
        self.ids = TextNumbers(TextCells(()))
        self._seen = np.zeros(1 << 12, np.uint8)
        self._pairs = np.zeros((1 << 12, 3), np.int64)
        self._state = np.zeros(1, np.int64)

    def again(self, numbers: Array, asked: Array) -> Array:
        """Which of the rows asked for have an id that came before."""
        from sladsl.evaluate.columnar.loops.cells import mark_seen

        if len(self.ids) > len(self._seen):
            self._seen = np.concatenate([self._seen, np.zeros(len(self.ids), np.uint8)])
        found = np.zeros(len(numbers), np.uint8)
        mark_seen(numbers, asked.astype(np.uint8), self._seen, found)
        return found.astype(np.bool_)

    def new_steps(self, case_and_step: Array, time: Array) -> Array:
        """Which steps of a case at an instant are new."""
        from sladsl.evaluate.columnar.loops.hashed import mark_new

        found = np.zeros(len(time), np.uint8)
        first = 0
        while True:
            first = mark_new(case_and_step, time, first, found, self._pairs, self._state)
            if first == len(time):
                return found.astype(np.bool_)
            old = self._pairs[self._pairs[:, 2] == 1]
            self._pairs = np.zeros((2 * len(self._pairs), 3), np.int64)
            self._state[0] = 0
            again = np.zeros(len(old), np.uint8)
            mark_new(
                np.ascontiguousarray(old[:, 0]), np.ascontiguousarray(old[:, 1]), 0, again, self._pairs, self._state
            )
