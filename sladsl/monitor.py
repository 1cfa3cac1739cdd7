"""A monitor for programs: dictionaries in, verdicts out.

Takes:  a Policy, dictionaries or events, and word of how far time has come.
Gives:  `Monitor`: verdicts as soon as they are certain, what is open, when something is due next, snapshots.
Never:  reads the machine's clock, starts a thread, or drops an event silently.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sladsl.evaluate.objectives.outcome import ObjectiveAlert
from sladsl.evaluate.stream.monitor import Monitor as StreamMonitor
from sladsl.evaluate.stream.snapshot import StateError
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event, ReadOptions, Reject, instant_of
from sladsl.events.feed import Feed
from sladsl.report.alerts import AlertRow, alert_row, objective_alert_row
from sladsl.report.told import ToldRow, told_row
from sladsl.report.verdict_row import VerdictRow, moment

if TYPE_CHECKING:
    from sladsl.pipeline import Policy

Fed = Mapping[str, Any] | Event


class Monitor:
    """One running evaluation of a policy; for one thread.

    A verdict is given when it is certain, and again under the same clause, case and number where something later
    replaces it: `late` or `excused` after `breached`.

    Args:
        policy: what to judge.
        state: a snapshot of a monitor of the same policy, to go on from.
        actors: whether events name their actor; without, parties are not checked.

    Attributes:
        rejects: what was fed and is no event, with the reason; take from it what you have dealt with.

    Raises `sladsl.StateError` where the snapshot does not fit.

    >>> import sladsl
    >>> monitor = sladsl.load(text="first contact: sales contacts within 24h of created").monitor()
    >>> monitor.feed({"case": "L1", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"})
    []
    >>> monitor.next_due().isoformat()
    '2026-03-03T09:00:00+00:00'
    >>> monitor.advance("2026-03-03T09:00:00Z")
    [VerdictRow(first contact, L1: breached)]
    """

    def __init__(self, policy: Policy, state: Mapping[str, Any] | None = None, *, actors: bool = True) -> None:
        self._plan = plan = policy.plan
        self._policy = policy
        options = ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes))
        self._feed = Feed(plan.inputs, options)
        self._position = 0
        held: Any = None
        if state is not None:
            if not isinstance(state, Mapping) or state.get("policy") != policy.hash:
                raise StateError("the snapshot is not one of this policy")
            if state.get("check") != _check_of(state):
                raise StateError("the snapshot is broken: it is not as it was taken")
            self._position, held = state["position"], state["monitor"]
        self._monitor = StreamMonitor(plan, actors=actors, state=held)
        self.rejects: list[Reject] = []
        self._certain: list[ToldRow] = []
        self._alerts: list[AlertRow] = []

    def feed(self, events: Fed | Iterable[Fed]) -> list[VerdictRow]:
        """Take one event or many, in the order in which they came; give the verdicts that became certain.

        A dictionary has `case`, `time`, `event`, and if known `actor` and `event_id`; everything else is an attribute.
        A time is a `datetime`, or a text as in a file. What is no event goes to `rejects`, whatever it is.

        Raises TypeError where `events` is neither a dictionary, nor an Event, nor many of them (`5`, `None`, a text).
        """
        kind = events.__class__  # asked first: what is fed comes one by one, and very often
        if kind is dict or kind is Event or (kind is not list and isinstance(events, (Mapping, Event))):
            rows: Iterable[Any] = (events,)
        elif isinstance(events, (str, bytes)) or not isinstance(events, Iterable):
            raise TypeError(f"feed takes a dictionary, an Event, or many of them, not `{kind.__name__}`")
        else:
            rows = events
        read, position = self._feed.event, self._position
        made: list[Event] = []
        for row in rows:
            event = row if row.__class__ is Event else read(row, position)
            if event.__class__ is Reject:
                self.rejects.append(event)
                continue
            position += 1
            made.append(event)  # type: ignore[arg-type]
        self._position = position
        return self._rows(self._monitor.feed(made))

    def advance(self, instant: datetime | date | str | int) -> list[VerdictRow]:
        """Time has come to this instant: everything up to and including it is known. Backwards it does nothing.

        Raises TypeError where it is none of a datetime, a date, a text and microseconds since 1970, and LogError where a
        text is no instant.
        """
        return self._rows(self._monitor.advance(instant_of(instant, self._plan.zone)))

    def next_due(self) -> datetime | None:
        """When something will happen without an event, as things stand: a due, a warning …; None for never."""
        return moment(self._monitor.next_due(), self._plan.zone)

    def open(self) -> list[VerdictRow]:
        """What is open, paused, or breached without its action, ordered by label, case and number."""
        return self._rows(self._monitor.open())

    def alerts(self) -> list[AlertRow]:
        """The warnings and escalations of clauses and the alerts of objectives since the last call, in the order of their instants."""
        self._take_told()
        found = [alert_row(self._plan, alert) for alert in self._monitor.alerts()] + self._alerts
        self._alerts = []
        return sorted(found, key=lambda row: row.at_us)

    def certain(self) -> list[ToldRow]:
        """What became certain since the last call, in the order in which it did: windows of objectives, credits, penalties.

        Each is given once, with the first instant at which nothing later could change it; again, as it is now, only where
        an excuse or a reopening did change it. An instant is known once a later event or `advance` has come.

        >>> import sladsl
        >>> policy = sladsl.load(text='calls = event = "call"; enough: count of calls >= 2 per month')
        >>> monitor = policy.monitor()
        >>> call = {"case": "L1", "event": "call", "actor": "sales"}
        >>> monitor.feed([call | {"time": f"2026-03-{day}T09:00:00Z"} for day in ("02", "05", "09")])
        []
        >>> monitor.certain(), monitor.certain()
        ([ToldRow(enough, 2026-03: met)], [])
        """
        self._take_told()
        found, self._certain = self._certain, []
        return found

    def _take_told(self) -> None:
        for told in self._monitor.told():
            row = told_row(self._plan, told)
            if row is not None:
                self._certain.append(row)
            elif isinstance(told, ObjectiveAlert):
                self._alerts.append(objective_alert_row(self._plan, told))

    @property
    def late(self) -> list[Event]:
        """Events that came too late to be judged: older than the newest by more than the policy's lateness."""
        return self._monitor.refused

    def snapshot(self) -> dict[str, Any]:
        """The whole state as data that JSON can hold, for `policy.monitor(state)`; equal states give equal snapshots."""
        held = {"policy": self._policy.hash, "position": self._position, "monitor": self._monitor.snapshot()}
        return {**held, "check": _check_of(held)}

    def _rows(self, verdicts: Iterable[Verdict]) -> list[VerdictRow]:
        plan = self._plan
        return [VerdictRow(plan, verdict) for verdict in verdicts]


def _check_of(state: Mapping[str, Any]) -> str:
    """A sum over a snapshot, so that one which was cut or changed on its way is refused, and nothing else looks at it."""
    held = {name: value for name, value in state.items() if name != "check"}
    try:
        text = json.dumps(held, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise StateError(f"the snapshot is broken: {error}") from error
    return sha256(text.encode()).hexdigest()
