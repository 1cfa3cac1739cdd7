"""A line on a terminal that tells what takes so long.

Takes:  the step that the pipeline is at, and which share of it is done.
Gives:  `progress`, which shows it, with a bar, once it has taken longer than a second.
Never:  writes to anything but a terminal, or leaves its line behind.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

from sladsl.cli.terminal import width

_PATIENCE_S = 1.0
_EVERY_S = 0.2
_WIDTH = 20
_MARKS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, float | None], None]]:
    """A function to be told each step, and the share that is done; the line is gone when the block ends."""
    if quiet or not sys.stderr.isatty():
        yield lambda step, share: None
        return
    line = _Line()
    ticker = threading.Thread(target=line.tick, daemon=True)
    ticker.start()
    try:
        yield line.say
    finally:
        line.done.set()
        ticker.join()
        line.clear()


class _Line:
    def __init__(self) -> None:
        self.done = threading.Event()
        self.step = ""
        self.share: float | None = None
        self.shown = 0
        self.began = time.monotonic()

    def say(self, step: str, share: float | None) -> None:
        self.step, self.share = step, share

    def tick(self) -> None:
        blocks = "utf" in (sys.stderr.encoding or "").lower()
        marks = _MARKS if blocks else "|/-\\"
        count = 0
        while not self.done.wait(_EVERY_S):
            seconds = time.monotonic() - self.began
            if seconds >= _PATIENCE_S and self.step:
                text = f"{marks[count % len(marks)]} {self._bar(blocks)}{self.step} ({seconds:.0f} s)"
                text = text[: width() - 1]  # a line that wraps could not be taken back
                sys.stderr.write(f"\r{text.ljust(self.shown)}")
                sys.stderr.flush()
                self.shown = len(text)
                count += 1

    def _bar(self, blocks: bool) -> str:
        share = self.share
        if share is None:
            return ""
        from sladsl.report.words import bar  # only where somebody waits already

        return f"{bar(Fraction(min(max(share, 0.0), 1.0)), _WIDTH, blocks)} {share:4.0%} "

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write(f"\r{' ' * self.shown}\r")
            sys.stderr.flush()
