"""Whether the agreement was kept: the head of a report, and the first thing that is looked at.

Takes:  an Account and a Language.
Gives:  `sentence`, `facts`, `glance`: cards of all promises together, of each objective, and of what is owed.
Never:  decides: the standing is that of figures.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sladsl.report.account import Account, History
from sladsl.report.figures import Standing
from sladsl.report.language import Language
from sladsl.report.telling.money import owed_text
from sladsl.report.telling.short import TONES, bound, cut, group_name, labelled, reached
from sladsl.report.view import BAD, GOOD, OPEN, QUIET, Card, Cards, Paragraph, Section, Tone

_TONES = {Standing.KEPT: GOOD, Standing.NOT_KEPT: BAD, Standing.SO_FAR: OPEN, Standing.NOTHING: QUIET}


def standing_tone(standing: Standing) -> Tone:
    """The tone of the whole."""
    return _TONES[standing]


def period_text(account: Account, language: Language) -> str:
    """What the report is about: a calendar period by its name, else the span of the log."""
    if account.period is not None:
        return language.window(account.period.name)
    if account.span is None:
        return language("period.nothing")
    return language("period.span", **{
        name: language.date(us, account.zone) for name, us in zip(("first", "last"), account.span, strict=True)
    })  # fmt: skip


def sentence(account: Account, language: Language) -> str:
    """The verdict in one sentence."""
    parts = "; ".join(_parts(account, language))
    return f"{parts[:1].upper()}{parts[1:]}." if parts else ""


def _parts(account: Account, language: Language) -> Iterator[str]:
    glance = account.summary
    if glance.decided:
        promises = language.counted(glance.decided, "promise")
        if glance.missed:
            share = language.percent(Fraction(glance.kept, glance.decided))
            yield language("sentence.broken", missed=language.number(glance.missed), promises=promises, share=share)
        else:
            yield language("sentence.all" if glance.decided > 1 else "sentence.one", promises=promises)
    elif not glance.waiting:
        yield language("sentence.nothing")
    if glance.missed and glance.standing is not Standing.NOT_KEPT:
        yield language("sentence.allowed")
    if glance.waiting:
        yield language("sentence.open", count=language.number(glance.waiting))
    count = glance.objectives_met + glance.objectives_missed + glance.objectives_undecided
    windows = language.counted(count, "window")
    if glance.objectives_missed:
        yield language("sentence.missed", count=language.number(glance.objectives_missed), windows=windows)
    elif count:
        yield language("sentence.met", count=language.number(glance.objectives_met), windows=windows)
    if glance.undetermined:
        yield language("sentence.undetermined", count=language.number(glance.undetermined))


def facts(account: Account, language: Language) -> tuple[tuple[str, str], ...]:
    """The facts of the head: who, when, what was read."""
    found = []
    if account.parties:
        found.append((language("fact.between"), language.listed([cut(party, 60) for party in account.parties[:4]])))
    if account.period is not None:
        period = account.period
        last = language.date(period.end_us - 1, account.zone)
        found.append((language("fact.period"), f"{language.date(period.start_us, account.zone)} – {last}"))
    if account.as_of_us is not None:
        found.append((language("fact.as.of"), language.instant(account.as_of_us, account.zone)))
    found.append((language("fact.zone"), cut(account.zone)))
    rows, read = sum(each.rows for each in account.inputs), sum(each.cases for each in account.inputs)
    if rows:
        cases = language.cases(read, cut(account.case_word, 40))
        found.append((language("fact.read"), language("fact.rows", rows=language.counted(rows, "row"), cases=cases)))
    return tuple(found)


def glance(account: Account, language: Language) -> Section:
    """Every objective and all promises together, as cards that are only looked at."""
    cards = [card for card in (_promises_card(account, language), *_owed_cards(account, language)) if card]
    cards += [_objective_card(history, language) for history in account.histories]
    blocks: tuple[Cards | Paragraph, ...] = (Cards(tuple(cards), small=True),)
    hidden = account.histories_count - len(account.histories)
    if hidden > 0:
        blocks += (Paragraph(language("objectives.more", count=language.number(hidden)), QUIET),)
    return Section("glance", language("glance.title"), "", blocks)


def _promises_card(account: Account, language: Language) -> Card | None:
    glance = account.summary
    if not glance.decided:
        return None
    kept = language("glance.kept", kept=language.number(glance.kept), all=language.number(glance.decided))
    tone = GOOD if not glance.missed else BAD if glance.standing is Standing.NOT_KEPT else OPEN
    return Card(
        title=language("glance.promises"),
        tone=tone,
        figure=language.percent(Fraction(glance.kept, glance.decided)),
        under=kept,
    )


def _owed_cards(account: Account, language: Language) -> Iterator[Card]:
    currencies: dict[str, list[Fraction | None]] = {}
    for payment in account.owed.payments:
        amount, most = currencies.setdefault(payment.currency, [Fraction(0), Fraction(0)])
        assert amount is not None
        open_end = most is None or payment.most is None
        currencies[payment.currency] = [amount + payment.amount, None if open_end else most + payment.most]  # type: ignore[operator]
    for currency, (amount, most) in sorted(currencies.items()):
        assert amount is not None
        whom = [cut(payment.customer, 40) for payment in account.owed.payments if payment.currency == currency]
        to = language.listed(whom[:3]) if all(whom) else ""
        yield Card(
            title=language("glance.owed"),
            tone=BAD if amount else OPEN,
            figure=owed_text(amount, amount, currency, language),
            under=language("glance.owed.more", amount=owed_text(amount, most, currency, language))
            if most != amount
            else language("glance.owed.to", customers=to)
            if to
            else "",
        )


def _objective_card(history: History, language: Language) -> Card:
    row = history.last
    title = labelled(row.label, row.level, language)
    if row.group:
        title += f" · {group_name(row.group, language)}"
    windows = ""
    if history.windows > 1:
        told = [language.counted(count, f"windows.{status}") for status, count in history.counts.items() if count]
        windows = language(
            "glance.windows", windows=language.counted(history.windows, "window.of"), told=", ".join(told)
        )
    return Card(
        title=title,
        badge=language(f"status.{row.status}"),
        tone=_tone(history),
        figure=reached(row, row.value, language, unit=False),
        under=f"{bound(row, language)}, {language.window(row.window)}",
        blocks=(Paragraph(windows, QUIET),) if windows else (),
    )


def _tone(history: History) -> Tone:
    return BAD if history.counts["missed"] and history.last.status == "missed" else TONES[history.last.status]
