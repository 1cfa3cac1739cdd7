"""The examples in docstrings run, and the version is the one of the package."""

import doctest
import importlib
import tomllib
from pathlib import Path

import pytest

import sladsl

ROOT = Path(sladsl.__file__).parent
# every module that shows something, whoever may see it
MODULES = sorted(
    ".".join(("sladsl", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_say_what_happens(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def test_one_version() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == sladsl.__version__
