"""How an instance runs: its row, its due and its pauses follow the events.

Takes:  the kernel's memory, an instance, the instant, and the facts of the present event.
Gives:  `set_due`, `change_row`, `look_at_pauses`, `resume`, `pause_used`: what moves a due and stops the clock.
Never:  opens an instance or decides which event is its action; that is `clause.py`.

`cause` and `kind` are the event behind what happens (its input and row, its type), NO_CAUSE and 0 where time alone did it.
An error is told by `main.fault`, the number of a note; 0 where there is none.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.alerts import write_timers
from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.elapsed import (
    add_stretch,
    clock_of,
    due_in,
    forget_stretches,
    row_clock,
    row_target,
)
from sladsl.evaluate.columnar.kernel.facts import fact, note_of
from sladsl.evaluate.columnar.kernel.instructions import BEGUN, ROW_NOW
from sladsl.evaluate.columnar.kernel.layout import (
    ALL_PAUSES,
    AMOUNT,
    BREACHED,
    CANCEL_AFTER,
    CARRY,
    CLOSED,
    FAULT,
    FOLLOWED,
    KEEP,
    MET,
    NO_CAUSE,
    NONE,
    NOTE_BORN_BREACHED,
    NOTE_NEVER,
    OPEN,
    PAUSE_USED,
    PAUSED,
    RESTART,
    TRUE,
)
from sladsl.evaluate.columnar.kernel.memory import (
    add_note,
    clauses,
    extras,
    instances,
    kernel,
    look_again,
    main,
    nodes,
    pauses,
    targets,
)
from sladsl.evaluate.columnar.kernel.outcomes import breach, close, undetermined
from sladsl.evaluate.columnar.kernel.pauses import begin_pause, count_bound, end_pause, find_held, spent_in_pauses
from sladsl.evaluate.columnar.kernel.timers import push


@kernel
def take_fault(m: int, k: int, x: int, t: int, cause: int, kind: int) -> bool:
    """Close the instance where there was an error; whether there was one."""
    v = main(m)
    if v.fault == 0:
        return False
    note = v.fault
    v.fault = 0
    undetermined(m, k, x, t, cause, kind, note)
    return True


@kernel
def set_due(m: int, k: int, x: int, t: int, cause: int, kind: int, nothing_left: bool) -> bool:
    """Find the due of a running instance anew and write its timers; False where that closed the instance.

    With `nothing_left` an amount that was reached before t is due at t.
    """
    inst = instances(m, x)
    at = due_in(m, k, x, inst.row, inst.since)
    if take_fault(m, k, x, t, cause, kind):
        return False
    if nothing_left and at != NONE and at < t and targets(m, row_target(m, k, inst.row)).kind == AMOUNT:
        at = clock_due(m, row_clock(m, k, x, inst.row), t, 0)
    inst.due = at
    if at == NONE:
        if not _is_followed(m, k, inst.row):
            undetermined(m, k, x, t, cause, kind, NOTE_NEVER)
            return False
    elif at < t:
        pass_due(m, k, x, t, cause, kind, False)
        return bool(inst.status != CLOSED)
    write_timers(m, k, x, t)
    return True


@kernel
def pass_due(m: int, k: int, x: int, t: int, cause: int, kind: int, born: bool) -> None:
    """The due lies in the past of this event: the instance is breached (or, where reaching it meets, met) at the event."""
    if clauses(m, k).met_at_due:
        close(m, k, x, MET, t, cause, kind)
        return
    if born:
        add_note(m, x, NOTE_BORN_BREACHED)
    breach(m, k, x, t, cause, kind)


@kernel
def change_row(m: int, k: int, x: int, t: int, cause: int, kind: int) -> bool:
    """Read the rows again after an event; False where that closed the instance."""
    clause = clauses(m, k)
    inst = instances(m, x)
    if clause.row_count > 1:
        row = fact(m, k, ROW_NOW)
        if row < 0:
            undetermined(m, k, x, t, cause, kind, note_of(m, inst.case, FAULT - row - 1))
            return False
        if row != inst.row and not _to_row(m, k, x, row, t, cause, kind):
            return False
        if inst.status == BREACHED:
            return True
    if _is_followed(m, k, inst.row) and inst.status != PAUSED:
        at = due_in(m, k, x, inst.row, inst.since)
        if take_fault(m, k, x, t, cause, kind):
            return False
        if at != inst.due:
            inst.due = at
            if at != NONE and at < t:
                pass_due(m, k, x, t, cause, kind, False)
                return bool(inst.status != CLOSED)
            write_timers(m, k, x, t)
    return True


@kernel
def _to_row(m: int, k: int, x: int, row: int, t: int, cause: int, kind: int) -> bool:
    inst = instances(m, x)
    clause = clauses(m, k)
    since = t if inst.status == PAUSED else inst.since
    old = due_in(m, k, x, inst.row, since)
    if take_fault(m, k, x, t, cause, kind):
        return False
    new = due_in(m, k, x, row, since)
    if take_fault(m, k, x, t, cause, kind):
        return False
    tighter = new != NONE and (old == NONE or new < old)
    what = clause.tighter if tighter else clause.looser
    if what == KEEP:
        look_again(m, inst.case, k)  # rows are levels: they are compared again at each event
        return True
    inst.row = row
    if what == RESTART:
        if inst.status == OPEN:
            inst.since = t
        forget_stretches(m, x)
    if inst.status == PAUSED:
        if what == CARRY and new != NONE and new < t:
            inst.due = new
            end_pause(m, k, x, t)
            pass_due(m, k, x, t, cause, kind, False)
            return bool(inst.status != CLOSED)
        return True
    return set_due(m, k, x, t, cause, kind, False)


@kernel
def _is_followed(m: int, k: int, row: int) -> bool:
    """Whether the target of a row is an attribute."""
    return bool(targets(m, row_target(m, k, row)).kind == FOLLOWED)


# --- pauses -----------------------------------------------------------------------------------------------------------


@kernel
def look_at_pauses(m: int, k: int, x: int, t: int, cause: int, kind: int) -> None:
    """Begin, end or keep the pause of an instance that is open or paused."""
    clause = clauses(m, k)
    inst = instances(m, x)
    changed = False
    for j in range(clause.pause_count):
        held = fact(m, k, BEGUN + clause.start_count + j)
        if held >= FAULT:
            undetermined(m, k, x, t, cause, kind, note_of(m, inst.case, held))
            return
        i = find_held(m, x, j)
        if held == TRUE:
            if (i == 0 or nodes(m, i).c != NONE) and begin_pause(m, k, x, j, t):
                extras(m, inst.extra).held_count += 1
                changed = True
        elif i and nodes(m, i).c == NONE:
            count_bound(m, x, i, t)
            changed = True
    if not changed:
        return
    if extras(m, inst.extra).held_count:
        if inst.status == OPEN:
            add_stretch(m, x, t)
            inst.status = PAUSED
            inst.since = t
            inst.due = NONE
        _write_pause_timers(m, k, x)
    else:
        resume(m, k, x, t, cause, kind)


@kernel
def _write_pause_timers(m: int, k: int, x: int) -> None:
    inst = instances(m, x)
    clause = clauses(m, k)
    inst.generation += 1
    e = extras(m, inst.extra)
    i = e.held
    while i:
        node = nodes(m, i)
        if node.k != ALL_PAUSES and node.c == NONE:
            bound = pauses(m, clause.pauses + node.k).target
            if bound >= 0:
                at = clock_due(m, clock_of(m, x, bound), node.b, targets(m, bound).ticks - node.a)
                if at != NONE:
                    push(m, x, clause.index, at, PAUSE_USED + node.k)
        i = nodes(m, i).next
    if clause.cancel_after >= 0:
        since, spent, ticks = inst.since, spent_in_pauses(m, k, x), targets(m, clause.cancel_after).ticks
        last = find_held(m, x, ALL_PAUSES)
        goes_on = last != 0 and nodes(m, last).b == since
        if goes_on:
            since, spent = nodes(m, last).a, e.spent
        at = clock_due(m, clock_of(m, x, clause.cancel_after), since, ticks - spent)
        if last and not goes_on and spent >= ticks:
            at = since  # it was opened again after its pauses had come to the bound
        if at != NONE:
            push(m, x, clause.index, at, CANCEL_AFTER)


@kernel
def resume(m: int, k: int, x: int, t: int, cause: int, kind: int) -> None:
    """No pause holds the instance any more."""
    end_pause(m, k, x, t)
    if instances(m, x).row >= 0:
        set_due(m, k, x, t, cause, kind, True)  # where the pause began at the due itself, nothing is left


@kernel
def pause_used(m: int, k: int, x: int, j: int, at: int) -> None:
    """The bound of a pause is used up at this instant."""
    i = find_held(m, x, j)
    if i == 0 or nodes(m, i).c != NONE:
        return
    count_bound(m, x, i, at)
    if extras(m, instances(m, x).extra).held_count:
        _write_pause_timers(m, k, x)
    else:
        resume(m, k, x, at, NO_CAUSE, 0)
