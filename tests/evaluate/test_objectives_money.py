"""Credits, penalties, caps and payments, with amounts worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from objective_cases import number, outcome_of

from sladsl.evaluate.objectives import Consequence
from sladsl.evaluate.objectives.currencies import paid
from sladsl.evaluate.objectives.money import credit_range, customer_of
from sladsl.ir.objective import Credit, CreditTier

UP = """
sla "Hosting"
    timezone UTC
{header}monthly fee = 1_000 EUR
up = status = "up"
"""
CREDIT = """
uptime: share of time while up >= 99.9% per month
    credit of monthly fee
        10% below 99.9%
        25% below 99%
        100% below 95%
        at most 50%
"""
REPLY = 'sla "X"\n    timezone UTC\nmonthly fee = 1_000 EUR\nreply: support replies within 1h of opened\n'


def shown(owed: Consequence) -> str:
    """`credit uptime 2026-01 ACME: 100 EUR`; with `… 500` what it may become, `capped` where it was."""
    of = "".join(f" {name}={value}" for name, value in owed.group) + (f" for {owed.customer}" if owed.customer else "")
    most = "" if owed.most == owed.amount else f" … {number(owed.most)}"
    misses = f" x{owed.misses}" if owed.misses > 1 else ""
    return f"{owed.kind} {owed.label} {owed.window}{of}{misses}: {owed.amount}{most} {owed.currency}" + (
        " capped" if owed.capped else ""
    )


def owed_under(policy: str, log: str, as_of: str | None = None) -> list[str]:
    return [shown(owed) for owed in outcome_of(policy, log, as_of).consequences]


def down_for(*hours: tuple[str, str]) -> str:
    """A case that is up from New Year on, but for some stretches."""
    lines = ["01-01 00:00  A  probe  status = up"]
    for a, b in hours:
        lines += [f"{a}  A  probe  status = down", f"{b}  A  probe  status = up"]
    return "\n".join(lines)


def test_the_lowest_row_that_holds_counts_and_below_is_strict() -> None:
    policy = UP.format(header="") + CREDIT
    # January has 744 hours: 99.9% leaves 44 min 38.4 s, 99% leaves 7.44 h, 95% 37.2 h
    log = down_for(("01-10 00:00:00", "01-10 00:44:38.400000"))
    assert owed_under(policy, log, "02-01") == []
    log = down_for(("01-10 00:00:00", "01-10 00:44:38.400001"))
    assert owed_under(policy, log, "02-01") == ["credit uptime 2026-01: 100 EUR"]
    log = down_for(("01-10 00:00", "01-10 07:30"))
    assert owed_under(policy, log, "02-01") == ["credit uptime 2026-01: 250 EUR"]
    log = down_for(("01-10 00:00", "01-12 00:00"))
    assert owed_under(policy, log, "02-01") == ["credit uptime 2026-01: 500 EUR capped"]


def test_nothing_is_owed_for_a_window_under_way_but_its_range_is_told() -> None:
    policy = UP.format(header="") + CREDIT
    # 8 hours of 744 are more than 1%; at best 25%, and all the rest may be down too
    log = down_for(("01-10 00:00", "01-10 08:00"))
    assert owed_under(policy, log, "01-20") == ["credit uptime 2026-01: 0 … 500 EUR"]
    assert owed_under(policy, down_for(), "01-31 23:30") == []  # half an hour cannot miss 99.9%


def test_nothing_is_owed_for_what_is_undecided_or_not_judged() -> None:
    policy = REPLY + "goal: at least 90% of reply met per month\n    credit of monthly fee\n        10% below 90%\n"
    log = "01-05 09:00  A  opened\n01-05 09:30  A  reply\n01-31 23:30  B  opened"
    assert owed_under(policy, log, "02-01") == ["credit goal 2026-01: 0 … 100 EUR"]
    assert owed_under(policy, log, "02-01 01:00") == ["credit goal 2026-01: 100 EUR"]
    assert owed_under(policy + "    at least 3 cases\n", log, "02-01 01:00") == []


def test_of_a_window_that_is_surely_missed_the_least_is_owed() -> None:
    policy = (
        REPLY + "goal: at least 90% of reply met per month\n    credit of monthly fee\n"
        "        10% below 90%\n        30% below 40%\n"
    )
    # one met, one breached, one open: between 1/3 and 2/3
    log = "01-05 09:00  A  opened\n01-05 09:30  A  reply\n01-06 09:00  B  opened\n01-31 23:30  C  opened"
    assert owed_under(policy, log, "02-01") == ["credit goal 2026-01: 100 … 300 EUR"]


def test_a_credit_above() -> None:
    policy = (
        'sla "X"\n    timezone UTC\nfee = 100 EUR\ngoal: count of fault <= 1 per month\n'
        "    credit of fee\n        10% above 1\n        50% above 2\n"
    )
    log = "01-05 09:00  A  fault\n01-06 09:00  A  fault\n02-01 00:00  A  fault\n02-02 00:00  A  fault\n02-03 00:00  A  fault"
    assert owed_under(policy, log, "03-01") == ["credit goal 2026-01: 10 EUR", "credit goal 2026-02: 50 EUR"]


def test_each_customer_is_owed_its_own() -> None:
    policy = UP.format(header="") + CREDIT + "    by customer\n"
    log = """
    01-01 00:00  A  probe  status = up, customer = ACME
    01-01 00:00  B  probe  status = up, customer = Globex
    01-10 00:00  B  probe  status = down
    01-10 02:00  B  probe  status = up
    """
    outcome = outcome_of(policy, log, "02-01")
    assert [shown(owed) for owed in outcome.consequences] == [
        "credit uptime 2026-01 customer=Globex for Globex: 100 EUR"
    ]
    assert [(p.customer, p.currency, p.paid) for p in outcome.payments] == [("Globex", "EUR", "100.00")]


def test_a_level_names_its_customer() -> None:
    policy = (
        UP.format(header="")
        + 'customer "ACME"\n    service "hosting"'
        + CREDIT.replace("\n", "\n        ").rstrip()
        + "\n"
    )
    log = "01-01 00:00  A  probe  status = down, customer = ACME, service = hosting"
    assert owed_under(policy, log, "02-01") == ["credit uptime 2026-01 for ACME: 500 EUR capped"]


def test_the_agreement_caps_its_credits_each_period_for_each_customer() -> None:
    policy = UP.format(header="    credits at most 60% of monthly fee per month\n") + CREDIT + "    by customer\n"
    policy += CREDIT.replace("uptime:", "again:") + "    by customer\n"
    log = """
    01-01 00:00  A  probe  status = down, customer = ACME
    01-01 00:00  B  probe  status = down, customer = Globex
    """
    assert owed_under(policy, log, "02-01") == [
        "credit uptime 2026-01 customer=ACME for ACME: 500 EUR capped",
        "credit uptime 2026-01 customer=Globex for Globex: 500 EUR capped",
        "credit again 2026-01 customer=ACME for ACME: 100 EUR capped",
        "credit again 2026-01 customer=Globex for Globex: 100 EUR capped",
    ]


def test_penalties_per_miss_late_or_breached() -> None:
    policy = REPLY + "    penalty 200 EUR per miss\n"
    log = """
    01-05 09:00  A  opened
    01-05 10:00  A  reply
    01-06 09:00  B  opened
    01-06 11:00  B  reply
    01-31 22:30  C  opened
    02-01 00:30  D  opened
    """
    # B late, C breached at 23:30 and not answered, D open
    assert owed_under(policy, log, "02-01 01:00") == [
        "penalty reply 2026-01 x2: 400 EUR",
        "penalty reply 2026-02: 0 … 200 EUR",
    ]


def test_penalties_are_capped_in_each_period() -> None:
    policy = REPLY + "    penalty 60 EUR per miss, at most 10% of monthly fee\n"
    log = "01-05 09:00  A  opened\n01-06 09:00  B  opened\n02-05 09:00  C  opened"
    assert owed_under(policy, log, "03-01") == [
        "penalty reply 2026-01 x2: 100 EUR capped",
        "penalty reply 2026-02: 60 EUR",
    ]
    weekly = policy.replace("of monthly fee\n", "of monthly fee per week\n")
    assert owed_under(weekly, "01-05 09:00  A  opened\n01-12 09:00  B  opened", "03-01") == [
        "penalty reply 2026-W02: 60 EUR",
        "penalty reply 2026-W03: 60 EUR",
    ]


def test_penalties_per_started_period_late() -> None:
    policy = (
        'sla "X"\n    timezone UTC\ncalendar office\n    mon-fri 09:00-17:00\nbusiness hours = office\n'
        "reply: support replies within 2 business hours of opened\n    penalty 50 EUR per started business hour late\n"
    )
    # due 11:00; one microsecond late starts an hour, 12:00 ends the first, a night counts nothing
    for reply, periods in (("01-05 11:00:00.000001", 1), ("01-05 12:00", 1), ("01-05 12:00:01", 2), ("01-06 09:30", 7)):
        expected = f"penalty reply 2026-01{f' x{periods}' if periods > 1 else ''}: {50 * periods} EUR"
        assert owed_under(policy, f"01-05 09:00  A  opened\n{reply}  A  reply") == [expected]
    # not answered: what had started by as-of is owed, and there is no end to it
    assert owed_under(policy, "01-05 09:00  A  opened", "01-05 13:30") == ["penalty reply 2026-01 x3: 150 … - EUR"]
    assert owed_under(policy, "01-05 09:00  A  opened", "01-05 10:30") == ["penalty reply 2026-01: 0 … - EUR"]


def test_a_forbidden_act_is_a_miss_when_it_is_done() -> None:
    policy = (
        'sla "X"\n    timezone UTC\nquiet: sales must not email within 60 days of opened\n    penalty 5 EUR per miss\n'
    )
    log = "01-05 09:00  A  opened\n01-06 09:00  A  email"
    assert owed_under(policy, log) == ["penalty quiet 2026-01: 5 EUR"]


def test_a_penalty_for_each_window_missed() -> None:
    policy = REPLY + "goal: count of opened <= 1 per day\n    penalty 70 EUR per miss, at most 10% of monthly fee\n"
    log = "\n".join(f"01-0{day} 09:00  A  opened\n01-0{day} 10:00  A  opened" for day in (5, 6)) + "\n01-07 12:00  A  x"
    assert owed_under(policy, log, "01-07 13:00") == [
        "penalty goal 2026-01-05: 70 EUR",
        "penalty goal 2026-01-06: 30 EUR capped",  # and nothing is left for what may still be missed
    ]


def test_amounts_stay_exact_until_they_are_paid() -> None:
    policy = 'sla "X"\n    timezone UTC\nfee = 0.10 EUR\ngoal: count of x <= 0 per day\n    credit of fee\n        5% above 0\n'
    outcome = outcome_of(policy, "\n".join(f"01-0{day} 09:00  A  x" for day in range(1, 4)), "01-04")
    assert [owed.amount for owed in outcome.consequences] == [Fraction(5, 1000)] * 3
    # three times half a cent is a cent and a half, and is rounded once
    assert [(p.amount, p.paid) for p in outcome.payments] == [(Fraction(15, 1000), "0.02")]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Fraction(1, 200), "EUR", "0.01"),
        (Fraction(1, 201), "EUR", "0.00"),
        (Fraction(199, 2), "JPY", "100"),
        (Fraction(12345, 10000), "KWD", "1.235"),
        (Fraction(1_000_000), "USD", "1000000.00"),
    ],
)
def test_payments_are_rounded_half_up_to_the_minor_unit(amount: Fraction, currency: str, text: str) -> None:
    assert paid(amount, currency) == text


def test_the_range_of_a_credit_covers_every_value_between_the_bounds() -> None:
    tiers = (
        CreditTier(Fraction(1, 10), Fraction(99, 100)),
        CreditTier(Fraction(0), Fraction(98, 100)),
        CreditTier(Fraction(1, 2), Fraction(90, 100)),
    )
    credit = Credit("fee", "100", "EUR", tiers)
    assert credit_range(credit, Fraction(97, 100), Fraction(985, 1000)) == (0, Fraction(1, 10))
    assert credit_range(credit, Fraction(90, 100), Fraction(90, 100)) == (0, 0)
    assert credit_range(credit, Fraction(98, 100), Fraction(1)) == (0, Fraction(1, 10))
    assert credit_range(credit, None, None) == (0, Fraction(1, 2))


def test_customers_of_levels() -> None:
    assert customer_of("customer ACME", ()) == "ACME"
    assert customer_of("service hosting", (("region", "ES"),)) == ""
    assert customer_of("service hosting", (("Customer", "ACME"),)) == "ACME"
