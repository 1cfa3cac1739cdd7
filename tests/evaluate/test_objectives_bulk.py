"""Objectives in bulk are what the ledger finds."""

from __future__ import annotations

from bulk_logs import objectives_in_bulk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from objective_cases import plan_of
from test_objectives_laws import ahead, asking, logs, policies

from sladsl.evaluate.objectives import ObjectivesOutcome, judge_objectives
from sladsl.evaluate.stream import judge
from sladsl.events import Event

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def assert_same(found: ObjectivesOutcome, wanted: ObjectivesOutcome) -> None:
    assert found.rows == wanted.rows
    assert found.budgets == wanted.budgets
    assert found.alerts == wanted.alerts
    assert found.consequences == wanted.consequences
    assert found.payments == wanted.payments
    assert found.faults.keys() == wanted.faults.keys()


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(policies(), logs(), st.sampled_from((0, 0, 1, 30, 300)), st.sampled_from(("met", "met", "late", "breached")))
def test_drawn_objectives_are_what_the_ledger_finds(policy: str, events: list[Event], hours: int, status: str) -> None:
    plan = asking(plan_of(policy), status)
    as_of = ahead(events, hours)
    wanted = judge_objectives(plan, events, judge(plan, events, as_of), as_of)
    assert_same(objectives_in_bulk(plan, events, as_of), wanted)
