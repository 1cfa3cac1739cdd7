"""Laws of objectives over generated policies and logs: the ledger finds what the referee finds, and laws 9 and 26 of the timers."""

from __future__ import annotations

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import at, line, plan_of

from sladsl.evaluate import reference
from sladsl.evaluate.objectives import judge_objectives
from sladsl.evaluate.objectives.reference import burn_alerts, judge_rows
from sladsl.evaluate.stream import judge
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
    plan = asking(plan_of(policy), status)
    as_of = ahead(events, hours)
    verdicts = judge(plan, events, as_of).verdicts
    found = judge_objectives(plan, events, verdicts, as_of).rows
    wanted = judge_rows(plan, events, verdicts, as_of)
    assert [line(row) for row in found] == [line(row) for row in wanted]
    assert [(row.start_us, row.end_us, row.ended) for row in found] == [
        (row.start_us, row.end_us, row.ended) for row in wanted
    ]
