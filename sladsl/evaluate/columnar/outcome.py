"""Records become verdicts.

Takes:  the kernel's records of verdicts and alerts, and the names behind their numbers.
Gives:  `verdicts_of`, `alerts_of`: the objects that every evaluator gives.
Never:  changes what was judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sladsl.evaluate.columnar.batch import Array, unpack_cause
from sladsl.evaluate.columnar.kernel.layout import NO_CAUSE, NONE, NOTE_BASE, READING_BASE, ZONES_AT_MOST
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.evaluate.verdict import (
    BREACHED,
    CANCELLED,
    EXCUSED,
    LATE,
    MET,
    OPEN,
    PAUSED,
    UNDETERMINED,
    Alert,
    Cause,
    Verdict,
)

# By the number of a status in a record; 3 is none.
STATUS_WORDS = (OPEN, PAUSED, BREACHED, "", MET, LATE, CANCELLED, EXCUSED, UNDETERMINED)


def verdicts_of(
    tables: PlanTables,
    records: Array,
    stretches: Array,
    cases: Sequence[str] | Mapping[int, str],
    types: Sequence[str],
) -> Iterator[Verdict]:
    """A lot of verdicts; `stretches` are those of the lot, in its order, `cases` the names of cases by number."""
    groups = [clause.group for clause in tables.plan.clauses]
    notes = list(tables.notes)
    ran = [(int(since), int(until)) for since, until in stretches.tolist()]
    first = 0
    for row in records.tolist():
        (opened, due, closed, elapsed, paused, late_ticks, cause, closed_cause, zones, note) = row[:10]
        (case, number, kind, closed_kind, count, clause, target_row, status) = row[10:]
        yield Verdict(
            clause=clause,
            group=groups[clause],
            case=cases[case],
            number=number,
            status=STATUS_WORDS[status],
            opened_us=opened,
            due_us=_known(due),
            closed_us=_known(closed),
            elapsed=elapsed,
            row=target_row,
            paused_us=paused,
            late_by_us=None if late_ticks == NONE else closed - due,
            late_by_ticks=_known(late_ticks),
            opened_by=_cause(cause, kind, types),
            closed_by=_cause(closed_cause, closed_kind, types),
            note=notes_text(notes, note),
            zone=zones_text(tables, clause, zones),
            running=tuple(ran[first : first + count]),
        )
        first += count


def alerts_of(tables: PlanTables, records: Array, cases: Sequence[str]) -> Iterator[Alert]:
    """A lot of alerts."""
    for at, clause, case, number, place in records.tolist():
        of = tables.plan.clauses[clause]
        rule = of.alerts[place]
        yield Alert(rule.kind, clause, of.group, cases[case], number, rule.to, at, rule.written)


def notes_text(notes: Sequence[str], held: int) -> str:
    """The notes of a verdict, in the order in which they came."""
    found: list[str] = []
    while held:
        held, note = divmod(held, NOTE_BASE)
        found.append(notes[note])
    return "; ".join(reversed(found))


def zones_text(tables: PlanTables, clause: int, readings: int) -> str:
    """How the calendars were read at a start, as a verdict shows it."""
    names = list(tables.clocks.zones)
    found = []
    for calendar in tables.told[clause]:
        readings, reading = divmod(readings, READING_BASE)
        place, zone = divmod(reading, ZONES_AT_MOST)
        named = tables.plan.calendars[calendar].named_by
        found.append(f"{place} {names[zone]}" if named else names[zone])
    return ", ".join(found)


def _known(value: int) -> int | None:
    return None if value == NONE else value


def _cause(cause: int, kind: int, types: Sequence[str]) -> Cause | None:
    if cause == NO_CAUSE:
        return None
    input, row = unpack_cause(cause)
    return Cause(input, row, types[kind])
