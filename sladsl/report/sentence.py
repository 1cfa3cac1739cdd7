"""Each promise read back as one sentence, so that its author sees what was understood.

Takes:  a Plan.
Gives:  `clause_sentence` and `objective_sentence`: who owes what to whom, from when, on which clock, and what changes it.
Never:  repeats the author's line: everything is said from what the plan does, in other words where it can.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sladsl.clock import Amount, ClockKind, amount_text, duration_text
from sladsl.ir.expression import ActorIs, And, Compare, EventType, Expr, InList, Literal, Ref, Trigger, TypeMatches
from sladsl.ir.objective import (
    Combined,
    CountMeasure,
    Measure,
    Number,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    TimeStatistic,
    TimeWhile,
)
from sladsl.ir.plan import Alert, Clause, Form, HowOften, Pause, Plan, Target
from sladsl.ir.show import show_expression
from sladsl.report.objective_words import promise_text
from sladsl.report.words import counted, number_text
from sladsl.text import fold

_HOUR_US, _DAY_US = 3_600_000_000, 86_400_000_000
_ORDINALS = {2: "2nd", 3: "3rd"}
_CHANGES = {"restart": "starts the clock anew", "keep": "changes nothing once the clock runs"}


def clause_sentence(plan: Plan, clause: Clause) -> str:
    """One sentence about one clause, with a capital and a full stop."""
    parts = [_head(plan, clause), *_rows(plan, clause), *_details(plan, clause)]
    return _sentence("; ".join(parts))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _head(plan: Plan, clause: Clause) -> str:
    whom = f"{_level(plan, clause)}, {_owes(plan, clause)}"
    act = _act(plan, clause.act)
    start = _start(plan, clause)
    target = _target(plan, clause.rows[-1].target) if clause.rows else ""
    match clause.form:
        case Form.WITHIN | Form.BY:
            return f"{whom} {act} {target}{start}"
        case Form.EVERY:
            every = target.removeprefix("within ")
            begun = next((start for start in clause.starts if start.kind == "begins"), None)
            held = f" while {_condition(plan, begun.condition)} holds" if begun else ""
            return f"{whom} {act} at least once every {every}{held}, and each time starts the next cycle"
        case Form.AT_LEAST:
            distinct = ""
            if clause.distinct:
                distinct = f" over at least {clause.distinct_needed} different values of `{clause.distinct}`"
            return f"{whom} {act} at least {counted(clause.needed, 'time')}{distinct} {target}{start}"
        case Form.LASTS:
            state = _condition(plan, clause.starts[0].condition)
            return f"{_level(plan, clause)}, {state} may hold for at most {target.removeprefix('within ')} in one go"
        case Form.TIME_WHILE:
            state = _paused_unless(plan, clause)
            most = target.removeprefix("within ")
            return f"{_level(plan, clause)}, the time while {state} may add up to at most {most}{_until(plan, clause)}"
        case Form.AT_MOST:
            most = f"at most {clause.needed - 1:,} times {act}"
            return f"{_level(plan, clause)}, there may be {most}{_until(plan, clause)}"
        case Form.MUST_NOT_WITHIN:
            return f"{_level(plan, clause)}, {_who(clause)} must not do {act} {target}{start}"
        case Form.MUST_NOT_BEFORE:
            before = _act(plan, clause.end) if clause.end else "the end"
            number = f"{clause.end_needed:,} times " if clause.end_needed > 1 else ""
            return f"{_level(plan, clause)}, {_who(clause)} must not do {act} before {number}{before}"
        case Form.MUST_NOT_WHILE:
            state = _condition(plan, clause.starts[0].condition)
            return f"{_level(plan, clause)}, {_who(clause)} must not do {act} while {state} holds"


def _level(plan: Plan, clause: Clause) -> str:
    every = f"for every {plan.case_word}"
    if clause.level.condition is not None:
        every += f" at the level {clause.level.name}"
    others = [other for other in plan.clauses if other.group == clause.group and other.index != clause.index]
    if clause.guard is not None and clause.guard != clause.level.condition and others:
        every += " to which no more specific level applies"
    return every


def _who(clause: Clause) -> str:
    return clause.party or "anybody"


def _owes(plan: Plan, clause: Clause) -> str:
    if not clause.party:
        return "there must be"
    others = [name for name in plan.between if fold(name) != fold(clause.party)]
    creditor = f" {others[0]}" if len(plan.between) == 2 and len(others) == 1 else ""
    return f"{clause.party} owes{creditor}"


def _act(plan: Plan, act: Trigger | None) -> str:
    """What is waited for, with what it means where its words alone do not say it."""
    if act is None:
        return "nothing"
    if act.kind == "begins":
        return f"that {_condition(plan, act.condition)} begins to hold"
    if act.kind == "ends":
        return f"that {_condition(plan, act.condition)} ceases to hold"
    name = act.written or plan.conditions[act.condition].name or plan.conditions[act.condition].written
    meaning = _meaning(plan, act.condition)
    shown = f"`{name}`" if name else meaning
    return f"{shown} ({meaning})" if name and meaning and meaning != f"`{name}`" else shown


def _meaning(plan: Plan, index: int) -> str:
    """How an action is recognised: the event types, and the actor."""
    parts = list(_recognised(plan, plan.conditions[index].expr))
    return ", ".join(dict.fromkeys(parts))


def _recognised(plan: Plan, expr: Expr) -> Iterator[str]:
    if isinstance(expr, And):
        for operand in expr.operands:
            yield from _recognised(plan, operand)
    elif isinstance(expr, TypeMatches):
        yield f"an event named like `{expr.written or ' '.join(expr.allowed)}`"
    elif isinstance(expr, ActorIs):
        yield f"by the actor `{expr.name}`"
    elif isinstance(expr, Ref):
        condition = plan.conditions[expr.condition]
        party = next((party for party in plan.parties if party.condition == expr.condition), None)
        if party is not None and not isinstance(condition.expr, ActorIs):
            yield f"by {party.name}: {party.written or condition.written or show_expression(condition.expr)}"
        elif isinstance(condition.expr, (And, TypeMatches, ActorIs)) and not condition.name:
            yield from _recognised(plan, condition.expr)
        elif condition.written or not condition.name:
            yield condition.written or show_expression(condition.expr)
    elif isinstance(expr, Compare) and isinstance(expr.left, EventType) and isinstance(expr.right, Literal):
        yield f"the event `{expr.right.value}`"
    elif isinstance(expr, InList) and isinstance(expr.operand, EventType):
        yield f"an event {' or '.join(f'`{value}`' for value in expr.values)}"
    else:
        yield show_expression(expr)


def _condition(plan: Plan, index: int, defined: bool = True) -> str:
    """A condition by its name, and once in brackets what it is defined as."""
    condition = plan.conditions[index]
    if isinstance(condition.expr, Ref) and not condition.name:
        return _condition(plan, condition.expr.condition, defined)
    written = condition.written or show_expression(condition.expr)
    if not condition.name:
        return f"`{written}`"
    if not defined or fold(written) == fold(condition.name):
        return f"`{condition.name}`"
    return f"`{condition.name}` ({written})"


def _start(plan: Plan, clause: Clause) -> str:
    starts = " or ".join(dict.fromkeys(_one_start(plan, clause, start) for start in clause.starts))
    held = f", if {_condition(plan, clause.subject)} holds then" if clause.subject is not None else ""
    held += f", where {_condition(plan, clause.when)} at the start" if clause.when is not None else ""
    return f", {starts}{held}"


def _one_start(plan: Plan, clause: Clause, start: Trigger) -> str:
    how = clause.how
    if start.kind == "first event":
        return f"from the first event of the {plan.case_word}"
    if start.kind in ("breach", "fulfilment"):
        late = " (a late one counts)" if start.kind == "fulfilment" else ""
        return f"from {_which(how, 'the')} {start.kind} of `{plan.groups[start.condition]}`{late}{_clocks(how)}"
    if start.kind == "happens":
        name = start.written or plan.conditions[start.condition].name or plan.conditions[start.condition].written
        return f"from {_which(how, 'each')} `{name}`{_clocks(how)}"
    verb = "begins" if start.kind == "begins" else "ceases"
    time = {HowOften.FIRST: " for the first time", HowOften.LATEST: ", the latest time"}.get(how, "")
    return f"from when {_condition(plan, start.condition)} {verb} to hold{time}{_clocks(how)}"


def _which(how: HowOften, usual: str) -> str:
    return {HowOften.FIRST: "the first", HowOften.LATEST: "the latest", HowOften.EACH: "each"}.get(how, usual)


def _clocks(how: HowOften) -> str:
    if how is HowOften.EACH:
        return ", every one on a clock of its own"
    return " unless one is already running" if how is HowOften.FREE else ""


def _target(plan: Plan, target: Target) -> str:
    if target.attribute:
        return f"by the instant that `{target.attribute}` holds"
    if target.point is not None:
        return f"by {_point(plan, target)}"
    assert target.amount is not None
    return f"within {_amount(plan, target.amount, target.calendar)}"


def _amount(plan: Plan, amount: Amount, calendar: int | None) -> str:
    words = amount_text(amount)
    match amount.kind:
        case ClockKind.EXACT:
            written = amount.written or words
            whole_days = amount.ticks % _DAY_US == 0 and not written.endswith("h")
            hours = f" ({amount.ticks // _HOUR_US} hours)" if whole_days else ""
            return f"{written}{hours} of real time"
        case ClockKind.CALENDAR_DAYS:
            return f"{words} in {plan.zone}"
        case _:
            return f"{words} of the calendar {plan.calendars[calendar].name}" if calendar is not None else words


def _point(plan: Plan, target: Target) -> str:
    point = target.point
    assert point is not None
    time = "the last closing" if point.time_of_day_us is None else _time_of_day(point.time_of_day_us)
    name = f" of the calendar {plan.calendars[target.calendar].name}" if target.calendar is not None else ""
    days = {
        "plain": "",
        "same": f" on the same business day{name}",
        "next": f" on the next business day{name}",
        "nth": f" on the {_ORDINALS.get(point.nth, f'{point.nth}th')} business day{name} after",
    }
    cutoff = ""
    if point.cutoff_us is not None:
        cutoff = f" (from {_time_of_day(point.cutoff_us)} on, a start counts for the next)"
    zone = f" in {plan.zone}" if point.day == "plain" and target.calendar is None else ""
    return f"{time}{days[point.day]}{zone}{cutoff}"


def _time_of_day(us: int) -> str:
    hours, rest = divmod(us // 1_000_000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _until(plan: Plan, clause: Clause) -> str:
    end = clause.end or plan.case_until
    return f", until {_act(plan, end)}" if end is not None else ""


def _paused_unless(plan: Plan, clause: Clause) -> str:
    """The state of `time while`: what the clause is paused without."""
    if not clause.pauses:
        return "the case lasts"
    condition = plan.conditions[clause.pauses[0].condition]
    inner = getattr(condition.expr, "operand", None)
    if isinstance(inner, Ref):
        return f"{_condition(plan, inner.condition)} holds"
    return f"`{condition.written.removeprefix('not ')}` holds" if condition.written else show_expression(condition.expr)


def _rows(plan: Plan, clause: Clause) -> Iterator[str]:
    for row in clause.rows[:-1]:
        if row.when is not None:
            target = _target(plan, row.target).removeprefix("within ")
            yield f"{target} when {_condition(plan, row.when)}"
    changes = {clause.tighter, clause.looser}
    if len(clause.rows) > 1 and changes != {"carry"}:
        if len(changes) == 1:
            yield f"another row {_CHANGES[clause.tighter]}"
        else:
            words = {**_CHANGES, "carry": "keeps what has elapsed"}
            yield f"a tighter row {words[clause.tighter]}, a looser one {words[clause.looser]}"


def _details(plan: Plan, clause: Clause) -> Iterator[str]:
    if clause.form is not Form.TIME_WHILE:
        yield from (_pause(plan, pause) for pause in clause.pauses)
    ends_with = {start.condition for start in clause.starts} if clause.form is Form.EVERY else set()
    for index in clause.cancels:
        if not (ends_with and isinstance(getattr(plan.conditions[index].expr, "operand", None), Ref)):
            yield f"cancelled when {_condition(plan, index)}"
    yield from (f"excused when {_condition(plan, index)}" for index in clause.excuses)
    if clause.cancel_after_paused is not None:
        yield f"cancelled after {_target(plan, clause.cancel_after_paused).removeprefix('within ')} of pause"
    if clause.one_for_one:
        yield "one action answers only the oldest that is unanswered"
    if clause.reopen == "ignore":
        yield "once answered, it does not start again"
    elif clause.reopen == "resume":
        bound = ""
        if clause.reopen_within is not None:
            bound = f" {_target(plan, clause.reopen_within)}"
        yield f"started again{bound} after its end, it goes on where it stood"
    yield from (_alert(plan, alert) for alert in clause.alerts)
    for penalty in clause.penalties:
        per = "miss" if penalty.per is None else f"started {_target(plan, penalty.per).removeprefix('within ')} late"
        yield f"{penalty.amount} {penalty.currency} owed per {per}"


def _pause(plan: Plan, pause: Pause) -> str:
    bound = ""
    if pause.at_most is not None:
        bound = f", at most {_target(plan, pause.at_most).removeprefix('within ')} in all"
    return f"the clock stands still while {_condition(plan, pause.condition)}{bound}"


def _alert(plan: Plan, alert: Alert) -> str:
    told = f"escalated to {alert.to}" if alert.kind == "escalate" else "warned"
    if alert.share is not None:
        above, below = alert.share
        share = f"{above}%" if below == 100 else f"{above}/{below}"
        return f"{told} at {share} of the target"
    if alert.before is not None:
        return f"{told} {_target(plan, alert.before).removeprefix('within ')} before it is due"
    if alert.after is not None:
        return f"{told} {_target(plan, alert.after).removeprefix('within ')} after the start"
    return f"{told} at the breach"


def objective_sentence(plan: Plan, place: int) -> str:
    """One sentence about the objective `plan.objectives[place]`."""
    objective = plan.objectives[place]
    window = objective.window
    period = f"rolling {window.days} days" if window.unit == "rolling" else f"calendar {window.unit}"
    bound = promise_text(objective.op, _shown_target(objective.target, objective.unit_ticks), objective.unit)
    text = f"per {period} in {plan.zone}, {_measure(plan, objective.measure)} is {bound}"
    if objective.by:
        text += (
            f", for each value of {' and '.join(f'`{name}`' for name in objective.by_written or objective.by)} apart"
        )
    if objective.counted_by != "start" and "cycles" in text:
        text += f", a cycle counting where it is {'due' if objective.counted_by == 'due' else 'closed'}"
    if objective.at_least_cases:
        text += f"; below {counted(objective.at_least_cases, 'case')} it is not judged"
    for exclusion in objective.exclusions:
        what = exclusion.written or "some time"
        bounded = ""
        if exclusion.at_most is not None and exclusion.per is not None:
            bounded = f", at most {duration_text(exclusion.at_most.ticks)} per {exclusion.per.unit}"
        text += f"; the time of `{what}` is left out{bounded}"
    if objective.level != "corporate":
        text = f"at the level {objective.level}, {text}"
    return _sentence(text)


def _shown_target(target: Fraction, ticks: int) -> Fraction:
    return target / ticks


def _measure(plan: Plan, measure: Measure) -> str:
    match measure:
        case Number(value):
            return number_text(value)
        case CountMeasure(of, party):
            by = f" by {_party(plan, party)}" if party is not None else ""
            things = f"cases in which {_condition(plan, of.condition)} first begins to hold"
            return f"the number of {things if of.kind == 'begins' else _act(plan, of)}{by}"
        case ShareMet(group, status):
            return f"the share of decided cycles of `{plan.groups[group]}` that are {status}"
        case ShareBecome(of, becomes, within, calendar):
            limit = f" within {_amount(plan, within, calendar)}" if within is not None else ""
            first, then = _condition(plan, of.condition), _condition(plan, becomes.condition)
            return f"the share of cases that come to {first} and then to {then}{limit}"
        case ShareTime(condition):
            return f"the share of all time while {_condition(plan, condition)} holds"
        case TimeWhile(condition):
            return f"the time while {_condition(plan, condition)} holds"
        case Statistic(function, attribute, at, rank):
            where = f" at {_act(plan, at)}" if at is not None else ""
            return f"the {_function(function, rank)} of `{attribute}`{where}"
        case TimeStatistic(function, group, rank):
            return f"the {_function(function, rank)} of the elapsed time of answered cycles of `{plan.groups[group]}`"
        case Combined(op, left, right):
            return f"({_measure(plan, left)}) {op} ({_measure(plan, right)})"
    return "a measure"


def _function(function: str, rank: int) -> str:
    return f"p{rank}" if rank and function.startswith("p") else function


def _party(plan: Plan, condition: int) -> str:
    return next((party.name for party in plan.parties if party.condition == condition), "the party")
