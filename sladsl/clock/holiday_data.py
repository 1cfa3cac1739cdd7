"""Public holidays, from the `holidays` library.

Takes:  region codes: a country (`ES`) or a country and a part of it (`ES-MD`).
Gives:  the holidays of a year by date, observed ones as the library gives them by default.
Never:  loads the library before it is needed.
"""


def known_region(code: str) -> bool:
    """Whether the library has holidays for this region."""
    raise NotImplementedError


def nearest_regions(code: str) -> list[str]:
    """Up to three region codes close to this one, the nearest first."""
    raise NotImplementedError


def holidays_version() -> str:
    """The version of the library that the holidays come from."""
    raise NotImplementedError
