"""What commands need to know of the terminal.

Takes:  the standard streams and the environment.
Gives:  whether to use colours, how wide to print, streams of UTF-8.
Never:  loads rich: `check` must start fast.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_NARROWEST, _USUAL, _WIDEST = 40, 80, 200


def colored(stream: TextIO, no_color: bool) -> bool:
    """Whether to paint what goes to a stream: a terminal, and nobody who says no."""
    if no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty()


def width() -> int:
    """Columns of the terminal, or what `COLUMNS` says; 80 where there is none."""
    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() and len(said) < 6 else 0
    if not columns:
        try:
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):  # no terminal, or no file at all
            columns = 0
    return min(max(columns or _USUAL, _NARROWEST), _WIDEST)


def console(file: TextIO, no_color: bool) -> Console:
    """A rich console that paints only where `colored` says so."""
    from rich.console import Console

    class Quitting(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # `main` knows what to do; rich would exit by itself

    paint = colored(file, no_color)
    return Quitting(
        file=file,
        width=width(),
        force_terminal=paint,
        color_system="auto" if paint else None,
        no_color=not paint,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )


@contextmanager
def result_file(path: str | None) -> Iterator[BinaryIO]:
    """Where a result goes: a file that appears only when it is whole, or standard output."""
    from sladsl.report.files import whole_file

    if path is not None and path != "-":
        with whole_file(path) as whole:
            yield whole
        return
    sys.stdout.flush()
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
