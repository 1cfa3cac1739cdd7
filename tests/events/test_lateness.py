"""The order of a stream, against a model that keeps everything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladsl.events import Event, LatenessBuffer


def event(time_us: int, position: int = 0, id: str | None = None, input: int = 0) -> Event:
    return Event("A", time_us, "x", "", {}, position, input, 0, id)


def times(events):
    return [held.time_us for held in events]


def test_without_lateness_all_pass_at_once_and_the_older_are_refused():
    buffer = LatenessBuffer()
    assert times(buffer.push(event(5))[0]) == [5]
    assert times(buffer.push(event(5))[0]) == [5]
    assert buffer.push(event(4)) == ([], event(4))
    assert (buffer.late, buffer.held) == (1, 0)


def test_they_are_held_until_the_newest_is_far_enough_ahead():
    buffer = LatenessBuffer(10)
    assert buffer.push_all([event(100), event(95), event(90)]) == ([event(90)], [])
    assert buffer.push(event(89)) == ([], event(89))
    assert times(buffer.push(event(106))[0]) == [95]
    assert times(buffer.advance(106)) == [100, 106]


def test_of_one_instant_they_come_by_position():
    buffer = LatenessBuffer(10)
    buffer.push_all([event(5, 2), event(5, 1), event(5, 3)])
    assert [held.position for held in buffer.advance(5)] == [1, 2, 3]


def test_what_is_strictly_before_the_newest_by_the_lateness_is_known():
    buffer = LatenessBuffer(10)
    assert buffer.known_before_us is None
    buffer.push_all([event(100), event(95)])
    assert buffer.known_before_us == 90
    assert buffer.push(event(89))[1] is not None


class TestAdvance:
    def test_it_closes_its_own_instant(self):
        buffer = LatenessBuffer(10)
        assert buffer.advance(50) == []
        assert buffer.push(event(50))[1] is not None
        assert times(buffer.push(event(51))[0]) == []
        assert times(buffer.advance(51)) == [51]

    def test_twice_or_backwards_it_does_nothing(self):
        buffer = LatenessBuffer(10)
        buffer.push(event(60))
        buffer.advance(50)
        state = buffer.state()
        assert (buffer.advance(50), buffer.advance(40), buffer.state()) == ([], [], state)


class TestIds:
    def test_a_repeat_counts_once_and_changes_nothing(self):
        buffer = LatenessBuffer(10)
        buffer.push(event(5, id="a"))
        state = buffer.state()
        assert buffer.push(event(5, id="a")) == ([], None)
        assert buffer.push(event(900, id="a")) == ([], None)
        assert buffer.state() == {**state, "duplicates": 2}

    def test_an_id_belongs_to_its_input(self):
        buffer = LatenessBuffer()
        assert len(buffer.push_all([event(5, id="a"), event(5, id="a", input=1)])[0]) == 2

    def test_an_older_repeat_is_late(self):
        buffer = LatenessBuffer(10)
        buffer.push_all([event(5, id="a"), event(16)])
        assert buffer.push(event(5, id="a")) == ([], event(5, id="a"))
        assert (buffer.late, buffer.duplicates) == (1, 0)

    def test_they_are_kept_no_longer_than_they_are_needed(self):
        buffer = LatenessBuffer(10)
        for n in range(10_000):
            buffer.push(event(n, id=str(n)))
        assert len(buffer.state()["ids"]) == 11
        assert len(buffer._ids) < 2000


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([None, None, "a", "b", "c"]))
    | st.integers(0, 40).map(lambda time_us: ("advance", time_us)),
    max_size=30,
)


@given(ARRIVALS, st.integers(0, 15), st.data())
def test_it_is_what_its_words_say_however_the_stream_is_cut(arrivals, lateness_us, data):
    """Against a model that remembers every arrival; with a snapshot and restore at random cuts."""
    buffer, released, late = LatenessBuffer(lateness_us), [], []
    accepted: list[Event] = []
    expected_late = []
    newest = closed = -1
    for position, arrival in enumerate(arrivals):
        if arrival[0] == "advance":
            released += buffer.advance(arrival[1])
            closed = max(closed, arrival[1])
        else:
            given_event = event(arrival[0], position, arrival[1])
            floor = max(newest - lateness_us, closed + 1)
            if given_event.time_us < floor:
                expected_late.append(given_event)
            elif given_event.id is None or not any(e.id == given_event.id and e.time_us >= floor for e in accepted):
                accepted.append(given_event)
                newest = max(newest, given_event.time_us)
            now, refused = buffer.push(given_event)
            released += now
            late += [refused] if refused else []
        if data.draw(st.booleans()):
            state = json.loads(json.dumps(buffer.state()))
            buffer = LatenessBuffer.restore(state)
            assert buffer.state() == state
        due = [e for e in accepted if e.time_us <= max(newest - lateness_us, closed)]
        assert {id(e) for e in ()} | {e.position for e in released} == {e.position for e in due}
    assert late == expected_late
    # Released in the order of time; only what came for an instant already released may follow by its arrival.
    assert times(released) == sorted(times(released))
    rest = buffer.advance(10**9)
    assert times(released + rest) == sorted(times(accepted))


@given(st.permutations(range(12)), st.integers(0, 12))
def test_any_order_within_the_lateness_gives_the_same_stream(order, slack):
    arrivals = [event(n, n) for n in order]
    lateness_us = max([max(order[: place + 1]) - n for place, n in enumerate(order)]) + slack
    buffer = LatenessBuffer(lateness_us)
    released, refused = buffer.push_all(arrivals)
    assert refused == []
    assert times(released + buffer.advance(100)) == list(range(12))


@pytest.mark.parametrize("lateness_us", [0, 5])
def test_many_at_once_are_as_one_by_one(lateness_us):
    arrivals = [event((n * 7919) % 23, n, str(n % 9)) for n in range(60)]
    one, many = LatenessBuffer(lateness_us), LatenessBuffer(lateness_us)
    singly = [one.push(arrival) for arrival in arrivals]
    assert many.push_all(arrivals) == (
        [held for released, _ in singly for held in released],
        [refused for _, refused in singly if refused],
    )
    assert one.state() == many.state()
