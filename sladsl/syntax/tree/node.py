"""What every node of the tree has: a place that does not count in equality.

Takes:  nothing.
Gives:  Node, Word, Name, and `walk`.
Never:  knows a spoken language or the meaning of a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, fields

from sladsl.text import Span, fold
from sladsl.text.record import frozen


@frozen(kw_only=True, eq=False, repr=False)
class Node:
    """Anything with a place in a text. Two nodes are equal where their contents are, wherever they stand.

    Comparing, hashing and printing are written once here: attrs would compile them for each of a hundred classes, which
    takes longer than checking a small policy. So every node class says `@frozen(eq=False, repr=False)`.
    """

    span: Span = field(eq=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    def __repr__(self) -> str:
        shown = (f"{a.name}={getattr(self, a.name)!r}" for a in fields(type(self)) if a.repr)
        return f"{type(self).__name__}({', '.join(shown)})"


def _compared(node_class: type[Node]) -> tuple[str, ...]:
    """The fields that count in equality."""
    found = _COMPARED.get(node_class)
    if found is None:
        found = _COMPARED[node_class] = tuple(attribute.name for attribute in fields(node_class) if attribute.eq)
    return found


_COMPARED: dict[Any, tuple[str, ...]] = {}


@frozen(eq=False, repr=False)
class Word(Node):
    """One word of a name, as written: `qualified`. A name in backticks is one word with `quoted`."""

    text: str
    quoted: bool = field(default=False, eq=False)

    @property
    def key(self) -> str:
        """The folded word."""
        return fold(self.text)


@frozen(eq=False, repr=False)
class Name(Node):
    """A run of words: `qualified lead`, `buyer_persona`, `` `time until fixed` ``.

    In an expression a name is an expression. In a clause a run may hold several names
    (`sales contacts qualified lead`), which only the declared names can cut apart: it stays one run of words.
    """

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words as written, one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def key(self) -> str:
        """The folded name; two names with one key are the same name."""
        return fold(self.text)

    @property
    def quoted(self) -> bool:
        """Whether it was written wholly in backticks."""
        return all(word.quoted for word in self.words)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of their fields."""
    for attribute in fields(type(node)):
        yield from _nodes(getattr(node, attribute.name))


def walk(node: Node) -> Iterator[Node]:
    """A node and everything inside it, from the outside in, in the order of the text. Iterative: any depth is safe."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(children(here))))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
