"""Batches of a log that is out of order, put in order.

Takes:  batches in the order of the input.
Gives:  `ordered`: the same events case by case, each case by time, those of one instant in the order of the input.
Never:  puts cases in an order among themselves: they do not touch each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sladsl.evaluate.columnar.batch import Array, Batch, joined

_ROWS = 1 << 20


def ordered(batches: list[Batch], case_count: int) -> Iterator[Batch]:
    """All events in order, in batches; the list is emptied on the way."""
    from sladsl.evaluate.columnar.kernel.strings import group_rows, sort_within

    whole = joined(batches)
    batches.clear()
    places: Array = np.zeros(case_count + 1, np.int64)
    np.cumsum(np.bincount(whole.case, minlength=case_count), out=places[1:])
    ends = places[:-1].copy()
    order = np.empty(len(whole), np.int32)
    group_rows(whole.case, ends, order)
    time = np.require(whole.time, np.int64, ["C", "W"])  # compiled loops take no array that is not to be written to
    sort_within(time, order, ends)
    for first in range(0, len(order), _ROWS):
        yield whole.take(order[first : first + _ROWS])
