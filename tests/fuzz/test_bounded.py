"""What could take for ever, and does not: each is bounded by its size, or refused with a word.

Seconds are of computing, not of the wall, and generous: a machine may be slow, but what is quadratic is slower.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sladsl
from sladsl.checked import check_source
from sladsl.cli.check import promises
from sladsl.text import Source

PROMISE = "a: sales contacts within 24h of created"
EVENTS = [{"case": "A", "time": "2026-03-02T09:00:00Z", "event": kind} for kind in ("created", "x")]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What stands inside takes no more computing than that."""
    began = time.process_time()
    yield
    took = time.process_time() - began
    assert took < seconds, f"{took:.1f} s"


def joined(word: str, parts: Iterator[str]) -> str:
    return f" {word} ".join(parts)


def chain(length: int) -> str:
    return "d0 = a = 1\n" + "".join(f"d{i} = d{i - 1} and b{i} = 1\n" for i in range(1, length))


SOUND = {
    "and of ors": f"x = {joined('and', (f'(a{i} = 1 or b{i} = 2)' for i in range(40)))}\n{PROMISE}, when x\n",
    "and of ors of one column": f"x = {joined('and', (f'(a = {i} or a = {i + 1} or b > {i})' for i in range(40)))}\n{PROMISE}, when x\n",
    "or of ands": f"x = {joined('or', (f'(a = {i} and b > {i} and c < {i})' for i in range(400)))}\n"
    f"{PROMISE}, when x\n    paused while not x\n    cancelled when x\n",
    "not of ands": f"x = not ({joined('or', (f'(a{i} = 1 and b{i} = 2)' for i in range(60)))})\n{PROMISE}, when x\n",
    "intervals": f"x = {joined('and', (f'(a < {i} or a > {i + 1})' for i in range(0, 600, 3)))}\n{PROMISE}, when x\n",
    "definitions that double": "d0 = a = 1\n"
    + "".join(f"d{i} = (d{i - 1} and b{i} = 1) or (d{i - 1} and c{i} = 2)\n" for i in range(1, 60))
    + f"{PROMISE}, when d59\n",
    "definitions one on another": chain(150) + f"{PROMISE}, when d149\n",
    "many levels": "a: s t within 9h of x\n"
    + "".join(f'customer "C{i}"\n    a: s t within 4h of x\n' for i in range(200)),
    "levels of conditions": "a: s t within 9h of x\n"
    + "".join(f'for r in ("a{i}", "b{i}") and z = {i}\n    a: s t within 4h of x\n' for i in range(80)),
    "clauses that follow": "c0: s t within 1h of x\n"
    + "".join(f"c{i}: s t within 1h of fulfilment of c{i - 1}\n" for i in range(1, 500)),
    "rows": f"{PROMISE}\n" + "".join(f"    {i + 1}h when p > {i} and q < {i} or r = {i}\n" for i in range(60)),
    "warnings": f"{PROMISE}\n" + "".join(f"    warn {i + 1} min before\n" for i in range(500)),
    "closed dates": "calendar o\n    mon-fri 09:00-18:00\n"
    + "".join(f"    closed 2{i // 365:03d}-{i % 12 + 1:02d}-{i % 28 + 1:02d}\n" for i in range(2000))
    + "a: s t within 9 business hours of x in o\n",
    "calendars": "".join(f"calendar o{i}\n    mon-fri 09:00-18:00\n    holidays ES-MD\n" for i in range(100))
    + "".join(f"a{i}: s t within 9 business hours of x in o{i}\n" for i in range(100)),
    "objectives": f"{PROMISE}\n" + "".join(f"o{i}: at least 9{i % 10}% of a met per month\n" for i in range(500)),
    "long phrases": "".join(f"c{i}: s {' '.join(f'w{j}' for j in range(60))} within 1h of x{i}\n" for i in range(100)),
    "long names": "".join(f"{' '.join(f'n{j}' for j in range(11))} x{i} = a = {i}\n" for i in range(200))
    + "".join(f"c{i}: s t {' '.join(f'n{j}' for j in range(11))} x{i} within 1h\n" for i in range(200)),
}
REFUSED = {
    "definitions too deep": (chain(2000) + f"{PROMISE}, when d1999\n", "stands on more than 200 definitions"),
    "a list of a million characters": ("list big = " + ", ".join(f'"v{i}"' for i in range(100_000)) + "\n", "characters long"),
    "numbers that multiply": (
        "k0 = 99\n" + "".join(f"k{i} = k{i - 1} * k{i - 1}\n" for i in range(1, 40)) + f"{PROMISE}, when x > k39\n",
        "beyond all bounds",
    ),
    "200 brackets": (f"x = {'(' * 200}a = 1{')' * 200}\n", "more than 60 brackets"),
    "a line of five million characters": ("x = " + "a = 1 or " * 555_000 + "a = 1\n", "characters long"),
    "unknown names": ("".join(f"a{i}: s t within 9h of x, when unknwn{i} name\n" for i in range(1000)), "unknwn0 name"),
    "labels that repeat": ("a: s t within 9h of x\n" * 1000, "two clauses of this block are called `a`"),
}  # fmt: skip


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_a_policy_of_many_parts(text: str) -> None:
    with within(8):
        policy = sladsl.load(text=text)
        told = sum(len(sentence) for _, _, sentence in promises(policy.plan))
        assert told < 40 * len(text)
        sladsl.run(policy, EVENTS).to_dict()


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_policy_beyond_all_measure(text: str, said: str) -> None:
    with within(8):
        found = check_source(Source("any.sla", text)).diagnostics
    assert any(said in diagnostic.message for diagnostic in found)


@pytest.mark.slow
def test_ten_thousand_clauses_are_checked_and_judged_in_seconds() -> None:
    clauses = "".join(f"c{i}: sales contacts lead within {i % 90 + 1}h of handoff{i % 50}\n" for i in range(10_000))
    with within(30):
        policy = sladsl.load(text=clauses)
    with within(10):
        result = sladsl.run(policy, [{"case": "A", "time": "2026-03-02T09:00:00Z", "event": "handoff1"}])
    assert sum(row.opened for row in result.clauses) == 200


def test_judging_does_not_grow_with_the_square_of_the_clauses() -> None:
    clauses = "".join(f"c{i}: sales contacts lead within {i % 90 + 1}h of handoff{i % 50}\n" for i in range(1500))
    policy = sladsl.load(text=clauses)
    with within(4):  # a hundredth of a second a clause was what the square cost
        sladsl.run(policy, [{"case": "A", "time": "2026-03-02T09:00:00Z", "event": "handoff1"}])


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["stream", "auto"])
def test_a_log_of_a_million_rows_that_are_all_bad(tmp_path: Path, engine: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text("case,time,event\n" + "A,never,created\n,2026-03-02T09:00:00Z,created\n" * 500_000)
    with within(120), pytest.raises(sladsl.LogError) as refused:
        sladsl.run(sladsl.load(text=PROMISE), str(log), engine=engine)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "SLA0606"


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_a_log_of_rows_that_are_all_bad(tmp_path: Path, ending: str) -> None:
    log = tmp_path / f"log.{ending}"
    csv = "case,time,event\n" + "A,never,created\n,2026-03-02T09:00:00Z,created\n" * 5_000
    log.write_text(
        csv if ending == "csv" else '{"case": "A", "time": "never", "event": "created"}\n{"case": 5}\n[\n' * 3000
    )
    with within(8), pytest.raises(sladsl.LogError) as refused:
        sladsl.run(sladsl.load(text=PROMISE), str(log))
    assert refused.value.log is not None
    assert len(refused.value.log.rejects) in (9_000, 10_000)


def test_a_cell_against_a_pattern_of_many_stars() -> None:
    policy = sladsl.load(text=f'{PROMISE}, when note matches "{"a*" * 40}b"\n')
    rows = [{"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "note": "a" * 20_000}]
    with within(4):
        assert [row.opened for row in sladsl.run(policy, rows).clauses] == [0]


def test_burn_rates_of_a_share_of_time_in_hundreds_of_groups() -> None:
    policy = sladsl.load(
        text='up: share of time while status = "up" >= 55% per month\n    by region\n'
        "    alert when burn rate > 1.2 over 6h and 2 days\n"
    )
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        {
            "case": str(n % 300),
            "time": start + timedelta(minutes=2 * n),
            "event": "ping",
            "status": ("up", "down")[n * 7 // 5 % 2],
            "region": f"r{n % 300}",
        }
        for n in range(1500)
    ]
    monitor = policy.monitor()
    with within(8):  # a group in which nothing happens is not looked at minute by minute
        monitor.feed(rows)
    assert len(monitor.alerts()) > 100


def test_time_in_a_state_until_a_clock_that_is_wrong_by_eight_thousand_years() -> None:
    policy = sladsl.load(
        text="calendar nights\n    every day 00:00-06:00\n"
        'up = status = "on"\nuptime: share of time while up >= 95% per week\n    excluding nights\n'
    )
    rows = [
        {"case": "A", "time": f"{day}T04:00:00Z", "event": "x", "status": "on"} for day in ("2026-03-07", "9999-12-31")
    ]
    with within(5):  # where all its nights were looked at: twenty
        result = sladsl.run(policy, rows, engine="stream")
    assert len(result.objectives) == 10_000
    assert {row.status for row in result.objectives[:-1]} == {"met"}
