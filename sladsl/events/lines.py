"""The lines of a text file, whatever is wrong with its bytes.

Takes:  text as `Opened.text` gives it: line ends as they are, bytes that are no UTF-8 escaped.
Gives:  Lines, valid text, with the lines of the present record at hand.
Never:  fails on a byte, or holds more than one record.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Iterator, Sequence

# What is raised where the bytes of a file end or break in the middle; what was read before stands.
BROKEN = (OSError, EOFError, zlib.error)


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
                    if not again:
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


def encodable(text: str) -> str:
    """The text as it is, unless it could not be written as UTF-8; then its halves of characters are replaced.

    >>> encodable("año"), encodable("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    ('año', True)
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return valid_text(text)
    return text


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
