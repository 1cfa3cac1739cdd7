"""The forms for programs: the verdict table, JSON, JUnit."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from made_result import HOUR_US, START_US, full_result, objective, report, result, verdict

from sladsl.evaluate.verdict import Cause
from sladsl.ir.wire import policy_hash
from sladsl.report.files import whole_file, write_verdicts
from sladsl.report.json_result import result_json
from sladsl.report.junit import write_junit
from sladsl.report.table import COLUMNS, arrow_table, write_csv, write_ndjson


def csv_rows(made: object) -> list[dict[str, str]]:
    out = io.StringIO()
    write_csv(made, out)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_csv_has_the_columns_of_the_reference_in_order() -> None:
    out = io.StringIO()
    write_csv(full_result(), out)
    assert out.getvalue().splitlines()[0] == ",".join(COLUMNS)
    assert "\r" not in out.getvalue()


def test_a_late_instance_in_csv() -> None:
    made = result([verdict("L,1", "late", 26.5, paused_us=HOUR_US, note="born breached")])
    assert csv_rows(made) == [
        {
            "clause": "first contact",
            "case": "L,1",
            "number": "1",
            "party": "sales",
            "level": "corporate",
            "status": "late",
            "opened": "2026-03-02T10:00:00+01:00",
            "due": "2026-03-03T10:00:00+01:00",
            "closed": "2026-03-03T12:30:00+01:00",
            "elapsed": "1d 2h 30m",
            "target": "24h",
            "paused": "1h",
            "late_by": "2h 30m",
            "opened_by": "created (row 1)",
            "closed_by": "contact (row 2)",
            "note": "born breached",
        }
    ]


def test_what_there_is_none_of_is_empty() -> None:
    (row,) = csv_rows(result([verdict("a", "paused")]))
    assert [row[name] for name in ("due", "closed", "paused", "late_by", "closed_by", "note")] == [""] * 6


def test_microseconds_stand_only_where_there_are_any() -> None:
    (row,) = csv_rows(result([verdict("a", "met", closed_us=START_US + 1)]))
    assert row["closed"] == "2026-03-02T10:00:00.000001+01:00"


def test_rows_are_ordered_by_clause_case_and_number() -> None:
    keys = [(row["clause"], row["case"], int(row["number"])) for row in csv_rows(full_result())]
    labels = ["first contact", "outcome with a rather long label"]
    assert keys == sorted(keys, key=lambda key: (labels.index(key[0]), key[1], key[2]))


def test_an_event_names_its_input_where_there_are_several() -> None:
    made = result(
        [verdict("a", "met", opened_by=Cause(1, 7, "won"), closed_by=Cause(0, 0, "fed"))],
        inputs=(report(), report(name="deals", path="x/d.csv")),
    )
    (row,) = csv_rows(made)
    assert (row["opened_by"], row["closed_by"]) == ("won (deals row 7)", "fed")


def test_ndjson_has_a_number_and_nulls() -> None:
    out = io.StringIO()
    write_ndjson(result([verdict("a", "open")]), out)
    row = json.loads(out.getvalue())
    assert list(row) == list(COLUMNS)
    assert (row["number"], row["closed"], row["status"]) == (1, None, "open")


def test_parquet_holds_timestamps_and_microseconds(tmp_path: Path) -> None:
    path = tmp_path / "v.parquet"
    write_verdicts(result([verdict("a", "late", 26), verdict("b", "open")]), path)
    late, waiting = pq.read_table(path).to_pylist()
    assert late["opened"].isoformat() == "2026-03-02T10:00:00+01:00"
    assert (late["elapsed_us"], late["target_us"], late["paused_us"], late["late_by_us"]) == (
        26 * HOUR_US,
        24 * HOUR_US,
        0,
        2 * HOUR_US,
    )
    assert (waiting["closed"], waiting["late_by_us"], waiting["elapsed"]) == (None, None, "1h")
    assert pq.read_table(path).equals(arrow_table(result([verdict("a", "late", 26), verdict("b", "open")])))


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ending"):
        write_verdicts(result([]), tmp_path / "v.xlsx")


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")

    def failing() -> None:
        with whole_file(path) as out:
            out.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_json_has_the_shape_of_the_reference() -> None:
    tree = result_json(full_result())
    assert json.loads(json.dumps(tree)) == tree
    assert list(tree)[:5] == ["schema_version", "policy", "as_of", "inputs", "matched"]
    digest = policy_hash(full_result().versions[0].plan)
    assert tree["policy"] == {"name": "Marketing and Sales", "hash": digest, "edition": 1}
    assert tree["clauses"][0] == {
        "clause": "first contact",
        "party": "sales",
        "level": "corporate",
        "opened": 8,
        "met": 2,
        "late": 1,
        "breached": 1,
        "open": 1,
        "paused": 1,
        "cancelled": 1,
        "excused": 0,
        "undetermined": 1,
        "attainment": 0.5,
    }
    assert tree["objectives"][1]["group"] == {"region": "ES"}
    assert tree["objectives"][0]["value"] == 0.6
    assert [alert["kind"] for alert in tree["alerts"]] == ["escalate", "burn", "warn"]
    assert tree["warnings"][0]["code"] == "SLA0911"


def test_json_tells_the_versions_where_there_are_several() -> None:
    made = full_result()
    assert "policies" not in result_json(made)
    made.versions = (*made.versions, made.versions[0])
    assert len(result_json(made)["policies"]) == 2


def test_junit_counts_and_escapes() -> None:
    made = result(
        [verdict('a<&"\x00\x1b', "late", 26), verdict("b", "met"), verdict("c", "open"), verdict("d", "undetermined")],
        objectives=[objective(), objective(status="undecided")],
    )
    out = io.StringIO()
    write_junit(made, out)
    suites = ElementTree.fromstring(out.getvalue())
    assert suites.attrib == {
        "name": "Marketing and Sales",
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "2",
    }
    first = suites[0][0]
    assert first.attrib == {"classname": "first contact", "name": 'a<&"\ufffd\ufffd', "time": "93600.000000"}
    assert first[0].tag == "failure"
    assert first[0].attrib["message"] == "late (target 24h), due 2026-03-03T10:00:00+01:00, late by 2h"
    assert [test[0].tag if len(test) else "passed" for test in suites[0]] == ["failure", "passed", "skipped", "error"]
