"""Data becomes a log, as the policies read it.

Takes:  policies, files or data in memory, what the command line adds.
Gives:  `read_log`: the Log; `instant_of`: an instant given in any of the usual ways.
Never:  judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sladsl.clock import read_instant
from sladsl.events import Log, LogError, ReadOptions, as_log, read
from sladsl.ir.plan import Plan
from sladsl.pipeline.policy import Policy, PolicyError
from sladsl.text import Diagnostic

_FIRST_US = -719_162 * 86_400_000_000  # of the year 1
_END_US = 2_932_897 * 86_400_000_000  # of the year 9999


def instant_of(moment: datetime | str | int | None, zone: str) -> int | None:
    """Microseconds since 1970 of an instant given in any of the usual ways; without an offset it is read in `zone`.

    Raises LogError where the text is no instant, and where a number of microseconds lies outside the years 1 to 9999.
    """
    if moment is None:
        return None
    if isinstance(moment, int):
        if not _FIRST_US <= moment < _END_US:
            message = "so many microseconds since 1970 lie outside the years 1 to 9999"
            raise LogError([Diagnostic("SLA0932", message, None, help="give microseconds, or a text with a date")])
        return moment
    text = moment.isoformat() if isinstance(moment, datetime) else moment
    reading = read_instant(text, zone)
    if reading.us is None:
        message = reading.problem if f"`{text}`" in reading.problem else f"`{text}` is no instant: {reading.problem}"
        raise LogError([Diagnostic("SLA0932", message, None, help="write it like `2026-03-02T09:00:00Z`")])
    return reading.us


def read_options(
    policies: Sequence[Policy],
    columns: tuple[tuple[str, str], ...],
    strict: bool,
    filters: Sequence[Plan],
    also: frozenset[str] | None = frozenset(),
) -> ReadOptions:
    """How the policies read a log: they must agree, for a row is read once.

    Args:
        columns: what `--column` says.
        strict: whether a row that cannot be read is an error.
        filters: what `--where` asks.
        also: further attributes that are wanted; None: all.

    Raises PolicyError where they do not agree.
    """
    plan = policies[-1].plan
    for policy in policies[:-1]:
        if (policy.plan.inputs, policy.plan.zone) != (plan.inputs, plan.zone):
            message = f"`{policy.path or policy.name}` reads the log otherwise than `{policies[-1].path}`"
            help = "versions of one agreement need the same `events` blocks and the same zone"
            raise PolicyError([Diagnostic("SLA0933", message, None, help=help)], policy.sources)
    wanted = {name for held in (*(p.plan for p in policies), *filters) for name in held.attributes}
    kept = None if also is None else frozenset(wanted | also)  # None: everything
    return ReadOptions(plan.zone, plan.case_word, columns, strict, kept)


def read_log(
    policies: Sequence[Policy],
    log: Any,
    columns: tuple[tuple[str, str], ...],
    strict: bool,
    filters: Sequence[Plan],
    also: frozenset[str] | None = frozenset(),
) -> Log:
    """The log as the policies read it; see `read_options`. Raises PolicyError and LogError."""
    options = read_options(policies, columns, strict, filters, also)
    blocks = policies[-1].plan.inputs
    files = files_of(log)
    return as_log(log, blocks, options) if files is None else read(files, blocks, options)


def files_of(log: Any) -> list[str | Path] | None:
    """The files that a log is, as given; None where it is data in memory."""
    if isinstance(log, (str, Path)):
        return [log]
    if isinstance(log, (list, tuple)) and log and all(isinstance(item, (str, Path)) for item in log):
        return list(log)
    return None
