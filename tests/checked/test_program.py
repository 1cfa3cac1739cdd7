"""What the caller adds, and what is kept for those who come after the check."""

from told import checked, findings

from sladsl.checked import check_source
from sladsl.checked.typed import DefRef, walk
from sladsl.ir.from_checked import lower
from sladsl.text import Source, Span


def plan_of(policy: str, **given: object) -> object:
    result = check_source(Source("policy.sla", policy), **given)  # type: ignore[arg-type]
    assert result.program is not None, findings(result)
    return lower(result.program)


def test_a_list_of_the_command_line_stands_for_a_missing_one_and_wins_over_a_declared_one() -> None:
    missing = plan_of("q = role in vips\na: s t within 1h", lists={"VIPS": ["x", "y"]})
    declared = plan_of('list vips = "z"\nq = role in vips\na: s t within 1h', lists={"vips": ["x", "y"]})
    written = plan_of('list vips = "x", "y"\nq = role in vips\na: s t within 1h')
    assert missing == declared == written


def test_the_zone_of_the_caller_wins() -> None:
    text = 'sla "x"\n    timezone UTC\nq = time > 2026-01-01\na: s t within 1h of q'
    plan = plan_of(text, timezone="Europe/Madrid")
    assert plan == plan_of(text.replace("UTC", "Europe/Madrid"))
    assert plan != plan_of(text)


def test_an_unknown_zone_of_the_caller_is_told() -> None:
    result = check_source(Source("policy.sla", "a: s t within 1h"), timezone="Madrid")
    assert findings(result) == ["SLA0704 ? unknown time zone `Madrid` | did you mean `Europe/Madrid`?"]


def test_order_of_definitions_means_nothing_and_spans_are_kept() -> None:
    text = "a: s t within 1h of q, when r\nr = p = 2\nq = r and o = 1\n"
    program = checked(text).program
    assert program is not None
    assert [definition.name for definition in program.definitions] == ["r", "q"]
    for definition in program.definitions:
        assert text[definition.span.start : definition.span.end] == definition.name
    (clause,) = program.clauses
    assert text[clause.head.start : clause.head.end] == "a: s t within 1h of q"
    assert clause.when is not None
    assert [type(node) for node in walk(clause.when)] == [DefRef]
    assert text[clause.when.span.start : clause.when.span.end] == "r"


def test_uses_of_names_are_kept() -> None:
    text = "q = o = 1\nunused = o = 2\na: s t within 1h of q\n"
    program = checked(text).program
    assert program is not None
    assert [(d.name, d.used) for d in program.definitions] == [("q", True), ("unused", False)]
    use = Span("policy.sla", text.rindex("q"), text.rindex("q") + 1)
    assert [r.declaration for r in program.references if r.use == use] == [Span("policy.sla", 0, 1)]


def test_the_rule_of_a_start_is_kept_for_reading_back() -> None:
    text = "hot = o = 1\na: s t within 1h of x\nb: s t hot lead within 1h\nc: s t within 1h\nd: s t every 1h while hot\ne: at most 1 x per case\n"
    program = checked(text).program
    assert program is not None
    assert [clause.start.rule for clause in program.clauses] == ["of", "subject", "above", "state", "first event"]


def test_two_runs_give_equal_plans() -> None:
    text = (
        'q = a < b and b = 3 and c in ("x", "y")\nfor region = "ES"\n    k: s t within 1h of q\nk: s t within 2h of q\n'
    )
    assert plan_of(text) == plan_of(text)


def test_a_remark_or_a_warning_stops_nothing() -> None:
    text = "calendar o\n    mon 09:00-10:00\nbusiness hours = o\na: s t within 2 days of x\n    on change keep\n"
    result = checked(text)
    assert [found.code for found in result.diagnostics] == ["SLA0214", "SLA0316"]
    assert result.program is not None
