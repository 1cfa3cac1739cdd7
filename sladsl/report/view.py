"""A report before it has a form: sections of tables, cards and figures, all words chosen.

Takes:  nothing but plain data, filled in by `telling/`.
Gives:  Page and what it is made of; HTML and Markdown show the same one.
Never:  holds markup: every text is plain, and the form makes it safe.

Tones say what a thing means, not how it looks: `good`, `bad`, `open`, `quiet`, or "" for none.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from sladsl.report.charts import Chart

Tone = str
GOOD, BAD, OPEN, QUIET, PLAIN = "good", "bad", "open", "quiet", ""


@frozen
class Cell:
    """One cell of a table: a text, a second line under it, and where it stands for a share, the share."""

    text: str
    tone: Tone = PLAIN
    under: str = ""
    share: Fraction | None = None


@frozen
class Column:
    """A column: its heading, and whether it holds numbers, which stand right."""

    title: str
    right: bool = False


@frozen
class Table:
    """Rows of as many cells as there are columns. The first column names the row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@frozen
class Figure:
    """A chart, what it shows in one sentence, and what its colours mean (tone or class to words).

    told  whether the sentence says more than the chart and its heading, and stands under it for all to read
    """

    chart: Chart
    caption: str
    legend: tuple[tuple[str, str], ...] = ()
    told: bool = False


@frozen
class Paragraph:
    """A text."""

    text: str
    tone: Tone = PLAIN


@frozen
class Points:
    """Short texts, one under the other; each with a name before it, or none."""

    items: tuple[tuple[str, str], ...]


@frozen
class Card:
    """One thing with its verdict: a badge in a tone, one large figure, and what belongs to it."""

    title: str
    badge: str = ""
    tone: Tone = PLAIN
    figure: str = ""
    under: str = ""
    blocks: tuple[Block, ...] = ()


@frozen
class Cards:
    """Cards side by side as far as there is room; `small` ones are only looked at."""

    cards: tuple[Card, ...]
    small: bool = False


Block = Table | Figure | Paragraph | Points | Cards


@frozen
class Section:
    """One part of the report. `key` names it in links and in no language."""

    key: str
    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()


@frozen
class Page:
    """The whole report.

    language    its code, for whoever reads it aloud
    title       the agreement's name; `period` what it is about
    tone, verdict, sentence   whether it was kept: in a word, and in one sentence
    facts       name and text, for the head
    sections    in order
    provenance  name and text, for the foot
    signatures  who signs; empty where the agreement names nobody
    words       the few words of the form itself: `contents`, `signatures`, `made by`
    """

    language: str
    title: str
    period: str
    tone: Tone
    verdict: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    provenance: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...] = ()
    words: dict[str, str] = field(factory=dict)
