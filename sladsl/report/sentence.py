"""Each promise read back as one sentence, so that its author sees what was understood.

Takes:  a Plan.
Gives:  `clause_sentence` and `objective_sentence`: who owes what to whom, from when, on which clock, and what changes it.
Never:  repeats the author's line: everything is said from what the plan does, in other words where it can.
"""

from __future__ import annotations

from collections.abc import Iterator

from sladsl.clock import duration_text
from sladsl.ir.expression import Trigger
from sladsl.ir.objective import (
    Combined,
    CountMeasure,
    Exclusion,
    Measure,
    Number,
    Objective,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    TimeStatistic,
    TimeWhile,
)
from sladsl.ir.plan import Alert, Clause, Form, HowOften, Pause, Plan
from sladsl.report.objective_words import promise_text
from sladsl.report.phrases import Phrases, Told, listed
from sladsl.report.words import counted, number_text
from sladsl.text import fold

_CHANGES = {
    "restart": "starts the clock anew",
    "keep": "changes nothing once the clock runs",
    "carry": "keeps what has elapsed",
}


def clause_sentence(plan: Plan, clause: Clause, told: Told | None = None) -> str:
    """One sentence about one clause, with a capital and a full stop.

    Args:
        plan: the policy.
        clause: one of its clauses.
        told: names whose definition the reader has seen; those told here are added. Default: none.
    """
    return _Clause(plan, clause, told).sentence()


def objective_sentence(plan: Plan, objective: Objective, told: Told | None = None) -> str:
    """One sentence about one objective; `told` as for clauses."""
    return _Objective(plan, objective, told).sentence()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


class _Clause:
    """One clause in words."""

    def __init__(self, plan: Plan, clause: Clause, told: Told | None) -> None:
        self.plan = plan
        self.clause = clause
        self.say = Phrases(plan, told)

    def sentence(self) -> str:
        return _sentence("; ".join([f"{self.whom()}, {self.promise()}", *self.rows(), *self.details()]))

    def whom(self) -> str:
        clause = self.clause
        every = f"for every {self.plan.case_word}{_at_level(clause.level.name)}"
        others = [other for other in self.plan.clauses if other.group == clause.group and other.index != clause.index]
        if clause.guard is not None and clause.guard != clause.level.condition and others:
            every += " to which no more specific level applies"
        return every

    def promise(self) -> str:
        clause, say = self.clause, self.say
        within = say.target(clause.rows[-1].target) if clause.rows else ""
        amount = within.removeprefix("within ")
        match clause.form:
            case Form.WITHIN | Form.BY:
                return f"{self.owes()} {say.act(clause.act)} {within}{self.start()}"
            case Form.EVERY:
                state = self.begun()
                held = f" while {say.condition(state)} holds" if state is not None else ""
                act = say.act(clause.act)
                return f"{self.owes()} {act} at least once every {amount}{held}, and each time starts the next cycle"
            case Form.AT_LEAST:
                different = ""
                if clause.distinct:
                    different = f" over at least {clause.distinct_needed} different values of `{clause.distinct}`"
                times = counted(clause.needed, "time")
                return f"{self.owes()} {say.act(clause.act)} at least {times}{different} {within}{self.start()}"
            case Form.LASTS:
                return f"{say.condition(clause.starts[0].condition)} may hold for at most {amount} in one go"
            case Form.TIME_WHILE:
                return f"the time while {self.summed_state()} may add up to at most {amount}{self.until()}"
            case Form.AT_MOST:
                times = counted(clause.needed - 1, "time")
                return f"{say.act(clause.act)} may happen at most {times}{self.until()}"
            case Form.MUST_NOT_WITHIN:
                return f"{self.forbidden()} {within}{self.start()}"
            case Form.MUST_NOT_BEFORE:
                times = f" {counted(clause.end_needed, 'time')}" if clause.end_needed > 1 else ""
                return f"{self.forbidden()} before {say.act(clause.end)} has happened{times}"
            case Form.MUST_NOT_WHILE:
                return f"{self.forbidden()} while {say.condition(clause.starts[0].condition)} holds"

    def owes(self) -> str:
        party = self.clause.party
        if not party:
            return "there must be"
        others = [name for name in self.plan.between if fold(name) != fold(party)]
        creditor = f" {others[0]}" if len(self.plan.between) == 2 and len(others) == 1 else ""
        return f"{party} owes{creditor}"

    def forbidden(self) -> str:
        return f"{self.clause.party or 'nobody in particular'} must not do {self.say.act(self.clause.act)}"

    def begun(self) -> int | None:
        """The state whose beginning starts an `every`."""
        return next((start.condition for start in self.clause.starts if start.kind == "begins"), None)

    def summed_state(self) -> str:
        """The state of `time while`: the one that the clause is paused without."""
        if not self.clause.pauses:
            return "the case lasts"
        return f"{self.say.denied(self.clause.pauses[0].condition)} holds"

    def until(self) -> str:
        end = self.clause.end or self.plan.case_until
        return f", until {self.say.act(end)}" if end is not None else ""

    def start(self) -> str:
        clause, say = self.clause, self.say
        starts = " or ".join(dict.fromkeys(self.one_start(start) for start in clause.starts))
        held = f", if {say.condition(clause.subject)} holds then" if clause.subject is not None else ""
        held += f", where {say.condition(clause.when)} holds at the start" if clause.when is not None else ""
        return f", {starts}{held}"

    def one_start(self, start: Trigger) -> str:
        how, say = self.clause.how, self.say
        own_clock = {
            HowOften.EACH: ", every one on a clock of its own",
            HowOften.FREE: " unless one is already running",
        }
        clocks = own_clock.get(how, "")
        which = {HowOften.FIRST: "the first", HowOften.LATEST: "the latest", HowOften.EACH: "each"}.get(how)
        if start.kind == "first event":
            return f"from the first event of the {self.plan.case_word}"
        if start.kind in ("breach", "fulfilment"):
            late = " (a late one counts)" if start.kind == "fulfilment" else ""
            return f"from {which or 'the'} {start.kind} of `{self.plan.groups[start.condition]}`{late}{clocks}"
        if start.kind == "happens":
            return f"from {which or 'each'} {say.act(start)}{clocks}"
        verb = "begins" if start.kind == "begins" else "ceases"
        time = {HowOften.FIRST: " for the first time", HowOften.LATEST: ", the latest time"}.get(how, "")
        return f"from when {say.condition(start.condition)} {verb} to hold{time}{clocks}"

    def rows(self) -> Iterator[str]:
        clause, say = self.clause, self.say
        for row in clause.rows[:-1]:
            if row.when is not None:
                yield f"{say.target(row.target).removeprefix('within ')} when {say.condition(row.when)} holds"
        if len(clause.rows) > 1 and (clause.tighter, clause.looser) != ("carry", "carry"):
            if clause.tighter == clause.looser:
                yield f"another row {_CHANGES[clause.tighter]}"
            else:
                yield f"a tighter row {_CHANGES[clause.tighter]}, a looser one {_CHANGES[clause.looser]}"

    def details(self) -> Iterator[str]:
        clause, say = self.clause, self.say
        if clause.form is not Form.TIME_WHILE:
            yield from (self.pause(pause) for pause in clause.pauses)
        cancels = [index for index in clause.cancels if not self.is_own_end(index)]
        if cancels:
            yield f"cancelled when {listed([say.condition(index) for index in cancels], 'or')}"
        if clause.excuses:
            yield f"excused when {listed([say.condition(index) for index in clause.excuses], 'or')}"
        if clause.cancel_after_paused is not None:
            yield f"cancelled after {say.target(clause.cancel_after_paused).removeprefix('within ')} of pause"
        if clause.one_for_one:
            yield "one action answers only the oldest that is unanswered"
        if clause.reopen == "ignore":
            yield "once answered, it does not start again"
        elif clause.reopen == "resume":
            within = f" {say.target(clause.reopen_within)} of its end" if clause.reopen_within is not None else ""
            yield f"started again{within}, it goes on where it stood"
        yield from (self.alert(alert) for alert in clause.alerts)
        for penalty in clause.penalties:
            per = "miss"
            if penalty.per is not None:
                per = f"started {say.target(penalty.per).removeprefix('within ')} late"
            yield f"{penalty.amount} {penalty.currency} owed per {per}"

    def is_own_end(self, cancel: int) -> bool:
        """Whether a cancellation is but the end of the state of `every`, which the sentence has told."""
        state = self.begun()
        return self.clause.form is Form.EVERY and state is not None and self.say.denies(cancel, state)

    def pause(self, pause: Pause) -> str:
        bound = ""
        if pause.at_most is not None:
            bound = f", at most {self.say.target(pause.at_most).removeprefix('within ')} in all"
        return f"the clock stands still while {self.say.condition(pause.condition)} holds{bound}"

    def alert(self, alert: Alert) -> str:
        told = f"escalated to {alert.to}" if alert.kind == "escalate" else "warned"
        if alert.share is not None:
            above, below = alert.share
            return f"{told} at {f'{above}%' if below == 100 else f'{above}/{below}'} of the target"
        if alert.before is not None:
            return f"{told} {self.say.target(alert.before).removeprefix('within ')} before it is due"
        if alert.after is not None:
            return f"{told} {self.say.target(alert.after).removeprefix('within ')} after the start"
        return f"{told} at the breach"


class _Objective:
    """One objective in words."""

    def __init__(self, plan: Plan, objective: Objective, told: Told | None) -> None:
        self.plan = plan
        self.objective = objective
        self.say = Phrases(plan, told)

    def sentence(self) -> str:
        objective = self.objective
        window = objective.window
        period = f"rolling {window.days} days" if window.unit == "rolling" else f"calendar {window.unit}"
        level = (
            "" if objective.level == "corporate" else f"for every {self.plan.case_word}{_at_level(objective.level)}, "
        )
        text = f"{level}per {period} in {self.plan.zone}, {self.promise()}"
        if objective.by:
            text += (
                f", for each value of {listed([f'`{name}`' for name in objective.by_written or objective.by])} apart"
            )
        if objective.counted_by != "start":
            text += f", a cycle counting where it is {'due' if objective.counted_by == 'due' else 'closed'}"
        if objective.at_least_cases:
            text += f"; below {counted(objective.at_least_cases, 'case')} it is not judged"
        for exclusion in objective.exclusions:
            text += f"; {self.exclusion(exclusion)}"
        return _sentence(text)

    def promise(self) -> str:
        objective = self.objective
        bound = promise_text(objective.op, objective.target / objective.unit_ticks, objective.unit)
        if isinstance(objective.measure, ShareMet):
            label, status = self.plan.groups[objective.measure.group], objective.measure.status
            return f"{bound} of the decided cycles of `{label}` must be {status}"
        return f"{self.measure(objective.measure)} must be {bound}"

    def exclusion(self, exclusion: Exclusion) -> str:
        what = ""
        if exclusion.condition is not None:
            what = f"the time while {self.say.condition(exclusion.condition)} holds"
        elif exclusion.calendar is not None:
            what = f"the opening time of {self.say.calendar(exclusion.calendar)}"
        bounded = ""
        if exclusion.at_most is not None and exclusion.per is not None:
            bounded = f", at most {duration_text(exclusion.at_most.ticks)} per {exclusion.per.unit}"
        return f"{what} is left out{bounded}"

    def measure(self, measure: Measure) -> str:
        say, groups = self.say, self.plan.groups
        match measure:
            case Number(value):
                return number_text(value)
            case CountMeasure(of, party):
                by = f" at an event of {say.party(party)}" if party is not None else ""
                if of.kind == "begins":
                    first = f"cases in which {say.condition(of.condition)} first begins to hold"
                    return f"the number of {first}{by}"
                return f"the number of {say.act(of)}{by}"
            case ShareMet(group, status):
                return f"the share of the decided cycles of `{groups[group]}` that are {status}"
            case ShareBecome(of, becomes, within, calendar):
                limit = f" within {say.amount(within, calendar)}" if within is not None else ""
                first, then = say.condition(of.condition), say.condition(becomes.condition)
                return f"the share of cases that come to {first} and then to {then}{limit}"
            case ShareTime(condition):
                return f"the share of all time while {say.condition(condition)} holds"
            case TimeWhile(condition):
                return f"the time while {say.condition(condition)} holds"
            case Statistic(function, attribute, at, rank):
                where = f" at {say.act(at)}" if at is not None else ""
                return f"the {_function(function, rank)} of `{attribute}`{where}"
            case TimeStatistic(function, group, rank):
                return f"the {_function(function, rank)} of the elapsed time of answered cycles of `{groups[group]}`"
            case Combined(op, left, right):
                return f"({self.measure(left)}) {op} ({self.measure(right)})"
        return "the measure"


def _at_level(name: str) -> str:
    if name == "corporate":
        return ""
    return f" {name.replace('for ', 'for which ', 1)} holds" if name.startswith("for ") else f" of {name}"


def _function(function: str, rank: int) -> str:
    return f"p{rank}" if rank and function.startswith("p") else function
