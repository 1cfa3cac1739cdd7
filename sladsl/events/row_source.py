"""What every reader of rows gives, whatever the format.

Takes:  nothing.
Gives:  RowSource, BrokenRow.
Never:  knows which column plays which role; see rows.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class BrokenRow(list[Any]):
    """In place of the cells of a row that cannot be taken apart, the reason; it has no cells."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class RowSource:
    """The headings of an input, then a list of cells a row.

    A row of another width than the headings is passed on as it is; an empty list is a blank row. A source that finds
    headings on the way appends them to `headings` before it gives a row that has them.

    Attributes:
        headings: in order, stripped.
        typed: whether cells have kinds; else all are texts as written.
        trouble: once the rows have come to their end, why they did so early; "" where they did not.
        repaired: lines whose bytes were not all UTF-8.
        format: what the input is.
    """

    headings: list[str]
    typed: bool = True

    def __init__(self, format: str) -> None:
        self.format = format

    @property
    def trouble(self) -> str:
        return ""

    @property
    def repaired(self) -> int:
        return 0

    def __iter__(self) -> Iterator[list[Any]]:
        raise NotImplementedError

    def record(self) -> str:
        """The row that was given last, as it stands in the input."""
        raise NotImplementedError
