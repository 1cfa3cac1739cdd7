"""All sections of a report, in order.

Takes:  an Account and a Language.
Gives:  `page_of`: the Page.
Never:  shows a section that has nothing to tell.
"""

from __future__ import annotations

from sladsl.report.account import Account
from sladsl.report.language import Language
from sladsl.report.telling.agreement import agreement
from sladsl.report.telling.breaches import breaches
from sladsl.report.telling.cases import cases
from sladsl.report.telling.left_out import left_out
from sladsl.report.telling.money import money
from sladsl.report.telling.objectives import objectives
from sladsl.report.telling.people import people
from sladsl.report.telling.promises import promises
from sladsl.report.telling.provenance import provenance, remarks
from sladsl.report.telling.short import cut
from sladsl.report.telling.still_open import still_open
from sladsl.report.telling.verdict import facts, glance, period_text, sentence, standing_tone
from sladsl.report.view import Page

_SECTIONS = (
    glance,
    objectives,
    promises,
    cases,
    people,
    breaches,
    money,
    left_out,
    still_open,
    agreement,
    remarks,
)
_FORM_WORDS = ("contents", "agreed", "made", "provenance", "to.top")


def page_of(account: Account, language: Language) -> Page:
    """The report in a language."""
    sections = (tell(account, language) for tell in _SECTIONS)
    return Page(
        language=language.code,
        title=cut(account.name, 200),
        period=period_text(account, language),
        tone=standing_tone(account.summary.standing),
        verdict=language(f"verdict.{account.summary.standing.value}"),
        sentence=sentence(account, language),
        facts=facts(account, language),
        sections=tuple(section for section in sections if section is not None and section.blocks),
        provenance=provenance(account, language),
        signatures=tuple(cut(party, 60) for party in account.parties[:4]),
        words={key: language(f"form.{key}") for key in _FORM_WORDS},
    )
