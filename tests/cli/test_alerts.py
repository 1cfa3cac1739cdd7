"""`sladsl run --alerts FILE`, and the alerts of a result and of a monitor."""

import csv
import json
from pathlib import Path

import pytest
from commands import Command

import sladsl as library

POLICY = """\
sla "Alerts"
    timezone Europe/Madrid
    case ticket
reply: support replies within 4h of opened
    warn at 75%
    escalate to "lead" at breach
service "hosting"
    reply: support replies within 2h of opened
        warn 30 min before
        escalate to "boss" after 3h
kept: at least 90% of reply met per month
    by region
    alert when missed 2 windows in a row
    alert when burn rate > 2 over 6h
"""
LOG = """\
ticket,time,event,actor,service,region
A,2026-01-05 08:00,opened,customer,,ES
B,2026-01-05 08:00,opened,customer,hosting,ES
B,2026-01-05 13:00,reply,support,,
A,2026-01-05 13:00,reply,support,,
C,2026-02-05 08:00,opened,customer,,ES
C,2026-02-05 20:00,reply,support,,
D,2026-03-05 08:00,opened,customer,,ES
"""


@pytest.fixture
def table(sladsl: Command) -> list[dict[str, str]]:
    Path("policy.sla").write_text(POLICY)
    Path("log.csv").write_text(LOG)
    ran = sladsl("run", "policy.sla", "log.csv", "--alerts", "alerts.csv", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    return list(csv.DictReader(Path("alerts.csv").read_text().splitlines()))


def test_warnings_and_escalations_stand_with_their_instants(table: list[dict[str, str]]) -> None:
    told = [(row["at"], row["kind"], row["case"], row["to"], row["level"]) for row in table if row["clause"]]
    assert told == [
        ("2026-01-05T09:30:00+01:00", "warn", "B", "", "service hosting"),
        ("2026-01-05T11:00:00+01:00", "warn", "A", "", "corporate"),
        ("2026-01-05T11:00:00+01:00", "escalate", "B", "boss", "service hosting"),
        ("2026-01-05T12:00:00+01:00", "escalate", "A", "lead", "corporate"),
        ("2026-02-05T11:00:00+01:00", "warn", "C", "", "corporate"),
        ("2026-02-05T12:00:00+01:00", "escalate", "C", "lead", "corporate"),
    ]
    assert {(row["clause"], row["party"], row["number"]) for row in table if row["clause"]} == {
        ("reply", "support", "1")
    }
    assert table[0]["written"] == "warn 30 min before"


def test_alerts_of_objectives_stand_among_them(table: list[dict[str, str]]) -> None:
    told = [
        (row["kind"], row["objective"], row["group"], row["case"], row["number"]) for row in table if not row["clause"]
    ]
    assert set(told) == {("burn", "kept", "region=ES", "", ""), ("missed", "kept", "region=ES", "", "")}
    assert [row["at"] for row in table if row["kind"] == "missed"] == ["2026-03-01T00:00:00+01:00"]


def test_alerts_are_ordered_by_instant(table: list[dict[str, str]]) -> None:
    assert [row["at"] for row in table] == sorted(row["at"] for row in table)


def test_json_lines_hold_the_same(sladsl: Command, table: list[dict[str, str]]) -> None:
    assert sladsl("run", "policy.sla", "log.csv", "--alerts", "alerts.ndjson", "-q").code == 0
    lines = [json.loads(line) for line in Path("alerts.ndjson").read_text().splitlines()]
    assert [(line["at"], line["kind"]) for line in lines] == [(row["at"], row["kind"]) for row in table]
    assert (lines[0]["case"], lines[0]["number"], lines[0]["objective"]) == ("B", 1, None)
    assert next(line["group"] for line in lines if line["kind"] == "missed") == {"region": "ES"}
    whole = json.loads(sladsl("run", "policy.sla", "log.csv", "--format", "json", "-q").out)
    assert [(alert["at"], alert["kind"]) for alert in whole["alerts"]] == [(line["at"], line["kind"]) for line in lines]


def test_without_an_alert_there_is_only_the_heading(sladsl: Command) -> None:
    assert sladsl("run", "policy.sla", "log.csv", "--alerts", "alerts.csv", "-q").code == 0
    assert Path("alerts.csv").read_text().count("\n") == 1
    assert sladsl("run", "policy.sla", "log.csv", "--alerts", "alerts.ndjson", "-q").code == 0
    assert Path("alerts.ndjson").read_text() == ""


@pytest.mark.parametrize(
    ("path", "told"), [("a.txt", "--alerts takes a file ending"), ("no/such/a.csv", "there is no folder")]
)
def test_wrong_files_are_told(sladsl: Command, path: str, told: str) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--alerts", path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_the_environment_can_ask_for_them(sladsl: Command) -> None:
    assert sladsl("run", "policy.sla", "log.csv", "-q", SLADSL_RUN_ALERTS="alerts.csv").code == 0
    assert Path("alerts.csv").exists()


def test_a_monitor_yields_what_a_run_lists(table: list[dict[str, str]]) -> None:
    policy = library.load(text=POLICY)
    result = library.run(policy, "log.csv")
    monitor = policy.monitor()
    given = []
    for row in csv.DictReader(LOG.splitlines()):
        monitor.feed({name: value for name, value in row.items() if value} | {"case": row["ticket"]})
        given += monitor.alerts()
    monitor.advance("2026-03-05 08:00")
    given += monitor.alerts()
    assert given == result.alerts  # those of clauses and those of objectives
    assert given[0].at.isoformat() == table[0]["at"]


def test_a_result_writes_its_alerts_by_the_ending(tmp_path: Path) -> None:
    result = library.run(library.load(text="reply: support replies within 4h of opened\n"), [
        {"case": "A", "time": "2026-01-05T08:00:00Z", "event": "opened", "actor": "customer"}
    ])  # fmt: skip
    assert result.alerts == []
    with pytest.raises(ValueError, match=r"ending \.csv or \.ndjson"):
        result.write_alerts(tmp_path / "alerts.parquet")
