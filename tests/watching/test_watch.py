"""A watch that is killed goes on: nothing is lost, nothing is told twice."""

from __future__ import annotations

import io
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.evaluate.stream.snapshot import StateError
from sladsl.watching import DurableMonitor, Store
from sladsl.watching.future import MOST_HELD
from sladsl.watching.store import StoreError
from sladsl.watching.watch import Watch

POLICY = """
qualified lead = score >= 60
first contact: sales contacts qualified lead within 24h
    paused while status = "waiting", at most 6h
    warn at 75%
    escalate to "boss" at breach
rescue: marketing contacts within 4h of breach of first contact
calls: sales contacts at least 2 times within 3 days of each scored
"""
OBJECTIVES = (
    POLICY
    + """
    penalty 10 EUR per miss, at most 400 EUR
notes = event = "note"
scores = event = "scored"
good: at least 60% of first contact met per week
    by region
    penalty 50 EUR per miss, at most 150 EUR per quarter
    alert when burn rate > 1.2 over 6h and 2 days
    alert when missed 2 windows in a row
busy: count of notes <= 60 per day
speed: p90 of time of calls <= 2 days per rolling 7 days
becoming: share of scores that become qualified lead within 5 days >= 55% per week
waiting: share of time while status = "waiting" <= 55% per month
    by region
    excluding qualified lead at most 2 days per month
idle: time while status = "waiting" <= 2000h per week
"""
)


def make_log(path: Path, count: int, seed: int = 3, cases: int = 400) -> None:
    """A seeded log of JSON lines; some instants repeat, some cells are bad."""
    dice = random.Random(seed)
    at = datetime(2026, 1, 5, tzinfo=UTC)
    lines = []
    for number in range(count):
        at += timedelta(seconds=dice.choice([0, 1, 60, 900, 1800]))
        event: dict[str, Any] = {
            "event_id": str(number),
            "case": f"L{dice.randrange(cases)}",
            "time": at.isoformat() if dice.random() > 0.005 else "soon",
            "event": dice.choice(["created", "contact", "note", "scored"]),
            "actor": dice.choice(["sales", "marketing"]),
        }
        if dice.random() < 0.5:
            event["score"] = dice.randrange(100)
        if dice.random() < 0.1:
            event["region"] = dice.choice(["north", "south"])
        if dice.random() < 0.2:
            event["status"] = dice.choice(["waiting", "open"])
        lines.append(json.dumps(event))
    path.write_text("\n".join(lines) + "\n")


def command(folder: Path, output: str) -> list[str]:
    names = ["policy.sla", "log.ndjson", "--state", "state.db", "-o", output, "--once", "--quiet"]
    return [
        sys.executable,
        "-m",
        "sladsl.cli.main",
        "watch",
        *(n if n.startswith("-") else str(folder / n) for n in names),
    ]


def uninterrupted(folder: Path) -> bytes:
    """The records of one run that nobody kills."""
    policy = sladsl.load(folder / "policy.sla")
    watch = Watch(
        policy,
        str(folder / "log.ndjson"),
        ":memory:",
        str(folder / "whole.ndjson"),
        io.BytesIO(),
        io.BytesIO(),
        future_us=7 * 86_400_000_000,
    )
    watch.finish()
    watch.close()
    return (folder / "whole.ndjson").read_bytes()


def kill_often(folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Run the watch again and again, killing or interrupting it at random moments; let it finish in the end.

    Every fifth kill or so comes just after a run has told something, however slow the machine is; the others come at any
    time, also before a run has come to its first row. Gives how many there were, and how many of them met a run that had
    told something.
    """
    dice = random.Random(seed)
    out = folder / "out.ndjson"
    killed = told = 0
    for _ in range(kills):
        before = out.stat().st_size if out.exists() else 0
        process = subprocess.Popen(command(folder, out.name), stderr=subprocess.DEVNULL)
        if dice.random() < 0.8:
            time.sleep(dice.uniform(0.1, 0.5))
        else:
            while process.poll() is None and (not out.exists() or out.stat().st_size <= before):
                time.sleep(0.001)
            time.sleep(dice.uniform(0, 0.015))
        if process.poll() is not None:
            assert process.returncode == 0
            break
        process.send_signal(dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
        process.wait()
        killed += 1
        told += out.exists() and out.stat().st_size > before
    subprocess.run(command(folder, out.name), check=True, timeout=120)
    return killed, told


def prepare(folder: Path, count: int, policy: str = POLICY) -> None:
    (folder / "policy.sla").write_text(policy)
    make_log(folder / "log.ndjson", count)


@pytest.mark.parametrize("policy", [POLICY, OBJECTIVES], ids=["clauses", "objectives"])
def test_killed_at_random_points_it_tells_what_one_run_tells(tmp_path: Path, policy: str) -> None:
    prepare(tmp_path, 6000, policy)
    whole = uninterrupted(tmp_path)
    assert whole.count(b"\n") > 500
    kill_often(tmp_path, kills=8, seed=1)
    assert (tmp_path / "out.ndjson").read_bytes() == whole


@pytest.mark.slow
@pytest.mark.parametrize("policy", [POLICY, OBJECTIVES], ids=["clauses", "objectives"])
def test_300_kills_of_a_watch_over_50_000_events(tmp_path: Path, policy: str) -> None:
    prepare(tmp_path, 50_000, policy)
    whole = uninterrupted(tmp_path)
    killed, told = kill_often(tmp_path, kills=300, seed=2)
    print(f"{killed} kills, {told} of them after something was told")
    assert killed >= 50
    assert told >= 20
    assert (tmp_path / "out.ndjson").read_bytes() == whole


def test_the_final_records_are_the_verdicts_of_run(tmp_path: Path) -> None:
    prepare(tmp_path, 2000)
    told = [json.loads(line) for line in uninterrupted(tmp_path).splitlines()]
    final: dict[tuple[str, str, int], str] = {}
    for record in told:
        if record["kind"] == "verdict":
            final[record["clause"], record["case"], record["number"]] = record["status"]
    result = sladsl.run(tmp_path / "policy.sla", str(tmp_path / "log.ndjson"))
    want = {(v.clause, v.case, v.number): v.status for v in result.verdicts if v.status not in ("open", "paused")}
    # `run` judges as of the last event, and so knows of dues at that very instant.
    assert {key: status for key, status in want.items() if final.get(key) != status} == {}
    assert len({record["id"] for record in told}) == len(told)


def test_the_records_of_objectives_are_the_rows_of_run(tmp_path: Path) -> None:
    prepare(tmp_path, 5000, OBJECTIVES)
    told = [json.loads(line) for line in uninterrupted(tmp_path).splitlines()]
    assert len({record["id"] for record in told}) == len(told)
    last = max(
        record["time"] for record in map(json.loads, (tmp_path / "log.ndjson").open()) if record["time"] != "soon"
    )
    before = datetime.fromisoformat(last) - timedelta(microseconds=1)  # of the last instant more may come
    result = sladsl.run(tmp_path / "policy.sla", str(tmp_path / "log.ndjson"), as_of=before).to_dict()

    def of(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["objective"], row["window"], tuple(row["group"].items())

    rows = {of(record): record["status"] for record in told if record["kind"] == "objective"}
    assert len(rows) > 60
    assert rows == {of(row): row["status"] for row in result["objectives"] if row["status"] != "undecided"}
    burnt = [record["at"] for record in told if record["kind"] in ("burn", "missed")]
    assert burnt
    assert sorted(burnt) == sorted(a["at"] for a in result["alerts"] if a["kind"] in ("burn", "missed"))
    owed = {(r["kind"], r["of"], r["window"], tuple(r["group"].items())): r for r in told if "amount" in r}
    assert {r["kind"] for r in owed.values()} == {"penalty"}
    assert {r["of"] for r in owed.values()} == {"calls", "good"}
    for record in result["consequences"]:
        mine = owed.pop((record["kind"], record["of"], record["window"], tuple(record["group"].items())), None)
        assert mine is None or mine["amount"] == record["amount"]
    assert owed == {}


def open_watch(folder: Path, **options: Any) -> Watch:
    policy = sladsl.load(folder / "policy.sla")
    log, state, out = (str(folder / name) for name in ("log.ndjson", "state.db", "out.ndjson"))
    return Watch(policy, log, state, out, io.BytesIO(), io.BytesIO(), **options)


@pytest.mark.parametrize("policy", [POLICY, OBJECTIVES], ids=["clauses", "objectives"])
def test_few_cases_in_memory_change_nothing(tmp_path: Path, policy: str) -> None:
    prepare(tmp_path, 3000, policy)
    whole = uninterrupted(tmp_path)
    watch = open_watch(tmp_path, future_us=7 * 86_400_000_000)
    watch.monitor._limit = 20
    watch.finish()
    assert len(watch.monitor._machine.observer.cases) <= 500
    watch.close()
    assert (tmp_path / "out.ndjson").read_bytes() == whole


def test_a_log_that_grows_is_followed(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    log = tmp_path / "log.ndjson"
    log.write_text('{"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"}\n{"case": "A", "ti')
    watch = open_watch(tmp_path)
    assert watch.step()
    assert not watch.step()  # the second line is not whole yet
    with log.open("a") as out:
        out.write('me": "2026-01-05T09:30:00Z", "event": "reply", "actor": "support"}\n')
    assert watch.step()
    watch.close()
    (record,) = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert (record["status"], record["closed"]) == ("met", "2026-01-05T09:30:00Z")


def test_time_that_passes_breaches_without_an_event(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    opened = '{"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"}\n'
    (tmp_path / "log.ndjson").write_text(opened)
    watch = open_watch(tmp_path)
    watch.step()
    due = watch.monitor.next_due_us()
    assert due is not None
    assert watch.monitor.next_due() == datetime(2026, 1, 5, 10, tzinfo=UTC)
    watch.advance(due - 1)
    assert (tmp_path / "out.ndjson").read_text() == ""
    watch.advance(due)
    watch.close()
    assert json.loads((tmp_path / "out.ndjson").read_text())["status"] == "breached"


def test_one_bad_clock_cannot_breach_everything(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    lines = [
        {"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"},
        {"case": "B", "time": "2036-01-05T09:00:00Z", "event": "opened", "actor": "x"},
        {"case": "A", "time": "2026-01-05T09:30:00Z", "event": "reply", "actor": "support"},
    ]
    (tmp_path / "log.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    watch = open_watch(tmp_path, future_us=86_400_000_000)
    watch.step()
    assert watch.monitor.counts["held"] == 1
    watch.close()
    assert [json.loads(line)["status"] for line in (tmp_path / "out.ndjson").read_text().splitlines()] == ["met"]


def lines_of(*events: tuple[str, str, str]) -> str:
    rows = ({"case": c, "time": t, "event": e, "actor": "support" if e == "reply" else "x"} for c, t, e in events)
    return "".join(json.dumps(row) + "\n" for row in rows)


def statuses(folder: Path) -> list[tuple[str, str]]:
    told = [json.loads(line) for line in (folder / "out.ndjson").read_text().splitlines()]
    return [(record["case"], record["status"]) for record in told]


def test_a_bad_clock_that_many_cases_have_is_not_believed_while_others_go_on(tmp_path: Path) -> None:
    """Nor where the log ends with it: the next run goes on as if it had not been."""
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    bad = [(case, "2036-01-05T09:00:00Z", "opened") for case in "BCDE"]
    good = [("A", f"2026-01-05T09:0{minute}:00Z", "seen") for minute in range(1, 5)]
    log = [("A", "2026-01-05T09:00:00Z", "opened"), *(each for pair in zip(bad, good, strict=True) for each in pair)]
    (tmp_path / "log.ndjson").write_text(lines_of(*log, ("F", "2036-01-05T09:00:00Z", "opened")))
    odd: list[tuple[str, str]] = []
    watch = open_watch(tmp_path, future_us=86_400_000_000, on_odd=lambda kind, said: odd.append((kind, said)))
    watch.finish()
    watch.close()
    assert [kind for kind, _ in odd] == ["held back"] * 5
    assert odd[0][1] == "row 2: `opened` of `B` at 2036-01-05T09:00:00Z lies far ahead of the others"
    with (tmp_path / "log.ndjson").open("a") as out:
        out.write(lines_of(("A", "2026-01-05T09:30:00Z", "reply")))
    watch = open_watch(tmp_path, future_us=86_400_000_000)
    watch.finish()
    assert watch.monitor.counts["held"] == 5
    watch.close()
    assert statuses(tmp_path) == [("A", "met")]


def test_where_the_time_is_told_only_it_is_believed(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    log = [(case, "2036-01-05T09:00:00Z", "opened") for case in "BCDE"]
    (tmp_path / "log.ndjson").write_text(lines_of(*log, ("A", "2026-01-05T09:00:00Z", "opened")))
    watch = open_watch(tmp_path, future_us=86_400_000_000)
    watch.clock_says(1_767_603_600_000_000)  # 2026-01-05T09:00Z
    watch.step()
    assert (watch.monitor.counts["held"], watch.monitor.counts["late"]) == (4, 0)
    watch.advance(2_083_136_400_000_000 - 86_400_000_000)  # a day before 2036-01-05T09:00Z
    watch.finish()
    assert watch.monitor.counts["held"] == 0
    watch.close()
    assert statuses(tmp_path) == [("A", "breached")]


def test_so_many_are_held_back_and_no_more() -> None:
    policy = sladsl.load(text="reply: support replies within 1h of opened")
    monitor = policy.monitor(store=":memory:", future="1 day")
    monitor.advance("2026-01-05T09:00:00Z")
    row = {"time": "2036-01-05T09:00:00Z", "event": "opened", "actor": "x"}
    monitor.feed([{"case": f"C{number}", **row} for number in range(MOST_HELD + 3)])
    assert len(monitor.held_back) == MOST_HELD
    assert {reject.reason for reject in monitor.rejects} == {
        f"it lies too far in the future, and {MOST_HELD} such events are held back already"
    }
    assert (monitor.counts["held"], monitor.counts["rejected"]) == (MOST_HELD, 3)


def test_a_silence_of_the_whole_log_is_believed(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    lines = [{"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"}]
    lines += [{"case": c, "time": "2026-03-05T09:00:00Z", "event": "opened", "actor": "x"} for c in "BCD"]
    (tmp_path / "log.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    watch = open_watch(tmp_path, future_us=86_400_000_000)
    watch.step()
    assert watch.monitor.counts["held"] == 0
    assert watch.monitor.counts["events"] == 4
    watch.close()


@pytest.mark.parametrize("how", ["emptied", "replaced", "gone for a while"])
def test_a_new_log_under_the_old_name_is_read_from_its_start(tmp_path: Path, how: str) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    log = tmp_path / "log.ndjson"
    log.write_text(lines_of(("A", "2026-01-05T09:00:00Z", "opened"), ("A", "2026-01-05T09:10:00Z", "reply")))
    odd: list[str] = []
    watch = open_watch(tmp_path, on_odd=lambda kind, said: odd.append(f"{kind}: {said.replace(str(log), 'log')}"))
    assert watch.step()
    assert not watch.step()
    new = lines_of(("B", "2026-01-06T09:00:00Z", "opened"))
    if how == "emptied":
        log.write_text(new)
    elif how == "replaced":
        (tmp_path / "new").write_text(new + lines_of(*[("B", "2026-01-06T09:00:00Z", "seen")] * 9))
        (tmp_path / "new").rename(log)
    else:
        log.rename(tmp_path / "old")
        assert not watch.step()
        assert not watch.step()
        log.write_text(new)
    assert watch.step()
    assert watch.step()
    with log.open("a") as out:
        out.write(lines_of(("B", "2026-01-06T09:20:00Z", "reply")))
    assert watch.step()
    watch.close()
    assert statuses(tmp_path) == [("A", "met"), ("B", "met")]
    why = "is shorter than before" if how == "emptied" else "has been replaced"
    gone = ["log: `log` is gone: waiting for a new one"] if how == "gone for a while" else []
    assert odd == [*gone, f"log: `log` {why}: reading it from its start"]


def test_a_longer_log_that_begins_otherwise_is_a_new_one(tmp_path: Path) -> None:
    """What replaced it while nobody watched may be longer by now than what had been read."""
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    log = tmp_path / "log.ndjson"
    log.write_text(lines_of(("A", "2026-01-05T09:00:00Z", "opened"), ("A", "2026-01-05T09:10:00Z", "reply")))
    watch = open_watch(tmp_path)
    watch.finish()
    watch.close()
    log.write_text(
        lines_of(
            *[("B", f"2026-01-06T09:0{n}:00Z", "opened") for n in range(5)], ("B", "2026-01-06T09:30:00Z", "reply")
        )
    )
    odd: list[str] = []
    watch = open_watch(tmp_path, on_odd=lambda kind, said: odd.append(said))
    watch.finish()
    watch.close()
    assert [said.split("` ", 1)[1] for said in odd] == ["begins otherwise than before: reading it from its start"]
    assert statuses(tmp_path) == [("A", "met"), ("B", "met")]


def test_half_a_line_is_left_for_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    whole = lines_of(("A", "2026-01-05T09:00:00Z", "opened"), ("A", "2026-01-05T09:10:00Z", "reply"))
    odd: list[str] = []
    for end in (-30, -1):  # in the middle of a line; a whole one that has no end yet
        (tmp_path / "log.ndjson").write_text(whole[:end])
        watch = open_watch(tmp_path, on_odd=lambda kind, said: odd.append(said))
        watch.finish()
        assert watch.monitor.counts["rejected"] == 0
        watch.close()
    assert statuses(tmp_path) == [("A", "met")]
    assert [said.split("` ", 1)[1] for said in odd] == ["has no end yet: it is left for the next time"]


def test_what_is_not_judged_is_told_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    good = lines_of(("A", "2026-01-05T09:00:00Z", "opened"))
    late = lines_of(("B", "2026-01-04T09:00:00Z", "opened"))
    (tmp_path / "log.ndjson").write_text(f'{good}nothing\n\n{{"case": "A"}}\n{late}')
    odd: list[str] = []
    watch = open_watch(tmp_path, on_odd=lambda kind, said: odd.append(f"{kind}: {said}"))
    watch.finish()
    watch.close()
    assert odd == [
        "not read: row 2: it is no JSON",
        "not read: row 4: its keys do not tell a case, a time and an event: they are `case`",
        "too late: row 5: `opened` of `B` at 2026-01-04T09:00:00Z",
    ]


def test_headings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    rows = b"A,2026-01-05T09:00:00Z,opened,x\nA,2026-01-05T09:10:00Z,reply,support\n"
    (tmp_path / "log.csv").write_bytes(b"case,ti\rme,event\ncase,time,event,actor\n" + rows)
    odd: list[str] = []
    watch = Watch(
        sladsl.load(tmp_path / "policy.sla"),
        str(tmp_path / "log.csv"),
        ":memory:",
        str(tmp_path / "out.ndjson"),
        io.BytesIO(),
        io.BytesIO(),
        on_odd=lambda kind, said: odd.append(f"{kind}: {said}"),
    )
    watch.finish()
    watch.close()
    assert len(odd) == 1
    assert odd[0].startswith("not read: row 0: the headings cannot be read: ")
    assert statuses(tmp_path) == [("A", "met")]


def test_a_state_of_another_policy_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path, 100)
    open_watch(tmp_path).close()
    (tmp_path / "policy.sla").write_text("reply: support replies within 1h of opened")
    with pytest.raises(StateError, match="another policy"):
        open_watch(tmp_path)


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("not a database, but some text that is long enough to be looked at " * 20)
    with pytest.raises(StoreError):
        Store(tmp_path / "state.db")


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


def test_a_state_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    """And nothing is done to it."""
    prepare(tmp_path, 100)
    open_watch(tmp_path).close()
    change(tmp_path / "state.db", "PRAGMA user_version = 0")
    for _ in range(2):
        with pytest.raises(StoreError, match="is of another version of sladsl; take a new file"):
            open_watch(tmp_path)


def go_on(folder: Path) -> None:
    watch = open_watch(folder)
    try:
        watch.finish()
    finally:
        watch.close()


def test_a_state_that_is_damaged_is_told(tmp_path: Path) -> None:
    """Wherever it is: in a value, or in the structure of the file."""
    prepare(tmp_path, 1000, OBJECTIVES)
    watch = open_watch(tmp_path)
    watch.step()
    watch.close()
    state = tmp_path / "state.db"
    whole = state.read_bytes()
    damages = ["DELETE FROM common WHERE name = 'machine'"]
    for table, column in (("common", "value"), ("cases", "state"), ("memories", "state"), ("figures", "state")):
        for value in ("'[]'", "5", "x'ff'", f"substr({column}, 1, 8) || replace({column}, '1', '2')"):
            damages.append(f"UPDATE {table} SET {column} = {value}")
    for damage in damages:
        state.write_bytes(whole)
        change(state, damage)
        with pytest.raises(StoreError, match=r"is damaged; take a new file|cannot be read: "):
            go_on(tmp_path)
    dice = random.Random(5)
    found = 0
    for _ in range(20):
        page = dice.randrange(len(whole) // 4096) * 4096
        state.write_bytes(whole[:page] + dice.randbytes(4096) + whole[page + 4096 :])
        try:
            go_on(tmp_path)  # a page of which nothing is read does no harm
        except StoreError:
            found += 1
    assert found >= 10


def test_what_a_store_cannot_do_is_told(tmp_path: Path) -> None:
    policy = sladsl.load(text="reply: support replies within 1h of opened")
    with pytest.raises(sladsl.StoreError, match=r"`.*none/state\.db` cannot be opened: unable to open database file"):
        policy.monitor(store=tmp_path / "none" / "state.db")
    monitor = policy.monitor(store=tmp_path / "state.db")
    with pytest.raises(sladsl.StoreError, match="is in use by another monitor or watch"):
        policy.monitor(store=tmp_path / "state.db")
    monitor._store._db.execute("PRAGMA max_page_count = 1")  # as if the disk were full
    rows = [{"case": f"C{n}" * 99, "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"} for n in range(99)]
    with pytest.raises(sladsl.StoreError, match="cannot be written: database or disk is full"):
        monitor.feed(rows)
    monitor.close()
    again = policy.monitor(store=tmp_path / "state.db")
    again.feed(rows)
    assert again.counts["events"] == 99
    again.close()
    other = sladsl.load(text="reply: support replies within 2h of opened")
    with pytest.raises(StateError, match="another policy"):
        other.monitor(store=tmp_path / "state.db")
    policy.monitor(store=tmp_path / "state.db").close()  # nobody holds it any more


def test_the_library_takes_what_the_other_monitor_takes() -> None:
    policy = sladsl.load(text='sla "x"\n    lateness 1h\nreply: support replies within 1h of opened')
    monitor = policy.monitor(store=":memory:")
    row = {"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"}
    monitor.feed(row)
    monitor.feed({**row, "case": "B", "time": "2026-01-05T02:00:00Z"})
    assert [event.case for event in monitor.late] == ["B"]
    for given in (None, 5, "opened"):
        with pytest.raises(TypeError, match="feed takes a dictionary, an Event, or many of them, not `"):
            monitor.feed(given)  # type: ignore[arg-type]
    for moment in (None, 1.5, []):
        with pytest.raises(TypeError, match="an instant is a datetime, a date, a text, or"):
            monitor.advance(moment)  # type: ignore[arg-type]
    assert monitor.advance("2026-01-05 09:30") == []
    assert [record.data["status"] for record in monitor.advance(datetime(2026, 1, 5, 10, tzinfo=UTC))] == ["breached"]
    with pytest.raises(TypeError, match="not from both"):
        policy.monitor({}, store=":memory:")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="with a store"):
        policy.monitor(future="1 day")  # type: ignore[call-overload]


def test_each_record_has_an_id_of_its_own_also_after_reopening() -> None:
    """Late and reopened is breached again at once, with its old due: whoever keeps records by their id must not lose that."""
    policy = sladsl.load(text="solution: support solves ticket within 1h of opened\n    on reopen resume")
    monitor = policy.monitor(store=":memory:")
    told = []
    for hour, event in enumerate(["opened", "other", "solved", "opened", "solved", "opened", "solved"]):
        row = {"case": "A", "time": f"2026-01-05T{9 + hour * 2:02}:00:00Z", "event": event, "actor": "support"}
        told += [record.data for record in monitor.feed(row)]
    assert [record["status"] for record in told] == ["breached", "late"] * 3
    assert len({record["id"] for record in told}) == 6


def test_records_are_kept_until_they_are_acknowledged(tmp_path: Path) -> None:
    policy = sladsl.load(text="reply: support replies within 1h of opened")
    path = tmp_path / "state.db"
    monitor = DurableMonitor(policy, Store(path))
    at = 1_767_600_000_000_000
    records = monitor.feed(
        [sladsl.Event("A", at, "opened", "x", {}), sladsl.Event("A", at + 1, "reply", "support", {})], {"row": 2}
    )
    assert len(records) == 1
    monitor._store.close()  # as if the process had died before it told
    again = DurableMonitor(policy, Store(path))
    assert again.position == {"row": 2}
    assert again.undelivered() == records
    again.acknowledge(records[-1].seq)
    again.close()
    assert DurableMonitor(policy, Store(path)).undelivered() == []


def test_the_library_keeps_its_state_in_a_store(tmp_path: Path) -> None:
    policy = sladsl.load(text="reply: support replies within 1h of opened")
    monitor = policy.monitor(store=tmp_path / "state.db")
    row = {"case": "A", "time": "2026-01-05T09:00:00Z", "event": "opened", "actor": "x"}
    assert monitor.feed([row, {"case": "A", "event": "reply"}], {"row": 1}) == []
    assert len(monitor.rejects) == 1
    monitor.close()
    again = policy.monitor(store=tmp_path / "state.db")
    (record,) = again.feed([{**row, "time": "2026-01-05T09:10:00Z", "event": "reply", "actor": "support"}])
    assert json.loads(record.line)["status"] == "met"
