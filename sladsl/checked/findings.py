"""The complaints of one check, as they are found.

Takes:  a code of the registry, a message, a place.
Gives:  diagnostics in the order of their places, each mistake once.
Never:  decides what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from sladsl.checked.codes import CODES
from sladsl.text import Diagnostic, Fix, Span, in_order, nearest

# Ten thousand wrong names beside ten thousand right ones must not take minutes: after so many, no name is suggested.
_MOST_COMPARISONS = 300_000


@define
class Findings:
    """What has been found so far. A second complaint of one code at one place is left out."""

    _found: dict[tuple[str, Span | None], Diagnostic] = field(factory=dict)
    _names_compared: int = 0

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        *,
        help: str = "",
        labels: tuple[tuple[Span, str], ...] = (),
        notes: tuple[str, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Note a finding; its severity stands in the registry."""
        severity = CODES[code].severity
        diagnostic = Diagnostic(code, message, span, severity, labels, notes, help, fix)
        self._found.setdefault((code, span), diagnostic)

    def append(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over diagnostics that another room has given."""
        for diagnostic in diagnostics:
            self._found.setdefault((diagnostic.code, diagnostic.span), diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether any finding stops the policy."""
        return any(diagnostic.is_error for diagnostic in self._found.values())

    def holds(self, code: str) -> bool:
        """Whether anything of a code has been found."""
        return any(found == code for found, _ in self._found)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """All findings by file and place."""
        return tuple(in_order(self._found.values()))

    def mark(self) -> int:
        """A mark to go back to."""
        return len(self._found)

    def back_to(self, mark: int) -> None:
        """Forget what was found since a mark."""
        for key in list(self._found)[mark:]:
            del self._found[key]

    def near(self, name: str, known: Iterable[str]) -> str | None:
        """The known name that a name nobody declares was probably meant to be, None where none is close."""
        if self._names_compared > _MOST_COMPARISONS:
            return None
        names = list(known)
        self._names_compared += len(names)
        found = nearest(name, names, 1)
        return found[0] if found else None

    def did_you_mean(self, name: str, known: Iterable[str]) -> str:
        """`did you mean …?`, or nothing."""
        near = self.near(name, known)
        return f"did you mean `{near}`?" if near else ""
