"""The result as text for a terminal.

Takes:  a Result and a rich console, whose width and colours decide the form.
Gives:  `print_text`: the verdict in the first line, then what was read, the tables, the worst breaches, the warnings.
Never:  does arithmetic on verdicts (see figures.py), or cuts a figure to make it fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import nsmallest
from typing import TYPE_CHECKING

from sladsl.clock import iso
from sladsl.evaluate.many import ManyAlerts, ManyVerdicts
from sladsl.evaluate.verdict import BREACHED, CANCELLED, EXCUSED, LATE, MET, OPEN, PAUSED, UNDETERMINED, Alert, Verdict
from sladsl.events import InputReport
from sladsl.report.figures import ClauseFigures, Standing, Summary, clause_figures, summary
from sladsl.report.objective_words import group_text
from sladsl.report.objectives_text import print_budgets, print_objectives, print_owed
from sladsl.report.page import Column, Page
from sladsl.report.result import JudgedVersion, Result
from sladsl.report.words import bar, counted, percent_text, short_text, target_text
from sladsl.text import render

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WORST = 10
_MOST_TYPES = 6
_LAST_ALERTS = 5  # of objectives, shown with their instants
_STANDING = {
    Standing.KEPT: ("✓", "kept", "bold green"),
    Standing.NOT_KEPT: ("✗", "not kept", "bold red"),
    Standing.SO_FAR: ("~", "kept so far", "bold yellow"),
    Standing.NOTHING: ("~", "nothing to judge", "bold yellow"),
}
_ALERTS = {
    "warn": ("warning",),
    "escalate": ("escalation",),
    "burn": ("burn-rate alert",),
    "missed": ("alert of missed windows", "alerts of missed windows"),
}


def print_text(result: Result, console: Console) -> None:
    """Print the whole result.

    Args:
        result: what a run found out.
        console: where to; its `width`, colours and encoding are respected.
    """
    figures = clause_figures(result)
    page = Page(console)
    _print_verdict(result, summary(result, figures), page)
    _print_read(result, page)
    _print_clauses(figures, page)
    print_objectives(result.objectives, page)
    print_budgets(result, page)
    print_owed(result, page)
    _print_worst(result, figures, page)
    _print_alerts(result, page)
    _print_warnings(result, page)


def _print_verdict(result: Result, glance: Summary, page: Page) -> None:
    mark, words, style = _STANDING[glance.standing]
    page.line((f"{mark} {result.name}: {words}", style), indent=2)
    told = list(_verdict_words(glance))
    if told:
        page.line(f"  {'; '.join(told)}", indent=2)


def _verdict_words(glance: Summary) -> Iterator[str]:
    if glance.decided:
        share = percent_text(Fraction(glance.kept, glance.decided))
        if glance.missed:
            yield f"{glance.missed:,} of {counted(glance.decided, 'promise')} broken, {share} kept"
        else:
            yield f"all {counted(glance.decided, 'promise')} kept" if glance.decided > 1 else "the one promise kept"
    elif not glance.waiting:
        yield "no clause started in this log"
    if glance.missed and glance.standing is not Standing.NOT_KEPT:
        yield "as the objectives allow"
    if glance.waiting:
        yield f"{glance.waiting:,} still open"
    windows = glance.objectives_met + glance.objectives_missed + glance.objectives_undecided
    if glance.objectives_missed:
        yield f"{glance.objectives_missed:,} of {counted(windows, 'objective window')} missed"
    elif windows:
        yield f"{glance.objectives_met:,} of {counted(windows, 'objective window')} met"
    if glance.undetermined:
        yield f"{glance.undetermined:,} undetermined"


def _print_read(result: Result, page: Page) -> None:
    page.heading("Read")
    for report in result.inputs:
        page.line(*_input_words(report, result), indent=4)
        found = "usual names" if all(c.how == "usual" for c in report.columns.values()) else ""
        columns = ", ".join(f"{role} = {column.column}" for role, column in report.columns.items())
        if columns:
            page.line(f"    {columns}", (f"  ({found})" if found else "", "dim"), indent=4)
    as_of = iso(result.as_of_us, result.zone) if result.as_of_us is not None else "nothing: the log is empty"
    page.line(f"  judged as of {as_of}")
    if result.says_engine:
        page.line((f"  by the {result.engine} evaluator: {result.engine_reason}", "dim"), indent=4)
    for matched in result.matched:
        page.line(*_matched_words(matched.phrase, matched.events), indent=6)


def _input_words(report: InputReport, result: Result) -> Iterator[str | tuple[str, str]]:
    name = "standard input" if report.path == "-" else report.path or report.name or "the table"
    yield "  "
    yield f"{report.name}={name}" if report.name and report.path else name, "bold"
    yield f": {counted(report.rows, 'row')}"
    if report.events != report.rows:
        yield f", {counted(report.events, 'event')}"
    yield f", {counted(report.cases, result.versions[-1].plan.case_word)}"
    if report.first_us is not None and report.last_us is not None:
        yield f", {iso(report.first_us, result.zone)[:10]} to {iso(report.last_us, result.zone)[:10]}"
    if report.rejected:
        yield f", {counted(report.rejected, 'row')} rejected", "yellow"
    if report.duplicates:
        yield f", {counted(report.duplicates, 'row')} repeated", "yellow"


def _matched_words(phrase: str, events: object) -> Iterator[str | tuple[str, str]]:
    assert isinstance(events, dict)
    yield f"  `{phrase}` matched "
    if not events:
        yield "no event", "bold red"
        return
    shown = list(events.items())[:_MOST_TYPES]
    yield ", ".join(f"{name} ({count:,})" for name, count in shown)
    if len(events) > len(shown):
        yield f" and {len(events) - len(shown):,} more"


def _print_clauses(figures: list[ClauseFigures], page: Page) -> None:
    if not figures:
        return
    page.heading("Clauses")
    columns = [
        Column("clause", flexible=True),
        *(Column(title, right=True) for title in ("opened", MET, LATE, BREACHED, OPEN)),
        Column("attainment"),
    ]
    if page.wide:
        columns += [Column("median", right=True), Column("p95", right=True)]
    under = [None if page.wide else _times_line(row, page) for row in figures]
    page.table(columns, [_clause_row(row, page) for row in figures], under)
    for note in _left_out(figures):
        page.line((f"  {note}", "dim"), indent=4)


def _clause_row(row: ClauseFigures, page: Page) -> list[Text]:
    waiting = row.counts[OPEN] + row.counts[PAUSED]
    label: list[str | tuple[str, str]] = [(row.clause, "bold")]
    if row.level != "corporate":
        label.append((f"{', ' if page.wide else chr(10) + '  '}{row.level}", ""))
    cells = [
        page.text(*label),
        page.text(f"{row.opened:,}"),
        page.text(f"{row.counts[MET]:,}"),
        page.text((f"{row.counts[LATE]:,}", "red" if row.counts[LATE] else "dim")),
        page.text((f"{row.counts[BREACHED]:,}", "red" if row.counts[BREACHED] else "dim")),
        page.text((f"{waiting:,}", "yellow" if waiting else "dim")),
        _attainment(row, page),
    ]
    if page.wide:
        cells += [page.text(time) for time in _times(row) or ("–", "–")]
    return cells


def _times_line(row: ClauseFigures, page: Page) -> Text | None:
    """Where columns have no room for them: median and p95 in a line below."""
    times = _times(row)
    return None if times is None else page.text((f"median {times[0]}, p95 {times[1]}", "dim"))


def _times(row: ClauseFigures) -> tuple[str, str] | None:
    if row.mixed:
        return "mixed", "mixed"
    if row.median is None or row.p95 is None or row.clock is None:
        return None
    return short_text(row.median, row.clock), short_text(row.p95, row.clock)


def _attainment(row: ClauseFigures, page: Page) -> Text:
    if row.attainment is None:
        return page.text(("–", "dim"))
    style = "green" if row.attainment == 1 else "yellow" if row.attainment >= Fraction(9, 10) else "red"
    width = 12 if page.wide else 6
    return page.text(
        (f"{percent_text(row.attainment):>6}", style), " ", (bar(row.attainment, width, page.blocks), style)
    )


def _left_out(figures: list[ClauseFigures]) -> Iterator[str]:
    for row in figures:
        counts = {status: row.counts[status] for status in (PAUSED, CANCELLED, EXCUSED, UNDETERMINED)}
        told = [f"{count:,} {status}" for status, count in counts.items() if count]
        if told:
            level = "" if row.level == "corporate" else f" ({row.level})"
            yield f"{row.clause}{level}: {', '.join(told)}"
    if any(row.mixed for row in figures):
        yield "mixed: the targets of the clause are counted on different clocks"


def _print_worst(result: Result, figures: list[ClauseFigures], page: Page) -> None:
    worst = nsmallest(_WORST, _broken(result), key=lambda broken: broken[0])
    if not worst:
        return
    missed = sum(row.missed for row in figures)
    page.heading("Worst breaches" if missed <= len(worst) else f"Worst {len(worst)} of {missed:,} breaches")
    case_word = result.versions[-1].plan.case_word
    columns = [Column(case_word, flexible=True), Column("due"), Column("over by", right=True), Column("")]
    several = len(result.labels) > 1
    if several:
        columns.insert(1, Column("clause", flexible=not page.wide))
    rows = []
    for (over, *_), version, verdict in worst:
        clause = version.clause_of(verdict)
        number = f", {verdict.number}" if verdict.number > 1 else ""
        target = target_text(version.target_of(verdict))
        due = iso(verdict.due_us, result.zone)[:16].replace("T", " ") if verdict.due_us is not None else "–"
        label = [page.text(f"{clause.label}{f', {target}' if target and page.wide else ''}")] if several else []
        rows.append(
            [
                page.text((f"{verdict.case}{number}", "bold")),
                *label,
                page.text(due),
                page.text((short_text(-over) if over else "–", "red")),
                page.text(_ending(verdict)),
            ]
        )
    page.table(columns, rows)


def _ending(verdict: Verdict) -> str:
    if verdict.status == LATE:
        return "answered late"
    return "forbidden act" if verdict.due_us is None else "never answered" if verdict.closed_us is None else "closed"


def _broken(result: Result) -> Iterator[tuple[tuple[int, str, str, int], JudgedVersion, Verdict]]:
    """Broken promises with what orders them: the time over, most first; exact time, to the action or to as-of."""
    for version in result.versions:
        for over, verdict in _over(version.verdicts, result.as_of_us):
            label = version.plan.groups[verdict.group]
            yield (-over, label, verdict.case, verdict.number), version, verdict


def _over(verdicts: Sequence[Verdict], as_of_us: int | None) -> Iterator[tuple[int, Verdict]]:
    if isinstance(verdicts, ManyVerdicts):
        yield from verdicts.worst(_WORST, as_of_us or 0)
        return
    for verdict in verdicts:
        if verdict.status not in (LATE, BREACHED):
            continue
        over = verdict.late_by_us or 0
        if verdict.status == BREACHED and verdict.due_us is not None and as_of_us is not None:
            until = verdict.closed_us if verdict.closed_us is not None else as_of_us
            over = max(until - verdict.due_us, 0)
        yield over, verdict


def _print_warnings(result: Result, page: Page) -> None:
    if not result.warnings:
        return
    page.heading("Warnings")
    colored = page.console.color_system is not None and not page.console.no_color
    told = render(result.warnings, result.sources, color=colored, width=page.width)
    # Already painted, and made safe for a terminal.
    page.console.file.write(told if page.blocks else told.encode("ascii", "replace").decode())


def _print_alerts(result: Result, page: Page) -> None:
    told: dict[tuple[str, str], int] = {}
    for version in result.versions:
        for key, count in _alert_counts(version.alerts).items():
            told[key] = told.get(key, 0) + count
        for raised in version.objectives.alerts:
            told[raised.kind, ""] = told.get((raised.kind, ""), 0) + 1
    if not told:
        return
    page.heading("Alerts")
    for (kind, to), count in told.items():
        page.line(f"  {counted(count, *_ALERTS[kind])}{f' to {to}' if to else ''}", indent=4)
    raised_last = sorted((a for version in result.versions for a in version.objectives.alerts), key=lambda a: a.at_us)
    for alert in raised_last[-_LAST_ALERTS:]:
        group = f", {group_text(alert.group)}" if alert.group else ""
        written = f": {alert.written}" if alert.written else ""
        page.line(f"    {iso(alert.at_us, result.zone)}  {alert.label}{group}{written}", indent=6)


def _alert_counts(alerts: Sequence[Alert]) -> Mapping[tuple[str, str], int]:
    if isinstance(alerts, ManyAlerts):
        return alerts.tally()
    return Counter((alert.kind, alert.to) for alert in alerts)
