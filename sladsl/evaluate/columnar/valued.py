"""In how many cases attributes have a value, of events in batches.

Takes:  batches, and the sources of cells that wrote into them.
Gives:  `ValuedCases`.
Never:  reads a cell: a batch says already where each attribute has one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.columns import SourceTable
from sladsl.events.valued import Valued


class ValuedCases:
    """The cases that have a value, by attribute.

    Args:
        names: the folded names of the attributes that are asked for.
        sources: those of the run.
    """

    def __init__(self, names: Iterable[str], sources: Iterable[SourceTable]) -> None:
        asked = frozenset(names)
        self._sources = [s for s in sources if s.source.what == "attribute" and s.source.name in asked]
        self._held = {source.source.name: np.zeros(0, np.bool_) for source in self._sources}
        self._seen = np.zeros(0, np.bool_)

    def note(self, batch: Batch, cases: int) -> None:
        """Take the events of a batch; `cases` is how many cases have a number."""
        if not self._sources:
            return
        if cases > len(self._seen):
            more = np.zeros(max(cases - len(self._seen), len(self._seen)), np.bool_)
            self._seen = np.concatenate([self._seen, more])
            self._held = {name: np.concatenate([held, more]) for name, held in self._held.items()}
        self._seen[batch.case] = True
        for source in self._sources:
            there = self._there(batch, source)
            if there is not None:
                self._held[source.source.name][batch.case[there]] = True

    @staticmethod
    def _there(batch: Batch, source: SourceTable) -> Array | None:
        """Where events carry a value; None where the plan asks nothing of them after all."""
        found: Array | None = None
        if source.words:
            word = source.words[0]
            found = batch.mask[word] & np.uint64(source.masks[word])
        elif source.values:
            found = batch.values[source.values[0][0]][2]
        return None if found is None else found > 0

    def counts(self) -> Valued:
        """What has been seen."""
        return Valued(int(self._seen.sum()), {name: int(held.sum()) for name, held in self._held.items()})
