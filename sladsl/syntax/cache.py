"""What is made once from a shipped file, kept for the next time.

Takes:  a name, everything that the result depends on, and how it is made.
Gives:  `cached`: plain data, from the user's cache folder where it is there and whole.
Never:  fails for want of a cache: where none can be read or written, the data is made anew.

The folder is `SLADSL_CACHE`, else `XDG_CACHE_HOME`, else the system's usual place. A file is named by a hash of what it
depends on and of the version of Python, and begins with a hash of its own contents.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cached(name: str, depends_on: str, make: Callable[[], Any]) -> Any:
    """Plain data (numbers, text, lists, tuples, dictionaries), kept or made now.

    Args:
        name: the beginning of the file's name.
        depends_on: what it is made of; where this is another text, it is another file.
        make: makes it.
    """
    place = _place(name, depends_on)
    if place is None:
        return make()
    kept = _read(place)
    if kept is not None:
        return kept
    made = make()
    _write(place, made)
    return made


def _place(name: str, depends_on: str) -> Path | None:
    key = f"{depends_on}\0{sys.version}".encode()
    try:
        return _folder() / f"{name}-{hashlib.sha256(key).hexdigest()[:32]}.bin"
    except (RuntimeError, OSError):
        return None  # the user has no folder for it


def _folder() -> Path:
    own = os.environ.get("SLADSL_CACHE")
    if own:
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "sladsl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sladsl"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sladsl"


def _read(place: Path) -> Any:
    try:
        data = place.read_bytes()
        seal, written = data[:32], data[32:]
        if hashlib.sha256(written).digest() != seal:
            return None
        return marshal.loads(written)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _write(place: Path, data: Any) -> None:
    written = marshal.dumps(data)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        beside.write_bytes(hashlib.sha256(written).digest() + written)
        beside.replace(place)
    except OSError:
        return
