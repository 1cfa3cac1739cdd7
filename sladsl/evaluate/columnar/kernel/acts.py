"""The actions of an instant, and what they do to an instance.

Takes:  the kernel's memory, the case, the instant, and the facts of the present event.
Gives:  `acted_now`, `acts_so_far`: what happened; `strike`, `struck_at_start`: it fulfils or breaks an instance; `ended`.
Never:  decides which instances an action reaches; that is `clause.py`.

Actions are remembered, where a clause asks for them, until their instant is over: whichever of start and action comes first.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.alerts import alert_at_breach
from sladsl.evaluate.columnar.kernel.facts import fact, note_of
from sladsl.evaluate.columnar.kernel.instructions import ACTED, ENDED
from sladsl.evaluate.columnar.kernel.layout import BREACHED, COUNTS_FEW, EACH, FAULT, LATE, MET, NONE, PAUSED, TRUE
from sladsl.evaluate.columnar.kernel.memory import (
    at_address,
    bring,
    brings,
    cases,
    clauses,
    columns,
    extra_of,
    extras,
    free_nodes,
    instances,
    kernel,
    main,
    new_node,
    nodes,
)
from sladsl.evaluate.columnar.kernel.outcomes import close, undetermined
from sladsl.evaluate.columnar.kernel.pauses import end_pause

# What stands in an action's word beside its place among the events and its type: it has ended an instance, or opened a cycle.
USED, OPENED = 1, 2


@kernel
def acted_now(m: int, k: int, c: int) -> int:
    """Whether the action of a clause happens at the event, and above 32 bits the action, where it is remembered."""
    acted = fact(m, k, ACTED)
    if acted == TRUE and clauses(m, k).remembers:
        return acted | _remember_act(m, k, c) << 32
    return acted


@kernel
def _remember_act(m: int, k: int, c: int) -> int:
    """An action of this instant: (a: cause, b: value of the distinct field or NONE, c: its place, type and `USED`, `OPENED`, k: the clause)."""
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
def mark_opened(m: int, k: int, c: int) -> None:
    """The last action of this instant has opened a cycle of `every`."""
    last = 0
    i = cases(m, c).acts
    while i:
        if nodes(m, i).k == k:
            last = i
        i = int(nodes(m, i).next)
    if last:
        nodes(m, last).c |= OPENED


@kernel
def acts_so_far(m: int, k: int, c: int, last: int) -> int:
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
def strike(m: int, k: int, x: int, t: int, cause: int, kind: int, act: int) -> bool:
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
    nodes(m, act).c |= USED
    if not clauses(m, k).together:
        return
    place = nodes(m, act).c >> 26
    i = cases(m, c).acts
    while i:
        node = nodes(m, i)
        if node.c >> 26 == place and clauses(m, node.k).group == clauses(m, k).group:
            node.c |= USED
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
def struck_at_start(m: int, k: int, x: int, t: int, brought_by: int) -> int:
    """The action of this very instant, whichever came first in the input, that ends an instance that has just started."""
    clause = clauses(m, k)
    every_one = clause.how == EACH and not clause.one_for_one
    i = cases(m, instances(m, x).case).acts
    while i:
        node = nodes(m, i)
        free = node.k == k and (every_one or (node.c & USED) == 0) and not brings(m, brought_by, node.c >> 26)
        if free and strike(m, k, x, t, node.a, (node.c >> 2) & 0xFFFFFF, i):
            return i
        i = int(node.next)
    return 0


@kernel
def ended(m: int, k: int, x: int, t: int) -> bool:
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
def forget_acts(m: int, x: int) -> None:
    """What the instance needs is needed again."""
    inst = instances(m, x)
    inst.acts = 0
    if inst.extra:
        e = extras(m, inst.extra)
        e.acts = e.ends = e.distinct_count = 0
        free_nodes(m, e.distinct)
        e.distinct = 0
