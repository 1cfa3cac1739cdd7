"""What an event does to the instances of one clause.

Takes:  the kernel's memory, the case, the instant, and the facts of the present event.
Gives:  `step`: stop > cancel > excuse > row > pause on what is open, then starts, then the same for what started
        (timers.md, section 4); `settle`, `start`.
Never:  looks at another label but through the fates that are told.

`k` is the clause's place in the plan's order.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.layout import (
    BREACHED,
    CANCELLED,
    CLOSED,
    COUNTS_FEW,
    EACH,
    EXCUSED,
    FIRST,
    FOLLOWED,
    FREE,
    IGNORE,
    LATE,
    LATEST,
    LOW,
    MET,
    NO_CAUSE,
    NONE,
    NOTE_NEVER,
    NOTE_REVISED,
    ON_FATE,
    ON_FIRST_EVENT,
    OPEN,
    PAUSED,
    READING_BASE,
    RESUME,
)
from sladsl.evaluate.columnar.kernel.memory import (
    acted_at,
    add_note,
    at_address,
    bring,
    brings,
    cases,
    clauses,
    columns,
    extra_of,
    extras,
    fates,
    firsts,
    free_instance,
    free_nodes,
    groups,
    instances,
    kernel,
    lasts,
    main,
    new_instance,
    new_node,
    nodes,
    reading_of,
    rows,
    starts,
    targets,
    told,
    told_clock,
    watched,
    watches,
    words,
)
from sladsl.evaluate.columnar.kernel.running import (
    ACTED,
    BEGUN,
    CANCELS,
    CHECKS,
    ENDED,
    EXCUSES,
    FALSE,
    FAULT,
    ROW_NOW,
    TRUE,
    alert_at_breach,
    breach,
    change_row,
    clock_of,
    close,
    due_in,
    end_pause,
    fact,
    fold_pauses,
    forget_stretches,
    give_last,
    join_ring,
    last_of,
    look_at_pauses,
    note_of,
    pass_due,
    set_due,
    take_fault,
    undetermined,
    write_timers,
)

# What stands in an action's word beside its place among the events and its type: it has ended an instance, or opened a cycle.
_USED, _OPENED = 1, 2

# --- an event ---------------------------------------------------------------------------------------------------------


@kernel
def acted_now(m: int, k: int, c: int) -> int:
    """Whether the action of a clause happens at the event, and above 32 bits the action, where it is remembered."""
    acted = fact(m, k, ACTED)
    if acted == TRUE and clauses(m, k).remembers:
        return acted | _remember_act(m, k, c) << 32
    return acted


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
                _mark_opened(m, k, c)
            brought_by = _acts_so_far(m, k, c, 0) if by_act else 0
            note = 0 if begun == TRUE else note_of(m, c, begun)
            start(m, k, c, t, v.cause, v.type, acted, note, by_act, brought_by)


@kernel
def _mark_opened(m: int, k: int, c: int) -> None:
    """The last action of this instant has opened a cycle of `every`."""
    last = 0
    i = cases(m, c).acts
    while i:
        if nodes(m, i).k == k:
            last = i
        i = int(nodes(m, i).next)
    if last:
        nodes(m, last).c |= _OPENED


@kernel
def _acts_so_far(m: int, k: int, c: int, last: int) -> int:
    """The actions of this instant, up to one or all (0), as a set (see `bring`), where clauses follow: they have brought about
    what starts now."""
    found = 0
    if main(m).any_follows:
        i = cases(m, c).acts
        while i:
            node = nodes(m, i)
            if node.k == k:
                found = bring(m, c, node.c >> 26, found)
            i = int(node.next) if i != last else 0
    return found


@kernel
def _remember_act(m: int, k: int, c: int) -> int:
    """An action of this instant: (a: cause, b: value of the distinct field or NONE, c: its place, type and `_USED`, `_OPENED`, k: the clause)."""
    v = main(m)
    clause = clauses(m, k)
    case = cases(m, c)
    i = new_node(m)
    node = nodes(m, i)
    node.a = v.cause
    node.b = NONE
    node.c = (v.ordinal << 24 | v.type) << 2
    node.k = k
    if clause.distinct >= 0:
        column = columns(m, clause.distinct)
        if at_address(column.flags)[v.row] == 1:
            node.b = at_address(column.numbers)[v.row]
    if case.acts:
        nodes(m, case.last_act).next = i
    else:
        case.acts = i
    case.last_act = i
    case.act_count += 1
    return i


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
        used = clause.one_for_one and act != 0 and (nodes(m, act).c & _USED) != 0
        if not used and _strike(m, k, x, t, v.cause, v.type, act):
            return
    if clause.inverse and _ended(m, k, x, t):
        return
    if inst.fresh:
        _note_fresh(m, k, x)
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
def _strike(m: int, k: int, x: int, t: int, cause: int, kind: int, act: int) -> bool:
    """The action happens to an instance: it is fulfilled, or broken if it forbids it; False where more are needed."""
    clause = clauses(m, k)
    inst = instances(m, x)
    if clause.counts:
        if clause.counts == COUNTS_FEW:
            inst.acts += 1
            enough = inst.acts >= clause.needed
        else:
            e = extras(m, extra_of(m, x))
            e.acts += 1
            if clause.distinct >= 0 and act:
                _count_distinct(m, inst.extra, nodes(m, act).b, clause.distinct_needed)
            enough = e.acts >= clause.needed
            enough &= clause.distinct < 0 or e.distinct_count >= clause.distinct_needed
        if not enough:
            if clause.one_for_one and act:
                _use_act(m, k, inst.case, act)
            return False
    v = main(m)
    place = v.ordinal
    if act:
        place = nodes(m, act).c >> 26
        _use_act(m, k, inst.case, act)
    if v.any_follows:
        before = extras(m, inst.extra).brought if inst.extra and inst.opened == t else 0
        v.bringing = bring(m, inst.case, place, before)
    if clause.inverse:
        if inst.status == PAUSED:
            end_pause(m, k, x, t)
        alert_at_breach(m, k, x, t)
        close(m, k, x, BREACHED, t, cause, kind)
    else:
        close(m, k, x, LATE if inst.status == BREACHED else MET, t, cause, kind)
    v.bringing = 0
    return True


@kernel
def _use_act(m: int, k: int, c: int, act: int) -> None:
    """An action is used, and the same action as the other levels of the label remember it: they are one clause."""
    nodes(m, act).c |= _USED
    if not clauses(m, k).together:
        return
    place = nodes(m, act).c >> 26
    i = cases(m, c).acts
    while i:
        node = nodes(m, i)
        if node.c >> 26 == place and clauses(m, node.k).group == clauses(m, k).group:
            node.c |= _USED
        i = node.next


@kernel
def _count_distinct(m: int, extra: int, value: int, enough: int) -> None:
    """One more value among the different ones; no more are kept than are needed."""
    e = extras(m, extra)
    if value == NONE or e.distinct_count >= enough:
        return
    i = e.distinct
    while i:
        if nodes(m, i).a == value:
            return
        i = nodes(m, i).next
    i = new_node(m)
    nodes(m, i).a = value
    nodes(m, i).next = e.distinct
    e.distinct = i
    e.distinct_count += 1


@kernel
def _ended(m: int, k: int, x: int, t: int) -> bool:
    """Whether what ends an inverse clause has happened: it is met then."""
    v = main(m)
    clause = clauses(m, k)
    inst = instances(m, x)
    if clause.end:
        happened = fact(m, k, ENDED)
        if happened >= FAULT:
            undetermined(m, k, x, t, v.cause, v.type, note_of(m, inst.case, happened))
            return True
        if happened == TRUE:
            seen = 1
            if clause.end_needed > 1:
                e = extras(m, extra_of(m, x))
                e.ends += 1
                seen = e.ends
            if seen >= clause.end_needed:
                close(m, k, x, MET, t, v.cause, v.type)
                return True
    if v.case_ends:
        close(m, k, x, MET, t, v.cause, v.type)
        return True
    return False


@kernel
def _leave(m: int, k: int, x: int, t: int, cause: int, kind: int, held: int, word: int) -> bool:
    """A cancellation or excuse holds, or its condition is an error, which a breach does not mind; False where nothing closed."""
    inst = instances(m, x)
    return _leave_for(m, k, x, t, cause, kind, _seen(m, inst.case, held), word)


# --- starts -----------------------------------------------------------------------------------------------------------


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
        early = _started(m, k, c, t, cause, kind, FALSE, 0, False, _acts_so_far(m, k, c, early))


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
        if _is_used(m, c, clause.first_bit) or _is_used(m, c, clause.first_label):
            return 0
        if note == 0:
            _use(m, c, clause.first_bit)
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
        _use(m, c, clause.first_label)  # once a case, whichever level it starts at
    if last and _reopens(m, k, last, t):
        _reopen(m, int(instances(m, last).clause), last, t, cause, kind)
        return 0
    x = _moved(m, k, c, t, cause, kind) if clause.how == LATEST else 0
    if x == 0:
        x = _new(m, k, c, t, cause, kind)
    return _open(m, k, x, t, cause, kind, acted, by_act, brought_by)


@kernel
def _is_used(m: int, c: int, bit: int) -> bool:
    """Whether a case has had this `of first`, or what else happens to it once."""
    word = firsts(m)[c * main(m).first_words + (bit >> 6)]
    return bool(word >> np.uint64(bit & 63) & np.uint64(1))


@kernel
def _use(m: int, c: int, bit: int) -> None:
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
        if at == NONE and targets(m, _target(m, k, row)).kind != FOLLOWED:
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
        struck = _struck_at_start(m, k, x, t, brought_by)
        if struck:
            word = nodes(m, struck).c
            return struck if clause.chains and (word & _OPENED) == 0 and word >> 26 != main(m).ordinal else 0
    if clause.inverse and cause != NO_CAUSE and _ended(m, k, x, t):
        return 0
    if inst.status != BREACHED and (clause.row_count or clause.alert_count):
        write_timers(m, k, x, t)
    if clause.settles:
        _begin_settling(m, k, x, t, cause)
    return 0


@kernel
def _begin_settling(m: int, k: int, x: int, t: int, cause: int) -> None:
    """Cancellation, excuse and pause wait for the other events of the instant, where an event started the instance."""
    v = main(m)
    _note_fresh(m, k, x)
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
def _target(m: int, k: int, row: int) -> int:
    return int(rows(m, clauses(m, k).rows + row).target)


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
def _struck_at_start(m: int, k: int, x: int, t: int, brought_by: int) -> int:
    """The action of this very instant, whichever came first in the input, that ends an instance that has just started."""
    clause = clauses(m, k)
    every_one = clause.how == EACH and not clause.one_for_one
    i = cases(m, instances(m, x).case).acts
    while i:
        node = nodes(m, i)
        free = node.k == k and (every_one or (node.c & _USED) == 0) and not brings(m, brought_by, node.c >> 26)
        if free and _strike(m, k, x, t, node.a, (node.c >> 2) & 0xFFFFFF, i):
            return i
        i = int(node.next)
    return 0


@kernel
def _note_fresh(m: int, k: int, x: int) -> None:
    """Remember, for one that started at this instant, what would close it once all events of the instant are seen."""
    v = main(m)
    clause = clauses(m, k)
    inst = instances(m, x)
    if not clause.settles:
        return
    if not (clause.cancels or clause.excuses) and inst.fresh == 0 and inst.extra == 0 and inst.cause == v.cause:
        return  # nothing to remember: the event that began it is the last so far
    e = extras(m, extra_of(m, x))
    e.cause, e.type = v.cause, v.type
    if e.cancel_seen == 0 and clause.cancels:
        e.cancel_seen = _seen_now(m, x, fact(m, k, CANCELS))
    if e.excuse_seen == 0 and clause.excuses:
        e.excuse_seen = _seen_now(m, x, fact(m, k, EXCUSES))


@kernel
def _seen_now(m: int, x: int, held: int) -> int:
    """What closes an instance once its instant is over, with the event at which that was so; 0 where nothing does."""
    if held == FALSE:
        return 0
    inst = instances(m, x)
    e = extras(m, inst.extra)
    i = new_node(m)
    node = nodes(m, i)
    node.a, node.b, node.k = e.cause, e.type, _seen(m, inst.case, held)
    return i


@kernel
def forget_seen(m: int, x: int) -> None:
    """Nothing has been seen that would close the instance."""
    e = extras(m, instances(m, x).extra)
    free_nodes(m, e.cancel_seen)
    free_nodes(m, e.excuse_seen)
    e.cancel_seen = e.excuse_seen = 0


@kernel
def _seen(m: int, c: int, held: int) -> int:
    """A fact to be remembered beyond its event: 0 false, 1 true, an error as 2 + its note."""
    return held if held < FAULT else FAULT + note_of(m, c, held)


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
            if _leave_for(m, k, x, t, seen.a, int(seen.b), int(seen.k), CANCELLED):
                return
        if excused:
            seen = nodes(m, excused)
            if _leave_for(m, k, x, t, seen.a, int(seen.b), int(seen.k), EXCUSED):
                return
    if clauses(m, k).pause_count and inst.status != BREACHED:
        look_at_pauses(m, k, x, t, cause, kind)


@kernel
def _leave_for(m: int, k: int, x: int, t: int, cause: int, kind: int, seen: int, word: int) -> bool:
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


@kernel
def _undetermined_by_start(m: int, k: int, c: int, t: int, cause: int, kind: int, note: int) -> None:
    """A start condition cannot be decided: one instance opens and closes, once a case."""
    bit = main(m).fault_bits + clauses(m, k).group
    if _is_used(m, c, bit):
        return
    _use(m, c, bit)
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
    if clause.inverse and cause != NO_CAUSE and inst.status != CLOSED and _ended(m, k, x, t):
        return
    if inst.status != CLOSED and clause.settles:
        _begin_settling(m, k, x, t, cause)


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


@kernel
def forget_acts(m: int, x: int) -> None:
    """What the instance needs is needed again."""
    inst = instances(m, x)
    inst.acts = 0
    if inst.extra:
        e = extras(m, inst.extra)
        e.acts = e.ends = e.distinct_count = 0
        free_nodes(m, e.distinct)
        e.distinct = 0
