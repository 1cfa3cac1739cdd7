"""What started at an instant is closed or paused only when all events of that instant have been seen.

Takes:  the kernel's memory, an instance, the instant, and the facts of the present event.
Gives:  `note_fresh`: what an event of the instant has shown is remembered; `settle`: cancel > excuse > pause.
Never:  looks at an action; those come first.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.facts import fact, note_of
from sladsl.evaluate.columnar.kernel.instructions import CANCELS, EXCUSES
from sladsl.evaluate.columnar.kernel.layout import (
    BREACHED,
    CANCELLED,
    CLOSED,
    EXCUSED,
    FALSE,
    FAULT,
    NO_CAUSE,
    NOTE_REVISED,
    TRUE,
)
from sladsl.evaluate.columnar.kernel.memory import (
    add_note,
    cases,
    clauses,
    extra_of,
    extras,
    free_instance,
    free_nodes,
    instances,
    kernel,
    main,
    new_node,
    nodes,
)
from sladsl.evaluate.columnar.kernel.outcomes import close, last_of, undetermined
from sladsl.evaluate.columnar.kernel.running import look_at_pauses


@kernel
def note_fresh(m: int, k: int, x: int) -> None:
    """Remember, for one that started at this instant, what would close it once all events of the instant are seen."""
    clause = clauses(m, k)
    if not (clause.cancels or clause.excuses):
        return
    e = extras(m, extra_of(m, x))
    if e.cancel_seen == 0 and clause.cancels:
        e.cancel_seen = _seen_now(m, x, fact(m, k, CANCELS))
    if e.excuse_seen == 0 and clause.excuses:
        e.excuse_seen = _seen_now(m, x, fact(m, k, EXCUSES))


@kernel
def _seen_now(m: int, x: int, held: int) -> int:
    """What closes an instance once its instant is over, with the event at which that was so; 0 where nothing does."""
    if held == FALSE:
        return 0
    v = main(m)
    i = new_node(m)
    node = nodes(m, i)
    node.a, node.b, node.k = v.cause, v.type, seen_fact(m, instances(m, x).case, held)
    return i


@kernel
def forget_seen(m: int, x: int) -> None:
    """Nothing has been seen that would close the instance."""
    e = extras(m, instances(m, x).extra)
    free_nodes(m, e.cancel_seen)
    free_nodes(m, e.excuse_seen)
    e.cancel_seen = e.excuse_seen = 0


@kernel
def seen_fact(m: int, c: int, held: int) -> int:
    """A fact to be remembered beyond its event: 0 false, 1 true, an error as 2 + its note."""
    return held if held < FAULT else FAULT + note_of(m, c, held)


@kernel
def begin_settling(m: int, k: int, x: int, t: int, cause: int) -> None:
    """Cancellation, excuse and pause wait for the other events of the instant, where an event started the instance."""
    v = main(m)
    note_fresh(m, k, x)
    if cause == NO_CAUSE or v.timing:
        settle(m, x, t)
    elif instances(m, x).fresh == 0:
        instances(m, x).fresh = 1
        case = cases(m, instances(m, x).case)
        i = new_node(m)
        nodes(m, i).a = x
        nodes(m, i).next = case.fresh
        case.fresh = i


@kernel
def settle(m: int, x: int, t: int) -> None:
    """All events of the instant at which an instance started are known: cancel > excuse > pause."""
    inst = instances(m, x)
    inst.fresh = 0
    k = inst.clause
    if inst.status == CLOSED:
        if last_of(m, inst.case, clauses(m, k).group) != x:
            free_instance(m, x)
        return
    cause, kind = inst.cause, inst.type
    if inst.extra:
        e = extras(m, inst.extra)
        cause, kind = e.cause, e.type
        cancelled, excused = int(e.cancel_seen), int(e.excuse_seen)
        if cancelled:
            seen = nodes(m, cancelled)
            if leave_for(m, k, x, t, seen.a, int(seen.b), int(seen.k), CANCELLED):
                return
        if excused:
            seen = nodes(m, excused)
            if leave_for(m, k, x, t, seen.a, int(seen.b), int(seen.k), EXCUSED):
                return
    if clauses(m, k).pause_count and inst.status != BREACHED:
        look_at_pauses(m, k, x, t, cause, kind)


@kernel
def leave_for(m: int, k: int, x: int, t: int, cause: int, kind: int, seen: int, word: int) -> bool:
    inst = instances(m, x)
    if seen == TRUE:
        if inst.status == BREACHED:
            if word == CANCELLED:
                word = BREACHED
            else:
                add_note(m, x, NOTE_REVISED)
        close(m, k, x, word, t, cause, kind)
        return True
    if inst.status == BREACHED:
        return False
    undetermined(m, k, x, t, cause, kind, seen - FAULT)
    return True
