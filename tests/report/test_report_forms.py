"""The forms of a report: nothing from elsewhere, everything escaped, the same bytes, and never too large."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sladsl
from sladsl.pipeline import report
from sladsl.report.account import Account
from sladsl.report.account_json import account_json
from sladsl.report.html_report import html_report
from sladsl.report.language import LANGUAGES, language_of
from sladsl.report.markdown_report import markdown_report
from sladsl.report.telling import page_of
from sladsl.report.view import Page

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("examples/*/policy.sla"))
BY = {"marketing_and_sales": ["Owner"], "support_desk": ["actor"], "hosting": ["service"], "orders": ["carrier"]}
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_EMPTY = {"meta", "br", "link", "img", "input", "hr"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&|`*_[x](javascript:alert(1))\u202e"


class Parsed(HTMLParser):
    """A strict reading of a page: every tag closed in order, what it links to, what it shows."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def account(folder: Path, **options: object) -> Account:
    by = BY[folder.name]
    return report(folder / "policy.sla", next(folder.glob("log.*")), by=by, **options)  # type: ignore[arg-type]


def page(folder: Path, code: str = "en") -> Page:
    return page_of(account(folder), language_of(code))


def evil() -> Account:
    """Every text of the log, and some of the policy, tries to be markup."""
    policy = f"""
sla "{EVIL.replace('"', "'")}"
    between marketing and sales
    case lead
answer: support replies within 8h of opened
    excused when waiver = yes
good: at least 50% of answer met per month
    by team
lifecycle lead
    first = score > 1
    second = score > 2
"""
    events = [
        {"case": f"{EVIL}{n}", "time": START + timedelta(hours=hours), "event": event, "actor": EVIL} | values
        for n in range(4)
        for hours, event, values in (
            (0, "opened", {"team": f"{EVIL}{n}", "score": 2}),
            (n * 5, "reply", {}),
            (n * 5 + 1, EVIL, {"waiver": "yes", "score": "x<b>"}),
        )
    ]
    events += [{"case": EVIL, "time": START, "event": "opened", "actor": EVIL, "score": f"<i>{EVIL}"}]
    return report(sladsl.load(text=policy), events, by=["team", "actor"])


# --- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_stands_by_itself(folder: Path, code: str) -> None:
    html = html_report(page(folder, code))
    parsed = Parsed(html)
    assert dict(parsed.tags)["html"] == {"lang": code}
    assert not {tag for tag, _ in parsed.tags} & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert [a for _, attrs in parsed.tags for a in attrs if a.startswith("on")] == []
    assert "default-src 'none'" in html
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(|javascript:", html)
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] or "" for tag, attrs in parsed.tags if tag == "a"]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)
    charts = [attrs for tag, attrs in parsed.tags if tag == "svg"]
    assert len(charts) >= 5
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_row_of_a_table_has_every_cell(folder: Path) -> None:
    for table in re.findall(r"<table.*?</table>", html_report(page(folder)), re.DOTALL):
        columns = table.count('<th scope="col"')
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
        assert rows
        assert {row.count("<td") + row.count('<th scope="row"') for row in rows} == {columns}


def test_the_sections_that_close_a_cycle_are_there() -> None:
    keys = [section.key for section in page(ROOT / "examples" / "marketing_and_sales").sections]
    assert keys == [
        *("glance", "objectives", "promises", "cases", "who", "breaches", "left-out", "open", "agreement", "remarks"),
    ]
    assert "owed" in [section.key for section in page(ROOT / "examples" / "hosting").sections]


def test_the_provenance_names_hashes_instant_and_versions() -> None:
    folder = ROOT / "examples" / "marketing_and_sales"
    found = account(folder)
    told = dict(page_of(found, language_of("en")).provenance)
    assert found.versions[0].hash == sladsl.load(folder / "policy.sla").hash
    assert told["Policy"] == f"policy.sla sha256:{found.versions[0].hash}"
    assert told["Log"] == f"log.csv sha256:{found.inputs[0].hash}"
    assert told["Judged as of"] == "2026-04-16T16:38:00+02:00"
    assert {"sladsl", "zones", "holidays"} <= {part.split()[0] for part in told["Versions"].split(", ")}
    html = html_report(page_of(found, language_of("en")))
    assert all(text in html for text in (found.versions[0].hash, found.inputs[0].hash))


def test_nothing_from_the_log_is_markup() -> None:
    html = html_report(page_of(evil(), language_of("en")))
    parsed = Parsed(html)
    assert not {tag for tag, _ in parsed.tags} & {"script", "img", "i>", "b"}
    assert "<script>alert(1)</script><img src=x onerror" in parsed.text
    assert "\u202e" not in html  # it turns the direction of what follows
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert "<script" not in svg


def test_an_empty_log_makes_a_page_that_says_so() -> None:
    found = report(sladsl.load(text="answer: support replies within 8h of opened"), [])
    for code, words in (("en", "Nothing to judge"), ("es", "Nada que juzgar")):
        assert words in Parsed(html_report(page_of(found, language_of(code)))).text


def test_the_same_inputs_give_the_same_bytes_whatever_the_hash_seed() -> None:
    folder = ROOT / "examples" / "support_desk"
    words = [sys.executable, "-m", "sladsl", "report", "policy.sla", "log.ndjson", "--by", "actor"]
    made = [
        subprocess.run(words, cwd=folder, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True)
        for seed in ("1", "2")
    ]
    assert made[0].stdout == made[1].stdout
    assert made[0].stdout.startswith(b"<!doctype html>")


def test_no_input_makes_it_too_large() -> None:
    long = "very long words " * 400
    lists = "list seen = " + ", ".join(f'"{"x" * 60}{n}"' for n in range(2000))
    clauses = "\n".join(
        f'clause {n} of many: support replies within {n + 1}h of opened\n    excused when note = "{long[:3000]}"'
        for n in range(300)
    )
    objectives = "\n".join(f"o{n}: at least 50% of clause {n} of many met per day\n    by team" for n in range(60))
    stages = "\n".join(f"    stage {n} {'x' * 80} = score > {n} and name in seen" for n in range(40))
    policy = f'sla "Large"\n    case ticket\n{lists}\n{clauses}\n{objectives}\nlifecycle many\n{stages}\n'
    events: list[dict[str, object]] = []
    for n in range(60):
        at = START + timedelta(hours=24 * n)
        values = {"team": f"t{n} {long[:500]}", "score": n, "note": long[:3000], "name": "x" * 60 + "1"}
        events.append({"case": f"C{n} {long}", "time": at, "event": "opened", "actor": f"a{n} {long}"} | values)
        for hour in range(n % 3):
            events.append({"case": f"C{n} {long}", "time": at + timedelta(hours=hour * 40), "event": "reply"})
    found = report(sladsl.load(text=policy), events, by=["team", "actor"])
    for code in LANGUAGES:
        assert 300_000 < len(html_report(page_of(found, language_of(code))).encode()) < 2_000_000


# --- Markdown, JSON, PDF ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_markdown_tables_have_every_cell(folder: Path) -> None:
    text = markdown_report(page(folder, "es"))
    blocks = [block for block in text.split("\n\n") if block.startswith("|")]
    assert blocks
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines() if line.startswith("|")}) == 1


def test_nothing_from_the_log_is_markup_in_markdown() -> None:
    text = markdown_report(page_of(evil(), language_of("en")))
    assert "\\<script\\>alert(1)\\</script\\>" in text
    assert not re.search(r"(?<!\\)<(?!br>)", text)
    assert not re.search(r"(?<!\\)\]\(", text)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_json_holds_the_figures(folder: Path) -> None:
    found = account(folder)
    data = json.loads(json.dumps(account_json(found), allow_nan=False))
    assert data["summary"]["decided"] == found.summary.decided
    assert sum(row["met"] for row in data["clauses"]) == data["summary"]["kept"]
    assert [row["elapsed_ticks"] for row in data["holders"]] == [
        sum(holder["ticks"] for holder in row["rows"]) for row in data["holders"]
    ]
    assert data["policies"][0]["hash"] == found.versions[0].hash


def test_json_of_what_tries_to_be_markup_is_json() -> None:
    assert EVIL in json.dumps(account_json(evil()), ensure_ascii=False).replace('\\"', '"')


def pdf(shown: Page) -> bytes:
    from sladsl.report.pdf_report import PdfError, pdf_report

    try:
        return pdf_report(shown)
    except PdfError as lacking:
        pytest.skip(str(lacking))


def test_pdf_is_made_of_the_page() -> None:
    rows = [{"case": "A", "time": START, "event": "opened"}]
    found = report(sladsl.load(text="answer: support replies within 8h of opened"), rows)
    assert pdf(page_of(found, language_of("es"))).startswith(b"%PDF-")


@pytest.mark.slow
def test_pdf_has_the_same_bytes_again() -> None:
    shown = page(ROOT / "examples" / "hosting")
    assert pdf(shown) == pdf(shown)


def test_without_weasyprint_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from sladsl.report.pdf_report import PdfError, pdf_report

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfError, match=r"pip install 'sladsl\[pdf\]'"):
        pdf_report(page(ROOT / "examples" / "orders"))
