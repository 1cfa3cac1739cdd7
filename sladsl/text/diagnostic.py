"""A complaint about text, as a value.

Takes:  what is wrong, where, and what to do.
Gives:  Diagnostic, ordered by place.
Never:  prints anything; see render.py and wire.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from attrs import frozen

from sladsl.text.source import Span


class Severity(Enum):
    """How bad it is: an error stops the policy, a warning and a remark do not."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@frozen
class Fix:
    """A safe correction: replace the text of `span` by `replacement`."""

    span: Span
    replacement: str


@frozen
class Diagnostic:
    """One mistake, one message.

    Args:
        code: the stable code, `SLA0103`, which `sladsl explain` knows.
        message: in the author's words: lower case, no full stop, the user's words in backticks.
        span: the place; None where there is none (a missing file).
        severity: error, warning or remark.
        labels: further places, each with a few words said beside it.
        notes: further sentences, e.g. what was understood.
        help: what to do about it; empty where the message says it already.
        fix: a safe correction, if there is one.

    >>> Diagnostic("SLA0103", "unknown name `scoer`", None, help="did you mean `score`?").is_error
    True
    """

    code: str
    message: str
    span: Span | None
    severity: Severity = Severity.ERROR
    labels: tuple[tuple[Span, str], ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fix: Fix | None = None

    @property
    def is_error(self) -> bool:
        """Whether it stops the policy."""
        return self.severity is Severity.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics by source and place, those without a place first; the order given breaks ties."""
    return sorted(diagnostics, key=lambda d: (d.span.source, d.span.start) if d.span else ("", -1))
