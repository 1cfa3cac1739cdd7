"""What a cell of a typed source is worth."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from fractions import Fraction

import pytest

from sladsl.events import Event, Instant, value_from_json, value_to_json
from sladsl.events.event import event_from_json, event_to_json
from sladsl.events.values import TextCells, TypedCells, TypedNames, as_json, plain, text_of

MADRID = datetime.timezone(datetime.timedelta(hours=1))

PLAIN = [
    (None, None),
    ("", None),
    ("x", "x"),
    (True, True),
    (7, 7),
    (-0.5, -0.5),
    (float("nan"), None),
    (float("inf"), "inf"),
    (Decimal("1.10"), Decimal("1.10")),
    (Decimal("NaN"), None),
    (Decimal("sNaN"), None),
    (Decimal("Infinity"), "Infinity"),
    (Decimal("1e99999"), "1E+99999"),
    (Instant(5), Instant(5)),
    (datetime.datetime(1970, 1, 1, 1, tzinfo=MADRID), Instant(0)),
    (datetime.datetime(1, 1, 1, tzinfo=MADRID), Instant(-62135600400000000)),
    (datetime.datetime(1970, 1, 1, 1), "1970-01-01T01:00:00"),
    (datetime.date(2026, 3, 2), "2026-03-02"),
    (datetime.time(9, 30), "09:30:00"),
    (b"x\xff", "x\ufffd"),
    ([1, "a"], '[1, "a"]'),
    ({"a": Decimal("1.5")}, '{"a": "1.5"}'),
    (uuid.UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    (Fraction(1, 3), "1/3"),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN, ids=[repr(value)[:40] for value, _ in PLAIN])
def test_a_value_as_an_attribute_has_it(value, expected):
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_number_too_long_for_text_is_still_exact():
    assert plain(10**5000) == "1" + "0" * 5000
    assert as_json({"a": 10**5000}) == "<dict>"


def test_numpy_values():
    np = pytest.importorskip("numpy")
    assert [plain(value) for value in (np.int64(5), np.bool_(True), np.float64(1.5), np.str_("x"))] == [
        5,
        True,
        1.5,
        "x",
    ]
    assert plain(np.float32("nan")) is None
    assert plain(np.datetime64("2026-03-02T09:00")) == "2026-03-02T09:00:00"
    assert plain(np.datetime64("NaT")) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (1e22, "10000000000000000000000"),
        (2.5, "2.5"),
        (1e-7, "0.0000001"),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (Instant(0), "1970-01-01T00:00:00+00:00"),
        (Instant(10**30), str(10**30)),
    ],
)
def test_the_text_of_a_value(value, text):
    assert text_of(value) == text


def test_markers_hold_for_every_kind():
    cells = TypedCells(TextCells(("?", "-1", "1.5", "no")))
    assert [cells[cell] for cell in ("?", -1, 1.5, "no", 1, True, "yes")] == [None, None, None, None, 1, True, "yes"]
    names = TypedNames(TextCells(("-1",)))
    assert [names[cell] for cell in (-1, "-1", 7, None)] == [None, None, "7", None]


def test_texts_are_forgotten_before_they_fill_the_memory():
    cells = TextCells(())
    for number in range(250_000):
        assert cells[f" {number} "] == str(number)
    assert len(cells) <= 100_000


@pytest.mark.parametrize("value", ["x", 5, True, 1.5, Decimal("1.50"), Instant(7)])
def test_a_value_survives_json(value):
    import json

    again = value_from_json(json.loads(json.dumps(value_to_json(value))))
    assert again == value
    assert type(again) is type(value)
    assert str(again) == str(value)


def test_an_event_survives_json():
    import json

    event = Event("A", 5, "x", "sales", {"a": Decimal("1.50"), "b": Instant(7)}, 3, 1, 2, "id")
    assert event_from_json(json.loads(json.dumps(event_to_json(event)))) == event
    assert event != Event("A", 6, "x", "sales", {}, 3, 1, 2, "id")
