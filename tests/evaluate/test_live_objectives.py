"""Objectives while the log is still being read: each told once, at the first instant at which it is certain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import at, line, log_of, number, plan_of
from test_objectives_laws import ahead, logs, policies

from sladsl.evaluate.objectives import ObjectivesOutcome, judge_objectives
from sladsl.evaluate.objectives.outcome import CertainConsequence, CertainRow, ObjectiveAlert, Told
from sladsl.evaluate.stream import Monitor, judge
from sladsl.evaluate.stream.snapshot import StateError
from sladsl.events import Event
from sladsl.ir.plan import Plan


def told_by(
    plan: Plan, events: Sequence[Event], as_of_us: int, *, restarts: bool = False, cuts: Sequence[int] = ()
) -> list[Told]:
    """What a monitor tells when it is fed event by event, or in batches cut at these places; then time comes to as-of."""
    return ended_by(plan, events, as_of_us, restarts=restarts, cuts=cuts)[0]


def ended_by(
    plan: Plan, events: Sequence[Event], as_of_us: int, *, restarts: bool = False, cuts: Sequence[int] = ()
) -> tuple[list[Told], Any]:
    """The same, and the snapshot of the monitor at its end."""
    events = sorted(events, key=lambda event: (event.time_us, event.position))
    actors = any(event.actor for event in events)
    monitor = Monitor(plan, actors=actors)
    found: list[Told] = []
    places = [0, *sorted(cuts), len(events)] if cuts else range(len(events) + 1)
    for a, b in pairwise(places):
        monitor.feed(events[a:b])
        found += monitor.told()
        if restarts:
            state = json.loads(json.dumps(monitor.snapshot()))
            monitor = Monitor(plan, actors=actors, state=state)
            assert json.loads(json.dumps(monitor.snapshot())) == state
    monitor.advance(as_of_us)
    return found + monitor.told(), json.loads(json.dumps(monitor.snapshot()))


def outcome_as_of(plan: Plan, events: Sequence[Event], as_of_us: int) -> ObjectivesOutcome:
    """The referee: the log cut at an instant."""
    seen = [event for event in events if event.time_us <= as_of_us]
    actors = any(event.actor for event in events)
    verdicts = judge(plan, seen, as_of_us, actors=actors) if seen else []
    return judge_objectives(plan, seen, verdicts, as_of_us, actors=actors)


def status_of(outcome: ObjectivesOutcome, told: CertainRow) -> str:
    for row in outcome.rows:
        if (row.objective, row.window, row.group) == (told.row.objective, told.row.window, told.row.group):
            return row.status
    return "none"


def checked(plan: Plan, events: Sequence[Event], as_of_us: int, *, revised: bool) -> list[Told]:
    """What a monitor told, each compared with the referee at its instant and just before it."""
    found = told_by(plan, events, as_of_us)
    final = outcome_as_of(plan, events, as_of_us)
    rows = [told for told in found if isinstance(told, CertainRow)]
    by_row: dict[Any, str] = {}
    for told in rows:
        then = outcome_as_of(plan, events, told.at_us)
        key = (told.row.objective, told.row.window, told.row.group)
        (row,) = [row for row in then.rows if (row.objective, row.window, row.group) == key]
        assert line(row) == line(told.row), told.at_us
        if not revised:
            assert key not in by_row, "told twice"
            assert status_of(outcome_as_of(plan, events, told.at_us - 1), told) in ("undecided", "none"), "too late"
        by_row[key] = told.row.status
    wanted = {(row.objective, row.window, row.group): row.status for row in final.rows if row.status != "undecided"}
    assert by_row.items() >= wanted.items()
    if not revised:
        assert by_row == wanted
        alerts = [told for told in found if isinstance(told, ObjectiveAlert) and told.kind == "burn"]
        assert sorted(alerts, key=repr) == sorted((a for a in final.alerts if a.kind == "burn"), key=repr)
    return found


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(policies(), logs(), st.sampled_from((0, 0, 1, 30, 300)))
def test_each_row_is_told_when_the_referee_first_knows_it(policy: str, events: list[Event], hours: int) -> None:
    revised = "excused" in policy or "cases" in policy or any("soon" in e.attributes.values() for e in events)
    revised = revised or any("perhaps" in e.attributes.values() for e in events)
    checked(plan_of(policy), events, ahead(events, hours), revised=revised)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(policies(), logs(), st.sampled_from((0, 1, 300)), st.data())
def test_cuts_and_restarts_change_nothing(policy: str, events: list[Event], hours: int, data: st.DataObject) -> None:
    plan, as_of = plan_of(policy), ahead(events, hours)
    whole = ended_by(plan, events, as_of)
    assert ended_by(plan, events, as_of, restarts=True) == whole
    cuts = data.draw(st.lists(st.integers(0, len(events)), min_size=1, max_size=4))
    assert ended_by(plan, events, as_of, cuts=cuts) == whole
    assert ended_by(plan, events, as_of, cuts=cuts, restarts=True) == whole


# --- alerts and money ----------------------------------------------------------------------------------------------------

BURNING = (
    "alert when burn rate > 1 over 1h and 5 min",
    "alert when burn rate > 0.5 over 1 day",
    "alert when burn rate > 2 over 90 min and 3 days",
    "alert when missed 2 windows in a row",
)
OWING = (
    "credit of fee|    10% below {target}|    50% below 10%",
    "penalty 100.05 EUR per miss, at most 10% of fee per quarter",
    "penalty 7 EUR per miss",
)
CLAUSE = (
    "",
    "penalty 10 EUR per miss",
    "penalty 10 EUR per miss, at most 15 EUR per week",
    "penalty 3 EUR per started business hour late, at most 9% of fee",
)


@st.composite
def owing(draw: st.DrawFn) -> str:
    """A policy whose objective has alerts and consequences, and whose clause may have a penalty."""
    text = draw(policies().filter(lambda text: "goal: share of" in text and " - " not in text))
    goal = next(line for line in text.splitlines() if "goal:" in line)
    measured = goal.partition("goal:")[2]
    target = next(word for word in measured.split() if word.endswith("%"))
    below = ">" in measured
    inner = " " * (len(goal) - len(goal.lstrip()) + 4)
    details = [draw(st.sampled_from(BURNING if below else BURNING[-1:]))]
    details += draw(st.lists(st.sampled_from(OWING), max_size=2, unique=True))
    for detail in details:
        if not below:
            detail = detail.replace("50% below 10%", "50% above 95%").replace("below", "above")
        text += "\n".join(inner + part for part in detail.format(target=target).split("|")) + "\n"
    penalty = draw(st.sampled_from(CLAUSE))
    if penalty:
        text = text.replace("\nquiet:", f"\n    {penalty}\nquiet:", 1)
    cap = draw(st.sampled_from(("", "    credits at most 55% of fee per month\n")))
    text = text.replace("\nqualified lead", "\nfee = 1_000 EUR\nqualified lead", 1)
    return text.replace("    timezone Europe/Madrid\n", f"    timezone Europe/Madrid\n{cap}", 1)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(owing(), logs(), st.sampled_from((0, 1, 300, 3000)))
def test_alerts_and_money_are_told_as_the_referee_has_them(policy: str, events: list[Event], hours: int) -> None:
    plan, as_of = plan_of(policy), ahead(events, hours)
    revised = "excused" in policy or "cases" in policy
    revised = revised or any({"soon", "perhaps"} & set(e.attributes.values()) for e in events)
    found = checked(plan, events, as_of, revised=revised)
    assert told_by(plan, events, as_of, restarts=True) == found
    if revised:
        return
    final = outcome_as_of(plan, events, as_of)
    alerts = [told for told in found if isinstance(told, ObjectiveAlert)]
    assert sorted(alerts, key=repr) == sorted(final.alerts, key=repr)
    money = [told for told in found if isinstance(told, CertainConsequence)]
    certain = [owed for owed in final.consequences if owed.amount == owed.most and owed.end_us <= as_of and owed.amount]
    assert all(told.owed in final.consequences for told in money)
    if any(owed.capped and "started" in owed.written for owed in certain):
        return  # at its cap though a cycle is not answered yet: a monitor tells it with the answer
    if len(certain) == len([owed for owed in final.consequences if owed.amount or owed.most != 0]):
        assert sorted((told.owed for told in money if told.owed.amount), key=repr) == sorted(certain, key=repr)
        assert {told.paid for told in money[-1:]} <= {p.paid for p in final.payments}


# --- in words ------------------------------------------------------------------------------------------------------------


def words(plan: Plan, told: Told) -> str:
    """What was told, a line: the instant, then what it is about."""
    from sladsl.clock import iso

    if isinstance(told, CertainRow):
        return f"{iso(told.at_us, plan.zone)} {line(told.row)}"
    if isinstance(told, ObjectiveAlert):
        group = "".join(f" {name}={value}" for name, value in told.group)
        return f"{iso(told.at_us, plan.zone)} {told.kind} {told.label}{group}"
    owed = told.owed
    of = f"{owed.kind} {owed.label} {owed.window}{' to ' + owed.customer if owed.customer else ''}"
    return f"{iso(told.at_us, plan.zone)} {of}: {number(owed.amount)} {owed.currency}, in all {told.paid}"


def told_in_words(policy: str, log: str, as_of: str) -> list[str]:
    plan, events = plan_of(policy), log_of(log)
    found = told_by(plan, events, at(as_of))
    assert told_by(plan, events, at(as_of), restarts=True) == found
    return [words(plan, told) for told in found]


def test_a_count_is_met_at_the_event_that_reaches_it_and_missed_at_the_end() -> None:
    policy = 'rejects = event = "reject"\ngoal: count of rejects >= 2 per month'
    log = "01-05 09:00  A  reject\n01-06 09:00  B  reject\n01-07 09:00  C  reject\n02-03 09:00  D  reject"
    assert told_in_words(policy, log, "03-01") == [
        "2026-01-06T09:00:00Z goal 2026-01: met 2 [2, -] of 2",
        "2026-03-01T00:00:00Z goal 2026-02: missed 1 of 1",
    ]


def test_an_open_case_keeps_a_window_undecided_until_it_is_answered_or_due() -> None:
    policy = (
        "reply: support replies within 3 days of each opened\n"
        "goal: at least 60% of reply met per month\n    alert when missed 1 windows in a row\n"
    )
    log = """
        01-30 09:00  A  opened  actor = x
        01-30 10:00  A  reply  actor = support
        01-31 09:00  B  opened  actor = x
    """
    assert told_in_words(policy, log, "02-20") == [
        "2026-02-03T09:00:00Z goal 2026-01: missed 1/2 of 2",
        "2026-02-01T00:00:00Z missed goal",  # an alert is of the end of the last window missed,
    ]


def test_time_in_a_state_is_certain_at_the_instant_at_which_it_passes_its_bound() -> None:
    policy = 'goal: time while status = "down" <= 90 min per day'
    log = "01-05 09:00  A  x  status = down\n01-05 09:00  B  x  status = down\n01-05 12:00  A  x  status = up"
    (told,) = told_in_words(policy, log, "01-06")
    assert told.startswith("2026-01-05T09:45:00.000001Z goal 2026-01-05: missed 2700000001/30000000 [")


def test_a_credit_is_told_with_all_that_is_owed_by_then() -> None:
    policy = (
        'fee = 1_000 EUR\nup = status = "up"\n'
        "uptime: share of time while up >= 99% per month\n    by customer\n    credit of fee\n"
        "        10% below 99%\n        25% below 90%\n"
    )
    log = """
        01-01 00:00  A  x  status = up, customer = ACME
        01-02 00:00  A  x  status = down
        01-03 00:00  A  x  status = up
        02-10 00:00  A  x  status = down
        02-20 00:00  A  x  status = up
    """
    assert told_in_words(policy, log, "03-01") == [
        "2026-02-01T00:00:00Z uptime 2026-01 customer=ACME: missed 30/31 of 1",
        "2026-02-01T00:00:00Z credit uptime 2026-01 to ACME: 100 EUR, in all 100.00",
        "2026-03-01T00:00:00Z uptime 2026-02 customer=ACME: missed 9/14 of 1",
        "2026-03-01T00:00:00Z credit uptime 2026-02 to ACME: 250 EUR, in all 350.00",
    ]


def test_a_penalty_is_certain_when_its_period_has_ended_and_every_miss_is_answered() -> None:
    policy = (
        "reply: support replies within 1 day of each opened\n    penalty 10 EUR per miss\n"
        "    penalty 3 EUR per started day late, at most 10 EUR\n"
    )
    log = """
        01-05 09:00  A  opened  actor = x
        01-30 09:00  B  opened  actor = x
        01-08 09:00  A  reply  actor = support
        02-02 09:00  B  reply  actor = support
    """
    assert told_in_words(policy, log, "03-01") == [
        "2026-02-01T00:00:00Z penalty reply 2026-01: 20 EUR, in all 20.00",
        "2026-02-02T09:00:00Z penalty reply 2026-01: 10 EUR, in all 30.00",
    ]


def test_a_burn_rate_is_told_at_its_minute_without_an_event() -> None:
    policy = (
        'up = status = "up"\nuptime: share of time while up >= 99% per month\n'
        "    alert when burn rate > 10 over 1h and 5 min\n"
    )
    log = "01-01 00:00  A  x  status = up\n01-05 09:00:30  A  x  status = down\n01-05 10:00  A  x  status = up"
    # more than 6 minutes of the last hour have been lost at 09:07, as read at whole minutes
    assert told_in_words(policy, log, "01-10") == ["2026-01-05T09:07:00Z burn uptime"]


def test_a_policy_without_objectives_pays_nothing() -> None:
    monitor = Monitor(plan_of("reply: support replies within 1 day of opened"))
    assert monitor.told() == []
    assert "objectives" not in monitor.snapshot()


def test_what_no_window_needs_is_forgotten() -> None:
    policy = (
        'reply: support replies within 1h of each opened\nrejects = event = "reject"\nwon = event = "won"\n'
        "a: at least 90% of reply met per day\nb: p95 of time of reply <= 1h per day\nc: count of rejects <= 1 per rolling 3 days\n"
        'd: share of time while status = "up" >= 90% per week\ne: share of rejects that become won within 2 days >= 1% per day\n'
    )
    plan = plan_of(policy)
    monitor = Monitor(plan)
    sizes = []
    for day in range(60):
        base = at("01-01") + day * 86_400_000_000
        for place, kind in enumerate(("opened", "reply", "reject")):
            event = Event("A", base + place * 60_000_000, kind, "support", {"status": "up" if day % 2 else "down"})
            monitor.feed(event)
        sizes.append(len(json.dumps(monitor.snapshot())))
    assert max(sizes[40:]) < 1.1 * max(sizes[10:20])


def test_a_burn_rate_is_found_though_several_things_happen_in_one_minute() -> None:
    policy = (
        'up = status = "up"\nuptime: share of time while up >= 99% per month\n    by customer\n'
        "    alert when burn rate > 10 over 1h and 5 min\n"
    )
    log = """
        01-01 00:00     A  x  status = up, customer = ACME
        01-01 00:00     B  x  status = up, customer = Beta
        01-05 09:00:05  B  x  status = down
        01-05 09:00:10  A  x  status = down
        01-05 09:00:20  B  x  status = up
        01-05 12:00     B  x  status = up
    """
    assert told_in_words(policy, log, "01-06") == ["2026-01-05T09:07:00Z burn uptime customer=ACME"]


def test_an_event_that_comes_too_late_changes_nothing_that_was_told() -> None:
    plan = plan_of('rejects = event = "reject"\ngoal: count of rejects >= 2 per month')
    monitor = Monitor(plan)
    monitor.feed(log_of("01-05 09:00  A  reject\n02-02 09:00  B  note"))
    (told,) = monitor.told()
    assert isinstance(told, CertainRow)
    assert (told.row.window, told.row.status) == ("2026-01", "missed")
    monitor.feed(log_of("01-06 09:00  C  reject"))
    assert [event.case for event in monitor.refused] == ["C"]
    monitor.advance(at("02-10"))
    assert monitor.told() == []


def test_what_an_excuse_changes_is_told_again_as_it_is_now() -> None:
    policy = (
        'reply: support replies within 1 day of opened\n    excused when waiver = "yes"\n'
        "goal: at least 60% of reply met per month\n    penalty 100 EUR per miss\n"
    )
    log = """
        01-05 09:00  A  opened  actor = x
        01-05 10:00  A  reply  actor = support
        01-06 09:00  B  opened  actor = x
        02-03 09:00  B  note  waiver = yes
    """
    assert told_in_words(policy, log, "02-10") == [
        "2026-02-01T00:00:00Z goal 2026-01: missed 1/2 of 2",
        "2026-02-01T00:00:00Z penalty goal 2026-01: 100 EUR, in all 100.00",
        "2026-02-03T09:00:00Z goal 2026-01: met 1 of 1",
        "2026-02-03T09:00:00Z penalty goal 2026-01: 0 EUR, in all 0.00",
    ]


def test_a_broken_snapshot_is_refused() -> None:
    plan = plan_of('rejects = event = "reject"\ngoal: count of rejects >= 2 per month\n    by region')
    monitor = Monitor(plan)
    monitor.feed(log_of("01-05 09:00  A  reject  region = ES"))
    state = json.loads(json.dumps(monitor.snapshot()))
    for broken in (
        {**state, "objectives": None},
        {**state, "objectives": {**state["objectives"], "groups": [[0, ["ES"], [1]]]}},
        {**state, "objectives": {**state["objectives"], "groups": [[7, ["ES"], []]]}},
        {**state, "objectives": {**state["objectives"], "cases": [["A", 1]]}},
        {name: part for name, part in state.items() if name != "objectives"},
    ):
        with pytest.raises(StateError):
            Monitor(plan, state=broken)
