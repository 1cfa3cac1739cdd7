"""What a case's past has held: the functions of section 9 of the language.

Takes:  occurrences (an instant and a value) as they come, in order.
Gives:  count, distinct, sum, first, last and since, over all of the past or a window of it.
Never:  keeps more occurrences than its window needs.
"""

from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sladsl.clock import Clock
from sladsl.evaluate.stream.values import Fault, exact


class Past:
    """One history function in one case."""

    __slots__ = ("count", "first", "kept", "last", "total", "values")

    def __init__(self) -> None:
        self.count = 0
        self.total: Any = 0  # a Fault once a value could not be read
        self.first: int | None = None
        self.last: int | None = None
        self.values: dict[Any, None] | None = None
        self.kept: deque[tuple[int, Any]] | None = None


class Functions:
    """How one history function is kept and read; `clock` and `ticks` are its window, or None."""

    def __init__(self, function: str, clock: Clock | None, ticks: int) -> None:
        self.function = function
        self.clock = clock
        self.ticks = ticks
        self.read: Callable[[Past | None, int], Any] = getattr(self, f"_{function}")

    def add(self, past: Past, us: int, value: Any) -> None:
        """One more occurrence; `value` is the counted field's, or None where it is missing, or a Fault."""
        if self.clock is not None:
            if past.kept is None:
                past.kept = deque()
            past.kept.append((us, value))
            return
        past.count += 1
        past.first = us if past.first is None else past.first
        past.last = us
        if self.function == "sum" and value is not None:
            if value.__class__ is Fault:
                past.total = value
            elif past.total.__class__ is not Fault:
                past.total += value
        elif self.function == "distinct" and value is not None:
            if past.values is None:
                past.values = {}
            past.values[value] = None

    def _window(self, past: Past, now: int) -> deque[tuple[int, Any]]:
        kept = past.kept or deque()
        assert self.clock is not None
        while kept and self.clock.measure(kept[0][0], now) >= self.ticks:
            kept.popleft()
        return kept

    def _count(self, past: Past | None, now: int) -> int:
        if past is None:
            return 0
        return past.count if self.clock is None else len(self._window(past, now))

    def _distinct(self, past: Past | None, now: int) -> int:
        if past is None:
            return 0
        if self.clock is None:
            return len(past.values or ())
        return len({value for _, value in self._window(past, now) if value is not None})

    def _sum(self, past: Past | None, now: int) -> int | Fraction:
        if past is None:
            return 0
        total: Any = past.total
        if self.clock is not None:
            total = 0
            for _, value in self._window(past, now):
                if value.__class__ is Fault:
                    raise value
                total += value if value is not None else 0
        if total.__class__ is Fault:
            raise total
        return exact(Fraction(total))

    def _first(self, past: Past | None, now: int) -> int | None:
        if past is None:
            return None
        if self.clock is None:
            return past.first
        kept = self._window(past, now)
        return kept[0][0] if kept else None

    def _last(self, past: Past | None, now: int) -> int | None:
        if past is None:
            return None
        if self.clock is None:
            return past.last
        kept = self._window(past, now)
        return kept[-1][0] if kept else None

    def _since(self, past: Past | None, now: int) -> int | None:
        last = self._last(past, now)
        return None if last is None else now - last
