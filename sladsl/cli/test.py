"""`sladsl test`: run the scenarios of policies.

Takes:  policies.
Gives:  a line a scenario, for each that fails what was expected and what came; exit code 1 on a failure and on an empty selection.
Never:  passes a scenario that expects nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import click

from sladsl.cli import exits
from sladsl.cli.options import lists_of, option, output_options, policy_options
from sladsl.cli.terminal import colored

if TYPE_CHECKING:
    from sladsl.pipeline import Policy
    from sladsl.testing import ScenarioResult

FORMATS = ("text", "junit")


@click.command(short_help="Run the scenarios of a policy.")
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@option("-k", "words", default="", metavar="WORDS", help="Only scenarios whose name holds these words.")
@option("--coverage", is_flag=True, help="List what the scenarios never show of each clause.")
@option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="The form.")
@policy_options
@output_options
def test(
    policies: tuple[str, ...],
    words: str,
    coverage: bool,
    form: str,
    lists: tuple[str, ...],
    timezone: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Judge the scenarios that stand in each POLICY, and compare with what they expect.

    Exits with 1 where a scenario fails, and where there is none to run.
    """
    from sladsl.pipeline import load
    from sladsl.testing import run_scenario, scenarios_of

    entries = lists_of(lists)
    loaded = [load(path, lists=entries, timezone=timezone) for path in policies]
    wanted = words.casefold()
    results = [
        (policy, run_scenario(scenario))
        for policy in loaded
        for scenario in scenarios_of(policy)
        if wanted in scenario.name.casefold()
    ]
    if form == "junit":
        click.echo(_junit(results), nl=False)
    else:
        paint = colored(sys.stdout, no_color)
        for policy in loaded:
            of_it = [result for of, result in results if of is policy]
            if len(loaded) > 1 and (of_it or not words) and not quiet:
                click.echo(policy.path if of_it else f"{policy.path}: no scenario")
            for result in of_it:
                _print(policy, result, quiet, paint)
        if coverage:
            _print_coverage(loaded, results)
        _print_sum(results, words, paint, quiet)
    kept = results and all(result.passed and result.scenario.expectations for _, result in results)
    return exits.DONE if kept else exits.FOUND


def _print(policy: Policy, result: ScenarioResult, quiet: bool, paint: bool) -> None:
    scenario = result.scenario
    failed = not result.passed or not scenario.expectations
    if quiet and not failed:
        return
    mark = click.style("✗", fg="red") if failed else click.style("✓", fg="green")
    if not paint:
        mark = click.unstyle(mark)
    click.echo(f"{mark} {scenario.name}", color=True)
    if not scenario.expectations:
        click.echo(f"    {policy.path}:{scenario.line}: it expects nothing; add `expect LABEL met for CASE`")
    for failure in result.failures:
        click.echo(f"    {policy.path}:{failure.line}")
        click.echo(f"    - expected: {failure.expected}")
        click.echo(f"    + actual:   {failure.actual}")


def _print_sum(results: Sequence[tuple[Policy, ScenarioResult]], words: str, paint: bool, quiet: bool) -> None:
    if not results:
        about = f" whose name holds `{words}`" if words else ""
        click.echo(f'there is no scenario{about}; write `scenario "…"` with its events and what you expect')
        return
    failed = sum(not result.passed or not result.scenario.expectations for _, result in results)
    if quiet and not failed:
        return
    text = f"{len(results) - failed} passed, {failed} failed"
    click.echo(click.style(text, fg="red" if failed else "green", bold=True) if paint else text, color=True)


def _print_coverage(policies: Sequence[Policy], results: Sequence[tuple[Policy, ScenarioResult]]) -> None:
    from sladsl.testing import coverage_of

    for policy in policies:
        verdicts = [verdict for of, result in results if of is policy for verdict in result.verdicts]
        click.echo(f"\n{policy.path}: never seen in a scenario")
        whole = True
        for row in coverage_of(policy.plan, verdicts):
            if row.unseen:
                whole = False
                level = "" if row.level == "corporate" else f" ({row.level})"
                click.echo(f"  {row.label}{level}: {', '.join(row.unseen)}")
        if whole:
            click.echo("  nothing: every clause was met, breached, paused and met at its boundary")
        click.echo()


def _junit(results: Sequence[tuple[Policy, ScenarioResult]]) -> str:
    failed = sum(not result.passed or not result.scenario.expectations for _, result in results)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="scenarios" tests="{len(results)}" failures="{failed}" errors="0" skipped="0">',
    ]
    for policy, result in results:
        name = quoteattr(result.scenario.name)
        head = f"  <testcase classname={quoteattr(policy.path)} name={name}"
        problems = [f"line {f.line}: expected {f.expected}; came {f.actual}" for f in result.failures]
        if not result.scenario.expectations:
            problems.append("it expects nothing")
        if problems:
            lines.append(f"{head}><failure message={quoteattr(' | '.join(problems))}/></testcase>")
        else:
            lines.append(f"{head}/>")
    return "\n".join([*lines, "</testsuite>"]) + "\n"
