"""A file that nobody sees, for what is too much to be kept in memory.

Takes:  arrays.
Gives:  `Hidden`: where each was put, and the same back.
Never:  leaves anything behind: the file has no name, and is gone once nobody reads it, however that comes about.
"""

from __future__ import annotations

import mmap
import tempfile
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.batch import Array


class Hidden:
    """A file without a name. Raises OSError where none can be made."""

    def __init__(self) -> None:
        # without a buffer, so that what is said to be written is
        self._file: Any = tempfile.TemporaryFile(buffering=0, prefix="sladsl-")  # noqa: SIM115 - closed with its owner
        self._size = 0
        self._seen: Array = np.zeros(0, np.uint8)

    def put(self, array: Array) -> int:
        """Write an array; where it is then. Raises OSError where there is no room for it."""
        self._file.seek(self._size)
        view = _bytes(np.ascontiguousarray(array))
        while view.nbytes:
            view = view[self._file.write(view) :]
        place, self._size = self._size, self._size + array.nbytes
        return place

    def read(self, place: int, kind: str, shape: tuple[int, ...]) -> Array:
        """An array that was put there."""
        found: Array = np.empty(shape, kind)
        self._file.seek(place)
        view = _bytes(found)
        while view.nbytes:
            size = self._file.readinto(view)
            if not size:
                raise OSError("a temporary file has been cut short")
            view = view[size:]
        return found

    def address(self, place: int) -> int:
        """Where a place of the file is in memory."""
        if len(self._seen) < self._size:
            self._seen = np.frombuffer(mmap.mmap(self._file.fileno(), self._size, access=mmap.ACCESS_READ), np.uint8)
        return int(self._seen.ctypes.data) + place

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _bytes(array: Array) -> memoryview:
    found: Any = array.reshape(-1).view(np.uint8)
    return memoryview(found)
