"""The kernel's doors, compiled once and kept on disk.

Takes:  nothing.
Gives:  `entry`: the compiled `walk` and `finish`.
Never:  fails where nothing can be written: it compiles anew then.

Numba looks only at the file of a function to see whether what it kept is still right. The hash of all files of the
kernel is therefore part of the functions that it keeps.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from numba import njit

from sladsl.evaluate.columnar.kernel.walk import finish, walk

Walk = Callable[[int], None]
Finish = Callable[[int, int, int, int], int]
F = TypeVar("F", bound=Callable[..., object])


@cache
def entry() -> tuple[Walk, Finish]:
    """`walk(memory)` and `finish(memory, first, end, as_of)`, see `walk.py`."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    tag = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def walk_batch(m: int) -> None:
        if tag:
            walk(m)

    def finish_cases(m: int, first: int, end: int, as_of: int) -> int:
        return finish(m, first, end, as_of) if tag else 0

    return (
        _compiled(walk_batch, "void(i8)"),
        _compiled(finish_cases, "i8(i8,i8,i8,i8)"),
    )


def _compiled(function: F, signature: str) -> F:
    try:
        compiled: F = njit(signature, nogil=True, cache=True)(function)
    except (RuntimeError, OSError):  # there is no place to keep it
        compiled = njit(signature, nogil=True)(function)
    return compiled
