"""Error budgets: how much may go wrong in a window, how much has, and when nothing is left at this pace.

Takes:  the rows of an objective that bounds a share of cycles or of time.
Gives:  `budget_of`, one ErrorBudget a row.
Never:  guesses: the pace is what has gone wrong so far over the time that has passed of the window.
"""

from fractions import Fraction

from sladsl.evaluate.objectives.outcome import ErrorBudget, ObjectiveRow
from sladsl.evaluate.objectives.recent import allowed, counts_good
from sladsl.ir.objective import Measure, Objective, ShareMet, ShareTime


def has_budget(objective: Objective) -> bool:
    """Whether the objective has an error budget: it bounds a share of cycles or of time, and leaves room."""
    return isinstance(objective.measure, ShareMet | ShareTime) and objective.op not in ("=", "!=")


def budget_of(objective: Objective, row: ObjectiveRow, first_us: int, as_of_us: int, cases: int) -> ErrorBudget | None:
    """The budget of one window.

    Args:
        first_us: the log's first event: a window that began before it has passed only since then.
        cases: decided and open cycles, or the cases whose time counts.
    """
    if row.good is None or row.total is None or not has_budget(objective):
        return None
    measure: Measure = objective.measure
    begin = max(row.start_us, first_us)
    passed, rest = as_of_us - begin, row.end_us - as_of_us
    used = row.total - row.good if counts_good(objective) else row.good
    if isinstance(measure, ShareTime):
        whole = row.total + (cases * rest if not row.ended else 0)
    else:
        whole = Fraction(cases)
        if not row.ended and passed > 0:
            whole += whole * rest / passed
    budget = allowed(objective) * whole
    left = budget - used
    runs_out: int | None = None
    if not row.ended and used > 0 and left > 0 and passed > 0:
        at = as_of_us + left * passed / used
        runs_out = -(-at.numerator // at.denominator) if at < row.end_us else None
    return ErrorBudget(
        row.objective,
        row.window,
        row.end_us,
        row.group,
        "time" if isinstance(measure, ShareTime) else "cycles",
        budget,
        used,
        left,
        runs_out,
    )
