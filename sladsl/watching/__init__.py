"""Watching: a monitor whose state outlives its process (it stands before the pipeline, which reaches it for `policy.monitor(store=…)`)."""

from sladsl.watching.durable import DurableMonitor, Record
from sladsl.watching.store import Store, StoreError

__all__ = ["DurableMonitor", "Record", "Store", "StoreError"]
