"""What is said about a text as such: its signs, quotes, brackets, indentation, language and length, one function a mistake.

Takes:  places and the author's words.
Gives:  Diagnostics.
Never:  knows of statements; of these speaks `mistakes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sladsl.syntax.mistakes import clip, listed
from sladsl.text import Diagnostic, Fix, Severity, Span


def not_text(span: Span) -> Diagnostic:
    """A NUL character."""
    return Diagnostic(
        "SLA0001", "this is not a policy: it holds a NUL character, as binary files do", span, help="give a text file"
    )


def colon_and_equal(span: Span, fix: Fix) -> Diagnostic:
    """`qualified := …`."""
    advice = "a definition is written with `=` alone, a promise with `:` alone"
    return Diagnostic("SLA0004", "`:=` means nothing here", span, help=advice, fix=fix)


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


def full_stop(span: Span) -> Diagnostic:
    """A full stop at the end of a statement."""
    return Diagnostic("SLA0004", "a full stop means nothing here", span, help="a statement ends with its line")


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


def too_many(span: Span, shown: int) -> Diagnostic:
    """The rest of a text with very many mistakes."""
    return Diagnostic(
        "SLA0022",
        f"there are more mistakes; the first {shown} are shown",
        span,
        severity=Severity.REMARK,
        help="correct these first",
    )
