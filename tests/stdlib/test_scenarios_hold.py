"""Every scenario of the standard library and of the examples comes out as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.clock import read_instant
from sladsl.events import Event
from sladsl.events.event import Instant
from sladsl.syntax import parse, tree
from sladsl.text import Source, fold

ROOT = Path(__file__).parents[2]
POLICIES = sorted([*ROOT.glob("stdlib/*.sla"), *ROOT.glob("examples/*/policy.sla")])


def _scenarios() -> list[Any]:
    found = []
    for path in POLICIES:
        policy = parse(Source(str(path), path.read_text())).tree
        for node in policy.statements:
            if isinstance(node, tree.Scenario):
                name = f"{path.relative_to(ROOT).with_suffix('')}: {node.name.value}"
                found.append(pytest.param(path, node, id=name))
    return found


def _us(node: tree.Instant, zone: str) -> int:
    reading = read_instant(node.value.isoformat(), zone)
    assert reading.us is not None
    return reading.us


def _value(node: Any, zone: str) -> object:
    match node:
        case tree.Instant():
            return Instant(_us(node, zone))
        case tree.Name():
            return node.text
    return node.value


def _event(line: tree.ScenarioEvent, zone: str, position: int) -> Event:
    values = {fold(each.name.text): _value(each.value, zone) for each in line.values}
    actor = str(values.pop("actor", ""))
    return Event(line.case.value, _us(line.at, zone), line.event.value, actor, values, position)


@pytest.mark.parametrize(("path", "scenario"), _scenarios())
def test_scenario(path: Path, scenario: tree.Scenario) -> None:
    policy = sladsl.load(path)
    zone = policy.plan.zone
    lines = [line for line in scenario.lines if isinstance(line, tree.ScenarioEvent)]
    events = [_event(line, zone, place) for place, line in enumerate(lines)]
    verdicts = sladsl.run(policy, events).verdicts
    expected = [line for line in scenario.lines if not isinstance(line, tree.ScenarioEvent)]
    assert expected, "a scenario that expects nothing"
    for line in expected:
        case = line.case.value if line.case is not None else events[0].case
        found = [v for v in verdicts if fold(v.clause) == fold(line.label.text) and v.case == case]
        assert found, f"no verdict on `{line.label.text}` for {case}; there are {verdicts}"
        last = found[-1]
        if isinstance(line, tree.ExpectStatus):
            assert last.status == line.status, f"{line.label.text} for {case}"
        else:
            assert last.verdict.due_us == _us(line.due, zone), f"{line.label.text} for {case}: due {last.due}"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_policy_shows_what_it_means(path: Path) -> None:
    policy = parse(Source(str(path), path.read_text())).tree
    assert any(isinstance(node, tree.Scenario) for node in policy.statements)
