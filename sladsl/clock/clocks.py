"""The four clocks: non-decreasing functions from instants to ticks.

Takes:  instants in microseconds UTC, amounts in ticks.
Gives:  readings, measures, dues.
Never:  reads the machine's clock, uses a float, or loops over more than the blocks it needs.
"""

from bisect import bisect_left, bisect_right
from typing import Protocol

from sladsl.clock.amounts import DAY_US, ClockKind
from sladsl.clock.dates import day_number
from sladsl.clock.offsets import BLOCK_DAYS, BLOCK_US, Offsets
from sladsl.clock.openings import TEN_YEARS_BLOCKS, TEN_YEARS_US, Openings

# No log holds an instant outside the years 1 to 9999, but an exact due may lie anywhere; no clock counts up to there.
_FIRST_US = day_number(-100, 1, 1) * DAY_US
_LAST_US = day_number(10_100, 1, 1) * DAY_US


class Clock(Protocol):
    """How time is counted; every clock answers these."""

    @property
    def kind(self) -> ClockKind:
        """Which of the four it is."""

    def read(self, us: int) -> int:
        """The clock's ticks at an instant; only differences mean anything."""

    def measure(self, a_us: int, b_us: int) -> int:
        """The ticks between two instants: C(b) - C(a)."""

    def due(self, start_us: int, ticks: int) -> int | None:
        """The least instant u >= start with measure(start, u) >= ticks.

        For business days a due outside hours moves to the next opening. None where a calendar does not reach it within
        ten years of the start.
        """

    def latest(self, due_us: int, ticks: int) -> int:
        """The greatest instant u <= due with measure(u, due) >= ticks; ten years before where a calendar has none."""

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """The clock from lo to hi as sorted (times, ticks): a straight line between two points, a jump where a time
        stands twice. Between two points ticks rise as time does or stand still."""


class ExactClock:
    """Real elapsed time."""

    __slots__ = ()

    kind = ClockKind.EXACT

    def read(self, us: int) -> int:
        """The instant itself."""
        return us

    def measure(self, a_us: int, b_us: int) -> int:
        """Microseconds between two instants."""
        return b_us - a_us

    def due(self, start_us: int, ticks: int) -> int | None:
        """So many microseconds later."""
        return start_us + ticks if ticks > 0 else start_us

    def latest(self, due_us: int, ticks: int) -> int:
        """So many microseconds before."""
        return due_us - ticks if ticks > 0 else due_us

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """One straight line."""
        return [lo_us, hi_us], [lo_us, hi_us]


class CalendarDaysClock:
    """The highest wall-clock reading so far: the same time of day, so many dates later."""

    __slots__ = ("_first_at_least", "_offsets", "read")

    kind = ClockKind.CALENDAR_DAYS

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self._first_at_least = offsets.first_at_least
        self.read = offsets.highest

    def measure(self, a_us: int, b_us: int) -> int:
        """Wall-clock time between two instants."""
        return self.read(b_us) - self.read(a_us)

    def due(self, start_us: int, ticks: int) -> int | None:
        """The same wall-clock time so many dates later; a skipped one at the jump, a repeated one at its first."""
        return self._first_at_least(self.read(start_us) + ticks) if ticks > 0 else start_us

    def latest(self, due_us: int, ticks: int) -> int:
        """The last instant at which the wall clock had not passed the reading so many ticks before."""
        if ticks <= 0:
            return due_us
        return self._first_at_least(self.read(due_us) - ticks + 1) - 1

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """A jump where the clock is set forward, a stretch of standing still where it is set back."""
        line = _Line(lo_us, self.read(lo_us))
        for us in _turns(self._offsets, lo_us, hi_us):
            line.put(us, _reading_before(self._offsets, us))
            line.put(us, self.read(us))
        line.put(hi_us, self.read(hi_us))
        return line.times, line.ticks


class BusinessTimeClock:
    """Open time."""

    __slots__ = ("_block", "_blocks", "_openings")

    kind = ClockKind.BUSINESS_TIME

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self._block = openings.block
        self._blocks = openings.blocks

    def read(self, us: int) -> int:
        """Open microseconds before an instant, from a fixed date on."""
        us = _within_reach(us)
        number = us // BLOCK_US
        return self._openings.ticks_before(number) + self._within(number, us)

    def measure(self, a_us: int, b_us: int) -> int:
        """Open microseconds between two instants."""
        number = a_us // BLOCK_US
        if b_us // BLOCK_US == number:
            return self._within(number, b_us) - self._within(number, a_us)
        return self.read(b_us) - self.read(a_us)

    def due(self, start_us: int, ticks: int) -> int | None:
        """The first instant by which so much open time has passed."""
        if ticks <= 0:
            return start_us
        number = start_us // BLOCK_US
        edges, counts, shift = self._blocks.get(number) or self._block(number)
        i = bisect_right(edges, start_us)
        target = ticks + (start_us - shift[i >> 1] if i & 1 else counts[i >> 1])
        if target <= counts[-1]:
            return target + shift[bisect_left(counts, target, i >> 1) - 1]
        return self._later_due(start_us, number, target - counts[-1])

    def latest(self, due_us: int, ticks: int) -> int:
        """The last instant after which so much open time still passed before the due."""
        if ticks <= 0:
            return due_us
        number = due_us // BLOCK_US
        target = self._within(number, due_us) - ticks
        first = (due_us - TEN_YEARS_US) // BLOCK_US
        while target < 0:
            number -= 1
            if number < first:
                return due_us - TEN_YEARS_US
            target += self._block(number).ticks[-1]
        _, counts, shift = self._block(number)
        return target + shift[bisect_right(counts, target) - 1]

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """Rising while open, standing still while closed."""
        count = self.read(lo_us)
        line = _Line(lo_us, count)
        for since, until in self._openings.between(lo_us, hi_us):
            line.put(since, count)
            count += until - since
            line.put(until, count)
        line.put(hi_us, count)
        return line.times, line.ticks

    def _within(self, number: int, us: int) -> int:
        edges, counts, shift = self._blocks.get(number) or self._block(number)
        i = bisect_right(edges, us)
        return us - shift[i >> 1] if i & 1 else counts[i >> 1]

    def _later_due(self, start_us: int, number: int, target: int) -> int | None:
        limit = start_us + TEN_YEARS_US
        for later in range(number + 1, limit // BLOCK_US + 1):
            _, counts, shift = self._block(later)
            if target <= counts[-1]:
                due = target + shift[bisect_left(counts, target) - 1]
                return due if due <= limit else None
            target -= counts[-1]
        return None


class BusinessDaysClock:
    """The highest wall-clock reading so far, non-working dates left out; outside hours, that of the next opening.

    A working date adds 24 hours whatever its hours are.
    """

    __slots__ = ("_offsets", "_openings", "_working_days")

    kind = ClockKind.BUSINESS_DAYS

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self._offsets = openings.offsets
        self._working_days = openings.working_days

    def read(self, us: int) -> int:
        """24 hours for each working date from a fixed date on, and the time of day of the last."""
        us = _within_reach(us)
        opening = self._openings.next_opening(us)
        return self._worked(self._offsets.highest(us if opening is None else opening))

    def measure(self, a_us: int, b_us: int) -> int:
        """The ticks between two instants, 24 hours a working date."""
        return self.read(b_us) - self.read(a_us)

    def due(self, start_us: int, ticks: int) -> int | None:
        """The same wall-clock time so many working dates later, or the next opening after it."""
        next_opening = self._openings.next_opening
        opening = next_opening(start_us)
        if opening is None or ticks <= 0:
            return opening
        day, time_of_day = divmod(self._offsets.highest(opening), DAY_US)
        number = day // BLOCK_DAYS
        days = self._working_days(number)
        i = bisect_left(days, day)
        if i == len(days) or days[i] != day:
            time_of_day = 0
        # the first reading that holds so much is the end of a working date rather than the midnight before the next
        more, time_of_day = divmod(time_of_day + ticks - 1, DAY_US)
        i += more
        limit = start_us + TEN_YEARS_US
        while i >= len(days):
            i -= len(days)
            number += 1
            if number > limit // BLOCK_US + 1:
                return None
            days = self._working_days(number)
        due = next_opening(self._offsets.first_at_least(days[i] * DAY_US + time_of_day + 1))
        return due if due is not None and due <= limit else None

    def latest(self, due_us: int, ticks: int) -> int:
        """The last instant, open or not, from which so many ticks still pass before the due."""
        if ticks <= 0:
            return due_us
        opening = self._openings.next_opening(due_us)
        day, time_of_day = divmod(self._offsets.highest(due_us if opening is None else opening), DAY_US)
        number = day // BLOCK_DAYS
        days = self._working_days(number)
        i = bisect_left(days, day)
        if i == len(days) or days[i] != day:
            time_of_day = 0
        more, time_of_day = divmod(time_of_day - ticks, DAY_US)
        i += more
        first = number - TEN_YEARS_BLOCKS - 1
        while i < 0:
            number -= 1
            if number < first:
                return due_us - TEN_YEARS_US
            days = self._working_days(number)
            i += len(days)
        us = min(due_us, self._offsets.first_at_least(days[i] * DAY_US + time_of_day + 1) - 1)
        if self._openings.open_at(us):
            return us
        # a closed instant reads as the opening after it, which is later than what was sought
        earlier = self._openings.last_open_before(us)
        return due_us - TEN_YEARS_US if earlier is None else earlier

    def breakpoints(self, lo_us: int, hi_us: int) -> tuple[list[int], list[int]]:
        """Rising while open, jumping at each closing to the reading of the next opening."""
        line = _Line(lo_us, self.read(lo_us))
        for since, until in self._openings.between(lo_us, hi_us):
            line.put(since, self.read(since))
            midnights = (self._offsets.first_at_least(day * DAY_US) for day in self._dates_begun(since, until))
            for us in sorted({*_turns(self._offsets, since, until), *midnights, until}):
                if us > since:
                    line.put(us, self._worked(_reading_before(self._offsets, us)))
                    line.put(us, self.read(us))
        line.put(hi_us, self.read(hi_us))
        return line.times, line.ticks

    def _dates_begun(self, since: int, until: int) -> range:
        """The dates whose midnight the highest reading passes between two instants."""
        return range(self._offsets.highest(since) // DAY_US + 1, self._offsets.highest(until - 1) // DAY_US + 1)

    def _worked(self, wall: int) -> int:
        day, time_of_day = divmod(wall, DAY_US)
        number = day // BLOCK_DAYS
        days = self._working_days(number)
        i = bisect_left(days, day)
        count = (self._openings.working_days_before(number) + i) * DAY_US
        return count + time_of_day if i < len(days) and days[i] == day else count


class _Line:
    """Breakpoints as they are put one after the other; a point said twice stands once."""

    __slots__ = ("ticks", "times")

    def __init__(self, us: int, count: int) -> None:
        self.times = [us]
        self.ticks = [count]

    def put(self, us: int, count: int) -> None:
        if us != self.times[-1] or count != self.ticks[-1]:
            self.times.append(us)
            self.ticks.append(count)


def _within_reach(us: int) -> int:
    """The instant, or the end of the years that a business clock runs in; it stands still beyond."""
    return min(max(us, _FIRST_US), _LAST_US)


def _turns(offsets: Offsets, lo_us: int, hi_us: int) -> list[int]:
    """The instants between lo and hi at which the highest wall reading jumps, stops or goes on."""
    found: set[int] = set()
    for change in offsets.changes(lo_us - 2 * DAY_US, hi_us):
        found.add(change.us)
        if change.after < change.before:
            found.add(offsets.highest(change.us) - change.after)
    return sorted(us for us in found if lo_us < us < hi_us)


def _reading_before(offsets: Offsets, us: int) -> int:
    """What the highest wall reading comes to as time comes to this instant."""
    return max(us + offsets.at(us - 1), offsets.highest(us - 1))
