"""Arithmetic: kinds of results, and constants computed exactly (sections 3 and 4).

Takes:  arithmetic of the tree, and the Expressions of its scope.
Gives:  typed.Arithmetic, or the literal that constants come to.
Never:  rounds, mixes two currencies, or lets a number grow without bound.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from sladsl.checked import typed
from sladsl.checked.comparing import do_not_mix, may_be_money
from sladsl.checked.kinds import DATE, DURATION, ERROR, INSTANT, NUMBER, Kind, is_money, is_numeric
from sladsl.checked.typed import Lit, Wrong
from sladsl.checked.values import literal_as, simplest
from sladsl.syntax import tree
from sladsl.text import Span

if TYPE_CHECKING:
    from sladsl.checked.expressions import Expressions


def negative(x: Expressions, e: tree.Negative) -> typed.Expr:
    """`-5`, `-(a + b)`."""
    operand = x.value(e.operand, x.kind_of(e.operand) or NUMBER)
    if operand.kind == ERROR:
        return Wrong(span=e.span)
    if not is_numeric(operand.kind) and operand.kind != DURATION:
        x.findings.add("SLA0205", f"`-` does not go with {operand.kind}", e.span)
        return Wrong(span=e.span)
    if isinstance(operand, Lit):
        assert isinstance(operand.value, (int, Fraction))
        return Lit(-operand.value, operand.kind, span=e.span)
    zero = Lit(0, operand.kind, span=Span(e.span.source, e.span.start, e.span.start))
    return typed.Arithmetic("-", zero, operand, operand.kind, span=e.span)


def arithmetic(x: Expressions, e: tree.Arithmetic, want: Kind | None) -> typed.Expr:
    """`left sign right`; `want` decides what two cells are that have no kind of their own."""
    left, right = x.kind_of(e.left), x.kind_of(e.right)
    if left is None and right is None and e.sign in "+-":
        left = right = INSTANT if e.sign == "-" and want == DURATION else want if want and is_money(want) else NUMBER
    elif e.sign in "+-":
        left, right = filled_in(e.sign, left, right)
    elif want is not None and is_money(want) and may_be_money(x, e):
        left, right = (want, right) if left is None else (left, want)
    a, b = x.value(e.left, left or NUMBER), x.value(e.right, right or NUMBER)
    if DATE in (a.kind, b.kind):  # a date is its 00:00
        a, b = (_as_instant(x, side) for side in (a, b))
    if ERROR in (a.kind, b.kind):
        return Wrong(span=e.span)
    kind = result_kind(e.sign, a.kind, b.kind)
    if kind is None:
        if e.sign in "+-":
            do_not_mix(x, e, a.kind, b.kind)
        else:
            words = "multiplied by" if e.sign == "*" else "divided by"
            message = f"`{x.text(e.left.span)}` is {a.kind}: it cannot be {words} `{x.text(e.right.span)}`, {b.kind}"
            x.findings.add("SLA0202" if is_money(a.kind) and is_money(b.kind) else "SLA0201", message, e.span)
        return Wrong(span=e.span)
    if isinstance(a, Lit) and isinstance(b, Lit):
        return _computed(x, e, a, b, kind)
    return typed.Arithmetic(e.sign, a, b, kind, span=e.span)


def _as_instant(x: Expressions, side: typed.Expr) -> typed.Expr:
    if not isinstance(side, Lit) or side.kind != DATE:
        return side
    return Lit(literal_as(side, INSTANT, x.context.zone), INSTANT, span=side.span)


def _computed(x: Expressions, e: tree.Arithmetic, a: Lit, b: Lit, kind: Kind) -> typed.Expr:
    """Arithmetic of constants, exactly."""
    one, two = Fraction(a.value), Fraction(b.value)
    if e.sign == "/":
        if two == 0:
            x.findings.add("SLA0208", f"`{x.text(e.span)}` divides by zero", e.span)
            return Wrong(span=e.span)
        result = one / two
    else:
        result = one + two if e.sign == "+" else one - two if e.sign == "-" else one * two
    if kind == INSTANT:  # whole microseconds; finer fractions are cut
        return Lit(floor(result), INSTANT, span=e.span)
    return x.number(simplest(result), kind, e.span)


def result_kind(sign: str, left: Kind, right: Kind) -> Kind | None:
    """The kind of `left sign right`, None where the two do not mix."""
    left, right = (INSTANT if kind == DATE else kind for kind in (left, right))
    if sign in "+-":
        if left == right:
            if left == INSTANT:
                return DURATION if sign == "-" else None
            return left if is_numeric(left) or left == DURATION else None
        if left == INSTANT and right == DURATION:
            return INSTANT
        return INSTANT if sign == "+" and left == DURATION and right == INSTANT else None
    if right == NUMBER:
        return left if is_numeric(left) or left == DURATION else None
    if sign == "*":
        return right if left == NUMBER and (is_money(right) or right == DURATION) else None
    return NUMBER if left == right and (is_money(left) or left == DURATION) else None


def filled_in(sign: str, left: Kind | None, right: Kind | None) -> tuple[Kind, Kind]:
    """The kinds of both sides of `+` or `-` where one of them takes what the other leaves it."""
    if left is None and right is not None:
        return (INSTANT if right in (DURATION, INSTANT, DATE) else right), right
    if right is None and left is not None:
        fits = INSTANT if sign == "-" and left in (INSTANT, DATE) else left
        return left, fits
    return left or NUMBER, right or NUMBER
