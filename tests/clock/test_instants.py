"""Instants as text, and their parts in a zone."""

from datetime import UTC, datetime

import pytest
from clock_cases import DAY, us
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.clock import date_of, hour_of, iso, month_of, read_instant, weekday_of


@pytest.mark.parametrize(
    ("instant", "zone", "text"),
    [
        ("2026-03-02T09:00+01:00", "Europe/Madrid", "2026-03-02T09:00:00+01:00"),
        ("2026-07-02T09:00:00.5+02:00", "Europe/Madrid", "2026-07-02T09:00:00.500000+02:00"),
        ("2026-03-02T09:00+01:00", "UTC", "2026-03-02T08:00:00Z"),
        ("2026-03-02T09:00+01:00", "Etc/UTC", "2026-03-02T08:00:00Z"),
        ("2026-01-02T09:00+00:00", "Europe/London", "2026-01-02T09:00:00+00:00"),
        ("2026-03-02T09:00+00:00", "America/St_Johns", "2026-03-02T05:30:00-03:30"),
        ("2026-03-02T09:00:00.000001+00:00", "Asia/Kathmandu", "2026-03-02T14:45:00.000001+05:45"),
        ("1850-01-01T00:00+00:00", "Europe/Madrid", "1849-12-31T23:45:16-00:14:44"),
        ("0001-01-01T00:00+00:00", "Europe/Madrid", "0000-12-31T23:45:16-00:14:44"),
    ],
)
def test_iso_has_the_offset_of_the_zone_at_that_instant(instant: str, zone: str, text: str) -> None:
    assert iso(us(instant), zone) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (2_932_897, "+10000-01-01T00:00:00Z"),
        (-719_529, "-0001-12-31T00:00:00Z"),
        (400_000_000, "+1097132-10-21T00:00:00Z"),
    ],
)
def test_iso_goes_on_outside_the_range_of_dates(days: int, text: str) -> None:
    assert iso(days * DAY, "UTC") == text
    assert iso(days * DAY, "Europe/Madrid")
    assert month_of(days * DAY, "Europe/Madrid") in range(1, 13)
    assert date_of(days * DAY, "UTC") == text.partition("T")[0]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(us("0001-01-02"), us("9999-12-30")),
    st.sampled_from(("UTC", "Europe/Madrid", "Australia/Lord_Howe", "America/St_Johns")),
)
def test_what_iso_writes_is_read_back(instant: int, zone: str) -> None:
    text = iso(instant, zone)
    assert read_instant(text, "Asia/Tokyo").us == instant
    assert us(text) == instant


@settings(max_examples=100, deadline=None)
@given(st.integers(us("0001-01-02"), us("9999-12-30")))
def test_parts_are_those_of_the_date(instant: int) -> None:
    said = datetime.fromisoformat(iso(instant, "UTC")).astimezone(UTC)
    assert month_of(instant, "UTC") == said.month
    assert hour_of(instant, "UTC") == said.hour
    assert date_of(instant, "UTC") == said.date().isoformat()
    assert weekday_of(instant, "UTC") == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[said.weekday()]


def test_parts_are_local() -> None:
    eve = us("2026-02-28T23:30+00:00")
    assert (date_of(eve, "UTC"), date_of(eve, "Europe/Madrid")) == ("2026-02-28", "2026-03-01")
    assert (month_of(eve, "UTC"), month_of(eve, "Europe/Madrid")) == (2, 3)
    assert (weekday_of(eve, "UTC"), weekday_of(eve, "Europe/Madrid")) == ("sat", "sun")
    assert (hour_of(eve, "UTC"), hour_of(eve, "Europe/Madrid")) == (23, 0)
