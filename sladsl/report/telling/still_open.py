"""What is still open, as ranges.

Takes:  an Account and a Language.
Gives:  `still_open`: per clause what the attainment may still become, and what is due first.
Never:  guesses: low is where all that is open is broken, high where all of it is kept.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.evaluate.verdict import MET, OPEN, PAUSED
from sladsl.report.account import Account
from sladsl.report.figures import ClauseFigures
from sladsl.report.language import Language
from sladsl.report.telling.short import cut, labelled
from sladsl.report.view import Block, Cell, Column, Section, Table


def still_open(account: Account, language: Language) -> Section | None:
    """Open and paused instances; nothing where there are none."""
    waiting = [row for row in account.clauses if row.counts[OPEN] + row.counts[PAUSED]]
    if not waiting:
        return None
    blocks: list[Block] = [_ranges(waiting, language)]
    if account.open_first:
        blocks.append(_due_first(account, language))
    return Section("open", language("open.title"), language("open.lead"), tuple(blocks))


def _ranges(waiting: list[ClauseFigures], language: Language) -> Table:
    columns = (
        Column(language("column.promise")),
        Column(language("column.open"), right=True),
        Column(language("column.paused"), right=True),
        Column(language("column.now"), right=True),
        Column(language("column.at.worst"), right=True),
        Column(language("column.at.best"), right=True),
    )
    rows = []
    for row in waiting:
        open_count = row.counts[OPEN] + row.counts[PAUSED]
        whole = row.decided + open_count
        now = row.attainment
        rows.append(
            (
                Cell(labelled(row.clause, row.level, language)),
                Cell(language.number(row.counts[OPEN])),
                Cell(language.number(row.counts[PAUSED])),
                Cell(language.percent(now) if now is not None else "–"),
                Cell(language.percent(Fraction(row.counts[MET], whole))),
                Cell(language.percent(Fraction(row.counts[MET] + open_count, whole))),
            )
        )
    return Table(columns, tuple(rows))


def _due_first(account: Account, language: Language) -> Table:
    columns = (
        Column(cut(account.case_word, 40)),
        Column(language("column.promise")),
        Column(language("column.status")),
        Column(language("column.since")),
        Column(language("column.due")),
    )
    rows = []
    for each in account.open_first:
        verdict = each.verdict
        due = language.instant(verdict.due_us, account.zone) if verdict.due_us is not None else "–"
        rows.append(
            (
                Cell(cut(verdict.case, 40)),
                Cell(labelled(each.clause.label, each.clause.level.name, language)),
                Cell(language(f"status.{verdict.status}"), "open"),
                Cell(language.instant(verdict.opened_us, account.zone)),
                Cell(due),
            )
        )
    return Table(columns, tuple(rows), language("open.first"))
