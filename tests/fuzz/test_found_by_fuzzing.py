"""What fuzzing has found, once each: mended, and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sladsl
from sladsl.cli import exits
from sladsl.cli.main import main
from sladsl.ir.wire import WireError, from_json

PROMISE = "first contact: sales contacts within 24h of created"


@pytest.mark.parametrize("given", [5, None, 1.5, "created", b"x", object])
def test_feed_says_what_it_takes(given: Any) -> None:
    with pytest.raises(TypeError, match="feed takes a dictionary, an Event, or many of them, not `"):
        sladsl.load(text=PROMISE).monitor().feed(given)


@pytest.mark.parametrize("given", [None, 1.5, True, [], range(3)])
def test_advance_says_what_it_takes(given: Any) -> None:
    with pytest.raises(TypeError, match="an instant is a datetime, a date, a text, or microseconds since 1970, not `"):
        sladsl.load(text=PROMISE).monitor().advance(given)


@pytest.mark.parametrize(
    "row", [5, None, "created", b"", [1], ("case", "A"), float("nan"), 10**5000], ids=lambda row: type(row).__name__
)
def test_what_is_no_dictionary_among_what_is_fed_is_rejected(row: Any) -> None:
    monitor = sladsl.load(text=PROMISE).monitor()
    monitor.feed([row, {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created"}])
    assert [reject.reason[:29] for reject in monitor.rejects] == ["an event is a dictionary, not"]
    assert len(monitor.open()) == 1


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("position",), 7),
        (("monitor", "buffer", "newest_us"), "soon"),
        (("monitor", "buffer", "lateness_us"), None),
        (("monitor", "machine", "now"), []),
        (("monitor", "machine", "cases"), {}),
        (("monitor", "machine", "cases", 0, 3, 2), 1 << 40),
    ],
)
def test_a_snapshot_that_was_changed_is_refused(place: tuple[Any, ...], value: Any) -> None:
    policy = sladsl.load(text=PROMISE)
    monitor = policy.monitor()
    monitor.feed({"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created"})
    state = json.loads(json.dumps(monitor.snapshot()))
    assert policy.monitor(state).snapshot() == state
    here = state
    for key in place[:-1]:
        here = here[key]
    here[place[-1]] = value
    with pytest.raises(sladsl.StateError):
        policy.monitor(state)


@pytest.mark.parametrize("state", [[], "x", 5, {}])
def test_what_is_no_snapshot_is_refused(state: Any) -> None:
    with pytest.raises(sladsl.StateError):
        sladsl.load(text=PROMISE).monitor(state)


@pytest.mark.parametrize("plan", [[], [1], "x", None, 5])
def test_a_compiled_policy_whose_plan_is_no_object(plan: Any) -> None:
    tree = {**json.loads(sladsl.load(text=PROMISE).to_json()), "plan": plan}
    with pytest.raises(WireError):
        from_json(json.dumps(tree))


def test_a_compiled_share_of_no_status() -> None:
    text = f"{PROMISE}\nkept: at least 95% of first contact met per month"
    tree = json.loads(sladsl.load(text=text).to_json())
    tree["plan"]["objectives"][0]["measure"]["status"] = "region"
    with pytest.raises(WireError, match="a share of cycles that are `region`"):
        from_json(json.dumps(tree))


def test_a_label_written_otherwise_at_a_level() -> None:
    text = 'first response: support replies within 8h of created\ncustomer "ACME"\n    First_Response: support replies within 4h of created\n'
    event = {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "customer": "ACME"}
    result = sladsl.run(sladsl.load(text=text), [event])
    assert [(row.clause, row.level, row.opened) for row in result.clauses] == [
        ("first response", "corporate", 0),
        ("first response", "customer ACME", 1),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"language": "xx"}, "the language `xx` is unknown"),
        ({"groups": ["other"]}, "clause 0 is called `first contact`, and its group `other`"),
        ({"credit_cap": ["0.15", "1000", "EUR", "1/4"]}, "a cap counts per `1/4`"),
        ({"credit_cap": ["1/0", "1000", "EUR", "month"]}, "a cap is neither a share nor money"),
        ({"credit_cap": ["", "1e9", "EUR", "month"]}, "a cap is neither a share nor money"),
    ],
)
def test_a_compiled_policy_that_means_nothing(change: dict[str, Any], said: str) -> None:
    tree = json.loads(sladsl.load(text=PROMISE).to_json())
    tree["plan"].update(change)
    with pytest.raises(WireError) as refused:
        from_json(json.dumps(tree))
    assert said in str(refused.value)


@pytest.mark.parametrize("instant", [10**18, -(10**17), 10**5000], ids=["after", "before", "far"])
def test_an_instant_outside_all_years(instant: int) -> None:
    policy = sladsl.load(text=PROMISE)
    with pytest.raises(sladsl.LogError, match="outside the years 1 to 9999"):
        policy.monitor().advance(instant)
    with pytest.raises(sladsl.LogError, match="outside the years 1 to 9999"):
        sladsl.run(policy, [{"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created"}], as_of=instant)
    for edge in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"):
        policy.monitor().advance(edge)


@pytest.mark.parametrize(
    "text",
    ["00 my\n_:\n   entrapment\n        4h when tier = 1\n", "calendar c\n    mon-fri 09:00-10:00\n    holidays mon\n"],
)
def test_names_that_are_none(text: str) -> None:
    with pytest.raises(sladsl.PolicyError):
        sladsl.load(text=text)


def test_a_compiled_clause_without_the_target_of_its_form() -> None:
    tree = json.loads(sladsl.load(text="waiting = status = 1\nwait: time while waiting at most 3 days\n").to_json())
    tree["plan"]["clauses"][0]["rows"] = []
    with pytest.raises(WireError, match="clause 0 has no target"):
        from_json(json.dumps(tree))


def test_a_compiled_condition_that_does_not_read_what_it_says() -> None:
    tree = json.loads(sladsl.load(text=f"{PROMISE}, when role = 1").to_json())
    place = next(i for i, condition in enumerate(tree["plan"]["conditions"]) if condition["reads"])
    tree["plan"]["conditions"][place]["reads"] = ["role", "team"]
    with pytest.raises(WireError, match=f"condition {place} says that it reads `team` and does not"):
        from_json(json.dumps(tree))


@pytest.mark.parametrize("log", ["\0", "none.ndjson"])
def test_a_log_that_is_no_file(log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "p.sla"
    policy.write_text(PROMISE)
    with pytest.raises(SystemExit) as ended:
        main(["watch", str(policy), log, "--once", "--state", str(tmp_path / "state.db")])
    assert ended.value.code == exits.USAGE
    assert "no such file" in capsys.readouterr().err
