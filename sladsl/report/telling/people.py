"""Who kept the promises, and who held the cases.

Takes:  an Account and a Language.
Gives:  `people`: attainment by party, level and attribute; for each clause the time by holder.
Never:  computes more than shares of exact sums.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.evaluate.verdict import BREACHED, LATE, MET, OPEN, PAUSED
from sladsl.report.account import Account
from sladsl.report.language import Language
from sladsl.report.telling.short import cut, toned, valued
from sladsl.report.view import BAD, QUIET, Block, Card, Cards, Cell, Column, Section, Table
from sladsl.report.who import HolderTable, WhoTable


def people(account: Account, language: Language) -> Section | None:
    """Attainment, then time by holder."""
    blocks: list[Block] = []
    cards = [
        _attainment(table, count, language)
        for table, count in zip(account.who, account.who_counts, strict=True)
        if table.rows
    ]
    if cards:
        blocks.append(Cards(tuple(cards)))
    holders = [_holders(table, language) for table in account.holders if table.elapsed]
    if holders:
        blocks.append(Cards(tuple(holders)))
    return Section("who", language("who.title"), language("who.lead"), tuple(blocks)) if blocks else None


def _attainment(table: WhoTable, count: int, language: Language) -> Card:
    named = language(f"who.{table.kind}") if table.kind != "attribute" else cut(table.name, 40)
    columns = (
        Column(named),
        Column(language("column.decided"), right=True),
        Column(language("column.missed"), right=True),
        Column(language("column.open"), right=True),
        Column(language("column.attainment"), right=True),
    )
    rows = []
    for row in table.rows:
        missed, waiting = row.counts[LATE] + row.counts[BREACHED], row.counts[OPEN] + row.counts[PAUSED]
        share = row.attainment
        rows.append(
            (
                Cell(_value(table, row.value, language)),
                Cell(language.number(row.counts[MET] + missed)),
                Cell(language.number(missed), BAD if missed else QUIET),
                Cell(language.number(waiting), "open" if waiting else QUIET),
                Cell(language.percent(share) if share is not None else "–", toned(share), share=share),
            )
        )
    hidden = count - len(table.rows)
    note = language("more.rows", count=language.number(hidden)) if hidden > 0 else ""
    under = language("who.at.start") if table.kind == "attribute" else ""
    return Card(language("who.by", name=named), under=under, blocks=(Table(columns, tuple(rows), note),))


def _value(table: WhoTable, value: str | None, language: Language) -> str:
    if table.kind == "level" and value is not None:
        return cut(language.level(value), 80)
    if table.kind == "party" and value == "":
        return language("who.nobody")
    return valued(value, language)


def _holders(table: HolderTable, language: Language) -> Card:
    bounded = table.budget is not None and table.budget > 0
    columns = (
        Column(cut(table.name, 40)),
        Column(language("column.cycles"), right=True),
        Column(language("column.time"), right=True),
        Column(language("column.of.elapsed"), right=True),
        *((Column(language("column.of.budget"), right=True),) if bounded else ()),
    )
    rows = []
    for row in table.rows:
        share = Fraction(row.ticks, table.elapsed)
        cells = [
            Cell(valued(row.value, language)),
            Cell(language.number(row.cycles)),
            Cell(language.short(row.ticks, table.clock)),
            Cell(language.percent(share), share=share),
        ]
        if table.budget:
            cells.append(Cell(language.percent(Fraction(row.ticks, table.budget))))
        rows.append(tuple(cells))
    under = language(
        "holders.told",
        cycles=language.counted(table.cycles, "cycle"),
        elapsed=language.short(table.elapsed, table.clock),
        clock=language.clock(table.clock),
    )
    if table.budget:
        under += language(
            "holders.budget",
            share=language.percent(Fraction(table.elapsed, table.budget)),
            budget=language.short(table.budget, table.clock),
        )
    title = language("holders.title", clause=cut(table.clause), name=cut(table.name, 40))
    return Card(title, under=under, blocks=(Table(columns, tuple(rows)),))
