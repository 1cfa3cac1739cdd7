"""One case, instant by instant: section 4 of `timers.md`, and what starts an instance.

Takes:  a plan and what holds in the case after each of its events.
Gives:  the instances of the case as they stand at as-of, and the alerts that fired.
Never:  looks at another case, or ahead.

Where the texts leave room, a comment begins with "Read as:".
"""

from collections.abc import Callable, Iterator
from functools import partial

from sladsl.evaluate.reference import walk
from sladsl.evaluate.reference.instance import Instance
from sladsl.evaluate.reference.life import Fate, Life, Occurrence
from sladsl.evaluate.reference.read import CellError, Past
from sladsl.evaluate.reference.walk import NeverReached
from sladsl.evaluate.verdict import LATE, MET, OPEN, PAUSED, UNDETERMINED
from sladsl.ir.expression import Trigger
from sladsl.ir.plan import Clause, HowOften, Plan, Target

Timer = tuple[int, int, int, int, Callable[[], None]]


class Case(Life):
    """One case. `run` judges it up to and including as-of.

    later, unknown_zones   counts of the outcome, over all cases
    first_used             clauses `of first X` that have had their X, or whose label has started at another level
    start_errors           groups for which a start in error has opened and closed an instance
    """

    def __init__(self, plan: Plan, past: Past, name: str, later: dict[int, int], unknown_zones: dict[str, int]) -> None:
        super().__init__(plan, past, name)
        self.later = later
        self.unknown_zones = unknown_zones
        self.first_used: set[int] = set()
        self.start_errors: set[int] = set()
        self.warned: set[tuple[int, object]] = set()
        # What a clause follows comes first. "This clause" means its label: all of a label act before any of it starts.
        clauses = [plan.clauses[index] for index in plan.order]
        last_first = dict.fromkeys(clause.group for clause in reversed(clauses))
        self.groups = [(group, [c for c in clauses if c.group == group]) for group in reversed(last_first)]

    # --- one instant, in this order ----------------------------------------------------------------------------------

    def run(self, as_of: int) -> None:
        """Go through all instants up to and including as-of: those of events, and those that time alone brings."""
        while True:
            event = self.events[self.seen].time_us if self.seen < len(self.events) else None
            timer = min((us for us, *_ in self.timers()), default=None)
            if event is not None and (timer is None or event <= timer):
                self.now = event
                self.look_at_instant()
                self.fire()
            elif timer is not None and timer <= as_of:
                self.now = timer
                self.fire()
            else:
                return

    def look_at_instant(self) -> None:
        """All events of now, in input order; then what started there is settled."""
        # Read as: pauses are half-open, so one whose bound is used up now is over before the events of now.
        for inst in self.instances:
            if inst.bound_ends() == self.now:
                self.guarded(self.use_up, inst, None)
        while self.seen < len(self.events) and self.events[self.seen].time_us == self.now:
            self.event = self.seen
            self.seen += 1
            self.look_at_event(self.event)
        self.event = None
        for inst in self.instances:
            if inst.fresh:
                self.settle(inst)

    def look_at_event(self, i: int) -> None:
        """For each clause in dependency order: act on its instances, then start."""
        self.fates = []
        for group, clauses in self.groups:
            for inst in [x for x in self.instances if x.clause.group == group]:
                self.act(inst)
            for clause in clauses:
                for trigger in clause.starts:
                    self.start_from(clause, trigger, i)
                    self.start_next_cycles(clause, i)

    def fire(self) -> None:
        """After all events of now: what fires, in order of (instant, clause, number), and what starts from it."""
        while True:
            due = [timer for timer in self.timers() if timer[0] <= self.now]
            if not due:
                return
            *_, action = min(due, key=lambda timer: timer[:4])
            self.fates = []
            action()
            while self.fates:
                fate = self.fates.pop(0)
                for clause in (clause for _, clauses in self.groups for clause in clauses):
                    if any(follows(trigger, fate) for trigger in clause.starts):
                        self.start(clause, fate.occurrence)

    def timers(self) -> Iterator[Timer]:
        """(instant, clause, number, kind, action) of all that time brings as things stand; what is past comes now."""

        def timer(us: int, inst: Instance, kind: int, action: Callable[[], None]) -> Timer:
            return max(us, self.now), inst.clause.index, inst.number, kind, action

        for inst in [inst for inst in self.instances if inst.closed is None]:
            us = inst.bound_ends()
            if us is not None:
                yield timer(us, inst, 0, partial(self.guarded, self.use_up, inst, None))
            us = inst.cancelled_at()
            if us is not None:
                yield timer(us, inst, 1, partial(self.cancel, inst, None))
            # Read as: an alert at the due comes before it, for the stop of an inverse clause is there.
            if inst.due is not None and inst.status == OPEN:
                yield timer(inst.due, inst, len(inst.clause.alerts) + 2, partial(self.reach_due, inst, None))
            for index, alert in enumerate(inst.clause.alerts):
                us = None if index in inst.alerted else inst.alert_at(alert)
                if us is not None:
                    yield timer(us, inst, 2 + index, partial(self.alert, inst, index))

    # --- starting ----------------------------------------------------------------------------------------------------

    def start_from(self, clause: Clause, trigger: Trigger, i: int) -> None:
        """Start where a trigger happens at an event, or from what became of an instance at it."""
        if trigger.kind in ("breach", "fulfilment"):
            for fate in [fate for fate in self.fates if follows(trigger, fate)]:
                self.start(clause, fate.occurrence)
            return
        # Read as: the action of an `every` starts the next cycle and does not fulfil it as well.
        next_cycle = trigger == clause.act and len(clause.starts) > 1
        occurrence = Occurrence(self.now, i, i, self.acts_now(clause) if next_cycle else frozenset())
        try:
            happens = self.past.happens(trigger, i)
            if happens and clause.start_while is not None:
                happens = self.past.holds(clause.start_while, i)
        except CellError as error:
            self.start(clause, occurrence, error)
            return
        if happens:
            self.start(clause, occurrence)

    def start_next_cycles(self, clause: Clause, i: int) -> None:
        """Each action of an `every` starts the next cycle.

        So does one that came before the state began, at an earlier event of the instant, and has just fulfilled the
        cycle that began here: it counts as if it had come after. Another such action may fulfil that next cycle.
        """
        state = clause.start_while
        if state is None or clause.act not in clause.starts:
            return
        while True:
            latest = [inst for inst in self.instances if inst.clause is clause and inst.first == i][-1:]
            if not latest or not latest[0].acts or latest[0].acts[-1] >= i:
                return
            early = latest[0].acts[-1]
            occurrence = Occurrence(self.now, i, i, frozenset(act for act in self.acts_now(clause) if act <= early))
            try:
                if not self.past.holds(state, i) or self.past.holds_or_error(state, early) is True:
                    return
                self.start(clause, occurrence)
            except CellError as error:
                self.start(clause, occurrence, error)
            if self.instances[-1] is latest[0]:
                return

    def start(self, clause: Clause, occurrence: Occurrence, error: CellError | None = None) -> None:
        """An occurrence opens an instance, moves one, opens one again, or does nothing.

        With an error it is not known whether the start happened. Read as: where it would have started nothing,
        it does nothing; else one opens and closes.
        """
        how, group = clause.how, clause.group
        if how is HowOften.FIRST:
            if clause.index in self.first_used:
                return
            if error is None:
                self.first_used.add(clause.index)
        same = [inst for inst in self.instances if inst.clause.group == group]
        if how is HowOften.FREE and any(inst.closed is None for inst in same):
            return
        if not self.may_start(clause, occurrence):
            return
        self.warn_later(clause, occurrence)
        try:
            conditions = (clause.guard, clause.when, clause.subject)
            if not all(self.holds(condition, self.event) for condition in conditions if condition is not None):
                return
        except CellError as another:
            error = error or another
        movable = [inst for inst in same if how is HowOften.LATEST and inst.status in (OPEN, PAUSED)]
        answered = not movable and bool(same) and same[-1].status in (MET, LATE)
        if answered and clause.reopen == "ignore":
            return
        if error is not None:
            self.start_in_error(clause, occurrence, error)
            return
        # Read as: each level waits for its own first X; once one has started, no other level does.
        if how is HowOften.FIRST:
            self.first_used |= {other.index for other in self.plan.clauses if other.group == group}
        if movable:
            self.move(movable[-1], clause, occurrence)
        elif answered and self.resumes(same[-1], clause):
            self.reopen(same[-1], occurrence)
        else:
            self.begin(self.open(clause, occurrence))

    def may_start(self, clause: Clause, occurrence: Occurrence) -> bool:
        """Whether the policy is in force; after the end of its case nothing inverse opens."""
        begin, end = self.plan.effective
        if (begin is not None and occurrence.us < begin) or (end is not None and occurrence.us >= end):
            return False
        # Read as: at the very event that ends the case it still opens, and is met there.
        before = self.seen if self.event is None else self.event
        return not clause.inverse or not any(self.case_ends(i, errors=False) for i in range(before))

    def open(self, clause: Clause, occurrence: Occurrence) -> Instance:
        """A new instance, numbered per label and case."""
        number = 1 + sum(inst.clause.group == clause.group for inst in self.instances)
        calendars, zone = self.read_calendars(clause)
        cause, first = self.cause(occurrence.event), self.next_event()
        inst = Instance(self.plan, clause, number, occurrence.us, cause, first, calendars, zone, occurrence.used)
        self.instances.append(inst)
        return inst

    def begin(self, inst: Instance) -> None:
        """From the start on: its row and due, and what stops it already."""
        inst.runs_since = self.now
        self.guarded(self.first_row, inst, self.event)
        self.guarded(self.stop_by_instant, inst, self.event)
        self.wait_for_settling(inst)

    def wait_for_settling(self, inst: Instance) -> None:
        """The rest of the list comes after all events of the instant: now, where time alone started it."""
        inst.fresh = inst.closed is None
        self.guarded(self.end_inverse, inst, self.event)
        if self.event is None and inst.fresh:
            self.settle(inst)

    def move(self, inst: Instance, clause: Clause, occurrence: Occurrence) -> None:
        """`of latest X`: X moves opened of an open or paused instance to itself, elapsed zero, same number."""
        # Read as: level, row and zones are read anew; how much of its pauses' bounds is used stays, but at another level.
        self.end_pauses(inst)
        inst.spend()
        if inst.clause is not clause:
            inst.spent, inst.settled, inst.paused, inst.alerted = {}, 0, [], set()
        inst.clause = clause
        inst.calendars, inst.zone = self.read_calendars(clause)
        inst.opened, inst.opened_by, inst.first = occurrence.us, self.cause(occurrence.event), self.next_event()
        inst.used, inst.status, inst.row, inst.due = occurrence.used, OPEN, -1, None
        inst.ran, inst.acts, inst.ends = [], [], 0
        self.begin(inst)

    def resumes(self, inst: Instance, clause: Clause) -> bool:
        """Whether a start after the last instance was met or late opens it again. Both ends of the window belong to it."""
        window = clause.reopen_within
        if clause.reopen != "resume" or window is None:
            return clause.reopen == "resume"
        assert window.amount is not None
        assert inst.closed is not None
        amount = window.amount
        try:
            if clause is inst.clause or window.calendar is None:
                return self.now <= inst.after(window, inst.closed, amount.ticks)
            # Read as: what another level counts on is read now, for the instance has not kept it.
            calendar = self.past.calendar_of(window.calendar, self.seen - 1)
            return self.now <= walk.due(amount.kind, calendar, self.plan.zone, inst.closed, amount.ticks)
        except NeverReached:
            return True

    def reopen(self, inst: Instance, occurrence: Occurrence) -> None:
        """Open again under its number with its elapsed time and row, the time since its close not counted."""
        was_late = inst.status == LATE
        inst.note("revised")
        inst.status, inst.closed, inst.closed_by, inst.runs_since = OPEN, None, None, self.now
        # Read as: what it needs is needed again.
        inst.first, inst.acts, inst.ends = self.next_event(), [], 0
        if was_late:
            self.breach(inst, occurrence.event)  # at once, with its old due
        else:
            self.guarded(self.due_again, inst, self.event)
            # Read as: rows are levels, and by now another may hold; else an event that nothing mentions would change it.
            self.guarded(self.change_row, inst, self.event)
        # "An action at that instant comes first". Read as: one up to this event came before the reopening.
        self.wait_for_settling(inst)

    def due_again(self, inst: Instance, _: int | None) -> None:
        inst.due = inst.due_on_resuming(self.now, self.value_of(inst, inst.row))
        self.reach_if_past(inst, inst.due)

    def start_in_error(self, clause: Clause, occurrence: Occurrence, error: CellError) -> None:
        """One opens and closes, once a case and label."""
        if clause.group in self.start_errors:
            return
        self.start_errors.add(clause.group)
        inst = self.open(clause, occurrence)
        inst.note(str(error))
        self.close(inst, UNDETERMINED, occurrence.event)

    def acts_now(self, clause: Clause) -> frozenset[int]:
        """The actions of this instant so far; the present event may be one."""
        of_now = [i for i in range(self.seen) if self.events[i].time_us == self.now]
        assert clause.act is not None
        return frozenset(i for i in of_now if i == self.event or self.happened(clause.act, i))

    def next_event(self) -> int:
        """The first event from the start on."""
        return self.seen if self.event is None else self.event

    # --- what is read at a start -------------------------------------------------------------------------------------

    def read_calendars(self, clause: Clause) -> tuple[dict[int, tuple[int, str]], str]:
        """For each calendar of the clause which is meant and in which zone; and what to show of it, where attributes tell."""
        found, shown = {}, []
        for calendar in calendars_of(clause):
            place, zone, unknown = self.past.reading_of(calendar, self.seen - 1)
            found[calendar] = place, zone
            for name in unknown:
                self.unknown_zones[name] = self.unknown_zones.get(name, 0) + 1
            spec = self.plan.calendars[calendar]
            if spec.named_by:
                shown.append(f"{place} {zone}")
            elif spec.zone_attribute is not None:
                shown.append(zone)
        return found, ", ".join(shown)

    def warn_later(self, clause: Clause, occurrence: Occurrence) -> None:
        """Count a start at which an attribute that decides level or `when` was missing and came later."""
        start = clause.group, occurrence.identity
        deciding = [self.plan.conditions[c] for c in (clause.guard, clause.when) if c is not None]
        missing = {name for c in deciding for name in c.reads if self.past.last_cell(name, self.seen - 1) is None}
        if start not in self.warned and any(missing & event.attributes.keys() for event in self.events[self.seen :]):
            self.warned.add(start)
            self.later[clause.group] = self.later.get(clause.group, 0) + 1


def follows(trigger: Trigger, fate: Fate) -> bool:
    """Whether what became of an instance is what a trigger waits for."""
    return trigger.kind == fate.kind and trigger.condition == fate.group


def calendars_of(clause: Clause) -> list[int]:
    """The calendars that a clause's amounts and points are counted by."""
    targets: list[Target | None] = [row.target for row in clause.rows]
    targets += [pause.at_most for pause in clause.pauses]
    targets += [clause.cancel_after_paused, clause.reopen_within]
    targets += [target for alert in clause.alerts for target in (alert.before, alert.after)]
    return sorted({target.calendar for target in targets if target is not None and target.calendar is not None})
