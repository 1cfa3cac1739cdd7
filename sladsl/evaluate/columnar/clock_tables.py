"""Clocks, points in time and zones as the kernel's tables.

Takes:  which clocks a plan needs, the span of the events.
Gives:  `ClockTables`: their numbers, and once the span is known their breakpoints.
Never:  decides what a clock does; `sladsl.clock` does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sladsl.clock import Clock, ClockKind, Point, clock_for, compile_calendar, point_due
from sladsl.clock.offsets import offsets_of
from sladsl.evaluate.columnar.errors import BeyondReach
from sladsl.ir.plan import Plan

DAY_US = 86_400_000_000
TEN_YEARS_US = 3653 * DAY_US
ZONES_AT_MOST = 1024
_KINDS = {ClockKind.EXACT: 0, ClockKind.BUSINESS_TIME: 1, ClockKind.BUSINESS_DAYS: 2, ClockKind.CALENDAR_DAYS: 3}
_SLACK_US = 400 * DAY_US
_LONGEST_SPAN_US = 150 * 366 * DAY_US

CLOCK = np.dtype([(name, "i4") for name in ("kind", "first", "count", "edges", "edge_count")])
STEPS = np.dtype([("first", "i4"), ("count", "i4")])


class ClockTables:
    """Numbers clocks, points and zones as they are asked for, and fills their tables for a span of time.

    A family is a clock or point of a calendar that attributes tell: it has one number for each calendar and zone.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.longest_ticks = 0  # of any amount: how far a due may lie ahead
        self.looks_back = False  # an alert counts back from a due
        self.zones: dict[str, int] = {}
        self.told: set[int] = set()  # calendars that are read as attributes tell
        self._clocks: dict[tuple[ClockKind, int, str], int] = {(ClockKind.EXACT, -1, ""): 0}
        self._steps: dict[tuple[Any, ...], int] = {}
        self._families: list[tuple[Any, ...]] = []
        self._covered: tuple[int, int] | None = None
        self._filled = (-1, -1, -1)
        self.tables: dict[str, np.ndarray[Any, Any]] = {}

    # --- numbers ----------------------------------------------------------------------------------------------------

    def clock(self, kind: ClockKind, calendar: int | None, zone: str = "") -> int:
        """The number of a clock; `zone` is that of an attribute, else it is the calendar's or the agreement's."""
        if kind is ClockKind.EXACT:
            return 0
        place = -1 if calendar is None or kind is ClockKind.CALENDAR_DAYS else calendar
        key = kind, place, self.zone_of(calendar, zone)
        return self._clocks.setdefault(key, len(self._clocks))

    def point(self, point: Point, calendar: int | None, zone: str = "") -> int:
        """The number of a point's table."""
        return self._step(("point", point, -1 if calendar is None else calendar, self.zone_of(calendar, zone)))

    def offset(self) -> int:
        """The number of the table of the agreement's wall clock."""
        return self._step(("offset",))

    def family(self, key: tuple[Any, ...]) -> int:
        """The number of a family: (`clock`, kind) or (`point`, point)."""
        if key not in self._families:
            self._families.append(key)
        return self._families.index(key)

    def zone(self, name: str) -> int:
        """The number of a zone."""
        number = self.zones.setdefault(name, len(self.zones))
        if number >= ZONES_AT_MOST:
            raise BeyondReach("the log names more than a thousand time zones")
        return number

    def zone_of(self, calendar: int | None, zone: str) -> str:
        """The zone that a calendar is read in."""
        if zone or calendar is None:
            return zone or self.plan.zone
        return self.plan.calendars[calendar].zone or self.plan.zone

    def _step(self, key: tuple[Any, ...]) -> int:
        return self._steps.setdefault(key, len(self._steps))

    # --- tables -----------------------------------------------------------------------------------------------------

    def cover(self, lo_us: int, hi_us: int) -> bool:
        """Fill the tables for events between two instants; whether they have changed."""
        for number, family in enumerate(self._families):
            self._number_family(number, family)
        filled = (len(self._clocks), len(self._steps), len(self.zones))
        covered = self._covered
        if filled == self._filled and covered is not None and covered[0] <= lo_us and hi_us <= covered[1]:
            return False
        if covered is not None:
            lo_us, hi_us = min(lo_us, covered[0]), max(hi_us, covered[1])
        if len(self._clocks) + len(self._steps) > 1 and hi_us - lo_us > _LONGEST_SPAN_US:
            raise BeyondReach("the log spans more than 150 years")
        if covered is None or lo_us < covered[0] or hi_us > covered[1]:
            self._covered = lo_us - _SLACK_US, hi_us + _SLACK_US
        assert self._covered is not None
        self._filled = filled
        self._fill(*self._covered)
        return True

    def _number_family(self, number: int, family: tuple[Any, ...]) -> None:
        for place, zone in self._readings():
            self._of_family(family, place, zone)

    def _of_family(self, family: tuple[Any, ...], place: int, zone: str) -> int:
        return self.clock(family[1], place, zone) if family[0] == "clock" else self.point(family[1], place, zone)

    def _readings(self) -> list[tuple[int, str]]:
        """The calendars and zones in which one that attributes tell may be read."""
        found: list[tuple[int, str]] = []
        for place, spec in enumerate(self.plan.calendars):
            if place in self.told:
                fixed = spec.zone or self.plan.zone
                found += [(place, zone) for zone in (list(self.zones) if spec.zone_attribute else [fixed])]
        return found

    def _fill(self, lo: int, hi: int) -> None:
        back = TEN_YEARS_US + _SLACK_US if self.looks_back else 0
        ahead = max(TEN_YEARS_US, self.longest_ticks) + _SLACK_US
        clocks = np.zeros(len(self._clocks), CLOCK)
        times: list[int] = []
        ticks: list[int] = []
        edges: list[int] = []
        for (kind, calendar, zone), number in self._clocks.items():
            record = clocks[number]
            record["kind"], record["first"], record["edges"] = _KINDS[kind], len(times), len(edges)
            if kind is not ClockKind.EXACT:
                clock, openings = self._clock(kind, calendar, zone, lo - back, hi + ahead)
                more_times, more_ticks = clock.breakpoints(lo - back, hi + ahead)
                times += more_times
                ticks += more_ticks
                edges += openings
            record["count"], record["edge_count"] = len(times) - record["first"], len(edges) - record["edges"]
        steps = np.zeros(max(1, len(self._steps)), STEPS)
        starts: list[int] = []
        dues: list[int] = []
        for key, number in self._steps.items():
            found = self._offsets(lo - back, hi + ahead) if key[0] == "offset" else self._points(key, lo, hi)
            steps[number] = len(starts), len(found)
            starts += [start for start, _ in found]
            dues += [due for _, due in found]
        width = len(self.plan.calendars) * ZONES_AT_MOST
        table = np.zeros((max(1, len(self._families)), max(1, width)), np.int32)
        for number, family in enumerate(self._families):
            for place, zone in self._readings():
                table[number, place * ZONES_AT_MOST + self.zone(zone)] = self._of_family(family, place, zone)
        self.tables = {
            "clocks": clocks,
            "clock_times": _whole(times),
            "clock_ticks": _whole(ticks),
            "clock_edges": _whole(edges),
            "points": steps,
            "point_starts": _whole(starts),
            "point_dues": _whole(dues),
            "zone_clocks": table.reshape(-1),
        }

    def _clock(self, kind: ClockKind, calendar: int, zone: str, lo: int, hi: int) -> tuple[Clock, list[int]]:
        if kind is ClockKind.CALENDAR_DAYS:
            return clock_for(kind, None, zone), []
        compiled = compile_calendar(self.plan.calendars[calendar], zone)
        return clock_for(kind, compiled, zone), [us for span in compiled.openings(lo, hi) for us in span]

    def _points(self, key: tuple[Any, ...], lo: int, hi: int) -> list[tuple[int, int]]:
        """The dues of a point as steps: from each start on, the due."""
        _, point, place, zone = key
        calendar = None if place < 0 else compile_calendar(self.plan.calendars[place], zone)
        offsets = offsets_of(zone)
        found = {lo}
        for day in range(lo // DAY_US - 2, hi // DAY_US + 3):
            midnight = offsets.resolve(day * DAY_US)
            found |= {midnight.first, midnight.last}
            for time_of_day in (point.cutoff_us, point.time_of_day_us):
                if time_of_day is not None:
                    us = offsets.resolve(day * DAY_US + time_of_day).us
                    found |= {us, us + 1}
            closing = calendar.last_closing_of_day(day) if calendar and point.time_of_day_us is None else None
            if closing is not None:
                found |= {closing, closing + 1}
        for change in offsets.changes(lo, hi):
            # the wall clock shows the readings around a change twice or never
            found |= {change.us, change.us + abs(change.after - change.before)}
        none = -(1 << 63)
        steps: list[tuple[int, int]] = []
        for start in sorted(us for us in found if lo <= us <= hi):
            due = point_due(point, start, calendar, zone)
            if not steps or steps[-1][1] != (none if due is None else due):
                steps.append((start, none if due is None else due))
        return steps

    def _offsets(self, lo: int, hi: int) -> list[tuple[int, int]]:
        offsets = offsets_of(self.plan.zone)
        return [(lo, offsets.at(lo)), *((change.us, change.after) for change in offsets.changes(lo + 1, hi))]


def _whole(numbers: list[int]) -> np.ndarray[Any, Any]:
    return np.array(numbers or [0], np.int64)
