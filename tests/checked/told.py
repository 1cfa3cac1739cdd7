"""Read the tables of cases beside this file, and say what the checker makes of a policy.

Takes:  `good.txt` and `bad.txt`: cases set apart by `=== name`, each a policy, a line `---`, and what is expected.
Gives:  Case; `facts`: the plan as lines; `findings`: a line for each diagnostic.
Never:  asserts anything.

`python tests/checked/told.py tests/checked/bad.txt` prints the table with what the checker says now, for review.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from sladsl.checked import Checked, check_source
from sladsl.ir.from_checked import lower
from sladsl.ir.show import show
from sladsl.text import Source

LISTS = {"given": ("cto", "cfo")}


class Case(NamedTuple):
    """One row of a table."""

    name: str
    policy: str
    expected: list[str]


def cases(table: Path) -> list[Case]:
    """The cases of a table, in order."""
    found = []
    for section in table.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = section.partition("\n")
        policy, _, expected = rest.partition("\n---\n")
        found.append(Case(name.strip(), policy + "\n", [line for line in expected.splitlines() if line.strip()]))
    return found


def checked(policy: str) -> Checked:
    """The policy, checked as a text that is no file."""
    return check_source(Source("policy.sla", policy), lists=LISTS)


def facts(policy: str) -> list[str]:
    """The plan as it is shown, a line a fact; no header lines."""
    result = checked(policy)
    assert result.program is not None, findings(result)
    lines = show(lower(result.program)).splitlines()[1:]
    return [line for line in lines if line.strip() and not line.startswith(_DULL)]


_DULL = ("  edition", '  language "en"', '  zone "UTC"', '  case_word "case"', "  lateness_us 0", "  level (as usual)")


def findings(result: Checked) -> list[str]:
    """A line for each diagnostic: code, place, message, and after ` | ` the help."""
    sources = {source.name: source for source in result.sources}
    lines = []
    for found in result.diagnostics:
        place = "?"
        if found.span is not None:
            line, column = sources[found.span.source].position(found.span.start)
            place = f"{line}:{column}"
        lines.append(f"{found.code} {place} {found.message}" + (f" | {found.help}" if found.help else ""))
    return lines


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        for case in cases(path):
            said = facts(case.policy) if path.name.startswith("good") else findings(checked(case.policy))
            print(f"=== {case.name}\n{case.policy.rstrip()}\n---\n" + "\n".join(said) + "\n")
