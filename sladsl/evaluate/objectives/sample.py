"""Values of which a statistic is taken.

Takes:  exact numbers, one by one.
Gives:  `Sample`, and `statistic` over some samples and the values that open cases have reached.
Never:  keeps single values where the statistic does not need them.
"""

import sys
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

Number = int | Fraction
_MOST = (1 << 63) - 1
_MANY = 10_000  # values from which on they are put in order without becoming Python's numbers


def rank_of(function: str, rank: int) -> int:
    """The percent of a quantile: 50 for the median, N for pN; 0 for what is no quantile.

    >>> rank_of("median", 0), rank_of("p95", 0), rank_of("p", 95), rank_of("average", 0)
    (50, 95, 95, 0)
    """
    if function == "median":
        return 50
    if function.startswith("p"):
        return rank or int(function[1:] or 0)
    return 0


class Sample:
    """How many values there were, their sum, and where `keep` the values themselves."""

    __slots__ = ("_gone", "_others", "_whole", "count", "keep", "least", "most", "total")

    def __init__(self, keep: bool) -> None:
        self.keep = keep
        self.count = 0
        self.total: Number = 0
        self.least: Number | None = (
            None  # the extremes of all that was added; None where nothing was, or something was taken back
        )
        self.most: Number | None = None
        self._whole = array("q")
        self._others: list[Number] = []
        self._gone: list[Number] = []

    def add(self, value: Number) -> None:
        """One more value."""
        self.count += 1
        self.total += value
        if self.keep:
            if self.count == 1 and not self._gone:
                self.least = self.most = value
            elif self.least is not None and self.most is not None:
                self.least, self.most = min(self.least, value), max(self.most, value)
            if isinstance(value, int) and -_MOST <= value <= _MOST:
                self._whole.append(value)
            else:
                self._others.append(value)

    def remove(self, value: Number) -> None:
        """One of the values is taken back."""
        self.count -= 1
        self.total -= value
        if self.keep:
            self._gone.append(value)
            self.least = self.most = None

    def save(self) -> Any:
        """All of it, as JSON can hold it."""
        return [
            self.count,
            _written(self.total),
            _packed(self._whole),
            [_written(value) for value in self._others],
            [_written(value) for value in self._gone],
        ]

    @classmethod
    def load(cls, keep: bool, state: Any) -> "Sample":
        """The same, back."""
        count, total, whole, others, gone = state
        self = cls(keep)
        self.count, self.total = count, _read(total)
        self._whole = _unpacked(whole)
        self._others, self._gone = [_read(value) for value in others], [_read(value) for value in gone]
        if keep and not gone and (kept := [*self._whole, *self._others]):
            self.least, self.most = min(kept), max(kept)
        return self

    def whole(self) -> "array[int] | None":
        """The values where all of them are whole numbers of 64 bits and none was taken back, else None."""
        return None if self._gone or self._others else self._whole

    def values(self) -> Iterable[Number]:
        """The values, in no order; only of a sample that keeps them."""
        if not self._gone:
            return [*self._whole, *self._others] if self._others else self._whole
        return (Counter(self._whole) + Counter(self._others) - Counter(self._gone)).elements()


def _packed(values: "array[int]") -> str:
    """Many numbers as text: a window of a hundred thousand is written with every batch of a watch."""
    held = array("q", values)
    if sys.byteorder == "big":
        held.byteswap()
    return b64encode(held.tobytes()).decode("ascii")


def _unpacked(text: str) -> "array[int]":
    held = array("q", b64decode(text, validate=True))
    if sys.byteorder == "big":
        held.byteswap()
    return held


def _written(value: Number) -> int | str:
    return value if isinstance(value, int) else str(value)


def _read(value: int | str) -> Number:
    return value if isinstance(value, int) else Fraction(value)


def keeps_values(function: str) -> bool:
    """Whether a statistic needs the single values: quantiles and extremes do."""
    return function not in ("average", "total")


def statistic(function: str, rank: int, samples: Sequence[Sample], reached: Sequence[int] = ()) -> Fraction | None:
    """min, max, average, median, total or pN of the values of the samples and the further ones; None of no values."""
    count = sum(sample.count for sample in samples) + len(reached)
    if not count:
        return None
    if function in ("average", "total"):
        total = sum((Fraction(sample.total) for sample in samples), Fraction(sum(reached)))
        return total / count if function == "average" else total
    if function in ("min", "max"):
        ends = [sample.least if function == "min" else sample.most for sample in samples if sample.count]
        known = [end for end in ends if end is not None]
        if len(known) == len(ends):
            return Fraction((min if function == "min" else max)([*known, *reached]))
    at = 0 if function == "min" else count - 1 if function == "max" else place(rank_of(function, rank), count)
    return _sorted_at(samples, reached, at)


def ceiling(function: str, rank: int, samples: Sequence[Sample], waiting: int) -> Fraction | None:
    """The statistic where so many further values may be as large as one likes; None where it may be so too."""
    if not waiting:
        return statistic(function, rank, samples)
    count = sum(sample.count for sample in samples)
    if not count or function in ("average", "total", "max"):
        return None
    at = 0 if function == "min" else place(rank_of(function, rank), count + waiting)
    return _sorted_at(samples, (), at) if at < count else None


def _sorted_at(samples: Sequence[Sample], reached: Sequence[int], at: int) -> Fraction:
    """The value that stands at a place when all are sorted."""
    parts = [whole for sample in samples if (whole := sample.whole()) is not None]
    if len(parts) == len(samples) and sum(map(len, parts)) >= _MANY:
        import numpy as np  # only for many values: a window of millions is not to become a list of millions

        every = np.concatenate(
            [*(np.frombuffer(part, np.int64) for part in parts if part), np.array(reached, np.int64)]
        )
        return Fraction(int(np.partition(every, at)[at]))
    values = [value for sample in samples for value in sample.values()]
    values += reached
    values.sort()
    return Fraction(values[at])


def place(rank: int, count: int) -> int:
    """Where the nearest rank stands among so many sorted values: the least with at least `rank` percent at or below it.

    >>> place(50, 4), place(95, 4), place(1, 1)
    (1, 3, 0)
    """
    return max(0, -(-rank * count // 100) - 1)
