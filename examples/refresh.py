"""Make again what is made: the logs, the expected results, and the outputs that the READMEs show.

    python examples/refresh.py              # all of it
    python examples/refresh.py --check      # nothing is written; says what differs, and exits with 1
    python examples/refresh.py --pictures   # also the pictures of the flagship's report, by a Chromium that is installed

Takes:  the folders of examples/, the READMEs of the project.
Gives:  log files, `expected.json` beside each policy, the blocks under `<!-- shown: COMMAND -->`, pictures under docs/.
Never:  judges anything itself: every figure comes from the `sladsl` that a user runs.

The test of the examples calls `differences()`.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
READMES = [ROOT / "README.md", *sorted(EXAMPLES.glob("*/README.md"))]
PICTURE = ROOT / "docs" / "run.svg"
PICTURED = EXAMPLES / "marketing_and_sales"
REPORT_PICTURES = {"en": (ROOT / "docs" / "report.png", 1800), "es": (ROOT / "docs" / "report-es.png", 1100)}
_SHOWN = re.compile(r"(<!-- shown: (?P<command>[^\n]+) -->\n```\w*\n)(?P<text>.*?)(```\n)", re.DOTALL)
_COLUMNS = 100


def folders() -> list[Path]:
    """The folders of the agreements."""
    return sorted(path.parent for path in EXAMPLES.glob("*/policy.sla"))


def log_file(folder: Path) -> Path:
    """The log of an agreement."""
    return next(path for path in sorted(folder.glob("log.*")))


def made_log(folder: Path) -> str:
    """The log as the script of the folder makes it."""
    spec = spec_from_file_location(f"make_log_of_{folder.name}", folder / "make_log.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.log())


def expected(folder: Path) -> str:
    """The result of a run, without what depends on where and by which version it was made; a row a line."""
    import sladsl

    result = sladsl.run(folder / "policy.sla", log_file(folder)).to_dict()
    lines = [f'  "as_of": {json.dumps(result["as_of"])}']
    for name in ("clauses", "objectives", "payments"):
        rows = [json.dumps(row, ensure_ascii=False) for row in result[name]]
        lines.append(f'  "{name}": [\n    ' + ",\n    ".join(rows) + "\n  ]" if rows else f'  "{name}": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def shown(command: str, folder: Path) -> str:
    """What a command prints, run in a folder, on a page of a hundred columns; `| head -n N` keeps the first lines."""
    written, _, head = command.partition(" | head -n ")
    words = shlex.split(written)
    assert words[0] == "sladsl", f"only `sladsl` is shown, not `{command}`"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SLADSL_")}
    environment |= {"COLUMNS": str(_COLUMNS), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-m", "sladsl", *words[1:]], cwd=folder, env=environment, capture_output=True, check=False
    )
    text = ran.stdout.decode() + ran.stderr.decode()
    lines = text.rstrip("\n").split("\n")
    return "\n".join(line.rstrip() for line in (lines[: int(head)] if head else lines)) + "\n"


def readme_with_outputs(readme: Path) -> str:
    """A README with every shown output as it is now."""

    def fresh(match: re.Match[str]) -> str:
        return match[1] + shown(match["command"], readme.parent) + match[4]

    return _SHOWN.sub(fresh, readme.read_text(encoding="utf-8"))


def picture() -> str:
    """A run of the flagship in a terminal, as SVG."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    environment = os.environ | {"COLUMNS": "92", "FORCE_COLOR": "1"}
    environment.pop("NO_COLOR", None)
    words = ["run", "policy.sla", "log.csv"]
    ran = subprocess.run(
        [sys.executable, "-m", "sladsl", *words], cwd=PICTURED, env=environment, capture_output=True, check=True
    )
    lines = ran.stdout.decode().split("\n")
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.assemble(("$ ", "bold green"), (f"sladsl {' '.join(words)}", "bold")))
    for line in lines[: _end_of_objectives(lines)]:
        console.print(Text.from_ansi(line))
    svg = console.export_svg(title="sladsl", theme=MONOKAI, unique_id="sladsl")
    return re.sub(
        r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL
    )  # no font from the network: a page may not load it


def report_pictures() -> Iterator[Path]:
    """Take the pictures of the flagship's report for March, in English and in Spanish: the top of the page in a browser."""
    chromium = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := which(name))), None
    )
    if chromium is None:
        raise SystemExit("there is no Chromium here")
    for language, (path, height) in REPORT_PICTURES.items():
        with TemporaryDirectory() as place:
            page = Path(place) / "report.html"
            words = ["report", "policy.sla", "log.csv", "--period", "2026-03", "--lang", language, "-o", str(page)]
            subprocess.run([sys.executable, "-m", "sladsl", *words], cwd=PICTURED, check=True, capture_output=True)
            quiet = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
            size = [f"--window-size=1280,{height}", f"--screenshot={path}", f"--user-data-dir={place}/profile"]
            subprocess.run([chromium, *quiet, *size, page.as_uri()], check=True, capture_output=True)
        yield path


def _end_of_objectives(lines: list[str]) -> int:
    """How many lines there are down to the end of the table of objectives."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    start = plain.index("Objectives")
    return start + plain[start:].index("")


def files() -> Iterator[tuple[Path, str]]:
    """Every file that is made, and what it should hold."""
    for folder in folders():
        yield log_file(folder), made_log(folder)
        yield folder / "expected.json", expected(folder)
    for readme in READMES:
        yield readme, readme_with_outputs(readme)


def differences() -> list[str]:
    """The files that are not as they should be."""
    return [
        str(path.relative_to(ROOT))
        for path, text in files()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    if "--check" in sys.argv[1:]:
        wrong = differences()
        print("\n".join(f"{name} differs" for name in wrong) or "all as it should be")
        return 1 if wrong else 0
    for path, text in files():
        path.write_text(text, encoding="utf-8", newline="\n")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    if "--pictures" in sys.argv[1:]:
        for path in report_pictures():
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
    print("made again")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
