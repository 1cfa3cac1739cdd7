"""Life cycles and protocols: where cases stand, how long they stayed, where they fall out."""

from datetime import UTC, datetime, timedelta

import pytest

import sladsl
from sladsl.pipeline import report
from sladsl.report.account import Account
from sladsl.report.lifecycle import LifecycleFigures, ProtocolFigures

HOUR_US = 3_600_000_000
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

STAGES = """
sla "Funnel"
    case lead until closed
closed = status = "closed"
lifecycle lead
    qualified = score >= 60
    accepted = accepted = yes
    customer = won = yes
contact: sales contacts within 24h of created
"""

Row = tuple[str, float, dict[str, object]]


def told(policy: str, *rows: Row, **options: object) -> Account:
    events = [
        {"case": case, "time": START + timedelta(hours=hours), "actor": "sales", "event": "change"} | values
        for case, hours, values in rows
    ]
    return report(sladsl.load(text=policy), events, **options)  # type: ignore[arg-type]


def stages(*rows: Row, **options: object) -> LifecycleFigures:
    return told(STAGES, *rows, **options).lifecycles[0]


def test_stages_count_who_entered_and_how_long_they_stayed() -> None:
    found = stages(
        ("A", 0, {"score": 70}),
        ("A", 2, {"accepted": "yes"}),
        ("A", 7, {"won": "yes"}),
        ("B", 0, {"score": 80}),
        ("B", 4, {"accepted": "yes"}),
        ("C", 0, {"score": 10}),
    )
    qualified, accepted, customer = found.stages
    assert (found.cases, found.moved_back) == (2, 0)
    assert [stage.entered for stage in found.stages] == [2, 2, 1]
    assert (qualified.stays, qualified.median_us, qualified.p95_us) == (2, 2 * HOUR_US, 4 * HOUR_US)
    assert (accepted.stays, accepted.median_us) == (1, 5 * HOUR_US)
    assert (customer.stays, customer.median_us) == (0, None)


def test_who_came_no_further_waits_or_fell_out() -> None:
    qualified, accepted, customer = stages(
        ("waits", 0, {"score": 70}),
        ("closed", 0, {"score": 70}),
        ("closed", 1, {"status": "closed"}),
        ("cooled", 0, {"score": 70}),
        ("cooled", 1, {"score": 10}),
        ("won", 0, {"score": 70, "accepted": "yes", "won": "yes"}),
    ).stages
    assert (qualified.waiting, qualified.fell_out) == (1, 2)
    assert (accepted.waiting, accepted.fell_out) == (0, 0)
    assert (customer.entered, customer.waiting, customer.fell_out) == (1, 0, 0)


def test_an_ended_case_that_goes_on_has_not_fallen_out() -> None:
    qualified, accepted, _ = stages(
        ("A", 0, {"score": 70}), ("A", 1, {"status": "closed"}), ("A", 2, {"status": "open", "accepted": "yes"})
    ).stages
    assert (qualified.fell_out, accepted.waiting, accepted.fell_out) == (0, 1, 0)


def test_a_stage_may_be_skipped() -> None:
    found = stages(("A", 0, {"score": 70}), ("A", 3, {"won": "yes"})).stages
    assert [(stage.entered, stage.skipped) for stage in found] == [(1, 0), (0, 1), (1, 0)]


def test_moving_back_is_counted_where_it_happened_and_once_a_case() -> None:
    found = stages(
        ("A", 0, {"score": 70, "accepted": "yes"}),
        ("A", 1, {"accepted": "no"}),
        ("A", 2, {"accepted": "yes"}),
        ("A", 3, {"accepted": "no"}),
        ("B", 0, {"score": 70, "accepted": "yes"}),
        ("B", 1, {"accepted": "no", "status": "closed"}),  # it ends there: it fell out
    )
    assert [stage.moved_back for stage in found.stages] == [0, 2, 0]
    assert found.moved_back == 1
    assert (found.stages[1].waiting, found.stages[1].fell_out) == (1, 1)


def test_the_cases_of_a_period_are_those_that_enter_their_first_stage_in_it() -> None:
    rows: list[Row] = [("A", 0, {"score": 70}), ("B", 24 * 31, {"score": 70}), ("A", 24 * 40, {"accepted": "yes"})]
    march, april = stages(*rows, period="2026-03"), stages(*rows, period="2026-04")
    assert [stage.entered for stage in march.stages] == [1, 1, 0]
    assert [stage.entered for stage in april.stages] == [1, 0, 0]


def test_a_stage_that_cannot_be_decided_is_not_entered() -> None:
    assert stages(("A", 0, {"score": "many"}), ("A", 1, {"accepted": "yes"})).cases == 1


PROTOCOL = """
created = event = "created"
protocol "new lead"
    acceptance: sales accepts within 4h of created
    contact: sales calls within 8h of fulfilment of acceptance
    patience: sales must not recycle before 2 calls
    meeting: sales books meeting within 48h of fulfilment of contact
"""


def steps(*rows: Row) -> ProtocolFigures:
    return told(PROTOCOL, *rows, as_of=START + timedelta(hours=30)).protocols[0]


def test_steps_say_where_cases_stop() -> None:
    found = steps(
        ("none", 0, {"event": "created"}),
        ("waits", 29, {"event": "created"}),
        ("accepted", 0, {"event": "created"}),
        ("accepted", 5, {"event": "accepted"}),
        ("called", 0, {"event": "created"}),
        ("called", 1, {"event": "accepted"}),
        ("called", 2, {"event": "call"}),
    )
    acceptance, contact, patience, meeting = found.steps
    assert (found.cases, found.none_stopped, found.none_waiting) == (4, 1, 1)
    assert (acceptance.started, acceptance.counts["late"], acceptance.counts["breached"]) == (4, 1, 1)
    assert (acceptance.done, acceptance.stopped, acceptance.waiting) == (2, 1, 0)
    assert (contact.started, contact.done, contact.stopped, contact.waiting) == (2, 1, 0, 1)
    assert (meeting.started, meeting.done, meeting.counts["open"]) == (1, 0, 1)
    assert patience.forbids
    assert (patience.stopped, patience.waiting) == (0, 0)


def test_every_case_of_a_protocol_stands_somewhere() -> None:
    found = steps(
        *((str(n), 0, {"event": event}) for n in range(9) for event in ("created", "accepted", "call")[: n % 4])
    )
    ends = found.none_stopped + found.none_waiting + sum(step.stopped + step.waiting for step in found.steps)
    assert ends == found.cases == 6


@pytest.mark.parametrize("policy", [STAGES, PROTOCOL])
def test_nothing_read_is_nothing_told(policy: str) -> None:
    found = told(policy, as_of=START)
    assert all(cycle.cases == 0 for cycle in (*found.lifecycles, *found.protocols))
