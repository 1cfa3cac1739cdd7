"""Warnings and escalations: section 6 of timers.md, policy, log, what fires when."""

import pytest
from plan_builder import HOUR, PlanBuilder, Point, alerted, event, has, lines, warn

OPENED, REPLY = event("opened"), event("reply")
WAITING, P1 = has("status", "waiting"), has("priority", "P1")


def fix(within, *alerts, **details) -> PlanBuilder:
    builder = PlanBuilder()
    calendar = builder.calendar("mon-fri 08:00-18:00")
    return builder.clause(
        "fix", OPENED, REPLY, within, calendar=calendar, alerts=tuple(warn(a, calendar) for a in alerts), **details
    )


PAUSE = """
    A  02 09:00  opened
    A  02 10:00  ask  status=waiting
    A  02 12:00  answer  status=active
    A  03 09:00  note
"""
QUIET = "A  02 09:00  opened\n A  04 09:00  note"
CASES = {
    "a share of the target is a target of its own": (fix("4h", "75%"), QUIET, "75% 02 12:00"),
    "also in business time": (fix("20 business h", "75%"), QUIET, "75% 03 14:00"),
    "pauses move it": (fix("4h", "75%", paused=WAITING), PAUSE, "75% 02 14:00"),
    "rows move it": (
        fix([("2h", P1), "4h"], "75%"),
        "A  02 09:00  opened\n A  02 09:30  raise  priority=P1\n A  02 20:00  note",
        "75% 02 10:30",
    ),
    "put into the past by a row it fires at that event": (
        fix([("2h", P1), "4h"], "75%", "breach"),
        "A  02 09:00  opened\n A  02 10:45  raise  priority=P1\n A  02 10:50  reply",
        "75% 02 10:45",
    ),
    "where the row breaches too, both fire there": (
        fix([("2h", P1), "8h"], "75%", "breach", "2h before"),
        "A  02 09:00  opened\n A  02 12:00  raise  priority=P1",
        """
        breach 02 12:00
        75% 02 12:00
        2h before 02 12:00
        """,
    ),
    "each fires at most once": (
        fix([("2h", P1), "4h"], "50%", on_change="restart"),
        "A  02 09:00  opened\n A  02 11:30  raise  priority=P1\n A  02 20:00  note",
        "50% 02 11:00",
    ),
    "never after the stop": (fix("4h", "75%", "100%", "breach"), "A  02 09:00  opened\n A  02 12:00  reply", ""),
    "never while paused: what counts from opened fires when the clock runs again": (
        fix("4h", "after 2h", paused=WAITING),
        PAUSE,
        "after 2h 02 12:00",
    ),
    "after counts from opened, pauses or not": (fix("4h", "after 6h", paused=WAITING), PAUSE, "after 6h 02 15:00"),
    "after counts on its own clock": (fix("4h", "after 11 business h"), QUIET, "after 11 business h 03 10:00"),
    "before is the greatest instant with so much to the due": (
        fix("4 business h", "1 business h before"),
        "A  02 17:00  opened\n A  03 20:00  note",
        "1 business h before 03 10:00",
    ),
    "before the start it fires at the start": (fix("1h", "2h before"), QUIET, "2h before 02 09:00"),
    "an action at the instant of the start leaves it silent": (
        fix("1h", "2h before"),
        "A  02 09:00  opened\n A  02 09:00  reply",
        "",
    ),
    "at breach": (fix("4h", "breach"), QUIET, "breach 02 13:00"),
    "after the breach the clock runs on without pauses": (
        fix("4h", "150%", paused=WAITING),
        "A  02 09:00  opened\n A  02 14:00  ask  status=waiting\n A  03 09:00  note",
        "150% 02 15:00",
    ),
    "not after the late action": (
        fix("4h", "150%", "breach"),
        "A  02 09:00  opened\n A  02 14:00  reply\n A  03 09:00  note",
        "breach 02 13:00",
    ),
    "under by, shares are of the exact time from opened to due": (
        fix(Point(17 * HOUR, "same"), "75%", "125%"),
        QUIET,
        """
        75% 02 15:00
        125% 02 19:00
        """,
    ),
    "and follow the attribute": (
        fix("by promised", "50%"),
        """
        A  02 09:00  opened  promised=2026-03-02 19:00
        A  02 10:00  moved  promised=2026-03-02 13:00
        A  02 20:00  note
        """,
        "50% 02 11:00",
    ),
    "a value already past fires them at that event": (
        fix("by promised", "50%", "breach"),
        "A  02 09:00  opened\n A  02 10:00  moved  promised=2026-03-02 08:00",
        """
        breach 02 10:00
        50% 02 10:00
        """,
    ),
    "an inverse clause that is broken tells so, one that is met at its due does not": (
        fix("4h", "breach", "50%", inverse=True, met_at_due=True),
        """
        A  02 09:00  opened
        A  02 12:00  reply
        B  02 09:00  opened
        B  02 20:00  note
        """,
        """
        50% 02 11:00
        50% 02 11:00 B 1
        breach 02 12:00
        """,
    ),
    "a reopened instance tells what it has not told": (
        fix("4h", "50%", "75%", "breach", reopen="resume"),
        """
        A  02 09:00  opened
        A  02 11:30  reply
        A  02 20:00  opened
        A  03 09:00  note
        """,
        """
        50% 02 11:00
        75% 02 20:30
        breach 02 21:30
        """,
    ),
    "in order of instant, clause, case and number": (
        fix("4h", "breach").clause("ack", OPENED, REPLY, "4h", of="each", alerts=(warn("50%"),)),
        """
        A  02 09:00  opened
        A  02 10:00  opened
        A  02 20:00  note
        """,
        """
        50% 02 11:00
        50% 02 12:00 A 2
        breach 02 13:00
        """,
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_alerts(case):
    builder, events, expected = CASES[case]
    assert alerted(builder, events) == (lines(expected) if expected else [])


def test_what_is_due_after_as_of_is_not_told():
    assert alerted(fix("4h", "75%", "breach"), QUIET, "02 12:59:59.999999") == ["75% 02 12:00"]
    assert alerted(fix("4h", "75%", "breach"), QUIET, "02 13:00") == ["75% 02 12:00", "breach 02 13:00"]
