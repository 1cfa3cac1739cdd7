"""Law 27, the keyword language: the conformance cases give the same verdicts and objectives with Spanish keywords."""

from __future__ import annotations

from pathlib import Path

import pytest
from translating import translated

import sladsl

ROOT = Path(__file__).parents[2]
# but for those that are written in Spanish as they are
FOLDERS = sorted(
    path.parent
    for path in ROOT.glob("tests/conformance/*/*/policy.sla")
    if not path.read_text(encoding="utf-8").startswith("# language:")
)
# the level of `customer "ACME"` is an attribute of the author's language
COLUMNS = {"cliente": "customer", "servicio": "service"}


def outcome(policy: Path, log: Path) -> tuple[list[object], object]:
    headings = log.read_text(encoding="utf-8").splitlines()[0].split(",")
    columns = {name: heading for name, heading in COLUMNS.items() if heading in headings}
    result = sladsl.run(policy, str(log), columns=columns)
    verdicts = [
        (v.clause, v.case, v.number, v.party, v.level, v.status, v.opened, v.due, v.closed) for v in result.verdicts
    ]
    return verdicts, result.to_dict()["objectives"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name} {folder.name}")
def test_same_verdicts(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (folder / "policy.sla").read_text(encoding="utf-8")
    spanish = tmp_path / "policy.sla"
    spanish.write_text(translated(text, "es", monkeypatch), encoding="utf-8")
    english = outcome(folder / "policy.sla", folder / "log.csv")
    assert english[0] or english[1]
    assert outcome(spanish, folder / "log.csv") == english
