"""Time zones, from the tzdata package only.

Takes:  a zone's name, instants, wall-clock readings.
Gives:  offsets, and instants for local times with what was odd about them.
Never:  reads the machine's zone or its zone files.
"""

from zoneinfo import ZoneInfo


def zone(name: str) -> ZoneInfo:
    """The zone of this name, read from the tzdata package. Raises KeyError where it has none.

    >>> zone("Europe/Madrid").key
    'Europe/Madrid'
    """
    raise NotImplementedError


def known_zone(name: str) -> bool:
    """Whether the tzdata package has a zone of this name."""
    raise NotImplementedError


def nearest_zones(name: str) -> list[str]:
    """Up to three zone names close to this one, the nearest first."""
    raise NotImplementedError


def zone_data_version() -> str:
    """The version of the zone data, as IANA names it (`2026a`)."""
    raise NotImplementedError


def local_to_us(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    microsecond: int = 0,
    *,
    zone: str,
) -> tuple[int, str]:
    """The instant of a local time, and a note.

    The note is `skipped` where a clock change left the time out (it is read later by what was skipped), `repeated` where
    it comes twice (the first is taken), else empty. Raises ValueError where there is no such date or time.
    """
    raise NotImplementedError
