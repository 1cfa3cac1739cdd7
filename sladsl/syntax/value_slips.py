"""Usual slips in values, signs and units, each recognised by one function, with advice that fits.

Takes:  a Stop: where the parser stopped and what it could have taken.
Gives:  a Diagnostic, or None where it is not that slip.
Never:  looks at declared names.
"""

from __future__ import annotations

import re

from sladsl.syntax import mistakes, text_mistakes, value_mistakes
from sladsl.syntax.lexer import STATEMENT_KEYWORDS
from sladsl.syntax.stop import Stop, near_words
from sladsl.text import Diagnostic, Fix, Span, fold, nearest

_SIGN_RUN = re.compile(r"[=<>!&|]+")
_COMMA_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])")
_DECIMALS = re.compile(r"(\d+)(?:\s*%|\s+[A-Z]{3}(?!\w))?(?![\d,])")


def colon_and_equal(stop: Stop) -> Diagnostic | None:
    """`qualified := score >= 60`."""
    label = stop.before
    if stop.found != "=" or not label.endswith(":") or stop.stretch.text[stop.lexeme.start_pos - 1] != ":":
        return None
    start, end = stop.stretch.start, stop.lexeme.end_pos
    fix = Fix(stop.at(start, end), f"{stop.stretch.text[start : end - 2].rstrip()} =")
    return text_mistakes.colon_and_equal(stop.at(end - 2, end), fix)


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
    return text_mistakes.wrong_sign(stop.at(start, end), text[start:end])


def every_without_number(stop: Stop) -> Diagnostic | None:
    """`support updates every day while …`."""
    every = stop.keywords.spelled["EVERY"]
    said = stop.stretch.text[max(stop.stretch.start, stop.lexeme.start_pos - 300) : stop.lexeme.start_pos]
    match = re.search(rf"(?<![\w'’-])({re.escape(every)})\s+([^\W\d][\w'’-]*)\s*$", said, re.I)
    unit = stop.keywords.units.get(fold(match[2])) if match else None
    repeats = {keyword.terminal for keyword, _ in stop.keywords_at(stop.lexeme.start_pos)} & {"WHILE", "COMMA", "IN"}
    if match is None or unit is None or not ("EVERY" in stop.accepts or repeats):
        return None
    end = stop.end_before()
    place = stop.at(end - len(said[match.start() :].rstrip()), end)
    fixed = unit in ("second", "minute", "hour", "day", "week")
    return value_mistakes.every_without_number(
        place, stop.text(place), f"{match[1]} 1 {match[2]}" if fixed else "", match[1]
    )


def comma_in_number(stop: Stop) -> Diagnostic | None:
    """`1,000`."""
    if stop.ended:
        return None
    start = max(stop.stretch.start, stop.lexeme.start_pos - 4)
    match = _COMMA_NUMBER.search(stop.stretch.text, start, min(stop.stretch.end, start + 30))
    if match is None or not match.start() <= stop.lexeme.start_pos < match.end():
        return None
    return value_mistakes.comma_number(stop.at(*match.span()), match[0])


def decimal_comma(stop: Stop) -> Diagnostic | None:
    """`4,5`, `99,9%`, `1.000,50 EUR`."""
    if stop.found != ",":
        return None
    text, comma = stop.stretch.text, stop.lexeme.start_pos
    whole = re.search(
        r"(?<![\w.,])\d{1,3}(?:\.\d{3})+$|(?<![\w.,])\d+$", text[max(stop.stretch.start, comma - 40) : comma]
    )
    part = _DECIMALS.match(text, comma + 1, stop.stretch.end)
    if whole is None or part is None:
        return None
    start = comma - len(whole[0])
    number, unit = text[start : comma + 1 + len(part[1])], part[0][len(part[1]) :]
    meant = f"{whole[0].replace('.', '_')}.{part[1]}{unit}"
    place = stop.at(start, part.end())
    return value_mistakes.decimal_comma(place, number + unit, meant)


def missing_unit(stop: Stop) -> Diagnostic | None:
    """`within 24`, `within 5 fortnights`, `within 24 busines hours`."""
    if stop.lexeme.type != "NUMBER" or "DURATION" not in stop.accepts or "NUMBER" in stop.accepts:
        return None
    match = re.match(r"([\d_.]+)\s*([^\W\d][\w-]*)?(?:\s+([^\W\d][\w-]*))?", stop.after)
    word = match[2] if match else None
    if match is None or word is None or word.casefold() in stop.keywords.special_words - set(stop.keywords.kinds):
        return value_mistakes.no_unit(stop.span, stop.found)
    start = stop.lexeme.start_pos
    right = _duration_meant(stop, [part for part in match.groups() if part])
    if right:
        said = match[0][: match.end(2)] if right.count(" ") == 1 else match[0]
        place = stop.at(start, start + len(said))
        wrong = said[len(match[1]) :].strip()
        units = stop.at(place.end - len(wrong), place.end)
        return value_mistakes.unknown_unit(units, wrong, right.partition(" ")[2], Fix(place, right))
    near = nearest(word, stop.keywords.units, most=1)
    place = stop.at(start + match.start(2), start + match.end(2))
    return value_mistakes.unknown_unit(place, word, near[0] if near else "")


def _duration_meant(stop: Stop, words: list[str]) -> str:
    """`24 business hours` for `24`, `busines`, `hours`; "" where no spelling is near."""
    number, *rest = words
    spelled = [*stop.keywords.units, *stop.keywords.kinds]
    pattern = stop.stretch.words.pattern("DURATION")
    for size in range(len(rest), 0, -1):
        meant = [
            word if fold(word) in spelled else next(iter(nearest(word, spelled, most=1)), "") for word in rest[:size]
        ]
        text = " ".join((number, *meant))
        if all(meant) and pattern.fullmatch(text):
            return text
    return ""


def kind_mistyped(stop: Stop) -> Diagnostic | None:
    """`24 horas laborabes`, `24 hours busines`: what follows the unit was meant to say how the time is counted."""
    if stop.lexeme.type != "WORD" or fold(stop.found) in stop.keywords.special_words:
        return None
    match = re.search(r"(?<![\w.])(\d[\d_.]*)\s*([^\W\d][\w'’-]*)$", stop.before)
    if match is None or fold(match[2]) not in stop.keywords.units:
        return None
    near = nearest(stop.found, stop.keywords.kinds, most=1)
    right = f"{match[1]} {match[2]} {near[0]}" if near else ""
    if not stop.stretch.words.pattern("DURATION").fullmatch(right):
        return None
    whole = stop.at(stop.end_before() - len(match[0]), stop.lexeme.end_pos)
    place = stop.at(stop.end_before() - len(match[2]), stop.lexeme.end_pos)
    return value_mistakes.unknown_unit(place, f"{match[2]} {stop.found}", f"{match[2]} {near[0]}", Fix(whole, right))


def missing_percent(stop: Stop) -> Diagnostic | None:
    """`warn at 75`, `at least 95 of first contact met`."""
    number = re.search(r"(?<![\w.])(\d[\d_.]*)$", stop.before)
    if stop.lexeme.type == "NUMBER" and "SHARE" in stop.accepts and "NUMBER" not in stop.accepts:
        return value_mistakes.no_percent(stop.span, stop.found)
    if stop.lexeme.type == "OF" and number and "WORD" in stop.accepts:
        end = stop.end_before()
        return value_mistakes.no_percent(stop.at(end - len(number[1]), end), number[1])
    return None


def quotes_missing(stop: Stop) -> Diagnostic | None:
    """`service hosting`."""
    if stop.lexeme.type not in ("WORD", "QUOTED") or "TEXT" not in stop.accepts or "WORD" in stop.accepts:
        return None
    text, start, end = stop.stretch.text, stop.lexeme.start_pos, stop.stretch.end
    match = re.compile(r"[^,;\n\r\"`]+").match(text, start, end)
    words = (match[0] if match else stop.found).rstrip()
    return mistakes.no_quotes(stop.at(start, start + len(words)), words)


def quotes_needless(stop: Stop) -> Diagnostic | None:
    """`calendar "office"`, `holidays "ES"`, `timezone "Europe/Madrid"`."""
    if stop.lexeme.type != "TEXT" or not stop.accepts & {"WORD", "ZONE", "REGION"}:
        return None
    inner = stop.found[1:-1].strip()
    if stop.rule != "statement":
        if " " in inner or "WORD" in stop.accepts or not inner:
            return None
        return mistakes.quotes_needless(stop.span, stop.found, inner, Fix(stop.span, inner), name=False)
    begun = re.compile(r"[^\W\d]\w*\s+").match(stop.stretch.text, stop.stretch.start, stop.lexeme.start_pos)
    keywords = stop.keywords.first_keywords.get(begun[0].strip().casefold(), ()) if begun else ()
    if begun is None or begun.end() != stop.lexeme.start_pos:
        return None
    if not any(keyword.terminal in STATEMENT_KEYWORDS for keyword in keywords):
        return None
    if not inner or not all(stop.stretch.words.word.fullmatch(word) for word in inner.split()):
        return None
    fix = Fix(stop.at(stop.stretch.start, stop.lexeme.end_pos), begun[0] + inner)
    return mistakes.quotes_needless(stop.span, stop.found, inner, fix, name=True)


def look_ahead_failed(stop: Stop) -> Diagnostic | None:
    """`per fortnight`: the keyword could stand here, but not before what follows it."""
    if stop.ended:
        return None
    described = stop.keywords.table.get("described_ahead", {})
    for keyword in stop.keywords.first_keywords.get(stop.found.casefold(), ()):
        entry = stop.keywords.table["keywords"][keyword.terminal]
        ahead = entry.get("before") if isinstance(entry, dict) else None
        if keyword.terminal in stop.accepts and ahead in described and " " not in keyword.spelling:
            if keyword.terminal == "PER":
                return _no_window(stop, stop.span, described[ahead])
            return mistakes.needs_after(stop.span, stop.found, described[ahead])
    return None


def _no_window(stop: Stop, per: Span, windows: str) -> Diagnostic:
    """`per moth`, `per fortnight`; `at most 3 handovers per ticket`, where `per case` could stand, too."""
    if "PER_CASE" in stop.accepts:
        windows = f"`{stop.keywords.spelled['PER_CASE'].split()[-1]}`, whatever a case is called, or {windows}"
    return _window_mistyped(stop, per) or mistakes.needs_after(per, stop.text(per), windows)


def _window_mistyped(stop: Stop, per: Span) -> Diagnostic | None:
    """`per moth`."""
    written = re.compile(r"\s+([^\W\d][\w'’-]*)").match(stop.stretch.text, per.end, stop.stretch.end)
    if written is None or "PER" not in stop.accepts:
        return None
    windows = [
        word for name in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR") for word in stop.keywords.spellings_of(name)
    ]
    near = [word for word in nearest(written[1], windows, most=1) if near_words(written[1], word)]
    if not near:
        return None
    place = stop.at(written.start(1), written.end(1))
    fix = Fix(stop.at(per.start, place.end), f"{stop.text(per)} {near[0]}")
    return mistakes.mistyped(place, written[1], near[0], safe=False, fix=fix)


def range_without_in(stop: Stop) -> Diagnostic | None:
    """`size = 50..500`."""
    if stop.lexeme.type != "DOTDOT" or "AND" not in stop.accepts:
        return None
    return mistakes.unexpected(stop.span, "..", (), "a range stands after `in`: `size in 50..500`")


def region_in_words(stop: Stop) -> Diagnostic | None:
    """`holidays Spain`, `festivos España`."""
    stretch = stop.stretch
    if stop.rule != "calendar_line" or not any(k.terminal == "HOLIDAYS" for k, _ in stop.keywords_at(stretch.start)):
        return None
    _, start = next((k, end) for k, end in stop.keywords_at(stretch.start) if k.terminal == "HOLIDAYS")
    words = re.compile(r"\s*([^\W\d][^,;#\n\r]*)").match(stretch.text, start, stretch.end)
    if words is None:
        return None
    return value_mistakes.no_region(stop.at(*words.span(1)), words[1].rstrip())


def percentile_out_of_range(stop: Stop) -> Diagnostic | None:
    """`p100 of time of first contact`."""
    match = re.search(r"(?<![\w'’-])[pP](\d+)$", stop.before)
    if stop.lexeme.type != "OF" or match is None or 1 <= int(match[1][:6]) <= 99:
        return None
    end = stop.end_before()
    return value_mistakes.no_percentile(stop.at(end - len(match[0]), end), match[0])


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
    return _no_window(stop, stop.at(start, start + len(match[1])), described[ahead])
