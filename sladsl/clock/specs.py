"""What an author says about opening hours, as plain data.

Takes:  what the checker understood of a `calendar` block.
Gives:  `CalendarSpec` and its parts: frozen, hashable, made of numbers, texts and tuples only, so that the IR holds
        them.
Never:  looks up a zone, a holiday or a date.
"""

from attrs import frozen

from sladsl.clock.amounts import DAY_US


@frozen
class Hours:
    """One line of weekly hours: `mon-thu 09:00-14:00, 15:00-18:30`.

    `weekdays` are 0 (monday) to 6 (sunday). `spans` are (from, until), microseconds of the wall-clock day, half-open;
    an end after 24h belongs to hours across midnight (`22:00-06:00` is 22h to 30h).
    """

    weekdays: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


@frozen
class Season:
    """Hours that replace the weekly lines from `start` until before `end`, both (month, day).

    Where no year is named it comes every year and may pass the year's end. A named year binds its own side.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    start_year: int | None
    end_year: int | None
    weekly: tuple[Hours, ...]


@frozen
class DatedHours:
    """Hours of one date (`YYYY-MM-DD`); they replace whatever else is said about it."""

    date: str
    spans: tuple[tuple[int, int], ...]


@frozen
class ClosedDates:
    """Closed from the date `first` to the date `last`, both of them included (`YYYY-MM-DD`)."""

    first: str
    last: str


@frozen
class CalendarSpec:
    """A calendar as written.

    `holidays` are region codes (`ES-MD`, `DE`). `zone` is a fixed zone, None for the agreement's. Where the zone is
    read from an attribute, `zone_attribute` names it and `zone_fallback` is what an unknown one takes.

    A calendar that stands for another has no hours of its own: the attribute `named_by` holds a name of `choices`,
    which are folded names and places among the plan's calendars, and `otherwise` is the place of the one that an
    unknown name takes.
    """

    name: str
    weekly: tuple[Hours, ...] = ()
    seasons: tuple[Season, ...] = ()
    dated: tuple[DatedHours, ...] = ()
    closed: tuple[ClosedDates, ...] = ()
    holidays: tuple[str, ...] = ()
    zone: str | None = None
    zone_attribute: str | None = None
    zone_fallback: str | None = None
    named_by: str = ""
    choices: tuple[tuple[str, int], ...] = ()
    otherwise: int | None = None

    @property
    def crosses_midnight(self) -> bool:
        """Whether any hours end after the midnight of their date; such a calendar counts no business days."""
        seasonal = (line for season in self.seasons for line in season.weekly)
        spans = [line.spans for line in (*self.weekly, *seasonal)] + [line.spans for line in self.dated]
        return any(until > DAY_US for line in spans for _, until in line)
