"""Whatever the text, a tree and diagnostics come out: never an exception, never a hang."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from snippets import HERE, read

from sladsl.syntax import parse, tree
from sladsl.syntax.from_text import MOST_DIAGNOSTICS
from sladsl.text import Source, decode, render

SAMPLES = [s.source for folder in ("trees", "slips") for p in sorted((HERE / folder).glob("*.txt")) for s in read(p)]
WORDS = sorted({word for sample in SAMPLES for word in sample.split()})
SIGNS = list("\n\t ;,:\"`()[]{}<>=!+-*/.%#'0159aXé\u00a0\u2028\r\x0b\x00\ufeff\ud800")
INTERNAL = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b|\$END|__")


def check(text: str) -> None:
    source = Source("any.sla", text)
    parsed = parse(source)
    assert len(parsed.diagnostics) <= MOST_DIAGNOSTICS + 1
    for diagnostic in parsed.diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert not INTERNAL.search(re.sub(r"`[^`]*`", "", diagnostic.message + " " + diagnostic.help))
    for comment in parsed.comments:
        assert text[comment.span.start : comment.span.end] == comment.text
    assert render(parsed.diagnostics, [source]) or not parsed.diagnostics
    assert tree.show(parsed.tree)
    assert parse(source) == parsed  # nothing is left over from one parse to the next


@given(st.text(max_size=300))
@example("")
@example("\ufeff")
@example("\ufeffa = 1")
@example("#")
@example("a = 1\\")
@settings(deadline=None)
def test_any_text(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(WORDS + SIGNS), max_size=40))
@settings(deadline=None)
def test_any_words(words: list[str]) -> None:
    check(" ".join(words))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sample with a few pieces left out, doubled, moved or replaced."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        other = draw(st.integers(0, len(text)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            text = text[:at] + text[min(len(text), at + draw(st.integers(1, 12))) :]
        elif kind == 1:
            text = text[:at] + draw(st.sampled_from(SIGNS)) + text[at:]
        elif kind == 2:
            text = text[:at] + " " + draw(st.sampled_from(WORDS)) + " " + text[at:]
        else:
            text = text[:at] + text[other : other + 30] + text[at:]
    return text


@given(damaged())
@settings(max_examples=150, deadline=None)
def test_damaged_policies(text: str) -> None:
    check(text)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes(data: bytes) -> None:
    source, _ = decode("any.sla", data)
    check(source.text)


@pytest.mark.slow
@given(damaged())
@settings(max_examples=20_000, deadline=None)
def test_many_damaged_policies(text: str) -> None:
    check(text)


EXTREME = {
    "a long word": "a" * 5_000_000,
    "a long line of words": "ab " * 1_700_000,
    "a long condition": "x = " + "a or " * 1_200_000 + "a",
    "a condition of the longest kind": "x = " + "a or " * 55_000 + "a",
    "many open brackets": "x = " + "(" * 5_000_000,
    "open brackets on lines": "(\n" * 500_000,
    "many semicolons": "a;" * 2_500_000,
    "many quotes": '"' * 5_000_000,
    "many line ends": "\n" * 2_000_000,
    "200 brackets": "x = " + "(" * 200 + "1" + ")" * 200,
    "200 brackets, never closed": "x = " + "(" * 200 + "1",
    "many nots": "x = " + "not " * 70_000 + "a",
    "250 nots": "x = " + "not " * 250 + "a",
    "many minuses": "x = " + "-" * 200_000 + "1",
    "a long sum": "x = a" + " + a" * 70_000,
    "sums in brackets": "x = " + "(a + " * 55 + "1" + ")" * 55,
    "deep sums in brackets": "x = " + "(a + " * 50 + "a + " * 55 + "1" + ")" * 50,
    "many lines without a closing bracket": "x = (a\n" * 10_000,
    "many lines without a closing quote": 'x = "a\n' * 10_000,
    "many wrong lines": "sales contacts within\n" * 10_000,
    "blocks in blocks": "".join(" " * depth + 'customer "x"\n' for depth in range(300)),
    "a long number": "x = " + "9" * 200_000,
    "a long duration": "sales contacts within " + "9" * 200 + "h",
    "a long name in backticks": "x = `" + "a " * 100_000 + "` + 1",
    "a long label": "a b " * 70_000 + ": x",
    "many declared names": "".join(f"name until {i} x: sales contacts within 24h\n" for i in range(2000)),
    "a comment only": "# x",
    "a NUL": "a = 1\0",
    "nothing but spaces": " \n\t\n  ",
    "a language of many letters": "# language: " + "x" * 100_000,
}


@pytest.mark.parametrize("text", EXTREME.values(), ids=EXTREME.keys())
def test_extremes(text: str) -> None:
    source = Source("any.sla", text)
    parsed = parse(source)
    assert len(parsed.diagnostics) <= MOST_DIAGNOSTICS + 1
    assert len(render(parsed.diagnostics, [source])) < 100_000
    for statement in parsed.tree.statements[:3]:
        assert repr(statement)
        assert hash(statement) == hash(statement)


def test_ten_thousand_clauses() -> None:
    text = "".join(f"c{i}: sales contacts lead within {i % 90 + 1} business hours of handoff\n" for i in range(10_000))
    parsed = parse(Source("many.sla", text))
    assert not parsed.diagnostics
    assert len(parsed.tree.statements) == 10_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    text = f"a = 1{end}{end}# x{end}sales contacts within 24h{end}    warn at 75%{end}   {end}    in office{end}b = 2"
    parsed = parse(Source("p.sla", text))
    assert not parsed.diagnostics
    assert [type(s).__name__ for s in parsed.tree.statements] == ["Definition", "Clause", "Definition"]
    assert len(parsed.tree.statements[1].details) == 2


def test_a_binary_file_is_one_diagnostic() -> None:
    source, diagnostic = decode("x", bytes(range(256)) * 50)
    assert diagnostic is not None
    assert [d.code for d in parse(source).diagnostics] == ["SLA0001"]


def test_comments_are_kept() -> None:
    text = '# language: en\na = "#" # one\n  # two\n\n(\n'
    parsed = parse(Source("p.sla", text))
    assert [(c.text, c.own_line) for c in parsed.comments] == [
        ("# language: en", True),
        ("# one", False),
        ("# two", True),
    ]


def test_no_snippet_is_left_out() -> None:
    assert len(SAMPLES) > 100
    assert all(isinstance(path, Path) for path in (HERE / "trees").iterdir())
