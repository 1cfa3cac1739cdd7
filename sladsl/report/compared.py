"""A policy beside a log, before anything is judged: what the policy asks for and the log never holds.

Takes:  a Plan, the Program that it was made of (None for a compiled policy), and the Log.
Gives:  `compared`: a warning for each thing, with its place in the policy and the nearest name of the log.
Never:  judges an instance, or speaks of what the policy declares and does not use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sladsl.checked.kinds import TEXT
from sladsl.checked.program import Calendar, Clause, Objective, Party, Program, Statistic, Target
from sladsl.checked.typed import Actor, ActorIs, Attr, Compare, DefRef, EventType, History, InList, Lit, Typed, children
from sladsl.evaluate.stream.observer import Observer
from sladsl.events import Log
from sladsl.ir.parties import owing_parties
from sladsl.ir.plan import Plan
from sladsl.report.matched import matched_phrases
from sladsl.report.odd import (
    idle_party,
    listed,
    near_events,
    nothing_read,
    odd_times,
    refused_rows,
    unchecked_parties,
    unmatched,
)
from sladsl.report.result import Matched
from sladsl.text import Diagnostic, Severity, Source, Span, fold, nearest

# Of a column with more different values than that, it is not said which ones it lacks.
_MOST_VALUES = 2000


def compared(
    plan: Plan, log: Log, program: Program | None = None, source: Source | None = None
) -> tuple[list[Diagnostic], tuple[Matched, ...]]:
    """What is in the policy and not in the log, as warnings by place; and what each phrase matched.

    Args:
        plan: the policy.
        log: what was read for it.
        program: what the checker gave for the policy, for the places; None leaves only what the plan knows.
        source: the policy's text.
    """
    types = Counter(event.type for event in log.events)
    matched = matched_phrases(plan, types)
    found = [*nothing_read(log)]
    if log.events:
        asked = _Asked(program)
        found += [
            *unmatched(plan, matched, types, source),
            *_unknown_events(asked, types),
            *_absent_columns(plan, asked, log),
            *_unknown_texts(asked, log),
            *unchecked_parties(plan, log),
            *_idle_parties(plan, program, log),
            *_unknown_actors(asked, log),
        ]
    return [*found, *refused_rows(log), *odd_times(log), *log.warnings], matched


def _warning(code: str, message: str, span: Span | None, help: str = "", notes: tuple[str, ...] = ()) -> Diagnostic:
    return Diagnostic(code, message, span, Severity.WARNING, notes=notes, help=help)


class _Asked:
    """What the policy asks a log for, with the places: columns, event names, actors, texts of a column."""

    def __init__(self, program: Program | None) -> None:
        self.has_places = program is not None
        self.columns: dict[str, Span] = {}
        self.events: dict[str, tuple[str, Span]] = {}
        self.actors: dict[str, tuple[str, Span]] = {}
        self.texts: dict[tuple[str, str], Span] = {}
        for node in _used(program) if program is not None else ():
            self._note(node)

    def _note(self, node: Typed) -> None:
        match node:
            case Attr():
                self.columns.setdefault(node.name, node.span)
            case Target() if node.attribute:
                self.columns.setdefault(node.attribute, node.span)
            case Clause() if node.distinct_field:
                self.columns.setdefault(node.distinct_field, node.head)
            case Statistic():
                self.columns.setdefault(node.attribute, node.span)
            case History() if node.attribute:
                self.columns.setdefault(node.attribute, node.span)
            case Objective():
                for name, _ in node.by:
                    self.columns.setdefault(name, node.head)
            case Calendar():
                for name in filter(None, (node.spec.zone_attribute, node.spec.named_by)):
                    self.columns.setdefault(name, node.span)
            case Compare() if node.sign in ("=", "!="):
                for one, two in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(two, Lit):
                        self._asks(one, (two.value,), two.span)
            case InList():
                self._asks(node.operand, node.values, node.span)

    def _asks(self, operand: Typed, values: Iterable[object], span: Span) -> None:
        for value in values:
            text = str(value)
            if isinstance(operand, EventType):
                self.events.setdefault(fold(text), (text, span))
            elif isinstance(operand, Actor):
                self.actors.setdefault(fold(text), (text, span))
            elif isinstance(operand, Attr) and operand.of == TEXT:
                self.texts.setdefault((operand.name, text), span)


def _used(program: Program) -> Iterator[Typed]:
    """Everything that a clause, an objective, a party or a life cycle comes to, definitions included."""
    waiting: list[Typed] = [
        *program.clauses,
        *program.objectives,
        *(party.condition for party in program.parties if party.used),
        *(state for lifecycle in program.lifecycles for _, state in lifecycle.stages),
        *(calendar for calendar in program.calendars if calendar.used),
    ]
    if program.case_until is not None:
        waiting.append(program.case_until)
    waiting.reverse()
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, DefRef):
            waiting.extend(expr for _, expr in program.definitions[node.definition].variants)
        waiting.extend(children(node))


# --- one sort of thing each -----------------------------------------------------------------------------------------------


def _unknown_events(asked: _Asked, types: Counter[str]) -> Iterator[Diagnostic]:
    known = {fold(name) for name in types}
    for key, (written, span) in asked.events.items():
        if key not in known:
            near = near_events(written, types)
            help = f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
            notes = (f"the log has {listed(types)}",)
            yield _warning("SLA0923", f"the log has no event `{written}`", span, help, notes)


def _absent_columns(plan: Plan, asked: _Asked, log: Log) -> Iterator[Diagnostic]:
    present = log.attribute_names
    for name in plan.attributes:
        if name in present or (asked.has_places and name not in asked.columns):
            continue
        near = nearest(name, present, 1)
        help = f"did you mean `{near[0]}`? `--column '{name}={near[0]}'` says so, too" if near else ""
        notes = () if near else (f"the log has {listed(sorted(present))}",) if present else ()
        message = f"the log has no column `{name}`: what the policy says of it never holds"
        yield _warning("SLA0913", message, asked.columns.get(name), help, notes)


def _unknown_texts(asked: _Asked, log: Log) -> Iterator[Diagnostic]:
    """Texts that a column never holds, and something near it does: a slip, or another case of letters."""
    held: dict[str, set[str]] = {name: set() for name, _ in asked.texts}
    for event in log.events:
        for name, value in event.attributes.items():
            values = held.get(name)
            if values is not None and isinstance(value, str) and len(values) <= _MOST_VALUES:
                values.add(value)
    for (name, text), span in asked.texts.items():
        values = held[name]
        if not values or text in values or len(values) > _MOST_VALUES:
            continue
        near = [value for value in sorted(values) if fold(value) == fold(text)] or nearest(text, sorted(values), 1)
        wanted = {each for column, each in asked.texts if column == name}
        if near and near[0] not in wanted:
            message = f'`{name}` is never `"{text}"` in the log'
            yield _warning("SLA0924", message, span, f'did you mean `"{near[0]}"`?')


def _idle_parties(plan: Plan, program: Program | None, log: Log) -> Iterator[Diagnostic]:
    """Parties of clauses and objectives for whom no event of the log is an act of theirs."""
    waiting = {party.name: party.condition for party in owing_parties(plan)}
    if not waiting:
        return
    observer = Observer(plan, waiting.values(), {}, actors=log.has_actor)
    for event in log.events:
        state = observer.observe(event)
        for name, condition in list(waiting.items()):
            if observer.get(state, condition) is True:
                del waiting[name]
        observer.clear()
        if not waiting:
            return
    places: dict[str, Party] = {fold(party.name): party for party in program.parties} if program is not None else {}
    for name in waiting:
        place = places.get(fold(name))
        by_name = place is None or isinstance(place.condition, ActorIs)
        yield idle_party(name, by_name, log.actors.names, place.span if place is not None else None)


def _unknown_actors(asked: _Asked, log: Log) -> Iterator[Diagnostic]:
    actors: dict[str, str] = {}
    for event in log.events:
        if event.actor:
            actors.setdefault(fold(event.actor), event.actor)
    for key, (written, span) in asked.actors.items() if actors else ():
        if key not in actors:
            near = nearest(written, actors.values(), 1)
            help = f"did you mean `{near[0]}`?" if near else ""
            notes = () if near else (f"the actors of the log are {listed(sorted(actors.values()))}",)
            yield _warning("SLA0922", f"no event of the log has the actor `{written}`", span, help, notes)
