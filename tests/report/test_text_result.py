"""The text result: looked at, then kept as snapshots."""

import io

import pytest
from made_result import full_result, objective, result, verdict
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from sladsl.report.result import Matched, Result
from sladsl.report.text import print_text


def printed(made: Result, width: int = 80, color: bool = False, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="strict", write_through=True)
    console = Console(
        file=file,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        legacy_windows=False,
    )
    print_text(made, console)
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [80, 120])
def test_the_whole_result(width: int, snapshot: SnapshotAssertion) -> None:
    assert printed(full_result(), width) == snapshot


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(full_result(), width).splitlines()
    tables_fit = 74  # below it the figures keep their room, and the terminal wraps
    assert max(map(len, lines)) <= max(width, tables_fit)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_median_and_p95_stand_in_one_line_however_narrow_the_table(width: int) -> None:
    lines = [line for line in printed(full_result(), width).splitlines() if line.startswith("   median ")]
    assert lines
    assert [line for line in lines if ", p95 " not in line] == []


def test_the_first_line_tells_whether_it_was_kept() -> None:
    first = [
        printed(result(verdicts)).splitlines()[0]
        for verdicts in (
            [verdict("a", "met")],
            [verdict("a", "late", 30)],
            [verdict("a", "met"), verdict("b", "open")],
            [],
        )
    ]
    assert first == [
        "✓ Marketing and Sales: kept",
        "✗ Marketing and Sales: not kept",
        "~ Marketing and Sales: kept so far",
        "~ Marketing and Sales: nothing to judge",
    ]


def test_nothing_is_painted_unless_it_may_be() -> None:
    assert "\x1b" not in printed(full_result())
    painted = printed(full_result(), color=True)
    assert "\x1b[1;31m✗ Marketing and Sales: not kept" in painted


def test_without_unicode_it_says_the_same_in_words() -> None:
    text = printed(full_result(), encoding="ascii")
    assert text.startswith("broken: Marketing and Sales: not kept")
    assert "#" in text


def test_names_from_the_log_cannot_steer_the_terminal() -> None:
    made = result(
        [verdict("\x1b[2J[bold]x[/bold]", "late", 30)], matched=(Matched("contacts", "verb", {"a\x1b]0;b\x07": 1}),)
    )
    text = printed(made, color=True)
    assert "\x1b[2J" not in text
    assert "\x1b]0" not in text
    assert "[bold]x[/bold]" in text


def test_the_ten_worst_are_listed_worst_first() -> None:
    text = printed(result([verdict(f"L{n:02}", "late", 24 + n) for n in range(1, 15)]))
    block = text[text.index("Worst 10 of 14 breaches") :].splitlines()[2:12]
    assert [line.split()[0] for line in block] == [f"L{n:02}" for n in range(14, 4, -1)]


def test_of_many_windows_the_early_ones_are_counted() -> None:
    rows = [objective(window=f"2025-{n:02}", status="missed" if n % 3 == 0 else "met") for n in range(1, 13)]
    lines = printed(result([], objectives=rows)).splitlines()
    (early,) = [place for place, line in enumerate(lines) if "6 before" in line]
    assert "4 met" in lines[early]
    assert "2 missed" in lines[early + 1]
    assert [line.split()[0] for line in lines[early + 2 : early + 8]] == [f"2025-{n:02}" for n in range(7, 13)]


def test_of_many_groups_those_with_a_miss_come_first() -> None:
    rows = [objective(group=(("site", f"S{n}"),), status="met" if n < 99 else "missed") for n in range(100)]
    text = printed(result([], objectives=rows))
    assert "site S99" in text
    assert "and 40 groups more; `--format json` has all of them" in text


def test_a_verb_that_matched_nothing_is_loud() -> None:
    assert "`calls` matched no event" in printed(result([], matched=(Matched("calls", "verb", {}),)))
