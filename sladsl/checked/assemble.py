"""The checks in their order, and the program they give.

Takes:  a parsed policy, its source, a loader for what it uses, what the command line adds.
Gives:  Checked: the program, or None where there is an error, and all that was found.
Never:  raises for anything that a user can write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from sladsl.checked.broken import names_of_broken_statements
from sladsl.checked.calendars import calendar_named, calendar_spec
from sladsl.checked.clauses import check_clauses
from sladsl.checked.context import Context, File
from sladsl.checked.declare import declare, declare_given_lists, statements_of, tell_of_misplaced
from sladsl.checked.definitions import define, define_parties, define_wanted, party_condition, put_in_order
from sladsl.checked.findings import Findings
from sladsl.checked.following import put_clauses_in_order
from sladsl.checked.header import Header, finish_header, read_header
from sladsl.checked.imports import Loader, load_files, tell_of_names_in_two_files
from sladsl.checked.inputs import read_inputs
from sladsl.checked.kinds import TRUTH
from sladsl.checked.labels import check_scenarios, collect_labels
from sladsl.checked.levels import Member, guards
from sladsl.checked.objectives import check_objectives
from sladsl.checked.passes import doubt
from sladsl.checked.program import (
    Calendar,
    Clause,
    Constant,
    Definition,
    Lifecycle,
    Objective,
    Party,
    Program,
    Protocol,
    Reference,
)
from sladsl.checked.scopes import Scope
from sladsl.checked.soundness import tell_of_clauses_that_never_start, tell_of_targets_never_reached
from sladsl.checked.typed import DefRef, Expr
from sladsl.checked.words import Words
from sladsl.events import InputSpec
from sladsl.syntax import Parsed, tree
from sladsl.syntax.keywords import languages, read_table
from sladsl.text import Diagnostic, Source, Span, fold

# A column compared with another takes the kind that either has elsewhere; so many times what was learnt is used again.
_MOST_ROUNDS = 5


@frozen
class Checked:
    """What a check gives.

    Args:
        program: None where a diagnostic is an error.
        diagnostics: all that was found, by place.
        sources: the policy's text and those of the files that it uses.
    """

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


def check(
    parsed: Parsed,
    source: Source,
    loader: Loader,
    *,
    lists: Mapping[str, Sequence[str]] | None = None,
    timezone: str | None = None,
) -> Checked:
    """Check a parsed policy; everything that is wrong is found at once.

    Args:
        parsed: what `sladsl.syntax.parse` gave for the source.
        source: the policy's text.
        loader: reads the files that the policy uses.
        lists: entries of lists, as `--list NAME=a,b` gives them; they win over the policy's own.
        timezone: the agreement's zone, in place of what the policy says.
    """
    language = parsed.language if parsed.language in languages() else "en"  # an unknown one has been told
    table = read_table(language)
    words = Words(language, frozenset(map(fold, table["noise"])), table["built_in"]["case"][0])
    context = Context(
        source,
        parsed.tree,
        words,
        Findings(),
        {name: tuple(values) for name, values in (lists or {}).items()},
        frozenset(map(fold, table["operator_words"])),
        language,
        _operators(table),
        _follow_ups(table),
    )
    context.findings.append(parsed.diagnostics)
    context.broken |= names_of_broken_statements(source, parsed.diagnostics)
    context.files.append(File(source, parsed.tree, Scope()))
    context.sources[source.name] = source
    if not parsed.tree.statements and not context.findings.has_errors:
        help = "begin with a sentence: `sales contacts within 24h of created`"
        context.findings.add("SLA0317", "the policy says nothing", Span(source.name, 0, 0), help=help)
    program = _run(context, loader, timezone)
    sources = tuple(context.sources.values())
    told = context.findings.in_order()
    if language != "en":
        from sladsl.syntax.spoken import in_words_of  # an English policy does not wait for it

        told = tuple(in_words_of(language, diagnostic, source.text) for diagnostic in told)
    return Checked(None if context.findings.has_errors else program, told, sources)


def _spellings(table: Mapping[str, Any], terminal: str) -> list[str]:
    entry = table["keywords"][terminal]
    return [entry] if isinstance(entry, str) else list(entry)


def _operators(table: Mapping[str, Any]) -> dict[str, str]:
    """Which operator a word begins: `is`, `contains`, `starts` …"""
    names = ("MATCHES", "ENDS_WITH", "STARTS_WITH", "CONTAINS", "IS_MISSING", "IS_KNOWN")
    firsts = {fold(spelling.split()[0]): name for name in names for spelling in _spellings(table, name)}
    firsts |= {fold(word): "IS_KNOWN" for word in ("is", "es", "está") if word in table["operator_words"]}
    firsts |= {word: "WHEN" for word in ("if", "unless") if word in table["operator_words"]}
    return firsts | {word: "IS_KNOWN" for word, name in firsts.items() if name == "IS_MISSING"}


def _follow_ups(table: Mapping[str, Any]) -> dict[str, str]:
    """`breach of` and `fulfilment of` as the language writes them, by their first words."""
    spellings = [text for name in ("FULFILMENT_OF", "BREACH_OF") for text in _spellings(table, name)]
    return {fold(spelling.split()[0]): spelling for spelling in reversed(spellings)}


def _run(context: Context, loader: Loader, timezone: str | None) -> Program | None:
    header = read_header(context, timezone)
    load_files(context, loader)
    for file in context.files:
        declare(context, file)
    declare_given_lists(context)
    tell_of_misplaced(context)
    for entry in context.calendars:
        context.specs[entry.number] = calendar_spec(context, entry)
    for file in context.files:
        for statement, scope, _ in statements_of(context, file):
            if isinstance(statement, tree.BusinessHours) and statement is scope.business_hours:
                _business_hours(context, scope, statement)
    inputs = read_inputs(context)
    ordered = put_in_order(context)
    collect_labels(context)
    check_scenarios(context)
    mark = context.findings.mark()
    for _ in range(_MOST_ROUNDS):
        define(context, ordered)
        parties = define_parties(context)
        finish_header(context, header)
        clauses = check_clauses(context)
        objectives = check_objectives(context)
        stages = _stages(context)
        define_wanted(context)
        if not (context.undecided and context.settle_kinds()):
            break
        context.findings.back_to(mark)
        context.forget()
    parties += [party_condition(context, entry) for entry in context.parties[len(parties) :]]
    clauses = _with_guards(context, clauses)
    objectives = _objectives_with_guards(context, objectives)
    order = put_clauses_in_order(context, clauses)
    tell_of_clauses_that_never_start(context, clauses)
    tell_of_targets_never_reached(context, clauses, header.effective[0])
    tell_of_names_in_two_files(context)
    if context.findings.has_errors:
        return None
    program = _program(context, header, inputs, parties, clauses, objectives, stages, order)
    doubt(context, program)
    return program


def _business_hours(context: Context, scope: Scope, statement: tree.BusinessHours) -> None:
    entry = scope.calendar(statement.calendar.key)
    if entry is None:
        calendar_named(context, scope, statement.calendar)
        return
    # it is used once something is counted in it
    context.references.append(Reference(statement.calendar.span, entry.span))


def _said(context: Context) -> dict[int, Expr | None]:
    return {entry.number: entry.variants.get(TRUTH) for entry in context.definitions}


def _with_guards(context: Context, clauses: list[Clause]) -> list[Clause]:
    said = _said(context)
    members: dict[int, list[Member[Clause]]] = {}
    for clause in clauses:
        members.setdefault(clause.group, []).append(Member(clause, clause.level, clause.overrides, clause.head))
    found: dict[int, Expr | None] = {}
    for group, held in members.items():
        result = guards(context, context.groups[group], held, said.get)
        found.update({member.item.index: guard for member, guard in zip(held, result, strict=True)})
    return [evolve(clause, guard=found[clause.index]) for clause in clauses]


def _objectives_with_guards(context: Context, objectives: list[Objective]) -> list[Objective]:
    said = _said(context)
    members: dict[str, list[Member[Objective]]] = {}
    for objective in objectives:
        member = Member(objective, objective.level, False, objective.head)
        members.setdefault(fold(objective.label), []).append(member)
    found: dict[Span, Expr | None] = {}
    for held in members.values():
        result = guards(context, held[0].item.label, held, said.get)
        found.update({member.item.span: guard for member, guard in zip(held, result, strict=True)})
    return [evolve(objective, guard=found[objective.span]) for objective in objectives]


def _stages(context: Context) -> tuple[Lifecycle, ...]:
    """The life cycles of the policy; those of files that it uses are taken where the policy has none of that name."""
    found: dict[str, Lifecycle] = {}
    for file in context.files:
        for statement in file.policy.statements:
            if not isinstance(statement, tree.Lifecycle) or fold(statement.name.text) in found:
                continue
            stages: list[tuple[str, Expr]] = []
            for stage in statement.stages:
                entry = file.scope.stages.by_key.get(stage.name.key)
                if entry is not None and entry.number >= 0:
                    entry.used = True
                    entry.wanted.setdefault(TRUTH, stage.name.span)
                    stages.append((stage.name.text, DefRef(entry.number, TRUTH, span=stage.name.span)))
            found[fold(statement.name.text)] = Lifecycle(statement.name.text, tuple(stages), span=statement.name.span)
    return tuple(found.values())


def _protocols(context: Context, clauses: list[Clause]) -> tuple[Protocol, ...]:
    places = {
        fold(statement.name.value): statement.name
        for statement, _, _ in statements_of(context, context.files[0])
        if isinstance(statement, tree.Protocol)
    }
    groups: dict[str, dict[int, None]] = {}
    for clause in clauses:
        if clause.protocol:
            groups.setdefault(fold(clause.protocol), {})[clause.group] = None
    return tuple(Protocol(places[key].value, tuple(held), span=places[key].span) for key, held in groups.items())


def _program(
    context: Context,
    header: Header,
    inputs: tuple[InputSpec, ...],
    parties: list[Expr],
    clauses: list[Clause],
    objectives: list[Objective],
    lifecycles: tuple[Lifecycle, ...],
    order: tuple[int, ...],
) -> Program:
    hours = context.root.business_hours
    calendar = context.root.calendar(hours.calendar.key) if hours is not None else None
    return Program(
        context.source,
        tuple(context.sources.values()),
        header.name,
        header.edition,
        context.zone,
        header.case_word,
        context.language,
        header.effective,
        header.lateness_us,
        header.between,
        header.case_until,
        header.credit_cap,
        inputs,
        tuple(
            Calendar(entry.number, context.specs[entry.number], entry.imported, entry.used, span=entry.span)
            for entry in context.calendars
        ),
        calendar.number if calendar is not None else None,
        tuple(
            Party(
                entry.number,
                entry.name,
                condition,
                entry.manager,
                entry.declared,
                entry.imported,
                entry.used,
                span=entry.span,
            )
            for entry, condition in zip(context.parties, parties, strict=True)
        ),
        _constants(context),
        tuple(
            Definition(
                entry.number,
                entry.name,
                tuple(entry.variants.items()),
                entry.action,
                entry.stage,
                entry.imported,
                entry.used,
                span=entry.span,
            )
            for entry in context.definitions
        ),
        tuple(context.groups),
        tuple(clauses),
        tuple(objectives),
        lifecycles,
        _protocols(context, clauses),
        order,
        tuple(context.references),
    )


def _constants(context: Context) -> tuple[Constant, ...]:
    found: list[Constant] = []
    for entry in context.definitions:
        lits = (entry.constant,) if entry.constant is not None else entry.items
        if lits:
            values = tuple(lit.value for lit in lits)
            listed = entry.items is not None
            found.append(
                Constant(entry.name, values, lits[0].kind, listed, entry.imported, entry.used, span=entry.span)
            )
    for listed_entry in context.listed:
        if listed_entry.items:
            values = tuple(lit.value for lit in listed_entry.items)
            kind = listed_entry.items[0].kind
            found.append(
                Constant(
                    listed_entry.name,
                    values,
                    kind,
                    True,
                    listed_entry.imported,
                    listed_entry.used,
                    span=listed_entry.span,
                )
            )
    return tuple(found)
