"""The clock room: durations as types, zones, calendars, clocks, windows, and how instants are read and written.

Takes:  plain descriptions of calendars, points and windows; texts of instants; microseconds UTC.
Gives:  what is open when, measures and dues on the four clocks, windows, readings.
Never:  reads the machine's clock or zone, uses a float for time, or loads the holiday library before it is needed.
"""

from sladsl.clock.amounts import Amount, ClockKind, amount_text, duration_text
from sladsl.clock.calendars import Calendar, clock_for, compile_calendar
from sladsl.clock.clocks import Clock
from sladsl.clock.holiday_data import holidays_version, known_region, nearest_regions
from sladsl.clock.instants import date_of, hour_of, iso, month_of, weekday_of
from sladsl.clock.offsets import local_to_us
from sladsl.clock.points import Point, point_due
from sladsl.clock.readings import Reading, format_problem, instant_reader, read_instant
from sladsl.clock.specs import CalendarSpec, ClosedDates, DatedHours, Hours, Season
from sladsl.clock.windows import Window, Windows, WindowSpec, next_window, rolling_at, window_at
from sladsl.clock.zones import known_zone, nearest_zones, zone, zone_data_version

__all__ = [
    "Amount",
    "Calendar",
    "CalendarSpec",
    "Clock",
    "ClockKind",
    "ClosedDates",
    "DatedHours",
    "Hours",
    "Point",
    "Reading",
    "Season",
    "Window",
    "WindowSpec",
    "Windows",
    "amount_text",
    "clock_for",
    "compile_calendar",
    "date_of",
    "duration_text",
    "format_problem",
    "holidays_version",
    "hour_of",
    "instant_reader",
    "iso",
    "known_region",
    "known_zone",
    "local_to_us",
    "month_of",
    "nearest_regions",
    "nearest_zones",
    "next_window",
    "point_due",
    "read_instant",
    "rolling_at",
    "weekday_of",
    "window_at",
    "zone",
    "zone_data_version",
]
