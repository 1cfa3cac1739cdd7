"""Charts: whatever the figures, an SVG that is well formed, small, and without a colour or a place that is no number."""

import math
import re
import warnings
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladsl.report.charts import BarChart, Chart, SpreadChart, TimelineChart, WindowChart, WindowMark
from sladsl.report.drawing import draw

FIGURE = st.floats(-1e15, 1e15, allow_nan=False) | st.sampled_from([0.0, 1.0, 100.0, -3.0, 1e-9])
TONES = st.sampled_from(["good", "bad", "open", "quiet"])


@st.composite
def windows(draw_: st.DrawFn) -> WindowChart:
    share = draw_(st.booleans())
    figure = st.floats(0, 100, allow_nan=False) if share else FIGURE
    maybe = st.none() | figure
    marks = draw_(
        st.lists(
            st.builds(WindowMark, st.text(max_size=6), maybe, maybe, maybe, TONES, st.text(max_size=8), st.booleans()),
            min_size=1,
            max_size=60,
        )
    )
    ends = (0.0, 100.0) if share else (None, None)
    return WindowChart(tuple(marks), draw_(figure), not share, draw_(st.booleans()), "%" if share else "", ".", ends)


@st.composite
def spreads(draw_: st.DrawFn) -> SpreadChart:
    edges = draw_(st.integers(1, 14))
    bins = edges + draw_(st.integers(0, 1))
    counts = draw_(st.lists(st.integers(0, 10**9), min_size=bins, max_size=bins))
    targets = draw_(st.lists(st.tuples(st.floats(0, edges), st.text(max_size=20)), max_size=4))
    tones = draw_(st.lists(st.sampled_from(["good", "bad", ""]), min_size=bins, max_size=bins))
    return SpreadChart(tuple(f"{n}h" for n in range(edges)), tuple(counts), tuple(targets), tuple(tones))


BARS = st.builds(
    BarChart,
    st.lists(
        st.tuples(
            st.text(max_size=24), st.lists(st.tuples(st.floats(0, 1e12), TONES), max_size=4).map(tuple), st.text()
        ),
        min_size=1,
        max_size=14,
    ).map(tuple),
    st.floats(0, 1e12),
)


@st.composite
def timelines(draw_: st.DrawFn) -> TimelineChart:
    edges = sorted(draw_(st.lists(st.integers(0, 10**16), min_size=2, max_size=1200, unique=True)))
    names = st.sampled_from(["counted", "shut", "stood", "overdue"])
    kinds = [*draw_(st.lists(names, max_size=20)), *["shut"] * len(edges)]
    stretches = [(float(a), float(b), kind) for (a, b), kind in zip(pairwise(edges), kinds, strict=False)]
    due = draw_(st.none() | st.sampled_from(edges))
    return TimelineChart(
        float(edges[0]), float(edges[-1]), tuple(stretches), None if due is None else float(due), "due", "a", "b"
    )


@given(windows() | spreads() | BARS | timelines())
def test_any_figures_make_a_chart(chart: Chart) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = draw(chart, "what it shows")
    assert len(text) < 60_000
    root = ET.fromstring(text)
    assert root.attrib["aria-label"] == "what it shows"
    for element in root.iter():
        assert not {"fill", "stroke", "style", "id", "href"} & element.attrib.keys()
        for name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"):
            if name in element.attrib:
                assert math.isfinite(float(element.attrib[name]))
        if element.tag == "rect":
            assert float(element.attrib["width"]) >= 0
            assert float(element.attrib["height"]) >= 0


def test_texts_in_charts_are_escaped() -> None:
    text = draw(BarChart((("<script>", ((1.0, "met"),), "&<b>"),), 1.0), '"><script>')
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_chart_is_drawn_the_same_again() -> None:
    mark = WindowMark("Jan", 97.9, 97.9, 97.9, "good", "97.9%")
    chart = WindowChart((mark,), 90.0, False, True, "%", ",", (0.0, 100.0))
    assert draw(chart, "a") == draw(chart, "a")


def test_marks_stand_on_their_side_of_the_target() -> None:
    marks = tuple(
        WindowMark(str(value), value, value, value, tone, str(value)) for value, tone in ((97.0, "good"), (80.0, "bad"))
    )
    text = draw(WindowChart(marks, 90.0, False, True, "%", ".", (0.0, 100.0)), "a")
    found = dict(re.findall(r'<circle class="dot (\w+)" cx="[\d.]+" cy="([\d.]+)"', text))
    (target,) = re.findall(r'<line class="target" x1="0" y1="([\d.]+)"', text)
    assert float(found["good"]) < float(target) < float(found["bad"])


@pytest.mark.parametrize("count", [3, 150, 5000])
def test_a_timeline_of_many_stretches_stays_small_and_whole(count: int) -> None:
    stretches = tuple((float(n), float(n + 1), "counted" if n % 2 else "shut") for n in range(count))
    text = draw(TimelineChart(0.0, float(count), stretches, None, "", "", ""), "a")
    widths = [float(width) for width in re.findall(r'class="stretch[^>]*width="([\d.]+)"', text)]
    assert len(widths) <= 400
    (whole,) = set(re.findall(r'text class="edge" x="([1-9][\d.]*)"', text))
    assert sum(widths) == pytest.approx(float(whole), rel=0.05)
