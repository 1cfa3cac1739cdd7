"""Charts as data: what is drawn, not how.

Takes:  nothing; plain numbers (floats will do: they only become positions) and texts.
Gives:  the kinds of chart that a report has.
Never:  draws; see drawing.py.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class WindowMark:
    """One window of an objective: its value and bounds, each None where there is none; `faded` where it does not count."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    tone: str
    text: str
    faded: bool = False


@frozen
class WindowChart:
    """An objective, window after window, against its target.

    zero   columns from zero; else dots on a scale that shows what differs
    least  whether more is better: the side of the target that misses is shaded
    unit   put behind the numbers of the scale: `%` or ""
    decimal  the decimal mark of these numbers
    ends   where the scale cannot go beyond, each None for no end
    """

    marks: tuple[WindowMark, ...]
    target: float
    zero: bool
    least: bool
    unit: str = ""
    decimal: str = "."
    ends: tuple[float | None, float | None] = (None, None)


@frozen
class SpreadChart:
    """How often times fell in each bin.

    edges    the text of every upper edge; the last bin without an edge holds all above
    counts   one for each bin
    targets  (where, in bins from the left, and what it is called)
    tones    of each bin
    """

    edges: tuple[str, ...]
    counts: tuple[int, ...]
    targets: tuple[tuple[float, str], ...]
    tones: tuple[str, ...]


@frozen
class BarChart:
    """Named bars, one under the other, each with its own text at its end and parts that are told apart by their class."""

    rows: tuple[tuple[str, tuple[tuple[float, str], ...], str], ...]
    most: float


@frozen
class TimelineChart:
    """The life of one instance: stretches (from, until, class), when it was due, and the texts of these instants."""

    start: float
    end: float
    stretches: tuple[tuple[float, float, str], ...]
    due: float | None
    due_text: str
    start_text: str
    end_text: str


Chart = WindowChart | SpreadChart | BarChart | TimelineChart
