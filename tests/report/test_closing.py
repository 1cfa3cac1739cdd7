"""The account of a cycle: what a period takes in, what is left out and why, and lists that stay short."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import sladsl
from sladsl.events import LogError
from sladsl.pipeline import report
from sladsl.report.account import Account
from sladsl.report.figures import Standing
from sladsl.report.sifting import MOST

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = """
answer: support replies within 8h of opened
    cancelled when spam = yes
    excused when waiver = yes
    paused while waiting = yes
    penalty 10 EUR per miss
good: at least 50% of answer met per month
whole: at least 50% of answer met per quarter
few: at least 50% of answer met per month
    at least 100 cases
"""

Row = tuple[str, float, str, dict[str, object]]


def told(*rows: Row, policy: str = POLICY, **options: object) -> Account:
    events = [
        {"case": case, "time": START + timedelta(hours=hours), "event": event, "actor": "support"} | values
        for case, hours, event, values in rows
    ]
    return report(sladsl.load(text=policy), events, **options)  # type: ignore[arg-type]


def month(case: str, months: int, hours: float) -> list[Row]:
    at = 24 * 31 * months
    return [(case, at, "opened", {}), (case, at + hours, "reply", {})]


def test_a_period_takes_cycles_by_start_and_windows_by_end() -> None:
    rows = [*month("A", 0, 1), *month("B", 0, 9), *month("C", 1, 9), *month("D", 2, 1)]
    april = told(*rows, period="2026-04")
    assert [row.counts["late"] for row in april.clauses] == [1]
    assert april.summary.decided == 1
    good, whole, few = april.histories
    assert (good.last.window, good.last.status) == ("2026-04", "missed")
    assert [row.window for row in good.rows] == ["2026-03", "2026-04"]
    assert good.inside == (False, True)
    assert (whole.last.window, whole.last.ended) == ("2026-Q2", False)
    assert (few.counts["not judged"], april.left_out.not_judged) == (1, {"few": 1})
    assert [payment.paid for payment in april.owed.payments] == ["10.00"]
    assert april.period is not None
    march = told(*rows, period="2026-03")
    assert [(history.objective.label, history.last.window) for history in march.histories] == [
        ("good", "2026-03"),
        ("whole", "2026-Q1"),
        ("few", "2026-03"),
    ]


def test_what_is_no_period_is_told() -> None:
    with pytest.raises(LogError, match="is no calendar period"):
        told(("A", 0, "opened", {}), period="2026-13")


def test_a_window_under_way_that_reaches_into_the_period_counts() -> None:
    found = told(*month("A", 1, 1), period="2026-04")
    whole = next(history for history in found.histories if history.objective.label == "whole")
    assert (whole.last.window, whole.last.ended, whole.counts["undecided"]) == ("2026-Q2", False, 1)


def test_what_is_left_out_is_told_with_its_reason() -> None:
    found = told(
        ("A", 0, "opened", {}),
        ("A", 1, "change", {"spam": "yes"}),
        ("B", 0, "opened", {}),
        ("B", 1, "change", {"waiver": "yes"}),
        ("C", 0, "opened", {}),
        ("C", 1, "change", {"waiting": "yes"}),
        ("C", 4, "reply", {"waiting": "no"}),
        ("D", 0, "opened", {}),
        ("E", 9, "opened", {}),
        ("E", 9, "opened", {}),
    ).left_out
    (row,) = found.clauses
    assert (row.cancelled, row.excused, row.undetermined, row.paused, row.paused_us) == (1, 1, 0, 1, 3 * 3_600_000_000)
    assert [(each.verdict.case, each.verdict.closed_by and each.verdict.closed_by.type) for each in found.excused] == [
        ("B", "change")
    ]


def test_an_undetermined_instance_gives_its_reason() -> None:
    policy = "answer: support replies within 8h of opened\n    excused when score > 5"
    found = told(("A", 0, "opened", {}), ("A", 1, "change", {"score": "many"}), policy=policy)
    ((label, reason, count),) = found.left_out.undetermined
    assert (label, count) == ("answer", 1)
    assert "many" in reason


def test_the_time_that_an_objective_leaves_out_adds_up_to_its_bound() -> None:
    policy = """
uptime: share of time while status = "up" >= 90% per month
    excluding maintenance at most 4h per month
maintenance = status = "maintenance"
"""
    found = told(
        ("web", 0, "check", {"status": "up"}),
        ("web", 10, "check", {"status": "maintenance"}),
        ("web", 13, "check", {"status": "up"}),
        ("web", 20, "check", {"status": "maintenance"}),
        ("web", 30, "check", {"status": "up"}),
        ("db", 0, "check", {"status": "maintenance"}),
        policy=policy,
    )
    (excluded,) = found.left_out.excluded
    assert (excluded.time_us, excluded.cases) == (8 * 3_600_000_000, 2)
    ((row, *_),) = [history.rows for history in found.histories]
    assert row.total == (60 - 8) * 3_600_000_000  # of two cases and thirty hours


def test_the_worst_come_first_and_tell_their_stories() -> None:
    rows = [row for n in range(14) for row in ((f"C{n:02}", n, "opened", {}), (f"C{n:02}", n + 9 + n, "reply", {}))]
    found = told(*rows)
    assert [breach.verdict.case for breach in found.worst] == [f"C{n:02}" for n in range(13, 3, -1)]
    assert found.broken == 14
    for breach in found.worst:
        assert breach.story is not None
        assert breach.story.counted == breach.verdict.elapsed
        assert breach.over_us == breach.verdict.late_by_us


def test_open_instances_come_by_their_due_with_the_range_of_what_may_be() -> None:
    found = told(("late", 5, "opened", {}), ("soon", 0, "opened", {}), ("held", 1, "opened", {"waiting": "yes"}))
    assert [each.verdict.case for each in found.open_first] == ["soon", "late", "held"]
    assert found.summary.standing is Standing.SO_FAR


def test_spreads_keep_what_is_on_time_left_of_the_target() -> None:
    rows = [row for n in range(40) for row in ((str(n), 0, "opened", {}), (str(n), n / 4, "reply", {}))]
    (spread,) = told(*rows).spreads
    assert spread.count == 40 == sum(each.count for each in spread.bins)
    ((target, _),) = spread.targets
    on_time = sum(each.count for each in spread.bins if each.upto is not None and each.upto <= target)
    assert on_time == 33  # 0h, 0.25h … 8h
    edges = [each.upto for each in spread.bins if each.upto is not None]
    assert edges == [edges[0] * n for n in range(1, len(edges) + 1)]
    assert len(edges) <= 14


def test_versions_of_one_agreement_make_one_account(tmp_path: Path) -> None:
    for name, months, hours in (("old", "2026-01-01 until 2026-04-01", 8), ("new", "2026-04-01 until 2027-01-01", 4)):
        (tmp_path / f"{name}.sla").write_text(
            f'sla "A"\n    effective from {months}\nanswer: support replies within {hours}h of opened\n'
            "good: at least 50% of answer met per month\n"
        )
    rows = [*month("A", 0, 5), *month("B", 1, 5), *month("C", 2, 1)]
    events = [{"case": c, "time": START + timedelta(hours=h), "event": e, "actor": "support"} for c, h, e, _ in rows]
    found = report([tmp_path / "old.sla", tmp_path / "new.sla"], events)
    assert [(row.counts["met"], row.counts["late"]) for row in found.clauses] == [(2, 1)]
    assert [row.status for row in found.histories[0].rows] == ["met", "missed", "undecided"]
    assert len(found.versions) == 2


def test_nothing_read_makes_an_account_all_the_same() -> None:
    found = told()
    assert (found.as_of_us, found.span, found.summary.standing) == (None, None, Standing.NOTHING)


def test_every_list_is_bounded() -> None:
    clauses = "\n".join(
        f"c{n}: support replies within {n + 1}h of opened\n    excused when waiver = yes" for n in range(150)
    )
    objectives = "\n".join(f"o{n}: at least 50% of c{n} met per day\n    by team" for n in range(40))
    rows: list[Row] = []
    for n in range(60):
        rows += [(f"C{n}", 24 * n, "opened", {"team": f"t{n % 3}", "waiver": "yes" if n % 5 == 0 else "no"})]
        rows += [(f"C{n}", 24 * n + 7.5, "reply", {})] * (n % 2)
    found = told(*rows, policy=f"{clauses}\n{objectives}\n", by=("team",))
    for shown, most in (
        (found.promises, MOST.promises),
        (found.clauses, MOST.clauses),
        (found.histories, MOST.histories),
        (found.spreads, MOST.spreads),
        (found.worst, MOST.worst),
        (found.open_first, MOST.open),
        (found.left_out.excused, MOST.excused),
    ):
        assert len(shown) == most
    assert all(len(history.rows) <= MOST.windows for history in found.histories)
    assert (found.clauses_count, found.promises_count, found.histories_count) == (150, 190, 120)
    assert any(history.counts["missed"] for history in found.histories)


def test_totals_of_examples_agree_with_the_run() -> None:
    path = ROOT / "examples" / "hosting"
    result, found = sladsl.run(path / "policy.sla", path / "log.csv"), report(path / "policy.sla", path / "log.csv")
    assert list(found.clauses) == result.clauses
    rows = [row for history in found.histories for row in history.rows]
    assert sorted(rows, key=str) == sorted(result.objectives, key=str)
    assert list(found.owed.payments) == result.versions[0].objectives.payments
    parts = [report(path / "policy.sla", path / "log.csv", period=f"2026-0{n}") for n in (1, 2, 3, 4)]
    assert sum(part.summary.decided for part in parts) == found.summary.decided
    assert sum(payment.amount for part in parts for payment in part.owed.payments) == Fraction(1850)
