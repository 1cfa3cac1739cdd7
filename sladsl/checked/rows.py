"""Rows of targets that never count, and rows with a gap or an overlap between them (section 11).

Takes:  the clauses of a sound program.
Gives:  warnings.
Never:  calls a gap what the headline is meant for: only a single value left out between two rows is one.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

from sladsl.checked.doubts import Doubts
from sladsl.checked.kinds import INSTANT, NAME, TEXT, TRUTH
from sladsl.checked.program import Clause, Row
from sladsl.checked.sets import Cut, Values
from sladsl.checked.typed import Attr, Expr, Value, walk

_MOST_ROWS = 60


def tell_of_rows(doubts: Doubts) -> None:
    """Warn of rows that never count, and of gaps and overlaps."""
    for clause in doubts.program.clauses:
        if clause.rows:
            reached = _reached(doubts, clause)
            _tell_of_steps(doubts, clause, reached)


def _reached(doubts: Doubts, clause: Clause) -> list[Row]:
    """The rows that may count; the others are told."""
    logic = doubts.logic
    reached: list[Row] = []
    for row in clause.rows:
        if logic.may_hold(row.when, but=[earlier.when for earlier in reached]):
            reached.append(row)
            continue
        cover = next((earlier for earlier in reached if logic.implies([row.when], earlier.when)), None)
        written = doubts.text(row.span)
        if not reached or not logic.may_hold(row.when):
            message = f"the row `{written}` never counts: its condition never holds"
            doubts.tell("SLA0319", message, row.span, help="correct the condition, or take the row out")
            continue
        message = f"the row `{written}` never counts: where it holds, a row above it does, and the first one counts"
        labels = ((cover.span, "this one counts instead"),) if cover is not None else ()
        doubts.tell("SLA0319", message, row.span, help="put the narrower row first", labels=labels)
    if reached and clause.target is not None and not logic.may_hold(but=[row.when for row in reached]):
        message = f"the target `{clause.target.written}` never counts: one of the rows under it always holds"
        doubts.tell(
            "SLA0319", message, clause.target.span, help="make it the target of the last row, and take that out"
        )
    return reached


# --- gaps and overlaps --------------------------------------------------------------------------------------------------


class _Step:
    """A row that asks for nothing but the values of one cell."""

    __slots__ = ("cell", "kind", "row", "values")

    def __init__(self, row: Row, cell: str, kind: str, values: Values) -> None:
        self.row = row
        self.cell = cell
        self.kind = kind
        self.values = values


def _tell_of_steps(doubts: Doubts, clause: Clause, rows: list[Row]) -> None:
    groups: dict[tuple[str, str], list[_Step]] = {}
    for row in rows[:_MOST_ROWS]:
        step = _step(doubts, row)
        if step is not None:
            groups.setdefault((step.cell, step.kind), []).append(step)
    for (_, kind), steps in groups.items():
        if len(steps) < 2 or kind == str(TRUTH):
            continue
        _tell_of_overlaps(doubts, steps)
        if kind not in (str(TEXT), str(NAME)):
            _tell_of_gaps(doubts, clause, steps, instants=kind == str(INSTANT))


def _step(doubts: Doubts, row: Row) -> _Step | None:
    cases = doubts.logic.cases(row.when)
    if doubts.logic.rough or len(cases) != 1 or len(cases[0]) != 1:
        return None
    ((key, fact),) = cases[0].items()
    if not isinstance(key, tuple) or key[0] != "cell" or key[2] or fact.missing or len(fact.kinds) != 1:
        return None
    ((kind, values),) = fact.kinds.items()
    texts = kind in (str(TEXT), str(NAME))
    if values.points() is None and (texts or len(values.spans()) != 1):
        return None
    return _Step(row, str(key[1]), kind, values)


def _tell_of_overlaps(doubts: Doubts, steps: list[_Step]) -> None:
    """Warn of two rows that share some values while each has others; a narrow row before a wide one is a cascade."""
    for one, two in combinations(steps, 2):
        shared = one.values.meet(two.values)
        if shared.is_empty or two.values.covers(one.values) or one.values.covers(two.values):
            continue
        where = _words(shared)
        message = f"two rows hold where {_cell(doubts, two)} is {where}; the first of them counts"
        labels = ((one.row.span, "the other row"),)
        help = "begin one where the other ends" if shared.points() is None else f"leave {where} out of one of them"
        doubts.tell("SLA0325", message, two.row.span, help=help, labels=labels)


def _tell_of_gaps(doubts: Doubts, clause: Clause, steps: list[_Step], instants: bool) -> None:
    """Warn of a single value that is left out between two rows: it falls to the headline."""
    ordered = sorted(steps, key=_lowest)
    for one, two in pairwise(ordered):
        high, low = one.values.spans()[-1][1], two.values.spans()[0][0]
        if high is None or low is None or high >= low:
            continue
        left_out = _single(high, low, instants)
        if left_out is None or clause.target is None:
            continue
        shown = _shown(left_out)
        first, second = sorted((one, two), key=lambda step: step.row.span.start)
        message = (
            f"{_cell(doubts, two)} of {shown} falls between two rows: the target there is `{clause.target.written}`"
        )
        labels = ((first.row.span, "the other row"),)
        doubts.tell("SLA0325", message, second.row.span, help=f"say {shown} in one of them", labels=labels)


def _lowest(step: _Step) -> tuple[bool, Cut]:
    low = step.values.spans()[0][0]
    return (low is not None, low if low is not None else (0, 0))


def _single(high: Cut, low: Cut, instants: bool) -> Value | None:
    """The only value between two rows, where values are no finer than the author writes them; None where there are more."""
    if high[0] == low[0]:
        return high[0]
    if instants or not isinstance(high[0], (int, Fraction)) or not isinstance(low[0], (int, Fraction)):
        return None
    step = Fraction(1, max(_tenths(high[0]), _tenths(low[0])))
    first = Fraction(high[0]) + (step if high[1] else 0)
    last = Fraction(low[0]) - (0 if low[1] else step)
    return (int(first) if first.denominator == 1 else first) if first == last else None


def _tenths(value: int | Fraction) -> int:
    """The power of ten that makes a decimal whole; 1 for others."""
    power = 1
    while (value * power).denominator != 1 and power < 10**9:
        power *= 10
    return power if (value * power).denominator == 1 else 1


def _cell(doubts: Doubts, step: _Step) -> str:
    """The cell as the author writes it."""
    return f"`{_name(doubts, step.row.when) or step.cell}`"


def _name(doubts: Doubts, condition: Expr) -> str:
    found = next((node for node in walk(condition) if isinstance(node, Attr)), None)
    return doubts.text(found.span) if found is not None else ""


def _words(values: Values) -> str:
    single = values.points()
    if single is not None:
        shown = [_shown(value) for value in single[:4]] + (["…"] if len(single) > 4 else [])
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    low, high = values.spans()[0]
    if low is not None and high is not None:
        return f"between {_shown(low[0])} and {_shown(high[0])}"
    if low is not None:
        return f"above {_shown(low[0])}"
    return f"below {_shown(high[0])}" if high is not None else "anything"


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, Fraction):
        power = _tenths(value)
        return f"`{float(value):.{len(str(power)) - 1}f}`" if power > 1 else f"`{value}`"
    return f"`{value}`"
