"""Laws 11, 13, 14, 15 and 16 of the timer semantics, over generated calendars and instants that sit on edges."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from clock_cases import DAY, HOUR, MINUTE, us
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sladsl.clock import (
    Calendar,
    CalendarSpec,
    Clock,
    ClockKind,
    ClosedDates,
    DatedHours,
    Hours,
    Season,
    clock_for,
    compile_calendar,
    read_instant,
)
from sladsl.clock.offsets import BLOCK_US

ZONES = ("UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu")
# one year with both of its clock changes in every one of these zones
FIRST, LAST = us("2025-12-01"), us("2027-01-15")

# building a year of a new calendar takes a few milliseconds, and machines differ
quick = settings(max_examples=30, deadline=None)


@st.composite
def day_spans(draw: st.DrawFn, *, across: bool) -> tuple[tuple[int, int], ...]:
    quarter = 15 * MINUTE
    cuts = draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted))
    spans = [(a * quarter, b * quarter) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if across and draw(st.booleans()):
        spans.append((draw(st.integers(80, 95)) * quarter, DAY + draw(st.integers(1, 40)) * quarter))
    return tuple(spans)


@st.composite
def weeks(draw: st.DrawFn, *, across: bool) -> tuple[Hours, ...]:
    lines = st.builds(
        Hours,
        st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
        day_spans(across=across),
    )
    return tuple(draw(st.lists(lines, min_size=1, max_size=3)))


dates_of_2026 = st.integers(0, 364).map(lambda n: (datetime(2026, 1, 1) + timedelta(days=n)).date().isoformat())
month_days = st.tuples(st.integers(1, 12), st.integers(1, 28))


@st.composite
def specs(draw: st.DrawFn, *, across: bool = False) -> CalendarSpec:
    closed = st.lists(st.tuples(dates_of_2026, dates_of_2026).map(sorted), max_size=1)
    return CalendarSpec(
        "generated",
        weekly=draw(weeks(across=across)),
        seasons=tuple(
            draw(
                st.lists(
                    st.builds(Season, month_days, month_days, st.none(), st.none(), weeks(across=across)), max_size=1
                )
            )
        ),
        dated=tuple(draw(st.lists(st.builds(DatedHours, dates_of_2026, day_spans(across=across)), max_size=2))),
        # a closed half-year leaves little to test, so it is short
        closed=tuple(ClosedDates(a, min(b, a[:8] + "28")) for a, b in draw(closed) if a[8:] <= "28"),
    )


def edges(calendar: Calendar) -> list[int]:
    """Instants at which anything happens in the year."""
    return [edge for stretch in calendar.openings(FIRST, LAST) for edge in stretch] or [FIRST]


@st.composite
def settings_of(draw: st.DrawFn, *, across: bool = False, count: int = 3) -> tuple[Calendar, list[int]]:
    """A calendar with instants in order, on its edges and a microsecond beside them."""
    calendar = compile_calendar(draw(specs(across=across)), draw(st.sampled_from(ZONES)))
    places = edges(calendar)
    place = st.sampled_from(places) | st.integers(FIRST, LAST)
    instants = st.tuples(place, st.sampled_from((-1, 0, 1))).map(sum)
    return calendar, sorted(draw(st.lists(instants, min_size=count, max_size=count)))


ticks = st.sampled_from((0, 1, MINUTE, HOUR, 8 * HOUR, DAY, DAY + 1, 3 * DAY, 10 * DAY)) | st.integers(0, 40 * DAY)


def clocks_of(calendar: Calendar) -> list[Clock]:
    kinds = [kind for kind in ClockKind if kind is not ClockKind.BUSINESS_DAYS or not calendar.crosses_midnight]
    return [clock_for(kind, calendar, calendar.zone) for kind in kinds]


@quick
@given(settings_of(across=True))
def test_measure_adds_up_and_never_runs_back(setting: tuple[Calendar, list[int]]) -> None:
    """Law 11: measure(a,b) + measure(b,c) = measure(a,c), and 0 <= measure <= exact time for business time."""
    calendar, (a, b, c) = setting
    for clock in clocks_of(calendar):
        assert clock.measure(a, b) + clock.measure(b, c) == clock.measure(a, c)
        assert clock.measure(a, b) == clock.read(b) - clock.read(a) >= 0
        assert clock.measure(a, a) == 0
    assert calendar.business_time.measure(a, b) <= b - a


@quick
@given(settings_of(across=True), ticks)
def test_due_and_measure_invert(setting: tuple[Calendar, list[int]], amount: int) -> None:
    """Law 11: due(t, measure(t,u)) <= u for business time, measure(t, due(t,x)) >= x."""
    calendar, (a, b, _) = setting
    for clock in clocks_of(calendar):
        due = clock.due(a, amount)
        if due is None:
            continue
        assert due >= a
        assert clock.measure(a, due) >= amount
        if clock.kind is not ClockKind.BUSINESS_DAYS:
            # the least such instant: one microsecond before, less has passed
            assert due == a or clock.measure(a, due - 1) < amount
            assert clock.due(a, clock.measure(a, b)) is not None
            assert (clock.due(a, clock.measure(a, b)) or 0) <= b
        else:
            assert calendar.open_at(due)
            assert all(
                clock.measure(a, end - 1) < amount
                for start, end in calendar.openings(max(a, due - 40 * DAY), due)
                if start < end
            )


@quick
@given(settings_of(across=True), ticks)
def test_latest_is_the_greatest_instant_with_so_much_left(setting: tuple[Calendar, list[int]], amount: int) -> None:
    calendar, (_, due, _) = setting
    for clock in clocks_of(calendar):
        latest = clock.latest(due, amount)
        assert latest <= due
        if latest == due - 3653 * DAY:
            continue  # the calendar has not so much in ten years
        assert clock.measure(latest, due) >= amount
        assert latest == due or clock.measure(latest + 1, due) < amount


@quick
@given(settings_of(across=True))
def test_breakpoints_are_the_clock(setting: tuple[Calendar, list[int]]) -> None:
    calendar, (a, b, c) = setting
    for clock in clocks_of(calendar):
        times, counts = clock.breakpoints(a, c)
        assert (times[0], times[-1]) == (a, c)
        assert times == sorted(times)
        assert counts == sorted(counts)
        for (start, count), (end, last) in pairwise(zip(times, counts, strict=True)):
            if start < end:
                slope = 1 if last > count else 0
                assert last - count == slope * (end - start)
                assert clock.read(start) == count
                assert clock.read(end - 1) == last - slope
                if start <= b < end:
                    assert clock.read(b) == count + slope * (b - start)


@quick
@given(settings_of(across=True))
def test_openings_say_what_open_at_says(setting: tuple[Calendar, list[int]]) -> None:
    calendar, (a, b, c) = setting
    stretches = calendar.openings(a, c)
    assert calendar.open_at(b) == any(start <= b < end for start, end in stretches) or b == c
    assert sum(end - start for start, end in stretches) == calendar.business_time.measure(a, c)
    for (_, end), (start, _) in pairwise(stretches):
        assert end < start
    following = calendar.next_opening(b)
    if following is not None:
        assert following >= b
        assert calendar.open_at(following)
        assert calendar.business_time.measure(b, following) == 0


@quick
@given(settings_of(across=True))
def test_the_order_of_questions_changes_nothing(setting: tuple[Calendar, list[int]]) -> None:
    calendar, instants = setting
    fresh = Calendar(calendar.spec, calendar.zone)
    backwards = [fresh.business_time.read(us) for us in reversed(instants)]
    assert backwards == [calendar.business_time.read(us) for us in reversed(instants)]
    assert [fresh.business_days.read(us) for us in instants] == [calendar.business_days.read(us) for us in instants]


@quick
@given(st.integers(us("1900-01-01"), us("2200-01-01")), ticks)
def test_an_always_open_calendar_in_utc_is_exact_time(start: int, amount: int) -> None:
    """Law 13, an always-open calendar in UTC: business time = exact time, a business day = a calendar day = 24h."""
    always = compile_calendar(CalendarSpec("always", weekly=(Hours(tuple(range(7)), ((0, DAY),)),)), "UTC")
    for clock in clocks_of(always):
        assert clock.due(start, amount) == start + amount
        assert clock.latest(start, amount) == start - amount
        assert clock.measure(start, start + amount) == amount


@quick
@given(
    weeks(across=True),
    weeks(across=True),
    st.lists(dates_of_2026, max_size=3),
    st.sampled_from(ZONES),
    st.integers(FIRST, LAST),
    ticks,
)
def test_more_opening_hours_are_never_due_later(
    week: tuple[Hours, ...], more: tuple[Hours, ...], closed: list[str], zone: str, start: int, amount: int
) -> None:
    """Law 14: more opening hours: due never later (business time)."""
    dates = tuple(ClosedDates(date, date) for date in closed)
    narrow = compile_calendar(CalendarSpec("narrow", weekly=week, closed=dates), zone).business_time
    wider = compile_calendar(CalendarSpec("wider", weekly=week + more, closed=dates), zone).business_time
    due, earlier = narrow.due(start, amount), wider.due(start, amount)
    assert due is None or (earlier is not None and earlier <= due)


@quick
@given(settings_of(across=True), ticks, ticks)
def test_a_longer_target_is_never_due_earlier(setting: tuple[Calendar, list[int]], one: int, other: int) -> None:
    """Law 14: a longer target: due never earlier."""
    calendar, (start, *_) = setting
    for clock in clocks_of(calendar):
        due, later = clock.due(start, min(one, other)), clock.due(start, max(one, other))
        assert later is None or (due is not None and due <= later)


@quick
@given(
    weeks(across=True),
    st.integers(FIRST, LAST),
    ticks,
    st.integers(-500, 500),
    st.sampled_from(("UTC", "Asia/Kathmandu")),
)
def test_whole_weeks_without_a_clock_change_shift_every_due(
    week: tuple[Hours, ...], start: int, amount: int, shift: int, zone: str
) -> None:
    """Law 15, shift: moving all events by whole weeks, without clock change or holiday between, moves every due as much."""
    calendar = compile_calendar(CalendarSpec("weekly", weekly=week), zone)
    for clock in clocks_of(calendar):
        due = clock.due(start, amount)
        assume(due is not None)
        assert due is not None
        assert clock.due(start + shift * 7 * DAY, amount) == due + shift * 7 * DAY
        assert clock.latest(start + shift * 7 * DAY, amount) == clock.latest(start, amount) + shift * 7 * DAY


@quick
@given(st.integers(us("0001-01-02"), us("9999-12-30")), st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_the_same_instant_with_another_offset_reads_the_same(instant: int, minutes: int) -> None:
    """Law 16, zone: writing the same instants with another offset changes nothing."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    try:
        moved = moment.astimezone(timezone(timedelta(minutes=minutes)))
    except OverflowError:
        return
    for text in (moved.isoformat(), moved.isoformat(sep=" ")):
        assert read_instant(text, "America/New_York").us == instant


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Santiago", "Pacific/Apia"])
@pytest.mark.parametrize("year", [1, 1500, 1850, 1900, 2086, 2400, 9999])
def test_clocks_run_in_far_years(zone: str, year: int) -> None:
    office = compile_calendar(
        CalendarSpec("office", weekly=(Hours((0, 1, 2, 3, 4), ((9 * HOUR, 17 * HOUR),)),), holidays=("ES-MD",)), zone
    )
    start = us(f"{year:04d}-06-01 00:30")
    for clock in clocks_of(office):
        due = clock.due(start, 10 * DAY)
        assert due is not None
        assert clock.measure(start, due) >= 10 * DAY
        assert clock.measure(us("2026-01-01"), start) == -clock.measure(start, us("2026-01-01"))
        assert clock.latest(due, 10 * DAY) >= start


@pytest.mark.parametrize("instant", [10**30, -(10**30)])
def test_beyond_all_years_a_business_clock_stands_still(instant: int) -> None:
    office = compile_calendar(CalendarSpec("office", weekly=(Hours((0, 1, 2), ((9 * HOUR, 17 * HOUR),)),)), "UTC")
    for clock in (office.business_time, office.business_days):
        assert clock.measure(instant, instant * 2) == 0
        assert clock.due(instant, HOUR) is not None
        assert clock.latest(instant, HOUR) < instant


@pytest.mark.parametrize("lines", [((0, 24),), ((9, 17),), ((0, 1), (23, 24))])
@pytest.mark.parametrize("number", [0, 107, 108, 109])
def test_nothing_shows_where_two_blocks_meet(lines: tuple[tuple[int, int], ...], number: int) -> None:
    spans = tuple((since * HOUR, until * HOUR) for since, until in lines)
    calendar = compile_calendar(CalendarSpec("seam", weekly=(Hours(tuple(range(7)), spans),)), "UTC")
    open_hours = sum(until - since for since, until in lines)
    seam = number * BLOCK_US
    clock = calendar.business_time
    for days in (0, 1, 2, 400):
        # from one midnight to another, from opening to closing, in both directions over the seam
        start = seam - days * DAY
        amount = (days + 1) * open_hours * HOUR
        closing = seam + lines[-1][1] * HOUR
        assert clock.measure(start, seam + DAY) == amount
        assert clock.due(start, amount) == closing
        assert clock.due(start, amount - 1) == closing - 1
        assert clock.latest(seam + DAY, amount) == start + lines[0][0] * HOUR
        assert clock.due(seam - DAY + lines[0][0] * HOUR, open_hours * HOUR) == closing - DAY
        assert calendar.business_days.due(start + spans[0][0], days * DAY + 1) == seam + spans[0][0] + 1
        assert calendar.business_days.latest(seam + spans[0][0] + 1, days * DAY + 1) == start + spans[0][0]
    assert calendar.next_opening(seam) == seam + lines[0][0] * HOUR
    touching = calendar.openings(seam - DAY, seam + DAY)
    assert all(end < start for (_, end), (start, _) in pairwise(touching))
