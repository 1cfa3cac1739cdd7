"""The account of a cycle is the same whether verdicts are objects or columns."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bulk_logs import table_of
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from sladsl.evaluate.columnar import judge_files, refusals
from sladsl.evaluate.columnar.many import ColumnAlerts, ColumnVerdicts
from sladsl.evaluate.stream import judge
from sladsl.events import ReadOptions
from sladsl.report.account_json import account_json
from sladsl.report.closing import account_of
from sladsl.report.period import period_of
from sladsl.report.result import JudgedVersion, Result

sys.path.insert(0, str(Path(__file__).parent.parent / "strategies"))
import samples as drawn


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn.samples(), st.sampled_from(("", "", "2026-03", "2026-03-02", "2026-W10")), st.booleans())
def test_drawn_logs(sample: drawn.Sample, period: str, who: bool) -> None:
    plan, as_of = sample.plan, sample.as_of_us
    if refusals(plan):
        reject()
    events = sorted((e for e in sample.events if e.time_us <= as_of), key=lambda e: (e.time_us, e.position))
    names = sorted(plan.attributes)
    options = ReadOptions(plan.zone, plan.case_word, attributes=frozenset(names))
    columns = judge_files(plan, table_of(sample.events, names), as_of, options=options, keeps_stretches=True)
    outcome = judge(plan, events, as_of, actors=True)
    asked: dict[str, Any] = {"actors": True, "period": period_of(period, plan.zone) if period else None}
    if who and names:
        asked["by"] = [(names[0], names[0])]
    found = []
    for verdicts, alerts in (
        (outcome.verdicts, outcome.alerts),
        (ColumnVerdicts(columns), ColumnAlerts(columns)),
    ):
        version = JudgedVersion(plan, "policy.sla", verdicts, alerts)
        found.append(account_json(account_of(Result("Drawn", plan.zone, as_of, (version,), ()), events, **asked)))
    assert found[0] == found[1]
