"""Texts and whole numbers of a column as small numbers.

Takes:  bytes in a buffer, or whole numbers.
Gives:  `TextNumbers`, `WholeNumbers`: equal ones have one number, in the order in which they come.
Never:  makes a Python text of one that it knows, or confuses two whose hashes are the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen

from sladsl.evaluate.columnar.batch import Array
from sladsl.events.values import TextCells

MISSING, ODD = -1, -2
_MARK = "\ufdd0"  # a character that no text may hold


@frozen
class Spans:
    """Texts in a buffer of UTF-8 bytes: where each begins, and its size; 0 where there is none.

    `kept` is whatever must live as long as the buffer.
    """

    address: int
    starts: Array
    sizes: Array
    kept: Any

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, row: int) -> str:
        """The text of a row."""
        return self.bytes(row).decode("utf-8", "replace")

    def bytes(self, row: int) -> bytes:
        """Its bytes."""
        import ctypes

        return ctypes.string_at(self.address + int(self.starts[row]), int(self.sizes[row]))


def spans_of(texts: list[str]) -> Spans:
    """Texts that Python has."""
    held = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = np.array([len(text) for text in held], np.int32)
    starts = np.zeros(len(held), np.int64)
    np.cumsum(sizes[:-1], out=starts[1:])
    buffer = np.frombuffer(b"".join(held) or b"\0", np.uint8)
    return Spans(buffer.ctypes.data, starts, sizes, buffer)


class TextNumbers:
    """Texts by number, without the blanks around them.

    Args:
        cells: what is missing, and what a cell's text is.
    """

    def __init__(self, cells: TextCells) -> None:
        self._cells = cells
        self._arena = np.zeros(1 << 16, np.uint8)
        self._places = np.zeros(1 << 12, np.int64)
        self._table = np.zeros(1 << 13, np.int32)
        self._state = np.zeros(1, np.int64)
        self._looked = 0
        self._missing: set[int] = set()
        self._has_marks = False

    def __len__(self) -> int:
        return int(self._state[0])

    def number(self, spans: Spans) -> Array:
        """The numbers of texts, MISSING where there is none."""
        numbers = self._intern(spans)
        odd = np.flatnonzero(numbers == ODD)
        if len(odd):
            read = [self._cells[spans.text(int(row))] for row in odd]
            texts = list(dict.fromkeys(text for text in read if text is not None))
            by_text = dict(zip(texts, self._intern_anyway(texts), strict=True))
            numbers[odd] = [MISSING if text is None else by_text[text] for text in read]
        if self._cells.markers:
            for number, text in enumerate(self.texts(self._looked), self._looked):
                if text in self._cells.markers:
                    self._missing.add(number)
            self._looked = len(self)
            for number in self._missing:
                numbers[numbers == number] = MISSING
        return numbers

    def texts(self, first: int = 0) -> list[str]:
        """All texts from a number on."""
        places = self._places[first : len(self) + 1].tolist()
        begin = places[0]
        held = self._arena[begin : places[-1]].tobytes()
        found = [held[start - begin : end - begin].decode("utf-8", "surrogatepass") for start, end in pairwise(places)]
        return [text.strip(_MARK) if text[:1] == _MARK else text for text in found]

    def arrow(self) -> Any:
        """All texts as an Arrow array."""
        import pyarrow

        if self._has_marks:
            return pyarrow.array(self.texts(), pyarrow.string())
        places = self._places[: len(self) + 1].copy()
        buffers = [None, pyarrow.py_buffer(places), pyarrow.py_buffer(self._arena[: int(places[-1])].copy())]
        return pyarrow.Array.from_buffers(pyarrow.large_string(), len(self), buffers)

    def _intern(self, spans: Spans) -> Array:
        from sladsl.evaluate.columnar.loops.hashed import intern_spans, rehash_spans

        numbers = np.empty(len(spans), np.int32)
        first = 0
        while True:
            first = intern_spans(
                spans.address,
                spans.starts,
                spans.sizes,
                numbers,
                first,
                self._arena,
                self._places,
                self._table,
                self._state,
            )
            if first == len(spans):
                return numbers
            known = len(self)
            if int(self._places[known]) + int(spans.sizes[first]) > len(self._arena):
                self._arena = _longer(self._arena, 2 * len(self._arena) + int(spans.sizes[first]))
            if known + 2 > len(self._places):
                self._places = _longer(self._places, 2 * len(self._places))
            if 2 * known >= len(self._table):
                self._table = np.zeros(2 * len(self._table), np.int32)
                rehash_spans(self._arena, self._places, self._table, known)

    def _intern_anyway(self, texts: list[str]) -> list[int]:
        """The numbers of texts that look odd and are right as they are."""
        numbers = self._intern(spans_of(texts)) if texts else np.zeros(0, np.int32)
        found = numbers.tolist()
        for i, text in enumerate(texts):
            if found[i] == ODD:  # a letter of its own that may stand for a blank: kept apart, by a mark no text has
                self._has_marks = True
                found[i] = int(self._intern(spans_of([f"{_MARK}{text}{_MARK}"]))[0])
        return found


_NEAR_AT_LEAST = 1 << 24  # whole numbers that lie no farther apart are found by their place, without a hash
_NEAR_EACH = 16  # and farther ones where this many places a number hold them


class WholeNumbers:
    """Whole numbers by number.

    Where they lie close together, as the keys of a table do, each has a place in a table of its own; else they are hashed.
    """

    def __init__(self) -> None:
        self._values = np.zeros(1 << 12, np.int64)
        self._table = np.zeros(0, np.int32)
        self._state = np.zeros(1, np.int64)
        self._near: Array | None = np.zeros(0, np.int32)
        self._least = 0

    def __len__(self) -> int:
        return int(self._state[0])

    def number(self, values: Array) -> Array:
        """The numbers of whole numbers."""
        values = np.require(values, np.int64, ["C"])
        numbers = np.empty(len(values), np.int32)
        first = self._number_near(values, numbers)
        if first < len(values):
            self._number_far(np.require(values, np.int64, ["C", "W"]), numbers, first)
        return numbers

    def _number_near(self, values: Array, numbers: Array) -> int:
        """Number them by their places; the row to go on with, where these are not enough."""
        from sladsl.evaluate.columnar.loops.cells import number_near

        first = 0
        while self._near is not None:
            first = number_near(
                values.ctypes.data,
                len(values),
                first,
                self._least,
                self._near,
                numbers,
                self._values,
                self._state,
            )
            if first == len(values):
                break
            if len(self) >= len(self._values):
                self._values = _longer(self._values, 2 * len(self._values))
            if not 0 <= int(values[first]) - self._least < len(self._near):
                self._widen(int(values[first:].min()), int(values[first:].max()), len(values))
        return first

    def _widen(self, low: int, high: int, more: int) -> None:
        """Make places for all from the lowest to the highest, and none where that takes too many."""
        old = self._near
        assert old is not None
        if len(old):
            low, high = min(low, self._least), max(high, self._least + len(old) - 1)
        elif 0 < low <= high - low:
            low = 0  # keys often begin there
        span = high - low + 1
        most = max(_NEAR_AT_LEAST, _NEAR_EACH * (len(self) + more))
        if span > most:
            self._near = None
            self._table = np.zeros(1 << 13, np.int32)
            self._rehash()
            return
        spare = min(span, most - span)  # what comes is likely to be beyond
        low = max(low - (spare // 4 if len(old) and low < self._least else 0), -(1 << 63))
        self._near = np.zeros(span + spare, np.int32)
        if len(old):
            self._near[self._least - low : self._least - low + len(old)] = old
        self._least = low

    def _number_far(self, values: Array, numbers: Array, first: int) -> None:
        """Number them by their hashes from a row on."""
        from sladsl.evaluate.columnar.loops.hashed import intern_whole

        while True:
            first = intern_whole(values, numbers, first, self._values, self._table, self._state)
            if first == len(values):
                return
            if len(self) >= len(self._values):
                self._values = _longer(self._values, 2 * len(self._values))
            if 2 * len(self) >= len(self._table):
                self._rehash()

    def _rehash(self) -> None:
        """A hash table with room for more than there are."""
        from sladsl.evaluate.columnar.loops.hashed import rehash_whole

        size = len(self._table)
        while size <= 2 * len(self):
            size *= 2
        self._table = np.zeros(size, np.int32)
        rehash_whole(self._values, self._table, len(self))

    def texts(self, first: int = 0) -> list[str]:
        """All of them as texts, by number, from a number on."""
        return [str(value) for value in self._values[first : len(self)].tolist()]

    def arrow(self) -> Any:
        """The same as an Arrow array."""
        import pyarrow

        return pyarrow.array(self._values[: len(self)]).cast(pyarrow.string())


def _longer(array: Array, size: int) -> Array:
    new = np.zeros(size, array.dtype)
    new[: len(array)] = array
    return new
