"""What an event does to the instances of one clause.

Takes:  the case, the event, and the truth of the plan's conditions after it.
Gives:  `ClauseMachine`: stop > cancel > excuse > row > pause on what is open, then starts, then the same for what started (timers.md, section 4).
Never:  reads an attribute itself, or looks at another label but through what the machine tells of breaches and fulfilments.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sladsl.evaluate.stream.instance import (
    BREACHED,
    CLOSED,
    OPEN,
    PAUSED,
    Act,
    CaseState,
    CauseTuple,
    Fresh,
    Instance,
    Label,
    small,
)
from sladsl.evaluate.stream.running import Running, ticks_of
from sladsl.evaluate.stream.timers import DUE
from sladsl.evaluate.stream.values import Fault
from sladsl.ir.expression import Trigger
from sladsl.ir.plan import Clause, Form, HowOften

if TYPE_CHECKING:
    from sladsl.evaluate.stream.machine import Machine


def _never(cs: CaseState) -> bool:
    return False


class ClauseMachine(Running):
    """One clause at one level."""

    def __init__(self, machine: "Machine", clause: Clause) -> None:
        super().__init__(machine, clause)
        plan = machine.plan
        self.act = clause.act
        self.remembers = clause.act is not None and clause.act.kind != "ends"
        self.counts = clause.needed > 1 or clause.distinct_needed > 0
        self.distinct_slot = machine.slots[clause.distinct] if clause.distinct else -1
        self.inverse = clause.inverse
        self.how = clause.how
        self.first = clause.how is HowOften.FIRST
        self.each = clause.how is HowOften.EACH
        self.latest = clause.how is HowOften.LATEST
        self.free = clause.how is HowOften.FREE
        self.chains = clause.form is Form.EVERY
        self.one_for_one = clause.one_for_one
        self.cancels = tuple(machine.observer.value_of(c) for c in clause.cancels)
        self.excuses = tuple(machine.observer.value_of(c) for c in clause.excuses)
        self.settles = bool(clause.cancels or clause.excuses or clause.pauses)
        self.reads = bool(self.settles or self.row_count > 1 or any(s >= 0 for s in self.attribute_slots))
        self.starts = clause.starts
        self.start_tests = tuple((trigger, self._start_test(trigger)) for trigger in clause.starts)
        self.act_test = machine.observer.test_of(clause.act) if clause.act is not None else _never
        self.end_test = machine.observer.test_of(clause.end) if clause.end is not None else None
        checks = tuple(c for c in (clause.guard, clause.when, clause.subject) if c is not None)
        self.checks = tuple(machine.observer.value_of(c) for c in checks)
        self.from_us, self.until_us = plan.effective
        deciding = {name for c in checks[:2] for name in plan.conditions[c].reads}
        self.deciding = tuple(sorted(machine.slots[name] for name in deciding))
        self.keeps_last = clause.reopen != "new"  # or that of another level of the label
        self.by_act = False  # the start at hand is an action of `every`, which does not fulfil the cycle that it starts
        # An action that came before the state of an `every` began, and has met the cycle that began then: the next begins.
        self.early: Act | None = None
        # The actions (positions) that brought about the start at hand: they fulfil nothing that starts from it.
        self.brought_by: frozenset[int] = frozenset()
        self.mates: tuple[ClauseMachine, ...] = ()  # the other levels of the label
        self.followed = False  # some clause starts from its breach or fulfilment
        # In a case's marks: it has had its `of first`, and its label an instance undetermined by its start.
        self.first_mark = 1 << 2 * clause.index
        self.fault_mark = 2 << 2 * clause.group
        self.firsts = 0  # the marks of the clauses of the label that start `of first`
        self.acts_us = -1  # the instant of `acts`
        self.acts: dict[str, list[Act]] = {}  # the actions of that instant by case, in order; read by `acts_of`,
        self.unread: list[Any] = []  # for most that nothing waited for are never asked about: these are their events
        self.edges = machine.observer.edges
        # Nothing meets an instance at its start but its due, unless an action is of the very instant.
        self.plain = self.simple and not (self.settles or self.inverse or machine.trace)
        self.starts_at_edges = all(trigger.kind in ("begins", "ends") for trigger in clause.starts)

    # --- an event ---------------------------------------------------------------------------------------------------

    def step(self, cs: CaseState, ev: Any, t: int) -> None:
        """Act on what is open, then start, after an event of the case at t."""
        acted = self.act_test(cs)
        gs = cs if cs.group == self.group else cs.find(self.group)
        if gs is None or gs.open is None:
            if acted is True and self.remembers:
                if self.acts_us != t:
                    self.forget_acts(t)
                self.unread.append(ev)
            if self.starts_at_edges and not self.edges:
                return
            cause = self.machine.cause_of(ev.input, ev.row, ev.type)
        else:
            cause = self.machine.cause_of(ev.input, ev.row, ev.type)
            act = self.remember(cs, ev, t, cause) if acted is True and self.remembers else None
            for inst in gs.all_open():
                if inst.m is self:
                    self.on_event(inst, t, cause, acted, act)
            if self.starts_at_edges and not self.edges:
                return
        self.starts_at(cs, t, cause, acted)

    def looks(self, cs: CaseState, ev: Any, t: int, cause: CauseTuple) -> tuple[Any, Act | None]:
        """Whether the action happened at an event (False, True or a Fault), and the action, where it is remembered."""
        acted = self.act_test(cs)
        return acted, self.remember(cs, ev, t, cause) if acted is True and self.remembers else None

    def forget_acts(self, t: int) -> None:
        """Time has moved to t: the actions of an earlier instant are of no use."""
        self.acts_us = t
        self.unread = []
        if self.acts:
            self.acts = {}

    def remember(self, cs: CaseState, ev: Any, t: int, cause: CauseTuple) -> Act:
        """Keep an action until its instant is over, for what starts in it."""
        if self.acts_us != t:
            self.forget_acts(t)
        acts = self.acts_of()
        act = Act(cause, ev.position, ev.attributes.get(self.clause.distinct) if self.distinct_slot >= 0 else None)
        acts.setdefault(cs.case, []).append(act)
        return act

    def acts_of(self) -> dict[str, list[Act]]:
        """The actions of the instant `acts_us` by case, in order."""
        unread, self.unread = self.unread, []
        for ev in unread:
            cause = self.machine.cause_of(ev.input, ev.row, ev.type)
            value = ev.attributes.get(self.clause.distinct) if self.distinct_slot >= 0 else None
            self.acts.setdefault(ev.case, []).append(Act(cause, ev.position, value))
        return self.acts

    def starts_at(self, cs: CaseState, t: int, cause: CauseTuple, acted: Any) -> None:
        """The second half of a step."""
        self.machine.present = cause
        for trigger, test in self.start_tests:
            begun = test(cs)
            if begun is not False:
                self.by_act = self.chains and trigger.kind == "happens"
                if self.by_act and begun is True and self.acts_us == t and cs.case in self.acts_of():
                    self.acts_of()[cs.case][-1].opened = True
                if begun.__class__ is list:
                    for self.brought_by, behind in begun:
                        self.start(cs, t, behind, acted)
                else:
                    self.brought_by = self._acts_so_far(cs, t) if self.by_act else frozenset()
                    self.start(cs, t, cause, acted, begun if begun.__class__ is Fault else None)
                    while self.early is not None:
                        self.brought_by = self._acts_so_far(cs, t, self.early)
                        self.early = None
                        self.start(cs, t, cause, False)

    def _start_test(self, trigger: Trigger) -> Callable[[CaseState], Any]:
        """The function that says whether a start happens at this event: False, True, a Fault, or for a clause that follows
        another what brought about each."""
        machine = self.machine
        if trigger.kind == "first event":
            return lambda cs: cs is machine.observer.newcomer
        if trigger.kind in ("breach", "fulfilment"):
            key = (trigger.kind, trigger.condition)
            return lambda cs: machine.followed.get(key, False)
        test = machine.observer.test_of(trigger)
        state = self.clause.start_while
        if trigger.kind != "happens" or state is None:
            return test

        def while_it_holds(cs: CaseState) -> Any:
            value = test(cs)
            return machine.get(cs, state) if value is True else value

        return while_it_holds

    def on_event(self, inst: Instance, t: int, cause: CauseTuple, acted: Any, act: Act | None) -> None:
        """One open, paused or breached instance meets an event: stop > cancel > excuse > row > pause > resume."""
        if acted is not False:
            if acted.__class__ is Fault:
                if inst.status != BREACHED:
                    self.undetermined(inst, t, cause, acted)
                    return
            elif not (self.one_for_one and act is not None and act.used) and self.strike(inst, t, cause, act):
                return
        if self.inverse and self.ended(inst, t, cause):
            return
        if self.settles and (seen := self.machine.fresh.get(inst)) is not None:
            self.note_fresh(inst, seen, cause)
            if inst.status != BREACHED and self.row_count and self.reads:
                self.change_row(inst, t, cause)
            return
        if not self.reads:
            return
        if self.cancels:
            cancelled = self.any(inst.cs, self.cancels)
            if cancelled is not False and self.cancel(inst, t, cause, cancelled):
                return
        if self.excuses:
            excused = self.any(inst.cs, self.excuses)
            if excused is not False and self.excuse(inst, t, cause, excused):
                return
        if inst.status == BREACHED:
            return
        if self.row_count and not self.change_row(inst, t, cause):
            return
        if self.pauses and inst.status != BREACHED:
            self.look_at_pauses(inst, t, cause)

    def any(self, cs: CaseState, conditions: tuple[Callable[[CaseState], Any], ...]) -> Any:
        """The first of the conditions that is true or a fault, else False."""
        for condition in conditions:
            held = condition(cs)
            if held is not False:
                return held
        return False

    def strike(self, inst: Instance, t: int, cause: CauseTuple, act: Act | None) -> bool:
        """The action happens to an instance: it is fulfilled, or broken if it forbids it; False where more are needed."""
        if self.counts:
            x = inst.extra()
            x.acts_seen += 1
            if self.distinct_slot >= 0:
                if x.distinct is None:
                    x.distinct = set()
                if act is not None and act.value is not None:
                    x.distinct.add(str(act.value))
            enough = x.acts_seen >= self.clause.needed
            if not enough or (x.distinct is not None and len(x.distinct) < self.clause.distinct_needed):
                if self.one_for_one:
                    self._use(act, inst)
                self.tell(inst, "counted", t, cause)
                return False
        self._use(act, inst)
        before = inst.x.brought if inst.x is not None else frozenset()
        self.machine.bringing = before | {self.machine.position if act is None else act.position}
        if self.inverse:
            if inst.status == PAUSED:
                self._end_pause(inst, t)
            self.tell(inst, "breached", t, cause)
            for k, alert in enumerate(self.alerts):
                if alert.share is None and alert.before is None and alert.after is None:
                    self.fire_alert(inst, k, t)
            self.close(inst, "breached", t, cause)
        else:
            self.close(inst, "late" if inst.status == BREACHED else "met", t, cause)
        self.machine.bringing = frozenset()
        return True

    def _use(self, act: Act | None, inst: Instance) -> None:
        """An action is for this instance, and so are its twins."""
        if act is not None:
            act.used = True
            if self.mates:
                for twin in self._twins(act, inst.cs.case):
                    twin.used = True

    def _twins(self, act: Act, case: str) -> list[Act]:
        """The same action as the other levels of the label remember it: they are one clause, and it fulfils one of them."""
        same = (other for mate in self.mates if mate.acts_us == self.acts_us for other in mate.acts_of().get(case, ()))
        return [other for other in same if other.position == act.position]

    def ended(self, inst: Instance, t: int, cause: CauseTuple) -> bool:
        """Whether what ends an inverse clause has happened: it is met then."""
        machine = self.machine
        if self.end_test is not None:
            happened = self.end_test(inst.cs)
            if happened.__class__ is Fault:
                self.undetermined(inst, t, cause, happened)
                return True
            if happened is True:
                seen = 1
                if self.clause.end_needed > 1:
                    x = inst.extra()
                    x.ends_seen += 1
                    seen = x.ends_seen
                if seen >= self.clause.end_needed:
                    self.close(inst, "met", t, cause)
                    return True
                self.tell(inst, "counted", t, cause)
        if machine.case_ends:
            self.close(inst, "met", t, cause)
            return True
        return False

    def cancel(self, inst: Instance, t: int, cause: CauseTuple | None, held: Any) -> bool:
        """A cancellation holds, or its condition is a fault, which a breach does not mind; False where nothing closed."""
        if held is True:
            self.close(inst, "breached" if inst.status == BREACHED else "cancelled", t, cause)
        elif inst.status == BREACHED:
            return False
        else:
            self.undetermined(inst, t, cause, held)
        return True

    def excuse(self, inst: Instance, t: int, cause: CauseTuple | None, held: Any) -> bool:
        """An excuse holds, or its condition is a fault, which a breach does not mind; False where nothing closed."""
        if held is True:
            if inst.status == BREACHED:
                inst.extra().add_note("revised")
            self.close(inst, "excused", t, cause)
        elif inst.status == BREACHED:
            return False
        else:
            self.undetermined(inst, t, cause, held)
        return True

    # --- starts -----------------------------------------------------------------------------------------------------

    def start(self, cs: CaseState, t: int, cause: CauseTuple | None, acted: Any, fault: Fault | None = None) -> None:
        """A start has happened at t: open an instance, move or reopen one, or do nothing."""
        gs = cs if cs.group == self.group else cs.label(self.group)
        if self.first:
            if cs.marks & self.first_mark:
                return
            if fault is None:
                cs.marks |= self.first_mark
        if self.inverse and cs.more is not None and cs.more.ended:
            return
        if (self.from_us is not None and t < self.from_us) or (self.until_us is not None and t >= self.until_us):
            return
        if self.free and gs.open is not None:
            return
        for check in self.checks:
            held = check(cs)
            if held is False:
                return
            if held is not True:
                fault = held
                break
        if self.deciding:
            self.machine.watch(cs, self.deciding, self.group)
        last = cs.last(self.group) if self.keeps_last else None
        if last is not None and self.latest and any(inst.status in (OPEN, PAUSED) for inst in gs.all_open()):
            last = None  # there is one to move
        if last is not None and self.clause.reopen == "ignore":
            return
        if fault is not None:
            self.undetermined_by_start(cs, gs, t, cause, fault)
            return
        if self.first:
            cs.marks |= self.firsts  # once a case, whichever level it starts at
        if last is not None and self.reopens(last, t):
            last.m.reopen(last, gs, t, cause)
            return
        if self.latest and self.move(gs, t, cause, acted):
            return
        gs.count += 1
        if self.keeps_last:
            cs.keep_last(self.group, None)
        machine = self.machine
        if machine.opening_us != t:
            machine.opening_us = small(t)
        inst = Instance(self, cs, gs.count, machine.opening_us, cause)
        gs.add(inst)
        machine.opened += 1
        if self.plain and acted is False and self.acts_us != t and not self.brought_by:
            due = self.only_clock.due(t, self.only_ticks)
            if due is not None:
                inst.row, inst.due = 0, small(due)
                machine.timers.push(due, DUE, inst)
                return
        self.begin(inst, t, cause, acted, "opened")

    def begin(self, inst: Instance, t: int, cause: CauseTuple | None, acted: Any, word: str) -> None:
        """Everything that an instance meets at the instant of its start."""
        machine = self.machine
        cs = inst.cs
        if self.brought_by or inst.x is not None:
            inst.extra().brought = self.brought_by
        if self.zoned:
            self.clocks_at_start(inst, cs)
        due_passed = False
        if self.row_count:
            if self.simple:
                inst.row = 0
                inst.due = self.only_clock.due(t, self.only_ticks)
                if inst.due is None:
                    self.set_due(inst, t, cause)
                    return
            else:
                row = self.pick(cs)
                if row.__class__ is Fault:
                    self.undetermined(inst, t, cause, row)
                    return
                inst.row = row  # type: ignore[assignment]
                try:
                    inst.due = self.due_in(inst, inst.row, t)
                except Fault as wrong:
                    self.undetermined(inst, t, cause, wrong)
                    return
                if inst.due is None and not self.rows[inst.row].target.attribute:
                    self.set_due(inst, t, cause)
                    return
                due_passed = inst.due is not None and inst.due < t
        if machine.trace:
            self.tell(inst, word, t, cause)
        if acted.__class__ is Fault and machine.position not in self.brought_by:
            self.undetermined(inst, t, cause, acted)
            return
        if due_passed:
            self.pass_due(inst, t, cause, born=True)
            if inst.status == CLOSED:
                return
        if self.acts_us == t and not self.by_act and cs.case in self.acts_of():
            struck = self._struck_at_start(inst, t)
            if struck is not None:
                if self.chains and not struck.opened and struck.position != machine.position:
                    self.early = struck
                return
        if self.inverse and cause is not None and self.ended(inst, t, cause):
            return
        if inst.status != BREACHED and (self.row_count or self.alerts):
            if self.simple and inst.x is None:
                machine.timers.push(inst.due or 0, DUE, inst)
            else:
                self.write_timers(inst, t)
        self.wait(inst, t, cause)

    def wait(self, inst: Instance, t: int, cause: CauseTuple | None) -> None:
        """What could cancel, excuse or pause it waits until all events of the instant are known; where time alone started it, they are."""
        if not self.settles:
            return
        machine = self.machine
        seen = Fresh()
        if cause is None or machine.timing:
            self.note_fresh(inst, seen, cause)
            self.settle(inst, seen, t)
        else:
            machine.fresh[inst] = seen
            seen.begun = machine.present
            self.note_fresh(inst, seen, machine.present)

    def _acts_so_far(self, cs: CaseState, t: int, last: Act | None = None) -> frozenset[int]:
        """The actions of this instant (up to one), where clauses follow: they have brought about the next cycle of an `every`."""
        if not self.followed or self.acts_us != t:
            return frozenset()
        acts = self.acts_of().get(cs.case, ())
        return frozenset(act.position for act in acts if last is None or act.position <= last.position)

    def _struck_at_start(self, inst: Instance, t: int) -> Act | None:
        """The action of this very instant, whichever came first in the input, that ends an instance that has just started."""
        every_one = self.each and not self.one_for_one
        for act in self.acts_of()[inst.cs.case]:
            if (
                act.position not in self.brought_by
                and (every_one or not act.used)
                and self.strike(inst, t, act.cause, act)
            ):
                return act
        return None

    def note_fresh(self, inst: Instance, seen: Fresh, cause: CauseTuple | None) -> None:
        """Remember, for one that started at this instant, what would close it once all events of the instant are seen."""
        seen.cause = cause
        if not seen.cancel and self.cancels:
            seen.cancel, seen.cancel_cause = self.any(inst.cs, self.cancels), cause
        if not seen.excuse and self.excuses:
            seen.excuse, seen.excuse_cause = self.any(inst.cs, self.excuses), cause

    def settle(self, inst: Instance, seen: Fresh, t: int) -> None:
        """All events of the instant at which it started are known: cancel > excuse > pause."""
        if inst.status == CLOSED:
            return
        if seen.cancel and self.cancel(inst, t, seen.cancel_cause, seen.cancel):
            return
        if seen.excuse and self.excuse(inst, t, seen.excuse_cause, seen.excuse):
            return
        if self.pauses and inst.status != BREACHED:
            self.look_at_pauses(inst, t, seen.cause, seen.begun)

    def undetermined_by_start(self, cs: CaseState, gs: Label, t: int, cause: CauseTuple | None, fault: Fault) -> None:
        """A start condition cannot be decided: one instance opens and closes, once a case."""
        if cs.marks & self.fault_mark:
            return
        cs.marks |= self.fault_mark
        gs.count += 1
        inst = Instance(self, cs, gs.count, t, cause)
        if self.zoned:
            self.clocks_at_start(inst, cs)
        self.machine.opened += 1
        gs.add(inst)
        if self.machine.trace:
            self.tell(inst, "opened", t, cause)
        self.undetermined(inst, t, cause, fault)

    # --- reopening, moving, closing -----------------------------------------------------------------------------------

    def reopens(self, last: Instance, t: int) -> bool:
        """Whether a start at t continues the last instance."""
        if self.clause.reopen != "resume":
            return False
        within = self.clause.reopen_within
        closed = last.x.closed if last.x is not None else None
        clocks = self.clocks(last) if last.m is self else self.clocks_now(last.cs)
        clock = clocks.reopen
        if within is None or clock is None or closed is None:
            return True
        until = clock.due(closed, ticks_of(within))
        return until is None or t <= until

    def reopen(self, inst: Instance, gs: Label, t: int, cause: CauseTuple | None) -> None:
        """A met or late instance is open again under its number; the time since its close is not counted."""
        gs.add(inst)
        inst.cs.keep_last(self.group, None)
        x = inst.extra()
        was, x.word, x.closed = x.word, "", None
        x.since = t
        self.machine.revise(inst)
        x.acts_seen = x.ends_seen = 0
        x.distinct = None
        x.add_note("revised")
        inst.status = OPEN
        self.tell(inst, "reopened", t, cause)
        if was == "late":
            self.breach(inst, t, cause)
        elif self.row_count:
            if not self.set_due(inst, t, cause, nothing_left=True):
                return
            if inst.status != BREACHED and not self.change_row(inst, t, cause):
                return
        if self.inverse and cause is not None and inst.status != CLOSED and self.ended(inst, t, cause):
            return
        if inst.status != CLOSED:
            self.wait(inst, t, cause)

    def move(self, gs: Label, t: int, cause: CauseTuple | None, acted: Any) -> bool:
        """`of latest`: an open or paused instance begins anew at t under its number, at this level."""
        movable = [inst for inst in gs.all_open() if inst.status in (OPEN, PAUSED)]
        if not movable:
            return False
        inst = movable[-1]
        if inst.status == PAUSED:
            inst.m._end_pause(inst, t)
        x = inst.x
        if x is not None:
            inst.m.fold_pauses(inst)
            x.since = None
            x.stretches = ()
            x.acts_seen = x.ends_seen = 0
            x.distinct = None
            if inst.m is not self:  # nothing of another level is inherited
                x.bounds, x.spent, x.last_pause, x.paused_us, x.fired = (), 0, None, 0, 0
                x.zones, x.clocks = (), None
        fresh = self.machine.fresh
        if inst in fresh:
            fresh[inst] = Fresh()
        inst.m = self
        inst.opened = t
        inst.by = cause
        inst.row, inst.due = -1, None
        inst.generation += 1
        self.begin(inst, t, cause, acted, "restarted")
        return True

    def close(self, inst: Instance, word: str, t: int, cause: CauseTuple | None) -> None:
        """The instance ends: write its verdict, free its label, tell the clauses that follow it."""
        x = inst.x
        was = inst.status
        elapsed = t - inst.opened if x is None and self.row_count == 0 else self.elapsed_at(inst, t)
        if was == PAUSED:
            self._end_pause(inst, t)
        gs = inst.cs if inst.cs.group == self.group else inst.cs.label(self.group)
        if gs.open is inst:
            gs.open = None
        else:
            gs.remove(inst)
        if self.keeps_last:
            x = inst.extra()
            x.closed, x.word = t, word
            if inst.number == gs.count:
                inst.cs.keep_last(self.group, inst if word in ("met", "late") else None)
        if x is not None and was != PAUSED:
            x.ran(inst.since, t)
        inst.status = CLOSED
        inst.generation += 1
        machine = self.machine
        if machine.trace:
            self.tell(inst, "closed", t, cause, word)
        machine.finish(inst, word, elapsed, t, cause)
        if not self.followed:
            return
        if word in ("met", "late"):
            machine.follow(inst.cs, self.group, "fulfilment", t, cause)
        elif word == "breached" and self.inverse:  # others have told their breach when it came
            machine.follow(inst.cs, self.group, "breach", t, cause)
