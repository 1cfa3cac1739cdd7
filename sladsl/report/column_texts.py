"""Columns of instants and of elapsed times as columns of texts.

Takes:  numpy arrays of microseconds.
Gives:  `iso_texts`, `elapsed_texts`: Arrow arrays of the same texts as `iso` and `elapsed_text` give one by one.
Never:  gives a text that they would not give: what is out of the ordinary is handed to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sladsl.clock import ClockKind, iso
from sladsl.clock.offsets import offsets_of
from sladsl.report.words import elapsed_text

_SECOND, _MINUTE, _HOUR, _DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
_TABLE_AT_MOST = 1_000
_YEAR_1000, _YEAR_9999 = -30_610_224_000_000_000, 253_370_764_800_000_000  # as far as dates have four digits


def iso_texts(us: Any, there: Any, zone: str) -> Any:
    """Instants in ISO 8601 with the zone's offset; "" where there is none.

    Args:
        us: microseconds UTC. there: a truth for each, whether there is one.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute as pc

    asked = us[there]
    if not len(asked):
        return pa.array([""] * len(us), pa.string())
    lo, hi = int(asked.min()), int(asked.max())
    if lo < _YEAR_1000 + _DAY or hi > _YEAR_9999 - _DAY:
        found = (iso(one, zone) if known else "" for one, known in zip(us.tolist(), there.tolist(), strict=True))
        return pa.array(found, pa.string())
    changes = offsets_of(zone).changes(lo + 1, hi + 1)
    offsets = [offsets_of(zone).at(lo), *(change.after for change in changes)]
    which = np.searchsorted(np.array([change.us for change in changes], np.int64), us, side="right")
    # What follows the seconds, as `iso` writes it at some instant with that offset and without a fraction.
    moments = [lo, *(change.us for change in changes)]
    tails = [iso(moment - moment % _SECOND, zone)[19:] for moment in moments]
    seconds, fraction = np.divmod(np.where(there, us, lo) + np.array(offsets, np.int64)[which], _SECOND)
    parts = [
        pc.strftime(pa.array(seconds).cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S"),
        *_fractions(fraction),
        pa.array(tails, pa.string()).take(pa.array(which)),
    ]
    texts = pc.binary_join_element_wise(*parts, "")
    return pc.if_else(pa.array(there), texts, "")


def _fractions(fraction: Any) -> list[Any]:
    import pyarrow as pa
    from pyarrow import compute as pc

    if not fraction.any():
        return []
    digits = pc.utf8_lpad(pa.array(fraction).cast(pa.string()), 6, "0")
    return [pc.if_else(pa.array(fraction > 0), pc.binary_join_element_wise(".", digits, ""), "")]


def elapsed_texts(ticks: Any, is_business: Any, there: Any) -> Any:
    """Elapsed times with nothing left out; "" where there is none.

    Args:
        ticks: microseconds of a clock. is_business: for each, whether that clock is one of business time.
        there: a truth for each, whether there is one.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute as pc

    asked = np.where(there, ticks, 0)
    if len(asked) and int(asked.min()) < 0:
        kinds = (ClockKind.BUSINESS_TIME if one else ClockKind.EXACT for one in is_business.tolist())
        each = zip(asked.tolist(), kinds, there.tolist(), strict=True)
        return pa.array((elapsed_text(one, kind) if known else "" for one, kind, known in each), pa.string())
    days, rest = np.divmod(asked, _DAY)
    days = np.where(is_business, 0, days)
    hours = np.where(is_business, asked, rest) // _HOUR
    minutes, below = np.divmod(asked % _HOUR, _MINUTE)
    # Less than a millisecond alone, or after days or the hours of business time that are no part of a day: in µs.
    in_micros = (below < 1_000) & (minutes == 0) & ((hours == 0) | (is_business & (hours >= 24)))
    nothing = (days == 0) & (hours == 0) & (minutes == 0) & (below == 0)
    parts = [
        _worded(days, days > 0, "{}d".format),
        _worded(hours, hours > 0, "{}h".format),
        _worded(minutes, minutes > 0, "{}m".format),
        _below_a_minute(below, (below != 0) | nothing, in_micros & (below > 0)),
    ]
    texts = pc.binary_join_element_wise(*parts, " ", null_handling="skip")
    return pc.if_else(pa.array(there), texts, "")


def _below_a_minute(us: Any, there: Any, in_micros: Any) -> Any:
    """Seconds with their fraction, or microseconds."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute as pc

    seconds, fraction = np.divmod(us, _SECOND)
    if fraction.any():
        digits = pc.utf8_lpad(pa.array(fraction).cast(pa.string()), 6, "0")
        ends = pc.if_else(pa.array(fraction > 0), pc.binary_join_element_wise(".", pc.utf8_rtrim(digits, "0"), ""), "")
        texts = pc.binary_join_element_wise(_worded(seconds, there, str), ends, "s", "")
    else:
        texts = _worded(seconds, there, "{}s".format)
    return pc.if_else(pa.array(in_micros), _worded(np.where(in_micros, us, 0), in_micros, "{}µs".format), texts)


def _worded(numbers: Any, there: Any, word: Callable[[int], str]) -> Any:
    """A text for each number, none below 0, made once for equal ones; none where it is not there."""
    import numpy as np
    import pyarrow as pa

    most = int(numbers.max(initial=0))
    if most < _TABLE_AT_MOST:  # each is its own place in a table
        different, places = np.arange(most + 1), numbers
    else:
        different, places = np.unique(numbers, return_inverse=True)
    texts = pa.array([word(number) for number in different.tolist()], pa.string())
    return texts.take(pa.array(places.reshape(-1).astype(np.int32), mask=~there))
