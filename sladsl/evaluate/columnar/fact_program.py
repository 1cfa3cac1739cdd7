"""What conditions mean to the clauses, as a program that the kernel runs for each event that says something new.

Takes:  a plan, and at which places each clause looks for its facts.
Gives:  `FactProgram`, its `code`; `TRIGGERS`, the kinds of triggers that it knows.
Never:  writes the programs of the conditions themselves; these are handed to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sladsl.evaluate.columnar.asked import Asked
from sladsl.evaluate.columnar.kernel.instructions import (
    ACTED,
    ALL,
    ANY,
    BEGINS,
    BEGUN,
    CANCELS,
    CHECKS,
    END_OF_FACTS,
    ENDED,
    ENDS,
    EXCUSES,
    HAPPENS,
    PICK,
    ROW_NOW,
    STATE,
)
from sladsl.ir.expression import Trigger
from sladsl.ir.plan import Clause, Plan

TRIGGERS = {"happens": HAPPENS, "begins": BEGINS, "ends": ENDS}


class FactProgram:
    """The programs of conditions, and after them the one that says what they mean to the clauses."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.code: list[int] = []
        self.at: list[int] = []
        until = plan.case_until
        self.has_case_until = until is not None and until.kind in TRIGGERS

    def begin(self) -> None:
        """What follows is the program of facts."""
        self.at.append(len(self.code))
        if self.has_case_until and self.plan.case_until is not None:
            self._trigger(0, self.plan.case_until)

    def facts(self, clause: Clause, place: int) -> None:
        """Write what the clause asks at each event."""
        if clause.act is not None:
            self._trigger(place + ACTED, clause.act)
        if clause.end is not None:
            self._trigger(place + ENDED, clause.end)
        self._join(ANY, place + CANCELS, clause.cancels)
        self._join(ANY, place + EXCUSES, clause.excuses)
        if len(clause.rows) > 1:
            whens = [-1 if row.when is None else row.when for row in clause.rows]
            self.code += [PICK | (place + ROW_NOW) << 4, len(whens), *whens]
        checks = [c for c in (clause.guard, clause.when, clause.subject) if c is not None]
        self._join(ALL, place + CHECKS, checks)
        for j, trigger in enumerate(clause.starts):
            if trigger.kind in TRIGGERS:
                state = clause.start_while if trigger.kind == "happens" else None
                self._trigger(place + BEGUN + j, trigger, state)
        for j, pause in enumerate(clause.pauses):
            self._join(ANY, place + BEGUN + len(clause.starts) + j, (pause.condition,))

    def end(self) -> None:
        """The program of facts is complete."""
        self.code.append(END_OF_FACTS)

    def hot(self, clause: Clause) -> None:
        """Write the conditions for which the clause must look when they change or happen."""
        self.at.append(len(self.code))
        triggers: list[Trigger | None] = [clause.act, clause.end, *clause.starts]
        if clause.inverse:
            triggers.append(self.plan.case_until)
        looked = [t.condition for t in triggers if t is not None and t.kind in TRIGGERS]
        looked += [*clause.cancels, *clause.excuses, *(pause.condition for pause in clause.pauses)]
        looked += [row.when for row in clause.rows if row.when is not None]
        self._looks(looked)

    def look(self, conditions: Iterable[int]) -> None:
        """Write the conditions at which events are told when they change or happen."""
        self.at.append(len(self.code))
        self._looks(conditions)

    def asked(self, asked: Asked, place: int) -> None:
        """Write what is told of events; the first fact, which stays free, says whether one is told."""
        for j, fact in enumerate(asked.facts, place + 1):
            if isinstance(fact, int):
                self.code += [STATE | j << 4, fact]
            else:
                self.code += [TRIGGERS[fact.kind] | j << 4, fact.condition, -1, -1]

    def _looks(self, conditions: Iterable[int]) -> None:
        self.code += [i << 1 | int(self.plan.conditions[i].action) for i in dict.fromkeys(conditions)]
        self.code.append(-1)

    def _trigger(self, place: int, trigger: Trigger, state: int | None = None) -> None:
        party = -1 if trigger.party is None else trigger.party
        self.code += [TRIGGERS[trigger.kind] | place << 4, trigger.condition, party, -1 if state is None else state]

    def _join(self, operation: int, place: int, conditions: tuple[int, ...] | list[int]) -> None:
        if conditions:
            self.code += [operation | place << 4, len(conditions), *conditions]
