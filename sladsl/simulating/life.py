"""What happens to one case: it comes, clauses start, people keep them, are late, or forget.

Takes:  a plan, and when a case begins.
Gives:  Lives: the events of a case, in no order.
Never:  judges: what becomes of an event is for the evaluators to say. Where a case's clauses meddle with one another, so be it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sladsl.clock.amounts import DAY_US, HOUR_US, MINUTE_US
from sladsl.events import Instant
from sladsl.ir.expression import Trigger, ValueKind
from sladsl.ir.objective import ShareTime, TimeWhile
from sladsl.ir.plan import Clause, Form, Plan, Row
from sladsl.simulating.asked import parts_of, rates_of, triggers_of
from sladsl.simulating.draws import Draws
from sladsl.simulating.hours import Work
from sladsl.simulating.solving import NOTHING, Sketch, Solver
from sladsl.simulating.values import AHEAD_US, Cell, Pool
from sladsl.text import fold

_MOST_STARTS = 3
_REDRAWN = 6
_FIRST_OWED = 0.6
_SECOND_US = 1_000_000
# shares of the target after which the action comes
_IN_TIME = (0.08, 0.95)
_LATE = (1.05, 1.9)
_MEASURES_OF_STATES = (ShareTime, TimeWhile)


class Happening(NamedTuple):
    """One event to be: when, its type, who acted, what it carries."""

    time_us: int
    type: str
    actor: str
    carries: dict[str, Cell]


class Cycle(NamedTuple):
    """One running of a clause as it is meant to be: its start, its due, when the action comes (None: never)."""

    start_us: int
    due_us: int | None
    act_us: int | None


class Lives:
    """Makes cases of a plan, one after the other."""

    def __init__(self, plan: Plan, pools: dict[str, Pool], solver: Solver, work: Work, draws: Draws) -> None:
        self.plan = plan
        self.pools = pools
        self.solver = solver
        self.work = work
        self.draws = draws
        self.labels: dict[int, list[Clause]] = {}
        for index in plan.order:
            clause = plan.clauses[index]
            self.labels.setdefault(clause.group, []).append(clause)
        levels = (clause.level.condition for clause in plan.clauses)
        self.levels = tuple(dict.fromkeys(level for level in levels if level is not None))
        self.states = [measure for o in plan.objectives for measure in parts_of(o.measure)]
        self.counted = list(dict.fromkeys(triggers_of(plan)))
        self.seldom = solver.seldom
        self.rates = rates_of(plan)
        self._owed = dict.fromkeys(self.rates, _FIRST_OWED)
        # what the first clause of the policy waits for is how a case comes
        starts = [clause.starts[0] for clause in plan.clauses if clause.starts]
        usual = (
            start for start in starts if start.kind in ("happens", "begins") and start.condition not in self.seldom
        )
        self.opening = next(usual, None)
        self.steps = tuple(map(fold, solver.types))
        ends = [plan.case_until, *(clause.end for clause in plan.clauses if clause.form is not Form.MUST_NOT_BEFORE)]
        self.ends = list(dict.fromkeys(end for end in ends if end is not None))

    def comes(self, condition: int) -> bool:
        """Whether what is bounded as a share of the cases comes in this one: evenly, so that small logs have it, too."""
        if condition not in self.rates:
            return True
        self._owed[condition] += self.rates[condition]
        if self._owed[condition] < 1:
            return False
        self._owed[condition] -= 1
        return True

    def life(self, arrival_us: int) -> list[Happening]:
        """The events of one case, in no order."""
        return _Life(self, arrival_us).live()


class _Life:
    """One case."""

    def __init__(self, lives: Lives, arrival_us: int) -> None:
        self.lives = lives
        self.plan, self.draws, self.work, self.solver = lives.plan, lives.draws, lives.work, lives.solver
        self.arrival_us = arrival_us
        self.events: list[Happening] = []
        self.started: dict[Trigger, list[int]] = {}
        self.cycles: dict[int, list[Cycle]] = {}
        self.first: Sketch = NOTHING
        self.profile: dict[str, Cell] = {}
        self.last_us = arrival_us
        # some cases are forgotten and some are slow, in all that is promised of them
        mood = self.draws.share()
        self.forgotten, self.slow = mood < 0.05, 0.05 <= mood < 0.13

    def live(self) -> list[Happening]:
        self._describe()
        if self.lives.steps:
            self.first = Sketch(self.solver.types[0])
        chosen = [self._applies(clauses) for clauses in self.lives.labels.values()]
        self._states()
        for clause in chosen:
            self._clause(clause)
        for trigger in self.lives.counted:
            if trigger not in self.started and self.draws.chance(0.6):
                self._starts(trigger, NOTHING)
        for end in self.lives.ends:
            if self.draws.chance(0.7):
                self._make(end, self.last_us + self._some(DAY_US))
        self._settle()
        self._arrive()
        return self._in_order_of_steps() if self.lives.steps else self.events

    def _describe(self) -> None:
        """What is known of the case from the beginning: most of its attributes."""
        carries = self.profile
        for name, pool in self.lives.pools.items():
            if pool.values and self.draws.chance(0.75):
                carries[name] = self.draws.pick(pool.values)
            if pool.kind is ValueKind.INSTANT and self.draws.chance(0.9):
                ahead = self.draws.pick(AHEAD_US) + self._some(HOUR_US)
                carries[name] = Instant(_whole(self.arrival_us + ahead))
        for condition in self.lives.seldom:
            if self.draws.chance(0.95):
                carries.update(self.solver.sketch(condition, False).carries)

        levels = self.lives.levels
        wanted = self.draws.pick((None, *levels)) if levels else None
        for level in levels:
            if level != wanted and self.draws.chance(0.8):
                carries.update(self.solver.sketch(level, False).carries)
        if wanted is not None:
            carries.update(self.solver.sketch(wanted).carries)

    def _applies(self, clauses: list[Clause]) -> Clause:
        """Which of the clauses of a label binds this case, by its level."""
        known = Sketch(carries=self.profile)
        binding = (each for each in clauses if each.guard is None or self.solver.holds(each.guard, known))
        return next(binding, None) or self.draws.pick(clauses)

    def _arrive(self) -> None:
        """The case's first event."""
        first = self.first
        carries = {**self.profile, **first.carries}
        self._put(self.arrival_us, Sketch(first.type or self.solver.first, first.actor, carries))
        self.events.insert(0, self.events.pop())

    def _settle(self) -> None:
        """In the end the states whose time is promised hold again."""
        for measure in self.lives.states:
            if isinstance(measure, ShareTime) and self.draws.chance(0.97):
                self._put(self.last_us + self._some(HOUR_US), self.solver.sketch(measure.condition))

    def _in_order_of_steps(self) -> list[Happening]:
        """The events, where a row holds the steps of a case: what is written further to the right does not come earlier."""
        reached_us = self.arrival_us
        placed: dict[int, Happening] = {}
        for step in self.lives.steps:
            own = [place for place, event in enumerate(self.events) if fold(event.type) == step]
            if own:
                place = min(own, key=lambda each: self.events[each].time_us)
                if self.events[place].time_us < reached_us:
                    reached_us += self._some(HOUR_US)
                else:
                    reached_us = self.events[place].time_us
                placed[place] = self.events[place]._replace(time_us=reached_us)
                for other in own:
                    placed.setdefault(
                        other, self.events[other]._replace(time_us=max(reached_us, self.events[other].time_us))
                    )
        return [placed.get(place, event) for place, event in enumerate(self.events)]

    # --- events ------------------------------------------------------------------------------------------------------

    def _put(self, at_us: int, sketch: Sketch) -> int:
        at_us = max(_whole(at_us), _whole(self.arrival_us))
        actor = sketch.actor
        if not actor and len(self.plan.parties) > 1:
            actor = self.draws.pick(self.plan.parties).name
        self.events.append(Happening(at_us, sketch.type or self.solver.neutral, actor, sketch.carries))
        self.last_us = max(self.last_us, at_us)
        return at_us

    def _some(self, about_us: int) -> int:
        """A stretch of time: most are short, some are long."""
        return _SECOND_US + int(about_us * self.draws.share() * self.draws.share() * 2)

    def _make(self, trigger: Trigger, at_us: int, more: Sketch = NOTHING) -> int:
        """An event at which a trigger happens."""
        if trigger.condition < 0 or trigger.kind in ("breach", "fulfilment"):
            return at_us
        return self._put(at_us, self._sketch(trigger).over(more))

    def _sketch(self, trigger: Trigger) -> Sketch:
        """What an event must be for a trigger to happen at it."""
        sketch = self.solver.sketch(trigger.condition, trigger.kind != "ends")
        for _ in range(_REDRAWN):
            if not self._is_odd(trigger, sketch):
                break
            sketch = self.solver.sketch(trigger.condition, trigger.kind != "ends")
        return sketch if trigger.party is None else sketch.over(self.solver.sketch(trigger.party))

    def _is_odd(self, trigger: Trigger, sketch: Sketch) -> bool:
        """Whether of several ways in which something may happen this is one that seldom does: that by which cases come, or one of which few are promised."""
        if sketch.type and sketch.type == self.first.type:
            return True
        rates = self.lives.rates.items()
        few = [rate for each, rate in rates if each != trigger.condition and self.solver.holds(each, sketch)]
        return bool(few) and not self.draws.chance(min(few))

    def _starts(self, trigger: Trigger, more: Sketch) -> list[int]:
        """When a trigger happens in this case; the events are made when it is first asked for."""
        if trigger.kind == "first event":
            self.first = more.over(self.first)
            return [self.arrival_us]
        if trigger.kind in ("breach", "fulfilment"):
            return list(self._followed(trigger))
        known = self.started.get(trigger)
        if known is None and trigger.kind == "happens":
            known = self._happened(trigger)
        if known is not None:
            self.started[trigger] = known
            return known
        if not self.lives.comes(trigger.condition):
            self.started[trigger] = []
            return []
        at_us = self.arrival_us
        opens = trigger == self.lives.opening
        if trigger.condition in self.lives.seldom:
            at_us += self._some(12 * DAY_US)
        elif self.draws.chance(0.1 if opens and trigger.kind == "happens" else 0.6) or (
            self.lives.opening and not opens
        ):
            at_us = self.work.open_from(at_us + self._some(DAY_US))
        elif (trigger.kind == "begins" or not self.first.type) and trigger.kind != "ends":
            # the case begins with it
            self.first = self._sketch(trigger).over(more).over(self.first)
            self.started[trigger] = [at_us]
            return self.started[trigger]
        times = [self._make(trigger, at_us, more)]
        while len(times) < _MOST_STARTS and self.draws.chance(0.03 if opens else 0.2):
            at_us = self.work.open_from(at_us + self._some(3 * DAY_US))
            if trigger.kind == "begins":
                self._put(at_us - self._some(HOUR_US), self.solver.sketch(trigger.condition, False))
            times.append(self._make(trigger, at_us, more))
        self.started[trigger] = times
        return times

    def _happened(self, trigger: Trigger) -> list[int] | None:
        """When an action has happened in this case already, by what was done for other clauses; None where it has not."""
        conditions = [trigger.condition] if trigger.party is None else [trigger.condition, trigger.party]
        times = [
            event.time_us
            for event in self.events
            if all(self.solver.holds(each, Sketch(event.type, event.actor, event.carries)) for each in conditions)
        ]
        if self.first.type and all(self.solver.holds(each, self.first) for each in conditions):
            times.append(self.arrival_us)
        return sorted(times) or None

    def _followed(self, trigger: Trigger) -> Iterator[int]:
        """When the cycles of another clause are breached or fulfilled."""
        for cycle in self.cycles.get(trigger.condition, ()):
            due_us, act_us = cycle.due_us, cycle.act_us
            if trigger.kind == "fulfilment" and act_us is not None:
                yield act_us
            elif trigger.kind == "breach" and due_us is not None and (act_us is None or act_us > due_us):
                yield due_us

    # --- clauses -----------------------------------------------------------------------------------------------------

    def _clause(self, clause: Clause) -> None:
        """What a clause asks for, kept or not."""
        if not clause.starts or self.draws.chance(0.06):
            return
        row = self._row(clause)
        more = NOTHING
        for condition in (row.when if row else None, clause.when, clause.start_while, clause.subject):
            if condition is None or self.solver.holds(condition, Sketch(carries={**self.profile, **more.carries})):
                continue
            if self.draws.chance(0.85):
                more = more.over(self.solver.sketch(condition))
        # only the first of the starts of an `every` brings it about: the others are its actions
        for start_us in self._starts(clause.starts[0], more)[:_MOST_STARTS]:
            if clause.form is Form.EVERY:
                self._every(clause, row, start_us)
            elif clause.form is Form.TIME_WHILE:
                self._sum(clause, row, start_us)
            elif clause.inverse:
                self._forbidden(clause, row, start_us)
            else:
                self._promised(clause, row, start_us)

    def _row(self, clause: Clause) -> Row | None:
        """The row that holds for the case as it is known; now and then another, which its start then brings about."""
        if not clause.rows or self.draws.chance(0.15):
            return self.draws.pick(clause.rows) if clause.rows else None
        known = Sketch(carries={**self.profile, **self.first.carries})
        holding = (row for row in clause.rows if row.when is None or self.solver.holds(row.when, known))
        return next(holding, clause.rows[-1])

    def _share(self) -> float | None:
        """Which share of the target passes until the action; None: it never comes. Now and then it is the whole."""
        if self.forgotten or self.draws.chance(0.04):
            return None
        if self.slow or self.draws.chance(0.08):
            return self.draws.between(*_LATE)
        if self.draws.chance(0.04):
            return 1.0
        return self.draws.between(*_IN_TIME)

    def _promised(self, clause: Clause, row: Row | None, start_us: int) -> None:
        ends = clause.act is not None and clause.act.kind == "ends"
        due_us, at_us = self._times(row, start_us, at_any_hour=ends)
        if self.draws.chance(0.3):
            at_us = self._paused(clause, start_us, at_us)
        for condition in (*clause.cancels, *clause.excuses):
            if self.draws.chance(0.04):
                self._put(start_us + self._some(DAY_US), self.solver.sketch(condition))
        if clause.act is not None and at_us is not None:
            at_us = self._acts(clause, start_us, at_us)
            if clause.reopen != "new" and self.draws.chance(0.15) and clause.starts[0].kind != "first event":
                again_us = self._make(clause.starts[0], at_us + self._some(3 * DAY_US))
                self._make(clause.act, again_us + self._some(DAY_US))
        elif (
            clause.act is not None
            and ends
            and due_us is not None
            and self.draws.chance(0.97 if self.lives.states else 0.6)
        ):
            # a state that nobody ends would go on for ever
            self._make(clause.act, due_us + self._some(3 * (due_us - start_us)))
        self.cycles.setdefault(clause.group, []).append(Cycle(start_us, due_us, at_us))

    def _times(self, row: Row | None, start_us: int, *, at_any_hour: bool = False) -> tuple[int | None, int | None]:
        """The due of a row, and when the action comes: most often while people work."""
        share = self._share()
        if row is not None and row.target.attribute:
            due_us = _whole(start_us + self.draws.pick(AHEAD_US[1:]))
            self.first = self.first.over(Sketch(carries={row.target.attribute: Instant(due_us)}))
        else:
            due = self.work.due(row.target, start_us) if row else start_us + self._some(DAY_US)
            if due is None:
                return None, start_us + self._some(DAY_US)
            due_us = due
        if share is None:
            return due_us, None
        if row is not None and row.target.amount is not None:
            at_us = self.work.due(row.target, start_us, share)
            at_us = due_us if at_us is None else at_us
        else:
            at_us = start_us + int((due_us - start_us) * share)
        if at_any_hour or share == 1.0 or self.draws.chance(0.2):
            return due_us, at_us
        working_us = self.work.open_from(at_us)
        return due_us, working_us if (working_us <= due_us) == (at_us <= due_us) else at_us

    def _acts(self, clause: Clause, start_us: int, at_us: int) -> int:
        """The actions that fulfil a clause, the last of them at an instant; one too few, seldom."""
        assert clause.act is not None
        needed = max(clause.needed, clause.distinct_needed)
        pool = self.lives.pools.get(clause.distinct)
        for number in range(1, needed):
            if self.draws.chance(0.03):
                continue
            moment_us = start_us + (at_us - start_us) * number // needed
            self._make(clause.act, moment_us, _nth(clause.distinct, pool, number))
        return self._make(clause.act, at_us, _nth(clause.distinct, pool, 0))

    def _paused(self, clause: Clause, start_us: int, at_us: int | None) -> int | None:
        """A pause somewhere before the action, which comes that much later."""
        if not clause.pauses:
            return at_us
        pause = self.draws.pick(clause.pauses)
        span = (at_us or start_us + DAY_US) - start_us
        begin_us = start_us + int(span * self.draws.between(0.1, 0.8))
        length_us = self._some(2 * DAY_US)
        self._put(begin_us, self.solver.sketch(pause.condition))
        self._put(begin_us + length_us, self.solver.sketch(pause.condition, False))
        return None if at_us is None else at_us + length_us

    def _every(self, clause: Clause, row: Row | None, start_us: int) -> None:
        at_us = start_us
        for _ in range(1 + self.draws.below(4)):
            due_us, act_us = self._times(row, at_us)
            self.cycles.setdefault(clause.group, []).append(Cycle(at_us, due_us, act_us))
            if act_us is None or clause.act is None:
                break
            at_us = self._make(clause.act, act_us)
        state = clause.starts[0]
        if state.kind == "begins" and self.draws.chance(0.8):
            self._put(at_us + self._some(6 * HOUR_US), self.solver.sketch(state.condition, False))

    def _forbidden(self, clause: Clause, row: Row | None, start_us: int) -> None:
        """An inverse clause: the act seldom comes in time, the end mostly does."""
        end_us = (self.work.due(row.target, start_us) if row else None) or start_us + self._some(5 * DAY_US)
        cycle = Cycle(start_us, end_us, end_us)
        if clause.act is not None:
            is_broken = self.draws.chance(0.18)
            acts = [
                self._make(clause.act, start_us + int((end_us - start_us) * self.draws.between(0.1, 0.9)))
                for _ in range(clause.needed if is_broken else self.draws.below(clause.needed))
            ]
            if is_broken:
                cycle = Cycle(start_us, max(acts), None)
        self.cycles.setdefault(clause.group, []).append(cycle)
        if clause.end is not None and clause.form is not Form.AT_MOST and self.draws.chance(0.8):
            for number in range(clause.end_needed):
                self._make(clause.end, end_us + number * MINUTE_US)
        self.last_us = max(self.last_us, end_us)

    def _sum(self, clause: Clause, row: Row | None, start_us: int) -> None:
        """Stretches of a state, which the clause bounds in sum; it stands still while its pause holds."""
        if row is None or not clause.pauses:
            return
        waiting = clause.pauses[0].condition
        at_us, left = start_us, 1.0
        for _ in range(1 + self.draws.below(2)):
            self._put(at_us, self.solver.sketch(waiting, False))
            share = self.draws.between(0.1, 0.8)
            if share > left:
                due_us = self.work.due(row.target, at_us, left)
                self.cycles.setdefault(clause.group, []).append(Cycle(start_us, due_us, None))
            left -= share
            at_us = self.work.due(row.target, at_us, share) or at_us + HOUR_US
            self._put(at_us, self.solver.sketch(waiting))
            at_us += self._some(DAY_US)

    # --- states that are measured ------------------------------------------------------------------------------------

    def _states(self) -> None:
        """The states whose time is measured: they hold from the first event on, but for some stretches."""
        for measure in self.lives.states:
            if not isinstance(measure, _MEASURES_OF_STATES):
                continue
            held = isinstance(measure, ShareTime)
            self.first = self.solver.sketch(measure.condition, held).over(self.first)
            at_us = self.arrival_us
            while self.draws.chance(0.4):
                at_us += self._some(6 * DAY_US)
                self._put(at_us, self.solver.sketch(measure.condition, not held))
                at_us += self._some(HOUR_US // 2)
                self._put(at_us, self.solver.sketch(measure.condition, held))
        for objective in self.plan.objectives:
            for exclusion in objective.exclusions:
                if exclusion.condition is not None and self.draws.chance(0.2):
                    at_us = self.arrival_us + self._some(6 * DAY_US)
                    self._put(at_us, self.solver.sketch(exclusion.condition))
                    self._put(at_us + self._some(4 * HOUR_US), self.solver.sketch(exclusion.condition, False))


def _nth(attribute: str, pool: Pool | None, number: int) -> Sketch:
    """What an action carries so that several of them differ."""
    if not attribute or pool is None or not pool.values:
        return NOTHING
    return Sketch(carries={attribute: pool.values[number % len(pool.values)]})


def _whole(us: int) -> int:
    """The whole second at or before an instant."""
    return us - us % _SECOND_US
