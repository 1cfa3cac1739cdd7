"""Usual slips in words and statements, each recognised by one function, with advice that fits.

Takes:  a Stop: where the parser stopped and what it could have taken.
Gives:  a Diagnostic, or None where it is not that slip.
Never:  looks at declared names.

The functions are tried in the order of SLIPS, at the end of this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sladsl.syntax import mistakes
from sladsl.syntax.habit_slips import (
    bound_missing,
    colon_after_a_keyword,
    day_closed,
    during_hours,
    hours_in_words,
    hours_joined,
    in_for_within,
    is_a_text,
    money_sign,
    person_without_quotes,
    round_the_clock,
    row_of_a_credit,
    said_otherwise,
)
from sladsl.syntax.stop import Stop, near_keyword
from sladsl.syntax.value_slips import (
    colon_and_equal,
    comma_in_number,
    decimal_comma,
    doubled_sign,
    every_without_number,
    kind_mistyped,
    look_ahead_failed,
    missing_percent,
    missing_unit,
    percentile_out_of_range,
    quotes_missing,
    quotes_needless,
    range_without_in,
    region_in_words,
    window_unknown,
)
from sladsl.text import Diagnostic, Span, fold, nearest

_NAME_AND_EQUAL = re.compile(r"(?:`[^`\n\r]+`|[\w'’-]+)(?:\s+(?:`[^`\n\r]+`|[\w'’-]+))*\s*=(?!=)")
_ODD_LABEL = re.compile(r"[^\"=:;\n\r]{1,60}:(?=\s)")
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
    start = _after_keyword(stop, frozenset({"PARTY", "LIST"}))
    return _reserved_in(stop, start, match.end() - match[0].endswith("="))


def reserved_in_head(stop: Stop) -> Diagnostic | None:
    """`calendar night and day`: a reserved word in the name that a statement gives."""
    start = _after_keyword(stop, frozenset({"PARTY", "CALENDAR", "LIFECYCLE"}))
    if stop.rule != "statement" or start == stop.stretch.start or stop.lexeme.start_pos <= start:
        return None
    end = re.compile(r"[\w'’ -]*").match(stop.stretch.text, start, stop.stretch.end)
    return _reserved_in(stop, start, end.end()) if end is not None and end.end() == stop.stretch.end else None


def _after_keyword(stop: Stop, terminals: frozenset[str]) -> int:
    """Where the name begins that follows one of these keywords; the start of the statement where it begins with none."""
    here = [end for keyword, end in stop.keywords_at(stop.stretch.start) if keyword.terminal in terminals]
    blank = re.compile(r"\s*").match(stop.stretch.text, max(here)) if here else None
    return blank.end() if blank else stop.stretch.start


def _reserved_in(stop: Stop, start: int, end: int) -> Diagnostic | None:
    """The first reserved word of a name."""
    name = stop.stretch.text[start:end].rstrip()
    for word in re.finditer(r"`[^`]*`|\S+", name):
        if word[0].casefold() in stop.keywords.reserved:
            return mistakes.reserved(stop.at(start + word.start(), start + word.end()), word[0], name)
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
    if stop.ended or "COMMA" not in stop.accepts or stop.rule not in ("statement", "detail_line"):
        return None
    # of `warn at`, the first words may have been read as a part of the name before it
    read = [
        match.start() for match in re.finditer(r"(?<![\w'’-])[^\W\d][\w'’-]*(?=(?:\s+[\w'’-]+){0,2}\s*$)", stop.before)
    ]
    offset = stop.end_before() - len(stop.before)
    for start in (stop.lexeme.start_pos, *(offset + place for place in reversed(read))):
        for keyword, end in stop.keywords_at(start):
            if keyword.terminal in _DETAILS and end >= stop.end_before():
                place = stop.at(start, end)
                sure = keyword.terminal not in ("BY", "IN")  # `accepted by sales` may have been meant as a name
                return mistakes.comma_missing(place, stop.text(place), sure)
    return None


def actor_of_a_start(stop: Stop) -> Diagnostic | None:
    """`within 2h of created by marketing`."""
    if stop.rule != "statement" or not any(k.terminal == "BY" for k, _ in stop.keywords_at(stop.lexeme.start_pos)):
        return None
    match = re.search(r"(?<![\w'’-])of\s+([^\W\d][\w '’-]*)$", stop.before)
    party = re.match(r"\w+\s+([^\W\d][\w'’-]*)\s*(?=$|[,;\n])", stop.after)
    if match is None or party is None or " per " in stop.stretch.text[stop.stretch.start : stop.stretch.end]:
        return None
    meant = f"({match[1]} and actor = {party[1]})"
    place = stop.at(stop.lexeme.start_pos, stop.lexeme.start_pos + party.end(1))
    return mistakes.actor_of_a_start(place, stop.text(place), meant)


def promise_unfinished(stop: Stop) -> Diagnostic | None:
    """`sales contacts`: a phrase and nothing else."""
    if not stop.ended or stop.rule != "statement" or not {"WITHIN", "LASTS_AT_MOST"} <= stop.accepts:
        return None
    last = stop.last_word()
    typo = _typo_at(stop, last) if last.start != stop.stretch.start else None
    return typo or mistakes.no_promise(stop.last_word(), stop.text(stop.last_word()))


def phrase_missing(stop: Stop) -> Diagnostic | None:
    """`within 24h`, without who does what."""
    if stop.rule != "statement" or stop.lexeme.type not in ("WITHIN", "BY", "EVERY"):
        return None
    return mistakes.phrase_missing(stop.span, stop.found) if "LIST" in stop.accepts or not _named(stop) else None


def _named(stop: Stop) -> bool:
    """Whether something other than a label stands before the lexeme."""
    return not stop.before.rstrip().endswith(":")


def typo(stop: Stop) -> Diagnostic | None:
    """A word one or two letters away from a keyword that could stand there, here or just before."""
    if stop.ended:
        return _typo_at(stop, stop.last_word())
    if stop.found[:1].isalpha() and stop.found.casefold() not in stop.keywords.reserved:
        told = _typo_at(stop, stop.span)
        if told:
            return told
    before = stop.word_before()
    return _typo_at(stop, before) if before and before.start != stop.stretch.start else None


def _typo_at(stop: Stop, place: Span) -> Diagnostic | None:
    """A mistyped keyword that begins at a word."""
    word = stop.text(place)
    near = near_keyword(stop.stretch, place.start, stop.accepts)
    if near:
        whole = stop.at(place.start, near[0])
        return mistakes.mistyped(whole, stop.text(whole), near[1], safe=True)
    if place.start != stop.lexeme.start_pos and (
        place.start == stop.stretch.start or word.casefold() in stop.keywords.special_words
    ):
        return None
    first = _near_first(stop, word)
    return mistakes.mistyped(place, word, first, safe=False) if first else None


def _near_first(stop: Stop, word: str) -> str:
    """A keyword of several words whose first one is near, though what follows is not what it asks for."""
    firsts: dict[str, str] = {}
    for name, spelling in stop.keywords.spelled.items():
        if name in stop.accepts:
            firsts.setdefault(spelling.split()[0], spelling)
    near = nearest(word, firsts, most=1) if len(word) > 2 else []
    return firsts[near[0]] if near and fold(firsts[near[0]]) != fold(word) else ""


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


def reserved_at_end(stop: Stop) -> Diagnostic | None:
    """`within 24 hours of check in`: the reserved word may be the end of a name, or something is missing after it."""
    last = stop.last_word() if stop.ended else stop.word_before()
    if last is None or not (stop.ended or stop.found == ",") or "WORD" not in stop.accepts or "COMMA" in stop.accepts:
        return None
    word = stop.text(last)
    before = re.search(r"([^\W\d][\w'’-]*)\s+$", stop.stretch.text[stop.stretch.start : last.start])
    if before is None:
        return None
    if word.casefold() not in stop.keywords.reserved - stop.keywords.continue_with:
        return None
    if fold(before[1]) in stop.keywords.special_words:
        return None
    return mistakes.reserved_at_end(last, word, f"{before[1]} {word}")


def reserved_and_compared(stop: Stop) -> Diagnostic | None:
    """`accepted by sales = yes`: a reserved word in the middle of a name that is compared with something."""
    before = None if stop.ended else stop.word_before()
    following = re.match(r"\s+([^\W\d][\w-]*)", stop.after[len(stop.found) :])
    if before is None or following is None or stop.found.casefold() not in stop.keywords.reserved:
        return None
    if not _compared(stop, following.end()):
        return None
    words = stop.text(stop.at(before.start, stop.lexeme.end_pos + following.end()))
    return mistakes.reserved_here(stop.span, stop.found, words)


def _compared(stop: Stop, skipped: int) -> bool:
    """Whether what a reserved word seems to be in the middle of is compared with something: `accepted by sales = yes`."""
    start = stop.lexeme.end_pos + skipped
    rest = re.compile(r"(?:\s+[^\W\d][\w'’-]*){0,3}?\s*(?:[=<>]|!=|is\b)").match(
        stop.stretch.text, start, stop.stretch.end
    )
    here = {keyword.terminal for keyword, _ in stop.keywords_at(stop.lexeme.start_pos)}
    return rest is not None and bool(here & {"BY", "IN", "OF", "AT"})


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


SLIPS: tuple[Callable[[Stop], Diagnostic | None], ...] = (
    round_the_clock,
    money_sign,
    is_a_text,
    bound_missing,
    colon_after_a_keyword,
    person_without_quotes,
    day_closed,
    hours_in_words,
    hours_joined,
    during_hours,
    row_of_a_credit,
    colon_and_equal,
    doubled_sign,
    comma_in_number,
    decimal_comma,
    label_missing,
    odd_label,
    reserved_at_end,
    import_unclear,
    region_in_words,
    reserved_in_definition,
    reserved_in_head,
    missing_unit,
    kind_mistyped,
    every_without_number,
    missing_percent,
    percentile_out_of_range,
    window_unknown,
    reserved_and_compared,
    actor_of_a_start,
    said_otherwise,
    comma_missing,
    reserved_in_name,
    in_for_within,
    promise_unfinished,
    phrase_missing,
    quotes_missing,
    quotes_needless,
    look_ahead_failed,
    range_without_in,
    typo,
)
"""All slips, in the order in which they are tried."""
