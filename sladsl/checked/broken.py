"""What statements with a mistake in their syntax would have declared.

Takes:  the source, and the syntax room's diagnostics.
Gives:  the folded names that stand at the beginning of the statements that were left out.
Never:  complains: the mistake has been told, and a name that is missing because of it is no second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sladsl.text import Diagnostic, Source, fold

# `NAME = …`, `NAME: …`, and `WORD NAME …` for statements that begin with a keyword (`list NAME =`, `calendar NAME`)
_BEFORE_SIGN = re.compile(r"^\s*`?([^=:`#;]{1,200}?)`?\s*[=:]")
_MOST_LINES = 1000


def names_of_broken_statements(source: Source, diagnostics: Iterable[Diagnostic]) -> set[str]:
    """Names that may be missing only because their statement could not be read."""
    found: set[str] = set()
    lines = {source.position(d.span.start)[0] for d in diagnostics if d.is_error and d.span is not None}
    for line in sorted(lines)[:_MOST_LINES]:
        for statement in _statements_around(source, line):
            match = _BEFORE_SIGN.match(statement)
            name = fold(match[1]) if match else fold(statement[:200])
            found.update({name, name.partition(" ")[2]})
    return found - {""}


def _statements_around(source: Source, line: int) -> list[str]:
    """The statements of a line, and of the lines above that it may continue."""
    texts = [source.line(line)]
    above = line - 1
    while above >= 1 and line - above <= 20 and source.line(above + 1)[:1].isspace():
        texts.append(source.line(above))
        above -= 1
    return [statement for text in texts for statement in text.split(";")]
