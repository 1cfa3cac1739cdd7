"""How an instance comes out: its breach, its end, its verdict, and what others start from it.

Takes:  the kernel's memory, an instance, the instant, and the event behind it.
Gives:  `breach`, `undetermined`, `close`; `give`, `give_last`: a verdict is written; the ring of a label's open instances.
Never:  decides whether it ends.

`cause` and `kind` are the event behind what happens (its input and row, its type), NO_CAUSE and 0 where time alone did it.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.alerts import alert_at_breach, write_timers
from sladsl.evaluate.columnar.kernel.clocks import measure
from sladsl.evaluate.columnar.kernel.elapsed import add_stretch, elapsed_at, row_clock
from sladsl.evaluate.columnar.kernel.layout import (
    BREACH,
    BREACHED,
    CLOSED,
    FULFILMENT,
    LATE,
    MET,
    NONE,
    NOTE_NONE,
    PAUSED,
    UNDETERMINED,
)
from sladsl.evaluate.columnar.kernel.memory import (
    add_note,
    case_number,
    cases,
    clauses,
    extra_of,
    extras,
    fates,
    free_instance,
    free_nodes,
    groups,
    hot,
    instances,
    kernel,
    lasts,
    main,
    new_node,
    nodes,
    starts,
    stretches,
    timers,
    verdicts,
)
from sladsl.evaluate.columnar.kernel.pauses import end_pause
from sladsl.evaluate.columnar.kernel.timers import drop_stale


@kernel
def breach(m: int, k: int, x: int, t: int, cause: int, kind: int) -> None:
    """The due has been reached without the action."""
    inst = instances(m, x)
    if inst.status == PAUSED:
        end_pause(m, k, x, t)
    inst.status = BREACHED
    alert_at_breach(m, k, x, t)
    if clauses(m, k).closes_at_due:
        close(m, k, x, BREACHED, t, cause, kind)
    else:
        write_timers(m, k, x, t)
        tell_fate(m, clauses(m, k).group, BREACH, cause, kind)


@kernel
def undetermined(m: int, k: int, x: int, t: int, cause: int, kind: int, note: int) -> None:
    """A run-time error in a condition that this instance needed."""
    add_note(m, x, note)
    close(m, k, x, UNDETERMINED, t, cause, kind)


@kernel
def close(m: int, k: int, x: int, word: int, t: int, cause: int, kind: int) -> None:
    """The instance ends: write its verdict, free its label, tell the clauses that follow it."""
    v = main(m)
    inst = instances(m, x)
    clause = clauses(m, k)
    elapsed = elapsed_at(m, k, x, t)
    if inst.status == PAUSED:
        end_pause(m, k, x, t)
    else:
        keep_stretch(m, k, x, t)
    late_ticks = _late_ticks(m, k, x, t) if word == LATE else NONE
    inst.status = CLOSED
    inst.generation += 1
    c = inst.case
    group = groups(m, c * v.group_count + clause.group)
    _leave_ring(m, c, clause.group, x)
    cases(m, c).open -= 1
    v.open_count -= 1
    kept = clause.keeps_last and word in (MET, LATE) and inst.number == group.count  # the one opened last
    if kept:
        _keep_verdict(m, x, word, t, cause, kind, elapsed)
        lasts(m)[c * v.group_count + clause.group] = x
    else:
        give(m, k, x, word, t, cause, kind, elapsed, late_ticks, t)
        if inst.fresh == 0:
            free_instance(m, x)
    first = cases(m, c).timers
    if first and timers(m, first).instance == x:
        drop_stale(m, c)
    if word in (MET, LATE):
        tell_fate(m, clause.group, FULFILMENT, cause, kind)
    elif word == BREACHED and clause.inverse:  # others have told their breach when it came
        tell_fate(m, clause.group, BREACH, cause, kind)


@kernel
def keep_stretch(m: int, k: int, x: int, until: int) -> None:
    """Keep the last stretch where it is asked for: to open the instance again, or in its verdict."""
    inst = instances(m, x)
    if inst.status == PAUSED:
        return
    e = int(inst.extra)
    asked = main(m).keeps_stretches and (inst.since != inst.opened or (e != 0 and extras(m, e).ran != 0))
    if clauses(m, k).keeps_last or asked:
        add_stretch(m, x, until)


@kernel
def _leave_ring(m: int, c: int, g: int, x: int) -> None:
    """Take an instance out of the open ones of its label."""
    group = groups(m, c * main(m).group_count + g)
    last = group.ring
    before = last
    while instances(m, before).next != x:
        before = instances(m, before).next
    if before == x:
        group.ring = 0
        return
    instances(m, before).next = instances(m, x).next
    if last == x:
        group.ring = before


@kernel
def join_ring(m: int, c: int, g: int, x: int) -> None:
    """Put an instance at the end of the open ones of its label."""
    group = groups(m, c * main(m).group_count + g)
    if group.ring:
        instances(m, x).next = instances(m, group.ring).next
        instances(m, group.ring).next = x
    else:
        instances(m, x).next = x
    group.ring = x


@kernel
def _late_ticks(m: int, k: int, x: int, t: int) -> int:
    """How much later than its due an answer came, on the clock of its row."""
    inst = instances(m, x)
    return NONE if inst.due == NONE else measure(m, row_clock(m, k, x, inst.row), inst.due, t)


@kernel
def _keep_verdict(m: int, x: int, word: int, t: int, cause: int, kind: int, elapsed: int) -> None:
    """What is known of a close that need not be the last: (a: when, b: the event, c: elapsed, k: the word), (a: its type)."""
    e = extras(m, extra_of(m, x))
    free_nodes(m, e.kept)
    i = new_node(m)
    e.kept = i
    nodes(m, i).a, nodes(m, i).b, nodes(m, i).c, nodes(m, i).k = t, cause, elapsed, word
    j = new_node(m)
    nodes(m, j).a = kind
    nodes(m, i).next = j


@kernel
def last_of(m: int, c: int, g: int) -> int:
    """The last instance of a label that was met or late, as long as it may be opened again; 0 where there is none."""
    v = main(m)
    return int(lasts(m)[c * v.group_count + g]) if v.keeps_any else 0


@kernel
def give_last(m: int, c: int, g: int) -> None:
    """The verdict of the last instance met or late stands for good: nothing opens it again."""
    x = last_of(m, c, g)
    if x == 0:
        return
    k = int(instances(m, x).clause)
    kept = nodes(m, extras(m, instances(m, x).extra).kept)
    late_ticks = NONE
    if kept.k == LATE:
        late_ticks = _late_ticks(m, k, x, kept.a)
    more = nodes(m, kept.next)
    give(m, k, x, int(kept.k), kept.a, kept.b, more.a, kept.c, late_ticks, kept.a)
    lasts(m)[c * main(m).group_count + g] = 0
    if instances(m, x).fresh == 0:
        free_instance(m, x)


@kernel
def give(
    m: int, k: int, x: int, word: int, closed: int, cause: int, kind: int, elapsed: int, late_ticks: int, until: int
) -> None:
    """Write a verdict; `closed` is NONE for one that stands as of the end, which is `until` then."""
    v = main(m)
    inst = instances(m, x)
    out = verdicts(m, v.verdicts_next)
    v.verdicts_next += 1
    out.opened, out.due, out.closed, out.elapsed = inst.opened, inst.due, closed, elapsed
    out.late_ticks = late_ticks
    out.cause, out.type = inst.cause, inst.type
    out.closed_cause, out.closed_type = cause, kind
    out.case, out.number = case_number(m, inst.case), inst.number
    out.clause, out.row, out.status = clauses(m, k).index, inst.row, word
    out.paused, out.zones, out.note, out.stretches = 0, 0, NOTE_NONE, 0
    if inst.extra:
        e = extras(m, inst.extra)
        out.paused, out.zones, out.note = e.paused, e.zones, e.note
    if v.keeps_stretches and (inst.extra or inst.since != inst.opened):
        out.stretches = _give_stretches(m, x, until)


@kernel
def _give_stretches(m: int, x: int, until: int) -> int:
    """Write the stretches in which the clock ran, unless it ran from opened to the end; how many they are."""
    v = main(m)
    inst = instances(m, x)
    i = int(extras(m, inst.extra).ran) if inst.extra else 0
    if i == 0:
        if inst.status != PAUSED and inst.since == inst.opened:
            return 0
        if until == inst.opened:
            return 0
        stretch = stretches(m, v.stretches_next)
        stretch.since = stretch.until = inst.opened
        v.stretches_next += 1
        return 1
    if nodes(m, i).next == 0 and nodes(m, i).a == inst.opened and nodes(m, i).b == until:
        return 0
    count = 0
    while i:
        stretch = stretches(m, v.stretches_next)
        stretch.since, stretch.until = nodes(m, i).a, nodes(m, i).b
        v.stretches_next += 1
        count += 1
        i = int(nodes(m, i).next)
    return count


@kernel
def tell_fate(m: int, g: int, fate: int, cause: int, kind: int) -> None:
    """A breach or fulfilment has happened: the clauses that follow it start, by time at once, at an event in their turn."""
    v = main(m)
    if not v.any_follows:
        return
    if v.timing:
        i = new_node(m)
        nodes(m, i).a, nodes(m, i).b = 2 * g + fate, v.bringing
        if v.queue_head:
            nodes(m, v.queue_last).next = i
        else:
            v.queue_head = i
        v.queue_last = i
        return
    i = new_node(m)
    nodes(m, i).a, nodes(m, i).b, nodes(m, i).c = v.bringing, cause, kind
    last = int(fates(m)[2 * g + fate])
    while last and nodes(m, last).next:
        last = int(nodes(m, last).next)
    if last:
        nodes(m, last).next = i
    else:
        fates(m)[2 * g + fate] = i
    for k in range(v.clause_count):
        clause = clauses(m, k)
        for j in range(clause.start_count):
            if starts(m, clause.starts + j).fate == 2 * g + fate:
                hot(m)[k >> 6] |= np.uint64(1) << np.uint64(k & 63)
