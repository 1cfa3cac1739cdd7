"""Lower a checked program to the evaluation IR.

Takes:  checked.Program, every name resolved and every kind known.
Gives:  Plan: ten clause forms as one machine, conditions each after those that it refers to, equal ones once.
Never:  reads text, reads a clock, or reports a user's error.

The table of forms stands in `plan.py`; `_machine` below is that table as code.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from attrs import evolve, fields

from sladsl.checked import program as checked
from sladsl.checked import typed
from sladsl.checked.kinds import DATE, DURATION, INSTANT, NAME, TEXT, TRUTH, Kind
from sladsl.checked.values import decimal_text
from sladsl.clock import CalendarSpec
from sladsl.ir import expression as ir
from sladsl.ir import objective as measures
from sladsl.ir import plan as plans
from sladsl.ir.calendars import told_by
from sladsl.text import Source

_KINDS = {
    TEXT: ir.ValueKind.TEXT,
    NAME: ir.ValueKind.NAME,
    TRUTH: ir.ValueKind.TRUTH,
    INSTANT: ir.ValueKind.INSTANT,
    DATE: ir.ValueKind.DATE,
    DURATION: ir.ValueKind.DURATION,
}


def lower(program: checked.Program) -> plans.Plan:
    """The plan of a program. Total: every program that the checker gives has one."""
    return _Lowering(program).plan()


def value_kind(kind: Kind) -> ir.ValueKind:
    """The kind that an evaluator knows; money and shares are numbers."""
    return _KINDS.get(kind, ir.ValueKind.NUMBER)


class _Lowering:
    def __init__(self, program: checked.Program) -> None:
        self.program = program
        self.conditions: list[ir.Condition] = []
        self.by_expr: dict[tuple[ir.Expr, ir.ValueKind], int] = {}
        self.by_definition: dict[tuple[int, Kind], int] = {}
        self.histories: list[ir.HistoryOf] = []
        self.by_history: dict[ir.HistoryOf, int] = {}
        self.calendars: dict[int, int] = {}
        self.phrases: dict[tuple[int, str], plans.Phrase] = {}
        self.attributes: set[str] = set()
        self.sources = {source.name: source for source in program.sources}

    def plan(self) -> plans.Plan:
        """The whole plan."""
        program = self.program
        self._definitions()
        parties = tuple(self._party(party) for party in program.parties if party.used or not party.imported)
        clauses = tuple(self._clause(clause) for clause in program.clauses)
        objectives = tuple(self._objective(objective) for objective in program.objectives)
        lifecycles = tuple(
            plans.Lifecycle(each.name, tuple((name, self._condition(state)) for name, state in each.stages))
            for each in program.lifecycles
        )
        case_until = self._trigger(program.case_until) if program.case_until else None
        for spec in self._calendars():
            self.attributes.update(filter(None, [spec.zone_attribute, spec.named_by]))
        for condition in self.conditions:
            self._read_attributes(condition.expr)
        return plans.Plan(
            name=program.name,
            edition=program.edition,
            zone=program.zone,
            case_word=program.case_word,
            language=program.language,
            effective=program.effective,
            lateness_us=program.lateness_us,
            between=program.between,
            case_until=case_until,
            inputs=program.inputs,
            calendars=self._calendars(),
            conditions=tuple(self.conditions),
            histories=tuple(self.histories),
            parties=parties,
            groups=program.groups,
            clauses=clauses,
            order=program.order,
            objectives=objectives,
            lifecycles=lifecycles,
            protocols=tuple(plans.Protocol(each.name, each.groups) for each in program.protocols),
            phrases=tuple(self.phrases.values()),
            credit_cap=_credit_cap(program.credit_cap),
            attributes=tuple(sorted(self.attributes)),
        )

    # --- conditions ----------------------------------------------------------------------------------------------------

    def _definitions(self) -> None:
        """Every definition of the policy itself, and those of other files that it comes to, in their order."""
        reached = self._reached()
        for definition in self.program.definitions:
            if definition.number not in reached:
                continue
            for kind, expr in definition.variants:
                index = self._condition(expr, definition.name)
                self.by_definition[(definition.number, kind)] = index

    def _reached(self) -> set[int]:
        """The definitions of the policy itself, and all that it refers to, directly or through others."""
        program = self.program
        roots: list[typed.Typed] = [*program.clauses, *program.objectives]
        roots += [party.condition for party in program.parties if party.used or not party.imported]
        roots += [state for lifecycle in program.lifecycles for _, state in lifecycle.stages]
        roots += [program.case_until] if program.case_until is not None else []
        reached = {definition.number for definition in program.definitions if not definition.imported}
        waiting = [*roots, *(expr for number in reached for _, expr in program.definitions[number].variants)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, typed.DefRef) and node.definition not in reached:
                reached.add(node.definition)
                waiting.extend(expr for _, expr in program.definitions[node.definition].variants)
            waiting.extend(typed.children(node))
        return reached

    def _condition(self, expr: typed.Expr, name: str = "") -> int:
        """The index of a condition, made where there is none yet that says the same."""
        lowered = self._expr(expr)
        if isinstance(lowered, ir.Ref):
            return lowered.condition
        kind = value_kind(expr.kind)
        known = self.by_expr.get((lowered, kind))
        if known is not None:
            if name and not self.conditions[known].name:
                self.conditions[known] = evolve(self.conditions[known], name=name)
            return known
        action, reads, reads_event = self._reads(lowered)
        written = self._written(expr)
        self.conditions.append(ir.Condition(lowered, kind, action, reads, reads_event, written, name))
        self.by_expr[(lowered, kind)] = len(self.conditions) - 1
        return len(self.conditions) - 1

    def _ref(self, expr: typed.Expr) -> ir.Ref:
        return ir.Ref(self._condition(expr))

    def _written(self, expr: typed.Expr) -> str:
        if isinstance(expr, typed.TypeMatches):
            return expr.written
        # several `when`, each a detail of its own
        if isinstance(expr, typed.And) and expr.span == expr.operands[0].span:
            return ", ".join(map(self._written, expr.operands))
        return " ".join(self._source(expr).slice(expr.span).split())

    def _line(self, node: typed.Typed) -> int:
        return self._source(node).position(node.span.start)[0]

    def _source(self, node: typed.Typed) -> Source:
        return self.sources.get(node.span.source, self.program.source)

    def _reads(self, expr: ir.Expr) -> tuple[bool, tuple[str, ...], bool]:
        """Whether an expression is an action, which last values it reads, and whether it reads the event or the instant."""
        action = event = False
        reads: set[str] = set()
        waiting: list[Any] = [expr]
        while waiting:
            node = waiting.pop()
            match node:
                case ir.Attribute():
                    reads.add(node.name)
                case ir.EventAttribute() | ir.EventType() | ir.Actor() | ir.TypeMatches() | ir.ActorIs():
                    action = event = True
                case ir.Now() | ir.History():
                    event = True
                case ir.During():
                    event = True
                    reads.update(told_by(self._calendars(), node.calendar))
                case ir.Ref():
                    other = self.conditions[node.condition]
                    action, event = action or other.action, event or other.reads_event
                    reads.update(other.reads)
            waiting.extend(_children(node))
        return action, tuple(sorted(reads)), event

    def _read_attributes(self, expr: ir.Expr) -> None:
        waiting: list[Any] = [expr]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ir.Attribute, ir.EventAttribute)):
                self.attributes.add(node.name)
            waiting.extend(_children(node))

    def _expr(self, e: typed.Expr) -> ir.Expr:
        match e:
            case typed.Lit():
                return ir.Literal(e.value, value_kind(e.of))
            case typed.Attr():
                kind = value_kind(e.of)
                return ir.EventAttribute(e.name, kind) if e.own else ir.Attribute(e.name, kind)
            case typed.EventType():
                return ir.EventType()
            case typed.Actor():
                return ir.Actor()
            case typed.CaseId():
                return ir.CaseId()
            case typed.Now():
                return ir.Now()
            case typed.DefRef():
                return ir.Ref(self.by_definition[(e.definition, e.of)])
            case typed.Not():
                return ir.Not(self._expr(e.operand))
            case typed.And():
                return ir.And(tuple(self._expr(operand) for operand in e.operands))
            case typed.Or():
                return ir.Or(tuple(self._expr(operand) for operand in e.operands))
            case typed.Compare():
                return ir.Compare(e.sign, self._expr(e.left), self._expr(e.right), value_kind(e.of))
            case typed.InList():
                return ir.InList(self._expr(e.operand), e.values, value_kind(e.of), e.negated)
            case typed.Between():
                low, high = self._expr(e.low), self._expr(e.high)
                return ir.Between(self._expr(e.operand), low, high, value_kind(e.of), e.negated)
            case typed.Known():
                return ir.Known(self._expr(e.operand))
            case typed.TextTest():
                return ir.TextTest(e.test, self._expr(e.left), self._expr(e.right))
            case typed.Arithmetic():
                return ir.Arithmetic(e.sign, self._expr(e.left), self._expr(e.right), value_kind(e.of))
            case typed.During():
                return ir.During(self._calendar(e.calendar))
            case typed.TypeMatches():
                return self._phrase(e)
            case typed.ActorIs():
                return self._own_condition(ir.ActorIs(e.name), e)
            case typed.History():
                return ir.History(self._history(e), value_kind(e.of))
            case typed.InstantPart():
                return ir.InstantPart(e.part, self._expr(e.operand))
        raise AssertionError(f"the checker let {type(e).__name__} pass")

    def _own_condition(self, lowered: ir.Expr, e: typed.Expr, written: str = "") -> ir.Ref:
        """A reference to a condition that is just this node."""
        key = (lowered, ir.ValueKind.TRUTH)
        if key not in self.by_expr:
            condition = ir.Condition(lowered, ir.ValueKind.TRUTH, True, (), True, written or self._written(e))
            self.conditions.append(condition)
            self.by_expr[key] = len(self.conditions) - 1
        return ir.Ref(self.by_expr[key])

    def _phrase(self, e: typed.TypeMatches) -> ir.Ref:
        ref = self._own_condition(ir.TypeMatches(e.required, e.allowed, e.written), e, e.written)
        key = (ref.condition, e.role)
        if key not in self.phrases:
            self.phrases[key] = plans.Phrase(e.written, ref.condition, e.role, self._line(e))
        return ref

    def _history(self, e: typed.History) -> int:
        history = ir.HistoryOf(e.function, self._trigger(e.occurrence), e.attribute, e.window)
        if e.attribute:
            self.attributes.add(e.attribute)
        if history not in self.by_history:
            self.by_history[history] = len(self.histories)
            self.histories.append(history)
        return self.by_history[history]

    def _trigger(self, occurrence: typed.Occurrence) -> ir.Trigger:
        if occurrence.what in ("breach", "fulfilment"):
            return ir.Trigger(occurrence.what, occurrence.group, occurrence.written)
        if occurrence.condition is None:
            return ir.Trigger("first event", -1, occurrence.written)
        return ir.Trigger(occurrence.what, self._condition(occurrence.condition), occurrence.written)

    # --- calendars and targets -------------------------------------------------------------------------------------------

    def _calendar(self, number: int) -> int:
        """The place of a calendar in the plan, which holds those that are used, and those that they may stand for."""
        if number not in self.calendars:
            self.calendars[number] = len(self.calendars)
            for _, other in self.program.calendars[number].spec.choices:
                self._calendar(other)
        return self.calendars[number]

    def _calendars(self) -> tuple[CalendarSpec, ...]:
        return tuple(self._placed(self.program.calendars[number].spec) for number in self.calendars)

    def _placed(self, spec: CalendarSpec) -> CalendarSpec:
        """A calendar that stands for others, with their places in the plan."""
        if spec.otherwise is None:
            return spec
        choices = tuple((name, self.calendars[number]) for name, number in spec.choices)
        return evolve(spec, choices=choices, otherwise=self.calendars[spec.otherwise])

    def _target(self, target: checked.Target) -> plans.Target:
        if target.attribute:
            self.attributes.add(target.attribute)
        calendar = self._calendar(target.calendar) if target.calendar is not None else None
        return plans.Target(target.amount, target.point, target.attribute, calendar, target.written)

    def _target_or_none(self, target: checked.Target | None) -> plans.Target | None:
        return self._target(target) if target is not None else None

    def _party(self, party: checked.Party) -> plans.Party:
        written = self._written(party.condition) if party.declared else party.name
        return plans.Party(party.name, self._condition(party.condition), party.manager, written)

    # --- clauses -----------------------------------------------------------------------------------------------------------

    def _clause(self, clause: checked.Clause) -> plans.Clause:
        machine = self._machine(clause)
        pauses = [self._pause(pause) for pause in clause.pauses]
        if clause.form == "time while":
            pauses.insert(0, plans.Pause(self._condition(_not(clause.state))))
        cancels = [self._condition(expr) for expr in clause.cancels]
        if clause.form == "every" and clause.state is not None:
            cancels.append(self._condition(_not(clause.state)))
        if clause.distinct_field:
            self.attributes.add(clause.distinct_field)
        occurrence = clause.start.occurrence
        level = clause.level
        return plans.Clause(
            index=clause.index,
            group=clause.group,
            label=self.program.groups[clause.group],  # at another level it may be written with other capitals
            party=self.program.parties[clause.party].name if clause.party is not None else "",
            form=plans.Form(clause.form),
            level=plans.Level(level.name, self._optional(level.condition)),
            guard=self._optional(clause.guard),
            when=self._optional(clause.when),
            how=plans.HowOften("free" if clause.start.often == "default" else clause.start.often),
            one_for_one=clause.one_for_one,
            distinct=clause.distinct_field,
            distinct_needed=clause.distinct,
            rows=self._rows(clause),
            pauses=tuple(pauses),
            cancels=tuple(dict.fromkeys(cancels)),
            excuses=tuple(dict.fromkeys(self._condition(expr) for expr in clause.excuses)),
            cancel_after_paused=self._target_or_none(clause.cancel_after_paused),
            tighter=clause.tighter,
            looser=clause.looser,
            reopen=clause.reopen,
            reopen_within=self._target_or_none(clause.reopen_within),
            alerts=tuple(self._alert(alert) for alert in clause.alerts),
            penalties=tuple(self._penalty(penalty) for penalty in clause.penalties),
            after=(occurrence.group,) if occurrence.what in ("breach", "fulfilment") else (),
            protocol=clause.protocol,
            written=clause.written,
            line=self._line(clause),
            **machine,
        )

    def _machine(self, clause: checked.Clause) -> dict[str, Any]:
        """What the form means: starts, act, end. The table of `plan.py`."""
        start = self._trigger(clause.start.occurrence)
        subject = self._optional(clause.subject)
        fields: dict[str, Any] = {"starts": (start,), "act": None, "subject": subject}
        if clause.act is not None:
            fields["act"] = self._act(clause, clause.act.condition, clause.act.state, clause.act.written)
        match clause.form:
            case "every":
                fields["starts"] = (start, fields["act"])
                if clause.state is not None:
                    fields["start_while"] = self._condition(clause.state)
                    if clause.start.rule != "state":
                        fields["subject"] = self._both(clause.subject, clause.state)
            case "at least":
                fields["needed"] = clause.count
            case "lasts":
                assert clause.state is not None
                fields["act"] = ir.Trigger("ends", self._condition(clause.state), start.written)
            case "must not within":
                fields |= {"inverse": True, "met_at_due": True}
            case "must not before":
                assert clause.counted is not None
                fields |= {"inverse": True, "end": self._counted(clause), "end_needed": clause.count}
            case "must not while":
                assert clause.state is not None
                fields |= {"inverse": True, "end": ir.Trigger("ends", self._condition(clause.state), start.written)}
            case "at most":
                assert clause.counted is not None
                fields |= {"inverse": True, "act": self._trigger(clause.counted), "needed": clause.count + 1}
            case "time while":
                fields |= {"inverse": True, "closes_at_due": True}
        if clause.until is not None:
            fields["end"] = self._trigger(clause.until)
        return fields

    def _act(self, clause: checked.Clause, verb: typed.Expr, state: bool, written: str) -> ir.Trigger:
        """The verb of the clause's party: an action of the party, or a state that begins at an event of the party."""
        party = self.program.parties[clause.party].condition if clause.party is not None else None
        if state:
            return ir.Trigger("begins", self._condition(verb), written, self._optional(party))
        if party is None:
            return ir.Trigger("happens", self._condition(verb), written)
        # both are conditions of their own, so that each is computed once an event
        both = ir.And((self._ref(party), self._ref(verb)))
        return ir.Trigger("happens", self._joined(both, clause, written), written)

    def _counted(self, clause: checked.Clause) -> ir.Trigger:
        """What ends `must not … before N X`: with a number, the clause's party must do it."""
        counted = clause.counted
        assert counted is not None
        if not clause.counted_by_party or clause.party is None or counted.condition is None:
            return self._trigger(counted)
        return self._act(clause, counted.condition, counted.what == "begins", counted.written)

    def _joined(self, both: ir.And, clause: checked.Clause, written: str) -> int:
        key = (both, ir.ValueKind.TRUTH)
        if key not in self.by_expr:
            action, reads, event = self._reads(both)
            party = self.program.parties[clause.party].name if clause.party is not None else ""
            condition = ir.Condition(both, ir.ValueKind.TRUTH, action, reads, event, f"{party} {written}".strip())
            self.conditions.append(condition)
            self.by_expr[key] = len(self.conditions) - 1
        return self.by_expr[key]

    def _both(self, one: typed.Expr | None, two: typed.Expr) -> int:
        return self._condition(two if one is None else typed.And((one, two), span=one.span))

    def _optional(self, expr: typed.Expr | None) -> int | None:
        return self._condition(expr) if expr is not None else None

    def _rows(self, clause: checked.Clause) -> tuple[plans.Row, ...]:
        if clause.target is None:
            return ()
        rows = [plans.Row(self._target(row.target), self._condition(row.when)) for row in clause.rows]
        return (*rows, plans.Row(self._target(clause.target)))

    def _pause(self, pause: checked.Pause) -> plans.Pause:
        return plans.Pause(self._condition(pause.condition), self._target_or_none(pause.at_most))

    def _alert(self, alert: checked.Alert) -> plans.Alert:
        before, after = self._target_or_none(alert.before), self._target_or_none(alert.after)
        return plans.Alert(alert.kind, alert.to, alert.share, before, after, alert.written)

    def _penalty(self, penalty: checked.Penalty) -> plans.Penalty:
        per = self._target_or_none(penalty.per)
        return plans.Penalty(penalty.amount, penalty.currency, per, **_cap(penalty.cap), written=penalty.written)

    # --- objectives --------------------------------------------------------------------------------------------------------

    def _objective(self, objective: checked.Objective) -> measures.Objective:
        self.attributes.update(attribute for attribute, _ in objective.by)
        party = self.program.parties[objective.party].name if objective.party is not None else ""
        return measures.Objective(
            label=objective.label,
            measure=self._measure(objective.measure),
            op=objective.sign,
            target=objective.target,
            window=objective.window,
            unit=objective.unit,
            unit_ticks=objective.unit_ticks,
            by=tuple(attribute for attribute, _ in objective.by),
            by_written=tuple(written for _, written in objective.by),
            counted_by=objective.counted_by,
            at_least_cases=objective.at_least_cases,
            exclusions=tuple(self._exclusion(each) for each in objective.exclusions),
            credits=tuple(_credit(each) for each in objective.credits),
            penalties=tuple(_objective_penalty(each) for each in objective.penalties),
            alerts=tuple(measures.BurnAlert(a.rate, a.over, a.missed, a.written) for a in objective.alerts),
            guard=self._optional(objective.guard),
            level=objective.level.name,
            party=party,
            written=objective.written,
            line=self._line(objective),
        )

    def _measure(self, m: checked.Measure) -> measures.Measure:
        match m:
            case checked.Number():
                return measures.Number(m.value)
            case checked.CountMeasure():
                party = self._condition(self.program.parties[m.party].condition) if m.party is not None else None
                return measures.CountMeasure(self._trigger(m.of), party)
            case checked.ShareMet():
                return measures.ShareMet(m.group)
            case checked.ShareBecome():
                of, becomes = self._trigger(m.of), self._trigger(m.becomes)
                within = self._target_or_none(m.within)
                if within is None:
                    return measures.ShareBecome(of, becomes)
                return measures.ShareBecome(of, becomes, within.amount, within.calendar)
            case checked.ShareTime():
                return measures.ShareTime(self._condition(m.state))
            case checked.TimeWhile():
                return measures.TimeWhile(self._condition(m.state), m.clock, self._clock_calendar(m.calendar))
            case checked.Statistic():
                self.attributes.add(m.attribute)
                at = self._trigger(m.at) if m.at is not None else None
                return measures.Statistic(m.function, m.attribute, at, m.rank)
            case checked.TimeStatistic():
                return measures.TimeStatistic(m.function, m.group, m.rank, m.clock, self._clock_calendar(m.calendar))
            case checked.Combined():
                return measures.Combined(m.sign, self._measure(m.left), self._measure(m.right))
        raise AssertionError(f"the checker let {type(m).__name__} pass")

    def _clock_calendar(self, number: int | None) -> int | None:
        return self._calendar(number) if number is not None else None

    def _exclusion(self, each: checked.Exclusion) -> measures.Exclusion:
        return measures.Exclusion(
            self._optional(each.condition), self._clock_calendar(each.calendar), each.at_most, each.per, each.written
        )


def _not(state: typed.Expr | None) -> typed.Expr:
    assert state is not None
    return typed.Not(state, span=state.span)


def _children(node: Any) -> list[Any]:
    """The expressions directly inside one."""
    found: list[Any] = []
    for name in _field_names(type(node)):
        value = getattr(node, name)
        if isinstance(value, ir.Expr):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(item for item in value if isinstance(item, ir.Expr))
    return found


_FIELDS: dict[type, tuple[str, ...]] = {}


def _field_names(kind: Any) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(f.name for f in fields(kind))
    return names


def _share_text(share: Fraction) -> str:
    return decimal_text(share) or str(share)


def _cap(cap: checked.Cap | None) -> dict[str, str]:
    """A cap as the fields of penalties: an amount, or a share of a named amount."""
    if cap is None:
        return {}
    if cap.share is None:
        return {"cap_amount": cap.amount, "cap_per": cap.per}
    share = _share_text(cap.share)
    return {"cap_share": share, "cap_of": cap.of, "cap_of_amount": cap.amount, "cap_per": cap.per}


def _credit(credit: checked.Credit) -> measures.Credit:
    tiers = tuple(measures.CreditTier(tier.share, tier.bound, tier.below) for tier in credit.tiers)
    return measures.Credit(credit.of, credit.amount, credit.currency, tiers, credit.cap_share, credit.written)


def _objective_penalty(penalty: checked.Penalty) -> measures.ObjectivePenalty:
    return measures.ObjectivePenalty(penalty.amount, penalty.currency, **_cap(penalty.cap), written=penalty.written)


def _credit_cap(cap: checked.Cap | None) -> tuple[str, str, str, str] | None:
    """(share, amount, currency, window): a cap that is an amount is the whole of it."""
    if cap is None:
        return None
    return (_share_text(cap.share) if cap.share is not None else "1", cap.amount, cap.currency, cap.per)
