"""The walk over a batch of events, and to the end of time.

Takes:  the kernel's memory with a batch in it.
Gives:  `walk`: case by case until the batch is done or a table must grow; `finish`: all that is due by as-of, and the
        verdicts that stand then.
Never:  looks at two cases together: cases do not touch each other, so the timers of a case wait for its next event.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import numpy as np

from sladsl.evaluate.columnar.kernel.acts import acted_now
from sladsl.evaluate.columnar.kernel.alerts import fire_alert
from sladsl.evaluate.columnar.kernel.clause import acts_on_open, label_on_open, starts_at
from sladsl.evaluate.columnar.kernel.derived import derive
from sladsl.evaluate.columnar.kernel.elapsed import elapsed_at
from sladsl.evaluate.columnar.kernel.facts import look_up, note_of
from sladsl.evaluate.columnar.kernel.layout import (
    ALERT,
    BREACHED,
    CANCEL_AFTER,
    CANCELLED,
    DONE,
    DUE,
    FAULT,
    GROW,
    LOW,
    MET,
    NO_CAUSE,
    NONE,
    PAUSE_USED,
    PAUSED,
    ROW_CASE,
    ROW_CAUSE,
    ROW_HEAD,
    ROW_TIME,
    ROW_TYPE,
    TOO_LARGE,
    UNORDERED,
)
from sladsl.evaluate.columnar.kernel.memory import (
    acted_at,
    at_address,
    batch_rows,
    batch_words,
    case_number,
    cases,
    clauses,
    columns,
    event_words,
    facts,
    fates,
    fetch_case,
    fetch_open,
    free_nodes,
    groups,
    hot,
    instances,
    kernel,
    keys,
    later,
    leaf_reasons,
    looks,
    main,
    nodes,
    now_words,
    old_words,
    reasons,
    seen,
    seen_at,
    seen_values,
    small_at_address,
    start_hot,
    starts,
    timers,
    values,
    verdicts,
    watched,
    watches,
    words,
)
from sladsl.evaluate.columnar.kernel.outcomes import breach, close, give, give_last, keep_stretch
from sladsl.evaluate.columnar.kernel.running import pause_used
from sladsl.evaluate.columnar.kernel.settling import settle
from sladsl.evaluate.columnar.kernel.starting import start
from sladsl.evaluate.columnar.kernel.timers import drop_stale, pop

_ZERO = np.uint64(0)
_FAR, _NEAR, _NEXT = 16, 8, 3  # so many rows, or cases, before them it is asked for cases, and for what is open in them


@kernel
def walk(m: int) -> None:
    """Judge the batch, or what is left of it; `main.stopped` says why it was not judged to its end."""
    v = main(m)
    v.stopped = DONE
    v.room = 0
    rows, given, width, end = batch_rows(m), batch_words(m), v.row_width, v.row_end
    bits, now, old, of_event = words(m), now_words(m), old_words(m), event_words(m)
    wide, narrow, hot_words = v.case_words, v.event_width, v.hot_words
    plain = (v.never_quiet | v.known_reasons | v.value_count | v.derived_count | v.seen_width | v.watch_count) == 0
    i = v.row_at
    while i < end:
        r = i * width
        c = rows[r + ROW_CASE] & LOW
        t = rows[r + ROW_TIME]
        if i + _FAR < end:
            _ask_ahead(m, r, width)
        case = cases(m, c)
        # Most events change nothing: nothing is due before them, and no clause looks at what they say.
        judged = plain and case.started and not case.look and t >= case.time and (not case.timers or t < case.next_at)
        if judged and t != case.time:
            judged = (case.fresh | case.acts | case.brought) == 0
        if judged:
            base, at = c * wide, r + ROW_HEAD
            quiet = True
            for j in range(wide):
                held = bits[base + j]
                new = (held & ~given[at + 1]) | given[at]
                at += 2
                old[j], now[j] = held, new
                quiet &= held == new
            for j in range(narrow):
                said = given[at + j]
                of_event[j] = said
                quiet &= said == _ZERO
            if not quiet:
                row = look_up(m, False, False)
                looks = _ZERO
                for j in range(hot_words):
                    looks |= keys(m)[v.hot_now + j] | hot(m)[j]
                if looks:
                    if not _has_room(m, c):
                        v.stopped = GROW
                        break
                    v.ordinal += 1
                for j in range(wide):
                    bits[base + j] = now[j]
                if looks:
                    case.time = t
                    v.row = rows[r + ROW_CASE] >> 32
                    v.effect = row
                    _step(m, r, c, t, row, False)
            case.time = t
        elif not _row(m, r):
            break
        i += 1
    v.row_at = i


@kernel
def _ask_ahead(m: int, r: int, width: int) -> None:
    """Ask for what the rows that come soon need."""
    rows = batch_rows(m)
    case = rows[r + _FAR * width] & LOW
    if case != rows[r + (_FAR - 1) * width] & LOW:
        fetch_case(m, case)
    case = rows[r + _NEAR * width] & LOW
    if case != rows[r + (_NEAR - 1) * width] & LOW:
        fetch_open(m, case, False)
    case = rows[r + _NEXT * width] & LOW
    if case != rows[r + (_NEXT - 1) * width] & LOW:
        fetch_open(m, case, True)


@kernel
def _row(m: int, r: int) -> bool:
    """Judge one event, whose row begins at r; False where the walk must stop before it."""
    v = main(m)
    c = batch_rows(m)[r + ROW_CASE] & LOW
    t = batch_rows(m)[r + ROW_TIME]
    case = cases(m, c)
    if case.started and t != case.time:
        if t < case.time:
            v.stopped = UNORDERED
            return False
        if (case.fresh or (case.timers and case.next_at <= t)) and not _pass_time(m, c, t - 1, t):
            return False
        if case.acts:
            free_nodes(m, case.acts)
            case.acts = case.last_act = case.act_count = 0
        if case.brought:
            free_nodes(m, case.brought)
            case.brought = 0
    if not _has_room(m, c):
        v.stopped = GROW
        return False
    case.time = t
    _event(m, r, c, t)
    if v.too_large:
        v.stopped = TOO_LARGE
        return False
    return True


@kernel
def _event(m: int, r: int, c: int, t: int) -> None:
    v = main(m)
    i = batch_rows(m)[r + ROW_CASE] >> 32
    case = cases(m, c)
    first = case.started == 0
    quiet = not first and v.never_quiet == 0
    base = c * v.case_words
    at = r + ROW_HEAD
    for j in range(v.case_words):
        old = words(m)[base + j]
        now = (old & ~batch_words(m)[at + 1]) | batch_words(m)[at]
        at += 2
        old_words(m)[j] = old
        now_words(m)[j] = now
        quiet &= old == now
    for j in range(v.event_width):
        bits = batch_words(m)[at + j]
        event_words(m)[j] = bits
        quiet &= bits == _ZERO
    v.row = i
    v.ordinal += 1
    if v.known_reasons:
        _keep_reasons(m, i, c)
    if v.seen_width:
        v.seen_now = v.seen_firsts if first else int(seen_at(m)[c] == t)
    followed = v.value_count != 0 and _keep_values(m, i, c)
    if v.derived_count:
        derive(m, i, c, t, first)
        quiet = False
    if case.look:
        _take_looks(m, c)
        quiet = False
    if quiet and not followed and v.seen_now == 0:
        return  # nothing that any condition could see
    for j in range(v.case_words):
        words(m)[base + j] = now_words(m)[j]
    if v.watch_count:
        _came_later(m, c)
    row = look_up(m, first, False)
    v.effect = row
    if v.seen_width and (v.seen_now or facts(m)[row * v.fact_width + v.seen_place]):
        _tell(m, r, c, t, row, first)
    _step(m, r, c, t, row, first)
    case.started = 1


@kernel
def _step(m: int, r: int, c: int, t: int, row: int, first: bool) -> None:
    """What the facts of an event do to the clauses that look at it."""
    v = main(m)
    any_hot = _ZERO
    for j in range(v.hot_words):
        bits = keys(m)[v.hot_now + j] | hot(m)[j]
        if first:
            bits |= start_hot(m)[j]
        hot(m)[j] = bits
        any_hot |= bits
    if any_hot != _ZERO:
        v.cause = batch_rows(m)[r + ROW_CAUSE]
        v.type = batch_rows(m)[r + ROW_TYPE]
        v.now = t
        v.case_ends = v.has_case_until and facts(m)[row * v.fact_width] == 1
        for k in range(v.clause_count):
            if _take_hot(m, k):
                if clauses(m, k).together:
                    _step_label(m, k, c, t)
                else:
                    starts_at(m, k, c, t, acts_on_open(m, k, c, t))
        if v.case_ends:
            cases(m, c).ended = 1
            v.case_ends = 0
        if v.any_follows:
            for j in range(2 * v.group_count):
                if fates(m)[j]:
                    free_nodes(m, fates(m)[j])
                    fates(m)[j] = 0


@kernel
def _take_looks(m: int, c: int) -> None:
    """Clauses that have asked to look at this event do."""
    v = main(m)
    cases(m, c).look = 0
    for j in range(v.hot_words):
        hot(m)[j] |= looks(m)[c * v.hot_words + j]
        looks(m)[c * v.hot_words + j] = _ZERO


@kernel
def _take_hot(m: int, k: int) -> bool:
    """Whether a clause still has to look at the present event; it need not any more."""
    bit = np.uint64(1) << np.uint64(k & 63)
    bits = hot(m)[k >> 6]
    hot(m)[k >> 6] = bits & ~bit
    return (bits & bit) != _ZERO


@kernel
def _step_label(m: int, first: int, c: int, t: int) -> None:
    """The clauses of one label at several levels are one: all act on what is open before any starts."""
    v = main(m)
    group = clauses(m, first).group
    for k in range(v.clause_count):
        acted_at(m)[k] = -1
    for k in range(first, v.clause_count):
        if clauses(m, k).group == group and (k == first or _take_hot(m, k)):
            acted_at(m)[k] = acted_now(m, k, c)
    label_on_open(m, group, c, t)
    for k in range(first, v.clause_count):
        if clauses(m, k).group == group and acted_at(m)[k] >= 0:
            starts_at(m, k, c, t, int(acted_at(m)[k]) & LOW)


@kernel
def _keep_reasons(m: int, i: int, c: int) -> None:
    """Where a cell could not be read, remember why."""
    v = main(m)
    for leaf in range(v.leaf_count):
        address = leaf_reasons(m)[leaf]
        if address:
            reason = small_at_address(address)[i]
            if reason:
                reasons(m)[c * v.leaf_count + leaf] = reason


@kernel
def _keep_values(m: int, i: int, c: int) -> bool:
    """Take over the values that the event carries; whether one of them is a due."""
    v = main(m)
    followed = False
    for j in range(v.value_count):
        column = columns(m, j)
        flag = at_address(column.flags)[i]
        if flag == 0 or column.kept == 0:
            continue
        value = values(m, c * v.value_count + j)
        number = at_address(column.numbers)[i]
        if column.seen and (column.seen & 2 or value.flag != flag or value.number != number):
            v.seen_now = 1
        value.flag = flag
        value.number = number
        value.denominator = at_address(column.denominators)[i] if column.denominators else 1
        if column.follows:
            followed = True
            for k in range(v.clause_count):
                if clauses(m, k).follows:
                    hot(m)[k >> 6] |= np.uint64(1) << np.uint64(k & 63)
    return followed


@kernel
def _tell(m: int, r: int, c: int, t: int, row: int, first: bool) -> None:
    """Tell of an event what is asked for, see `columnar/asked.py`."""
    v = main(m)
    out = seen(m)
    i = v.row
    at = v.seen_next * v.seen_width
    v.seen_next += 1
    seen_at(m)[c] = t
    out[at], out[at + 1], out[at + 2] = case_number(m, c), t, batch_rows(m)[r + ROW_CAUSE]
    out[at + 3] = batch_rows(m)[r + ROW_TYPE] << 1 | int(first)
    at += 4
    base = row * v.fact_width + v.seen_place + 1
    for j in range(v.seen_facts):
        held = int(facts(m)[base + j])
        out[at] = held if held < FAULT else FAULT + note_of(m, c, held)
        at += 1
    for j in range(v.seen_value_count):
        place = int(seen_values(m)[j])
        value = values(m, c * v.value_count + place)
        out[at], out[at + 1] = value.number, value.denominator
        out[at + 2] = value.flag << 1 | int(at_address(columns(m, place).flags)[i] != 0)
        at += 3


@kernel
def _came_later(m: int, c: int) -> None:
    """Count the starts that an attribute decided which was missing and comes now."""
    v = main(m)
    for j in range(v.watched_bits):
        w = watched(m, j)
        bit = np.uint64(1) << np.uint64(w.bit & 63)
        if now_words(m)[w.bit >> 6] & ~old_words(m)[w.bit >> 6] & bit:
            place = c * v.watch_count + w.pair
            later(m)[w.group] += watches(m)[place]
            watches(m)[place] = 0


# --- time alone -------------------------------------------------------------------------------------------------------


@kernel
def _has_room(m: int, c: int) -> bool:
    """Whether all pools have room for the most that one event or timer of the case can ask for."""
    v = main(m)
    case = cases(m, c)
    most = (case.open + case.act_count + v.starts_at_once + 4) * (v.followers + 1)
    most += v.clause_count + 8 + 2 * v.history_count
    v.most = most
    if v.room <= most or v.keeps_stretches:
        v.room = _room(m)
    if v.room <= most or v.seen_cap <= v.seen_next:
        return False
    v.room -= most
    return True


@kernel
def _room(m: int) -> int:
    """How many instances there is room for in all pools, with all that may come with each.

    It is counted down, and counted anew where little seems to be left.
    """
    v = main(m)
    room = min(v.instances_cap - v.instances_next + v.instances_spare, v.verdicts_cap - v.verdicts_next)
    room = min(room, v.extras_cap - v.extras_next + v.extras_spare)
    room = min(room, (v.nodes_cap - v.nodes_next + v.nodes_spare - 1) // v.nodes_an_instance)
    room = min(room, (v.timers_cap - v.timers_next + v.timers_spare - 1) // v.timers_an_instance)
    room = min(room, (v.alerts_cap - v.alerts_next - 1) // v.timers_an_instance)
    if v.keeps_stretches:
        room = min(room, v.stretches_cap - v.stretches_next - v.nodes_next + v.nodes_spare)
    return int(room)


@kernel
def _pass_time(m: int, c: int, limit: int, pause_limit: int) -> bool:
    """Everything up to and including the limit is known of the case; False where a table must grow first.

    What ends a pause comes before all else of its instant, and so has a limit of its own: the instant of the next event.
    """
    v = main(m)
    case = cases(m, c)
    if case.fresh == 0 and (case.timers == 0 or case.next_at > max(limit, pause_limit)):
        return True
    drop_stale(m, c)
    if case.fresh == 0 and not _comes(m, c, limit, pause_limit):
        return True
    for j in range(v.case_words):
        bits = words(m)[c * v.case_words + j]
        old_words(m)[j] = bits
        now_words(m)[j] = bits
    for j in range(v.event_width):
        event_words(m)[j] = _ZERO
    v.effect = look_up(m, False, True)
    v.cause = NO_CAUSE
    v.type = 0
    v.timing = 1
    done = _settle_and_fire(m, c, limit, pause_limit)
    v.timing = 0
    if not done:
        v.stopped = GROW
    return done


@kernel
def _comes(m: int, c: int, limit: int, pause_limit: int) -> bool:
    """Whether the first timer of a case comes up to the limit."""
    first = cases(m, c).timers
    return bool(first != 0 and timers(m, first).at <= (pause_limit if timers(m, first).kind < 0 else limit))


@kernel
def _settle_and_fire(m: int, c: int, limit: int, pause_limit: int) -> bool:
    case = cases(m, c)
    if case.fresh:
        if not _has_room(m, c):
            return False
        i = case.fresh
        case.fresh = 0
        first = i
        while i:
            settle(m, int(nodes(m, i).a), case.time)
            i = nodes(m, i).next
        free_nodes(m, first)
        _follow(m, c, case.time)
    while True:
        drop_stale(m, c)
        if not _comes(m, c, limit, pause_limit):
            return True
        if not _has_room(m, c):
            return False
        timer = timers(m, case.timers)
        at, kind, x = timer.at, timer.kind, int(timer.instance)
        pop(m, c)
        _fire(m, x, kind, at)
        _follow(m, c, at)


@kernel
def _fire(m: int, x: int, kind: int, at: int) -> None:
    inst = instances(m, x)
    k = int(inst.clause)
    if kind < CANCEL_AFTER:
        pause_used(m, k, x, kind - PAUSE_USED, at)
    elif kind == CANCEL_AFTER:
        close(m, k, x, CANCELLED, at, NO_CAUSE, 0)
    elif kind < DUE:
        fire_alert(m, k, x, kind - ALERT, at)
    elif inst.status != BREACHED:
        if clauses(m, k).met_at_due:
            close(m, k, x, MET, at, NO_CAUSE, 0)
        else:
            breach(m, k, x, at, NO_CAUSE, 0)


@kernel
def _follow(m: int, c: int, t: int) -> None:
    """Start the clauses that follow what has just become of instances, in the order of the plan."""
    v = main(m)
    while v.queue_head:
        i = v.queue_head
        fate, brought_by = nodes(m, i).a, nodes(m, i).b
        v.queue_head = nodes(m, i).next
        nodes(m, i).next = 0
        free_nodes(m, i)
        for k in range(v.clause_count):
            clause = clauses(m, k)
            for j in range(clause.start_count):
                if starts(m, clause.starts + j).fate == fate:
                    start(m, k, c, t, NO_CAUSE, 0, 0, 0, False, brought_by)
                    break


@kernel
def finish(m: int, first: int, end: int, as_of: int) -> int:
    """Everything up to and including as-of is known: fire what is due by then, and give what still stands.

    Returns the case to go on with; `main.stopped` says whether a table must grow first.
    """
    v = main(m)
    v.stopped = DONE
    v.room = 0
    for c in range(first, end):
        if c + _FAR < end:
            fetch_case(m, c + _FAR)
            fetch_open(m, c + _NEAR, False)
            fetch_open(m, c + _NEXT, True)
        if not _pass_time(m, c, as_of, as_of):
            return c
        if not _has_room(m, c):
            v.stopped = GROW
            return c
        for g in range(v.group_count):
            if v.keeps_any:
                give_last(m, c, g)
            last = groups(m, c * v.group_count + g).ring
            if last:
                x = int(last)
                while True:
                    x = int(instances(m, x).next)
                    _give_standing(m, x, as_of)
                    if x == last:
                        break
    return end


@kernel
def _give_standing(m: int, x: int, as_of: int) -> None:
    """The verdict so far of what is open, paused, or breached without its action."""
    inst = instances(m, x)
    k = int(inst.clause)
    elapsed = elapsed_at(m, k, x, as_of)
    status = int(inst.status)
    keep_stretch(m, k, x, as_of)
    give(m, k, x, status, NONE, NO_CAUSE, 0, elapsed, NONE, as_of)
    if status == PAUSED:
        v = main(m)
        verdicts(m, v.verdicts_next - 1).paused += as_of - inst.since
