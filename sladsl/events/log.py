"""What was read: the events, what is known of each input, and the rows that were refused.

Takes:  nothing; plain data.
Gives:  Log, InputReport, Reject, LogError.
Never:  drops a refused row without saying so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from sladsl.events.actors import Actors
from sladsl.events.event import Event
from sladsl.text import Diagnostic
from sladsl.text.record import Record


@frozen(eq=False, repr=False)
class Reject(Record):
    """A row that could not be read.

    Args:
        input: the index of its input.
        row: its data row, counted from 1.
        column: the heading of the cell that is wrong; "" where it is the whole row.
        cell: that cell as written; "" where it is the whole row or an empty cell.
        reason: what is wrong, as a message reads: lower case, no full stop.
        text: the row as it stands in the file (typed sources: as JSON).
    """

    input: int
    row: int
    column: str
    cell: str
    reason: str
    text: str


@frozen(eq=False, repr=False)
class FoundColumn(Record):
    """Which column plays a role.

    Args:
        column: its heading as the file has it.
        how: `named` (by an `events` block), `option` (by `--column`) or `usual` (by its usual name).
    """

    column: str
    how: str


@frozen(eq=False, repr=False)
class InputReport(Record):
    """What was read from one input.

    Args:
        name: the name it was given (`leads` in `leads=FILE`); "" without one.
        path: the file as given; `-` for standard input; "" for data in memory.
        format: `csv`, `tsv`, `ndjson`, `json`, `parquet`, or what data in memory is (`rows`, `arrow`, …).
        rows: data rows, refused and repeated ones included; blank rows count nowhere.
        events: events made of them.
        cases: different cases among those events.
        first_us, last_us: the span of those events, or None where there are none.
        rejected: rows refused.
        duplicates: rows whose id came before.
        skipped_times: times that a clock change skips, read one hour later.
        repeated_times: times that a clock change repeats, read as the first.
        columns: role to column: `case`, `time`, `event`, `actor`, `id`, and `at <name>` for a step.
        attributes: the folded names of the attributes, in the order of their columns.
        hash: the SHA-256 of the file's bytes in hex; "" for data in memory.
    """

    name: str
    path: str
    format: str
    rows: int
    events: int
    cases: int
    first_us: int | None
    last_us: int | None
    rejected: int
    duplicates: int
    skipped_times: int
    repeated_times: int
    columns: Mapping[str, FoundColumn]
    attributes: tuple[str, ...]
    hash: str


@define
class Log:
    """Everything that was read.

    Args:
        events: sorted by (time, position); what came twice is taken out. There are none here
            where the columnar evaluator has read the files itself: then the inputs tell how many there were.
        inputs: one report an input, in the order given.
        rejects: every row that was refused, in that order too.
        warnings: what a person should know though the log could be read.
        actors: who acts.
        headings: of all inputs, in their order.
    """

    events: list[Event]
    inputs: list[InputReport]
    rejects: list[Reject] = field(factory=list)
    warnings: list[Diagnostic] = field(factory=list)
    actors: Actors = field(factory=Actors)
    headings: tuple[str, ...] = ()

    @property
    def has_actor(self) -> bool:
        """Whether any event names an actor."""
        return bool(self.actors)

    @property
    def is_empty(self) -> bool:
        """Whether no event could be read."""
        return not self.events and not any(report.events for report in self.inputs)

    @property
    def attribute_names(self) -> frozenset[str]:
        """The folded names of the attributes that any input has a column for."""
        return frozenset(name for report in self.inputs for name in report.attributes)

    def write_rejects(self, path: Path | str) -> None:
        """Write the refused rows as CSV: `input,row,column,cell,reason,text`.

        Raises OSError where the file cannot be written.
        """
        import csv  # only here: the types of a log are imported by everybody

        with open(path, "w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(("input", "row", "column", "cell", "reason", "text"))
            for reject in self.rejects:
                report = self.inputs[reject.input]
                source = report.path or report.name
                rows.writerow((source, reject.row, reject.column, reject.cell, reject.reason, reject.text))


class LogError(Exception):
    """The log cannot be judged.

    Args:
        diagnostics: why, in the order found; none is empty.
        log: what could be read all the same, where bad rows are errors (`--strict`); else None.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], log: Log | None = None) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)
        self.log = log
