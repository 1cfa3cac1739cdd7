"""Opening hours as instants.

Takes:  a `CalendarSpec` and a zone.
Gives:  `Calendar`: what is open when, and the clocks that run by it.
Never:  builds years that nobody asks for, reads the machine's clock, or gives another answer for another order of questions.
"""

from typing import TYPE_CHECKING

from sladsl.clock.specs import CalendarSpec

if TYPE_CHECKING:
    from sladsl.clock.clocks import Clock


class Calendar:
    """A calendar in one zone. Dates are `YYYY-MM-DD`; instants are microseconds UTC since 1970."""

    spec: CalendarSpec
    zone: str
    business_time: "Clock"
    business_days: "Clock"

    @property
    def crosses_midnight(self) -> bool:
        """Whether any hours run past the midnight of their date."""
        raise NotImplementedError

    def open_at(self, us: int) -> bool:
        """Whether it is open at this instant (hours are half-open)."""
        raise NotImplementedError

    def next_opening(self, us: int) -> int | None:
        """The instant itself where it is open, else the next opening; None where none comes within ten years."""
        raise NotImplementedError

    def is_working(self, date: str) -> bool:
        """Whether the local date has any open time."""
        raise NotImplementedError

    def last_closing(self, date: str) -> int | None:
        """When the hours of this local date end for the last time; None where it has none."""
        raise NotImplementedError

    def openings(self, lo_us: int, hi_us: int) -> list[tuple[int, int]]:
        """The open stretches (open, close) between two instants, cut to them, in order, none touching the next."""
        raise NotImplementedError

    def holiday_name(self, date: str) -> str | None:
        """The name of the holiday on this local date, None where it is none."""
        raise NotImplementedError


def compile_calendar(spec: CalendarSpec, zone: str) -> Calendar:
    """The calendar of a spec, read in `zone` (the caller has chosen it: fixed, from an attribute, or the agreement's).

    Cached: the same spec and zone give the same object. Raises KeyError for an unknown zone or holiday region.
    """
    raise NotImplementedError
