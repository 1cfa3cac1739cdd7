"""Laws of objectives over generated policies and logs: the ledger finds what the referee finds, and laws 9 and 26 of the timers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import at, line, plan_of

from sladsl.evaluate.objectives import ObjectiveRow, judge_objectives
from sladsl.evaluate.objectives.reference import judge_rows
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import ShareBecome, ShareMet
from sladsl.ir.plan import Plan

HEAD = """
sla "Made up"
    timezone Europe/Madrid
    {effective}
qualified lead = score >= 60
up = status = "up"
maintenance = status = "maintenance"
won deal = stage = "won"
rejects = event = "reject"
calendar office
    mon-fri 09:00-17:00
calendar nights
    every day 22:00-24:00
business hours = office
reply: support replies within {target} of {often}opened
    4 business hours when vip = yes
    on change {change}
    {pause}
    {excuse}
quiet: sales must not email within 2 days of opened
service "hosting"
    reply: support replies within 1 day of {often}opened
"""
MEASURES = (
    ("count of rejects", "2", ""),
    ("count of qualified lead", "2", ""),
    ("count of qualified lead + count of rejects", "4", ""),
    ("count of rejects / count of qualified lead", "50%", ""),
    ("100 - count of rejects * 3", "90", ""),
    ("share of reply met", "60%", "cycles"),
    ("share of quiet met", "60%", "cycles"),
    ("share of reply met - share of quiet met", "10%", "cycles"),
    ("share of qualified lead that become won deal within 10 days", "50%", ""),
    ("share of qualified lead that become won deal within 5 business days", "50%", ""),
    ("share of rejects that become up within 400 days", "50%", ""),
    ("share of time while up", "70%", "time"),
    ("time while up", "5 days", "time"),
    ("time while not up", "20 business hours", "time"),
    ("average of score at rejects", "50", ""),
    ("p75 of score", "50", ""),
    ("median of score at qualified lead", "50", ""),
    ("total of score", "500", ""),
    ("max of score at rejects", "80", ""),
    ("min of score", "20", ""),
    ("total of score / count of rejects", "50", ""),
    ("average of time of reply", "20h", "cycles"),
    ("p75 of time of reply", "5 business hours", "cycles"),
    ("median of time of reply", "2 business days", "cycles"),
    ("max of time of reply", "2 calendar days", "cycles"),
    ("min of time of reply", "20h", "cycles"),
    ("total of time of reply", "20h", "cycles"),
)
WINDOWS = ("day", "week", "month", "quarter", "year", "rolling 3 days", "rolling 10 days")
EXCLUSIONS = (
    "excluding maintenance",
    "excluding maintenance at most 6h per week",
    "excluding maintenance at most 30h per quarter",
    "excluding nights",
    "excluding nights at most 3h per month",
    "excluding office; excluding maintenance at most 1 day per month",
)
EDGES = tuple(
    at(text)
    for text in (
        "2026-02-28 23:00",  # midnight in Madrid
        "2026-03-02 08:00",
        "2026-03-02 16:00",
        "2026-03-08 23:00",
        "2026-03-27 12:00",
        "2026-03-29 00:59",
        "2026-03-29 01:00",
        "2026-03-29 22:00",
        "2026-03-31 21:59",
        "2026-03-31 22:00",
        "2026-04-01 08:00",
        "2026-04-14 10:00",
    )
)


@st.composite
def policies(draw: st.DrawFn) -> str:
    """A policy with one objective, most often with a few details."""
    measure, target, kind = draw(st.sampled_from(MEASURES))
    op = draw(st.sampled_from((">=", "<=", ">", "<")))
    lines = [f"goal: {measure} {op} {target} per {draw(st.sampled_from(WINDOWS))}"]
    if draw(st.booleans()):
        lines.append("    by " + draw(st.sampled_from(("region", "region and vip"))))
    if kind == "cycles" and draw(st.booleans()):
        lines.append("    counted by " + draw(st.sampled_from(("start", "due", "close"))))
    if draw(st.integers(0, 3)) == 0:
        lines.append(f"    at least {draw(st.integers(1, 4))} cases")
    if kind == "time" and draw(st.booleans()):
        lines += [f"    {text}" for text in draw(st.sampled_from(EXCLUSIONS)).split("; ")]
    if draw(st.integers(0, 3)) == 0:
        lines = [draw(st.sampled_from(('service "hosting"', "for vip = yes"))), *(f"    {text}" for text in lines)]
    head = HEAD.format(
        effective=draw(st.sampled_from(("", "effective from 2026-03-05 until 2026-04-01"))),
        target=draw(st.sampled_from(("1 day", "8 business hours", "2 business days", "30h"))),
        often=draw(st.sampled_from(("", "each ", "latest ", "first "))),
        change=draw(st.sampled_from(("carry", "restart", "keep"))),
        pause=draw(st.sampled_from(("", "paused while maintenance"))),
        excuse=draw(st.sampled_from(("", 'excused when stage = "waived"'))),
    )
    return "\n".join(text for text in head.splitlines() if text.strip()) + "\n" + "\n".join(lines) + "\n"


H = 3_600_000_000
GAPS = (0, 0, 1, H // 60, H // 2, H, 4 * H, 8 * H, 24 * H - 1, 24 * H, 30 * H, 3 * 24 * H)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "score": st.sampled_from(("20", "59", "60", "60", "61.5", "80", "80", "soon")),
        "status": st.sampled_from(("up", "down", "maintenance")),
        "stage": st.sampled_from(("open", "won", "won", "waived")),
        "region": st.sampled_from(("ES", "PT")),
        "service": st.sampled_from(("hosting", "mail")),
        "vip": st.sampled_from(("yes", "no", "no", "perhaps")),
    },
)
happenings = st.tuples(
    st.one_of(st.sampled_from(GAPS), st.sampled_from(EDGES), st.sampled_from(EDGES).map(lambda us: us - 1)),
    st.sampled_from("AABBC"),
    st.sampled_from(("opened", "opened", "opened", "reply", "reply", "reject", "email", "note")),
    st.sampled_from(("support", "support", "support", "sales", "")),
    attributes,
)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """A log of a few cases around the edges of windows; sometimes several events in one instant, not always in order."""
    us = draw(st.sampled_from(EDGES))
    found = []
    for place, (gap, case, kind, actor, carried) in enumerate(draw(st.lists(happenings, min_size=1, max_size=25))):
        us = gap if gap >= EDGES[0] - 1 else us + gap
        found.append(Event(case, us, kind, actor, dict(carried), position=place, row=place + 1))
    return found


def ahead(events: list[Event], hours: int) -> int:
    """An as-of so many hours after the last event."""
    return max(event.time_us for event in events) + hours * 3_600_000_000


def asking(plan: Plan, status: str) -> Plan:
    """The plan with what there are no words for yet: shares of late or breached cycles, shares that become so at any time."""
    if status == "met":
        return plan
    objectives = []
    for objective in plan.objectives:
        measure = objective.measure
        if isinstance(measure, ShareMet):
            measure = evolve(measure, status=status)
        elif isinstance(measure, ShareBecome):
            measure = evolve(measure, within=None, within_calendar=None)
        objectives.append(evolve(objective, measure=measure))
    return evolve(plan, objectives=tuple(objectives))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), logs(), st.sampled_from((0, 0, 1, 30, 300)), st.sampled_from(("met", "met", "late", "breached")))
def test_the_ledger_finds_what_the_referee_finds(policy: str, events: list[Event], hours: int, status: str) -> None:
    """Law 2, agreement: ledger = referee, on every generated case."""
    plan = asking(plan_of(policy), status)
    as_of = ahead(events, hours)
    verdicts = judge(plan, events, as_of).verdicts
    found = judge_objectives(plan, events, verdicts, as_of).rows
    wanted = judge_rows(plan, events, verdicts, as_of)
    assert [line(row) for row in found] == [line(row) for row in wanted]
    assert [(row.start_us, row.end_us, row.ended) for row in found] == [
        (row.start_us, row.end_us, row.ended) for row in wanted
    ]


# --- bounds, groups, sums ----------------------------------------------------------------------------------------------

PLAIN = HEAD.format(
    effective="", target="1 day", often="each ", change="carry", pause="paused while maintenance", excuse=""
).replace("    \n", "")
MANY = HealthCheck.too_slow, HealthCheck.data_too_large


def without_faults(events: list[Event]) -> list[Event]:
    """The log without cells that cannot be read: a cycle that turns undetermined leaves its window, as one excused does."""
    bad = {"soon", "perhaps"}
    return [
        Event(
            e.case,
            e.time_us,
            e.type,
            e.actor,
            {k: v for k, v in e.attributes.items() if v not in bad},
            e.position,
            0,
            e.row,
        )
        for e in events
    ]


def by_ledger(plan: Plan, events: list[Event], verdicts: list[Verdict], as_of: int) -> list[ObjectiveRow]:
    """The rows of the evaluator in use."""
    return judge_objectives(plan, events, verdicts, as_of).rows


Judged = Callable[[Plan, list[Event], list[Verdict], int], list[ObjectiveRow]]
both = pytest.mark.parametrize("judged", [by_ledger, judge_rows], ids=["ledger", "referee"])


def rows_as_of(
    policy: str, events: list[Event], as_of: int, judged: Judged
) -> dict[tuple[str, str, tuple[tuple[str, str], ...]], ObjectiveRow]:
    plan = plan_of(policy)
    found = judged(plan, events, judge(plan, events, as_of).verdicts, as_of)
    return {(row.label, row.window, row.group): row for row in found}


@both
@settings(max_examples=80, deadline=None, suppress_health_check=MANY)
@given(st.sampled_from(MEASURES), st.sampled_from(WINDOWS), st.sampled_from(("", "    by region\n")), logs(), st.data())
def test_bounds_hold_the_final_value_and_shrink(
    judged: Judged, measured: tuple[str, str, str], window: str, by: str, events: list[Event], data: st.DataObject
) -> None:
    """Law 26: objective bounds hold the final value, and shrink as as-of grows, over windows that have ended. And what is met or missed once stays so, though its window may not have ended."""
    measure, target, _ = measured
    policy = f"{PLAIN}goal: {measure} >= {target} per {window}\n{by}"
    events = without_faults(events)
    instants = sorted({e.time_us for e in events})
    early = data.draw(st.sampled_from(instants)) + data.draw(st.sampled_from((0, H, 30 * H)))
    late = max(ahead(events, 24 * 60), early)
    before, after = rows_as_of(policy, events, early, judged), rows_as_of(policy, events, late, judged)
    for key, row in before.items():
        if row.status in ("met", "missed"):
            assert after[key].status == row.status
        if not row.ended:
            continue
        final = after[key]
        # a value is that of the decided cases: it is the final one where no case is open any more
        if final.low == final.high:
            assert final.value == final.low
        assert row.low is None or final.low is None or row.low <= final.low
        assert row.high is None or final.high is None or final.high <= row.high
        assert row.high is None or final.high is not None
        assert row.low is None or final.low is not None


@both
@settings(max_examples=40, deadline=None, suppress_health_check=MANY)
@given(
    st.sampled_from(("count of rejects", "count of qualified lead", "share of reply met", "total of score at rejects")),
    st.sampled_from(WINDOWS),
    logs(),
    st.sampled_from((0, 1, 30)),
)
def test_counts_add_up_over_groups(judged: Judged, measure: str, window: str, events: list[Event], hours: int) -> None:
    """Law 26: counts add up over groups."""
    whole = f"{PLAIN}goal: {measure} >= 1 per {window}\n"
    all_rows = rows_as_of(whole, events, ahead(events, hours), judged)
    parts = rows_as_of(whole + "    by region and vip\n", events, ahead(events, hours), judged)
    for (label, name, _), row in all_rows.items():
        of_window = [part for (_, other, _), part in parts.items() if (label, other) == (label, name)]
        assert sum(part.cases for part in of_window) == row.cases
        if measure.startswith("share"):
            assert sum(part.good or 0 for part in of_window) == (row.good or 0)
        else:
            assert sum(part.value or 0 for part in of_window) == row.value


@both
@settings(max_examples=40, deadline=None, suppress_health_check=MANY)
@given(
    st.sampled_from(
        ("count of rejects", "count of qualified lead", "total of score", "time while not up", "total of time of reply")
    ),
    logs(),
    st.sampled_from((0, 1, 30, 2000)),
)
def test_quarters_are_the_sums_of_their_months(judged: Judged, measure: str, events: list[Event], hours: int) -> None:
    """Law 26: quarters are the sums of their months."""
    target = "20h" if "time" in measure else "1"
    policy = f"{PLAIN}q: {measure} >= {target} per quarter\nm: {measure} >= {target} per month\n"
    rows = rows_as_of(policy, without_faults(events), ahead(events, hours), judged)
    quarters = [row for (label, *_), row in rows.items() if label == "q"]
    months = [row for (label, *_), row in rows.items() if label == "m"]
    assert quarters or not months
    for quarter in quarters:
        inside = [m for m in months if quarter.start_us <= m.start_us and m.end_us <= quarter.end_us]
        assert sum(m.value or 0 for m in inside) == quarter.value


@settings(max_examples=40, deadline=None, suppress_health_check=MANY)
@given(policies(), logs(), st.sampled_from((0, 1, 30, 300)))
def test_every_cycle_is_in_just_one_window(policy: str, events: list[Event], hours: int) -> None:
    """Law 9 per window: what was opened is met, late, breached, open or paused, or counts nowhere."""
    head = policy[: policy.index("quiet:")].replace("effective from 2026-03-05 until 2026-04-01", "")
    policy = f"{head}goal: share of reply met >= 1% per week\n"
    plan = plan_of(policy)
    as_of = ahead(events, hours)
    verdicts = judge(plan, events, as_of).verdicts
    rows = judge_objectives(plan, events, verdicts, as_of).rows

    def cases(statuses: tuple[str, ...], start: int, end: int) -> int:
        return sum(v.status in statuses and start <= v.opened_us < end for v in verdicts)

    for row in rows:
        assert row.total == cases(("met", "late", "breached"), row.start_us, row.end_us)
        assert row.good == cases(("met",), row.start_us, row.end_us)
        assert row.cases - row.total == cases(("open", "paused"), row.start_us, row.end_us)
    listed = sum(any(row.start_us <= v.opened_us < row.end_us for row in rows) for v in verdicts)
    counted = sum(v.status not in ("cancelled", "excused", "undetermined") for v in verdicts)
    # only what starts at as-of itself may be in a window that has not begun
    assert listed >= counted - sum(v.opened_us == as_of for v in verdicts)
