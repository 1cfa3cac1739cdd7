"""Each promise read back: what the sentence must name, form by form."""

import pytest
from attrs import evolve
from syrupy.assertion import SnapshotAssertion

from sladsl.checked import check_source
from sladsl.ir.from_checked import lower
from sladsl.ir.plan import Form, Plan
from sladsl.report.language import LANGUAGES, language_of
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


WHEN = """\
contact: sales contacts within 2h of handoff
point: sales calls by 18:00 of handoff
every state: support updates every 24h while status = "open"
every: support reports every 24h
attempts: sales attempts at least 6 times within 10 days of handoff
lasts: temperature > 8 lasts at most 30 min
sum: time while team = "L1" at most 2 business hours
quiet: sales must not email within 48h of opt out
early: sales must not recycle before 6 calls
severe: agents must not close lead while severity = 1
counted: at most 3 handovers per case
"""

WHEN_NOT = """\
quiet: sales must not email within 48h of opt out
early: sales must not recycle before 6 calls
severe: agents must not close lead while severity = 1
counted: at most 3 handovers per case
sum: time while team = "L1" at most 2h
"""


def test_no_form_hides_what_it_applies_to() -> None:
    text = "".join(f'{line}\n    when tier = "gold"\n' for line in WHEN.splitlines())
    plan = planned(text)
    assert {clause.form for clause in plan.clauses} == set(Form)
    for clause in plan.clauses:
        told = clause_sentence(plan, clause)
        at = "the start"
        if clause.starts[0].kind == "first event":
            at = "the first event of the lead"
        assert f'where `tier = "gold"` holds at {at}' in told, told


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        ("a: support pings every 2h", "from the first event of the lead on, and each time starts the next cycle"),
        (
            "a: support pings qualified lead every 2h",
            "from when `qualified lead` (score >= 60) begins to hold, and each",
        ),
        (
            "a: sales must not recycle qualified lead before 6 calls",
            "6 times, from when `qualified lead` (score >= 60)",
        ),
        ("a: support packs by 18:00 of opened", "by the first 18:00 in Europe/Madrid, from each `opened`"),
    ],
)
def test_a_sentence_says_where_the_clock_starts(promise: str, words: str) -> None:
    plan = planned(promise)
    assert words in clause_sentence(plan, plan.clauses[0])


def test_what_ends_the_case_ends_what_must_not_be() -> None:
    checked = check_source(Source("a.sla", f'sla "A"\n    case lead until closed\n{WHEN_NOT}'))
    assert checked.program is not None
    plan = lower(checked.program)
    assert all("until `closed`" in clause_sentence(plan, clause) for clause in plan.clauses)


def test_a_state_that_does_not_end_an_every_is_not_said_to() -> None:
    plan = planned("a: support pings qualified lead every 2h\n")
    assert "while" not in clause_sentence(plan, plan.clauses[0])


MONEY = """\
monthly fee = 1_000 EUR
uptime: share of time while status = "up" >= 99.9% per month
    credit of monthly fee, 10% below 99.9%, 25% below 99%, at most 50%
    alert when burn rate > 14.4 over 1h and 5 min
    alert when missed 2 windows in a row
speed: p95 of time of deliver <= 4h per month
    penalty 50 EUR per miss, at most 300 EUR per year
deliver: carrier delivers within 4h of received
    penalty 20 EUR per miss, at most 10% of monthly fee
"""


def test_money_and_alerts_are_read_back() -> None:
    plan = planned(MONEY)
    uptime, speed = (objective_sentence(plan, objective) for objective in plan.objectives)
    assert "10% of monthly fee credited below 99.9%, 25% below 99%, at most 50%" in uptime
    assert "an alert when the burn rate is above 14.4 over 1h and 5 min" in uptime
    assert "an alert when 2 windows in a row are missed" in uptime
    assert "50 EUR owed per miss, at most 300 EUR per year" in speed
    assert "20 EUR owed per miss, at most 10% of monthly fee" in clause_sentence(plan, plan.clauses[0])


@pytest.mark.parametrize("text", [CLAUSES + OBJECTIVES, MONEY, WHEN])
def test_every_language_has_words_for_it(text: str) -> None:
    plan = planned(text)
    for code in LANGUAGES:
        told = [clause_sentence(plan, clause, language=language_of(code)) for clause in plan.clauses]
        told += [objective_sentence(plan, objective, language=language_of(code)) for objective in plan.objectives]
        assert all("{" not in sentence for sentence in told)


SAID = """\
chats = event = "chat" and during office and count of calls in last 14 days > 2
big = event.amount > 100 and not (score > 5)
a: sales contacts within 2h of chats
b: sales contacts within 2h of big
c: sales contacts within 2h of (event = "y" and during office)
"""


def test_a_sentence_never_speaks_the_notation_of_the_plan() -> None:
    plan = planned(SAID)
    told = [clause_sentence(plan, clause) for clause in plan.clauses]
    assert '`chats` (event = "chat" and during office and count of calls in last 14 days > 2)' in told[0]
    assert "`big` (event.amount > 100 and not (score > 5))" in told[1]
    assert 'from each `event = "y" and during office` unless' in told[2]


def test_a_target_says_its_hours_once() -> None:
    plan = planned("a: s c within 24 hours of x\nb: s c within 2 days of x\nc: s c within 48h of x\n")
    told = [clause_sentence(plan, clause) for clause in plan.clauses]
    assert "within 24 hours of real time" in told[0]
    assert "within 2 days (48 hours) of real time" in told[1]
    assert "within 48h of real time" in told[2]


def test_the_share_of_a_constant_reads_as_a_share() -> None:
    plan = planned(
        "goal = 100%\nnearly = 99.5%\na: s c within 24h of x\n"
        "b: share of a met >= goal per month\nc: count of x / count of y <= nearly per month\n"
        'd: share of time while status = "up" >= 0.999 per month\n'
    )
    told = [objective_sentence(plan, objective) for objective in plan.objectives]
    assert "at least 100% of the decided cycles" in told[0]
    assert "at most 99.5%" in told[1]
    assert "at least 99.9%" in told[2]


def test_an_action_among_verbs_is_told_with_its_meaning() -> None:
    plan = planned('done = event = "close" and event.status = "ok"\na: desk replies or done within 2h of created\n')
    told = clause_sentence(plan, plan.clauses[0])
    assert 'any event named `replies` or `done` (event = "close" and event.status = "ok"), by the actor `desk`' in told


def test_a_plan_without_its_authors_words_reads_without_kinds() -> None:
    plan = planned('a: s c within 24h of x, when event.status = "a:text" and score > 3\n')
    bare = evolve(plan, conditions=tuple(evolve(each, written="", name="") for each in plan.conditions))
    told = clause_sentence(bare, bare.clauses[0])
    assert ":number" not in told
    assert 'event.status = "a:text"' in told
