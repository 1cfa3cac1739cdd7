"""Sources, places, decoding, folding, nearness, stems, and diagnostics for programs."""

from __future__ import annotations

import doctest
import importlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladsl.text import (
    Diagnostic,
    Fix,
    Severity,
    Source,
    Span,
    decode,
    fold,
    in_order,
    nearest,
    shipped,
    stem,
    stems,
    to_github,
    to_json,
)


@pytest.mark.parametrize(
    "module", ["source", "diagnostic", "fold", "nearest", "stem", "decode", "render", "wire", "shipped"]
)
def test_examples_in_docstrings(module: str) -> None:
    results = doctest.testmod(importlib.import_module(f"sladsl.text.{module}"))
    assert results.failed == 0


def test_lines_end_in_three_ways_and_no_other() -> None:
    source = Source("a", "one\r\ntwo\rthree\nfour\u2028still four\x0b")
    assert [source.line(number) for number in range(6)] == ["", "one", "two", "three", "four\u2028still four\x0b", ""]
    assert source.position(0) == (1, 1)
    assert source.position(4) == (1, 5)
    assert source.position(5) == (2, 1)
    assert source.position(10_000) == (4, 17)
    assert source.position(-5) == (1, 1)


@given(st.text(alphabet="ab\r\n", max_size=60))
@settings(deadline=None)
def test_every_offset_is_found_again(text: str) -> None:
    source = Source("a", text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.line_starts[line - 1] + column - 1 == offset


def test_spans() -> None:
    one, two = Span("a", 2, 5), Span("a", 7, 9)
    assert one.to(two) == Span("a", 2, 9)
    assert one.to(Span("a", 3, 4)) == one
    assert Source("a", "0123456789").slice(one) == "234"


def test_decoding() -> None:
    assert decode("a", "año".encode())[0].text == "año"
    assert decode("a", b"\xef\xbb\xbfx")[0].text == "x"
    assert decode("a", "año".encode("utf-16"))[0].text == "año"
    source, diagnostic = decode("a", b"ok \xc3\xb1 \xff\xfe bad")
    assert diagnostic is not None
    assert diagnostic.span == Span("a", 5, 6)
    assert "0xff" in diagnostic.message
    assert source.text.startswith("ok ñ \ufffd")


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_decoding_takes_any_bytes(data: bytes) -> None:
    source, diagnostic = decode("a", data)
    assert isinstance(source.text, str)
    assert diagnostic is None or diagnostic.is_error


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("buyer_persona", "Buyer Persona"),
        ("first-contact", "first  contact"),
        ("STRASSE", "straße"),
        ("cafe\u0301", "café"),
        (" a\t b ", "a b"),
        ("a\u00a0b", "a b"),
        ("lead__score", "lead score"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_nearest_names() -> None:
    known = ["score", "role", "company size", "status", "stage"]
    assert nearest("scoer", known) == ["score"]
    assert nearest("Scores", known) == ["score"]
    assert nearest("companysize", known) == ["company size"]
    assert nearest("statuss", known) == ["status"]
    assert nearest("zebra", known) == []
    assert nearest("x", ["y"]) == []
    assert nearest("", known) == []
    assert nearest("a" * 1_000_000, known) == []
    assert nearest("lead", ["leads", "lead score", "head", "leader"])[:2] == ["leads", "head"]


@pytest.mark.parametrize("word", ["contact", "contacts", "contacted", "Contacting", "CONTACTS"])
def test_inflections_have_one_stem(word: str) -> None:
    assert stem(word) == "contact"


def test_stems() -> None:
    assert stem("replies") == stem("replied") == stem("reply")
    assert stem("publishes") == stem("publish")
    assert stem("P1") == "p1"
    assert stem("2nd") == "2nd"
    assert stems("put_away") == stems("puts away") == ("put", "away")
    assert stems("Demo-Requests") == ("demo", "request")
    assert stem("llamadas", "es") == stem("llamada", "es")


PLACED = Diagnostic(
    "SLA0103",
    "unknown name `scoer`",
    Span("p.sla", 8, 13),
    labels=((Span("p.sla", 0, 1), "here"), (Span("q.sla", 0, 1), "there")),
    notes=("a note",),
    help="did you mean `score`?",
    fix=Fix(Span("p.sla", 8, 13), "score"),
)
SOURCE = Source("p.sla", "a = 1\nb scoer\n")


def test_as_json() -> None:
    told = to_json(PLACED, SOURCE)
    assert json.loads(json.dumps(told)) == told
    assert told["file"] == "p.sla"
    assert (told["line"], told["column"], told["end_line"], told["end_column"]) == (2, 3, 2, 8)
    assert told["severity"] == "error"
    assert told["labels"][0] == {
        "message": "here", "file": "p.sla", "line": 1, "column": 1, "end_line": 1, "end_column": 2,
    }  # fmt: skip
    assert told["labels"][1]["line"] is None
    assert told["fix"]["replacement"] == "score"
    assert to_json(Diagnostic("SLA1", "m", None), None)["file"] is None


def test_as_a_github_annotation() -> None:
    warning = Diagnostic("SLA1", "100% of\nlines", Span("a,b:c.sla", 0, 1), severity=Severity.WARNING, help="h")
    shown = to_github(warning, Source("a,b:c.sla", "x"))
    assert shown == "::warning file=a%2Cb%3Ac.sla,line=1,col=1,endLine=1,endColumn=2,title=SLA1::100%25 of%0Alines%0Ah"
    assert to_github(Diagnostic("SLA1", "m", None, severity=Severity.REMARK), None) == "::notice title=SLA1::m"


def test_in_order() -> None:
    late, early, nowhere = (
        Diagnostic("b", "", Span("p", 5, 6)), Diagnostic("a", "", Span("p", 1, 2)), Diagnostic("c", "", None),
    )  # fmt: skip
    assert in_order([late, early, nowhere]) == [nowhere, early, late]


def test_shipped_folders() -> None:
    assert (shipped("grammar") / "sladsl.lark").is_file()
    with pytest.raises(FileNotFoundError):
        shipped("nothing")
