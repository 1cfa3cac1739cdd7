"""Read an instant from what stands in a log.

Takes:  a text, the zone for times without an offset, and where the author gave them a format or a unit.
Gives:  `Reading`: the instant, what was odd about it, or why it could not be read.
Never:  raises for a text, depends on a locale, or rounds: finer fractions than microseconds are cut.
"""

from typing import NamedTuple


class Reading(NamedTuple):
    """What was read: `us` is None exactly where `problem` says why.

    `note` is empty, `skipped` or `repeated` (see `local_to_us`); `date_only` tells that no time of day stood there.
    """

    us: int | None
    note: str = ""
    date_only: bool = False
    problem: str = ""


def read_instant(
    text: str, zone: str, format: str | None = None, unit: str | None = None, end_of_day: bool = False
) -> Reading:
    """Read one instant; without `format` or `unit` it is ISO 8601 in its usual variants.

    `unit` is `s`, `ms`, `us` or `ns` since 1970. `end_of_day` makes a date without a time its last microsecond.
    """
    raise NotImplementedError


def format_problem(format: str) -> str:
    """What is wrong with a format (`%d/%m/%Y %H:%M`), in words for its author; empty where nothing is."""
    raise NotImplementedError
