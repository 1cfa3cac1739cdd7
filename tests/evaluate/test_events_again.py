"""The events of a large log, read once more, are those that were read at first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bulk_logs import table_of

import sladsl
from sladsl.evaluate.columnar.again import EventsAgain
from sladsl.events import Event, ReadOptions, read

PLAN = sladsl.load(text='reply: support replies within 1 day of opened\n    paused while status = "held"\n').plan
HOUR = 3_600_000_000
EVENTS = [
    Event(case, hour * HOUR, kind, "support", {"status": status} if status else {}, 0, 0, hour + 1)
    for hour, (case, kind, status) in enumerate(
        [
            ("7", "opened", ""),
            ("8", "opened", "held"),
            ("7", "reply", "held"),
            ("9", "opened", ""),
            ("8", "reply", ""),
            ("7", "opened", "up"),
            ("7", "reply", ""),
        ]
    )
]


def inputs(folder: Path, kind: str) -> Any:
    from pyarrow import csv, int64, parquet

    table = table_of(EVENTS, ["status"])
    if kind.startswith("whole"):
        table = table.set_column(0, "case", table["case"].cast(int64()))
    if kind.endswith("table"):
        return table
    path = folder / f"log.{kind.split()[-1]}"
    if path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)
    return str(path)


@pytest.mark.parametrize("kind", ["csv", "text parquet", "whole parquet", "text table", "whole table"])
def test_all_events_and_those_of_some_cases(tmp_path: Path, kind: str) -> None:
    given = inputs(tmp_path, kind)
    options = ReadOptions(PLAN.zone, PLAN.case_word, attributes=frozenset(PLAN.attributes))
    path = inputs(tmp_path, "csv")
    whole = [(e.case, e.time_us, e.type, e.actor, e.row, e.attributes) for e in read([path], (), options).events]
    again = EventsAgain(PLAN, given, options, EVENTS[-1].time_us)
    for _ in range(2):
        assert [(e.case, e.time_us, e.type, e.actor, e.row, e.attributes) for e in again] == whole
    for cases in ({"7"}, {"8", "9"}, {"none"}):
        found = [(e.case, e.time_us, e.type, e.actor, e.row, e.attributes) for e in again.of_cases(cases)]
        assert found == [event for event in whole if event[0] in cases]
    early = EventsAgain(PLAN, given, options, EVENTS[3].time_us, frozenset({"7", "8"}))
    assert [e.row for e in early] == [1, 2, 3]
    assert [e.row for e in early.of_cases(["8", "9"])] == [2]
