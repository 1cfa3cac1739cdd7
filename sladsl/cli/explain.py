"""`sladsl explain`: why a verdict is what it is, or what a diagnostic means.

Takes:  a policy, a log and a case; or a code such as SLA0103.
Gives:  each instance of the case as a timeline that adds up, and why other clauses did not apply; or the page of the code.
Never:  judges by itself.
"""

from __future__ import annotations

import json
import re

import click

from sladsl.cli import exits
from sladsl.cli.options import load_policies, option, output_options, pairs, policy_options
from sladsl.cli.run import split_arguments
from sladsl.cli.terminal import width

FORMATS = ("text", "json")
_CODE = re.compile(r"SLA\d{4}", re.IGNORECASE)


@click.command(short_help="Why a verdict is what it is; or what a code means.")
@click.argument("arguments", nargs=-1, required=True, metavar="POLICY... LOG... | CODE")
@option("--case", metavar="ID", help="The case to explain.")
@option("--clause", default="", metavar="LABEL", help="Only this clause.")
@option("--as-of", metavar="T", help="Judge as of this instant; default: the last event.")
@option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="The form.")
@policy_options
@option("--column", "columns", multiple=True, metavar="case=HEADING", help="As for `run`; repeatable.")
@output_options
def explain(
    arguments: tuple[str, ...],
    case: str | None,
    clause: str,
    as_of: str | None,
    form: str,
    lists: tuple[str, ...],
    timezone: str,
    columns: tuple[str, ...],
    quiet: bool,
    no_color: bool,
) -> int:
    """Explain a case of LOG under POLICY: what was counted, paused and closed, the due as it moved, what caused each.

    With a CODE such as SLA0103 instead: what the diagnostic means, with a wrong and a right example.
    """
    if len(arguments) == 1 and _CODE.fullmatch(arguments[0]):
        click.echo(page(arguments[0].upper()), nl=False)
        return exits.DONE
    policies, logs = split_arguments(arguments)
    if not case:
        raise click.UsageError("which case? say `--case ID`")
    from sladsl.pipeline import explain as explain_case
    from sladsl.report.story_text import never_lines, story_json, story_lines

    compiled = load_policies(policies, lists, timezone)
    found = explain_case(compiled, logs, case, clause=clause, as_of=as_of, columns=pairs(columns, "--column"))
    if not found.events:
        raise click.UsageError(f"the log has no event of the case `{case}`")

    def named(index: int) -> str:
        return found.inputs[index] if index < len(found.inputs) else "log"

    if form == "json":
        data = {
            "schema_version": 1,
            "case": case,
            "instances": [story_json(plan, story, named) for plan, story in found.stories],
            "never": [
                {"clause": each.label, "level": each.level.name, "starts": len(starts)}
                for _, each, starts in found.never
            ],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return exits.DONE
    columns_wide = min(width(), 120)
    for place, (plan, story) in enumerate(found.stories):
        if place:
            click.echo()
        for line in story_lines(plan, story, named, columns_wide):
            click.echo(line)
    for place, (plan, each, starts) in enumerate(found.never):
        if place or found.stories:
            click.echo()
        for line in never_lines(plan, each, starts, case, found.values, columns_wide):
            click.echo(line)
    if not found.stories and not found.never:
        raise click.UsageError(f"no clause is called `{clause}`")
    return exits.DONE


def page(code: str) -> str:
    """The page of a diagnostic. Raises click.UsageError where there is none."""
    from sladsl.text.shipped import shipped

    path = shipped("grammar") / "diagnostics" / f"{code}.md"
    if not path.is_file():
        raise click.UsageError(f"there is no diagnostic `{code}`")
    return path.read_text(encoding="utf-8")
