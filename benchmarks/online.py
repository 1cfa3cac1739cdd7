"""Events per second in one process, one clause: sladsl beside what one would use instead.

    pip install -e ".[bench]" && python benchmarks/online.py            # --cases 20000 --repeat 3

    qualified lead = score >= 60 and role in buyer persona
    sales contacts within 24h

Takes:  nothing; the events are drawn from one seed. Every case has a few events, those of many cases in the order of time.
Gives:  a table made in one run. Before a time is taken, the verdicts of sladsl, of the hand-written loop and of Reelay are
        compared, and how often the predicate held for the rule engines.
Never:  measures the making of the events, or uses the wall clock: seconds are those of the process.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from random import Random
from typing import Any

import sladsl
from sladsl import Event

POLICY = """\
list buyer persona = "cto", "cfo"
qualified lead = score >= 60 and role in buyer persona
sales contacts within 24h
"""
BUYERS = frozenset(("cto", "cfo"))
DAY_US = 86_400_000_000
BATCH = 1000
REELAY_CASES = 300

Row = tuple[str, str, float | None]  # what, what it gives, seconds (None: not here)
# (case, number, status, opened, due, closed): a breach is told when it is certain, and again when it is answered
Verdict = tuple[str, int, str, int, int, int | None]


def draw_events(cases: int, seed: int = 7) -> list[Event]:
    """The events of so many leads, in the order of time; no two at the same instant."""
    rng = Random(seed)
    rows: list[tuple[int, str, str, str, dict[str, object]]] = []
    for number in range(cases):
        case = f"L{number:06d}"
        at = rng.randrange(90 * DAY_US)
        role = rng.choice(("cto", "cfo", "founder", "student"))
        score = rng.randrange(20, 90)
        rows.append((at, case, "created", "marketing", {"score": score, "role": role}))
        for _ in range(rng.randrange(5)):
            at += int(rng.expovariate(1 / (9 * 3_600_000_000)))
            kind = rng.random()
            if kind < 0.45:
                score += rng.randrange(-15, 20)
                rows.append((at, case, "scored", "marketing", {"score": score}))
            elif kind < 0.55:
                rows.append((at, case, "viewed", "lead", {}))
            else:
                rows.append((at, case, "contact", "sales", {}))
    rows.sort(key=lambda row: row[0])
    return [
        Event(case, at + place, type, actor, values, place)
        for place, (at, case, type, actor, values) in enumerate(rows)
    ]


def as_dictionaries(events: Iterable[Event]) -> list[dict[str, object]]:
    """The same events as a program would have them: with the time as microseconds since 1970."""
    from datetime import UTC, datetime, timedelta

    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        {
            "case": e.case,
            "time": epoch + timedelta(microseconds=e.time_us),
            "event": e.type,
            "actor": e.actor,
            **e.attributes,
        }
        for e in events
    ]


# --- the contestants ------------------------------------------------------------------------------------------------------


def by_hand(events: Iterable[Event]) -> list[Verdict]:
    """What a good programmer writes for just this clause: last values, the edge of the state, a queue of dues."""
    # case -> [score, role, qualified, number, opened (None: nothing waits), breached]
    cases: dict[str, list[Any]] = {}
    dues: deque[tuple[int, str, int]] = deque()  # all targets are alike, so they fall due in order
    verdicts: list[Verdict] = []
    for event in events:
        now = event.time_us
        while dues and dues[0][0] < now:
            due, case, number = dues.popleft()
            state = cases[case]
            if state[3] == number and state[4] is not None:
                state[5] = True
                verdicts.append((case, number, "breached", due - DAY_US, due, None))
        state = cases.get(event.case)
        if state is None:
            state = cases[event.case] = [None, None, False, 0, None, False]
        values = event.attributes
        if values:
            if "score" in values:
                state[0] = values["score"]
            if "role" in values:
                state[1] = values["role"]
            holds = state[0] is not None and state[0] >= 60 and state[1] in BUYERS
        else:
            holds = state[2]
        if event.type == "contact" and event.actor == "sales" and state[4] is not None:
            opened = state[4]
            status = "late" if state[5] else "met"
            verdicts.append((event.case, state[3], status, opened, opened + DAY_US, now))
            state[4] = None
        if holds and not state[2] and state[4] is None:
            state[3] += 1
            state[4], state[5] = now, False
            dues.append((now + DAY_US, event.case, state[3]))
        state[2] = holds
    return verdicts


def in_batches(things: list[Any]) -> Iterator[list[Any]]:
    """A thousand at a time, as they come from a queue."""
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def with_sladsl(feeds: Iterable[Any]) -> list[sladsl.VerdictRow]:
    """A monitor that is fed."""
    monitor = sladsl.load(text=POLICY).monitor()
    verdicts: list[sladsl.VerdictRow] = []
    for fed in feeds:
        verdicts += monitor.feed(fed)
    return verdicts


def as_tuples(rows: Iterable[sladsl.VerdictRow]) -> list[Verdict]:
    """The verdicts of a monitor, to be compared."""
    found = (row.verdict for row in rows)
    return [(v.case, v.number, v.status, v.opened_us, v.due_us or 0, v.closed_us) for v in found]


def last_values(events: Iterable[Event]) -> list[dict[str, Any]]:
    """What a predicate is given at each event: the last values of the case; the engines that keep none get them for nothing."""
    known: dict[str, dict[str, object]] = {}
    given = []
    for event in events:
        known[event.case] = {"score": 0, "role": "", **known.get(event.case, {}), **event.attributes}
        given.append(known[event.case])
    return given


def with_rule_engine(given: list[dict[str, Any]]) -> int:
    """The bare predicate, at every event: no time, no state, no verdict."""
    import rule_engine

    rule = rule_engine.Rule('score >= 60 and role in ["cto", "cfo"]')
    return sum(1 for values in given if rule.matches(values))


ZEN = {
    "nodes": [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "first",
                "inputs": [
                    {"id": "s", "name": "score", "field": "score"},
                    {"id": "r", "name": "role", "field": "role"},
                ],
                "outputs": [{"id": "q", "name": "qualified", "field": "qualified"}],
                "rules": [
                    {"_id": "1", "s": ">= 60", "r": '"cto", "cfo"', "q": "true"},
                    {"_id": "2", "s": "", "r": "", "q": "false"},
                ],
            },
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ],
    "edges": [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ],
}


def with_zen_engine(given: list[dict[str, Any]]) -> int:
    """The bare decision, at every event: no time, no state, no verdict."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(ZEN))
    return sum(1 for values in given if decision.evaluate(values)["result"]["qualified"])


def with_zen_expression(given: list[dict[str, Any]]) -> int:
    """The bare condition as a compiled expression, at every event."""
    import zen

    expression = zen.compile_expression('score >= 60 and role in ["cto", "cfo"]')
    return sum(1 for values in given if expression.evaluate(values))


REELAY = "({contact: false} since[86400000000:] {begins: true})"
REELAY_OWN = "({contact: false} since[86400000000:] ({score >= 60} and ({role: cto} or {role: cfo})))"
Given = list[tuple[str, dict[str, Any]]]


def pulses(events: list[Event]) -> Given:
    """What Reelay is given at each event: whether the lead begins to be qualified, and whether sales contacts. For nothing."""
    qualified: dict[str, bool] = {}
    given: Given = []
    for event, values in zip(events, last_values(events), strict=True):
        holds = values["score"] >= 60 and values["role"] in BUYERS
        begins = holds and not qualified.get(event.case, False)
        qualified[event.case] = holds
        acts = event.type == "contact" and event.actor == "sales"
        given.append((event.case, {"time": event.time_us, "begins": begins, "contact": acts, **values}))
    return given


def with_reelay(given: Given, monitors: dict[str, Any]) -> set[str]:
    """The cases in which the formula came true, from monitors that are there already."""
    broken: set[str] = set()
    for case, values in given:
        for told in monitors[case].update(values):
            if told["value"]:
                broken.add(case)
    return broken


# --- the table ------------------------------------------------------------------------------------------------------------


def seconds(act: Callable[[], object], repeat: int) -> float:
    """The best time of a few, in seconds of the process."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.process_time()
        act()
        times.append(time.process_time() - start)
    return min(times)


def installed(name: str) -> str:
    """The version of a package; "" where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def reelay_rows(events: list[Event], mine: list[Verdict], repeat: int) -> list[Row]:
    """Reelay's rows, scaled to all events: a monitor a case, made beforehand, for making one takes milliseconds."""
    if not installed("reelay"):
        return [("Reelay", "not installed", None)]
    import reelay

    cases = set(list(dict.fromkeys(event.case for event in events))[:REELAY_CASES])
    all_given = [(case, values) for case, values in pulses(events) if case in cases]
    broken, late = ({v[0] for v in mine if v[2] == status} & cases for status in ("breached", "late"))
    rows: list[Row] = []
    for name, gives, pattern, names in (
        ("Reelay, conditions given", "breaches", REELAY, ("time", "begins", "contact")),
        ("Reelay, its own conditions", "a level", REELAY_OWN, ("time", "score", "role", "contact")),
    ):
        given = [(case, {key: values[key] for key in names}) for case, values in all_given]
        times = []
        for _ in range(repeat):
            monitors = {case: reelay.dense_timed_monitor(pattern=pattern) for case in cases}
            start = time.process_time()
            told = with_reelay(given, monitors)
            times.append(time.process_time() - start)
            # it tells only up to the last event of a case: never of a breach that there is not, always of one answered
            if pattern == REELAY and not late <= told <= broken:
                raise SystemExit(f"Reelay's breaches differ, e.g. {sorted(told - broken | late - told)[:5]}")
        rows.append((name, gives, min(times) / len(given) * len(events)))
    return rows


def main() -> int:
    said = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    said.add_argument("--cases", type=int, default=20_000)
    said.add_argument("--repeat", type=int, default=3)
    options = said.parse_args()
    events = draw_events(options.cases)
    dictionaries, given = as_dictionaries(events), last_values(events)

    mine = by_hand(events)
    theirs = as_tuples(with_sladsl(in_batches(events)))
    if sorted(mine) != sorted(theirs):
        wrong = sorted(set(mine) ^ set(theirs))[:5]
        print(f"the verdicts differ, e.g. {wrong}", file=sys.stderr)
        return 1
    counts = {status: sum(v[2] == status for v in mine) for status in ("met", "breached", "late")}
    holds = sum(1 for v in given if v["score"] >= 60 and v["role"] in BUYERS)

    rows: list[Row] = [
        ("a hand-written loop", "the verdicts", seconds(lambda: by_hand(events), options.repeat)),
        ("sladsl, events in batches", "the verdicts", seconds(lambda: with_sladsl(in_batches(events)), options.repeat)),
        ("sladsl, events one by one", "the verdicts", seconds(lambda: with_sladsl(events), options.repeat)),
        (
            "sladsl, dictionaries in batches",
            "the verdicts",
            seconds(lambda: with_sladsl(in_batches(dictionaries)), options.repeat),
        ),
        ("sladsl, dictionaries one by one", "the verdicts", seconds(lambda: with_sladsl(dictionaries), options.repeat)),
    ]
    rows += reelay_rows(events, mine, options.repeat)
    for name, package, act in (
        ("rule-engine", "rule-engine", with_rule_engine),
        ("zen-engine, an expression", "zen-engine", with_zen_expression),
        ("zen-engine, a decision table", "zen-engine", with_zen_engine),
    ):
        if not installed(package):
            rows.append((name, "not installed", None))
            continue
        if act(given) != holds:
            print(f"{name} holds at other events", file=sys.stderr)
            return 1
        rows.append((name, "the bare condition", seconds(lambda act=act: act(given), options.repeat)))

    _print(rows, len(events), options.cases, counts)
    return 0


def _print(rows: list[Row], events: int, cases: int, counts: dict[str, int]) -> None:
    base = rows[0][2]
    assert base is not None
    parts = [
        f"{name} {installed(name)}" for name in ("sladsl", "reelay", "rule-engine", "zen-engine") if installed(name)
    ]
    print(f"{events:,} events of {cases:,} cases; {', '.join(f'{n:,} {status}' for status, n in counts.items())}")
    print(f"Python {platform.python_version()}, {', '.join(parts)}; seconds of the process, best of a few\n")
    print(f"{'':34}{'gives':20}{'events/s':>12}{'of the loop':>14}")
    for name, gives, took in rows:
        if took is None:
            print(f"{name:34}{gives:20}{'–':>12}{'–':>14}")
        else:
            print(f"{name:34}{gives:20}{events / took:>12,.0f}{base / took:>13.2f}×")


if __name__ == "__main__":
    raise SystemExit(main())
