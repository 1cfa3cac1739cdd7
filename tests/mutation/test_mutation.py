"""The laws notice when the stream evaluator is broken: see `mutate.py`."""

from __future__ import annotations

import os
import re

import pytest
from mutants import MUTANTS, Mutant
from mutate import PARTS, ROOT, applies, enough, try_all

SEVERAL = 30


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) >= SEVERAL
    assert len({mutant.breaks for mutant in MUTANTS}) == len(MUTANTS)
    assert enough(29, 30)
    assert not enough(28, 30)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_mutant_still_applies(mutant: Mutant) -> None:
    assert mutant.old != mutant.new
    assert not applies(mutant), "find the place again, or another way to break the same thing"


def test_a_copy_holds_what_the_laws_import() -> None:
    shared = (ROOT / "tests" / "properties" / "conftest.py").read_text()
    assert {f"tests/{found}" for found in re.findall(r'TESTS / "(\w+)"', shared)} <= set(PARTS)


@pytest.mark.slow
def test_the_laws_notice_what_is_broken() -> None:
    unnoticed = [
        result.mutant.breaks for result in try_all(range(len(MUTANTS)), os.cpu_count() or 1) if not result.laws
    ]
    assert enough(len(MUTANTS) - len(unnoticed), len(MUTANTS)), unnoticed
