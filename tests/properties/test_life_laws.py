"""Laws 17, 18, 20 and 21: the life of one instance, at its due and after its breach."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from samples import BAD, OFFSETS, VALUES, Sample, event, iso, samples, told

from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import BREACHED, LATE, MET, OPEN, Alert, Verdict
from sladsl.events import Event

EVALUATORS = (reference.judge, judge)
ORDINARY = ("within", "by", "every", "at least", "lasts")
# What ends a state, for clauses that say how long it may last.
ENDING = {"waiting": ("status", "done"), "being open": ("status", "done"), "score >= 61": ("score", "59")}


def answers(sample: Sample, verdict: Verdict, us: int) -> list[Event]:
    """Events that fulfil an open instance, at an instant after the log; [] where no single kind of event does."""
    promise = sample.agreement.all_promises()[verdict.clause]
    if promise.form == "lasts":
        name, value = ENDING.get(promise.head.split(" lasts ")[0], ("", ""))
        return [event(verdict.case, us, "note", position=100, **{name: value})] if name else []
    if promise.act is None:
        return []
    kind, actor, values = promise.act
    return [event(verdict.case, us, kind, actor, 100 + number, **dict(values)) for number in range(promise.needed)]


def after(sample: Sample, events: list[Event], evaluator: object) -> dict[tuple[int, str, int], Verdict]:
    """The verdicts once further events are there, as of the last of them."""
    longer = [*sample.events, *events]
    outcome = evaluator(sample.plan, longer, max(e.time_us for e in longer), actors=True)  # type: ignore[operator]
    return {verdict.key(): verdict for verdict in outcome}


def oldest(verdicts: list[Verdict], verdict: Verdict) -> bool:
    """Whether no older instance of the label waits for an action, so that one is for this instance whatever the rule."""
    return not any(
        other.group == verdict.group
        and other.case == verdict.case
        and other.number < verdict.number
        and (other.closed_us is None)
        for other in verdicts
    )


# --- 17. boundary ----------------------------------------------------------------------------------------------------


@law(17, samples(forms=ORDINARY, without=["reopen"], longest=6), st.integers(0, 5), quick=50)
def test_at_due_is_met_and_a_microsecond_later_is_late(sample: Sample, place: int) -> None:
    """Law 17, boundary: the action at due is met, one microsecond later is late, by exactly one microsecond."""
    verdicts = sample.referee().verdicts
    waiting = [v for v in verdicts if v.status == OPEN and v.due_us is not None and oldest(verdicts, v)]
    waiting = [v for v in waiting if answers(sample, v, 0)]
    assume(waiting)
    verdict = waiting[place % len(waiting)]
    due = verdict.due_us
    assert due is not None
    for evaluator in EVALUATORS:
        met = after(sample, answers(sample, verdict, due), evaluator)[verdict.key()]
        assert (met.status, met.closed_us) == (MET, due)
        late = after(sample, answers(sample, verdict, due + 1), evaluator)[verdict.key()]
        assert (late.status, late.due_us, late.closed_us, late.late_by_us) == (LATE, due, due + 1, 1)


# --- 18. an earlier action -------------------------------------------------------------------------------------------


@law(
    18,
    samples(forms=ORDINARY, without=["history", "time", "reopen"]),
    st.integers(0, 5),
    st.integers(0, 9),
    st.sampled_from(OFFSETS),
    quick=30,
)
def test_an_earlier_action_keeps_it_met(sample: Sample, place: int, where: int, off: int) -> None:
    """Law 18: an earlier action never turns met into late.

    Instances that start at the end of others are left out: the action may be theirs as well, and move or undo the start.
    """
    followers = {c.group for c in sample.plan.clauses if any(t.kind in ("breach", "fulfilment") for t in c.starts)}
    met = [v for v in sample.referee() if v.status == MET and v.closed_by is not None and answers(sample, v, 0)]
    met = [v for v in met if v.group not in followers]
    assume(met)
    verdict = met[place % len(met)]
    assert verdict.closed_us is not None
    instants = sorted({verdict.opened_us, *(e.time_us for e in sample.events)})
    us = instants[where % len(instants)] + off
    assume(verdict.opened_us <= us <= verdict.closed_us)
    earlier = answers(sample, verdict, us)[0]
    for evaluator in EVALUATORS:
        longer = [*sample.events, earlier]
        found = {v.key(): v for v in evaluator(sample.plan, longer, sample.as_of_us, actors=True)}[verdict.key()]
        assert found.status == MET
        assert found.closed_us is not None
        assert us <= found.closed_us <= verdict.closed_us


# --- 20. latch -------------------------------------------------------------------------------------------------------


@st.composite
def broken(draw: st.DrawFn) -> tuple[Sample, Verdict, list[Event]]:
    """A breached instance that waits for its action, and events that change what pauses, rows and levels look at."""
    forms = ("within", "by", "every", "at least")
    sample = draw(samples(forms=forms, without=["cancel", "excuse"]))
    waiting = [v for v in sample.referee() if v.status == BREACHED and v.closed_us is None]
    assume(waiting)
    verdict = draw(st.sampled_from(waiting))
    names = [name for name in VALUES if name in sample.plan.attributes]
    assume(names)
    us, more = sample.as_of_us + 1, []  # events of the due's own instant would come before the breach
    for number in range(draw(st.integers(1, 4))):
        us += draw(st.sampled_from((0, 1, 1_800_000_000, 3_600_000_000, 86_400_000_000)))
        carried = {}
        for _ in range(draw(st.sampled_from((1, 1, 2)))):
            name = draw(st.sampled_from(names))
            carried[name] = draw(st.sampled_from(VALUES[name]))
        more.append(event(verdict.case, us, "note", "customer", 100 + number, **carried))
    return sample, verdict, more


@law(20, broken(), quick=30)
def test_a_breach_is_latched(drawn: tuple[Sample, Verdict, list[Event]]) -> None:
    """Law 20, latch: after the breach, pauses, resumes and rows change neither the verdict nor the due."""
    sample, verdict, more = drawn
    for evaluator in EVALUATORS:
        found = after(sample, more, evaluator)[verdict.key()]
        assert (found.status, found.due_us, found.row) == (BREACHED, verdict.due_us, verdict.row)
        assert (found.opened_us, found.paused_us, found.note) == (verdict.opened_us, verdict.paused_us, verdict.note)


# --- 21. warnings and escalations ------------------------------------------------------------------------------------


def shares(sample: Sample, alerts: list[Alert]) -> list[tuple[float, Alert]]:
    """The alerts at a share of the target, with the share."""
    found = []
    for alert in alerts:
        rules = [rule for rule in sample.plan.clauses[alert.clause].alerts if rule.written == alert.written]
        if rules[0].share is not None:
            found.append((rules[0].share[0] / rules[0].share[1], alert))
    return found


@law(21, samples(longest=8), quick=50)
def test_alerts_come_once_in_order_and_not_after_the_stop(sample: Sample) -> None:
    """Law 21: each warning and escalation at most once an instance, never after the stop, in order of their instants."""
    assume(any(clause.alerts for clause in sample.plan.clauses))
    for evaluator in EVALUATORS:
        outcome = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        verdicts = {verdict.key(): verdict for verdict in outcome}
        instants = [alert.at_us for alert in outcome.alerts]
        assert instants == sorted(instants)
        seen = [(a.clause, a.case, a.number, a.kind, a.to, a.written) for a in outcome.alerts]
        assert len(seen) == len(set(seen))
        for alert in outcome.alerts:
            verdict = verdicts[alert.group, alert.case, alert.number]
            assert alert.at_us <= sample.as_of_us
            assert verdict.closed_us is None or alert.at_us <= verdict.closed_us, iso(alert.at_us)
        of_share = shares(sample, outcome.alerts)
        for part, alert in of_share:
            for other, later in of_share:
                # a move to another start, or another row, begins the count anew
                same = (alert.clause, alert.case, alert.number) == (later.clause, later.case, later.number)
                alone = len(sample.plan.clauses[alert.clause].rows) == 1 and "latest" not in sample.agreement.text()
                assert not (same and alone and part < other) or alert.at_us <= later.at_us


@law(21, samples(longest=8), st.sampled_from(VALUES["status"]), quick=50)
def test_after_the_stop_no_alert_comes(sample: Sample, status: str) -> None:
    """Law 21: each warning and escalation at most once an instance, never after the stop, in order of their instants."""
    assume(any(clause.alerts for clause in sample.plan.clauses))
    assume(status not in BAD)
    far = sample.as_of_us + 400 * 86_400_000_000
    for evaluator in EVALUATORS:
        now = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        late = evaluator(sample.plan, sample.events, far, actors=True)
        closed = {v.key() for v in now if v.closed_us is not None}
        later = [a for a in late.alerts if a.at_us > sample.as_of_us]
        assert not [a for a in later if (a.group, a.case, a.number) in closed]
        still = [v for v in late if v.key() in closed]
        assert told(sample.plan, still) == told(sample.plan, [v for v in now if v.key() in closed])
