"""Slips that come of the way people write agreements elsewhere, each recognised by one function.

Takes:  a Stop: where the parser stopped and what it could have taken.
Gives:  a Diagnostic, mostly with a safe correction, or None where it is not that slip.
Never:  knows the words themselves where a language may have others: those stand in its table (`people_say`).
"""

from __future__ import annotations

import re

from sladsl.syntax import mistakes, value_mistakes
from sladsl.syntax.keywords import Keyword
from sladsl.syntax.stop import Stop
from sladsl.text import Diagnostic, Fix, fold

_MONEY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(\d[\d_.]*)\s*$")


def said_otherwise(stop: Stop) -> Diagnostic | None:
    """`monthly` for `per month`, `notify at` for `warn at`: words of the table's `people_say`."""
    said = stop.keywords.table.get("people_say", {})
    before = stop.word_before()
    for start in (stop.lexeme.start_pos, *((before.start,) if before else ())):
        for words, meant in said.items():
            match = re.compile(re.escape(words).replace(r"\ ", r"\s+") + r"(?![\w'’-])", re.I).match(
                stop.stretch.text, start, stop.stretch.end
            )
            if match is None or (start != stop.lexeme.start_pos and match.end() < stop.end_before()):
                continue
            keywords = _keywords_of(stop, meant)
            place = stop.at(start, match.end())
            if any(keyword.terminal in stop.accepts for keyword in keywords):
                return mistakes.mistyped(place, match[0], meant, safe=True)
            if "COMMA" in stop.accepts and any(keyword.terminal == "WHEN" for keyword in keywords):
                return mistakes.mistyped(place, match[0], f", {meant}", safe=True)
    return None


def _keywords_of(stop: Stop, words: str) -> list[Keyword]:
    first = stop.keywords.first_keywords.get(words.split()[0].casefold(), [])
    return [keyword for keyword in first if words.casefold().startswith(keyword.spelling.casefold())]


def is_a_text(stop: Stop) -> Diagnostic | None:
    """`priority is "P1"`."""
    match = re.search(r"(?<![\w'’-])([^\W\d]+)(\s+[^\W\d]+)?\s*$", stop.before)
    if stop.lexeme.type not in ("TEXT", "NUMBER", "YES", "NO") or match is None:
        return None
    word = stop.word_before()
    verbs = {spelling.split()[0] for name in ("IS_KNOWN",) for spelling in stop.keywords.spellings_of(name)}
    if word is None or fold(stop.text(word)) not in stop.keywords.operator_words & set(map(fold, verbs)):
        return None
    return mistakes.is_a_text(word, stop.text(word), f"= {stop.found}", Fix(word, "="))


def bound_missing(stop: Stop) -> Diagnostic | None:
    """`95% of first response met per month`, `generates 120 MQLs per month`, `attempts 6 times within 10 days`."""
    spelled = stop.keywords.spelled
    if stop.rule != "statement":
        return None
    rest = stop.stretch.text[stop.lexeme.start_pos : min(stop.stretch.end, stop.lexeme.start_pos + 300)]
    share = re.search(r"(?<![\w.])(\d[\d_.]*\s*%)\s*$", stop.before)
    if share and stop.lexeme.type in ("OF", "WORD") and fold(stop.found) in stop.keywords.spellings_of("OF"):
        end = stop.end_before()
        place = stop.at(end - len(share[0].rstrip()), end)
        if not re.search(rf"(?<![\w]){re.escape(spelled['MET'])}", rest, re.I):
            return value_mistakes.share_turned_round(place, share[1], spelled["AT_LEAST"])
        return value_mistakes.bound_missing(place, share[1], f"{spelled['AT_LEAST']} {share[1]}")
    counted = "AT_LEAST" in stop.accepts and any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", rest) for word in (spelled["PER"], spelled["TIMES"])
    )
    if stop.lexeme.type == "NUMBER" and counted:
        return value_mistakes.bound_missing(stop.span, stop.found, f"{spelled['AT_LEAST']} {stop.found}")
    return None


def money_sign(stop: Stop) -> Diagnostic | None:
    """`50 € per miss`, where money must stand."""
    match = re.match(r"(\d[\d_.]*)\s*([€$£])", stop.after)
    if stop.lexeme.type != "NUMBER" or match is None or "MONEY" not in stop.accepts:
        return None
    start = stop.lexeme.start_pos
    meant = f"{match[1]} {_MONEY_SIGNS[match[2]]}"
    return value_mistakes.money_sign(stop.at(start, start + match.end()), match[0], meant)


def in_for_within(stop: Stop) -> Diagnostic | None:
    """`IT grants access in 1 day`."""
    within, stretch = stop.keywords.spelled["WITHIN"], stop.stretch
    if stop.rule != "statement" or stop.keywords.spelled["IN"] == within:
        return None
    duration = stretch.words.pattern("DURATION")
    for match in re.finditer(
        rf"(?<![\w'’-]){re.escape(stop.keywords.spelled['IN'])}\s+(?=\d)",
        stretch.text[stretch.start : stretch.end],
        re.I,
    ):
        start = stretch.start + match.start()
        if start < stop.lexeme.start_pos and duration.match(stretch.text, stretch.start + match.end(), stretch.end):
            place = stop.at(start, start + len(match[0].rstrip()))
            return mistakes.mistyped(place, stop.text(place), within, safe=True)
    return None


def round_the_clock(stop: Stop) -> Diagnostic | None:
    """`within 15 minutes, 24x7`."""
    start = stop.lexeme.start_pos
    if stop.before.endswith("24"):  # the number has been read, `x7` has not
        start = stop.end_before() - 2
    match = re.compile(r"24\s*[x/×]\s*7\b", re.I).match(stop.stretch.text, start, stop.stretch.end)
    return value_mistakes.round_the_clock(stop.at(start, match.end()), match[0]) if match else None


def during_hours(stop: Stop) -> Diagnostic | None:
    """`within 5 minutes during business hours`."""
    during = stop.keywords.spelled["DURING"]
    amount = re.search(r"(?<![\w.])(\d[\d_.]*)\s*([^\W\d]+)$", stop.before)
    unit = stop.keywords.units.get(fold(amount[2])) if amount else None
    if fold(stop.found) != during or amount is None or unit not in ("second", "minute", "hour", "day"):
        return None
    return value_mistakes.during_hours(
        stop.span, stop.found, f"{amount[1]} business {unit}{'' if amount[1] == '1' else 's'}"
    )


def row_of_a_credit(stop: Stop) -> Diagnostic | None:
    """`credit 10% below 99.9%`."""
    first = stop.keywords.spelled["CREDIT_OF"].split()[0]
    match = re.compile(rf"{re.escape(first)}\s+(\d.*)", re.I).match(
        stop.stretch.text, stop.stretch.start, stop.stretch.end
    )
    if match is None or stop.rule != "detail_line":
        return None
    row = re.split(r"[\n;]", match[1])[0]
    return mistakes.row_of_a_credit(stop.at(*match.span()), match[0], row, stop.keywords.spelled["CREDIT_OF"])


def hours_joined(stop: Stop) -> Diagnostic | None:
    """`mon-fri 09:00-13:00 and 15:00-18:00`."""
    joined = any(keyword.terminal == "AND" for keyword, _ in stop.keywords_at(stop.lexeme.start_pos))
    if stop.rule not in ("calendar_line", "season_line") or not joined or "COMMA" not in stop.accepts:
        return None
    return mistakes.mistyped(stop.span, stop.found, ",", safe=True)


def person_without_quotes(stop: Stop) -> Diagnostic | None:
    """`escalate to head of support at breach`."""
    to = stop.keywords.spelled["ESCALATE_TO"]
    match = re.search(rf"(?<![\w'’-]){re.escape(to)}\s+(\S[^,;\"]*)$", stop.before, re.I)
    if match is None or fold(stop.found) not in stop.keywords.reserved:
        return None
    following = re.match(r"\s+[^\W\d][\w'’-]*", stop.after[len(stop.found) :])
    start, end = stop.end_before() - len(match[1]), stop.lexeme.end_pos + (following.end() if following else 0)
    place = stop.at(start, end)
    return mistakes.no_quotes(place, stop.text(place))


def colon_after_a_keyword(stop: Stop) -> Diagnostic | None:
    """`calendar office: mon-fri 09:00-17:00`."""
    stretch = stop.stretch
    label = stretch.words.pattern("LABEL").match(stretch.text, stretch.start, stretch.end)
    first = stop.keywords.first_keywords.get(label[0].split()[0].casefold(), ()) if label and " " in label[0] else ()
    if label is None or not any(keyword.terminal in ("CALENDAR", "PARTY", "LIST", "LIFECYCLE") for keyword in first):
        return None
    if stop.rule != "statement" or stop.lexeme.start_pos < label.end():
        return None
    place = stop.at(stretch.start, label.end())
    return mistakes.colon_after_a_keyword(place, stop.text(place), label[0].rstrip(": \t"))


def day_closed(stop: Stop) -> Diagnostic | None:
    """`closed sunday`."""
    day = stop.stretch.words.pattern("DAYS").match(stop.stretch.text, stop.lexeme.start_pos, stop.stretch.end)
    if stop.rule != "calendar_line" or day is None or "DATE" not in stop.accepts:
        return None
    place = stop.at(stop.stretch.start, day.end())
    return mistakes.day_closed(
        place, stop.text(place), f"{day[0]} {stop.stretch.text[place.start : stop.end_before()]}"
    )


def hours_in_words(stop: Stop) -> Diagnostic | None:
    """`mon-fri 9:00 to 17:00`."""
    time = re.search(r"\d{1,2}:\d{2}$", stop.before)
    if stop.rule not in ("calendar_line", "season_line") or time is None or "MINUS" not in stop.accepts:
        return None
    following = re.match(r"[^\W\d]+\s+\d{1,2}:\d{2}", stop.after)
    return mistakes.mistyped(stop.span, stop.found, "-", safe=True) if following else None
