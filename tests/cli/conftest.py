"""The command line in this process: what it prints where, and how it exits."""

import io
import sys
from pathlib import Path

import pytest
from commands import LOG, POLICY, Command, Ran

from sladsl.cli.main import main


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
