"""What names mean, block by block.

Takes:  declarations, each put into the scope of its block.
Gives:  Scope: look-up of a folded name, and of a run of words by their stems, in the block, the blocks around it, and the
        files it uses.
Never:  complains; the passes do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from attrs import define, field

from sladsl.checked.kinds import ERROR, TRUTH, Kind
from sladsl.checked.typed import Expr, Lit
from sladsl.checked.words import Words
from sladsl.syntax import tree
from sladsl.text import Span, fold


@define(eq=False)
class Entry:
    """Something that was declared. `span` is the place of its name; `used` tells that something refers to it."""

    name: str
    span: Span
    scope: Scope
    imported: bool = False
    used: bool = False


@define(eq=False)
class DefinitionEntry(Entry):
    """A definition while it is being checked: a state, an action, a value of each case, or a constant.

    `kind` is None while undecided: a value without a kind of its own takes that of each use (see `wanted`).
    `constant` is its value where it is the same for every case; `items` are its values where it is a list.
    """

    value: tree.Expression = field(kw_only=True)
    stage: bool = False
    circular: bool = False
    number: int = -1
    action: bool = False
    kind: Kind | None = None
    constant: Lit | None = None
    items: tuple[Lit, ...] | None = None
    variants: dict[Kind, Expr] = field(factory=dict)
    wanted: dict[Kind, Span] = field(factory=dict)

    def forget(self) -> None:
        """Be as before the definition was looked at."""
        self.action = self.used = False
        self.kind = ERROR if self.circular else None
        self.constant = self.items = None
        self.variants, self.wanted = {}, {}

    @property
    def is_condition(self) -> bool:
        """Whether it is a state or an action (or would be, but for a mistake that has been told)."""
        return self.kind in (TRUTH, ERROR) and self.constant is None


@define(eq=False)
class ListEntry(Entry):
    """A list statement, or `--list`; not `sound` where a complaint has been made about what it holds."""

    statement: tree.NamedList | None = None
    items: tuple[Lit, ...] = ()
    sound: bool = True


@define(eq=False)
class PartyEntry(Entry):
    """A party statement, a name of the header's `between`, or a name that only a phrase knows (not `declared`)."""

    value: tree.Expression | None = None
    manager: str = ""
    declared: bool = True
    number: int = -1


@define(eq=False)
class CalendarEntry(Entry):
    """A calendar statement."""

    statement: tree.Calendar = field(kw_only=True)
    number: int = -1


E = TypeVar("E", bound=Entry)


@define
class Table(Generic[E]):
    """The entries of one sort in one block, by folded name and by stems."""

    by_key: dict[str, E] = field(factory=dict)
    by_stems: dict[tuple[str, ...], list[E]] = field(factory=dict)
    by_all_but_one: dict[tuple[int, tuple[str, ...]], list[E]] = field(factory=dict)
    longest: int = 0

    def put(self, entry: E, words: Words) -> E | None:
        """Declare; gives the earlier entry of that name where there is one, and then changes nothing."""
        key = fold(entry.name)
        earlier = self.by_key.get(key)
        if earlier is not None:
            return earlier
        self.by_key[key] = entry
        stems = words.stems(entry.name)
        self.by_stems.setdefault(stems, []).append(entry)
        self.longest = max(self.longest, len(stems))
        if 2 <= len(stems) <= 8:
            for left_out, rest in all_but_one(stems):
                self.by_all_but_one.setdefault((left_out, rest), []).append(entry)
        return None


def all_but_one(stems: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The stems without the first, without the second … with the place of what was left out."""
    return ((i, stems[:i] + stems[i + 1 :]) for i in range(len(stems)))


@define(eq=False)
class Scope:
    """The names of one block. `around` is the block around it; `uses` are the files that a file's outermost block uses."""

    around: Scope | None = None
    uses: list[Scope] = field(factory=list)
    definitions: Table[DefinitionEntry] = field(factory=Table)
    lists: Table[ListEntry] = field(factory=Table)
    parties: Table[PartyEntry] = field(factory=Table)
    calendars: Table[CalendarEntry] = field(factory=Table)
    stages: Table[DefinitionEntry] = field(factory=Table)
    business_hours: tree.BusinessHours | None = None
    start: int = 0  # where the block begins in its file

    def chain(self) -> Iterator[Scope]:
        """This block, those around it from the inside out, then the files used, each once."""
        here: Scope | None = self
        seen: set[int] = set()
        waiting: list[Scope] = []
        while here is not None:
            yield here
            waiting.extend(here.uses)
            here = here.around
        at = 0
        while at < len(waiting):
            scope = waiting[at]
            at += 1
            if id(scope) not in seen:
                seen.add(id(scope))
                yield scope
                waiting.extend(scope.uses)

    def named(self, key: str, skip: DefinitionEntry | None = None) -> DefinitionEntry | ListEntry | None:
        """What a folded name means: a definition, a list, a stage, else nothing. A stage does not see itself (`skip`)."""
        for scope in self.chain():
            found = scope.definitions.by_key.get(key) or scope.lists.by_key.get(key)
            if found is not None:
                return found
            stage = scope.stages.by_key.get(key)
            if stage is not None and stage is not skip:
                return stage
        return None

    def calendar(self, key: str) -> CalendarEntry | None:
        """The calendar of a folded name."""
        return next((c for scope in self.chain() if (c := scope.calendars.by_key.get(key)) is not None), None)

    def by_stems(self, stems: tuple[str, ...]) -> list[DefinitionEntry]:
        """The definitions whose names have these stems, of the nearest block that has any."""
        for scope in self.chain():
            found = scope.definitions.by_stems.get(stems) or scope.stages.by_stems.get(stems)
            if found:
                return found
        return []

    def one_word_off(self, stems: tuple[str, ...]) -> list[DefinitionEntry]:
        """The definitions whose names differ from these stems in one word."""
        found: list[DefinitionEntry] = []
        for scope in self.chain():
            for key in all_but_one(stems):
                found += scope.definitions.by_all_but_one.get(key, []) + scope.stages.by_all_but_one.get(key, [])
        return found

    def parties_by_stems(self, stems: tuple[str, ...]) -> list[PartyEntry]:
        """The parties whose names have these stems, of the nearest block that has any."""
        return next((p for scope in self.chain() if (p := scope.parties.by_stems.get(stems))), [])

    def longest(self) -> int:
        """How many words the longest name in sight has."""
        return max(
            max(scope.definitions.longest, scope.stages.longest, scope.parties.longest) for scope in self.chain()
        )

    def definition_names(self) -> Iterator[str]:
        """The names of all definitions in sight, as written."""
        for scope in self.chain():
            yield from (entry.name for entry in scope.definitions.by_key.values())
            yield from (entry.name for entry in scope.stages.by_key.values())

    def list_names(self) -> Iterator[str]:
        """The names of all lists in sight."""
        for scope in self.chain():
            yield from (entry.name for entry in scope.lists.by_key.values())

    def calendar_names(self) -> Iterator[str]:
        """The names of all calendars in sight."""
        for scope in self.chain():
            yield from (entry.name for entry in scope.calendars.by_key.values())
