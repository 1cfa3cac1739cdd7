"""The line as code: text becomes a plan, a plan and a log become a result.

Takes:  policies (files or text), logs (files or data in memory), what the command line adds.
Gives:  `load`: a Policy; `run`: a Result; `report`, `explain`, `compare`.
Never:  prints, exits, reads the machine's clock or zone, or lets a user's mistake out as anything but a `PolicyError` or
        a `LogError`, which carry diagnostics.

    policy.py    text to plan                       running.py     `run` and `report`
    versions.py  several versions of an agreement   explaining.py  `explain` and `compare`
    reading.py   data to log                        judging.py     plan and log to result
    question.py  `--where`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sladsl.pipeline.policy import Policy, PolicyError, Settings, duration_us, load

if TYPE_CHECKING:
    from sladsl.pipeline.explaining import Explanation, compare, explain
    from sladsl.pipeline.running import ENGINES, report, run
    from sladsl.pipeline.versions import in_order_of_periods

__all__ = [
    "ENGINES",
    "Explanation",
    "Policy",
    "PolicyError",
    "Settings",
    "compare",
    "duration_us",
    "explain",
    "in_order_of_periods",
    "load",
    "report",
    "run",
]

_PLACES = {
    "ENGINES": "running",
    "Explanation": "explaining",
    "compare": "explaining",
    "explain": "explaining",
    "in_order_of_periods": "versions",
    "report": "running",
    "run": "running",
}


def __getattr__(name: str) -> Any:
    """Load what is named at its first use: `check` needs no more than `load`."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value
