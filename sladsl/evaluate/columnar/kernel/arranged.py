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

from numba import njit

from sladsl.evaluate.columnar.kernel.layout import ROW_HEAD


@njit(
    "void(i4[::1],i8[::1],i8[::1],i4[::1],i8[:,::1],i8[:,::1],i8[:,::1],i4[::1],i4[::1],i8[::1],i8[:,::1])",
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

    A case is walked by the walker of its number modulo how many there are, who counts its own cases. `counts` is room for
    a number a case, all 0 before and after; `heads` for a number a row.
    """
    count, walkers, wide, narrow = len(case), len(ends), len(bits), len(event)
    different = 0
    for i in range(count):
        c = case[i]
        if counts[c] == 0:
            heads[different] = c
            different += 1
        counts[c] += 1
    place = 0
    for walker in range(walkers):
        for j in range(different):
            c = heads[j]
            if c % walkers == walker:
                size = counts[c]
                counts[c] = place
                place += size
        ends[walker] = place
    for i in range(count):
        c = case[i]
        place = counts[c]
        counts[c] = place + 1
        row = rows[place]
        row[0] = c // walkers | i << 32
        row[1] = time[i]
        row[2] = cause[i]
        row[3] = type[i]
        at = ROW_HEAD
        for j in range(wide):
            row[at] = bits[j, i]
            row[at + 1] = mask[j, i]
            at += 2
        for j in range(narrow):
            row[at] = event[j, i]
            at += 1
    for j in range(different):
        counts[heads[j]] = 0
