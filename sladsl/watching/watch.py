"""Watch a log: rows in, records out, a state that survives a crash.

Takes:  a policy, a growing log, a state file, an output.
Gives:  `Watch`: one step reads a batch, judges it, commits, and then tells.
Never:  tells before it has committed, or reads the machine's clock (its caller may, see `advance`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sladsl.clock import iso
from sladsl.events import Event, ReadOptions, Reject
from sladsl.events.feed import Feed
from sladsl.ir.parties import actors_by_party
from sladsl.watching.durable import DurableMonitor, Record
from sladsl.watching.follow import Follower
from sladsl.watching.store import Store

if TYPE_CHECKING:
    from sladsl.pipeline import Policy

BATCH = 500
_PASSED = "standard input: where it begins as before, its first {:,} rows are passed over, which were read then"
_NO_ACTORS = (
    "no event so far names an actor, and so none is by the party that has to act; `--no-actors` leaves that unchecked"
)
_END_BYTES = 4096  # so much of the end of an output says whether it is the one that was written to before


class Delivery:
    """Where records go. A file is cut back to what is sure to have arrived, so that each record stands in it once.

    Args:
        path: the file, or None for `stream`; what is no plain file is like a stream, too. A file that is not the one that was
            written to before (it was taken away, or is another) is added to; only where nothing was ever told is it begun anew.
        stream: standard output: after a crash the last records may come again, under the same ids.
        monitor: whose records they are; it keeps how far the file has come, and how it ends there.
    """

    def __init__(self, path: str | None, stream: BinaryIO, monitor: DurableMonitor) -> None:
        self._stream = stream
        self._path = path
        self._monitor = monitor
        self._is_own = path is not None
        self._offset = 0
        self._end = b""  # the last bytes before it
        if path is not None and Path(path).exists() and not Path(path).is_file():
            self._stream, self._path = Path(path).open("wb"), None  # noqa: SIM115 - a device or a pipe is like `stream`
        elif path is not None:
            Path(path).touch()
            self._stream = Path(path).open("r+b")  # noqa: SIM115 - it stays open between batches
            self._offset = self._arrived()
            self._end = self._before(self._offset, _END_BYTES)
            self._stream.seek(self._offset)
            self._stream.truncate(self._offset)
        monitor.writes_to(self._so_far())

    def _arrived(self) -> int:
        """How many bytes of the file stay."""
        kept, size = self._monitor.output, self._stream.seek(0, os.SEEK_END)
        if kept is None and not self._monitor.has_told:
            return 0
        if kept is not None and kept["offset"] <= size:
            offset: int = kept["offset"]
            count, digest = kept["end"]
            if sha256(self._before(offset, count)).hexdigest() == digest:
                return offset
        if self._before(size, 1) not in (b"", b"\n"):
            self._stream.seek(size)
            size += self._stream.write(b"\n")
        return size

    def _before(self, offset: int, count: int) -> bytes:
        count = min(offset, count)
        self._stream.seek(offset - count)
        return self._stream.read(count)

    def _so_far(self) -> dict[str, Any] | None:
        if self._path is None:
            return None
        return {"offset": self._offset, "end": (len(self._end), sha256(self._end).hexdigest())}

    def tell(self, records: list[Record]) -> None:
        """Write records, and acknowledge them once they have arrived."""
        if not records:
            return
        text = "".join(record.line + "\n" for record in records).encode()
        self._stream.write(text)
        self._stream.flush()
        self._offset += len(text)
        self._end = (self._end + text)[-_END_BYTES:]
        self._monitor.acknowledge(records[-1].seq, self._so_far())

    def close(self) -> None:
        """Close what was opened; the stream that was given stays."""
        if self._is_own:
            self._stream.close()


class Watch:
    """One watch over one log.

    Args:
        policy: what to judge.
        log: a file, or `-`.
        state: the state file.
        output: a file for the records; None for `stdout`.
        stdin, stdout: the standard streams.
        actors: whether events name actors.
        future_us: see `DurableMonitor`.
        on_odd: is told, in words, of each row that is not judged (it cannot be read, comes too late, lies too far ahead),
            and of a log that is gone or replaced: the kind (`not read`, `too late`, `held back`, `log`) and what it is.

    Raises StoreError, StateError, OSError.
    """

    def __init__(
        self,
        policy: Policy,
        log: str,
        state: str,
        output: str | None,
        stdin: BinaryIO,
        stdout: BinaryIO,
        *,
        actors: bool = True,
        future_us: int | None = None,
        on_odd: Callable[[str, str], None] | None = None,
    ) -> None:
        plan = policy.plan
        store = Store(state)
        try:
            self.monitor = DurableMonitor(policy, store, actors=actors, future_us=future_us)
        except BaseException:
            store.close()
            raise
        self._log, self._zone, self._is_gone = log, plan.zone, False
        self._on_odd = on_odd or (lambda kind, said: None)
        self._follower = Follower(log, self.monitor.position, stdin if log == "-" else None)
        self._are_actors_asked = actors and bool(actors_by_party(plan)) and self.monitor.position is None
        if self._follower.restarted:
            self._reads_anew(self._follower.restarted)
        if self._follower.passing:
            self._on_odd("log", _PASSED.format(self._follower.passing))
        self._feed = Feed(plan.inputs, ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes)))
        self._delivery = Delivery(output, stdout, self.monitor)
        self._delivery.tell(self.monitor.undelivered())

    def step(self, last: bool = False, most: int = BATCH) -> bool:
        """Read, judge, commit and tell one batch; False where there was nothing to read."""
        passing = self._follower.passing
        rows = self._follower.batch(most, last)
        if passing and self._follower.restarted:
            self._reads_anew(self._follower.restarted)
        if not rows:
            self.monitor.settle()
            return not last and self._look_again()
        events: list[Event] = []
        rejected = 0
        for row, number in zip(rows, self._follower.numbers, strict=True):
            made = row if isinstance(row, Reject) else self._feed.event(row, self.monitor.fed + len(events))
            if isinstance(made, Reject):
                rejected += 1
                self._on_odd("not read", f"row {number}: {made.reason}")
            else:
                made.row = number
                events.append(made)
        position: Any = self._follower.position
        records = self.monitor.feed(events, position, rejected)
        self._look_for_actors(events, records)
        self._delivery.tell(records)
        self._tell_odd()
        return True

    def _tell_odd(self) -> None:
        """Say which events of the last batch were not judged."""
        monitor = self.monitor
        for reject in monitor.rejects:
            self._on_odd("not read", f"row {reject.row}: {reject.reason}")
        for event in monitor.late:
            self._on_odd("too late", self._named(event))
        for event in monitor.held_back:
            self._on_odd("held back", f"{self._named(event)} lies far ahead of the others")
        monitor.rejects, monitor.late, monitor.held_back = [], [], []

    def _named(self, event: Event) -> str:
        return f"row {event.row}: `{event.type}` of `{event.case}` at {iso(event.time_us, self._zone)}"

    def _look_again(self) -> bool:
        """Whether a new log stands where the old one was, now that nothing more can be read of it."""
        found = self._follower.look_again()
        if found == "gone":
            if not self._is_gone:
                self._on_odd("log", f"`{self._log}` is gone: waiting for a new one")
        elif found:
            self._reads_anew(found)
        self._is_gone = found == "gone"
        return bool(found) and not self._is_gone

    def _reads_anew(self, why: str) -> None:
        name = "standard input" if self._log == "-" else f"`{self._log}`"
        self._on_odd("log", f"{name} {why}: reading it from its start")

    def _look_for_actors(self, events: list[Event], records: list[Record]) -> None:
        """Say with the first records that no event has named an actor, where that is asked."""
        if any(event.actor for event in events):
            self._are_actors_asked = False
        elif records and self._are_actors_asked:
            self._are_actors_asked = False
            self._on_odd("log", _NO_ACTORS)

    @property
    def is_catching_up(self) -> bool:
        """Whether rows are passed over that an earlier run has read."""
        return self._follower.passing > 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come."""
        return self._follower.has_ended

    def wait(self, seconds: float) -> None:
        """Wait for more of the log, but no longer than this."""
        self._follower.wait(seconds)

    def clock_says(self, us: int) -> None:
        """What time it is: what lies far ahead of it is held back."""
        self.monitor.clock_says(us)

    def advance(self, us: int) -> None:
        """Time has come to this instant without an event."""
        self._delivery.tell(self.monitor.advance(us))

    def finish(self) -> None:
        """The log has ended: read what is left. What was held back stays so: a log that ends says nothing about time."""
        while self.step(last=True):
            pass
        if self._are_actors_asked and self.monitor.counts["events"]:
            self._on_odd("log", _NO_ACTORS)
        if self._follower.is_cut:
            self._on_odd("log", f"the last line of `{self._log}` has no end yet: it is left for the next time")

    def close(self) -> None:
        """Keep what was acknowledged, and let go of the files."""
        try:
            self.monitor.close()
        finally:
            self._delivery.close()
            self._follower.close()
