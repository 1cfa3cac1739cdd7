"""What is owed.

Takes:  an Account and a Language.
Gives:  `money`: each consequence, what may still come, and the sums that are paid; `owed_text`.
Never:  sums.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.report.account import Account
from sladsl.report.language import Language
from sladsl.report.telling.short import cut, group_name, labelled
from sladsl.report.view import QUIET, Cell, Column, Paragraph, Points, Section, Table


def money(account: Account, language: Language) -> Section | None:
    """The consequences of the period."""
    owed = account.owed
    if not owed.count:
        return None
    columns = (
        Column(language("money.for")),
        Column(language("column.window")),
        Column(language("money.kind")),
        Column(language("money.rule")),
        Column(language("money.amount"), right=True),
    )
    rows = []
    for each in owed.consequences:
        named = any(value == each.customer for _, value in each.group)
        whom = ["" if named else cut(each.customer, 60), group_name(each.group, language)]
        under = ", ".join(name for name in whom if name)
        capped = language("money.capped") if each.capped else ""
        misses = language.counted(each.misses, "miss") if each.objective is None and each.misses else ""
        rows.append(
            (
                Cell(labelled(each.label, each.level, language), under=under),
                Cell(language.window(each.window)),
                Cell(language(f"money.{each.kind}"), under=", ".join(filter(None, (misses, capped)))),
                Cell(cut(each.written, 120), "quiet"),
                Cell(owed_text(each.amount, each.most, each.currency, language), "strong"),
            )
        )
    blocks: list[Table | Paragraph | Points] = [Table(columns, tuple(rows))]
    if owed.count > len(owed.consequences):
        more = language.number(owed.count - len(owed.consequences))
        blocks.append(Paragraph(language("more.rows", count=more), QUIET))
    blocks.append(Points(tuple(_payment(payment, language) for payment in owed.payments)))
    return Section("owed", language("money.title"), language("money.lead"), tuple(blocks))


def _payment(payment: object, language: Language) -> tuple[str, str]:
    from sladsl.evaluate.objectives.outcome import Payment

    assert isinstance(payment, Payment)
    name = language("money.to", customer=cut(payment.customer, 60)) if payment.customer else language("money.all")
    text = language.money(payment.paid, payment.currency)
    if payment.most != payment.amount:
        text = f"{text}; {language('money.may', amount=_most(payment.most, payment.currency, language))}"
    return name, text


def _most(most: Fraction | None, currency: str, language: Language) -> str:
    return (
        language("money.unbounded") if most is None else language("money.up.to", amount=language.money(most, currency))
    )


def owed_text(amount: Fraction, most: Fraction | None, currency: str, language: Language) -> str:
    """An amount, or the range of what may still be owed."""
    if most == amount:
        return language.money(amount, currency)
    if most is None:
        return language("money.or.more", amount=language.money(amount, currency))
    return language("money.range", low=language.number(amount), high=language.money(most, currency))
