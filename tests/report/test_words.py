"""Figures as words: short, and never kinder than the figure."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladsl.clock import ClockKind
from sladsl.report.objective_words import value_text
from sladsl.report.words import bar, elapsed_text, number_text, percent_text, short_text

SHARES = st.fractions(0, 1)


@given(SHARES)
def test_a_percentage_is_full_or_empty_only_where_the_share_is(share: Fraction) -> None:
    text = percent_text(share)
    assert (text == "100%") == (share == 1)
    assert (text == "0%") == (share == 0)


@given(SHARES, st.integers(1, 20))
def test_a_bar_is_full_or_empty_only_where_the_share_is(share: Fraction, width: int) -> None:
    drawn = bar(share, width)
    assert len(drawn) == width
    assert (drawn == "█" * width) == (share == 1)
    assert (drawn == " " * width) == (share == 0)
    assert len(bar(share, width, blocks=False)) == width


@given(st.fractions(-1000, 1000))
def test_a_number_is_right_to_two_decimals(number: Fraction) -> None:
    assert abs(Fraction(Decimal(number_text(number).replace(",", ""))) - number) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("ticks", "clock", "text"),
    [
        (0, ClockKind.EXACT, "0s"),
        (1, ClockKind.EXACT, "1µs"),
        (3_600_000_000, ClockKind.EXACT, "1h"),
        (3_605_000_000, ClockKind.EXACT, "1h"),
        (90_000_000_000, ClockKind.EXACT, "1d 1h"),
        (90_000_000_000, ClockKind.BUSINESS_TIME, "25h"),
        (90_060_000_000, ClockKind.BUSINESS_TIME, "25h 1m"),
        (90_000_000_000, ClockKind.BUSINESS_DAYS, "1d 1h"),
    ],
)
def test_short_times_keep_two_units(ticks: int, clock: ClockKind, text: str) -> None:
    assert short_text(ticks, clock) == text


def test_business_time_never_speaks_of_days() -> None:
    assert elapsed_text(26 * 3_600_000_000 + 61_000_000, ClockKind.BUSINESS_TIME) == "26h 1m 1s"
    assert elapsed_text(48 * 3_600_000_000, ClockKind.BUSINESS_TIME) == "48h"


def test_a_percentage_tells_itself_from_its_bound() -> None:
    assert percent_text(Fraction(91, 1303), Fraction(7, 100)) == "6.98%"
    assert percent_text(Fraction(7, 100), Fraction(7, 100)) == "7%"
    assert percent_text(Fraction(1, 10**12)) == "just over 0%"
    assert percent_text(1 - Fraction(1, 10**12)) == "just under 100%"


def test_values_of_objectives_have_their_unit() -> None:
    assert value_text(Fraction(999, 1000), "share") == "99.9%"
    assert value_text(Fraction(5, 2), "business days") == "2.5 business days"
    assert value_text(Fraction(12345), "") == "12,345"
    assert value_text(None, "share") == "–"
