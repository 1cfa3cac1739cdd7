"""Each promise: what became of its instances, and how long they took.

Takes:  an Account and a Language.
Gives:  `promises`: a table of all clauses, and a chart of the times of each.
Never:  computes a figure.
"""

from __future__ import annotations

from sladsl.evaluate.verdict import BREACHED, CANCELLED, EXCUSED, LATE, MET, OPEN, PAUSED, UNDETERMINED
from sladsl.report.account import Account, Spread
from sladsl.report.charts import SpreadChart
from sladsl.report.figures import ClauseFigures
from sladsl.report.language import Language
from sladsl.report.telling.short import cut, labelled, toned
from sladsl.report.view import (
    BAD,
    GOOD,
    PLAIN,
    QUIET,
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Figure,
    Paragraph,
    Section,
    Table,
)


def promises(account: Account, language: Language) -> Section | None:
    """What became of every clause."""
    if not account.clauses:
        return None
    blocks: list[Block] = [_table(account, language)]
    hidden = account.clauses_count - len(account.clauses)
    if hidden > 0:
        blocks.append(Paragraph(language("more.rows", count=language.number(hidden)), QUIET))
    if account.spreads:
        blocks.append(Cards(tuple(_card(spread, language) for spread in account.spreads)))
    return Section("promises", language("promises.title"), language("promises.lead"), tuple(blocks))


def _table(account: Account, language: Language) -> Table:
    names = ("opened", MET, LATE, BREACHED, OPEN)
    columns = (
        Column(language("column.promise")),
        *(Column(language(f"column.{name}"), right=True) for name in names),
        Column(language("column.attainment"), right=True),
        Column(language("column.median"), right=True),
        Column(language("column.p95"), right=True),
    )
    return Table(columns, tuple(_row(row, language) for row in account.clauses), _note(account, language))


def _row(row: ClauseFigures, language: Language) -> tuple[Cell, ...]:
    waiting = row.counts[OPEN] + row.counts[PAUSED]
    left_out = [
        language(f"count.{status}", count=language.number(row.counts[status]))
        for status in (CANCELLED, EXCUSED, UNDETERMINED)
        if row.counts[status]
    ]
    under = ", ".join([*([cut(row.party, 40)] if row.party else []), *left_out])
    share = row.attainment
    return (
        Cell(labelled(row.clause, row.level, language), under=under),
        Cell(language.number(row.opened)),
        Cell(language.number(row.counts[MET])),
        Cell(language.number(row.counts[LATE]), BAD if row.counts[LATE] else QUIET),
        Cell(language.number(row.counts[BREACHED]), BAD if row.counts[BREACHED] else QUIET),
        Cell(language.number(waiting), "open" if waiting else QUIET),
        Cell(language.percent(share) if share is not None else "–", toned(share), share=share),
        Cell(_time(row, row.median, language)),
        Cell(_time(row, row.p95, language)),
    )


def _time(row: ClauseFigures, ticks: int | None, language: Language) -> str:
    if row.mixed:
        return language("times.mixed")
    return "–" if ticks is None or row.clock is None else language.short(ticks, row.clock)


def _note(account: Account, language: Language) -> str:
    return language("times.mixed.note") if any(row.mixed for row in account.clauses) else ""


def _card(spread: Spread, language: Language) -> Card:
    edges = [each.upto for each in spread.bins if each.upto is not None]
    step = edges[0]
    targets = tuple(
        (ticks / step, cut(language.target(target), 40)) for ticks, target in spread.targets if ticks <= edges[-1]
    )
    chart = SpreadChart(
        edges=tuple(language.short(edge, spread.clock) for edge in edges),
        counts=tuple(each.count for each in spread.bins),
        targets=targets,
        tones=tuple(_tone(spread, each.upto, step) for each in spread.bins),
    )
    told = language(
        "spread.told",
        count=language.counted(spread.count, "answered"),
        median=language.short(spread.median, spread.clock),
        p95=language.short(spread.p95, spread.clock),
        clock=language.clock(spread.clock),
    )
    legend = (
        (("good", language("legend.on.time")), ("bad", language("legend.late"))) if len(spread.targets) == 1 else ()
    )
    return Card(
        title=labelled(spread.label, spread.level, language),
        under=told,
        blocks=(Figure(chart, language("spread.caption", name=cut(spread.label)), legend),),
    )


def _tone(spread: Spread, upto: int | None, step: int) -> str:
    """A bin is late where all of it lies beyond the only target; with several, nobody can tell."""
    if len(spread.targets) != 1:
        return PLAIN
    target = spread.targets[0][0]
    beyond = (upto - step >= target) if upto is not None else True
    return BAD if beyond else GOOD if upto is not None and upto <= target else PLAIN
