"""What one check knows while its passes run.

Takes:  the parsed policy and what the caller adds.
Gives:  Context, which each pass reads and fills.
Never:  outlives the check; Program is what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import define, field

from sladsl.checked.findings import Findings
from sladsl.checked.kinds import TEXT, Kind
from sladsl.checked.program import Reference
from sladsl.checked.scopes import CalendarEntry, DefinitionEntry, Entry, ListEntry, PartyEntry, Scope
from sladsl.checked.words import Words
from sladsl.clock import CalendarSpec
from sladsl.syntax import tree
from sladsl.text import Source, Span

_SPACES = re.compile(r"\s+")


@define(eq=False)
class File:
    """One file of the policy: the policy itself first, then what it uses."""

    source: Source
    policy: tree.Policy
    scope: Scope
    imported: bool = False
    module: str = ""  # `std.business`; "" for a file of the author's


@define(eq=False)
class Context:
    """Everything the passes share.

    Args:
        scope_of: the scope of each block (level, protocol), by the identity of its statement.
        instants: attributes that an `events` block makes instants, folded.
        seen: the kinds in which each attribute has been read so far; `elsewhere` those of an earlier run of the passes.
        operator_words: words that a name seldom holds (`is`, `contains` …), folded.
        operator_of: the operator that such a word begins (`IS_KNOWN`, `CONTAINS` …).
        follow_ups: `breach of` by `breach`, `fulfilment of` by `fulfilment`, in the policy's language.
        broken: names whose statements could not be read; that they are missing is no second mistake.
        undecided: two attributes have been compared whose kinds nothing else gives yet.
    """

    source: Source
    policy: tree.Policy
    words: Words
    findings: Findings
    lists: Mapping[str, tuple[str, ...]] = field(factory=dict)
    operator_words: frozenset[str] = frozenset()
    language: str = "en"
    operator_of: Mapping[str, str] = field(factory=dict)
    follow_ups: Mapping[str, str] = field(factory=dict)
    zone: str = "UTC"
    files: list[File] = field(factory=list)
    sources: dict[str, Source] = field(factory=dict)
    scope_of: dict[int, Scope] = field(factory=dict)
    definitions: list[DefinitionEntry] = field(factory=list)
    listed: list[ListEntry] = field(factory=list)
    parties: list[PartyEntry] = field(factory=list)
    unnamed_parties: dict[str, PartyEntry] = field(factory=dict)
    calendars: list[CalendarEntry] = field(factory=list)
    instants: set[str] = field(factory=set)
    seen: dict[str, dict[Kind, None]] = field(factory=dict)
    elsewhere: dict[str, Kind] = field(factory=dict)
    broken: set[str] = field(factory=set)
    undecided: bool = False
    references: list[Reference] = field(factory=list)
    labels: dict[str, int] = field(factory=dict)
    groups: list[str] = field(factory=list)
    groups_by_stems: dict[tuple[str, ...], list[int]] = field(factory=dict)
    told_of_no_calendar: bool = False
    specs: dict[int, CalendarSpec] = field(factory=dict)

    @property
    def root(self) -> Scope:
        """The outermost block of the policy itself."""
        return self.files[0].scope

    def text(self, span: Span) -> str:
        """The author's words at a place, on one line."""
        return _SPACES.sub(" ", self.sources[span.source].slice(span)).strip()

    def line(self, span: Span) -> int:
        """The line of a place, from 1."""
        return self.sources[span.source].position(span.start)[0]

    def use(self, entry: Entry, span: Span) -> None:
        """Note that something refers to a declaration."""
        entry.used = True
        self.references.append(Reference(span, entry.span))

    def note_kind(self, attribute: str, kind: Kind) -> None:
        """Note the kind in which an attribute is read."""
        self.seen.setdefault(attribute, {})[kind] = None

    def kind_elsewhere(self, attribute: str) -> Kind | None:
        """The kind that an attribute is read in elsewhere; text only where nothing else is."""
        return self.elsewhere.get(attribute)

    def settle_kinds(self) -> bool:
        """Make what was seen the kinds of elsewhere; tells whether that says anything new."""
        before = dict(self.elsewhere)
        for attribute, kinds in self.seen.items():
            telling = [kind for kind in kinds if kind != TEXT] or list(kinds)
            self.elsewhere.setdefault(attribute, telling[0])
        return before != self.elsewhere

    def forget(self) -> None:
        """Be as before definitions and clauses were looked at, but for the kinds that were seen."""
        for entry in self.definitions:
            entry.forget()
        self.references.clear()
        self.seen.clear()
        self.undecided = self.told_of_no_calendar = False
