"""What an event does to the instances of one clause.

Takes:  the kernel's memory, the case, the instant, and the facts of the present event.
Gives:  `acts_on_open` and `starts_at`: stop > cancel > excuse > row > pause on what is open, then starts, then the same for
        what started (timers.md, section 4).
Never:  looks at another label but through the fates that are told.

`k` is the clause's place in the plan's order.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.acts import USED, acted_now, acts_so_far, ended, mark_opened, strike
from sladsl.evaluate.columnar.kernel.facts import fact, note_of
from sladsl.evaluate.columnar.kernel.instructions import BEGUN, CANCELS, EXCUSES
from sladsl.evaluate.columnar.kernel.layout import (
    BREACHED,
    CANCELLED,
    EXCUSED,
    FALSE,
    FAULT,
    LOW,
    ON_FATE,
    ON_FIRST_EVENT,
    TRUE,
)
from sladsl.evaluate.columnar.kernel.memory import (
    acted_at,
    cases,
    clauses,
    fates,
    groups,
    instances,
    kernel,
    main,
    nodes,
    starts,
)
from sladsl.evaluate.columnar.kernel.outcomes import undetermined
from sladsl.evaluate.columnar.kernel.running import change_row, look_at_pauses
from sladsl.evaluate.columnar.kernel.settling import leave_for, note_fresh, seen_fact
from sladsl.evaluate.columnar.kernel.starting import start


@kernel
def acts_on_open(m: int, k: int, c: int, t: int) -> int:
    """The first half of what an event at t does to a clause; gives whether the action happened."""
    v = main(m)
    clause = clauses(m, k)
    looked = acted_now(m, k, c)
    acted, act = looked & LOW, looked >> 32
    last = groups(m, c * v.group_count + clause.group).ring
    if last:
        x = instances(m, last).next
        while True:
            after = instances(m, x).next
            if instances(m, x).clause == k:
                _on_event(m, k, x, t, acted, act)
            if x == last:
                break
            x = after
    return acted


@kernel
def label_on_open(m: int, group: int, c: int, t: int) -> None:
    """The same for a label at several levels: the oldest first, whichever its level, if that looks at the event."""
    last = groups(m, c * main(m).group_count + group).ring
    if last == 0:
        return
    x = instances(m, last).next
    while True:
        after = instances(m, x).next
        k = int(instances(m, x).clause)
        looked = acted_at(m)[k]
        if looked >= 0:
            _on_event(m, k, x, t, looked & LOW, looked >> 32)
        if x == last:
            break
        x = after


@kernel
def starts_at(m: int, k: int, c: int, t: int, acted: int) -> None:
    """The other half: what starts."""
    v = main(m)
    clause = clauses(m, k)
    for j in range(clause.start_count):
        begin = starts(m, clause.starts + j)
        if begin.kind == ON_FATE:
            i = fates(m)[begin.fate]
            while i:
                behind = nodes(m, i)
                start(m, k, c, t, behind.b, behind.c, acted, 0, False, behind.a)
                i = nodes(m, i).next
            continue
        begun = _begun(m, k, j, c)
        if begun != FALSE:
            by_act = clause.chains and begin.happens
            if by_act and begun == TRUE:
                mark_opened(m, k, c)
            brought_by = acts_so_far(m, k, c, 0) if by_act else 0
            note = 0 if begun == TRUE else note_of(m, c, begun)
            start(m, k, c, t, v.cause, v.type, acted, note, by_act, brought_by)


@kernel
def _begun(m: int, k: int, j: int, c: int) -> int:
    """Whether a start happens at this event."""
    begin = starts(m, clauses(m, k).starts + j)
    if begin.kind == ON_FIRST_EVENT:
        return FALSE if cases(m, c).started else TRUE
    return fact(m, k, BEGUN + j)


@kernel
def _on_event(m: int, k: int, x: int, t: int, acted: int, act: int) -> None:
    """One open, paused or breached instance meets an event: stop > cancel > excuse > row > pause > resume."""
    v = main(m)
    clause = clauses(m, k)
    inst = instances(m, x)
    if acted >= FAULT:
        if inst.status != BREACHED:
            undetermined(m, k, x, t, v.cause, v.type, note_of(m, inst.case, acted))
            return
    elif acted == TRUE:
        used = clause.one_for_one and act != 0 and (nodes(m, act).c & USED) != 0
        if not used and strike(m, k, x, t, v.cause, v.type, act):
            return
    if clause.inverse and ended(m, k, x, t):
        return
    if inst.fresh:
        note_fresh(m, k, x)
        if inst.status != BREACHED and clause.row_count and clause.reads:
            change_row(m, k, x, t, v.cause, v.type)
        return
    if not clause.reads:
        return
    if clause.cancels:
        held = fact(m, k, CANCELS)
        if held != FALSE and _leave(m, k, x, t, v.cause, v.type, held, CANCELLED):
            return
    if clause.excuses:
        held = fact(m, k, EXCUSES)
        if held != FALSE and _leave(m, k, x, t, v.cause, v.type, held, EXCUSED):
            return
    if inst.status == BREACHED:
        return
    if clause.row_count and not change_row(m, k, x, t, v.cause, v.type):
        return
    if clause.pause_count and inst.status != BREACHED:
        look_at_pauses(m, k, x, t, v.cause, v.type)


@kernel
def _leave(m: int, k: int, x: int, t: int, cause: int, kind: int, held: int, word: int) -> bool:
    """A cancellation or excuse holds, or its condition is an error, which a breach does not mind; False where nothing closed."""
    inst = instances(m, x)
    return leave_for(m, k, x, t, cause, kind, seen_fact(m, inst.case, held), word)
