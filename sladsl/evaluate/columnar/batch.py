"""A batch of events as the kernel reads it.

Takes:  arrays.
Gives:  Batch.
Never:  holds a text: cases, types and cells have become numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import define, field

Array = np.ndarray[Any, Any]


@define
class Batch:
    """Events in order; of one case no event is earlier than the one before it.

    case, time, type  the case's number, microseconds UTC, the number of the type
    cause             input and data row in one number, see `pack_cause`
    bits, mask        a row a word of the case: the leaves that are true, those of which the event says something
    event             a row a word of the event: the leaves that are true of it
    values            for each column of values: numerators, denominators (None where all are 1), flags (0 missing, 1 there,
                      2 + note where it could not be read)
    reasons           for a leaf, by row, the note of why it is an error
    """

    case: Array
    time: Array
    cause: Array
    type: Array
    bits: Array
    mask: Array
    event: Array
    values: list[tuple[Array, Array | None, Array]] = field(factory=list)
    reasons: dict[int, Array] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: Array) -> Batch:
        """The same batch with only these rows, in this order."""
        return Batch(
            self.case[rows],
            self.time[rows],
            self.cause[rows],
            self.type[rows],
            np.ascontiguousarray(self.bits[:, rows]),
            np.ascontiguousarray(self.mask[:, rows]),
            np.ascontiguousarray(self.event[:, rows]),
            [(n[rows], None if d is None else d[rows], f[rows]) for n, d, f in self.values],
            {leaf: why[rows] for leaf, why in self.reasons.items()},
        )


def joined(batches: list[Batch]) -> Batch:
    """Several batches as one."""
    if len(batches) == 1:
        return batches[0]
    first = batches[0]
    values: list[tuple[Array, Array | None, Array]] = []
    for i in range(len(first.values)):
        parts = [batch.values[i] for batch in batches]
        denominators = None
        if any(below is not None for _, below, _ in parts):
            denominators = np.concatenate([np.ones_like(n) if d is None else d for n, d, _ in parts])
        values.append(
            (np.concatenate([n for n, _, _ in parts]), denominators, np.concatenate([f for _, _, f in parts]))
        )
    reasons: dict[int, Array] = {}
    for leaf in {leaf for batch in batches for leaf in batch.reasons}:
        reasons[leaf] = np.concatenate(
            [b.reasons[leaf] if leaf in b.reasons else np.zeros(len(b), np.int32) for b in batches]
        )
    return Batch(
        np.concatenate([batch.case for batch in batches]),
        np.concatenate([batch.time for batch in batches]),
        np.concatenate([batch.cause for batch in batches]),
        np.concatenate([batch.type for batch in batches]),
        np.concatenate([batch.bits for batch in batches], axis=1),
        np.concatenate([batch.mask for batch in batches], axis=1),
        np.concatenate([batch.event for batch in batches], axis=1),
        values,
        reasons,
    )


_ROW_BITS = 44


def pack_cause(input: int, row: int) -> int:
    """An input and a data row as one number."""
    return input << _ROW_BITS | row


def unpack_cause(cause: int) -> tuple[int, int]:
    """The input and the data row."""
    return cause >> _ROW_BITS, cause & ((1 << _ROW_BITS) - 1)
