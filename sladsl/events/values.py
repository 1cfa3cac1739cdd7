"""Cells as values: what is missing, what kind the rest has.

Takes:  cells as a source has them, and the markers that mean "no value".
Gives:  TextCells, TypedCells (a cell's value, or None), TypedNames (its text, or None).
Never:  guesses a kind from a text.
"""

from __future__ import annotations

import datetime
import json
import math
from decimal import Decimal, InvalidOperation
from typing import Any

from sladsl.events.event import Instant
from sladsl.events.lines import encodable

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_REMEMBERED = 100_000
_LARGEST_EXPONENT = 400
_LARGEST_WHOLE = 10**_LARGEST_EXPONENT


class TextCells(dict[str, "str | None"]):
    """Cell as written to its text without blanks around it, or None where that is missing.

    A dictionary that fills itself: logs repeat their cells, and each text is then held once. It starts afresh when it
    has grown large, for some columns never repeat.

    >>> cells = TextCells(("?",))
    >>> cells[" P1 "], cells["?"], cells["  "], cells["NA"]
    ('P1', None, None, 'NA')
    """

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.markers = frozenset(marker.strip() for marker in missing)

    def __missing__(self, cell: str) -> str | None:
        text: str | None = cell.strip()
        if not text or text in self.markers:
            text = None
        elif not text.isascii():
            text = encodable(text)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = text
        return text


class TypedCells:
    """Cell of any kind to a value that an attribute may have, or None where it is missing.

    >>> cells = TypedCells(TextCells(("?", "-1")))
    >>> cells[Decimal("1.50")], cells["?"], cells[-1], cells[float("nan")], cells[datetime.date(2026, 1, 5)]
    (Decimal('1.50'), None, None, None, '2026-01-05')
    """

    def __init__(self, texts: TextCells) -> None:
        self._texts = texts

    def __getitem__(self, cell: object) -> object:
        if cell.__class__ is str:
            return self._texts[cell]
        if cell.__class__ is int and not self._texts.markers and -_LARGEST_WHOLE < cell < _LARGEST_WHOLE:
            return cell
        value = plain(cell)
        if value.__class__ is str:
            return self._texts[value]
        if self._texts.markers and value is not None and text_of(value) in self._texts.markers:
            return None
        return value


class TypedNames:
    """Cell of any kind to its text, or None where it is missing: for the case, the event, the actor and the id."""

    def __init__(self, texts: TextCells) -> None:
        self._texts = texts

    def __getitem__(self, cell: object) -> str | None:
        if cell.__class__ is str:
            return self._texts[cell]
        value = plain(cell)
        return None if value is None else self._texts[text_of(value)]


def plain(value: Any) -> str | int | float | bool | Decimal | Instant | None:
    """A value of a table or a feed as an attribute may have it.

    An instant with an offset becomes an Instant, one without its ISO text, to be read in the agreement's zone; lists
    and objects become JSON. None is what says that there is no value: `None`, NaN, NaT, `pandas.NA`, and "".
    """
    kind = value.__class__
    if kind is str:
        return value or None
    if value is None or kind is bool or kind is Instant:
        return value  # type: ignore[no-any-return]
    if isinstance(value, int):
        return int(value) if abs(value) < _LARGEST_WHOLE else str(Decimal(value))
    if isinstance(value, float):
        return None if math.isnan(value) else float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Decimal):
        return _tame(value)
    if isinstance(value, datetime.datetime):
        if value != value:  # pandas.NaT
            return None
        return Instant((value - _EPOCH) // _MICROSECOND) if value.utcoffset() is not None else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, str):
        return str(value) or None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace") or None
    if isinstance(value, list | tuple | dict):
        return as_json(value)
    if type(value).__name__ == "NAType":  # pandas.NA, which refuses to be compared
        return None
    if hasattr(value, "item") and type(value).__module__ == "numpy":
        inner = value.item()
        return str(value) if inner.__class__ is kind else plain(inner)
    return str(value) or None


def text_of(value: object) -> str:
    """The text of a value, as the same cell would stand in a CSV file.

    >>> text_of(5.0), text_of(True), text_of(Decimal("1.50")), text_of(2.5)
    ('5', 'true', '1.50', '2.5')
    """
    if value.__class__ is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Instant):
        try:
            return (_EPOCH + int(value) * _MICROSECOND).isoformat()
        except OverflowError:
            return str(int(value))
    return str(value)


def as_json(value: object) -> str:
    """A list, an object or a whole row as JSON, for a person to read."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):  # keys of odd kinds, numbers without end, itself within itself
        return f"<{type(value).__name__}>"


def number(text: str) -> Decimal | str:
    """A JSON number with a point or an exponent, exactly; one beyond all use stays text.

    >>> number("0.10"), number("1e999999999")
    (Decimal('0.10'), '1e999999999')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if abs(value.adjusted()) <= _LARGEST_EXPONENT else text


def whole_number(text: str) -> int | str:
    """A JSON number without a point; one beyond all use stays text."""
    return int(text) if len(text) <= _LARGEST_EXPONENT else text


def _tame(value: Decimal) -> Decimal | str | None:
    """A decimal, unless it is none or so large or small that exact arithmetic with it would never end."""
    if value.is_nan():
        return None
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return str(value)
    return value
