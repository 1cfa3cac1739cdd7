"""Every case of this folder, by every evaluator."""

import csv
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sladsl
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge as stream
from sladsl.evaluate.verdict import Outcome
from sladsl.events import ReadOptions
from sladsl.events.reader import read

HERE = Path(__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Judge = Callable[..., Outcome]
EVALUATORS: dict[str, Judge] = {"reference": reference.judge, "stream": stream}

# (evaluator, case): why it cannot be done yet
GAPS: dict[tuple[str, str], str] = {}

CASES = sorted(folder.parent for folder in HERE.glob("cases/*/policy.sla"))
OBJECTIVES = sorted(folder.parent for folder in HERE.glob("objectives/*/policy.sla"))


def microseconds(text: str) -> int | None:
    """An instant of `expected.csv`, which carries an offset."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None, f"{text} has no offset"
    return (moment - EPOCH) // timedelta(microseconds=1)


def as_of(folder: Path) -> str | None:
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    assert words[:1] in ([], ["--as-of"])
    return words[1] if words else None


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_gives_its_verdicts(folder: Path, evaluator: str) -> None:
    plan = sladsl.load(folder / "policy.sla").plan
    log = read([str(folder / "log.csv")], plan.inputs, ReadOptions(plan.zone, plan.case_word))
    outcome = EVALUATORS[evaluator](plan, log.events, microseconds(as_of(folder) or ""), actors=log.has_actor)
    got = {
        (plan.groups[v.group], v.case, v.number): (v.status, v.opened_us, v.due_us, v.closed_us) for v in outcome
    }
    with (folder / "expected.csv").open(newline="") as rows:
        want = {
            (row["clause"], row["case"], int(row["number"])): (
                row["status"],
                *(microseconds(row[field]) for field in ("opened", "due", "closed")),
            )
            for row in csv.DictReader(rows)
        }
    if (evaluator, folder.name) in GAPS:
        assert got != want, f"{folder.name} passes: take it out of GAPS"
        pytest.xfail(GAPS[evaluator, folder.name])
    assert got == want


@pytest.mark.parametrize("folder", OBJECTIVES, ids=lambda folder: folder.name)
def test_objectives_of_a_case(folder: Path) -> None:
    result = sladsl.run(folder / "policy.sla", str(folder / "log.csv"), as_of=as_of(folder))
    got = {
        (row["objective"], row["window"], ";".join(f"{k}={v}" for k, v in sorted(row["group"].items()))): row
        for row in result.to_dict()["objectives"]
    }
    with (folder / "expected.csv").open(newline="") as rows:
        want = {(row["objective"], row["window"], row["group"]): row for row in csv.DictReader(rows)}
    assert got.keys() == want.keys()
    for key, row in want.items():
        assert got[key]["status"] == row["status"], key
        for field in ("value", "low", "high"):
            expected = pytest.approx(float(row[field]), abs=1e-6) if row[field] else None
            assert got[key][field] == expected, (key, field)
