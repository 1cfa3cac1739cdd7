"""The kernel's clocks and points are those of the clock room."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest

import sladsl
from sladsl.clock import ClockKind, Point, clock_for, compile_calendar, point_due
from sladsl.evaluate.columnar.clock_tables import ClockTables

HOUR = 3_600_000_000
DAY = 24 * HOUR
CALENDARS = {
    "office": "mon-thu 09:00-14:00, 15:00-18:30\n    fri 08:00-15:00",
    "always": "every day 00:00-24:00",
    "weekend": "sat-sun 10:00-12:00",
    "night": "mon-fri 22:00-06:00",
    "closed often": "mon-fri 09:00-17:00\n    closed 2026-03-02..2026-04-20\n    open 2026-03-28 01:30-03:30",
}
ZONES = ("UTC", "Europe/Madrid", "Australia/Lord_Howe", "America/New_York")
LO, HI = 1_772_000_000_000_000, 1_795_000_000_000_000


@cache
def doors() -> tuple[Any, ...]:
    from numba import njit

    from sladsl.evaluate.columnar.kernel import clocks

    measure, due, latest, point = clocks.measure, clocks.due, clocks.latest, clocks.point_due
    return (
        njit("i8(i8,i8,i8,i8)")(lambda m, k, a, b: measure(m, k, a, b)),
        njit("i8(i8,i8,i8,i8)")(lambda m, k, a, b: due(m, k, a, b)),
        njit("i8(i8,i8,i8,i8)")(lambda m, k, a, b: latest(m, k, a, b)),
        njit("i8(i8,i8,i8)")(lambda m, k, a: point(m, k, a)),
    )


def tables_of(hours: str, zone: str) -> tuple[Any, ClockTables]:
    text = f'sla "x"\n    timezone {zone}\ncalendar c\n    {hours}\nbusiness hours = c\nsales contacts within 2 business hours of created\n'
    plan = sladsl.load(text=text).plan
    tables = ClockTables(plan)
    tables.looks_back = True
    return plan, tables


class Filled:
    """Tables that the kernel can reach."""

    def __init__(self, tables: ClockTables) -> None:
        import numpy as np

        from sladsl.evaluate.columnar.kernel.layout import MAIN

        tables.cover(LO, HI)
        self.main = np.zeros(1, MAIN)
        self.kept = tables.tables
        for name, table in tables.tables.items():
            self.main[name] = table.ctypes.data
        self.address = int(self.main.ctypes.data)


def instants(edges: list[int], seed: int) -> list[int]:
    dice = random.Random(seed)
    near = [edge + shift for edge in dice.sample(edges, min(60, len(edges))) for shift in (-1, 0, 1)]
    return [us for us in near if LO <= us <= HI] + [dice.randrange(LO, HI) for _ in range(60)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", CALENDARS)
def test_measures_dues_and_latest(name: str, zone: str) -> None:
    plan, tables = tables_of(CALENDARS[name], zone)
    kinds = [kind for kind in ClockKind if not (kind is ClockKind.BUSINESS_DAYS and name == "night")]
    numbers = {kind: tables.clock(kind, 0) for kind in kinds}
    filled = Filled(tables)
    measure, due, latest, _ = doors()
    calendar = compile_calendar(plan.calendars[0], zone)
    moments = instants([us for span in calendar.openings(LO, HI) for us in span], 1)
    dice = random.Random(2)
    for kind, number in numbers.items():
        clock = clock_for(kind, calendar, zone)
        for start in moments:
            other, ticks = dice.choice(moments), dice.choice((0, 1, HOUR, 8 * HOUR, DAY, 3 * DAY, 40 * DAY))
            assert measure(filled.address, number, start, other) == clock.measure(start, other), (kind, start, other)
            expected = clock.due(start, ticks)
            assert due(filled.address, number, start, ticks) == (-(1 << 63) if expected is None else expected), (
                kind,
                start,
                ticks,
            )
            assert latest(filled.address, number, start, ticks) == clock.latest(start, ticks), (kind, start, ticks)


POINTS = [
    Point(18 * HOUR, "plain"),
    Point(150 * HOUR // 60, "plain"),
    Point(18 * HOUR, "same", cutoff_us=14 * HOUR),
    Point(9 * HOUR, "next"),
    Point(12 * HOUR, "nth", 2, 13 * HOUR),
    Point(None, "next", cutoff_us=0),
    Point(None, "same"),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", ["office", "weekend", "night", "closed often"])
def test_points_in_time(name: str, zone: str) -> None:
    plan, tables = tables_of(CALENDARS[name], zone)
    numbers = [(point, tables.point(point, 0)) for point in POINTS]
    filled = Filled(tables)
    *_, due_of_point = doors()
    calendar = compile_calendar(plan.calendars[0], zone)
    edges = [us for span in calendar.openings(LO, HI) for us in span]
    edges += [day * DAY + shift * HOUR for day in range(LO // DAY + 1, HI // DAY) for shift in (0, 9, 12, 14, 18)]
    for point, number in numbers:
        for start in instants(edges, 3):
            expected = point_due(point, start, calendar, zone)
            assert due_of_point(filled.address, number, start) == (-(1 << 63) if expected is None else expected), (
                point,
                start,
            )
