"""Calendars: what is open when, and the clocks that run by it.

Takes:  a `CalendarSpec` and a zone.
Gives:  `Calendar`, with its openings, its working dates and its two clocks.
Never:  reads the machine's clock, or gives another answer for another order of questions.
"""

from bisect import bisect_left
from functools import lru_cache

from sladsl.clock.amounts import ClockKind
from sladsl.clock.clocks import BusinessDaysClock, BusinessTimeClock, CalendarDaysClock, Clock, ExactClock
from sladsl.clock.dates import day_of
from sladsl.clock.hours import DateHours
from sladsl.clock.offsets import BLOCK_DAYS, offsets_of
from sladsl.clock.openings import Openings
from sladsl.clock.specs import CalendarSpec


class Calendar:
    """A calendar in one zone. Dates are local and written `YYYY-MM-DD`; instants are microseconds UTC since 1970.

    `business_time` and `business_days` are its clocks; `open_at(us)` tells whether it is open at an instant (hours are
    half-open), and `next_opening(us)` gives the instant itself where it is open, else the next opening, None where none
    comes within ten years.
    """

    __slots__ = ("_closings", "_openings", "business_days", "business_time", "next_opening", "open_at", "spec", "zone")

    def __init__(self, spec: CalendarSpec, zone: str) -> None:
        self.spec = spec
        self.zone = zone
        self._openings = Openings(DateHours(spec), offsets_of(zone))
        self._closings: dict[int, int | None] = {}
        self.business_time: Clock = BusinessTimeClock(self._openings)
        self.business_days: Clock = BusinessDaysClock(self._openings)
        self.open_at = self._openings.open_at
        self.next_opening = self._openings.next_opening

    @property
    def crosses_midnight(self) -> bool:
        """Whether any hours run past the midnight of their date."""
        return self.spec.crosses_midnight

    def is_working(self, date: str) -> bool:
        """Whether the local date has any open time. Raises ValueError where `date` is no date."""
        return self.is_working_day(day_of(date))

    def is_working_day(self, day: int) -> bool:
        """The same for a day number."""
        days = self._openings.working_days(day // BLOCK_DAYS)
        i = bisect_left(days, day)
        return i < len(days) and days[i] == day

    def last_closing(self, date: str) -> int | None:
        """When the hours of this local date end for the last time; None where it has none."""
        return self.last_closing_of_day(day_of(date))

    def last_closing_of_day(self, day: int) -> int | None:
        """The same for a day number."""
        if day not in self._closings:
            self._closings[day] = max((until for _, until in self._openings.of_date(day)), default=None)
        return self._closings[day]

    def openings(self, lo_us: int, hi_us: int) -> list[tuple[int, int]]:
        """The open stretches (open, close) between two instants, cut to them, in order, none touching the next."""
        return self._openings.between(lo_us, hi_us)

    def holiday_name(self, date: str) -> str | None:
        """The name of the holiday on this local date, None where it is none."""
        return self._openings.hours.holiday(day_of(date))


@lru_cache(maxsize=1024)
def compile_calendar(spec: CalendarSpec, zone: str) -> Calendar:
    """The calendar of a spec, read in `zone` (the caller has chosen it: fixed, from an attribute, or the agreement's).

    Cached: the same spec and zone give the same object. Raises KeyError for an unknown zone or, when first asked
    about a year, for an unknown holiday region; ValueError where a date of the spec is none.

    >>> from sladsl.clock import Hours
    >>> office = CalendarSpec("office", weekly=(Hours((0, 1, 2, 3, 4), ((32_400_000_000, 61_200_000_000),)),))
    >>> compile_calendar(office, "UTC").is_working("2026-03-28")
    False
    """
    return Calendar(spec, zone)


def clock_for(kind: ClockKind, calendar: Calendar | None, zone: str) -> Clock:
    """The clock of a kind; business clocks need the calendar, calendar days the zone.

    Raises ValueError where a business clock has no calendar.
    """
    match kind:
        case ClockKind.EXACT:
            return _EXACT
        case ClockKind.CALENDAR_DAYS:
            return _calendar_days(zone)
    if calendar is None:
        raise ValueError(f"{kind} need a calendar")
    return calendar.business_time if kind is ClockKind.BUSINESS_TIME else calendar.business_days


_EXACT = ExactClock()


@lru_cache(maxsize=1024)
def _calendar_days(zone: str) -> Clock:
    return CalendarDaysClock(offsets_of(zone))
