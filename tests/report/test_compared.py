"""What a policy asks for and a log never holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from sladsl import load
from sladsl.pipeline import compare
from sladsl.text import Diagnostic

LOG = [
    {
        "case": "a",
        "time": "2026-01-01T10:00Z",
        "event": "created",
        "actor": "marketing",
        "team": "l1",
        "priority": "p1",
    },
    {"case": "a", "time": "2026-01-01T12:00Z", "event": "call", "actor": "sales", "team": "l2", "score": 70},
    {"case": "b", "time": "2026-01-02T12:00Z", "event": "E-Mail", "actor": "Sales", "priority": "p2"},
]


def lacking(policy: str, rows: list[dict[str, object]] | None = None) -> list[Diagnostic]:
    ((found, _),) = compare([load(text=policy)], LOG if rows is None else rows)
    return found


def told(policy: str) -> list[str]:
    """Code, the words at the place, and the advice."""
    return [
        f"{each.code} `{policy[each.span.start : each.span.end] if each.span else ''}` {each.help}".strip()
        for each in lacking(policy)
    ]


CASES = {
    "a slip in a column": (
        "hot = scoer >= 60\nfirst: sales calls within 1h of hot",
        ["SLA0913 `scoer` did you mean `score`? `--column 'scoer=score'` says so, too"],
    ),
    "a column in a definition of a definition": (
        "hot = scoer >= 60\nwarm = hot or score > 3\nfirst: sales calls within 1h of warm",
        ["SLA0913 `scoer` did you mean `score`? `--column 'scoer=score'` says so, too"],
    ),
    "the column of a point in time": (
        "first: sales calls by promised of created",
        ["SLA0913 `by promised`"],
    ),
    "a verb that matches nothing": (
        "first: sales emial within 1h of created",
        ["SLA0911 `emial` did you mean `E-Mail`?"],
    ),
    "an event that is asked for by its name": (
        'calls = event in ("call", "calll")\nfirst: sales calls within 1h of created',
        ['SLA0923 `event in ("call", "calll")` did you mean `call`?'],
    ),
    "a text in other letters": (
        'first: sales calls within 2h of created\n    1h when priority = "P1"',
        ['SLA0924 `"P1"` did you mean `"p1"`?'],
    ),
    "a party by a name that nobody has": (
        "first: sale calls within 1h of created",
        ['SLA0922 `sale` did you mean `Sales`? `party sale = actor = "Sales"` says so'],
    ),
    "a party that asks for what never is": (
        'party sales = team = "ae"\nfirst: sales calls within 1h of created',
        ["SLA0922 `sales` correct what `party sales` asks for"],
    ),
    "an actor that the log does not have": (
        'calls = event = "call" and actor = "slaes"\nfirst: must calls within 1h of created',
        ['SLA0922 `"slaes"` did you mean `sales`?'],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_told_with_its_place_and_the_nearest_name(name: str) -> None:
    policy, expected = CASES[name]
    assert told(policy) == expected


@pytest.mark.parametrize(
    "policy",
    [
        "first: sales calls within 1h of created",
        'first: sales calls within 1h of created\n    1h when priority = "p1"',
        'calls = event in ("Call", "e mail")\nfirst: sales calls within 1h of created',
        'party sales = team = "l2"\nfirst: sales calls within 1h of created',
        'odd = scoer > 3\nlist personas = "x"\nfirst: sales calls within 1h of created',  # what is not used is not asked for
        'first: sales calls within 1h of created\n    1h when priority = "urgent"',  # may come yet: nothing is near it
        'first: sales calls within 1h of created\n    1h when priority in ("p1", "P1")',  # both are meant
    ],
)
def test_what_the_log_has_is_not_told(policy: str) -> None:
    assert told(policy) == []


def test_a_log_without_actors_is_told_once() -> None:
    rows = [{key: value for key, value in row.items() if key != "actor"} for row in LOG]
    assert [each.code for each in lacking("first: sales calls within 1h of created", rows)] == ["SLA0912"]


def test_a_log_without_events() -> None:
    assert [each.code for each in lacking("first: sales calls within 1h of created", LOG[:0])] == ["SLA0910"]


def test_each_phrase_tells_what_it_matched() -> None:
    ((_, matched),) = compare([load(text="first: sales calls within 1h of created")], LOG)
    assert {row.phrase: dict(row.events) for row in matched} == {"calls": {"call": 1}, "created": {"created": 1}}


def test_a_compiled_policy_is_compared_without_places(tmp_path: Path) -> None:
    compiled = load(text="hot = scoer >= 60\nfirst: sales calls within 1h of hot").to_json()
    path = tmp_path / "policy.json"
    path.write_text(compiled)
    ((found, _),) = compare([load(path)], LOG)
    assert [(each.code, each.span) for each in found] == [("SLA0913", None)]
