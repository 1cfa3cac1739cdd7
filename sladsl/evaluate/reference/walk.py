"""Time, by walking the calendar.

Takes:  calendars as written, zone names, instants (microseconds UTC since 1970), amounts in ticks.
Gives:  measure, due and latest of the four clocks, and points in time, each straight from its definition.
Never:  uses a clock or a calendar of the clock room; nothing here is fast, so that all of it is obvious.

A *wall* is a reading of the wall clock: microseconds since 1970-01-01 00:00 as the clock on the wall shows them.
A *date* is a number of days since 1970-01-01.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sladsl.clock import CalendarSpec, ClockKind, Hours, Point, Season, zone

DAY = 86_400_000_000
HOUR = 3_600_000_000
TEN_YEARS = 3653  # days: how far a clock looks for a due
FOUR_CENTURIES = 146_097 * DAY  # after which calendar and weekdays repeat
FIRST, LAST = -4 * FOUR_CENTURIES, 20 * FOUR_CENTURIES  # of the years 370 and 9970, within what Python knows
_EPOCH = datetime(1970, 1, 1)

Stretches = list[tuple[int, int]]


class NeverReached(Exception):
    """The calendar does not come to it within ten years."""


# --- the clock on the wall -------------------------------------------------------------------------------------------


def moment(us: int) -> datetime:
    """The date and time that lies so far from 1970. Where Python has no such year, that of one with the same calendar."""
    while us >= LAST:
        us -= FOUR_CENTURIES
    while us < FIRST:
        us += FOUR_CENTURIES
    return _EPOCH + timedelta(microseconds=us)


def offset(zone_name: str, us: int) -> int:
    """How far the wall clock of the zone is ahead of UTC at an instant."""
    return _whole(moment(us).replace(tzinfo=UTC).astimezone(zone(zone_name)).utcoffset())


def wall_at(zone_name: str, us: int) -> int:
    """What the wall clock shows at an instant."""
    return us + offset(zone_name, us)


def instant_of(zone_name: str, wall: int, fold: int = 0) -> int:
    """When the wall clock shows this.

    Of a repeated time it is the first (fold 0) or the second (fold 1); a skipped one comes later by the gap.
    """
    return wall - _whole(moment(wall).replace(tzinfo=zone(zone_name), fold=fold).utcoffset())


def _whole(delta: timedelta | None) -> int:
    assert delta is not None
    return delta // timedelta(microseconds=1)


@lru_cache(maxsize=100_000)
def changes_on(zone_name: str, utc_date: int) -> tuple[tuple[int, int, int], ...]:
    """The clock changes of one date of UTC, hour by hour: (instant, offset before, offset after)."""
    found = []
    for lo in range(utc_date * DAY - 1, utc_date * DAY + DAY - 1, HOUR):
        hi = lo + HOUR
        before, after = offset(zone_name, lo), offset(zone_name, hi)
        if before == after:
            continue
        while hi - lo > 1:
            middle = (lo + hi) // 2
            lo, hi = (middle, hi) if offset(zone_name, middle) == before else (lo, middle)
        found.append((hi, before, after))
    return tuple(found)


def changes_near(zone_name: str, us: int) -> list[tuple[int, int, int]]:
    """The clock changes of the date of an instant, of the two before and of the two after it."""
    today = us // DAY
    return [change for day in range(today - 2, today + 3) for change in changes_on(zone_name, day)]


def highest_wall(zone_name: str, us: int) -> int:
    """The highest wall-clock reading so far: where the clock was set back, it stands still until it has caught up."""
    peaks = [change + before for change, before, _ in changes_near(zone_name, us) if change <= us]
    return max([wall_at(zone_name, us), *peaks])


def first_reaching(zone_name: str, wall: int) -> int:
    """The least instant at which the highest wall-clock reading so far is at least this."""
    us = opening_edge(zone_name, wall)
    # a reading that the clock had just reached when it was set back was reached then
    return min([us, *(change for change, before, _ in changes_near(zone_name, us) if change + before == wall)])


def opening_edge(zone_name: str, wall: int) -> int:
    """When hours begin that open at this reading: a skipped one at the jump, a repeated one at its first occurrence."""
    jump = _jump_over(zone_name, wall)
    return instant_of(zone_name, wall, fold=0) if jump is None else jump


def closing_edge(zone_name: str, wall: int) -> int:
    """When hours end that close at this reading: a skipped one at the jump, a repeated one at its second occurrence."""
    jump = _jump_over(zone_name, wall)
    return instant_of(zone_name, wall, fold=1) if jump is None else jump


def _jump_over(zone_name: str, wall: int) -> int | None:
    """The clock change that skips this reading."""
    us = instant_of(zone_name, wall)
    if wall_at(zone_name, us) == wall:
        return None
    return next(x for x, before, after in changes_near(zone_name, us) if x + before <= wall < x + after)


# --- calendars -------------------------------------------------------------------------------------------------------


class WalkedCalendar:
    """A calendar in a zone."""

    def __init__(self, spec: CalendarSpec, zone_name: str) -> None:
        self.spec = spec
        self.zone = zone_name
        self._dates: dict[int, Stretches] = {}
        self._dues: dict[tuple[ClockKind, int, int], int | None] = {}

    def spans(self, day: int) -> Stretches:
        """The hours of a date, in microseconds of its wall-clock day.

        A dated line wins over closed dates and holidays, these over a season, a season over the weekly lines.
        """
        on = moment(day * DAY).date()
        dated = [line for line in self.spec.dated if line.date == on.isoformat()]
        if dated:
            return merged([span for line in dated for span in line.spans])
        if any(closed.first <= on.isoformat() <= closed.last for closed in self.spec.closed):
            return []
        if any(on in holidays_of(region, on.year) for region in self.spec.holidays):
            return []
        weekly: tuple[Hours, ...] = self.spec.weekly
        # the one written last wins, but one of a named year over one of every year
        for season in sorted(self.spec.seasons, key=lambda s: s.start_year is not None or s.end_year is not None):
            if in_season(season, on):
                weekly = season.weekly
        return merged([span for line in weekly if on.weekday() in line.weekdays for span in line.spans])

    def stretches(self, day: int) -> Stretches:
        """The open stretches that begin with the hours of a date, as instants."""
        if day not in self._dates:
            walls = [(day * DAY + start, day * DAY + end) for start, end in self.spans(day)]
            edges = [(opening_edge(self.zone, start), closing_edge(self.zone, end)) for start, end in walls]
            self._dates[day] = merged(edges)
        return self._dates[day]

    def open_between(self, lo: int, hi: int) -> Stretches:
        """When it is open between two instants, in order."""
        days = range(lo // DAY - 3, hi // DAY + 3)  # hours may begin two dates before, and a zone be a date off
        cut = [(max(a, lo), min(b, hi)) for day in days for a, b in self.stretches(day)]
        return merged(cut)

    def open_from(self, us: int) -> Iterator[tuple[int, int]]:
        """The open stretches from an instant on, date by date, for ten years."""
        for day in range(TEN_YEARS):
            yield from self.open_between(us + day * DAY, us + (day + 1) * DAY)

    def is_open(self, us: int) -> bool:
        """Whether it is open at an instant."""
        return bool(self.open_between(us, us + 1))

    def next_opening(self, us: int) -> int:
        """The instant itself where it is open, else the next opening. Raises NeverReached."""
        for a, _ in self.open_from(us):
            return a
        raise NeverReached

    def is_working(self, day: int) -> bool:
        """Whether the date has any open time."""
        return bool(self.stretches(day))

    def last_closing(self, day: int) -> int:
        """When the hours of a working date end."""
        return max(b for _, b in self.stretches(day))

    def working_from(self, day: int) -> Iterator[int]:
        """The working dates from this date on, for ten years. Then raises NeverReached."""
        yield from (on for on in range(day, day + TEN_YEARS + 1) if self.is_working(on))
        raise NeverReached

    # business time

    def open_time(self, a: int, b: int) -> int:
        """The open microseconds from a to b."""
        return sum(end - start for start, end in self.open_between(a, b))

    def open_time_due(self, us: int, ticks: int) -> int:
        """The least instant u >= us with that much open time between them."""
        left = ticks
        if left <= 0:
            return us
        for a, b in self.open_from(us):
            if left <= b - a:
                return a + left
            left -= b - a
        raise NeverReached

    def open_time_latest(self, us: int, ticks: int) -> int:
        """The greatest instant u <= us with that much open time between them."""
        left = ticks
        if left <= 0:
            return us
        for day in range(TEN_YEARS):
            for a, b in reversed(self.open_between(us - (day + 1) * DAY, us - day * DAY)):
                if left <= b - a:
                    return b - left
                left -= b - a
        raise NeverReached

    # business days

    def reading(self, us: int) -> int:
        """The highest wall-clock reading, at the instant where it is open, else at the next opening."""
        try:
            return highest_wall(self.zone, self.next_opening(us))
        except NeverReached:  # it never opens again, and no business day will pass
            return highest_wall(self.zone, us)

    def business_days(self, a: int, b: int) -> int:
        """What passes from a to b on the wall clock that leaves out all dates that are not working dates."""
        lo, hi = self.reading(a), self.reading(b)
        working = [day for day in range(lo // DAY, hi // DAY + 1) if self.is_working(day)]
        return sum(max(0, min(hi, day * DAY + DAY) - max(lo, day * DAY)) for day in working)

    def business_days_due(self, us: int, ticks: int) -> int:
        """The least open instant u >= us with that much between them."""
        start = self.next_opening(us)
        if ticks <= 0:
            return start
        return self.next_opening(max(start, first_reaching(self.zone, self._reading_after(start, ticks))))

    def _reading_after(self, start: int, ticks: int) -> int:
        """The wall-clock reading that comes so much working time after the one at `start`."""
        wall, left = highest_wall(self.zone, start), ticks
        for day in self.working_from(wall // DAY):
            begin = max(wall, day * DAY)
            if left <= day * DAY + DAY - begin:
                return begin + left
            left -= day * DAY + DAY - begin
        raise NeverReached

    def business_days_latest(self, us: int, ticks: int) -> int:
        """The greatest instant u <= us with at least that much between them."""
        day = us // DAY - 3
        while self.business_days(day * DAY, us) < ticks:  # go back until there is enough …
            day -= 1
            if day < us // DAY - TEN_YEARS:
                raise NeverReached
        lo, hi = day * DAY, us + 1  # … and look for the last instant at which there is: it only ever gets less
        while hi - lo > 1:
            middle = (lo + hi) // 2
            lo, hi = (middle, hi) if self.business_days(middle, us) >= ticks else (lo, middle)
        return lo


@lru_cache(maxsize=1_000)
def walked(spec: CalendarSpec, zone_name: str) -> WalkedCalendar:
    """The calendar of a spec in a zone; kept, because it remembers the dates that it has walked."""
    return WalkedCalendar(spec, zone_name)


def merged(stretches: Stretches) -> Stretches:
    """The same time in order, without overlaps, empty stretches, or two that touch."""
    found: Stretches = []
    for a, b in sorted(stretches):
        if a >= b:
            continue
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found


def in_season(season: Season, on: date) -> bool:
    """Whether a season holds on a date.

    Where one side names a year, the other is the nearest to it; where none does, it comes every year.
    """
    first_years = [season.start_year] if season.start_year is not None else range(on.year - 1, on.year + 2)
    for year in first_years:
        end_year = year if season.start < season.end else year + 1
        if season.start_year is None and season.end_year is not None and end_year != season.end_year:
            continue
        if season.start_year is not None and season.end_year is not None:
            end_year = season.end_year
        if season.start == season.end and season.start_year is None and season.end_year is None:
            continue  # from a date until the same date, every year: no date at all
        if (year, *season.start) <= (on.year, on.month, on.day) < (end_year, *season.end):
            return True
    return False


@lru_cache(maxsize=10_000)
def holidays_of(region: str, year: int) -> frozenset[date]:
    """The holidays of a region in a year."""
    import holidays

    country, _, part = region.strip().partition("-")
    for spelled in dict.fromkeys([part, part.upper(), part.title()]):
        try:
            found = holidays.country_holidays(country.upper(), subdiv=spelled or None, years=[year])
        except NotImplementedError:
            continue
        return frozenset(day for day in found if day.year == year)
    raise KeyError(f"no holidays are known for `{region}`")


# --- clocks and points -----------------------------------------------------------------------------------------------


def measure(kind: ClockKind, calendar: WalkedCalendar | None, zone_name: str, a: int, b: int) -> int:
    """The ticks from a to b on a clock; `zone_name` is the agreement's, for calendar days."""
    if kind is ClockKind.EXACT:
        return b - a
    if kind is ClockKind.CALENDAR_DAYS:
        return highest_wall(zone_name, b) - highest_wall(zone_name, a)
    assert calendar is not None
    return calendar.open_time(a, b) if kind is ClockKind.BUSINESS_TIME else calendar.business_days(a, b)


def due(kind: ClockKind, calendar: WalkedCalendar | None, zone_name: str, us: int, ticks: int) -> int:
    """The least instant u >= us with measure(us, u) >= ticks; for business days moved to the next opening.

    Raises NeverReached.
    """
    if kind is ClockKind.EXACT:
        return us + max(0, ticks)
    if kind is ClockKind.CALENDAR_DAYS:
        return us if ticks <= 0 else first_reaching(zone_name, highest_wall(zone_name, us) + ticks)
    assert calendar is not None
    key = (kind, us, ticks)
    if key not in calendar._dues:
        walk = calendar.open_time_due if kind is ClockKind.BUSINESS_TIME else calendar.business_days_due
        try:
            calendar._dues[key] = walk(us, ticks)
        except NeverReached:
            calendar._dues[key] = None
    found = calendar._dues[key]
    if found is None:
        raise NeverReached
    return found


def latest(kind: ClockKind, calendar: WalkedCalendar | None, zone_name: str, us: int, ticks: int) -> int:
    """The greatest instant u <= us with measure(u, us) >= ticks. Raises NeverReached."""
    if ticks <= 0:
        return us
    if kind is ClockKind.EXACT:
        return us - ticks
    if kind is ClockKind.CALENDAR_DAYS:  # the last instant before the reading that is one microsecond too high
        return min(us, first_reaching(zone_name, highest_wall(zone_name, us) - ticks + 1) - 1)
    assert calendar is not None
    if kind is ClockKind.BUSINESS_TIME:
        return calendar.open_time_latest(us, ticks)
    return calendar.business_days_latest(us, ticks)


def point_due(point: Point, calendar: WalkedCalendar | None, zone_name: str, start: int) -> int:
    """When a point in time comes, for a start. Raises NeverReached."""
    if point.day == "plain" and point.time_of_day_us is not None:
        day = wall_at(zone_name, start) // DAY - 1
        while instant_of(zone_name, day * DAY + point.time_of_day_us) < start:
            day += 1
        return instant_of(zone_name, day * DAY + point.time_of_day_us)
    assert calendar is not None

    def named_time(day: int) -> int:
        if point.time_of_day_us is None:
            return calendar.last_closing(day)
        return instant_of(calendar.zone, day * DAY + point.time_of_day_us)

    day, made = wall_at(calendar.zone, start) // DAY, start
    cutoff = None if point.cutoff_us is None else instant_of(calendar.zone, day * DAY + point.cutoff_us)
    if cutoff is not None and start >= cutoff and calendar.is_working(day):
        day = next(calendar.working_from(day + 1))
        made = instant_of(calendar.zone, day * DAY)
    if point.day in ("next", "nth"):
        dates = calendar.working_from(day + 1)
        for _ in range((point.nth if point.day == "nth" else 1) - 1):
            next(dates)
        return named_time(next(dates))
    return next(us for us in map(named_time, calendar.working_from(day)) if us >= made)
