"""What to say where the grammar cannot go on.

Takes:  the place at which the parser stopped, and what it could have taken there.
Gives:  one Diagnostic in the author's words: what was found, what could stand there, what to do.
Never:  names a terminal or a rule.

A usual slip is recognised by one function of slips.py; here is what is said of all others.
"""

from __future__ import annotations

import re

from sladsl.syntax import mistakes, tree, value_mistakes
from sladsl.syntax.lexer import STATEMENT_KEYWORDS, Stretch
from sladsl.syntax.machine import Unexpected
from sladsl.syntax.slips import SLIPS
from sladsl.syntax.stop import Stop, near_keyword
from sladsl.syntax.tables import END
from sladsl.text import Diagnostic, Span

# values, in the order in which they are said
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
        "PLUS",
        "MINUS",
        "STAR",
        "SLASH",
        "DOTDOT",
    ]
)
_SIGNS = {
    "EQUAL": "`=`", "COMMA": "a comma", "OPEN_ROUND": "`(`", "CLOSE_ROUND": "`)`", "OPEN_SQUARE": "`[`",
    "CLOSE_SQUARE": "`]`", "DOTDOT": "`..`", "MORE": "`>`", "MINUS": "`-`",
}  # fmt: skip
_UNSAID = frozenset(["YES", "NO", "AND", "OR", "EVENT_FIELD", "DURING"])


def explain(error: Unexpected, stretch: Stretch, rule: str, source: str) -> Diagnostic:
    """The diagnostic of a statement that the parser could not read to its end."""
    stop = Stop(error.lexeme, error.accepts, stretch, rule, source)
    for slip in SLIPS:
        diagnostic = slip(stop)
        if diagnostic is not None:
            return diagnostic
    could = _said(stop)
    if stop.lexeme.type == END:
        place = stop.last_word()
        return mistakes.unfinished(place, f"`{mistakes.clip(stop.text(place))}`", could)
    place = Span(source, stop.lexeme.start_pos, stop.lexeme.end_pos)
    return mistakes.unexpected(place, stop.text(place), could)


def mistyped_start(stretch: Stretch, rule: str, source: str) -> Diagnostic | None:
    """The diagnostic of a statement whose first keyword may be mistyped (`calender office`)."""
    if rule != "statement":
        return None
    near = near_keyword(stretch, stretch.start, STATEMENT_KEYWORDS)
    if near is None:
        return None
    place = Span(source, stretch.start, near[0])
    return mistakes.mistyped(place, stretch.text[place.start : place.end], near[1], safe=True)


_AMOUNT = re.compile(r"(?<![\w.])(\d[\d_.]*)\s*$")
_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}


def stray_sign(stretch: Stretch, place: Span) -> Diagnostic | None:
    """The diagnostic of a sign behind a number that the lexer knows nowhere: `2000€`, `at most 5% of …`."""
    sign = stretch.text[place.start]
    number = _AMOUNT.search(stretch.text[max(stretch.start, place.start - 40) : place.start])
    if number is None:
        return None
    whole = Span(place.source, place.start - len(number[0]), place.end)
    written = stretch.text[whole.start : whole.end]
    if sign in _CURRENCY_SIGNS:
        return value_mistakes.money_sign(whole, written, f"{number[1]} {_CURRENCY_SIGNS[sign]}")
    if sign == "%" and number[1].isdigit() and int(number[1]) <= 100:
        return value_mistakes.share_at_most(whole, written, str(100 - int(number[1])))
    return None


def mistyped_hours(stretch: Stretch, definition: tree.Definition) -> Diagnostic | None:
    """The diagnostic of `busines hours = office`, which reads like a definition."""
    near = near_keyword(stretch, stretch.start, frozenset(["BUSINESS_HOURS"]))
    if near is None or near[0] != definition.name.span.end:
        return None
    return mistakes.mistyped(definition.name.span, definition.name.text, near[1], safe=True)


def _said(stop: Stop) -> list[str]:
    """What could stand here, each said once, the most telling first."""
    accepts, describe = stop.accepts, stop.keywords.describe
    keywords = [name for name in stop.keywords.spelled if name in accepts and name not in _UNSAID]
    if {"WORD", "COUNT_OF"} <= accepts:  # an expression may begin here
        return ["a name or a value", *(describe(n) for n in ("OF", "BREACH_OF", "FULFILMENT_OF") if n in accepts)]
    values = [describe(name) for name in _VALUES if name in accepts]
    if stop.lexeme.start_pos == stop.stretch.start or {"PAUSED_WHILE", "PENALTY"} <= accepts:
        said = [describe(name) for name in keywords] + values
    else:
        said = values
        comparable = {"EQUAL", "MORE", "IN"} <= accepts  # an expression has just ended
        said += [describe(name) for name in keywords if not (comparable and name in _COMPARISONS)]
        said += ["a comparison such as `>= 60`"] if comparable else []
        said += [describe(name) for name in ("AND", "OR") if name in accepts]
        said += [sign for name, sign in _SIGNS.items() if name in accepts and not (comparable and name in _COMPARISONS)]
    if END in accepts:
        said.append(describe("END"))
    return list(dict.fromkeys(text for text in said if text))
