"""What the evaluation of objectives gives.

Takes:  nothing but plain data.
Gives:  ObjectiveRow, ErrorBudget, ObjectiveAlert, Consequence, Payment, and ObjectivesOutcome, which holds them;
        CertainRow and CertainConsequence, which a monitor tells.
Never:  rounds, but for the amount that is paid; times are ticks (microseconds) of their clock, shares and money exact Fractions.
"""

from fractions import Fraction

from attrs import define, field, frozen

MET, MISSED, UNDECIDED, NOT_JUDGED = "met", "missed", "undecided", "not judged"
STATUSES = (MET, MISSED, UNDECIDED, NOT_JUDGED)

Group = tuple[tuple[str, str], ...]  # (attribute as written, value) for each attribute of `by`, in its order


@frozen
class ObjectiveRow:
    """The verdict on one objective, in one window, for one group.

    objective  index into Plan.objectives; label, level, party, op, target, unit and unit_ticks are its own
    window     the window's name; [start_us, end_us) are its instants
    group      empty where the objective has no `by`
    value      of what is decided, None where nothing is; low and high: None where there is no bound
    cases      decided and open ones
    ended      the whole window lies before as-of
    good, total  for a share of cycles or of time: of what it is the share (cycles; ticks), else None; open cycles are not in them
    """

    objective: int
    label: str
    level: str
    party: str
    window: str
    start_us: int
    end_us: int
    group: Group
    status: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    op: str
    target: Fraction
    unit: str
    unit_ticks: int
    cases: int
    ended: bool
    good: Fraction | None = None
    total: Fraction | None = None

    def in_unit(self, value: Fraction | None) -> Fraction | None:
        """A value, bound or target of this row in the unit of the target as written (hours, say, not ticks)."""
        return None if value is None else value / self.unit_ticks


@frozen
class ErrorBudget:
    """How much may go wrong in one window of an attainment or availability objective, and how much of that is left.

    objective, window, group, end_us  those of its row
    measured     `cycles` or `time` (ticks, summed over the cases)
    budget       what the target allows in the whole window; of a window under way with as many cycles as its pace so far
                 leads to, or with the known cases running on to its end
    used         what has gone wrong so far
    left         budget - used; below 0 where it is overdrawn
    runs_out_us  when it is used up at the pace so far; None where that is not before the window's end, or has happened
    """

    objective: int
    window: str
    end_us: int
    group: Group
    measured: str
    budget: Fraction
    used: Fraction
    left: Fraction
    runs_out_us: int | None


@frozen
class ObjectiveAlert:
    """An alert of an objective: `burn` (the burn rate), or `missed` (so many windows in a row).

    at_us  the whole minute at which the burn rate was exceeded, or the end of the last window missed
    """

    kind: str
    objective: int
    label: str
    group: Group
    at_us: int
    written: str = ""


@frozen
class Consequence:
    """Money that is owed, or may still be.

    kind       credit, penalty
    objective  index into Plan.objectives, or None: of a clause
    clause     index into Plan.clauses, or None: of an objective
    label, level  of the objective or clause
    customer   whom the level or `by customer` names, else ""
    window     the objective's window, or the period in which the misses of a clause fall; end_us is its end
    misses     how many misses or started periods are owed for; 1 for a window
    amount     owed, exact, after all caps
    most       what may be owed in the end, exact, after all caps: equal to `amount` where all is decided, None where there is no bound
    capped     a cap has made the amount smaller
    """

    kind: str
    objective: int | None
    clause: int | None
    label: str
    level: str
    customer: str
    window: str
    end_us: int
    group: Group
    misses: int
    amount: Fraction
    most: Fraction | None
    currency: str
    capped: bool = False
    written: str = ""


@frozen
class Payment:
    """All that is owed to one customer (or under the agreement, where "") in one currency.

    amount  exact; most: as in Consequence
    paid    the amount as a decimal, rounded half up to the currency's minor unit
    """

    customer: str
    currency: str
    amount: Fraction
    most: Fraction | None
    paid: str


@frozen
class CertainRow:
    """A row at the instant, microseconds UTC, at which its status became certain; its figures are as of then."""

    row: ObjectiveRow
    at_us: int


@frozen
class CertainConsequence:
    """Money that became certain at an instant, after all caps.

    total  what is certain by now for the same customer in the same currency, exact; paid: as a decimal, rounded half up
    """

    owed: Consequence
    at_us: int
    total: Fraction
    paid: str


Told = CertainRow | CertainConsequence | ObjectiveAlert


@define
class ObjectivesOutcome:
    """Everything that was found out about the objectives of a plan.

    rows          ordered by objective (order of the file), window, group
    budgets       one for each row of an attainment or availability objective, in the order of the rows
    alerts        ordered by instant, objective, group
    consequences  ordered by window's end, objectives before clauses, order of the file, group
    payments      ordered by customer, currency
    faults        objective index to (how often something could not be decided, the first reason)
    left_out      objective index to the number of windows that are not judged, for there are too many
    """

    rows: list[ObjectiveRow] = field(factory=list)
    budgets: list[ErrorBudget] = field(factory=list)
    alerts: list[ObjectiveAlert] = field(factory=list)
    consequences: list[Consequence] = field(factory=list)
    payments: list[Payment] = field(factory=list)
    faults: dict[int, tuple[int, str]] = field(factory=dict)
    left_out: dict[int, int] = field(factory=dict)
