"""Results made by hand, so that the forms are tested without an evaluator."""

from fractions import Fraction
from typing import Any

from sladsl.clock import Amount, CalendarSpec, ClockKind, Hours, WindowSpec
from sladsl.evaluate.objectives import Consequence, ObjectiveAlert, ObjectiveRow, ObjectivesOutcome, Payment
from sladsl.evaluate.verdict import Alert, Cause, Verdict
from sladsl.events import FoundColumn, InputReport
from sladsl.ir.expression import ActorIs, And, Attribute, Compare, Condition, Literal, Trigger, TypeMatches, ValueKind
from sladsl.ir.objective import Number, Objective, ShareMet
from sladsl.ir.plan import Clause, Form, Level, Party, Phrase, Plan, Row, Target
from sladsl.report.result import JudgedVersion, Matched, Result
from sladsl.text import Diagnostic, Severity, Source

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
START_US = 1_772_442_000_000_000  # 2026-03-02 09:00 UTC
NUMBER, TRUTH = ValueKind.NUMBER, ValueKind.TRUTH

CONDITIONS = (
    Condition(
        Compare(">=", Attribute("score", NUMBER), Literal(60, NUMBER), NUMBER),
        TRUTH,
        False,
        ("score",),
        False,
        "score >= 60",
        "qualified lead",
    ),
    Condition(
        And((TypeMatches(("contact",), ("contact",), "contacts"), ActorIs("sales"))), TRUTH, True, (), True, "contacts"
    ),
    Condition(ActorIs("sales"), TRUTH, True, (), True, "sales", "sales"),
    Condition(TypeMatches(("contact",), ("contact",), "contacts"), TRUTH, True, (), True, "contacts"),
)


def target(hours: int, kind: ClockKind = ClockKind.EXACT) -> Target:
    written = f"{hours}h" if kind is ClockKind.EXACT else f"{hours} business hours"
    return Target(
        Amount(kind, hours * HOUR_US, written), calendar=None if kind is ClockKind.EXACT else 0, written=written
    )


def clause(index: int = 0, group: int = 0, label: str = "first contact", **changes: Any) -> Clause:
    fields: dict[str, Any] = {
        "party": "sales",
        "form": Form.WITHIN,
        "level": Level(),
        "starts": (Trigger("begins", 0, "qualified lead"),),
        "act": Trigger("happens", 1, "contacts"),
        "rows": (Row(target(24)),),
        "line": index + 1,
    }
    return Clause(index, group, label, **(fields | changes))


def plan(*clauses: Clause, **changes: Any) -> Plan:
    held = clauses or (clause(),)
    fields: dict[str, Any] = {
        "name": "Marketing and Sales",
        "edition": 1,
        "zone": "Europe/Madrid",
        "case_word": "lead",
        "language": "en",
        "effective": (None, None),
        "lateness_us": 0,
        "between": (),
        "case_until": None,
        "inputs": (),
        "calendars": (CalendarSpec("office", (Hours((0, 1, 2, 3, 4), ((9 * HOUR_US, 17 * HOUR_US),)),)),),
        "conditions": CONDITIONS,
        "histories": (),
        "parties": (Party("sales", 2),),
        "groups": tuple(dict.fromkeys(c.label for c in held)),
        "clauses": held,
        "order": tuple(range(len(held))),
        "objectives": (
            Objective("attainment", ShareMet(0), ">=", Fraction(95, 100), WindowSpec("month"), "share"),
            Objective(
                "speed", Number(Fraction(5)), "<=", Fraction(3 * DAY_US), WindowSpec("month"), "business days", DAY_US
            ),
        ),
        "phrases": (Phrase("contacts", 3, line=1),),
        "attributes": ("score",),
    }
    return Plan(**(fields | changes))


def verdict(case: str, status: str, hours: float = 1, **changes: Any) -> Verdict:
    """An instance that opened at START_US with a target of 24 hours, and took so many hours."""
    elapsed = int(hours * HOUR_US)
    late = elapsed - 24 * HOUR_US if status == "late" else None
    closed = status in ("met", "late", "cancelled", "excused")
    fields: dict[str, Any] = {
        "clause": 0,
        "group": 0,
        "case": case,
        "number": 1,
        "status": status,
        "opened_us": START_US,
        "due_us": None if status == "paused" else START_US + 24 * HOUR_US,
        "closed_us": START_US + elapsed if closed else None,
        "elapsed": elapsed,
        "row": 0,
        "paused_us": 0,
        "late_by_us": late,
        "late_by_ticks": late,
        "opened_by": Cause(0, 1, "created"),
        "closed_by": Cause(0, 2, "contact") if closed else None,
    }
    return Verdict(**(fields | changes))


def report(**changes: Any) -> InputReport:
    columns = {role: FoundColumn(role, "usual") for role in ("case", "time", "event", "actor")}
    fields: dict[str, Any] = {
        "name": "",
        "path": "leads.csv",
        "format": "csv",
        "rows": 12,
        "events": 12,
        "cases": 6,
        "first_us": START_US,
        "last_us": START_US + 72 * HOUR_US,
        "rejected": 0,
        "duplicates": 0,
        "skipped_times": 0,
        "repeated_times": 0,
        "columns": columns,
        "attributes": ("score",),
        "hash": "abc",
    }
    return InputReport(**(fields | changes))


def objective(**changes: Any) -> ObjectiveRow:
    fields: dict[str, Any] = {
        "objective": 0,
        "label": "attainment",
        "level": "corporate",
        "party": "",
        "window": "2026-03",
        "start_us": START_US,
        "end_us": START_US + 720 * HOUR_US,
        "group": (),
        "status": "missed",
        "value": Fraction(3, 5),
        "low": Fraction(3, 5),
        "high": Fraction(3, 5),
        "op": ">=",
        "target": Fraction(95, 100),
        "unit": "share",
        "unit_ticks": 1,
        "cases": 5,
        "ended": True,
    }
    return ObjectiveRow(**(fields | changes))


def result(
    verdicts: list[Verdict],
    of: Plan | None = None,
    alerts: list[Alert] | None = None,
    objectives: ObjectivesOutcome | list[ObjectiveRow] | None = None,
    **changes: Any,
) -> Result:
    judged = of or plan()
    if not isinstance(objectives, ObjectivesOutcome):
        objectives = ObjectivesOutcome(objectives or [])
    fields: dict[str, Any] = {
        "name": judged.name,
        "zone": judged.zone,
        "as_of_us": START_US + 72 * HOUR_US,
        "versions": (JudgedVersion(judged, "policy.sla", sorted(verdicts, key=Verdict.key), alerts or [], objectives),),
        "inputs": (report(),),
        "matched": (Matched("contacts", "verb", {"contact": 4}),),
    }
    return Result(**(fields | changes))


def full_result() -> Result:
    """One of everything that the text prints."""
    service = clause(1, 0, level=Level("service hosting", 0), rows=(Row(target(4, ClockKind.BUSINESS_TIME)),))
    outcome = clause(
        2, 1, "outcome with a rather long label", rows=(Row(target(1), 0), Row(target(99, ClockKind.BUSINESS_TIME)))
    )
    verdicts = [
        verdict("L1", "met", 3.2),
        verdict("L2", "met", 23),
        verdict("L3", "late", 30),
        verdict("L4", "breached", 72),
        verdict("L5", "open", 2),
        verdict("L6", "paused", 2),
        verdict("L7", "cancelled", 2),
        verdict("L8", "undetermined", 2, note="`abc` is no number"),
        verdict("L9", "met", 3, clause=1),
        verdict("L9", "late", 55.5, clause=2, group=1),
        verdict("L9", "met", 55, clause=2, group=1, number=2, row=1),
    ]
    return result(
        verdicts,
        plan(clause(), service, outcome),
        [Alert("warn", 0, 0, "L3", 1, "", START_US + 18 * HOUR_US), Alert("escalate", 0, 0, "L4", 1, "boss", START_US)],
        objectives=ObjectivesOutcome(
            [
                objective(),
                objective(
                    label="regional", group=(("region", "ES"),), status="undecided", high=Fraction(1), window="2026-04"
                ),
                objective(
                    objective=1,
                    label="speed",
                    status="met",
                    value=Fraction(5 * DAY_US, 2),
                    low=Fraction(5 * DAY_US, 2),
                    high=Fraction(5 * DAY_US, 2),
                    op="<=",
                    target=Fraction(3 * DAY_US),
                    unit="business days",
                    unit_ticks=DAY_US,
                ),
            ],
            alerts=[ObjectiveAlert("burn", 0, "attainment", (), START_US)],
            consequences=[
                Consequence(
                    "credit",
                    0,
                    None,
                    "attainment",
                    "corporate",
                    "ACME",
                    "2026-03",
                    START_US,
                    (),
                    1,
                    Fraction(100),
                    Fraction(150),
                    "EUR",
                )
            ],
            payments=[Payment("ACME", "EUR", Fraction(100), Fraction(150), "100.00")],
        ),
        warnings=(
            Diagnostic(
                "SLA0911", "`calls` matched no event of the log", None, Severity.WARNING, help="did you mean `call`?"
            ),
        ),
        inputs=(report(rejected=1, duplicates=2),),
        sources=(Source("policy.sla", "first contact: sales contacts within 24h\n"),),
    )
