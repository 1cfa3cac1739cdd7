"""The report of a large log, judged as columns, is the report of its events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sladsl.events import LogError
from sladsl.pipeline import choosing, report
from sladsl.report.account import Account
from sladsl.report.account_json import account_json

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = [folder for folder in sorted(EXAMPLES.glob("*")) if (folder / "policy.sla").exists()]


def told(account: Account) -> dict[str, Any]:
    """The account without what tells the evaluators apart."""
    return {name: value for name, value in account_json(account).items() if name not in ("engine", "provenance")}


def both(monkeypatch: pytest.MonkeyPatch, policy: Any, log: Any, **asked: Any) -> tuple[Account, Account]:
    """By events, and as columns."""
    by_events = report(policy, log, **asked)
    monkeypatch.setattr(choosing, "LARGE", 0)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 0)
    return by_events, report(policy, log, **asked)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_example(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (log,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    by_events, in_columns = both(monkeypatch, folder / "policy.sla", log)
    assert (by_events.engine, in_columns.engine) == ("stream", "columnar")
    assert told(in_columns) == told(by_events)


def test_a_period_and_some_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EXAMPLES / "support_desk"
    (log,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    whole = report(folder / "policy.sla", log)
    assert whole.span is not None
    period = next(history.rows[0].window for history in whole.histories)[:7]
    by_events, in_columns = both(monkeypatch, folder / "policy.sla", log, period=period)
    assert in_columns.engine == "columnar"
    assert told(in_columns) == told(by_events)


@pytest.mark.parametrize("period", ["", "2026-03"])
def test_who_held_a_case(monkeypatch: pytest.MonkeyPatch, period: str) -> None:
    folder = EXAMPLES / "support_desk"
    (log,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    by_events, in_columns = both(monkeypatch, folder / "policy.sla", log, by=["actor", "priority"], period=period)
    assert in_columns.engine == "columnar"
    assert by_events.holders
    assert told(in_columns) == told(by_events)


def test_a_column_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EXAMPLES / "support_desk"
    (log,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    monkeypatch.setattr(choosing, "LARGE", 0)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 0)
    with pytest.raises(LogError, match="no column `colour`"):
        report(folder / "policy.sla", log, by=["colour"])


def test_a_log_in_another_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = EXAMPLES / "marketing_and_sales"
    (log,) = [file for file in folder.iterdir() if file.name.startswith("log.")]
    heading, *rows = log.read_text().splitlines(keepends=True)
    (tmp_path / "log.csv").write_text("".join([heading, *reversed(rows)]))
    by_events, again = both(monkeypatch, folder / "policy.sla", tmp_path / "log.csv")
    assert again.engine == "stream"  # a life cycle is followed in order of time
    assert told(again) == told(by_events)
