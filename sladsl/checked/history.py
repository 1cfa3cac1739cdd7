"""The functions of section 9: the history of one case, and the parts of instants.

Takes:  their nodes in the tree.
Gives:  typed.History, typed.InstantPart.
Never:  looks back further than the author says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sladsl.checked.happenings import occurrence_of
from sladsl.checked.kinds import DATE, DURATION, ERROR, INSTANT, NUMBER, PARTS, TEXT, Kind, is_money
from sladsl.checked.scopes import DefinitionEntry
from sladsl.checked.slips import holds_operator
from sladsl.checked.typed import Arithmetic, Expr, History, InstantPart, Lit, Now, Wrong
from sladsl.checked.values import amount_of, instant_us
from sladsl.clock import Amount, ClockKind
from sladsl.syntax import tree
from sladsl.text import fold

if TYPE_CHECKING:
    from sladsl.checked.expressions import Expressions


def history_value(x: Expressions, e: tree.Expression, want: Kind | None = None) -> Expr:
    """The value of a function of history; a sum is of money where money is wanted."""
    match e:
        case tree.CountOf():
            return _history(x, e, "count", e.what, window=e.last)
        case tree.DistinctOf():
            return _history(x, e, "distinct", e.what, fold(e.field.text), e.last)
        case tree.SumOf():
            attribute = attribute_named(x, e.field, "`sum of` takes a column")
            if attribute is None:
                return Wrong(span=e.span)
            kind = want if want is not None and is_money(want) else NUMBER
            return _history(x, e, "sum", e.at, attribute, e.last, kind)
        case tree.TimeOfEvent():
            return _history(x, e, e.which, e.what)
        case tree.TimeSince():
            return _time_since(x, e)
        case tree.PartOf():
            return _part(x, e)
    raise AssertionError(f"no function of history: {type(e).__name__}")


def attribute_named(x: Expressions, e: tree.Expression, what: str) -> str | None:
    """The attribute that a name means, where only a column of the log will do; None where a complaint has been made."""
    if isinstance(e, tree.Name):
        entry = x.scope.named(e.key)
        if entry is None:
            return None if holds_operator(x.context, e.words) else e.key
        if isinstance(entry, DefinitionEntry) and isinstance(entry.value, tree.Name) and entry.kind is None:
            x.context.use(entry, e.span)
            return entry.value.key  # another name for a column
        labels = ((entry.span, "declared here"),)
        x.findings.add("SLA0105", f"{what}, and `{e.text}` is declared as something else", e.span, labels=labels)
        return None
    x.findings.add("SLA0105", f"{what}, not `{x.text(e.span)}`", e.span)
    return None


def _history(
    x: Expressions,
    e: tree.Expression,
    function: str,
    what: tree.Expression,
    attribute: str = "",
    window: tree.Duration | None = None,
    number: Kind = NUMBER,
) -> Expr:
    occurrence = occurrence_of(x, what, "count")
    amount = _window(x, window) if window else None
    if occurrence is None or (window is not None and amount is None):
        return Wrong(span=e.span)
    kind = {"first": INSTANT, "last": INSTANT, "since": DURATION}.get(function, number)
    if attribute:
        x.context.note_kind(attribute, NUMBER if function == "sum" else TEXT)
    return History(function, occurrence, attribute, amount, kind, span=e.span)


def _window(x: Expressions, duration: tree.Duration) -> Amount | None:
    amount = amount_of(duration, x.findings)
    if amount is None or amount.kind is ClockKind.EXACT:
        return amount
    message = f"a history looks back in exact time, and `{duration.written}` is {amount.kind.value}"
    x.findings.add("SLA0201", message, duration.span, help="write it in hours or days, e.g. `14 days`")
    return None


def _time_since(x: Expressions, e: tree.TimeSince) -> Expr:
    """`time since handoff` looks back to what happened; `time since promised_at` counts from an instant."""
    what = e.what
    instant = x.kind_of(what) == INSTANT
    if not instant:
        return _history(x, e, "since", what)
    since = x.value(what, INSTANT)
    if since.kind == ERROR:
        return Wrong(span=e.span)
    return Arithmetic("-", Now(span=e.span), since, DURATION, span=e.span)


def _part(x: Expressions, e: tree.PartOf) -> Expr:
    kind = x.kind_of(e.instant)
    if kind not in (None, INSTANT, DATE, ERROR):
        message = f"`{x.text(e.instant.span)}` is {kind}; `{e.part} of` takes an instant"
        x.findings.add("SLA0201", message, e.instant.span)
        return Wrong(span=e.span)
    instant = x.value(e.instant, INSTANT)
    if instant.kind == ERROR:
        return Wrong(span=e.span)
    if isinstance(instant, Lit) and isinstance(e.instant, tree.Date):
        instant = Lit(instant_us(e.instant, x.context.zone), INSTANT, span=instant.span)
    return InstantPart(e.part, instant, PARTS[e.part], span=e.span)
