"""What stands at an address, for loops that go through bytes.

Takes:  an address.
Gives:  `byte_at`, `word_at`.
Never:  looks whether there is anything.

Numba looks only at the file of a loop to see whether what it kept is still right: what stands here does not change.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def byte_at(typing: Any, address: Any) -> Any:
    """The byte at an address."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())
        return builder.zext(builder.load(pointer), ir.IntType(64))

    return types.int64(types.int64), write


@intrinsic
def word_at(typing: Any, address: Any) -> Any:
    """The eight bytes at an address as one number."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(types.int64), write
