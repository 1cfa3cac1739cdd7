"""sladsl: promises as sentences, judged against what really happened.

    import sladsl

    policy = sladsl.load("policy.sla")                 # PolicyError carries .diagnostics
    result = sladsl.run(policy, "log.csv")             # .verdicts, .clauses, .objectives, .table()
    monitor = policy.monitor()                         # feed it events, get verdicts as soon as they are certain

Takes:  nothing at import: what is named here is loaded when it is first used.
Gives:  the library.
Never:  loads a log reader, an evaluator or rich for `import sladsl`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sladsl.version import __version__

if TYPE_CHECKING:
    from sladsl.evaluate.objectives import ObjectiveRow
    from sladsl.evaluate.stream.snapshot import StateError
    from sladsl.events import Event, LogError
    from sladsl.monitor import Monitor
    from sladsl.pipeline import Policy, PolicyError, load, run
    from sladsl.report.alerts import AlertRow
    from sladsl.report.figures import ClauseFigures
    from sladsl.report.result import Result
    from sladsl.report.told import ToldRow
    from sladsl.report.verdict_row import VerdictRow
    from sladsl.text import Diagnostic
    from sladsl.watching import DurableMonitor, Record, StoreError

__all__ = [
    "AlertRow",
    "ClauseFigures",
    "Diagnostic",
    "DurableMonitor",
    "Event",
    "LogError",
    "Monitor",
    "ObjectiveRow",
    "Policy",
    "PolicyError",
    "Record",
    "Result",
    "StateError",
    "StoreError",
    "ToldRow",
    "VerdictRow",
    "__version__",
    "load",
    "run",
]

_PLACES = {
    "AlertRow": "sladsl.report.alerts",
    "ClauseFigures": "sladsl.report.figures",
    "Diagnostic": "sladsl.text",
    "DurableMonitor": "sladsl.watching",
    "Event": "sladsl.events",
    "LogError": "sladsl.events",
    "Monitor": "sladsl.monitor",
    "ObjectiveRow": "sladsl.evaluate.objectives",
    "Policy": "sladsl.pipeline",
    "PolicyError": "sladsl.pipeline",
    "Record": "sladsl.watching",
    "Result": "sladsl.report.result",
    "StateError": "sladsl.evaluate.stream.snapshot",
    "StoreError": "sladsl.watching",
    "ToldRow": "sladsl.report.told",
    "VerdictRow": "sladsl.report.verdict_row",
    "load": "sladsl.pipeline",
    "run": "sladsl.pipeline",
}


def __getattr__(name: str) -> Any:
    """Load what is named at its first use."""
    if name not in _PLACES:
        raise AttributeError(f"module 'sladsl' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
