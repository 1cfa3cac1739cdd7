"""The life of one instance in its case: section 3 of `timers.md`, and the list stop > cancel > excuse > row > pause.

Takes:  a plan and what holds in the case after each of its events.
Gives:  the steps that an event or time takes an instance through, and what others may start from.
Never:  opens an instance, or chooses the instant; `case.py` does.

Where the texts leave room, a comment begins with "Read as:".
"""

from collections.abc import Callable

from attrs import frozen

from sladsl.evaluate.reference.instance import Instance
from sladsl.evaluate.reference.read import CellError, Past, distinct_text
from sladsl.evaluate.reference.walk import NeverReached
from sladsl.evaluate.verdict import BREACHED, CANCELLED, EXCUSED, LATE, MET, OPEN, PAUSED, UNDETERMINED, Alert, Cause
from sladsl.ir.expression import Trigger
from sladsl.ir.plan import Clause, HowOften, Plan

NEVER_REACHED = "the target is not reached within ten years of its calendar"


@frozen
class Occurrence:
    """Something that may start a clause: an event at which a trigger happens, or the fate of an instance.

    us         when
    event      the index of the event behind it; None where time alone brought it
    identity   equal for the same occurrence, whichever clause looks at it
    used       actions (indices of events) that brought it about, and so do not fulfil what starts from it
    """

    us: int
    event: int | None
    identity: object
    used: frozenset[int] = frozenset()


@frozen
class Fate:
    """An instance of a group was breached (`breach`), or met or late (`fulfilment`)."""

    kind: str
    group: int
    occurrence: Occurrence


class Life:
    """The instances of one case, and what can become of them.

    now         the instant that is being looked at
    event       the index of the event that is being looked at; None where time alone acts
    seen        how many events of the case have been seen
    fates       what became of instances at this event, or by this timer
    taken       (group, event): actions that fulfilled an instance, or broke an inverse one, or counted `one for one`
    """

    def __init__(self, plan: Plan, past: Past, name: str) -> None:
        self.plan = plan
        self.past = past
        self.events = past.events
        self.name = name
        self.now = 0
        self.event: int | None = None
        self.seen = 0
        self.instances: list[Instance] = []
        self.fates: list[Fate] = []
        self.alerts: list[Alert] = []
        self.taken: set[tuple[int, int]] = set()

    # --- what an event does to an instance ---------------------------------------------------------------------------

    def act(self, inst: Instance) -> None:
        """stop > cancel > excuse > change of row > pause > resume. What started in this instant waits with most of it."""
        steps = [self.stop, self.cancel_when, self.excuse_when, self.change_row, self.pause_or_resume]
        for step in [self.stop, self.change_row] if inst.fresh else steps:
            self.guarded(step, inst, self.event)

    def settle(self, inst: Instance) -> None:
        """After all events of the instant in which it started: cancel if that held at one of them, then excuse, then pause.

        Where time alone started it, no event has come since; then the states decide as the last event left them.
        """
        inst.fresh = False
        since: list[int | None] = [*range(inst.first, self.seen)]
        for step in (self.cancel_when, self.excuse_when):
            for i in since or [None]:
                self.guarded(step, inst, i)
        # Read as: an error in what pauses it is told at the event that started it, whichever of the instant brought it.
        self.guarded(self.pause_or_resume, inst, since[-1] if since else None, since[0] if since else None)

    def guarded(
        self, step: Callable[[Instance, int | None], None], inst: Instance, i: int | None, at: int | None = None
    ) -> None:
        """Take a step with an unclosed instance; a run-time error in it makes the instance undetermined at that event.

        With `at` it is told at another event of the instant.
        """
        if inst.closed is not None:
            return
        try:
            step(inst, i)
        except (CellError, NeverReached) as error:
            # Read as: a breach is latched, so an error that comes later does not undo it.
            if inst.status != BREACHED:
                inst.note(NEVER_REACHED if isinstance(error, NeverReached) else str(error))
                self.close(inst, UNDETERMINED, i if at is None else at)

    # stop

    def stop(self, inst: Instance, i: int | None) -> None:
        """The action; of an inverse clause the act, else the end."""
        assert i is not None
        if inst.clause.act is not None and self.past.happens(inst.clause.act, i):
            self.count(inst, i)
        if inst.closed is None:
            self.end_inverse(inst, i)

    def stop_by_instant(self, inst: Instance, _: int | None) -> None:
        """An action at the very instant of the start counts, though it comes before it in the input.

        It fulfils at most the first instance that starts after it in that instant; with `each`, every one.
        """
        clause = inst.clause
        # Read as: with `one for one` an action counts for one instance only, also here.
        every_one = clause.how is HowOften.EACH and not clause.one_for_one
        # The end of a state is no action: the `S lasts` that begins here is not stopped by an S that ended before.
        first = inst.first if clause.act is not None and clause.act.kind == "ends" else 0
        for i in range(first, self.seen):
            if clause.act is None or self.events[i].time_us != self.now or inst.closed is not None:
                continue
            if i in inst.used:
                continue
            if (every_one or (clause.group, i) not in self.taken) and self.happened(clause.act, i):
                self.count(inst, i)

    def happened(self, act: Trigger, i: int) -> bool:
        """Whether an action happened at an event of this instant; before the start's event an error in it counts for nothing."""
        try:
            return self.past.happens(act, i)
        except CellError:
            if i == self.event:
                raise
            return False

    def count(self, inst: Instance, i: int) -> None:
        """An action counts for an instance: enough of them fulfil it, or break an inverse clause."""
        clause, action = inst.clause, (inst.clause.group, i)
        if clause.one_for_one:
            if action in self.taken:
                return  # by an older one
            self.taken.add(action)
        inst.acts.append(i)
        carried = [self.events[j].attributes.get(clause.distinct) for j in inst.acts]
        distinct = {distinct_text(cell) for cell in carried if cell is not None}
        if len(inst.acts) < clause.needed or len(distinct) < clause.distinct_needed:
            return
        if clause.act is not None and clause.act.kind != "ends":  # the end of a state is no action
            self.taken.add(action)
        if clause.inverse:
            self.breach(inst, i, closes=True, act=i)
        else:
            self.fulfil(inst, i, act=i)

    def end_inverse(self, inst: Instance, i: int | None) -> None:
        """What meets an inverse clause: its own end, or that of the case."""
        clause = inst.clause
        if not clause.inverse or i is None:
            return
        if clause.end is not None and self.past.happens(clause.end, i):
            inst.ends += 1
        if (clause.end is not None and inst.ends >= clause.end_needed) or self.case_ends(i):
            self.fulfil(inst, i)

    # cancel, excuse

    def cancel_when(self, inst: Instance, i: int | None) -> None:
        if any(self.holds(condition, i) for condition in inst.clause.cancels):
            self.cancel(inst, i)

    def excuse_when(self, inst: Instance, i: int | None) -> None:
        if any(self.holds(condition, i) for condition in inst.clause.excuses):
            self.excuse(inst, i)

    # rows

    def first_row(self, inst: Instance, i: int | None) -> None:
        """The row and the due of a start."""
        if not inst.clause.rows:
            return
        inst.row = self.row_that_holds(inst.clause, i)
        inst.due = inst.due_of_row(inst.row, self.now, self.value_of(inst, inst.row))
        if inst.due is not None and inst.due < self.now and not inst.clause.met_at_due:
            inst.note("born breached")
        self.reach_if_past(inst, inst.due)

    def change_row(self, inst: Instance, i: int | None) -> None:
        """Conditions are levels: the row that holds now against the present one. `by ATTRIBUTE` follows its attribute."""
        if inst.status == BREACHED or not inst.clause.rows:
            return
        row = self.row_that_holds(inst.clause, i)
        if row != inst.row:
            self.change_to(inst, row)
        if inst.status == OPEN and inst.clause.rows[inst.row].target.attribute:
            inst.due = self.value_of(inst, inst.row)
        self.reach_if_past(inst, inst.due)

    def change_to(self, inst: Instance, row: int) -> None:
        # a paused instance is compared as if it were running
        since = self.now if inst.runs_since is None else inst.runs_since
        present = inst.due_of_row(inst.row, since, self.value_of(inst, inst.row))
        due = inst.due_of_row(row, since, self.value_of(inst, row))
        # Read as: a row that is never due is the loosest; one that is due at the same instant is not tighter.
        tighter = due is not None and (present is None or due < present)
        how = inst.clause.tighter if tighter else inst.clause.looser
        if how == "keep":
            return
        inst.row = row
        if how == "restart":
            inst.ran = []
            inst.runs_since = None if inst.runs_since is None else self.now
            due = inst.due_of_row(row, self.now, self.value_of(inst, row))
        if inst.status == OPEN:
            inst.due = due
        # Read as: where the target is below what has elapsed, the change breaches a paused instance too.
        self.reach_if_past(inst, due)

    def reach_if_past(self, inst: Instance, due: int | None) -> None:
        """A due already past is reached at the event that put it there."""
        if due is not None and due < self.now and inst.status in (OPEN, PAUSED):
            inst.due = due
            self.reach_due(inst, self.event)

    # pause, resume

    def pause_or_resume(self, inst: Instance, i: int | None) -> None:
        if inst.status == BREACHED:
            return
        for pause, rule in enumerate(inst.clause.pauses):
            holds = self.holds(rule.condition, i)
            if pause in inst.held_since and not holds:
                inst.held.setdefault(pause, []).append((inst.held_since.pop(pause), self.now))
            elif pause not in inst.held_since and holds:
                self.hold(inst, pause)
        if inst.held_since and inst.status == OPEN:
            self.stand_still(inst)
        elif not inst.held_since and inst.status == PAUSED:
            self.run_again(inst)

    def hold(self, inst: Instance, pause: int) -> None:
        """A pause begins to hold the clock back, as long as something is left of its bound. Adjacent pauses merge."""
        stretches = inst.held.setdefault(pause, [])
        last = stretches.pop() if stretches and stretches[-1][1] == self.now else (self.now, self.now)
        if not inst.used_up(pause):
            inst.held_since[pause] = last[0]
            end = inst.bound_end(pause)
            if end is None or end > self.now:
                return
            del inst.held_since[pause]
        stretches.append(last)

    def use_up(self, inst: Instance, _: int | None) -> None:
        """A pause's bound is used up now: the clock runs again though the condition holds."""
        ends = {pause: inst.bound_end(pause) for pause in inst.held_since}
        for pause in [pause for pause, end in ends.items() if end is not None and end <= self.now]:
            inst.held.setdefault(pause, []).append((inst.held_since.pop(pause), self.now))
        if not inst.held_since:
            self.run_again(inst)

    def stand_still(self, inst: Instance) -> None:
        """While paused there is no due."""
        assert inst.runs_since is not None
        inst.ran.append((inst.runs_since, self.now))
        inst.runs_since, inst.paused_since = None, self.now
        inst.status, inst.due = PAUSED, None

    def run_again(self, inst: Instance) -> None:
        assert inst.paused_since is not None
        inst.due = inst.due_on_resuming(self.now, self.value_of(inst, inst.row))
        inst.paused.append((inst.paused_since, self.now))
        inst.runs_since, inst.paused_since = self.now, None
        inst.status = OPEN
        self.reach_if_past(inst, inst.due)

    # --- what becomes of an instance ---------------------------------------------------------------------------------

    def reach_due(self, inst: Instance, i: int | None) -> None:
        """The due comes without the action."""
        if inst.clause.met_at_due:
            self.fulfil(inst, i)
        else:
            self.breach(inst, i)

    def breach(self, inst: Instance, i: int | None, closes: bool = False, act: int | None = None) -> None:
        """Latched: due and row stand from here on, and the clock runs on without pauses."""
        inst.status = BREACHED
        self.end_pauses(inst)
        if inst.runs_since is None:
            inst.runs_since = self.now
        for index, alert in enumerate(inst.clause.alerts):
            if alert.share is None and alert.before is None and alert.after is None and index not in inst.alerted:
                self.alert(inst, index)
        if closes or inst.clause.closes_at_due:
            self.close(inst, BREACHED, i)
        self.tell("breach", inst, i, act)

    def fulfil(self, inst: Instance, i: int | None, act: int | None = None) -> None:
        """Met, or late where it was breached. A paused instance has no due, and keeps none."""
        self.close(inst, LATE if inst.status == BREACHED else MET, i)
        self.tell("fulfilment", inst, i, act)

    def cancel(self, inst: Instance, i: int | None) -> None:
        """A breach stays a breach, closed at this instant."""
        self.close(inst, BREACHED if inst.status == BREACHED else CANCELLED, i)

    def excuse(self, inst: Instance, i: int | None) -> None:
        if inst.status == BREACHED:
            inst.note("revised")
        self.close(inst, EXCUSED, i)

    def close(self, inst: Instance, status: str, i: int | None) -> None:
        """Final, at this instant; `i` is the event behind it."""
        self.end_pauses(inst)
        if inst.runs_since is not None:
            inst.ran.append((inst.runs_since, self.now))
            inst.runs_since = None
        inst.status, inst.closed, inst.closed_by, inst.fresh = status, self.now, self.cause(i), False

    def end_pauses(self, inst: Instance) -> None:
        for pause, since in inst.held_since.items():
            inst.held.setdefault(pause, []).append((since, self.now))
        inst.held_since = {}
        if inst.paused_since is not None:
            inst.paused.append((inst.paused_since, self.now))
            inst.paused_since = None

    def alert(self, inst: Instance, index: int) -> None:
        """Each fires at most once an instance."""
        rule, clause = inst.clause.alerts[index], inst.clause
        inst.alerted.add(index)
        told = Alert(rule.kind, clause.index, clause.group, self.name, inst.number, rule.to, self.now, rule.written)
        self.alerts.append(told)

    def tell(self, kind: str, inst: Instance, i: int | None, act: int | None) -> None:
        """Clauses may start from this.

        Read as: the action that fulfilled or broke it does not fulfil what starts from it as well, nor does one that had
        brought it about in the same way, else a chain of clauses would not equal the `every` (law 23). What time brought
        about any action of the instant may fulfil, but none is behind what starts from it.
        """
        used = frozenset() if act is None else inst.used | {act}
        cause = None if self.event is None else i
        self.fates.append(Fate(kind, inst.clause.group, Occurrence(self.now, cause, object(), used)))

    # --- what holds --------------------------------------------------------------------------------------------------

    def holds(self, condition: int, i: int | None) -> bool:
        """Whether a condition holds after an event; without one, whether a state does as the last event left it.

        An action is true at its event only.
        """
        if i is None:
            return not self.plan.conditions[condition].action and self.past.holds(condition, self.seen - 1)
        return self.past.holds(condition, i)

    def row_that_holds(self, clause: Clause, i: int | None) -> int:
        """The first row that holds; the headline comes last and always does."""
        return next(k for k, row in enumerate(clause.rows) if row.when is None or self.holds(row.when, i))

    def value_of(self, inst: Instance, row: int) -> int | None:
        """What the attribute of a row holds now, where its target is one."""
        target = inst.clause.rows[row].target if row >= 0 else None
        return (
            None if target is None or not target.attribute else self.past.last_instant(target.attribute, self.seen - 1)
        )

    def case_ends(self, i: int, errors: bool = True) -> bool:
        """Whether an event ends the case for inverse clauses."""
        try:
            return self.plan.case_until is not None and self.past.happens(self.plan.case_until, i)
        except CellError:
            if errors:
                raise
            return False

    def cause(self, i: int | None) -> Cause | None:
        """The event as a cause."""
        return None if i is None else Cause(self.events[i].input, self.events[i].row, self.events[i].type)
