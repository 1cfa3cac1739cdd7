"""Declare what every statement names, block by block, before anything is looked up.

Takes:  the statements of a file.
Gives:  its scopes, filled; entries in the context.
Never:  looks at what a definition says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from sladsl.checked.context import Context, File
from sladsl.checked.kinds import TEXT
from sladsl.checked.scopes import CalendarEntry, DefinitionEntry, Entry, ListEntry, PartyEntry, Scope, Table
from sladsl.checked.typed import Lit
from sladsl.checked.words import text_of
from sladsl.syntax import tree
from sladsl.text import Span, fold

E = TypeVar("E", bound=Entry)
Block = tree.Level | tree.ForLevel | tree.Protocol
_OUTERMOST = (tree.Sla, tree.UseModule, tree.UseFile, tree.Events, tree.Lifecycle, tree.Scenario)


def statements_of(context: Context, file: File) -> Iterator[tuple[tree.Statement, Scope, tuple[Block, ...]]]:
    """Every statement of a file with its scope and the blocks around it, from the outside in, in the order of the text.

    Iterative, so that no depth of blocks can exhaust anything.
    """
    waiting: list[tuple[Iterator[tree.Statement], Scope, tuple[Block, ...]]] = [
        (iter(file.policy.statements), file.scope, ())
    ]
    while waiting:
        statements, scope, blocks = waiting[-1]
        statement = next(statements, None)
        if statement is None:
            waiting.pop()
            continue
        yield statement, scope, blocks
        if isinstance(statement, (tree.Level, tree.ForLevel, tree.Protocol)):
            inner = context.scope_of.get(id(statement))
            if inner is None:
                inner = context.scope_of[id(statement)] = Scope(scope, start=statement.span.start)
            waiting.append((iter(statement.statements), inner, (*blocks, statement)))


def declare(context: Context, file: File) -> None:
    """Put the names of a file into its scopes."""
    for statement, scope, _ in statements_of(context, file):
        match statement:
            case tree.Definition():
                entry = DefinitionEntry(
                    statement.name.text, statement.name.span, scope, file.imported, value=statement.value
                )
                _declare_definition(context, scope, entry)
            case tree.NamedList():
                _declare_list(context, scope, statement, file.imported)
            case tree.Party():
                _declare_party(context, scope, statement, file.imported)
            case tree.Calendar():
                calendar = CalendarEntry(
                    statement.name.text, statement.name.span, scope, file.imported, statement=statement
                )
                if _put(context, scope.calendars, calendar, "calendar"):
                    calendar.number = len(context.calendars)
                    context.calendars.append(calendar)
            case tree.BusinessHours():
                if scope.business_hours is not None:
                    labels = ((scope.business_hours.span, "said here before"),)
                    context.findings.add("SLA0307", "the business hours are said twice", statement.span, labels=labels)
                else:
                    scope.business_hours = statement
            case tree.Lifecycle():
                for stage in statement.stages:
                    entry = DefinitionEntry(
                        stage.name.text, stage.name.span, scope, file.imported, value=stage.value, stage=True
                    )
                    if _put(context, scope.stages, entry, "stage"):
                        entry.number = len(context.definitions)
                        context.definitions.append(entry)
            case tree.Sla() if not file.imported:
                _declare_between(context, scope, statement)


def tell_of_misplaced(context: Context) -> None:
    """Complain about statements that hold for the whole policy and stand in a block of it."""
    for statement, _, blocks in statements_of(context, context.files[0]):
        if blocks and isinstance(statement, _OUTERMOST):
            start = context.text(statement.span).split(" ")[0]
            message = f"`{start} …` holds for the whole policy, and stands in a block here"
            context.findings.add("SLA0318", message, statement.span, help="move it out, to the beginning of a line")


def declare_given_lists(context: Context) -> None:
    """The lists of `--list NAME=a,b`: they stand for lists that the policy does not declare, and replace those it does."""
    scope = context.root
    for name, values in context.lists.items():
        place = Span(context.source.name, 0, 0)
        items = tuple(Lit(value, TEXT, span=place) for value in values)
        replaced = scope.lists.by_key.pop(fold(name), None)
        entry = ListEntry(name, replaced.span if replaced else place, scope, items=items, used=True)
        scope.lists.put(entry, context.words)


def _put(context: Context, table: Table[E], entry: E, sort: str) -> bool:
    earlier = table.put(entry, context.words)
    if earlier is None:
        return True
    message = f"the {sort} `{entry.name}` is declared twice"
    labels = ((earlier.span, "declared here before"),)
    context.findings.add("SLA0103", message, entry.span, help="give one of them another name", labels=labels)
    return False


def _taken(context: Context, others: Table[E], name: str, span: Span, sort: str) -> bool:
    earlier = others.by_key.get(fold(name))
    if earlier is None:
        return False
    message = f"`{name}` is declared twice, before as a {sort}"
    labels = ((earlier.span, "declared here before"),)
    context.findings.add("SLA0103", message, span, help="give one of them another name", labels=labels)
    return True


def _declare_definition(context: Context, scope: Scope, entry: DefinitionEntry) -> None:
    if _taken(context, scope.lists, entry.name, entry.span, "list"):
        return
    if _put(context, scope.definitions, entry, "definition"):
        entry.number = len(context.definitions)
        context.definitions.append(entry)


def _declare_list(context: Context, scope: Scope, statement: tree.NamedList, imported: bool) -> None:
    entry = ListEntry(statement.name.text, statement.name.span, scope, imported, statement=statement)
    if _taken(context, scope.definitions, entry.name, entry.span, "definition"):
        return
    if _put(context, scope.lists, entry, "list"):
        context.listed.append(entry)


def _declare_party(context: Context, scope: Scope, statement: tree.Party, imported: bool) -> None:
    manager = statement.manager
    said = manager.value if isinstance(manager, tree.Text) else manager.text if manager else ""
    name = statement.name
    entry = PartyEntry(name.text, name.span, scope, imported, value=statement.definition, manager=said)
    earlier = scope.parties.by_key.get(fold(name.text))
    if earlier is not None and not earlier.declared:  # so far only the header's `between` named it
        earlier.span, earlier.value, earlier.manager, earlier.declared = name.span, entry.value, said, True
        return
    if _put(context, scope.parties, entry, "party"):
        entry.number = len(context.parties)
        context.parties.append(entry)


def _declare_between(context: Context, scope: Scope, header: tree.Sla) -> None:
    for line in header.lines:
        if isinstance(line, tree.Between):
            for name in line.parties:
                said = text_of(context.words.telling(name.words) or name.words)
                if fold(said) not in scope.parties.by_key:
                    entry = PartyEntry(said, name.span, scope, declared=False, used=True)
                    entry.number = len(context.parties)
                    context.parties.append(entry)
                    scope.parties.put(entry, context.words)
