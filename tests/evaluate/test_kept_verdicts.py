"""Verdicts that are kept packed are the records that were given."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

import sladsl.evaluate.columnar.kept as kept_room
from sladsl.evaluate.columnar.kept import CHUNK, Kept
from sladsl.evaluate.columnar.kernel import layout

_EXTREMES = (layout.NONE, layout.NONE + 1, -1, 0, 1, 255, 256, (1 << 63) - 1)


def _records(count: int, seed: int) -> np.ndarray:
    """Records whose fields need anything from no byte to all of them."""
    dice = np.random.default_rng(seed)
    records = np.zeros(count, layout.VERDICT)
    for place, name in enumerate(layout.VERDICT.names or ()):
        kind = layout.VERDICT.fields[name][0]
        low, high = np.iinfo(kind).min, np.iinfo(kind).max
        wide = int(high) >> (8 * ((place + seed) % kind.itemsize))
        records[name] = dice.integers(-wide if (place + seed) % 3 else 0, wide, count, endpoint=True)
        if kind.itemsize == 8:
            records[name][dice.random(count) < 0.3] = layout.NONE
        assert low < 0 < high
    records["zones"] = 7
    records["note"] = layout.NONE
    records["stretches"] = dice.integers(0, 3, count)
    return records


def _kept(lots: list[np.ndarray]) -> Kept:
    kept = Kept()
    for lot in lots:
        kept.add(lot, np.zeros(int(lot["stretches"].sum()), layout.STRETCH))
    return kept


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [0, 1, 40, CHUNK, CHUNK + 1, 2 * CHUNK + 9])
def test_records_come_back_as_they_were_given(count: int, seed: int) -> None:
    records = _records(count, seed)
    kept = _kept(np.array_split(records, 5))
    assert len(kept) == count
    whole = [lot for _, lot in kept.chunks()]
    assert (np.concatenate([np.zeros(0, layout.VERDICT), *whole]) == records).all()
    places = np.random.default_rng(seed).permutation(count)[: CHUNK + 5]
    assert (kept.take(places) == records[places]).all()
    some = kept.take(places, "status", "due", "number")
    for name in ("status", "due", "number"):
        assert (some[name] == records[name][places]).all()
        assert (kept.column(name, np.int64) == records[name]).all()
    assert (kept.take(places, "row")["row"] == records["row"][places]).all()


def test_numbers_of_all_sizes_up_to_the_largest() -> None:
    for count in (len(_EXTREMES), CHUNK):
        records = np.zeros(count, layout.VERDICT)
        records["opened"] = np.resize(np.array(_EXTREMES), count)
        records["due"] = np.resize(np.array(_EXTREMES[::-1]), count)
        records["status"] = np.resize(np.array([-128, 127, 0], "i1"), count)
        kept = _kept([records])
        assert (np.concatenate([lot for _, lot in kept.chunks()]) == records).all()


def test_those_of_several_walkers_keep_their_stretches() -> None:
    stores, expected = [], []
    for seed, count in enumerate((CHUNK + 3, 17, 2 * CHUNK + 40)):
        records = _records(count, seed)
        total = int(records["stretches"].sum())
        stretches = np.zeros(total, layout.STRETCH)
        owner = np.repeat(np.arange(count), records["stretches"])
        stretches["since"], stretches["until"] = seed, owner
        records["cause"], records["number"] = seed, np.arange(count)
        kept = Kept()
        kept.add(records, stretches)
        stores.append(kept)
        expected += [(seed, number) for number in owner.tolist()]
    stores[0].join(stores[1:])
    assert len(stores[0]) == 3 * CHUNK + 60
    assert len(stores[1]) == 0
    told = []
    for records, stretches in stores[0].lots():
        owner = np.repeat(records[["cause", "number"]], records["stretches"])
        assert (stretches["since"] == owner["cause"]).all()
        assert (stretches["until"] == owner["number"]).all()
        told += stretches[["since", "until"]].tolist()
    assert sorted(told) == sorted(expected)


def test_numbers_can_be_given_anew() -> None:
    records = _records(CHUNK + 100, 1)
    kept = _kept([records])
    numbers = np.arange(len(records), dtype=np.int32)[::-1].copy()
    kept.renumber(numbers)
    records["number"] = numbers
    assert (np.concatenate([lot for _, lot in kept.chunks()]) == records).all()


def test_verdicts_that_lie_close_together_take_few_bytes() -> None:
    count = 8 * CHUNK
    records = np.zeros(count, layout.VERDICT)
    records["opened"] = 1_700_000_000_000_000 + np.arange(count) * 60_000_000
    records["due"] = records["opened"] + 86_400_000_000
    records["closed"] = layout.NONE
    records["late_ticks"] = layout.NONE
    records["case"] = np.arange(count) // 7 + 900_000
    room = CHUNK * layout.VERDICT.itemsize  # for those that do not fill a chunk yet
    assert _kept([records]).size < 16 * count + 2 * room


@pytest.mark.parametrize("room", [None, 0, 1])
def test_many_wait_in_a_file(room: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for it, or only for some of them, they stay in memory."""
    asked = 0

    def put(self: object, chunk: np.ndarray) -> object:
        nonlocal asked
        asked += 1
        if room is not None and asked > room:
            raise OSError(28, "no space left on device")
        return real(self, chunk)

    real = kept_room.Hidden.put
    monkeypatch.setattr(kept_room.Hidden, "put", put)
    monkeypatch.setattr(kept_room, "IN_MEMORY", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    records = _records(4 * CHUNK + 50, 2)
    kept = _kept([records[: CHUNK + 9], records[CHUNK + 9 :]])
    assert kept.is_away == (room != 0)
    other = _kept([records[: 2 * CHUNK]])
    kept.join([other])
    places = np.random.default_rng(5).permutation(4 * CHUNK)[:999]
    whole = [lot for _, lot in kept.chunks()]
    expected = np.concatenate([records[: 4 * CHUNK], records[: 2 * CHUNK], records[4 * CHUNK :]])
    assert (np.concatenate(whole) == expected).all()
    assert (kept.take(places) == expected[places]).all()
    kept.renumber(np.arange(len(kept), dtype=np.int32))
    assert (kept.column("number", np.int64) == np.arange(len(kept))).all()
    assert list(tmp_path.iterdir()) == []
