"""`sladsl report`: close a cycle, on one page that both sides can sign.

Takes:  policies, logs, the period, and how to tell it.
Gives:  the report in a file or on standard output, everything else on standard error.
Never:  judges or counts; it reads options and calls the pipeline.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sladsl.cli import exits
from sladsl.cli.options import load_policies, look_for_folder, option, output_options, pairs, policy_options
from sladsl.cli.progress import progress
from sladsl.cli.run import split_arguments
from sladsl.cli.terminal import result_file

if TYPE_CHECKING:
    from sladsl.report.account import Account

FORMATS = ("html", "md", "json", "pdf")
LANGUAGES = ("en", "es")
_ENDINGS = {"md": "md", "markdown": "md", "json": "json", "pdf": "pdf"}


@click.command(short_help="Close a cycle: one page to read, print and sign.")
@click.argument("arguments", nargs=-1, required=True, metavar="POLICY... LOG...")
@option("-o", "--output", metavar="FILE", help="Write the report to a file; its ending says the form.")
@option("--period", default="", metavar="P", help="A calendar window: 2026-03, 2026-Q1, 2026-W10, 2026, 2026-03-05.")
@option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of the report.")
@option(
    "--by", "by", multiple=True, metavar="ATTRIBUTE", help="Who: tell apart by this attribute (or `actor`); repeatable."
)
@option("--format", "form", type=click.Choice(FORMATS), help="The form.  [default: by the ending of -o, else html]")
@option("--as-of", metavar="T", help="Judge as of this instant; default: the last event.")
@option("--where", default="", metavar="EXPR", help="Only cases for which it holds after their last event.")
@policy_options
@option("--column", "columns", multiple=True, metavar="case=HEADING", help="As for `run`; repeatable.")
@option("--strict", is_flag=True, help="As for `run`.")
@output_options
def report(
    arguments: tuple[str, ...],
    output: str | None,
    period: str,
    lang: str,
    by: tuple[str, ...],
    form: str | None,
    as_of: str | None,
    where: str,
    lists: tuple[str, ...],
    timezone: str,
    columns: tuple[str, ...],
    strict: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Judge LOG by POLICY and write the report of the cycle.

    One HTML file that needs nothing else: for a screen, a phone, or paper (it prints well). `--format pdf` needs
    WeasyPrint: pip install 'sladsl[pdf]'.

    With --period: the cycles that start in it, the windows that end in it. Windows before it are shown as history.

    \b
    sladsl report policy.sla leads.csv -o report.html
    sladsl report policy.sla leads.csv --period 2026-03 --lang es --by owner -o marzo.html
    """
    policies, logs = split_arguments(arguments)
    form = _form(form, output)
    _check_period(period)
    from sladsl.pipeline import report as close_cycle

    compiled = load_policies(policies, lists, timezone)
    with progress(quiet) as on_step:
        account = close_cycle(
            compiled,
            logs,
            period=period,
            by=list(dict.fromkeys(by)),
            as_of=as_of,
            where=where,
            columns=pairs(columns, "--column"),
            strict=strict,
            on_step=on_step,
        )
        on_step("writing the report", None)
        written = _written(account, form, lang)
    with result_file(output) as out:
        out.write(written)
    if not quiet and output not in (None, "-"):
        click.echo(f"wrote {output}", err=True)
    return exits.DONE


def _form(form: str | None, output: str | None) -> str:
    ending = Path(output or "").suffix.lower().lstrip(".")
    form = form or _ENDINGS.get(ending, "html")
    look_for_folder("-o", output)
    if output is None and form in ("html", "pdf") and to_terminal():
        raise click.UsageError(f"name a file for the report: `-o report.{form}`")
    return form


def to_terminal() -> bool:
    """Whether a person would see the bytes of a file."""
    return sys.stdout.isatty()


def _check_period(period: str) -> None:
    from sladsl.report.period import period_of

    if period and period_of(period, "UTC") is None:
        raise click.UsageError(f"`--period {period}`: write it like 2026-03, 2026-Q1, 2026-W10, 2026 or 2026-03-05")


def _written(account: Account, form: str, lang: str) -> bytes:
    """The report in its form, as bytes."""
    if form == "json":
        from sladsl.report.account_json import account_json

        return (json.dumps(account_json(account), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
    from sladsl.report.language import language_of
    from sladsl.report.telling import page_of

    page = page_of(account, language_of(lang))
    if form == "pdf":
        from sladsl.report.pdf_report import PdfError, pdf_report

        try:
            return pdf_report(page)
        except PdfError as error:
            raise click.UsageError(str(error)) from None
    if form == "md":
        from sladsl.report.markdown_report import markdown_report

        return markdown_report(page).encode("utf-8", "replace")
    from sladsl.report.html_report import html_report

    return html_report(page).encode("utf-8", "replace")
