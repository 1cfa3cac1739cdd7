"""The windows of one objective while the log is still being read.

Takes:  the instants at which something happens, in order, each once everything up to and including it is known.
Gives:  `LiveRows`: each row at the first instant at which it is certain, burn-rate alerts, windows missed in a row.
Never:  looks at a window in which nothing has changed, or keeps the figures of one that nothing can change any more.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from attrs import define

from sladsl.evaluate.objectives.burn import Sums, exceeded_in_time
from sladsl.evaluate.objectives.cycles import AFLOAT, TimeLeaf
from sladsl.evaluate.objectives.frames import MOST_WINDOWS
from sladsl.evaluate.objectives.happenings import BecomeLeaf, CountLeaf
from sladsl.evaluate.objectives.leaf import Key, Leaf
from sladsl.evaluate.objectives.ledger import Judged
from sladsl.evaluate.objectives.missed import MissedInARow
from sladsl.evaluate.objectives.outcome import MISSED, UNDECIDED, CertainRow, ObjectiveAlert, ObjectiveRow
from sladsl.evaluate.objectives.recent import MINUTE_US, Unfolding
from sladsl.evaluate.objectives.times import StateTimeLeaf
from sladsl.ir.objective import BurnAlert
from sladsl.ir.plan import Plan

Window = tuple[int, Key]
_FIRST_LOOK_US = 3_600_000_000
_FURTHEST_US = 4 * 366 * 86_400_000_000
_MANY_US = (
    MOST_WINDOWS - 1
) * 82_800_000_000  # less time cannot hold too many windows: no date is shorter than 23 hours


@define
class _Row:
    """What was told of a window: its last status, and whether all is done that its end brings."""

    status: str = ""
    done: bool = False


class LiveRows:
    """One objective.

    Args:
        tell: is given each row when it becomes certain; again only where an excuse or a reopening has changed it.
        alert: is given each alert.
        owes: is given each row of a window that has ended, and gives whether what it owes is certain.
        release: is told of each window that nothing can change any more.
    """

    def __init__(
        self,
        plan: Plan,
        judged: Judged,
        tell: Callable[[CertainRow], None],
        alert: Callable[[ObjectiveAlert], None],
        owes: Callable[[ObjectiveRow, int, Key], bool],
        release: Callable[[int, int, Key], None],
    ) -> None:
        self.plan, self.judged = plan, judged
        self.frames, self.leaves = judged.scope.frames, judged.leaves
        self._tell, self._alert, self._owes, self._release = tell, alert, owes, release
        self.touched: set[tuple[Key, int]] = set()
        judged.scope.touched = self.touched
        self._early = any(leaf.early for leaf in self.leaves)
        self._in_order = self.frames.days > 1 or len(self.leaves) > 1
        self._listed_empty = all(
            isinstance(leaf, CountLeaf) or (leaf.cells() is None and not isinstance(leaf, StateTimeLeaf))
            for leaf in self.leaves
        )
        labels = {leaf.label for leaf in self.leaves}
        # what is cancelled is no case any more, and by due or close an answer may move a cycle into another window
        counted = judged.objective.at_least_cases > 0 or judged.objective.counted_by != "start"
        self._revisable = any(
            c.group in labels and (counted or c.excuses or c.reopen == "resume") for c in plan.clauses
        )
        self._settled_leaves = [leaf for leaf in self.leaves if isinstance(leaf, StateTimeLeaf) and not leaf.flows]
        self._settled_us: int | None = None
        self._keys: set[Key] = set() if judged.objective.by else {()}
        self._rows: dict[Key, dict[int, _Row]] = {}
        self._waiting: dict[Key, set[int]] = {}  # windows that have ended and are not done
        self._kept: dict[Key, set[int]] = {}  # cells
        self._gone: dict[Key, int] = {}  # the last cell that is not kept any more
        self._awaited: dict[Key, dict[int, int]] = {}  # when a window may become certain if nothing happens
        self._order: list[tuple[int, int, Key]] = []  # the same, a heap
        self._first_us: int | None = None
        self._end_us: int | None = None  # the next end of a window
        self._begin_us: int | None = None  # the first instant at which the present one is listed, where that is to come
        self._missed = [MissedInARow(judged, alert) for alert in judged.objective.alerts if alert.missed]
        self.changed: set[Key] = set()  # groups whose state is not what was last kept
        self._set_up_burn()

    def _set_up_burn(self) -> None:
        leaf = self.judged.burn or self.leaves[0] if self.leaves else None
        self._alerts = [alert for alert in self.judged.objective.alerts if alert.rate is not None]
        self._unfolding: dict[Key, Unfolding] | None = None
        self._time: StateTimeLeaf | None = None
        self._minutes: list[tuple[int, Key]] = []  # those that change a count, a heap
        self._crossings: list[tuple[int, Key, int]] = []  # burn rates of time that will be exceeded, a heap
        self._read_until: int | None = None  # the minute up to which they were looked for
        # And what is found of a group if nothing happens in it, with the instant up to which it was looked for.
        self._ahead: dict[Key, tuple[int, list[tuple[int, int]]]] = {}
        self._stirred: dict[Key, int] = {}  # groups in which something happened so lately that a rate may still change
        if not self._alerts:
            return
        if self.judged.burn is not None:
            self._unfolding = self.judged.burn.unfolding
        elif isinstance(leaf, BecomeLeaf):
            self._unfolding = leaf.unfolding
        elif isinstance(leaf, StateTimeLeaf) and self.judged.grid is not None:
            self._time = leaf
            self._longest_us = max(amount.ticks for alert in self._alerts for amount in alert.over) + MINUTE_US

    @property
    def all_leaves(self) -> Sequence[Leaf]:
        """The leaves of the measure, and that of the burn rate."""
        return (*self.leaves, *self.judged.alerting)

    @property
    def burns_in_time(self) -> bool:
        """Whether it has burn-rate alerts on a share of time, for which `look_ahead` looks."""
        return self._time is not None

    # --- time ---------------------------------------------------------------------------------------------------------

    def begin(self, first_us: int) -> None:
        """The first event of the log."""
        self._first_us = first_us
        cell = self.frames.cell(first_us)
        self._end_us = self._next_end(cell)
        self._begin_us = max(first_us, self.frames.start(cell) + 1)
        self._read_until = first_us // MINUTE_US - 1

    def _next_end(self, cell: int) -> int:
        start = self.frames.start(cell)
        while self.frames.start(cell + 1) <= start:
            cell += 1  # a date that the zone skips
        return self.frames.start(cell + 1)

    def skip(self, limit_us: int) -> bool:
        """No event comes up to and including an instant: of too many windows that end until then only the last are told.

        Gives whether any were left out.
        """
        if self._end_us is None or limit_us - self._end_us < _MANY_US:
            return False
        first = self.frames.cell(limit_us) - MOST_WINDOWS
        if self.frames.cell(self._end_us) >= first:
            return False
        self._end_us = self._next_end(first)
        return True

    def look_ahead(self, limit_us: int) -> None:
        """No event comes up to and including an instant: find where the burn rate of a share of time is exceeded until then."""
        leaf, since = self._time, self._read_until
        last = limit_us // MINUTE_US
        if leaf is None or since is None or last <= since:
            return
        grid = self.judged.grid
        assert grid is not None
        self._settle(last * MINUTE_US)
        self._stirred.update((key, limit_us) for key, _ in self.touched)
        self._forget_ahead()
        for key in sorted(self._stirred if leaf.flows else leaf.groups()):
            until_us, ahead = self._ahead.get(key, (0, []))
            if until_us < last * MINUTE_US:
                # what flows goes on as it is until something happens in the group
                until_us = last * MINUTE_US + (_FIRST_LOOK_US if leaf.flows else 0)
                sums = Sums.of(leaf, key)
                ahead = [
                    (us, place)
                    for place, alert in enumerate(self._alerts)
                    for us in exceeded_in_time(leaf, alert, sums, grid, until_us, since * MINUTE_US)
                ]
                self._ahead[key] = until_us, ahead
                self._forget_grid(key, last)
                self.changed.add(key)
            self._crossings += [(us, key, place) for us, place in ahead if since < us // MINUTE_US <= last]
        heapify(self._crossings)
        self._read_until = last
        for key in [key for key, us in self._stirred.items() if us < last * MINUTE_US - self._longest_us]:
            del self._stirred[key]
            self._ahead.pop(key, None)
            self.changed.add(key)

    def _forget_grid(self, key: Key, minute: int) -> None:
        """Let go of what no burn rate of a share of time asks for after a minute."""
        if self._time is not None and self.judged.grid is not None:
            self._time.forget_grid(key, self.judged.grid.cell(minute * MINUTE_US - self._longest_us))

    def _forget_ahead(self) -> None:
        """What was found of groups in which something has happened since is to be found anew."""
        for key, _ in self.touched:
            self._ahead.pop(key, None)

    def next_us(self) -> int | None:
        """The next instant at which something happens in it without an event."""
        found = [us for us in (self._end_us, self._begin_us) if us is not None]
        found += [us for leaf in self.all_leaves if (us := leaf.next_us()) is not None]
        while self._order and not self._waits(*self._order[0]):
            heappop(self._order)
        if self._order:
            found.append(self._order[0][0])
        if self._minutes:
            found.append(self._minutes[0][0])
        if self._crossings:
            found.append(self._crossings[0][0])
        return min(found, default=None)

    def _waits(self, at: int, number: int, key: Key) -> bool:
        """Whether a window is still to be looked at then."""
        return self._awaited.get(key, {}).get(number) == at

    def at(self, us: int) -> None:
        """Everything up to and including an instant is known: tell what is certain now."""
        for leaf in self.leaves:
            leaf.pass_to(us)
        self._settled_us = None
        todo: set[Window] = set()
        current = self.frames.cell(us - 1)
        self._forget_ahead()
        changed = sorted(self.touched)
        self.touched.clear()
        for key, cell in changed:
            self.changed.add(key)
            if self._time is not None:
                self._stirred[key] = us
            self._look(key, cell, current, us, todo)
        if self._begin_us is not None and self._begin_us <= us:
            self._begin_us = None
            todo.update((current, key) for key in self._keys)
        if self._end_us is not None and self._end_us <= us:
            todo.update((current, key) for key in self._keys)
            self._begin_us = us + 1 if self._early else None
            self._end_us = self._next_end(self.frames.cell(us))
        while self._order and self._order[0][0] <= us:
            at, number, key = heappop(self._order)
            if self._waits(at, number, key):
                todo.add((number, key))
        for number, key in sorted(todo):
            self._judge(number, key, us)
        for key in {key for _, key in todo} | {key for key, _ in changed}:
            self._forget(key, us)
        self._burn(us, {key for key, _ in changed})

    def _look(self, key: Key, cell: int, current: int, us: int, todo: set[Window]) -> None:
        """A cell of a group has changed: the windows to judge anew."""
        if key not in self._keys:
            self._keys.add(key)
            if self._listed_empty and self._first_us is not None:
                first = max(self.frames.cell(self._first_us), current - MOST_WINDOWS + 1)
                todo.update((number, key) for number in range(first, current + 1))
        if cell == AFLOAT:
            if self._early:
                todo.add((current, key))
            return
        kept = self._kept.setdefault(key, set())
        if cell not in kept and cell <= self._gone.get(key, cell - 1):
            if not any(leaf.busy(key, cell) for leaf in self.leaves):
                for leaf in self.leaves:
                    leaf.forget(key, cell)
            return
        kept.add(cell)
        last = min(cell + self.frames.days - 1, current)
        todo.update((number, key) for number in range(cell, last + 1) if self._early or self._ended(number, us))

    def _ended(self, number: int, us: int) -> bool:
        return self.frames.start(number + 1) <= us

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _judge(self, number: int, key: Key, us: int) -> None:
        frames, known = self.frames, self._rows.get(key, {}).get(number)
        ended = self._ended(number, us)
        if known is not None and (known.done if ended else known.status) and not self._revisable:
            return
        if self._first_us is None or not frames.in_force(number, self._first_us, us, self.plan.effective):
            return
        self.changed.add(key)
        self._awaited.get(key, {}).pop(number, None)
        row = self._row(number, key, us)
        waiting = self._waiting.setdefault(key, set())
        if ended:
            self._kept.setdefault(key, set()).add(number)
            waiting.discard(number)
        if row is None:
            return
        if row.status != UNDECIDED:
            known = self._rows.setdefault(key, {}).setdefault(number, _Row())
            if known.status != row.status:
                known.status = row.status
                self._tell(CertainRow(row, us))
        if not ended:
            if row.status == UNDECIDED:
                self._await(number, key, us, row.end_us - 1)
            return
        for missed in self._missed:
            if row.status != UNDECIDED:
                self._give(missed.take(key, number, row.status == MISSED), us)
        certain = self._owes(row, number, key)
        if row.status == UNDECIDED or not certain:
            waiting.add(number)
            self._await(number, key, us, us + _FURTHEST_US)
        else:
            self._rows[key][number].done = True

    def _row(self, number: int, key: Key, us: int) -> ObjectiveRow | None:
        self._settle(us)
        frame = self.frames.frame(number, us)
        reading = self.judged.read(key, frame)
        return None if reading is None else self.judged.row(key, frame, reading)

    def _settle(self, us: int) -> None:
        """Bring up to an instant what does not flow."""
        if self._settled_leaves and self._settled_us != us:
            for leaf in self._settled_leaves:
                leaf.settle(us, ())
            self._settled_us = us

    def _await(self, number: int, key: Key, us: int, last_us: int) -> None:
        """Find when a window that is undecided becomes certain if nothing happens: no earlier than what is noted."""
        ended = self._ended(number, us)
        moving = [leaf for leaf in self.leaves if leaf.moves and (isinstance(leaf, TimeLeaf) if ended else leaf.early)]
        if not moving or last_us <= us:
            return
        at: int | None = None
        if len(self.leaves) == 1:
            at = self.leaves[0].reaches_us(key, self.frames.frame(number, us))
        if at is None:
            at = self._found_certain(number, key, us, last_us)
        if at is not None and us < at <= last_us:
            self._awaited.setdefault(key, {})[number] = at
            heappush(self._order, (at, number, key))

    def _found_certain(self, number: int, key: Key, us: int, last_us: int) -> int | None:
        """By looking further and further ahead, and then by halves."""

        def certain(at: int) -> bool:
            row = self._row(number, key, at)
            return row is not None and row.status != UNDECIDED

        low, step = us, _FIRST_LOOK_US
        high = min(low + step, last_us)
        while not certain(high):
            if high == last_us:
                return None
            step *= 2
            low, high = high, min(high + step, last_us)
        while high - low > 1:
            middle = (low + high) // 2
            if certain(middle):
                high = middle
            else:
                low = middle
        return high

    def _forget(self, key: Key, us: int) -> None:
        """Let go of the cells that no window needs any more, and of what was told of their windows."""
        kept, days = self._kept.get(key), self.frames.days
        waiting = self._waiting.get(key, set())
        if not kept or (len(kept) == 1 and self.frames.start(max(kept) + days) > us):
            return
        for cell in sorted(kept):
            open_window = self.frames.start(cell + days) > us
            needed = open_window or any(number in waiting for number in range(cell, cell + days))
            if needed or any(leaf.busy(key, cell) for leaf in self.leaves):
                if self._in_order or open_window:
                    break
                continue
            for leaf in self.leaves:
                leaf.forget(key, cell)
            kept.discard(cell)
            self._gone[key] = max(cell, self._gone.get(key, cell))
            self._rows.get(key, {}).pop(cell, None)
            self._release(self.judged.index, cell, key)
            self.changed.add(key)

    # --- alerts -------------------------------------------------------------------------------------------------------

    def _burn(self, us: int, keys: set[Key]) -> None:
        if self._unfolding is not None:
            for key in keys:
                self._write_minute(key)
            due = set()
            while self._minutes and self._minutes[0][0] <= us:
                due.add(heappop(self._minutes)[1])
            for key in sorted(due):
                for alert in self._unfolding[key].read(us):
                    self._give_burn(key, alert, us)
                self._write_minute(key)
                self.changed.add(key)
        while self._crossings and self._crossings[0][0] <= us:
            at, key, place = heappop(self._crossings)
            self._give_burn(key, self._alerts[place], at)

    def _write_minute(self, key: Key) -> None:
        unfolding = self._unfolding.get(key) if self._unfolding is not None else None
        at = unfolding.next_us if unfolding is not None else None
        if at is not None:
            heappush(self._minutes, (at, key))

    def _give_burn(self, key: Key, alert: BurnAlert, us: int) -> None:
        judged = self.judged
        self._give(
            ObjectiveAlert("burn", judged.index, judged.objective.label, judged.named(key), us, alert.written), us
        )

    def _give(self, alert: ObjectiveAlert | None, us: int) -> None:
        since, until = self.plan.effective
        if alert is not None and (since is None or alert.at_us >= since) and (until is None or alert.at_us <= until):
            self._alert(alert)

    # --- keeping ------------------------------------------------------------------------------------------------------

    def kept(self) -> list[Key]:
        """The groups of which something is kept."""
        return sorted(self._keys | {key for key, _ in self.touched})

    def take_changed(self) -> list[Key]:
        """The groups of which what is kept has changed since the last call, and those that are about to change."""
        found = sorted(self.changed | {key for key, _ in self.touched})
        self.changed.clear()
        return found

    def save(self, key: Key) -> Any:
        """What is kept of a group, as JSON can hold it."""
        if self._read_until is not None:
            self._forget_grid(key, self._read_until)
        rows = sorted([number, row.status, row.done] for number, row in self._rows.get(key, {}).items())
        awaited = sorted([number, at] for number, at in self._awaited.get(key, {}).items())
        waiting, kept = sorted(self._waiting.get(key, ())), sorted(self._kept.get(key, ()))
        missed = [each.save(key) for each in self._missed]
        leaves = [leaf.save(key) for leaf in self.all_leaves]
        stirred = self._stirred.get(key)
        return [key in self._keys, rows, awaited, waiting, kept, self._gone.get(key), stirred, missed, leaves]

    def load(self, key: Key, state: Any) -> None:
        """The same, back."""
        known, rows, awaited, waiting, kept, gone, stirred, missed, leaves = state
        if known:
            self._keys.add(key)
        self._rows[key] = {number: _Row(status, done) for number, status, done in rows}
        self._awaited[key] = dict(awaited)
        for number, at in awaited:
            heappush(self._order, (at, number, key))
        self._waiting[key], self._kept[key] = set(waiting), set(kept)
        if gone is not None:
            self._gone[key] = gone
        if stirred is not None:
            self._stirred[key] = stirred
        for each, told in zip(self._missed, missed, strict=True):
            each.load(key, told)
        for leaf, held in zip(self.all_leaves, leaves, strict=True):
            leaf.load(key, held)
        self._write_minute(key)

    def save_common(self) -> Any:
        """What is kept beside the groups."""
        scope = self.judged.scope
        touched = sorted([list(key), cell] for key, cell in self.touched)
        return [self._first_us, self._end_us, self._begin_us, self._read_until, touched, scope.faults, scope.reason]

    def load_common(self, state: Any) -> None:
        """The same, back."""
        scope = self.judged.scope
        self._first_us, self._end_us, self._begin_us, self._read_until, touched, scope.faults, scope.reason = state
        self.touched.update((tuple(key), cell) for key, cell in touched)
