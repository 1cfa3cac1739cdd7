"""What a broken promise costs, and what is told of it, in words.

Takes:  the credits, penalties and alerts of a plan's objectives and clauses, and a language.
Gives:  `consequences` and `cap`: parts of a sentence, without its capital and its full stop.
Never:  works out an amount that is owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sladsl.ir.objective import BurnAlert, Credit, CreditTier, Objective, ObjectivePenalty
from sladsl.ir.plan import Penalty
from sladsl.report.language import Language


def consequences(objective: Objective, text: Language) -> Iterator[str]:
    """What follows where an objective is missed: `10% of monthly fee credited below 99.9%, 25% below 99%, at most 50%`."""
    for credit in objective.credits:
        if credit.tiers:
            yield _credit(objective, credit, text)
    for penalty in objective.penalties:
        yield text("s.owed.miss", amount=as_written(penalty.amount, penalty.currency, text), cap=cap(penalty, text))
    for alert in objective.alerts:
        yield _alert(alert, text)


def as_written(amount: str, currency: str, text: Language) -> str:
    """An amount with the digits that its author gave it, and the decimal mark of the language: `250,50 EUR`."""
    return f"{amount.replace('.', text('mark.decimal'))} {currency}"


def cap(penalty: Penalty | ObjectivePenalty, text: Language) -> str:
    """`, at most 10% of monthly fee per month`; "" where nothing bounds it."""
    if penalty.cap_share:
        amount = text("s.share.of", share=text.percent(Fraction(penalty.cap_share)), of=penalty.cap_of)
    elif penalty.cap_amount:
        amount = as_written(penalty.cap_amount, penalty.currency, text)
    else:
        return ""
    if penalty.cap_per:
        return text("s.cap.per", amount=amount, unit=text(f"s.unit.{penalty.cap_per}"))
    return text("s.cap", amount=amount)


def _credit(objective: Objective, credit: Credit, text: Language) -> str:
    first, *others = credit.tiers
    of = credit.of or as_written(credit.amount, credit.currency, text)
    told = text("s.credited", share=text.percent(first.share), of=of, bound=_bound(objective, first, text))
    for tier in others:
        told += text("s.credited.more", share=text.percent(tier.share), bound=_bound(objective, tier, text))
    if credit.cap_share is not None:
        told += text("s.cap", amount=text.percent(credit.cap_share))
    return told


def _bound(objective: Objective, tier: CreditTier, text: Language) -> str:
    value = tier.bound / objective.unit_ticks
    written = text.percent(value) if objective.unit == "share" else text.number(value)
    if objective.unit not in ("", "share"):
        written = f"{written} {text.unit(objective.unit)}"
    return text("s.bound.below" if tier.below else "s.bound.above", value=written)


def _alert(alert: BurnAlert, text: Language) -> str:
    if alert.rate is None:
        noun = text.noun(alert.missed, "window.of")
        return text("s.missed.in.a.row", windows=f"{text.number(alert.missed)} {noun}")
    lengths = [(amount.written if text.code == "en" else "") or text.amount(amount) for amount in alert.over]
    return text("s.burn", rate=text.number(alert.rate), over=text.listed(lengths))
