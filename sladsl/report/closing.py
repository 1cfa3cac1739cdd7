"""Close a cycle: from a result and its events to the account that reports tell.

Takes:  a Result, the events that it was judged on, the period, the attributes by which it is asked who.
Gives:  `account_of`.
Never:  keeps a verdict, but the few that are shown: each is folded into what is counted of it and forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from sladsl.evaluate.many import ManyAlerts
from sladsl.evaluate.objectives.money import payments
from sladsl.evaluate.objectives.outcome import NOT_JUDGED, STATUSES, ObjectiveRow
from sladsl.events import Event
from sladsl.ir.plan import Plan
from sladsl.report.account import Account, History, LeftOut, Owed, Promise, Version
from sladsl.report.excluded import ExcludedFigures
from sladsl.report.figures import ClauseFigures, bounded_labels, summed
from sladsl.report.period import Period
from sladsl.report.result import JudgedVersion, Result
from sladsl.report.sifting import MOST, Sifting, told
from sladsl.report.spread import spreads_of
from sladsl.report.walk import Walk
from sladsl.report.who import HolderRow, HolderTable, WhoTable


def account_of(
    result: Result,
    events: Iterable[Event],
    *,
    actors: bool,
    period: Period | None = None,
    by: Sequence[tuple[str, str]] = (),
) -> Account:
    """The account of a cycle.

    Args:
        result: what a run found out; the verdicts of its versions may be any iterable, gone through once.
        events: what it was judged on, in order; they are gone through several times.
        actors: whether the log names actors.
        period: cycles that start in it, windows that end in it, alerts that were given in it; None for all.
        by: attributes by which it is asked who: as asked for, and the folded name (`held.ACTOR` for the actor).
    """
    as_of_us = result.as_of_us if result.as_of_us is not None else 0
    walks = [
        Walk(
            version.plan,
            actors=actors,
            attributes=[name for _, name in by] if version is result.versions[-1] else (),
            period=period,
            lifecycles=version is result.versions[-1],
        )
        for version in result.versions
    ]
    for walk in walks:
        walk.over(events, as_of_us)
    held = walks[-1].held
    sifting = Sifting(result, [written for written, _ in by], held, as_of_us, period)
    sifting.sift()
    figures = sifting.figures.figures()
    histories = list(_histories(result, period))
    rows = [row for history, counting in histories for row in counting]
    tables, holders = sifting.who.tables(), sifting.who.holders()
    spreads = spreads_of(result.versions, figures)
    return Account(
        name=result.name,
        parties=result.versions[-1].plan.between,
        zone=result.zone,
        case_word=result.versions[-1].plan.case_word,
        as_of_us=result.as_of_us,
        span=_span(result),
        period=period,
        summary=summed(figures, rows, bounded_labels(result.versions)),
        promises=tuple(_promises(result))[: MOST.promises],
        promises_count=sum(len(v.plan.clauses) + len(v.plan.objectives) for v in result.versions),
        clauses=tuple(figures[: MOST.clauses]),
        clauses_count=len(figures),
        histories=_chosen([history for history, _ in histories]),
        histories_count=len(histories),
        spreads=tuple(spreads[: MOST.spreads]),
        lifecycles=tuple(journeys.figures() for journeys in walks[-1].journeys)[: MOST.tables],
        protocols=tuple(steps.figures() for steps in sifting.steps)[: MOST.tables],
        who=tuple(_cut_table(table) for table in tables),
        who_counts=tuple(len(table.rows) for table in tables),
        holders=tuple(_cut_holders(table) for table in holders[: MOST.tables]),
        worst=told(sifting.worst(), events, as_of_us, actors),
        broken=sum(row.missed for row in figures),
        owed=_owed(result, period),
        left_out=_left_out(result, figures, sifting, walks, rows),
        open_first=sifting.open_first(),
        alerts=_alerts(result, period),
        warnings=result.warnings[: MOST.warnings],
        inputs=result.inputs[: MOST.inputs],
        versions=tuple(Version(v.path, v.hash, v.plan.effective) for v in result.versions),
        parts=result.parts,
        engine=result.engine,
    )


def follows_cases(plans: Iterable[Plan]) -> bool:
    """Whether the account of policies follows each case through its events, which must come in order of time then."""
    return any(plan.lifecycles or any(objective.exclusions for objective in plan.objectives) for plan in plans)


def _span(result: Result) -> tuple[int, int] | None:
    first = [report.first_us for report in result.inputs if report.first_us is not None]
    last = [report.last_us for report in result.inputs if report.last_us is not None]
    return (min(first), max(last)) if first and last else None


def _promises(result: Result) -> Iterator[Promise]:
    for version in result.versions:
        yield from (Promise(version.plan, clause=clause) for clause in version.plan.clauses)
        yield from (Promise(version.plan, objective=objective) for objective in version.plan.objectives)


# --- objectives --------------------------------------------------------------------------------------------------------


def _histories(result: Result, period: Period | None) -> Iterator[tuple[History, list[ObjectiveRow]]]:
    """Each objective and group with a window that counts, and its windows that count."""
    plans: dict[tuple[object, ...], tuple[JudgedVersion, list[ObjectiveRow]]] = {}
    for version in result.versions:
        for row in version.objectives.rows:
            key = row.label, row.level, row.group
            held = plans.setdefault(key, (version, []))[1]
            plans[key] = version, held
            if period is None or row.end_us <= period.end_us or _counts(row, period):
                held.append(row)
    budgets = {
        (place, b.objective, b.window, b.group): b
        for place, version in enumerate(result.versions)
        for b in version.objectives.budgets
    }
    places = {id(version): place for place, version in enumerate(result.versions)}
    for version, rows in plans.values():
        counting = [row for row in rows if _counts(row, period)]
        if not counting:
            continue
        shown = rows[-MOST.windows :]
        counts = Counter(row.status for row in counting)
        history = History(
            plan=version.plan,
            objective=version.plan.objectives[counting[-1].objective],
            rows=tuple(shown),
            inside=tuple(_counts(row, period) for row in shown),
            counts={status: counts[status] for status in STATUSES},
            windows=len(counting),
            budget=None,
        )
        last = history.last
        yield (
            evolve(history, budget=budgets.get((places[id(version)], last.objective, last.window, last.group))),
            counting,
        )


def _counts(row: ObjectiveRow, period: Period | None) -> bool:
    return period is None or period.takes_window(row.start_us, row.end_us, row.ended)


def _chosen(histories: list[History]) -> tuple[History, ...]:
    """As many as are shown, those with a miss before the others, in the order of the policy."""
    if len(histories) <= MOST.histories:
        return tuple(histories)
    places = sorted(range(len(histories)), key=lambda place: (not histories[place].counts["missed"], place))
    return tuple(histories[place] for place in sorted(places[: MOST.histories]))


# --- who ---------------------------------------------------------------------------------------------------------------


def _cut_table(table: WhoTable) -> WhoTable:
    return evolve(table, rows=table.rows[: MOST.values])


def _cut_holders(table: HolderTable) -> HolderTable:
    """The rows that are shown, all others summed in one, so that they add up."""
    if len(table.rows) <= MOST.holders:
        return table
    rest = table.rows[MOST.holders - 1 :]
    others = HolderRow(None, sum(row.cycles for row in rest), sum(row.ticks for row in rest))
    return evolve(table, rows=(*table.rows[: MOST.holders - 1], others))


# --- money, alerts, what is left out -----------------------------------------------------------------------------------


def _owed(result: Result, period: Period | None) -> Owed:
    found = [
        owed
        for version in result.versions
        for owed in version.objectives.consequences
        if (owed.amount or owed.most != 0) and (period is None or period.start_us < owed.end_us <= period.end_us)
    ]
    found.sort(key=lambda owed: owed.end_us)
    return Owed(tuple(found[: MOST.owed]), len(found), tuple(payments(found)[: MOST.owed]))


def _alerts(result: Result, period: Period | None) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for version in result.versions:
        given = [(alert.kind, "", alert.at_us) for alert in version.objectives.alerts]
        if isinstance(version.alerts, ManyAlerts):
            span = (None, None) if period is None else (period.start_us, period.end_us)
            for name, count in version.alerts.tally(*span).items():
                counts[name] = counts.get(name, 0) + count
        else:
            given = [*((alert.kind, alert.to, alert.at_us) for alert in version.alerts), *given]
        for kind, to, at_us in given:
            # what is given at the end of a window belongs to the period that ends there
            if period is None or period.holds(at_us - (kind in ("missed", "burn"))):
                counts[kind, to] = counts.get((kind, to), 0) + 1
    return dict(list(counts.items())[: MOST.values])


def _left_out(
    result: Result,
    figures: list[ClauseFigures],
    sifting: Sifting,
    walks: list[Walk],
    rows: Iterable[ObjectiveRow],
) -> LeftOut:
    excluded: list[ExcludedFigures] = [row for walk in walks for each in walk.excluded for row in each.figures()]
    not_judged = Counter(row.label for row in rows if row.status == NOT_JUDGED)
    return LeftOut(
        excused=sifting.excused_first(),
        excused_count=sum(row.counts["excused"] for row in figures),
        clauses=sifting.left_out_clauses()[: MOST.clauses],
        undetermined=sifting.undetermined(),
        excluded=tuple(row for row in excluded if row.time_us)[: MOST.owed],
        not_judged=dict(sorted(not_judged.items())[: MOST.owed]),
        rejects=tuple(result.rejects[: MOST.rejects]),
        rejected=sum(report.rejected for report in result.inputs),
        duplicates=sum(report.duplicates for report in result.inputs),
    )
