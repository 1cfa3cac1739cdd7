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
    """How many cases there are (0 where nothing is asked), and by attribute in how many of them any event carries a value."""

    cases: int
    counts: Mapping[str, int]


def valued_of(events: Iterable[Event], names: Iterable[str]) -> Valued:
    """Count the cases of events.

    Args:
        names: the folded names of the attributes that are asked for.
    """
    held: dict[str, set[str]] = {name: set() for name in names}
    if not held:
        return Valued(0, {})
    cases: set[str] = set()
    for event in events:
        cases.add(event.case)
        for name, having in held.items():
            if event.attributes.get(name) is not None:
                having.add(event.case)
    return Valued(len(cases), {name: len(having) for name, having in held.items()})
