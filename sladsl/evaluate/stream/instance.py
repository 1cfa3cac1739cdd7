"""The state that the stream evaluator keeps: one small object a case, a label and an instance.

Takes:  nothing.
Gives:  CaseState, GroupState, Instance and its rarely needed Extra.
Never:  decides anything.
"""

from typing import Any

from sladsl.evaluate.verdict import Step

OPEN, PAUSED, BREACHED, CLOSED = 0, 1, 2, 3

CauseTuple = tuple[int, int, str]  # of an event: its input, its row, its type


def join(stretches: list[tuple[int, int]], since: int, until: int) -> None:
    """Add a stretch; an empty one is none, and one that touches the last joins it."""
    if since == until:
        return
    if stretches and stretches[-1][1] == since:
        since = stretches.pop()[0]
    stretches.append((since, until))


NO_GROUPS: dict[int, "GroupState"] = {}  # of a case in which nothing has started: shared, and never written to


class CaseState:
    """What is known of one case: last values by slot, the conditions' values, its labels."""

    __slots__ = ("attrs", "case", "ended", "groups", "look", "pasts", "started", "val", "watch")

    def __init__(self, case: str, slots: int, conditions: int, histories: int) -> None:
        self.case = case
        self.attrs: list[Any] = [None] * slots
        self.val: list[Any] = [False] * conditions
        self.groups: dict[int, GroupState] = NO_GROUPS
        self.pasts: list[Any] | None = [None] * histories if histories else None
        self.started = False  # it has had an event
        self.ended = False  # `case … until` has happened
        self.look = 0  # the clauses, by their place in the order, that look at its next event whatever that changes
        self.watch: dict[int, list[int]] | None = None  # slot -> groups that started while it was missing


def group_of(cs: CaseState, group: int) -> "GroupState":
    """The state of a label in a case, made now where there was none."""
    found = cs.groups.get(group)
    if found is None:
        if cs.groups is NO_GROUPS:
            cs.groups = {}
        found = cs.groups[group] = GroupState()
    return found


class GroupState:
    """One label in one case."""

    __slots__ = ("count", "faulted", "first_used", "last", "open")

    def __init__(self) -> None:
        self.count = 0  # numbers given
        self.open: list[Instance] = []  # open, paused, or breached without its action, in order of opening
        self.last: Instance | None = None  # the last one that was met or late, where reopening asks for it
        self.first_used = 0  # a bit per clause that has had its `of first`
        self.faulted = False  # an instance undetermined by its start was given


class Act:
    """An action at an instant, and whether it has fulfilled an instance."""

    __slots__ = ("cause", "position", "used", "value")

    def __init__(self, cause: CauseTuple, position: int, value: Any) -> None:
        self.position = position
        self.cause = cause
        self.value = value  # of the distinct field
        self.used = False


class Extra:
    """What only some instances need."""

    __slots__ = (
        "acts_seen",
        "bounds",
        "brought",
        "cancel_seen",
        "cause",
        "clocks",
        "distinct",
        "ends_seen",
        "excuse_seen",
        "fired",
        "held",
        "note",
        "paused_us",
        "spent",
        "steps",
        "stretches",
        "zones",
    )

    def __init__(self) -> None:
        self.acts_seen = 0
        self.brought: frozenset[int] = (
            frozenset()
        )  # the actions (positions) that brought about its start: they do not fulfil it
        self.ends_seen = 0
        self.distinct: set[Any] | None = None
        self.stretches: list[tuple[int, int]] = []  # past running stretches, in order
        self.paused_us = 0  # exact time paused, but for the pause under way
        self.bounds: dict[int, int] = {}  # ticks used of each pause bound
        self.held: dict[int, int] = {}  # pauses that hold now, and since when
        self.spent = 0  # ticks of pauses on the clock of `cancelled after`
        self.fired = 0  # alerts given, a bit each
        self.cancel_seen: Any = (
            None  # for one started at this instant: a cancellation or a fault was true at an event of it
        )
        self.excuse_seen: Any = None
        self.cause: CauseTuple | None = None  # the last event of that instant
        self.clocks: Any = None  # where the zone is read from an attribute
        self.zones: tuple[str, ...] = ()  # of the calendars that read it from an attribute, in their order
        self.note = ""
        self.steps: list[Step] | None = None

    def add_note(self, words: str) -> None:
        """Say one thing more, once."""
        if words not in self.note.split("; "):
            self.note = f"{self.note}; {words}" if self.note else words

    def ran(self, since: int, until: int) -> None:
        """The clock ran for this stretch."""
        join(self.stretches, since, until)


class Instance:
    """One running of a clause in a case. While OPEN it has been running since `since`; while PAUSED, standing still since `since`."""

    __slots__ = (
        "by",
        "closed",
        "closed_by",
        "cs",
        "due",
        "fresh",
        "generation",
        "m",
        "number",
        "opened",
        "row",
        "since",
        "status",
        "verdict",
        "x",
    )

    def __init__(self, m: Any, cs: CaseState, number: int, opened: int, by: CauseTuple | None) -> None:
        self.m = m
        self.cs = cs
        self.number = number
        self.opened = opened
        self.by = by
        self.status = OPEN
        self.since = opened
        self.due: int | None = None
        self.row = -1
        self.closed: int | None = None
        self.closed_by: CauseTuple | None = None
        self.generation = 0
        self.fresh = False
        self.verdict = ""  # the status word once closed or breached
        self.x: Extra | None = None

    def __lt__(self, other: "Instance") -> bool:
        # Only timers of one instance can be equal in all else: one of them belongs to a copy that has left the memory.
        return False

    def extra(self) -> Extra:
        """Its Extra, made now where it had none."""
        if self.x is None:
            self.x = Extra()
        return self.x
