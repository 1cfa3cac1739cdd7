"""Law 27 of the keyword language: every construct of the English tables, written with Spanish keywords, is the same tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from snippets import named, read
from translating import translated

from sladsl.syntax import parse, tree
from sladsl.syntax.keywords import Keywords, languages, read_table
from sladsl.text import Source, render, shipped

OTHERS = [language for language in languages() if language != "en"]

# snippets whose names are words of the other language, or whose verbs are operators in this one
NOT_IN = {
    "es": {
        "layout: continued by and, or, signs": "`y` is a name",
        "names: a declared name that begins with yes or no": "`no` is `not`, too, and reserved",
        "names: verbs that look like operators": "the verb is a keyword, and keywords change",
    }
}
REST = """
calendar desk hours
    calendar of desk, otherwise office
attainment: at least 95% of first contact met per month, counted by close
scenario "x"
    2026-03-02 17:30  L1  created
    expect first contact undetermined for L1
"""
CASES = [
    pytest.param(language, path, number, id=f"{language} {title}")
    for language in OTHERS
    for path, number, title in named("trees")
    if title not in NOT_IN.get(language, ())
]


def shown(text: str) -> str:
    source = Source("p.sla", text)
    parsed = parse(source)
    assert not parsed.diagnostics, render(parsed.diagnostics, [source])
    return "\n".join(tree.show(statement) for statement in parsed.tree.statements)


@pytest.mark.parametrize(("language", "path", "number"), CASES)
def test_same_tree(language: str, path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every spelling of every keyword."""
    snippet = read(path)[number]
    before = ""
    for choice in range(24):
        text = translated(snippet.source, language, monkeypatch, choice)
        if text != before:
            assert shown(text) == snippet.expected
        before = text


@pytest.mark.parametrize("language", OTHERS)
def test_left_out_are_only_what_is_said(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snippet that could be read after all must not stay left out."""
    for path, number, title in named("trees"):
        if title in NOT_IN.get(language, ()):
            text = translated(read(path)[number].source, language, monkeypatch)
            parsed = parse(Source("p.sla", text))
            trees = "\n".join(tree.show(statement) for statement in parsed.tree.statements)
            assert parsed.diagnostics or trees != read(path)[number].expected


@pytest.mark.parametrize("language", OTHERS)
def test_every_policy_of_the_repository(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library, the examples and the conformance cases say the same in either language."""
    root = Path(__file__).parents[2]
    policies = [*root.glob("examples/*/*.sla"), *root.glob("tests/conformance/*/*/*.sla")]
    policies += list(shipped("stdlib").glob("*.sla"))
    policies = [path for path in policies if not path.read_text(encoding="utf-8").startswith("# language:")]
    assert len(policies) > 25
    for policy, text in [("", REST), *((path, path.read_text(encoding="utf-8")) for path in policies)]:
        assert shown(translated(text, language, monkeypatch)) == shown(text), policy


@pytest.mark.parametrize("language", OTHERS)
def test_every_keyword_is_written_somewhere(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The snippets hold every keyword, so that the tests above say something of each."""
    words = Keywords(read_table(language))
    texts = [read(path)[number].source for path, number, _ in named("trees")] + [REST]
    text = "\n".join(translated(each, language, monkeypatch) for each in texts)
    missing = [terminal for terminal, spelling in words.spelled.items() if spelling not in text]
    assert missing == []
