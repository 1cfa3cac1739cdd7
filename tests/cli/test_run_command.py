"""`sladsl run`: its options, outputs and exit codes."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from commands import LOG, POLICY, Command

BROKEN_POLICY = "first contact: sales contacts within 24m of created\n"


def test_the_text_result_goes_to_standard_output(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("✗ policy: not kept\n  1 of 2 promises broken, 50% kept; 1 still open\n")
    assert "\x1b" not in ran.out


def test_it_tells_what_was_read_and_matched(sladsl: Command) -> None:
    out = sladsl("run", "policy.sla", "log.csv").out
    assert "log.csv: 5 rows, 3 cases, 2026-03-02 to 2026-03-04" in out
    assert "case = case, time = time, event = event, actor = actor" in out
    assert "`contacts` matched contacted (2)" in out


def test_json_to_a_file_and_verdicts_to_another(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--format", "json", "-o", "r.json", "--verdicts", "v.csv")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    tree = json.loads(Path("r.json").read_text())
    assert tree["clauses"][0]["attainment"] == 0.5
    assert len(tree["inputs"][0]["hash"]) == len(tree["policy"]["hash"]) == 64
    rows = list(csv.DictReader(Path("v.csv").read_text().splitlines()))
    assert [(row["case"], row["status"]) for row in rows] == [("A", "met"), ("B", "late"), ("C", "open")]


def test_verdicts_to_standard_output_stand_alone(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--verdicts", "-")
    assert [row["case"] for row in csv.DictReader(io.StringIO(ran.out))] == ["A", "B", "C"]
    assert sladsl("run", "policy.sla", "log.csv", "--format", "csv").out == ran.out


def test_verdicts_as_ndjson_and_parquet(sladsl: Command) -> None:
    assert sladsl("run", "policy.sla", "log.csv", "--verdicts", "v.ndjson", "--quiet").out == ""
    assert [json.loads(line)["case"] for line in Path("v.ndjson").read_text().splitlines()] == ["A", "B", "C"]
    assert sladsl("run", "policy.sla", "log.csv", "--verdicts", "v.parquet", "-q").code == 0
    assert pq.read_table("v.parquet").num_rows == 3


def test_junit(sladsl: Command) -> None:
    out = sladsl("run", "policy.sla", "log.csv", "--format", "junit").out
    assert '<testsuites name="policy" tests="3" failures="1" errors="0" skipped="1">' in out


def test_same_inputs_same_bytes(sladsl: Command) -> None:
    for form in ("text", "json", "csv", "junit"):
        first = sladsl("run", "policy.sla", "log.csv", "--format", form)
        assert sladsl("run", "policy.sla", "log.csv", "--format", form) == first


def test_standard_input_is_a_log(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "-", "--verdicts", "-", stdin=LOG)
    assert ran.out.count("\n") == 4


def test_as_of_cuts_the_log(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--as-of", "2026-03-03T08:00:00Z", "--verdicts", "-")
    assert [row["status"] for row in csv.DictReader(io.StringIO(ran.out))] == ["met", "open"]


def test_as_of_that_is_no_instant_is_told(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--as-of", "soon")
    assert ran.code == 2
    assert "`soon` is no instant" in ran.err


def test_where_keeps_the_cases_for_which_it_holds_at_their_end(sladsl: Command) -> None:
    Path("log.csv").write_text(
        LOG.replace("actor\n", "actor,region\n", 1).replace(
            "A,2026-03-02T10:00:00Z,contacted,sales", "A,2026-03-02T10:00:00Z,contacted,sales,ES"
        )
    )
    ran = sladsl("run", "policy.sla", "log.csv", "--where", 'region = "ES"', "--verdicts", "-")
    assert [row["case"] for row in csv.DictReader(io.StringIO(ran.out))] == ["A"]


def test_where_that_cannot_be_read_is_told_at_its_place(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--where", "region = ")
    assert ran.code == 2
    assert "--where" in ran.err
    assert "the expression ends too early" in ran.err


@pytest.mark.parametrize("where", ["a = 1; b = 2", "a = 1) or (", 'event = "created"', "a = 1\nb = 2: c"])
def test_where_is_one_state_and_nothing_else(sladsl: Command, where: str) -> None:
    assert sladsl("run", "policy.sla", "log.csv", "--where", where).code == 2


@pytest.mark.parametrize("option", [("--timezone", "Europe/Nowhere"), ("--lateness", "5m"), ("--lateness", "soon")])
def test_what_an_option_cannot_say_is_wrong_usage(sladsl: Command, option: tuple[str, str]) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", *option)
    assert ran.code == 2
    assert f"`{option[1]}`" in ran.err


def test_a_full_disk_is_no_error_of_ours(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "-o", "/dev/full")
    assert (ran.code, ran.err) == (2, "sladsl: no space left on device\n")


def test_columns_can_be_named(sladsl: Command) -> None:
    Path("log.csv").write_text(LOG.replace("case,time,event,actor", "who,time,what,actor"))
    assert sladsl("run", "policy.sla", "log.csv").code == 4
    ran = sladsl("run", "policy.sla", "log.csv", "--column", "case=who", "--column", "event=what")
    assert ran.code == 0
    assert "case = who" in ran.out


def test_lists_can_be_given(sladsl: Command) -> None:
    Path("policy.sla").write_text("qualified lead = score>=60 and role in buyer_persona; sales contacts within 24h\n")
    Path("log.csv").write_text("case,time,event,actor,score,role\nA,2026-03-02T09:00:00Z,created,m,70,cto\n")
    assert sladsl("run", "policy.sla", "log.csv").code == 3
    ran = sladsl("run", "policy.sla", "log.csv", "--list", "buyer_persona=cto,cfo")
    assert ran.code == 0
    assert "1 still open" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run"], "Missing argument"),
        (["run", "log.csv"], "name a policy first"),
        (["run", "policy.sla"], "name a log as well"),
        (["run", "policy.sla", "log.csv", "--nonsense"], "No such option"),
        (["run", "policy.sla", "log.csv", "--format", "pdf"], "Invalid value for '--format'"),
        (["run", "policy.sla", "log.csv", "--format", "json", "--verdicts", "-"], "both go to standard output"),
        (["run", "policy.sla", "log.csv", "--verdicts", "v.xlsx"], "--verdicts takes a file ending"),
        (["run", "policy.sla", "log.csv", "-o", "no/such/folder/r.txt"], "there is no folder"),
        (["run", "policy.sla", "log.csv", "--column", "case"], "--column takes NAME=VALUE"),
        (["runn"], "did you mean `run`?"),
    ],
)
def test_wrong_usage_exits_with_2(sladsl: Command, arguments: list[str], told: str) -> None:
    ran = sladsl(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_two_results_may_go_to_two_places(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--format", "json", "-o", "r.json", "--verdicts", "-")
    assert ran.code == 0
    assert ran.out.startswith("clause,case,")


def test_a_policy_that_does_not_compile_exits_with_3(sladsl: Command) -> None:
    Path("policy.sla").write_text(BROKEN_POLICY)
    ran = sladsl("run", "policy.sla", "log.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "policy.sla:1:38" in ran.err


def test_a_policy_that_is_not_there_exits_with_3(sladsl: Command) -> None:
    ran = sladsl("run", "polcy.sla", "log.csv")
    assert ran.code == 3
    assert "there is no file `polcy.sla`" in ran.err
    assert "did you mean `policy.sla`?" in ran.err


def test_a_log_that_cannot_be_judged_exits_with_4(sladsl: Command) -> None:
    Path("log.csv").write_text("a,b\n1,2\n")
    ran = sladsl("run", "policy.sla", "log.csv")
    assert (ran.code, ran.out) == (4, "")
    assert sladsl("run", "policy.sla", "nowhere.csv").code == 4


def test_bad_rows_are_counted_shown_and_kept(sladsl: Command) -> None:
    Path("log.csv").write_text(LOG + "D,soon,created,marketing\n,2026-03-04T09:00:00Z,created,x\n")
    ran = sladsl("run", "policy.sla", "log.csv", "--rejects", "bad.csv")
    assert ran.code == 0
    assert "2 rows could not be read and were left out" in ran.out
    assert [row["row"] for row in csv.DictReader(Path("bad.csv").read_text().splitlines())] == ["6", "7"]


def test_strict_allows_no_bad_row_and_still_writes_them(sladsl: Command) -> None:
    Path("log.csv").write_text(LOG + "D,soon,created,marketing\n")
    ran = sladsl("run", "policy.sla", "log.csv", "--strict", "--rejects", "bad.csv")
    assert (ran.code, ran.out) == (4, "")
    assert "soon" in Path("bad.csv").read_text()


def test_strict_allows_no_verb_without_events_and_no_unchecked_party(sladsl: Command) -> None:
    Path("log.csv").write_text("case,time,event\nA,2026-03-02T09:00:00Z,created\n")
    loose = sladsl("run", "policy.sla", "log.csv")
    assert loose.code == 0
    assert "`contacts` matched no event" in loose.out
    strict = sladsl("run", "policy.sla", "log.csv", "--strict")
    assert strict.code == 4
    assert "error[SLA0911]" in strict.err
    assert "error[SLA0912]" in strict.err


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("breach", 1), ("missed", 0), ("undecided", 0)])
def test_fail_on_exits_with_1_where_it_finds_it(sladsl: Command, fail_on: str, code: int) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--fail-on", fail_on)
    assert ran.code == code
    assert "not kept" in ran.out


def test_options_come_from_the_environment(sladsl: Command) -> None:
    assert sladsl("run", "policy.sla", "log.csv", SLADSL_RUN_FAIL_ON="breach").code == 1
    assert sladsl("run", "policy.sla", "log.csv", SLADSL_RUN_FORMAT="junit").out.startswith("<?xml")


def test_colour_is_for_those_who_want_it(sladsl: Command) -> None:
    assert "\x1b[1;31m" in sladsl("run", "policy.sla", "log.csv", FORCE_COLOR="1").out
    assert "\x1b" not in sladsl("run", "policy.sla", "log.csv", FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b" not in sladsl("run", "policy.sla", "log.csv", "--no-color", FORCE_COLOR="1").out


def test_quiet_says_nothing_but_errors(sladsl: Command) -> None:
    ran = sladsl("run", "policy.sla", "log.csv", "--quiet", "--fail-on", "breach")
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert sladsl("run", "policy.sla", "nowhere.csv", "-q").err != ""


def test_warnings_of_other_forms_go_to_standard_error(sladsl: Command) -> None:
    Path("log.csv").write_text(LOG.replace("contacted", "met"))
    ran = sladsl("run", "policy.sla", "log.csv", "--format", "json")
    assert json.loads(ran.out)["warnings"][0]["code"] == "SLA0911"
    assert "warning[SLA0911]" in ran.err
    assert sladsl("run", "policy.sla", "log.csv", "--format", "json", "-q").err == ""


def test_a_compiled_policy_judges_the_same(sladsl: Command) -> None:
    assert sladsl("compile", "policy.sla", "-o", "policy.json").code == 0
    plain = sladsl("run", "policy.sla", "log.csv", "--format", "csv")
    assert sladsl("run", "policy.json", "log.csv", "--format", "csv") == plain


def test_versions_judge_what_starts_in_their_period(sladsl: Command) -> None:
    for name, period, hours in (("old", "from 2026-01-01 until 2026-03-03", 48), ("new", "from 2026-03-03", 1)):
        header = f'sla "Contacts"\n    effective {period}\n'
        Path(f"{name}.sla").write_text(header + POLICY.replace("24h", f"{hours}h"))
    log = LOG + "A,2026-03-04T11:00:00Z,created,x\nA,2026-03-04T13:00:00Z,contacted,sales\n"
    Path("log.csv").write_text(log)
    ran = sladsl("run", "new.sla", "old.sla", "log.csv", "--format", "csv")
    rows = [(row["case"], row["number"], row["target"], row["status"]) for row in csv.DictReader(io.StringIO(ran.out))]
    assert rows == [
        ("A", "1", "48h", "met"),
        ("A", "2", "1h", "late"),
        ("B", "1", "48h", "late"),
        ("C", "1", "1h", "breached"),
    ]


def test_versions_in_force_at_the_same_time_are_refused(sladsl: Command) -> None:
    Path("other.sla").write_text(POLICY)
    ran = sladsl("run", "policy.sla", "other.sla", "log.csv")
    assert ran.code == 3
    assert "in force at the same time" in ran.err


def test_an_empty_log_is_no_error(sladsl: Command) -> None:
    Path("log.csv").write_text("case,time,event,actor\n")
    ran = sladsl("run", "policy.sla", "log.csv")
    assert ran.code == 0
    assert ran.out.startswith("~ policy: nothing to judge\n")


def test_a_cell_that_could_not_be_read_is_said_once(sladsl: Command) -> None:
    Path("log.csv").write_text(LOG + "D,2026-13-02 09:00,created,marketing\n")
    told = sladsl("run", "policy.sla", "log.csv").out
    assert told.count("`2026-13-02 09:00`") == 1


def test_a_decimal_comma_in_the_log_is_told_with_what_to_do(sladsl: Command) -> None:
    Path("policy.sla").write_text("quality: average of rating at closed >= 4 per month\n")
    Path("log.csv").write_text('case,time,event,rating\nA,2026-03-02 09:00,closed,"4,5"\n')
    told = " ".join(sladsl("run", "policy.sla", "log.csv").out.split())
    assert "`4,5` is not a number" in told
    assert "the decimals of a log stand after a point" in told
