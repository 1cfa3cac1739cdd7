"""Calendars: which hours a date has, holidays, seasons, and edges around clock changes."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from clock_cases import DAY, HOUR, calendar, hours, shown, spans, spec, us

from sladsl.clock import (
    Calendar,
    CalendarSpec,
    ClockKind,
    ClosedDates,
    DatedHours,
    Season,
    clock_for,
    compile_calendar,
    holidays_version,
    known_region,
    nearest_regions,
)

MADRID = "Europe/Madrid"


def hours_of(office: Calendar, day: str) -> list[str]:
    """The open stretches of a local date, as the wall clock shows them."""
    start = us(f"{day} 00:00", office.zone)
    stretches = office.openings(start, start + DAY)
    return [f"{str(shown(a, office.zone))[11:]}-{str(shown(b, office.zone))[11:]}" for a, b in stretches]


def test_weekly_lines_add_up() -> None:
    office = calendar("mon-thu 09:00-14:00, 15:00-18:30", "fri 08:00-15:00", "mon 18:00-20:00", zone_name=MADRID)
    assert hours_of(office, "2026-03-02") == ["09:00-14:00", "15:00-20:00"]
    assert hours_of(office, "2026-03-03") == ["09:00-14:00", "15:00-18:30"]
    assert hours_of(office, "2026-03-06") == ["08:00-15:00"]
    assert hours_of(office, "2026-03-07") == []
    assert [office.is_working(f"2026-03-0{day}") for day in range(1, 8)] == [False, True, True, True, True, True, False]


def test_hours_are_half_open() -> None:
    office = calendar("mon-fri 09:00-18:00")
    opening, closing = us("2026-03-02 09:00"), us("2026-03-02 18:00")
    assert [office.open_at(us) for us in (opening - 1, opening, closing - 1, closing)] == [False, True, True, False]
    assert office.next_opening(opening) == opening
    assert office.next_opening(closing - 1) == closing - 1
    assert office.next_opening(closing) == us("2026-03-03 09:00")
    assert office.last_closing("2026-03-02") == closing
    assert office.last_closing("2026-03-07") is None


def test_a_dated_line_wins_over_holidays_closed_dates_and_seasons() -> None:
    office = calendar(
        "daily 09:00-17:00",
        zone_name=MADRID,
        seasons=(Season((12, 1), (1, 10), None, None, (hours("daily 10:00-12:00"),)),),
        dated=(DatedHours("2026-12-25", spans("09:00-13:00")), DatedHours("2026-12-24", spans("08:00-09:00"))),
        closed=(ClosedDates("2026-12-23", "2026-12-26"),),
        holidays=("ES-MD",),
    )
    assert hours_of(office, "2026-11-30") == ["09:00-17:00"]
    assert hours_of(office, "2026-12-22") == ["10:00-12:00"]
    assert hours_of(office, "2026-12-23") == []
    assert hours_of(office, "2026-12-24") == ["08:00-09:00"]
    assert hours_of(office, "2026-12-25") == ["09:00-13:00"]
    assert hours_of(office, "2026-12-26") == []
    assert hours_of(office, "2026-12-27") == ["10:00-12:00"]
    assert hours_of(office, "2027-01-01") == []
    assert hours_of(office, "2027-01-06") == []
    assert hours_of(office, "2027-01-09") == ["10:00-12:00"]
    assert hours_of(office, "2027-01-10") == ["09:00-17:00"]


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        (((6, 15), (9, 16), None, None), ["2025-06-15", "2026-09-15"], ["2026-06-14", "2026-09-16"]),
        (((11, 15), (2, 1), None, None), ["2025-11-15", "2026-01-31", "2026-12-31"], ["2026-02-01", "2026-11-14"]),
        (((6, 15), (9, 16), 2026, 2026), ["2026-06-15", "2026-09-15"], ["2025-07-01", "2027-07-01", "2026-09-16"]),
        (((11, 15), (2, 1), 2026, 2027), ["2026-11-15", "2027-01-31"], ["2026-01-15", "2027-11-15", "2027-02-01"]),
        (((11, 15), (2, 1), 2026, None), ["2026-11-15", "2027-01-31"], ["2026-01-15", "2027-11-15"]),
        (((11, 15), (2, 1), None, 2027), ["2026-11-15", "2027-01-31"], ["2026-01-15", "2027-11-15"]),
        (((6, 15), (9, 16), 2026, None), ["2026-06-15"], ["2027-06-15"]),
        (((6, 15), (9, 16), None, 2026), ["2026-06-15"], ["2025-06-15"]),
        (((6, 15), (9, 16), 2026, 2028), ["2026-06-15", "2027-01-01", "2028-09-15"], ["2026-06-14", "2028-09-16"]),
        (((2, 29), (3, 2), None, None), ["2024-02-29", "2026-03-01"], ["2026-02-28", "2024-03-02"]),
        (((6, 15), (6, 15), None, None), [], ["2026-06-15", "2026-06-14"]),
    ],
)
def test_seasons_are_half_open_and_may_pass_the_year(
    season: tuple[tuple[int, int], tuple[int, int], int | None, int | None], inside: list[str], outside: list[str]
) -> None:
    office = calendar("daily 09:00-17:00", seasons=(Season(*season, (hours("daily 08:00-15:00"),)),))
    assert {day: hours_of(office, day) for day in inside} == {day: ["08:00-15:00"] for day in inside}
    assert {day: hours_of(office, day) for day in outside} == {day: ["09:00-17:00"] for day in outside}


def test_of_two_seasons_the_one_with_a_year_holds_else_the_later() -> None:
    summer = Season((6, 1), (9, 1), None, None, (hours("daily 08:00-15:00"),))
    august = Season((8, 1), (9, 1), None, None, (hours("daily 08:00-12:00"),))
    once = Season((7, 1), (8, 15), 2026, 2026, (hours("daily 10:00-11:00"),))
    office = calendar("daily 09:00-17:00", seasons=(once, summer, august))
    assert hours_of(office, "2026-06-30") == ["08:00-15:00"]
    assert hours_of(office, "2026-07-01") == ["10:00-11:00"]
    assert hours_of(office, "2026-08-14") == ["10:00-11:00"]
    assert hours_of(office, "2026-08-15") == ["08:00-12:00"]
    assert hours_of(office, "2025-08-14") == ["08:00-12:00"]


def test_a_season_replaces_the_weekly_lines_even_where_it_has_none_for_the_day() -> None:
    office = calendar(
        "daily 09:00-17:00", seasons=(Season((6, 1), (9, 1), None, None, (hours("mon-fri 08:00-15:00"),)),)
    )
    assert hours_of(office, "2026-07-04") == []


def test_hours_across_midnight_belong_to_the_date_they_begin_on() -> None:
    nights = calendar("mon-fri 22:00-06:00", closed=(ClosedDates("2026-03-04", "2026-03-04"),), zone_name=MADRID)
    assert nights.crosses_midnight
    assert nights.spec.crosses_midnight
    assert hours_of(nights, "2026-03-02") == ["22:00-00:00"]
    assert hours_of(nights, "2026-03-04") == ["00:00-06:00"]  # the night of the 3rd; the 4th itself is closed
    assert hours_of(nights, "2026-03-05") == ["22:00-00:00"]
    assert hours_of(nights, "2026-03-07") == ["00:00-06:00"]
    assert shown(nights.last_closing("2026-03-06"), MADRID) == "2026-03-07 06:00"
    assert nights.is_working("2026-03-06")
    assert not nights.is_working("2026-03-07")
    assert not calendar("daily 00:00-24:00").crosses_midnight
    assert calendar(dated=(DatedHours("2026-03-02", spans("22:00-06:00")),)).crosses_midnight


@pytest.mark.parametrize(
    ("line", "day", "opened"),
    [
        ("daily 02:30-04:00", "2026-03-29", 1 * HOUR),  # opens at the jump, at 03:00
        ("daily 01:00-02:30", "2026-03-29", 1 * HOUR),  # closes at the jump
        ("daily 02:00-03:00", "2026-03-29", 0),
        ("daily 02:30-04:00", "2026-10-25", 2 * HOUR + HOUR // 2),  # opens at the first 02:30
        ("daily 01:00-02:30", "2026-10-25", 2 * HOUR + HOUR // 2),  # closes at the second
        ("daily 01:00-02:00", "2026-10-25", 2 * HOUR),
        ("daily 02:15-02:45", "2026-10-25", HOUR + HOUR // 2),
        ("daily 03:00-04:00", "2026-10-25", 1 * HOUR),
    ],
)
def test_edges_in_skipped_and_repeated_hours(line: str, day: str, opened: int) -> None:
    office = calendar(line, zone_name=MADRID)
    start = us(f"{day} 00:00", MADRID)
    assert office.business_time.measure(start, start + DAY - 2 * HOUR) == opened
    assert office.is_working(day) == (opened > 0)


def test_hours_that_the_clock_skips_make_no_working_date() -> None:
    office = calendar("daily 02:00-03:00", zone_name=MADRID)
    assert shown(office.business_days.due(us("2026-03-28 02:30", MADRID), DAY), MADRID) == "2026-03-30 02:30"


def test_a_date_that_the_zone_skipped_has_no_hours() -> None:
    apia = calendar("daily 09:00-17:00, 22:00-02:00", zone_name="Pacific/Apia")
    assert [apia.is_working(f"2011-12-{day}") for day in (29, 30, 31)] == [True, False, True]
    assert apia.last_closing("2011-12-30") is None
    office = calendar("daily 09:00-17:00", zone_name="Pacific/Apia")
    start = us("2011-12-29 12:00", "Pacific/Apia")
    assert shown(office.business_days.due(start, DAY), "Pacific/Apia") == "2011-12-31 12:00"


def test_holidays_of_a_region_are_closed_and_named() -> None:
    office = calendar("daily 09:00-17:00", holidays=("ES-MD", "DE-BE"), zone_name=MADRID)
    assert office.holiday_name("2026-01-06") == "Epiphany"
    assert office.holiday_name("2026-05-02") is not None  # of Madrid only
    assert calendar("daily 09:00-17:00", holidays=("ES",)).holiday_name("2026-05-02") is None
    assert office.holiday_name("2026-03-08") is not None  # of Berlin only
    assert office.holiday_name("2026-03-09") is None
    assert not office.is_working("2026-01-06")
    assert not office.is_working("2026-03-08")
    assert office.is_working("2026-01-07")
    assert calendar("daily 09:00-17:00").holiday_name("2026-01-06") is None


def test_observed_holidays_are_those_of_the_library() -> None:
    office = calendar("daily 09:00-17:00", holidays=("US",))
    assert office.holiday_name("2021-07-05") == "Independence Day (observed)"
    assert office.holiday_name("2021-12-31") == "New Year's Day (observed)"


def test_every_year_has_the_holidays_the_library_gives_it() -> None:
    import holidays

    for region, part in (("ES", "MD"), ("DE", "BE"), ("US", None), ("GB", "ENG"), ("IN", None), ("JP", None)):
        code = f"{region}-{part}" if part else region
        office = calendar("daily 00:00-24:00", holidays=(code,))
        for year in (2003, 2020, 2026):
            expected = {day for day in holidays.country_holidays(region, subdiv=part, years=year) if day.year == year}
            first = date(year, 1, 1)
            days = [first + timedelta(days=n) for n in range(365 + (year % 4 == 0))]
            assert {day for day in days if not office.is_working(day.isoformat())} == expected


@pytest.mark.parametrize("code", ["ES-MD", "ES", "DE-BE", "es-md", "US-CA", "GB-ENG", "IT-MI", "FR", "ECB", "XNYS"])
def test_known_regions(code: str) -> None:
    assert known_region(code)


@pytest.mark.parametrize(
    "code", ["", "-", "ES-", "-MD", "ES-XX", "XX", "Spain", "ES-MD-X", "ES MD", "x" * 1000, "../ES"]
)
def test_unknown_regions(code: str) -> None:
    assert not known_region(code)
    with pytest.raises(KeyError, match="no holidays are known"):
        calendar("daily 09:00-17:00", holidays=(code,)).is_working("2026-01-01")


def test_markets_are_regions() -> None:
    bank = calendar("mon-fri 07:00-18:00", holidays=("ECB",), zone_name="Europe/Berlin")
    assert not bank.is_working("2026-05-01")
    assert bank.is_working("2026-05-14")  # ascension, a holiday of Germany, is none of the bank's


def test_regions_close_to_what_was_written() -> None:
    assert "ES-MD" in nearest_regions("ES-MDD")
    assert nearest_regions("DE-BEE")[0] == "DE-BE"
    assert nearest_regions("ESX")
    assert nearest_regions("") == []
    assert nearest_regions("FR-") == ["FR"]


def test_the_language_of_the_machine_names_no_holiday() -> None:
    program = (
        "from sladsl.clock import CalendarSpec, compile_calendar;"
        "print(compile_calendar(CalendarSpec('x', holidays=('ES-MD', 'BR')), 'UTC').holiday_name('2026-01-06'))"
    )
    for language in ("es_ES.UTF-8", "C"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={"LANG": language, "LANGUAGE": language, "LC_ALL": language},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == "Epiphany\n"


def test_the_version_of_the_holidays_is_that_of_the_library() -> None:
    import holidays

    assert holidays_version() == holidays.__version__


def test_importing_the_room_loads_no_holidays() -> None:
    program = (
        "import sys, sladsl.clock; print([m for m in ('holidays', 'numpy', 'tzdata', 'zipfile') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_same_spec_and_zone_give_the_same_calendar() -> None:
    assert compile_calendar(spec("mon-fri 09:00-17:00"), MADRID) is compile_calendar(
        spec("mon-fri 09:00-17:00"), MADRID
    )
    assert compile_calendar(spec("mon-fri 09:00-17:00"), MADRID) is not compile_calendar(
        spec("mon-fri 09:00-17:00"), "UTC"
    )


def test_what_cannot_be_compiled_says_so() -> None:
    with pytest.raises(KeyError, match="Mars"):
        compile_calendar(spec("daily 09:00-17:00"), "Mars/Olympus")
    with pytest.raises(ValueError, match=r".+"):
        compile_calendar(CalendarSpec("x", closed=(ClosedDates("2026-02-30", "2026-03-01"),)), "UTC")
    for kind in (ClockKind.BUSINESS_TIME, ClockKind.BUSINESS_DAYS):
        with pytest.raises(ValueError, match="calendar"):
            clock_for(kind, None, "UTC")


def test_clocks_are_those_of_the_calendar() -> None:
    office = calendar("mon-fri 09:00-17:00", zone_name=MADRID)
    assert clock_for(ClockKind.BUSINESS_TIME, office, "UTC") is office.business_time
    assert clock_for(ClockKind.BUSINESS_DAYS, office, "UTC") is office.business_days
    assert clock_for(ClockKind.CALENDAR_DAYS, None, MADRID) is clock_for(ClockKind.CALENDAR_DAYS, office, MADRID)
    assert [clock_for(kind, office, MADRID).kind for kind in ClockKind] == list(ClockKind)


def test_closed_dates_may_be_as_many_as_an_author_likes() -> None:
    office = calendar(
        "daily 09:00-17:00", closed=(ClosedDates("0001-01-01", "2025-12-31"), ClosedDates("2026-03-05", "2026-03-01"))
    )
    assert not office.is_working("2025-12-31")
    assert office.is_working("2026-03-03")
    assert shown(office.next_opening(us("2018-01-01"))) == "2026-01-01 09:00"
    assert office.next_opening(us("2015-01-01")) is None


def test_far_totals_are_the_sum_of_their_years() -> None:
    office = calendar(
        "mon-fri 09:00-17:00",
        zone_name=MADRID,
        seasons=(Season((6, 1), (9, 1), None, None, (hours("mon-fri 08:00-15:00"),)),),
    )
    # 400 years on from 2100 the weeks, seasons and clock changes repeat themselves, and are not counted again
    start, end = us("2026-03-02 12:00"), us("2560-03-02 12:00")
    counted = sum(closing - opening for opening, closing in Calendar(office.spec, MADRID).openings(start, end))
    assert office.business_time.measure(start, end) == counted
