"""Usual slips, each recognised by one function, with advice that fits.

Takes:  a Stop: where the parser stopped and what it could have taken.
Gives:  a Diagnostic, or None where it is not that slip.
Never:  looks at declared names.

The functions are tried in the order of SLIPS, at the end of this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from sladsl.syntax import mistakes
from sladsl.syntax.keywords import Keyword
from sladsl.syntax.lexer import Lexeme, Stretch
from sladsl.syntax.tables import END
from sladsl.text import Diagnostic, Span, nearest

_SIGN_RUN = re.compile(r"[=<>!&|]+")
_NAME_AND_EQUAL = re.compile(r"(?:`[^`\n\r]+`|[\w'’-]+)(?:\s+(?:`[^`\n\r]+`|[\w'’-]+))*\s*=(?!=)")
_ODD_LABEL = re.compile(r"[^\"=:;\n\r]{1,60}:(?=\s)")
_COMMA_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])")
_DETAILS = frozenset(
    [
        "WHEN",
        "PAUSED_WHILE",
        "CANCELLED_WHEN",
        "CANCELLED_AFTER",
        "EXCUSED_WHEN",
        "IN",
        "ON_CHANGE",
        "ON_TIGHTER",
        "ON_LOOSER",
        "ON_REOPEN",
        "WARN_AT",
        "WARN",
        "ESCALATE_TO",
        "ONE_FOR_ONE",
        "OVERRIDES",
        "BY",
        "COUNTED_BY",
        "EXCLUDING",
        "CREDIT_OF",
        "PENALTY",
        "ALERT_WHEN_BURN_RATE",
        "ALERT_WHEN_MISSED",
        "MANAGER",
    ]
)


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


def doubled_sign(stop: Stop) -> Diagnostic | None:
    """`==`, `=>`, `<>`, `>==`."""
    if stop.ended or not _SIGN_RUN.match(stop.found):
        return None
    text, start, end = stop.stretch.text, stop.lexeme.start_pos, stop.lexeme.end_pos
    while start > stop.stretch.start and text[start - 1] in "=<>!&|":
        start -= 1
    while end < stop.stretch.end and text[end] in "=<>!&|":
        end += 1
    if end - start < 2 or text[start:end] in ("<=", ">=", "!="):
        return None
    return mistakes.wrong_sign(stop.at(start, end), text[start:end])


def comma_in_number(stop: Stop) -> Diagnostic | None:
    """`1,000`."""
    if stop.ended:
        return None
    start = max(stop.stretch.start, stop.lexeme.start_pos - 4)
    match = _COMMA_NUMBER.search(stop.stretch.text, start, min(stop.stretch.end, start + 30))
    if match is None or not match.start() <= stop.lexeme.start_pos < match.end():
        return None
    return mistakes.comma_number(stop.at(*match.span()), match[0])


def missing_unit(stop: Stop) -> Diagnostic | None:
    """`within 24`, `within 5 fortnights`."""
    if stop.lexeme.type != "NUMBER" or "DURATION" not in stop.accepts or "NUMBER" in stop.accepts:
        return None
    match = re.match(r"[\d_.]+\s*([^\W\d][\w-]*)?", stop.after)
    word = match[1] if match else None
    if match is None or word is None or word.casefold() in stop.keywords.special_words:
        return mistakes.no_unit(stop.span, stop.found)
    start = stop.lexeme.start_pos + match.start(1)
    near = nearest(word, stop.keywords.units, most=1)
    return mistakes.unknown_unit(stop.at(start, start + len(word)), word, near[0] if near else "")


def missing_percent(stop: Stop) -> Diagnostic | None:
    """`warn at 75`, `at least 95 of first contact met`."""
    number = re.search(r"(?<![\w.])(\d[\d_.]*)$", stop.before)
    if stop.lexeme.type == "NUMBER" and "SHARE" in stop.accepts and "NUMBER" not in stop.accepts:
        return mistakes.no_percent(stop.span, stop.found)
    if stop.lexeme.type == "OF" and number and "WORD" in stop.accepts:
        end = stop.end_before()
        return mistakes.no_percent(stop.at(end - len(number[1]), end), number[1])
    return None


def label_missing(stop: Stop) -> Diagnostic | None:
    """`status = "down" lasts at most 5 min` without a label: it begins like a definition."""
    here = {keyword.terminal for keyword, _ in stop.keywords_at(stop.lexeme.start_pos)}
    if stop.rule != "statement" or not here & {"LASTS_AT_MOST", "PER", "PER_ROLLING"}:
        return None
    stretch = stop.stretch
    if not _NAME_AND_EQUAL.match(stretch.text, stretch.start, stretch.end):
        return None
    whole = stop.at(stretch.start, stretch.end)
    return mistakes.needs_label(whole, stop.text(whole))


def reserved_in_definition(stop: Stop) -> Diagnostic | None:
    """`time in queue = …`: a reserved word in a defined name."""
    stretch = stop.stretch
    match = _NAME_AND_EQUAL.match(stretch.text, stretch.start, stretch.end)
    if match is None or stop.rule not in ("statement", "stage_line"):
        return None
    if not (stop.ended or stop.lexeme.start_pos < match.end()):
        return None
    if any(" " in keyword.spelling for keyword, _ in stop.keywords_at(stretch.start)):
        return None  # `time while team = "L1" …` is no definition
    name = match[0].rstrip("= \t\r\n")
    for word in re.finditer(r"`[^`]*`|\S+", name):
        if word[0].casefold() in stop.keywords.reserved:
            place = stop.at(stretch.start + word.start(), stretch.start + word.end())
            return mistakes.reserved(place, word[0], name)
    return None


def odd_label(stop: Stop) -> Diagnostic | None:
    """`24/7 support: …`: a label with signs in it."""
    stretch = stop.stretch
    match = _ODD_LABEL.match(stretch.text, stretch.start, stretch.end)
    if (
        match is None
        or stop.rule != "statement"
        or "`" in match[0]
        or not (stop.ended or stop.lexeme.start_pos < match.end())
    ):
        return None
    if stretch.words.pattern("LABEL").match(stretch.text, stretch.start, stretch.end):
        return None
    label = match[0].rstrip(": \t")
    return mistakes.odd_label(stop.at(stretch.start, stretch.start + len(label)), label)


def import_unclear(stop: Stop) -> Diagnostic | None:
    """`use ../rules`."""
    stretch = stop.stretch
    first = stretch.words.word.match(stretch.text, stretch.start, stretch.end)
    for keyword in stretch.words.first_keywords.get(first[0].casefold(), ()) if first else ():
        if keyword.terminal == "USE" and stop.rule == "statement":
            place = stop.at(stretch.start, stretch.start + len(keyword.spelling))
            return mistakes.needs_after(place, stop.text(place), stop.keywords.table["described_ahead"]["module"])
    return None


def comma_missing(stop: Stop) -> Diagnostic | None:
    """`sales contacts within 24h warn at 75%`."""
    if stop.ended or "COMMA" not in stop.accepts:
        return None
    before = stop.word_before()  # of `warn at`, the first word has been read as a part of the name before it
    for start in (stop.lexeme.start_pos, *((before.start,) if before else ())):
        for keyword, end in stop.keywords_at(start):
            if keyword.terminal in _DETAILS and end > stop.lexeme.start_pos:
                place = stop.at(start, end)
                return mistakes.comma_missing(place, stop.text(place))
    return None


def promise_unfinished(stop: Stop) -> Diagnostic | None:
    """`sales contacts`: a phrase and nothing else."""
    if not stop.ended or stop.rule != "statement" or not {"WITHIN", "LASTS_AT_MOST"} <= stop.accepts:
        return None
    typo = _typo_before(stop, stop.last_word())
    return typo or mistakes.no_promise(stop.last_word(), stop.text(stop.last_word()))


def phrase_missing(stop: Stop) -> Diagnostic | None:
    """`within 24h`, without who does what."""
    if stop.rule != "statement" or stop.lexeme.type not in ("WITHIN", "BY", "EVERY"):
        return None
    return mistakes.phrase_missing(stop.span, stop.found) if "LIST" in stop.accepts or not _named(stop) else None


def _named(stop: Stop) -> bool:
    """Whether something other than a label stands before the lexeme."""
    return not stop.before.rstrip().endswith(":")


def quotes_missing(stop: Stop) -> Diagnostic | None:
    """`service hosting`."""
    if stop.lexeme.type not in ("WORD", "QUOTED") or "TEXT" not in stop.accepts or "WORD" in stop.accepts:
        return None
    text, start, end = stop.stretch.text, stop.lexeme.start_pos, stop.stretch.end
    match = re.compile(r"[^,;\n\r\"`]+").match(text, start, end)
    words = (match[0] if match else stop.found).rstrip()
    return mistakes.no_quotes(stop.at(start, start + len(words)), words)


def look_ahead_failed(stop: Stop) -> Diagnostic | None:
    """`per fortnight`: the keyword could stand here, but not before what follows it."""
    if stop.ended:
        return None
    described = stop.keywords.table.get("described_ahead", {})
    for keyword in stop.keywords.first_keywords.get(stop.found.casefold(), ()):
        entry = stop.keywords.table["keywords"][keyword.terminal]
        ahead = entry.get("before") if isinstance(entry, dict) else None
        if keyword.terminal in stop.accepts and ahead in described and " " not in keyword.spelling:
            return mistakes.needs_after(stop.span, stop.found, described[ahead])
    return None


def range_without_in(stop: Stop) -> Diagnostic | None:
    """`size = 50..500`."""
    if stop.lexeme.type != "DOTDOT" or "AND" not in stop.accepts:
        return None
    return mistakes.unexpected(stop.span, "..", (), "a range stands after `in`: `size in 50..500`")


def typo(stop: Stop) -> Diagnostic | None:
    """A word one or two letters away from a keyword that could stand there, here or just before."""
    if stop.ended:
        return _typo_before(stop, stop.last_word())
    if stop.found[:1].isalpha() and stop.found.casefold() not in stop.keywords.reserved:
        near = _near(stop, stop.found, stop.accepts)
        if near:
            return mistakes.mistyped(stop.span, stop.found, near, " " not in near and stop.found.casefold() != near)
    before = stop.word_before()
    return _typo_before(stop, before) if before else None


def _typo_before(stop: Stop, place: Span) -> Diagnostic | None:
    """A mistyped keyword among the words that were read as a name."""
    word = stop.text(place)
    if place.start == stop.stretch.start or word.casefold() in stop.keywords.special_words:
        return None
    near = _near(stop, word, stop.accepts)
    return mistakes.mistyped(place, word, near, " " not in near) if near else None


def _near(stop: Stop, word: str, accepts: frozenset[str]) -> str:
    firsts: dict[str, str] = {}
    for name, spelling in stop.keywords.spelled.items():
        if name in accepts:
            firsts.setdefault(spelling.split()[0], spelling)
    near = nearest(word, firsts, most=1) if len(word) > 2 else []
    return firsts[near[0]] if near else ""


def reserved_in_name(stop: Stop) -> Diagnostic | None:
    """`support sends copy of invoice within 2h`: a reserved word in the middle of a phrase."""
    if stop.ended or stop.found.casefold() not in stop.keywords.reserved or stop.lexeme.start_pos == stop.stretch.start:
        return None
    before = stop.word_before()
    following = re.match(r"\s+([^\W\d][\w-]*)", stop.after[len(stop.found) :])
    if before is None or not ("WORD" in stop.accepts or (following and _goes_on(stop, following.end()))):
        return None
    end = stop.lexeme.end_pos + (following.end() if following else 0)
    return mistakes.reserved_here(stop.span, stop.found, stop.text(stop.at(before.start, end)))


def _goes_on(stop: Stop, skipped: int) -> bool:
    """Whether the statement goes on as a promise after a reserved word in its phrase."""
    if stop.rule != "statement" or "WITHIN" not in stop.accepts:
        return False
    start = stop.lexeme.end_pos + skipped
    rest = stop.stretch.text[start : min(stop.stretch.end, start + 300)]
    return any(
        keyword.terminal in ("WITHIN", "BY", "BY_END_OF", "EVERY", "MUST", "MUST_NOT")
        for word in re.finditer(r"[^\W\d][\w'’-]*", rest)
        for keyword, _ in stop.keywords_at(start + word.start())
    )


def percentile_out_of_range(stop: Stop) -> Diagnostic | None:
    """`p100 of time of first contact`."""
    match = re.search(r"(?<![\w'’-])[pP](\d+)$", stop.before)
    if stop.lexeme.type != "OF" or match is None or 1 <= int(match[1][:6]) <= 99:
        return None
    end = stop.end_before()
    return mistakes.no_percentile(stop.at(end - len(match[0]), end), match[0])


def window_unknown(stop: Stop) -> Diagnostic | None:
    """`at least 120 orders per fortnight`: `per fortnight` has been read as a part of the name."""
    described = stop.keywords.table.get("described_ahead", {})
    entry = stop.keywords.table["keywords"].get("PER")
    ahead = entry.get("before") if isinstance(entry, dict) else None
    last = stop.last_word()
    if not stop.ended or "PER" not in stop.accepts or ahead not in described:
        return None
    match = re.search(r"(?<![\w'’-])([^\W\d][\w'’-]*)\s+$", stop.stretch.text[stop.stretch.start : last.start])
    if match is None:
        return None
    start = stop.stretch.start + match.start(1)
    if not any(keyword.terminal == "PER" for keyword in stop.keywords.first_keywords.get(match[1].casefold(), ())):
        return None
    return mistakes.needs_after(stop.at(start, start + len(match[1])), match[1], described[ahead])


SLIPS: tuple[Callable[[Stop], Diagnostic | None], ...] = (
    doubled_sign,
    comma_in_number,
    label_missing,
    odd_label,
    import_unclear,
    reserved_in_definition,
    missing_unit,
    missing_percent,
    percentile_out_of_range,
    window_unknown,
    comma_missing,
    promise_unfinished,
    phrase_missing,
    quotes_missing,
    look_ahead_failed,
    range_without_in,
    reserved_in_name,
    typo,
)
"""All slips, in the order in which they are tried."""
