"""When something happens without an event: dues, alerts, the ends of pauses.

Takes:  instances and instants, in any order.
Gives:  `Timers`: what falls due, in order of (instant, clause, case, number, kind).
Never:  decides whether what falls due still counts when it is taken, or keeps much that no longer does.

Most timers lie far ahead, and most of them never fire, for the action comes before. So they are thrown into buckets of
about a minute, a reference each, and only a bucket that time has reached is put in order.
"""

from heapq import heapify, heappop, heappush

from sladsl.evaluate.stream.instance import CLOSED, OPEN, Instance

# The kinds of timers, in the order in which those of one instant and instance fire; alerts add their index to ALERT,
# used-up pauses theirs to PAUSE_USED: these stand apart, for pauses are half-open and end before the events of their
# instant.
CANCEL_AFTER, ALERT, DUE, PAUSE_USED = 0, 1, 1 << 20, 1 << 21

NEVER = 1 << 80  # after every instant
_SHIFT = 26  # a bucket is 2**26 microseconds, a good minute
_FEW = 1024

Entry = tuple[int, int, str, int, int, int, Instance]  # instant, clause, case, number, kind, generation, instance
Waiting = Instance | tuple[int, int, int, Instance]  # a due, or of another kind: instant, kind, generation, instance
Bucket = Waiting | list[Waiting]


def counts(entry: Entry) -> bool:
    """Whether a timer still says what is to happen."""
    at, _, _, _, kind, generation, inst = entry
    if kind == DUE:
        return inst.status == OPEN and inst.due == at
    return generation == inst.generation and inst.status != CLOSED


class Timers:
    """Timers that wait.

    Attributes:
        next_us: nothing fires before this instant; NEVER where there is none.
    """

    __slots__ = ("_buckets", "_count", "_keys", "_ready", "_sweep_at", "_until_us", "next_us")

    def __init__(self) -> None:
        self.next_us = NEVER
        self._ready: list[Entry] = []  # a heap: those before `_until_us`
        self._until_us = -NEVER
        self._buckets: dict[int, Bucket] = {}
        self._keys: list[int] = []  # a heap: those of the buckets
        self._count = 0
        self._sweep_at = _FEW

    def __len__(self) -> int:
        """How many there are, with those that no longer count."""
        return self._count

    def push(self, at_us: int, kind: int, inst: Instance) -> None:
        """One more; what of the same instance is older than its generation no longer counts, nor is a due that has moved."""
        if self._count >= self._sweep_at:
            self.forget_stale()
        self._count += 1
        if at_us < self.next_us:
            self.next_us = at_us
        if at_us < self._until_us:
            entry = (at_us, inst.m.index, inst.cs.case, inst.number, kind, inst.generation, inst)
            heappush(self._ready, entry)
            return
        key = at_us >> _SHIFT
        waiting: Waiting = inst if kind == DUE else (at_us, kind, inst.generation, inst)
        bucket = self._buckets.get(key)
        if bucket is None:
            self._buckets[key] = waiting
            heappush(self._keys, key)
        elif bucket.__class__ is list:
            bucket.append(waiting)
        else:
            self._buckets[key] = [bucket, waiting]  # type: ignore[list-item]

    def first(self) -> Entry | None:
        """The first that still counts, which stays; None where nothing is waited for."""
        while True:
            if not self._ready:
                if not self._keys:
                    self.next_us = NEVER
                    return None
                self._open_bucket()
                continue
            entry = self._ready[0]
            if counts(entry):
                self.next_us = entry[0]
                return entry
            heappop(self._ready)
            self._count -= 1

    def take(self, limit_us: int) -> Entry | None:
        """The first that still counts, taken off, where it falls due up to and including an instant; else None."""
        ready, keys = self._ready, self._keys
        while True:
            if ready:
                at = ready[0][0]
                if at > limit_us:
                    self.next_us = at
                    return None
                entry = heappop(ready)
                self._count -= 1
                if counts(entry):
                    self.next_us = at
                    return entry
            elif not keys:
                self.next_us = NEVER
                return None
            elif keys[0] << _SHIFT > limit_us:
                self.next_us = keys[0] << _SHIFT
                return None
            else:
                self._open_bucket()

    def forget_stale(self) -> None:
        """Let go of what no longer counts, and of what it holds in memory."""
        self._ready[:] = [entry for entry in self._ready if counts(entry)]
        heapify(self._ready)
        self._count = len(self._ready)
        for key in self._keys:
            kept = [waiting for waiting in _all(self._buckets[key]) if _waits(waiting, key)]
            self._count += len(kept)
            if len(kept) > 1:
                self._buckets[key] = kept
            elif kept:
                self._buckets[key] = kept[0]
            else:
                del self._buckets[key]
        self._keys[:] = sorted(self._buckets)
        # INVARIANT: at most about half of the timers no longer count, so that the state is bounded by what is open
        self._sweep_at = max(_FEW, 2 * self._count)

    def _open_bucket(self) -> None:
        """Put the earliest bucket in order."""
        key = heappop(self._keys)
        bucket = self._buckets.pop(key)
        self._until_us = (key + 1) << _SHIFT
        ready = self._ready
        if bucket.__class__ is not list:
            if _waits(bucket, key):  # type: ignore[arg-type]
                ready.append(_entry(bucket))  # type: ignore[arg-type]
            else:
                self._count -= 1
            return
        ready += [_entry(waiting) for waiting in bucket if _waits(waiting, key)]
        heapify(ready)
        self._count += len(ready) - len(bucket)


def _all(bucket: Bucket) -> list[Waiting]:
    return bucket if bucket.__class__ is list else [bucket]  # type: ignore[list-item]


def _waits(waiting: Waiting, key: int) -> bool:
    """Whether what stands in a bucket still counts."""
    if waiting.__class__ is Instance:
        return waiting.status == OPEN and waiting.due is not None and waiting.due >> _SHIFT == key
    _, _, generation, inst = waiting  # type: ignore[misc]
    return generation == inst.generation and inst.status != CLOSED


def _entry(waiting: Waiting) -> Entry:
    """The timer that stands in a bucket."""
    if waiting.__class__ is Instance:
        return waiting.due, waiting.m.index, waiting.cs.case, waiting.number, DUE, waiting.generation, waiting  # type: ignore[return-value]
    at, kind, generation, inst = waiting  # type: ignore[misc]
    return at, inst.m.index, inst.cs.case, inst.number, kind, generation, inst
