"""Durations as types, and how they are read by a person."""

import pytest
from clock_cases import DAY, HOUR, MINUTE, SECOND
from hypothesis import given
from hypothesis import strategies as st

from sladsl.clock import Amount, ClockKind, amount_text, duration_text


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "0s"),
        (1, "1µs"),
        (999, "999µs"),
        (1_000, "0.001s"),
        (1_500, "0.0015s"),
        (250_000, "0.25s"),
        (SECOND, "1s"),
        (45 * SECOND, "45s"),
        (45 * SECOND + 1, "45.000001s"),
        (90 * SECOND, "1m 30s"),
        (HOUR, "1h"),
        (HOUR + SECOND, "1h 1s"),
        (3 * HOUR + 12 * MINUTE, "3h 12m"),
        (DAY, "1d"),
        (2 * DAY + 4 * HOUR, "2d 4h"),
        (2 * DAY + 5, "2d 5µs"),
        (400 * DAY + 30 * MINUTE, "400d 30m"),
        (-90 * SECOND, "-1m 30s"),
    ],
)
def test_elapsed_time_in_words(us: int, text: str) -> None:
    assert duration_text(us) == text


UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "µs": 1}


@given(st.integers(0, 10**16))
def test_the_words_say_all_of_it(us: int) -> None:
    total = 0
    for part in duration_text(us).split():
        unit = next(unit for unit in ("µs", "d", "h", "m", "s") if part.endswith(unit))
        whole, _, fraction = part.removesuffix(unit).partition(".")
        total += int(whole) * UNITS[unit] + int(f"{fraction:0<6}")
    assert total == us


@pytest.mark.parametrize(
    ("kind", "ticks", "text"),
    [
        (ClockKind.EXACT, 90 * MINUTE, "1h 30m"),
        (ClockKind.EXACT, 2 * DAY, "2d"),
        (ClockKind.BUSINESS_TIME, HOUR, "1 business hour"),
        (ClockKind.BUSINESS_TIME, 24 * HOUR, "24 business hours"),
        (ClockKind.BUSINESS_TIME, 90 * MINUTE, "90 business minutes"),
        (ClockKind.BUSINESS_TIME, MINUTE, "1 business minute"),
        (ClockKind.BUSINESS_TIME, 26 * HOUR + 5 * MINUTE, "26h 5m of business time"),
        (ClockKind.BUSINESS_TIME, 0, "0 business hours"),
        (ClockKind.BUSINESS_DAYS, DAY, "1 business day"),
        (ClockKind.BUSINESS_DAYS, 2 * DAY, "2 business days"),
        (ClockKind.BUSINESS_DAYS, 2 * DAY + 3 * HOUR, "2 business days 3h"),
        (ClockKind.BUSINESS_DAYS, 12 * HOUR, "12h of a business day"),
        (ClockKind.CALENDAR_DAYS, 30 * DAY, "30 calendar days"),
        (ClockKind.CALENDAR_DAYS, -30 * DAY, "-30 calendar days"),
    ],
)
def test_amounts_in_words(kind: ClockKind, ticks: int, text: str) -> None:
    assert amount_text(Amount(kind, ticks, "")) == text


def test_amounts_are_equal_by_what_they_are_and_not_by_how_they_are_written() -> None:
    assert Amount(ClockKind.EXACT, DAY, "24h") == Amount(ClockKind.EXACT, DAY, "1 day")
    assert hash(Amount(ClockKind.EXACT, DAY, "24h")) == hash(Amount(ClockKind.EXACT, DAY, "1 day"))
    assert Amount(ClockKind.EXACT, DAY, "24h") != Amount(ClockKind.CALENDAR_DAYS, DAY, "1 calendar day")


def test_a_share_is_on_the_same_clock_and_never_less_than_said() -> None:
    target = Amount(ClockKind.BUSINESS_TIME, 4 * HOUR, "4 business hours")
    assert target.share(75, 100) == Amount(ClockKind.BUSINESS_TIME, 3 * HOUR, "")
    assert target.share(75, 100).written == "75% of 4 business hours"
    assert target.share(1, 3).written == "1/3 of 4 business hours"
    assert Amount(ClockKind.EXACT, 10, "").share(1, 3).ticks == 4
    with pytest.raises(ValueError, match="denominator"):
        target.share(1, 0)
