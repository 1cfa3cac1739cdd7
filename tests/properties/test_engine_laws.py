"""Laws 1 to 10: what holds of every evaluator, whatever the policy and the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from monitored import Driven
from samples import OFFSETS, Sample, alerted, calendar_edges, event, iso, next_edges, samples, told
from say_bytes import parcel, said, unfinished

import sladsl
from sladsl import Policy
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import BREACHED, OPEN, PAUSED, STATUSES, Outcome
from sladsl.events import Event
from sladsl.ir.plan import Plan

FOLDER = Path(__file__).parent


def stream(sample: Sample) -> Outcome:
    """What the stream evaluator says."""
    return judge(sample.plan, sample.events, sample.as_of_us, actors=True)


def lines(plan: Plan, outcome: Outcome) -> list[str]:
    """All that an outcome says."""
    return told(plan, outcome.verdicts) + alerted(outcome.alerts)


def elsewhere(seed: int, asked: list[dict[str, object]]) -> list[str]:
    """The same in a process of its own, under another hash seed."""
    done = subprocess.run(
        [sys.executable, str(FOLDER / "say_bytes.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
    )
    return list(json.loads(done.stdout))


# --- 1. deterministic ------------------------------------------------------------------------------------------------


@law(1, st.lists(samples(), min_size=5, max_size=5), quick=1, long=30)
def test_the_same_bytes_whatever_the_hash_seed(drawn: list[Sample]) -> None:
    """Law 1, deterministic: same policy, events, as-of: same bytes; whatever the hash seed."""
    parcels = [parcel(sample) for sample in drawn]
    here = [said(each) for each in parcels]
    assert [said(each) for each in parcels] == here
    assert elsewhere(1, parcels) == here
    assert elsewhere(4_000_000_000, parcels) == here


# --- 2. agreement ----------------------------------------------------------------------------------------------------


@law(2, samples(), quick=150, long=9000)
def test_the_evaluators_agree(sample: Sample) -> None:
    """Law 2, agreement: reference = stream = columnar = any later evaluator, on every generated case."""
    referee, other = sample.referee(), stream(sample)
    assert told(sample.plan, other.verdicts) == told(sample.plan, referee.verdicts)
    assert alerted(other.alerts) == alerted(referee.alerts)
    assert other.unknown_zones.keys() == referee.unknown_zones.keys()


@law(2, samples(longest=24, cases="AAABC"), quick=15, long=1500)
def test_the_evaluators_agree_on_longer_logs(sample: Sample) -> None:
    """Law 2, agreement: reference = stream, on longer logs of several cases."""
    test_the_evaluators_agree.hypothesis.inner_test(sample)  # type: ignore[attr-defined]


@law(2, samples(), quick=25, long=2500)
def test_the_columnar_evaluator_agrees(sample: Sample) -> None:
    """Law 2, agreement: reference = columnar, on every generated case."""
    from sladsl.evaluate import columnar

    assume(not columnar.refusals(sample.plan))
    referee = sample.referee()
    other = columnar.judge(sample.plan, sample.events, sample.as_of_us, actors=True)
    assert told(sample.plan, other.verdicts) == told(sample.plan, referee.verdicts)
    assert alerted(other.alerts) == alerted(referee.alerts)


# --- 3. splitting ----------------------------------------------------------------------------------------------------


@law(3, samples(), st.lists(st.sampled_from(["keep", "cut", "empty"]), min_size=10, max_size=10), quick=60)
def test_cuts_with_restarts_change_nothing(sample: Sample, cuts: list[str]) -> None:
    """Law 3, splitting: any cut of the stream into feeds (of one, of many, empty), with a snapshot and restore at every cut,
    changes nothing; equal states have equal snapshots."""
    ordered = sample.sorted()
    whole = Driven(sample.plan)
    whole.feed(ordered)
    parts = Driven(sample.plan)
    held: list[Event] = []
    for place, one in enumerate(ordered):
        held.append(one)
        if cuts[place % len(cuts)] == "keep":
            continue
        parts.feed(held)
        held = []
        parts.restart()
        if cuts[place % len(cuts)] == "empty":
            parts.feed([])
            parts.restart()
    parts.feed(held)
    for driven in (whole, parts):
        driven.advance(sample.as_of_us)
    assert told(sample.plan, parts.news) == told(sample.plan, whole.news)
    assert alerted(parts.alerts) == alerted(whole.alerts)
    assert parts.told() == whole.told()
    assert parts.state()["machine"] == whole.state()["machine"]


@law(3, st.lists(samples(), min_size=4, max_size=4), quick=1, long=20)
def test_a_snapshot_survives_a_new_process(drawn: list[Sample]) -> None:
    """Law 3, splitting: a snapshot survives a new process."""
    halves = [unfinished(sample, len(sample.events) // 2) for sample in drawn]
    assert elsewhere(7, halves) == [said(unfinished(sample, 0)) for sample in drawn]


# --- 4. order of arrival ---------------------------------------------------------------------------------------------

LATENESS = (3_600_000_000, 1, 0, 86_400_000_000, 10 * 86_400_000_000)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Sample, int, list[Event], list[str]]:
    """A sample, a lateness, its events as they arrive within it, and what is done after each."""
    sample = draw(samples())
    lateness = draw(st.sampled_from(LATENESS))
    delays: dict[tuple[str, int], int] = {}
    when: list[tuple[int, int]] = []
    for place, one in enumerate(sample.sorted()):
        # those of one case and instant keep their order: none overtakes the one before
        least = delays.get((one.case, one.time_us), 0)
        delay = max(least, draw(st.sampled_from((0, 0, lateness, lateness // 2))))
        delays[one.case, one.time_us] = delay
        when.append((one.time_us + delay, place))
    arrived = [
        Event(e.case, e.time_us, e.type, e.actor, e.attributes, position, e.input, e.row)
        for position, e in enumerate(sample.sorted()[place] for _, place in sorted(when))
    ]
    return sample, lateness, arrived, [draw(st.sampled_from(("", "advance", "back", "restart"))) for _ in arrived]


@law(4, arrivals(), quick=60)
def test_order_of_arrival_and_advances_change_nothing(drawn: tuple[Sample, int, list[Event], list[str]]) -> None:
    """Law 4, arrival order: any permutation within the lateness that keeps the order of events of one case and instant gives
    the same verdicts. More `advance` calls change only when a verdict is given, never which; `advance` twice or backwards
    does nothing."""
    sample, lateness, arrived, doings = drawn
    driven = Driven(sample.plan, lateness)
    for place, (one, doing) in enumerate(zip(arrived, doings, strict=True)):
        driven.feed(one)
        rest = [later.time_us for later in arrived[place + 1 :]]
        if doing == "advance":
            driven.advance(min([*rest, sample.as_of_us + 1]) - 1)
            assert driven.advance(min([*rest, sample.as_of_us + 1]) - 1) == []
        elif doing == "back":
            state = driven.state()
            assert driven.advance(arrived[0].time_us - 86_400_000_000 * 400) == []
            assert driven.state()["machine"] == state["machine"]
        elif doing == "restart":
            driven.restart()
    driven.advance(sample.as_of_us)
    assert driven.monitor.refused == driven.refused == []
    assert driven.told() == told(sample.plan, sample.referee().verdicts)
    assert alerted(driven.alerts) == alerted(sample.referee().alerts)


# --- 5. finality -----------------------------------------------------------------------------------------------------


@law(5, samples(), st.integers(0, 9), st.sampled_from(OFFSETS), quick=100)
def test_a_closed_verdict_is_final_and_as_of_is_the_log_cut(sample: Sample, place: int, off: int) -> None:
    """Law 5, finality: a closed verdict holds for every continuation of the stream (except by excuse and `on reopen resume`,
    which record a revision). As of t = the log cut at t."""
    at = sample.sorted()[min(place, len(sample.events) - 1)].time_us + off
    before = [one for one in sample.events if one.time_us <= at]
    for evaluator in (judge, reference.judge):
        cut = evaluator(sample.plan, sample.events, at, actors=True)
        assert lines(sample.plan, cut) == lines(sample.plan, evaluator(sample.plan, before, at, actors=True))
        later = {v.key(): v for v in evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)}
        for verdict in cut:
            if verdict.closed_us is None or at > sample.as_of_us:
                continue
            final = later[verdict.key()]
            if "revised" not in final.note:
                assert told(sample.plan, [final]) == told(sample.plan, [verdict])


# --- 6. promptness ---------------------------------------------------------------------------------------------------


@law(6, samples(longest=7), quick=40)
def test_what_is_certain_is_told_at_once(sample: Sample) -> None:
    """Law 6, promptness: a breach is given at the first advance that reaches its due, with no further event; met at the first
    that reaches the action."""
    instants = {one.time_us for one in sample.events}
    for verdict in sample.referee():
        instants |= {us for us in (verdict.due_us, verdict.closed_us) if us is not None}
    first = min(one.time_us for one in sample.events)
    driven = Driven(sample.plan)
    for now in sorted({us + off for us in instants for off in (-1, 0) if first <= us + off <= sample.as_of_us}):
        driven.feed([one for one in sample.sorted() if one.time_us == now])
        driven.advance(now)
        known = reference.judge(sample.plan, sample.events, now, actors=True)
        assert driven.told() == told(sample.plan, known.verdicts), iso(now)
        undecided = {verdict.key() for verdict in known if verdict.status in (OPEN, PAUSED)}
        certain = {verdict.key(): verdict.status for verdict in known if verdict.key() not in undecided}
        assert {key: v.status for key, v in driven.given.items() if key not in undecided} == certain, iso(now)
        assert alerted(driven.alerts) == alerted(known.alerts), iso(now)


# --- 7. idempotence --------------------------------------------------------------------------------------------------


@law(7, samples(), st.lists(st.integers(0, 9), max_size=6), quick=60)
def test_an_event_that_comes_again_changes_nothing(sample: Sample, again: list[int]) -> None:
    """Law 7, idempotence: repeating an event of the same id any number of times changes nothing."""
    named = [
        Event(e.case, e.time_us, e.type, e.actor, e.attributes, e.position, e.input, e.row, f"id{e.position}")
        for e in sample.sorted()
    ]
    doubled = list(named)
    for number, place in enumerate(again):
        copy = named[place % len(named)]
        after = doubled.index(copy) + 1 + number % (len(doubled) - doubled.index(copy))
        twin = Event(copy.case, copy.time_us, "reply", "support", {"status": "waiting"}, 100 + number, 0, 99, copy.id)
        doubled.insert(after, twin)
    driven = Driven(sample.plan, 30 * 86_400_000_000)
    driven.feed(doubled)
    driven.advance(sample.as_of_us)
    want = sample.referee()
    assert driven.monitor.duplicates == len(again)
    assert driven.told() == told(sample.plan, want.verdicts)
    assert alerted(driven.alerts) == alerted(want.alerts)
    assert lines(sample.plan, sample.with_events(doubled).referee()) == lines(sample.plan, want)
    # without lateness a repeat is left out or refused, and either way not judged
    strict = Driven(sample.plan)
    strict.feed(doubled)
    strict.advance(sample.as_of_us)
    assert strict.told() == told(sample.plan, want.verdicts)
    assert strict.monitor.duplicates + len(strict.monitor.refused) == len(again)


# --- 8. nothing touches what it does not refer to --------------------------------------------------------------------


@law(8, samples(cases="AAB"), quick=60)
def test_cases_do_not_touch(sample: Sample) -> None:
    """Law 8, cases do not touch: many cases together = each alone."""
    together = stream(sample)
    for case in sorted({one.case for one in sample.events}):
        alone = sample.with_events([one for one in sample.events if one.case == case])
        for outcome in (stream(alone), alone.referee()):
            assert told(sample.plan, outcome.verdicts) == told(
                sample.plan, [verdict for verdict in together if verdict.case == case]
            )
            assert alerted(outcome.alerts) == alerted([alert for alert in together.alerts if alert.case == case])


@law(8, samples(without=["first event"], most=3), st.integers(0, 2), quick=60)
def test_clauses_do_not_touch(sample: Sample, place: int) -> None:
    """Law 8: clauses without a reference to each other do not touch, likewise."""
    agreement = sample.agreement
    labels = list(dict.fromkeys(promise.label for promise in agreement.all_promises()))
    followed = {promise.follows for promise in agreement.all_promises()}
    loose = [label for label in labels if label not in followed]
    assume(len(labels) > 1)
    left_out = loose[place % len(loose)]
    blocks = [evolve(b, promises=tuple(p for p in b.promises if p.label != left_out)) for b in agreement.blocks]
    fewer = evolve(
        agreement,
        promises=tuple(promise for promise in agreement.promises if promise.label != left_out),
        blocks=tuple(block for block in blocks if block.promises),
    )
    plan = sladsl.load(text=fewer.like(agreement).text()).plan
    alone = judge(plan, sample.events, sample.as_of_us, actors=True)
    together = [verdict for verdict in stream(sample) if sample.plan.groups[verdict.group] != left_out]
    # the places of clauses in the two plans differ
    kept = [clause.index for clause in sample.plan.clauses if clause.label != left_out]
    moved = [
        evolve(v, clause=kept.index(v.clause), group=plan.groups.index(sample.plan.groups[v.group])) for v in together
    ]
    assert told(plan, alone.verdicts) == told(plan, moved)


@law(8, samples(without=["first event", "history", "time"], bad=False), st.data(), quick=60)
def test_events_that_nothing_mentions_change_nothing(sample: Sample, data: st.DataObject) -> None:
    """Law 8: events that no clause mentions change nothing, where the policy reads no history function, no `time`, no clause
    starts at a case's first event, and as-of is the same."""
    # `opened or gold` reads the event, so it is an action, which happens at every event while gold holds.
    assume("(opened or gold)" not in sample.agreement.text())
    # Rows that were kept are compared again at each event of the case, so that for these the law does not hold.
    assume(not any("keep" in line for promise in sample.agreement.all_promises() for line in promise.details))
    assume(not any(spec.zone_attribute or "during" in sample.agreement.text() for spec in sample.plan.calendars))
    more = list(sample.events)
    for number in range(data.draw(st.integers(1, 3))):
        case = data.draw(st.sampled_from([one.case for one in sample.events]))
        first = min(one.time_us for one in sample.events if one.case == case)
        edges = [*next_edges(sample.plan, sample.sorted(), case), *calendar_edges(sample.plan, first)]
        edges += [one.time_us for one in sample.events]
        now = data.draw(st.sampled_from(edges)) + data.draw(st.sampled_from(OFFSETS))
        more.append(event(case, max(first, min(now, sample.as_of_us)), "weather", position=100 + number))
    assert lines(sample.plan, stream(sample.with_events(more))) == lines(sample.plan, stream(sample))
    assert lines(sample.plan, sample.with_events(more).referee()) == lines(sample.plan, sample.referee())


# --- 9. conservation -------------------------------------------------------------------------------------------------


@law(9, samples(), quick=60)
def test_what_opened_is_accounted_for(sample: Sample) -> None:
    """Law 9, conservation: opened = met + late + breached + cancelled + excused + open + paused + undetermined, per clause."""
    from sladsl.evaluate.stream.machine import Machine

    outcome = stream(sample)
    machine = Machine(sample.plan, actors=True)
    machine.feed(one for one in sample.sorted() if one.time_us <= sample.as_of_us)
    machine.advance(sample.as_of_us)
    assert machine.opened == len(outcome.verdicts)
    numbers: dict[tuple[int, str], list[int]] = {}
    for verdict in outcome:
        assert verdict.status in STATUSES
        assert (verdict.closed_us is None) == (verdict.status in (OPEN, PAUSED)) or verdict.status == BREACHED
        numbers.setdefault((verdict.group, verdict.case), []).append(verdict.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    opened = 0
    for figures in sladsl.run(Policy(sample.plan), list(sample.events), as_of=sample.as_of_us).clauses:
        assert sorted(figures.counts) == sorted(STATUSES)
        assert figures.opened == sum(figures.counts.values())
        opened += figures.opened
    assert opened == len(judge(sample.plan, sample.events, sample.as_of_us).verdicts)


# --- 10. state is bounded --------------------------------------------------------------------------------------------


@law(10, samples(), quick=60)
def test_the_state_is_what_is_open(sample: Sample) -> None:
    """Law 10: state is bounded by open instances and held events; when all are closed and time has advanced, the monitor holds
    what a fresh one holds, but for the cases' attributes."""
    driven = Driven(sample.plan)
    driven.feed(sample.sorted())
    far = sample.as_of_us + 20_000 * 86_400_000_000
    driven.advance(far)
    machine = driven.monitor._machine
    waiting = driven.monitor.next_due()
    stands = driven.monitor.open()
    state = driven.state()["machine"]
    kept = [len(group[2]) for case in state["cases"] for group in case[4]]
    assert sum(kept) == len(stands)
    assert machine.fresh == {}
    assert state["acts"] == []
    if not stands:
        assert waiting is None
        assert len(machine.timers) == len(machine.pause_ends) == 0
        resumes = any(clause.reopen != "new" for clause in sample.plan.clauses)
        assert resumes or all(group[3] is None for case in state["cases"] for group in case[4])


def test_timers_that_no_longer_count_are_forgotten() -> None:
    """Law 10: one instance whose due moves ten thousand times keeps a few timers, not ten thousand."""
    text = (
        'waiting = status = "waiting"\na: support replies within 30 days of latest message\n    paused while waiting\n'
    )
    plan = sladsl.load(text=text).plan
    driven = Driven(plan)
    for number in range(10_000):
        status = "waiting" if number % 3 == 1 else "open"
        driven.feed(event("A", 1_772_442_000_000_000 + number * 1_000_000, "message", position=number, status=status))
    assert len(driven.monitor.open()) == 1
    assert len(driven.monitor._machine.timers) + len(driven.monitor._machine.pause_ends) < 2_000
