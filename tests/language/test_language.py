"""Small policies: those under `bad` give exactly the diagnostics written at their end, those under `good` give none.

    #! SEVERITY CODE LINE:COLUMN MESSAGE | HELP

To see what a policy gives now: `python tests/language/test_language.py FILE...`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sladsl.checked import check_source
from sladsl.checked.codes import CODES
from sladsl.text import Source

HERE = Path(__file__).parent
BAD = sorted(HERE.glob("bad/*.sla"))
GOOD = sorted(HERE.glob("good/*.sla"))
MARK = "#! "


def told(text: str) -> list[str]:
    """What the checker says of a policy, a line a diagnostic."""
    source = Source("policy.sla", text)
    lines = []
    for found in check_source(source).diagnostics:
        line, column = source.position(found.span.start) if found.span is not None else (0, 0)
        help = f" | {found.help}" if found.help else ""
        lines.append(f"{MARK}{found.severity.value} {found.code} {line}:{column} {found.message}{help}")
    return lines


def parts(path: Path) -> tuple[str, list[str]]:
    """The policy of a file, and what is expected of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line for line in lines if line.startswith(MARK)]
    return "\n".join(line for line in lines if not line.startswith(MARK)) + "\n", expected


def test_there_are_enough() -> None:
    assert len(BAD) >= 120
    assert len(GOOD) >= 120


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad(path: Path) -> None:
    policy, expected = parts(path)
    assert expected, "a policy without a complaint belongs under `good`"
    assert told(policy) == expected


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good(path: Path) -> None:
    assert told(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_policy_says_which_rule_it_shows(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = lines[1] if lines[0].startswith("# language") else lines[0]
    assert first.startswith("# ")
    assert len(first) > 20


def test_every_code_of_the_checker_is_shown() -> None:
    # Those about several files are shown in tests/checked/test_imports.py, the endless ones in test_limits.py.
    elsewhere = {"SLA0109", "SLA0207", "SLA0802", "SLA0803", "SLA0805", "SLA0806"}
    shown = {line.split()[2] for path in BAD for line in parts(path)[1]}
    assert set(CODES) - elsewhere <= shown


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print("\n".join(told(parts(Path(name))[0])))
