"""The examples: their logs, their results and the outputs that their READMEs show are what the code makes today."""

from __future__ import annotations

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import sladsl
from sladsl.checked import check_source
from sladsl.evaluate.reference import judge as referee
from sladsl.pipeline.reading import read_log
from sladsl.text import Source

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("examples/*/policy.sla"))


def _refresh() -> ModuleType:
    spec = spec_from_file_location("examples_refresh", ROOT / "examples" / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["examples_refresh"] = module
    spec.loader.exec_module(module)
    return module


refresh = _refresh()
HELP = "run `python examples/refresh.py`, and look at what it changes"
each_example = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_there_are_examples() -> None:
    assert [folder.name for folder in FOLDERS] == ["hosting", "marketing_and_sales", "orders", "support_desk"]


@each_example
def test_the_policy_has_no_findings(folder: Path) -> None:
    path = folder / "policy.sla"
    assert check_source(Source(str(path), path.read_text(encoding="utf-8"))).diagnostics == ()


@each_example
def test_the_log_is_made_again_to_the_byte(folder: Path) -> None:
    assert refresh.log_file(folder).read_bytes() == refresh.made_log(folder).encode(), HELP


@each_example
def test_the_result_is_the_expected_one(folder: Path) -> None:
    found, stored = json.loads(refresh.expected(folder)), json.loads((folder / "expected.json").read_text("utf-8"))
    assert found == stored, HELP


@each_example
def test_the_referee_gives_the_same_verdicts(folder: Path) -> None:
    policy = sladsl.load(folder / "policy.sla")
    log = read_log([policy], refresh.log_file(folder), (), True, [])
    (version,) = sladsl.run(policy, refresh.log_file(folder)).versions
    again = referee(policy.plan, log.events, log.events[-1].time_us, actors=log.has_actor)
    assert [_row(v) for v in version.verdicts] == [_row(v) for v in again.verdicts]


def _row(verdict: object) -> tuple[object, ...]:
    names = ("group", "case", "number", "status", "opened_us", "due_us", "closed_us", "elapsed", "row", "late_by_us")
    return tuple(getattr(verdict, name) for name in names)


@pytest.mark.parametrize("readme", refresh.READMES, ids=lambda path: path.parent.name)
def test_a_readme_shows_what_is_printed(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert "<!-- shown: sladsl " in text
    assert refresh.readme_with_outputs(readme) == text, HELP
