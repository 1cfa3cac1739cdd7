"""Every statement of the language has a test that shows it: statements.md names them, and here it is seen that they exist.

`shown/` holds small policies that show a statement with scenarios of their own, each instant worked out by hand.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sladsl.pipeline import load
from sladsl.testing import run_scenario, scenarios_of

HERE = Path(__file__).parent
TESTS = HERE.parent
SHOWN = sorted(HERE.glob("shown/*.sla"))
ROWS = [
    (row[0].strip(), [name.strip() for name in row[1].split(";")])
    for line in (HERE / "statements.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| statement") and "---" not in line
    for row in [line.strip("| ").rsplit(" | ", 1)]
]


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def exists(name: str) -> bool:
    """Whether what shows a statement is there."""
    if name.startswith(("good/", "bad/", "shown/")):
        return (HERE / name).is_file()
    if name.startswith(("cases/", "objectives/")):
        return (TESTS / "conformance" / name / "policy.sla").is_file()
    file, _, case = name.partition(": ")
    if file.startswith(("trees/", "slips/")):
        return f"\n== {case}\n" in f"\n{text(TESTS / 'syntax' / file)}"
    if file.startswith("checked/") and file.endswith(".txt"):
        return f"\n=== {case}\n" in f"\n{text(TESTS / file)}"
    return re.search(rf"^ *def {re.escape(case)}\(", text(TESTS / file), re.MULTILINE) is not None


@pytest.mark.parametrize(("statement", "shown"), ROWS, ids=[statement for statement, _ in ROWS])
def test_what_shows_a_statement_is_there(statement: str, shown: list[str]) -> None:
    assert [name for name in shown if not exists(name)] == []


def test_no_statement_stands_twice() -> None:
    statements = [statement for statement, _ in ROWS]
    assert len(statements) > 120
    assert len(set(statements)) == len(statements)


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_it_is_shown(path: Path) -> None:
    scenarios = list(scenarios_of(load(path)))
    assert scenarios
    for scenario in scenarios:
        result = run_scenario(scenario)
        assert scenario.expectations
        assert result.failures == (), scenario.name


def test_every_policy_that_shows_something_is_named() -> None:
    named = {name for _, shown in ROWS for name in shown}
    assert [f"shown/{path.name}" for path in SHOWN if f"shown/{path.name}" not in named] == []
    assert all(path.read_text(encoding="utf-8").startswith("# ") for path in SHOWN)
