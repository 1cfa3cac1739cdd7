"""Parquet, and tables and rows in memory: the same log as the same rows in a file."""

from __future__ import annotations

import datetime
import io
import sys
from decimal import Decimal

import pytest

from sladsl.events import ColumnRule, Event, InputSpec, Instant, LogError, ReadOptions, StepRule, as_log, read

UTC = datetime.UTC
NINE = 1772442000000000
ROWS = [
    {"case": "A", "time": datetime.datetime(2026, 3, 2, 9, tzinfo=UTC), "event": "created", "score": 70, "note": None},
    {"case": "B", "time": datetime.datetime(2026, 3, 2, 8, tzinfo=UTC), "event": "created", "score": None, "note": "x"},
]


def arrow(rows=ROWS):
    return pytest.importorskip("pyarrow").Table.from_pylist(rows)


def pandas(rows=ROWS):
    return pytest.importorskip("pandas").DataFrame(rows)


def polars(rows=ROWS):
    return pytest.importorskip("polars").DataFrame(rows)


def duckdb(rows=ROWS):
    given = arrow(rows)  # noqa: F841  # the query finds it by its name
    return pytest.importorskip("duckdb").sql("SELECT * FROM given")


def shown(log):
    return [
        (e.case, e.time_us, e.type, int(e.attributes.get("score", 0)), e.attributes.get("note"), e.row)
        for e in log.events
    ]


EXPECTED = [("B", NINE - 3600_000_000, "created", 0, "x", 2), ("A", NINE, "created", 70, None, 1)]


@pytest.mark.parametrize("make", [list, iter, arrow, pandas, polars, lambda rows: polars(rows).lazy(), duckdb])
def test_the_same_rows_in_any_table(make):
    log = as_log(make(ROWS))
    assert shown(log) == EXPECTED
    assert [(report.rows, report.events, report.rejected) for report in log.inputs] == [(2, 2, 0)]


@pytest.mark.parametrize("how", ["file", "glob", "stdin", "gzip"])
def test_parquet(how, tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "log.parquet"
    parquet.write_table(arrow(), path)
    given = str(path)
    if how == "glob":
        given = str(tmp_path / "*.parquet")
    elif how == "stdin":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
        given = "-"
    elif how == "gzip":
        import gzip

        given = str(tmp_path / "log.parquet.gz")
        (tmp_path / "log.parquet.gz").write_bytes(gzip.compress(path.read_bytes()))
    log = read([given])
    assert shown(log) == EXPECTED
    assert log.inputs[0].format == "parquet"


def test_a_damaged_parquet_file_is_a_clear_error(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "log.parquet"
    parquet.write_table(arrow(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LogError, match="is damaged"):
        read([path])


def test_parquet_whose_data_is_damaged_gives_a_refused_row(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "log.parquet"
    rows = [{"case": f"C{n}", "time": f"2026-03-02T09:00:{n % 60:02}Z", "event": "x"} for n in range(5000)]
    parquet.write_table(arrow(rows), path, compression="gzip")
    content = bytearray(path.read_bytes())
    content[200:2000] = b"\xff" * 1800
    path.write_bytes(content)
    with pytest.raises(LogError) as caught:
        read([path])
    assert caught.value.diagnostics[0].code == "SLA0606"
    assert "breaks off here" in caught.value.diagnostics[0].notes[0]


def test_kinds_of_arrow():
    pa = pytest.importorskip("pyarrow")
    naive = datetime.datetime(2026, 3, 2, 9, 0, 0, 123456)
    columns = {
        "case": pa.array(["A"]).dictionary_encode(),
        "time": pa.array([NINE * 1000 + 999], pa.timestamp("ns", "Europe/Madrid")),
        "event": pa.array(["x"], pa.large_string()),
        "naive": pa.array([naive], pa.timestamp("us")),
        "date": pa.array([datetime.date(2026, 3, 2)]),
        "decimal": pa.array([Decimal("1.50")]),
        "float": pa.array([1.5]),
        "nan": pa.array([float("nan")]),
        "infinite": pa.array([float("inf")]),
        "truth": pa.array([False]),
        "list": pa.array([["a", "b"]]),
        "struct": pa.array([{"a": 1}]),
        "bytes": pa.array([b"x"]),
        "none": pa.nulls(1),
        "clock": pa.array([datetime.time(9, 30)]),
        "far": pa.array([2**62], pa.timestamp("s", "UTC")),
        "span": pa.array([datetime.timedelta(hours=1)]),
    }
    (event,) = as_log(pa.table(columns)).events
    assert (event.case, event.time_us, event.type) == ("A", NINE, "x")
    assert event.attributes == {
        "naive": "2026-03-02 09:00:00.123456",
        "date": "2026-03-02",
        "decimal": Decimal("1.50"),
        "float": 1.5,
        "infinite": "inf",
        "truth": False,
        "list": '["a", "b"]',
        "struct": '{"a": 1}',
        "bytes": "x",
        "clock": "09:30:00.000000",
        "far": event.attributes["far"],
        "span": "1:00:00",
    }
    assert isinstance(event.attributes["far"], str)


def test_instants_without_an_offset_are_read_in_the_zone_of_the_agreement():
    rows = [{"case": "A", "time": datetime.datetime(2026, 3, 2, 10), "event": "x"}]
    for table in (rows, arrow(rows), pandas(rows), polars(rows)):
        assert as_log(table, options=ReadOptions(zone="Europe/Madrid")).events[0].time_us == NINE


def test_dates_of_a_table_may_mean_the_end_of_their_day():
    rows = [{"case": "A", "time": datetime.date(2026, 3, 2), "event": "x"}]
    for table in (rows, arrow(rows)):
        assert as_log(table, [InputSpec(end_of_day=True)]).events[0].time_us == 1772495999999999


def test_a_pandas_table_of_mixed_kinds():
    pd = pytest.importorskip("pandas")
    columns = {
        "case": [1, "B"],
        "time": [pd.Timestamp("2026-03-02T09:00Z"), pd.NaT],
        "event": ["x", "y"],
        "a": [pd.NA, 2],
        "b": pd.array([1, None], dtype="Int64"),
    }
    log = as_log(pd.DataFrame(columns))
    assert [(event.case, event.time_us, event.attributes) for event in log.events] == [("1", NINE, {"b": 1})]
    assert [(reject.row, reject.reason) for reject in log.rejects] == [(2, "the time is missing")]


def test_numbers_as_cases_are_their_text():
    rows = [{"case": value, "time": "2026-03-02", "event": "x"} for value in (5, 5.0, Decimal("5"), "5")]
    assert {event.case for event in as_log(rows).events} == {"5"}


def test_wide_rows_in_memory():
    spec = InputSpec(case=ColumnRule("case", "id"), steps=(StepRule("won", "won_at"), StepRule("lost", "lost_at")))
    rows = [{"id": 1, "won_at": datetime.datetime(2026, 3, 2, 9, tzinfo=UTC), "lost_at": None, "region": "ES"}]
    (event,) = as_log(rows, [spec]).events
    assert (event.case, event.type, event.time_us) == ("1", "won", NINE)
    assert event.attributes["region"] == "ES"
    assert event.attributes["won at"] == Instant(NINE)


def test_tables_by_the_names_of_their_blocks():
    blocks = [InputSpec("leads"), InputSpec("deals", event=ColumnRule("event", "what"))]
    deals = [{"case": "A", "time": "2026-03-01", "what": "won"}]
    log = as_log({"deals": deals, "leads": arrow()}, blocks)
    assert [(event.type, event.input) for event in log.events] == [("won", 0), ("created", 1), ("created", 1)]
    assert [report.name for report in log.inputs] == ["deals", "leads"]


def test_events_are_sorted_numbered_and_counted_once():
    events = [
        Event("A", 5, "x", "sales", {"a": "1", "b": "2"}, id="7"),
        Event("B", 3, "y", "", {}),
        Event("A", 1, "z", "", {}, id="7"),
    ]
    log = as_log(events, options=ReadOptions(attributes=frozenset({"a"})))
    assert [(e.case, e.time_us, e.position, e.row, e.attributes) for e in log.events] == [
        ("B", 3, 1, 2, {}),
        ("A", 5, 0, 1, {"a": "1"}),
    ]
    assert (log.has_actor, log.inputs[0].duplicates, log.attribute_names) == (True, 1, {"a"})
    assert as_log(log) is log


def test_nothing_is_an_empty_log():
    assert as_log([]).events == []


@pytest.mark.parametrize("data", [5, "log.csv", None, b"x", [Event("A", 1, "x", "", {}), 5]])
def test_what_is_no_table_is_a_clear_error(data):
    with pytest.raises(LogError) as caught:
        as_log(data)
    assert caught.value.diagnostics[0].code == "SLA0601"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: {"case": ["A"], "time": ["2026-03-02"]}, "events cannot be read from a dictionary of columns"),
        (lambda: [pandas(), pandas()], "events cannot be read from several tables"),
        (lambda: pandas().values, "events cannot be read from `ndarray` of `ndarray`"),
        (lambda: ["created", "contact"], "events cannot be read from `list` of `str`"),
    ],
)
def test_what_is_nearly_a_table_is_told(make, said):
    with pytest.raises(LogError, match=said) as caught:
        as_log(make())
    assert caught.value.diagnostics[0].help


def test_categories_of_polars():
    pl = pytest.importorskip("polars")
    for kind in (pl.Categorical, pl.Enum(["created"])):
        assert shown(as_log(polars().with_columns(pl.col("event").cast(kind)))) == EXPECTED


def test_two_columns_of_one_name_in_pandas():
    frame = pandas()
    log = as_log(pytest.importorskip("pandas").concat([frame, frame[["note"]]], axis=1))
    assert [event.case for event in log.events] == ["B", "A"]


def test_rows_that_are_no_objects_are_refused():
    log = as_log([ROWS[0], 5, ("A", "x")])
    assert [(reject.row, reject.reason, reject.text) for reject in log.rejects] == [
        (2, "the row is no object", "5"),
        (3, "the row is no object", '["A", "x"]'),
    ]


def test_a_table_without_the_columns_is_a_clear_error():
    with pytest.raises(LogError, match="the data given has no column for the case"):
        as_log([{"a": 1}])
