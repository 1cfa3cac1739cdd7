"""Which evaluator judges a log.

Takes:  policies, a log that nobody has read yet, what was asked for.
Gives:  `choose`: a Choice, with its reason.
Never:  loads Numba, DuckDB or a table library for a small log, or reads a file further than it takes to guess its rows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from sladsl.events import LogError
from sladsl.ir.plan import Plan
from sladsl.pipeline.policy import Policy
from sladsl.pipeline.reading import files_of
from sladsl.text import Diagnostic

# Rows from which loading the columnar evaluator is worth while; and from which compiling it is, once on a machine: that
# takes about a quarter of a minute, in which the stream evaluator judges a million or two.
# The latter are also the rows of JSON from which columns save memory: time they do not, it is read row by row.
LARGE = 200_000
WORTH_COMPILING = 2_000_000
_JSON = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")
_HEAD = 1 << 16
_PACKED = 6  # how many times larger a compressed log is, about
_USUAL_ROW = 64  # bytes of a row, about


@frozen
class Choice:
    """The evaluator that judges.

    engine    `stream` or `columnar`
    reason    why, in a few words
    is_told   whether a person should be told
    from_events  the columnar evaluator judges events that have been read for it
    rows      about how many rows the log has, where it was asked
    """

    engine: str
    reason: str = ""
    is_told: bool = False
    from_events: bool = False
    rows: int | None = None


def choose(policies: Sequence[Policy], log: Any, filters: Sequence[Plan], engine: str, trace: bool) -> Choice:
    """The evaluator for a log.

    Args:
        policies, log: as for `run`.
        filters: what `--where` asks.
        engine: `auto`, `stream` or `columnar`.
        trace: whether verdicts keep their steps, as only the stream evaluator does.

    Raises LogError where the columnar evaluator is asked for and cannot judge.
    """
    if engine == "stream" or trace:
        return Choice("stream", "as asked")
    if engine == "columnar":
        if reasons := _refusals(policies, filters):
            raise cannot_judge(reasons)
        beyond = _not_in_bulk(policies) or _not_in_place(log)
        return Choice("columnar", _joined("as asked", beyond), True, bool(beyond), None if beyond else rows_of(log))
    rows = rows_of(log)
    if rows is None:
        return Choice("stream", "the log is read as it comes")
    if rows < (LARGE if _has_columns(log) else WORTH_COMPILING):
        return Choice("stream", "the log is small")
    if rows < WORTH_COMPILING and not _is_compiled():
        reason = "compiling the columnar evaluator, once on a machine, takes longer; `--engine columnar` does it"
        return Choice("stream", reason, True)
    if beyond := [*_refusals(policies, filters), *_not_in_bulk(policies)]:
        return Choice("stream", f"the columnar evaluator cannot judge this: {'; '.join(dict.fromkeys(beyond))}", True)
    return Choice("columnar", "the log is large", True, rows=rows)


def cannot_judge(reasons: Sequence[str]) -> LogError:
    """What is wrong where the columnar evaluator was asked for and lacks something."""
    message = f"the columnar evaluator cannot judge this: {'; '.join(dict.fromkeys(reasons))}"
    help = "leave `--engine` away: the stream evaluator judges all"
    return LogError([Diagnostic("SLA0936", message, None, help=help)])


def _joined(said: str, reasons: Sequence[str]) -> str:
    return f"{said}; from events that were read one by one: {'; '.join(dict.fromkeys(reasons))}" if reasons else said


def _refusals(policies: Sequence[Policy], filters: Sequence[Plan]) -> list[str]:
    """What of the policies the columnar evaluator does not do."""
    from sladsl.evaluate.columnar.plan_tables import refusals

    return [reason for plan in (*(policy.plan for policy in policies), *filters) for reason in refusals(plan)]


def _not_in_bulk(policies: Sequence[Policy]) -> list[str]:
    """What of their objectives and penalties is judged only from events."""
    plans = [policy.plan for policy in policies]
    if not any(plan.objectives or any(clause.penalties for clause in plan.clauses) for plan in plans):
        return []
    from sladsl.evaluate.objectives.bulk.judge import bulk_refusals

    return [reason for plan in plans for reason in bulk_refusals(plan)]


def _is_compiled() -> bool:
    from sladsl.evaluate.columnar.compiled import is_compiled

    return is_compiled()


# --- how large a log is ---------------------------------------------------------------------------------------------


def rows_of(log: Any) -> int | None:
    """About how many rows a log has; None where that cannot be told, or where only one reader can read it."""
    files = files_of(log)
    if files is not None:
        found = _paths(files)
        counts = [_rows_of_file(path) for path in found] if found is not None else [None]
    else:
        tables = list(log.values()) if isinstance(log, Mapping) else [log]
        counts = [_rows_of_table(table) for table in tables]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _not_in_place(log: Any) -> list[str]:
    """Why the columnar evaluator cannot read a log itself."""
    files = files_of(log)
    if files is None:
        tables = list(log.values()) if isinstance(log, Mapping) else [log]
        whole = all(hasattr(table, "__arrow_c_stream__") or hasattr(table, "collect") for table in tables)
        return [] if tables and whole else ["the log is no table"]
    found = _paths(files)
    if found is not None and not all(_is_plain(path) for path in found):
        return ["the log can be read only once"]
    return []


def _paths(files: Sequence[str | Path]) -> list[str] | None:
    """The files that are meant; None where they are wrong, which their reader will say."""
    from sladsl.events.sources import find_sources

    try:
        return [source.path for source in find_sources(files)]
    except LogError:
        return None


def _has_columns(log: Any) -> bool:
    """Whether a log can be read column by column; JSON cannot."""
    return not any(str(file).lower().endswith(_JSON) for file in files_of(log) or ())


def _is_plain(path: str) -> bool:
    return path != "-" and os.path.isfile(path)


def _rows_of_file(path: str) -> int | None:
    if not _is_plain(path):
        return None
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    if head.startswith(b"PAR1"):
        # A row of Parquet takes a byte at least, more or less: what is smaller than that is not worth opening.
        return _rows_of_parquet(path) if size >= LARGE else 0
    packed = head.startswith(b"\x1f\x8b")
    lines = head.count(b"\n")
    if packed or lines < 2:  # a document on one line
        return size * (_PACKED if packed else 1) // _USUAL_ROW
    return size * lines // len(head)


def _rows_of_parquet(path: str) -> int | None:
    import pyarrow
    from pyarrow import parquet

    try:
        rows: int = parquet.read_metadata(path).num_rows
    except (pyarrow.ArrowException, OSError, ValueError):  # its reader will say what is wrong
        return None
    return rows


def _rows_of_table(table: Any) -> int | None:
    if not hasattr(table, "__arrow_c_stream__"):
        return None
    for name in ("num_rows", "height"):
        count = getattr(table, name, None)
        if isinstance(count, int):
            return count
    try:
        return len(table)
    except TypeError:
        return None
