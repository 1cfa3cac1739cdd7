"""Money while the log is still being read: credits and penalties at the instant at which they become certain.

Takes:  what ended windows of objectives owe, and word of each miss of a clause with penalties.
Gives:  `LiveMoney`: consequences after all caps, each told once, with all that is certain by then.
Never:  tells an amount while one that uses up the same cap before it is still uncertain.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from attrs import asdict, evolve

from sladsl.evaluate.objectives.currencies import paid
from sladsl.evaluate.objectives.money import all_capped, capped, penalty_cap, periods_of
from sladsl.evaluate.objectives.outcome import CertainConsequence, Consequence
from sladsl.evaluate.objectives.penalties import PenaltyLedger
from sladsl.evaluate.verdict import Verdict
from sladsl.ir.plan import Plan

Source = tuple[str, int, int, tuple[Any, ...]]  # what owes: a window of an objective, or a penalty in a period
Period = tuple[int, int, int, int]  # clause, place of the penalty, period, its end


class LiveMoney:
    """What is owed and certain.

    Args:
        tell: is given each consequence when it has become certain; again only where an excuse or a reopening changed it.
    """

    def __init__(self, plan: Plan, penalties: PenaltyLedger, tell: Callable[[CertainConsequence], None]) -> None:
        self.plan = plan
        self.penalties = penalties
        self._tell = tell
        self._raw: dict[Source, tuple[Consequence, ...]] = {}  # before the caps
        self._periods: set[Period] = set()  # in which there were misses, until they are told
        # what was told, of those that may still use up a cap or be changed by an excuse
        self._told: dict[tuple[Any, ...], Consequence] = {}
        self._held: set[Source] = set()  # windows of objectives that may still be changed so
        self._sums: dict[tuple[str, str], Fraction] = {}
        self._changed = False
        self._next_us: int | None = None  # the next end of a period in which there was a miss

    def put(self, objective: int, number: int, key: tuple[str, ...], owed: Sequence[Consequence]) -> bool:
        """What a window that has ended owes by now; gives whether that is certain."""
        source = ("objective", objective, number, key)
        self._held.add(source)
        found = tuple(owed)
        if found != self._raw.get(source, ()):
            self._changed = True
            if found:
                self._raw[source] = found
            else:
                del self._raw[source]
        return all(each.amount == each.most for each in found)

    def release(self, objective: int, number: int, key: tuple[str, ...]) -> None:
        """Nothing can change a window any more."""
        self._held.discard(("objective", objective, number, key))

    def missed(self, verdict: Verdict) -> None:
        """Something has changed in what a cycle owes."""
        for (clause, place), period, end in self.penalties.ends_of(verdict):
            self._periods.add((clause, place, period, end))
            self._next_us = end if self._next_us is None else min(self._next_us, end)

    def next_us(self) -> int | None:
        """The next end of a period in which there was a miss."""
        return self._next_us

    def at(self, us: int) -> None:
        """Everything up to and including an instant is known: tell what is certain now."""
        if self._next_us is not None and self._next_us <= us:
            for period in sorted(self._periods):
                if period[3] <= us:
                    self._close(period)
            self._next_us = min((end for *_, end in self._periods if end > us), default=None)
        if self._changed:
            self._changed = False
            self._settle(us)

    def _close(self, which: Period) -> None:
        clause, place, period, _ = which
        found, waits = self.penalties.of_period(clause, place, period)
        cap = penalty_cap(self.plan.clauses[clause].penalties[place])
        if cap is not None:
            per = self.plan.clauses[clause].penalties[place].cap_per
            found = capped(found, cap, periods_of(self.plan, per))
        if waits:
            found = [evolve(owed, most=None) for owed in found]
        elif not self.penalties.unanswered(clause, place, period):
            self._periods.discard(which)
            self.penalties.forget(clause, place, period)
        source: Source = ("penalty", clause, place, (period,))
        if tuple(found) != self._raw.get(source, ()):
            self._raw[source] = tuple(found)
            self._changed = True

    def _settle(self, us: int) -> None:
        certain = {_name(owed): owed.amount == owed.most for each in self._raw.values() for owed in each}
        waiting: set[tuple[str, str, str]] = set()
        for owed in all_capped(self.plan, [owed for _, each in sorted(self._raw.items()) for owed in each]):
            name, purse = _name(owed), (owed.kind, owed.customer, owed.currency)
            if not certain[name]:
                waiting.add(purse)
            if purse in waiting:
                continue
            before = self._told.get(name)
            if before is None and not owed.amount and not owed.capped:
                continue
            if before is None or before.amount != owed.amount:
                self._say(owed, before, us)
        for name, before in list(self._told.items()):
            if name not in certain:  # nothing is owed any more
                self._say(evolve(before, misses=0, amount=Fraction(0), most=Fraction(0), capped=False), before, us)
                del self._told[name]
        self._forget(us, waiting)

    def _say(self, owed: Consequence, before: Consequence | None, us: int) -> None:
        self._told[_name(owed)] = owed
        account = owed.customer, owed.currency
        change = owed.amount - (before.amount if before is not None else 0)
        total = self._sums[account] = self._sums.get(account, Fraction(0)) + change
        self._tell(CertainConsequence(owed, us, total, paid(total, owed.currency)))

    def _forget(self, us: int, waiting: set[tuple[str, str, str]]) -> None:
        """Let go of what is told and uses up no cap any more."""
        for source, each in list(self._raw.items()):
            if source[0] == "penalty" and any(
                period[:3] == (source[1], source[2], source[3][0]) for period in self._periods
            ):
                continue
            if source in self._held:
                continue
            if all(
                (owed.kind, owed.customer, owed.currency) not in waiting
                and owed.amount == owed.most
                and self._capped_until(owed) <= us
                for owed in each
            ):
                del self._raw[source]
                for owed in each:
                    self._told.pop(_name(owed), None)

    def _capped_until(self, owed: Consequence) -> int:
        """The end of the period of the caps that the consequence uses up."""
        units = [""] if self.plan.credit_cap is not None else []
        if owed.objective is not None:
            penalties = self.plan.objectives[owed.objective].penalties
            units += [p.cap_per for p in penalties if penalty_cap(p) is not None]
        periods = [periods_of(self.plan, unit) for unit in units]
        return max((p.window(p.index(owed.end_us - 1)).end_us for p in periods), default=owed.end_us)

    # --- keeping ----------------------------------------------------------------------------------------------------

    def save(self) -> Any:
        """All of it, as JSON can hold it."""
        raw = [
            [*source[:3], list(source[3]), [_save(owed) for owed in each]] for source, each in sorted(self._raw.items())
        ]
        told = [_save(owed) for _, owed in sorted(self._told.items(), key=repr)]
        held = [[*source[:3], list(source[3])] for source in sorted(self._held)]
        sums = sorted([*account, str(total)] for account, total in self._sums.items())
        return [raw, sorted(self._periods), told, held, sums, self._changed, self._next_us, self.penalties.save()]

    def load(self, state: Any) -> None:
        """The same, back."""
        raw, periods, told, held, sums, self._changed, self._next_us, penalties = state
        self._raw = {
            (kind, index, number, tuple(key)): tuple(_load(owed) for owed in each)
            for kind, index, number, key, each in raw
        }
        self._periods = {(clause, place, period, end) for clause, place, period, end in periods}
        self._told = {_name(owed): owed for owed in map(_load, told)}
        self._held = {(kind, index, number, tuple(key)) for kind, index, number, key in held}
        self._sums = {(customer, currency): Fraction(total) for customer, currency, total in sums}
        self.penalties.load(penalties)


def _name(owed: Consequence) -> tuple[Any, ...]:
    """What tells one consequence from the others."""
    return owed.kind, owed.objective, owed.clause, owed.end_us, owed.window, owed.group, owed.written, owed.currency


def _plain(value: Any) -> Any:
    return [list(pair) for pair in value] if isinstance(value, tuple) else value


def _whole(value: Any) -> Any:
    return tuple((name, part) for name, part in value) if isinstance(value, list) else value


def _save(owed: Consequence) -> dict[str, Any]:
    most = None if owed.most is None else str(owed.most)
    return {**asdict(owed, recurse=False), "group": _plain(owed.group), "amount": str(owed.amount), "most": most}


def _load(state: Any) -> Consequence:
    most = None if state["most"] is None else Fraction(state["most"])
    return Consequence(**{**state, "group": _whole(state["group"]), "amount": Fraction(state["amount"]), "most": most})
