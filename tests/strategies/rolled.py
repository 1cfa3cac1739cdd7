"""Samples by number: the same strategies, rolled with a plain random source, and a shrinker of its own.

Takes:  a number, or a sample on which two evaluators differ.
Gives:  `rolled`: the sample of a number, always the same one; `shrunk`: a smaller sample on which something still holds.
Never:  needs a database of examples: the number replays a failure.

Hypothesis likes small examples and those near earlier ones. Rolled samples are far apart and come several times as fast,
so that long runs use them; what they find is shrunk here and kept with `samples.keep`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from attrs import evolve
from hypothesis.errors import UnsatisfiedAssumption
from made_policy import Agreement, Block, Promise
from policies import FORMS, Author
from samples import Sample, compiled, draw_log

import sladsl
from sladsl.events import Event

LENGTHS = (6, 12, 24)
CASES = ("A", "A", "B")


def rolled(number: int) -> Sample | None:
    """The sample of a number; None where its policy holds a clause that can never start."""
    source = random.Random(number)

    def draw(strategy: Any) -> Any:
        # `sampled_from` and `integers` are all that the strategies of policies and logs are made of
        while hasattr(strategy, "wrapped_strategy"):
            strategy = strategy.wrapped_strategy
        if hasattr(strategy, "elements"):
            return source.choice(strategy.elements)
        return source.randint(strategy.start, strategy.end)

    longest = source.choice(LENGTHS)
    agreement = Author(draw, FORMS, frozenset()).agreement(3)
    try:
        plan = compiled(agreement.text())
    except UnsatisfiedAssumption:
        return None
    events, as_of = draw_log(draw, agreement, plan, longest=longest, cases=CASES, bad=source.random() < 0.3)
    return Sample(agreement, plan, tuple(events), as_of)


# --- shrinking -------------------------------------------------------------------------------------------------------


def shrunk(sample: Sample, holds: Callable[[Sample], bool]) -> Sample:
    """A sample from which nothing can be left out without `holds` becoming false of it."""
    smaller: Sample | None = sample
    while smaller is not None:
        sample = smaller
        smaller = next((found for found in (*_fewer_events(sample), *_less_policy(sample)) if _is(found, holds)), None)
    return sample


def _is(sample: Sample, holds: Callable[[Sample], bool]) -> bool:
    try:
        return holds(sample)
    except Exception:  # of a sample that makes no sense any more
        return False


def _fewer_events(sample: Sample) -> Iterator[Sample]:
    events = sample.events
    for i in range(len(events) - 1, -1, -1):
        if len(events) > 1:
            yield sample.with_events(events[:i] + events[i + 1 :])
    for i, e in enumerate(events):
        for name in e.attributes:
            less = {other: cell for other, cell in e.attributes.items() if other != name}
            same = Event(e.case, e.time_us, e.type, e.actor, less, e.position, e.input, e.row)
            yield sample.with_events((*events[:i], same, *events[i + 1 :]))
    last = max(e.time_us for e in events)
    if sample.as_of_us != last:
        yield sample.with_events(events, last)


def _less_policy(sample: Sample) -> Iterator[Sample]:
    for agreement in _simpler(sample.agreement):
        try:
            plan = sladsl.load(text=agreement.text()).plan
        except sladsl.PolicyError:
            continue
        yield Sample(agreement, plan, sample.events, sample.as_of_us)


def _simpler(agreement: Agreement) -> Iterator[Agreement]:
    for fewer in _without(agreement.promises):
        yield evolve(agreement, promises=fewer)
    for blocks in _without(agreement.blocks):
        yield evolve(agreement, blocks=blocks)
    for head in _without(agreement.head):
        yield evolve(agreement, head=head)
    if agreement.zone != "UTC":
        yield evolve(agreement, zone="UTC")
    for promises in _plainer(agreement.promises):
        yield evolve(agreement, promises=promises)
    for place, block in enumerate(agreement.blocks):
        for promises in _plainer(block.promises):
            plainer: Block = evolve(block, promises=promises)
            yield evolve(agreement, blocks=(*agreement.blocks[:place], plainer, *agreement.blocks[place + 1 :]))
    for place, lines in enumerate(agreement.calendars):
        for fewer in _without(lines[1:]):
            rest = (*agreement.calendars[:place], (lines[0], *fewer), *agreement.calendars[place + 1 :])
            yield evolve(agreement, calendars=rest)


def _plainer(promises: tuple[Promise, ...]) -> Iterator[tuple[Promise, ...]]:
    """The promises with one detail less."""
    for place, promise in enumerate(promises):
        for details in _without(promise.details):
            yield (*promises[:place], evolve(promise, details=details), *promises[place + 1 :])


def _without(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The items without each of them."""
    for place in range(len(items)):
        yield items[:place] + items[place + 1 :]
