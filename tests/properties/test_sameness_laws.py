"""Laws 22 to 25: clauses that say the same, or the opposite, in other words."""

from __future__ import annotations

import re

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from made_policy import Agreement, Block, Promise
from policies import Author
from samples import Sample, alerted, compiled, event, samples, told

from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import BREACHED, CANCELLED, EXCUSED, LATE, MET, OPEN, PAUSED, Outcome, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan

EVALUATORS = (reference.judge, judge)


# --- 22. duality -----------------------------------------------------------------------------------------------------

OPPOSITE = {"must not close": "closes", "must not reply": "replies"}
OTHERWISE = {MET: BREACHED, BREACHED: MET, LATE: MET, OPEN: OPEN, PAUSED: PAUSED, CANCELLED: CANCELLED}
NO_MORE = ("excuse", "until", "follow", "reopen", "alerts", "effective")


def each(promise: Promise, how: str, must: bool) -> Promise:
    """The promise with a start that a breach does not hold back, as `must not` or as `must`."""
    head = re.sub(r" of (?:first |each |latest )?(?!promised)", f" of {how} ", promise.head, count=1)
    for forbidden, asked in OPPOSITE.items():
        head = head.replace(forbidden, asked) if must else head
    return evolve(promise, head=head)


def saying(agreement: Agreement, how: str, must: bool) -> Agreement:
    """The agreement with all of its promises so."""
    return evolve(
        agreement,
        promises=tuple(each(promise, how, must) for promise in agreement.promises),
        blocks=tuple(evolve(b, promises=tuple(each(p, how, must) for p in b.promises)) for b in agreement.blocks),
    )


@law(22, samples(forms=["must not within"], without=NO_MORE, bad=False), st.sampled_from(["each", "first"]), quick=50)
def test_must_not_is_broken_where_must_is_met(sample: Sample, how: str) -> None:
    """Law 22, duality: `must not X within D of T` is breached where `X within D of T` is met, and met where that one is
    breached or late."""
    must = compiled(saying(sample.agreement, how, True).text())
    must_not = compiled(saying(sample.agreement, how, False).text())
    for evaluator in EVALUATORS:
        asked = evaluator(must, sample.events, sample.as_of_us, actors=True)
        forbidden = {v.key(): v for v in evaluator(must_not, sample.events, sample.as_of_us, actors=True)}
        assert {v.key() for v in asked} == forbidden.keys()
        for verdict in asked:
            other = forbidden[verdict.key()]
            if verdict.status not in OTHERWISE:
                assert verdict.status == other.status  # undetermined
                continue
            assert other.status == OTHERWISE[verdict.status]
            assert (other.opened_us, other.row) == (verdict.opened_us, verdict.row)
            if verdict.status == MET:
                assert other.closed_us == verdict.closed_us
            if verdict.status in (BREACHED, LATE):
                assert other.due_us == verdict.due_us


# --- 23. every -------------------------------------------------------------------------------------------------------

ONE_CYCLE = ("levels", "cancel", "excuse", "when", "reopen", "effective", "until", "first event", "alerts")


def chained(promise: Promise, links: int) -> tuple[Promise, ...]:
    """`every D while S` as single clauses, each of which follows the one before."""
    head, state = promise.head.split(" while ")
    what, amount = head.split(" every ")
    ends = f"cancelled when not ({state})"
    first = Promise("l0", f"{what} within {amount} of {state}", (*promise.details, ends))
    rest = [
        Promise(f"l{k}", f"{what} within {amount} of fulfilment of l{k - 1}", (*promise.details, f"when {state}", ends))
        for k in range(1, links)
    ]
    return (first, *rest)


def cycles(outcome: Outcome) -> list[tuple[object, ...]]:
    """The cycles in order, whichever clause they are of."""
    return sorted(
        (v.case, v.opened_us, v.closed_us or 1 << 62, v.due_us or 0, v.status, v.elapsed, v.paused_us, v.row)
        for v in outcome
    )


@law(23, samples(forms=["every"], without=ONE_CYCLE, most=1, bad=False, cases="A"), quick=40)
def test_every_is_a_chain_of_single_clauses(sample: Sample) -> None:
    """Law 23: `every D` equals the chain of single clauses that follow one another."""
    (promise,) = sample.agreement.promises
    changing = [e.time_us for e in sample.events if e.attributes.keys() & {"status", "score"}]
    assume(len(changing) == len(set(changing)))  # the state begins or ends at most once an instant
    # An action after `cancelled after … paused` opens a cycle, but does not go on with a chain
    assume("cancelled after" not in sample.agreement.text())
    chain = compiled(evolve(sample.agreement, promises=chained(promise, len(sample.events) + 2)).text())
    for evaluator in EVALUATORS:
        single = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        assert cycles(evaluator(chain, sample.events, sample.as_of_us, actors=True)) == cycles(single)


# --- 24. rows --------------------------------------------------------------------------------------------------------

ROWS = ("urgent", 'priority = "P2"', "gold", "score >= 61")


@law(
    24,
    samples(forms=["within"], without=["rows", "first event"], bad=False),
    st.lists(st.sampled_from(ROWS), min_size=1, max_size=3, unique=True),
    # A change to a row that is alike is not to a tighter one, so that `on looser restart` would begin anew, as it says.
    st.sampled_from(["", "on change keep", "on tighter restart, on looser carry"]),
    quick=40,
)
def test_rows_that_are_alike_act_as_one(sample: Sample, conditions: list[str], change: str) -> None:
    """Law 24: rows that are all alike act as one row."""

    def with_rows(promise: Promise) -> Promise:
        found = re.search(r" within (.+?) of ", f"{promise.head} of ")
        assert found is not None
        own = next((f", {line}" for line in promise.details if line.startswith("in ")), "")
        rows = [f"{found.group(1)} when {condition}{own}" for condition in conditions]
        return evolve(promise, details=(*promise.details, *rows, *([change] if change else [])))

    agreement = sample.agreement
    blocks = tuple(evolve(b, promises=tuple(map(with_rows, b.promises))) for b in agreement.blocks)
    rows = compiled(evolve(agreement, promises=tuple(map(with_rows, agreement.promises)), blocks=blocks).text())
    for evaluator in EVALUATORS:
        one = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        alike = evaluator(rows, sample.events, sample.as_of_us, actors=True)
        assert told(rows, [evolve(v, row=0) for v in alike]) == told(sample.plan, one.verdicts)
        assert alerted(alike.alerts) == alerted(one.alerts)


@st.composite
def changed_and_back(draw: st.DrawFn) -> tuple[Sample, tuple[int, int], Plan]:
    """A clause with a row for what is urgent, a log that does not speak of it, and two instants between which it is so."""
    without = ("rows", "change", "alerts", "history", "time", "when", "reopen", "follow", "levels", "first event")
    sample = draw(samples(forms=["within"], without=without, most=1, bad=False, cases="A"))
    assume("priority" not in sample.agreement.text() and "urgent" not in sample.agreement.text())
    (promise,) = sample.agreement.promises
    author = Author(draw, ["within"], frozenset())
    author.calendars = author.working = [c[0].split()[1] for c in sample.agreement.calendars if "office" in c[0]]
    author.own = next((line[3:] for line in promise.details if line.startswith("in ")), "")
    row = f"{author.alone()} when urgent"
    rows = evolve(sample.agreement, promises=(evolve(promise, details=(*promise.details, row)),))
    instants = [e.time_us for e in sample.sorted()]
    one, other = draw(st.integers(0, len(instants) - 1)), draw(st.integers(0, len(instants) - 1))
    off = draw(st.sampled_from((0, 1, 1_800_000_000)))
    first, last = sorted((instants[one] + off, instants[other] + off))
    return sample, (first, last), compiled(rows.text())


@law(24, changed_and_back(), quick=50)
def test_a_row_and_back_gives_the_due_it_had(drawn: tuple[Sample, tuple[int, int], Plan]) -> None:
    """Law 24: with carry, changing A to B and back to A gives A's due where B did not breach."""
    sample, (since, until), plan = drawn
    as_of = max(sample.as_of_us, until)

    def changes(first: str, last: str) -> list[Event]:
        marks = [event("A", since, "weather", position=-2), event("A", until, "weather", position=500)]
        for mark, priority in zip(marks, (first, last), strict=True):
            mark.attributes.update({"priority": priority})  # type: ignore[attr-defined]
        return [*sample.events, *marks]

    for evaluator in EVALUATORS:
        between = evaluator(plan, changes("P1", "P3"), until, actors=True)
        still = evaluator(plan, changes("P3", "P3"), until, actors=True)
        waits = {v.key() for v in between if v.closed_us is None and v.status != BREACHED}
        waits &= {v.key() for v in still if v.closed_us is None and v.status != BREACHED}
        assume(waits)
        back = [v for v in between if v.key() in waits]
        same = [v for v in still if v.key() in waits]
        assert told(plan, back) == told(plan, same)
        if {v.key() for v in between} == waits:
            later = evaluator(plan, changes("P1", "P3"), as_of, actors=True)
            assert told(plan, later.verdicts) == told(
                plan, evaluator(plan, changes("P3", "P3"), as_of, actors=True).verdicts
            )


# --- 25. levels ------------------------------------------------------------------------------------------------------


@law(25, samples(), st.data(), quick=40)
def test_a_level_that_no_case_meets_changes_nothing(sample: Sample, data: st.DataObject) -> None:
    """Law 25: a block whose condition no case meets changes nothing."""
    agreement = sample.agreement
    base = data.draw(st.sampled_from(agreement.all_promises()))
    author = Author(data.draw, [base.form], frozenset(["follow", "customer zones"]))
    author.calendars = [lines[0].split()[1] for lines in agreement.calendars]
    author.working = [name for name in author.calendars if name != "night"]
    own = author.in_form(base.form, base.label, base.follows, [])
    head = data.draw(st.sampled_from(('customer "Nobody"', 'service "nothing"', 'for region in ("XX",)')))
    kind = head.split()[0]
    assume(kind == "customer" or not any(block.head.startswith(kind) for block in agreement.blocks))
    larger = evolve(agreement, blocks=(*agreement.blocks, Block(head, (own,))))
    plan, before = compiled(larger.text()), compiled(agreement.like(larger).text())
    for evaluator in EVALUATORS:
        one = evaluator(before, sample.events, sample.as_of_us, actors=True)
        more = evaluator(plan, sample.events, sample.as_of_us, actors=True)
        # attributes that only the block reads may be told of calendars and zones; the verdicts are the same
        assert told(plan, more.verdicts) == told(before, one.verdicts)
        assert alerted(more.alerts) == alerted(one.alerts)


RANK = {"customer": 3, "service": 2, "for": 1}
OF_CASE = ("customer", "service", "region")


def applies(block: Block, carried: dict[str, str]) -> bool:
    """Whether a level is that of a case whose attributes these are."""
    kind, rest = block.head.split(" ", 1)
    if kind == "for":
        return carried["region"] in ("ES", "FR")
    return carried[kind] == rest.strip('"')


@law(
    25,
    samples(cases="A").filter(lambda sample: bool(sample.agreement.blocks)),
    st.sampled_from(("ACME", "Beta", "other")),
    st.sampled_from(("mail", "web")),
    st.sampled_from(("ES", "PT")),
    quick=30,
)
def test_the_most_specific_level_alone_decides(sample: Sample, customer: str, service: str, region: str) -> None:
    """Law 25: the most specific level alone decides."""
    carried = {"customer": customer, "service": service, "region": region}
    events = []
    for place, e in enumerate(sample.sorted()):
        kept = {name: cell for name, cell in e.attributes.items() if name not in OF_CASE}
        values = {**kept, **carried} if place == 0 else kept
        events.append(Event(e.case, e.time_us, e.type, e.actor, values, e.position, e.input, e.row))
    agreement = sample.agreement
    blocks = sorted((b for b in agreement.blocks if applies(b, carried)), key=lambda b: RANK[b.head.split()[0]])
    at_level = {promise.label: promise for block in blocks for promise in block.promises}
    everyone = {promise.label: promise for promise in agreement.promises}
    labels = dict.fromkeys(promise.label for promise in agreement.all_promises())
    chosen = [at_level.get(label) or everyone.get(label) for label in labels]
    fewer = evolve(agreement, promises=tuple(p for p in chosen if p is not None), blocks=())
    alone = compiled(fewer.like(agreement).text())

    def plain(plan: Plan, outcome: Outcome) -> list[Verdict]:
        order = [plan.groups.index(label) for label in labels if label in plan.groups]
        return [evolve(v, clause=0, group=order.index(v.group)) for v in outcome]

    for evaluator in EVALUATORS:
        one = plain(sample.plan, evaluator(sample.plan, events, sample.as_of_us, actors=True))
        other = plain(alone, evaluator(alone, events, sample.as_of_us, actors=True))
        missing = [label for label in labels if label not in alone.groups]
        assume(not missing)
        assert told(alone, other) == told(alone, one)


def test_the_opposites_are_words_of_the_strategies() -> None:
    assert EXCUSED not in OTHERWISE
    assert {"must not close", "must not reply"} == OPPOSITE.keys()
