"""Rows become events.

Takes:  a RowSource, and the Roles of its columns.
Gives:  EventMaker: the events in the order of the rows, and beside them what was refused and what came twice.
Never:  drops a row without counting it, or makes part of a row: one that has a wrong cell is refused whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from attrs import Factory, define

from sladsl.clock import Reading
from sladsl.events.columns import AttributeColumn, Roles, Timed
from sladsl.events.event import Event, Instant
from sladsl.events.lines import encodable
from sladsl.events.log import Reject
from sladsl.events.row_source import BrokenRow, RowSource
from sladsl.events.spec import InputSpec, ReadOptions
from sladsl.events.times import CellReader, cell_reader
from sladsl.events.values import TextCells, TypedCells, TypedNames, plain, text_of
from sladsl.text import fold

_REMEMBERED = 100_000
_SHARED_AT_MOST = 8  # attributes, for rows that have the same of all to share one dictionary
_TRIED_BEFORE_GIVING_UP = 4096


@define
class Seen:
    """What came before in the same input: the files of one glob are one input in this.

    Args:
        ids: of the rows taken so far.
        steps: of each step, by its number, case to the time of its event; `more` has the further times of a case.
    """

    ids: set[str] = Factory(set)
    steps: defaultdict[int, dict[str, int]] = Factory(lambda: defaultdict(dict))
    more: set[tuple[int, str, int]] = Factory(set)

    def is_new_step(self, step: int, case: str, time_us: int) -> bool:
        """Whether this event of a step was not there before; from now on it is."""
        firsts = self.steps[step]
        first = firsts.get(case)
        if first is None:
            firsts[case] = time_us
            return True
        if first == time_us or (step, case, time_us) in self.more:
            return False
        self.more.add((step, case, time_us))
        return True


T = TypeVar("T", covariant=True)


class _Of(Protocol[T]):
    """What a cell is, asked by index; a dictionary that fills itself does it fastest."""

    def __getitem__(self, cell: Any, /) -> T: ...


class EventMaker:
    """The events of one input, by iterating; once.

    Args:
        rows: of the input.
        roles: of its columns.
        spec: the block it is read by, or None.
        options: for the zone and the attributes wanted.
        input: its index, which each event carries.
        position: of its first event.
        seen: shared with the other files of its glob.

    Attributes, to be read when the events have come to their end:
        count: data rows. rejects: those refused. duplicates: those whose id came before. short: those with cells
        missing at their end. skipped, repeated: times that a clock change left out or repeats. position: of the next
        event.
    """

    def __init__(
        self,
        rows: RowSource,
        roles: Roles,
        spec: InputSpec | None,
        options: ReadOptions,
        input: int = 0,
        position: int = 0,
        seen: Seen | None = None,
    ) -> None:
        spec = spec or InputSpec()
        self.rows = rows
        self.roles = roles
        self.attributes = list(roles.attributes)
        self.rejects: list[Reject] = []
        self.count = self.duplicates = self.short = self.skipped = self.repeated = 0
        self.position = position
        self._options = options
        self._end_of_day = spec.end_of_day
        self._input = input
        self._seen = Seen() if seen is None else seen
        texts = TextCells(spec.missing)
        self._cells: _Of[object] = TypedCells(texts) if rows.typed else texts
        self._names: _Of[str | None] = TypedNames(texts) if rows.typed else texts
        self._times: dict[tuple[str | None, str | None], CellReader] = {}
        self._carried = self._carrier()

    def __iter__(self) -> Iterator[Event]:
        roles, names, input = self.roles, self._names, self._input
        case_at, actor_at, id_at = roles.case, roles.actor, roles.id
        own, event_at, time_at = roles.time is not None, roles.event or 0, roles.time.index if roles.time else 0
        times = self._times_for(roles.time) if roles.time else self._times_for(roles.steps[0].times)
        steps = [(number, step.times.index, self._times_for(step.times)) for number, step in enumerate(roles.steps)]
        ids, carried, width = self._seen.ids, self._carried, len(roles.headings)
        nothing: dict[str, object] = {}
        actor: str | None = None
        type: str | None = ""
        time_us: int | None = 0
        made: list[tuple[int, int]] = []
        event_id: str | None = None
        for cells in self.rows:
            if len(cells) != width:
                whole = self._whole(cells, width)
                if whole is None:
                    continue
                cells, carried, width = whole, self._carried, len(self.rows.headings)
            self.count += 1
            case = names[cells[case_at]]
            if case is None:
                self._no_case(cells)
                continue
            if own:
                reading = times(cells[time_at])
                time_us = reading[0]
                if (time_us is None or reading[1]) and not self._can_take(reading, cells, time_at):
                    continue
                type = names[cells[event_at]]
                if type is None:
                    self._reject(event_at, cells, "the event is missing")
                    continue
            if steps:
                found = self._steps(cells, steps)
                if found is None:
                    continue
                made = found
            if id_at is not None:
                event_id = names[cells[id_at]]
                if event_id is not None:
                    if event_id in ids:
                        self.duplicates += 1
                        continue
                    ids.add(event_id)
            if actor_at is not None:
                actor = names[cells[actor_at]]
            attributes = carried(cells)
            row = self.count
            if steps:
                # Beside an own event a step carries nothing but its time.
                with_it, by = (nothing, "") if own else (attributes, actor or "")
                for number, step_us in made:
                    if self._seen.is_new_step(number, case, step_us):
                        step = roles.steps[number].event
                        yield Event(case, step_us, step, by, with_it, self.position, input, row, None)
                        self.position += 1
            if own and type is not None and time_us is not None:
                yield Event(case, time_us, type, actor or "", attributes, self.position, input, row, event_id)
                self.position += 1

    def _steps(self, cells: list[Any], steps: list[tuple[int, int, CellReader]]) -> list[tuple[int, int]] | None:
        """The steps of a row with their instants, or None where one cannot be read."""
        made = []
        for number, place, times in steps:
            if self._names[cells[place]] is not None:
                reading = times(cells[place])
                if not self._can_take(reading, cells, place) or reading.us is None:
                    return None
                made.append((number, reading.us))
        return made

    def _can_take(self, reading: Reading, cells: list[Any], place: int) -> bool:
        """Whether a time could be read; what a clock change did to it is counted, and the row is refused where not."""
        if reading.us is None:
            missing = self._names[cells[place]] is None
            self._reject(place, cells, "the time is missing" if missing else reading.problem)
            return False
        self.skipped += reading.note == "skipped"
        self.repeated += reading.note == "repeated"
        return True

    def _whole(self, cells: list[Any], width: int) -> list[Any] | None:
        """A row of another width than the headings, made whole; None where it is blank or refused."""
        if isinstance(cells, BrokenRow):
            self.count += 1
            self._reject(None, cells, cells.reason)
            return None
        if self.rows.typed:
            self._learn_headings(width)
            return cells
        if len(cells) < width:
            if not any(self._names[cell] for cell in cells):
                return None
            self.short += 1
            return cells + [""] * (width - len(cells))
        if any(self._names[cell] for cell in cells[width:]):
            self.count += 1
            self._reject(None, cells, f"the row has {len(cells)} cells, the headings are {width}")
            return None
        return cells[:width]

    def _learn_headings(self, known: int) -> None:
        """Make attributes of the headings that a source has found on the way."""
        names = {attribute.name for attribute in self.attributes}
        wanted = self._options.attributes
        for place, heading in enumerate(self.rows.headings[known:], known):
            name = fold(heading)
            if name and name not in names and (wanted is None or name in wanted):
                names.add(name)
                self.attributes.append(AttributeColumn(name, place, None))
        self._carried = self._carrier()

    def _no_case(self, cells: list[Any]) -> None:
        if any(self._names[cell] for cell in cells):
            self._reject(self.roles.case, cells, "the case is missing")
        else:  # a blank row that has its delimiters
            self.count -= 1

    def _reject(self, place: int | None, cells: list[Any], reason: str) -> None:
        column = cell = ""
        if place is not None:
            column = self.rows.headings[place]
            value = plain(cells[place])
            cell = "" if value is None else text_of(value)
        said = [encodable(text) for text in (column, cell, reason, self.rows.record())]
        self.rejects.append(Reject(self._input, self.count, *said))

    def _times_for(self, times: Timed) -> CellReader:
        """How the cells of a column are read as times; columns written alike share what they remember."""
        key = (times.format, times.unit)
        if key not in self._times:
            self._times[key] = cell_reader(self._options.zone, times, self._end_of_day, self.rows.typed)
        return self._times[key]

    def _carrier(self) -> Callable[[list[Any]], dict[str, object]]:
        """The function from the cells of a row to what its event carries."""
        cell = self._cells
        places = [(attribute.name, attribute.index) for attribute in self.attributes if attribute.times is None]
        timed = [(a.name, a.index, self._times_for(a.times)) for a in self.attributes if a.times is not None]
        if not self.attributes:
            nothing: dict[str, object] = {}
            return lambda cells: nothing

        def carried(cells: list[Any]) -> dict[str, object]:
            # Most cells of objects with many keys are None, which is not worth asking about.
            values: dict[str, object] = {
                name: value
                for name, place in places
                if (raw := cells[place]) is not None and (value := cell[raw]) is not None
            }
            for name, place, times in timed:
                value = cell[cells[place]]
                if value is not None:
                    time_us = times(cells[place]).us
                    # What cannot be read stays as it is: an error where it is used, not before.
                    values[name] = value if time_us is None else Instant(time_us)
            return values

        if self.rows.typed or len(self.attributes) > _SHARED_AT_MOST:
            return carried
        return _Shared(carried, [attribute.index for attribute in self.attributes])


class _Shared:
    """One dictionary for all rows that carry the same; given up where rows hardly ever do."""

    def __init__(self, carried: Callable[[list[Any]], dict[str, object]], places: list[int]) -> None:
        self._carried = carried
        self._pick: Callable[[list[Any]], object] = itemgetter(*places)
        self._known: dict[object, dict[str, object]] = {}
        self._asked = 0
        self._made = 0

    def __call__(self, cells: list[Any]) -> dict[str, object]:
        if self._made > _TRIED_BEFORE_GIVING_UP and self._made * 2 > self._asked:
            return self._carried(cells)
        self._asked += 1
        key = self._pick(cells)
        values = self._known.get(key)
        if values is None:
            self._made += 1
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            values = self._known[key] = self._carried(cells)
        return values
