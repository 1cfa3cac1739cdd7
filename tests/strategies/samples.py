"""A policy with a log: drawn together, so that the log's instants sit on the edges of the policy's clocks.

Takes:  the strategies of `policies.py`.
Gives:  Sample, `samples`; `keep` writes a sample as a folder of `tests/conformance/cases`.
Never:  asks the stream or the columnar evaluator where the edges are: the referee says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import reject
from hypothesis import strategies as st
from made_policy import Agreement
from policies import FORMS, agreements, one_of

import sladsl
from sladsl.clock import compile_calendar
from sladsl.clock.offsets import offsets_of
from sladsl.evaluate import reference
from sladsl.evaluate.reference.case import Case
from sladsl.evaluate.reference.read import Past
from sladsl.evaluate.verdict import Alert, Outcome, Verdict
from sladsl.events import Event
from sladsl.ir.plan import Plan

HOUR = 3_600_000_000
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TYPES = ("opened", "reply", "message", "fix", "call", "close", "closed", "handover", "merge", "note")
VALUES = {
    "status": ("waiting", "open", "new", "done"),
    "hold": ("yes", "no"),
    "score": ("60", "59", "61", "high"),
    "tier": ("gold", "silver"),
    "priority": ("P1", "P2", "P3"),
    "channel": ("phone", "mail", "fax"),
    "amount": ("5", "11", "ten"),
    "duplicate": ("no", "yes"),
    "waiver": ("no", "yes"),
    "region": ("ES", "FR"),
    "customer": ("ACME", "Beta"),
    "service": ("mail", "web"),
    "team": ("crew", "desk"),
    "zone": ("America/New_York", "Europe/Madrid", "Mars"),
    "promised": ("2026-03-02T16:00:00Z", "2026-03-03T09:30:00Z", "soon"),
}
BAD = ("high", "ten", "soon")
Told = tuple[str, str, tuple[tuple[str, str], ...]]  # an event: type, actor, values
# What begins or happens, and an event that brings it about.
STARTS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "opened": ("opened", ()),
    "message": ("message", ()),
    "first message": ("message", ()),
    "each message": ("message", ()),
    "latest message": ("message", ()),
    "(opened or gold)": ("opened", (("tier", "gold"),)),
    "merged": ("merge", ()),
    "qualified": ("note", (("score", "60"),)),
    "each qualified": ("note", (("score", "61"),)),
    "latest qualified": ("note", (("score", "61"),)),
    "gold": ("note", (("tier", "gold"),)),
    "being open": ("note", (("status", "open"),)),
    '(status = "open")': ("note", (("status", "open"),)),
    "waiting": ("note", (("status", "waiting"),)),
    "score >= 61": ("note", (("score", "61"),)),
    "not gold": ("note", (("tier", "silver"),)),
}
# An ordinary Monday; before a weekend with a clock change in Madrid, New York, Lord Howe, back again in Madrid; the year's end.
MORNINGS = ("2026-03-02", "2026-03-28", "2026-03-07", "2026-04-04", "2026-10-24", "2026-12-23", "2026-03-30")
OFFSETS = (0, 1, -1)


def at(text: str) -> int:
    """Microseconds UTC of an ISO instant; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1)


def iso(us: int | None) -> str:
    """An instant as logs and `expected.csv` write it; "" for none."""
    if us is None:
        return ""
    moment = EPOCH + timedelta(microseconds=us)
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{moment:%f}" if moment.microsecond else "") + "Z"


@frozen(eq=False)
class Sample:
    """A policy and a log of it.

    Args:
        agreement: the policy in pieces.
        plan: the policy, compiled.
        events: the log, in the order of the input, which need not be that of time.
        as_of_us: as of when it is judged.
    """

    agreement: Agreement
    plan: Plan = field(repr=False)
    events: tuple[Event, ...]
    as_of_us: int

    @property
    def actors(self) -> bool:
        """Whether the log names actors."""
        return any(event.actor for event in self.events)

    def sorted(self) -> list[Event]:
        """The events in order of (time, position)."""
        return sorted(self.events, key=lambda event: (event.time_us, event.position))

    def with_events(self, events: Sequence[Event], as_of_us: int | None = None) -> Sample:
        """The same policy over other events."""
        return evolve(self, events=tuple(events), as_of_us=self.as_of_us if as_of_us is None else as_of_us)

    def referee(self, *, actors: bool = True) -> Outcome:
        """What the reference evaluator says; `actors` as for it."""
        return reference.judge(self.plan, self.events, self.as_of_us, actors=actors)

    def __repr__(self) -> str:
        """The policy and the log as they would stand in a conformance case."""
        names = sorted({name for event in self.events for name in event.attributes})
        rows = [["case", "time", "event", "actor", *names]]
        rows += [
            [e.case, iso(e.time_us), e.type, e.actor, *(str(e.attributes.get(name, "")) for name in names)]
            for e in self.events
        ]
        log = "\n".join(",".join(row) for row in rows)
        return f"\n{self.agreement.text()}\n{log}\nas of {iso(self.as_of_us)}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For Hypothesis: as a person reads it."""
        printer.text(repr(self))


@lru_cache(maxsize=200)
def compiled(text: str) -> Plan:
    """The plan of a policy. A clause that can never start is not worth a try; any other error fails."""
    try:
        return sladsl.load(text=text).plan
    except sladsl.PolicyError as error:
        if {d.code for d in error.diagnostics if d.severity.name == "ERROR"} == {"SLA0312"}:
            reject()
        raise


def event(case: str, us: int, kind: str, actor: str = "", position: int = 0, **values: str) -> Event:
    """One event."""
    return Event(case, us, kind, actor, dict(values), position, 0, position + 1)


# --- edges -----------------------------------------------------------------------------------------------------------


def next_edges(plan: Plan, events: list[Event], case: str) -> list[int]:
    """The instants to come at which something happens to a case by itself: dues, alerts, ends of pauses."""
    of_case = [event for event in events if event.case == case]
    if not of_case:
        return []
    life = Case(plan, Past(plan, of_case, True), case, {}, {})
    life.run(of_case[-1].time_us)
    return sorted({us for us, *_ in life.timers() if us >= events[-1].time_us})


@lru_cache(maxsize=500)
def calendar_edges(plan: Plan, us: int) -> tuple[int, ...]:
    """The openings and closings of the plan's calendars, the times that its promises name, and clock changes in the days
    after an instant."""
    found: set[int] = set()
    zones = {plan.zone}
    for spec in plan.calendars:
        zone = spec.zone or spec.zone_fallback or plan.zone
        zones.add(zone)
        found.update(edge for stretch in compile_calendar(spec, zone).openings(us, us + 2 * DAY) for edge in stretch)
    for zone in zones:
        found.update(_clock_changes(zone, us, us + 2 * DAY))
    found.update(us for us in plan.effective if us is not None)
    found.update(_named_times(plan, us))
    return tuple(sorted(edge for edge in found if us < edge <= us + 4 * DAY))


def _named_times(plan: Plan, us: int) -> Iterator[int]:
    """The times of day that promises name, and their cut-offs, on an instant's date and the two after it."""
    for target in (row.target for clause in plan.clauses for row in clause.rows):
        if target.point is None:
            continue
        spec = plan.calendars[target.calendar] if target.calendar is not None else None
        offsets = offsets_of(spec.zone or spec.zone_fallback or plan.zone if spec else plan.zone)
        today = (us + offsets.at(us)) // DAY
        for named in (target.point.time_of_day_us, target.point.cutoff_us):
            if named is not None:
                yield from (offsets.resolve(day * DAY + named).us for day in range(today, today + 3))


def _clock_changes(zone: str, since: int, until: int) -> list[int]:
    from sladsl.evaluate.reference.walk import changes_near

    return [change for day in range(since, until, DAY) for change, _, _ in changes_near(zone, day)]


# --- logs ------------------------------------------------------------------------------------------------------------


def draw_log(
    draw: st.DrawFn, agreement: Agreement, plan: Plan, *, longest: int, cases: Sequence[str], bad: bool
) -> tuple[list[Event], int]:
    """Events of a policy, and an as-of: in order of time, but those of one instant in any order."""
    kinds = spoken_types(agreement)
    telling = telling_events(agreement)
    names = tuple(sorted(set(plan.attributes) & VALUES.keys()))
    now = at(draw(one_of(MORNINGS))) + draw(one_of((9, 8, 12, 17, 23, 0, 1))) * HOUR
    events: list[Event] = []
    for position in range(draw(st.integers(1, longest))):
        case = draw(one_of(tuple(cases)))
        if events:
            now = draw_instant(draw, plan, events, case, now)
        carried: dict[str, str] = {}
        for _ in range(draw(one_of((0, 1, 1, 2))) if names else 0):
            name = draw(one_of(names))
            carried[name] = draw(one_of(tuple(v for v in VALUES[name] if bad or v not in BAD)))
        actor, kind = draw(one_of(("support", "support", "customer", ""))), draw(one_of(kinds))
        if telling and draw(one_of((False, True))):
            kind, actor, values = draw(one_of(telling))
            carried |= dict(values)
        events.append(Event(case, now, kind, actor, carried, position, 0, position + 1))
    last = max(event.time_us for event in events)
    if draw(one_of((False, True))):
        return events, last
    return events, max(last, draw_instant(draw, plan, events, events[-1].case, last))


@lru_cache(maxsize=500)
def telling_events(agreement: Agreement) -> tuple[Told, ...]:
    """Events that start a clause or are its action, as (type, actor, values): among random ones these would be rare."""
    found: list[Told] = []
    for promise in agreement.all_promises():
        head = promise.head
        for word, (kind, values) in STARTS.items():
            if f" of {word}" in head or head.endswith(f" {word}") or f" {word} ticket" in head or word in _state(head):
                found.append((kind, "customer", values))
        if promise.act is not None:
            found.append(promise.act)
    return tuple(found)


def _state(head: str) -> str:
    """The state that a clause speaks of: `WAITING lasts …`, `… while WAITING …`."""
    if " lasts " in head:
        return head.split(" lasts ")[0]
    return head.split(" while ", 1)[1] if " while " in head else ""


def spoken_types(agreement: Agreement) -> tuple[str, ...]:
    """The types of events that a policy speaks of, and one that it does not."""
    text = agreement.text()
    told = ("repl", "message", "fix", "call", "close", "opened", "handover", "merge")
    spoken = [kind for kind, word in zip(("reply", *told[1:]), told, strict=True) if word in text]
    if "contacts" in text:
        spoken.append("call")
    if "until closed" in text:
        spoken.append("closed")
    return tuple(dict.fromkeys([*spoken, "note"]))


def draw_instant(draw: st.DrawFn, plan: Plan, events: list[Event], case: str, now: int) -> int:
    """An instant about now or later: the same, some hours on, or on an edge or a microsecond beside it."""
    way = draw(one_of(("hours", "same", "timer", "timer", "calendar")))
    if way == "same":
        return now
    if way != "hours":
        edges = next_edges(plan, events, case) if way == "timer" else list(calendar_edges(plan, now))
        if edges:
            return edges[draw(st.integers(0, len(edges) - 1))] + draw(one_of(OFFSETS))
    return now + draw(one_of((2, 4, 6, 16, 48, 1, 24))) * (HOUR // 2)


def samples(
    *,
    forms: Sequence[str] = FORMS,
    without: Sequence[str] = (),
    most: int = 3,
    longest: int = 10,
    cases: Sequence[str] = ("A", "A", "B"),
    bad: bool = True,
) -> st.SearchStrategy[Sample]:
    """Samples of policies in these forms, without these features.

    Args:
        forms, without, most: as for `agreements`.
        longest: the most events.
        cases: names to draw from.
        bad: whether cells may hold what cannot be read in their kind.
    """

    @st.composite
    def drawn(draw: st.DrawFn) -> Sample:
        agreement = draw(agreements(forms=forms, without=without, most=most))
        plan = compiled(agreement.text())
        events, as_of = draw_log(draw, agreement, plan, longest=longest, cases=cases, bad=bad)
        return Sample(agreement, plan, tuple(events), as_of)

    return drawn()


# --- what is compared ------------------------------------------------------------------------------------------------


def told(plan: Plan, verdicts: Sequence[Verdict]) -> list[str]:
    """Verdicts with everything in them that is the same from every evaluator, one a line, in their order."""
    return [
        f"{plan.groups[v.group]} {v.case} {v.number} {v.status}"
        f" | opened {iso(v.opened_us)} due {iso(v.due_us)} closed {iso(v.closed_us)}"
        f" | elapsed {v.elapsed} row {v.row} paused {v.paused_us} late {v.late_by_us} {v.late_by_ticks}"
        f" | clause {v.clause} by {_cause(v.opened_by)} to {_cause(v.closed_by)} zone {v.zone}"
        f" | {_note(v)} | ran {v.running}"
        for v in sorted(verdicts, key=Verdict.key)
    ]


def _note(verdict: Verdict) -> str:
    # Why a cell could not be read is told in each evaluator's own words.
    return "for a reason" if verdict.status == "undetermined" and verdict.note else verdict.note


def _cause(cause: object) -> str:
    return f"{getattr(cause, 'input', '')}:{getattr(cause, 'row', '-')}"


def alerted(alerts: Sequence[Alert]) -> list[str]:
    """Alerts, one a line, by instant, clause, case and number."""
    ordered = sorted(alerts, key=lambda a: (a.at_us, a.clause, a.case, a.number, a.kind, a.to, a.written))
    return [f"{iso(a.at_us)} {a.kind} {a.to} clause {a.clause} {a.case} {a.number} {a.written}" for a in ordered]


# --- keeping ---------------------------------------------------------------------------------------------------------


def keep(sample: Sample, folder: Path, shows: str) -> None:
    """Write a sample as a conformance case: what it shows in the first line, the referee's verdicts as expected."""
    folder.mkdir(parents=True)
    (folder / "policy.sla").write_text(f"# {shows}\n{sample.agreement.text()}")
    names = sorted({name for event in sample.events for name in event.attributes})
    with (folder / "log.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "time", "event", "actor", *names])
        for e in sample.events:
            out.writerow(
                [e.case, iso(e.time_us), e.type, e.actor, *(str(e.attributes.get(name, "")) for name in names)]
            )
    with (folder / "expected.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["clause", "case", "number", "status", "opened", "due", "closed"])
        for v in sample.referee():
            instants = [iso(us) for us in (v.opened_us, v.due_us, v.closed_us)]
            out.writerow([sample.plan.groups[v.group], v.case, v.number, v.status, *instants])
    if sample.as_of_us != max(e.time_us for e in sample.events):
        (folder / "args").write_text(f"--as-of {iso(sample.as_of_us)}\n")
