"""CSV and TSV as they come: every oddity of a real file, one row a case."""

from __future__ import annotations

import gzip

import pytest

from sladsl.events import ColumnRule, InputSpec, LogError

HEAD = "case,time,event,actor,score\n"
ROW = "A,2026-03-02T09:00:00Z,created,sales,70\n"
NINE = 1772442000000000


def short(log):
    return [(e.case, e.type, e.actor, e.attributes.get("score"), e.row) for e in log.events]


GOOD = [("A", "created", "sales", "70", 1)]

SAME_ROW = {
    "plain": HEAD + ROW,
    "no end of line": HEAD + ROW.rstrip(),
    "byte order mark": "\ufeff" + HEAD + ROW,
    "CR only": (HEAD + ROW).replace("\n", "\r"),
    "CR LF": (HEAD + ROW).replace("\n", "\r\n"),
    "mixed line ends": HEAD.replace("\n", "\r") + ROW.replace("\n", "\r\n"),
    "blank lines": "\n\n" + HEAD + "\n" + ROW + "\n\n  \n",
    "rows of delimiters only": HEAD + ",,,,\n" + ROW + ",,,,\n",
    "blanks around cells": HEAD + " A , 2026-03-02T09:00:00Z , created , sales , 70 \n",
    "blanks in headings": " case ,time , event,actor, score \n" + ROW,
    "everything quoted": '"case","time","event","actor","score"\n"A","2026-03-02T09:00:00Z","created","sales","70"\n',
    "a blank before a quote": HEAD + 'A, "2026-03-02T09:00:00Z", "created", "sales", "70"\n',
    "semicolons": (HEAD + ROW).replace(",", ";"),
    "bars": (HEAD + ROW).replace(",", "|"),
    "tabs in a .csv": (HEAD + ROW).replace(",", "\t"),
    "a sep line": "sep=;\n" + (HEAD + ROW).replace(",", ";"),
    "a trailing delimiter": (HEAD + ROW).replace("\n", ",\n"),
    "capital headings": HEAD.upper() + ROW,
    "UTF-16 with its mark": (HEAD + ROW).encode("utf-16"),
    "UTF-16 without": (HEAD + ROW).encode("utf-16-le"),
    "UTF-32": (HEAD + ROW).encode("utf-32"),
    "gzip under a plain name": gzip.compress((HEAD + ROW).encode()),
}


@pytest.mark.parametrize("content", SAME_ROW.values(), ids=SAME_ROW.keys())
def test_the_same_row_however_it_is_written(content, read_bytes):
    log = read_bytes(content)
    assert short(log) == GOOD
    assert log.events[0].time_us == NINE
    assert (log.rejects, log.warnings) == ([], [])
    assert log.inputs[0].rows == 1


@pytest.mark.parametrize("name", ["log.tsv", "log.tab", "log.txt", "log", "log.TSV", "log.tsv.gz"])
def test_tabs_under_any_name(name, read_bytes):
    content = (HEAD + ROW).replace(",", "\t").encode()
    assert short(read_bytes(gzip.compress(content) if name.endswith("gz") else content, name)) == GOOD


CELLS = {
    "a case called NA": ("NA", "NA"),
    "a case called null": ("null", "null"),
    "a case called None": ("None", "None"),
    "a number with zeros": ("007", "007"),
    "accents": ("Íñigo", "Íñigo"),
    "a quote inside": ('"5"" pipe"', '5" pipe'),
    "a quote in the middle": ('5" pipe', '5" pipe'),
    "a comma inside": ('"a, b"', "a, b"),
    "a line end inside": ('"a\nb"', "a\nb"),
    "blank lines inside": ('"a\n\n\nb"', "a\n\n\nb"),
}


@pytest.mark.parametrize(("written", "meant"), CELLS.values(), ids=CELLS.keys())
def test_a_cell(written, meant, read_bytes):
    log = read_bytes(f"{HEAD}{written},2026-03-02T09:00:00Z,created,sales,70\n{ROW}")
    assert [event.case for event in log.events] == [meant, "A"]
    assert log.rejects == []


REFUSED = {
    "no case": (",2026-03-02T09:00:00Z,created,,", "case", "", "the case is missing"),
    "a blank case": ("  ,2026-03-02T09:00:00Z,created,,", "case", "", "the case is missing"),
    "no time": ("B,,created,,", "time", "", "the time is missing"),
    "no event": ("B,2026-03-02T09:00:00Z,,,", "event", "", "the event is missing"),
    "no time that can be read": ("B,yesterday,created,,", "time", "yesterday", "`yesterday` is no instant"),
    "no such date": (
        "B,2026-02-30,created,,",
        "time",
        "2026-02-30",
        "`2026-02-30` is no date: february 2026 has no day 30",
    ),
    "too many cells": ("B,2026-03-02T09:00:00Z,created,sales,70,x", "", "", "the row has 6 cells, the headings are 5"),
    "NUL bytes": ("B,2026-03-02T09:00:00Z,cre\0ated,sales,70", "", "", "the row holds NUL bytes"),
    "a number without a unit": (
        "B,1772442000,created,,",
        "time",
        "1772442000",
        "`1772442000` is a number: whether of seconds or milliseconds, its unit has to be said",
    ),
}


@pytest.mark.parametrize(("row", "column", "cell", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_row_that_is_refused_spoils_no_other(row, column, cell, reason, read_bytes):
    log = read_bytes(f"{HEAD}{ROW}{row}\n{ROW.replace('A', 'C')}")
    assert [(event.case, event.row) for event in log.events] == [("A", 1), ("C", 3)]
    (reject,) = log.rejects
    assert (reject.input, reject.row, reject.column, reject.cell, reject.reason) == (0, 2, column, cell, reason)
    assert reject.text == row
    assert (log.inputs[0].rows, log.inputs[0].rejected, log.inputs[0].events) == (3, 1, 2)


def test_a_short_row_lacks_what_it_does_not_say_and_that_is_told(read_bytes):
    log = read_bytes(HEAD + "A,2026-03-02T09:00:00Z,created\n")
    assert log.events[0].attributes == {}
    assert [warning.message.split("` ")[1] for warning in log.warnings] == [
        "has 1 row with fewer cells than headings; the rest is missing"
    ]


def test_bytes_that_are_no_utf8_are_read_as_windows_1252_and_told(read_bytes):
    content = HEAD.encode() + "Íñigo€,2026-03-02T09:00:00Z,created,,\n".encode("cp1252")
    content += "Ñu,2026-03-02T09:00:00Z,created,,\n".encode() + b"\x81,2026-03-02T09:00:00Z,created,,\n"
    log = read_bytes(content)
    assert [event.case for event in log.events] == ["Íñigo€", "Ñu", "\x81"]
    assert [warning.message.split("` ")[1] for warning in log.warnings] == [
        "has 2 lines not in UTF-8, read as Windows-1252"
    ]


class TestAQuoteThatIsNotClosed:
    def test_it_costs_its_own_row_only(self, read_bytes):
        rows = "".join(f"C{n},2026-03-02T09:00:00Z,created,,\n" for n in range(5000))
        log = read_bytes(HEAD + ROW + 'B,2026-03-02T09:00:00Z,"created,,\n' + rows)
        assert len(log.events) == 5001
        (reject,) = log.rejects
        assert (reject.row, reject.text) == (2, 'B,2026-03-02T09:00:00Z,"created,,')
        assert reject.reason == "a quote opens in this row and is not closed in it"
        assert log.events[-1].row == 5002

    def test_at_the_end_of_a_short_file(self, read_bytes):
        log = read_bytes(HEAD + 'B,2026-03-02T09:00:00Z,"created,,\n' + ROW)
        assert ([event.case for event in log.events], [reject.row for reject in log.rejects]) == (["A"], [1])

    def test_two_of_them_do_not_marry(self, read_bytes):
        bad = 'B,2026-03-02T09:00:00Z,"created,,\n'
        log = read_bytes(HEAD + bad + ROW + ROW + bad + ROW)
        assert ([event.row for event in log.events], [reject.row for reject in log.rejects]) == ([2, 3, 5], [1, 4])


def test_a_cell_of_five_megabytes_costs_its_own_row_only(read_bytes):
    long = "B,2026-03-02T09:00:00Z,created,," + "x" * 5_000_000
    log = read_bytes(f"{HEAD}{ROW}{long}\n{ROW}")
    assert [event.row for event in log.events] == [1, 3]
    (reject,) = log.rejects
    assert (reject.row, reject.reason, len(reject.text)) == (2, "a cell holds more than 131,072 characters", len(long))


def test_a_line_of_five_megabytes_of_small_cells_costs_its_own_row_only(read_bytes):
    log = read_bytes(f"{HEAD}{ROW}{'B,2026-03-02T09:00:00Z,created,,' + 'x,' * 2_500_000}\n{ROW}")
    assert [event.row for event in log.events] == [1, 3]
    assert log.rejects[0].reason == "the row has 2500005 cells, the headings are 5"


def test_columns_of_one_name_are_told_and_the_first_counts(read_bytes):
    log = read_bytes("case,time,event,score,Score\nA,2026-03-02T09:00:00Z,created,1,2\n")
    assert log.events[0].attributes["score"] == "1"
    assert [warning.code for warning in log.warnings] == ["SLA0612"]


def test_missing_markers_and_the_empty_cell(read_bytes):
    spec = InputSpec(missing=("?", "NULL"))
    log = read_bytes("case,time,event,a,b,c,d\nA,2026-03-02,x,?, NULL ,null,\nNULL,2026-03-02,x,,,,\n", spec=spec)
    assert log.events[0].attributes == {"c": "null"}
    assert [reject.reason for reject in log.rejects] == ["the case is missing"]


TIMES = {
    "d/m/Y": ("29/2/2016 01:16", {"format": "%d/%m/%Y %H:%M"}, "2016-02-29T01:16:00Z"),
    "m/d/Y without leading zeros": ("7/4/2018 17:11", {"format": "%m/%d/%Y %H:%M"}, "2018-07-04T17:11:00Z"),
    "AM and PM": ("03/02/2026 09:05:00 PM", {"format": "%m/%d/%Y %I:%M:%S %p"}, "2026-03-02T21:05:00Z"),
    "twelve at night": ("03/02/2026 12:00:00 AM", {"format": "%m/%d/%Y %I:%M:%S %p"}, "2026-03-02T00:00:00Z"),
    "seconds since 1970": ("1772442000", {"unit": "s"}, "2026-03-02T09:00:00Z"),
    "milliseconds": ("1772442000000", {"unit": "ms"}, "2026-03-02T09:00:00Z"),
    "a fraction finer than microseconds": ("2026-03-02T09:00:00.1234567Z", {}, "2026-03-02T09:00:00.123456Z"),
    "an offset": ("2026-03-02T10:00:00+01:00", {}, "2026-03-02T09:00:00Z"),
    "a date": ("2026-03-02", {}, "2026-03-02T00:00:00Z"),
}


@pytest.mark.parametrize(("cell", "rule", "instant"), TIMES.values(), ids=TIMES.keys())
def test_a_time_as_its_block_says(cell, rule, instant, read_bytes):
    from sladsl.clock import read_instant

    spec = InputSpec(time=ColumnRule("time", "When", **rule))
    log = read_bytes(f"case,When,event\nA,{cell},x\n", spec=spec)
    assert log.events[0].time_us == read_instant(instant, "UTC").us


def test_a_date_may_mean_the_end_of_its_day(read_bytes):
    log = read_bytes("case,time,event\nA,2026-03-02,x\nA,2026-03-02 09:00,x\n", spec=InputSpec(end_of_day=True))
    assert [event.time_us for event in log.events] == [NINE, 1772495999999999]


def test_clock_changes_are_counted(read_bytes):
    rows = "A,2026-03-29 02:30,x\nA,2026-10-25 02:30,x\nA,2026-06-01 02:30,x\n"
    log = read_bytes("case,time,event\n" + rows, zone="Europe/Madrid")
    assert (log.inputs[0].skipped_times, log.inputs[0].repeated_times, log.inputs[0].events) == (1, 1, 3)


def test_events_are_sorted_by_time_then_by_place(read_bytes):
    rows = "B,2026-03-02 10:00,late\nA,2026-03-02 09:00,first\nB,2026-03-02 09:00,second\nA,2026-03-02 09:00,third\n"
    log = read_bytes("case,time,event\n" + rows)
    assert [event.type for event in log.events] == ["first", "second", "third", "late"]
    assert [event.position for event in log.events] == [1, 2, 3, 0]


def test_of_rows_with_one_id_the_first_counts(read_bytes):
    rows = "1,A,2026-03-02 10:00,x\n1,A,2026-03-02 09:00,y\n,A,2026-03-02 11:00,z\n,A,2026-03-02 12:00,z\n"
    log = read_bytes("event_id,case,time,event\n" + rows)
    assert [(event.type, event.id) for event in log.events] == [("x", "1"), ("z", None), ("z", None)]
    assert (log.inputs[0].duplicates, log.inputs[0].rows) == (1, 4)


def test_a_refused_row_does_not_take_its_id(read_bytes):
    log = read_bytes("event_id,case,time,event\n1,A,soon,x\n1,A,2026-03-02 09:00,y\n")
    assert [event.type for event in log.events] == ["y"]


NOT_A_LOG = {
    "empty": (b"", "log.csv", "is empty"),
    "blank": (b" \n\r\n\t", "log.csv", "is empty"),
    "a mark only": (b"\xef\xbb\xbf", "log.csv", "is empty"),
    "an empty gzip": (gzip.compress(b""), "log.csv.gz", "is empty"),
    "binary": (bytes(range(256)) * 40, "log.csv", "is not text"),
    "all NUL": (b"\0" * 5000, "log.csv", "is empty"),
    "a workbook": (b"PK\x03\x04" + b"\0" * 100, "log.csv", "is a zip archive or an Excel workbook"),
    "no Parquet": (b"case,time\n", "log.parquet", "is no Parquet file"),
    "a damaged gzip": (b"\x1f\x8b" + b"abc" * 20, "log.csv.gz", "cannot be read: the compressed data is damaged"),
    "a quote that swallows the headings": (b'"case,time,event\nA,x,y\n', "log.csv", "has no readable row of headings"),
}


@pytest.mark.parametrize(("content", "name", "message"), NOT_A_LOG.values(), ids=NOT_A_LOG.keys())
def test_what_is_no_log_is_a_clear_error(content, name, message, read_bytes):
    with pytest.raises(LogError) as caught:
        read_bytes(content, name)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message.split("` ")[1] == message
    assert diagnostic.code == "SLA0602"


def test_headings_without_rows_are_a_warning(read_bytes):
    log = read_bytes(HEAD)
    assert (log.events, [warning.code for warning in log.warnings]) == ([], ["SLA0610"])


def test_a_log_of_which_no_row_can_be_read_is_an_error_that_says_why(read_bytes):
    with pytest.raises(LogError) as caught:
        read_bytes("case,time,event\nA,29/2/2016 01:16,x\nB,1/3/2016 01:16,x\n")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "SLA0606"
    assert diagnostic.notes == (
        "row 1 in column `time`: `29/2/2016 01:16` is not written as ISO 8601: its format has to be said",
    )
    assert "format" in diagnostic.help
    assert len(caught.value.log.rejects) == 2


def test_a_gzip_that_ends_early_gives_what_it_holds(read_bytes):
    rows = "".join(f"C{n},2026-03-02T09:00:00Z,created,{n * 7919 % 9973},\n" for n in range(20_000))
    whole = gzip.compress((HEAD + rows).encode())
    log = read_bytes(whole[: len(whole) // 2], "log.csv.gz")
    assert 1000 < len(log.events) < 20_000
    assert log.warnings[0].message.endswith("could not be read to its end: the compressed data ends early")


def test_strict_makes_refused_rows_an_error_and_keeps_them(read_bytes):
    with pytest.raises(LogError) as caught:
        read_bytes(HEAD + ROW + "B,soon,created,,\n", strict=True)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["SLA0607"]
    assert len(caught.value.log.rejects) == 1


def test_only_the_attributes_wanted_are_kept(read_bytes):
    log = read_bytes(HEAD + ROW, attributes=frozenset({"score"}))
    assert log.events[0].attributes == {"score": "70"}
    assert log.attribute_names == {"score"}
    assert read_bytes(HEAD + ROW, attributes=frozenset()).events[0].attributes == {}


def test_rejects_are_written_whole(read_bytes, tmp_path):
    log = read_bytes(HEAD + ROW + 'B,soon,"cre\nated",,\n')
    log.write_rejects(tmp_path / "rejects.csv")
    import csv

    with open(tmp_path / "rejects.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1
    assert rows[0]["input"].endswith("log.csv")
    assert (rows[0]["row"], rows[0]["cell"], rows[0]["text"]) == ("2", "soon", 'B,soon,"cre\nated",,')
