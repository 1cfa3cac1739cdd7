"""`sladsl run`: judge a log.

Takes:  policies, logs, and how to judge and to print them.
Gives:  the result on standard output or in a file, everything else on standard error.
Never:  decides anything about a verdict; it reads options and calls the pipeline.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from sladsl.cli import exits
from sladsl.cli.options import load_policies, look_for_folder, option, output_options, pairs, policy_options
from sladsl.cli.progress import progress
from sladsl.cli.terminal import colored, console, result_file, width
from sladsl.text import render

if TYPE_CHECKING:
    from sladsl.report.result import Result

FORMATS = ("text", "json", "csv", "junit")
FAILURES = ("breach", "missed", "undecided", "never")
_LOG_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".ndjson", ".jsonl", ".json", ".parquet")


@click.command(short_help="Judge a log.")
@click.argument("arguments", nargs=-1, required=True, metavar="POLICY... LOG...")
@option("--as-of", metavar="T", help="Judge as of this instant; default: the last event.")
@option("--format", "form", type=click.Choice(FORMATS), help="The form of the result.  [default: text]")
@option("-o", "--output", metavar="FILE", help="Write the result to a file.")
@option("--verdicts", metavar="FILE", help="Write the verdict table: .csv, .ndjson, .parquet; `-` is standard output.")
@option("--alerts", metavar="FILE", help="Write warnings, escalations and alerts with their instants: .csv, .ndjson.")
@option("--where", default="", metavar="EXPR", help="Only cases for which it holds after their last event.")
@policy_options
@option(
    "--column",
    "columns",
    multiple=True,
    metavar="case=HEADING",
    help="Which column is the case, time, event, actor or an attribute; repeatable.",
)
@option("--lateness", default="", metavar="DURATION", help="In place of the policy's lateness.")
@option("--strict", is_flag=True, help="Bad rows, unmatched verbs and unchecked parties are errors.")
@option("--rejects", metavar="FILE", help="Write the rows that could not be read, with the reason.")
@option(
    "--fail-on",
    type=click.Choice(FAILURES),
    default="never",
    show_default=True,
    help="Exit with 1 on a breach of a clause; a missed objective; one missed or not yet decided.",
)
@option(
    "--engine",
    type=click.Choice(("auto", "stream", "columnar")),
    default="auto",
    show_default=True,
    help="Evaluator: columnar for millions of events; auto chooses by the size of the log, and the result says why.",
)
@output_options
def run(
    arguments: tuple[str, ...],
    as_of: str | None,
    form: str | None,
    output: str | None,
    verdicts: str | None,
    alerts: str | None,
    where: str,
    lists: tuple[str, ...],
    timezone: str,
    columns: tuple[str, ...],
    lateness: str,
    strict: bool,
    rejects: str | None,
    fail_on: str,
    engine: str,
    quiet: bool,
    no_color: bool,
) -> int:
    """Judge LOG by POLICY and print what was kept.

    POLICY is a file ending .sla, or one that `sladsl compile` wrote; several are versions of one agreement whose
    effective periods do not overlap. LOG is .csv, .tsv, .ndjson, .jsonl, .json or .parquet (.gz too), a glob, `-` for
    standard input, or NAME=FILE for the block `events NAME`.

    \b
    sladsl run policy.sla leads.csv
    sladsl run policy.sla leads.csv --format json -o result.json --verdicts verdicts.parquet
    """
    policies, logs = split_arguments(arguments)
    _check_outputs(form, output, verdicts, alerts, rejects)
    from sladsl.events import LogError
    from sladsl.pipeline import run as judge_log

    compiled = load_policies(policies, lists, timezone, lateness)
    try:
        with progress(quiet) as on_step:
            result = judge_log(
                compiled,
                logs,
                as_of=as_of,
                where=where,
                columns=pairs(columns, "--column"),
                strict=strict,
                engine=engine,
                on_step=on_step,
            )
            if verdicts not in (None, "-"):
                on_step("writing the verdicts", None)
                result.write_verdicts(str(verdicts))
    except LogError as error:
        if rejects and error.log is not None:
            error.log.write_rejects(rejects)
        raise
    if alerts is not None:
        result.write_alerts(alerts)
    _write_all(result, form, output, verdicts, rejects, quiet, no_color)
    return exits.FOUND if failed(result, fail_on) else exits.DONE


def split_arguments(arguments: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Policies and logs apart: by their endings, and a compiled policy by its first words.

    Raises click.UsageError where one or the other is lacking.
    """
    policies = [name for name in arguments if _is_policy(name)]
    logs = [name for name in arguments if not _is_policy(name)]
    if not policies and logs and not logs[0].lower().endswith(_LOG_ENDINGS) and logs[0] != "-":
        policies, logs = logs[:1], logs[1:]
    if not policies:
        raise click.UsageError("name a policy first: a file ending .sla, or one that `sladsl compile` wrote")
    if not logs:
        raise click.UsageError(f"name a log as well: `… {policies[0]} LOG`")
    return policies, logs


def _is_policy(name: str) -> bool:
    if name.lower().endswith(".sla"):
        return True
    if not name.lower().endswith(".json") or "=" in name:
        return False
    try:
        with open(name, "rb") as file:
            return b'"sladsl plan"' in file.read(200)
    except OSError:
        return False


def _check_outputs(
    form: str | None, output: str | None, verdicts: str | None, alerts: str | None, rejects: str | None
) -> None:
    from sladsl.report.alerts import ALERT_ENDINGS
    from sladsl.report.files import VERDICT_ENDINGS

    if verdicts == "-" and form is not None and output in (None, "-"):
        raise click.UsageError(f"`--format {form}` and `--verdicts -` both go to standard output; use -o for one")
    if verdicts not in (None, "-") and not str(verdicts).endswith(VERDICT_ENDINGS):
        raise click.UsageError(f"--verdicts takes a file ending {', '.join(VERDICT_ENDINGS)}, not `{verdicts}`")
    if alerts is not None and not alerts.endswith(ALERT_ENDINGS):
        raise click.UsageError(f"--alerts takes a file ending {' or '.join(ALERT_ENDINGS)}, not `{alerts}`")
    for name, path in (("-o", output), ("--verdicts", verdicts), ("--alerts", alerts), ("--rejects", rejects)):
        look_for_folder(name, path)


def _write_all(
    result: Result,
    form: str | None,
    output: str | None,
    verdicts: str | None,
    rejects: str | None,
    quiet: bool,
    no_color: bool,
) -> None:
    if rejects is not None:
        _write_rejects(result, rejects)
    if verdicts == "-":
        from sladsl.report.files import write_verdicts_to

        with result_file(verdicts) as out:
            write_verdicts_to(result, out, ".csv")
        if form is None and output is None:
            _warn(result, quiet, no_color)
            return
    if (form or "text") != "text":
        with result_file(output) as out:
            _write_result(result, form or "text", out)
        _warn(result, quiet, no_color)
    elif output not in (None, "-"):
        from sladsl.report.files import text_of

        with result_file(output) as out:
            _print(result, text_of(out), True)
    elif not quiet:
        _print(result, sys.stdout, no_color)


def _print(result: Result, stream: object, no_color: bool) -> None:
    from sladsl.report.text import print_text

    print_text(result, console(stream, no_color))  # type: ignore[arg-type]


def _write_result(result: Result, form: str, out: BinaryIO) -> None:
    from sladsl.report.files import text_of, write_verdicts_to

    if form == "csv":
        write_verdicts_to(result, out, ".csv")
        return
    text = text_of(out)
    if form == "json":
        json.dump(result.to_dict(), text, ensure_ascii=False, indent=2)
        text.write("\n")
    else:
        from sladsl.report.junit import write_junit

        write_junit(result, text)


def _write_rejects(result: Result, path: str) -> None:
    from sladsl.events import Log
    from sladsl.report.files import whole_file

    with whole_file(path) as out:
        Log([], list(result.inputs), result.rejects).write_rejects(out.name)


def _warn(result: Result, quiet: bool, no_color: bool) -> None:
    """Warnings go to standard error where the result is for programs."""
    if not quiet and result.warnings:
        show(result.warnings, result.sources, no_color)


def show(diagnostics: object, sources: object, no_color: bool) -> None:
    """Print diagnostics on standard error."""
    text = render(diagnostics, sources, color=colored(sys.stderr, no_color), width=width())  # type: ignore[arg-type]
    click.echo(text, err=True, nl=False, color=True)


def failed(result: Result, fail_on: str) -> bool:
    """Whether `--fail-on` found what it names."""
    statuses = {row.status for row in result.objectives}
    match fail_on:
        case "breach":
            return any(row.missed for row in result.clauses)
        case "missed":
            return "missed" in statuses
        case "undecided":
            return bool(statuses & {"missed", "undecided"})
    return False
