"""A large log becomes a result: files and tables are judged as columns.

Takes:  policies, files or tables as a caller has them.
Gives:  `judge_columns`: a Result, the same as of the ordinary way, whose verdicts are kept as columns, and more.
Never:  makes an object of an event that the columnar evaluator can read itself, or of a verdict.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sladsl.events import Log, ReadOptions
from sladsl.events.valued import Valued
from sladsl.ir.plan import Plan
from sladsl.pipeline.choosing import Choice
from sladsl.pipeline.judging import result_of
from sladsl.pipeline.policy import Policy
from sladsl.pipeline.reading import files_of

if TYPE_CHECKING:
    from sladsl.evaluate.columnar.again import EventsAgain
    from sladsl.evaluate.columnar.bulk import ColumnarOutcome
    from sladsl.evaluate.objectives import ObjectivesOutcome
    from sladsl.report.result import Result

Told = Callable[[str, float | None], None]


@frozen
class Columns:
    """What the columnar evaluator made of a log.

    result      as of the ordinary way, its verdicts kept as columns
    log         what was read, without the events
    events      the log, to be read once more
    in_order    whether no case had an event that was earlier than one before it
    """

    result: Result
    log: Log
    events: EventsAgain
    in_order: bool


def judge_columns(
    policies: Sequence[Policy],
    log: Any,
    options: ReadOptions,
    as_of_us: int | None,
    filters: Sequence[Plan],
    choice: Choice,
    tell: Told,
    keeps_stretches: bool = False,
) -> Columns:
    """The result of a log that the columnar evaluator reads itself.

    Args:
        policies, log: as for `run`; files and tables only.
        options: how the log is read.
        filters: what `--where` asks, by policy.
        choice: why it is this evaluator.
        tell: is told what is being done, and how much of it is done.
        keeps_stretches: whether verdicts know when their clocks ran.

    Raises CannotJudge where only the stream evaluator does it, LogError where the log cannot be judged.
    """
    from sladsl.evaluate.columnar.again import EventsAgain
    from sladsl.evaluate.columnar.compiled import is_compiled
    from sladsl.evaluate.columnar.files import judge_files
    from sladsl.evaluate.columnar.inputs import Hashes
    from sladsl.evaluate.columnar.many import ColumnAlerts, ColumnVerdicts, number_anew
    from sladsl.evaluate.many import ManyOutcome

    if not is_compiled():
        tell("compiling the columnar evaluator, once on this machine", None)
    files = files_of(log)
    inputs = read_again(log) if files is None else files
    hashes = Hashes(_paths(files) if files is not None else ())
    passes = len(policies) + bool(filters)

    def judged(plan: Plan, number: int, keep: frozenset[str] | None) -> ColumnarOutcome:
        def say(events: int) -> None:
            share = None
            if choice.rows:
                share = min((number + min(events / choice.rows, 1)) / passes, 0.99)
            tell(f"judging, {events:,} events so far", share)

        return judge_files(
            plan,
            inputs,
            as_of_us,
            options=options,
            keeps_stretches=keeps_stretches,
            keep=keep,
            hashes=hashes,
            on_events=say,
        )

    keep = _cases_of(judged(filters[-1], 0, None)) if filters else None
    outcomes = [judged(policy.plan, number + bool(filters), keep) for number, policy in enumerate(policies)]
    tell("adding up", None)
    objectives = _objectives(policies, outcomes)
    if len(outcomes) > 1:
        number_anew(outcomes)
    many = [
        ManyOutcome(ColumnVerdicts(outcome), ColumnAlerts(outcome), dict(outcome.later), dict(outcome.unknown_zones))
        for outcome in outcomes
    ]
    last = outcomes[-1]
    valued = Valued(last.valued.cases, {name: n for outcome in outcomes for name, n in outcome.valued.counts.items()})
    result = result_of(
        policies, last.log, last.as_of_us, last.matched, valued, many, objectives, filters, options.strict, choice
    )
    again = EventsAgain(policies[-1].plan, inputs, options, last.as_of_us or 0, keep)
    return Columns(result, last.log, again, not any(outcome.sorted for outcome in outcomes))


def read_again(log: Any) -> Any:
    """A table, or several by name, that can be read more than once."""
    if isinstance(log, Mapping):
        return {name: read_again(table) for name, table in log.items()}
    if hasattr(log, "collect") and not hasattr(log, "__arrow_c_stream__"):
        return log.collect()  # a lazy table of polars
    return log.read_all() if hasattr(log, "read_next_batch") else log


def _paths(files: Sequence[Any]) -> list[str]:
    from sladsl.events.sources import find_sources

    return [source.path for source in find_sources(files) if os.path.isfile(source.path)]


def _cases_of(outcome: ColumnarOutcome) -> frozenset[str]:
    """The cases in which the state of `--where` holds at last."""
    from sladsl.evaluate.columnar.many import ColumnVerdicts

    return frozenset(ColumnVerdicts(outcome).cases_of("open"))


def _objectives(policies: Sequence[Policy], outcomes: Sequence[ColumnarOutcome]) -> list[ObjectivesOutcome]:
    from sladsl.evaluate.objectives import ObjectivesOutcome

    if not any(p.plan.objectives or any(clause.penalties for clause in p.plan.clauses) for p in policies):
        return [ObjectivesOutcome() for _ in policies]
    from sladsl.evaluate.objectives.bulk.judge import judge_objectives_bulk

    found = []
    for place, (policy, outcome) in enumerate(zip(policies, outcomes, strict=True)):
        others = [(p.plan, o) for n, (p, o) in enumerate(zip(policies, outcomes, strict=True)) if n != place]
        found.append(judge_objectives_bulk(policy.plan, outcome, others))
    return found
