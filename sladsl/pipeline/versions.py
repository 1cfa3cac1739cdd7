"""Several versions of one agreement in one run.

Takes:  policies, and what each judged.
Gives:  `in_order_of_periods`: their order; `policies_of`: what a caller gave, compiled; `numbered_anew`: their verdicts numbered as one.
Never:  lets two versions be in force at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs

from sladsl.pipeline.policy import Policy, PolicyError, load
from sladsl.text import Diagnostic


def policies_of(given: Policy | str | Path | Sequence[Policy | str | Path]) -> list[Policy]:
    """The policies that a caller means, compiled, in order of their periods. Raises PolicyError."""
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    return in_order_of_periods([p if isinstance(p, Policy) else load(p) for p in several])


def in_order_of_periods(policies: Sequence[Policy]) -> list[Policy]:
    """Versions of one agreement by their effective periods.

    Raises PolicyError where two periods overlap.
    """
    ordered = sorted(policies, key=lambda policy: policy.plan.effective[0] or -(1 << 62))
    for earlier, later in pairwise(ordered):
        until, start = earlier.plan.effective[1], later.plan.effective[0]
        if until is None or start is None or until > start:
            message = f"`{earlier.path or earlier.name}` and `{later.path or later.name}` are in force at the same time"
            help = "give each version its period: `effective from 2026-01-01 until 2027-01-01`"
            raise PolicyError([Diagnostic("SLA0931", message, None, help=help)], earlier.sources + later.sources)
    return ordered


def numbered_anew(versions: list[Any]) -> list[Any]:
    """Versions with numbers that count per label and case in order of opening, over all versions."""
    opened: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for place, version in enumerate(versions):
        for verdict in version.verdicts:
            key = version.plan.groups[verdict.group], verdict.case
            opened.setdefault(key, []).append((verdict.opened_us, place, verdict.number))
    numbers = {
        (label, case, place, number): count
        for (label, case), held in opened.items()
        for count, (_, place, number) in enumerate(sorted(held), 1)
    }

    def renumbered(version: Any, place: int, judged: Any) -> Any:
        key = version.plan.groups[judged.group], judged.case, place, judged.number
        return attrs.evolve(judged, number=numbers.get(key, judged.number))

    return [
        attrs.evolve(
            version,
            verdicts=[renumbered(version, place, verdict) for verdict in version.verdicts],
            alerts=[renumbered(version, place, alert) for alert in version.alerts],
        )
        for place, version in enumerate(versions)
    ]
