"""Points in time: `by 18:00 same business day cutoff 14:00`.

Takes:  a `Point`, the start, and the calendar and zone it is read in.
Gives:  the due.
Never:  knows elapsed shares or pauses; a point has none.
"""

from collections.abc import Iterator

from attrs import frozen

from sladsl.clock.amounts import DAY_US
from sladsl.clock.calendars import Calendar
from sladsl.clock.offsets import offsets_of
from sladsl.clock.openings import TEN_YEARS_US

_TEN_YEARS_DAYS = TEN_YEARS_US // DAY_US


@frozen
class Point:
    """A time of day, on a day said relative to the start.

    `time_of_day_us` is None for the end of that date's hours. `day` is `plain` (the first such time not before the
    start, business day or not), `same`, `next` or `nth` (then `nth` says which working date after the start's date).
    A start at or after `cutoff_us` counts as made on the next working date.
    """

    time_of_day_us: int | None
    day: str
    nth: int = 1
    cutoff_us: int | None = None


def point_due(point: Point, start_us: int, calendar: Calendar | None, zone: str) -> int | None:
    """The due of a point for a start; `zone` is the agreement's, used where no business day is named.

    None where no such working date comes within ten years. Raises ValueError where a business day, or the end of
    one, is named without a calendar.
    """
    if point.day == "plain" and point.time_of_day_us is not None:
        days: _Days = _EveryDay(zone)
    elif calendar is None:
        raise ValueError("a business day needs a calendar")
    else:
        days = _WorkingDays(calendar)
    day = days.day_of(start_us)
    if point.cutoff_us is not None and days.counts(day) and start_us >= days.instant(day, point.cutoff_us):
        following = next(days.after(day), None)
        if following is None:
            return None
        day, start_us = following, days.instant(following, 0)
    if point.day in ("next", "nth"):
        wanted = point.nth if point.day == "nth" else 1
        for number, found in enumerate(days.after(day), 1):
            if number >= wanted:
                return days.named_time(found, point.time_of_day_us)
        return None
    for found in days.after(day - 1):
        due = days.named_time(found, point.time_of_day_us)
        if due >= start_us:
            return due
    return None


class _Days:
    """The dates that a point counts, in one zone."""

    def __init__(self, zone: str) -> None:
        self._offsets = offsets_of(zone)

    def day_of(self, us: int) -> int:
        """The local date of an instant."""
        return (us + self._offsets.at(us)) // DAY_US

    def instant(self, day: int, time_of_day_us: int) -> int:
        """When a date's time of day is, read as times without an offset are."""
        return self._offsets.resolve(day * DAY_US + time_of_day_us).us

    def after(self, day: int) -> Iterator[int]:
        """The dates that count after this one, for ten years."""
        return (later for later in range(day + 1, day + _TEN_YEARS_DAYS + 1) if self.counts(later))

    def counts(self, day: int) -> bool:
        """Whether the date is one that counts."""
        raise NotImplementedError

    def named_time(self, day: int, time_of_day_us: int | None) -> int:
        """The instant that the point names on a date that counts."""
        raise NotImplementedError


class _EveryDay(_Days):
    def counts(self, day: int) -> bool:
        return True

    def named_time(self, day: int, time_of_day_us: int | None) -> int:
        assert time_of_day_us is not None
        return self.instant(day, time_of_day_us)


class _WorkingDays(_Days):
    def __init__(self, calendar: Calendar) -> None:
        super().__init__(calendar.zone)
        self._calendar = calendar

    def counts(self, day: int) -> bool:
        return self._calendar.is_working_day(day)

    def named_time(self, day: int, time_of_day_us: int | None) -> int:
        if time_of_day_us is not None:
            return self.instant(day, time_of_day_us)
        closing = self._calendar.last_closing_of_day(day)
        assert closing is not None
        return closing
