"""What an evaluator gives: verdicts, alerts, and why.

Takes:  nothing but plain data.
Gives:  Verdict, Alert, Step and Outcome, the same from every evaluator.
Never:  formats anything; instants are microseconds UTC, elapsed times are ticks (microseconds) of the clock of the target row.
"""

from collections.abc import Iterator

from attrs import define, field, frozen

MET, LATE, BREACHED, OPEN, PAUSED = "met", "late", "breached", "open", "paused"
CANCELLED, EXCUSED, UNDETERMINED = "cancelled", "excused", "undetermined"
STATUSES = (MET, LATE, BREACHED, OPEN, PAUSED, CANCELLED, EXCUSED, UNDETERMINED)


# Causes and verdicts are plain and cheap to make, for there are millions: treat them as frozen.


@define(unsafe_hash=True)
class Cause:
    """An event that caused something: which input (its index) and which data row of it (1-based; 0 for a fed event), and its type."""

    input: int
    row: int
    type: str


@frozen
class Step:
    """One entry of an instance's story, in order; `at_us` never decreases.

    kind   opened, counted (an act that was not yet enough), paused, resumed, row (the target row changed), due (the due moved), restarted, breached, closed, reopened, alert
    due_us the due from here on, None while there is none
    row    index into the clause's rows from here on, -1 where it has none
    cause  the event behind it, None where time alone did it
    detail words: the status at `closed`, `pause used up`, the alert's kind …
    """

    kind: str
    at_us: int
    due_us: int | None
    row: int
    cause: Cause | None = None
    detail: str = ""


@define(unsafe_hash=True)
class Verdict:
    """The outcome of one instance, as known at as-of.

    clause       index into Plan.clauses; group and number: numbers count per group (label) and case, from 1
    due_us       the instant that is judged; None while paused, where a paused instance was fulfilled, where there is no time limit
    closed_us    None while open, paused, or breached without its action (unless a cancellation or an end closed it)
    elapsed      ticks on the clock of the present row (exact time from opened for points in time and attributes, and where there is no target), up to closed, else up to as-of; pauses left out
    row          index into the clause's rows, -1 where it has none
    paused_us    exact time paused so far
    late_by_us   exact time from due to closed of a late instance, late_by_ticks the same on its own clock; else None
    note         why it is undetermined, `born breached`, `revised` …
    running      the stretches in which its clock ran, up to closed, else up to as-of; () where that is one stretch from opened
    """

    clause: int
    group: int
    case: str
    number: int
    status: str
    opened_us: int
    due_us: int | None
    closed_us: int | None
    elapsed: int
    row: int
    paused_us: int
    late_by_us: int | None
    late_by_ticks: int | None
    opened_by: Cause | None
    closed_by: Cause | None
    note: str = ""
    zone: str = ""  # how its calendars were read (ir/calendars.py), in the order of their indices, of those that attributes tell
    steps: tuple[Step, ...] = field(default=(), eq=False)  # only where a trace was asked for
    running: tuple[tuple[int, int], ...] = field(default=(), eq=False)

    def key(self) -> tuple[int, str, int]:
        """The order of the verdict table: label (file order), case, number."""
        return self.group, self.case, self.number


@frozen
class Alert:
    """A warning or an escalation that fired."""

    kind: str  # warn, escalate
    clause: int
    group: int
    case: str
    number: int
    to: str
    at_us: int
    written: str = ""


@define
class Outcome:
    """What one evaluation of a log gives.

    verdicts  ordered by `Verdict.key`
    alerts    ordered by instant, clause, case, number
    later     starts, by group, at which a deciding attribute was missing that came later in the case
    unknown_zones  how often a calendar's zone attribute held no known zone, by calendar name
    """

    verdicts: list[Verdict]
    alerts: list[Alert]
    later: dict[int, int] = field(factory=dict)
    unknown_zones: dict[str, int] = field(factory=dict)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)
