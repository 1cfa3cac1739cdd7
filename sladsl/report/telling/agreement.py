"""The agreement in words.

Takes:  an Account and a Language.
Gives:  `agreement`: each promise and each objective as one sentence, protocols together.
Never:  quotes what the policy does not mean: the sentences are made from the plan.
"""

from __future__ import annotations

from sladsl.report.account import Account, Promise
from sladsl.report.language import Language
from sladsl.report.phrases import Told
from sladsl.report.sentence import clause_sentence, objective_sentence
from sladsl.report.telling.short import cut, labelled, quoted
from sladsl.report.view import QUIET, Block, Card, Cards, Paragraph, Points, Section

_LONGEST = 900


def agreement(account: Account, language: Language) -> Section | None:
    """Every promise, each definition told once."""
    if not account.promises:
        return None
    told: Told = set()
    groups: dict[str, list[tuple[str, str]]] = {}
    for promise in account.promises:
        name, item = _told(promise, told, language)
        groups.setdefault(name, []).append(item)
    cards = tuple(
        Card(cut(name) if name else language("agreement.promises"), blocks=(Points(tuple(items)),))
        for name, items in groups.items()
    )
    blocks: list[Block] = [Cards(cards)]
    hidden = account.promises_count - len(account.promises)
    if hidden > 0:
        blocks.append(Paragraph(language("more.rows", count=language.number(hidden)), QUIET))
    return Section("agreement", language("agreement.title"), language("agreement.lead"), tuple(blocks))


def _told(promise: Promise, told: Told, language: Language) -> tuple[str, tuple[str, str]]:
    """Under which heading, and the name and sentence of a promise."""
    if promise.clause is not None:
        clause = promise.clause
        sentence = clause_sentence(promise.plan, clause, told, language)
        return clause.protocol, (
            labelled(clause.label, clause.level.name, language),
            quoted(cut(sentence, _LONGEST), language),
        )
    objective = promise.objective
    assert objective is not None
    sentence = objective_sentence(promise.plan, objective, told, language)
    name = labelled(objective.label, objective.level, language)
    return language("agreement.objectives"), (name, quoted(cut(sentence, _LONGEST), language))
