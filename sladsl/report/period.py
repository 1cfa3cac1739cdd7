"""The calendar period that a report is about.

Takes:  its name as windows are named: `2026-03`, `2026-Q1`, `2026`, `2026-W03`, `2026-03-05`; the agreement's zone.
Gives:  `Period`, and `period_of` a name.
Never:  judges: it says which cycles (by their start), windows (by their end) and alerts belong to it.
"""

from __future__ import annotations

import re

from attrs import frozen

from sladsl.clock import Windows, WindowSpec

_UNITS = (
    ("year", r"\d{4}"),
    ("quarter", r"\d{4}-Q[1-4]"),
    ("month", r"\d{4}-\d{2}"),
    ("week", r"\d{4}-W\d{2}"),
    ("day", r"\d{4}-\d{2}-\d{2}"),
)


@frozen
class Period:
    """Half-open: [start_us, end_us). `unit` is year, quarter, month, week or day."""

    name: str
    unit: str
    start_us: int
    end_us: int

    def holds(self, us: int) -> bool:
        """Whether an instant lies in it: a cycle belongs to it by its start, an alert by when it was given."""
        return self.start_us <= us < self.end_us

    def takes_window(self, start_us: int, end_us: int, ended: bool) -> bool:
        """Whether a window counts in it: the one that ends in it, or one under way that reaches into it."""
        if self.start_us < end_us <= self.end_us:
            return True
        return not ended and start_us < self.end_us and end_us > self.start_us


def period_of(name: str, zone: str) -> Period | None:
    """The period of a name in a zone; None where the name is none.

    >>> period_of("2026-Q1", "UTC").unit, period_of("2026-13", "UTC"), period_of("March", "UTC")
    ('quarter', None, None)
    """
    said = name.strip().upper()
    for unit, form in _UNITS:
        if not re.fullmatch(form, said):
            continue
        windows = Windows(WindowSpec(unit), zone)
        try:
            window = windows.window(windows.number_of(said))
        except ValueError:
            return None
        if window.name != said or window.start_us >= window.end_us:
            return None
        return Period(said, unit, window.start_us, window.end_us)
    return None
