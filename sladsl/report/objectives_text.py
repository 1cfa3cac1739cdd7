"""Objectives, and what is owed, as text for a terminal.

Takes:  the rows of objectives, consequences and payments.
Gives:  `print_objectives`, `print_owed`: a table each; `print_budgets`: a line for each error budget under way.
Never:  hides a miss: of many windows the early ones are counted, by how they came out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sladsl.clock import iso
from sladsl.evaluate.objectives.outcome import STATUSES, ErrorBudget, ObjectiveRow
from sladsl.report.objective_words import bound_text, group_text, range_text, reached_text
from sladsl.report.page import Column, Page
from sladsl.report.result import Result
from sladsl.report.words import counted, number_text, percent_text

if TYPE_CHECKING:
    from rich.text import Text

_MOST_WINDOWS = 8  # of one objective and group; with more, all but the last few are counted
_LAST_WINDOWS = 6
_MOST_LINES = 60
_MOST_OWED = 40
_MOST_BUDGETS = 10
_STYLES = {"met": "green", "missed": "bold red", "undecided": "yellow", "not judged": "dim"}


def print_objectives(objectives: Sequence[ObjectiveRow], page: Page) -> None:
    """Print the verdicts on objectives, a row for each window; nothing where there are none."""
    if not objectives:
        return
    page.heading("Objectives")
    columns = [
        Column("objective", flexible=True),
        Column("window"),
        Column("status"),
        Column("value", right=True),
        Column("promised", flexible=True),
        Column("cases", right=True),
    ]
    groups = list(_by_group(objectives))
    shown: list[list[Text]] = []
    lines = 0
    for rows in groups:
        if lines + min(len(rows), _MOST_WINDOWS) > _MOST_LINES:
            break
        lines += min(len(rows), _MOST_WINDOWS)
        shown.append(_block(rows, page))
    page.table(columns, shown)
    left = len(groups) - len(shown)
    if left:
        page.line((f"  and {counted(left, 'group')} more; `--format json` has all of them", "dim"))


def _by_group(objectives: Sequence[ObjectiveRow]) -> Iterator[list[ObjectiveRow]]:
    """The windows of one objective and group together; where there are many groups, those with a miss come first."""
    groups: dict[tuple[object, ...], list[ObjectiveRow]] = {}
    for row in objectives:
        groups.setdefault((row.label, row.level, row.group), []).append(row)
    held = list(groups.values())
    if sum(min(len(rows), _MOST_WINDOWS) for rows in held) > _MOST_LINES:
        held.sort(key=lambda rows: all(row.status != "missed" for row in rows))
    yield from held


def _block(rows: list[ObjectiveRow], page: Page) -> list[Text]:
    """All windows of one objective and group: one row of the table, a line or two a window."""
    windows, statuses, values, cases = (page.text("") for _ in range(4))

    def add(window: str, status: str, style: str, value: str = "", number: str = "") -> None:
        for cell, text, look in (
            (windows, window, ""),
            (statuses, status, style),
            (values, value, ""),
            (cases, number, ""),
        ):
            cell.append(page.text((f"{text}\n", look)))

    if len(rows) > _MOST_WINDOWS:
        early, rows = rows[:-_LAST_WINDOWS], rows[-_LAST_WINDOWS:]
        counts = Counter(row.status for row in early)
        told = [status for status in STATUSES if counts[status]]
        for place, status in enumerate(told):
            add(f"{len(early):,} before" if place == 0 else "", f"{counts[status]:,} {status}", _STYLES[status])
    for row in rows:
        add(row.window, row.status, _STYLES[row.status], reached_text(row, row.value), f"{row.cases:,}")
        spread = range_text(row) if row.status in ("undecided", "not judged") else ""
        if spread:
            add("", "", "", spread)
    row = rows[-1]
    group = ", ".join(filter(None, ("" if row.level == "corporate" else row.level, group_text(row.group))))
    name = page.text((row.label, "bold"), f"\n  {group}" if group else "")
    cells = [name, windows, statuses, values, page.text(bound_text(row)), cases]
    for cell in cells:
        cell.rstrip()
    return cells


def print_owed(result: Result, page: Page) -> None:
    """Print what is owed, or may still be, and what it comes to for each customer."""
    owed = [c for version in result.versions for c in version.objectives.consequences if c.amount or c.most != 0]
    if not owed:
        return
    page.heading("Owed")
    columns = [Column("for", flexible=True), Column("window"), Column("kind"), Column("amount", right=True)]
    rows = []
    for consequence in owed[:_MOST_OWED]:
        named = any(value == consequence.customer for _, value in consequence.group)
        customer = "" if named else consequence.customer
        whom = ", ".join(filter(None, (customer, group_text(consequence.group))))
        rows.append(
            [
                page.text((consequence.label, "bold"), f", {whom}" if whom else ""),
                page.text(consequence.window),
                page.text(consequence.kind),
                page.text(_money(consequence.amount, consequence.most, consequence.currency)),
            ]
        )
    page.table(columns, rows)
    if len(owed) > _MOST_OWED:
        page.line((f"  {len(owed) - _MOST_OWED:,} rows more; `--format json` has all of them", "dim"))
    for payment in (payment for version in result.versions for payment in version.objectives.payments):
        whom = f" to {payment.customer}" if payment.customer else ""
        page.line(
            f"  in all{whom}: ",
            (f"{payment.paid} {payment.currency}", "bold"),
            _still(payment.amount, payment.most, payment.currency),
            indent=4,
        )


def _still(amount: Fraction, most: Fraction | None, currency: str) -> str:
    """What may come to an amount that is owed."""
    if most is None:
        return "; what may still be owed has no bound"
    return f"; up to {number_text(most - amount)} {currency} more may still be owed" if most > amount else ""


def print_budgets(result: Result, page: Page) -> None:
    """Print what is left of the error budgets of the windows under way, and when nothing is at this pace."""
    ended = {(row.label, row.window, row.group) for row in result.objectives if row.ended}
    told = [
        (version.plan.objectives[budget.objective].label, budget)
        for version in result.versions
        for budget in version.objectives.budgets
    ]
    under_way = [(label, b) for label, b in told if (label, b.window, b.group) not in ended]
    if not under_way:
        return
    page.heading("Error budgets")
    for label, budget in sorted(under_way, key=lambda pair: _share_left(pair[1]))[:_MOST_BUDGETS]:
        group = f", {group_text(budget.group)}" if budget.group else ""
        page.line("  ", (label, "bold"), f"{group}, {budget.window}: ", *_budget(budget, result.zone), indent=4)
    if len(under_way) > _MOST_BUDGETS:
        page.line((f"  and {len(under_way) - _MOST_BUDGETS:,} more; `--format json` has all of them", "dim"))


def _share_left(budget: ErrorBudget) -> Fraction:
    return budget.left / budget.budget if budget.budget else Fraction(0)


def _budget(budget: ErrorBudget, zone: str) -> Iterator[str | tuple[str, str]]:
    if budget.left <= 0:
        yield ("used up", "bold red") if budget.used > 0 else "there is none"
        return
    yield f"{percent_text(_share_left(budget))} left"
    if budget.runs_out_us is not None:
        yield ", "
        yield (f"used up on {iso(budget.runs_out_us, zone)[:10]} at this pace", "yellow")


def _money(amount: Fraction, most: Fraction | None, currency: str) -> str:
    if most is None:
        return f"{number_text(amount)} {currency} or more"
    if most == amount:
        return f"{number_text(amount)} {currency}"
    return f"{number_text(amount)} to {number_text(most)} {currency}"
