"""What a measure reads in one window, with its bounds, and whether a promise about it is kept.

Takes:  readings of single measures.
Gives:  `Reading`, `combine` (the arithmetic of measures) and `standing` (met, missed, undecided, not judged).
Never:  rounds. A bound that is None is infinite.
"""

from fractions import Fraction

from attrs import frozen

from sladsl.evaluate.objectives.outcome import MET, MISSED, NOT_JUDGED, UNDECIDED
from sladsl.ir.objective import Objective

Bounds = tuple[Fraction | None, Fraction | None]


@frozen
class Reading:
    """A measure in one window, for one group.

    value       of the decided cases, None where none is
    low, high   if every known open case goes one way or the other
    sure        bounds that nothing later can pass; in a window that has ended they are low and high
    cases       decided and open ones; None for a constant
    counts      it is a number of things, so that two of them add up to another number of things
    good, total the parts of a share of cycles or of time
    """

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    sure: Bounds
    cases: int | None
    counts: bool = False
    good: Fraction | None = None
    total: Fraction | None = None


def constant(value: Fraction) -> Reading:
    """A number in the arithmetic of measures."""
    return Reading(value, value, value, (value, value), None)


def combine(op: str, left: Reading, right: Reading) -> Reading | None:
    """left op right; None, that is no row, where the divisor is 0."""
    value: Fraction | None = None
    if op == "/" and right.value == 0:
        return None
    if left.value is not None and right.value is not None:
        value = _apply(op, left.value, right.value)
    low, high = _bounds(op, (left.low, left.high), (right.low, right.high))
    counts = op == "+" and left.counts and right.counts
    return Reading(value, low, high, _bounds(op, left.sure, right.sure), _cases(op, left, right, counts), counts)


def _cases(op: str, left: Reading, right: Reading, counts: bool) -> int | None:
    # of a quotient the cases are those that it divides by; else both sides must have enough of them
    if left.cases is None or right.cases is None:
        return right.cases if left.cases is None else left.cases
    if op == "/":
        return right.cases
    return left.cases + right.cases if counts else min(left.cases, right.cases)


def _apply(op: str, a: Fraction, b: Fraction) -> Fraction:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    return a * b if op == "*" else a / b


def _bounds(op: str, a: Bounds, b: Bounds) -> Bounds:
    if op == "+":
        return _sum(a[0], b[0]), _sum(a[1], b[1])
    if op == "-":
        return _sum(a[0], _negated(b[1])), _sum(a[1], _negated(b[0]))
    if op == "/":
        if b[0] is None or b[1] is None or b[0] <= 0 <= b[1]:
            return None, None
        b = 1 / b[1], 1 / b[0]
    return _product(a, b)


def _sum(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a + b


def _negated(a: Fraction | None) -> Fraction | None:
    return None if a is None else -a


def _product(a: Bounds, b: Bounds) -> Bounds:
    if a[0] is not None and a[1] is not None and b[0] is not None and b[1] is not None:
        corners = [x * y for x in (a[0], a[1]) for y in (b[0], b[1])]
        return min(corners), max(corners)
    if a[0] is not None and a[0] == a[1]:
        a, b = b, a
    if b[0] is not None and b[0] == b[1]:  # times a constant
        ends = [None if end is None else end * b[0] for end in a]
        if b[0] == 0:
            return Fraction(0), Fraction(0)
        return (ends[0], ends[1]) if b[0] > 0 else (ends[1], ends[0])
    if a[0] is not None and b[0] is not None and a[0] >= 0 and b[0] >= 0:
        return a[0] * b[0], None
    return None, None


def keeps(op: str, value: Fraction, target: Fraction) -> bool:
    """Whether `value op target`."""
    if op == ">=":
        return value >= target
    if op == "<=":
        return value <= target
    if op == ">":
        return value > target
    if op == "<":
        return value < target
    return (value == target) is (op == "=")


def _verdict(op: str, bounds: Bounds, target: Fraction) -> str:
    """met or missed where all values between the bounds are on one side, else undecided."""
    low, high = bounds
    if op in ("=", "!="):
        away = (low is not None and low > target) or (high is not None and high < target)
        if away or (low is not None and low == high):
            return MET if keeps(op, target + 1 if away else target, target) else MISSED
        return UNDECIDED
    weak, strong = (low, high) if op in (">=", ">") else (high, low)  # the worst and the best that may come
    if weak is not None and keeps(op, weak, target):
        return MET
    if strong is not None and not keeps(op, strong, target):
        return MISSED
    return UNDECIDED


def standing(objective: Objective, reading: Reading, ended: bool) -> str:
    """The status of an objective in a window."""
    enough = (reading.cases or 0) >= objective.at_least_cases
    if ended:
        return _verdict(objective.op, (reading.low, reading.high), objective.target) if enough else NOT_JUDGED
    return _verdict(objective.op, reading.sure, objective.target) if enough else UNDECIDED
