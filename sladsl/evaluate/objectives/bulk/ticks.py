"""A clock, read at many instants at once.

Takes:  a clock (see `sladsl.clock`), and the calendar behind it.
Gives:  `Ticks`: readings, measures and dues of arrays of instants.
Never:  decides what a clock does: it follows the clock's own breakpoints.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sladsl.clock import Calendar, Clock, ClockKind

Array = np.ndarray[Any, Any]
NONE = -(1 << 63)  # no due
_DAY_US = 86_400_000_000
_TEN_YEARS_US = 3653 * _DAY_US
_SLACK_US = 400 * _DAY_US


class Ticks:
    """One clock.

    Args:
        clock: which.
        calendar: whose openings it counts; only clocks of business time and days have one.
    """

    def __init__(self, clock: Clock, calendar: Calendar | None = None) -> None:
        self.clock = clock
        self._calendar = calendar
        self._exact = clock.kind is ClockKind.EXACT
        self._span = (0, -1)
        self._times: Array = np.zeros(0, np.int64)
        self._ticks: Array = np.zeros(0, np.int64)
        self._openings: Array = np.zeros(0, np.int64)

    def measure(self, a: Array, b: Array) -> Array:
        """The ticks from each instant to another."""
        if self._exact:
            found: Array = b - a
            return found
        if not len(a):
            return np.zeros(0, np.int64)
        self._reach(int(min(a.min(), b.min())), int(max(a.max(), b.max())))
        return self._read(b) - self._read(a)

    def due(self, start: Array, ticks: int) -> Array:
        """The least instant from each start on by which so many ticks have passed, NONE where a calendar never comes to it."""
        if self._exact or not len(start):
            found: Array = start + max(ticks, 0)
            return found
        self._reach(int(start.min()), int(start.max()) + max(_TEN_YEARS_US, 2 * ticks))
        days = self.clock.kind is ClockKind.BUSINESS_DAYS
        if ticks <= 0:
            return self._next_opening(start) if days else start
        target = self._read(start) + ticks
        place = np.searchsorted(self._ticks, target, side="left")
        there = place < len(self._ticks)
        place = np.minimum(place, len(self._ticks) - 1)
        us = self._times[place]
        sloped = (place > 0) & (self._times[np.maximum(place - 1, 0)] != us)
        us = np.where(sloped, us - (self._ticks[place] - target), us)
        if days:
            there &= self._next_opening(start) != NONE
            us = self._next_opening(us)
        if self.clock.kind in (ClockKind.BUSINESS_DAYS, ClockKind.BUSINESS_TIME):
            there &= us <= start + _TEN_YEARS_US
        return np.where(there, us, NONE)

    def _reach(self, lo: int, hi: int) -> None:
        if self._span[0] <= lo and hi <= self._span[1]:
            return
        if self._span[0] <= self._span[1]:
            lo, hi = min(lo, self._span[0]), max(hi, self._span[1])
        self._span = lo - _SLACK_US, hi + _SLACK_US
        times, ticks = self.clock.breakpoints(*self._span)
        self._times, self._ticks = np.array(times, np.int64), np.array(ticks, np.int64)
        if self._calendar is not None:
            spans = self._calendar.openings(*self._span)
            self._openings = np.array([us for span in spans for us in span], np.int64)

    def _read(self, us: Array) -> Array:
        times, ticks = self._times, self._ticks
        place = np.searchsorted(times, us, side="right") - 1
        following = np.minimum(place + 1, len(times) - 1)
        still = (place == following) | (ticks[following] == ticks[place])
        return ticks[place] + np.where(still, 0, us - times[place])

    def _next_opening(self, us: Array) -> Array:
        """Each instant itself where the calendar is open, else the next opening; NONE where none comes within ten years."""
        place = np.searchsorted(self._openings, us, side="right")
        following = self._openings[np.minimum(place, len(self._openings) - 1)] if len(self._openings) else us
        late = (place == len(self._openings)) | (following > us + _TEN_YEARS_US)
        return np.where(place & 1 == 1, us, np.where(late, NONE, following))
