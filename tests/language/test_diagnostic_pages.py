"""Every diagnostic has a page, its wrong example gives it, and its right example does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sladsl.checked import check_source
from sladsl.checked.codes import CODES as CHECKED
from sladsl.cli.explain import explain
from sladsl.events.codes import CODES as EVENTS
from sladsl.report.codes import CODES as RUN
from sladsl.syntax.codes import CODES as SYNTAX
from sladsl.text import Source
from sladsl.text.shipped import shipped

ROOT = Path(__file__).parents[2]
PAGES = shipped("grammar") / "diagnostics"
TITLES = {**SYNTAX, **{code: found.title for code, found in CHECKED.items()}, **EVENTS, **RUN}


def examples(code: str, kind: str) -> list[str]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return re.findall(rf"```sla {kind}\n(.*?)```", page, re.DOTALL)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(TITLES)


def test_every_code_in_the_source_is_registered() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sladsl").rglob("*.py"))
    assert set(re.findall(r"\"(SLA\d{4})\"", source)) == set(TITLES)


@pytest.mark.parametrize("code", sorted(TITLES))
def test_a_page_says_what_its_code_means(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {TITLES[code]}\n")
    assert page.count("```") == 4
    for wrong in examples(code, "wrong"):
        found = check_source(Source("page.sla", wrong)).diagnostics
        assert code in {diagnostic.code for diagnostic in found}
    for right in examples(code, "right"):
        found = check_source(Source("page.sla", right)).diagnostics
        assert [d for d in found if d.is_error or d.code == code] == []


def test_the_command_shows_a_page() -> None:
    result = CliRunner().invoke(explain, ["sla0103"], standalone_mode=False)
    assert result.output == (PAGES / "SLA0103.md").read_text(encoding="utf-8")
