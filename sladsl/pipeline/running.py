"""`run` and `report`: judge a log, close a cycle.

Takes:  policies and a log, in any of the ways a caller has them.
Gives:  a Result; an Account.
Never:  prints, exits, or reads the machine's clock or zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sladsl.events import Log, LogError, instant_of
from sladsl.pipeline.choosing import Choice, cannot_judge, choose
from sladsl.pipeline.columns import judge_columns, read_again
from sladsl.pipeline.judging import judge_all
from sladsl.pipeline.policy import Policy
from sladsl.pipeline.question import compile_where
from sladsl.pipeline.reading import read_log, read_options
from sladsl.pipeline.versions import policies_of
from sladsl.text import Diagnostic, fold

if TYPE_CHECKING:
    from sladsl.report.account import Account
    from sladsl.report.result import Result

ENGINES = ("auto", "stream", "columnar")


def run(
    policy: Policy | str | Path | Sequence[Policy | str | Path],
    log: Any,
    *,
    as_of: datetime | date | str | int | None = None,
    where: str = "",
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    engine: str = "auto",
    trace: bool = False,
    on_step: Callable[[str, float | None], None] | None = None,
) -> Result:
    """Judge a log.

    Args:
        policy: a policy, or the file of one; several are versions of one agreement.
        log: a file or several (`NAME=FILE` for the block `events NAME`, `-` for standard input), or data in memory:
            dictionaries, events, a table of pandas, polars, Arrow or DuckDB.
        as_of: judge as of this instant (a datetime, ISO 8601, or microseconds since 1970); default: the last event.
        where: an expression; only cases for which it holds after their last event count.
        columns: role or attribute to column heading, over what the policy says.
        strict: rows that cannot be read, phrases that match nothing and unchecked parties are errors.
        engine: `stream`; `columnar`, for logs of millions of events; `auto` chooses by the size of the log, and the
            result says which and why.
        trace: verdicts keep the steps of their instances, for explanations.
        on_step: is told, in a few words, what is being done, and which share of it is done, where that is known.

    Raises PolicyError where a policy does not compile, LogError where the log cannot be judged.
    """
    policies = policies_of(policy)
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}")
    filters = [compile_where(policy, where) for policy in policies] if where else []
    tell = on_step or _nobody
    tell("reading the log", None)
    roles = _roles(columns)
    as_of_us = None if as_of is None else instant_of(as_of, policies[-1].plan.zone)
    log = read_again(log)
    choice = choose(policies, log, filters, engine, trace)
    if choice.engine == "columnar" and not choice.from_events:
        from sladsl.evaluate.columnar import CannotJudge

        try:
            options = read_options(policies, roles, strict, filters)
            return judge_columns(policies, log, options, as_of_us, filters, choice, tell).result
        except CannotJudge as error:
            if engine == "columnar":
                raise cannot_judge(error.reasons) from None
            choice = Choice("stream", f"the columnar evaluator cannot judge this: {error}", True)
            tell("reading the log anew", None)
    found = read_log(policies, log, roles, strict, filters)
    tell(f"judging {len(found.events):,} events", None)
    return judge_all(policies, found, as_of_us, filters, strict, choice, trace)[0]


def report(
    policy: Policy | str | Path | Sequence[Policy | str | Path],
    log: Any,
    *,
    period: str = "",
    by: Sequence[str] = (),
    as_of: datetime | date | str | int | None = None,
    where: str = "",
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    on_step: Callable[[str, float | None], None] | None = None,
) -> Account:
    """Judge a log, and close a cycle: everything that a report tells.

    Args:
        period: a calendar window (`2026-03`, `2026-Q1`, `2026-W10`, `2026`): the cycles that start in it, the windows
            that end in it; default: all of the log.
        by: attributes by which attainment and time are told apart (`actor`, or the heading of its column, is the actor).
        policy, log, as_of, where, columns, strict, on_step: as for `run`.

    Raises PolicyError where a policy does not compile, LogError where the log cannot be judged, the period is none, or
    the log has no such attribute.
    """
    from sladsl.report.closing import account_of, follows_cases
    from sladsl.report.period import period_of

    policies = policies_of(policy)
    zone = policies[-1].plan.zone
    within = period_of(period, zone) if period else None
    if period and within is None:
        message = f"`{period}` is no calendar period"
        raise LogError([Diagnostic("SLA0937", message, None, help="write `2026-03`, `2026-Q1`, `2026-W10` or `2026`")])
    filters = [compile_where(policy, where) for policy in policies] if where else []
    tell = on_step or _nobody
    tell("reading the log", None)
    roles = _roles(columns)
    as_of_us = None if as_of is None else instant_of(as_of, zone)
    log = read_again(log)
    choice = choose(policies, log, filters, "auto", False)
    asked = frozenset(fold(name) for name in by)
    if choice.engine == "columnar":
        from sladsl.evaluate.columnar import CannotJudge

        try:
            options = read_options(policies, roles, strict, filters, asked)
            judged = judge_columns(policies, log, options, as_of_us, filters, choice, tell, keeps_stretches=bool(by))
            held_by = [(name, _attribute(name, judged.log)) for name in by]
            if not all(held for _, held in held_by):
                raise CannotJudge("the log has no such column")  # which is said with all its names below
            if not judged.in_order and (by or follows_cases([policy.plan for policy in policies])):
                raise CannotJudge("cases are followed in order of time, and the log has another")
            tell("closing the cycle", None)
            return account_of(judged.result, judged.events, actors=judged.log.has_actor, period=within, by=held_by)
        except CannotJudge as error:
            choice = Choice("stream", f"the columnar evaluator cannot judge this: {error}", True)
            tell("reading the log anew", None)
    found = read_log(policies, log, roles, strict, filters, asked)
    held_by = [(name, _attribute(name, found)) for name in by]
    if lacking := [name for name, held in held_by if not held]:
        raise _no_column(lacking[0], read_log(policies, log, roles, False, filters, None) if log != "-" else found)
    tell(f"judging {len(found.events):,} events", None)
    result, events = judge_all(policies, found, as_of_us, filters, strict, choice, False)
    tell("closing the cycle", None)
    return account_of(result, events, actors=found.has_actor, period=within, by=held_by)


def _roles(columns: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    given: Any = columns or {}
    if not isinstance(given, Mapping):
        raise TypeError(f"columns is a dictionary of roles or attributes to headings, not `{type(given).__name__}`")
    return tuple(given.items())


def _nobody(step: str, share: float | None) -> None:
    """Nobody waits."""


def _attribute(name: str, log: Log) -> str:
    """The folded name of an attribute by which it is asked who; "" where the log has none of that name."""
    from sladsl.report.held import ACTOR

    key = fold(name)
    if key in log.attribute_names:
        return key
    return ACTOR if key in _actor_names(log) else ""


def _actor_names(log: Log) -> set[str]:
    columns = [found.column for report in log.inputs for role, found in report.columns.items() if role == "actor"]
    return {"actor", *map(fold, columns)}


def _no_column(name: str, log: Log) -> LogError:
    from sladsl.text import nearest

    names = log.attribute_names | _actor_names(log)
    near = nearest(fold(name), names, 1)
    help = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(f'`{each}`' for each in sorted(names)[:12])}"
    return LogError([Diagnostic("SLA0938", f"the log has no column `{name}`", None, help=help)])
