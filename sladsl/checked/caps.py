"""Money above its cap or past it, and credits that shrink as the value gets worse (section 11).

Takes:  the consequences of a sound program.
Gives:  warnings.
Never:  adds up what several windows owe.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from sladsl.checked.doubts import Doubts
from sladsl.checked.program import Cap, Credit, Objective, Penalty, Tier


def tell_of_caps(doubts: Doubts) -> None:
    """Warn of amounts that are never paid whole, and of those that the cap of all does not hold."""
    _tell_of_other_money(doubts)
    for objective in doubts.program.objectives:
        for credit in objective.credits:
            _tell_of_tiers(doubts, objective, credit)
        for penalty in objective.penalties:
            _tell_of_penalty(doubts, penalty)
    for clause in doubts.program.clauses:
        for penalty in clause.penalties:
            _tell_of_penalty(doubts, penalty)


def _tell_of_other_money(doubts: Doubts) -> None:
    cap = doubts.program.credit_cap
    credits = [credit for objective in doubts.program.objectives for credit in objective.credits]
    others = [credit for credit in credits if cap is not None and credit.currency != cap.currency]
    if cap is not None and others:
        currencies = " and ".join(sorted({credit.currency for credit in others}))
        message = f"the cap of all credits is in {cap.currency}, and does not hold credits in {currencies}"
        labels = tuple((credit.span, f"credits in {credit.currency}") for credit in others)
        doubts.tell("SLA0512", message, cap.span, help="write the cap in the currency of the credits", labels=labels)


def _tell_of_tiers(doubts: Doubts, objective: Objective, credit: Credit) -> None:
    cap = doubts.program.credit_cap
    for tier in credit.tiers:
        written = doubts.text(tier.span)
        if credit.cap_share is not None and tier.share > credit.cap_share:
            message = f"`{written}` is above the cap of its credit: no more than {_percent(credit.cap_share)} is paid"
            doubts.tell("SLA0509", message, tier.span, help="lower the row, or raise the cap")
        elif cap is not None and _is_above(tier, credit, cap):
            message = f"`{written}` is above what the agreement pays at most: `{doubts.text(cap.span)}`"
            help = "lower the row, or raise `credits at most …` in the header"
            doubts.tell("SLA0509", message, tier.span, help=help, labels=((cap.span, "the cap of all credits"),))
    below = objective.sign in (">", ">=")
    worse = sorted(credit.tiers, key=lambda tier: tier.bound, reverse=below)
    for better, tier in pairwise(worse):
        if tier.share < better.share:
            message = f"`{doubts.text(tier.span)}` pays less than `{doubts.text(better.span)}`, for a worse value"
            labels = ((better.span, "this one pays more"),)
            doubts.tell("SLA0510", message, tier.span, help="of the rows that hold the lowest counts", labels=labels)


def _is_above(tier: Tier, credit: Credit, cap: Cap) -> bool:
    return cap.currency == credit.currency and tier.share * Fraction(credit.amount) > _amount(cap)


def _amount(cap: Cap) -> Fraction:
    return Fraction(cap.amount) * (cap.share if cap.share is not None else 1)


def _percent(share: Fraction) -> str:
    shown = share * 100
    return f"{shown.numerator}%" if shown.denominator == 1 else f"{float(shown):g}%"


def _tell_of_penalty(doubts: Doubts, penalty: Penalty) -> None:
    cap = penalty.cap
    if cap is None or cap.currency != penalty.currency or Fraction(penalty.amount) <= _amount(cap):
        return
    once = "a single miss" if penalty.per is None else f"a single started `{penalty.per.written}`"
    message = f"{once} costs more than the cap `{doubts.text(cap.span)}`: it is never paid whole"
    doubts.tell("SLA0509", message, penalty.span, help="lower the penalty, or raise the cap")
