"""`sladsl check`, `compile`, `new`, and what holds for all commands."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import POLICY, Command

from sladsl import pipeline
from sladsl.cli import exits
from sladsl.cli.main import COMMANDS

MISTAKES = "first contact: sales contacts within 24m of created\nsecond: sales calls within 3 business hours\n"


def test_check_reads_the_policy_back(sladsl: Command) -> None:
    ran = sladsl("check", "policy.sla")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("policy.sla: no findings\n")
    assert "  first contact\n    For every case, sales owes" in ran.out
    assert "within 24h of real time" in ran.out


def test_check_compares_with_a_log(sladsl: Command) -> None:
    Path("events.csv").write_text(
        "case,time,event,actor\na,2026-01-01T10:00Z,created,sales\na,2026-01-01T11:00Z,emial,sales\n"
    )
    Path("policy.sla").write_text("hot = score >= 60\nfirst: sales emails within 24h of created, when hot\n")
    ran = sladsl("check", "policy.sla", "--log", "events.csv")
    assert ran.code == 0
    assert "warning[SLA0911]: `emails` matched no event of the log" in ran.out
    assert "warning[SLA0913]: the log has no column `score`" in ran.out
    assert "  `created` matched `created` (1)" in ran.out
    (file,) = json.loads(sladsl("check", "policy.sla", "--log", "events.csv", "--format", "json").out)["files"]
    assert {"phrase": "emails", "events": {}} in file["matched"]
    assert sladsl("check", "policy.sla", "--log", "nothing.csv").code == 4
    assert sladsl("check", "policy.sla", "--column", "case=case").code == 2


def test_check_takes_a_log_by_its_option(sladsl: Command) -> None:
    ran = sladsl("check", "policy.sla", "log.csv")
    assert ran.code == 2
    assert "`log.csv` is a log, no policy: `--log log.csv` compares the policy with it" in ran.err


def test_check_finds_all_mistakes_at_once(sladsl: Command) -> None:
    Path("policy.sla").write_text(MISTAKES)
    ran = sladsl("check", "policy.sla")
    assert ran.code == 1
    assert "error[SLA0203]" in ran.out
    assert "error[SLA0702]" in ran.out
    assert "policy.sla: 2 errors" in ran.out


def test_check_as_json(sladsl: Command) -> None:
    Path("bad.sla").write_text(MISTAKES)
    ran = sladsl("check", "policy.sla", "bad.sla", "--format", "json")
    assert ran.code == 1
    good, bad = json.loads(ran.out)["files"]
    assert good["promises"][0]["label"] == "first contact"
    assert [d["code"] for d in bad["diagnostics"]] == ["SLA0203", "SLA0702"]
    assert (bad["diagnostics"][0]["file"], bad["diagnostics"][0]["line"]) == ("bad.sla", 1)


def test_check_for_github(sladsl: Command) -> None:
    Path("policy.sla").write_text(MISTAKES)
    ran = sladsl("check", "policy.sla", "--format", "github")
    assert ran.out.startswith("::error file=policy.sla,line=1,col=38,")


def test_check_quiet_says_errors_only(sladsl: Command) -> None:
    assert sladsl("check", "policy.sla", "--quiet").out == ""
    Path("policy.sla").write_text(MISTAKES)
    assert "error[SLA0203]" in sladsl("check", "policy.sla", "--quiet").out


def test_check_of_versions_that_overlap(sladsl: Command) -> None:
    ran = sladsl("check", "policy.sla", "policy.sla")
    assert ran.code == 1
    assert "in force at the same time" in ran.out


def test_compile_writes_json_or_text(sladsl: Command) -> None:
    ran = sladsl("compile", "policy.sla")
    assert json.loads(ran.out)["format"] == "sladsl plan"
    assert sladsl("compile", "policy.sla", "--format", "text").out.startswith('plan "" (version 1)')
    Path("policy.sla").write_text(MISTAKES)
    assert sladsl("compile", "policy.sla", "-o", "p.json").code == 3
    assert not Path("p.json").exists()


def test_new_runs_at_once(sladsl: Command) -> None:
    assert sladsl("new", "start").code == 0
    checked = sladsl("check", "start/policy.sla")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.startswith("start/policy.sla: no findings")
    ran = sladsl("run", "start/policy.sla", "start/log.csv")
    assert ran.code == 0
    assert "Warnings" not in ran.out.replace("1 warning", "")


def test_new_writes_over_nothing(sladsl: Command) -> None:
    sladsl("new", "start")
    Path("start/policy.sla").write_text("mine")
    assert sladsl("new", "start").code == 2
    assert Path("start/policy.sla").read_text() == "mine"
    assert sladsl("new", "log.csv").code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(sladsl: Command, command: str) -> None:
    ran = sladsl(command, "--help")
    assert ran.code == 0
    assert f"Usage: sladsl {command}" in ran.out


def test_help_and_version(sladsl: Command) -> None:
    out = sladsl("--help").out
    assert all(f"  {command} " in out for command in COMMANDS)
    assert sladsl("--version").out == "sladsl 0.1.0\n"


def test_exit_codes_have_one_meaning_each() -> None:
    codes = {name: value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert codes == {"DONE": 0, "FOUND": 1, "USAGE": 2, "POLICY": 3, "DATA": 4, "OURS": 70, "INTERRUPTED": 130}
    assert set(exits.MEANINGS) == set(codes.values())


def failing(error: BaseException) -> object:
    def run(*_: object, **__: object) -> None:
        raise error

    return run


def test_an_error_of_ours_exits_with_70_and_no_traceback(sladsl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "run", failing(ZeroDivisionError("oops")))
    ran = sladsl("run", "policy.sla", "log.csv")
    assert ran.code == 70
    assert ran.err.startswith("sladsl: an error of ours, which we are sorry for: ZeroDivisionError: oops")
    assert "Traceback" not in ran.err
    assert "Traceback" in sladsl("run", "policy.sla", "log.csv", SLADSL_DEBUG="1").err


def test_an_interruption_exits_with_130(sladsl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "run", failing(KeyboardInterrupt()))
    ran = sladsl("run", "policy.sla", "log.csv", "-o", "r.txt")
    assert (ran.code, ran.err) == (130, "interrupted\n")
    assert not Path("r.txt").exists()


def process(*arguments: str, cwd: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "sladsl.cli.main", *arguments]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE)


def test_a_reader_that_goes_away_is_no_error(sladsl: Command, tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-02T09:00:00Z,created,x\n" for n in range(20_000))
    Path("log.csv").write_text("case,time,event,actor\n" + rows)
    with process("run", "policy.sla", "log.csv", "--verdicts", "-", cwd=tmp_path) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == b""
        assert running.wait(30) == 0


def test_ctrl_c_while_it_reads(sladsl: Command, tmp_path: Path) -> None:
    with process("run", "policy.sla", "-", cwd=tmp_path) as running:
        assert running.stdin is not None
        running.stdin.write(b"case,time,event,actor\n" * 100)
        running.stdin.flush()
        try:
            running.wait(2)
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr is not None
        assert running.stderr.read() == b"interrupted\n"


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import sladsl", "sladsl.events sladsl.pipeline rich duckdb numpy pyarrow cattrs holidays lark numba click"),
        (
            "import sys; sys.argv = ['sladsl', 'check', 'policy.sla', '-q']; from sladsl.cli.main import main\n"
            "try: main()\nexcept SystemExit: pass",
            "rich duckdb numpy pyarrow cattrs holidays numba sladsl.evaluate.stream sladsl.events.reader",
        ),
    ],
)
def test_starting_is_light(sladsl: Command, tmp_path: Path, statement: str, heavy: str) -> None:
    code = f"{statement}\nimport sys; print([name for name in {heavy.split()!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_scenarios_of_several_files_stand_under_their_files(sladsl: Command) -> None:
    scenario = 'scenario "{}"\n    2026-03-02 09:00  A  created\n    expect first contact open\n'
    Path("one.sla").write_text(POLICY + scenario.format("first"))
    Path("two.sla").write_text(POLICY + scenario.format("second"))
    ran = sladsl("test", "one.sla", "policy.sla", "two.sla")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "one.sla", "✓ first", "policy.sla: no scenario", "two.sla", "✓ second", "2 passed, 0 failed",
    ]  # fmt: skip
    assert sladsl("test", "one.sla").out.splitlines()[0] == "✓ first"


def test_sentences_are_in_the_language_of_the_policy(sladsl: Command) -> None:
    Path("es.sla").write_text("# language: es\nventas contacta al lead en 24h desde creado\n")
    told = " ".join(sladsl("check", "es.sla").out.split())
    assert "ventas debe `contacta lead`" in told
    assert "en un plazo de 24h de tiempo real" in told
    assert "For every" not in told


def test_an_explanation_reads_the_promise_back_in_the_language_of_the_policy(sladsl: Command) -> None:
    Path("es.sla").write_text("# language: es\nventas contacta al lead en 24h desde created\n")
    told = " ".join(sladsl("explain", "es.sla", "log.csv", "--case", "A").out.split())
    assert "ventas debe `contacta lead`" in told
