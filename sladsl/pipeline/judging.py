"""A plan and a log become a result.

Takes:  policies, a Log, the evaluator that is asked for.
Gives:  `judge_all`: a Result; `result_of`, its last step, whoever judged; `judge`: the outcome of one plan.
Never:  reads a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from sladsl.clock import zone_data_version
from sladsl.events import Event, Log, LogError
from sladsl.events.valued import Valued, valued_of
from sladsl.ir.needed import compared_attributes
from sladsl.ir.plan import Plan
from sladsl.pipeline.choosing import Choice
from sladsl.pipeline.policy import Policy
from sladsl.pipeline.question import only_cases, unknown_to_where
from sladsl.pipeline.versions import numbered_anew
from sladsl.text import Severity

if TYPE_CHECKING:
    from sladsl.evaluate.many import ManyOutcome
    from sladsl.evaluate.objectives import ObjectivesOutcome
    from sladsl.evaluate.verdict import Outcome, Verdict
    from sladsl.report.result import Result


def judge_all(
    policies: Sequence[Policy],
    log: Log,
    as_of_us: int | None,
    filters: Sequence[Plan],
    strict: bool,
    choice: Choice,
    trace: bool,
) -> tuple[Result, list[Event]]:
    """The result, and the events that were judged."""
    if as_of_us is None and log.events:
        as_of_us = log.events[-1].time_us
    events = log.events
    if events and as_of_us is not None and events[-1].time_us > as_of_us:
        events = [event for event in events if event.time_us <= as_of_us]
    types = Counter(event.type for event in events)
    valued = valued_of(events, {name for policy in policies for name in compared_attributes(policy.plan)})
    if filters:
        events = only_cases(events, filters[-1], log, as_of_us)
    outcomes = [judge(policy.plan, events, as_of_us, log.has_actor, choice.engine, trace) for policy in policies]
    objectives = []
    for place, (policy, outcome) in enumerate(zip(policies, outcomes, strict=True)):
        others = [(p.plan, o.verdicts) for n, (p, o) in enumerate(zip(policies, outcomes, strict=True)) if n != place]
        objectives.append(objectives_of(policy.plan, events, outcome, as_of_us, log.has_actor, others))
    result = result_of(policies, log, as_of_us, types, valued, outcomes, objectives, filters, strict, choice)
    if len(policies) > 1:
        result.versions = tuple(numbered_anew(list(result.versions)))
    return result, events


def result_of(
    policies: Sequence[Policy],
    log: Log,
    as_of_us: int | None,
    types: Mapping[str, int],
    valued: Valued,
    outcomes: Sequence[Outcome | ManyOutcome],
    objectives: Sequence[ObjectivesOutcome],
    filters: Sequence[Plan],
    strict: bool,
    choice: Choice,
) -> Result:
    """What was judged, and what a person should know of it.

    Args:
        types: event type to number of events, up to as-of.
        valued: in how many cases what is compared has a value, up to as-of.
        outcomes, objectives: what each policy came to.

    Raises LogError where `strict` forbids what was found.
    """
    from sladsl.report.matched import matched_phrases
    from sladsl.report.odd import STRICT, odd_things
    from sladsl.report.result import JudgedVersion, Result

    types = dict(sorted(types.items(), key=lambda pair: (-pair[1], pair[0])))  # however they were come upon
    versions: list[JudgedVersion] = []
    matched: dict[str, Any] = {}
    warnings = {d.message: d for d in unknown_to_where(filters, policies[-1].plan, log)}
    for policy, outcome, judged in zip(policies, outcomes, objectives, strict=True):
        versions.append(JudgedVersion(policy.plan, policy.path, outcome.verdicts, outcome.alerts, judged))
        found = matched_phrases(policy.plan, types)
        matched |= {row.phrase: row for row in found}
        source = policy.sources[0] if policy.sources else None
        for warning in odd_things(policy.plan, log, outcome, found, types, valued, source, judged):
            warnings.setdefault(warning.message, warning)
    if strict and (wrong := [warning for warning in warnings.values() if warning.code in STRICT]):
        raise LogError([attrs.evolve(warning, severity=Severity.ERROR) for warning in wrong], log)
    return Result(
        name=policies[-1].name,
        zone=policies[-1].plan.zone,
        as_of_us=as_of_us,
        versions=tuple(versions),
        inputs=tuple(log.inputs),
        rejects=log.rejects,
        matched=tuple(matched.values()),
        warnings=tuple(warnings.values()),
        parts=parts_of(policies),
        engine=choice.engine,
        engine_reason=choice.reason,
        says_engine=choice.is_told,
        sources=tuple(source for policy in policies for source in policy.sources),
    )


def judge(
    plan: Plan, events: Sequence[Event], as_of_us: int | None, actors: bool, engine: str = "stream", trace: bool = False
) -> Outcome:
    """Judge events with an evaluator; all traces are the stream evaluator's."""
    if engine == "columnar" and not trace:
        from sladsl.evaluate.columnar.judging import judge as columnar_judge

        return columnar_judge(plan, events, as_of_us, actors=actors)
    from sladsl.evaluate.stream import judge as stream_judge

    return stream_judge(plan, events, as_of_us, actors=actors, trace=trace)


def objectives_of(
    plan: Plan,
    events: Sequence[Event],
    outcome: Outcome,
    as_of_us: int | None,
    actors: bool,
    others: Sequence[tuple[Plan, list[Verdict]]],
) -> ObjectivesOutcome:
    """What a policy's objectives and penalties came to.

    Args:
        others: the other versions of the agreement, with their verdicts.
    """
    from sladsl.evaluate.objectives import ObjectivesOutcome, judge_objectives

    if not plan.objectives and not any(clause.penalties for clause in plan.clauses):
        return ObjectivesOutcome()  # and no second walk over the events
    return judge_objectives(plan, events, outcome.verdicts, as_of_us, actors=actors, others=others)


def parts_of(policies: Sequence[Policy]) -> dict[str, str]:
    """What a result depends on besides its inputs, each with its version."""
    from sladsl.clock import holidays_version
    from sladsl.version import __version__

    parts = {"sladsl": __version__, "zones": zone_data_version()}
    if any(calendar.holidays for policy in policies for calendar in policy.plan.calendars):
        parts["holidays"] = holidays_version()
    return parts
