"""The state that the stream evaluator keeps: one small object a case and an instance.

Takes:  nothing.
Gives:  CaseState, Label, Instance, and what only some of them need: More, GroupState, Extra and Fresh.
Never:  decides anything.

A million of them may be open, so that each counts in bytes: what most never need stands in an object of its own, made
when it is needed, and a case is itself the state of the first label that something starts under in it.
"""

from collections.abc import Callable
from typing import Any

from sladsl.evaluate.verdict import Step

OPEN, PAUSED, BREACHED, CLOSED = 0, 1, 2, 3

CauseTuple = tuple[int, int, str]  # of an event: its input, its row, its type
Stretches = tuple[tuple[int, int], ...]  # in order, none empty, none touching the next
# Of a pause with a bound: the ticks used, but for its last stretch, which an adjacent one goes on with; and that stretch,
# empty while the pause holds.
Bound = tuple[int, int, int]


def small(us: int) -> int:
    """The same instant in 32 bytes: Python keeps a sum with room for a carry, in 48."""
    return us | 0


def join(stretches: Stretches, since: int, until: int) -> Stretches:
    """These stretches and one more; an empty one is none, and one that touches the last joins it."""
    if since == until:
        return stretches
    if stretches and stretches[-1][1] == since:
        return (*stretches[:-1], (stretches[-1][0], until))
    return (*stretches, (since, until))


class Label:
    """One label in one case.

    group   its index, -1 while nothing has started
    count   numbers given
    open    what is open, paused, or breached without its action: None, one instance, or several in order of opening
    """

    __slots__ = ("count", "open")

    group: int
    count: int
    open: "Instance | tuple[Instance, ...] | None"

    def all_open(self) -> "tuple[Instance, ...]":
        """What is open, in order of opening."""
        there = self.open
        if there is None:
            return ()
        return there if there.__class__ is tuple else (there,)  # type: ignore[return-value]

    def add(self, inst: "Instance") -> None:
        """One more is open."""
        self.open = inst if self.open is None else (*self.all_open(), inst)

    def remove(self, inst: "Instance") -> None:
        """One is open no more."""
        if self.open is inst:
            self.open = None
            return
        left = tuple(other for other in self.all_open() if other is not inst)
        self.open = left[0] if len(left) == 1 else left


class GroupState(Label):
    """A label but for the first of a case."""

    __slots__ = ("group",)

    def __init__(self, group: int) -> None:
        self.group = group
        self.count = 0
        self.open = None


class More:
    """What only some cases need.

    ended   `case … until` has happened
    look    the clauses, by their place in the order, that look at its next event whatever that changes
    marks   see CaseState
    pasts   what the history functions have seen, None where the policy has none
    watch   slot -> groups that started while it was missing
    groups  the labels but for the first
    lasts   the instance opened last, if it is met or late, by label, where reopening asks for it
    """

    __slots__ = ("ended", "groups", "lasts", "look", "marks", "pasts", "watch")

    def __init__(self) -> None:
        self.ended = False
        self.look = self.marks = 0
        self.pasts: list[Any] | None = None
        self.watch: dict[int, list[int]] | None = None
        self.groups: dict[int, GroupState] | None = None
        self.lasts: dict[int, Instance] | None = None


class CaseState(Label):
    """What is known of one case; as a Label it is the first under which something started.

    Each plan has a class of its own (`case_maker`), with a field for each attribute and for each condition that is a
    state: `a0`, `a1` … the last values by slot, `v0`, `v1` … the truths or values by condition. Where the plan has one
    label only, `group` stands in the class; and `marks` is a field only where many cases have some.
    """

    __slots__ = ("case", "more")

    names: tuple[str, ...] = ()  # the fields of the attributes, by slot
    value_names: tuple[str, ...] = ()  # and those of the conditions, in order
    case: str
    more: More | None

    def __init__(self, case: str) -> None:
        raise NotImplementedError("a case is of the class of a plan")  # and made by `case_maker`

    @property
    def marks(self) -> int:
        """What happens once a case and has happened, a bit each: see `ClauseMachine.first_mark` and `fault_mark`."""
        return 0 if self.more is None else self.more.marks

    @marks.setter
    def marks(self, marks: int) -> None:
        self.extra().marks = marks

    @property
    def attrs(self) -> tuple[Any, ...]:
        """The last values by slot."""
        return tuple(getattr(self, name) for name in self.names)

    @property
    def values(self) -> tuple[Any, ...]:
        """The truths and values of the conditions that are states, in order."""
        return tuple(getattr(self, name) for name in self.value_names)

    @property
    def pasts(self) -> list[Any] | None:
        """What the history functions have seen."""
        return None if self.more is None else self.more.pasts

    def extra(self) -> More:
        """What only some cases need, made now where it had none."""
        if self.more is None:
            self.more = More()
        return self.more

    def last(self, group: int) -> "Instance | None":
        """The last instance of a label that was met or late, where reopening asks for it."""
        more = self.more
        return None if more is None or more.lasts is None else more.lasts.get(group)

    def keep_last(self, group: int, inst: "Instance | None") -> None:
        """Keep the last instance of a label, or keep none."""
        more = self.extra()
        if more.lasts is None:
            more.lasts = {}
        if inst is None:
            more.lasts.pop(group, None)
        else:
            more.lasts[group] = inst

    def find(self, group: int) -> Label | None:
        """A label in this case; None where nothing has started under it."""
        if self.group == group:
            return self
        more = self.more
        return None if more is None or more.groups is None else more.groups.get(group)

    def label(self, group: int) -> Label:
        """A label in this case, made now where there was none."""
        found = self.find(group)
        if found is not None:
            return found
        if self.group < 0:
            self.group = group  # type: ignore[misc]  # a field, unless the class has it
            return self
        more = self.extra()
        if more.groups is None:
            more.groups = {}
        found = more.groups[group] = GroupState(group)
        return found

    def labels(self) -> list[Label]:
        """The labels under which something has opened, by their index."""
        more = self.more
        if more is None or not more.groups:
            return [self] if self.count else []
        found: list[Label] = [label for label in (self, *more.groups.values()) if label.count]
        return sorted(found, key=lambda label: label.group)


def case_maker(
    slots: int, states: list[int], histories: int = 0, only_label: int | None = None, *, marked: bool = False
) -> Callable[[str], CaseState]:
    """What makes a case of a plan of which nothing is known yet; it is of a class of the plan's own.

    Args:
        slots: how many attributes are kept.
        states: the conditions, by their index, whose truth or value is kept.
        histories: how many history functions the policy has.
        only_label: the label of all clauses, where there is just one.
        marked: whether many cases have marks.
    """
    attributes = tuple(f"a{slot}" for slot in range(slots))
    values = tuple(f"v{condition}" for condition in states)
    own = (("group",) if only_label is None else ()) + (("marks",) if marked else ())
    fields = {"__slots__": (*own, *attributes, *values), "names": attributes, "value_names": values}
    made = type("Case", (CaseState,), fields if only_label is None else {**fields, "group": only_label})
    # Written out, for a third of all events open a case; there is nothing in it but the numbers of fields.
    lines = ["def new(case):", " cs = make(Case)", " cs.case = case", " cs.count = 0", " cs.open = cs.more = None"]
    lines += [" cs.group = -1"] if only_label is None else []
    lines += [" cs.marks = 0"] if marked else []
    lines += [f" cs.{name} = None" for name in attributes]
    lines += [f" cs.{name} = False" for name in values]
    if histories:
        lines += [f" cs.extra().pasts = [None] * {histories}"]
    space: dict[str, Any] = {"Case": made, "make": made.__new__}
    exec(compile("\n".join([*lines, " return cs"]), "<case>", "exec"), space)
    return space["new"]  # type: ignore[no-any-return]


class Act:
    """An action at an instant, whether it has fulfilled an instance, and whether it has opened a cycle of `every`."""

    __slots__ = ("cause", "opened", "position", "used", "value")

    def __init__(self, cause: CauseTuple, position: int, value: Any) -> None:
        self.position = position
        self.cause = cause
        self.value = value  # of the distinct field
        self.used = False
        self.opened = False


class Extra:
    """What only some instances need."""

    __slots__ = (
        "acts_seen",
        "bounds",
        "brought",
        "clocks",
        "closed",
        "distinct",
        "ends_seen",
        "fired",
        "held",
        "last_pause",
        "note",
        "paused_us",
        "since",
        "spent",
        "steps",
        "stretches",
        "word",
        "zones",
    )

    def __init__(self) -> None:
        self.since: int | None = None  # see `Instance.since`; None where that is its opening
        self.closed: int | None = None  # of one that was met or late and may reopen
        self.word = ""
        self.acts_seen = 0
        self.brought: frozenset[int] = (
            frozenset()
        )  # the actions (positions) that brought about its start: they do not fulfil it
        self.ends_seen = 0
        self.distinct: set[Any] | None = None
        self.stretches: Stretches = ()  # past running stretches
        self.paused_us = 0  # exact time paused, but for the pause under way
        self.held = 0  # pauses that hold now, a bit each
        self.bounds: tuple[Bound | None, ...] = ()  # of each pause, once one of those with a bound has held
        self.spent = 0  # ticks of pauses on the clock of `cancelled after`, but for the last one
        self.last_pause: tuple[int, int] | None = None  # that one, where `cancelled after` asks for it
        self.fired = 0  # alerts given, a bit each
        self.clocks: Any = None  # where the zone is read from an attribute
        self.zones: tuple[str, ...] = ()  # of the calendars that read it from an attribute, in their order
        self.note = ""
        self.steps: list[Step] | None = None

    def add_note(self, words: str) -> None:
        """Say one thing more, once."""
        if words not in self.note.split("; "):
            self.note = f"{self.note}; {words}" if self.note else words

    def bound(self, pause: int) -> Bound | None:
        """What is used of the bound of a pause; None where it has none, or has not held."""
        return self.bounds[pause] if self.bounds else None

    def ran(self, since: int, until: int) -> None:
        """The clock ran for this stretch."""
        self.stretches = join(self.stretches, since, until)


class Fresh:
    """What the events of an instant have shown of an instance that started in it and is not settled yet."""

    __slots__ = ("begun", "cancel", "cancel_cause", "cause", "excuse", "excuse_cause")

    def __init__(self) -> None:
        self.cancel: Any = None  # a cancellation was true at one of them, or a fault
        self.excuse: Any = None
        self.cancel_cause: CauseTuple | None = None  # the events at which that was so
        self.excuse_cause: CauseTuple | None = None
        self.begun: CauseTuple | None = None  # the one at which it started, moved or was opened again
        self.cause: CauseTuple | None = None  # the last of them

    def causes(self) -> tuple[CauseTuple | None, ...]:
        """All causes, in the order in which they are kept."""
        return self.begun, self.cause, self.cancel_cause, self.excuse_cause


class Instance:
    """One running of a clause in a case. While OPEN it has been running since `since`; while PAUSED, standing still since `since`."""

    __slots__ = ("by", "cs", "due", "generation", "m", "number", "opened", "row", "status", "x")

    def __init__(self, m: Any, cs: CaseState, number: int, opened: int, by: CauseTuple | None) -> None:
        self.m = m
        self.cs = cs
        self.number = number
        self.opened = opened
        self.by = by
        self.status = OPEN
        self.due: int | None = None
        self.row = -1
        self.generation = 0  # of its timers; older ones no longer count
        self.x: Extra | None = None

    @property
    def since(self) -> int:
        """Since when it has been running, or standing still."""
        x = self.x
        return self.opened if x is None or x.since is None else x.since

    @since.setter
    def since(self, us: int) -> None:
        self.extra().since = us

    def __lt__(self, other: "Instance") -> bool:
        # Only timers of one instance can be equal in all else: one of them belongs to a copy that has left the memory.
        return False

    def extra(self) -> Extra:
        """Its Extra, made now where it had none."""
        if self.x is None:
            self.x = Extra()
        return self.x
