"""What is nearly always written wrongly: operators inside names (section 2), points between thousands (section 3).

Takes:  the words of a name that nothing declares; numbers as written.
Gives:  a complaint where a name holds `is`, `contains`, `that` … after its first word, or where `1.000` is one.
Never:  complains about words in backticks.
"""

from __future__ import annotations

import re

from sladsl.checked.context import Context
from sladsl.checked.words import span_of, text_of
from sladsl.syntax import tree


def holds_operator(context: Context, words: tuple[tree.Word, ...]) -> bool:
    """Complain where a name that nothing declares holds the word of an operator after its first; tells whether it did."""
    for word in words[1:]:
        if word.key in context.operator_words and not word.quoted:
            message = f"`{text_of(words)}` is read as one name, with `{word.text}` in it"
            context.findings.add("SLA0106", message, span_of(words), help=_advice(context, word.key, words))
            return True
    return False


def _advice(context: Context, word: str, words: tuple[tree.Word, ...]) -> str:
    at = next(place for place, each in enumerate(words) if each.key == word)
    before, after = text_of(words[:at]), text_of(words[at + 1 :])
    quoted = "a name that holds the word stands in backticks"
    operator = context.operator_of.get(word, "")
    if operator == "IS_KNOWN":
        return f'write `{before} = "{after or "…"}"`, `{before} is known` or `{before} is missing`; {quoted}'
    examples = {"STARTS_WITH": "starts with", "ENDS_WITH": "ends with", "CONTAINS": "contains", "MATCHES": "matches"}
    if operator in examples:
        return f'write `{before} {examples[operator]} "…"`; {quoted}'
    if operator == "WHEN":
        negated = f"not ({after} …)" if word == "unless" else f"{after} …"
        return f"a condition is a detail of its own, after a comma: `{before}, when {negated}`; {quoted}"
    return f"if it is a name, write it in backticks: `` `{text_of(words)}` ``"


def tell_of_alternatives(context: Context, e: tree.Or) -> None:
    """Complain about `priority = "P3" or "P4"`, where the second text was meant to be compared as well."""
    compared: tree.Compare | None = None
    for operand in e.operands:
        last = operand.operands[-1] if isinstance(operand, tree.And) else operand
        if isinstance(last, tree.Compare) and last.sign == "=":
            compared = last
        elif isinstance(operand, tree.Text | tree.Number) and compared is not None:
            texts = [context.text(each.span) for each in (compared.right, operand)]
            message = (
                f"`{texts[1]}` is {'text' if isinstance(operand, tree.Text) else 'a number'}, and a condition is needed"
            )
            help = f"to compare with each of them, write `{context.text(compared.left.span)} in ({', '.join(texts)})`"
            context.findings.add("SLA0206", message, operand.span, help=help)


_THOUSANDS = re.compile(r"([1-9]\d{0,2})\.(\d{3})(?![\d,])")
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])  # ISO 4217


def tell_of_thousands(context: Context, e: tree.Number | tree.Money, whole: bool = False) -> None:
    """Warn of `1.000`, which is one, and of `1.500 EUR`, which is one and a half; `whole` where cases are counted."""
    written = context.text(e.span)
    match = _THOUSANDS.match(written)
    if match is None or (isinstance(e, tree.Money) and e.currency in _THREE_DECIMALS):
        return
    if match[2] != "000" and not whole and isinstance(e, tree.Number):
        return
    meant = f"{match[1]}_{match[2]}{written[match.end() :]}"
    message = f"the point in `{written}` begins its decimals"
    context.findings.add("SLA0217", message, e.span, help=f"a number of thousands is written `{meant}`")
