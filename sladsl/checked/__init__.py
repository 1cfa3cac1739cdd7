"""Checked: what a policy means, every name resolved and every kind known, or what is wrong with it.

`check_source` is the door for a text, `check` for one that is parsed; `Program` is what they give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sladsl.checked import program, typed
from sladsl.checked.assemble import Checked, check
from sladsl.checked.codes import CODES, Code
from sladsl.checked.imports import FolderLoader, Loader, loader_beside
from sladsl.checked.program import Program
from sladsl.syntax import parse
from sladsl.text import Source

__all__ = [
    "CODES",
    "Checked",
    "Code",
    "FolderLoader",
    "Loader",
    "Program",
    "check",
    "check_source",
    "loader_beside",
    "program",
    "typed",
]


def check_source(
    source: Source,
    *,
    lists: Mapping[str, Sequence[str]] | None = None,
    timezone: str | None = None,
    loader: Loader | None = None,
) -> Checked:
    """Parse and check a policy's text.

    Args:
        source: the text; where its name is the path of a file, `use "…"` reads beside it.
        lists: entries of lists, as `--list NAME=a,b` gives them.
        timezone: the agreement's zone, in place of what the policy says.
        loader: reads the files that the policy uses, in place of the folder.

    >>> check_source(Source("a.sla", "sales contacts within 24h of created")).program.groups
    ('sales contacts',)
    """
    return check(parse(source), source, loader or loader_beside(source), lists=lists, timezone=timezone)
