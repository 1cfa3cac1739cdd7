"""Tables of other libraries go to either evaluator as they are: through no file, and to the columnar one through no events."""

from __future__ import annotations

from typing import Any

import pytest

import sladsl
from sladsl.pipeline import choosing

TEXT = "first: sales contacts within 8h of created, when size >= 5"
ROWS = [
    ("A", "2026-03-02T09:00:00Z", "created", "marketing", 5.0),
    ("B", "2026-03-02T09:30:00Z", "created", "marketing", 4.0),
    ("A", "2026-03-02T10:00:00Z", "contact", "sales", None),
    ("C", "2026-03-02T11:00:00Z", "created", None, 7.5),
    ("C", "2026-03-02T20:00:00Z", "contact", "sales", 1.0),
]
NAMES = ("case", "time", "event", "actor", "size")
COLUMNS: dict[str, list[Any]] = {name: [row[i] for row in ROWS] for i, name in enumerate(NAMES)}


def arrow() -> Any:
    return pytest.importorskip("pyarrow").table(COLUMNS)


def polars() -> Any:
    return pytest.importorskip("polars").DataFrame(COLUMNS)


def lazy_polars() -> Any:
    return pytest.importorskip("polars").DataFrame(COLUMNS).lazy()


def pandas() -> Any:
    return pytest.importorskip("pandas").DataFrame(COLUMNS)


def duckdb() -> Any:
    return pytest.importorskip("duckdb").connect().from_arrow(arrow())


def batches() -> Any:
    return arrow().to_reader()


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGE", 5)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 5)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the ordinary reader was asked")

    monkeypatch.setattr("sladsl.pipeline.reading.as_log", forbidden)


TABLES = pytest.mark.parametrize("table", [arrow, batches, polars, lazy_polars, pandas, duckdb])


def verdicts(result: Any) -> list[tuple[str, str]]:
    return [(verdict.case, verdict.status) for verdict in result.verdicts]


@TABLES
def test_a_large_table_is_judged_as_it_is(few_are_many: None, table: Any) -> None:
    result = sladsl.run(sladsl.load(text=TEXT), table())
    assert (result.engine, result.engine_reason) == ("columnar", "the log is large")
    assert verdicts(result) == [("A", "met"), ("C", "late")]
    assert (result.inputs[0].rows, result.inputs[0].format) == (5, "arrow")


@TABLES
@pytest.mark.parametrize("engine", ["stream", "columnar"])
def test_both_evaluators_take_a_table(table: Any, engine: str) -> None:
    result = sladsl.run(sladsl.load(text=TEXT), table(), engine=engine)
    assert (result.engine, verdicts(result)) == (engine, [("A", "met"), ("C", "late")])


def test_tables_by_the_names_of_their_blocks(few_are_many: None) -> None:
    text = f"events leads\n    case = case\nevents others\n    case = case\n{TEXT}"
    result = sladsl.run(sladsl.load(text=text), {"leads": arrow(), "others": polars().head(0)})
    assert result.engine == "columnar"
    assert verdicts(result) == [("A", "met"), ("C", "late")]


def test_a_small_table_does_not_wait() -> None:
    assert sladsl.run(sladsl.load(text=TEXT), arrow()).engine == "stream"


def test_a_table_of_mixed_kinds_is_read_value_by_value(few_are_many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(choosing, "LARGE", 5)
    monkeypatch.setattr(choosing, "WORTH_COMPILING", 5)
    frame = pytest.importorskip("pandas").DataFrame({**COLUMNS, "size": [5, "4", None, 7.5, 1]}, dtype=object)
    result = sladsl.run(sladsl.load(text=TEXT), frame)
    assert verdicts(result) == [("A", "met"), ("C", "late")]
    assert result.engine == "stream"
    assert "the table cannot be read as columns" in result.engine_reason
