"""The rows of a CSV or TSV file.

Takes:  Opened, of format `csv` or `tsv`.
Gives:  DelimitedRows: the headings, then a list of cells a row, as written.
Never:  lets one bad row spoil the next: a quote that is never closed costs its own line only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sladsl.events.lines import Lines
from sladsl.events.log import LogError
from sladsl.events.opened import Opened
from sladsl.events.row_source import BrokenRow, RowSource
from sladsl.text import Diagnostic

_DELIMITERS = {"csv": ",;\t|", "tsv": "\t,;|"}
_SNIFFED_ROWS = 20
_SEP_LINE = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE)  # Excel's word for the delimiter of a file


class DelimitedRows(RowSource):
    """A CSV file; the delimiter (`,` `;` tab `|`) is found by the width of its first rows.

    Raises LogError where there are no headings.
    """

    typed = False

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened.format)
        self._lines = Lines(opened.text())
        text = opened.head.decode(opened.encoding, "replace")
        said = _SEP_LINE.match(text)
        self.delimiter = said.group(1) if said else sniff_delimiter(text, opened.format)
        self.headings = self._heading_row(opened, bool(said))

    def record(self) -> str:
        return self._lines.record()

    @property
    def trouble(self) -> str:
        return self._lines.trouble

    @property
    def repaired(self) -> int:
        return self._lines.repaired

    def __iter__(self) -> Iterator[list[Any]]:
        held, width = self._lines.held, len(self.headings)
        while True:
            reader = self._reader()
            try:
                for cells in reader:
                    if "\0" in held[0]:
                        yield BrokenRow("the row holds NUL bytes")
                    elif len(held) > 1 and (len(cells) != width or not self._is_sound(held)):
                        break
                    else:
                        yield cells
                    held.clear()
                else:
                    return
            except csv.Error:  # a cell beyond the reader's limit, the only one it has for us
                pass
            yield self._broken()
            held.clear()

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(iter(self._lines), delimiter=self.delimiter, skipinitialspace=True)

    def _is_sound(self, record: list[str]) -> bool:
        """Whether the quotes of a record of several lines are what they seem, which a lenient reader does not tell."""
        try:
            for _ in csv.reader(record, delimiter=self.delimiter, skipinitialspace=True, strict=True):
                pass
        except csv.Error:
            return False
        return True

    def _broken(self) -> BrokenRow:
        held = self._lines.held
        if len(held) == 1:
            return BrokenRow(f"a cell holds more than {csv.field_size_limit():,} characters")
        # The quote swallowed the lines below: they are rows of their own, read again.
        self._lines.again(held[1:])
        del held[1:]
        return BrokenRow("a quote opens in this row and is not closed in it")

    def _heading_row(self, opened: Opened, has_sep_line: bool) -> list[str]:
        try:
            reader = self._reader()
            if has_sep_line:
                next(reader, None)
                self._lines.held.clear()
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    break
                self._lines.held.clear()
            else:
                cells = []
        except csv.Error:
            cells = []
        if not cells or (len(self._lines.held) > 1 and not self._is_sound(self._lines.held)):
            raise LogError([Diagnostic("SLA0602", f"{opened.source.shown} has no readable row of headings", None)])
        self._lines.held.clear()
        return [cell.strip() for cell in cells]


def sniff_delimiter(text: str, format: str = "csv") -> str:
    """The delimiter under which the first rows agree best on their width; the wider heading breaks a tie.

    >>> sniff_delimiter("caso;fecha;importe\\nA;2026-01-05;1,5\\n")
    ';'
    """
    best, best_score = _DELIMITERS[format][0], (0.0, 1)
    for delimiter in _DELIMITERS[format]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            widths = [len(cells) for cells in islice(reader, _SNIFFED_ROWS) if cells]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        complete = widths[:-1] or widths  # the last row may be cut off
        score = (sum(width == widths[0] for width in complete) / len(complete), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best
