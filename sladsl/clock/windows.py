"""Reporting periods: days, weeks, months, quarters, years, and rolling ones.

Takes:  a `WindowSpec`, instants, the agreement's zone.
Gives:  windows with a name, a start and an end; fast look-up of the window of an instant.
Never:  depends on which windows were asked for before.
"""

from collections.abc import Callable
from functools import lru_cache

from attrs import frozen

from sladsl.clock.amounts import DAY_US, HOUR_US
from sladsl.clock.dates import civil, date_text, day_number, day_of, weekday, year_text
from sladsl.clock.offsets import offsets_of

_REMEMBERED = 100_000


@frozen
class WindowSpec:
    """`unit` is `day`, `week`, `month`, `quarter`, `year` or `rolling`; `days` counts for rolling ones (else 0)."""

    unit: str
    days: int = 0


@frozen
class Window:
    """A half-open stretch of time with its name.

    Names are `2026-01-05`, `2026-W03`, `2026-01`, `2026-Q1`, `2026`; a rolling window has the name of its last date.
    """

    name: str
    start_us: int
    end_us: int


class Windows:
    """The windows of a spec in a zone, numbered in order of time without a gap.

    A window starts at the first instant of its first date: at midnight, or at the clock change that skipped it.
    Rolling windows overlap; here an instant belongs to the one that is judged at the end of its date.
    """

    __slots__ = ("_bounds", "_hours", "_offsets", "spec")

    def __init__(self, spec: WindowSpec, zone: str) -> None:
        if spec.unit not in _FIRST_DAY or (spec.unit == "rolling") != (spec.days > 0):
            raise ValueError(f"there is no window of {spec.days} days per {spec.unit}")
        self.spec = spec
        self._offsets = offsets_of(zone)
        self._bounds: dict[int, int] = {}
        # the window of each hour of UTC that has been asked for and lies in one window
        self._hours: dict[int, int] = {}

    def index(self, us: int) -> int:
        """The number of the window that holds the instant."""
        hour = us // HOUR_US
        known = self._hours.get(hour)
        if known is not None:
            return known
        number = self._number_of_day((us + self._offsets.at(us)) // DAY_US)
        # a clock set back over midnight shows the old date again, but the window has begun
        while us >= self._start(number + 1):
            number += 1
        while us < self._start(number):
            number -= 1
        if self._start(number) <= hour * HOUR_US and (hour + 1) * HOUR_US <= self._start(number + 1):
            if len(self._hours) >= _REMEMBERED:
                self._hours.clear()
            self._hours[hour] = number
        return number

    def window(self, number: int) -> Window:
        """The window of a number."""
        start = number - self.spec.days + 1 if self.spec.unit == "rolling" else number
        return Window(self._name(number), self._start(start), self._start(number + 1))

    def number_of(self, name: str) -> int:
        """The number of the window with this name. Raises ValueError where there is none."""
        year, _, part = name[1:].partition("-")
        year = name[:1] + year
        match self.spec.unit:
            case "week":
                return _week_of_year(int(year), int(part.removeprefix("W")))
            case "month":
                return int(year) * 12 + int(part) - 1
            case "quarter":
                return int(year) * 4 + int(part.removeprefix("Q")) - 1
            case "year":
                return int(year)
        return day_of(name)

    def starts(self, lo_us: int, hi_us: int) -> list[int]:
        """The starts of the windows that touch [lo, hi), in order, with the end of the last behind them.

        A window is found by bisection: the instant's place among the starts, counted from `index(lo_us)`.
        """
        first, last = self.index(lo_us), self.index(max(lo_us, hi_us - 1))
        return [self._start(number) for number in range(first, last + 2)]

    def _number_of_day(self, day: int) -> int:
        match self.spec.unit:
            case "day" | "rolling":
                return day
            case "week":
                return (day + 3) // 7
        year, month, _ = civil(day)
        match self.spec.unit:
            case "month":
                return year * 12 + month - 1
            case "quarter":
                return year * 4 + (month - 1) // 3
        return year

    def _start(self, number: int) -> int:
        bound = self._bounds.get(number)
        if bound is None:
            if len(self._bounds) >= _REMEMBERED:
                self._bounds.clear()
            bound = self._offsets.resolve(_FIRST_DAY[self.spec.unit](number) * DAY_US).first
            self._bounds[number] = bound
        return bound

    def _name(self, number: int) -> str:
        match self.spec.unit:
            case "day" | "rolling":
                return date_text(number)
            case "week":
                thursday = number * 7
                year = civil(thursday)[0]
                return f"{year_text(year)}-W{(thursday - day_number(year, 1, 1)) // 7 + 1:02d}"
            case "month":
                return f"{year_text(number // 12)}-{number % 12 + 1:02d}"
            case "quarter":
                return f"{year_text(number // 4)}-Q{number % 4 + 1}"
        return year_text(number)


def window_at(spec: WindowSpec, us: int, zone: str) -> Window:
    """The window that holds an instant; for rolling ones the one judged at the end of the instant's date.

    >>> window_at(WindowSpec("quarter"), 1772438400000000, "Europe/Madrid").name
    '2026-Q1'
    """
    windows = windows_of(spec, zone)
    return windows.window(windows.index(us))


def next_window(spec: WindowSpec, window: Window, zone: str) -> Window:
    """The window after this one, dates that the zone skips left out; rolling ones move on by one date."""
    windows = windows_of(spec, zone)
    number = windows.number_of(window.name) + 1
    found = windows.window(number)
    # Pacific/Apia had no 2011-12-30: its day is no window at all, nor the end of a rolling one
    while found.end_us == window.end_us:
        number += 1
        found = windows.window(number)
    return found


def rolling_at(spec: WindowSpec, date: str, zone: str) -> Window:
    """The rolling window judged at the end of `date`: the N dates up to it, named by it."""
    return windows_of(spec, zone).window(day_of(date))


@lru_cache(maxsize=256)
def windows_of(spec: WindowSpec, zone: str) -> Windows:
    """The windows of a spec in a zone, one object for both. Raises ValueError for an unknown unit."""
    return Windows(spec, zone)


def _week_of_year(year: int, week: int) -> int:
    fourth = day_number(year, 1, 4)
    return (fourth - weekday(fourth) + 3) // 7 + week - 1


_FIRST_DAY: dict[str, Callable[[int], int]] = {
    "day": lambda number: number,
    "rolling": lambda number: number,
    "week": lambda number: number * 7 - 3,
    "month": lambda number: day_number(number // 12, number % 12 + 1, 1),
    "quarter": lambda number: day_number(number // 4, number % 4 * 3 + 1, 1),
    "year": lambda number: day_number(number, 1, 1),
}
