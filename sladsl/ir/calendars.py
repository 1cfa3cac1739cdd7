"""Calendars of a plan whose zone or hours an attribute tells.

Takes:  the calendars of a plan, and what the attributes of a case hold.
Gives:  `told_by`, the attributes that decide; `reading_of`, how a calendar is read as a text that can be kept;
        `calendar_read`, the calendar of that text.
Never:  looks at an event, or decides when to read: that is the evaluator's.
"""

from collections.abc import Callable, Sequence

from sladsl.clock import Calendar, CalendarSpec, compile_calendar, known_zone
from sladsl.text import fold

Specs = Sequence[CalendarSpec]


def told_by(calendars: Specs, index: int) -> tuple[str, ...]:
    """The attributes that say how a calendar is read; none where it is fixed."""
    spec = calendars[index]
    if not spec.named_by:
        return (spec.zone_attribute,) if spec.zone_attribute else ()
    stood_for = dict.fromkeys([place for _, place in spec.choices] + [spec.otherwise or 0])
    zones = [calendars[place].zone_attribute for place in stood_for]
    return tuple(dict.fromkeys([spec.named_by, *filter(None, zones)]))


def reading_of(
    calendars: Specs, index: int, value: Callable[[str], str | None], zone: str
) -> tuple[str, tuple[str, ...]]:
    """How a calendar is read now.

    Args:
        calendars, index: which calendar of a plan.
        value: what an attribute holds now as text, None where it holds nothing.
        zone: the agreement's.

    Returns the reading (`Europe/Madrid`; for a calendar that stands for another its place and zone, `3 Europe/Madrid`),
    and the names of the calendars whose attribute held nothing known, so that their `otherwise` was taken.
    """
    spec = calendars[index]
    if not spec.named_by:
        return _zone(spec, value, zone)
    name = value(spec.named_by)
    place = None if name is None else dict(spec.choices).get(fold(name))
    unknown = (spec.name,) if place is None else ()
    if place is None:
        place = spec.otherwise or 0
    own, of_zone = _zone(calendars[place], value, zone)
    return f"{place} {own}", (*unknown, *of_zone)


def _zone(spec: CalendarSpec, value: Callable[[str], str | None], zone: str) -> tuple[str, tuple[str, ...]]:
    if not spec.zone_attribute:
        return spec.zone or zone, ()
    told = (value(spec.zone_attribute) or "").strip()
    if told and known_zone(told):
        return told, ()
    return spec.zone_fallback or zone, (spec.name,)


def calendar_read(calendars: Specs, index: int, reading: str, zone: str) -> Calendar:
    """The calendar of a reading; of "", that of a calendar which no attribute tells."""
    spec = calendars[index]
    if spec.named_by:
        place, _, reading = reading.partition(" ")
        spec = calendars[int(place)]
    return compile_calendar(spec, reading or spec.zone or zone)
