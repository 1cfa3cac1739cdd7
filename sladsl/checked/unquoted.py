"""Words that may have been meant as texts of the log (section 3): `priority = high`.

Takes:  every condition of the policy itself.
Gives:  a warning where a column is compared with a word that the policy reads nowhere else.
Never:  speaks of names in backticks, of columns that the `events` blocks name, or of `billing country = shipping country`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sladsl.checked.contradictions import roots_of
from sladsl.checked.doubts import Doubts
from sladsl.checked.typed import Actor, Attr, Compare, EventType, walk
from sladsl.text import fold


def tell_of_unquoted(doubts: Doubts) -> None:
    """Warn of words that stand right of `=` or `!=` without quotes, and that nothing else makes columns."""
    reads: dict[str, set[int]] = {}
    compared: dict[int, tuple[Compare, Attr]] = {}
    for root in roots_of(doubts):
        for node in walk(root):
            if isinstance(node, Attr):
                reads.setdefault(node.name, set()).add(id(node))
            elif isinstance(node, Compare) and isinstance(node.right, Attr) and _asks_for_a_text(node):
                compared[id(node.right)] = (node, node.right)
    columns = set(_columns(doubts))
    parties = {fold(party.name) for party in doubts.program.parties}
    for node, word in compared.values():
        written = doubts.text(word.span)
        if word.own or word.name in columns or "`" in written or not reads[word.name] <= compared.keys():
            continue
        if isinstance(node.left, Attr) and _alike(node.left.name, word.name):
            continue
        if isinstance(node.left, Actor) and word.name in parties:
            continue  # that is told by itself
        message = f"`{written}` is read here as a column of the log"
        help = f'a text of the log stands in quotes, `"{written}"`; that a column is meant is said with backticks'
        doubts.tell("SLA0112", message, word.span, help=help)


def _asks_for_a_text(node: Compare) -> bool:
    """Whether a column, the event or the actor is compared for being the same."""
    return node.sign in ("=", "!=") and isinstance(node.left, Attr | EventType | Actor)


def _columns(doubts: Doubts) -> Iterator[str]:
    """What the policy says to be columns elsewhere, folded."""
    program = doubts.program
    for spec in program.inputs:
        yield from (fold(column.attribute) for column in spec.attributes)
    for objective in program.objectives:
        yield from (name for name, _ in objective.by)
    for clause in program.clauses:
        yield from (name for name in (clause.target and clause.target.attribute, clause.distinct_field) if name)
    for definition in program.definitions:
        if definition.imported:
            yield from (node.name for _, expr in definition.variants for node in walk(expr) if isinstance(node, Attr))


def _alike(one: str, two: str) -> bool:
    """Whether two names share a word, as those of two columns do that are worth comparing."""
    return bool(set(one.split()) & set(two.split()))
