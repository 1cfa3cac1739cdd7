"""A tree as text for a person.

Takes:  a node.
Gives:  one line for a small node, an indented list for a large one; fields at their default are left out.
Never:  shows places, or what words were used in which language.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from attrs import fields

from sladsl.syntax.tree.node import Name, Node, Word
from sladsl.syntax.tree.values import Duration

_WIDTH = 100
_DEEPEST = 400


def show(node: Node) -> str:
    """A node as text: `(Compare '>=' <score> (Number 60))`. Names stand in `<…>`, exact same trees give the same text.

    A field at its default is left out; a field after one that was left out is given with its name.
    """
    return _show(node, 0, 0)


def _show(value: Any, indent: int, depth: int) -> str:
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Name):
        return f"<{' '.join(f'`{w.text}`' if w.quoted else w.text for w in value.words)}>"
    if isinstance(value, Word):
        return f"<{value.text}>"
    if isinstance(value, Duration):
        parts = " ".join(f"{part.value} {part.unit}" for part in value.parts)
        return f"(Duration {value.kind} {parts})"
    if isinstance(value, tuple):
        return _listed("[", [_show(item, indent + 1, depth + 1) for item in value], "]", indent)
    if isinstance(value, Node):
        return _listed(f"({type(value).__name__}", _parts(value, indent + 2, depth + 1), ")", indent + 1)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int | Decimal):
        return str(value)
    return repr(value)


def _parts(node: Node, indent: int, depth: int) -> list[str]:
    parts = []
    named = False
    for attribute in fields(type(node)):
        if attribute.name == "span" or not attribute.repr:
            continue
        value = getattr(node, attribute.name)
        if value == attribute.default or value is None:
            named = True
            continue
        text = _show(value, indent, depth)
        parts.append(f"{attribute.name}={text}" if named else text)
    return parts


def _listed(opening: str, parts: list[str], closing: str, indent: int) -> str:
    gap = " " if opening != "[" else ""
    line = opening + (gap if parts else "") + " ".join(parts) + closing
    if len(line) + indent <= _WIDTH and "\n" not in line:
        return line
    pad = "\n" + " " * (indent + 1)
    return opening + pad + pad.join(parts) + closing
