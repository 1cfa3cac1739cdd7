"""The language reference: every example in it is a policy that parses."""

from __future__ import annotations

import re

import pytest

from sladsl.syntax import parse
from sladsl.text import Source, render, shipped

TEXT = (shipped("grammar") / "README.md").read_text(encoding="utf-8")
EXAMPLES = [
    (TEXT[: match.start()].count("\n") + 2, match[1])
    for match in re.finditer(r"^```sla\n(.*?)^```$", TEXT, re.M | re.S)
]


@pytest.mark.parametrize(("line", "example"), EXAMPLES, ids=[f"line {line}" for line, _ in EXAMPLES])
def test_example(line: int, example: str) -> None:
    source = Source(f"README.md, from line {line}", example)
    parsed = parse(source)
    assert not parsed.diagnostics, render(parsed.diagnostics, [source])
    assert parsed.tree.statements


def test_every_section_has_examples() -> None:
    sections = re.split(r"^## ", TEXT, flags=re.M)[1:]
    without = [section.splitlines()[0] for section in sections if "```sla" not in section]
    assert without == []
