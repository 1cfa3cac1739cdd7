"""The referee's clocks: the worked vectors of timers.md, clock changes, points, and what the words of section 2 say."""

from datetime import datetime
from itertools import pairwise

import pytest
from plan_builder import HOUR, at, hours

from sladsl.clock import CalendarSpec, ClockKind, ClosedDates, DatedHours, Point, Season, zone
from sladsl.evaluate.reference import walk

EXACT, TIME = ClockKind.EXACT, ClockKind.BUSINESS_TIME
DAYS, DATES = ClockKind.BUSINESS_DAYS, ClockKind.CALENDAR_DAYS
DAY = 24 * HOUR
MIN = HOUR // 60


def calendar(*weekly: str, zone_name: str = "UTC", **spec) -> walk.WalkedCalendar:
    return walk.walked(CalendarSpec("", tuple(hours(line) for line in weekly), **spec), zone_name)


def local(text: str, zone_name: str = "UTC", fold: int = 0) -> int:
    """Microseconds UTC of a wall-clock time that is not skipped."""
    return at(datetime.fromisoformat(text).replace(tzinfo=zone(zone_name), fold=fold).isoformat())


# --- worked vectors --------------------------------------------------------------------------------------------------

NINE_TO_FIVE = ("mon-fri 09:00-17:00",)
DUES = [
    (NINE_TO_FIVE, "2026-03-02 09:00", 24 * HOUR, "2026-03-04 17:00"),
    (NINE_TO_FIVE, "2026-03-06 16:30", HOUR, "2026-03-09 09:30"),
    (("mon-fri 08:00-18:00",), "2026-03-02 17:00", 4 * HOUR, "2026-03-03 11:00"),
    (("mon-sun 09:00-21:00",), "2026-03-02 09:00", 24 * HOUR, "2026-03-03 21:00"),
    (("mon-sun 09:00-13:00",), "2026-03-02 09:00", 24 * HOUR, "2026-03-07 13:00"),
    (NINE_TO_FIVE, "2026-03-06 16:55", 24 * HOUR, "2026-03-11 16:55"),
    (("mon-fri 09:00-18:00",), "2026-03-02 09:00", 9 * HOUR, "2026-03-02 18:00"),
    (NINE_TO_FIVE, "2026-03-07 12:00", HOUR, "2026-03-09 10:00"),  # a start outside hours counts from the next opening
    (NINE_TO_FIVE, "2026-03-07 12:00", 0, "2026-03-07 12:00"),
]


@pytest.mark.parametrize(("weekly", "start", "ticks", "due"), DUES)
def test_business_time_due(weekly, start, ticks, due):
    assert walk.due(TIME, calendar(*weekly), "UTC", local(start), ticks) == local(due)


def test_fri_evening_to_monday_is_an_hour_and_a_half():
    start, end = local("2014-12-12 21:00"), local("2014-12-15 09:30")
    assert walk.measure(TIME, calendar("mon-fri 08:00-17:00"), "UTC", start, end) == 90 * MIN
    assert walk.measure(EXACT, None, "UTC", start, end) == 60 * HOUR + 30 * MIN


def test_closed_dates_are_left_out():
    closed = (ClosedDates("2016-11-11", "2016-11-11"), ClosedDates("2016-11-13", "2016-11-13"))
    daily = calendar("mon-sun 09:00-21:00", closed=closed)
    assert walk.due(TIME, daily, "UTC", local("2016-11-09 23:00"), 48 * HOUR) == local("2016-11-15 21:00")


def test_a_warning_one_business_hour_before():
    office = calendar("mon-fri 08:00-18:00")
    assert walk.latest(TIME, office, "UTC", local("2026-03-03 11:00"), HOUR) == local("2026-03-03 10:00")
    # the greatest such instant: over the night it is the last moment of the evening before
    assert walk.latest(TIME, office, "UTC", local("2026-03-03 08:30"), HOUR) == local("2026-03-02 17:30")
    assert walk.latest(TIME, office, "UTC", local("2026-03-03 08:30"), 30 * MIN) == local("2026-03-03 08:00")


def test_open_hours_over_the_clock_changes_of_berlin():
    sundays = calendar("sun 00:00-06:00", zone_name="Europe/Berlin")
    berlin = "Europe/Berlin"
    for day, expected in (("2024-03-31", 5), ("2024-10-27", 7), ("2024-06-02", 6)):
        start = local(f"{day} 00:00", berlin)
        assert sundays.open_time(start, start + DAY) == expected * HOUR


# --- business days and calendar days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-06 12:00", 2, "2026-03-10 12:00"),
        ("2026-03-07 12:00", 2, "2026-03-11 09:00"),  # from the next opening
        ("2026-03-06 09:00", 1, "2026-03-09 09:00"),
        ("2026-03-05 20:00", 1, "2026-03-09 09:00"),
    ],
)
def test_business_days_due(start, days, due):
    assert walk.due(DAYS, calendar(*NINE_TO_FIVE), "UTC", local(start), days * DAY) == local(due)


def test_a_due_in_business_days_outside_hours_moves_to_the_next_opening():
    office = calendar("mon-thu 09:00-18:00", "fri 09:00-14:00")
    assert walk.due(DAYS, office, "UTC", local("2026-03-05 17:00"), DAY) == local("2026-03-09 09:00")
    # the closing edge is outside hours
    assert walk.due(DAYS, office, "UTC", local("2026-03-05 14:00"), DAY) == local("2026-03-09 09:00")


def test_calendar_days_end_at_the_same_wall_clock_time():
    madrid = "Europe/Madrid"
    due = walk.due(DATES, None, madrid, local("2026-03-27 13:00", madrid), 2 * DAY)
    assert due == local("2026-03-29 13:00", madrid) == local("2026-03-27 13:00", madrid) + 47 * HOUR


def test_calendar_days_in_skipped_and_repeated_hours():
    madrid, change = "Europe/Madrid", at("2026-03-29T01:00+00:00")
    assert walk.due(DATES, None, madrid, local("2026-03-28 02:30", madrid), DAY) == change
    first = local("2026-10-25 02:30", madrid)
    assert walk.due(DATES, None, madrid, local("2026-10-24 02:30", madrid), DAY) == first
    # a start in the second of the repeated hour counts as the end of the first
    second = local("2026-10-25 02:30", madrid, fold=1)
    assert second == first + HOUR
    assert walk.due(DATES, None, madrid, second, DAY) == local("2026-10-26 03:00", madrid)
    assert walk.measure(DATES, None, madrid, first, second) == 30 * MIN
    # standing still: nothing passes in the second of the repeated hours
    assert walk.measure(DATES, None, madrid, second, second + 30 * MIN) == 0


def test_the_greatest_instant_before_a_due_in_days():
    office = calendar(*NINE_TO_FIVE)
    assert walk.latest(DAYS, office, "UTC", local("2026-03-04 09:00"), DAY) == local("2026-03-03 09:00")
    assert walk.latest(DATES, None, "Europe/Madrid", local("2026-03-30 02:30", "Europe/Madrid"), DAY) == (
        at("2026-03-29T01:00+00:00") - 1
    )


# --- calendars -------------------------------------------------------------------------------------------------------


def test_edges_in_skipped_and_repeated_hours():
    madrid, change = "Europe/Madrid", at("2026-03-29T01:00+00:00")
    skipped = calendar("sun 02:30-04:00", zone_name=madrid)
    assert skipped.open_between(change - HOUR, change + DAY) == [(change, change + HOUR)]
    within = calendar("sun 02:10-02:50", zone_name=madrid)
    assert not within.is_working(change // DAY)  # none of its hours are left
    repeated = calendar("sun 02:30-02:45", zone_name=madrid)
    first = local("2026-10-25 02:30", madrid)
    assert repeated.open_between(first - DAY, first + DAY) == [(first, first + HOUR + 15 * MIN)]


def test_hours_across_midnight_belong_to_the_date_they_begin_on():
    night = calendar("fri 22:00-30:00", closed=(ClosedDates("2026-03-07", "2026-03-07"),))
    friday = local("2026-03-06 22:00")
    assert night.open_between(friday - DAY, friday + 2 * DAY) == [(friday, friday + 8 * HOUR)]


def test_a_dated_line_wins_over_closed_dates_and_seasons():
    summer = Season((6, 15), (9, 16), None, None, (hours("mon-fri 08:00-15:00"),))
    office = calendar(
        *NINE_TO_FIVE,
        seasons=(summer,),
        closed=(ClosedDates("2026-08-10", "2026-08-21"),),
        dated=(DatedHours("2026-08-12", ((10 * HOUR, 12 * HOUR),)),),
    )
    for day, spans in (
        ("2026-06-12", [(9 * HOUR, 17 * HOUR)]),
        ("2026-06-15", [(8 * HOUR, 15 * HOUR)]),
        ("2026-09-15", [(8 * HOUR, 15 * HOUR)]),
        ("2026-09-16", [(9 * HOUR, 17 * HOUR)]),
        ("2026-08-11", []),
        ("2026-08-12", [(10 * HOUR, 12 * HOUR)]),
    ):
        assert office.spans(local(day) // DAY) == spans, day


def test_a_season_may_pass_the_end_of_the_year_and_name_one():
    winter = Season((11, 1), (3, 1), None, None, ())
    for day, holds in (("2026-11-01", True), ("2027-01-15", True), ("2027-03-01", False), ("2026-10-31", False)):
        assert walk.in_season(winter, datetime.fromisoformat(day).date()) is holds, day
    once = Season((11, 1), (3, 1), 2026, None, ())
    for day, holds in (("2026-02-01", False), ("2026-11-01", True), ("2027-02-28", True), ("2027-11-01", False)):
        assert walk.in_season(once, datetime.fromisoformat(day).date()) is holds, day


def test_holidays_come_from_their_region():
    office = calendar(*NINE_TO_FIVE, holidays=("ES-MD",))
    assert not office.is_working(local("2026-01-06") // DAY)
    assert office.is_working(local("2026-01-07") // DAY)


def test_what_never_opens_is_never_reached():
    shut = calendar()
    for search in (lambda: shut.next_opening(0), lambda: walk.due(TIME, shut, "UTC", 0, 1)):
        with pytest.raises(walk.NeverReached):
            search()


# --- points ----------------------------------------------------------------------------------------------------------

FOUR, SIX, TWO = 16 * HOUR, 18 * HOUR, 14 * HOUR
POINTS = [
    (Point(FOUR, "plain"), "2026-03-06 16:00", "2026-03-06 16:00"),
    (Point(FOUR, "plain"), "2026-03-06 16:01", "2026-03-07 16:00"),
    (Point(FOUR, "same"), "2026-03-06 16:00", "2026-03-06 16:00"),
    (Point(FOUR, "same"), "2026-03-06 16:01", "2026-03-09 16:00"),
    (Point(FOUR, "same"), "2026-03-07 08:00", "2026-03-09 16:00"),
    (Point(FOUR, "next"), "2026-03-05 08:00", "2026-03-06 16:00"),
    (Point(FOUR, "next"), "2026-03-06 23:00", "2026-03-09 16:00"),
    (Point(FOUR, "nth", 2), "2026-03-05 08:00", "2026-03-09 16:00"),
    (Point(None, "same"), "2026-03-06 17:00", "2026-03-06 17:00"),
    (Point(None, "same"), "2026-03-06 17:01", "2026-03-09 17:00"),
    (Point(None, "next"), "2026-03-06 12:00", "2026-03-09 17:00"),
    # a start at or after the cut-off counts as made at 00:00 of the next working date
    (Point(SIX, "same", cutoff_us=TWO), "2026-03-06 13:59", "2026-03-06 18:00"),
    (Point(SIX, "same", cutoff_us=TWO), "2026-03-06 14:00", "2026-03-09 18:00"),
    (Point(SIX, "next", cutoff_us=TWO), "2026-03-06 14:00", "2026-03-10 18:00"),
    # on other dates the cut-off says nothing
    (Point(SIX, "same", cutoff_us=TWO), "2026-03-07 15:00", "2026-03-09 18:00"),
    (Point(SIX, "next", cutoff_us=TWO), "2026-03-07 15:00", "2026-03-09 18:00"),
]


@pytest.mark.parametrize(("point", "start", "due"), POINTS)
def test_points(point, start, due):
    assert walk.point_due(point, calendar(*NINE_TO_FIVE), "UTC", local(start)) == local(due)


def test_points_are_read_in_the_calendars_zone():
    new_york = calendar(*NINE_TO_FIVE, zone_name="America/New_York")
    due = walk.point_due(Point(FOUR, "same"), new_york, "Europe/Madrid", at("02 12:00"))
    assert due == local("2026-03-02 16:00", "America/New_York")
    # `by 18:00` alone is read in the agreement's zone
    assert walk.point_due(Point(SIX, "plain"), None, "Europe/Madrid", at("02 12:00")) == at("02 17:00")


# --- laws ------------------------------------------------------------------------------------------------------------


def test_measure_adds_up_and_due_inverts_it_over_clock_changes():
    madrid = "Europe/Madrid"
    calendars = [
        calendar(*NINE_TO_FIVE, zone_name=madrid),
        calendar("mon-sun 01:30-02:30, 09:00-10:00", zone_name=madrid),
    ]
    for start in (local("2026-03-28 00:00", madrid), local("2026-10-24 00:00", madrid)):
        edges = [start + k * 90 * MIN for k in range(33)]
        for one in calendars:
            for kind in (TIME, DAYS, DATES):
                measured = [walk.measure(kind, one, madrid, a, b) for a, b in pairwise(edges)]
                assert min(measured) >= 0
                assert sum(measured) == walk.measure(kind, one, madrid, edges[0], edges[-1])
                for ticks in (1, HOUR, DAY):
                    due = walk.due(kind, one, madrid, start, ticks)
                    assert walk.measure(kind, one, madrid, start, due) >= ticks
                    if kind is not DAYS:  # whose due may have moved to an opening
                        assert walk.measure(kind, one, madrid, start, due - 1) < ticks
                    assert walk.latest(kind, one, madrid, due, ticks) >= start
