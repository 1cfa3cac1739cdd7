"""Who kept the promises, and who held the cases: what is told of holders adds up to what has elapsed."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import sladsl
from sladsl.events import LogError
from sladsl.pipeline import report
from sladsl.report import who as module
from sladsl.report.account import Account

ROOT = Path(__file__).parents[2]
HOUR_US = 3_600_000_000
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = """
answer: support replies within 8h of opened
    paused while waiting = yes
solve: desk solves within 2 days of opened
customer "ACME"
    answer: support replies within 1h of opened
"""


def told(*rows: tuple[str, float, str, dict[str, object]], by: tuple[str, ...] = (), policy: str = POLICY) -> Account:
    events = [
        {"case": case, "time": START + timedelta(hours=hours), "event": event, "actor": "support"} | values
        for case, hours, event, values in rows
    ]
    return report(sladsl.load(text=policy), events, by=by)


def test_attainment_by_party_and_level() -> None:
    found = told(
        ("A", 0, "opened", {"customer": "ACME"}),
        ("A", 3, "reply", {}),
        ("B", 0, "opened", {"customer": "Globex"}),
        ("B", 3, "reply", {}),
    )
    by = {table.name: {row.value: row.attainment for row in table.rows} for table in found.who}
    assert by == {
        "party": {"support": Fraction(1, 2), "desk": None},
        "level": {"corporate": 1, "customer ACME": 0},
    }


def test_an_attribute_counts_as_it_was_at_the_start() -> None:
    found = told(
        ("A", 0, "opened", {"owner": "Ana"}),
        ("A", 1, "change", {"owner": "Luis"}),
        ("A", 3, "reply", {}),
        ("B", 0, "opened", {}),
        ("B", 20, "reply", {"owner": "Ana"}),
        by=("owner",),
    )
    (table,) = [table for table in found.who if table.kind == "attribute"]
    assert {row.value: (row.counts["met"], row.counts["late"]) for row in table.rows} == {"Ana": (1, 0), "": (0, 1)}


def test_time_by_holder_follows_the_attribute_and_leaves_pauses_out() -> None:
    found = told(
        ("A", 0, "opened", {"owner": "Ana"}),
        ("A", 1, "change", {"owner": "Luis"}),
        ("A", 2, "change", {"waiting": "yes"}),
        ("A", 4, "change", {"waiting": "no", "owner": "Eva"}),
        ("A", 4.5, "reply", {}),
        by=("owner",),
    )
    table = next(table for table in found.holders if table.clause == "answer")
    assert [(row.value, row.ticks) for row in table.rows] == [
        ("Ana", HOUR_US),
        ("Luis", HOUR_US),
        ("Eva", HOUR_US // 2),
    ]
    assert (table.elapsed, table.budget, table.cycles) == (5 * HOUR_US // 2, 8 * HOUR_US, 1)


def test_the_actor_is_asked_by_its_name_or_by_the_heading_of_its_column(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "case,time,event,Owner\nA,2026-03-02T09:00:00Z,opened,Ana\nA,2026-03-02T10:00:00Z,note,Luis\n"
        "A,2026-03-02T12:00:00Z,reply,support\n"
    )
    for name in ("actor", "owner", "Owner"):
        found = report(sladsl.load(text="answer: support replies within 8h of opened"), log, by=[name])
        assert found.holders[0].name == name
        assert [(row.value, row.ticks) for row in found.holders[0].rows] == [("Luis", 2 * HOUR_US), ("Ana", HOUR_US)]


def test_an_attribute_that_the_log_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("case,time,event,handler\nA,2026-03-02T09:00:00Z,opened,Ana\n")
    with pytest.raises(LogError) as refused:
        report(sladsl.load(text=POLICY), log, by=["handlr"])
    (told_of,) = refused.value.diagnostics
    assert (told_of.code, told_of.help) == ("SLA0938", "did you mean `handler`?")


BY = {"marketing_and_sales": "Owner", "support_desk": "actor", "hosting": "service", "orders": "carrier"}


@pytest.mark.parametrize(("folder", "by"), BY.items())
def test_holders_add_up_to_what_has_elapsed(folder: str, by: str) -> None:
    path = ROOT / "examples" / folder
    found = report(path / "policy.sla", next(path.glob("log.*")), by=[by])
    assert found.holders
    for table in found.holders:
        assert sum(row.ticks for row in table.rows) == table.elapsed
        assert len(table.rows) <= 8


def test_attributes_of_very_many_values_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIMIT", 3)
    rows = [
        (str(n), hours, event, {"owner": f"o{n}"}) for n in range(9) for hours, event in ((0, "opened"), (1, "reply"))
    ]
    found = told(*rows, by=("owner",))
    (table,) = [table for table in found.who if table.kind == "attribute"]
    assert [row.value for row in table.rows] == ["o0", "o1", "o2", None]
    assert sum(row.counts["met"] for row in table.rows) == 9
    answer = next(table for table in found.holders if table.clause == "answer")
    assert sum(row.ticks for row in answer.rows) == answer.elapsed == 9 * HOUR_US
