"""Whether the kernel has been compiled on this machine.

Takes:  nothing but the files of the kernel, and those in which Numba keeps what it compiled.
Gives:  `is_compiled`.
Never:  loads Numba: it is asked before one knows whether Numba is worth loading. A wrong answer costs time only.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

_KERNEL = Path(__file__).parent / "kernel"


def is_compiled() -> bool:
    """Whether `entry` finds what it needs, so that it takes a second and not a minute.

    Numba keeps an index beside each function; it begins with the version of Numba and a mark of the function's own
    file. The other files of the kernel are part of the function: none may have changed since.
    """
    entry = _KERNEL / "entry.py"
    try:
        changed = max(file.stat().st_mtime for file in _KERNEL.glob("*.py") if file != entry)
        mark = sha256(entry.read_bytes()).digest()
        return any(_is_of(index, mark, changed) for index in _indexes())
    except OSError:
        return False


def _indexes() -> Iterator[Path]:
    name = f"entry.entry.locals.judge-*.py{sys.version_info.major}{sys.version_info.minor}*.nbi"
    yield from (_KERNEL / "__pycache__").glob(name)
    for folder in (os.environ.get("NUMBA_CACHE_DIR", ""), os.path.expanduser("~/.cache/numba")):
        if folder and os.path.isdir(folder):
            yield from Path(folder).glob(f"*/{name}")


def _is_of(index: Path, mark: bytes, changed: float) -> bool:
    if index.stat().st_mtime < changed:
        return False
    try:
        with open(index, "rb") as file:
            pickle.load(file)  # the version
            return mark in file.read()
    except (OSError, ValueError, EOFError, pickle.UnpicklingError):
        return False
