"""The verdicts of a large log as sequences: nothing is made before it is asked for.

Takes:  ColumnarOutcome.
Gives:  `ColumnVerdicts`, `ColumnAlerts`; `number_anew`, for several versions of one agreement.
Never:  holds the verdicts twice, or makes an object for what can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np

from sladsl.evaluate.columnar.batch import Array
from sladsl.evaluate.columnar.bulk import ColumnarOutcome, by_keys
from sladsl.evaluate.columnar.kept import CHUNK
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.outcome import STATUS_WORDS, notes_text, verdicts_of
from sladsl.evaluate.many import ManyAlerts, ManyVerdicts
from sladsl.evaluate.verdict import BREACHED, LATE, Alert, Verdict

_AT_A_TIME = 1 << 14  # objects
_ROWS = 1 << 16  # of a batch
_FAR = np.iinfo(np.int64).max
_NO_STRETCHES = np.zeros(0, layout.STRETCH)
_WORSE = STATUS_WORDS.index(BREACHED), STATUS_WORDS.index(LATE)


class ColumnVerdicts(ManyVerdicts):
    """The verdicts of an outcome.

    Args:
        outcome: whose they are.
        part: only these of them, by their places among all, in rising order.
    """

    def __init__(self, outcome: ColumnarOutcome, part: Array | None = None) -> None:
        self._outcome = outcome
        self._part = part
        self._whole = self if part is None else ColumnVerdicts(outcome)

    def _lots(self, *names: str) -> Iterator[tuple[Array, Array]]:
        """All of them, some at a time: their places among all that the outcome keeps, and records with some fields."""
        kept = self._outcome.kept
        if self._part is None:
            for first, records in kept.chunks(*names):
                yield np.arange(first, first + len(records), dtype=np.int32), records
            return
        for first in range(0, len(self._part), CHUNK):
            places = self._part[first : first + CHUNK]
            yield places, kept.take(places, *names)

    @cached_property
    def _first_stretch(self) -> Array:
        """Where the stretches of each verdict that is kept begin, in which its clock ran."""
        counts = self._outcome.kept.column("stretches", np.int64)
        found: Array = np.cumsum(counts) - counts
        return found

    def _stretches(self, places: Array, records: Array) -> Array:
        if not self._outcome.keeps_stretches:
            return _NO_STRETCHES
        counts = records["stretches"].astype(np.int64)
        before = np.cumsum(counts) - counts
        first = np.repeat(self._whole._first_stretch[places] - before, counts)
        found: Array = self._outcome.kept.stretches[first + np.arange(len(first))]
        return found

    @cached_property
    def _groups(self) -> Array:
        return np.array([clause.group for clause in self._outcome.tables.plan.clauses] or [0], np.int32)

    @cached_property
    def _order(self) -> Array:
        order = self._outcome.order
        if self._part is None:
            return order
        mine = np.zeros(len(order), np.bool_)
        mine[self._part] = True
        found: Array = order[mine[order]]
        return found

    def __len__(self) -> int:
        return len(self._outcome if self._part is None else self._part)

    @overload
    def __getitem__(self, index: int) -> Verdict: ...

    @overload
    def __getitem__(self, index: slice) -> list[Verdict]: ...

    def __getitem__(self, index: int | slice) -> Verdict | list[Verdict]:
        if isinstance(index, slice):
            return self._made(self._order[index])
        return self._made(self._order[[index]])[0]

    def __iter__(self) -> Iterator[Verdict]:
        for first in range(0, len(self), _AT_A_TIME):
            yield from self._made(self._order[first : first + _AT_A_TIME])

    def _made(self, places: Array) -> list[Verdict]:
        outcome, records = self._outcome, self._outcome.kept.take(places)
        numbers = np.unique(records["case"])
        names = outcome.case_names.take(numbers).to_pylist() if len(numbers) else []
        cases = dict(zip(numbers.tolist(), names, strict=True))
        ran = self._stretches(places, records)
        return list(verdicts_of(outcome.tables, records, ran, cases, outcome.type_texts))

    def batches(self) -> Iterator[Any]:
        """In their order, as Arrow record batches."""
        for first in range(0, len(self), _ROWS):
            yield self._outcome.batch_of(self._outcome.kept.take(self._order[first : first + _ROWS]))

    def beside(self, others: Sequence[ManyVerdicts], labels: Sequence[str]) -> Iterator[tuple[list[Any], Any]]:
        """With those of other versions, in one order."""
        versions = [self, *(other for other in others if isinstance(other, ColumnVerdicts))]
        assert len(versions) == 1 + len(others), "one evaluator judges all versions"
        ranks = _common_ranks([version._outcome.case_names for version in versions])
        keys: list[list[Array]] = [[], [], []]  # number, case, label: the last one counts most
        places: list[Array] = []
        owners: list[Array] = []
        for at, version in enumerate(versions):
            plan = version._outcome.tables.plan
            label = np.array([labels.index(plan.groups[c.group]) for c in plan.clauses] or [0], np.int32)
            for lot, records in version._lots("case", "number", "clause"):
                keys[0].append(records["number"])
                keys[1].append(ranks[at][records["case"]])
                keys[2].append(label[records["clause"]])
                places.append(lot)
                owners.append(np.full(len(lot), at, np.int16))
        if not places:
            return
        order = by_keys(sum(map(len, places)), (np.concatenate(lots) for lots in keys))
        place, owner = np.concatenate(places)[order], np.concatenate(owners)[order]
        for first in range(0, len(order), _ROWS):
            mine, of = place[first : first + _ROWS], owner[first : first + _ROWS]
            rows = [np.flatnonzero(of == at) for at in range(len(versions))]
            parts = [
                version._outcome.batch_of(version._outcome.kept.take(mine[row]))
                for version, row in zip(versions, rows, strict=True)
            ]
            back = np.empty(len(of), np.int64)
            back[np.concatenate(rows)] = np.arange(len(of))
            yield parts, back

    # --- in bulk --------------------------------------------------------------------------------------------------

    def tally(self) -> dict[tuple[int, str], int]:
        """By clause and status."""
        width = len(STATUS_WORDS)
        counts = np.zeros(len(self._groups) * width, np.int64)
        for _, records in self._lots("clause", "status"):
            counts += np.bincount(records["clause"].astype(np.int64) * width + records["status"], minlength=len(counts))
        keys = np.flatnonzero(counts)
        return {
            (key // width, STATUS_WORDS[key % width]): count
            for key, count in zip(keys.tolist(), counts[keys].tolist(), strict=True)
        }

    def elapsed(self, statuses: Sequence[str]) -> Iterator[tuple[int, int, Any, Any]]:
        """By clause and row, the different ticks and how often each occurs."""
        wanted = [STATUS_WORDS.index(status) for status in statuses]
        found: dict[int, list[Array]] = {}
        for _, records in self._lots("clause", "row", "status", "elapsed"):
            records = records[np.isin(records["status"], wanted)]
            keys = records["clause"].astype(np.int32) << 8 | (records["row"].astype(np.int32) + 1)
            for key in np.unique(keys).tolist():
                found.setdefault(key, []).append(records["elapsed"][keys == key])
        for key in sorted(found):
            ticks, counts = np.unique(np.concatenate(found.pop(key)), return_counts=True)
            yield key >> 8, (key & 255) - 1, ticks, counts

    def worst(self, size: int, as_of_us: int) -> list[tuple[int, Verdict]]:
        """With the most time over."""
        least = _Least(self, size)
        for places, records in self._lots("due", "closed", *_Least.FIELDS):
            broken = np.flatnonzero(np.isin(records["status"], _WORSE))
            records, places = records[broken], places[broken]
            late = records["status"] == STATUS_WORDS.index(LATE)
            due, closed = records["due"], records["closed"]
            until = np.where(closed == layout.NONE, as_of_us, closed)
            over = np.where(due == layout.NONE, 0, np.where(late, closed - due, np.maximum(until - due, 0)))
            least.add(places, -over, records)
        return [(-over, verdict) for over, verdict in least.found()]

    def first(self, statuses: Sequence[str], by: str, size: int) -> list[Verdict]:
        """Due or closed first."""
        wanted = [STATUS_WORDS.index(status) for status in statuses]
        least = _Least(self, size)
        for places, records in self._lots(by, *_Least.FIELDS):
            here = np.flatnonzero(np.isin(records["status"], wanted))
            at = records[by][here]
            least.add(places[here], np.where(at == layout.NONE, _FAR, at), records[here])
        return [verdict for _, verdict in least.found()]

    def within(self, start_us: int, end_us: int) -> ColumnVerdicts:
        """Opened in [start, end)."""
        parts = [np.zeros(0, np.int32)]
        for places, records in self._lots("opened"):
            opened = records["opened"]
            parts.append(places[(opened >= start_us) & (opened < end_us)])
        return ColumnVerdicts(self._outcome, np.concatenate(parts))

    def paused(self) -> dict[int, tuple[int, int]]:
        """How many, and how long together, by clause."""
        found: dict[int, tuple[int, int]] = {}
        for _, records in self._lots("clause", "paused"):
            records = records[records["paused"] > 0]
            for clause in np.unique(records["clause"]).tolist():
                mine = records["paused"][records["clause"] == clause]
                count, total = found.get(clause, (0, 0))
                # in two halves: together they may pass 63 bits
                total += (int((mine >> 31).sum()) << 31) + int((mine & (1 << 31) - 1).sum())
                found[clause] = count + len(mine), total
        return dict(sorted(found.items()))

    def paths(self, bits: Mapping[tuple[int, str], int]) -> dict[int, int]:
        """The unions of bits, and how many cases have each."""
        table = np.zeros((len(self._outcome.tables.plan.groups) + 1, len(STATUS_WORDS)), np.int64)
        for (group, status), of in bits.items():
            table[group, STATUS_WORDS.index(status)] = of
        of_case = np.zeros(len(self._outcome.cases) + 1, np.int64)
        for _, records in self._lots("case", "clause", "status"):
            np.bitwise_or.at(of_case, records["case"], table[self._groups[records["clause"]], records["status"]])
        unions, counts = np.unique(of_case[of_case != 0], return_counts=True)
        return dict(zip(unions.tolist(), counts.tolist(), strict=True))

    def cases_of(self, status: str) -> list[str]:
        """The cases that have a verdict of a status."""
        there = np.zeros(len(self._outcome.cases), np.bool_)
        for _, records in self._lots("case", "status"):
            there[records["case"][records["status"] == STATUS_WORDS.index(status)]] = True
        names: list[str] = self._outcome.case_names.take(np.flatnonzero(there)).to_pylist()
        return names

    def notes(self, status: str) -> dict[tuple[int, str], int]:
        """By group and note."""
        by_number: dict[tuple[int, int], int] = {}
        for _, records in self._lots("clause", "note", "status"):
            records = records[records["status"] == STATUS_WORDS.index(status)]
            if not len(records):
                continue
            keys = np.stack([self._groups[records["clause"]].astype(np.int64), records["note"]])
            pairs, counts = np.unique(keys, axis=1, return_counts=True)
            for (group, note), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
                by_number[group, note] = by_number.get((group, note), 0) + count
        texts = list(self._outcome.tables.notes)
        found: dict[tuple[int, str], int] = {}
        for (group, note), count in sorted(by_number.items()):
            key = group, notes_text(texts, note)
            found[key] = found.get(key, 0) + count
        return found


def _common_ranks(names: Sequence[Any]) -> list[Array]:
    """The place of each case by its name among the cases of all outcomes, by the numbers of each outcome."""
    import pyarrow
    from pyarrow import compute

    if all(held.equals(names[0]) for held in names):
        union, codes = names[0], [np.arange(len(names[0]))] * len(names)
    else:
        texts = [held.cast(pyarrow.large_string()) for held in names]
        union = compute.unique(pyarrow.chunked_array(texts))
        codes = [compute.index_in(held, value_set=union).to_numpy(zero_copy_only=False) for held in texts]
    ranks = np.empty(len(union), np.int32)
    ranks[compute.sort_indices(union).to_numpy()] = np.arange(len(ranks), dtype=np.int32)
    return [ranks[code] for code in codes]


class _Least:
    """The verdicts with the least keys, in order; of equal ones those first by label, case and number."""

    FIELDS = ("status", "clause", "case", "number")

    def __init__(self, verdicts: ColumnVerdicts, size: int) -> None:
        self._verdicts = verdicts
        self._size = size
        self._labels = verdicts._outcome.tables.plan.groups
        kind = [("place", "i4"), ("key", "i8"), ("rank", "i4"), ("case", "i4"), ("number", "i4")]
        self._held = np.zeros(0, kind)
        self._label_ranks = np.array([sorted(self._labels).index(label) for label in self._labels] or [0], np.int32)

    def add(self, places: Array, key: Array, records: Array) -> None:
        """Some verdicts: their places among all, their keys, and records with FIELDS."""
        more = np.empty(len(places), self._held.dtype)
        more["place"], more["key"] = places, key
        more["rank"] = self._label_ranks[self._verdicts._groups[records["clause"]]]
        more["case"], more["number"] = records["case"], records["number"]
        held = np.concatenate([self._held, more])
        size = self._size
        if len(held) > size:
            most = np.partition(held["key"], size - 1)[size - 1]
            held = held[held["key"] <= most]
            equal = held["key"] == most
            if equal.sum() > _AT_A_TIME:  # else they are few enough to be kept
                order = np.lexsort((held["number"], self._case_ranks(held["case"]), held["rank"], held["key"]))
                held = held[order[:size]]
        self._held = held

    def found(self) -> list[tuple[int, Verdict]]:
        """Each with its key."""
        held = self._held
        order = np.lexsort((held["number"], self._case_ranks(held["case"]), held["rank"], held["key"]))
        held = held[order[: self._size]]
        return list(zip(held["key"].tolist(), self._verdicts._made(held["place"]), strict=True))

    def _case_ranks(self, cases: Array) -> Array:
        """The place of each case by its name."""
        numbers, places = np.unique(cases, return_inverse=True)
        names = self._verdicts._outcome.case_names.take(numbers).to_pylist() if len(numbers) else []
        ranks = np.empty(len(numbers), np.int64)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        found: Array = ranks[places]
        return found


class ColumnAlerts(ManyAlerts):
    """The alerts of an outcome."""

    def __init__(self, outcome: ColumnarOutcome) -> None:
        self._outcome = outcome

    @cached_property
    def _made(self) -> list[Alert]:
        return self._outcome.alerts()

    def __len__(self) -> int:
        return sum(map(len, self._outcome.alert_lots))

    @overload
    def __getitem__(self, index: int) -> Alert: ...

    @overload
    def __getitem__(self, index: slice) -> list[Alert]: ...

    def __getitem__(self, index: int | slice) -> Alert | list[Alert]:
        return self._made[index]

    def __iter__(self) -> Iterator[Alert]:
        return iter(self._made)

    def tally(self, start_us: int | None = None, end_us: int | None = None) -> dict[tuple[str, str], int]:
        """By kind and who is told, in the order of their first alerts."""
        lots = self._outcome.alert_lots
        whole = np.concatenate(lots) if lots else np.zeros(0, layout.ALERT_GIVEN)
        if start_us is not None:
            whole = whole[whole["at"] >= start_us]
        if end_us is not None:
            whole = whole[whole["at"] < end_us]
        clauses = self._outcome.tables.plan.clauses
        found: list[tuple[tuple[int, int, str, int], tuple[str, str], int]] = []
        keys = whole["clause"].astype(np.int64) << 32 | whole["alert"]
        for key in np.unique(keys).tolist():
            clause, place = key >> 32, key & 0xFFFFFFFF
            of = whole[keys == key]
            at = int(of["at"].min())
            first = self._first(of[of["at"] == at])
            rule = clauses[clause].alerts[place]
            found.append(((at, clause, *first), (rule.kind, rule.to), len(of)))
        told: dict[tuple[str, str], int] = {}
        for _, name, count in sorted(found):
            told[name] = told.get(name, 0) + count
        return told

    def _first(self, alerts: Array) -> tuple[str, int]:
        """The first of alerts of one instant and clause, by case and number."""
        numbers = np.unique(alerts["case"])
        names = dict(zip(numbers.tolist(), self._outcome.case_names.take(numbers).to_pylist(), strict=True))
        return min((names[case], number) for case, number in alerts[["case", "number"]].tolist())


def number_anew(outcomes: Sequence[ColumnarOutcome]) -> None:
    """Number the verdicts and alerts of versions of one agreement per label and case, in order of opening."""
    labels = list(dict.fromkeys(label for outcome in outcomes for label in outcome.tables.plan.groups))
    case_of = _one_numbering([outcome.cases.texts() for outcome in outcomes])
    cases = max((int(numbers.max()) + 1 for numbers in case_of if len(numbers)), default=1)
    parts: list[tuple[Array, ...]] = []
    whole = [outcome.kept.take(np.arange(len(outcome)), "opened", "case", "number", "clause") for outcome in outcomes]
    owners: list[Array] = []  # by clause, label and case in one number
    for place, (outcome, records) in enumerate(zip(outcomes, whole, strict=True)):
        label = np.array(
            [labels.index(outcome.tables.plan.groups[c.group]) for c in outcome.tables.plan.clauses] or [0]
        )
        owner = label[records["clause"]] * cases + case_of[place][records["case"]]
        owners.append(label)
        parts.append((owner, records["opened"], np.full(len(records), place), records["number"]))
    owner, opened, version, number = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((number, version, opened, owner))
    held = owner[order]
    begins = np.flatnonzero(np.append(True, held[1:] != held[:-1])) if len(held) else np.zeros(0, np.int64)
    counts = np.arange(len(held)) - np.repeat(begins, np.diff(np.append(begins, len(held)))) + 1
    new = np.empty(len(held), np.int64)
    new[order] = counts
    first = 0
    for at, (outcome, records) in enumerate(zip(outcomes, whole, strict=True)):
        mine = new[first : first + len(records)]
        _number_alerts(outcome, owners[at], case_of[at], cases, parts[at][0], records["number"], mine)
        outcome.kept.renumber(mine)
        first += len(records)


def _number_alerts(
    outcome: ColumnarOutcome, label: Array, case_of: Array, cases: int, owner: Array, old: Array, new: Array
) -> None:
    most = int(old.max()) + 1 if len(old) else 1
    keys = owner * most + old
    order = np.argsort(keys)
    for lot in outcome.alert_lots:
        asked = (label[lot["clause"]] * cases + case_of[lot["case"]]) * most + lot["number"]
        places = np.searchsorted(keys, asked, sorter=order)
        found = order[np.minimum(places, len(order) - 1)]
        same = (places < len(order)) & (keys[found] == asked)
        lot["number"] = np.where(same, new[found], lot["number"])


def _one_numbering(names: list[list[str]]) -> list[Array]:
    """Cases numbered alike, whichever outcome they are of."""
    if all(held == names[0] for held in names):
        return [np.arange(len(names[0]), dtype=np.int64) for _ in names]
    numbers: dict[str, int] = {}
    return [np.array([numbers.setdefault(name, len(numbers)) for name in held] or [0], np.int64) for held in names]
