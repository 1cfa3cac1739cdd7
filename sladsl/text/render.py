"""Diagnostics for a person at a terminal.

Takes:  diagnostics, and the sources that they speak of.
Gives:  text with the line and the place under it, in colour if asked.
Never:  prints a control character of the user's, or a line longer than the terminal is wide.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Mapping

from sladsl.text.diagnostic import Diagnostic, Severity, in_order
from sladsl.text.source import Source, Span

_PAINT = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.REMARK: "\x1b[1;36m",
}
_BOLD, _DIM, _BLUE, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[1;34m", "\x1b[0m"
_LONGEST_MESSAGE = 2000


def render(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source] | Iterable[Source] = (),
    color: bool = False,
    width: int = 80,
) -> str:
    """All diagnostics, ordered by place, as text that ends with a line end (empty where there are none).

    Args:
        diagnostics: what to show.
        sources: the texts, by name or as a list; a place in a text that is not among them shows without its line.
        color: whether to use ANSI colours.
        width: columns of the terminal; lines of the policy are clipped around the place, messages are wrapped.

    >>> print(render([Diagnostic("SLA0103", "unknown name `scoer`", Span("a.sla", 5, 10))],
    ...              [Source("a.sla", "up = scoer >= 60")]))
    error[SLA0103]: unknown name `scoer`
     --> a.sla:1:6
      |
    1 | up = scoer >= 60
      |      ^^^^^
    <BLANKLINE>
    """
    known = sources if isinstance(sources, Mapping) else {source.name: source for source in sources}
    painter = _Painter(color)
    return "\n".join(_one(diagnostic, known, painter, max(width, 20)) for diagnostic in in_order(diagnostics))


class _Painter:
    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, paint: str, text: str) -> str:
        return f"{paint}{text}{_PLAIN}" if self.color and text else text


def _one(diagnostic: Diagnostic, sources: Mapping[str, Source], painter: _Painter, width: int) -> str:
    paint = _PAINT[diagnostic.severity]
    title = f"{diagnostic.severity.value}[{diagnostic.code}]"
    first, *rest = _wrapped(f"{title}: {safe(diagnostic.message)}", width, "  ")
    lines = [painter(paint, first[: len(title)]) + painter(_BOLD, first[len(title) :])]
    lines += [painter(_BOLD, line) for line in rest]
    gutter = _gutter_width(diagnostic, sources)
    bar = painter(_BLUE, " " * gutter + " |")
    marks = [(diagnostic.span, "")] if diagnostic.span else []
    shown = ""
    for span, words in [*marks, *diagnostic.labels]:
        source = sources.get(span.source)
        place = span.source if source is None else ":".join([span.source, *map(str, source.position(span.start))])
        if span.source != shown:
            lines.append(painter(_BLUE, " " * gutter + ("-->" if not shown else ":::")) + f" {safe(place)}")
            shown = span.source
            if source is not None:
                lines.append(bar)
        if source is not None:
            excerpt = _excerpt(span, words, source, gutter, painter, paint if not words else _BLUE, width)
            # two places of one line stand under it together
            again = excerpt[0] in lines and excerpt[0].endswith(_shown(source.line(source.position(span.start)[0])))
            lines += excerpt[1:] if again else excerpt
    for head, text in [*(("note", note) for note in diagnostic.notes), *_helps(diagnostic)]:
        indent = " " * gutter + " = "
        first, *rest = _wrapped(f"{indent}{head}: {safe(text)}", width, " " * (len(indent) + len(head) + 2))
        lines.append(painter(_BLUE, indent) + painter(_BOLD, head + ":") + first[len(indent) + len(head) + 1 :])
        lines += rest
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _helps(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    return [("help", diagnostic.help)] if diagnostic.help else []


def _gutter_width(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> int:
    spans = [span for span in (diagnostic.span, *(span for span, _ in diagnostic.labels)) if span is not None]
    numbers = [sources[span.source].position(span.start)[0] for span in spans if span.source in sources]
    return max((len(str(number)) for number in numbers), default=1)


def _excerpt(
    span: Span, words: str, source: Source, gutter: int, painter: _Painter, paint: str, width: int
) -> list[str]:
    """The line of a place, clipped around it, and the marks under it. A place of several lines shows its first."""
    number, column = source.position(span.start)
    line = source.line(number)
    start = min(column - 1, len(line))
    end = min(start + max(span.end - span.start, 1), max(len(line), start + 1))
    room = max(width - gutter - 3, 10)
    text, start, end = _clipped(line, start, end, room)
    mark = ("^" if not words else "-") * max(end - start, 1)
    under = " " * start + painter(paint, mark)
    lines = [
        painter(_BLUE, f"{number:>{gutter}} |") + f" {text}",
        painter(_BLUE, " " * gutter + " |") + f" {under}",
    ]
    if words:
        if start + len(mark) + 1 + len(words) <= room:
            lines[-1] += painter(paint, f" {safe(words)}")
        else:
            lines += [
                painter(_BLUE, " " * gutter + " |") + f" {painter(paint, piece)}"
                for piece in _wrapped(safe(words), room, "")
            ]
    return lines


def _clipped(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """A line made safe and cut to `room` columns around a place; where the place is then, in columns."""
    # only the neighbourhood is looked at: a line may have millions of characters
    left, right = max(0, start - room), min(len(line), start + room)
    cells = [_shown(character) for character in line[left:right]]
    widths = [_columns(cell) for cell in cells]
    place, after = start - left, min(end, right) - left
    first = 0
    before = sum(widths[:place])
    if left or before + min(sum(widths[place:after]), room // 2) > room - 2:
        while before > room // 3:  # what stands before the place keeps a third of the room
            before -= widths[first]
            first += 1
    head = "…" if left or first else ""
    used, last = len(head), first
    while last < len(cells) and used + widths[last] <= room - (last + 1 < len(cells) or right < len(line)):
        used += widths[last]
        last += 1
    tail = "…" if last < len(cells) or right < len(line) else ""
    column = len(head) + before
    length = max(sum(widths[place : min(after, last)]), 1)
    return head + "".join(cells[first:last]) + tail, column, column + length


def _shown(text: str) -> str:
    """A piece of a line as it can be printed: tabs as four spaces, the rest safe."""
    return safe(text.replace("\t", "    "))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def safe(text: str) -> str:
    """Text without anything that could steer a terminal: control, format and surrogate characters become `\\u{…}`.

    >>> safe("a\\x1b[2Jb")
    'a\\\\u{1b}[2Jb'
    """
    if text.isascii() and text.isprintable():
        return text
    pieces = []
    for character in text:
        if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
            pieces.append(f"\\u{{{ord(character):x}}}")
        else:
            pieces.append(character)
    return "".join(pieces)


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    if len(text) > _LONGEST_MESSAGE:
        text = text[:_LONGEST_MESSAGE] + "…"
    lead = text[: len(text) - len(text.lstrip())]
    lines = textwrap.wrap(
        text.lstrip(), width - len(lead), break_on_hyphens=False, subsequent_indent=indent[len(lead) :]
    )
    return [lead + line for line in lines] or [""]
