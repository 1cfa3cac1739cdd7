"""Points in time: `by 18:00 same business day cutoff 14:00` and its like."""

import pytest
from clock_cases import HOUR, MINUTE, calendar, shown, us

from sladsl.clock import Calendar, ClosedDates, Point, point_due

MADRID = "Europe/Madrid"


def due(point: Point, start: str, office: Calendar | None, zone: str = MADRID) -> str | None:
    return shown(point_due(point, us(start, zone), office, zone), zone)


@pytest.fixture(name="office")
def fixture_office() -> Calendar:
    lines = ("mon-thu 09:00-14:00, 15:00-18:00", "fri 09:00-15:00")
    return calendar(*lines, zone_name=MADRID, closed=(ClosedDates("2026-03-19", "2026-03-19"),))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-06 12:00", "2026-03-06 18:00"),
        ("2026-03-06 18:00", "2026-03-06 18:00"),
        ("2026-03-06 18:00:01", "2026-03-07 18:00"),
        ("2026-03-28 20:00", "2026-03-29 18:00"),
    ],
)
def test_a_plain_time_is_the_first_not_before_the_start(office: Calendar, start: str, expected: str) -> None:
    assert due(Point(18 * HOUR, "plain"), start, None) == expected
    # a calendar has no say in it, nor has its zone
    assert due(Point(18 * HOUR, "plain"), start, calendar("sun 09:00-10:00", zone_name="Asia/Tokyo")) == expected


def test_a_plain_time_that_is_skipped_or_repeated_is_read_as_in_a_log() -> None:
    half_past_two = Point(2 * HOUR + 30 * MINUTE, "plain")
    assert due(half_past_two, "2026-03-28 12:00", None) == "2026-03-29 03:30"
    assert point_due(half_past_two, us("2026-10-24 12:00", MADRID), None, MADRID) == us("2026-10-25 02:30", MADRID)
    # after the first 02:30, and still before the second: the next one is that of the next date
    assert due(half_past_two, "2026-10-25 02:45", None) == "2026-10-26 02:30"


@pytest.mark.parametrize(
    ("day", "nth", "start", "expected"),
    [
        ("same", 1, "2026-03-05 12:00", "2026-03-05 16:00"),
        ("same", 1, "2026-03-05 16:00", "2026-03-05 16:00"),
        ("same", 1, "2026-03-05 16:01", "2026-03-06 16:00"),
        ("same", 1, "2026-03-06 16:01", "2026-03-09 16:00"),
        ("same", 1, "2026-03-07 12:00", "2026-03-09 16:00"),
        ("same", 1, "2026-03-18 17:00", "2026-03-20 16:00"),
        ("next", 1, "2026-03-05 08:00", "2026-03-06 16:00"),
        ("next", 1, "2026-03-06 08:00", "2026-03-09 16:00"),
        ("next", 1, "2026-03-07 08:00", "2026-03-09 16:00"),
        ("next", 1, "2026-03-18 08:00", "2026-03-20 16:00"),
        ("nth", 1, "2026-03-05 08:00", "2026-03-06 16:00"),
        ("nth", 2, "2026-03-05 08:00", "2026-03-09 16:00"),
        ("nth", 2, "2026-03-07 08:00", "2026-03-10 16:00"),
        ("nth", 10, "2026-03-05 23:59", "2026-03-20 16:00"),
    ],
)
def test_a_time_on_a_working_date(office: Calendar, day: str, nth: int, start: str, expected: str) -> None:
    assert due(Point(16 * HOUR, day, nth), start, office) == expected


@pytest.mark.parametrize(
    ("start", "same", "following"),
    [
        ("2026-03-05 12:00", "2026-03-05 18:00", "2026-03-06 15:00"),
        ("2026-03-05 18:00", "2026-03-05 18:00", "2026-03-06 15:00"),
        ("2026-03-05 18:01", "2026-03-06 15:00", "2026-03-06 15:00"),
        ("2026-03-06 15:01", "2026-03-09 18:00", "2026-03-09 18:00"),
        ("2026-03-07 12:00", "2026-03-09 18:00", "2026-03-09 18:00"),
    ],
)
def test_the_end_of_a_working_date_is_its_last_closing(office: Calendar, start: str, same: str, following: str) -> None:
    assert due(Point(None, "same"), start, office) == same
    assert due(Point(None, "next"), start, office) == following


@pytest.mark.parametrize(
    ("day", "start", "expected"),
    [
        ("same", "2026-03-05 13:59:59", "2026-03-05 18:00"),
        ("same", "2026-03-05 14:00", "2026-03-06 18:00"),
        ("same", "2026-03-06 14:00", "2026-03-09 18:00"),
        ("next", "2026-03-05 13:59", "2026-03-06 18:00"),
        ("next", "2026-03-05 14:00", "2026-03-09 18:00"),
        ("same", "2026-03-07 20:00", "2026-03-09 18:00"),  # on a saturday the cut-off says nothing
        ("next", "2026-03-07 20:00", "2026-03-09 18:00"),
        ("plain", "2026-03-07 14:00", "2026-03-08 18:00"),
    ],
)
def test_a_start_after_the_cutoff_counts_as_made_on_the_next_working_date(
    office: Calendar, day: str, start: str, expected: str
) -> None:
    assert due(Point(18 * HOUR, day, cutoff_us=14 * HOUR), start, office) == expected


def test_dates_are_those_of_the_calendar_and_not_of_the_agreement() -> None:
    tokyo = calendar("mon-fri 09:00-17:00", zone_name="Asia/Tokyo")
    # friday evening in Madrid is saturday in Tokyo
    start = us("2026-03-06 20:00", MADRID)
    assert shown(point_due(Point(12 * HOUR, "same"), start, tokyo, MADRID), "Asia/Tokyo") == "2026-03-09 12:00"
    assert shown(point_due(Point(12 * HOUR, "plain"), start, tokyo, MADRID), MADRID) == "2026-03-07 12:00"


def test_hours_across_midnight_end_on_the_next_date() -> None:
    nights = calendar("mon-fri 22:00-06:00", zone_name=MADRID)
    assert due(Point(None, "same"), "2026-03-06 12:00", nights) == "2026-03-07 06:00"
    assert due(Point(None, "same"), "2026-03-07 05:00", nights) == "2026-03-10 06:00"


def test_the_end_of_the_day_may_be_midnight() -> None:
    always = calendar("daily 00:00-24:00", zone_name=MADRID)
    assert due(Point(None, "same"), "2026-03-28 12:00", always) == "2026-03-29 00:00"
    assert due(Point(24 * HOUR, "plain"), "2026-03-28 12:00", None) == "2026-03-29 00:00"


def test_where_no_such_date_comes_there_is_no_due(office: Calendar) -> None:
    nothing = calendar()
    for day in ("same", "next"):
        assert point_due(Point(18 * HOUR, day), us("2026-03-05"), nothing, MADRID) is None
        assert point_due(Point(None, day, cutoff_us=0), us("2026-03-05"), nothing, MADRID) is None
    assert point_due(Point(18 * HOUR, "nth", 10**9), us("2026-03-05"), office, MADRID) is None
    last = calendar("mon 09:00-17:00", closed=(ClosedDates("2026-03-03", "2099-12-31"),))
    assert point_due(Point(18 * HOUR, "same", cutoff_us=0), us("2026-03-02 12:00"), last, MADRID) is None


@pytest.mark.parametrize("point", [Point(18 * HOUR, "same"), Point(None, "plain")])
def test_a_business_day_needs_a_calendar(point: Point) -> None:
    with pytest.raises(ValueError, match="calendar"):
        point_due(point, 0, None, MADRID)
