"""Each promise read back: what the sentence must name, form by form."""

import pytest
from syrupy.assertion import SnapshotAssertion

from sladsl.checked import check_source
from sladsl.ir.from_checked import lower
from sladsl.ir.plan import Form, Plan
from sladsl.report.sentence import clause_sentence, objective_sentence
from sladsl.text import Source

HEADER = """\
sla "Everything"
    between marketing and sales
    timezone Europe/Madrid
    case lead
calendar office
    mon-fri 09:00-17:00
business hours = office
party agents = role = "agent"
qualified lead = score >= 60
waiting = status = "waiting"
calls = event in ("call", "phone")
"""

CLAUSES = """\
contact: sales contacts qualified lead within 24 business hours of handoff
    1h when priority = "P1"
    paused while waiting, at most 2 business days
    cancelled when status = "duplicate"
    excused when waiver = yes
    warn at 75%
    warn 1 business hour before
    escalate to "the boss" at breach
    escalate to "the boss" after 48h
    penalty 200 EUR per miss
    on tighter restart, on looser keep
by point: marketing ships by 18:00 next business day cutoff 14:00 of purchased
by end: agents answer by end of 2nd business day of first question
by attribute: carrier delivers by promised of each purchased
every: support updates every 24h while status = "open"
at least: sales attempts at least 6 times over 2 distinct channel within 10 calendar days
lasts: temperature > 8 lasts at most 30 min
time while: time while team = "L1" at most 2 business hours until closed
must not within: sales must not email within 48h of opt out
must not before: sales must not recycle before 6 attempts
must not while: agents must not close lead while severity = 1
at most: at most 3 handovers per case
rescue: manager calls within 1h of breach of contact
follow: sales calls within 2 days of fulfilment of rescue
    on reopen resume within 7 days
latest: sales contacts within 1h of latest question
one: sales contacts or accepts within 1h of each question, one for one
    on reopen ignore
nobody: closes within 5 days
service "hosting"
    nobody: closes within 4 days
for region in ["ES", "PT"]
    nobody: closes within 3 days
"""

OBJECTIVES = """\
volume: marketing delivers at least 120 qualified leads per month
attainment: at least 95% of contact met per month
    at least 20 cases
    counted by due
    by region
speed: p95 of time of contact <= 3 business hours per rolling 28 days
conversion: share of qualified lead that become waiting within 90 days >= 10% per quarter
uptime: share of time while status = "up" >= 99.9% per month
    excluding waiting at most 4h per quarter
quality: average of satisfaction at closed >= 4.2 per month
rejections: count of rejected / count of qualified lead <= 20% per month
"""


def planned(text: str) -> Plan:
    checked = check_source(Source("a.sla", HEADER + text))
    assert checked.program is not None, [d.message for d in checked.diagnostics]
    return lower(checked.program)


def test_every_form_reads_like_this(snapshot: SnapshotAssertion) -> None:
    plan = planned(CLAUSES)
    assert {clause.form for clause in plan.clauses} == set(Form)
    told: set[str] = set()
    read = [f"{clause.label}: {clause_sentence(plan, clause, told)}" for clause in plan.clauses]
    assert "\n".join(read) == snapshot


def test_every_measure_reads_like_this(snapshot: SnapshotAssertion) -> None:
    plan = planned(CLAUSES + OBJECTIVES)
    told: set[str] = set()
    read = [f"{objective.label}: {objective_sentence(plan, objective, told)}" for objective in plan.objectives]
    assert "\n".join(read) == snapshot


@pytest.mark.parametrize(
    "words",
    [
        "for every lead",
        "sales owes marketing",
        "24 business hours of the calendar office",
        "from each `handoff`",
        "if `qualified lead` (score >= 60) holds then",
        '1h of real time when `priority = "P1"` holds',
        'stands still while `waiting` (status = "waiting") holds, at most 2 business days of the calendar office in all',
        'cancelled when `status = "duplicate"`',
        "excused when `waiver = yes`",
        "warned at 75% of the target",
        "escalated to the boss at the breach",
        "200 EUR owed per miss",
    ],
)
def test_a_sentence_names_everything_that_counts(words: str) -> None:
    plan = planned(CLAUSES)
    assert words in clause_sentence(plan, plan.clauses[0]).replace("For every", "for every")


def test_a_definition_is_told_once() -> None:
    plan = planned("first: sales contacts qualified lead within 1h\nsecond: sales calls qualified lead within 2h\n")
    told: set[str] = set()
    sentences = [clause_sentence(plan, clause, told) for clause in plan.clauses]
    assert "(score >= 60)" in sentences[0]
    assert "(score >= 60)" not in sentences[1]
    assert "(score >= 60)" in clause_sentence(plan, plan.clauses[1])
