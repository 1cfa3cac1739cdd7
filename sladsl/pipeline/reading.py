"""Data becomes a log, as the policies read it.

Takes:  policies, files or data in memory, what the command line adds.
Gives:  `read_log`: the Log; `read_options`: how it is read.
Never:  judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sladsl.events import Log, ReadOptions, as_log, read
from sladsl.ir.parties import actors_by_party
from sladsl.ir.plan import Plan
from sladsl.pipeline.policy import Policy, PolicyError
from sladsl.text import Diagnostic


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
    acting = {name for policy in policies for names in actors_by_party(policy.plan).values() for name in names}
    return ReadOptions(plan.zone, plan.case_word, columns, strict, kept, frozenset(acting))


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
