"""JSON lines and JSON files in every shape."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from sladsl.events import ColumnRule, InputSpec, Instant, LogError, StepRule

ROW = {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "score": 70}
LINE = json.dumps(ROW)
OTHER = LINE.replace('"A"', '"B"')

TWO_ROWS = {
    "lines": (f"{LINE}\n{OTHER}\n", "log.ndjson"),
    "lines as .jsonl": (f"{LINE}\r\n\r\n{OTHER}", "log.jsonl"),
    "lines as .json": (f"{LINE}\n{OTHER}\n", "log.json"),
    "lines on standard input or under any name": (f"{LINE}\n{OTHER}\n", "log.txt"),
    "a document on one line under any name": (json.dumps({"rows": [ROW, {**ROW, "case": "B"}]}), "log"),
    "lines with a mark": (f"\ufeff{LINE}\n{OTHER}\n", "log.ndjson"),
    "lines with CR only": (f"{LINE}\r{OTHER}\r", "log.ndjson"),
    "an array": (f"[{LINE},{OTHER}]", "log.json"),
    "an array with a mark": (f"\ufeff[{LINE},{OTHER}]", "log.json"),
    "an array over lines": (json.dumps([ROW, {**ROW, "case": "B"}], indent=2), "log.json"),
    "an array in .ndjson": (f"[{LINE},\n{OTHER}]", "log.ndjson"),
    "an array under any name": (f"[{LINE},{OTHER}]", "log.txt"),
    "an object with one array": (json.dumps({"version": 1, "rows": [ROW, {**ROW, "case": "B"}]}), "log.json"),
    "an object with its array over lines": (json.dumps({"rows": [ROW, {**ROW, "case": "B"}]}, indent=1), "log.json"),
    "of several arrays the events": (
        json.dumps({"users": [{"a": 1}], "events": [ROW, {**ROW, "case": "B"}]}),
        "log.json",
    ),
    "objects one after another": (
        json.dumps(ROW, indent=2) + "\n" + json.dumps({**ROW, "case": "B"}, indent=2),
        "log.json",
    ),
}


@pytest.mark.parametrize(("content", "name"), TWO_ROWS.values(), ids=TWO_ROWS.keys())
def test_the_same_rows_in_every_shape(content, name, read_bytes):
    log = read_bytes(content, name)
    assert [(event.case, event.row, event.attributes) for event in log.events] == [
        ("A", 1, {"score": 70}),
        ("B", 2, {"score": 70}),
    ]
    assert (log.rejects, log.warnings) == ([], [])


def test_one_object_alone_is_one_row(read_bytes):
    assert [event.case for event in read_bytes(json.dumps(ROW, indent=2), "log.json").events] == ["A"]


VALUES = {
    "whole": ("80", 80),
    "decimal": ("0.10", Decimal("0.10")),
    "exponent": ("1e3", Decimal("1E+3")),
    "beyond all use": ("1e999999999", "1e999999999"),
    "beyond even that": ("0e1000000000000000000", "0e1000000000000000000"),
    "a number of five thousand digits": ("9" * 5000, "9" * 5000),
    "yes": ("true", True),
    "no": ("false", False),
    "null": ("null", None),
    "empty": ('""', None),
    "blank": ('"  "', None),
    "NaN": ("NaN", None),
    "infinity": ("-Infinity", "-Infinity"),
    "text with blanks": ('" x "', "x"),
    "a text null": ('"null"', "null"),
    "a list": ('["a", 1]', '["a", 1]'),
    "half a character": ('"a\\ud800b"', "a\ufffdb"),
}


@pytest.mark.parametrize(("written", "meant"), VALUES.values(), ids=VALUES.keys())
def test_a_value_keeps_its_kind(written, meant, read_bytes):
    line = LINE.replace("70", written)
    for log in (read_bytes(line, "log.ndjson"), read_bytes(f"[{line}]", "log.json")):
        value = log.events[0].attributes.get("score")
        assert (value, type(value)) == (meant, type(meant))


def test_objects_within_are_opened(read_bytes):
    log = read_bytes(
        '{"case":{"id":"A"},"time":"2026-03-02","event":"x","lead":{"score":1,"by":{"name":"eva"}}}', "log.ndjson"
    )
    assert log.events[0].attributes == {"case.id": "A", "lead.score": 1, "lead.by.name": "eva"}


@pytest.fixture(name="read_bytes")
def read_with_case_id(read_bytes):
    def reader(content, name, spec=None, **options):
        if '"case":{' in content:
            spec = InputSpec(case=ColumnRule("case", "case.id"))
        return read_bytes(content, name, spec, **options)

    return reader


REFUSED = {
    "not JSON": ("{broken", "expecting property name enclosed in double quotes at character 2"),
    "cut off": (LINE[:-3], None),
    "a number": ("5", "the line is no JSON object"),
    "an array": ("[1]", "the line is no JSON object"),
    "nested without end": ("[" * 100_000, "it is nested too deep"),
    "no case": (LINE.replace('"A"', "null"), "the case is missing"),
    "no key for the case": ('{"time":"2026-03-02","event":"x"}', "the case is missing"),
    "truth for a time": (LINE.replace('"2026-03-02T09:00:00Z"', "true"), "a truth value is no time"),
}


@pytest.mark.parametrize(("line", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_line_that_is_refused_spoils_no_other(line, reason, read_bytes):
    log = read_bytes(f"{LINE}\n{line}\n{OTHER}\n", "log.ndjson")
    assert [event.row for event in log.events] == [1, 3]
    (reject,) = log.rejects
    assert (reject.row, reject.text) == (2, line)
    assert reason is None or reject.reason == reason


def test_numbers_are_times_in_their_unit_and_names_of_cases(read_bytes):
    line = '{"case":5,"time":1772442000.5,"event":7,"at":1772442000}'
    spec = InputSpec(
        time=ColumnRule("time", "time", unit="s"),
        attributes=(ColumnRule("promised", "at", unit="s"),),
    )
    (event,) = read_bytes(line, "log.ndjson", spec).events
    assert (event.case, event.type, event.time_us) == ("5", "7", 1772442000500000)
    assert event.attributes["promised"] == Instant(1772442000000000)


def test_an_array_that_breaks_off_gives_what_stands_before(read_bytes):
    log = read_bytes(f"[{LINE},{OTHER[:-5]}", "log.json")
    assert [event.case for event in log.events] == ["A"]
    (reject,) = log.rejects
    assert reject.row == 2
    assert reject.reason.startswith("the JSON breaks off here")
    assert [warning.code for warning in log.warnings] == ["SLA0608"]


@pytest.mark.parametrize("end", ["", ",", " x", "}"])
def test_an_array_that_does_not_end(end, read_bytes):
    log = read_bytes(f"[{LINE}{end}", "log.json")
    assert ([event.case for event in log.events], len(log.rejects)) == (["A"], 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "holds no JSON objects"),
        ("{}", "holds no JSON objects"),
        ("[1, 2]", "holds no JSON objects"),
        ('{"a": [{"x": 1}], "b": [{"x": 1}]}', "holds more than one array of objects: `a`, `b`"),
        ("{,}", "is no JSON: expecting property name enclosed in double quotes at character 2"),
        ("[" * 100_000, "holds no JSON objects: it is nested too deep"),
    ],
)
def test_what_holds_no_events_is_a_clear_error(content, message, read_bytes):
    with pytest.raises(LogError) as caught:
        read_bytes(content, "log.json")
    assert caught.value.diagnostics[0].message.split("` ", 1)[1] == message


def test_keys_that_come_late_are_attributes_too(read_bytes):
    lines = [LINE] * 1500 + [LINE.replace("score", "late")]
    log = read_bytes("\n".join(lines), "log.ndjson")
    assert log.events[-1].attributes == {"late": 70}
    assert log.attribute_names == {"score", "late"}


def test_a_column_that_a_block_names_may_come_late_or_never(read_bytes):
    spec = InputSpec(
        attributes=(ColumnRule("promised", "promise"),), steps=(StepRule("won", "won_at"), StepRule("lost", "lost_at"))
    )
    lines = [LINE] * 1500 + [LINE[:-1] + ', "promise": "x", "won_at": "2026-03-03"}']
    log = read_bytes("\n".join(lines), "log.ndjson", spec)
    assert [event.type for event in log.events[-2:]] == ["created", "won"]
    assert log.events[-2].attributes["promised"] == "x"


def test_data_in_keys_ends(read_bytes):
    lines = [LINE[:-1] + f', "k{n}": 1}}' for n in range(1500)]
    log = read_bytes("\n".join(lines), "log.ndjson")
    assert len(log.events) == 1500
    assert len(log.attribute_names) < 1000
    assert [warning.code for warning in log.warnings] == ["SLA0609"]


def test_a_line_of_five_megabytes(read_bytes):
    line = LINE.replace("70", f'"{"x" * 5_000_000}"')
    log = read_bytes(f"{LINE}\n{line}\n{OTHER}", "log.ndjson")
    assert [event.row for event in log.events] == [1, 2, 3]
