"""Texts from a log or a policy, made short enough to be shown.

Takes:  any text.
Gives:  `cut`, and the names that sections share.
Never:  lets one cell fill a page, or a control character through.
"""

from __future__ import annotations

import re
from fractions import Fraction

from sladsl.evaluate.objectives.outcome import ObjectiveRow
from sladsl.report.language import Language
from sladsl.report.view import BAD, GOOD, OPEN, PLAIN, QUIET, Tone

_BACKTICKS = re.compile(r"`([^`]*)`")

TONES: dict[str, Tone] = {
    "met": GOOD,
    "missed": BAD,
    "late": BAD,
    "breached": BAD,
    "open": OPEN,
    "paused": OPEN,
    "undecided": OPEN,
    "not judged": QUIET,
}


def cut(text: str, most: int = 80) -> str:
    """The text on one line, at most so long."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def quoted(text: str, language: Language) -> str:
    """A sentence with the names that stand in backticks in the language's own marks."""
    return _BACKTICKS.sub(lambda match: language("quoted", text=match[1]), text)


def labelled(label: str, level: str, language: Language) -> str:
    """A label with its level, where it is not the one for everyone."""
    return cut(label) if level == "corporate" else f"{cut(label)} · {cut(language.level(level), 120)}"


def group_name(group: tuple[tuple[str, str], ...], language: Language) -> str:
    """The group of an objective's row: `region ES`."""
    return ", ".join(f"{cut(name, 40)} {valued(value, language)}" for name, value in group)


def valued(value: str | None, language: Language) -> str:
    """The value of an attribute; a missing one and the sum of all others have words of their own."""
    if value is None:
        return language("who.others")
    return cut(value, 60) or language("who.missing")


def reached(row: ObjectiveRow, value: Fraction | None, language: Language, unit: bool = True) -> str:
    """A value of an objective in the unit of its target."""
    in_unit = row.in_unit(value)
    if in_unit is None:
        return "–"
    if row.unit == "share":
        return language.percent(in_unit, row.target)
    number = language.number(in_unit, row.in_unit(row.target))
    return f"{number}\u00a0{language.unit(row.unit)}" if row.unit and unit else number


def bound(row: ObjectiveRow, language: Language) -> str:
    """What is promised: `at least 95%`."""
    return language(f"bound.{row.op}", value=reached(row, row.target, language))


def toned(share: Fraction | None) -> Tone:
    """The tone of an attainment that nothing bounds."""
    if share is None:
        return PLAIN
    return GOOD if share == 1 else OPEN if share >= Fraction(9, 10) else BAD
