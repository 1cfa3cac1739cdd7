"""`explain` and `compare`: why a verdict is what it is, and whether a policy fits a log.

Takes:  policies and a log.
Gives:  an Explanation; warnings and what the phrases matched.
Never:  prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sladsl.events import instant_of
from sladsl.ir.plan import Plan
from sladsl.pipeline.judging import judge
from sladsl.pipeline.policy import Policy
from sladsl.pipeline.reading import read_log
from sladsl.pipeline.versions import in_order_of_periods, numbered_anew
from sladsl.text import Diagnostic, fold

if TYPE_CHECKING:
    from sladsl.evaluate.stream.chances import Chance
    from sladsl.ir.plan import Clause
    from sladsl.report.result import Matched
    from sladsl.report.story import Story


@frozen
class Explanation:
    """One case, explained.

    stories  per version and instance of the case, in the order of the verdict table
    never    per version the clauses that opened no instance, with the starts that came to nothing
    inputs   names of the inputs, by index
    events   how many events the case has
    values   what its attributes held at last
    """

    stories: tuple[tuple[Plan, Story], ...]
    never: tuple[tuple[Plan, Clause, tuple[Chance, ...]], ...]
    inputs: tuple[str, ...]
    events: int
    values: Mapping[str, object]


def explain(
    policy: Policy | Sequence[Policy],
    log: Any,
    case: str,
    *,
    clause: str = "",
    as_of: datetime | date | str | int | None = None,
    columns: Mapping[str, str] | None = None,
) -> Explanation:
    """Explain the verdicts of one case.

    Args:
        policy: a policy, or several versions of one agreement.
        log: as for `run`.
        case: the case.
        clause: only this label; "" for all.
        as_of: as for `run`.
        columns: as for `run`.

    Raises LogError where the log cannot be read.
    """
    from sladsl.evaluate.stream.chances import chances
    from sladsl.report.result import JudgedVersion
    from sladsl.report.story import story_of

    policies = in_order_of_periods(policy if isinstance(policy, Sequence) else [policy])
    found = read_log(policies, log, tuple((columns or {}).items()), False, [])
    as_of_us = None if as_of is None else instant_of(as_of, policies[-1].plan.zone)
    if as_of_us is None:
        as_of_us = found.events[-1].time_us if found.events else 0
    events = [event for event in found.events if event.case == case and event.time_us <= as_of_us]
    stories: list[tuple[Plan, Story]] = []
    never: list[tuple[Plan, Clause, tuple[Chance, ...]]] = []
    versions = []
    for one in policies:
        outcome = judge(one.plan, events, as_of_us, found.has_actor, trace=True)
        versions.append(JudgedVersion(one.plan, one.path, outcome.verdicts, outcome.alerts))
    if len(versions) > 1:
        versions = numbered_anew(versions)
    opened = {fold(version.plan.groups[verdict.group]) for version in versions for verdict in version.verdicts}
    for version in versions:
        plan = version.plan
        told = [verdict for verdict in version.verdicts if clause in ("", plan.groups[verdict.group])]
        stories += [(plan, story_of(plan, verdict, as_of_us)) for verdict in told]
        starts = chances(plan, events, actors=found.has_actor)
        never += [
            (plan, each, tuple(starts[each.index]))
            for each in plan.clauses
            if fold(each.label) not in opened and clause in ("", each.label)
        ]
    names = tuple(i.name or Path(i.path).name for i in found.inputs)
    values = {name: value for event in events for name, value in event.attributes.items()}
    return Explanation(tuple(stories), tuple(never), names, len(events), values)


def compare(
    policies: Sequence[Policy], log: Any, *, columns: Mapping[str, str] | None = None
) -> list[tuple[list[Diagnostic], tuple[Matched, ...]]]:
    """What each policy asks for and the log never holds, and what its phrases matched; nothing is judged.

    Args:
        policies: one, or several versions of one agreement.
        log, columns: as for `run`.

    Raises LogError where the log cannot be read.
    """
    from sladsl.checked import check_source
    from sladsl.report.compared import compared

    given = read_log(policies, log, tuple((columns or {}).items()), False, [], None)
    told = []
    for policy in policies:
        source = policy.sources[0] if policy.sources else None
        settings = policy.settings
        # once more, for the places: what is kept of a policy knows none
        program = (
            check_source(source, lists=settings.lists, timezone=settings.timezone or None).program if source else None
        )
        told.append(compared(policy.plan, given, program, source))
    return told
