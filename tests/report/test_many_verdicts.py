"""Very many verdicts are told in memory that does not grow with their number."""

import random
from collections.abc import Iterator
from typing import cast

import pytest
from attrs import frozen
from made_result import DAY_US, HOUR_US, START_US, plan, report

from sladsl.evaluate.objectives import ObjectivesOutcome
from sladsl.evaluate.verdict import Cause, Verdict
from sladsl.report import times
from sladsl.report.account import Account
from sladsl.report.closing import account_of
from sladsl.report.figures import clause_figures
from sladsl.report.result import JudgedVersion, Result


@frozen
class Made:
    """Verdicts that exist one at a time, the same whenever one goes through them."""

    number: int

    def __iter__(self) -> Iterator[Verdict]:
        chance = random.Random(1)
        opened, closed = Cause(0, 1, "created"), Cause(0, 2, "contact")
        for n in range(self.number):
            elapsed = int(chance.random() * 30 * HOUR_US)
            late = elapsed - 24 * HOUR_US if elapsed > 24 * HOUR_US else None
            start = START_US + n % 5000 * 60_000_000
            yield Verdict(
                0, 0, f"L{n}", 1, "late" if late else "met", start, start + DAY_US, start + elapsed, elapsed, 0, 0,
                late, late, opened, closed,
            )  # fmt: skip


def result_of(number: int) -> Result:
    version = JudgedVersion(plan(), "p.sla", cast("list[Verdict]", Made(number)), [], ObjectivesOutcome())
    return Result("Many", "UTC", START_US + 30 * DAY_US, (version,), (report(),))


def told(number: int) -> Account:
    return account_of(result_of(number), [], actors=True)


def test_memory_does_not_grow_with_the_number_of_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    monkeypatch.setattr(times, "_LIMIT", 2000)  # different times that are told apart

    def peak(number: int) -> int:
        tracemalloc.start()
        try:
            account_of(result_of(number), [], actors=True)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1000)
    assert peak(40_000) < 2_500_000  # where keeping them takes twenty


def test_a_million_verdicts() -> None:
    found = told(1_000_000)
    assert found.summary.decided == 1_000_000
    (spread,) = found.spreads
    assert spread.count == 1_000_000
    assert spread.median == pytest.approx(15 * HOUR_US, rel=0.01)
    assert len(found.worst) == 10
    assert found.broken == pytest.approx(200_000, rel=0.01)


@pytest.mark.slow
def test_ten_million_verdicts() -> None:
    found = told(10_000_000)
    assert found.summary.decided == 10_000_000
    assert sum(each.count for each in found.spreads[0].bins) == 10_000_000
    assert clause_figures(result_of(1000))[0].opened == 1000
