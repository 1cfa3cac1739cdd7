"""What to say where the grammar cannot go on.

Takes:  the parser's exception and the stretch that it was reading.
Gives:  one Diagnostic in the author's words: what was found, what could stand there, what to do.
Never:  names a terminal or a rule.
"""

from __future__ import annotations

import re

from sladsl.syntax import mistakes
from sladsl.syntax.lexer import Lexeme, Stretch
from sladsl.syntax.machine import Unexpected
from sladsl.text import Diagnostic, Fix, Span, nearest

# what stands for what in a list of expectations, in the order in which they are said
_VALUES = (
    "WORD", "NUMBER", "SHARE", "DURATION", "MONEY", "TEXT", "DATE", "INSTANT", "TIME", "DAYS", "PERIOD", "ZONE",
    "REGION", "MODULE", "MONTH_DAY", "HEADING", "RAW", "GAP",
)  # fmt: skip
_COMPARISONS = frozenset(
    [
        "EQUAL",
        "NOT_EQUAL",
        "LESS",
        "AT_MOST_SIGN",
        "MORE",
        "AT_LEAST_SIGN",
        "CONTAINS",
        "STARTS_WITH",
        "ENDS_WITH",
        "MATCHES",
        "IN",
        "NOT_IN",
        "IS_KNOWN",
        "IS_MISSING",
    ]
)
_ARITHMETIC = frozenset(["PLUS", "MINUS", "STAR", "SLASH"])
_SIGNS = {
    "EQUAL": "`=`", "COMMA": "a comma", "OPEN_ROUND": "`(`", "CLOSE_ROUND": "`)`", "OPEN_SQUARE": "`[`",
    "CLOSE_SQUARE": "`]`", "DOTDOT": "`..`", "MORE": "`>`", "MINUS": "`-`",
}  # fmt: skip
_NUMBER_WITH_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])")


def explain(error: Unexpected, stretch: Stretch, rule: str, source: str) -> Diagnostic:
    """The diagnostic of a statement that the parser could not read to its end."""
    token, accepts = error.lexeme, error.accepts
    could = _said(accepts, stretch, rule)
    ended = token.type == "$END"
    text = stretch.text
    if ended:
        span = Span(source, *_last_word(stretch))
        hint, fix = _hint_at_end(accepts, stretch, rule, source)
        hint, fix = (hint, fix) if hint else _typo(text[span.start : span.end], span, accepts, stretch)
        if not text[stretch.start : stretch.end].strip():
            return mistakes.unfinished(span, "nothing", could)
        return mistakes.unfinished(span, f"`{mistakes.clip(text[span.start : span.end])}`", could, hint, fix)
    span = Span(source, token.start_pos, token.end_pos)
    found = text[span.start : span.end]
    hint, fix = _hint(token, accepts, stretch, rule, source)
    return mistakes.unexpected(span, found, could, hint, fix)


def _said(accepts: frozenset[str], stretch: Stretch, rule: str) -> list[str]:
    """What could stand here, each said once, the most telling first."""
    describe = stretch.words.keywords.describe
    said: list[str] = []
    if "WORD" in accepts and "COUNT_OF" in accepts:
        said.append("a name or a value")
        left: set[str] = set()
    else:
        said += [describe(name) for name in _VALUES if name in accepts]
        left = set(accepts)
    if accepts >= {"EQUAL", "MORE", "IN"}:
        left -= _COMPARISONS | _ARITHMETIC | {"DOTDOT"}
        comparisons = ["a comparison such as `>= 60`"]
    else:
        comparisons = []
        left -= _ARITHMETIC
    keywords = [name for name in stretch.words.keywords.table["keywords"] if name in left]
    said += [describe(name) for name in keywords if name not in ("AND", "OR", "YES", "NO")]
    said += comparisons
    said += [describe(name) for name in ("AND", "OR") if name in left]
    said += [sign for name, sign in _SIGNS.items() if name in left]
    if "$END" in accepts:
        said.append(describe("END"))
    return list(dict.fromkeys(text for text in said if text))


def _last_word(stretch: Stretch) -> tuple[int, int]:
    """The place of the last word of a statement."""
    text = stretch.text
    end = stretch.end
    start = end
    while start > stretch.start and not text[start - 1].isspace():
        start -= 1
    return start, end


def _typo(found: str, span: Span, accepts: frozenset[str], stretch: Stretch) -> tuple[str, Fix | None]:
    """A keyword that a word was probably meant to be."""
    keywords = stretch.words.keywords
    spelled = {spelling: name for name, spelling in keywords.spelled.items() if name in accepts}
    firsts: dict[str, str] = {}
    for spelling in spelled:
        firsts.setdefault(spelling.split()[0], spelling)
    near = nearest(found, firsts, most=1)
    if not near or near[0] == found.casefold():
        return "", None
    return f"did you mean `{firsts[near[0]]}`?", Fix(span, near[0])


def _hint(token: Lexeme, accepts: frozenset[str], stretch: Stretch, rule: str, source: str) -> tuple[str, Fix | None]:
    """Advice for what stands where it cannot, where something better than a list can be said."""
    text, start, end = stretch.text, token.start_pos, token.end_pos
    found = text[start:end]
    span = Span(source, start, end)
    keywords = stretch.words.keywords
    before = text[stretch.start : start].rstrip()
    if (token.type == "EQUAL" and text[end - 2 : end + 1] == "==") or (before.endswith("=") and found == "="):
        return "equality is written with one `=`", Fix(span, "")
    comma = _NUMBER_WITH_COMMA.search(text, max(stretch.start, start - 4), min(stretch.end, start + 12))
    if token.type in ("COMMA", "NUMBER") and comma and comma.start() <= start < comma.end():
        place = Span(source, comma.start(), comma.end())
        return f"write `{comma[0].replace(',', '_')}`", Fix(place, comma[0].replace(",", "_"))
    if token.type == "NUMBER" and "DURATION" in accepts:
        return _unit_hint(stretch, start, end)
    if token.type == "WORD" and "TEXT" in accepts and "WORD" not in accepts:
        return "write it in double quotes", Fix(span, f'"{found}"')
    if token.type == "WORD" and _after_number(stretch, start) and "DURATION" not in accepts:
        unit = nearest(found, keywords.units, most=1)
        if unit:
            return f"did you mean `{unit[0]}`?", Fix(span, unit[0])
    if token.type == "DOTDOT":
        return "a range stands after `in`: `size in 50..500`", None
    if token.type in ("WORD", "QUOTED") or found[:1].isalpha():
        hint, fix = _typo(found, span, accepts, stretch)
        if hint:
            return hint, fix
    previous = re.search(r"[\w'’-]+$", before)
    if previous and previous[0].casefold() not in keywords.special_words:
        place = Span(source, stretch.start + previous.start(), stretch.start + previous.end())
        hint, fix = _typo(previous[0], place, accepts, stretch)
        if hint and place.start > stretch.start:
            return hint, fix
    if found.casefold() in keywords.reserved:
        return "", None
    return "", None


def _hint_at_end(accepts: frozenset[str], stretch: Stretch, rule: str, source: str) -> tuple[str, Fix | None]:
    text = stretch.text[stretch.start : stretch.end]
    if rule == "statement" and "WITHIN" in accepts and "LASTS_AT_MOST" in accepts:
        return (
            "a promise goes on with `within 24h`, `by 18:00`, `every 24h`, `at least 3 times within 5 days`; "
            "a definition is written `name = condition`",
            None,
        )
    if re.search(r"\d$", text) and "DURATION" in accepts:
        return _unit_hint(stretch, stretch.start, stretch.end)
    return "", None


def _unit_hint(stretch: Stretch, start: int, end: int) -> tuple[str, Fix | None]:
    after = re.match(r"\s*([^\W\d]\w*)", stretch.text[end : min(stretch.end, end + 60)])
    if after and after[1].casefold() not in stretch.words.keywords.special_words:
        near = nearest(after[1], stretch.words.keywords.units, most=1)
        if near:
            return f"`{after[1]}` is no unit of time; did you mean `{near[0]}`?", None
        return (
            f"`{after[1]}` is no unit of time: there are `min`, `h`, `days`, `business hours`, `business days` …",
            None,
        )
    return "a duration needs a unit: `24h`, `3 business days`", None


def _after_number(stretch: Stretch, start: int) -> bool:
    return re.search(r"\d\s*$", stretch.text[max(stretch.start, start - 20) : start]) is not None
