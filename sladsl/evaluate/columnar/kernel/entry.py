"""The kernel's door, compiled once and kept on disk.

Takes:  nothing.
Gives:  `entry`: the compiled `walk` and `finish` as one function.
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

from numba import config, njit

from sladsl.evaluate.columnar.kernel.walk import finish, walk

Judge = Callable[[int, int, int, int], int]
F = TypeVar("F", bound=Callable[..., object])


@cache
def entry() -> Judge:
    """`judge(memory, first, end, as_of)`: `finish`, see `walk.py`, or `walk` where the end is negative.

    They are one function, so that what both call is compiled once.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    tag = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def judge(m: int, first: int, end: int, as_of: int) -> int:
        if tag and end < 0:
            walk(m)
            return 0
        return finish(m, first, end, as_of)

    return _compiled(judge, "i8(i8,i8,i8,i8)")


def _compiled(function: F, signature: str) -> F:
    vectorize, config.LOOP_VECTORIZE = config.LOOP_VECTORIZE, 0  # loops here are over a word or two
    try:
        compiled: F = njit(signature, nogil=True, cache=True)(function)
    except (RuntimeError, OSError):  # there is no place to keep it
        compiled = njit(signature, nogil=True)(function)
    finally:
        config.LOOP_VECTORIZE = vectorize
    return compiled
