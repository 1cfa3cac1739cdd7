"""The line as code: text becomes a plan, a plan and a log become a result.

Takes:  policies (files or text), logs (files or data in memory), what the command line adds.
Gives:  `load`: a Policy; `run`: a Result.
Never:  prints, exits, reads the machine's clock or zone, or lets a user's mistake out as anything but a `PolicyError` or
        a `LogError`, which carry diagnostics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import attrs
from attrs import field, frozen

from sladsl.clock import known_zone, nearest_zones, read_instant, zone_data_version
from sladsl.events import Event, Log, LogError, ReadOptions, as_log, read
from sladsl.ir.plan import Plan
from sladsl.text import Diagnostic, Severity, Source, Span, decode, fold, in_order, render

if TYPE_CHECKING:
    from sladsl.evaluate.objectives import ObjectivesOutcome
    from sladsl.evaluate.stream.chances import Chance
    from sladsl.evaluate.verdict import Outcome, Verdict
    from sladsl.ir.plan import Clause
    from sladsl.monitor import Monitor
    from sladsl.report.account import Account
    from sladsl.report.result import Matched, Result
    from sladsl.report.story import Story
    from sladsl.watching import DurableMonitor

ENGINES = ("auto", "stream", "columnar")


class PolicyError(Exception):
    """A policy that does not compile.

    Args:
        diagnostics: all that was found, errors first to last by place, warnings among them.
        sources: the texts that their spans point into.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Iterable[Source] = ()) -> None:
        self.diagnostics = tuple(in_order(diagnostics))
        self.sources = tuple(sources)
        super().__init__("\n" + render(self.diagnostics, self.sources))


@frozen
class Policy:
    """A compiled policy, ready to judge logs and to make monitors.

    Args:
        plan: what evaluators run.
        path: the file it came from; "" for a text.
        warnings: what the checker remarked.
        sources: the policy's text and those of the files that it uses.
        settings: what was said besides, when it was compiled.
    """

    plan: Plan
    path: str = ""
    warnings: tuple[Diagnostic, ...] = field(default=(), repr=False)
    sources: tuple[Source, ...] = field(default=(), repr=False)
    settings: Settings = field(factory=lambda: Settings(), repr=False)
    _hash: list[str] = field(factory=list, init=False, repr=False, eq=False)

    @property
    def name(self) -> str:
        """The agreement's name; the file's where it has none."""
        return self.plan.name or Path(self.path).stem or "policy"

    @property
    def hash(self) -> str:
        """The SHA-256 that names what the policy means; formatting does not change it."""
        if not self._hash:
            from sladsl.ir.wire import policy_hash

            self._hash.append(policy_hash(self.plan))
        return self._hash[0]

    def to_json(self) -> str:
        """The compiled policy as versioned JSON, which `load` reads."""
        from sladsl.ir.wire import to_json

        return to_json(self.plan)

    @overload
    def monitor(self, state: Mapping[str, Any] | None = None, *, actors: bool = True) -> Monitor: ...

    @overload
    def monitor(self, *, actors: bool = True, store: str | Path) -> DurableMonitor: ...

    def monitor(
        self, state: Mapping[str, Any] | None = None, *, actors: bool = True, store: str | Path | None = None
    ) -> Monitor | DurableMonitor:
        """A monitor that judges events as they come.

        Args:
            state: what `Monitor.snapshot` gave, to go on from; of the same policy.
            actors: whether events name their actor; without, parties are not checked.
            store: a file in which the state is kept after every feed, so that a killed process goes on where it was:
                the monitor is then a `DurableMonitor`, which gives records to acknowledge.

        >>> policy = load(text="first contact: sales contacts within 24h of created")
        >>> monitor = policy.monitor()
        >>> monitor.feed({"case": "L1", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"})
        []
        """
        if store is not None:
            from sladsl.watching import DurableMonitor, Store

            return DurableMonitor(self, Store(store), actors=actors)
        from sladsl.monitor import Monitor

        return Monitor(self, state, actors=actors)


@frozen
class Settings:
    """What the command line says about how a policy is compiled.

    lists     name to entries, for `--list`
    timezone  the agreement's zone, in place of what the policy says; "" leaves it
    lateness  how long out-of-order events are waited for, as written (`1h`); "" leaves it
    """

    lists: Mapping[str, tuple[str, ...]] = field(factory=dict)
    timezone: str = ""
    lateness: str = ""


def load(
    path: str | Path | None = None,
    *,
    text: str | None = None,
    name: str = "policy",
    lists: Mapping[str, Sequence[str]] | None = None,
    timezone: str = "",
    lateness: str = "",
) -> Policy:
    """Compile a policy.

    Args:
        path: a file; `.json` is one that `sladsl compile` wrote.
        text: the policy itself, in place of a file; `name` is then its name in messages.
        lists: entries for lists that the policy names and does not declare.
        timezone: the agreement's zone in place of what the policy says.
        lateness: how long a monitor waits for out-of-order events (`1h`), in place of what the policy says.

    Raises PolicyError with all that is wrong.

    >>> load(text="first contact: sales contacts within 24h of created").plan.groups
    ('first contact',)
    """
    settings = Settings({key: tuple(entries) for key, entries in (lists or {}).items()}, timezone, lateness)
    if (path is None) == (text is None):
        raise TypeError("load takes either a path or text=")
    if text is not None:
        return _compile(Source(name, text), "", settings)
    source, problem = _read_policy(str(path))
    if problem is not None:
        raise PolicyError([problem], [source])
    if str(path).endswith(".json"):
        return _from_json(source, str(path), settings)
    return _compile(source, str(path), settings)


def _read_policy(path: str) -> tuple[Source, Diagnostic | None]:
    try:
        return decode(path, Path(path).read_bytes())
    except FileNotFoundError:
        message, help = f"there is no file `{path}`", _near_files(path)
    except IsADirectoryError:
        message, help = f"`{path}` is a folder", "name the policy in it"
    except (OSError, ValueError) as error:
        message, help = f"`{path}` cannot be read: {_reason(error)}", ""
    return Source(path, ""), Diagnostic("SLA0801", message, None, help=help)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _near_files(path: str) -> str:
    from sladsl.text import nearest

    folder = Path(path).parent
    try:
        names = (
            [entry.name for entry in folder.iterdir() if entry.suffix in (".sla", ".json")] if folder.is_dir() else []
        )
    except OSError:
        names = []
    near = nearest(Path(path).name, names, 1)
    return f"did you mean `{folder / near[0]}`?" if near else ""


def _compile(source: Source, path: str, settings: Settings) -> Policy:
    """Text to plan. Raises PolicyError where the checker finds an error."""
    from sladsl.checked import check_source
    from sladsl.ir.from_checked import lower

    checked = check_source(source, lists=settings.lists, timezone=settings.timezone or None)
    if checked.program is None:
        raise PolicyError(checked.diagnostics, checked.sources)
    plan = lower(checked.program)
    if settings.lateness:
        plan = attrs.evolve(plan, lateness_us=duration_us(settings.lateness))
    return Policy(plan, path, checked.diagnostics, checked.sources, settings)


def _from_json(source: Source, path: str, settings: Settings) -> Policy:
    from sladsl.ir.wire import WireError, from_json

    if settings.lists:
        message = f"`{path}` is compiled: its lists cannot be given any more"
        raise PolicyError([Diagnostic("SLA0905", message, None, help="compile the policy again with `--list`")])
    try:
        plan = from_json(source.text, source.name)
    except WireError as error:
        raise PolicyError(error.diagnostics, [source]) from None
    return Policy(_settled(plan, settings), path, settings=settings)


def _settled(plan: Plan, settings: Settings) -> Plan:
    """The plan with what the command line says in place of the policy."""
    if settings.timezone:
        if not known_zone(settings.timezone):
            near = nearest_zones(settings.timezone)
            help = f"did you mean {' or '.join(f'`{name}`' for name in near[:3])}?" if near else ""
            raise PolicyError([Diagnostic("SLA0704", f"unknown time zone `{settings.timezone}`", None, help=help)])
        plan = attrs.evolve(plan, zone=settings.timezone)
    if settings.lateness:
        plan = attrs.evolve(plan, lateness_us=duration_us(settings.lateness))
    return plan


def duration_us(written: str) -> int:
    """Microseconds of a duration as a policy writes it. Raises PolicyError."""
    text = f'sla "lateness"\n    lateness {" ".join(written.split())}\n'
    try:
        return _compile(Source("--lateness", text), "", Settings()).plan.lateness_us
    except PolicyError:
        message = f"`{written}` is no duration that can be waited for"
        raise PolicyError([Diagnostic("SLA0934", message, None, help="write it like `1h` or `30 min`")]) from None


def run(
    policy: Policy | str | Path | Sequence[Policy | str | Path],
    log: Any,
    *,
    as_of: datetime | str | int | None = None,
    where: str = "",
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    engine: str = "auto",
    trace: bool = False,
    on_step: Callable[[str], None] | None = None,
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
        engine: `auto`, `stream` or `columnar`.
        trace: verdicts keep the steps of their instances, for explanations.
        on_step: is told, in a few words, what is being done, for those who wait.

    Raises PolicyError where a policy does not compile, LogError where the log cannot be judged.
    """
    given = policy if isinstance(policy, Sequence) and not isinstance(policy, str) else [policy]
    policies = in_order_of_periods([p if isinstance(p, Policy) else load(p) for p in given])
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}")
    if engine == "columnar":
        _refuse_beyond_columns(policies)
    filters = [compile_where(policy, where) for policy in policies] if where else []
    tell = on_step or (lambda _: None)
    tell("reading the log")
    read_log = _read_log(policies, log, tuple((columns or {}).items()), strict, filters)
    tell(f"judging {len(read_log.events):,} events")
    as_of_us = instant_of(as_of, policies[-1].plan.zone)
    return _judge_all(policies, read_log, as_of_us, filters, strict, engine, trace)[0]


def report(
    policy: Policy | str | Path | Sequence[Policy | str | Path],
    log: Any,
    *,
    period: str = "",
    by: Sequence[str] = (),
    as_of: datetime | str | int | None = None,
    where: str = "",
    columns: Mapping[str, str] | None = None,
    strict: bool = False,
    on_step: Callable[[str], None] | None = None,
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
    from sladsl.report.closing import account_of
    from sladsl.report.period import period_of

    given = policy if isinstance(policy, Sequence) and not isinstance(policy, str) else [policy]
    policies = in_order_of_periods([p if isinstance(p, Policy) else load(p) for p in given])
    zone = policies[-1].plan.zone
    within = period_of(period, zone) if period else None
    if period and within is None:
        message = f"`{period}` is no calendar period"
        raise LogError([Diagnostic("SLA0937", message, None, help="write `2026-03`, `2026-Q1`, `2026-W10` or `2026`")])
    filters = [compile_where(policy, where) for policy in policies] if where else []
    tell = on_step or (lambda _: None)
    tell("reading the log")
    roles = tuple((columns or {}).items())
    read_log = _read_log(policies, log, roles, strict, filters, frozenset(fold(name) for name in by))
    held_by = [(name, _attribute(name, read_log)) for name in by]
    if lacking := [name for name, found in held_by if not found]:
        raise _no_column(lacking[0], _read_log(policies, log, roles, False, filters, None) if log != "-" else read_log)
    tell(f"judging {len(read_log.events):,} events")
    result, events = _judge_all(policies, read_log, instant_of(as_of, zone), filters, strict, "auto", False)
    tell("closing the cycle")
    return account_of(result, events, actors=read_log.has_actor, period=within, by=held_by)


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


@frozen
class Explanation:
    """One case, explained.

    stories  per version and instance of the case, in the order of the verdict table
    never    per version the clauses that opened no instance, with the starts that came to nothing
    inputs   names of the inputs, by index
    events   how many events the case has
    values   what its attributes held at last
    """

    stories: tuple[tuple[Plan, Story], ...]
    never: tuple[tuple[Plan, Clause, tuple[Chance, ...]], ...]
    inputs: tuple[str, ...]
    events: int
    values: Mapping[str, object]


def explain(
    policy: Policy | Sequence[Policy],
    log: Any,
    case: str,
    *,
    clause: str = "",
    as_of: datetime | str | int | None = None,
    columns: Mapping[str, str] | None = None,
) -> Explanation:
    """Explain the verdicts of one case.

    Args:
        policy: a policy, or several versions of one agreement.
        log: as for `run`.
        case: the case.
        clause: only this label; "" for all.
        as_of: as for `run`.
        columns: as for `run`.

    Raises LogError where the log cannot be read.
    """
    from sladsl.evaluate.stream.chances import chances
    from sladsl.report.result import JudgedVersion
    from sladsl.report.story import story_of

    policies = in_order_of_periods(policy if isinstance(policy, Sequence) else [policy])
    read_log = _read_log(policies, log, tuple((columns or {}).items()), False, [])
    as_of_us = instant_of(as_of, policies[-1].plan.zone)
    if as_of_us is None:
        as_of_us = read_log.events[-1].time_us if read_log.events else 0
    events = [event for event in read_log.events if event.case == case and event.time_us <= as_of_us]
    stories: list[tuple[Plan, Story]] = []
    never: list[tuple[Plan, Clause, tuple[Chance, ...]]] = []
    versions = []
    for one in policies:
        outcome = judge(one.plan, events, as_of_us, read_log.has_actor, trace=True)
        versions.append(JudgedVersion(one.plan, one.path, outcome.verdicts, outcome.alerts))
    if len(versions) > 1:
        versions = _numbered_anew(versions)
    opened = {fold(version.plan.groups[verdict.group]) for version in versions for verdict in version.verdicts}
    for version in versions:
        plan = version.plan
        told = [verdict for verdict in version.verdicts if clause in ("", plan.groups[verdict.group])]
        stories += [(plan, story_of(plan, verdict, as_of_us)) for verdict in told]
        starts = chances(plan, events, actors=read_log.has_actor)
        never += [
            (plan, each, tuple(starts[each.index]))
            for each in plan.clauses
            if fold(each.label) not in opened and clause in ("", each.label)
        ]
    names = tuple(i.name or Path(i.path).name for i in read_log.inputs)
    values = {name: value for event in events for name, value in event.attributes.items()}
    return Explanation(tuple(stories), tuple(never), names, len(events), values)


def compare(
    policies: Sequence[Policy], log: Any, *, columns: Mapping[str, str] | None = None
) -> list[tuple[list[Diagnostic], tuple[Matched, ...]]]:
    """What each policy asks for and the log never holds, and what its phrases matched; nothing is judged.

    Args:
        policies: one, or several versions of one agreement.
        log, columns: as for `run`.

    Raises LogError where the log cannot be read.
    """
    from sladsl.checked import check_source
    from sladsl.report.compared import compared

    read_log = _read_log(policies, log, tuple((columns or {}).items()), False, [], None)
    found = []
    for policy in policies:
        source = policy.sources[0] if policy.sources else None
        settings = policy.settings
        # once more, for the places: what is kept of a policy knows none
        program = (
            check_source(source, lists=settings.lists, timezone=settings.timezone or None).program if source else None
        )
        found.append(compared(policy.plan, read_log, program, source))
    return found


def in_order_of_periods(policies: Sequence[Policy]) -> list[Policy]:
    """Versions of one agreement by their effective periods.

    Raises PolicyError where two periods overlap.
    """
    ordered = sorted(policies, key=lambda policy: policy.plan.effective[0] or -(1 << 62))
    for earlier, later in pairwise(ordered):
        until, start = earlier.plan.effective[1], later.plan.effective[0]
        if until is None or start is None or until > start:
            message = f"`{earlier.path or earlier.name}` and `{later.path or later.name}` are in force at the same time"
            help = "give each version its period: `effective from 2026-01-01 until 2027-01-01`"
            raise PolicyError([Diagnostic("SLA0931", message, None, help=help)], earlier.sources + later.sources)
    return ordered


def instant_of(moment: datetime | str | int | None, zone: str) -> int | None:
    """Microseconds since 1970 of an instant given in any of the usual ways; without an offset it is read in `zone`.

    Raises LogError where the text is no instant.
    """
    if moment is None or isinstance(moment, int):
        return moment
    text = moment.isoformat() if isinstance(moment, datetime) else moment
    reading = read_instant(text, zone)
    if reading.us is None:
        message = reading.problem if f"`{text}`" in reading.problem else f"`{text}` is no instant: {reading.problem}"
        raise LogError([Diagnostic("SLA0932", message, None, help="write it like `2026-03-02T09:00:00Z`")])
    return reading.us


def _read_log(
    policies: Sequence[Policy],
    log: Any,
    columns: tuple[tuple[str, str], ...],
    strict: bool,
    filters: Sequence[Plan],
    also: frozenset[str] | None = frozenset(),
) -> Log:
    """The log as the policies read it: they must agree on how, for a row is read once."""
    plan = policies[-1].plan
    for policy in policies[:-1]:
        if (policy.plan.inputs, policy.plan.zone) != (plan.inputs, plan.zone):
            message = f"`{policy.path or policy.name}` reads the log otherwise than `{policies[-1].path}`"
            help = "versions of one agreement need the same `events` blocks and the same zone"
            raise PolicyError([Diagnostic("SLA0933", message, None, help=help)], policy.sources)
    wanted = {name for held in (*(p.plan for p in policies), *filters) for name in held.attributes}
    kept = None if also is None else frozenset(wanted | also)  # None: everything
    options = ReadOptions(plan.zone, plan.case_word, columns, strict, kept)
    if isinstance(log, (str, Path)):
        return read([log], plan.inputs, options)
    if isinstance(log, (list, tuple)) and log and all(isinstance(item, (str, Path)) for item in log):
        return read(list(log), plan.inputs, options)
    return as_log(log, plan.inputs, options)


def _judge_all(
    policies: Sequence[Policy],
    log: Log,
    as_of_us: int | None,
    filters: Sequence[Plan],
    strict: bool,
    engine: str,
    trace: bool,
) -> tuple[Result, list[Event]]:
    """The result, and the events that were judged."""
    from sladsl.report.matched import matched_phrases
    from sladsl.report.odd import STRICT, odd_things
    from sladsl.report.result import JudgedVersion, Result

    if as_of_us is None and log.events:
        as_of_us = log.events[-1].time_us
    events = log.events
    if events and as_of_us is not None and events[-1].time_us > as_of_us:
        events = [event for event in events if event.time_us <= as_of_us]
    types = Counter(event.type for event in events)
    if filters:
        events = _only_cases(events, filters[-1], log, as_of_us)
    versions: list[JudgedVersion] = []
    matched: dict[str, Any] = {}
    warnings = {d.message: d for d in _unknown_to_where(filters, policies[-1].plan, log)}
    outcomes = [judge(policy.plan, events, as_of_us, log.has_actor, engine, trace) for policy in policies]
    for place, (policy, outcome) in enumerate(zip(policies, outcomes, strict=True)):
        others = [(p.plan, o.verdicts) for n, (p, o) in enumerate(zip(policies, outcomes, strict=True)) if n != place]
        objectives = _objectives(policy.plan, events, outcome, as_of_us, log.has_actor, others)
        versions.append(JudgedVersion(policy.plan, policy.path, outcome.verdicts, outcome.alerts, objectives))
        found = matched_phrases(policy.plan, types)
        matched |= {row.phrase: row for row in found}
        source = policy.sources[0] if policy.sources else None
        for warning in odd_things(policy.plan, log, outcome, found, types, source, objectives):
            warnings.setdefault(warning.message, warning)
    if strict and (wrong := [warning for warning in warnings.values() if warning.code in STRICT]):
        raise LogError([attrs.evolve(warning, severity=Severity.ERROR) for warning in wrong], log)
    if len(versions) > 1:
        versions = _numbered_anew(versions)
    result = Result(
        name=policies[-1].name,
        zone=policies[-1].plan.zone,
        as_of_us=as_of_us,
        versions=tuple(versions),
        inputs=tuple(log.inputs),
        rejects=log.rejects,
        matched=tuple(matched.values()),
        warnings=tuple(warnings.values()),
        parts=_parts(policies),
        engine="columnar" if engine == "columnar" and not trace else "stream",
        sources=tuple(source for policy in policies for source in policy.sources),
    )
    return result, events


def _refuse_beyond_columns(policies: Sequence[Policy]) -> None:
    """Raise LogError where the columnar evaluator lacks something that a policy uses."""
    from sladsl.evaluate.columnar.plan_tables import refusals

    reasons = [reason for policy in policies for reason in refusals(policy.plan)]
    if reasons:
        message = f"the columnar evaluator cannot judge this policy: {'; '.join(dict.fromkeys(reasons))}"
        help = "leave `--engine` away: the stream evaluator judges all"
        raise LogError([Diagnostic("SLA0936", message, None, help=help)])


def judge(
    plan: Plan, events: Sequence[Event], as_of_us: int | None, actors: bool, engine: str = "auto", trace: bool = False
) -> Outcome:
    """Judge events with the evaluator that is asked for; `auto` and all traces are the stream evaluator's."""
    if engine == "columnar" and not trace:
        from sladsl.evaluate.columnar.judging import judge as columnar_judge

        return columnar_judge(plan, events, as_of_us, actors=actors)
    from sladsl.evaluate.stream import judge as stream_judge

    return stream_judge(plan, events, as_of_us, actors=actors, trace=trace)


def _objectives(
    plan: Plan,
    events: Sequence[Event],
    outcome: Outcome,
    as_of_us: int | None,
    actors: bool,
    others: Sequence[tuple[Plan, list[Verdict]]],
) -> ObjectivesOutcome:
    from sladsl.evaluate.objectives import ObjectivesOutcome, judge_objectives

    if not plan.objectives and not any(clause.penalties for clause in plan.clauses):
        return ObjectivesOutcome()  # and no second walk over the events
    return judge_objectives(plan, events, outcome.verdicts, as_of_us, actors=actors, others=others)


def _numbered_anew(versions: list[Any]) -> list[Any]:
    """Numbers count per label and case in order of opening, over all versions."""
    opened: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for place, version in enumerate(versions):
        for verdict in version.verdicts:
            key = version.plan.groups[verdict.group], verdict.case
            opened.setdefault(key, []).append((verdict.opened_us, place, verdict.number))
    numbers = {
        (label, case, place, number): count
        for (label, case), held in opened.items()
        for count, (_, place, number) in enumerate(sorted(held), 1)
    }

    def renumbered(version: Any, place: int, judged: Any) -> Any:
        key = version.plan.groups[judged.group], judged.case, place, judged.number
        return attrs.evolve(judged, number=numbers.get(key, judged.number))

    return [
        attrs.evolve(
            version,
            verdicts=[renumbered(version, place, verdict) for verdict in version.verdicts],
            alerts=[renumbered(version, place, alert) for alert in version.alerts],
        )
        for place, version in enumerate(versions)
    ]


def _parts(policies: Sequence[Policy]) -> dict[str, str]:
    from sladsl.clock import holidays_version
    from sladsl.version import __version__

    parts = {"sladsl": __version__, "zones": zone_data_version()}
    if any(calendar.holidays for policy in policies for calendar in policy.plan.calendars):
        parts["holidays"] = holidays_version()
    return parts


def _unknown_to_where(filters: Sequence[Plan], plan: Plan, log: Log) -> list[Diagnostic]:
    """A complaint about columns that only `--where` names and the log does not have: it keeps no case by them."""
    if not filters or not log.events:
        return []
    unknown = sorted({*filters[-1].attributes} - {*plan.attributes} - log.attribute_names)
    help = "so it never holds; columns are written by their heading, or as the policy calls them"
    return [
        Diagnostic(
            "SLA0913", f"`--where` names `{name}`, and the log has no such column", None, Severity.WARNING, help=help
        )
        for name in unknown
    ]


def _only_cases(events: list[Event], question: Plan, log: Log, as_of_us: int | None) -> list[Event]:
    """The events of the cases in which the state of `--where` holds after their last event."""
    outcome = judge(question, events, as_of_us, log.has_actor)
    held = {verdict.case for verdict in outcome.verdicts if verdict.status == "open"}
    return [event for event in events if event.case in held]


def compile_where(policy: Policy, where: str) -> Plan:
    """A plan whose only clause is open in a case just while the expression holds.

    The expression is read where it would stand as the last line of the policy. Raises PolicyError.
    """
    from sladsl.checked import check_source
    from sladsl.ir.from_checked import lower

    if not policy.sources:
        message = "a compiled policy cannot take `--where`: its names are gone"
        raise PolicyError([Diagnostic("SLA0935", message, None, help="name the `.sla` file instead")])
    own = policy.sources[0]
    question = " ".join(where.split())
    text = own.text.rstrip("\r\n")
    opening = _question(policy.plan.language)
    mark = len(text) + 1 + len(opening)
    source = Source(own.name, f"{text}\n{opening}{question})\n")
    checked = check_source(source, lists=policy.settings.lists, timezone=policy.settings.timezone or None)
    if checked.program is None:
        told = [_moved(d, own.name, mark, len(question)) for d in checked.diagnostics if d.is_error]
        raise PolicyError(told, [Source("--where", question)])
    plan = lower(checked.program)
    clause = plan.clauses[-1]
    return attrs.evolve(
        plan,
        clauses=(attrs.evolve(clause, index=0, group=0, after=(), guard=None),),
        groups=(clause.label,),
        order=(0,),
        objectives=(),
        protocols=(),
        case_until=None,
        effective=(None, None),
    )


def _question(language: str) -> str:
    """The clause that asks, up to the expression, with the keywords of the policy's language."""
    from sladsl.syntax import read_table

    keywords = read_table(language)["keywords"]
    must_not, while_ = (w if isinstance(w := keywords[k], str) else w[0] for k in ("MUST_NOT", "WHILE"))
    return f"`--where`: `nobody` {must_not} `do anything` {while_} ("


def _moved(diagnostic: Diagnostic, name: str, mark: int, length: int) -> Diagnostic:
    """A finding in the added line, as one in the expression; labels and fixes elsewhere are dropped."""
    span = diagnostic.span
    if span is not None and span.source == name and span.end >= mark:
        start = min(max(span.start - mark, 0), length)
        span = Span("--where", start, min(max(span.end - mark, start), length))
    return attrs.evolve(diagnostic, span=span, labels=(), fix=None)
