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
from collections.abc import Callable, Mapping, MutableMapping
from typing import NamedTuple

from sladsl.syntax.keywords import Keyword, Keywords
from sladsl.text import fold

MAX_NESTING = 300

_RUN = re.compile(r"\w+(?:[-'’]\w+)*(?:\s+\w+(?:[-'’]\w+)*){0,11}")
_RUN_WORD = re.compile(r"\S+")
_FIRST = re.compile(r"[\s_-]+")
_SPACE = re.compile(r"(?:\s+|#[^\n\r]*)+")
STATEMENT_KEYWORDS = frozenset(
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
    "HEADING", "RAW", "ZONE", "REGION", "MODULE", "MONTH_DAY", "DAYS", "PERIOD", "PERCENTILE_OF", "ORDINAL",
)  # fmt: skip
_SIGNS = {
    "=": "EQUAL", "!=": "NOT_EQUAL", "<": "LESS", "<=": "AT_MOST_SIGN", ">": "MORE", ">=": "AT_LEAST_SIGN",
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "(": "OPEN_ROUND", ")": "CLOSE_ROUND", "[": "OPEN_SQUARE", "]": "CLOSE_SQUARE",
    ",": "COMMA", "..": "DOTDOT", "–": "MINUS",
}  # fmt: skip


_Leads = Callable[[str], bool]
_NOTHING: dict[int, tuple[int, str]] = {}  # never written to: what is meant is only read where there is some


class Lexeme:
    """A token: its terminal, its text, and its offsets in the source."""

    __slots__ = ("end_pos", "start_pos", "type", "value")

    def __init__(self, type: str, value: str, start_pos: int, end_pos: int) -> None:
        self.type = type
        self.value = value
        self.start_pos = start_pos
        self.end_pos = end_pos

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
    """What is lexed: a stretch of a text, in a language, with the names declared in the file by their first word.

    `meant` are the mistakes that have been told: where each begins, where it ends, and what is read in its place. It is
    written to as it is read: each reading has its own.
    """

    text: str
    start: int
    end: int
    words: LanguageLexer
    declared: Mapping[str, frozenset[str]]
    meant: MutableMapping[int, tuple[int, str]] = _NOTHING


class LanguageLexer:
    """The patterns of one language, compiled when first needed."""

    def __init__(self, keywords: Keywords, patterns: Mapping[str, str]) -> None:
        self.keywords = keywords
        self._patterns = {**patterns, **keywords.patterns}
        self._compiled: dict[str, re.Pattern[str]] = {}
        self.word = self.pattern("WORD")
        self.numeric = re.compile("|".join(f"(?P<{name}>{self._patterns[name]})" for name in _NUMERIC))
        self._keyword_patterns: dict[Keyword, re.Pattern[str]] = {}
        self._special: dict[int, tuple[str, ...]] = {}
        self.first_keywords = keywords.first_keywords
        self.reserved = keywords.reserved

    def special(self, takes: Mapping[str, int]) -> tuple[str, ...]:
        """The terminals of _SPECIAL among those that the parser can take in a state."""
        # the rows of the tables live as long as this object does
        found = self._special.get(id(takes))
        if found is None:
            found = self._special[id(takes)] = tuple(name for name in _SPECIAL if name in takes)
        return found

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


def next_lexeme(stretch: Stretch, here: int, takes: Mapping[str, int], leads: _Leads, depth: int) -> Lexeme:
    """The lexeme that begins at or after `here`.

    `takes` are the parser's steps by terminal. A step that reduces (below 0) may be there only because LALR merges
    states: `leads` tells whether the terminal can really stand here. So `met` is a keyword after the label of an
    objective, and a word in `being met`.

    Its type is `$END` where nothing is left. Raises Stray, and TooNested where the parser's stack is deeper than a
    person writes.
    """
    text, end, words = stretch.text, stretch.end, stretch.words
    if "GAP" in takes:
        match = words.pattern("GAP").match(text, here, end)
        if match and match.end() < end:
            return Lexeme("GAP", match[0], here, match.end())
    space = _SPACE.match(text, here, end)
    if space:
        here = space.end()
    if here >= end:
        return Lexeme("$END", "", end, end)
    if depth > MAX_NESTING:
        raise TooNested(here)
    if here in stretch.meant:
        return _meant(stretch, here, takes, leads, depth)
    for name in words.special(takes):
        match = words.pattern(name).match(text, here, end)
        if match:
            return Lexeme(name, match[0], here, match.end())
    if text[here].isdigit():
        return _opening(stretch, here, takes) or _numeric(stretch, here, takes)
    word = words.word.match(text, here, end)
    if word:
        return _opening(stretch, here, takes) or _word(stretch, word, takes, leads)
    return _sign(stretch, here, takes)


def _meant(stretch: Stretch, here: int, takes: Mapping[str, int], leads: _Leads, depth: int) -> Lexeme:
    """The next lexeme of what was meant where a mistake has been told, at the place of the mistake."""
    stop, words = stretch.meant[here]
    corrected = Stretch(words + stretch.text[stop : stretch.end], 0, len(words) + stretch.end - stop, *stretch[3:5])
    found = next_lexeme(corrected, 0, takes, leads, depth)
    if found.end_pos == len(words):
        return Lexeme(found.type, found.value, here, stop)
    rest = words[found.end_pos :].strip()
    written = stretch.text[here:stop]
    if written.startswith(found.value):  # `per moth`
        after = here + len(found.value)
        after += len(stretch.text[after:stop]) - len(stretch.text[after:stop].lstrip())
    else:  # `warn at`, before which a comma is meant
        after = stop - len(rest) if written.endswith(rest) else here + 1
    if not rest or found.end_pos > len(words) or after >= stop or stretch.text[after].isspace():
        raise Stray(here)
    stretch.meant[after] = (stop, rest)
    return Lexeme(found.type, found.value, here, after)


def _numeric(stretch: Stretch, here: int, takes: Mapping[str, int]) -> Lexeme:
    match = stretch.words.numeric.match(stretch.text, here, stretch.end)
    if match is None or match.lastgroup is None:
        raise Stray(here)
    if match.lastgroup not in takes:
        other = _other_number(stretch, here, takes)
        if other is None and "WORD" in takes and stretch.declared:
            other = _declared(stretch, here)  # `breach of 24h rule`
        if other:
            return other
    return Lexeme(match.lastgroup, match[0], here, match.end())


def _other_number(stretch: Stretch, here: int, takes: Mapping[str, int]) -> Lexeme | None:
    """A shorter value that can stand where the longest one cannot: the date of `open 2026-12-24 09:00-13:00`."""
    for name in _NUMERIC:
        if name in takes:
            match = stretch.words.pattern(name).match(stretch.text, here, stretch.end)
            if match:
                return Lexeme(name, match[0], here, match.end())
    return None


def _opening(stretch: Stretch, here: int, takes: Mapping[str, int]) -> Lexeme | None:
    """The label or the defined name that begins a statement, if one does; the keywords of statements come between."""
    if "DEFINED" not in takes:  # every place that takes a label takes a definition
        return None
    text, end, words = stretch.text, stretch.end, stretch.words
    if "LABEL" in takes:
        match = words.pattern("LABEL").match(text, here, end)
        if match:
            return Lexeme("LABEL", match[0], here, match.end())
    match = words.pattern("DEFINED").match(text, here, end)
    if match is None:
        return None
    first = words.word.match(text, here, end)
    for keyword in words.first_keywords.get(first[0].casefold(), ()) if first else ():
        if keyword.terminal in STATEMENT_KEYWORDS and keyword.terminal in takes:
            stop = words.keyword_end(keyword, text, here, end)
            if stop >= 0:
                return Lexeme(keyword.terminal, text[here:stop], here, stop)
    return Lexeme("DEFINED", match[0], here, match.end())


def _word(stretch: Stretch, word: re.Match[str], takes: Mapping[str, int], leads: _Leads) -> Lexeme:
    """The keyword, declared name or plain word that begins with `word`."""
    text, here, end = stretch.text, word.start(), stretch.end
    written = word[0]
    key = written.casefold()
    forced: Lexeme | None = None
    otherwise: Lexeme | None = None
    candidates = stretch.words.first_keywords.get(key)
    declared: Lexeme | None = None
    if stretch.declared and "WORD" in takes:
        declared = _declared(stretch, here)
    if candidates:
        for keyword in candidates:
            terminal = keyword.terminal
            if terminal in takes:
                stop = word.end() if keyword.simple else stretch.words.keyword_end(keyword, text, here, end)
                # `no answer` is a name where the file declares it, other keywords come before declared names
                if stop < 0 or (declared and terminal in ("YES", "NO")):
                    continue
                if takes[terminal] >= 0 or leads(terminal):
                    return Lexeme(terminal, text[here:stop], here, stop)
                if forced is None and key in stretch.words.reserved and not declared:
                    forced = Lexeme(terminal, text[here:stop], here, stop)
            elif otherwise is None and key in stretch.words.reserved and keyword.simple:
                otherwise = Lexeme(terminal, written, here, word.end())
    return forced or declared or otherwise or Lexeme("WORD", written, here, word.end())


def _declared(stretch: Stretch, here: int) -> Lexeme | None:
    """The longest name that begins here and that the file declares although keywords or numbers are in it."""
    match = _RUN.match(stretch.text, here, stretch.end)
    if match is None:
        return None
    run = match[0]
    names = stretch.declared.get(_FIRST.split(run, 1)[0].casefold())
    if names:
        for end in reversed([word.end() for word in _RUN_WORD.finditer(run)]):
            if fold(run[:end]) in names and not _goes_on(stretch, run[:end], here + end):
                return Lexeme("WORD", run[:end], here, here + end)
    return None


def _goes_on(stretch: Stretch, name: str, end: int) -> bool:
    """Whether the reserved word at the end of a declared name begins something: `check in ("a")`, `x within 2h`."""
    if fold(name).rpartition(" ")[2] not in stretch.words.reserved:
        return False
    space = _SPACE.match(stretch.text, end, stretch.end)
    after = space.end() if space else end
    word = stretch.words.word.match(stretch.text, after, stretch.end)
    if word:
        return word[0].casefold() not in stretch.words.first_keywords
    return after < stretch.end and stretch.text[after] not in ",;)]"


def _sign(stretch: Stretch, here: int, takes: Mapping[str, int]) -> Lexeme:
    text, end, words = stretch.text, stretch.end, stretch.words
    character = text[here]
    if character == "`":
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
