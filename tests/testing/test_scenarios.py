"""`sladsl test`: scenarios that hold, that fail, that expect nothing, and what they never show."""

from pathlib import Path

from click.testing import CliRunner, Result

from sladsl.cli import exits
from sladsl.cli.test import test as command

POLICY = """
first contact: sales contacts within 24h of created, paused while status = "waiting"

scenario "contacted at the due is on time"
    2026-03-02 17:30  L1  created  actor = marketing
    2026-03-03 17:30  L1  contact  actor = sales
    expect first contact met for L1
    expect first contact due 2026-03-03 17:30 for L1
"""
FAILS = """
scenario "contacted a second later"
    2026-03-02 17:30  L1  created
    2026-03-03 17:30:01  L1  contact  actor = sales
    expect first contact met for L1
"""
EMPTY = """
scenario "expects nothing"
    2026-03-02 17:30  L1  created
"""


def run(folder: Path, text: str, *options: str) -> Result:
    path = folder / "policy.sla"
    path.write_text(text)
    return CliRunner().invoke(command, [str(path), *options], standalone_mode=False)


def test_scenarios_that_hold(tmp_path: Path) -> None:
    result = run(tmp_path, POLICY)
    assert result.return_value == exits.DONE
    assert result.output == "✓ contacted at the due is on time\n1 passed, 0 failed\n"


def test_a_failure_shows_place_expected_and_actual(tmp_path: Path) -> None:
    result = run(tmp_path, POLICY + FAILS)
    assert result.return_value == exits.FOUND
    assert "policy.sla:13" in result.output
    assert "- expected: `first contact` met for L1" in result.output
    assert "+ actual:   late for L1, opened 2026-03-02T17:30:00Z" in result.output
    assert "late by 1s" in result.output
    assert result.output.endswith("1 passed, 1 failed\n")


def test_a_scenario_that_expects_nothing_fails(tmp_path: Path) -> None:
    result = run(tmp_path, POLICY + EMPTY)
    assert result.return_value == exits.FOUND
    assert "it expects nothing" in result.output


def test_an_empty_selection_is_found(tmp_path: Path) -> None:
    assert run(tmp_path, POLICY, "-k", "second").return_value == exits.FOUND
    assert run(tmp_path, POLICY, "-k", "AT THE DUE").return_value == exits.DONE


def test_coverage_lists_what_was_never_seen(tmp_path: Path) -> None:
    result = run(tmp_path, POLICY, "--coverage")
    assert "  first contact: breached, paused\n" in result.output


def test_junit(tmp_path: Path) -> None:
    result = run(tmp_path, POLICY + FAILS, "--format", "junit")
    assert result.return_value == exits.FOUND
    assert 'tests="2" failures="1"' in result.output
    assert "line 13: expected `first contact` met for L1" in result.output


def test_two_expectations_of_one_status_need_two_cycles(tmp_path: Path) -> None:
    text = POLICY.replace(
        "    expect first contact due", "    expect first contact met for L1\n    expect first contact due"
    )
    assert run(tmp_path, text).return_value == exits.FOUND
