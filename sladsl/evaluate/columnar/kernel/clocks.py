"""Clocks as breakpoints.

Takes:  clocks and points as sorted tables, instants.
Gives:  `measure`, `due`, `latest` and `point_due`, the same as those of `sladsl.clock`.
Never:  looks beyond what its tables cover; who fills them sees to that.
"""

# What stands in the memory has no type here; Numba knows it.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from typing import Any

from sladsl.evaluate.columnar.kernel.layout import (
    BUSINESS_DAYS,
    BUSINESS_TIME,
    EXACT,
    NONE,
)
from sladsl.evaluate.columnar.kernel.memory import (
    clock_edges,
    clock_ticks,
    clock_times,
    clocks,
    kernel,
    point_dues,
    point_starts,
    points,
)

TEN_YEARS_US = 3653 * 86_400_000_000


@kernel
def _last_at_most(table: Any, lo: int, hi: int, value: int) -> int:
    """The last place in table[lo:hi], which is sorted, that holds at most this; lo - 1 where none does."""
    while lo < hi:
        middle = (lo + hi) >> 1
        if table[middle] <= value:
            lo = middle + 1
        else:
            hi = middle
    return lo - 1


@kernel
def _read(m: int, clock: int, us: int) -> int:
    k = clocks(m, clock)
    times, ticks = clock_times(m), clock_ticks(m)
    first, end = k.first, k.first + k.count
    i = _last_at_most(times, first, end, us)
    if i < first:
        return ticks[first]
    if i + 1 < end and ticks[i + 1] == ticks[i]:
        return ticks[i]
    if i + 1 == end:
        return ticks[i]
    return ticks[i] + us - times[i]


@kernel
def measure(m: int, clock: int, a: int, b: int) -> int:
    """The ticks between two instants."""
    if clocks(m, clock).kind == EXACT:
        return b - a
    return _read(m, clock, b) - _read(m, clock, a)


@kernel
def _next_opening(m: int, clock: int, us: int) -> int:
    """The instant itself where its calendar is open, else the next opening; NONE where none comes within ten years."""
    k = clocks(m, clock)
    edges = clock_edges(m)
    end = k.edges + k.edge_count
    i = _last_at_most(edges, k.edges, end, us) + 1
    if (i - k.edges) & 1:
        return us
    if i < end and edges[i] <= us + TEN_YEARS_US:
        return int(edges[i])
    return NONE


@kernel
def is_open(m: int, clock: int, us: int) -> bool:
    """Whether the calendar of a clock is open."""
    k = clocks(m, clock)
    i = _last_at_most(clock_edges(m), k.edges, k.edges + k.edge_count, us) + 1
    return ((i - k.edges) & 1) == 1


@kernel
def due(m: int, clock: int, start: int, ticks: int) -> int:
    """The least instant from the start on by which so many ticks have passed; NONE where its calendar never comes to it."""
    k = clocks(m, clock)
    if k.kind == EXACT:
        return start + ticks if ticks > 0 else start
    if ticks <= 0:
        return _next_opening(m, clock, start) if k.kind == BUSINESS_DAYS else start
    if k.kind == BUSINESS_DAYS and _next_opening(m, clock, start) == NONE:
        return NONE
    target = _read(m, clock, start) + ticks
    first, end = k.first, k.first + k.count
    counts, times = clock_ticks(m), clock_times(m)
    i = _last_at_most(counts, first, end, target - 1) + 1
    if i == end:
        return NONE
    us = times[i]
    if i > first and times[i - 1] != us:
        us -= counts[i] - target
    if k.kind == BUSINESS_DAYS:
        us = _next_opening(m, clock, us)
    if us != NONE and us > start + TEN_YEARS_US and k.kind in (BUSINESS_TIME, BUSINESS_DAYS):
        return NONE
    return int(us)


@kernel
def latest(m: int, clock: int, until: int, ticks: int) -> int:
    """The greatest instant up to this from which so many ticks still pass; ten years before where a calendar has none."""
    k = clocks(m, clock)
    if ticks <= 0:
        return until
    if k.kind == EXACT:
        return until - ticks
    target = _read(m, clock, until) - ticks
    first, end = k.first, k.first + k.count
    counts, times = clock_ticks(m), clock_times(m)
    i = _last_at_most(counts, first, end, target)
    if i < first:
        return until - TEN_YEARS_US
    us = times[i]
    if i + 1 < end:
        if times[i + 1] == us:  # at the jump it has more already
            us -= 1
        else:
            us += target - counts[i]
    return int(max(min(us, until), until - TEN_YEARS_US))


@kernel
def point_due(m: int, table: int, start: int) -> int:
    """The due of a point in time for a start; NONE where no such date comes within ten years."""
    p = points(m, table)
    i = _last_at_most(point_starts(m), p.first, p.first + p.count, start)
    return int(point_dues(m)[max(i, p.first)])
