"""The parser of this process, and the words of each language.

Takes:  nothing.
Gives:  one Parser, made when first asked for, and one LanguageLexer a language.
Never:  does anything when imported.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from sladsl.syntax.keywords import Keywords, read_table
from sladsl.syntax.lexer import LanguageLexer, Stretch
from sladsl.syntax.machine import Machine
from sladsl.syntax.statements import Statements
from sladsl.syntax.tables import load_tables


class Parser:
    """The tree builder inside the engine. One parse runs at a time (`lock`): the builder holds the text being parsed."""

    def __init__(self) -> None:
        self.builder = Statements()
        self.machine = Machine(load_tables(), self.builder)
        self.lock = threading.Lock()

    def parse(self, stretch: Stretch, start: str) -> Any:
        """The node (or list of details) of a stretch; raises Unexpected, Stray, TooNested or Mistake."""
        return self.machine.parse(stretch, start)


@lru_cache(maxsize=1)
def parser() -> Parser:
    """The parser of this process."""
    return Parser()


@lru_cache(maxsize=8)
def language_lexer(language: str) -> LanguageLexer:
    """The lexer's patterns for a language. Raises FileNotFoundError for one without a table."""
    return LanguageLexer(Keywords(read_table(language)), parser().machine.tables.patterns)
