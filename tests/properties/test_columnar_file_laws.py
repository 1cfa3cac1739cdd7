"""Law 2 for files: what the columnar evaluator reads out of a file by columns is judged as the referee judges its events.

Events lie in files as a drawn way says: CSV or Parquet, cases as text or whole numbers, columns of numbers where they can
be, in order or shuffled, in one file or two; and few rows are read at a time, so that batches end between any two events.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import frozen
from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from samples import Sample, alerted, iso, samples, told

from sladsl.evaluate import columnar
from sladsl.evaluate.columnar import chunks, files
from sladsl.events import Event

ROWS = chunks._ROWS, chunks._BYTES
WALKERS = files._walkers


@frozen
class Way:
    """How events lie in files.

    format    csv or parquet
    typed     Parquet only: whole numbers are numbers, instants are timestamps
    together  whether all of a case's events stand together (a log sorted by case), else as `seed` shuffles them, else as drawn
    seed      of the shuffling; None for the order drawn, which is that of time
    files     how many files they are cut into
    rows      how many rows are read at a time
    walkers   how many threads share the cases
    """

    format: str
    typed: bool
    together: bool
    seed: int | None
    files: int
    rows: int
    walkers: int


WAYS = st.builds(
    Way,
    format=st.sampled_from(["csv", "parquet"]),
    typed=st.booleans(),
    together=st.booleans(),
    seed=st.none() | st.integers(0, 5),
    files=st.sampled_from([1, 1, 2]),
    rows=st.sampled_from([1, 2, 3, 1000]),
    walkers=st.integers(1, 3),
)


def laid(sample: Sample, way: Way) -> list[list[Event]]:
    """The events as they lie in the files: their inputs, rows and positions follow from that."""
    order = list(sample.events)
    if way.seed is not None:
        random.Random(way.seed).shuffle(order)
    if way.together:
        order.sort(key=lambda event: event.case)
    cut = -(-len(order) // way.files)
    parts = [order[first : first + cut] for first in range(0, len(order), cut)]
    number = iter(range(len(order)))
    return [
        [Event(e.case, e.time_us, e.type, e.actor, e.attributes, next(number), i, row) for row, e in enumerate(part, 1)]
        for i, part in enumerate(parts)
    ]


def written(events: list[Event], way: Way, file: Path) -> str:
    """A file of events."""
    names = sorted({name for event in events for name in event.attributes})
    columns: dict[str, list[Any]] = {
        "case": [event.case for event in events],
        "time": [iso(event.time_us) for event in events],
        "event": [event.type for event in events],
        "actor": [event.actor or None for event in events],
        **{name: [event.attributes.get(name) for event in events] for name in names},
    }
    if way.format == "csv":
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(
                [["" if cell is None else cell for cell in row] for row in zip(*columns.values(), strict=True)]
            )
        return str(file)
    import pyarrow
    from pyarrow import parquet

    table = {name: pyarrow.array(cells, pyarrow.string()) for name, cells in columns.items()}
    if way.typed:
        table["time"] = pyarrow.array([event.time_us for event in events], pyarrow.timestamp("us", "UTC"))
        for name, cells in columns.items():
            if all(cell is None or cell.isdigit() for cell in cells):
                table[name] = pyarrow.array([None if cell is None else int(cell) for cell in cells], pyarrow.int64())
    parquet.write_table(pyarrow.table(table), file, row_group_size=3)
    return str(file)


@contextmanager
def few_rows(rows: int, walkers: int = 1) -> Iterator[None]:
    """Inside, a batch has no more than so many rows, or about as many bytes of a delimited file; and so many walk."""
    chunks._ROWS, chunks._BYTES = rows, 60 * rows
    files._walkers = lambda: walkers
    try:
        yield
    finally:
        chunks._ROWS, chunks._BYTES = ROWS
        files._walkers = WALKERS


def assert_files_agree(sample: Sample, way: Way) -> None:
    assume(not columnar.refusals(sample.plan))
    parts = laid(sample, way)
    with TemporaryDirectory() as folder, few_rows(way.rows, way.walkers):
        paths = [written(events, way, Path(folder) / f"{i}.{way.format}") for i, events in enumerate(parts)]
        found = columnar.judge_files(sample.plan, paths, sample.as_of_us, keeps_stretches=True)
        mine = found.outcome()
        table = found.table()
    assert found.rejects == []
    # a file whose events name nobody is one without actors, whose parties are not checked
    referee = sample.with_events([event for part in parts for event in part]).referee(actors=sample.actors)
    assert told(sample.plan, mine.verdicts) == told(sample.plan, referee.verdicts)
    assert alerted(mine.alerts) == alerted(referee.alerts)
    rows = zip(
        *(table[name].to_pylist() for name in ("label", "case", "number", "status", "opened", "due")), strict=True
    )
    assert [(*row[:4], *(instant(us) for us in row[4:])) for row in rows] == [
        (sample.plan.groups[v.group], v.case, v.number, v.status, iso(v.opened_us), iso(v.due_us)) for v in referee
    ]


def instant(moment: datetime | None) -> str:
    """An instant of Arrow as logs write it."""
    if moment is None:
        return ""
    assert moment.utcoffset() == datetime.now(UTC).utcoffset()
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{moment:%f}" if moment.microsecond else "") + "Z"


@law(2, samples(), WAYS, quick=25, long=5000)
def test_files_are_judged_as_their_events(sample: Sample, way: Way) -> None:
    assert_files_agree(sample, way)


@law(2, samples(cases=("7", "7", "12", "-3"), longest=14), WAYS, quick=15, long=2500)
def test_files_with_whole_numbers_as_cases_are_judged_as_their_events(sample: Sample, way: Way) -> None:
    assert_files_agree(sample, way)


@law(2, samples(longest=40, cases="AAABBCDEFG", bad=False), WAYS, quick=5, long=1500)
def test_files_of_many_cases_are_judged_as_their_events(sample: Sample, way: Way) -> None:
    assert_files_agree(sample, way)


def test_few_rows_are_read_at_a_time(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    events = [Event("A", 3_600_000_000 * i, "note", "", {}, i, 0, i + 1) for i in range(5)]
    way = Way("parquet", True, False, None, 1, 2, 1)
    path = written(events, way, tmp_path / "log.parquet")
    with few_rows(2):
        sizes = [part.count for part in chunks.parquet_chunks(path, ["case"], [0], frozenset())]
    assert sizes == [2, 2, 1]
    assert (chunks._ROWS, chunks._BYTES) == ROWS
