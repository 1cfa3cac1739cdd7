"""Names that are nearly always operators written wrongly (section 2).

Takes:  the words of a name that nothing declares.
Gives:  a complaint where it holds `is`, `contains`, `that` … after its first word.
Never:  complains about words in backticks.
"""

from __future__ import annotations

from sladsl.checked.context import Context
from sladsl.checked.words import span_of, text_of
from sladsl.syntax import tree


def holds_operator(context: Context, words: tuple[tree.Word, ...]) -> bool:
    """Complain where a name that nothing declares holds the word of an operator after its first; tells whether it did."""
    for word in words[1:]:
        if word.key in context.operator_words and not word.quoted:
            message = f"`{text_of(words)}` is read as one name, with `{word.text}` in it"
            context.findings.add("SLA0106", message, span_of(words), help=_advice(word.key, words))
            return True
    return False


def _advice(word: str, words: tuple[tree.Word, ...]) -> str:
    before = text_of(words[: next(at for at, each in enumerate(words) if each.key == word)])
    quoted = "a name that holds the word stands in backticks"
    if word == "is":
        return f"write `{before} = …`, `{before} is known` or `{before} is missing`; {quoted}"
    if word in ("starts", "ends"):
        return f'write `{before} {word} with "…"`; {quoted}'
    if word in ("contains", "matches"):
        return f'write `{before} {word} "…"`; {quoted}'
    return f"if it is a name, write it in backticks: `` `{text_of(words)}` ``"
