"""An account as JSON, for programs.

Takes:  an Account.
Gives:  `account_json`: the figures of a report, schema version 1, as plain lists, dicts and numbers; in no language.
Never:  rounds: a share is the nearest double of its exact fraction. Times are microseconds of their clock.
"""

from __future__ import annotations

from typing import Any

from sladsl.clock import iso
from sladsl.evaluate.verdict import Verdict
from sladsl.ir.plan import Clause
from sladsl.report.account import Account, Breach, History, LeftOut, Spread
from sladsl.report.figures import ClauseFigures
from sladsl.report.json_result import consequence_json, number_json, objective_json, payment_json
from sladsl.report.lifecycle import LifecycleFigures, ProtocolFigures
from sladsl.report.period import Period
from sladsl.report.who import HolderTable, WhoTable

SCHEMA_VERSION = 1


def account_json(account: Account) -> dict[str, Any]:
    """The account, its keys in a fixed order; `json.dumps` writes it as it is."""
    zone = account.zone
    glance = account.summary
    return {
        "schema_version": SCHEMA_VERSION,
        "agreement": account.name,
        "between": list(account.parties),
        "period": _period(account.period, zone),
        "as_of": _instant(account.as_of_us, zone),
        "standing": glance.standing.value,
        "summary": {
            "kept": glance.kept,
            "decided": glance.decided,
            "open": glance.waiting,
            "undetermined": glance.undetermined,
            "windows_met": glance.objectives_met,
            "windows_missed": glance.objectives_missed,
            "windows_undecided": glance.objectives_undecided,
        },
        "clauses": [_clause(row) for row in account.clauses],
        "objectives": [_history(history, zone) for history in account.histories],
        "times": [_spread(spread) for spread in account.spreads],
        "lifecycles": [_lifecycle(cycle) for cycle in account.lifecycles],
        "protocols": [_protocol(protocol) for protocol in account.protocols],
        "who": [_who(table) for table in account.who],
        "holders": [_holders(table) for table in account.holders],
        "worst": [_breach(breach, zone) for breach in account.worst],
        "broken": account.broken,
        "consequences": [consequence_json(owed) for owed in account.owed.consequences],
        "payments": [payment_json(payment) for payment in account.owed.payments],
        "left_out": _left_out(account.left_out, zone),
        "open": [_instance(each.clause, each.verdict, zone) for each in account.open_first],
        "alerts": [{"kind": kind, "to": to, "count": count} for (kind, to), count in account.alerts.items()],
        "warnings": [{"code": warning.code, "message": warning.message} for warning in account.warnings],
        "policies": [
            {"path": version.path, "hash": version.hash, "effective": [_instant(us, zone) for us in version.effective]}
            for version in account.versions
        ],
        "inputs": [
            {"path": report.path, "rows": report.rows, "cases": report.cases, "hash": report.hash}
            for report in account.inputs
        ],
        "versions": dict(account.parts),
        "engine": account.engine,
    }


def _instant(us: int | None, zone: str) -> str | None:
    return None if us is None else iso(us, zone)


def _period(period: Period | None, zone: str) -> dict[str, Any] | None:
    if period is None:
        return None
    return {"name": period.name, "start": iso(period.start_us, zone), "end": iso(period.end_us, zone)}


def _clause(row: ClauseFigures) -> dict[str, Any]:
    return {
        "clause": row.clause,
        "party": row.party,
        "level": row.level,
        "opened": row.opened,
        **row.counts,
        "attainment": number_json(row.attainment),
        "clock": row.clock.value if row.clock else None,
        "median_ticks": row.median,
        "p95_ticks": row.p95,
    }


def _history(history: History, zone: str) -> dict[str, Any]:
    budget = history.budget
    return {
        "objective": history.objective.label,
        "level": history.objective.level,
        "group": dict(history.last.group),
        "windows": [
            {**objective_json(row, zone), "counts": inside}
            for row, inside in zip(history.rows, history.inside, strict=True)
        ],
        "counts": dict(history.counts),
        "budget": None
        if budget is None
        else {
            "window": budget.window,
            "measured": budget.measured,
            "budget": number_json(budget.budget),
            "used": number_json(budget.used),
            "left": number_json(budget.left),
            "runs_out": _instant(budget.runs_out_us, zone),
        },
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "clause": spread.label,
        "level": spread.level,
        "clock": spread.clock.value,
        "count": spread.count,
        "median_ticks": spread.median,
        "p95_ticks": spread.p95,
        "targets": [{"ticks": ticks, "written": target.written} for ticks, target in spread.targets],
        "bins": [{"up_to_ticks": each.upto, "count": each.count} for each in spread.bins],
    }


def _lifecycle(cycle: LifecycleFigures) -> dict[str, Any]:
    return {
        "lifecycle": cycle.name,
        "cases": cycle.cases,
        "moved_back": cycle.moved_back,
        "stages": [
            {
                "stage": stage.name,
                "entered": stage.entered,
                "skipped": stage.skipped,
                "waiting": stage.waiting,
                "fell_out": stage.fell_out,
                "moved_back": stage.moved_back,
                "stays": stage.stays,
                "median_us": stage.median_us,
                "p95_us": stage.p95_us,
            }
            for stage in cycle.stages
        ],
    }


def _protocol(protocol: ProtocolFigures) -> dict[str, Any]:
    return {
        "protocol": protocol.name,
        "cases": protocol.cases,
        "none_done": {"waiting": protocol.none_waiting, "stopped": protocol.none_stopped},
        "steps": [
            {
                "step": step.label,
                "started": step.started,
                **step.counts,
                "cases": step.cases,
                "done": step.done,
                "stopped": step.stopped,
                "waiting": step.waiting,
                "forbids": step.forbids,
            }
            for step in protocol.steps
        ],
    }


def _who(table: WhoTable) -> dict[str, Any]:
    return {
        "by": table.name,
        "rows": [{"value": row.value, **row.counts, "attainment": number_json(row.attainment)} for row in table.rows],
    }


def _holders(table: HolderTable) -> dict[str, Any]:
    return {
        "by": table.name,
        "clause": table.clause,
        "clock": table.clock.value,
        "cycles": table.cycles,
        "elapsed_ticks": table.elapsed,
        "target_ticks": table.budget,
        "rows": [{"value": row.value, "cycles": row.cycles, "ticks": row.ticks} for row in table.rows],
    }


def _instance(clause: Clause, verdict: Verdict, zone: str) -> dict[str, Any]:
    return {
        "clause": clause.label,
        "level": clause.level.name,
        "case": verdict.case,
        "number": verdict.number,
        "status": verdict.status,
        "opened": _instant(verdict.opened_us, zone),
        "due": _instant(verdict.due_us, zone),
        "closed": _instant(verdict.closed_us, zone),
    }


def _breach(breach: Breach, zone: str) -> dict[str, Any]:
    return {**_instance(breach.clause, breach.verdict, zone), "over_us": breach.over_us}


def _left_out(held: LeftOut, zone: str) -> dict[str, Any]:
    return {
        "clauses": [
            {
                "clause": each.clause.label,
                "level": each.clause.level.name,
                "cancelled": each.cancelled,
                "excused": each.excused,
                "undetermined": each.undetermined,
                "paused": each.paused,
                "paused_us": each.paused_us,
            }
            for each in held.clauses
        ],
        "excused": [_instance(each.clause, each.verdict, zone) for each in held.excused],
        "undetermined": [
            {"clause": label, "reason": reason, "count": count} for label, reason, count in held.undetermined
        ],
        "excluded": [
            {
                "objective": each.label,
                "level": each.level,
                "written": each.exclusion.written,
                "time_us": each.time_us,
                "cases": each.cases,
            }
            for each in held.excluded
        ],
        "not_judged": dict(held.not_judged),
        "rejected": held.rejected,
        "duplicates": held.duplicates,
    }
