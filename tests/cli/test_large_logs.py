"""Large logs on the command line: which evaluator, progress, and nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sladsl.cli.progress import _Line

Command = Callable[..., Any]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    from sladsl.pipeline import choosing

    monkeypatch.setattr(choosing, "LARGE", 2)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 2)


def test_the_result_says_which_evaluator_judged_and_why(sladsl: Command, large: None) -> None:
    assert "by the columnar evaluator: the log is large\n" in sladsl("run", "policy.sla", "log.csv").out
    assert "evaluator" not in sladsl("run", "policy.sla", "log.csv", "--engine", "stream").out
    told = json.loads(sladsl("run", "policy.sla", "log.csv", "--format", "json").out)
    assert (told["engine"], told["engine_reason"]) == ("columnar", "the log is large")
    told = json.loads(sladsl("run", "policy.sla", "log.csv", "--format", "json", SLADSL_RUN_ENGINE="stream").out)
    assert (told["engine"], told["engine_reason"]) == ("stream", "as asked")


def test_standard_input_is_read_event_by_event(sladsl: Command, large: None) -> None:
    log = Path("log.csv").read_text()
    assert "evaluator" not in sladsl("run", "policy.sla", "-", stdin=log).out
    out = sladsl("run", "policy.sla", "-", "--engine", "columnar", stdin=log).out
    assert "as asked; from events that were read one by one: the log can be read only once" in " ".join(out.split())


def test_the_verdict_table_is_the_same_of_both(sladsl: Command) -> None:
    tables = {}
    for engine in ("stream", "columnar"):
        for ending in ("csv", "ndjson", "parquet"):
            ran = sladsl("run", "policy.sla", "log.csv", "--engine", engine, "--verdicts", f"{engine}.{ending}", "-q")
            assert (ran.code, ran.err) == (0, "")
        tables[engine] = [Path(f"{engine}.{ending}").read_bytes() for ending in ("csv", "ndjson")]
        parquet = pytest.importorskip("pyarrow.parquet").read_table(f"{engine}.parquet")
        tables[engine].append(parquet.to_pylist())
    assert tables["stream"] == tables["columnar"]
    assert [row["status"] for row in csv.DictReader(io.StringIO(tables["stream"][0].decode()))] == [
        "met",
        "late",
        "open",
    ]


def test_an_interruption_leaves_no_half_written_file(
    sladsl: Command, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sladsl.report import table_columns

    column_batches = table_columns.column_batches

    def interrupted(*given: Any) -> Iterator[Any]:
        yield from column_batches(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(table_columns, "column_batches", interrupted)
    for ending in ("csv", "ndjson", "parquet"):
        Path(f"verdicts.{ending}").write_text("what was there before")
        before = sorted(Path().iterdir())
        ran = sladsl("run", "policy.sla", "log.csv", "--verdicts", f"verdicts.{ending}", "-o", "result.txt")
        assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")
        assert sorted(Path().iterdir()) == before
        assert Path(f"verdicts.{ending}").read_text() == "what was there before"


def test_an_interruption_while_a_log_is_judged(sladsl: Command, large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from sladsl.evaluate.columnar.run import Run

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "feed", interrupted)
    ran = sladsl("run", "policy.sla", "log.csv", "-o", "result.txt")
    assert (ran.code, ran.err) == (130, "interrupted\n")
    assert not Path("result.txt").exists()


def test_the_line_of_progress_fits_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("COLUMNS", "70")
    line = _Line()
    line.began -= 3
    line.say("judging, 4,000,000 events so far", 0.5)

    waits = iter([False, True])
    monkeypatch.setattr(line.done, "wait", lambda _: next(waits))
    line.tick()
    shown = err.getvalue()
    assert "50% judging, 4,000,000 events so far" in shown
    assert len(shown) <= 70
    line.clear()
    assert err.getvalue().endswith(" \r")
