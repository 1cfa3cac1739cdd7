"""What each verb, and each other phrase that names no action, matched in the log.

Takes:  a Plan, and how often each event type occurs.
Gives:  a Matched for each phrase of the policy, in its order.
Never:  decides what a phrase means: the plan's `TypeMatches` says it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sladsl.ir.expression import TypeMatches
from sladsl.ir.invariants import nodes
from sladsl.ir.plan import Plan
from sladsl.report.result import Matched
from sladsl.text import stems


def matched_phrases(plan: Plan, types: Mapping[str, int]) -> tuple[Matched, ...]:
    """A row for each phrase, also where it stands more than once, its event types by how often they occur (ties by name).

    Args:
        plan: the policy.
        types: event type, as written in the log, to number of events.
    """
    stemmed = [(name, count, frozenset(stems(name, plan.language))) for name, count in types.items()]
    found: dict[str, Matched] = {}
    for phrase in plan.phrases:
        tests = [node for node in nodes(plan.conditions[phrase.condition].expr) if isinstance(node, TypeMatches)]
        hits = {name: count for name, count, words in stemmed if any(_matches(test, words) for test in tests)}
        if phrase.written in found:
            hits |= found[phrase.written].events
        ordered = dict(sorted(hits.items(), key=lambda hit: (-hit[1], hit[0])))
        found[phrase.written] = Matched(phrase.written, phrase.role, ordered)
    return tuple(found.values())


def _matches(test: TypeMatches, words: frozenset[str]) -> bool:
    return words.issuperset(test.required) and words.issubset(test.allowed)
