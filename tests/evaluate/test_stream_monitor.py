"""The monitor of the stream evaluator: promptness, lateness, finality, snapshots."""

from __future__ import annotations

import json

import pytest

import sladsl
from sladsl.evaluate.stream import Monitor, judge
from sladsl.evaluate.stream.snapshot import StateError
from sladsl.events import Event

HOUR = 3_600_000_000
START = 1_767_600_000_000_000
REPLY = "reply: support replies within 2h of each message\n    warn at 50%\n    excused when waiver = yes\n"


def event(case: str, hours: float, kind: str, actor: str = "support", **carried: object) -> Event:
    at = START + round(hours * HOUR)
    return Event(case, at, kind, actor, dict(carried), position=round(hours * 1000))


def monitor(text: str = REPLY, **options: object) -> Monitor:
    return Monitor(sladsl.load(text=text).plan, **options)  # type: ignore[arg-type]


def test_met_comes_with_the_action_and_a_breach_with_the_first_instant_past_the_due() -> None:
    watched = monitor()
    assert watched.feed(event("A", 0, "message", "customer")) == []
    assert [v.status for v in watched.feed(event("A", 2, "reply"))] == ["met"]
    watched.feed(event("B", 3, "message", "customer"))
    assert watched.advance(START + 5 * HOUR - 1) == []
    (breach,) = watched.advance(START + 5 * HOUR)
    assert (breach.status, breach.due_us, breach.closed_us) == ("breached", START + 5 * HOUR, None)
    (late,) = watched.feed(event("B", 6, "reply"))
    assert (late.status, late.late_by_us) == ("late", HOUR)


def test_next_due_is_the_warning_then_the_due() -> None:
    watched = monitor()
    assert watched.next_due() is None
    watched.feed(event("A", 0, "message", "customer"))
    assert watched.next_due() == START + HOUR
    watched.advance(START + HOUR)
    assert [alert.kind for alert in watched.alerts()] == ["warn"]
    assert watched.alerts() == []
    assert watched.next_due() == START + 2 * HOUR


def test_advance_backwards_or_twice_does_nothing() -> None:
    watched = monitor()
    watched.feed(event("A", 0, "message", "customer"))
    assert len(watched.advance(START + 3 * HOUR)) == 1
    before = watched.snapshot()
    assert watched.advance(START + 3 * HOUR) == []
    assert watched.advance(START) == []
    assert watched.snapshot() == before


def test_an_event_for_time_that_is_closed_is_refused_and_changes_nothing() -> None:
    watched = monitor()
    watched.feed(event("A", 0, "message", "customer"))
    watched.advance(START + 3 * HOUR)
    late = event("A", 1, "reply")
    assert watched.feed(late) == []
    assert watched.refused == [late]
    assert [v.status for v in watched.open()] == ["breached"]


def test_within_the_lateness_events_are_sorted() -> None:
    watched = monitor(lateness_us=2 * HOUR)
    feeds = [event("A", 1, "reply"), event("A", 0, "message", "customer"), event("B", 4, "note")]
    verdicts = [verdict for each in feeds for verdict in watched.feed(each)]
    assert [(v.status, v.opened_us, v.closed_us) for v in verdicts] == [("met", START, START + HOUR)]


def test_a_repeated_id_counts_once() -> None:
    watched = monitor("calls: sales calls at least 2 times within 1 day of handoff", lateness_us=HOUR)
    for each in (event("A", 0, "handoff"), event("A", 1, "call", "sales"), event("A", 1, "call", "sales")):
        each.id = each.type
        watched.feed(each)
    watched.advance(START + 2 * HOUR)
    assert [v.status for v in watched.open()] == ["open"]
    assert watched.duplicates == 1


def test_a_breach_can_be_excused_and_says_that_it_was_revised() -> None:
    watched = monitor()
    watched.feed(event("A", 0, "message", "customer"))
    watched.advance(START + 3 * HOUR)
    (excused,) = watched.feed(event("A", 4, "note", "boss", waiver="yes"))
    assert (excused.status, excused.note) == ("excused", "revised")
    assert watched.open() == []


@pytest.mark.parametrize("cut", range(6))
def test_a_snapshot_through_json_changes_nothing(cut: int) -> None:
    log = [
        event("A", 0, "message", "customer"),
        event("A", 0, "message", "customer"),
        event("B", 0.5, "message", "customer"),
        event("A", 1, "reply"),
        event("B", 4, "reply"),
    ]
    for place, each in enumerate(log):
        each.position = place
    plan = sladsl.load(text=REPLY).plan
    watched = Monitor(plan)
    told = {verdict.key(): verdict for each in log[:cut] for verdict in watched.feed(each)}
    state = watched.snapshot()
    again = Monitor(plan, state=json.loads(json.dumps(state)))
    assert again.snapshot() == json.loads(json.dumps(state))
    told |= {verdict.key(): verdict for each in log[cut:] for verdict in again.feed(each)}
    again.advance(log[-1].time_us)
    assert [told[key] for key in sorted(told)] == judge(plan, log).verdicts


def test_a_snapshot_of_another_policy_is_refused() -> None:
    state = monitor().snapshot()
    with pytest.raises(StateError):
        monitor("other: sales calls within 1h of created, paused while status = 1", state=state)
    with pytest.raises(StateError):
        monitor(state={"machine": {}})
