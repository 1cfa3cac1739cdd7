"""Elapsed times folded in bounded memory, and the periods of reports."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladsl.clock import date_of
from sladsl.report import times as module
from sladsl.report.period import period_of
from sladsl.report.times import Times


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 99))
def test_a_rank_is_the_least_value_with_so_many_at_or_below(values: list[int], rank: int) -> None:
    times = Times()
    for value in values:
        times.add(value)
    at_or_below = [value for value in set(values) if sum(t <= value for t in values) * 100 >= rank * len(values)]
    assert times.rank(rank) == min(at_or_below)


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 60)))
def test_below_counts_up_to_and_including_each_edge(values: list[int], edges: list[int]) -> None:
    times = Times()
    for value in values:
        times.add(value)
    assert times.below(edges) == [sum(value <= edge for value in values) for edge in edges]


def test_many_different_values_are_kept_to_one_part_in_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIMIT", 1000)
    chance = random.Random(5)
    values = [chance.randrange(10 ** chance.randrange(3, 13)) for _ in range(30_000)]
    times = Times()
    for value in values:
        times.add(value)
    assert not times.exact
    assert len(times._counts) < 20_000
    for rank in (1, 25, 50, 95, 99):
        exact = sorted(values)[-(-rank * len(values) // 100) - 1]
        assert times.rank(rank) == pytest.approx(exact, rel=0.001)


def test_times_can_be_asked_and_go_on() -> None:
    times = Times()
    assert (times.rank(50), times.below([3])) == (None, [0])
    times.add(5)
    assert times.rank(50) == 5
    times.add(1)
    assert (times.rank(50), times.below([1, 5])) == (1, [1, 2])


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-q1", "2026-01-01", "2026-03-31"),
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        (" 2024-02-29 ", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_period_is_named_as_windows_are(name: str, first: str, last: str) -> None:
    period = period_of(name, "Europe/Madrid")
    assert period is not None
    assert (date_of(period.start_us, "Europe/Madrid"), date_of(period.end_us - 1, "Europe/Madrid")) == (first, last)


@pytest.mark.parametrize(
    "name", ["", "March", "2026-13", "2026-00", "2026-02-30", "2026-Q5", "2026-W54", "26", "2026-3"]
)
def test_what_is_no_period(name: str) -> None:
    assert period_of(name, "UTC") is None


def test_a_date_that_the_zone_skips_is_no_period() -> None:
    assert period_of("2011-12-30", "Pacific/Apia") is None


def test_a_window_counts_in_the_period_in_which_it_ends() -> None:
    march, quarter = period_of("2026-03", "UTC"), period_of("2026-Q1", "UTC")
    assert march is not None
    assert quarter is not None
    assert march.takes_window(quarter.start_us, quarter.end_us, ended=True)
    january = period_of("2026-01", "UTC")
    assert january is not None
    assert not january.takes_window(quarter.start_us, quarter.end_us, ended=True)
    assert january.takes_window(quarter.start_us, quarter.end_us, ended=False)  # under way, and reaching into it
    assert not march.takes_window(january.start_us, january.end_us, ended=True)
    assert march.holds(march.start_us)
    assert not march.holds(march.end_us)
