"""Calendars as written (section 5).

Takes:  nothing.
Gives:  Calendar and its lines, BusinessHours.
Never:  resolves a zone, a holiday or a date.
"""

from __future__ import annotations

from typing import TypeAlias

from sladsl.syntax.tree.node import Name, Node
from sladsl.syntax.tree.values import Date, MonthDay, TimeOfDay
from sladsl.text.record import frozen


@frozen(eq=False, repr=False)
class ZoneLine(Node):
    """`timezone Europe/Madrid`; `timezone of customer_zone, otherwise Europe/Madrid`.

    `zone` is the fixed zone (or the one after `otherwise`), as written; `of` the attribute that names the zone.
    """

    zone: str | None
    of: Name | None = None


@frozen(eq=False, repr=False)
class CalendarOf(Node):
    """`calendar of desk, otherwise office`: the hours are those of the calendar that the attribute `of` names."""

    of: Name
    otherwise: Name


@frozen(eq=False, repr=False)
class DayRange(Node):
    """`mon-thu`: 0 is Monday, 6 Sunday; both ends are in; `sat-mon` passes the week's end. `every day` is 0 to 6."""

    first: int
    last: int


@frozen(eq=False, repr=False)
class HoursSpan(Node):
    """`09:00-14:00`; an end at or before the start is over midnight."""

    start: TimeOfDay
    end: TimeOfDay


@frozen(eq=False, repr=False)
class WeekHours(Node):
    """`mon-thu 09:00-14:00, 15:00-18:30`; `sat, sun 10:00-12:00`; `sun closed` has no hours."""

    days: tuple[DayRange, ...]
    hours: tuple[HoursSpan, ...]


@frozen(eq=False, repr=False)
class Holidays(Node):
    """`holidays ES-MD`: one or more region codes as written."""

    regions: tuple[str, ...]


@frozen(eq=False, repr=False)
class DateRange(Node):
    """`2026-08-10..2026-08-21`, both ends in; one date is a range of that date only."""

    first: Date
    last: Date


@frozen(eq=False, repr=False)
class Closed(Node):
    """`closed 2026-08-10..2026-08-21, 2026-12-31`."""

    dates: tuple[DateRange, ...]


@frozen(eq=False, repr=False)
class OpenOn(Node):
    """`open 2026-12-24 09:00-13:00`: these hours replace those of that date."""

    dates: DateRange
    hours: tuple[HoursSpan, ...]


@frozen(eq=False, repr=False)
class Season(Node):
    """`from 06-15 until 09-16` (every year), `from 2026-06-15 until 2026-09-16` (once): half-open; lines under it."""

    start: MonthDay | Date
    until: MonthDay | Date
    lines: tuple[WeekHours, ...] = ()


CalendarLine: TypeAlias = WeekHours | ZoneLine | CalendarOf | Holidays | Closed | OpenOn | Season


@frozen(eq=False, repr=False)
class Calendar(Node):
    """`calendar office` with the lines under it."""

    name: Name
    lines: tuple[CalendarLine, ...] = ()


@frozen(eq=False, repr=False)
class BusinessHours(Node):
    """`business hours = office`: the calendar meant where a clause names none."""

    calendar: Name
