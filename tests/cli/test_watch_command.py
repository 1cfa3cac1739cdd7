"""`sladsl watch`, as somebody who runs it meets it: what it says, and its exit codes."""

import json
from pathlib import Path

import pytest
from commands import POLICY, Command

ROWS = [
    {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"},
    {"case": "A", "time": "2026-03-02T10:00:00Z", "event": "contacted", "actor": "sales"},
    {"case": "B", "time": "2036-03-02T09:00:00Z", "event": "created", "actor": "marketing"},
    {"case": "C", "time": "2026-03-01T09:00:00Z", "event": "created", "actor": "marketing"},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policy.sla").write_text(POLICY)
    (tmp_path / "log.ndjson").write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "nothing\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_what_is_not_judged_is_told(sladsl: Command) -> None:
    ran = sladsl("watch", "policy.sla", "log.ndjson", "--state", "s.db", "--once")
    assert (ran.code, [json.loads(line)["status"] for line in ran.out.splitlines()]) == (0, ["met"])
    assert ran.err.splitlines() == [
        "not read: row 5: it is no JSON",
        "too late: row 4: `created` of `C` at 2026-03-01T09:00:00Z",
        "held back: row 3: `created` of `B` at 2036-03-02T09:00:00Z lies far ahead of the others",
        "watched: 2 events, 1 too late, 1 held back, 1 not read",
    ]
    again = sladsl("watch", "policy.sla", "log.ndjson", "--state", "s.db", "--once", "--quiet")
    assert (again.code, again.out, again.err) == (0, "", "")


def test_of_each_kind_a_few_are_told(sladsl: Command, folder: Path) -> None:
    with (folder / "log.ndjson").open("a") as log:
        log.write("nothing\n" * 20)
    ran = sladsl("watch", "policy.sla", "log.ndjson", "--state", "s.db", "--once")
    told = [line for line in ran.err.splitlines() if line.startswith("not read")]
    assert len(told) == 6
    assert told[-1] == "not read: more of them, which are only counted"
    assert ran.err.splitlines()[-1].endswith("21 not read")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["policy.sla", "log.ndjson", "--state", "none/s.db"],
            "`none/s.db` cannot be opened: unable to open database file",
        ),
        (["policy.sla", "log.ndjson", "--state", "."], "`.` cannot be opened: unable to open database file"),
        (["policy.sla", "log.ndjson", "--state", "log.ndjson"], "`log.ndjson` is no state of `sladsl watch`"),
        (["policy.sla", "log.csv.gz", "--state", "s.db"], "`log.csv.gz` is no file that lines are added to; use `run`"),
        (["policy.sla", "none.ndjson", "--state", "s.db"], "`none.ndjson`: no such file or directory"),
        (
            ["other.sla", "log.ndjson", "--state", "kept.db"],
            "`kept.db`: the state belongs to another policy; take a new file",
        ),
    ],
)
def test_what_cannot_be_watched(sladsl: Command, folder: Path, arguments: list[str], said: str) -> None:
    (folder / "other.sla").write_text(POLICY.replace("24h", "25h"))
    assert sladsl("watch", "policy.sla", "log.ndjson", "--state", "kept.db", "--once").code == 0
    ran = sladsl("watch", *arguments, "--once")
    assert ran.code == 2
    assert said in ran.err
    assert "an error of ours" not in ran.err
