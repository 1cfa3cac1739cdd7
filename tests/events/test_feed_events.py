"""Dictionaries that a program feeds."""

from __future__ import annotations

import datetime

import pytest

from sladsl.events import ColumnRule, Event, Feed, InputSpec, Instant, ReadOptions, Reject, as_log

UTC = datetime.UTC
NINE = 1772442000000000
AT_NINE = datetime.datetime(2026, 3, 2, 9, tzinfo=UTC)

FED = {
    "a moment in UTC": AT_NINE,
    "a moment elsewhere": datetime.datetime(2026, 3, 2, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
    "a moment in the zone of the agreement": datetime.datetime(2026, 3, 2, 10),
    "its text": "2026-03-02T09:00:00Z",
    "its text in the zone": "2026-03-02 10:00",
    "an instant": Instant(NINE),
}


@pytest.mark.parametrize("time", FED.values(), ids=FED.keys())
def test_a_time(time):
    feed = Feed(options=ReadOptions(zone="Europe/Madrid"))
    row = {"case": "L1", "time": time, "event": "created", "actor": "sales", "Lead-Score": 80, "note": None}
    assert feed.event(row, 7) == Event("L1", NINE, "created", "sales", {"lead score": 80}, 7)


def test_an_event_passes_as_it_is():
    event = Event("A", 1, "x", "", {})
    assert Feed().event(event) is event


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"case": "", "time": AT_NINE, "event": "x"}, "case", "the case is missing"),
        ({"case": "A", "time": AT_NINE, "event": None}, "event", "the event is missing"),
        ({"case": "A", "time": None, "event": "x"}, "time", "the time is missing"),
        ({"case": "A", "time": "soon", "event": "x"}, "time", "`soon` is no instant"),
        ({"case": "A", "time": True, "event": "x"}, "time", "a truth value is no time"),
        ({"a": 1}, "", "its keys do not tell a case, a time and an event: they are `a`"),
        ({}, "", "its keys do not tell a case, a time and an event: they are none"),
        ({1: 2}, "", "its keys do not tell a case, a time and an event: they are `1`"),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(row, column, reason):
    reject = Feed().event(row)
    assert isinstance(reject, Reject)
    assert (reject.column, reject.reason) == (column, reason)


def test_keys_are_found_by_the_block_and_by_usual_names():
    block = InputSpec(
        case=ColumnRule("case", "lead_id"),
        time=ColumnRule("time", "created_at", format="%d/%m/%Y"),
        attributes=(ColumnRule("score", "lead_score"), ColumnRule("region", "area")),
        missing=("?",),
    )
    feed = Feed([block])
    by_block = feed.event({"lead_id": 5, "created_at": "02/03/2026", "activity": "x", "lead_score": "?", "id": "?"})
    assert (by_block.case, by_block.type, by_block.time_us) == ("5", "x", NINE - 9 * 3600_000_000)
    assert by_block.attributes == {"lead id": 5, "created at": Instant(by_block.time_us), "activity": "x"}
    plain = feed.event({"case": "A", "time": AT_NINE, "event": "x", "score": 1, "event_id": 9})
    assert (plain.case, plain.time_us, plain.id) == ("A", NINE, "9")
    assert plain.attributes["score"] == 1


def test_only_the_attributes_wanted_are_kept():
    feed = Feed(options=ReadOptions(attributes=frozenset({"score"})))
    row = {"case": "A", "time": AT_NINE, "event": "x", "score": 1, "other": 2}
    assert feed.event(row).attributes == {"score": 1}


def test_it_is_the_event_that_the_same_row_gives_in_a_table():
    row = {"case": "A", "time": AT_NINE, "event": "x", "actor": "eva", "event_id": "1", "a": 1.5, "b": [1], "c": " d "}
    (event,) = as_log([row]).events
    event.row = 0
    assert Feed().event(row) == event


def test_shapes_are_forgotten_before_they_fill_the_memory():
    feed = Feed()
    for n in range(2500):
        assert isinstance(feed.event({"case": "A", "time": AT_NINE, "event": "x", f"k{n}": 1}), Event)
    assert len(feed._shapes) <= 1000
