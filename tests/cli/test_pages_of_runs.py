"""The pages of what a run says: their examples are run, and the wrong one gives the code."""

from __future__ import annotations

import re
import shlex
from contextlib import nullcontext
from pathlib import Path

import pytest
from commands import Command

from sladsl.text import shipped

PAGES = shipped("grammar") / "diagnostics"
LOGS = {  # pages whose examples are logs, with the options of the run
    "SLA0602": (), "SLA0603": (), "SLA0606": (), "SLA0607": ("--strict",), "SLA0609": (), "SLA0610": (), "SLA0612": (),
    "SLA0910": (), "SLA0912": (), "SLA0917": (), "SLA0918": (),
}  # fmt: skip
COMMANDS = ("SLA0601", "SLA0604", "SLA0932", "SLA0934")  # pages whose examples are commands
# What no few lines can show: a damaged file, and compiled policies that somebody has edited.
DESCRIBED = {"SLA0608", "SLA0903", "SLA0904"}
CALLS = {"SLA0937"}  # what only a program can do
POLICY = "first contact: sales contacts within 24h of created\n"
LOG = "lead_id,time,event,actor\nA,2026-03-02T09:00:00Z,created,marketing\nA,2026-03-02T10:00:00Z,contact,sales\n"


def examples(code: str) -> tuple[str, str]:
    """What the page of a code says to be wrong and right."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    wrong, right = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    return wrong, right


@pytest.mark.parametrize("code", LOGS)
def test_a_wrong_log_gives_the_code_and_a_right_one_does_not(sladsl: Command, code: str) -> None:
    wrong, right = examples(code)
    Path("policy.sla").write_text(POLICY)
    for example, is_wrong in ((wrong, True), (right, False)):
        Path("log.csv").write_text("" if example.startswith("(an empty") else example)
        ran = sladsl("run", "policy.sla", "log.csv", *LOGS[code])
        assert (f"[{code}]" in ran.out + ran.err) is is_wrong, ran.out + ran.err


@pytest.mark.parametrize("code", COMMANDS)
def test_a_wrong_command_gives_the_code_and_a_right_one_does_not(sladsl: Command, code: str) -> None:
    wrong, right = examples(code)
    Path("policy.sla").write_text(POLICY)
    Path("log.csv").write_text(LOG)
    for example, is_wrong in ((wrong, True), (right, False)):
        ran = sladsl(*example.split()[1:])
        assert (f"[{code}]" in ran.out + ran.err) is is_wrong, ran.out + ran.err


def whole_examples() -> list[str]:
    """The pages whose examples are files and the commands that read them."""
    pages = (PAGES.glob(f"SLA{group}*.md") for group in ("06", "09"))
    return sorted(page.stem for found in pages for page in found if "\n$ sladsl" in page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", whole_examples())
def test_a_wrong_example_gives_the_code_and_a_right_one_does_not(sladsl: Command, code: str) -> None:
    for example, is_wrong in zip(examples(code), (True, False), strict=True):
        for name, text in re.findall(r"^(\w+\.\w+)\n((?:    .*\n)+)", example, re.MULTILINE):
            Path(name).write_text(re.sub(r"^    ", "", text, flags=re.MULTILINE))
        for command in re.findall(r"^\$ sladsl (.*)", example, re.MULTILINE):
            ran = sladsl(*shlex.split(command))
        assert (f"[{code}]" in ran.out + ran.err) is is_wrong, ran.out + ran.err


@pytest.mark.parametrize("code", CALLS)
def test_a_wrong_call_gives_the_code_and_a_right_one_does_not(code: str, tmp_path: Path) -> None:
    from sladsl import LogError
    from sladsl.pipeline import report

    (tmp_path / "policy.sla").write_text(POLICY)
    (tmp_path / "log.csv").write_text(LOG.replace("lead_id", "case"))
    for example, is_wrong in zip(examples(code), (True, False), strict=True):
        (period,) = re.findall(r'period="(.*?)"', example)
        with pytest.raises(LogError) if is_wrong else nullcontext() as caught:
            report(tmp_path / "policy.sla", str(tmp_path / "log.csv"), period=period)
        assert [found.code for found in (caught.value.diagnostics if caught else ())] == [code] * is_wrong


def test_every_page_shows_what_it_means() -> None:
    pages = {page.stem for group in ("06", "09") for page in PAGES.glob(f"SLA{group}*.md")}
    assert pages == {*LOGS, *COMMANDS, *whole_examples(), *CALLS, *DESCRIBED}
