"""Every scenario of the standard library and of the examples comes out as it says; every module and example has some."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.testing import Scenario, run_scenario, scenarios_of

ROOT = Path(__file__).parents[2]
POLICIES = sorted([*ROOT.glob("stdlib/*.sla"), *ROOT.glob("examples/*/policy.sla")])


def _scenarios() -> list[Any]:
    return [
        pytest.param(scenario, id=f"{path.relative_to(ROOT).with_suffix('')}: {scenario.name}")
        for path in POLICIES
        for scenario in scenarios_of(sladsl.load(path))
    ]


@pytest.mark.parametrize("scenario", _scenarios())
def test_scenario(scenario: Scenario) -> None:
    result = run_scenario(scenario)
    assert scenario.expectations, "a scenario that expects nothing"
    assert result.passed, result.failures


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_policy_shows_what_it_means(path: Path) -> None:
    assert list(scenarios_of(sladsl.load(path)))
