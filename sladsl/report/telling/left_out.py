"""What does not count, and why.

Takes:  an Account and a Language.
Gives:  `left_out`: excused and cancelled instances, clocks that stood still, time that objectives exclude, windows below
        their least number of cases, what could not be judged, rows that could not be read.
Never:  leaves out what was left out.
"""

from __future__ import annotations

from sladsl.report.account import Account, LeftOutClause
from sladsl.report.language import Language
from sladsl.report.telling.short import cut, labelled
from sladsl.report.view import QUIET, Block, Cell, Column, Paragraph, Points, Section, Table


def left_out(account: Account, language: Language) -> Section | None:
    """Everything that was left out."""
    held = account.left_out
    blocks: list[Block] = []
    if held.clauses:
        blocks.append(_clauses(account, language))
    if held.excused:
        blocks.append(_excused(account, language))
        if held.excused_count > len(held.excused):
            more = language.number(held.excused_count - len(held.excused))
            blocks.append(Paragraph(language("more.rows", count=more), QUIET))
    points = list(_points(account, language))
    if points:
        blocks.append(Points(tuple(points)))
    return Section("left-out", language("left.title"), language("left.lead"), tuple(blocks)) if blocks else None


def _clauses(account: Account, language: Language) -> Table:
    names = ("cancelled", "excused", "undetermined", "stood.still", "for")
    columns = (
        Column(language("column.promise")),
        *(Column(language(f"column.{name}"), right=True) for name in names),
        Column(language("column.why")),
    )
    rows = []
    for each in account.left_out.clauses:
        counts = (each.cancelled, each.excused, each.undetermined, each.paused)
        rows.append(
            (
                Cell(labelled(each.clause.label, each.clause.level.name, language)),
                *(Cell(language.number(count), "" if count else QUIET) for count in counts),
                Cell(language.short(each.paused_us) if each.paused_us else "–", "" if each.paused_us else QUIET),
                Cell(_why(each, language), QUIET),
            )
        )
    return Table(columns, tuple(rows))


def _why(each: LeftOutClause, language: Language) -> str:
    """The conditions of the policy under which an instance is cancelled, excused or paused."""
    clause, conditions = each.clause, each.plan.conditions
    reasons = (
        ("why.cancelled", clause.cancels if each.cancelled else ()),
        ("why.excused", clause.excuses if each.excused else ()),
        ("why.paused", tuple(pause.condition for pause in clause.pauses) if each.paused else ()),
    )
    told = [
        language(key, conditions=" / ".join(dict.fromkeys(cut(conditions[place].written, 80) for place in places)))
        for key, places in reasons
        if any(conditions[place].written for place in places)
    ]
    return "; ".join(told)


def _excused(account: Account, language: Language) -> Table:
    columns = (
        Column(cut(account.case_word, 40)),
        Column(language("column.promise")),
        Column(language("column.excused.at")),
        Column(language("column.excused.by")),
    )
    rows = []
    for each in account.left_out.excused:
        verdict = each.verdict
        at = language.instant(verdict.closed_us, account.zone) if verdict.closed_us is not None else "–"
        by = cut(verdict.closed_by.type, 60) if verdict.closed_by is not None else "–"
        label = labelled(each.clause.label, each.clause.level.name, language)
        rows.append((Cell(cut(verdict.case, 40)), Cell(label), Cell(at), Cell(by)))
    return Table(columns, tuple(rows))


def _points(account: Account, language: Language) -> list[tuple[str, str]]:
    held = account.left_out
    found = [
        (
            labelled(each.label, each.level, language),
            language(
                "left.excluded",
                time=language.short(each.time_us),
                cases=language.cases(each.cases, cut(account.case_word, 40)),
                rule=cut(each.exclusion.written, 120),
            ),
        )
        for each in held.excluded
    ]
    found += [
        (cut(label), language("left.not.judged", windows=language.counted(count, "window.of")))
        for label, count in held.not_judged.items()
    ]
    found += [
        (cut(label), language("left.undetermined", count=language.number(count), reason=cut(reason, 200)))
        for label, reason, count in held.undetermined
    ]
    if held.rejected:
        reasons = "; ".join(cut(f"{each.column}: {each.reason}".removeprefix(": "), 120) for each in held.rejects[:3])
        text = language("left.rejected", rows=language.counted(held.rejected, "row"), reasons=reasons)
        found.append((language("left.log"), text))
    if held.duplicates:
        found.append((language("left.log"), language("left.duplicates", rows=language.counted(held.duplicates, "row"))))
    return found
