"""`in`: lists and ranges (sections 3 and 4).

Takes:  `in` of the tree, and the Expressions of its scope.
Gives:  typed.InList, typed.Between.
Never:  holds a list or a range that holds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sladsl.checked import typed
from sladsl.checked.kinds import DATE, DURATION, ERROR, INSTANT, NAME, NUMBER, TEXT, Kind, common, is_ordered
from sladsl.checked.scopes import DefinitionEntry, ListEntry
from sladsl.checked.typed import Lit, Wrong
from sladsl.checked.values import date_of, end_of_date_us, literal_as
from sladsl.syntax import tree
from sladsl.text import Span, fold

if TYPE_CHECKING:
    from sladsl.checked.expressions import Expressions


def membership(x: Expressions, e: tree.In) -> typed.Expr:
    """`in` and `not in`, of a list, a range, or a list that holds ranges."""
    container = e.container
    if isinstance(container, tree.Range):
        return _between(x, e, container)
    if isinstance(container, tree.ListOf):
        ranges = [item for item in container.items if isinstance(item, tree.Range)]
        if ranges:
            return _in_mixed(x, e, container, ranges)
        items = [_constant_item(x, item) for item in container.items]
        return _in_values(x, e, [item for item in items if item is not None], len(items))
    if isinstance(container, tree.Name):
        return _in_named(x, e, container)
    message = f"`in` needs a list or a range, not `{x.text(container.span)}`"
    help = 'write the values in brackets, e.g. `in ("a", "b")`'
    x.findings.add("SLA0105", message, container.span, help=help)
    return Wrong(span=e.span)


def _in_named(x: Expressions, e: tree.In, name: tree.Name) -> typed.Expr:
    entry = x.scope.named(name.key, x.skip)
    if isinstance(entry, ListEntry) or (isinstance(entry, DefinitionEntry) and entry.items is not None):
        x.context.use(entry, name.span)
        if isinstance(entry, ListEntry) and not entry.sound:
            return Wrong(span=e.span)
        items = list(entry.items or ())
        return _in_values(x, e, items, len(items), name.text)
    if isinstance(entry, DefinitionEntry):
        x.context.use(entry, name.span)
        if entry.kind != ERROR:
            message = f"`{name.text}` is no list"
            x.findings.add("SLA0105", message, name.span, labels=((entry.span, "declared here"),))
        return Wrong(span=e.span)
    if name.key in x.context.broken:
        return Wrong(span=e.span)
    if x.scope.parties_by_stems(x.context.words.stems(name.text)):
        message = f"`{name.text}` is a party, and no list"
        x.findings.add("SLA0105", message, name.span, help=f"write `actor in (…)`, or declare `list {name.text} = …`")
        return Wrong(span=e.span)
    near = x.findings.near(name.text, x.scope.list_names())
    shown = fold(name.text).replace(" ", "_")
    help = f"did you mean `{near}`?" if near else f'declare it, `list {shown} = "…"`, or give it: `--list {shown}=a,b`'
    x.findings.add("SLA0102", f"unknown list `{name.text}`", name.span, help=help)
    return Wrong(span=e.span)


def _constant_item(x: Expressions, e: tree.Expression) -> Lit | None:
    value = x.value(e, None)
    if isinstance(value, Lit):
        return value
    if value.kind != ERROR:
        message = f"`{x.text(e.span)}` is not the same for every case; a list holds constants"
        help = f'if it is a text, write `"{x.text(e.span)}"`' if isinstance(e, tree.Name) else ""
        x.findings.add("SLA0210", message, e.span, help=help)
    return None


def _in_values(x: Expressions, e: tree.In, items: list[Lit], written: int, name: str = "") -> typed.Expr:
    own = x.kind_of(e.item)
    if len(items) != written:
        x.value(e.item, None)
        return Wrong(span=e.span)
    if not items:
        x.findings.add("SLA0212", f"the list {f'`{name}` ' if name else ''}is empty", e.container.span)
        return Wrong(span=e.span)
    kind = kind_of_items(x, items, e.container.span)
    if kind is None or own == ERROR:
        x.value(e.item, None)
        return Wrong(span=e.span)
    if own is None:
        kind = INSTANT if kind == DATE else kind
    else:
        shared = common(own, kind)
        if shared is None:
            message = f"`{x.text(e.item.span)}` is {own} and `{x.text(e.container.span)}` holds {plural(kind)}: these do not mix"
            x.findings.add("SLA0201", message, e.span)
            return Wrong(span=e.span)
        kind = shared
    item = x.value(e.item, kind)
    if item.kind == ERROR:
        return Wrong(span=e.span)
    values = tuple(dict.fromkeys(literal_as(lit, kind, x.context.zone) for lit in items))
    return typed.InList(item, values, kind, e.negated, span=e.span)


def _in_mixed(x: Expressions, e: tree.In, container: tree.ListOf, ranges: list[tree.Range]) -> typed.Expr:
    """`in (1..3, 7)`: one of the values, or within one of the ranges."""
    rest = tuple(item for item in container.items if not isinstance(item, tree.Range))
    parts = [membership(x, tree.In(e.item, part, e.negated, span=e.span)) for part in ranges]
    if rest:
        parts.append(membership(x, tree.In(e.item, tree.ListOf(rest, span=container.span), e.negated, span=e.span)))
    if any(part.kind == ERROR for part in parts):
        return Wrong(span=e.span)
    if len(parts) == 1:
        return parts[0]
    joined: typed.Expr = typed.Or(tuple(parts), span=e.span)
    return typed.And(tuple(parts), span=e.span) if e.negated else joined


def _between(x: Expressions, e: tree.In, container: tree.Range) -> typed.Expr:
    own = x.kind_of(e.item)
    low_kind, high_kind = x.kind_of(container.low), x.kind_of(container.high)
    known = [kind for kind in (own, low_kind, high_kind) if kind is not None]
    kind: Kind | None = known[0] if known else NUMBER
    for other in known[1:]:
        kind = common(kind, other) if kind is not None else None
    if kind == DATE and own is None:
        kind = INSTANT
    if kind is None:
        words = " and ".join(dict.fromkeys(str(each) for each in known))
        x.findings.add("SLA0201", f"`{x.text(e.span)}` has {words}: these do not mix", e.span)
        return Wrong(span=e.span)
    item, low = x.value(e.item, kind), x.value(container.low, kind)
    high = x.value(container.high, kind)
    if kind == INSTANT and high_kind == DATE and isinstance(high, Lit):
        last = x.value(container.high, None)  # the date itself: both ends of a range are in
        if isinstance(last, Lit):
            high = Lit(end_of_date_us(date_of(last), x.context.zone), INSTANT, span=high.span)
    if ERROR in (item.kind, low.kind, high.kind):
        return Wrong(span=e.span)
    if not is_ordered(kind):
        x.findings.add("SLA0205", f"a range of {plural(kind)} makes no sense", container.span)
        return Wrong(span=e.span)
    if isinstance(low, Lit) and isinstance(high, Lit) and low.value > high.value:  # type: ignore[operator]
        message = f"the range `{x.text(container.span)}` holds nothing: it begins after its end"
        x.findings.add("SLA0212", message, container.span)
        return Wrong(span=e.span)
    return typed.Between(item, low, high, kind, e.negated, span=e.span)


def kind_of_items(x: Expressions, items: list[Lit], span: Span) -> Kind | None:
    """The one kind of the items of a list; None after a complaint."""
    kind = items[0].kind
    for item in items[1:]:
        shared = common(kind, item.kind)
        if shared is None:
            message = f"a list holds values of one kind; this one has {kind} and {item.kind}"
            x.findings.add("SLA0201", message, span)
            return None
        kind = shared
    return kind


def plural(kind: Kind) -> str:
    """A kind in the plural: `numbers`."""
    words = {NUMBER: "numbers", TEXT: "texts", NAME: "names", INSTANT: "instants", DATE: "dates", DURATION: "durations"}
    return words.get(kind, str(kind))
