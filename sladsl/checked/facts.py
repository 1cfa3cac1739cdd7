"""Facts about a single cell or value: whether it may be missing, and what it may be.

Takes:  typed expressions that have a value.
Gives:  `about`: what a fact about one is kept under; `domain_of`: what it can be at all; Fact.
Never:  joins two conditions; logic.py does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sladsl.checked.kinds import DURATION, INSTANT, NAME, NUMBER, TEXT, TRUTH, Kind
from sladsl.checked.sets import EVERYTHING, Values, above, below, points
from sladsl.checked.typed import (
    Actor,
    Arithmetic,
    Attr,
    CaseId,
    DefRef,
    EventType,
    Expr,
    History,
    InstantPart,
    Now,
)
from sladsl.text import stems

# Events by their stems: those required, those allowed, and whether they must match.
TypeTest = tuple[frozenset[str], frozenset[str], bool]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS = {"hour": (0, 23), "month": (1, 12)}


def about(e: Expr) -> object | None:
    """What a fact about a value is kept under; None where nothing can be said of it."""
    match e:
        case Attr():
            return ("cell", e.name, e.own)
        case EventType():
            return ("event",)
        case Actor():
            return ("actor",)
        case Now() | CaseId() | History() | InstantPart() | Arithmetic() | DefRef():
            return ("value", e)
    return None


class Domain:
    """What a value can be at all: which values, whether only whole numbers, and whether it is `always` there."""

    __slots__ = ("always", "values", "whole")

    def __init__(self, values: Values = EVERYTHING, whole: bool = False, always: bool = False) -> None:
        self.values = values
        self.whole = whole
        self.always = always


_ANYTHING = Domain()
_TRUTHS = Domain(points((False, True)))
_COUNT = Domain(above(0, True), whole=True, always=True)
_SINCE = Domain(above(0, True))
_THERE = Domain(always=True)


def domain_of(e: Expr, kind: Kind) -> Domain:
    """What a value can be at all."""
    match e:
        case Attr() if kind == TRUTH:
            return _TRUTHS
        case History() if e.function in ("count", "distinct"):
            return _COUNT
        case History() if e.function == "since" and kind == DURATION:
            return _SINCE
        case InstantPart() if e.part in _PARTS and kind == NUMBER:
            low, high = _PARTS[e.part]
            return Domain(above(low, True).meet(below(high, True)), True, isinstance(e.operand, Now))
        case InstantPart() if e.part == "weekday" and kind == TEXT:
            return Domain(points(WEEKDAYS), False, isinstance(e.operand, Now))
        case Now() if kind == INSTANT:
            return _THERE
        case EventType() | CaseId():
            return _THERE
    return _ANYTHING


class Fact:
    """What is said of one value: that it may be `missing`, or `present` and, read as each kind, in a set of values.

    A cell read in two kinds is held to be two values, except for whether it is there at all. Events may also be given by the
    stems of their names (`types`).
    """

    __slots__ = ("kinds", "language", "missing", "present", "types", "whole")

    def __init__(
        self,
        missing: bool,
        present: bool = True,
        kinds: Mapping[str, Values] | None = None,
        types: frozenset[TypeTest] = frozenset(),
        whole: bool = False,
        language: str = "en",
    ) -> None:
        self.missing = missing
        self.kinds = kinds or {}
        self.types = types
        self.whole = whole
        self.language = language
        self.present = present and not any(map(self._nothing, self.kinds.values())) and self._some_type()

    @property
    def possible(self) -> bool:
        """Whether any value, or none at all, does what the fact says."""
        return self.missing or self.present

    @property
    def says_nothing(self) -> bool:
        """Whether every value and none at all do what the fact says."""
        return (
            self.missing
            and self.present
            and not self.types
            and all(values.is_everything for values in self.kinds.values())
        )

    def meet(self, other: Fact) -> Fact:
        """Both facts at once."""
        kinds = dict(self.kinds)
        for kind, values in other.kinds.items():
            kinds[kind] = kinds[kind].meet(values) if kind in kinds else values
        return Fact(
            self.missing and other.missing,
            self.present and other.present,
            kinds,
            self.types | other.types,
            self.whole or other.whole,
            self.language,
        )

    def _nothing(self, values: Values) -> bool:
        return values.is_empty or (self.whole and not values.holds_whole())

    def _some_type(self) -> bool:
        """Whether any event does what is said of its name."""
        if not self.types:
            return True
        names = self.kinds.get(str(NAME))
        single = names.points() if names is not None else None
        if single is not None:
            return any(self._matches(str(name)) for name in single)
        required = frozenset().union(*(need for need, _, wanted in self.types if wanted))
        allowed = [may for _, may, wanted in self.types if wanted]
        if not allowed:
            return True
        words = frozenset.intersection(*allowed)
        if not required <= words:
            return False
        # an event is shut out by its words only where all of those that fit are
        return not any(need <= required and words <= may for need, may, wanted in self.types if not wanted)

    def _matches(self, name: str) -> bool:
        words = frozenset(stems(name, self.language))
        return all((need <= words <= may) == wanted for need, may, wanted in self.types)
