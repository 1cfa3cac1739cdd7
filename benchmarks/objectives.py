"""Objectives of large logs: all measures, money and the report, beside the same judged without them.

    python benchmarks/objectives.py          10^6 events, and the ledger beside it, event by event
    python benchmarks/objectives.py 1e7      ten million events, ten million verdicts

The data is that of `logs.py`. Each row runs in a process of its own, which gives its seconds (without imports and
compilation) and its peak memory. What is found in bulk is compared with what the ledger finds before a time is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import logs

HEAD = """
fee = 1_000 EUR
list buyer_persona = "cto", "cfo"
qualified lead = score >= 60 and role in buyer_persona
unreachable = status = "unreachable"
calendar office
    mon-fri 09:00-17:00
business hours = office
first contact: sales contacts within 8 business hours of qualified lead, paused while unreachable
    penalty 2 EUR per miss, at most 10% of fee
"""
# eight clauses, each with a verdict for every event of one type: as many verdicts as events
EACH = "".join(
    f"after {kind}: sales calls within {hours}h of each {kind}\n" for hours, kind in enumerate(logs.TYPES, 12)
)
OBJECTIVES = """
attainment: at least 50% of first contact met per month
    by role
    at least 20 cases
    credit of fee
        10% below 50%
        25% below 20%
    alert when burn rate > 1.5 over 1h and 5 min
speed: p95 of time of first contact <= 3 business days per rolling 28 days
after notes: at least 90% of after note met per week
mean: average of time of after created <= 1 day per week
volume: count of qualified lead >= 120 per month
calls: count of call / count of qualified lead >= 20% per week
scores: p50 of score at contact >= 40 per month
won: share of qualified lead that become unreachable within 5 business days <= 90% per month
uptime: share of time while not unreachable >= 10% per month
    by role
down: time while unreachable <= 100000 business hours per quarter
"""


def judged(text: str, path: Path) -> tuple[Any, Any]:
    """A policy's plan, and its verdicts as columns."""
    import sladsl
    from sladsl.evaluate.columnar import judge_files

    plan = sladsl.load(text=text).plan
    return plan, judge_files(plan, str(path))


def clauses_alone(path: Path) -> Any:
    """The verdicts, nothing else."""
    return len(judged(HEAD + EACH, path)[1])


def with_objectives(path: Path) -> Any:
    """And the objectives, in bulk."""
    from sladsl.evaluate.objectives import judge_objectives_bulk

    plan, outcome = judged(HEAD + EACH + OBJECTIVES, path)
    return figures(judge_objectives_bulk(plan, outcome))


def report(path: Path) -> Any:
    """Everything that a report tells, as HTML; gives its size."""
    import sladsl
    from sladsl.pipeline import choosing
    from sladsl.pipeline import report as close
    from sladsl.report.html_report import html_report
    from sladsl.report.language import language_of
    from sladsl.report.telling import page_of

    choosing.LARGE = choosing.WORTH_COMPILING = 0
    policy = sladsl.load(text=HEAD + EACH + OBJECTIVES)
    return len(html_report(page_of(close(policy, str(path)), language_of("en"))))


def ledger(path: Path) -> Any:
    """The stream evaluator and the ledger, event by event."""
    import sladsl
    from sladsl.evaluate.objectives import judge_objectives
    from sladsl.evaluate.stream import judge
    from sladsl.events import ReadOptions, read

    plan = sladsl.load(text=HEAD + EACH + OBJECTIVES).plan
    log = read([str(path)], plan.inputs, ReadOptions(plan.zone, plan.case_word, attributes=frozenset(plan.attributes)))
    verdicts = judge(plan, log.events, actors=log.has_actor)
    return figures(judge_objectives(plan, log.events, verdicts, None, actors=log.has_actor))


def figures(outcome: Any) -> list[str]:
    """What was found, to be compared."""
    return [str(item) for part in (outcome.rows, outcome.budgets, outcome.alerts, outcome.payments) for item in part]


CONTESTANTS: dict[str, Callable[[Path], Any]] = {
    "the clauses alone": clauses_alone,
    "and the objectives, in bulk": with_objectives,
    "the report": report,
    "by the ledger": ledger,
}


def work(name: str, path: Path, warm: Path) -> dict[str, Any]:
    """One contestant, in its own process."""
    run = CONTESTANTS[name]
    run(warm)
    before, wall = time.process_time(), time.perf_counter()
    found = run(path)
    seconds, wall = time.process_time() - before, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": seconds, "wall": wall, "memory": memory, "found": found}


def main() -> None:
    """Run all of them and print a table."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("events", nargs="?", default="1e6")
    given.add_argument("--folder", type=Path, default=Path("/tmp/sladsl-logs"))
    given.add_argument("--work", help=argparse.SUPPRESS)
    asked = given.parse_args()
    events = int(float(asked.events))
    path, warm = (logs.make(asked.folder, count, "int", "sorted", "parquet") for count in (events, 2000))
    if asked.work:
        json.dump(work(asked.work, path, warm), sys.stdout)
        return
    results = {}
    for name in CONTESTANTS:
        if name == "by the ledger" and events > 1_000_000:
            continue
        command = [sys.executable, __file__, str(events), "--folder", str(asked.folder), "--work", name]
        results[name] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    if "by the ledger" in results:
        assert results["by the ledger"]["found"] == results["and the objectives, in bulk"]["found"], "they differ"
    verdicts, size = results["the clauses alone"]["found"], results["the report"]["found"]
    print(f"{events:,} events, {verdicts:,} verdicts; the report has {size / 1e6:.1f} MB\n")
    print(f"{'':<30}{'seconds':>10}{'memory':>12}")
    for name, result in results.items():
        print(f"{name:<30}{result['seconds']:>10.1f}{result['memory']:>9,} MB")


if __name__ == "__main__":
    main()
