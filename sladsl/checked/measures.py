"""Measures over many cases, and what they are counted in (section 8).

Takes:  the expressions of objectives.
Gives:  program.Measure with its dimension: a number, a share, a time.
Never:  computes anything but constants.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import occurrence_of
from sladsl.checked.history import attribute_named
from sladsl.checked.kinds import DURATION, ERROR, INSTANT, NUMBER, is_numeric
from sladsl.checked.labels import group_named
from sladsl.checked.program import (
    Combined,
    CountMeasure,
    Measure,
    Number,
    ShareBecome,
    ShareMet,
    ShareTime,
    Statistic,
    Target,
    TimeStatistic,
    TimeWhile,
)
from sladsl.checked.targets import Targets
from sladsl.checked.typed import Lit
from sladsl.checked.words import text_of
from sladsl.syntax import tree
from sladsl.text import Span

_FUNCTIONS = {"percentile": "p", "min": "min", "max": "max", "average": "average", "median": "median", "total": "total"}
_MEASURES = (
    tree.CountOf,
    tree.ShareMet,
    tree.ShareBecome,
    tree.ShareOfTime,
    tree.TimeWhile,
    tree.Statistic,
)
Dimension = Literal["number", "share", "time", "plain"]


@frozen
class TargetValue:
    """The right side of the bound: its value, the clock it is counted on where it is one of time, its unit."""

    value: Fraction
    dimension: Dimension
    unit: str = ""
    unit_ticks: int = 1
    clock: str = "exact"
    calendar: int | None = None
    currency: str = ""


_STATISTICS = frozenset(["min", "max", "average", "median", "total", "count"])  # of English; the advice is translated


class Measures:
    """The measures of one objective."""

    def __init__(self, context: Context, x: Expressions, targets: Targets) -> None:
        self.context = context
        self.findings = context.findings
        self.x = x
        self.targets = targets

    def bounded(self, e: tree.Expression, target: TargetValue | None, place: Span) -> Measure | None:
        """The measure of a bound, which goes with its target; `place` is that of the target."""
        found = self.measure(e, target)
        if found is None:
            return None
        measure, dimension = found
        if isinstance(measure, Number):
            message = f"`{self.x.text(e.span)}` is the same in every window; nothing is measured"
            self.findings.add("SLA0502", message, e.span)
            return None
        if target is None:
            return measure
        if (dimension == "time") != (target.dimension == "time"):
            is_time = dimension == "time"
            what = "a time" if is_time else "a share" if dimension == "share" else "a number"
            message = f"`{self.x.text(e.span)}` is {what}, and its target is {'none' if is_time else 'a time'}"
            help = "write the target as a duration, e.g. `4 business hours`"
            if not is_time:
                help = "write the number without a unit; the time that a promise takes is `… time of LABEL`"
            if dimension == "share":
                help = "write the target as a share, e.g. `95%`"
            self.findings.add("SLA0501", message, place, help=help)
            return None
        if dimension == "number" and (target.dimension == "share" or target.currency):
            what = f"money in {target.currency}" if target.currency else "a share"
            message = f"`{self.x.text(e.span)}` is a number, and its target is {what}"
            help = "" if target.currency else "of two counts, write `count of … / count of … >= 50%`"
            self.findings.add("SLA0501", message, place, help=help)
            return None
        return measure

    def measure(self, e: tree.Expression, target: TargetValue | None) -> tuple[Measure, Dimension] | None:
        """A measure and what it is counted in; None where a complaint has been made."""
        x = self.x
        match e:
            case tree.CountOf():
                return self._count(e)
            case tree.ShareMet():
                group = group_named(self.context, e.label)
                return (ShareMet(group, span=e.span), "share") if group is not None else None
            case tree.ShareBecome():
                return self._share_become(e)
            case tree.ShareOfTime():
                state = x.state(e.state, "share of time while")
                return (ShareTime(state, span=e.span), "share") if state.kind != ERROR else None
            case tree.TimeWhile():
                state = x.state(e.state, "time while")
                if state.kind == ERROR:
                    return None
                clock, calendar = (target.clock, target.calendar) if target else ("exact", None)
                return TimeWhile(state, clock, calendar, span=e.span), "time"
            case tree.Statistic():
                return self._statistic(e, target)
            case tree.Arithmetic():
                return self._combined(e, target)
            case tree.Negative():
                inner = self.measure(e.operand, target)
                if inner is None:
                    return None
                zero = Number(Fraction(0), span=e.span)
                return Combined("-", zero, inner[0], span=e.span), inner[1]
        return self._number(e)

    def _number(self, e: tree.Expression) -> tuple[Measure, Dimension] | None:
        if isinstance(e, tree.TimeOf):
            message = f"`{self.x.text(e.span)}` is many times; say which of them is meant"
            help = f"e.g. `p95 of {self.x.text(e.span)}` or `average of {self.x.text(e.span)}`"
            self.findings.add("SLA0502", message, e.span, help=help)
            return None
        value = self.x.value(e)
        if isinstance(value, Lit) and (is_numeric(value.kind) or value.kind == DURATION):
            time = value.kind == DURATION
            return Number(Fraction(number_of(value)), span=e.span), "time" if time else "plain"
        if value.kind != ERROR:
            message = f"`{self.x.text(e.span)}` is a value of single cases, and a measure of many is needed"
            help = "e.g. `average of …`, `total of …`, `count of …`, `share of …`"
            if isinstance(e, tree.Name) and len(e.words) > 1 and e.words[0].key in _STATISTICS:
                help = f"write `{e.words[0].text} of {text_of(e.words[1:])}`"
            self.findings.add("SLA0502", message, e.span, help=help)
        return None

    def _count(self, e: tree.CountOf) -> tuple[Measure, Dimension] | None:
        if e.last is not None:
            message = (
                f"`in last {e.last.written}` looks back within one case; the window of an objective stands after `per`"
            )
            self.findings.add("SLA0503", message, e.last.span)
            return None
        occurrence = occurrence_of(self.x, e.what, "count", cases=True)
        return (CountMeasure(occurrence, span=e.span), "number") if occurrence is not None else None

    def _share_become(self, e: tree.ShareBecome) -> tuple[Measure, Dimension] | None:
        of = occurrence_of(self.x, e.what, "count", cases=True)
        becomes = occurrence_of(self.x, e.become, "count")
        within: Target | None = None
        if e.within is not None:
            within = self.targets.amount(e.within)
            if within is None:
                return None
        if of is None or becomes is None:
            return None
        return ShareBecome(of, becomes, within, span=e.span), "share"

    def _statistic(self, e: tree.Statistic, target: TargetValue | None) -> tuple[Measure, Dimension] | None:
        function = _FUNCTIONS[e.kind]
        rank = e.percentile or 0
        if function == "p":
            function = f"p{rank}"
            if not 1 <= rank <= 99:
                self.findings.add("SLA0213", f"`p{rank}` is no percentile from p1 to p99", e.span)
                return None
        if isinstance(e.of, tree.TimeOf):
            group = group_named(self.context, e.of.label)
            if e.at is not None:
                message = "the time of a clause ends with its cycle; `at` says nothing here"
                self.findings.add("SLA0503", message, e.at.span)
                return None
            if group is None:
                return None
            clock, calendar = (target.clock, target.calendar) if target else ("exact", None)
            return TimeStatistic(function, group, rank, clock, calendar, span=e.span), "time"
        attribute = attribute_named(
            self.x, e.of, f"`{e.kind if e.kind != 'percentile' else function} of` takes a column"
        )
        at = occurrence_of(self.x, e.at, "count") if e.at is not None else None
        if attribute is None or (e.at is not None and at is None):
            return None
        self.context.note_kind(attribute, NUMBER)
        if attribute in self.context.instants:
            message = f"`{self.x.text(e.of.span)}` is {INSTANT}, and a number is needed"
            self.findings.add("SLA0201", message, e.of.span)
            return None
        return Statistic(function, attribute, at, rank, span=e.span), "plain"

    def _combined(self, e: tree.Arithmetic, target: TargetValue | None) -> tuple[Measure, Dimension] | None:
        if not any(isinstance(node, _MEASURES) for node in tree.walk(e)):
            return self._number(e)  # constants only, computed here
        left, right = self.measure(e.left, target), self.measure(e.right, target)
        if left is None or right is None:
            return None
        (a, a_is), (b, b_is) = left, right
        times = (a_is == "time") + (b_is == "time")
        problem = ""
        if e.sign in "+-" and times == 1:
            problem = "a time and a number do not mix"
        elif e.sign == "*" and times == 2:
            problem = "two times cannot be multiplied"
        elif e.sign == "/" and b_is == "time" and a_is != "time":
            problem = "a number cannot be divided by a time"
        elif e.sign == "/" and isinstance(b, Number) and not b.value:
            self.findings.add("SLA0208", f"`{self.x.text(e.span)}` divides by zero", e.span)
            return None
        if problem:
            self.findings.add("SLA0501", f"`{self.x.text(e.span)}`: {problem}", e.span)
            return None
        if e.sign in "+-":
            dimension: Dimension = a_is if a_is == b_is else "time" if times else "plain"
        elif e.sign == "*":
            dimension = "time" if times else "plain"
        else:
            dimension = "time" if times == 1 else "plain"
        return Combined(e.sign, a, b, span=e.span), dimension


def number_of(lit: Lit) -> int | Fraction:
    """The number that a literal of a numeric kind or a duration holds."""
    assert isinstance(lit.value, (int, Fraction))
    return lit.value


def parts_of(measure: Measure) -> list[Measure]:
    """A measure and all that it is combined of."""
    found, waiting = [], [measure]
    while waiting:
        here = waiting.pop()
        found.append(here)
        if isinstance(here, Combined):
            waiting += [here.left, here.right]
    return found
