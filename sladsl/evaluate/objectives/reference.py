"""The referee of objectives: the same figures, straight from the definitions, over a finished log.

Takes:  a plan, all events of a log, the verdicts of its clauses.
Gives:  `judge_rows` and `burn_alerts`, to be compared with what the ledger finds.
Never:  keeps an aggregate: each window looks at every case again.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from sladsl.evaluate.objectives.outcome import MET, MISSED, NOT_JUDGED, UNDECIDED, ObjectiveRow
from sladsl.evaluate.objectives.reference_facts import Facts, Infinity, Key, Span, cut
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import (
    Combined,
    CountMeasure,
    Measure,
    Number,
    Objective,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    TimeStatistic,
    TimeWhile,
)
from sladsl.ir.plan import Plan

MINUTE = 60_000_000


@frozen
class Figures:
    """A measure in a window: its value, its bounds, the bounds that nothing later can pass, and its cases (None: a number)."""

    value: Fraction | None
    low: Any
    high: Any
    sure_low: Any
    sure_high: Any
    cases: int | None
    counts: bool = False


class Referee(Facts):
    """A log as of an instant, and its measures."""

    def groups(self, objective: Objective, measure: Measure) -> set[Key]:
        """The groups that a measure has anything of."""
        found: set[Key] = set()
        if not objective.by and (isinstance(measure, CountMeasure) or getattr(measure, "function", "") == "total"):
            found.add(())
        match measure:
            case CountMeasure():
                found |= {key for key, _ in self.counted(objective, measure)}
            case Statistic():
                found |= {key for key, *_ in self.values(objective, measure)}
            case ShareBecome():
                found |= {key for key, *_ in self.became(objective, measure)}
            case ShareTime() | TimeWhile():
                found |= {key for key, *_ in self.times(objective, measure)}
            case ShareMet() | TimeStatistic():
                found |= {key for key, *_ in self.cycles(objective, measure.group)}
            case Combined():
                found |= self.groups(objective, measure.left) | self.groups(objective, measure.right)
        return found

    def figures(self, objective: Objective, measure: Measure, key: Key, span: Span) -> Figures | None:
        """A measure in a window, None where there is no case or no row."""
        ended = span.end <= self.as_of
        match measure:
            case Number():
                return Figures(measure.value, measure.value, measure.value, measure.value, measure.value, None)
            case Combined():
                left = self.figures(objective, measure.left, key, span)
                right = self.figures(objective, measure.right, key, span)
                return None if left is None or right is None else _combined(measure.op, left, right)
            case CountMeasure():
                count = Fraction(sum(k == key and _in(at, span) for k, at in self.counted(objective, measure)))
                high = count if ended else Infinity
                return Figures(count, count, high, count, high, int(count), True)
            case Statistic():
                values = [v for k, at, v in self.values(objective, measure) if k == key and _in(at, span)]
                value = _statistic(measure.function, measure.rank, values)
                if value is None:
                    return None
                return _final(value, value, value, len(values), ended, measure.function)
            case ShareBecome():
                fates = [fate for k, at, fate, _ in self.became(objective, measure) if k == key and _in(at, span)]
                return _share([fate is True for fate in fates if fate is not None], fates.count(None), ended)
            case ShareMet():
                return self._share_met(objective, measure, key, span, ended)
            case TimeStatistic():
                return self._time_of(objective, measure, key, span, ended)
            case ShareTime() | TimeWhile():
                return self._time(objective, measure, key, span, ended)
        raise NotImplementedError(f"the referee cannot read {type(measure).__name__}")

    def _share_met(self, objective: Objective, measure: ShareMet, key: Key, span: Span, ended: bool) -> Figures | None:
        cycles = [v for k, at, v in self.cycles(objective, measure.group) if k == key and _in(at, span)]
        decided = [v.status == measure.status for v in cycles if v.status in ("met", "late", "breached")]
        found = _share(decided, len(cycles) - len(decided), ended)
        turning = sum(v.status == "breached" and v.closed_us is None for v in cycles)
        if found is None or measure.status == "met" or not turning:
            return found
        move = Fraction(turning, len(cycles))
        late = measure.status == "late"
        low, high = (found.low, found.high + move) if late else (found.low - move, found.high)
        return _final(found.value, low, high, len(cycles), ended, "")

    def _time_of(
        self, objective: Objective, measure: TimeStatistic, key: Key, span: Span, ended: bool
    ) -> Figures | None:
        cycles = [v for k, at, v in self.cycles(objective, measure.group) if k == key and _in(at, span)]
        function, rank = measure.function, measure.rank
        if not cycles:
            zero = Fraction(0)
            return _final(zero, zero, zero, 0, ended, function) if function == "total" else None
        done = [Fraction(self.elapsed(measure, v)) for v in cycles if v.status in ("met", "late")]
        waiting = [Fraction(self.elapsed(measure, v)) for v in cycles if v.status not in ("met", "late")]
        value = _statistic(function, rank, done)
        low = _statistic(function, rank, done + waiting)
        high = _statistic(function, rank, done + [Infinity] * len(waiting))
        found = _final(value, low, high, len(cycles), ended, "")
        if not ended and function in ("max", "min") and value is not None:
            resumes = any(c.group == measure.group and c.reopen == "resume" for c in self.plan.clauses)
            if not resumes:
                found = evolve(found, **{"sure_low" if function == "max" else "sure_high": value})
        return found

    def _time(
        self, objective: Objective, measure: ShareTime | TimeWhile, key: Key, span: Span, ended: bool
    ) -> Figures | None:
        cases = [case for case in self.times(objective, measure) if case[0] == key and case[1] < span.end]
        if not cases:
            return None
        total = inside = rest = 0
        for _, _, counts, within, clock in cases:
            total += sum(b - a for a, b in cut(counts, span.start, span.end))
            inside += sum(clock(a, b) for a, b in cut(within, span.start, span.end))
            rest += 0 if ended else clock(self.as_of, span.end)
        if isinstance(measure, TimeWhile):
            value, high = Fraction(inside), Fraction(inside + rest)
            return Figures(value, value, high, value, high if ended else Infinity, len(cases))
        if not total:
            return None
        bounds = Fraction(inside, total + rest), Fraction(inside + rest, total + rest)
        sure = bounds if ended else (-Infinity, Infinity)
        return Figures(Fraction(inside, total), bounds[0], bounds[1], sure[0], sure[1], len(cases))


def _in(us: int, span: Span) -> bool:
    return span.start <= us < span.end


def _share(decided: list[bool], waiting: int, ended: bool) -> Figures | None:
    cases = len(decided) + waiting
    if not cases:
        return None
    low, high = Fraction(sum(decided), cases), Fraction(sum(decided) + waiting, cases)
    value = Fraction(sum(decided), len(decided)) if decided else None
    return _final(value, low, high, cases, ended, "")


def _final(value: Fraction | None, low: Any, high: Any, cases: int, ended: bool, function: str) -> Figures:
    """What is sure: the bounds of a window that has ended, and an extreme that has been reached."""
    sure_low = low if ended or function == "max" else -Infinity
    sure_high = high if ended or function == "min" else Infinity
    return Figures(value, low, high, sure_low, sure_high, cases)


def _combined(op: str, left: Figures, right: Figures) -> Figures | None:
    if op == "/" and right.value == 0:
        return None
    value = None
    if left.value is not None and right.value is not None:
        value = _apply(op, left.value, right.value)
    low, high = _corners(op, (left.low, left.high), (right.low, right.high))
    sure = _corners(op, (left.sure_low, left.sure_high), (right.sure_low, right.sure_high))
    counts = op == "+" and left.counts and right.counts
    if left.cases is None or right.cases is None:
        cases = right.cases if left.cases is None else left.cases
    elif op == "/":
        cases = right.cases
    else:
        cases = left.cases + right.cases if counts else min(left.cases, right.cases)
    return Figures(value, low, high, sure[0], sure[1], cases, counts)


def _apply(op: str, a: Any, b: Any) -> Any:
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[op]()


def _corners(op: str, a: tuple[Any, Any], b: tuple[Any, Any]) -> tuple[Any, Any]:
    """The least and the greatest that two ranges give; a quotient by a range that is not known, or holds 0, may be anything."""
    if op == "/" and (b[0] == -Infinity or b[1] == Infinity or b[0] <= 0 <= b[1]):
        return -Infinity, Infinity
    found = [_corner(op, x, y) for x in a for y in b]
    # infinity less infinity, or a factor below 0 that may be as large as it likes
    return (-Infinity, Infinity) if any(x != x for x in found) else (min(found), max(found))


def _corner(op: str, x: Any, y: Any) -> Any:
    if op == "*" and (x == 0 or y == 0):
        return Fraction(0)
    if op == "-" and x == y and abs(x) == Infinity:
        return -Infinity if x < 0 else Infinity
    infinite = abs(x) == Infinity or abs(y) == Infinity
    return _apply(op, float(x), float(y)) if infinite else _apply(op, x, y)


def _statistic(function: str, rank: int, values: Sequence[Any]) -> Any:
    if not values:
        return Fraction(0) if function == "total" else None
    if function in ("average", "total"):
        total: Any = Infinity if Infinity in values else sum(values, Fraction(0))
        return total / len(values) if function == "average" else total
    if function in ("min", "max"):
        return min(values) if function == "min" else max(values)
    percent = 50 if function == "median" else rank or int(function[1:])
    return next(v for v in sorted(values) if 100 * sum(w <= v for w in values) >= percent * len(values))


def status(objective: Objective, figures: Figures, ended: bool) -> str:
    """met, missed, undecided or not judged."""
    if (figures.cases or 0) < objective.at_least_cases:
        return NOT_JUDGED if ended else UNDECIDED
    low, high, target = figures.sure_low, figures.sure_high, objective.target
    keeps = {
        ">=": (low >= target, high < target),
        ">": (low > target, high <= target),
        "<=": (high <= target, low > target),
        "<": (high < target, low >= target),
        "=": (low == high == target, low > target or high < target),
        "!=": (low > target or high < target, low == high == target),
    }
    always, never = keeps[objective.op]
    return MET if always else MISSED if never else UNDECIDED


def judge_rows(
    plan: Plan, events: Sequence[Event], verdicts: Iterable[Verdict], as_of_us: int, *, actors: bool | None = None
) -> list[ObjectiveRow]:
    """The rows of all objectives, as `judge_objectives` gives them, but without the parts of shares.

    Args: as of `judge_objectives`; the verdicts must have been given as of the same instant.
    """
    if actors is None:
        actors = any(event.actor for event in events)
    referee = Referee(plan, events, verdicts, as_of_us, actors)
    found = []
    for index, objective in enumerate(plan.objectives):
        groups = sorted(referee.groups(objective, objective.measure))
        for span in referee.windows(objective.window):
            for key in groups:
                figures = referee.figures(objective, objective.measure, key, span)
                if figures is not None:
                    found.append(_row(index, objective, span, key, figures, span.end <= as_of_us))
    return found


def _row(index: int, o: Objective, span: Span, key: Key, f: Figures, ended: bool) -> ObjectiveRow:
    return ObjectiveRow(
        objective=index,
        label=o.label,
        level=o.level,
        party=o.party,
        window=span.name,
        start_us=span.start,
        end_us=span.end,
        group=tuple(zip(o.by_written or o.by, key, strict=True)),
        status=status(o, f, ended),
        value=f.value,
        low=None if f.low == -Infinity else f.low,
        high=None if f.high == Infinity else f.high,
        op=o.op,
        target=o.target,
        unit=o.unit,
        unit_ticks=o.unit_ticks,
        cases=f.cases or 0,
        ended=ended,
    )


def burn_alerts(
    plan: Plan,
    events: Sequence[Event],
    judge: Callable[[int], Iterable[Verdict]],
    as_of_us: int,
    *,
    actors: bool | None = None,
) -> list[tuple[int, Key, int]]:
    """(objective, group, instant) of every burn-rate alert, minute by minute.

    Args: as of `judge_objectives`; `judge` gives the verdicts as of an instant.
    """
    if actors is None:
        actors = any(event.actor for event in events)
    found: list[tuple[int, Key, int]] = []
    burning: set[tuple[int, int, Key]] = set()
    first = min((event.time_us for event in events if event.time_us <= as_of_us), default=as_of_us)
    for minute in range(-(-first // MINUTE) * MINUTE, as_of_us + 1, MINUTE):
        referee = Referee(plan, events, judge(minute), minute, actors)
        now: set[tuple[int, int, Key]] = set()
        for index, objective in enumerate(plan.objectives):
            for place, alert in enumerate(objective.alerts):
                for key in referee.groups(objective, objective.measure) if alert.rate is not None else ():
                    spans = [Span("", minute - amount.ticks, minute) for amount in alert.over]
                    all_figures = [referee.figures(objective, objective.measure, key, span) for span in spans]
                    limit = (alert.rate or 0) * (1 - objective.target)
                    if all(f is not None and f.value is not None and 1 - f.value > limit for f in all_figures):
                        now.add((index, place, key))
        found += [(index, key, minute) for index, place, key in now - burning]
        burning = now
    return sorted(found, key=lambda alert: (alert[2], alert[0], alert[1]))
