"""Policies written twice, in English and in natural Spanish, names and all: the plans are the same but for the names.

A twin is a file of twins/: the English text, a line `==`, the Spanish text. Two plans are the same but for names where
one renaming, one to one, turns each into the other.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from attrs import fields, has

import sladsl
from sladsl.syntax import parse
from sladsl.syntax.tree import Scenario
from sladsl.text import Source

TWINS = sorted((Path(__file__).parent / "twins").glob("*.txt"))

# fields that hold words of the author, or what was made of them; any other text must be the very same
NAMES = frozenset(
    [
        *(
            "name",
            "label",
            "party",
            "attribute",
            "distinct",
            "between",
            "groups",
            "cap_of",
            "field",
            "by",
            "by_written",
        ),
        *("written", "zone_attribute", "stages", "values", "value", "event", "what", "of", "objective"),
    ]
)
SORTED_BY_NAME = frozenset(["reads", "attributes"])
# stems follow from the word `written` beside them
SKIPPED = frozenset(["language", "case_word", "required", "allowed"])


class Renaming:
    """Which name of one plan is which of the other."""

    def __init__(self) -> None:
        self.there: dict[str, str] = {}
        self.back: dict[str, str] = {}
        self.unordered: list[tuple[Any, Any]] = []

    def same(self, one: Any, other: Any, path: str = "plan") -> None:
        assert type(one) is type(other), path
        if has(type(one)):
            for each in fields(type(one)):
                if not each.eq or each.name in SKIPPED:
                    continue
                left, right = getattr(one, each.name), getattr(other, each.name)
                here = f"{path}.{each.name}"
                if each.name in SORTED_BY_NAME and all(isinstance(item, str) for item in left):
                    self.unordered.append((left, right))
                elif here.endswith("level.name") and left.startswith("for "):
                    assert right.startswith("for ")  # the condition as written
                else:
                    self.same(left, right, here)
        elif isinstance(one, tuple | list):
            assert len(one) == len(other), (path, one, other)
            for number, (left, right) in enumerate(zip(one, other, strict=True)):
                self.same(left, right, f"{path}[{number}]")
        elif isinstance(one, str) and not isinstance(one, Enum) and _last(path) in NAMES:
            assert self.there.setdefault(one, other) == other, path
            assert self.back.setdefault(other, one) == one, path
        else:
            assert one == other, path

    def finish(self) -> None:
        for one, other in self.unordered:
            assert {self.there.get(name, name) for name in one} == set(other)


def _last(path: str) -> str:
    """The name of the innermost field of a path."""
    return path.rsplit(".", 1)[-1].split("[")[0]


def pair(path: Path) -> tuple[str, str]:
    english, _, spanish = path.read_text(encoding="utf-8").partition("==\n")
    return english, f"# language: es\n{spanish}"


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.stem)
def test_twins_are_one_plan(twin: Path) -> None:
    english, spanish = (sladsl.load(text=text).plan for text in pair(twin))
    assert (english.language, spanish.language) == ("en", "es")
    renaming = Renaming()
    renaming.same(english, spanish)
    renaming.finish()


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.stem)
def test_accents_are_optional_in_keywords(twin: Path) -> None:
    """What a Spanish text says stays the same without the accents, if they are left out everywhere."""
    import unicodedata

    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFD", text)
        return "".join(letter for letter in apart if not unicodedata.combining(letter))

    _, spanish = pair(twin)
    renaming = Renaming()
    renaming.same(sladsl.load(text=spanish).plan, sladsl.load(text=bare(spanish)).plan)


def test_scenarios_are_one() -> None:
    (twin,) = (path for path in TWINS if path.stem == "scenarios")
    trees = [parse(Source("p.sla", text)).tree.statements for text in pair(twin)]
    told = [[line for s in statements if isinstance(s, Scenario) for line in s.lines] for statements in trees]
    for one, other in zip(*told, strict=True):
        assert type(one) is type(other)
        for field in ("at", "case", "event", "status", "due"):
            assert getattr(one, field, None) == getattr(other, field, None)
    assert len(told[0]) == 12
