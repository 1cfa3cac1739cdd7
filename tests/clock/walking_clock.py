"""The twin of law 12: clocks that walk the calendar minute by minute with the zone data.

Takes:  a zone, hours, and two whole minutes between which it walks.
Gives:  reading, due and latest of each clock, by looking at every minute in turn.
Never:  uses anything of the clock room but its zone data.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from clock_cases import DAY, MINUTE

from sladsl.clock import Hours, zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Walk:
    """All minutes from `lo` on: what the wall clock shows, the highest it has shown, whether it is open."""

    def __init__(self, zone_name: str, lo: int, hi: int, weekly: tuple[Hours, ...], left_out: frozenset[date]) -> None:
        self.lo = lo
        tz = zone(zone_name)
        start = (_EPOCH + timedelta(microseconds=lo)).replace(tzinfo=tz)
        self.walls: list[int] = []
        dates: list[date] = []
        for step in range((hi - lo) // MINUTE):
            local = tz.fromutc(start + timedelta(minutes=step)).replace(tzinfo=UTC)
            self.walls.append((local - _EPOCH) // timedelta(microseconds=1))
            if not dates or dates[-1] != local.date():
                dates.append(local.date())
        count = len(self.walls)
        shown_at: dict[int, list[int]] = {}
        for i, wall in enumerate(self.walls):
            shown_at.setdefault(wall, []).append(i)
        self.opened = [False] * count
        self.worked: dict[int, bool] = {}
        for day in dict.fromkeys(dates):
            number = (day - _EPOCH.date()).days
            self.worked.setdefault(number, False)
            lines = [] if day in left_out else [line.spans for line in weekly if day.weekday() in line.weekdays]
            for since, until in (span for line in lines for span in line):
                opening = self._edge(shown_at, number * DAY + since, first=True)
                closing = self._edge(shown_at, number * DAY + until, first=False)
                if opening < closing:
                    self.worked[number] = True
                for i in range(opening, closing):
                    self.opened[i] = True
        self.highest: list[int] = []
        peak = self.walls[0]
        for wall in self.walls:
            peak = max(peak, wall)
            self.highest.append(peak)
            peak = max(peak, wall + MINUTE)

    def _edge(self, shown_at: dict[int, list[int]], wall: int, *, first: bool) -> int:
        """The minute that an edge lies at: the first or the second reading, or what comes after a skipped one."""
        if wall in shown_at:
            return shown_at[wall][0 if first else -1]
        later = (i for i, shown in enumerate(self.walls) if shown > wall)
        return next(later, len(self.walls))


class WalkingClock:
    """A clock of which every minute's first value and value before its end are known."""

    def __init__(self, walk: Walk, kind: str) -> None:
        self.walk = walk
        self.kind = kind
        self.begins: list[int] = []
        self.ends: list[int] = []
        getattr(self, f"_{kind}")()

    def read(self, us: int) -> int:
        i, rest = divmod(us - self.walk.lo, MINUTE)
        return min(self.begins[i] + rest, max(self.begins[i], self.ends[i]))

    def due(self, start: int, ticks: int) -> int:
        """The least instant with so many ticks; for business days moved to the next opening."""
        target = self.read(start) + ticks
        us = start
        if self.read(start) < target:
            # the first minute that begins with enough, or the one before where it comes to enough on the way
            i = bisect_left(self.begins, target)
            us = self.walk.lo + i * MINUTE
            if self.begins[i - 1] < target <= self.ends[i - 1]:
                us = self.walk.lo + (i - 1) * MINUTE + target - self.begins[i - 1]
        if self.kind == "business_days":
            while not self.walk.opened[(us - self.walk.lo) // MINUTE]:
                us = self.walk.lo + ((us - self.walk.lo) // MINUTE + 1) * MINUTE
        return us

    def latest(self, due: int, ticks: int) -> int:
        """The greatest instant with at most so many ticks less."""
        target = self.read(due) - ticks
        i = bisect_right(self.begins, target) - 1
        assert i >= 0, "the walk began too late"
        rest = MINUTE - 1 if self.ends[i] <= target else min(target - self.begins[i], MINUTE - 1)
        return min(due, self.walk.lo + i * MINUTE + rest)

    def _calendar_days(self) -> None:
        walk = self.walk
        self.begins = list(walk.highest)
        self.ends = [max(high, wall + MINUTE) for high, wall in zip(walk.highest, walk.walls, strict=True)]

    def _business_time(self) -> None:
        count = 0
        for is_open in self.walk.opened:
            self.begins.append(count)
            count += MINUTE if is_open else 0
            self.ends.append(count)

    def _business_days(self) -> None:
        walk = self.walk
        numbers = sorted(walk.worked)
        # all dates from the first to the one after the last, those too that the zone skips
        before = {
            day: sum(walk.worked[earlier] for earlier in numbers if earlier < day)
            for day in range(numbers[0], numbers[-1] + 2)
        }

        def worked(wall: int) -> int:
            day, time_of_day = divmod(wall, DAY)
            return before[day] * DAY + (time_of_day if walk.worked.get(day) else 0)

        minutes = range(len(walk.walls))
        self.begins = [worked(walk.highest[i]) for i in minutes]
        self.ends = [worked(max(walk.highest[i], walk.walls[i] + MINUTE)) for i in minutes]
        following = None
        for i in reversed(minutes):
            if walk.opened[i]:
                following = self.begins[i]
            elif following is not None:
                self.begins[i] = self.ends[i] = following
