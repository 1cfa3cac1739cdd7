"""What spares a user a search: a `--where` over a column that is not there, figures by their names."""

import sladsl

POLICY = sladsl.load(text="first contact: sales contacts within 24h of created\n")
LOG = [
    {"case": "A", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing", "score": 80},
    {"case": "A", "time": "2026-03-02T10:00:00Z", "event": "contact", "actor": "sales"},
    {"case": "B", "time": "2026-03-02T09:00:00Z", "event": "created", "actor": "marketing", "score": 10},
    {"case": "B", "time": "2026-03-04T09:00:00Z", "event": "contact", "actor": "sales"},
]


def test_where_over_a_column_that_is_not_there() -> None:
    told = [d for d in sladsl.run(POLICY, LOG, where="scor > 50").warnings if d.code == "SLA0913"]
    assert [(d.message, d.help) for d in told] == [
        ("`--where` names `scor`, and the log has no such column, so it never holds", "did you mean `score`?")
    ]


def test_where_over_a_column_that_is_there() -> None:
    result = sladsl.run(POLICY, LOG, where="score > 50")
    assert [verdict.case for verdict in result.verdicts] == ["A"]
    assert [d for d in result.warnings if d.code == "SLA0913"] == []


def test_figures_by_their_names() -> None:
    (row,) = sladsl.run(POLICY, LOG).clauses
    assert (row.opened, row.met, row.late, row.breached) == (2, 1, 1, 0)
