"""The command line in this process: what it prints where, and how it exits."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from sladsl.cli.main import main

POLICY = "first contact: sales contacts within 24h of created\n"
LOG = """\
case,time,event,actor
A,2026-03-02T09:00:00Z,created,marketing
A,2026-03-02T10:00:00Z,contacted,sales
B,2026-03-02T09:00:00Z,created,marketing
B,2026-03-04T10:00:00Z,contacted,sales
C,2026-03-04T09:00:00Z,created,marketing
"""


@frozen
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def sladsl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run `sladsl ARGUMENTS` in an empty folder that holds `policy.sla` and `log.csv`."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "SLADSL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    Path("policy.sla").write_text(POLICY)
    Path("log.csv").write_text(LOG)

    def run(*arguments: str, stdin: str = "", **environment: str) -> Ran:
        streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for name in ("stdout", "stderr")}
        with monkeypatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            patch.setattr(sys, "argv", ["sladsl", *arguments])
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        texts = []
        for stream in streams.values():
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, *texts)

    return run
