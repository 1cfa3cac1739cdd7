"""Time zones, from the tzdata package only.

Takes:  a zone's name.
Gives:  its data, the names there are, the version of the data.
Never:  reads the machine's zone or its zone files, so that the same policy gives the same instants everywhere.
"""

from __future__ import annotations

import importlib
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of this name, read from the tzdata package. Raises KeyError where it has none.

    >>> zone("Europe/Madrid").key
    'Europe/Madrid'
    """
    from zoneinfo import ZoneInfo

    # the names are checked first: what stands in a log never becomes a path
    data = _packaged(f"zoneinfo/{name}") if name in _names() else None
    if data is None:
        raise KeyError(f"no zone is called `{name}`")
    return ZoneInfo.from_file(BytesIO(data), key=name)


def known_zone(name: str) -> bool:
    """Whether the tzdata package has a zone of this name; names are written exactly so (`Europe/Madrid`)."""
    return name in _names()


def nearest_zones(name: str) -> list[str]:
    """Up to three zone names close to this one, the nearest first; a city alone finds its zone.

    >>> nearest_zones("Madrid")
    ['Europe/Madrid']
    """
    import difflib

    wanted = name.strip().replace(" ", "_").casefold()
    folded: dict[str, str] = {known.casefold(): known for known in sorted(_names())}
    if wanted in folded:
        return [folded[wanted]]
    cities = [known for fold, known in folded.items() if fold.rpartition("/")[2] == wanted]
    return cities[:3] or [folded[near] for near in difflib.get_close_matches(wanted, folded, n=3, cutoff=0.7)]


@cache
def zone_data_version() -> str:
    """The version of the zone data, as IANA names it (`2026a`)."""
    return str(importlib.import_module("tzdata").IANA_VERSION)


@cache
def _names() -> frozenset[str]:
    return frozenset((_packaged("zones") or b"").decode("utf-8").split())


def _packaged(path: str) -> bytes | None:
    import pkgutil

    return pkgutil.get_data("tzdata", path)
