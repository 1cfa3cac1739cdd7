"""Cycles while the log is still being read: which of them stand, and how, told to the measures change by change.

Takes:  a machine after each instant, and the verdicts that it gave.
Gives:  `Cycles`: takes what closed, and keeps what stands of the labels that objectives or penalties look at.
Never:  looks at a case in which nothing happened, or keeps a cycle that is closed and cannot open again.
"""

from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen

from sladsl.evaluate.objectives.leaf import Leaf
from sladsl.evaluate.objectives.penalties import PenaltyLedger
from sladsl.evaluate.objectives.starts import Known, Starts
from sladsl.evaluate.stream import instance
from sladsl.evaluate.stream.instance import CaseState, Instance
from sladsl.evaluate.stream.machine import Machine
from sladsl.evaluate.verdict import BREACHED, LATE, MET, OPEN, PAUSED, Cause, Verdict
from sladsl.ir.plan import Plan

Place = tuple[int, int]  # label, number
Sign = tuple[Any, ...]  # what of an instance makes a difference to a measure
_WORDS = {instance.BREACHED: BREACHED, instance.PAUSED: PAUSED}


@frozen
class Cycle:
    """A verdict with what was known at its start; `sign` is what it stood like."""

    verdict: Verdict
    known: Known
    sign: Sign = ()


class Cycles:
    """The cycles of the labels that matter.

    Args:
        takes: the measures of each label.
        missed: is told of each verdict on a clause with penalties.
    """

    def __init__(
        self,
        plan: Plan,
        machine: Machine,
        takes: dict[int, list[Leaf]],
        starts: Starts,
        penalties: PenaltyLedger,
        missed: Callable[[Verdict], None],
    ) -> None:
        self.plan = plan
        self.machine = machine
        self.takes = takes
        self.starts = starts
        self.penalties = penalties
        self.missed = missed
        self.wanted = {*takes, *(plan.clauses[clause].group for clause in penalties.owing)}
        self.resumable = {clause.group for clause in plan.clauses if clause.reopen == "resume"} & self.wanted
        self.standing: dict[str, dict[Place, Cycle]] = {}
        self.last: dict[str, dict[int, Cycle]] = {}  # by label the last one that closed and may open again

    def take(self, verdict: Verdict) -> None:
        """A cycle has closed."""
        group, case = verdict.group, verdict.case
        if group not in self.wanted:
            return
        stood = self.standing.get(case, {}).get((group, verdict.number))
        cycle = Cycle(verdict, self._known(verdict) if stood is None else stood.known)
        if group in self.resumable:
            self._drop(case, group, verdict.number)
            if verdict.status in (MET, LATE):
                self.last.setdefault(case, {})[group] = cycle
        self._tell(cycle, lambda leaf, clause: leaf.take(verdict, clause, self.plan))
        self.penalties.take(verdict)
        self._owe(verdict)

    def _drop(self, case: str, group: int, number: int) -> None:
        """A cycle of this number that had closed does not stand as it did."""
        last = self.last.get(case, {}).get(group)
        if last is None or last.verdict.number != number:
            return
        del self.last[case][group]
        if not self.last[case]:
            del self.last[case]
        self._tell(last, lambda leaf, clause: leaf.drop(last.verdict, clause, self.plan))
        self.penalties.take(last.verdict, -1)
        self._owe(last.verdict)

    def look_at(self, cases: Iterable[CaseState], now_us: int) -> None:
        """Something may have happened in these cases; the machine has come to this instant."""
        for cs in cases:
            there = {
                (inst.m.group, inst.number): inst
                for label in cs.labels()
                if label.group in self.wanted
                for inst in label.all_open()
            }
            stood = self.standing.get(cs.case)
            if there or stood:
                self._compare(cs.case, there, stood or {}, now_us)

    def _compare(self, case: str, there: dict[Place, Instance], stood: dict[Place, Cycle], now_us: int) -> None:
        for place in [place for place in stood if place not in there]:
            self._stand(stood.pop(place), -1, now_us)
        for place, inst in there.items():
            before = stood.get(place)
            sign = (inst.status, inst.opened, inst.since, inst.due, inst.row)
            if before is not None:
                if before.sign == sign:
                    continue
                self._stand(before, -1, now_us)
            elif place[0] in self.resumable:
                self._drop(case, *place)
            machine = self.machine
            verdict = machine.verdict(inst, _WORDS.get(inst.status, OPEN), inst.m.elapsed_at(inst, machine.now))
            same = before is not None and before.verdict.opened_us == verdict.opened_us
            known = before.known if before is not None and same else self._known(verdict)
            stood[place] = Cycle(verdict, known, sign)
            self._stand(stood[place], 1, now_us)
        if stood:
            self.standing[case] = stood
        else:
            self.standing.pop(case, None)

    def _stand(self, cycle: Cycle, by: int, now_us: int) -> None:
        verdict = cycle.verdict
        self._tell(cycle, lambda leaf, clause: leaf.stand(verdict, clause, self.plan, by, now_us))
        self.penalties.stand(verdict, by)
        self._owe(verdict)

    def _tell(self, cycle: Cycle, told: Callable[[Leaf, Any], None]) -> None:
        leaves = self.takes.get(cycle.verdict.group)
        if not leaves:
            return
        self.starts.given = cycle.known
        clause = self.plan.clauses[cycle.verdict.clause]
        for leaf in leaves:
            told(leaf, clause)
        self.starts.given = None

    def _known(self, verdict: Verdict) -> Known:
        return self.starts.at(verdict.case, verdict.opened_us, verdict.opened_by) if self.starts else ()

    def _owe(self, verdict: Verdict) -> None:
        if verdict.clause in self.penalties.owing:
            self.missed(verdict)

    # --- keeping ----------------------------------------------------------------------------------------------------

    def save_case(self, case: str) -> Any:
        """What is kept of a case, as JSON can hold it; None for nothing."""
        standing = [[*place, _save(cycle)] for place, cycle in sorted(self.standing.get(case, {}).items())]
        last = [[group, _save(cycle)] for group, cycle in sorted(self.last.get(case, {}).items())]
        return [standing, last] if standing or last else None

    def load_case(self, case: str, state: Any) -> None:
        """The same, back."""
        standing, last = state
        if standing:
            self.standing[case] = {(group, number): _load(cycle) for group, number, cycle in standing}
        if last:
            self.last[case] = {group: _load(cycle) for group, cycle in last}

    def drop_case(self, case: str) -> None:
        """Let go of a case that is kept elsewhere."""
        self.standing.pop(case, None)
        self.last.pop(case, None)


def _save(cycle: Cycle) -> list[Any]:
    from sladsl.evaluate.stream.snapshot import pack

    v = cycle.verdict
    causes = [None if cause is None else [cause.input, cause.row, cause.type] for cause in (v.opened_by, v.closed_by)]
    facts = [v.clause, v.group, v.case, v.number, v.status, v.opened_us, v.due_us, v.closed_us, v.elapsed, v.row]
    more = [
        v.paused_us,
        v.late_by_us,
        v.late_by_ticks,
        *causes,
        v.note,
        v.zone,
        [list(stretch) for stretch in v.running],
    ]
    return [facts, more, [pack(value) for value in cycle.known], list(cycle.sign)]


def _load(state: Any) -> Cycle:
    from sladsl.evaluate.stream.snapshot import unpack

    facts, more, known, sign = state
    paused, late_us, late, opened_by, closed_by, note, zone, running = more
    causes = [None if cause is None else Cause(*cause) for cause in (opened_by, closed_by)]
    stretches = tuple((a, b) for a, b in running)
    more = (paused, late_us, late, *causes, note, zone, (), stretches)
    verdict = Verdict(*(*facts, *more))
    return Cycle(verdict, tuple(unpack(value) for value in known), tuple(sign))
