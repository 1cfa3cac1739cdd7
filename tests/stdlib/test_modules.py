"""The standard library from the outside: each module by itself, and used by policies that have names of their own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import sladsl
from sladsl.checked import check_source
from sladsl.clock.dates import day_number
from sladsl.clock.holiday_data import holidays_of
from sladsl.text import Source

STDLIB = Path(__file__).parents[2] / "stdlib"
MODULES = sorted(f"std.{path.stem}" for path in STDLIB.glob("*.sla"))
ALL = "".join(f"use {module}\n" for module in MODULES)

# What a policy of its own would declare and read: none of it may mean something else because a module is used.
OWN = """\
sla "Ours"
    between marketing and sales
    case lead
party sales = team = "sales"
party support
list buyer persona = "cto", "cfo"
calendar office
    mon-fri 09:00-14:00
calendar round the clock
    every day 00:00-24:00
business hours = office
qualified lead = score >= 60 and role in buyer persona
won deal = stage = "won"
high intent = event = "demo"
up = status = "up"
down = status = "down"
open ticket = status = "open"
lifecycle lead
    qualified = qualified lead
    won = won deal
first contact: sales contacts qualified lead within 4 business hours
answer: support replies within 4h of opened
    2h when priority = "high" and severity = 1 and impact = "low" and urgency = "low"
    paused while status = "pending"
follow up: sales accepts or rejects lead within 1 business day of handoff
solution: support solves ticket within 2 business days of opened
activation: support activates ticket within 1 business day of opened
plan: operations plans maintenance within 5 business days of alarm
talk: sales engages lead within 2 business days of handoff
patience: sales must not recycle lead before 6 calls
loss: sales must not lose lead within 1 business day of handoff
night: support restarts within 30 business minutes of alarm in round the clock
outage: down lasts at most 5 min
interest: sales contacts within 4h of high intent
waiting: open ticket lasts at most 72h
customer "ACME"
    answer: support replies within 1h of opened
        30 min when severity = 1
        paused while status = "pending"
volume: count of qualified lead >= 10 per month
    by region and customer
rate: share of qualified lead that become won deal within 30 days >= 10% per quarter
uptime: share of time while up >= 99.9% per month
"""


def _checked(text: str) -> tuple[str, ...]:
    return tuple(d.message for d in check_source(Source("ours.sla", text)).diagnostics)


@pytest.mark.parametrize("module", MODULES)
def test_module_is_sound_alone(module: str) -> None:
    path = STDLIB / f"{module.removeprefix('std.')}.sla"
    assert check_source(Source(str(path), path.read_text())).diagnostics == ()


@pytest.mark.parametrize("use", [*(f"use {module}\n" for module in MODULES), ALL], ids=[*MODULES, "all"])
def test_using_a_module_changes_nothing_of_a_policy(use: str) -> None:
    assert _checked(OWN) == ()
    assert _checked(use + OWN) == ()
    # not one condition, calendar or party more: the compiled policies are the same to the byte
    assert sladsl.load(text=use + OWN).to_json() == sladsl.load(text="\n" * use.count("\n") + OWN).to_json()


LIKELY = (
    *("score", "role", "status", "priority", "stage", "region", "country", "customer", "service", "owner", "team"),
    *("severity", "impact", "urgency", "company", "size", "channel", "source", "segment", "plan", "product", "state"),
    *("type", "category", "lead", "ticket", "order", "incident", "deal", "amount", "grade", "fit", "intent"),
)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_declares_no_name_that_a_log_is_likely_to_have(module: str) -> None:
    reads = "".join(f'about {name}: sales acts within 1h of created, when {name} = "x"\n' for name in LIKELY)
    plan = sladsl.load(text=f"use {module}\n{reads}").plan
    assert set(LIKELY) <= set(plan.attributes)


# One holiday of each country that falls on a working day, and a working day that its neighbours do not work.
HOLIDAYS = {
    "Spain": ("2026-10-12", "2026-10-13"),
    "Portugal": ("2026-06-10", "2026-10-12"),
    "France": ("2026-07-14", "2026-10-12"),
    "Italy": ("2026-06-02", "2026-10-12"),
    "Germany": ("2026-05-25", "2026-10-12"),
    "Netherlands": ("2026-04-27", "2026-05-01"),
    "Belgium": ("2026-07-21", "2026-07-14"),
    "Ireland": ("2026-03-17", "2026-05-25"),
    "United Kingdom": ("2026-12-28", "2026-04-06"),
    "England": ("2026-08-31", "2026-11-30"),
    "Scotland": ("2026-11-30", "2026-08-31"),
    "Northern Ireland": ("2026-03-17", "2026-11-30"),
    "US Eastern": ("2026-11-26", "2026-11-27"),
    "US Central": ("2026-07-03", "2026-07-06"),
    "US Mountain": ("2026-09-07", "2026-09-08"),
    "US Pacific": ("2026-01-19", "2026-01-20"),
    "Mexico": ("2026-09-16", "2026-07-20"),
    "Colombia": ("2026-07-20", "2026-09-16"),
    "Ecuador": ("2026-08-10", "2026-07-20"),
    "Peru": ("2026-07-28", "2026-09-16"),
    "Chile": ("2026-09-18", "2026-09-16"),
    "Argentina": ("2026-07-09", "2026-07-28"),
    "Uruguay": ("2026-08-25", "2026-07-09"),
    "Brazil": ("2026-04-21", "2026-07-09"),
}


@pytest.mark.parametrize("country", HOLIDAYS)
def test_calendar_of_a_country(country: str) -> None:
    policy = f"use std.business\nreply: support replies within 1 business hour of asked in {country}\n"
    plan = sladsl.load(text=policy).plan
    (spec,) = plan.calendars
    closed, worked = (date.fromisoformat(text) for text in HOLIDAYS[country])

    def is_holiday(day: date) -> bool:
        number = day_number(day.year, day.month, day.day)
        return any(number in holidays_of(region, day.year) for region in spec.holidays)

    assert is_holiday(closed)
    assert not is_holiday(worked)
    assert closed.weekday() < 5
    assert worked.weekday() < 5


def test_every_calendar_of_the_business_module_is_tried() -> None:
    text = (STDLIB / "business.sla").read_text()
    declared = {
        line.partition("#")[0][len("calendar ") :].strip() for line in text.splitlines() if line.startswith("calendar ")
    }
    assert declared == {*HOLIDAYS, "weekdays", "round the clock"}


def test_calendars_fold_like_names() -> None:
    text = "use std.business\nreply: support replies within 1 business hour of asked in us_eastern\n"
    assert [spec.name for spec in sladsl.load(text=text).plan.calendars] == ["US Eastern"]


def test_an_unknown_module_names_the_near_one() -> None:
    with pytest.raises(sladsl.PolicyError, match=r"did you mean `std\.business`"):
        sladsl.load(text="use std.busines\n")


def test_classes_of_uptime_are_targets() -> None:
    text = "use std.uptime\nuptime: share of time while service up >= three nines per month\n"
    log = [
        {"case": "web", "time": "2026-03-01T00:00:00Z", "event": "check", "status": "up"},
        {"case": "web", "time": "2026-03-10T00:00:00Z", "event": "check", "status": "major_outage"},
        {"case": "web", "time": "2026-03-10T01:00:00Z", "event": "check", "status": "degraded"},
        {"case": "web", "time": "2026-04-01T00:00:00Z", "event": "check", "status": "ok"},
    ]
    rows = sladsl.run(sladsl.load(text=text), log).objectives
    assert [(row.status, round(float(row.value), 5)) for row in rows[:1]] == [("missed", 1 - round(1 / 744, 5))]


REFERENCE = (STDLIB.parent / "grammar" / "README.md").read_text(encoding="utf-8").split("## 15. ")[1]


def test_the_reference_lists_the_modules_and_only_names_that_they_have() -> None:
    rows = dict(re.findall(r"^\| `(std\.\w+)` \| (.*) \|$", REFERENCE, re.MULTILINE))
    assert sorted(rows) == MODULES
    for module, row in rows.items():
        text = (STDLIB / f"{module.removeprefix('std.')}.sla").read_text(encoding="utf-8")
        assert [name for name in re.findall(r"`([^`]+)`", row) if name not in text] == [], module


def test_the_example_of_the_reference_compiles() -> None:
    (example,) = re.findall(r"```sla\n(.*?)```", REFERENCE, re.DOTALL)
    assert sladsl.load(text=example).warnings == ()
