"""The stream evaluator: events one by one, one small state a case, timers on a heap.

Takes:  a plan, and events in order of (time, position).
Gives:  `Machine`: verdicts and alerts, each at the first moment at which it is certain.
Never:  reads the machine's clock, sorts events (see `monitor`), or keeps a closed instance longer than its clause asks for.
"""

from collections import deque
from collections.abc import Iterable

from sladsl.evaluate.stream.clause import ClauseMachine
from sladsl.evaluate.stream.instance import (
    BREACHED,
    OPEN,
    PAUSED,
    CaseState,
    CauseTuple,
    Fresh,
    Instance,
    join,
)
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.timers import ALERT, CANCEL_AFTER, DUE, PAUSE_USED, Timers
from sladsl.evaluate.verdict import Alert, Cause, Step, Verdict
from sladsl.events import Event
from sladsl.ir.calendars import told_by
from sladsl.ir.expression import Trigger
from sladsl.ir.needed import clause_conditions
from sladsl.ir.plan import Plan

_START = -(1 << 62)  # before every instant
_FEW_CAUSES = 1000


class Machine:
    """All clauses of a plan over all cases.

    Args:
        plan: what to judge.
        actors: whether the log names actors at all; without any, a party is not checked.
        trace: keep each instance's story in its verdict.
        revisions: keep verdicts in `news` as they become certain (a monitor), instead of all final ones in `closed`.
    """

    def __init__(self, plan: Plan, *, actors: bool = True, trace: bool = False, revisions: bool = False) -> None:
        self.plan = plan
        self.trace = trace
        self.now = _START
        self.timers = Timers()
        self.pause_ends = Timers()  # the instants at which a bound on pauses is used up
        self.fresh: dict[Instance, Fresh] = {}  # started at `now`; settled once all events of the instant are known
        self.opening_us = _START  # the instant at which something opened last, as instances keep it
        self.alerts: list[Alert] = []
        self.closed: list[Verdict | None] = []
        self.news: list[Verdict | Alert] | None = [] if revisions else None
        self.opened = 0
        self.touched: set[CaseState] | None = None  # cases whose state may have changed, where somebody keeps count
        self.timing = False  # a timer is being fired: no event stands behind what happens
        self.hot = 0  # the clauses, by their place in the order, that still have to look at the present event
        self.case_ends = False  # the present event ends its case
        # What breaches and fulfilments of labels the present event has brought, each with the position of its action.
        self.followed: dict[tuple[str, int], list[tuple[frozenset[int], CauseTuple | None]]] = {}
        # And those of the timer that is being fired: the case, the clauses that follow, the instant, the actions behind it.
        self._following: deque[tuple[CaseState, int, int, frozenset[int]]] = deque()
        self.position = -1  # of the present event
        self.present: CauseTuple | None = None  # that event as a cause
        self.bringing: frozenset[int] = (
            frozenset()
        )  # the actions (positions) that bring about what becomes of an instance now
        self._place: dict[tuple[int, str, int], int] = {}
        self._fed: dict[tuple[int, str], tuple[CauseTuple, Cause]] = {}  # what events without a row have caused
        masks, rises, falls, first = self._masks(plan)
        carried: dict[str, int] = {}  # who looks where an attribute changes: those that are due by it
        for bit, index in enumerate(plan.order):
            for name in {row.target.attribute for row in plan.clauses[index].rows} - {""}:
                carried[name] = carried.get(name, 0) | 1 << bit
        extra = [c.distinct for c in plan.clauses]
        extra += [row.target.attribute for c in plan.clauses for row in c.rows]
        extra += [name for index in range(len(plan.calendars)) for name in told_by(plan.calendars, index)]
        self.observer = Observer(
            plan, clause_conditions(plan), masks, extra, actors=actors, rises=rises, falls=falls, carried=carried
        )
        self.slots = self.observer.slots
        self.observer.first_hot = first
        self.get = self.observer.get
        self.happened = self.observer.happened
        self._until = self.observer.test_of(plan.case_until) if plan.case_until is not None else None
        self.watch = self.observer.watch
        self.zone_for = self.observer.zone_for
        self.instant = self.observer.instant
        self.machines = [ClauseMachine(self, plan.clauses[i]) for i in plan.order]
        self.of_clause = {machine.index: machine for machine in self.machines}
        of_group: dict[int, list[ClauseMachine]] = {}
        for one in self.machines:
            of_group.setdefault(one.group, []).append(one)
        for bit, one in enumerate(self.machines):
            one.bit = 1 << bit
            one.mates = tuple(other for other in of_group[one.group] if other is not one)
            one.keeps_last = any(mate.clause.reopen != "new" for mate in (one, *one.mates))
            one.firsts = sum(mate.first_mark for mate in (one, *one.mates) if mate.first)
        self._followers = self._find_followers()
        for one in self.machines:
            one.followed = any(group == one.group for _, group in self._followers)
        self._together = self._find_together()
        # Most events concern one clause, and it can be asked at once; not where the case's end may be in the event.
        self._alone = {
            machine.bit: machine.step
            for machine, mates in zip(self.machines, self._together, strict=True)
            if self._until is None and not mates
        }

    @staticmethod
    def _masks(plan: Plan) -> tuple[dict[int, int], dict[int, int], dict[int, int], int]:
        """For each condition the clauses (by their place in the order) that must look when it changes or happens, when it
        begins, and when it ends; and those that look at a case's first event."""
        masks: dict[int, int] = {}
        rises: dict[int, int] = {}
        falls: dict[int, int] = {}
        kinds = {"happens": masks, "begins": rises, "ends": falls}
        first = 0
        for bit, index in enumerate(plan.order):
            clause = plan.clauses[index]
            one = 1 << bit
            triggers: list[Trigger | None] = [clause.act, clause.end, *clause.starts]
            if clause.inverse:
                triggers.append(plan.case_until)
            looked = [(t.condition, kinds[t.kind]) for t in triggers if t is not None and t.kind in kinds]
            levels = [*clause.cancels, *clause.excuses, *(pause.condition for pause in clause.pauses)]
            levels += [row.when for row in clause.rows if row.when is not None]
            looked += [(condition, masks) for condition in levels]
            for condition, where in looked:
                where[condition] = where.get(condition, 0) | one
            if any(t.kind == "first event" for t in clause.starts):
                first |= one
        return masks, rises, falls, first

    def _find_together(self) -> list[int]:
        """For each clause (by its place in the order) of a label with several levels the places of all of them, else 0."""
        of_group: dict[int, int] = {}
        for bit, machine in enumerate(self.machines):
            of_group[machine.group] = of_group.get(machine.group, 0) | 1 << bit
        masks = [of_group[machine.group] for machine in self.machines]
        return [0 if mask == 1 << bit else mask for bit, mask in enumerate(masks)]

    def _find_followers(self) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        for bit, machine in enumerate(self.machines):
            for trigger in machine.starts:
                if trigger.kind in ("breach", "fulfilment"):
                    key = (trigger.kind, trigger.condition)
                    found[key] = found.get(key, 0) | 1 << bit
        return found

    # --- time and events --------------------------------------------------------------------------------------------

    def feed(self, events: Iterable[Event]) -> None:
        """Judge events, which come in order of (time, position); everything before each of them is known."""
        observer = self.observer
        cases, meet, new, note = observer.cases, observer.meet, observer.new, observer.note
        elsewhere = observer.absent is not None
        happened, edges, act, blank = observer.touched, observer.edges, observer.act, observer.blank
        alone = self._alone
        timers, pause_ends = self.timers, self.pause_ends
        touched = self.touched
        now = self.now
        for ev in events:
            t = ev.time_us
            if t > now:
                if self.fresh:
                    self.settle()
                if timers.next_us < t or pause_ends.next_us <= t:
                    self.fire(t - 1, t)
                self.now = now = t
            case = ev.case
            cs = cases.get(case)
            if cs is None:
                if elsewhere:
                    cs = meet(case)
                else:
                    cs = observer.newcomer = cases[case] = new(case)
            if touched is not None:
                touched.add(cs)
            hot = note(cs, ev)
            if cs.more is not None:
                hot |= cs.more.look
                cs.more.look = 0
            if hot:
                step = alone.get(hot)
                if step is None:
                    self._judge(cs, ev, t, hot)
                else:
                    self.position = ev.position
                    step(cs, ev, t)
                    if self.followed:
                        self._judge(cs, ev, t, 0)
            observer.newcomer = None
            if happened:
                for action in happened:
                    act[action] = blank[action]
                happened.clear()
            if edges:
                edges.clear()

    def _judge(self, cs: CaseState, ev: Event, t: int, hot: int) -> None:
        """Every clause that must look at an event does, in their order, with those that join them meanwhile."""
        until = self._until
        if until is not None:
            self.case_ends = until(cs) is True
        self.position = ev.position
        machines = self.machines
        together = self._together
        self.hot |= hot
        while self.hot:
            low = self.hot & -self.hot
            self.hot ^= low
            bit = low.bit_length() - 1
            mates = together[bit]
            if mates:
                self._step_label(mates & (self.hot | low), cs, ev, t)
            else:
                machines[bit].step(cs, ev, t)
        if self.case_ends:
            cs.extra().ended = True
            self.case_ends = False
        if self.followed:
            self.followed.clear()

    def _step_label(self, mask: int, cs: CaseState, ev: Event, t: int) -> None:
        """The clauses of one label at several levels are one: all act on what is open before any starts."""
        self.hot &= ~mask
        members = []
        while mask:
            low = mask & -mask
            mask ^= low
            members.append(self.machines[low.bit_length() - 1])
        cause = self.cause_of(ev.input, ev.row, ev.type)
        looked = {machine: machine.looks(cs, ev, t, cause) for machine in members}
        gs = cs.find(members[0].group)
        for inst in () if gs is None else gs.all_open():  # the oldest first, whichever its level
            if inst.m in looked:
                inst.m.on_event(inst, t, cause, *looked[inst.m])
        for machine in members:
            machine.starts_at(cs, t, cause, looked[machine][0])

    def advance(self, t: int) -> None:
        """Everything up to and including t is known: fire what is due by then."""
        if t < self.now:
            return
        if self.fresh:
            self.settle()
        self.fire(t, t)
        self.now = t

    def before(self, t: int) -> None:
        """Everything before t is known, as if an event that changes nothing came at t."""
        if t > self.now:
            if self.fresh:
                self.settle()
            self.fire(t - 1, t)
            self.now = t

    def settle(self) -> None:
        """All events of the present instant are known: cancel, excuse or pause what started in it."""
        todo, self.fresh = self.fresh, {}
        for inst, seen in todo.items():
            inst.m.settle(inst, seen, self.now)
            if self.touched is not None:
                self.touched.add(inst.cs)

    def fire(self, limit: int, pause_limit: int) -> None:
        """Fire every timer up to and including the limit, in order of (instant, clause, case, number).

        Bounds on pauses that are used up at an instant end the pause before anything else of that instant, so that they
        have a limit of their own: the instant whose events come next.
        """
        timers, pause_ends = self.timers, self.pause_ends
        self.timing = True
        while True:
            entry = None
            if pause_ends.next_us <= pause_limit:
                used, other = pause_ends.first(), timers.first()
                if used is not None and (other is None or used[0] <= other[0]):
                    entry = pause_ends.take(pause_limit)
            if entry is None:
                entry = timers.take(limit)
                if entry is None:
                    break
            at, _, _, _, kind, _, inst = entry
            self.now = max(self.now, at)
            if self.touched is not None:
                self.touched.add(inst.cs)
            machine = inst.m
            if kind == CANCEL_AFTER:
                machine.close(inst, "cancelled", at, None)
            elif kind < DUE:
                machine.fire_alert(inst, kind - ALERT, at)
            elif kind == DUE:
                if machine.clause.met_at_due:
                    machine.close(inst, "met", at, None)
                else:
                    machine.breach(inst, at, None)
            else:
                machine.pause_used(inst, kind - PAUSE_USED, at)
            if self._following:
                self._start_following()
        self.timing = False

    def next_due(self) -> int | None:
        """The instant of the next timer that still counts; None where nothing is waited for."""
        found = (self.timers.first(), self.pause_ends.first())
        return min((entry[0] for entry in found if entry is not None), default=None)

    def forget_stale(self) -> None:
        """Let go of timers that no longer count, and of what they hold in memory."""
        self.timers.forget_stale()
        self.pause_ends.forget_stale()

    # --- what clauses tell ------------------------------------------------------------------------------------------

    def follow(self, cs: CaseState, group: int, kind: str, t: int, cause: CauseTuple | None) -> None:
        """A breach or fulfilment has happened: the clauses that follow it start at that instant."""
        mask = self._followers.get((kind, group), 0)
        if not mask:
            return
        if self.timing:
            self._following.append((cs, mask, t, self.bringing))
            return
        self.followed.setdefault((kind, group), []).append((self.bringing, cause))
        self.hot |= mask

    def _start_following(self) -> None:
        """What a timer has brought starts the clauses that follow it, and what that brings starts others in its turn."""
        while self._following:
            cs, mask, t, brought_by = self._following.popleft()
            while mask:
                low = mask & -mask
                mask ^= low
                machine = self.machines[low.bit_length() - 1]
                machine.brought_by = brought_by
                machine.start(cs, t, None, False)

    def alert(self, alert: Alert) -> None:
        """A warning or escalation fired."""
        self.alerts.append(alert)
        if self.news is not None:
            self.news.append(alert)

    def finish(self, inst: Instance, word: str, elapsed: int, closed: int, cause: CauseTuple | None) -> None:
        """An instance has closed."""
        verdict = self.verdict(inst, word, elapsed, closed, cause)
        if self.news is not None:
            self.news.append(verdict)
            return
        if inst.m.keeps_last:
            self._place[verdict.key()] = len(self.closed)
        self.closed.append(verdict)

    def report(self, inst: Instance) -> None:
        """An instance was breached and stays to be answered."""
        if self.news is not None:
            self.news.append(self.verdict(inst, "breached", inst.m.elapsed_at(inst, self.now)))

    def revise(self, inst: Instance) -> None:
        """A closed verdict no longer stands: the instance is open again."""
        place = self._place.pop((inst.m.group, inst.cs.case, inst.number), None)
        if place is not None:
            self.closed[place] = None

    def verdict(
        self, inst: Instance, status: str, elapsed: int, closed: int | None = None, closed_by: CauseTuple | None = None
    ) -> Verdict:
        """What is known of an instance now, or at its close."""
        x = inst.x
        machine = inst.m
        late_us = late_ticks = None
        if status == "late" and inst.due is not None and closed is not None:
            late_us = closed - inst.due
            clock = machine.clock(inst)
            late_ticks = late_us if clock is None else clock.measure(inst.due, closed)
        paused = 0
        note = zone = ""
        steps: tuple[Step, ...] = ()
        running: tuple[tuple[int, int], ...] = ()
        if x is not None:
            paused, note, zone = x.paused_us, x.note, ", ".join(x.zones)
            if inst.status == PAUSED:
                paused += self.now - inst.since
            if x.stretches or x.paused_us or inst.status == PAUSED or inst.since != inst.opened:
                stretches = x.stretches
                if inst.status in (OPEN, BREACHED):
                    stretches = join(stretches, inst.since, self.now)
                whole = join((), inst.opened, self.now if closed is None else closed)
                running = () if stretches == whole else stretches or ((inst.opened, inst.opened),)
            if x.steps:
                steps = tuple(x.steps)
        return Verdict(
            machine.index,
            machine.group,
            inst.cs.case,
            inst.number,
            status,
            inst.opened,
            inst.due,
            closed,
            elapsed,
            inst.row,
            paused,
            late_us,
            late_ticks,
            self.cause(inst.by),
            self.cause(closed_by),
            note,
            zone,
            steps,
            running,
        )

    def cause_of(self, input: int, row: int, type: str) -> CauseTuple:
        """An event as instances remember it. Fed events stand in no row, so that those of one type share what they are."""
        if row:
            return (input, row, type)
        found = self._fed.get((input, type))
        if found is None:
            if len(self._fed) >= _FEW_CAUSES:
                self._fed.clear()
            cause = (input, 0, type)
            found = self._fed[input, type] = (cause, Cause(*cause))
        return found[0]

    def cause(self, of: CauseTuple | None) -> Cause | None:
        """The event as verdicts name it."""
        if of is None:
            return None
        found = None if of[1] else self._fed.get((of[0], of[2]))
        return Cause(*of) if found is None else found[1]

    def standing(self) -> list[Verdict]:
        """The verdicts so far of all that is open, paused, or breached without its action."""
        words = {BREACHED: "breached", PAUSED: "paused"}
        return [
            self.verdict(inst, words.get(inst.status, "open"), inst.m.elapsed_at(inst, self.now))
            for cs in self.observer.cases.values()
            for gs in cs.labels()
            for inst in gs.all_open()
        ]
