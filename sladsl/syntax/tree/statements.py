"""Statements: the vocabulary of a policy, its blocks, and the policy itself (sections 5, 7 and 10).

Takes:  nothing.
Gives:  Policy and the statements it holds.
Never:  knows a spoken language or the meaning of a name.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field

from sladsl.syntax.tree.calendars import BusinessHours, Calendar, ZoneLine
from sladsl.syntax.tree.clauses import Clause
from sladsl.syntax.tree.consequences import Cap
from sladsl.syntax.tree.expressions import Expression
from sladsl.syntax.tree.node import Name, Node
from sladsl.syntax.tree.objectives import Objective
from sladsl.syntax.tree.values import Date, Duration, Instant, Number, Text
from sladsl.text.record import frozen

# --- the header --------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Edition(Node):
    """`edition 1`."""

    number: Number


@frozen(eq=False, repr=False)
class Between(Node):
    """`between marketing and sales`: two or more parties."""

    parties: tuple[Name, ...]


@frozen(eq=False, repr=False)
class Effective(Node):
    """`effective from 2026-01-01 until 2027-01-01`: half-open; either end may be absent."""

    start: Date | Instant | None
    until: Date | Instant | None


@frozen(eq=False, repr=False)
class CaseCalled(Node):
    """`case lead until closed`."""

    name: Name
    until: Expression | None = None


@frozen(eq=False, repr=False)
class Lateness(Node):
    """`lateness 1h`."""

    amount: Duration


@frozen(eq=False, repr=False)
class CreditsCap(Node):
    """`credits at most 15% of monthly fee per month`."""

    cap: Cap


HeaderLine: TypeAlias = Edition | Between | Effective | ZoneLine | CaseCalled | Lateness | CreditsCap


@frozen(eq=False, repr=False)
class Sla(Node):
    """`sla "Marketing and Sales"` with the lines under it."""

    name: Text
    lines: tuple[HeaderLine, ...] = ()


# --- imports and the columns of a log ----------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class UseModule(Node):
    """`use std.business`: path is `("std", "business")`."""

    path: tuple[str, ...]


@frozen(eq=False, repr=False)
class UseFile(Node):
    """`use "personas.sla"`."""

    file: Text


@frozen(eq=False, repr=False)
class Heading(Node):
    """A column heading, taken as written: `order_purchase_timestamp`, `case:concept:name`, `"Lead score"`."""

    text: str


@frozen(eq=False, repr=False)
class Column(Node):
    """`score = lead_score`; `time = created_at, format "%d/%m/%Y %H:%M"`; `time = ts, unit ms`.

    The attributes `case`, `time`, `event`, `actor` and `event id` are the log's own columns.
    """

    attribute: Name
    heading: Heading
    format: Text | None = None
    unit: Literal["s", "ms", "us", "ns"] | None = None


@frozen(eq=False, repr=False)
class StepColumn(Node):
    """`purchased at order_purchase_timestamp, format "%d/%m/%Y"`: one row a case, a time column a step."""

    event: Name
    heading: Heading
    format: Text | None = None
    unit: Literal["s", "ms", "us", "ns"] | None = None


@frozen(eq=False, repr=False)
class MissingMarkers(Node):
    """`missing "?", "NULL"`."""

    markers: tuple[Text, ...]


@frozen(eq=False, repr=False)
class DateMeans(Node):
    """`date means end of day` (or `start of day`)."""

    what: Literal["start of day", "end of day"]


EventsLine: TypeAlias = Column | StepColumn | MissingMarkers | DateMeans


@frozen(eq=False, repr=False)
class Events(Node):
    """`events leads` (or a bare `events`) with the lines under it."""

    input: Name | None
    lines: tuple[EventsLine, ...] = ()


# --- names -------------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Party(Node):
    """`party sales = team in ("sdr", "ae")` with `manager "sales manager"` under it."""

    name: Name
    definition: Expression | None = None
    manager: Text | Name | None = None


@frozen(eq=False, repr=False)
class NamedList(Node):
    """`list buyer_persona = "cto", "cfo", "founder"`."""

    name: Name
    items: tuple[Expression, ...]


@frozen(eq=False, repr=False)
class Definition(Node):
    """`qualified lead = score >= 60`, `monthly fee = 1_000 EUR`: a state, an action or a constant."""

    name: Name
    value: Expression


@frozen(eq=False, repr=False)
class Lifecycle(Node):
    """`lifecycle lead` with its stages under it, in order."""

    name: Name
    stages: tuple[Definition, ...] = ()


# --- blocks ------------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Level(Node):
    """`service "hosting"`, `customer "ACME"`, and the statements under it; `attribute` is the keyword in the author's language."""

    kind: Literal["service", "customer"]
    value: Text
    statements: tuple[Statement, ...] = ()
    attribute: str = field(default="", repr=False)


@frozen(eq=False, repr=False)
class ForLevel(Node):
    """`for region in ["ES", "PT"]`, and the statements under it."""

    condition: Expression
    statements: tuple[Statement, ...] = ()


@frozen(eq=False, repr=False)
class Protocol(Node):
    """`protocol "new lead"`, and the statements under it."""

    name: Text
    statements: tuple[Statement, ...] = ()


# --- scenarios ---------------------------------------------------------------------------------------------------


@frozen(eq=False, repr=False)
class Assignment(Node):
    """`score = 80`, in a scenario's event; the value is a literal, a word stands for its text."""

    name: Name
    value: Expression


@frozen(eq=False, repr=False)
class ScenarioEvent(Node):
    """`2026-03-02 17:30  L1  created  score = 80, role = "cto"`: case and event as written."""

    at: Instant
    case: Text
    event: Text
    values: tuple[Assignment, ...] = ()


@frozen(eq=False, repr=False)
class ExpectStatus(Node):
    """`expect first contact met for L1`. Without `for`, the scenario has one case."""

    label: Name
    status: Literal["met", "late", "breached", "cancelled", "excused", "open", "paused", "undetermined"]
    case: Text | None = None


@frozen(eq=False, repr=False)
class ExpectDue(Node):
    """`expect first contact due 2026-03-03 17:30 for L1`."""

    label: Name
    due: Instant
    case: Text | None = None


ScenarioLine: TypeAlias = ScenarioEvent | ExpectStatus | ExpectDue


@frozen(eq=False, repr=False)
class Scenario(Node):
    """`scenario "contacted the next morning is on time"`, its events and what is expected."""

    name: Text
    lines: tuple[ScenarioLine, ...] = ()


Statement: TypeAlias = (
    Sla
    | UseModule
    | UseFile
    | Events
    | Party
    | NamedList
    | Definition
    | Calendar
    | BusinessHours
    | Lifecycle
    | Level
    | ForLevel
    | Protocol
    | Clause
    | Objective
    | Scenario
)


@frozen(eq=False, repr=False)
class Policy(Node):
    """A whole file: its statements in the order written."""

    statements: tuple[Statement, ...] = ()
