"""Clauses: phrases, forms and starts (section 6).

Takes:  the clauses of the policy, with labels collected and definitions checked.
Gives:  program.Clause for each that is sound, in the order of the file.
Never:  decides between levels; that is done once all clauses are known.
"""

from __future__ import annotations

from bisect import bisect_left

from attrs import define, field

from sladsl.checked.context import Context
from sladsl.checked.declare import Block, statements_of
from sladsl.checked.details import read_details
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import entry_named, occurrence_of
from sladsl.checked.history import attribute_named
from sladsl.checked.kinds import ERROR, INSTANT, NUMBER, TEXT, TRUTH
from sladsl.checked.labels import group_named, label_of
from sladsl.checked.levels import level_of
from sladsl.checked.phrases import Reading, read_phrase
from sladsl.checked.program import Clause, Level, Start, Target
from sladsl.checked.scopes import DefinitionEntry, Scope
from sladsl.checked.targets import Targets
from sladsl.checked.typed import DefRef, Expr, Occurrence
from sladsl.checked.values import MOST_COUNT
from sladsl.syntax import tree
from sladsl.text import Span, fold

FORMS: dict[type[tree.Node], str] = {
    tree.Within: "within",
    tree.ByTime: "by",
    tree.ByEnd: "by",
    tree.ByPoint: "by",
    tree.Every: "every",
    tree.AtLeastTimes: "at least",
    tree.MustNotWithin: "must not within",
    tree.MustNotBefore: "must not before",
    tree.MustNotWhile: "must not while",
    tree.AtMostPerCase: "at most",
    tree.Lasts: "lasts",
    tree.SumAtMost: "time while",
}


def check_clauses(context: Context) -> list[Clause]:
    """All clauses of the policy that are sound."""
    checked: list[Clause] = []
    levels: dict[int, Level] = {}
    above = StatesAbove()
    for node, scope, blocks in statements_of(context, context.files[0]):
        if not isinstance(node, tree.Clause):
            continue
        level = levels.get(id(scope))
        if level is None:
            level = levels[id(scope)] = level_of(context, blocks, scope)
        clause = _Clause(context, node, scope, blocks, level, above).check(len(checked))
        if clause is not None:
            checked.append(clause)
    return checked


@define
class StatesAbove:
    """The state definitions of each block in the order of the text, to find the nearest above a place."""

    _by_scope: dict[int, tuple[list[int], list[DefinitionEntry]]] = field(factory=dict)

    def nearest(self, scope: Scope, at: int) -> DefinitionEntry | None:
        """The nearest state definition above a place in its block, else in the blocks around it."""
        here: Scope | None = scope
        while here is not None:
            starts, entries = self._of(here)
            found = bisect_left(starts, at)
            if found:
                return entries[found - 1]
            at, here = here.start, here.around
        return None

    def _of(self, scope: Scope) -> tuple[list[int], list[DefinitionEntry]]:
        known = self._by_scope.get(id(scope))
        if known is None:
            states = [e for e in scope.definitions.by_key.values() if e.is_condition and not e.action]
            states.sort(key=lambda entry: entry.span.start)
            known = self._by_scope[id(scope)] = [entry.span.start for entry in states], states
        return known


class _Clause:
    def __init__(
        self,
        context: Context,
        node: tree.Clause,
        scope: Scope,
        blocks: tuple[Block, ...],
        level: Level,
        above: StatesAbove,
    ) -> None:
        self.context = context
        self.findings = context.findings
        self.node = node
        self.scope = scope
        self.blocks = blocks
        self.level = level
        self.above = above
        self.form = FORMS[type(node.form)]
        self.x = Expressions(context, scope)
        self.targets = Targets(context, scope, self._calendar())
        self.failed = False

    def check(self, index: int) -> Clause | None:
        """The clause, None where a complaint has been made. All of it is looked at in any case."""
        node = self.node
        label = label_of(self.context, node)
        reading = read_phrase(self.context, self.scope, node.phrase) if node.phrase else None
        self.failed = label is None or (node.phrase is not None and reading is None)
        target = self._target()
        state = self._state()
        count, distinct, distinct_field, counted, by_party = self._counts()
        until = self._until()
        start = self._start(reading, state)
        details = read_details(self.context, self.x, self.targets, node, self.form)
        self.targets.tell_if_unserved(_durations(node))
        subject = None
        if reading is not None and reading.subject is not None and start is not None and start.rule != "subject":
            subject = self._reference(reading.subject, reading.subject_span or node.span)
        calendar = self.targets.number_of_named()
        if self.failed or details is None or start is None or self._level_is_wrong():
            return None
        assert label is not None
        party = reading.party.number if reading is not None and reading.party is not None else None
        group = self.context.labels[fold(label)]
        head = self._head()
        return Clause(
            index,
            group,
            label,
            node.label is not None,
            self.form,
            party,
            reading.act if reading is not None else None,
            start,
            self.level,
            head,
            subject=subject,
            target=target,
            state=state,
            count=count,
            counted=counted,
            counted_by_party=by_party,
            distinct=distinct,
            distinct_field=distinct_field,
            until=until,
            calendar=calendar,
            protocol=next((b.name.value for b in reversed(self.blocks) if isinstance(b, tree.Protocol)), ""),
            written=self.context.text(head),
            span=node.span,
            **details.fields(),
        )

    def _level_is_wrong(self) -> bool:
        return self.level.condition is not None and self.level.condition.kind == ERROR

    def _head(self) -> Span:
        """The clause without its details."""
        node = self.node
        parts = [p for p in (node.phrase, node.form, node.start, node.until, node.calendar) if p is not None]
        end = max(part.span.end for part in parts)
        return Span(node.span.source, node.span.start, end)

    def _calendar(self) -> tree.Name | None:
        said = [d.calendar for d in self.node.details if isinstance(d, tree.InCalendar)]
        if self.node.calendar is not None:
            said.insert(0, self.node.calendar)
        for second in said[1:]:
            labels = ((said[0].span, "said here before"),)
            self.findings.add("SLA0307", "the clause names two calendars", second.span, labels=labels)
        return said[0] if said else None

    # --- the form ------------------------------------------------------------------------------------------------------

    def _target(self) -> Target | None:
        form = self.node.form
        match form:
            case tree.Within() | tree.MustNotWithin() | tree.Lasts() | tree.SumAtMost():
                target = self.targets.headline(form.target)
            case tree.Every():
                target = self.targets.headline(form.period)
            case tree.AtLeastTimes():
                target = self.targets.headline(form.within)
            case tree.ByTime():
                target = self.targets.by_time(form)
            case tree.ByEnd():
                target = self.targets.by_end(form)
            case tree.ByPoint():
                target = self._by_point(form)
            case _:
                return None
        self.failed = self.failed or target is None
        return target

    def _by_point(self, form: tree.ByPoint) -> Target | None:
        written = self.context.text(form.span)
        if not isinstance(form.point, tree.Name):
            message = f"`{written}` is the same instant for every case"
            help = "let the log carry it in a column, and write the name of that column after `by`"
            self.findings.add("SLA0315", message, form.point.span, help=help)
            return None
        attribute = attribute_named(self.x, form.point, "`by` takes a column that holds an instant")
        if attribute is None:
            return None
        self.context.note_kind(attribute, INSTANT)
        return Target(attribute=attribute, written=written, span=form.span)

    def _state(self) -> Expr | None:
        form = self.node.form
        match form:
            case tree.Every(state=said) if said is not None:
                state = self.x.state(said, "while")
            case tree.MustNotWhile():
                state = self.x.state(form.state, "while")
            case tree.Lasts():
                state = self.x.state(form.state, "lasts")
            case tree.SumAtMost():
                state = self.x.state(form.state, "time while")
            case _:
                return None
        self.failed = self.failed or state.kind == ERROR
        return state

    def _counts(self) -> tuple[int, int, str, Occurrence | None, bool]:
        form = self.node.form
        if isinstance(form, tree.AtLeastTimes):
            count = self._count(form.times, 1)
            distinct = self._count(form.distinct, 1) if form.distinct is not None else 0
            field_name: str | None = ""
            if form.distinct_field is not None:
                field_name = attribute_named(self.x, form.distinct_field, "`over … distinct` takes a column")
                if field_name:
                    self.context.note_kind(field_name, TEXT)
            self.failed = self.failed or field_name is None
            return count, distinct, field_name or "", None, False
        if isinstance(form, tree.MustNotBefore):
            count = self._count(form.count, 1) if form.count is not None else 1
            return count, 0, "", self._occurrence(form.what, "end"), form.count is not None
        if isinstance(form, tree.AtMostPerCase):
            return self._count(form.count, 0), 0, "", self._occurrence(form.what, "count"), False
        return 1, 0, "", None, False

    def _count(self, e: tree.Expression, least: int) -> int:
        lit = self.x.constant(e, NUMBER)
        if lit is None:
            self.failed = True
            return least
        value = lit.value
        if lit.kind != NUMBER or not isinstance(value, int) or not least <= value <= MOST_COUNT:
            message = f"`{self.context.text(e.span)}` is no whole number{f' from {least}' if least else ''}"
            self.findings.add("SLA0213", message, e.span)
            self.failed = True
            return least
        return value

    def _occurrence(self, e: tree.Expression, role: str) -> Occurrence | None:
        occurrence = occurrence_of(self.x, e, role)
        self.failed = self.failed or occurrence is None
        return occurrence

    def _until(self) -> Occurrence | None:
        until = self.node.until
        if until is None:
            return None
        if self.form not in ("at most", "time while"):
            message = "`until` ends only what is counted or summed over a case"
            help = "here `cancelled when …`, or `while …` after `every`, says when it ends"
            self.findings.add("SLA0308", message, until.span, help=help)
            self.failed = True
            return None
        return self._occurrence(until, "end")

    # --- the start -----------------------------------------------------------------------------------------------------

    def _start(self, reading: Reading | None, state: Expr | None) -> Start | None:
        said = self.node.start
        subject = reading.subject if reading is not None else None
        place = reading.subject_span if reading is not None else None
        starts_itself = said is not None or (state is not None and self.form in ("must not while", "every"))
        if subject is not None and subject.action and starts_itself:
            message = f"the clock cannot start at `{subject.name}` as well"
            help = "say with `when …` what must hold at the start"
            self.findings.add("SLA0313", message, place, help=help)
            return None
        if said is not None:
            return self._said_start(said)
        if state is not None and self.form in ("lasts", "must not while", "every"):
            return Start(
                Occurrence("begins", state, written=self.x.text(state.span), span=state.span), "state", span=state.span
            )
        if subject is not None and place is not None:
            what = "happens" if subject.action else "begins"
            condition = self._reference(subject, place)
            return Start(Occurrence(what, condition, written=subject.name, span=place), "subject", span=place)
        if self.form in ("within", "by", "at least", "must not within"):
            nearest = self.above.nearest(self.scope, self.node.span.start)
            if nearest is not None:
                if nearest.kind == ERROR:
                    return None
                condition = self._reference(nearest, self.node.span)
                occurrence = Occurrence("begins", condition, written=nearest.name, span=nearest.span)
                return Start(occurrence, "above", span=nearest.span)
        return Start(Occurrence("first event", span=self.node.span), "first event", span=self.node.span)

    def _said_start(self, said: tree.Start) -> Start | None:
        what = said.what
        often = said.often
        if isinstance(what, tree.Name) and said.often_word is not None:
            whole = tree.Name((said.often_word, *what.words), span=said.often_word.span.to(what.span))
            if isinstance(entry_named(self.x, whole), DefinitionEntry):  # a name such as `first reply` is declared
                what, often = whole, "default"
        if isinstance(what, (tree.BreachOf, tree.FulfilmentOf)):
            group = group_named(self.context, what.label)
            kind = "breach" if isinstance(what, tree.BreachOf) else "fulfilment"
            if group is None:
                return None
            occurrence = Occurrence(kind, group=group, written=self.context.text(what.span), span=what.span)
            return Start(occurrence, "of", often, span=said.span)
        found = occurrence_of(self.x, what, "start", cases=True)
        return Start(found, "of", often, span=said.span) if found is not None else None

    def _reference(self, entry: DefinitionEntry, span: Span) -> DefRef:
        entry.used = True
        entry.wanted.setdefault(TRUTH, span)
        return DefRef(entry.number, TRUTH, span=span)


def _durations(node: tree.Clause) -> list[tree.Duration]:
    """The headline's duration, for the advice about a calendar that says nothing."""
    found = [getattr(node.form, name, None) for name in ("target", "period", "within")]
    return [each for each in found if isinstance(each, tree.Duration)]
