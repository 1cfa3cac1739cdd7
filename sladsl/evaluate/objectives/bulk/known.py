"""What was known of each case at the starts of its cycles, in bulk.

Takes:  records of events, see `columnar/asked.py`; later the starts of many cycles.
Gives:  `Known`: numbers for the values that `by`, levels and zones read at a start, as they were after its event.
Never:  keeps more of a case than the changes of these values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.asked import CASE, CAUSE, NO, TIME, TYPE, Asked, Value
from sladsl.evaluate.columnar.kernel.layout import NO_CAUSE
from sladsl.evaluate.objectives.bulk.columns import MISSING, first_of, grown, text_numbers
from sladsl.evaluate.objectives.bulk.keys import Together
from sladsl.ir.expression import ValueKind

Array = np.ndarray[Any, Any]
_NOTHING = -1


class Known:
    """The history of a few attributes and conditions of each case.

    What was known has a number; `tuples` of `together` hold the numbers of the attributes' texts, in the order given, then
    for each condition NO, YES, or FAULT and the number of a note.
    """

    def __init__(self, attributes: Iterable[str], conditions: Iterable[int]) -> None:
        self.attributes = tuple(dict.fromkeys(attributes))
        self.conditions = tuple(dict.fromkeys(conditions))
        self.values = [Value(name, ValueKind.TEXT, at_change=True) for name in self.attributes]
        self.together = Together()
        self._last, self._time = np.zeros(0, np.int32), np.zeros(0, np.int64)
        self._kept: list[tuple[Array, ...]] = []
        self._begins: Array = np.zeros(1, np.int64)
        self._past: tuple[Array, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.attributes or self.conditions)

    def begin(self, asked: Asked) -> None:
        """Learn where what it asked for stands in a record."""
        self._places = [asked.value(name, ValueKind.TEXT) for name in self.attributes]
        self._facts = [asked.fact(condition) for condition in self.conditions]

    def hear(self, told: Array) -> None:
        """Records, those of one case together and in order."""
        every = np.arange(len(told))
        columns = [text_numbers(told, every, place) for place in self._places]
        columns += [told[:, place] for place in self._facts]
        now = self.together.number(columns, len(told))
        case, time = told[:, CASE], told[:, TIME]
        count = int(case.max()) + 1
        self._last, self._time = grown(self._last, count, _NOTHING), grown(self._time, count)
        before, since = np.empty_like(now), np.empty_like(time)
        before[1:], since[1:] = now[:-1], time[:-1]
        new = first_of(case)
        before[new], since[new] = self._last[case[new]], self._time[case[new]]
        # the later events of an instant count one by one: a cycle may have been started by any of them
        kept = np.flatnonzero((before != now) | ((since == time) & (before != _NOTHING)))
        rows = told[kept]
        small = rows[:, CASE].astype(np.int32), (rows[:, TYPE] >> 1).astype(np.int32), now[kept].astype(np.int32)
        self._kept.append((small[0], rows[:, TIME].copy(), rows[:, CAUSE].copy(), small[1], small[2]))
        last = np.flatnonzero(np.append(new[1:], True))
        self._last[case[last]], self._time[case[last]] = now[last], time[last]

    def end(self) -> None:
        """There are no more."""
        if not self._kept:
            return
        parts = [np.concatenate(part) for part in zip(*self._kept, strict=True)]
        self._kept = []
        case = parts[0]
        self._begins = np.zeros(int(case.max(initial=-1)) + 2, np.int64)
        np.cumsum(np.bincount(case, minlength=len(self._begins) - 1), out=self._begins[1:])
        order = np.argsort(case, kind="stable")
        self._past = tuple(part[order] for part in parts[1:])

    def at(self, case: Array, us: Array, cause: Array, kind: Array) -> Array:
        """What was known after the event with a cause and a type at an instant; without one (NO_CAUSE), after all of them."""
        nothing = self.together.number([*self._blank(MISSING, self.attributes), *self._blank(NO, self.conditions)], 1)
        found = np.full(len(case), nothing[0], np.int64)
        here = np.flatnonzero(case < len(self._begins) - 1)
        here = here[self._begins[case[here] + 1] > self._begins[case[here]]]
        if not len(here):
            return found
        first, end = self._begins[case[here]], self._begins[case[here] + 1]
        found[here] = self._past[3][first]
        many = end - first > 1
        if many.any():
            rows = here[many]
            place = self._place(first[many], end[many], us[rows], cause[rows], kind[rows])
            found[rows] = self._past[3][place]
        return found

    @staticmethod
    def _blank(what: int, of: Sequence[object]) -> list[Array]:
        return [np.full(1, what, np.int64) for _ in of]

    def _place(self, first: Array, end: Array, us: Array, cause: Array, kind: Array) -> Array:
        """Which of the changes of a case, from the first to before the end, was the last by then."""
        times, causes, kinds, _ = self._past
        after = _bisect(times, first, end, us)  # the first change later than the instant
        by_event = np.flatnonzero(cause != NO_CAUSE)
        place = after - 1
        at = place.copy()
        found = np.zeros(len(us), np.bool_)
        active = by_event
        while len(active):  # back through the changes of the instant, to the one of the event itself
            active = active[(at[active] >= first[active]) & (times[np.maximum(at[active], 0)] == us[active])]
            same = (causes[at[active]] == cause[active]) & (kinds[at[active]] == kind[active])
            place[active[same]], found[active[same]] = at[active[same]], True
            active = active[~same]
            at[active] -= 1
        missed = by_event[~found[by_event]]
        place[missed] = at[missed]
        found_place: Array = np.maximum(place, first)
        return found_place


def _bisect(table: Array, lo: Array, hi: Array, value: Array) -> Array:
    """For each row the first place from lo on, before hi, that holds more than the value; hi where none does."""
    lo, hi = lo.copy(), hi.copy()
    while True:
        open = lo < hi
        if not open.any():
            return lo
        middle = (lo + hi) >> 1
        less = open & (table[np.minimum(middle, len(table) - 1)] <= value)
        lo = np.where(less, middle + 1, lo)
        hi = np.where(open & ~less, middle, hi)
