"""`events` blocks: how the columns of a log are read.

Takes:  `events` statements.
Gives:  InputSpec for each, and which attributes they make instants.
Never:  looks at a log.
"""

from __future__ import annotations

from collections.abc import Iterator

from sladsl.checked.context import Context
from sladsl.clock import format_problem
from sladsl.events import ColumnRule, InputSpec, StepRule
from sladsl.syntax import tree
from sladsl.text import Span, fold

_ROLES = {"case": "case", "time": "time", "event": "event", "actor": "actor", "event id": "id", "id": "id"}


def read_inputs(context: Context) -> tuple[InputSpec, ...]:
    """The blocks of the policy and of the files it uses, in that order; notes which attributes are instants."""
    found: dict[str, InputSpec] = {}
    places: dict[str, Span] = {}
    for file in context.files:
        for statement in file.policy.statements:
            if not isinstance(statement, tree.Events):
                continue
            name = statement.input.text if statement.input else ""
            place = statement.input.span if statement.input else statement.span
            if fold(name) in found:
                if not file.imported:
                    labels = ((places[fold(name)], "the first one"),)
                    what = f"the input `{name}`" if name else "the input without a name"
                    context.findings.add("SLA0103", f"{what} has two blocks", place, labels=labels)
                continue
            found[fold(name)] = _Block(context, statement).read(name)
            places[fold(name)] = place
    return tuple(found.values())


class _Block:
    def __init__(self, context: Context, statement: tree.Events) -> None:
        self.context = context
        self.statement = statement
        self.seen: dict[str, Span] = {}

    def read(self, name: str) -> InputSpec:
        roles: dict[str, ColumnRule] = {}
        attributes: list[ColumnRule] = []
        for key, line in self._columns():
            rule = ColumnRule(_ROLES.get(key, key), line.heading.text, self._format(line), line.unit)
            if key in _ROLES:
                if key != "time" and (line.format is not None or line.unit is not None):
                    message = f"`{key}` holds no instant, so it has no format"
                    self.context.findings.add(
                        "SLA0308", message, line.span, help="formats go with `time` and attributes"
                    )
                    continue
                roles[_ROLES[key]] = rule
            else:
                attributes.append(rule)
                if line.format is not None or line.unit is not None:
                    self.context.instants.add(key)
        lines = self.statement.lines
        steps = [
            StepRule(line.event.text, line.heading.text, self._format(line), line.unit)
            for line in lines
            if isinstance(line, tree.StepColumn)
        ]
        missing = [m.value for line in lines if isinstance(line, tree.MissingMarkers) for m in line.markers]
        end_of_day = any(isinstance(line, tree.DateMeans) and line.what == "end of day" for line in lines)
        return InputSpec(
            name,
            roles.get("case"),
            roles.get("time"),
            roles.get("event"),
            roles.get("actor"),
            roles.get("id"),
            tuple(attributes),
            tuple(steps),
            tuple(dict.fromkeys(missing)),
            end_of_day,
        )

    def _columns(self) -> Iterator[tuple[str, tree.Column]]:
        for line in self.statement.lines:
            if not isinstance(line, tree.Column):
                continue
            key = line.attribute.key
            role = _ROLES.get(key, key)
            earlier = self.seen.setdefault(role, line.attribute.span)
            if earlier is not line.attribute.span:
                message = f"`{line.attribute.text}` is read from two columns"
                labels = ((earlier, "said here before"),)
                self.context.findings.add("SLA0307", message, line.attribute.span, labels=labels)
                continue
            yield key, line

    def _format(self, line: tree.Column | tree.StepColumn) -> str | None:
        if line.format is None:
            return None
        problem = format_problem(line.format.value)
        if problem:
            self.context.findings.add("SLA0710", problem, line.format.span)
        return line.format.value
