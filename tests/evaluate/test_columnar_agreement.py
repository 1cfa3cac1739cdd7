"""The columnar evaluator gives what the stream evaluator gives."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings

import sladsl
from sladsl.evaluate.columnar import judge, refusals
from sladsl.evaluate.stream import judge as stream
from sladsl.evaluate.verdict import Outcome
from sladsl.events import Event, ReadOptions, instant_of
from sladsl.events.reader import read

sys.path.insert(0, str(Path(__file__).parent.parent / "strategies"))
import samples as drawn

ROOT = Path(__file__).parents[2]
ACCEPTANCE = ROOT.parent / "shared" / "acceptance"
FOLDERS = [
    *sorted((ROOT / "tests" / "conformance" / "cases").glob("*")),
    *sorted((ROOT / "examples").glob("*")),
    *sorted((ACCEPTANCE / "cases").glob("*")),
]


def assert_same(columnar: Outcome, other: Outcome) -> None:
    assert [(v, v.running) for v in columnar] == [(v, v.running) for v in other]
    assert columnar.alerts == other.alerts
    assert columnar.later == other.later


@pytest.mark.parametrize(
    "folder", [f for f in FOLDERS if (f / "policy.sla").exists()], ids=lambda f: f"{f.parents[1].name}-{f.name}"
)
def test_a_case_is_judged_alike(folder: Path) -> None:
    plan = sladsl.load(folder / "policy.sla").plan
    (log_file,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    log = read([str(log_file)], plan.inputs, ReadOptions(plan.zone, plan.case_word))
    words = shlex.split((folder / "args").read_text()) if (folder / "args").exists() else []
    as_of = instant_of(words[words.index("--as-of") + 1], plan.zone) if "--as-of" in words else None
    assert refusals(plan) == []
    mine = judge(plan, log.events, as_of, actors=log.has_actor)
    assert mine.verdicts
    assert_same(mine, stream(plan, log.events, as_of, actors=log.has_actor))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn.samples())
def test_drawn_policies_and_logs_are_judged_alike(sample: drawn.Sample) -> None:
    if refusals(sample.plan):
        reject()
    mine = judge(sample.plan, sample.events, sample.as_of_us, actors=True)
    assert_same(mine, stream(sample.plan, sample.events, sample.as_of_us, actors=True))


def test_no_events_give_nothing() -> None:
    plan = sladsl.load(text="sales contacts within 24h of created").plan
    assert judge(plan, []).verdicts == []


def test_loading_the_package_loads_no_heavy_library() -> None:
    import subprocess

    code = "import sys, sladsl, sladsl.evaluate.columnar as c; print({'numba', 'duckdb', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "start", ['event = "opened" or tier = "gold"', 'not event = "opened"', 'event != "opened" and tier = "gold"']
)
def test_an_action_may_happen_at_an_event_that_says_nothing(start: str) -> None:
    plan = sladsl.load(text=f"begun = {start}\na: support replies within 2h of each begun\n").plan
    told: list[tuple[str, dict[str, object]]] = [
        ("opened", {}),
        ("note", {"tier": "gold"}),
        ("note", {}),
        ("note", {}),
        ("reply", {}),
    ]
    events = [
        Event("A", 3_600_000_000 * i, kind, "support", carried, i, 0, i + 1) for i, (kind, carried) in enumerate(told)
    ]
    mine = judge(plan, events, actors=True)
    assert len(mine.verdicts) >= 3
    assert_same(mine, stream(plan, events, actors=True))
