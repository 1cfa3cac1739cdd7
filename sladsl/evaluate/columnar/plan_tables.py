"""A plan as the kernel's tables.

Takes:  a plan.
Gives:  `PlanTables`: clauses, rows, starts and the programs of conditions and facts as arrays; what values and leaves the
        columns of a log must tell.
Never:  looks at an event. What the kernel does not do is told by `refusals`, in words for the author.

The clauses stand in the plan's order; `index` is their place in the file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sladsl.clock import ClockKind
from sladsl.evaluate.columnar.asked import Asked
from sladsl.evaluate.columnar.cells import Reading, reader_of, reading_of
from sladsl.evaluate.columnar.clock_tables import ClockTables
from sladsl.evaluate.columnar.derived_program import FUNCTIONS, Places, derived_program
from sladsl.evaluate.columnar.errors import BeyondReach, Refused
from sladsl.evaluate.columnar.fact_program import FactProgram
from sladsl.evaluate.columnar.kernel import layout
from sladsl.evaluate.columnar.kernel.instructions import BEGUN
from sladsl.evaluate.columnar.leaves import Leaves
from sladsl.ir.calendars import told_by
from sladsl.ir.expression import Trigger, ValueKind
from sladsl.ir.needed import clause_conditions
from sladsl.ir.plan import Clause, Form, HowOften, Plan, Target

_HOW = {
    HowOften.FREE: layout.FREE,
    HowOften.FIRST: layout.FIRST,
    HowOften.EACH: layout.EACH,
    HowOften.LATEST: layout.LATEST,
}
_CHANGES = {"carry": layout.CARRY, "restart": layout.RESTART, "keep": layout.KEEP}
_REOPENS = {"new": layout.NEW, "resume": layout.RESUME, "ignore": layout.IGNORE}
_FATES = {"breach": layout.BREACH, "fulfilment": layout.FULFILMENT}
_CLAUSES_AT_MOST = 32_767

# Kinds of columns of values that tell how calendars are read: their zone; `named` and a calendar: for which it stands.
ZONE, NAMED = "zone", "named"
DUE = "due"  # and of an instant that is a due
Array = np.ndarray[Any, Any]


@frozen
class ValueColumn:
    """Values that the kernel keeps: of an attribute as it was last carried, or of the event alone.

    what  attribute, carried, type, actor, case
    kind  NUMBER, TRUTH, INSTANT, TEXT or NAME; DUE; ZONE, or NAMED and a calendar
    """

    what: str
    name: str
    kind: ValueKind | str


class PlanTables:
    """Everything that follows from the plan alone. Raises Refused where there is something that the kernel does not do."""

    def __init__(self, plan: Plan, actors: bool, asked: Asked | None = None) -> None:
        self.plan = plan
        self.asked = asked
        self.seen_values: dict[int, int] = {}  # of the columns of values that are told: 1 at a change, 2 where carried
        self.reading: Reading = reading_of(plan, actors)
        self.clocks = ClockTables(plan)
        self.leaves = Leaves(plan, lambda expr: reader_of(expr, self.reading)(None))
        self.values: list[ValueColumn] = []
        self.texts: dict[str, int] = {day: i for i, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
        self.notes: dict[str, int] = {text: i for i, text in enumerate(layout.NOTES)}
        self.variables: dict[str, int] = {}
        self.tables: dict[str, Array] = {}
        self.told: list[tuple[int, ...]] = [()] * len(
            plan.clauses
        )  # by clause of the file, its calendars that are told
        count = max(1, len(plan.calendars))
        self._zone_rules: list[tuple[int, ...]] = [(-1, 0)] * count
        self._named_rules: list[tuple[int, ...]] = [(-1, 0)] * count
        self._targets: list[tuple[int, ...]] = []
        self._first_bits = 0
        self._first_of_label: dict[int, int] = {}
        if len(plan.clauses) > _CLAUSES_AT_MOST:
            raise Refused("the policy has more clauses than the columnar evaluator counts")
        self._build()

    # --- numbers that are given out ------------------------------------------------------------------------------------

    def text(self, text: str) -> int:
        """The number of a text; equal texts have one number."""
        return self.texts.setdefault(text, len(self.texts))

    def note(self, text: str) -> int:
        """The number of a verdict's note."""
        number = self.notes.setdefault(text, len(self.notes))
        if number >= layout.NOTE_BASE:
            raise BeyondReach("more than a million different cells could not be read")
        return number

    def value(self, what: str, name: str, kind: ValueKind | str) -> int:
        """The number of a column of values."""
        column = ValueColumn(what, name, kind)
        if column not in self.values:
            self.values.append(column)
        return self.values.index(column)

    def tell(self, calendar: int) -> None:
        """Ask for the rules by which a calendar is read that attributes tell."""
        spec = self.plan.calendars[calendar]
        places = [calendar]
        if spec.named_by:
            self._named_rules[calendar] = (
                self.value("attribute", spec.named_by, f"{NAMED} {calendar}"),
                spec.otherwise or 0,
            )
            places = [*(place for _, place in spec.choices), spec.otherwise or 0]
        for place in places:
            own = self.plan.calendars[place]
            self.clocks.told.add(place)
            value = self.value("attribute", own.zone_attribute, ZONE) if own.zone_attribute else -1
            zone = (own.zone_fallback if own.zone_attribute else own.zone) or self.plan.zone
            self._zone_rules[place] = value, self.clocks.zone(zone)

    # --- building -------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        plan = self.plan
        asked = self.asked
        self.leaves.add([*clause_conditions(plan), *(asked.conditions() if asked is not None else ())])
        watched = self._watched()
        places = Places(self.value, self.text, self.tell, self.clocks)
        derived = derived_program(plan, self.leaves, places)
        self.leaves.place()
        rules: dict[str, list[tuple[int, ...]]] = {name: [] for name in ("rows", "pauses", "alerts", "starts", "zones")}
        clauses = np.zeros(len(plan.clauses), layout.CLAUSE)
        code = self._program()
        fact_place = 1  # the first fact says whether the case ends
        for k, index in enumerate(plan.order):
            clause = plan.clauses[index]
            record = clauses[k]
            self._clause(record, clause, rules)
            record["facts"] = fact_place
            code.facts(clause, fact_place)
            fact_place += BEGUN + len(clause.starts) + len(clause.pauses)
        seen_place = fact_place
        if asked is not None:
            code.asked(asked, seen_place)
            fact_place += 1 + len(asked.facts)
            self._tell_values(asked)
        code.end()
        for index in plan.order:
            code.hot(plan.clauses[index])
        if asked is not None:
            code.look(asked.looks)
        self._place_watched(clauses, watched)
        histories = [self._history(h) for h in range(len(plan.histories))] if derived else []
        self._arrays(clauses, rules, code, derived, histories)
        self._set_variables(fact_place, code, derived, histories)
        self.variables |= {
            "seen_width": asked.width if asked is not None else 0,
            "seen_facts": len(asked.facts) if asked is not None else 0,
            "seen_value_count": len(asked.values) if asked is not None else 0,
            "seen_firsts": int(asked is not None and asked.firsts),
            "seen_place": seen_place,
        }

    def _tell_values(self, asked: Asked) -> None:
        places = [self.value("attribute", value.name, value.kind) for value in asked.values]
        for place, value in zip(places, asked.values, strict=True):
            self.seen_values[place] = int(value.at_change) | 2 * int(value.at_carried)
        self.tables["seen_values"] = np.array(places or [0], np.int32)

    def _program(self) -> FactProgram:
        programs = [self.leaves.programs.get(i, [15]) for i in range(len(self.plan.conditions))]
        facts = FactProgram(self.plan)
        for program in programs:
            facts.at.append(len(facts.code))
            facts.code += program
        facts.begin()
        return facts

    def _clause(self, record: Any, clause: Clause, rules: dict[str, list[tuple[int, ...]]]) -> None:
        plan = self.plan
        if len(clause.rows) > 100 or len(clause.alerts) > 60 or len(clause.pauses) > 10_000:
            raise Refused(f"`{clause.label}` has more rows, pauses or alerts than the columnar evaluator counts")
        zoned = _zoned_calendars(plan, clause)

        def target(one: Target | None) -> int:
            return -1 if one is None else self._target(one, zoned)

        record["index"], record["group"] = clause.index, clause.group
        record["act"] = clause.act is not None
        record["remembers"] = clause.act is not None and clause.act.kind != "ends"
        record["counts"] = layout.COUNTS_NONE
        if clause.needed > layout.ACTS_FEW or clause.distinct_needed > 0 or clause.distinct:
            record["counts"] = layout.COUNTS_MANY
        elif clause.needed > 1:
            record["counts"] = layout.COUNTS_FEW
        record["needed"], record["distinct_needed"] = clause.needed, clause.distinct_needed
        record["distinct"] = self.value("attribute", clause.distinct, ValueKind.TEXT) if clause.distinct else -1
        record["inverse"], record["met_at_due"] = clause.inverse, clause.met_at_due
        record["closes_at_due"], record["how"] = clause.closes_at_due, _HOW[clause.how]
        record["chains"], record["one_for_one"] = clause.form is Form.EVERY, clause.one_for_one
        record["end"], record["end_needed"] = clause.end is not None, clause.end_needed
        for name in ("rows", "pauses", "alerts", "starts"):
            record[name] = len(rules[name])
        record["row_count"], record["pause_count"] = len(clause.rows), len(clause.pauses)
        record["alert_count"], record["start_count"] = len(clause.alerts), len(clause.starts)
        rules["rows"] += [(target(row.target),) for row in clause.rows]
        rules["pauses"] += [(target(pause.at_most),) for pause in clause.pauses]
        for j, alert in enumerate(clause.alerts):
            numerator, denominator = alert.share or (0, 1)
            at_breach = alert.share is None and alert.before is None and alert.after is None
            self.clocks.looks_back = self.clocks.looks_back or alert.before is not None
            before, after = target(alert.before), target(alert.after)
            rules["alerts"].append((numerator, denominator, before, after, int(at_breach), j))
        rules["starts"] += [_start(trigger) for trigger in clause.starts]
        record["cancels"], record["excuses"] = bool(clause.cancels), bool(clause.excuses)
        settles = bool(clause.cancels or clause.excuses or clause.pauses)
        follows = any(row.target.attribute for row in clause.rows)
        record["settles"], record["follows"] = settles, follows
        record["reads"] = settles or len(clause.rows) > 1 or follows
        record["tighter"], record["looser"] = _CHANGES[clause.tighter], _CHANGES[clause.looser]
        record["reopen"] = _REOPENS[clause.reopen]
        mates = [other for other in plan.clauses if other.group == clause.group]
        record["keeps_last"] = any(mate.reopen != "new" for mate in mates)
        record["reopen_within"], record["cancel_after"] = (
            target(clause.reopen_within),
            target(clause.cancel_after_paused),
        )
        record["checks"] = sum(c is not None for c in (clause.guard, clause.when, clause.subject))
        record["zones"], record["zone_count"] = len(rules["zones"]), len(zoned)
        self.told[clause.index] = tuple(zoned)
        for calendar in zoned:
            self.tell(calendar)
            rules["zones"].append((calendar,))
        if clause.how is HowOften.FIRST:
            record["first_bit"] = self._first_bits
            record["first_label"] = self._first_of_label.setdefault(clause.group, self._first_bits + 1)
            self._first_bits += 2
        record["together"] = len(mates) > 1

    def _target(self, target: Target, zoned: list[int]) -> int:
        """Add a target: (ticks, kind, clock, point, value, place among the clause's zones, family)."""
        place = zoned.index(target.calendar) if target.calendar in zoned else -1
        ticks = clock = point = value = family = 0
        if target.amount is not None:
            kind, ticks = 1, target.amount.ticks
            self.clocks.longest_ticks = max(self.clocks.longest_ticks, ticks)
            if target.amount.kind is ClockKind.EXACT or place < 0:
                clock, place = self.clocks.clock(target.amount.kind, target.calendar), -1
            else:
                family = self.clocks.family(("clock", target.amount.kind))
        elif target.point is not None:
            kind = 2
            calendar = _calendar_of_point(target)
            if place < 0 or calendar is None:
                point, place = self.clocks.point(target.point, calendar), -1
            else:
                family = self.clocks.family(("point", target.point))
        else:
            kind, value, place = 3, self.value("attribute", target.attribute, DUE), -1
        self._targets.append((ticks, kind, clock, point, value, place, family))
        return len(self._targets) - 1

    def _history(self, index: int) -> tuple[int, ...]:
        history = self.plan.histories[index]
        value = window = -1
        if history.function == "distinct":
            value = self.value("attribute", history.attribute, ValueKind.TEXT)
        elif history.function == "sum":
            value = self.value("attribute", history.attribute, ValueKind.NUMBER)
        if history.window is not None:
            window = self._target(Target(amount=history.window), [])
        of = history.of
        party = -1 if of.party is None else of.party
        return FUNCTIONS[history.function], of.condition, party, int(of.kind == "begins"), value, window

    def _watched(self) -> list[tuple[int, str]]:
        """The attributes that decide a clause's level and `when`: (place of the clause, name), by name."""
        found = []
        for k, index in enumerate(self.plan.order):
            clause = self.plan.clauses[index]
            deciding = [self.plan.conditions[c] for c in (clause.guard, clause.when) if c is not None]
            for name in sorted({name for condition in deciding for name in condition.reads}):
                found.append((k, name))
                self.leaves.known(name)
        return found

    def _place_watched(self, clauses: Array, watched: list[tuple[int, str]]) -> None:
        pairs: dict[tuple[str, int], int] = {}
        rules = np.zeros(max(1, len(watched)), layout.WATCHED)
        for i, (k, name) in enumerate(watched):
            leaf = self.leaves.known(name)
            group = int(clauses[k]["group"])
            rules[i] = leaf.word * 64 + leaf.bit, pairs.setdefault((name, group), len(pairs)), group
            if clauses[k]["watched_count"] == 0:
                clauses[k]["watched"] = i
            clauses[k]["watched_count"] += 1
        self.tables["watched"] = rules
        self.variables["watch_count"], self.variables["watched_bits"] = len(pairs), len(watched)

    def _arrays(
        self,
        clauses: Array,
        rules: dict[str, list[tuple[int, ...]]],
        code: FactProgram,
        derived: list[int],
        histories: list[tuple[int, ...]],
    ) -> None:
        plan = self.plan
        start_hot = np.zeros(-(-len(plan.clauses) // 64) or 1, np.uint64)
        for k, index in enumerate(plan.order):
            if any(trigger.kind == "first event" for trigger in plan.clauses[index].starts):
                start_hot[k >> 6] |= np.uint64(1) << np.uint64(k & 63)
        self.tables |= {
            "clauses": clauses,
            "rows": _records(rules["rows"], layout.ROW),
            "pauses": _records(rules["pauses"], layout.PAUSE),
            "alerts": _records(rules["alerts"], layout.ALERT_RULE),
            "starts": _records(rules["starts"], layout.START),
            "targets": _records(self._targets, layout.TARGET),
            "told": np.array([calendar for (calendar,) in rules["zones"]] or [0], np.int32),
            "zone_rules": _records(self._zone_rules, layout.ZONE_RULE),
            "named_rules": _records(self._named_rules, layout.NAMED_RULE),
            "history_rules": _records(histories, layout.HISTORY_RULE),
            "programs": np.array(code.code, np.int32),
            "program_at": np.array(code.at, np.int32),
            "derived_code": np.array(derived or [0, 0], np.int64),
            "start_hot": start_hot,
            "leaves": self._leaf_records(),
            "needed": self._needed(),
        }

    def _needed(self) -> Array:
        conditions = self.plan.conditions
        found = [i << 1 | int(conditions[i].action) for i in self.leaves.needed if i in self.leaves.programs]
        return np.array(found or [0], np.int32)

    def _leaf_records(self) -> Array:
        records = np.zeros(max(1, len(self.leaves.leaves)), layout.LEAF)
        for leaf in self.leaves.leaves:
            record = records[leaf.index]
            record["reason"] = self.note(leaf.reason) if leaf.reason else -1
            if leaf.word >= 0:
                record["bit"], record["word"], record["of_event"] = 1 << leaf.bit, leaf.word, leaf.of_event
                record["fault"] = 1 << leaf.fault if leaf.fault >= 0 else 0
        return records

    def _set_variables(self, fact_width: int, code: FactProgram, derived: list[int], histories: list[Any]) -> None:
        plan = self.plan
        from_us, until_us = plan.effective
        self.variables |= {
            "case_words": self.leaves.case_words,
            "event_width": self.leaves.event_words,
            "clause_count": len(plan.clauses),
            "group_count": len(plan.groups),
            "first_words": -(-(self._first_bits + len(plan.groups)) // 64) or 1,
            "fault_bits": self._first_bits,
            "keeps_any": any(clause.reopen != "new" for clause in plan.clauses),
            "value_count": len(self.values),
            "leaf_count": len(self.leaves.leaves),
            "history_count": len(histories),
            "hot_words": -(-len(plan.clauses) // 64) or 1,
            "condition_count": len(plan.conditions),
            "needed_count": sum(i in self.leaves.programs for i in self.leaves.needed),
            "derived_count": len(derived),
            "key_width": 1 + 2 * self.leaves.case_words + self.leaves.event_words + (-(-len(plan.clauses) // 64) or 1),
            "fact_width": fact_width,
            "effective_from": layout.NONE if from_us is None else from_us,
            "effective_until": layout.NONE if until_us is None else until_us,
            "any_follows": any(t.kind in _FATES for c in plan.clauses for t in c.starts),
            "has_case_until": code.has_case_until,
            "starts_at_once": _starts_at_once(plan),
            "followers": 2
            * sum(t.kind in _FATES for c in plan.clauses for t in c.starts),  # each breach may be late, too
            "nodes_an_instance": 6 + max((len(c.pauses) for c in plan.clauses), default=0),
            "timers_an_instance": 2 + max((len(c.alerts) + len(c.pauses) for c in plan.clauses), default=0),
            "calendar_count": len(plan.calendars),
            "never_quiet": self.leaves.speaks_of_silence(),
        }


def refusals(plan: Plan) -> list[str]:
    """What of a plan the columnar evaluator does not do, in words for the author; empty where it does all of it."""
    found: list[str] = []
    try:
        PlanTables(plan, True)
    except Refused as refused:
        found += refused.reasons
    except NotImplementedError as missing:
        found.append(str(missing))
    return found


def _starts_at_once(plan: Plan) -> int:
    """The most starts of one event, those left out that follow a breach or a fulfilment; a cycle may start twice."""
    found = 0
    for clause in plan.clauses:
        plain = sum(trigger.kind not in _FATES for trigger in clause.starts)
        found += 2 * plain if clause.form is Form.EVERY else plain
    return 2 * found  # each may bring the verdict of the instance before it, too


def _start(trigger: Trigger) -> tuple[int, int, int]:
    """(kind, fate that it follows or -1, whether it is an action)."""
    if trigger.kind == "first event":
        return layout.ON_FIRST_EVENT, -1, 0
    if trigger.kind in _FATES:
        return layout.ON_FATE, 2 * trigger.condition + _FATES[trigger.kind], 0
    return layout.ON_FACT, -1, int(trigger.kind == "happens")


def _zoned_calendars(plan: Plan, clause: Clause) -> list[int]:
    """The calendars of a clause whose zone is read from an attribute, in order."""
    targets: list[Target | None] = [row.target for row in clause.rows]
    targets += [pause.at_most for pause in clause.pauses]
    targets += [target for alert in clause.alerts for target in (alert.before, alert.after)]
    targets += [clause.cancel_after_paused, clause.reopen_within]
    used = {target.calendar for target in targets if target is not None and target.calendar is not None}
    zoned = sorted(index for index in used if told_by(plan.calendars, index))
    if len(zoned) > 3:
        raise Refused(f"`{clause.label}` has more than three calendars that attributes tell")
    return zoned


def _calendar_of_point(target: Target) -> int | None:
    """The calendar that a point needs; a plain time of day needs none."""
    assert target.point is not None
    plain = target.point.day == "plain" and target.point.time_of_day_us is not None
    return None if plain else target.calendar


def _records(rows: list[tuple[int, ...]], layout: Any) -> Array:
    found = np.zeros(max(1, len(rows)), layout)
    for i, row in enumerate(rows):
        found[i] = row
    return found
