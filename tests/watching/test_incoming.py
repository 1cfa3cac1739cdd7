"""Standard input and output of a watch: nobody is waited for, and nothing that others wrote is lost."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.watching.durable import DurableMonitor
from sladsl.watching.incoming import Incoming
from sladsl.watching.store import Store, StoreError
from sladsl.watching.watch import Watch

POLICY = "reply: support replies within 1h of opened"


def lines_of(*events: tuple[str, str, str]) -> bytes:
    rows = ({"case": c, "time": f"2026-01-05T{t}Z", "event": e, "actor": "support"} for c, t, e in events)
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


FIRST = lines_of(("A", "09:00", "opened"), ("A", "09:10", "reply"))
SECOND = lines_of(("B", "09:20", "opened"), ("B", "09:30", "reply"))


def watch_of(folder: Path, given: bytes, output: str | None = "out.ndjson", **options: Any) -> tuple[str, list[str]]:
    """What one watch over standard input tells in its file or on standard output, and what it says of the log."""
    odd: list[str] = []
    out = io.BytesIO()
    policy = sladsl.load(text=POLICY)
    path = None if output is None else str(folder / output)
    watch = Watch(
        policy,
        "-",
        str(folder / "state.db"),
        path,
        io.BytesIO(given),
        out,
        on_odd=lambda kind, said: odd.append(said),
        **options,
    )
    while watch.step() or not watch.has_ended:
        watch.wait(1)
    watch.finish()
    watch.close()
    return out.getvalue().decode() if path is None else Path(path).read_text(), odd


def cases(told: str) -> list[str]:
    return [json.loads(line)["case"] for line in told.splitlines()]


def test_a_line_is_given_once_it_is_whole() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        incoming = Incoming(stream)
        assert incoming.readline(100) == b""
        os.write(writing, b"one\ntw")
        incoming.wait(5)
        assert [incoming.readline(100), incoming.readline(100)] == [b"one\n", b""]
        os.write(writing, b"o")
        os.close(writing)
        while not incoming.has_ended:
            incoming.wait(5)
        assert [incoming.readline(2), incoming.readline(2), incoming.readline(2)] == [b"tw", b"o", b""]


def test_an_open_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A verdict is told while the pipe stays open; and at the end a last line without its end counts."""
    (tmp_path / "policy.sla").write_text(POLICY)
    command = [sys.executable, "-m", "sladsl.cli.main", "watch", str(tmp_path / "policy.sla"), "-", "--state"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "state.db"), "--quiet"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stop = threading.Timer(60, process.kill)
    stop.start()
    process.stdin.write(FIRST)
    process.stdin.flush()
    assert cases(process.stdout.readline().decode()) == ["A"]
    process.stdin.write(SECOND.rstrip())
    process.stdin.close()
    assert cases(process.stdout.read().decode()) == ["B"]
    assert process.wait() == 0
    stop.cancel()


def test_input_that_begins_as_before_is_passed_over_and_other_input_is_new(tmp_path: Path) -> None:
    told, odd = watch_of(tmp_path, FIRST)
    assert (cases(told), odd) == (["A"], [])
    passed = "standard input: where it begins as before, its first 2 rows are passed over, which were read then"
    told, odd = watch_of(tmp_path, FIRST + SECOND)
    assert (cases(told), odd) == (["A", "B"], [passed])
    told, odd = watch_of(tmp_path, lines_of(("C", "10:00", "opened"), ("C", "10:10", "reply")))
    assert cases(told) == ["A", "B", "C"]
    assert odd[1:] == ["standard input begins otherwise than before: reading it from its start"]


def test_a_file_that_is_not_the_one_of_before_is_added_to(tmp_path: Path) -> None:
    assert cases(watch_of(tmp_path, FIRST, None)[0]) == ["A"]
    (tmp_path / "other.txt").write_text("what others wrote")
    told, _ = watch_of(tmp_path, FIRST + SECOND, "other.txt")
    assert told.splitlines()[0] == "what others wrote"
    assert cases("".join(told.splitlines(keepends=True)[1:])) == ["B"]
    (tmp_path / "other.txt").rename(tmp_path / "old.txt")
    third = lines_of(("C", "10:00", "opened"), ("C", "10:10", "reply"))
    assert cases(watch_of(tmp_path, FIRST + SECOND + third, "other.txt")[0]) == ["C"]


def test_what_was_written_and_not_kept_is_cut_off(tmp_path: Path) -> None:
    assert cases(watch_of(tmp_path, FIRST)[0]) == ["A"]
    with (tmp_path / "out.ndjson").open("a") as out:
        out.write('{"id": "half of a rec')
    assert cases(watch_of(tmp_path, FIRST + SECOND)[0]) == ["A", "B"]


def test_what_has_arrived_is_not_told_again_once_the_input_is_read(tmp_path: Path) -> None:
    """On standard output, too, where nothing can be cut off: only what a crash meets on its way may come again."""
    out = io.BytesIO()
    policy = sladsl.load(text=POLICY)
    state = str(tmp_path / "state.db")
    watch = Watch(policy, "-", state, None, io.BytesIO(FIRST), out)
    while watch.step() or not watch.has_ended:
        watch.wait(1)
    watch.monitor._store.close()  # as if it had been killed
    assert cases(out.getvalue().decode()) == ["A"]
    assert watch_of(tmp_path, FIRST + SECOND, None)[0].count("\n") == 1


def test_what_was_interrupted_is_not_kept_by_halves(tmp_path: Path) -> None:
    """Ctrl-C comes at any moment: what was judged of a batch must not stand in a state that does not know of the batch."""
    policy = sladsl.load(text="calls: at most 2 calls per case")
    monitor = DurableMonitor(policy, Store(tmp_path / "state.db"))
    rows = [sladsl.Event("A", 1_767_600_000_000_000 + n, "call", "x", {}) for n in range(2)]
    judge = monitor._driver.feed

    def interrupted(events: Any) -> Any:
        judge(events)
        raise KeyboardInterrupt

    monitor._driver.feed = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        monitor.feed(rows, 2)
    with pytest.raises(StoreError, match="the last batch was not kept: make a new monitor"):
        monitor.feed(rows, 2)
    monitor.close()
    again = DurableMonitor(policy, Store(tmp_path / "state.db"))
    assert (again.position, again.counts["events"]) == (None, 0)
    assert again.feed(rows, 2) == []
    again.close()


def test_that_nobody_names_an_actor_is_told_with_the_first_records(tmp_path: Path) -> None:
    without = FIRST.replace(b"support", b"") + lines_of(("B", "11:00", "opened")).replace(b"support", b"")
    said = "no event so far names an actor, and so none is by the party that has to act; `--no-actors` leaves that unchecked"
    assert watch_of(tmp_path, without)[1] == [said]
    (tmp_path / "state.db").unlink()
    assert watch_of(tmp_path, without, actors=False)[1] == []
