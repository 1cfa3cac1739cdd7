"""A log that grows.

Takes:  a file (CSV, TSV or JSON lines) or standard input (JSON lines), and the position that an earlier run has reached.
Gives:  `Follower`: rows as dictionaries in batches, each batch with the position after it; a log that was emptied, or
        replaced by a new one of its name, is read from its start, and so is standard input that begins otherwise than before.
Never:  reads a row that is not whole yet, or waits unless told to: whoever asks decides when to ask again.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from sladsl.events import Reject
from sladsl.watching.incoming import Incoming

_MOST_BYTES = 16 * 1024 * 1024  # a row that is longer is refused
_HEAD_BYTES = 4096  # so much of a log's beginning says whether it is the one that was read before

Row = dict[str, Any] | Reject


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except ValueError as error:  # no file has a name with such a character
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from error


class Follower:
    """The rows of a growing log.

    Args:
        path: a file ending .csv, .tsv, .ndjson or .jsonl, or `-` with `stream`.
        position: what an earlier run has reached; None to begin at the start.
        stream: standard input. Where it begins with the row with which it began before, the rows that were read then are
            passed over; else it is a new log.

    Attributes:
        numbers: the number of each row of the last batch.
        restarted: why the log is read from its start, where an earlier run had read of it; else "".
        is_cut: whether the last line has no end yet.
        passing: how many rows of standard input are still passed over.

    Raises OSError where the file cannot be opened.
    """

    def __init__(self, path: str, position: Any = None, stream: BinaryIO | None = None) -> None:
        self.path = path
        self._stream = None if stream is None else Incoming(stream)
        self._file: Any = self._stream or _opened(path)
        self._delimiter = _delimiter_of(path) if stream is None else ""
        self._offset = 0
        self._rows = 0
        self._header: list[str] | None = None
        self._head = b""  # how the log begins, as far as it has been read
        self.numbers: list[int] = []
        self.restarted = ""
        self.is_cut = False
        self.passing = 0
        self._first = ""  # of standard input: what its first row is
        if position is not None:
            self._go_on(position)

    def _go_on(self, position: dict[str, Any]) -> None:
        if self._stream is not None:
            self.passing, self._first = position["rows"], position["first"]
            return
        self._rows, self._header = position["rows"], position["header"]
        self._delimiter = position["delimiter"] or self._delimiter
        if os.fstat(self._file.fileno()).st_size < position["offset"]:
            self._restart("is shorter than before")
            return
        count, digest = position["head"]
        self._head = self._file.read(count)
        if sha256(self._head).hexdigest() != digest:
            self._restart("begins otherwise than before")
            return
        self._offset = position["offset"]
        self._file.seek(self._offset)

    def _restart(self, why: str) -> None:
        """A new log under the old name."""
        self._file.seek(0)
        self._offset, self._rows, self._header, self._head, self.restarted = 0, 0, None, b"", why
        self._delimiter = _delimiter_of(self.path)

    def look_again(self) -> str:
        """What has become of the log, where nothing more can be read of it: "" as ever, `gone`, or why it is read from its start."""
        if self._stream is not None:
            return ""
        own = os.fstat(self._file.fileno())
        try:
            there = os.stat(self.path)
        except OSError:
            return "gone"
        if (there.st_dev, there.st_ino) != (own.st_dev, own.st_ino):
            file = Path(self.path).open("rb")  # noqa: SIM115 - it stays open between batches
            self._file.close()
            self._file = file
            self._restart("has been replaced")
            return self.restarted
        if own.st_size < self._offset:
            self._restart("is shorter than before")
            return self.restarted
        return ""

    @property
    def position(self) -> dict[str, Any]:
        """How far the rows given so far reach."""
        return {
            "offset": self._offset,
            "rows": self._rows,
            "header": self._header,
            "delimiter": self._delimiter,
            "head": (len(self._head), sha256(self._head).hexdigest()),
            "first": self._first,
        }

    @property
    def header(self) -> list[str] | None:
        """The headings of a CSV log, once they were read."""
        return self._header

    def batch(self, most: int, last: bool = False) -> list[Row]:
        """Up to so many whole rows that have not been given yet, and in `numbers` the number of each; [] where there is none now.

        Args:
            most: how many at most.
            last: nothing will be added now, so that a last line without an end is whole; unless it is half a line of JSON
                in a file: `is_cut`, left for whoever reads on.
        """
        rows: list[Row] = []
        self.numbers = []
        while len(rows) < most:
            line = self._whole_row(last)
            if line is None:
                break
            if self._stream is not None and self._is_passed_over(line):
                continue
            row = self._row(line)
            if row is not None:
                rows.append(row)
                self.numbers.append(self._rows)
        return rows

    def _whole_row(self, last: bool) -> bytes | None:
        """The bytes of the next row: a line, or the lines of a quoted cell; None where it is not whole yet."""
        start = self._offset
        row = b""
        while True:
            line = self._file.readline(_MOST_BYTES)
            row += line
            ended = last or (self._stream is not None and self._stream.has_ended)
            whole = line.endswith(b"\n") or len(row) >= _MOST_BYTES or (ended and not line)
            quoted = bool(self._delimiter) and row.count(b'"') % 2 == 1 and len(row) < _MOST_BYTES
            if not line or not whole:
                if ended and row and (self._stream is not None or self._delimiter or _is_json(row)):
                    return self._taken(row)
                self.is_cut = bool(row)
                if self._stream is None:
                    self._file.seek(start)
                return None
            if not quoted:
                return self._taken(row)

    def _is_passed_over(self, line: bytes) -> bool:
        """Whether an earlier run has read this row of standard input."""
        if not self._rows:
            first = sha256(line).hexdigest()
            if self.passing and self._first != first:
                self.passing, self.restarted = 0, "begins otherwise than before"
            self._first = first
        if not self.passing:
            return False
        self.passing -= 1
        self._rows += 1
        return True

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come: of a file one never knows."""
        return self._stream is not None and self._stream.has_ended

    def wait(self, seconds: float) -> None:
        """Wait for more, but no longer than this."""
        if self._stream is None:
            time.sleep(seconds)
        else:
            self._stream.wait(seconds)

    def _taken(self, row: bytes) -> bytes:
        self._offset += len(row)
        if len(self._head) < _HEAD_BYTES:
            self._head += row[: _HEAD_BYTES - len(self._head)]
        return row

    def _row(self, line: bytes) -> Row | None:
        text = line.decode("utf-8-sig" if self._offset == len(line) else "utf-8", errors="replace").rstrip("\r\n")
        if self._delimiter and self._header is None:
            if not text.strip():
                return None
            if ";" in text and "," not in text and self._delimiter == ",":
                self._delimiter = ";"
            try:
                self._header = next(csv.reader([text], delimiter=self._delimiter))
            except csv.Error as error:
                return self._refused(f"the headings cannot be read: {error}", text)
            return None
        self._rows += 1
        if not text.strip():
            return None
        return self._cells(text) if self._delimiter else self._object(text)

    def _refused(self, reason: str, text: str) -> Reject:
        return Reject(0, self._rows, "", "", reason, text[:2000])

    def _cells(self, text: str) -> Row:
        assert self._header is not None
        try:
            cells = next(csv.reader([text], delimiter=self._delimiter))
        except (csv.Error, StopIteration) as error:
            return self._refused(str(error), text)
        if len(cells) > len(self._header):
            return self._refused(f"{len(cells)} cells, where the heading has {len(self._header)}", text)
        return dict(zip(self._header, cells, strict=False))

    def _object(self, text: str) -> Row:
        try:
            row = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError):
            return self._refused("it is no JSON", text)
        if not isinstance(row, dict):
            return self._refused("it is no JSON object", text)
        return row

    def close(self) -> None:
        """Close the file; standard input stays."""
        if self._stream is None:
            self._file.close()


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _delimiter_of(path: str) -> str:
    """What sets cells apart in a file of such a name; "" where its lines are JSON."""
    return {".csv": ",", ".tsv": "\t", ".tab": "\t"}.get(Path(path).suffix.lower(), "")
