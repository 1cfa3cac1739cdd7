"""The checked program: what a policy says, every name resolved, every kind known, every place kept.

Takes:  nothing but plain data; the passes build it.
Gives:  Program and its parts.
Never:  knows the machine that a clause form becomes; the arrow `sladsl.ir.from_checked` does.

Numbers (of definitions, parties, calendars, groups) are places in the tuples of Program.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import field

from sladsl.checked.kinds import Kind
from sladsl.checked.typed import Expr, Occurrence, Typed, Value
from sladsl.clock import Amount, CalendarSpec, Point, WindowSpec
from sladsl.events import InputSpec
from sladsl.text import Source, Span
from sladsl.text.record import Record, frozen


@frozen(eq=False, repr=False)
class Definition(Typed):
    """A state, an action, or a value of each case; `span` is the place of its name.

    Args:
        variants: what it says, once for each kind it is read as (one, except for `gap = delivered - promised` and the like).
        action: it happens at events; else it holds from one to another.
        stage: it is a stage of a life cycle.
        imported: it stands in another file.
        used: something refers to it.
    """

    number: int
    name: str
    variants: tuple[tuple[Kind, Expr], ...]
    action: bool
    stage: bool = False
    imported: bool = False
    used: bool = True


@frozen(eq=False, repr=False)
class Constant(Typed):
    """A value that is the same for every case, or a list of such values."""

    name: str
    values: tuple[Value, ...]
    kind: Kind
    listed: bool = False
    imported: bool = False
    used: bool = True


@frozen(eq=False, repr=False)
class Party(Typed):
    """Who acts. `declared` tells a `party` statement from a name that only a phrase knows."""

    number: int
    name: str
    condition: Expr
    manager: str = ""
    declared: bool = False
    imported: bool = False
    used: bool = True


@frozen(eq=False, repr=False)
class Calendar(Typed):
    """Opening hours; `span` is the place of its name."""

    number: int
    spec: CalendarSpec
    imported: bool = False
    used: bool = True


@frozen(eq=False, repr=False)
class Target(Typed):
    """A time to pass, a point in time, or the instant that an attribute holds: exactly one."""

    amount: Amount | None = None
    point: Point | None = None
    attribute: str = ""
    calendar: int | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Row(Typed):
    """A target under a condition."""

    target: Target
    when: Expr


@frozen(eq=False, repr=False)
class Pause(Typed):
    """`paused while …, at most …`."""

    condition: Expr
    at_most: Target | None = None


@frozen(eq=False, repr=False)
class Alert(Typed):
    """A warning or an escalation; at breach `share`, `before` and `after` are None."""

    kind: str
    to: str = ""
    share: tuple[int, int] | None = None
    before: Target | None = None
    after: Target | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Cap(Typed):
    """A bound on money: `share` of the amount `of`, or an amount. Amounts are decimals as text."""

    share: Fraction | None
    of: str
    amount: str
    currency: str
    per: str = ""


@frozen(eq=False, repr=False)
class Penalty(Typed):
    """Money for each miss, or for each started period late."""

    amount: str
    currency: str
    per: Target | None = None
    cap: Cap | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Level(Typed):
    """Whom clauses bind. The corporate level has no condition.

    `rank` orders levels from wide to narrow: customer and service > customer > service > corporate, more `for` > fewer.
    """

    name: str = "corporate"
    condition: Expr | None = None
    rank: tuple[int, int] = (0, 0)


@frozen(eq=False, repr=False)
class Act(Typed):
    """What is done: the condition of the verb, without the party; `state`: the verb names a state, which must begin."""

    condition: Expr
    state: bool = False
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Start(Typed):
    """When the clock starts.

    rule   why: `of`, `subject`, `above` (the nearest state definition above), `first event`, `state` (the form's own state)
    often  default, first, each or latest
    """

    occurrence: Occurrence
    rule: str
    often: str = "default"


@frozen(eq=False, repr=False)
class Clause(Typed):
    """One promise about one case at one level, in the author's form; `span` is the whole clause, `head` its first line.

    Args:
        form: within, by, every, at least, lasts, must not within, must not before, must not while, at most, time while.
        group: the number of its label.
        labelled: the author gave the label.
        guard: this level applies and no more specific one of the label does; None is always.
        subject: a state that must hold at the start, besides what starts the clock.
        target: the headline, None in the forms without a time limit.
        state: that of `while`, `lasts` and `time while`.
        count: the N of `at least N`, `before N` and `at most N`; else 1.
        counted: what `before N` and `at most N` count; `counted_by_party`: only those of the clause's party.
        distinct, distinct_field: `over 2 distinct channel`.
        until: what ends it, where it says so.
        calendar: that of `in CALENDAR`.
    """

    index: int
    group: int
    label: str
    labelled: bool
    form: str
    party: int | None
    act: Act | None
    start: Start
    level: Level
    head: Span
    guard: Expr | None = None
    overrides: bool = False
    subject: Expr | None = None
    target: Target | None = None
    state: Expr | None = None
    count: int = 1
    counted: Occurrence | None = None
    counted_by_party: bool = False
    distinct: int = 0
    distinct_field: str = ""
    until: Occurrence | None = None
    calendar: int | None = None
    when: Expr | None = None
    rows: tuple[Row, ...] = ()
    pauses: tuple[Pause, ...] = ()
    cancels: tuple[Expr, ...] = ()
    excuses: tuple[Expr, ...] = ()
    cancel_after_paused: Target | None = None
    tighter: str = "carry"
    looser: str = "carry"
    reopen: str = "new"
    reopen_within: Target | None = None
    one_for_one: bool = False
    alerts: tuple[Alert, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    protocol: str = ""
    written: str = field(default="", eq=False)


# --- objectives --------------------------------------------------------------------------------------------------


@frozen(kw_only=True, eq=False, repr=False)
class Measure(Typed):
    """The base of all measures."""


@frozen(eq=False, repr=False)
class Number(Measure):
    """A constant in the arithmetic of measures; durations in microseconds."""

    value: Fraction


@frozen(eq=False, repr=False)
class CountMeasure(Measure):
    """How many events or cases."""

    of: Occurrence
    party: int | None = None


@frozen(eq=False, repr=False)
class ShareMet(Measure):
    """The share of the cycles of a label that were met."""

    group: int


@frozen(eq=False, repr=False)
class ShareBecome(Measure):
    """The share of the cases in which `of` begins that become something within a time."""

    of: Occurrence
    becomes: Occurrence
    within: Target | None = None


@frozen(eq=False, repr=False)
class ShareTime(Measure):
    """The share of time while a state holds."""

    state: Expr


@frozen(eq=False, repr=False)
class TimeWhile(Measure):
    """The time while a state holds, on a clock."""

    state: Expr
    clock: str = "exact"
    calendar: int | None = None


@frozen(eq=False, repr=False)
class Statistic(Measure):
    """min, max, average, median, total, pNN of an attribute."""

    function: str
    attribute: str
    at: Occurrence | None = None
    rank: int = 0


@frozen(eq=False, repr=False)
class TimeStatistic(Measure):
    """The same of the elapsed time of a label's cycles, on the clock of the bound."""

    function: str
    group: int
    rank: int = 0
    clock: str = "exact"
    calendar: int | None = None


@frozen(eq=False, repr=False)
class Combined(Measure):
    """Arithmetic of measures."""

    sign: str
    left: Measure
    right: Measure


@frozen(eq=False, repr=False)
class Exclusion(Typed):
    """Time taken out: while a state holds, or while a calendar is open."""

    condition: Expr | None = None
    calendar: int | None = None
    at_most: Amount | None = None
    per: WindowSpec | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Tier(Typed):
    """A row of a credit table."""

    share: Fraction
    bound: Fraction
    below: bool


@frozen(eq=False, repr=False)
class Credit(Typed):
    """A service credit of an amount of money."""

    of: str
    amount: str
    currency: str
    tiers: tuple[Tier, ...]
    cap_share: Fraction | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class BurnAlert(Typed):
    """`alert when burn rate > 14.4 over 1h and 5 min`, `alert when missed 2 windows in a row`."""

    rate: Fraction | None
    over: tuple[Amount, ...]
    missed: int = 0
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Objective(Typed):
    """A promise about many cases.

    `unit` is "", `share`, or the unit of time that the target was written in, of which `unit_ticks` are one.
    """

    label: str
    labelled: bool
    measure: Measure
    sign: str
    target: Fraction
    window: WindowSpec
    level: Level
    head: Span
    unit: str = ""
    unit_ticks: int = 1
    party: int | None = None
    by: tuple[tuple[str, str], ...] = ()  # folded, as written
    counted_by: str = "start"
    at_least_cases: int = 0
    exclusions: tuple[Exclusion, ...] = ()
    credits: tuple[Credit, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    alerts: tuple[BurnAlert, ...] = ()
    guard: Expr | None = None
    written: str = field(default="", eq=False)


# --- the whole ---------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Lifecycle(Typed):
    """Stages in order, by the numbers of their definitions."""

    name: str
    stages: tuple[tuple[str, Expr], ...]


@frozen(eq=False, repr=False)
class Protocol(Typed):
    """Labels that follow one another, as groups."""

    name: str
    groups: tuple[int, ...]


@frozen(eq=False, repr=False)
class Reference(Record):
    """A use of a name and the place of what it means."""

    use: Span
    declaration: Span


@frozen(eq=False, repr=False)
class Program(Record):
    """A policy without a mistake in it.

    Args:
        source: the policy's own text; `sources` those of all files read, by name.
        effective: from and until in microseconds, either None.
        definitions: each after those that it refers to.
        groups: the labels, in the order of their first clause.
        order: the clauses so that what a clause follows comes first.
        references: every use of a definition, list, constant, party and calendar.
    """

    source: Source
    sources: tuple[Source, ...]
    name: str
    edition: int
    zone: str
    case_word: str
    language: str
    effective: tuple[int | None, int | None]
    lateness_us: int
    between: tuple[str, ...]
    case_until: Occurrence | None
    credit_cap: Cap | None
    inputs: tuple[InputSpec, ...]
    calendars: tuple[Calendar, ...]
    business_hours: int | None
    parties: tuple[Party, ...]
    constants: tuple[Constant, ...]
    definitions: tuple[Definition, ...]
    groups: tuple[str, ...]
    clauses: tuple[Clause, ...]
    objectives: tuple[Objective, ...]
    lifecycles: tuple[Lifecycle, ...]
    protocols: tuple[Protocol, ...]
    order: tuple[int, ...] = ()
    references: tuple[Reference, ...] = field(default=(), repr=False)
