"""Files and tables through the columnar evaluator.

Takes:  a plan, and the files or tables that hold a log.
Gives:  `judge_files`: a ColumnarOutcome; `sladsl.events` reads what is not plain, so that the events are the same.
Never:  holds a log. One that is not in order is read again and sorted, case by case, in a file where it is large.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from queue import Queue
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sladsl.evaluate.columnar.batch import Array, Batch
from sladsl.evaluate.columnar.bulk import ColumnarOutcome
from sladsl.evaluate.columnar.cases import Cases, SeenBefore
from sladsl.evaluate.columnar.chunks import NotPlain, delimited_chunks, parquet_chunks, table_chunks
from sladsl.evaluate.columnar.errors import CannotJudge
from sladsl.evaluate.columnar.from_events import Names, event_batches
from sladsl.evaluate.columnar.inputs import Hashes, Input, inputs_of
from sladsl.evaluate.columnar.kept import Kept
from sladsl.evaluate.columnar.ordering import Sorter
from sladsl.evaluate.columnar.rows import Chunk, Rows
from sladsl.evaluate.columnar.run import OutOfOrder, Run
from sladsl.evaluate.columnar.valued import ValuedCases
from sladsl.events import Event, InputReport, ReadOptions
from sladsl.events.actors import Actors
from sladsl.events.arrow_rows import first_line
from sladsl.events.lines import BROKEN
from sladsl.events.opened import Opened, open_source
from sladsl.events.reader import Gathered, open_rows
from sladsl.events.row_source import RowSource
from sladsl.events.rows import EventMaker, Seen
from sladsl.ir.expression import ActorIs
from sladsl.ir.needed import compared_attributes
from sladsl.ir.plan import Plan

if TYPE_CHECKING:
    from sladsl.evaluate.objectives.bulk.watch import ObjectivesWatch

T = TypeVar("T")
_AHEAD = 2  # batches that wait while the kernel judges one
_WALKERS_AT_MOST = 4  # beyond that, reading does not keep up


class _NoActor(Exception):
    """No event of the log names an actor, and a party asks for one: it is not checked then."""


def judge_files(
    plan: Plan,
    inputs: Any,
    as_of_us: int | None = None,
    *,
    options: ReadOptions | None = None,
    keeps_stretches: bool = False,
    keep: frozenset[str] | None = None,
    hashes: Hashes | None = None,
    on_events: Callable[[int], None] | None = None,
) -> ColumnarOutcome:
    """Judge the log that files or tables hold.

    Args:
        plan: the compiled policy.
        inputs: a path or several (as `sladsl.events.read` takes them), a table of Arrow, polars, pandas or DuckDB, or a
            dictionary of tables by the names of their `events` blocks.
        as_of_us: microseconds UTC; default: the last event.
        options: how it is read; default: what the plan says.
        keeps_stretches: whether verdicts carry the stretches in which their clock ran.
        keep: the cases that are judged; the others are read, and count among what was read. None: all.
        hashes: gives the hashes of files; without, the reports of inputs have none.
        on_events: is told now and then how many events have been judged.

    Raises CannotJudge where only the stream evaluator does it, LogError as `sladsl.events.read` does.
    """
    options = options or ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes))
    found = inputs_of(plan, inputs, options)
    asks_for_actors = any(isinstance(node, ActorIs) for node in _nodes(plan))
    actors = any(one.slow or one.roles.actor is not None for one in found)
    attempt = _Attempt(plan, found, as_of_us, options, keeps_stretches, keep, hashes or Hashes(()), on_events)
    while True:
        try:
            return attempt.judge(actors, asks_for_actors)
        except _NotPlainInput as odd:
            argument = found[odd.input].source.argument
            for one in found:
                one.slow = one.slow or one.source.argument == argument
                one.whole_cases = False
        except OutOfOrder:
            attempt.sorts = True
        except _NoActor:
            actors = False


class _NotPlainInput(Exception):
    def __init__(self, input: int) -> None:
        super().__init__()
        self.input = input


class _Attempt:
    """One way through the inputs; another is tried where they turn out not to be as they seemed."""

    def __init__(
        self,
        plan: Plan,
        inputs: list[Input],
        as_of_us: int | None,
        options: ReadOptions,
        keeps_stretches: bool,
        keep: frozenset[str] | None,
        hashes: Hashes,
        on_events: Callable[[int], None] | None,
    ) -> None:
        self.plan = plan
        self.inputs = inputs
        self.as_of_us = as_of_us
        self.options = options
        self.keeps_stretches = keeps_stretches
        self.keep = keep
        self.hashes = hashes
        self.on_events = on_events
        self.sorts = False

    def judge(self, actors: bool, asks_for_actors: bool) -> ColumnarOutcome:
        kept = [Kept() for _ in range(_walkers())]
        watch = self._watch()
        keeps_stretches = self.keeps_stretches or (watch is not None and watch.needs_stretches)

        def take(records: Array, stretches: Array, walker: int) -> None:
            kept[walker].add(records, stretches)

        run = Run(self.plan, actors, take, keeps_stretches, watch, walkers=len(kept))
        self.run = run
        self.cases = Cases(all(one.whole_cases for one in self.inputs))
        self.types = Names()
        self.gathered = Gathered(self.options)
        self.kept = np.zeros(0, np.bool_)
        self.matched: Counter[str] = Counter()
        self.valued = ValuedCases(compared_attributes(self.plan), run.sources)
        judged = 0
        # Closed also where something is wrong: no thread may go on reading while another attempt is made.
        with closing(self._in_order()) as batches:
            for batch in batches:
                run.feed(batch, len(self.cases))
                judged += len(batch)
                if self.on_events is not None:
                    self.on_events(judged)
        log = self.gathered.log([one.block for one in self.inputs], self.plan.inputs)
        if actors and asks_for_actors and not log.has_actor:
            raise _NoActor
        lasts = [one.report.last_us for one in self.inputs if one.report is not None and one.report.last_us is not None]
        as_of = self.as_of_us if self.as_of_us is not None else max(lasts, default=None)
        if as_of is not None:
            run.finish(len(self.cases), as_of)
        kept[0].join(kept[1:])
        return ColumnarOutcome(
            tables=run.tables,
            as_of_us=as_of,
            cases=self.cases,
            type_texts=self.types.texts(),
            kept=kept[0],
            alert_lots=run.alerts,
            log=log,
            matched=self.matched,
            valued=self.valued.counts(),
            later=run.later,
            unknown_zones=run.unknown_zones,
            sorted=self.sorts,
            slow=tuple(i for i, one in enumerate(self.inputs) if one.slow),
            first_us=run.first_us,
            keeps_stretches=keeps_stretches,
            watch=watch,
        )

    def _watch(self) -> ObjectivesWatch | None:
        """Who asks what happens at events, for the objectives of the plan."""
        if not self.plan.objectives:
            return None
        from sladsl.evaluate.objectives.bulk.watch import ObjectivesWatch

        return ObjectivesWatch(self.plan)

    def _in_order(self) -> Generator[Batch, None, None]:
        """The events as they are to be judged."""
        if not self.sorts:
            yield from ahead(self._batches())
            return
        with Sorter() as sorter:
            with closing(ahead(self._batches())) as batches:
                for batch in batches:
                    sorter.add(batch)
            yield from ahead(sorter.batches())

    def _batches(self) -> Generator[Batch, None, None]:
        """The events in the order of the inputs, but for those of cases that are not kept."""
        for batch in self._read():
            self.valued.note(batch, len(self.cases))
            yield batch if self.keep is None else batch.take(np.flatnonzero(self._is_kept(self.keep)[batch.case]))

    def _is_kept(self, keep: frozenset[str]) -> Array:
        known = len(self.kept)
        if len(self.cases) > known:
            new = [name in keep for name in self.cases.texts(known)]
            self.kept = np.concatenate([self.kept, np.array(new, np.bool_)])
        return self.kept

    def _read(self) -> Iterator[Batch]:
        import pyarrow

        seen: dict[int, SeenBefore] = {}
        slow_seen: dict[int, Seen] = {}
        for number, one in enumerate(self.inputs):
            if one.slow:
                yield from self._slow(number, one, slow_seen.setdefault(one.source.argument, Seen()))
            else:
                try:
                    yield from self._fast(number, one, seen.setdefault(one.source.argument, SeenBefore()))
                except (NotPlain, pyarrow.ArrowException, *BROKEN) as error:
                    if one.table is not None:
                        raise CannotJudge(f"the table cannot be read as columns: {first_line(error)}") from None
                    raise _NotPlainInput(number) from None

    def _fast(self, number: int, one: Input, seen: SeenBefore) -> Iterator[Batch]:
        typed = one.format not in ("csv", "tsv")
        rows = Rows(
            self.run,
            one.roles,
            one.block,
            self.options,
            number,
            self.cases,
            self.types,
            seen,
            typed,
            self.gathered.actors,
        )
        with closing(ahead(_chunks(one, self._places(one)))) as chunks:
            for chunk in chunks:
                if chunk.count:
                    yield rows.batch(chunk, self.as_of_us)
        names = self.types.texts()
        for kind, count in enumerate(rows.of_type.tolist()):
            if count:
                self.matched[names[kind]] += count
        attributes = tuple(attribute.name for attribute in one.roles.attributes)
        told = (rows.cases_seen, rows.events, rows.first_us, rows.last_us)
        self._report(one, RowSource(one.format), rows, told, attributes, self.hashes.of(one.source.path))

    def _places(self, one: Input) -> list[int]:
        """The columns that are read."""
        roles = one.roles
        wanted = {source.source.name for source in self.run.sources if source.source.what in ("attribute", "carried")}
        places = {roles.case, *(step.times.index for step in roles.steps)}
        places |= {place for place in (roles.event, roles.actor, roles.id) if place is not None}
        if roles.time is not None:
            places.add(roles.time.index)
        return sorted(places | {a.index for a in roles.attributes if a.name in wanted})

    def _slow(self, number: int, one: Input, seen: Seen) -> Iterator[Batch]:
        """An input by the reader of events."""
        with _opened(one) as (rows, opened):
            maker = EventMaker(rows, one.roles, one.block, self.options, number, 0, seen)
            told = _Told(self.as_of_us, self.gathered.actors)
            yield from event_batches(told.of(maker), self.run.tables, self.run.sources, self.cases.of_texts, self.types)
            hash = opened.hash() if self.hashes.wanted else ""
        self.matched += told.types
        names = tuple(attribute.name for attribute in maker.attributes)
        self._report(one, rows, maker, (len(told.cases), told.count, told.first_us, told.last_us), names, hash)

    def _report(
        self,
        one: Input,
        rows: RowSource,
        made: EventMaker | Rows,
        told: tuple[int, int, int | None, int | None],
        names: tuple[str, ...],
        hash: str,
    ) -> None:
        cases, events, first, last = told
        one.report = InputReport(
            name=one.source.name,
            path=one.source.path,
            format=rows.format,
            rows=made.count,
            events=events,
            cases=cases,
            first_us=first,
            last_us=last,
            rejected=len(made.rejects),
            duplicates=made.duplicates,
            skipped_times=made.skipped,
            repeated_times=made.repeated,
            columns=one.roles.found,
            attributes=names,
            hash=hash,
        )
        self.gathered.headings += rows.headings if one.slow else one.roles.headings
        self.gathered.add([], one.report)
        self.gathered.tell(one.source, one.roles, rows, made, one.report)


class _Told:
    """What is counted of events as they pass; those after as-of do not."""

    def __init__(self, as_of_us: int | None, actors: Actors) -> None:
        self.as_of_us = as_of_us
        self.actors = actors
        self.count = 0
        self.cases: set[str] = set()
        self.types: Counter[str] = Counter()
        self.first_us: int | None = None
        self.last_us: int | None = None

    def of(self, events: Any) -> Iterator[Event]:
        for event in events:
            self.count += 1
            self.cases.add(event.case)
            us = event.time_us
            self.first_us = us if self.first_us is None or us < self.first_us else self.first_us
            self.last_us = us if self.last_us is None or us > self.last_us else self.last_us
            self.actors.add((event.actor,))
            if self.as_of_us is None or us <= self.as_of_us:
                self.types[event.type] += 1
                yield event


def _chunks(one: Input, places: list[int]) -> Generator[Chunk, None, None]:
    headings = list(one.roles.headings)
    if one.table is not None:
        import pyarrow

        yield from table_chunks(pyarrow.RecordBatchReader.from_stream(one.table), headings)
    elif one.format == "parquet":
        few = frozenset(places) - {one.roles.case, one.roles.id}
        yield from parquet_chunks(one.source.path, headings, places, frozenset(p for p in few if p is not None))
    else:
        with gzip.open(one.source.path) if one.is_compressed else open(one.source.path, "rb") as file:
            file.seek(one.start)
            yield from delimited_chunks(file, one.delimiter, headings, places, _check)


def _check(text: bytes) -> None:
    """Raises NotPlain for bytes that only a careful reader takes."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlain from None


class _opened:
    """The rows of an input for the reader of events."""

    def __init__(self, one: Input) -> None:
        self._one = one
        self._opened: Opened | None = None

    def __enter__(self) -> tuple[RowSource, Opened]:
        self._opened = open_source(self._one.source)
        return open_rows(self._opened, self._one.block), self._opened

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.__exit__()


def _nodes(plan: Plan) -> Iterator[Any]:
    from sladsl.evaluate.columnar.leaves import walk

    for condition in plan.conditions:
        yield from walk(condition.expr)


def _walkers() -> int:
    """How many threads share the cases. What they give does not depend on it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _WALKERS_AT_MOST)


def ahead(items: Generator[T, None, None]) -> Generator[T, None, None]:
    """The same items, made in a thread of their own while the ones before are used. Once closed, none is being made."""
    waiting: Queue[tuple[T | None, BaseException | None, bool]] = Queue(_AHEAD)
    stopped = Flag()

    def make() -> None:
        try:
            for item in items:
                waiting.put((item, None, False))
                if stopped.is_set():
                    return
            waiting.put((None, None, True))
        except BaseException as error:
            waiting.put((None, error, True))
        finally:
            items.close()

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = waiting.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        while thread.is_alive():
            while not waiting.empty():
                waiting.get_nowait()
            thread.join(0.01)
