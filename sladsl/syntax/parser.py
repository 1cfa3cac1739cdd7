"""The one Lark object, built once a process and loaded from a cache.

Takes:  grammar/sladsl.lark, and the names of the terminals that a keyword table defines.
Gives:  Parser, which turns one stretch of text into a node with one start rule.
Never:  fails for want of a cache: where none can be read or written, the grammar is built in memory (about half a second).

The cache is one file in the user's cache folder (`SLADSL_CACHE`, else `XDG_CACHE_HOME`, else the system's usual place),
keyed by a hash of the grammar and the versions of Lark and Python. It is read as plain data, never as code.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from sladsl.syntax.keywords import GENERATED, Keywords, read_table
from sladsl.syntax.lexer import ContextualLexer, LanguageLexer, Stretch
from sladsl.syntax.statements import STARTS, Statements
from sladsl.text import shipped


class Parser:
    """Lark's LALR parser of the grammar with the tree builder inside it.

    One parse runs at a time (`lock`): the builder holds the text that is being parsed.
    """

    def __init__(self, machine: lark.Lark, builder: Statements) -> None:
        self.lark = machine
        self.builder = builder
        self.lock = threading.Lock()

    def parse(self, stretch: Stretch, start: str) -> Any:
        """The node (or list of details) of a stretch; raises lark's UnexpectedInput, Stray, TooNested or Mistake."""
        return self.lark.parse(stretch, start=start)


@lru_cache(maxsize=1)
def parser() -> Parser:
    """The parser of this process."""
    builder = Statements()
    options: dict[str, Any] = {"transformer": builder, "_plugins": {"ContextualLexer": ContextualLexer}}
    grammar = grammar_text()
    place = _cache_file(grammar)
    machine = _load(place, options) if place else None
    if machine is None:
        machine = lark.Lark(grammar, parser="lalr", lexer="contextual", start=list(STARTS), **options)
        if place:
            _save(machine, place)
    return Parser(machine, builder)


@lru_cache(maxsize=8)
def language_lexer(language: str) -> LanguageLexer:
    """The lexer's patterns for a language. Raises FileNotFoundError for one without a table."""
    keywords = Keywords(read_table(language))
    lexer = cast(Any, parser().lark.parser).lexer
    return LanguageLexer(keywords, lexer.patterns)


def grammar_text(keywords: Keywords | None = None) -> str:
    """The grammar as Lark takes it: the terminals of a keyword table are declared, or defined where one is given."""
    text = (shipped("grammar") / "sladsl.lark").read_text(encoding="utf-8")
    names = [*read_table("en")["keywords"], *GENERATED]
    if keywords is None:
        return f"{text}\n%declare {' '.join(names)}\n"
    return text + "\n" + terminals_of(keywords) + "%ignore /\\s+/\n"


def terminals_of(keywords: Keywords) -> str:
    """A keyword table as terminals of Lark's grammar language, for Lark's own lexer."""
    patterns: dict[str, list[str]] = {}
    for candidates in keywords.first_keywords.values():
        for keyword in candidates:
            patterns.setdefault(keyword.terminal, []).append(keyword.pattern)
    for name, pattern in keywords.patterns.items():
        patterns[name] = [pattern]
    longest = {name: max((len(p) for p in found), default=0) for name, found in patterns.items()}
    return "".join(
        f"{name}.{100 + longest[name]}: /{'|'.join(f'(?:{p})' for p in found)}/\n".replace("\\/", "/")
        for name, found in patterns.items()
    )


# --- the cache ---------------------------------------------------------------------------------------------------------


def _cache_file(grammar: str) -> Path | None:
    """Where the built parser of a grammar is kept; None where the user has no folder for it."""
    key = hashlib.sha256("\0".join([grammar, lark.__version__, sys.version, *STARTS]).encode()).hexdigest()[:32]
    try:
        return _cache_folder() / f"parser-{key}.bin"
    except (RuntimeError, OSError):
        return None


def _cache_folder() -> Path:
    own = os.environ.get("SLADSL_CACHE")
    if own:
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "sladsl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "sladsl"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sladsl"


def _load(place: Path, options: dict[str, Any]) -> lark.Lark | None:
    try:
        data = marshal.loads(place.read_bytes())
        machine = lark.Lark.__new__(lark.Lark)
        return machine._load({"data": data["data"], "memo": data["memo"]}, **options)
    except Exception:  # whatever is wrong with a cache, the grammar is built anew
        return None


def _save(machine: lark.Lark, place: Path) -> None:
    try:
        data, memo = machine.memo_serialize([TerminalDef, Rule])
        data["options"] = {
            name: value for name, value in data["options"].items() if name not in ("transformer", "_plugins")
        }
        written = marshal.dumps({"data": data, "memo": memo})
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        beside.write_bytes(written)
        beside.replace(place)
    except (OSError, ValueError):
        return
