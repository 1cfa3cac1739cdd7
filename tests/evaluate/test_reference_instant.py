"""Section 4 of timers.md, one instant, and what starts an instance: policy, log, verdicts."""

import random

import pytest
from plan_builder import And, Not, PlanBuilder, Trigger, at, event, has, judged, lines, log, number, told

from sladsl.evaluate.reference import judge
from sladsl.events import Event
from sladsl.ir.expression import ActorIs

OPENED, REPLY, MESSAGE = event("opened"), event("reply"), event("message")
QUALIFIED = number("score", ">=", 60)
WAITING = has("status", "waiting")


def fix(within="4h", starts=OPENED, **details) -> PlanBuilder:
    return PlanBuilder().clause("fix", starts, REPLY, within, **details)


CASES = {
    # --- the instant of the start
    "the event that starts may also be the action, and an action at its instant counts in either order": (
        fix(starts=QUALIFIED),
        """
        A  02 09:00  reply  score=80
        B  02 09:00  reply
        B  02 09:00  created  score=80
        C  02 09:00  created  score=80
        C  02 09:00  reply
        D  02 08:59:59.999999  reply
        D  02 09:00  created  score=80
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix B 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix C 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix D 1 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    "it fulfils at most the first instance that starts after it in that instant": (
        fix(),
        """
        A  02 09:00  reply
        A  02 09:00  opened
        A  02 09:00  opened
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix A 2 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    "with each, every one": (
        fix(of="each"),
        """
        A  02 09:00  reply
        A  02 09:00  opened
        A  02 09:00  opened
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix A 2 met | 02 09:00 | 02 13:00 | 02 09:00
        """,
    ),
    "with one for one, one": (
        fix(of="each", one_for_one=True),
        """
        A  02 09:00  reply
        A  02 09:00  opened
        A  02 09:00  opened
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix A 2 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    "an action that fulfilled another instance does not count for the next": (
        fix(starts=event("opened", "reply")),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 10:00
        fix A 2 open | 02 10:00 | 02 14:00 | -
        """,
    ),
    "the action goes before what cancels, excuses or pauses what started in its instant": (
        fix(cancelled=has("status", "duplicate"), excused=has("waiver", "yes"), paused=WAITING),
        """
        A  02 09:00  opened  status=duplicate
        A  02 09:00  reply
        B  02 09:00  opened  waiver=yes
        B  02 09:00  reply
        C  02 09:00  opened  status=waiting
        C  02 09:00  reply
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix B 1 met | 02 09:00 | 02 13:00 | 02 09:00
        fix C 1 met | 02 09:00 | 02 13:00 | 02 09:00
        """,
    ),
    "then cancel, if it held after any of its events, then excuse, then pause if that holds after the last": (
        fix(cancelled=has("status", "duplicate"), excused=has("waiver", "yes"), paused=WAITING),
        """
        A  02 09:00  opened  status=duplicate, waiver=yes
        A  02 09:00  fixed  status=open
        B  02 09:00  opened  waiver=yes
        B  02 09:00  fixed  waiver=no
        C  02 09:00  opened  status=waiting
        C  02 09:00  fixed  status=open
        D  02 09:00  opened
        D  02 09:00  asked  status=waiting
        E  02 09:00  merged  status=duplicate
        E  02 09:00  opened  status=open
        """,
        """
        fix A 1 cancelled | 02 09:00 | 02 13:00 | 02 09:00
        fix B 1 excused | 02 09:00 | 02 13:00 | 02 09:00
        fix C 1 open | 02 09:00 | 02 13:00 | -
        fix D 1 paused | 02 09:00 | - | -
        fix E 1 open | 02 09:00 | 02 13:00 | -
        """,
    ),
    # --- what was open before is acted on event by event
    "stop goes before cancel, cancel before excuse, excuse before a row, a row before a pause": (
        fix(
            [("1h", has("priority", "P1")), "8h"],
            cancelled=has("status", "duplicate"),
            excused=has("waiver", "yes"),
            paused=has("hold", "yes"),
        ),
        """
        A  02 09:00  opened
        A  02 12:00  reply  status=duplicate
        B  02 09:00  opened
        B  02 12:00  note  status=duplicate, waiver=yes
        C  02 09:00  opened
        C  02 12:00  note  waiver=yes, priority=P1
        D  02 09:00  opened
        D  02 12:00  note  priority=P1, hold=yes
        """,
        """
        fix A 1 met | 02 09:00 | 02 17:00 | 02 12:00
        fix B 1 cancelled | 02 09:00 | 02 17:00 | 02 12:00
        fix C 1 excused | 02 09:00 | 02 17:00 | 02 12:00
        fix D 1 breached | 02 09:00 | 02 10:00 | -
        """,
    ),
    "of two events of one instant the first decides": (
        fix(cancelled=has("status", "duplicate")),
        """
        A  02 09:00  opened
        A  02 10:00  merged  status=duplicate
        A  02 10:00  reply
        """,
        "fix A 1 cancelled | 02 09:00 | 02 13:00 | 02 10:00",
    ),
    "an event that closes an instance may open the next": (
        fix(starts=event("opened", "drop"), cancelled=event("drop")),
        """
        A  02 09:00  opened
        A  02 10:00  drop
        """,
        """
        fix A 1 cancelled | 02 09:00 | 02 13:00 | 02 10:00
        fix A 2 cancelled | 02 10:00 | 02 14:00 | 02 10:00
        """,
    ),
    "a due fires after all events of its instant": (
        fix(cancelled=has("status", "duplicate"), paused=WAITING),
        """
        A  02 09:00  opened
        A  02 13:00  note
        A  02 13:00  reply
        B  02 09:00  opened
        B  02 13:00  merged  status=duplicate
        C  02 09:00  opened
        C  02 13:00  asked  status=waiting
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 13:00
        fix B 1 cancelled | 02 09:00 | 02 13:00 | 02 13:00
        fix C 1 paused | 02 09:00 | - | -
        """,
    ),
    # --- how often
    "free: not while one is open, paused, or breached without its action": (
        fix("1h", MESSAGE, paused=WAITING),
        """
        A  02 09:00  message
        A  02 09:30  message
        A  02 11:00  message
        A  02 12:00  reply
        A  02 13:00  message  status=waiting
        A  02 14:00  message
        """,
        """
        fix A 1 late | 02 09:00 | 02 10:00 | 02 12:00
        fix A 2 paused | 02 13:00 | - | -
        """,
    ),
    "first: the first occurrence in the case and no other, even where it opened nothing": (
        fix("1h", MESSAGE, of="first", when=has("tier", "gold")),
        """
        A  02 09:00  message
        A  02 10:00  message  tier=gold
        B  02 09:00  message  tier=gold
        B  02 09:30  reply
        B  02 10:00  message
        """,
        "fix B 1 met | 02 09:00 | 02 10:00 | 02 09:30",
    ),
    "each: one action fulfils all that are open, breached or not": (
        fix("2h", MESSAGE, of="each"),
        """
        A  02 09:00  message
        A  02 10:00  message
        A  02 11:30  reply
        A  02 12:00  message
        """,
        """
        fix A 1 late | 02 09:00 | 02 11:00 | 02 11:30
        fix A 2 met | 02 10:00 | 02 12:00 | 02 11:30
        fix A 3 open | 02 12:00 | 02 14:00 | -
        """,
    ),
    "one for one: only the oldest unanswered one, breached or not": (
        fix("2h", MESSAGE, of="each", one_for_one=True),
        """
        A  02 09:00  message
        A  02 10:00  message
        A  02 11:30  reply
        """,
        """
        fix A 1 late | 02 09:00 | 02 11:00 | 02 11:30
        fix A 2 open | 02 10:00 | 02 12:00 | -
        """,
    ),
    "latest: it moves an open or paused one to itself; a breached one is left and a new one opens beside it": (
        fix("2h", MESSAGE, of="latest"),
        """
        A  02 09:00  message
        A  02 10:00  message
        A  02 12:30  message
        A  02 13:00  reply
        """,
        """
        fix A 1 late | 02 10:00 | 02 12:00 | 02 13:00
        fix A 2 met | 02 12:30 | 02 14:30 | 02 13:00
        """,
    ),
    # --- conditions of a start
    "when and subject are read at the start, after its event, and never again": (
        fix(when=has("tier", "gold"), subject=QUALIFIED),
        """
        A  02 09:00  opened  tier=gold, score=70
        A  02 10:00  note  tier=tin, score=1
        B  02 09:00  opened  tier=gold
        B  02 09:30  note  score=70
        C  02 09:00  opened  score=70
        """,
        "fix A 1 open | 02 09:00 | 02 13:00 | -",
    ),
    "a state begins where it holds after an event and did not before": (
        fix(starts=QUALIFIED),
        """
        A  02 09:00  created  score=70
        A  02 09:30  reply
        A  02 10:00  scored  score=80
        A  02 11:00  scored  score=10
        A  02 12:00  scored  score=60
        """,
        """
        fix A 1 met | 02 09:00 | 02 13:00 | 02 09:30
        fix A 2 open | 02 12:00 | 02 16:00 | -
        """,
    ),
    "not of a missing value holds from the first event on": (
        fix(starts=Not(QUALIFIED)),
        """
        A  02 09:00  created
        A  02 10:00  scored  score=70
        A  02 11:00  scored  score=10
        """,
        "fix A 1 open | 02 09:00 | 02 13:00 | -",
    ),
    # --- clauses that follow others
    "of breach of, and of fulfilment of, at that instant; late counts as fulfilment": (
        fix("2h")
        .clause("rescue", Trigger("breach", 0), event("call"), "1h")
        .clause("meeting", Trigger("fulfilment", 0), event("meet"), "3h"),
        """
        A  02 09:00  opened
        A  02 11:30  call
        A  02 12:30  reply
        A  02 15:30  meet
        B  02 09:00  opened
        B  02 10:00  reply
        """,
        """
        fix A 1 late | 02 09:00 | 02 11:00 | 02 12:30
        fix B 1 met | 02 09:00 | 02 11:00 | 02 10:00
        rescue A 1 met | 02 11:00 | 02 12:00 | 02 11:30
        meeting A 1 met | 02 12:30 | 02 15:30 | 02 15:30
        meeting B 1 breached | 02 10:00 | 02 13:00 | -
        """,
    ),
    "what fires at an instant comes after its events; an action among them fulfils the clause it starts": (
        fix("2h").clause("rescue", Trigger("breach", 0), event("call"), "1h"),
        """
        A  02 09:00  opened
        A  02 11:00  call
        """,
        """
        fix A 1 breached | 02 09:00 | 02 11:00 | -
        rescue A 1 met | 02 11:00 | 02 12:00 | 02 11:00
        """,
    ),
    "what time alone starts is cancelled or paused by the states that hold": (
        fix("2h")
        .clause("rescue", Trigger("breach", 0), event("call"), "1h", paused=WAITING)
        .clause("alarm", Trigger("breach", 0), event("call"), "1h", cancelled=[event("note"), WAITING]),
        """
        A  02 09:00  opened  status=waiting
        A  02 12:00  note
        """,
        """
        fix A 1 breached | 02 09:00 | 02 11:00 | -
        rescue A 1 paused | 02 11:00 | - | -
        alarm A 1 cancelled | 02 11:00 | 02 12:00 | 02 11:00
        """,
    ),
    "chains of breaches": (
        fix("1h")
        .clause("second", Trigger("breach", 0), REPLY, "1h")
        .clause("third", Trigger("breach", 1), REPLY, "1h"),
        """
        A  02 09:00  opened
        A  02 11:30  reply
        """,
        """
        fix A 1 late | 02 09:00 | 02 10:00 | 02 11:30
        second A 1 late | 02 10:00 | 02 11:00 | 02 11:30
        third A 1 met | 02 11:00 | 02 12:00 | 02 11:30
        """,
    ),
    "the breach of an inverse clause is its act": (
        PlanBuilder()
        .clause("quiet", OPENED, REPLY, "4h", inverse=True, met_at_due=True)
        .clause("sorry", Trigger("breach", 0), event("call"), "1h")
        .clause("thanks", Trigger("fulfilment", 0), event("call"), "1h"),
        """
        A  02 09:00  opened
        A  02 10:00  reply
        B  02 09:00  opened
        C  02 14:00  note
        """,
        """
        quiet A 1 breached | 02 09:00 | 02 13:00 | 02 10:00
        quiet B 1 met | 02 09:00 | 02 13:00 | 02 13:00
        sorry A 1 breached | 02 10:00 | 02 11:00 | -
        thanks B 1 breached | 02 13:00 | 02 14:00 | -
        """,
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_instant(case):
    builder, events, expected = CASES[case]
    assert judged(builder, events) == lines(expected)


# --- levels ----------------------------------------------------------------------------------------------------------


def levels(**details) -> PlanBuilder:
    """Eight hours for everyone, one hour for customer ACME."""
    acme = has("customer", "ACME")
    builder = PlanBuilder().clause("fix", OPENED, REPLY, "8h", guard=Not(acme), **details)
    return builder.clause("fix", OPENED, REPLY, "1h", guard=acme, **details)


def test_the_most_specific_level_alone_decides_and_numbers_count_per_label():
    plan = levels().plan()
    outcome = judge(
        plan,
        log("""
        A  02 09:00  opened
        A  02 10:00  reply
        A  02 11:00  opened  customer=ACME
        A  02 11:30  opened  customer=Other
        A  02 13:00  reply
        """),
    )
    assert told(plan, outcome) == [
        "fix A 1 met | 02 09:00 | 02 17:00 | 02 10:00",
        "fix A 2 late | 02 11:00 | 02 12:00 | 02 13:00",
    ]
    assert [verdict.clause for verdict in outcome] == [0, 1]
    assert outcome.later == {0: 1}  # at the first start the customer was missing, and came later


def test_the_latest_start_moves_the_instance_to_its_level():
    plan = levels(of="latest").plan()
    outcome = judge(plan, log("A  02 09:00  opened\n A  02 10:00  opened  customer=ACME\n A  02 10:30  note"))
    assert told(plan, outcome) == ["fix A 1 open | 02 10:00 | 02 11:00 | -"]
    assert [verdict.clause for verdict in outcome] == [1]


# --- as-of, cases, order ---------------------------------------------------------------------------------------------


def test_as_of_events_after_it_are_not_seen_and_all_up_to_it_is_known():
    events = "A  02 09:00  opened\n A  02 13:00:00.000001  reply"
    assert judged(fix(), events, "02 12:59:59.999999") == ["fix A 1 open | 02 09:00 | 02 13:00 | -"]
    assert judged(fix(), events, "02 13:00") == ["fix A 1 breached | 02 09:00 | 02 13:00 | -"]
    assert judged(fix(), events, "02 13:00:00.000001") == ["fix A 1 late | 02 09:00 | 02 13:00 | 02 13:00:00.000001"]
    assert judged(fix(), events, "02 08:00") == []


def test_a_policy_judges_the_instances_that_start_in_its_period():
    builder = PlanBuilder(effective=(at("02 09:00"), at("02 12:00")))
    builder.clause("fix", OPENED, REPLY, "4h", of="each")
    events = """
        A  02 08:59:59.999999  opened
        A  02 09:00  opened
        A  02 11:59:59.999999  opened
        A  02 12:00  opened
    """
    assert judged(builder, events) == [
        "fix A 1 open | 02 09:00 | 02 13:00 | -",
        "fix A 2 open | 02 11:59:59.999999 | 02 15:59:59.999999 | -",
    ]


def test_events_in_any_order_are_sorted_by_time_and_position_and_cases_do_not_touch():
    plan = fix("1h", MESSAGE, of="each").plan()
    events = log("""
        A  02 09:00  message
        B  02 09:00  reply
        B  02 09:00  message
        A  02 09:30  message
        A  02 09:45  reply
        B  02 09:45  message
    """)
    expected = judge(plan, events)
    for seed in range(5):
        mixed = list(events)
        random.Random(seed).shuffle(mixed)
        assert judge(plan, mixed) == expected
    for case in "AB":
        alone = judge(plan, [e for e in events if e.case == case], at("02 09:45"))
        assert alone.verdicts == [verdict for verdict in expected if verdict.case == case]


def test_the_same_id_of_an_input_counts_once():
    plan = fix(of="each").plan()
    events = [Event("A", at("02 09:00"), "opened", "", {}, position=k, id="7", input=k // 2) for k in range(3)]
    assert told(plan, judge(plan, events)) == [
        "fix A 1 open | 02 09:00 | 02 13:00 | -",
        "fix A 2 open | 02 09:00 | 02 13:00 | -",
    ]


def test_a_party_is_not_checked_where_the_log_has_no_actor():
    builder = PlanBuilder()
    act = Trigger("happens", builder.condition(And((REPLY, ActorIs("sales")))))
    builder.clause("fix", OPENED, act, "4h")
    plan = builder.plan()
    bare, acted = "A  02 09:00  opened\n A  02 10:00  reply", "A  02 09:00  opened\n A  02 10:00  reply  @Sales"
    other = "A  02 09:00  opened\n A  02 10:00  reply  @support"
    for events, actors, status in (
        (bare, None, "met"),
        (acted, None, "met"),
        (other, None, "open"),
        (bare, True, "open"),
        (other, False, "met"),
    ):
        (verdict,) = judge(plan, log(events), actors=actors)
        assert verdict.status == status, (events, actors)


# --- laws ------------------------------------------------------------------------------------------------------------


def test_every_equals_the_chain_of_single_clauses_that_follow_one_another():
    """Law 23; so the action that fulfils a clause does not fulfil what starts from its fulfilment as well."""
    running = has("status", "open")
    events = """
        A  02 09:00  opened  status=open
        A  03 08:00  reply
        A  04 09:00  reply
        A  04 09:00  reply
        A  05 10:00  note
    """
    cycles = judged(PlanBuilder().every("cycle", REPLY, "24h", running), events)
    chain = PlanBuilder()
    for k in range(5):
        start = running if k == 0 else chain.of("fulfilment", f"link {k - 1}")
        chain.clause(f"link {k}", start, REPLY, "24h", cancelled=Not(running))
    links = judged(chain, events)
    assert [line.split(" | ", 1)[1] for line in cycles] == [line.split(" | ", 1)[1] for line in links]
    assert len(links) == 4


def test_must_not_is_the_dual_of_must():
    """Law 22: broken where the other is met, met where that one is breached or late."""
    events = """
        A  02 09:00  opened
        A  02 10:00  reply
        B  02 09:00  opened
        B  02 14:00  reply
        C  02 09:00  opened
        C  02 13:00  reply
    """
    must, must_not = fix().plan(), fix(inverse=True, met_at_due=True).plan()
    pairs = [(a.status, b.status) for a, b in zip(judge(must, log(events)), judge(must_not, log(events)), strict=True)]
    assert pairs == [("met", "breached"), ("late", "met"), ("met", "breached")]


def test_a_log_cut_at_an_instant_gives_the_verdicts_as_of_it():
    """Law 5, at each event and a microsecond beside it."""
    builder = fix([("1h", has("priority", "P1")), "3h"], of="each", paused=WAITING)
    plan = builder.clause("next", builder.of("breach", "fix"), REPLY, "1h").plan()
    events = log("""
        A  02 09:00  opened
        A  02 10:00  opened  priority=P1
        A  02 11:00  ask  status=waiting
        A  02 11:00  opened  priority=P9
        A  02 12:30  answer  status=active
        A  02 13:30  reply
    """)
    for as_of in sorted({e.time_us + beside for e in events for beside in (-1, 0, 1)}):
        assert judge(plan, events, as_of) == judge(plan, [e for e in events if e.time_us <= as_of], as_of)
