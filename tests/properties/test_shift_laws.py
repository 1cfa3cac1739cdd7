"""Laws 14 to 16 over whole policies: longer targets, later weeks, other scales and other offsets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st
from laws import law
from made_policy import Agreement, Promise
from policies import EXACT
from samples import DAY, Sample, alerted, at, compiled, iso, samples, told

import sladsl
from sladsl import Policy
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import MET, Alert, Verdict
from sladsl.events import Event

EVALUATORS = (reference.judge, judge)
MINUTES = {"2h": 120, "1h": 60, "30 min": 30, "4h": 240, "1 day": 1440, "2 days": 2880, "1h30m": 90}


def moved(events: tuple[Event, ...], to: dict[int, int]) -> list[Event]:
    """The events at other instants; what is promised moves with them."""
    found = []
    for e in events:
        values = dict(e.attributes)
        found.append(Event(e.case, to[e.time_us], e.type, e.actor, values, e.position, e.input, e.row))
    return found


# --- 14. a longer target ---------------------------------------------------------------------------------------------

ALONE = ("rows", "follow", "levels", "alerts", "reopen", "effective", "until")


def met(verdicts: Iterable[Verdict]) -> Counter[tuple[str, int, int | None]]:
    """How often something of a case was met that started and closed at these instants."""
    return Counter((v.case, v.opened_us, v.closed_us) for v in verdicts if v.status == MET)


@law(14, samples(forms=["within", "at least", "lasts"], without=ALONE, most=1), st.integers(2, 5), quick=25)
def test_under_a_longer_target_met_stays_met(sample: Sample, times: int) -> None:
    """Law 14: a longer target: due never earlier, met stays met.

    What is met is found again by its start, not by its number: with `of latest` a start that came after a breach began a
    new instance, and now moves the one that is not breached yet.
    """
    clause = sample.plan.clauses[0]
    amount = clause.rows[0].target.amount
    assert amount is not None
    target = evolve(clause.rows[0].target, amount=evolve(amount, ticks=amount.ticks * times // 2))
    longer = evolve(sample.plan, clauses=(evolve(clause, rows=(evolve(clause.rows[0], target=target),)),))
    for evaluator in EVALUATORS:
        short = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True).verdicts
        found = {v.key(): v for v in evaluator(longer, sample.events, sample.as_of_us, actors=True)}
        assert met(short) <= met(found.values())
        for verdict in short:
            other = found.get(verdict.key())
            # a breach is latched, so that a pause after it moves only the longer due
            if other is not None and verdict.due_us is not None and other.due_us is not None:
                assert other.opened_us != verdict.opened_us or other.due_us >= verdict.due_us


# --- 15. shift and scale ---------------------------------------------------------------------------------------------

FIXED = ("words", "customer zones", "effective", "history", "until")


def weekly(agreement: Agreement) -> Agreement:
    """The agreement with nothing but weekly hours in its calendars."""
    said = ("holidays", "closed", "open", "from", "timezone")
    plain = []
    for lines in agreement.calendars:
        kept: list[str] = []
        for line in lines:
            inner = line.startswith("        ")
            if not inner and not line.strip().startswith(said):
                kept.append(line)
        plain.append(tuple(kept))
    return evolve(agreement, calendars=tuple(plain))


@law(15, samples(without=FIXED, bad=False), st.integers(1, 60), quick=25)
def test_whole_weeks_later_everything_is_as_much_later(sample: Sample, weeks: int) -> None:
    """Law 15, shift: moving all events by whole weeks, without clock change or holiday between, moves every due and verdict
    as much."""
    assume("promised" not in sample.agreement.text())
    plan = compiled(weekly(sample.agreement).text())
    by = weeks * 7 * DAY
    later = moved(sample.events, {e.time_us: e.time_us + by for e in sample.events})

    def back(us: int | None) -> int | None:
        return None if us is None else us - by

    for evaluator in EVALUATORS:
        here = evaluator(plan, sample.events, sample.as_of_us, actors=True)
        there = evaluator(plan, later, sample.as_of_us + by, actors=True)
        shifted = [
            evolve(
                v,
                opened_us=v.opened_us - by,
                due_us=back(v.due_us),
                closed_us=back(v.closed_us),
                running=tuple((a - by, b - by) for a, b in v.running),
            )
            for v in there
        ]
        assert told(plan, shifted) == told(plan, here.verdicts)
        assert alerted([evolve(a, at_us=a.at_us - by) for a in there.alerts]) == alerted(here.alerts)


def scaled(promise: Promise, times: int) -> Promise:
    """The promise with every exact amount so many times as long."""
    amounts = "|".join(sorted(map(re.escape, EXACT), key=len, reverse=True))

    def longer(found: re.Match[str]) -> str:
        return f"{MINUTES[found[1]] * times} min"

    def say(words: str) -> str:
        return re.sub(rf"(?<![\w.])({amounts})(?!\w)", longer, words)

    return evolve(promise, head=say(promise.head), details=tuple(map(say, promise.details)))


NO_CLOCK = ("calendars", "words", "effective", "history", "time", "until", "levels")
UNTIMED = ["within", "at least", "every", "lasts", "must not within", "must not before", "must not while", "time while"]


@law(15, samples(forms=UNTIMED, without=NO_CLOCK, bad=False), st.integers(2, 9), quick=25)
def test_exact_clocks_scale(sample: Sample, times: int) -> None:
    """Law 15, scale: under exact clocks, multiplying times and targets by c multiplies every instant by c."""
    assume("calendar day" not in sample.agreement.text())
    agreement = sample.agreement
    plan = compiled(evolve(agreement, promises=tuple(scaled(p, times) for p in agreement.promises)).text())
    zero = at("2026-01-01")

    def out(us: int) -> int:
        return zero + (us - zero) * times

    def same(verdict: Verdict) -> Verdict:
        return evolve(
            verdict,
            opened_us=out(verdict.opened_us),
            due_us=None if verdict.due_us is None else out(verdict.due_us),
            closed_us=None if verdict.closed_us is None else out(verdict.closed_us),
            elapsed=verdict.elapsed * times,
            paused_us=verdict.paused_us * times,
            late_by_us=None if verdict.late_by_us is None else verdict.late_by_us * times,
            late_by_ticks=None if verdict.late_by_ticks is None else verdict.late_by_ticks * times,
            running=tuple((out(a), out(b)) for a, b in verdict.running),
        )

    def there(alert: Alert) -> Alert:
        return evolve(alert, at_us=out(alert.at_us), written="")

    events = moved(sample.events, {e.time_us: out(e.time_us) for e in sample.events})
    for evaluator in EVALUATORS:
        short = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        long = evaluator(plan, events, out(sample.as_of_us), actors=True)
        assert told(plan, long.verdicts) == told(plan, [same(verdict) for verdict in short])
        assert alerted([evolve(a, written="") for a in long.alerts]) == alerted(list(map(there, short.alerts)))


# --- 16. zone --------------------------------------------------------------------------------------------------------


@law(16, samples(longest=6), st.lists(st.integers(-14 * 60, 14 * 60), min_size=6, max_size=6), quick=25)
def test_another_offset_changes_nothing(sample: Sample, offsets: list[int]) -> None:
    """Law 16, zone: writing the same instants with another offset changes nothing."""

    def written(us: int, minutes: int) -> str:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
        return moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()

    def rows(minutes: list[int]) -> list[dict[str, str]]:
        return [
            {"case": e.case, "time": written(e.time_us, m), "event": e.type, "actor": e.actor, **e.attributes}
            for e, m in zip(sample.events, minutes, strict=False)
        ]

    policy = Policy(sample.plan)
    as_of = iso(sample.as_of_us)
    shifted = sladsl.run(policy, rows(offsets), as_of=as_of)
    plain = sladsl.run(policy, rows([0] * len(offsets)), as_of=as_of)
    assert shifted.to_dict() == plain.to_dict()
    assert list(map(str, shifted.verdicts)) == list(map(str, plain.verdicts))
    assert [(v.opened, v.due, v.closed) for v in shifted.verdicts] == [
        (v.opened, v.due, v.closed) for v in plain.verdicts
    ]
