"""Section 3 of timers.md, the life of one instance, rule by rule: policy, log, verdicts."""

import pytest
from plan_builder import HOUR, And, Not, PlanBuilder, Point, Trigger, at, event, has, judged, lines, log, number, told

from sladsl.evaluate.reference import judge
from sladsl.ir.plan import Form

OPENED, REPLY = event("opened"), event("reply")
WAITING = has("status", "waiting")
P1, P2 = has("priority", "P1"), has("priority", "P2")
OFFICE = "mon-fri 09:00-17:00"


def fix(within="4h", **details) -> PlanBuilder:
    """`fix: support replies within … of opened`, in an office where business time is meant."""
    builder = PlanBuilder()
    calendar = builder.calendar(OFFICE)
    return builder.clause("fix", OPENED, REPLY, within, calendar=calendar, **details)


CASES = {
    # --- open -> met, breached, late
    "at the due is on time, a microsecond later is late": (
        fix(),
        """
        A  02 09:00  opened
        A  02 13:00  reply
        B  02 09:00  opened
        B  02 13:00:00.000001  reply
        C  02 09:00  opened
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 13:00
        fix B 1 late | 02 09:00 | 02 13:00 | 02 13:00:00.000001
        fix C 1 breached | 02 09:00 | 02 13:00 | -
        """,
    ),
    "the due that is shown is the due that is judged, though no business time has passed since": (
        fix("8 business h"),
        """
        A  02 09:00  opened
        A  02 20:00  reply
        """,
        "fix A 1 late | 02 09:00 | 02 17:00 | 02 20:00",
    ),
    # --- cancelled, excused
    "cancelled and excused instances show the due they had": (
        fix(cancelled=has("status", "duplicate"), excused=has("waiver", "yes")),
        """
        A  02 09:00  opened
        A  02 10:00  merged  status=duplicate
        B  02 09:00  opened
        B  02 10:00  waived  waiver=yes
        """,
        """
        fix A 1 cancelled | 02 09:00 | 02 13:00 | 02 10:00
        fix B 1 excused | 02 09:00 | 02 13:00 | 02 10:00
        """,
    ),
    "a breach that is cancelled stays a breach, closed, and holds back no new start": (
        fix(cancelled=has("status", "duplicate")),
        """
        A  02 09:00  opened
        A  02 14:00  merged  status=duplicate
        A  02 15:00  split  status=open
        A  02 16:00  opened
        """,
        """
        fix A 1 breached | 02 09:00 | 02 13:00 | 02 14:00
        fix A 2 open | 02 16:00 | 02 20:00 | -
        """,
    ),
    "a breached instance can still be excused, a closed one cannot": (
        fix(excused=has("waiver", "yes")),
        """
        A  02 09:00  opened
        A  02 14:00  waived  waiver=yes
        B  02 09:00  opened
        B  02 14:00  reply
        B  02 15:00  waived  waiver=yes
        """,
        """
        fix A 1 excused | 02 09:00 | 02 13:00 | 02 14:00 | revised
        fix B 1 late | 02 09:00 | 02 13:00 | 02 14:00
        """,
    ),
    "an action as a condition is true at its event only": (
        fix(cancelled=event("drop")),
        """
        A  02 09:00  drop
        A  02 10:00  opened
        A  02 11:00  note
        B  02 10:00  opened
        B  02 11:00  drop
        """,
        """
        fix A 1 open | 02 10:00 | 02 14:00 | -
        fix B 1 cancelled | 02 10:00 | 02 14:00 | 02 11:00
        """,
    ),
    # --- pauses
    "a pause moves an exact due by its length and a business due by the open time in it": (
        fix(paused=WAITING).clause("hours", OPENED, REPLY, "4 business h", calendar=0, paused=WAITING),
        """
        A  02 10:00  opened
        A  02 11:00  ask  status=waiting
        A  02 18:00  answer  status=active
        """,
        """
        fix A 1 open | 02 10:00 | 02 21:00 | -
        hours A 1 open | 02 10:00 | 03 12:00 | -
        """,
    ),
    "while paused there is no due, and a paused instance that is fulfilled is met without one": (
        fix(paused=WAITING),
        """
        A  02 09:00  opened
        A  02 10:00  ask  status=waiting
        A  02 20:00  reply
        B  02 09:00  opened
        B  02 10:00  ask  status=waiting
        C  02 20:00  note
        """,
        """
        fix A 1 met | 02 09:00 | - | 02 20:00
        fix B 1 paused | 02 09:00 | - | -
        """,
    ),
    "a pause that begins exactly at the due stops the clock with nothing left": (
        fix(paused=WAITING),
        """
        A  02 09:00  opened
        A  02 13:00  ask  status=waiting
        A  02 20:00  answer  status=active
        A  02 20:00  reply
        B  02 09:00  opened
        B  02 13:00  ask  status=waiting
        B  02 20:00  answer  status=active
        B  02 20:00:00.000001  reply
        """,
        """
        fix A 1 met | 02 09:00 | 02 20:00 | 02 20:00
        fix B 1 late | 02 09:00 | 02 20:00 | 02 20:00:00.000001
        """,
    ),
    "a breach is latched: pauses, rows and attributes that come later move nothing": (
        fix([("8h", P2), "4h"], paused=WAITING),
        """
        A  02 09:00  opened
        A  02 13:00:00.000001  raised  priority=P2
        A  02 14:00  ask  status=waiting
        """,
        "fix A 1 breached | 02 09:00 | 02 13:00 | -",
    ),
    "empty, adjacent and overlapping pauses": (
        fix(paused=[WAITING, has("hold", "yes")]),
        """
        A  02 09:00  opened
        A  02 10:00  ask  status=waiting
        A  02 10:00  answer  status=active
        B  02 09:00  opened
        B  02 10:00  ask  status=waiting
        B  02 11:00  held  hold=yes
        B  02 12:00  answer  status=active
        B  02 13:00  freed  hold=no
        C  02 09:00  opened
        C  02 10:00  ask  status=waiting
        C  02 11:00  held  status=active, hold=yes
        C  02 12:00  freed  hold=no
        """,
        """
        fix A 1 breached | 02 09:00 | 02 13:00 | -
        fix B 1 open | 02 09:00 | 02 16:00 | -
        fix C 1 open | 02 09:00 | 02 15:00 | -
        """,
    ),
    "when the bound on a pause is used up the clock runs again though the condition holds": (
        fix(paused=(WAITING, "2h")),
        """
        A  02 09:00  opened
        A  02 10:00  ask  status=waiting
        A  02 11:00  answer  status=active
        A  02 12:00  ask  status=waiting
        A  02 13:30  note
        """,
        "fix A 1 open | 02 09:00 | 02 15:00 | -",  # 4h of work, 2h of pauses
    ),
    "the bound counts on its own clock, and per instance": (
        fix(paused=(WAITING, "2 business h"), of="each"),
        """
        A  02 15:00  opened
        A  02 16:00  ask  status=waiting
        A  02 20:00  opened
        A  03 11:00  note
        """,
        # the first has used its bound at 10:00 on Tuesday, the second, for which the night counts nothing, at 11:00
        """
        fix A 1 open | 02 15:00 | 03 13:00 | -
        fix A 2 open | 02 20:00 | 03 15:00 | -
        """,
    ),
    "a bound that is used up leaves another pause alone": (
        fix(paused=[(WAITING, "1h"), has("hold", "yes")]),
        """
        A  02 09:00  opened
        A  02 10:00  ask  status=waiting, hold=yes
        A  02 14:00  note
        """,
        "fix A 1 paused | 02 09:00 | - | -",
    ),
    "cancelled at the instant at which the sum of the pauses reaches the bound": (
        fix(paused=WAITING, cancel_after_paused="3h"),
        """
        A  02 09:00  opened
        A  02 10:00  ask  status=waiting
        A  02 12:00  answer  status=active
        A  02 12:30  ask  status=waiting
        A  02 20:00  note
        B  02 09:00  opened
        B  02 10:00  ask  status=waiting
        B  02 13:00  reply
        """,
        """
        fix A 1 cancelled | 02 09:00 | - | 02 13:30
        fix B 1 met | 02 09:00 | - | 02 13:00
        """,
    ),
    # --- rows
    "the first row that holds counts, else the headline": (
        fix([("1h", P1), ("2h", P2), "4h"]),
        """
        A  02 09:00  opened  priority=P1
        B  02 09:00  opened  priority=P2
        C  02 09:00  opened  priority=P9
        D  02 09:00  opened
        """,
        """
        fix A 1 open | 02 09:00 | 02 10:00 | -
        fix B 1 open | 02 09:00 | 02 11:00 | -
        fix C 1 open | 02 09:00 | 02 13:00 | -
        fix D 1 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    "carry takes what has elapsed along, on the new row's clock": (
        fix([("2h", P1), "8 business h"]),
        """
        A  02 16:00  opened
        A  02 17:30  raise  priority=P1
        B  02 16:00  opened  priority=P1
        B  02 17:30  lower  priority=P9
        """,
        """
        fix A 1 open | 02 16:00 | 02 18:00 | -
        fix B 1 open | 02 16:00 | 03 16:00 | -
        """,
    ),
    "where the target is below what has elapsed, it is breached at the event, due when it was reached": (
        fix([("1h", P1), "8h"]),
        """
        A  02 09:00  opened
        A  02 12:00  raise  priority=P1
        A  02 13:00  lower  priority=P9
        A  02 14:00  reply
        """,
        "fix A 1 late | 02 09:00 | 02 10:00 | 02 14:00",
    ),
    "the target may have been reached in an earlier stretch": (
        fix([("1h", P1), "8h"], paused=WAITING),
        """
        A  02 09:00  opened
        A  02 11:00  ask  status=waiting
        A  02 12:00  answer  status=active
        A  02 12:30  raise  priority=P1
        """,
        "fix A 1 breached | 02 09:00 | 02 10:00 | -",
    ),
    "there and back again gives the first due": (
        fix([("2h", P1), "8 business h"]),
        """
        A  02 16:00  opened
        A  02 17:00  raise  priority=P1
        A  02 17:30  lower  priority=P9
        """,
        "fix A 1 open | 02 16:00 | 03 16:00 | -",
    ),
    "restart sets elapsed to zero and keeps opened": (
        fix([("2h", P1), "8h"], on_change="restart"),
        """
        A  02 09:00  opened
        A  02 12:00  raise  priority=P1
        """,
        "fix A 1 open | 02 09:00 | 02 14:00 | -",
    ),
    "keep ignores the change": (
        fix([("2h", P1), "8h"], on_change="keep"),
        """
        A  02 09:00  opened
        A  02 12:00  raise  priority=P1
        """,
        "fix A 1 open | 02 09:00 | 02 17:00 | -",
    ),
    "a tighter row may do one thing, a looser one another": (
        fix([("2h", P1), "8h"], tighter="restart", looser="carry"),
        """
        A  02 09:00  opened
        A  02 10:00  raise  priority=P1
        A  02 11:00  lower  priority=P9
        """,
        "fix A 1 open | 02 09:00 | 02 18:00 | -",  # 8h from the restart at 10:00
    ),
    "conditions are levels: what was looser and kept may be tighter at a later event": (
        fix([("4 business h", P1), "6h"], tighter="carry", looser="keep", paused=WAITING),
        # on Monday the business row is due on Tuesday 12:00, the exact one at 22:00; after the night in pause at 14:00
        """
        A  02 16:00  opened
        A  02 16:30  raise  priority=P1
        A  02 17:00  ask  status=waiting
        A  03 09:00  answer  status=active
        """,
        "fix A 1 open | 02 16:00 | 03 12:00 | -",
    ),
    # --- points, attributes
    "by a point on a business day": (
        fix(Point(18 * HOUR, "next")),
        """
        A  02 09:00  opened
        A  03 18:00  reply
        """,
        "fix A 1 met | 02 09:00 | 03 18:00 | 03 18:00",
    ),
    "by an attribute: missing there is no due, then the last value counts": (
        fix("by promised"),
        """
        A  02 09:00  opened
        A  02 10:00  promise  promised=2026-03-02 12:00
        A  02 11:00  promise  promised=2026-03-02 14:00
        A  02 14:00  reply
        B  02 09:00  opened
        C  02 09:00  opened  promised=2026-03-02 12:00
        C  02 12:00  promise  promised=2026-03-02 13:00
        """,
        """
        fix A 1 met | 02 09:00 | 02 14:00 | 02 14:00
        fix B 1 open | 02 09:00 | - | -
        fix C 1 breached | 02 09:00 | 02 13:00 | -
        """,
    ),
    "by an attribute: a value already past breaches at that event": (
        fix("by promised"),
        """
        A  02 09:00  opened  promised=2026-03-02 12:00
        A  02 10:00  promise  promised=2026-03-02 09:30
        A  02 11:00  promise  promised=2026-03-02 20:00
        A  02 11:30  reply
        B  02 09:00  opened  promised=2026-03-02 08:00
        B  02 10:00  reply
        """,
        """
        fix A 1 late | 02 09:00 | 02 09:30 | 02 11:30
        fix B 1 late | 02 09:00 | 02 08:00 | 02 10:00 | born breached
        """,
    ),
    # --- reopening
    "a start after it was met is a new cycle, and the old verdict stands": (
        fix(),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 11:00  opened
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00
        fix A 2 open | 02 11:00 | 02 15:00 | -
        """,
    ),
    "resume goes on with what had elapsed; the time since its close is not counted": (
        fix(reopen="resume"),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 20:00  opened
        A  02 23:00  reply
        """,
        "fix A 1 met | 02 09:00 | 02 23:00 | 02 23:00 | revised",
    ),
    "one that was late is breached again at once, with its old due": (
        fix(reopen="resume"),
        """
        A  02 09:00  opened
        A  02 14:00  reply
        A  02 20:00  opened
        """,
        "fix A 1 breached | 02 09:00 | 02 13:00 | - | revised",
    ),
    "both ends of the window belong to it; beyond it is a new cycle": (
        fix(reopen="resume", reopen_within="2h"),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 12:00  opened
        B  02 09:00  opened
        B  02 10:00  reply
        B  02 12:00:00.000001  opened
        """,
        """
        fix A 1 open | 02 09:00 | 02 15:00 | - | revised
        fix B 1 met | 02 09:00 | 02 13:00 | 02 10:00
        fix B 2 open | 02 12:00:00.000001 | 02 16:00:00.000001 | -
        """,
    ),
    "an action at the instant of the reopening comes first": (
        PlanBuilder().clause("fix", event("opened", "bump"), event("reply", "bump"), "4h", reopen="resume"),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 12:00  bump
        """,
        "fix A 1 open | 02 09:00 | 02 15:00 | - | revised",
    ),
    "a reopened instance may open paused": (
        fix(reopen="resume", paused=WAITING),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 12:00  opened  status=waiting
        """,
        "fix A 1 paused | 02 09:00 | - | - | revised",
    ),
    "ignore: nothing starts": (
        fix(reopen="ignore"),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 12:00  opened
        """,
        "fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00",
    ),
    "after cancelled or excused a start is always new": (
        fix(reopen="ignore", cancelled=event("drop"), excused=event("waive")),
        """
        A  02 09:00  opened
        A  02 10:00  drop
        A  02 11:00  opened
        A  02 11:30  waive
        A  02 12:00  opened
        """,
        """
        fix A 1 cancelled | 02 09:00 | 02 13:00 | 02 10:00
        fix A 2 excused | 02 11:00 | 02 15:00 | 02 11:30
        fix A 3 open | 02 12:00 | 02 16:00 | -
        """,
    ),
    # --- inverse clauses
    "must not within: met at its due, breached and closed by the act, also at the due": (
        fix("48h", inverse=True, met_at_due=True),
        """
        A  02 09:00  opened
        A  04 09:00  reply
        B  02 09:00  opened
        B  04 09:00:00.000001  reply
        C  02 09:00  opened
        """,
        """
        fix A 1 breached | 02 09:00 | 04 09:00 | 04 09:00
        fix B 1 met | 02 09:00 | 04 09:00 | 04 09:00
        fix C 1 met | 02 09:00 | 04 09:00 | 04 09:00
        """,
    ),
    "must not before N X: met at the Nth X": (
        PlanBuilder().clause("fix", None, REPLY, inverse=True, end=event("attempt"), end_needed=2),
        """
        A  02 09:00  attempt
        A  02 10:00  attempt
        A  02 11:00  reply
        B  02 09:00  attempt
        B  02 10:00  reply
        B  02 11:00  attempt
        C  02 09:00  note
        """,
        """
        fix A 1 met | 02 09:00 | - | 02 10:00
        fix B 1 breached | 02 09:00 | - | 02 10:00
        fix C 1 open | 02 09:00 | - | -
        """,
    ),
    "must not while S: opens each time S begins, met when it ends; the act breaks it at the very event of either": (
        PlanBuilder().clause("fix", WAITING, REPLY, inverse=True, end=WAITING),
        """
        A  02 09:00  ask  status=waiting
        A  02 10:00  answer  status=active
        A  02 11:00  ask  status=waiting
        A  02 12:00  reply
        B  02 09:00  reply  status=waiting
        C  02 09:00  ask  status=waiting
        C  02 10:00  reply  status=active
        """,
        """
        fix A 1 met | 02 09:00 | - | 02 10:00
        fix A 2 breached | 02 11:00 | - | 02 12:00
        fix B 1 breached | 02 09:00 | - | 02 09:00
        fix C 1 breached | 02 09:00 | - | 02 10:00
        """,
    ),
    "at most N per case: broken by the one too many, met at its end, else open": (
        PlanBuilder().clause("fix", None, event("handover"), needed=3, inverse=True, end=event("closed")),
        """
        A  02 09:00  handover
        A  02 10:00  handover
        A  02 11:00  handover
        B  02 09:00  handover
        B  02 10:00  closed
        B  02 11:00  handover
        C  02 09:00  handover
        """,
        """
        fix A 1 breached | 02 09:00 | - | 02 11:00
        fix B 1 met | 02 09:00 | - | 02 10:00
        fix C 1 open | 02 09:00 | - | -
        """,
    ),
    "a sum stands still while S does not hold, and is closed by its breach at the due": (
        PlanBuilder().clause(
            "fix",
            within="2h",
            inverse=True,
            closes_at_due=True,
            end=event("closed"),
            paused=Not(has("team", "L1")),
            form=Form.TIME_WHILE,
        ),
        """
        A  02 09:00  opened  team=L1
        A  02 10:00  moved  team=L2
        A  02 13:00  moved  team=L1
        A  02 13:30  closed
        B  02 09:00  opened  team=L1
        B  02 10:00  moved  team=L2
        B  02 13:00  moved  team=L1
        B  02 14:30  closed
        C  02 09:00  opened  team=L2
        """,
        """
        fix A 1 met | 02 09:00 | 02 14:00 | 02 13:30
        fix B 1 breached | 02 09:00 | 02 14:00 | 02 14:00
        fix C 1 paused | 02 09:00 | - | -
        """,
    ),
    "S lasts at most D: S beginning starts it, S ending fulfils it": (
        PlanBuilder().clause("fix", number("temperature", ">", 8), number("temperature", ">", 8), "30 min"),
        """
        A  02 09:00  probe  temperature=7
        A  02 09:10  probe  temperature=9
        A  02 09:40  probe  temperature=8
        A  02 10:00  probe  temperature=12
        A  02 10:30:01  probe  temperature=5
        """,
        """
        fix A 1 met | 02 09:10 | 02 09:40 | 02 09:40
        fix A 2 late | 02 10:00 | 02 10:30 | 02 10:30:01
        """,
    ),
    "S that ends and begins again in one instant is not stopped by the end before": (
        PlanBuilder().clause("fix", WAITING, WAITING, "4h"),
        """
        A  02 09:00  ask  status=waiting
        A  02 10:00  answer  status=active
        A  02 10:00  ask  status=waiting
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00
        fix A 2 open | 02 10:00 | 02 14:00 | -
        """,
    ),
    # --- every
    "every D while S: each action starts the next cycle, the last is cancelled when S ends": (
        PlanBuilder().every("fix", REPLY, "24h", has("status", "open")),
        """
        A  02 09:00  opened  status=open
        A  03 08:00  reply
        A  04 09:00  reply
        A  04 10:00  close  status=closed
        A  04 11:00  reply
        """,
        """
        fix A 1 met | 02 09:00 | 03 09:00 | 03 08:00
        fix A 2 late | 03 08:00 | 04 08:00 | 04 09:00
        fix A 3 cancelled | 04 09:00 | 05 09:00 | 04 10:00
        """,
    ),
    "an event that begins S and is the action is met at once and opens the next cycle": (
        PlanBuilder().every("fix", REPLY, "24h", has("status", "open")),
        """
        A  02 09:00  reply  status=open
        """,
        """
        fix A 1 met | 02 09:00 | 03 09:00 | 02 09:00
        fix A 2 open | 02 09:00 | 03 09:00 | -
        """,
    ),
    "so does an action that comes just before S begins, in the same instant": (
        PlanBuilder().every("fix", REPLY, "24h", has("status", "open")),
        """
        A  02 09:00  reply
        A  02 09:00  opened  status=open
        """,
        """
        fix A 1 met | 02 09:00 | 03 09:00 | 02 09:00
        fix A 2 open | 02 09:00 | 03 09:00 | -
        """,
    ),
    "an action that finds no open cycle starts one, and does not fulfil it": (
        PlanBuilder().every("fix", REPLY, "24h", has("status", "open"), excused=event("waive")),
        """
        A  02 09:00  opened  status=open
        A  02 10:00  waive
        A  02 11:00  reply
        """,
        """
        fix A 1 excused | 02 09:00 | 03 09:00 | 02 10:00
        fix A 2 open | 02 11:00 | 03 11:00 | -
        """,
    ),
    "without a state, from the case's first event on": (
        PlanBuilder().every("fix", REPLY, "24h"),
        """
        A  02 09:00  note
        A  02 10:00  reply
        """,
        """
        fix A 1 met | 02 09:00 | 03 09:00 | 02 10:00
        fix A 2 open | 02 10:00 | 03 10:00 | -
        """,
    ),
    "when S ends a breached cycle is closed as a breach": (
        PlanBuilder().every("fix", REPLY, "24h", has("status", "open")),
        """
        A  02 09:00  opened  status=open
        A  04 09:00  close  status=closed
        A  05 09:00  opened  status=open
        """,
        """
        fix A 1 breached | 02 09:00 | 03 09:00 | 04 09:00
        fix A 2 open | 05 09:00 | 06 09:00 | -
        """,
    ),
    # --- counts
    "at least N counts from the start's instant on, and met by the Nth": (
        fix("4h", needed=2),
        """
        A  02 08:00  reply
        A  02 09:00  reply
        A  02 09:00  opened
        A  02 10:00  reply
        B  02 09:00  opened
        B  02 10:00  reply
        B  02 14:00  reply
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00
        fix B 1 late | 02 09:00 | 02 13:00 | 02 14:00
        """,
    ),
    "over distinct values; a missing value is none": (
        fix("9h", needed=2, distinct="channel", distinct_needed=2),
        """
        A  02 09:00  opened
        A  02 10:00  reply  channel=phone
        A  02 11:00  reply  channel=phone
        A  02 12:00  reply
        A  02 13:00  reply  channel=mail
        """,
        "fix A 1 met | 02 09:00 | 02 18:00 | 02 13:00",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_life(case):
    builder, events, expected = CASES[case]
    assert judged(builder, events) == lines(expected)


def test_a_row_changed_under_a_pause_is_compared_as_if_running():
    builder = fix([("2h", P1), "8h"], tighter="keep", looser="carry", paused=WAITING)
    events = """
        A  02 09:00  opened  priority=P1
        A  02 10:00  ask  status=waiting
        A  02 12:00  lower  priority=P9
        A  02 13:00  raise  priority=P1
        A  02 14:00  answer  status=active
    """
    assert judged(builder, events) == ["fix A 1 open | 02 09:00 | 02 21:00 | -"]


def test_a_paused_instance_is_breached_by_a_row_below_what_has_elapsed():
    builder = fix([("1h", P1), "8h"], paused=WAITING)
    events = """
        A  02 09:00  opened
        A  02 11:00  ask  status=waiting
        A  02 12:00  raise  priority=P1
    """
    assert judged(builder, events) == ["fix A 1 breached | 02 09:00 | 02 10:00 | -"]


def test_the_end_of_the_case_meets_inverse_clauses_and_nothing_inverse_opens_after_it():
    builder = PlanBuilder(case_until=None)
    builder.fields["case_until"] = builder.trigger(event("closed"), "begins")
    builder.clause("quiet", WAITING, REPLY, inverse=True, end=WAITING).clause("fix", OPENED, event("resolve"), "4h")
    events = """
        A  02 09:00  opened  status=waiting
        A  02 10:00  closed
        A  02 10:30  reply  status=active
        A  02 11:00  ask  status=waiting
        A  02 12:00  reply
    """
    assert judged(builder, events) == [
        "quiet A 1 met | 02 09:00 | - | 02 10:00",
        "fix A 1 open | 02 09:00 | 02 13:00 | -",
    ]


def test_elapsed_paused_and_late_by_add_up():
    builder = fix("4 business h", paused=WAITING)
    plan = builder.plan()
    (verdict,) = judge(
        plan,
        log("""
        A  02 15:00  opened
        A  02 16:00  ask  status=waiting
        A  03 10:00  answer  status=active
        A  03 14:00  reply
        """),
    ).verdicts
    assert told(plan, judge(plan, [])) == []
    assert (verdict.status, verdict.due_us) == ("late", at("03 13:00"))
    assert verdict.elapsed == 5 * HOUR  # on the clock of its row: 15-16 on Monday, 10-14 on Tuesday
    assert verdict.paused_us == 18 * HOUR  # in exact time
    assert verdict.late_by_us == verdict.late_by_ticks == HOUR
    assert verdict.running == ((at("02 15:00"), at("02 16:00")), (at("03 10:00"), at("03 14:00")))
    assert (verdict.row, verdict.opened_by.row, verdict.closed_by.row) == (0, 1, 4)


def test_lateness_is_measured_on_its_own_clock_and_in_exact_time():
    (verdict,) = judge(fix("8 business h").plan(), log("A  02 09:00  opened\n A  03 10:00  reply")).verdicts
    assert (verdict.late_by_us, verdict.late_by_ticks, verdict.elapsed) == (17 * HOUR, HOUR, 9 * HOUR)


def test_after_the_breach_the_clock_runs_on_without_pauses():
    (verdict,) = judge(
        fix("4h", paused=WAITING).plan(),
        log("A  02 09:00  opened\n A  02 15:00  ask  status=waiting\n A  02 19:00  note"),
    ).verdicts
    assert (verdict.status, verdict.elapsed, verdict.paused_us) == ("breached", 10 * HOUR, 0)


def test_a_target_that_the_calendar_never_reaches_is_undetermined():
    builder = PlanBuilder()
    shut = builder.calendar()
    builder.clause("fix", OPENED, REPLY, "1 business h", calendar=shut)
    assert judged(builder, "A  02 09:00  opened") == [
        "fix A 1 undetermined | 02 09:00 | - | 02 09:00 | the target is not reached within ten years of its calendar"
    ]


def test_a_calendars_zone_is_read_at_the_start_and_kept():
    builder = PlanBuilder()
    zoned = builder.calendar(OFFICE, name="local hours", zone_attribute="zone", zone_fallback="UTC")
    builder.clause("fix", OPENED, REPLY, "1 business h", calendar=zoned)
    plan = builder.plan()
    outcome = judge(
        plan,
        log("""
        A  02 06:00  opened  zone=Asia/Tokyo
        A  02 06:30  moved  zone=America/New_York
        B  02 06:00  opened  zone=Mars/Olympus
        C  02 06:00  opened
        """),
    )
    assert told(plan, outcome) == [
        "fix A 1 open | 02 06:00 | 02 07:00 | -",
        "fix B 1 open | 02 06:00 | 02 10:00 | -",
        "fix C 1 open | 02 06:00 | 02 10:00 | -",
    ]
    assert [verdict.zone for verdict in outcome] == ["Asia/Tokyo", "UTC", "UTC"]
    assert outcome.unknown_zones == {"local hours": 2}


def test_a_verb_that_names_a_state_is_an_act_where_the_state_begins():
    builder = PlanBuilder()
    qualified = number("score", ">=", 60)
    act = Trigger("begins", builder.condition(qualified), party=builder.condition(And((event("scored"),))))
    builder.clause("fix", OPENED, act, "4h")
    events = """
        A  02 09:00  opened
        A  02 10:00  imported  score=70
        A  02 11:00  scored  score=10
        A  02 12:00  scored  score=80
        B  02 09:00  scored  score=80
        B  02 09:00  opened
    """
    assert judged(builder, events) == [
        "fix A 1 met | 02 09:00 | 02 13:00 | 02 12:00",
        "fix B 1 met | 02 09:00 | 02 13:00 | 02 09:00",
    ]
