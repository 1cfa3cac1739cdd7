"""Standard input that one asks without waiting for it.

Takes:  a stream of bytes, which may be silent for hours.
Gives:  `Incoming`: the whole lines that have come so far.
Never:  waits unless told how long, or reads far ahead of who asks.
"""

from __future__ import annotations

from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO

_CHUNK_BYTES = 1 << 16
_CHUNKS_AHEAD = 16


class Incoming:
    """The lines of a stream as they come.

    A thread reads, since a pipe cannot be asked on every system whether something waits in it. It ends with the process.

    Attributes:
        has_ended: whether everything was given, and nothing more will come.

    >>> from io import BytesIO
    >>> incoming = Incoming(BytesIO(b"one\\ntwo"))
    >>> while not incoming.has_ended:
    ...     incoming.wait(1)
    >>> incoming.readline(100), incoming.readline(100), incoming.readline(100)
    (b'one\\n', b'two', b'')
    """

    def __init__(self, stream: BinaryIO) -> None:
        # the buffer over the stream would be locked by whoever waits in it, also when the process wants to end
        self._stream: Any = getattr(stream, "raw", stream)
        self._chunks: Queue[bytes | OSError] = Queue(_CHUNKS_AHEAD)
        self._waiting = bytearray()
        self.has_ended = False
        Thread(target=self._read_ahead, daemon=True).start()

    def _read_ahead(self) -> None:
        chunk: bytes | OSError = b"-"
        while isinstance(chunk, bytes) and chunk:
            try:
                chunk = self._stream.read(_CHUNK_BYTES) or b""
            except OSError as error:
                chunk = error
            self._chunks.put(chunk)

    def readline(self, most: int) -> bytes:
        """The next line, or so many bytes of it; b"" where it is not whole yet, or nothing is left. Raises OSError."""
        end = self._waiting.find(b"\n")
        while end < 0 and len(self._waiting) < most and self._take(None):
            end = self._waiting.find(b"\n")
        if end < 0 and len(self._waiting) < most and not self.has_ended:
            return b""
        line = bytes(self._waiting[: min(end + 1 or most, most)])
        del self._waiting[: len(line)]
        return line

    def wait(self, seconds: float) -> None:
        """Wait until something comes, or the stream ends, but no longer than this."""
        self._take(seconds)

    def _take(self, seconds: float | None) -> bool:
        if self.has_ended:
            return False
        try:
            chunk = self._chunks.get(block=seconds is not None, timeout=seconds)
        except Empty:
            return False
        if isinstance(chunk, OSError):
            self.has_ended = True
            raise chunk
        self.has_ended = not chunk
        self._waiting += chunk
        return bool(chunk)
