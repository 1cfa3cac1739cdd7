"""Targets: durations and points in time on their calendars (sections 3 and 6).

Takes:  durations and points of the tree, the scope, the calendar that the clause names.
Gives:  Target; a complaint where business time has no calendar, or a calendar no business time.
Never:  falls back on 24x7.
"""

from __future__ import annotations

from attrs import define

from sladsl.checked.calendars import business_hours, calendar_named, is_time
from sladsl.checked.context import Context
from sladsl.checked.program import Target
from sladsl.checked.scopes import CalendarEntry, Scope
from sladsl.checked.values import DAY_US, amount_of, time_of_day_us
from sladsl.clock import CalendarSpec, ClockKind, Hours, Point
from sladsl.syntax import tree
from sladsl.text import Fix, Span

EVERY_DATE = "calendar days"
_BUSINESS = (ClockKind.BUSINESS_TIME, ClockKind.BUSINESS_DAYS)


def every_date_spec() -> CalendarSpec:
    """Every date from 00:00 to 24:00, for points on calendar days."""
    return CalendarSpec(EVERY_DATE, (Hours((0, 1, 2, 3, 4, 5, 6), ((0, DAY_US),)),))


@define
class Targets:
    """The targets of one clause or objective.

    Args:
        named: the calendar of its `in CALENDAR`, or None.
        served: whether that calendar has been used by a business unit.
    """

    context: Context
    scope: Scope
    named: tree.Name | None = None
    served: bool = False

    def number_of_named(self) -> int | None:
        """The number of the calendar that the clause names."""
        return calendar_named(self.context, self.scope, self.named) if self.named else None

    def amount(self, duration: tree.Duration, own: tree.Name | None = None) -> Target | None:
        """The target of a duration; `own` is the calendar said right beside it."""
        amount = amount_of(duration, self.context.findings)
        if amount is None:
            return None
        if amount.kind not in _BUSINESS:
            if own is not None:
                self._no_business_time(own, duration)
                return None
            return Target(amount, written=duration.written, span=duration.span)
        calendar = self.calendar(duration.span, duration.written, own)
        if calendar is None:
            return None
        if amount.kind is ClockKind.BUSINESS_DAYS and self._crosses_midnight(calendar, duration):
            return None
        return Target(amount, calendar=calendar, written=duration.written, span=duration.span)

    def headline(self, duration: tree.Duration, own: tree.Name | None = None) -> Target | None:
        """The same of a headline or a row, where `2 days` beside a calendar deserve a remark."""
        target = self.amount(duration, own)
        if target is not None:
            self._days_are_hours(duration)
        return target

    def calendar(self, span: Span, written: str, own: tree.Name | None = None) -> int | None:
        """The calendar of a business unit: the one said beside it, the clause's, or that of the business hours."""
        name = own or self.named
        if name is not None:
            self.served = self.served or own is None
            return calendar_named(self.context, self.scope, name)
        number, said = business_hours(self.scope)
        if number is None and not said and not self.context.told_of_no_calendar:
            self.context.told_of_no_calendar = True
            known = list(self.scope.calendar_names())
            help = "declare a `calendar` with its hours, and say which is meant: `business hours = office`"
            if len(known) == 1:
                help = f"add a line `business hours = {known[0]}`, or say `in {known[0]}` here"
            elif known:
                some = ", ".join(f"`{name}`" for name in known[:5]) + (" …" if len(known) > 5 else "")
                help = f"say which is meant of {some}: a line `business hours = {known[0]}`, or `in {known[0]}` here"
            message = f"`{written}` needs a calendar, and none is in scope"
            self.context.findings.add("SLA0702", message, span, help=help)
        return number

    def by_time(self, form: tree.ByTime) -> Target | None:
        """`by 18:00 next business day cutoff 14:00`."""
        return self._point(form, form.time, form.day, form.cutoff)

    def by_end(self, form: tree.ByEnd) -> Target | None:
        """`by end of same business day`."""
        return self._point(form, None, form.day, form.cutoff)

    def tell_if_unserved(self, durations: list[tree.Duration]) -> None:
        """Complain about an `in CALENDAR` that no business unit of the clause uses."""
        if self.named is None or self.served:
            return
        if self.number_of_named() is None:
            return
        self._no_business_time(self.named, durations[0] if durations else None)

    def _point(
        self, form: tree.Node, time: tree.TimeOfDay | None, day: tree.DaySpec | None, cutoff: tree.TimeOfDay | None
    ) -> Target | None:
        context = self.context
        for each in (time, cutoff):
            if each is not None and not is_time(each):
                context.findings.add("SLA0706", f"`{context.text(each.span)}` is no time of day", each.span)
                return None
        written = context.text(form.span)
        at = time_of_day_us(time) if time else None
        before = time_of_day_us(cutoff) if cutoff else None
        if day is None:
            if cutoff is not None:
                message = "a cut-off needs a business day, and this time has none"
                context.findings.add(
                    "SLA0308", message, cutoff.span, help="e.g. `by 18:00 same business day cutoff 14:00`"
                )
                return None
            return Target(point=Point(at, "plain"), written=written, span=form.span)
        if day.nth < 0:
            message = f"`{context.text(day.span)}` is no date: counting begins at 1"
            context.findings.add("SLA0213", message, day.span)
        if day.nth > 10_000:
            context.findings.add("SLA0213", f"`{context.text(day.span)}` is too far away", day.span)
            return None
        which = ("same", "next")[max(day.nth, 0)] if day.nth < 2 else "nth"
        point = Point(at, which, max(day.nth, 1), before)
        business = day.kind == "business"
        calendar = self.calendar(day.span, context.text(day.span)) if business else self._every_date()
        return None if calendar is None else Target(point=point, calendar=calendar, written=written, span=form.span)

    def _every_date(self) -> int:
        for number, spec in self.context.specs.items():
            if spec == every_date_spec():
                return number
        place = Span(self.context.source.name, 0, 0)
        nothing = tree.Calendar(tree.Name((), span=place), span=place)
        entry = CalendarEntry(EVERY_DATE, place, self.context.root, statement=nothing, used=True)
        entry.number = len(self.context.calendars)
        self.context.calendars.append(entry)
        self.context.specs[entry.number] = every_date_spec()
        return entry.number

    def _crosses_midnight(self, calendar: int, duration: tree.Duration) -> bool:
        named = self.context.calendars[calendar]
        spec = self.context.specs.get(calendar)
        numbers = [number for _, number in spec.choices] if spec is not None and spec.named_by else [calendar]
        specs = self.context.specs
        crossing = next((n for n in numbers if n in specs and specs[n].crosses_midnight), None)
        if crossing is None:
            return False
        entry = self.context.calendars[crossing]
        stands_for = "" if entry is named else f"calendar `{named.name}` may stand for `{entry.name}`, and "
        message = f"{stands_for}calendar `{entry.name}` has hours across midnight, so it cannot count business days"
        if stands_for:
            message = f"{stands_for}that has hours across midnight, so it cannot count business days"
        help = "use business hours, or end its hours at `24:00` and go on from `00:00` on the next day"
        labels = ((entry.span, "declared here"),)
        self.context.findings.add("SLA0707", message, duration.span, help=help, labels=labels)
        return True

    def _no_business_time(self, calendar: tree.Name, duration: tree.Duration | None) -> None:
        context = self.context
        message = f"`in {calendar.text}` says nothing of time that is not business time"
        help, fix = "leave it out", None
        if duration is not None:
            message = f"`{duration.written}` is not business time, so `in {calendar.text}` says nothing of it"
            business = as_business(duration)
            if business:
                help, fix = f"write `{business}`", Fix(duration.span, business)
        context.findings.add("SLA0703", message, calendar.span, help=help, fix=fix)

    def _days_are_hours(self, duration: tree.Duration) -> None:
        if duration.kind != "exact" or not any(part.unit in ("day", "week") for part in duration.parts):
            return
        if self.named is None and not business_hours_in_sight(self.scope):
            return
        amount = amount_of(duration, self.context.findings)
        hours = amount.ticks // 3_600_000_000 if amount else 0
        message = f"`{duration.written}` is {hours} hours of real time, nights and weekends included"
        help = "`business days` leave out closed dates, `calendar days` count dates"
        self.context.findings.add("SLA0214", message, duration.span, help=help)


def business_hours_in_sight(scope: Scope) -> bool:
    """Whether a block or file in sight says which calendar is meant."""
    return any(block.business_hours is not None for block in scope.chain())


def as_business(duration: tree.Duration) -> str:
    """The same duration in business units: `15 business minutes`; "" where it would not be one unit."""
    if len(duration.parts) != 1 or duration.kind == "calendar":
        return ""
    part = duration.parts[0]
    if part.unit not in ("second", "minute", "hour", "day"):
        return ""
    return f"{part.value} business {part.unit}{'' if part.value == 1 else 's'}"
