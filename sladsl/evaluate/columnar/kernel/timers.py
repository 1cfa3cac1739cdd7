"""The timers of a case: a skew heap in order of (instant, end of a pause first, clause, number, kind).

Takes:  the kernel's memory, a case.
Gives:  `push`, `pop`, `drop_stale`.
Never:  decides whether a timer still counts; its generation does, as in `stale`.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.layout import (
    CLOSED,
)
from sladsl.evaluate.columnar.kernel.memory import (
    cases,
    instances,
    kernel,
    main,
    timers,
)


@kernel
def _before(m: int, a: int, b: int) -> bool:
    x, y = timers(m, a), timers(m, b)
    if x.at != y.at:
        return x.at < y.at
    if (x.kind < 0) != (y.kind < 0):
        return x.kind < 0
    if x.clause != y.clause:
        return x.clause < y.clause
    if x.number != y.number:
        return x.number < y.number
    return x.kind < y.kind


@kernel
def _meld(m: int, a: int, b: int) -> int:
    """One heap of two."""
    if a == 0:
        return b
    if b == 0:
        return a
    if _before(m, b, a):
        a, b = b, a
    root = a
    while True:
        top = timers(m, a)
        rest = top.right
        top.right = top.left
        if rest == 0:
            top.left = b
            return root
        if _before(m, b, rest):
            rest, b = b, rest
        top.left = rest
        a = rest


@kernel
def push(m: int, x: int, clause: int, at: int, kind: int) -> None:
    """Write a timer of an instance."""
    v = main(m)
    i = v.timers_free
    if i:
        v.timers_free = timers(m, i).left
        v.timers_spare -= 1
    else:
        i = v.timers_next
        v.timers_next = i + 1
    inst = instances(m, x)
    timer = timers(m, i)
    timer.at = at
    timer.instance = x
    timer.generation = inst.generation
    timer.kind = kind
    timer.number = inst.number
    timer.clause = clause
    timer.left = timer.right = 0
    case = cases(m, inst.case)
    if case.timers == 0:
        case.timers = i
        case.next_at = at
    else:
        case.timers = _meld(m, case.timers, i)
        case.next_at = min(case.next_at, at)


@kernel
def pop(m: int, c: int) -> None:
    """Take the first timer of a case away."""
    v = main(m)
    case = cases(m, c)
    i = case.timers
    timer = timers(m, i)
    case.timers = _meld(m, timer.left, timer.right)
    if case.timers:
        case.next_at = timers(m, case.timers).at
    timer.left = v.timers_free
    v.timers_free = i
    v.timers_spare += 1


@kernel
def stale(m: int, i: int) -> bool:
    """Whether a timer no longer counts."""
    timer = timers(m, i)
    inst = instances(m, timer.instance)
    return timer.generation != inst.generation or inst.status == CLOSED


@kernel
def drop_stale(m: int, c: int) -> None:
    """Take away what no longer counts from the front of a case's timers."""
    while cases(m, c).timers and stale(m, cases(m, c).timers):
        pop(m, c)
