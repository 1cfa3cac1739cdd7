"""Instants read from texts: ISO 8601, formats, epoch units, what is odd, and what is refused in words."""

from datetime import UTC, datetime, timedelta

import pytest
from clock_cases import us
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sladsl.clock import Reading, format_problem, instant_reader, read_instant

MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T09:00:00+01:00", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09:00:00+0100", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09:00:00+01", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09:00:00-03:30", "2026-03-02T12:30+00:00"),
        ("2026-03-02T09:00:00+00:14:44", "2026-03-02T08:45:16+00:00"),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00+00:00"),
        ("2026-03-02t08:00:00z", "2026-03-02T08:00+00:00"),
        ("2026-03-02 08:00:00 UTC", "2026-03-02T08:00+00:00"),
        ("2026-03-02 08:00:00 +00:00", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09:00:00+01:00[Europe/Madrid]", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09:00Z", "2026-03-02T09:00+00:00"),
        ("2026-03-02T09Z", "2026-03-02T09:00+00:00"),
        ("2026-03-02T09:00:00", "2026-03-02T08:00+00:00"),
        ("2026-03-02 09:00:00", "2026-03-02T08:00+00:00"),
        ("2026-03-02  09:00:00", "2026-03-02T08:00+00:00"),
        (" 2026-03-02 09:00:00 ", "2026-03-02T08:00+00:00"),
        ("2026-03-02 09:00", "2026-03-02T08:00+00:00"),
        ("2026-03-02T09", "2026-03-02T08:00+00:00"),
        ("2026-3-2 9:00", "2026-03-02T08:00+00:00"),
        ("2026/03/02 09:00", "2026-03-02T08:00+00:00"),
        ("20260302T090000", "2026-03-02T08:00+00:00"),
        ("20260302T090000Z", "2026-03-02T09:00+00:00"),
        ("2026-03-02T09:00:00.5+01:00", "2026-03-02T08:00:00.5+00:00"),
        ("2026-03-02T09:00:00,5+01:00", "2026-03-02T08:00:00.5+00:00"),
        ("2026-03-02T09:00:00.123", "2026-03-02T08:00:00.123+00:00"),
        ("2026-03-02T09:00:00.123Z", "2026-03-02T09:00:00.123+00:00"),
        ("2026-03-02T09:00:00.123456Z", "2026-03-02T09:00:00.123456+00:00"),
        ("2026-03-02T09:00:00.123456789Z", "2026-03-02T09:00:00.123456+00:00"),
        ("2026-03-02T09:00:00.9999999", "2026-03-02T08:00:00.999999+00:00"),
        ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999+00:00"),
        ("2026-03-02T24:00:00", "2026-03-02T23:00+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_iso_in_its_usual_variants(text: str, instant: str) -> None:
    # twice: what a reader remembers must not change what it reads
    for _ in range(2):
        assert read_instant(text, MADRID) == Reading(us(instant))


@pytest.mark.parametrize("format", [None, "%Y-%m-%d", "%F"])
def test_a_date_without_a_time_is_its_midnight_or_its_last_microsecond(format: str | None) -> None:
    for _ in range(2):
        assert read_instant("2026-03-02", MADRID, format) == Reading(us("2026-03-01T23:00+00:00"), date_only=True)
        end = read_instant("2026-03-02", MADRID, format, end_of_day=True)
        assert end == Reading(us("2026-03-02T22:59:59.999999+00:00"), date_only=True)


@pytest.mark.parametrize(
    ("date", "zone", "start", "end", "note"),
    [
        ("2026-03-29", MADRID, "2026-03-28T23:00+00:00", "2026-03-29T22:00+00:00", ""),
        ("2026-10-25", MADRID, "2026-10-24T22:00+00:00", "2026-10-25T23:00+00:00", ""),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00+00:00", "2018-11-05T02:00+00:00", "skipped"),
        ("2018-11-03", "America/Sao_Paulo", "2018-11-03T03:00+00:00", "2018-11-04T03:00+00:00", ""),
        ("2026-04-04", "America/Santiago", "2026-04-04T03:00+00:00", "2026-04-05T04:00+00:00", ""),
        ("2024-11-03", "America/Havana", "2024-11-03T04:00+00:00", "2024-11-04T05:00+00:00", "repeated"),
        # 23:30 was followed by 00:30
        ("1919-03-30", "America/Toronto", "1919-03-30T05:00+00:00", "1919-03-31T04:30+00:00", ""),
        ("1919-03-31", "America/Toronto", "1919-03-31T05:00+00:00", "1919-04-01T04:00+00:00", "skipped"),
        ("2011-12-29", "Pacific/Apia", "2011-12-29T10:00+00:00", "2011-12-30T10:00+00:00", ""),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00+00:00", "2011-12-30T10:00+00:00", "skipped"),
    ],
)
def test_dates_begin_and_end_with_the_local_date(date: str, zone: str, start: str, end: str, note: str) -> None:
    assert read_instant(date, zone) == Reading(us(start), note, True)
    assert read_instant(date, zone, end_of_day=True) == Reading(us(end) - 1, "", True)


@pytest.mark.parametrize(
    ("text", "zone", "instant", "note"),
    [
        ("2026-03-29 02:30:00", MADRID, "2026-03-29T03:30+02:00", "skipped"),
        ("2026-10-25 02:30:00", MADRID, "2026-10-25T02:30+02:00", "repeated"),
        ("2026-10-25 02:30:00+01:00", MADRID, "2026-10-25T02:30+01:00", ""),
        ("2026-03-08 02:00:00", "America/New_York", "2026-03-08T03:00-04:00", "skipped"),
        ("2026-11-01 01:59:59", "America/New_York", "2026-11-01T01:59:59-04:00", "repeated"),
        ("2026-10-04 02:15:00", "Australia/Lord_Howe", "2026-10-04T02:45+11:00", "skipped"),
        ("2026-04-05 01:45:00", "Australia/Lord_Howe", "2026-04-05T01:45+11:00", "repeated"),
        ("2011-12-30 10:00:00", "Pacific/Apia", "2011-12-31T10:00+14:00", "skipped"),
    ],
)
def test_what_a_clock_change_does_is_noted(text: str, zone: str, instant: str, note: str) -> None:
    # before and after an undisturbed time of the same date and hour has been read
    for _ in range(2):
        assert read_instant(text, zone) == Reading(us(instant), note)
        assert read_instant(text, zone, "%Y-%m-%d %H:%M:%S%z" if "+" in text else "%Y-%m-%d %H:%M:%S").note == note
        assert read_instant(text[:11] + "12:00:00", zone).us is not None
        assert read_instant("2026-07-01 " + text[11:19], zone).note == ""


@pytest.mark.parametrize(
    ("text", "format", "instant"),
    [
        ("05/01/2026 09:30", "%d/%m/%Y %H:%M", "2026-01-05T09:30+00:00"),
        ("3/9/2017 7:05", "%d/%m/%Y %H:%M", "2017-09-03T07:05+00:00"),
        ("29/2/2016 01:16", "%d/%m/%Y %H:%M", "2016-02-29T01:16+00:00"),
        ("3/9/2017 7:05:09 AM", "%m/%d/%Y %I:%M:%S %p", "2017-03-09T07:05:09+00:00"),
        ("3/9/2017 7:05:09 PM", "%m/%d/%Y %I:%M:%S %p", "2017-03-09T19:05:09+00:00"),
        ("03/09/2017 12:00:00 AM", "%m/%d/%Y %I:%M:%S %p", "2017-03-09T00:00+00:00"),
        ("03/09/2017 12:00:00 pm", "%m/%d/%Y %I:%M:%S %p", "2017-03-09T12:00+00:00"),
        ("9/3/2017 7:05 p. m.", "%d/%m/%Y %I:%M %p", "2017-03-09T19:05+00:00"),
        ("9/3/2017 7:05 a.m.", "%d/%m/%Y %I:%M %p", "2017-03-09T07:05+00:00"),
        ("9/3/2017 19:05 PM", "%d/%m/%Y %H:%M %p", "2017-03-09T19:05+00:00"),
        ("9/3/2017 7:05 PM", "%d/%m/%Y %H:%M %p", "2017-03-09T19:05+00:00"),
        ("5.1.26 9:30", "%d.%m.%y %H:%M", "2026-01-05T09:30+00:00"),
        ("5.1.68 9:30", "%d.%m.%y %H:%M", "2068-01-05T09:30+00:00"),
        ("5.1.69 9:30", "%d.%m.%y %H:%M", "1969-01-05T09:30+00:00"),
        ("05 Jan 2026 09:30", "%d %b %Y %H:%M", "2026-01-05T09:30+00:00"),
        ("5 january 2026 09:30", "%d %B %Y %H:%M", "2026-01-05T09:30+00:00"),
        ("5 SEPT 2026 09:30", "%d %b %Y %H:%M", "2026-09-05T09:30+00:00"),
        ("Mon, 05 Jan 2026 09:30:00 +0100", "%a, %d %b %Y %H:%M:%S %z", "2026-01-05T08:30+00:00"),
        ("2026-01-05 09:30:00.1234567", "%Y-%m-%d %H:%M:%S.%f", "2026-01-05T09:30:00.123456+00:00"),
        ("2026-01-05 09:30:00.5", "%Y-%m-%d %H:%M:%S.%f", "2026-01-05T09:30:00.5+00:00"),
        ("2026-01-05T09:30:00Z", "%Y-%m-%dT%H:%M:%S%z", "2026-01-05T09:30+00:00"),
        ("2026-01-05 09:30 UTC", "%Y-%m-%d %H:%M %Z", "2026-01-05T09:30+00:00"),
        ("2026-01-05 09:30 Europe/Madrid", "%Y-%m-%d %H:%M %Z", "2026-01-05T08:30+00:00"),
        ("2026-07-05 09:30 America/New_York", "%Y-%m-%d %H:%M %Z", "2026-07-05T13:30+00:00"),
        ("2026 005 09:30", "%Y %j %H:%M", "2026-01-05T09:30+00:00"),
        ("2024-366", "%Y-%j", "2024-12-31T00:00+00:00"),
        ("20260105093000", "%Y%m%d%H%M%S", "2026-01-05T09:30+00:00"),
        ("09:30 05/01/2026", "%H:%M %d/%m/%Y", "2026-01-05T09:30+00:00"),
        ("05/01/2026   09:30", "%d/%m/%Y %H:%M", "2026-01-05T09:30+00:00"),
        ("05/01/2026 24:00", "%d/%m/%Y %H:%M", "2026-01-06T00:00+00:00"),
        ("31/12/2016 23:59:60", "%d/%m/%Y %H:%M:%S", "2017-01-01T00:00+00:00"),
        ("5/1/2026 9h30", "%-d/%-m/%Y %-Hh%M", "2026-01-05T09:30+00:00"),
        ("100% 2026-01-05", "100%% %Y-%m-%d", "2026-01-05T00:00+00:00"),
        ("01/05/26 09:30", "%D %R", "2026-01-05T09:30+00:00"),
        ("2026-01-05 09:30:01", "%F %T", "2026-01-05T09:30:01+00:00"),
        ("2026-02", "%Y-%m", "2026-02-01T00:00+00:00"),
    ],
)
def test_formats(text: str, format: str, instant: str) -> None:
    assert format_problem(format) == ""
    for _ in range(2):
        reading = read_instant(text, "UTC", format)
        assert (reading.us, reading.note, reading.problem) == (us(instant), "", "")
        assert reading.date_only == (not set(format) & set("HITR"))


@pytest.mark.parametrize(
    ("text", "unit", "instant"),
    [
        ("0", "s", "1970-01-01T00:00+00:00"),
        ("1772438400", "s", "2026-03-02T08:00+00:00"),
        ("1772438400.25", "s", "2026-03-02T08:00:00.25+00:00"),
        ("1772438400.1234567", "s", "2026-03-02T08:00:00.123456+00:00"),
        ("1772438400.", "s", "2026-03-02T08:00+00:00"),
        ("1.7724384e9", "s", "2026-03-02T08:00+00:00"),
        ("1.7724384E+12", "ms", "2026-03-02T08:00+00:00"),
        ("+1772438400", "s", "2026-03-02T08:00+00:00"),
        (" 1772438400 ", "s", "2026-03-02T08:00+00:00"),
        ("1772438400123", "ms", "2026-03-02T08:00:00.123+00:00"),
        ("1772438400123.4567", "ms", "2026-03-02T08:00:00.123456+00:00"),
        ("1772438400123456", "us", "2026-03-02T08:00:00.123456+00:00"),
        ("1772438400123456.9", "us", "2026-03-02T08:00:00.123456+00:00"),
        ("1772438400123456789", "ns", "2026-03-02T08:00:00.123456+00:00"),
        ("253402300799", "s", "9999-12-31T23:59:59+00:00"),
        ("1e-999999999", "s", "1970-01-01T00:00+00:00"),
        ("-0", "s", "1970-01-01T00:00+00:00"),
    ],
)
def test_numbers_since_1970(text: str, unit: str, instant: str) -> None:
    assert read_instant(text, MADRID, unit=unit) == Reading(us(instant))


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        ("", {}, "an empty text is no instant"),
        ("   ", {}, "an empty text is no instant"),
        ("soon", {}, "`soon` is no instant"),
        ("2026-02-30", {}, "`2026-02-30` is no date: february 2026 has no day 30"),
        ("2026-13-01", {}, "`2026-13-01` is no date: there is no month 13"),
        ("0000-01-01", {}, "`0000-01-01` is no date: there is no year 0"),
        ("2026-01-05 25:00", {}, "`2026-01-05 25:00` is no time of day: there is no hour 25"),
        ("2026-01-05 24:01", {}, "`2026-01-05 24:01` is no time of day: there is no hour 24"),
        ("2026-01-05 09:60", {}, "`2026-01-05 09:60` is no time of day: there is no minute 60"),
        ("2026-01-05 09:30:61", {}, "`2026-01-05 09:30:61` is no time of day: there is no second 61"),
        ("2026-01-05T09:30+25:00", {}, "`2026-01-05T09:30+25:00` is no time of day: `+25:00` is no offset"),
        ("05/01/2026", {}, "`05/01/2026` is not written as ISO 8601: its format has to be said"),
        (
            "1772438400",
            {},
            "`1772438400` is a number: whether of seconds or milliseconds, its unit has to be said",
        ),
        ("-2026-01-05", {}, "`-2026-01-05` is no instant"),
        ("12026-01-05", {}, "`12026-01-05` is no instant"),
        ("٢٠٢٦-٠١-٠٥", {}, "`٢٠٢٦-٠١-٠٥` is no instant"),
        ("a\x00b\n", {}, "`a�b` is no instant"),
        ("x" * 5_000_000, {}, f"`{'x' * 39}…` is no instant"),
        ("5" * 5_000_000, {"unit": "s"}, f"`{'5' * 39}…` is no number"),
        (" " * 5_000_000 + "x", {}, "`x` is no instant"),
        ("2026-01-05" + " " * 5_000_000 + "x", {}, f"`2026-01-05{' ' * 29}…` is no instant"),
        ("-1", {"unit": "ms"}, "`-1` is a negative number of time since 1970"),
        ("nan", {"unit": "s"}, "`nan` is no number"),
        ("1e999999999", {"unit": "s"}, "`1e999999999` is after the year 9999, counted in s since 1970"),
        ("1772438400000", {"unit": "s"}, "`1772438400000` is after the year 9999, counted in s since 1970"),
        ("²", {"unit": "s"}, "`²` is no number"),
        ("", {"unit": "s"}, "an empty text is no instant"),
        ("1", {"unit": "min"}, "`min` is no unit of time: known are s, ms, us, ns"),
        ("31/2/2026", {"format": "%d/%m/%Y"}, "`31/2/2026` is no date: february 2026 has no day 31"),
        ("5/13/2026", {"format": "%d/%m/%Y"}, "`5/13/2026` is no date: there is no month 13"),
        ("5 foo 2026", {"format": "%d %b %Y"}, "`5 foo 2026` is no date: `foo` is no month"),
        ("2026-01-05", {"format": "%d/%m/%Y"}, "`2026-01-05` is not written as `%d/%m/%Y`"),
        ("x" * 5_000_000, {"format": "%d/%m/%Y"}, f"`{'x' * 39}…` is not written as `%d/%m/%Y`"),
        ("", {"format": "%d/%m/%Y"}, "an empty text is no instant"),
        ("2025-366", {"format": "%Y-%j"}, "`2025-366` is no date: 2025 has no day 366"),
        ("2025-000", {"format": "%Y-%j"}, "`2025-000` is no date: 2025 has no day 000"),
        ("2026-01-05 13:00 PM", {"format": "%Y-%m-%d %I:%M %p"}, "`2026-01-05 13:00 PM` is no time of day: hours before noon or after are counted to 12, not 13"),
        ("2026-01-05 09:30 XYZ", {"format": "%Y-%m-%d %H:%M %Z"}, "`2026-01-05 09:30 XYZ`: no zone is called `XYZ`"),
        ("2026-01-05", {"format": "%Q"}, "the format `%Q` holds `%Q`, which is no directive"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_words(text: str, options: dict[str, str], problem: str) -> None:
    assert read_instant(text, MADRID, **options) == Reading(None, problem=problem)


@pytest.mark.parametrize(
    ("format", "problem"),
    [
        ("", "has no year"),
        ("%d/%m %H:%M", "has no year"),
        ("%Y-%d", "has a day but no month"),
        ("%Y %y", "says one thing in two ways"),
        ("%Y-%m %B", "says one thing in two ways"),
        ("%Y-%j %d", "says one thing in two ways"),
        ("%F %H %I %p", "says one thing in two ways"),
        ("%F %I:%M", "counts hours to 12 without `%p` for am or pm"),
        ("%F %M:%S", "has a part of a time but no hour"),
        ("%F %H:%S", "leaves out a part of the time"),
        ("%F %H:%M.%f", "leaves out a part of the time"),
        ("%Y-%m-%d %Y", "says `%Y` twice"),
        ("%d %e %m %Y", "says `%e` twice"),
        ("%Y-%U", "holds `%U`, which is no directive"),
        ("%Y-%m-%d %", "holds `%`, which is no directive"),
    ],
)
def test_formats_that_cannot_work(format: str, problem: str) -> None:
    assert format_problem(format) == f"the format `{format}` {problem}"
    assert read_instant("2026-01-05", "UTC", format).problem == format_problem(format)


TEXTS = st.text(max_size=30) | st.text("0123456789-/:T.,+Z %eE", max_size=35)


@settings(max_examples=300, deadline=None)
@given(
    TEXTS,
    st.sampled_from((None, "%d/%m/%Y %H:%M", "%Y-%m-%d", "%d %b %Y %I:%M:%S.%f %p %z")) | st.text("%YmdHMSfpzZbj/: -", max_size=12),
    st.sampled_from((None, "s", "ns", "h")),
    st.booleans(),
)  # fmt: skip
@example("2026-03-02T09:00:00.²²²", None, None, False)
@example("2026-03-02T", None, None, False)
def test_no_text_raises(text: str, format: str | None, unit: str | None, end_of_day: bool) -> None:
    reading = read_instant(text, MADRID, format, unit, end_of_day)
    assert (reading.us is None) == bool(reading.problem)
    assert reading == read_instant(text, MADRID, format, unit, end_of_day)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.integers(us("2026-03-28"), us("2026-03-30")) | st.integers(us("1900-01-01"), us("2100-01-01")), max_size=6
    ),
    st.sampled_from((None, "%Y-%m-%d %H:%M:%S.%f", "%d/%m/%y %I:%M:%S %p")),
)
def test_a_reader_reads_the_same_whatever_it_has_read_before(instants: list[int], format: str | None) -> None:
    def written(instant: int) -> str:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        return moment.isoformat(sep=" ")[: 26 if instant % 2 else 19] if format is None else moment.strftime(format)

    reader = instant_reader(MADRID, format)
    for instant in instants * 2:
        instant_reader.cache_clear()
        assert reader(written(instant)) == instant_reader(MADRID, format)(written(instant))


@pytest.mark.parametrize(
    ("format", "pattern"), [(None, "{y}-02-03 04:05:{s:02}"), (None, "{y}-02-03"), ("%Y-%m-%d", "{y}-02-03")]
)
def test_what_a_reader_remembers_is_bounded(format: str | None, pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sladsl.clock.readings._REMEMBERED", 10)
    instant_reader.cache_clear()
    reader = instant_reader("UTC", format)
    texts = [pattern.format(y=year, s=year % 60) for year in range(1900, 2000)] * 2
    assert [reader(text).us for text in texts] == [us(text) for text in texts]
    instant_reader.cache_clear()
