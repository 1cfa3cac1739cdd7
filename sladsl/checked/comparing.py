"""Comparisons: the kind in which two sides are compared, and the tests beside them (section 4).

Takes:  comparisons of the tree, and the Expressions of their scope.
Gives:  typed.Compare, typed.Known, typed.TextTest; a complaint that names both kinds where they do not mix.
Never:  guesses the kind of a cell: the other side gives it, or what the cell is compared with elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sladsl.checked import typed
from sladsl.checked.kinds import (
    BUSINESS_DAYS,
    BUSINESS_TIME,
    CALENDAR_DAYS,
    CELL,
    DATE,
    DURATION,
    ERROR,
    INSTANT,
    LIST,
    NAME,
    NUMBER,
    RANGE,
    TEXT,
    TIME_OF_DAY,
    TRUTH,
    Kind,
    common,
    is_money,
    is_ordered,
)
from sladsl.checked.scopes import DefinitionEntry
from sladsl.checked.typed import Wrong
from sladsl.syntax import tree
from sladsl.text import fold

if TYPE_CHECKING:
    from sladsl.checked.expressions import Expressions


def compare(x: Expressions, e: tree.Compare) -> typed.Expr:
    """`left sign right`, both read in one kind."""
    left, right = x.kind_of(e.left), x.kind_of(e.right)
    if ERROR in (left, right) or LIST in (left, right) or RANGE in (left, right):
        right = None if right in (LIST, RANGE) else right
        left = None if left in (LIST, RANGE) else left
        x.value(e.left, None if left == ERROR else right)
        x.value(e.right, None if right == ERROR else left)
        return Wrong(span=e.span)
    kind = _compared(x, e, left, right)
    if kind is None:
        return Wrong(span=e.span)
    if e.sign not in ("=", "!=") and not is_ordered(kind):
        message = f"`{e.sign}` does not compare {kind} with {kind}"
        x.findings.add("SLA0205", message, e.span, help="use `=` or `!=`")
        return Wrong(span=e.span)
    # a default is no use of its own: it must not decide the kind of a cell elsewhere
    read_as = None if left is None and right is None and kind == TEXT else kind
    a, b = x.value(e.left, read_as), x.value(e.right, read_as)
    if ERROR in (a.kind, b.kind):
        return Wrong(span=e.span)
    if common(a.kind, b.kind) is None:
        do_not_mix(x, e, a.kind, b.kind)
        return Wrong(span=e.span)
    return typed.Compare(e.sign, a, b, kind, span=e.span)


def _compared(x: Expressions, e: tree.Compare, left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind in which the two sides are compared; None where a complaint has been made."""
    if left is None and right is None:
        return _kind_of_pair(x, e)
    if left is not None and right is not None:
        for money, other, side in ((left, right, e.right), (right, left, e.left)):
            if is_money(money) and other == NUMBER and may_be_money(x, side):
                return money
        kind = common(left, right)
        if kind is None:
            do_not_mix(x, e, left, right)
        return kind
    known = left if left is not None else right
    assert known is not None
    open_side, known_side = (e.right, e.left) if left is not None else (e.left, e.right)
    cell = isinstance(open_side, tree.EventField) or (
        isinstance(open_side, tree.Name) and x.scope.named(open_side.key, x.skip) is None
    )
    if known == DATE and cell and _is_fixed(x, known_side):
        return INSTANT  # a date is its 00:00; `date of …` on the other side makes the cell a date instead
    if cell and known not in CELL and known != DATE and not is_money(known):
        message = f"`{x.text(open_side.span)}` is a cell of the log and cannot be compared with {known}"
        help = "compare instants, e.g. `time - opened_at > 2h`" if known == DURATION else ""
        x.findings.add("SLA0201", message, e.span, help=help)
        return None
    return known


def may_be_money(x: Expressions, e: tree.Expression) -> bool:
    """Whether it is a product or a quotient of cells, which is money where it is compared with money."""
    if not isinstance(e, tree.Arithmetic) or e.sign not in "*/":
        return False
    left, right = x.kind_of(e.left), x.kind_of(e.right)
    return left is None and right in (None, NUMBER) if e.sign == "/" else None in (left, right)


def _is_fixed(x: Expressions, e: tree.Expression) -> bool:
    """Whether it is a date as written, or a constant for one."""
    entry = x.scope.named(e.key, x.skip) if isinstance(e, tree.Name) else None
    return isinstance(e, tree.Date) or (isinstance(entry, DefinitionEntry) and entry.constant is not None)


def _kind_of_pair(x: Expressions, e: tree.Compare) -> Kind:
    """Two cells take the kind that either has elsewhere, else text; what is counted with is a number."""
    names = [_cell_name(x, side) for side in (e.left, e.right)]
    if None in names:
        return NUMBER
    found = [kind for name in names if name and (kind := x.context.kind_elsewhere(name)) is not None]
    if not found:
        x.context.undecided = True
        return TEXT
    return next((kind for kind in found if kind != TEXT), TEXT)


def _cell_name(x: Expressions, e: tree.Expression) -> str | None:
    if isinstance(e, tree.EventField):
        return fold(e.field.text)
    if isinstance(e, tree.Name):
        entry = x.scope.named(e.key, x.skip)
        if entry is None:
            return e.key
        if isinstance(entry, DefinitionEntry) and isinstance(entry.value, (tree.Name, tree.EventField)):
            value = entry.value  # another name for a column
            return value.key if isinstance(value, tree.Name) else fold(value.field.text)
    return None


def knownness(x: Expressions, e: tree.Known) -> typed.Expr:
    """`score is known`, `score is missing`."""
    kind = x.kind_of(e.operand)
    if kind == TRUTH:
        x.condition(e.operand)
        message = f"`{x.text(e.operand.span)}` is a condition: it is always known"
        x.findings.add("SLA0205", message, e.span)
        return Wrong(span=e.span)
    operand = x.value(e.operand, None)
    if operand.kind == ERROR:
        return Wrong(span=e.span)
    known = typed.Known(operand, span=e.span)
    return typed.Not(known, span=e.span) if e.missing else known


def text_test(x: Expressions, e: tree.TextTest) -> typed.Expr:
    """`contains`, `starts with`, `ends with`, `matches`."""
    sides: list[typed.Expr] = []
    for side in (e.left, e.right):
        kind = x.kind_of(side)
        if kind not in (None, TEXT, NAME, ERROR):
            assert kind is not None
            message = f"`{x.text(side.span)}` is {kind}; `{e.kind}` is for texts"
            x.findings.add("SLA0205", message, side.span)
            sides.append(Wrong(span=side.span))
            continue
        value = x.value(side, TEXT)
        if value.kind not in (TEXT, NAME, ERROR):
            x.findings.add("SLA0205", f"`{x.text(side.span)}` is {value.kind}; `{e.kind}` is for texts", side.span)
            value = Wrong(span=side.span)
        sides.append(value)
    if any(side.kind == ERROR for side in sides):
        return Wrong(span=e.span)
    return typed.TextTest(e.kind.split()[0], sides[0], sides[1], span=e.span)


def do_not_mix(x: Expressions, e: tree.Compare | tree.Arithmetic, left: Kind, right: Kind) -> None:
    """Complain that two sides are of kinds that do not mix, and name both."""
    if is_money(left) and is_money(right):
        message = (
            f"`{x.text(e.left.span)}` is {left} and `{x.text(e.right.span)}` is {right}: two currencies do not mix"
        )
        x.findings.add("SLA0202", message, e.span)
        return
    left, right = _clock_of(e.left, left), _clock_of(e.right, right)
    message = f"`{x.text(e.left.span)}` is {left} and `{x.text(e.right.span)}` is {right}: these do not mix"
    x.findings.add("SLA0201", message, e.span, help=_mix_help(left, right, e))


def _clock_of(e: tree.Expression, kind: Kind) -> Kind:
    if isinstance(e, tree.Duration) and e.kind == "business" and e.parts[-1].unit in ("day", "week"):
        return BUSINESS_DAYS
    return kind


def _mix_help(left: Kind, right: Kind, e: tree.Compare | tree.Arithmetic) -> str:
    pair = {left, right}
    if TRUTH in pair and TEXT in pair:
        return "`yes` and `no` are written without quotes"
    if NUMBER in pair and TEXT in pair:
        return "numbers are written without quotes"
    if DATE in pair and TEXT in pair:
        return "dates are written without quotes, e.g. `2026-01-05`"
    if pair & {BUSINESS_TIME, BUSINESS_DAYS, CALENDAR_DAYS} and DURATION in pair:
        if any(isinstance(side, tree.TimeSince) for side in (e.left, e.right)):
            return "a history counts exact time: write it in `h` or `days`"
        return "each of them is counted on a clock of its own"
    if TIME_OF_DAY in pair:
        return "write `hour of time`, compared with a number"
    if DURATION in pair and NUMBER in pair:
        return "give the number a unit, e.g. `2h`"
    return ""
