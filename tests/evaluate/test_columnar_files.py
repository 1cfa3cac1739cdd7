"""Files and tables: the columnar evaluator sees the events that `sladsl.events` reads, whatever the file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

import sladsl
from sladsl.evaluate.columnar import judge_files
from sladsl.evaluate.columnar.cell_columns import CodedColumn
from sladsl.evaluate.stream import judge as stream
from sladsl.events import ReadOptions, as_log
from sladsl.events.reader import read

POLICY = """
sla "files"
    timezone Europe/Madrid
{block}
qualified lead = score >= 60 and role in ("cto", "cfo")
first: sales contacts qualified lead within 8h, paused while status = "waiting", warn at 50%
kept: sales contacts by promised of created
"""
ROWS = """case,time,event,actor,score,role,status,promised,event_id
L1,2026-03-28 23:00,created,marketing,70,cto,,2026-03-29 02:30,e1
L2,2026-03-28 23:30,created,marketing,59.5,cfo,,soon,e2
L1,2026-03-29T02:30:00,note,,,,waiting,,e3
L1,2026-03-29T05:00:00Z,note,,,,open,,e4
L2,2026-03-29 06:00,note,,60,,,2026-03-29 12:00,e5
L1,2026-03-29 10:00,contact,sales,,,,,e6
L2,2026-03-30 10:00,contacted,sales,,,,,e7
L3,2026-03-30 10:00,created,sales,high,cto,,,
"""
ODD = {
    "plain": ROWS,
    "shuffled": "\n".join([ROWS.splitlines()[0], *reversed(ROWS.splitlines()[1:])]) + "\n",
    "bad times": ROWS
    + "L4,yesterday,created,,70,cto,,,e8\nL4,,created,,70,cto,,,e9\nL4,2026-03-30 11:00,,,70,cto,,,e10\n",
    "no case": ROWS + ",2026-03-30 11:00,created,,70,cto,,,e8\n,,,,,,,,\nL5,2026-03-30 12:00,created,,70,cto,,,e9\n",
    "blank lines": ROWS.replace("\nL2", "\n\nL2", 1) + "\n",
    "twice": ROWS + "L1,2026-03-30 12:00,created,,90,cto,,,e1\nL6,2026-03-30 12:00,created,,90,cto,,,e20\n",
    "missing": ROWS.replace(",waiting,", ",NULL,").replace("70,cto", "70,NULL"),
    "blanks": ROWS.replace("cto", " cto ").replace("L1,", " L1,").replace("waiting", "waiting\u00a0"),
    "quotes": ROWS.replace("cto", '"cto"').replace("waiting", '"wai""ting"'),
    "open quote": ROWS + 'L7,2026-03-30 12:00,"created,,90,cto,,,e30\nL8,2026-03-30 12:00,created,,90,cto,,,e31\n',
    "short rows": ROWS + "L7,2026-03-30 12:00,created\nL7,2026-03-30 12:30,contact,sales,,,,,e40,extra\n",
    "windows lines": ROWS.replace("\n", "\r\n"),
    "mark": "\ufeff" + ROWS,
    "semicolons": ROWS.replace(",", ";"),
    "no last line end": ROWS.rstrip("\n"),
}


def policy(block: str = 'events log\n    case = case\n    missing "NULL"') -> Any:
    return sladsl.load(text=POLICY.format(block=block)).plan


def assert_read_alike(plan: Any, given: Any, log: Any) -> Any:
    found = judge_files(plan, given, options=options_of(plan))
    assert found.inputs == [
        attrs.evolve(report, hash="", format=mine.format) for report, mine in zip(log.inputs, found.inputs, strict=True)
    ]
    assert [attrs.evolve(r, text="") for r in found.rejects] == [attrs.evolve(r, text="") for r in log.rejects]
    assert found.has_actor == log.has_actor
    assert (found.log.actors.names, found.log.actors.idle) == (log.actors.names, log.actors.idle)
    assert found.log.headings == log.headings
    expected = stream(plan, log.events, None, actors=log.has_actor)
    mine = found.outcome()
    assert [(v.key(), v.status, v.opened_us, v.due_us, v.closed_us, v.opened_by, v.closed_by) for v in mine] == [
        (v.key(), v.status, v.opened_us, v.due_us, v.closed_us, v.opened_by, v.closed_by) for v in expected
    ]
    assert mine.alerts == expected.alerts
    return found


def options_of(plan: Any) -> ReadOptions:
    asked = frozenset({"sales", "nobody"})
    return ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes), actors=asked)


@pytest.mark.parametrize("name", ODD)
def test_a_delimited_file(name: str, tmp_path: Path) -> None:
    plan, file = policy(), tmp_path / "log.csv"
    file.write_bytes(ODD[name].encode())
    assert_read_alike(plan, str(file), read([str(file)], plan.inputs, options_of(plan)))


def test_a_plain_file_is_not_read_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    for text in (
        ROWS,
        ROWS.replace("case,time", '"case","time"').replace("created", '"created"'),
        ROWS.replace("\n", "\r\n"),
    ):
        file.write_bytes(text.encode())
        assert judge_files(policy(), str(file)).slow == ()


def test_json_lines_go_through_their_reader(tmp_path: Path) -> None:
    plan, file = policy(), tmp_path / "log.ndjson"
    file.write_text('{"case": 7, "time": "2026-03-30 10:00", "event": "created", "score": 70, "role": "cto"}\n')
    found = assert_read_alike(plan, str(file), read([str(file)], plan.inputs, options_of(plan)))
    assert found.slow == (0,)


WIDE = """order,opened,sent,score,role,kind,time
A,2026-03-28 23:00,2026-03-29 02:30,70,cto,contact,2026-03-29 09:00
A,2026-03-28 23:00,,61,cfo,note,2026-03-29 10:00
B,,2026-03-30 09:00,,cto,created,2026-03-30 10:00
B,yesterday,2026-03-30 09:00,,cto,created,2026-03-30 11:00
C,2026-03-30 09:00,2026-03-29 09:00,80,cto,contact,2026-03-30 12:00
"""
BESIDE = "events log\n    case = order\n    time = time\n    event = kind\n    created at opened\n    contact at sent"
ALONE = "events log\n    case = order\n    created at opened\n    contact at sent"


@pytest.mark.parametrize("block", [BESIDE, ALONE])
def test_steps_of_wide_rows(block: str, tmp_path: Path) -> None:
    plan, file = policy(block), tmp_path / "log.csv"
    file.write_text(WIDE)
    assert_read_alike(plan, str(file), read([str(file)], plan.inputs, options_of(plan)))


@pytest.mark.parametrize("kind", ["text", "instants with an offset", "instants without", "milliseconds"])
def test_a_parquet_file_and_a_table(kind: str, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    block = "events log\n    time = time, unit ms" if kind == "milliseconds" else "events log\n    time = time"
    plan = policy(block)
    us = [1774735200000000 + i * 3_600_000_000 for i in range(8)] + [None]
    times = {
        "text": pyarrow.array([None if u is None else f"2026-03-{28 + i % 3} 0{i}:30" for i, u in enumerate(us)]),
        "instants with an offset": pyarrow.array(us, pyarrow.timestamp("us", "UTC")),
        "instants without": pyarrow.array(us, pyarrow.timestamp("us")),
        "milliseconds": pyarrow.array([None if u is None else u // 1000 for u in us]),
    }[kind]
    table = pyarrow.table(
        {
            "case": pyarrow.array([1, 2, 1, 3, 2, 1, None, 3, 4]),
            "time": times,
            "event": ["created", "created", "note", "created", "contact", "contact", "created", "contact", "created"],
            "actor": pyarrow.array(["sales"] * 9).dictionary_encode(),
            "score": pyarrow.array([70.0, float("nan"), 60.5, None, 61.0, None, 1.0, 99.0, 5.0]),
            "role": ["cto", "cfo", None, "cto", "", "x", "cto", "cto", "cfo"],
            "status": [None, "waiting", "waiting", None, "open", "open", None, None, None],
            "promised": pyarrow.array(us, pyarrow.timestamp("ns")),
        }
    )
    file = tmp_path / "log.parquet"
    parquet.write_table(table, file, row_group_size=4)
    assert_read_alike(plan, str(file), read([str(file)], plan.inputs, options_of(plan)))
    assert_read_alike(plan, table, as_log(table, plan.inputs, options_of(plan)))


@pytest.mark.parametrize("index", ["int16", "int32"])
def test_cases_that_are_words_of_a_dictionary(index: str, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import csv, parquet

    from sladsl.evaluate.columnar.chunks import parquet_chunks

    plan, file = policy("events log\n    case = case"), tmp_path / "log.csv"
    # blanks are no part of a name, and what is nothing but blanks is none
    rows = [*ROWS.splitlines()[1:], "  ,2026-03-30 11:00,created,,70,cto,,,e8", " L1 ,2026-03-30 12:00,note,,,,,,e9"]
    lines = [row.replace("L", f"L{lot}") for lot in range(200) for row in rows]
    lines = [line[: line.rindex(",")] + f",{place}" for place, line in enumerate(lines)]
    file.write_text("\n".join([ROWS.splitlines()[0], *lines]) + "\n")
    options = csv.ConvertOptions(
        strings_can_be_null=True, column_types=dict.fromkeys(ROWS.splitlines()[0].split(","), pyarrow.string())
    )
    table = csv.read_csv(file, convert_options=options)
    parquet.write_table(table, tmp_path / "log.parquet", row_group_size=500)
    given = [str(tmp_path / "log.parquet")]
    chunk = next(parquet_chunks(given[0], table.schema.names, [0], frozenset()))
    assert isinstance(chunk.column(0), CodedColumn)
    assert_read_alike(plan, given, read(given, plan.inputs, options_of(plan)))
    held = table["case"].combine_chunks().dictionary_encode()
    codes = held.indices.cast(index)
    coded = table.set_column(0, "case", pyarrow.DictionaryArray.from_arrays(codes, held.dictionary))
    from_table = judge_files(plan, coded, options=options_of(plan)).outcome()
    assert list(from_table) == list(judge_files(plan, given, options=options_of(plan)).outcome())


def test_several_files_count_in_their_order(tmp_path: Path) -> None:
    plan = policy()
    lines = ROWS.splitlines()
    (tmp_path / "b.csv").write_text("\n".join([lines[0], *lines[1:4]]) + "\n")
    (tmp_path / "a.csv").write_text("\n".join([lines[0], *lines[3:]]) + "\n")
    given = [str(tmp_path / "b.csv"), str(tmp_path / "a.csv")]
    assert_read_alike(plan, given, read(given, plan.inputs, options_of(plan)))
    together = [str(tmp_path / "*.csv")]
    assert_read_alike(plan, together, read(together, plan.inputs, options_of(plan)))


def test_verdicts_as_an_arrow_table(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(ROWS)
    found = judge_files(policy(), str(file))
    table = found.table()
    expected = found.outcome().verdicts
    assert table["case"].to_pylist() == [v.case for v in expected]
    assert table["status"].to_pylist() == [v.status for v in expected]
    assert table["closed_by"].to_pylist() == [v.closed_by.type if v.closed_by else None for v in expected]
    assert sum(batch.num_rows for batch in found.batches()) == len(expected) == len(found)
    assert sum(n for row in found.counts().values() for n in row.values()) == len(expected)


def test_tables_that_may_not_be_written_to() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    plan = policy("events log\n    case = case")
    columns = {
        "case": [7, 7, 8],
        "time": [1774735200000000, 1774738800000000, 1774742400000000],
        "event": ["created", "contact", "created"],
        "score": [70, 71, 72],
        "role": ["cto", "cto", "x"],
    }
    table = pyarrow.table({**columns, "time": pyarrow.array(columns["time"], pyarrow.timestamp("us", "UTC"))})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    frozen = pyarrow.ipc.open_stream(pyarrow.py_buffer(sink.getvalue().to_pybytes())).read_all()
    assert_read_alike(plan, frozen, as_log(frozen, plan.inputs, options_of(plan)))


@pytest.mark.parametrize("library", ["polars", "pandas", "duckdb"])
def test_tables_of_other_libraries(library: str) -> None:
    module = pytest.importorskip(library)
    plan = policy("events log\n    case = case")
    rows = [line.split(",") for line in ROWS.splitlines()]
    columns = {name: [row[i] or None for row in rows[1:]] for i, name in enumerate(rows[0])}
    if library == "duckdb":
        import pyarrow

        held = pyarrow.table(columns)
        table = module.connect().from_arrow(held)
    else:
        table = module.DataFrame(columns)
    log = as_log(table, plan.inputs, options_of(plan))
    found = judge_files(plan, table, options=options_of(plan))
    assert found.outcome().verdicts == stream(plan, log.events, None, actors=log.has_actor).verdicts
    assert found.rejects == log.rejects


def test_what_is_missing_is_said_of_each_input(tmp_path: Path) -> None:
    """`missing "NULL"` of one block says nothing of another: there, NULL is a text like any other."""
    web = 'events web\n    case = case\n    missing "NULL"\nevents wide\n    case = case'
    plan = sladsl.load(text=f"{web}\nfirst: sales contacts within 8h of created\n    when role is known").plan
    for name in ("web", "wide"):
        rows = [f"{name},2026-03-30 09:00,created,marketing,NULL", f"{name},2026-03-30 10:00,contact,sales,cto"]
        (tmp_path / f"{name}.csv").write_text("\n".join(["case,time,event,actor,role", *rows]) + "\n")
    for order in (("web", "wide"), ("wide", "web")):
        given = [f"{name}={tmp_path / name}.csv" for name in order]
        found = assert_read_alike(plan, given, read(given, plan.inputs, options_of(plan)))
        assert [(v.case, v.status) for v in found.outcome()] == [("wide", "met")]
