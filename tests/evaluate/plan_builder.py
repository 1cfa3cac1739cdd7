"""Plans, logs and expectations by hand, so that a test of an evaluator reads like what it tests.

Instants are written `02 09:00` (a day of March 2026, UTC), or as ISO 8601 with an offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from sladsl.clock import Amount, CalendarSpec, ClockKind, Hours, Point
from sladsl.evaluate.reference import judge
from sladsl.evaluate.verdict import Outcome
from sladsl.events import Event, Instant
from sladsl.ir.calendars import told_by
from sladsl.ir.expression import (
    And,
    Attribute,
    Compare,
    Condition,
    During,
    EventAttribute,
    EventType,
    Expr,
    History,
    HistoryOf,
    InList,
    Literal,
    Not,
    Now,
    Ref,
    Trigger,
    ValueKind,
)
from sladsl.ir.invariants import broken_invariants, nodes
from sladsl.ir.plan import Alert, Clause, Form, HowOften, Level, Pause, Plan, Row, Target
from sladsl.text import fold

HOUR = 3_600_000_000
_SHORT = re.compile(r"(\d\d) (\d\d):(\d\d)(?::(\d\d)(?:\.(\d{6}))?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AMOUNT = re.compile(r"([\d.]+) ?(.+)")
_UNITS = {
    "s": (ClockKind.EXACT, HOUR // 3600),
    "min": (ClockKind.EXACT, HOUR // 60),
    "h": (ClockKind.EXACT, HOUR),
    "days": (ClockKind.EXACT, 24 * HOUR),
    "business min": (ClockKind.BUSINESS_TIME, HOUR // 60),
    "business h": (ClockKind.BUSINESS_TIME, HOUR),
    "business days": (ClockKind.BUSINESS_DAYS, 24 * HOUR),
    "calendar days": (ClockKind.CALENDAR_DAYS, 24 * HOUR),
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# --- instants, logs, expectations ------------------------------------------------------------------------------------


def at(text: str) -> int:
    """Microseconds UTC of `02 09:00` or of an ISO instant with an offset."""
    short = _SHORT.fullmatch(text)
    if short:
        day, hour, minute, second, micro = (int(part or 0) for part in short.groups())
        moment = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(
            days=day - 1, hours=hour, minutes=minute, seconds=second, microseconds=micro
        )
    else:
        moment = datetime.fromisoformat(text)
        assert moment.tzinfo is not None
    return (moment - _EPOCH) // timedelta(microseconds=1)


def shown(us: int | None) -> str:
    """An instant as tests write it: `02 09:00` in March 2026, else ISO; `-` for none."""
    if us is None:
        return "-"
    moment = _EPOCH + timedelta(microseconds=us)
    fine = f":{moment:%S.%f}" if moment.microsecond else f":{moment:%S}" if moment.second else ""
    if (moment.year, moment.month) == (2026, 3):
        return f"{moment:%d %H:%M}{fine}"
    return f"{moment:%Y-%m-%dT%H:%M}{fine}Z"


def log(text: str) -> list[Event]:
    """One event a line: `A  02 09:00  created  @sales  score=80, role=cto`; two spaces part the fields, the actor may be left out."""
    events = []
    for position, line in enumerate(line.strip() for line in text.strip().splitlines()):
        case, when, kind, *rest = re.split(r"\s{2,}", line)
        actor = rest.pop(0)[1:] if rest and rest[0].startswith("@") else ""
        pairs = [pair.split("=", 1) for pair in rest[0].split(", ")] if rest else []
        attributes: dict[str, Any] = {fold(name): value for name, value in pairs}
        events.append(Event(case, at(when), kind, actor, attributes, position=position, row=position + 1))
    return events


def told(plan: Plan, outcome: Outcome) -> list[str]:
    """The verdicts, one a line: `fix A 1 met | opened | due | closed`, and the note where there is one."""
    return [
        f"{plan.groups[v.group]} {v.case} {v.number} {v.status} | "
        + " | ".join(shown(us) for us in (v.opened_us, v.due_us, v.closed_us))
        + (f" | {v.note}" if v.note else "")
        for v in outcome
    ]


def judged(builder: PlanBuilder, events: str, as_of: str | None = None) -> list[str]:
    """What the referee tells of a log."""
    plan = builder.plan()
    return told(plan, judge(plan, log(events), None if as_of is None else at(as_of)))


def alerted(builder: PlanBuilder, events: str, as_of: str | None = None) -> list[str]:
    """The alerts that the referee tells of a log, one a line: `75% 02 12:00`, and case and number where not A and 1."""
    outcome = judge(builder.plan(), log(events), None if as_of is None else at(as_of))
    others = [f" {a.case} {a.number}" if (a.case, a.number) != ("A", 1) else "" for a in outcome.alerts]
    return [f"{a.written} {shown(a.at_us)}{other}" for a, other in zip(outcome.alerts, others, strict=True)]


def lines(text: str) -> list[str]:
    """The lines of an expectation, without their indentation and with single spaces."""
    return [re.sub(r"\s+", " ", line.strip()) for line in text.strip().splitlines()]


# --- amounts, targets ------------------------------------------------------------------------------------------------


def amount(text: str) -> Amount:
    """`4h`, `90 min`, `2 business h`, `3 business days`, `30 calendar days`."""
    match = _AMOUNT.fullmatch(text)
    assert match is not None, text
    kind, ticks = _UNITS[match[2]]
    return Amount(kind, int(Fraction(match[1]) * ticks), text)


def target(what: str | Point, calendar: int | None = None) -> Target:
    """An amount as text, the instant in an attribute (`by promised`), or a point."""
    if isinstance(what, Point):
        return Target(point=what, calendar=calendar)
    if what.startswith("by "):
        return Target(attribute=fold(what[3:]))
    return Target(amount=amount(what), calendar=calendar if "business" in what else None, written=what)


def warn(at: str, calendar: int | None = None, kind: str = "warn") -> Alert:
    """`75%`, `2h before`, `after 48h`, `breach`."""
    if at.endswith("%"):
        return Alert(kind, share=(int(at[:-1]), 100), written=at)
    if at.endswith(" before"):
        return Alert(kind, before=target(at.removesuffix(" before"), calendar), written=at)
    if at.startswith("after "):
        return Alert(kind, after=target(at.removeprefix("after "), calendar), written=at)
    return Alert(kind, written=at)


# --- expressions -----------------------------------------------------------------------------------------------------


def event(*types: str) -> Expr:
    """The event is of one of these types."""
    if len(types) == 1:
        return Compare("=", EventType(), Literal(fold(types[0]), ValueKind.NAME), ValueKind.NAME)
    return InList(EventType(), tuple(fold(name) for name in types), ValueKind.NAME)


def has(name: str, value: str) -> Expr:
    """The attribute's last value is this text."""
    return Compare("=", Attribute(fold(name), ValueKind.TEXT), Literal(value, ValueKind.TEXT), ValueKind.TEXT)


def number(name: str, op: str, value: int | str) -> Expr:
    """The attribute's last value compared with a number."""
    literal = Literal(Fraction(value), ValueKind.NUMBER)
    return Compare(op, Attribute(fold(name), ValueKind.NUMBER), literal, ValueKind.NUMBER)


# --- plans -----------------------------------------------------------------------------------------------------------


class PlanBuilder:
    """Collects conditions, calendars and clauses, and gives the plan.

    An expression stands wherever a condition is asked for. `starts`, `act` and `end` are triggers, or expressions: an
    action happens, a state begins (as a start) or ends (as an end or an act).
    """

    def __init__(self, zone: str = "UTC", **plan: Any) -> None:
        self.zone = zone
        self.fields = plan
        self.conditions: list[Condition] = []
        self.histories: list[HistoryOf] = []
        self.calendars: list[CalendarSpec] = []
        self.clauses: list[Clause] = []
        self.groups: list[str] = []

    def calendar(self, *weekly: str, **spec: Any) -> int:
        """`mon-fri 09:00-17:00, 18:00-20:00`; further fields of CalendarSpec by name."""
        spec.setdefault("name", f"calendar {len(self.calendars)}")
        self.calendars.append(CalendarSpec(weekly=tuple(hours(line) for line in weekly), **spec))
        return len(self.calendars) - 1

    def history(self, function: str, of: Expr, attribute: str = "", window: str | None = None) -> Expr:
        kind = "happens" if self._action(of) else "begins"
        bound = amount(window) if window else None
        self.histories.append(HistoryOf(function, Trigger(kind, self.condition(of)), fold(attribute), bound))
        instant = function in ("first", "last")
        kind_of = ValueKind.INSTANT if instant else ValueKind.DURATION if function == "since" else ValueKind.NUMBER
        return History(len(self.histories) - 1, kind_of)

    def condition(self, expr: Expr, kind: ValueKind = ValueKind.TRUTH) -> int:
        """The index of a condition, made where it is not there yet."""
        below = [node for node in nodes(expr) if isinstance(node, Expr)]
        reads = {node.name for node in below if isinstance(node, Attribute)}
        for node in below:
            if isinstance(node, Ref):
                reads |= set(self.conditions[node.condition].reads)
            elif isinstance(node, During):
                reads |= set(told_by(self.calendars, node.calendar))
        eventful = self._action(expr) or any(isinstance(node, (During, History, Now)) for node in below)
        made = Condition(expr, kind, self._action(expr), tuple(sorted(reads)), eventful)
        if made not in self.conditions:
            self.conditions.append(made)
        return self.conditions.index(made)

    def ref(self, expr: Expr) -> Ref:
        return Ref(self.condition(expr))

    def _action(self, expr: Expr) -> bool:
        for node in nodes(expr):
            if isinstance(node, (EventType, EventAttribute)):
                return True
            if isinstance(node, Ref) and self.conditions[node.condition].action:
                return True
        return False

    def trigger(self, what: Trigger | Expr, state: str) -> Trigger:
        if isinstance(what, Trigger):
            return what
        return Trigger("happens" if self._action(what) else state, self.condition(what))

    def of(self, kind: str, label: str) -> Trigger:
        """`breach` or `fulfilment` of a label."""
        return Trigger(kind, self.group(label))

    def group(self, label: str) -> int:
        if label not in self.groups:
            self.groups.append(label)
        return self.groups.index(label)

    def _all(self, exprs: Iterable[Expr] | Expr | None) -> tuple[int, ...]:
        if exprs is None:
            return ()
        return tuple(self.condition(expr) for expr in ([exprs] if isinstance(exprs, Expr) else exprs))

    def _targets(self, rows: Any, calendar: int | None) -> tuple[Row, ...]:
        """The headline, or (target, condition) pairs before it; a target may be (text, calendar)."""
        if rows is None:
            return ()
        made = []
        for row in rows if isinstance(rows, list) else [rows]:
            what, when = row if isinstance(row, tuple) and not isinstance(row[1], int) else (row, None)
            what, of = what if isinstance(what, tuple) else (what, calendar)
            made.append(Row(target(what, of), None if when is None else self.condition(when)))
        return tuple(made)

    def clause(
        self,
        label: str,
        starts: Trigger | Expr | list[Trigger | Expr] | None = None,
        act: Trigger | Expr | None = None,
        within: Any = None,
        *,
        calendar: int | None = None,
        of: str = "free",
        guard: Expr | None = None,
        when: Expr | None = None,
        subject: Expr | None = None,
        start_while: Expr | None = None,
        end: Trigger | Expr | None = None,
        paused: Any = (),
        cancelled: Iterable[Expr] | Expr | None = None,
        excused: Iterable[Expr] | Expr | None = None,
        cancel_after_paused: str | None = None,
        reopen_within: str | None = None,
        on_change: str | None = None,
        form: Form = Form.WITHIN,
        **fields: Any,
    ) -> PlanBuilder:
        """Add a clause. `paused` holds expressions, or (expression, bound) pairs; without `starts` it is the first event."""
        first = Trigger("first event", -1)
        begin = [first] if starts is None else starts if isinstance(starts, list) else [starts]
        triggers = tuple(self.trigger(start, "begins") for start in begin)
        pauses = []
        for pause in paused if isinstance(paused, list) else [paused] if paused else []:
            expr, bound = pause if isinstance(pause, tuple) else (pause, None)
            pauses.append(Pause(self.condition(expr), None if bound is None else target(bound, calendar)))
        one = {None: None, **{expr: self.condition(expr) for expr in (guard, when, subject, start_while) if expr}}
        if on_change is not None:
            fields.update(tighter=on_change, looser=on_change)
        rows = self._targets(within, calendar)
        if fields.get("inverse") and not rows:
            form = Form.MUST_NOT_WHILE  # one of those that have no target
        self.clauses.append(
            Clause(
                index=len(self.clauses),
                group=self.group(label),
                label=label,
                party="",
                form=form,
                level=fields.pop("level", None) or _CORPORATE,
                starts=triggers,
                act=None if act is None else self.trigger(act, "ends"),
                guard=one[guard],
                when=one[when],
                subject=one[subject],
                start_while=one[start_while],
                how=HowOften(of),
                end=None if end is None else self.trigger(end, "ends"),
                rows=rows,
                pauses=tuple(pauses),
                cancels=self._all(cancelled),
                excuses=self._all(excused),
                cancel_after_paused=None if cancel_after_paused is None else target(cancel_after_paused, calendar),
                reopen_within=None if reopen_within is None else target(reopen_within, calendar),
                after=tuple(sorted({t.condition for t in triggers if t.kind in ("breach", "fulfilment")})),
                **fields,
            )
        )
        return self

    def every(self, label: str, act: Expr, within: str, state: Expr | None = None, **fields: Any) -> PlanBuilder:
        """`every D while S`."""
        cancelled = [*([Not(state)] if state is not None else []), *fields.pop("cancelled", [])]
        begin: Expr | Trigger = Trigger("first event", -1) if state is None else state
        return self.clause(
            label, [begin, act], act, within, start_while=state, cancelled=cancelled, form=Form.EVERY, **fields
        )

    def plan(self) -> Plan:
        """The plan; it keeps the laws of the IR."""
        order: list[int] = []
        while len(order) < len(self.clauses):
            done = {clause.group for clause in self.clauses} - {
                clause.group for clause in self.clauses if clause.index not in order
            }
            order += [c.index for c in self.clauses if c.index not in order and set(c.after) <= done][:1]
        made = Plan(
            name="",
            edition=1,
            zone=self.zone,
            case_word="case",
            language="en",
            effective=self.fields.get("effective", (None, None)),
            lateness_us=0,
            between=(),
            case_until=self.fields.get("case_until"),
            inputs=self.fields.get("inputs", ()),
            calendars=tuple(self.calendars),
            conditions=tuple(self.conditions),
            histories=tuple(self.histories),
            parties=(),
            groups=tuple(self.groups),
            clauses=tuple(self.clauses),
            order=tuple(order),
            objectives=(),
            attributes=tuple(sorted({name for condition in self.conditions for name in condition.reads})),
        )
        assert broken_invariants(made) == []
        return made


def hours(line: str) -> Hours:
    """`mon-fri 09:00-17:00, 18:00-20:00`; hours across midnight end after 24:00 (`22:00-30:00`)."""
    days, spans = line.split(" ", 1)
    weekdays: list[int] = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        weekdays += range(_DAYS.index(first), _DAYS.index(last or first) + 1)
    return Hours(
        tuple(weekdays), tuple((_time(a), _time(b)) for a, b in (span.split("-") for span in spans.split(", ")))
    )


def _time(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * HOUR + int(minute) * (HOUR // 60)


_CORPORATE = Level()

__all__ = [
    "HOUR",
    "And",
    "Instant",
    "Not",
    "PlanBuilder",
    "Point",
    "Trigger",
    "alerted",
    "amount",
    "at",
    "event",
    "has",
    "hours",
    "judged",
    "lines",
    "log",
    "number",
    "shown",
    "target",
    "told",
    "warn",
]
