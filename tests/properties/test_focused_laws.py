"""Laws 2 and 3 once more, each time for policies of one theme: what hardly happens in a policy of every form happens here.

The sentences are written by hand, the logs are drawn. Each log is judged whole, and fed event by event with a restart
after each; either way it must come to what the referee says.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from laws import law
from made_policy import Agreement, Block, Promise
from monitored import Driven
from samples import HOUR, OFFSETS, Sample, alerted, at, compiled, draw_instant, event, iso, told

from sladsl.evaluate.stream import judge
from sladsl.events import Event
from sladsl.ir.plan import Plan

CHANGES = (
    "on change carry",
    "on change keep",
    "on tighter restart, on looser carry",
    "on tighter keep, on looser restart",
    "on looser keep",
)
OFFICE = ("calendar office", "    mon-fri 09:00-17:00")
DESK = (
    "calendar desk",
    "    mon-thu 09:00-13:00",
    "    fri 09:00-17:00",
)  # whose business days may be due outside hours
SHOP = ("calendar shop", "    mon-sat 08:00-12:00, 13:00-19:00", "    timezone America/New_York")
WORDS = {  # further details that a theme's clause may have, one of each tuple
    "rows": (
        ('2h when priority = "P2"', "30 min when priority = \"P2\"", '1 business hour when priority = "P2"'),
        ("", "8h when gold", "3 business hours when gold"),
        CHANGES,
        ("", "paused while waiting"),
    ),
    "pauses": (
        ("paused while waiting", "paused while waiting, at most 1h", "paused while waiting, at most 1 business hour"),
        ("", "", "paused while on hold", "paused while on hold, at most 90 min"),
        ("", "cancelled after 2h paused", "cancelled after 1 business hour paused"),
        ("", "cancelled when duplicate = yes"),
        ("", "excused when waiver = yes"),
    ),
    "alerts": (
        ("warn at 75%", "warn 1h before", "warn 1 business hour before"),
        ('escalate to "head" at breach', 'escalate to "head" at 150%', 'escalate to "head" after 2h'),
        ("", "paused while waiting", "paused while waiting"),
        ("", 'escalate to "lead" after 1 business hour', 'warn at 50%'),
        ("", 'on reopen resume'),
    ),
    "ends": (
        ("cancelled when merged", "cancelled when merged", "cancelled when duplicate = yes"),
        ("excused when merged", "excused when merged", "excused when waiver = yes"),
        ("", "paused while waiting"),
        ("", "when gold"),
    ),
    "reopening": (
        ("on reopen resume", "on reopen resume within 2h", "on reopen resume within 1 business hour", "on reopen ignore"),
        ("", "paused while waiting"),
        ("", "1h when gold"),
    ),
    "by": (("", "cancelled when duplicate = yes"), ("", "warn 1h before", "warn at 75%")),
    "often": (("", "cancelled when duplicate = yes"), ("", "paused while waiting")),
    "counting": (("", "excused when waiver = yes"), ("",)),
    "attempts": (("", "paused while waiting"),),
    "answers": (("", "", "cancelled when duplicate = yes"), ("", "paused while waiting")),
}  # fmt: skip
HEADS = {
    "rows": (
        "support replies within 4h of opened",
        "support replies within 2 business hours of opened",
        "support must not close within 4h of opened",
    ),
    "pauses": ("support replies within 20h of opened", "support replies within 9 business hours of opened"),
    "alerts": ("support replies within 2h of opened", "support replies within 4 business hours of opened"),
    "ends": ("support replies within 2h of opened", "support must not close within 2h of opened"),
    "reopening": ("support replies within 2h of opened", "support replies within 2 business hours of opened"),
    "by": (
        "support replies by 17:00 same business day of opened",
        "support replies by 12:00 same business day cutoff 11:00 of opened",
        "support replies by end of next business day cutoff 14:00 of opened",
        "support replies by 10:30 2nd business day of opened",
        "support replies by 18:00 of opened",
        "support replies by promised of opened",
        "support replies within 2 business days of opened, in shop",
        "support replies within 1 calendar day of opened",
    ),
    "often": (
        "support replies within 2h of latest message",
        "support replies within 2h of each message",
        "support replies within 2h of each message, one for one",
        "support replies within 2h of first message",
        "support replies within 2h of message",
        "support replies every 2h while being open",
    ),
    "attempts": (
        "support replies at least 2 times within 20h of opened",
        "support replies at least 3 times over 2 distinct channel within 20h of opened",
        "support replies at least 2 times over 2 distinct channel within 20h of opened",
    ),
    "answers": (
        "support replies within 2h of each message",
        "support replies within 2h of each message, one for one",
        "support replies within 2h of latest message",
        "support replies within 2h of message",
    ),
    "counting": (
        "support must not close before 2 messages",
        "support must not close while being open",
        "at most 1 handover per case until closed",
        "time while waiting at most 2h until closed",
        "waiting lasts at most 1h",
        "support replies within 2h of opened, when busy",
        "support replies within 2h of message, when tried",
    ),
}

MINUTE = 60_000_000
# what turns, by a word of the policy, and the values between which it does
CHANGES_OF = (
    ("waiting", ("waiting", "open")),
    ("being open", ("open", "done")),
    ("on hold", ("yes", "no")),
    ("priority", ("P2", "P3")),
    ("gold", ("gold", "silver")),
    ("duplicate", ("no", "yes")),
    ("waiver", ("no", "yes")),
    ("promised", ("",)),
    ("channel", ("phone", "mail")),
    ("customer", ("ACME", "Beta")),
    ("opened", ("",)),
    ("message", ("",)),
)  # fmt: skip
BUSY = ("attempts", "answers", "ends")  # whose logs hold more than states that turn
CELL_OF = {"waiting": "status", "being open": "status", "on hold": "hold", "gold": "tier"}
KINDS = {
    "rows": ("reply", "reply", "opened"),
    "pauses": ("reply", "reply", "opened", "merge"),
    "alerts": ("reply", "opened"),
    "ends": ("merge", "merge", "reply", "close", "opened"),
    "attempts": ("reply", "reply", "reply", "opened"),
    "answers": ("message", "reply"),
    "reopening": ("reply", "opened", "opened"),
    "by": ("reply", "opened"),
    "often": ("reply", "message", "message"),
    "counting": ("reply", "message", "close", "closed", "handover", "opened"),
}


@st.composite
def themed(draw: st.DrawFn, theme: str, levels: bool = False, turning: bool = False) -> Sample:
    """A policy of a theme, and a log of it; `turning`: one that pauses and resumes again and again."""

    def clause(label: str) -> Promise:
        details = [draw(st.sampled_from(words)) for words in WORDS[theme]]
        return Promise(label, draw(st.sampled_from(HEADS[theme])), tuple(detail for detail in details if detail))

    blocks: Sequence[Block] = ()
    if levels:
        blocks = (Block(draw(st.sampled_from(('customer "ACME"', 'for region in ("ES", "FR")'))), (clause("a"),)),)
    agreement = Agreement(
        calendars=(OFFICE, SHOP),
        promises=(clause("a"),),
        blocks=tuple(blocks),
        default=draw(st.sampled_from(("office", "shop"))),
    )
    plan = compiled(agreement.text())
    events = draw_turns(draw) if turning else draw_events(draw, theme, agreement.text(), plan)
    last = max(event.time_us for event in events)
    return Sample(agreement, plan, tuple(events), draw_instant(draw, plan, events, "A", last))


def draw_events(draw: st.DrawFn, theme: str, text: str, plan: Plan) -> list[Event]:
    """A start, and what keeps its clauses busy: states that turn, rows that change, the action in the end."""
    us = at("2026-03-02") + draw(st.sampled_from((9 * HOUR, 11 * HOUR, 14 * HOUR, 15 * HOUR, 10 * HOUR, 17 * HOUR)))
    us += draw(st.sampled_from(OFFSETS))
    changes = [change for change in CHANGES_OF if change[0] in text] or [("", ("",))]
    events: list[Event] = []
    for position in range(draw(st.integers(2, 9))):
        kind, values = "note", {}
        name, options = draw(st.sampled_from(changes))
        if position == 0:
            kind = "message" if "message" in text else "opened"
        elif draw(st.sampled_from((False, theme in BUSY, True))):
            kind = draw(st.sampled_from(KINDS[theme]))
        if options[0]:
            values[CELL_OF.get(name, name)] = draw(st.sampled_from(options))
        if name == "promised":
            values[name] = iso(us + draw(st.sampled_from((0, HOUR, 2 * HOUR, -1, 1))))
        events.append(event("A", us, kind, "support" if kind in ("reply", "close") else "", position, **values))
        us = draw_instant(draw, plan, events, "A", us)
    return events


def draw_turns(draw: st.DrawFn) -> list[Event]:
    """A start, pauses that begin and end, and the action; in minutes, so that a few fit into a target."""
    us = at("2026-03-02T10:00:00")
    first = draw(st.sampled_from(("opened", "message")))
    events = [event("A", us, first, position=0, status="open", priority="P3")]
    for turn in range(draw(st.integers(1, 5))):
        us += draw(st.sampled_from((20, 10, 45, 60, 120))) * MINUTE
        row = {"priority": draw(st.sampled_from(("P2", "P3")))} if draw(st.booleans()) else {}
        status = "open" if turn % 2 else "waiting"
        kind = draw(st.sampled_from(("note", "note", "message")))
        events.append(event("A", us, kind, position=turn + 1, status=status, **row))
    us += draw(st.sampled_from((30, 5, 90))) * MINUTE
    last = draw(st.sampled_from(("reply", "reply", "note")))
    return [*events, event("A", us, last, "support", position=9)]


def agree(sample: Sample) -> None:
    """The stream evaluator says what the referee says, at once and with a restart after every event."""
    plan, referee = sample.plan, sample.referee()
    whole = judge(plan, sample.events, sample.as_of_us, actors=True)
    assert told(plan, whole.verdicts) == told(plan, referee.verdicts)
    assert alerted(whole.alerts) == alerted(referee.alerts)
    driven = Driven(plan)
    for one in sample.sorted():
        driven.feed(one)
        driven.restart()
    driven.advance(sample.as_of_us)
    assert driven.told() == told(plan, referee.verdicts)
    assert alerted(driven.alerts) == alerted(referee.alerts)


@law(2, themed("rows"), quick=20, long=2000)
def test_rows_that_change(sample: Sample) -> None:
    agree(sample)


@law(2, themed("pauses"), quick=26, long=2000)
def test_pauses_and_their_bounds(sample: Sample) -> None:
    agree(sample)


@law(2, themed("alerts"), quick=13, long=2000)
def test_alerts(sample: Sample) -> None:
    agree(sample)


@law(
    2,
    st.sampled_from(("pauses", "alerts", "rows", "answers")).flatmap(lambda theme: themed(theme, turning=True)),
    quick=50,
    long=2000,
)
def test_pauses_again_and_again(sample: Sample) -> None:
    agree(sample)


@law(2, themed("ends"), quick=20, long=1000)
def test_cancelled_and_excused(sample: Sample) -> None:
    agree(sample)


@law(2, themed("reopening"), quick=10, long=1000)
def test_reopening(sample: Sample) -> None:
    agree(sample)


@law(2, themed("by"), quick=20, long=2000)
def test_points_in_time(sample: Sample) -> None:
    agree(sample)


@law(2, themed("often"), quick=13, long=1000)
def test_how_often(sample: Sample) -> None:
    agree(sample)


@law(2, themed("counting"), quick=20, long=2000)
def test_counting(sample: Sample) -> None:
    agree(sample)


@law(2, themed("often", levels=True), quick=10, long=1000)
def test_levels_of_a_label(sample: Sample) -> None:
    agree(sample)


@st.composite
def followed(draw: st.DrawFn) -> Sample:
    """A clause that follows another's breach or fulfilment, and sometimes one that follows that."""
    ways = st.sampled_from(("breach", "fulfilment", "each breach", "each fulfilment"))
    promises = [Promise("a", draw(st.sampled_from((*HEADS["often"][:3], HEADS["alerts"][0]))))]
    for label, before in (("b", "a"), ("c", "b"))[: draw(st.integers(1, 2))]:
        promises.append(
            Promise(label, f"support replies within {draw(st.sampled_from(('1h', '3h')))} of {draw(ways)} of {before}")
        )
    agreement = Agreement(promises=tuple(promises))
    plan = compiled(agreement.text())
    events = draw_events(draw, "often", agreement.text(), plan)
    return Sample(
        agreement, plan, tuple(events), max(event.time_us for event in events) + draw(st.sampled_from((0, 5 * HOUR)))
    )


@law(2, followed(), quick=20, long=1000)
def test_clauses_that_follow(sample: Sample) -> None:
    agree(sample)


@st.composite
def paused_at_the_due(draw: st.DrawFn) -> Sample:
    """A pause that begins at the due or beside it, and the action at its end or beside it."""
    opened, head = draw(
        st.sampled_from(
            (
                ("2026-03-02T10:00:00", HEADS["rows"][0]),
                ("2026-03-02T10:00:00", HEADS["rows"][1]),
                ("2026-03-06T16:00:00", "support replies within 1 business day of opened, in desk"),
            )
        )
    )
    promise = Promise("a", head, ("paused while waiting", draw(st.sampled_from(WORDS["rows"][0]))))
    agreement = Agreement(calendars=(OFFICE, DESK), promises=(promise,), default="office")
    plan = compiled(agreement.text())
    start = event("A", at(opened), "opened", position=0, status="open", priority="P3")
    (verdict,) = Sample(agreement, plan, (start,), start.time_us).referee()
    assert verdict.due_us is not None
    begun = verdict.due_us + draw(st.sampled_from(OFFSETS))
    ended = begun + draw(st.sampled_from((HOUR, 20 * HOUR, 1)))
    events = (
        start,
        event("A", begun, "note", position=1, status="waiting"),
        event("A", ended, "note", position=2, status="open", priority=draw(st.sampled_from(("P2", "P3")))),
        event("A", ended + draw(st.sampled_from((0, 1))), "reply", "support", position=3),
    )
    return Sample(agreement, plan, events, ended + HOUR)


@law(2, paused_at_the_due(), quick=15, long=300)
def test_a_pause_that_begins_at_the_due(sample: Sample) -> None:
    agree(sample)


@st.composite
def moved_to_a_level(draw: st.DrawFn) -> Sample:
    """A start that moves what is open to another level, with pauses and warnings before and after."""

    def promise(head: str) -> Promise:
        pause = draw(st.sampled_from(("paused while waiting, at most 1h", "paused while waiting")))
        further = draw(st.sampled_from(("warn at 50%", "warn at 75%", "cancelled after 2h paused")))
        return Promise("a", f"support replies within {head} of latest message", (pause, further))

    agreement = Agreement(promises=(promise("4h"),), blocks=(Block('customer "ACME"', (promise("2h"),)),))
    plan = compiled(agreement.text())
    us = at("2026-03-02T10:00:00")
    events = [event("A", us, "message", position=0, status="open")]
    for status in ("waiting", "open", "", "waiting", "open"):
        us += draw(st.sampled_from((10, 60, 90, 120))) * MINUTE
        if status:
            events.append(event("A", us, "note", position=len(events), status=status))
        else:
            customer = draw(st.sampled_from(("ACME", "ACME", "Beta")))
            events.append(event("A", us, "message", position=len(events), customer=customer))
    us += draw(st.sampled_from((10, 60, 90))) * MINUTE
    events.append(event("A", us, "reply", "support", position=len(events)))
    return Sample(agreement, plan, tuple(events), us + draw(st.sampled_from((0, HOUR))))


@law(2, moved_to_a_level(), quick=15, long=500)
def test_a_start_that_moves_to_another_level(sample: Sample) -> None:
    agree(sample)


@law(2, themed("attempts"), quick=16, long=1000)
def test_attempts(sample: Sample) -> None:
    agree(sample)


@law(2, themed("answers"), quick=16, long=1000)
def test_one_action_for_many(sample: Sample) -> None:
    agree(sample)


@st.composite
def in_an_instant(draw: st.DrawFn) -> Sample:
    """Everything happens in one instant or two, in any order; the second may be the end of the agreement's period."""
    theme = draw(st.sampled_from(("answers", "often", "ends")))
    details = [draw(st.sampled_from(words)) for words in WORDS[theme]]
    promise = Promise("a", draw(st.sampled_from(HEADS[theme])), tuple(detail for detail in details if detail))
    head = draw(st.sampled_from(((), ("effective from 2026-03-02 until 2026-03-02 11:00",))))
    agreement = Agreement(head=head, promises=(promise,))
    plan = compiled(agreement.text())
    first = at("2026-03-02T10:00:00")
    kinds = st.sampled_from(("reply", *KINDS[theme], "message" if theme == "often" else "opened"))
    events = [
        event("A", first + (HOUR if late else 0), kind, "support" if kind == "reply" else "", position, status="open")
        for position, (late, kind) in enumerate(draw(st.lists(st.tuples(st.booleans(), kinds), min_size=2, max_size=7)))
    ]
    if theme == "ends":
        events = [event("A", first, "opened", position=0), *(evolve_position(one) for one in events)]
    return Sample(agreement, plan, tuple(events), first + draw(st.sampled_from((HOUR, 9 * HOUR))))


def evolve_position(one: Event) -> Event:
    """The same event, one place later."""
    return event("A", one.time_us, one.type, one.actor, one.position + 1)


@law(2, in_an_instant(), quick=26, long=2000)
def test_many_events_of_an_instant(sample: Sample) -> None:
    agree(sample)
    waiting = Driven(sample.plan, 24 * HOUR)
    waiting.feed(sample.sorted())
    waiting.advance(sample.as_of_us)
    assert waiting.told() == told(sample.plan, sample.referee().verdicts)


@st.composite
def reopened(draw: st.DrawFn) -> Sample:
    """A second start after the action, at the end of the time in which it resumes, or beside it; then another action."""
    how = draw(st.sampled_from(WORDS["reopening"][0]))
    agreement = Agreement(
        calendars=(OFFICE,),
        promises=(Promise("a", draw(st.sampled_from(HEADS["reopening"])), (how,)),),
        default="office",
    )
    plan = compiled(agreement.text())
    start = at("2026-03-02T09:00:00")
    answered = start + draw(st.sampled_from((HOUR, 3 * HOUR)))
    again = answered + draw(st.sampled_from((HOUR, 2 * HOUR))) + draw(st.sampled_from(OFFSETS))
    events = (
        event("A", start, "opened", position=0),
        event("A", answered, "reply", "support", position=1),
        event("A", again, "opened", position=2),
        event("A", again + draw(st.sampled_from((HOUR, 30 * MINUTE, 0))), "reply", "support", position=3),
    )
    return Sample(agreement, plan, events, again + 9 * HOUR)


@law(2, reopened(), quick=16, long=300)
def test_starts_after_the_action(sample: Sample) -> None:
    agree(sample)


@st.composite
def remembered(draw: st.DrawFn) -> Sample:
    """Conditions that read what was, at the end of the time that they look back, or beside it."""
    state, back = draw(st.sampled_from((("busy", 4 * HOUR), ("stale", 3 * HOUR), ("tried", HOUR), ("many", HOUR))))
    agreement = Agreement(promises=(Promise("a", f"support fixes within 1h of opened, when {state}"),))
    plan = compiled(agreement.text())
    first = us = at("2026-03-02T09:00:00")
    events = []
    for position in range(draw(st.integers(2, 4))):
        kind = "reply" if state == "tried" else draw(st.sampled_from(("message", "message", "opened")))
        events.append(event("A", us, kind, "support", position, channel=draw(st.sampled_from(("phone", "mail")))))
        us += draw(st.sampled_from((HOUR, 30 * MINUTE)))
    us = max(us, draw(st.sampled_from((first, events[-1].time_us))) + back + draw(st.sampled_from(OFFSETS)))
    events.append(event("A", us, "opened", "support", 9))
    return Sample(agreement, plan, tuple(events), us)


@law(2, remembered(), quick=30, long=1000)
def test_what_is_remembered(sample: Sample) -> None:
    agree(sample)


@st.composite
def bounded(draw: st.DrawFn) -> Sample:
    """Pauses whose bound, and the bound of all of them, is used up by several."""
    bound = draw(st.sampled_from(("1h", "90 min", "1 business hour")))
    more = draw(st.sampled_from(((), ("cancelled after 2h paused",), ("cancelled after 1 business hour paused",))))
    promise = Promise("a", "support fixes within 20h of opened", (f"paused while waiting, at most {bound}", *more))
    agreement = Agreement(calendars=(OFFICE,), promises=(promise,), default="office")
    plan = compiled(agreement.text())
    us = at("2026-03-02T10:00:00")
    events = [event("A", us, "opened", position=0, status="open")]
    for turn in range(draw(st.integers(3, 8))):
        us += draw(st.sampled_from((20, 45, 60, 120))) * MINUTE
        events.append(event("A", us, "note", position=turn + 1, status="open" if turn % 2 else "waiting"))
    return Sample(agreement, plan, tuple(events), us + draw(st.sampled_from((0, HOUR))))


@law(2, bounded(), quick=20, long=500)
def test_bounds_that_several_pauses_use(sample: Sample) -> None:
    agree(sample)


@st.composite
def paused_too_long(draw: st.DrawFn) -> Sample:
    """Pauses whose sum comes to the bound of `cancelled after`, within one or as it ends; what ends one may begin it all anew."""
    bound, steps = draw(
        st.sampled_from(
            (("2h", (30, 60, 20)), ("90 min", (30, 45)), ("2 business hours", (30, 60)), ("1 business day", (480, 840)))
        )
    )
    start = draw(st.sampled_from(("opened", "latest opened")))
    more = draw(st.sampled_from(((), ("paused while on hold",), ("on reopen resume",))))
    details = ("paused while waiting", f"cancelled after {bound} paused", *more)
    promise = Promise(
        "a", f"support fixes within {draw(st.sampled_from(('40h', '4 business days')))} of {start}", details
    )
    agreement = Agreement(calendars=(OFFICE,), promises=(promise,), default="office")
    plan = compiled(agreement.text())
    us = at("2026-03-02T10:00:00")
    events = [event("A", us, "opened", position=0, status="open")]
    for turn in range(draw(st.integers(5, 9))):
        us += draw(st.sampled_from(steps)) * MINUTE + draw(st.sampled_from((0, 0, 0, *OFFSETS)))
        kind = draw(st.sampled_from(("note", "note", "note", "opened", "fix")))
        turned = {"status": "open" if turn % 2 else "waiting"} if turn < 7 else {"hold": "no" if turn % 2 else "yes"}
        events.append(event("A", us, kind, "support" if kind == "fix" else "", position=turn + 1, **turned))
    return Sample(agreement, plan, tuple(events), us + draw(st.sampled_from((0, HOUR))))


@law(2, paused_too_long(), quick=20, long=2000)
def test_pauses_that_are_too_long_together(sample: Sample) -> None:
    agree(sample)


@st.composite
def tightened(draw: st.DrawFn) -> Sample:
    """A row that puts the due into the past, of what must happen and of what must not."""
    head = draw(st.sampled_from(("support replies within 4h of opened", "support must not close within 4h of opened")))
    promise = Promise("a", head, ('2h when priority = "P2"', draw(st.sampled_from(CHANGES))))
    agreement = Agreement(promises=(promise,))
    plan = compiled(agreement.text())
    start = at("2026-03-02T10:00:00")
    turned = start + draw(st.sampled_from((2, 3, 1))) * HOUR + draw(st.sampled_from(OFFSETS))
    events = (
        event("A", start, "opened", position=0, priority="P3"),
        event("A", turned, "note", position=1, priority="P2"),
        event(
            "A", turned + draw(st.sampled_from((0, 1, HOUR))), draw(st.sampled_from(("reply", "close"))), "support", 2
        ),
    )
    return Sample(agreement, plan, events, turned + 9 * HOUR)


@law(2, tightened(), quick=20, long=300)
def test_rows_that_put_the_due_into_the_past(sample: Sample) -> None:
    agree(sample)


@law(4, st.sampled_from(OFFSETS), st.sampled_from((HOUR, 24 * HOUR)), st.integers(0, 10**12), quick=10, long=50)
def test_what_comes_too_late_is_refused_and_nothing_else(off: int, lateness: int, later: int) -> None:
    plan = compiled("a: support replies within 2h of opened\n")
    now = at("2026-03-02T10:00:00") + later
    driven = Driven(plan, lateness)
    driven.feed(event("A", now, "opened", position=0))
    driven.feed(event("B", now - lateness + off, "opened", position=1))
    assert [one.case for one in driven.monitor.refused] == (["B"] if off < 0 else [])
    driven.advance(now + HOUR)
    driven.feed(event("C", now + HOUR + off, "opened", position=2))
    assert ("C" in {one.case for one in driven.monitor.refused}) == (off <= 0)
