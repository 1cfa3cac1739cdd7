"""Verdicts and alerts that are too many to be made one by one.

Takes:  nothing: who keeps them as columns says what is asked here.
Gives:  `ManyVerdicts`, `ManyAlerts`: sequences as any other, which also answer in bulk what results ask; `ManyOutcome`.
Never:  loads what keeps them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import define, field

from sladsl.evaluate.verdict import Alert, Verdict


class ManyVerdicts(Sequence[Verdict]):
    """Verdicts ordered by `Verdict.key`. Each is made when it is asked for."""

    @abstractmethod
    def tally(self) -> dict[tuple[int, str], int]:
        """How many verdicts there are, by clause (its index) and status."""

    @abstractmethod
    def elapsed(self, statuses: Sequence[str]) -> Iterator[tuple[int, int, Any, Any]]:
        """The elapsed times of verdicts of these statuses: clause, row, the different ticks in order, how often each occurs."""

    @abstractmethod
    def worst(self, size: int, as_of_us: int) -> list[tuple[int, Verdict]]:
        """The broken promises with the most time over, and that time: to the action, the close or as-of.

        Of equal times those first by label, case and number.
        """

    @abstractmethod
    def notes(self, status: str) -> dict[tuple[int, str], int]:
        """How many verdicts of a status there are, by group and note."""

    @abstractmethod
    def within(self, start_us: int, end_us: int) -> ManyVerdicts:
        """Those whose instances were opened in [start, end)."""

    @abstractmethod
    def paused(self) -> dict[int, tuple[int, int]]:
        """How many instances stood still for a time, and for how many microseconds together, by clause."""

    @abstractmethod
    def first(self, statuses: Sequence[str], by: str, size: int) -> list[Verdict]:
        """Those of some statuses that are due, or were closed, first (`by` is `due` or `closed`); where there is no such
        instant, last. Of equal ones those first by label, case and number."""

    @abstractmethod
    def paths(self, bits: Mapping[tuple[int, str], int]) -> dict[int, int]:
        """By case the union of the bits that its verdicts have by group and status; how many cases have each union but 0."""

    @abstractmethod
    def batches(self) -> Iterator[Any]:
        """The verdicts in their order as Arrow record batches: see `ColumnarOutcome.batches` for the columns."""

    @abstractmethod
    def beside(self, others: Sequence[ManyVerdicts], labels: Sequence[str]) -> Iterator[tuple[list[Any], Any]]:
        """These and those of other versions of one agreement, ordered by label (as these stand), case and number.

        Some at a time: for each version an Arrow record batch, as of `batches`, and the order in which the rows of all of
        them, one batch after the other, come.
        """


class ManyAlerts(Sequence[Alert]):
    """Alerts by instant, clause, case and number. They are made when the first is asked for."""

    @abstractmethod
    def tally(self, start_us: int | None = None, end_us: int | None = None) -> dict[tuple[str, str], int]:
        """How many alerts there are, by kind and who is told; the first that was given first. With instants: in [start, end)."""


@define
class ManyOutcome:
    """What one evaluation of a large log gives; see `Outcome`."""

    verdicts: ManyVerdicts
    alerts: ManyAlerts
    later: dict[int, int] = field(factory=dict)
    unknown_zones: dict[str, int] = field(factory=dict)
