"""Statistics of values: the nearest rank, values taken back, and that many values are read as few are."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.evaluate.objectives import sample as samples
from sladsl.evaluate.objectives.sample import Sample, ceiling, statistic

FUNCTIONS = ("min", "max", "average", "median", "total", "p1", "p75", "p99")
numbers = st.one_of(st.integers(-(1 << 70), 1 << 70), st.integers(-5, 5), st.fractions(-3, 3, max_denominator=9))


def sample_of(values: list[int | Fraction], gone: list[int | Fraction] = []) -> Sample:  # noqa: B006 - it is only read
    found = Sample(keep=True)
    for value in [*values, *gone]:
        found.add(value)
    for value in gone:
        found.remove(value)
    return found


def obvious(function: str, values: list[Fraction]) -> Fraction:
    if function in ("average", "total"):
        return sum(values, Fraction(0)) / (len(values) if function == "average" else 1)
    if function in ("min", "max"):
        return min(values) if function == "min" else max(values)
    percent = 50 if function == "median" else int(function[1:])
    return min(v for v in values if 100 * sum(w <= v for w in values) >= percent * len(values))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FUNCTIONS),
    st.lists(st.lists(numbers, max_size=8), min_size=1, max_size=3),
    st.lists(st.integers(0, 9), max_size=3),
    st.lists(numbers, max_size=3),
)
def test_a_statistic_is_the_obvious_one(
    function: str, parts: list[list[int | Fraction]], reached: list[int], gone: list[int | Fraction]
) -> None:
    values = [Fraction(v) for part in parts for v in part] + [Fraction(v) for v in reached]
    found = statistic(function, 0, [sample_of(part, gone) for part in parts], reached)
    assert found == (obvious(function, values) if values else None)


@given(st.sampled_from(FUNCTIONS), st.lists(st.integers(-9, 9), min_size=1, max_size=12), st.integers(1, 12))
def test_a_ceiling_is_the_statistic_with_values_beyond_all_bounds(
    function: str, values: list[int], waiting: int
) -> None:
    far = 1 << 62
    found = ceiling(function, 0, [sample_of(list(values))], waiting)
    beyond = obvious(function, [Fraction(v) for v in values] + [Fraction(far)] * waiting)
    assert found == (None if beyond > far // 20 else beyond)


@pytest.mark.parametrize("function", ["min", "max", "median", "p75"])
def test_many_values_are_read_as_few_are(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [sample_of([7, 3, 3, -2]), sample_of([]), sample_of([10, 0])]
    few = statistic(function, 0, parts, [4])
    monkeypatch.setattr(samples, "_MANY", 1)
    assert statistic(function, 0, parts, [4]) == few
    parts[0].add(1)  # the values can still grow after they were read
    assert parts[0].count == 5


def test_a_sample_survives_being_written_down() -> None:
    sample = Sample(True)
    for value in (5, -3, 1 << 70, Fraction(1, 3)):
        sample.add(value)
    again = Sample.load(True, json.loads(json.dumps(sample.save())))
    assert again.save() == sample.save()
    assert sorted(again.values()) == sorted(sample.values())
    assert (again.least, again.most, again.count, again.total) == (-3, 1 << 70, 4, sample.total)
    again.remove(-3)
    once_more = Sample.load(True, json.loads(json.dumps(again.save())))
    assert sorted(once_more.values()) == [Fraction(1, 3), 5, 1 << 70]
    assert statistic("min", 0, [once_more]) == Fraction(1, 3)
