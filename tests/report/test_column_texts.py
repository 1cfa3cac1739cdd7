"""Columns of texts are the texts that are made one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.clock import ClockKind, iso
from sladsl.report.column_texts import elapsed_texts, iso_texts
from sladsl.report.words import elapsed_text

ZONES = ("UTC", "Europe/Madrid", "Asia/Kathmandu", "America/St_Johns", "Africa/Monrovia", "Etc/UTC")
MARCH = 1_774_746_000_000_000  # Madrid's clock is set
SECOND, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000

instants = st.one_of(
    st.integers(MARCH - 2, MARCH + 2),
    st.integers(MARCH - 200 * DAY, MARCH + 200 * DAY).map(lambda us: us // SECOND * SECOND),
    st.integers(-100 * 366 * DAY, 200 * 366 * DAY),
    st.just(253_402_300_800_000_000),  # the year 10000
    st.just(-62_135_596_800_000_001),  # before the year 1
)
ticks = st.one_of(
    st.integers(-2, 1_002),
    st.integers(0, 100 * DAY),
    st.integers(0, 4_000).map(lambda hours: hours * HOUR),
    st.tuples(st.integers(0, 60), st.integers(0, 1_001)).map(lambda pair: pair[0] * HOUR + pair[1]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(instants, st.booleans()), max_size=12), st.sampled_from(ZONES))
def test_instants(held: list[tuple[int, bool]], zone: str) -> None:
    us = np.array([us for us, _ in held], np.int64)
    there = np.array([there for _, there in held], np.bool_)
    assert iso_texts(us, there, zone).to_pylist() == [iso(us, zone) if known else "" for us, known in held]


@pytest.mark.parametrize("zone", ZONES)
def test_the_instant_at_which_a_clock_is_set(zone: str) -> None:
    for held in ([MARCH], [MARCH - 1, MARCH], [MARCH, MARCH + 1], [MARCH - 1, MARCH, MARCH + 1]):
        texts = iso_texts(np.array(held, np.int64), np.ones(len(held), np.bool_), zone)
        assert texts.to_pylist() == [iso(us, zone) for us in held]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ticks, st.booleans(), st.booleans()), max_size=12))
def test_elapsed_times(held: list[tuple[int, bool, bool]]) -> None:
    columns = zip(*held, strict=True) if held else ([], [], [])
    us, business, there = (np.array(column, kind) for column, kind in zip(columns, (np.int64, bool, bool), strict=True))
    kinds = {True: ClockKind.BUSINESS_TIME, False: ClockKind.EXACT}
    expected = [elapsed_text(one, kinds[of]) if known else "" for one, of, known in held]
    assert elapsed_texts(us, business, there).to_pylist() == expected
