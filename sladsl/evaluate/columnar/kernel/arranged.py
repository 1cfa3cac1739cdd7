"""The rows of a batch, one record a row, those of a case one after the other.

Takes:  the columns of a batch.
Gives:  `arrange`, and how its records are laid out.
Never:  changes the order of a case's rows.

Cases do not touch each other, so the walk may go from case to case; what is known of one is at hand while its rows follow
each other, and a row is one place in memory instead of one in each of seven columns.
"""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sladsl.evaluate.columnar.kernel.layout import ROW_HEAD


@njit(
    "void(i4[::1],i8[::1],i8[::1],i4[::1],i8[:,::1],i8[:,::1],i8[:,::1],i4[::1],i4[::1],i8[::1],i8[::1])",
    nogil=True,
    cache=True,
)
def arrange(
    case: Any,
    time: Any,
    cause: Any,
    type: Any,
    bits: Any,
    mask: Any,
    event: Any,
    counts: Any,
    heads: Any,
    ends: Any,
    rows: Any,
) -> None:
    """Fill `rows`; `ends` says where those of each walker end.

    The last bits of a case's number tell its walker, the others are its number among the walker's cases. `counts` is room for
    a number a case, all 0 before and after; `heads` for a number a row.
    """
    count, wide, narrow = len(case), len(bits), len(event)
    others, shift = len(ends) - 1, 0  # walkers are a power of two
    while others >> shift:
        shift += 1
    width = ROW_HEAD + 2 * wide + narrow
    different = 0
    for i in range(count):
        c = case[i]
        if counts[c] == 0:
            heads[different] = c
            different += 1
        counts[c] += 1
    place = 0
    for walker in range(others + 1):
        for j in range(different):
            c = heads[j]
            if c & others == walker:
                size = counts[c]
                counts[c] = place
                place += size
        ends[walker] = place
    for i in range(count):
        c = case[i]
        place = counts[c]
        counts[c] = place + 1
        at = place * width
        rows[at] = np.int64(c >> shift) | np.int64(i) << 32
        rows[at + 1] = time[i]
        rows[at + 2] = cause[i]
        rows[at + 3] = type[i]
        at += ROW_HEAD
        for j in range(wide):
            rows[at] = bits[j, i]
            rows[at + 1] = mask[j, i]
            at += 2
        for j in range(narrow):
            rows[at] = event[j, i]
            at += 1
    for j in range(different):
        counts[heads[j]] = 0
