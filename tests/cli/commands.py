"""What the tests of commands share: a small policy, its log, and how a command ended."""

from collections.abc import Callable

from attrs import frozen

POLICY = "first contact: sales contacts within 24h of created\n"
LOG = """\
case,time,event,actor
A,2026-03-02T09:00:00Z,created,marketing
A,2026-03-02T10:00:00Z,contacted,sales
B,2026-03-02T09:00:00Z,created,marketing
B,2026-03-04T10:00:00Z,contacted,sales
C,2026-03-04T09:00:00Z,created,marketing
"""


@frozen
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]
