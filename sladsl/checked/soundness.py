"""Clauses that can never start, and targets that are never reached (section 11).

Takes:  the checked clauses with their guards, the calendars.
Gives:  complaints.
Never:  complains where it cannot tell.
"""

from __future__ import annotations

import datetime

from sladsl.checked.context import Context
from sladsl.checked.kinds import TRUTH
from sladsl.checked.logic import may_hold
from sladsl.checked.program import Clause, Target
from sladsl.checked.typed import And, DefRef, Expr
from sladsl.checked.values import DAY_US
from sladsl.clock import CalendarSpec, ClockKind, ClosedDates, clock_for, compile_calendar, local_to_us, point_due
from sladsl.text import Span

_YEAR_WEEKS = 52
_LONG_DAYS = 3600  # nearly ten years
_DEEPEST = 60


def tell_of_clauses_that_never_start(context: Context, clauses: list[Clause]) -> None:
    """Complain where what must hold at the start excludes itself."""
    definitions = {entry.number: entry.variants.get(TRUTH) for entry in context.definitions}
    told: set[Span] = set()
    for clause in clauses:
        occurrence = clause.start.occurrence
        start = occurrence.condition if occurrence.what in ("happens", "begins") else None
        level = clause.level.condition
        held = tuple(part for part in (level, clause.when, clause.subject, start) if part is not None)
        if not held or may_hold(held[0] if len(held) == 1 else And(held, span=clause.span), definitions.get):
            continue
        if level is not None and not may_hold(level, definitions.get):
            # one mistake, one message: told once for all clauses of the block
            if level.span not in told:
                message = f"the level `{clause.level.name}` can never apply"
                help = "the conditions of the blocks around it exclude one another"
                context.findings.add("SLA0312", message, level.span, help=help)
            told.add(level.span)
            continue
        what, where = "what must hold at its start excludes itself", clause.head
        labels: tuple[tuple[Span, str], ...] = ()
        for place, part in (("its start", start), ("its `when`", clause.when), ("its subject", clause.subject)):
            if part is not None and not may_hold(part, definitions.get):
                what, where, labels = _culprit(context, place, part, definitions)
                break
        context.findings.add("SLA0312", f"`{clause.label}` can never start: {what}", where, labels=labels)


def _culprit(
    context: Context, place: str, part: Expr, definitions: dict[int, Expr | None]
) -> tuple[str, Span, tuple[tuple[Span, str], ...]]:
    """What to say of a condition that never holds: its smallest part that never does, and the definition it stands in."""
    where, here = part, part
    for _ in range(_DEEPEST):
        if isinstance(here, And):
            wrong = next((each for each in here.operands if not may_hold(each, definitions.get)), None)
            if wrong is None:
                break
            where = wrong if where is here else where
            here = wrong
        elif isinstance(here, DefRef) and definitions.get(here.definition) is not None:
            here = definitions[here.definition] or here
        else:
            break
    inside = here.span if here is not where else None
    labels = ((inside, "this never holds"),) if inside is not None and inside != where.span else ()
    if where is part:
        return f"{place} {'excludes itself' if isinstance(here, And) else 'never holds'}", part.span, labels
    return f"`{context.text(where.span)}` in {place} never holds", where.span, labels


def tell_of_targets_never_reached(context: Context, clauses: list[Clause], start_us: int | None) -> None:
    """Complain where a fixed calendar does not reach a target within ten years."""
    for clause in clauses:
        targets = [clause.target, *(row.target for row in clause.rows), *(pause.at_most for pause in clause.pauses)]
        for target in targets:
            if target is None or target.calendar is None:
                continue
            spec = context.specs.get(target.calendar)
            if (
                spec is None
                or spec.zone_attribute is not None
                or spec.named_by
                or _is_never_open(spec)
                or _is_surely_reached(spec, target)
            ):
                continue
            zone = spec.zone or context.zone
            if not any(_reached(spec, zone, target, start) for start in _starts(spec, zone, start_us)):
                message = f"`{target.written}` is not reached within ten years of calendar `{spec.name}`"
                context.findings.add("SLA0708", message, target.span, help="give it more hours, or the target less")
            elif (closed := _closed_for_good(spec, zone, target, start_us)) is not None:
                until = f"calendar `{spec.name}` is closed until {closed.last}"
                message = f"`{target.written}` is never reached from {closed.first} on: {until}"
                help = "look at the dates; a policy that ends says so by `effective … until`"
                context.findings.add("SLA0712", message, target.span, help=help)


def _closed_for_good(spec: CalendarSpec, zone: str, target: Target, start_us: int | None) -> ClosedDates | None:
    """Dates closed for so long that what starts with them is never due; None where there are none that matter."""
    for closed in spec.closed:
        first, last = (datetime.date.fromisoformat(each) for each in (closed.first, closed.last))
        if (last - first).days < _LONG_DAYS:
            continue
        begins_us = local_to_us(first.year, first.month, first.day, zone=zone)[0]
        ends_us = local_to_us(last.year, last.month, last.day, zone=zone)[0]
        if start_us is not None and ends_us <= start_us:
            continue
        if not _reached(spec, zone, target, begins_us if start_us is None else max(begins_us, start_us)):
            return closed
    return None


def _is_never_open(spec: CalendarSpec) -> bool:
    """It has been told already."""
    return not spec.weekly and not spec.dated and not any(season.weekly for season in spec.seasons)


def _is_surely_reached(spec: CalendarSpec, target: Target) -> bool:
    """Without looking at dates: ordinary weekly hours, and a target that takes a few years at most."""
    if spec.seasons or spec.closed or not spec.weekly or len(spec.holidays) > 3:
        return False
    amount = target.amount
    if amount is None:
        return True
    if amount.kind is ClockKind.BUSINESS_DAYS:
        days = len({day for hours in spec.weekly for day in hours.weekdays})
        return amount.ticks <= 2 * _YEAR_WEEKS * days * DAY_US
    week = sum(len(hours.weekdays) * (until - start) for hours in spec.weekly for start, until in hours.spans)
    return amount.ticks <= 2 * _YEAR_WEEKS * week


def _starts(spec: CalendarSpec, zone: str, start_us: int | None) -> list[int]:
    """Instants to begin at: the target is unreachable only where it is from all of them."""
    starts = [start_us if start_us is not None else local_to_us(2020, 1, 1, zone=zone)[0]]
    for date in sorted(dated.date for dated in spec.dated)[:1]:
        year, month, day = map(int, date.split("-"))
        starts.append(local_to_us(year, month, day, zone=zone)[0])
    for season in spec.seasons:
        if season.start_year is not None:
            starts.append(local_to_us(season.start_year, *season.start, zone=zone)[0])
    for closed in spec.closed:
        year, month, day = map(int, closed.last.split("-"))
        if year < 9990:
            starts.append(local_to_us(year, month, day, zone=zone)[0] + DAY_US)
    return starts


def _reached(spec: CalendarSpec, zone: str, target: Target, start_us: int) -> bool:
    calendar = compile_calendar(spec, zone)
    if target.point is not None:
        return point_due(target.point, start_us, calendar, zone) is not None
    assert target.amount is not None
    return clock_for(target.amount.kind, calendar, zone).due(start_us, target.amount.ticks) is not None
