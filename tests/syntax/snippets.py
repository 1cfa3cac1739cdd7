"""Tables of snippets: what stands in a file of trees/ or slips/, and what the parser makes of each.

A file holds snippets like this one; `SLADSL_UPDATE=1 pytest tests/syntax` writes the lower halves anew (read the diff).

    == what it shows
    sales contacts within 24h
    --
    (Clause phrase=(Phrase [<sales contacts>]) form=(Within (Duration exact 24 hour)))
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
UPDATE = bool(os.environ.get("SLADSL_UPDATE"))


class Snippet(NamedTuple):
    """One entry of a table."""

    title: str
    source: str
    expected: str


def read(path: Path) -> list[Snippet]:
    """The snippets of a table, in order."""
    entries = path.read_text(encoding="utf-8").split("\n== ")
    snippets = []
    for entry in entries:
        title, _, body = entry.removeprefix("== ").partition("\n")
        source, _, expected = f"\n{body}".partition("\n--\n")
        snippets.append(Snippet(title, source[1:], expected.rstrip("\n")))
    return snippets


def write(path: Path, snippets: list[Snippet]) -> None:
    """Write a table."""
    text = "\n".join(f"== {s.title}\n{s.source}\n--\n{s.expected}\n" for s in snippets)
    path.write_text(text, encoding="utf-8")


def named(folder: str) -> list[tuple[Path, int, str]]:
    """All snippets of a folder as (table, number in it, name for a test)."""
    return [
        (path, number, f"{path.stem}: {snippet.title}")
        for path in sorted((HERE / folder).glob("*.txt"))
        for number, snippet in enumerate(read(path))
    ]
