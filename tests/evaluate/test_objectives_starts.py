"""What was known at the start of a cycle: of several events in one instant, that after its own."""

from __future__ import annotations

from objective_cases import at, log_of, outcome_of, plan_of, rows_of

from sladsl.evaluate.objectives.starts import Starts
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.verdict import Cause

LOG = """
01-05 09:00  A  made
01-05 09:00  A  opened  region = ES
01-05 09:00  A  moved  region = PT
01-06 09:00  A  moved  region = FR
01-06 09:00  A  moved  region = DE
01-07 09:00  A  note
"""


def starts_of(text: str, *, live: bool = False) -> Starts:
    plan = plan_of('eu = region in ("ES", "PT")\ngoal: count of eu >= 1 per day')
    starts = Starts(["region"], [0])
    starts.live = live
    observer = Observer(plan, [0], {}, ["region"], actors=True)
    starts.bind(observer)
    for event in log_of(text):
        cs = observer.observe(event)
        starts.observe(observer, cs, event)
        observer.clear()
    return starts


def cause(row: int, kind: str) -> Cause:
    return Cause(0, row, kind)


def test_each_event_of_an_instant_has_its_own() -> None:
    starts = starts_of(LOG)
    first, second = at("01-05 09:00"), at("01-06 09:00")
    assert starts.at("A", first, cause(1, "made")) == ("", False)
    assert starts.at("A", first, cause(2, "opened")) == ("ES", True)
    assert starts.at("A", first, cause(3, "moved")) == ("PT", True)
    assert starts.at("A", second, cause(4, "moved")) == ("FR", False)
    assert starts.at("A", second, cause(5, "moved")) == ("DE", False)


def test_without_a_cause_it_is_that_after_the_whole_instant() -> None:
    starts = starts_of(LOG)
    assert starts.at("A", at("01-05 09:00"), None) == ("PT", True)
    assert starts.at("A", at("01-05 23:00"), None) == ("PT", True)
    assert starts.at("A", at("01-08 09:00"), None) == ("DE", False)
    assert starts.at("B", at("01-08 09:00"), None) == ("", False)


def test_what_no_later_start_can_need_is_forgotten() -> None:
    starts = starts_of(LOG.replace("01-07 09:00", "01-06 09:00"), live=True)
    assert starts.at("A", at("01-06 09:00"), cause(4, "moved")) == ("FR", False)
    assert starts.at("A", at("01-06 08:59"), None) == ("PT", True)
    assert starts.at("A", at("01-05 09:00"), cause(2, "opened")) == ("PT", True)  # that one is gone
    again = Starts(["region"], [0])
    again.load_case("A", starts.save_case("A"))
    assert again.at("A", at("01-06 09:00"), cause(4, "moved")) == ("FR", False)


def test_a_cycle_that_follows_a_breach_is_of_the_group_at_its_due() -> None:
    policy = (
        "reply: support replies within 1h of opened\n"
        "rescue: manager calls within 1h of breach of reply\ngoal: at least 50% of rescue met per day\n    by region\n"
    )
    log = "01-05 09:00  A  opened  region = ES\n01-05 10:00  A  note  region = PT\n01-05 10:30  A  call"
    assert rows_of(policy, log, "01-06") == ["goal 2026-01-05 region=PT: met 1 of 1"]


def test_a_log_of_ten_thousand_years_lists_only_windows_with_a_case() -> None:
    log = "0001-01-05 09:00  A  x  v = 3\n2026-01-05 09:00  A  x  v = 4\n9990-01-01 00:00  A  y"
    assert len(outcome_of("goal: p95 of v <= 3 per rolling 28 days", log).rows) == 56
