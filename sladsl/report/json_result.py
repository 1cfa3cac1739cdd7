"""The result as JSON, for programs.

Takes:  a Result.
Gives:  `result_json`: the object of the command line's reference, schema version 1, as plain lists, dicts and numbers;
        `objective_json` and others for its parts, which reports share.
Never:  rounds: a share is the nearest double of its exact fraction, and nothing else happens to it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sladsl.clock import iso
from sladsl.evaluate.objectives.outcome import Consequence, ErrorBudget, ObjectiveRow, Payment
from sladsl.evaluate.verdict import BREACHED, CANCELLED, EXCUSED, LATE, MET, OPEN, PAUSED, UNDETERMINED
from sladsl.events import InputReport
from sladsl.report.figures import clause_figures
from sladsl.report.result import JudgedVersion, Result
from sladsl.text import Diagnostic, to_json

SCHEMA_VERSION = 1
_COUNTS = (MET, LATE, BREACHED, OPEN, PAUSED, CANCELLED, EXCUSED, UNDETERMINED)


def result_json(result: Result) -> dict[str, Any]:
    """The result, its keys in a fixed order; `json.dumps` writes it as it is."""
    tree: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "policy": _policy(result, result.versions[-1]),
        "as_of": _instant(result.as_of_us, result.zone),
        "inputs": [_input(report, result.zone) for report in result.inputs],
        "matched": [{"phrase": m.phrase, "role": m.role, "events": dict(m.events)} for m in result.matched],
        "clauses": _clauses(result),
        "objectives": [objective_json(row, result.zone) for row in result.objectives],
        "alerts": _alerts(result),
        "consequences": [consequence_json(owed) for v in result.versions for owed in v.objectives.consequences],
        "payments": [payment_json(payment) for v in result.versions for payment in v.objectives.payments],
        "budgets": [_budget(v, budget, result.zone) for v in result.versions for budget in v.objectives.budgets],
        "warnings": [_warning(warning, result) for warning in result.warnings],
        "engine": result.engine,
        "engine_reason": result.engine_reason,
        "versions": dict(result.parts),
    }
    last = result.versions[-1].plan
    if last.protocols:
        tree["protocols"] = [
            {"protocol": protocol.name, "clauses": [last.groups[group] for group in protocol.groups]}
            for protocol in last.protocols
        ]
    if len(result.versions) > 1:
        tree["policies"] = [
            {**_policy(result, version), "effective": [_instant(us, result.zone) for us in version.plan.effective]}
            for version in result.versions
        ]
    return tree


def _policy(result: Result, version: JudgedVersion) -> dict[str, Any]:
    return {"name": version.plan.name or result.name, "hash": version.hash, "edition": version.plan.edition}


def _instant(us: int | None, zone: str) -> str | None:
    return None if us is None else iso(us, zone)


def _warning(warning: Diagnostic, result: Result) -> dict[str, Any]:
    name = warning.span.source if warning.span else ""
    return to_json(warning, next((source for source in result.sources if source.name == name), None))


def _input(report: InputReport, zone: str) -> dict[str, Any]:
    return {
        "name": report.name,
        "path": report.path,
        "rows": report.rows,
        "events": report.events,
        "cases": report.cases,
        "first": _instant(report.first_us, zone),
        "last": _instant(report.last_us, zone),
        "rejected": report.rejected,
        "late": 0,  # a log is sorted whole: no row of it is late
        "duplicates": report.duplicates,
        "columns": {role: found.column for role, found in report.columns.items()},
        "hash": report.hash,
    }


def _clauses(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "clause": row.clause,
            "party": row.party,
            "level": row.level,
            "opened": row.opened,
            **{status: row.counts[status] for status in _COUNTS},
            "attainment": number_json(row.attainment),
        }
        for row in clause_figures(result)
    ]


def objective_json(row: ObjectiveRow, zone: str) -> dict[str, Any]:
    """The verdict on one objective, window and group; values in the unit of the target."""
    return {
        "objective": row.label,
        "level": row.level,
        "party": row.party,
        "window": row.window,
        "start": _instant(row.start_us, zone),
        "end": _instant(row.end_us, zone),
        "group": dict(row.group),
        "status": row.status,
        "value": number_json(row.in_unit(row.value)),
        "low": number_json(row.in_unit(row.low)),
        "high": number_json(row.in_unit(row.high)),
        "op": row.op,
        "target": number_json(row.in_unit(row.target)),
        "unit": row.unit,
        "cases": row.cases,
    }


def number_json(value: Fraction | None) -> int | float | None:
    """An exact number as JSON has it: a whole one, or the nearest double; None where even that is too large."""
    if value is None:
        return None
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return None


def _alerts(result: Result) -> list[dict[str, Any]]:
    told = [
        (
            alert.at_us,
            {
                "kind": alert.kind,
                "clause": version.plan.groups[alert.group],
                "case": alert.case,
                "number": alert.number,
                "to": alert.to,
                "at": iso(alert.at_us, result.zone),
            },
        )
        for version in result.versions
        for alert in version.alerts
    ]
    told += [
        (a.at_us, {"kind": a.kind, "objective": a.label, "group": dict(a.group), "at": iso(a.at_us, result.zone)})
        for version in result.versions
        for a in version.objectives.alerts
    ]
    told.sort(key=lambda pair: pair[0])
    return [alert for _, alert in told]


def consequence_json(owed: Consequence) -> dict[str, Any]:
    """Money that is owed, or may be."""
    return {
        "kind": owed.kind,
        "of": owed.label,
        "level": owed.level,
        "customer": owed.customer,
        "window": owed.window,
        "group": dict(owed.group),
        "misses": owed.misses,
        "amount": number_json(owed.amount),
        "most": number_json(owed.most),
        "currency": owed.currency,
        "capped": owed.capped,
        "written": owed.written,
    }


def payment_json(payment: Payment) -> dict[str, Any]:
    """All that is owed to one customer in one currency."""
    return {
        "customer": payment.customer,
        "currency": payment.currency,
        "amount": number_json(payment.amount),
        "most": number_json(payment.most),
        "paid": payment.paid,
    }


def _budget(version: JudgedVersion, budget: ErrorBudget, zone: str) -> dict[str, Any]:
    return {
        "objective": version.plan.objectives[budget.objective].label,
        "window": budget.window,
        "group": dict(budget.group),
        "measured": budget.measured,
        "budget": number_json(budget.budget),
        "used": number_json(budget.used),
        "left": number_json(budget.left),
        "runs_out": _instant(budget.runs_out_us, zone),
    }
