"""Every construct of the language, and the tree that it becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from snippets import UPDATE, named, read, write

from sladsl.syntax import parse, tree
from sladsl.text import Source, render

CASES = named("trees")


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_tree(path: Path, number: int) -> None:
    snippets = read(path)
    snippet = snippets[number]
    source = Source("snippet.sla", snippet.source + "\n")
    parsed = parse(source)
    assert not parsed.diagnostics, render(parsed.diagnostics, [source])
    shown = "\n".join(tree.show(statement) for statement in parsed.tree.statements)
    if UPDATE:
        snippets[number] = snippet._replace(expected=shown)
        write(path, snippets)
    assert shown == read(path)[number].expected


@pytest.mark.parametrize(("path", "number"), [case[:2] for case in CASES], ids=[case[2] for case in CASES])
def test_places(path: Path, number: int) -> None:
    """Every node lies inside its parent, and a name's words are found at their places."""
    text = read(path)[number].source
    parsed = parse(Source("snippet.sla", text))
    for statement in parsed.tree.statements:
        for node in tree.walk(statement):
            assert 0 <= node.span.start < node.span.end <= len(text)
            for child in tree.children(node):
                assert node.span.start <= child.span.start
                assert child.span.end <= node.span.end
            if isinstance(node, tree.Word):
                written = text[node.span.start : node.span.end]
                assert written == (f"`{node.text}`" if node.quoted else node.text)
