"""`--engine`: both evaluators give the same result, word for word, and the choice between them says why."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.evaluate.many import ManyVerdicts
from sladsl.pipeline import choosing
from sladsl.report.junit import write_junit
from sladsl.report.result import Result
from sladsl.report.table import write_csv, write_ndjson
from sladsl.report.text import print_text

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("tests/conformance/*/*/policy.sla")) + sorted(
    path.parent for path in ROOT.glob("examples/*/policy.sla")
)
TEXT = """
sla "engines"
    timezone Europe/Madrid
calendar office
    mon-fri 09:00-17:00
    timezone of zone, otherwise Europe/Madrid
first: sales contacts within 8h of created, paused while status = "waiting", warn at 50%, escalate to "boss" at breach
open hours: sales contacts within 4 business hours of created, in office
    when size > 5
kind: marketing calls within 1 day of created
"""
ROWS = '''case,time,event,actor,size,status,zone,event_id
L1,2026-03-28 23:00,created,marketing,7,,Europe/Madrid,e1
L2,2026-03-28 23:30,created,marketing,big,,Mars,e2
L1,2026-03-29T02:30:00,note,,,waiting,,e3
L1,2026-03-29T05:00:00.250Z,note,,,open,,e4
L4,yesterday,created,,70,,,e5
L2,2026-03-29 06:00,contact,sales,60,,,e6
L2,2026-03-29 06:00,contact,sales,60,,,e6
,2026-03-29 06:00,contact,sales,60,,,e7
L3,2026-03-30 10:00,created,sales,,,Asia/Tokyo,
"L5, the ""last""",2026-03-30 11:00,created,sales,9,,Asia/Tokyo,
L1,2026-03-30 12:00,contact,sales,,,,
'''


def forms(result: Result) -> dict[str, Any]:
    """All that is printed or written of a result, but for which evaluator judged and why."""
    from rich.console import Console

    result.engine, result.engine_reason, result.says_engine = "", "", False
    texts = {name: io.StringIO() for name in ("text", "junit", "csv", "ndjson")}
    print_text(result, Console(file=texts["text"], width=100))
    write_junit(result, texts["junit"])
    write_csv(result, texts["csv"])
    write_ndjson(result, texts["ndjson"])
    return {
        **{name: text.getvalue() for name, text in texts.items()},
        "json": json.dumps(result.to_dict()),
        "table": result.table().to_pylist(),
        "alerts": result.alerts,
        "rejects": result.rejects,
    }


def both(policy: Any, log: Any, **said: Any) -> Result:
    """The result of the columnar evaluator, which is that of the stream evaluator."""
    stream = sladsl.run(policy, log, engine="stream", **said)
    columnar = sladsl.run(policy, log, engine="columnar", **said)
    assert (stream.engine, columnar.engine) == ("stream", "columnar")
    told, reason = columnar.engine_reason, columnar.warnings
    expected, found = forms(stream), forms(columnar)
    for name, form in expected.items():
        assert found[name] == form, name
    columnar.engine_reason, columnar.warnings = told, reason
    return columnar


def policy() -> sladsl.Policy:
    return sladsl.load(text=TEXT)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "log.csv"
    file.write_text(ROWS)
    return file


def gaps() -> set[str]:
    """The cases of which it is known that an evaluator has them wrong."""
    file = ROOT / "tests" / "conformance" / "test_conformance.py"
    spec = importlib.util.spec_from_file_location("conformance_gaps", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {case for evaluator, case in module.GAPS if evaluator in ("stream", "columnar")}


GAPS = gaps()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_both_evaluators_give_the_same_result(folder: Path) -> None:
    if folder.name in GAPS:
        pytest.skip("an evaluator has it wrong: see GAPS of the conformance tests")
    log = next(path for path in (folder / "log.csv", folder / "log.ndjson", folder / "log.parquet") if path.exists())
    lists = {"buyer_persona": ["cto", "cfo"]}
    try:
        held = sladsl.load(folder / "policy.sla")
    except sladsl.PolicyError:
        held = sladsl.load(folder / "policy.sla", lists=lists)
    both(held, str(log))


def test_a_log_that_is_read_as_columns_makes_no_events(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the ordinary reader was asked")

    monkeypatch.setattr("sladsl.events.reader.read", forbidden)
    result = sladsl.run(policy(), str(log), engine="columnar")
    assert isinstance(result.versions[0].verdicts, ManyVerdicts)
    assert [(row.clause, row.opened) for row in result.clauses] == [("first", 4), ("open hours", 3), ("kind", 4)]


def test_everything_that_a_log_can_have(log: Path) -> None:
    result = both(policy(), str(log))
    assert {warning.code for warning in result.warnings} >= {"SLA0917", "SLA0918", "SLA0919", "SLA0920", "SLA0911"}
    assert result.inputs[0].hash
    assert result.engine_reason == "as asked"


def test_a_party_that_never_acts_is_told_by_both(log: Path, tmp_path: Path) -> None:
    from pyarrow import csv, parquet

    mistyped = sladsl.load(text=TEXT.replace("sales contacts", "sale contacts"))
    log.write_text("".join(line for line in ROWS.splitlines(keepends=True) if "L5" not in line))
    table = tmp_path / "log.parquet"
    parquet.write_table(csv.read_csv(log), table)
    for held in (log, table):
        told = [w for w in both(mistyped, str(held)).warnings if w.code == "SLA0922"]
        assert [(w.message, w.help) for w in told] == [
            (
                "`sale` never acts: no event of the log is theirs",
                'did you mean `sales`? `party sale = actor = "sales"` says so',
            )
        ]
        assert told[0].notes == ("the actors of the log are `marketing`, `sales`",)


@pytest.mark.parametrize(
    "said",
    [
        {"as_of": "2026-03-29 03:00"},
        {"as_of": "2027-01-01"},
        {"as_of": "2020-01-01"},
        {"where": 'status = "open"'},
        {"where": "size > 8", "as_of": "2026-03-30 11:30"},
        {"where": "size > 1_000"},
        {"where": 'colour = "red"'},
        {"columns": {"actor": "status"}},
    ],
    ids=str,
)
def test_what_the_command_line_says(log: Path, said: dict[str, Any]) -> None:
    both(policy(), str(log), **said)


def test_several_files_globs_and_compressed_ones(tmp_path: Path) -> None:
    lines = ROWS.splitlines()
    for name, some in (("b", lines[1:4]), ("a", lines[3:])):
        (tmp_path / f"{name}.csv").write_text("\n".join([lines[0], *some]) + "\n")
        with gzip.open(tmp_path / f"{name}.csv.gz", "wt") as file:
            file.write("\n".join([lines[0], *some]) + "\n")
    both(policy(), [str(tmp_path / "b.csv"), str(tmp_path / "a.csv")])
    both(policy(), str(tmp_path / "*.csv"))
    both(policy(), str(tmp_path / "*.csv.gz"))
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes((tmp_path / "a.csv.gz").read_bytes()[:-20])
    both(policy(), str(torn))


def test_a_log_out_of_order_is_read_once_more_and_counted_once(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sladsl.evaluate.columnar import files

    lines = ROWS.splitlines()
    log.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    report = files._Attempt._report

    def slow_report(*given: Any) -> None:
        time.sleep(0.2)  # the thread that reads ahead is not done when the first batch turns out to be out of order
        report(*given)

    monkeypatch.setattr(files._Attempt, "_report", slow_report)
    result = both(policy(), str(log))
    assert (len(result.inputs), len(result.rejects)) == (1, 2)


def test_rows_that_are_refused_name_no_actor(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,time,event,actor\nA,2026-03-29 02:30,,sales\nA,2026-03-29 02:30,created,\n")
    result = both(policy(), str(file))
    assert {warning.code for warning in result.warnings} >= {"SLA0912", "SLA0916"}


def test_one_agreement_in_several_versions(log: Path) -> None:
    old = TEXT.replace("timezone Europe/Madrid\n", "timezone Europe/Madrid\n    effective until 2026-03-29\n", 1)
    new = TEXT.replace("timezone Europe/Madrid\n", "timezone Europe/Madrid\n    effective from 2026-03-29\n", 1)
    new = new.replace("within 8h", "within 2h").replace("of created", "of each created")
    result = both([sladsl.load(text=new), sladsl.load(text=old)], str(log))
    assert len(result.versions) == 2
    both([sladsl.load(text=new), sladsl.load(text=old)], str(log), where='status = "open"')


def test_the_table_of_several_versions_is_written_from_columns(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sladsl.evaluate.columnar import many

    old = TEXT.replace("timezone Europe/Madrid\n", "timezone Europe/Madrid\n    effective until 2026-03-29\n", 1)
    new = TEXT.replace("timezone Europe/Madrid\n", "timezone Europe/Madrid\n    effective from 2026-03-29\n", 1)
    last = new.rstrip("\n").splitlines()[-1]
    new = new.replace(last, "").replace("within 8h", "within 2h") + "other: sales contacts within 1h of each created\n"
    policies = [sladsl.load(text=new), sladsl.load(text=old)]
    expected = sladsl.run(policies, str(log), engine="stream")
    monkeypatch.setattr(many, "_ROWS", 3)
    monkeypatch.setattr("sladsl.report.result.Result.judged", None)
    result = sladsl.run(policies, str(log), engine="columnar")
    for ending in ("csv", "ndjson", "parquet"):
        result.write_verdicts(tmp_path / f"columns.{ending}")
    assert result.table().num_rows > 6
    monkeypatch.undo()
    for ending in ("csv", "ndjson"):
        expected.write_verdicts(tmp_path / f"rows.{ending}")
        assert (tmp_path / f"columns.{ending}").read_text() == (tmp_path / f"rows.{ending}").read_text()
    assert result.table().equals(expected.table())


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("case,time,event\nA,nonsense,created\nB,,created\n", False),
        (ROWS, True),
        ("when,what\n1,2\n", False),
        ("case,time,event\nA,2026-03-02 09:00,made\n", True),
        ("", False),
        ("case,time,event\n", False),
    ],
)
def test_a_log_that_cannot_be_judged(tmp_path: Path, text: str, strict: bool) -> None:
    file = tmp_path / "log.csv"
    file.write_text(text)

    def told(engine: str) -> tuple[Any, ...]:
        try:
            return ("judged", forms(sladsl.run(policy(), str(file), engine=engine, strict=strict)))
        except sladsl.LogError as error:
            rejects = error.log.rejects if error.log is not None else []
            return ("error", error.diagnostics, rejects)

    assert told("columnar") == told("stream")


# --- choosing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGE", 5)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 5)
    return


def test_a_small_log_is_judged_by_the_stream_evaluator(log: Path) -> None:
    result = sladsl.run(policy(), str(log))
    assert (result.engine, result.engine_reason, result.says_engine) == ("stream", "the log is small", False)
    assert result.to_dict()["engine_reason"] == "the log is small"


def test_a_small_log_waits_for_no_library_of_columns(log: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys, sladsl\n"
        f"result = sladsl.run(sladsl.load(text={TEXT!r}), {str(log)!r})\n"
        "result.to_dict()\n"
        "print(sorted({'numba', 'numpy', 'pyarrow', 'duckdb', 'pandas', 'polars'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_large_log_is_judged_by_the_columnar_evaluator(few_are_many: None, log: Path) -> None:
    result = sladsl.run(policy(), str(log))
    assert (result.engine, result.engine_reason, result.says_engine) == ("columnar", "the log is large", True)
    parquet = pytest.importorskip("pyarrow.parquet")
    from pyarrow import csv

    file = log.with_suffix(".parquet")
    parquet.write_table(csv.read_csv(log), file)
    assert choosing.rows_of(str(file)) == 11
    assert sladsl.run(policy(), str(file)).engine == "columnar"


def test_json_is_read_row_by_row_and_gains_only_where_it_is_very_large(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = log.with_suffix(".ndjson")
    file.write_text('{"case": "A", "time": "2026-03-02 09:00", "event": "created"}\n' * 10)
    monkeypatch.setattr(choosing, "LARGE", 5)
    assert sladsl.run(policy(), str(file)).engine == "stream"
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 5)
    assert sladsl.run(policy(), str(file)).engine == "columnar"


def test_nobody_waits_for_compilation_where_it_takes_longer(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGE", 5)
    monkeypatch.setattr(choosing, "_is_compiled", lambda: False)
    result = sladsl.run(policy(), str(log))
    assert (result.engine, result.says_engine) == ("stream", True)
    assert "compiling" in result.engine_reason


def test_what_cannot_be_judged_as_columns_falls_back_and_says_why(
    few_are_many: None, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sladsl.evaluate.columnar.errors import CannotJudge

    def refuses(*_: object, **__: object) -> None:
        raise CannotJudge("a number goes beyond 64 bits")

    monkeypatch.setattr("sladsl.evaluate.columnar.files.judge_files", refuses)
    result = sladsl.run(policy(), str(log))
    assert (result.engine, result.says_engine) == ("stream", True)
    assert result.engine_reason == "the columnar evaluator cannot judge this: a number goes beyond 64 bits"
    with pytest.raises(sladsl.LogError, match="cannot judge this: a number goes beyond 64 bits"):
        sladsl.run(policy(), str(log), engine="columnar")


def test_a_number_beyond_64_bits_falls_back(few_are_many: None, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,time,event,x,y\n" + f"A,2026-03-02 09:00,created,{1 << 80},2\n" * 12)
    held = sladsl.load(text="a: sales contacts within 1h of created, when x > y + 1")
    result = sladsl.run(held, str(file))
    assert result.engine == "stream"
    assert "beyond 64 bits" in result.engine_reason


def test_what_can_be_read_only_once_is_read_by_the_ordinary_reader(log: Path, tmp_path: Path) -> None:
    import os
    from threading import Thread

    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    def fill() -> None:
        with open(log, "rb") as source, open(pipe, "wb") as target:
            shutil.copyfileobj(source, target)

    Thread(target=fill, daemon=True).start()
    result = sladsl.run(policy(), str(pipe), engine="columnar")
    assert result.engine == "columnar"
    assert "can be read only once" in result.engine_reason
    assert [row.opened for row in result.clauses] == [4, 3, 4]


def test_events_and_dictionaries_are_judged_by_either() -> None:
    rows = [
        {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"},
        {"case": "A", "time": "2026-03-02T10:00:00Z", "event": "contact", "actor": "sales"},
    ]
    result = both(policy(), rows)
    assert "the log is no table" in result.engine_reason


def test_progress_is_told(log: Path) -> None:
    sladsl.run(policy(), str(log), engine="columnar")  # the first one on a machine tells that it compiles, too
    steps: list[tuple[str, float | None]] = []
    sladsl.run(policy(), str(log), engine="columnar", on_step=lambda step, share: steps.append((step, share)))
    assert [step for step, _ in steps] == ["reading the log", "judging, 8 events so far", "adding up"]
    assert 0 < (steps[1][1] or 0) < 1


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="engine must be one of"):
        sladsl.run(sladsl.load(text="a: s calls within 1h of x"), [], engine="quantum")
