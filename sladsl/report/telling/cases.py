"""Where cases stand, and where they fall out.

Takes:  an Account and a Language.
Gives:  `cases`: for each life cycle a funnel and its stages, for each protocol its steps and where cases end.
Never:  computes a figure.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.report.account import Account
from sladsl.report.charts import BarChart
from sladsl.report.language import Language
from sladsl.report.lifecycle import LifecycleFigures, ProtocolFigures, StageFigures, StepFigures
from sladsl.report.telling.short import cut
from sladsl.report.view import BAD, OPEN, QUIET, Block, Card, Cards, Cell, Column, Figure, Paragraph, Section, Table

_MOST_BARS = 14
_LABEL = 24


def cases(account: Account, language: Language) -> Section | None:
    """Life cycles, then protocols."""
    blocks: list[Block] = [_lifecycle(each, account, language) for each in account.lifecycles if each.stages]
    blocks += [_protocol(each, account, language) for each in account.protocols if each.steps]
    if not blocks:
        return None
    return Section("cases", language("cases.title"), language("cases.lead"), tuple(blocks))


def _lifecycle(cycle: LifecycleFigures, account: Account, language: Language) -> Cards:
    first = cycle.stages[0].entered
    rows = tuple(
        (
            cut(stage.name, _LABEL),
            _stage_parts(stage, last=stage is cycle.stages[-1]),
            _of(stage.entered, first, language),
        )
        for stage in cycle.stages[:_MOST_BARS]
    )
    most = float(max(1, *(stage.entered for stage in cycle.stages)))
    legend = tuple((name, language(f"legend.{name}")) for name in ("went-on", "waits", "fell-out"))
    told = language("cycle.told", cases=language.cases(cycle.cases, cut(account.case_word, 40)))
    if cycle.moved_back:
        told += language("cycle.back", back=language.number(cycle.moved_back))
    figure = Figure(BarChart(rows, most), language("cycle.caption", name=cut(cycle.name)), legend)
    return Cards((Card(cut(cycle.name), under=told, blocks=(figure, _stages(cycle, language))),))


def _stage_parts(stage: StageFigures, last: bool) -> tuple[tuple[float, str], ...]:
    if last:
        return ((float(stage.entered), "went-on"),)
    went_on = stage.entered - stage.waiting - stage.fell_out
    return ((float(went_on), "went-on"), (float(stage.waiting), "waits"), (float(stage.fell_out), "fell-out"))


def _of(count: int, whole: int, language: Language) -> str:
    number = language.number(count)
    return f"{number} · {language.percent(Fraction(count, whole))}" if whole and count <= whole else number


def _stages(cycle: LifecycleFigures, language: Language) -> Table:
    names = ("entered", "skipped", "stay", "stay95", "waits", "fell.out", "moved.back")
    columns = (Column(language("column.stage")), *(Column(language(f"column.{name}"), right=True) for name in names))
    rows = []
    for stage in cycle.stages:
        last = stage is cycle.stages[-1]
        rows.append(
            (
                Cell(cut(stage.name)),
                Cell(language.number(stage.entered)),
                _count(stage.skipped, language),
                Cell(language.short(stage.median_us) if stage.median_us is not None else "–"),
                Cell(language.short(stage.p95_us) if stage.p95_us is not None else "–"),
                Cell("–", QUIET) if last else _count(stage.waiting, language, OPEN),
                Cell("–", QUIET) if last else _count(stage.fell_out, language, BAD),
                _count(stage.moved_back, language),
            )
        )
    return Table(columns, tuple(rows), language("cycle.note"))


def _count(count: int, language: Language, tone: str = "") -> Cell:
    return Cell(language.number(count), tone if count else QUIET)


def _protocol(protocol: ProtocolFigures, account: Account, language: Language) -> Cards:
    most = float(max(1, *(step.started for step in protocol.steps)))
    rows = tuple(
        (cut(step.label, _LABEL), _step_parts(step), language.number(step.started))
        for step in protocol.steps[:_MOST_BARS]
    )
    legend = tuple((name, language(f"legend.step.{name}")) for name in ("met", "late", "breached", "waits", "aside"))
    seen = {name for _, parts, _ in rows for size, name in parts if size}
    told = language("protocol.told", cases=language.cases(protocol.cases, cut(account.case_word, 40)))
    figure = Figure(
        BarChart(rows, most),
        language("protocol.caption", name=cut(protocol.name)),
        tuple(pair for pair in legend if pair[0] in seen),
    )
    blocks: list[Block] = [figure, _steps(protocol, language)]
    none = protocol.none_stopped + protocol.none_waiting
    if none:
        text = language("protocol.none", cases=language.cases(none, cut(account.case_word, 40)))
        blocks.append(Paragraph(text, QUIET))
    return Cards((Card(cut(protocol.name), under=told, blocks=tuple(blocks)),))


def _step_parts(step: StepFigures) -> tuple[tuple[float, str], ...]:
    counts = step.counts
    waiting = counts["open"] + counts["paused"]
    aside = counts["cancelled"] + counts["excused"] + counts["undetermined"]
    named = (("met", counts["met"]), ("late", counts["late"]), ("breached", counts["breached"]))
    return tuple((float(count), name) for name, count in (*named, ("waits", waiting), ("aside", aside)))


def _steps(protocol: ProtocolFigures, language: Language) -> Table:
    names = ("started", "met", "late", "breached", "open", "aside", "ends.here", "waits.here")
    columns = (Column(language("column.step")), *(Column(language(f"column.{name}"), right=True) for name in names))
    rows = []
    for step in protocol.steps:
        counts = step.counts
        ends = (Cell("–", QUIET), Cell("–", QUIET)) if step.forbids else (
            _count(step.stopped, language), _count(step.waiting, language, OPEN))  # fmt: skip
        rows.append(
            (
                Cell(cut(step.label), under=language("step.forbids") if step.forbids else ""),
                Cell(language.number(step.started)),
                Cell(language.number(counts["met"])),
                _count(counts["late"], language, BAD),
                _count(counts["breached"], language, BAD),
                _count(counts["open"] + counts["paused"], language, OPEN),
                _count(counts["cancelled"] + counts["excused"] + counts["undetermined"], language),
                *ends,
            )
        )
    return Table(columns, tuple(rows), language("protocol.note"))
