"""Conditions and values: what is read of an event, of its case and of the policy.

Takes:  nothing but plain data; every node is frozen and knows the kind of its value.
Gives:  expression trees that each evaluator handles node by node, or refuses.
Never:  holds a name that is still to be resolved, except attribute names, which belong to the log.

Truth has two values. A comparison with a missing value is false, whichever its operator (`!=`, `not in` and `= no` included). Arithmetic with a missing value is missing.
A value that cannot be read in its kind, a division by zero and the like are run-time errors: the condition is then neither, see `sladsl.evaluate`.
"""

from enum import StrEnum
from fractions import Fraction

from attrs import field

from sladsl.clock import Amount
from sladsl.text.record import Record, frozen


class ValueKind(StrEnum):
    """What a value is. Cells of a log have no kind of their own; the use gives it, and stands in the node that reads the cell."""

    NUMBER = "number"  # int or Fraction, exact; shares and money are numbers here
    TEXT = "text"  # str, compared exactly
    NAME = "name"  # str, folded before it is compared: event types, actors
    TRUTH = "truth"  # bool
    INSTANT = "instant"  # int, microseconds UTC since 1970
    DATE = "date"  # str, ISO 8601, compared as text
    DURATION = "duration"  # int, exact microseconds


Value = int | Fraction | str | bool


class Expr(Record):
    """The base of all expression nodes."""

    __slots__ = ()


@frozen(eq=False, repr=False)
class Literal(Expr):
    """A value as written. NAME literals are already folded."""

    value: Value
    kind: ValueKind


@frozen(eq=False, repr=False)
class Attribute(Expr):
    """The last value that an event of the case carried for the attribute (its folded name), this event included; else missing."""

    name: str
    kind: ValueKind


@frozen(eq=False, repr=False)
class EventAttribute(Expr):
    """What this event itself carries for the attribute (`event.score`); else missing."""

    name: str
    kind: ValueKind


@frozen(eq=False, repr=False)
class EventType(Expr):
    """The type of this event, kind NAME."""


@frozen(eq=False, repr=False)
class Actor(Expr):
    """The actor of this event, kind NAME; missing where it has none."""


@frozen(eq=False, repr=False)
class CaseId(Expr):
    """The case of this event, kind TEXT."""


@frozen(eq=False, repr=False)
class Now(Expr):
    """The instant of this event (`time`), kind INSTANT."""


@frozen(eq=False, repr=False)
class Ref(Expr):
    """The truth or value of another condition of the plan, by its index, which is smaller than that of the condition that holds this node."""

    condition: int


@frozen(eq=False, repr=False)
class Not(Expr):
    """True where the operand is false."""

    operand: Expr


@frozen(eq=False, repr=False)
class And(Expr):
    """True where all are; read from left to right, stopping at the first that is false."""

    operands: tuple[Expr, ...]


@frozen(eq=False, repr=False)
class Or(Expr):
    """True where any is; read from left to right, stopping at the first that is true."""

    operands: tuple[Expr, ...]


@frozen(eq=False, repr=False)
class Compare(Expr):
    """`left op right`, both of `kind`; false where either is missing."""

    op: str  # one of = != < <= > >=
    left: Expr
    right: Expr
    kind: ValueKind


@frozen(eq=False, repr=False)
class InList(Expr):
    """Whether the operand is one of the values (all of `kind`); with `negated`, whether it is none. False where it is missing, either way."""

    operand: Expr
    values: tuple[Value, ...]
    kind: ValueKind
    negated: bool = False


@frozen(eq=False, repr=False)
class Between(Expr):
    """low <= operand <= high, both ends in; with `negated`, outside. False where any is missing, either way."""

    operand: Expr
    low: Expr
    high: Expr
    kind: ValueKind
    negated: bool = False


@frozen(eq=False, repr=False)
class Known(Expr):
    """Whether the operand has a value (`is known`; `is missing` is its Not)."""

    operand: Expr


@frozen(eq=False, repr=False)
class TextTest(Expr):
    """`left contains | starts | ends | matches right`, exactly as written (`matches` takes * and ?, over the whole text); false where either is missing."""

    op: str
    left: Expr
    right: Expr


@frozen(eq=False, repr=False)
class Arithmetic(Expr):
    """`left op right` with op one of + - * /, exact. `kind` is that of the result: NUMBER, DURATION or INSTANT (instant ± duration; instant - instant is DURATION; duration / duration is NUMBER)."""

    op: str
    left: Expr
    right: Expr
    kind: ValueKind


@frozen(eq=False, repr=False)
class During(Expr):
    """True at an event while the calendar (index into Plan.calendars) is open. A calendar whose zone is an attribute is read with the attribute's present value."""

    calendar: int


@frozen(eq=False, repr=False)
class TypeMatches(Expr):
    """A verb that names no action: the stems of the words of the event's type include `required` and are all among `allowed` (in the policy's language).

    With `required` = `allowed` the type must have just these words.
    """

    required: tuple[str, ...]
    allowed: tuple[str, ...]
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class ActorIs(Expr):
    """A party without a definition: the actor's folded name is `name`. True everywhere in a log that has no actor at all."""

    name: str


@frozen(eq=False, repr=False)
class History(Expr):
    """A function over the case's past, this event included: the value of Plan.histories[index]."""

    index: int
    kind: ValueKind


@frozen(eq=False, repr=False)
class InstantPart(Expr):
    """A calendar part of an instant in the agreement's zone: `month` or `hour` (NUMBER), `weekday` (TEXT, mon to sun), `date` (DATE)."""

    part: str
    operand: Expr


@frozen(eq=False, repr=False)
class Trigger(Record):
    """What happens at an instant: the kind says how the condition (an index into Plan.conditions) is read.

    happens      at every event where the condition, an action, is true
    begins       at an event after which the condition, a state, holds and before which it did not
    ends         at an event before which the condition, a state, held and after which it does not
    first event  at the first event of the case; `condition` is -1
    breach       at the instant an instance of the clause group `condition` is breached
    fulfilment   at the instant an instance of the clause group `condition` is met or late

    `party` is a condition that must hold at the very event as well, after it: a verb that names a state is an act of the
    party only where the state begins at an event of the party. None asks for nothing more.
    """

    kind: str
    condition: int
    written: str = field(default="", eq=False)
    party: int | None = None


@frozen(eq=False, repr=False)
class HistoryOf(Record):
    """A function of section 9, kept per case.

    function  count, distinct, sum, first, last, since
    of        what is counted or timed (happens or begins)
    attribute for distinct (what the events themselves carry) and sum (the last value after the event); else ""
    window    only occurrences after now - window, up to and including now; None for all
    """

    function: str
    of: Trigger
    attribute: str = ""
    window: Amount | None = None


@frozen(eq=False, repr=False)
class Condition(Record):
    """One condition of the plan, computed at most once an event.

    action   it reads the event itself: true at events only. Else a state: holds from one event to another.
    reads    the attributes that it reads as last values, directly or through others (folded, sorted)
    reads_event  the type, actor, own attributes, instant or history is read: it may change although no attribute did
    written  as the author wrote it
    """

    expr: Expr
    kind: ValueKind
    action: bool
    reads: tuple[str, ...]
    reads_event: bool
    written: str = field(default="", eq=False)
    name: str = field(default="", eq=False)  # the definition's name, where it is one
