"""Whatever a user writes or feeds, only findings, refused rows and verdicts come out; and each in its time.

    pytest tests/fuzz                       some thousand inputs
    pytest -m slow tests/fuzz               a million, in 110 portions: `-n 2` for two cores, `-k log` for one target
    SLADSL_FUZZ_INPUTS=50000 pytest …       as if a million were so many
    SLADSL_FUZZ_SEED=7 pytest …             others

A failure names its input, `parse:1:4711`: `python tests/fuzz/fuzzing.py --replay parse:1:4711` draws and tries it again.
"""

from __future__ import annotations

import os

import pytest
from fuzzing import Target, fuzz
from targets import TARGETS

MILLION = 1_000_000
INPUTS = int(os.environ.get("SLADSL_FUZZ_INPUTS", str(MILLION)))
SEED = int(os.environ.get("SLADSL_FUZZ_SEED", "1"))
PORTIONS = 10
QUICK = 500  # one input of the quick run stands for so many


def names(target: Target) -> str:
    return target.name


def portion(target: Target, number: int) -> range:
    """The inputs of one portion."""
    share = target.share * INPUTS // MILLION
    return range(share * number // PORTIONS, share * (number + 1) // PORTIONS)


def test_there_are_a_million() -> None:
    assert sum(target.share for target in TARGETS) >= MILLION
    if INPUTS == MILLION:
        assert sum(len(portion(target, number)) for target in TARGETS for number in range(PORTIONS)) >= MILLION


@pytest.mark.parametrize("target", TARGETS, ids=names)
def test_some_inputs(target: Target) -> None:
    # not those of the long run: what is drawn every day had better be something else
    report = fuzz(target, SEED + 1000, range(target.share // QUICK))
    assert report.inputs == target.share // QUICK
    assert not report.failures, f"\n{report}"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(PORTIONS))
@pytest.mark.parametrize("target", TARGETS, ids=names)
def test_a_million_inputs(target: Target, number: int) -> None:
    numbers = portion(target, number)
    report = fuzz(target, SEED, numbers)
    print(report)
    assert not report.failures, f"\n{report}"
    assert report.inputs == len(numbers)
