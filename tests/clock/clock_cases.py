"""Short ways to say instants, hours and calendars in the tests of the clock room; shares no code with it but the specs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sladsl.clock import Calendar, CalendarSpec, Hours, compile_calendar, zone

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def us(text: str, zone_name: str = "UTC", fold: int = 0) -> int:
    """`2026-03-02 09:30`, in the zone unless it carries an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(zone_name), fold=fold)
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def shown(instant: int | None, zone_name: str = "UTC") -> str | None:
    """What the clock of the zone shows, as `2026-03-02 09:30` (seconds only where there are any)."""
    if instant is None:
        return None
    local = (_EPOCH + timedelta(microseconds=instant)).astimezone(zone(zone_name)).replace(tzinfo=None)
    return local.isoformat(sep=" ").removesuffix(":00")


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """`09:00-14:00, 22:00-06:00`; an end before its start lies on the next date."""

    def minutes(clock: str) -> int:
        hours, _, rest = clock.strip().partition(":")
        return (int(hours) * 60 + int(rest or 0)) * MINUTE

    found = []
    for part in text.split(","):
        start, end = (minutes(side) for side in part.split("-"))
        found.append((start, end if end > start else end + DAY))
    return tuple(found)


def hours(text: str) -> Hours:
    """`mon-fri 09:00-14:00, 15:00-18:00`, `sun 00:00-06:00`, `daily 09:00-21:00`."""
    days, _, times = text.partition(" ")
    if days == "daily":
        return Hours(tuple(range(7)), spans(times))
    first, _, last = days.partition("-")
    return Hours(tuple(range(_WEEKDAYS.index(first), _WEEKDAYS.index(last or first) + 1)), spans(times))


def spec(*lines: str, **parts: Any) -> CalendarSpec:
    return CalendarSpec("office", weekly=tuple(hours(line) for line in lines), **parts)


def calendar(*lines: str, zone_name: str = "UTC", **parts: Any) -> Calendar:
    return compile_calendar(spec(*lines, **parts), zone_name)
