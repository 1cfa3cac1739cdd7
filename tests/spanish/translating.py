"""English policies with the keywords of another language: the names stay, the words of the table change.

Nothing here knows a keyword: each token that the lexer found is written again as the other table writes it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from sladsl.syntax import machine, parse
from sladsl.syntax.keywords import Keywords, read_table
from sladsl.syntax.lexer import Lexeme
from sladsl.text import Source

ENGLISH = Keywords(read_table("en"))


def translated(text: str, language: str, monkeypatch: pytest.MonkeyPatch, choice: int = 0) -> str:
    """A policy of the English table, with the keywords, units and weekdays of another.

    Args:
        text: the policy.
        language: the code of the other table.
        monkeypatch: to listen to the lexer.
        choice: which of the spellings of a keyword is taken, counted round and round; 0 is the one that is shown.
    """
    words = table(language)
    for lexeme in reversed(lexemes(text, monkeypatch)):
        text = text[: lexeme.start_pos] + _written(lexeme, words, choice) + text[lexeme.end_pos :]
    text = re.sub(r"^(\ufeff?)#[ \t]*language.*\n", r"\1", text)
    return f"# language: {language}\n{text}"


@lru_cache
def table(language: str) -> Keywords:
    """The words of a language."""
    return Keywords(read_table(language))


_KNOWN: dict[str, list[Lexeme]] = {}


def lexemes(text: str, monkeypatch: pytest.MonkeyPatch) -> list[Lexeme]:
    """What the lexer finds in an English policy, in order."""
    if text not in _KNOWN:
        found: dict[int, Lexeme] = {}
        found_by = machine.next_lexeme

        def noted(*args: object) -> Lexeme:
            lexeme = found_by(*args)
            found[lexeme.start_pos] = lexeme
            return lexeme

        with monkeypatch.context() as patched:
            patched.setattr(machine, "next_lexeme", noted)
            parse(Source("english.sla", text))
        _KNOWN[text] = [found[start] for start in sorted(found)]
    return _KNOWN[text]


def _written(lexeme: Lexeme, words: Keywords, choice: int) -> str:
    kind, text = lexeme.type, lexeme.value
    if kind in words.spelled:
        spellings = words.spellings_of(kind)
        return spellings[choice % len(spellings)]
    if kind == "WORD" and text in ENGLISH.built_in:
        return words.table["built_in"][text][0]  # type: ignore[no-any-return]
    if kind == "DURATION":
        clock, parts = ENGLISH.read_duration(text)
        said = "".join(f"{part.value}{_unit(part.unit, words)}" for part in parts)
        return said if clock == "exact" else _with_kind(said, clock, words)
    if kind == "PERIOD":
        clock, unit = ENGLISH.read_period(text)
        said = _unit(unit, words, long=True)
        return said if clock == "exact" else _with_kind(said, clock, words)
    if kind == "DAYS":
        names = [next(iter(spellings)) for spellings in words.table["weekdays"].values()]
        first, last = ENGLISH.read_days(text)
        return names[first] if first == last else f"{names[first]}-{names[last]}"
    if kind == "PERCENTILE_OF":
        return f"{text.split()[0]} {words.spelled['OF']}"
    if kind == "ORDINAL":
        return "".join(filter(str.isdigit, text)) + words.table["ordinals"]["after"][0]
    return text


def _unit(unit: str, words: Keywords, long: bool = False) -> str:
    spellings = words.table["units"][unit]
    return spellings[-1] if not long else spellings[min(len(spellings) - 1, 2)]


def _with_kind(said: str, clock: str, words: Keywords) -> str:
    entry = words.table["kinds"][clock]
    number = re.match(r"[\d_.]*", said)[0]  # type: ignore[index]
    return (
        f"{said} {entry['words'][0]}"
        if entry["stand"] == "after"
        else f"{number} {entry['words'][0]} {said[len(number) :]}"
    )
