"""The timers of one instance that runs: its due, its warnings and its escalations.

Takes:  the kernel's memory, an instance, an instant.
Gives:  `write_timers`; `fire_alert`, `alert_at_breach`: an alert is given, once.
Never:  finds a due; it stands in the instance.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from sladsl.evaluate.columnar.kernel.clocks import due as clock_due
from sladsl.evaluate.columnar.kernel.clocks import latest, measure
from sladsl.evaluate.columnar.kernel.elapsed import clock_of, row_target
from sladsl.evaluate.columnar.kernel.layout import ALERT, ALERTS_FEW, AMOUNT, CANCEL_AFTER, DUE, NONE, OPEN
from sladsl.evaluate.columnar.kernel.memory import (
    alerts,
    alerts_given,
    case_number,
    clauses,
    extra_of,
    extras,
    instances,
    kernel,
    main,
    nodes,
    targets,
)
from sladsl.evaluate.columnar.kernel.pauses import spent_in_pauses
from sladsl.evaluate.columnar.kernel.timers import push


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
    if bound >= 0 and inst.extra and inst.status == OPEN and 0 < targets(m, bound).ticks <= spent_in_pauses(m, k, x):
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
