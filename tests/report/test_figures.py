"""From verdicts to figures: counts, shares and times, exactly."""

from fractions import Fraction

import attrs
from made_result import HOUR_US, clause, objective, plan, result, target, verdict

from sladsl.clock import ClockKind
from sladsl.evaluate.verdict import STATUSES
from sladsl.ir.plan import Form, Level, Row
from sladsl.report.figures import Standing, clause_figures, summary
from sladsl.report.result import JudgedVersion, Result


def standing(made: Result) -> Standing:
    return summary(made, clause_figures(made)).standing


def test_every_status_is_counted_and_only_decided_ones_make_the_share() -> None:
    made = result([verdict(f"L{n}", status) for n, status in enumerate((*STATUSES, "met"))])
    (row,) = clause_figures(made)
    assert row.opened == 9
    assert row.label == row.clause  # as rows of objectives are named
    assert row.counts == dict.fromkeys(STATUSES, 1) | {"met": 2}
    assert row.attainment == Fraction(2, 4)


def test_a_clause_without_instances_has_a_row_without_a_share() -> None:
    (row,) = clause_figures(result([]))
    assert (row.opened, row.attainment, row.median, row.p95) == (0, None, None, None)


def test_times_are_those_of_answered_instances_by_nearest_rank() -> None:
    made = result(
        [verdict(str(n), "met", n) for n in range(1, 5)] + [verdict("x", "late", 30), verdict("y", "open", 90)]
    )
    (row,) = clause_figures(made)
    assert (row.median, row.p95) == (3 * HOUR_US, 30 * HOUR_US)


def test_times_on_different_clocks_do_not_mix() -> None:
    rows = (Row(target(1), 0), Row(target(8, ClockKind.BUSINESS_TIME)))
    (row,) = clause_figures(result([verdict("a", "met"), verdict("b", "met", row=1)], plan(clause(rows=rows))))
    assert row.mixed
    assert (row.median, row.clock) == (None, None)


def test_what_is_forbidden_has_no_time() -> None:
    forbidden = clause(form=Form.MUST_NOT_WITHIN, inverse=True, met_at_due=True)
    (row,) = clause_figures(result([verdict("a", "met")], plan(forbidden)))
    assert (row.attainment, row.median) == (1, None)


def test_levels_of_a_label_have_rows_of_their_own_in_file_order() -> None:
    levels = plan(clause(), clause(1, 1, "other"), clause(2, 0, level=Level("service hosting", 0)))
    rows = clause_figures(result([verdict("a", "met"), verdict("b", "late", 30, clause=2)], levels))
    assert [(row.clause, row.level, row.attainment) for row in rows] == [
        ("first contact", "corporate", 1),
        ("first contact", "service hosting", 0),
        ("other", "corporate", None),
    ]


def test_versions_are_summed_where_label_party_and_level_agree() -> None:
    made = result([verdict("a", "met")])
    later = JudgedVersion(plan(clause(), clause(1, 1, "new")), "new.sla", [verdict("a", "breached", number=2)], [])
    both = attrs.evolve(made, versions=(*made.versions, later))
    assert [(row.clause, row.opened) for row in clause_figures(both)] == [("first contact", 2), ("new", 0)]
    assert [row.number for row in both.verdicts] == [1, 2]


def test_kept_means_that_nothing_was_missed_and_nothing_is_open() -> None:
    assert standing(result([verdict("a", "met")])) is Standing.KEPT
    assert standing(result([verdict("a", "met"), verdict("b", "open")])) is Standing.SO_FAR
    assert standing(result([verdict("a", "met"), verdict("b", "late", 30)])) is Standing.NOT_KEPT
    assert standing(result([])) is Standing.NOTHING


def test_an_objective_decides_over_the_misses_of_its_clause() -> None:
    verdicts = [verdict("a", "met"), verdict("b", "late", 30)]
    assert standing(result(verdicts, objectives=[objective(status="met")])) is Standing.KEPT
    assert standing(result(verdicts, objectives=[objective(status="missed")])) is Standing.NOT_KEPT
    assert standing(result(verdicts, objectives=[objective(status="undecided")])) is Standing.SO_FAR
    assert standing(result(verdicts, objectives=[objective(objective=1, status="met")])) is Standing.NOT_KEPT
