"""Charts as SVG, to stand inside a page.

Takes:  the charts of charts.py.
Gives:  `draw`: one `svg` element as text. Its colours and its font are the page's: everything has a class and nothing a colour.
Never:  writes what is not escaped, a script, a reference to anything outside, or more than a few hundred marks.

Leather lays out scales, ticks and axes; the marks are shapes of our own, as it asks for.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import leather
from leather.axis import Axis
from leather.scales import Linear, Ordinal
from leather.scales.base import Scale
from leather.series import Series
from leather.shapes.base import Shape

from sladsl.report.charts import BarChart, Chart, SpreadChart, TimelineChart, WindowChart, WindowMark

_WIDTH = 380
_HEIGHTS = {WindowChart: 190, SpreadChart: 170, TimelineChart: 84}
_BAR_HEIGHT = 26
_MOST_LABELS = 6  # along the lower axis
_MOST_TEXTS = 8  # values told at their marks
_SLOTS = 400  # of a timeline with more stretches than that
_COLOURS = ("fill", "stroke", "font-family", "font-size", "stroke-width")
_LETTER = 5.9  # how wide a letter is
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:E-?\d+)?")


def draw(chart: Chart, label: str, style: str = "") -> str:
    """One chart. `label` says what it shows, for whoever cannot see it; a `style` sheet stands inside."""
    drawn = leather.Chart()
    kind = type(chart)
    height = _HEIGHTS.get(kind, 0)
    if isinstance(chart, WindowChart):
        _windows(drawn, chart)
    elif isinstance(chart, SpreadChart):
        _spread(drawn, chart)
    elif isinstance(chart, TimelineChart):
        _timeline(drawn, chart)
    else:
        _bars(drawn, chart)
        height = _BAR_HEIGHT * len(chart.rows) + 2 * _MARGIN
    return _svg(drawn, height, kind.__name__.removesuffix("Chart").lower(), label, style)


_MARGIN = int(_WIDTH * 0.05)  # that leather leaves on every side; half of it is cut off again
_CUT = _MARGIN // 2


def _svg(drawn: Any, height: int, name: str, label: str, style: str) -> str:
    root = ET.Element("svg", {"class": f"chart {name}", "role": "img"})
    root.set("viewBox", f"{_CUT} {_CUT} {_WIDTH - 2 * _CUT} {height - 2 * _CUT}")
    root.set("aria-label", _clean(label))
    group = drawn.to_svg_group(_WIDTH, height)
    group.remove(group[0])  # the background is the page's
    if style:
        ET.SubElement(root, "style").text = style
    root.append(group)
    for element in root.iter():
        element.text = _clean(element.text or "") or None
        for attribute in _COLOURS:
            element.attrib.pop(attribute, None)
        for attribute, value in element.attrib.items():
            if attribute not in ("class", "aria-label", "role"):
                element.set(attribute, _LONG_NUMBER.sub(_short, value))
    return ET.tostring(root, encoding="unicode")


def _clean(text: str) -> str:
    """The text without what no XML may hold, escaped or not."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t\u00a0" else "\ufffd" for c in text)


def _short(match: re.Match[str]) -> str:
    return f"{float(match[0]):.1f}".removesuffix(".0")


# --- what leather asks for -------------------------------------------------------------------------------------------


class _Axis(Axis):  # type: ignore[misc]
    """An axis of our font: leather reckons with a wider one. Without `named` ticks it takes no room."""

    def __init__(self, named: Callable[[Any], str] | None, ticks: Sequence[Any] | None = None) -> None:
        super().__init__(ticks=ticks, tick_formatter=lambda tick, place, count: named(tick) if named else "")
        self._named = named

    def estimate_label_margin(self, scale: Any, orient: str) -> float:
        if self._named is None:
            return 4
        if orient == "bottom":
            return 20
        return max((len(self._named(tick)) for tick in self._ticks or scale.ticks()), default=0) * _LETTER + 10


class _Even(Scale):  # type: ignore[misc]
    """A scale from one number to another, with ticks where we want them."""

    def __init__(self, low: float, high: float, ticks: Sequence[float]) -> None:
        self.low, self.high, self._ticks = low, max(high, low + 1e-9), list(ticks)

    def contains(self, value: float) -> bool:
        return True

    def project(self, value: float, range_min: float, range_max: float) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return float(range_min) + share * (float(range_max) - float(range_min))

    def ticks(self) -> list[float]:
        return self._ticks


class _Marks(Shape):  # type: ignore[misc]
    """Marks of our own, over the scales of the chart."""

    def __init__(
        self, place: Callable[[ET.Element, Callable[[Any], float], Callable[[Any], float], Any], None]
    ) -> None:
        self._place = place

    def validate_series(self, series: Any) -> None:
        """Anything will do."""

    def to_svg(self, width: Any, height: Any, x_scale: Any, y_scale: Any, series: Any, palette: Any) -> ET.Element:
        group = ET.Element("g", {"class": "marks"})
        box = (float(width), float(height))

        def x(value: Any) -> float:
            return float(x_scale.project(value, 0, width))

        def y(value: Any) -> float:
            return float(y_scale.project(value, height, 0))

        self._place(group, x, y, box)
        return group


def _layer(drawn: Any, place: Callable[..., None], y: float = 0) -> None:
    # Leather warns where the one point of the series lies outside its scales.
    drawn.add_series(Series([(0, y)]), _Marks(place))


def _rect(group: ET.Element, left: float, top: float, right: float, bottom: float, name: str, title: str = "") -> None:
    # The order of the corners is nobody's business: a bar may hang down.
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    found = ET.SubElement(group, "rect", {"class": name})
    for attribute, value in (("x", left), ("y", top), ("width", right - left), ("height", bottom - top)):
        found.set(attribute, _number(value))
    if title:
        ET.SubElement(found, "title").text = title


def _line(group: ET.Element, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
    found = ET.SubElement(group, "line", {"class": name})
    for attribute, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)):
        found.set(attribute, _number(value))


def _text(group: ET.Element, x: float, y: float, text: str, name: str, anchor: str = "middle") -> None:
    found = ET.SubElement(group, "text", {"class": name, "x": _number(x), "y": _number(y), "text-anchor": anchor})
    found.text = text


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _thinned(count: int, most: int = _MOST_LABELS) -> set[int]:
    """The places that get a label: the last one, and back from it in equal steps."""
    step = max(-(-count // most), 1)
    return set(range(count - 1, -1, -step))


# --- an objective, window after window -------------------------------------------------------------------------------


def _windows(drawn: Any, chart: WindowChart) -> None:
    marks = chart.marks
    labelled = _thinned(len(marks))
    drawn.set_x_scale(Ordinal(list(range(len(marks)))))
    drawn.set_x_axis(_Axis(lambda place: marks[place].label if place in labelled else ""))
    low, high = _domain(chart)
    scale = Linear(low, high)
    ticks = [tick for tick in scale.ticks() if _inside(tick, chart.ends)]
    drawn.set_y_scale(scale)
    drawn.set_y_axis(_Axis(lambda tick: _plain(tick).replace(".", chart.decimal) + chart.unit, _fewer(ticks)))
    tick_range = scale.ticks()[0], scale.ticks()[-1]

    def place(
        group: ET.Element, x: Callable[[Any], float], y: Callable[[Any], float], box: tuple[float, float]
    ) -> None:
        width, height = box
        at_target = y(chart.target)
        _rect(group, 0, at_target, width, height if chart.least else 0, "beyond")
        step = width / len(marks)
        previous: tuple[float, float] | None = None
        for number, mark in enumerate(marks):
            last = previous
            previous = _mark(group, chart, mark, x(number), y, step, tick_range, previous)
            if mark.value is not None and len(marks) <= _MOST_TEXTS:
                at, inside = _where_told(chart, y, mark.value, last, height)
                _text(group, x(number), at, mark.text, f"value{' inside' * inside}{' faded' * mark.faded}")
        _line(group, 0, at_target, width, at_target, "target")

    _layer(drawn, place, min(max(chart.target, float(low)), float(high)))


def _where_told(
    chart: WindowChart, y: Callable[[Any], float], value: float, last: tuple[float, float] | None, height: float
) -> tuple[float, bool]:
    """Where the text of a value stands, and whether that is inside its column: at the foot of a column, where the target
    is not; beside a dot, on the side from which no line comes."""
    at = y(value)
    if chart.zero:
        foot = y(0)
        return (foot - 6, True) if foot - at > 20 else (at - 6, False)
    falls = last is not None and last[1] < at - 8 and at < height - 16
    return (at + 15 if falls or at < 14 else at - 7), False


def _mark(
    group: ET.Element,
    chart: WindowChart,
    mark: WindowMark,
    centre: float,
    y: Callable[[Any], float],
    step: float,
    ends: tuple[Any, Any],
    previous: tuple[float, float] | None,
) -> tuple[float, float] | None:
    """One window: a column, or a dot joined to the one before; a line from low to high where it is not decided."""
    name = f"{mark.tone}{' faded' if mark.faded else ''}"
    half = min(step * 0.32, 18)
    if mark.value is not None and chart.zero:
        _rect(group, centre - half, y(mark.value), centre + half, y(0), f"column {name}", f"{mark.label}: {mark.text}")
    if (mark.low, mark.high) != (mark.value, mark.value) and mark.tone in ("open", "quiet"):
        low = float(ends[0]) if mark.low is None else max(mark.low, float(ends[0]))
        high = float(ends[1]) if mark.high is None else min(mark.high, float(ends[1]))
        _line(group, centre, y(low), centre, y(high), f"range {name}")
        for bound, known in ((low, mark.low is not None), (high, mark.high is not None)):
            if known:
                _line(group, centre - half / 2, y(bound), centre + half / 2, y(bound), f"range {name}")
    if mark.value is None or chart.zero:
        return previous
    at = y(mark.value)
    if previous is not None:
        _line(group, *previous, centre, at, "path")
    dot = ET.SubElement(group, "circle", {"class": f"dot {name}", "cx": _number(centre), "cy": _number(at), "r": "4"})
    ET.SubElement(dot, "title").text = f"{mark.label}: {mark.text}"
    return centre, at


def _domain(chart: WindowChart) -> tuple[Decimal, Decimal]:
    """From the least to the greatest that is drawn, with room around it, within the ends of the scale."""
    drawn = [chart.target, *(mark.value for mark in chart.marks if mark.value is not None)]
    if chart.zero:
        drawn += [mark.high for mark in chart.marks if mark.high is not None]
        low, high = min(0.0, *drawn), max(0.0, *drawn)
        room = (high - low) * 0.12
        return _decimal(low - (room if low < 0 else 0)), _decimal(high + room or 1.0)
    low, high = min(drawn), max(drawn)
    room = max((high - low) * 0.25, abs(high) * 0.002, 1e-6)
    least, most = chart.ends
    low, high = low - room, high + room
    return _decimal(low if least is None else max(low, least)), _decimal(high if most is None else min(high, most))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _inside(tick: Any, ends: tuple[float | None, float | None]) -> bool:
    least, most = ends
    return (least is None or float(tick) >= least) and (most is None or float(tick) <= most)


def _fewer(ticks: Sequence[Any]) -> list[Any]:
    """At most six of them, the first among them."""
    step = -(-len(ticks) // 6)
    return list(ticks[:: max(step, 1)])


def _plain(tick: Any) -> str:
    """A tick as short as it can be: `0.5`, `12k`, `3M`."""
    number = Decimal(tick)
    for size, name in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if abs(number) >= 10 * size or (abs(number) >= size and number % (size // 10) == 0):
            return f"{(number / size).normalize():f}{name}"
    return f"{number.normalize():f}"


# --- how times spread ------------------------------------------------------------------------------------------------


def _spread(drawn: Any, chart: SpreadChart) -> None:
    bins = len(chart.counts)
    labelled = {place + 1 for place in _thinned(len(chart.edges), 5)} | {0}
    names = {0: "0"} | {place + 1: text for place, text in enumerate(chart.edges)}
    drawn.set_x_scale(_Even(0, bins, sorted(labelled)))
    drawn.set_x_axis(_Axis(lambda place: names.get(place, "")))
    scale = Linear(Decimal(0), Decimal(max(*chart.counts, 4)) * Decimal("1.12"))
    drawn.set_y_scale(scale)
    whole = [tick for tick in scale.ticks() if tick == int(tick)]
    drawn.set_y_axis(_Axis(_plain, _fewer(whole)[:5]))

    def place(
        group: ET.Element, x: Callable[[Any], float], y: Callable[[Any], float], box: tuple[float, float]
    ) -> None:
        for number, (count, tone) in enumerate(zip(chart.counts, chart.tones, strict=True)):
            if count:
                _rect(group, x(number) + 0.8, y(count), x(number + 1) - 0.8, y(0), f"column {tone}", str(count))
        for number, (where, text) in enumerate(chart.targets):
            at = x(where)
            _line(group, at, 0, at, box[1], "target")
            right = at < box[0] * 0.62
            _text(group, at + (4 if right else -4), 9 + 12 * number, text, "target-name", "start" if right else "end")

    _layer(drawn, place)


# --- bars ------------------------------------------------------------------------------------------------------------


def _bars(drawn: Any, chart: BarChart) -> None:
    rows = list(reversed(chart.rows))
    drawn.set_y_scale(Ordinal(list(range(len(rows)))))
    drawn.set_y_axis(_Axis(lambda place: rows[place][0]))
    names = max(len(name) for name, _, _ in chart.rows) * _LETTER + 10
    texts = max(len(text) for _, _, text in chart.rows) * _LETTER + 10
    width = _WIDTH - 2 * _MARGIN - names
    most = max(chart.most, 1e-9)
    drawn.set_x_scale(_Even(0, most * width / max(width - texts, width / 3), []))
    drawn.set_x_axis(_Axis(None, [0]))

    def place(
        group: ET.Element, x: Callable[[Any], float], y: Callable[[Any], float], box: tuple[float, float]
    ) -> None:
        half = min(box[1] / max(len(rows), 1) * 0.34, 9)
        for number, (_, parts, text) in enumerate(rows):
            centre, cursor = y(number), 0.0
            for size, name in parts:
                if size > 0:
                    _rect(group, x(cursor), centre - half, x(cursor + size), centre + half, f"bar {name}")
                cursor += max(size, 0.0)
            _text(group, x(cursor) + 5, centre + 4, text, "value", "start")

    _layer(drawn, place)


# --- the life of one instance ----------------------------------------------------------------------------------------


def _timeline(drawn: Any, chart: TimelineChart) -> None:
    drawn.set_x_scale(_Even(chart.start, chart.end, []))
    drawn.set_x_axis(_Axis(None, [0]))
    drawn.set_y_scale(_Even(0, 1, []))
    drawn.set_y_axis(_Axis(None, [0]))

    def place(
        group: ET.Element, x: Callable[[Any], float], y: Callable[[Any], float], box: tuple[float, float]
    ) -> None:
        width, height = box
        top, bottom = height * 0.42, height - 8
        for start, end, name in _slotted(chart):
            _rect(group, x(start), top, x(end), bottom, f"stretch {name}")
        if chart.due is not None:
            at = x(chart.due)
            _line(group, at, top - 8, at, bottom + 4, "target")
            right = at < width * 0.5
            _text(group, at + (4 if right else -4), top - 6, chart.due_text, "target-name", "start" if right else "end")
        _text(group, 0, bottom + 14, chart.start_text, "edge", "start")
        _text(group, width, bottom + 14, chart.end_text, "edge", "end")

    _layer(drawn, place)


def _slotted(chart: TimelineChart) -> list[tuple[float, float, str]]:
    """The stretches; where there are more than can be seen, what each slot of time holds most of."""
    if len(chart.stretches) <= _SLOTS // 2:
        return list(chart.stretches)
    width = (chart.end - chart.start) / _SLOTS
    held: list[dict[str, float]] = [{} for _ in range(_SLOTS)]
    for start, end, name in chart.stretches:
        first = int((start - chart.start) / width)
        for slot in range(first, min(int((end - chart.start) / width) + 1, _SLOTS)):
            left = max(start, chart.start + slot * width)
            right = min(end, chart.start + (slot + 1) * width)
            held[slot][name] = held[slot].get(name, 0.0) + max(right - left, 0.0)
    found: list[tuple[float, float, str]] = []
    for slot, parts in enumerate(held):
        name = max(parts, key=lambda each: parts[each], default="")
        left, right = chart.start + slot * width, chart.start + (slot + 1) * width
        if found and found[-1][2] == name:
            found[-1] = (found[-1][0], right, name)
        else:
            found.append((left, right, name))
    return found
