"""How long a user waits before anything happens: imports, and `check` and `run` of a small file.

    python benchmarks/startup.py            # --repeat 9

Takes:  nothing; the policy and the log are written to a folder of their own.
Gives:  a table of seconds, user and system together, the best of a few runs each, and how that is to the libraries that any
        command line of this kind loads.
Never:  uses the wall clock: other work on the machine is not counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

POLICY = 'qualified lead = score>=60 and role in ("cto", "cfo"); sales contacts within 24h\n'
LOG = "case,time,event,actor,score,role\nA,2026-03-02T09:00Z,created,marketing,80,cto\nA,2026-03-02T10:00Z,contact,sales,,\n"
BASE = [sys.executable, "-c", "import lark, attrs, click"]
TRIED = {
    "python -c pass": [sys.executable, "-c", "pass"],
    'python -c "import lark, attrs, click"': BASE,
    'python -c "import sladsl"': [sys.executable, "-c", "import sladsl"],
    "sladsl --version": [sys.executable, "-m", "sladsl", "--version"],
    "sladsl check small.sla": [sys.executable, "-m", "sladsl", "check", "small.sla"],
    "sladsl run small.sla small.csv": [sys.executable, "-m", "sladsl", "run", "small.sla", "small.csv"],
}


def cost(words: list[str], folder: str, repeat: int) -> float:
    """The least seconds of processor time of a few runs; byte code is there, as after an installation by pip."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder, "bytecode"))
    best = float("inf")
    for run in range(repeat + 1):
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment)
        if not run:
            continue  # the first one writes the byte code
        after = getrusage(RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def main() -> int:
    said = argparse.ArgumentParser()
    said.add_argument("--repeat", type=int, default=9)
    repeat = said.parse_args().repeat
    with TemporaryDirectory() as folder:
        Path(folder, "small.sla").write_text(POLICY)
        Path(folder, "small.csv").write_text(LOG)
        base = cost(BASE, folder, repeat)
        print(f"{'':40}{'seconds':>8}{'of the libraries':>18}")
        for name, words in TRIED.items():
            took = base if words is BASE else cost(words, folder, repeat)
            print(f"{name:40}{took:>8.3f}{took / base:>17.2f}×")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
