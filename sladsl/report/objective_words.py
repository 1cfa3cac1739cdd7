"""What an objective promises and what it reached, as a person reads it.

Takes:  an ObjectiveRow.
Gives:  `99.93%`, `2.5 business days`, `at least 95%`.
Never:  decides whether the objective is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from sladsl.report.words import number_text, percent_text

if TYPE_CHECKING:  # at run time it would load the evaluator, and `check` uses these words
    from sladsl.evaluate.objectives.outcome import ObjectiveRow

_BOUNDS = {">=": "at least ", ">": "more than ", "<=": "at most ", "<": "less than ", "=": "just ", "!=": "not "}


def value_text(value: Fraction | None, unit: str) -> str:
    """A value in the unit of its target; `–` where there is none."""
    if value is None:
        return "–"
    if unit == "share":
        return percent_text(value)
    return f"{number_text(value)} {unit}" if unit else number_text(value)


def bound_text(row: ObjectiveRow) -> str:
    """The promise: `at least 95%`."""
    return promise_text(row.op, row.target / row.unit_ticks, row.unit)


def promise_text(op: str, target: Fraction, unit: str) -> str:
    """The same of an operator and a target in its unit."""
    return f"{_BOUNDS.get(op, op)}{value_text(target, unit)}"


def range_text(row: ObjectiveRow) -> str:
    """What the value may still become: `96%…100%`; empty where it is certain."""
    if row.low == row.high:
        return ""
    ends = ("?" if end is None else reached_text(row, end) for end in (row.low, row.high))
    return "…".join(ends)


def reached_text(row: ObjectiveRow, value: Fraction | None) -> str:
    """A value beside its promise, which names the unit: only a share says it again."""
    in_unit = row.in_unit(value)
    if in_unit is None:
        return value_text(None, "")
    return (percent_text if row.unit == "share" else number_text)(in_unit, row.in_unit(row.target))


def group_text(group: Iterable[tuple[str, str]]) -> str:
    """The group of a verdict: `region ES`; a missing value is shown as `(none)`."""
    return ", ".join(f"{name} {value or '(none)'}" for name, value in group)
