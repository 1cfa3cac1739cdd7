"""A line on a terminal that tells what takes so long.

Takes:  the step that the pipeline is at.
Gives:  `progress`, which shows it once it has taken longer than a second.
Never:  writes to anything but a terminal, or leaves its line behind.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE_S = 1.0
_EVERY_S = 0.2
_MARKS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function to be told each step; the line is gone when the block ends."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
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
        self.shown = 0
        self.began = time.monotonic()

    def say(self, step: str) -> None:
        self.step = step

    def tick(self) -> None:
        marks = _MARKS if "utf" in (sys.stderr.encoding or "").lower() else "|/-\\"
        count = 0
        while not self.done.wait(_EVERY_S):
            seconds = time.monotonic() - self.began
            if seconds >= _PATIENCE_S and self.step:
                text = f"{marks[count % len(marks)]} {self.step} ({seconds:.0f} s)"
                sys.stderr.write(f"\r{text.ljust(self.shown)}")
                sys.stderr.flush()
                self.shown = len(text)
                count += 1

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write(f"\r{' ' * self.shown}\r")
            sys.stderr.flush()
