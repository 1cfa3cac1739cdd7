"""The verdict table: one row an instance.

Takes:  a Result.
Gives:  `rows`, the table as texts; `write_csv`, `write_ndjson`, `write_parquet`; `arrow_table`, with real timestamps.
Never:  holds more than one batch of rows at a time while it writes a file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, TextIO

from sladsl.clock import ClockKind, iso
from sladsl.evaluate.many import ManyVerdicts
from sladsl.evaluate.verdict import Cause, Verdict
from sladsl.report.result import JudgedVersion, Result, clock_of
from sladsl.report.words import elapsed_text, target_text

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "clause",
    "case",
    "number",
    "party",
    "level",
    "status",
    "opened",
    "due",
    "closed",
    "elapsed",
    "target",
    "paused",
    "late_by",
    "opened_by",
    "closed_by",
    "note",
)
_TIMESTAMPS = {"opened": "opened_us", "due": "due_us", "closed": "closed_us"}
_MICROSECONDS = ("elapsed_us", "target_us", "paused_us", "late_by_us")
_BATCH = 50_000

Row = dict[str, Any]


def rows(result: Result) -> Iterator[Row]:
    """Each verdict as texts by column, by label, case and number; `number` is an int, what there is none of is ""."""
    if _is_large(result):
        return (dict(zip(COLUMNS, row, strict=True)) for lot in _text_rows(result) for row in lot)
    show = _Shown(result)
    return (show.row(version, verdict) for version, verdict in result.judged())


def write_csv(result: Result, out: TextIO) -> None:
    """The table as CSV with a heading; lines end in a line feed."""
    if _is_large(result):
        out.write(",".join(COLUMNS) + "\n")
        for lot in _text_rows(result):
            lines = StringIO()
            csv.writer(lines, lineterminator="\n").writerows(lot)
            out.write(lines.getvalue())
        return
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows(result))


def write_ndjson(result: Result, out: TextIO) -> None:
    """The table as one JSON object a line; what there is none of is null."""
    for row in rows(result):
        out.write(json.dumps({name: None if value == "" else value for name, value in row.items()}, ensure_ascii=False))
        out.write("\n")


def write_parquet(result: Result, out: IO[bytes]) -> None:
    """The table as Parquet: the texts, timestamps of microseconds in place of ISO 8601, and the times in microseconds.

    `elapsed_us` and `target_us` are microseconds of the clock of the target, `paused_us` and `late_by_us` exact ones.
    """
    import pyarrow.parquet as pq

    with pq.ParquetWriter(out, _schema(result.zone), compression="zstd") as writer:
        for batch in _batches(result):
            writer.write_batch(batch)


def arrow_table(result: Result) -> pa.Table:
    """The same table in memory."""
    import pyarrow as pa

    return pa.Table.from_batches(list(_batches(result)), _schema(result.zone))


def cause_text(result: Result, cause: Cause | None) -> str:
    """An event and where it stands: `created (row 12)`; the input is named where there are several."""
    if cause is None:
        return ""
    if not cause.row:
        return cause.type
    name = ""
    if len(result.inputs) > 1 and cause.input < len(result.inputs):
        report = result.inputs[cause.input]
        name = f"{report.name or report.path.rsplit('/', 1)[-1]} "
    return f"{cause.type} ({name}row {cause.row})"


class _Shown:
    """Rows as texts, with what is the same for many rows made once."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.zone = result.zone
        self.targets: dict[tuple[int, int, int], tuple[str, ClockKind]] = {}

    def row(self, version: JudgedVersion, verdict: Verdict) -> Row:
        clause = version.plan.clauses[verdict.clause]
        target, clock = self.target(version, verdict)
        return {
            "clause": clause.label,
            "case": verdict.case,
            "number": verdict.number,
            "party": clause.party,
            "level": clause.level.name,
            "status": verdict.status,
            "opened": self.instant(verdict.opened_us),
            "due": self.instant(verdict.due_us),
            "closed": self.instant(verdict.closed_us),
            "elapsed": elapsed_text(verdict.elapsed, clock),
            "target": target,
            "paused": elapsed_text(verdict.paused_us, ClockKind.EXACT) if verdict.paused_us else "",
            "late_by": "" if verdict.late_by_us is None else elapsed_text(verdict.late_by_us, ClockKind.EXACT),
            "opened_by": cause_text(self.result, verdict.opened_by),
            "closed_by": cause_text(self.result, verdict.closed_by),
            "note": verdict.note,
        }

    def target(self, version: JudgedVersion, verdict: Verdict) -> tuple[str, ClockKind]:
        key = id(version), verdict.clause, verdict.row
        if key not in self.targets:
            target = version.target_of(verdict)
            self.targets[key] = target_text(target), clock_of(target)
        return self.targets[key]

    def instant(self, us: int | None) -> str:
        return "" if us is None else iso(us, self.zone)


def _schema(zone: str) -> pa.Schema:
    import pyarrow as pa

    kinds: dict[str, Any] = dict.fromkeys(COLUMNS, pa.string())
    kinds["number"] = pa.int64()
    kinds |= dict.fromkeys(_TIMESTAMPS, pa.timestamp("us", tz=zone))
    kinds |= dict.fromkeys(_MICROSECONDS, pa.int64())
    return pa.schema(list(kinds.items()))


def _is_large(result: Result) -> bool:
    """Whether the verdicts are kept as columns."""
    return bool(result.versions) and all(isinstance(version.verdicts, ManyVerdicts) for version in result.versions)


def _text_rows(result: Result) -> Iterator[Iterable[tuple[Any, ...]]]:
    from sladsl.report.table_columns import column_batches

    for columns in column_batches(result, True):
        yield zip(*(columns[name].to_pylist() for name in COLUMNS), strict=True)


def _batches(result: Result) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema = _schema(result.zone)
    if _is_large(result):
        from sladsl.report.table_columns import column_batches

        for found in column_batches(result, False):
            yield pa.record_batch([found[f.name].cast(f.type) for f in schema], schema=schema)
        return
    show = _Shown(result)
    getters: dict[str, Callable[[JudgedVersion, Verdict], int | None]] = {
        "elapsed_us": lambda _, verdict: verdict.elapsed,
        "target_us": _target_us,
        "paused_us": lambda _, verdict: verdict.paused_us,
        "late_by_us": lambda _, verdict: verdict.late_by_us,
    }
    for held in _chunks(result.judged(), _BATCH):
        texts = [show.row(version, verdict) for version, verdict in held]
        columns: dict[str, list[Any]] = {name: [row[name] for row in texts] for name in COLUMNS}
        columns |= {name: [getattr(v, attribute) for _, v in held] for name, attribute in _TIMESTAMPS.items()}
        columns |= {name: [getter(version, v) for version, v in held] for name, getter in getters.items()}
        arrays = [
            pa.array(columns[f.name], pa.int64()).cast(f.type)
            if f.name in _TIMESTAMPS
            else pa.array(columns[f.name], f.type)
            for f in schema
        ]
        yield pa.record_batch(arrays, schema=schema)


def _target_us(version: JudgedVersion, verdict: Verdict) -> int | None:
    target = version.target_of(verdict)
    return target.amount.ticks if target is not None and target.amount is not None else None


def _chunks(pairs: Iterable[tuple[JudgedVersion, Verdict]], size: int) -> Iterator[list[tuple[JudgedVersion, Verdict]]]:
    pairs = iter(pairs)
    while held := list(islice(pairs, size)):
        yield held
