"""What an objective promises and what it reached, as a person reads it.

Takes:  an ObjectiveRow.
Gives:  `99.93%`, `2.5 business days`, `at least 95%`.
Never:  decides whether the objective is met.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sladsl.report.result import ObjectiveRow
from sladsl.report.words import number_text, percent_text

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
    return promise_text(row.op, row.target, row.unit)


def promise_text(op: str, target: Fraction, unit: str) -> str:
    """The same of an operator and a target in its unit."""
    return f"{_BOUNDS.get(op, op)}{value_text(target, unit)}"


def range_text(row: ObjectiveRow) -> str:
    """What the value may still become: `96%…100%`; empty where it is certain."""
    if row.low == row.high:
        return ""
    unit = row.unit if row.unit == "share" else ""
    low = value_text(row.low, unit) if row.low is not None else "?"
    high = value_text(row.high, unit) if row.high is not None else "?"
    return f"{low}…{high}"


def group_text(group: Mapping[str, str]) -> str:
    """The group of a verdict: `region ES`; a missing value is shown as `(none)`."""
    return ", ".join(f"{name} {value or '(none)'}" for name, value in group.items())
