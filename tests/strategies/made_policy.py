"""A policy in pieces, so that laws can take it apart, say it differently, and put it together again.

Takes:  sentences.
Gives:  Promise, Block, Agreement: their text is the policy; only the definitions that something names are written.
Never:  draws anything; that is `policies.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from attrs import evolve, field, frozen

# What may be named, in the order in which it is written: parties and lists, states, actions.
DEFINITIONS = {
    "crew": 'party crew = team = "crew"',
    "near": 'list near = "ES", "PT"',
    "waiting": 'waiting = status = "waiting"',
    "on hold": "on hold = hold = yes",
    "being open": 'being open = status in ("open", "waiting")',
    "qualified": "qualified = score >= 60",
    "gold": 'gold = tier = "gold"',
    "urgent": 'urgent = priority = "P1"',
    "sound": "sound = amount + score > 70 or score is missing",
    "busy": "busy = count of message in last 4h >= 2",
    "many": "many = count of message >= 2",
    "tried": "tried = distinct channel of reply >= 2",
    "spent": "spent = sum of amount at message > 10",
    "stale": "stale = time since last time of message > 3h",
    "early": "early = first time of message <= 2026-03-02 12:00",
    "office hours": "office hours = during office",
    "afternoon": "afternoon = hour of time >= 14",
    "merged": 'merged = event = "merge"',
    "contacts": 'contacts = event in ("call", "reply") and channel != "fax"',
}
_READS_PAST = ("busy", "many", "tried", "spent", "stale", "early")
_READS_TIME = ("stale", "office hours", "afternoon")


@frozen
class Promise:
    """One clause.

    Args:
        label: its name.
        head: the sentence after the label.
        details: its details, one a line.
        form: the clause form, as ir.Form has it.
        act: what fulfils it (or breaks it): type, actor and values of an event; None where no single event does.
        needed: how many such events it takes.
        follows: the label that it follows, or "".
    """

    label: str
    head: str
    details: tuple[str, ...] = ()
    form: str = "within"
    act: tuple[str, str, tuple[tuple[str, str], ...]] | None = None
    needed: int = 1
    follows: str = ""

    def lines(self) -> list[str]:
        """The clause as lines of a policy."""
        return [f"{self.label}: {self.head}", *(f"    {detail}" for detail in self.details)]


@frozen
class Block:
    """Clauses of one level: `customer "ACME"` and the like."""

    head: str
    promises: tuple[Promise, ...]

    def lines(self) -> list[str]:
        """The block as lines of a policy."""
        return [self.head, *(f"    {line}" for promise in self.promises for line in promise.lines())]


@frozen
class Agreement:
    """A policy.

    Args:
        zone: the agreement's zone.
        head: further lines of the header.
        calendars: lines of each calendar.
        promises: the clauses for everyone.
        blocks: the levels.
        definitions: names and the statements that declare them; those that nothing names are left out of the text.
        always: names that are written all the same: the nearest state above a clause may be its start.
        default: the calendar of business hours, or "".
    """

    zone: str = "UTC"
    head: tuple[str, ...] = ()
    calendars: tuple[tuple[str, ...], ...] = ()
    promises: tuple[Promise, ...] = ()
    blocks: tuple[Block, ...] = ()
    definitions: tuple[tuple[str, str], ...] = field(factory=lambda: tuple(DEFINITIONS.items()))
    default: str = ""
    always: tuple[str, ...] = ()

    def like(self, other: Agreement) -> Agreement:
        """This agreement, with the definitions of another written, too."""
        return evolve(self, always=tuple(name for name, _ in other.used_definitions()))

    def all_promises(self) -> list[Promise]:
        """The clauses of all levels, in the order of the text."""
        return [*self.promises, *(promise for block in self.blocks for promise in block.promises)]

    def used_definitions(self) -> list[tuple[str, str]]:
        """The definitions that a clause names, or another that is used."""
        text = self._sentences()
        return [(name, line) for name, line in self.definitions if name in self.always or _names(text, name)]

    def parts(self) -> list[list[str]]:
        """The statements of the policy, each as its lines."""
        definitions = self.used_definitions()
        text = "\n".join([self._sentences(), *(line for _, line in definitions)])
        calendars = [lines for lines in self.calendars if _names(text, lines[0].split(" ", 1)[1])]
        if " business " in text and self.default:
            calendars += [c for c in self.calendars if c[0] == f"calendar {self.default}" and c not in calendars]
        head = [f"timezone {self.zone}", *self.head] if self.zone != "UTC" else list(self.head)
        return [
            *([['sla "Made up"', *(f"    {line}" for line in head)]] if head else []),
            *(list(lines) for lines in calendars),
            *([[f"business hours = {self.default}"]] if " business " in text and self.default else []),
            *([line] for _, line in definitions),
            *(promise.lines() for promise in self.promises),
            *(block.lines() for block in self.blocks),
        ]

    def text(self) -> str:
        """The policy as text."""
        return "".join(f"{line}\n" for part in self.parts() for line in part)

    def _sentences(self) -> str:
        own = [line for promise in self.promises for line in promise.lines()]
        return "\n".join([*own, *(line for block in self.blocks for line in block.lines())])

    def reads_past(self) -> bool:
        """Whether a condition reads a history of the case."""
        return any(name in _READS_PAST for name, _ in self.used_definitions())

    def reads_time(self) -> bool:
        """Whether a condition reads the instant of the event."""
        return any(name in _READS_TIME for name, _ in self.used_definitions())

    def with_promises(self, promises: Iterable[Promise]) -> Agreement:
        """The same agreement with other clauses for everyone, and no levels."""
        return evolve(self, promises=tuple(promises), blocks=())


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w\"]){re.escape(name)}(?![\w\"])", text) is not None
