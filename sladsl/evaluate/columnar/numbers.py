"""Leaves over whole columns of numbers and instants.

Takes:  the expression of a leaf, a column of 64-bit numbers.
Gives:  `vector_test`: where it is true; None where a column cannot say so exactly.
Never:  rounds: a bound between two whole numbers becomes the next one, one that no double holds is not compared at all.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from sladsl.evaluate.columnar.batch import Array
from sladsl.ir.expression import Attribute, Between, Compare, EventAttribute, Expr, InList, Known, Literal, ValueKind

Test = Callable[[Array], Array]
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1


def vector_test(expr: Expr, kind: ValueKind, doubles: bool) -> Test | None:
    """The test of a leaf for cells that are there, of this kind (NUMBER or INSTANT); None where it is not for columns."""
    match expr:
        case Known():
            if _is_cell(expr.operand, None):
                return lambda values: np.ones(len(values), np.bool_)
        case Compare():
            if _is_cell(expr.left, kind) and isinstance(expr.right, Literal):
                return _compare(expr.op, expr.right.value, doubles)
            if _is_cell(expr.right, kind) and isinstance(expr.left, Literal):
                return _compare(_TURNED[expr.op], expr.left.value, doubles)
        case Between():
            if _is_cell(expr.operand, kind) and isinstance(expr.low, Literal) and isinstance(expr.high, Literal):
                low, high = _compare(">=", expr.low.value, doubles), _compare("<=", expr.high.value, doubles)
                if low is not None and high is not None:
                    return lambda values: (low(values) & high(values)) != expr.negated
        case InList():
            tests = [_compare("=", value, doubles) for value in expr.values]
            if _is_cell(expr.operand, kind) and all(test is not None for test in tests):
                return lambda values: _any(tests, values) != expr.negated
    return None


def _any(tests: list[Any], values: Array) -> Array:
    found = np.zeros(len(values), np.bool_)
    for test in tests:
        found |= test(values)
    return found


def _is_cell(expr: Expr, kind: ValueKind | None) -> bool:
    return isinstance(expr, Attribute | EventAttribute) and (kind is None or expr.kind is kind)


def _compare(op: str, value: object, doubles: bool) -> Test | None:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return None
    bound = Fraction(value)
    if doubles:
        nearest = float(bound)
        # a double counts as its shortest text; only where the bound is such a text do both compare alike
        return _numpy_compare(op, nearest) if Fraction(repr(nearest)) == bound else None
    whole = bound.numerator // bound.denominator
    if bound.denominator != 1:
        if op in ("=", "!="):
            return lambda values: np.full(len(values), op == "!=")
        op = "<=" if op in ("<", "<=") else ">"
    if not _LOWEST < whole < _HIGHEST:
        above = whole > 0
        return lambda values: np.full(
            len(values), {"<": above, "<=": above, ">": not above, ">=": not above}.get(op, op == "!=")
        )
    return _numpy_compare(op, whole)


def _numpy_compare(op: str, bound: float) -> Test:
    tests: dict[str, Test] = {
        "=": lambda values: values == bound,
        "!=": lambda values: values != bound,
        "<": lambda values: values < bound,
        "<=": lambda values: values <= bound,
        ">": lambda values: values > bound,
        ">=": lambda values: values >= bound,
    }
    return tests[op]
