"""The objectives of a log that was judged as columns.

Takes:  a ColumnarOutcome.
Gives:  `judge_objectives_bulk`: an ObjectivesOutcome, the same as `judge_objectives` finds; `bulk_refusals`.
Never:  reads an event or makes an object of a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from sladsl.evaluate.columnar.bulk import ColumnarOutcome
from sladsl.evaluate.columnar.errors import CannotJudge
from sladsl.evaluate.objectives.outcome import ObjectivesOutcome
from sladsl.ir.plan import Plan


def bulk_refusals(plan: Plan, versions: int = 1) -> list[str]:
    """What of a plan's objectives cannot be judged in bulk, in words for the author; empty where all can.

    Args:
        versions: how many versions of the agreement judge the log.
    """
    found: list[str] = []
    if plan.objectives or any(clause.penalties for clause in plan.clauses):
        found.append("objectives are not judged in bulk yet")
    return found


def judge_objectives_bulk(
    plan: Plan, outcome: ColumnarOutcome, others: Sequence[tuple[Plan, ColumnarOutcome]] = ()
) -> ObjectivesOutcome:
    """Judge the objectives of a plan, and what follows from them, as of the instant of the outcome.

    Args:
        plan: the compiled policy that gave the outcome.
        outcome: what `judge_files` gave for the plan.
        others: other versions of the agreement and what they gave for the same log: a window takes the cycles of all
            versions by their label.

    Raises CannotJudge where the stream evaluator must do it; `bulk_refusals` tells before.
    """
    reasons = bulk_refusals(plan, 1 + len(others))
    if reasons:
        raise CannotJudge("; ".join(reasons))
    return ObjectivesOutcome()
