"""How lines and tables are laid out on a terminal.

Takes:  a rich console, pieces of text with styles.
Gives:  Page: lines that wrap, tables that fit, words in place of marks where the encoding lacks them.
Never:  reads text from a log as markup, lets it steer the terminal, or cuts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_PLAIN_MARKS = {"✓": "ok:", "✗": "broken:", "·": "-", "…": "..", "–": "-", "→": "->"}
_WIDE = 100  # from here on the times have columns of their own
_NARROWEST = 10  # what a column keeps that gives way


class Page:
    """The console, and how things look on it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(console.width, 40)
        self.wide = self.width >= _WIDE
        self.blocks = "utf" in (console.encoding or "utf-8").lower()

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """A line of pieces, each plain or with a style; never read as markup."""
        from rich.text import Text

        line = Text()
        for part in parts:
            piece, style = (part, "") if isinstance(part, str) else part
            line.append(self.plain(piece), style or None)
        return line

    def plain(self, text: str) -> str:
        if not self.blocks:
            for mark, word in _PLAIN_MARKS.items():
                text = text.replace(mark, word)
        return printable(text)

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """Print one line, wrapped at words, further lines set in by `indent`."""
        self.wrapped(self.text(*parts), indent)

    def wrapped(self, line: Text, indent: int = 0) -> None:
        lines = line.wrap(self.console, self.width)
        if len(lines) > 1 and indent:
            first = lines[0]
            rest = line[len(first.plain.rstrip()) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            self.out(first)
            for following in rest.wrap(self.console, self.width - indent):
                self.out(self.text(" " * indent) + following)
            return
        for piece in lines:
            self.out(piece)

    def out(self, line: Text) -> None:
        line.rstrip()
        self.console.print(line, soft_wrap=True, highlight=False)

    def heading(self, title: str) -> None:
        self.console.print()
        self.line((title, "bold"))

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Text]], under: Sequence[Text | None] = ()
    ) -> None:
        """Print a table: flexible columns give way, the widest first, and wrap; nothing is cut.

        `under` holds for each row what stands below it, over all columns, or None.
        """
        held = [list(row) for row in rows]
        widths = [
            max([len(column.title), *(_widest(row[place]) for row in held)]) for place, column in enumerate(columns)
        ]
        spare = self.width - 2 - 2 * (len(columns) - 1)
        while sum(widths) > spare:
            place = max(range(len(columns)), key=lambda n: widths[n] if columns[n].flexible else 0)
            if not columns[place].flexible or widths[place] <= _NARROWEST:
                break
            widths[place] -= 1
        self._table_row([self.text((column.title, "dim")) for column in columns], columns, widths)
        for place, row in enumerate(held):
            self._table_row(row, columns, widths)
            below = under[place] if place < len(under) else None
            if below is not None:
                self.wrapped(self.text("   ") + below, 5)

    def _table_row(self, cells: Sequence[Text], columns: Sequence[Column], widths: Sequence[int]) -> None:
        wrapped = [self._cell_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for place in range(max(len(lines) for lines in wrapped)):
            line = self.text("  ")
            for lines, column, width in zip(wrapped, columns, widths, strict=True):
                room = width
                if place < len(lines):
                    piece = lines[place]
                    piece.rstrip()
                    room -= piece.cell_len
                    line.append(" " * room if column.right else "").append_text(piece)
                line.append(" " * (room + 2 if place >= len(lines) or not column.right else 2))
            self.out(line)

    def _cell_lines(self, cell: Text, width: int) -> list[Text]:
        """The lines of a cell, each wrapped; what is set in stays set in."""
        lines: list[Text] = []
        for part in cell.split("\n", allow_blank=True):
            indent = len(part.plain) - len(part.plain.lstrip())
            if part.cell_len <= width:
                lines.append(part)
            else:
                pieces = part[indent:].wrap(self.console, max(width - indent, 1))
                lines.extend(self.text(" " * indent) + piece for piece in pieces)
        return lines or [cell]


@frozen
class Column:
    """A column of a table; a flexible one gives way where the page is narrow."""

    title: str
    right: bool = False
    flexible: bool = False


def _widest(cell: Text) -> int:
    return max((line.cell_len for line in cell.split("\n")), default=0)


def printable(text: str) -> str:
    """Text from a log or a policy without what could move a terminal's cursor or colour it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
