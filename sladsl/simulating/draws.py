"""Chance, from a seed.

Takes:  a seed.
Gives:  Draws: yes or no, one of several, a number between two.
Never:  reads a clock or the machine's randomness; draws in an order that depends on hashing.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws. The same seed gives the same draws with every version of Python: only `random()` is asked.

    >>> Draws(7).pick("abc") == Draws(7).pick("abc")
    True
    """

    def __init__(self, seed: int) -> None:
        self.share = Random(seed).random

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.share() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely; there must be one."""
        return items[int(self.share() * len(items))]

    def below(self, end: int) -> int:
        """A whole number from 0 to just below `end`; 0 where there is none."""
        return int(self.share() * end) if end > 0 else 0

    def between(self, low: float, high: float) -> float:
        """A number between two."""
        return low + (high - low) * self.share()
