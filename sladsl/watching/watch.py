"""Watch a log: rows in, records out, a state that survives a crash.

Takes:  a policy, a growing log, a state file, an output.
Gives:  `Watch`: one step reads a batch, judges it, commits, and then tells.
Never:  tells before it has committed, or reads the machine's clock (its caller may, see `advance`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sladsl.events import Event, ReadOptions, Reject
from sladsl.events.feed import Feed
from sladsl.watching.durable import DurableMonitor, Record
from sladsl.watching.follow import Follower
from sladsl.watching.store import Store

if TYPE_CHECKING:
    from sladsl.pipeline import Policy

BATCH = 500


class Delivery:
    """Where records go. A file is cut back to what is sure to have arrived, so that each record stands in it once.

    Args:
        path: the file, or None for `stream`.
        stream: standard output: after a crash the last records may come again, under the same ids.
    """

    def __init__(self, path: str | None, stream: BinaryIO, arrived: int) -> None:
        self._stream = stream
        self._path = path
        self.offset = arrived
        if path is not None:
            Path(path).touch()
            self._stream = Path(path).open("r+b")  # noqa: SIM115 - it stays open between batches
            self._stream.truncate(arrived)
            self._stream.seek(arrived)

    def tell(self, records: list[Record], monitor: DurableMonitor) -> None:
        """Write records, and acknowledge them once they have arrived."""
        if not records:
            return
        text = "".join(record.line + "\n" for record in records).encode()
        self._stream.write(text)
        self._stream.flush()
        self.offset += len(text)
        monitor.acknowledge(records[-1].seq, self.offset)

    def close(self) -> None:
        """Close the file; a stream stays."""
        if self._path is not None:
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
        on_reject: is told of each row that could not be read.

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
        on_reject: Callable[[Reject], None] | None = None,
    ) -> None:
        plan = policy.plan
        self.monitor = DurableMonitor(policy, Store(state), actors=actors, future_us=future_us)
        self._follower = Follower(log, self.monitor.position, stdin if log == "-" else None)
        self._feed = Feed(plan.inputs, ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes)))
        self._delivery = Delivery(output, stdout, self.monitor.out_offset)
        self._on_reject = on_reject or (lambda reject: None)
        self._delivery.tell(self.monitor.undelivered(), self.monitor)

    @property
    def restarted(self) -> bool:
        """Whether the log was shorter than what had been read of it, so that it is read from its start."""
        return self._follower.restarted

    def step(self, last: bool = False, most: int = BATCH) -> bool:
        """Read, judge, commit and tell one batch; False where there was nothing to read."""
        rows = self._follower.batch(most, last)
        if not rows:
            return False
        events: list[Event] = []
        rejected = 0
        for row in rows:
            made = row if isinstance(row, Reject) else self._feed.event(row, self.monitor.fed + len(events))
            if isinstance(made, Reject):
                rejected += 1
                self._on_reject(made)
            else:
                events.append(made)
        position: Any = self._follower.position
        self._delivery.tell(self.monitor.feed(events, position, rejected), self.monitor)
        return True

    def advance(self, us: int) -> None:
        """Time has come to this instant without an event."""
        self._delivery.tell(self.monitor.advance(us), self.monitor)

    def finish(self) -> None:
        """The log has ended: read what is left, judge what was held back."""
        while self.step(last=True):
            pass
        self._delivery.tell(self.monitor.release_held(), self.monitor)

    def close(self) -> None:
        """Keep what was acknowledged, and let go of the files."""
        self.monitor.close()
        self._delivery.close()
        self._follower.close()
