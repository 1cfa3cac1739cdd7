"""The plan: everything that an evaluator needs of a policy, with no name left to resolve.

Takes:  nothing but plain data.
Gives:  Plan, its clauses and calendars. Objectives stand in `objective.py`, conditions in `expression.py`.
Never:  holds the author's text except as words to show; two plans that mean the same are equal.

Ten clause forms become one machine. An instance opens at one of `starts`; `act` is what it waits for:

    form                    starts                   act          inverse  targets   end
    within, by              of / subject / nearest   the action   no       rows
    every D while S         S begins; act while S    the action   no       rows                    cancels has `not S`
    at least N times        of / subject / nearest   N actions    no       rows
    S lasts at most D       S begins                 S ends       no       rows
    must not within D of X  X                        the action   yes      rows      (met at due)
    must not before N X     first event              the action   yes      none      N times X
    must not while S        S begins                 the action   yes      none      S ends
    at most N per case      first event              N+1 actions  yes      none      until X
    time while S at most D  first event              none         yes      rows      until X        pauses has `not S`, closes_at_due
"""

from enum import StrEnum

from attrs import field

from sladsl.clock import Amount, CalendarSpec, Point
from sladsl.events import InputSpec
from sladsl.ir.expression import Condition, HistoryOf, Trigger
from sladsl.ir.objective import Objective
from sladsl.text.record import Record, frozen

IR_VERSION = 1


class Form(StrEnum):
    """The clause form as the author knows it: for explanations only, the machine's fields say what happens."""

    WITHIN = "within"
    BY = "by"
    EVERY = "every"
    AT_LEAST = "at least"
    LASTS = "lasts"
    MUST_NOT_WITHIN = "must not within"
    MUST_NOT_BEFORE = "must not before"
    MUST_NOT_WHILE = "must not while"
    AT_MOST = "at most"
    TIME_WHILE = "time while"


class HowOften(StrEnum):
    """Which of the occurrences of a start open an instance."""

    FREE = (
        "free"  # each time, while no instance of the group in the case is open, paused, or breached without its action
    )
    FIRST = "first"  # the first occurrence in the case, and no other
    EACH = "each"  # every occurrence, each with its own clock
    LATEST = "latest"  # every occurrence; it moves an open or paused instance to itself


@frozen(eq=False, repr=False)
class Target(Record):
    """Exactly one of `amount`, `point` and `attribute` stands.

    amount     a time to pass on the amount's clock
    point      a point in time, computed from the start
    attribute  the instant that the attribute holds (its last value), followed while the instance is open; missing: no due
    calendar   an index into Plan.calendars for business clocks and points of business days; else None
    """

    amount: Amount | None = None
    point: Point | None = None
    attribute: str = ""
    calendar: int | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Row(Record):
    """A target and the condition under which it counts; the first row that holds does. The headline comes last, with `when` None."""

    target: Target
    when: int | None = None


@frozen(eq=False, repr=False)
class Pause(Record):
    """The clock stands still while the condition holds, as long as the sum of this pause in the instance is below `at_most` on its own clock."""

    condition: int
    at_most: Target | None = None


@frozen(eq=False, repr=False)
class Alert(Record):
    """A warning or an escalation of an instance.

    kind    warn, escalate
    to      who is told (escalations), else ""
    share   (numerator, denominator) of the target: `at 75%`; else None
    before  `warn 2h before`: the greatest instant u with measure(u, due) >= the amount
    after   `escalate after 48h`: counts from opened on the amount's clock
    At breach all three are None.
    """

    kind: str
    to: str = ""
    share: tuple[int, int] | None = None
    before: Target | None = None
    after: Target | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Penalty(Record):
    """Money owed for each miss (`late` or `breached`) or for each started period late, in the currency's units as exact text (`200`, `0.50`).

    per     None: per miss; else per started period on that amount's clock
    cap     at most this much in each of the agreement's cap periods: an exact share of `cap_of`, or an amount where `cap_of` is ""
    """

    amount: str
    currency: str
    per: Target | None = None
    cap_amount: str = ""
    cap_share: str = ""
    cap_of: str = ""
    cap_of_amount: str = ""
    written: str = field(default="", eq=False)
    cap_per: str = ""  # the window unit of the cap where the author names one: day, week, month, quarter, year


@frozen(eq=False, repr=False)
class Level(Record):
    """Whom a clause binds. `condition` None is the corporate level; `name` is as printed (`service hosting`, `customer ACME, service hosting`, `for region in ["ES"]`)."""

    name: str = "corporate"
    condition: int | None = None


@frozen(eq=False, repr=False)
class Clause(Record):
    """One promise about one case, at one level. Clauses of one label are one group; of these the most specific level that applies decides (see `guard`).

    index       its place in Plan.clauses, which is the order of the file
    group       index of its label in Plan.groups: numbers count per group and case, and `open` in HowOften means of the group
    party       who owes it, as written; "" where nobody is named
    guard       a condition: this level applies and no more specific one of the label does; read at the start, after its event; None is always
    when        a condition read likewise
    subject     a condition, a state, that must hold at the start
    starts      any of these opens an instance (several only for `every`); for a start of kind `happens` with `start_while`, only while that state holds after the event
    act         what is waited for, or in an inverse clause forbidden; None only for `time while`
    needed      how many acts fulfil it (at least N) or break it (at most N: N+1; else 1); acts count from the opening instant on
    distinct    an attribute: the acts must carry this many different values of it (`over 2 distinct channel`), as well
    inverse     the act breaches and closes; the end meets
    met_at_due  reaching the due meets instead of breaching
    closes_at_due  the breach at the due closes the instance at once
    end         what meets an inverse clause, and how many of it; None where only the case's end does
    rows        targets in order, headline last; () where there is no time limit
    cancels, excuses  conditions; any that is true closes
    cancel_after_paused  cancelled at the instant at which the sum of pauses reaches this
    tighter, looser   carry, restart or keep: what a change of row does
    reopen      new, resume or ignore; reopen_within bounds resume, from the close
    one_for_one with EACH: an action fulfils only the oldest unanswered instance
    after       groups whose breach or fulfilment starts this clause (so that they are judged first)
    """

    index: int
    group: int
    label: str
    party: str
    form: Form
    level: Level
    starts: tuple[Trigger, ...]
    act: Trigger | None
    guard: int | None = None
    when: int | None = None
    subject: int | None = None
    start_while: int | None = None
    how: HowOften = HowOften.FREE
    one_for_one: bool = False
    needed: int = 1
    distinct: str = ""
    distinct_needed: int = 0
    inverse: bool = False
    met_at_due: bool = False
    closes_at_due: bool = False
    end: Trigger | None = None
    end_needed: int = 1
    rows: tuple[Row, ...] = ()
    pauses: tuple[Pause, ...] = ()
    cancels: tuple[int, ...] = ()
    excuses: tuple[int, ...] = ()
    cancel_after_paused: Target | None = None
    tighter: str = "carry"
    looser: str = "carry"
    reopen: str = "new"
    reopen_within: Target | None = None
    alerts: tuple[Alert, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    after: tuple[int, ...] = ()
    protocol: str = ""
    written: str = field(default="", eq=False)
    line: int = field(default=0, eq=False)


@frozen(eq=False, repr=False)
class Party(Record):
    """Who acts: the name as written, its manager, and a condition (an index) that says at an event whether the actor is of it."""

    name: str
    condition: int
    manager: str = ""
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Lifecycle(Record):
    """Stages in order, each a state (an index into Plan.conditions)."""

    name: str
    stages: tuple[tuple[str, int], ...]


@frozen(eq=False, repr=False)
class Protocol(Record):
    """Clauses that follow one another: labels in the order of the file, as groups."""

    name: str
    groups: tuple[int, ...]


@frozen(eq=False, repr=False)
class Phrase(Record):
    """A verb or a named event that matches events by stems: what `run` prints under what each verb matched. `condition` holds its TypeMatches."""

    written: str
    condition: int
    role: str = "verb"  # verb, start, end, count
    line: int = field(default=0, eq=False)


@frozen(eq=False, repr=False)
class Plan(Record):
    """A compiled policy.

    effective   (from_us | None, until_us | None): instances that start in it, and windows that end in it, are judged
    zone        the agreement's zone: times without an offset, dates, windows
    case_word   what one case is called; case_until: what ends it, for inverse clauses
    order       indices of clauses so that what a clause follows comes first; ties in file order
    conditions  each refers only to earlier ones
    credit_cap  `credits at most 15% of monthly fee per month` as (share text, amount text, currency, window unit) or None
    """

    name: str
    edition: int
    zone: str
    case_word: str
    language: str
    effective: tuple[int | None, int | None]
    lateness_us: int
    between: tuple[str, ...]
    case_until: Trigger | None
    inputs: tuple[InputSpec, ...]
    calendars: tuple[CalendarSpec, ...]
    conditions: tuple[Condition, ...]
    histories: tuple[HistoryOf, ...]
    parties: tuple[Party, ...]
    groups: tuple[str, ...]
    clauses: tuple[Clause, ...]
    order: tuple[int, ...]
    objectives: tuple[Objective, ...]
    lifecycles: tuple[Lifecycle, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    credit_cap: tuple[str, str, str, str] | None = None
    attributes: tuple[str, ...] = ()  # every attribute that the policy reads, folded, sorted
    version: int = IR_VERSION
