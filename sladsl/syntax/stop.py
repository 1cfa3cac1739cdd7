"""Where the parser stopped, and what a mistyped keyword was meant to be.

Takes:  the lexeme that could not be taken, and what could have been.
Gives:  Stop; `near_keyword`, the keyword that some words nearly are.
Never:  decides what the mistake is; see slips.py.
"""

from __future__ import annotations

import re
from functools import cached_property

from sladsl.syntax.keywords import Keyword
from sladsl.syntax.lexer import Lexeme, Stretch
from sladsl.syntax.tables import END
from sladsl.text import Span, fold, nearest

_WORDS = re.compile(r"[^\W\d][\w'’]*(?:-\w+)*")


class Stop:
    """Where the parser stopped: the lexeme that it could not take (END at the statement's end), and what it could."""

    def __init__(self, lexeme: Lexeme, accepts: frozenset[str], stretch: Stretch, rule: str, source: str) -> None:
        self.lexeme = lexeme
        self.accepts = accepts
        self.stretch = stretch
        self.rule = rule
        self.source = source
        self.keywords = stretch.words.keywords

    @cached_property
    def ended(self) -> bool:
        """Whether the statement ended too early."""
        return self.lexeme.type == END

    @cached_property
    def span(self) -> Span:
        """The place of the lexeme."""
        return Span(self.source, self.lexeme.start_pos, self.lexeme.end_pos)

    @cached_property
    def found(self) -> str:
        """The lexeme as written."""
        return self.lexeme.value

    @cached_property
    def before(self) -> str:
        """The statement up to the lexeme, at most its last 300 characters."""
        start = max(self.stretch.start, self.lexeme.start_pos - 300)
        return self.stretch.text[start : self.lexeme.start_pos].rstrip()

    @cached_property
    def after(self) -> str:
        """The statement from the lexeme on, at most 300 characters."""
        return self.stretch.text[self.lexeme.start_pos : min(self.stretch.end, self.lexeme.start_pos + 300)]

    def text(self, span: Span) -> str:
        """The author's text of a place."""
        return self.stretch.text[span.start : span.end]

    def last_word(self) -> Span:
        """The last word of the statement."""
        text, end = self.stretch.text, self.stretch.end
        start = end
        while start > self.stretch.start and not text[start - 1].isspace():
            start -= 1
        return Span(self.source, start, end)

    def word_before(self) -> Span | None:
        """The word right before the lexeme."""
        match = re.search(r"[^\W\d][\w'’-]*$", self.before)
        if match is None:
            return None
        end = self.end_before()
        return Span(self.source, end - len(match[0]), end)

    def end_before(self) -> int:
        """Where what stands before the lexeme ends."""
        end = self.lexeme.start_pos
        while end > self.stretch.start and self.stretch.text[end - 1].isspace():
            end -= 1
        return end

    def at(self, start: int, end: int) -> Span:
        """A place by its offsets."""
        return Span(self.source, start, end)

    def keywords_at(self, start: int) -> list[tuple[Keyword, int]]:
        """The keywords that the words from `start` would be, if they could stand there, and where each ends."""
        words, text, end = self.stretch.words, self.stretch.text, self.stretch.end
        first = words.word.match(text, start, end)
        candidates = words.first_keywords.get(first[0].casefold(), ()) if first else ()
        ends = ((keyword, words.keyword_end(keyword, text, start, end)) for keyword in candidates)
        return [(keyword, stop) for keyword, stop in ends if stop >= 0]


def near_keyword(stretch: Stretch, start: int, terminals: frozenset[str]) -> tuple[int, str] | None:
    """Where the words from `start` end that are nearly a keyword of `terminals`, and that keyword's spelling.

    `paused wile` is nearly `paused while`: every word is equal or near, and at least one is not equal.
    """
    keywords = stretch.words.keywords
    written = list(_WORDS.finditer(stretch.text, start, min(stretch.end, start + 200)))
    found: list[tuple[int, int, int, str]] = []
    for terminal in terminals:
        for spelling in keywords.spellings_of(terminal):
            words = spelling.split()
            pairs = list(zip(written, words, strict=False))
            if len(pairs) < len(words) or not _in_a_row(stretch.text, start, [match for match, _ in pairs]):
                continue
            changed = [(match[0], word) for match, word in pairs if fold(match[0]) != fold(word)]
            slips = all(len(wrong) > 2 and near_words(wrong, word) for wrong, word in changed)
            if changed and slips and not any(fold(wrong) in keywords.reserved for wrong, _ in changed):
                found.append((len(changed) - len(words), len(spelling), pairs[-1][0].end(), spelling))
    if not found:
        return None
    *_, end, spelling = min(found)
    return end, spelling


def near_words(wrong: str, right: str) -> bool:
    """Whether one word is the other with a letter or two mistyped, not another form of it."""
    return bool(nearest(wrong, [right], most=1)) and abs(len(wrong) - len(right)) < 3


def _in_a_row(text: str, start: int, matches: list[re.Match[str]]) -> bool:
    """Whether words follow one another with nothing but blanks between them."""
    ends = [start, *(match.end() for match in matches)]
    return all(not text[end : match.start()].strip() for end, match in zip(ends, matches, strict=False))
