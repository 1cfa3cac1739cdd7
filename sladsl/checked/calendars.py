"""Calendars: opening hours, holidays and zones as the clock room wants them.

Takes:  calendar statements, and names of calendars where clauses use them.
Gives:  CalendarSpec for each; the calendar of a name, and that of the business hours in scope.
Never:  computes what is open when.
"""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

from sladsl.checked.context import Context
from sladsl.checked.scopes import CalendarEntry, Scope
from sladsl.checked.values import DAY_US, time_of_day_us
from sladsl.clock import (
    CalendarSpec,
    ClosedDates,
    DatedHours,
    Hours,
    Season,
    known_region,
    known_zone,
    nearest_regions,
    nearest_zones,
)
from sladsl.syntax import tree
from sladsl.text import Fix, Span, fold

_MOST_DATES = 3660
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Spans = tuple[tuple[int, int], ...]


def calendar_named(context: Context, scope: Scope, name: tree.Name) -> int | None:
    """The number of the calendar of a name; None where a complaint has been made."""
    entry = scope.calendar(name.key)
    if entry is not None:
        context.use(entry, name.span)
        return entry.number
    if name.key in context.broken:
        return None
    known = list(scope.calendar_names())
    help = context.findings.did_you_mean(name.text, known)
    if not help:
        help = (
            f"calendars are {', '.join(f'`{each}`' for each in known[:5])}"
            if known
            else f"declare it: `calendar {name.text}`"
        )
        help += _as_one_name(context, name)
    context.findings.add("SLA0701", f"unknown calendar `{name.text}`", name.span, help=help)
    return None


def _as_one_name(context: Context, name: tree.Name) -> str:
    """Of `within 2h of check in desk`, where no calendar is called `desk`: that the three words may be one name."""
    text = context.sources[name.span.source].text
    before = re.search(
        r"(?<![\w'’-])of\s+([^\W\d][\w'’-]*\s+in\s+)$", text[max(0, name.span.start - 80) : name.span.start]
    )
    return f"; where `{before[1]}{name.text}` is one name, put it in backticks" if before else ""


def business_hours(scope: Scope) -> tuple[int | None, bool]:
    """The calendar meant where a clause names none, and whether any `business hours = …` is in sight at all."""
    for block in scope.chain():
        if block.business_hours is not None:
            entry = block.calendar(block.business_hours.calendar.key)
            if entry is not None:
                entry.used = True
            return (entry.number if entry else None), True
    return None, False


def calendar_spec(context: Context, entry: CalendarEntry) -> CalendarSpec:
    """A calendar statement as plain data; what is wrong in it is left out and told."""
    return _Reader(context, entry).read()


class _Reader:
    def __init__(self, context: Context, entry: CalendarEntry) -> None:
        self.context = context
        self.findings = context.findings
        self.entry = entry

    def read(self) -> CalendarSpec:
        lines = self.entry.statement.lines
        stands_for = [line for line in lines if isinstance(line, tree.CalendarOf)]
        if stands_for:
            return self._of_another(stands_for[0], [line for line in lines if line is not stands_for[0]])
        weekly = self._weekly([line for line in lines if isinstance(line, tree.WeekHours)])
        zones = [line for line in lines if isinstance(line, tree.ZoneLine)]
        for second in zones[1:]:
            self.findings.add("SLA0307", f"calendar `{self.entry.name}` has two time zones", second.span)
        zone, attribute, fallback = zone_of(self.context, zones[0]) if zones else (None, None, None)
        closed = [d for line in lines if isinstance(line, tree.Closed) for d in line.dates]
        seasons = [s for line in lines if isinstance(line, tree.Season) if (s := self._season(line)) is not None]
        dated = self._dated([line for line in lines if isinstance(line, tree.OpenOn)])
        hours = weekly or dated or any(season.weekly for season in seasons)
        if not hours and fold(self.entry.name) not in self.context.broken:
            message = f"calendar `{self.entry.name}` is never open"
            self.findings.add("SLA0709", message, self.entry.span, help="say its hours, e.g. `mon-fri 09:00-17:00`")
        return CalendarSpec(
            self.entry.name,
            weekly,
            tuple(seasons),
            dated,
            tuple(c for d in closed if (c := self._closed(d)) is not None),
            self._holidays([line for line in lines if isinstance(line, tree.Holidays)]),
            zone,
            attribute,
            fallback,
        )

    def _of_another(self, line: tree.CalendarOf, others: list[tree.CalendarLine]) -> CalendarSpec:
        """A calendar that stands for the one which an attribute names: any that is in sight here and has hours."""
        name = self.entry.name
        if others:
            message = f"calendar `{name}` has the hours of another, and here it is given some of its own"
            help = "leave this out, or put it into the calendars that it stands for"
            self.findings.add("SLA0711", message, others[0].span, help=help, labels=((line.span, "here"),))
        found: dict[str, CalendarEntry] = {}
        for scope in self.entry.scope.chain():
            for key, entry in scope.calendars.by_key.items():
                if not any(isinstance(each, tree.CalendarOf) for each in entry.statement.lines):
                    found.setdefault(key, entry)
        for entry in found.values():
            entry.used = True
        otherwise = calendar_named(self.context, self.entry.scope, line.otherwise)
        if otherwise is not None and otherwise not in {entry.number for entry in found.values()}:
            message = f"calendar `{line.otherwise.text}` has no hours of its own, so it cannot be meant otherwise"
            known = ", ".join(f"`{entry.name}`" for entry in list(found.values())[:5])
            help = f"calendars with hours are {known}" if known else "declare a calendar with hours"
            self.findings.add("SLA0711", message, line.otherwise.span, help=help)
        choices = tuple((key, entry.number) for key, entry in sorted(found.items()))
        return CalendarSpec(name, named_by=line.of.key, choices=choices, otherwise=otherwise)

    def _weekly(self, lines: list[tree.WeekHours]) -> tuple[Hours, ...]:
        shut = {day for line in lines if not line.hours for day in _weekdays(line)}
        found: list[Hours] = []
        taken: dict[int, list[tuple[int, int, Span]]] = {}
        for line in lines:
            days = tuple(day for day in _weekdays(line) if day not in shut)
            spans = self._spans(line.hours)
            if days and spans:
                found.append(Hours(days, spans))
                for day in days:
                    taken.setdefault(day, []).extend((*span, line.span) for span in spans)
        for day, spans_of_day in sorted(taken.items()):
            if self._overlap(f"on {_WEEKDAYS[day]}", spans_of_day):
                break
        return tuple(found)

    def _spans(self, hours: tuple[tree.HoursSpan, ...]) -> Spans:
        spans = []
        for each in hours:
            if not (self._is_time(each.start) and self._is_time(each.end)):
                continue
            start, end = time_of_day_us(each.start), time_of_day_us(each.end)
            if start >= DAY_US:
                self.findings.add("SLA0706", "hours cannot begin at `24:00`", each.span, help="write `00:00`")
                continue
            if start == end > 0:
                message = f"`{self.context.text(each.span)}` is read as 24 hours, up to the same time of the next day"
                self.findings.add("SLA0713", message, each.span, help="write `00:00-24:00` for the whole day")
            spans.append((start, end if end > start else end + DAY_US))
        return tuple(spans)

    def _is_time(self, time: tree.TimeOfDay) -> bool:
        if is_time(time):
            return True
        self.findings.add("SLA0706", f"`{self.context.text(time.span)}` is no time of day", time.span)
        return False

    def _overlap(self, where: str, spans: list[tuple[int, int, Span]]) -> bool:
        ordered = sorted(spans, key=lambda span: span[:2])
        for (_, until, place), (start, _, again) in pairwise(ordered):
            if start < until:
                message = f"calendar `{self.entry.name}` has hours {where} that overlap"
                labels = () if place == again else ((place, "with these"),)
                self.findings.add("SLA0706", message, again, labels=labels)
                return True
        return False

    def _dated(self, lines: list[tree.OpenOn]) -> tuple[DatedHours, ...]:
        by_date: dict[str, list[tuple[int, int, Span]]] = {}
        for line in lines:
            spans = self._spans(line.hours)
            first, last = line.dates.first.value, line.dates.last.value
            if not self._in_order(line.dates):
                continue
            if (last - first).days >= _MOST_DATES:
                self.findings.add(
                    "SLA0710", "that is more than ten years of dates", line.dates.span, help="use weekly hours"
                )
                continue
            for offset in range((last - first).days + 1):
                date = (first + datetime.timedelta(days=offset)).isoformat()
                by_date.setdefault(date, []).extend((*span, line.span) for span in spans)
        for date, held in by_date.items():
            if self._overlap(f"on {date}", held):
                break
        return tuple(DatedHours(date, tuple(sorted(s[:2] for s in held))) for date, held in sorted(by_date.items()))

    def _in_order(self, dates: tree.DateRange) -> bool:
        if dates.first.value <= dates.last.value:
            return True
        message = f"`{self.context.text(dates.span)}` ends before it begins"
        self.findings.add("SLA0710", message, dates.span)
        return False

    def _closed(self, dates: tree.DateRange) -> ClosedDates | None:
        if not self._in_order(dates):
            return None
        return ClosedDates(dates.first.value.isoformat(), dates.last.value.isoformat())

    def _season(self, season: tree.Season) -> Season | None:
        sides: list[tuple[tuple[int, int], int | None]] = []
        for side in (season.start, season.until):
            if isinstance(side, tree.Date):
                sides.append(((side.value.month, side.value.day), side.value.year))
            elif 1 <= side.month <= 12 and 1 <= side.day <= _DAYS_IN_MONTH[side.month - 1]:
                sides.append(((side.month, side.day), None))
            else:
                self.findings.add("SLA0710", f"there is no `{self.context.text(side.span)}` in any year", side.span)
                return None
        (start, start_year), (end, end_year) = sides
        if start_year is not None and end_year is not None and (start_year, start) >= (end_year, end):
            self.findings.add("SLA0710", "the season ends before it begins", season.span)
            return None
        if start == end and start_year is None and end_year is None:
            self.findings.add("SLA0710", "the season ends where it begins", season.span)
            return None
        return Season(start, end, start_year, end_year, self._weekly(list(season.lines)))

    def _holidays(self, lines: list[tree.Holidays]) -> tuple[str, ...]:
        regions: dict[str, None] = {}
        for line in lines:
            for region in line.regions:
                if known_region(region):
                    regions[region] = None
                    continue
                near = nearest_regions(region)
                help = (
                    f"did you mean {' or '.join(f'`{each}`' for each in near)}?"
                    if near
                    else "e.g. `ES`, `ES-MD`, `DE-BE`"
                )
                place = _place_of(self.context, line, region)
                self.findings.add("SLA0705", f"unknown holiday region `{region}`", place, help=help)
        return tuple(regions)


def zone_of(context: Context, line: tree.ZoneLine) -> tuple[str | None, str | None, str | None]:
    """A zone line as (zone, attribute, fallback); an unknown zone is told and becomes the agreement's."""
    known = line.zone if line.zone and known_zone(line.zone) else None
    if line.zone and known is None:
        near = nearest_zones(line.zone)
        place = _place_of(context, line, line.zone)
        help = (
            f"did you mean {' or '.join(f'`{each}`' for each in near)}?"
            if near
            else "zones are named as `Europe/Madrid`"
        )
        fix = Fix(place, near[0]) if len(near) == 1 and place != line.span else None
        context.findings.add("SLA0704", f"unknown time zone `{line.zone}`", place, help=help, fix=fix)
    if line.of is None:
        return known, None, None
    return None, line.of.key, known or context.zone


def _place_of(context: Context, line: tree.Node, word: str) -> Span:
    """Where a word that has no node of its own stands in its line."""
    at = context.sources[line.span.source].slice(line.span).rfind(word)
    if at < 0:
        return line.span
    return Span(line.span.source, line.span.start + at, line.span.start + at + len(word))


def is_time(time: tree.TimeOfDay) -> bool:
    """Whether there is such a time of day; 24:00 is the end of one."""
    return (time.hour < 24 and time.minute < 60 and time.second < 60) or (time.hour, time.minute, time.second) == (
        24,
        0,
        0,
    )


def _weekdays(line: tree.WeekHours) -> tuple[int, ...]:
    days: dict[int, None] = {}
    for each in line.days:
        length = (each.last - each.first) % 7
        days.update(dict.fromkeys((each.first + offset) % 7 for offset in range(length + 1)))
    return tuple(sorted(days))
