"""Advice in the words of the policy's language: examples that are written with English keywords, with those of its table.

Takes:  a diagnostic of the checker or the parser, the text it speaks of.
Gives:  the same, what stands in backticks and is not the author's own in the language.
Never:  changes what the author wrote, or a word outside backticks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from attrs import evolve

from sladsl.syntax.keywords import Keywords, read_table
from sladsl.text import Diagnostic, Fix

_EXAMPLE = re.compile(r"`` .*? ``|`[^`]+`")
_TEXT = re.compile(r'"[^"]*"')
_SHORT = {"minute": "min", "millisecond": "ms"}  # the same in every language


def in_words_of(language: str, diagnostic: Diagnostic, source: str) -> Diagnostic:
    """A diagnostic whose examples are written with the keywords of a language; English ones are as they were."""
    if language == "en":
        return diagnostic

    def told(match: re.Match[str]) -> str:
        inner = match[0].strip("` ")
        return match[0] if inner in source else match[0].replace(inner, _translated(inner, language))

    fix = diagnostic.fix
    if fix is not None and fix.replacement not in source:
        fix = Fix(fix.span, _translated(fix.replacement, language))
    return evolve(
        diagnostic,
        message=_EXAMPLE.sub(told, diagnostic.message),
        help=_EXAMPLE.sub(told, diagnostic.help),
        notes=tuple(_EXAMPLE.sub(told, note) for note in diagnostic.notes),
        labels=tuple((place, _EXAMPLE.sub(told, label)) for place, label in diagnostic.labels),
        fix=fix,
    )


def _translated(example: str, language: str) -> str:
    """An example with the words of a language; texts in quotes stay."""
    pattern, words = _dictionary(language)
    pieces: list[str] = []
    at = 0
    for text in _TEXT.finditer(example):
        pieces += [_with_words(example[at : text.start()], pattern, words), text[0]]
        at = text.end()
    return "".join([*pieces, _with_words(example[at:], pattern, words)])


def _with_words(example: str, pattern: re.Pattern[str], words: dict[str, str]) -> str:
    return pattern.sub(lambda match: words[match[0].casefold()], example)


@lru_cache(maxsize=4)
def _dictionary(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """English words and phrases with those of a language, and a pattern that finds them, the longest first."""
    english, other = Keywords(read_table("en")), Keywords(read_table(language))
    words: dict[str, str] = {}
    for terminal in english.spelled:
        for spelling in english.spellings_of(terminal):
            words.setdefault(spelling.casefold(), other.spelled[terminal])
    for kind, entry in english.table["kinds"].items():
        for unit, spellings in english.table["units"].items():
            for word in spellings:
                for said in entry["words"]:
                    words[f"{said} {word}".casefold()] = _counted(kind, unit, word, other)
    for unit, spellings in english.table["units"].items():
        for word in spellings:
            if len(word) > 1:  # `h` and `s` are the same
                words.setdefault(word.casefold(), _unit(unit, word, other))
    for name, spellings in english.table["weekdays"].items():
        words.update(dict.fromkeys(map(str.casefold, spellings), other.table["weekdays"][name][0]))
    for name, spellings in english.table["built_in"].items():
        words.update(dict.fromkeys(map(str.casefold, spellings), other.table["built_in"][name][0]))
    for same in _SHORT.values():
        words.pop(same, None)  # in `90 min`, it is no statistic
    listed = sorted(words, key=len, reverse=True)
    pattern = r"(?<![\w.-])(?:" + "|".join(re.escape(word) for word in listed) + r")(?![\w-])"
    return re.compile(pattern, re.IGNORECASE), words


def _unit(unit: str, word: str, other: Keywords) -> str:
    """A unit in another language, in its plural where the English word is one."""
    spellings = other.table["units"][unit]
    if word == _SHORT.get(unit):
        return str(spellings[0])
    return str(spellings[-1] if word.endswith("s") else spellings[-2 if len(spellings) > 1 else -1])


def _counted(kind: str, unit: str, word: str, other: Keywords) -> str:
    """`business hours` as `horas laborables`."""
    entry = other.table["kinds"][kind]
    many = word.endswith("s")
    said = entry["words"][1 if many and len(entry["words"]) > 1 else 0]
    counted = _unit(unit, word, other)
    return f"{counted} {said}" if entry["stand"] == "after" else f"{said} {counted}"
