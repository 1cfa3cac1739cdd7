"""Objectives: what is promised of many cases.

Takes:  nothing but plain data.
Gives:  Objective and the measures it is made of.
Never:  holds a float; targets and factors are Fractions.
"""

from fractions import Fraction

from attrs import field

from sladsl.clock import Amount, WindowSpec
from sladsl.ir.expression import Trigger
from sladsl.text.record import Record, frozen


class Measure(Record):
    """The base of all measures. A value is a Fraction; measures of time are in microseconds of their clock until they are printed."""

    __slots__ = ()


@frozen(eq=False, repr=False)
class Number(Measure):
    """A constant in the arithmetic of measures (durations in microseconds)."""

    value: Fraction


@frozen(eq=False, repr=False)
class CountMeasure(Measure):
    """How many events (`happens`) or cases (`begins`: each case once, where it first begins) fall in the window.

    party  a condition that must hold at that event (`marketing delivers at least 120 …`), or None
    """

    of: Trigger
    party: int | None = None


@frozen(eq=False, repr=False)
class ShareMet(Measure):
    """met / (met + late + breached) of the cycles of a clause group. status: `met`; also `late` or `breached` where the author asks for the share of those."""

    group: int
    status: str = "met"


@frozen(eq=False, repr=False)
class ShareBecome(Measure):
    """Of the cases in which `of` first begins in the window, the share in which `becomes` holds then or begins up to and including `within` later (None: ever)."""

    of: Trigger
    becomes: Trigger
    within: Amount | None = None
    within_calendar: int | None = None


@frozen(eq=False, repr=False)
class ShareTime(Measure):
    """Time while the condition holds over all time, pooled over the cases, each from its first event."""

    condition: int


@frozen(eq=False, repr=False)
class TimeWhile(Measure):
    """Time while the condition holds, summed over the cases, in exact microseconds or on the clock of `calendar`."""

    condition: int
    clock: str = "exact"  # a ClockKind's value
    calendar: int | None = None


@frozen(eq=False, repr=False)
class Statistic(Measure):
    """min, max, average, median, total or pNN (rank 1..99 in `rank`) of a number attribute after each event `at` (None: each event that carries it)."""

    function: str
    attribute: str
    at: Trigger | None = None
    rank: int = 0


@frozen(eq=False, repr=False)
class TimeStatistic(Measure):
    """The same of the elapsed time of the met and late cycles of a clause group, on the clock of the bound."""

    function: str
    group: int
    rank: int = 0
    clock: str = "exact"  # a ClockKind's value
    calendar: int | None = None


@frozen(eq=False, repr=False)
class Combined(Measure):
    """left op right with op one of + - * /."""

    op: str
    left: Measure
    right: Measure


@frozen(eq=False, repr=False)
class Exclusion(Record):
    """Time taken out of both sides: while a state (condition) holds, or while a calendar is open; exactly one stands. `at_most` per `per` bounds it, per case, used up in order of time."""

    condition: int | None = None
    calendar: int | None = None
    at_most: Amount | None = None
    per: WindowSpec | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class CreditTier(Record):
    """`25% below 99.0%`: a share of the fee where the value is strictly worse than the bound; the lowest row that holds counts."""

    share: Fraction
    bound: Fraction
    below: bool = True  # False: `above` (for objectives that bound from above)


@frozen(eq=False, repr=False)
class Credit(Record):
    """A service credit: tiers on the objective's value, of an amount of money (exact text and currency); `cap_share` at most."""

    of: str
    amount: str
    currency: str
    tiers: tuple[CreditTier, ...]
    cap_share: Fraction | None = None
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class ObjectivePenalty(Record):
    """Money owed for each window that is missed."""

    amount: str
    currency: str
    cap_amount: str = ""
    cap_share: str = ""
    cap_of: str = ""
    cap_of_amount: str = ""
    written: str = field(default="", eq=False)
    cap_per: str = ""  # the window unit of the cap where the author names one: day, week, month, quarter, year


@frozen(eq=False, repr=False)
class BurnAlert(Record):
    """`alert when burn rate > 14.4 over 1h and 5 min`: exceeded over every window named; or `missed N windows in a row` where `missed` > 0."""

    rate: Fraction | None
    over: tuple[Amount, ...]
    missed: int = 0
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class Objective(Record):
    """A promise about many cases.

    op        one of = != < <= > >=: value op target is what is promised
    target    exact; a duration in ticks of its clock
    unit      how values are printed: "" (number, share), "share", or the unit word of a duration target (`h`, `business hours`, `business days`, `min`…)
    unit_ticks  microseconds (ticks) of one unit, where unit is one of time; else 1
    by        attributes (folded): one verdict a combination of values, every one must hold
    counted_by  start, due or close
    at_least_cases  below it an ended window is not judged
    guard     a condition: the level of its block, without more specific ones of the same label; read at the start of a cycle,
              at the event for counts and statistics, and at the case's first event for time
    """

    label: str
    measure: Measure
    op: str
    target: Fraction
    window: WindowSpec
    unit: str = ""
    unit_ticks: int = 1
    by: tuple[str, ...] = ()
    by_written: tuple[str, ...] = ()
    counted_by: str = "start"
    at_least_cases: int = 0
    exclusions: tuple[Exclusion, ...] = ()
    credits: tuple[Credit, ...] = ()
    penalties: tuple[ObjectivePenalty, ...] = ()
    alerts: tuple[BurnAlert, ...] = ()
    guard: int | None = None
    level: str = "corporate"
    party: str = ""
    written: str = field(default="", eq=False)
    line: int = field(default=0, eq=False)
