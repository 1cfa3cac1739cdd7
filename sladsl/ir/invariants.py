"""The laws of the IR, each a check with a name.

Takes:  a Plan, from the lowering or from a file.
Gives:  a diagnostic for each law that it breaks; none for a plan that an evaluator may trust.
Never:  changes or repairs a plan, and never raises for one whose fields are of their declared types.

To add a law: write a function from a plan to messages and put it into `INVARIANTS` under the words that follow
"it must hold that". Tests break each law on purpose, and fail for a law that no test breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from sladsl.clock import Amount, CalendarSpec, ClockKind, WindowSpec, known_region, known_zone
from sladsl.events import ColumnRule, StepRule
from sladsl.ir.calendars import told_by
from sladsl.ir.expression import (
    And,
    Arithmetic,
    Attribute,
    Compare,
    During,
    EventAttribute,
    History,
    InList,
    InstantPart,
    Literal,
    Or,
    Ref,
    TextTest,
    Trigger,
    ValueKind,
)
from sladsl.ir.objective import Exclusion, Measure, Objective, ObjectivePenalty, ShareMet
from sladsl.ir.plan import Clause, Form, Penalty, Plan, Target
from sladsl.text import Diagnostic, fold
from sladsl.text.stem import has_stems

# One century: past it no due is ever reached in a log, and sums stay far from any limit of the evaluators.
_MOST_TICKS = 100 * 366 * 86_400_000_000
_MOST_COUNT = 1_000_000_000
_MONEY = re.compile(r"[0-9]{1,30}(\.[0-9]{1,12})?")
_SHARE = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?|[0-9]{1,30}/[1-9][0-9]{0,29}")
_PERIODS = {"", "day", "week", "month", "quarter", "year"}
_EITHER_SIDE = {"=", "!=", "<", "<=", ">", ">="}
_CONDITION_TRIGGERS = {"happens", "begins", "ends"}
_WITHOUT_TARGET = {Form.AT_MOST, Form.MUST_NOT_BEFORE, Form.MUST_NOT_WHILE}
_GROUP_TRIGGERS = {"breach", "fulfilment"}
_STATISTICS = {"min", "max", "average", "median", "total", "p"}
_LITERAL_TYPES: dict[ValueKind, tuple[type, ...]] = {
    ValueKind.NUMBER: (int, Fraction),
    ValueKind.TEXT: (str,),
    ValueKind.NAME: (str,),
    ValueKind.TRUTH: (bool,),
    ValueKind.INSTANT: (int,),
    ValueKind.DATE: (str,),
    ValueKind.DURATION: (int, Fraction),
}

Messages = Iterator[str]


def broken_invariants(plan: Plan) -> list[Diagnostic]:
    """One diagnostic for each place at which a law does not hold, in the order of `INVARIANTS`.

    Later laws are looked at only where the earlier ones hold, for they rely on them.
    """
    for name, check in INVARIANTS.items():
        broken = [Diagnostic("SLA0904", f"the compiled policy breaks a law, {name}: {m}", None) for m in check(plan)]
        if broken:
            return broken
    return []


def children(node: object) -> Iterator[object]:
    """The nodes (expressions, measures, triggers, targets …) that stand directly in a node, in order."""
    kind: Any = type(node)
    for f in attrs.fields(kind):
        value = getattr(node, f.name)
        for item in value if isinstance(value, tuple) else (value,):
            if attrs.has(type(item)):
                yield item


def nodes(root: object) -> Iterator[object]:
    """The node and all below it, each before what stands in it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def _conditions_refer_backwards(plan: Plan) -> Messages:
    for index, condition in enumerate(plan.conditions):
        for node in nodes(condition.expr):
            if isinstance(node, Ref) and not 0 <= node.condition < index:
                yield f"condition {index} refers to condition {node.condition}"
            elif isinstance(node, History):
                if not 0 <= node.index < len(plan.histories):
                    yield f"condition {index} refers to history {node.index}"
                elif plan.histories[node.index].of.condition >= index:
                    yield f"condition {index} reads a history of a condition that is not before it"
            elif isinstance(node, During) and not 0 <= node.calendar < len(plan.calendars):
                yield f"condition {index} refers to calendar {node.calendar}"


def _conditions_stand_where_they_are_named(plan: Plan) -> Messages:
    for place, index in _condition_references(plan):
        if not 0 <= index < len(plan.conditions):
            yield f"{place} refers to condition {index}"
        elif plan.conditions[index].kind is not ValueKind.TRUTH:
            yield f"{place} refers to condition {index}, which is neither true nor false"


def _condition_references(plan: Plan) -> Iterator[tuple[str, int]]:
    for clause in plan.clauses:
        place = f"clause {clause.index}"
        single = (clause.guard, clause.when, clause.subject, clause.start_while, clause.level.condition)
        rows = (row.when for row in clause.rows)
        held = (*single, *rows, *clause.cancels, *clause.excuses, *(pause.condition for pause in clause.pauses))
        yield from ((place, index) for index in held if index is not None)
    for objective in plan.objectives:
        place = f"objective `{objective.label}`"
        if objective.guard is not None:
            yield place, objective.guard
        yield from ((place, e.condition) for e in objective.exclusions if e.condition is not None)
        for node in nodes(objective.measure):
            index = getattr(node, "party", None) if isinstance(node, Measure) else None
            if index is not None:
                yield place, index
            if isinstance(node, Measure) and hasattr(node, "condition"):
                yield place, node.condition
    yield from ((place, t.party) for place, t, _ in _triggers(plan) if t.party is not None)
    yield from ((f"party `{party.name}`", party.condition) for party in plan.parties)
    yield from ((f"phrase `{phrase.written}`", phrase.condition) for phrase in plan.phrases)
    for lifecycle in plan.lifecycles:
        yield from ((f"lifecycle `{lifecycle.name}`", index) for _, index in lifecycle.stages)


def _triggers(plan: Plan) -> Iterator[tuple[str, Trigger, bool]]:
    """Place, trigger, and whether it may start from the fate of another clause."""
    for clause in plan.clauses:
        place = f"clause {clause.index}"
        yield from ((place, start, True) for start in clause.starts)
        yield from ((place, trigger, False) for trigger in (clause.act, clause.end) if trigger)
    for index, history in enumerate(plan.histories):
        yield f"history {index}", history.of, False
    if plan.case_until:
        yield "the end of a case", plan.case_until, False
    for objective in plan.objectives:
        for node in nodes(objective.measure):
            if isinstance(node, Trigger):
                yield f"objective `{objective.label}`", node, False


def _triggers_read_their_condition_as_it_is(plan: Plan) -> Messages:
    for place, trigger, may_follow in _triggers(plan):
        if trigger.kind in _CONDITION_TRIGGERS:
            if not 0 <= trigger.condition < len(plan.conditions):
                yield f"{place} has a trigger on condition {trigger.condition}"
            elif plan.conditions[trigger.condition].kind is not ValueKind.TRUTH:
                yield f"{place} has a trigger on condition {trigger.condition}, which is neither true nor false"
            elif trigger.kind != "happens" and plan.conditions[trigger.condition].action:
                yield f"{place} waits for an action to begin or end"
        elif trigger.kind in _GROUP_TRIGGERS and may_follow:
            if not 0 <= trigger.condition < len(plan.groups):
                yield f"{place} follows group {trigger.condition}"
        elif trigger.kind != "first event" or trigger.condition != -1:
            yield f"{place} has a trigger `{trigger.kind}` on {trigger.condition}"


def _clauses_and_groups_name_each_other(plan: Plan) -> Messages:
    if len(set(plan.groups)) != len(plan.groups):
        yield "two groups have one label"
    for place, clause in enumerate(plan.clauses):
        if clause.index != place:
            yield f"clause {place} says that it is clause {clause.index}"
        if not 0 <= clause.group < len(plan.groups):
            yield f"clause {place} is of group {clause.group}"
        elif clause.label != plan.groups[clause.group]:
            yield f"clause {place} is called `{clause.label}`, and its group `{plan.groups[clause.group]}`"
        elif any(not 0 <= group < len(plan.groups) for group in clause.after):
            yield f"clause {place} follows a group that is not there"
    for protocol in plan.protocols:
        if any(not 0 <= group < len(plan.groups) for group in protocol.groups):
            yield f"protocol `{protocol.name}` names a group that is not there"
    for objective in plan.objectives:
        for node in nodes(objective.measure):
            if isinstance(node, Measure) and not 0 <= getattr(node, "group", 0) < max(len(plan.groups), 1):
                yield f"objective `{objective.label}` measures a group that is not there"


def _order_follows(plan: Plan) -> Messages:
    if sorted(plan.order) != list(range(len(plan.clauses))):
        yield "the order is no permutation of the clauses"
        return
    last = {plan.clauses[index].group: place for place, index in enumerate(plan.order)}
    for place, index in enumerate(plan.order):
        clause = plan.clauses[index]
        followed = {start.condition for start in clause.starts if start.kind in _GROUP_TRIGGERS}
        if not followed <= set(clause.after):
            yield f"clause {index} follows a group that its `after` leaves out"
        if any(last.get(group, -1) >= place for group in clause.after):
            yield f"clause {index} is judged before what it follows"


def _headlines_come_last(plan: Plan) -> Messages:
    for clause in plan.clauses:
        if any(row.when is None for row in clause.rows[:-1]):
            yield f"clause {clause.index} has a row without a condition before the last"
        if clause.rows and clause.rows[-1].when is not None:
            yield f"clause {clause.index} has no headline"


def _clauses_can_run(plan: Plan) -> Messages:
    for clause in plan.clauses:
        place = f"clause {clause.index}"
        if not clause.starts:
            yield f"{place} has no start"
        if clause.act is None and clause.form is not Form.TIME_WHILE:
            yield f"{place} waits for nothing"
        if not clause.rows and not (clause.inverse and clause.form in _WITHOUT_TARGET):
            yield f"{place} has no target"
        if clause.met_at_due and not clause.rows:
            yield f"{place} is met at a due that it does not have"
        counts = (clause.needed, clause.end_needed, clause.distinct_needed + 1)
        if any(not 1 <= count <= _MOST_COUNT for count in counts):
            yield f"{place} counts out of range"
        changes = {clause.tighter, clause.looser} - {"carry", "restart", "keep"}
        if changes or clause.reopen not in {"new", "resume", "ignore"}:
            yield f"{place} changes rows or reopens in a way that is none"
        for alert in clause.alerts:
            if alert.kind not in {"warn", "escalate"}:
                yield f"{place} has an alert of kind `{alert.kind}`"
            if sum(x is not None for x in (alert.share, alert.before, alert.after)) > 1:
                yield f"{place} has an alert at two instants"
            above, below = alert.share or (0, 1)
            if not (0 <= above <= _MOST_COUNT and 0 < below <= _MOST_COUNT):
                yield f"{place} has an alert at a share that is none"


def _targets(clause: Clause) -> Iterator[Target]:
    return (node for node in nodes(clause) if isinstance(node, Target))


def _targets_say_one_thing(plan: Plan) -> Messages:
    for clause in plan.clauses:
        place = f"clause {clause.index}"
        for target in _targets(clause):
            if sum((target.amount is not None, target.point is not None, bool(target.attribute))) != 1:
                yield f"{place} has a target that is not just one of amount, point and attribute"
                continue
            if target.calendar is not None and not 0 <= target.calendar < len(plan.calendars):
                yield f"{place} refers to calendar {target.calendar}"
            if target.amount and _is_business(target.amount.kind) and target.calendar is None:
                yield f"{place} counts business time without a calendar"
            if target.point:
                point = target.point
                if point.day not in {"plain", "same", "next", "nth"} or not 1 <= point.nth <= 10_000:
                    yield f"{place} has a point on a day that is none"
                elif (point.day != "plain" or point.time_of_day_us is None) and target.calendar is None:
                    yield f"{place} names a business day without a calendar"
                times = (point.time_of_day_us, point.cutoff_us)
                if any(time is not None and not 0 <= time <= 86_400_000_000 for time in times):
                    yield f"{place} has a point at a time of day that is none"


def _is_business(kind: ClockKind) -> bool:
    return kind in (ClockKind.BUSINESS_TIME, ClockKind.BUSINESS_DAYS)


def _amounts_are_in_range(plan: Plan) -> Messages:
    held = (plan.clauses, plan.histories, plan.objectives)
    for node in (node for root in held for item in root for node in nodes(item)):
        if isinstance(node, Amount) and not 0 <= node.ticks <= _MOST_TICKS:
            yield f"an amount of {str(node.ticks)[:30]} ticks"
        elif isinstance(node, WindowSpec):
            rolling = node.unit == "rolling"
            if node.unit not in {"day", "week", "month", "quarter", "year", "rolling"}:
                yield f"a window of unit `{node.unit}`"
            elif rolling != (node.days > 0) or node.days > 36_600:
                yield f"a window of {str(node.days)[:30]} days"
    if not 0 <= plan.lateness_us <= _MOST_TICKS:
        yield "the lateness"
    start, until = plan.effective
    if start is not None and until is not None and start >= until:
        yield "the effective period ends before it begins"


def _operators_are_known(plan: Plan) -> Messages:
    for index, condition in enumerate(plan.conditions):
        for node in nodes(condition.expr):
            word = _unknown_operator(node)
            if word is not None:
                yield f"condition {index} has the operator `{word}`"
    for index, history in enumerate(plan.histories):
        if history.function not in {"count", "distinct", "sum", "first", "last", "since"}:
            yield f"history {index} has the function `{history.function}`"
        elif bool(history.attribute) != (history.function in {"distinct", "sum"}):
            yield f"history {index} has an attribute too many or too few"
    for objective in plan.objectives:
        if objective.op not in _EITHER_SIDE or objective.counted_by not in {"start", "due", "close"}:
            yield f"objective `{objective.label}` has an operator that is none"
        for node in nodes(objective.measure):
            if isinstance(node, Measure):
                yield from _measure_problems(objective.label, node, len(plan.calendars))


def _unknown_operator(node: object) -> str | None:
    known: set[str] = set()
    if isinstance(node, Compare):
        known = _EITHER_SIDE
    elif isinstance(node, TextTest):
        known = {"contains", "starts", "ends", "matches"}
    elif isinstance(node, Arithmetic):
        known = {"+", "-", "*", "/"}
    if isinstance(node, InstantPart):
        return node.part if node.part not in {"month", "hour", "weekday", "date"} else None
    if not known:
        return None
    word: str = node.op  # type: ignore[attr-defined]
    return None if word in known else word


def _measure_problems(label: str, measure: Measure, calendars: int) -> Messages:
    function = getattr(measure, "function", "p")
    rank = getattr(measure, "rank", 0)
    if function.rstrip("0123456789") not in _STATISTICS or not 0 <= rank <= 99:
        yield f"objective `{label}` has the function `{function}`"
    if getattr(measure, "op", "+") not in {"+", "-", "*", "/"}:
        yield f"objective `{label}` has an operator that is none"
    if isinstance(measure, ShareMet) and measure.status not in {"met", "late", "breached"}:
        yield f"objective `{label}` is a share of cycles that are `{measure.status}`"
    clock = getattr(measure, "clock", "exact")
    if clock not in {kind.value for kind in ClockKind}:
        yield f"objective `{label}` counts on a clock `{clock}`"
        return
    within = getattr(measure, "within", None)
    calendar = getattr(measure, "within_calendar" if within else "calendar", None)
    business = _is_business(within.kind if within else ClockKind(clock))
    if (business and calendar is None) or (calendar is not None and not 0 <= calendar < calendars):
        yield f"objective `{label}` refers to calendar {calendar}"


def _literals_are_of_their_kind(plan: Plan) -> Messages:
    for index, condition in enumerate(plan.conditions):
        for node in nodes(condition.expr):
            if isinstance(node, (Literal, InList)):
                values = (node.value,) if isinstance(node, Literal) else node.values
                if any(_misfit(value, node.kind) for value in values):
                    yield f"condition {index} holds a value that is no {node.kind.value}"
            elif isinstance(node, (And, Or)) and not node.operands:
                yield f"condition {index} joins nothing"


def _misfit(value: object, kind: ValueKind) -> bool:
    if isinstance(value, bool) and kind is not ValueKind.TRUTH:
        return True
    if kind is ValueKind.DATE and isinstance(value, str):
        return not _is_date(value)
    return not isinstance(value, _LITERAL_TYPES[kind])


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _reads_name_every_attribute(plan: Plan) -> Messages:
    for index, condition in enumerate(plan.conditions):
        read: set[str] = set()
        for node in nodes(condition.expr):
            if isinstance(node, Attribute):
                read.add(node.name)
            elif isinstance(node, Ref):
                read |= set(plan.conditions[node.condition].reads)
            elif isinstance(node, During):
                read |= set(told_by(plan.calendars, node.calendar))
            elif isinstance(node, EventAttribute) and not condition.reads_event:
                yield f"condition {index} reads the event and does not say so"
        if not read <= set(condition.reads):
            yield f"condition {index} reads `{min(read - set(condition.reads))}` and does not say so"
        if not set(condition.reads) <= read:
            yield f"condition {index} says that it reads `{min(set(condition.reads) - read)}` and does not"


def _calendars_are_calendars(plan: Plan) -> Messages:
    if not known_zone(plan.zone):
        yield f"the zone `{plan.zone}` is unknown"
    for spec in plan.calendars:
        for problem in (*_calendar_problems(spec), *_stand_in_problems(plan, spec)):
            yield f"calendar `{spec.name}`: {problem}"


def _stand_in_problems(plan: Plan, spec: CalendarSpec) -> Messages:
    """What is wrong with a calendar that stands for the one which an attribute names."""
    if not spec.named_by:
        if spec.choices or spec.otherwise is not None:
            yield "it stands for others, and no attribute says for which"
        return
    if spec != CalendarSpec(spec.name, named_by=spec.named_by, choices=spec.choices, otherwise=spec.otherwise):
        yield "it stands for others, and has hours or a zone of its own"
    places = [place for _, place in spec.choices] + ([] if spec.otherwise is None else [spec.otherwise])
    if spec.otherwise is None:
        yield "it stands for others, and for none where the attribute is unknown"
    if any(not 0 <= place < len(plan.calendars) or plan.calendars[place].named_by for place in places):
        yield "it stands for one that is not there, or that stands for others"
    if any(fold(name) != name for name, _ in spec.choices) or len(dict(spec.choices)) != len(spec.choices):
        yield "the names of those that it stands for are not folded, or not different"


def _calendar_problems(spec: CalendarSpec) -> Messages:
    for zone in (spec.zone, spec.zone_fallback):
        if zone is not None and not known_zone(zone):
            yield f"the zone `{zone}` is unknown"
    if spec.zone_attribute is not None and (spec.zone is not None or spec.zone_fallback is None):
        yield "a zone read from an attribute needs just a zone to fall back on"
    for region in spec.holidays:
        if not known_region(region):
            yield f"the region `{region}` is unknown"
    weekly = (*spec.weekly, *(hours for season in spec.seasons for hours in season.weekly))
    if any(not 0 <= day <= 6 for hours in weekly for day in hours.weekdays):
        yield "a weekday that is none"
    spans = [span for hours in weekly for span in hours.spans] + [span for d in spec.dated for span in d.spans]
    if any(not 0 <= start < until <= 2 * 86_400_000_000 or start >= 86_400_000_000 for start, until in spans):
        yield "hours that end before they begin, or last beyond the next date"
    for season in spec.seasons:
        if any(not _is_date(f"2024-{month:02}-{day:02}") for month, day in (season.start, season.end)):
            yield "a season from or until a date that is none"
        if any(year is not None and not 1 <= year <= 9999 for year in (season.start_year, season.end_year)):
            yield "a season in a year that is none"
    dates = [*(dated.date for dated in spec.dated), *(text for c in spec.closed for text in (c.first, c.last))]
    if any(not _is_date(text) for text in dates):
        yield "a date that is none"


def _inputs_can_be_read(plan: Plan) -> Messages:
    from sladsl.clock import format_problem

    if not has_stems(plan.language):
        yield f"the language `{plan.language[:40]}` is unknown"
    names = [spec.name for spec in plan.inputs]
    if len(set(names)) != len(names):
        yield "two inputs have one name"
    for spec in plan.inputs:
        named = [rule for rule in (spec.case, spec.time, spec.event, spec.actor, spec.id) if rule]
        rules: list[ColumnRule | StepRule] = [*named, *spec.attributes, *spec.steps]
        for rule in rules:
            if rule.unit is not None and rule.unit not in {"s", "ms", "us", "ns"}:
                yield f"the column `{rule.column}` has the unit `{rule.unit}`"
            if rule.format is not None and format_problem(rule.format):
                yield f"the column `{rule.column}`: {format_problem(rule.format)}"


def _money_is_money(plan: Plan) -> Messages:
    owed: list[tuple[str, str]] = []
    for clause in plan.clauses:
        owed.extend((p.amount, f"clause {clause.index}") for p in clause.penalties)
    for objective in plan.objectives:
        owed.extend(_objective_money(objective))
        if objective.unit_ticks < 1:
            yield f"objective `{objective.label}` has a unit of no ticks"
        if any(not _is_one_thing(e) for e in objective.exclusions):
            yield f"objective `{objective.label}` excludes not just one of a state and a calendar"
        if any(e.calendar is not None and not 0 <= e.calendar < len(plan.calendars) for e in objective.exclusions):
            yield f"objective `{objective.label}` excludes a calendar that is not there"
    for amount, place in owed:
        if not _MONEY.fullmatch(amount):
            yield f"{place} owes `{amount[:40]}`"
    penalties: list[Penalty | ObjectivePenalty] = [p for clause in plan.clauses for p in clause.penalties]
    penalties += [p for objective in plan.objectives for p in objective.penalties]
    caps: list[tuple[str, tuple[str, ...], str]]
    caps = [(p.cap_share, (p.cap_amount, p.cap_of_amount), p.cap_per) for p in penalties]
    if plan.credit_cap is not None:
        share, amount, _, per = plan.credit_cap
        caps.append((share, (amount,), per))
    for share, amounts, per in caps:
        if (share and not _SHARE.fullmatch(share)) or any(a and not _MONEY.fullmatch(a) for a in amounts):
            yield "a cap is neither a share nor money"
        if per not in _PERIODS:
            yield f"a cap counts per `{per[:40]}`"


def _is_one_thing(exclusion: Exclusion) -> bool:
    return (exclusion.condition is None) != (exclusion.calendar is None)


def _objective_money(objective: Objective) -> Iterable[tuple[str, str]]:
    place = f"objective `{objective.label}`"
    yield from ((credit.amount, place) for credit in objective.credits)
    yield from ((penalty.amount, place) for penalty in objective.penalties)


INVARIANTS: dict[str, Callable[[Plan], Messages]] = {
    "conditions refer backwards": _conditions_refer_backwards,
    "literals are of their kind": _literals_are_of_their_kind,
    "operators are known": _operators_are_known,
    "conditions stand where they are named": _conditions_stand_where_they_are_named,
    "triggers read their condition as it is": _triggers_read_their_condition_as_it_is,
    "clauses and groups name each other": _clauses_and_groups_name_each_other,
    "the order holds every clause once, after what it follows": _order_follows,
    "headlines come last": _headlines_come_last,
    "clauses can run": _clauses_can_run,
    "targets say one thing": _targets_say_one_thing,
    "amounts are in range": _amounts_are_in_range,
    "calendars are calendars": _calendars_are_calendars,
    "conditions name every attribute that they read": _reads_name_every_attribute,
    "inputs can be read": _inputs_can_be_read,
    "money is money": _money_is_money,
}
