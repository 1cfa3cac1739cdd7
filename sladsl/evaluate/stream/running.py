"""The clock of one instance: rows, dues, pauses, alerts.

Takes:  an instance, the instant, and what its case holds.
Gives:  `Running`, the half of a clause's machine that moves dues and writes timers.
Never:  opens an instance or decides which event is its action.
"""

from typing import TYPE_CHECKING, Any

from sladsl.clock import Clock, ClockKind, clock_for, point_due
from sladsl.evaluate.stream.instance import (
    BREACHED,
    CLOSED,
    OPEN,
    PAUSED,
    Bound,
    CaseState,
    CauseTuple,
    Extra,
    Instance,
    small,
)
from sladsl.evaluate.stream.timers import ALERT, CANCEL_AFTER, DUE, PAUSE_USED
from sladsl.evaluate.stream.values import Fault
from sladsl.evaluate.verdict import Alert, Cause, Step
from sladsl.ir.calendars import calendar_read, told_by
from sladsl.ir.plan import Clause, Plan, Target

if TYPE_CHECKING:
    from sladsl.evaluate.stream.machine import Machine

_NEVER = "the target is not reached within ten years of its calendar"


class Clocks:
    """The clocks of a clause's targets where its calendars are read so."""

    def __init__(self, plan: Plan, clause: Clause, readings: dict[int, str]) -> None:
        self._plan = plan
        self._readings = readings
        self.rows = [self.of(row.target) for row in clause.rows]
        self.bounds = [self.of(pause.at_most) if pause.at_most else None for pause in clause.pauses]
        self.cancel = self.of(clause.cancel_after_paused) if clause.cancel_after_paused else None
        self.reopen = self.of(clause.reopen_within) if clause.reopen_within else None
        self.before = [self.of(alert.before) if alert.before else None for alert in clause.alerts]
        self.after = [self.of(alert.after) if alert.after else None for alert in clause.alerts]

    def calendar(self, index: int | None) -> Any:
        """The calendar of the plan, as it is read."""
        if index is None:
            return None
        return calendar_read(self._plan.calendars, index, self._readings.get(index, ""), self._plan.zone)

    def of(self, target: Target) -> Clock | None:
        """The clock on which an amount runs; None for points and attributes."""
        if target.amount is None:
            return None
        kind = target.amount.kind
        zone = self._plan.zone
        calendar = self.calendar(target.calendar)
        if kind is ClockKind.CALENDAR_DAYS and calendar is not None:
            zone = calendar.zone
        return clock_for(kind, calendar, zone)


def ticks_of(target: Target | None) -> int:
    """The ticks of an amount; 0 where there is none."""
    return target.amount.ticks if target is not None and target.amount is not None else 0


class Running:
    """What all instances of one clause share: its rows and clocks, and what moves a due."""

    def __init__(self, machine: "Machine", clause: Clause) -> None:
        plan = machine.plan
        self.machine = machine
        self.clause = clause
        self.index = clause.index
        self.group = clause.group
        self.rows = clause.rows
        self.row_count = len(clause.rows)
        self.bit = 0  # its place in the order of the plan, as a mask
        self.pauses = clause.pauses
        self.pause_kinds = [PAUSE_USED + j for j in range(len(clause.pauses))]  # of their timers
        self.alerts = clause.alerts
        self.ticks = [ticks_of(row.target) for row in clause.rows]
        self.simple = False
        used = {t.calendar for t in self._targets() if t.calendar is not None}
        self.zoned = tuple(sorted(i for i in used if told_by(plan.calendars, i)))  # the calendars that attributes tell
        self.fixed = Clocks(plan, clause, {}) if not self.zoned else None
        self._by_zone: dict[tuple[str, ...], Clocks] = {}
        self.attribute_slots = [
            machine.slots[row.target.attribute] if row.target.attribute else -1 for row in clause.rows
        ]
        if self.fixed and self.row_count == 1 and self.fixed.rows[0] is not None and not self.alerts:
            self.simple = True  # one amount on a fixed clock: the common case
            self.only_clock: Clock = self.fixed.rows[0]
            self.only_ticks = self.ticks[0]

    def _targets(self) -> list[Target]:
        clause = self.clause
        found = [row.target for row in clause.rows]
        found += [pause.at_most for pause in clause.pauses if pause.at_most]
        found += [t for alert in clause.alerts for t in (alert.before, alert.after) if t]
        return found + [t for t in (clause.cancel_after_paused, clause.reopen_within) if t]

    # --- clocks -----------------------------------------------------------------------------------------------------

    def clocks_at_start(self, inst: Instance, cs: CaseState) -> None:
        """Read the zones and the hours that come from attributes, and keep them for the instance."""
        x = inst.extra()
        x.zones = tuple(self.machine.zone_for(cs, index) for index in self.zoned)
        x.clocks = self.clocks_in(x.zones)

    def clocks_now(self, cs: CaseState) -> Clocks:
        """The clocks of the clause as the case's attributes tell them now."""
        return self.fixed or self.clocks_in(tuple(self.machine.observer.zone_now(cs, index) for index in self.zoned))

    def clocks_in(self, zones: tuple[str, ...]) -> Clocks:
        """The clocks of the clause where its calendars are read so, in the order of `zoned`."""
        clocks = self._by_zone.get(zones)
        if clocks is None:
            clocks = Clocks(self.machine.plan, self.clause, dict(zip(self.zoned, zones, strict=True)))
            self._by_zone[zones] = clocks
        return clocks

    def clocks(self, inst: Instance) -> Clocks:
        """The clocks of an instance."""
        return self.fixed or inst.x.clocks  # type: ignore[union-attr]

    def clock(self, inst: Instance) -> Clock | None:
        """The clock of its present row; None where it has no amount: exact time counts then."""
        return self.clocks(inst).rows[inst.row] if inst.row >= 0 else None

    def elapsed_at(self, inst: Instance, t: int) -> int:
        """Ticks elapsed up to t on the clock of the present row, pauses left out; exact time for points and attributes."""
        x = inst.x
        if x is None and self.simple and inst.row == 0:
            return self.only_clock.measure(inst.opened, t)
        clock = self.clock(inst)
        total = 0
        if x is not None:
            for a, b in x.stretches:
                total += clock.measure(a, b) if clock is not None else b - a
        if inst.status in (OPEN, BREACHED):
            total += clock.measure(inst.since, t) if clock is not None else t - inst.since
        return total

    # --- rows and dues ----------------------------------------------------------------------------------------------

    def pick(self, cs: CaseState) -> int | Fault:
        """The first row whose condition holds; the headline is last and always does."""
        get = self.machine.get
        for index, row in enumerate(self.rows):
            if row.when is None:
                return index
            held = get(cs, row.when)
            if held is True:
                return index
            if held is not False:
                return held  # type: ignore[no-any-return]
        return self.row_count - 1

    def due_in(self, inst: Instance, row: int, since: int) -> int | None:
        """The due under a row, for an instance that runs since `since` after its past stretches; None where there is none."""
        target = self.rows[row].target
        if target.amount is not None:
            clock = self.clocks(inst).rows[row]
            assert clock is not None
            ticks = self.ticks[row]
            if inst.x is not None:
                for a, b in inst.x.stretches:
                    passed = clock.measure(a, b)
                    if ticks < passed:
                        return clock.due(a, ticks)
                    ticks -= passed
            return clock.due(since, ticks)
        if target.point is not None:
            return point_due(
                target.point, inst.opened, self.clocks(inst).calendar(target.calendar), self.machine.plan.zone
            )
        raw = self.machine.observer.last(inst.cs, self.attribute_slots[row])
        return None if raw is None else self.machine.instant(raw)

    def set_due(self, inst: Instance, t: int, cause: CauseTuple | None, *, nothing_left: bool = False) -> bool:
        """Find the due of a running instance anew and write its timers; False where that closed the instance.

        With `nothing_left` an amount that was reached before t is due at t.
        """
        try:
            due = self.due_in(inst, inst.row, inst.since)
        except Fault as fault:
            self.undetermined(inst, t, cause, fault)
            return False
        if nothing_left and due is not None and due < t:
            clock = self.clock(inst)
            due = due if clock is None else clock.due(t, 0)
        inst.due = due
        if due is None:
            if not self.rows[inst.row].target.attribute:
                self.undetermined(inst, t, cause, Fault(_NEVER))
                return False
        elif due < t:
            self.pass_due(inst, t, cause)
            return inst.status != CLOSED
        self.write_timers(inst, t)
        return True

    def pass_due(self, inst: Instance, t: int, cause: CauseTuple | None, born: bool = False) -> None:
        """The due lies in the past of this event: the instance is breached (or, where reaching it meets, met) at the event."""
        if self.clause.met_at_due:
            self.close(inst, "met", t, cause)
            return
        if born:
            inst.extra().add_note("born breached")
        self.breach(inst, t, cause)

    def change_row(self, inst: Instance, t: int, cause: CauseTuple | None) -> bool:
        """Read the rows again after an event; False where that closed the instance."""
        if self.row_count > 1:
            row = self.pick(inst.cs)
            if isinstance(row, Fault):
                self.undetermined(inst, t, cause, row)
                return False
            if row != inst.row and not self._to_row(inst, row, t, cause):
                return False
            if inst.status == BREACHED:
                return True
        slot = self.attribute_slots[inst.row]
        if slot >= 0:
            try:
                due = self.due_in(inst, inst.row, inst.since)
            except Fault as fault:
                self.undetermined(inst, t, cause, fault)
                return False
            if due != inst.due:
                inst.due = due
                self.tell(inst, "due", t, cause)
                if due is not None and due < t:
                    self.pass_due(inst, t, cause)
                    return inst.status != CLOSED
                self.write_timers(inst, t)
        return True

    def _to_row(self, inst: Instance, row: int, t: int, cause: CauseTuple | None) -> bool:
        since = t if inst.status == PAUSED else inst.since
        try:
            old, new = self.due_in(inst, inst.row, since), self.due_in(inst, row, since)
        except Fault as fault:
            self.undetermined(inst, t, cause, fault)
            return False
        tighter = new is not None and (old is None or new < old)
        what = self.clause.tighter if tighter else self.clause.looser
        if what == "keep":
            inst.cs.extra().look |= self.bit  # rows are levels: they are compared again at each event
            return True
        inst.row = row
        if what == "restart":
            inst.since = t if inst.status == OPEN else inst.since
            inst.extra().stretches = ()  # and the stretch in which it ran no longer begins where it opened
        if inst.status == PAUSED:
            if what == "carry" and new is not None and new < t:
                inst.due = new
                self._end_pause(inst, t)
                self.tell(inst, "row", t, cause)
                self.pass_due(inst, t, cause)
                return inst.status != CLOSED
            self.tell(inst, "row", t, cause)
            return True
        inst.due = new if what == "carry" else self.due_in(inst, row, inst.since)
        self.tell(inst, "row", t, cause)
        return self.set_due(inst, t, cause)

    def write_timers(self, inst: Instance, t: int) -> None:
        """Let the due and the alerts of an instance wait; what waited before no longer counts."""
        inst.generation += 1
        timers = self.machine.timers
        due = inst.due
        if due is not None and inst.status == OPEN:
            timers.push(due, DUE, inst)
        if self.alerts:
            self._write_alerts(inst, t)
        most = ticks_of(self.clause.cancel_after_paused)
        if most and inst.x is not None and inst.status == OPEN and self._spent(inst) >= most:
            # Its pauses have come to the bound at this instant, whose events come first.
            timers.push(t, CANCEL_AFTER, inst)

    def _write_alerts(self, inst: Instance, t: int) -> None:
        fired = inst.x.fired if inst.x is not None else 0
        clocks = self.clocks(inst)
        clock = self.clock(inst)
        due = inst.due
        for k, alert in enumerate(self.alerts):
            if fired >> k & 1:
                continue
            at: int | None = None
            if alert.after is not None:
                after = clocks.after[k]
                at = after.due(inst.opened, ticks_of(alert.after)) if after is not None else None
            elif due is None:
                continue
            elif alert.before is not None:
                before = clocks.before[k]
                at = before.latest(due, ticks_of(alert.before)) if before is not None else None
            elif alert.share is not None:
                at = self._share(inst, alert.share, clock, due)
            if at is not None:
                self.machine.timers.push(max(at, t), ALERT + k, inst)

    def _share(self, inst: Instance, share: tuple[int, int], clock: Clock | None, due: int) -> int | None:
        numerator, denominator = share
        if clock is None:
            return inst.opened - (-(due - inst.opened) * numerator // denominator)
        part = -(-self.ticks[inst.row] * numerator // denominator)
        if inst.x is not None:
            for a, b in inst.x.stretches:
                passed = clock.measure(a, b)
                if part < passed:
                    return clock.due(a, part)
                part -= passed
        return clock.due(inst.since, part)

    def fire_alert(self, inst: Instance, k: int, at: int) -> None:
        """Give a warning or an escalation, once an instance."""
        x = inst.extra()
        if x.fired >> k & 1:
            return
        x.fired |= 1 << k
        alert = self.alerts[k]
        self.machine.alert(
            Alert(alert.kind, self.index, self.group, inst.cs.case, inst.number, alert.to, at, alert.written)
        )
        self.tell(inst, "alert", at, None, alert.kind)

    # --- pauses -----------------------------------------------------------------------------------------------------

    def look_at_pauses(self, inst: Instance, t: int, cause: CauseTuple | None, begun: CauseTuple | None = None) -> None:
        """Begin, end or keep the pause of an instance that is open or paused; `begun` is the event that has just started it."""
        get = self.machine.get
        cs = inst.cs
        x = inst.x
        changed = False
        for j, pause in enumerate(self.pauses):
            held = get(cs, pause.condition)
            if held.__class__ is Fault:
                self.undetermined(inst, t, begun or cause, held)
                return
            if held is True:
                x = inst.extra()
                if not x.held >> j & 1 and self._begin_pause(inst, j, t):
                    changed = True
            elif x is not None and x.held >> j & 1:
                self._end_bound(x, j, t)
                changed = True
        if not changed:
            return
        assert x is not None
        if x.held:
            if inst.status == OPEN:
                x.ran(inst.since, t)
                inst.status, inst.since, inst.due = PAUSED, t, None
                self.tell(inst, "paused", t, cause)
            self.write_pause_timers(inst)
        else:
            self.resume(inst, t, cause)

    def _begin_pause(self, inst: Instance, j: int, t: int) -> bool:
        """A pause begins to hold, as long as something is left of its bound. One that ended at t goes on."""
        x = inst.extra()
        bound, clock = self.pauses[j].at_most, self.clocks(inst).bounds[j]
        if bound is not None and clock is not None:
            before = x.bound(j)
            used, since, until = before or (0, t, t)
            if until != t:
                used, since = used + clock.measure(since, until), t
            if before is not None:
                end = clock.due(since, ticks_of(bound) - used) if used < ticks_of(bound) else t
                if end is not None and end <= t:
                    return False
            self._keep_bound(x, j, (used, since, since))
        x.held |= 1 << j
        return True

    def _end_bound(self, x: Extra, j: int, t: int) -> None:
        """A pause holds no more."""
        x.held &= ~(1 << j)
        bound = x.bound(j)
        if bound is not None:
            used, since, _ = bound
            self._keep_bound(x, j, (used, since, t))

    def _keep_bound(self, x: Extra, j: int, bound: Bound) -> None:
        bounds = x.bounds or (None,) * len(self.pauses)
        x.bounds = (*bounds[:j], bound, *bounds[j + 1 :])

    def fold_pauses(self, inst: Instance) -> None:
        """What was used of the bounds on pauses is counted for good, before calendars are read anew."""
        x = inst.extra()
        clocks = self.clocks(inst)
        for j, (bound, clock) in enumerate(zip(x.bounds, clocks.bounds, strict=False)):
            if bound is not None and clock is not None:
                used, since, until = bound
                self._keep_bound(x, j, (used + clock.measure(since, until), until, until))
        x.spent, x.last_pause = self._spent(inst), None

    def write_pause_timers(self, inst: Instance) -> None:
        """Let the ends of a paused instance's pauses wait; what waited before no longer counts."""
        inst.generation += 1
        x = inst.extra()
        clocks = self.clocks(inst)
        for j, (bound, clock) in enumerate(zip(x.bounds, clocks.bounds, strict=False)):
            if bound is not None and clock is not None and x.held >> j & 1:
                used, since, _ = bound
                at = clock.due(since, ticks_of(self.pauses[j].at_most) - used)
                if at is not None:
                    self.machine.pause_ends.push(small(at), self.pause_kinds[j], inst)
        if clocks.cancel is not None:
            since, spent, ticks = inst.since, self._spent(inst), ticks_of(self.clause.cancel_after_paused)
            goes_on = x.last_pause is not None and x.last_pause[1] == since
            if x.last_pause is not None and goes_on:
                since, spent = x.last_pause[0], x.spent
            at = clocks.cancel.due(since, ticks - spent)
            if x.last_pause is not None and not goes_on and spent >= ticks:
                at = since  # it was opened again after its pauses had come to the bound
            if at is not None:
                self.machine.timers.push(at, CANCEL_AFTER, inst)

    def _count_pause(self, inst: Instance, t: int) -> None:
        x = inst.extra()
        x.paused_us += t - inst.since
        if self.clause.cancel_after_paused is None:
            return
        if x.last_pause is not None and x.last_pause[1] == inst.since:
            x.last_pause = x.last_pause[0], t
        else:
            x.spent, x.last_pause = self._spent(inst), (inst.since, t)

    def _spent(self, inst: Instance) -> int:
        """The ticks of all pauses that have ended, on the clock of `cancelled after`."""
        x = inst.extra()
        cancel = self.clocks(inst).cancel
        return x.spent + (cancel.measure(*x.last_pause) if cancel is not None and x.last_pause is not None else 0)

    def _end_pause(self, inst: Instance, t: int) -> None:
        self._count_pause(inst, t)
        x = inst.extra()
        for j in range(len(self.pauses)):
            if x.held >> j & 1:
                self._end_bound(x, j, t)
        inst.status, inst.since = OPEN, t

    def resume(self, inst: Instance, t: int, cause: CauseTuple | None, detail: str = "") -> None:
        """The pause ends: the clock runs on from t."""
        self._end_pause(inst, t)
        if inst.row >= 0:
            # where the pause began at the due itself, nothing is left
            self.set_due(inst, t, cause, nothing_left=True)
        self.tell(inst, "resumed", t, cause, detail)

    def pause_used(self, inst: Instance, j: int, at: int) -> None:
        """The bound of a pause is used up at this instant."""
        x = inst.extra()
        if not x.held >> j & 1:
            return
        self._end_bound(x, j, at)
        if x.held:
            self.write_pause_timers(inst)
        else:
            self.resume(inst, at, None, "the bound of the pause is used up")

    # --- outcomes ---------------------------------------------------------------------------------------------------

    def breach(self, inst: Instance, t: int, cause: CauseTuple | None) -> None:
        """The due has been reached without the action."""
        if inst.status == PAUSED:
            self._end_pause(inst, t)
        inst.status = BREACHED
        if self.machine.trace:
            self.tell(inst, "breached", t, cause)
        for k, alert in enumerate(self.alerts):
            if alert.share is None and alert.before is None and alert.after is None:
                self.fire_alert(inst, k, t)
        if self.clause.closes_at_due:
            self.close(inst, "breached", t, cause)
        else:
            if self.alerts or inst.x is not None:
                self.write_timers(inst, t)
            self.machine.report(inst)
            self.machine.follow(inst.cs, self.group, "breach", t, cause)

    def undetermined(self, inst: Instance, t: int, cause: CauseTuple | None, fault: Fault) -> None:
        """A run-time error in a condition that this instance needed."""
        inst.extra().add_note(fault.reason)
        self.close(inst, "undetermined", t, cause)

    def close(self, inst: Instance, word: str, t: int, cause: CauseTuple | None) -> None:
        """The instance ends with its final status."""
        raise NotImplementedError

    def tell(self, inst: Instance, kind: str, t: int, cause: CauseTuple | None, detail: str = "") -> None:
        """Write a step of the instance's story, where a trace is kept."""
        if self.machine.trace:
            x = inst.extra()
            if x.steps is None:
                x.steps = []
            x.steps.append(Step(kind, t, inst.due, inst.row, Cause(*cause) if cause is not None else None, detail))
