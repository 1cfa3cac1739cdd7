"""Stems of words, so that `contacts`, `contacted` and `Contacting` are one.

Takes:  a word or a phrase, and the spoken language (`en`, `es`).
Gives:  stems from the Snowball algorithms.
Never:  stems by hand, or touches words with digits in them (`P1`, `2nd`).
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol, cast

from sladsl.text.fold import fold

_LEAN = "sladsl.text._snowball"
# one after the other: Spanish offices speak of leads and tickets, whose plurals the Spanish algorithm leaves alone
_ALGORITHMS = {"en": ("english",), "es": ("spanish", "english")}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


def has_stems(language: str) -> bool:
    """Whether the words of a spoken language can be stemmed."""
    return language in _ALGORITHMS


@lru_cache(maxsize=4)
def _stemmer(algorithm: str) -> _Stemmer:
    module = import_module(f"{_lean_package()}.{algorithm}_stemmer")
    return cast(_Stemmer, getattr(module, f"{algorithm.capitalize()}Stemmer")())


def _lean_package() -> str:
    """A name under which the modules of snowballstemmer can be imported one by one.

    The package itself imports all of its forty languages when it is imported, which takes longer than checking a small
    policy; and it prefers a C extension, whose algorithms may be of another version.
    """
    found = find_spec("snowballstemmer")  # looks, but imports nothing
    if found is None or found.submodule_search_locations is None:
        return "snowballstemmer"
    package = ModuleType(_LEAN)
    package.__path__ = list(found.submodule_search_locations)
    sys.modules.setdefault(_LEAN, package)
    return _LEAN


@lru_cache(maxsize=65536)
def stem(word: str, language: str = "en") -> str:
    """The stem of one word, folded; a word with a digit in it is only folded.

    >>> stem("Contacted") == stem("contacts") == "contact"
    True
    >>> stem("calificados", "es") == stem("calificada", "es") and stem("leads", "es") == stem("lead", "es")
    True
    """
    key = fold(word)
    if any(character.isdigit() for character in key):
        return key
    for algorithm in _ALGORITHMS[language]:
        key = _stemmer(algorithm).stemWord(key)
    return key


@lru_cache(maxsize=65536)
def stems(phrase: str, language: str = "en") -> tuple[str, ...]:
    """The stems of a phrase's words, in order; `_` and `-` part words as spaces do.

    >>> stems("120 qualified_leads")
    ('120', 'qualifi', 'lead')
    """
    return tuple(stem(word, language) for word in fold(phrase).split(" ") if word)
