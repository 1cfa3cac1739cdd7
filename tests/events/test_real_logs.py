"""Real logs, where they are at hand (beside the checkout); they are not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from sladsl.events import ColumnRule, InputSpec, ReadOptions, StepRule, read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def log_of(folder: str, *files: str, specs=(), **options):
    if not (DATA / folder).is_dir():
        pytest.skip("the real logs are not here")
    inputs = [(name, DATA / folder / file) for name, _, file in (given.rpartition("=") for given in files)]
    return read(inputs, specs, ReadOptions(**options))


def summary(log):
    return [(r.rows, r.events, r.cases, r.rejected, r.duplicates) for r in log.inputs]


def test_leads_and_deals_in_two_files():
    log = log_of(
        "olist_funnel",
        "leads=olist_marketing_qualified_leads_dataset.csv",
        "deals=olist_closed_deals_dataset.csv",
        specs=[
            InputSpec("leads", case=ColumnRule("case", "mql_id"), steps=(StepRule("contacted", "first_contact_date"),)),
            InputSpec("deals", case=ColumnRule("case", "mql_id"), steps=(StepRule("won", "won_date"),)),
        ],
    )
    assert summary(log) == [(8000, 8000, 8000, 0, 0), (842, 842, 842, 0, 0)]
    assert (log.has_actor, log.warnings) == (False, [])


def test_incidents_with_their_opening_beside_each_change():
    minutes = "%d/%m/%Y %H:%M"
    spec = InputSpec(
        case=ColumnRule("case", "number"),
        time=ColumnRule("time", "sys_updated_at", minutes),
        event=ColumnRule("event", "incident_state"),
        steps=(StepRule("opened", "opened_at", minutes),),
        missing=("?",),
    )
    log = log_of(
        "uci_incidents", "incident_event_log.csv.gz", specs=[spec], attributes=frozenset({"priority", "vendor"})
    )
    assert summary(log) == [(141_712, 166_630, 24_918, 0, 0)]
    assert {event.type for event in log.events} == {
        *("opened", "New", "Active", "Closed", "Resolved", "-100"),
        *("Awaiting User Info", "Awaiting Problem", "Awaiting Vendor", "Awaiting Evidence"),
    }
    assert all(event.attributes.get("vendor") != "?" for event in log.events)
    assert sum("priority" in event.attributes for event in log.events) == 141_712


def test_orders_with_american_times():
    form = "%m/%d/%Y %H:%M"
    steps = [("purchased", "order_purchase_timestamp"), ("delivered", "order_delivered_customer_date")]
    spec = InputSpec(
        case=ColumnRule("case", "order_id"),
        steps=tuple(StepRule(event, column, form) for event, column in steps),
        attributes=(ColumnRule("promised", "order_estimated_delivery_date", form),),
    )
    log = log_of("olist_orders", "olist_orders_dataset.csv", specs=[spec])
    assert summary(log)[0][0] == 5000
    assert summary(log)[0][2:] == (5000, 0, 0)


def test_a_log_named_as_in_process_mining():
    log = log_of("helpdesk", "helpdesk.csv.gz")
    assert summary(log) == [(21_348, 21_348, 4_580, 0, 0)]
    assert {role: found.column for role, found in log.inputs[0].columns.items()} == {
        "case": "case:concept:name",
        "time": "time:timestamp",
        "event": "concept:name",
        "actor": "org:resource",
    }
    assert log.has_actor


def test_a_sales_pipeline_of_dates():
    spec = InputSpec(
        case=ColumnRule("case", "opportunity_id"),
        steps=(StepRule("engaged", "engage_date"), StepRule("closed", "close_date")),
    )
    log = log_of("crm", "sales_pipeline.csv", specs=[spec])
    assert summary(log) == [(8800, 15_011, 8300, 0, 0)]
