"""Zones and the wall clock: the facts of the zone data that the room relies on, and local times that do not exist."""

import struct
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path

import pytest
import tzdata
from clock_cases import DAY, HOUR, MINUTE, shown, us
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.clock import known_zone, local_to_us, nearest_zones, zone, zone_data_version
from sladsl.clock.offsets import BLOCK_US, CYCLE_US, FIRST_CHANGE_US, RULES_FROM_US, Offsets, offsets_of

DATA = Path(tzdata.__file__).parent
NAMES = (DATA / "zones").read_text().split()


def listed_changes(name: str) -> list[tuple[int, int, int]]:
    """(second, offset before, offset after) of the changes listed singly in a zone's file."""
    data = (DATA / "zoneinfo" / name).read_bytes()

    def header(at: int) -> tuple[int, ...]:
        return struct.unpack(">6l", data[at + 20 : at + 44])

    utc, std, leap, times, types, chars = header(0)
    start = 44 + times * 5 + types * 6 + chars + leap * 8 + std + utc
    utc, std, leap, times, types, chars = header(start)
    start += 44
    instants = struct.unpack(f">{times}q", data[start : start + 8 * times])
    kinds = data[start + 8 * times : start + 9 * times]
    records = [
        struct.unpack(">lBB", data[start + 9 * times + 6 * i : start + 9 * times + 6 * i + 6]) for i in range(types)
    ]
    found = []
    before = records[0][0]
    for second, kind in zip(instants, kinds, strict=True):
        after = records[kind][0]
        if after != before:
            found.append((second, before, after))
        before = after
    return found


def test_the_zone_data_is_what_the_wall_clock_relies_on() -> None:
    gaps, seconds = [], []
    for name in NAMES:
        changes = listed_changes(name)
        gaps += [later[0] - earlier[0] for earlier, later in pairwise(changes)]
        seconds += [change[0] for change in changes]
    assert min(gaps) > 5 * 86_400, "changes lie closer than they are probed for"
    assert min(seconds) * 1_000_000 > FIRST_CHANGE_US
    assert max(seconds) * 1_000_000 < RULES_FROM_US


@pytest.mark.parametrize("name", ["Europe/Madrid", "America/St_Johns", "Pacific/Apia", "Asia/Gaza", "America/Recife"])
def test_every_listed_change_is_found_by_probing(name: str) -> None:
    found = offsets_of(name).changes(FIRST_CHANGE_US, us("2036-01-01"))
    listed = [(s * 1_000_000, b * 1_000_000, a * 1_000_000) for s, b, a in listed_changes(name)]
    assert [tuple(change) for change in found if change.us <= listed[-1][0]] == [
        change for change in listed if change[0] < us("2036-01-01")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_listed_change_of_every_zone_is_found_by_probing(name: str) -> None:
    listed = [(s * 1_000_000, b * 1_000_000, a * 1_000_000) for s, b, a in listed_changes(name)]
    last = listed[-1][0] if listed else FIRST_CHANGE_US
    assert [tuple(change) for change in Offsets(name).changes(FIRST_CHANGE_US, last + 1)] == listed


class SetForwardAt(tzinfo):
    """An hour ahead of UTC from one instant on."""

    def __init__(self, instant: int) -> None:
        self.change = datetime(1970, 1, 1) + timedelta(microseconds=instant)

    def fromutc(self, moment: datetime) -> datetime:
        ahead = moment.replace(tzinfo=None) >= self.change
        return (moment + timedelta(hours=1)).replace(fold=0) if ahead else moment.replace(fold=1)

    def utcoffset(self, moment: datetime | None) -> timedelta:
        assert moment is not None
        return timedelta(hours=1 - moment.fold)


@pytest.mark.parametrize("aside", [-1, 0, 1])
@pytest.mark.parametrize("first", ["at", "changes", "highest", "first_at_least"])
def test_a_change_beside_the_seam_of_two_blocks_is_found_once(aside: int, first: str) -> None:
    change = 110 * BLOCK_US + aside
    offsets = Offsets("UTC")
    offsets._tz = SetForwardAt(change)  # type: ignore[assignment]
    if first != "changes":
        getattr(offsets, first)(change)
    assert [tuple(found) for found in offsets.changes(change - DAY, change + DAY)] == [(change, 0, HOUR)]
    assert [offsets.at(us) for us in (change - 1, change, change + DAY)] == [0, HOUR, HOUR]
    assert [offsets.highest(us) for us in (change - 1, change)] == [change - 1, change + HOUR]
    assert [offsets.first_at_least(wall) for wall in (change - 1, change, change + 1, change + HOUR + 1)] == [
        change - 1, change, change, change + 1,
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.integers(us("0001-01-03"), us("9999-12-29")))
def test_the_offset_at_an_instant_is_that_of_the_zone_data(name: str, instant: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    offset = moment.astimezone(zone(name)).utcoffset()
    assert offset is not None
    assert offsets_of(name).at(instant) == offset // timedelta(microseconds=1)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(("Europe/Madrid", "America/Santiago", "Australia/Lord_Howe")), st.integers(-(10**20), 10**20))
def test_far_instants_have_the_offset_of_their_place_in_the_cycle(name: str, instant: int) -> None:
    offset = offsets_of(name).at(instant)
    assert abs(offset) < DAY
    if instant > RULES_FROM_US:
        assert offset == offsets_of(name).at(RULES_FROM_US + (instant - RULES_FROM_US) % CYCLE_US)


@pytest.mark.parametrize(
    ("zone_name", "local", "instant", "note"),
    [
        ("Europe/Madrid", "2026-03-29 01:59", "2026-03-29T01:59+01:00", ""),
        ("Europe/Madrid", "2026-03-29 02:00", "2026-03-29T03:00+02:00", "skipped"),
        ("Europe/Madrid", "2026-03-29 02:30", "2026-03-29T03:30+02:00", "skipped"),
        ("Europe/Madrid", "2026-03-29 03:00", "2026-03-29T03:00+02:00", ""),
        ("Europe/Madrid", "2026-10-25 01:59", "2026-10-25T01:59+02:00", ""),
        ("Europe/Madrid", "2026-10-25 02:00", "2026-10-25T02:00+02:00", "repeated"),
        ("Europe/Madrid", "2026-10-25 02:59", "2026-10-25T02:59+02:00", "repeated"),
        ("Europe/Madrid", "2026-10-25 03:00", "2026-10-25T03:00+01:00", ""),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T03:30-04:00", "skipped"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01T01:30-04:00", "repeated"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04T02:45+11:00", "skipped"),
        ("Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-04T02:30+11:00", ""),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45+11:00", "repeated"),
        ("Australia/Lord_Howe", "2026-04-05 01:15", "2026-04-05T01:15+11:00", ""),
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-29T23:59-10:00", ""),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-31T10:00+14:00", "skipped"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-31T00:00+14:00", ""),
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T01:00-02:00", "skipped"),
        ("America/St_Johns", "2006-10-29 00:00", "2006-10-29T00:00-02:30", "repeated"),
        ("Antarctica/Troll", "2026-03-29 02:30", "2026-03-29T04:30+02:00", "skipped"),
    ],
)
def test_local_times_that_clock_changes_skip_or_repeat(zone_name: str, local: str, instant: str, note: str) -> None:
    said = datetime.fromisoformat(local)
    found = local_to_us(said.year, said.month, said.day, said.hour, said.minute, zone=zone_name)
    assert found == (us(instant), note)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.integers(us("1972-01-01"), us("2037-01-01")))
def test_what_the_wall_clock_shows_is_read_back(name: str, instant: int) -> None:
    offsets = offsets_of(name)
    resolved = offsets.resolve(instant + offsets.at(instant))
    assert instant in (resolved.first, resolved.last)
    assert resolved.note == ("" if resolved.first == resolved.last else "repeated")
    assert offsets.highest(instant) >= instant + offsets.at(instant)


def test_a_time_that_is_none_is_refused() -> None:
    for wrong in [(2026, 2, 29), (2026, 13, 1), (2026, 1, 1, 25), (2026, 1, 1, 0, 60), (2026, 1, 1, 0, 0, 61)]:
        with pytest.raises(ValueError, match=r".+"):
            local_to_us(*wrong, zone="UTC")


def test_zones_by_name() -> None:
    assert known_zone("Europe/Madrid")
    assert known_zone("UTC")
    for name in (
        "",
        "Madrid",
        "europe/madrid",
        "../zones",
        "Europe/../UTC",
        "/etc/localtime",
        "Europe",
        "x" * 10_000,
        "a\0b",
    ):
        assert not known_zone(name)
        with pytest.raises(KeyError):
            zone(name)
    assert nearest_zones("europe/madrid") == ["Europe/Madrid"]
    assert nearest_zones("new york") == ["America/New_York"]
    assert "Europe/Madrid" in nearest_zones("Europe/Madird")
    assert nearest_zones("zzzzzzzz") == []


def test_zones_do_not_come_from_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import zoneinfo

    wrong = tmp_path / "Europe" / "Vaduz"
    wrong.parent.mkdir()
    wrong.write_bytes((DATA / "zoneinfo" / "Asia" / "Tokyo").read_bytes())
    zoneinfo.reset_tzpath([str(tmp_path)])
    try:
        assert shown(us("2026-01-01 00:00"), "Europe/Vaduz") == "2026-01-01 01:00"
    finally:
        zoneinfo.reset_tzpath()


def test_the_version_of_the_zone_data_is_that_of_the_package() -> None:
    assert zone_data_version() == tzdata.IANA_VERSION


def test_the_highest_reading_stands_still_where_the_clock_is_set_back() -> None:
    offsets = offsets_of("Europe/Madrid")
    change = us("2026-10-25T03:00+02:00")
    reading = change + 2 * HOUR
    assert [offsets.highest(change + step * MINUTE) - reading for step in (-1, 0, 30, 60, 61)] == [
        -MINUTE,
        0,
        0,
        0,
        MINUTE,
    ]
    assert offsets.first_at_least(reading) == change
    assert offsets.first_at_least(reading + 1) == change + HOUR + 1
