"""The columnar evaluator asks for as much memory as a policy of very many clauses needs, and says where that is too much."""

from __future__ import annotations

from typing import Any

import pytest

import sladsl
from sladsl.evaluate.columnar import CannotJudge, judge, walker
from sladsl.evaluate.columnar.memory import Memory
from sladsl.evaluate.stream import judge as stream
from sladsl.events import Event

HOUR = 3_600_000_000
MANY = 1_000


def plain(count: int) -> list[str]:
    """Clauses that all start at the same event."""
    return [f"c{i}: sales answers within {1 + i % 20}h of asked" for i in range(count)]


def log(cases: int) -> list[Event]:
    """Cases in each of which somebody asks, and sales answers later than some of the clauses want."""
    events = []
    for case in range(cases):
        for hours, kind in ((case, "asked"), (case + 5 + case, "answer")):
            events.append(Event(f"case {case}", hours * HOUR, kind, "sales", {}, len(events)))
    return sorted(events, key=lambda event: event.time_us)


def test_what_is_asked_for_grows_with_the_clauses_and_not_with_their_square() -> None:
    plan = sladsl.load(text="\n".join(plain(MANY)) + "\n").plan
    events = log(5)
    mine = judge(plan, events, actors=True)
    assert len(mine.verdicts) == 5 * MANY
    assert mine.verdicts == stream(plan, events, actors=True).verdicts


def test_the_memory_of_thousands_of_clauses_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Memory] = []

    def keep(*given: Any) -> Memory:
        made.append(Memory(*given))
        return made[-1]

    monkeypatch.setattr(walker, "Memory", keep)
    for count in (MANY // 4, MANY):
        judge(sladsl.load(text="\n".join(plain(count)) + "\n").plan, log(5), actors=True)
    assert made[1].size < 8 * made[0].size
    assert made[1].size < 1 << 29


def test_clauses_that_could_start_by_the_million_at_one_event_are_left_to_the_stream() -> None:
    following = [f"f{i}: sales answers within 1h of breach of c{i}" for i in range(3 * MANY)]
    plan = sladsl.load(text="\n".join([*plain(3 * MANY), *following]) + "\n").plan
    with pytest.raises(CannotJudge, match="so many clauses may start from one event"):
        judge(plan, log(1), actors=True)
