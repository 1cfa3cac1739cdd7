"""Public holidays, from the `holidays` library.

Takes:  region codes: a country (`ES`), a country and a part of it (`ES-MD`), or a market (`ECB`, `NYSE`).
Gives:  the holidays of a year by date, observed ones as the library gives them by default.
Never:  loads the library before it is needed, or lets the machine's language choose the names.
"""

import warnings
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from sladsl.clock.dates import day_number

_NONE: Mapping[int, str] = MappingProxyType({})


def known_region(code: str) -> bool:
    """Whether the library has holidays for this region; small and capital letters are the same.

    >>> known_region("ES-MD"), known_region("ES-XX")
    (True, False)
    """
    return _region(code) is not None


def nearest_regions(code: str) -> list[str]:
    """Up to three region codes close to this one, the nearest first; of a known country, its own parts.

    >>> nearest_regions("DE-BER")[0]
    'DE-BE'
    """
    import difflib

    countries = _countries()
    country, _, part = code.strip().upper().partition("-")
    if country in countries:
        parts = {known.upper(): known for known in countries[country] if "-" not in known}
        near = difflib.get_close_matches(part, parts, n=3, cutoff=0.4) if part else []
        return [f"{country}-{parts[name]}" for name in near] or [country]
    return difflib.get_close_matches(country, sorted(known for known in countries if len(known) == 2), n=3, cutoff=0.5)


@cache
def holidays_version() -> str:
    """The version of the library that the holidays come from."""
    import holidays

    return str(holidays.__version__)


@lru_cache(maxsize=4096)
def holidays_of(code: str, year: int) -> Mapping[int, str]:
    """The holidays of a region in a year: day number to name; empty for years that the library does not reach.

    Names are English where the library has them so, else in the region's own language. Raises KeyError for an unknown
    region.
    """
    region = _region(code)
    if region is None:
        raise KeyError(f"no holidays are known for `{code}`")
    if not region.first_year <= year <= region.last_year:
        return _NONE
    with warnings.catch_warnings():
        # a part of the holidays that it has for some years only: what it has counts, as whoever asks it would find
        warnings.simplefilter("ignore")
        found = region.ask(years=[year], language=region.language)
    return {day_number(day.year, day.month, day.day): str(name) for day, name in found.items() if day.year == year}


class _Region(NamedTuple):
    """A region as the library knows it: the years that it has, and how to ask for one."""

    first_year: int
    last_year: int
    ask: Callable[..., Mapping[date, str]]
    language: str | None


@cache
def _region(code: str) -> _Region | None:
    """The region of a code; None for an unknown one."""
    import holidays

    name, dash, part = code.strip().partition("-")
    name = name.upper()
    if not name or (dash and not part):
        return None
    asks: list[Callable[..., Any]] = [
        partial(holidays.country_holidays, name, subdiv=spelled)
        for spelled in (dict.fromkeys([part, part.upper(), part.title()]) if part else [None])
    ]
    if not part:
        asks.append(partial(holidays.financial_holidays, name))
    for ask in asks:
        try:
            found = ask()
        except (NotImplementedError, TypeError):  # a name of the library's own that is no country, like MON
            continue
        # named outright: left to itself the library takes the language of the machine
        language = "en_US" if "en_US" in found.supported_languages else found.default_language
        return _Region(found.start_year, found.end_year, ask, language)
    return None


@cache
def _countries() -> dict[str, list[str]]:
    import holidays

    return dict(holidays.list_supported_countries(include_aliases=True))
