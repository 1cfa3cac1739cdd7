"""Small numbers for what comes together: the values of `by`, and what was known at a start.

Takes:  columns of whole numbers.
Gives:  `Together`.
Never:  sees a text; whoever needs it looks it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Together:
    """Numbers from 0 on for tuples of numbers, in the order in which they come; `tuples` gives them back."""

    def __init__(self) -> None:
        self.tuples: list[tuple[int, ...]] = []
        self._numbers: dict[tuple[int, ...], int] = {}

    def number(self, columns: Sequence[Array], count: int) -> Array:
        """The number of each row of some columns."""
        if not count:
            return np.zeros(0, np.int64)
        if not columns:
            return np.full(count, self._of(()), np.int64)
        places: Array = np.zeros(count, np.int64)
        for column in columns:
            different, inverse = np.unique(column, return_inverse=True)
            places = places * len(different) + inverse.reshape(-1)
            if len(columns) > 1:
                places = np.unique(places, return_inverse=True)[1].reshape(-1)
        kinds, first = np.unique(places, return_index=True)
        rows = np.stack([column[first] for column in columns], axis=1).tolist()
        known = np.array([self._of(tuple(row)) for row in rows], np.int64)
        found: Array = known[np.searchsorted(kinds, places)]
        return found

    def _of(self, row: tuple[int, ...]) -> int:
        number = self._numbers.get(row)
        if number is None:
            number = self._numbers[row] = len(self.tuples)
            self.tuples.append(row)
        return number
