"""The four clocks: non-decreasing functions from instants to ticks.

Takes:  instants in microseconds UTC, amounts in ticks.
Gives:  readings, measures, dues.
Never:  reads the machine's clock, uses a float, or loops over more than the breakpoints it needs.
"""

from typing import Protocol

from sladsl.clock.amounts import ClockKind
from sladsl.clock.calendars import Calendar


class Clock(Protocol):
    """How time is counted; every clock answers these."""

    @property
    def kind(self) -> ClockKind:
        """Which of the four it is."""

    def read(self, us: int) -> int:
        """The clock's ticks at an instant; only differences mean anything."""

    def measure(self, a_us: int, b_us: int) -> int:
        """The ticks between two instants."""

    def due(self, start_us: int, ticks: int) -> int | None:
        """The least instant u >= start with measure(start, u) >= ticks.

        For business days a due outside hours moves to the next opening. None where a calendar does not reach it within
        ten years of the start.
        """

    def latest(self, due_us: int, ticks: int) -> int:
        """The greatest instant u <= due with measure(u, due) >= ticks."""

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """The clock between two instants as sorted (times, ticks): linear between two points, a jump where a time stands twice."""


def clock_for(kind: ClockKind, calendar: Calendar | None, zone: str) -> Clock:
    """The clock of a kind; business clocks need the calendar, calendar days the zone.

    Raises ValueError where a business clock has no calendar.
    """
    raise NotImplementedError
