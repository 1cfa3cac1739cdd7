"""The diagnostics of the syntax room, one function a mistake.

Takes:  places and the author's words.
Gives:  Diagnostics, codes SLA0001 to SLA0049.
Never:  names a terminal or a rule of the grammar.

| code    | mistake                                              |
| ------- | ---------------------------------------------------- |
| SLA0001 | not text, or not UTF-8                               |
| SLA0002 | something stands where it cannot                     |
| SLA0003 | a statement ends too early                           |
| SLA0004 | a character that means nothing                       |
| SLA0005 | a quote without a partner                            |
| SLA0006 | a bracket without a partner                          |
| SLA0007 | indented under something that takes nothing          |
| SLA0008 | indentation that matches no line above               |
| SLA0009 | tabs and spaces mixed                                |
| SLA0010 | nested too deep                                      |
| SLA0011 | too long                                             |
| SLA0012 | an unknown spoken language                           |
| SLA0013 | a date or a time that does not exist                 |
| SLA0014 | a number too long                                    |
| SLA0015 | a detail that belongs to something else              |
| SLA0016 | two comparisons in a row                             |
| SLA0017 | a phrase that is none                                |
| SLA0018 | a condition where a label is needed                  |
| SLA0019 | an objective without a target                        |
| SLA0020 | a reserved word in a name                            |
| SLA0021 | something said twice, or missing, in one statement   |
| SLA0022 | too many mistakes                                    |
| SLA0023 | another spoken language than the first line says     |
"""

from __future__ import annotations

from collections.abc import Sequence

from sladsl.text import Diagnostic, Fix, Severity, Span


class Mistake(Exception):
    """Carries a diagnostic out of the parser's callbacks."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def clip(text: str, most: int = 40) -> str:
    """A piece of the author's text, short enough for a message."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(items: Sequence[str], last: str = "or") -> str:
    """`a, b or c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def not_text(span: Span) -> Diagnostic:
    """A NUL character."""
    return Diagnostic(
        "SLA0001", "this is not a policy: it holds a NUL character, as binary files do", span, help="give a text file"
    )


def unexpected(span: Span, found: str, could: Sequence[str], hint: str = "") -> Diagnostic:
    """A word, value or sign that cannot stand where it does."""
    return Diagnostic(
        "SLA0002", f"`{clip(found)}` cannot stand here", span, help=hint or _could(could, "here could stand")
    )


def mistyped(span: Span, found: str, near: str, safe: bool, fix: Fix | None = None) -> Diagnostic:
    """A word that was meant to be the keyword `near`; `fix` where more than that word has to be read anew."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help=f"did you mean `{near}`?",
        fix=Fix(span, near) if safe else fix,
    )


def colon_and_equal(span: Span, fix: Fix) -> Diagnostic:
    """`qualified := …`."""
    advice = "a definition is written with `=` alone, a promise with `:` alone"
    return Diagnostic("SLA0004", "`:=` means nothing here", span, help=advice, fix=fix)


def every_without_number(span: Span, written: str, meant: str, every: str) -> Diagnostic:
    """`every day` where a promise says how often; `meant` is empty for months, which have no fixed length."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(written)}` does not say how many",
        span,
        help=f"write `{meant}`" if meant else f"write a number of days or weeks: `{every} 30 days`",
        fix=Fix(span, meant) if meant else None,
    )


def no_quotes(span: Span, words: str) -> Diagnostic:
    """Words where a text in quotes must stand."""
    return Diagnostic(
        "SLA0002", f"`{clip(words)}` has no quotes", span, help=f'write `"{clip(words)}"`', fix=Fix(span, f'"{words}"')
    )


def quotes_needless(span: Span, found: str, inner: str, fix: Fix | None, name: bool) -> Diagnostic:
    """A name, a time zone or a region in quotes."""
    why = "names stand without quotes, texts of the log in them" if name else "it stands without quotes"
    return Diagnostic(
        "SLA0002", f"`{clip(found)}` cannot stand here", span, help=f"write `{clip(inner)}`: {why}", fix=fix
    )


def no_unit(span: Span, number: str) -> Diagnostic:
    """A number where a duration must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` has no unit of time",
        span,
        help=f"write `{clip(number)}h`, `{clip(number)} days` …",
    )


def unknown_unit(span: Span, word: str, near: str, fix: Fix | None = None) -> Diagnostic:
    """A number and a word that is no unit."""
    known = "units are `min`, `h`, `days`, `weeks`, `business hours`, `business days`, `calendar days`"
    return Diagnostic(
        "SLA0002",
        f"`{clip(word)}` is no unit of time",
        span,
        help=f"did you mean `{near}`?" if near else known,
        fix=fix,
    )


def no_percent(span: Span, number: str) -> Diagnostic:
    """A number where a share must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` has no percent sign",
        span,
        help=f"write `{clip(number)}%`",
        fix=Fix(span, f"{number}%"),
    )


def no_percentile(span: Span, written: str) -> Diagnostic:
    """`p100`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(written)}` is no percentile",
        span,
        help="percentiles are `p1` to `p99`; the greatest is `max`",
    )


def decimal_comma(span: Span, number: str, meant: str) -> Diagnostic:
    """`4,5`, `1.000,50`."""
    return Diagnostic(
        "SLA0002",
        f"a comma cannot stand inside the number `{clip(number)}`",
        span,
        help=f"decimals stand after a point: `{meant}`",
        fix=Fix(span, meant),
    )


def comma_number(span: Span, number: str) -> Diagnostic:
    """`1,000`."""
    plain = number.replace(",", "_")
    return Diagnostic(
        "SLA0002",
        f"a comma cannot stand inside the number `{clip(number)}`",
        span,
        help=f"write `{plain}`",
        fix=Fix(span, plain),
    )


def wrong_sign(span: Span, sign: str) -> Diagnostic:
    """`==`, `=>`, `>==` …"""
    replacement, advice = _SIGNS.get(sign, ("", "comparisons are `=`, `!=`, `<`, `<=`, `>` and `>=`"))
    return Diagnostic(
        "SLA0004",
        f"`{clip(sign)}` means nothing here",
        span,
        help=advice,
        fix=Fix(span, replacement) if replacement else None,
    )


def needs_after(span: Span, word: str, what: str) -> Diagnostic:
    """A keyword that only stands before certain things."""
    return Diagnostic(
        "SLA0002", f"after `{word}` stands something else", span, help=f"after `{word}` could stand {what}"
    )


def odd_label(span: Span, label: str) -> Diagnostic:
    """A label that is more than words."""
    return Diagnostic(
        "SLA0002",
        f"the label `{clip(label)}` is not made of words",
        span,
        help="put it in backticks, or choose other words",
        fix=Fix(span, f"`{label}`"),
    )


def comma_missing(span: Span, word: str, sure: bool) -> Diagnostic:
    """A detail on its statement's line without a comma before it."""
    return Diagnostic(
        "SLA0002",
        f"there is no comma before `{clip(word)}`",
        span,
        help="a detail on the same line stands behind a comma; on a line of its own, indented under the statement",
        fix=Fix(span, f", {word}") if sure else None,
    )


def actor_of_a_start(span: Span, found: str, meant: str) -> Diagnostic:
    """`of created by marketing`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help=f"an event of one party is written as a condition: `of {clip(meant)}`",
    )


def is_a_text(span: Span, word: str, meant: str, fix: Fix) -> Diagnostic:
    """`priority is "P1"`."""
    return Diagnostic("SLA0002", f"`{word}` cannot stand here", span, help=f"write `{clip(meant)}`", fix=fix)


def bound_missing(span: Span, number: str, meant: str) -> Diagnostic:
    """`120 leads per month` without saying whether that is the least or the most."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(number)}` does not say whether it is the least or the most",
        span,
        help=f"write `{clip(meant)}`, or the same with `at most`",
        fix=Fix(span, meant),
    )


def share_turned_round(span: Span, share: str, least: str) -> Diagnostic:
    """`20% of MQL become SQL per quarter`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(share)}` cannot stand here",
        span,
        help=f"the measure comes first: `share of X that become Y within 30 days >= {clip(share)} per month`; "
        f"of a clause, `{least} {clip(share)} of LABEL met per month`",
    )


def share_at_most(span: Span, share: str, rest: str) -> Diagnostic:
    """`at most 5% of delivery late per month`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(share)}` cannot stand here",
        span,
        help=f"say it of what is met: `at least {rest}% of LABEL met per month`; "
        "or as a measure: `count of X / count of Y <= 5% per month`",
    )


def money_sign(span: Span, found: str, meant: str) -> Diagnostic:
    """`50 €`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` is no amount of money",
        span,
        help=f"a currency is written by its code: `{meant}`",
        fix=Fix(span, meant),
    )


def round_the_clock(span: Span, found: str) -> Diagnostic:
    """`24x7`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help="leave it out: `15 min` and `4h` are real time, nights and weekends included",
    )


def during_hours(span: Span, found: str, meant: str) -> Diagnostic:
    """`within 5 minutes during business hours`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` cannot stand here",
        span,
        help=f"time that is counted during the opening hours of a calendar is written `{meant}`",
    )


def row_of_a_credit(span: Span, found: str, row: str, credit: str) -> Diagnostic:
    """`credit 10% below 99.9%`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` does not say of what",
        span,
        help=f"write `{credit} FEE` with the name of a constant, and under it a line for each step: `{clip(row)}`",
    )


def colon_after_a_keyword(span: Span, found: str, meant: str) -> Diagnostic:
    """`calendar office: mon-fri 09:00-17:00`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` is read as the label of a promise",
        span,
        help=f"write `{clip(meant)}` without the colon; hours stand indented under a calendar, the rest after `=`",
    )


def day_closed(span: Span, found: str, meant: str) -> Diagnostic:
    """`closed sunday`."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(found)}` is no closed date",
        span,
        help=f"a weekday is closed where it has no hours; to say so, write `{clip(meant)}`",
    )


def full_stop(span: Span) -> Diagnostic:
    """A full stop at the end of a statement."""
    return Diagnostic("SLA0004", "a full stop means nothing here", span, help="a statement ends with its line")


def no_promise(span: Span, word: str) -> Diagnostic:
    """A phrase and nothing else."""
    return Diagnostic(
        "SLA0003",
        f"the statement ends too early, after `{clip(word)}`",
        span,
        help="a promise goes on with `within 24h`, `by 18:00`, `every 24h`, `at least 3 times within 5 days`; "
        "a definition is written `name = condition`",
    )


def phrase_missing(span: Span, word: str) -> Diagnostic:
    """A promise that does not say who does what."""
    return Diagnostic(
        "SLA0002",
        f"nothing stands before `{clip(word)}`",
        span,
        help=f"say who does what: `sales contacts lead {clip(word)} …`",
    )


def unfinished(span: Span, said: str, could: Sequence[str]) -> Diagnostic:
    """A statement that ends too early; `said` is its last word, with its backticks."""
    return Diagnostic(
        "SLA0003", f"the statement ends too early, after {said}", span, help=_could(could, "next could stand")
    )


def _could(could: Sequence[str], lead: str) -> str:
    if not could:
        return ""
    return f"{lead} {', '.join(could[:12])}, …" if len(could) > 12 else f"{lead} {listed(could)}"


_SIGNS = {
    "==": ("=", "equality is written with one `=`"),
    "&&": ("and", "write `and`"),
    "&": ("and", "write `and`"),
    "||": ("or", "write `or`"),
    "|": ("or", "write `or`"),
    "!": ("not ", "write `not`"),
    "≥": (">=", "write `>=`"),
    "≤": ("<=", "write `<=`"),
    "≠": ("!=", "write `!=`"),
    "<>": ("!=", "write `!=`"),
    "=>": (">=", "write `>=`"),
    "=<": ("<=", "write `<=`"),
    "“": ('"', 'texts stand in straight double quotes, `"…"`'),
    "”": ('"', 'texts stand in straight double quotes, `"…"`'),
    "„": ('"', 'texts stand in straight double quotes, `"…"`'),
    "'": ('"', 'texts stand in double quotes, `"…"`'),
    "‘": ('"', 'texts stand in double quotes, `"…"`'),
    "’": ('"', 'texts stand in double quotes, `"…"`'),
    "{": ("", "lists and groups stand in `(…)` or `[…]`"),
    "}": ("", "lists and groups stand in `(…)` or `[…]`"),
    "€": ("", "write the currency behind the amount: `300_000 EUR`"),
    "$": ("", "write the currency behind the amount: `300_000 USD`"),
    "£": ("", "write the currency behind the amount: `300_000 GBP`"),
    "%": ("", "a share is a number and `%`: `95%`"),
    "^": ("", "powers are not part of the language"),
    ":": ("", "a colon follows a label only: `first contact: sales contacts …`"),
    ".": ("", "a number begins with a digit: `0.5`"),
    "@": ("", "a name is made of words; others stand in backticks"),
}


def stray(span: Span, text: str) -> Diagnostic:
    """A character that begins nothing in the language; `text` is what stands there."""
    for size in (2, 1):
        known = _SIGNS.get(text[:size])
        if known:
            replacement, advice = known
            place = Span(span.source, span.start, span.start + len(text[:size]))
            safe = replacement and replacement != '"' and replacement.strip() == replacement
            return Diagnostic(
                "SLA0004",
                f"`{text[:size]}` means nothing here",
                place,
                help=advice,
                fix=Fix(place, f" {replacement} " if replacement.isalpha() else replacement) if safe else None,
            )
    character = text[0]
    name = f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"
    return Diagnostic("SLA0004", f"{name} means nothing here", span, help="remove it, or put the name in backticks")


def unclosed_quote(span: Span, quote: str) -> Diagnostic:
    """A quote or backtick that its line does not close."""
    what = "text" if quote == '"' else "name"
    return Diagnostic(
        "SLA0005",
        f"this {what} has no closing `{quote}`" if quote == '"' else "this name has no closing backtick",
        span,
        help=f"a {what} ends on the line on which it begins",
    )


def unclosed_bracket(span: Span, bracket: str) -> Diagnostic:
    """A bracket that is never closed."""
    closing = ")" if bracket == "(" else "]"
    return Diagnostic("SLA0006", f"this `{bracket}` is never closed", span, help=f"add `{closing}`")


def unopened_bracket(span: Span, bracket: str) -> Diagnostic:
    """A closing bracket that closes nothing."""
    return Diagnostic("SLA0006", f"this `{bracket}` closes nothing", span, help="remove it, or open the bracket before")


def crossed_brackets(span: Span, bracket: str, opened: Span, opening: str) -> Diagnostic:
    """`(…]`."""
    return Diagnostic(
        "SLA0006",
        f"`{bracket}` does not close `{opening}`",
        span,
        labels=((opened, "opened here"),),
        help=f"close it with `{')' if opening == '(' else ']'}`",
    )


def too_many_brackets(span: Span, most: int) -> Diagnostic:
    """Brackets in brackets in brackets …"""
    return Diagnostic(
        "SLA0010",
        f"more than {most} brackets stand inside one another",
        span,
        help="name the parts in definitions of their own",
    )


def too_nested(span: Span) -> Diagnostic:
    """An expression nested deeper than a person reads."""
    return Diagnostic(
        "SLA0010", "this condition is nested too deep", span, help="name its parts in definitions of their own"
    )


def too_deep(span: Span, most: int) -> Diagnostic:
    """Blocks in blocks in blocks …"""
    return Diagnostic("SLA0010", f"more than {most} blocks stand inside one another", span, help="indent less")


def too_long(span: Span, length: int) -> Diagnostic:
    """A line or a statement of more than 300,000 characters."""
    return Diagnostic(
        "SLA0011",
        f"this statement is {length:,} characters long",
        span,
        help="a statement has at most 300,000; give long lists with `--list NAME=…` or in a file of their own",
    )


def indented(span: Span, owner: str) -> Diagnostic:
    """A line indented under a statement that takes no lines, or under nothing (owner empty)."""
    if not owner:
        return Diagnostic(
            "SLA0007", "this line is indented, but stands under nothing", span, help="begin it further left"
        )
    return Diagnostic(
        "SLA0007",
        f"nothing can stand under {owner}",
        span,
        help="begin the line further left; to continue the line above, begin with `and`, `or` or a sign, or end that "
        "line with a comma",
    )


def uneven(span: Span) -> Diagnostic:
    """A line whose indentation matches none above."""
    return Diagnostic(
        "SLA0008",
        "this line is indented less than the lines before it and more than the line that they stand under",
        span,
        help="give the lines of one block the same indentation",
    )


def mixed_tabs(span: Span) -> Diagnostic:
    """Tabs and spaces mixed so that the depth depends on the width of a tab."""
    return Diagnostic(
        "SLA0009", "tabs and spaces are mixed: how deep this line stands is not clear", span, help="indent with spaces"
    )


def unknown_language(span: Span, language: str, known: Sequence[str]) -> Diagnostic:
    """`# language: xx` for a language without a table."""
    return Diagnostic(
        "SLA0012",
        f"the spoken language `{clip(language)}` is not known",
        span,
        help=f"known are {listed([f'`{name}`' for name in known], 'and')}",
    )


def another_language(span: Span, name: str, read: str, code: str, said: bool) -> Diagnostic:
    """A text in Spanish that does not say so; `said` where it says another language."""
    why = f"and its first line says {read}" if said else f"and {read} is meant where the first line says nothing"
    return Diagnostic(
        "SLA0023",
        f"this text has the words of {name}, {why}",
        span,
        help=f"write `# language: {code}` as the first line",
        fix=Fix(span, code) if said else Fix(Span(span.source, 0, 0), f"# language: {code}\n"),
    )


def impossible(span: Span, written: str, what: str, hint: str) -> Diagnostic:
    """`2026-02-30`, `25:00`."""
    return Diagnostic("SLA0013", f"there is no {what} `{clip(written)}`", span, help=hint)


def long_number(span: Span) -> Diagnostic:
    """A number of more than 30 digits."""
    return Diagnostic(
        "SLA0014", "this number has more than 30 digits", span, help="use a smaller unit or a shorter number"
    )


def misplaced(span: Span, written: str, where: str) -> Diagnostic:
    """Something right in the wrong place; `where` says where it belongs."""
    return Diagnostic("SLA0015", f"`{clip(written)}` cannot stand here", span, help=where)


def chained(span: Span, name: str = "") -> Diagnostic:
    """`a < b < c`; `time in queue > 3`, where `name` was meant as one."""
    if name:
        help = f"where `{name}` is one name, put it in backticks; else join the comparisons with `and`"
        return Diagnostic("SLA0016", "two comparisons stand in a row", span, help=help)
    return Diagnostic(
        "SLA0016",
        "two comparisons stand in a row",
        span,
        help="join them with `and`, write a range as `x in 50..500`, or put one in brackets",
    )


def no_phrase(span: Span, message: str, help: str) -> Diagnostic:
    """What stands before `within`, `by` … is no phrase."""
    return Diagnostic("SLA0017", message, span, help=help)


def needs_label(span: Span, condition: str) -> Diagnostic:
    """A promise about a condition without a label."""
    return Diagnostic(
        "SLA0018",
        "a promise that begins with a condition needs a label",
        span,
        help=f"give it a name: `name: {clip(condition)}`",
    )


def no_target(span: Span, written: str) -> Diagnostic:
    """An objective that compares nothing."""
    return Diagnostic(
        "SLA0019",
        f"`{clip(written)}` is measured against nothing",
        span,
        help="add a comparison before `per`, such as `>= 95%` or `<= 20`",
    )


def reserved(span: Span, word: str, name: str, hint: str = "") -> Diagnostic:
    """A reserved word inside a name."""
    return Diagnostic(
        "SLA0020",
        f"`{word}` cannot stand in the name `{clip(name)}`",
        span,
        help=hint or "put the name in backticks, or choose another",
    )


def reserved_here(span: Span, word: str, words: str) -> Diagnostic:
    """A reserved word in the middle of a phrase or a name."""
    return Diagnostic(
        "SLA0020",
        f"`{word}` cannot stand inside a name",
        span,
        help=f"put a name that holds it in backticks: `` `{clip(words)}` ``",
    )


def reserved_at_end(span: Span, word: str, words: str) -> Diagnostic:
    """A statement that ends in a reserved word."""
    return Diagnostic(
        "SLA0003",
        f"nothing follows `{word}`",
        span,
        help=f"say what follows `{word}`; where it is the end of a name, put the name in backticks: `` `{clip(words)}` ``",
    )


def twice(span: Span, what: str, first: Span | None = None) -> Diagnostic:
    """Something said twice."""
    labels = ((first, "first said here"),) if first else ()
    return Diagnostic("SLA0021", f"{what} is said twice", span, labels=labels, help="keep one of them")


def level_twice(span: Span, word: str, first: str) -> Diagnostic:
    """`customer "A", customer "B"`."""
    return Diagnostic(
        "SLA0021",
        f"a case has one `{word}`, and this line names two",
        span,
        help=f'write a block for each, or `for {first} in ["…", "…"]`',
    )


def no_region(span: Span, words: str) -> Diagnostic:
    """A country by its name where its code must stand."""
    return Diagnostic(
        "SLA0002",
        f"`{clip(words)}` is no holiday region",
        span,
        help="write the code of the country, or of the country and its region: `ES`, `ES-MD`, `MX`, `GB-SCT`",
    )


def incomplete(span: Span, message: str, help: str) -> Diagnostic:
    """Something missing that the grammar cannot ask for."""
    return Diagnostic("SLA0021", message, span, help=help)


def too_many(span: Span, shown: int) -> Diagnostic:
    """The rest of a text with very many mistakes."""
    return Diagnostic(
        "SLA0022",
        f"there are more mistakes; the first {shown} are shown",
        span,
        severity=Severity.REMARK,
        help="correct these first",
    )
