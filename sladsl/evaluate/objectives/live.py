"""Objectives while the log is still being read, beside the machine that judges its clauses.

Takes:  events in order of (time, position), and word of how far time has come: in the machine's place.
Gives:  `LiveObjectives`: what the machine gives, and in its `news` rows, alerts and money, each at the first instant at
        which it is certain: once everything up to and including that instant is known.
Never:  asks all cases or all windows at an event: each measure says when something can happen in it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sladsl.evaluate.objectives.leaf import Key
from sladsl.evaluate.objectives.ledger import Ledger
from sladsl.evaluate.objectives.live_cycles import Cycles
from sladsl.evaluate.objectives.live_money import LiveMoney
from sladsl.evaluate.objectives.live_rows import LiveRows
from sladsl.evaluate.objectives.money import owed_for
from sladsl.evaluate.objectives.outcome import ObjectiveRow, Told
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.stream.snapshot import load_known, save_case
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import ShareTime
from sladsl.ir.plan import Plan

_NEVER = 1 << 62


class LiveObjectives:
    """The objectives of a plan, and the penalties of its clauses, beside a machine that is fed through this.

    Args:
        machine: one that keeps `news`; what is told stands in them, in order, between its verdicts and alerts.
        actors: whether events name actors.
    """

    def __init__(self, plan: Plan, machine: Machine, *, actors: bool = True) -> None:
        self.plan = plan
        self.machine = machine
        machine.touched = set()
        self.touched: set[CaseState] = set()  # what the machine has touched, for whoever keeps its state
        self.changed: set[str] = set()  # cases of which something is kept here that has changed
        ledger = self.ledger = Ledger(plan, actors=actors, live=True)
        self._money = LiveMoney(plan, ledger.penalties, self._tell)
        self.rows = [
            LiveRows(plan, judged, self._tell, self._tell, self._owes, self._money.release) for judged in ledger.judged
        ]
        self.cycles = Cycles(plan, machine, ledger.takes, ledger.starts, ledger.penalties, self._money.missed)
        for rows in self.rows:
            rows.judged.scope.touched_cases = self.changed
        self._leaves = [leaf for rows in self.rows for leaf in rows.all_leaves]
        self._next = [_NEVER] * len(self.rows)
        self._now = 0  # the instant of the last event
        self._unfinished = False  # more events of that instant may come
        self._done_us: int | None = None  # the last instant of which all is told

    # --- in the machine's place ---------------------------------------------------------------------------------------

    def feed(self, events: Iterable[Event]) -> None:
        """Judge events, which come in order of (time, position); everything before each of them is known."""
        machine, ledger = self.machine, self.ledger
        news = machine.news
        assert news is not None
        for event in events:
            if not self._unfinished or event.time_us > self._now:
                self._pass(event.time_us - 1)
                self._now = event.time_us
                self._unfinished = True
            if ledger.first_us is None:
                for place, rows in enumerate(self.rows):
                    rows.begin(event.time_us)
                    self._ask(place)
            ledger.observe(event)
            self.changed.add(event.case)
            seen = len(news)
            machine.feed((event,))
            if len(news) > seen:
                self._take(news, seen)

    def before(self, us: int) -> None:
        """Everything before an instant is known."""
        self._pass(us - 1)
        self.machine.before(us)

    def advance(self, us: int) -> None:
        """Everything up to and including an instant is known."""
        if us < self._now:
            return
        self._pass(us)
        self.machine.advance(us)

    def next_us(self) -> int | None:
        """The next instant at which something happens without an event, in a clause or in an objective."""
        found = min(self._next, default=_NEVER)
        for us in (self.machine.next_due(), self._money.next_us()):
            if us is not None and us < found:
                found = us
        return None if found == _NEVER else found

    # --- time ---------------------------------------------------------------------------------------------------------

    def _pass(self, limit_us: int) -> None:
        """Everything up to and including an instant is known, and no event lies between the last one and it."""
        if self._unfinished and self._now > limit_us:
            return  # what came before has passed
        for place, rows in enumerate(self.rows):
            if rows.skip(limit_us):
                self._ask(place)
            if rows.burns_in_time:
                rows.look_ahead(limit_us)
                self._ask(place)
        if self._unfinished:
            self._unfinished = False
            self._at(self._now)
        while (us := self.next_us()) is not None and us <= limit_us:
            if self._done_us is not None and us <= self._done_us:
                us = self._done_us + 1  # INVARIANT: time moves on, whatever a measure says
                if us > limit_us:
                    break
            self._at(us)

    def _at(self, us: int) -> None:
        """Everything up to and including an instant is known, and something may happen at it."""
        machine = self.machine
        news = machine.news
        assert news is not None
        assert machine.touched is not None
        seen = len(news)
        machine.advance(us)
        self._take(news, seen)
        touched = machine.touched
        if touched:
            self.cycles.look_at(touched, us)
            self.changed.update(cs.case for cs in touched)
            self.touched |= touched
            touched.clear()
        for place, rows in enumerate(self.rows):
            if rows.touched or self._next[place] <= us:
                rows.at(us)
                self._ask(place)
        self._money.at(us)
        self._done_us = us

    def _ask(self, place: int) -> None:
        """Note when something happens next in an objective. It changes only where something was touched, or was told."""
        us = self.rows[place].next_us()
        self._next[place] = _NEVER if us is None else us

    def _take(self, news: list[Any], since: int) -> None:
        for told in news[since:]:
            if isinstance(told, Verdict) and told.closed_us is not None:
                self.cycles.take(told)

    def _tell(self, told: Told) -> None:
        news: list[Any] | None = self.machine.news
        assert news is not None
        news.append(told)

    def _owes(self, row: ObjectiveRow, number: int, key: Key) -> bool:
        objective = self.plan.objectives[row.objective]
        if not objective.credits and not objective.penalties:
            return True
        owed = owed_for(objective, row, isinstance(objective.measure, ShareTime), self.plan.language)
        return self._money.put(row.objective, number, key, owed)

    # --- keeping ------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """The whole state as data that JSON can hold; equal states give equal data."""
        common = self.save_common()
        groups = [[place, list(key), rows.save(key)] for place, rows in enumerate(self.rows) for key in rows.kept()]
        cases = [[case, *kept] for case in sorted(self._cases()) if (kept := self.save_case(case)) is not None]
        return {"common": common, "groups": groups, "cases": cases}

    def load(self, state: Any) -> None:
        """The same, back, into fresh ones of the same plan."""
        self.load_common(state["common"], self.machine.observer.cases.get)
        for place, key, kept in state["groups"]:
            self.load_group(place, tuple(key), kept)
        for case, _, _, kept in state["cases"]:
            self.load_case(case, kept)

    def _cases(self) -> set[str]:
        return {*self.ledger.observer.cases, *self.cycles.standing, *self.cycles.last}

    def take_changed(self) -> list[str]:
        """The cases of which what is kept has changed since the last call."""
        found = sorted(self.changed)
        self.changed.clear()
        return found

    def save_common(self) -> dict[str, Any]:
        """What is kept beside groups and cases."""
        touched = sorted(cs.case for cs in self.machine.touched or ())
        return {
            "touched": touched,
            "now": [self._now, self._unfinished, self._done_us, self.ledger.first_us],
            "rows": [rows.save_common() for rows in self.rows],
            "money": self._money.save(),
        }

    def load_common(self, state: Any, case_of: Callable[[str], CaseState | None]) -> None:
        """The same, back. `case_of`: the machine's state of a case."""
        self.machine.touched = {cs for case in state["touched"] if (cs := case_of(case)) is not None}
        self._now, self._unfinished, self._done_us, self.ledger.first_us = state["now"]
        for rows, kept in zip(self.rows, state["rows"], strict=True):
            rows.load_common(kept)
        for place in range(len(self.rows)):
            self._ask(place)
        self._money.load(state["money"])

    def load_group(self, place: int, key: Key, kept: Any) -> None:
        """What `LiveRows.save` kept of a group of the objective at a place."""
        self.rows[place].load(key, kept)
        self._ask(place)

    def save_case(self, case: str) -> list[Any] | None:
        """What is kept of a case: when something happens in it without an event (None: never), whether measures need it
        without one, and all of it, as JSON can hold it."""
        cs = self.ledger.observer.cases.get(case)
        leaves = [leaf.save_case(case) for leaf in self._leaves]
        cycles = self.cycles.save_case(case)
        if cs is None and cycles is None and not any(leaf is not None for leaf in leaves):
            return None
        ends = [us for leaf in self._leaves if (us := leaf.case_next_us(case)) is not None]
        pinned = any(kept is not None and leaf.pins for leaf, kept in zip(self._leaves, leaves, strict=True))
        known = save_case(cs) if cs is not None else None
        return [min(ends, default=None), pinned, [known, leaves, self.ledger.starts.save_case(case), cycles]]

    def load_case(self, case: str, state: Any) -> CaseState | None:
        """The same, back."""
        known, leaves, starts, cycles = state
        cs = None
        if known is not None:
            cs = load_known(self.ledger.observer, known)
            self.ledger.observer.cases[case] = cs
        for leaf, kept in zip(self._leaves, leaves, strict=True):
            if kept is not None:
                leaf.load_case(case, kept)
        for place in range(len(self.rows)):
            self._ask(place)
        self.ledger.starts.load_case(case, starts)
        if cycles is not None:
            self.cycles.load_case(case, cycles)
        return cs

    def drop_case(self, case: str) -> None:
        """Let go of a case that is kept elsewhere."""
        self.ledger.observer.cases.pop(case, None)
        for leaf in self._leaves:
            leaf.drop_case(case)
        self.ledger.starts.drop_case(case)
        self.cycles.drop_case(case)
