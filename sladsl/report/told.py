"""What a monitor tells of objectives and of money, as JSON and in words.

Takes:  a plan, and what became certain.
Gives:  `told_json`: a flat object, its keys those of the JSON result; `ToldRow`, the same for programs.
Never:  decides whether anything is certain.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sladsl.clock import iso
from sladsl.report.verdict_row import moment

if TYPE_CHECKING:
    from sladsl.evaluate.objectives.outcome import Consequence, ObjectiveRow, Told
    from sladsl.ir.plan import Plan


def told_json(plan: Plan, told: Told) -> dict[str, Any]:
    """One record. `kind` is objective, credit, penalty, burn or missed; `at` the instant at which it became certain."""
    from sladsl.evaluate.objectives.outcome import CertainConsequence, CertainRow
    from sladsl.report.json_result import consequence_json, objective_json

    if isinstance(told, CertainRow):
        return {"kind": "objective", **objective_json(told.row, plan.zone), "at": iso(told.at_us, plan.zone)}
    if isinstance(told, CertainConsequence):
        found = consequence_json(told.owed)
        del found["most"]
        return {**found, "owed_in_all": told.paid, "at": iso(told.at_us, plan.zone)}
    return {
        "kind": told.kind,
        "objective": told.label,
        "level": plan.objectives[told.objective].level,
        "group": dict(told.group),
        "at": iso(told.at_us, plan.zone),
        "written": told.written,
    }


@frozen
class ToldRow:
    """An objective's window, or money, that became certain.

    kind   `objective`, `credit` or `penalty`
    at_us  the instant at which it became certain, microseconds UTC; `at` is the same in the agreement's zone
    row    of an objective: its window with status and figures as of then, else None
    owed   of money: what is owed for which window, else None
    total  of money: all that is certain by then for the same customer and currency, as it is paid; else ""
    """

    kind: str
    at_us: int
    zone: str
    row: ObjectiveRow | None = None
    owed: Consequence | None = None
    total: str = ""

    @property
    def at(self) -> datetime:
        """The instant in the agreement's zone."""
        at = moment(self.at_us, self.zone)
        assert at is not None
        return at

    def __repr__(self) -> str:
        if self.row is not None:
            return f"ToldRow({self.row.label}, {self.row.window}: {self.row.status})"
        assert self.owed is not None
        return f"ToldRow({self.owed.kind} of {self.owed.label}, {self.owed.window}: {self.total} {self.owed.currency})"


def told_row(plan: Plan, told: Told) -> ToldRow | None:
    """What became certain, for a program; None for an alert, which stands among the alerts."""
    from sladsl.evaluate.objectives.outcome import CertainConsequence, CertainRow

    if isinstance(told, CertainRow):
        return ToldRow("objective", told.at_us, plan.zone, row=told.row)
    if isinstance(told, CertainConsequence):
        return ToldRow(told.owed.kind, told.at_us, plan.zone, owed=told.owed, total=told.paid)
    return None
