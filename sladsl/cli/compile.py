"""`sladsl compile`: the evaluation IR as versioned JSON.

Takes:  a policy.
Gives:  JSON that `run` takes in place of the policy.
Never:  leaves half a file behind.
"""

from __future__ import annotations

import sys

import click

from sladsl.cli import exits
from sladsl.cli.options import lists_of, option, output_options, policy_options
from sladsl.cli.terminal import colored, result_file, width
from sladsl.text import render


@click.command("compile", short_help="Write the compiled policy as versioned JSON.")
@click.argument("policy", metavar="POLICY")
@option("-o", "--output", metavar="FILE", help="Write to a file in place of standard output.")
@option(
    "--format",
    "form",
    type=click.Choice(("json", "text")),
    default="json",
    show_default=True,
    help="JSON for `run`; text for a person who wants to see what the machine does.",
)
@policy_options
@output_options
def compile_(
    policy: str, output: str | None, form: str, lists: tuple[str, ...], timezone: str, quiet: bool, no_color: bool
) -> int:
    """Compile POLICY to JSON, which `sladsl run` takes in its place."""
    from sladsl.ir.show import show
    from sladsl.pipeline import load

    compiled = load(policy, lists=lists_of(lists), timezone=timezone)
    if compiled.warnings and not quiet:
        told = render(compiled.warnings, compiled.sources, color=colored(sys.stderr, no_color), width=width())
        click.echo(told, err=True, nl=False, color=True)
    text = compiled.to_json() if form == "json" else show(compiled.plan)
    with result_file(output) as out:
        out.write(text.encode("utf-8"))
    return exits.DONE
