"""What the referee of objectives reads off a log: windows, groups, happenings, times and cycles.

Takes:  a plan, all events of a log, the verdicts of its clauses, an instant.
Gives:  `Facts`, lists of what the definitions speak of, looked up anew for each question.
Never:  shares a window, clock or state with the ledger.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from sladsl.clock import ClockKind, WindowSpec
from sladsl.evaluate.reference import walk
from sladsl.evaluate.reference.read import CellError, Past
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.expression import Trigger
from sladsl.ir.objective import CountMeasure, Objective, ShareBecome, ShareTime, Statistic, TimeStatistic, TimeWhile
from sladsl.ir.plan import Plan

DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)

Key = tuple[str, ...]
Infinity = float("inf")
Measurer = Callable[[int, int], int]
Timed = tuple[Key, int, walk.Stretches, walk.Stretches, Measurer]


@frozen
class Span:
    """A stretch of time that is judged: a window with its name, or the last W of a burn rate."""

    name: str
    start: int
    end: int


class Facts:
    """A log as of an instant."""

    def __init__(
        self, plan: Plan, events: Sequence[Event], verdicts: Iterable[Verdict], as_of: int, actors: bool
    ) -> None:
        self.plan = plan
        self.as_of = as_of
        self.verdicts = list(verdicts)
        seen = sorted((e for e in events if e.time_us <= as_of), key=lambda e: (e.time_us, e.position))
        self.first = seen[0].time_us if seen else None
        names = sorted({event.case for event in seen})
        self.cases = {n: Past(plan, [e for e in seen if e.case == n], actors) for n in names}

    # --- windows -----------------------------------------------------------------------------------------------------

    def windows(self, spec: WindowSpec) -> Iterator[Span]:
        """The windows to judge, in order."""
        if self.first is None:
            return
        since, until = self.plan.effective
        begin = self.first if since is None else max(self.first, since)
        begins, ends = self._date(begin), self._date(self.as_of - 1)
        first = self.window_of(spec, begins)
        listed: list[Span] = []
        day = min(begins, ends)  # where nothing but the last instant has passed, both may still be in one window
        while day <= ends:
            span = self.window_of(spec, day)
            skipped = self._midnight(day) == self._midnight(day + timedelta(1))  # a date that the zone has not got
            if span not in listed and not skipped and span.start >= first.start:
                listed.append(span)
            day += timedelta(1)
        for span in listed:
            if (since is None or span.end > since) and (until is None or span.end <= until):
                yield span

    def window_of(self, spec: WindowSpec, day: date) -> Span:
        """The window of a date; a rolling one is judged at its end."""
        one = timedelta(1)
        if spec.unit == "rolling":
            return self._span(day.isoformat(), day - (spec.days - 1) * one, day + one)
        if spec.unit == "day":
            return self._span(day.isoformat(), day, day + one)
        if spec.unit == "week":
            year, week, weekday = day.isocalendar()
            monday = day - (weekday - 1) * one
            return self._span(f"{year}-W{week:02d}", monday, monday + 7 * one)
        months = {"month": 1, "quarter": 3, "year": 12}[spec.unit]
        first = (day.month - 1) // months * months
        end = date(day.year + (first + months) // 12, (first + months) % 12 + 1, 1)
        name = {
            "month": f"{day.year}-{day.month:02d}",
            "quarter": f"{day.year}-Q{first // 3 + 1}",
            "year": f"{day.year}",
        }
        return self._span(name[spec.unit], date(day.year, first + 1, 1), end)

    def _span(self, name: str, first: date, after: date) -> Span:
        return Span(name, self._midnight(first), self._midnight(after))

    def _midnight(self, day: date) -> int:
        return walk.opening_edge(self.plan.zone, (day - _EPOCH).days * DAY)

    def _date(self, us: int) -> date:
        """The date whose window holds an instant: when the clock is set back over midnight, still the later one."""
        day = _EPOCH + timedelta(walk.wall_at(self.plan.zone, us) // DAY)
        while self._midnight(day + timedelta(1)) <= us:
            day += timedelta(1)
        return day

    # --- groups and levels ---------------------------------------------------------------------------------------------

    def key(self, objective: Objective, past: Past, i: int) -> Key:
        """The group after an event."""
        cells = [past.last_cell(name, i) for name in objective.by]
        return tuple("" if cell is None else _text(cell) for cell in cells)

    def of_level(self, objective: Objective, past: Past, i: int) -> bool:
        """Whether the objective's level applies after an event."""
        return objective.guard is None or past.holds_or_error(objective.guard, i) is True

    def start_of(self, verdict: Verdict) -> int:
        """The event after which a cycle's level and group are read; that of its cause, else the last by its start."""
        events = self.cases[verdict.case].events
        cause = verdict.opened_by
        for i, event in enumerate(events):
            if cause and (event.time_us, event.input, event.row, event.type) == (
                verdict.opened_us,
                cause.input,
                cause.row,
                cause.type,
            ):
                return i
        return max((i for i, event in enumerate(events) if event.time_us <= verdict.opened_us), default=0)

    # --- what happens --------------------------------------------------------------------------------------------------

    def occurrences(self, past: Past, trigger: Trigger, party: int | None, once: bool) -> Iterator[int]:
        """The events of a case at which a trigger counts. `once`: only the first, which must itself be by the party."""
        plain = evolve(trigger, party=None)
        parties = [p for p in (trigger.party, party) if p is not None]
        for i in range(len(past.events)):
            try:
                if not past.happens(plain, i):
                    continue
            except CellError:
                continue
            if all(past.holds_or_error(p, i) is True for p in parties):
                yield i
            if once:
                return

    def counted(self, objective: Objective, measure: CountMeasure) -> list[tuple[Key, int]]:
        """Group and instant of everything that a count counts."""
        once = measure.of.kind in ("begins", "first event")
        return [
            (self.key(objective, past, i), past.events[i].time_us)
            for past in self.cases.values()
            for i in self.occurrences(past, measure.of, measure.party, once)
            if self.of_level(objective, past, i)
        ]

    def values(self, objective: Objective, measure: Statistic) -> list[tuple[Key, int, Fraction]]:
        """Group, instant and value of everything that a statistic is taken of."""
        found = []
        for past in self.cases.values():
            at = measure.at
            places = range(len(past.events)) if at is None else self.occurrences(past, at, None, False)
            for i in places:
                event = past.events[i]
                cell = event.attributes.get(measure.attribute) if at is None else past.last_cell(measure.attribute, i)
                value = _number(cell)
                if value is not None and self.of_level(objective, past, i):
                    found.append((self.key(objective, past, i), event.time_us, value))
        return found

    def became(self, objective: Objective, measure: ShareBecome) -> list[tuple[Key, int, bool | None, int]]:
        """Group and start of each case in which X begins, whether it becomes Y (None: open), and since when that is known."""
        found = []
        for past in self.cases.values():
            for i in self.occurrences(past, measure.of, None, True):
                if not self.of_level(objective, past, i):
                    continue
                start = past.events[i].time_us
                last = self._last(measure, past, i)
                fate = self._fate(past, i, measure.becomes, last)
                if fate is not None:
                    found.append((self.key(objective, past, i), start, *fate))
        return found

    def _last(self, measure: ShareBecome, past: Past, i: int) -> Any:
        if measure.within is None:
            return Infinity
        calendar, zone = self.calendar(past, i, measure.within_calendar)
        try:
            return walk.due(measure.within.kind, calendar, zone, past.events[i].time_us, measure.within.ticks)
        except walk.NeverReached:
            return Infinity

    def _fate(self, past: Past, i: int, becomes: Trigger, last: Any) -> tuple[bool | None, int] | None:
        """Whether it becomes so and when that is known; None where that cannot be decided."""
        start = past.events[i].time_us
        if becomes.kind == "begins":
            held = past.holds_or_error(becomes.condition, i)
            if isinstance(held, CellError):
                return None
            if held:
                return True, start
        for j, event in enumerate(past.events):
            if start <= event.time_us <= last:
                try:
                    if past.happens(becomes, j):
                        return True, max(event.time_us, start)
                except CellError:
                    if j >= i or event.time_us == start:
                        return None
        return (False, last) if last <= self.as_of else (None, 0)

    # --- time ----------------------------------------------------------------------------------------------------------

    def calendar(self, past: Past, i: int, calendar: int | None) -> tuple[walk.WalkedCalendar | None, str]:
        """A calendar in the zone that is read after an event, and the zone for calendar days."""
        if calendar is None:
            return None, self.plan.zone
        found = past.calendar_of(calendar, i)
        return found, found.zone

    def stretches(self, past: Past, condition: int, wanted: bool) -> walk.Stretches:
        """When a condition holds, or with `wanted` False when it can be decided at all, up to as-of."""
        events = past.events
        ends = [*(event.time_us for event in events[1:]), self.as_of]
        found = []
        for i, end in enumerate(ends):
            held = past.holds_or_error(condition, i)
            if held is True or (not wanted and held is False):
                found.append((events[i].time_us, end))
        return walk.merged(found)

    def excluded(self, objective: Objective, past: Past) -> walk.Stretches:
        """The time that is taken out."""
        found: walk.Stretches = []
        for exclusion in objective.exclusions:
            if exclusion.condition is not None:
                out = self.stretches(past, exclusion.condition, True)
            else:
                calendar, _ = self.calendar(past, 0, exclusion.calendar)
                assert calendar is not None
                out = calendar.open_between(past.events[0].time_us, self.as_of)
            if exclusion.at_most is not None:
                out = self._bounded(out, exclusion.at_most.ticks, exclusion.per)
            found += out
        return walk.merged(found)

    def _bounded(self, stretches: walk.Stretches, ticks: int, per: WindowSpec | None) -> walk.Stretches:
        """The first so many ticks of each period."""
        if per is None:
            return _first_of(stretches, ticks)
        found: walk.Stretches = []
        periods: list[Span] = []
        for a, b in stretches:
            while a < b:
                period = self.window_of(per, self._date(a))
                if period not in periods:
                    periods.append(period)
                a = period.end
        for period in periods:
            found += _first_of(cut(stretches, period.start, period.end), ticks)
        return found

    def times(self, objective: Objective, measure: ShareTime | TimeWhile) -> list[Timed]:
        """Of each case: group, first event, when its time counts, when it counts and the state holds, and the clock."""
        found: list[Timed] = []
        for past in self.cases.values():
            if not self.of_level(objective, past, 0):
                continue
            out = self.excluded(objective, past)
            counts = minus(self.stretches(past, measure.condition, False), out)
            inside = minus(self.stretches(past, measure.condition, True), out)
            clock: Measurer = self._exact
            if isinstance(measure, TimeWhile):
                clock = self._clock(past, 0, measure.clock, measure.calendar)
            found.append((self.key(objective, past, 0), past.events[0].time_us, counts, inside, clock))
        return found

    @staticmethod
    def _exact(a: int, b: int) -> int:
        return b - a

    def _clock(self, past: Past, i: int, kind: str, index: int | None) -> Measurer:
        calendar, zone = self.calendar(past, i, index)
        return lambda a, b: walk.measure(ClockKind(kind), calendar, zone, a, b)

    # --- cycles --------------------------------------------------------------------------------------------------------

    def cycles(self, objective: Objective, group: int) -> list[tuple[Key, int, Verdict]]:
        """Group, the instant it belongs to, and verdict of every cycle that counts."""
        found = []
        for verdict in self.verdicts:
            if verdict.group != group or verdict.status in ("cancelled", "excused", "undetermined"):
                continue
            past, i = self.cases[verdict.case], self.start_of(verdict)
            at = self._member(objective.counted_by, verdict)
            if at is not None and self._cycle_of_level(objective, verdict, past, i):
                found.append((self.key(objective, past, i), at, verdict))
        return found

    def _cycle_of_level(self, objective: Objective, verdict: Verdict, past: Past, i: int) -> bool:
        guard = objective.guard
        if guard is not None and self.plan.conditions[guard].action and verdict.opened_by is None:
            return False  # no event, no action
        return self.of_level(objective, past, i)

    def _member(self, counted_by: str, verdict: Verdict) -> int | None:
        if counted_by == "start":
            return verdict.opened_us
        if counted_by == "due":
            return verdict.due_us if verdict.due_us is not None else verdict.closed_us
        if verdict.closed_us is not None:
            return verdict.closed_us
        return verdict.due_us if verdict.status == "breached" else self.as_of

    def elapsed(self, measure: TimeStatistic, verdict: Verdict) -> int:
        """On the clock of the bound."""
        end = self.as_of if verdict.closed_us is None else verdict.closed_us
        past = self.cases[verdict.case]
        clock = self._clock(past, self.start_of(verdict), measure.clock, measure.calendar)
        return sum(clock(a, b) for a, b in verdict.running or ((verdict.opened_us, end),))


def _first_of(stretches: walk.Stretches, ticks: int) -> walk.Stretches:
    """The first so many microseconds of some stretches."""
    found = []
    for a, b in stretches:
        found.append((a, min(b, a + ticks)))
        ticks -= min(b - a, ticks)
    return walk.merged(found)


def cut(stretches: walk.Stretches, start: int, end: int) -> walk.Stretches:
    """What of some stretches lies in [start, end)."""
    return walk.merged([(max(a, start), min(b, end)) for a, b in stretches])


def minus(stretches: walk.Stretches, out: walk.Stretches) -> walk.Stretches:
    """Some stretches without others."""
    edges = sorted({edge for stretch in (*stretches, *out) for edge in stretch})
    pieces = pairwise(edges)

    def covers(parts: walk.Stretches, a: int) -> bool:
        return any(start <= a < end for start, end in parts)

    return walk.merged([(a, b) for a, b in pieces if covers(stretches, a) and not covers(out, a)])


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else str(cell)


def _number(cell: Any) -> Fraction | None:
    try:
        return None if cell is None else Fraction(str(cell).strip())
    except ValueError:
        return None
