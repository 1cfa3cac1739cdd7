"""Texts and numbers of columns: the same as the readers of cells give, cell by cell."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sladsl
from sladsl.clock import read_instant
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
