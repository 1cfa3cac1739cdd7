"""A date far from all others is a mistake: of too many windows the last are judged, and it is said."""

import json

import pytest

import sladsl
from sladsl.evaluate.objectives import frames, live_rows
from sladsl.report import odd

MOST = 200

DAILY = 'sold: count of sale <= 5 per day\nup: share of time while status = "up" >= 90% per day\n'


@pytest.fixture(autouse=True)
def _few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (frames, live_rows, odd):
        monkeypatch.setattr(module, "MOST_WINDOWS", MOST)


def sale(time: str) -> dict[str, str]:
    return {"case": "A", "time": time, "event": "sale", "status": "up"}


def test_a_log_of_two_thousand_years_is_judged_by_its_last_windows() -> None:
    result = sladsl.run(sladsl.load(text=DAILY), [sale("0001-01-01T00:00:00Z"), sale("2026-03-02T09:00:00Z")])
    for label in ("sold", "up"):
        rows = [row for row in result.objectives if row.label == label]
        assert len(rows) == MOST
        assert rows[-1].window == "2026-03-02"
    assert [warning.message for warning in result.warnings if warning.code == "SLA0925"] == [
        f"the log reaches from 0001-01-01 to 2026-03-02: of the windows of `{label}` the last 200 are judged,"
        " and 739,477 windows before them not"
        for label in ("sold", "up")
    ]


def test_as_of_leaves_out_a_date_that_is_none() -> None:
    rows = [sale("2026-03-02T09:00:00Z"), sale("9999-12-31T00:00:00Z")]
    result = sladsl.run(sladsl.load(text=DAILY), rows, as_of="2026-03-03T00:00:00Z")
    assert [row.window for row in result.objectives] == ["2026-03-02", "2026-03-02"]
    assert not [warning for warning in result.warnings if warning.code == "SLA0925"]


def test_a_monitor_leaves_them_out_as_well() -> None:
    policy = sladsl.load(text=DAILY)
    monitor = policy.monitor()
    monitor.feed(sale("0001-01-01T00:00:00Z"))
    monitor.feed(sale("2026-03-02T09:00:00Z"))
    monitor.advance("2026-03-03T00:00:00Z")
    assert policy.monitor(json.loads(json.dumps(monitor.snapshot()))).snapshot() == monitor.snapshot()
