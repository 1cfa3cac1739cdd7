"""What `sladsl run` says of objectives, budgets, money and alerts, as text and as JSON: word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Command

POLICY = """
sla "Hosting"
    timezone Europe/Madrid
    credits at most 30% of monthly fee per month
monthly fee = 1_000 EUR
up = status = "up"
uptime: share of time while up >= 99% per month
    by customer
    credit of monthly fee
        10% below 99%
        50% below 90%
    alert when burn rate > 10 over 1h and 5 min
    alert when missed 2 windows in a row
reply: support replies within 4h of each opened
    penalty 30 EUR per miss, at most 50 EUR
    penalty 5 EUR per started hour late
speed: p95 of time of reply <= 3h per month
"""
LOG = """
case,time,event,status,customer,actor
a,2026-01-01T00:00:00+01:00,probe,up,ACME,monitor
b,2026-01-01T00:00:00+01:00,probe,up,Beta,monitor
a,2026-01-05T09:00:00+01:00,opened,,,customer
a,2026-01-05T11:00:00+01:00,reply,,,support
a,2026-01-10T00:00:00+01:00,probe,down,,monitor
a,2026-01-10T12:00:00+01:00,probe,up,,monitor
a,2026-01-12T09:00:00+01:00,opened,,,customer
a,2026-01-12T15:30:00+01:00,reply,,,support
a,2026-02-10T00:00:00+01:00,probe,down,,monitor
a,2026-02-10T06:00:00+01:00,probe,up,,monitor
a,2026-02-14T22:00:00+01:00,opened,,,customer
"""
AS_OF = "2026-02-15T00:00:00+01:00"
TEXT = """
Clauses
  clause  opened  met  late  breached  open  attainment
  reply        3    1     1         0     1     50% ███
   median 2h, p95 6h 30m

Objectives
  objective        window   status           value  promised      cases
  uptime           2026-01  missed           98.4%  at least 99%      1
    customer ACME  2026-02  undecided        98.2%                    1
                                       49.1%…99.1%
  uptime           2026-01  met               100%  at least 99%      1
    customer Beta  2026-02  undecided         100%                    1
                                          50%…100%
  speed            2026-01  missed             6.5  at most 3 h       2
                   2026-02  undecided            –                    1
                                               2…?

Error budgets
  uptime, customer ACME, 2026-02: 10.7% left, used up on 2026-02-16 at this pace
  uptime, customer Beta, 2026-02: 100% left

Owed
  for                    window   kind            amount
  uptime, customer ACME  2026-01  credit         100 EUR
  reply                  2026-01  penalty         30 EUR
  reply                  2026-01  penalty         15 EUR
  uptime, customer ACME  2026-02  credit    0 to 300 EUR
  uptime, customer Beta  2026-02  credit    0 to 300 EUR
  reply                  2026-02  penalty    0 to 30 EUR
  reply                  2026-02  penalty  0 EUR or more
  in all: 45.00 EUR; what may still be owed has no bound
  in all to ACME: 100.00 EUR; up to 300 EUR more may still be owed
  in all to Beta: 0.00 EUR; up to 300 EUR more may still be owed

Worst breaches
  case  due               over by
  a, 2  2026-01-12 13:00   2h 30m  answered late

Alerts
  2 burn-rate alerts
    2026-01-10T00:07:00+01:00  uptime, customer ACME: alert when burn rate > 10
      over 1h and 5 min
    2026-02-10T00:07:00+01:00  uptime, customer ACME: alert when burn rate > 10
      over 1h and 5 min
"""


@pytest.fixture
def hosting(sladsl: Command) -> Command:
    """Two customers, one of whom was down for 12 hours in January and for 6 in February."""
    Path("hosting.sla").write_text(POLICY)
    Path("hosting.csv").write_text(LOG.lstrip())
    return sladsl


@pytest.fixture
def tree(hosting: Command) -> dict[str, Any]:
    """The JSON result."""
    ran = hosting("run", "hosting.sla", "hosting.csv", "--as-of", AS_OF, "--format", "json")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_the_text_tells_objectives_budgets_money_and_alerts(hosting: Command) -> None:
    ran = hosting("run", "hosting.sla", "hosting.csv", "--as-of", AS_OF)
    assert ran.err == ""
    assert ran.out.startswith(
        "✗ Hosting: not kept\n  1 of 2 promises broken, 50% kept; 1 still open; 2 of 6 objective windows\n  missed\n"
    )
    assert ran.out[ran.out.index("Clauses\n") :].strip() == TEXT.strip()


def test_json_tells_each_window_with_its_bounds(tree: dict[str, Any]) -> None:
    first, undecided = tree["objectives"][0], tree["objectives"][2]
    assert first == {
        "objective": "uptime",
        "level": "corporate",
        "party": "",
        "window": "2026-01",
        "start": "2026-01-01T00:00:00+01:00",
        "end": "2026-02-01T00:00:00+01:00",
        "group": {"customer": "ACME"},
        "status": "missed",
        "value": 61 / 62,
        "low": 61 / 62,
        "high": 61 / 62,
        "op": ">=",
        "target": 0.99,
        "unit": "share",
        "cases": 1,
    }
    assert [undecided[name] for name in ("window", "status", "value", "low", "high")] == [
        "2026-02",
        "undecided",
        330 / 336,
        330 / 672,
        666 / 672,
    ]
    speed = tree["objectives"][-1]
    assert (speed["value"], speed["low"], speed["high"], speed["unit"]) == (None, 2, None, "h")


def test_json_tells_what_is_owed_and_what_may_still_be(tree: dict[str, Any]) -> None:
    owed = [
        (c["kind"], c["of"], c["customer"], c["window"], c["misses"], c["amount"], c["most"])
        for c in tree["consequences"]
    ]
    assert owed == [
        ("credit", "uptime", "ACME", "2026-01", 1, 100, 100),
        ("penalty", "reply", "", "2026-01", 1, 30, 30),
        ("penalty", "reply", "", "2026-01", 3, 15, 15),
        ("credit", "uptime", "ACME", "2026-02", 0, 0, 300),
        ("credit", "uptime", "Beta", "2026-02", 0, 0, 300),
        ("penalty", "reply", "", "2026-02", 0, 0, 30),
        ("penalty", "reply", "", "2026-02", 0, 0, None),
    ]
    assert tree["payments"] == [
        {"customer": "", "currency": "EUR", "amount": 45, "most": None, "paid": "45.00"},
        {"customer": "ACME", "currency": "EUR", "amount": 100, "most": 400, "paid": "100.00"},
        {"customer": "Beta", "currency": "EUR", "amount": 0, "most": 300, "paid": "0.00"},
    ]


def test_json_tells_alerts_and_budgets(tree: dict[str, Any]) -> None:
    assert tree["alerts"] == [
        {"kind": "burn", "objective": "uptime", "group": {"customer": "ACME"}, "at": at}
        for at in ("2026-01-10T00:07:00+01:00", "2026-02-10T00:07:00+01:00")
    ]
    budgets = [
        (b["window"], b["group"]["customer"], b["budget"], b["used"], b["left"], b["runs_out"]) for b in tree["budgets"]
    ]
    second = 1_000_000
    assert budgets == [
        ("2026-01", "ACME", 26_784 * second, 43_200 * second, -16_416 * second, None),
        ("2026-01", "Beta", 26_784 * second, 0, 26_784 * second, None),
        ("2026-02", "ACME", 24_192 * second, 21_600 * second, 2_592 * second, "2026-02-16T16:19:12+01:00"),
        ("2026-02", "Beta", 24_192 * second, 0, 24_192 * second, None),
    ]


def test_a_missed_objective_fails_a_build_that_asks_for_it(hosting: Command) -> None:
    for fail_on, code in (("missed", 1), ("undecided", 1), ("never", 0)):
        ran = hosting("run", "hosting.sla", "hosting.csv", "--as-of", AS_OF, "--quiet", "--fail-on", fail_on)
        assert ran.code == code, fail_on


def test_a_warning_about_an_objective_stands_in_text_and_json(sladsl: Command) -> None:
    Path("p.sla").write_text('closes = event = "closed"\nmean: average of score at closes >= 4 per month\n')
    Path("l.csv").write_text(
        "case,time,event,score\nA,2026-01-05T09:00:00Z,closed,five\nB,2026-01-06T09:00:00Z,closed,4\n"
    )
    told = json.loads(sladsl("run", "p.sla", "l.csv", "--format", "json").out)["warnings"]
    assert ["mean" in json.dumps(warning) for warning in told] == [True]
    assert "Warnings" in sladsl("run", "p.sla", "l.csv").out


def test_what_was_capped_for_one_customer_may_not_be_owed_twice(sladsl: Command) -> None:
    """Of two open credits under one cap of the agreement, at most the cap may still be owed."""
    Path("p.sla").write_text(
        'sla "S"\n    credits at most 30% of fee per month\nfee = 1_000 EUR\n'
        'a: share of time while status = "up" >= 99% per month\n    credit of fee\n        25% below 99%\n'
        'b: share of time while status = "up" >= 98% per month\n    credit of fee\n        25% below 98%\n'
    )
    Path("l.csv").write_text("case,time,event,status\nA,2026-01-01T00:00:00Z,x,up\n")
    tree = json.loads(sladsl("run", "p.sla", "l.csv", "--as-of", "2026-01-05", "--format", "json").out)
    assert tree["payments"] == [{"customer": "", "currency": "EUR", "amount": 0, "most": 300, "paid": "0.00"}]
