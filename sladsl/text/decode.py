"""Bytes to text.

Takes:  the bytes of a file.
Gives:  a Source, or a Diagnostic that says why there is none.
Never:  raises, or guesses an encoding other than UTF-8 (UTF-16 only where its mark says so).
"""

from __future__ import annotations

import codecs

from sladsl.text.diagnostic import Diagnostic
from sladsl.text.source import Source, Span


def decode(name: str, data: bytes) -> tuple[Source, Diagnostic | None]:
    """The text of a file named `name`; a byte-order mark is dropped.

    Where the bytes are not UTF-8, the source holds what can be read (others replaced) and a diagnostic tells the place.

    >>> decode("a.sla", b"\\xef\\xbb\\xbfup = 1")[0].text
    'up = 1'
    """
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return Source(name, data.decode("utf-16")), None
        except UnicodeDecodeError:
            pass
    try:
        return Source(name, data.decode("utf-8")), None
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", "replace"))
        start = len(data[: error.start].decode("utf-8", "replace"))
        return source, Diagnostic(
            "SLA0001",
            f"the file is not UTF-8 text: byte 0x{data[error.start]:02x} cannot be read",
            Span(name, start, start + 1),
            help="save the file as UTF-8",
        )
