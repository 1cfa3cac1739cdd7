"""The functions of the kernel as parts of one module.

Takes:  the compilation of one function by Numba.
Gives:  `as_part`: what is compiled meanwhile becomes a part.
Never:  changes what a function does. Where Numba is not made as it was when this was written, it compiles in its own way.

Numba optimizes each function together with all that it calls, and makes machine code of it, function by function: of what
stands at the bottom, dozens of times. A part is only written down; all of them are optimized once, with the door that calls
them.
"""

# mypy: disable-error-code="import-untyped"
from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba._dynfunc import make_function
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen

# What parts stand in for, and use, of Numba's own libraries.
_USED = (
    "add_linking_library",
    "finalize",
    "get_pointer_to_function",
    "_get_module_for_linking",
    "_finalize_dynamic_globals",
)
_FITS = all(hasattr(JITCodeLibrary, name) for name in _USED) and hasattr(JITCPUCodegen, "_library_class")


class _Part(JITCodeLibrary):  # type: ignore[misc]
    """A library that is neither optimized nor made machine code of, but for being linked into another."""

    def add_linking_library(self, library: Any) -> None:
        self._linking_libraries.append(library)

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    def _get_module_for_linking(self) -> Any:
        """All parts that this one comes to, as one module."""
        if self._shared_module is None:
            self._ensure_finalized()
            whole = self._own()
            seen, waiting = {self}, list(self._linking_libraries)
            while waiting:
                library = waiting.pop()
                if library in seen:
                    continue
                seen.add(library)
                if isinstance(library, _Part):
                    library._ensure_finalized()
                    whole.link_in(library._own())
                    waiting += library._linking_libraries
                else:
                    whole.link_in(library._get_module_for_linking(), preserve=True)
            self._shared_module = whole
        return self._shared_module

    def _own(self) -> Any:
        """Its own functions, such that they may be there twice, be inlined and be left out."""
        module = self._final_module.clone()
        for function in module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"
        return module


@contextmanager
def as_part(context: Any) -> Iterator[None]:
    """Meanwhile functions are compiled as parts, and Python does not look for garbage among all that Numba holds.

    Args:
        context: for what Numba compiles, the `targetctx` of a function.
    """
    collects = gc.isenabled()
    gc.disable()
    codegen = context.codegen()
    is_first = "_library_class" not in vars(codegen)
    get_executable = type(context).get_executable

    def executable(library: Any, described: Any, environment: Any) -> Any:
        if isinstance(library, _Part):
            name = described.qualname.split(".")[-1]
            return make_function(described.lookup_module(), name, "", 0, environment, (library,))
        return get_executable(context, library, described, environment)

    if _FITS:
        codegen._library_class, context.get_executable = _Part, executable
    try:
        yield
    finally:
        if _FITS and is_first:
            del codegen._library_class, context.get_executable
        if collects:
            gc.enable()
