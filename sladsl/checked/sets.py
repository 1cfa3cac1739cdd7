"""Sets of values of one kind: intervals, points, and all that is made of them.

Takes:  values that can be ordered among themselves: exact numbers, texts, instants, yes and no.
Gives:  Values: what is in, what two sets share, what either holds, what a set leaves out.
Never:  holds values of two kinds; knows what the values mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from sladsl.checked.typed import Value

# A place between values: (v, 0) is right before v, (v, 1) right after it.
Cut = tuple[Value, int]


class Values:
    """A set as the places at which one enters and leaves it, from below; `start` tells whether the lowest values are in.

    Between two texts there is always taken to be another, so a set may look larger than it is, never smaller.

    >>> (above(3, True).meet(below(5, False))).spans()
    [((3, 0), (5, 0))]
    >>> above(3, False).meet(below(3, True)).is_empty
    True
    """

    __slots__ = ("cuts", "start")

    def __init__(self, start: bool, cuts: tuple[Cut, ...]) -> None:
        self.start = start
        self.cuts = cuts

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in."""
        return not self.start and not self.cuts

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self.start and not self.cuts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and (self.start, self.cuts) == (other.start, other.cuts)

    def __hash__(self) -> int:
        return hash((self.start, self.cuts))

    def complement(self) -> Values:
        """All that is not in."""
        return Values(not self.start, self.cuts)

    def meet(self, other: Values) -> Values:
        """What is in both."""
        if self.is_everything:
            return other
        if other.is_everything or self is other:
            return self
        return _merged([self, other], 2)

    def covers(self, other: Values) -> bool:
        """Whether all of another set is in."""
        return other.meet(self.complement()).is_empty

    def spans(self) -> list[tuple[Cut | None, Cut | None]]:
        """The stretches that are in, from below; None is no end on that side."""
        ends: list[Cut | None] = [*self.cuts]
        if self.start:
            ends.insert(0, None)
        if len(ends) % 2:
            ends.append(None)
        return list(zip(ends[::2], ends[1::2], strict=True))

    def points(self, most: int = 100) -> list[Value] | None:
        """The values, where they are so few single ones; None otherwise."""
        if self.start or len(self.cuts) > 2 * most:
            return None
        found = []
        for low, high in self.spans():
            if low is None or high is None or low[0] != high[0]:
                return None
            found.append(low[0])
        return found

    def holds_whole(self) -> bool:
        """Whether a whole number is in (of a set of numbers)."""
        for low, high in self.spans():
            if low is None or high is None:
                return True
            least = _whole(low, up=True)
            if least <= _whole(high, up=False):
                return True
        return False


def _whole(cut: Cut, up: bool) -> int:
    """The least whole number after a cut, or the greatest before it."""
    value, side = cut
    assert isinstance(value, (int, Fraction))
    if up:
        return ceil(value) if side == 0 or value != ceil(value) else ceil(value) + 1
    return floor(value) if side == 1 or value != floor(value) else floor(value) - 1


NOTHING = Values(False, ())
EVERYTHING = Values(True, ())


def point(value: Value) -> Values:
    """Just one value."""
    return Values(False, ((value, 0), (value, 1)))


def points(values: Iterable[Value]) -> Values:
    """Just these values."""
    return Values(False, tuple(cut for value in sorted(set(values)) for cut in ((value, 0), (value, 1))))


def below(value: Value, inside: bool) -> Values:
    """All below a value, and the value itself where it is `inside`."""
    return Values(True, ((value, int(inside)),))


def above(value: Value, inside: bool) -> Values:
    """All above a value, and the value itself where it is `inside`."""
    return Values(False, ((value, 0 if inside else 1),))


def union(sets: list[Values]) -> Values:
    """What is in any of them."""
    return sets[0] if len(sets) == 1 else _merged(sets, 1)


def _merged(sets: list[Values], needed: int) -> Values:
    """What is in at least so many of the sets, found by walking over all cuts from below."""
    changes: list[tuple[Cut, int]] = []
    inside = 0
    for each in sets:
        here = each.start
        inside += here
        for cut in each.cuts:
            here = not here
            changes.append((cut, 1 if here else -1))
    changes.sort(key=_place)
    start = now = inside >= needed
    cuts: list[Cut] = []
    for at, (cut, change) in enumerate(changes):
        inside += change
        if at + 1 < len(changes) and changes[at + 1][0] == cut:
            continue
        if (inside >= needed) != now:
            now = not now
            cuts.append(cut)
    return Values(start, tuple(cuts))


def _place(change: tuple[Cut, int]) -> Cut:
    return change[0]
