"""Which column plays which role."""

from __future__ import annotations

import pytest

from sladsl.events import ColumnRule, FoundColumn, InputSpec, ReadOptions, StepRule
from sladsl.events.columns import Roles, resolve_columns


def resolved(headings: str, spec: InputSpec | None = None, **options: object) -> Roles:
    roles = resolve_columns(headings.split(","), spec, ReadOptions(**options), "`x.csv`")  # type: ignore[arg-type]
    assert isinstance(roles, Roles), roles
    return roles


def wrong(headings: str, spec: InputSpec | None = None, **options: object):
    roles = resolve_columns(headings.split(","), spec, ReadOptions(**options), "`x.csv`")  # type: ignore[arg-type]
    assert isinstance(roles, list)
    return roles


USUAL = [
    ("case,time,event", "case", ["case", "time", "event", None, None]),
    ("event,time,case,actor,event_id", "case", ["case", "time", "event", "actor", "event_id"]),
    ("Case ID,Timestamp,Activity,Owner", "case", ["Case ID", "Timestamp", "Activity", "Owner", None]),
    ("lead_id,ts,type,party", "lead", ["lead_id", "ts", "type", "party", None]),
    ("lead,ts,type", "lead", ["lead", "ts", "type", None, None]),
    ("id,lead_id,case,ts,type", "lead", ["case", "ts", "type", None, None]),
    ("id,lead_id,ts,type", "lead", ["lead_id", "ts", "type", None, None]),
    ("id,lead_id,ts,type", "deal", ["id", "ts", "type", None, None]),
    ("support_case_id,ts,type", "support case", ["support_case_id", "ts", "type", None, None]),
    (
        "case:concept:name,concept:name,time:timestamp,org:resource,org:group",
        "case",
        ["case:concept:name", "time:timestamp", "concept:name", "org:group", None],
    ),
    (
        "Case ID,Activity,Resource,Complete Timestamp",
        "case",
        ["Case ID", "Complete Timestamp", "Activity", "Resource", None],
    ),
]


@pytest.mark.parametrize(("headings", "word", "expected"), USUAL)
def test_usual_names_the_first_present_in_their_order(headings, word, expected):
    found = resolved(headings, case_word=word).found
    assert [
        found[role].column if role in found else None for role in ("case", "time", "event", "actor", "id")
    ] == expected
    assert {column.how for column in found.values()} == {"usual"}


def test_an_option_wins_over_the_block_and_the_block_over_the_usual_name():
    spec = InputSpec(case=ColumnRule("case", "b"), time=ColumnRule("time", "t2"))
    found = resolved("case,a,b,time,t2,event", spec, columns=(("case", "a"),)).found
    assert found["case"] == FoundColumn("a", "option")
    assert found["time"] == FoundColumn("t2", "named")
    assert found["event"] == FoundColumn("event", "usual")


def test_an_option_for_a_column_of_another_input_leaves_this_one_as_it_was():
    assert resolved("case,time,event", columns=(("case", "lead_id"),)).found["case"] == FoundColumn("case", "usual")


def test_a_format_goes_with_its_column():
    spec = InputSpec(time=ColumnRule("time", "t", format="%d/%m/%Y"))
    assert resolved("case,t,u,event", spec).time.format == "%d/%m/%Y"
    assert resolved("case,t,u,event", spec, columns=(("time", "T"),)).time.format == "%d/%m/%Y"
    assert resolved("case,t,u,event", spec, columns=(("time", "u"),)).time.format is None


def test_headings_bind_folded_and_as_written_first():
    spec = InputSpec(case=ColumnRule("case", "lead id"))
    assert resolved("Lead-ID,time,event", spec).case == 0
    assert resolved("Lead-ID,lead id,time,event", spec).case == 1


def test_every_column_is_an_attribute_under_its_own_heading_but_words_of_the_language_in_their_role():
    roles = resolved(
        "case,time,event,actor,Buyer-Persona,incident_state", InputSpec(event=ColumnRule("event", "incident_state"))
    )
    assert [(a.name, a.index) for a in roles.attributes] == [("event", 2), ("buyer persona", 4), ("incident state", 5)]


def test_the_case_column_is_an_attribute_too():
    assert [a.name for a in resolved("lead_id,time,event", case_word="lead").attributes] == ["lead id"]


class TestRenames:
    def test_a_renamed_column_has_both_names(self):
        spec = InputSpec(attributes=(ColumnRule("score", "lead_score"),))
        assert [(a.name, a.index) for a in resolved("case,time,event,lead_score", spec).attributes] == [
            ("lead score", 3),
            ("score", 3),
        ]

    def test_the_new_name_wins_over_a_heading(self):
        spec = InputSpec(attributes=(ColumnRule("score", "lead_score"),))
        names = {a.name: a.index for a in resolved("case,time,event,lead_score,score", spec).attributes}
        assert names == {"lead score": 3, "score": 3}

    def test_two_may_change_places(self):
        spec = InputSpec(attributes=(ColumnRule("a", "b"), ColumnRule("b", "a")))
        names = {a.name: a.index for a in resolved("case,time,event,a,b", spec).attributes}
        assert names == {"a": 4, "b": 3}

    def test_a_format_holds_under_each_name_of_the_column(self):
        rule = ColumnRule("promised", "promise_ts", format="%d/%m/%Y")
        attributes = resolved("case,time,event,promise_ts", InputSpec(attributes=(rule,))).attributes
        assert [(a.name, a.times.format) for a in attributes if a.times] == [
            ("promise ts", "%d/%m/%Y"),
            ("promised", "%d/%m/%Y"),
        ]

    def test_an_option_may_name_an_attribute(self):
        roles = resolved("case,time,event,lead_score", columns=(("score", "lead_score"),))
        assert "score" in {a.name for a in roles.attributes}


class TestSteps:
    SPEC = InputSpec(steps=(StepRule("opened", "opened_at"), StepRule("closed", "closed_at")))

    def test_a_row_of_steps_alone_needs_no_time_and_no_event(self):
        roles = resolved("id,opened_at,closed_at,owner", self.SPEC)
        assert (roles.time, roles.event, roles.actor) == (None, None, None)
        assert [(step.event, step.times.index) for step in roles.steps] == [("opened", 1), ("closed", 2)]
        assert roles.found["at closed"] == FoundColumn("closed_at", "named")

    def test_beside_time_and_event_each_row_is_an_event_too(self):
        roles = resolved("case,time,event,opened_at,closed_at,owner", self.SPEC)
        assert (roles.time.index, roles.event, roles.actor) == (1, 2, 5)

    def test_a_type_and_a_date_are_mere_attributes_beside_steps(self):
        roles = resolved("id,type,date,opened_at,closed_at", self.SPEC)
        assert (roles.time, roles.event) == (None, None)

    def test_an_actor_that_is_named_acts_in_all_of_them(self):
        spec = InputSpec(actor=ColumnRule("actor", "owner"), steps=self.SPEC.steps)
        assert resolved("id,opened_at,closed_at,owner", spec).actor == 3

    def test_a_step_without_its_column_is_an_error(self):
        (diagnostic,) = wrong("id,opened_at,closd_at", self.SPEC)
        assert diagnostic.message == "`x.csv` has no column `closed_at` for `closed at`"
        assert diagnostic.help == "did you mean `closd_at`?"


def test_what_cannot_be_found_is_told_with_the_columns_there_are():
    diagnostics = wrong("csae,when,what")
    assert [diagnostic.message for diagnostic in diagnostics] == [
        f"`x.csv` has no column for the {role} that could be found by its name" for role in ("case", "time", "event")
    ]
    assert diagnostics[0].notes[0] == "its columns are `csae`, `when`, `what`"
    assert diagnostics[0].help == "name it: `--column case=csae`, or `case = csae` in an `events` block"


def test_a_key_by_another_name_is_proposed_for_the_case() -> None:
    diagnostics = resolve_columns(["event_id", "lead_id", "time", "event"], None, ReadOptions())
    assert isinstance(diagnostics, list)
    assert diagnostics[0].help == "name it: `--column case=lead_id`, or `case = lead_id` in an `events` block"


def test_a_column_that_is_named_and_missing_is_told_with_the_nearest():
    spec = InputSpec(time=ColumnRule("time", "created_ta"), attributes=(ColumnRule("score", "lead_score"),))
    first, second = wrong("case,created_at,event", spec)
    assert (first.message, first.help) == (
        "`x.csv` has no column `created_ta` for the time",
        "did you mean `created_at`?",
    )
    assert second.message == "`x.csv` has no column `lead_score` for `score`"
