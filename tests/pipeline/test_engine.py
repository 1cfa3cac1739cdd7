"""`--engine`: the same verdicts from both, and a refusal that says why."""

from __future__ import annotations

from pathlib import Path

import pytest

import sladsl

ROOT = Path(__file__).parents[2]
CASES = sorted(path.parent for path in ROOT.glob("tests/conformance/cases/*/policy.sla"))[:6]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_both_engines_give_the_same(folder: Path) -> None:
    stream = sladsl.run(folder / "policy.sla", str(folder / "log.csv"), engine="stream")
    columnar = sladsl.run(folder / "policy.sla", str(folder / "log.csv"), engine="columnar")
    assert (stream.engine, columnar.engine) == ("stream", "columnar")
    rows = [
        [(v.clause, v.case, v.number, v.status, v.opened, v.due, v.closed) for v in result.verdicts]
        for result in (stream, columnar)
    ]
    assert rows[0] == rows[1]


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="engine must be one of"):
        sladsl.run(sladsl.load(text="a: s calls within 1h of x"), [], engine="quantum")
