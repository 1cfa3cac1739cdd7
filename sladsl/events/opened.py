"""A file open for reading: what it is, and its bytes.

Takes:  Source.
Gives:  Opened: its format, its bytes decompressed and hashed on the way, its text decoded.
Never:  trusts a suffix where the bytes say otherwise.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sladsl.events.lines import BROKEN, broken_reason
from sladsl.events.log import LogError
from sladsl.events.sources import Source
from sladsl.text import Diagnostic

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".parquet": "parquet",
}
_HEAD = 1 << 16
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")

# First bytes of files that people take for logs, and what to do with them.
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "save the sheet as CSV, or unpack the archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"SQLite format 3\x00", "a SQLite database", "export the table as CSV"),
    (b"%PDF", "a PDF document", "export the data as CSV"),
    (b"BZh", "compressed with bzip2", "unpack it, or compress it with gzip"),
    (b"\xfd7zXZ\x00", "compressed with xz", "unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "unpack it, or compress it with gzip"),
    (b"<?xml", "an XML document", "export the log as CSV or JSON lines"),
    (b"<!DOCTYPE", "a web page", "export the data as CSV"),
    (b"<html", "a web page", "export the data as CSV"),
)


class _Bytes(io.RawIOBase):
    """The bytes of a file, hashed as they pass; its first bytes can be looked at without being lost."""

    def __init__(self, raw: Any) -> None:
        # What a pipe has now is enough: waiting for a full buffer would hold back a stream that is still written.
        self._fill = getattr(raw, "readinto1", raw.readinto)
        self._head = b""
        self._taken = 0
        self.digest = hashlib.sha256()

    def look(self) -> bytes:
        """The first bytes, up to 64 KiB; at least a line that says something, as far as there is one in them."""
        while len(self._head) < _HEAD and b"\n" not in self._head.lstrip():
            more = bytearray(_HEAD)
            count = self._read(more)
            if not count:
                break
            self._head += more[:count]
        return self._head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if self._taken == len(self._head):
            return self._read(buffer)
        view = memoryview(buffer)
        part = self._head[self._taken : self._taken + len(view)]
        view[: len(part)] = part
        self._taken += len(part)
        return len(part)

    def _read(self, buffer: WriteableBuffer) -> int:
        count: int = self._fill(buffer) or 0
        self.digest.update(memoryview(buffer)[:count])
        return count


class Opened:
    """A file that is open for reading; a context that closes it.

    Args:
        source: which file.
        format: `csv`, `tsv`, `ndjson`, `json` or `parquet`.
        bytes: its bytes, decompressed.
        encoding: how text in them is encoded; what is not valid in UTF-8 is repaired line by line.
    """

    def __init__(self, source: Source, raw: IO[bytes], outer: _Bytes, inner: _Bytes, format: str) -> None:
        self.source = source
        self.format = format
        self.head = inner.look()
        self.encoding = _encoding(self.head)
        self.bytes = io.BufferedReader(inner, _HEAD)
        self.is_compressed = inner is not outer
        self._raw = raw
        self._outer = outer

    def text(self) -> io.TextIOWrapper:
        """The bytes as text, a byte order mark left out, line ends as they are, bytes that are no UTF-8 escaped."""
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "replace"
        return io.TextIOWrapper(self.bytes, self.encoding, errors, newline="")

    def hash(self) -> str:
        """The SHA-256 of the file's own bytes, in hex, those included that nobody has read."""
        rest = bytearray(_HEAD)
        while self._outer.readinto(rest):
            pass
        return self._outer.digest.hexdigest()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        if self.source.path != "-":
            self._raw.close()


def open_source(source: Source) -> Opened:
    """Open a file and find out what it is.

    Raises LogError where it cannot be opened, is empty, or is nothing that can be read.
    """
    try:
        raw: Any = sys.stdin.buffer if source.path == "-" else open(source.path, "rb", buffering=0)  # noqa: SIM115
    except (OSError, ValueError, AttributeError) as error:
        raise LogError([_unreadable(source, error)]) from None
    try:
        outer = inner = _Bytes(raw)
        if outer.look().startswith(b"\x1f\x8b"):
            inner = _Bytes(gzip.GzipFile(fileobj=io.BufferedReader(outer, _HEAD)))
        opened = Opened(source, raw, outer, inner, _format(source, inner.look()))
    except BaseException as error:
        if source.path != "-":
            raw.close()
        if isinstance(error, BROKEN):
            raise LogError([_unreadable(source, error)]) from None
        raise
    return opened


def _unreadable(source: Source, error: BaseException) -> Diagnostic:
    return Diagnostic("SLA0602", f"{source.shown} cannot be read: {broken_reason(error)}", None)


def _format(source: Source, head: bytes) -> str:
    """What a file is, by its first bytes and then by its suffix. Raises LogError where it is nothing we read."""
    for magic, what, help in _FOREIGN:
        if head.startswith(magic):
            raise LogError([Diagnostic("SLA0602", f"{source.shown} is {what}", None, help=help)])
    suffixes = [suffix for suffix in Path(source.path).suffixes if suffix.lower() != ".gz"]
    said = _SUFFIXES.get(suffixes[-1].lower(), "") if suffixes else ""
    if head.startswith(b"PAR1"):
        return "parquet"
    encoding = _encoding(head)
    start = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n\x00")
    if not start:
        raise LogError([Diagnostic("SLA0602", f"{source.shown} is empty", None)])
    if said == "parquet":
        raise LogError([Diagnostic("SLA0602", f"{source.shown} is no Parquet file", None)])
    if _is_binary(head, encoding):
        help = "logs are read from CSV, TSV, JSON, JSON lines and Parquet"
        raise LogError([Diagnostic("SLA0602", f"{source.shown} is not text", None, help=help)])
    if said in ("csv", "tsv"):
        return said
    if start.startswith("["):
        return "json"
    if start.startswith("{") and said != "ndjson":
        return "ndjson" if _is_json_lines(start) else "json"
    return said or "csv"


def _is_json_lines(text: str) -> bool:
    """Whether text that begins with an object has an object a line; else it is a document that goes on over lines.

    A document may stand on one line as well: then it is that line alone, and holds an array of objects.
    """
    lines = text.splitlines()
    try:
        first = json.loads(lines[0])
    except (ValueError, RecursionError):
        return len(lines[0]) > _HEAD // 2  # what was looked at may well end within the first object
    holds_rows = any(isinstance(value, list) and value and isinstance(value[0], dict) for value in first.values())
    return not holds_rows or any(line.strip() for line in lines[1:])


def _encoding(head: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    # UTF-16 without a mark: in a line of plain headings every other byte is NUL.
    sample = head[:200]
    if len(sample) >= 8 and sample[1::2].count(0) > len(sample) * 0.4 and not sample[::2].count(0):
        return "utf-16-le"
    if len(sample) >= 8 and sample[::2].count(0) > len(sample) * 0.4 and not sample[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _is_binary(head: bytes, encoding: str) -> bool:
    """Whether more than one byte in twenty is one that no text holds."""
    if not encoding.startswith("utf-8"):
        return False
    return len(head) - len(head.translate(None, delete=_CONTROLS)) > len(head) / 20
