"""What the room takes is plain data: it goes through JSON unchanged, and its examples run."""

import doctest
import importlib
import json
import pkgutil
from typing import Any

import cattrs
import pytest
from clock_cases import HOUR, hours, spans

import sladsl.clock
from sladsl.clock import Amount, CalendarSpec, ClockKind, ClosedDates, DatedHours, Point, Season, Window, WindowSpec

OFFICE = CalendarSpec(
    "office",
    weekly=(hours("mon-thu 09:00-14:00, 15:00-18:30"), hours("fri 22:00-06:00")),
    seasons=(Season((6, 15), (9, 16), None, 2026, (hours("mon-fri 08:00-15:00"),)),),
    dated=(DatedHours("2026-12-24", spans("09:00-13:00")),),
    closed=(ClosedDates("2026-08-10", "2026-08-21"),),
    holidays=("ES-MD",),
    zone_attribute="customer zone",
    zone_fallback="Europe/Madrid",
)


@pytest.mark.parametrize(
    "value",
    [
        OFFICE,
        Amount(ClockKind.BUSINESS_DAYS, 24 * HOUR, "1 business day"),
        Point(18 * HOUR, "nth", 2, 14 * HOUR),
        Point(None, "next"),
        WindowSpec("rolling", 28),
        Window("2026-01", 0, 1),
    ],
)
def test_values_go_through_json_unchanged(value: Any) -> None:
    assert cattrs.structure(json.loads(json.dumps(cattrs.unstructure(value))), type(value)) == value
    assert hash(value) == hash(cattrs.structure(cattrs.unstructure(value), type(value)))


@pytest.mark.parametrize("module", [found.name for found in pkgutil.iter_modules(sladsl.clock.__path__)])
def test_the_examples_in_the_room_are_true(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"sladsl.clock.{module}")).failed == 0


def test_the_door_exports_what_it_names() -> None:
    assert len(set(sladsl.clock.__all__)) == len(sladsl.clock.__all__)
    assert all(getattr(sladsl.clock, name).__doc__ for name in sladsl.clock.__all__)
