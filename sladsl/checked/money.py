"""Money: penalties, credits and caps, exact (section 8).

Takes:  consequences of the tree.
Gives:  Penalty, Credit, Cap, BurnAlert with amounts as exact decimals.
Never:  mixes currencies or rounds.
"""

from __future__ import annotations

from fractions import Fraction

from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.kinds import is_money
from sladsl.checked.program import BurnAlert, Cap, Credit, Penalty, Tier
from sladsl.checked.scopes import Scope
from sladsl.checked.slips import tell_of_thousands
from sladsl.checked.targets import Targets
from sladsl.checked.typed import Lit
from sladsl.checked.values import MOST_COUNT, amount_of, decimal_text, exact, share_of
from sladsl.clock import ClockKind
from sladsl.syntax import tree
from sladsl.text import Span


def amount_text(context: Context, value: int | Fraction, span: Span) -> str | None:
    """An amount of money as an exact decimal; None after a complaint."""
    text = decimal_text(value)
    if text is None or text.startswith("-") or len(text) > 30:
        message = f"`{context.text(span)}` is no exact amount of money"
        context.findings.add("SLA0506", message, span, help="amounts are decimals that end, and not below zero")
        return None
    return text


def named_amount(context: Context, scope: Scope, e: tree.Expression) -> Lit | None:
    """The amount that a constant stands for (`monthly fee`); None after a complaint."""
    lit = Expressions(context, scope).constant(e)
    if lit is None:
        return None
    if not is_money(lit.kind):
        message = f"`{context.text(e.span)}` is {lit.kind}, and an amount of money is needed"
        context.findings.add("SLA0201", message, e.span, help="declare it with its currency: `monthly fee = 1_000 EUR`")
        return None
    return lit


def cap_of(context: Context, scope: Scope, cap: tree.Cap, currency: str) -> Cap | None:
    """A cap; `currency` is that of what it bounds, "" where that is not known."""
    per = cap.per or ""
    if isinstance(cap.amount, tree.Money):
        tell_of_thousands(context, cap.amount)
        if cap.of is not None:
            message = f"`{context.text(cap.span)}` is an amount; `of` says nothing here"
            context.findings.add("SLA0503", message, cap.of.span)
            return None
        if _other_currency(context, cap.amount.currency, currency, cap.amount.span):
            return None
        text = amount_text(context, exact(cap.amount.value), cap.amount.span)
        return Cap(None, "", text, cap.amount.currency, per, span=cap.span) if text is not None else None
    if cap.of is None:
        message = f"`{context.text(cap.span)}` does not say of what"
        context.findings.add("SLA0508", message, cap.span, help="e.g. `at most 10% of monthly fee`")
        return None
    amount = named_amount(context, scope, cap.of)
    if amount is None or _other_currency(context, amount.kind.currency, currency, cap.of.span):
        return None
    text = amount_text(context, _number(amount), cap.of.span)
    if text is None:
        return None
    return Cap(share_of(cap.amount), context.text(cap.of.span), text, amount.kind.currency, per, span=cap.span)


def penalty_of(context: Context, targets: Targets, penalty: tree.Penalty) -> Penalty | None:
    """A penalty of a clause or an objective."""
    owed = _owed(context, targets.scope, penalty)
    per = targets.amount(penalty.per_started, penalty.calendar) if penalty.per_started else None
    if penalty.calendar is not None and penalty.per_started is None:
        message = f"`in {penalty.calendar.text}` says nothing of a penalty for each miss"
        context.findings.add("SLA0703", message, penalty.calendar.span, help="leave it out")
        return None
    cap = cap_of(context, targets.scope, penalty.cap, owed[1] if owed else "") if penalty.cap else None
    if owed is None or (penalty.per_started and per is None) or (penalty.cap and cap is None):
        return None
    return Penalty(*owed, per, cap, context.text(penalty.span), span=penalty.span)


def _owed(context: Context, scope: Scope, penalty: tree.Penalty) -> tuple[str, str] | None:
    """The amount and currency of a penalty: as written, or a share of a constant."""
    amount = penalty.amount
    if isinstance(amount, tree.Money):
        tell_of_thousands(context, amount)
        if penalty.of is not None:
            message = f"`{context.text(amount.span)}` is an amount; `of` says nothing here"
            context.findings.add("SLA0503", message, penalty.of.span)
            return None
        text = amount_text(context, exact(amount.value), amount.span)
        return (text, amount.currency) if text is not None else None
    if penalty.of is None:
        message = f"`{context.text(amount.span)}` does not say of what"
        help = "e.g. `penalty 1% of monthly fee per miss`, `penalty 200 EUR per miss`"
        context.findings.add("SLA0508", message, amount.span, help=help)
        return None
    fee = named_amount(context, scope, penalty.of)
    if fee is None:
        return None
    text = amount_text(context, share_of(amount) * Fraction(_number(fee)), amount.span)
    return (text, fee.kind.currency) if text is not None else None


def credit_of(context: Context, scope: Scope, credit: tree.Credit, sign: str, target: Fraction) -> Credit | None:
    """A credit under an objective that promises `value sign target`."""
    fee = named_amount(context, scope, credit.of)
    tiers: list[Tier] = []
    whole = True
    for row in credit.tiers:
        tier = _tier(context, scope, row, fee)
        whole = whole and tier is not None
        if tier is not None:
            tiers.append(tier)
    cap = _cap_share(context, scope, credit, fee)
    if fee is None or not whole:
        return None
    text = amount_text(context, _number(fee), credit.of.span)
    if text is None or not _table_is_sound(context, credit, tiers, sign, target):
        return None
    return Credit(
        context.text(credit.of.span),
        text,
        fee.kind.currency,
        tuple(tiers),
        cap,
        context.text(_head(credit)),
        span=credit.span,
    )


def burn_alert(context: Context, alert: tree.Alert) -> BurnAlert | None:
    """An alert under an objective."""
    condition = alert.condition
    written = context.text(alert.span)
    if isinstance(condition, tree.MissedInARow):
        count = exact(condition.windows.value)
        if not isinstance(count, int) or not 1 <= count <= MOST_COUNT:
            message = f"`{context.text(condition.windows.span)}` is no number of windows"
            context.findings.add("SLA0213", message, condition.windows.span)
            return None
        return BurnAlert(None, (), count, written, span=alert.span)
    over = []
    for duration in condition.over:
        amount = amount_of(duration, context.findings)
        if amount is None:
            return None
        if amount.kind is not ClockKind.EXACT or not amount.ticks:
            message = f"a burn rate is read over exact time, and `{duration.written}` is none"
            context.findings.add("SLA0201", message, duration.span, help="e.g. `over 1h and 5 min`")
            return None
        over.append(amount)
    return BurnAlert(Fraction(condition.above.value), tuple(over), 0, written, span=alert.span)


def _head(credit: tree.Credit) -> Span:
    """The first line of a credit."""
    return Span(credit.span.source, credit.span.start, credit.of.span.end)


def _tier(context: Context, scope: Scope, row: tree.Tier, fee: Lit | None) -> Tier | None:
    bound = Expressions(context, scope).constant(row.bound)
    share = _share_of_fee(context, row.amount, fee)
    if bound is None or share is None:
        return None
    if not isinstance(bound.value, (int, Fraction)) or isinstance(bound.value, bool):
        context.findings.add(
            "SLA0201", f"`{context.text(row.bound.span)}` is {bound.kind}, and a bound is a number", row.bound.span
        )
        return None
    return Tier(share, Fraction(bound.value), row.side == "below", span=row.span)


def _share_of_fee(context: Context, amount: tree.Share | tree.Money, fee: Lit | None) -> Fraction | None:
    if isinstance(amount, tree.Share):
        return share_of(amount)
    tell_of_thousands(context, amount)
    if fee is None or _other_currency(context, amount.currency, fee.kind.currency, amount.span):
        return None
    return Fraction(amount.value) / Fraction(_number(fee)) if fee.value else None


def _cap_share(context: Context, scope: Scope, credit: tree.Credit, fee: Lit | None) -> Fraction | None:
    for second in credit.caps[1:]:
        labels = ((credit.caps[0].span, "said here before"),)
        context.findings.add("SLA0307", "the credit has two caps", second.span, labels=labels)
    if not credit.caps:
        return None
    cap = credit.caps[0]
    if cap.per is not None:
        message = "a credit is paid once a window; its cap has no period of its own"
        help = "a cap over several objectives stands in the header: `credits at most 15% of monthly fee per month`"
        context.findings.add("SLA0503", message, cap.span, help=help)
        return None
    share = _share_of_fee(context, cap.amount, fee)
    if share is None or cap.of is None or fee is None:
        return share
    other = named_amount(context, scope, cap.of)
    if other is None or _other_currency(context, other.kind.currency, fee.kind.currency, cap.of.span) or not fee.value:
        return None
    return share * Fraction(_number(other)) / Fraction(_number(fee))


def _table_is_sound(context: Context, credit: tree.Credit, tiers: list[Tier], sign: str, target: Fraction) -> bool:
    """Rows on the side of a miss, no bound twice, and the first row reaching up to the target."""
    if not tiers:
        message = "the credit has no rows: nothing is ever owed"
        context.findings.add("SLA0504", message, credit.span, help="e.g. `10% below 99.9%`")
        return False
    below = sign in (">", ">=")
    wrong = next((tier for tier in tiers if tier.below != below), None)
    if wrong is not None:
        side = "below" if below else "above"
        message = f"a value that misses this objective lies {side} its target, not as `{context.text(wrong.span)}` says"
        context.findings.add("SLA0504", message, wrong.span, help=f"write `{side}`")
        return False
    seen: dict[Fraction, Tier] = {}
    for tier in tiers:
        earlier = seen.setdefault(tier.bound, tier)
        if earlier is not tier:
            message = f"`{context.text(tier.span)}` overlaps `{context.text(earlier.span)}`: they have one bound"
            context.findings.add("SLA0504", message, tier.span, labels=((earlier.span, "the other row"),))
            return False
    widest = max(tiers, key=lambda tier: tier.bound if below else -tier.bound)
    if (widest.bound < target) if below else (widest.bound > target):
        message = f"the credit has a gap: a value between `{context.text(widest.span)}` and the target misses, and no row says what is owed"
        help = "let the first row begin at the target; `0% …` says that nothing is owed"
        context.findings.add("SLA0504", message, widest.span, help=help)
        return False
    if widest.bound != target:
        message = f"`{context.text(widest.span)}` overlaps what is promised: it would pay where the target is met"
        context.findings.add("SLA0504", message, widest.span, help="let the first row begin at the target")
        return False
    return True


def _other_currency(context: Context, one: str, two: str, span: Span) -> bool:
    if not one or not two or one == two:
        return False
    context.findings.add("SLA0202", f"`{context.text(span)}` is money in {one}, and the rest is in {two}", span)
    return True


def _number(lit: Lit) -> int | Fraction:
    assert isinstance(lit.value, (int, Fraction))
    return lit.value
