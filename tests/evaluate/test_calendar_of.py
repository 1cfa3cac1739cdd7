"""Calendars that an attribute names: every evaluator, objectives, explanations, and what is told of them."""

from __future__ import annotations

import pytest
from objective_cases import at, line, log_of, plan_of

import sladsl
from sladsl.clock import iso
from sladsl.evaluate import reference
from sladsl.evaluate.columnar import judge as columnar
from sladsl.evaluate.columnar import refusals
from sladsl.evaluate.objectives import judge_objectives
from sladsl.evaluate.objectives.reference import judge_rows
from sladsl.evaluate.stream import Monitor, judge
from sladsl.ir.wire import from_json, to_json
from sladsl.pipeline import explain
from sladsl.report.sentence import clause_sentence

DESKS = """\
calendar office
    mon-fri 09:00-17:00
calendar late
    mon-fri 14:00-22:00
    timezone of site, otherwise UTC
calendar desk hours
    calendar of desk, otherwise office
business hours = desk hours
"""
REPLY = DESKS + "reply: support replies within 4 business hours of opened\n"
LOG = """
01-05 08:00  A  opened  actor = customer, desk = late, site = UTC
01-05 08:00  B  opened  actor = customer, desk = late, site = Europe/Madrid
01-05 08:00  C  opened  actor = customer, desk = office
01-05 08:00  D  opened  actor = customer
01-05 08:00  E  opened  actor = customer, desk = late, site = Mars
01-05 08:30  A  moved  actor = customer, desk = office
01-05 13:00  C  reply  actor = support
01-05 13:30  D  reply  actor = support
01-05 17:00  A  reply  actor = support
01-05 17:00  B  reply  actor = support
"""


def records() -> list[dict[str, object]]:
    """The log as a caller of the library gives it."""
    return [
        {"case": e.case, "time": iso(e.time_us, "UTC"), "event": e.type, "actor": e.actor, **e.attributes}
        for e in log_of(LOG)
    ]


def test_the_hours_are_those_of_the_calendar_that_is_named() -> None:
    plan = plan_of(REPLY)
    events = log_of(LOG)
    for outcome in (judge(plan, events), reference.judge(plan, events), columnar(plan, events)):
        assert {verdict.case: verdict.due_us for verdict in outcome} == {
            "A": at("01-05 18:00"),
            "B": at("01-05 17:00"),
            "C": at("01-05 13:00"),
            "D": at("01-05 13:00"),
            "E": at("01-05 18:00"),
        }
        assert outcome.unknown_zones == {"desk hours": 1, "late": 1}
        assert {v.case: v.status for v in outcome} == {"A": "met", "B": "met", "C": "met", "D": "late", "E": "open"}


def test_all_evaluators_keep_the_same_reading() -> None:
    plan, events = plan_of(REPLY), log_of(LOG)
    kept = [v.zone for v in judge(plan, events)]
    assert kept == [v.zone for v in reference.judge(plan, events)]
    assert kept == [v.zone for v in columnar(plan, events)]


def test_a_monitor_that_is_restarted_goes_on_with_the_calendar_of_the_start() -> None:
    plan, events = plan_of(REPLY), log_of(LOG)
    running = Monitor(plan, actors=True)
    told = []
    for event in events:
        told += running.feed(event)
        running = Monitor(plan, actors=True, state=running.snapshot())
    closed = {v.case: (v.status, v.due_us) for v in told if v.closed_us is not None}
    whole = {v.case: (v.status, v.due_us) for v in judge(plan, events) if v.closed_us is not None}
    assert closed == whole


def test_a_plan_goes_through_json_unchanged() -> None:
    plan = plan_of(REPLY)
    assert from_json(to_json(plan)) == plan
    assert {"desk", "site"} <= set(plan.attributes)


def test_the_columnar_evaluator_does_it_too() -> None:
    assert refusals(plan_of(REPLY)) == []


def test_a_run_judges_it() -> None:
    result = sladsl.run(sladsl.load(text=REPLY), records())
    assert {verdict.case for verdict in result.verdicts} == set("ABCDE")


@pytest.mark.parametrize(
    "objective",
    [
        "speed: p95 of time of reply <= 4 business hours per month",
        "speed: p95 of time of slow <= 4 business hours per month",
        "open time: time while open <= 10 business hours per month",
        "up: share of time while open >= 50% per month\n    excluding desk hours",
        "turned: share of opened that become replied within 3 business hours >= 50% per month",
    ],
)
def test_objectives_count_on_the_calendar_of_each_case(objective: str) -> None:
    definitions = 'open = not done\ndone = desk = "none"\nopened = event = "opened"\nreplied = event = "reply"\n'
    text = DESKS + definitions + REPLY.removeprefix(DESKS) + "slow: support replies within 9h of opened\n" + objective
    plan, events, until = plan_of(text), log_of(LOG), at("01-06 12:00")
    judged = judge(plan, events, until)
    rows = judge_objectives(plan, events, judged, until).rows
    assert rows
    assert [line(row) for row in rows] == [line(row) for row in judge_rows(plan, events, judged, until)]


def test_the_explanation_names_the_calendar_that_was_meant() -> None:
    found = explain(sladsl.load(text=REPLY), records(), "B")
    ((_, story),) = found.stories
    assert [(s.kind, s.reason) for s in story.stretches] == [("closed", "outside late"), ("counted", "")]
    assert story.counted == story.verdict.elapsed == 4 * 3_600_000_000


def test_each_calendar_of_a_clause_is_explained_in_its_own_hours() -> None:
    """Of three calendars that attributes tell, two are read alike: none takes the reading of another."""
    text = """\
calendar a
    mon-fri 09:00-17:00
    timezone of site, otherwise UTC
calendar b
    mon-fri 10:00-18:00
    timezone of site, otherwise UTC
calendar c
    mon-fri 11:00-19:00
    timezone of other, otherwise UTC
reply: support replies within 4 business hours of opened in c
    2 business hours when site = "x", in a
    3 business hours when site = "y", in b
"""
    log = [
        {
            "case": "A",
            "time": "2026-01-05T06:00:00Z",
            "event": "opened",
            "actor": "x",
            "site": "UTC",
            "other": "Asia/Tokyo",
        }
    ]
    found = explain(sladsl.load(text=text), log, "A", as_of="2026-01-05T12:00:00Z")
    ((_, story),) = found.stories
    assert story.counted == story.verdict.elapsed == 4 * 3_600_000_000


def test_the_sentence_says_who_tells_the_hours() -> None:
    plan = plan_of(REPLY)
    told = clause_sentence(plan, plan.clauses[0])
    assert "of the calendar desk hours (that of the name in `desk`, else office, as read at the start)" in told
    plan = plan_of(REPLY.replace("business hours = desk hours", "business hours = late"))
    told = clause_sentence(plan, plan.clauses[0])
    assert "of the calendar late (in the time zone that `site` holds, else UTC, as read at the start)" in told


def test_a_level_resumes_within_a_calendar_that_the_earlier_level_did_not_read() -> None:
    text = DESKS + (
        "reply: support replies within 9h of opened\n"
        'service "hosting"\n'
        "    reply: support replies within 9h of opened\n"
        "        on reopen resume within 4 business hours\n"
    )
    events = log_of(
        """
        01-05 09:00  A  opened  actor = customer
        01-05 10:00  A  reply  actor = support
        01-05 12:00  A  opened  actor = customer, service = hosting
        01-05 09:00  B  opened  actor = customer
        01-05 10:00  B  reply  actor = support
        01-05 15:00  B  opened  actor = customer, service = hosting
        01-05 09:00  C  opened  actor = customer
        01-05 10:00  C  reply  actor = support
        01-05 15:00  C  opened  actor = customer, service = hosting, desk = late, site = UTC
        """
    )
    plan = plan_of(text)
    for outcome in (judge(plan, events), reference.judge(plan, events)):
        told = [(v.case, v.number, v.status, v.opened_us) for v in outcome]
        assert told == [
            ("A", 1, "open", at("01-05 09:00")),  # 2 business hours after the close
            ("B", 1, "met", at("01-05 09:00")),  # 5 business hours: too late
            ("B", 2, "open", at("01-05 15:00")),
            ("C", 1, "open", at("01-05 09:00")),  # on the late desk only 1
        ]
        assert outcome.unknown_zones == {"desk hours": 1}  # only the start of a new instance is counted
