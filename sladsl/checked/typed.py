"""Expressions after the checker: every name resolved, every kind known, every place kept.

Takes:  nothing but plain data; expressions.py builds them.
Gives:  the nodes, each with its span outside equality, and `walk`.
Never:  holds a node of the syntax tree.

They mirror the conditions of the IR (`sladsl.ir.expression`), with names of definitions and calendars instead of places
in a plan, so that findings about them can be told with their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import field, fields

from sladsl.checked.kinds import ERROR, INSTANT, NAME, NUMBER, TEXT, TRUTH, Kind
from sladsl.clock import Amount
from sladsl.text import Span
from sladsl.text.record import Record, frozen

Value = int | Fraction | str | bool


@frozen(kw_only=True, eq=False, repr=False)
class Typed(Record):
    """Anything of a checked policy that has a place."""

    span: Span = field(eq=False, repr=False)


@frozen(kw_only=True, eq=False, repr=False)
class Expr(Typed):
    """The base of all expressions."""

    @property
    def kind(self) -> Kind:
        """What its value is."""
        return TRUTH


@frozen(eq=False, repr=False)
class Wrong(Expr):
    """An expression that a diagnostic has been given for."""

    @property
    def kind(self) -> Kind:
        return ERROR


@frozen(eq=False, repr=False)
class Lit(Expr):
    """A value. `constant` is the name of the constant it stands for, "" where it was written here."""

    value: Value
    of: Kind
    constant: str = field(default="", eq=False)

    @property
    def kind(self) -> Kind:
        return self.of


@frozen(eq=False, repr=False)
class Attr(Expr):
    """The last value of an attribute; with `own`, what this event itself carries."""

    name: str
    of: Kind
    own: bool = False

    @property
    def kind(self) -> Kind:
        return self.of


@frozen(eq=False, repr=False)
class EventType(Expr):
    """`event`."""

    @property
    def kind(self) -> Kind:
        return NAME


@frozen(eq=False, repr=False)
class Actor(Expr):
    """`actor`."""

    @property
    def kind(self) -> Kind:
        return NAME


@frozen(eq=False, repr=False)
class CaseId(Expr):
    """`case`."""

    @property
    def kind(self) -> Kind:
        return TEXT


@frozen(eq=False, repr=False)
class Now(Expr):
    """`time`."""

    @property
    def kind(self) -> Kind:
        return INSTANT


@frozen(eq=False, repr=False)
class DefRef(Expr):
    """A definition, by its number in Program.definitions, read as a kind."""

    definition: int
    of: Kind

    @property
    def kind(self) -> Kind:
        return self.of


@frozen(eq=False, repr=False)
class Not(Expr):
    """`not a`."""

    operand: Expr


@frozen(eq=False, repr=False)
class And(Expr):
    """`a and b`, two or more."""

    operands: tuple[Expr, ...]


@frozen(eq=False, repr=False)
class Or(Expr):
    """`a or b`, two or more."""

    operands: tuple[Expr, ...]


@frozen(eq=False, repr=False)
class Compare(Expr):
    """`left sign right`, both read as `of`."""

    sign: str
    left: Expr
    right: Expr
    of: Kind


@frozen(eq=False, repr=False)
class InList(Expr):
    """Whether the operand is one of the values; `negated`: none of them."""

    operand: Expr
    values: tuple[Value, ...]
    of: Kind
    negated: bool = False


@frozen(eq=False, repr=False)
class Between(Expr):
    """low <= operand <= high; `negated`: outside."""

    operand: Expr
    low: Expr
    high: Expr
    of: Kind
    negated: bool = False


@frozen(eq=False, repr=False)
class Known(Expr):
    """Whether the operand has a value."""

    operand: Expr


@frozen(eq=False, repr=False)
class TextTest(Expr):
    """contains, starts, ends, matches."""

    test: str
    left: Expr
    right: Expr


@frozen(eq=False, repr=False)
class Arithmetic(Expr):
    """`left sign right`; `of` is the kind of the result."""

    sign: str
    left: Expr
    right: Expr
    of: Kind

    @property
    def kind(self) -> Kind:
        return self.of


@frozen(eq=False, repr=False)
class During(Expr):
    """While a calendar, by its number in Program.calendars, is open."""

    calendar: int


@frozen(eq=False, repr=False)
class TypeMatches(Expr):
    """Event types by the stems of their words. `role` is verb, start, end or count."""

    required: tuple[str, ...]
    allowed: tuple[str, ...]
    written: str = field(default="", eq=False)
    role: str = field(default="verb", eq=False)


@frozen(eq=False, repr=False)
class ActorIs(Expr):
    """A party without a definition, by its folded name."""

    name: str


@frozen(eq=False, repr=False)
class Occurrence(Typed):
    """What happens at an instant.

    happens, begins, ends   of `condition`
    first event             of the case
    breach, fulfilment      of the clauses of a label, by the number of the group
    """

    what: str
    condition: Expr | None = None
    group: int = -1
    written: str = field(default="", eq=False)


@frozen(eq=False, repr=False)
class History(Expr):
    """A function over the past of the case: count, distinct, sum, first, last, since."""

    function: str
    occurrence: Occurrence
    attribute: str = ""
    window: Amount | None = None
    of: Kind = NUMBER

    @property
    def kind(self) -> Kind:
        return self.of


@frozen(eq=False, repr=False)
class InstantPart(Expr):
    """month, hour, weekday, date of an instant, in the agreement's zone."""

    part: str
    operand: Expr
    of: Kind

    @property
    def kind(self) -> Kind:
        return self.of


def children(node: object) -> Iterator[Typed]:
    """The nodes directly inside a node."""
    for name in _field_names(type(node)):
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Typed):
                yield item


_FIELDS: dict[type, tuple[str, ...]] = {}


def _field_names(kind: Any) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(f.name for f in fields(kind))
    return names


def walk(node: Typed) -> Iterator[Typed]:
    """A node and everything inside it, in the order of the text."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(children(here))))
