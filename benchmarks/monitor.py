"""A monitor with very many open instances: memory for each, time per event, and how long a restart takes.

    python benchmarks/monitor.py [INSTANCES]          default 1,000,000

Prints a table. `in memory` keeps every case at hand; `in a store` keeps 100,000 at hand and the rest in SQLite.
"""

from __future__ import annotations

import argparse
import gc
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sladsl
from sladsl.evaluate.stream import Monitor
from sladsl.events import Event
from sladsl.watching import DurableMonitor, Store

POLICY = "qualified lead = score >= 60\nfirst contact: sales contacts qualified lead within 24h\n"
START = 1_767_600_000_000_000
CARRIED = {"score": 70}


def events(count: int) -> Iterator[Event]:
    """One opening event a case, a millisecond apart."""
    for number in range(count):
        yield Event(f"L{number}", START + number * 1000, "created", "marketing", CARRIED, number)


def resident() -> int:
    """Bytes in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize()


def batches(count: int, size: int = 10_000) -> Iterator[list[Event]]:
    batch: list[Event] = []
    for event in events(count):
        batch.append(event)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def in_memory(count: int) -> None:
    policy = sladsl.load(text=POLICY)
    gc.collect()
    before, started = resident(), time.process_time()
    monitor = Monitor(policy.plan)
    for batch in batches(count):
        monitor.feed(batch)
    spent = time.process_time() - started
    gc.collect()
    held = resident() - before
    print(f"in memory    {count:>9,} open   {held / count:7.0f} bytes each   {spent / count * 1e6:6.2f} µs an event")


def in_a_store(count: int) -> None:
    policy = sladsl.load(text=POLICY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.db"
        gc.collect()
        before, started = resident(), time.process_time()
        monitor = DurableMonitor(policy, Store(path))
        for batch in batches(count):
            monitor.feed(batch)
        spent = time.process_time() - started
        gc.collect()
        held = resident() - before
        monitor.close()
        started = time.process_time()
        again = DurableMonitor(policy, Store(path))
        again.feed([Event("L0", START + count * 1000, "contact", "sales", {}, count)])
        restart = time.process_time() - started
        print(
            f"in a store   {count:>9,} open   {held / count:7.0f} bytes each   {spent / count * 1e6:6.2f} µs an event"
            f"   restart {restart:.3f} s   {path.stat().st_size / count:.0f} bytes each on disk"
        )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="What a monitor with many open instances costs.")
    arguments.add_argument("open", nargs="?", type=int, default=1_000_000, help="how many instances are open")
    wanted = arguments.parse_args().open
    in_memory(wanted)
    in_a_store(wanted)
