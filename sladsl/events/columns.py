"""Which column of an input plays which role.

Takes:  the headings of one input, the `events` block that it is read by, and what `--column` says.
Gives:  Roles, or diagnostics that list the columns there are.
Never:  looks at a cell, so that every reader of logs decides alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sladsl.events.log import FoundColumn
from sladsl.events.spec import ColumnRule, InputSpec, ReadOptions, StepRule
from sladsl.text import Diagnostic, Severity, fold, nearest
from sladsl.text.record import Record, frozen

ROLES = ("case", "time", "event", "actor", "id")

# The usual names, English before Spanish; the first present in this order is taken. `{case}` is the header's word for a case.
_USUAL: dict[str, tuple[str, ...]] = {
    "case": (
        *("case", "case_id", "{case}_id", "{case}", "case:concept:name", "id"),
        *("caseid", "{case}id", "case number", "{case} number", "case key", "{case} key"),
        *("caso", "id caso", "caso id", "id de caso", "id {case}", "id de {case}", "expediente"),
    ),
    "time": (
        *("time", "timestamp", "ts", "time:timestamp", "datetime", "date time", "event time", "event timestamp"),
        *("complete timestamp", "start timestamp", "occurred at", "created at", "date"),
        *("fecha y hora", "fecha hora", "marca de tiempo", "momento", "instante", "fecha", "hora"),
    ),
    "event": (
        *("event", "activity", "type", "concept:name", "event type", "event name", "activity name", "action"),
        *("evento", "actividad", "tipo de evento", "tipo evento", "acción", "accion"),
    ),
    "actor": (
        *("actor", "owner", "party", "org:group", "org:resource", "resource"),
        *("responsable", "equipo", "agente", "propietario"),
    ),
    "id": ("event_id", "eventid", "id evento", "id de evento", "evento id"),
}

# Beside steps (`opened at opened_at`) these are too often a plain attribute of the case to make an event of each row.
_NOT_BESIDE_STEPS = frozenset({"type", "action", "date", "created at", "acción", "accion", "fecha", "hora"})

_BUILT_IN = frozenset({"case", "time", "event", "actor"})
_SHOWN_COLUMNS = 40
_SHOWN_LENGTH = 60


@frozen(eq=False, repr=False)
class Timed(Record):
    """A column whose cells are times: its place among the headings, and how they are written."""

    index: int
    format: str | None
    unit: str | None


@frozen(eq=False, repr=False)
class Step(Record):
    """A column whose time is an event of type `event`."""

    event: str
    times: Timed


@frozen(eq=False, repr=False)
class AttributeColumn(Record):
    """An attribute's folded name, its place among the headings, and how its times are written, if they are known."""

    name: str
    index: int
    times: Timed | None


@frozen(eq=False, repr=False)
class Roles(Record):
    """What each column of an input is for; places are indexes into the headings.

    Args:
        headings: as the input has them.
        case: the case's column.
        time, event: those of the row's own event; both None where a row has only its steps.
        actor, id: None where there is none.
        steps: columns whose times are events, in the order of their lines.
        attributes: every attribute that a row carries, in the order of the columns.
        found: role to column, as it is printed.
        warnings: headings that stand twice.
    """

    headings: tuple[str, ...]
    case: int
    time: Timed | None
    event: int | None
    actor: int | None
    id: int | None
    steps: tuple[Step, ...]
    attributes: tuple[AttributeColumn, ...]
    found: Mapping[str, FoundColumn]
    warnings: tuple[Diagnostic, ...] = ()


def resolve_columns(
    headings: Sequence[str], spec: InputSpec | None, options: ReadOptions, source: str = "the log"
) -> Roles | list[Diagnostic]:
    """Decide what each column is for.

    `--column` wins over the block, the block over the usual names. Where `--column` names a column that this input
    lacks, the next in that order decides; whether any input had it is for the caller to see.

    Args:
        headings: of the input, in order.
        spec: the block that applies to it, or None.
        options: for `--column` and the case's word.
        source: the input's name in messages.

    >>> roles = resolve_columns(["lead_id", "ts", "activity", "score"], None, ReadOptions(case_word="lead"))
    >>> roles.case, roles.time.index, roles.event, [a.name for a in roles.attributes]
    (0, 1, 2, ['lead id', 'ts', 'activity', 'score'])
    """
    search = _Search(headings, spec or InputSpec(), options, source)
    return search.roles()


def find_heading(headings: Sequence[str], column: str) -> int | None:
    """The place of a heading named in a rule: as written, else folded; the first where it stands twice."""
    for place, heading in enumerate(headings):
        if heading == column:
            return place
    key = fold(column)
    for place, heading in enumerate(headings):
        if key and fold(heading) == key:
            return place
    return None


def usual_names(role: str, case_word: str = "case") -> tuple[str, ...]:
    """The usual names of a role's column, folded, the first present is taken.

    >>> usual_names("case", "lead")[:4]
    ('case', 'case id', 'lead id', 'lead')
    """
    return tuple(dict.fromkeys(fold(name.format(case=case_word)) for name in _USUAL[role]))


def listed(headings: Sequence[str]) -> str:
    """Headings as a message shows them: each once, on one line, and not for ever.

    >>> listed(["case", "time", "case"])
    '`case`, `time`'
    """
    names = [" ".join(heading.split()) for heading in dict.fromkeys(headings)]
    shown = [
        f"`{name if len(name) <= _SHOWN_LENGTH else name[:_SHOWN_LENGTH] + '…'}`" for name in names[:_SHOWN_COLUMNS]
    ]
    more = len(names) - len(shown)
    return f"{', '.join(shown)}{f' and {more} more' if more > 0 else ''}"


def role_named(name: str) -> str | None:
    """The role that a name to the left of `=` stands for (`event_id` is the id), or None for an attribute."""
    key = fold(name)
    return "id" if key == "event id" else key if key in ROLES else None


class _Search:
    """One run of `resolve_columns`; it gathers what is wrong instead of stopping at the first."""

    def __init__(self, headings: Sequence[str], spec: InputSpec, options: ReadOptions, source: str) -> None:
        self.headings = tuple(headings)
        self.spec = spec
        self.options = options
        self.source = source
        self.found: dict[str, FoundColumn] = {}
        self.wrong: list[Diagnostic] = []
        self.by_name: dict[str, int] = {}
        for place, heading in enumerate(self.headings):
            self.by_name.setdefault(fold(heading), place)
        self.given = {role: column for name, column in options.columns if (role := role_named(name))}

    def roles(self) -> Roles | list[Diagnostic]:
        spec = self.spec
        own = self.has_own_event()
        case = self.role("case", spec.case)
        time = self.role("time", spec.time) if own else None
        event = self.role("event", spec.event) if own else None
        # Without an own event, a column that merely has a usual name stays what it is: an attribute of the row.
        actor = self.role("actor", spec.actor, required=False, usual=own)
        event_id = self.role("id", spec.id, required=False, usual=own)
        steps = tuple(
            Step(rule.event, self.timed(place, rule)) for rule in spec.steps if (place := self.step(rule)) >= 0
        )
        rule = spec.time
        times = None
        if time is not None:
            # The format goes with its column: where `--column` names another, it says nothing about that one.
            is_its_column = rule is not None and find_heading(self.headings, rule.column) == time
            times = self.timed(time, rule if is_its_column else None)
        attributes = self.attributes(times, steps, {case, time, event, actor})
        if self.wrong or case is None:
            return self.wrong
        return Roles(
            headings=self.headings,
            case=case,
            time=times,
            event=event,
            actor=actor,
            id=event_id,
            steps=steps,
            attributes=attributes,
            found=self.found,
            warnings=tuple(self.doubles()),
        )

    def has_own_event(self) -> bool:
        """Whether each row is an event of its own, besides the steps in it."""
        spec = self.spec
        if not spec.steps or spec.time or spec.event or "time" in self.given or "event" in self.given:
            return True
        return all(self.usual(role, _NOT_BESIDE_STEPS) is not None for role in ("time", "event"))

    def role(self, role: str, rule: ColumnRule | None, required: bool = True, usual: bool = True) -> int | None:
        """The place of a role's column. What is wrong is noted; None where there is none."""
        if role in self.given and (place := find_heading(self.headings, self.given[role])) is not None:
            return self.take(role, place, "option")
        if rule:
            place = find_heading(self.headings, rule.column)
            if place is None:
                self.wrong.append(self.no_such_column(rule.column, f"the {role}"))
                return None
            return self.take(role, place, "named")
        if usual and (place := self.usual(role)) is not None:
            return self.take(role, place, "usual")
        if required:
            self.wrong.append(self.nowhere(role))
        return None

    def take(self, role: str, place: int, how: str) -> int:
        self.found[role] = FoundColumn(self.headings[place], how)
        return place

    def usual(self, role: str, but: frozenset[str] = frozenset()) -> int | None:
        """The first heading that is a usual name of the role."""
        for name in usual_names(role, self.options.case_word):
            if name not in but and name in self.by_name:
                return self.by_name[name]
        return None

    def step(self, rule: StepRule) -> int:
        """The place of a step's column, or -1."""
        place = find_heading(self.headings, rule.column)
        if place is None:
            self.wrong.append(self.no_such_column(rule.column, f"`{rule.event} at`"))
            return -1
        self.found[f"at {rule.event}"] = FoundColumn(self.headings[place], "named")
        return place

    def timed(self, place: int, rule: ColumnRule | StepRule | None) -> Timed:
        return Timed(place, rule.format if rule else None, rule.unit if rule else None)

    def attributes(
        self, time: Timed | None, steps: tuple[Step, ...], in_roles: set[int | None]
    ) -> tuple[AttributeColumn, ...]:
        """Every column under its own heading, and the renamed ones under their new name, which wins.

        A column that any rule reads as times with a format or a unit holds instants under each of its names.
        """
        columns = [step.times for step in steps] + ([time] if time else [])
        times = {column.index: column for column in columns if column.format or column.unit}
        renamed: dict[str, int] = {}
        rules = [*self.spec.attributes]
        rules += [ColumnRule(fold(name), column) for name, column in self.options.columns if not role_named(name)]
        optional = len(self.spec.attributes)
        for number, rule in enumerate(rules):
            place = find_heading(self.headings, rule.column)
            if place is not None:
                renamed[rule.attribute] = place
                if rule.format or rule.unit:
                    times[place] = self.timed(place, rule)
            elif number < optional:
                self.wrong.append(self.no_such_column(rule.column, f"`{rule.attribute}`"))
        # A column in a role whose heading is a word of the language itself cannot be asked for as an attribute.
        hidden = {name for name, place in self.by_name.items() if name in _BUILT_IN and place in in_roles}
        names = {name: place for name, place in self.by_name.items() if name and name not in hidden} | renamed
        wanted = self.options.attributes
        return tuple(
            AttributeColumn(name, place, times.get(place))
            for name, place in sorted(names.items(), key=lambda item: item[1])
            if wanted is None or name in wanted
        )

    def doubles(self) -> Iterator[Diagnostic]:
        """A warning where two columns have one name: only the first can be read."""
        counts = Counter(fold(heading) for heading in self.headings if heading)
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            yield Diagnostic(
                "SLA0612",
                f"{self.source} has more than one column called {listed(twice[:5])}",
                None,
                Severity.WARNING,
                help="the first of them is read",
            )

    def no_such_column(self, column: str, role: str) -> Diagnostic:
        near = nearest(column, self.headings, 1)
        return Diagnostic(
            "SLA0604",
            f"{self.source} has no column `{column}` for {role}",
            None,
            notes=(f"its columns are {listed(self.headings)}",),
            help=f"did you mean `{near[0]}`?" if near else "",
        )

    def nowhere(self, role: str) -> Diagnostic:
        names = usual_names(role, self.options.case_word)
        near = next((near[0] for name in names[:6] if (near := nearest(name, self.headings, 1))), "")
        if role == "case" and not near:  # `lead_id`, where the policy does not say that a case is a lead
            near = next((each for each in self.headings if fold(each).endswith(" id") and fold(each) != "event id"), "")
        near = near or "…"
        return Diagnostic(
            "SLA0603",
            f"{self.source} has no column for the {role} that could be found by its name",
            None,
            notes=(
                f"its columns are {listed(self.headings)}",
                f"the usual names are {', '.join(f'`{name}`' for name in names[:6])}",
            ),
            help=f"name it: `--column {role}={near}`, or `{role} = {near}` in an `events` block",
        )
