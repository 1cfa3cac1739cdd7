"""A report as Markdown, for a wiki, a ticket or a mail.

Takes:  a Page.
Gives:  `markdown_report`: headings, lists and tables. Charts are left out: the tables hold their figures.
Never:  lets a text of the log or of the policy through as markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sladsl.report.view import Block, Card, Cards, Cell, Figure, Page, Paragraph, Points, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&#])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
_MARKS = {"good": "✓ ", "bad": "✗ ", "open": "… "}


def markdown_report(page: Page) -> str:
    """The whole report. The same page gives the same text."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"# {_safe(page.title)}: {_safe(page.period)}"
    yield ""
    yield f"**{_MARKS.get(page.tone, '')}{_safe(page.verdict)}.** {_safe(page.sentence)}".rstrip()
    yield ""
    yield from _list(page.facts)
    for section in page.sections:
        yield f"## {_safe(section.title)}"
        yield ""
        if section.lead:
            yield _safe(section.lead)
            yield ""
        for block in section.blocks:
            yield from _block(block, 3)
    if page.signatures:
        yield f"## {_safe(page.words['agreed'])}"
        yield ""
        yield from (f"- {_safe(party)}: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_" for party in page.signatures)
        yield ""
    yield f"## {_safe(page.words['provenance'])}"
    yield ""
    yield from _list(page.provenance)
    yield _safe(page.words["made"])


def _block(block: Block, depth: int) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Points):
        yield from _list(block.items)
    elif isinstance(block, Paragraph):
        yield _safe(block.text)
        yield ""
    elif isinstance(block, Figure):
        if block.told:
            yield _safe(block.caption)
            yield ""
    elif block.small:
        yield from (f"- {_glance(card)}" for card in block.cards)
        yield ""
    else:
        yield from _cards(block, depth)


def _glance(card: Card) -> str:
    badge = f" ({_safe(card.badge)})" if card.badge else ""
    more = [block.text for block in card.blocks if isinstance(block, Paragraph)]
    under = "; ".join(_safe(text) for text in (card.under, *more) if text)
    return f"{_MARKS.get(card.tone, '')}**{_safe(card.title)}**: {_safe(card.figure)}{badge}" + (
        f": {under}" if under else ""
    )


def _cards(cards: Cards, depth: int) -> Iterator[str]:
    for card in cards.cards:
        yield f"{'#' * depth} {_safe(card.title)}"
        yield ""
        headline = " · ".join(part for part in (_safe(card.figure), _safe(card.badge), _safe(card.under)) if part)
        if headline:
            yield f"{_MARKS.get(card.tone, '')}{headline}"
            yield ""
        for block in card.blocks:
            yield from _block(block, depth + 1)


def _table(table: Table) -> Iterator[str]:
    yield _row(_safe(column.title) for column in table.columns)
    yield _row("---:" if column.right else ":---" for column in table.columns)
    for row in table.rows:
        yield _row(_cell(cell) for cell in row)
    yield ""
    if table.note:
        yield _safe(table.note)
        yield ""


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    text = f"**{_safe(cell.text)}**" if cell.tone == "bad" and cell.text else _safe(cell.text)
    return f"{text}<br>{_safe(cell.under)}" if cell.under else text


def _list(items: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, text in items:
        yield f"- **{_safe(name)}**: {_safe(text)}" if name else f"- {_safe(text)}"
    yield ""


def _safe(text: str) -> str:
    """A text on one line, without a meaning in Markdown."""
    line = " ".join(text.replace("\u00a0", " ").split())
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))
