"""A log as rows: columns as the policy reads them, cells as a spreadsheet holds them.

Takes:  events, and the block of the policy by which the log will be read.
Gives:  Row, `Sheet`: headings and the cells of a row; `wide`: one row a case for logs of steps.
Never:  writes a time that the block would not read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from attrs import field, frozen

from sladsl.clock import iso, zone
from sladsl.events import ColumnRule, InputSpec, Instant, StepRule
from sladsl.simulating.values import Cell
from sladsl.text import fold

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_UNIT = {"s": 1_000_000, "ms": 1_000, "us": 1}


@frozen
class Row:
    """One row: an event, or with `steps` a case with the instants of its steps (by folded name)."""

    time_us: int
    case: str
    type: str = ""
    actor: str = ""
    carries: dict[str, Cell] = field(factory=dict)
    id: str = ""
    steps: dict[str, int] = field(factory=dict)


@frozen
class Column:
    """A column: its heading, what stands in it (`case`, `time`, `event`, `actor`, `id`, `step` or `attribute`), and how times are written."""

    heading: str
    role: str
    name: str = ""
    format: str | None = None
    unit: str | None = None


class Sheet:
    """The columns of a log that a block reads.

    Args:
        spec: the block; None where the policy has none.
        attributes: what the policy reads, folded.
        zone: the agreement's, for times without an offset.
        by_steps: a row is a case with its steps; else every row is an event, and columns of steps stay empty.
    """

    def __init__(self, spec: InputSpec | None, attributes: Sequence[str], zone: str, by_steps: bool) -> None:
        self.spec = spec or InputSpec()
        self.zone = zone
        self.by_steps = by_steps
        self.columns = tuple(self._columns(attributes))
        self.headings = tuple(column.heading for column in self.columns)

    def _columns(self, attributes: Sequence[str]) -> Iterable[Column]:
        spec = self.spec
        yield _column("case", spec.case)
        if not self.by_steps:
            yield _column("time", spec.time)
            yield _column("event", spec.event)
        if not self.by_steps or spec.actor:
            yield _column("actor", spec.actor)
        if not self.by_steps:
            yield _column("id", spec.id)
        for step in spec.steps:
            yield Column(step.column, "step", fold(step.event), step.format, step.unit)
        taken = {fold(rule.column) for rule in (spec.case, spec.time, spec.event, spec.actor, spec.id) if rule}
        taken |= {fold(step.column) for step in spec.steps}
        rules = {rule.attribute: rule for rule in spec.attributes}
        for name in sorted({*attributes, *rules}):
            rule = rules.get(name)
            if rule is None and name in taken:
                continue  # the heading of a role is an attribute, too
            heading = rule.column if rule else name.replace(" ", "_")
            written = (rule.format, rule.unit) if rule else (None, None)
            yield Column(heading, "attribute", name, *written)

    def cells(self, row: Row) -> list[Cell | None]:
        """A row's cells in the order of the columns; None for an empty one."""
        return [self._cell(column, row) for column in self.columns]

    def _cell(self, column: Column, row: Row) -> Cell | None:
        match column.role:
            case "attribute":
                value = row.carries.get(column.name)
                return self.time(value, column) if isinstance(value, Instant) else value
            case "time":
                return self.time(row.time_us, column)
            case "step":
                us = row.steps.get(column.name)
                return None if us is None else self.time(us, column)
            case "case":
                return row.case
            case "event":
                return row.type
            case "actor":
                return row.actor or None
        return row.id or None

    def time(self, us: int, column: Column) -> str | int:
        """An instant as a column holds it: by its unit, its format, else ISO 8601 with the offset."""
        if column.unit:
            return us // _PER_UNIT.get(column.unit, 1) if column.unit != "ns" else us * 1_000
        if column.format:
            return (_EPOCH + timedelta(microseconds=us)).astimezone(zone(self.zone)).strftime(column.format)
        return iso(us, self.zone)


def _column(role: str, rule: ColumnRule | None) -> Column:
    usual = {"id": "event_id"}.get(role, role)
    return Column(rule.column, role, "", rule.format, rule.unit) if rule else Column(usual, role)


def is_wide(spec: InputSpec) -> bool:
    """Whether a row is a case with its steps, and nothing else."""
    return bool(spec.steps) and not (spec.time or spec.event)


def wide(rows: Iterable[Row], steps: Sequence[StepRule]) -> list[Row]:
    """One row a case: when each step first came, and what the case's attributes were in the end."""
    names = {fold(step.event) for step in steps}
    cases: dict[str, Row] = {}
    for row in rows:
        step = fold(row.type)
        own = cases.get(row.case)
        if own is None:
            if step not in names:
                # what comes before the first step is known of the case, too
                cases[row.case] = Row(row.time_us, row.case, carries=dict(row.carries))
                continue
            own = cases[row.case] = Row(row.time_us, row.case)
        own.carries.update(row.carries)
        if step in names:
            own.steps.setdefault(step, row.time_us)
    return [row for row in cases.values() if row.steps]


def plain(cell: Cell) -> str | int | float:
    """A cell as JSON has it."""
    return float(cell) if isinstance(cell, Decimal) else cell
