"""The parser's engine: an LALR automaton over the tables of the grammar, fed by the contextual lexer.

Takes:  the tables and a tree builder; then stretches of text.
Gives:  what the builder made of a stretch.
Never:  recovers from a mistake by itself: each statement is parsed alone, and Unexpected tells where and in which state
        it could not go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sladsl.syntax.lexer import Lexeme, Stretch, next_lexeme
from sladsl.syntax.tables import END, Reduction, Tables

_Build = Callable[[list[Any]], Any]


class Unexpected(Exception):
    """A lexeme that cannot stand where it does; its type is END where the statement ends too early.

    `accepts` are the terminals that could really stand there.
    """

    def __init__(self, lexeme: Lexeme, accepts: frozenset[str]) -> None:
        super().__init__(lexeme)
        self.lexeme = lexeme
        self.accepts = accepts


class Machine:
    """Runs the tables, calling one method of the builder for each rule."""

    def __init__(self, tables: Tables, builder: Any) -> None:
        self.tables = tables
        self._rules = [(rule.origin, rule.size, _shaped(rule, builder)) for rule in tables.rules]

    def parse(self, stretch: Stretch, start: str) -> Any:
        """What the builder makes of a stretch. Raises Unexpected, the lexer's exceptions, and what the builder raises."""
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self._rules
        first, last = self.tables.starts[start]
        states, values = [first], []
        here = stretch.start

        def leads(terminal: str) -> bool:
            return self._leads(states, terminal)

        while True:
            takes = actions[states[-1]]
            lexeme = next_lexeme(stretch, here, takes, leads, len(states))
            while True:
                step = takes.get(lexeme.type)
                if step is None:
                    raise Unexpected(lexeme, self._accepts(states))
                if step >= 0:
                    states.append(step)
                    values.append(lexeme)
                    here = lexeme.end_pos
                    break
                origin, size, build = rules[-1 - step]
                if size:
                    parts = values[-size:]
                    del values[-size:], states[-size:]
                else:
                    parts = []
                values.append(build(parts))
                states.append(gotos[states[-1]][origin])
                if states[-1] == last and lexeme.type == END:
                    return values[-1]
                takes = actions[states[-1]]

    def _accepts(self, states: list[int]) -> frozenset[str]:
        """The terminals that can be shifted from here; the tables' own rows hold some that would fail after reducing."""
        return frozenset(terminal for terminal in self.tables.actions[states[-1]] if self._leads(states, terminal))

    def _leads(self, states: list[int], terminal: str) -> bool:
        states = list(states)
        while True:
            step = self.tables.actions[states[-1]].get(terminal)
            if step is None:
                return False
            if step >= 0:
                return True
            rule = self.tables.rules[-1 - step]
            if rule.size:
                del states[-rule.size :]
            states.append(self.tables.gotos[states[-1]][rule.origin])
            if terminal == END and any(states[-1] == last for _, last in self.tables.starts.values()):
                return True


def _shaped(rule: Reduction, builder: Any) -> _Build:
    """What to do with the parts of a rule: choose and spread them, then call the builder's method."""
    if rule.alone and rule.size == 1 and rule.parts is None:
        return _only  # `?rule: other`
    method: _Build = getattr(builder, rule.method) if rule.method else _as_they_are
    parts, nones, alone = rule.parts, rule.nones, rule.alone
    if parts is not None and not nones and all(not spread and not before for _, spread, before in parts):
        method = _chosen(method, [index for index, _, _ in parts])
    elif parts is not None:
        method = _spread(method, parts, nones)
    if alone:
        return _alone(method)
    return method


def _as_they_are(parts: list[Any]) -> list[Any]:
    return parts


def _only(parts: list[Any]) -> Any:
    return parts[0]


def _chosen(method: _Build, indices: list[int]) -> _Build:
    return lambda parts: method([parts[index] for index in indices])


def _spread(method: _Build, chosen: tuple[tuple[int, bool, int], ...], nones: int) -> _Build:
    def build(parts: list[Any]) -> Any:
        given: list[Any] = []
        for index, spread, before in chosen:
            if before:
                given += [None] * before
            if spread and not given:
                given = parts[index]  # a list grows in place, however long it gets
            elif spread:
                given += parts[index]
            else:
                given.append(parts[index])
        return method(given + [None] * nones if nones else given)

    return build


def _alone(method: _Build) -> _Build:
    return lambda parts: parts[0] if len(parts) == 1 else method(parts)
