"""Burn-rate alerts, windows missed in a row, and error budgets."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import at, log_of, outcome_of, plan_of

from sladsl.clock import iso
from sladsl.evaluate.objectives import judge_objectives
from sladsl.evaluate.objectives.reference import burn_alerts
from sladsl.evaluate.stream import judge
from sladsl.events import Event

UP = 'up = status = "up"\nmaintenance = status = "maintenance"\n'
HOUR, MINUTE = 3_600_000_000, 60_000_000


def alerts_of(policy: str, log: str, as_of: str | None = None) -> list[str]:
    """`burn 2026-01-05T10:00:00Z region=ES`."""
    return [
        f"{alert.kind} {iso(alert.at_us, 'UTC')[:16]}" + "".join(f" {name}={value}" for name, value in alert.group)
        for alert in outcome_of(policy, log, as_of).alerts
    ]


def test_a_burn_rate_of_time_is_exceeded_at_a_whole_minute_and_told_once() -> None:
    # 10% may be down; twice that over an hour is 12 minutes
    policy = UP + "uptime: share of time while up >= 90% per month\n    alert when burn rate > 2 over 1h\n"
    log = """
    01-05 00:00  A  probe  status = up
    01-05 10:00  A  probe  status = down
    01-05 10:30  A  probe  status = up
    01-05 20:00  A  probe  status = down
    01-05 20:12  A  probe  status = up
    """
    # just 12 minutes do not exceed it
    assert alerts_of(policy, log) == ["burn 2026-01-05T10:13"]
    assert alerts_of(policy, log.replace("20:12", "20:12:01"), "01-05 22:00") == [
        "burn 2026-01-05T10:13",
        "burn 2026-01-05T20:13",
    ]


def test_it_is_given_again_only_after_it_was_not_exceeded() -> None:
    policy = UP + "uptime: share of time while up >= 90% per month\n    alert when burn rate > 2 over 1h\n"
    log = """
    01-05 00:00  A  probe  status = up
    01-05 10:00  A  probe  status = down
    01-05 10:20  A  probe  status = up
    01-05 10:50  A  probe  status = down
    01-05 11:10  A  probe  status = up
    """
    assert alerts_of(policy, log, "01-05 14:00") == ["burn 2026-01-05T10:13"]


def test_every_stretch_that_it_names_must_exceed_it() -> None:
    policy = UP + "uptime: share of time while up >= 90% per month\n    alert when burn rate > 2 over 1h and 5 min\n"
    log = """
    01-05 00:00  A  probe  status = up
    01-05 10:00  A  probe  status = down
    01-05 10:10  A  probe  status = up
    01-05 10:20  A  probe  status = down
    01-05 10:40  A  probe  status = up
    """
    # at 10:13 the last hour is not yet bad enough; from 10:23 on it is, and so are the last five minutes
    assert alerts_of(policy, log, "01-05 14:00") == ["burn 2026-01-05T10:23"]


def test_before_an_hour_has_passed_the_hour_is_what_there_was() -> None:
    policy = UP + "uptime: share of time while up >= 90% per month\n    alert when burn rate > 2 over 1h\n"
    assert alerts_of(policy, "01-05 10:00:30  A  probe  status = down", "01-05 12:00") == ["burn 2026-01-05T10:01"]


def test_a_burn_rate_of_attainment_counts_what_was_known_at_the_minute() -> None:
    policy = (
        "reply: support replies within 10 min of opened\n"
        "goal: at least 90% of reply met per month\n    by region\n    alert when burn rate > 4 over 1h\n"
    )
    log = """
    01-05 09:00  A  opened  region = ES
    01-05 09:05  A  reply
    01-05 09:30  B  opened  region = ES
    01-05 09:45  B  reply
    01-05 09:30  C  opened  region = PT
    01-05 09:31  C  reply
    """
    # the breach of B is known at 09:40: one of two
    assert alerts_of(policy, log, "01-05 14:00") == ["burn 2026-01-05T09:40 region=ES"]


def test_a_burn_rate_of_a_conversion() -> None:
    policy = (
        'lead = score >= 60\nwon = stage = "won"\n'
        "goal: share of lead that become won within 10 min >= 50% per month\n    alert when burn rate > 1 over 30 min\n"
    )
    log = "01-05 09:00  A  x  score = 70\n01-05 09:00  B  x  score = 70\n01-05 09:02  B  y  stage = won\n01-05 09:05  C  x  score = 70"
    # A is lost at 09:10, which leaves just half; C at 09:15
    assert alerts_of(policy, log, "01-05 12:00") == ["burn 2026-01-05T09:15"]


def test_windows_missed_in_a_row() -> None:
    policy = "goal: count of x >= 1 per day\n    alert when missed 2 windows in a row\n"
    days = ("01-01", "01-04", "01-08", "01-10")
    log = "\n".join(f"{day} 12:00  A  x" for day in days)
    # 2, 3 missed; 5, 6, 7 missed, told once; 9 alone
    assert alerts_of(policy, log) == ["missed 2026-01-04T00:00", "missed 2026-01-07T00:00"]


def test_a_window_without_a_case_is_none_that_was_missed() -> None:
    policy = (
        "reply: support replies within 1h of opened\n"
        "goal: at least 90% of reply met per day\n    alert when missed 2 windows in a row\n"
    )
    log = "01-05 09:00  A  opened\n01-07 09:00  B  opened\n01-08 09:00  C  opened"
    assert alerts_of(policy, log, "01-10") == ["missed 2026-01-09T00:00"]


# --- budgets ---------------------------------------------------------------------------------------------------------


def budgets_of(policy: str, log: str, as_of: str) -> list[tuple[str, Fraction, Fraction, Fraction, str]]:
    return [
        (b.window, b.budget, b.used, b.left, "" if b.runs_out_us is None else iso(b.runs_out_us, "UTC"))
        for b in outcome_of(policy, log, as_of).budgets
    ]


def test_the_budget_of_time() -> None:
    policy = UP + "uptime: share of time while up >= 90% per day\n"
    log = "01-05 00:00  A  probe  status = up\n01-05 06:00  A  probe  status = down\n01-05 07:00  A  probe  status = up"
    # of a day 2.4 hours; one is used after 10, so 1.4 are left, which last 14 hours
    assert budgets_of(policy, log, "01-05 10:00") == [
        ("2026-01-05", Fraction(24 * HOUR, 10), HOUR, Fraction(14 * HOUR, 10), "")
    ]
    assert budgets_of(policy, log, "01-05 09:00")[0][4] == "2026-01-05T21:36:00Z"
    assert budgets_of(policy, log, "01-06")[0][1:] == (Fraction(24 * HOUR, 10), HOUR, Fraction(14 * HOUR, 10), "")
    overdrawn = budgets_of(policy, log.replace("07:00", "10:00"), "01-05 12:00")
    assert overdrawn == [("2026-01-05", Fraction(24 * HOUR, 10), 4 * HOUR, Fraction(-16 * HOUR, 10), "")]


def test_the_budget_of_cycles_grows_with_their_pace() -> None:
    policy = "reply: support replies within 1h of opened\ngoal: at least 80% of reply met per day\n"
    lines = [f"01-05 0{hour}:00  {name}  opened\n01-05 0{hour}:10  {name}  reply" for hour, name in enumerate("ABCD")]
    log = "\n".join([*lines, "01-05 04:00  E  opened"])
    # five cycles in six hours are twenty in the day: four may miss, one has
    assert budgets_of(policy, log, "01-05 06:00") == [("2026-01-05", 4, 1, 3, "")]
    assert budgets_of(policy, log, "01-06") == [("2026-01-05", 1, 1, 0, "")]
    late = log + "\n01-05 04:30  F  opened"
    # six in six hours are 24: 4.8 may miss, two have; 2.8 last 8.4 hours
    assert budgets_of(policy, late, "01-05 06:00") == [
        ("2026-01-05", Fraction(24, 5), 2, Fraction(14, 5), "2026-01-05T14:24:00Z")
    ]


def test_other_objectives_have_no_budget() -> None:
    assert budgets_of("goal: count of x <= 3 per day", "01-05 09:00  A  x", "01-06") == []


# --- against the referee, minute by minute ---------------------------------------------------------------------------

POLICIES = (
    UP + "goal: share of time while up >= 80% per day\n    {by}alert when burn rate > 2 over 20 min and 5 min\n",
    UP + "goal: share of time while up >= 90% per day\n    {by}alert when burn rate > 1.5 over 90 s and 7 min\n",
    UP + "goal: share of time while up >= 50% per day\n    {by}excluding maintenance at most 9 min per day\n"
    "    alert when burn rate > 0.7 over 10 min\n    alert when burn rate > 1 over 3 min and 30 min\n",
    'reply: support replies within 4 min of opened\n    excused when status = "maintenance"\n    cancelled when status = "up"\n'
    "goal: at least 60% of reply met per day\n    {by}counted by {which}\n"
    "    alert when burn rate > 1 over 10 min and 4 min\n",
    'reply: support replies within 4 min of each opened\n    paused while status = "down"\n'
    "goal: at least 50% of reply met per day\n    {by}counted by {which}\n    alert when burn rate > 0.5 over 15 min\n",
    UP
    + "goal: share of up that become maintenance within 6 min >= 50% per day\n    {by}alert when burn rate > 1 over 12 min\n",
)
moments = st.tuples(
    st.sampled_from(
        (0, 0, 1, 10_000_000, 59_999_999, MINUTE, MINUTE, 2 * MINUTE, 4 * MINUTE, 4 * MINUTE + 1, 9 * MINUTE)
    ),
    st.sampled_from("AABC"),
    st.sampled_from(("opened", "opened", "reply", "probe")),
    st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(("up", "down", "maintenance")),
            "region": st.sampled_from(("ES", "PT")),
        },
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(POLICIES),
    st.sampled_from(("", "by region\n    ")),
    st.sampled_from(("start", "due", "close")),
    st.lists(moments, min_size=1, max_size=12),
)
def test_burn_rates_minute_by_minute(
    policy: str, by: str, which: str, happened: list[tuple[int, str, str, dict[str, object]]]
) -> None:
    plan = plan_of(policy.format(by=by, which=which))
    us = at("01-05 09:00")
    events = []
    for place, (gap, case, kind, carried) in enumerate(happened):
        us += gap
        events.append(Event(case, us, kind, "support", dict(carried), position=place, row=place + 1))
    as_of = us + 25 * MINUTE
    found = judge_objectives(plan, events, judge(plan, events, as_of), as_of).alerts
    wanted = burn_alerts(plan, events, lambda minute: judge(plan, events, minute).verdicts, as_of)
    assert [(a.objective, tuple(value for _, value in a.group), a.at_us) for a in found] == wanted


def test_an_alert_in_a_log_of_one_event() -> None:
    plan = plan_of(POLICIES[0].format(by=""))
    events = log_of("01-05 09:00  A  probe  status = down")
    assert [a.at_us for a in judge_objectives(plan, events, (), at("01-05 10:00")).alerts] == [at("01-05 09:01")]
