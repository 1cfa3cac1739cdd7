"""Read logs from files.

Takes:  paths, the `events` blocks, what the command line adds.
Gives:  read: the Log, sorted; stream: the events of one file in its own order.
Never:  stops at a bad row; what cannot be judged at all is a LogError.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from sladsl.events.actors import Actors
from sladsl.events.columns import Roles, find_heading, listed, resolve_columns
from sladsl.events.event import Event
from sladsl.events.log import InputReport, Log, LogError, Reject
from sladsl.events.opened import Opened, open_source
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker, Seen
from sladsl.events.sources import Source, find_sources
from sladsl.events.spec import InputSpec, ReadOptions
from sladsl.text import Diagnostic, Severity, fold, nearest


def read(
    inputs: Sequence[Path | str | tuple[str, Path | str]],
    specs: Sequence[InputSpec] = (),
    options: ReadOptions | None = None,
) -> Log:
    """Read the whole log.

    Args:
        inputs: files, globs and `-`, in the order that counts; with a name as `NAME=FILE` or as a pair.
        specs: the `events` blocks of the policy.
        options: the zone, the case's word, `--column`, `--strict`.

    Raises LogError with everything that makes the log impossible to judge: a missing or unreadable file, a column
    that cannot be found, a file of which no row can be read, and with `strict` any refused row.
    """
    options = options or ReadOptions()
    sources = find_sources(inputs)
    blocks = assign_blocks(sources, specs)
    gathered = Gathered(options)
    seen: dict[int, Seen] = {}
    for source, block in zip(sources, blocks, strict=True):
        try:
            with open_source(source) as opened:
                rows = open_rows(opened, block)
                gathered.take(source, rows, block, seen.setdefault(source.argument, Seen()), opened)
        except LogError as error:
            gathered.wrong += error.diagnostics
    return gathered.log(blocks, specs)


def stream(
    input: Path | str, specs: Sequence[InputSpec] = (), options: ReadOptions | None = None
) -> Iterator[Event | Reject]:
    """The events of one input one by one, in its own order, and the rows refused among them.

    Raises LogError as `read` does, for what can be known before the first row.
    """
    options = options or ReadOptions()
    sources = find_sources([input])
    seen = Seen()
    position = 0
    for number, (source, block) in enumerate(zip(sources, assign_blocks(sources, specs), strict=True)):
        with open_source(source) as opened:
            rows = open_rows(opened, block)
            roles = resolve_columns(rows.headings, block, options, source.shown)
            if isinstance(roles, list):
                raise LogError(roles)
            maker = EventMaker(rows, roles, block, options, number, position, seen)
            told = 0
            for event in maker:
                yield from maker.rejects[told:]
                told = len(maker.rejects)
                yield event
            yield from maker.rejects[told:]
            position = maker.position


def open_rows(opened: Opened, block: InputSpec | None) -> RowSource:
    """The rows of an open file, by its format. Raises LogError where they cannot be had."""
    if opened.format in ("csv", "tsv"):
        from sladsl.events.delimited import DelimitedRows

        return DelimitedRows(opened)
    if opened.format == "parquet":
        from sladsl.events.arrow_rows import parquet_rows

        return parquet_rows(opened)
    from sladsl.events.json_source import JsonDocument, JsonLines
    from sladsl.events.objects import ObjectRows

    source = JsonLines(opened) if opened.format == "ndjson" else JsonDocument(opened)
    rows = ObjectRows(source, opened.format, late_headings(block))
    if not rows.headings:
        reason = f": {rows.trouble}" if rows.trouble else ""
        raise LogError([Diagnostic("SLA0602", f"{opened.source.shown} holds no JSON objects{reason}", None)])
    return rows


def late_headings(block: InputSpec | None) -> list[str]:
    """The headings named by a block that rows without a fixed heading may bring late, or never."""
    return [*(rule.column for rule in block.attributes), *(rule.column for rule in block.steps)] if block else []


def assign_blocks(sources: Sequence[Source], specs: Sequence[InputSpec]) -> list[InputSpec | None]:
    """The block by which each file is read.

    `NAME=FILE` is read by `events NAME`; a file without a name by the block without one, else by the only block, else
    by the block that has the file's name; where there is no block at all, by the usual names.

    Raises LogError for a name that no block declares, and a file that could be meant by several.
    """
    wrong: list[Diagnostic] = []
    blocks: list[InputSpec | None] = []
    by_name = {fold(spec.name): spec for spec in specs}
    for source in sources:
        block = by_name.get(fold(source.name))
        if block is None and not source.name:
            block = specs[0] if len(specs) == 1 else by_name.get(fold(Path(source.path).name.split(".")[0]))
        if block is None and specs and not source.name:
            names = " or ".join(f"`{spec.name}={source.path}`" for spec in specs)
            message = f"the policy has several `events` blocks, and nothing says which is for {source.shown}"
            wrong.append(Diagnostic("SLA0605", message, None, help=f"write {names}"))
        elif block is None and source.name:
            wrong.append(_no_such_block(source, [spec.name for spec in specs if spec.name]))
        blocks.append(block)
    if wrong:
        raise LogError(wrong)
    return blocks


def _no_such_block(source: Source, names: list[str]) -> Diagnostic:
    near = nearest(source.name, names, 1)
    declared = f"it has {', '.join(f'`events {name}`' for name in names)}" if names else "it has none with a name"
    help = f"did you mean `{near[0]}={source.path}`?" if near else f"name the file alone: `{source.path}`"
    return Diagnostic("SLA0605", f"the policy has no block `events {source.name}`", None, notes=(declared,), help=help)


class Made(Protocol):
    """What is known of the rows of an input once they have been read; an EventMaker knows it."""

    @property
    def rejects(self) -> list[Reject]:
        """Those refused."""

    @property
    def count(self) -> int:
        """How many there were."""

    @property
    def short(self) -> int:
        """How many had cells missing at their end."""

    @property
    def duplicates(self) -> int:
        """How many had an id that came before."""


class Gathered:
    """The inputs read so far; their events, where somebody adds them.

    Args:
        options: how they are read.

    Attributes:
        headings: of all inputs. actors: who acts. wrong: what makes the log impossible to judge.
    """

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self.events: list[Event] = []
        self.reports: list[InputReport] = []
        self.rejects: list[Reject] = []
        self.warnings: list[Diagnostic] = []
        self.wrong: list[Diagnostic] = []
        self.actors = Actors(options.actors)
        self.headings: list[str] = []

    def take(
        self, source: Source, rows: RowSource, block: InputSpec | None, seen: Seen, opened: Opened | None = None
    ) -> None:
        """Read one input to its end. Raises LogError where a column cannot be found."""
        known = len(rows.headings)
        self.headings += rows.headings
        roles = resolve_columns(rows.headings, block, self.options, source.shown)
        if isinstance(roles, list):
            raise LogError(roles)
        position = self.events[-1].position + 1 if self.events else 0
        maker = EventMaker(rows, roles, block, self.options, len(self.reports), position, seen)
        events = list(maker)
        self.headings += rows.headings[known:]  # those that were found on the way
        times = [event.time_us for event in events]
        report = InputReport(
            name=source.name,
            path=source.path,
            format=rows.format,
            rows=maker.count,
            events=len(events),
            cases=len({event.case for event in events}),
            first_us=min(times, default=None),
            last_us=max(times, default=None),
            rejected=len(maker.rejects),
            duplicates=maker.duplicates,
            skipped_times=maker.skipped,
            repeated_times=maker.repeated,
            columns=roles.found,
            attributes=tuple(attribute.name for attribute in maker.attributes),
            hash=opened.hash() if opened else "",
        )
        self.add(events, report)
        self.tell(source, roles, rows, maker, report)

    def tell(self, source: Source, roles: Roles, rows: RowSource, made: Made, report: InputReport) -> None:
        """Keep what an input said of itself while it was read: rows refused, and what was odd or wrong."""
        self.rejects += made.rejects
        self.warnings += roles.warnings
        self.warnings += _what_was_odd(source, rows, made)
        if made.rejects and not report.events and not made.duplicates:
            self.wrong.append(_nothing_readable(source, report, made.rejects[0]))

    def add(self, events: list[Event], report: InputReport) -> None:
        """Take the events of one input, in its order."""
        self.events += events
        self.reports.append(report)
        self.actors.add({event.actor for event in events})

    def log(self, blocks: Sequence[InputSpec | None] = (), specs: Sequence[InputSpec] = ()) -> Log:
        """The log. Raises LogError with all that was wrong."""
        for _, column in self.options.columns:
            if self.headings and find_heading(self.headings, column) is None:
                self.wrong.append(_no_such_option(column, self.headings))
        for spec in specs:
            if spec.name and spec not in blocks:
                message = f"nothing was read for `events {spec.name}`"
                help = f"give it a file: `{spec.name}=FILE`"
                self.warnings.append(Diagnostic("SLA0611", message, None, Severity.WARNING, help=help))
        # The sort is stable, and the events stand in the order of their positions.
        self.events.sort(key=attrgetter("time_us"))
        headings = tuple(dict.fromkeys(self.headings))
        log = Log(self.events, self.reports, self.rejects, self.warnings, self.actors, headings)
        if self.options.strict and self.rejects and not self.wrong:
            self.wrong.append(_strict(self.rejects, self.reports))
        if self.wrong:
            raise LogError(self.wrong, log)
        return log


def _what_was_odd(source: Source, rows: RowSource, made: Made) -> Iterator[Diagnostic]:
    def odd(code: str, what: str) -> Diagnostic:
        return Diagnostic(code, f"{source.shown} {what}", None, Severity.WARNING)

    if rows.trouble:
        yield odd("SLA0608", f"could not be read to its end: {rows.trouble}")
    if rows.repaired:
        yield odd("SLA0609", f"has {_count(rows.repaired, 'line')} not in UTF-8, read as Windows-1252")
    if made.short:
        yield odd("SLA0609", f"has {_count(made.short, 'row')} with fewer cells than headings; the rest is missing")
    if not made.count:
        yield odd("SLA0610", "has headings but no rows")
    if ignored := getattr(rows, "ignored", None):
        yield odd("SLA0609", f"has too many different keys; {_count(len(ignored), 'key')} or more were left out")


def _nothing_readable(source: Source, report: InputReport, first: Reject) -> Diagnostic:
    at = f" in column `{first.column}`" if first.column else ""
    is_time = first.column in {found.column for role, found in report.columns.items() if role[:2] in ("ti", "at")}
    return Diagnostic(
        "SLA0606",
        f"no row of {source.shown} could be read",
        None,
        notes=(f"row {first.row}{at}: {first.reason}",),
        help='say how its times are written: `time = …, format "%d/%m/%Y %H:%M"`' if is_time and first.cell else "",
    )


def _no_such_option(column: str, headings: list[str]) -> Diagnostic:
    near = nearest(column, headings, 1)
    help = f"did you mean `{near[0]}`?" if near else ""
    message = f"no input has the column `{column}` that `--column` names"
    return Diagnostic("SLA0604", message, None, notes=(f"the columns are {listed(headings)}",), help=help)


def _strict(rejects: list[Reject], reports: list[InputReport]) -> Diagnostic:
    first = rejects[0]
    note = f"the first: {reports[first.input].path} row {first.row}: {first.reason}"
    message = f"{_count(len(rejects), 'row')} could not be read, and `--strict` allows none"
    return Diagnostic("SLA0607", message, None, notes=(note,), help="`--rejects FILE` writes them all")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
