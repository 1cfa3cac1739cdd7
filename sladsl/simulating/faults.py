"""Faults that real logs have: rows that come late, twice, never, or in no order.

Takes:  rows in order of time, and how often each fault strikes.
Gives:  `Faults`, and `spoil`: the rows as they arrive, with how many of each fault there are.
Never:  changes what a row says: a doubled one has its event id twice, a late one keeps its time.
"""

from __future__ import annotations

from collections import Counter

from attrs import evolve, field, fields, frozen, validators

from sladsl.clock.amounts import HOUR_US, MINUTE_US
from sladsl.simulating.draws import Draws
from sladsl.simulating.rows import Row

_USUAL_RATE = 0.02
_rate = validators.and_(validators.ge(0.0), validators.le(1.0))


class FaultError(ValueError):
    """What is wrong with a list of faults, in words."""


@frozen
class Faults:
    """How often each fault strikes a row, from 0 to 1.

    late      it arrives after later ones: half of them within the lateness of the policy, half beyond
    doubled   it arrives a second time, with the same event id
    lost      it never arrives
    shuffled  it changes places with another of these, anywhere in the log
    """

    late: float = field(default=0.0, validator=_rate)
    doubled: float = field(default=0.0, validator=_rate)
    lost: float = field(default=0.0, validator=_rate)
    shuffled: float = field(default=0.0, validator=_rate)

    @classmethod
    def read(cls, text: str) -> Faults:
        """The faults of `late=2%,doubled=0.01,lost`; a name alone is 2%, `all` is every one. Raises FaultError.

        >>> Faults.read("late=5%,lost")
        Faults(late=0.05, doubled=0.0, lost=0.02, shuffled=0.0)
        """
        known = [each.name for each in fields(cls)]
        faults = cls()
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, sign, rate = (piece.strip() for piece in part.partition("="))
            if name not in (*known, "all"):
                raise FaultError(f"there is no fault `{name}`; there are {', '.join(known)} and all")
            share = _share(rate) if sign else _USUAL_RATE
            faults = evolve(faults, **dict.fromkeys(known if name == "all" else [name], share))
        return faults


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise FaultError(f"`{text}` is no rate; write `2%` or `0.02`") from None
    if not 0 <= share <= 1:
        raise FaultError(f"`{text}` is no rate: it lies between 0 and 100%")
    return share


def spoil(rows: list[Row], faults: Faults, lateness_us: int, draws: Draws) -> tuple[list[Row], Counter[str]]:
    """The rows in the order in which they arrive, and how many there are of each fault.

    Args:
        rows: in order of time.
        faults: how often.
        lateness_us: how long the policy waits; where it does not, an hour stands for it.
        draws: chance.
    """
    told: Counter[str] = Counter()
    if faults == Faults():
        return rows, told
    wait_us = lateness_us or HOUR_US
    arriving: list[tuple[int, int, Row]] = []
    for number, row in enumerate(rows):
        if draws.chance(faults.lost):
            told["lost"] += 1
            continue
        arrives_us = row.time_us
        if draws.chance(faults.late):
            told["late"] += 1
            far = draws.chance(0.5)
            arrives_us += int(wait_us * (draws.between(1.1, 6.0) if far else draws.between(0.1, 0.9)))
        arriving.append((arrives_us, number, row))
        if draws.chance(faults.doubled):
            told["doubled"] += 1
            arriving.append((arrives_us + draws.below(10 * MINUTE_US), number, row))
    arriving.sort(key=lambda item: item[:2])
    arrived = [row for _, _, row in arriving]
    moved = [place for place in range(len(arrived)) if draws.chance(faults.shuffled)]
    told["shuffled"] = len(moved)
    targets = list(moved)
    for last in range(len(targets) - 1, 0, -1):
        other = draws.below(last + 1)
        targets[last], targets[other] = targets[other], targets[last]
    before = {place: arrived[place] for place in moved}
    for place, target in zip(moved, targets, strict=True):
        arrived[target] = before[place]
    return arrived, told
