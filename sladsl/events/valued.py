"""In how many cases attributes have a value.

Takes:  the events of a log.
Gives:  `Valued`, `valued_of`.
Never:  asks when a value came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from sladsl.events.event import Event


@frozen
class Valued:
    """How many cases there are, and by attribute in how many of them any event carries a value."""

    cases: int
    counts: Mapping[str, int]


def valued_of(events: Iterable[Event], names: Iterable[str]) -> Valued:
    """Count the cases of events.

    Args:
        names: the folded names of the attributes that are asked for.
    """
    cases: set[str] = set()
    held: dict[str, set[str]] = {name: set() for name in names}
    for event in events:
        cases.add(event.case)
        for name, value in event.attributes.items():
            if value is not None and name in held:
                held[name].add(event.case)
    return Valued(len(cases), {name: len(of) for name, of in held.items()})
