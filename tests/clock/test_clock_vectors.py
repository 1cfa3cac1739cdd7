"""The worked vectors of the timer semantics, and those of the acceptance cases about kinds of day."""

import pytest
from clock_cases import DAY, HOUR, MINUTE, SECOND, calendar, shown, us

from sladsl.clock import ClockKind, ClosedDates, clock_for

OFFICE_9_17 = ("mon-fri 09:00-17:00",)
OFFICE_9_18 = ("mon-fri 09:00-18:00",)
DESK_8_18 = ("mon-fri 08:00-18:00",)


def test_an_evening_and_a_weekend_between_two_readings() -> None:
    desk = calendar("mon-fri 08:00-17:00")
    opened, now = us("2014-12-12 21:00"), us("2014-12-15 09:30")
    assert desk.business_time.measure(opened, now) == HOUR + 30 * MINUTE
    assert clock_for(ClockKind.EXACT, None, "UTC").measure(opened, now) == 60 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("lines", "start", "amount", "due"),
    [
        (OFFICE_9_17, "2026-03-02 09:00", 24 * HOUR, "2026-03-04 17:00"),
        (OFFICE_9_17, "2026-03-06 16:30", HOUR, "2026-03-09 09:30"),
        (DESK_8_18, "2026-03-02 17:00", 4 * HOUR, "2026-03-03 11:00"),
        (("daily 09:00-21:00",), "2026-03-02 09:00", 24 * HOUR, "2026-03-03 21:00"),
        (("daily 09:00-13:00",), "2026-03-02 09:00", 24 * HOUR, "2026-03-07 13:00"),
        (OFFICE_9_17, "2026-03-06 16:55", 24 * HOUR, "2026-03-11 16:55"),
        (OFFICE_9_18, "2026-03-02 09:00", 9 * HOUR, "2026-03-02 18:00"),
        (OFFICE_9_17, "2026-03-02 18:00", 0, "2026-03-02 18:00"),
        (OFFICE_9_17, "2026-03-02 18:00", 1, "2026-03-03 09:00:00.000001"),
    ],
)
def test_business_time_is_due(lines: tuple[str, ...], start: str, amount: int, due: str) -> None:
    assert shown(calendar(*lines).business_time.due(us(start), amount)) == due


def test_closed_dates_are_left_out_of_business_time() -> None:
    closed = (ClosedDates("2016-11-11", "2016-11-11"), ClosedDates("2016-11-13", "2016-11-13"))
    desk = calendar("daily 09:00-21:00", closed=closed)
    assert shown(desk.business_time.due(us("2016-11-09 23:00"), 48 * HOUR)) == "2016-11-15 21:00"


def test_an_hour_before_a_due_is_an_open_hour_before_it() -> None:
    clock = calendar(*DESK_8_18).business_time
    assert shown(clock.latest(us("2026-03-03 11:00"), HOUR)) == "2026-03-03 10:00"
    assert shown(clock.latest(us("2026-03-03 08:00"), HOUR)) == "2026-03-02 17:00"
    # from 08:00 on, no whole hour is left before 09:00: the last instant at which one was is 08:00 itself
    assert shown(clock.latest(us("2026-03-03 09:00"), HOUR)) == "2026-03-03 08:00"


@pytest.mark.parametrize(("date", "open_hours"), [("2024-03-31", 5), ("2024-10-27", 7), ("2024-06-02", 6)])
def test_hours_on_the_date_of_a_clock_change_are_as_long_as_the_change_makes_them(date: str, open_hours: int) -> None:
    nights = calendar("sun 00:00-06:00", zone_name="Europe/Berlin")
    start = us(f"{date} 00:00", "Europe/Berlin")
    assert nights.business_time.measure(start, start + DAY) == open_hours * HOUR


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        (ClockKind.EXACT, "2026-03-27 13:00", "2026-03-29T12:00:00+00:00"),
        (ClockKind.BUSINESS_DAYS, "2026-03-27 13:00", "2026-03-31T11:00:00+00:00"),
        (ClockKind.CALENDAR_DAYS, "2026-03-27 13:00", "2026-03-29T11:00:00+00:00"),
        (ClockKind.EXACT, "2026-03-28 13:00", "2026-03-30T12:00:00+00:00"),
        (ClockKind.BUSINESS_DAYS, "2026-03-28 13:00", "2026-04-01T07:00:00+00:00"),
        (ClockKind.CALENDAR_DAYS, "2026-03-28 13:00", "2026-03-30T11:00:00+00:00"),
    ],
)
def test_two_days_are_three_different_things_over_a_clock_change(kind: ClockKind, start: str, due: str) -> None:
    office = calendar(*OFFICE_9_17, zone_name="Europe/Madrid")
    clock = clock_for(kind, office, "Europe/Madrid")
    assert clock.due(us(start, "Europe/Madrid"), 2 * DAY) == us(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02 10:00", 1, "2026-03-03 10:00"),
        ("2026-03-02 14:30", 1, "2026-03-03 15:00"),  # in the break: counts from 15:00
        ("2026-03-02 18:00", 1, "2026-03-04 09:00"),  # at closing time it is closed
        ("2026-03-02 20:00", 2, "2026-03-05 09:00"),
        ("2026-03-05 16:00", 1, "2026-03-09 09:00"),  # friday closes at 14:00
        ("2026-03-06 13:59", 1, "2026-03-09 13:59"),
        ("2026-03-07 12:00", 1, "2026-03-10 09:00"),
        ("2026-03-02 10:00", 0, "2026-03-02 10:00"),
        ("2026-03-07 10:00", 0, "2026-03-09 09:00"),
    ],
)
def test_business_days_keep_the_time_of_day_or_move_to_the_next_opening(start: str, days: int, due: str) -> None:
    office = calendar("mon-thu 09:00-14:00, 15:00-18:00", "fri 09:00-14:00", zone_name="Europe/Madrid")
    clock = office.business_days
    assert shown(clock.due(us(start, "Europe/Madrid"), days * DAY), "Europe/Madrid") == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-01 12:00", 30, "2026-03-31 12:00"),
        ("2026-03-28 02:30", 1, "2026-03-29 03:00"),  # 02:30 is skipped: at the jump
        ("2026-10-24 02:30", 1, "2026-10-25 02:30"),  # 02:30 comes twice: the first
    ],
)
def test_calendar_days_end_at_the_same_wall_clock_time(start: str, days: int, due: str) -> None:
    clock = clock_for(ClockKind.CALENDAR_DAYS, None, "Europe/Madrid")
    assert clock.due(us(start, "Europe/Madrid"), days * DAY) == us(due, "Europe/Madrid")


def test_a_start_in_the_second_of_a_repeated_hour_counts_as_the_end_of_the_first() -> None:
    clock = clock_for(ClockKind.CALENDAR_DAYS, None, "Europe/Madrid")
    second = us("2026-10-25 02:30", "Europe/Madrid", fold=1)
    assert second - us("2026-10-25 02:30", "Europe/Madrid") == HOUR
    assert shown(clock.due(second, DAY), "Europe/Madrid") == "2026-10-26 03:00"


def test_a_business_clock_reads_the_same_all_through_the_night() -> None:
    clock = calendar(*OFFICE_9_18).business_time
    assert clock.measure(us("2026-03-02 18:00"), us("2026-03-03 09:00")) == 0
    assert clock.measure(us("2026-03-02 17:59:59"), us("2026-03-03 09:00:01")) == 2 * SECOND


def test_a_target_that_no_calendar_reaches_has_no_due() -> None:
    nothing = calendar()
    assert nothing.business_time.due(us("2026-03-02 09:00"), 1) is None
    assert nothing.business_days.due(us("2026-03-02 09:00"), DAY) is None
    assert nothing.next_opening(us("2026-03-02 09:00")) is None
    office = calendar(*OFFICE_9_17)
    assert office.business_time.due(us("2026-03-02 09:00"), 20_000 * HOUR) is not None
    assert office.business_time.due(us("2026-03-02 09:00"), 21_000 * HOUR) is None
    assert office.business_days.due(us("2026-03-02 09:00"), 2_600 * DAY) is not None
    assert office.business_days.due(us("2026-03-02 09:00"), 2_700 * DAY) is None
    assert office.business_days.due(us("2026-03-02 09:00"), 10**30) is None
    assert office.business_time.due(us("2026-03-02 09:00"), 10**30) is None


def test_before_a_calendar_without_an_opening_the_search_ends_ten_years_back() -> None:
    nothing = calendar()
    due = us("2026-03-02 09:00")
    assert nothing.business_time.latest(due, HOUR) == nothing.business_days.latest(due, HOUR) == due - 3653 * DAY
