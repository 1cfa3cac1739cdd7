"""The verdict table of a large log, column by column.

Takes:  a Result whose verdicts are kept as columns.
Gives:  `column_batches`: the batches of `table.py`, in its order and with its texts.
Never:  makes an object of a verdict, or holds more than a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sladsl.clock import ClockKind
from sladsl.evaluate.many import ManyVerdicts
from sladsl.report.column_texts import elapsed_texts, iso_texts
from sladsl.report.result import JudgedVersion, Result, amount_of, clock_of
from sladsl.report.words import target_text

if TYPE_CHECKING:
    import pyarrow as pa


def column_batches(result: Result, instants_as_text: bool) -> Iterator[dict[str, pa.Array]]:
    """The columns of the verdict table, batch by batch.

    Args:
        result: its verdicts are ManyVerdicts, those of all versions.
        instants_as_text: whether `opened`, `due` and `closed` are ISO 8601, as in CSV; else microseconds UTC.
    """
    import pyarrow as pa

    targets = [_Targets(version) for version in result.versions]
    inputs = [f"{i.name or i.path.rsplit('/', 1)[-1]} " if len(result.inputs) > 1 else "" for i in result.inputs]
    first, *others = [version.verdicts for version in result.versions if isinstance(version.verdicts, ManyVerdicts)]
    if not others:
        for batch in first.batches():
            yield _columns(batch, result.zone, targets[0], inputs, instants_as_text)
        return
    for batches, order in first.beside(others, result.labels):
        parts = [
            _columns(batch, result.zone, of, inputs, instants_as_text)
            for batch, of in zip(batches, targets, strict=True)
        ]
        yield {name: pa.concat_arrays([part[name] for part in parts]).take(pa.array(order)) for name in parts[0]}


class _Targets:
    """What is the same for all verdicts of a row of a clause; the last of each clause is for those without one."""

    def __init__(self, version: JudgedVersion) -> None:
        import numpy as np
        import pyarrow as pa

        clauses = version.plan.clauses
        rows = [[*(row.target for row in clause.rows), None] for clause in clauses]
        self.first = np.cumsum([0, *map(len, rows)])
        flat = [target for held in rows for target in held]
        amounts = [amount_of(target) for target in flat]
        self.texts = pa.array([target_text(target) for target in flat], pa.string())
        self.us = pa.array([None if amount is None else amount.ticks for amount in amounts], pa.int64())
        self.is_business = np.array([clock_of(target) is ClockKind.BUSINESS_TIME for target in flat], np.bool_)

    def places(self, clause: Any, row: Any) -> Any:
        import numpy as np

        return np.where(row >= 0, self.first[clause] + row, self.first[clause + 1] - 1)


def _columns(batch: Any, zone: str, targets: _Targets, inputs: list[str], instants_as_text: bool) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    def numbers(name: str) -> tuple[Any, Any]:
        column = batch.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        return column.fill_null(0).to_numpy(zero_copy_only=False), ~np.asarray(column.is_null())

    clause, row = numbers("clause")[0], numbers("row")[0]
    places = targets.places(clause, row)
    elapsed, everywhere = numbers("elapsed")
    nowhere = np.zeros(len(clause), np.bool_)
    paused, _ = numbers("paused_us")
    late, is_late = numbers("late_by_us")
    found: dict[str, Any] = {
        "clause": _texts(batch.column("label")),
        "case": _texts(batch.column("case")),
        "number": batch.column("number").cast(pa.int64()),
        "party": _texts(batch.column("party")),
        "level": _texts(batch.column("level")),
        "status": _texts(batch.column("status")),
    }
    for name in ("opened", "due", "closed"):
        us, there = numbers(name)
        found[name] = iso_texts(us, there, zone) if instants_as_text else pa.array(us, mask=~there)
    found["elapsed"] = elapsed_texts(elapsed, targets.is_business[places], everywhere)
    found["target"] = targets.texts.take(pa.array(places))
    found["paused"] = elapsed_texts(paused, nowhere, paused != 0)
    found["late_by"] = elapsed_texts(late, nowhere, is_late)
    found["opened_by"] = _causes(batch, "opened_by", inputs)
    found["closed_by"] = _causes(batch, "closed_by", inputs)
    found["note"] = _texts(batch.column("note"))
    found["elapsed_us"] = pa.array(elapsed)
    found["target_us"] = targets.us.take(pa.array(places))
    found["paused_us"] = pa.array(paused)
    found["late_by_us"] = pa.array(late, mask=~is_late)
    return found


def _texts(column: Any) -> Any:
    import pyarrow as pa

    # A cast would be of all words, also of those that the batch does not hold.
    return (column.dictionary_decode() if pa.types.is_dictionary(column.type) else column).cast(pa.string())


def _causes(batch: Any, name: str, inputs: list[str]) -> Any:
    """Events and where they stand, like `cause_text`."""
    import pyarrow as pa
    from pyarrow import compute as pc

    types = _texts(batch.column(name))
    rows = batch.column(f"{name}_row")
    names = pa.array([f" ({given}row " for given in inputs] or [" (row "], pa.string())
    place = names.take(batch.column(f"{name}_input"))
    told = pc.binary_join_element_wise(types, place, rows.cast(pa.string()), ")", "")
    return pc.fill_null(pc.if_else(pc.equal(rows, 0), types, told), "")
