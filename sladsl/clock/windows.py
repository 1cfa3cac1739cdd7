"""Reporting periods: days, weeks, months, quarters, years, and rolling ones.

Takes:  a `WindowSpec`, instants, the agreement's zone.
Gives:  windows with a name, a start and an end; fast look-up of the window of an instant.
Never:  depends on which windows were asked for before.
"""

from attrs import frozen


@frozen
class WindowSpec:
    """`unit` is `day`, `week`, `month`, `quarter`, `year` or `rolling`; `days` counts for rolling ones only (else 0)."""

    unit: str
    days: int = 0


@frozen
class Window:
    """A half-open stretch of time with its name: `2026-01-05`, `2026-W03`, `2026-01`, `2026-Q1`, `2026`."""

    name: str
    start_us: int
    end_us: int


def window_at(spec: WindowSpec, us: int, zone: str) -> Window:
    """The window that holds an instant; for rolling ones the one judged at the end of the instant's date."""
    raise NotImplementedError


def next_window(spec: WindowSpec, window: Window, zone: str) -> Window:
    """The window after this one; rolling ones move on by one date."""
    raise NotImplementedError


def rolling_at(spec: WindowSpec, date: str, zone: str) -> Window:
    """The rolling window judged at the end of `date`: the N dates up to it, named by it."""
    raise NotImplementedError


class Windows:
    """The windows of a spec in a zone, numbered: every instant of window n has `index` n, the next window n + 1."""

    def __init__(self, spec: WindowSpec, zone: str) -> None:
        raise NotImplementedError

    def index(self, us: int) -> int:
        """The number of the window that holds the instant."""
        raise NotImplementedError

    def window(self, index: int) -> Window:
        """The window of a number."""
        raise NotImplementedError

    def starts(self, lo_us: int, hi_us: int) -> list[int]:
        """The starts of the windows that touch [lo, hi), in order, with the end of the last behind them."""
        raise NotImplementedError
