"""Definitions, lists and parties: in which order they depend on one another, and what each says.

Takes:  the entries that `declare` found.
Gives:  kinds, constants, states and actions in the entries; a complaint for each circle.
Never:  recurses along a chain of definitions, however long.
"""

from __future__ import annotations

from collections import deque

from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import entry_named
from sladsl.checked.kinds import ERROR, LIST, NUMBER, TEXT, TRUTH
from sladsl.checked.membership import kind_of_items
from sladsl.checked.scopes import DefinitionEntry, ListEntry, PartyEntry
from sladsl.checked.typed import ActorIs, Expr, Lit, Wrong
from sladsl.syntax import tree
from sladsl.text import Span, fold

Node = DefinitionEntry | ListEntry
MOST_HEIGHT = 200


def put_in_order(context: Context) -> list[Node]:
    """Lists and definitions, each after what it refers to; numbers the definitions so, and complains about circles."""
    nodes: list[Node] = [*context.listed, *context.definitions]
    needs = {id(node): _dependencies(context, node) for node in nodes}
    needed_by: dict[int, list[Node]] = {id(node): [] for node in nodes}
    open_needs: dict[int, int] = {}
    for node in nodes:
        known = [other for other, _ in needs[id(node)] if id(other) in needed_by]
        open_needs[id(node)] = len(known)
        for other in known:
            needed_by[id(other)].append(node)
    ready = deque(node for node in nodes if not open_needs[id(node)])
    waiting = {id(node): node for node in nodes}
    ordered: list[Node] = []
    while waiting:
        while ready:
            node = ready.popleft()
            if waiting.pop(id(node), None) is None:
                continue
            ordered.append(node)
            for after in needed_by[id(node)]:
                open_needs[id(after)] -= 1
                if not open_needs[id(after)]:
                    ready.append(after)
        if waiting:
            circle = _circle(next(iter(waiting.values())), waiting, needs)
            _complain(context, circle)
            for node, _ in circle:
                if isinstance(node, DefinitionEntry):
                    node.kind, node.circular = ERROR, True
                ready.append(node)
    _tell_of_depth(context, ordered, needs)
    context.definitions = [node for node in ordered if isinstance(node, DefinitionEntry)]
    for number, entry in enumerate(context.definitions):
        entry.number = number
    return ordered


def _tell_of_depth(context: Context, ordered: list[Node], needs: dict[int, list[tuple[Node, Span]]]) -> None:
    """Complain where definitions stand on one another so high that nobody could follow, and stop there."""
    height: dict[int, int] = {}
    for node in ordered:
        if isinstance(node, DefinitionEntry) and node.circular:
            continue
        height[id(node)] = 1 + max((height.get(id(other), 0) for other, _ in needs[id(node)]), default=0)
        if height[id(node)] > MOST_HEIGHT and isinstance(node, DefinitionEntry):
            message = f"`{node.name}` stands on more than {MOST_HEIGHT} definitions, one on another"
            context.findings.add("SLA0109", message, node.span)
            node.kind, node.circular = ERROR, True
            height[id(node)] = 0


def define(context: Context, ordered: list[Node]) -> None:
    """Say of each list and definition, in that order, what it is."""
    for node in ordered:
        if isinstance(node, ListEntry):
            if node.statement is not None:
                x = Expressions(context, node.scope)
                node.items = _items(x, node.statement.items)
                node.sound = len(node.items) == len(node.statement.items) and (
                    kind_of_items(x, list(node.items), node.span) is not None
                )
        elif node.kind != ERROR:
            _define(context, node)


def define_parties(context: Context) -> list[Expr]:
    """The condition of each party, in their order."""
    return [party_condition(context, entry) for entry in context.parties]


def party_condition(context: Context, entry: PartyEntry) -> Expr:
    """What must hold at an event that a party acts in."""
    if entry.value is None:
        return ActorIs(fold(entry.name), span=entry.span)
    return Expressions(context, entry.scope).condition(entry.value)


def define_wanted(context: Context) -> None:
    """Definitions without a kind of their own, once for each kind in which they are read."""
    for entry in context.definitions:
        if entry.kind is None and not entry.wanted:
            entry.wanted[NUMBER if isinstance(entry.value, tree.Arithmetic) else TEXT] = entry.span
    waiting = deque(entry for entry in context.definitions if entry.kind is None)
    while waiting:
        entry = waiting.popleft()
        new = [kind for kind in entry.wanted if kind not in entry.variants]
        for kind in new:
            x = Expressions(context, entry.scope, entry if entry.stage else None)
            entry.variants[kind] = x.value(entry.value, kind)
        if new:  # what it refers to is wanted in these kinds now, too
            others = (other for other, _ in _dependencies(context, entry))
            waiting.extend(other for other in others if isinstance(other, DefinitionEntry) and other.kind is None)


def _is_calendar(context: Context, entry: DefinitionEntry, value: tree.Name) -> bool:
    """Complain about `opening hours = office`, where `office` is a calendar and no column that the policy reads."""
    calendar = entry.scope.calendar(value.key)
    if calendar is None:
        return False
    context.use(calendar, value.span)
    message = f"`{value.text}` is a calendar, and a definition needs a value or a condition"
    help = f"which calendar is meant where none is named is said with `business hours = {value.text}`"
    labels = ((calendar.span, f"`{value.text}` is declared here"),)
    context.findings.add("SLA0105", message, value.span, help=help, labels=labels)
    context.told_of_no_calendar = True  # business time without a calendar is no second mistake
    return True


def _define(context: Context, entry: DefinitionEntry) -> None:
    x = Expressions(context, entry.scope, entry if entry.stage else None)
    value = entry.value
    if isinstance(value, tree.ListOf):
        items = _items(x, value.items)
        sound = len(items) == len(value.items) and (not items or kind_of_items(x, list(items), value.span) is not None)
        entry.kind, entry.items = (LIST, items) if sound else (ERROR, None)
        return
    kind = x.kind_of(value)
    if isinstance(value, tree.Name) and kind == LIST:
        other = entry.scope.named(value.key)
        if other is not None and other is not entry:
            context.use(other, value.span)
            entry.kind, entry.items = LIST, other.items or ()
            return
    if kind is None and isinstance(value, tree.Name) and _is_calendar(context, entry, value):
        entry.kind = ERROR
        return
    if kind is None:
        entry.action = _reads_event(x, value)
        return
    expr = x.condition(value) if kind == TRUTH else x.value(value, kind)
    if expr.kind == ERROR:
        entry.kind = ERROR
        return
    if entry.stage and kind != TRUTH:
        message = f"the stage `{entry.name}` is {expr.kind}, and a stage is a state"
        context.findings.add("SLA0206", message, value.span)
        entry.kind = ERROR
        return
    entry.kind = expr.kind
    if isinstance(expr, Lit) and expr.kind != TRUTH:
        entry.constant = expr
        return
    entry.action = x.is_action(expr)
    if entry.stage and entry.action:
        message = f"the stage `{entry.name}` happens at an event and does not last; a stage is a state"
        context.findings.add("SLA0305", message, value.span)
        entry.kind = ERROR
        return
    entry.variants[entry.kind] = expr


def _items(x: Expressions, items: tuple[tree.Expression, ...]) -> tuple[Lit, ...]:
    found = []
    for item in items:
        value = x.value(item)
        if isinstance(value, Lit):
            found.append(value)
        elif value.kind != ERROR:
            message = f"`{x.text(item.span)}` is not the same for every case; a list holds constants"
            help = f'if it is a text, write `"{x.text(item.span)}"`' if isinstance(item, tree.Name) else ""
            x.findings.add("SLA0210", message, item.span, help=help)
    return tuple(found)


def _reads_event(x: Expressions, value: tree.Expression) -> bool:
    for node in tree.walk(value):
        if isinstance(node, tree.EventField):
            return True
        if isinstance(node, tree.Name):
            entry = x.scope.named(node.key, x.skip)
            if isinstance(entry, DefinitionEntry) and entry.action:
                return True
    return False


# --- what a definition refers to ---------------------------------------------------------------------------------


def _dependencies(context: Context, node: Node) -> list[tuple[Node, Span]]:
    """The lists and definitions that one refers to, each with the place where it does."""
    if isinstance(node, ListEntry):
        values: tuple[tree.Expression, ...] = node.statement.items if node.statement else ()
        skip = None
    else:
        values, skip = (node.value,), node if node.stage else None
    x = Expressions(context, node.scope, skip)
    found: dict[int, tuple[Node, Span]] = {}
    # whether bare names are meant as what happens, and so are found by their stems
    waiting: list[tuple[tree.Node, bool]] = [(value, False) for value in values]
    while waiting:
        here, happening = waiting.pop()
        if isinstance(here, tree.Name):
            other: Node | Wrong | None = node.scope.named(here.key, skip)
            if other is None and happening:
                other = entry_named(x, here)
            if other is not None and not isinstance(other, Wrong):
                found.setdefault(id(other), (other, here.span))
            continue
        if isinstance(here, (tree.CountOf, tree.TimeOfEvent, tree.TimeSince, tree.DistinctOf)):
            waiting.append((here.what, True))
        elif isinstance(here, tree.SumOf):
            waiting.extend([(here.at, True), (here.field, False)])
        elif isinstance(here, (tree.EventField, tree.During)):
            continue
        else:
            joins = happening and isinstance(here, (tree.And, tree.Or, tree.Not))
            waiting.extend((child, joins) for child in tree.children(here))
    return list(found.values())


def _circle(
    start: Node, waiting: dict[int, Node], needs: dict[int, list[tuple[Node, Span]]]
) -> list[tuple[Node, Span]]:
    """A circle among the nodes that wait: each with the place where it refers to the next."""
    path: list[tuple[Node, Span]] = []
    place: dict[int, int] = {}
    here = start
    while id(here) not in place:
        place[id(here)] = len(path)
        following, span = next((other, span) for other, span in needs[id(here)] if id(other) in waiting)
        path.append((here, span))
        here = following
    return path[place[id(here)] :]


def _complain(context: Context, circle: list[tuple[Node, Span]]) -> None:
    circle = _from_first(circle)
    first, span = circle[0]
    if len(circle) == 1:
        message = f"`{first.name}` refers to itself"
        help = "a column of that name cannot be read where a definition has it: give the definition another name"
        value = first.value if isinstance(first, DefinitionEntry) else None
        if isinstance(value, tree.Compare) and value.right.span == span:
            name = context.text(span)
            help = f'a text of the log stands in quotes: `{context.text(value.left.span)} {value.sign} "{name}"`'
        context.findings.add("SLA0104", message, span, help=help)
        return
    names = " → ".join(f"`{node.name}`" for node, _ in [*circle[:6], circle[0]])
    labels = tuple((place, f"`{node.name}` refers on from here") for node, place in circle[1:6])
    context.findings.add("SLA0104", f"definitions go round in a circle: {names}", span, labels=labels)


def _from_first(circle: list[tuple[Node, Span]]) -> list[tuple[Node, Span]]:
    """The circle, beginning with what stands first in the text."""
    start = min(range(len(circle)), key=lambda at: (circle[at][1].source, circle[at][1].start))
    return circle[start:] + circle[:start]
