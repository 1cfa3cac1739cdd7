"""What an event changes in what is known of its case.

Takes:  a plan, and events in order.
Gives:  `Observer`: per event the truth of every needed condition, computed at most once, which actions happened and which
        states began or ended.
Never:  knows of clauses: for each condition it is told a mask, and gives the union of the masks of what changed or happened.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from sladsl.clock import clock_for, date_of, hour_of, month_of, weekday_of
from sladsl.evaluate.stream.carried import compile_note
from sladsl.evaluate.stream.conditions import Function, Possible, compile_conditions, walk
from sladsl.evaluate.stream.history import Functions, Past
from sladsl.evaluate.stream.instance import CaseState, case_maker
from sladsl.evaluate.stream.values import Fault, instants, number, text, truth
from sladsl.events import Event
from sladsl.ir.calendars import calendar_read, reading_of, told_by
from sladsl.ir.expression import Attribute, During, EventAttribute, History, Trigger, ValueKind
from sladsl.ir.needed import needed_conditions
from sladsl.ir.plan import HowOften, Plan
from sladsl.text.stem import stems

_PARTS = {"month": month_of, "hour": hour_of, "weekday": weekday_of, "date": date_of}
_LIMIT = 20_000  # remembered lists of work; beyond it they start anew


class Observer:
    """The cases of a log as far as they are known, and what the last event did.

    After `observe(event)`: `act[i]` is the truth of action i at the event (or a Fault), `edges[i]` is 1 where state i began
    with it, -1 where it ended and 2 where it became a fault, the case's `v` of i is the truth of state i after it, and `hot`
    is the union of the masks. `newcomer` is the case, where it is its first event. `clear()` forgets the event, and must
    be called before the next one.

    Args:
        plan: the policy.
        needed: the conditions that are asked for.
        masks: by condition, who looks where it changes or happens.
        extra_slots: attributes that are asked for besides.
        actors: whether events name their actors.
        rises, falls: by condition, who looks where it begins, or ends, or cannot be told any more.
        carried: by attribute, who looks where its last value changes.
    """

    def __init__(
        self,
        plan: Plan,
        needed: Iterable[int],
        masks: dict[int, int],
        extra_slots: Iterable[str] = (),
        *,
        actors: bool,
        rises: dict[int, int] | None = None,
        falls: dict[int, int] | None = None,
        carried: dict[str, int] | None = None,
    ) -> None:
        self.plan = plan
        self.actors = actors
        asked = frozenset(needed)
        self.needed = needed_conditions(plan, asked)
        self._lazy = self._find_lazy(asked)
        self.slots = self._find_slots(extra_slots)
        self.instant = instants(plan.zone, any(spec.end_of_day for spec in plan.inputs))
        self.blank: list[Any] = [None if i in self._lazy else False for i in range(len(plan.conditions))]
        self.act: list[Any] = list(self.blank)
        self.edges: dict[int, int] = {}
        self.hot = 0
        self.first_hot = 0  # given to every case's first event
        self.cases: dict[str, CaseState] = {}
        self.newcomer: CaseState | None = None
        self.absent: Callable[[str], CaseState | None] | None = None  # fetches a case that is kept elsewhere
        self.later: dict[int, int] = {}
        self.unknown_zones: dict[str, int] = {}
        self.touched: list[int] = []
        count = range(len(plan.conditions))
        self._masks = [masks.get(i, 0) for i in count]
        self._rises = [masks.get(i, 0) | (rises or {}).get(i, 0) for i in count]
        self._falls = [masks.get(i, 0) | (falls or {}).get(i, 0) for i in count]
        self._functions = [
            Functions(
                h.function,
                clock_for(h.window.kind, None, plan.zone) if h.window else None,
                h.window.ticks if h.window else 0,
            )
            for h in plan.histories
        ]
        self._stems: dict[Any, bool] = {}
        self._histories_of: dict[int, tuple[int, ...]] = {}
        for index in self._used_histories():
            of = plan.histories[index].of.condition
            self._histories_of[of] = (*self._histories_of.get(of, ()), index)
        self._compiled = compile_conditions(
            plan.conditions,
            self.needed,
            self._lazy,
            self.slots,
            actors,
            self._histories_of,
            {
                "ACT": self.act,
                "EDGES": self.edges,
                "MASKS": self._masks,
                "RISES": self._rises,
                "happened": self.touched.append,
                "lazily": self._lazily,
                "during": self._during,
                "history": self._history,
                "matches": self.matches,
                "instant": self.instant,
                "part": self._part,
                "done": self._done,
                "turned": self._turned,
                "named": self._named,
            },
        )
        self._possible = Possible(plan.conditions, self.matches)
        self._by_type: dict[str, tuple[tuple[int, Function], ...]] = {}
        self._todo: dict[str, dict[int, Function | None]] = {}
        self._works = 0  # how many entries `_todo` holds
        self._states = [i for i in sorted(self.needed) if not plan.conditions[i].action]
        self._slots_of = {
            i: sum(1 << self.slots[name] for name in plan.conditions[i].reads if name in self.slots)
            for i in self._states
        }
        self._all_changed = (1 << len(self.slots)) - 1 or 1
        groups = {clause.group for clause in plan.clauses}
        self.new = case_maker(  # a case of which nothing is known
            len(self.slots),
            self._states,
            len(self._functions),
            min(groups) if len(groups) == 1 else None,
            marked=any(clause.how is HowOften.FIRST for clause in plan.clauses),
        )
        self.note = compile_note(self.slots, carried or {}, self._all_changed, self._todo, self._work, self._came, self)

    # --- preparation ------------------------------------------------------------------------------------------------

    def _find_lazy(self, asked: frozenset[int]) -> frozenset[int]:
        """The actions that nobody asks for but other conditions: most events are decided without them."""
        counted = {self.plan.histories[index].of.condition for index in self._used_histories()}
        counted |= {
            of.party for index in self._used_histories() if (of := self.plan.histories[index].of).party is not None
        }
        return frozenset(
            i for i in self.needed if self.plan.conditions[i].action and i not in asked and i not in counted
        )

    def _used_histories(self) -> set[int]:
        return {
            node.index
            for index in self.needed
            for node in walk(self.plan.conditions[index].expr)
            if isinstance(node, History)
        }

    def _find_slots(self, extra: Iterable[str]) -> dict[str, int]:
        names = {name for name in extra if name}
        for index in self.needed:
            for node in walk(self.plan.conditions[index].expr):
                if isinstance(node, Attribute):
                    names.add(node.name)
                elif isinstance(node, History):
                    names.add(self.plan.histories[node.index].attribute)
                elif isinstance(node, During):
                    names.update(told_by(self.plan.calendars, node.calendar))
        names.discard("")
        return {name: slot for slot, name in enumerate(sorted(names))}

    def _candidates(self, event_type: str) -> tuple[tuple[int, Function], ...]:
        """The actions that an event of this type can make true, each with its function."""
        found = self._by_type.get(event_type)
        if found is None:
            decided = self._possible.of(event_type)
            found = tuple(
                (index, self._sure(index) if decided[index] else self._compiled[index])
                for index in sorted(decided)
                if decided[index] is not False and index in self.needed and index not in self._lazy
            )
            if len(self._by_type) >= _LIMIT:
                self._by_type.clear()
            self._by_type[event_type] = found
        return found

    def _sure(self, index: int) -> Function:
        """The function of an action that the type alone makes true."""
        done = self._done
        return lambda cs, ev: done(index, True, cs, ev)

    def _work(self, event_type: str, changed: int) -> Function | None:
        """What to compute after an event of this type that changed these attributes, in the order of the conditions: one
        function of the case and the event; None where nothing is."""
        conditions = self.plan.conditions
        work = {
            i: self._compiled[i]
            for i, slots in self._slots_of.items()
            if slots & changed or conditions[i].reads_event or changed == self._all_changed
        }
        work.update(self._candidates(event_type))
        found = _one_after_another([work[i] for i in sorted(work)])
        if self._works >= _LIMIT:
            self._todo.clear()
            self._works = 0
        self._works += 1
        self._todo.setdefault(event_type, {})[changed] = found
        return found

    # --- an event ---------------------------------------------------------------------------------------------------

    def meet(self, case: str) -> CaseState:
        """The state of a case that is not at hand: fetched, or new."""
        if self.absent is not None:
            cs = self.absent(case)
            if cs is not None:
                return cs
        cs = self.newcomer = self.cases[case] = self.new(case)
        return cs

    def observe(self, ev: Event) -> CaseState:
        """Update what is known of the event's case, and find what the event did."""
        cs = self.cases.get(ev.case)
        if cs is None:
            cs = self.meet(ev.case)
        self.hot = self.note(cs, ev)
        return cs

    def _came(self, cs: CaseState, slot: int) -> None:
        """An attribute that was missing in a case has come."""
        more = cs.more
        if more is not None and more.watch is not None and slot in more.watch:
            for group in more.watch.pop(slot):
                self.later[group] = self.later.get(group, 0) + 1

    def _done(self, index: int, value: Any, cs: CaseState, ev: Event) -> int:
        """An action happens, or cannot be decided; who must look."""
        self.act[index] = value
        self.touched.append(index)
        if value is True and index in self._histories_of:
            self._remember(cs, ev, self._histories_of[index])
        return self._masks[index]

    def _turned(self, index: int, old: Any, value: Any, cs: CaseState, ev: Event) -> int:
        """A state is another than before; who must look."""
        if value is True:
            self.edges[index] = 1
            if index in self._histories_of:
                self._remember(cs, ev, self._histories_of[index])
            return self._rises[index]
        if value.__class__ is Fault:
            if old.__class__ is Fault:
                return self._masks[index]
            self.edges[index] = 2
            return self._rises[index] | self._falls[index]
        if old is True:
            self.edges[index] = -1
            return self._falls[index]
        return self._masks[index]

    def _named(self, condition: int, cs: CaseState, ev: Event, fault: Fault) -> Fault:
        """The fault, told with the attribute whose cell it is about."""
        readers = {ValueKind.NUMBER: number, ValueKind.TRUTH: truth, ValueKind.INSTANT: self.instant}
        for node in walk(self.plan.conditions[condition].expr):
            if isinstance(node, Attribute | EventAttribute) and node.kind in readers:
                own = isinstance(node, EventAttribute)
                cell = ev.attributes.get(node.name) if own else self.last(cs, self.slots[node.name])
                try:
                    if cell is not None:
                        readers[node.kind](cell)
                except Fault as again:
                    if again.reason == fault.reason:
                        return Fault(f"`{node.name}`: {fault.reason}")
        return fault

    def clear(self) -> None:
        """Forget what the last event did; needed only where `newcomer`, `touched` or `edges` hold something."""
        self.newcomer = None
        act, blank = self.act, self.blank
        for i in self.touched:
            act[i] = blank[i]
        self.touched.clear()
        self.edges.clear()

    def get(self, cs: CaseState, condition: int) -> Any:
        """The truth of a condition after the last event: True, False or a Fault; an action is true at its event only."""
        return self.act[condition] if self.plan.conditions[condition].action else getattr(cs, f"v{condition}", False)

    def last(self, cs: CaseState, slot: int) -> Any:
        """The last value of an attribute; None where it is missing."""
        return getattr(cs, cs.names[slot])

    def value_of(self, condition: int) -> Callable[[CaseState], Any]:
        """The function that answers `get` for a condition; made once, for it is asked often."""
        if self.plan.conditions[condition].action:
            act = self.act
            return lambda cs: act[condition]
        return attrgetter(f"v{condition}")

    def happened(self, cs: CaseState, trigger: Trigger) -> Any:
        """Whether a trigger of kind happens, begins or ends happened with the last event: True, False or a Fault."""
        return self.test_of(trigger)(cs)

    def test_of(self, trigger: Trigger) -> Callable[[CaseState], Any]:
        """The function that answers `happened` for a trigger; made once, for it is asked at every event."""
        act, edges, condition = self.act, self.edges, trigger.condition
        wanted = 1 if trigger.kind == "begins" else -1
        value = f"v{condition}"

        def at_event(cs: CaseState) -> Any:
            return act[condition]

        def at_edge(cs: CaseState) -> Any:
            edge = edges.get(condition)
            if edge is None:
                return False
            return getattr(cs, value) if edge == 2 else edge == wanted

        test = at_event if trigger.kind == "happens" else at_edge
        if trigger.party is None:
            return test
        party = trigger.party

        def by_party(cs: CaseState) -> Any:
            value = test(cs)
            return self.get(cs, party) if value is True else value

        return by_party

    def watch(self, cs: CaseState, slots: tuple[int, ...], group: int) -> None:
        """A start was decided by these attributes: count it later where one was missing and comes after all."""
        for slot in slots:
            if self.last(cs, slot) is None:
                more = cs.extra()
                if more.watch is None:
                    more.watch = {}
                more.watch.setdefault(slot, []).append(group)
                return

    # --- what generated functions reach -------------------------------------------------------------------------------

    def _lazily(self, condition: int, cs: CaseState, ev: Event) -> Any:
        value = self.act[condition]
        if value is None:
            try:
                value = self._compiled[condition](cs, ev)
            except Fault as fault:
                value = self._named(condition, cs, ev, fault)
            self.act[condition] = value
            self.touched.append(condition)
        if value.__class__ is Fault:
            raise value
        return value

    def matches(self, words: tuple[frozenset[str], frozenset[str]], event_type: str) -> bool:
        """Whether the stems of a type's words include the required ones and stand all among the allowed."""
        key = (words, event_type)
        known = self._stems.get(key)
        if known is None:
            found = frozenset(stems(event_type, self.plan.language))
            known = words[0] <= found <= words[1]
            if len(self._stems) >= _LIMIT:
                self._stems.clear()
            self._stems[key] = known
        return known

    def _part(self, part: str, us: int) -> Any:
        return _PARTS[part](us, self.plan.zone)

    def zone_for(self, cs: CaseState, calendar: int) -> str:
        """How a calendar that attributes tell is read at a start; what is unknown is counted."""
        reading, unknown = self._reading(cs, calendar)
        for name in unknown:
            self.unknown_zones[name] = self.unknown_zones.get(name, 0) + 1
        return reading

    def zone_now(self, cs: CaseState, calendar: int) -> str:
        """The same where nothing starts: nothing is counted."""
        return self._reading(cs, calendar)[0]

    def _reading(self, cs: CaseState, calendar: int) -> tuple[str, tuple[str, ...]]:
        def held(attribute: str) -> str | None:
            raw = self.last(cs, self.slots[attribute])
            return None if raw is None else text(raw)

        return reading_of(self.plan.calendars, calendar, held, self.plan.zone)

    def _during(self, cs: CaseState, calendar: int, us: int) -> bool:
        plan = self.plan
        reading = self._reading(cs, calendar)[0] if told_by(plan.calendars, calendar) else ""
        return calendar_read(plan.calendars, calendar, reading, plan.zone).open_at(us)

    def _history(self, cs: CaseState, index: int, now: int) -> Any:
        return self._functions[index].read(cs.pasts[index] if cs.pasts else None, now)

    def _remember(self, cs: CaseState, ev: Event, histories: tuple[int, ...]) -> None:
        assert cs.pasts is not None
        for index in histories:
            history = self.plan.histories[index]
            if history.of.party is not None and self.get(cs, history.of.party) is not True:
                continue
            past = cs.pasts[index]
            if past is None:
                past = cs.pasts[index] = Past()
            value: Any = None
            if history.function == "distinct":
                raw = ev.attributes.get(history.attribute)
                value = None if raw is None else text(raw)
            elif history.function == "sum":
                raw = self.last(cs, self.slots[history.attribute])
                try:
                    value = None if raw is None else number(raw)
                except Fault as fault:
                    value = fault
            self._functions[index].add(past, ev.time_us, value)


def _one_after_another(functions: list[Function]) -> Function | None:
    """One function that does what all of them do, in order, and gives the union of their masks."""
    if len(functions) < 2:
        return functions[0] if functions else None
    if len(functions) == 2:
        first, second = functions
        return lambda cs, ev: first(cs, ev) | second(cs, ev)

    def all_of_them(cs: CaseState, ev: Event) -> int:
        hot = 0
        for function in functions:
            hot |= function(cs, ev)
        return hot

    return all_of_them
