"""The objects in JSON lines and JSON files.

Takes:  Opened, of format `ndjson` or `json`.
Gives:  JsonLines, JsonDocument: the objects, each with its text.
Never:  makes a number inexact, or gives up at a line that is no JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sladsl.events.lines import BROKEN, Lines, broken_reason, encodable
from sladsl.events.log import LogError
from sladsl.events.objects import Item, ObjectSource
from sladsl.events.opened import Opened
from sladsl.events.row_source import BrokenRow
from sladsl.events.values import as_json, number, whole_number
from sladsl.text import Diagnostic

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_SHOWN = 200

# NaN is what some writers put for a missing value; an infinity stays as it is written.
_DECODER = json.JSONDecoder(
    parse_float=number, parse_int=whole_number, parse_constant=lambda text: None if text == "NaN" else text
)


class JsonLines(ObjectSource):
    """One object a line."""

    def __init__(self, opened: Opened) -> None:
        self._lines = Lines(opened.text())

    def __iter__(self) -> Iterator[Item]:
        lines, decode = self._lines, _DECODER.decode
        for line in lines:
            lines.held.clear()
            if line.isspace():
                continue
            try:
                item = decode(line.strip())
            except (ValueError, RecursionError) as error:
                item = BrokenRow(_what_is_wrong(error))
            if not isinstance(item, dict | BrokenRow):
                item = BrokenRow("the line is no JSON object")
            yield item, line.rstrip("\r\n")
        self.trouble = lines.trouble
        self.repaired = lines.repaired


class JsonDocument(ObjectSource):
    """A whole JSON file: an array of objects, an object that holds one array of them, or objects one after another.

    Raises LogError where it is nothing of this.
    """

    def __init__(self, opened: Opened) -> None:
        self._shown = opened.source.shown
        try:
            self._text = opened.text().read()
        except BROKEN as error:
            raise LogError([self._complaint(f"cannot be read: {broken_reason(error)}")]) from None
        text = encodable(self._text)
        if text is not self._text:
            self._text = text
            self.repaired = 1
        self._start = self._skip_space(0)
        self._rows: list[Any] | None = None
        if not self._text.startswith("[", self._start):
            self._open_object()

    def __iter__(self) -> Iterator[Item]:
        if self._rows is not None:
            for row in self._rows:
                yield (row, None) if isinstance(row, dict) else (BrokenRow("the element is no object"), as_json(row))
            return
        text, place = self._text, self._start
        in_array = text.startswith("[", place)
        if in_array:
            place = self._skip_space(place + 1)
            if text.startswith("]", place):
                return
        while place < len(text):
            try:
                item, end = _DECODER.raw_decode(text, place)
            except (ValueError, RecursionError) as error:
                yield self._break_off(place, _what_is_wrong(error))
                return
            yield (item if isinstance(item, dict) else BrokenRow("the element is no object")), text[place:end]
            place = self._skip_space(end)
            if in_array:
                if text.startswith("]", place):
                    return
                if not text.startswith(",", place):
                    yield self._break_off(place, "a comma or the end of the array is missing")
                    return
                place = self._skip_space(place + 1)
        if in_array:
            yield self._break_off(place, "the array does not end")

    def _open_object(self) -> None:
        """Find the rows of a document that begins with an object."""
        try:
            item, end = _DECODER.raw_decode(self._text, self._start)
        except (ValueError, RecursionError) as error:
            raise LogError([self._complaint(f"is no JSON: {_what_is_wrong(error)}")]) from None
        if not isinstance(item, dict):
            raise LogError([self._complaint("holds no objects, but a single value")])
        if self._skip_space(end) < len(self._text):
            return  # objects one after another
        arrays = {
            key: value
            for key, value in item.items()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        }
        if len(arrays) > 1 and "events" not in arrays:
            names = ", ".join(f"`{key}`" for key in arrays)
            help = "keep the one that has the events"
            raise LogError([self._complaint(f"holds more than one array of objects: {names}", help)])
        self._rows = arrays.get("events") or next(iter(arrays.values()), [item])

    def _break_off(self, place: int, reason: str) -> Item:
        self.trouble = reason
        return BrokenRow(f"the JSON breaks off here: {reason}"), self._text[place : place + _SHOWN]

    def _skip_space(self, place: int) -> int:
        found = _SPACE.match(self._text, place)
        return found.end() if found else place

    def _complaint(self, what: str, help: str = "") -> Diagnostic:
        return Diagnostic("SLA0602", f"{self._shown} {what}", None, help=help)


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.colno}"
    return "it is no JSON"
