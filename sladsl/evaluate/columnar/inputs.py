"""What is judged: files and tables, and what is known of them before they are read.

Takes:  paths, or tables in memory.
Gives:  `inputs_of`: an Input each; `Hashes` of files.
Never:  reads more of a file than its beginning, but for its hash.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import file_digest
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

from attrs import define, field

from sladsl.evaluate.columnar.errors import CannotJudge
from sladsl.events import InputReport, InputSpec, LogError, ReadOptions
from sladsl.events.arrow_rows import first_line
from sladsl.events.columns import Roles, resolve_columns
from sladsl.events.delimited import DelimitedRows
from sladsl.events.opened import Opened, open_source
from sladsl.events.reader import assign_blocks, open_rows
from sladsl.events.sources import Source, find_sources
from sladsl.ir.plan import Plan
from sladsl.text import Diagnostic


@define
class Input:
    """One input: where it is, what its columns are for, and how it is read."""

    source: Source
    block: InputSpec | None
    roles: Roles
    format: str
    table: Any = None  # what is in memory
    slow: bool = False
    whole_cases: bool = False
    delimiter: str = ","
    start: int = 0  # where the rows of a delimited file begin
    is_compressed: bool = False
    report: InputReport | None = field(default=None)


def inputs_of(plan: Plan, given: Any, options: ReadOptions) -> list[Input]:
    """What is to be read, and how, of files or of tables in memory. Raises LogError with all that is wrong."""
    if isinstance(given, str | Path):
        given = [given]
    if isinstance(given, Sequence) and all(isinstance(item, str | Path | tuple) for item in given):
        sources = find_sources(given)
        blocks = assign_blocks(sources, plan.inputs)
        return _all_of(partial(_file, source, block, options) for source, block in zip(sources, blocks, strict=True))
    named = dict(given) if isinstance(given, Mapping) else {"": given}
    sources = [Source(str(name), "", number) for number, name in enumerate(named)]
    blocks = assign_blocks(sources, plan.inputs)
    return _all_of(
        partial(_table, source, block, options, table)
        for source, block, table in zip(sources, blocks, named.values(), strict=True)
    )


def _all_of(makers: Iterable[Callable[[], Input]]) -> list[Input]:
    """All inputs. Raises LogError with what is wrong with any of them."""
    inputs: list[Input] = []
    wrong: list[Diagnostic] = []
    for make in makers:
        try:
            inputs.append(make())
        except LogError as error:
            wrong += error.diagnostics
    if wrong:
        raise LogError(wrong)
    return inputs


def _roles(headings: Sequence[str], block: InputSpec | None, options: ReadOptions, source: Source) -> Roles:
    roles = resolve_columns(headings, block, options, source.shown)
    if isinstance(roles, list):
        raise LogError(roles)
    return roles


def _file(source: Source, block: InputSpec | None, options: ReadOptions) -> Input:
    with open_source(source) as opened:
        rows = open_rows(opened, block)
        roles = _roles(rows.headings, block, options, source)
        one = Input(source, block, roles, opened.format)
        if opened.format == "parquet" and source.path != "-" and not opened.is_compressed:
            from pyarrow import parquet, types

            schema = parquet.read_schema(source.path)
            one.slow = len(set(schema.names)) < len(schema.names)
            one.whole_cases = types.is_integer(schema.types[roles.case]) and str(schema.types[roles.case]) != "uint64"
        elif isinstance(rows, DelimitedRows) and source.path != "-" and opened.encoding in ("utf-8", "utf-8-sig"):
            one.is_compressed = opened.is_compressed
            one.delimiter = rows.delimiter
            one.start = _after_headings(opened, rows)
            one.slow = one.start < 0
        else:
            one.slow = True
    return one


def _after_headings(opened: Opened, rows: DelimitedRows) -> int:
    """Where the rows of a delimited file begin; -1 where its first line is not just its headings."""
    head = opened.head
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    end = head.find(b"\n") + 1
    first = head[mark:end]
    if end == 0 or first.count(b'"') % 2 or b"\r" in first.rstrip(b"\r\n"):
        return -1
    try:
        line = first.decode("utf-8")
    except UnicodeDecodeError:
        return -1
    cells = next(csv.reader([line], delimiter=rows.delimiter, skipinitialspace=True), [])
    return end if [cell.strip() for cell in cells] == rows.headings else -1


def _table(source: Source, block: InputSpec | None, options: ReadOptions, table: Any) -> Input:
    import pyarrow
    from pyarrow import types

    if hasattr(table, "collect") and not hasattr(table, "__arrow_c_stream__"):
        table = table.collect()
    if isinstance(table, pyarrow.RecordBatchReader):
        table = table.read_all()  # it can be read only once
    if not hasattr(table, "__arrow_c_stream__"):
        raise CannotJudge(f"events are not read from `{type(table).__name__}` by the columnar evaluator")
    try:
        schema = pyarrow.RecordBatchReader.from_stream(table).schema
    except (pyarrow.ArrowException, TypeError, ValueError, NotImplementedError) as error:
        raise CannotJudge(f"the table cannot be read as columns: {first_line(error)}") from None
    headings = [str(name) for name in schema.names]
    one = Input(source, block, _roles(headings, block, options, source), "arrow", table)
    kind = schema.types[one.roles.case]
    one.whole_cases = types.is_integer(kind) and str(kind) != "uint64"
    return one


class Hashes:
    """The SHA-256 of files, found out in a thread of its own while they are judged.

    Args:
        paths: of plain files.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._waiting = {path: Flag() for path in paths}
        self._found: dict[str, str] = {}
        self.wanted = bool(self._waiting)
        if self.wanted:
            Thread(target=self._find, daemon=True).start()

    def _find(self) -> None:
        for path, done in self._waiting.items():
            try:
                with open(path, "rb") as file:
                    self._found[path] = file_digest(file, "sha256").hexdigest()
            except OSError:  # whoever reads it says so
                self._found[path] = ""
            done.set()

    def of(self, path: str) -> str:
        """The hash of a file, in hex; "" for one that was not given."""
        if path not in self._waiting:
            return ""
        self._waiting[path].wait()
        return self._found[path]
