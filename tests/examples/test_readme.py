"""The README's claims, seen to happen."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import sladsl

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_library_in_ten_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in block.splitlines() if line]) <= 10
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(block, "README.md", "exec"), {})
    lines = printed.getvalue().splitlines()
    assert lines[0] == "2026-03-03 09:00:00+00:00"
    assert lines[1] == "first contact L1 breached"
    assert "('refund', 20, 0)" in lines[2]
    for promised in re.findall(r"#\s*([\w :+-]+)$", block, re.MULTILINE)[1:]:
        assert promised in printed.getvalue()


def test_the_sentence_is_a_complete_policy(tmp_path: Path) -> None:
    sentence = "qualified lead = score>=60 and role in buyer_persona; sales contacts within 24h"
    assert f"    {sentence}\n" in README
    (tmp_path / "leads.csv").write_text(
        "case,time,event,actor,score,role\n"
        "A,2026-03-02T09:00:00Z,created,marketing,80,cto\n"
        "A,2026-03-03T09:00:00Z,contacted,sales,,\n"
        "B,2026-03-02T09:00:00Z,created,marketing,80,intern\n"
        "C,2026-03-02T09:00:00Z,created,marketing,60,cfo\n"
        "C,2026-03-03T09:00:01Z,contacted,sales,,\n"
    )
    policy = sladsl.load(text=sentence, lists={"buyer_persona": ["cto", "cfo"]})
    verdicts = sladsl.run(policy, tmp_path / "leads.csv").verdicts
    assert [(v.case, v.status) for v in verdicts] == [("A", "met"), ("C", "late")]


def test_what_is_added_a_line_at_a_time_compiles() -> None:
    start = README.index("    first contact: sales contacts")
    added = README[start : README.index("`sladsl check` says")]
    text = "use std.business\nqualified lead = score >= 60\n" + re.sub(r"^    ", "", added, flags=re.MULTILINE)
    assert sladsl.load(text=text).warnings == ()


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link.partition("#")[0]).exists()] == []
