"""Every case of `objectives/`, by every evaluator: the referee, the ledger, a monitor that is restarted after each event, and the columns."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.clock import iso
from sladsl.evaluate import reference
from sladsl.evaluate.objectives import ObjectiveRow, ObjectivesOutcome
from sladsl.evaluate.objectives.outcome import CertainConsequence, CertainRow, Told
from sladsl.evaluate.objectives.reference import judge_rows
from sladsl.evaluate.stream import Monitor
from sladsl.events import ReadOptions
from sladsl.events.reader import read
from sladsl.ir.plan import Plan

HERE = Path(__file__).parent
CASES = sorted(folder.parent for folder in HERE.glob("objectives/*/policy.sla"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Line = dict[str, str]


def microseconds(text: str) -> int:
    """An instant of a case, which carries an offset."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None, f"{text} has no offset"
    return (moment - EPOCH) // timedelta(microseconds=1)


def as_of(folder: Path) -> str | None:
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    assert words[:1] in ([], ["--as-of"])
    return words[1] if words else None


def table(path: Path) -> list[Line]:
    with path.open(newline="") as rows:
        return list(csv.DictReader(rows))


def number(text: str) -> Any:
    """A figure: `3/4` and `13` are exact, `0.666667` is near, empty is none."""
    if not text:
        return None
    return pytest.approx(float(text), abs=1e-6) if "." in text else Fraction(text)


def group_text(group: Any) -> str:
    return ";".join(f"{name}={value}" for name, value in sorted(group))


# --- the evaluators ------------------------------------------------------------------------------------------------------


def run_by(engine: str) -> Callable[[Path], ObjectivesOutcome]:
    def outcome(folder: Path) -> ObjectivesOutcome:
        result = sladsl.run(folder / "policy.sla", str(folder / "log.csv"), as_of=as_of(folder), engine=engine)
        return result.versions[-1].objectives

    return outcome


def by_reference(folder: Path) -> list[ObjectiveRow]:
    plan, events, actors, until = opened(folder)
    seen = [event for event in events if event.time_us <= until]
    return judge_rows(plan, seen, reference.judge(plan, seen, until, actors=actors).verdicts, until)


def opened(folder: Path) -> tuple[Plan, list[sladsl.Event], bool, int]:
    """The plan, the log in order, whether it names actors, and as-of."""
    plan = sladsl.load(folder / "policy.sla").plan
    log = read([str(folder / "log.csv")], plan.inputs, ReadOptions(plan.zone, plan.case_word))
    events = sorted(log.events, key=lambda event: (event.time_us, event.position))
    until = as_of(folder)
    return plan, events, log.has_actor, events[-1].time_us if until is None else microseconds(until)


def told_by(folder: Path) -> tuple[Plan, list[Told]]:
    """What a monitor tells; after each event it goes on from its snapshot as text."""
    plan, events, actors, until = opened(folder)
    monitor = Monitor(plan, actors=actors)
    found: list[Told] = []
    for event in events:
        if event.time_us > until:
            break
        monitor.feed(event)
        found += monitor.told()
        monitor = Monitor(plan, actors=actors, state=json.loads(json.dumps(monitor.snapshot())))
    monitor.advance(until)
    return plan, found + monitor.told()


def names(folder: Path) -> Callable[[ObjectiveRow], tuple[str, ...]]:
    """What tells a row of a case from the others: its level only where the case says it."""
    with_level = "level" in table(folder / "expected.csv")[0]
    return lambda row: (row.label, *((row.level,) if with_level else ()), row.window, group_text(row.group))


def wanted(folder: Path) -> dict[tuple[str, ...], Line]:
    rows = table(folder / "expected.csv")
    keys = ("objective", *(("level",) if "level" in rows[0] else ()), "window", "group")
    return {tuple(row[name] for name in keys): row for row in rows}


# --- rows ----------------------------------------------------------------------------------------------------------------


def compare(folder: Path, rows: list[ObjectiveRow]) -> None:
    name, want = names(folder), wanted(folder)
    got = {name(row): row for row in rows}
    assert list(got) == list(want) or got.keys() == want.keys()
    assert len(rows) == len(want)
    for key, row in want.items():
        found = got[key]
        assert found.status == row["status"], key
        for field in ("value", "low", "high"):
            value = found.in_unit(getattr(found, field))
            expected = number(row[field])
            shown = float(value) if value is not None and "." in row[field] else value
            assert shown == expected, (key, field)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_referee_finds_the_rows(folder: Path) -> None:
    compare(folder, by_reference(folder))


@pytest.mark.parametrize("engine", ["stream", "columnar"])
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_run_finds_rows_money_alerts_and_budgets(folder: Path, engine: str) -> None:
    outcome = run_by(engine)(folder)
    compare(folder, outcome.rows)
    if (folder / "money.csv").exists():
        got = [
            (o.kind, o.label, o.window, o.customer, o.misses, o.amount, o.most, o.currency, o.capped)
            for o in outcome.consequences
        ]
        want = [
            (
                *(row[name] for name in ("kind", "of", "window", "customer")),
                int(row["misses"]),
                number(row["amount"]),
                number(row["most"]),
                row["currency"],
                row["capped"] == "yes",
            )
            for row in table(folder / "money.csv")
        ]
        assert got == want
        paid = [(p.customer, p.currency, p.amount, p.most, p.paid) for p in outcome.payments]
        assert paid == [
            (row["customer"], row["currency"], number(row["amount"]), number(row["most"]), row["paid"])
            for row in table(folder / "payments.csv")
        ]
    if (folder / "alerts.csv").exists():
        alerts = [(a.at_us, a.kind, a.label, group_text(a.group)) for a in outcome.alerts]
        assert alerts == [
            (microseconds(row["at"]), row["kind"], row["objective"], row["group"])
            for row in table(folder / "alerts.csv")
        ]
    if (folder / "budgets.csv").exists():
        plan = sladsl.load(folder / "policy.sla").plan
        budgets = [
            (plan.objectives[b.objective].label, b.window, b.measured, b.budget, b.used, b.left, b.runs_out_us)
            for b in outcome.budgets
        ]
        assert budgets == [
            (
                row["objective"],
                row["window"],
                row["measured"],
                *(number(row[name]) for name in ("budget", "used", "left")),
                microseconds(row["runs_out"]) if row["runs_out"] else None,
            )
            for row in table(folder / "budgets.csv")
        ]


# --- the monitor ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_monitor_tells_what_is_certain(folder: Path) -> None:
    plan, found = told_by(folder)
    name = names(folder)
    rows = [told for told in found if isinstance(told, CertainRow)]
    last = {name(told.row): told.row.status for told in rows}
    decided = {key: row["status"] for key, row in wanted(folder).items() if row["status"] != "undecided"}
    assert last == decided
    if (folder / "told.csv").exists():
        got = sorted((*name(told.row), told.row.status, iso(told.at_us, plan.zone)) for told in rows)
        want = sorted(
            (row["objective"], row["window"], row["group"], row["status"], iso(microseconds(row["at"]), plan.zone))
            for row in table(folder / "told.csv")
        )
        assert got == want
    else:
        assert len(rows) == len(decided)


@pytest.mark.parametrize("folder", [f for f in CASES if (f / "money.csv").exists()], ids=lambda folder: folder.name)
def test_a_monitor_tells_what_is_owed_for_certain(folder: Path) -> None:
    _, found = told_by(folder)
    money = [told for told in found if isinstance(told, CertainConsequence)]
    certain = [row for row in table(folder / "money.csv") if row["amount"] == row["most"]]
    got = sorted(
        (m.owed.kind, m.owed.label, m.owed.window, m.owed.customer, m.owed.misses, m.owed.amount) for m in money
    )
    assert got == sorted(
        (*(row[name] for name in ("kind", "of", "window", "customer")), int(row["misses"]), number(row["amount"]))
        for row in certain
    )
    last = {m.owed.customer: m.paid for m in money}
    assert last == {row["customer"]: row["paid"] for row in table(folder / "payments.csv") if row["amount"] != "0"}


@pytest.mark.parametrize("folder", [f for f in CASES if (f / "alerts.csv").exists()], ids=lambda folder: folder.name)
def test_a_monitor_alerts(folder: Path) -> None:
    _, found = told_by(folder)
    alerts = [(t.at_us, t.kind, t.label) for t in found if not isinstance(t, CertainRow | CertainConsequence)]
    assert sorted(alerts) == [
        (microseconds(row["at"]), row["kind"], row["objective"]) for row in table(folder / "alerts.csv")
    ]
