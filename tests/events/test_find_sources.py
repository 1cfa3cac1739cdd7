"""Which files are read, and by which block."""

from __future__ import annotations

import io
import sys

import pytest

from sladsl.events import ColumnRule, InputSpec, LogError, ReadOptions, Reject, StepRule, read, stream
from sladsl.events.sources import find_sources, named_input

HEAD = "case,time,event\n"


def rows(*cases: str) -> str:
    return HEAD + "".join(f"{case},2026-03-02T09:00:00Z,created\n" for case in cases)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log.csv", ("", "log.csv")),
        ("leads=log.csv", ("leads", "log.csv")),
        ("leads=-", ("leads", "-")),
        ("my leads=a/b=c.csv", ("my leads", "a/b=c.csv")),
        ("data/year=2026/log.csv", ("", "data/year=2026/log.csv")),
        ("year=*/log.csv", ("year", "*/log.csv")),
        ("=log.csv", ("", "=log.csv")),
        ("leads=", ("", "leads=")),
    ],
)
def test_a_name_before_a_file(text, expected):
    assert named_input(text) == expected


def test_a_file_whose_own_name_has_the_sign(folder):
    (folder / "a=b.csv").write_text(rows("A"))
    assert named_input("a=b.csv") == ("", "a=b.csv")


def test_globs_come_by_name_and_arguments_as_given(folder):
    for name in ("b.csv", "a.csv", "c.ndjson"):
        (folder / name).write_text("")
    assert [source.path for source in find_sources(["c.ndjson", "*.csv"])] == ["c.ndjson", "a.csv", "b.csv"]


def test_a_file_that_looks_like_a_glob(folder):
    (folder / "log[1].csv").write_text(rows("A"))
    assert [event.case for event in read(["log[1].csv"]).events] == ["A"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([], "no log was given"),
        (["none.csv"], "there is no file `none.csv`"),
        (["none*.csv"], "no file matches `none*.csv`"),
        (["."], "`.` is a folder"),
        (["x" * 5000], f"there is no file `{'x' * 5000}`"),
        (["a\0b"], "there is no file `a\0b`"),
        (["-", "-"], "standard input can be read only once"),
    ],
)
def test_what_is_no_file_is_a_clear_error(inputs, message, folder):
    with pytest.raises(LogError) as caught:
        read(inputs)
    assert [diagnostic.message for diagnostic in caught.value.diagnostics] == [message]


def test_all_that_is_wrong_is_told_at_once(folder):
    (folder / "a.csv").write_text("x,y\n1,2\n")
    (folder / "b.csv").write_text("")
    with pytest.raises(LogError) as caught:
        read(["a.csv", "b.csv"])
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["SLA0603", "SLA0603", "SLA0603", "SLA0602"]


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (rows("A"), "csv"),
        (rows("A").replace(",", "\t"), "csv"),
        ('{"case":"A","time":"2026-03-02T09:00:00Z","event":"created"}\n', "ndjson"),
        ('[{"case":"A","time":"2026-03-02T09:00:00Z","event":"created"}]', "json"),
    ],
)
def test_standard_input_is_what_it_looks_like(content, format, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    log = read(["-"])
    assert [(event.case, event.type) for event in log.events] == [("A", "created")]
    assert (log.inputs[0].path, log.inputs[0].format) == ("-", format)


def test_without_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(LogError, match="standard input cannot be read"):
        read(["-"])


class TestBlocks:
    LEADS = InputSpec("leads", case=ColumnRule("case", "lead"), steps=(StepRule("created", "at"),))
    DEALS = InputSpec("deals", case=ColumnRule("case", "deal"), steps=(StepRule("won", "at"),))

    @pytest.fixture(autouse=True)
    def files(self, folder):
        (folder / "leads.csv").write_text("lead,at\nA,2026-03-02\n")
        (folder / "other.csv").write_text("lead,at\nA,2026-03-02\n")
        (folder / "deals.csv").write_text("deal,at\nA,2026-03-03\n")

    def types(self, inputs, specs):
        return [(event.type, event.input) for event in read(inputs, specs).events]

    def test_a_named_file_is_read_by_the_block_of_its_name(self):
        assert self.types(["deals=deals.csv", "Leads=other.csv"], [self.LEADS, self.DEALS]) == [
            ("created", 1),
            ("won", 0),
        ]

    def test_the_only_block_is_for_every_file_without_a_name(self):
        assert self.types(["other.csv", "leads.csv"], [self.LEADS]) == [("created", 0), ("created", 1)]

    def test_of_several_the_one_without_a_name(self):
        unnamed = InputSpec(case=ColumnRule("case", "lead"), steps=(StepRule("seen", "at"),))
        assert self.types(["other.csv"], [self.DEALS, unnamed]) == [("seen", 0)]

    def test_of_several_the_one_that_has_the_name_of_the_file(self):
        assert self.types(["leads.csv", "deals.csv"], [self.DEALS, self.LEADS]) == [("created", 0), ("won", 1)]

    def test_a_file_that_nothing_says_the_block_of(self):
        with pytest.raises(LogError) as caught:
            read(["other.csv"], [self.LEADS, self.DEALS])
        assert caught.value.diagnostics[0].help == "write `leads=other.csv` or `deals=other.csv`"

    def test_a_name_that_no_block_has(self):
        with pytest.raises(LogError) as caught:
            read(["lead=other.csv"], [self.LEADS, self.DEALS])
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.message == "the policy has no block `events lead`"
        assert diagnostic.help == "did you mean `leads=other.csv`?"

    def test_a_block_that_nothing_is_read_by_is_a_warning(self):
        log = read(["leads=leads.csv"], [self.LEADS, self.DEALS])
        assert [warning.message for warning in log.warnings] == ["nothing was read for `events deals`"]


def test_positions_run_on_over_the_inputs_in_the_order_given(folder):
    (folder / "b.csv").write_text(rows("B1", "B2"))
    (folder / "a.csv").write_text(rows("A1", "A2"))
    log = read(["b.csv", "a.csv"])
    assert [(event.case, event.position, event.input, event.row) for event in log.events] == [
        ("B1", 0, 0, 1),
        ("B2", 1, 0, 2),
        ("A1", 2, 1, 1),
        ("A2", 3, 1, 2),
    ]


def test_an_id_belongs_to_its_argument(folder):
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("event_id,case,time,event\n1,A,2026-03-02,x\n")
    assert [report.duplicates for report in read(["a.csv", "b.csv"]).inputs] == [0, 0]
    assert [report.duplicates for report in read(["*.csv"]).inputs] == [0, 1]


def test_an_option_that_no_input_has_a_column_for(folder):
    (folder / "a.csv").write_text(rows("A"))
    with pytest.raises(LogError) as caught:
        read(["a.csv"], options=ReadOptions(columns=(("case", "lead_id"),)))
    assert caught.value.diagnostics[0].message == "no input has the column `lead_id` that `--column` names"


def test_the_hash_is_that_of_the_file(folder):
    import gzip
    import hashlib

    content = gzip.compress(rows("A", "B").encode())
    (folder / "a.csv.gz").write_bytes(content)
    assert read(["a.csv.gz"]).inputs[0].hash == hashlib.sha256(content).hexdigest()


def test_what_is_known_of_an_input(folder):
    (folder / "a.csv").write_text(rows("A", "B", "A") + "A,2026-03-02T10:00:00Z,closed\n,2026-03-02,x\n")
    (report,) = read(["a.csv"]).inputs
    assert (report.rows, report.events, report.cases, report.rejected) == (5, 4, 2, 1)
    assert (report.first_us, report.last_us) == (1772442000000000, 1772445600000000)


def test_a_stream_gives_events_and_refused_rows_in_the_order_of_the_file(folder):
    (folder / "a.csv").write_text(rows("B") + ",2026-03-02,x\n" + "A,2026-03-01,y\n" + ",2026-03-02,z\n")
    seen = [("reject", item.row) if isinstance(item, Reject) else (item.case, item.row) for item in stream("a.csv")]
    assert seen == [("B", 1), ("reject", 2), ("A", 3), ("reject", 4)]
