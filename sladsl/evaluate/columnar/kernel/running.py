"""The clock of one instance: rows, dues, pauses, alerts, and its end.

Takes:  the kernel's memory, an instance, the instant, and the facts of the present event.
Gives:  what moves a due, writes timers, pauses, breaches and closes.
Never:  opens an instance or decides which event is its action; that is `clause.py`.

`cause` and `kind` are the event behind what happens (its input and row, its type), NO_CAUSE and 0 where time alone did it.
An error is told by `main.fault`, the number of a note; 0 where there is none.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.clocks import latest, measure, point_due
from sladsl.evaluate.columnar.kernel.layout import (
    ALERT,
    ALERTS_FEW,
    ALL_PAUSES,
    AMOUNT,
    BREACHED,
    CANCEL_AFTER,
    CARRY,
    CLOSED,
    DUE,
    FOLLOWED,
    KEEP,
    LATE,
    MET,
    NO_CAUSE,
    NONE,
    NOTE_BORN_BREACHED,
    NOTE_NEVER,
    NOTE_NONE,
    OPEN,
    PAUSE_USED,
    PAUSED,
    POINT,
    READING_BASE,
    RESTART,
    UNDETERMINED,
)
from sladsl.evaluate.columnar.kernel.memory import (
    add_note,
    alerts,
    alerts_given,
    case_number,
    cases,
    clauses,
    extra_of,
    extras,
    facts,
    fates,
    free_instance,
    free_nodes,
    groups,
    hot,
    instances,
    kernel,
    lasts,
    leaves,
    look_again,
    main,
    new_node,
    nodes,
    pauses,
    reasons,
    rows,
    starts,
    stretches,
    targets,
    timers,
    told_clock,
    values,
    verdicts,
)
from sladsl.evaluate.columnar.kernel.timers import drop_stale, push

BREACH, FULFILMENT = 0, 1  # what becomes of an instance, and clauses may start from
FALSE, TRUE, FAULT = 0, 1, 2  # a fact; an error is FAULT + the leaf it comes from


# --- what holds -------------------------------------------------------------------------------------------------------


@kernel
def fact(m: int, k: int, place: int) -> int:
    """What the present event says to a clause."""
    v = main(m)
    return int(facts(m)[v.effect * v.fact_width + clauses(m, k).facts + place])


ACTED, ENDED, CANCELS, EXCUSES, ROW_NOW, CHECKS, BEGUN = 0, 1, 2, 3, 4, 5, 6


@kernel
def note_of(m: int, c: int, held: int) -> int:
    """The note of a fact that is an error."""
    leaf = held - FAULT
    reason = leaves(m, leaf).reason
    if reason >= 0:
        return int(reason)
    v = main(m)
    if not v.has_reasons:
        return NOTE_NONE
    return int(reasons(m)[c * v.leaf_count + leaf])


# --- clocks -----------------------------------------------------------------------------------------------------------


@kernel
def _reading(m: int, x: int, place: int) -> int:
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
    return told_clock(m, t.family, _reading(m, x, t.zone_place))


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
def _add_stretch(m: int, x: int, until: int) -> None:
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


# --- rows and dues ----------------------------------------------------------------------------------------------------


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
            table = told_clock(m, t.family, _reading(m, x, t.zone_place))
        return point_due(m, table, inst.opened)
    v = main(m)
    value = values(m, inst.case * v.value_count + t.value)
    if value.flag == 0:
        return NONE
    if value.flag > 1:
        v.fault = value.flag - 2
        return NONE
    return int(value.number)


@kernel
def _is_followed(m: int, k: int, row: int) -> bool:
    """Whether the target of a row is an attribute."""
    return bool(targets(m, row_target(m, k, row)).kind == FOLLOWED)


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
def write_timers(m: int, k: int, x: int, t: int) -> None:
    """Write the timers of the due and the alerts; what was written before no longer counts."""
    inst = instances(m, x)
    clause = clauses(m, k)
    inst.generation += 1
    if inst.due != NONE and inst.status == OPEN:
        push(m, x, clause.index, inst.due, DUE)
    if clause.alert_count:
        _write_alerts(m, k, x, t)
    bound = clause.cancel_after
    if bound >= 0 and inst.extra and inst.status == OPEN and 0 < targets(m, bound).ticks <= _spent(m, k, x):
        push(m, x, clause.index, t, CANCEL_AFTER)  # its pauses have come to the bound: the events of now come first


@kernel
def _write_alerts(m: int, k: int, x: int, t: int) -> None:
    inst = instances(m, x)
    clause = clauses(m, k)
    fired = int(inst.fired)
    if clause.alert_count > ALERTS_FEW:
        fired = extras(m, inst.extra).fired if inst.extra else 0
    for j in range(clause.alert_count):
        if (fired >> j) & 1:
            continue
        rule = alerts(m, clause.alerts + j)
        at = NONE
        if rule.after >= 0:
            at = clock_due(m, clock_of(m, x, rule.after), inst.opened, targets(m, rule.after).ticks)
        elif inst.due == NONE or rule.breach:
            continue
        elif rule.before >= 0:
            at = latest(m, clock_of(m, x, rule.before), inst.due, targets(m, rule.before).ticks)
        else:
            at = _share(m, k, x, rule.numerator, rule.denominator)
        if at != NONE:
            push(m, x, clause.index, max(at, t), ALERT + j)


@kernel
def _share(m: int, k: int, x: int, numerator: int, denominator: int) -> int:
    inst = instances(m, x)
    target = row_target(m, k, inst.row)
    if targets(m, target).kind != AMOUNT:
        span = inst.due - inst.opened
        return int(inst.opened + _part(span, numerator, denominator))
    ticks = targets(m, target).ticks
    part = _part(ticks, numerator, denominator)
    clock = clock_of(m, x, target)
    if inst.extra:
        i = extras(m, inst.extra).ran
        while i:
            passed = measure(m, clock, nodes(m, i).a, nodes(m, i).b)
            if part < passed:
                return clock_due(m, clock, nodes(m, i).a, part)
            part -= passed
            i = nodes(m, i).next
    return clock_due(m, clock, inst.since, part)


@kernel
def _part(whole: int, numerator: int, denominator: int) -> int:
    """whole * numerator / denominator, rounded up, without ever growing beyond 64 bits on the way."""
    count = whole // denominator
    rest = whole - count * denominator
    return count * numerator + -((-rest * numerator) // denominator)


@kernel
def fire_alert(m: int, k: int, x: int, j: int, at: int) -> None:
    """Give a warning or an escalation, once an instance."""
    v = main(m)
    inst = instances(m, x)
    if clauses(m, k).alert_count > ALERTS_FEW:
        e = extras(m, extra_of(m, x))
        if (e.fired >> j) & 1:
            return
        e.fired |= 1 << j
    else:
        if (inst.fired >> j) & 1:
            return
        inst.fired |= 1 << j
    given = alerts_given(m, v.alerts_next)
    v.alerts_next += 1
    given.at = at
    given.clause = clauses(m, k).index
    given.case = case_number(m, inst.case)
    given.number = inst.number
    given.alert = j


@kernel
def alert_at_breach(m: int, k: int, x: int, t: int) -> None:
    """Give the alerts that come with the breach."""
    clause = clauses(m, k)
    for j in range(clause.alert_count):
        if alerts(m, clause.alerts + j).breach:
            fire_alert(m, k, x, j, t)


# --- pauses: a list of (a: ticks used of the bound but for the last stretch, b: its beginning, c: its end, k: which) -----
# A stretch that begins where the last one ended goes on with it. While a pause holds, its c is NONE. For `cancelled after
# … paused` there is one entry for all pauses: (a: beginning and b: end of the last one, k: ALL_PAUSES); `spent` is without.


@kernel
def _held(m: int, x: int, j: int) -> int:
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
def _find_held(m: int, x: int, j: int) -> int:
    inst = instances(m, x)
    if inst.extra == 0:
        return 0
    i = extras(m, inst.extra).held
    while i and nodes(m, i).k != j:
        i = nodes(m, i).next
    return int(i)


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
        i = _find_held(m, x, j)
        if held == TRUE:
            if (i == 0 or nodes(m, i).c != NONE) and _begin_pause(m, k, x, j, t):
                extras(m, inst.extra).held_count += 1
                changed = True
        elif i and nodes(m, i).c == NONE:
            _count_bound(m, k, x, i, t)
            changed = True
    if not changed:
        return
    if extras(m, inst.extra).held_count:
        if inst.status == OPEN:
            _add_stretch(m, x, t)
            inst.status = PAUSED
            inst.since = t
            inst.due = NONE
        _write_pause_timers(m, k, x)
    else:
        resume(m, k, x, t, cause, kind)


@kernel
def _begin_pause(m: int, k: int, x: int, j: int, t: int) -> bool:
    """A pause begins to hold, as long as something is left of its bound. One that ended at t goes on."""
    node = nodes(m, _held(m, x, j))
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
def _count_bound(m: int, k: int, x: int, i: int, t: int) -> None:
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
def _spent(m: int, k: int, x: int) -> int:
    """The ticks of all pauses that have ended, on the clock of `cancelled after`."""
    last = _find_held(m, x, ALL_PAUSES)
    spent = int(extras(m, instances(m, x).extra).spent)
    if last:
        spent += measure(m, clock_of(m, x, clauses(m, k).cancel_after), nodes(m, last).a, nodes(m, last).b)
    return spent


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
        since, spent, ticks = inst.since, _spent(m, k, x), targets(m, clause.cancel_after).ticks
        last = _find_held(m, x, ALL_PAUSES)
        goes_on = last != 0 and nodes(m, last).b == since
        if goes_on:
            since, spent = nodes(m, last).a, e.spent
        at = clock_due(m, clock_of(m, x, clause.cancel_after), since, ticks - spent)
        if last and not goes_on and spent >= ticks:
            at = since  # it was opened again after its pauses had come to the bound
        if at != NONE:
            push(m, x, clause.index, at, CANCEL_AFTER)


@kernel
def count_pause(m: int, k: int, x: int, t: int) -> None:
    """Add the pause under way to what was paused."""
    inst = instances(m, x)
    e = extras(m, extra_of(m, x))
    e.paused += t - inst.since
    after = clauses(m, k).cancel_after
    if after >= 0:
        last = _find_held(m, x, ALL_PAUSES)
        if last and nodes(m, last).b == inst.since:
            nodes(m, last).b = t
        else:
            if last:
                e.spent += measure(m, clock_of(m, x, after), nodes(m, last).a, nodes(m, last).b)
            last = _held(m, x, ALL_PAUSES)
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
def resume(m: int, k: int, x: int, t: int, cause: int, kind: int) -> None:
    """No pause holds the instance any more."""
    end_pause(m, k, x, t)
    if instances(m, x).row >= 0:
        set_due(m, k, x, t, cause, kind, True)  # where the pause began at the due itself, nothing is left


@kernel
def pause_used(m: int, k: int, x: int, j: int, at: int) -> None:
    """The bound of a pause is used up at this instant."""
    i = _find_held(m, x, j)
    if i == 0 or nodes(m, i).c != NONE:
        return
    _count_bound(m, k, x, i, at)
    if extras(m, instances(m, x).extra).held_count:
        _write_pause_timers(m, k, x)
    else:
        resume(m, k, x, at, NO_CAUSE, 0)


@kernel
def _let_go(m: int, k: int, x: int, t: int) -> None:
    """The instance ends or is breached: no pause holds it any more."""
    inst = instances(m, x)
    if inst.extra and extras(m, inst.extra).held_count:
        i = extras(m, inst.extra).held
        while i:
            if nodes(m, i).k != ALL_PAUSES and nodes(m, i).c == NONE:
                _count_bound(m, k, x, i, t)
            i = nodes(m, i).next


# --- outcomes ---------------------------------------------------------------------------------------------------------


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
        tell_fate(m, inst.case, clauses(m, k).group, BREACH, cause, kind)


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
        tell_fate(m, c, clause.group, FULFILMENT, cause, kind)
    elif word == BREACHED and clause.inverse:  # others have told their breach when it came
        tell_fate(m, c, clause.group, BREACH, cause, kind)


@kernel
def keep_stretch(m: int, k: int, x: int, until: int) -> None:
    """Keep the last stretch where it is asked for: to open the instance again, or in its verdict."""
    inst = instances(m, x)
    if inst.status == PAUSED:
        return
    e = int(inst.extra)
    asked = main(m).keeps_stretches and (inst.since != inst.opened or (e != 0 and extras(m, e).ran != 0))
    if clauses(m, k).keeps_last or asked:
        _add_stretch(m, x, until)


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


# --- what others start from -------------------------------------------------------------------------------------------


@kernel
def tell_fate(m: int, c: int, g: int, fate: int, cause: int, kind: int) -> None:
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
