"""Every case of this folder, by every evaluator."""

import csv
import json
import shlex
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sladsl
from sladsl.evaluate import reference
from sladsl.evaluate.stream import Monitor
from sladsl.evaluate.stream import judge as stream
from sladsl.evaluate.verdict import Outcome, Verdict
from sladsl.events import Event, ReadOptions
from sladsl.events.reader import read
from sladsl.ir.plan import Plan

HERE = Path(__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Judge = Callable[..., Outcome]


def monitor(plan: Plan, events: Sequence[Event], as_of_us: int | None = None, *, actors: bool) -> Outcome:
    """The stream evaluator as a monitor: one event at a time, and after each a restart from its snapshot as text."""
    ordered = sorted(events, key=lambda event: (event.time_us, event.position))
    until = as_of_us if as_of_us is not None else ordered[-1].time_us
    running = Monitor(plan, actors=actors)
    last: dict[tuple[int, str, int], Verdict] = {}
    alerts = []
    for event in [event for event in ordered if event.time_us <= until]:
        last |= {verdict.key(): verdict for verdict in running.feed(event)}
        alerts += running.alerts()
        running = Monitor(plan, actors=actors, state=json.loads(json.dumps(running.snapshot())))
    last |= {verdict.key(): verdict for verdict in running.advance(until)}
    alerts += running.alerts()
    last |= {verdict.key(): verdict for verdict in running.open()}
    return Outcome([last[key] for key in sorted(last)], alerts)


EVALUATORS: dict[str, Judge] = {"reference": reference.judge, "stream": stream, "monitor": monitor}
try:
    from sladsl.evaluate.columnar import CannotJudge
    from sladsl.evaluate.columnar import judge as columnar
except ImportError:
    pass
else:
    EVALUATORS["columnar"] = columnar

# (evaluator, case): why it cannot be done yet
GAPS: dict[tuple[str, str], str] = {}

CASES = sorted(folder.parent for folder in HERE.glob("cases/*/policy.sla"))
OBJECTIVES = sorted(folder.parent for folder in HERE.glob("objectives/*/policy.sla"))
FIELDS = ("status", "opened", "due", "closed")


def microseconds(text: str) -> int | None:
    """An instant of `expected.csv`, which carries an offset."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None, f"{text} has no offset"
    return (moment - EPOCH) // timedelta(microseconds=1)


def shown(us: int | None) -> str:
    """An instant as failures show it."""
    return "" if us is None else (EPOCH + timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")


def as_of(folder: Path) -> str | None:
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    assert words[:1] in ([], ["--as-of"])
    return words[1] if words else None


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="") as rows:
        return list(csv.DictReader(rows))


def told(row: dict[str, str]) -> str:
    instants = [shown(microseconds(row[field])) for field in FIELDS[1:]]
    words = [row.get("note", ""), row.get("from row", ""), row.get("by row", "")]
    return " | ".join([f"{row['clause']} {row['case']} {row['number']} {row['status']}", *instants, *words])


def alerted(row: dict[str, str]) -> str:
    return f"{shown(microseconds(row['at']))} {row['kind']} {row['to']} {row['clause']} {row['case']} {row['number']}"


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_gives_its_verdicts(folder: Path, evaluator: str) -> None:
    plan = sladsl.load(folder / "policy.sla").plan
    log = read([str(folder / "log.csv")], plan.inputs, ReadOptions(plan.zone, plan.case_word))
    try:
        outcome = EVALUATORS[evaluator](plan, log.events, microseconds(as_of(folder) or ""), actors=log.has_actor)
    except CannotJudge:
        pytest.xfail(GAPS[evaluator, folder.name])
    expected = table(folder / "expected.csv")
    with_note, with_start, with_row = (
        bool(expected) and name in expected[0] for name in ("note", "from row", "by row")
    )
    got = [
        f"{plan.groups[v.group]} {v.case} {v.number} {v.status} | {shown(v.opened_us)} | {shown(v.due_us)}"
        f" | {shown(v.closed_us)} | {v.note if with_note else ''}"
        f" | {v.opened_by.row if with_start and v.opened_by is not None else ''}"
        f" | {v.closed_by.row if with_row and v.closed_by is not None else ''}"
        for v in outcome
    ]
    alerts = [f"{shown(a.at_us)} {a.kind} {a.to} {plan.groups[a.group]} {a.case} {a.number}" for a in outcome.alerts]
    right = sorted(got) == sorted(map(told, expected)) and len(got) == len(expected)
    right = right and sorted(alerts) == sorted(map(alerted, table(folder / "alerts.csv")))
    if (evaluator, folder.name) in GAPS:
        assert not right, f"{folder.name} passes: take it out of GAPS"
        pytest.xfail(GAPS[evaluator, folder.name])
    assert sorted(got) == sorted(map(told, expected))
    assert sorted(alerts) == sorted(map(alerted, table(folder / "alerts.csv")))


@pytest.mark.parametrize("folder", CASES + OBJECTIVES, ids=lambda folder: folder.name)
def test_a_case_says_what_it_shows(folder: Path) -> None:
    lines = (folder / "policy.sla").read_text().splitlines()
    first = lines[1] if lines[0].startswith("# language:") else lines[0]
    assert first.startswith("# ")
    assert len(first) > 20
