"""What is declared and never used (section 11).

Takes:  the program, with the uses that the check has noted, and the scenarios of the policy.
Gives:  a warning for each definition, list, constant, party and calendar that nothing refers to.
Never:  speaks of names of other files, of stages, or of a file that promises nothing: it is there to be used by others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sladsl.checked.doubts import Doubts
from sladsl.checked.kinds import TRUTH
from sladsl.checked.program import Definition
from sladsl.syntax import tree
from sladsl.text import Span, fold, shipped


def tell_of_unused(doubts: Doubts) -> None:
    """Warn of what nothing refers to."""
    if not doubts.program.clauses and not doubts.program.objectives:
        return
    named = set(_named_in_scenarios(doubts))
    hours = doubts.program.business_hours
    told: set[Span] = set()
    for sort, name, span in _unused(doubts):
        if span in told or fold(name) in named:
            continue
        if not told and _is_module(doubts):
            return
        told.add(span)
        doubts.tell("SLA0110", f"the {sort} `{name}` is declared and never used", span, help="use it, or take it out")
    for calendar in doubts.program.calendars:
        if calendar.used or calendar.imported or fold(calendar.spec.name) in named or _is_module(doubts):
            continue
        name = calendar.spec.name
        if calendar.number == hours:
            if doubts.context.findings.holds("SLA0214"):
                continue  # days that are counted as hours: it has been told what is meant
            message = f"`{name}` is said to be the business hours, and nothing is counted in them"
            help = "`24h` is real time, nights and weekends included; write `24 business hours` or `1 business day`"
            doubts.tell("SLA0110", message, calendar.span, help=help)
        else:
            message = f"the calendar `{name}` is declared and never used"
            doubts.tell("SLA0110", message, calendar.span, help=f"say `in {name}`, or take it out")


def _is_module(doubts: Doubts) -> bool:
    """Whether the policy is a module that ships with the language: its names are for others, its clauses for its tests."""
    try:
        return Path(doubts.context.source.name).resolve().is_relative_to(shipped("stdlib").resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _unused(doubts: Doubts) -> Iterator[tuple[str, str, Span]]:
    program = doubts.program
    for constant in program.constants:
        if not constant.used and not constant.imported:
            yield "list" if constant.listed else "constant", constant.name, constant.span
    for definition in program.definitions:
        if not (definition.used or definition.imported or definition.stage):
            yield _sort(definition), definition.name, definition.span
    for party in program.parties:
        if party.declared and not party.used and not party.imported:
            yield "party", party.name, party.span


def _sort(definition: Definition) -> str:
    if not any(kind == TRUTH for kind, _ in definition.variants):
        return "value"
    return "action" if definition.action else "state"


def _named_in_scenarios(doubts: Doubts) -> Iterator[str]:
    """The events, parties and values that scenarios name, folded."""
    for statement in doubts.context.policy.statements:
        if not isinstance(statement, tree.Scenario):
            continue
        for line in statement.lines:
            if isinstance(line, tree.ScenarioEvent):
                yield fold(line.event.value)
                for each in line.values:
                    for node in tree.walk(each):
                        if isinstance(node, tree.Name):
                            yield node.key
                        elif isinstance(node, tree.Text):
                            yield fold(node.value)
