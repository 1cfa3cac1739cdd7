"""A policy's text becomes a plan.

Takes:  a file, or a text; what the command line says about how it is compiled.
Gives:  `load`: a Policy; `duration_us`.
Never:  lets a user's mistake out as anything but a `PolicyError`, which carries diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import attrs
from attrs import field, frozen

from sladsl.clock import known_zone, nearest_zones
from sladsl.ir.plan import Plan
from sladsl.text import Diagnostic, Source, decode, in_order, render

if TYPE_CHECKING:
    from sladsl.monitor import Monitor
    from sladsl.watching import DurableMonitor


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


@frozen(repr=False)
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

    def __repr__(self) -> str:
        return f"Policy({self.name}: {len(self.plan.clauses)} clauses, {len(self.plan.objectives)} objectives)"

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
    def monitor(self, *, actors: bool = True, store: str | Path, future: str = "") -> DurableMonitor: ...

    def monitor(
        self,
        state: Mapping[str, Any] | None = None,
        *,
        actors: bool = True,
        store: str | Path | None = None,
        future: str = "",
    ) -> Monitor | DurableMonitor:
        """A monitor that judges events as they come.

        Args:
            state: what `Monitor.snapshot` gave, to go on from; of the same policy.
            actors: whether events name their actor; without, parties are not checked.
            store: a file in which the state is kept after every feed, so that a killed process goes on where it was:
                the monitor is then a `DurableMonitor`, which gives records to acknowledge.
            future: with a store: how far ahead of the others an event is believed (`7 days`); "" believes all.

        Raises StateError where a state is not one of this policy, StoreError where the store cannot be used, TypeError
        where both are given.

        >>> policy = load(text="first contact: sales contacts within 24h of created")
        >>> monitor = policy.monitor()
        >>> monitor.feed({"case": "L1", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing"})
        []
        """
        if store is not None:
            from sladsl.watching import DurableMonitor, Store

            if state is not None:
                raise TypeError("a monitor goes on from a state or from a store, not from both")
            future_us = duration_us(future) if future else None
            kept = Store(store)
            try:
                return DurableMonitor(self, kept, actors=actors, future_us=future_us)
            except BaseException:
                kept.close()  # so that who comes with the right policy can have it
                raise
        if future:
            raise TypeError("future= is for a monitor with a store")
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

    Raises PolicyError with all that is wrong, TypeError where neither or both of `path` and `text` are given.

    >>> load(text="first contact: sales contacts within 24h of created").plan.groups
    ('first contact',)
    """
    settings = Settings({key: tuple(entries) for key, entries in (lists or {}).items()}, timezone, lateness)
    if (path is None) == (text is None):
        raise TypeError("load takes either a path or text=")
    if not isinstance(text, str | None):
        raise TypeError(f"text is the policy's text, not `{type(text).__name__}`")
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
