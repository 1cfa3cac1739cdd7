"""A text with a name, and places in it.

Takes:  the text of a policy, already decoded.
Gives:  Source (line and column of an offset, the text of a line) and Span (two offsets in a named source).
Never:  reads a file; `read_source` in files.py does.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from attrs import field, frozen

_LINE_END = re.compile(r"\r\n|\r|\n")


@frozen
class Span:
    """A stretch of one source: `start` is the offset of its first character, `end` the offset after its last.

    Offsets count characters of `Source.text`, from 0. An empty span (start = end) marks a place between characters.
    """

    source: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other` (of the same source)."""
        return Span(self.source, self.start, max(self.end, other.end))


@frozen
class Source:
    """A named text, e.g. `Source("policy.sla", "sales contacts within 24h")`.

    Lines end at `\\n`, `\\r\\n` or `\\r`; nothing else ends a line.

    >>> Source("a.sla", "one\\r\\ntwo").position(6)
    (2, 2)
    """

    name: str
    text: str = field(repr=False)
    _starts: list[int] = field(init=False, repr=False, eq=False, factory=list)

    @property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; the first is 0."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(match.end() for match in _LINE_END.finditer(self.text))
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset (an offset out of the text is brought to its nearer end)."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end; empty where there is no such line."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def slice(self, span: Span) -> str:
        """The text that a span of this source covers."""
        return self.text[span.start : span.end]
