"""What the columnar evaluator cannot do.

Takes:  words for the author.
Gives:  Refused (seen in the policy, before anything is read), BeyondReach (seen in the log).
Never:  is raised where another reading of the same log would have been judged otherwise: the stream evaluator does these.
"""

from __future__ import annotations


class CannotJudge(Exception):
    """The columnar evaluator cannot judge this; the stream evaluator can. `reasons` say why, in words for the author."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class Refused(CannotJudge):
    """The policy holds something that the columnar evaluator does not do."""


class BeyondReach(CannotJudge):
    """The log holds something that goes beyond the columnar evaluator's numbers."""
