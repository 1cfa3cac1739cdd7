"""Each law of the IR is broken on purpose, and found."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest
from small_plan import NUMBER, TRUTH, action, exact, small_plan, state

from sladsl.clock import Amount, CalendarSpec, ClockKind, Hours, Point, WindowSpec
from sladsl.events import ColumnRule, InputSpec
from sladsl.ir.expression import (
    And,
    Attribute,
    Compare,
    During,
    History,
    InList,
    Literal,
    Ref,
    TextTest,
    Trigger,
    ValueKind,
)
from sladsl.ir.invariants import INVARIANTS, broken_invariants
from sladsl.ir.objective import Exclusion, ShareMet, TimeStatistic
from sladsl.ir.plan import Plan, Row, Target

SMALL = small_plan()


def with_condition(condition: Any) -> Plan:
    return small_plan(conditions=(*SMALL.conditions, condition))


def with_clause(place: int = 0, **changes: Any) -> Plan:
    clauses = list(SMALL.clauses)
    clauses[place] = attrs.evolve(clauses[place], **changes)
    return small_plan(clauses=tuple(clauses))


def with_objective(**changes: Any) -> Plan:
    return small_plan(objectives=(attrs.evolve(SMALL.objectives[0], **changes),))


def with_calendar(**changes: Any) -> Plan:
    return small_plan(calendars=(attrs.evolve(SMALL.calendars[0], **changes),))


def with_desk(**changes: Any) -> Plan:
    """A second calendar, which stands for the first."""
    desk = CalendarSpec("desk hours", named_by="desk", choices=(("office", 0),), otherwise=0)
    return small_plan(calendars=(SMALL.calendars[0], attrs.evolve(desk, **changes)))


BROKEN: list[tuple[str, str, Callable[[], Plan]]] = [
    ("conditions refer backwards", "condition 11 refers to condition 11", lambda: with_condition(state(Ref(11)))),
    ("conditions refer backwards", "condition 11 refers to condition -1", lambda: with_condition(state(Ref(-1)))),
    (
        "conditions refer backwards",
        "condition 11 refers to history 1",
        lambda: with_condition(action(Compare("=", History(1, NUMBER), Literal(1, NUMBER), NUMBER))),
    ),
    ("conditions refer backwards", "condition 11 refers to calendar 1", lambda: with_condition(action(During(1)))),
    (
        "conditions refer backwards",
        "condition 7 reads a history of a condition that is not before it",
        lambda: small_plan(histories=(attrs.evolve(SMALL.histories[0], of=Trigger("happens", 8)),)),
    ),
    (
        "literals are of their kind",
        "condition 11 holds a value that is no number",
        lambda: with_condition(state(Compare("=", Literal("1", NUMBER), Literal(1, NUMBER), NUMBER))),
    ),
    (
        "literals are of their kind",
        "condition 11 holds a value that is no date",
        lambda: with_condition(state(InList(Literal("2026-01-01", ValueKind.DATE), ("2026-02-30",), ValueKind.DATE))),
    ),
    ("literals are of their kind", "condition 11 joins nothing", lambda: with_condition(state(And(())))),
    (
        "operators are known",
        "condition 11 has the operator `matchez`",
        lambda: with_condition(state(TextTest("matchez", Literal("a", ValueKind.TEXT), Literal("b", ValueKind.TEXT)))),
    ),
    (
        "operators are known",
        "history 0 has the function `mode`",
        lambda: small_plan(histories=(attrs.evolve(SMALL.histories[0], function="mode"),)),
    ),
    (
        "operators are known",
        "history 0 has an attribute too many or too few",
        lambda: small_plan(histories=(attrs.evolve(SMALL.histories[0], attribute=""),)),
    ),
    ("operators are known", "objective `attainment` has an operator that is none", lambda: with_objective(op="~")),
    (
        "operators are known",
        "objective `attainment` has the function `mode`",
        lambda: with_objective(measure=TimeStatistic("mode", 0)),
    ),
    (
        "operators are known",
        "objective `attainment` refers to calendar None",
        lambda: with_objective(measure=TimeStatistic("p", 0, 95, "business days")),
    ),
    (
        "conditions stand where they are named",
        "clause 0 refers to condition 99",
        lambda: with_clause(when=99),
    ),
    (
        "conditions stand where they are named",
        "clause 0 refers to condition 11, which is neither true nor false",
        lambda: attrs.evolve(
            with_clause(when=11),
            conditions=(*SMALL.conditions, attrs.evolve(state(Literal(1, NUMBER)), kind=NUMBER)),
        ),
    ),
    (
        "triggers read their condition as it is",
        "clause 0 waits for an action to begin or end",
        lambda: with_clause(starts=(Trigger("begins", 1),)),
    ),
    (
        "triggers read their condition as it is",
        "clause 0 has a trigger on condition 99",
        lambda: with_clause(act=Trigger("happens", 99)),
    ),
    (
        "triggers read their condition as it is",
        "clause 0 has a trigger `often` on 0",
        lambda: with_clause(act=Trigger("often", 0)),
    ),
    (
        "triggers read their condition as it is",
        "the end of a case has a trigger `breach` on 0",
        lambda: small_plan(case_until=Trigger("breach", 0)),
    ),
    (
        "triggers read their condition as it is",
        "clause 1 follows group 7",
        lambda: with_clause(1, starts=(Trigger("breach", 7),)),
    ),
    (
        "clauses and groups name each other",
        "clause 0 says that it is clause 1",
        lambda: with_clause(index=1),
    ),
    ("clauses and groups name each other", "two groups have one label", lambda: small_plan(groups=("a", "a"))),
    ("clauses and groups name each other", "clause 1 is of group 2", lambda: with_clause(1, group=2)),
    (
        "clauses and groups name each other",
        "objective `attainment` measures a group that is not there",
        lambda: with_objective(measure=ShareMet(2)),
    ),
    (
        "the order holds every clause once, after what it follows",
        "the order is no permutation of the clauses",
        lambda: small_plan(order=(0,)),
    ),
    (
        "the order holds every clause once, after what it follows",
        "clause 1 is judged before what it follows",
        lambda: small_plan(order=(1, 0)),
    ),
    (
        "the order holds every clause once, after what it follows",
        "clause 1 follows a group that its `after` leaves out",
        lambda: with_clause(1, after=()),
    ),
    (
        "headlines come last",
        "clause 0 has no headline",
        lambda: with_clause(rows=(Row(exact(1), 4),)),
    ),
    (
        "headlines come last",
        "clause 0 has a row without a condition before the last",
        lambda: with_clause(rows=(Row(exact(1)), Row(exact(2)))),
    ),
    ("clauses can run", "clause 0 has no start", lambda: with_clause(starts=())),
    ("clauses can run", "clause 0 waits for nothing", lambda: with_clause(act=None)),
    ("clauses can run", "clause 0 has no target", lambda: with_clause(rows=())),
    ("clauses can run", "clause 0 counts out of range", lambda: with_clause(needed=0)),
    (
        "clauses can run",
        "clause 0 changes rows or reopens in a way that is none",
        lambda: with_clause(reopen="maybe"),
    ),
    (
        "clauses can run",
        "clause 0 has an alert at a share that is none",
        lambda: with_clause(alerts=(attrs.evolve(SMALL.clauses[0].alerts[0], share=(1, 0)),)),
    ),
    (
        "targets say one thing",
        "clause 0 has a target that is not just one of amount, point and attribute",
        lambda: with_clause(rows=(Row(Target()),)),
    ),
    (
        "targets say one thing",
        "clause 0 counts business time without a calendar",
        lambda: with_clause(rows=(Row(Target(Amount(ClockKind.BUSINESS_DAYS, 1, ""))),)),
    ),
    (
        "targets say one thing",
        "clause 0 has a point on a day that is none",
        lambda: with_clause(rows=(Row(Target(point=Point(0, "someday"))),)),
    ),
    (
        "targets say one thing",
        "clause 0 names a business day without a calendar",
        lambda: with_clause(rows=(Row(Target(point=Point(0, "next"))),)),
    ),
    (
        "targets say one thing",
        "clause 0 refers to calendar 9",
        lambda: with_clause(rows=(Row(attrs.evolve(exact(1), calendar=9)),)),
    ),
    (
        "amounts are in range",
        "an amount of -1 ticks",
        lambda: with_clause(rows=(Row(Target(Amount(ClockKind.EXACT, -1, ""))),)),
    ),
    ("amounts are in range", "a window of unit `moon`", lambda: with_objective(window=WindowSpec("moon"))),
    ("amounts are in range", "a window of 0 days", lambda: with_objective(window=WindowSpec("rolling"))),
    ("amounts are in range", "the effective period ends before it begins", lambda: small_plan(effective=(5, 5))),
    ("amounts are in range", "the lateness", lambda: small_plan(lateness_us=-1)),
    (
        "conditions name every attribute that they read",
        "condition 11 reads `size` and does not say so",
        lambda: with_condition(state(Compare("=", Attribute("size", NUMBER), Literal(1, NUMBER), NUMBER))),
    ),
    (
        "conditions name every attribute that they read",
        "condition 11 reads `score` and does not say so",
        lambda: with_condition(state(Ref(0))),
    ),
    ("calendars are calendars", "the zone `Mars` is unknown", lambda: small_plan(zone="Mars")),
    ("calendars are calendars", "calendar `office`: the zone `Mars` is unknown", lambda: with_calendar(zone="Mars")),
    (
        "calendars are calendars",
        "calendar `office`: the region `XX` is unknown",
        lambda: with_calendar(holidays=("XX",)),
    ),
    (
        "calendars are calendars",
        "calendar `office`: a weekday that is none",
        lambda: with_calendar(weekly=(Hours((7,), ((0, 1),)),)),
    ),
    (
        "calendars are calendars",
        "calendar `office`: hours that end before they begin, or last beyond the next date",
        lambda: with_calendar(weekly=(Hours((1,), ((5, 5),)),)),
    ),
    (
        "calendars are calendars",
        "calendar `office`: a zone read from an attribute needs just a zone to fall back on",
        lambda: with_calendar(zone_attribute="zone"),
    ),
    (
        "calendars are calendars",
        "calendar `office`: a date that is none",
        lambda: with_calendar(closed=(attrs.evolve(SMALL.calendars[0].closed[0], first="2026-02-30"),)),
    ),
    (
        "calendars are calendars",
        "calendar `office`: it stands for others, and no attribute says for which",
        lambda: with_calendar(otherwise=0),
    ),
    (
        "calendars are calendars",
        "calendar `office`: it stands for others, and has hours or a zone of its own",
        lambda: with_calendar(named_by="desk", otherwise=0),
    ),
    (
        "calendars are calendars",
        "calendar `desk hours`: it stands for others, and for none where the attribute is unknown",
        lambda: with_desk(otherwise=None),
    ),
    (
        "calendars are calendars",
        "calendar `desk hours`: it stands for one that is not there, or that stands for others",
        lambda: with_desk(choices=(("office", 7),)),
    ),
    (
        "calendars are calendars",
        "calendar `desk hours`: it stands for one that is not there, or that stands for others",
        lambda: with_desk(choices=(("desk hours", 1),)),
    ),
    (
        "calendars are calendars",
        "calendar `desk hours`: the names of those that it stands for are not folded, or not different",
        lambda: with_desk(choices=(("Office", 0),)),
    ),
    (
        "conditions name every attribute that they read",
        "condition 11 reads `desk` and does not say so",
        lambda: attrs.evolve(
            with_condition(attrs.evolve(state(During(1)), reads_event=True)), calendars=with_desk().calendars
        ),
    ),
    ("inputs can be read", "two inputs have one name", lambda: small_plan(inputs=(InputSpec(), InputSpec()))),
    (
        "inputs can be read",
        "the column `t` has the unit `weeks`",
        lambda: small_plan(inputs=(InputSpec(time=ColumnRule("time", "t", unit="weeks")),)),
    ),
    (
        "money is money",
        "clause 0 owes `1e9`",
        lambda: with_clause(penalties=(attrs.evolve(SMALL.clauses[0].penalties[0], amount="1e9"),)),
    ),
    (
        "money is money",
        "objective `attainment` excludes not just one of a state and a calendar",
        lambda: with_objective(exclusions=(Exclusion(),)),
    ),
    ("money is money", "objective `attainment` has a unit of no ticks", lambda: with_objective(unit_ticks=0)),
]


def test_a_good_plan_breaks_none() -> None:
    assert broken_invariants(SMALL) == []
    assert broken_invariants(with_desk()) == []


@pytest.mark.parametrize(("law", "message", "plan"), BROKEN, ids=[f"{law}: {message}" for law, message, _ in BROKEN])
def test_a_broken_law_is_named(law: str, message: str, plan: Callable[[], Plan]) -> None:
    found = broken_invariants(plan())
    assert f"the compiled policy breaks a law, {law}: {message}" in [d.message for d in found]
    assert {d.code for d in found} == {"SLA0904"}


def test_every_law_is_broken_by_a_test() -> None:
    assert {law for law, _, _ in BROKEN} == set(INVARIANTS)


def test_a_boolean_is_no_number() -> None:
    assert broken_invariants(with_condition(attrs.evolve(state(Literal(True, NUMBER)), kind=NUMBER)))
    assert not broken_invariants(with_condition(state(Literal(True, TRUTH))))
    assert not broken_invariants(with_condition(attrs.evolve(state(Literal(Fraction(1, 2), NUMBER)), kind=NUMBER)))
