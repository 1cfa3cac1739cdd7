"""Each promise read back as one sentence, so that its author sees what was understood.

Takes:  a Plan, and a language: English where none is given.
Gives:  `clause_sentence` and `objective_sentence`: who owes what to whom, from when, on which clock, and what changes it.
Never:  repeats the author's line: everything is said from what the plan does, in other words where it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from sladsl.report.language import Language
from sladsl.report.money_words import as_written, cap, consequences
from sladsl.report.phrases import Phrases, Told
from sladsl.text import fold


def clause_sentence(plan: Plan, clause: Clause, told: Told | None = None, language: Language | None = None) -> str:
    """One sentence about one clause, with a capital and a full stop.

    Args:
        plan: the policy.
        clause: one of its clauses.
        told: names whose definition the reader has seen; those told here are added. Default: none.
        language: of the words; what the author wrote stays as it is. Default: English.
    """
    return _Clause(plan, clause, told, language).sentence()


def objective_sentence(
    plan: Plan, objective: Objective, told: Told | None = None, language: Language | None = None
) -> str:
    """One sentence about one objective; `told` and `language` as for clauses."""
    return _Objective(plan, objective, told, language).sentence()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


class _Clause:
    """One clause in words."""

    def __init__(self, plan: Plan, clause: Clause, told: Told | None, language: Language | None) -> None:
        self.plan = plan
        self.clause = clause
        self.say = Phrases(plan, told, language)
        self.text = self.say.text

    def sentence(self) -> str:
        return _sentence("; ".join([f"{self.whom()}, {self.promise()}", *self.rows(), *self.details()]))

    def whom(self) -> str:
        clause = self.clause
        every = self.text("s.every.case", case=self.plan.case_word, level=_at_level(clause.level.name, self.text))
        others = [other for other in self.plan.clauses if other.group == clause.group and other.index != clause.index]
        if clause.guard is not None and clause.guard != clause.level.condition and others:
            every += self.text("s.no.more.specific" if clause.level.name == "corporate" else "s.and.no.more.specific")
        return every

    def promise(self) -> str:
        clause, say, text = self.clause, self.say, self.text
        within = say.target(clause.rows[-1].target) if clause.rows else ""
        match clause.form:
            case Form.WITHIN | Form.BY:
                return text("s.owe", who=self.owes(), act=say.act(clause.act), within=within, start=self.start())
            case Form.EVERY:
                state = clause.start_while
                return text(
                    "s.repeat",
                    who=self.owes(),
                    act=say.act(clause.act),
                    amount=self.amount(),
                    held=text("s.while.holds", state=say.condition(state)) if state is not None else "",
                    since=self.since(),
                    given=self.given(),
                )
            case Form.AT_LEAST:
                different = ""
                if clause.distinct:
                    different = text("s.different", count=clause.distinct_needed, name=clause.distinct)
                return text(
                    "s.several",
                    who=self.owes(),
                    act=say.act(clause.act),
                    times=say.times(clause.needed),
                    different=different,
                    within=within,
                    start=self.start(),
                )
            case Form.LASTS:
                held = say.condition(clause.starts[0].condition)
                return text("s.lasts", state=held, amount=self.amount(), given=self.given())
            case Form.TIME_WHILE:
                return text(
                    "s.adds.up",
                    state=self.summed_state(),
                    amount=self.amount(),
                    since=self.since(),
                    until=self.until(),
                    given=self.given(),
                )
            case Form.AT_MOST:
                return text(
                    "s.at.most",
                    act=say.act(clause.act),
                    times=say.times(clause.needed - 1),
                    since=self.since(),
                    until=self.until(),
                    given=self.given(),
                )
            case Form.MUST_NOT_WITHIN:
                start = self.start() + self.case_end()
                return text("s.not.within", forbidden=self.forbidden(), within=within, start=start)
            case Form.MUST_NOT_BEFORE:
                times = f" {say.times(clause.end_needed)}" if clause.end_needed > 1 else ""
                return text(
                    "s.not.before",
                    forbidden=self.forbidden(),
                    act=say.act(clause.end),
                    times=times,
                    since=self.since(),
                    given=self.case_end() + self.given(),
                )
            case Form.MUST_NOT_WHILE:
                forbidden, held = self.forbidden(), say.condition(clause.starts[0].condition)
                return text("s.not.while", forbidden=forbidden, state=held, given=self.case_end() + self.given())

    def amount(self) -> str:
        """The headline's amount of time."""
        return self.say.span(self.clause.rows[-1].target)

    def owes(self) -> str:
        party = self.clause.party
        if not party:
            return self.text("s.there.must.be")
        others = [name for name in self.plan.between if fold(name) != fold(party)]
        owed = len(self.plan.between) == 2 and len(others) == 1
        return self.text("s.owes", party=party, creditor=self.text("s.creditor", name=others[0]) if owed else "")

    def forbidden(self) -> str:
        party = self.clause.party or self.text("s.nobody")
        return self.text("s.must.not", party=party, act=self.say.act(self.clause.act))

    def since(self) -> str:
        """What begins a clause whose form does not say so already."""
        clause = self.clause
        for start in clause.starts:
            if start == clause.act or (start.kind == "begins" and start.condition == clause.start_while):
                continue
            if start.kind != "first event":
                return f", {self.one_start(start, alone=True)}"
            if clause.form is Form.EVERY and clause.start_while is None:
                return self.text("s.from.first.event.on", case=self.plan.case_word)
        return ""

    def given(self) -> str:
        """What must hold at the start."""
        clause, say, text = self.clause, self.say, self.text
        held = text("s.if.then", state=say.condition(clause.subject)) if clause.subject is not None else ""
        if clause.when is None:
            return held
        state = say.condition(clause.when)
        if any(start.kind == "first event" for start in clause.starts):
            return held + text("s.where.at.first.event", state=state, case=self.plan.case_word)
        return held + text("s.where.at.start", state=state)

    def summed_state(self) -> str:
        """The state of `time while`: the one that the clause is paused without."""
        if not self.clause.pauses:
            return self.text("s.case.lasts")
        return self.text("s.holds", state=self.say.denied(self.clause.pauses[0].condition))

    def until(self) -> str:
        end = self.clause.end or self.plan.case_until
        return self.text("s.until", act=self.say.act(end)) if end is not None else ""

    def case_end(self) -> str:
        """What ends the case, and with it whatever must not be."""
        end = self.plan.case_until
        return self.text("s.until", act=self.say.act(end)) if end is not None else ""

    def start(self) -> str:
        starts = self.either(dict.fromkeys(self.one_start(start) for start in self.clause.starts))
        return f", {starts}{self.given()}"

    def either(self, starts: Iterable[str]) -> str:
        """Any of them: `a or b or c`."""
        first, *more = starts
        for other in more:
            first = self.text("s.or", some=first, last=other)
        return first

    def one_start(self, start: Trigger, alone: bool = False) -> str:
        """`from each `handoff``; unless it stands alone, with what happens where one is running."""
        how, say, text = self.clause.how, self.say, self.text
        own_clock = {HowOften.EACH: "s.own.clock", HowOften.FREE: "s.unless.running"}
        clocks = text(own_clock[how]) if how in own_clock and not alone else ""
        which = {HowOften.FIRST: "s.first", HowOften.LATEST: "s.latest", HowOften.EACH: "s.each"}.get(how)
        if start.kind == "first event":
            return text("s.from.first.event", case=self.plan.case_word)
        if start.kind in ("breach", "fulfilment"):
            label = self.plan.groups[start.condition]
            return text(f"s.from.{start.kind}", which=text(which or "s.the"), label=label, clocks=clocks)
        if start.kind == "happens":
            return text("s.from.act", which=text(which or "s.each"), act=say.act(start), clocks=clocks)
        time = {HowOften.FIRST: "s.first.time", HowOften.LATEST: "s.latest.time"}.get(how)
        state = say.condition(start.condition)
        return text(f"s.from.{start.kind}", state=state, time=text(time) if time else "", clocks=clocks)

    def rows(self) -> Iterator[str]:
        clause, say, text = self.clause, self.say, self.text
        for row in clause.rows[:-1]:
            if row.when is not None:
                yield text("s.row", amount=say.span(row.target), state=say.condition(row.when))
        if len(clause.rows) > 1 and (clause.tighter, clause.looser) != ("carry", "carry"):
            tighter, looser = text(f"s.change.{clause.tighter}"), text(f"s.change.{clause.looser}")
            if clause.tighter == clause.looser:
                yield text("s.rows.same", change=tighter)
            else:
                yield text("s.rows.apart", tighter=tighter, looser=looser)

    def details(self) -> Iterator[str]:
        clause, say, text = self.clause, self.say, self.text
        if clause.form is not Form.TIME_WHILE:
            yield from (self.pause(pause) for pause in clause.pauses)
        cancels = [index for index in clause.cancels if not self.is_own_end(index)]
        if cancels:
            yield text("s.cancelled", states=say.listed([say.condition(index) for index in cancels], "or"))
        if clause.excuses:
            yield text("s.excused", states=say.listed([say.condition(index) for index in clause.excuses], "or"))
        if clause.cancel_after_paused is not None:
            yield text("s.cancelled.after", amount=say.span(clause.cancel_after_paused))
        if clause.one_for_one:
            yield text("s.one.for.one")
        if clause.reopen == "ignore":
            yield text("s.reopen.ignore")
        elif clause.reopen == "resume":
            bound = clause.reopen_within
            within = text("s.of.its.end", within=say.target(bound)) if bound is not None else ""
            yield text("s.reopen.resume", within=within)
        yield from (self.alert(alert) for alert in clause.alerts)
        for penalty in clause.penalties:
            amount = as_written(penalty.amount, penalty.currency, text)
            if penalty.per is not None:
                yield text("s.owed.started", amount=amount, period=say.span(penalty.per), cap=cap(penalty, text))
            else:
                yield text("s.owed.miss", amount=amount, cap=cap(penalty, text))

    def is_own_end(self, cancel: int) -> bool:
        """Whether a cancellation is but the end of the state of `every`, which the sentence has told."""
        state = self.clause.start_while
        return self.clause.form is Form.EVERY and state is not None and self.say.denies(cancel, state)

    def pause(self, pause: Pause) -> str:
        bound = self.text("s.in.all", amount=self.say.span(pause.at_most)) if pause.at_most is not None else ""
        return self.text("s.pause", state=self.say.condition(pause.condition), bound=bound)

    def alert(self, alert: Alert) -> str:
        text = self.text
        told = text("s.alert.escalate", to=alert.to) if alert.kind == "escalate" else text("s.alert.warn")
        if alert.share is not None:
            above, below = alert.share
            share = f"{above}{text('percent')}" if below == 100 else f"{above}/{below}"
            return text("s.alert.share", told=told, share=share)
        if alert.before is not None:
            return text("s.alert.before", told=told, amount=self.say.span(alert.before))
        if alert.after is not None:
            return text("s.alert.after", told=told, amount=self.say.span(alert.after))
        return text("s.alert.breach", told=told)


class _Objective:
    """One objective in words."""

    def __init__(self, plan: Plan, objective: Objective, told: Told | None, language: Language | None) -> None:
        self.plan = plan
        self.objective = objective
        self.say = Phrases(plan, told, language)
        self.text = self.say.text

    def sentence(self) -> str:
        objective, text, say = self.objective, self.text, self.say
        window = objective.window
        level, by = "", ""
        if objective.level != "corporate":
            words = _at_level(objective.level, text)
            level = text("s.objective.level", case=self.plan.case_word, level=words)
        promise = self.promise()
        if objective.by:
            names = [f"`{name}`" for name in objective.by_written or objective.by]
            by = text("s.for.each.value", names=say.listed(names))
        sentence = text(
            "s.objective",
            level=level,
            period=text(f"s.per.{window.unit}", days=window.days),
            zone=self.plan.zone,
            promise=promise,
            by=by,
            counted="" if objective.counted_by == "start" else text(f"s.counted.{objective.counted_by}"),
        )
        more = [self.exclusion(exclusion) for exclusion in objective.exclusions]
        if objective.at_least_cases:
            more.insert(0, text("s.below.cases", cases=say.times(objective.at_least_cases, "case")))
        return _sentence("; ".join([sentence, *more, *consequences(objective, text)]))

    def promise(self) -> str:
        objective, text = self.objective, self.text
        bound = text.bound(objective.op, objective.target / objective.unit_ticks, objective.unit)
        if isinstance(objective.measure, ShareMet):
            label = self.plan.groups[objective.measure.group]
            status = text(f"s.status.{objective.measure.status}")
            return text("s.share.promise", bound=bound, label=label, status=status)
        return text("s.promise", measure=self.measure(objective.measure), bound=bound)

    def exclusion(self, exclusion: Exclusion) -> str:
        text, what, bound = self.text, "", ""
        if exclusion.condition is not None:
            what = text("s.excluded.state", state=self.say.condition(exclusion.condition))
        elif exclusion.calendar is not None:
            what = text("s.excluded.calendar", calendar=self.say.calendar(exclusion.calendar))
        if exclusion.at_most is not None and exclusion.per is not None:
            amount = text.elapsed(exclusion.at_most.ticks).replace("\u00a0", " ")
            bound = text("s.excluded.bound", amount=amount, unit=text(f"s.unit.{exclusion.per.unit}"))
        return text("s.excluded", what=what, bound=bound)

    def measure(self, measure: Measure) -> str:
        say, groups, text = self.say, self.plan.groups, self.text
        match measure:
            case Number(value):
                return text.number(value)
            case CountMeasure(of, party):
                by = say.at_event_of(party)
                if of.kind == "begins":
                    return text("s.count.first", state=say.condition(of.condition), by=by)
                return text("s.count.act", act=say.act(of), by=by)
            case ShareMet(group, status):
                return text("s.share.status", label=groups[group], status=text(f"s.status.{status}"))
            case ShareBecome(of, becomes, within, calendar):
                first, then = say.condition(of.condition), say.condition(becomes.condition)
                limit = text("s.become.within", amount=say.amount(within, calendar)) if within is not None else ""
                return text("s.become", first=first, then=then, within=limit)
            case ShareTime(condition):
                return text("s.share.time", state=say.condition(condition))
            case TimeWhile(condition):
                return text("s.time.while", state=say.condition(condition))
            case Statistic(function, attribute, at, rank):
                where = text("s.at.act", act=say.act(at)) if at is not None else ""
                return text("s.statistic", function=self.function(function, rank), name=attribute, where=where)
            case TimeStatistic(function, group, rank):
                return text("s.time.statistic", function=self.function(function, rank), label=groups[group])
            case Combined(op, left, right):
                return text("s.combined", left=self.measure(left), op=op, right=self.measure(right))
        return text("s.measure")

    def function(self, function: str, rank: int) -> str:
        ranked = rank and function.startswith("p")
        return self.text("s.function.rank", rank=rank) if ranked else self.text(f"s.function.{function}")


def _at_level(name: str, text: Language) -> str:
    if name == "corporate":
        return ""
    if name.startswith("for "):
        return text("s.for.level", condition=name.removeprefix("for "))
    return text("s.of.level", level=text.level(name))
