"""What a zone's wall clock shows, and when it shows it.

Takes:  a zone, instants (microseconds UTC), wall readings (microseconds since 1970-01-01 00:00 on the wall).
Gives:  offsets, the changes of the clock, instants of wall readings, the highest reading so far.
Never:  fails for a far instant: zone rules repeat with the calendar, every 400 years.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from sladsl.clock.amounts import DAY_US
from sladsl.clock.dates import CYCLE_DAYS, day_number
from sladsl.clock.zones import zone as zone_named

# Everything that is built lazily comes in blocks of 27 weeks: 773 of them are exactly the 400 years in which the
# Gregorian calendar repeats itself.
BLOCK_DAYS = 189
BLOCK_US = BLOCK_DAYS * DAY_US
CYCLE_US = CYCLE_DAYS * DAY_US
BLOCKS_PER_CYCLE = CYCLE_DAYS // BLOCK_DAYS

# After this the zone data only follows rules (the last change listed singly is in 2086); a test looks after it.
RULES_FROM_US = day_number(2100, 1, 1) * DAY_US
# Before this no zone has a change.
FIRST_CHANGE_US = day_number(1800, 1, 1) * DAY_US

# No two changes of any zone lie as close as this (a test looks after that too), so probing at this distance finds all.
_PROBE_US = 5 * DAY_US
_NEVER = -(1 << 200)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Change(NamedTuple):
    """The clock is set: at the instant `us` the offset goes from `before` to `after`, all in microseconds."""

    us: int
    before: int
    after: int


class Resolved(NamedTuple):
    """Where a wall reading lies.

    `first` and `last` are its first and last instant (one and the same but for a repeated reading; where it was
    skipped, both are the instant of the change). `us` is how a log's time is read: the first, and a skipped one later
    by the gap. `note` is empty, `skipped` or `repeated`.
    """

    us: int
    first: int
    last: int
    note: str


class _Block(NamedTuple):
    """A block of a zone: the offset is `offsets[i]` up to `times[i]`; `peaks` are earlier, higher readings."""

    times: list[int]
    offsets: list[int]
    peaks: list[int]


class _WallBlock(NamedTuple):
    """The same by wall reading: `reached[i]` is the highest reading at `times[i]`."""

    reached: list[int]
    times: list[int]
    offsets: list[int]


class Offsets:
    """The wall clock of one zone."""

    __slots__ = ("_blocks", "_days", "_tz", "_walls", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._tz = zone_named(name)
        self._blocks: dict[int, _Block] = {}
        self._walls: dict[int, _WallBlock] = {}
        self._days: dict[int, int | None] = {}

    def at(self, us: int) -> int:
        """The offset at an instant, in microseconds east of UTC."""
        block = self._blocks.get(us // BLOCK_US) or self._build(us // BLOCK_US)
        return block.offsets[bisect_right(block.times, us)] if block.times else block.offsets[0]

    def highest(self, us: int) -> int:
        """The highest wall reading so far: the wall clock, but standing still where it was set back."""
        block = self._blocks.get(us // BLOCK_US) or self._build(us // BLOCK_US)
        times, offsets, peaks = block
        i = bisect_right(times, us) if times else 0
        wall = us + offsets[i]
        return wall if wall > peaks[i] else peaks[i]

    def first_at_least(self, wall: int) -> int:
        """The first instant whose highest reading so far is at least `wall`."""
        block = self._walls.get(wall // BLOCK_US) or self._build_wall(wall // BLOCK_US)
        reached, times, offsets = block
        if not times:
            return wall - offsets[0]
        i = bisect_left(reached, wall)
        us = wall - offsets[i]
        return times[i] if i < len(times) and us > times[i] else us

    def changes(self, lo_us: int, hi_us: int) -> list[Change]:
        """The changes at instants in [lo, hi), in order."""
        found: list[Change] = []
        for number in range(lo_us // BLOCK_US, (hi_us - 1) // BLOCK_US + 1):
            block = self._blocks.get(number) or self._build(number)
            for i, us in enumerate(block.times):
                if lo_us <= us < hi_us:
                    found.append(Change(us, block.offsets[i], block.offsets[i + 1]))
        return found

    def day_offset(self, day: int) -> int | None:
        """The offset all through a local date (its midnight at the end included); None where a change touches it."""
        try:
            return self._days[day]
        except KeyError:
            pass
        start = day * DAY_US
        # offsets are less than a day, so this holds every instant that can read as this date
        changed = self.changes(start - DAY_US, start + 2 * DAY_US + 1)
        offset = None if changed else self.at(start)
        if len(self._days) > 100_000:
            self._days.clear()
        self._days[day] = offset
        return offset

    def resolve(self, wall: int) -> Resolved:
        """Where a wall reading lies, and what is odd about it."""
        offset = self.day_offset(wall // DAY_US)
        if offset is not None:
            us = wall - offset
            return Resolved(us, us, us, "")
        changes = self.changes(wall - 2 * DAY_US, wall + 2 * DAY_US)
        if not changes:
            us = wall - self.at(wall)
            return Resolved(us, us, us, "")
        found: list[int] = []
        since = _NEVER
        for change in changes:
            us = wall - change.before
            if since <= us < change.us:
                found.append(us)
            since = change.us
        us = wall - changes[-1].after
        if since <= us:
            found.append(us)
        if found:
            return Resolved(found[0], found[0], found[-1], "repeated" if len(found) > 1 else "")
        jump = next(change for change in changes if change.us + change.before <= wall < change.us + change.after)
        return Resolved(wall - jump.before, jump.us, jump.us, "skipped")

    def _build(self, number: int) -> _Block:
        start = number * BLOCK_US
        times: list[int] = []
        # from the instant before, so that a change at the very start of the block is one of its changes
        lo, last = start - 1, start + BLOCK_US - 1
        offsets = [self._probe(lo)]
        while lo < last:
            hi = min(lo + _PROBE_US, last)
            after = self._probe(hi)
            if after != offsets[-1]:
                times.append(self._change_between(lo, hi, after))
                offsets.append(after)
            lo = hi
        # what the two days before the block have reached may still be higher than its first readings
        peak = max((us + before for us, before, _ in self._changes_before(start)), default=_NEVER)
        peaks = [peak]
        for us, before in zip(times, offsets, strict=False):
            peak = max(peak, us + before)
            peaks.append(peak)
        block = _Block(times, offsets, peaks)
        self._blocks[number] = block
        return block

    def _changes_before(self, start: int) -> list[Change]:
        before, after = self._probe(start - 2 * DAY_US), self._probe(start - 1)
        if before == after:
            return []
        return [Change(self._change_between(start - 2 * DAY_US, start - 1, after), before, after)]

    def _change_between(self, lo: int, hi: int, after: int) -> int:
        """The instant in (lo, hi] at which the offset becomes `after`."""
        while hi - lo > 1:
            middle = (lo + hi) // 2
            if self._probe(middle) == after:
                hi = middle
            else:
                lo = middle
        return hi

    def _build_wall(self, number: int) -> _WallBlock:
        start = number * BLOCK_US
        changes = self.changes(start - 2 * DAY_US, start + BLOCK_US + 2 * DAY_US)
        times = [change.us for change in changes]
        offsets = [changes[0].before if changes else self.at(start), *(change.after for change in changes)]
        block = _WallBlock([self.highest(us) for us in times], times, offsets)
        self._walls[number] = block
        return block

    def _probe(self, us: int) -> int:
        """The offset at an instant as the zone data has it."""
        if us >= RULES_FROM_US:
            us = RULES_FROM_US + (us - RULES_FROM_US) % CYCLE_US
        elif us < FIRST_CHANGE_US:
            us = FIRST_CHANGE_US
        moment = _EPOCH + timedelta(microseconds=us)
        offset = moment.astimezone(self._tz).utcoffset()
        assert offset is not None
        return (offset.days * 86_400 + offset.seconds) * 1_000_000 + offset.microseconds


@cache
def offsets_of(zone: str) -> Offsets:
    """The wall clock of a zone, one object a zone. Raises KeyError for an unknown one."""
    return Offsets(zone)


def local_to_us(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    microsecond: int = 0,
    *,
    zone: str,
) -> tuple[int, str]:
    """The instant of a local time, and a note.

    The note is `skipped` where a clock change left the time out (it is read later by what was skipped), `repeated`
    where it comes twice (the first is taken), else empty. Raises ValueError where there is no such date or time.

    >>> local_to_us(2026, 3, 29, 2, 30, zone="Europe/Madrid")
    (1774747800000000, 'skipped')
    """
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second <= 60 and 0 <= microsecond < 1_000_000):
        raise ValueError("no such time of day")
    time_us = ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond
    resolved = offsets_of(zone).resolve(day_number(year, month, day) * DAY_US + time_us)
    return resolved.us, resolved.note
