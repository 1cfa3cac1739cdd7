"""Texts and numbers of columns: the same as the readers of cells give, cell by cell."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sladsl
from sladsl.clock import instant_reader, read_instant
from sladsl.evaluate.columnar.cell_columns import SpanColumn, time_column
from sladsl.evaluate.columnar.cells import reader_of, reading_of
from sladsl.evaluate.columnar.numbers import vector_test
from sladsl.evaluate.columnar.texts import TextNumbers, WholeNumbers, spans_of
from sladsl.events.columns import Timed
from sladsl.events.values import TextCells
from sladsl.ir.expression import Attribute, Between, Compare, Expr, InList, Known, Literal, ValueKind

NUMBER = ValueKind.NUMBER
X = Attribute("x", NUMBER)
POOL = [
    "a",
    " a",
    "a\t",
    "\u00a0b",
    "ñandú",
    "café\u3000",
    "日本",
    "\u3000",
    "",
    "lead-0001",
    "lead-00012345",
    "x" * 30,
    "?",
]
BOUNDS = [0, 1, -1, 5, Fraction(1, 2), Fraction(-7, 2), Fraction(1, 10), Fraction(1, 3), 1 << 70, -(1 << 70)]
WHOLE = [0, 1, -1, 5, 4, -3, -4, 1 << 62, -(1 << 62)]
DOUBLES = [0.0, 0.1, 0.5, -3.5, 5.0, 1 / 3, 1e300, -0.1, 0.30000000000000004]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from(POOL) | st.text(max_size=12), max_size=40), max_size=4))
def test_texts_are_numbered_as_cells_are_read(lots: list[list[str]]) -> None:
    texts, cells = TextNumbers(TextCells(("?",))), TextCells(("?",))
    for lot in lots:
        lot = [text.encode("utf-8", "replace").decode() for text in lot]
        numbers = texts.number(spans_of(lot)).tolist()
        known = texts.texts()
        assert [None if n < 0 else known[n] for n in numbers] == [cells[text] for text in lot]


def test_many_texts_keep_their_numbers() -> None:
    texts = TextNumbers(TextCells(()))
    names = [f"case-{i}" for i in range(50_000)]
    assert texts.number(spans_of(names)).tolist() == list(range(50_000))
    assert texts.number(spans_of(names[::-1])).tolist() == list(range(50_000))[::-1]
    assert texts.texts() == names


def test_whole_numbers_are_numbered() -> None:
    whole = WholeNumbers()
    values = np.random.default_rng(1).integers(-(10**12), 10**12, 50_000)
    first = whole.number(values)
    assert (whole.number(values) == first).all()
    assert [whole.texts()[i] for i in first[:50]] == [str(value) for value in values[:50]]


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.integers(0, 40),
                st.integers(-(1 << 26), 1 << 26),
                st.sampled_from([-(1 << 63), (1 << 63) - 1, -(1 << 62), 1 << 62]),
            ),
            max_size=30,
        ),
        max_size=4,
    ),
    st.integers(-(1 << 40), 1 << 40),
)
def test_whole_numbers_near_and_far(lots: list[list[int]], begin: int) -> None:
    whole, known = WholeNumbers(), dict[int, int]()
    for lot in lots:
        values = [value + begin if abs(value) <= 1 << 26 else value for value in lot]
        expected = [known.setdefault(value, len(known)) for value in values]
        column = np.array(values, np.int64)
        column.flags.writeable = False
        assert whole.number(column).tolist() == expected
    assert whole.texts() == [str(value) for value in known]


def test_whole_numbers_that_lie_close_together_in_any_order() -> None:
    values = 10**9 + 7 * np.random.default_rng(2).permutation(60_000)
    whole = WholeNumbers()
    found = np.concatenate([whole.number(part) for part in np.array_split(values, 9)])
    assert found.tolist() == list(range(60_000))
    assert whole.number(values[::-1].copy()).tolist() == list(range(60_000))[::-1]


def leaves(bound: int | Fraction) -> list[Expr]:
    literal = Literal(bound, NUMBER)
    compared = [
        Compare(op, *sides, NUMBER)
        for op in ("=", "!=", "<", "<=", ">", ">=")
        for sides in ((X, literal), (literal, X))
    ]
    ranges = [Between(X, literal, Literal(other, NUMBER), NUMBER, no) for other in BOUNDS for no in (False, True)]
    return [*compared, *ranges, InList(X, (bound, 1), NUMBER), InList(X, (bound, 1), NUMBER, True), Known(X)]


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_column_of_numbers_is_tested_as_its_cells_are(bound: int | Fraction) -> None:
    how = reading_of(sladsl.load(text="sales contacts within 24h of created").plan, True)
    tested = 0
    for expr in leaves(bound):
        reader = reader_of(expr, how)
        for values, doubles in ((WHOLE, False), (DOUBLES, True)):
            test = vector_test(expr, NUMBER, doubles)
            if test is not None:
                tested += 1
                assert test(np.array(values)).tolist() == [reader(value) for value in values], expr
    assert tested


TIMES = [
    *("2026-03-02T09:00:00Z", "2026-03-02 09:00", "2026-03-29 02:30:00", "2026-10-25 02:30", "2026-03-02", "soon", ""),
    *(
        "2026-03-02T09:00:00.1234567+05:30",
        "2026-02-30 09:00",
        "2026-03-02T24:00:00",
        "2026-03-02T09:00:60Z",
        "0001-01-01T00:00",
    ),
    *(
        "2026-03-02T09:00:00.",
        "2026-03-02T09:00:00-0330",
        "1890-01-01 00:00:00",
        "2026-03-02T09:00:00+19:00",
        " 2026-03-02 09:00 ",
    ),
]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "Australia/Lord_Howe"])
def test_a_column_of_times_is_read_as_its_cells_are(zone: str) -> None:
    found = time_column(SpanColumn(spans_of(TIMES)), zone, Timed(0, None, None), False, False)
    for i, text in enumerate(TIMES):
        reading = read_instant(text, zone)
        assert bool(found.read[i]) == (reading.us is not None), text
        assert not found.read[i] or int(found.us[i]) == reading.us, text
        assert (bool(found.skipped[i]), bool(found.repeated[i])) == (
            reading.note == "skipped",
            reading.note == "repeated",
        )


FORMATS = [
    *(
        "%d/%m/%Y",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y  %T",
        "%m/%d/%Y %I:%M:%S %p",
        "%Y%m%d%H%M%S",
        "%F %R %z",
        "%d %b %Y %H:%M",
    ),
    *(
        "%d/%b/%Y:%H:%M:%S %z",
        "%H:%M:%S.%f %d.%m.%y",
        "%Y-%m-%dT%H:%M:%S%z",
        "%-d.%-m.%Y %k:%M",
        "%Y-%j",
        "%a %d %b %Y",
    ),
    *("%Y-%m-%d %H:%M %Z", "%I%p %D", "%Y-%m-%d %H:%M:%S,%f", "100%% %Y-%m-%d", "%Y %m", "%d.%m.%Y um %H:%M Uhr"),
]
WRITTEN = [
    *(
        "31/01/2026",
        "1/2/2026",
        "30/02/2026",
        "01/02/2026 09:05",
        "1/2/2026 9:5",
        "01/02/2026  23:59:59",
        "01/02/2026 24:00",
    ),
    *(
        "01/02/2026 12:00:00 AM",
        "1/2/2026 12:30:00 p.m.",
        "13/2/2026 13:30:00 PM",
        "01/02/2026 13:00:00 PM",
        "1/2/2026 1:00:00PM",
    ),
    *(
        "20260302090000",
        "2026030209000",
        "2026-03-02 09:00 +0100",
        "2026-03-02 09:00 Z",
        "2026-03-02 09:00 -03:30:15",
        "9 Mar 2026 09:00",
    ),
    *("09 MAR 2026 9:00", "9 March 2026 09:00", "9 Sept 2026 09:00", "9 Foo 2026 09:00", "02/Mar/2026:09:00:00 +0530"),
    *(
        "09:00:00.1234567 02.03.26",
        "09:00:00.5 02.03.70",
        "2026-03-29T02:30:00",
        "2026-03-02T09:00:00+0000",
        "2026-03-02T09:00:60Z",
    ),
    *(
        "2.3.2026 9:00",
        "2026-061",
        "Mon 02 Mar 2026",
        "2026-03-02 09:00 Europe/Madrid",
        "9PM 03/02/26",
        "09AM 12/31/99",
    ),
    *(
        "2026-03-02 09:00:00,25",
        "100% 2026-03-02",
        "2026 03",
        "2.3.2026 um 9:00 Uhr",
        "29.03.2026 um 02:30 Uhr",
        " 31/01/2026 ",
    ),
    *(
        "31/01/2026 09:00 ",
        "31/01/2026\t09:00",
        "٣١/01/2026",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "31/01/2026 09:00\u00a0",
    ),
    *("2026-03-02T09:00:00+24:00", "2026-03-02 09:00 +0160", "", "soon", "1/1/1"),
]
ISO = [
    *(
        "2026-03-02T09:00:00+0000",
        "2026-03-02T09:00:00+00",
        "2026-03-02 09:00:00 UTC",
        "2026-03-02 09:00:00 GMT",
        "2026-03-02",
    ),
    *(
        "20260302",
        "20260302T090000Z",
        "20260302T0900",
        "2026/3/2 9:00",
        "2026/3/2",
        "2026-03-02t09z",
        "2026-03-02T9",
        "2026-03-29",
    ),
    *(
        "2026-03-02T09:00:00,123456789",
        "2026-03-02T09:00:00.1+05:30:15",
        "2026-03-02  09:00:00  +01",
        "2026-03/02",
        "2026-3-2T930",
    ),
    *(
        "2026-03-02T09:00:00 utc",
        "2026-03-02T24:00",
        "2026-03-02T09:60",
        "2026-03-02T09:00:00[Europe/Madrid]",
        "2026-13-01",
    ),
    *(
        "202603021",
        "2026-03-02T09:00:00-2400",
        "2026-03-02T09:",
        "2026-03-02T09:00:00.Z",
        "0000-01-01",
        "2026-03-02 +01",
        "1772438400",
    ),
    *(
        "2026-03-02T09:00+1",
        "2026-03-02T0900+0100",
        "2026-03-02T09:00:00 ",
        "2026-10-25T02:30",
        "2026-03-02T09:00:00+01:60",
    ),
]
COUNTS = [
    "0",
    "1772438400",
    "1772438400123",
    "1772438400.5",
    "-5",
    "",
    "1e9",
    "253402300799",
    "253402300800",
    "9" * 18,
    "9" * 30,
]


def assert_times_alike(texts: list[str], zone: str, timed: Timed, end_of_day: bool) -> None:
    found = time_column(SpanColumn(spans_of(texts)), zone, timed, end_of_day, False)
    read = instant_reader(zone, timed.format, timed.unit, end_of_day)
    for i, text in enumerate(texts):
        reading = read(text)
        told = (bool(found.read[i]), int(found.us[i]) if found.read[i] else None)
        assert told == (reading.us is not None, reading.us), (text, timed)
        notes = "skipped" if found.skipped[i] else "repeated" if found.repeated[i] else ""
        assert notes == reading.note, (text, timed)


@pytest.mark.parametrize("end_of_day", [False, True])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid"])
def test_times_of_any_format_are_read_as_their_cells_are(zone: str, end_of_day: bool) -> None:
    for format in FORMATS:
        assert_times_alike(WRITTEN + ISO, zone, Timed(0, format, None), end_of_day)
    assert_times_alike(WRITTEN + ISO + TIMES, zone, Timed(0, None, None), end_of_day)
    for unit in ("s", "ms", "us", "ns"):
        assert_times_alike(COUNTS, zone, Timed(0, None, unit), end_of_day)


@settings(max_examples=150)
@given(
    st.sampled_from([None, *FORMATS]),
    st.lists(
        st.builds(
            lambda text, place, letter: text[:place] + letter + text[place + 1 :],
            st.sampled_from(WRITTEN + ISO),
            st.integers(0, 24),
            st.sampled_from([*"0123456789:/.,- +TZzAPapMmJan", "", "10", "  "]),
        ),
        min_size=1,
        max_size=20,
    ),
)
def test_times_that_are_nearly_right(format: str | None, texts: list[str]) -> None:
    assert_times_alike(texts, "Europe/Madrid", Timed(0, format, None), False)


@pytest.mark.parametrize(
    ("format", "text"),
    [(None, "2026-03-02T09:00:00+0000"), ("%d/%m/%Y %H:%M", "31/01/2026 09:00"), (None, "2026-03-02")],
)
def test_a_column_of_usual_times_is_not_read_row_by_row(
    format: str | None, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("read row by row")

    monkeypatch.setattr("sladsl.evaluate.columnar.cell_columns._read_one", refuse)
    found = time_column(SpanColumn(spans_of([text] * 5)), "Europe/Madrid", Timed(0, format, None), False, False)
    assert found.read.all()
