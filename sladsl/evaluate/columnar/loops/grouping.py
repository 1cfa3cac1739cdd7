"""The rows of a batch put together by their cases, and sorted within them.

Takes:  the cases and times of the rows.
Gives:  `group_rows`, `sort_within`: the order of the rows.
Never:  changes the order of rows of one case and instant.
"""

# mypy: disable-error-code="untyped-decorator, import-untyped, no-any-return, return-value"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit("void(i4[::1],i8[::1],i4[::1])", nogil=True, cache=True)
def group_rows(case: Any, first: Any, order: Any) -> None:
    """Put the rows of each case together, in their order: `first[c]` is where case c begins; it is moved to its end."""
    for i in range(len(case)):
        c = case[i]
        order[first[c]] = i
        first[c] += 1


@njit("void(i8[::1],i4[::1],i8[::1])", nogil=True, cache=True)
def sort_within(time: Any, order: Any, ends: Any) -> None:
    """Sort the rows of each case by time; those of one instant keep their order."""
    begin = 0
    for c in range(len(ends)):
        end = ends[c]
        if end - begin < 64:
            for i in range(begin + 1, end):
                row = order[i]
                t = time[row]
                j = i
                while j > begin and time[order[j - 1]] > t:
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = row
        else:
            part = order[begin:end].copy()
            keys = np.empty(len(part), np.int64)
            for i in range(len(part)):
                keys[i] = time[part[i]]
            places = np.argsort(keys, kind="mergesort")
            for i in range(len(part)):
                order[begin + i] = part[places[i]]
        begin = end
