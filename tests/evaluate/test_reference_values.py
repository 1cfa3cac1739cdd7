"""What conditions read: kinds, missing values, errors at run time, history (sections 4 and 9 of language.md)."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from plan_builder import HOUR, And, Instant, Not, PlanBuilder, at, event, has, judged, lines, log, number, told

from sladsl.evaluate.reference import judge
from sladsl.evaluate.reference.read import CellError, Past
from sladsl.events import Event
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    Arithmetic,
    Attribute,
    Between,
    CaseId,
    Compare,
    During,
    EventAttribute,
    EventType,
    Expr,
    InList,
    InstantPart,
    Known,
    Literal,
    Now,
    Or,
    Ref,
    TextTest,
    TypeMatches,
    ValueKind,
)

NUMBER, TEXT, NAME, TRUTH = ValueKind.NUMBER, ValueKind.TEXT, ValueKind.NAME, ValueKind.TRUTH
INSTANT, DATE, DURATION = ValueKind.INSTANT, ValueKind.DATE, ValueKind.DURATION


def value(expr: Expr, *carried: dict[str, object], builder: PlanBuilder | None = None, kind=TRUTH, **event_fields):
    """What an expression is after the last of some events of a case that carry these attributes."""
    builder = builder or PlanBuilder("Europe/Madrid")
    condition = builder.condition(expr, kind)
    fields = {"case": "A", "type": "note", "actor": "", **event_fields}
    events = [
        Event(fields["case"], at("02 09:00") + k * HOUR, fields["type"], fields["actor"], dict(attributes))
        for k, attributes in enumerate(carried or [{}])
    ]
    return Past(builder.plan(), events, any(e.actor for e in events)).value(condition, len(events) - 1)


def compare(op: str, left: Expr, right: Expr, kind=NUMBER) -> Expr:
    return Compare(op, left, right, kind)


def lit(what, kind=NUMBER) -> Literal:
    return Literal(Fraction(what) if kind is NUMBER else what, kind)


SCORE, PAID, SENT = Attribute("score", NUMBER), Attribute("paid", TRUTH), Attribute("sent", INSTANT)
NAMED, TEAM = Attribute("team", NAME), Attribute("team", TEXT)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("60", 60),
        (" +60.50 ", Fraction("60.5")),
        ("-1e3", -1000),
        (".5", Fraction(1, 2)),
        ("0.1", Fraction(1, 10)),
        (60, 60),
        (0.1, Fraction(1, 10)),
        (Decimal("1.50"), Fraction(3, 2)),
    ],
)
def test_numbers_are_exact(cell, read):
    assert value(SCORE, {"score": cell}, kind=NUMBER) == read


@pytest.mark.parametrize("cell", ["abc", "1,5", "0x10", "1e9999", "nan", "", float("inf"), True, Instant(7)])
def test_what_is_no_number(cell):
    with pytest.raises(CellError, match=r"`score` holds `.*`, which is not a number"):
        value(SCORE, {"score": cell}, kind=NUMBER)


def test_truths_instants_names_and_texts():
    assert [value(PAID, {"paid": cell}) for cell in ("yes", "TRUE", "1", True)] == [True] * 4
    assert [value(PAID, {"paid": cell}) for cell in ("no", "False", "0", False, 0)] == [False] * 5
    with pytest.raises(CellError, match="`paid` holds `maybe`, which is not yes or no"):
        value(PAID, {"paid": "maybe"})
    for cell in (
        "2026-03-02 10:00",
        "2026-03-02T09:00:00Z",
        Instant(at("02 09:00")),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
    ):
        assert value(SENT, {"sent": cell}, kind=INSTANT) == at("02 09:00"), cell
    assert value(SENT, {"sent": datetime(2026, 3, 2, 10)}, kind=INSTANT) == at("02 09:00")  # in the agreement's zone
    with pytest.raises(CellError, match="`sent` holds `soon`, which is not an instant"):
        value(SENT, {"sent": "soon"}, kind=INSTANT)
    with pytest.raises(CellError, match="which is not an instant"):
        value(SENT, {"sent": 7}, kind=INSTANT)
    assert value(compare("=", NAMED, lit("first line", NAME), NAME), {"team": "First_Line"})
    assert not value(compare("=", TEAM, lit("first line", TEXT), TEXT), {"team": "First_Line"})


def test_an_attribute_holds_the_last_value_and_event_attributes_only_their_own():
    assert value(SCORE, {"score": "1"}, {}, {"other": "2"}, kind=NUMBER) == 1
    assert value(EventAttribute("score", NUMBER), {"score": "1"}, {}, kind=NUMBER) is None
    assert value(SCORE, {"score": "1"}, {"score": "2"}, kind=NUMBER) == 2


def test_a_comparison_with_a_missing_value_is_false_whichever_its_operator():
    ten = lit(10)
    for expr in (
        *(compare(op, SCORE, ten) for op in ("=", "!=", "<", "<=", ">", ">=")),
        InList(SCORE, (Fraction(1),), NUMBER),
        InList(SCORE, (Fraction(1),), NUMBER, negated=True),
        Between(SCORE, lit(1), ten, NUMBER),
        Between(SCORE, lit(1), ten, NUMBER, negated=True),
        Between(lit(1), lit(0), SCORE, NUMBER, negated=True),
        compare("=", PAID, lit(False, TRUTH), TRUTH),
        *(TextTest(op, TEAM, lit("a", TEXT)) for op in ("contains", "starts", "ends", "matches")),
        compare(">", Arithmetic("+", SCORE, ten, NUMBER), ten),
        compare("!=", Actor(), lit("sales", NAME), NAME),
        PAID,
        Known(SCORE),
    ):
        assert value(expr) is not True, expr
        assert value(Not(expr)) is True, expr
    assert value(compare("<", SCORE, ten)) is False


def test_a_missing_operand_is_seen_before_the_other_is_read():
    assert value(compare("<", SCORE, Attribute("bound", NUMBER)), {"score": "abc"}) is False


def test_comparisons():
    nine = {"score": "9"}
    for op, right, holds in (
        ("=", 9, True),
        ("!=", 9, False),
        ("<", 9, False),
        ("<=", 9, True),
        (">", 8, True),
        (">=", 10, False),
    ):
        assert value(compare(op, SCORE, lit(right)), nine) is holds, op
    assert value(compare("<", TEAM, lit("b", TEXT), TEXT), {"team": "a"})
    assert value(InList(SCORE, (Fraction(8), Fraction(9)), NUMBER), nine)
    assert not value(InList(SCORE, (Fraction(8), Fraction(9)), NUMBER, negated=True), nine)
    assert value(Between(SCORE, lit(9), lit(9), NUMBER), nine)
    assert value(Between(SCORE, lit(10), lit(11), NUMBER, negated=True), nine)
    assert value(Known(SCORE), {"score": "abc"})  # it has a value, whatever that is


@pytest.mark.parametrize(
    ("op", "right", "holds"),
    [
        ("contains", "igh", True),
        ("contains", "High", False),
        ("starts", "hi", True),
        ("ends", "value", True),
        ("matches", "high*", True),
        ("matches", "*v?lue", True),
        ("matches", "high", False),
        ("matches", "*", True),
        ("matches", "?" * 10, True),
        ("matches", "?" * 11, False),
        ("matches", "[h]*", False),
    ],
)
def test_texts(op, right, holds):
    assert value(TextTest(op, TEAM, lit(right, TEXT)), {"team": "high value"}) is holds


def test_patterns_with_many_stars_are_quick():
    assert value(TextTest("matches", TEAM, lit("*a" * 30 + "b", TEXT)), {"team": "a" * 3000}) is False


def test_arithmetic_is_exact():
    third = Arithmetic("/", lit(1), lit(3), NUMBER)
    assert value(Arithmetic("*", third, lit(3), NUMBER), kind=NUMBER) == 1
    assert value(Arithmetic("-", Now(), SENT, DURATION), {"sent": "2026-03-02 09:30"}, kind=DURATION) == HOUR // 2
    assert value(Arithmetic("+", lit(1), SCORE, NUMBER), kind=NUMBER) is None
    with pytest.raises(CellError, match="a division by zero"):
        value(Arithmetic("/", lit(1), lit(0), NUMBER), kind=NUMBER)
    assert value(Arithmetic("/", SCORE, lit(0), NUMBER), kind=NUMBER) is None


def test_and_and_or_read_from_left_to_right_and_stop_when_decided():
    bad, yes, no = compare(">", SCORE, lit(1)), lit(True, TRUTH), lit(False, TRUTH)
    assert value(And((no, bad)), {"score": "abc"}) is False
    assert value(Or((yes, bad)), {"score": "abc"}) is True
    for expr in (And((bad, no)), Or((bad, yes)), Not(bad)):
        with pytest.raises(CellError):
            value(expr, {"score": "abc"})


def test_what_an_event_is():
    assert value(compare("=", EventType(), lit("first call", NAME), NAME), type="First-Call")
    assert value(compare("=", Actor(), lit("sales", NAME), NAME), actor="Sales")
    assert value(compare("=", CaseId(), lit("NA", TEXT), TEXT), case="NA")
    assert value(ActorIs("sales"))
    assert value(ActorIs("sales"), actor="SALES")
    assert not value(ActorIs("sales"), actor="support")


@pytest.mark.parametrize(
    ("required", "allowed", "written", "holds"),
    [
        (("contact",), ("contact",), "Contacting", True),
        (("contact",), ("contact",), "contact sales", False),
        (("put",), ("put", "away"), "put_away", True),
        (("put",), ("put", "away"), "puts", True),
        (("put",), ("put", "away"), "away", False),
        (("put",), ("put", "away"), "put back away", False),
    ],
)
def test_verbs_match_by_stems(required, allowed, written, holds):
    assert value(TypeMatches(required, allowed), type=written) is holds


def test_parts_of_an_instant_are_read_in_the_agreements_zone():
    carried = {"sent": "2026-02-28T23:30:00Z"}
    for part, expected in (("month", 3), ("hour", 0), ("weekday", "sun"), ("date", "2026-03-01")):
        kind = NUMBER if part in ("month", "hour") else DATE if part == "date" else TEXT
        assert value(InstantPart(part, SENT), carried, kind=kind) == expected
    assert value(InstantPart("hour", SENT), kind=NUMBER) is None


def test_during_a_calendar():
    builder = PlanBuilder("Europe/Madrid")
    office = builder.calendar("mon-fri 10:00-11:00")
    zoned = builder.calendar("mon-fri 18:00-19:00", zone_attribute="zone", zone_fallback="UTC")
    assert value(During(office), builder=builder)  # 09:00 UTC is 10:00 in Madrid
    assert not value(During(office), {}, {}, builder=builder)  # the closing edge
    assert value(During(zoned), {"zone": "Asia/Tokyo"}, builder=builder)
    assert not value(During(zoned), {"zone": "Mars"}, builder=builder)


def test_conditions_refer_to_others():
    builder = PlanBuilder()
    first = builder.condition(number("score", ">", 1))
    assert value(Not(Ref(first)), {"score": "1"}, builder=builder)


# --- history ---------------------------------------------------------------------------------------------------------


def past_of(function: str, of: Expr, events: str, **history) -> list[object]:
    """A history function after each event of a log."""
    builder = PlanBuilder()
    expr = builder.history(function, of, **history)
    condition = builder.condition(expr, expr.kind)
    seen = log(events)
    past = Past(builder.plan(), seen, False)
    return [past.value(condition, i) for i in range(len(seen))]


CALLS = """
    A  02 09:00  note  who=ann
    A  02 10:00  call  who=ann, cost=2
    A  02 11:00  call
    A  02 12:00  call  who=bob, cost=0.5
    A  02 12:30  note  cost=7
"""


@pytest.mark.parametrize(
    ("function", "options", "expected"),
    [
        ("count", {}, [0, 1, 2, 3, 3]),
        ("count", {"window": "2h"}, [0, 1, 2, 2, 2]),  # after now - 2h
        ("distinct", {"attribute": "who"}, [0, 1, 1, 2, 2]),  # what the events themselves carry
        ("sum", {"attribute": "cost"}, [0, 2, 4, Fraction(9, 2), Fraction(9, 2)]),  # the last value after each
        ("first", {}, [None, *[at("02 10:00")] * 4]),
        ("last", {}, [None, at("02 10:00"), at("02 11:00"), at("02 12:00"), at("02 12:00")]),
        ("since", {}, [None, 0, 0, 0, HOUR // 2]),
        ("last", {"window": "20 min"}, [None, at("02 10:00"), at("02 11:00"), at("02 12:00"), None]),
    ],
)
def test_history(function, options, expected):
    assert past_of(function, event("call"), CALLS, **options) == expected


def test_history_of_a_state_counts_when_it_begins():
    events = "A  02 09:00  a  s=on\n A  02 10:00  b  s=on\n A  02 11:00  c  s=off\n A  02 12:00  d  s=on"
    assert past_of("count", has("s", "on"), events) == [1, 1, 1, 2]


# --- errors at run time ----------------------------------------------------------------------------------------------

HIGH, LOW = number("n", ">=", 2), number("n", "<", 2)
OPENED, REPLY = event("opened"), event("reply")
NOTE = "`n` holds `oops`, which is not a number"


def fix(starts=OPENED, act=REPLY, within="4h", **details) -> PlanBuilder:
    return PlanBuilder().clause("fix", starts, act, within, **details)


ERRORS = {
    "a condition in error makes the instance that needed it undetermined at that event, with the due it had": (
        fix(cancelled=HIGH),
        """
        A  02 09:00  opened
        A  02 10:00  note  n=oops
        A  02 11:00  reply
        B  02 09:00  opened
        """,
        f"""
        fix A 1 undetermined | 02 09:00 | 02 13:00 | 02 10:00 | {NOTE}
        fix B 1 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    "conditions are evaluated in the order of acting: a clean stop wins": (
        fix(cancelled=HIGH),
        """
        A  02 09:00  opened
        A  02 10:00  reply  n=oops
        """,
        "fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00",
    ),
    "a breach is latched, also against errors": (
        fix(cancelled=HIGH),
        """
        A  02 09:00  opened
        A  02 14:00  note  n=oops
        A  02 15:00  reply
        """,
        "fix A 1 late | 02 09:00 | 02 13:00 | 02 15:00",
    ),
    "an error in a start opens and closes one, without a due, once a case": (
        fix(starts=HIGH),
        """
        A  02 09:00  note  n=oops
        A  02 10:00  note  n=1
        A  02 11:00  note  n=oops
        A  02 12:00  note  n=2
        """,
        f"""
        fix A 1 undetermined | 02 09:00 | - | 02 09:00 | {NOTE}
        fix A 2 open | 02 12:00 | 02 16:00 | -
        """,
    ),
    "so does one in `when`, subject and the level": (
        fix(when=HIGH)
        .clause("subject", OPENED, REPLY, "4h", subject=HIGH)
        .clause("level", OPENED, REPLY, "4h", guard=HIGH)
        .clause("level", OPENED, REPLY, "4h", guard=Not(HIGH)),
        """
        A  02 09:00  opened  n=oops
        A  02 10:00  opened
        """,
        f"""
        fix A 1 undetermined | 02 09:00 | - | 02 09:00 | {NOTE}
        subject A 1 undetermined | 02 09:00 | - | 02 09:00 | {NOTE}
        level A 1 undetermined | 02 09:00 | - | 02 09:00 | {NOTE}
        """,
    ),
    "a start in error that would have started nothing does nothing": (
        fix(starts=And((event("opened"), HIGH)), when=has("tier", "gold")),
        """
        A  02 09:00  opened  n=oops
        B  02 09:00  opened  n=2, tier=gold
        B  02 10:00  opened  n=oops
        """,
        "fix B 1 open | 02 09:00 | 02 13:00 | -",
    ),
    "an action in error": (
        fix(act=And((event("reply"), HIGH))),
        """
        A  02 09:00  opened
        A  02 10:00  reply  n=oops
        """,
        f"fix A 1 undetermined | 02 09:00 | 02 13:00 | 02 10:00 | {NOTE}",
    ),
    "a pause in error, a row in error": (
        fix(paused=HIGH).clause("row", OPENED, REPLY, [("1h", HIGH), "4h"]),
        """
        A  02 09:00  opened
        A  02 09:30  note  n=oops
        B  02 09:00  opened  n=oops
        """,
        f"""
        fix A 1 undetermined | 02 09:00 | 02 13:00 | 02 09:30 | {NOTE}
        fix B 1 undetermined | 02 09:00 | 02 13:00 | 02 09:00 | {NOTE}
        row A 1 undetermined | 02 09:00 | 02 13:00 | 02 09:30 | {NOTE}
        row B 1 undetermined | 02 09:00 | - | 02 09:00 | {NOTE}
        """,
    ),
    "by an attribute that is no instant": (
        fix(within="by promised"),
        """
        A  02 09:00  opened  promised=2026-03-02 12:00
        A  02 10:00  moved  promised=soon
        B  02 09:00  opened  promised=soon
        """,
        """
        fix A 1 undetermined | 02 09:00 | 02 12:00 | 02 10:00 | `promised` holds `soon`, which is not an instant
        fix B 1 undetermined | 02 09:00 | - | 02 09:00 | `promised` holds `soon`, which is not an instant
        """,
    ),
    "a state that comes into error ends nothing and begins anew after it": (
        fix(starts=HIGH, act=HIGH),
        """
        A  02 09:00  note  n=2
        A  02 10:00  note  n=oops
        A  02 11:00  note  n=3
        A  02 12:00  note  n=1
        """,
        f"""
        fix A 1 undetermined | 02 09:00 | 02 13:00 | 02 10:00 | {NOTE}
        fix A 2 undetermined | 02 10:00 | - | 02 10:00 | {NOTE}
        fix A 3 met | 02 11:00 | 02 15:00 | 02 12:00
        """,
    ),
}


@pytest.mark.parametrize("case", ERRORS, ids=str)
def test_errors(case):
    builder, events, expected = ERRORS[case]
    assert judged(builder, events) == lines(expected)


def test_an_undetermined_instance_touches_nothing_else():
    builder = fix(cancelled=HIGH).clause("next", builder_of("fulfilment"), REPLY, "4h")
    plan = builder.plan()
    outcome = judge(plan, log("A  02 09:00  opened\n A  02 10:00  note  n=oops\n A  02 20:00  reply"))
    assert told(plan, outcome) == [f"fix A 1 undetermined | 02 09:00 | 02 13:00 | 02 10:00 | {NOTE}"]


def builder_of(kind: str):
    """A trigger on the fate of the first label."""
    return PlanBuilder().of(kind, "fix")
