"""The account of an instance's pauses: which hold it, and what is used of their bounds.

Takes:  the kernel's memory, an instance, one of its pauses, an instant.
Gives:  what begins, counts and ends pauses; `spent_in_pauses`, what `cancelled after … paused` looks at.
Never:  looks at a condition or moves a due; that is `running.py`.

It is a list of (a: ticks used of the bound but for the last stretch, b: its beginning, c: its end, k: which). A stretch that
begins where the last one ended goes on with it. While a pause holds, its c is NONE. For `cancelled after … paused` there is
one entry for all pauses: (a: beginning and b: end of the last one, k: ALL_PAUSES); `spent` is without.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.clocks import measure
from sladsl.evaluate.columnar.kernel.elapsed import clock_of
from sladsl.evaluate.columnar.kernel.layout import ALL_PAUSES, NONE, OPEN
from sladsl.evaluate.columnar.kernel.memory import (
    clauses,
    extra_of,
    extras,
    instances,
    kernel,
    new_node,
    nodes,
    pauses,
    targets,
)


@kernel
def held_entry(m: int, x: int, j: int) -> int:
    """The entry of a pause in an instance, made now where there is none."""
    e = extras(m, extra_of(m, x))
    i = e.held
    while i:
        if nodes(m, i).k == j:
            return int(i)
        i = nodes(m, i).next
    i = new_node(m)
    node = nodes(m, i)
    node.a = 0
    node.b = NONE
    node.c = 0
    node.k = j
    node.next = e.held
    e.held = i
    return int(i)


@kernel
def find_held(m: int, x: int, j: int) -> int:
    inst = instances(m, x)
    if inst.extra == 0:
        return 0
    i = extras(m, inst.extra).held
    while i and nodes(m, i).k != j:
        i = nodes(m, i).next
    return int(i)


@kernel
def begin_pause(m: int, k: int, x: int, j: int, t: int) -> bool:
    """A pause begins to hold, as long as something is left of its bound. One that ended at t goes on."""
    node = nodes(m, held_entry(m, x, j))
    bound = pauses(m, clauses(m, k).pauses + j).target
    used, since = node.a, t
    if bound >= 0 and node.b != NONE:
        clock = clock_of(m, x, bound)
        if node.c == t:
            since = node.b
        else:
            used += measure(m, clock, node.b, node.c)
        if used >= targets(m, bound).ticks:
            return False
        end = clock_due(m, clock, since, targets(m, bound).ticks - used)
        if end != NONE and end <= t:
            return False
    node.a, node.b, node.c = used, since, NONE
    return True


@kernel
def count_bound(m: int, x: int, i: int, t: int) -> None:
    """A pause no longer holds the instance: what it used counts towards its bound."""
    nodes(m, i).c = t
    extras(m, instances(m, x).extra).held_count -= 1


@kernel
def fold_pauses(m: int, k: int, x: int) -> None:
    """What was used of the bounds on pauses is counted for good, before calendars are read anew."""
    e = extras(m, instances(m, x).extra)
    i = e.held
    while i:
        node = nodes(m, i)
        if node.k == ALL_PAUSES:
            e.spent += measure(m, clock_of(m, x, clauses(m, k).cancel_after), node.a, node.b)
            node.a = node.b
        else:
            bound = pauses(m, clauses(m, k).pauses + node.k).target
            if bound >= 0 and node.b != NONE:
                node.a += measure(m, clock_of(m, x, bound), node.b, node.c)
                node.b = node.c
        i = node.next


@kernel
def spent_in_pauses(m: int, k: int, x: int) -> int:
    """The ticks of all pauses that have ended, on the clock of `cancelled after`."""
    last = find_held(m, x, ALL_PAUSES)
    spent = int(extras(m, instances(m, x).extra).spent)
    if last:
        spent += measure(m, clock_of(m, x, clauses(m, k).cancel_after), nodes(m, last).a, nodes(m, last).b)
    return spent


@kernel
def count_pause(m: int, k: int, x: int, t: int) -> None:
    """Add the pause under way to what was paused."""
    inst = instances(m, x)
    e = extras(m, extra_of(m, x))
    e.paused += t - inst.since
    after = clauses(m, k).cancel_after
    if after >= 0:
        last = find_held(m, x, ALL_PAUSES)
        if last and nodes(m, last).b == inst.since:
            nodes(m, last).b = t
        else:
            if last:
                e.spent += measure(m, clock_of(m, x, after), nodes(m, last).a, nodes(m, last).b)
            last = held_entry(m, x, ALL_PAUSES)
            nodes(m, last).a, nodes(m, last).b = inst.since, t


@kernel
def end_pause(m: int, k: int, x: int, t: int) -> None:
    """The clock runs on from t."""
    inst = instances(m, x)
    count_pause(m, k, x, t)
    _let_go(m, k, x, t)
    inst.status = OPEN
    inst.since = t


@kernel
def _let_go(m: int, k: int, x: int, t: int) -> None:
    """The instance ends or is breached: no pause holds it any more."""
    inst = instances(m, x)
    if inst.extra and extras(m, inst.extra).held_count:
        i = extras(m, inst.extra).held
        while i:
            if nodes(m, i).k != ALL_PAUSES and nodes(m, i).c == NONE:
                count_bound(m, x, i, t)
            i = nodes(m, i).next
