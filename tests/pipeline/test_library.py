"""The library: load, run, monitor."""

import datetime as dt
import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import sladsl

TEXT = "first contact: sales contacts within 24h of created\n    warn at 50%\n"
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def event(case: str, type: str, hours: float = 0, actor: str = "sales", **attributes: Any) -> dict[str, Any]:
    return {"case": case, "time": START + dt.timedelta(hours=hours), "event": type, "actor": actor, **attributes}


LOG = [event("A", "created"), event("A", "contact", 1), event("B", "created"), event("B", "contacted", 30)]


def told(rows: Iterable[sladsl.VerdictRow]) -> list[tuple[str, str]]:
    return [(row.case, row.status) for row in rows]


def test_a_policy_from_a_file_or_a_text(tmp_path: Path) -> None:
    path = tmp_path / "p.sla"
    path.write_text(TEXT)
    assert sladsl.load(path).plan == sladsl.load(str(path)).plan == sladsl.load(text=TEXT).plan
    assert sladsl.load(path).name == "p"


def test_load_takes_one_of_the_two() -> None:
    with pytest.raises(TypeError, match="either"):
        sladsl.load()


def test_a_policy_that_does_not_compile_carries_its_diagnostics() -> None:
    with pytest.raises(sladsl.PolicyError) as caught:
        sladsl.load(text="first: sales contacts within 24m of created\n", name="p.sla")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.is_error) == ("SLA0203", True)
    assert "--> p.sla:1:30" in str(caught.value)


def test_a_compiled_policy_is_the_same_policy(tmp_path: Path) -> None:
    policy = sladsl.load(text=TEXT)
    path = tmp_path / "p.json"
    path.write_text(policy.to_json())
    assert sladsl.load(path).plan == policy.plan
    assert sladsl.load(path).hash == policy.hash


def test_a_compiled_policy_takes_a_zone_but_no_lists(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(sladsl.load(text=TEXT).to_json())
    assert sladsl.load(path, timezone="Europe/Madrid", lateness="1h").plan.zone == "Europe/Madrid"
    for wrong in ({"timezone": "Mars"}, {"lists": {"a": ["b"]}}):
        with pytest.raises(sladsl.PolicyError):
            sladsl.load(path, **wrong)  # type: ignore[arg-type]
    with pytest.raises(sladsl.PolicyError, match="cannot take `--where`"):
        sladsl.run(path, LOG, where="size > 5")


def test_formatting_keeps_the_hash_and_meaning_changes_it() -> None:
    hashes = [sladsl.load(text=text).hash for text in (TEXT, f"# a comment\n\n{TEXT}", TEXT.replace("24h", "25h"))]
    assert hashes[0] == hashes[1] != hashes[2]


def test_what_the_caller_says_wins_over_the_policy() -> None:
    header = 'sla "x"\n    timezone Europe/Madrid\n    lateness 1h\n'
    plan = sladsl.load(text=header + TEXT, timezone="UTC", lateness="90 min").plan
    assert (plan.zone, plan.lateness_us) == ("UTC", 5_400_000_000)
    with pytest.raises(sladsl.PolicyError, match="no duration"):
        sladsl.load(text=TEXT, lateness="soon")


def test_run_on_dictionaries() -> None:
    result = sladsl.run(sladsl.load(text=TEXT), LOG)
    late = result.verdicts[1]
    assert told(result.verdicts) == [("A", "met"), ("B", "late")]
    assert (late.clause, late.party, late.level, late.number, late.target) == (
        "first contact",
        "sales",
        "corporate",
        1,
        "24h",
    )
    assert late.opened == START
    assert late.due == START + dt.timedelta(hours=24)
    assert (late.elapsed, late.late_by, late.elapsed_text) == (dt.timedelta(hours=30), dt.timedelta(hours=6), "1d 6h")
    assert late.missed
    assert result.clauses[0].attainment == Fraction(1, 2)
    assert result.table().num_rows == 2
    assert json.dumps(result.to_dict())


def test_run_on_a_file_by_the_file_of_a_policy(tmp_path: Path) -> None:
    (tmp_path / "p.sla").write_text(TEXT)
    (tmp_path / "log.csv").write_text("case,time,event,actor\nA,2026-03-02T09:00:00Z,created,x\n")
    result = sladsl.run(tmp_path / "p.sla", tmp_path / "log.csv", as_of="2026-03-04")
    assert told(result.verdicts) == [("A", "breached")]
    result.write_verdicts(tmp_path / "v.csv")
    assert (tmp_path / "v.csv").read_text().count("\n") == 2


def test_as_of_a_date_is_its_first_instant() -> None:
    policy = sladsl.load(text=TEXT)
    result = sladsl.run(policy, LOG, as_of=dt.date(2026, 3, 3))
    assert result.as_of_us == sladsl.run(policy, LOG, as_of="2026-03-03T00:00:00Z").as_of_us == 1_772_496_000_000_000
    with pytest.raises(TypeError, match="an instant is a datetime"):
        sladsl.run(policy, LOG, as_of=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "as_of", [START + dt.timedelta(hours=2), "2026-03-02T11:00:00Z", "2026-03-02 11:00", 1_772_449_200_000_000]
)
def test_as_of_in_any_form(as_of: Any) -> None:
    result = sladsl.run(sladsl.load(text=TEXT), LOG, as_of=as_of)
    assert told(result.verdicts) == [("A", "met"), ("B", "open")]


def test_a_log_that_cannot_be_judged() -> None:
    with pytest.raises(sladsl.LogError, match="column") as caught:
        sladsl.run(sladsl.load(text=TEXT), [{"a": 1}])
    assert caught.value.diagnostics


def test_an_engine_that_is_none() -> None:
    with pytest.raises(ValueError, match="engine"):
        sladsl.run(sladsl.load(text=TEXT), LOG, engine="magic")


def test_where_reads_what_held_at_the_end() -> None:
    log = [
        event("A", "created", size=1),
        event("A", "note", 1, size=9),
        event("B", "created", size=9),
        event("B", "note", 1, size=1),
    ]
    result = sladsl.run(sladsl.load(text=TEXT), log, where="size > 5")
    assert told(result.verdicts) == [("A", "open")]
    assert told(sladsl.run(sladsl.load(text=TEXT), log, where="size > 5", as_of=START).verdicts) == [("B", "open")]


def test_where_that_is_wrong_points_into_the_expression() -> None:
    with pytest.raises(sladsl.PolicyError) as caught:
        sladsl.run(sladsl.load(text=TEXT), LOG, where="size > yes")
    assert caught.value.diagnostics[0].span is not None
    assert caught.value.diagnostics[0].span.source == "--where"
    assert caught.value.sources[0].text == "size > yes"


def test_what_is_made_says_what_it_is_in_a_line() -> None:
    policy = sladsl.load(text='sla "Leads"\n' + TEXT)
    assert repr(policy) == "Policy(Leads: 1 clauses, 0 objectives)"
    assert repr(sladsl.run(policy, LOG)) == "Result(Leads, as of 2026-03-03T15:00:00Z: 2 verdicts)"
    assert repr(sladsl.run(policy, [])) == "Result(Leads, as of nothing: 0 verdicts)"


def test_what_is_given_in_the_wrong_kind() -> None:
    with pytest.raises(TypeError, match="columns is a dictionary"):
        sladsl.run(sladsl.load(text=TEXT), LOG, columns="case=lead")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="text is the policy's text, not `bytes`"):
        sladsl.load(text=TEXT.encode())  # type: ignore[arg-type]


def test_steps_are_told() -> None:
    steps: list[str] = []
    sladsl.run(sladsl.load(text=TEXT), LOG, on_step=lambda step, share: steps.append(step))
    assert steps == ["reading the log", "judging 4 events"]


def test_a_monitor_gives_verdicts_as_soon_as_they_are_certain() -> None:
    monitor = sladsl.load(text=TEXT).monitor()
    assert monitor.feed([event("A", "created"), event("B", "created")]) == []
    assert monitor.next_due() == START + dt.timedelta(hours=12)  # the warning
    assert told(monitor.feed(event("A", "contact", 1))) == [("A", "met")]
    assert told(monitor.open()) == [("B", "open")]
    assert told(monitor.advance(START + dt.timedelta(hours=24))) == [("B", "breached")]
    assert [(alert.case, alert.kind) for alert in monitor.alerts()] == [("B", "warn")]
    assert monitor.alerts() == []
    assert told(monitor.open()) == [("B", "breached")]
    assert told(monitor.feed(event("B", "contact", 30))) == [("B", "late")]
    assert monitor.open() == []
    assert monitor.next_due() is None


def test_a_monitor_goes_on_from_a_snapshot() -> None:
    policy = sladsl.load(text=TEXT)
    whole, first = policy.monitor(), policy.monitor()
    for monitor in (whole, first):
        monitor.feed([LOG[0], LOG[2], LOG[1]])
    second = policy.monitor(json.loads(json.dumps(first.snapshot())))
    assert second.snapshot() == whole.snapshot()
    assert told(second.feed(LOG[3])) == told(whole.feed(LOG[3])) == [("B", "breached"), ("B", "late")]


def test_a_snapshot_that_fits_nothing() -> None:
    policy = sladsl.load(text=TEXT)
    good = policy.monitor().snapshot()
    other = sladsl.load(text=TEXT.replace("24h", "25h")).monitor().snapshot()
    for state in ({}, {**good, "monitor": {}}, {**good, "position": "x"}, other):
        with pytest.raises(sladsl.StateError):
            policy.monitor(state)


def test_what_cannot_be_read_and_what_comes_too_late_is_kept() -> None:
    monitor = sladsl.load(text='sla "x"\n    lateness 1h\n' + TEXT).monitor()
    assert monitor.feed({"case": "A", "time": "soon", "event": "created"}) == []
    assert [reject.column for reject in monitor.rejects] == ["time"]
    monitor.feed([event("A", "created", 10), event("A", "created", 8.5)])
    assert [late.time_us for late in monitor.late] == [1_772_472_600_000_000]


def test_the_order_of_arrival_within_an_instant_is_kept_over_feeds() -> None:
    monitor = sladsl.load(text='a: sales must not email while status = "out"\n').monitor()
    rows = monitor.feed(event("A", "note", status="out"))
    rows += monitor.feed(event("A", "email", status="in"))
    assert told(rows) == [("A", "breached")]


def test_everything_that_is_named_is_there() -> None:
    assert all(getattr(sladsl, name) is not None for name in sladsl.__all__)
    assert set(sladsl.__all__) <= set(dir(sladsl))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sladsl.nonsense


def test_the_json_result_names_the_clauses_of_each_protocol() -> None:
    text = 'protocol "new ticket"\n    accept: support accepts within 2h of opened\n'
    text += "    solve: support solves within 8h of fulfilment of accept\nreply: support replies within 1h of opened\n"
    tree = sladsl.run(sladsl.load(text=text), [event("A", "opened")]).to_dict()
    assert tree["protocols"] == [{"protocol": "new ticket", "clauses": ["accept", "solve"]}]
    assert "protocols" not in sladsl.run(sladsl.load(text=TEXT), LOG).to_dict()
