"""Reporting periods in the agreement's zone."""

import pytest
from clock_cases import DAY, MINUTE, us
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.clock import Window, Windows, WindowSpec, next_window, rolling_at, window_at

MADRID = "Europe/Madrid"
UNITS = ("day", "week", "month", "quarter", "year")


@pytest.mark.parametrize(
    ("unit", "local", "name", "start", "end"),
    [
        ("day", "2026-01-05 00:00", "2026-01-05", "2026-01-05", "2026-01-06"),
        ("day", "2026-01-05 23:59:59.999999", "2026-01-05", "2026-01-05", "2026-01-06"),
        ("week", "2026-01-18 23:59", "2026-W03", "2026-01-12", "2026-01-19"),
        ("week", "2026-01-19 00:00", "2026-W04", "2026-01-19", "2026-01-26"),
        ("week", "2025-12-29 00:00", "2026-W01", "2025-12-29", "2026-01-05"),
        ("week", "2027-01-03 12:00", "2026-W53", "2026-12-28", "2027-01-04"),
        ("month", "2026-01-31 23:59", "2026-01", "2026-01-01", "2026-02-01"),
        ("month", "2026-12-31 23:59", "2026-12", "2026-12-01", "2027-01-01"),
        ("quarter", "2026-03-31 23:59", "2026-Q1", "2026-01-01", "2026-04-01"),
        ("quarter", "2026-10-01 00:00", "2026-Q4", "2026-10-01", "2027-01-01"),
        ("year", "2026-12-31 23:59", "2026", "2026-01-01", "2027-01-01"),
        ("year", "2027-01-01 00:00", "2027", "2027-01-01", "2028-01-01"),
    ],
)
def test_windows_are_named_and_cut_by_local_dates(unit: str, local: str, name: str, start: str, end: str) -> None:
    found = window_at(WindowSpec(unit), us(local, MADRID), MADRID)
    assert found == Window(name, us(f"{start} 00:00", MADRID), us(f"{end} 00:00", MADRID))


@pytest.mark.parametrize(
    ("zone", "date", "start", "end"),
    [
        (MADRID, "2026-03-29", "2026-03-28T23:00+00:00", "2026-03-29T22:00+00:00"),
        (MADRID, "2026-10-25", "2026-10-24T22:00+00:00", "2026-10-25T23:00+00:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00+00:00", "2018-11-05T02:00+00:00"),  # no midnight
        ("America/Havana", "2024-11-03", "2024-11-03T04:00+00:00", "2024-11-04T05:00+00:00"),  # two midnights
        ("America/Santiago", "2026-04-04", "2026-04-04T03:00+00:00", "2026-04-05T04:00+00:00"),  # 23:00 comes twice
        ("America/St_Johns", "2006-10-28", "2006-10-28T02:30+00:00", "2006-10-29T02:30+00:00"),
        ("America/St_Johns", "2006-10-29", "2006-10-29T02:30+00:00", "2006-10-30T03:30+00:00"),  # 23:01 comes again
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00+00:00", "2011-12-30T10:00+00:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00+00:00", "2011-12-31T10:00+00:00"),
    ],
)
def test_a_day_is_whole_whatever_the_clock_does(zone: str, date: str, start: str, end: str) -> None:
    expected = Window(date, us(start), us(end))
    spec = WindowSpec("day")
    for instant in (us(start), us(start) + 1, us(start) + 30 * MINUTE, (us(start) + us(end)) // 2, us(end) - 1):
        assert window_at(spec, instant, zone) == expected
    assert next_window(spec, expected, zone).start_us == us(end)
    assert window_at(spec, us(start) - 1, zone).end_us == us(start)


def test_a_month_begins_at_its_first_instant_where_midnight_is_skipped() -> None:
    # in Amman the clock went from 2011-04-01 00:00 to 01:00
    month = window_at(WindowSpec("month"), us("2011-04-01T12:00+00:00"), "Asia/Amman")
    assert (month.name, month.start_us) == ("2011-04", us("2011-04-01T01:00+03:00"))
    assert window_at(WindowSpec("month"), month.start_us - 1, "Asia/Amman").name == "2011-03"


def test_a_date_that_the_zone_skipped_is_no_window() -> None:
    before = window_at(WindowSpec("day"), us("2011-12-29T20:00+00:00"), "Pacific/Apia")
    assert before.name == "2011-12-29"
    assert next_window(WindowSpec("day"), before, "Pacific/Apia").name == "2011-12-31"


def test_rolling_windows_are_named_by_their_last_date() -> None:
    spec = WindowSpec("rolling", 28)
    window = window_at(spec, us("2026-03-29 12:00", MADRID), MADRID)
    assert window == Window("2026-03-29", us("2026-03-02 00:00", MADRID), us("2026-03-30 00:00", MADRID))
    assert window == rolling_at(spec, "2026-03-29", MADRID)
    assert window.end_us - window.start_us == 28 * DAY - DAY // 24
    following = next_window(spec, window, MADRID)
    assert following == Window("2026-03-30", us("2026-03-03 00:00", MADRID), us("2026-03-31 00:00", MADRID))
    assert window_at(WindowSpec("rolling", 1), us("2026-03-29 12:00", MADRID), MADRID) == window_at(
        WindowSpec("day"), us("2026-03-29 12:00", MADRID), MADRID
    )


zones = st.sampled_from(("UTC", MADRID, "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"))
specs = st.sampled_from([*map(WindowSpec, UNITS), WindowSpec("rolling", 7)])
instants = st.integers(us("0001-01-03"), us("9999-12-25")) | st.integers(us("2005-01-01"), us("2026-01-01"))


@settings(max_examples=200, deadline=None)
@given(specs, zones, instants)
def test_windows_follow_one_another_without_a_gap(spec: WindowSpec, zone: str, instant: int) -> None:
    window = window_at(spec, instant, zone)
    assert window.start_us <= instant < window.end_us
    following = next_window(spec, window, zone)
    if spec.unit == "rolling":
        assert window.start_us <= following.start_us < following.end_us
        assert window.end_us < following.end_us
    else:
        assert following.start_us == window.end_us
        assert window_at(spec, following.start_us, zone) == following
    assert window_at(spec, window.end_us - 1, zone) == window
    windows = Windows(spec, zone)
    assert windows.window(windows.number_of(window.name)) == window


@settings(max_examples=100, deadline=None)
@given(specs, zones, st.lists(st.integers(us("2010-01-01"), us("2013-01-01")), min_size=1, max_size=8))
def test_look_up_by_number_and_by_bisection(spec: WindowSpec, zone: str, found: list[int]) -> None:
    from bisect import bisect_right

    windows = Windows(spec, zone)
    lo, hi = min(found), max(found) + 1
    starts = windows.starts(lo, hi)
    assert starts == sorted(starts)
    first = windows.index(lo)
    for instant in found:
        number = windows.index(instant)
        assert number == first + bisect_right(starts, instant) - 1
        assert windows.window(number).start_us <= instant < windows.window(number).end_us


@pytest.mark.parametrize("spec", [WindowSpec("fortnight"), WindowSpec("rolling"), WindowSpec("day", 3)])
def test_there_are_no_other_windows(spec: WindowSpec) -> None:
    with pytest.raises(ValueError, match="there is no window"):
        Windows(spec, "UTC")


@pytest.mark.parametrize("unit", UNITS)
def test_far_windows_have_names(unit: str) -> None:
    for instant in (us("9999-12-31") * 40, -us("9999-12-31") * 40):
        window = window_at(WindowSpec(unit), instant, MADRID)
        assert window.start_us <= instant < window.end_us
        assert next_window(WindowSpec(unit), window, MADRID).start_us == window.end_us
