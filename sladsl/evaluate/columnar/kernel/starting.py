"""A start has happened: an instance opens, moves, is opened again, or nothing happens.

Takes:  the kernel's memory, a clause, the case, the instant, and the event behind the start.
Gives:  `start`.
Never:  looks whether a start has happened; that is `clause.py`.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.acts import OPENED, acts_so_far, ended, forget_acts, struck_at_start
from sladsl.evaluate.columnar.kernel.alerts import write_timers
from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.elapsed import clock_of, due_in, forget_stretches, row_target
from sladsl.evaluate.columnar.kernel.facts import fact, note_of
from sladsl.evaluate.columnar.kernel.instructions import CHECKS, ROW_NOW
from sladsl.evaluate.columnar.kernel.layout import (
    BREACHED,
    CLOSED,
    FALSE,
    FAULT,
    FIRST,
    FOLLOWED,
    FREE,
    IGNORE,
    LATE,
    LATEST,
    NO_CAUSE,
    NONE,
    NOTE_NEVER,
    NOTE_REVISED,
    OPEN,
    PAUSED,
    READING_BASE,
    RESUME,
    TRUE,
)
from sladsl.evaluate.columnar.kernel.memory import (
    add_note,
    brings,
    cases,
    clauses,
    extra_of,
    extras,
    firsts,
    free_nodes,
    groups,
    instances,
    kernel,
    lasts,
    main,
    new_instance,
    nodes,
    reading_of,
    targets,
    told,
    told_clock,
    watched,
    watches,
    words,
)
from sladsl.evaluate.columnar.kernel.outcomes import breach, give_last, join_ring, last_of, undetermined
from sladsl.evaluate.columnar.kernel.pauses import end_pause, fold_pauses
from sladsl.evaluate.columnar.kernel.running import change_row, pass_due, set_due, take_fault
from sladsl.evaluate.columnar.kernel.settling import begin_settling, forget_seen


@kernel
def start(
    m: int, k: int, c: int, t: int, cause: int, kind: int, acted: int, note: int, by_act: bool, brought_by: int
) -> None:
    """A start has happened at t: open an instance, move or reopen one, or do nothing.

    `note` is that of a start in error. An action fulfils neither the cycle of an `every` that it starts (`by_act`) nor
    what starts from the fulfilment that it brought about (`brought_by`, a set, see `bring`).
    """
    early = _started(m, k, c, t, cause, kind, acted, note, by_act, brought_by)
    while early:  # an action that came before the state began has met the cycle that began then: the next one begins
        early = _started(m, k, c, t, cause, kind, FALSE, 0, False, acts_so_far(m, k, c, early))


@kernel
def _started(
    m: int, k: int, c: int, t: int, cause: int, kind: int, acted: int, note: int, by_act: bool, brought_by: int
) -> int:
    """One start; the action that starts the clause once more, or 0."""
    v = main(m)
    clause = clauses(m, k)
    g = c * v.group_count + clause.group
    group = groups(m, g)
    if clause.how == FIRST:
        if _has_had(m, c, clause.first_bit) or _has_had(m, c, clause.first_label):
            return 0
        if note == 0:
            _has_now(m, c, clause.first_bit)
    if clause.inverse and cases(m, c).ended:
        return 0
    if (v.effective_from != NONE and t < v.effective_from) or (v.effective_until != NONE and t >= v.effective_until):
        return 0
    if clause.how == FREE and group.ring:
        return 0
    if clause.checks:
        held = fact(m, k, CHECKS)
        if held == FALSE:
            return 0
        if held != TRUE:
            note = note_of(m, c, held)
    if clause.watched_count:
        _watch(m, k, c)
    last = last_of(m, c, clause.group)
    if last and clause.how == LATEST and _movable(m, c, clause.group):
        last = 0
    if last and clause.reopen == IGNORE:
        return 0
    if note:
        _undetermined_by_start(m, k, c, t, cause, kind, note)
        return 0
    if clause.how == FIRST:
        _has_now(m, c, clause.first_label)  # once a case, whichever level it starts at
    if last and _reopens(m, k, last, t):
        _reopen(m, int(instances(m, last).clause), last, t, cause, kind)
        return 0
    x = _moved(m, k, c, t, cause, kind) if clause.how == LATEST else 0
    if x == 0:
        x = _new(m, k, c, t, cause, kind)
    return _open(m, k, x, t, cause, kind, acted, by_act, brought_by)


@kernel
def _has_had(m: int, c: int, bit: int) -> bool:
    """Whether a case has had this `of first`, or what else happens to it once."""
    word = firsts(m)[c * main(m).first_words + (bit >> 6)]
    return bool(word >> np.uint64(bit & 63) & np.uint64(1))


@kernel
def _has_now(m: int, c: int, bit: int) -> None:
    """A case has had this `of first`."""
    firsts(m)[c * main(m).first_words + (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)


@kernel
def _new(m: int, k: int, c: int, t: int, cause: int, kind: int) -> int:
    """The next instance of a label, among its open ones."""
    v = main(m)
    clause = clauses(m, k)
    group = groups(m, c * v.group_count + clause.group)
    if v.keeps_any:
        give_last(m, c, clause.group)  # it was the one opened last
    group.count += 1
    x = new_instance(m)
    inst = instances(m, x)
    inst.opened = inst.since = t
    inst.due = NONE
    inst.cause, inst.type = cause, kind
    inst.case, inst.number, inst.clause = c, group.count, k
    inst.row, inst.status, inst.fresh, inst.extra = -1, OPEN, 0, 0
    inst.acts, inst.fired = 0, 0
    join_ring(m, c, clause.group, x)
    cases(m, c).open += 1
    v.open_count += 1
    return x


@kernel
def _open(m: int, k: int, x: int, t: int, cause: int, kind: int, acted: int, by_act: bool, brought_by: int) -> int:
    """Everything that a new instance meets at its own instant; the action that starts the clause once more, or 0."""
    clause = clauses(m, k)
    inst = instances(m, x)
    c = inst.case
    if brought_by or inst.extra:
        extras(m, extra_of(m, x)).brought = brought_by
    if clause.zone_count:
        _read_zones(m, k, x)
    passed = False
    if clause.row_count:
        row = fact(m, k, ROW_NOW) if clause.row_count > 1 else 0
        if row < 0:
            undetermined(m, k, x, t, cause, kind, note_of(m, c, FAULT - row - 1))
            return 0
        inst.row = row
        at = due_in(m, k, x, row, t)
        if take_fault(m, k, x, t, cause, kind):
            return 0
        inst.due = at
        if at == NONE and targets(m, row_target(m, k, row)).kind != FOLLOWED:
            undetermined(m, k, x, t, cause, kind, NOTE_NEVER)
            return 0
        passed = at != NONE and at < t
    if acted >= FAULT and not brings(m, brought_by, main(m).ordinal):
        undetermined(m, k, x, t, cause, kind, note_of(m, c, acted))
        return 0
    if passed:
        pass_due(m, k, x, t, cause, kind, True)
        if inst.status == CLOSED:
            return 0
    if cases(m, c).acts and cases(m, c).time == t and not by_act:
        struck = struck_at_start(m, k, x, t, brought_by)
        if struck:
            word = nodes(m, struck).c
            return struck if clause.chains and (word & OPENED) == 0 and word >> 26 != main(m).ordinal else 0
    if clause.inverse and cause != NO_CAUSE and ended(m, k, x, t):
        return 0
    if inst.status != BREACHED and (clause.row_count or clause.alert_count):
        write_timers(m, k, x, t)
    if clause.settles:
        begin_settling(m, k, x, t, cause)
    return 0


@kernel
def _read_zones(m: int, k: int, x: int) -> None:
    """Read the zones that come from attributes, and keep them for the instance: digits of one number."""
    clause = clauses(m, k)
    e = extras(m, extra_of(m, x))
    readings = 0
    for j in range(clause.zone_count - 1, -1, -1):
        reading = reading_of(m, instances(m, x).case, told(m)[clause.zones + j], True)
        readings = readings * READING_BASE + reading
    e.zones = readings


@kernel
def _undetermined_by_start(m: int, k: int, c: int, t: int, cause: int, kind: int, note: int) -> None:
    """A start condition cannot be decided: one instance opens and closes, once a case."""
    bit = main(m).fault_bits + clauses(m, k).group
    if _has_had(m, c, bit):
        return
    _has_now(m, c, bit)
    x = _new(m, k, c, t, cause, kind)
    if clauses(m, k).zone_count:
        _read_zones(m, k, x)
    undetermined(m, k, x, t, cause, kind, note)


@kernel
def _watch(m: int, k: int, c: int) -> None:
    """A start was decided by these attributes: count it later where one was missing and comes after all."""
    v = main(m)
    clause = clauses(m, k)
    for j in range(clause.watched, clause.watched + clause.watched_count):
        bit = watched(m, j).bit
        known = words(m)[c * v.case_words + (bit >> 6)] >> np.uint64(bit & 63)
        if not known & np.uint64(1):
            watches(m)[c * v.watch_count + watched(m, j).pair] += 1
            return


# --- reopening and moving ---------------------------------------------------------------------------------------------


@kernel
def _reopens(m: int, k: int, x: int, t: int) -> bool:
    """Whether a start at t continues the last instance."""
    clause = clauses(m, k)
    inst = instances(m, x)
    if clause.reopen != RESUME:
        return False
    if clause.reopen_within < 0:
        return True
    within = clause.reopen_within
    clock = clock_of(m, x, within) if inst.clause == k else _clock_now(m, k, inst.case, within)
    closed = nodes(m, extras(m, inst.extra).kept).a
    until = clock_due(m, clock, closed, targets(m, within).ticks)
    return bool(until == NONE or t <= until)


@kernel
def _clock_now(m: int, k: int, c: int, target: int) -> int:
    """The clock of an amount as the case's attributes tell it now."""
    t = targets(m, target)
    if t.zone_place < 0:
        return int(t.clock)
    return told_clock(m, t.family, reading_of(m, c, told(m)[clauses(m, k).zones + t.zone_place], True))


@kernel
def _reopen(m: int, k: int, x: int, t: int, cause: int, kind: int) -> None:
    """A met or late instance is open again under its number; the time since its close is not counted."""
    v = main(m)
    clause = clauses(m, k)
    inst = instances(m, x)
    join_ring(m, inst.case, clause.group, x)
    cases(m, inst.case).open += 1
    v.open_count += 1
    lasts(m)[inst.case * v.group_count + clause.group] = 0
    e = extras(m, inst.extra)
    inst.since = t
    forget_acts(m, x)
    add_note(m, x, NOTE_REVISED)
    inst.status = OPEN
    forget_seen(m, x)
    e.cause, e.type = cause, kind
    if nodes(m, e.kept).k == LATE:
        breach(m, k, x, t, cause, kind)
    elif clause.row_count:
        if not set_due(m, k, x, t, cause, kind, True):
            return
        if inst.status != BREACHED and not change_row(m, k, x, t, cause, kind):
            return
    if clause.inverse and cause != NO_CAUSE and inst.status != CLOSED and ended(m, k, x, t):
        return
    if inst.status != CLOSED and clause.settles:
        begin_settling(m, k, x, t, cause)


@kernel
def _moved(m: int, k: int, c: int, t: int, cause: int, kind: int) -> int:
    """`of latest`: the open or paused instance that begins anew at t under its number, at this level; 0 where there is none."""
    found = _movable(m, c, clauses(m, k).group)
    if found == 0:
        return 0
    inst = instances(m, found)
    if inst.status == PAUSED:
        end_pause(m, int(inst.clause), found, t)
    forget_stretches(m, found)
    forget_acts(m, found)
    if inst.extra:
        e = extras(m, inst.extra)
        fold_pauses(m, int(inst.clause), found)
        forget_seen(m, found)
        e.cause, e.type = cause, kind
        if inst.clause != k:  # nothing of another level is inherited
            free_nodes(m, e.held)
            e.held = e.held_count = 0
            e.spent = e.paused = e.fired = e.zones = 0
    if inst.clause != k:
        inst.fired = 0
    inst.clause = k
    inst.opened = inst.since = t
    inst.cause, inst.type = cause, kind
    inst.row, inst.due = -1, NONE
    inst.generation += 1
    return found


@kernel
def _movable(m: int, c: int, group: int) -> int:
    """The open or paused instance of a label that was opened last; 0 where there is none."""
    last = int(groups(m, c * main(m).group_count + group).ring)
    found = 0
    if last:
        x = last
        while True:
            x = int(instances(m, x).next)
            if instances(m, x).status in (OPEN, PAUSED):
                found = x
            if x == last:
                break
    return found
