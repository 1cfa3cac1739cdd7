"""Whatever the bytes are, reading gives a log, refused rows and diagnostics; never an exception of another kind."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sladsl.events import ColumnRule, InputSpec, Instant, Log, LogError, ReadOptions, StepRule, as_log, read
from sladsl.events.feed import Feed

NAMES = ["log.csv", "log.tsv", "log.csv.gz", "log.ndjson", "log.json", "log.parquet", "log"]
SPECS = [
    None,
    InputSpec(
        time=ColumnRule("time", "time", format="%d/%m/%Y %H:%M"),
        event=ColumnRule("event", "event"),
        attributes=(ColumnRule("score", "a", unit="s"),),
        steps=(StepRule("opened", "a"),),
        missing=("?",),
        end_of_day=True,
    ),
    InputSpec(steps=(StepRule("opened", "time"), StepRule("closed", "a", unit="ms"))),
]

# Pieces that a broken log is made of, so that what is drawn gets past the headings.
PIECES = st.sampled_from(
    [
        *(
            "case,time,event,a\n",
            "A",
            "B",
            ",",
            ";",
            "\t",
            "\n",
            "\r",
            '"',
            '""',
            "?",
            " ",
            "\0",
            "\ufeff",
            "ñ",
            "x" * 300,
        ),
        *("2026-03-02T09:00:00Z", "2026-03-02", "29/2/2016 01:16", "1e400", "99999999999999999999", "-1"),
        *(
            "A,2026-03-02T09:00:00Z,x,1\n",
            '{"case":"A","time":"2026-03-02","event":"x"}\n',
            "{",
            "}",
            "[",
            "]",
            ":",
            "null",
        ),
        *('"a":1', "\\ud800", "sep=;\n", "A\t2026-03-02\tx\n"),
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join).map(lambda text: text.encode("utf-8", "surrogatepass"))
TABLES = TEXTS.map(lambda text: b"case,time,event,a\n" + text)
LINES = TEXTS.map(lambda text: b'{"case":"A","time":"2026-03-02","event":"x","a":5}\n' + text)
RAW = st.binary(max_size=400)
CONTENTS = st.one_of(RAW, TEXTS, TABLES, LINES, TABLES.map(gzip.compress), st.builds(lambda a, b: a + b, TABLES, RAW))


def log_or_complaints(attempt: Callable[[], Log]) -> Log | None:
    """What an attempt to read gives; None where it is a LogError that can be shown."""
    try:
        return attempt()
    except LogError as error:
        complaints = error.diagnostics
    assert complaints
    for diagnostic in complaints:
        assert diagnostic.code.startswith("SLA06")
        (diagnostic.message + "".join(diagnostic.notes) + diagnostic.help).encode()
    return None


def check(log: Log, has_steps: bool) -> None:
    assert [(e.time_us, e.position) for e in log.events] == sorted((e.time_us, e.position) for e in log.events)
    for event in log.events:
        assert event.case.strip()
        assert event.type
        assert isinstance(event.time_us, int)
        for name, value in event.attributes.items():
            assert name
            assert value not in (None, "")
            assert type(value) in (str, int, float, bool, Decimal, Instant)
    for report in log.inputs:
        assert report.rejected <= report.rows
        if not has_steps:
            assert report.rows == report.events + report.rejected + report.duplicates
    # All that a person may be shown can be written.
    json.dumps([repr(log.events), repr(log.rejects), repr(log.warnings), repr(log.inputs)]).encode()
    "".join(event.case + event.type + event.actor for event in log.events).encode()
    "".join(reject.text + reject.reason + reject.cell + reject.column for reject in log.rejects).encode()
    "".join(diagnostic.message for diagnostic in log.warnings).encode()


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENTS, st.sampled_from(NAMES), st.sampled_from(SPECS))
@example(b"PAR1", "log.parquet", None)
@example(b"PAR1" + b"\0" * 40 + b"PAR1", "log.parquet", None)
@example(b"\x1f\x8b", "log.csv", None)
@example(b'case,time,event\n"', "log.csv", None)
@example(b"\xff\xfe", "log.csv", None)
@example(b"\xff\xfec", "log.csv", None)
def test_any_bytes(content, name, spec):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        log = log_or_complaints(lambda: read([path], [spec] if spec else [], ReadOptions()))
        if log:
            check(log, bool(spec and spec.steps))
            log.write_rejects(Path(folder) / "rejects.csv")


@pytest.mark.slow
@settings(deadline=None, max_examples=20_000, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENTS, st.sampled_from(NAMES), st.sampled_from(SPECS))
def test_any_bytes_for_long(content, name, spec):
    test_any_bytes.hypothesis.inner_test(content, name, spec)


ANY_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=5)
    | st.datetimes()
    | st.datetimes(timezones=st.timezones())
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.binary(max_size=5)
    | st.uuids()
    | st.sampled_from(["2026-03-02", "\ud800", 10**4000, Decimal("1e999999")]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["case", "time", "event", "actor", "event_id", "a", "b c", "", 7])


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, ANY_VALUE, max_size=6), max_size=6), st.sampled_from(SPECS))
def test_any_values_in_memory(rows, spec):
    specs = [spec] if spec else []
    feed = Feed(specs)
    for row in rows:
        feed.event(row)
    log = log_or_complaints(lambda: as_log(rows, specs))
    if log:
        check(log, bool(spec and spec.steps))
