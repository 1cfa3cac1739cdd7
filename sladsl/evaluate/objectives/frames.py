"""The windows of an objective, and the cells that its figures are kept in until a window is read.

Takes:  a window spec, the agreement's zone, instants.
Gives:  `Frames`: the cell of an instant, and the windows to judge; `Spread`, time spread over cells.
Never:  keeps more than a few numbers for each cell, however much time is added.

A cell is a calendar window itself; rolling windows overlap, so their cells are the dates, and a window is so many of them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from attrs import frozen

from sladsl.clock import Clock, Window, Windows, WindowSpec

# Of one objective no more windows than these are judged, the last ones: 27 years of days. Where there are more, some date
# of the log is a mistake, or stands for none (0001-01-01), and nobody could read the rest.
MOST_WINDOWS = 10_000


@frozen
class Frame:
    """One window to judge: its own number (that of its last cell), the cells in it, and whether it has ended at as-of."""

    number: int
    cells: range
    window: Window
    as_of_us: int
    ended: bool


class Frames:
    """The windows of a spec in a zone."""

    def __init__(self, spec: WindowSpec, zone: str) -> None:
        self.windows = Windows(spec, zone)
        self.days = max(1, spec.days)
        self._cells = Windows(WindowSpec("day"), zone) if spec.days else self.windows
        self.cell = self.windows.index
        self._starts: dict[int, int] = {}

    def start(self, cell: int) -> int:
        """The first instant of a cell."""
        found = self._starts.get(cell)
        if found is None:
            if len(self._starts) > 100_000:
                self._starts.clear()
            found = self._starts[cell] = self._cells.window(cell).start_us
        return found

    def frame(self, number: int, as_of_us: int) -> Frame:
        """One window as of an instant."""
        window = self.windows.window(number)
        return Frame(number, range(number - self.days + 1, number + 1), window, as_of_us, window.end_us <= as_of_us)

    def in_force(self, number: int, first_us: int, as_of_us: int, effective: tuple[int | None, int | None]) -> bool:
        """Whether a window is one of those that `listed` gives."""
        since, until = effective
        if since is not None and since > first_us:
            first_us = since
        if not self.cell(first_us) <= number <= self.cell(as_of_us - 1) or self.start(number) == self.start(number + 1):
            return False
        end_us = self.start(number + 1)
        return (since is None or end_us > since) and (until is None or end_us <= until)

    def listed(
        self, first_us: int, as_of_us: int, effective: tuple[int | None, int | None], wanted: set[int] | None = None
    ) -> Iterator[Frame]:
        """The windows from that of the first event to that of the last instant before as-of, which end in the effective period.

        A window ends in it where its last instant lies in it. `wanted`: only those with these numbers; None: all. Of more
        than MOST_WINDOWS the last.
        """
        since, until = effective
        for number in self._numbers(first_us, as_of_us, since, wanted)[-MOST_WINDOWS:]:
            # a date that the zone skips (Pacific/Apia, 2011-12-30) is no window, nor the end of one
            if self.start(number) == self.start(number + 1):
                continue
            frame = self.frame(number, as_of_us)
            if (since is None or frame.window.end_us > since) and (until is None or frame.window.end_us <= until):
                yield frame

    def left_out(
        self, first_us: int, as_of_us: int, effective: tuple[int | None, int | None], wanted: set[int] | None = None
    ) -> int:
        """How many windows `listed` leaves out because there are too many."""
        return max(0, len(self._numbers(first_us, as_of_us, effective[0], wanted)) - MOST_WINDOWS)

    def _numbers(self, first_us: int, as_of_us: int, since: int | None, wanted: set[int] | None) -> Sequence[int]:
        if since is not None and since > first_us:
            first_us = since
        numbers = range(self.cell(first_us), self.cell(as_of_us - 1) + 1)
        return numbers if wanted is None else sorted(n for n in wanted if n in numbers)


class Grid:
    """Cells of equal length: what burn rates are kept in."""

    def __init__(self, step_us: int) -> None:
        self.step_us = step_us

    def cell(self, us: int) -> int:
        """The cell of an instant."""
        return us // self.step_us

    def start(self, cell: int) -> int:
        """The first instant of a cell."""
        return cell * self.step_us


class Spread:
    """An amount of time, on a clock, by cell: stretches are added whole and are cut at the edges of the cells.

    What lies over several cells is kept as a beginning, an end, and how many stretches cover the cells between.
    """

    __slots__ = ("_clock", "_cover", "_covered", "_frames", "_keys", "_part")

    def __init__(self, frames: Frames | Grid, clock: Clock) -> None:
        self._frames = frames
        self._clock = clock
        self._part: dict[int, int] = {}
        self._cover: dict[int, int] = {}
        self._keys: list[int] | None = None
        self._covered: list[int] = []

    @classmethod
    def of(cls, frames: Frames | Grid, clock: Clock, part: dict[int, int], cover: dict[int, int]) -> "Spread":
        """What has been added up elsewhere: ticks by cell, and how many stretches more or fewer cover cells from one on."""
        found = cls(frames, clock)
        found._part, found._cover = part, cover
        return found

    def add(self, a_us: int, b_us: int) -> None:
        """Add [a, b)."""
        if a_us >= b_us:
            return
        frames, part, measure = self._frames, self._part, self._clock.measure
        i, j = frames.cell(a_us), frames.cell(b_us - 1)
        if i == j:
            part[i] = part.get(i, 0) + measure(a_us, b_us)
            return
        part[i] = part.get(i, 0) + measure(a_us, frames.start(i + 1))
        part[j] = part.get(j, 0) + measure(frames.start(j), b_us)
        if j - i > 1:
            cover = self._cover
            cover[i + 1] = cover.get(i + 1, 0) + 1
            cover[j] = cover.get(j, 0) - 1
            self._keys = None

    def covered(self, cell: int) -> int:
        """How many stretches cover the whole cell without beginning or ending in it."""
        if self._keys is None:
            self._keys = sorted(self._cover)
            self._covered = list(accumulate(self._cover[key] for key in self._keys))
        place = bisect_right(self._keys, cell)
        return self._covered[place - 1] if place else 0

    def amount(self, cell: int) -> int:
        """Ticks in a cell."""
        found = self._part.get(cell, 0)
        covered = self.covered(cell)
        if covered:
            found += covered * self._clock.measure(self._frames.start(cell), self._frames.start(cell + 1))
        return found

    def add_from(self, a_us: int, by: int = 1) -> None:
        """Add [a, ∞); with `by` -1 take it away. Whoever reads takes off what lies after now."""
        frames, part, cover = self._frames, self._part, self._cover
        i = frames.cell(a_us)
        part[i] = part.get(i, 0) + by * self._clock.measure(a_us, frames.start(i + 1))
        cover[i + 1] = cover.get(i + 1, 0) + by
        self._keys = None

    def forget(self, before: int) -> None:
        """Cells before this one are not asked for any more."""
        for cell in [cell for cell in self._part if cell < before]:
            del self._part[cell]
        old = [cell for cell in self._cover if cell < before]
        if old:
            self._cover[before] = self._cover.get(before, 0) + sum(self._cover.pop(cell) for cell in old)
            self._keys = None

    def save(self) -> Any:
        """The amounts, as JSON can hold them."""
        return [
            [[cell, amount] for cell, amount in sorted(part.items()) if amount] for part in (self._part, self._cover)
        ]

    def load(self, state: Any) -> None:
        """The same, back."""
        self._part, self._cover = (dict(part) for part in state)
        self._keys = None

    def edges(self) -> set[int]:
        """The cells between which the amount is the same from one to the next."""
        return {*self._part, *(cell + 1 for cell in self._part), *self._cover}
