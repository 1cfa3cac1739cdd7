"""A monitor and a durable monitor through whatever may happen to them, beside the referee over the log as it is known.

Laws 3 to 7 in one: feeding, late events, advances, repeats, restarts from snapshots, and crashes of the durable monitor,
which is abandoned without being closed, now and then in the middle of a commit. Both have to tell the same at every step;
whenever time has come to an instant, it is what the referee says of the events that were accepted.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from laws import profile
from monitored import Driven
from policies import agreements, one_of
from samples import (
    DAY,
    HOUR,
    MORNINGS,
    OFFSETS,
    VALUES,
    alerted,
    at,
    compiled,
    draw_instant,
    iso,
    spoken_types,
    telling_events,
    told,
)

from sladsl import Policy
from sladsl.clock import iso as iso_in
from sladsl.evaluate import reference
from sladsl.events import Event
from sladsl.watching import DurableMonitor, Store
from sladsl.watching.durable import Record

LATENESS = ("", "lateness 1h", "lateness 2 days")


class Crash(Exception):
    """The machine stops here."""


class Monitored(RuleBasedStateMachine):
    """What is known to be right: the events accepted so far, and how far time has come."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        agreement = data.draw(agreements(most=2))
        lateness = data.draw(one_of(LATENESS))
        self.agreement = evolve(agreement, head=(*agreement.head, *([lateness] if lateness else [])))
        text = self.agreement.text() if lateness == "" else self._with_head(lateness)
        self.plan = compiled(text)
        self.accepted: list[Event] = []
        self.arrived = 0
        self.newest: int | None = None
        self.closed: int | None = None
        self.start = at(data.draw(one_of(MORNINGS))) + 9 * HOUR
        self.driven = Driven(self.plan, self.plan.lateness_us)
        self.folder = Path(tempfile.mkdtemp())
        self.images = 0
        self.records: dict[int, str] = {}
        self.acknowledged = 0
        self.policy = Policy(self.plan)
        self.durable = DurableMonitor(self.policy, Store(self.folder / "0.db"))

    def _with_head(self, lateness: str) -> str:
        text = self.agreement.text()
        return text if text.startswith("sla ") else f'sla "Made up"\n    {lateness}\n{text}'

    # --- what arrives ------------------------------------------------------------------------------------------------

    @property
    def floor(self) -> int:
        """The first instant whose events are still accepted."""
        found = self.start if self.newest is None else self.newest - self.plan.lateness_us
        return found if self.closed is None else max(found, self.closed + 1)

    def _event(self, data: st.DataObject, us: int) -> Event:
        names = tuple(sorted(set(self.plan.attributes) & VALUES.keys()))
        kind, actor = data.draw(one_of(spoken_types(self.agreement))), data.draw(one_of(("support", "customer", "")))
        carried: dict[str, str] = {}
        telling = telling_events(self.agreement)
        if telling and data.draw(one_of((True, False))):
            kind, actor, values = data.draw(one_of(telling))
            carried |= dict(values)
        if names:
            name = data.draw(one_of(names))
            carried.setdefault(name, data.draw(one_of(VALUES[name])))
        number = self.arrived
        self.arrived += 1
        return Event(data.draw(one_of(("A", "A", "B"))), us, kind, actor, carried, number, 0, number + 1, f"e{number}")

    def _give(self, events: list[Event]) -> None:
        self.driven.feed(events)
        self._keep(self.durable.feed(events, position=self.arrived))

    def _keep(self, records: list[Record]) -> None:
        for record in records:
            assert record.seq not in self.records, "told twice"
            self.records[record.seq] = record.line

    @rule(data=st.data(), many=st.sampled_from((1, 1, 2, 3)))
    def feed(self, data: st.DataObject, many: int) -> None:
        """Events that are accepted, in order or a little out of it."""
        events = []
        for _ in range(many):
            now = max(self.start if self.newest is None else self.newest, self.floor)
            us = now
            if self.accepted:
                us = draw_instant(data.draw, self.plan, self.accepted, self.accepted[-1].case, now)
            if data.draw(one_of((False, False, True))):
                us = self.floor + (now - self.floor) // data.draw(one_of((1, 2, 3)))  # late, but waited for
            one = self._event(data, max(us, self.floor))
            self.accepted.append(one)
            self.newest = one.time_us if self.newest is None else max(self.newest, one.time_us)
            events.append(one)
        self._give(events)

    @precondition(lambda self: self.newest is not None)
    @rule(data=st.data(), before=st.sampled_from((1, HOUR, 40 * DAY)))
    def feed_too_late(self, data: st.DataObject, before: int) -> None:
        """An event that is refused, counted and returned, and changes nothing."""
        one = self._event(data, self.floor - before)
        refused, late = len(self.driven.monitor.refused), self.durable.counts["late"]
        self._give([one])
        assert self.driven.monitor.refused[refused:] == [one]
        assert self.durable.counts["late"] == late + 1

    @precondition(lambda self: bool(self.accepted))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """An event of an id that has come: left out, or refused as late."""
        first = data.draw(st.sampled_from(self.accepted))
        again = Event(
            first.case, first.time_us, "reply", "support", {"status": "waiting"}, self.arrived, 0, 0, first.id
        )
        self.arrived += 1
        counted = self.driven.monitor.duplicates + len(self.driven.monitor.refused)
        self._give([again])
        assert self.driven.monitor.duplicates + len(self.driven.monitor.refused) == counted + 1

    @precondition(lambda self: self.newest is not None)
    @rule(data=st.data(), off=st.sampled_from(OFFSETS))
    def advance(self, data: st.DataObject, off: int) -> None:
        """Time comes to an instant: what is told by then is what the referee says, to the letter."""
        assert self.newest is not None
        now = max(self.newest, self.floor - 1)
        us = max(now, draw_instant(data.draw, self.plan, self.accepted, self.accepted[-1].case, now) + off)
        self._advance(us)

    def _advance(self, us: int) -> None:
        self.closed = us if self.closed is None else max(self.closed, us)
        self.driven.advance(us)
        self._keep(self.durable.advance(us))
        known = reference.judge(self.plan, self.accepted, us, actors=True)
        assert self.driven.told() == told(self.plan, known.verdicts), iso(us)
        assert alerted(self.driven.alerts) == alerted(known.alerts), iso(us)
        assert self.driven.advance(us) == []  # twice is once
        assert self.durable.advance(us) == []

    @precondition(lambda self: self.newest is not None)
    @rule()
    def advance_backwards(self) -> None:
        """Nothing happens, but that what comes later for that time is refused."""
        if self.closed is None:
            return
        assert self.driven.advance(self.closed - DAY) == []
        assert self.durable.advance(self.closed - DAY) == []

    # --- what breaks -------------------------------------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        """The monitor goes on from its snapshot, which has been a text."""
        self.driven.restart()

    @rule()
    def acknowledge(self) -> None:
        """The records have arrived."""
        self.acknowledged = max(self.records, default=0)
        self.durable.acknowledge(self.acknowledged)

    @rule()
    def crash(self) -> None:
        """The durable monitor is abandoned: what stands on the disk goes on."""
        self._go_on()

    @precondition(lambda self: self.newest is not None)
    @rule(data=st.data())
    def crash_in_a_commit(self, data: st.DataObject) -> None:
        """It stops while a batch is committed; the batch is fed again, for the position is that before it."""
        one = self._event(data, max(self.newest or 0, self.floor))
        before = self.durable.position

        def broken(*_: Any) -> None:
            raise Crash

        self.durable._store.commit = broken  # type: ignore[method-assign]
        with pytest.raises(Crash):
            self.durable.feed([one], position=self.arrived)
        self._go_on()
        assert self.durable.position == before
        self.accepted.append(one)
        self.newest = max(self.newest or 0, one.time_us)
        self._give([one])

    def _go_on(self) -> None:
        self.images += 1
        image = self.folder / f"{self.images}.db"
        for part in ("", "-wal"):
            here = self.folder / f"{self.images - 1}.db{part}"
            if here.exists():
                shutil.copy(here, f"{image}{part}")
        self.durable = DurableMonitor(self.policy, Store(image))
        kept = {record.seq: record.line for record in self.durable.undelivered()}
        assert kept.items() <= self.records.items()
        assert all(seq in kept for seq in self.records if seq > self.acknowledged)

    def teardown(self) -> None:
        """In the end both have told the same, record for record, and no record twice."""
        if not hasattr(self, "durable"):
            return
        try:
            if self.newest is not None:
                self._advance(max(self.newest, self.closed or 0) + 3 * DAY)
            lines = [json.loads(self.records[seq]) for seq in sorted(self.records)]
            assert len({line["id"] for line in lines}) == len(lines)
            verdicts = [
                (line["clause"], line["case"], line["number"], line["status"], line["due"], line["closed"])
                for line in lines
                if line["kind"] == "verdict"
            ]
            zone = self.plan.zone

            def shown(us: int | None) -> str | None:
                return None if us is None else iso_in(us, zone)

            assert verdicts == [
                (self.plan.groups[v.group], v.case, v.number, v.status, shown(v.due_us), shown(v.closed_us))
                for v in self.driven.news
            ]
            assert sum(line["kind"] != "verdict" for line in lines) == len(self.driven.alerts)
        finally:
            self.durable._store.close()
            shutil.rmtree(self.folder)


class TestMonitored(Monitored.TestCase):  # type: ignore[misc]
    """The quick profile."""

    settings = settings(profile(25), stateful_step_count=15)


@pytest.mark.slow
class TestMonitoredForLong(Monitored.TestCase):  # type: ignore[misc]
    """The long one."""

    settings = settings(profile(600), stateful_step_count=40)
