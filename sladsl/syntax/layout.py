"""Cut a text into statements by its lines, brackets and quotes.

Takes:  a Source and the words that continue a line.
Gives:  pieces (each the place of one statement with its indentation), comments, and what is wrong with the layout.
Never:  looks at words other than those; a mistake here spoils at most the lines that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from attrs import field, frozen

from sladsl.syntax import text_mistakes
from sladsl.text import Diagnostic, Source, Span

MAX_BRACKETS = 60
MAX_LENGTH = 300_000
MAX_DEPTH = 100
MOST_MISTAKES = 200  # a text with more is no policy; what follows is not looked at

_MARK = re.compile(
    r'"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"'  # a text
    r"|`[^`\n\r]*`"  # a name in backticks
    r"|#[^\n\r]*"
    r"|[\n\r](?:[ \t]*[\n\r])*+"  # line ends, blank lines with them
    r'|[()\[\];"`]'
)
_SIGN = re.compile(r"[+*/<>]|!?=|-(?!-)")
_WORD = re.compile(r"[^\W\d]\w*(?![\w'’-])")
_DECLARED = re.compile(r"\s*(?::(?!\d)|=(?!=))")
_STATEMENT = re.compile(r"(?:[^\W\d][\w'’-]*\s+){0,8}[^\W\d][\w'’-]*\s*(?::(?!\d)|=(?!=))")
_CLOSES = {"(": ")", "[": "]"}


@frozen
class Comment:
    """`# …`: the text from the sign on. `own_line` tells whether nothing stands before it on its line."""

    text: str
    span: Span = field(eq=False)
    own_line: bool = True


@frozen
class Piece:
    """One statement: its place, and the indentation of the line on which it begins.

    `indent` counts a tab as up to eight columns and `indent_chars` as one; where the two disagree about which of two
    lines is deeper, tabs and spaces are mixed. `broken` pieces hold a mistake already told and are not parsed.
    """

    start: int
    end: int
    indent: int
    indent_chars: int
    broken: bool


@frozen
class Layout:
    """A text cut into statements."""

    pieces: list[Piece]
    comments: list[Comment]
    diagnostics: list[Diagnostic]


def cut(source: Source, continue_with: Iterable[str]) -> Layout:
    """Cut a source into statements. Linear in its length.

    A line continues the one above where it begins with a sign or a word of `continue_with`, where the one above ends
    with a comma, and inside brackets. `;` ends a statement, too.
    """
    words = frozenset(continue_with)
    scan = _Scan(source, words, frozenset())
    if not scan.run():
        # a bracket stayed open to the end: find those without a partner, and end their statements at their lines
        scan = _Scan(source, words, _unmatched(source.text))
        scan.run()
    return Layout(scan.pieces, scan.comments, scan.diagnostics)


def _unmatched(text: str) -> frozenset[int]:
    open_ones: list[int] = []
    for match in _MARK.finditer(text):
        if match[0] in "([":
            open_ones.append(match.start())
        elif match[0] in (")", "]") and open_ones:
            open_ones.pop()
    return frozenset(open_ones)


class _Scan:
    """One pass over a text."""

    def __init__(self, source: Source, words: frozenset[str], unmatched: frozenset[int]) -> None:
        self.source = source
        self.text = source.text
        self.words = words
        self.unmatched = unmatched
        self.pieces: list[Piece] = []
        self.comments: list[Comment] = []
        self.diagnostics: list[Diagnostic] = []
        self.start: int | None = None
        self.end = 0
        self.indent = (0, 0)
        self.broken = False
        self.fresh = True
        self.line_start = 1 if self.text.startswith("\ufeff") else 0
        self.brackets: list[int] = []

    def run(self) -> bool:
        """Scan the text; False where a bracket is open at its end."""
        text, here = self.text, self.line_start
        size = len(text)
        long_lines = _long_lines(self.source)
        while len(self.diagnostics) < MOST_MISTAKES:
            if self.fresh and here in long_lines:
                end, length = long_lines[here]
                self._tell(text_mistakes.too_long(self._span(here, here + 1), length))
                here = self.line_start = end
                continue
            match = _MARK.search(text, here)
            stop = match.start() if match else size
            if stop > here:
                self._plain(here, stop)
            if match is None:
                break
            here = match.end()
            mark = match[0]
            if mark[0] in "\r\n":
                self._line_end(here)
            elif mark[0] == "#":
                self.comments.append(Comment(mark, self._span(match.start(), here), self.fresh))
            elif mark == ";":
                if self.brackets:
                    self._unclosed_bracket()
                self._close()
            elif mark in ('"', "`"):
                self._content(match.start(), here)
                here = self._unclosed_quote(match.start(), mark)
            else:
                self._content(match.start(), here)
                if mark in "([":
                    self._open(match.start())
                elif mark in ")]":
                    self._shut(match.start(), mark)
        if self.brackets:
            if not self.unmatched:
                return False
            self._unclosed_bracket()
        self._close()
        return True

    # --- what the marks mean -----------------------------------------------------------------------------------------

    def _plain(self, start: int, stop: int) -> None:
        segment = self.text[start:stop]
        bare = segment.lstrip()
        if bare:
            first = stop - len(bare)
            self._content(first, first + len(bare.rstrip()))

    def _content(self, start: int, end: int) -> None:
        """Something that belongs to a statement stands here."""
        if self.fresh:
            self.fresh = False
            width = _width(self.text[self.line_start : start])
            if self.brackets:
                if width[0] <= self.indent[0] and _STATEMENT.match(self.text, start):
                    self._unclosed_bracket()
                    self._begin(start, width)
            elif self.start is None or not self._continues(start):
                self._begin(start, width)
        elif self.start is None:
            self._begin(start, self.indent)
        self.end = end

    def _begin(self, start: int, indent: tuple[int, int]) -> None:
        self._close()
        self.start, self.indent = start, indent

    def _continues(self, start: int) -> bool:
        if self.text[self.end - 1] == "," or _SIGN.match(self.text, start):
            return True
        word = _WORD.match(self.text, start)
        if word is None or word[0].casefold() not in self.words:
            return False
        return _DECLARED.match(self.text, word.end()) is None  # a definition `e = …`, a label `o: …`

    def _line_end(self, after: int) -> None:
        self.fresh = True
        self.line_start = after
        if self.broken and not self.brackets:
            self._close()

    def _open(self, start: int) -> None:
        if start in self.unmatched:
            if not self.broken:
                self._tell(text_mistakes.unclosed_bracket(self._span(start, start + 1), self.text[start]))
            self.broken = True
            return
        self.brackets.append(start)
        if len(self.brackets) == MAX_BRACKETS + 1 and not self.broken:
            self._tell(text_mistakes.too_many_brackets(self._span(start, start + 1), MAX_BRACKETS))
            self.broken = True
        if len(self.brackets) > MAX_BRACKETS:
            self.brackets.clear()

    def _shut(self, start: int, mark: str) -> None:
        if self.brackets:
            opened = self.brackets.pop()
            if _CLOSES[self.text[opened]] != mark and not self.broken:
                self._tell(
                    text_mistakes.crossed_brackets(
                        self._span(start, start + 1), mark, self._span(opened, opened + 1), self.text[opened]
                    )
                )
                self.broken = True
        elif not self.broken:
            self._tell(text_mistakes.unopened_bracket(self._span(start, start + 1), mark))
            self.broken = True

    def _unclosed_bracket(self) -> None:
        if not self.broken:
            start = self.brackets[0]
            self._tell(text_mistakes.unclosed_bracket(self._span(start, start + 1), self.text[start]))
        self.brackets.clear()
        self.broken = True

    def _unclosed_quote(self, start: int, mark: str) -> int:
        """Tell of a quote without a partner; the rest of its line is lost. Gives the offset of the line's end."""
        ends = [at for at in (self.text.find("\n", start), self.text.find("\r", start)) if at >= 0]
        end = min(ends, default=len(self.text))
        if not self.broken:
            self._tell(text_mistakes.unclosed_quote(self._span(start, end), mark))
        self.broken = True
        self.brackets.clear()
        self.end = start + max(len(self.text[start:end].rstrip()), 1)
        return end

    def _close(self) -> None:
        if self.start is not None:
            if self.end - self.start > MAX_LENGTH and not self.broken:
                self._tell(text_mistakes.too_long(self._span(self.start, self.start + 1), self.end - self.start))
                self.broken = True
            self.pieces.append(Piece(self.start, self.end, *self.indent, self.broken))
        self.start = None
        self.broken = False
        self.brackets.clear()

    def _tell(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source.name, start, end)


def _long_lines(source: Source) -> dict[int, tuple[int, int]]:
    """The lines that are too long to be a statement: where each begins, where it ends, its length."""
    if len(source.text) <= MAX_LENGTH:
        return {}
    starts = [*source.line_starts, len(source.text) + 1]
    if source.text.startswith("\ufeff"):
        starts[0] = 1
    return {
        start: (min(after, len(source.text)), after - start - 1)
        for start, after in pairwise(starts)
        if after - start - 1 > MAX_LENGTH
    }


def _width(blank: str) -> tuple[int, int]:
    """The columns of an indentation, tabs as up to eight and tabs as one."""
    if "\t" not in blank:
        return len(blank), len(blank)
    return len(blank.expandtabs(8)), len(blank)
