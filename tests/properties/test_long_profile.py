"""The long profile: every law for long, and the stream against the referee on at least 20,000 policies with logs.

    pytest -m slow tests/properties/test_long_profile.py
    SLADSL_LAWS_PAIRS=100000 SLADSL_LAWS_FROM=20000 pytest -m slow -k pairs tests/properties/test_long_profile.py

A failure names its number; `rolled(number)` is the sample, `shrunk` makes it small, `samples.keep` a conformance case.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest
from laws import LAWS, Law
from rolled import rolled, shrunk
from samples import Sample, alerted, told

from sladsl.evaluate.stream import judge

for module in sorted(Path(__file__).parent.glob("test_*_laws.py")):
    import_module(module.stem)

PAIRS = int(os.environ.get("SLADSL_LAWS_PAIRS", "20000"))
FROM = int(os.environ.get("SLADSL_LAWS_FROM", "0"))


def compared(sample: Sample) -> tuple[int, bool]:
    """How many verdicts a sample has, and whether the stream and the referee differ in anything that they say."""
    referee, stream = sample.referee(), judge(sample.plan, sample.events, sample.as_of_us, actors=True)
    return len(referee.verdicts), (
        told(sample.plan, stream.verdicts) != told(sample.plan, referee.verdicts)
        or alerted(stream.alerts) != alerted(referee.alerts)
        or stream.unknown_zones.keys() != referee.unknown_zones.keys()
    )


def run_pairs(first: int, count: int) -> tuple[int, int]:
    """Try so many samples from a number on; gives how many were tried, and how many verdicts they had."""
    tried = verdicts = 0
    different: list[int] = []
    number = first
    while tried < count and len(different) < 10:
        sample = rolled(number)
        if sample is not None:
            tried += 1
            found, differ = compared(sample)
            verdicts += found
            different += [number] if differ else []
        number += 1
    if different:
        small = shrunk(rolled(different[0]) or pytest.fail("gone"), lambda smaller: compared(smaller)[1])
        pytest.fail(f"{len(different)} of {tried} differ, numbers {different}; the first one: {small!r}")
    return tried, verdicts


def test_samples_come_by_number() -> None:
    again = [(rolled(number), rolled(number)) for number in range(5)]
    assert [repr(one) for one, _ in again] == [repr(other) for _, other in again]
    assert len({repr(one) for one, _ in again}) == 5


def test_a_few_pairs() -> None:
    """Law 2, agreement: the quick version of the long run below, over other numbers."""
    assert run_pairs(5_000_000, 40)[0] == 40


@pytest.mark.slow
def test_twenty_thousand_pairs() -> None:
    """Law 2, agreement: reference = stream on every generated case."""
    tried, verdicts = run_pairs(FROM, PAIRS)
    print(f"{tried} pairs of a policy and a log from number {FROM} on, {verdicts} verdicts, no disagreement")
    assert tried >= PAIRS
    assert verdicts > tried


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS, ids=[f"{law.number} {law.check.__name__}" for law in LAWS])
def test_every_law_for_long(law: Law) -> None:
    tried = 0

    def count() -> None:
        nonlocal tried
        tried += 1

    law.run(law.long, count)
    assert tried >= min(law.long, 20)
