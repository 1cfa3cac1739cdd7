"""Law 12: every clock equals a twin that walks the calendar minute by minute, over clock changes of twenty zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from clock_cases import DAY, HOUR, MINUTE, hours
from walking_clock import Walk, WalkingClock

from sladsl.clock import CalendarSpec, ClosedDates, Hours, clock_for, compile_calendar
from sladsl.clock.amounts import ClockKind
from sladsl.clock.offsets import offsets_of

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/New_York", "America/Santiago",
    "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut",
    "Asia/Gaza", "Asia/Kathmandu", "Asia/Pyongyang", "Asia/Tehran", "Atlantic/Azores",
    "Australia/Lord_Howe", "Europe/Dublin", "Europe/Madrid", "Pacific/Apia", "Pacific/Chatham",
)  # fmt: skip

CALENDARS: dict[str, tuple[str, ...]] = {
    "office": ("mon-fri 09:00-17:00",),
    "split": ("daily 00:30-02:15, 02:30-03:30, 23:30-24:00",),
    "always": ("daily 00:00-24:00",),
    "weekends": ("sat 00:00-24:00", "sun 00:00-02:30"),
    "around midnight": ("daily 00:00-01:00, 23:00-24:00",),
    "nights": ("daily 22:00-02:30",),
}

SINCE = datetime(1975, 1, 1, tzinfo=UTC)


def changes_of(zone_name: str) -> list[int]:
    lo = int(SINCE.timestamp()) * 1_000_000
    return [change.us for change in offsets_of(zone_name).changes(lo, lo + 55 * 365 * DAY)]


def agree(zone_name: str, change: int, weekly: tuple[Hours, ...], left_out: frozenset[date]) -> None:
    """Both give the same at the change, at edges around it, and a microsecond beside them."""
    middle = change // MINUTE * MINUTE
    # two working days before and after have to lie inside the walk
    around = 7 if any(0 in line.weekdays for line in weekly) else 18
    walk = Walk(zone_name, middle - around * DAY, middle + around * DAY, weekly, left_out)
    closed = tuple(ClosedDates(day.isoformat(), day.isoformat()) for day in sorted(left_out))
    calendar = compile_calendar(CalendarSpec("walked", weekly=weekly, closed=closed), zone_name)
    kinds = [ClockKind.CALENDAR_DAYS, ClockKind.BUSINESS_TIME]
    if not calendar.crosses_midnight:
        kinds.append(ClockKind.BUSINESS_DAYS)
    near = [middle + step * HOUR for step in (-25, -2, 23)]
    edges = [edge for stretch in calendar.openings(middle - 2 * DAY, middle + 2 * DAY) for edge in stretch]
    turns = sorted({change, change - HOUR, change + HOUR, *near, *edges[:3], *edges[-3:]})
    starts = [turn + aside for turn in turns for aside in (-1, 0, 1)]
    for lo in range(middle - 3 * DAY, middle + 3 * DAY, 37 * MINUTE):
        assert calendar.open_at(lo) == walk.opened[(lo - walk.lo) // MINUTE]
    for kind in kinds:
        clock = clock_for(kind, calendar, zone_name)
        twin = WalkingClock(walk, kind.value.replace(" ", "_"))
        base, twin_base = clock.read(starts[0]), twin.read(starts[0])
        for i, start in enumerate(starts):
            assert clock.read(start) - base == twin.read(start) - twin_base, (kind, start)
            if i % 3 == 1 or abs(start - change) <= 1:
                for ticks in (1, 30 * MINUTE, 2 * HOUR, DAY, DAY + 1, 2 * DAY + 30 * MINUTE)[i % 2 :: 2]:
                    if kind is ClockKind.BUSINESS_TIME:
                        ticks = ticks // 12 + 1
                    assert clock.due(start, ticks) == twin.due(start, ticks), (kind, start, ticks)
                    assert clock.latest(start, ticks) == twin.latest(start, ticks), (kind, start, ticks)
        times, counts = clock.breakpoints(middle - 2 * DAY, middle + 2 * DAY)
        assert times == sorted(times)
        assert counts == sorted(counts)
        for t, count, end, last in zip(times, counts, times[1:], counts[1:], strict=False):
            if t < end:
                assert last - count in (0, end - t)
                assert count - counts[0] == twin.read(t) - twin.read(times[0])
                assert last - counts[0] - (last > count) == twin.read(end - 1) - twin.read(times[0])


@pytest.mark.parametrize("zone_name", ZONES)
def test_clocks_equal_the_walk_over_a_late_change_of_each_zone(zone_name: str) -> None:
    """Law 12, twin: every clock equals a twin that walks the calendar minute by minute with the zone data."""
    place = ZONES.index(zone_name)
    # the last two are one change forward and one back
    change = changes_of(zone_name)[-2:][place // 2 % 2 - 1]
    weekly = tuple(hours(line) for line in list(CALENDARS.values())[place % len(CALENDARS)])
    agree(zone_name, change, weekly, frozenset())


@pytest.mark.parametrize("name", ["split", "always", "around midnight", "nights"])
@pytest.mark.parametrize(
    ("zone_name", "near"),
    [
        ("Pacific/Apia", "2011-12-30"),  # a whole date skipped
        ("America/St_Johns", "2006-10-29"),  # set back at 00:01, over midnight
        ("America/Sao_Paulo", "2018-11-04"),  # midnight skipped
    ],
)
def test_clocks_equal_the_walk_where_a_date_is_torn(zone_name: str, near: str, name: str) -> None:
    wanted = int(datetime.fromisoformat(near).replace(tzinfo=UTC).timestamp()) * 1_000_000
    change = min(changes_of(zone_name), key=lambda us: abs(us - wanted))
    assert abs(change - wanted) < 2 * DAY
    agree(zone_name, change, tuple(hours(line) for line in CALENDARS[name]), frozenset())


@pytest.mark.slow
@pytest.mark.parametrize("zone_name", ZONES)
def test_clocks_equal_the_walk_over_every_change(zone_name: str) -> None:
    """Law 12, twin: every clock equals a twin that walks the calendar minute by minute with the zone data."""
    names = list(CALENDARS)
    for i, change in enumerate(changes_of(zone_name)):
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=change)).date()
        left_out = frozenset({day - timedelta(days=1)} if change % 7 == 0 else set())
        # seasons come in pairs, so that an even step would show a calendar only one kind of change
        weekly = tuple(hours(line) for line in CALENDARS[names[(i * 5 // 2) % len(names)]])
        agree(zone_name, change, weekly, left_out)
