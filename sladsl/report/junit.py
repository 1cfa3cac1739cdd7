"""The result as JUnit XML, so that a build server shows broken promises as failed tests.

Takes:  a Result.
Gives:  `write_junit`: a suite for each clause and level, a test for each instance; a suite for the objectives, a test
        for each window and group.
Never:  counts what is undecided as passed: it is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import quoteattr

from attrs import frozen

from sladsl.clock import ClockKind, iso
from sladsl.evaluate.objectives.outcome import ObjectiveRow
from sladsl.evaluate.verdict import BREACHED, LATE, MET, UNDETERMINED, Verdict
from sladsl.report.objective_words import bound_text, group_text, value_text
from sladsl.report.result import JudgedVersion, Result
from sladsl.report.words import elapsed_text, target_text

# What XML 1.0 cannot hold at all, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@frozen
class _Test:
    name: str
    outcome: str  # passed, failure, error, skipped
    message: str = ""
    elapsed_us: int = 0


def write_junit(result: Result, out: TextIO) -> None:
    """Write the result as JUnit XML."""
    suites = [*_clause_suites(result), *_objective_suites(result)]
    tests = [test for _, held in suites for test in held]
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites name={_attribute(result.name)}{_counts(tests)}>\n")
    for name, held in suites:
        out.write(f"  <testsuite name={_attribute(name)}{_counts(held)}>\n")
        for test in held:
            _write_test(test, name, out)
        out.write("  </testsuite>\n")
    out.write("</testsuites>\n")


def _clause_suites(result: Result) -> Iterator[tuple[str, list[_Test]]]:
    suites: dict[tuple[str, str], list[_Test]] = {}
    for version in result.versions:
        for clause in version.plan.clauses:
            suites.setdefault((clause.label, clause.level.name), [])
    for version, verdict in result.judged():
        clause = version.clause_of(verdict)
        suites[clause.label, clause.level.name].append(_instance_test(result, version, verdict))
    for (label, level), tests in suites.items():
        yield label if level == "corporate" else f"{label}, {level}", tests


def _instance_test(result: Result, version: JudgedVersion, verdict: Verdict) -> _Test:
    name = verdict.case if verdict.number == 1 else f"{verdict.case}, {verdict.number}"
    target = target_text(version.target_of(verdict))
    due = f", due {iso(verdict.due_us, result.zone)}" if verdict.due_us is not None else ""
    message = f"{verdict.status}{f' (target {target})' if target else ''}{due}"
    if verdict.late_by_us is not None:
        message += f", late by {elapsed_text(verdict.late_by_us, ClockKind.EXACT)}"
    if verdict.note:
        message += f": {verdict.note}"
    outcome = {MET: "passed", LATE: "failure", BREACHED: "failure", UNDETERMINED: "error"}.get(
        verdict.status, "skipped"
    )
    until_us = verdict.closed_us if verdict.closed_us is not None else result.as_of_us
    exact_us = max((until_us or verdict.opened_us) - verdict.opened_us, 0)
    return _Test(name, outcome, "" if outcome == "passed" else message, exact_us)


def _objective_suites(result: Result) -> Iterator[tuple[str, list[_Test]]]:
    if result.objectives:
        yield "objectives", [_objective_test(row) for row in result.objectives]


def _objective_test(row: ObjectiveRow) -> _Test:
    group = f", {group_text(row.group)}" if row.group else ""
    outcome = {"met": "passed", "missed": "failure"}.get(row.status, "skipped")
    message = f"{row.status}: {value_text(row.in_unit(row.value), row.unit)}, promised {bound_text(row)}"
    return _Test(f"{row.label}, {row.window}{group}", outcome, "" if outcome == "passed" else message)


def _write_test(test: _Test, suite: str, out: TextIO) -> None:
    seconds = f"{test.elapsed_us // 1_000_000}.{test.elapsed_us % 1_000_000:06d}"
    out.write(f'    <testcase classname={_attribute(suite)} name={_attribute(test.name)} time="{seconds}"')
    if test.outcome == "passed":
        out.write("/>\n")
        return
    out.write(f">\n      <{test.outcome} message={_attribute(test.message)}/>\n    </testcase>\n")


def _counts(tests: list[_Test]) -> str:
    tally = {outcome: sum(test.outcome == outcome for test in tests) for outcome in ("failure", "error", "skipped")}
    return f' tests="{len(tests)}" failures="{tally["failure"]}" errors="{tally["error"]}" skipped="{tally["skipped"]}"'


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
