"""A monitor that goes on after a crash.

Takes:  a policy, a store, events with the position that the input has reached after them, and word of the time.
Gives:  `DurableMonitor`: records (verdicts, warnings, escalations; of objectives windows, alerts and money) the moment they
        are certain, each kept until it is acknowledged.
Never:  tells a record twice under another id, loses one, or holds more cases in memory than it was told to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sladsl.clock import iso
from sladsl.evaluate.stream.instance import CLOSED, PAUSED, CaseState, Instance
from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.stream.monitor import live_objectives
from sladsl.evaluate.stream.snapshot import StateError, load_case, load_common, save_case, save_common
from sladsl.evaluate.stream.timers import NEVER, Timers
from sladsl.evaluate.verdict import Alert, Verdict
from sladsl.events import Event, ReadOptions, Reject, instant_of
from sladsl.events.feed import Feed
from sladsl.events.order import LatenessBuffer
from sladsl.report.told import told_json
from sladsl.report.verdict_row import moment
from sladsl.watching.future import MOST_HELD, FutureGuard
from sladsl.watching.store import Store, StoreError

if TYPE_CHECKING:
    from sladsl.evaluate.objectives.live import LiveObjectives
    from sladsl.evaluate.objectives.outcome import Told
    from sladsl.ir.plan import Plan
    from sladsl.pipeline import Policy

CASES_IN_MEMORY = 100_000
# what names a record about objectives or money for ever: one that is told anew with another status or amount is another
_NAMED_BY = {
    "objective": ("kind", "objective", "level", "window", "group", "status", "at"),
    "burn": ("kind", "objective", "level", "group", "at", "written"),
    "missed": ("kind", "objective", "level", "group", "at", "written"),
    "credit": ("kind", "of", "level", "window", "group", "written", "amount", "currency", "at"),
    "penalty": ("kind", "of", "level", "window", "group", "written", "amount", "currency", "at"),
}


@frozen
class Record:
    """Something told: its number, which grows by one, and its line of JSON, which holds a stable `id`."""

    seq: int
    line: str

    @property
    def data(self) -> dict[str, Any]:
        """The line, read."""
        found: dict[str, Any] = json.loads(self.line)
        return found


class DurableMonitor:
    """A monitor whose state stands in a store after every batch.

    Args:
        policy: what to judge.
        store: where the state is kept; one that belongs to this policy is gone on from.
        actors: whether events name actors.
        future_us: an event that lies further ahead of the newest than this is held back until time has really come near;
            None holds none back. Once `advance` has been called, only it and events that are believed say how far time has come.
        cases_in_memory: more cases than this stay in the store only, until something happens in them.

    Attributes:
        rejects: what was fed and is no event, with the reason.
        late: events that came too late to be judged.
        held_back: events that are held back for lying in the future. Take from all three what you have dealt with.
        position: what was said last of the input that has been read; kept with the state, for whoever goes on.
        output: what was said last of the output that is sure to have arrived; kept likewise.
        counts: how many events were judged, late, duplicates, are held back, were rejected; since the store was made.

    Raises StateError where the store belongs to another policy, StoreError where it cannot be read or written.

    >>> import sladsl
    >>> monitor = sladsl.load(text="first contact: sales contacts within 24h of created").monitor(store=":memory:")
    >>> monitor.feed({"case": "L1", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"})
    []
    >>> (record,) = monitor.advance("2026-03-03T09:00:00Z")
    >>> record.data["case"], record.data["status"]
    ('L1', 'breached')
    >>> monitor.acknowledge(record.seq)  # it has arrived: after a crash it is not told again
    >>> monitor.close()
    """

    def __init__(
        self,
        policy: Policy,
        store: Store,
        *,
        actors: bool = True,
        future_us: int | None = None,
        cases_in_memory: int = CASES_IN_MEMORY,
    ) -> None:
        self._plan: Plan = policy.plan
        self._store = store
        self._limit = cases_in_memory
        self._machine = Machine(policy.plan, actors=actors, revisions=True)
        self._machine.touched = set()
        self._machine.observer.absent = self._fetch
        self._objectives = live_objectives(policy.plan, self._machine, actors=actors)
        self._driver: Machine | LiveObjectives = self._objectives or self._machine
        self._recalled: set[str] = set()  # cases of which objectives have at hand what they keep
        if self._objectives is not None:
            self._objectives.ledger.observer.absent = self._recall
        self._buffer = LatenessBuffer(policy.plan.lateness_us)
        self._future = FutureGuard(future_us)
        options = ReadOptions(policy.plan.zone, policy.plan.case_word, attributes=frozenset(policy.plan.attributes))
        self._feed = Feed(policy.plan.inputs, options)
        self.rejects: list[Reject] = []
        self.late: list[Event] = []
        self.held_back: list[Event] = []
        self._policy_hash = policy.hash
        self._seq = 0
        self._delivered = 0
        self._delivered_and_kept = 0
        self._is_ahead = False  # the state at hand is further than the store: what came between was not kept whole
        self._away = False  # some cases may stand in the store only
        self._due_elsewhere: int | None = None  # the earliest instant in a case that stands in the store only
        self.position: Any = None
        self.counts = {"events": 0, "late": 0, "duplicates": 0, "held": 0, "rejected": 0}
        self.fed = 0
        self.output: Any = None
        self._go_on()

    def _go_on(self) -> None:
        kept = self._store.commons()
        if not kept:
            return
        try:
            if kept["policy"] != self._policy_hash:
                raise StateError("the state belongs to another policy")
            load_common(self._machine, kept["machine"])
            self._buffer = LatenessBuffer.restore(kept["buffer"])
            self._future.restore(kept["future"])
            self.position, self.output = kept["position"], kept["output"]
            self.counts, self.fed = kept["counts"], kept["fed"]
            self._seq, self._delivered = kept["seq"], kept["delivered"]
            self._delivered_and_kept = self._delivered
            fresh, objectives = kept["fresh"], kept.get("objectives")
        except KeyError:
            raise self._store.damaged() from None
        self._away = True
        self._due_elsewhere = self._store.next_due()
        for case in fresh:
            self._fetch(case)
        if self._objectives is not None:
            self._objectives.load_common(objectives, self._at_hand)
            for name, state in self._store.figures():
                place, key = json.loads(name)
                self._objectives.load_group(place, tuple(key), state)
            for case in self._store.pinned():
                self._recall(case)

    # --- feeding ------------------------------------------------------------------------------------------------------

    def feed(
        self,
        events: Event | Mapping[str, Any] | Iterable[Event | Mapping[str, Any]],
        position: Any = None,
        rejected: int = 0,
    ) -> list[Record]:
        """Judge one event or many, as `Monitor.feed`, and commit the state with the position that the input has reached.

        Returns the records of the batch; they are kept until `acknowledge`. What is no event goes to `rejects`, what comes
        too late to `late`. Raises StoreError where the state cannot be written: make a new monitor once it can, which goes
        on from before this batch. So too after any other exception that came between, Ctrl-C for one: a batch is kept
        wholly or not at all.

        Args:
            events: as for `Monitor.feed`.
            position: anything that JSON can hold, for `position`; None leaves it.
            rejected: how many rows of the batch the caller has refused, for `counts`.
        """
        given: Any = events
        if isinstance(given, (Event, Mapping)):
            given = (given,)
        elif isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
            raise TypeError(f"feed takes a dictionary, an Event, or many of them, not `{type(given).__name__}`")
        given = tuple(given)  # what it raises, it raises here, where nothing has been judged
        self._go_ahead()
        for row in given:
            event = row if isinstance(row, Event) else self._feed.event(row, self.fed)
            if isinstance(event, Reject):
                self.rejects.append(event)
                rejected += 1
                continue
            self.fed += 1
            was_full = self._future.is_full
            passed = self._future.take(event)
            self._push(passed)
            if not passed and was_full:
                self.rejects.append(_too_many_held(event))
                rejected += 1
            elif not passed:
                self.held_back.append(event)
        known = self._buffer.known_before_us
        if known is not None:
            self._reach(known)
            self._driver.before(known)
        return self._commit(position, rejected)

    def _go_ahead(self) -> None:
        """From now until the next commit the state at hand is further than the store."""
        if self._is_ahead:
            raise StoreError("the last batch was not kept: make a new monitor, which goes on from before it")
        self._is_ahead = True

    def _push(self, events: Iterable[Event]) -> None:
        for event in events:
            released, refused = self._buffer.push(event)
            if refused is not None:
                self.counts["late"] += 1
                self.late.append(refused)
            self._judge(released)

    def _judge(self, events: Iterable[Event]) -> None:
        for event in events:
            self._reach(event.time_us)
            self._driver.feed((event,))
            self.counts["events"] += 1

    def advance(self, instant: datetime | date | str | int, position: Any = None) -> list[Record]:
        """Time has come to this instant: everything up to and including it is known. Backwards it does nothing.

        Raises TypeError where it is none of a datetime, a date, a text and microseconds since 1970, LogError where a text is
        no instant, and StoreError as `feed`.
        """
        us = instant_of(instant, self._plan.zone)
        self._go_ahead()
        self._push(self._future.reached(us))
        self._judge(self._buffer.advance(us))
        self._reach(us + 1)
        self._driver.advance(us)
        return self._commit(position, 0)

    def clock_says(self, us: int) -> None:
        """What time it is, without saying that everything before is known: what lies far ahead of it is held back."""
        self._go_ahead()
        self._push(self._future.reached(us))
        self._is_ahead = False

    def _reach(self, us: int) -> None:
        """Have at hand every case in which a timer fires before an instant."""
        if self._due_elsewhere is None or self._due_elsewhere > us:
            return
        cases = self._machine.observer.cases
        for name, state in self._store.due_by(us, set(cases)):
            cases[name] = load_case(self._machine, state)
            self._recall(name)
        if self._objectives is not None:
            for name in self._store.memories_due_by(us):
                self._recall(name)
        # Cases at hand are newer than what the store says of them; what the store alone holds comes later.
        self._due_elsewhere = self._store.next_due(us)

    def _fetch(self, case: str) -> CaseState | None:
        state = self._store.case(case)
        if state is None:
            return None
        cs = load_case(self._machine, state)
        self._machine.observer.cases[case] = cs
        self._recall(case)
        return cs

    def _at_hand(self, case: str) -> CaseState | None:
        return self._machine.observer.cases.get(case) or self._fetch(case)

    def _recall(self, case: str) -> CaseState | None:
        """Have at hand what objectives keep of a case; gives what their observer knows of it, where that was not at hand."""
        if self._objectives is None or case in self._recalled:
            return None
        self._recalled.add(case)
        state = self._store.memory(case)
        return None if state is None else self._objectives.load_case(case, state)

    # --- committing ---------------------------------------------------------------------------------------------------

    def _commit(self, position: Any, rejected: int) -> list[Record]:
        machine = self._machine
        if position is not None:
            self.position = position
        self.counts["rejected"] += rejected
        self.counts["held"] = self._future.held
        self.counts["duplicates"] = self._buffer.duplicates
        news = machine.news or []
        machine.news, machine.alerts = [], []
        records = []
        first = self._seq + 1
        for told in news:
            self._seq += 1
            records.append(Record(self._seq, json.dumps(self._tell(told), ensure_ascii=False)))
        touched = machine.touched or set()
        if self._objectives is None:
            machine.touched = set()
        else:
            touched, self._objectives.touched = touched | self._objectives.touched, set()
        common = {
            "policy": self._policy_hash,
            "machine": save_common(machine),
            "buffer": self._buffer.state(),
            "future": self._future.state(),
            "position": self.position,
            "counts": self.counts,
            "fed": self.fed,
            "seq": self._seq,
            "delivered": self._delivered,
            "output": self.output,
            "fresh": sorted({inst.cs.case for inst in machine.fresh}),
        }
        figures: list[tuple[str, Any]] = []
        memories: list[tuple[str, int | None, bool, Any]] = []
        if self._objectives is not None:
            common["objectives"] = self._objectives.save_common()
            figures, memories = self._what_objectives_keep(self._objectives)
        changed = ((cs.case, self._next_us(cs), save_case(cs)) for cs in touched)
        self._store.commit(changed, common, (r.line for r in records), self._delivered, first, figures, memories)
        self._delivered_and_kept = self._delivered
        self._make_room()
        if self._away:
            self._due_elsewhere = self._store.next_due()
        self._is_ahead = False
        return records

    @staticmethod
    def _what_objectives_keep(
        objectives: LiveObjectives,
    ) -> tuple[list[tuple[str, Any]], list[tuple[str, int | None, bool, Any]]]:
        """What has changed since the last batch, of groups and of cases."""
        figures = [
            (json.dumps([place, list(key)], ensure_ascii=False), rows.save(key))
            for place, rows in enumerate(objectives.rows)
            for key in rows.take_changed()
        ]
        memories = []
        for case in objectives.take_changed():
            kept = objectives.save_case(case)
            if kept is not None:
                memories.append((case, kept[0], kept[1], kept[2]))
        return figures, memories

    def _next_us(self, cs: CaseState) -> int | None:
        """The first instant at which something happens in a case without an event."""
        machine = self._machine
        timers, pause_ends = machine.timers, machine.pause_ends
        found = machine.timers = machine.pause_ends = Timers()
        for gs in cs.labels():
            for inst in gs.all_open():
                self._write_timers(inst)
        machine.timers, machine.pause_ends = timers, pause_ends
        return None if found.next_us == NEVER else found.next_us

    def _write_timers(self, inst: Instance) -> None:
        generation = inst.generation  # the timers that really wait stay valid
        if inst.status == PAUSED:
            inst.m.write_pause_timers(inst)
        elif inst.status != CLOSED and (inst.m.row_count or inst.m.alerts):
            inst.m.write_timers(inst, self._machine.now)
        inst.generation = generation

    def _make_room(self) -> None:
        """Leave cases to the store where there are too many: first those in which nothing is open."""
        cases = self._machine.observer.cases
        if len(cases) <= self._limit:
            return
        fresh = {inst.cs.case for inst in self._machine.fresh}
        fresh |= {cs.case for cs in self._machine.touched or ()}
        surplus = len(cases) - self._limit * 9 // 10
        idle = [name for name, cs in cases.items() if not any(gs.all_open() for gs in cs.labels())]
        busy = [name for name in cases if name not in fresh] if len(idle) < surplus else []
        for name in dict.fromkeys([*idle, *busy]):
            if surplus <= 0:
                break
            if name in fresh:
                continue
            for gs in cases.pop(name).labels():
                for inst in gs.all_open():
                    inst.status = CLOSED  # this copy, whose timers no longer count
            if self._objectives is not None:
                self._objectives.drop_case(name)
                self._recalled.discard(name)
            surplus -= 1
        self._machine.forget_stale()
        self._away = True

    # --- telling ------------------------------------------------------------------------------------------------------

    def _tell(self, told: Verdict | Alert | Told) -> dict[str, Any]:
        plan = self._plan
        if not isinstance(told, Verdict | Alert):
            found = told_json(plan, told)
            return {"id": _id([found[name] for name in _NAMED_BY[found["kind"]] if name in found]), **found}
        clause = plan.clauses[told.clause]
        about = {"clause": clause.label, "party": clause.party, "case": told.case, "number": told.number}

        def at(us: int | None) -> str | None:
            return None if us is None else iso(us, plan.zone)

        if isinstance(told, Alert):
            key = [clause.label, told.case, told.number, told.kind, told.to, told.written]
            return {"id": _id(key), "kind": told.kind, **about, "to": told.to, "at": at(told.at_us)}
        key = [clause.label, told.case, told.number, told.status, told.closed_us, told.due_us]
        if "revised" in told.note.split("; "):
            key.append(told.elapsed)  # one that was late and is reopened is breached again, with the due it had
        return {
            "id": _id(key),
            "kind": "verdict",
            **about,
            "level": clause.level.name,
            "status": told.status,
            "opened": at(told.opened_us),
            "due": at(told.due_us),
            "closed": at(told.closed_us),
            "late_by_us": told.late_by_us,
            "note": told.note,
        }

    def undelivered(self) -> list[Record]:
        """What was told and not acknowledged, before a crash too."""
        return [Record(seq, line) for seq, line in self._store.undelivered()]

    @property
    def has_told(self) -> bool:
        """Whether there has been a record, ever."""
        return self._seq > 0

    def acknowledge(self, seq: int, output: Any = None) -> None:
        """Records up to this number have arrived; they are forgotten with the next batch, or `settle`.

        Args:
            seq: the number.
            output: anything that JSON can hold, for `output`; None leaves it.
        """
        self._delivered = max(self._delivered, seq)
        if output is not None:
            self.output = output

    def settle(self) -> None:
        """Keep what was acknowledged now rather than with the next batch, which may be far."""
        if self._delivered > self._delivered_and_kept:
            self._go_ahead()
            self._commit(None, 0)

    def writes_to(self, output: Any) -> None:
        """Keep what is said of the output at once, before anything is written there."""
        self._go_ahead()
        self.output = output
        self._commit(None, 0)

    def next_due(self) -> datetime | None:
        """The next instant at which something happens without an event; None for never."""
        return moment(self.next_due_us(), self._plan.zone)

    def next_due_us(self) -> int | None:
        """The same in microseconds since 1970."""
        own = self._machine.next_due() if self._objectives is None else self._objectives.next_us()
        found = [us for us in (own, self._due_elsewhere) if us is not None]
        return min(found, default=None)

    def open_count(self) -> int:
        """How many instances in memory are open, paused, or breached without their action."""
        return sum(len(gs.all_open()) for cs in self._machine.observer.cases.values() for gs in cs.labels())

    def close(self) -> None:
        """Keep what was acknowledged, and close the store.

        Where a batch was begun and not kept, nothing is: what was told before it may come again.
        """
        try:
            if not self._is_ahead:
                self._go_ahead()
                self._commit(None, 0)
        finally:
            self._store.close()


def _too_many_held(event: Event) -> Reject:
    reason = f"it lies too far in the future, and {MOST_HELD} such events are held back already"
    return Reject(event.input, event.row, "time", iso(event.time_us, "UTC"), reason, f"{event.case} {event.type}")


def _id(key: Sequence[object]) -> str:
    """A name for a record that a rerun gives again: the SHA-256 of what it is about, in short."""
    return sha256(json.dumps(key, ensure_ascii=False).encode()).hexdigest()[:24]
