"""Law 27: the same policy in other words, and in another order, gives the same verdicts."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import strategies as st
from laws import law
from made_policy import Agreement
from samples import Sample, alerted, samples, told
from translating import translated

import sladsl
from sladsl.evaluate import reference
from sladsl.evaluate.stream import judge
from sladsl.events import Event
from sladsl.ir.plan import Plan
from sladsl.ir.wire import from_json, to_json

EVALUATORS = (reference.judge, judge)


def load(text: str) -> Plan:
    """The plan of a policy that was written otherwise, which must not make it wrong."""
    return sladsl.load(text=text).plan


def same_verdicts(sample: Sample, plan: Plan) -> None:
    """Another plan gives the verdicts and alerts of the sample's."""
    for evaluator in EVALUATORS:
        one = evaluator(sample.plan, sample.events, sample.as_of_us, actors=True)
        other = evaluator(plan, sample.events, sample.as_of_us, actors=True)
        assert told(sample.plan, other.verdicts) == told(sample.plan, one.verdicts)
        written = [a for a in other.alerts if a.written]
        assert len(alerted(other.alerts)) == len(alerted(one.alerts))
        assert [(a.at_us, a.clause, a.case, a.number, a.kind) for a in other.alerts] == [
            (a.at_us, a.clause, a.case, a.number, a.kind) for a in one.alerts
        ]
        assert len(written) == len(other.alerts)


# --- formatting ------------------------------------------------------------------------------------------------------


@law(27, samples(longest=4), st.sampled_from(("  ", "   ", "        ", "\t")), st.lists(st.integers(0, 5)), quick=30)
def test_layout_changes_nothing(sample: Sample, unit: str, choices: list[int]) -> None:
    """Law 27: formatting changes no verdict."""
    lines = ["# Made again", ""]
    for number, line in enumerate(sample.agreement.text().splitlines()):
        depth = (len(line) - len(line.lstrip())) // 4
        choice = choices[number % len(choices)] if choices else 0
        words = re.sub(r" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", "  " if choice == 1 else " ", line.strip())
        comment = "    # as agreed, see `annex` 1; and so on" if choice == 2 else ""
        lines.append(unit * depth + words + comment)
        if choice == 3:
            lines.append("")
        if choice == 4:
            lines.append(unit * 5 + "# a line of its own")
    plan = load("\n".join(lines) + ("" if choices else "\n"))
    assert plan == sample.plan
    same_verdicts(sample, plan)


@law(27, samples(without=["levels"], longest=4), quick=30)
def test_details_on_the_same_line_change_nothing(sample: Sample) -> None:
    """Law 27: formatting changes no verdict: short details may follow on the same line after a comma."""
    agreement = sample.agreement
    parts = agreement.parts()
    statements = parts[: len(parts) - len(agreement.promises)]
    text = "".join(f"{line}\n" for lines in statements for line in lines)
    for promise in agreement.promises:
        text += ", ".join([f"{promise.label}: {promise.head}", *promise.details]) + "\n"
    plan = load(text)
    assert plan == sample.plan


# --- the keyword language --------------------------------------------------------------------------------------------

# Verbs of which both stemmers say the same, and the attributes of levels in Spanish.
VERBS = {"replies": "resolves", "reply": "resolve", "fixes": "attempts", "fix": "attempt", "close": "ship"}
LEVELS = {"customer": "cliente", "service": "servicio"}
PLAIN = ["must not before", "must not while", "within", "by", "every", "at least", "lasts", "must not within"]


def otherwise(words: str, names: dict[str, str]) -> str:
    """The words with others in place of some."""
    return re.sub(rf"\b({'|'.join(names)})(s?)\b", lambda found: names[found[1]] + found[2], words)


@law(27, samples(forms=[*PLAIN, "at most", "time while"], longest=8), quick=30)
def test_the_keyword_language_changes_nothing(sample: Sample) -> None:
    """Law 27: the keyword language changes no verdict."""
    english = otherwise(sample.agreement.text(), VERBS)
    plan = load(english)
    events = [
        Event(e.case, e.time_us, VERBS.get(e.type, e.type), e.actor, e.attributes, e.position, e.input, e.row)
        for e in sample.events
    ]
    with pytest.MonkeyPatch.context() as patched:
        spanish = load(translated(english, "es", patched))
    there = [
        Event(
            e.case,
            e.time_us,
            e.type,
            e.actor,
            {LEVELS.get(name, name): cell for name, cell in e.attributes.items()},
            e.position,
            e.input,
            e.row,
        )
        for e in events
    ]
    for evaluator in EVALUATORS:
        one = evaluator(plan, events, sample.as_of_us, actors=True)
        other = evaluator(spanish, there, sample.as_of_us, actors=True)
        assert told(plan, other.verdicts) == told(plan, one.verdicts)


# --- renaming --------------------------------------------------------------------------------------------------------

NAMES = {
    "crew": "gang",
    "near": "vicinity",
    "waiting": "stalled_mark",
    "on hold": "put-aside",
    "being open": "Live Mark",
    "qualified": "worthy",
    "gold": "precious mark",
    "urgent": "hot mark",
    "sound": "solid mark",
    "busy": "crowded mark",
    "many": "plenty mark",
    "tried": "tested mark",
    "spent": "paid mark",
    "stale": "old mark",
    "early": "young mark",
    "office hours": "desk mark",
    "afternoon": "late mark",
    "merged": "joined_mark",
    "contacts": "phones",
    "office": "main desk",
    "shop": "front_shop",
    "night": "dark hours",
}
LABELS = {"a": "first promise", "b": "Second-Promise", "c": "third_promise"}


def renamed(agreement: Agreement, upper: bool) -> str:
    """The policy with other names for everything that it names itself; some of them folded."""

    def other(found: re.Match[str]) -> str:
        name = NAMES[found[1]]
        return name.upper().replace("_", " ") if upper and found.start() % 2 else name

    longest_first = sorted(NAMES, key=len, reverse=True)
    text = re.sub(rf"(?<![\w\"])({'|'.join(longest_first)})(?![\w\"])", other, agreement.text())
    text = re.sub(r"^( *)([abc]): ", lambda found: f"{found[1]}{LABELS[found[2]]}: ", text, flags=re.MULTILINE)
    return re.sub(
        r"(breach|fulfilment) of ([abc])$|(breach|fulfilment) of ([abc])(?=,)",
        lambda found: f"{found[1] or found[3]} of {LABELS[found[2] or found[4]]}",
        text,
        flags=re.MULTILINE,
    )


@law(27, samples(longest=8), st.booleans(), quick=30)
def test_renaming_changes_nothing(sample: Sample, upper: bool) -> None:
    """Law 27: renaming changes no verdict; case, inner spaces and `_` or `-` fold."""
    same_verdicts(sample, load(renamed(sample.agreement, upper)))


# --- order -----------------------------------------------------------------------------------------------------------


@law(27, samples(without=["first event"], longest=8), st.randoms(use_true_random=False), quick=30)
def test_the_order_of_definitions_changes_nothing(sample: Sample, source: object) -> None:
    """Law 27: the order of definitions changes no verdict, where every clause says when it starts."""
    agreement = sample.agreement
    parts = agreement.parts()
    clauses = len(agreement.promises) + len(agreement.blocks)
    head = [part for part in parts if part[0].startswith("sla ")]
    loose = parts[len(head) : len(parts) - clauses]
    found = [*head, *parts[len(parts) - clauses :]]
    for part in loose:
        found.insert(source.randint(len(head), len(found)), part)  # type: ignore[attr-defined]
    same_verdicts(sample, load("".join(f"{line}\n" for part in found for line in part)))


# --- the round trip --------------------------------------------------------------------------------------------------


@law(27, samples(longest=6), quick=30)
def test_a_round_trip_through_json_changes_nothing(sample: Sample) -> None:
    """Law 27: a round trip of the IR through JSON changes no verdict."""
    plan = from_json(json.loads(json.dumps(to_json(sample.plan))))
    assert plan == sample.plan
    assert to_json(plan) == to_json(sample.plan)
    same_verdicts(sample, plan)
