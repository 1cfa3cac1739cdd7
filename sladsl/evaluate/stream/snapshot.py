"""The state of a machine as plain data, and back.

Takes:  a machine between two feeds.
Gives:  lists, dictionaries, text and whole numbers that JSON can hold; machines in equal states give equal data.
Never:  writes what can be found anew (compiled conditions, clocks), or pickles.
"""

from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sladsl.evaluate.stream.history import Past
from sladsl.evaluate.stream.instance import CLOSED, PAUSED, Act, CaseState, Fresh, Instance
from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.values import Fault
from sladsl.events import Instant

STATE_VERSION = 4


class StateError(ValueError):
    """A snapshot that this version, or this policy, cannot go on from."""


def pack(value: Any) -> Any:
    """One value as JSON can hold it."""
    if value is None or value.__class__ in (bool, int, str):
        return value
    if isinstance(value, Instant):
        return {"instant": int(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, Fault):
        return {"fault": value.reason}
    raise TypeError(f"no form for a {type(value).__name__} in a snapshot")


def unpack(value: Any) -> Any:
    """The value that `pack` wrote."""
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    makers: dict[str, Any] = {
        "instant": Instant,
        "fraction": Fraction,
        "decimal": Decimal,
        "float": float,
        "fault": Fault,
    }
    return makers[kind](inner)


def save(machine: Machine) -> dict[str, Any]:
    """The machine's whole state."""
    return {**save_common(machine), "cases": [save_case(cs) for _, cs in sorted(machine.observer.cases.items())]}


def save_common(machine: Machine) -> dict[str, Any]:
    """What a machine knows beside its cases."""
    observer = machine.observer
    return {
        "version": STATE_VERSION,
        "now": machine.now,
        "slots": list(machine.slots),
        "later": sorted(observer.later.items()),
        "unknown_zones": sorted(observer.unknown_zones.items()),
        "acts": [
            [m.index, case, [[list(act.cause), act.position, pack(act.value), act.used, act.opened] for act in acts]]
            for m in machine.machines
            if m.acts_us == machine.now
            for case, acts in sorted(m.acts_of().items())
        ],
    }


def save_case(cs: CaseState) -> list[Any]:
    """The state of one case. Timers are not kept: they follow from the instances."""
    groups = [
        [
            gs.group,
            gs.count,
            [_save_instance(inst) for inst in gs.all_open()],
            _save_instance(last) if (last := cs.last(gs.group)) is not None else None,
        ]
        for gs in cs.labels()
    ]
    more = cs.more
    pasts = [_save_past(past) for past in cs.pasts] if cs.pasts is not None else None
    watch = sorted(more.watch.items()) if more is not None and more.watch else None
    return [
        cs.case,
        [pack(v) for v in cs.attrs],
        [pack(v) for v in cs.values],
        [more is not None and more.ended, more.look if more is not None else 0, cs.marks],
        groups,
        pasts,
        watch,
    ]


def _save_past(past: Past | None) -> Any:
    if past is None:
        return None
    values = None if past.values is None else sorted(past.values)
    kept = None if past.kept is None else [[us, pack(value)] for us, value in past.kept]
    return [past.count, pack(past.total), past.first, past.last, values, kept]


def _save_instance(inst: Instance) -> list[Any]:
    x = inst.x
    extra = None
    if x is not None:
        extra = [
            x.acts_seen,
            sorted(x.brought) if inst.opened == inst.m.machine.now else [],
            x.ends_seen,
            sorted(x.distinct) if x.distinct is not None else None,
            [list(stretch) for stretch in x.stretches],
            x.paused_us,
            [list(bound) if bound else None for bound in x.bounds],
            x.held,
            [x.spent, list(x.last_pause) if x.last_pause else None],
            x.fired,
            list(x.zones),
            x.note,
            x.closed,
            x.word,
        ]
    seen = inst.m.machine.fresh.get(inst)
    return [
        inst.m.index,
        inst.number,
        inst.status,
        inst.opened,
        inst.since,
        inst.due,
        inst.row,
        list(inst.by) if inst.by else None,
        extra,
        *([_save_fresh(seen)] if seen is not None else []),
    ]


def _save_fresh(seen: Fresh) -> list[Any]:
    causes = [list(cause) if cause else None for cause in seen.causes()]
    return [pack(seen.cancel), pack(seen.excuse), *causes]


def load(machine: Machine, state: Any) -> None:
    """Put a saved state into a fresh machine of the same plan.

    Raises StateError where the state is of another version or policy, or is broken.
    """
    try:
        load_common(machine, state)
        for data in state["cases"]:
            cs = load_case(machine, data)
            machine.observer.cases[cs.case] = cs
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise error if isinstance(error, StateError) else StateError(f"the snapshot cannot be read: {error}") from error


def load_common(machine: Machine, state: Any) -> None:
    """What `save_common` kept. Raises StateError where it is of another version or policy."""
    if state["version"] != STATE_VERSION or state["slots"] != list(machine.slots):
        raise StateError("the snapshot is of another version or of another policy")
    observer = machine.observer
    machine.now = state["now"]
    observer.later = dict(state["later"])
    observer.unknown_zones = dict(state["unknown_zones"])
    for index, case, acts in state["acts"]:
        m = machine.of_clause[index]
        m.acts_us = machine.now
        m.acts[case] = [_load_act(*act) for act in acts]


def _load_act(cause: list[Any], position: int, value: Any, used: bool, opened: bool) -> Act:
    input, row, type = cause
    act = Act((input, row, type), position, unpack(value))
    act.used, act.opened = used, opened
    return act


def load_known(observer: Observer, data: Any) -> CaseState:
    """What `save_case` kept of a case, but for its instances."""
    case, attrs, val, (ended, look, marks), _, pasts, watch = data
    cs = observer.new(case)
    if len(attrs) != len(cs.names) or len(val) != len(cs.value_names):
        raise StateError("the snapshot is of another policy")
    for name, value in zip((*cs.names, *cs.value_names), (*attrs, *val), strict=True):
        setattr(cs, name, unpack(value))
    if marks:
        cs.marks = marks
    if ended or look or watch:
        more = cs.extra()
        more.ended, more.look = ended, look
        more.watch = {slot: list(found) for slot, found in watch} if watch else None
    if pasts is not None:
        cs.extra().pasts = [_load_past(past) for past in pasts]
    return cs


def load_case(machine: Machine, data: Any) -> CaseState:
    """The case that `save_case` kept, its timers on the machine's heap."""
    cs = load_known(machine.observer, data)
    for group, count, opened, last in data[4]:
        gs = cs.label(group)
        gs.count = count
        for inst in opened:
            gs.add(_load_instance(machine, cs, inst))
        if last is not None:
            cs.keep_last(group, _load_instance(machine, cs, last))
    return cs


def _load_past(data: Any) -> Past | None:
    if data is None:
        return None
    past = Past()
    past.count, total, past.first, past.last, values, kept = data
    past.total = unpack(total)
    past.values = None if values is None else dict.fromkeys(values)
    past.kept = None if kept is None else deque((us, unpack(value)) for us, value in kept)
    return past


def _load_instance(machine: Machine, cs: CaseState, data: Any) -> Instance:
    index, number, status, opened, since, due, row, by, extra, *seen = data
    m = machine.of_clause[index]
    inst = Instance(m, cs, number, opened, machine.cause_of(*by) if by else None)
    inst.status, inst.due, inst.row = status, due, row
    if since != opened:
        inst.since = since
    if extra is not None:
        x = inst.extra()
        (x.acts_seen, brought, x.ends_seen, distinct, stretches, x.paused_us, bounds, held, spent, x.fired) = extra[:10]
        zones, x.note, x.closed, x.word = extra[10:]
        x.brought = frozenset(brought)
        x.distinct = set(distinct) if distinct is not None else None
        x.stretches = tuple((a, b) for a, b in stretches)
        x.bounds = tuple((bound[0], bound[1], bound[2]) if bound else None for bound in bounds)
        x.held = held
        x.spent, x.last_pause = spent[0], (spent[1][0], spent[1][1]) if spent[1] else None
        if zones:
            x.zones = tuple(zones)
            x.clocks = m.clocks_in(x.zones)
    if status == PAUSED:
        m.write_pause_timers(inst)
    elif status != CLOSED and (m.row_count or m.alerts):
        m.write_timers(inst, machine.now)
    for cancel, excuse, *causes in seen:
        fresh = machine.fresh[inst] = Fresh()
        fresh.cancel, fresh.excuse = unpack(cancel), unpack(excuse)
        fresh.begun, fresh.cause, fresh.cancel_cause, fresh.excuse_cause = (tuple(c) if c else None for c in causes)
    return inst
