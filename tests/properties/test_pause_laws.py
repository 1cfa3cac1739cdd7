"""Law 19: pauses."""

from __future__ import annotations

from itertools import pairwise

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from made_policy import Agreement, Promise
from policies import BUSINESS, WEEKS
from samples import DAY, HOUR, Sample, at, compiled, draw_log, event, next_edges, samples, told

from sladsl.clock import CalendarSpec, ClosedDates, DatedHours, compile_calendar
from sladsl.clock import iso as iso_in
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import MET, OPEN, PAUSED, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan

EVALUATORS = (reference.judge, judge)
# exact amounts, and the same on a calendar that is always open
ALWAYS = ("every day 00:00-24:00",)
EXACT = {"2h": "2 business hours", "30 min": "30 business minutes", "1 day": "24 business hours"}
STARTS = ("of message", "of each message", "of first message", "of latest message")
HOLDING = ("on hold", "waiting")
HOLDS = {"on hold": ("hold", "yes"), "waiting": ("status", "waiting")}


# --- a pause is a hole -----------------------------------------------------------------------------------------------


def holes(events: list[Event], states: tuple[str, ...], until: int) -> list[tuple[int, int]]:
    """The stretches in which any of the states holds, half-open; the last one up to an instant where it does not end."""
    held: dict[str, bool] = dict.fromkeys(states, False)
    found: list[tuple[int, int]] = []
    since: int | None = None
    for place, one in enumerate(events):
        for state in states:
            name, value = HOLDS[state]
            if name in one.attributes:
                held[state] = one.attributes[name] == value
        if place + 1 < len(events) and events[place + 1].time_us == one.time_us:
            continue  # what holds at the last event of an instant holds from the instant on
        if any(held.values()) and since is None:
            since = one.time_us
        elif since is not None and not any(held.values()):
            found.append((since, one.time_us))
            since = None
    return found if since is None else [*found, (since, until)]


def minus(calendar: CalendarSpec, gone: list[tuple[int, int]], first: int, last: int) -> CalendarSpec:
    """A calendar in UTC without some stretches, written out date by date between two instants."""
    openings = compile_calendar(calendar, "UTC").openings(first - first % DAY, last)
    for since, until in gone:
        left = []
        for a, b in openings:
            left += [(a, min(b, since)), (max(a, until), b)]
        openings = [(a, b) for a, b in left if a < b]
    dated: list[DatedHours] = []
    closed: list[ClosedDates] = []
    for midnight in range(first - first % DAY, last - last % DAY, DAY):
        date = iso_in(midnight, "UTC")[:10]
        spans = [(max(a, midnight) - midnight, min(b, midnight + DAY) - midnight) for a, b in openings]
        of_day = tuple((a, b) for a, b in spans if a < b)
        if of_day:
            dated.append(DatedHours(date, of_day))
        else:
            closed.append(ClosedDates(date, date))
    return evolve(calendar, dated=tuple(dated), closed=tuple(closed), holidays=(), seasons=())


@st.composite
def paused(draw: st.DrawFn) -> tuple[Sample, Plan]:
    """A clause with pauses and a log of one case; and the plan of the same clause without, on the same opening hours."""
    exact = draw(st.sampled_from((False, True)))
    week = ALWAYS if exact else draw(st.sampled_from(WEEKS))
    calendar = ("calendar office", *(f"    {line}" for line in week))
    amount = draw(st.sampled_from(tuple(EXACT) if exact else BUSINESS))
    start = draw(st.sampled_from(STARTS))
    states = HOLDING[: draw(st.sampled_from((1, 1, 2)))]
    act = ("reply", "support", ())
    head = f"support replies within {amount} {start}"
    promise = Promise("a", head, tuple(f"paused while {state}" for state in states), act=act)
    agreement = Agreement(calendars=(calendar,), promises=(promise,), default="office")
    plan = compiled(agreement.text())
    events, as_of = draw_log(draw, agreement, plan, longest=10, cases=("A",), bad=False)
    sample = Sample(agreement, plan, tuple(events), as_of)
    plain = Promise("a", f"support replies within {EXACT.get(amount, amount)} {start}", act=act)
    without = compiled(evolve(agreement, promises=(plain,)).text())
    gone = holes(sample.sorted(), states, as_of + 2 * DAY)
    spec = minus(without.calendars[0], gone, events[0].time_us - 7 * DAY, as_of + 60 * DAY)
    return sample, evolve(without, calendars=(spec,))


def seen(verdict: Verdict, waits: bool) -> tuple[object, ...]:
    """What a pause and a hole have in common: a paused instance has no due, and a met one does not know of later pauses."""
    status = OPEN if verdict.status == PAUSED else verdict.status
    due = None if waits or status == MET else verdict.due_us
    return verdict.key(), status, verdict.opened_us, verdict.closed_us, due


@law(19, paused(), quick=60)
def test_a_pause_is_a_hole_in_the_calendar(drawn: tuple[Sample, Plan]) -> None:
    """Law 19: a pause is a hole: for exact and business time, and pauses that do not begin at the due itself, the verdicts
    equal those without it under the calendar minus the pause; adjacent and overlapping ones merge."""
    sample, plan = drawn
    instants = {one.time_us for one in sample.events}
    for evaluator in EVALUATORS:
        with_pauses = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True).verdicts
        with_holes = evaluator(plan, sample.events, sample.as_of_us, actors=True).verdicts
        assume(not any(verdict.due_us in instants for verdict in with_holes))
        waits = [verdict.due_us is None for verdict in with_pauses]
        assert [seen(v, w) for v, w in zip(with_pauses, waits, strict=True)] == [
            seen(v, w) for v, w in zip(with_holes, waits, strict=True)
        ]


# --- empty and adjacent ones -----------------------------------------------------------------------------------------


FORMS = ("within", "at least", "every", "lasts")


@law(19, samples(forms=FORMS, without=["first event"], most=2, bad=False), st.integers(0, 9), quick=60)
def test_an_empty_pause_does_nothing_and_adjacent_ones_are_one(sample: Sample, place: int) -> None:
    """Law 19: adjacent and overlapping pauses merge, empty ones do nothing."""
    lines = [line for promise in sample.agreement.all_promises() for line in (promise.head, *promise.details)]
    speaks = [line for line in lines if "on hold" in line]
    assume(speaks and all(line.startswith("paused while on hold") for line in speaks))
    ordered = sample.sorted()
    case = ordered[place % len(ordered)].case
    edges = sorted({*next_edges(sample.plan, ordered, case), *(e.time_us for e in ordered), ordered[0].time_us + HOUR})
    us = edges[place % len(edges)]
    assume(ordered[0].time_us <= us <= sample.as_of_us)
    held = [e.attributes["hold"] for e in ordered if e.case == case and e.time_us <= us and "hold" in e.attributes]
    now = held[-1] if held else "no"
    other = "no" if now == "yes" else "yes"
    flips = [event(case, us, "weather", position=200 + k, hold=hold) for k, hold in enumerate((other, now))]
    notes = [event(case, us, "weather", position=200 + k, hold=now) for k in range(2)]
    for evaluator in EVALUATORS:
        flipped = evaluator(sample.plan, [*sample.events, *flips], sample.as_of_us, actors=True)
        noted = evaluator(sample.plan, [*sample.events, *notes], sample.as_of_us, actors=True)
        assert told(sample.plan, flipped.verdicts) == told(sample.plan, noted.verdicts)


# --- how far a pause moves a due -------------------------------------------------------------------------------------


@law(19, st.sampled_from(WEEKS), st.sampled_from(BUSINESS), st.integers(0, 60), st.integers(0, 5), quick=40)
def test_a_pause_inside_closed_time_moves_no_business_due(
    week: tuple[str, ...], amount: str, start: int, which: int
) -> None:
    """Law 19: a pause inside closed time moves no business due."""
    opened = at("2026-03-02") + start * HOUR
    plan = compiled(
        "calendar office\n"
        + "".join(f"    {line}\n" for line in week)
        + f"business hours = office\na: support replies within {amount} of message\n"
        + '    paused while status = "waiting"\n'
    )
    openings = compile_calendar(plan.calendars[0], "UTC").openings(opened, opened + 14 * DAY)
    closed = [(a, b) for (_, a), (b, _) in pairwise(openings)]
    due = judge(plan, [event("A", opened, "message")], opened, actors=True).verdicts[0].due_us
    assert due is not None
    before = [(a, b) for a, b in closed if b <= due]
    assume(before)
    since, until = before[which % len(before)]
    events = [
        event("A", opened, "message"),
        event("A", since, "note", position=1, status="waiting"),
        event("A", until, "note", position=2, status="open"),
    ]
    assume(opened <= since)
    for evaluator in EVALUATORS:
        (found,) = evaluator(plan, events, until, actors=True)
        # at the very opening that is the due, nothing is left when the pause ends
        assert found.due_us == due


@law(19, st.integers(1, 100), st.integers(0, 99), st.integers(1, 200), quick=40)
def test_a_pause_before_due_moves_an_exact_due_by_its_length(hours: int, part: int, length: int) -> None:
    """Law 19: a pause of length d before due moves an exact due by d."""
    text = f'a: support replies within {hours}h of message\n    paused while status = "waiting"\n'
    plan = compiled(text)
    opened = at("2026-03-27 20:00")
    since = opened + hours * HOUR * part // 100
    events = [
        event("A", opened, "message"),
        event("A", since, "note", position=1, status="waiting"),
        event("A", since + length * HOUR // 7, "note", position=2, status="open"),
    ]
    for evaluator in EVALUATORS:
        (found,) = evaluator(plan, events, events[-1].time_us, actors=True)
        assert found.due_us == opened + hours * HOUR + length * HOUR // 7
        assert found.paused_us == length * HOUR // 7
