"""The parts of the stream evaluator: timers in their order, cases that stay small, and the generated first step."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import sladsl
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.stream.instance import CLOSED, Instance, case_maker
from sladsl.evaluate.stream.timers import ALERT, DUE, NEVER, Timers
from sladsl.events import Event
from sladsl.events.order import LatenessBuffer

MINUTE = 60_000_000


class Machine:
    """What a timer asks of a clause: its place in the plan."""

    def __init__(self, index: int) -> None:
        self.index = index


def waiting(number: int, due: int, clause: int = 0) -> Instance:
    inst = Instance(Machine(clause), case_maker(0, [])(f"C{number}"), 1, 0, None)
    inst.due = due
    return inst


def taken(timers: Timers, limit: int) -> list[tuple[int, int, str, int]]:
    found = []
    while (entry := timers.take(limit)) is not None:
        found.append((entry[0], entry[1], entry[2], entry[4]))
        entry[6].status = CLOSED
    return found


@pytest.mark.parametrize("spread", [3, 10 * MINUTE, 10_000 * MINUTE])
def test_timers_come_in_their_order_up_to_an_instant(spread: int) -> None:
    rng = Random(spread)
    timers = Timers()
    there = [waiting(number, rng.randrange(spread), rng.randrange(3)) for number in range(500)]
    for inst in there:
        timers.push(inst.due or 0, DUE, inst)
    limit = spread // 2
    wanted = sorted((inst.due or 0, inst.m.index, inst.cs.case, DUE) for inst in there)
    assert taken(timers, limit) == [entry for entry in wanted if entry[0] <= limit]
    assert timers.next_us <= next((entry[0] for entry in wanted if entry[0] > limit), NEVER)
    # what is thrown in while time passes stands in order with the rest, before an instant that is known too
    late = waiting(501, limit + 1)
    timers.push(limit + 1, DUE, late)
    rest = [entry for entry in wanted if entry[0] > limit] + [(limit + 1, 0, "C501", DUE)]
    assert taken(timers, spread) == sorted(rest)
    assert timers.first() is None
    assert timers.next_us == NEVER
    assert len(timers) == 0


def test_a_timer_that_no_longer_counts_is_not_taken() -> None:
    timers = Timers()
    moved, closed, stays = (waiting(number, number * MINUTE) for number in (1, 2, 3))
    for inst in (moved, closed, stays):
        timers.push(inst.due or 0, DUE, inst)
        timers.push((inst.due or 0) - 1, ALERT, inst)
    moved.due = 5 * MINUTE
    moved.generation += 1
    timers.push(5 * MINUTE, DUE, moved)
    closed.status = CLOSED
    first = timers.first()
    assert first is not None
    assert (first[0], first[6]) == (3 * MINUTE - 1, stays)
    assert [entry[0] for entry in iter(lambda: timers.take(10 * MINUTE), None)] == [
        3 * MINUTE - 1,
        3 * MINUTE,
        5 * MINUTE,
    ]


def test_what_no_longer_counts_is_let_go() -> None:
    timers = Timers()
    inst = waiting(1, 0)
    for number in range(20_000):
        inst.due = number * MINUTE
        timers.push(inst.due, DUE, inst)
    assert len(timers) < 2_100
    timers.forget_stale()
    assert len(timers) == 1


def test_a_case_is_the_state_of_its_first_label() -> None:
    case: Any = case_maker(2, [3])("A")
    assert (case.attrs, case.values, case.labels(), case.marks) == ((None, None), (False,), [], 0)
    first = case.label(4)
    assert first is case
    other = case.label(1)
    assert other is not case
    assert case.labels() == []  # nothing has opened under either
    first.count, other.count = 3, 1
    assert case.label(1) is other
    assert case.find(4) is case
    assert case.find(9) is None
    assert [label.group for label in case.labels()] == [1, 4]
    one, two, three = (waiting(number, 1) for number in range(3))
    for inst in (one, two, three):
        first.add(inst)
    assert first.all_open() == (one, two, three)
    first.remove(two)
    assert first.all_open() == (one, three)
    first.remove(one)
    assert first.open is three
    first.remove(three)
    assert first.all_open() == ()
    assert not hasattr(case, "__dict__")


def test_a_case_of_a_plan_of_one_label_holds_no_index_of_it() -> None:
    case: Any = case_maker(1, [], only_label=0)("A")
    assert case.label(0) is case
    assert case.find(0) is case
    assert (case.group, case.labels(), case.find(1)) == (0, [], None)
    case.count = 1
    assert case.labels() == [case]


@pytest.mark.parametrize("marked", [True, False])
def test_marks_stand_in_the_case_or_beside_it(marked: bool) -> None:
    case: Any = case_maker(0, [], marked=marked)("A")
    assert case.marks == 0
    case.marks |= 5
    assert case.marks == 5
    assert (case.more is None) is marked


@pytest.mark.parametrize("attributes", [1, 8, 9, 30])
def test_policies_of_few_and_of_many_attributes_take_over_what_events_carry(attributes: int) -> None:
    lines = [f"state{n} = a{n} >= 5 and b = yes" for n in range(attributes)]
    lines += [f"label{n}: sales replies within 2h of state{n}" for n in range(attributes)]
    lines += ["due: sales replies by deadline of first state0"]
    plan = sladsl.load(text="\n".join(lines)).plan
    rng = Random(attributes)
    events = []
    for number in range(400):
        carried: dict[str, object] = {
            f"a{rng.randrange(attributes)}": rng.randrange(10) for _ in range(rng.randrange(3))
        }
        if rng.random() < 0.3:
            carried["b"] = rng.choice(("yes", "no", "perhaps"))
        if rng.random() < 0.1:
            carried["deadline"] = f"2026-03-02T{rng.randrange(10, 20)}:00Z"
        carried["unread"] = number
        kind = rng.choice(("scored", "scored", "reply"))
        at = 1_772_442_000_000_000 + number * rng.choice((0, 1, 10)) * MINUTE
        events.append(
            Event(f"C{rng.randrange(5)}", at, kind, rng.choice(("sales", "")), carried, number, 0, number + 1)
        )
    ours, theirs = (
        [(v.clause, v.case, v.number, v.status, v.opened_us, v.due_us, v.closed_us, v.elapsed) for v in found]
        for found in (judge(plan, events), reference.judge(plan, events))
    )
    assert ours == theirs
    assert len(ours) > 10


@pytest.mark.parametrize("lateness", [0, 5])
@pytest.mark.parametrize("ids", [False, True])
@pytest.mark.parametrize("closed", [None, 3, 30])
def test_many_events_at_once_are_as_many_one_by_one(lateness: int, ids: bool, closed: int | None) -> None:
    rng = Random(lateness)
    for disorder in (0, 0, 2, 8):
        one, many = LatenessBuffer(lateness), LatenessBuffer(lateness)
        if closed is not None:
            assert one.advance(closed) == many.advance(closed) == []
        time = 0
        for _ in range(6):
            batch = []
            for _ in range(rng.randrange(8)):
                time += rng.randrange(3)
                name = f"e{rng.randrange(20)}" if ids else None
                batch.append(Event("A", time - rng.randrange(disorder + 1), "x", "", {}, time, id=name))
            singly = [one.push(event) for event in batch]
            released, refused = many.push_all(batch)
            assert released == [event for found, _ in singly for event in found]
            assert refused == [event for _, event in singly if event is not None]
            assert one.state() == many.state()
            assert one.known_before_us == many.known_before_us
