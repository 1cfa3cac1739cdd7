"""What the scenarios of a policy have shown of its clauses.

Takes:  the verdicts of scenarios.
Gives:  per clause whether it was seen met, breached, paused, and at its exact boundary.
Never:  counts a clause at another level of its label.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sladsl.evaluate.verdict import BREACHED, LATE, MET, PAUSED, Verdict
from sladsl.ir.plan import Plan


@frozen
class Coverage:
    """One clause: what was seen of it, and what of that cannot be seen because the clause has no such thing.

    met, breached  an instance with that outcome (late counts as breached)
    paused         an instance that has stood still; None where the clause has no pause
    boundary       an action at the very instant of the due; None where the clause has no due
    """

    clause: int
    label: str
    level: str
    met: bool
    breached: bool
    paused: bool | None
    boundary: bool | None

    @property
    def unseen(self) -> tuple[str, ...]:
        """The names of what was never seen."""
        found = {"met": self.met, "breached": self.breached, "paused": self.paused, "at the boundary": self.boundary}
        return tuple(name for name, seen in found.items() if seen is False)


def coverage_of(plan: Plan, verdicts: Iterable[Verdict]) -> list[Coverage]:
    """The coverage of every clause of a plan, in the order of the file."""
    of_clause: dict[int, list[Verdict]] = {clause.index: [] for clause in plan.clauses}
    for verdict in verdicts:
        of_clause[verdict.clause].append(verdict)
    found = []
    for clause in plan.clauses:
        seen = of_clause[clause.index]
        pauses = any(v.paused_us > 0 or v.status == PAUSED for v in seen) if clause.pauses else None
        boundary = any(v.due_us is not None and v.closed_us == v.due_us for v in seen) if clause.rows else None
        found.append(
            Coverage(
                clause.index,
                clause.label,
                clause.level.name,
                any(v.status == MET for v in seen),
                any(v.status in (LATE, BREACHED) for v in seen),
                pauses,
                boundary,
            )
        )
    return found
