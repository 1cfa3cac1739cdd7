"""Why a verdict is what it is: the life of an instance as stretches that add up.

Takes:  a plan, and a verdict that was judged with a trace.
Gives:  `story_of`: what was counted, paused and closed, the due as it moved, and what caused each.
Never:  judges: every number is the evaluator's, and the counted stretches add up to the elapsed time exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from sladsl.clock import Calendar, Clock, ClockKind, clock_for, weekday_of, zone
from sladsl.evaluate.verdict import Cause, Step, Verdict
from sladsl.ir.calendars import calendar_read, told_by
from sladsl.ir.plan import Clause, Plan, Target

COUNTED, CLOSED, PAUSED, UNCOUNTED = "counted", "closed", "paused", "not counted"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@frozen
class Stretch:
    """A part of an instance's life: [start, end), in microseconds UTC.

    kind    counted (the clock ran, and so many ticks passed), closed (it ran, and the calendar was closed), paused, or not counted
    ticks   what passed on the clock; 0 unless counted
    reason  why: the calendar's line, the holiday, what was paused for
    cause   the event that began it, where one did
    """

    kind: str
    start_us: int
    end_us: int
    ticks: int
    reason: str = ""
    cause: Cause | None = None


@frozen
class Story:
    """One instance, explained. `elapsed` is the sum of the ticks of the counted stretches."""

    clause: Clause
    verdict: Verdict
    target: Target | None
    clock: ClockKind
    stretches: tuple[Stretch, ...]
    steps: tuple[Step, ...] = field(default=())

    @property
    def counted(self) -> int:
        """The ticks of all counted stretches."""
        return sum(stretch.ticks for stretch in self.stretches)

    @property
    def slack(self) -> int | None:
        """Ticks that were left when it was met; None where there was no time limit on a clock, or it was not met."""
        if self.verdict.status != "met" or self.target is None or self.target.amount is None:
            return None
        return self.target.amount.ticks - self.verdict.elapsed


def story_of(plan: Plan, verdict: Verdict, as_of_us: int) -> Story:
    """Explain a verdict that was judged with `trace=True`, as of an instant."""
    clause = plan.clauses[verdict.clause]
    target = clause.rows[verdict.row].target if verdict.row >= 0 else None
    clock, kind, calendar = clock_of(plan, verdict)
    end = verdict.closed_us if verdict.closed_us is not None else as_of_us
    stretches: list[Stretch] = []
    cursor = verdict.opened_us
    for start, until in ran(verdict, as_of_us):
        if start > cursor:
            stretches += _gap(plan, clause, verdict, cursor, start)
        stretches += _ran(clock, kind, calendar, start, until)
        cursor = max(cursor, until)
    if cursor < end:
        stretches += _gap(plan, clause, verdict, cursor, end)
    return Story(clause, verdict, target, kind, tuple(stretches), verdict.steps)


def ran(verdict: Verdict, as_of_us: int) -> tuple[tuple[int, int], ...]:
    """The stretches in which an instance's clock ran, up to its close, else up to as-of."""
    return verdict.running or ((verdict.opened_us, verdict.closed_us if verdict.closed_us is not None else as_of_us),)


def clock_of(plan: Plan, verdict: Verdict) -> tuple[Clock, ClockKind, Calendar | None]:
    """The clock on which the elapsed time of an instance is counted, and its calendar where it has one.

    Over the stretches in which it `ran`, that clock's measures add up to the elapsed time.
    """
    clause = plan.clauses[verdict.clause]
    target = clause.rows[verdict.row].target if verdict.row >= 0 else None
    calendar = _calendar(plan, clause, target, verdict)
    return *_clock(plan, target, calendar), calendar


def _calendar(plan: Plan, clause: Clause, target: Target | None, verdict: Verdict) -> Calendar | None:
    if target is None or target.calendar is None:
        return None
    reading = ""
    if told_by(plan.calendars, target.calendar):
        # A verdict keeps how those of its clause's calendars were read in the order of their indices.
        targets = [row.target for row in clause.rows]
        targets += [pause.at_most for pause in clause.pauses if pause.at_most is not None]
        targets += [t for alert in clause.alerts for t in (alert.before, alert.after) if t is not None]
        targets += [t for t in (clause.cancel_after_paused, clause.reopen_within) if t is not None]
        used = {t.calendar for t in targets if t.calendar is not None}
        told = sorted(index for index in used if told_by(plan.calendars, index))
        reading = verdict.zone.split(", ")[told.index(target.calendar)]
    return calendar_read(plan.calendars, target.calendar, reading, plan.zone)


def _clock(plan: Plan, target: Target | None, calendar: Calendar | None) -> tuple[Clock, ClockKind]:
    """Points in time, attributes and clauses without a limit count exact time."""
    if target is None or target.amount is None:
        return clock_for(ClockKind.EXACT, None, plan.zone), ClockKind.EXACT
    kind = target.amount.kind
    in_zone = calendar.zone if calendar is not None else plan.zone
    return clock_for(kind, calendar, in_zone), kind


def _ran(clock: Clock, kind: ClockKind, calendar: Calendar | None, start: int, end: int) -> Iterator[Stretch]:
    """A stretch in which the clock ran: on business time, cut at opening and closing."""
    if kind is not ClockKind.BUSINESS_TIME or calendar is None:
        if end > start:
            yield Stretch(COUNTED, start, end, clock.measure(start, end))
        return
    cursor = start
    for opening, closing in calendar.openings(start, end):
        if opening > cursor:
            yield Stretch(CLOSED, cursor, opening, 0, _why_closed(calendar, cursor, opening))
        yield Stretch(COUNTED, opening, closing, clock.measure(opening, closing))
        cursor = closing
    if cursor < end:
        yield Stretch(CLOSED, cursor, end, 0, _why_closed(calendar, cursor, end))


def _why_closed(calendar: Calendar, start: int, end: int) -> str:
    """The holidays, closed dates and days without hours that a closed stretch holds; else that it is outside hours."""
    in_zone = zone(calendar.zone)
    try:
        date = (_EPOCH + timedelta(microseconds=start)).astimezone(in_zone).date()
        last = (_EPOCH + timedelta(microseconds=end - 1)).astimezone(in_zone).date()
    except OverflowError:
        return f"outside {calendar.spec.name}"
    reasons: dict[str, None] = {}
    for _ in range(31):
        if date > last:
            break
        if not calendar.is_working(iso := date.isoformat()):
            holiday = calendar.holiday_name(iso)
            shut = any(c.first <= iso <= c.last for c in calendar.spec.closed)
            day = weekday_of((datetime(date.year, date.month, date.day, 12, tzinfo=UTC) - _EPOCH) // _US, "UTC")
            reasons[f"{iso} {holiday}" if holiday else f"{iso} closed" if shut else f"{day} {iso}"] = None
        date += _DAY
    return ", ".join(reasons) or f"outside {calendar.spec.name}"


_US = timedelta(microseconds=1)


def _gap(plan: Plan, clause: Clause, verdict: Verdict, start: int, end: int) -> Iterator[Stretch]:
    """The stretches in which the clock stood still: paused, ended until it was opened again, or set back afterwards."""
    kind, reason, cause, since = UNCOUNTED, _SET_BACK, None, start
    for step in verdict.steps:
        if not start <= step.at_us < end or step.kind not in ("paused", "resumed", "closed"):
            continue
        if step.at_us > since:
            yield Stretch(kind, since, step.at_us, 0, reason, cause)
            since = step.at_us
        if step.kind == "paused":
            reasons = [plan.conditions[pause.condition].written for pause in clause.pauses]
            kind, reason, cause = PAUSED, " or ".join(r for r in reasons if r), step.cause
        else:
            closed = step.kind == "closed"
            kind, reason, cause = UNCOUNTED, "between its end and its reopening" if closed else _SET_BACK, None
    yield Stretch(kind, since, end, 0, reason, cause)


_SET_BACK = "the clock was set back to zero afterwards"
