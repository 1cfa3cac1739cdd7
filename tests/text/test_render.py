"""How diagnostics look in a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.text import Diagnostic, Fix, Severity, Source, Span, render

POLICY = Source("p.sla", "a = 1\nqualified lead = scoer >= 60 and role in buyer_persona\n")


def test_the_line_and_the_place_under_it() -> None:
    diagnostic = Diagnostic(
        "SLA0103",
        "unknown name `scoer`",
        Span("p.sla", 23, 28),
        labels=((Span("p.sla", 0, 1), "names are defined like this"),),
        notes=("no event of this log carries it",),
        help="did you mean `score`?",
    )
    assert render([diagnostic], [POLICY]) == (
        "error[SLA0103]: unknown name `scoer`\n"
        " --> p.sla:2:18\n"
        "  |\n"
        "2 | qualified lead = scoer >= 60 and role in buyer_persona\n"
        "  |                  ^^^^^\n"
        "1 | a = 1\n"
        "  | - names are defined like this\n"
        "  = note: no event of this log carries it\n"
        "  = help: did you mean `score`?\n"
    )


def test_two_places_of_one_line_share_it() -> None:
    diagnostic = Diagnostic("SLA0021", "said twice", Span("p.sla", 0, 1), labels=((Span("p.sla", 4, 5), "here"),))
    assert render([diagnostic], [POLICY]) == (
        "error[SLA0021]: said twice\n --> p.sla:1:1\n  |\n1 | a = 1\n  | ^\n  |     - here\n"
    )


def test_colours_only_where_asked_for() -> None:
    diagnostic = Diagnostic("SLA0103", "unknown", Span("p.sla", 0, 1), severity=Severity.WARNING)
    plain, coloured = render([diagnostic], [POLICY]), render([diagnostic], [POLICY], color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;33mwarning[SLA0103]" in coloured


def test_without_a_place_or_a_source() -> None:
    assert render([Diagnostic("SLA0900", "no such file", None)]) == "error[SLA0900]: no such file\n"
    elsewhere = Diagnostic("SLA0900", "wrong", Span("other.sla", 3, 4))
    assert render([elsewhere], [POLICY]) == "error[SLA0900]: wrong\n --> other.sla\n"


def test_ordered_by_place_and_set_apart_by_a_blank_line() -> None:
    two = [Diagnostic("SLA2", "second", Span("p.sla", 6, 9)), Diagnostic("SLA1", "first", Span("p.sla", 0, 1))]
    shown = render(two, {"p.sla": POLICY})
    assert shown.index("first") < shown.index("second")
    assert "\n\nerror[SLA2]" in shown
    assert render([]) == ""


def test_a_very_long_line_is_clipped_around_the_place() -> None:
    source = Source("long.sla", "x" * 2_500_000 + "HERE" + "y" * 2_500_000)
    shown = render([Diagnostic("SLA1", "m", Span("long.sla", 2_500_000, 2_500_004))], [source])
    line, mark = shown.splitlines()[3:5]
    assert line.startswith("1 | …x")
    assert line.endswith("y…")
    assert len(line) <= 80
    assert line[mark.index("^") : mark.rindex("^") + 1] == "HERE"


def test_control_characters_cannot_reach_the_terminal() -> None:
    source = Source("\x1b[31m.sla", "a\x1b[2J = \u202e1\tb\u2028")
    shown = render([Diagnostic("SLA1", "found `\x07\u200b\ud800`", Span("\x1b[31m.sla", 7, 8))], [source])
    assert all(unicodedata.category(character)[0] != "C" for character in shown if character != "\n")
    assert "\\u{1b}[2J" in shown


def test_wide_characters_keep_the_mark_in_place() -> None:
    source = Source("p.sla", "名前 = ×")
    line, mark = render([Diagnostic("SLA1", "m", Span("p.sla", 5, 6))], [source]).splitlines()[3:5]
    assert mark == "  |        ^"
    assert line == "1 | 名前 = ×"


def test_messages_are_wrapped() -> None:
    shown = render([Diagnostic("SLA1", "word " * 40, None, help="help " * 40)], width=60)
    assert all(len(line) <= 60 for line in shown.splitlines())


@given(
    text=st.text(max_size=200),
    start=st.integers(0, 210),
    length=st.integers(0, 30),
    message=st.text(max_size=100),
    width=st.integers(0, 130),
    color=st.booleans(),
)
@settings(deadline=None)
def test_never_fails_and_never_too_wide(
    text: str, start: int, length: int, message: str, width: int, color: bool
) -> None:
    source = Source("p.sla", text)
    span = Span("p.sla", start, start + length)
    diagnostic = Diagnostic("SLA1", message, span, labels=((span, message),), help=message, fix=Fix(span, ""))
    shown = render([diagnostic], [source], color, width)
    assert shown.endswith("\n")
    if not color and source.text.isascii():
        excerpt = [line for line in shown.splitlines() if line[:1].isdigit()]
        assert all(len(line) <= max(width, 20) for line in excerpt)


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_the_place_is_always_visible(width: int) -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(300))
    source = Source("p.sla", text)
    for start in range(0, 300, 7):
        shown = render([Diagnostic("SLA1", "m", Span("p.sla", start, start + 2))], [source], width=width)
        line, mark = next(
            pair for pair in zip(shown.splitlines(), shown.splitlines()[1:], strict=False) if "^" in pair[1]
        )
        assert line[mark.index("^") : mark.rindex("^") + 1] == text[start : start + 2]
