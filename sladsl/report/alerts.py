"""Warnings, escalations and the alerts of objectives, as events with their instants.

Takes:  a Plan and an alert of an evaluator; or a Result.
Gives:  `AlertRow`, `alert_rows`; `write_alerts`, the table as CSV or JSON lines.
Never:  fires an alert or leaves one out.
"""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from attrs import frozen

from sladsl.clock import iso
from sladsl.evaluate.verdict import Alert
from sladsl.ir.plan import Plan
from sladsl.report.verdict_row import moment

if TYPE_CHECKING:
    from sladsl.evaluate.objectives import ObjectiveAlert
    from sladsl.report.result import Result

ALERT_ENDINGS = (".csv", ".ndjson")
COLUMNS = ("at", "kind", "clause", "objective", "level", "party", "case", "number", "group", "to", "written")


@frozen
class AlertRow:
    """One alert, given at one instant.

    kind       warn, escalate; of an objective burn (its burn rate) or missed (so many windows in a row)
    at_us      the instant, microseconds UTC; `at` is the same in the agreement's zone
    clause, case, number, party   the instance that it is about; "" and 0 for an alert of an objective
    objective, group              the objective, and the values of its `by`; "" and () for an alert of a clause
    level      `corporate`, `service hosting` …
    to         who is told, where the policy says so
    written    the line of the policy that asks for it
    """

    kind: str
    at_us: int
    zone: str
    level: str
    written: str
    clause: str = ""
    party: str = ""
    case: str = ""
    number: int = 0
    to: str = ""
    objective: str = ""
    group: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> datetime:
        """The instant in the agreement's zone."""
        at = moment(self.at_us, self.zone)
        assert at is not None
        return at


def alert_row(plan: Plan, alert: Alert) -> AlertRow:
    """A warning or an escalation with the words of its clause."""
    clause = plan.clauses[alert.clause]
    return AlertRow(
        alert.kind,
        alert.at_us,
        plan.zone,
        clause.level.name,
        alert.written,
        clause.label,
        clause.party,
        alert.case,
        alert.number,
        alert.to,
    )


def objective_alert_row(plan: Plan, alert: ObjectiveAlert) -> AlertRow:
    """An alert of an objective with the words of its objective."""
    objective = plan.objectives[alert.objective]
    return AlertRow(
        alert.kind,
        alert.at_us,
        plan.zone,
        objective.level,
        alert.written,
        party=objective.party,
        objective=alert.label,
        group=alert.group,
    )


def alert_rows(result: Result) -> list[AlertRow]:
    """All alerts of a run by instant; of one instant clauses before objectives, each as they stand in the policy."""
    found = [alert_row(version.plan, alert) for version in result.versions for alert in version.alerts]
    found += [
        objective_alert_row(version.plan, alert) for version in result.versions for alert in version.objectives.alerts
    ]
    return sorted(found, key=lambda row: row.at_us)


def write_alerts(result: Result, path: str | Path) -> None:
    """Write the alerts to a file ending `.csv` or `.ndjson`.

    Raises ValueError for another ending, OSError where the file cannot be written.
    """
    from sladsl.report.files import text_of, whole_file

    if not str(path).endswith(ALERT_ENDINGS):
        raise ValueError(f"alerts go to a file ending {' or '.join(ALERT_ENDINGS)}, not `{path}`")
    with whole_file(path) as out:
        (_write_csv if str(path).endswith(".csv") else _write_ndjson)(alert_rows(result), text_of(out))


def _shown(row: AlertRow) -> dict[str, Any]:
    """A row as texts by column; the number is an int, what there is none of is ""."""
    found: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS if name != "at"}
    found["number"] = row.number or ""
    found["group"] = ", ".join(f"{name}={value}" for name, value in row.group)
    return {"at": iso(row.at_us, row.zone), **found}


def _write_csv(rows: list[AlertRow], out: TextIO) -> None:
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(map(_shown, rows))


def _write_ndjson(rows: list[AlertRow], out: TextIO) -> None:
    for row in rows:
        shown = {name: None if value == "" else value for name, value in _shown(row).items()}
        out.write(json.dumps({**shown, "group": dict(row.group)}, ensure_ascii=False) + "\n")
