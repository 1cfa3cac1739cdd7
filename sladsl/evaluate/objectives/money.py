"""What is owed: credits by tier, penalties by miss, and their caps.

Takes:  the rows of objectives, and the penalties of clauses summed by period.
Gives:  `owed_for` an objective's window, `Cap`s, `capped` consequences, `payments`.
Never:  owes anything for what is undecided or not judged, or rounds before it is paid.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from attrs import evolve, frozen

from sladsl.clock import Windows, WindowSpec
from sladsl.evaluate.objectives.currencies import paid
from sladsl.evaluate.objectives.outcome import MET, MISSED, NOT_JUDGED, Consequence, ObjectiveRow, Payment
from sladsl.ir.objective import Credit, CreditTier, Objective, ObjectivePenalty
from sladsl.ir.plan import Penalty, Plan
from sladsl.text import fold

Range = tuple[Fraction, Fraction | None]  # owed for sure, and at most (None: no bound)
NOTHING = Fraction(0)


def exact(text: str) -> Fraction:
    """The exact number in a text of the IR: `200`, `0.50`, `3/20`, `15%`."""
    text = text.replace("_", "").strip()
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


@frozen
class Cap:
    """At most so much in each period."""

    amount: Fraction
    currency: str
    periods: Windows


def periods_of(plan: Plan, unit: str = "") -> Windows:
    """The periods in which a cap counts: those that it names, else those of the agreement's own cap, else months."""
    agreed = plan.credit_cap[3] if plan.credit_cap is not None else ""
    return Windows(WindowSpec(unit or agreed or "month"), plan.zone)


def agreement_cap(plan: Plan) -> Cap | None:
    """`credits at most 15% of monthly fee per month`."""
    if plan.credit_cap is None:
        return None
    share, amount, currency, _ = plan.credit_cap
    return Cap(exact(share or "1") * exact(amount), currency, periods_of(plan))


def penalty_cap(penalty: Penalty | ObjectivePenalty) -> Fraction | None:
    """The most that a penalty comes to in a period, None without a bound."""
    if penalty.cap_share:
        return exact(penalty.cap_share) * exact(penalty.cap_of_amount or "0")
    return exact(penalty.cap_amount) if penalty.cap_amount else None


# --- credits ---------------------------------------------------------------------------------------------------------


def credit_share(credit: Credit, value: Fraction, less: bool = False) -> Fraction:
    """The share of the fee for a value, or with `less` for one just below it: the lowest row that holds, up to the cap."""
    held = [tier for tier in credit.tiers if _holds(tier, value, less)]
    if not held:
        return NOTHING
    tier = min(held, key=lambda tier: tier.bound if tier.below else -tier.bound)
    return tier.share if credit.cap_share is None else min(tier.share, credit.cap_share)


def _holds(tier: CreditTier, value: Fraction, less: bool) -> bool:
    if tier.below:
        return value <= tier.bound if less else value < tier.bound
    return value > tier.bound


def credit_range(credit: Credit, low: Fraction | None, high: Fraction | None) -> tuple[Fraction, Fraction]:
    """The least and the greatest share of the fee for all values from low to high (None: without a bound)."""
    bounds = sorted(tier.bound for tier in credit.tiers) or [NOTHING]
    least = bounds[0] - 1 if low is None else low
    most = bounds[-1] + 1 if high is None else high
    inner = [bound for bound in bounds if least <= bound <= most]
    shares = [credit_share(credit, value) for value in (least, *inner, most)]
    shares += [credit_share(credit, bound, less=True) for bound in (*inner, most) if bound > least]
    return min(shares), max(shares)


# --- objectives ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def customer_word(language: str) -> str:
    """The attribute that names a customer: the word that heads a customer's block in the policy's language.

    >>> customer_word("en"), customer_word("es")
    ('customer', 'cliente')
    """
    from sladsl.syntax.keywords import languages, read_table  # only where money is owed

    words = read_table(language if language in languages() else "en")["keywords"]["CUSTOMER"]["words"]
    return fold(words if isinstance(words, str) else words[0])


def customer_of(level: str, group: Iterable[tuple[str, str]], word: str = "customer") -> str:
    """Whom a level (`customer ACME, service hosting`) or `by customer` names, else "".

    >>> customer_of("customer ACME, service hosting", ()), customer_of("corporate", [("customer", "Globex")])
    ('ACME', 'Globex')
    """
    for name, value in group:
        if fold(name) in (word, "customer"):
            return value
    if not level.startswith("customer "):
        return ""
    return level.removeprefix("customer ").partition(", service ")[0]


def owed_for(objective: Objective, row: ObjectiveRow, bounded: bool, language: str = "en") -> list[Consequence]:
    """The credits and penalties of one window, before the caps of a period.

    Args:
        language: that of the policy, whose word for a customer an attribute may be.
        bounded: low and high bound the value although the window has not ended.
    """
    found: list[Consequence] = []
    if row.status == NOT_JUDGED:
        return found
    decided = row.ended and row.status in (MET, MISSED)
    low, high = (row.low, row.high) if row.ended or bounded else (None, None)

    def put(kind: str, amount: Fraction, most: Fraction, currency: str, written: str, cut: bool = False) -> None:
        if most:
            found.append(
                Consequence(
                    kind,
                    row.objective,
                    None,
                    row.label,
                    row.level,
                    customer_of(row.level, row.group, customer_word(language)),
                    row.window,
                    row.end_us,
                    row.group,
                    1 if amount else 0,
                    amount,
                    most,
                    currency,
                    cut,
                    written,
                )
            )

    for credit in objective.credits:
        fee = exact(credit.amount)
        least, most = credit_range(credit, low, high)
        cut = decided and least < credit_range(evolve(credit, cap_share=None), low, high)[0]
        put("credit", fee * least if decided else NOTHING, fee * most, credit.currency, credit.written, cut)
    for penalty in objective.penalties:
        amount = exact(penalty.amount)
        most = NOTHING if row.status == MET else amount  # what is certain before the window's end is not owed before it
        put("penalty", most if decided else NOTHING, most, penalty.currency, penalty.written)
    return found


# --- caps and payments -----------------------------------------------------------------------------------------------


def capped(consequences: Iterable[Consequence], cap: Fraction, periods: Windows) -> list[Consequence]:
    """At most `cap` in each period and for each customer, used up in the order given."""
    used: dict[tuple[str, int], Fraction] = {}
    found = []
    for owed in consequences:
        key = owed.customer, periods.index(owed.end_us - 1)
        spent = used.get(key, NOTHING)
        amount = min(owed.amount, cap - spent)
        most = cap - spent if owed.most is None else min(owed.most, cap - spent)
        used[key] = spent + amount
        found.append(evolve(owed, amount=amount, most=most, capped=owed.capped or amount < owed.amount))
    return found


def with_agreement_cap(consequences: Sequence[Consequence], cap: Cap | None) -> list[Consequence]:
    """The agreement's cap on all credits in its currency; the others as they are. The order stays."""
    if cap is None:
        return list(consequences)
    places = [i for i, owed in enumerate(consequences) if owed.kind == "credit" and owed.currency == cap.currency]
    found = list(consequences)
    for place, owed in zip(places, capped([consequences[i] for i in places], cap.amount, cap.periods), strict=True):
        found[place] = owed
    return found


def all_capped(plan: Plan, consequences: Sequence[Consequence]) -> list[Consequence]:
    """All consequences in order of their windows' ends, objectives before clauses, after the caps of objectives and of the agreement."""
    found = list(consequences)
    for index, objective in enumerate(plan.objectives):
        for penalty in objective.penalties:
            cap = penalty_cap(penalty)
            if cap is None:
                continue
            places = [
                i
                for i, owed in enumerate(found)
                if owed.kind == "penalty" and owed.objective == index and owed.written == penalty.written
            ]
            periods = periods_of(plan, penalty.cap_per)
            for i, owed in zip(places, capped([found[i] for i in places], cap, periods), strict=True):
                found[i] = owed
    found.sort(key=in_order)
    return with_agreement_cap(found, agreement_cap(plan))


def in_order(owed: Consequence) -> tuple[object, ...]:
    """Where a consequence stands among others: the order in which caps are used up."""
    return owed.end_us, owed.objective is None, owed.objective or 0, owed.clause or 0, owed.group


def payments(consequences: Iterable[Consequence], cap: Cap | None = None) -> list[Payment]:
    """What each customer is owed in each currency: exact amounts summed, then rounded once.

    Args:
        cap: the agreement's on credits: what may be owed in the end keeps to it as well.
    """
    sums: dict[tuple[str, str], Range] = {}
    used: dict[tuple[str, int], Fraction] = {}  # of the cap, by customer and period, if all comes to its most
    for owed in consequences:
        key = owed.customer, owed.currency
        amount, most = sums.get(key, (NOTHING, NOTHING))
        more = owed.most
        if cap is not None and more is not None and owed.kind == "credit" and owed.currency == cap.currency:
            purse = owed.customer, cap.periods.index(owed.end_us - 1)
            spent = used.get(purse, NOTHING)
            used[purse] = min(cap.amount, spent + more)
            more = used[purse] - spent
        sums[key] = amount + owed.amount, None if most is None or more is None else most + more
    return [
        Payment(customer, currency, amount, most, paid(amount, currency))
        for (customer, currency), (amount, most) in sorted(sums.items(), key=lambda item: item[0])
    ]
