"""The parts of a sentence that reads a promise back: conditions, actions, targets.

Takes:  a Plan, and which names the reader knows already.
Gives:  `Phrases`: words for an index or a node of the plan.
Never:  tells what a name is defined as more than once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sladsl.clock import Amount, ClockKind, amount_text
from sladsl.ir.expression import (
    ActorIs,
    And,
    Compare,
    EventType,
    Expr,
    InList,
    Literal,
    Not,
    Or,
    Ref,
    Trigger,
    TypeMatches,
)
from sladsl.ir.plan import Plan, Target
from sladsl.ir.show import show_expression
from sladsl.text import fold, stems

_HOUR_US, _DAY_US = 3_600_000_000, 86_400_000_000
_ORDINALS = {2: "2nd", 3: "3rd"}

_NAMED = "any event named "

Told = set[str]


def listed(items: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


class Phrases:
    """Words for what a plan holds.

    Args:
        plan: the policy.
        told: names whose definition the reader has seen; those told are added.
    """

    def __init__(self, plan: Plan, told: Told | None) -> None:
        self.plan = plan
        self.told = set() if told is None else told

    def condition(self, index: int) -> str:
        """A condition by its name, and the first time in brackets what it is defined as."""
        condition = self.plan.conditions[index]
        if isinstance(condition.expr, Ref) and not condition.name:
            return self.condition(condition.expr.condition)
        written = condition.written or show_expression(condition.expr)
        if not condition.name:
            return f"`{written}`"
        return f"`{condition.name}`{self._definition(condition.name, written)}"

    def _definition(self, name: str, meaning: str) -> str:
        if not meaning or name in self.told or fold(meaning) == fold(name):
            return ""
        self.told.add(name)
        return f" ({meaning})"

    def denied(self, index: int) -> str:
        """The state that a negation denies."""
        expr = self.plan.conditions[index].expr
        if isinstance(expr, Not) and isinstance(expr.operand, Ref):
            return self.condition(expr.operand.condition)
        written = self.plan.conditions[index].written or show_expression(expr)
        return f"`{written.removeprefix('not ')}`"

    def denies(self, index: int, state: int) -> bool:
        """Whether a condition is the negation of a state."""
        expr = self.plan.conditions[index].expr
        return isinstance(expr, Not) and expr.operand in (Ref(state), self.plan.conditions[state].expr)

    def act(self, act: Trigger | None) -> str:
        """What is waited for, with what it means where its words alone do not say it."""
        if act is None:
            return "nothing"
        if act.kind in ("begins", "ends"):
            verb = "begins" if act.kind == "begins" else "ceases"
            by = f" at an event of {self.party(act.party)}" if act.party is not None else ""
            return f"that {self.condition(act.condition)} {verb} to hold{by}"
        condition = self.plan.conditions[act.condition]
        name = act.written or condition.name or condition.written
        who, what = self._recognised(name, condition.expr)
        meaning = ", ".join(dict.fromkeys((*what, *who)))
        return f"`{name}`{self._definition(f'act {name}', meaning)}" if name else meaning

    def _recognised(self, name: str, expr: Expr) -> tuple[list[str], list[str]]:
        """How an action is recognised: by whom, and by which event."""
        who: list[str] = []
        what: list[str] = []
        for part in self._parts(expr):
            party = self._party_words(part)
            if party:
                who.append(party)
            else:
                what.extend(self._event_words(name, part))
        return who, what

    def _parts(self, expr: Expr) -> Iterator[Expr]:
        """The conjuncts, through conditions that have no name of their own."""
        if isinstance(expr, And):
            for operand in expr.operands:
                yield from self._parts(operand)
        elif isinstance(expr, Ref) and not self.plan.conditions[expr.condition].name and not self._is_party(expr):
            yield from self._parts(self.plan.conditions[expr.condition].expr)
        else:
            yield expr

    def _is_party(self, expr: Ref) -> bool:
        return any(party.condition == expr.condition for party in self.plan.parties)

    def _party_words(self, expr: Expr) -> str:
        if isinstance(expr, ActorIs):
            return f"by the actor `{expr.name}`"
        if not isinstance(expr, Ref):
            return ""
        party = next((party for party in self.plan.parties if party.condition == expr.condition), None)
        if party is None:
            return ""
        condition = self.plan.conditions[expr.condition]
        if isinstance(condition.expr, ActorIs):
            return f"by the actor `{condition.expr.name}`"
        meaning = party.written or condition.written or show_expression(condition.expr)
        return f"by {party.name}{self._definition(f'party {party.name}', meaning)}"

    def _event_words(self, name: str, expr: Expr) -> Iterator[str]:
        if isinstance(expr, TypeMatches):
            words = expr.written or " ".join(expr.allowed)
            language = self.plan.language
            yield "any event of that name" if stems(words, language) == stems(name, language) else f"{_NAMED}`{words}`"
        elif isinstance(expr, Or):
            either = [
                words
                for operand in expr.operands
                for part in self._parts(operand)
                for words in self._event_words("", part)
            ]
            named = [words.removeprefix(_NAMED) for words in dict.fromkeys(either) if words.startswith(_NAMED)]
            others = [words for words in dict.fromkeys(either) if not words.startswith(_NAMED)]
            yield listed([*([f"{_NAMED}{listed(named, 'or')}"] if named else []), *others], "or")
        elif isinstance(expr, Compare) and isinstance(expr.left, EventType) and isinstance(expr.right, Literal):
            yield f"the event `{expr.right.value}`"
        elif isinstance(expr, InList) and isinstance(expr.operand, EventType):
            yield f"the event {listed([f'`{value}`' for value in expr.values], 'or')}"
        elif isinstance(expr, Ref):
            condition = self.plan.conditions[expr.condition]
            written = condition.written or show_expression(condition.expr)
            yield written if fold(condition.name) == fold(name) else f"`{condition.name}`: {written}"
        else:
            yield show_expression(expr)

    def party(self, condition: int) -> str:
        """The party that a condition tells."""
        return next((party.name for party in self.plan.parties if party.condition == condition), "the party")

    def target(self, target: Target) -> str:
        """`within 24 business hours of the calendar office`, `by 18:00 on the same business day …`."""
        if target.attribute:
            return f"by the instant that `{target.attribute}` holds"
        if target.point is not None:
            return f"by {self._point(target)}"
        assert target.amount is not None
        return f"within {self.amount(target.amount, target.calendar)}"

    def amount(self, amount: Amount, calendar: int | None) -> str:
        """An amount with the clock on which it is counted."""
        words = amount_text(amount)
        match amount.kind:
            case ClockKind.EXACT:
                written = amount.written or words
                whole_days = amount.ticks % _DAY_US == 0 and not written.endswith("h")
                hours = f" ({amount.ticks // _HOUR_US:,} hours)" if whole_days else ""
                return f"{written}{hours} of real time"
            case ClockKind.CALENDAR_DAYS:
                return f"{words} in {self.plan.zone}"
            case _:
                return f"{words}{self._of_calendar(calendar)}"

    def calendar(self, index: int) -> str:
        """A calendar by its name, and the first time in brackets which attribute says how it is read."""
        spec = self.plan.calendars[index]
        told = ""
        if spec.named_by:
            told = f"that of the name in `{spec.named_by}`, else {self.plan.calendars[spec.otherwise or 0].name}"
        elif spec.zone_attribute:
            told = f"in the time zone that `{spec.zone_attribute}` holds, else {spec.zone_fallback}"
        if not told or f"calendar {spec.name}" in self.told:
            return f"the calendar {spec.name}"
        self.told.add(f"calendar {spec.name}")
        return f"the calendar {spec.name} ({told}, as read at the start)"

    def _of_calendar(self, index: int | None) -> str:
        return f" of {self.calendar(index)}" if index is not None else ""

    def _point(self, target: Target) -> str:
        point = target.point
        assert point is not None
        time = "the last closing" if point.time_of_day_us is None else _time_of_day(point.time_of_day_us)
        name = self._of_calendar(target.calendar)
        days = {
            "plain": "",
            "same": f" on the same business day{name}",
            "next": f" on the next business day{name}",
            "nth": f" on the {_ORDINALS.get(point.nth, f'{point.nth}th')} business day{name} after",
        }
        cutoff = ""
        if point.cutoff_us is not None:
            cutoff = f" (from {_time_of_day(point.cutoff_us)} on, a start counts for the next)"
        zone = f" in {self.plan.zone}" if point.day == "plain" and target.calendar is None else ""
        return f"{time}{days[point.day]}{zone}{cutoff}"


def _time_of_day(us: int) -> str:
    hours, rest = divmod(us // 1_000_000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
