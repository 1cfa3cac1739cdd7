"""Each objective with its history.

Takes:  an Account and a Language.
Gives:  `objectives`: a card for each, with its windows as a chart and as a table, and its error budget.
Never:  computes a value: positions on a chart are the nearest doubles of exact figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sladsl.evaluate.objectives.outcome import ErrorBudget, ObjectiveRow
from sladsl.report.account import Account, History
from sladsl.report.charts import BarChart, WindowChart, WindowMark
from sladsl.report.language import Language
from sladsl.report.phrases import Told
from sladsl.report.sentence import objective_sentence
from sladsl.report.telling.short import TONES, bound, cut, group_name, labelled, quoted, reached
from sladsl.report.view import QUIET, Block, Card, Cards, Cell, Column, Figure, Paragraph, Section, Table

_SHOWN = 6  # windows in the table under a chart
_FAR = Fraction(10**15)


def objectives(account: Account, language: Language) -> Section | None:
    """All of them, in the order of the policy."""
    if not account.histories:
        return None
    told: Told = set()
    cards = tuple(_card(history, account, told, language) for history in account.histories)
    blocks: list[Block] = [Cards(cards)]
    hidden = account.histories_count - len(account.histories)
    if hidden > 0:
        blocks.append(Paragraph(language("objectives.more", count=language.number(hidden)), QUIET))
    return Section("objectives", language("objectives.title"), language("objectives.lead"), tuple(blocks))


def _card(history: History, account: Account, told: Told, language: Language) -> Card:
    row = history.last
    title = labelled(row.label, row.level, language)
    if row.group:
        title += f" · {group_name(row.group, language)}"
    words = cut(objective_sentence(history.plan, history.objective, told, language), 600)
    blocks: list[Block] = [Paragraph(quoted(words, language), QUIET)]
    if any(_drawable(each) for each in history.rows):
        blocks.append(_figure(history, language))
    blocks.append(_table(history, language))
    if history.budget is not None:
        blocks += _budget(history.budget, account, language)
    return Card(
        title=title,
        badge=f"{language(f'status.{row.status}')} · {language.window(row.window)}",
        tone=TONES[row.status],
        figure=reached(row, row.value, language),
        under=bound(row, language),
        blocks=tuple(blocks),
    )


# --- the chart ---------------------------------------------------------------------------------------------------------


def _drawable(row: ObjectiveRow) -> bool:
    return row.value is not None or (row.low is not None and row.high is not None)


def _figure(history: History, language: Language) -> Figure:
    last = history.last
    share = last.unit == "share"
    marks = tuple(
        WindowMark(
            label=language.window_short(row.window),
            value=_place(row, row.value),
            low=_place(row, row.low),
            high=_place(row, row.high),
            tone=TONES[row.status],
            text=reached(row, row.value, language, unit=False),
            faded=not inside,
        )
        for row, inside in zip(history.rows, history.inside, strict=True)
    )
    target = _place(last, last.target)
    assert target is not None
    chart = WindowChart(
        marks=marks,
        target=target,
        zero=not share,
        least=last.op in (">=", ">"),
        unit=language("percent") if share else "",
        decimal=language("mark.decimal"),
        ends=(0.0, 100.0) if share else (None, None),
    )
    tones = {mark.tone: mark.faded for mark in marks}
    names = [tone for tone in ("good", "bad", "open", "quiet") if tone in tones]
    legend: list[tuple[str, str]] = [(name, language(f"legend.{name}")) for name in names]
    if any(mark.faded for mark in marks):
        legend.append(("faded", language("legend.faded")))
    legend.append(("promised", bound(last, language)))
    caption = language("objectives.caption", name=cut(last.label), bound=bound(last, language))
    return Figure(chart, caption, tuple(legend))


def _place(row: ObjectiveRow, value: Fraction | None) -> float | None:
    """Where a value stands on the scale; one too far away to be drawn has no place."""
    in_unit = row.in_unit(value)
    if in_unit is None or abs(in_unit) > _FAR:
        return None
    return float(in_unit * 100 if row.unit == "share" else in_unit)


# --- the table ---------------------------------------------------------------------------------------------------------


def _table(history: History, language: Language) -> Table:
    ranges = [
        _range(row, language) if row.status in ("undecided", "not judged") else "" for row in history.rows[-_SHOWN:]
    ]
    spread = any(ranges)
    columns = [
        Column(language("column.window")),
        Column(language("column.status")),
        Column(language("column.value"), right=True),
        *([Column(language("column.range"), right=True)] if spread else []),
        Column(language("column.cases"), right=True),
    ]
    rows = []
    shown = list(zip(history.rows, history.inside, strict=True))[-_SHOWN:]
    for (row, inside), open_range in zip(shown, ranges, strict=True):
        cells = [
            Cell(language.window(row.window), "" if inside else "quiet"),
            Cell(language(f"status.{row.status}"), TONES[row.status] if inside else "quiet"),
            Cell(reached(row, row.value, language, unit=False)),
            *([Cell(open_range)] if spread else []),
            Cell(language.number(row.cases)),
        ]
        rows.append(tuple(cells))
    early = history.windows - sum(history.inside[-_SHOWN:])
    note = language("objectives.early", count=language.number(early)) if early > 0 else ""
    return Table(tuple(columns), tuple(rows), note)


def _range(row: ObjectiveRow, language: Language) -> str:
    """What the value may still become."""
    if row.low == row.high:
        return ""
    ends = [reached(row, end, language, unit=False) if end is not None else "?" for end in (row.low, row.high)]
    return f"{ends[0]} … {ends[1]}"


# --- the error budget --------------------------------------------------------------------------------------------------


def _budget(budget: ErrorBudget, account: Account, language: Language) -> Iterator[Block]:
    def told(amount: Fraction) -> str:
        if budget.measured == "time":
            sign = "−" if amount < 0 else ""
            return f"{sign}{language.short(round(abs(amount)))}"
        return language.number(amount).replace("-", "−")

    used, left = max(budget.used, Fraction(0)), budget.left
    within, over = min(used, budget.budget), max(used - budget.budget, Fraction(0))
    parts = ((float(within), "spent"), (float(max(left, Fraction(0))), "left"), (float(over), "over"))
    share = language.percent(used / budget.budget) if budget.budget else "–"
    most = float(max(budget.budget, used)) or 1.0
    chart = BarChart(((language("budget.name"), parts, language("budget.spent", share=share)),), most)
    measured = language(f"budget.of.{budget.measured}")
    text = language("budget.text", used=told(used), budget=told(budget.budget), measured=measured, left=told(left))
    if budget.runs_out_us is not None:
        text += " " + language("budget.runs.out", date=language.instant(budget.runs_out_us, account.zone))
    legend = (("spent", language("legend.spent")), ("left", language("legend.left")), ("over", language("legend.over")))
    shown = tuple(pair for pair, (size, _) in zip(legend, parts, strict=True) if size > 0)
    yield Figure(chart, text, shown, told=True)
