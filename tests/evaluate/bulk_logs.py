"""Logs as tables, and objectives judged on them in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sladsl.evaluate.columnar import judge_files
from sladsl.evaluate.columnar.bulk import ColumnarOutcome
from sladsl.evaluate.objectives import ObjectivesOutcome, judge_objectives_bulk
from sladsl.events import Event, ReadOptions
from sladsl.ir.plan import Plan


def table_of(events: Sequence[Event], names: Sequence[str]) -> Any:
    """Events as an Arrow table of texts, in their order; attributes that no event carries are columns as well."""
    import pyarrow

    columns: dict[str, Any] = {
        "case": pyarrow.array([event.case for event in events], pyarrow.string()),
        "time": pyarrow.array([event.time_us for event in events], pyarrow.timestamp("us", "UTC")),
        "event": pyarrow.array([event.type for event in events], pyarrow.string()),
        "actor": pyarrow.array([event.actor or None for event in events], pyarrow.string()),
    }
    for name in names:
        cells = [event.attributes.get(name) for event in events]
        columns[name] = pyarrow.array([None if cell is None else str(cell) for cell in cells], pyarrow.string())
    return pyarrow.table(columns)


def judged(plan: Plan, events: Sequence[Event], as_of_us: int | None) -> ColumnarOutcome:
    """The events judged as columns."""
    names = sorted({*plan.attributes, *(name for objective in plan.objectives for name in objective.by)})
    options = ReadOptions(plan.zone, plan.case_word, attributes=frozenset(names))
    return judge_files(plan, table_of(events, names), as_of_us, options=options)


def objectives_in_bulk(plan: Plan, events: Sequence[Event], as_of_us: int | None) -> ObjectivesOutcome:
    """The objectives of a log, in bulk."""
    return judge_objectives_bulk(plan, judged(plan, events, as_of_us))


def assert_same(found: ObjectivesOutcome, wanted: ObjectivesOutcome) -> None:
    """Two ways of judging came to the same."""
    assert found.rows == wanted.rows
    assert found.budgets == wanted.budgets
    assert found.alerts == wanted.alerts
    assert found.consequences == wanted.consequences
    assert found.payments == wanted.payments
    assert found.faults == wanted.faults
