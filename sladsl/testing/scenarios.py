"""Scenarios: what an author says would happen, and what does.

Takes:  a compiled policy with its text.
Gives:  its scenarios, and for each the expectations that fail, with a place and what came instead.
Never:  reads a clock: a scenario is judged as of its last event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from sladsl.checked.values import instant_us
from sladsl.clock import iso
from sladsl.evaluate.stream import judge
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event, Instant
from sladsl.report.words import short_text
from sladsl.syntax import parse, tree
from sladsl.text import Span, fold
from sladsl.text.stem import stems

if TYPE_CHECKING:
    from sladsl.ir.plan import Plan
    from sladsl.pipeline import Policy


@frozen
class Scenario:
    """One scenario of a policy, ready to be judged."""

    policy: Policy
    name: str
    events: tuple[Event, ...]
    expectations: tuple[tree.ExpectStatus | tree.ExpectDue, ...]
    line: int


@frozen
class Failure:
    """An expectation that does not hold: its place, and in words what was expected and what came instead."""

    span: Span | None
    line: int
    expected: str
    actual: str


@frozen
class ScenarioResult:
    """What came of a scenario; it passed where it has no failures and expected something."""

    scenario: Scenario
    failures: tuple[Failure, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that was expected came."""
        return not self.failures


def scenarios_of(policy: Policy) -> Iterator[Scenario]:
    """The scenarios that stand in the policy's own file, in its order; those of used files stay with these."""
    if not policy.sources:
        return
    source = policy.sources[0]
    zone = policy.plan.zone
    for node in parse(source).tree.statements:
        if not isinstance(node, tree.Scenario):
            continue
        lines = [line for line in node.lines if isinstance(line, tree.ScenarioEvent)]
        expectations = tuple(line for line in node.lines if not isinstance(line, tree.ScenarioEvent))
        events = tuple(_event(line, zone, place) for place, line in enumerate(lines))
        yield Scenario(policy, node.name.value, events, expectations, source.position(node.span.start)[0])


def _event(line: tree.ScenarioEvent, zone: str, position: int) -> Event:
    values = {fold(each.name.text): _value(each.value, zone) for each in line.values}
    actor = str(values.pop("actor", ""))
    at = instant_us(line.at, zone)
    return Event(line.case.value, at, line.event.value, actor, values, position, row=position + 1)


def _value(node: tree.Expression, zone: str) -> object:
    match node:
        case tree.Instant() | tree.Date():
            return Instant(instant_us(node, zone))
        case tree.Name():
            return node.text
        case tree.Truth() | tree.Number() | tree.Text():
            return node.value
    return str(getattr(node, "value", ""))


def run_scenario(scenario: Scenario) -> ScenarioResult:
    """Judge a scenario as of its last event, and compare."""
    plan = scenario.policy.plan
    outcome = judge(plan, scenario.events) if scenario.events else None
    verdicts = tuple(outcome.verdicts) if outcome is not None else ()
    source = scenario.policy.sources[0]
    taken: set[tuple[int, str, int]] = set()
    failures: list[Failure] = []
    for expectation in scenario.expectations:
        candidates = [v for v in verdicts if _meant(plan, expectation, v)]
        if isinstance(expectation, tree.ExpectDue):
            due = instant_us(expectation.due, plan.zone)
            held = any(v.due_us == due for v in candidates)
            expected = f"`{expectation.label.text}` due {iso(due, plan.zone)}"
        else:
            # Two expectations of one status need two cycles.
            fitting = [v for v in candidates if v.status == expectation.status and v.key() not in taken]
            held = bool(fitting)
            taken |= {v.key() for v in fitting[:1]}
            expected = f"`{expectation.label.text}` {expectation.status}"
        if not held:
            of = f" for {expectation.case.value}" if expectation.case is not None else ""
            actual = "; ".join(told(plan, v) for v in candidates) or "no cycle of it opened"
            line = source.position(expectation.span.start)[0]
            failures.append(Failure(expectation.span, line, expected + of, actual))
    return ScenarioResult(scenario, tuple(failures), verdicts)


def _meant(plan: Plan, expectation: tree.ExpectStatus | tree.ExpectDue, verdict: Verdict) -> bool:
    label, name = plan.groups[verdict.group], expectation.label.text
    if fold(label) != fold(name) and stems(label, plan.language) != stems(name, plan.language):
        return False
    return expectation.case is None or expectation.case.value == verdict.case


def told(plan: Plan, verdict: Verdict) -> str:
    """A verdict in a few words."""
    words = [f"{verdict.status} for {verdict.case}"]
    if verdict.number > 1:
        words[0] += f" ({verdict.number})"
    words.append(f"opened {iso(verdict.opened_us, plan.zone)}")
    if verdict.due_us is not None:
        words.append(f"due {iso(verdict.due_us, plan.zone)}")
    if verdict.closed_us is not None:
        words.append(f"closed {iso(verdict.closed_us, plan.zone)}")
    if verdict.late_by_us is not None:
        words.append(f"late by {short_text(verdict.late_by_us)}")
    if verdict.note:
        words.append(verdict.note)
    return ", ".join(words)
