"""Objectives: measures, targets, windows and details (section 8).

Takes:  the objectives of the policy, with labels collected and definitions checked.
Gives:  program.Objective for each that is sound, in the order of the file.
Never:  decides between levels; holds a float.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from sladsl.checked.context import Context
from sladsl.checked.declare import Block, statements_of
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import occurrence_of
from sladsl.checked.history import attribute_named
from sladsl.checked.kinds import DURATION, ERROR, NUMBER, TEXT, is_numeric
from sladsl.checked.labels import group_named, label_of
from sladsl.checked.levels import level_of
from sladsl.checked.measures import Dimension, Measures, TargetValue, number_of, parts_of
from sladsl.checked.money import burn_alert, credit_of, penalty_of
from sladsl.checked.phrases import party_named
from sladsl.checked.program import (
    BurnAlert,
    CountMeasure,
    Credit,
    Exclusion,
    Level,
    Measure,
    Number,
    Objective,
    Penalty,
    ShareBecome,
    ShareMet,
    ShareTime,
    TimeStatistic,
    TimeWhile,
)
from sladsl.checked.scopes import DefinitionEntry, PartyEntry, Scope
from sladsl.checked.slips import tell_of_thousands
from sladsl.checked.targets import Targets
from sladsl.checked.values import DAY_US, MOST_COUNT, amount_of, exact, unit_ticks_of
from sladsl.checked.words import span_of, text_of
from sladsl.clock import ClockKind, WindowSpec
from sladsl.syntax import tree
from sladsl.text import Span

_MOST_CASES = MOST_COUNT


def check_objectives(context: Context) -> list[Objective]:
    """All objectives of the policy that are sound."""
    checked: list[Objective] = []
    levels: dict[int, Level] = {}
    for node, scope, blocks in statements_of(context, context.files[0]):
        if not isinstance(node, tree.Objective):
            continue
        level = levels.get(id(scope))
        if level is None:
            level = levels[id(scope)] = level_of(context, blocks, scope)
        objective = _Objective(context, node, scope, blocks, level).check()
        if objective is not None:
            checked.append(objective)
    return checked


class _Objective:
    def __init__(
        self, context: Context, node: tree.Objective, scope: Scope, blocks: tuple[Block, ...], level: Level
    ) -> None:
        self.context = context
        self.findings = context.findings
        self.node = node
        self.scope = scope
        self.blocks = blocks
        self.level = level
        self.x = Expressions(context, scope)
        self.targets = Targets(context, scope)
        self.measures = Measures(context, self.x, self.targets)
        self.failed = False
        self.party: int | None = None

    def check(self) -> Objective | None:
        """The objective, None where a complaint has been made; all of it is looked at in any case."""
        node = self.node
        label = label_of(self.context, node)
        window = self._window()
        promise = node.promise
        measure: Measure | None
        target: TargetValue | None
        sign: str
        match promise:
            case tree.AttainmentOf():
                measure, target, sign = self._attainment(promise), self._share_target(promise.at_least), ">="
            case tree.Delivery():
                (measure, target), sign = self._delivery(promise), promise.sign
            case tree.Bound():
                target, sign = self._target(promise.target), promise.sign
                measure = self.measures.bounded(promise.measure, target, promise.target.span)
                if isinstance(measure, ShareMet | ShareBecome | ShareTime) and target is not None:
                    target = evolve(target, unit="share")
        if measure is None or target is None or window is None or label is None:
            self.failed = True
        if self.level.condition is not None and self.level.condition.kind == ERROR:
            self.failed = True
        found = Objective(
            label or "",
            node.label is not None,
            measure or Number(Fraction(0), span=node.span),
            sign,
            target.value if target else Fraction(0),
            window or WindowSpec("month"),
            self.level,
            self._head(),
            target.unit if target else "",
            target.unit_ticks if target else 1,
            self.party,
            written=self.context.text(self._head()),
            span=node.span,
        )
        found = self._details(found)
        return None if self.failed else found

    def _head(self) -> Span:
        return Span(self.node.span.source, self.node.span.start, self.node.window.span.end)

    def _window(self) -> WindowSpec | None:
        window = self.node.window
        if isinstance(window, tree.Window):
            return WindowSpec(window.unit)
        amount = amount_of(window.length, self.findings)
        if amount is None:
            return None
        whole_days = amount.kind is ClockKind.EXACT and amount.ticks and not amount.ticks % DAY_US
        if not whole_days and amount.kind is not ClockKind.CALENDAR_DAYS:
            message = f"a rolling window is a number of dates, and `{window.length.written}` is none"
            self.findings.add("SLA0211", message, window.length.span, help="e.g. `per rolling 28 days`")
            return None
        days = amount.ticks // DAY_US
        if not 1 <= days <= 3660:
            message = f"a rolling window of `{window.length.written}` is out of range"
            self.findings.add("SLA0211", message, window.length.span)
            return None
        return WindowSpec("rolling", days)

    # --- targets -------------------------------------------------------------------------------------------------------

    def _target(self, e: tree.Expression) -> TargetValue | None:
        if isinstance(e, tree.Duration):
            target = self.targets.amount(e)
            if target is None or target.amount is None:
                return None
            unit, ticks = unit_ticks_of(e)
            clock = target.amount.kind.value
            return TargetValue(Fraction(target.amount.ticks), "time", unit, ticks, clock, target.calendar)
        lit = self.x.constant(e)
        if lit is None:
            return None
        if lit.kind == DURATION:
            return TargetValue(Fraction(number_of(lit)), "time", "h", 3_600_000_000)
        if not is_numeric(lit.kind):
            message = f"`{self.x.text(e.span)}` is {lit.kind}, and a target is a number, a share or a duration"
            self.findings.add("SLA0501", message, e.span)
            return None
        share = self._written_as_share(e)
        dimension: Dimension = "share" if share else "plain"
        return TargetValue(Fraction(number_of(lit)), dimension, "share" if share else "", currency=lit.kind.currency)

    def _written_as_share(self, e: tree.Expression) -> bool:
        """Whether a target is a share, also by the name of a constant (`goal = 95%`)."""
        while isinstance(e, tree.Name):
            entry = self.scope.named(e.key)
            if not isinstance(entry, DefinitionEntry) or entry.constant is None:
                return False
            e = entry.value
        return isinstance(e, tree.Share)

    def _share_target(self, e: tree.Share | tree.Expression) -> TargetValue | None:
        lit = self.x.constant(e, NUMBER)
        if lit is None:
            return None
        value = Fraction(number_of(lit)) if lit.kind == NUMBER else Fraction(-1)
        if not 0 <= value <= 1:
            message = f"`{self.x.text(e.span)}` is no share from 0% to 100%"
            self.findings.add("SLA0501", message, e.span, help="e.g. `at least 95% of …`")
            return None
        return TargetValue(value, "share", "share")

    def _number_target(self, e: tree.Expression) -> TargetValue | None:
        lit = self.x.constant(e, NUMBER)
        if lit is None:
            return None
        if isinstance(e, tree.Number):
            tell_of_thousands(self.context, e, whole=True)
        if lit.kind != NUMBER:
            message = f"`{self.x.text(e.span)}` is {lit.kind}, and a number of cases is needed"
            self.findings.add("SLA0501", message, e.span)
            return None
        return TargetValue(Fraction(number_of(lit)), "number")

    # --- measures ------------------------------------------------------------------------------------------------------

    def _attainment(self, promise: tree.AttainmentOf) -> Measure | None:
        group = group_named(self.context, promise.label)
        return ShareMet(group, span=promise.span) if group is not None else None

    def _delivery(self, promise: tree.Delivery) -> tuple[Measure | None, TargetValue | None]:
        """`marketing delivers at least 120 qualified leads`; the verb says nothing more than the bound does."""
        count, what = promise.count, promise.what
        if count is None:
            cut = self._cut_count(promise.what)
            if cut is None:
                return None, None
            count, what = cut
        target = self._number_target(count)
        party = self._deliverer(promise.phrase) if promise.phrase is not None else None
        occurrence = occurrence_of(self.x, what, "count", cases=True)
        if occurrence is None or (promise.phrase is not None and party is None):
            return None, target
        self.party = party.number if party is not None else None
        return CountMeasure(occurrence, self.party, span=promise.span), target

    def _deliverer(self, phrase: tree.Phrase) -> PartyEntry | None:
        """The party of a delivery: a declared one by longest match, else the first word (or what stands before `must`)."""
        words = self.context.words
        if len(phrase.runs) > 1:
            message = f"`{self.x.text(phrase.span)}` says two things; an objective counts one"
            self.findings.add("SLA0301", message, phrase.span, help="write an objective for each")
            return None
        if phrase.party is not None:
            return party_named(self.context, self.scope, words.telling(phrase.party.words) or phrase.party.words)
        run = words.telling(phrase.runs[0].words)
        if len(run) < 2:
            message = f"`{self.x.text(phrase.span)}` does not say who does what"
            help = "e.g. `marketing delivers at least 120 …`, or `at least 120 …`"
            self.findings.add("SLA0302", message, phrase.span, help=help)
            return None
        for length in range(len(run) - 1, 1, -1):
            if self.scope.parties_by_stems(words.stems(text_of(run[:length]))):
                return party_named(self.context, self.scope, run[:length])
        return party_named(self.context, self.scope, run[:1])

    def _cut_count(self, what: tree.Name) -> tuple[tree.Expression, tree.Name] | None:
        """`leads needed qualified leads`: the constant that the words begin with, and the rest."""
        words = what.words
        for length in range(len(words) - 1, 0, -1):
            run = words[:length]
            name = tree.Name(run, span=span_of(run))
            entry = self.scope.named(name.key)
            if isinstance(entry, DefinitionEntry) and (entry.constant is not None or entry.kind == ERROR):
                rest = words[length:]
                return name, tree.Name(rest, span=span_of(rest))
        message = f"`{what.text}` does not say how many"
        help = "write a number, or a constant in brackets: `at least (leads needed) qualified leads`"
        self.findings.add("SLA0501", message, what.span, help=help)
        return None

    # --- details -------------------------------------------------------------------------------------------------------

    def _details(self, found: Objective) -> Objective:
        by: list[tuple[str, str]] = []
        exclusions: list[Exclusion] = []
        credits: list[Credit] = []
        penalties: list[Penalty] = []
        alerts: list[BurnAlert] = []
        once: dict[type[tree.Node], Span] = {}
        for detail in self.node.details:
            if isinstance(detail, (tree.AtLeastCases, tree.CountedBy)):
                earlier = once.setdefault(type(detail), detail.span)
                if earlier is not detail.span:
                    labels = ((earlier, "said here before"),)
                    message = f"`{self.x.text(detail.span)}` says again what was said before"
                    self.findings.add("SLA0307", message, detail.span, labels=labels)
                    self.failed = True
                    continue
            match detail:
                case tree.AtLeastCases():
                    found = evolve(found, at_least_cases=self._cases(detail))
                case tree.CountedBy():
                    self._needs_cycles(found, detail)
                    found = evolve(found, counted_by=detail.which)
                case tree.GroupBy():
                    by.extend(self._group(detail))
                case tree.Excluding():
                    self._add(exclusions, self._excluding(found, detail))
                case tree.Credit():
                    self._add(credits, credit_of(self.context, self.scope, detail, found.sign, found.target))
                case tree.Penalty():
                    self._add(penalties, self._penalty(detail))
                case tree.Alert():
                    self._burn(found, detail)
                    self._add(alerts, burn_alert(self.context, detail))
        return evolve(
            found,
            by=tuple(dict.fromkeys(by)),
            exclusions=tuple(exclusions),
            credits=tuple(credits),
            penalties=tuple(penalties),
            alerts=tuple(alerts),
        )

    def _add(
        self, found: list[object] | list[Exclusion] | list[Credit] | list[Penalty] | list[BurnAlert], item: object
    ) -> None:
        if item is None:
            self.failed = True
        else:
            found.append(item)  # type: ignore[arg-type]

    def _cases(self, detail: tree.AtLeastCases) -> int:
        tell_of_thousands(self.context, detail.count, whole=True)
        count = exact(detail.count.value)
        if isinstance(count, int) and 0 <= count <= _MOST_CASES:
            return count
        self.findings.add("SLA0213", f"`{self.x.text(detail.count.span)}` is no number of cases", detail.count.span)
        self.failed = True
        return 0

    def _needs_cycles(self, found: Objective, detail: tree.CountedBy) -> None:
        if any(isinstance(node, (ShareMet, TimeStatistic)) for node in parts_of(found.measure)) or self.failed:
            return
        message = f"`counted by {detail.which}` is for the cycles of clauses, and none are measured here"
        self.findings.add("SLA0503", message, detail.span, help="leave it out")
        self.failed = True

    def _group(self, detail: tree.GroupBy) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name in detail.fields:
            attribute = attribute_named(self.x, name, "`by` takes a column")
            if attribute is None:
                self.failed = True
                continue
            self.context.note_kind(attribute, TEXT)
            found.append((attribute, name.text))
        return found

    def _excluding(self, found: Objective, detail: tree.Excluding) -> Exclusion | None:
        if not self.failed and not any(isinstance(n, (ShareTime, TimeWhile)) for n in parts_of(found.measure)):
            message = "`excluding` takes time out of a time, and no time of a state is measured here"
            help = "it goes with `share of time while …` and `time while …`"
            self.findings.add("SLA0503", message, detail.span, help=help)
            return None
        at_most = None
        if detail.calendar is not None:
            message = f"what is excluded is counted in exact time, so `in {detail.calendar.text}` says nothing of it"
            self.findings.add("SLA0703", message, detail.calendar.span, help="leave it out")
            return None
        if detail.at_most is not None:
            at_most = amount_of(detail.at_most, self.findings)
            if at_most is None:
                return None
            if at_most.kind is not ClockKind.EXACT:
                message = f"what is excluded is counted in exact time, and `{detail.at_most.written}` is none"
                self.findings.add("SLA0201", message, detail.at_most.span)
                return None
        per = WindowSpec(detail.per) if detail.per else None
        written = self.context.text(detail.span)
        what = detail.what
        if isinstance(what, tree.Name) and self.scope.named(what.key) is None:
            calendar = self.scope.calendar(what.key)
            if calendar is not None:
                self.context.use(calendar, what.span)
                return Exclusion(None, calendar.number, at_most, per, written, span=detail.span)
        state = self.x.state(what, "excluding")
        if state.kind == ERROR:
            return None
        return Exclusion(state, None, at_most, per, written, span=detail.span)

    def _penalty(self, detail: tree.Penalty) -> Penalty | None:
        if detail.per_started is not None:
            message = "an objective is missed for a window as a whole, never late by some time"
            self.findings.add(
                "SLA0505", message, detail.span, help="write `per miss`, or put the penalty under a clause"
            )
            return None
        return penalty_of(self.context, self.targets, detail)

    def _burn(self, found: Objective, detail: tree.Alert) -> None:
        if not isinstance(detail.condition, tree.BurnRate) or self.failed:
            return
        share = isinstance(found.measure, (ShareMet, ShareTime, ShareBecome)) and found.sign in (">", ">=")
        if share and 0 <= found.target < 1:
            return
        message = (
            "a burn rate is how fast the misses of a share are used up, and this objective bounds no share from below"
        )
        if share:
            message = "a target of 100% leaves no misses to use up, so there is no burn rate"
        self.findings.add("SLA0505", message, detail.span)
        self.failed = True
