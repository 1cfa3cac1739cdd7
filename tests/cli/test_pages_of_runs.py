"""The pages of what a run says: their examples are run, and the wrong one gives the code."""

from __future__ import annotations

import re
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
