"""Objectives in bulk are what the ledger finds; all cases of `objective_cases.outcome_of` see to that as well."""

from __future__ import annotations

import random
import shlex
from pathlib import Path

import pytest
from bulk_logs import assert_same, judged, objectives_in_bulk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import log_of, plan_of
from test_live_objectives import owing
from test_objectives_laws import ahead, asking, logs, policies

import sladsl
from sladsl.clock import ClockKind, compile_calendar
from sladsl.evaluate.columnar import CannotJudge, judge_files, memory
from sladsl.evaluate.objectives import bulk_refusals, judge_objectives, judge_objectives_bulk
from sladsl.evaluate.objectives.bulk import cells
from sladsl.evaluate.objectives.bulk.ticks import NONE, Ticks
from sladsl.evaluate.objectives.elapsed import BoundClock
from sladsl.evaluate.stream import judge
from sladsl.events import Event, ReadOptions, instant_of
from sladsl.events.reader import read

ROOT = Path(__file__).parents[2]
FOLDERS = [
    *sorted((ROOT / "tests" / "conformance" / "objectives").glob("*")),
    *sorted((ROOT / "examples").glob("*")),
    *sorted((ROOT.parent / "shared" / "acceptance" / "objectives").glob("*")),
]
MANY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
HOURS = st.sampled_from((0, 0, 1, 30, 300))
STATUS = st.sampled_from(("met", "met", "late", "breached"))
TOLD = st.sampled_from((1, 2, 1 << 15))  # events that are told at a time


def check(policy: str, events: list[Event], hours: int, status: str, told: int) -> None:
    plan = asking(plan_of(policy), status)
    as_of = ahead(events, hours)
    wanted = judge_objectives(plan, events, judge(plan, events, as_of), as_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "_SEEN", told)
        assert_same(objectives_in_bulk(plan, events, as_of), wanted)


@settings(max_examples=50, deadline=None, suppress_health_check=MANY)
@given(policies(), logs(), HOURS, STATUS, TOLD)
def test_drawn_objectives(policy: str, events: list[Event], hours: int, status: str, told: int) -> None:
    check(policy, events, hours, status, told)


@settings(max_examples=30, deadline=None, suppress_health_check=MANY)
@given(owing(), logs(), st.sampled_from((0, 1, 300, 3000)), TOLD)
def test_drawn_alerts_and_money(policy: str, events: list[Event], hours: int, told: int) -> None:
    check(policy, events, hours, "met", told)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=MANY)
@given(st.one_of(policies(), owing()), logs(), HOURS, STATUS, TOLD)
def test_many_drawn_objectives(policy: str, events: list[Event], hours: int, status: str, told: int) -> None:
    check(policy, events, hours, status, told)


@pytest.mark.parametrize(
    "folder", [f for f in FOLDERS if (f / "policy.sla").exists()], ids=lambda f: f"{f.parents[1].name}-{f.name}"
)
def test_a_case_comes_to_the_same(folder: Path) -> None:
    plan = sladsl.load(folder / "policy.sla").plan
    assert bulk_refusals(plan) == []
    (path,) = [str(file) for file in folder.iterdir() if file.name.startswith("log.")]
    options = ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes))
    log = read([path], plan.inputs, options)
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    as_of = instant_of(words[words.index("--as-of") + 1], plan.zone) if "--as-of" in words else None
    verdicts = judge(plan, log.events, as_of, actors=log.has_actor)
    wanted = judge_objectives(plan, log.events, verdicts, as_of, actors=log.has_actor)
    assert_same(judge_objectives_bulk(plan, judge_files(plan, path, as_of, options=options)), wanted)


VERSION = """
sla "Two versions"
    timezone Europe/Madrid
    effective from {period}
calendar office
    mon-fri 09:00-17:00
business hours = office
reply: support replies within {target} of each opened
    penalty 5 EUR per miss
goal: at least 60% of Reply met per month
    by region
speed: p75 of time of reply <= 5 business hours per month
"""


def test_a_window_takes_the_cycles_of_all_versions() -> None:
    first = plan_of(VERSION.format(period="2026-01-01 until 2026-01-16", target="3 business hours"))
    second = plan_of(VERSION.format(period="2026-01-16 until 2026-07-01", target="6 business hours"))
    chance = random.Random(3)
    lines = []
    for n in range(60):
        day, hour = chance.randint(5, 30), chance.randint(8, 17)
        lines.append((day, hour, f"L{n}  opened  region = {chance.choice(['ES', 'PT'])}"))
        if chance.random() < 0.8:
            lines.append((day + chance.randint(0, 1), hour + chance.randint(0, 6), f"L{n}  reply  actor = support"))
    events = log_of("\n".join(f"2026-01-{day:02} {hour:02}:00  {told}" for day, hour, told in sorted(lines)))
    as_of = ahead(events, 24 * 60)
    verdicts = {id(plan): judge(plan, events, as_of).verdicts for plan in (first, second)}
    columns = {id(plan): judged(plan, events, as_of) for plan in (first, second)}
    for plan, other in ((first, second), (second, first)):
        others = [(other, verdicts[id(other)])]
        wanted = judge_objectives(plan, events, verdicts[id(plan)], as_of, others=others)
        found = judge_objectives_bulk(plan, columns[id(plan)], [(other, columns[id(other)])])
        assert_same(found, wanted)
        assert wanted.rows == [] if plan is first else wanted.rows


TOLD_ZONES = """
calendar desk
    mon-fri 09:00-17:00
    timezone of city, otherwise Europe/Madrid
calendar nights
    every day 22:00-24:00
    timezone of city, otherwise UTC
business hours = desk
up = status = "up"
reply: support replies within 1 day of each opened
    paused while status = "held"
speed: p75 of time of reply <= 5 business hours per week
busy: time while up <= 30 business hours per week
uptime: share of time while up >= 90% per week
    excluding nights at most 3h per week
shown: share of time while up >= 90% per week
    excluding nights
won: share of opened that become up within 5 business hours >= 50% per week
"""


def test_calendars_that_attributes_tell() -> None:
    chance = random.Random(5)
    cities = ("Asia/Tokyo", "America/Lima", "Nowhere", "")
    lines = []
    for _ in range(150):
        kind = chance.choice(("opened", "opened", "reply", "reply", "note"))
        told = [f"status = {chance.choice(('up', 'down', 'held'))}"] if chance.random() < 0.7 else []
        told += [f"city = {city}"] if (city := chance.choice(cities)) else []
        carried = ", ".join(["actor = support", *told])
        day, hour, minute = chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59)
        lines.append(f"2026-01-{day:02} {hour:02}:{minute:02}  L{chance.randint(1, 25)}  {kind}  {carried}")
    plan, events = plan_of(TOLD_ZONES), log_of("\n".join(sorted(lines)))
    as_of = ahead(events, 60)
    wanted = judge_objectives(plan, events, judge(plan, events, as_of), as_of)
    assert {row.label for row in wanted.rows} == {"speed", "busy", "uptime", "shown", "won"}
    assert_same(objectives_in_bulk(plan, events, as_of), wanted)


def test_what_was_not_looked_for_is_refused() -> None:
    plan = plan_of("goal: count of opened >= 1 per day\n")
    outcome = judged(plan, log_of("01-05 09:00  A  opened"), None)
    outcome.watch = None
    with pytest.raises(CannotJudge, match="was not looked for"):
        judge_objectives_bulk(plan, outcome)


@pytest.mark.parametrize("table", [1, 40, 1 << 25])
def test_a_tally_is_the_same_whatever_its_room(monkeypatch: pytest.MonkeyPatch, table: int) -> None:
    import numpy as np

    monkeypatch.setattr(cells, "_TABLE", table)
    monkeypatch.setattr(cells, "_MANY", 7)
    chance = random.Random(table)
    tally, sums = cells.Tally(), cells.Sums()
    wanted: dict[tuple[int, int], int] = {}
    for _ in range(20):
        rows = [(chance.randrange(5), chance.randrange(-9, 9), chance.randrange(-(1 << 61), 1 << 61)) for _ in range(5)]
        groups, at, by = (np.array(column, np.int64) for column in zip(*rows, strict=True))
        tally.add(groups, at)
        sums.add(groups, at, by)
        for group, cell, amount in rows:
            wanted[group, cell] = wanted.get((group, cell), 0) + amount
    for group in range(6):
        assert sums.of(group) == {cell: amount for (g, cell), amount in wanted.items() if g == group}
        assert sum(tally.of(group).values()) == sum(tally.of(group)[cell] for (g, cell) in wanted if g == group)
    assert sum(sum(tally.of(group).values()) for group in range(6)) == 100


@pytest.mark.parametrize("kind", list(ClockKind))
def test_a_clock_read_at_many_instants_is_the_clock(kind: ClockKind) -> None:
    import numpy as np

    plan = plan_of(
        'sla "X"\n    timezone Europe/Madrid\ncalendar office\n    mon-fri 09:00-14:00, 15:00-18:30\n    holidays ES-MD\n'
        "business hours = office\nreply: support replies within 2 business hours of opened\n"
    )
    counted = kind in (ClockKind.BUSINESS_TIME, ClockKind.BUSINESS_DAYS)
    clock = BoundClock(plan, kind, 0 if counted else None).clock()
    ticks = Ticks(clock, compile_calendar(plan.calendars[0], plan.zone) if counted else None)
    chance, hour = random.Random(1), 3_600_000_000
    a = [1_767_225_600_000_000 + chance.randrange(9600) * hour + chance.choice((0, 1, -1, 777)) for _ in range(500)]
    b = [us + chance.randrange(3000) * hour for us in a]
    measured = ticks.measure(np.array(a), np.array(b)).tolist()
    assert measured == [clock.measure(x, y) for x, y in zip(a, b, strict=True)]
    for amount in (0, 1, hour, 24 * hour, 120 * hour, 7200 * hour, 72_000 * hour):
        dues = [clock.due(us, amount) for us in a]
        assert ticks.due(np.array(a), amount).tolist() == [NONE if due is None else due for due in dues]
