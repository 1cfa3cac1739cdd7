"""The parts of a sentence that reads a promise back: conditions, actions, targets.

Takes:  a Plan, which names the reader knows already, and the language they are told in.
Gives:  `Phrases`: words for an index or a node of the plan.
Never:  tells what a name is defined as more than once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sladsl.clock import Amount, ClockKind
from sladsl.ir.expression import (
    ActorIs,
    And,
    Compare,
    Condition,
    EventType,
    Expr,
    InList,
    Literal,
    Not,
    Or,
    Ref,
    Trigger,
    TypeMatches,
    ValueKind,
)
from sladsl.ir.plan import Plan, Target
from sladsl.ir.show import show_expression
from sladsl.report.language import Language, language_of
from sladsl.text import fold, stems

_HOUR_US, _DAY_US = 3_600_000_000, 86_400_000_000

_TEXTS = re.compile(r'("[^"]*")')
_KINDS = re.compile(rf":(?:{'|'.join(kind.value for kind in ValueKind)})\b")

Told = set[str]


class Phrases:
    """Words for what a plan holds.

    Args:
        plan: the policy.
        told: names whose definition the reader has seen; those told are added.
        language: of the words; what the author wrote stays as it is. Default: English.
    """

    def __init__(self, plan: Plan, told: Told | None, language: Language | None = None) -> None:
        self.plan = plan
        self.told = set() if told is None else told
        self.text = language or language_of("en")

    def listed(self, items: Sequence[str], word: str = "and") -> str:
        """`a`, `a and b`, `a, b and c`; the word is `and` or `or`."""
        if len(items) == 1:
            return items[0]
        return self.text(f"s.{word}", some=", ".join(items[:-1]), last=items[-1])

    def times(self, number: int, noun: str = "time") -> str:
        """`1 time`, `6 times`."""
        return f"{self.text.number(number)} {self.text.noun(number, noun)}"

    def condition(self, index: int) -> str:
        """A condition by its name, and the first time in brackets what it is defined as."""
        condition = self.plan.conditions[index]
        if isinstance(condition.expr, Ref) and not condition.name:
            return self.condition(condition.expr.condition)
        written = condition.written or _plainly(condition.expr)
        if not condition.name:
            return f"`{_unwrapped(written)}`"
        return f"`{condition.name}`{self._definition(condition.name, written)}"

    def _definition(self, name: str, meaning: str) -> str:
        if not meaning or name in self.told or fold(meaning) == fold(name):
            return ""
        self.told.add(name)
        return self.text("s.definition", meaning=meaning)

    def denied(self, index: int) -> str:
        """The state that a negation denies."""
        expr = self.plan.conditions[index].expr
        if isinstance(expr, Not) and isinstance(expr.operand, Ref):
            return self.condition(expr.operand.condition)
        written = self.plan.conditions[index].written or _plainly(expr)
        return f"`{written.removeprefix('not ')}`"

    def denies(self, index: int, state: int) -> bool:
        """Whether a condition is the negation of a state."""
        expr = self.plan.conditions[index].expr
        return isinstance(expr, Not) and expr.operand in (Ref(state), self.plan.conditions[state].expr)

    def act(self, act: Trigger | None) -> str:
        """What is waited for, with what it means where its words alone do not say it."""
        if act is None:
            return self.text("s.nothing")
        if act.kind in ("begins", "ends"):
            return self.text(f"s.{act.kind}", state=self.condition(act.condition), by=self.at_event_of(act.party))
        condition = self.plan.conditions[act.condition]
        name = _unwrapped(act.written or condition.name or condition.written)
        meaning = self._own_words(condition)
        if meaning and _bare(meaning) == _bare(name):
            return f"`{name}`"  # an expression says itself what it means
        if not meaning:
            who, what = self._recognised(name, condition.expr)
            meaning = ", ".join(dict.fromkeys((*what, *who)))
        return f"`{name}`{self._definition(f'act {name} {act.condition}', meaning)}" if name else meaning

    def at_event_of(self, party: int | None) -> str:
        """` at an event of sales`; nothing without a party."""
        return "" if party is None else self.text("s.at.event.of", party=self.party(party))

    def _own_words(self, condition: Condition) -> str:
        """What the author wrote, where an action is more than the name of an event or the deed of a party."""
        expr = condition.expr
        parts = expr.operands if isinstance(expr, And | Or) else (expr,)
        if any(isinstance(part, Ref) and self._is_party(part) for part in parts):
            return ""
        plain = (TypeMatches, ActorIs, Ref)
        if all(isinstance(part, plain) or list(self._event_names(part)) for part in parts):
            return ""
        return condition.written

    @staticmethod
    def _event_names(expr: Expr) -> Iterator[object]:
        """The events that a comparison with `event` names."""
        if isinstance(expr, Compare) and isinstance(expr.left, EventType) and isinstance(expr.right, Literal):
            yield expr.right.value
        elif isinstance(expr, InList) and isinstance(expr.operand, EventType):
            yield from expr.values

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
            return self.text("s.by.actor", name=expr.name)
        if not isinstance(expr, Ref):
            return ""
        party = next((party for party in self.plan.parties if party.condition == expr.condition), None)
        if party is None:
            return ""
        condition = self.plan.conditions[expr.condition]
        if isinstance(condition.expr, ActorIs):
            return self.text("s.by.actor", name=condition.expr.name)
        meaning = party.written or condition.written or _plainly(condition.expr)
        definition = self._definition(f"party {party.name}", meaning)
        return self.text("s.by.party", party=party.name, definition=definition)

    def _event_words(self, name: str, expr: Expr) -> Iterator[str]:
        any_named = self.text("s.named")
        if isinstance(expr, TypeMatches):
            words = expr.written or " ".join(expr.allowed)
            language = self.plan.language
            same = stems(words, language) == stems(name, language)
            yield self.text("s.of.that.name") if same else f"{any_named}`{words}`"
        elif isinstance(expr, Or):
            either = [
                words
                for operand in expr.operands
                for part in self._parts(operand)
                for words in self._event_words("", part)
            ]
            named = [words.removeprefix(any_named) for words in dict.fromkeys(either) if words.startswith(any_named)]
            others = [words for words in dict.fromkeys(either) if not words.startswith(any_named)]
            yield self.listed([*([f"{any_named}{self.listed(named, 'or')}"] if named else []), *others], "or")
        elif isinstance(expr, Compare) and isinstance(expr.left, EventType) and isinstance(expr.right, Literal):
            yield self.text("s.event", names=f"`{expr.right.value}`")
        elif isinstance(expr, InList) and isinstance(expr.operand, EventType):
            yield self.text("s.event", names=self.listed([f"`{value}`" for value in expr.values], "or"))
        elif isinstance(expr, Ref):
            condition = self.plan.conditions[expr.condition]
            written = condition.written or _plainly(condition.expr)
            same = fold(condition.name) == fold(name)
            yield written if same else self.text("s.named.as", name=f"`{condition.name}`", meaning=written)
        else:
            yield _plainly(expr)

    def party(self, condition: int) -> str:
        """The party that a condition tells."""
        names = (party.name for party in self.plan.parties if party.condition == condition)
        return next(names, self.text("s.the.party"))

    def target(self, target: Target) -> str:
        """`within 24 business hours of the calendar office`, `by 18:00 on the same business day …`."""
        span = self.span(target)
        return self.text("s.within", amount=span) if target.amount is not None else span

    def span(self, target: Target) -> str:
        """The same without `within`."""
        if target.attribute:
            return self.text("s.by.attribute", name=target.attribute)
        if target.point is not None:
            return self.text("s.by.point", point=self._point(target))
        assert target.amount is not None
        return self.amount(target.amount, target.calendar)

    def amount(self, amount: Amount, calendar: int | None) -> str:
        """An amount with the clock on which it is counted."""
        words = self.text.amount(amount)
        match amount.kind:
            case ClockKind.EXACT:
                written = amount.written if amount.written and self.plan.language == self.text.code else words
                hours = str(amount.ticks // _HOUR_US)
                if amount.ticks % _DAY_US == 0 and not re.fullmatch(rf"{hours}\s*h\w*", written):
                    return self.text("s.exact.days", amount=written, hours=self.text.number(int(hours)))
                return self.text("s.exact", amount=written)
            case ClockKind.CALENDAR_DAYS:
                return self.text("s.calendar.days", amount=words, zone=self.plan.zone)
            case _:
                return self.text("s.business", amount=words, calendar=self._of_calendar(calendar))

    def calendar(self, index: int) -> str:
        """A calendar by its name, and the first time in brackets which attribute says how it is read."""
        spec = self.plan.calendars[index]
        told = ""
        if spec.named_by:
            otherwise = self.plan.calendars[spec.otherwise or 0].name
            told = self.text("s.calendar.named", attribute=spec.named_by, otherwise=otherwise)
        elif spec.zone_attribute:
            told = self.text("s.calendar.zoned", attribute=spec.zone_attribute, otherwise=spec.zone_fallback)
        if not told or f"calendar {spec.name}" in self.told:
            return self.text("s.calendar", name=spec.name)
        self.told.add(f"calendar {spec.name}")
        return self.text("s.calendar.told", name=spec.name, told=told)

    def _of_calendar(self, index: int | None) -> str:
        return self.text("s.of.calendar", calendar=self.calendar(index)) if index is not None else ""

    def _point(self, target: Target) -> str:
        point = target.point
        assert point is not None
        plain = point.day == "plain"
        cutoff = ""
        if point.cutoff_us is not None:
            cutoff = self.text("s.cutoff", time=_time_of_day(point.cutoff_us))
        return self.text(
            f"s.{'closing' if point.time_of_day_us is None else 'point'}.{point.day}",
            time=_time_of_day(point.time_of_day_us or 0),
            calendar=self._of_calendar(target.calendar) if not plain else "",
            zone=self.text("s.in.zone", zone=self.plan.zone) if plain and target.calendar is None else "",
            cutoff=cutoff,
            nth=self._nth(point.nth),
        )

    def _nth(self, number: int) -> str:
        key = f"s.nth.{number}"
        return self.text(key) if self.text.has(key) else self.text("s.nth", n=number)


def _plainly(expr: Expr) -> str:
    """An expression whose author's words are not kept (in a plan from elsewhere), without the kinds of its columns."""
    texts = _TEXTS.split(show_expression(expr))
    return "".join(part if part.startswith('"') else _KINDS.sub("", part) for part in texts)


def _bare(written: str) -> str:
    """An expression folded, without brackets around it."""
    return fold(_unwrapped(written))


def _unwrapped(written: str) -> str:
    """An expression without brackets around the whole of it."""
    if not (written.startswith("(") and written.endswith(")")):
        return written
    depth = 0
    for place, character in enumerate(re.sub(r'"[^"]*"', lambda match: "_" * len(match[0]), written)):
        depth += (character == "(") - (character == ")")
        if not depth:
            return written[1:-1].strip() if place == len(written) - 1 else written
    return written


def _time_of_day(us: int) -> str:
    hours, rest = divmod(us // 1_000_000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
