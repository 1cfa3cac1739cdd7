"""What is said about mistakes, word for word, and what holds for every mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from snippets import UPDATE, named, read, write

from sladsl.syntax import parse
from sladsl.text import Source, render

CASES = named("slips")
INTERNAL = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b|\$END|__|Token|Traceback|\b(?:expr|lexeme|terminal|nonterminal)\b")


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_diagnostics(path: Path, number: int) -> None:
    snippets = read(path)
    snippet = snippets[number]
    source = Source("p.sla", snippet.source)
    shown = render(parse(source).diagnostics, [source], width=120).rstrip("\n")
    if UPDATE:
        snippets[number] = snippet._replace(expected=shown)
        write(path, snippets)
    assert shown == read(path)[number].expected


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_every_mistake_is_told_well(path: Path, number: int) -> None:
    """In the author's words: no names of the grammar, no capital, no full stop, help apart, a place inside the text."""
    source = Source("p.sla", read(path)[number].source)
    parsed = parse(source)
    assert parsed.diagnostics
    for diagnostic in parsed.diagnostics:
        for words in (diagnostic.message, diagnostic.help, *diagnostic.notes):
            assert not INTERNAL.search(re.sub(r"`[^`]*`", "", words))
            assert not words.endswith(".")
            assert words[:1] == words[:1].lower()
        assert diagnostic.help
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(source.text)


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_one_mistake_one_message(path: Path, number: int) -> None:
    """No line is complained about twice."""
    source = Source("p.sla", read(path)[number].source)
    lines = [source.position(d.span.start)[0] for d in parse(source).diagnostics if d.span is not None]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_fixes_help(path: Path, number: int) -> None:
    """A fix removes the complaint at its place."""
    source = Source("p.sla", read(path)[number].source)
    for diagnostic in parse(source).diagnostics:
        if diagnostic.fix is not None:
            start, end = diagnostic.fix.span.start, diagnostic.fix.span.end
            mended = Source("p.sla", source.text[:start] + diagnostic.fix.replacement + source.text[end:])
            after = [(d.code, d.message, d.span) for d in parse(mended).diagnostics]
            assert (diagnostic.code, diagnostic.message, diagnostic.span) not in after
