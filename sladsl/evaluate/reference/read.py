"""What holds in a case after each of its events, recomputed from its past.

Takes:  a plan, the events of one case in order.
Gives:  values and truths of conditions after an event, and whether a trigger happens at it; CellError with the reason where a cell cannot be read.
Never:  remembers a state: what holds after an event is read off the events up to it.
"""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sladsl.clock import ClockKind, iso, known_zone, read_instant
from sladsl.evaluate.reference import walk
from sladsl.events import Event, Instant
from sladsl.ir.expression import (
    Actor,
    ActorIs,
    And,
    Arithmetic,
    Attribute,
    Between,
    CaseId,
    Compare,
    During,
    EventAttribute,
    EventType,
    Expr,
    History,
    HistoryOf,
    InList,
    InstantPart,
    Known,
    Literal,
    Not,
    Now,
    Or,
    Ref,
    TextTest,
    Trigger,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.plan import Plan
from sladsl.text import fold
from sladsl.text.stem import stems

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_TRUTHS |= {"sí": True, "si": True, "verdadero": True, "falso": False}  # as exports in Spanish write them
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MICROSECOND = timedelta(microseconds=1)
_MISSING = None


class CellError(Exception):
    """A run-time error in a condition; the text says why it cannot be decided."""


class Past:
    """A case as its events tell it. `i` is always the index of an event: what holds is what holds after that event."""

    def __init__(self, plan: Plan, events: list[Event], actors: bool) -> None:
        self.plan = plan
        self.events = events
        self.actors = actors
        self._known: dict[tuple[int, int], Any] = {}  # a condition is computed at most once an event
        self._end_of_day = any(spec.end_of_day for spec in plan.inputs)

    # conditions

    def value(self, condition: int, i: int) -> Any:
        """The value of a condition, None where it is missing. Raises CellError."""
        if (condition, i) not in self._known:
            try:
                self._known[condition, i] = self._value(self.plan.conditions[condition].expr, i)
            except CellError as error:
                self._known[condition, i] = error
        found = self._known[condition, i]
        if isinstance(found, CellError):
            raise found
        return found

    def holds(self, condition: int, i: int) -> bool:
        """Whether a condition is true. Raises CellError."""
        return self.value(condition, i) is True

    def holds_or_error(self, condition: int, i: int) -> bool | CellError:
        """The same with its error as a value; before the first event nothing holds."""
        try:
            return i >= 0 and self.holds(condition, i)
        except CellError as error:
            return error

    def happens(self, trigger: Trigger, i: int) -> bool:
        """Whether a trigger on a condition, or on the first event, happens at an event. Raises CellError."""
        if trigger.kind == "first event":
            happens = i == 0
        elif trigger.kind == "happens":
            happens = self.holds(trigger.condition, i)
        else:
            happens = self.changes(trigger.condition, i, trigger.kind)
        return happens and (trigger.party is None or self.holds(trigger.party, i))

    def changes(self, state: int, i: int, how: str) -> bool:
        """Whether a state begins or ends at an event. Raises CellError.

        Read as: a state that comes into error is an error of the trigger, whatever held before; one that stays in error
        neither begins nor ends; after it the state counts as not having held.
        """
        before, now = self.holds_or_error(state, i - 1), self.holds_or_error(state, i)
        if isinstance(now, CellError):
            if isinstance(before, CellError):
                return False
            raise now
        if how == "begins":
            return now and before is not True
        if how == "ends":
            return not now and before is True
        raise NotImplementedError(f"the reference evaluator cannot read a trigger of kind {how}")

    def last_cell(self, attribute: str, i: int) -> Any:
        """The last value that an event carried for an attribute, up to this event."""
        for event in reversed(self.events[: i + 1]):
            cell = event.attributes.get(attribute)
            if cell is not None:
                return cell
        return _MISSING

    def last_instant(self, attribute: str, i: int) -> int | None:
        """The same, as an instant. Raises CellError."""
        cell = self.last_cell(attribute, i)
        return None if cell is _MISSING else int(self._read(cell, ValueKind.INSTANT, attribute))

    # expressions

    def _value(self, expr: Expr, i: int) -> Any:
        event = self.events[i]
        match expr:
            case Literal():
                return expr.value
            case Attribute():
                return self._cell(self.last_cell(expr.name, i), expr)
            case EventAttribute():
                return self._cell(event.attributes.get(expr.name), expr)
            case EventType():
                return fold(event.type)
            case Actor():
                return fold(event.actor) if event.actor else _MISSING
            case CaseId():
                return event.case
            case Now():
                return event.time_us
            case Ref():
                return self.value(expr.condition, i)
            case Not():
                return not self._true(expr.operand, i)
            case And():
                return all(self._true(operand, i) for operand in expr.operands)
            case Or():
                return any(self._true(operand, i) for operand in expr.operands)
            case Known():
                return self._is_known(expr.operand, i)
            case Compare():
                return self._test((expr.left, expr.right), i, lambda a, b: _compare(expr.op, a, b))
            case InList():
                return self._test((expr.operand,), i, lambda a: (a in expr.values) is not expr.negated)
            case Between():
                return self._test(
                    (expr.operand, expr.low, expr.high), i, lambda a, low, high: (low <= a <= high) is not expr.negated
                )
            case TextTest():
                return self._test((expr.left, expr.right), i, lambda a, b: _text_test(expr.op, a, b))
            case Arithmetic():
                operands = self._operands((expr.left, expr.right), i)
                return _MISSING if operands is None else _arithmetic(expr.op, *operands)
            case During():
                return self.calendar_of(expr.calendar, i).is_open(event.time_us)
            case TypeMatches():
                words = set(stems(event.type, self.plan.language))
                return set(expr.required) <= words <= set(expr.allowed)
            case ActorIs():
                return not self.actors or (event.actor != "" and fold(event.actor) == expr.name)
            case History():
                return self._history(self.plan.histories[expr.index], i)
            case InstantPart():
                instant = self._value(expr.operand, i)
                return _MISSING if instant is _MISSING else _part(expr.part, instant, self.plan.zone)
        raise NotImplementedError(f"the reference evaluator cannot read {type(expr).__name__}")

    def _true(self, expr: Expr, i: int) -> bool:
        return self._value(expr, i) is True

    def _test(self, exprs: tuple[Expr, ...], i: int, test: Any) -> bool:
        operands = self._operands(exprs, i)
        return operands is not None and bool(test(*operands))

    def _operands(self, exprs: tuple[Expr, ...], i: int) -> list[Any] | None:
        """The values, or None where one is missing: that is seen before any cell is read in its kind."""
        for expr in exprs:
            if isinstance(expr, (Attribute, EventAttribute)):
                if not self._is_known(expr, i):
                    return None
            elif self._value(expr, i) is _MISSING:
                return None
        return [self._value(expr, i) for expr in exprs]

    def _is_known(self, expr: Expr, i: int) -> bool:
        if isinstance(expr, Attribute):
            return self.last_cell(expr.name, i) is not _MISSING
        if isinstance(expr, EventAttribute):
            return self.events[i].attributes.get(expr.name) is not None
        return self._value(expr, i) is not _MISSING

    def _history(self, history: HistoryOf, i: int) -> Any:
        now = self.events[i].time_us
        happened = [j for j in range(i + 1) if self.happens(history.of, j)]
        window = history.window
        if window is not None:
            assert window.kind in (ClockKind.EXACT, ClockKind.CALENDAR_DAYS)

            def passed(j: int) -> int:
                return walk.measure(window.kind, None, self.plan.zone, self.events[j].time_us, now)

            happened = [j for j in happened if passed(j) < window.ticks]
        match history.function:
            case "count":
                return len(happened)
            case "distinct":
                carried = [self.events[j].attributes.get(history.attribute) for j in happened]
                return len({_text(cell) for cell in carried if cell is not None})
            case "sum":
                cells = [self.last_cell(history.attribute, j) for j in happened]
                read = [self._read(cell, ValueKind.NUMBER, history.attribute) for cell in cells if cell is not _MISSING]
                return sum(read, Fraction(0))
        times = [self.events[j].time_us for j in happened]
        if not times:
            return _MISSING
        return {"first": times[0], "last": times[-1], "since": now - times[-1]}[history.function]

    # cells

    def _cell(self, cell: Any, expr: Attribute | EventAttribute) -> Any:
        return _MISSING if cell is None else self._read(cell, expr.kind, expr.name)

    def _read(self, cell: Any, kind: ValueKind, attribute: str) -> Any:
        """A cell in the kind that its use gives it. Raises CellError."""
        found: Fraction | bool | int | None
        match kind:
            case ValueKind.NUMBER:
                found, wanted = _number(cell), "a number"
            case ValueKind.TRUTH:
                found, wanted = _truth(cell), "yes or no"
            case ValueKind.INSTANT:
                found, wanted = self._instant(cell), "an instant"
            case ValueKind.NAME:
                return fold(_text(cell))
            case ValueKind.TEXT | ValueKind.DATE:
                return _text(cell)
            case _:
                raise NotImplementedError(f"the reference evaluator cannot read a cell as {kind}")
        if found is None:
            shown = _text(cell)
            shown = shown if len(shown) <= 60 else shown[:60] + "…"
            raise CellError(f"`{attribute}` holds `{shown}`, which is not {wanted}")
        return found

    def _instant(self, cell: Any) -> int | None:
        if isinstance(cell, Instant):
            return int(cell)
        if isinstance(cell, datetime):
            if cell.tzinfo is None:
                return walk.instant_of(self.plan.zone, (cell - datetime(1970, 1, 1)) // _MICROSECOND)
            return (cell - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND
        if isinstance(cell, str):
            return read_instant(cell, self.plan.zone, end_of_day=self._end_of_day).us
        return None

    # calendars

    def calendar_of(self, calendar: int, i: int) -> walk.WalkedCalendar:
        """A calendar as it is read now."""
        place, zone_name, _ = self.reading_of(calendar, i)
        return walk.walked(self.plan.calendars[place], zone_name)

    def reading_of(self, calendar: int, i: int) -> tuple[int, str, list[str]]:
        """Which calendar is meant now, in which zone, and the calendars for which an attribute should have told and did not."""
        spec = self.plan.calendars[calendar]
        if spec.named_by:
            cell = self.last_cell(spec.named_by, i)
            for name, place in spec.choices:
                if cell is not _MISSING and fold(_text(cell)) == name:
                    return place, *self._zone_of(place, i)
            assert spec.otherwise is not None
            zone_name, unknown = self._zone_of(spec.otherwise, i)
            return spec.otherwise, zone_name, [spec.name, *unknown]
        return calendar, *self._zone_of(calendar, i)

    def _zone_of(self, calendar: int, i: int) -> tuple[str, list[str]]:
        spec = self.plan.calendars[calendar]
        if spec.zone_attribute is None:
            return spec.zone or self.plan.zone, []
        cell = self.last_cell(spec.zone_attribute, i)
        if cell is not _MISSING and known_zone(_text(cell).strip()):
            return _text(cell).strip(), []
        return spec.zone_fallback or self.plan.zone, [spec.name]


@lru_cache(maxsize=10_000)
def _number_in(text: str) -> Fraction | None:
    text = text.strip()
    return Fraction(text) if len(text) <= 400 and _NUMBER.fullmatch(text) else None


def _number(cell: Any) -> Fraction | None:
    if isinstance(cell, (bool, Instant, datetime)):
        return None
    if isinstance(cell, (int, Fraction)):
        return Fraction(cell)
    return _number_in(_text(cell))  # a float and a Decimal by their text


def _truth(cell: Any) -> bool | None:
    return cell if isinstance(cell, bool) else _TRUTHS.get(_text(cell).strip().lower())


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return iso(int(cell), "UTC") if isinstance(cell, Instant) else str(cell)


def distinct_text(cell: Any) -> str:
    """What makes two cells the same where distinct values are counted."""
    return _text(cell)


def _compare(op: str, a: Any, b: Any) -> bool:
    return {"=": a == b, "!=": a != b}[op] if op in ("=", "!=") else _in_order(op, a, b)


def _in_order(op: str, a: Any, b: Any) -> bool:
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op])


def _arithmetic(op: str, a: Any, b: Any) -> Any:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return a * b
    if b == 0:
        raise CellError("a division by zero")
    return Fraction(a) / Fraction(b)


def _text_test(op: str, text: str, other: str) -> bool:
    if op == "contains":
        return other in text
    if op == "starts":
        return text.startswith(other)
    if op == "ends":
        return text.endswith(other)
    return _glob(text, other)


def _glob(text: str, pattern: str) -> bool:
    """Whether `*` (any characters) and `?` (one) make the pattern the whole text: which beginnings of the text match so far."""
    reached = {0}
    for mark in pattern:
        if mark != "*":
            reached = {at + 1 for at in reached if at < len(text) and mark in ("?", text[at])}
        elif reached:
            reached = set(range(min(reached), len(text) + 1))
    return len(text) in reached


def _part(part: str, instant: int, zone_name: str) -> Any:
    day = walk.moment(walk.wall_at(zone_name, instant))
    match part:
        case "month":
            return day.month
        case "hour":
            return day.hour
        case "weekday":
            return _WEEKDAYS[day.weekday()]
        case _:
            return day.date().isoformat()
