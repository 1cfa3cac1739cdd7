"""What is said about words and statements, one function a mistake.

Takes:  places and the author's words.
Gives:  Diagnostics; `clip` and `listed` for their words; `Mistake`, which carries one out of the parser's callbacks.
Never:  names a terminal or a rule of the grammar.

The codes of this room stand in `codes.py`; signs and layout are in `text_mistakes.py`, numbers in `value_mistakes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sladsl.text import Diagnostic, Fix, Span


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


def incomplete(span: Span, message: str, help: str) -> Diagnostic:
    """Something missing that the grammar cannot ask for."""
    return Diagnostic("SLA0021", message, span, help=help)
