"""Rows with a column of times per step, alone and beside an event of their own."""

from __future__ import annotations

import pytest

from sladsl.events import ColumnRule, InputSpec, Instant, StepRule, read

WIDE = InputSpec(
    case=ColumnRule("case", "order_id"),
    steps=(StepRule("purchased", "bought"), StepRule("delivered", "delivered_on", format="%d/%m/%Y")),
    missing=("?",),
)
HEAD = "order_id,bought,delivered_on,region\n"


def types(log):
    return [(event.case, event.type, event.row) for event in log.events]


class TestStepsAlone:
    def test_a_filled_cell_is_an_event_and_an_empty_one_is_none(self, read_bytes):
        log = read_bytes(HEAD + "A,2026-03-02,05/03/2026,ES\nB,2026-03-03,,PT\nC,,?,PT\n", spec=WIDE)
        assert types(log) == [("A", "purchased", 1), ("B", "purchased", 2), ("A", "delivered", 1)]
        assert (log.inputs[0].rows, log.inputs[0].events, log.rejects) == (3, 3, [])

    def test_every_column_is_an_attribute_of_all_events_of_its_row(self, read_bytes):
        log = read_bytes(HEAD + "A,2026-03-02,05/03/2026,ES\n", spec=WIDE)
        assert [event.attributes for event in log.events] == [
            {
                "order id": "A",
                "bought": "2026-03-02",
                "delivered on": Instant(1772668800000000),
                "region": "ES",
            }
        ] * 2

    def test_of_one_instant_steps_come_in_the_order_of_their_lines(self, read_bytes):
        log = read_bytes(HEAD + "A,2026-03-02,02/03/2026,\nB,2026-03-02,02/03/2026,\n", spec=WIDE)
        assert [(event.case, event.type, event.position) for event in log.events] == [
            ("A", "purchased", 0),
            ("A", "delivered", 1),
            ("B", "purchased", 2),
            ("B", "delivered", 3),
        ]

    def test_what_rows_of_a_case_repeat_counts_once(self, read_bytes):
        rows = (
            "A,2026-03-02,,ES\nA,2026-03-02,05/03/2026,ES\nB,2026-03-02,,\nA,2026-03-01,05/03/2026,\nA,2026-03-02,,\n"
        )
        log = read_bytes(HEAD + rows, spec=WIDE)
        assert types(log) == [
            ("A", "purchased", 4),
            ("A", "purchased", 1),
            ("B", "purchased", 3),
            ("A", "delivered", 2),
        ]

    def test_across_the_files_of_one_glob_too(self, tmp_path):
        for name in ("a.csv", "b.csv"):
            (tmp_path / name).write_text(HEAD + "A,2026-03-02,,ES\n")
        assert len(read([str(tmp_path / "*.csv")], [WIDE]).events) == 1
        assert len(read([tmp_path / "a.csv", tmp_path / "b.csv"], [WIDE]).events) == 2

    def test_a_row_with_a_wrong_cell_is_refused_whole(self, read_bytes):
        log = read_bytes(HEAD + "A,2026-03-02,31/02/2026,ES\nB,2026-03-02,,\n", spec=WIDE)
        assert types(log) == [("B", "purchased", 2)]
        (reject,) = log.rejects
        assert (reject.column, reject.cell, reject.row) == ("delivered_on", "31/02/2026", 1)

    def test_nobody_acts_unless_a_column_is_named_for_it(self, read_bytes):
        content = "order_id,bought,delivered_on,owner\nA,2026-03-02,,eva\n"
        log = read_bytes(content, spec=WIDE)
        assert (log.events[0].actor, log.has_actor) == ("", False)
        named = InputSpec(case=WIDE.case, actor=ColumnRule("actor", "owner"), steps=WIDE.steps)
        log = read_bytes(content, spec=named)
        assert (log.events[0].actor, log.has_actor) == ("eva", True)


class TestBesideAnOwnEvent:
    SPEC = InputSpec(
        case=ColumnRule("case", "number"),
        time=ColumnRule("time", "updated", format="%d/%m/%Y %H:%M"),
        event=ColumnRule("event", "state"),
        steps=(StepRule("opened", "opened_at", format="%d/%m/%Y %H:%M"),),
        missing=("?",),
    )
    CONTENT = (
        "number,state,updated,opened_at,priority,actor\n"
        "I1,New,29/2/2016 01:23,29/2/2016 01:16,3,ann\n"
        "I1,Closed,1/3/2016 01:23,29/2/2016 01:16,3,bob\n"
    )

    def test_the_step_comes_once_and_carries_nothing_but_its_time(self, read_bytes):
        log = read_bytes(self.CONTENT, spec=self.SPEC)
        assert [(e.type, e.actor, e.attributes.get("priority"), e.row) for e in log.events] == [
            ("opened", "", None, 1),
            ("New", "ann", "3", 1),
            ("Closed", "bob", "3", 2),
        ]
        assert log.events[0].attributes == {}
        assert log.events[1].attributes["opened at"] == Instant(log.events[0].time_us)

    def test_of_one_instant_the_step_comes_before_its_own_event(self, read_bytes):
        log = read_bytes(self.CONTENT.replace("01:23,", "01:16,"), spec=self.SPEC)
        assert [event.type for event in log.events] == ["opened", "New", "Closed"]

    def test_a_row_that_came_before_by_its_id_makes_nothing(self, read_bytes):
        content = self.CONTENT.replace("actor\n", "event_id\n").replace("bob", "ann")
        log = read_bytes(content, spec=self.SPEC)
        assert [event.type for event in log.events] == ["opened", "New"]
        assert [event.id for event in log.events] == [None, "ann"]


class TestFormattedAttributes:
    SPEC = InputSpec(attributes=(ColumnRule("promised", "promise_ts", format="%m/%d/%Y %I:%M:%S %p"),))

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("03/09/2026 12:00:00 PM", Instant(1773057600000000)),
            ("soon", "soon"),
            ("", None),
        ],
    )
    def test_a_cell_is_an_instant_or_stays_as_it_is(self, cell, value, read_bytes):
        log = read_bytes(f"case,time,event,promise_ts\nA,2026-03-02,x,{cell}\n", spec=self.SPEC)
        found = log.events[0].attributes.get("promised")
        assert (found, type(found)) == (value, type(value))
        assert log.rejects == []

    def test_a_date_means_the_end_of_its_day_where_the_block_says_so(self, read_bytes):
        spec = InputSpec(attributes=(ColumnRule("promised", "due", format="%d/%m/%Y"),), end_of_day=True)
        log = read_bytes("case,time,event,due\nA,2026-03-02 09:00,x,02/03/2026\n", spec=spec)
        assert log.events[0].attributes["promised"] == Instant(1772495999999999)
