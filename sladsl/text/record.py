"""The base of plain data classes, and the decorator that makes them cheaply.

Takes:  a class with `@frozen(eq=False, repr=False)`, written as for attrs.
Gives:  `frozen`: what `attrs.frozen` gives, finished when it is first asked for. `Record`: comparing, hashing and printing by
        fields, as attrs would write them.
Never:  compiles code for a class that nobody makes an instance of: attrs does for each of hundreds, which takes longer than
        checking a small policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from attrs import fields

if TYPE_CHECKING:
    from attrs import frozen as frozen
else:

    def frozen(**options: Any) -> Any:
        """`attrs.frozen` with these options, of which `eq=False, repr=False` must be two.

        The class has its slots at once; its `__init__`, and its fields as `attrs.fields` gives them, are what attrs makes
        of the same class body, when the first instance is made or somebody asks.
        """

        def wrap(written: type) -> type:
            body = {name: value for name, value in vars(written).items() if name not in ("__dict__", "__weakref__")}
            names = [name for name, kind in body.get("__annotations__", {}).items() if "ClassVar" not in str(kind)]
            fields_said = {name: body.pop(name) for name in names if name in body}
            inherited = {name for base in written.__mro__[1:] for name in getattr(base, "__slots__", ())}
            own = tuple(name for name in names if name not in inherited)
            made = type(written)(
                written.__name__,
                written.__bases__,
                {
                    **body,
                    "__slots__": own if "__weakref__" in inherited else (*own, "__weakref__"),
                    "__match_args__": _positional(written, names, options),
                    "__init__": _first_init,
                    "__attrs_attrs__": _LateFields(),
                    "__setattr__": _refuse,
                    "__delattr__": _refuse,
                    "__getstate__": _state,
                    "__setstate__": _set_state,
                },
            )
            _UNFINISHED[made] = (fields_said, options)
            return made

        return wrap


# The classes that attrs has not been asked about: what was said of their fields, and the options.
_UNFINISHED: dict[type, tuple[dict[str, Any], dict[str, Any]]] = {}


def _positional(written: type, names: list[str], options: dict[str, Any]) -> tuple[str, ...]:
    before: tuple[str, ...] = next(
        (vars(c)["__match_args__"] for c in written.__mro__ if "__match_args__" in vars(c)), ()
    )
    if options.get("kw_only"):
        return tuple(name for name in before if name not in names)
    return (*(name for name in before if name not in names), *names)


def _finish(record: Any) -> None:
    """Let attrs write what an instance of a class needs."""
    said = _UNFINISHED.get(record)
    if said is None:
        return
    body = {"__annotations__": vars(record).get("__annotations__", {}), "__module__": record.__module__, **said[0]}
    twin = attrs.frozen(**said[1])(type(record.__name__, record.__bases__, body))
    record.__attrs_attrs__ = twin.__attrs_attrs__
    record.__init__ = twin.__init__
    del _UNFINISHED[record]


def _first_init(self: Any, *args: Any, **kwargs: Any) -> None:
    for record in type(self).__mro__:
        if "__attrs_attrs__" in vars(record):
            _finish(record)
            break
    self.__init__(*args, **kwargs)


class _LateFields:
    """Stands where attrs keeps the fields of a class, until somebody asks for them."""

    def __get__(self, instance: object, owner: type) -> Any:
        for record in owner.__mro__:
            if vars(record).get("__attrs_attrs__") is self:
                _finish(record)
                return vars(record)["__attrs_attrs__"]
        raise AttributeError("__attrs_attrs__")


def _refuse(self: object, name: str, value: object = None) -> None:
    raise attrs.exceptions.FrozenInstanceError


def _state(self: Any) -> dict[str, Any]:
    return {a.name: getattr(self, a.name) for a in fields(type(self))}


def _set_state(self: object, state: dict[str, Any]) -> None:
    for name, value in state.items():
        object.__setattr__(self, name, value)


class Record:
    """Two records are equal where they are of one class and the fields that count are equal.

    >>> from attrs import field
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
