"""What a run warns of: each thing once, with numbers, and only where it matters."""

from typing import Any

import attrs
from made_result import clause, plan, report, verdict

import sladsl
from sladsl.clock import CalendarSpec
from sladsl.evaluate.verdict import Outcome
from sladsl.events import Event, Log, Reject
from sladsl.events.actors import Actors
from sladsl.events.valued import Valued
from sladsl.ir.plan import Phrase, Plan
from sladsl.report.matched import matched_phrases
from sladsl.report.odd import odd_things
from sladsl.text import Diagnostic, Source

EVENT = Event("a", 0, "contact", "sales", {})


def compares(*names: str) -> Plan:
    """A policy that compares these attributes."""
    text = "first contact: sales contacts within 24h of created, when " + " and ".join(f"{name} = 1" for name in names)
    return sladsl.load(text=text).plan


def acting(*names: str, asked: str = "sales") -> Actors:
    actors = Actors([asked])
    actors.add(names)
    return actors


def log(**changes: Any) -> Log:
    fields: dict[str, Any] = {"events": [EVENT], "inputs": [report()], "actors": acting("sales")}
    return Log(**(fields | changes))


def odd(
    of: Plan | None = None,
    of_log: Log | None = None,
    outcome: Outcome | None = None,
    types: dict[str, int] | None = None,
    source: Source | None = None,
    valued: Valued | None = None,
) -> list[Diagnostic]:
    judged = of or plan()
    seen = {"contact": 3} if types is None else types
    matched, held = matched_phrases(judged, seen), valued or Valued(3, {"score": 3})
    return odd_things(judged, of_log or log(), outcome or Outcome([], []), matched, seen, held, source)


def test_a_good_run_has_none() -> None:
    assert odd() == []


def test_phrases_match_by_stems() -> None:
    (found,) = matched_phrases(plan(), {"Contacted": 2, "contact": 5, "contract": 9, "first contact": 1})
    assert list(found.events.items()) == [("contact", 5), ("Contacted", 2)]


def test_a_phrase_that_stands_twice_is_told_once() -> None:
    twice = plan(phrases=(Phrase("contacts", 3), Phrase("contacts", 1)))
    assert [row.phrase for row in matched_phrases(twice, {"contact": 1})] == ["contacts"]


def test_a_verb_without_an_event_names_the_nearest() -> None:
    source = Source("p.sla", "first contact: sales contacts within 24h\n")
    (warning,) = odd(types={"kontact": 4, "created": 2}, source=source)
    assert warning.code == "SLA0911"
    assert warning.message == "`contacts` matched no event of the log"
    assert warning.help == "did you mean `kontact`?"
    assert warning.notes == ("the log has `kontact`, `created`",)
    assert warning.span is not None
    assert source.slice(warning.span) == "contacts"


def test_parties_that_nobody_could_check_are_said_once() -> None:
    (warning,) = odd(of_log=log(actors=Actors()))
    assert (warning.code, warning.message) == (
        "SLA0912",
        "the log has no actor, so nobody checked that `sales` acted",
    )


def test_attributes_that_the_log_lacks() -> None:
    (warning,) = odd(plan(attributes=("scoer", "score")), log(headings=("lead", "Score")))
    assert warning.message == "the log has no column for `scoer`: what the policy says of it never holds"
    assert warning.help == "did you mean `Score`? `--column 'scoer=Score'` says so, too"


def test_attributes_like_no_column() -> None:
    (warning,) = odd(plan(attributes=("budget",)), log(headings=("lead", "when")))
    assert (warning.help, warning.notes) == ("", ("the columns of the log are `lead`, `when`",))


def test_several_absent_attributes_have_one_help() -> None:
    (warning,) = odd(plan(attributes=("scoer", "roel")), log(headings=("score", "role")))
    assert (
        warning.help == "did you mean `score` for `scoer` and `role` for `roel`? `--column 'scoer=score'` says so, too"
    )


def test_a_party_that_never_acts() -> None:
    (warning,) = odd(of_log=log(actors=acting("Sale", "bot")))
    assert warning.code == "SLA0922"
    assert warning.message == "`sales` never acts: no event of the log is theirs"
    assert warning.help == 'did you mean `Sale`? `party sales = actor = "Sale"` says so'
    assert warning.notes == ("the actors of the log are `Sale`, `bot`",)


def test_a_party_that_acts_once_among_thousands() -> None:
    many = [f"customer {n}" for n in range(3000)]
    assert odd(of_log=log(actors=acting(*many, "Sales"))) == []
    (warning,) = odd(of_log=log(actors=acting(*many)))
    assert (warning.help, warning.notes) == ('say who that is: `party sales = actor = "…"`', ())


def test_rows_that_were_left_out_show_the_first_few() -> None:
    rejects = [Reject(0, n, "time", "soon", "is no time", "a,soon") for n in range(1, 6)]
    first, repeated = odd(of_log=log(inputs=[report(rejected=5, duplicates=1)], rejects=rejects))
    assert first.message == "5 rows could not be read and were left out"
    assert first.notes[0] == "leads.csv row 1 in `time`: `soon` is no time"
    assert len(first.notes) == 3
    assert repeated.message == "1 row with an event id that came before was not counted again"


def test_odd_times_are_counted() -> None:
    (warning,) = odd(of_log=log(inputs=[report(skipped_times=1, repeated_times=2)]))
    assert warning.message == (
        "the log has 1 time that a clock change skips, read one hour later and "
        "2 times that a clock change repeats, read as the first"
    )


def test_cases_without_a_value_are_counted() -> None:
    held = Valued(600, {"score": 598, "role": 593, "size": 0, "vip": 600})
    read = log(inputs=[report(attributes=("score", "role", "vip"))])
    names = ("role", "score", "size", "vip")
    told = [warning for warning in odd(compares(*names), read, valued=held) if warning.code == "SLA0914"]
    assert [warning.message for warning in told] == ["of 600 cases, 7 never had a value for `role`, 2 for `score`"]


def test_what_the_evaluator_noticed() -> None:
    outcome = Outcome(
        [verdict("a", "undetermined", note="`abc` is no number")],
        [],
        later={0: 3},
        unknown_zones={"desk hours": 2, "office": 1},
    )
    calendars = (
        CalendarSpec("office", zone_attribute="site", zone_fallback="Europe/Madrid"),
        CalendarSpec("desk hours", named_by="desk", choices=(("office", 0),), otherwise=0),
    )
    told = [warning.message for warning in odd(plan(calendars=calendars), outcome=outcome)]
    assert told == [
        "what decides the level or `when` came only after the start: `first contact` 3 starts",
        "`desk` held no known calendar at 2 starts, so the calendar `desk hours` was read as `office`",
        "`site` held no known time zone at 1 start, so the calendar `office` was read as `Europe/Madrid`",
        "1 instance could not be judged and counts nowhere",
    ]


def test_an_empty_log_says_only_that() -> None:
    empty = Log([], [report(rows=0, events=0, cases=0, first_us=None, last_us=None)])
    assert [warning.code for warning in odd(of_log=empty, types={})] == ["SLA0910"]


def test_a_declared_party_is_checked_without_an_actor_column() -> None:
    declared = plan(clause(), parties=())
    assert odd(attrs.evolve(declared), log(actors=Actors())) == []
