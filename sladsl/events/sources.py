"""Which files are read, and their bytes as text.

Takes:  paths, globs, `NAME=FILE`, `-` for standard input.
Gives:  Source (one file), and Opened: its format and its lines, decompressed and decoded, hashed on the way.
Never:  trusts a suffix where the bytes say otherwise, or fails on bytes that are not UTF-8.
"""

from __future__ import annotations

import codecs
import glob
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from attrs import frozen

from sladsl.events.log import LogError
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

# What is raised where the bytes of a file end or break in the middle; what was read before stands.
BROKEN = (OSError, EOFError, zlib.error)

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


@frozen
class Source:
    """One file to read.

    Args:
        name: the name given to it (`leads` in `leads=FILE`), or "".
        path: where it is; `-` for standard input.
        argument: the index of what named it; the files of one glob share it, and with it their event ids.
    """

    name: str
    path: str
    argument: int

    @property
    def shown(self) -> str:
        """How messages call it."""
        return "standard input" if self.path == "-" else f"`{self.path}`"


def named_input(text: str) -> tuple[str, str]:
    """Take `NAME=FILE` apart; a path that merely holds a `=` has no name.

    >>> named_input("leads=data/leads.csv"), named_input("data/year=2026/log.csv")
    (('leads', 'data/leads.csv'), ('', 'data/year=2026/log.csv'))
    """
    name, sign, path = text.partition("=")
    if not sign or not path or not name.strip() or set(name) & set("/\\.*?[") or _is_there(text):
        return "", text
    return name.strip(), path


def find_sources(inputs: Sequence[Path | str | tuple[str, Path | str]]) -> list[Source]:
    """The files that the inputs mean, in the order given; those of a glob by name.

    Args:
        inputs: paths, globs, or pairs of a name and one of these; a text `NAME=FILE` is taken apart.

    Raises LogError where a file is missing, a glob matches nothing, or a name is no file.
    """
    sources: list[Source] = []
    wrong: list[Diagnostic] = []
    for argument, given in enumerate(inputs):
        if isinstance(given, tuple):
            name, path = given[0], str(given[1])
        else:
            name, path = named_input(given) if isinstance(given, str) else ("", str(given))
        found = _files(path)
        if isinstance(found, Diagnostic):
            wrong.append(found)
        else:
            sources += [Source(name, file, argument) for file in found]
    if not wrong and not sources:
        wrong.append(Diagnostic("SLA0601", "no log was given", None, help="name a file, or `-` for standard input"))
    if [source.path for source in sources].count("-") > 1:
        wrong.append(Diagnostic("SLA0601", "standard input can be read only once", None))
    if wrong:
        raise LogError(wrong)
    return sources


def _files(path: str) -> list[str] | Diagnostic:
    if path == "-":
        return [path]
    if _is_there(path):
        if Path(path).is_dir():
            return Diagnostic(
                "SLA0601", f"`{path}` is a folder", None, help=f"name the files in it: `{path.rstrip('/')}/*.csv`"
            )
        return [path]
    if glob.has_magic(path):
        try:
            files = sorted(file for file in glob.glob(path, recursive=True) if Path(file).is_file())
        except (OSError, ValueError, RecursionError):
            files = []
        return files or Diagnostic("SLA0601", f"no file matches `{path}`", None)
    return Diagnostic("SLA0601", f"there is no file `{path}`", None)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


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


class Lines:
    """The lines of a text as they stand, ends included, one record's worth of them kept at a time.

    Iterating gives each line and keeps it in `held`, which whoever takes records off clears after each; `again`
    puts lines back. Bytes that are no UTF-8 are read as Windows-1252, and counted.

    Args:
        text: as `Opened.text` gives it.
    """

    def __init__(self, text: io.TextIOBase) -> None:
        self.held: list[str] = []
        self.repaired = 0
        self.trouble = ""
        self._text = text
        self._again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        held, again = self.held, self._again
        while True:
            while again:
                line = again.popleft()
                held.append(line)
                yield line
            try:
                for line in self._text:
                    if not line.isascii():
                        line = self._valid(line)
                    held.append(line)
                    yield line
                    if again:
                        break
                else:
                    return
            except BROKEN as error:
                self.trouble = broken_reason(error)
                return

    def again(self, lines: Sequence[str]) -> None:
        """Put lines back, so that they come next."""
        self._again.extendleft(reversed(lines))

    def record(self) -> str:
        """The lines of the record that was read last, without the end of the last."""
        return "".join(self.held).rstrip("\r\n")

    def _valid(self, line: str) -> str:
        try:
            line.encode()
        except UnicodeEncodeError:
            self.repaired += 1
            return valid_text(line)
        return line


def valid_text(text: str) -> str:
    """The text with the bytes that were no UTF-8 read as Windows-1252, and halves of characters replaced."""
    return _NO_UTF8.sub(_as_windows_1252, text)


_NO_UTF8 = re.compile("[\ud800-\udfff]")


def _as_windows_1252(found: re.Match[str]) -> str:
    code = ord(found.group())
    if not 0xDC80 <= code <= 0xDCFF:
        return "\ufffd"
    byte = bytes([code - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")


def broken_reason(error: BaseException) -> str:
    """Why reading stopped, as a message reads."""
    if isinstance(error, EOFError):
        return "the compressed data ends early"
    if isinstance(error, zlib.error | gzip.BadGzipFile):
        return "the compressed data is damaged"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "it is not there"


def _unreadable(source: Source, error: BaseException) -> Diagnostic:
    return Diagnostic("SLA0602", f"{source.shown} cannot be read: {broken_reason(error)}", None)


def _format(source: Source, head: bytes) -> str:
    """What a file is, by its first bytes and then by its suffix. Raises LogError where it is nothing we read."""
    for start, what, help in _FOREIGN:
        if head.startswith(start):
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
    if start.startswith("{"):
        return "ndjson" if _is_object(start.splitlines()[0]) else "json"
    return said or "csv"


def _is_object(line: str) -> bool:
    """Whether a line is a JSON object of its own (one that fills what was looked at may well be)."""
    line = line.rstrip()
    return line.endswith("}") or len(line) > _HEAD // 2


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
