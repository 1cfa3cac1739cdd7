"""The keyword table of one spoken language, ready for the lexer.

Takes:  the TOML table in grammar/keywords/ (or its cached form).
Gives:  Keywords: which keyword a word may begin, the patterns made of its words, and how to speak of each terminal.
Never:  knows a word of any language itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

from sladsl.syntax.cache import cached
from sladsl.syntax.currencies import CURRENCIES
from sladsl.text import fold, shipped

NUMBER = r"\d[\d_]*(?:\.\d[\d_]*)?"
_EDGE = r"(?![\w]|[-'’]\w)"
_WORD = r"(?:[^\W\d]|_)\w*(?:[-'’]\w+)*"
_TO_THE_END = rf"(?:\s+(?:{_WORD}|`[^`\n\r]+`))*\s*(?:\Z|[,;#\n\r])"

GENERATED = ("MONEY", "DURATION", "DAYS", "PERIOD", "PERCENTILE_OF", "DEFINED", "ORDINAL")
"""The terminals whose patterns are made here."""


class WrittenPart(NamedTuple):
    """One number with its unit as written; offsets count from the start of the duration's text."""

    value: int | Decimal
    unit: str
    start: int
    end: int


class Keyword(NamedTuple):
    """One spelling of one keyword."""

    terminal: str
    spelling: str
    pattern: str
    simple: bool  # one word without a look-ahead: the word itself is enough


class Keywords:
    """One language's words.

    Attributes:
        language: its code, `en`.
        reserved, operator_words, noise, articles, continue_with: folded words, as the table says.
        built_in: the names that the language itself gives (`event`, `time` …), by their folded spellings in this one.
        first_keywords: spellings by their folded first word, the longest first.
        patterns: the regular expressions of the terminals in GENERATED.
        special_words: every word that occurs in some keyword.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table
        self.language: str = table["language"]
        self.reserved = folded(table["reserved"])
        self.operator_words = folded(table["operator_words"])
        self.noise = folded(table["noise"])
        self.articles = folded(table["articles"])
        self.continue_with = folded(table["continue_with"])
        self.built_in = {key: name for name, words in table["built_in"].items() for key in folded(words)}
        self.renames = any(key != name for key, name in self.built_in.items())
        self.described: dict[str, str] = table["described"]
        self.units = {key: unit for unit, words in table["units"].items() for key in folded(words)}
        self.weekdays = {key: n for n, words in enumerate(table["weekdays"].values()) for key in folded(words)}
        self.weekday_names = tuple(table["weekdays"])
        self.kinds = {key: kind for kind, entry in table["kinds"].items() for key in folded(entry["words"])}
        # Each terminal with the spellings that share their look-ahead.
        self._entries: dict[str, list[dict[str, Any]]] = {
            terminal: _settings(entry) for terminal, entry in table["keywords"].items()
        }
        self.spelled: dict[str, str] = {}
        self.first_keywords: dict[str, list[Keyword]] = {}
        special: set[str] = set(self.reserved)
        for keyword in self._keywords():
            self.spelled.setdefault(keyword.terminal, keyword.spelling)
            words = keyword.spelling.split()
            special.update(map(fold, words))
            self.first_keywords.setdefault(words[0].rstrip(".").casefold(), []).append(keyword)
        for candidates in self.first_keywords.values():
            candidates.sort(key=lambda k: (-len(k.spelling), k.simple))
        self.special_words = frozenset(special)
        self.patterns = {
            "MONEY": rf"{NUMBER}\s*(?:{'|'.join(CURRENCIES)}){_EDGE}",
            "DURATION": self._duration_pattern(),
            "PERIOD": self._period_pattern(),
            "DAYS": rf"(?i:{self._weekday_words()})(?:{self._through()}(?i:{self._weekday_words()}))?{_EDGE}",
            "DEFINED": self._defined_pattern(),
            "PERCENTILE_OF": rf"(?i:p)\d{{1,2}}(?:\s+(?i:{self._spellings('OF')}){_EDGE}|(?={self._looks()['time of']}))",
            "ORDINAL": self._ordinal_pattern(),
        }
        self._part = re.compile(rf"({NUMBER})\s*(?:({self._kind_words('before')})\s+)?({self._unit_words()})", re.I)

    def _keywords(self) -> list[Keyword]:
        looks = self._looks()
        found = []
        for terminal, settings in ((terminal, one) for terminal, of in self._entries.items() for one in of):
            words = _listed(settings["words"])
            ahead = f"(?={looks[settings['before']]})" if "before" in settings else ""
            behind = f"(?!{looks[settings['not_before']]})" if "not_before" in settings else ""
            for spelling in _spelled(words):
                body = r"\s+".join(map(re.escape, spelling.split()))
                edge = _EDGE if spelling[-1].isalnum() else ""
                simple = spelling.replace("-", "").isalnum() and not ahead and not behind
                found.append(Keyword(terminal, spelling, f"(?i:{body}){edge}{ahead}{behind}", simple))
        return found

    def _looks(self) -> dict[str, str]:
        """The look-aheads that an entry may name."""

        def first_words(*terminals: str) -> str:
            return _any_of(text.split()[0] for terminal in terminals for text in self.spellings_of(terminal))

        windows = "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"
        ended = r"\s*(?:\Z|[,;#\n\r])"
        return {
            "text": r'\s*"',
            "number": r"\s*[\d(]",
            # `en 24 horas`, and what was meant to be that; not `en 50..500`, `en 2026-01-05`, `en 2 distintos canales`
            "time": rf"\s*(?!\d{{4}}-\d\d){NUMBER}(?![\d_:])(?!\s*\.\.)(?!\s+(?i:{first_words('DISTINCT')})\b)",
            "duration": rf"\s*(?:{self._duration_pattern()})",
            "time of": rf"\s+(?i:{self._spellings('TIME_OF')}){_EDGE}",
            "windows": rf"\s+(?i:{first_words(*windows)})\b",
            "over or within": rf"\s+(?i:{first_words('OVER', 'WITHIN')})\b",
            "names to the end": _TO_THE_END,
            "text or names to the end": rf'\s*"|{_TO_THE_END}',
            "module": r'\s*"|\s+[\w.-]+\s*(?:\Z|[;#\n\r])',
            "equals": r"\s*=(?!=)",
            "field": r"[^\W\d]|_|`",
            # `no (…)`, `no aceptado`; not `no` alone, `no y …`
            "condition": rf"(?!\s+(?i:{first_words('AND', 'OR')})\b|{ended})\s*(?:[(\[`]|[^\W\d])",
            # `fecha de momento`, `fecha de (cierre)`; `fecha de cierre` is a name
            "moment": rf"\s*\(|\s+(?i:{_any_of([*self._moments()])}){_EDGE}",
        }

    def _moments(self) -> Iterable[str]:
        """The words with which an instant begins that is no attribute: the built-in one, and functions of history."""
        yield from self.table["built_in"]["time"]
        for terminal in ("FIRST_TIME_OF", "LAST_TIME_OF"):
            yield from self.spellings_of(terminal)

    def spellings_of(self, terminal: str) -> list[str]:
        """The spellings of a keyword, the one that is shown first."""
        parts = [settings["words"] for settings in self._entries.get(terminal, ())]
        return _spelled([word for words in parts for word in _listed(words)])

    def _spellings(self, terminal: str) -> str:
        """The spellings of a keyword, the longest first, as a pattern."""
        return _any_of(self.spellings_of(terminal))

    def _unit_words(self) -> str:
        return _any_of(w for words in self.table["units"].values() for w in words)

    def _weekday_words(self) -> str:
        return _any_of(w for words in self.table["weekdays"].values() for w in words)

    def _through(self) -> str:
        words = self.table["weekday_ranges"]
        return rf"(?:\s*[-–]\s*|\s+(?i:{_any_of(words)})\s+)" if words else r"\s*[-–]\s*"

    def _kind_words(self, stand: str) -> str:
        entries = [entry for entry in self.table["kinds"].values() if entry["stand"] == stand]
        return _any_of(word for entry in entries for word in entry["words"]) or r"(?!)"

    def _ordinal_pattern(self) -> str:
        before, after = self.table["ordinals"]["before"], self.table["ordinals"]["after"]
        return (rf"(?:(?i:{_any_of(before)})\s+)?" if before else "") + rf"\d+(?i:{_any_of(after)})(?!\w)"

    def _duration_pattern(self) -> str:
        unit = rf"(?i:{self._unit_words()})(?![^\W\d]|[-'’]\w)"
        before = rf"{NUMBER}\s*(?i:{self._kind_words('before')})\s+{unit}"
        after = rf"{NUMBER}\s*{unit}\s+(?i:{self._kind_words('after')}){_EDGE}"
        exact = rf"{NUMBER}\s*{unit}(?:\s*{NUMBER}\s*{unit})*"
        return rf"{before}|{after}|{exact}"

    def _defined_pattern(self) -> str:
        reserved = "|".join(map(re.escape, self.table["reserved"]))
        word = rf"(?:`[^`\n\r]+`|(?!(?i:{reserved}){_EDGE})\w+(?:[-'’]\w+)*)"
        return rf"{word}(?:\s+{word})*\s*=(?!=)"

    def _period_pattern(self) -> str:
        unit = rf"(?i:{self._unit_words()}){_EDGE}"
        before = rf"(?i:{self._kind_words('before')})\s+{unit}"
        after = rf"{unit}\s+(?i:{self._kind_words('after')}){_EDGE}"
        return rf"{before}|{after}|{unit}"

    # --- what the generated terminals say ---------------------------------------------------------------------------

    def read_duration(self, text: str) -> tuple[Literal["exact", "business", "calendar"], tuple[WrittenPart, ...]]:
        """The kind and the parts of a text that DURATION matched."""
        kind = "exact"
        parts: list[WrittenPart] = []
        for match in self._part.finditer(text):
            if match[2]:
                kind = self.kinds[fold(match[2])]
            value = number(match[1])
            unit = self.units[fold(match[3])]
            if unit == "m" and parts and parts[-1].unit == "hour":
                unit = "minute"  # 1h30m cannot be read otherwise
            parts.append(WrittenPart(value, unit, match.start(), match.end()))
        if parts and kind == "exact":
            kind = self.kinds.get(fold(text[parts[-1].end :]), "exact")
        return cast(Literal["exact", "business", "calendar"], kind), tuple(parts)

    def read_period(self, text: str) -> tuple[Literal["exact", "business", "calendar"], str]:
        """The kind and the unit of a text that PERIOD matched."""
        kind, unit = "exact", ""
        for word in fold(text).split(" "):
            kind = self.kinds.get(word, kind)
            unit = self.units.get(word, unit)
        return cast(Literal["exact", "business", "calendar"], kind), unit

    def read_days(self, text: str) -> tuple[int, int]:
        """First and last weekday of a text that DAYS matched; 0 is Monday."""
        first, _, last = re.sub(self._through(), "-", text).partition("-")
        return self.weekdays[fold(first)], self.weekdays[fold(last or first)]

    def describe(self, terminal: str) -> str:
        """How to speak of a terminal: `a number`, `` `within` ``."""
        if terminal in self.described:
            return self.described[terminal]
        return f"`{self.spelled[terminal]}`" if terminal in self.spelled else ""


def _settings(entry: Any) -> list[dict[str, Any]]:
    """The parts of an entry of the table: plain words together, and those with a look-ahead."""
    listed = [entry] if isinstance(entry, dict) else _listed(entry)
    plain = [part for part in listed if not isinstance(part, dict)]
    return [*([{"words": plain}] if plain else []), *(part for part in listed if isinstance(part, dict))]


def _listed(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]


def _spelled(words: Iterable[str]) -> list[str]:
    """Spellings, each with its accents and then without: people leave them out."""
    return list(dict.fromkeys(spelling for word in words for spelling in (word, _bare(word))))


def _bare(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    return "".join(character for character in apart if not unicodedata.combining(character))


def _any_of(words: Iterable[str]) -> str:
    """A pattern of words, the longest first; inner spaces may be any."""
    longest_first = sorted(_spelled(words), key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first)


def folded(words: Iterable[str]) -> frozenset[str]:
    """The words of a table, folded, with their accents and without."""
    return frozenset(map(fold, _spelled(words)))


def number(text: str) -> int | Decimal:
    """A written number, `_` dropped: int where it is whole. Its length is the caller's to bound."""
    text = text.replace("_", "")
    return Decimal(text) if "." in text else int(text)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a table."""
    return tuple(sorted(path.stem for path in (shipped("grammar") / "keywords").glob("*.toml")))


@lru_cache(maxsize=8)
def read_table(language: str) -> dict[str, Any]:
    """The table of a language, as TOML gives it. Raises FileNotFoundError where there is none."""
    written = (shipped("grammar") / "keywords" / f"{language}.toml").read_text(encoding="utf-8")

    def make() -> dict[str, Any]:
        import tomllib  # takes longer to load than the table to read

        return tomllib.loads(written)

    return cached("keywords", written, make)  # type: ignore[no-any-return]
