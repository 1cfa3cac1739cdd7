"""Points in time: `by 18:00 same business day cutoff 14:00`.

Takes:  a `Point`, the start, and the calendar and zone it is read in.
Gives:  the due.
Never:  knows elapsed shares or pauses; a point has none.
"""

from attrs import frozen

from sladsl.clock.calendars import Calendar


@frozen
class Point:
    """A time of day, on a day said relative to the start.

    `time_of_day_us` is None for the end of that date's hours. `day` is `plain` (the first such time not before the start,
    business days or not), `same`, `next` or `nth` (then `nth` says which working date after the start's date).
    """

    time_of_day_us: int | None
    day: str
    nth: int = 1
    cutoff_us: int | None = None


def point_due(point: Point, start_us: int, calendar: Calendar | None, zone: str) -> int | None:
    """The due of a point for a start; `zone` is the agreement's, used where no business day is named.

    None where no such working date comes within ten years. Raises ValueError where a business day is named without a calendar.
    """
    raise NotImplementedError
