"""Events that a program feeds one by one.

Takes:  dictionaries: `{"case": "L1", "time": datetime, "event": "created", "score": 80}`.
Gives:  Feed: an Event for each, or a Reject.
Never:  keeps an event, or raises for what stands in a dictionary.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from sladsl.events.columns import ROLES, Roles, Timed, find_heading, listed, resolve_columns, role_named
from sladsl.events.event import Event, Instant
from sladsl.events.lines import encodable
from sladsl.events.log import Reject
from sladsl.events.spec import ColumnRule, InputSpec, ReadOptions
from sladsl.events.times import CellReader, cell_reader
from sladsl.events.values import TextCells, TypedCells, TypedNames, as_json, plain, text_of
from sladsl.text import fold

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DATETIME, _UTC, _MICROSECOND = datetime.datetime, datetime.UTC, datetime.timedelta(microseconds=1)
_MOST_SHAPES = 1000
_PLAIN_WHOLE = 1 << 31  # whole numbers below are taken as they are, where no number says that a value is missing


@frozen
class _Shape:
    """How dictionaries with the same keys, in the same order, are read."""

    roles: Roles
    event: int
    time: int
    read_time: CellReader
    attributes: tuple[tuple[str, int, CellReader | None], ...]


class Feed:
    """Makes events of dictionaries.

    The keys are `case`, `time`, `event`, `actor`, `event_id`, and the attributes; other keys are found as the
    columns of a file are, by the `events` block or by their usual names. A time is a `datetime` (without an offset it
    is read in the agreement's zone), or a text as in a file; an Event passes as it is.

    Args:
        specs: the `events` blocks of the policy.
        options: the zone, the case's word, the attributes wanted.
    """

    def __init__(self, specs: Sequence[InputSpec] = (), options: ReadOptions | None = None) -> None:
        self._options = options or ReadOptions()
        # Which of several blocks a dictionary is meant for nobody says: then its keys are the plain ones.
        self._spec = specs[0] if len(specs) == 1 else InputSpec()
        texts = TextCells(self._spec.missing)
        self._texts = texts
        self._cells = TypedCells(texts)
        self._whole = 0 if texts.markers else _PLAIN_WHOLE
        self._names = TypedNames(texts)
        self._shapes: dict[tuple[Any, ...], _Shape | str] = {}

    def event(self, row: Mapping[str, Any] | Event, position: int = 0) -> Event | Reject:
        """The event that a dictionary is, or why it is none.

        Args:
            row: the dictionary.
            position: the event's place in the order of what is fed.
        """
        if row.__class__ is not dict and not isinstance(row, Mapping):
            if isinstance(row, Event):
                return row
            return _no_dictionary(row)  # type: ignore[unreachable]  # a program may feed anything
        keys = tuple(row)
        shape = self._shapes.get(keys)
        if shape is None:
            shape = self._learn(keys)
        if isinstance(shape, str):
            return _refused(row, "", None, shape)
        cells = list(row.values())
        roles, names, texts = shape.roles, self._names, self._texts
        cell = cells[roles.case]
        case = texts[cell] if cell.__class__ is str else names[cell]
        if case is None:
            return _refused(row, "case", None, "the case is missing")
        cell = cells[shape.event]
        type = texts[cell] if cell.__class__ is str else names[cell]
        if type is None:
            return _refused(row, "event", None, "the event is missing")
        moment = cells[shape.time]
        if moment.__class__ is _DATETIME and moment.tzinfo is _UTC:
            time_us = (moment - _EPOCH) // _MICROSECOND
        else:
            reading = shape.read_time(moment)
            if reading.us is None:
                missing = names[moment] is None
                return _refused(row, "time", moment, "the time is missing" if missing else reading.problem)
            time_us = reading.us
        actor = event_id = None
        if roles.actor is not None:
            cell = cells[roles.actor]
            actor = texts[cell] if cell.__class__ is str else names[cell]
        if roles.id is not None:
            event_id = names[cells[roles.id]]
        typed, numbers = self._cells, self._whole
        attributes: dict[str, object] = {}
        value: object
        for name, place, read in shape.attributes:
            cell = cells[place]
            kind = cell.__class__
            if kind is str:
                value = texts[cell]
            elif kind is int and -numbers < cell < numbers:
                value = cell
            else:
                value = typed[cell]
            if value is not None:
                if read is not None and (known := read(cell).us) is not None:
                    value = Instant(known)
                attributes[name] = value
        return Event(case, time_us, type, actor or "", attributes, position, 0, 0, event_id)

    def _learn(self, keys: tuple[Any, ...]) -> _Shape | str:
        """How dictionaries with these keys are read, or why they cannot be."""
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        shape = self._shapes[keys] = self._shape([str(key) for key in keys])
        return shape

    def _shape(self, headings: list[str]) -> _Shape | str:
        options, block = self._options, self._spec
        plain_keys = {role: heading for heading in reversed(headings) if (role := role_named(heading))}
        rules: dict[str, ColumnRule | None] = {}
        for role in ROLES:
            rule: ColumnRule | None = getattr(block, role)
            key = plain_keys.get(role)
            if key is not None and (rule is None or fold(rule.column) != fold(key)):
                rule = ColumnRule(role, key)
            elif rule is not None and find_heading(headings, rule.column) is None:
                rule = None
            rules[role] = rule
        there = tuple(rule for rule in block.attributes if find_heading(headings, rule.column) is not None)
        spec = evolve(block, attributes=there, steps=(), **rules)  # type: ignore[arg-type]
        roles = resolve_columns(headings, spec, options)
        if isinstance(roles, list) or roles.time is None or roles.event is None:
            return f"its keys do not tell a case, a time and an event: they are {listed(headings) or 'none'}"

        def reader(times: Timed) -> CellReader:
            return cell_reader(options.zone, times, block.end_of_day, typed=True)

        attributes = tuple(
            (attribute.name, attribute.index, reader(attribute.times) if attribute.times else None)
            for attribute in roles.attributes
        )
        return _Shape(roles, roles.event, roles.time.index, reader(roles.time), attributes)


def _no_dictionary(row: object) -> Reject:
    value = plain(row)
    text = encodable("nothing" if value is None else text_of(value))
    return Reject(0, 0, "", "", f"an event is a dictionary, not `{text[:60]}`", text)


def _refused(row: Mapping[str, Any], column: str, cell: object, reason: str) -> Reject:
    value = plain(cell)
    said = [encodable(text) for text in ("" if value is None else text_of(value), reason, as_json(dict(row)))]
    return Reject(0, 0, column, *said)
