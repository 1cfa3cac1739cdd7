"""The base of plain data classes.

Takes:  a class with `@frozen(eq=False, repr=False)` of attrs.
Gives:  Record: comparing, hashing and printing by fields, as attrs would write them.
Never:  compiles code for a class: attrs does for each of hundreds, which takes longer than checking a small policy.
"""

from __future__ import annotations

from typing import Any

from attrs import fields


class Record:
    """Two records are equal where they are of one class and the fields that count are equal.

    >>> from attrs import field, frozen
    >>> @frozen(eq=False, repr=False)
    ... class Place(Record):
    ...     name: str
    ...     note: str = field(default="", eq=False)
    >>> Place("here", "a") == Place("here", "b"), Place("here")
    (True, Place(name='here', note=''))
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    def __repr__(self) -> str:
        shown = (f"{a.name}={getattr(self, a.name)!r}" for a in fields(_attrs(type(self))) if a.repr)
        return f"{type(self).__name__}({', '.join(shown)})"


_COMPARED: dict[type, tuple[str, ...]] = {}


def _compared(record: type) -> tuple[str, ...]:
    """The fields that count in equality."""
    found = _COMPARED.get(record)
    if found is None:
        found = _COMPARED[record] = tuple(a.name for a in fields(_attrs(record)) if a.eq)
    return found


def _attrs(record: type) -> Any:
    """The class, as what the types of attrs ask for."""
    return record
