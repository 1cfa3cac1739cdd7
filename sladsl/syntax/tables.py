"""The LALR tables of the grammar: made by Lark once, kept in a cache.

Takes:  grammar/sladsl.lark, and the names of the terminals that a keyword table defines.
Gives:  Tables, plain data that machine.py runs.
Never:  imports Lark where the cache holds the tables (its import takes as long as checking a small policy), or fails for
        want of a cache: where none can be read or written, the tables are made in memory, in about half a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sladsl.syntax.cache import cached
from sladsl.syntax.keywords import GENERATED, Keyword, Keywords, read_table
from sladsl.syntax.lexer import STATEMENT_KEYWORDS
from sladsl.syntax.statements import STARTS
from sladsl.text import shipped

if TYPE_CHECKING:
    import lark
    from lark.grammar import Rule

_FORMAT = "2"
END = "$END"


class Reduction(NamedTuple):
    """One rule of the grammar, and how the parts that it matched become the parts that its method gets.

    Attributes:
        origin: the nonterminal that it makes.
        size: how many parts it matches.
        method: the method of the tree builder; empty for rules whose parts go to the rule that uses them.
        alone: whether a single part stands for itself.
        parts: which parts go on: (index, whether that part is a list to be spread out, Nones before it); None for all.
        nones: Nones after the last.
    """

    origin: str
    size: int
    method: str
    alone: bool
    parts: tuple[tuple[int, bool, int], ...] | None
    nones: int


class Tables(NamedTuple):
    """The parser's tables.

    Attributes:
        actions: by state, what to do at a terminal: a state to go to, or -1 - the number of a rule to reduce.
        gotos: by state, the state after a nonterminal.
        rules: the rules.
        starts: by start rule, its first and its last state.
        patterns: the regular expressions of the terminals that the grammar defines.
    """

    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    rules: list[Reduction]
    starts: dict[str, tuple[int, int]]
    patterns: dict[str, str]


def load_tables() -> Tables:
    """The tables of the shipped grammar, from the cache where it holds them."""
    grammar = grammar_text()

    def make() -> Any:
        made = make_tables(build(grammar, _plugins={"ContextualLexer": _NoLexer}))
        return made.actions, made.gotos, [tuple(rule) for rule in made.rules], made.starts, made.patterns

    actions, gotos, rules, starts, patterns = cached("parser", "\0".join([_FORMAT, grammar, *STARTS]), make)
    return Tables(actions, gotos, [Reduction(*rule) for rule in rules], starts, patterns)


def grammar_text(keywords: Keywords | None = None) -> str:
    """The grammar as Lark takes it: the terminals of a keyword table are declared, or defined where one is given."""
    text = (shipped("grammar") / "sladsl.lark").read_text(encoding="utf-8")
    if keywords is None:
        return f"{text}\n%declare {' '.join([*read_table('en')['keywords'], *GENERATED])}\n"
    return text + "\n" + keyword_terminals(keywords) + "%ignore /\\s+/\n%ignore /#[^\\n\\r]*/\n"


def keyword_terminals(keywords: Keywords) -> str:
    """A keyword table as terminals of Lark's grammar language, with the priorities that our own lexer gives them."""
    lines = [_terminal(name, _PRIORITIES.get(name, 20), [pattern]) for name, pattern in keywords.patterns.items()]
    spellings: dict[str, list[Keyword]] = {}
    for candidates in keywords.first_keywords.values():
        for keyword in candidates:
            spellings.setdefault(keyword.terminal, []).append(keyword)
    for name, found in spellings.items():
        longest = max(len(keyword.spelling) for keyword in found)
        priority = 90 if name in STATEMENT_KEYWORDS else 30 + longest
        lines.append(_terminal(name, priority, [keyword.pattern for keyword in found]))
    return "".join(lines)


_PRIORITIES = {"DEFINED": 80, "DURATION": 27, "MONEY": 26, "ORDINAL": 24}


def _terminal(name: str, priority: int, patterns: list[str]) -> str:
    pattern = "|".join(f"(?:{one})" for one in patterns).replace("/", "\\/")
    return f"{name}.{priority}: /{pattern}/\n"


def build(grammar: str, **options: Any) -> lark.Lark:
    """Lark's own parser of a grammar; `strict=True` makes every conflict fatal."""
    from lark import Lark

    return Lark(grammar, parser="lalr", lexer="contextual", start=list(STARTS), **options)


class _NoLexer:
    """Stands in for Lark's lexer, which would compile an expression for every set of terminals."""

    def __init__(self, *_: Any, **__: Any) -> None: ...


def make_tables(machine: lark.Lark) -> Tables:
    """Lark's tables as plain data."""
    from lark.parsers.lalr_analysis import Shift

    table = machine.parser.parser._parse_table
    rules = {rule: number for number, rule in enumerate(machine.rules)}
    # Lark numbers states by the accidents of hashing; here they are numbered as they are reached from the start rules
    order = [table.start_states[start] for start in STARTS]
    numbers = {state: number for number, state in enumerate(order)}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        actions.append({})
        gotos.append({})
        for name, (action, argument) in sorted(table.states[state].items()):
            symbol = str(name)  # Lark's own are tokens
            if action is not Shift:
                actions[-1][symbol] = -1 - rules[argument]
                continue
            if argument not in numbers:
                numbers[argument] = len(order)
                order.append(argument)
            row = actions if symbol.isupper() or symbol == END else gotos
            row[-1][symbol] = numbers[argument]
    return Tables(
        actions,
        gotos,
        [_reduction(rule) for rule in machine.rules],
        {start: (numbers[table.start_states[start]], numbers[table.end_states[start]]) for start in STARTS},
        {str(t.name): t.pattern.to_regexp() for t in machine.terminals},
    )


def _reduction(rule: Rule) -> Reduction:
    """What Lark's tree builder does with a rule's parts: drop anonymous signs, spread lists, put None for what is absent."""
    from lark.grammar import Terminal

    options = rule.options
    empty = list(options.empty_indices) if options.empty_indices else [False] * len(rule.expansion)
    parts: list[tuple[int, bool, int]] = []
    nones = index = 0
    for is_empty in empty:
        if is_empty:
            nones += 1
            continue
        symbol = rule.expansion[index]
        dropped = isinstance(symbol, Terminal) and symbol.filter_out
        if not dropped or options.keep_all_tokens:
            parts.append((index, not symbol.is_term and str(symbol.name).startswith("_"), nones))
            nones = 0
        index += 1
    name = str(rule.alias or rule.origin.name)
    everything = not nones and parts == [(n, False, 0) for n in range(len(rule.expansion))]
    return Reduction(
        str(rule.origin.name),
        len(rule.expansion),
        "" if name.startswith("_") else name,
        bool(options.expand1 and not rule.alias),
        None if everything else tuple(parts),
        nones,
    )
