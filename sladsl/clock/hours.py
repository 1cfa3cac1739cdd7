"""Which hours a date has.

Takes:  a `CalendarSpec`.
Gives:  for each date the stretches of its wall-clock day that are open.
Never:  knows zones or instants.
"""

from sladsl.clock.amounts import DAY_US
from sladsl.clock.dates import civil, day_of
from sladsl.clock.holiday_data import holidays_of
from sladsl.clock.specs import CalendarSpec, Hours, Season

Spans = tuple[tuple[int, int], ...]


def merged(spans: Spans) -> Spans:
    """The same open time in order, as stretches that do not touch each other.

    >>> merged(((9, 12), (11, 13), (15, 15)))
    ((9, 13),)
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _week(lines: tuple[Hours, ...]) -> tuple[Spans, ...]:
    """Seven dates' hours, monday first; several lines about one weekday add up."""
    return tuple(
        merged(tuple(span for line in lines if day in line.weekdays for span in line.spans)) for day in range(7)
    )


def _holds(season: Season, year: int, month_day: tuple[int, int]) -> bool:
    """Whether the season holds on this date; where only one side names a year, the other is the nearest to it."""
    start, end = season.start, season.end
    start_year, end_year = season.start_year, season.end_year
    if start_year is None and end_year is None:
        if start <= end:
            return start <= month_day < end
        return month_day >= start or month_day < end
    if start_year is None:
        assert end_year is not None
        start_year = end_year if start < end else end_year - 1
    if end_year is None:
        end_year = start_year if start < end else start_year + 1
    return (start_year, start) <= (year, month_day) < (end_year, end)


class DateHours:
    """The hours of every date of a calendar.

    A dated line wins over holidays and closed dates, these over a season, a season over the weekly lines. Of two
    seasons that hold on one date the one that names a year wins, else the one written last.
    """

    __slots__ = ("_closed", "_dated", "_regions", "_seasons", "_week", "longest_us")

    def __init__(self, spec: CalendarSpec) -> None:
        self._week = _week(spec.weekly)
        by_rank = sorted(spec.seasons, key=lambda season: season.start_year is not None or season.end_year is not None)
        self._seasons = [(season, _week(season.weekly)) for season in reversed(by_rank)]
        self._closed = [(day_of(closed.first), day_of(closed.last)) for closed in spec.closed]
        dated: dict[int, Spans] = {}
        for line in spec.dated:
            day = day_of(line.date)
            dated[day] = merged(dated.get(day, ()) + line.spans)
        self._dated = dated
        self._regions = spec.holidays
        weeks = [self._week, *(week for _, week in self._seasons), tuple(dated.values())]
        self.longest_us = max((end for week in weeks for spans in week for _, end in spans), default=DAY_US)

    def between(self, lo: int, hi: int) -> list[Spans]:
        """The hours of the dates in [lo, hi), one after the other."""
        week = self._week
        found = [week[(day + 3) % 7] for day in range(lo, hi)]
        if self._seasons:
            for day in range(lo, hi):
                year, month, number = civil(day)
                for season, hours in self._seasons:
                    if _holds(season, year, (month, number)):
                        found[day - lo] = hours[(day + 3) % 7]
                        break
        for first, last in self._closed:
            for day in range(max(first, lo), min(last + 1, hi)):
                found[day - lo] = ()
        for day in self._holidays(lo, hi):
            found[day - lo] = ()
        for day, spans in self._dated.items():
            if lo <= day < hi:
                found[day - lo] = spans
        return found

    def repeats(self, lo: int, hi: int) -> bool:
        """Whether on the dates in [lo, hi) nothing stands but weekly lines and seasons that come every year."""
        if any(first < hi and last >= lo for first, last in self._closed) or any(lo <= day < hi for day in self._dated):
            return False
        first_year, last_year = civil(lo)[0], civil(hi - 1)[0]
        for season, _ in self._seasons:
            named = [year for year in (season.start_year, season.end_year) if year is not None]
            if named and min(named) - 1 <= last_year and max(named) + 1 >= first_year:
                return False
        return not self._holidays(lo, hi)

    def holiday(self, day: int) -> str | None:
        """The name of the holiday on this date, of the first region that has one."""
        year = civil(day)[0]
        for region in self._regions:
            name = holidays_of(region, year).get(day)
            if name is not None:
                return name
        return None

    def _holidays(self, lo: int, hi: int) -> list[int]:
        if not self._regions:
            return []
        years = range(civil(lo)[0], civil(hi - 1)[0] + 1)
        days = (day for region in self._regions for year in years for day in holidays_of(region, year))
        return [day for day in days if lo <= day < hi]
