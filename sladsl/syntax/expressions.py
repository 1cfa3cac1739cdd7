"""From the parser's rules to tree nodes: one method a rule of grammar/sladsl.lark.

Takes:  the lexemes and nodes that a rule matched.
Gives:  a node of the tree (or a small tuple, where several rules share one node).
Never:  looks at declared names; raises anything but Mistake.

A rule's optional parts come as None, in their places; rules whose name begins with `_` have no method: their parts
come among those of the rule that uses them.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from attrs import evolve

from sladsl.syntax import mistakes, text_mistakes, tree, value_mistakes
from sladsl.syntax.keywords import Keywords
from sladsl.syntax.literals import Literals
from sladsl.syntax.mistakes import Mistake
from sladsl.syntax.tree import Node
from sladsl.text import Span, fold

Part: TypeAlias = Any
"""A lexeme (type, value, start_pos, end_pos), a node, or None."""

_SIGNS = {
    "EQUAL": "=",
    "NOT_EQUAL": "!=",
    "LESS": "<",
    "AT_MOST_SIGN": "<=",
    "MORE": ">",
    "AT_LEAST_SIGN": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
}
_LONGEST_SUM = 60
_NAME_WITH_IN = re.compile(r"\(?([^\W\d][\w'’-]*)\s+([^\W\d]+)\s+([^\W\d][\w'’-]*)\s*[=<>!]")


def start_of(part: Part) -> int:
    """The offset at which a lexeme or node begins."""
    return part.span.start if isinstance(part, Node) else part.start_pos


class Expressions(Literals):
    """The rules of expressions."""

    def __init__(self) -> None:
        super().__init__()
        # the nodes of this statement that stood in brackets, and the comparisons in a row that nobody has cut yet
        self.bracketed: set[int] = set()
        self.chains: dict[int, Span] = {}

    def begin(self, source: str, text: str, keywords: Keywords) -> None:
        """Make ready for one statement."""
        self.source, self.text, self.keywords = source, text, keywords
        self.bracketed.clear()
        self.chains.clear()
        self._kept.clear()

    def expr(self, parts: list[Part]) -> Node:
        return tree.Or(tuple(parts[::2]), span=self.around(parts))

    def conjunction(self, parts: list[Part]) -> Node:
        return tree.And(tuple(parts[::2]), span=self.around(parts))

    def negated(self, parts: list[Part]) -> Node:
        return tree.Not(parts[1], span=self.around(parts))

    def negative(self, parts: list[Part]) -> Node:
        return tree.Negative(parts[1], span=self.around(parts))

    def added(self, parts: list[Part]) -> Node:
        if len(parts) > 2 * _LONGEST_SUM:
            raise Mistake(text_mistakes.too_nested(self.around(parts)))
        left = parts[0]
        for sign, right in zip(parts[1::2], parts[2::2], strict=True):
            left = tree.Arithmetic(_SIGNS[sign.type], left, right, span=self.around((left, right)))  # type: ignore[arg-type]
        return left  # type: ignore[no-any-return]

    multiplied = added

    def comparison(self, parts: list[Part]) -> Node:
        left, rest, steps = parts[0], iter(parts[1:]), 0
        for sign in rest:
            steps += 1
            if steps > 2:
                raise self._chained(self.around(parts))
            left = self._compared(left, sign, rest)
        if steps > 1:
            self.chains[id(left)] = left.span
        return left  # type: ignore[no-any-return]

    def _compared(self, left: Node, sign: Part, rest: Any) -> Node:
        kind = sign.type
        if kind in ("IS_KNOWN", "IS_MISSING"):
            return tree.Known(left, kind == "IS_MISSING", span=self.around((left, sign)))  # type: ignore[arg-type]
        right = next(rest)
        span = self.around((left, right))
        if isinstance(left, tree.PartOf) and left.part == "weekday":
            right = self._weekdays(right)
        if kind in ("IN", "NOT_IN"):
            if id(right) in self.bracketed and isinstance(right, _LISTED_ALONE):
                right = tree.ListOf((right,), span=right.span)
            return tree.In(left, right, kind == "NOT_IN", span=span)  # type: ignore[arg-type]
        if kind in _SIGNS:
            return tree.Compare(_SIGNS[kind], left, right, span=span)  # type: ignore[arg-type]
        return tree.TextTest(kind.lower().replace("_", " "), left, right, span=span)  # type: ignore[arg-type]

    def _chained(self, span: Span) -> Mistake:
        """The complaint about two comparisons, the first of which may be a name with a reserved word in it."""
        match = _NAME_WITH_IN.match(self.text, span.start, span.end)
        between = match and fold(match[2]) in self.keywords.reserved
        return Mistake(mistakes.chained(span, f"{match[1]} {match[2]} {match[3]}" if match and between else ""))

    def _weekdays(self, value: Node) -> Node:
        """Texts that a weekday is compared with, as the language gives weekdays: `mon`, however they are written."""
        told: Node = value
        if isinstance(value, tree.ListOf):
            told = tree.ListOf(tuple(map(self._weekdays, value.items)), span=value.span)  # type: ignore[arg-type]
        elif isinstance(value, tree.Text) and fold(value.value) in self.keywords.weekdays:
            told = tree.Text(self.keywords.weekday_names[self.keywords.weekdays[fold(value.value)]], span=value.span)
        if id(value) in self.bracketed:
            self.bracketed.add(id(told))
            self._kept.append(told)
        return told

    def value_range(self, parts: list[Part]) -> Node:
        return tree.Range(parts[0], parts[2], span=self.around(parts))

    def bracket(self, parts: list[Part]) -> Node:
        opening, *items, _ = parts
        span = self.around(parts)
        if len(items) == 1 and opening.value == "(":
            inner: Node = evolve(items[0], span=span)
            if id(items[0]) in self.chains:
                raise self._chained(items[0].span)
            if isinstance(inner, tree.Range):
                inner = tree.ListOf((inner,), span=span)
            self.bracketed.add(id(inner))
            self._kept.append(inner)
            return inner
        return tree.ListOf(tuple(items), span=span)

    def event_field(self, parts: list[Part]) -> Node:
        return tree.EventField(parts[1], span=self.around(parts))

    def during(self, parts: list[Part]) -> Node:
        return tree.During(parts[1], span=self.around(parts))

    def operand(self, parts: list[Part]) -> Node:
        return parts[0]  # type: ignore[no-any-return]

    # --- the history of a case, and measures -------------------------------------------------------------------------

    def count_of(self, parts: list[Part]) -> Node:
        keyword, what, _, last = parts
        return tree.CountOf(what, self.duration(last), span=self.around((keyword, last or what)))

    def distinct_of(self, parts: list[Part]) -> Node:
        keyword, field, _, what, _, last = parts
        return tree.DistinctOf(field, what, self.duration(last), span=self.around((keyword, last or what)))

    def sum_of(self, parts: list[Part]) -> Node:
        keyword, field, _, at, _, last = parts
        return tree.SumOf(field, at, self.duration(last), span=self.around((keyword, last or at)))

    def time_of_event(self, parts: list[Part]) -> Node:
        which = "first" if parts[0].type == "FIRST_TIME_OF" else "last"
        return tree.TimeOfEvent(which, parts[1], span=self.around(parts))  # type: ignore[arg-type]

    def time_since(self, parts: list[Part]) -> Node:
        return tree.TimeSince(parts[1], span=self.around(parts))

    def part_of(self, parts: list[Part]) -> Node:
        part = parts[0].type.removesuffix("_OF").lower()
        return tree.PartOf(part, parts[1], span=self.around(parts))

    def share_met(self, parts: list[Part]) -> Node:
        return tree.ShareMet(self._label(parts[1]), span=self.around(parts))

    def share_become(self, parts: list[Part]) -> Node:
        return tree.ShareBecome(parts[1], parts[3], self.duration(parts[5]), span=self.around(parts))

    def statistic(self, parts: list[Part]) -> Node:
        keyword, of, _, at = parts
        percentile = None
        kind = keyword.type.removesuffix("_OF").lower()
        if kind == "percentile":
            percentile = int("".join(filter(str.isdigit, keyword.value.split()[0])))
            if percentile == 0:
                raise Mistake(
                    value_mistakes.impossible(self.around((keyword,)), "p0", "percentile", "`p1` is the lowest")
                )
        return tree.Statistic(kind, of, at, percentile, span=self.around((keyword, at or of)))

    def time_of(self, parts: list[Part]) -> Node:
        return tree.TimeOf(parts[1], span=self.around(parts))

    def share_of_time(self, parts: list[Part]) -> Node:
        return tree.ShareOfTime(parts[1], span=self.around(parts))

    def time_while(self, parts: list[Part]) -> Node:
        return tree.TimeWhile(parts[1], span=self.around(parts))

    def _label(self, what: Node) -> tree.Name:
        if isinstance(what, tree.Name):
            return what
        raise Mistake(
            mistakes.no_phrase(what.span, f"`{self.clipped(what)}` is no label", "name a clause by its label")
        )

    # --- cutting off the target of an objective ----------------------------------------------------------------------

    def cut_target(self, expression: Node) -> tuple[Node, str, Node] | None:
        """Measure, sign and target: the last comparison of an expression is cut off; None where there is none.

        `status = "up" >= 99%` gives `status = "up"`; `a and b >= 99%` gives `a and b`: the last comparison before `per`
        is the target, however little it binds.
        """
        path: list[Node] = []
        here = expression
        while id(here) not in self.bracketed:
            if isinstance(here, tree.Compare):
                self.chains.pop(id(here), None)
                return self._rebuilt(path, here.left), here.sign, here.right
            if isinstance(here, tree.And | tree.Or):
                path.append(here)
                here = here.operands[-1]
            elif isinstance(here, tree.Not):
                path.append(here)
                here = here.operand
            elif isinstance(here, tree.ShareOfTime | tree.TimeWhile):
                path.append(here)
                here = here.state
            else:
                break
        return None

    def _rebuilt(self, path: list[Node], inner: Node) -> Node:
        for node in reversed(path):
            span = Span(node.span.source, node.span.start, inner.span.end)
            if isinstance(node, tree.And | tree.Or):
                inner = evolve(node, operands=(*node.operands[:-1], inner), span=span)  # type: ignore[arg-type]
            elif isinstance(node, tree.Not):
                inner = tree.Not(inner, span=span)  # type: ignore[arg-type]
            else:
                inner = evolve(node, state=inner, span=span)  # type: ignore[call-arg]
        return inner

    def check_chains(self) -> None:
        """Raise Mistake where two comparisons in a row are left."""
        for span in self.chains.values():
            raise self._chained(span)


_LISTED_ALONE = (
    tree.Text,
    tree.Number,
    tree.Share,
    tree.Money,
    tree.Duration,
    tree.Instant,
    tree.Date,
    tree.TimeOfDay,
    tree.Truth,
)
