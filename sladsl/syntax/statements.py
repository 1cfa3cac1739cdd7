"""Vocabulary, blocks and scenarios: from the parser's rules to tree nodes.

Takes:  the lexemes and nodes that a rule matched; later, the lines that stood under a statement.
Gives:  statements, first without and then (`closed`) with their lines.
Never:  parses; see from_text.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from sladsl.syntax import mistakes, tree
from sladsl.syntax.details import WINDOWS
from sladsl.syntax.expressions import Part
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.promises import Promises
from sladsl.syntax.tree import Node
from sladsl.text import Span

_UNITS = {"SECONDS": "s", "MILLISECONDS": "ms", "MICROSECONDS": "us", "NANOSECONDS": "ns"}


class Statements(Promises):
    """The rules of statements; with Promises and Expressions, all rules of the grammar."""

    # --- the header --------------------------------------------------------------------------------------------------

    def sla_head(self, parts: list[Part]) -> Node:
        _, name, *lines = parts
        return tree.Sla(self.value(name), tuple(lines), span=self.around(parts))

    def header_line(self, parts: list[Part]) -> Node:
        return parts[0]  # type: ignore[no-any-return]

    events_line = party_line = calendar_line = season_line = stage_line = scenario_line = header_line

    def edition(self, parts: list[Part]) -> Node:
        return tree.Edition(self.value(parts[1]), span=self.around(parts))

    def between(self, parts: list[Part]) -> Node:
        parties = tuple(part for part in parts[1:] if isinstance(part, tree.Name))
        return tree.Between(parties, span=self.around(parts))

    def effective(self, parts: list[Part]) -> Node:
        _, _, start, _, until = parts
        if start is None and until is None:
            raise Mistake(
                mistakes.incomplete(
                    self.around(parts),
                    "`effective` names no date",
                    "write `from 2026-01-01`, `until 2027-01-01`, or both",
                )
            )
        return tree.Effective(self.value(start), self.value(until), span=self.around(parts))

    def zone_fixed(self, parts: list[Part]) -> Node:
        return tree.ZoneLine(parts[1].value, span=self.around(parts))

    def zone_of(self, parts: list[Part]) -> Node:
        _, of, _, zone = parts
        return tree.ZoneLine(zone.value if zone else None, of, span=self.around(parts))

    def case_called(self, parts: list[Part]) -> Node:
        _, name, _, until = parts
        return tree.CaseCalled(name, until, span=self.around(parts))

    def lateness(self, parts: list[Part]) -> Node:
        return tree.Lateness(self.duration(parts[1]), span=self.around(parts))

    def credits_at_most(self, parts: list[Part]) -> Node:
        _, amount, _, of, per = parts
        unit: Any = per and WINDOWS[per.type]
        return tree.CreditsCap(tree.Cap(amount, of, unit, span=self.around(parts[1:])), span=self.around(parts))

    # --- imports and columns -----------------------------------------------------------------------------------------

    def use(self, parts: list[Part]) -> Node:
        what = parts[1]
        if what.type == "TEXT":
            return tree.UseFile(self.value(what), span=self.around(parts))
        return tree.UseModule(tuple(what.value.split(".")), span=self.around(parts))

    def events_head(self, parts: list[Part]) -> Node:
        return tree.Events(parts[1], span=self.around(parts))

    def column(self, parts: list[Part]) -> Node:
        name, _, heading, *settings = parts
        shape, unit = self._settings(settings)
        return tree.Column(name, heading, shape, unit, span=self.around(parts))

    def step_column(self, parts: list[Part]) -> Node:
        name, _, heading, *settings = parts
        shape, unit = self._settings(settings)
        return tree.StepColumn(name, heading, shape, unit, span=self.around(parts))

    def _settings(self, settings: list[Part]) -> tuple[tree.Text | None, Any]:
        shape, unit = None, None
        for keyword, value in zip(settings[::2], settings[1::2], strict=True):
            if shape is not None or unit is not None:
                raise Mistake(mistakes.twice(self.around((keyword, value)), "how the column is read"))
            if keyword.type == "FORMAT":
                shape = self.value(value)
            else:
                unit = _UNITS[value.type]
        return shape, unit

    def instant_unit(self, parts: list[Part]) -> Part:
        return parts[0]

    def heading(self, parts: list[Part]) -> Node:
        lexeme = parts[0]
        span = self.around(parts)
        if lexeme.type == "TEXT":
            return tree.Heading(self.value(lexeme).value, span=span)
        if lexeme.type == "QUOTED":
            return tree.Heading(lexeme.value[1:-1], span=span)
        return tree.Heading(lexeme.value, span=span)

    def missing_markers(self, parts: list[Part]) -> Node:
        return tree.MissingMarkers(tuple(map(self.value, parts[1:])), span=self.around(parts))

    def date_means(self, parts: list[Part]) -> Node:
        what = "end of day" if parts[1].type == "END_OF_DAY" else "start of day"
        return tree.DateMeans(what, span=self.around(parts))  # type: ignore[arg-type]

    # --- names -------------------------------------------------------------------------------------------------------

    def party(self, parts: list[Part]) -> Node:
        _, name, _, definition, manager = parts
        self.check_chains()
        return tree.Party(name, definition, manager, span=self.around(parts))

    def manager(self, parts: list[Part]) -> Node:
        return parts[1]  # type: ignore[no-any-return]

    def text_or_name(self, parts: list[Part]) -> Node:
        return self.value(parts[0])  # type: ignore[no-any-return]

    def named_list(self, parts: list[Part]) -> Node:
        _, name, _, *items = parts
        self.check_chains()
        if len(items) == 1 and isinstance(items[0], tree.ListOf):
            items = list(items[0].items)  # list x = ("a", "b")
        return tree.NamedList(name, tuple(items), span=self.around(parts))

    def definition(self, parts: list[Part]) -> Node:
        name, value = parts
        self.check_chains()
        text = name.value[:-1].rstrip()
        start = name.start_pos
        words = tuple(self.split_words(text, start))
        named = tree.Name(words, span=Span(self.source, start, start + len(text)))
        return tree.Definition(named, value, span=self.around(parts))

    def business_hours(self, parts: list[Part]) -> Node:
        return tree.BusinessHours(parts[2], span=self.around(parts))

    def lifecycle_head(self, parts: list[Part]) -> Node:
        return tree.Lifecycle(parts[1], span=self.around(parts))

    # --- calendars ---------------------------------------------------------------------------------------------------

    def calendar_head(self, parts: list[Part]) -> Node:
        return tree.Calendar(parts[1], span=self.around(parts))

    def week_hours(self, parts: list[Part]) -> Node:
        days, hours = [], []
        for part in parts:
            if isinstance(part, tree.HoursSpan):
                hours.append(part)
            elif part.type == "EVERY_DAY":
                days.append(tree.DayRange(0, 6, span=self.around((part,))))
            elif part.type == "DAYS":
                days.append(tree.DayRange(*self.keywords.read_days(part.value), span=self.around((part,))))
        return tree.WeekHours(tuple(days), tuple(hours), span=self.around(parts))

    def calendar_of(self, parts: list[Part]) -> Node:
        _, of, _, otherwise = parts
        if otherwise is None:
            message = f"`{of.text}` may name no calendar, and it is not said which one is meant then"
            help = "end the line with `otherwise` and the name of a calendar"
            raise Mistake(mistakes.incomplete(self.around(parts), message, help))
        return tree.CalendarOf(of, otherwise, span=self.around(parts))

    def hours_span(self, parts: list[Part]) -> Node:
        start, end = map(self.value, parts)
        return tree.HoursSpan(start, end, span=self.around(parts))

    def holidays(self, parts: list[Part]) -> Node:
        return tree.Holidays(tuple(part.value for part in parts[1:]), span=self.around(parts))

    def closed(self, parts: list[Part]) -> Node:
        return tree.Closed(tuple(parts[1:]), span=self.around(parts))

    def open_on(self, parts: list[Part]) -> Node:
        return tree.OpenOn(parts[1], tuple(parts[2:]), span=self.around(parts))

    def date_range(self, parts: list[Part]) -> Node:
        first, last = self.value(parts[0]), self.value(parts[2])
        return tree.DateRange(first, last or first, span=self.around(parts))

    def season_head(self, parts: list[Part]) -> Node:
        return tree.Season(self.value(parts[1]), self.value(parts[3]), span=self.around(parts))

    # --- levels, protocols, scenarios --------------------------------------------------------------------------------

    def level_head(self, parts: list[Part]) -> Node:
        """`customer "ACME"`; `customer "ACME", service "hosting"` is the second inside the first."""
        kind, value, second, inner = parts
        outer = self._level(kind, value)
        if second is None:
            return outer
        if second.type == kind.type:
            raise Mistake(mistakes.level_twice(self.around((second, inner)), second.value, kind.value))
        return evolve(outer, statements=(self._level(second, inner),), span=self.around(parts))

    def _level(self, kind: Part, value: Part) -> tree.Level:
        attribute = self.keywords.spelled[kind.type]  # the heading is a word of the author's language
        sort: Any = kind.type.lower()
        return tree.Level(sort, self.value(value), attribute=attribute, span=self.around((kind, value)))

    def for_head(self, parts: list[Part]) -> Node:
        self.check_chains()
        return tree.ForLevel(parts[1], span=self.around(parts))

    def protocol_head(self, parts: list[Part]) -> Node:
        return tree.Protocol(self.value(parts[1]), span=self.around(parts))

    def scenario_head(self, parts: list[Part]) -> Node:
        return tree.Scenario(self.value(parts[1]), span=self.around(parts))

    def scenario_event(self, parts: list[Part]) -> Node:
        at, _, case, _, event, _, *values = parts
        return tree.ScenarioEvent(
            self.value(at),
            self._raw(case),
            self._raw(event),
            tuple(v for v in values if v is not None),
            span=self.around(parts),
        )

    def assignment(self, parts: list[Part]) -> Node:
        return tree.Assignment(parts[0], parts[2], span=self.around(parts))

    def _raw(self, part: Part) -> tree.Text:
        if part.type == "TEXT":
            return self.value(part)  # type: ignore[no-any-return]
        text = part.value.strip()
        start = part.start_pos
        return tree.Text(text, span=Span(self.source, start, start + len(text)))

    def expected_status(self, parts: list[Part]) -> Part:
        return parts[0]

    def expect(self, parts: list[Part]) -> Node:
        _, label, status, _, case = parts
        return tree.ExpectStatus(label, status.type.lower(), case and self._raw(case), span=self.around(parts))

    def expect_due(self, parts: list[Part]) -> Node:
        _, label, _, due, _, case = parts
        return tree.ExpectDue(label, self.value(due), case and self._raw(case), span=self.around(parts))

    # --- the lines under a statement ---------------------------------------------------------------------------------

    def closed_with(self, node: Node, lines: Sequence[Any]) -> Node:
        """A statement with the lines that stood under it; raise Mistake where they do not fit."""
        if not lines:
            return node
        flat = [line for lines_ in lines for line in (lines_ if isinstance(lines_, list) else [lines_])]
        if not flat:
            return node
        span = self.around((node, flat[-1]))
        if isinstance(node, tree.Clause | tree.Objective):
            return self.with_details(node, flat)
        if isinstance(node, tree.Credit):
            tiers = tuple(line for line in flat if isinstance(line, tree.Tier))
            caps = tuple(line for line in flat if isinstance(line, tree.Cap))
            return evolve(node, tiers=node.tiers + tiers, caps=node.caps + caps, span=span)
        if isinstance(node, tree.Party):
            if len(flat) > 1 or node.manager is not None:
                raise Mistake(mistakes.twice(flat[-1].span, "the manager"))
            return evolve(node, manager=flat[0], span=span)
        if isinstance(node, tree.Lifecycle):
            return evolve(node, stages=tuple(flat), span=span)
        if isinstance(node, tree.Level) and node.statements:  # `customer "ACME", service "hosting"`
            inner: Any = self.closed_with(node.statements[0], lines)
            return evolve(node, statements=(inner,), span=span)
        if isinstance(node, tree.Level | tree.ForLevel | tree.Protocol):
            return evolve(node, statements=tuple(flat), span=span)
        owner: Any = node
        return evolve(owner, lines=(*owner.lines, *flat), span=span)  # type: ignore[no-any-return]


_DETAILS = "detail_line"
LINES_UNDER: dict[type[Node], str] = {
    tree.Sla: "header_line",
    tree.Events: "events_line",
    tree.Party: "party_line",
    tree.Calendar: "calendar_line",
    tree.Season: "season_line",
    tree.Lifecycle: "stage_line",
    tree.Level: "statement",
    tree.ForLevel: "statement",
    tree.Protocol: "statement",
    tree.Clause: _DETAILS,
    tree.Objective: _DETAILS,
    tree.Credit: "credit_line",
    tree.Scenario: "scenario_line",
}
"""Which start rule of the grammar reads the lines under a statement; others take none."""

STARTS = ("statement", *sorted(set(LINES_UNDER.values()) - {"statement"}))
"""The start rules of the grammar."""
