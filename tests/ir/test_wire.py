"""The plan as JSON: an exact round trip, a hash of the meaning, and no text that does harm."""

import contextlib
import json
import random
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_plan import NUMBER, small_plan, state

from sladsl.ir.expression import Literal, Not, Ref
from sladsl.ir.plan import Form
from sladsl.ir.show import show
from sladsl.ir.wire import MAX_DEPTH, WireError, from_json, policy_hash, to_json

TEXT = to_json(small_plan())


def problems(text: str) -> list[str]:
    with pytest.raises(WireError) as caught:
        from_json(text)
    assert caught.value.diagnostics
    return [f"{d.code} {d.message}" for d in caught.value.diagnostics]


def changed(*path: Any, value: Any) -> str:
    """The plan's JSON with one entry replaced."""
    tree = json.loads(TEXT)
    place: Any = tree["plan"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(tree)


def every_field(value: Any) -> Any:
    """A plan as nested tuples with the type of each value: what `==` on attrs classes does not look at."""
    if attrs.has(type(value)):
        return type(value), tuple(every_field(getattr(value, f.name)) for f in attrs.fields(type(value)))
    if isinstance(value, tuple):
        return tuple(every_field(item) for item in value)
    return type(value), value


def test_round_trip_gives_back_everything_the_words_included() -> None:
    plan = small_plan()
    assert every_field(from_json(to_json(plan))) == every_field(plan)


def test_the_same_plan_has_the_same_text() -> None:
    assert to_json(small_plan()) == TEXT
    assert to_json(from_json(TEXT)) == TEXT


def test_keys_stand_in_the_order_of_the_fields() -> None:
    assert list(json.loads(TEXT)) == ["format", "version", "plan"]
    assert list(json.loads(TEXT)["plan"])[:4] == ["name", "edition", "zone", "case_word"]


def test_enums_come_back_as_enums() -> None:
    assert from_json(TEXT).clauses[0].form is Form.WITHIN
    assert from_json(TEXT).conditions[0].kind.name == "TRUTH"


def test_fractions_stand_as_text() -> None:
    tree = json.loads(TEXT)["plan"]
    assert tree["objectives"][0]["target"] == "19/20"
    assert tree["conditions"][0]["expr"]["right"]["value"] == {"fraction": "121/2"}


def test_hash_looks_at_the_meaning_only() -> None:
    plan = small_plan()
    clauses = (attrs.evolve(plan.clauses[0], written="other words", line=99), plan.clauses[1])
    assert policy_hash(attrs.evolve(plan, clauses=clauses)) == policy_hash(plan)
    assert policy_hash(attrs.evolve(plan, lateness_us=1)) != policy_hash(plan)
    assert len(policy_hash(plan)) == 64


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "SLA0901 this is no JSON: expecting value"),
        ("{", "SLA0901 this is no JSON: expecting property name enclosed in double quotes"),
        ("[]", "SLA0901 this JSON is no compiled policy"),
        ("null", "SLA0901 this JSON is no compiled policy"),
        ('"sladsl plan"', "SLA0901 this JSON is no compiled policy"),
        ("NaN", "SLA0901 the compiled policy is broken: `NaN` is no number"),
        ("1" * 5000, "SLA0901 the compiled policy is broken: a number has too many digits"),
        ("[" * 100_000, f"SLA0903 the compiled policy is nested more than {MAX_DEPTH} levels deep"),
        ('{"a":' * 500 + "1" + "}" * 500, f"SLA0903 the compiled policy is nested more than {MAX_DEPTH} levels deep"),
        ('{"format": "sladsl plan"}', "SLA0902 the compiled policy has version null; this release reads version 1"),
        (
            '{"format": "sladsl plan", "version": true}',
            "SLA0902 the compiled policy has version true; this release reads version 1",
        ),
        (
            '{"format": "sladsl plan", "version": 2}',
            "SLA0902 the compiled policy has version 2; this release reads version 1",
        ),
        ('"\\ud800"', "SLA0901 the compiled policy is broken: a text holds half a character"),
    ],
)
def test_what_is_no_plan_is_refused(text: str, problem: str) -> None:
    assert problems(text) == [problem]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("zone",), 3, "text must stand here, not `3`, at `plan.zone`"),
        (("zone",), ["UTC"], "text must stand here, not a list, at `plan.zone`"),
        (("edition",), True, "a whole number must stand here, not `true`, at `plan.edition`"),
        (("edition",), 1.0, "a whole number must stand here, not `1.0`, at `plan.edition`"),
        (("groups",), "ab", 'a list must stand here, not `"ab"`, at `plan.groups`'),
        (("groups",), {"a": 1}, "a list must stand here, not an object, at `plan.groups`"),
        (("effective",), [None], "a list of 2 must stand here, not one of 1, at `plan.effective`"),
        (("clauses", 0, "rows"), None, "a list must stand here, not `null`, at `plan.clauses[0].rows`"),
        (
            ("clauses", 0, "how"),
            "often",
            'one of free, first, each, latest must stand here, not `"often"`, at `plan.clauses[0].how`',
        ),
        (
            ("objectives", 0, "target"),
            "0.5",
            'a fraction like `"1/3"` must stand here, not `"0.5"`, at `plan.objectives[0].target`',
        ),
        (("objectives", 0, "target"), "1/0", "a fraction has the denominator 0, at `plan.objectives[0].target`"),
        (
            ("conditions", 0, "expr", "node"),
            "Exec",
            'there is no node `"Exec"`, at `plan.conditions[0].expr`',
        ),
        (("conditions", 0, "extra"), 1, "unknown entry `extra`, at `plan.conditions[0]`"),
    ],
)
def test_a_broken_entry_is_named_with_its_place(path: tuple[Any, ...], value: Any, problem: str) -> None:
    assert problems(changed(*path, value=value)) == [f"SLA0901 the compiled policy is broken: {problem}"]


def test_a_missing_entry_is_named() -> None:
    tree = json.loads(TEXT)
    del tree["plan"]["order"]
    assert problems(json.dumps(tree)) == ["SLA0901 the compiled policy is broken: `order` is missing, at `plan.order`"]


def test_a_plan_that_breaks_a_law_is_refused() -> None:
    assert problems(changed("order", value=[0, 0])) == [
        "SLA0904 the compiled policy breaks a law, the order holds every clause once, after what it follows: "
        "the order is no permutation of the clauses"
    ]


def test_an_expression_nested_too_deeply_is_refused_both_ways() -> None:
    expr: Any = Ref(0)
    for _ in range(MAX_DEPTH + 1):
        expr = Not(expr)
    plan = small_plan(conditions=(*small_plan().conditions, state(expr, "score")))
    with pytest.raises(WireError, match="levels deep"):
        to_json(plan)
    with pytest.raises(WireError, match="levels deep"):
        policy_hash(plan)


def test_as_deep_as_the_checker_allows_passes() -> None:
    expr: Any = Ref(0)
    for _ in range(90):
        expr = Not(expr)
    plan = small_plan(conditions=(*small_plan().conditions, state(expr, "score")))
    assert from_json(to_json(plan)) == plan


@given(st.text())
def test_no_text_does_harm(text: str) -> None:
    with pytest.raises(WireError):
        from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.randoms(use_true_random=False), JSON)
def test_no_change_of_a_plan_does_harm(randomness: random.Random, value: Any) -> None:
    """Replace a random entry by random JSON: it is refused, or it is a plan that can be written again."""
    tree = json.loads(TEXT)
    place: Any = tree["plan"]
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = randomness.choice(keys)
        if isinstance(place[key], (dict, list)) and place[key] and randomness.random() < 0.8:
            place = place[key]
            continue
        place[key] = value
        break
    plan = None
    with contextlib.suppress(WireError):
        plan = from_json(json.dumps(tree))
    if plan is not None:
        assert from_json(to_json(plan)) == plan
        assert show(plan)


def test_values_keep_their_kind() -> None:
    values = (1, Fraction(1, 2), Fraction(3), "1/2", True)
    for value in values:
        kind = NUMBER if not isinstance(value, (str, bool)) else small_plan().conditions[0].kind
        if isinstance(value, str):
            continue
        literal = Literal(value, kind)
        plan = small_plan(conditions=(*small_plan().conditions, state(literal)))
        if kind is NUMBER:
            plan = attrs.evolve(
                plan, conditions=(*plan.conditions[:-1], attrs.evolve(plan.conditions[-1], kind=NUMBER))
            )
        back: Any = from_json(to_json(plan)).conditions[-1].expr
        assert (type(back.value), back.value) == (type(value), value)
