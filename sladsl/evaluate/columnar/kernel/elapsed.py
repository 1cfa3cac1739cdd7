"""The clock of one instance: how far it has come, and when it will be due.

Takes:  the kernel's memory, an instance, a row of its clause, an instant.
Gives:  `clock_of`, `elapsed_at`, `due_in`; `add_stretch` and `forget_stretches` keep the past stretches.
Never:  decides anything: what follows from a due is `running.py`.

An error is told by `main.fault`, the number of a note; 0 where there is none.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.clocks import measure, point_due
from sladsl.evaluate.columnar.kernel.layout import AMOUNT, BREACHED, NONE, OPEN, POINT, READING_BASE
from sladsl.evaluate.columnar.kernel.memory import (
    clauses,
    extra_of,
    extras,
    free_nodes,
    instances,
    kernel,
    main,
    new_node,
    nodes,
    rows,
    targets,
    told_clock,
    values,
)


@kernel
def reading_at_start(m: int, x: int, place: int) -> int:
    """How one of the calendars was read at the start."""
    readings = extras(m, instances(m, x).extra).zones
    for _ in range(place):
        readings //= READING_BASE
    return int(readings % READING_BASE)


@kernel
def clock_of(m: int, x: int, target: int) -> int:
    """The clock of an amount of an instance."""
    t = targets(m, target)
    if t.zone_place < 0:
        return int(t.clock)
    return told_clock(m, t.family, reading_at_start(m, x, t.zone_place))


@kernel
def row_target(m: int, k: int, row: int) -> int:
    """The target of a row."""
    return int(rows(m, clauses(m, k).rows + row).target)


@kernel
def row_clock(m: int, k: int, x: int, row: int) -> int:
    """The clock of a row; exact time where it has no amount."""
    if row < 0:
        return 0
    target = row_target(m, k, row)
    if targets(m, target).kind != AMOUNT:
        return 0
    return clock_of(m, x, target)


@kernel
def elapsed_at(m: int, k: int, x: int, t: int) -> int:
    """Ticks elapsed up to t on the clock of the present row, pauses left out."""
    inst = instances(m, x)
    clock = row_clock(m, k, x, inst.row)
    total = 0
    if inst.extra:
        i = extras(m, inst.extra).ran
        while i:
            total += measure(m, clock, nodes(m, i).a, nodes(m, i).b)
            i = nodes(m, i).next
    if inst.status == OPEN or inst.status == BREACHED:
        total += measure(m, clock, inst.since, t)
    return total


@kernel
def add_stretch(m: int, x: int, until: int) -> None:
    """The clock stops: from `since` until now it ran."""
    inst = instances(m, x)
    if inst.since >= until:
        return
    e = extras(m, extra_of(m, x))
    if e.ran and nodes(m, e.ran_last).b == inst.since:
        nodes(m, e.ran_last).b = until
        return
    i = new_node(m)
    nodes(m, i).a = inst.since
    nodes(m, i).b = until
    if e.ran:
        nodes(m, e.ran_last).next = i
    else:
        e.ran = i
    e.ran_last = i


@kernel
def forget_stretches(m: int, x: int) -> None:
    """Elapsed is zero again."""
    inst = instances(m, x)
    if inst.extra:
        e = extras(m, inst.extra)
        free_nodes(m, e.ran)
        e.ran = e.ran_last = 0


@kernel
def due_in(m: int, k: int, x: int, row: int, since: int) -> int:
    """The due under a row, for an instance that runs since `since` after its past stretches; NONE where there is none."""
    inst = instances(m, x)
    target = row_target(m, k, row)
    t = targets(m, target)
    if t.kind == AMOUNT:
        clock = clock_of(m, x, target)
        ticks = t.ticks
        if inst.extra:
            i = extras(m, inst.extra).ran
            while i:
                passed = measure(m, clock, nodes(m, i).a, nodes(m, i).b)
                if ticks < passed:
                    return clock_due(m, clock, nodes(m, i).a, ticks)
                ticks -= passed
                i = nodes(m, i).next
        return clock_due(m, clock, since, ticks)
    if t.kind == POINT:
        table = t.point
        if t.zone_place >= 0:
            table = told_clock(m, t.family, reading_at_start(m, x, t.zone_place))
        return point_due(m, table, inst.opened)
    v = main(m)
    value = values(m, inst.case * v.value_count + t.value)
    if value.flag == 0:
        return NONE
    if value.flag > 1:
        v.fault = value.flag - 2
        return NONE
    return int(value.number)
