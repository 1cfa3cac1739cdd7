"""Objects as rows: what JSON holds, and dictionaries given in memory.

Takes:  an ObjectSource: dictionaries, each with its text.
Gives:  ObjectRows: the keys as headings, then a list of cells a row.
Never:  parses anything; see json_source.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeAlias

from sladsl.events.lines import encodable
from sladsl.events.row_source import BrokenRow, RowSource
from sladsl.events.values import as_json
from sladsl.text import fold

_LOOKED_AT = 1000  # rows whose keys are known before the first event is made
_MOST_HEADINGS = 1000
_DEEPEST = 8

# An object, or why there is none; and its text where it has one.
Item: TypeAlias = "tuple[Mapping[Any, Any] | BrokenRow, str | None]"


class ObjectSource:
    """Where objects come from.

    Attributes:
        trouble: once they have come to their end, why they did so early; "" where they did not.
        repaired: lines whose bytes were not all UTF-8.
    """

    trouble: str = ""
    repaired: int = 0

    def __iter__(self) -> Iterator[Item]:
        raise NotImplementedError


class GivenObjects(ObjectSource):
    """Dictionaries given in memory; what is none is refused, not dropped."""

    def __init__(self, objects: Iterable[Any]) -> None:
        self._objects = objects

    def __iter__(self) -> Iterator[Item]:
        for item in self._objects:
            if isinstance(item, Mapping):
                yield item, None
            else:
                yield BrokenRow("the row is no object"), as_json(item)


class ObjectRows(RowSource):
    """Objects as rows; the keys of objects within them are joined by a point (`lead.score`).

    Args:
        source: of the objects.
        format: what the input is.
        expected: headings that the `events` block names, which may turn up late.
    """

    def __init__(self, source: ObjectSource, format: str, expected: Iterable[str] = ()) -> None:
        super().__init__(format)
        self._source = source
        self._item: Item = ({}, None)
        objects = iter(source)
        first = list(islice(objects, _LOOKED_AT))
        self._objects = chain(first, objects)
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self.headings = []
        self.ignored: set[str] = set()
        for item, _ in first:
            if not isinstance(item, BrokenRow):
                self._learn(flat(item))
        if self.headings:
            known = {fold(key) for key in self._keys}
            self._learn(key for key in expected if fold(key) not in known)

    @property
    def trouble(self) -> str:
        return self._source.trouble

    @property
    def repaired(self) -> int:
        return self._source.repaired

    def record(self) -> str:
        item, text = self._item
        return as_json(item) if text is None else text

    def __iter__(self) -> Iterator[list[Any]]:
        keys, known = self._keys, self._places.keys()
        for pair in self._objects:
            self._item = pair
            item = pair[0]
            if isinstance(item, BrokenRow):
                yield item
                continue
            row = flat(item)
            if not row.keys() <= known:
                self._learn(row)
            yield [row.get(key) for key in keys]

    def _learn(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key in self._places:
                continue
            if len(self._keys) >= _MOST_HEADINGS:
                # A log with its data in its keys: without an end it would cost time and memory without one.
                if len(self.ignored) < _MOST_HEADINGS:
                    self.ignored.add(key)
                continue
            self._places[key] = len(self._keys)
            self._keys.append(key)
            self.headings.append(encodable(key).strip())


def flat(item: Mapping[Any, Any]) -> Mapping[str, Any]:
    """The object with those within it opened, as far as they are not nested too deep.

    >>> flat({"case": "L1", "lead": {"score": 80, "by": {"name": "eva"}}})
    {'case': 'L1', 'lead.score': 80, 'lead.by.name': 'eva'}
    """
    for key, value in item.items():
        if value.__class__ is dict or key.__class__ is not str:
            return dict(_opened(item, "", 1))
    return item


def _opened(item: Mapping[Any, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in item.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _opened(value, f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}", value
