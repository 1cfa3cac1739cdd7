"""Open stretches and working dates, built as they are asked for.

Takes:  the hours of each date and the wall clock of a zone.
Gives:  blocks of open stretches as instants, blocks of working dates, and how much of both lies before a block.
Never:  builds a block that nobody needs, or gives another answer for another order of questions.
"""

from bisect import bisect_right
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from sladsl.clock.amounts import DAY_US
from sladsl.clock.dates import day_number
from sladsl.clock.hours import DateHours, Spans
from sladsl.clock.offsets import (
    BLOCK_DAYS,
    BLOCK_US,
    BLOCKS_PER_CYCLE,
    FIRST_CHANGE_US,
    RULES_FROM_US,
    Offsets,
)

# How far a clock looks for a due, an opening or a working date: ten years of calendar.
TEN_YEARS_US = 3653 * DAY_US
TEN_YEARS_BLOCKS = TEN_YEARS_US // BLOCK_US + 1

# Ticks are counted from the block of this date, fixed so that readings are the same in every process.
_ANCHOR = day_number(2020, 1, 1) // BLOCK_DAYS


class OpenBlock(NamedTuple):
    """The open stretches in one block of 27 weeks, cut to it; no two of them touch.

    `edges` alternate: opening, closing, opening, … `ticks[i]` is the open time in the block before stretch i, the last
    one that of the whole block. `shift[i]` added to a count of ticks inside stretch i gives the instant.
    """

    edges: list[int]
    ticks: list[int]
    shift: list[int]


class _Prefix:
    """Sums over blocks, from the anchor on; far blocks that are repetitions of each other are counted once."""

    __slots__ = ("_after", "_before", "_lock", "_repeated", "_same_as", "_total")

    def __init__(self, total: Callable[[int], int], same_as: Callable[[int], tuple[bool, int] | None]) -> None:
        self._total = total
        self._same_as = same_as
        self._after = [0]
        self._before = [0]
        self._repeated: dict[tuple[bool, int], int] = {}
        # calendars are shared by all who compile the same one, and two must not append the same sum
        self._lock = Lock()

    def at(self, number: int) -> int:
        """The sum over all blocks from the anchor to before this one (negative before the anchor)."""
        steps = number - _ANCHOR
        sums, at = (self._after, steps) if steps >= 0 else (self._before, -steps)
        if at >= len(sums):
            with self._lock:
                while len(self._after) <= steps:
                    self._after.append(self._after[-1] + self._of(_ANCHOR + len(self._after) - 1))
                while len(self._before) <= -steps:
                    self._before.append(self._before[-1] - self._of(_ANCHOR - len(self._before)))
        return sums[at]

    def _of(self, number: int) -> int:
        key = self._same_as(number)
        if key is None:
            return self._total(number)
        if key not in self._repeated:
            self._repeated[key] = self._total(number)
        return self._repeated[key]


class Openings:
    """When a calendar is open, in one zone."""

    __slots__ = ("_open_before", "_reach_days", "_workdays", "_worked_before", "blocks", "hours", "offsets")

    def __init__(self, hours: DateHours, offsets: Offsets) -> None:
        self.hours = hours
        self.offsets = offsets
        self._reach_days = -(-hours.longest_us // DAY_US)
        self.blocks: dict[int, OpenBlock] = {}
        self._workdays: dict[int, list[int]] = {}
        self._open_before = _Prefix(self._open_total, self._same_as)
        self._worked_before = _Prefix(self._worked_total, self._same_as)

    def block(self, number: int) -> OpenBlock:
        """The open stretches between `number * BLOCK_US` and the next block."""
        block = self.blocks.get(number)
        if block is None:
            block = self.blocks[number] = self._build(number)
        return block

    def ticks_before(self, number: int) -> int:
        """Open time from the anchor to the start of a block."""
        return self._open_before.at(number)

    def working_days(self, number: int) -> list[int]:
        """The working dates among the day numbers from `number * BLOCK_DAYS` to before the next block, in order."""
        days = self._workdays.get(number)
        if days is None:
            days = self._workdays[number] = self._build_workdays(number)
        return days

    def working_days_before(self, number: int) -> int:
        """How many working dates lie between the anchor and a block of dates."""
        return self._worked_before.at(number)

    def open_at(self, us: int) -> bool:
        """Whether it is open at this instant."""
        return bisect_right(self.block(us // BLOCK_US).edges, us) & 1 == 1

    def next_opening(self, us: int) -> int | None:
        """The instant itself where it is open, else the next opening; None where none comes within ten years."""
        number = us // BLOCK_US
        block = self.blocks.get(number) or self.block(number)
        edges = block.edges
        i = bisect_right(edges, us)
        if i & 1:
            return us
        if i < len(edges):
            return edges[i]
        for later in range(number + 1, number + TEN_YEARS_BLOCKS + 1):
            edges = self.block(later).edges
            if edges:
                return edges[0] if edges[0] <= us + TEN_YEARS_US else None
        return None

    def last_open_before(self, us: int) -> int | None:
        """The last instant before a closed one at which it was open; None where there was none within ten years."""
        number = us // BLOCK_US
        edges = self.block(number).edges
        i = bisect_right(edges, us)
        if i:
            return edges[i - 1] - 1
        for earlier in range(number - 1, number - TEN_YEARS_BLOCKS - 1, -1):
            edges = self.block(earlier).edges
            if edges:
                return edges[-1] - 1
        return None

    def between(self, lo_us: int, hi_us: int) -> list[tuple[int, int]]:
        """The open stretches between two instants, cut to them, in order, none touching the next."""
        found: list[tuple[int, int]] = []
        for number in range(lo_us // BLOCK_US, (hi_us - 1) // BLOCK_US + 1):
            edges = self.block(number).edges
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                start, end = max(start, lo_us), min(end, hi_us)
                if start >= end:
                    continue
                if found and found[-1][1] == start:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((start, end))
        return found

    def of_date(self, day: int) -> list[tuple[int, int]]:
        """The open stretches that belong to a local date, as instants; they may overlap around a clock change."""
        return self._resolved(day, self.hours.between(day, day + 1)[0])

    def _resolved(self, day: int, spans: Spans) -> list[tuple[int, int]]:
        # INVARIANT: an opening in a repeated hour takes the first reading, a closing the second; in a skipped hour both
        # are the first instant after it, so that hours which the clock skips hold no time
        start = day * DAY_US
        resolve = self.offsets.resolve
        if not spans or resolve(start).first == resolve(start + DAY_US).first:
            return []  # a zone that moved over the date line has dates that never were, and they have no hours
        found = [(resolve(start + since).first, resolve(start + until).last) for since, until in spans]
        return [(since, until) for since, until in found if since < until]

    def _build(self, number: int) -> OpenBlock:
        start, end = number * BLOCK_US, (number + 1) * BLOCK_US
        reach = self._reach_days
        # offsets are less than a day; hours may reach into the dates after their own
        lo, hi = number * BLOCK_DAYS - reach - 1, (number + 1) * BLOCK_DAYS + 1
        uneven: set[int] = set()
        for change in self.offsets.changes((lo - 2) * DAY_US, (hi + reach + 2) * DAY_US):
            changed = change.us // DAY_US
            uneven.update(range(changed - reach - 1, changed + 2))
        offset: int | None = None
        found: list[tuple[int, int]] = []
        for day, spans in enumerate(self.hours.between(lo, hi), lo):
            if day in uneven:
                offset = None
                found += self._resolved(day, spans)
            elif spans:
                midnight = day * DAY_US
                if offset is None:
                    offset = self.offsets.at(midnight)
                midnight -= offset
                for since, until in spans:
                    found.append((midnight + since, midnight + until))
        return _block_of(_cut(found, start, end))

    def _build_workdays(self, number: int) -> list[int]:
        lo, hi = number * BLOCK_DAYS, (number + 1) * BLOCK_DAYS
        changes = self.offsets.changes((lo - 2) * DAY_US, (hi + self._reach_days + 2) * DAY_US)
        uneven = {day for us, *_ in changes for day in range(us // DAY_US - self._reach_days - 1, us // DAY_US + 2)}
        dates = enumerate(self.hours.between(lo, hi), lo)
        return [day for day, spans in dates if spans and (day not in uneven or self._resolved(day, spans))]

    def _open_total(self, number: int) -> int:
        block = self.blocks.get(number) or self._build(number)
        return block.ticks[-1]

    def _worked_total(self, number: int) -> int:
        return len(self._workdays.get(number) or self._build_workdays(number))

    def _same_as(self, number: int) -> tuple[bool, int] | None:
        """A key that blocks share which are repetitions of each other: rules of the zone, weeks and seasons only."""
        start, end = number * BLOCK_US, (number + 1) * BLOCK_US
        margin = self._reach_days + 2
        by_rule = start - margin * DAY_US >= RULES_FROM_US
        if not (by_rule or end + margin * DAY_US < FIRST_CHANGE_US):
            return None
        if not self.hours.repeats(number * BLOCK_DAYS - margin, (number + 1) * BLOCK_DAYS + margin):
            return None
        return by_rule, number % BLOCKS_PER_CYCLE


def _cut(stretches: list[tuple[int, int]], start: int, end: int) -> list[int]:
    """Stretches in any order, cut to [start, end) and joined where they touch, as alternating edges."""
    stretches.sort()
    edges: list[int] = []
    for since, until in stretches:
        if until <= start or since >= end:
            continue
        if since < start:
            since = start
        if until > end:
            until = end
        if edges and since <= edges[-1]:
            if until > edges[-1]:
                edges[-1] = until
        else:
            edges.append(since)
            edges.append(until)
    return edges


def _block_of(edges: list[int]) -> OpenBlock:
    ticks, shift, count = [0], [], 0
    for since, until in zip(edges[::2], edges[1::2], strict=True):
        shift.append(since - count)
        count += until - since
        ticks.append(count)
    return OpenBlock(edges, ticks, shift)
