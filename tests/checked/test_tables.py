"""What policies mean, and what is wrong with them, case by case: `good.txt` and `bad.txt`."""

from pathlib import Path

import pytest
from told import Case, cases, checked, facts, findings

from sladsl.checked import CODES
from sladsl.ir.from_checked import lower
from sladsl.ir.invariants import broken_invariants
from sladsl.ir.wire import from_json, to_json

HERE = Path(__file__).parent
GOOD = cases(HERE / "good.txt")
BAD = cases(HERE / "bad.txt")


def named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_a_good_policy_means_what_it_says(case: Case) -> None:
    assert facts(case.policy) == case.expected


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_a_good_policy_lowers_to_a_sound_plan(case: Case) -> None:
    program = checked(case.policy).program
    assert program is not None
    plan = lower(program)
    assert broken_invariants(plan) == []
    assert from_json(to_json(plan)) == plan


@pytest.mark.parametrize("case", BAD, ids=named)
def test_a_bad_policy_is_told_exactly(case: Case) -> None:
    assert findings(checked(case.policy)) == case.expected


@pytest.mark.parametrize("case", BAD, ids=named)
def test_diagnostics_speak_the_words_of_the_house(case: Case) -> None:
    for found in checked(case.policy).diagnostics:
        assert not found.message.endswith((".", "!"))
        assert found.message.strip() == found.message
        first = found.message[0]
        assert first == "`" or not first.isupper()


def test_every_code_is_shown_by_a_case() -> None:
    shown = {line.split()[0] for case in BAD for line in case.expected}
    elsewhere = {"SLA0109", "SLA0801", "SLA0802", "SLA0803", "SLA0805", "SLA0806"}  # test_limits, test_imports
    dubious = {
        "SLA0110", "SLA0111", "SLA0112", "SLA0215", "SLA0216", "SLA0217", "SLA0402", "SLA0403", "SLA0509", "SLA0510",
        "SLA0511", "SLA0512", "SLA0713",
    }  # fmt: skip
    dubious |= {f"SLA03{number}" for number in range(19, 27)}  # tests/language/bad shows them
    assert set(CODES) - shown - dubious == elsewhere


def test_names_of_cases_differ() -> None:
    names = [case.name for case in GOOD + BAD]
    assert len(names) == len(set(names))
