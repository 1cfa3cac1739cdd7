"""The passes over a sound program, in their order.

Takes:  a Program without errors, and the Context of its check.
Gives:  what is dubious about it, in the findings of the context.
Never:  runs where there is an error: what is missing because of it would be told as a second mistake.
"""

from __future__ import annotations

from collections.abc import Callable

from sladsl.checked.alerts import tell_of_alerts
from sladsl.checked.caps import tell_of_caps
from sladsl.checked.certain import tell_of_certain
from sladsl.checked.context import Context
from sladsl.checked.contradictions import tell_of_contradictions
from sladsl.checked.doubts import Doubts
from sladsl.checked.loosened import tell_of_loosened
from sladsl.checked.outcomes import tell_of_outcomes
from sladsl.checked.program import Program
from sladsl.checked.rows import tell_of_rows
from sladsl.checked.starts import tell_of_starts
from sladsl.checked.unquoted import tell_of_unquoted
from sladsl.checked.unused import tell_of_unused

# What an earlier pass has told is opaque to, or settled for, the later ones.
PASSES: tuple[Callable[[Doubts], None], ...] = (
    tell_of_unused,
    tell_of_unquoted,
    tell_of_contradictions,
    tell_of_rows,
    tell_of_outcomes,
    tell_of_starts,
    tell_of_alerts,
    tell_of_loosened,
    tell_of_caps,
    tell_of_certain,
)


def doubt(context: Context, program: Program) -> None:
    """Run all passes."""
    doubts = Doubts(context, program)
    for tell in PASSES:
        tell(doubts)
