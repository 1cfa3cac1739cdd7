"""Every measure and every window of objectives, each with figures that a person has worked out."""

from __future__ import annotations

import pytest
from attrs import evolve
from objective_cases import at, line, log_of, outcome_of, plan_of, rows_of

from sladsl.evaluate.objectives import judge_objectives
from sladsl.evaluate.objectives.reference import judge_rows
from sladsl.evaluate.stream import judge
from sladsl.ir.objective import ShareBecome, ShareMet

TICKETS = """
01-05 09:00  A  opened  actor = customer, region = ES
01-05 09:30  A  reply  actor = support
01-06 09:00  B  opened  actor = customer, region = PT
01-06 11:00  B  reply  actor = support
01-31 23:30  C  opened  actor = customer, region = ES
02-01 00:15  C  reply  actor = support
02-03 09:00  D  opened  actor = customer
"""
REPLY = "reply: support replies within 1h of opened\n"

# name: policy, log, as-of, rows
CASES: dict[str, tuple[str, str, str | None, list[str]]] = {
    # --- counts
    "a count of an action counts events": (
        "goal: count of opened >= 3 per month",
        TICKETS,
        None,
        ["goal 2026-01: met 3 of 3", "goal 2026-02: undecided 1 [1, -] of 1"],
    ),
    "a count of a state counts cases, where it first begins": (
        "hot = score >= 60\ngoal: count of hot <= 1 per day",
        """
        01-05 09:00  A  seen  score = 70
        01-05 10:00  A  seen  score = 10
        01-06 09:00  A  seen  score = 70
        01-07 09:00  B  seen  score = 60
        01-08 00:00  C  seen  score = 1
        """,
        None,
        ["goal 2026-01-05: met 1 of 1", "goal 2026-01-06: met 0 of 0", "goal 2026-01-07: met 1 of 1"],
    ),
    "counts are listed for empty windows": (
        "goal: count of opened >= 1 per month",
        "01-05 09:00  A  opened\n03-05 09:00  B  opened",
        None,
        ["goal 2026-01: met 1 of 1", "goal 2026-02: missed 0 of 0", "goal 2026-03: met 1 [1, -] of 1"],
    ),
    "a window under way is decided where the count has passed its bound": (
        "least: count of opened >= 2 per month\nmost: count of opened <= 1 per month\nless: count of opened < 2 per month\n"
        "just: count of opened = 1 per month\nother: count of opened != 1 per month\nmore: count of opened > 2 per month",
        "01-05 09:00  A  opened\n01-06 09:00  B  opened",
        None,
        [
            "least 2026-01: met 2 [2, -] of 2",
            "most 2026-01: missed 2 [2, -] of 2",
            "less 2026-01: missed 2 [2, -] of 2",
            "just 2026-01: missed 2 [2, -] of 2",
            "other 2026-01: met 2 [2, -] of 2",
            "more 2026-01: undecided 2 [2, -] of 2",
        ],
    ),
    "a window that begins at as-of is none": (
        "goal: count of opened >= 1 per month",
        "01-05 09:00  A  opened\n02-01 00:00  B  opened",
        None,
        ["goal 2026-01: met 1 of 1"],
    ),
    "who delivers must be the actor where the state first begins": (
        "qualified lead = score >= 60\ngoal: marketing delivers at least 1 qualified leads per month",
        """
        01-05 09:00  A  scored  actor = marketing, score = 70
        01-06 09:00  B  scored  actor = sales, score = 70
        01-07 09:00  B  scored  actor = sales, score = 10
        01-08 09:00  B  scored  actor = marketing, score = 70
        """,
        "02-01",
        ["goal 2026-01: met 1 of 1"],
    ),
    "without any actor in the log the party is not checked": (
        "qualified lead = score >= 60\ngoal: marketing delivers at least 2 qualified leads per month",
        "01-05 09:00  A  scored  score = 70\n01-06 09:00  B  scored  score = 70",
        "02-01",
        ["goal 2026-01: met 2 of 2"],
    ),
    "by reads counts at their event": (
        'moves = event = "move"\ngoal: count of moves <= 1 per month\n    by region',
        """
        01-05 09:00  A  move  region = ES
        01-06 09:00  A  move  region = PT
        01-07 09:00  A  move
        02-07 09:00  B  move
        """,
        None,
        [
            "goal 2026-01 region=: met 0 of 0",
            "goal 2026-01 region=ES: met 1 of 1",
            "goal 2026-01 region=PT: missed 2 of 2",
            "goal 2026-02 region=: undecided 1 [1, -] of 1",
            "goal 2026-02 region=ES: undecided 0 [0, -] of 0",
            "goal 2026-02 region=PT: undecided 0 [0, -] of 0",
        ],
    ),
    # --- shares of cycles
    "attainment by start, the default": (
        REPLY + "goal: at least 80% of reply met per month",
        TICKETS,
        "02-03 09:30",
        ["goal 2026-01: missed 2/3 of 3", "goal 2026-02: undecided - [0, 1] of 1"],
    ),
    "attainment by due": (
        REPLY + "goal: at least 80% of reply met per month\n    counted by due",
        TICKETS,
        "02-03 09:30",
        ["goal 2026-01: missed 1/2 of 2", "goal 2026-02: undecided 1 [1/2, 1] of 2"],
    ),
    "attainment by close: an open cycle is in the window of as-of, an unanswered one in that of its due": (
        REPLY + "goal: at least 80% of reply met per month\n    counted by close",
        TICKETS,
        "03-01 09:00",
        ["goal 2026-01: missed 1/2 of 2", "goal 2026-02: missed 1/2 of 2"],
    ),
    "attainment by close with an open cycle": (
        "reply: support replies within 90 days of opened\ngoal: at least 80% of reply met per month\n    counted by close",
        TICKETS,
        "03-01 09:00",
        ["goal 2026-01: met 1 of 2", "goal 2026-02: met 1 of 1", "goal 2026-03: undecided - [0, 1] of 1"],
    ),
    "by reads a cycle at its start": (
        REPLY + "goal: at least 80% of reply met per month\n    by region",
        TICKETS,
        "02-03 09:30",
        [
            "goal 2026-01 region=ES: met 1 of 2",
            "goal 2026-01 region=PT: missed 0 of 1",
            "goal 2026-02 region=: undecided - [0, 1] of 1",
        ],
    ),
    "below its least number of cases a window is not judged once it has ended": (
        REPLY + "goal: at least 50% of reply met per month\n    at least 2 cases\n    by region",
        TICKETS,
        "02-03 09:30",
        [
            "goal 2026-01 region=ES: met 1 of 2",
            "goal 2026-01 region=PT: not judged 0 of 1",
            "goal 2026-02 region=: undecided - [0, 1] of 1",
        ],
    ),
    "what is cancelled, excused or undetermined counts in no share": (
        "reply: support replies within 1h of opened\n    cancelled when spam = yes\n    excused when waiver = yes\n"
        "goal: at least 80% of reply met per month",
        """
        01-05 09:00  A  opened
        01-05 09:10  A  note  spam = yes
        01-05 09:00  B  opened
        01-05 11:00  B  note  waiver = yes
        01-05 09:00  C  opened  spam = perhaps
        01-05 09:00  D  opened
        01-05 09:01  D  reply
        """,
        "02-01",
        ["goal 2026-01: met 1 of 1"],
    ),
    "no row where no case is left": (
        "reply: support replies within 1h of opened\n    cancelled when spam = yes\n"
        "goal: at least 80% of reply met per month",
        "01-05 09:00  A  opened\n01-05 09:10  A  note  spam = yes",
        "02-01",
        [],
    ),
    "shares of cycles are taken from each other": (
        REPLY + "follow up: support calls within 1h of opened\n"
        "goal: share of reply met - share of follow up met <= 10% per month",
        "01-05 09:00  A  opened\n01-05 09:10  A  reply\n01-05 09:10  A  call\n01-06 09:00  B  opened\n01-06 09:10  B  reply",
        "01-06 09:30",
        ["goal 2026-01: undecided 0 [0, 1/2] of 2"],
    ),
    # --- time of cycles
    "times of cycles, on the clock of the bound, in the unit of the target": (
        "calendar office\n    mon-fri 09:00-17:00\nbusiness hours = office\n"
        + REPLY
        + "typical: median of time of reply <= 45 min per year\nworst: max of time of reply <= 2h per year\n"
        "working: total of time of reply <= 4 business hours per year\nmean: average of time of reply <= 60 min per year",
        TICKETS,
        "02-03 08:59",
        [
            "typical 2026: undecided 45 of 3",
            "worst 2026: undecided 2 of 3",
            "working 2026: undecided 5/2 of 3",
            "mean 2026: undecided 65 of 3",
        ],
    ),
    "open and breached cycles are open cases of a time: at least what has elapsed": (
        REPLY + "typical: median of time of reply <= 30 min per month\np50: p50 of time of reply <= 90 min per month\n"
        "least: min of time of reply <= 40 min per month\nmean: average of time of reply <= 1h per month",
        """
        01-05 09:00  A  opened
        01-05 09:30  A  reply
        01-31 20:00  B  opened
        """,
        "02-01",
        [
            "typical 2026-01: met 30 of 2",
            "p50 2026-01: met 30 of 2",
            "least 2026-01: met 30 of 2",
            "mean 2026-01: missed 1/2 [9/4, -] of 2",
        ],
    ),
    "a maximum that was passed is missed before its window has ended": (
        REPLY + "goal: max of time of reply <= 1h per month",
        "01-05 09:00  A  opened\n01-05 11:00  A  reply",
        None,
        ["goal 2026-01: missed 2 of 1"],
    ),
    "pauses are left out of a time on another clock": (
        "calendar office\n    mon-fri 09:00-17:00\nbusiness hours = office\n"
        "reply: support replies within 3 days of opened\n    paused while waiting = yes\n"
        "goal: max of time of reply <= 8 business hours per month",
        """
        01-05 09:00  A  opened
        01-05 10:00  A  note  waiting = yes
        01-06 10:00  A  note  waiting = no
        01-06 12:00  A  reply
        """,
        "02-01",
        ["goal 2026-01: met 3 of 1"],
    ),
    # --- conversion
    "a share that becomes so counts who does by then, the last instant included": (
        'lead = score >= 60\nwon = stage = "won"\ngoal: share of lead that become won within 2 days >= 50% per month',
        """
        01-05 09:00  A  scored  score = 70
        01-07 09:00  A  signed  stage = won
        01-05 09:00  B  scored  score = 70
        01-07 09:00:00.000001  B  signed  stage = won
        01-05 09:00  C  signed  stage = won
        01-06 09:00  C  scored  score = 70
        01-31 09:00  D  scored  score = 70
        """,
        "02-01",
        ["goal 2026-01: met 2/3 [1/2, 3/4] of 4"],
    ),
    "what is decided by silence": (
        'lead = score >= 60\nwon = stage = "won"\ngoal: share of lead that become won within 2 days >= 50% per month',
        "01-05 09:00  A  scored  score = 70",
        "01-07 09:00",
        ["goal 2026-01: undecided 0 of 1"],
    ),
    "what becomes so in the instant of its start counts, whichever came first": (
        'lead = score >= 60\nwins = event = "win"\ngoal: share of lead that become wins within 2 days >= 50% per month',
        "01-05 09:00  A  win\n01-05 09:00  A  scored  score = 70",
        "02-01",
        ["goal 2026-01: met 1 of 1"],
    ),
    # --- time of states
    "a share of time is pooled over the cases, each from its first event": (
        'up = status = "up"\ngoal: share of time while up >= 75% per day',
        """
        01-05 00:00  A  probe  status = up
        01-05 12:00  A  probe  status = down
        01-05 16:00  B  probe  status = up
        """,
        "01-07",
        # 12 of 24 hours and 8 of 8
        ["goal 2026-01-05: missed 5/8 of 2", "goal 2026-01-06: missed 1/2 of 2"],
    ),
    "a window of time under way is bounded by the rest": (
        'up = status = "up"\ngoal: share of time while up >= 75% per day',
        "01-05 00:00  A  probe  status = up\n01-05 06:00  A  probe  status = down",
        "01-05 12:00",
        ["goal 2026-01-05: undecided 1/2 [1/4, 3/4] of 1"],
    ),
    "time while a state holds, on its clock": (
        "calendar office\n    mon-fri 09:00-17:00\nbusiness hours = office\n"
        'down = status = "down"\ngoal: time while down <= 3 business hours per day',
        """
        01-05 00:00  A  probe  status = up
        01-05 16:00  A  probe  status = down
        01-06 11:00  A  probe  status = up
        01-06 12:00  A  probe  status = down
        """,
        "01-06 13:30",
        ["goal 2026-01-05: met 1 of 1", "goal 2026-01-06: missed 7/2 [7/2, 7] of 1"],
    ),
    "excluded time counts on neither side": (
        'up = status = "up"\nmaintenance = status = "maintenance"\n'
        "goal: share of time while up >= 75% per day\n    excluding maintenance",
        """
        01-05 00:00  A  probe  status = up
        01-05 12:00  A  probe  status = maintenance
        01-05 20:00  A  probe  status = down
        """,
        "01-07",
        ["goal 2026-01-05: met 3/4 of 1", "goal 2026-01-06: missed 0 of 1"],
    ),
    "a bounded exclusion is used up in order of time over its own period": (
        'up = status = "up"\nmaintenance = status = "maintenance"\n'
        "goal: share of time while up >= 75% per day\n    excluding maintenance at most 12h per week",
        # monday 5 January: 8 of 12 hours used; tuesday the other 4, and 4 hours count as down
        """
        01-05 00:00  A  probe  status = up
        01-05 16:00  A  probe  status = maintenance
        01-06 08:00  A  probe  status = up
        """,
        "01-07",
        ["goal 2026-01-05: met 1 of 1", "goal 2026-01-06: met 4/5 of 1"],
    ),
    "the bound is that of each case": (
        'up = status = "up"\nmaintenance = status = "maintenance"\n'
        "goal: share of time while up >= 75% per day\n    excluding maintenance at most 6h per week",
        """
        01-05 00:00  A  probe  status = up
        01-05 00:00  B  probe  status = up
        01-05 12:00  A  probe  status = maintenance
        01-05 12:00  B  probe  status = maintenance
        """,
        "01-06",
        ["goal 2026-01-05: missed 2/3 of 2"],
    ),
    "a calendar may be excluded": (
        'calendar nights\n    every day 00:00-06:00, 18:00-24:00\nup = status = "up"\n'
        "goal: share of time while up >= 75% per day\n    excluding nights",
        "01-05 00:00  A  probe  status = down\n01-05 09:00  A  probe  status = up",
        "01-06",
        ["goal 2026-01-05: met 3/4 of 1"],
    ),
    "no row where all time is excluded": (
        'up = status = "up"\ngoal: share of time while up >= 75% per day\n    excluding not up',
        "01-05 00:00  A  probe  status = down\n01-06 12:00  A  probe  status = up",
        "01-07",
        ["goal 2026-01-06: met 1 of 1"],
    ),
    "time in which the state cannot be decided counts on neither side": (
        "hot = degrees > 8\ngoal: share of time while hot <= 25% per day",
        """
        01-05 00:00  A  probe  degrees = 9
        01-05 06:00  A  probe  degrees = warm
        01-05 12:00  A  probe  degrees = 3
        """,
        "01-06",
        ["goal 2026-01-05: missed 1/3 of 1"],
    ),
    # --- statistics of a field
    "statistics of a field at an event read it after the event": (
        "mean: average of rating at closed >= 4 per month\nlow: min of rating at closed >= 3 per month\n"
        "high: max of rating at closed <= 5 per month\nsum: total of rating at closed >= 12 per month\n"
        "middle: median of rating at closed >= 4 per month\ntail: p95 of rating at closed <= 5 per month",
        """
        01-05 09:00  A  rated  rating = 4.5
        01-05 10:00  A  closed
        01-06 09:00  B  closed  rating = 3
        01-07 09:00  C  closed
        01-08 09:00  D  closed  rating = 5
        01-09 09:00  E  closed  rating = good
        """,
        "02-01",
        [
            "mean 2026-01: met 25/6 of 3",
            "low 2026-01: met 3 of 3",
            "high 2026-01: met 5 of 3",
            "sum 2026-01: met 25/2 of 3",
            "middle 2026-01: met 9/2 of 3",
            "tail 2026-01: met 5 of 3",
        ],
    ),
    "without an event, each event that carries the field counts": (
        "goal: p50 of latency <= 100 per day",
        "01-05 09:00  A  probe  latency = 80\n01-05 10:00  A  probe\n01-05 11:00  A  probe  latency = 120\n01-06 00:00  A  end",
        None,
        ["goal 2026-01-05: met 80 of 2"],
    ),
    "a total is 0 where there was nothing, and listed": (
        "goal: total of amount at won >= 10 per month\nmean: average of amount at won >= 10 per month",
        "01-05 09:00  A  won  amount = 20\n03-05 09:00  B  note",
        None,
        [
            "goal 2026-01: met 20 of 1",
            "goal 2026-02: missed 0 of 0",
            "goal 2026-03: undecided 0 of 0",
            "mean 2026-01: met 20 of 1",
        ],
    ),
    # --- arithmetic
    "a ratio of counts, whose divisor is never 0": (
        "goal: count of rejected / count of opened <= 20% per month",
        """
        01-05 09:00  A  opened
        01-06 09:00  B  opened
        01-06 09:00  B  rejected
        02-06 09:00  C  rejected
        03-06 09:00  D  opened
        """,
        None,
        ["goal 2026-01: missed 1/2 of 2", "goal 2026-03: undecided 0 [-, -] of 1"],
    ),
    "a sum of counts grows, a difference may do as it likes": (
        "both: count of rejected + count of opened <= 2 per month\nmore: count of opened - count of rejected >= 1 per month\n"
        "left: 10 - count of opened >= 9 per month\ntwice: 2 * count of opened <= 4 per month",
        "01-05 09:00  A  opened\n01-06 09:00  B  opened\n01-06 09:00  B  rejected",
        None,
        [
            "both 2026-01: missed 3 [3, -] of 3",
            "more 2026-01: undecided 1 [-, -] of 1",
            "left 2026-01: missed 8 [-, 8] of 2",
            "twice 2026-01: undecided 4 [4, -] of 2",
        ],
    ),
    # --- windows
    "weeks, quarters and years": (
        "a: count of opened >= 1 per week\nb: count of opened >= 1 per quarter\nc: count of opened >= 1 per year",
        "2025-12-31 09:00  A  opened\n01-05 09:00  B  opened",
        None,
        [
            "a 2026-W01: met 1 of 1",
            "a 2026-W02: met 1 [1, -] of 1",
            "b 2025-Q4: met 1 of 1",
            "b 2026-Q1: met 1 [1, -] of 1",
            "c 2025: met 1 of 1",
            "c 2026: met 1 [1, -] of 1",
        ],
    ),
    "rolling windows are judged at the end of each date": (
        "goal: count of opened >= 2 per rolling 3 days",
        "01-05 09:00  A  opened\n01-06 09:00  B  opened\n01-09 10:00  C  opened",
        None,
        [
            "goal 2026-01-05: missed 1 of 1",
            "goal 2026-01-06: met 2 of 2",
            "goal 2026-01-07: met 2 of 2",
            "goal 2026-01-08: missed 1 of 1",
            "goal 2026-01-09: undecided 1 [1, -] of 1",
        ],
    ),
    "rolling windows of shares are there as long as they hold a case": (
        REPLY + "goal: at least 80% of reply met per rolling 2 days",
        "01-05 09:00  A  opened\n01-05 09:30  A  reply\n01-09 10:00  C  note",
        None,
        ["goal 2026-01-05: met 1 of 1", "goal 2026-01-06: met 1 of 1"],
    ),
    "rolling quantiles": (
        "goal: p50 of latency <= 100 per rolling 2 days",
        "01-05 09:00  A  probe  latency = 80\n01-06 09:00  A  probe  latency = 120\n01-06 10:00  A  probe  latency = 130\n01-08 00:00  A  end",
        None,
        ["goal 2026-01-05: met 80 of 1", "goal 2026-01-06: missed 120 of 3", "goal 2026-01-07: missed 120 of 2"],
    ),
    "windows are those of the agreement's zone": (
        'sla "X"\n    timezone Europe/Madrid\ngoal: count of opened >= 1 per month',
        "2026-01-31 22:59+00:00  A  opened\n2026-01-31 23:00+00:00  B  opened\n2026-02-28 23:00+00:00  C  opened",
        None,
        ["goal 2026-01: met 1 of 1", "goal 2026-02: met 1 of 1"],
    ),
    "windows that end in the effective period are judged": (
        'sla "X"\n    effective from 2026-01-15 until 2026-03-01\ngoal: count of opened >= 1 per month',
        "2025-12-05 09:00  A  opened\n01-05 09:00  A  opened\n02-05 09:00  B  opened\n04-05 09:00  C  opened",
        None,
        ["goal 2026-01: met 1 of 1", "goal 2026-02: met 1 of 1"],
    ),
    # --- levels
    "an objective of a level takes the cycles that start in it": (
        REPLY + 'service "hosting"\n    goal: at least 80% of reply met per month\n'
        '    many: count of opened >= 2 per month\n    uptime: share of time while status = "up" >= 50% per month',
        """
        01-05 09:00  A  opened  service = hosting, status = up
        01-05 09:30  A  reply
        01-06 09:00  B  opened  service = mail, status = down
        01-07 09:00  B  note  service = hosting
        """,
        "01-07 09:00",
        [
            "goal 2026-01: undecided 1 of 1",
            "many 2026-01: undecided 1 [1, -] of 1",
            "uptime 2026-01: undecided 1 [16/213, 1] of 1",
        ],
    ),
    "the more specific level takes its own cases": (
        REPLY
        + 'goal: at least 80% of reply met per month\nservice "hosting"\n    goal: at least 90% of reply met per month',
        """
        01-05 09:00  A  opened  service = hosting
        01-05 09:30  A  reply
        01-06 09:00  B  opened  service = mail
        """,
        "02-01",
        ["goal 2026-01: missed 0 of 1", "goal 2026-01: met 1 of 1"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_measure_reads_as_worked_out(name: str) -> None:
    policy, log, as_of, expected = CASES[name]
    assert rows_of(policy, log, as_of) == expected


@pytest.mark.parametrize("name", CASES)
def test_the_referee_agrees(name: str) -> None:
    policy, log, as_of, _ = CASES[name]
    plan, events = plan_of(policy), log_of(log)
    as_of_us = events[-1].time_us if as_of is None else at(as_of)
    outcome = judge(plan, events, as_of_us)
    found = judge_objectives(plan, events, outcome, as_of_us).rows
    assert [line(row) for row in judge_rows(plan, events, outcome, as_of_us)] == [line(row) for row in found]


def test_shares_of_late_and_of_breached_cycles() -> None:
    plan = plan_of(REPLY + "goal: share of reply met <= 50% per month")
    events = log_of(TICKETS)
    found = []
    for status in ("late", "breached"):
        objective = evolve(plan.objectives[0], measure=ShareMet(0, status))
        asked = evolve(plan, objectives=(objective,))
        as_of = at("03-01")
        found += [line(row) for row in judge_objectives(asked, events, judge(plan, events, as_of), as_of).rows]
    # the unanswered cycle of February may still become late, and then is no longer only breached
    assert found == [
        "goal 2026-01: met 1/3 of 3",
        "goal 2026-02: undecided 0 [0, 1] of 1",
        "goal 2026-01: met 0 of 3",
        "goal 2026-02: undecided 1 [0, 1] of 1",
    ]


def test_a_share_that_may_become_so_at_any_time() -> None:
    plan = plan_of(
        'lead = score >= 60\nwon = stage = "won"\ngoal: share of lead that become won within 1 day >= 50% per month'
    )
    measure = plan.objectives[0].measure
    assert isinstance(measure, ShareBecome)
    plan = evolve(plan, objectives=(evolve(plan.objectives[0], measure=evolve(measure, within=None)),))
    events = log_of("01-05 09:00  A  x  score = 70\n01-06 09:00  B  x  score = 70\n02-05 09:00  A  y  stage = won")
    rows = judge_objectives(plan, events, (), at("2027-01-01")).rows
    assert [line(row) for row in rows] == ["goal 2026-01: met 1 [1/2, 1] of 2"]


def test_what_cannot_be_decided_is_told() -> None:
    policy = (
        "hot = degrees > 8\na: count of hot <= 1 per day\nb: average of rating >= 4 per day\nc: count of x <= 9 per day"
    )
    outcome = outcome_of(policy, "01-05 09:00  A  x  degrees = warm, rating = good\n01-06 09:00  A  x  degrees = 9")
    assert outcome.faults == {
        0: (1, "`degrees`: `warm` is not a number"),
        1: (1, "`rating`: `good` is not a number"),
    }


def test_an_empty_log_has_no_rows() -> None:
    plan = plan_of("goal: count of opened >= 1 per month")
    assert judge_objectives(plan, [], (), None).rows == []
    assert judge_objectives(plan, [], (), at("02-01")).rows == []


def test_later_events_are_not_seen() -> None:
    assert rows_of("goal: count of opened >= 2 per month", TICKETS, "01-06 09:00") == [
        "goal 2026-01: met 2 [2, -] of 2",
    ]


def test_cycles_of_another_version_count_by_their_label() -> None:
    old = plan_of('sla "X"\n    effective until 2026-02-01\nother: support calls within 1h of opened\n' + REPLY)
    new = plan_of('sla "X"\n    effective from 2026-02-01\n' + REPLY + "goal: at least 80% of reply met per quarter")
    events = log_of(TICKETS)
    as_of = at("04-01")
    others = [(old, judge(old, events, as_of))]
    rows = judge_objectives(new, events, judge(new, events, as_of), as_of, others=others).rows
    assert [line(row) for row in rows] == ["goal 2026-Q1: missed 1/2 of 4"]
