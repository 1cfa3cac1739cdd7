"""The contextual lexer: which token stands at a place, given what the parser could take.

Takes:  a Piece of text, the keyword table of its language, and the state of the parser.
Gives:  lexemes, each with its offsets.
Never:  decides by a word alone: a keyword is one only where the grammar can take it (the reserved words apart).

It gives the tokens that Lark's own contextual lexer gives for the same grammar (a test compares the two), but compiles
a handful of regular expressions instead of one for every set of terminals that some state can take, which is what
makes a small policy fast to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sladsl.syntax.keywords import GENERATED, Keyword, Keywords

MAX_NESTING = 300

_SPACE = re.compile(r"(?:\s+|#[^\n\r]*)+")
_STATEMENT_KEYWORDS = frozenset(
    [
        "SLA",
        "USE",
        "EVENTS",
        "PARTY",
        "LIST",
        "CALENDAR",
        "BUSINESS_HOURS",
        "LIFECYCLE",
        "SERVICE",
        "CUSTOMER",
        "FOR",
        "PROTOCOL",
        "SCENARIO",
    ]
)
# values that begin with a digit, in the order in which they are tried
_NUMERIC = ("INSTANT", "DATE", "TIME", "DURATION", "MONEY", "SHARE", "ORDINAL", "NUMBER")
# terminals that only some places can take, and that are tried there before anything else, in this order
_SPECIAL = (
    "HEADING", "RAW", "ZONE", "REGION", "MODULE", "MONTH_DAY", "DAYS", "PERIOD", "PERCENTILE_OF",
)  # fmt: skip
_SIGNS = {
    "=": "EQUAL", "!=": "NOT_EQUAL", "<": "LESS", "<=": "AT_MOST_SIGN", ">": "MORE", ">=": "AT_LEAST_SIGN",
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "(": "OPEN_ROUND", ")": "CLOSE_ROUND", "[": "OPEN_SQUARE", "]": "CLOSE_SQUARE",
    ",": "COMMA", "..": "DOTDOT", "–": "MINUS",
}  # fmt: skip


class Lexeme:
    """A token: its terminal, its text, and its offsets in the source."""

    __slots__ = ("column", "end_column", "end_line", "end_pos", "line", "start_pos", "type", "value")

    def __init__(self, type: str, value: str, start_pos: int, end_pos: int) -> None:
        self.type = type
        self.value = value
        self.start_pos = start_pos
        self.end_pos = end_pos
        # Lark asks for these; lines and columns come from the source
        self.line = self.column = self.end_line = self.end_column = None

    def __repr__(self) -> str:
        return f"{self.type}({self.value!r})"


class Stray(Exception):
    """A character that begins no token, at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooNested(Exception):
    """The parser is deeper inside brackets and `not`s than any person writes, at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Stretch(NamedTuple):
    """What is lexed: a stretch of a text, in a language, with the names declared in the file by their first word."""

    text: str
    start: int
    end: int
    words: LanguageLexer
    declared: Mapping[str, list[re.Pattern[str]]]


class LanguageLexer:
    """The patterns of one language, compiled when first needed."""

    def __init__(self, keywords: Keywords, patterns: Mapping[str, str]) -> None:
        self.keywords = keywords
        self._patterns = {**patterns, **keywords.patterns}
        self._compiled: dict[str, re.Pattern[str]] = {}
        self.word = self.pattern("WORD")
        self.numeric = re.compile("|".join(f"(?P<{name}>{self._patterns[name]})" for name in _NUMERIC))
        self._keyword_patterns: dict[Keyword, re.Pattern[str]] = {}

    def pattern(self, terminal: str) -> re.Pattern[str]:
        """The compiled pattern of a terminal that is no keyword."""
        found = self._compiled.get(terminal)
        if found is None:
            found = self._compiled[terminal] = re.compile(self._patterns[terminal])
        return found

    def keyword_end(self, keyword: Keyword, text: str, start: int, end: int) -> int:
        """Where a keyword ends that would begin at `start`, or -1."""
        found = self._keyword_patterns.get(keyword)
        if found is None:
            found = self._keyword_patterns[keyword] = re.compile(keyword.pattern)
        match = found.match(text, start, end)
        return match.end() if match else -1

    def names_reserved(self, text: str) -> bool:
        """Whether a run of words holds a reserved word outside backticks."""
        reserved = self.keywords.reserved
        plain = re.sub(r"`[^`]*`", " ", text)
        return any(word.casefold() in reserved for word in plain.rstrip("=: \t\r\n").split())


class ContextualLexer:
    """Lark's plug-in point for its contextual lexer (`_plugins={"ContextualLexer": …}`)."""

    def __init__(self, conf: Any, states: Mapping[int, Any], always_accept: Any = ()) -> None:
        self.patterns = {t.name: t.pattern.to_regexp() for t in conf.terminals if t.name not in GENERATED}
        self._special: dict[int, tuple[str, ...]] = {}

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Lexeme]:
        """The lexemes of a Stretch, one at a time, as the parser moves on. Raises Stray and TooNested."""
        stretch: Stretch = lexer_state.text
        text, end, words = stretch.text, stretch.end, stretch.words
        first_keywords, reserved = words.keywords.first_keywords, words.keywords.reserved
        states, stack = parser_state.parse_conf.states, parser_state.state_stack
        here = stretch.start
        while True:
            state = stack[-1]
            takes = states[state]
            if "GAP" in takes:
                match = words.pattern("GAP").match(text, here, end)
                if match and match.end() < end:
                    here = match.end()
                    yield Lexeme("GAP", match[0], match.start(), here)
                    continue
            space = _SPACE.match(text, here, end)
            if space:
                here = space.end()
            if here >= end:
                return
            if len(stack) > MAX_NESTING:
                raise TooNested(here)
            special = self._special.get(state)
            if special is None:
                special = self._special[state] = tuple(name for name in _SPECIAL if name in takes)
            lexeme: Lexeme | None = None
            for name in special:
                match = words.pattern(name).match(text, here, end)
                if match:
                    lexeme = Lexeme(name, match[0], here, match.end())
                    break
            if lexeme is None:
                character = text[here]
                if character.isdigit():
                    match = words.numeric.match(text, here, end)
                    if match is None or match.lastgroup is None:
                        raise Stray(here)
                    lexeme = Lexeme(match.lastgroup, match[0], here, match.end())
                    if match.lastgroup not in takes:
                        lexeme = _other_number(stretch, here, takes) or lexeme
                    if "LABEL" in takes:
                        lexeme = _opening(stretch, here, takes) or lexeme
                else:
                    word = words.word.match(text, here, end)
                    if word:
                        if "DEFINED" in takes:
                            lexeme = _opening(stretch, here, takes)
                        if lexeme is None:
                            lexeme = _word(stretch, word, takes, first_keywords, reserved)
                    else:
                        lexeme = _sign(stretch, here, takes)
            yield lexeme
            here = lexeme.end_pos


def _other_number(stretch: Stretch, here: int, takes: Mapping[str, Any]) -> Lexeme | None:
    """A shorter value that can stand where the longest one cannot: the date of `open 2026-12-24 09:00-13:00`."""
    for name in _NUMERIC:
        if name in takes:
            match = stretch.words.pattern(name).match(stretch.text, here, stretch.end)
            if match:
                return Lexeme(name, match[0], here, match.end())
    return None


def _opening(stretch: Stretch, here: int, takes: Mapping[str, Any]) -> Lexeme | None:
    """The label or the defined name that begins a statement, if one does; the keywords of statements come between."""
    text, end, words = stretch.text, stretch.end, stretch.words
    if "LABEL" in takes:
        match = words.pattern("LABEL").match(text, here, end)
        if match:
            return Lexeme("LABEL", match[0], here, match.end())
    if "DEFINED" in takes:
        match = words.pattern("DEFINED").match(text, here, end)
        if match and not words.names_reserved(match[0]):
            first = words.word.match(text, here, end)
            for keyword in words.keywords.first_keywords.get(first[0].casefold(), ()) if first else ():
                if keyword.terminal in _STATEMENT_KEYWORDS and keyword.terminal in takes:
                    stop = words.keyword_end(keyword, text, here, end)
                    if stop >= 0:
                        return Lexeme(keyword.terminal, text[here:stop], here, stop)
            return Lexeme("DEFINED", match[0], here, match.end())
    return None


def _word(
    stretch: Stretch,
    word: re.Match[str],
    takes: Mapping[str, Any],
    first_keywords: Mapping[str, list[Keyword]],
    reserved: frozenset[str],
) -> Lexeme:
    """The keyword, declared name or plain word that begins with `word`."""
    text, here, end = stretch.text, word.start(), stretch.end
    written = word[0]
    key = written.casefold()
    otherwise: Lexeme | None = None
    candidates = first_keywords.get(key)
    declared: Lexeme | None = None
    if stretch.declared and "WORD" in takes:
        for pattern in stretch.declared.get(key, ()):
            match = pattern.match(text, here, end)
            if match:
                declared = Lexeme("WORD", match[0], here, match.end())
                break
    if candidates:
        for keyword in candidates:
            terminal = keyword.terminal
            if terminal in takes:
                stop = word.end() if keyword.simple else stretch.words.keyword_end(keyword, text, here, end)
                # `no answer` is a name where the file declares it, other keywords come before declared names
                if stop >= 0 and not (declared and terminal in ("YES", "NO")):
                    return Lexeme(terminal, text[here:stop], here, stop)
            elif otherwise is None and key in reserved and keyword.simple:
                otherwise = Lexeme(terminal, written, here, word.end())
    return declared or otherwise or Lexeme("WORD", written, here, word.end())


def _sign(stretch: Stretch, here: int, takes: Mapping[str, Any]) -> Lexeme:
    text, end, words = stretch.text, stretch.end, stretch.words
    character = text[here]
    if character == "`":
        if "DEFINED" in takes:
            opening = _opening(stretch, here, takes)
            if opening:
                return opening
        match = words.pattern("QUOTED").match(text, here, end)
        if match:
            return Lexeme("QUOTED", match[0], here, match.end())
    elif character == '"':
        match = words.pattern("TEXT").match(text, here, end)
        if match:
            return Lexeme("TEXT", match[0], here, match.end())
    else:
        for size in (2, 1):
            sign = text[here : min(here + size, end)]
            terminal = _SIGNS.get(sign)
            if terminal:
                return Lexeme(terminal, sign, here, here + len(sign))
    raise Stray(here)


@lru_cache(maxsize=4096)
def declared_pattern(key: str) -> re.Pattern[str]:
    """The pattern of a declared name of several words, given folded."""
    body = r"[\s_-]+".join(map(re.escape, key.split(" ")))
    return re.compile(rf"(?i:{body})(?!\w|[-'’]\w)")
