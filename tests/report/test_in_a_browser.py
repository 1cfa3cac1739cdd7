"""Reports in a real browser: no complaint on its console, every chart drawn, nothing wider than the screen, light and dark.

Skipped where there is no Chromium; `.ci/run` installs it where it can.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from attrs import frozen

import sladsl
from sladsl.pipeline import report
from sladsl.report.html_report import html_report
from sladsl.report.language import language_of
from sladsl.report.telling import page_of

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
BY = {"marketing_and_sales": "Owner", "support_desk": "actor", "hosting": "service", "orders": "carrier"}
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--hide-scrollbars",
)

# A page that shows reports in frames as wide as screens are, and writes down what it finds in them.
WATCHER = """<!doctype html><meta charset="utf-8">
<style>iframe { border: 0; display: block; height: 900px }</style>
%s
<pre id="found"></pre>
<script>
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const page = frame.contentDocument, width = page.documentElement.clientWidth;
    const outside = [...page.body.querySelectorAll("*")].filter(element => {
      const box = element.getBoundingClientRect(), style = page.defaultView.getComputedStyle(element);
      if (element.closest("svg") && element.tagName !== "svg") return false;
      if (!box.width || !box.height || style.clipPath !== "none") return false;
      return box.right > width + 0.5 || box.left < -0.5;
    });
    const cut = [...page.querySelectorAll("svg text")].filter(text => {
      const box = text.getBoundingClientRect(), around = text.closest(".card").getBoundingClientRect();
      return box.width && (box.right > around.right || box.left < around.left);
    });
    return {
      name: frame.title, width, scrolls: page.documentElement.scrollWidth,
      outside: outside.slice(0, 5).map(one => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`),
      cut: cut.slice(0, 5).map(text => text.textContent),
      charts: [...page.querySelectorAll("svg")].map(svg => Math.round(svg.getBoundingClientRect().height)),
      colour: page.defaultView.getComputedStyle(page.body).backgroundColor,
    };
  });
  document.getElementById("found").textContent = JSON.stringify(found);
});
</script>
"""


@frozen
class Seen:
    """What a browser found on a page, in a frame of some width."""

    name: str
    width: int
    scrolls: int
    outside: list[str]
    cut: list[str]
    charts: list[int]
    colour: str


def looked_at(pages: Mapping[str, str], folder: Path, *flags: str) -> tuple[list[Seen], str]:
    """What a browser finds on pages, at both widths, and what it says on its console."""
    assert CHROMIUM is not None
    frames = []
    for place, (name, html) in enumerate(pages.items()):
        (folder / f"{place}.html").write_text(html, encoding="utf-8")
        frames += [f'<iframe title="{name}" src="{place}.html" width="{width}"></iframe>' for width in (360, 1280)]
    (folder / "watcher.html").write_text(WATCHER % "".join(frames), encoding="utf-8")
    words = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "--allow-file-access-from-files", *flags]
    words += ["--enable-logging=stderr", "--window-size=1400,1000", "--dump-dom", (folder / "watcher.html").as_uri()]
    ran = subprocess.run(words, capture_output=True, timeout=120, check=True)
    dumped = re.search(r'<pre id="found">(.*?)</pre>', ran.stdout.decode(), re.DOTALL)
    assert dumped is not None
    said = [line for line in ran.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    return [Seen(**seen) for seen in json.loads(unescape(dumped[1]))], "\n".join(said)


def long_names() -> str:
    """A report in which every name is longer than a screen is wide, without a place to break."""
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
    label = f"answer {'x' * 60}"
    policy = f"{label}: support replies within 8h of opened\ngood: at least 50% of {label} met per month\n    by team"
    rows = [
        {"case": f"{long}{n}", "time": datetime(2026, 3, n + 1, tzinfo=UTC) + timedelta(hours=hours), "event": event}
        | {"team": f"{long}{n % 2}", "actor": "support"}
        for n in range(9)
        for hours, event in ((1, "opened"), (2 + 2 * n, "reply"))
    ]
    return html_report(page_of(report(sladsl.load(text=policy), rows, by=["team"]), language_of("en")))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The reports that are looked at, by name."""
    found = {}
    for name, by in BY.items():
        folder = ROOT / "examples" / name
        account = report(folder / "policy.sla", next(folder.glob("log.*")), by=[by])
        code = "es" if name in ("hosting", "marketing_and_sales") else "en"
        found[name] = html_report(page_of(account, language_of(code)))
    return found | {"long names": long_names()}


def test_reports_fit_every_screen(pages: dict[str, str], tmp_path: Path) -> None:
    found, said = looked_at(pages, tmp_path)
    assert said == ""
    assert [(seen.name, seen.width) for seen in found] == [(name, width) for name in pages for width in (360, 1280)]
    for seen in found:
        assert seen.outside == []
        assert seen.scrolls == seen.width
        assert seen.cut == []
        assert len(seen.charts) == pages[seen.name].count("<svg")
        assert min(seen.charts) >= 20
        assert min(colours(seen)) > 200


def test_a_report_is_dark_where_the_reader_wants_it_dark(pages: dict[str, str], tmp_path: Path) -> None:
    found, said = looked_at({"orders": pages["orders"]}, tmp_path, "--blink-settings=preferredColorScheme=0")
    assert said == ""
    assert all(max(colours(seen)) < 60 for seen in found)


def colours(seen: Seen) -> list[int]:
    """Red, green and blue of the page."""
    return [int(part) for part in re.findall(r"\d+", seen.colour)][:3]
