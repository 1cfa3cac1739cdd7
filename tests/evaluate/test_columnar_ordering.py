"""A log out of order is put in order part by part, in memory or in a file that is gone afterwards."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sladsl
from sladsl.evaluate.columnar import judge_files, ordering
from sladsl.evaluate.columnar.batch import Batch, joined
from sladsl.evaluate.columnar.ordering import Sorter


def batches(count: int, lots: int, cases: int, seed: int) -> list[Batch]:
    """Batches of rows in no order; `cause` is the place of a row among all."""
    dice = np.random.default_rng(seed)
    found = []
    for cause in np.array_split(np.arange(count), lots):
        size = len(cause)
        below = dice.integers(1, 9, size) if dice.random() < 0.5 else None
        reasons = {3: dice.integers(0, 5, size).astype(np.int32)} if dice.random() < 0.5 else {}
        found.append(
            Batch(
                dice.integers(0, cases, size).astype(np.int32),
                dice.integers(0, 50, size),
                cause.astype(np.int64),
                dice.integers(0, 9, size).astype(np.int32),
                dice.integers(0, 1 << 60, (2, size)).astype(np.uint64),
                dice.integers(0, 1 << 60, (2, size)).astype(np.uint64),
                np.zeros((0, size), np.uint64),
                [(dice.integers(0, 99, size), below, dice.integers(0, 2, size))],
                reasons,
            )
        )
    return found


def rows(batch: Batch) -> list[tuple[Any, ...]]:
    (numbers, below, flags), *_ = batch.values
    one = np.ones(len(batch), np.int64)
    columns = (batch.case, batch.time, batch.cause, batch.type, *batch.bits, *batch.mask, numbers, flags)
    told = (one if below is None else below, batch.reasons.get(3, 0 * one))
    return list(zip(*(column.tolist() for column in (*columns, *told)), strict=True))


@pytest.mark.parametrize("held", [0, 300, 1 << 30])
@pytest.mark.parametrize("cases", [1, 7, 5000])
def test_events_come_case_by_case_in_order(held: int, cases: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "_DEAL", 200)
    monkeypatch.setattr(ordering, "_ROWS", 64)
    given = batches(2_000, 23, cases, cases + held)
    with Sorter(held) as sorter:
        for batch in given:
            sorter.add(batch)
        found = [row for batch in sorter.batches() for row in rows(batch)]
        assert sorter.spills == (held < 2_000)
    expected = sorted(rows(joined(given)), key=lambda row: (row[1], row[2]))
    by_case: dict[int, list[Any]] = {}
    for row in expected:
        by_case.setdefault(row[0], []).append(row)
    seen: dict[int, list[Any]] = {}
    for row in found:
        seen.setdefault(row[0], []).append(row)
    assert seen == by_case
    assert len([0 for before, row in pairwise(found) if before[0] != row[0]]) == len(by_case) - 1


def test_the_file_is_gone_though_nobody_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ordering, "_DEAL", 100)

    def stop_half_way() -> None:
        with Sorter(0) as sorter:
            for batch in batches(1_000, 5, 9, 1):
                sorter.add(batch)
            assert sorter.spills
            next(sorter.batches())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [0, 30_000])
def test_without_room_for_a_file_events_stay_in_memory(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        """A file on a disk that is nearly full."""

        def __init__(self, **_: object) -> None:
            if not room:
                raise OSError(28, "no space left on device")
            self._file = real(buffering=0)

        def write(self, view: Any) -> int:
            if self._file.tell() >= room:
                raise OSError(28, "no space left on device")
            return self._file.write(view[: room - self._file.tell()])

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    monkeypatch.setattr(ordering, "_DEAL", 100)
    given = batches(1_000, 7, 40, 2)
    with Sorter(0) as sorter:
        for batch in given:
            sorter.add(batch)
        found = [row for batch in sorter.batches() for row in rows(batch)]
    assert sorted(found) == sorted(rows(joined(given)))


POLICY = """
events log
    case = case
answer: agent closes within 8h of opened, paused while level > 3
"""


def test_a_log_out_of_order_gives_the_same_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(3)
    lines = []
    for case in range(300):
        for event in ("opened", "note", "note", "closed"):
            at = np.datetime64("2026-01-05T00:00") + np.timedelta64(int(dice.integers(0, 3_000)), "m")
            lines.append(f"C{case},{at},{event},agent,{dice.integers(0, 9)}")
    dice.shuffle(lines)
    file = tmp_path / "log.csv"
    file.write_text("case,time,event,actor,level\n" + "\n".join(lines) + "\n")
    plan = sladsl.load(text=POLICY).plan
    held = judge_files(plan, str(file))
    monkeypatch.setattr(ordering, "HELD", 100)
    monkeypatch.setattr(ordering, "_DEAL", 100)
    spilled = judge_files(plan, str(file))
    assert held.sorted
    assert spilled.sorted
    assert spilled.outcome() == held.outcome()
    assert len(held) > 200
