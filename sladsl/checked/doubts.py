"""What the passes over a sound program share: its text, its logic, and a place for their findings.

Takes:  a Program without errors, and the Context of its check.
Gives:  Doubts.
Never:  finds anything itself.
"""

from __future__ import annotations

from sladsl.checked.context import Context
from sladsl.checked.kinds import TRUTH, Kind
from sladsl.checked.logic import Logic
from sladsl.checked.program import Clause, Party, Program
from sladsl.checked.typed import Expr, Not
from sladsl.text import Span


class Doubts:
    """Everything that the passes share.

    Args:
        context: the check's; its findings take what the passes tell.
        program: the policy, without an error.

    Attributes:
        logic: answers what may hold together; what has been complained about is opaque to it.
        settled: clauses, by their index, of which enough has been said.
    """

    def __init__(self, context: Context, program: Program) -> None:
        self.context = context
        self.program = program
        self.settled: set[int] = set()
        variants = {definition.number: dict(definition.variants) for definition in program.definitions}

        def said(number: int) -> Expr | None:
            return variants[number].get(TRUTH)

        def value(number: int, kind: Kind) -> Expr | None:
            return variants[number].get(kind)

        self.logic = Logic(said, value, program.language)

    def text(self, span: Span) -> str:
        """The author's words at a place."""
        return self.context.text(span)

    def tell(
        self, code: str, message: str, span: Span, help: str = "", labels: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        """Note a finding."""
        self.context.findings.add(code, message, span, help=help, labels=labels)

    def party_of(self, clause: Clause) -> Party | None:
        """Who acts in a clause."""
        return self.program.parties[clause.party] if clause.party is not None else None

    def who(self, clause: Clause) -> Expr | None:
        """What must hold at an event for the clause's party to be the one who acts; None where nobody is named."""
        party = self.party_of(clause)
        return party.condition if party is not None else None

    def at_start(self, clause: Clause) -> tuple[Expr, ...]:
        """What certainly holds when a clause's clock starts, after the event at which it does."""
        occurrence = clause.start.occurrence
        start = occurrence.condition
        if start is not None and occurrence.what == "ends":
            start = Not(start, span=start.span)
        return tuple(part for part in (clause.guard, clause.when, clause.subject, start) if part is not None)
