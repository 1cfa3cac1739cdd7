"""Objectives that are met, or missed, whatever happens (section 11).

Takes:  the objectives of a sound program.
Gives:  warnings.
Never:  judges more than what a measure can be at all.
"""

from __future__ import annotations

from fractions import Fraction
from operator import ge, gt, le, lt

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import (
    CountMeasure,
    Measure,
    Objective,
    ShareBecome,
    ShareMet,
    ShareTime,
    TimeStatistic,
    TimeWhile,
)

_SIGNS = {">=": ge, ">": gt, "<=": le, "<": lt}


def tell_of_certain(doubts: Doubts) -> None:
    """Warn of objectives that decide themselves."""
    for objective in doubts.program.objectives:
        found = _range_of(objective.measure)
        if found is None or objective.sign not in _SIGNS:
            continue
        low, high, words = found
        sign = objective.sign
        worst, best = (low, high) if sign in (">", ">=") else (high, low)
        always = worst is not None and _SIGNS[sign](worst, objective.target)
        never = best is not None and not _SIGNS[sign](best, objective.target)
        if always or never:
            _tell(doubts, objective, "met" if always else "missed", words)


def _tell(doubts: Doubts, objective: Objective, result: str, words: str) -> None:
    message = f"`{objective.label}` is {result} whatever happens: {words}"
    doubts.tell("SLA0511", message, objective.head, help="correct its target, or the sign before it")


def _range_of(measure: Measure) -> tuple[Fraction, Fraction | None, str] | None:
    """The least and the greatest that a measure can be."""
    match measure:
        case ShareMet() | ShareBecome() | ShareTime():
            return Fraction(0), Fraction(1), "a share lies between 0% and 100%"
        case CountMeasure():
            return Fraction(0), None, "a count is never below 0"
        case TimeWhile() | TimeStatistic():
            return Fraction(0), None, "a time is never below 0"
    return None
