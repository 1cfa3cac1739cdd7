"""Objectives: promises about many cases, judged over the verdicts and events of a log.

Takes:  a plan, events, verdicts, and the instant up to which all is known.
Gives:  `judge_objectives` for a finished log, `Ledger` for one that is still being read, and what they find out.
Never:  judges a clause.

    frames.py      windows, and the cells in which figures are kept until a window is read
    leaf.py        one measure; happenings.py, cycles.py and times.py hold the kinds
    state_time.py  what is read of time in a state, whoever has added it up
    starts.py      what was known of a case where a cycle started
    reading.py     bounds, the arithmetic of measures, met or missed
    burn.py        burn-rate alerts; budgets.py, error budgets
    money.py       credits, caps, payments; penalties.py, the penalties of clauses
    ledger.py      all of it together
    reference.py   the referee: the same from the definitions, slowly
    bulk/          the same from the columns of the columnar evaluator
"""

from sladsl.evaluate.objectives.judge import judge_objectives
from sladsl.evaluate.objectives.ledger import Ledger
from sladsl.evaluate.objectives.outcome import (
    Consequence,
    ErrorBudget,
    ObjectiveAlert,
    ObjectiveRow,
    ObjectivesOutcome,
    Payment,
)

__all__ = [
    "Consequence",
    "ErrorBudget",
    "Ledger",
    "ObjectiveAlert",
    "ObjectiveRow",
    "ObjectivesOutcome",
    "Payment",
    "bulk_refusals",
    "judge_objectives",
    "judge_objectives_bulk",
]


def __getattr__(name: str) -> object:
    """What judges in bulk loads numpy."""
    if name in ("bulk_refusals", "judge_objectives_bulk"):
        from sladsl.evaluate.objectives import bulk

        return getattr(bulk, name)
    raise AttributeError(name)
