"""A small plan that uses a bit of everything, made by hand so that these tests need no other room."""

from fractions import Fraction
from typing import Any

from sladsl.clock import Amount, CalendarSpec, ClockKind, ClosedDates, DatedHours, Hours, Point, Season, WindowSpec
from sladsl.events import ColumnRule, InputSpec, StepRule
from sladsl.ir.expression import (
    ActorIs,
    And,
    Arithmetic,
    Attribute,
    Between,
    Compare,
    Condition,
    During,
    EventAttribute,
    History,
    HistoryOf,
    InList,
    InstantPart,
    Known,
    Literal,
    Not,
    Now,
    Or,
    Ref,
    TextTest,
    Trigger,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.objective import Combined, CountMeasure, Exclusion, Number, Objective, ShareMet
from sladsl.ir.plan import (
    Alert,
    Clause,
    Form,
    HowOften,
    Level,
    Lifecycle,
    Party,
    Pause,
    Penalty,
    Phrase,
    Plan,
    Protocol,
    Row,
    Target,
)

HOUR_US = 3_600_000_000
NUMBER, TEXT, TRUTH = ValueKind.NUMBER, ValueKind.TEXT, ValueKind.TRUTH


def exact(hours: int) -> Target:
    return Target(Amount(ClockKind.EXACT, hours * HOUR_US, f"{hours}h"), written=f"{hours}h")


def business(hours: int) -> Target:
    written = f"{hours} business hours"
    return Target(Amount(ClockKind.BUSINESS_TIME, hours * HOUR_US, written), calendar=0, written=written)


def state(expr: Any, *reads: str, name: str = "", event: bool = False) -> Condition:
    return Condition(expr, TRUTH, False, tuple(sorted(reads)), event, name, name)


def action(expr: Any, *reads: str, name: str = "") -> Condition:
    return Condition(expr, TRUTH, True, tuple(sorted(reads)), True, name, name)


def small_plan(**changes: Any) -> Plan:
    """Two clauses, one that follows the other, and an objective."""
    score = Attribute("score", NUMBER)
    conditions = (
        state(Compare(">=", score, Literal(Fraction(121, 2), NUMBER), NUMBER), "score", name="qualified lead"),
        action(TypeMatches(("contact",), ("contact",), "contacts"), name="contacts"),
        action(ActorIs("sales"), name="sales"),
        action(And((Ref(1), Ref(2))), name="sales contacts"),
        state(Or((Not(Ref(0)), InList(Attribute("role", TEXT), ("cto", "cfo"), TEXT))), "role", "score"),
        state(Between(score, Literal(1, NUMBER), Literal(9, NUMBER), NUMBER, True), "score"),
        action(During(0)),
        action(Compare(">", History(0, NUMBER), Literal(3, NUMBER), NUMBER)),
        action(TextTest("contains", EventAttribute("note", TEXT), Literal("urgent", TEXT))),
        action(Compare("=", InstantPart("weekday", Now()), Literal("mon", TEXT), TEXT)),
        state(Known(Arithmetic("/", score, Literal(2, NUMBER), NUMBER)), "score"),
    )
    contact = Clause(
        0,
        0,
        "first contact",
        "sales",
        Form.WITHIN,
        Level(),
        starts=(Trigger("begins", 0, "qualified lead"),),
        act=Trigger("happens", 3, "sales contacts"),
        when=5,
        rows=(Row(exact(1), 4), Row(business(24))),
        pauses=(Pause(10, exact(10)),),
        cancels=(4,),
        excuses=(5,),
        alerts=(Alert("warn", share=(75, 100)), Alert("escalate", "manager", after=exact(48))),
        penalties=(Penalty("200.50", "EUR"),),
        written="sales contacts qualified lead within 24 business hours",
        line=3,
    )
    rescue = Clause(
        1,
        1,
        "rescue",
        "",
        Form.BY,
        Level("service hosting", 5),
        starts=(Trigger("breach", 0),),
        act=Trigger("happens", 1),
        guard=5,
        how=HowOften.EACH,
        rows=(Row(Target(point=Point(18 * HOUR_US, "same", cutoff_us=14 * HOUR_US), calendar=0)),),
        after=(0,),
        protocol="new lead",
    )
    attainment = Objective(
        "attainment",
        Combined("+", ShareMet(0), Number(Fraction(1, 3))),
        ">=",
        Fraction(19, 20),
        WindowSpec("month"),
        unit="share",
        exclusions=(Exclusion(calendar=0),),
    )
    volume = Objective("volume", CountMeasure(Trigger("begins", 0), party=2), ">=", Fraction(5), WindowSpec("month"))
    office = CalendarSpec(
        "office",
        (Hours((0, 1, 2, 3, 4), ((9 * HOUR_US, 18 * HOUR_US),)),),
        seasons=(Season((6, 15), (9, 16), None, 2027, (Hours((0,), ((8 * HOUR_US, 15 * HOUR_US),)),)),),
        dated=(DatedHours("2026-12-24", ((9 * HOUR_US, 13 * HOUR_US),)),),
        closed=(ClosedDates("2026-08-10", "2026-08-21"),),
        zone="Europe/Madrid",
    )
    leads = InputSpec(
        "leads",
        case=ColumnRule("case", "lead_id"),
        time=ColumnRule("time", "created", format="%d/%m/%Y"),
        steps=(StepRule("won", "won_at", unit="ms"),),
        missing=("?",),
    )
    fields: dict[str, Any] = {
        "name": "Marketing “and” Sales",
        "edition": 1,
        "zone": "Europe/Madrid",
        "case_word": "lead",
        "language": "en",
        "effective": (None, 1_800_000_000_000_000),
        "lateness_us": HOUR_US,
        "between": ("marketing", "sales"),
        "case_until": Trigger("happens", 6),
        "inputs": (leads,),
        "calendars": (office,),
        "conditions": conditions,
        "histories": (HistoryOf("distinct", Trigger("happens", 1), "channel"),),
        "parties": (Party("sales", 2, "sales manager"),),
        "groups": ("first contact", "rescue"),
        "clauses": (contact, rescue),
        "order": (0, 1),
        "objectives": (attainment, volume),
        "lifecycles": (Lifecycle("lead", (("qualified", 0),)),),
        "protocols": (Protocol("new lead", (1,)),),
        "phrases": (Phrase("contacts", 1),),
        "credit_cap": ("15/100", "1000", "EUR", "month"),
        "attributes": ("note", "role", "score"),
    }
    return Plan(**(fields | changes))
