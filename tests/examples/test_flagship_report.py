"""The flagship's story: the month of March as its two departments sign it, in English and in Spanish."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.pipeline import report
from sladsl.report.account_json import account_json
from sladsl.report.html_report import html_report
from sladsl.report.language import language_of
from sladsl.report.telling import page_of

ROOT = Path(__file__).parents[2]
FLAGSHIP = ROOT / "examples" / "marketing_and_sales"


@pytest.fixture(scope="module")
def account() -> Any:
    return report(sladsl.load(FLAGSHIP / "policy.sla"), FLAGSHIP / "log.csv", period="2026-03")


def test_the_month_is_told_as_it_came_out(account: Any) -> None:
    tree = json.loads(json.dumps(account_json(account)))
    told = {
        (history["objective"], *history["group"].values()): (window["window"], window["status"], window["value"])
        for history in tree["objectives"]
        for window in history["windows"]
        if window["counts"]
    }
    assert told == {
        ("quota",): ("2026-Q1", "met", 178),  # of 150: 180,000 EUR at 12,000 a deal, 40% of a quarter of the leads
        ("monthly volume",): ("2026-03", "met", 61),
        ("speed",): ("2026-03", "missed", 44 / 51),
        ("everywhere", "Latin America"): ("2026-Q1", "met", 21 / 26),
        ("everywhere", "Portugal"): ("2026-Q1", "met", 21 / 24),
        ("everywhere", "Spain"): ("2026-Q1", "met", 98 / 105),
        ("typical",): ("2026-03", "met", pytest.approx(2.48, abs=0.01)),
        ("rejections",): ("2026-03", "met", 7 / 61),
        ("conversion",): ("2026-03", "met", pytest.approx(0.487, abs=0.001)),
    }


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("March 2026", "Not kept", "Worst 10 of 22 breaches", "sales qualified", "86.3%", "persistence")),
        ("es", ("marzo de 2026", "No cumplido", "10 peores de 22 incumplimientos", "sales qualified", "86,3")),
    ],
)
def test_the_page_tells_the_story(account: Any, language: str, told: tuple[str, ...]) -> None:
    page = html_report(page_of(account, language_of(language)))
    for words in told:
        assert words in page, words
    assert len(page.encode()) < 300_000


@pytest.mark.parametrize("name", ["report.png", "report-es.png"])
def test_the_readme_shows_the_report(name: str) -> None:
    picture = (ROOT / "docs" / name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1280
    assert height > 900
    assert len(picture) < 300_000
    assert f"](../../docs/{name})" in (FLAGSHIP / "README.md").read_text("utf-8")
