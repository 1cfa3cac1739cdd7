"""A measure of events in bulk: what every one of them needs.

Takes:  records of events, see `columnar/asked.py`.
Gives:  `EventColumns`, which the measures of `happenings.py` and `times.py` are; `Occurrences`; `Doubts`.
Never:  makes an object of an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from sladsl.evaluate.columnar.asked import CASE, CAUSE, FAULT, FLAG, TIME, TYPE, YES, Asked, Value
from sladsl.evaluate.objectives.bulk.keys import Together
from sladsl.evaluate.objectives.leaf import Key, Leaf, Scope
from sladsl.ir.expression import Trigger, ValueKind

Array = np.ndarray[Any, Any]
MISSING = -1  # in place of the number of a text


class Texts(Sequence[str]):
    """The texts behind numbers, of a dictionary that grows."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: Any) -> Any:
        if number >= len(self._texts):
            self._texts = list(self._numbers)
        return self._texts[number]


class Doubts:
    """What could not be decided: how often, and why at first."""

    def __init__(self) -> None:
        self.count = 0
        self.first: tuple[int, int] | None = None
        self.note = 0

    def add(self, notes: Array, times: Array, causes: Array) -> None:
        """Each of these was one, with the number of its note."""
        if not len(notes):
            return
        self.count += len(notes)
        place = int(np.lexsort((causes, times))[0])
        when = int(times[place]), int(causes[place])
        if self.first is None or when < self.first:
            self.first, self.note = when, int(notes[place])


class EventColumns(Leaf):
    """A measure of events.

    facts, looks, values  what it asks for, see Asked
    """

    facts: tuple[int | Trigger, ...] = ()
    looks: tuple[int, ...] = ()

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.doubts = Doubts()
        self.values: list[Value] = [Value(name, ValueKind.TEXT) for name in scope.objective.by]
        self.keys = Together()
        self.asked = Asked()
        self.texts: Sequence[str] = ()

    def begin(self, asked: Asked, texts: Sequence[str]) -> None:
        """Learn where what it asked for stands in a record, and the texts behind numbers."""
        self.asked, self.texts = asked, texts
        self._by = [asked.value(name, ValueKind.TEXT) for name in self.scope.objective.by]

    def hear(self, told: Array) -> None:
        """Records, those of one case together and in order."""
        raise NotImplementedError

    def end(self, as_of_us: int) -> None:
        """There are no more, and everything up to as-of is known."""

    # --- what holds ---------------------------------------------------------------------------------------------------

    def doubt(self, told: Array, rows: Array, notes: Array) -> None:
        """At these rows something could not be decided."""
        self.doubts.add(notes, told[rows, TIME], told[rows, CAUSE])

    def holding(self, told: Array, rows: Array, condition: int | None) -> Array:
        """Of the rows those after which a condition holds; where it cannot be decided it does not, and that is noted."""
        if condition is None or not len(rows):
            return rows
        held = told[rows, self.asked.fact(condition)]
        odd = held >= FAULT
        if odd.any():
            self.doubt(told, rows[odd], held[odd] - FAULT)
        found: Array = rows[held == YES]
        return found

    def groups_of(self, told: Array, rows: Array) -> Array:
        """The number of the group of each row."""
        return self.keys.number([text_numbers(told, rows, place) for place in self._by], len(rows))

    def named(self) -> list[Key]:
        """The groups by their numbers, with what they are called."""
        return [key_of(row, self.texts) for row in self.keys.tuples]


class Occurrences:
    """A trigger at many events. Of a state, or of a case itself, only the first in a case counts where `once`."""

    def __init__(self, leaf: EventColumns, trigger: Trigger, party: int | None = None, *, once: bool) -> None:
        self._leaf = leaf
        self.trigger = evolve(trigger, party=None)
        self._first = trigger.kind == "first event"
        self._parties = tuple(p for p in (trigger.party, party) if p is not None)
        self._once = once and trigger.kind not in ("happens", "ends")
        self._seen = np.zeros(0, np.bool_)
        self.looks = () if self._first else (trigger.condition,)
        self.facts: tuple[int | Trigger, ...] = (*(() if self._first else (self.trigger,)), *self._parties)

    def always_once(self) -> None:
        """Only the first in a case counts, whatever it is."""
        self._once = True

    def rows(self, told: Array) -> Array:
        """The rows at which it counts: it happens, and by the party that must act."""
        if self._first:
            rows = np.flatnonzero(told[:, TYPE] & 1)
        else:
            held = told[:, self._leaf.asked.fact(self.trigger)]
            rows, odd = np.flatnonzero(held == YES), np.flatnonzero(held >= FAULT)
            if len(odd) and self._once:
                odd = self._before_the_first(told, odd, rows)
            if len(odd):
                self._leaf.doubt(told, odd, held[odd] - FAULT)
        if self._once:
            rows = self._first_ones(told, rows)
        for party in self._parties:
            rows = self._leaf.holding(told, rows, party)
        return rows

    def _before_the_first(self, told: Array, odd: Array, rows: Array) -> Array:
        """Of the rows where it cannot be decided those before it happens in their case: later ones say nothing."""
        case = told[:, CASE]
        self._seen = grown(self._seen, int(case.max()) + 1)
        run = np.cumsum(first_of(case)) - 1
        first = np.full(int(run[-1]) + 1, len(told))
        np.minimum.at(first, run[rows], rows)
        found: Array = odd[~self._seen[case[odd]] & (odd < first[run[odd]])]
        return found

    def _first_ones(self, told: Array, rows: Array) -> Array:
        if not len(rows):
            return rows
        case = told[rows, CASE]
        self._seen = grown(self._seen, int(case.max()) + 1)
        new = first_of(case) & ~self._seen[case]
        self._seen[case] = True
        found: Array = rows[new]
        return found


def first_of(case: Array) -> Array:
    """Which rows are the first of their case, where those of one case stand together."""
    new = np.ones(len(case), np.bool_)
    new[1:] = case[1:] != case[:-1]
    return new


def grown(array: Array, count: int, fill: int = 0) -> Array:
    """The array with room for so many."""
    if count <= len(array):
        return array
    more = np.full(max(count, 2 * len(array), 1024) - len(array), fill, array.dtype)
    return np.concatenate([array, more])


def text_numbers(told: Array, rows: Array, place: int) -> Array:
    """The numbers of the texts of a value."""
    return np.where(told[rows, place + FLAG] >> 1 == 1, told[rows, place], MISSING)


def key_of(numbers: Iterable[int], texts: Sequence[str]) -> Key:
    """The texts behind numbers, '' for what is missing."""
    return tuple("" if number == MISSING else texts[number] for number in numbers)


def by_key(keys: Sequence[Key], of: Any) -> dict[Key, dict[int, int]]:
    """What `of` gives of each number of a group, by what the group is called."""
    found: dict[Key, dict[int, int]] = {}
    for number, key in enumerate(keys):
        cells = found.setdefault(key, {})
        for cell, count in of(number).items():
            cells[cell] = cells.get(cell, 0) + count
    return found
