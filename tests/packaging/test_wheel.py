"""What is published works: the wheel, installed away from the checkout, checks, runs and finds the standard library.

Slow, for it builds and installs: `pytest -m slow tests/packaging`; `.ci/run` runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ["grammar/sladsl.lark", "grammar/keywords/en.toml", "stdlib/business.sla", "stdlib/personas.sla"]
POLICY = """\
use std.business
use std.personas
first contact: sales contacts decision maker within 8 business hours in Spain
"""
LOG = """\
case,time,event,actor,role
A,2026-01-05T16:00:00Z,created,marketing,CTO
A,2026-01-07T10:00:00Z,contacted,sales,
"""
pytestmark = pytest.mark.slow


def _run(*words: str | Path, cwd: Path) -> str:
    """What a command prints, without the checkout on the path."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SLADSL"))}
    ran = subprocess.run([str(word) for word in words], cwd=cwd, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout.decode() + ran.stderr.decode()
    return ran.stdout.decode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh virtual environment with the wheel; the libraries are those of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    (wheel,) = built.glob("*.whl")
    _run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", wheel, cwd=folder)
    (site,) = _run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).split()
    libraries = Path(pytest.__file__).parents[1]
    # its own packages come first, then the libraries of this environment; an editable install there is not followed
    Path(site, "libraries.pth").write_text(f"{libraries}\n")
    return python


def test_the_wheel_carries_what_it_needs(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"sladsl/_shipped/{name}" for name in SHIPPED} <= set(names)
    assert {"sladsl/py.typed", "sladsl/report/templates/report.html", "sladsl/report/templates/report.css"} <= set(
        names
    )
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if not name.startswith(("sladsl/", "sladsl-"))] == []


def test_the_sdist_carries_tests_and_examples(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {*SHIPPED, "tests/packaging/test_wheel.py", "examples/orders/policy.sla", "README.md", "LICENSE"} <= names
    assert [name for name in names if "__pycache__" in name or name.endswith(".lark.cache")] == []


def test_it_is_the_wheel_that_runs(installed: Path) -> None:
    place = _run(installed, "-c", "import sladsl; print(sladsl.__file__)", cwd=installed.parent)
    assert str(installed.parents[1]) in place


def test_check_and_run_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.sla").write_text(POLICY)
    (tmp_path / "log.csv").write_text(LOG)
    script = installed.with_name("sladsl")
    assert "no findings" in _run(script, "check", "policy.sla", cwd=tmp_path)
    result = _run(script, "run", "policy.sla", "log.csv", "--format", "csv", cwd=tmp_path)
    assert "first contact" in result
    verdicts = _run(script, "run", "policy.sla", "log.csv", "--quiet", "--verdicts", "-", cwd=tmp_path)
    assert "2026-01-07T15:00:00Z" in verdicts  # 17:00 in Madrid, an hour, the Epiphany, and seven hours more
    assert ",met," in verdicts
    assert "<svg" in _run(script, "report", "policy.sla", "log.csv", "--lang", "es", cwd=tmp_path)


def test_the_library_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import sladsl; print(sladsl.load(text='use std.uptime\\noutage: service down lasts at most 5 min').plan.groups)"
    assert "('outage',)" in _run(installed, "-c", code, cwd=tmp_path)
