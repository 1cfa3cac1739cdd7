"""One measure of one objective, as its figures come in.

Takes:  events (after the observer has seen them), verdicts, and the windows that are asked for.
Gives:  `Leaf`, which every measure is one of, and `Scope`, what the leaves of one objective share.
Never:  keeps an event or a verdict; what they say is added to the cell of its instant at once.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sladsl.evaluate.objectives.frames import Frame, Frames
from sladsl.evaluate.objectives.reading import Reading
from sladsl.evaluate.objectives.starts import Starts
from sladsl.evaluate.stream.instance import CaseState
from sladsl.evaluate.stream.observer import Observer
from sladsl.evaluate.stream.values import Fault, text
from sladsl.evaluate.verdict import Verdict
from sladsl.events import Event
from sladsl.ir.objective import Objective
from sladsl.ir.plan import Clause, Plan

Key = tuple[str, ...]  # the values of `by`, in its order
ZERO = Fraction(0)


class Scope:
    """What the leaves of one objective share: windows, groups, level, and what could not be decided."""

    def __init__(self, plan: Plan, objective: Objective) -> None:
        self.plan = plan
        self.objective = objective
        self.frames = Frames(objective.window, plan.zone)
        self.guard = objective.guard
        self.faults = 0
        self.reason = ""
        # the cells, and the cases, of which something has changed, where somebody keeps count
        self.touched: set[tuple[Key, int]] | None = None
        self.touched_cases: set[str] | None = None
        self.observer: Observer
        self._slots: tuple[int, ...] = ()

    def bind(self, observer: Observer) -> None:
        """Learn where the observer keeps the attributes of `by`; of an objective of cycles it keeps none."""
        self.observer = observer
        self._slots = tuple(observer.slots[name] for name in self.objective.by if name in observer.slots)

    def fault(self, fault: Fault) -> None:
        """Something could not be decided: it counts nowhere, but is not lost."""
        self.faults += 1
        self.reason = self.reason or fault.reason

    def touch(self, key: Key, cell: int) -> None:
        """A cell of a group has changed."""
        if self.touched is not None:
            self.touched.add((key, cell))

    def holds(self, cs: CaseState, condition: int | None) -> bool:
        """Whether a condition holds after the present event; one that cannot be decided does not, and is noted."""
        if condition is None:
            return True
        held = self.observer.get(cs, condition)
        if held.__class__ is Fault:
            self.fault(held)
        return held is True

    def key(self, cs: CaseState) -> Key:
        """The group of a case after the present event."""
        if not self._slots:
            return ()
        attrs = cs.attrs
        return tuple("" if (raw := attrs[slot]) is None else text(raw) for slot in self._slots)


class Leaf:
    """One measure. What it does not look at, it leaves as it stands here.

    looks_at    conditions at whose changes or happening `event` is called
    needs       further conditions whose truth it reads
    reads       attributes that it reads
    at_first    `event` is called at each case's first event as well
    at_every    the attribute whose presence in an event calls `event`, or ""
    label       the clause group whose verdicts it takes, or -1
    early       in a window that has not ended something may already be certain
    moves       what it reads in one window changes as time passes, without an event
    """

    looks_at: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()
    reads: tuple[str, ...] = ()
    at_first = False
    at_every = ""
    label = -1
    early = False
    moves = False
    live = False  # the log is still being read
    pins = False  # what it keeps of a case it needs though nothing happens in it

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def at_starts(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The attributes and conditions that it must know at the start of a cycle."""
        return (), ()

    def bind(self, observer: Observer, starts: Starts) -> None:
        """Learn where what it reads is kept."""

    def event(self, cs: CaseState, event: Event) -> None:
        """Something it looks at has changed or happened."""

    def take(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        """A cycle has come to its end."""

    def drop(self, verdict: Verdict, clause: Clause, plan: Plan) -> None:
        """A cycle that was taken is open again."""

    def settle(self, as_of_us: int, standing: Iterable[tuple[Verdict, Clause, Plan]]) -> None:
        """Everything up to as-of is known: add what is still open, until the next time."""

    # While a log is still being read (see live.py), what stands is told change by change, and `settle` is not called.

    def stand(self, verdict: Verdict, clause: Clause, plan: Plan, by: int, now_us: int) -> None:
        """A cycle stands (`by` 1), or no longer stands so (-1)."""

    def pass_to(self, us: int) -> None:
        """Everything up to and including an instant is known."""

    def next_us(self) -> int | None:
        """The next instant at which something happens in it without an event."""
        return None

    def reaches_us(self, key: Key, frame: Frame) -> int | None:
        """The least instant at which a window under way may become certain if nothing happens; None: it does not say."""
        return None

    def busy(self, key: Key, cell: int) -> bool:
        """Whether a cell of the past may still change."""
        return False

    def forget(self, key: Key, cell: int) -> None:
        """No window needs this cell any more."""

    def save(self, key: Key) -> Any:
        """What is kept of a group, as JSON can hold it."""
        return None

    def load(self, key: Key, state: Any) -> None:
        """The same, back."""

    def save_case(self, case: str) -> Any:
        """What is kept of a case; None for nothing."""
        return None

    def load_case(self, case: str, state: Any) -> None:
        """The same, back."""

    def case_next_us(self, case: str) -> int | None:
        """The next instant at which something happens in a case without an event."""
        return None

    def drop_case(self, case: str) -> None:
        """Let go of a case that is kept elsewhere."""

    def groups(self) -> Iterable[Key]:
        """The groups seen so far."""
        raise NotImplementedError

    def reading(self, key: Key, frame: Frame) -> Reading | None:
        """The measure in a window; None where it has no case there."""
        raise NotImplementedError

    def cells(self) -> Iterable[int] | None:
        """The cells in which there may be a case, in any order; None for all."""
        return None


def gathered(by_cell: dict[int, Any] | None, frame: Frame) -> list[Any]:
    """What stands in the cells of a window."""
    if not by_cell:
        return []
    if len(frame.cells) == 1:
        found = by_cell.get(frame.number)
        return [] if found is None else [found]
    return [by_cell[cell] for cell in frame.cells if cell in by_cell]
