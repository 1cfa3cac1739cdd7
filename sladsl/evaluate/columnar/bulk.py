"""What a large evaluation gives: verdicts as columns, and figures that were added up on the way.

Takes:  the kernel's records, lot by lot.
Gives:  `ColumnarOutcome`.
Never:  makes an object a verdict before it is asked for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field

from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.cases import Cases
from sladsl.evaluate.columnar.kept import Kept
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.outcome import STATUS_WORDS, alerts_of, notes_text, verdicts_of, zones_text
from sladsl.evaluate.columnar.plan_tables import PlanTables
from sladsl.evaluate.verdict import Alert, Outcome, Verdict
from sladsl.events import InputReport, Log, Reject
from sladsl.events.valued import Valued

if TYPE_CHECKING:
    from sladsl.evaluate.objectives.bulk.watch import ObjectivesWatch

_ROW_BITS = 44


@define(slots=False)
class ColumnarOutcome:
    """The outcome of a log.

    Args:
        tables: of the plan, for the words behind numbers.
        as_of_us: as of when it was judged; None where there was no event.
        cases: by number. type_texts: names by number.
        kept: verdicts and their stretches, in the order in which they became certain.
        alert_lots: alerts likewise.
        log: what was read, without the events.
        matched: events by type, up to as-of. valued: in how many cases what is compared has a value, up to as-of.
        later, unknown_zones: as in Outcome.
        sorted: whether the log was out of order and had to be sorted.
        slow: the inputs that only the reader of events could read, by their index.
        first_us: the instant of the first event that was judged.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.
        watch: who was told of events, for the objectives.
    """

    tables: PlanTables
    as_of_us: int | None
    cases: Cases
    type_texts: list[str]
    kept: Kept
    alert_lots: list[Array]
    log: Log = field(factory=lambda: Log([], []))
    matched: Counter[str] = field(factory=Counter)
    valued: Valued = field(factory=lambda: Valued(0, {}))
    later: dict[int, int] = field(factory=dict)
    unknown_zones: dict[str, int] = field(factory=dict)
    sorted: bool = False
    slow: tuple[int, ...] = ()
    first_us: int | None = None
    keeps_stretches: bool = False
    watch: ObjectivesWatch | None = field(default=None, repr=False)

    @cached_property
    def case_names(self) -> Any:
        """The names of cases, by number, as an Arrow array."""
        return self.cases.arrow()

    @cached_property
    def case_texts(self) -> list[str]:
        """The names of cases, by number."""
        return self.cases.texts()

    @property
    def inputs(self) -> list[InputReport]:
        """A report an input."""
        return self.log.inputs

    @property
    def rejects(self) -> list[Reject]:
        """Rows that could not be read."""
        return self.log.rejects

    @property
    def has_actor(self) -> bool:
        """Whether any event names an actor."""
        return self.log.has_actor

    def __len__(self) -> int:
        return len(self.kept)

    def counts(self) -> dict[int, dict[str, int]]:
        """How many verdicts each clause (by its index) has in each status."""
        width = len(STATUS_WORDS)
        total = np.zeros(len(self.tables.plan.clauses) * width, np.int64)
        for _, records in self.kept.chunks("clause", "status"):
            keys = records["clause"].astype(np.int64) * width + records["status"]
            total += np.bincount(keys, minlength=len(total))
        found: dict[int, dict[str, int]] = {}
        for key in np.flatnonzero(total).tolist():
            found.setdefault(key // width, {})[STATUS_WORDS[key % width]] = int(total[key])
        return found

    def verdicts(self) -> Iterator[Verdict]:
        """The verdicts as objects, in no order."""
        for records, stretches in self.kept.lots():
            yield from verdicts_of(self.tables, records, stretches, self.case_texts, self.type_texts)

    def alerts(self) -> list[Alert]:
        """The alerts by instant, clause, case and number."""
        found = [alert for lot in self.alert_lots for alert in alerts_of(self.tables, lot, self.case_texts)]
        return sorted(found, key=lambda alert: (alert.at_us, alert.clause, alert.case, alert.number))

    def outcome(self) -> Outcome:
        """The same as every other evaluator gives it."""
        verdicts = sorted(self.verdicts(), key=Verdict.key)
        return Outcome(verdicts, self.alerts(), dict(self.later), dict(self.unknown_zones))

    def batches(self) -> Iterator[Any]:
        """The verdicts as Arrow record batches, in no order.

        Columns: clause (index), label, case, number, party, level, status, opened, due, closed (instants in UTC), elapsed
        (ticks), row (of the clause's targets), paused_us, late_by_us, late_by_ticks, opened_by_input, opened_by_row,
        opened_by, closed_by_input, closed_by_row, closed_by, note, zone. Columns of words are dictionaries.
        """
        for _, records in self.kept.chunks():
            yield self.batch_of(records)

    def table(self) -> Any:
        """The verdicts as an Arrow table, by label (in the order of the file), case and number."""
        import pyarrow

        return pyarrow.Table.from_batches([self.batch_of(self.kept.take(self.order))])

    @cached_property
    def _names(self) -> dict[str, Any]:
        """The words behind numbers, as Arrow arrays."""
        import pyarrow

        clauses = self.tables.plan.clauses
        words = {
            "label": [self.tables.plan.groups[clause.group] for clause in clauses],
            "party": [clause.party for clause in clauses],
            "level": [clause.level.name for clause in clauses],
            "status": list(STATUS_WORDS),
            "types": [*self.type_texts, None],
        }
        found = {name: pyarrow.array(texts, pyarrow.string()) for name, texts in words.items()}
        found["cases"] = self.case_names
        return found

    @cached_property
    def order(self) -> Array:
        """The places of the verdicts among all that are kept, by label (in the order of the file), case and number."""
        from pyarrow import compute

        ranks = np.empty(len(self.case_names), np.int32)
        ranks[compute.sort_indices(self.case_names).to_numpy()] = np.arange(len(ranks), dtype=np.int32)
        groups = np.array([clause.group for clause in self.tables.plan.clauses] or [0], np.int32)
        return by_keys(len(self), self._keys(ranks, groups))

    def _keys(self, ranks: Array, groups: Array) -> Iterator[Array]:
        """What verdicts are ordered by, one after the other so that they are not held together; the last counts most."""
        yield self.kept.column("number", np.int32)
        yield ranks[self.kept.column("case", np.int32)]
        yield groups[self.kept.column("clause", np.int16)]

    def batch_of(self, records: Array) -> Any:
        """Records as an Arrow record batch, see `batches`."""
        import pyarrow

        names = self._names
        clause = records["clause"].astype(np.int32)
        status = records["status"].astype(np.int32)
        columns: dict[str, Any] = {
            "clause": pyarrow.array(clause),
            "label": _words(clause, names["label"]),
            "case": _words(records["case"], names["cases"]),
            "number": pyarrow.array(np.ascontiguousarray(records["number"])),
            "party": _words(clause, names["party"]),
            "level": _words(clause, names["level"]),
            "status": _words(status, names["status"]),
        }
        for name in ("opened", "due", "closed"):
            columns[name] = _optional(records[name]).view(pyarrow.timestamp("us", "UTC"))
        columns["elapsed"] = pyarrow.array(np.ascontiguousarray(records["elapsed"]))
        columns["row"] = pyarrow.array(records["row"].astype(np.int32))
        columns["paused_us"] = pyarrow.array(np.ascontiguousarray(records["paused"]))
        late = records["late_ticks"] != layout.NONE
        columns["late_by_us"] = pyarrow.array(records["closed"] - records["due"], mask=~late)
        columns["late_by_ticks"] = _optional(records["late_ticks"])
        for name, cause, kind in (("opened_by", "cause", "type"), ("closed_by", "closed_cause", "closed_type")):
            told = records[cause]
            none = told == layout.NO_CAUSE
            columns[f"{name}_input"] = pyarrow.array((told >> _ROW_BITS).astype(np.int32), mask=none)
            columns[f"{name}_row"] = pyarrow.array(told & ((1 << _ROW_BITS) - 1), mask=none)
            columns[name] = _words(np.where(none, len(self.type_texts), records[kind]), names["types"])
        columns["note"] = self._notes(records["note"])
        columns["zone"] = self._zones(records)
        return pyarrow.RecordBatch.from_pydict(columns)

    def _notes(self, held: Array) -> Any:
        import pyarrow

        if not held.any():
            return _words(np.zeros(len(held), np.int32), pyarrow.array([""]))
        different, places = np.unique(held, return_inverse=True)
        notes = list(self.tables.notes)
        return _words(places, pyarrow.array([notes_text(notes, int(note)) for note in different]))

    def _zones(self, records: Array) -> Any:
        import pyarrow

        if not any(self.tables.told):
            return _words(np.zeros(len(records), np.int32), pyarrow.array([""]))
        keys = np.stack([records["clause"].astype(np.int64), records["zones"]])
        pairs, places = np.unique(keys, axis=1, return_inverse=True)
        texts = [zones_text(self.tables, int(clause), int(zones)) for clause, zones in pairs.T]
        return _words(places.reshape(-1), pyarrow.array(texts, pyarrow.string()))


def by_keys(count: int, keys: Iterable[Array]) -> Array:
    """The order of so many by several keys, none below 0, of which the last counts most."""
    from sladsl.evaluate.columnar.loops.packing import by_key

    order: Array = np.arange(count, dtype=np.int32)
    for key in keys:
        counts = np.bincount(key)
        after = np.empty_like(order)
        by_key(np.ascontiguousarray(key, np.int32), order, after, np.cumsum(counts) - counts)
        order = after
    return order


def _words(places: Array, words: Any) -> Any:
    """A column of words, as a dictionary."""
    import pyarrow

    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(np.ascontiguousarray(places, np.int32)), words)


def _optional(values: Array) -> Any:
    import pyarrow

    return pyarrow.array(np.ascontiguousarray(values), mask=values == layout.NONE)
