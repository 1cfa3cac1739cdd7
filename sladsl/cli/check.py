"""`sladsl check`: find what is wrong with a policy, and read it back in words.

Takes:  policies; logs to compare them with.
Gives:  all findings at once and, where there is no error, each promise as a sentence; exit code 1 on errors.
Never:  judges a log; loads rich, or a log reader where no log is given: authors call it at every save.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sladsl.cli import exits
from sladsl.cli.options import lists_of, option, output_options, pairs, policy_options
from sladsl.cli.terminal import colored, width
from sladsl.text import Diagnostic, Severity, Source, render, to_github, to_json

if TYPE_CHECKING:
    from sladsl.ir.plan import Plan
    from sladsl.pipeline import Policy
    from sladsl.report.result import Matched

FORMATS = ("text", "json", "github")
_MOST_EVENTS = 6
_LOGS = (".csv", ".csv.gz", ".tsv", ".ndjson", ".jsonl", ".parquet")


@click.command(short_help="Find what is wrong with a policy, and read it back in words.")
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@policy_options
@option(
    "--log", "logs", multiple=True, metavar="LOG", help="Compare with a log, which is read but not judged; repeatable."
)
@option("--column", "columns", multiple=True, metavar="case=HEADING", help="As for `run`, with --log; repeatable.")
@option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="The form.")
@output_options
def check(
    policies: tuple[str, ...],
    lists: tuple[str, ...],
    timezone: str,
    logs: tuple[str, ...],
    columns: tuple[str, ...],
    form: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Find everything that is wrong with a POLICY, and print each promise back as it was understood.

    With --log, also what the policy asks for and the log never holds: columns, events, texts, parties.
    Several policies are versions of one agreement: their effective periods must not overlap.
    Exits with 1 where there is an error; warnings and remarks do not count.
    """
    if log := next((path for path in policies if path.lower().endswith(_LOGS)), None):
        raise click.UsageError(f"`{log}` is a log, no policy: `--log {log}` compares the policy with it")
    findings = [_findings(path, lists, timezone) for path in policies]
    compiled = [found.policy for found in findings if found.policy is not None]
    versions = _overlaps(compiled) if len(compiled) == len(findings) else []
    if columns and not logs:
        raise click.UsageError("`--column` says how a log is read, and there is none: add `--log FILE`")
    if logs and compiled:
        _compare(findings, logs, pairs(columns, "--column"))
    if form == "json":
        import json

        click.echo(json.dumps(_tree(findings, versions), ensure_ascii=False, indent=2))
    elif form == "github":
        for found in findings:
            for diagnostic in found.diagnostics:
                click.echo(to_github(diagnostic, found.source_of(diagnostic)))
        for diagnostic in versions:
            click.echo(to_github(diagnostic, None))
    else:
        paint = colored(sys.stdout, no_color)
        for place, found in enumerate(findings):
            _print(found, paint, quiet, first=place == 0)
        click.echo(render(versions, color=paint, width=width()), nl=False, color=True)
    wrong = any(diagnostic.is_error for found in findings for diagnostic in found.diagnostics)
    return exits.FOUND if wrong or versions else exits.DONE


class _Found:
    """One policy and what was found in it; `policy` is None where it does not compile."""

    def __init__(
        self, path: str, policy: Policy | None, diagnostics: tuple[Diagnostic, ...], sources: tuple[Source, ...]
    ) -> None:
        self.path = path
        self.policy = policy
        self.diagnostics = diagnostics
        self.sources = sources
        self.matched: tuple[Matched, ...] = ()

    def source_of(self, diagnostic: Diagnostic) -> Source | None:
        if diagnostic.span is None:
            return None
        return next((source for source in self.sources if source.name == diagnostic.span.source), None)

    def count(self, severity: Severity) -> int:
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


def _findings(path: str, lists: tuple[str, ...], timezone: str) -> _Found:
    from sladsl.pipeline import PolicyError, load

    try:
        policy = load(path, lists=lists_of(lists), timezone=timezone)
    except PolicyError as error:
        return _Found(path, None, error.diagnostics, error.sources)
    return _Found(path, policy, policy.warnings, policy.sources)


def _compare(findings: list[_Found], logs: tuple[str, ...], columns: dict[str, str]) -> None:
    """Add what the log lacks to what was found in the policies that compile."""
    from sladsl.pipeline import compare

    sound = [found for found in findings if found.policy is not None]
    compared = compare([found.policy for found in sound if found.policy is not None], list(logs), columns=columns)
    for found, (lacking, matched) in zip(sound, compared, strict=True):
        found.diagnostics += tuple(lacking)
        found.matched = matched


def _overlaps(policies: list[Policy]) -> list[Diagnostic]:
    from sladsl.pipeline import PolicyError, in_order_of_periods

    try:
        in_order_of_periods(policies)
    except PolicyError as error:
        return list(error.diagnostics)
    return []


def _print(found: _Found, paint: bool, quiet: bool, first: bool) -> None:
    columns = width()
    shown = [d for d in found.diagnostics if d.is_error or not quiet]
    if not first and not quiet:
        click.echo()
    click.echo(render(shown, found.sources, color=paint, width=columns), nl=False, color=True)
    if quiet:
        return
    if shown:
        click.echo()
    click.echo(_summary(found, paint), color=True)
    for line in _matched_lines(found):
        click.echo(line)
    if found.policy is not None:
        for line in _read_back(found.policy.plan, min(columns, 100), paint):
            click.echo(line, color=True)


def _summary(found: _Found, paint: bool) -> str:
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "remark"}
    counts = {word: found.count(severity) for severity, word in names.items()}
    told = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)
    colour = "red" if counts["error"] else "yellow" if counts["warning"] else "green"
    return _painted(f"{found.path}: {told or 'no findings'}", paint, fg=colour, bold=True)


def _matched_lines(found: _Found) -> Iterator[str]:
    """What each verb and each other phrase matched in the log."""
    if found.matched:
        yield ""
    for row in found.matched:
        events = ", ".join(f"`{name}` ({count:,})" for name, count in list(row.events.items())[:_MOST_EVENTS])
        more = f" and {len(row.events) - _MOST_EVENTS} more" if len(row.events) > _MOST_EVENTS else ""
        yield f"  `{row.phrase}` matched {events or 'nothing'}{more}"


def _painted(text: str, paint: bool, **style: Any) -> str:
    return click.style(text, **style) if paint else text


def _read_back(plan: Plan, columns: int, paint: bool) -> Iterator[str]:
    """Every promise: its label, and the sentence under it."""
    for label, level, sentence in promises(plan):
        yield ""
        aside = "" if level == "corporate" else f" ({level})"
        yield f"  {_painted(label, paint, bold=True)}{aside}"
        yield from textwrap.wrap(
            sentence, columns, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
        )


def promises(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Label, level and sentence of each clause and objective, in the order of the file and in its spoken language."""
    from sladsl.ir.objective import Objective
    from sladsl.ir.plan import Clause
    from sladsl.report.language import language_of
    from sladsl.report.sentence import clause_sentence, objective_sentence

    told: set[str] = set()
    language = language_of(plan.language)
    promises: list[Clause | Objective] = [*plan.clauses, *plan.objectives]
    for promise in sorted(promises, key=lambda promise: promise.line):
        if isinstance(promise, Clause):
            yield promise.label, promise.level.name, clause_sentence(plan, promise, told, language)
        else:
            yield promise.label, promise.level, objective_sentence(plan, promise, told, language)


def _tree(findings: list[_Found], versions: list[Diagnostic]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "files": [
            {
                "file": found.path,
                "diagnostics": [to_json(diagnostic, found.source_of(diagnostic)) for diagnostic in found.diagnostics],
                "matched": [{"phrase": row.phrase, "events": dict(row.events)} for row in found.matched],
                "promises": [
                    {"label": label, "level": level, "sentence": sentence}
                    for label, level, sentence in (promises(found.policy.plan) if found.policy else ())
                ],
            }
            for found in findings
        ],
        "diagnostics": [to_json(diagnostic, None) for diagnostic in versions],
    }
